//! Tests made by hand: made of questions of the bank, changed, and set to classes.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use exam_model::format::given;
use exam_model::paper::{Rule, Section};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::shown::Shown;
use crate::domain::assignment::{AssignmentLine, NewAssignment, Terms, Work};
use crate::domain::class_test::{ClassTest, ClassTestLine, parse_section, parse_title};
use crate::domain::question_bank::{BankQuery, BankQuestion, BankSource, Facility};
use crate::domain::{quiz, search};
use crate::error::AppError;
use crate::server::attempts::assignments;
use crate::server::class_tests::{self, Wanted};
use crate::server::http::extract::{Body, Ids, Params, Slice, StaffViewer};
use crate::server::viewer::Viewer;
use crate::server::{AppState, db};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one, change, delete))
        .routes(routes!(assign))
        .routes(routes!(questions))
}

/// A test in a list.
#[derive(Serialize, ToSchema)]
struct TestLine {
    id: Uuid,
    title: String,
    level: String,
    question_count: i64,
    /// The name of who made it.
    made_by: Option<String>,
    /// How many pupils have handed it in.
    handed_in: i64,
}

impl From<ClassTestLine> for TestLine {
    fn from(line: ClassTestLine) -> Self {
        let ClassTestLine { id, title, level, questions: question_count, made_by, handed_in } = line;
        Self { id, title, level, question_count, made_by, handed_in }
    }
}

/// A section of a test.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TestSection {
    /// Its name, such as `A`.
    label: String,
    /// `all`: all its questions count; `choose`: so many, which the candidate chooses; `best`: the best so many.
    rule: String,
    /// How many count, unless it is `all`.
    #[serde(default)]
    count: Option<u32>,
    /// What it asks for at most; not read.
    #[serde(default)]
    marks: f64,
}

impl TestSection {
    fn new(section: &Section, test: &ClassTest) -> Self {
        let (rule, count) = match section.rule {
            Rule::All => ("all", None),
            Rule::Choose(count) => ("choose", Some(count)),
            Rule::Best(count) => ("best", Some(count)),
        };
        let marks = section.rule.asked(test.content.of_section(Some(section)).map(quiz::marks_of));
        Self { label: section.label.clone(), rule: rule.to_owned(), count, marks }
    }

    fn parsed(&self) -> Result<Section, AppError> {
        let count = self.count.map(|count| count.to_string()).unwrap_or_default();
        parse_section(&self.label, &self.rule, &count).map_err(|(_, reason)| AppError::field("sections")(reason))
    }
}

/// What of a question is answered by itself.
#[derive(Serialize, ToSchema)]
struct TestItem {
    id: Uuid,
    /// Such as `2.b`.
    number: String,
    kind: String,
    text: String,
    shown: Shown,
    marks: Option<f64>,
    /// The answer as a marking scheme prints it.
    key: Option<String>,
}

/// A question of a test or of the bank.
#[derive(Serialize, ToSchema)]
struct TestQuestion {
    id: Uuid,
    /// Its number in the test; in the bank that of its document.
    number: String,
    /// The label of its section.
    section: Option<String>,
    marks: f64,
    document_id: Option<Uuid>,
    /// The title of the paper or the bank that it is from, and its number there.
    source: Option<String>,
    source_number: Option<String>,
    /// The text above its items, if it has several.
    text: String,
    items: Vec<TestItem>,
}

impl From<&Question> for TestQuestion {
    fn from(question: &Question) -> Self {
        let item = |leaf: &&Question| TestItem {
            id: leaf.id,
            number: leaf.path.clone(),
            kind: leaf.kind.word().to_owned(),
            text: leaf.text.clone(),
            shown: Shown::of([(leaf.text.as_str(), &leaf.shown)]),
            marks: leaf.marks,
            key: leaf.key.as_ref().map(|key| key.text.clone()),
        };
        Self {
            id: question.id,
            number: question.path.clone(),
            section: question.section.clone(),
            marks: quiz::marks_of(question),
            document_id: question.drawn.as_ref().map(|drawn| drawn.document),
            source: question.drawn.as_ref().map(|drawn| drawn.paper.clone()),
            source_number: question.drawn.as_ref().map(|drawn| drawn.path.clone()),
            text: if question.parts.is_empty() { String::new() } else { question.text.clone() },
            items: question.leaves().iter().map(item).collect(),
        }
    }
}

/// A test made by hand.
#[derive(Serialize, ToSchema)]
struct Test {
    id: Uuid,
    title: String,
    level: String,
    made_by: Option<String>,
    /// Whether you may change it: it is yours, or you are an admin, and no pupil has begun it.
    changeable: bool,
    /// What it asks for, by the rules of its sections, and the usual time for that.
    marks: f64,
    minutes: i32,
    sections: Vec<TestSection>,
    questions: Vec<TestQuestion>,
}

impl From<ClassTest> for Test {
    fn from(test: ClassTest) -> Self {
        Self {
            sections: test.content.sections.iter().map(|section| TestSection::new(section, &test)).collect(),
            questions: test.content.questions.iter().map(TestQuestion::from).collect(),
            marks: test.content.marks(),
            minutes: test.minutes(),
            changeable: test.is_changeable(),
            id: test.id,
            title: test.title,
            level: test.level,
            made_by: test.made_by,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TestsQuery {
    skip: Option<i64>,
    limit: Option<i64>,
}

/// The tests of your levels, the one that was changed last first.
#[utoipa::path(get, path = "/admin/tests", tag = "tests", params(TestsQuery), responses(
    (status = 200, body = Vec<TestLine>), (status = 403, body = super::Problem)))]
async fn list(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(which): Params<TestsQuery>,
) -> Result<Json<Vec<TestLine>>, AppError> {
    let Slice { skip, limit } = Slice::of(which.skip, which.limit);
    let lines = db::class_tests::list(&state.pool, &viewer, (skip, limit)).await?;
    Ok(Json(lines.into_iter().map(TestLine::from).collect()))
}

/// One test, with its questions and their keys.
#[utoipa::path(get, path = "/admin/tests/{id}", tag = "tests", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Test), (status = 403, body = super::Problem), (status = 404, body = super::Problem)))]
async fn one(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<Json<Test>, AppError> {
    Ok(Json(class_tests::get(&state.pool, &viewer, id).await?.into()))
}

/// A question that a test asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedQuestion {
    /// Of a question of the test, or of the bank.
    id: Uuid,
    /// The label of its section; the last one without it.
    section: Option<String>,
    /// Marks of its items, by their ids; the others keep theirs.
    #[serde(default)]
    marks: BTreeMap<Uuid, f64>,
}

impl From<AskedQuestion> for Wanted {
    fn from(asked: AskedQuestion) -> Self {
        let marks = asked.marks.into_iter().map(|(item, marks)| (item, marks.to_string())).collect();
        Self { id: asked.id, section: asked.section, marks }
    }
}

/// A test to make.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "title": "Week 3", "level": "P6",
    "sections": [{"label": "A", "rule": "all"}, {"label": "B", "rule": "choose", "count": 1}],
    "questions": [
        {"id": "0190a5b0-0000-7000-8000-000000000001", "section": "A"},
        {"id": "0190a5b0-0000-7000-8000-000000000002", "section": "B", "marks": {"0190a5b0-0000-7000-8000-000000000002": 4}},
        {"id": "0190a5b0-0000-7000-8000-000000000003", "section": "B"}
    ]
}))]
#[serde(deny_unknown_fields)]
struct NewTest {
    title: String,
    level: String,
    #[serde(default)]
    sections: Vec<TestSection>,
    #[serde(default)]
    questions: Vec<AskedQuestion>,
}

/// Makes a test of questions of the bank, for a level that you teach.
#[utoipa::path(post, path = "/admin/tests", tag = "tests", request_body = NewTest, responses(
    (status = 201, body = Test), (status = 403, body = super::Problem), (status = 404, body = super::Problem),
    (status = 422, body = super::Problem)))]
async fn create(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Body(new): Body<NewTest>,
) -> Result<(StatusCode, Json<Test>), AppError> {
    let title = parse_title(&new.title).map_err(AppError::field("title"))?;
    let content = (parsed(&new.sections)?, wanted(new.questions));
    let id = class_tests::make(&state.pool, &viewer, &title, &new.level, content).await?;
    Ok((StatusCode::CREATED, Json(class_tests::get(&state.pool, &viewer, id).await?.into())))
}

fn parsed(sections: &[TestSection]) -> Result<Vec<Section>, AppError> {
    sections.iter().map(TestSection::parsed).collect()
}

fn wanted(questions: Vec<AskedQuestion>) -> Vec<Wanted> {
    questions.into_iter().map(Wanted::from).collect()
}

/// What of a test to change; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "sections": [{"label": "Algebra", "rule": "best", "count": 1}],
    "questions": [{"id": "0190a5b0-0000-7000-8000-000000000002", "section": "Algebra"}]
}))]
#[serde(deny_unknown_fields)]
struct TestChange {
    title: Option<String>,
    /// In place of all sections, with the questions for them.
    sections: Option<Vec<TestSection>>,
    /// In place of all questions.
    questions: Option<Vec<AskedQuestion>>,
}

/// Changes a test of yours that no pupil has begun.
#[utoipa::path(patch, path = "/admin/tests/{id}", tag = "tests", params(("id" = Uuid, Path)), request_body = TestChange,
    responses((status = 200, body = Test), (status = 403, body = super::Problem), (status = 404, body = super::Problem),
    (status = 409, body = super::Problem), (status = 422, body = super::Problem)))]
async fn change(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
    Body(change): Body<TestChange>,
) -> Result<Json<Test>, AppError> {
    let title = change.title.as_deref().map(parse_title).transpose().map_err(AppError::field("title"))?;
    let content = match (change.sections, change.questions) {
        (None, None) => None,
        (sections, Some(questions)) => Some((sections.as_deref().map(parsed).transpose()?, wanted(questions))),
        (Some(_), None) => {
            return Err(AppError::field("questions")("Name the questions of the sections, too.".into()));
        }
    };
    class_tests::replace(&state.pool, &viewer, id, title.as_deref(), content).await?;
    Ok(Json(class_tests::get(&state.pool, &viewer, id).await?.into()))
}

/// Deletes a test of yours that no pupil has begun and that is set to no class.
#[utoipa::path(delete, path = "/admin/tests/{id}", tag = "tests", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 403, body = super::Problem), (status = 404, body = super::Problem),
    (status = 409, body = super::Problem)))]
async fn delete(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
) -> Result<StatusCode, AppError> {
    db::class_tests::delete(&state.pool, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// When and how a class does a test.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "class_id": "0190a5b0-0000-7000-8000-000000000004", "opens_at": "2026-12-01T06:00:00Z", "due_at": "2026-12-01T08:00:00Z",
    "minutes": 45, "results_when_due": true
}))]
#[serde(deny_unknown_fields)]
struct NewWork {
    class_id: Uuid,
    opens_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    /// Without it, the marks give the time.
    minutes: Option<i32>,
    /// How many are allowed; 1 without it.
    attempts: Option<i32>,
    /// Whether each pupil gets the questions of each section in an order of their own.
    #[serde(default)]
    shuffled: bool,
    /// Whether pupils see their marks when it is due, and not when they hand in.
    #[serde(default)]
    results_when_due: bool,
    /// Whether a code is needed to start, which is told in the room.
    #[serde(default)]
    needs_code: bool,
}

/// A test that is set to a class.
#[derive(Serialize, ToSchema)]
struct SetWork {
    id: Uuid,
    test_id: Uuid,
    class_id: Uuid,
    class_name: String,
    title: String,
    opens_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    minutes: Option<i32>,
    attempts: i32,
    shuffled: bool,
    results_when_due: bool,
    room_code: Option<String>,
    student_count: usize,
}

impl SetWork {
    fn new(test_id: Uuid, line: AssignmentLine) -> Self {
        Self {
            id: line.id,
            test_id,
            class_id: line.class_id,
            class_name: line.class,
            title: line.title,
            opens_at: line.terms.opens_at,
            due_at: line.terms.due_at,
            minutes: line.terms.minutes,
            attempts: line.terms.attempts,
            shuffled: line.terms.shuffled,
            results_when_due: line.terms.results_when_due,
            room_code: line.room_code,
            student_count: line.pupils.len(),
        }
    }
}

/// Sets a test to a class of its level.
#[utoipa::path(post, path = "/admin/tests/{id}/assignments", tag = "tests", params(("id" = Uuid, Path)),
    request_body = NewWork, responses((status = 201, body = SetWork), (status = 403, body = super::Problem),
    (status = 404, body = super::Problem), (status = 409, body = super::Problem), (status = 422, body = super::Problem)))]
async fn assign(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Ids(id): Ids<Uuid>,
    Body(new): Body<NewWork>,
) -> Result<(StatusCode, Json<SetWork>), AppError> {
    let terms = Terms {
        opens_at: new.opens_at,
        due_at: new.due_at,
        minutes: new.minutes,
        attempts: new.attempts.unwrap_or(1),
        shuffled: new.shuffled,
        results_when_due: new.results_when_due,
        needs_code: new.needs_code,
    };
    let new = NewAssignment { class: new.class_id, work: Work::Test(id), terms };
    let set = assignments::set(&state.pool, &viewer, &new).await.map_err(|error| match error {
        // Forms have shorter names.
        AppError::Invalid { field, reason } => {
            let fields = HashMap::from([("class", "class_id"), ("due", "due_at"), ("opens", "opens_at")]);
            AppError::Invalid { field: fields.get(&*field).map_or(field, |name| (*name).to_owned()), reason }
        }
        other => other,
    })?;
    let line = db::assignments::list(&state.pool, &viewer, Some(set), (0, 1)).await?.pop();
    Ok((StatusCode::CREATED, Json(SetWork::new(id, line.ok_or(AppError::NotFound)?))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BankParams {
    /// Of the test.
    level: String,
    /// Words of the question or its parts.
    words: Option<String>,
    subject_id: Option<Uuid>,
    topic_id: Option<Uuid>,
    year: Option<i32>,
    /// As in `TestItem`.
    kind: Option<String>,
    least_marks: Option<f64>,
    most_marks: Option<f64>,
    /// How often it is right: `hard`, `medium`, `easy` or `unknown`.
    facility: Option<String>,
    /// `papers` or `files`, such as GIFT, Moodle XML or QTI.
    source: Option<String>,
    skip: Option<i64>,
    limit: Option<i64>,
}

/// A question that a test can be made of.
#[derive(Serialize, ToSchema)]
struct BankEntry {
    #[serde(flatten)]
    question: TestQuestion,
    /// The year of its paper.
    year: Option<i32>,
    /// The name of the file of questions that it is from, if it is not from a paper.
    file: Option<String>,
    /// The answers of your pupils to its items, and the share of the marks that they earned, 0 to 1.
    answers: i64,
    facility: Option<f64>,
}

/// The questions that a test of a level can be made of, the newest papers first.
#[utoipa::path(get, path = "/admin/questions", tag = "tests", params(BankParams), responses(
    (status = 200, body = Vec<BankEntry>), (status = 403, body = super::Problem), (status = 422, body = super::Problem)))]
async fn questions(
    State(state): State<AppState>,
    StaffViewer(viewer): StaffViewer,
    Params(which): Params<BankParams>,
) -> Result<Json<Vec<BankEntry>>, AppError> {
    found(&state, &viewer, which).await.map(Json)
}

async fn found(state: &AppState, viewer: &Viewer, which: BankParams) -> Result<Vec<BankEntry>, AppError> {
    let Slice { skip, limit } = Slice::of(which.skip, which.limit);
    let unknown = |field, reason: &str| AppError::field(field)(reason.into());
    let kind = which.kind.as_deref().map(|word| {
        serde_json::from_value(json!(word)).map_err(|_| unknown("kind", "This is not a kind of question."))
    });
    let facility = which
        .facility
        .as_deref()
        .map(|word| Facility::parse(word).ok_or_else(|| unknown("facility", "Use hard, medium, easy or unknown.")));
    let source = which
        .source
        .as_deref()
        .map(|word| BankSource::parse(word).ok_or_else(|| unknown("source", "Use papers or files.")));
    let words = search::asked(which.words.as_deref().unwrap_or_default());
    let query = BankQuery {
        words: given(&words).map(str::to_owned),
        subject: which.subject_id,
        topic: which.topic_id,
        year: which.year,
        kind: kind.transpose()?,
        marks: [which.least_marks, which.most_marks],
        facility: facility.transpose()?,
        source: source.transpose()?,
    };
    let (found, _) = class_tests::search(&state.pool, viewer, &which.level, &query).await?;
    let entry = |one: BankQuestion| BankEntry {
        question: TestQuestion::from(&one.question),
        year: one.year,
        file: one.file,
        answers: one.answers,
        facility: one.facility,
    };
    Ok(found.into_iter().skip(skip as usize).take(limit as usize).map(entry).collect())
}
