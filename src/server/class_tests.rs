//! Making tests by hand from the question bank.

use std::collections::{BTreeMap, HashMap, HashSet};

use exam_model::paper::Section;
use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::class_test::{ClassTest, Edit, TestContent, edit};
use crate::domain::question_bank::{BankQuery, BankQuestion};
use crate::domain::quiz::{self, MAX_QUESTIONS};
use crate::domain::regrade::follow;
use crate::error::AppError;
use crate::server::attempts::quizzes::of_test;
use crate::server::db::class_tests::{self, BankPaper};
use crate::server::db::questions;
use crate::server::viewer::Viewer;

/// The questions of a level's published papers that fit a query, the newest papers first; and whether some papers were not
/// searched, because there are too many. How often they are right is said of the viewer's pupils.
pub async fn search(
    pool: &PgPool,
    viewer: &Viewer,
    level: &str,
    query: &BankQuery,
) -> Result<(Vec<BankQuestion>, bool), AppError> {
    let (papers, more) = class_tests::papers(pool, viewer, level, query, None).await?;
    let with_words: Option<HashSet<Uuid>> = match &query.words {
        Some(words) => {
            let documents: Vec<Uuid> = papers.iter().map(|paper| paper.source.document).collect();
            Some(class_tests::with_words(pool, &documents, words).await?.into_iter().collect())
        }
        None => None,
    };
    let has_words = |question: &Question| with_words.as_ref().is_none_or(|ids| ids.contains(&question.id));
    let all: Vec<BankQuestion> = papers.into_iter().flat_map(drawn).filter(|one| has_words(&one.question)).collect();
    let items: Vec<Uuid> = all.iter().flat_map(|one| one.question.leaves()).map(|leaf| leaf.id).collect();
    let tallies = class_tests::tallies(pool, &viewer.scope(None)?, &items).await?;
    let found = all.into_iter().map(|one| one.with(&tallies));
    Ok((found.filter(|one| one.fits(query)).collect(), more))
}

/// The questions of a paper that can be asked and marked, each with its source.
fn drawn(paper: BankPaper) -> Vec<BankQuestion> {
    let pool = quiz::pool(&[paper.source], |_| true);
    let one = |question| BankQuestion::drawn(question, paper.year, paper.file.clone());
    pool.questions.into_iter().map(one).collect()
}

/// A test that the viewer may see, with the keys that its papers have now: corrections reach it as they reach quizzes.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<ClassTest, AppError> {
    let mut test = class_tests::get(pool, viewer, id).await?;
    let mut quiz = of_test(test.content);
    let standards = questions::standards(&mut *pool.acquire().await?, &quiz.sources(None)).await?;
    follow(&mut quiz, None, &standards);
    test.content = TestContent { sections: quiz.sections, questions: quiz.questions };
    Ok(test)
}

/// A question that a test is to ask.
pub struct Wanted {
    /// Of a question of the test, or of the bank of its level.
    pub id: Uuid,
    /// The label of its section; the last one without it.
    pub section: Option<String>,
    /// Marks of its items, as they were written; the others keep theirs.
    pub marks: BTreeMap<Uuid, String>,
}

/// Makes a test with these sections and questions, and returns its id.
pub async fn make(
    pool: &PgPool,
    viewer: &Viewer,
    title: &str,
    level: &str,
    (sections, wanted): (Vec<Section>, Vec<Wanted>),
) -> Result<Uuid, AppError> {
    let found = of_bank(pool, viewer, level, wanted.iter().map(|one| one.id)).await?;
    let content = filled(sections, wanted, found).map_err(AppError::of_field)?;
    class_tests::make(pool, viewer, title, level, &content).await
}

/// Gives a test this title, if there is one, and these questions, if there are any, in these sections or in its own.
pub async fn replace(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    title: Option<&str>,
    content: Option<(Option<Vec<Section>>, Vec<Wanted>)>,
) -> Result<(), AppError> {
    let Some((sections, wanted)) = content else {
        return class_tests::replace(pool, viewer, id, title, |_| Ok(())).await;
    };
    let test = class_tests::get(pool, viewer, id).await?;
    let is_there = |id: &Uuid| test.content.questions.iter().any(|question| question.id == *id);
    let new = wanted.iter().map(|one| one.id).filter(|id| !is_there(id));
    let mut found = of_bank(pool, viewer, &test.level, new).await?;
    let refill = |content: &mut TestContent| {
        found.extend(content.questions.drain(..).map(|question| (question.id, question)));
        let sections = sections.unwrap_or_else(|| std::mem::take(&mut content.sections));
        *content = filled(sections, wanted, found)?;
        Ok(())
    };
    class_tests::replace(pool, viewer, id, title, refill).await
}

/// What a test asks that is made by one change after the other.
fn filled(
    sections: Vec<Section>,
    wanted: Vec<Wanted>,
    mut found: HashMap<Uuid, Question>,
) -> Result<TestContent, (&'static str, String)> {
    let mut content = TestContent::default();
    for section in sections {
        edit(&mut content, Edit::AddSection(section)).map_err(|(_, reason)| ("sections", reason))?;
    }
    for Wanted { id, section, marks } in wanted {
        if let Some(label) = section.as_ref().filter(|&label| content.sections.iter().all(|one| one.label != *label)) {
            return Err(("questions", format!("There is no section {label}.")));
        }
        let question = found.remove(&id).ok_or_else(|| {
            ("questions", format!("The question {id} is named twice, or not in the bank of this level."))
        })?;
        let added = edit(&mut content, Edit::Add { question: question.into(), section });
        added.and_then(|()| edit(&mut content, Edit::Marks(marks))).map_err(|(_, reason)| ("questions", reason))?;
    }
    Ok(content)
}

/// Those of these questions that are in the bank of a level.
async fn of_bank(
    pool: &PgPool,
    viewer: &Viewer,
    level: &str,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Question>, AppError> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.len() > MAX_QUESTIONS as usize {
        return Err(AppError::field("questions")(format!("A test has at most {MAX_QUESTIONS} questions.")));
    }
    let documents = class_tests::documents_of(pool, viewer, &ids).await?;
    let mut found = HashMap::new();
    for document in documents {
        let (papers, _) = class_tests::papers(pool, viewer, level, &BankQuery::default(), Some(document)).await?;
        let drawn = papers.into_iter().flat_map(drawn).map(|one| (one.question.id, one.question));
        found.extend(drawn.filter(|(id, _)| ids.contains(id)));
    }
    Ok(found)
}

/// Adds a question of the bank to a test, at the end of a section; of the last one, if none is named. `NotFound` for one that is
/// not in the bank of the test's level.
pub async fn add(
    pool: &PgPool,
    viewer: &Viewer,
    test: Uuid,
    question: Uuid,
    section: Option<String>,
) -> Result<(), AppError> {
    let level = class_tests::get(pool, viewer, test).await?.level;
    let question = of_bank(pool, viewer, &level, [question].into_iter()).await?.remove(&question);
    let question = question.ok_or(AppError::NotFound)?;
    class_tests::change(pool, viewer, test, Edit::Add { question: question.into(), section }).await
}
