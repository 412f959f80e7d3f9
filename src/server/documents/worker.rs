//! The workers: each takes one job at a time from the queue.

use std::time::{Duration, Instant};

use sqlx::{PgConnection, PgPool};
use tracing::Instrument;
use uuid::Uuid;

use crate::domain::topic;
use crate::error::AppError;
use crate::server::db::documents::{self, ToRead};
use crate::server::db::jobs::{self, Claim};
use crate::server::db::{page_text, questions, topics};
use crate::server::documents::reading::{self, Contents, Progress, ReadError};
use crate::server::{metrics, traces};

/// Works while the server runs.
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

/// Works until no job is due.
pub async fn work_all(pool: &PgPool) -> Result<(), AppError> {
    while work_one(pool).await? {}
    Ok(())
}

/// The most tries of a job.
const MAX_TRIES: i32 = 3;

/// The reason for a try that never reported its end.
const STOPPED: &str =
    "The program stopped while it was reading. Save the PDF again with another program and upload that.";

/// The reason, for the person who uploaded a document, why its job failed every time.
fn given_up(last: &str) -> String {
    format!("All {MAX_TRIES} tries failed. The last one: {last}")
}

/// Does one job; `false` if none is due.
async fn work_one(pool: &PgPool) -> Result<bool, AppError> {
    let Some(claim) = jobs::claim(pool).await? else { return Ok(false) };
    let span = traces::job("reading", claim.tries);
    let outcome = if claim.tries > MAX_TRIES {
        Err(None)
    } else {
        work(pool, &claim).instrument(span.clone()).await.map_err(Some)
    };
    let Err(error) = outcome else { return Ok(true) };
    traces::job_failed(&span);
    if let Some(mut end) = claim.end(pool).await? {
        let last = error.as_ref().map_or(STOPPED.to_owned(), AppError::to_string);
        if claim.tries < MAX_TRIES {
            claim.put_off(&mut end, &last).await?;
        } else {
            claim.give_up(&mut end, &given_up(&last)).await?;
        }
        end.commit().await?;
    }
    error.map_or(Ok(true), Err)
}

/// Reads the document of a job, and saves the outcome together with the end of the job, unless another worker has taken it.
async fn work(pool: &PgPool, claim: &Claim) -> Result<(), AppError> {
    let id = claim.document_id;
    let read = tokio::select! {
        read = read_document(pool, id) => read?,
        () = claim.renew(pool) => return Ok(()),
    };
    let Some(mut end) = claim.end(pool).await? else { return Ok(()) };
    if let Some((document, read)) = read {
        save_reading(pool, &mut end, id, &document, read).await?;
    }
    claim.finish(&mut end).await?;
    Ok(end.commit().await?)
}

/// Saves the progress of a reading, for pages to show.
struct Note<'a> {
    pool: &'a PgPool,
    id: Uuid,
}

impl Progress for Note<'_> {
    async fn at(&self, page: u32, of: u32) {
        if let Err(error) = documents::note_progress(self.pool, self.id, page as i32, of as i32).await {
            tracing::warn!(%error, "progress was not saved");
        }
    }
}

/// What was read of a document, with what determined it.
type Outcome = (ToRead, Result<Contents, ReadError>);

/// Reads a document; `None` if it is gone. Reading is deterministic, so a document that was not read yet takes over an
/// earlier reading of the same files.
async fn read_document(pool: &PgPool, id: Uuid) -> Result<Option<Outcome>, AppError> {
    let Some(document) = documents::for_reading(&mut *pool.acquire().await?, id).await? else { return Ok(None) };
    let known = if document.is_new { documents::read_before(pool, &document).await? } else { None };
    let read = match known {
        Some(paper) => Ok(Contents { paper, pages: Vec::new(), scheme_pages: Vec::new() }),
        None => read_files(pool, id, &document).await?,
    };
    Ok(Some((document, read)))
}

/// Saves the outcome of a reading, unless the document's files or subject have changed since it began: whatever changes
/// them queues another reading.
pub async fn save_reading(
    pool: &PgPool,
    work: &mut PgConnection,
    id: Uuid,
    document: &ToRead,
    read: Result<Contents, ReadError>,
) -> Result<(), AppError> {
    if !documents::lock_if_same(work, id, document).await? {
        return Ok(());
    }
    match read {
        Ok(Contents { mut paper, pages, scheme_pages }) => {
            page_text::save(work, &document.content_hash, &pages).await?;
            if let Some(hash) = &document.scheme_hash {
                page_text::save(work, hash, &scheme_pages).await?;
            }
            let topics = match document.subject_id {
                Some(subject) => topics::of_subject(pool, subject).await?,
                None => Vec::new(),
            };
            topic::assign(&mut paper.questions, &topics);
            questions::keep_reading(work, id, &paper.questions).await?;
            documents::note_ready(work, id, document, &paper).await
        }
        Err(ReadError::NotStarted(reason)) => Err(crate::server::db::unexpected(reason)),
        Err(error) => documents::note_failed(work, id, &error.to_string()).await,
    }
}

/// Reads the files of a document.
async fn read_files(pool: &PgPool, id: Uuid, document: &ToRead) -> Result<Result<Contents, ReadError>, AppError> {
    let bytes = documents::bytes(pool, &document.content_hash).await?;
    let scheme = match &document.scheme_hash {
        Some(hash) => Some(documents::bytes(pool, hash).await?),
        None => None,
    };
    let begun = Instant::now();
    let read = reading::read_apart(&bytes, scheme.as_deref(), document.notes, &Note { pool, id }).await;
    metrics::record_reading(begun, if read.is_ok() { "read" } else { "failed" });
    Ok(read)
}
