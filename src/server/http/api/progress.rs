//! The signed-in pupil's progress.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::domain::expected_mark::{ExpectedMark, Known, Outlook, Raise};
use crate::domain::knowledge::Forecast;
use crate::domain::mastery::{TopicState, Trend};
use crate::domain::progress::TopicProgress;
use crate::error::AppError;
use crate::server::viewer::Viewer;
use crate::server::{AppState, db, progress as server};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(progress))
}

/// A topic; the pages explain the words.
#[derive(Serialize, ToSchema)]
pub struct TopicMetric {
    pub topic_id: Uuid,
    pub topic: String,
    pub subject: String,
    /// The share of the marks to expect of new questions, 0 to 1; older answers count less.
    pub accuracy: f64,
    /// Between these, 8 times in 10.
    pub low: f64,
    pub high: f64,
    /// Why, in a sentence.
    pub why: String,
    /// The number of answers it is based on.
    pub attempts: u32,
    pub last_attempted: DateTime<Utc>,
    /// `weak`, `fair`, `strong`, or `unsure` without enough evidence.
    pub state: TopicState,
    /// `rising`, `steady` or `falling`: the last answers compared with what was expected. `null` without enough of them.
    pub trend: Option<Trend>,
}

impl From<TopicProgress> for TopicMetric {
    fn from(topic: TopicProgress) -> Self {
        Self {
            topic_id: topic.topic_id,
            why: topic.evidence.why(&topic.topic, true),
            topic: topic.topic,
            subject: topic.subject,
            accuracy: topic.standing.expected.share,
            low: topic.standing.expected.low,
            high: topic.standing.expected.high,
            attempts: topic.standing.answers,
            last_attempted: topic.last_at,
            state: topic.standing.state,
            trend: topic.trend,
        }
    }
}

/// The mark to expect of a subject's exam, made like the past papers.
#[derive(Serialize, ToSchema)]
struct SubjectMark {
    subject_id: Uuid,
    subject: String,
    /// How many past papers were looked at, the newest.
    past_papers: usize,
    /// Your answers in the subject.
    attempts: u32,
    /// How many more answers are needed before anything can be told; 0 if there are enough.
    answers_missing: u32,
    /// If you sat the exam today; `null` while too little is known.
    expected: Option<Range>,
    /// Topics in which you have not answered anything yet.
    unanswered_topics: Vec<TopicMarks>,
    /// What would raise the mark most.
    raises: Vec<Raised>,
}

/// The marks to expect.
#[derive(Serialize, ToSchema)]
struct Range {
    mark: f64,
    /// Between these, 8 times in 10.
    low: f64,
    high: f64,
    /// All marks of the exam.
    of: f64,
    /// What grade that would be, in words.
    grade: String,
}

#[derive(Serialize, ToSchema)]
struct TopicMarks {
    topic: String,
    /// In the exam.
    marks: f64,
}

/// What right answers in a topic would add to the mark to expect.
#[derive(Serialize, ToSchema)]
struct Raised {
    topic_id: Uuid,
    topic: String,
    /// All marks of the topic in the exam.
    marks: f64,
    adds: f64,
    /// So many right answers to new questions are needed.
    questions: u32,
}

impl From<ExpectedMark> for SubjectMark {
    fn from(mark: ExpectedMark) -> Self {
        let grade = mark.grade().unwrap_or_default();
        let (mut answers_missing, mut known) = (0, None);
        match mark.outlook {
            Outlook::FewAnswers(missing) => answers_missing = missing,
            Outlook::Unsure => {}
            Outlook::Known(found) => known = Some(found),
        }
        let expected = known.as_ref().map(|Known { forecast, .. }| {
            let Forecast { expected: mark, low, high, marks: of } = *forecast;
            Range { mark, low, high, of, grade }
        });
        let (unanswered, raises) = known.map(|known| (known.unanswered, known.raises)).unwrap_or_default();
        Self {
            subject_id: mark.subject_id,
            subject: mark.subject,
            past_papers: mark.papers,
            attempts: mark.answers,
            answers_missing,
            expected,
            unanswered_topics: unanswered.into_iter().map(|(topic, marks)| TopicMarks { topic, marks }).collect(),
            raises: raises.into_iter().map(Raised::from).collect(),
        }
    }
}

impl From<Raise> for Raised {
    fn from(Raise { topic_id, topic, marks, adds, questions }: Raise) -> Self {
        Self { topic_id, topic, marks, adds, questions }
    }
}

#[derive(Serialize, ToSchema)]
struct Progress {
    student_id: Uuid,
    /// Marks earned over marks possible in all attempts handed in, 0 to 1.
    overall_accuracy: Option<f64>,
    total_attempts: i64,
    topic_metrics: Vec<TopicMetric>,
    weak_topics: Vec<String>,
    /// For each subject of your level that has past papers.
    expected_marks: Vec<SubjectMark>,
    /// What to do next, in sentences.
    recommendations: Vec<String>,
    last_attempt_at: Option<DateTime<Utc>>,
}

/// Your topics, the marks to expect and what to do next.
#[utoipa::path(get, path = "/progress", tag = "progress", responses((status = 200, body = Progress), (status = 401, body = super::Problem)))]
async fn progress(State(state): State<AppState>, viewer: Viewer) -> Result<Json<Progress>, AppError> {
    let known = server::PupilKnowledge::of(&state.pool, viewer.id(), &[]).await?;
    let topics = known.topics(state.config.weak_topic_threshold);
    let expected_marks = known.expected_marks(&state.pool).await?;
    let overall = db::progress::overall(&state.pool, &viewer, viewer.id()).await?;
    let weak: Vec<&TopicProgress> = topics.iter().filter(|topic| topic.standing.state == TopicState::Weak).collect();
    let mut recommendations: Vec<String> = weak.iter().map(|topic| revise(topic)).collect();
    if recommendations.is_empty() {
        recommendations.push("Sit a quiz in the mode “adaptive”: it chooses what helps you most.".into());
    }
    Ok(Json(Progress {
        student_id: viewer.id(),
        overall_accuracy: overall.accuracy(),
        total_attempts: overall.attempts,
        weak_topics: weak.iter().map(|topic| topic.topic.clone()).collect(),
        expected_marks: expected_marks.into_iter().map(SubjectMark::from).collect(),
        recommendations,
        last_attempt_at: overall.last_at,
        topic_metrics: topics.into_iter().map(TopicMetric::from).collect(),
    }))
}

fn revise(topic: &TopicProgress) -> String {
    let percent = 100.0 * topic.standing.expected.share;
    format!("Practise {} ({}): you would earn about {percent:.0} % of the marks now.", topic.topic, topic.subject)
}
