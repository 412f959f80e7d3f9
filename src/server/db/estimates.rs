//! The estimates of what pupils know, as [`crate::domain::knowledge`] keeps them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::stream::{BoxStream, StreamExt};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::unexpected;
use crate::domain::analytics::{PupilTopic, Standings};
use crate::domain::history::{Answered, seconds};
use crate::domain::knowledge::{Belief, Chance, Difficulty, Estimate, InTopic, Model, Pupil, Recent, Seen};
use crate::domain::learning::{Knowledge, TopicChange};
use crate::error::AppError;
use crate::server::viewer::Scope;

/// What is known of a pupil, of these items, and of these topics and all that the pupil has answered; and the answers of an
/// attempt that count as evidence, if given.
pub async fn of_pupil(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    items: &[Uuid],
    topics: &[Uuid],
    attempt: Option<Uuid>,
) -> Result<(Knowledge, Vec<Answered>), AppError> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT 'weights' AS "what!", NULL::uuid AS id, NULL::uuid AS topic_id,
                  ARRAY[squares, expected] || means || variances AS "numbers!", NULL::timestamptz AS at
             FROM knowledge_weights
           UNION ALL
           SELECT 'topic', topic_id, NULL, ARRAY[easiness_mean, easiness_variance, sharpness_mean, sharpness_variance], NULL
             FROM topic_estimates
            WHERE topic_id = ANY ($3)
               OR topic_id IN (SELECT o.topic_id FROM pupil_topic_estimates o WHERE o.user_id = $1)
           UNION ALL
           SELECT 'item', question_id, NULL, ARRAY[easiness_mean, easiness_variance, sharpness_mean, sharpness_variance], NULL
             FROM item_estimates WHERE question_id = ANY ($2)
           UNION ALL
           SELECT 'pupil', NULL, NULL, ARRAY[overall_mean, overall_variance, lately_mean, lately_variance, answers], last_at
             FROM pupil_estimates WHERE user_id = $1
           UNION ALL
           SELECT 'in topic', topic_id, NULL, ARRAY[mean, variance, answers] || recent_shares || recent_expected, last_at
             FROM pupil_topic_estimates WHERE user_id = $1
           UNION ALL
           SELECT 'seen', question_id, NULL, ARRAY[share, rights], last_at
             FROM pupil_item_estimates WHERE user_id = $1 AND question_id = ANY ($2)
           UNION ALL
           SELECT CASE WHEN is_blank THEN 'blank' ELSE 'answer' END, question_id, topic_id, ARRAY[earned, possible], at
             FROM scored_answers WHERE attempt_id = $4"#,
        user_id,
        items,
        topics,
        attempt,
    )
    .fetch_all(db)
    .await?;
    let mut model = Model::default();
    let mut pupil = model.pupil();
    let mut answers = Vec::new();
    for row in rows {
        row.read(&mut model, &mut pupil, &mut answers)?;
    }
    answers.sort_unstable_by_key(|answer: &Answered| answer.question_id);
    Ok((Knowledge { model, pupil }, answers))
}

/// A line of the statement above.
struct Row {
    what: String,
    id: Option<Uuid>,
    topic_id: Option<Uuid>,
    numbers: Vec<f64>,
    at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(
        self,
        model: &mut Model<Uuid>,
        pupil: &mut Pupil<Uuid>,
        answers: &mut Vec<Answered>,
    ) -> Result<(), AppError> {
        let last_at = self.at.map(seconds);
        let id = self.id.unwrap_or_default();
        match (self.what.as_str(), &self.numbers[..]) {
            ("weights", &[squares, expected, ref beliefs @ ..]) => put_weights(model, squares, expected, beliefs),
            ("topic", &[a, b, c, d]) => _ = model.topics.insert(id, difficulty([a, b, c, d])),
            ("item", &[a, b, c, d]) => _ = model.items.insert(id, difficulty([a, b, c, d])),
            ("pupil", &[a, b, c, d, count]) => put_pupil(pupil, [a, b, c, d], count as u32, last_at),
            ("in topic", &[mean, variance, count, ref recent @ ..]) => {
                let (shares, expected) = recent.split_at(recent.len() / 2);
                let recent = Recent::of(shares.iter().copied().zip(expected.iter().copied()));
                let ability = Belief { mean, variance };
                pupil.topics.insert(id, InTopic { ability, answers: count as u32, recent, last_at });
            }
            ("seen", &[share, rights]) => _ = pupil.items.insert(id, Seen { share, rights, last_at }),
            ("answer" | "blank", &[earned, possible]) => {
                let at = self.at.ok_or_else(|| unexpected("an answer without a time"))?;
                let blank = self.what == "blank";
                answers.push(Answered { question_id: id, topic_id: self.topic_id, at, earned, possible, blank });
            }
            (what, numbers) => return Err(unexpected(format!("{what} of {} numbers", numbers.len()))),
        }
        Ok(())
    }
}

fn difficulty([a, b, c, d]: [f64; 4]) -> Difficulty {
    Difficulty { easiness: Belief::new(a, b), sharpness: Belief::new(c, d) }
}

/// The weights stay what they start as where nothing is stored.
fn put_weights(model: &mut Model<Uuid>, squares: f64, expected: f64, beliefs: &[f64]) {
    let (means, variances) = beliefs.split_at(beliefs.len() / 2);
    if means.len() == model.weights.len() {
        let stored = means.iter().zip(variances).map(|(&mean, &variance)| Belief { mean, variance });
        model.weights.iter_mut().zip(stored).for_each(|(weight, stored)| *weight = stored);
        model.chance = Chance { squares, expected };
    }
}

fn put_pupil(pupil: &mut Pupil<Uuid>, [a, b, c, d]: [f64; 4], answers: u32, last_at: Option<f64>) {
    (pupil.overall, pupil.lately) = (Belief::new(a, b), Belief::new(c, d));
    (pupil.answers, pupil.last_at) = (answers, last_at);
}

/// Filters of [`standings`]; `None` does not filter.
#[derive(Debug, Clone, Copy)]
pub struct StandingsFilter<'a> {
    pub scope: &'a Scope,
    pub pupils: Option<&'a [Uuid]>,
    pub level: Option<&'a str>,
    pub subject: Option<&'a str>,
    /// Only of pupils who answered the topic within so many days.
    pub days: Option<i32>,
}

impl<'a> StandingsFilter<'a> {
    /// Everything of the pupils of a scope.
    pub fn of(scope: &'a Scope) -> Self {
        Self { scope, pupils: None, level: None, subject: None, days: None }
    }
}

/// What active pupils know of the topics that they have answered.
pub async fn standings(pool: &PgPool, which: StandingsFilter<'_>) -> Result<Standings, AppError> {
    let (Knowledge { mut model, pupil: unknown }, _) = of_pupil(pool, Uuid::nil(), &[], &[], None).await?;
    let rows = sqlx::query!(
        r#"SELECT u.id AS user_id, u.full_name, t.id AS topic_id, t.name AS topic, t.subject_id, s.name AS subject, s.level,
                  p.overall_mean, p.overall_variance, p.lately_mean, p.lately_variance, p.answers AS of_all,
                  p.last_at AS pupil_last_at, e.mean, e.variance, e.answers, e.recent_shares, e.recent_expected, e.last_at,
                  d.easiness_mean, d.easiness_variance, d.sharpness_mean, d.sharpness_variance
             FROM pupil_topic_estimates e
             JOIN pupil_estimates p ON p.user_id = e.user_id
             JOIN topic_estimates d ON d.topic_id = e.topic_id
             JOIN users u ON u.id = e.user_id
             JOIN topics t ON t.id = e.topic_id
             JOIN subjects s ON s.id = t.subject_id
            WHERE u.role = 'student' AND (u.is_active OR $1::uuid[] IS NOT NULL)
              AND ($1::uuid[] IS NULL OR u.id = ANY ($1))
              AND ($2::text IS NULL OR s.level = $2)
              AND ($3::text IS NULL OR s.name = $3)
              AND u.id IN (SELECT p.id FROM visible_user_ids($6, $5) p)
              AND ($4::integer IS NULL OR e.last_at > now() - make_interval(days => $4))
            ORDER BY s.name, t.position, t.id, u.full_name, u.id"#,
        which.pupils,
        which.level,
        which.subject,
        which.days,
        which.scope.classes(),
        which.scope.school(),
    )
    .fetch_all(pool)
    .await?;
    let mut pupils: HashMap<Uuid, Pupil<Uuid>> = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for r in rows {
        let pupil = pupils.entry(r.user_id).or_insert_with(|| {
            let mut pupil = unknown.clone();
            let beliefs = [r.overall_mean, r.overall_variance, r.lately_mean, r.lately_variance];
            put_pupil(&mut pupil, beliefs, r.of_all as u32, Some(seconds(r.pupil_last_at)));
            pupil
        });
        let in_topic = InTopic {
            ability: Belief::new(r.mean, r.variance),
            answers: r.answers as u32,
            recent: Recent::of(r.recent_shares.into_iter().zip(r.recent_expected)),
            last_at: Some(seconds(r.last_at)),
        };
        pupil.topics.insert(r.topic_id, in_topic);
        let known = [r.easiness_mean, r.easiness_variance, r.sharpness_mean, r.sharpness_variance];
        model.topics.insert(r.topic_id, difficulty(known));
        lines.push(PupilTopic {
            topic_id: r.topic_id,
            topic: r.topic,
            subject_id: r.subject_id,
            subject: r.subject,
            level: r.level,
            user_id: r.user_id,
            full_name: r.full_name,
            last_at: r.last_at,
        });
    }
    Ok(Standings { model, pupils, lines })
}

/// Estimates to store, as the rows of their tables.
#[derive(Default)]
pub struct Rows {
    items: Vec<DifficultyRow>,
    topics: Vec<DifficultyRow>,
    pupils: Vec<PupilRow>,
    pupil_topics: Vec<PupilTopicRow>,
    pupil_items: Vec<PupilItemRow>,
    attempt_topics: Vec<AttemptTopicRow>,
}

#[derive(Serialize)]
struct DifficultyRow {
    id: Uuid,
    easiness_mean: f64,
    easiness_variance: f64,
    sharpness_mean: f64,
    sharpness_variance: f64,
}

#[derive(Serialize)]
struct PupilRow {
    user_id: Uuid,
    overall_mean: f64,
    overall_variance: f64,
    lately_mean: f64,
    lately_variance: f64,
    answers: u32,
    last_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct PupilTopicRow {
    user_id: Uuid,
    topic_id: Uuid,
    mean: f64,
    variance: f64,
    answers: u32,
    recent_shares: Vec<f64>,
    recent_expected: Vec<f64>,
    last_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct PupilItemRow {
    user_id: Uuid,
    question_id: Uuid,
    share: f64,
    rights: f64,
    last_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct AttemptTopicRow {
    attempt_id: Uuid,
    topic_id: Uuid,
    before: [f64; 4],
    after: [f64; 4],
}

fn difficulty_row((&id, known): (&Uuid, &Difficulty)) -> DifficultyRow {
    DifficultyRow {
        id,
        easiness_mean: known.easiness.mean,
        easiness_variance: known.easiness.variance,
        sharpness_mean: known.sharpness.mean,
        sharpness_variance: known.sharpness.variance,
    }
}

fn time(seconds: Option<f64>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros((seconds? * 1e6).round() as i64)
}

impl Rows {
    /// Adds what all pupils' answers tell of items and topics, but for the weights.
    pub fn add_model(&mut self, model: &Model<Uuid>) {
        self.items.extend(model.items.iter().map(difficulty_row));
        self.topics.extend(model.topics.iter().map(difficulty_row));
    }

    pub fn add_pupil(&mut self, user_id: Uuid, pupil: &Pupil<Uuid>) {
        self.pupils.push(PupilRow {
            user_id,
            overall_mean: pupil.overall.mean,
            overall_variance: pupil.overall.variance,
            lately_mean: pupil.lately.mean,
            lately_variance: pupil.lately.variance,
            answers: pupil.answers,
            last_at: time(pupil.last_at),
        });
        self.pupil_topics.extend(pupil.topics.iter().map(|(&topic_id, known)| {
            let (recent_shares, recent_expected) = known.recent.answers().unzip();
            let Belief { mean, variance } = known.ability;
            let (answers, last_at) = (known.answers, time(known.last_at));
            PupilTopicRow { user_id, topic_id, mean, variance, answers, recent_shares, recent_expected, last_at }
        }));
        self.pupil_items.extend(pupil.items.iter().map(|(&question_id, seen)| PupilItemRow {
            user_id,
            question_id,
            share: seen.share,
            rights: seen.rights,
            last_at: time(seen.last_at),
        }));
    }

    pub fn add_changes(&mut self, attempt_id: Uuid, changes: &[TopicChange]) {
        let row = |(known, answers): (Estimate, u32)| [known.share, known.low, known.high, answers.into()];
        self.attempt_topics.extend(changes.iter().map(|change| AttemptTopicRow {
            attempt_id,
            topic_id: change.topic_id,
            before: row(change.before),
            after: row(change.after),
        }));
    }

    /// Whether there are so many that they should be stored before others are added.
    pub fn is_full(&self) -> bool {
        self.pupil_items.len() + self.attempt_topics.len() > 10_000
    }
}

/// Stores estimates and the weights of the model. The caller holds the weights, see [`lock`].
pub async fn put(conn: &mut PgConnection, model: &Model<Uuid>, rows: &Rows) -> Result<(), AppError> {
    let (means, variances): (Vec<f64>, Vec<f64>) =
        model.weights.iter().map(|known| (known.mean, known.variance)).unzip();
    sqlx::query!(
        "WITH weights AS (
             UPDATE knowledge_weights SET means = $1, variances = $2, squares = $3, expected = $4
         ), items AS (
             INSERT INTO item_estimates
             SELECT e.* FROM jsonb_to_recordset($5) AS e (id uuid, easiness_mean float8, easiness_variance float8,
                                                          sharpness_mean float8, sharpness_variance float8)
                 ON CONFLICT (question_id) DO UPDATE
                SET easiness_mean = excluded.easiness_mean, easiness_variance = excluded.easiness_variance,
                    sharpness_mean = excluded.sharpness_mean, sharpness_variance = excluded.sharpness_variance
         ), topics AS (
             INSERT INTO topic_estimates
             SELECT e.* FROM jsonb_to_recordset($6) AS e (id uuid, easiness_mean float8, easiness_variance float8,
                                                          sharpness_mean float8, sharpness_variance float8)
                 ON CONFLICT (topic_id) DO UPDATE
                SET easiness_mean = excluded.easiness_mean, easiness_variance = excluded.easiness_variance,
                    sharpness_mean = excluded.sharpness_mean, sharpness_variance = excluded.sharpness_variance
         ), pupils AS (
             INSERT INTO pupil_estimates SELECT * FROM jsonb_populate_recordset(NULL::pupil_estimates, $7)
                 ON CONFLICT (user_id) DO UPDATE
                SET overall_mean = excluded.overall_mean, overall_variance = excluded.overall_variance,
                    lately_mean = excluded.lately_mean, lately_variance = excluded.lately_variance,
                    answers = excluded.answers, last_at = excluded.last_at
         ), pupil_topics AS (
             INSERT INTO pupil_topic_estimates SELECT * FROM jsonb_populate_recordset(NULL::pupil_topic_estimates, $8)
                 ON CONFLICT (user_id, topic_id) DO UPDATE
                SET mean = excluded.mean, variance = excluded.variance, answers = excluded.answers,
                    recent_shares = excluded.recent_shares, recent_expected = excluded.recent_expected,
                    last_at = excluded.last_at
         ), pupil_items AS (
             INSERT INTO pupil_item_estimates SELECT * FROM jsonb_populate_recordset(NULL::pupil_item_estimates, $9)
                 ON CONFLICT (user_id, question_id) DO UPDATE
                SET share = excluded.share, rights = excluded.rights, last_at = excluded.last_at
         )
         INSERT INTO attempt_topic_estimates SELECT * FROM jsonb_populate_recordset(NULL::attempt_topic_estimates, $10)",
        &means,
        &variances,
        model.chance.squares,
        model.chance.expected,
        Json(&rows.items) as _,
        Json(&rows.topics) as _,
        Json(&rows.pupils) as _,
        Json(&rows.pupil_topics) as _,
        Json(&rows.pupil_items) as _,
        Json(&rows.attempt_topics) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was known of the topics of an attempt before and after it.
pub async fn changes(pool: &PgPool, attempt: Uuid) -> Result<Vec<TopicChange>, AppError> {
    let rows =
        sqlx::query!("SELECT topic_id, before, after FROM attempt_topic_estimates WHERE attempt_id = $1", attempt)
            .fetch_all(pool)
            .await?;
    let known = |numbers: Vec<f64>| match numbers[..] {
        [share, low, high, answers] => Ok((Estimate { share, low, high }, answers as u32)),
        _ => Err(unexpected(format!("an estimate of {} numbers", numbers.len()))),
    };
    rows.into_iter()
        .map(|r| Ok(TopicChange { topic_id: r.topic_id, before: known(r.before)?, after: known(r.after)? }))
        .collect()
}

/// Notes that marks have changed from which the estimates had learnt.
pub async fn mark_stale(conn: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("UPDATE knowledge_weights SET is_stale = true WHERE NOT is_stale").execute(conn).await?;
    Ok(())
}

/// Whether marks have changed since the estimates learnt from them.
pub async fn are_stale(db: impl PgExecutor<'_>) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar!("SELECT is_stale FROM knowledge_weights").fetch_one(db).await?)
}

/// Holds all estimates until the transaction ends. Returns whether they are stale.
pub async fn lock(conn: &mut PgConnection) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar!("SELECT is_stale FROM knowledge_weights FOR UPDATE").fetch_one(conn).await?)
}

/// The tables of estimates, which can be counted anew from the answers.
pub const TABLES: [&str; 7] = [
    "knowledge_weights",
    "item_estimates",
    "topic_estimates",
    "pupil_estimates",
    "pupil_topic_estimates",
    "pupil_item_estimates",
    "attempt_topic_estimates",
];

/// Forgets all estimates. The caller holds them.
pub async fn clear(conn: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!(
        "WITH items AS (DELETE FROM item_estimates), topics AS (DELETE FROM topic_estimates),
              pupils AS (DELETE FROM pupil_estimates), pupil_topics AS (DELETE FROM pupil_topic_estimates),
              pupil_items AS (DELETE FROM pupil_item_estimates), attempts AS (DELETE FROM attempt_topic_estimates)
         UPDATE knowledge_weights SET means = '{}', variances = '{}', is_stale = false",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An answer with its attempt and its pupil.
pub struct Given {
    pub attempt_id: Uuid,
    pub user_id: Uuid,
    pub answer: Answered,
}

/// All answers that count as evidence (`scored_answers`), in the order in which the estimates learn from them.
pub fn all_answers(conn: &mut PgConnection) -> BoxStream<'_, Result<Given, sqlx::Error>> {
    sqlx::query!(
        r#"SELECT attempt_id AS "attempt_id!", user_id AS "user_id!", question_id AS "question_id!", topic_id,
                  earned AS "earned!", possible AS "possible!", is_blank AS "blank!", at AS "at!"
             FROM scored_answers ORDER BY learnt_at, attempt_id, question_id"#
    )
    .fetch(conn)
    .map(|row| {
        row.map(|r| Given {
            attempt_id: r.attempt_id,
            user_id: r.user_id,
            answer: Answered {
                question_id: r.question_id,
                topic_id: r.topic_id,
                at: r.at,
                earned: r.earned,
                possible: r.possible,
                blank: r.blank,
            },
        })
    })
    .boxed()
}
