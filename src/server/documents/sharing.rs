//! Pupils share their own documents, take them back and delete them.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::account::Email;
use crate::domain::attempt::ClosedBy;
use crate::domain::share::{CODE_LENGTH, parse_code};
use crate::error::AppError;
use crate::server::attempts;
use crate::server::auth::codes;
use crate::server::auth::rate_limits::{JOIN, SHARE};
use crate::server::db::{self, shares};
use crate::server::viewer::Viewer;

/// Shares one of the viewer's documents with the classmate who has this address. The answer, and what the owner sees
/// afterwards, is the same whether the address is known or not. `RateLimited` after very many shares.
pub async fn invite(pool: &PgPool, viewer: &Viewer, document: Uuid, email: &str) -> Result<(), AppError> {
    let email = Email::parse(email).map_err(AppError::field("email"))?;
    SHARE.record(pool, &viewer.id().to_string()).await?;
    shares::invite(pool, viewer, document, &email).await
}

/// Creates a code for one of the viewer's documents, replacing an earlier one.
pub async fn make_code(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<(), AppError> {
    shares::keep_code(pool, viewer, document, &codes::generate(CODE_LENGTH)).await
}

/// Joins the document that a code opens, and returns its id. `RateLimited` after many tries.
pub async fn join(pool: &PgPool, viewer: &Viewer, code: &str) -> Result<Uuid, AppError> {
    JOIN.record(pool, &viewer.id().to_string()).await?;
    let joined = match parse_code(code) {
        Some(code) => shares::join(pool, viewer, &code).await?,
        None => None,
    };
    joined.ok_or_else(|| {
        let reason = "This code does not open anything for you. It may be mistyped, too old, turned off or for another \
                      level. Ask for a new one.";
        AppError::field("code")(reason.into())
    })
}

/// Deletes one of the viewer's documents. Its running attempts are handed in as they are; all attempts keep their questions
/// and marks.
pub async fn delete(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<(), AppError> {
    let mut tx = db::begin(pool).await?;
    let running = shares::running_before_deletion(&mut tx, viewer.id(), document).await?;
    attempts::close_within(&mut tx, &running, ClosedBy::Deletion).await?;
    let hashes = shares::delete(&mut tx, document).await?;
    tx.commit().await?;
    shares::delete_unused_files(pool, &hashes).await
}
