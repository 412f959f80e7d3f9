//! Exams in progress and afterwards: invigilation, moving an exam to another device, marking by hand, marking again, mark
//! lists and item analysis.

use exam_model::question::Question;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::attempt::MoveCode;
use crate::domain::invigilation::{ExamDay, Intervention, RoomCode, SentMessage};
use crate::domain::item_analysis::PaperFigures;
use crate::domain::manual_marking::{QuestionToMark, WaitingQuestion};
use crate::domain::mark_list::{MarkList, TakenExam};
use crate::domain::regrade::RegradePreview;
use crate::domain::timeline::TimelineLine;
use crate::error::AppError;

/// Exams in progress, with the papers, tests and classes by which they can be filtered: ids and names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExamDayPage {
    pub day: ExamDay,
    pub papers: Vec<(Uuid, String)>,
    pub classes: Vec<(Uuid, String)>,
    /// What is set with a room code and is open or opens soon.
    pub codes: Vec<RoomCode>,
    /// What their pupils were told lately.
    pub messages: Vec<SentMessage>,
}

/// Exams in progress, of a paper or a test and of a class, if given. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_exam_day(
    #[server(default)] document: String,
    #[server(default)] class: String,
) -> Result<ExamDayPage, AppError> {
    use crate::server::{attempts, db, request};
    let asking = request::staff()?;
    let pool = &asking.state.pool;
    let (document, scope) = (document.parse().ok(), asking.viewer.scope(class.parse().ok())?);
    let day = db::invigilation::exam_day(pool, &scope, document, attempts::now()).await?;
    let codes = db::invigilation::room_codes(pool, &scope, document).await?;
    let [papers, classes] = db::invigilation::filters(pool, &asking.viewer.scope(None)?).await?;
    let messages = db::invigilation::sent(pool, &scope, document).await?;
    Ok(ExamDayPage { day, papers, classes, codes, messages })
}

/// Adds minutes to running exams, pauses, resumes, ends or hands them in, or tells those who sit them a message: one, those of a paper, of a class, or all of the
/// viewer's pupils. Staff only.
#[server]
pub async fn take_measure(
    measure: Intervention,
    #[server(default)] attempt: Option<Uuid>,
    #[server(default)] document: Option<Uuid>,
    #[server(default)] class: Option<Uuid>,
    #[server(default)] minutes: i32,
    #[server(default)] message: String,
) -> Result<(), AppError> {
    use crate::domain::invigilation::Target;
    use crate::server::attempts::invigilation;
    use crate::server::request;
    let asking = request::staff()?;
    let target = Target { attempt, document, class };
    invigilation::intervene(&asking.state.pool, &asking.viewer, measure, target, minutes, &message).await
}

/// A pupil's extra time, in percent. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_extra_time(pupil: Uuid) -> Result<i16, AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::db::invigilation::extra_time(&asking.state.pool, &asking.viewer, pupil).await
}

/// Grants a pupil extra time, in percent, for every quiz from now on. Staff only.
#[server]
pub async fn grant_extra_time(pupil: Uuid, percent: i16) -> Result<(), AppError> {
    use crate::domain::invigilation::EXTRA_TIME;
    let asking = crate::server::request::staff()?;
    if !EXTRA_TIME.contains(&percent) {
        return Err(AppError::field("percent")("Choose one of the values in the list.".into()));
    }
    crate::server::db::invigilation::set_extra_time(&asking.state.pool, &asking.viewer, pupil, percent).await
}

/// What happened to an attempt, oldest first: one of the viewer's own, or for staff of a pupil of theirs.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_timeline(id: Uuid) -> Result<Vec<TimelineLine>, AppError> {
    let asking = crate::server::request::signed_in()?;
    crate::server::attempts::timeline(&asking.state.pool, &asking.viewer, id).await
}

/// The code of one of the viewer's running exams, if there is one that is still valid.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_move_code(id: Uuid) -> Result<Option<MoveCode>, AppError> {
    use crate::server::attempts::handover;
    use crate::server::request;
    let asking = request::signed_in()?;
    handover::shown(&asking.state.pool, &asking.viewer, id, &request::origin()).await
}

/// Makes a code for one of the viewer's running exams.
#[server]
pub async fn make_move_code(attempt: Uuid) -> Result<(), AppError> {
    use crate::server::attempts::handover;
    use crate::server::request;
    let asking = request::signed_in()?;
    handover::make(&asking.state.pool, &asking.viewer, attempt).await
}

/// Continues the exam of a code on this device, signed in as its pupil until shortly after the exam ends.
#[server]
pub async fn use_move_code(code: String) -> Result<(), AppError> {
    use crate::server::attempts::handover;
    use crate::server::auth::sessions;
    use crate::server::request;
    let asking = request::anyone();
    let moved = handover::redeem(&asking.state, &code, &request::device()).await?;
    request::set_cookie(sessions::cookie(&asking.state, moved.token));
    request::go_to(&format!("/attempts/{}", moved.attempt));
    Ok(())
}

/// What would change if a document's attempts were marked again with its current corrections. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn preview_regrade(document: Uuid) -> Result<RegradePreview, AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::attempts::regrade::preview(&asking.state.pool, &asking.viewer, document).await
}

/// Marks a document's attempts again with its current corrections. Staff only.
#[server]
pub async fn regrade_attempts(document: Uuid) -> Result<(), AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::attempts::regrade::apply(&asking.state.pool, &asking.viewer, document).await
}

/// Questions with answers that wait for a person. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_marking_queue() -> Result<Vec<WaitingQuestion>, AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::db::manual_marking::waiting(&asking.state.pool, &asking.viewer).await
}

/// A question with the answers that pupils gave. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_question_to_mark(question: Uuid) -> Result<QuestionToMark, AppError> {
    use crate::server::attempts::manual_marking;
    let asking = crate::server::request::staff()?;
    manual_marking::question(&asking.state.pool, &asking.viewer, question).await
}

/// Gives the answer of an attempt these marks, and the same answer in all other attempts. Staff only.
#[server]
pub async fn mark_answer(
    question: Uuid,
    attempt: Uuid,
    marks: String,
    #[server(default)] note: String,
) -> Result<(), AppError> {
    use crate::server::attempts::manual_marking;
    let asking = crate::server::request::staff()?;
    manual_marking::mark(&asking.state.pool, &asking.viewer, question, attempt, &marks, &note).await
}

/// Papers and tests that were sat lately. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_taken_exams() -> Result<Vec<TakenExam>, AppError> {
    let asking = crate::server::request::staff()?;
    crate::server::db::paper_results::lately(&asking.state.pool, &asking.viewer).await
}

/// The title and items of a paper or a test, and its figures; how many attempts are missing if there are too few. Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_item_analysis(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] test: Option<Uuid>,
) -> Result<(String, Vec<Question>, Result<PaperFigures, usize>), AppError> {
    use crate::domain::mark_list::Exam;
    let asking = crate::server::request::staff()?;
    let exam = Exam::of(document, test).ok_or(AppError::NotFound)?;
    crate::server::attempts::paper_results::analysis(&asking.state.pool, &asking.viewer, exam).await
}

/// The mark list of a paper or a test, or of a class; `sort` is a [`MarkSort`](crate::domain::mark_list::MarkSort), `which` a
/// [`Which`](crate::domain::mark_list::Which). Staff only.
#[server(input = leptos::server_fn::codec::GetUrl)]
pub async fn get_mark_list(
    #[server(default)] document: Option<Uuid>,
    #[server(default)] test: Option<Uuid>,
    #[server(default)] class: String,
    #[server(default)] sort: String,
    #[server(default)] which: String,
) -> Result<MarkList, AppError> {
    use crate::domain::mark_list::{Exam, MarkSort, Which};
    use crate::server::attempts::paper_results;
    let asking = crate::server::request::staff()?;
    let exam = Exam::of(document, test).ok_or(AppError::NotFound)?;
    let (class, sort, which) = (class.parse().ok(), MarkSort::parse(&sort), Which::parse(&which));
    paper_results::mark_list(&asking.state.pool, &asking.viewer, exam, class, sort, which).await
}
