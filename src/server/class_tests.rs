//! Making tests by hand from the question bank.

use std::collections::HashSet;

use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::class_test::{ClassTest, Edit};
use crate::domain::question_bank::{BankQuery, BankQuestion};
use crate::domain::quiz;
use crate::domain::regrade::follow;
use crate::error::AppError;
use crate::server::attempts::quizzes::of_test;
use crate::server::db::class_tests::{self, BankPaper};
use crate::server::db::{manual_marking, questions};
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
    let all: Vec<(Question, Option<i32>)> =
        papers.into_iter().flat_map(drawn).filter(|(root, _)| has_words(root)).collect();
    let items: Vec<Uuid> = all.iter().flat_map(|(root, _)| root.leaves()).map(|leaf| leaf.id).collect();
    let tallies = class_tests::tallies(pool, &viewer.scope(None)?, &items).await?;
    let found = all.into_iter().map(|(root, year)| BankQuestion::new(root, year, &tallies));
    Ok((found.filter(|one| one.fits(query)).collect(), more))
}

/// The questions of a paper that can be asked and marked, each with the paper's year.
fn drawn(paper: BankPaper) -> Vec<(Question, Option<i32>)> {
    let pool = quiz::pool(&[paper.source], |_| true);
    pool.questions.into_iter().map(|question| (question, paper.year)).collect()
}

/// A test that the viewer may see, with the keys that its papers have now: corrections reach it as they reach quizzes.
pub async fn get(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<ClassTest, AppError> {
    let mut test = class_tests::get(pool, viewer, id).await?;
    let mut quiz = of_test(test.questions);
    let standards = questions::standards(&mut *pool.acquire().await?, &quiz.sources(None)).await?;
    follow(&mut quiz, None, &standards);
    test.questions = quiz.questions;
    Ok(test)
}

/// Adds a question of the bank to a test. `NotFound` for one that is not in the bank of the test's level.
pub async fn add(pool: &PgPool, viewer: &Viewer, test: Uuid, question: Uuid) -> Result<(), AppError> {
    let level = class_tests::get(pool, viewer, test).await?.level;
    let document = manual_marking::document_of(pool, viewer, question).await?;
    let (papers, _) = class_tests::papers(pool, viewer, &level, &BankQuery::default(), Some(document)).await?;
    let found = papers.into_iter().flat_map(drawn).find(|(root, _)| root.id == question);
    let (question, _) = found.ok_or(AppError::NotFound)?;
    class_tests::change(pool, viewer, test, Edit::Add(question.into())).await
}
