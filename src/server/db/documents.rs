//! Documents, their bytes and who may see them.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{jobs, of_word, one_row, word_of};
use crate::domain::document::{self, Archived, Document, DocumentKind, Label, Reading, Whose};
use crate::domain::paper::{Counting, Cover, PageSize, Paper, Section};
use crate::domain::share::SharedBy;
use crate::error::AppError;
use crate::server::session::Viewer;

/// Which documents of those one may see.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub id: Option<Uuid>,
    pub level: Option<String>,
    pub subject: Option<String>,
    pub year: Option<i32>,
    pub kind: Option<DocumentKind>,
    pub whose: Whose,
    /// Marking schemes too.
    pub schemes: bool,
}

/// What is known of a document beside its questions.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Frame {
    pub cover: Cover,
    pub sections: Vec<Section>,
    pub pages: Vec<PageSize>,
    pub warnings: Vec<String>,
    /// What the school decided, kept apart from what was read.
    #[serde(skip)]
    pub counting: Option<Counting>,
}

/// A file that comes in.
pub struct Upload {
    pub filename: String,
    pub label: Label,
    pub bytes: Vec<u8>,
    /// For a level and subject, not for oneself.
    pub designated: Option<(String, String)>,
    /// The paper whose marking scheme this is.
    pub scheme_of: Option<Uuid>,
    pub stated: Stated,
}

/// What an uploader states of a document beside its label.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    pub minutes: Option<i32>,
    pub instructions: String,
    /// The subject of a document of one's own; one that the level has not is left out.
    pub subject: Option<String>,
}

/// The documents that the viewer may see and that fit, by year from the newest, then title; at most 200.
pub async fn list(pool: &PgPool, viewer: &Viewer, filter: &Filter) -> Result<Vec<Document>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT d.id, d.title, d.filename, d.kind, d.level, s.name AS "subject?", d.year, d.is_personal,
                  d.uploaded_by = $1 AS "mine!", d.published_at IS NOT NULL AS "published!", d.page_count,
                  d.status, d.pages_read, d.failure,
                  (SELECT count(*) FROM questions q WHERE q.document_id = d.id AND q.kind <> 'group') AS "questions!",
                  (SELECT count(*) FROM questions q
                    WHERE q.document_id = d.id AND q.kind <> 'group' AND q.key IS NOT NULL) AS "keyed!",
                  CASE WHEN d.uploaded_by = $1 OR $7 THEN
                      (SELECT count(*) FROM questions q
                        WHERE q.document_id = d.id
                          AND (q.needs_look
                               OR EXISTS (SELECT FROM reports r WHERE r.document_id = d.id AND r.path = q.path
                                                                  AND r.resolved_at IS NULL)))
                  ELSE 0 END AS "to_look_at!",
                  owner.full_name AS owner, share.created_at AS "shared_at?",
                  d.is_archived, d.archived_at, d.archive_reason
             FROM documents d
             JOIN visible_document_ids($1) v ON v.id = d.id
             JOIN users owner ON owner.id = d.uploaded_by
             LEFT JOIN document_shares share ON share.document_id = d.id AND share.shared_with_user_id = $1
             LEFT JOIN subjects s ON s.id = d.subject_id
            WHERE ($2::uuid IS NULL OR d.id = $2)
              AND ($3::text IS NULL OR d.level = $3)
              AND ($4::text IS NULL OR s.name = $4)
              AND ($5::integer IS NULL OR d.year = $5)
              AND ($6 OR d.kind <> 'marking_scheme')
              AND ($8::text IS NULL OR d.kind = $8)
              AND CASE $9 WHEN 'mine' THEN d.uploaded_by = $1
                          WHEN 'shared' THEN share.id IS NOT NULL
                          WHEN 'archived' THEN d.is_archived
                          ELSE NOT d.is_archived OR $2 IS NOT NULL END
            ORDER BY d.year DESC NULLS LAST, d.title, d.id
            LIMIT 200"#,
        viewer.id(),
        filter.id,
        filter.level,
        filter.subject,
        filter.year,
        filter.schemes,
        viewer.is_admin(),
        filter.kind.map(DocumentKind::as_str),
        filter.whose.as_str(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Document {
            id: r.id,
            title: r.title,
            filename: r.filename,
            kind: DocumentKind::parse(&r.kind).unwrap_or(DocumentKind::Other),
            level: r.level,
            subject: r.subject,
            year: r.year,
            is_personal: r.is_personal,
            mine: r.mine,
            published: r.published,
            page_count: r.page_count,
            question_count: r.questions,
            keyed_count: r.keyed,
            to_look_at: r.to_look_at,
            reading: match r.status.as_str() {
                "ready" => Reading::Ready,
                "reading" => Reading::Reading { page: r.pages_read, of: r.page_count },
                "failed" => Reading::Failed { reason: r.failure.unwrap_or_default() },
                _ => Reading::Queued,
            },
            shared_by: r.shared_at.map(|since| SharedBy { name: r.owner, since }),
            archived: r
                .is_archived
                .then(|| Archived { at: r.archived_at, reason: r.archive_reason.unwrap_or_default() }),
        })
        .collect())
}

/// One document that the viewer may see; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    let filter = Filter { id: Some(id), schemes: true, ..Filter::default() };
    list(pool, viewer, &filter).await?.pop().ok_or(AppError::NotFound)
}

/// One document, for those who correct its questions, its owner and admins; for others it is not there.
pub async fn to_correct(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    let document = get(pool, viewer, id).await?;
    if document.mine || viewer.is_admin() { Ok(document) } else { Err(AppError::NotFound) }
}

/// Those of the documents that the viewer may see.
pub async fn visible(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<BTreeSet<Uuid>, AppError> {
    let seen = sqlx::query_scalar!(
        r#"SELECT d.id FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = ANY ($2)"#,
        viewer.id(),
        ids,
    );
    Ok(seen.fetch_all(pool).await?.into_iter().collect())
}

/// Gives a document another title: its owner's or an admin's to do.
pub async fn rename(pool: &PgPool, viewer: &Viewer, id: Uuid, title: &str) -> Result<(), AppError> {
    let title = document::title(title).map_err(AppError::field("title"))?;
    let done = sqlx::query!(
        "UPDATE documents d SET title = $4
           FROM visible_document_ids($1) v
          WHERE v.id = d.id AND d.id = $2 AND (d.uploaded_by = $1 OR $3)",
        viewer.id(),
        id,
        viewer.is_admin(),
        title,
    );
    one_row(done.execute(pool).await?)
}

/// Puts a document away, or its reason right: an admin's to do. The reason may be empty.
pub async fn archive(pool: &PgPool, viewer: &Viewer, id: Uuid, reason: &str) -> Result<(), AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let reason = reason.trim();
    if reason.chars().count() > 500 {
        return Err(AppError::field("reason")("Say it in at most 500 letters.".into()));
    }
    let done = sqlx::query!(
        "UPDATE documents SET is_archived = true, archived_at = coalesce(archived_at, now()), archive_reason = $2
          WHERE id = $1",
        id,
        reason,
    );
    one_row(done.execute(pool).await?)
}

/// Brings an archived document back, to whoever had it before: an admin's to do.
pub async fn restore(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let done = sqlx::query!(
        "UPDATE documents SET is_archived = false, archived_at = NULL, archive_reason = NULL WHERE id = $1",
        id,
    );
    one_row(done.execute(pool).await?)
}

/// The cover, sections, page sizes and warnings of a document that the viewer may see; the sections' rules are as the
/// school decided.
pub async fn frame(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Frame, AppError> {
    let r = sqlx::query!(
        r#"SELECT d.paper AS "paper: Json<Frame>", d.counting, d.official_minutes, d.instructions
             FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = $2"#,
        viewer.id(),
        id,
    )
    .fetch_one(pool)
    .await?;
    let mut frame = r.paper.map(|Json(frame)| frame).unwrap_or_default();
    frame.cover.duration = r.official_minutes.map(|minutes| minutes as u32).or(frame.cover.duration);
    frame.cover.instructions.extend((!r.instructions.is_empty()).then_some(r.instructions));
    frame.counting = r.counting.map(of_word).transpose()?;
    frame.sections.iter_mut().for_each(|section| section.rule = section.rule.with(frame.counting));
    Ok(frame)
}

/// Decides what counts in new quizzes where more is answered than a section asks for; `None`: as the paper says.
pub async fn set_counting(pool: &PgPool, id: Uuid, counting: Option<Counting>) -> Result<(), AppError> {
    let word = counting.as_ref().map(word_of).transpose()?;
    one_row(sqlx::query!("UPDATE documents SET counting = $2 WHERE id = $1", id, word).execute(pool).await?)
}

/// File name and content hash of a document that the viewer may see.
pub async fn file(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(String, Vec<u8>), AppError> {
    let row = sqlx::query!(
        r#"SELECT d.filename, d.content_hash AS "content_hash!"
             FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
            WHERE d.id = $2 AND d.content_hash IS NOT NULL"#,
        viewer.id(),
        id,
    )
    .fetch_one(pool)
    .await?;
    Ok((row.filename, row.content_hash))
}

/// The marking scheme of a paper that the viewer may see, if they may see it too.
pub async fn scheme(pool: &PgPool, viewer: &Viewer, paper: Uuid) -> Result<Option<Document>, AppError> {
    match sqlx::query_scalar!("SELECT id FROM documents WHERE scheme_of = $1", paper).fetch_optional(pool).await? {
        Some(id) => Ok(get(pool, viewer, id).await.ok()),
        None => Ok(None),
    }
}

/// The bytes of a content hash that `file` or `for_reading` gave.
pub async fn bytes(pool: &PgPool, content_hash: &[u8]) -> Result<Vec<u8>, AppError> {
    Ok(sqlx::query_scalar!("SELECT bytes FROM document_files WHERE content_hash = $1", content_hash)
        .fetch_one(pool)
        .await?)
}

/// A rendered page or crop, if it was rendered before.
pub async fn cached_image(pool: &PgPool, content_hash: &[u8], name: &str) -> Result<Option<Vec<u8>>, AppError> {
    let query =
        sqlx::query_scalar!("SELECT image FROM page_images WHERE content_hash = $1 AND name = $2", content_hash, name);
    Ok(query.fetch_optional(pool).await?)
}

/// Keeps a rendered page or crop.
pub async fn cache_image(pool: &PgPool, content_hash: &[u8], name: &str, image: &[u8]) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO page_images (content_hash, name, image) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        content_hash,
        name,
        image,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Keeps the bytes of a file once, and answers their hash.
pub async fn keep_file(conn: &mut PgConnection, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let hash = Sha256::digest(bytes).to_vec();
    // A file that is there already is held, so that nobody deletes it meanwhile.
    sqlx::query!(
        "INSERT INTO document_files (content_hash, bytes) VALUES ($1, $2)
             ON CONFLICT (content_hash) DO UPDATE SET created_at = document_files.created_at",
        hash,
        bytes,
    )
    .execute(conn)
    .await?;
    Ok(hash)
}

/// Keeps an uploaded file and asks for its reading, in one transaction. Only an admin's may be designated or the
/// scheme of a designated paper. A new scheme takes the place of the paper's old one.
pub async fn store(pool: &PgPool, viewer: &Viewer, upload: Upload) -> Result<Uuid, AppError> {
    if upload.designated.is_some() && !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let mut tx = pool.begin().await?;
    let hash = keep_file(&mut tx, &upload.bytes).await?;
    let (level, subject) = upload.designated.clone().unzip();
    let subject = subject.or(upload.stated.subject);
    if let Some(paper) = upload.scheme_of {
        let may = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
                               WHERE d.id = $2 AND d.kind <> 'marking_scheme' AND (d.uploaded_by = $1 OR $3)) AS "may!""#,
            viewer.id(),
            paper,
            viewer.is_admin(),
        )
        .fetch_one(&mut *tx)
        .await?;
        if !may {
            return Err(AppError::NotFound);
        }
        sqlx::query!("DELETE FROM documents WHERE scheme_of = $1", paper).execute(&mut *tx).await?;
    }
    let id = sqlx::query_scalar!(
        "INSERT INTO documents (filename, title, kind, year, uploaded_by, level, subject_id, is_personal, scheme_of,
                                content_hash, size_bytes, official_minutes, instructions)
         SELECT $1, $2, $3, $4, u.id, coalesce($6, u.education_level),
                (SELECT s.id FROM subjects s WHERE s.level = coalesce($6, u.education_level) AND s.name = $7),
                $8, $9, $10, $11, $12, $13
           FROM users u WHERE u.id = $5
         RETURNING id",
        upload.filename,
        upload.label.title,
        upload.label.kind.as_str(),
        upload.label.year,
        viewer.id(),
        level,
        subject,
        upload.designated.is_none(),
        upload.scheme_of,
        hash,
        upload.bytes.len() as i64,
        upload.stated.minutes,
        upload.stated.instructions,
    )
    .fetch_one(&mut *tx)
    .await?;
    // A scheme is read together with its paper.
    match upload.scheme_of {
        Some(paper) => {
            sqlx::query!("UPDATE documents SET status = 'ready' WHERE id = $1", id).execute(&mut *tx).await?;
            requeue(&mut tx, paper).await?;
        }
        None => jobs::enqueue_reading(&mut tx, id).await?,
    }
    tx.commit().await?;
    Ok(id)
}

/// Asks for another reading of a document: its owner's or an admin's to ask.
pub async fn read_again(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    let mut tx = pool.begin().await?;
    one_row(
        sqlx::query!(
            "UPDATE documents d SET status = 'queued', failure = NULL, pages_read = 0
               FROM visible_document_ids($1) v
              WHERE v.id = d.id AND d.id = $2 AND (d.uploaded_by = $1 OR $3)",
            viewer.id(),
            id,
            viewer.is_admin(),
        )
        .execute(&mut *tx)
        .await?,
    )?;
    jobs::enqueue_reading(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

async fn requeue(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'queued', failure = NULL, pages_read = 0 WHERE id = $1", id)
        .execute(&mut *conn)
        .await?;
    jobs::enqueue_reading(conn, id).await
}

/// Lets the level's pupils see a document that has been read, or hides it again. An admin's to do.
pub async fn publish(pool: &PgPool, id: Uuid, published: bool) -> Result<(), AppError> {
    one_row(
        sqlx::query!(
            "UPDATE documents SET published_at = CASE WHEN $2 THEN coalesce(published_at, now()) END
              WHERE id = $1 AND NOT is_personal AND status = 'ready'",
            id,
            published,
        )
        .execute(pool)
        .await?,
    )
}

/// What the reading job works on: the content hashes of the paper and of its marking scheme, and its subject.
pub struct ToRead {
    /// It is to be learnt from: notes, a syllabus, a textbook.
    pub notes: bool,
    pub content_hash: Vec<u8>,
    pub scheme_hash: Option<Vec<u8>>,
    pub subject_id: Option<Uuid>,
}

/// For the reading job; `None` when the document is gone.
pub async fn for_reading(pool: &PgPool, id: Uuid) -> Result<Option<ToRead>, AppError> {
    Ok(sqlx::query_as!(
        ToRead,
        r#"SELECT d.kind IN ('syllabus', 'textbook', 'notes') AS "notes!", d.content_hash AS "content_hash!",
                  d.subject_id,
                  (SELECT s.content_hash FROM documents s WHERE s.scheme_of = d.id LIMIT 1) AS scheme_hash
             FROM documents d WHERE d.id = $1 AND d.content_hash IS NOT NULL"#,
        id,
    )
    .fetch_optional(pool)
    .await?)
}

/// The reading job is at this page.
pub async fn note_progress(pool: &PgPool, id: Uuid, page: i32, of: i32) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE documents SET status = 'reading', pages_read = $2, page_count = $3 WHERE id = $1",
        id,
        page,
        of,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The reading is done; what the cover says fills in what the upload left open.
pub async fn note_ready(conn: &mut PgConnection, id: Uuid, paper: &Paper) -> Result<(), AppError> {
    let frame = Frame {
        cover: paper.cover.clone(),
        sections: paper.sections.clone(),
        pages: paper.pages.clone(),
        warnings: paper.warnings.clone(),
        counting: None,
    };
    sqlx::query!(
        "UPDATE documents SET status = 'ready', failure = NULL, paper = $2, page_count = $3, pages_read = $3,
                year = coalesce(year, $4)
          WHERE id = $1",
        id,
        Json(&frame) as _,
        paper.pages.len() as i32,
        paper.cover.year.filter(|year| (1950..=2100).contains(year)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The reading failed, with the reason in plain words.
pub async fn note_failed(pool: &PgPool, id: Uuid, reason: &str) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'failed', failure = $2 WHERE id = $1", id, reason)
        .execute(pool)
        .await?;
    Ok(())
}
