//! What the attempts of a paper come to: its item analysis and its mark list.

use std::collections::HashSet;

use exam_model::question::Question;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::class::ClassPupil;
use crate::domain::item_analysis::{PaperFigures, analyse};
use crate::domain::mark_list::{AbsentPupil, MarkList, MarkSort, Which, mark_table};
use crate::error::AppError;
use crate::server::db::{classes, documents, paper_results, questions};
use crate::server::viewer::Viewer;

/// A paper's title and items, without their parts, and its figures; how many attempts are missing if there are too few.
/// `NotFound` for a document that the viewer may not see.
pub async fn analysis(
    pool: &PgPool,
    admin: &Viewer,
    document: Uuid,
) -> Result<(String, Vec<Question>, Result<PaperFigures, usize>), AppError> {
    let title = documents::get(pool, admin, document).await?.title;
    let items = items(pool, admin, document).await?;
    let attempts = paper_results::of_document(pool, admin, document, None, Which::First).await?;
    let figures = analyse(&items.iter().collect::<Vec<_>>(), &attempts);
    Ok((title, items, figures))
}

/// The mark list of a paper, or of a class; `NotFound` for a document that the viewer may not see.
pub async fn mark_list(
    pool: &PgPool,
    admin: &Viewer,
    document: Uuid,
    class: Option<Uuid>,
    sort: MarkSort,
    which: Which,
) -> Result<MarkList, AppError> {
    let paper = documents::get(pool, admin, document).await?.title;
    let items = items(pool, admin, document).await?;
    let attempts = paper_results::of_document(pool, admin, document, class, which).await?;
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
    Ok(MarkList { paper, items, lines, absent })
}

/// The items of a paper that are answered, in order.
async fn items(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<Vec<Question>, AppError> {
    let questions = questions::of_document(pool, admin, document).await?;
    Ok(questions.iter().flat_map(Question::leaves).cloned().collect())
}
