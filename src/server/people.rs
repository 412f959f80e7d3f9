//! A person as a whole: everything about them in a file, and their deletion for good.

use std::io::{Cursor, Write};

use exam_model::format::date_time;
use sqlx::PgPool;
use uuid::Uuid;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::domain::attempt::ClosedBy;
use crate::error::AppError;
use crate::server::AppState;
use crate::server::attempts;
use crate::server::db::people::{self, AnswerLine};
use crate::server::db::{self, documents, shares, statistics, unexpected};
use crate::server::spreadsheet::{Table, csv};
use crate::server::viewer::Viewer;

/// Everything about a pupil as a ZIP: `everything.json` with what each table has, `answers.csv` for a spreadsheet, and the
/// pupil's files. `NotFound` for anybody but a pupil.
pub async fn export(pool: &PgPool, by: &Viewer, id: Uuid) -> Result<Vec<u8>, AppError> {
    let tables = people::everything(pool, by, id).await?;
    let tables: serde_json::Map<_, _> =
        tables.into_iter().map(|(table, rows)| (table.to_owned(), rows.into())).collect();
    let mut files = vec![
        ("everything.json".to_owned(), serde_json::to_vec_pretty(&tables).map_err(unexpected)?),
        ("answers.csv".to_owned(), csv(&answers_table(&people::answers(pool, id).await?)).map_err(unexpected)?),
    ];
    for (number, (name, hash)) in (1..).zip(people::files(pool, id).await?) {
        let name = name.replace(['/', '\\'], "_");
        // With a number, since two files may have one name.
        files.push((format!("files/{number} {name}"), documents::bytes(pool, &hash).await?));
    }
    tokio::task::spawn_blocking(move || packed(&files)).await.map_err(unexpected)?.map_err(unexpected)
}

fn packed(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The answers as a table for a spreadsheet.
fn answers_table(answers: &[AnswerLine]) -> Table {
    let head = ["Handed in", "Exam or quiz", "Question", "Text", "Answer", "Marks", "Out of", "Verdict", "Reason"];
    let rows = answers.iter().map(|line| {
        vec![
            line.handed_in.map(date_time).as_deref().into(),
            line.title.as_str().into(),
            line.path.as_deref().into(),
            line.text.as_deref().into(),
            line.answer.join("; ").as_str().into(),
            line.earned.into(),
            line.possible.into(),
            line.verdict.as_deref().into(),
            line.reason.as_deref().into(),
        ]
    });
    Table::new("answers", &head, rows)
}

/// Merges another account of a pupil into this one; see [`people::merge`].
pub async fn merge(state: &AppState, by: &Viewer, id: Uuid, other: Uuid) -> Result<(), AppError> {
    people::merge(&state.pool, by, id, other, state.config.grace_period).await?;
    // Not within: it waits for whoever marks, and they for the pupil's statistics.
    statistics::rebuild(&state.pool).await
}

/// Deletes for good the accounts that were deleted long enough ago, with all that is theirs. One that fails is tried again the
/// next time, and does not stop the others.
pub async fn delete_expired(pool: &PgPool) -> Result<(), AppError> {
    let mut gone = Vec::new();
    for id in people::expired(pool).await? {
        match delete(pool, id).await {
            Ok(files) => gone.extend(files),
            Err(error) => tracing::error!(%error, %id, "could not delete an account for good"),
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    shares::delete_unused_files(pool, &gone.concat()).await?;
    statistics::rebuild(pool).await
}

/// Deletes an account for good, and returns the hashes of its files; `None` if its deletion was undone.
async fn delete(pool: &PgPool, id: Uuid) -> Result<Option<Vec<Vec<u8>>>, AppError> {
    let mut tx = db::begin(pool).await?;
    // Whoever undoes it meanwhile comes first or too late.
    let Some(documents) = people::lock_deleted(&mut tx, id).await? else { return Ok(None) };
    let mut hashes = Vec::new();
    for document in documents {
        let running = shares::running_before_deletion(&mut tx, id, document).await?;
        attempts::close_within(&mut tx, &running, ClosedBy::Deletion).await?;
        hashes.extend(shares::delete(&mut tx, document).await?);
    }
    people::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Some(hashes))
}
