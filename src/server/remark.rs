//! Marking closed attempts again: after an answer key was corrected, first a preview, then all at once or nothing; and when
//! answers that count came after the end.

use std::collections::HashMap;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::db::attempts::{self, Attempt};
use super::db::remarks::Cause;
use super::db::{documents, journal, questions, remarks, totals};
use super::session::Viewer;
use crate::domain::marking::Marked;
use crate::domain::question::{Key, Question};
use crate::domain::remark::{RemarkLine, put_keys};
use crate::domain::result::{self, ItemResult};
use crate::error::AppError;

/// What marking the attempts of a document again would change, by name of the pupil.
pub async fn preview(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<Vec<RemarkLine>, AppError> {
    let keys = keys(pool, admin, document).await?;
    let mut conn = pool.acquire().await?;
    let mut lines = Vec::new();
    for id in remarks::closed_attempts(&mut conn, document).await? {
        lines.extend(Remark::of(&mut conn, id, &keys).await?.map(|remark| remark.line()));
    }
    Ok(lines)
}

/// Marks them again, in one transaction; the old marks stay in the journal of remarks.
pub async fn apply(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<(), AppError> {
    let keys = keys(pool, admin, document).await?;
    let mut tx = pool.begin().await?;
    let attempts = remarks::closed_attempts(&mut tx, document).await?;
    totals::hold(&mut tx, &attempts).await?;
    for &id in &attempts {
        let Some(remark) = Remark::of(&mut tx, id, &keys).await? else { continue };
        for (item, _, old_key) in &remark.changed {
            remarks::note(&mut tx, Cause::Key(admin), id, *item, old_key.as_ref(), keys.get(item)).await?;
        }
        remarks::put(&mut tx, id, &remark.attempt.quiz.questions, &remark.after, result::total(&remark.after)).await?;
    }
    totals::recount_topics(&mut tx, &attempts).await?;
    Ok(tx.commit().await?)
}

/// Marks a closed attempt again if answers that count have come after its end; otherwise nothing happens.
pub async fn late(pool: &PgPool, id: Uuid) -> Result<(), AppError> {
    let mut tx = pool.begin().await?;
    if !remarks::take_waiting(&mut tx, id).await? {
        return Ok(());
    }
    totals::hold(&mut tx, &[id]).await?;
    let attempt = attempts::load(&mut tx, id).await?;
    let before: HashMap<Uuid, Marked> =
        attempts::results(&mut *tx, id).await?.into_iter().map(|item| (item.question_id, item.marked)).collect();
    let answers = journal::answers(&mut tx, id).await?;
    let chosen = journal::chosen(&mut tx, id).await?;
    let after = result::mark_all(&attempt.quiz.sections, &attempt.quiz.questions, &answers, &chosen);
    for item in after.iter().filter(|item| before.get(&item.question_id) != Some(&item.marked)) {
        remarks::note(&mut tx, Cause::Late, id, item.question_id, None, None).await?;
    }
    remarks::put(&mut tx, id, &attempt.quiz.questions, &after, result::total(&after)).await?;
    totals::recount_topics(&mut tx, &[id]).await?;
    Ok(tx.commit().await?)
}

/// The same with all that wait for it: those whose server was stopped before it came to that.
pub async fn all_late(pool: &PgPool) -> Result<(), AppError> {
    for id in remarks::waiting(pool).await? {
        late(pool, id).await?;
    }
    Ok(())
}

/// The keys of a document's items as they are now; `NotFound` for a document that is not there.
async fn keys(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<HashMap<Uuid, Key>, AppError> {
    if !admin.is_admin() {
        return Err(AppError::NotFound);
    }
    documents::get(pool, admin, document).await?;
    let questions = questions::of_document(pool, admin, document).await?;
    let leaves = questions.iter().flat_map(Question::leaves);
    Ok(leaves.filter_map(|leaf| Some((leaf.id, leaf.key.clone()?))).collect())
}

struct Remark {
    attempt: Attempt,
    changed: Vec<(Uuid, String, Option<Key>)>,
    after: Vec<ItemResult>,
    before: (f64, f64),
}

impl Remark {
    /// `None` when no key of its items was corrected.
    async fn of(conn: &mut PgConnection, id: Uuid, keys: &HashMap<Uuid, Key>) -> Result<Option<Self>, AppError> {
        let mut attempt = attempts::load(conn, id).await?;
        let changed = put_keys(&mut attempt.quiz.questions, keys);
        if changed.is_empty() {
            return Ok(None);
        }
        let answers = journal::answers(conn, id).await?;
        let chosen = journal::chosen(conn, id).await?;
        let after = result::mark_all(&attempt.quiz.sections, &attempt.quiz.questions, &answers, &chosen);
        let before = remarks::total(conn, id).await?;
        Ok(Some(Self { attempt, changed, after, before }))
    }

    fn line(&self) -> RemarkLine {
        RemarkLine {
            attempt: self.attempt.id,
            pupil: self.attempt.pupil.clone(),
            items: self.changed.iter().map(|(_, path, _)| path.clone()).collect(),
            before: self.before,
            after: result::total(&self.after),
        }
    }
}
