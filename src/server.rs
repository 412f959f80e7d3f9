//! Everything with a secret, a disk or a database; never compiled to the browser.

use std::sync::Arc;

use leptos::config::LeptosOptions;
use sqlx::PgPool;

pub mod accounts;
pub mod adopt;
pub mod backup;
mod case;
pub mod cli;
mod codes;
pub mod config;
pub mod db;
pub mod demo;
mod doctor;
pub mod exchange;
pub mod housekeeping;
pub mod http;
pub mod insight;
pub mod invigilation;
pub mod jobs;
pub mod limits;
pub mod live;
pub mod moves;
pub mod password;
pub mod postgres;
pub mod quizzes;
pub mod reading;
pub mod remark;
pub mod request;
pub mod review;
pub mod saves;
pub mod session;
pub mod shares;
pub mod sitting;
pub mod syllabus;
#[cfg(test)]
mod tests;

use config::Config;
use live::Live;
use saves::Saves;

/// What every request needs.
#[derive(Clone, axum::extract::FromRef)]
pub struct AppState {
    pub pool: PgPool,
    pub saves: Saves,
    pub config: Arc<Config>,
    pub live: Live,
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Nothing is saved yet and nobody listens.
    pub fn new(pool: PgPool, config: Arc<Config>, leptos: LeptosOptions) -> Self {
        Self { saves: Saves::start(pool.clone(), config.grace_period), pool, config, live: Live::default(), leptos }
    }
}
