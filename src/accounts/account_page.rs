//! `/account`
