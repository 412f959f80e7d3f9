//! Documents, their bytes, and who may see them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use exam_model::format;
use exam_model::paper::{self, Counting, Cover, PageSize, Paper, Section};
use exam_model::question::Question;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{audit, classes, jobs, of_word, one_row, shares, topics, word_of};
use crate::domain::audit::Act;
use crate::domain::document::{self, Archived, Cursor, Document, DocumentKind, Label, Ownership, Reading};
use crate::domain::search::{self, FOUND, Match};
use crate::domain::share::SharedBy;
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// A filter on the documents that the viewer may see.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub id: Option<Uuid>,
    pub level: Option<String>,
    /// The name of a subject.
    pub subject: Option<String>,
    pub subject_id: Option<Uuid>,
    pub year: Option<i32>,
    pub kind: Option<DocumentKind>,
    pub whose: Ownership,
    pub is_personal: Option<bool>,
    /// Whether to include marking schemes.
    pub schemes: bool,
    /// Whether to include archived documents.
    pub archived: bool,
    /// Search words, from `search::asked`.
    pub search: Option<String>,
}

/// A part of a list: a limit, and a cursor or an offset.
#[derive(Debug, Clone, Default)]
pub struct PageRange {
    pub after: Option<Cursor>,
    pub skip: i64,
    pub limit: i64,
}

impl Filter {
    /// The document with this id, of any kind.
    pub fn one(id: Uuid) -> Self {
        Self { id: Some(id), schemes: true, archived: true, ..Self::default() }
    }
}

impl PageRange {
    /// The first `limit` documents.
    pub fn first(limit: i64) -> Self {
        Self { limit, ..Self::default() }
    }
}

/// How many of the next documents are searched one by one.
const NEAR: i64 = 1000;

/// Begins a read whose plan depends on its parameters, and that would take longer to compile than to run.
const CUSTOM_PLAN_NO_JIT: &str = "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off";

/// What is known about a document, apart from its questions.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct DocumentDetails {
    pub cover: Cover,
    pub sections: Vec<Section>,
    pub pages: Vec<PageSize>,
    pub warnings: Vec<String>,
    /// The school's decision, kept apart from what was read.
    #[serde(skip)]
    pub counting: Option<Counting>,
    /// The same for calculators; the cover keeps what it says.
    #[serde(skip)]
    pub calculator: Option<bool>,
}

impl DocumentDetails {
    /// Whether calculators are allowed.
    pub fn allows_calculators(&self) -> bool {
        self.calculator.or(self.cover.calculator).unwrap_or(false)
    }
}

/// An uploaded file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// An uploaded document.
pub struct Upload {
    pub file: File,
    pub label: Label,
    /// The level and subject it is for; `None` for a personal document.
    pub designated: Option<(String, String)>,
    pub stated: Stated,
    /// Its marking scheme, if uploaded with it.
    pub scheme: Option<File>,
}

/// What the uploader states about a document, apart from its label.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    pub minutes: Option<i32>,
    pub instructions: String,
    /// Level and subject of a personal document.
    pub subject: Option<(String, String)>,
}

/// A row of a list, with everything that pages and the API show.
pub struct Line {
    pub id: Uuid,
    pub title: String,
    pub filename: String,
    pub kind: String,
    pub level: Option<String>,
    pub subject: Option<String>,
    pub subject_id: Option<Uuid>,
    pub year: Option<i32>,
    pub is_personal: bool,
    pub is_shared: bool,
    pub uploaded_by: Uuid,
    pub owner: String,
    pub shared_at: Option<DateTime<Utc>>,
    pub published: bool,
    pub status: String,
    pub page_count: i32,
    pub pages_read: i32,
    pub failure: Option<String>,
    pub minutes: Option<i32>,
    pub instructions: String,
    pub is_archived: bool,
    pub archived_at: Option<DateTime<Utc>>,
    pub archive_reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub questions: i64,
    pub parts: i64,
    pub keyed: i64,
    /// 0 for viewers who may not correct them.
    pub to_look_at: i64,
    /// 0 unless the viewer is an admin.
    pub comments: i64,
}

/// A part of the matching documents that the viewer may see, newest year first, then by title; for a search with the
/// questions that contain its words.
pub async fn lines(
    pool: &PgPool,
    viewer: &Viewer,
    filter: &Filter,
    part: &PageRange,
) -> Result<Vec<(Line, Vec<Match>)>, AppError> {
    let lines = fitting(pool, viewer, filter, part).await?;
    let mut found = match &filter.search {
        Some(search) => matches(pool, viewer, search, &lines).await?,
        None => HashMap::new(),
    };
    let with_matches = |line: Line| {
        let matches = found.remove(&line.id).unwrap_or_default();
        (line, matches)
    };
    Ok(lines.into_iter().map(with_matches).collect())
}

async fn fitting(pool: &PgPool, viewer: &Viewer, filter: &Filter, part: &PageRange) -> Result<Vec<Line>, AppError> {
    let after = part.after.as_ref();
    let mut tx = super::begin_with(pool, CUSTOM_PLAN_NO_JIT).await?;
    // The planner cannot know how many documents contain the beginning of a word. If many do, searching the next few
    // documents fills the part; if few do, the index finds them fast.
    let mut one_by_one = filter.search.is_some();
    loop {
        let most = match &filter.search {
            None => Some(part.skip.saturating_add(part.limit)),
            Some(_) => one_by_one.then_some(NEAR),
        };
        let lines = sqlx::query_file_as!(
            Line,
            "src/server/db/documents/list.sql",
            viewer.id(),
            viewer.is_admin(),
            viewer.person().education_level,
            filter.id,
            filter.level,
            filter.subject,
            filter.subject_id,
            filter.year.map(i64::from),
            filter.kind.map(DocumentKind::as_str),
            filter.is_personal,
            filter.schemes,
            filter.whose.as_str(),
            filter.archived,
            filter.search,
            after.map(|place| -place.year.unwrap_or(0)),
            after.map(|place| place.title.as_str()),
            after.map(|place| place.id),
            part.skip,
            part.limit,
            one_by_one,
            most,
            viewer.is_staff(),
        )
        .fetch_all(&mut *tx)
        .await?;
        if !std::mem::take(&mut one_by_one) || lines.len() as i64 == part.limit {
            tx.commit().await?;
            return Ok(lines);
        }
    }
}

/// `lines`, as `Document`s for pages.
pub async fn list(
    pool: &PgPool,
    viewer: &Viewer,
    filter: &Filter,
    part: &PageRange,
) -> Result<Vec<Document>, AppError> {
    let lines = lines(pool, viewer, filter, part).await?.into_iter();
    Ok(lines
        .map(|(line, matches)| Document {
            kind: DocumentKind::parse(&line.kind).unwrap_or(DocumentKind::Other),
            mine: line.uploaded_by == viewer.id(),
            reading: reading(&line.status, line.pages_read, line.page_count, line.failure),
            shared_by: line.shared_at.map(|since| SharedBy { name: line.owner, since }),
            archived: line
                .is_archived
                .then(|| Archived { at: line.archived_at, reason: line.archive_reason.unwrap_or_default() }),
            matches,
            id: line.id,
            title: line.title,
            filename: line.filename,
            level: line.level,
            subject: line.subject,
            year: line.year,
            is_personal: line.is_personal,
            published: line.published,
            page_count: line.page_count,
            question_count: line.questions,
            part_count: line.parts,
            keyed_count: line.keyed,
            to_look_at: line.to_look_at,
        })
        .collect())
}

fn reading(status: &str, page: i32, of: i32, failure: Option<String>) -> Reading {
    match status {
        "ready" => Reading::Ready,
        "reading" => Reading::Reading { page, of },
        "failed" => Reading::Failed { reason: failure.unwrap_or_default() },
        _ => Reading::Queued,
    }
}

/// The state of the reading of those of these documents that the viewer may see.
pub async fn readings(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<(Uuid, Reading)>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT d.id, d.status, d.pages_read, d.page_count, d.failure
             FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = ANY ($2)"#,
        viewer.id(),
        ids,
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| (row.id, reading(&row.status, row.pages_read, row.page_count, row.failure))).collect())
}

/// For each document, a few questions that contain words of the search, those with all words first.
async fn matches(
    pool: &PgPool,
    viewer: &Viewer,
    search: &str,
    lines: &[Line],
) -> Result<HashMap<Uuid, Vec<Match>>, AppError> {
    let mut found: HashMap<Uuid, Vec<Match>> = HashMap::new();
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    // `querytree` leaves out excluded words.
    let rows = sqlx::query!(
        r#"WITH asked AS MATERIALIZED (
               SELECT q AS whole, replace(querytree(q), ' & ', ' | ')::tsquery AS any_word FROM search_query($3) AS q
           )
           SELECT q.document_id, q.path, (q.regions -> 0 ->> 'page')::integer AS page,
                  ts_headline('words', q.words, asked.any_word, $4) AS "excerpt!"
             FROM visible_document_ids($1) v
            CROSS JOIN asked
            CROSS JOIN LATERAL (
                SELECT q.document_id, q.path, q.position, q.regions, t.words
                  FROM questions q, question_words(q.text, q.options) AS t (words), to_tsvector('words', t.words) AS w
                 WHERE q.document_id = v.id AND w @@ asked.any_word
                 ORDER BY w @@ asked.whole DESC, q.position
                 LIMIT 3) AS q
            WHERE v.id = ANY ($2)
            ORDER BY q.document_id, q.position"#,
        viewer.id(),
        &ids,
        search,
        format!("StartSel={}, StopSel={}, MinWords=8, MaxWords=24", FOUND[0], FOUND[1]),
    )
    .fetch_all(pool)
    .await?;
    for row in rows {
        let page = row.page.and_then(|page| u32::try_from(page).ok());
        let question = Match { path: row.path, page, excerpt: search::pieces(&row.excerpt) };
        found.entry(row.document_id).or_default().push(question);
    }
    Ok(found)
}

/// One document that the viewer may see; `NotFound` otherwise.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    list(pool, viewer, &Filter::one(id), &PageRange::first(1)).await?.pop().ok_or(AppError::NotFound)
}

/// A document, for its owner and the school's staff, who may correct its questions; `NotFound` for others.
pub async fn to_correct(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Document, AppError> {
    let document = get(pool, viewer, id).await?;
    if document.mine || viewer.is_staff() { Ok(document) } else { Err(AppError::NotFound) }
}

/// Which of these documents the viewer may see.
pub async fn visible(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<BTreeSet<Uuid>, AppError> {
    let seen = sqlx::query_scalar!(
        r#"SELECT d.id FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = ANY ($2)"#,
        viewer.id(),
        ids,
    );
    Ok(seen.fetch_all(pool).await?.into_iter().collect())
}

/// Renames a document; for its owner and the school's staff.
pub async fn rename(pool: &PgPool, viewer: &Viewer, id: Uuid, title: &str) -> Result<(), AppError> {
    let title = document::title(title).ok_or_else(|| AppError::field("title")(document::TITLE_RULE.into()))?;
    let done = sqlx::query!(
        "UPDATE documents d SET title = $4
           FROM visible_document_ids($1) v
          WHERE v.id = d.id AND d.id = $2 AND (d.uploaded_by = $1 OR $3)",
        viewer.id(),
        id,
        viewer.is_staff(),
        title,
    );
    one_row(done.execute(pool).await?)
}

/// Changes what a paper of a level is: title, kind, year, level and subject; for the staff whose paper it is, see
/// [`must_designate`]. If the kind or the subject changes,
/// the paper is read again: notes are read otherwise, and the topics are those of the subject. Its marking scheme goes with it.
pub async fn describe(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    label: &Label,
    (level, subject): (&str, &str),
) -> Result<(), AppError> {
    get(pool, viewer, id).await?;
    must_designate(pool, viewer, level).await?;
    let subject_id = topics::subject_id(pool, level, subject).await.map_err(|error| match error {
        AppError::NotFound => AppError::field("subject")("Choose a level and one of its subjects.".into()),
        other => other,
    })?;
    let mut tx = super::begin(pool).await?;
    let was = sqlx::query!(
        r#"SELECT d.title, d.subject_id, d.kind, d.year, d.level AS "level!", s.name AS "subject?"
             FROM documents d LEFT JOIN subjects s ON s.id = d.subject_id
            WHERE d.id = $1 AND NOT d.is_personal AND d.scheme_of IS NULL FOR UPDATE OF d"#,
        id,
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE documents SET title = $2, kind = $3, year = $4, level = $5, subject_id = $6 WHERE id = $1",
        id,
        label.title,
        label.kind.as_str(),
        label.year,
        level,
        subject_id,
    )
    .execute(&mut *tx)
    .await?;
    if was.subject_id != Some(subject_id) {
        sqlx::query!("UPDATE documents SET level = $2, subject_id = $3 WHERE scheme_of = $1", id, level, subject_id)
            .execute(&mut *tx)
            .await?;
    }
    if was.subject_id != Some(subject_id) || was.kind != label.kind.as_str() {
        requeue(&mut tx, id).await?;
    }
    let words = |title: &str, level: &str, subject: &str, kind: &str, year: Option<i32>| {
        let year = year.map(|year| format!(" {year}")).unwrap_or_default();
        format!("{title}, {level} {subject}{year}, {}", kind.replace('_', " "))
    };
    let before = words(&was.title, &was.level, was.subject.as_deref().unwrap_or_default(), &was.kind, was.year);
    let after = words(&label.title, level, subject, label.kind.as_str(), label.year);
    if before != after {
        audit::record(&mut tx, viewer, Act::PaperChanged, &format!("{before} → {after}")).await?;
    }
    Ok(tx.commit().await?)
}

/// `NotFound` unless the viewer may upload and publish papers of this level: an admin for every level, a teacher for those of
/// their classes.
pub async fn must_designate(pool: &PgPool, viewer: &Viewer, level: &str) -> Result<(), AppError> {
    let scope = viewer.scope(None)?;
    let may = viewer.is_admin() || classes::levels(pool, &scope).await?.iter().any(|own| own == level);
    if may { Ok(()) } else { Err(AppError::NotFound) }
}

/// Archives a document, or changes the reason for it; for admins. The reason may be empty.
pub async fn archive(pool: &PgPool, viewer: &Viewer, id: Uuid, reason: &str) -> Result<(), AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let reason = reason.trim();
    if reason.chars().count() > 500 {
        return Err(AppError::field("reason")("Write at most 500 letters.".into()));
    }
    let done = sqlx::query!(
        "UPDATE documents SET is_archived = true, archived_at = coalesce(archived_at, now()), archive_reason = $2
          WHERE id = $1 AND school_id = $3",
        id,
        reason,
        viewer.school(),
    );
    one_row(done.execute(pool).await?)
}

/// Restores an archived document for everybody who had it before; for admins.
pub async fn restore(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    if !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    let done = sqlx::query!(
        "UPDATE documents SET is_archived = false, archived_at = NULL, archive_reason = NULL WHERE id = $1 AND school_id = $2",
        id,
        viewer.school(),
    );
    one_row(done.execute(pool).await?)
}

/// The cover, sections, page sizes and warnings of a document that the viewer may see. The sections' rules follow the
/// school's decision.
pub async fn details(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<DocumentDetails, AppError> {
    let r = sqlx::query!(
        r#"SELECT d.paper AS "paper: Json<DocumentDetails>", d.counting, d.calculator, d.official_minutes, d.instructions
             FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id WHERE d.id = $2"#,
        viewer.id(),
        id,
    )
    .fetch_one(pool)
    .await?;
    let mut details = r.paper.map(|Json(details)| details).unwrap_or_default();
    details.cover.duration = r.official_minutes.map(|minutes| minutes as u32).or(details.cover.duration);
    details.cover.instructions.extend((!r.instructions.is_empty()).then_some(r.instructions));
    details.counting = r.counting.map(of_word).transpose()?;
    details.calculator = r.calculator;
    paper::decide(&mut details.sections, details.counting);
    Ok(details)
}

/// Sets what counts if more is answered than a section asks for, for staff who may see it; `None` for what the paper says.
pub async fn set_counting(pool: &PgPool, by: &Viewer, id: Uuid, counting: Option<Counting>) -> Result<(), AppError> {
    by.scope(None)?;
    let word = counting.as_ref().map(word_of).transpose()?;
    let done = sqlx::query!(
        "UPDATE documents d SET counting = $3 FROM visible_document_ids($1) v WHERE v.id = d.id AND d.id = $2",
        by.id(),
        id,
        word,
    );
    one_row(done.execute(pool).await?)
}

/// Sets whether calculators are allowed, for staff who may see it; `None` for what the cover says.
pub async fn set_calculator(pool: &PgPool, by: &Viewer, id: Uuid, calculator: Option<bool>) -> Result<(), AppError> {
    by.scope(None)?;
    let done = sqlx::query!(
        "UPDATE documents d SET calculator = $3 FROM visible_document_ids($1) v WHERE v.id = d.id AND d.id = $2",
        by.id(),
        id,
        calculator,
    );
    one_row(done.execute(pool).await?)
}

/// The file name and content hash of a document that the viewer may see.
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

/// The marking scheme of a paper, if the viewer may see both.
pub async fn scheme(pool: &PgPool, viewer: &Viewer, paper: Uuid) -> Result<Option<Document>, AppError> {
    match sqlx::query_scalar!("SELECT id FROM documents WHERE scheme_of = $1", paper).fetch_optional(pool).await? {
        Some(id) => Ok(get(pool, viewer, id).await.ok()),
        None => Ok(None),
    }
}

/// The bytes of a content hash from `file` or `for_reading`.
pub async fn bytes(pool: &PgPool, content_hash: &[u8]) -> Result<Vec<u8>, AppError> {
    Ok(sqlx::query_scalar!("SELECT bytes FROM document_files WHERE content_hash = $1", content_hash)
        .fetch_one(pool)
        .await?)
}

/// A cached page or crop.
pub async fn cached_image(pool: &PgPool, content_hash: &[u8], name: &str) -> Result<Option<Vec<u8>>, AppError> {
    let query =
        sqlx::query_scalar!("SELECT image FROM page_images WHERE content_hash = $1 AND name = $2", content_hash, name);
    Ok(query.fetch_optional(pool).await?)
}

/// Caches a rendered page or crop.
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

/// The bytes of all documents that the viewer uploaded.
pub async fn used(connection: impl PgExecutor<'_>, viewer: &Viewer) -> Result<i64, AppError> {
    let used = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(size_bytes), 0)::bigint AS "used!" FROM documents WHERE uploaded_by = $1"#,
        viewer.id(),
    );
    Ok(used.fetch_one(connection).await?)
}

/// The document with these bytes that the viewer already has: their own, or one of this level and subject.
pub async fn known(
    pool: &PgPool,
    viewer: &Viewer,
    bytes: &[u8],
    designated: Option<&(String, String)>,
) -> Result<Option<Uuid>, AppError> {
    let (level, subject) = designated.map(|(level, subject)| (level.as_str(), subject.as_str())).unzip();
    let hash = Sha256::digest(bytes).to_vec();
    let known = sqlx::query_scalar!(
        "SELECT d.id
           FROM documents d
           JOIN visible_document_ids($1) v ON v.id = d.id
           LEFT JOIN subjects s ON s.id = d.subject_id
          WHERE d.content_hash = $2 AND d.kind <> 'marking_scheme' AND NOT d.is_archived
            AND CASE WHEN $3::text IS NULL THEN d.is_personal AND d.uploaded_by = $1
                     ELSE NOT d.is_personal AND d.level = $3 AND s.name = $4 END
          ORDER BY d.created_at
          LIMIT 1",
        viewer.id(),
        hash,
        level,
        subject,
    );
    Ok(known.fetch_optional(pool).await?)
}

/// Other documents of the library with the same file, with title, level and subject.
pub async fn same_file(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Vec<(Uuid, String)>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT d.id, concat_ws(', ', d.title, d.level, s.name) AS "name!"
             FROM documents o
             JOIN documents d ON d.content_hash = o.content_hash AND d.id <> o.id
             JOIN visible_document_ids($1) v ON v.id = d.id
             LEFT JOIN subjects s ON s.id = d.subject_id
            WHERE o.id = $2 AND d.kind <> 'marking_scheme' AND NOT d.is_personal AND NOT d.is_archived
            ORDER BY d.created_at LIMIT 5"#,
        viewer.id(),
        id,
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|r| (r.id, r.name)).collect())
}

/// `QuotaExceeded` if a pupil's documents would exceed `quota` bytes. Locks the pupil until the transaction ends, so that
/// concurrent uploads count each other.
async fn make_room(conn: &mut PgConnection, viewer: &Viewer, wanted: usize, quota: i64) -> Result<(), AppError> {
    if viewer.is_staff() {
        return Ok(());
    }
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(&mut *conn).await?;
    let used = used(&mut *conn, viewer).await?;
    let wanted = wanted as i64;
    if used + wanted > quota {
        let [used, quota, wanted] = [used, quota, wanted].map(format::megabytes);
        return Err(AppError::QuotaExceeded { used, quota, wanted });
    }
    Ok(())
}

/// Stores the bytes of a file once, and returns their hash.
pub async fn keep_file(conn: &mut PgConnection, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let hash = Sha256::digest(bytes).to_vec();
    // Locks a file that already exists, so that nobody deletes it in the meantime.
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

/// Stores an uploaded document, with its marking scheme if given, and queues its reading, in one transaction. Who may designate
/// a level, [`must_designate`] says. `quota` limits the bytes of all documents of a pupil.
pub async fn store(pool: &PgPool, viewer: &Viewer, upload: Upload, quota: i64) -> Result<Uuid, AppError> {
    let is_personal = upload.designated.is_none();
    let subject = upload.designated.or(upload.stated.subject);
    if let Some((level, subject)) = &subject {
        let unknown = "Name a level and one of its subjects.";
        topics::subject_id(pool, level, subject).await.map_err(|error| match error {
            AppError::NotFound => AppError::field("subject")(unknown.into()),
            other => other,
        })?;
    }
    if let Some((level, _)) = subject.as_ref().filter(|_| !is_personal) {
        must_designate(pool, viewer, level).await?;
    }
    let mut tx = super::begin(pool).await?;
    let scheme_size = upload.scheme.as_ref().map_or(0, |scheme| scheme.bytes.len());
    make_room(&mut tx, viewer, upload.file.bytes.len() + scheme_size, quota).await?;
    let hash = keep_file(&mut tx, &upload.file.bytes).await?;
    let (level, subject) = subject.unzip();
    let id = sqlx::query_scalar!(
        "INSERT INTO documents (filename, title, kind, year, uploaded_by, level, subject_id, is_personal,
                                content_hash, size_bytes, official_minutes, instructions, school_id)
         SELECT $1, $2, $3, $4, u.id, coalesce($6, u.education_level),
                (SELECT s.id FROM subjects s WHERE s.level = coalesce($6, u.education_level) AND s.name = $7),
                $8, $9, $10, $11, $12, u.school_id
           FROM users u WHERE u.id = $5
         RETURNING id",
        upload.file.name,
        upload.label.title,
        upload.label.kind.as_str(),
        upload.label.year,
        viewer.id(),
        level,
        subject,
        is_personal,
        hash,
        upload.file.bytes.len() as i64,
        upload.stated.minutes,
        upload.stated.instructions,
    )
    .fetch_one(&mut *tx)
    .await?;
    if let Some(scheme) = upload.scheme {
        keep_scheme(&mut tx, viewer, id, &scheme).await?;
    }
    jobs::enqueue_reading(&mut tx, id).await?;
    if let Some(level) = level.filter(|_| !is_personal) {
        audit::record(&mut tx, viewer, Act::PaperAdded, &format!("{}, {level}", upload.label.title)).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Stores the marking scheme of an existing paper, replacing an old one, queues both to be read again, and returns the
/// scheme's id. For the paper's owner and the school's staff.
pub async fn store_scheme(
    pool: &PgPool,
    viewer: &Viewer,
    paper: Uuid,
    scheme: &File,
    quota: i64,
) -> Result<Uuid, AppError> {
    let mut tx = super::begin(pool).await?;
    must_take_schemes(&mut tx, viewer, paper).await?;
    let old = delete_scheme(&mut tx, paper).await?;
    make_room(&mut tx, viewer, scheme.bytes.len(), quota).await?;
    let id = keep_scheme(&mut tx, viewer, paper, scheme).await?;
    requeue(&mut tx, paper).await?;
    tx.commit().await?;
    shares::delete_unused_files(pool, &old).await?;
    Ok(id)
}

/// Deletes the marking scheme of a paper, if it has one, and queues the paper to be read without it. For the paper's owner
/// and the school's staff.
pub async fn detach_scheme(pool: &PgPool, viewer: &Viewer, paper: Uuid) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    must_take_schemes(&mut tx, viewer, paper).await?;
    let old = delete_scheme(&mut tx, paper).await?;
    if !old.is_empty() {
        requeue(&mut tx, paper).await?;
    }
    tx.commit().await?;
    shares::delete_unused_files(pool, &old).await
}

/// `NotFound` unless it is a paper that the viewer may correct.
async fn must_take_schemes(conn: &mut PgConnection, viewer: &Viewer, paper: Uuid) -> Result<(), AppError> {
    let may = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM documents d JOIN visible_document_ids($1) v ON v.id = d.id
                           WHERE d.id = $2 AND d.kind <> 'marking_scheme' AND (d.uploaded_by = $1 OR $3)) AS "may!""#,
        viewer.id(),
        paper,
        viewer.is_staff(),
    )
    .fetch_one(conn)
    .await?;
    if !may {
        return Err(AppError::NotFound);
    }
    Ok(())
}

/// Deletes the marking scheme of a paper, and returns the hashes of its file.
async fn delete_scheme(conn: &mut PgConnection, paper: Uuid) -> Result<Vec<Vec<u8>>, AppError> {
    let old = sqlx::query_scalar!(
        r#"DELETE FROM documents WHERE scheme_of = $1 RETURNING content_hash AS "content_hash!""#,
        paper,
    );
    Ok(old.fetch_all(conn).await?)
}

/// Adds a marking scheme with the level and subject of its paper, with which it is read.
async fn keep_scheme(conn: &mut PgConnection, viewer: &Viewer, paper: Uuid, scheme: &File) -> Result<Uuid, AppError> {
    let hash = keep_file(&mut *conn, &scheme.bytes).await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO documents (filename, title, kind, year, uploaded_by, level, subject_id, is_personal, scheme_of,
                                content_hash, size_bytes, status, school_id)
         SELECT $3, left(d.title || ': marking scheme', 200), 'marking_scheme', d.year, $2, d.level, d.subject_id,
                d.is_personal, d.id, $4, $5, 'ready', d.school_id
           FROM documents d WHERE d.id = $1
         RETURNING id",
        paper,
        viewer.id(),
        scheme.name,
        hash,
        scheme.bytes.len() as i64,
    );
    Ok(id.fetch_one(conn).await?)
}

/// Queues a document to be read again; for its owner and the school's staff.
pub async fn read_again(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    let mut tx = super::begin(pool).await?;
    one_row(
        sqlx::query!(
            "UPDATE documents d SET status = 'queued', failure = NULL, pages_read = 0
               FROM visible_document_ids($1) v
              WHERE v.id = d.id AND d.id = $2 AND (d.uploaded_by = $1 OR $3)",
            viewer.id(),
            id,
            viewer.is_staff(),
        )
        .execute(&mut *tx)
        .await?,
    )?;
    jobs::enqueue_reading(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

async fn requeue(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    note_waiting(conn, id).await?;
    jobs::enqueue_reading(conn, id).await
}

/// Marks a document as waiting to be read.
pub async fn note_waiting(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'queued', failure = NULL, pages_read = 0 WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Publishes a document that has been read to the pupils of its level, or hides it again; for staff who may see it. `Conflict`
/// for an exam paper without questions.
pub async fn publish(pool: &PgPool, by: &Viewer, id: Uuid, published: bool) -> Result<(), AppError> {
    by.scope(None)?;
    let mut tx = super::begin(pool).await?;
    let paper = sqlx::query!(
        r#"UPDATE documents d SET published_at = CASE WHEN $3 THEN coalesce(d.published_at, now()) END
             FROM documents o JOIN visible_document_ids($1) v ON v.id = o.id
            WHERE d.id = $2 AND o.id = d.id AND NOT d.is_personal AND d.status = 'ready'
           RETURNING d.title, d.level, o.published_at IS NOT NULL AS "was_published!",
                  d.kind <> 'exam_paper' OR (SELECT questions > 0 FROM question_count(d.id)) AS "has_questions!""#,
        by.id(),
        id,
        published,
    )
    .fetch_one(&mut *tx)
    .await?;
    if published && !paper.has_questions {
        return Err(AppError::Conflict(
            "This paper has no questions, so it cannot be published. Add some first.".into(),
        ));
    }
    if paper.was_published != published {
        let act = if published { Act::PaperPublished } else { Act::PaperHidden };
        audit::record(&mut tx, by, act, &format!("{}, {}", paper.title, paper.level.unwrap_or_default())).await?;
    }
    Ok(tx.commit().await?)
}

/// The input of a reading job: the content hashes of the paper and its marking scheme, and the subject.
pub struct ToRead {
    /// Whether it was never read before.
    pub is_new: bool,
    /// Whether it is for learning: notes, a syllabus, a textbook.
    pub notes: bool,
    pub content_hash: Vec<u8>,
    pub scheme_hash: Option<Vec<u8>>,
    pub subject_id: Option<Uuid>,
}

/// The input of a document's reading job; `None` if the document is gone.
pub async fn for_reading(conn: &mut PgConnection, id: Uuid) -> Result<Option<ToRead>, AppError> {
    Ok(sqlx::query_as!(
        ToRead,
        r#"SELECT d.kind IN ('syllabus', 'textbook', 'notes') AS "notes!", d.content_hash AS "content_hash!",
                  d.reading IS NULL AS "is_new!", d.subject_id,
                  (SELECT s.content_hash FROM documents s WHERE s.scheme_of = d.id LIMIT 1) AS scheme_hash
             FROM documents d WHERE d.id = $1 AND d.content_hash IS NOT NULL"#,
        id,
    )
    .fetch_optional(conn)
    .await?)
}

/// Whether a document still has the input of its reading job. It stays so until the transaction ends.
pub async fn lock_if_same(conn: &mut PgConnection, id: Uuid, read: &ToRead) -> Result<bool, AppError> {
    // The lock comes first: a statement that waits for it would see the scheme as it was before.
    sqlx::query!("SELECT FROM documents WHERE id = $1 FOR NO KEY UPDATE", id).fetch_optional(&mut *conn).await?;
    let now = for_reading(conn, id).await?;
    Ok(now.is_some_and(|now| now.source() == read.source() && now.subject_id == read.subject_id))
}

impl ToRead {
    /// A hash of everything that determines a reading: the files, the options, and the version of the program.
    fn source(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(&self.content_hash);
        hash.update(self.scheme_hash.as_deref().unwrap_or(&[0; 32]));
        hash.update([u8::from(self.notes)]);
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.finalize().to_vec()
    }
}

/// The reading of another document with the same hash, without corrections.
pub async fn read_before(pool: &PgPool, document: &ToRead) -> Result<Option<Paper>, AppError> {
    let row = sqlx::query!(
        r#"SELECT reading AS "questions!: Json<Vec<Question>>", paper AS "paper!: Json<DocumentDetails>"
             FROM documents
            WHERE read_from = $1 AND reading IS NOT NULL AND paper IS NOT NULL
            LIMIT 1"#,
        document.source(),
    );
    Ok(row.fetch_optional(pool).await?.map(|row| {
        let DocumentDetails { cover, sections, pages, warnings, .. } = row.paper.0;
        Paper { cover, sections, pages, warnings, questions: row.questions.0 }
    }))
}

/// Stores the page that the reading job has reached, unless another job has finished meanwhile.
pub async fn note_progress(pool: &PgPool, id: Uuid, page: i32, of: i32) -> Result<(), AppError> {
    sqlx::query!(
        "UPDATE documents SET status = 'reading', pages_read = $2, page_count = $3
          WHERE id = $1 AND status IN ('queued', 'reading')",
        id,
        page,
        of,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Stores a finished reading. The cover fills in what the upload left open.
pub async fn note_ready(conn: &mut PgConnection, id: Uuid, document: &ToRead, paper: &Paper) -> Result<(), AppError> {
    let details = DocumentDetails {
        cover: paper.cover.clone(),
        sections: paper.sections.clone(),
        pages: paper.pages.clone(),
        warnings: paper.warnings.clone(),
        counting: None,
        calculator: None,
    };
    sqlx::query!(
        "UPDATE documents SET status = 'ready', failure = NULL, paper = $2, page_count = $3, pages_read = $3,
                year = coalesce(year, $4), read_from = $5
          WHERE id = $1",
        id,
        Json(&details) as _,
        paper.pages.len() as i32,
        paper.cover.year.filter(|year| (1950..=2100).contains(year)),
        document.source(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE documents d
            SET page_count = (SELECT count(*) FROM page_text p WHERE p.content_hash = d.content_hash)
          WHERE d.scheme_of = $1",
        id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks a reading as failed, with a reason for people.
pub async fn note_failed(conn: &mut PgConnection, id: Uuid, reason: &str) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'failed', failure = $2 WHERE id = $1", id, reason)
        .execute(conn)
        .await?;
    Ok(())
}
