//! Everything that needs secrets, a disk or a database; never compiled for the browser.

use std::sync::Arc;

use leptos::config::LeptosOptions;
use sqlx::PgPool;

use crate::app::Assets;

pub mod attempts;
pub mod auth;
pub mod class_tests;
pub mod classes;
pub mod cli;
pub mod config;
pub mod db;
pub mod documents;
pub mod estimates;
pub mod http;
pub mod metrics;
pub mod monday;
pub mod people;
pub mod progress;
pub mod qr;
pub mod request;
pub mod spreadsheet;
#[cfg(test)]
mod tests;
pub mod traces;
pub mod viewer;

use attempts::notifications::Notifications;
use attempts::save_queue::SaveQueue;
use config::Config;

/// The state that every request shares.
#[derive(Clone, axum::extract::FromRef)]
pub struct AppState {
    pub pool: PgPool,
    pub saves: SaveQueue,
    pub config: Arc<Config>,
    pub live: Notifications,
    /// The addresses of styles and scripts.
    pub assets: Arc<Assets>,
    pub leptos: LeptosOptions,
}

/// Gives the clients of S3 and of collectors of traces the cryptography of the database's; they have none of their own.
pub fn use_cryptography() {
    // An error only says that it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl AppState {
    /// A state with an empty save queue and no listeners.
    pub fn new(pool: PgPool, config: Arc<Config>, leptos: LeptosOptions) -> Self {
        Self {
            saves: SaveQueue::start(pool.clone(), config.grace_period),
            assets: Arc::new(http::site::assets(&config)),
            pool,
            config,
            live: Notifications::default(),
            leptos,
        }
    }
}
