//! Everything that only serves: settings, database, router, headers, health, metrics, shutdown.

pub mod bare_page;
pub mod cookies;
pub mod database;
pub mod error_pages;
pub mod executor;
pub mod health;
pub mod hex;
pub mod jobs;
pub mod layers;
pub mod log;
pub mod mail;
pub mod markdown;
pub mod metrics;
pub mod private_postgres;
pub mod queries;
pub mod request;
pub mod request_log;
pub mod router;
pub mod security;
pub mod serve;
pub mod settings;
pub mod state;
pub mod static_files;
pub mod to_the_end;
pub mod traces;
