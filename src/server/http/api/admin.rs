//! For the school: pupils, one pupil's progress, weak topics and totals; for teachers, of their classes.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use exam_model::format::given;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::attempts::{Attempt, described};
use super::users::User;
use crate::domain::analytics as domain;
use crate::domain::mastery::{TopicMastery, TopicState};
use crate::domain::progress::{PupilLine, PupilSort, TopicProgress, share};
use crate::error::AppError;
use crate::server::db::estimates::StandingsFilter;
use crate::server::db::progress::PupilFilter;
use crate::server::db::{self, analytics, attempts};
use crate::server::http::extract::{Ids, Params, Slice, StaffViewer};
use crate::server::{AppState, progress};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(students))
        .routes(routes!(classes))
        .routes(routes!(weak_topics))
        .routes(routes!(student))
        .routes(routes!(performance))
        .routes(routes!(overview))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PupilQuery {
    /// A part of a name or of an e-mail address.
    search: Option<String>,
    level: Option<String>,
    /// The id of a class.
    class: Option<Uuid>,
    /// `name`, `weak_topics` (most first), `marks` (least first) or `attempts` (most first).
    sort: Option<String>,
    skip: Option<i64>,
    limit: Option<i64>,
}

/// A pupil in the school's list.
#[derive(Serialize, ToSchema)]
struct Student {
    id: Uuid,
    full_name: String,
    email: Option<String>,
    login_name: Option<String>,
    education_level: Option<String>,
    attempt_count: i64,
    /// 0 to 1.
    overall_accuracy: Option<f64>,
    weak_topic_count: i64,
}

impl From<PupilLine> for Student {
    fn from(pupil: PupilLine) -> Self {
        Self {
            overall_accuracy: share(pupil.earned, pupil.possible),
            id: pupil.id,
            full_name: pupil.full_name,
            email: pupil.email,
            login_name: pupil.login_name,
            education_level: pupil.level,
            attempt_count: pupil.attempts,
            weak_topic_count: pupil.weak_topics,
        }
    }
}

/// The school's pupils.
#[utoipa::path(get, path = "/admin/students", tag = "admin", params(PupilQuery), responses(
    (status = 200, body = Vec<Student>), (status = 403, body = super::Problem), (status = 422, body = super::Problem)))]
async fn students(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(which): Params<PupilQuery>,
) -> Result<Json<Vec<Student>>, AppError> {
    let Slice { skip, limit } = Slice::of(which.skip, which.limit);
    let search = which.search.as_deref().and_then(given);
    let unknown = || AppError::field("sort")("Sort by name, weak_topics, marks or attempts.".into());
    let sort = PupilSort::parse(which.sort.as_deref().unwrap_or_default()).ok_or_else(unknown)?;
    let scope = viewer.scope(which.class)?;
    let which = PupilFilter { search, level: which.level.as_deref(), ..PupilFilter::of(&scope) };
    let pupils = progress::pupils(&state, which, sort, (skip, limit)).await?;
    Ok(Json(pupils.into_iter().map(Student::from).collect()))
}

/// A class of one school year.
#[derive(Serialize, ToSchema)]
struct Class {
    id: Uuid,
    name: String,
    /// Of all its pupils.
    level: String,
    year: i32,
    student_count: i64,
}

/// The school's classes, the latest year first.
#[utoipa::path(get, path = "/admin/classes", tag = "admin", responses(
    (status = 200, body = Vec<Class>), (status = 403, body = super::Problem)))]
async fn classes(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
) -> Result<Json<Vec<Class>>, AppError> {
    let classes = db::classes::list(&state.pool, &viewer.scope(None)?).await?.into_iter().map(|class| Class {
        id: class.id,
        name: class.name,
        level: class.level,
        year: class.year,
        student_count: class.pupils,
    });
    Ok(Json(classes.collect()))
}

/// One pupil's account.
#[utoipa::path(get, path = "/admin/students/{id}", tag = "admin", params(("id" = Uuid, Path)), responses(
    (status = 200, body = User), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn student(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<User>, AppError> {
    db::progress::pupil(&state.pool, &viewer, id).await?;
    Ok(Json(db::accounts::record(&state.pool, id).await?.into()))
}

/// A topic of one pupil.
#[derive(Serialize, ToSchema)]
struct TopicPerformance {
    topic_name: String,
    subject: String,
    /// The share of the marks to expect of new questions, 0 to 1; older answers count less.
    accuracy: f64,
    /// The number of answers it is based on.
    attempt_count: u32,
}

#[derive(Serialize, ToSchema)]
struct Performance {
    student_id: Uuid,
    student_name: String,
    /// Marks earned over marks possible, 0 to 1.
    overall_accuracy: Option<f64>,
    attempt_count: i64,
    weak_topics: Vec<TopicPerformance>,
    strong_topics: Vec<TopicPerformance>,
    /// The last ten.
    recent_attempts: Vec<Attempt>,
    last_attempted_at: Option<DateTime<Utc>>,
}

/// A pupil's progress.
#[utoipa::path(get, path = "/admin/students/{id}/performance", tag = "admin", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Performance), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn performance(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Performance>, AppError> {
    let (student_name, _, _) = db::progress::pupil(&state.pool, &viewer, id).await?;
    let topics = progress::topics(&state.pool, id, state.config.weak_topic_threshold).await?;
    let overall = db::progress::overall(&state.pool, &viewer, id).await?;
    let recent = attempts::summaries(&state.pool, &viewer, id, None, 0, 10).await?;
    let of = |wanted: TopicState| {
        let topics = topics.iter().filter(move |topic| topic.standing.state == wanted);
        topics.map(topic).collect()
    };
    Ok(Json(Performance {
        student_id: id,
        student_name,
        overall_accuracy: overall.accuracy(),
        attempt_count: overall.attempts,
        weak_topics: of(TopicState::Weak),
        strong_topics: of(TopicState::Strong),
        recent_attempts: described(&state, &viewer, recent).await?,
        last_attempted_at: overall.last_at,
    }))
}

fn topic(topic: &TopicProgress) -> TopicPerformance {
    let standing = topic.standing;
    TopicPerformance {
        topic_name: topic.topic.clone(),
        subject: topic.subject.clone(),
        accuracy: standing.expected.share,
        attempt_count: standing.answers,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Topics {
    level: Option<String>,
    /// A name.
    subject: Option<String>,
    /// The id of a class.
    class: Option<Uuid>,
    /// Only pupils who answered within this many days; all by default.
    period: Option<i32>,
}

/// A pupil who is weak in a topic.
#[derive(Serialize, ToSchema)]
pub struct WeakPupil {
    id: Uuid,
    full_name: String,
    /// The share of the marks to expect, 0 to 1.
    accuracy: f64,
    attempt_count: u32,
}

impl WeakPupil {
    pub fn new(id: Uuid, full_name: String, mastery: TopicMastery) -> Self {
        Self { id, full_name, accuracy: mastery.expected.share, attempt_count: mastery.answers }
    }
}

/// A topic in which pupils are weak.
#[derive(Serialize, ToSchema)]
struct WeakTopic {
    topic_id: Uuid,
    topic_name: String,
    subject: String,
    level: String,
    /// The share of the marks to expect of all who have answered it, from all answers together, 0 to 1; between `low` and
    /// `high`, 8 times in 10.
    accuracy: f64,
    low: f64,
    high: f64,
    students_weak: usize,
    /// The number of pupils with enough answers.
    students_measured: i64,
    students: Vec<WeakPupil>,
}

/// The topics in which pupils are weak, those with the most weak pupils first, and who they are.
#[utoipa::path(get, path = "/admin/students/weak-topics/summary", tag = "admin", params(Topics), responses(
    (status = 200, body = Vec<WeakTopic>), (status = 403, body = super::Problem)))]
async fn weak_topics(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(which): Params<Topics>,
) -> Result<Json<Vec<WeakTopic>>, AppError> {
    let (level, subject) = (which.level.as_deref(), which.subject.as_deref());
    let scope = viewer.scope(which.class)?;
    let which = StandingsFilter { level, subject, days: which.period, ..StandingsFilter::of(&scope) };
    let topics = progress::weak_topics(&state, which).await?;
    let line = |topic: domain::WeakTopic| WeakTopic {
        topic_id: topic.id,
        topic_name: topic.name,
        subject: topic.subject,
        level: topic.level,
        accuracy: topic.class.expected.share,
        low: topic.class.expected.low,
        high: topic.class.expected.high,
        students_weak: topic.weak.len(),
        students_measured: topic.measured,
        students: topic
            .weak
            .into_iter()
            .map(|pupil| WeakPupil::new(pupil.id, pupil.full_name, pupil.mastery))
            .collect(),
    };
    Ok(Json(topics.into_iter().map(line).collect()))
}

/// Attempts of a subject.
#[derive(Serialize, ToSchema)]
struct SubjectActivity {
    subject: String,
    level: String,
    attempts: i64,
    /// 0 to 1.
    accuracy: Option<f64>,
}

#[derive(Serialize, ToSchema)]
struct Overview {
    students: i64,
    documents: i64,
    questions: i64,
    attempts: i64,
    /// Each of the last 30 days.
    activity: Vec<domain::Day>,
    subjects: Vec<SubjectActivity>,
}

/// The school as a whole.
#[utoipa::path(get, path = "/admin/analytics", tag = "admin", responses(
    (status = 200, body = Overview), (status = 403, body = super::Problem)))]
async fn overview(State(state): State<AppState>, StaffViewer(viewer): StaffViewer) -> Result<Json<Overview>, AppError> {
    let overview = analytics::overview(&state.pool, &viewer, 30).await?;
    Ok(Json(Overview {
        students: overview.students,
        documents: overview.documents,
        questions: overview.questions,
        attempts: overview.attempts,
        activity: overview.activity,
        subjects: overview
            .subjects
            .into_iter()
            .map(|s| SubjectActivity {
                accuracy: share(s.earned, s.possible),
                subject: s.subject,
                level: s.level,
                attempts: s.attempts,
            })
            .collect(),
    }))
}
