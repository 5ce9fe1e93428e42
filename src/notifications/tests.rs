//! What people can rely on about the bell, driven from outside.
