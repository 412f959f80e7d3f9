//! The journal of attempts: what was written, by which page, and the state of the attempt.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use exam_model::answer::Answer;
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::attempt::{AfterTheEnd, State};
use crate::domain::journal::{Entry, Field};
use crate::domain::timeline::{Arrival, TimelineLine};
use crate::error::AppError;
use crate::server::viewer::Viewer;

/// The entries that a page sends in one request.
#[derive(Debug, Clone)]
pub struct Save {
    pub attempt: Uuid,
    pub pupil: Uuid,
    /// The id of the page.
    pub writer: Uuid,
    pub entries: Vec<Entry>,
}

/// An entry, as a parameter of the statement below.
#[derive(Serialize)]
struct Row<'a> {
    attempt_id: Uuid,
    writer: Uuid,
    seq: i64,
    item_id: Uuid,
    is_choice: bool,
    value: &'a [String],
    written_at: DateTime<Utc>,
}

impl<'a> Row<'a> {
    fn of(attempt_id: Uuid, entry: &'a Entry) -> Self {
        let (item_id, is_choice) = match entry.field {
            Field::Answer(id) => (id, false),
            Field::Choice(id) => (id, true),
        };
        // A device's clock may be wrong; an implausible time counts as none.
        let plausible = |at: &DateTime<Utc>| (2000..2200).contains(&at.year());
        let written_at = DateTime::from_timestamp_millis(entry.written_at).filter(plausible).unwrap_or_default();
        Self { attempt_id, writer: entry.writer, seq: entry.seq, item_id, is_choice, value: &entry.value, written_at }
    }
}

/// The outcome of a save.
#[derive(Debug)]
pub struct Written {
    pub state: State,
    /// One of the writers is unknown, so nothing was written.
    pub unknown: bool,
    /// Some entries were written after the end, or arrived too late: they are in the journal, but not marked.
    pub late: bool,
}

/// Writes saves of different attempts into their journals and, while the attempts are running, into their answers, in one
/// statement and so one round trip. Repeated entries, and entries for unknown items, change nothing. Returns the outcome
/// of each save, in order: `None` unless the attempt is the pupil's and its document is still shared.
///
/// An entry that arrives after the end counts within the `grace` period if it was written before the end by a page that
/// was open then, unless the pupil handed in. The time is what the page says, but an entry cannot have been written before
/// the page's last contact, because it would have been sent then. A minute is allowed for clock drift and the request.
pub async fn write(pool: &PgPool, grace: TimeDelta, saves: &[Save]) -> Result<Vec<Option<Written>>, AppError> {
    let column = |of: fn(&Save) -> Uuid| saves.iter().map(of).collect::<Vec<_>>();
    let rows: Vec<Row> =
        saves.iter().flat_map(|save| save.entries.iter().map(|entry| Row::of(save.attempt, entry))).collect();
    // Locking the attempt's row keeps saving and closing apart; in order, so that there are no deadlocks.
    let found = sqlx::query_file!(
        "src/server/db/journal/write.sql",
        &column(|save| save.attempt),
        &column(|save| save.pupil),
        &column(|save| save.writer),
        Json(&rows) as _,
        grace.as_seconds_f64(),
    )
    .fetch_all(pool)
    .await?;
    let mut states: HashMap<Uuid, Written> = HashMap::new();
    for r in found {
        let state = State {
            at: r.now,
            seconds_left: (r.seconds_left as i64).max(0),
            ends_at: r.deadline_at,
            paused: r.paused,
            ending_at: r.ending_at,
            closed: !r.running,
            holder: r.holder,
            device: r.device,
        };
        states.insert(r.id, Written { state, unknown: r.unknown, late: r.late });
    }
    Ok(saves.iter().map(|save| states.remove(&save.attempt)).collect())
}

/// The same for one save; `NotFound` for `None`.
pub async fn write_one(pool: &PgPool, grace: TimeDelta, save: &Save) -> Result<Written, AppError> {
    write(pool, grace, std::slice::from_ref(save)).await?.pop().flatten().ok_or(AppError::NotFound)
}

/// Registers a page as a writer of one of the viewer's attempts, and as its holder. A known page stays as it is.
pub async fn register(
    pool: &PgPool,
    viewer: &Viewer,
    attempt_id: Uuid,
    writer: Uuid,
    device: &str,
) -> Result<(), AppError> {
    sqlx::query!(
        "WITH attempt AS (
             UPDATE attempts SET epoch = epoch + 1, holder = $3
              WHERE id = $1 AND user_id = $2
                AND NOT EXISTS (SELECT FROM attempt_writers WHERE attempt_id = $1 AND writer = $3)
             RETURNING id, epoch
         )
         INSERT INTO attempt_writers (attempt_id, writer, epoch, device)
         SELECT id, $3, epoch, $4 FROM attempt
             ON CONFLICT (attempt_id, writer) DO NOTHING",
        attempt_id,
        viewer.id(),
        writer,
        device,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The value of each field at a time, if it was ever written, and the writer's greatest entry number. A form that was
/// rendered then is compared with these.
pub async fn as_of(
    pool: &PgPool,
    attempt_id: Uuid,
    writer: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<(BTreeMap<Field, Vec<String>>, i64), AppError> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (j.is_choice, j.item_id) j.is_choice, j.item_id, j.value
             FROM attempt_journal j JOIN attempt_writers w USING (attempt_id, writer)
            WHERE j.attempt_id = $1 AND j.received_at <= coalesce($2, now())
            ORDER BY j.is_choice, j.item_id, w.epoch DESC, j.seq DESC"#,
        attempt_id,
        at,
    )
    .fetch_all(pool)
    .await?;
    let field = |is_choice, id| if is_choice { Field::Choice(id) } else { Field::Answer(id) };
    let shown = rows.into_iter().map(|r| (field(r.is_choice, r.item_id), r.value)).collect();
    let used = sqlx::query_scalar!(
        r#"SELECT coalesce(max(seq), 0) AS "used!" FROM attempt_journal WHERE attempt_id = $1 AND writer = $2"#,
        attempt_id,
        writer,
    )
    .fetch_one(pool)
    .await?;
    Ok((shown, used))
}

/// The attempts whose journals are deleted in one statement: some ten thousand entries.
const AT_ONCE: i64 = 100;

/// Deletes the journals of attempts that ended, and whose marks were told, more than so many days ago, if none of their answers
/// waits for a person. Answers and marks stay.
pub async fn delete_expired(pool: &PgPool, days: i32) -> Result<(), AppError> {
    let mut since = Some(DateTime::UNIX_EPOCH);
    while let Some(at) = since {
        // Ordered, so that the next batch does not look at the attempts of this one again.
        since = sqlx::query_scalar!(
            r#"WITH old AS (
                   SELECT a.id, a.submitted_at
                     FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
                    WHERE a.submitted_at >= $2 AND a.submitted_at < now() - make_interval(days => $1)
                      AND coalesce(q.results_at < now() - make_interval(days => $1), true)
                      AND EXISTS (SELECT FROM attempt_journal j WHERE j.attempt_id = a.id)
                      AND NOT EXISTS (SELECT FROM attempt_answers r
                                        LEFT JOIN mark_overrides o USING (attempt_id, question_id, answer)
                                       WHERE r.attempt_id = a.id AND r.certainty = 'near' AND o.marks IS NULL
                                         AND NOT is_variant(a.quiz_id, r.question_id)
                                         AND array_to_string(r.answer, '') ~ '\S')
                    ORDER BY a.submitted_at LIMIT $3),
               gone AS (DELETE FROM attempt_journal j USING old WHERE j.attempt_id = old.id)
               SELECT max(submitted_at) FROM old"#,
            days,
            at,
            AT_ONCE,
        )
        .fetch_one(pool)
        .await?;
    }
    Ok(())
}

/// The current answer of every item.
pub async fn answers(conn: &mut PgConnection, attempt_id: Uuid) -> Result<BTreeMap<Uuid, Answer>, AppError> {
    let rows = sqlx::query!("SELECT question_id, answer FROM attempt_answers WHERE attempt_id = $1", attempt_id)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|r| (r.question_id, Answer(r.answer))).collect())
}

/// The outermost questions that the pupil wants to count.
pub async fn chosen(conn: &mut PgConnection, attempt_id: Uuid) -> Result<BTreeSet<Uuid>, AppError> {
    let ids =
        sqlx::query_scalar!("SELECT question_id FROM attempt_choices WHERE attempt_id = $1 AND chosen", attempt_id)
            .fetch_all(conn)
            .await?;
    Ok(ids.into_iter().collect())
}

/// Records an event of an attempt, for its timeline.
pub async fn record_event(
    pool: &PgPool,
    attempt_id: Uuid,
    kind: &str,
    detail: &str,
    by: Option<&Viewer>,
) -> Result<(), AppError> {
    sqlx::query!(
        "INSERT INTO attempt_events (attempt_id, kind, detail, by_user) VALUES ($1, $2, $3, $4)",
        attempt_id,
        kind,
        detail,
        by.map(Viewer::id),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What arrived for an attempt, oldest first.
pub async fn arrivals(pool: &PgPool, attempt_id: Uuid) -> Result<Vec<Arrival>, AppError> {
    Ok(sqlx::query_as!(
        Arrival,
        "SELECT j.received_at AS at, j.written_at, w.device, j.late, j.in_grace
           FROM attempt_journal j JOIN attempt_writers w USING (attempt_id, writer)
          WHERE j.attempt_id = $1 ORDER BY j.received_at, j.seq",
        attempt_id,
    )
    .fetch_all(pool)
    .await?)
}

/// How many answers arrived after the end of an attempt.
pub async fn after_the_end(pool: &PgPool, attempt_id: Uuid) -> Result<AfterTheEnd, AppError> {
    Ok(sqlx::query_as!(
        AfterTheEnd,
        r#"SELECT count(DISTINCT item_id) FILTER (WHERE in_grace) AS "counted!",
                  count(DISTINCT item_id) FILTER (WHERE late) AS "too_late!"
             FROM attempt_journal WHERE attempt_id = $1 AND NOT is_choice"#,
        attempt_id,
    )
    .fetch_one(pool)
    .await?)
}

/// The pages that opened an attempt, and all other events, as text; what it had earned before it was marked again only `with_marks`.
pub async fn happenings(pool: &PgPool, attempt_id: Uuid, with_marks: bool) -> Result<Vec<TimelineLine>, AppError> {
    Ok(sqlx::query_as!(
        TimelineLine,
        r#"SELECT opened_at AS "at!", 'Opened on ' || device AS "what!" FROM attempt_writers WHERE attempt_id = $1
           UNION ALL
           SELECT e.at,
                  CASE e.kind
                      WHEN 'connected' THEN 'The page is connected'
                      WHEN 'disconnected' THEN 'The page is closed or has no connection'
                      WHEN 'moved' THEN 'Moved to another device by six digits: ' || e.detail
                      WHEN 'time_added' THEN e.detail || ' minutes added'
                      WHEN 'paused' THEN 'Paused'
                      WHEN 'resumed' THEN 'Goes on after the pause'
                      WHEN 'message' THEN 'Told “' || e.detail || '”'
                      ELSE 'Ended by the school'
                  END || coalesce(' by ' || u.full_name, '')
             FROM attempt_events e LEFT JOIN users u ON u.id = e.by_user
            WHERE e.attempt_id = $1
           UNION ALL
           SELECT at, 'Marked again '
                      || CASE WHEN 'late' = ANY (because) THEN 'with what came after the end'
                             WHEN 'by_hand' = ANY (because) THEN 'by hand' ELSE 'after a correction' END
                      || '; before, ' || count(*) || CASE count(*) WHEN 1 THEN ' answer' ELSE ' answers' END
                      || ' had earned ' || trim_scale(sum(old_earned)::numeric)
                      || ' of ' || trim_scale(sum(old_possible)::numeric)
             FROM attempt_regrades WHERE attempt_id = $1 AND $2 GROUP BY at, 'late' = ANY (because), 'by_hand' = ANY (because)
            ORDER BY 1"#,
        attempt_id,
        with_marks,
    )
    .fetch_all(pool)
    .await?)
}
