//! Documents, their bytes and who may see them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use exam_model::format;
use exam_model::paper::{Counting, Cover, PageSize, Paper, Section};
use exam_model::question::Question;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{jobs, of_word, one_row, shares, topics, word_of};
use crate::domain::document::{self, Archived, Cursor, Document, DocumentKind, Label, Reading, Whose};
use crate::domain::search::{self, FOUND, Match};
use crate::domain::share::SharedBy;
use crate::error::AppError;
use crate::server::auth::viewer::Viewer;

/// Which documents of those one may see.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub id: Option<Uuid>,
    pub level: Option<String>,
    /// A name.
    pub subject: Option<String>,
    pub subject_id: Option<Uuid>,
    pub year: Option<i32>,
    pub kind: Option<DocumentKind>,
    pub whose: Whose,
    pub is_personal: Option<bool>,
    /// Marking schemes too.
    pub schemes: bool,
    /// Archived ones too.
    pub archived: bool,
    /// Words, as `search::asked` leaves them.
    pub search: Option<String>,
}

/// Which part of a list: so many, after a place or after the first few.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub after: Option<Cursor>,
    pub skip: i64,
    pub limit: i64,
}

impl Filter {
    /// Whatever it is, if one may see it.
    pub fn one(id: Uuid) -> Self {
        Self { id: Some(id), schemes: true, archived: true, ..Self::default() }
    }
}

impl Part {
    /// So many from the first.
    pub fn first(limit: i64) -> Self {
        Self { limit, ..Self::default() }
    }
}

/// So many of the next documents are looked through for words one by one.
const NEAR: i64 = 1000;

/// Begins a read whose plan depends on what is asked for, and that is done before compiling it would be.
const PLANNED_ANEW: &str = "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off";

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A document that comes in.
pub struct Upload {
    pub file: File,
    pub label: Label,
    /// For a level and subject, not for oneself.
    pub designated: Option<(String, String)>,
    pub stated: Stated,
    /// Its marking scheme, if it comes along.
    pub scheme: Option<File>,
}

/// What an uploader states of a document beside its label.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    pub minutes: Option<i32>,
    pub instructions: String,
    /// The subject of a document of one's own; one that the level has not is left out.
    pub subject: Option<String>,
}

/// A line of a list, with what pages and programs show of it.
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
    pub keyed: i64,
    /// 0 for who may not correct them.
    pub to_look_at: i64,
    /// 0 but for admins.
    pub comments: i64,
}

/// A part of the documents that the viewer may see and that fit, by year from the newest, then title; for a search with the
/// questions in which its words stand.
pub async fn lines(
    pool: &PgPool,
    viewer: &Viewer,
    filter: &Filter,
    part: &Part,
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

async fn fitting(pool: &PgPool, viewer: &Viewer, filter: &Filter, part: &Part) -> Result<Vec<Line>, AppError> {
    let after = part.after.as_ref();
    let mut tx = pool.begin_with(PLANNED_ANEW).await?;
    // The planner cannot know how many documents hold the beginning of a word. Where many do, looking through the next
    // few fills the part; where few do, their index finds them at once.
    let mut one_by_one = filter.search.is_some();
    loop {
        let most = match &filter.search {
            None => Some(part.skip.saturating_add(part.limit)),
            Some(_) => one_by_one.then_some(NEAR),
        };
        let lines = sqlx::query_as!(
            Line,
            r#"WITH part AS (
                   SELECT d.id
                     FROM (SELECT d.id, d.words, d.year, d.title
                             FROM documents d
                             JOIN visible_document_ids($1, $2, $3) v ON v.id = d.id
                            WHERE ($4::uuid IS NULL OR d.id = $4)
                              AND ($5::text IS NULL OR d.level = $5)
                              AND ($6::text IS NULL
                                   OR d.subject_id = ANY (ARRAY(SELECT s.id FROM subjects s WHERE s.name = $6)))
                              AND ($7::uuid IS NULL OR d.subject_id = $7)
                              AND ($8::bigint IS NULL OR -coalesce(d.year, 0) = -$8::bigint)
                              AND ($9::text IS NULL OR d.kind = $9)
                              AND ($10::boolean IS NULL OR d.is_personal = $10)
                              AND ($11 OR d.kind <> 'marking_scheme')
                              AND CASE $12 WHEN 'mine' THEN d.uploaded_by = $1
                                           WHEN 'shared' THEN d.id = ANY (ARRAY(SELECT s.document_id FROM document_shares s
                                                                                 WHERE s.shared_with_user_id = $1))
                                           WHEN 'archived' THEN d.is_archived
                                           ELSE $13 OR NOT d.is_archived END
                              AND ($14::text IS NULL OR $20 OR d.words @@ search_query($14))
                              AND ($15::integer IS NULL OR (-coalesce(d.year, 0), d.title, d.id) > ($15, $16, $17))
                            ORDER BY -coalesce(d.year, 0), d.title, d.id
                            LIMIT $21) d
                    WHERE $14::text IS NULL OR NOT $20 OR d.words @@ search_query($14)
                    ORDER BY -coalesce(d.year, 0), d.title, d.id
                   OFFSET $18 LIMIT $19
               )
               SELECT d.id, d.title, d.filename, d.kind, d.level, s.name AS "subject?", d.subject_id, d.year,
                      d.is_personal, d.is_shared, d.uploaded_by, owner.full_name AS owner,
                      share.created_at AS "shared_at?", d.published_at IS NOT NULL AS "published!", d.status, d.page_count,
                      d.pages_read, d.failure,
                      coalesce(d.official_minutes, (d.paper -> 'cover' ->> 'duration')::integer) AS minutes,
                      d.instructions, d.is_archived, d.archived_at, d.archive_reason, d.created_at,
                      asked.questions AS "questions!", asked.keyed AS "keyed!",
                      CASE WHEN d.uploaded_by = $1 OR $2 THEN
                          (SELECT count(*) FROM questions q
                            WHERE q.document_id = d.id
                              AND (q.needs_look
                                   OR EXISTS (SELECT FROM reports r WHERE r.document_id = d.id AND r.path = q.path
                                                                      AND r.resolved_at IS NULL)))
                      ELSE 0 END AS "to_look_at!",
                      CASE WHEN $2 THEN (SELECT count(*) FROM document_comments c WHERE c.document_id = d.id)
                           ELSE 0 END AS "comments!"
                 FROM part
                 JOIN documents d ON d.id = part.id
                 JOIN users owner ON owner.id = d.uploaded_by
                 LEFT JOIN document_shares share ON share.document_id = d.id AND share.shared_with_user_id = $1
                 LEFT JOIN subjects s ON s.id = d.subject_id
                CROSS JOIN LATERAL (
                    SELECT count(*) AS questions, count(q.key) AS keyed
                      FROM questions q WHERE q.document_id = d.id AND q.kind <> 'group') AS asked
                ORDER BY -coalesce(d.year, 0), d.title, d.id"#,
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
        )
        .fetch_all(&mut *tx)
        .await?;
        if !std::mem::take(&mut one_by_one) || lines.len() as i64 == part.limit {
            tx.commit().await?;
            return Ok(lines);
        }
    }
}

/// `lines`, as pages show them.
pub async fn list(pool: &PgPool, viewer: &Viewer, filter: &Filter, part: &Part) -> Result<Vec<Document>, AppError> {
    let lines = lines(pool, viewer, filter, part).await?.into_iter();
    Ok(lines
        .map(|(line, matches)| Document {
            kind: DocumentKind::parse(&line.kind).unwrap_or(DocumentKind::Other),
            mine: line.uploaded_by == viewer.id(),
            reading: match line.status.as_str() {
                "ready" => Reading::Ready,
                "reading" => Reading::Reading { page: line.pages_read, of: line.page_count },
                "failed" => Reading::Failed { reason: line.failure.unwrap_or_default() },
                _ => Reading::Queued,
            },
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
            keyed_count: line.keyed,
            to_look_at: line.to_look_at,
        })
        .collect())
}

/// By document, the questions in which words of the search stand: a few of each, first those with all of them.
async fn matches(
    pool: &PgPool,
    viewer: &Viewer,
    search: &str,
    lines: &[Line],
) -> Result<HashMap<Uuid, Vec<Match>>, AppError> {
    let mut found: HashMap<Uuid, Vec<Match>> = HashMap::new();
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    // `querytree` leaves out what must not be there.
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
    list(pool, viewer, &Filter::one(id), &Part::first(1)).await?.pop().ok_or(AppError::NotFound)
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

/// Decides what counts where more is answered than a section asks for; `None`: as the paper says.
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

/// Bytes of all documents that somebody uploaded.
pub async fn used(connection: impl PgExecutor<'_>, viewer: &Viewer) -> Result<i64, AppError> {
    let used = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(size_bytes), 0)::bigint AS "used!" FROM documents WHERE uploaded_by = $1"#,
        viewer.id(),
    );
    Ok(used.fetch_one(connection).await?)
}

/// What the viewer has of these bytes already: a document of their own, or of this level and subject.
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

/// `NoRoom` if a pupil's documents would have more than `quota` bytes. Holds the pupil until the transaction ends, so that
/// uploads at the same time count each other.
async fn make_room(conn: &mut PgConnection, viewer: &Viewer, wanted: usize, quota: i64) -> Result<(), AppError> {
    if viewer.is_admin() {
        return Ok(());
    }
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", viewer.id()).fetch_one(&mut *conn).await?;
    let used = used(&mut *conn, viewer).await?;
    let wanted = wanted as i64;
    if used + wanted > quota {
        let [used, quota, wanted] = [used, quota, wanted].map(format::megabytes);
        return Err(AppError::NoRoom { used, quota, wanted });
    }
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

/// Keeps an uploaded document, with its marking scheme if that comes along, and asks for its reading, in one transaction.
/// Only an admin's may be designated. A pupil's documents may have `quota` bytes together.
pub async fn store(pool: &PgPool, viewer: &Viewer, upload: Upload, quota: i64) -> Result<Uuid, AppError> {
    if upload.designated.is_some() && !viewer.is_admin() {
        return Err(AppError::NotFound);
    }
    if let Some((level, subject)) = &upload.designated {
        let unknown = "Name a level and one of its subjects.";
        topics::subject_id(pool, level, subject).await.map_err(|error| match error {
            AppError::NotFound => AppError::field("subject")(unknown.into()),
            other => other,
        })?;
    }
    let mut tx = pool.begin().await?;
    let scheme_size = upload.scheme.as_ref().map_or(0, |scheme| scheme.bytes.len());
    make_room(&mut tx, viewer, upload.file.bytes.len() + scheme_size, quota).await?;
    let hash = keep_file(&mut tx, &upload.file.bytes).await?;
    let (level, subject) = upload.designated.clone().unzip();
    let id = sqlx::query_scalar!(
        "INSERT INTO documents (filename, title, kind, year, uploaded_by, level, subject_id, is_personal,
                                content_hash, size_bytes, official_minutes, instructions)
         SELECT $1, $2, $3, $4, u.id, coalesce($6, u.education_level),
                (SELECT s.id FROM subjects s WHERE s.level = coalesce($6, u.education_level) AND s.name = $7),
                $8, $9, $10, $11, $12
           FROM users u WHERE u.id = $5
         RETURNING id",
        upload.file.name,
        upload.label.title,
        upload.label.kind.as_str(),
        upload.label.year,
        viewer.id(),
        level,
        subject.or(upload.stated.subject),
        upload.designated.is_none(),
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
    tx.commit().await?;
    Ok(id)
}

/// Keeps the marking scheme of a paper that is there already, in the place of an old one, and asks for another reading of
/// both; its id. The paper's owner's or an admin's to do.
pub async fn store_scheme(
    pool: &PgPool,
    viewer: &Viewer,
    paper: Uuid,
    scheme: &File,
    quota: i64,
) -> Result<Uuid, AppError> {
    let mut tx = pool.begin().await?;
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
    let old = sqlx::query_scalar!(
        r#"DELETE FROM documents WHERE scheme_of = $1 RETURNING content_hash AS "content_hash!""#,
        paper,
    )
    .fetch_all(&mut *tx)
    .await?;
    make_room(&mut tx, viewer, scheme.bytes.len(), quota).await?;
    let id = keep_scheme(&mut tx, viewer, paper, scheme).await?;
    requeue(&mut tx, paper).await?;
    tx.commit().await?;
    shares::delete_unused_files(pool, &old).await?;
    Ok(id)
}

/// A scheme stands where its paper stands, and is read together with it.
async fn keep_scheme(conn: &mut PgConnection, viewer: &Viewer, paper: Uuid, scheme: &File) -> Result<Uuid, AppError> {
    let hash = keep_file(&mut *conn, &scheme.bytes).await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO documents (filename, title, kind, year, uploaded_by, level, subject_id, is_personal, scheme_of,
                                content_hash, size_bytes, status)
         SELECT $3, left(d.title || ': marking scheme', 200), 'marking_scheme', d.year, $2, d.level, d.subject_id,
                d.is_personal, d.id, $4, $5, 'ready'
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
    note_waiting(conn, id).await?;
    jobs::enqueue_reading(conn, id).await
}

/// The reading is still to come.
pub async fn note_waiting(conn: &mut PgConnection, id: Uuid) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'queued', failure = NULL, pages_read = 0 WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
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
    /// Nobody has read it before.
    pub is_new: bool,
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
                  d.reading IS NULL AS "is_new!", d.subject_id,
                  (SELECT s.content_hash FROM documents s WHERE s.scheme_of = d.id LIMIT 1) AS scheme_hash
             FROM documents d WHERE d.id = $1 AND d.content_hash IS NOT NULL"#,
        id,
    )
    .fetch_optional(pool)
    .await?)
}

impl ToRead {
    /// What the reading is made from, hashed: the files, how they are read, and which program reads them.
    fn source(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(&self.content_hash);
        hash.update(self.scheme_hash.as_deref().unwrap_or(&[0; 32]));
        hash.update([u8::from(self.notes)]);
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.finalize().to_vec()
    }
}

/// The reading of another document that was made from the same, without what persons changed in it.
pub async fn read_before(pool: &PgPool, document: &ToRead) -> Result<Option<Paper>, AppError> {
    let row = sqlx::query!(
        r#"SELECT reading AS "questions!: Json<Vec<Question>>", paper AS "paper!: Json<Frame>"
             FROM documents
            WHERE read_from = $1 AND reading IS NOT NULL AND paper IS NOT NULL
            LIMIT 1"#,
        document.source(),
    );
    Ok(row.fetch_optional(pool).await?.map(|row| {
        let Frame { cover, sections, pages, warnings, .. } = row.paper.0;
        Paper { cover, sections, pages, warnings, questions: row.questions.0 }
    }))
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
pub async fn note_ready(conn: &mut PgConnection, id: Uuid, document: &ToRead, paper: &Paper) -> Result<(), AppError> {
    let frame = Frame {
        cover: paper.cover.clone(),
        sections: paper.sections.clone(),
        pages: paper.pages.clone(),
        warnings: paper.warnings.clone(),
        counting: None,
    };
    sqlx::query!(
        "UPDATE documents SET status = 'ready', failure = NULL, paper = $2, page_count = $3, pages_read = $3,
                year = coalesce(year, $4), read_from = $5
          WHERE id = $1",
        id,
        Json(&frame) as _,
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

/// The reading failed, with the reason in plain words.
pub async fn note_failed(conn: &mut PgConnection, id: Uuid, reason: &str) -> Result<(), AppError> {
    sqlx::query!("UPDATE documents SET status = 'failed', failure = $2 WHERE id = $1", id, reason)
        .execute(conn)
        .await?;
    Ok(())
}
