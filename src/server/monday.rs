//! The Monday page: what to teach a class again, and the questions for it.

use std::collections::HashMap;

use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::expected_mark::{Blueprint, NEWEST_PAPERS, PastPaper};
use crate::domain::monday::{self, Board, BoardQuestion, Lesson, Monday, MondayPage, WrongAnswer};
use crate::error::AppError;
use crate::server::AppState;
use crate::server::attempts::manual_marking::with_stems;
use crate::server::attempts::now;
use crate::server::db::estimates::{StandingsFilter, standings};
use crate::server::db::{self, questions};
use crate::server::viewer::Viewer;

/// The page of a class of the viewer's and a subject. Of those that are not given, the ones in which something was handed in
/// last, or else the first.
pub async fn page(
    state: &AppState,
    admin: &Viewer,
    class: Option<Uuid>,
    subject: Option<&str>,
) -> Result<MondayPage, AppError> {
    let pool = &state.pool;
    let asked = admin.scope(class)?;
    let classes = db::classes::list(pool, &admin.scope(None)?).await?;
    let (latest_class, latest_subject) = match (class, subject) {
        (Some(_), Some(_)) => (None, None),
        _ => db::monday::latest(pool, &asked).await?.unzip(),
    };
    let wanted = class.or(latest_class);
    let Some(class) = classes.iter().find(|class| Some(class.id) == wanted).or(classes.first()) else {
        return Ok(MondayPage::default());
    };
    let subjects = db::topics::subjects(pool).await?.into_iter().filter(|subject| subject.level == class.level);
    let subjects: Vec<String> = subjects.map(|subject| subject.name).collect();
    let wanted = subject.or(latest_subject.as_deref());
    let subject = subjects.iter().find(|subject| Some(subject.as_str()) == wanted).or(subjects.first()).cloned();
    let content = match &subject {
        Some(subject) => Some(monday(state, admin, class.id, &class.level, subject).await?),
        None => None,
    };
    Ok(MondayPage {
        class: Some((class.id, class.full_name())),
        classes: classes.iter().map(|class| (class.id, class.full_name())).collect(),
        subject: subject.unwrap_or_default(),
        subjects,
        content,
    })
}

/// What to teach a class of a level again in a subject; `NotFound` if the level has no such subject.
async fn monday(state: &AppState, admin: &Viewer, class: Uuid, level: &str, subject: &str) -> Result<Monday, AppError> {
    let (pool, now) = (&state.pool, now());
    let subject_id = db::topics::subject_id(pool, level, subject).await?;
    let papers = questions::past_papers(pool, admin.id(), Some(level), &[subject_id], NEWEST_PAPERS).await?;
    let papers: Vec<&PastPaper> =
        papers.iter().filter(|paper| paper.subject_id == subject_id).map(|paper| &paper.paper).collect();
    let scope = admin.scope(Some(class))?;
    let which = StandingsFilter { level: Some(level), subject: Some(subject), ..StandingsFilter::of(&scope) };
    let standings = standings(pool, which).await?;
    let exam = Blueprint::of(&papers);
    let mut lessons = monday::lessons(&standings, exam.as_ref(), now, state.config.weak_topic_threshold);
    add_wrong_answers(pool, admin, class, &mut lessons).await?;
    let (pupils, idle) = db::monday::idle(pool, class, subject_id).await?;
    Ok(Monday {
        lessons,
        papers: papers.len(),
        pupils,
        idle,
        rising: monday::rising(&standings),
        without_topic: db::monday::without_topic(pool, admin, subject_id).await?,
    })
}

async fn add_wrong_answers(pool: &PgPool, admin: &Viewer, class: Uuid, lessons: &mut [Lesson]) -> Result<(), AppError> {
    let topics: Vec<Uuid> = lessons.iter().map(|lesson| lesson.topic).collect();
    let given = monday::most_given(&db::monday::missed(pool, class, &topics).await?);
    let ids: Vec<Uuid> = given.iter().map(|missed| missed.question).collect();
    let found = find(pool, admin, &ids).await?;
    for missed in given {
        let lesson = lessons.iter_mut().find(|lesson| lesson.topic == missed.topic);
        if let (Some(lesson), Some(place)) = (lesson, found.get(&missed.question)) {
            let BoardQuestion { document, question, .. } = place.clone();
            let pupils = missed.pupils.len() as i64;
            lesson.wrong.push(WrongAnswer { document, question, answer: missed.answer, pupils });
        }
    }
    Ok(())
}

/// Questions of a topic for the board; `NotFound` if there is no such class or topic.
pub async fn board(pool: &PgPool, admin: &Viewer, class: Uuid, topic: Uuid) -> Result<Board, AppError> {
    let topic_of = db::assignments::topic(pool, admin, topic).await?.ok_or(AppError::NotFound)?;
    let class_name = db::classes::get(pool, admin, class).await?.full_name();
    let ids = db::monday::board(pool, admin, class, topic).await?;
    let mut found = find(pool, admin, &ids).await?;
    let questions = ids.iter().filter_map(|id| found.remove(id)).collect();
    Ok(Board { topic: topic_of.name, subject: topic_of.subject_name, class: class_name, questions })
}

/// These questions of documents that the viewer may see, with the stems above them.
async fn find(pool: &PgPool, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, BoardQuestion>, AppError> {
    let places = db::monday::places(pool, viewer, ids).await?;
    let documents: Vec<Uuid> = places.iter().map(|(_, document, _)| *document).collect();
    let all = questions::of_documents(pool, viewer, &documents).await?;
    let question = |(id, document, paper): (Uuid, Uuid, String)| {
        let roots: &[Question] = all.get(&document)?;
        let question = roots.iter().find_map(|root| with_stems(root, id))?;
        Some((id, BoardQuestion { document, paper, question }))
    };
    Ok(places.into_iter().filter_map(question).collect())
}
