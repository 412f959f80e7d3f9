//! Keeping the estimates of what pupils know: each attempt adds its answers in the transaction that marks it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::stream::TryStreamExt;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::history::Answered;
use crate::domain::knowledge::{Model, Pupil};
use crate::domain::learning::{self, Knowledge};
use crate::domain::scoring::ItemResult;
use crate::error::AppError;
use crate::server::db;
use crate::server::db::estimates::{self, Rows};

/// Learns from an attempt that this transaction has marked and added to the statistics, which holds the estimates.
pub async fn learn(
    conn: &mut PgConnection,
    user_id: Uuid,
    attempt: Uuid,
    items: &[ItemResult],
) -> Result<(), AppError> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.question_id).collect();
    let topics: Vec<Uuid> = items.iter().filter_map(|item| item.topic_id).collect();
    let (Knowledge { mut model, mut pupil }, answers) =
        estimates::of_pupil(&mut *conn, user_id, &ids, &topics, Some(attempt)).await?;
    if answers.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::default();
    rows.add_changes(attempt, &learning::learn(&mut model, &mut pupil, &answers));
    // What the attempt does not touch stays as it is.
    model.topics.retain(|topic, _| topics.contains(topic));
    pupil.topics.retain(|topic, _| topics.contains(topic));
    rows.add_model(&model);
    rows.add_pupil(user_id, &pupil);
    estimates::put(conn, &model, &rows).await
}

/// Rebuilds everything that is kept of attempts.
pub async fn recount(conn: &mut PgConnection) -> Result<(), AppError> {
    let mut tx = conn.begin().await?;
    db::statistics::rebuild(&mut *tx).await?;
    estimates::lock(&mut tx).await?;
    replay(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// Replays all answers if marks have changed that the estimates had learnt from.
pub async fn refresh(pool: &PgPool) -> Result<(), AppError> {
    if !estimates::are_stale(pool).await? {
        return Ok(());
    }
    let mut tx = db::begin(pool).await?;
    if estimates::lock(&mut tx).await? {
        replay(&mut tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Learns all again, one attempt after the other. The caller holds the estimates: attempts that are marked meanwhile wait.
async fn replay(conn: &mut PgConnection) -> Result<(), AppError> {
    estimates::clear(&mut *conn).await?;
    let mut all = Replay { model: Model::default(), pupils: HashMap::new(), rows: Vec::new() };
    let mut answers: Vec<Answered> = Vec::new();
    let mut last = (Uuid::nil(), Uuid::nil());
    let mut stream = estimates::all_answers(&mut *conn);
    while let Some(given) = stream.try_next().await? {
        if given.attempt_id != last.0 {
            all.add(last, &answers);
            answers.clear();
            last = (given.attempt_id, given.user_id);
        }
        answers.push(given.answer);
    }
    drop(stream);
    all.add(last, &answers);
    let Replay { model, pupils, mut rows } = all;
    let mut of_pupils = Rows::default();
    of_pupils.add_model(&model);
    for (user_id, pupil) in pupils {
        of_pupils.add_pupil(user_id, &pupil);
        if of_pupils.is_full() {
            rows.push(std::mem::take(&mut of_pupils));
        }
    }
    rows.push(of_pupils);
    for rows in rows {
        estimates::put(&mut *conn, &model, &rows).await?;
    }
    Ok(())
}

/// What was learnt so far.
struct Replay {
    model: Model<Uuid>,
    pupils: HashMap<Uuid, Pupil<Uuid>>,
    rows: Vec<Rows>,
}

impl Replay {
    /// Adds the answers of an attempt and a pupil, if there are any.
    fn add(&mut self, (attempt, user_id): (Uuid, Uuid), answers: &[Answered]) {
        if answers.is_empty() {
            return;
        }
        let unknown = self.model.pupil();
        let pupil = self.pupils.entry(user_id).or_insert(unknown);
        let changes = learning::learn(&mut self.model, pupil, answers);
        if self.rows.last().is_none_or(Rows::is_full) {
            self.rows.push(Rows::default());
        }
        if let Some(rows) = self.rows.last_mut() {
            rows.add_changes(attempt, &changes);
        }
    }
}

/// Replays answers when marks have changed, but for no more than a part of the time: attempts wait while it does.
#[derive(Default)]
pub struct Refresher {
    not_before: Option<Instant>,
}

/// How many times longer than a replay it is until the next.
const REST: u32 = 50;

impl Refresher {
    /// Called every second.
    pub async fn tick(&mut self, pool: &PgPool) -> Result<(), AppError> {
        let begun = Instant::now();
        if self.not_before.is_some_and(|until| begun < until) {
            return Ok(());
        }
        refresh(pool).await?;
        self.not_before = Some(begun + begun.elapsed().max(Duration::from_millis(20)) * REST);
        Ok(())
    }
}
