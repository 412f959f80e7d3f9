//! The signed-in pupil's progress.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

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

#[derive(Serialize, ToSchema)]
struct Progress {
    student_id: Uuid,
    /// Marks earned over marks possible in all attempts handed in, 0 to 1.
    overall_accuracy: Option<f64>,
    total_attempts: i64,
    topic_metrics: Vec<TopicMetric>,
    weak_topics: Vec<String>,
    /// What to do next, in sentences.
    recommendations: Vec<String>,
    last_attempt_at: Option<DateTime<Utc>>,
}

/// Your topics and what to do next.
#[utoipa::path(get, path = "/progress", tag = "progress", responses((status = 200, body = Progress), (status = 401, body = super::Problem)))]
async fn progress(State(state): State<AppState>, viewer: Viewer) -> Result<Json<Progress>, AppError> {
    let topics = server::topics(&state.pool, viewer.id(), state.config.weak_topic_threshold).await?;
    let overall = db::progress::overall(&state.pool, viewer.id()).await?;
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
        recommendations,
        last_attempt_at: overall.last_at,
        topic_metrics: topics.into_iter().map(TopicMetric::from).collect(),
    }))
}

fn revise(topic: &TopicProgress) -> String {
    let percent = 100.0 * topic.standing.expected.share;
    format!("Practise {} ({}): you would earn about {percent:.0} % of the marks now.", topic.topic, topic.subject)
}
