//! The workers: each takes one job at a time from the queue.

use std::time::Duration;

use sqlx::PgPool;
use uuid::Uuid;

use super::db::documents::ToRead;
use super::db::jobs::{self, Claim};
use super::db::{documents, printed_pages, questions, topics};
use super::reading::{self, Contents, Progress, ReadError};
use crate::domain::paper::Paper;
use crate::domain::topic;
use crate::error::AppError;

/// Works as long as the server runs.
pub async fn run(pool: PgPool) {
    loop {
        match work_one(&pool).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(Duration::from_millis(500)).await,
            Err(error) => {
                tracing::error!(%error, "a job failed");
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
    }
}

/// Works until nothing is due.
pub async fn work_all(pool: &PgPool) -> Result<(), AppError> {
    while work_one(pool).await? {}
    Ok(())
}

/// Takes one job; `false` when there is none.
async fn work_one(pool: &PgPool) -> Result<bool, AppError> {
    let Some(mut claim) = jobs::claim(pool).await? else { return Ok(false) };
    match read_document(pool, &mut claim).await {
        Ok(()) => claim.finish().await?,
        Err(error) => {
            claim.put_off(pool).await?;
            return Err(error);
        }
    }
    Ok(true)
}

/// Writes the progress of a reading where pages look for it.
struct Note<'a> {
    pool: &'a PgPool,
    id: Uuid,
}

impl Progress for Note<'_> {
    async fn at(&self, page: u32, of: u32) {
        if let Err(error) = documents::note_progress(self.pool, self.id, page as i32, of as i32).await {
            tracing::warn!(%error, "progress was not noted");
        }
    }
}

/// Reads a document into questions. Doing it again gives the same; so what was read of the same files before is taken for a
/// document that nobody has read.
async fn read_document(pool: &PgPool, claim: &mut Claim) -> Result<(), AppError> {
    let id = claim.document_id;
    let Some(document) = documents::for_reading(pool, id).await? else { return Ok(()) };
    let known = if document.is_new { documents::read_before(pool, &document).await? } else { None };
    let read = match known {
        Some(paper) => Ok(paper),
        None => read_files(pool, claim, &document).await?,
    };
    match read {
        Ok(mut paper) => {
            let topics = match document.subject_id {
                Some(subject) => topics::of_subject(pool, subject).await?,
                None => Vec::new(),
            };
            topic::assign(&mut paper.questions, &topics);
            let conn = claim.connection();
            questions::keep_reading(conn, id, &paper.questions).await?;
            documents::note_ready(conn, id, &document, &paper).await
        }
        Err(ReadError::NotStarted(reason)) => Err(super::db::unexpected(reason)),
        Err(error) => documents::note_failed(pool, id, &error.to_string()).await,
    }
}

/// Reads the files, and keeps what is printed on their pages.
async fn read_files(pool: &PgPool, claim: &mut Claim, document: &ToRead) -> Result<Result<Paper, ReadError>, AppError> {
    let id = claim.document_id;
    let bytes = documents::bytes(pool, &document.content_hash).await?;
    let scheme = match &document.scheme_hash {
        Some(hash) => Some(documents::bytes(pool, hash).await?),
        None => None,
    };
    let read = reading::read_apart(&bytes, scheme.as_deref(), document.notes, &Note { pool, id }).await;
    let Contents { paper, pages, scheme_pages } = match read {
        Ok(contents) => contents,
        Err(error) => return Ok(Err(error)),
    };
    printed_pages::keep(claim.connection(), &document.content_hash, &pages).await?;
    if let Some(hash) = &document.scheme_hash {
        printed_pages::keep(claim.connection(), hash, &scheme_pages).await?;
    }
    Ok(Ok(paper))
}
