//! The database: all SQL of the program is in this folder, one file for each noun.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::MigrateDatabase;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::error::AppError;

pub mod accounts;
pub mod analytics;
pub mod assignments;
pub mod attempts;
pub mod audit;
pub mod class_lists;
pub mod class_tests;
pub mod classes;
pub mod comments;
pub mod corrections;
pub mod documents;
pub mod estimates;
pub mod handovers;
pub mod idempotency_keys;
pub mod import_legacy;
pub mod invigilation;
pub mod jobs;
pub mod journal;
pub mod limits;
pub mod manual_marking;
pub mod migrations;
pub mod monday;
pub mod operations;
pub mod page_text;
pub mod paper_results;
pub mod people;
pub mod progress;
pub mod questions;
pub mod quizzes;
pub mod regrades;
pub mod schema;
pub mod schools;
pub mod shares;
pub mod statistics;
pub mod subjects;
pub mod teachers;
pub mod topics;

/// Begins a transaction, in a task that goes on when the request that asked for it is dropped. Otherwise sqlx returns a
/// connection whose `BEGIN` has not been answered yet to the pool within that transaction, and what others save on it is
/// lost.
pub async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    begin_with(pool, "BEGIN").await
}

/// The same with another statement in place of `BEGIN`.
pub async fn begin_with(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    tokio::spawn(async move { pool.begin_with(statement).await }).await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

/// Idle time after which a connection is tested before use. One that was just used is not tested: that would double the
/// round trips of every request.
const RESTED: Duration = Duration::from_secs(1);

/// Opens a pool of connections; fails immediately if the database cannot be reached.
pub async fn connect(url: &str) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(20)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .before_acquire(|connection, now| {
            Box::pin(async move {
                if now.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect(url)
        .await
}

/// Creates the database that the URL names; `false` if it exists.
pub async fn create(url: &str) -> Result<bool, sqlx::Error> {
    // Not by `database_exists`, which needs another database that this user may not be allowed to see.
    const MISSING: &str = "3D000";
    match PgConnection::connect(url).await {
        Ok(found) => found.close().await.map(|()| false),
        Err(sqlx::Error::Database(cause)) if cause.code().as_deref() == Some(MISSING) => {
            Postgres::create_database(url).await.map(|()| true)
        }
        Err(cause) => Err(cause),
    }
}

/// The server's major version, such as 15.
pub async fn server_version(pool: &PgPool) -> Result<u32, sqlx::Error> {
    let number: i32 =
        sqlx::query_scalar("SELECT current_setting('server_version_num')::integer").fetch_one(pool).await?;
    Ok(u32::try_from(number / 10_000).unwrap_or_default())
}

/// The database's time, its encoding, and its size in bytes.
pub async fn clock_and_size(pool: &PgPool) -> Result<(DateTime<Utc>, String, i64), sqlx::Error> {
    let statement =
        "SELECT clock_timestamp(), current_setting('server_encoding'), pg_database_size(current_database())";
    sqlx::query_as(statement).fetch_one(pool).await
}

/// The name of the pool's database.
pub async fn name(pool: &PgPool) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT current_database()::text").fetch_one(pool).await
}

/// Creates an empty database of this name on the pool's server, replacing an earlier one.
pub async fn make_scratch(pool: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    drop_scratch(pool, name).await?;
    about_database(pool, "CREATE DATABASE $name", name).await
}

/// Drops the database that `make_scratch` created, disconnecting whoever still uses it.
pub async fn drop_scratch(pool: &PgPool, name: &str) -> Result<(), sqlx::Error> {
    let mut tries = 1;
    loop {
        match about_database(pool, "DROP DATABASE IF EXISTS $name WITH (FORCE)", name).await {
            // The server is vacuuming it, which only a superuser could end (insufficient_privilege).
            Err(sqlx::Error::Database(cause)) if cause.code().as_deref() == Some("42501") && tries < 20 => tries += 1,
            done => return done,
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Runs a statement about a database, whose name cannot be a parameter.
async fn about_database(pool: &PgPool, statement: &'static str, name: &str) -> Result<(), sqlx::Error> {
    let name = format!("\"{}\"", name.replace('"', "\"\""));
    sqlx::query(sqlx::AssertSqlSafe(statement.replace("$name", &name))).execute(pool).await?;
    Ok(())
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => AppError::NotFound,
            // A NUL character, which PostgreSQL cannot store (character_not_in_repertoire, untranslatable_character).
            sqlx::Error::Database(cause) if matches!(cause.code().as_deref(), Some("22021" | "22P05")) => {
                AppError::Invalid {
                    field: String::new(),
                    reason: "The text contains a character that cannot be saved. Write it again.".into(),
                }
            }
            // string_data_right_truncation
            sqlx::Error::Database(cause) if cause.code().as_deref() == Some("22001") => AppError::Invalid {
                field: String::new(),
                reason: "The text is too long to be saved. Make it shorter.".into(),
            },
            other if is_away(&other) => {
                tracing::warn!(cause = %other, "the database is unavailable");
                AppError::DatabaseUnavailable
            }
            other => unexpected(other),
        }
    }
}

/// Whether there is no connection, or the server is stopping, starting or full: classes 08 and 57P, too_many_connections.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => {
            cause.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P") || code == "53300")
        }
        _ => false,
    }
}

/// Logs the cause under a random reference; the user sees only the reference.
pub fn unexpected(cause: impl std::fmt::Display) -> AppError {
    let reference = Uuid::new_v4().simple().to_string()[..8].to_owned();
    tracing::error!(%reference, %cause, "unexpected error");
    AppError::Unexpected { reference }
}

/// The word for a plain enum in the database; the same as in JSON.
pub fn word_of(value: &impl Serialize) -> Result<String, AppError> {
    match serde_json::to_value(value).map_err(unexpected)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(unexpected(format!("{other} is not a word"))),
    }
}

/// The enum for a word in the database.
pub fn of_word<T: DeserializeOwned>(word: String) -> Result<T, AppError> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(unexpected)
}

/// Maps broken constraints to errors that people understand.
pub trait OnConstraint<T> {
    /// Turns a violation of the named constraint into this error.
    fn on_constraint(self, name: &str, error: AppError) -> Result<T, AppError>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, error: AppError) -> Result<T, AppError> {
        self.map_err(|cause| match cause.as_database_error().and_then(|cause| cause.constraint()) {
            Some(found) if found == name => error,
            _ => cause.into(),
        })
    }
}

/// `NotFound` unless exactly one row was affected.
pub fn one_row(result: sqlx::postgres::PgQueryResult) -> Result<(), AppError> {
    if result.rows_affected() == 1 { Ok(()) } else { Err(AppError::NotFound) }
}
