//! Marking closed attempts again: with the current corrections, after a preview, all or nothing; and with answers that
//! arrived after the end but count.

use std::collections::HashMap;

use exam_model::question::{Key, Question};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::manual_marking::MarkOverride;
use crate::domain::regrade::{Changed, RegradeLine, RegradePreview, Standard, differences, follow};
use crate::domain::scoring::{self, Cause, Marks};
use crate::error::AppError;
use crate::server::db::attempts::{self, Attempt};
use crate::server::db::{
    self, documents, estimates, journal, manual_marking, questions, quizzes, regrades, statistics,
};
use crate::server::estimates::refresh;
use crate::server::viewer::{Scope, Viewer};

/// What would change if the attempts of the viewer's pupils at a document were marked again.
pub async fn preview(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<RegradePreview, AppError> {
    let scope = may_regrade(pool, admin, document).await?;
    let mut conn = pool.acquire().await?;
    let standards = questions::standards(&mut conn, &[document]).await?;
    let mut preview = RegradePreview::default();
    for id in regrades::closed_attempts(&mut conn, &scope, document).await? {
        let Some(regrade) = Regrade::of(&mut conn, id, &standards).await? else { continue };
        preview.lines.extend(regrade.line());
        preview.kept.extend(regrade.kept);
    }
    Ok(preview)
}

/// Marks them again, in one transaction. The old marks stay in the journal of regrades.
pub async fn apply(pool: &PgPool, admin: &Viewer, document: Uuid) -> Result<(), AppError> {
    let scope = may_regrade(pool, admin, document).await?;
    let mut tx = db::begin(pool).await?;
    let attempts = regrades::closed_attempts(&mut tx, &scope, document).await?;
    statistics::lock(&mut tx, &attempts).await?;
    let standards = questions::standards(&mut tx, &[document]).await?;
    for &id in &attempts {
        let Some(regrade) = Regrade::of(&mut tx, id, &standards).await? else { continue };
        if regrade.line().is_none() {
            continue;
        }
        for changed in &regrade.changed {
            regrades::record(&mut tx, Some(admin), id, changed, regrade.key(changed.item)).await?;
        }
        quizzes::put_corrected(&mut tx, regrade.attempt.quiz_id, &regrade.attempt.quiz).await?;
        regrades::put(&mut tx, id, &regrade.after).await?;
    }
    estimates::mark_stale(&mut tx).await?;
    tx.commit().await?;
    refresh(pool).await
}

/// Marks a closed attempt again if answers arrived after its end that count; otherwise does nothing. The estimates follow
/// with the clock of attempts: many may be late at once.
pub async fn late(pool: &PgPool, id: Uuid) -> Result<(), AppError> {
    let mut tx = db::begin(pool).await?;
    if !regrades::take_waiting(&mut tx, id).await? {
        return Ok(());
    }
    statistics::lock(&mut tx, &[id]).await?;
    if let Some(regrade) = Regrade::of(&mut tx, id, &HashMap::new()).await? {
        for changed in &regrade.changed {
            let changed = Changed { because: vec![Cause::Late], ..changed.clone() };
            regrades::record(&mut tx, None, id, &changed, None).await?;
        }
        regrades::put(&mut tx, id, &regrade.after).await?;
        estimates::mark_stale(&mut tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Gives marks to the answer of an attempt, and to the same answer in every other attempt of the viewer's pupils. Nothing else is
/// changed in them but what counts. The estimates follow with the clock of attempts.
pub async fn mark_by_hand(
    pool: &PgPool,
    admin: &Viewer,
    question: Uuid,
    attempt: Uuid,
    given: impl Fn(f64) -> Result<MarkOverride, AppError>,
) -> Result<(), AppError> {
    let mut tx = db::begin(pool).await?;
    let (attempts, of) = manual_marking::lock_answers(&mut tx, admin, question, attempt).await?;
    let attempts = manual_marking::not_settled(&mut tx, admin, question, &attempts).await?;
    if attempts.is_empty() {
        return Err(AppError::Conflict(
            "An admin has marked this answer, so their marks stay. Ask them to change it.".into(),
        ));
    }
    let given = given(of)?;
    // Once somebody has marks for a question without a key, leaving it blank earns none.
    let blanks = manual_marking::lock_blanks(&mut tx, admin, question).await?;
    let blanks = manual_marking::not_settled(&mut tx, admin, question, &blanks).await?;
    let all: Vec<Uuid> = attempts.iter().chain(&blanks).copied().collect();
    statistics::lock(&mut tx, &all).await?;
    manual_marking::put(&mut tx, admin, question, &attempts, &given).await?;
    manual_marking::put(&mut tx, admin, question, &blanks, &MarkOverride { marks: 0.0, note: "No answer.".into() })
        .await?;
    for &id in &all {
        let Some(regrade) = Regrade::of(&mut tx, id, &HashMap::new()).await? else { continue };
        for changed in &regrade.changed {
            let is_marked = changed.item == question;
            let because = if is_marked { vec![Cause::ByHand] } else { changed.because.clone() };
            regrades::record(&mut tx, Some(admin), id, &Changed { because, ..changed.clone() }, None).await?;
        }
        regrades::put(&mut tx, id, &regrade.after).await?;
    }
    estimates::mark_stale(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// The same for all attempts that are waiting for it, because the server was stopped before.
pub async fn all_late(pool: &PgPool) -> Result<(), AppError> {
    for id in regrades::waiting(pool).await? {
        late(pool, id).await?;
    }
    Ok(())
}

/// Whose attempts at a document the viewer may mark again; `NotFound` for pupils, and for a document that they may not see.
async fn may_regrade(pool: &PgPool, viewer: &Viewer, document: Uuid) -> Result<Scope, AppError> {
    documents::get(pool, viewer, document).await?;
    viewer.scope(None)
}

struct Regrade {
    attempt: Attempt,
    changed: Vec<Changed>,
    kept: Vec<String>,
    before: (f64, f64),
    after: Marks,
}

impl Regrade {
    /// `None` for attempts marked by the earlier system, which kept too little to mark them again.
    async fn of(
        conn: &mut PgConnection,
        id: Uuid,
        standards: &HashMap<Uuid, Standard>,
    ) -> Result<Option<Self>, AppError> {
        let mut attempt = attempts::load(conn, id).await?;
        let Some(before) = attempt.marks.filter(|_| !attempt.quiz.is_earlier()) else { return Ok(None) };
        let followed = follow(&mut attempt.quiz, attempt.document_id, standards);
        let answers = journal::answers(conn, id).await?;
        let chosen = journal::chosen(conn, id).await?;
        let by_hand = manual_marking::overrides(&mut *conn, id).await?;
        let after = scoring::mark_all(&attempt.quiz.sections, &attempt.quiz.questions, &answers, &by_hand, &chosen);
        let changed = differences(&followed, &attempts::results(&mut *conn, id).await?, &after);
        Ok(Some(Self { attempt, changed, kept: followed.kept, before, after }))
    }

    fn leaves(&self) -> impl Iterator<Item = &Question> {
        self.attempt.quiz.questions.iter().flat_map(Question::leaves)
    }

    fn key(&self, item: Uuid) -> Option<&Key> {
        self.leaves().find(|leaf| leaf.id == item)?.key.as_ref()
    }

    /// `None` if nothing changes.
    fn line(&self) -> Option<RegradeLine> {
        let after = (self.after.earned, self.after.possible);
        let is_changed = |leaf: &&Question| self.changed.iter().any(|changed| changed.item == leaf.id);
        (!self.changed.is_empty() || self.before != after).then(|| RegradeLine {
            attempt: self.attempt.id,
            pupil: self.attempt.pupil.clone(),
            items: self.leaves().filter(is_changed).map(|leaf| leaf.path.clone()).collect(),
            before: self.before,
            after,
        })
    }
}
