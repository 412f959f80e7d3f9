//! Progress, as pages show it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::analytics::WeakTopic;
use crate::domain::learning;
use crate::domain::progress::{Mistake, Mistakes, NextSteps, Progress, PupilLine, PupilSort, TopicProgress};
use crate::error::AppError;
use crate::server::attempts::now;
use crate::server::attempts::quizzes::Learner;
use crate::server::db::estimates::{self, StandingsFilter};
use crate::server::db::progress::PupilFilter;
use crate::server::viewer::Viewer;
use crate::server::{AppState, db};

/// The topics and attempts of a pupil whose name, address and level are known.
pub async fn progress(
    state: &AppState,
    user_id: Uuid,
    (full_name, email, level): (&str, &str, Option<&str>),
    most: usize,
) -> Result<Progress, AppError> {
    let weak_below = state.config.weak_topic_threshold;
    let mut attempts = db::attempts::of_user(&state.pool, user_id, None, most + 1).await?;
    let more = attempts.len() > most;
    attempts.truncate(most);
    Ok(Progress {
        full_name: full_name.to_owned(),
        email: email.to_owned(),
        level: level.map(str::to_owned),
        topics: topics(&state.pool, user_id, weak_below).await?,
        attempts,
        more,
        weak_below,
    })
}

/// A pupil's topics, weakest first and strongest last.
pub async fn topics(pool: &PgPool, user_id: Uuid, weak_below: f64) -> Result<Vec<TopicProgress>, AppError> {
    let all =
        estimates::standings(pool, StandingsFilter { pupils: Some(&[user_id]), ..StandingsFilter::default() }).await?;
    let now = now();
    let mut topics: Vec<TopicProgress> = all
        .lines
        .iter()
        .map(|line| {
            let (evidence, trend) = learning::evidence(&all.model, &all.pupils[&user_id], line.topic_id, now);
            TopicProgress {
                topic_id: line.topic_id,
                topic: line.topic.clone(),
                subject_id: line.subject_id,
                subject: line.subject.clone(),
                standing: all.mastery(line, now, weak_below),
                evidence,
                trend,
                last_at: line.last_at,
            }
        })
        .collect();
    let share = |topic: &TopicProgress| topic.standing.expected.share;
    topics.sort_by(|a, b| a.standing.state.cmp(&b.standing.state).then(share(a).total_cmp(&share(b))));
    Ok(topics)
}

/// A slice (offset and count) of the school's pupils in this order, filtered by level and by part of a name or address.
pub async fn pupils(
    state: &AppState,
    search: Option<&str>,
    level: Option<&str>,
    sort: PupilSort,
    slice: (i64, i64),
) -> Result<Vec<PupilLine>, AppError> {
    let all = if sort == PupilSort::WeakTopics { Some(weakest(state, None).await?) } else { None };
    let first: Vec<Uuid> = all.iter().flatten().map(|&(id, _)| id).collect();
    let which = PupilFilter { search, level, first: &first };
    let mut lines = db::progress::pupils(&state.pool, which, sort, slice).await?;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let weak = match all {
        Some(all) => all,
        None => weakest(state, Some(&ids)).await?,
    };
    let weak: HashMap<Uuid, i64> = weak.into_iter().collect();
    lines.iter_mut().for_each(|line| line.weak_topics = weak.get(&line.id).copied().unwrap_or_default());
    Ok(lines)
}

/// At most `most` pupils who are weak in any topic, those with the most weak topics first.
pub async fn weakest_pupils(state: &AppState, most: usize) -> Result<Vec<PupilLine>, AppError> {
    let mut lines = pupils(state, None, None, PupilSort::WeakTopics, (0, most as i64)).await?;
    lines.retain(|line| line.weak_topics > 0);
    Ok(lines)
}

/// The pupils who are weak in any topic, of these if given, and in how many, those with the most first.
async fn weakest(state: &AppState, pupils: Option<&[Uuid]>) -> Result<Vec<(Uuid, i64)>, AppError> {
    let standings = estimates::standings(&state.pool, StandingsFilter { pupils, ..StandingsFilter::default() }).await?;
    Ok(standings.weakest_pupils(now(), state.config.weak_topic_threshold))
}

/// The viewer's mistakes in documents that they may see, by subject, with those that are due first.
pub async fn mistakes(pool: &PgPool, viewer: &Viewer) -> Result<Mistakes, AppError> {
    mistakes_of(pool, viewer, &Learner::of(pool, viewer).await?).await
}

async fn mistakes_of(pool: &PgPool, viewer: &Viewer, learner: &Learner) -> Result<Mistakes, AppError> {
    let due_at: HashMap<Uuid, DateTime<Utc>> = learner.mistakes(pool).await?.into_iter().collect();
    let Learner { history, now, .. } = learner;
    let ids: Vec<Uuid> = due_at.keys().copied().collect();
    let places = db::progress::places(pool, viewer, &ids).await?;
    let mut mistakes: Vec<(Option<String>, Mistake)> = places
        .into_iter()
        .map(|place| {
            let (seen, due_at) = (&history.items[&place.id], due_at[&place.id]);
            let mistake = Mistake {
                document_id: place.document_id,
                paper: place.paper,
                path: place.path,
                text: place.text,
                topic: place.topic,
                earned: seen.last.earned,
                possible: seen.last.possible,
                last_at: seen.last.at,
                due_at,
                is_due: due_at <= *now,
            };
            (place.subject, mistake)
        })
        .collect();
    mistakes.sort_by(|(_, a), (_, b)| a.due_at.cmp(&b.due_at).then(a.path.cmp(&b.path)));
    let due = mistakes.iter().filter(|(_, mistake)| mistake.is_due).count() as i64;
    let mut subjects: BTreeMap<Option<String>, Vec<Mistake>> = BTreeMap::new();
    mistakes.into_iter().for_each(|(subject, mistake)| subjects.entry(subject).or_default().push(mistake));
    Ok(Mistakes { subjects: subjects.into_iter().collect(), due })
}

/// What the viewer could do next.
pub async fn what_next(pool: &PgPool, viewer: &Viewer) -> Result<NextSteps, AppError> {
    let learner = Learner::of(pool, viewer).await?;
    Ok(NextSteps {
        subjects: db::quizzes::subjects(pool, viewer, None).await?,
        due: mistakes_of(pool, viewer, &learner).await?.due,
        exam_on: learner.exam_on,
        days_left: (learner.exam_on - learner.now.date_naive()).num_days(),
    })
}

/// The topics of a level and a subject in which pupils are weak, counting pupils who answered within the last `days`.
pub async fn weak_topics(
    state: &AppState,
    level: Option<&str>,
    subject: Option<&str>,
    days: Option<i32>,
) -> Result<Vec<WeakTopic>, AppError> {
    let standings = estimates::standings(&state.pool, StandingsFilter { pupils: None, level, subject, days }).await?;
    Ok(standings.weak_topics(now(), state.config.weak_topic_threshold))
}
