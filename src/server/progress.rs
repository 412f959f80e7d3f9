//! Progress, as pages show it.

use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::analytics::{self, WeakTopic};
use crate::domain::progress::NextSteps;
use crate::domain::progress::{Mistake, Mistakes, Progress, PupilLine, PupilSort};
use crate::error::AppError;
use crate::server::attempts::quizzes::Learner;
use crate::server::auth::viewer::Viewer;
use crate::server::db::progress::PupilFilter;
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
        topics: db::progress::topics(&state.pool, user_id, weak_below).await?,
        attempts,
        more,
        weak_below,
    })
}

/// A slice (offset and count) of the school's pupils in this order, filtered by level and by part of a name or address.
pub async fn pupils(
    state: &AppState,
    search: Option<&str>,
    level: Option<&str>,
    sort: PupilSort,
    slice: (i64, i64),
) -> Result<Vec<PupilLine>, AppError> {
    let weak_below = state.config.weak_topic_threshold;
    let first = match sort {
        PupilSort::WeakTopics => weakest(state, usize::MAX).await?,
        _ => Vec::new(),
    };
    let which = PupilFilter { search, level, first: &first };
    db::progress::pupils(&state.pool, which, sort, slice, weak_below).await
}

/// At most `most` pupils, those with the most weak topics first.
pub async fn weakest_pupils(state: &AppState, most: usize) -> Result<Vec<PupilLine>, AppError> {
    let first = weakest(state, most).await?;
    let (which, slice) = (PupilFilter { first: &first, ..PupilFilter::default() }, (0, first.len() as i64));
    db::progress::pupils(&state.pool, which, PupilSort::WeakTopics, slice, state.config.weak_topic_threshold).await
}

async fn weakest(state: &AppState, most: usize) -> Result<Vec<Uuid>, AppError> {
    let standings = db::analytics::standings(&state.pool, None, None, None).await?;
    Ok(analytics::weakest_pupils(&standings, state.config.weak_topic_threshold, most))
}

/// The viewer's mistakes in documents that they may see, by subject, with those that are due first.
pub async fn mistakes(pool: &PgPool, viewer: &Viewer) -> Result<Mistakes, AppError> {
    let Learner { history, now, .. } = Learner::of(pool, viewer).await?;
    let ids: Vec<Uuid> = history.items.iter().filter(|(_, seen)| seen.is_mistake()).map(|(id, _)| *id).collect();
    let places = db::progress::places(pool, viewer, &ids).await?;
    let mut mistakes: Vec<(Option<String>, Mistake)> = places
        .into_iter()
        .map(|place| {
            let seen = &history.items[&place.id];
            let mistake = Mistake {
                document_id: place.document_id,
                paper: place.paper,
                path: place.path,
                text: place.text,
                topic: place.topic,
                earned: seen.last.earned,
                possible: seen.last.possible,
                last_at: seen.last.at,
                due_at: seen.due_at(),
                is_due: seen.due_at() <= now,
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
    let Learner { exam_on, now, .. } = Learner::of(pool, viewer).await?;
    Ok(NextSteps {
        subjects: db::quizzes::subjects(pool, viewer, None).await?,
        due: mistakes(pool, viewer).await?.due,
        exam_on,
        days_left: (exam_on - now.date_naive()).num_days(),
    })
}

/// The topics of a level and a subject in which pupils are weak, counting pupils who answered within the last `days`.
pub async fn weak_topics(
    state: &AppState,
    level: Option<&str>,
    subject: Option<&str>,
    days: Option<i32>,
) -> Result<Vec<WeakTopic>, AppError> {
    let standings = db::analytics::standings(&state.pool, level, subject, days).await?;
    Ok(analytics::weak_topics(&standings, state.config.weak_topic_threshold))
}
