//! What the attempts of a paper or a test come to: its item analysis and its mark list.

use std::collections::HashSet;

use exam_model::question::{Drawn, Question};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::class::ClassPupil;
use crate::domain::item_analysis::{PaperFigures, analyse};
use crate::domain::mark_list::{AbsentPupil, Exam, MarkList, MarkSort, Which, mark_table};
use crate::error::AppError;
use crate::server::class_tests;
use crate::server::db::{classes, documents, paper_results, questions};
use crate::server::viewer::Viewer;

/// An exam's title and items, without their parts, and its figures; how many attempts are missing if there are too few.
/// `NotFound` for one that the viewer may not see.
pub async fn analysis(
    pool: &PgPool,
    admin: &Viewer,
    exam: Exam,
) -> Result<(String, Vec<Question>, Result<PaperFigures, usize>), AppError> {
    let (title, items) = items(pool, admin, exam).await?;
    let attempts = paper_results::of_exam(pool, admin, exam, None, Which::First).await?;
    let figures = analyse(&items.iter().collect::<Vec<_>>(), &attempts);
    Ok((title, items, figures))
}

/// The mark list of an exam, or of a class; `NotFound` for one that the viewer may not see.
pub async fn mark_list(
    pool: &PgPool,
    admin: &Viewer,
    exam: Exam,
    class: Option<Uuid>,
    sort: MarkSort,
    which: Which,
) -> Result<MarkList, AppError> {
    let (title, items) = items(pool, admin, exam).await?;
    let attempts = paper_results::of_exam(pool, admin, exam, class, which).await?;
    let mut absent = Vec::new();
    if class.is_some() {
        let sat: HashSet<Uuid> = attempts.iter().map(|attempt| attempt.pupil).collect();
        let pupils = classes::pupils(pool, &admin.scope(class)?).await?.into_iter();
        let missing = pupils.filter(|pupil| pupil.is_active && !sat.contains(&pupil.id));
        let absentee = |pupil: ClassPupil| {
            let ClassPupil { id, full_name, sign_in_name, .. } = pupil;
            AbsentPupil { id, full_name, sign_in_name }
        };
        absent = missing.map(absentee).collect();
    }
    let (items, lines) = mark_table(&items.iter().collect::<Vec<_>>(), &attempts, sort);
    Ok(MarkList { title, items, lines, absent })
}

/// The title of an exam, and its items that are answered, in order; those of a test say where they are from.
async fn items(pool: &PgPool, admin: &Viewer, exam: Exam) -> Result<(String, Vec<Question>), AppError> {
    match exam {
        Exam::Paper(id) => {
            let title = documents::get(pool, admin, id).await?.title;
            let questions = questions::of_document(pool, admin, id).await?;
            Ok((title, questions.iter().flat_map(Question::leaves).cloned().collect()))
        }
        Exam::Test(id) => {
            let test = class_tests::get(pool, admin, id).await?;
            Ok((test.title, test.content.questions.iter().flat_map(drawn_items).collect()))
        }
    }
}

/// The items of a drawn question, each with its own place in the paper.
fn drawn_items(root: &Question) -> Vec<Question> {
    let item = |leaf: &&Question| {
        let place = |drawn: &Drawn| format!("{}{}", drawn.path, &leaf.path[root.path.len()..]);
        let drawn = root.drawn.as_ref().map(|drawn| Drawn { path: place(drawn), ..drawn.clone() });
        Question { drawn, ..(*leaf).clone() }
    };
    root.leaves().iter().map(item).collect()
}
