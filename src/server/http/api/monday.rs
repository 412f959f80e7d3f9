//! What to teach a class again, for the school.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use exam_model::format::given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::admin::WeakPupil;
use crate::domain::monday as domain;
use crate::error::AppError;
use crate::server::http::extract::{Params, StaffViewer};
use crate::server::{AppState, monday as server};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(monday))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MondayQuery {
    /// The id of a class; by default the one that was last to hand in something.
    class: Option<Uuid>,
    /// A name; by default that of what was handed in last.
    subject: Option<String>,
}

/// A wrong answer that pupils of the class gave.
#[derive(Serialize, ToSchema)]
struct WrongAnswer {
    document_id: Uuid,
    /// Of the question in its document.
    path: String,
    answer: Vec<String>,
    students: i64,
}

/// A topic to teach again.
#[derive(Serialize, ToSchema)]
struct Lesson {
    topic_id: Uuid,
    topic_name: String,
    /// Its marks in an exam like the past papers; `null` if there are none.
    exam_marks: Option<f64>,
    /// The share of the marks to expect of the class, from all answers together, 0 to 1; between `low` and `high`, 8 times
    /// in 10.
    accuracy: f64,
    low: f64,
    high: f64,
    attempt_count: u32,
    /// Those of whom too little is expected, weakest first.
    students: Vec<WeakPupil>,
    wrong_answers: Vec<WrongAnswer>,
}

/// A pupil who has answered nothing of the subject for a week.
#[derive(Serialize, ToSchema)]
struct IdleStudent {
    id: Uuid,
    full_name: String,
    last_attempted: Option<DateTime<Utc>>,
}

/// A pupil whose last answers are better than expected.
#[derive(Serialize, ToSchema)]
struct RisingStudent {
    id: Uuid,
    full_name: String,
    /// Those of which that is true by themselves.
    topics: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct Monday {
    /// `null` while there are no classes.
    class_id: Option<Uuid>,
    subject: String,
    /// What surely costs most marks in an exam first.
    lessons: Vec<Lesson>,
    idle: Vec<IdleStudent>,
    rising: Vec<RisingStudent>,
}

impl From<domain::Lesson> for Lesson {
    fn from(lesson: domain::Lesson) -> Self {
        let wrong = lesson.wrong.into_iter().map(|wrong| WrongAnswer {
            document_id: wrong.document,
            path: wrong.question.path,
            answer: wrong.answer.0,
            students: wrong.pupils,
        });
        let students = lesson.pupils.into_iter().map(|pupil| WeakPupil::new(pupil.id, pupil.full_name, pupil.mastery));
        Self {
            topic_id: lesson.topic,
            topic_name: lesson.name,
            exam_marks: lesson.marks,
            accuracy: lesson.class.expected.share,
            low: lesson.class.expected.low,
            high: lesson.class.expected.high,
            attempt_count: lesson.class.answers,
            students: students.collect(),
            wrong_answers: wrong.collect(),
        }
    }
}

/// The topics to teach a class again, with who needs them and what was answered instead; who has not worked, and who rises.
#[utoipa::path(get, path = "/admin/monday", tag = "admin", params(MondayQuery), responses(
    (status = 200, body = Monday), (status = 403, body = super::Problem)))]
async fn monday(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(which): Params<MondayQuery>,
) -> Result<Json<Monday>, AppError> {
    let subject = which.subject.as_deref().and_then(given);
    let page = server::page(&state, &viewer, which.class, subject).await?;
    let (lessons, idle, rising) =
        page.content.map(|content| (content.lessons, content.idle, content.rising)).unwrap_or_default();
    let idle = idle.into_iter().map(|pupil| IdleStudent {
        id: pupil.id,
        full_name: pupil.full_name,
        last_attempted: pupil.last_at,
    });
    let rising = rising.into_iter().map(|pupil| RisingStudent {
        id: pupil.id,
        full_name: pupil.full_name,
        topics: pupil.topics,
    });
    Ok(Json(Monday {
        class_id: page.class.map(|(id, _)| id),
        subject: page.subject,
        lessons: lessons.into_iter().map(Lesson::from).collect(),
        idle: idle.collect(),
        rising: rising.collect(),
    }))
}
