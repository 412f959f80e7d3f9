//! Progress, as pages show it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Utc};
use exam_model::format::in_kigali;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::account::Person;
use crate::domain::adaptive;
use crate::domain::analytics::WeakTopic;
use crate::domain::expected_mark::weekly::Weeks;
use crate::domain::expected_mark::{Blueprint, ENOUGH_ANSWERS, ExpectedMark, Known, NEWEST_PAPERS, Outlook, PastPaper};
use crate::domain::history::History;
use crate::domain::learning::{self, Knowledge};
use crate::domain::plan::Week;
use crate::domain::progress::{Home, Mistake, Mistakes, NextSteps, Progress, PupilLine, PupilSort, TopicProgress};
use crate::error::AppError;
use crate::server::attempts::now;
use crate::server::attempts::quizzes::Learner;
use crate::server::db::estimates::{self, StandingsFilter};
use crate::server::db::progress::{PupilFilter, TopicLine};
use crate::server::db::questions::PaperOfSubject;
use crate::server::viewer::{Scope, Viewer};
use crate::server::{AppState, db};

/// What the viewer sees on the page of a pupil whose name, name to sign in with and level are known.
pub async fn progress(
    state: &AppState,
    viewer: &Viewer,
    user_id: Uuid,
    (full_name, sign_in_name, level): (&str, &str, Option<&str>),
    most: usize,
) -> Result<Progress, AppError> {
    let known = PupilKnowledge::with_weeks(&state.pool, viewer, user_id).await?;
    shown(state, viewer, known, (full_name, sign_in_name, level), most).await
}

/// The same of the viewer, with what to do next.
pub async fn own(state: &AppState, viewer: &Viewer, most: usize) -> Result<Progress, AppError> {
    let learner = Learner::of(&state.pool, viewer).await?;
    let known = PupilKnowledge::with_weeks(&state.pool, viewer, viewer.id()).await?;
    with_next_steps(state, viewer, &learner, known, most).await
}

/// What is known of the viewer and their mistakes, with what to do next.
async fn with_next_steps(
    state: &AppState,
    viewer: &Viewer,
    learner: &Learner,
    known: PupilKnowledge,
    most: usize,
) -> Result<Progress, AppError> {
    let pool = &state.pool;
    let due_at = learner.mistakes_by(&known.knowledge);
    let Person { full_name, education_level, .. } = viewer.person();
    let (sign_in_name, level) = (viewer.person().sign_in_name(), education_level.as_deref());
    let subjects = db::quizzes::subjects(pool, viewer, None).await?;
    let set = subjects.iter().find(|subject| Some(subject.level.as_str()) == level).and_then(|subject| subject.exam_on);
    let today = in_kigali(learner.now).date_naive();
    let exam_on = adaptive::next_exam(set, today);
    let due = mistakes_of(pool, viewer, learner, due_at).await?.due;
    let next = NextSteps { subjects, due, exam_on, days_left: (exam_on - today).num_days() };
    Ok(Progress { next: Some(next), ..shown(state, viewer, known, (full_name, sign_in_name, level), most).await? })
}

/// Among so many attempts is one that is handed in.
const HOME_ATTEMPTS: usize = 5;

/// The viewer's home.
pub async fn home(state: &AppState, viewer: &Viewer) -> Result<Home, AppError> {
    let practice = db::attempts::practices(&state.pool, viewer).await?.into_iter().next();
    let learner = Learner::of(&state.pool, viewer).await?;
    let known = PupilKnowledge::of(&state.pool, viewer.id(), &learner.missed()).await?;
    let mut progress = with_next_steps(state, viewer, &learner, known, HOME_ATTEMPTS).await?;
    // A past paper without answers has topics that cannot be practised.
    let topics: Vec<Uuid> = progress
        .expected
        .iter_mut()
        .filter_map(known_mark)
        .flat_map(|known| &known.raises)
        .map(|raise| raise.topic_id)
        .collect();
    let practicable = db::quizzes::practicable(&state.pool, viewer, &topics).await?;
    for known in progress.expected.iter_mut().filter_map(known_mark) {
        known.raises.retain(|raise| practicable.contains(&raise.topic_id));
    }
    let (daily, times) = db::progress::week(&state.pool, viewer.id(), Week::begins_at(learner.now)).await?;
    let mut conn = state.pool.acquire().await?;
    let assigned = db::assignments::of_pupil(&mut conn, viewer, None).await?;
    Ok(Home { now: learner.now, assigned, practice, progress, week: Week::of(daily, &times, learner.now) })
}

fn known_mark(mark: &mut ExpectedMark) -> Option<&mut Known> {
    match &mut mark.outlook {
        Outlook::Known(known) => Some(known),
        _ => None,
    }
}

async fn shown(
    state: &AppState,
    viewer: &Viewer,
    known: PupilKnowledge,
    (full_name, sign_in_name, level): (&str, &str, Option<&str>),
    most: usize,
) -> Result<Progress, AppError> {
    let weak_below = state.config.weak_topic_threshold;
    let mut attempts = db::attempts::of_user(&state.pool, viewer, known.user_id, None, most + 1).await?;
    let more = attempts.len() > most;
    attempts.truncate(most);
    Ok(Progress {
        full_name: full_name.to_owned(),
        sign_in_name: sign_in_name.to_owned(),
        level: level.map(str::to_owned),
        next: None,
        topics: known.topics(weak_below),
        expected: known.expected_marks(&state.pool).await?,
        attempts,
        more,
        weak_below,
    })
}

/// A pupil's topics, weakest first and strongest last.
pub async fn topics(pool: &PgPool, user_id: Uuid, weak_below: f64) -> Result<Vec<TopicProgress>, AppError> {
    Ok(PupilKnowledge::of(pool, user_id, &[]).await?.topics(weak_below))
}

/// What is known of a pupil in the topics of their level, and of some items.
pub struct PupilKnowledge {
    user_id: Uuid,
    lines: Vec<TopicLine>,
    knowledge: Knowledge,
    weeks: Weeks,
    now: DateTime<Utc>,
}

impl PupilKnowledge {
    pub async fn of(pool: &PgPool, user_id: Uuid, items: &[Uuid]) -> Result<Self, AppError> {
        let lines = db::progress::topics(pool, user_id).await?;
        let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
        let (knowledge, _) = estimates::of_pupil(pool, user_id, items, &ids, None).await?;
        Ok(Self { user_id, lines, knowledge, weeks: Weeks::default(), now: now() })
    }

    /// The same of all items that the pupil has answered, as far as the viewer sees the marks, and at the end of each week.
    pub async fn with_weeks(pool: &PgPool, viewer: &Viewer, user_id: Uuid) -> Result<Self, AppError> {
        let answers = db::progress::answered(pool, viewer, user_id).await?;
        let items: Vec<Uuid> = History::of(&answers).items.into_keys().collect();
        let known = Self::of(pool, user_id, &items).await?;
        Ok(Self { weeks: Weeks::of(&known.knowledge, &answers, known.now), ..known })
    }

    /// The topics that the pupil has answered, weakest first and strongest last.
    pub fn topics(&self, weak_below: f64) -> Vec<TopicProgress> {
        let Knowledge { model, pupil } = &self.knowledge;
        let topic = |line: &TopicLine| {
            let (evidence, trend) = learning::evidence(model, pupil, line.id, self.now);
            Some(TopicProgress {
                topic_id: line.id,
                topic: line.name.clone(),
                subject_id: line.subject_id,
                subject: line.subject.clone(),
                standing: learning::mastery(model, pupil, line.id, self.now, weak_below),
                evidence,
                trend,
                last_at: line.last_at?,
            })
        };
        let mut topics: Vec<TopicProgress> = self.lines.iter().filter_map(topic).collect();
        let share = |topic: &TopicProgress| topic.standing.expected.share;
        topics.sort_by(|a, b| a.standing.state.cmp(&b.standing.state).then(share(a).total_cmp(&share(b))));
        topics
    }

    /// The mark to expect in each subject of the pupil's level that has published past papers.
    pub async fn expected_marks(&self, pool: &PgPool) -> Result<Vec<ExpectedMark>, AppError> {
        let mut answers: HashMap<Uuid, u32> = HashMap::new();
        for line in &self.lines {
            *answers.entry(line.subject_id).or_default() += learning::answered(&self.knowledge.pupil, line.id);
        }
        let enough: Vec<Uuid> =
            answers.iter().filter(|(_, count)| **count >= ENOUGH_ANSWERS).map(|(&subject, _)| subject).collect();
        let names = self.lines.iter().map(|line| (line.id, line.name.clone())).collect();
        let papers = db::questions::past_papers(pool, self.user_id, None, &enough, NEWEST_PAPERS).await?;
        let of_subject = |papers: &[PaperOfSubject]| {
            let first = papers.first()?;
            let answers = answers.get(&first.subject_id).copied().unwrap_or_default();
            let contents: Vec<&PastPaper> = papers.iter().map(|paper| &paper.paper).collect();
            let lines = self.lines.iter().filter(|line| line.subject_id == first.subject_id);
            let topics: Vec<Uuid> = lines.map(|line| line.id).collect();
            let weeks = Blueprint::of(&contents)
                .map(|blueprint| self.weeks.in_subject(&self.knowledge.model, &blueprint, &topics));
            Some(ExpectedMark {
                subject_id: first.subject_id,
                subject: first.subject.clone(),
                level: first.level.clone(),
                year: adaptive::next_exam(first.exam_on, self.now.date_naive()).year(),
                papers: papers.len(),
                answers,
                outlook: Outlook::of(&contents, &self.knowledge, answers, &names, self.now),
                weeks: weeks.unwrap_or_default(),
            })
        };
        Ok(papers.chunk_by(|a, b| a.subject_id == b.subject_id).filter_map(of_subject).collect())
    }
}

/// A slice (offset and count) of pupils in this order; `which.first` is not used.
pub async fn pupils(
    state: &AppState,
    which: PupilFilter<'_>,
    sort: PupilSort,
    slice: (i64, i64),
) -> Result<Vec<PupilLine>, AppError> {
    let of_scope = StandingsFilter::of(which.scope);
    let all = if sort == PupilSort::WeakTopics { Some(weakest(state, of_scope).await?) } else { None };
    let first: Vec<Uuid> = all.iter().flatten().map(|&(id, _)| id).collect();
    let which = PupilFilter { first: &first, ..which };
    let mut lines = db::progress::pupils(&state.pool, which, sort, slice).await?;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let weak = match all {
        Some(all) => all,
        None => weakest(state, StandingsFilter { pupils: Some(&ids), ..of_scope }).await?,
    };
    let weak: HashMap<Uuid, i64> = weak.into_iter().collect();
    lines.iter_mut().for_each(|line| line.weak_topics = weak.get(&line.id).copied().unwrap_or_default());
    Ok(lines)
}

/// At most `most` pupils of a scope who are weak in any topic, those with the most weak topics first.
pub async fn weakest_pupils(state: &AppState, scope: &Scope, most: usize) -> Result<Vec<PupilLine>, AppError> {
    let mut lines = pupils(state, PupilFilter::of(scope), PupilSort::WeakTopics, (0, most as i64)).await?;
    lines.retain(|line| line.weak_topics > 0);
    Ok(lines)
}

/// The pupils who are weak in any topic, and in how many, those with the most first.
async fn weakest(state: &AppState, which: StandingsFilter<'_>) -> Result<Vec<(Uuid, i64)>, AppError> {
    let standings = estimates::standings(&state.pool, which).await?;
    Ok(standings.weakest_pupils(now(), state.config.weak_topic_threshold))
}

/// The viewer's mistakes in documents that they may see, by subject, with those that are due first.
pub async fn mistakes(pool: &PgPool, viewer: &Viewer) -> Result<Mistakes, AppError> {
    let learner = Learner::of(pool, viewer).await?;
    let due_at = learner.mistakes(pool).await?;
    mistakes_of(pool, viewer, &learner, due_at).await
}

/// Those of these items, with when they are due, that the viewer may still see.
async fn mistakes_of(
    pool: &PgPool,
    viewer: &Viewer,
    learner: &Learner,
    due_at: Vec<(Uuid, DateTime<Utc>)>,
) -> Result<Mistakes, AppError> {
    let due_at: HashMap<Uuid, DateTime<Utc>> = due_at.into_iter().collect();
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

/// The topics in which these pupils are weak.
pub async fn weak_topics(state: &AppState, which: StandingsFilter<'_>) -> Result<Vec<WeakTopic>, AppError> {
    let standings = estimates::standings(&state.pool, which).await?;
    Ok(standings.weak_topics(now(), state.config.weak_topic_threshold))
}
