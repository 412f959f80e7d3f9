//! Answering and closing attempts, for pages, the API, the clock and the demo data.

pub mod assignments;
pub mod handover;
pub mod invigilation;
pub mod manual_marking;
pub mod notifications;
pub mod paper_results;
pub mod quizzes;
pub mod regrade;
pub mod save_queue;

use std::collections::{BTreeMap, HashMap, HashSet, btree_map};
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use exam_marking::not_reached;
use exam_model::answer::{Answer, Verdict};
use exam_model::format;
use exam_model::question::{MadeFrom, Question};
use futures_util::stream::{self, StreamExt};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::attempt::{AttemptResult, ClosedBy, OpenAttempt, State, Synced, TopicResult};
use crate::domain::correction::{self, Reason};
use crate::domain::journal::{Entry, Field};
use crate::domain::mastery::TopicMastery;
use crate::domain::quiz::Feedback;
use crate::domain::regrade::follow;
use crate::domain::timeline::{self, TimelineLine};
use crate::domain::{quiz, scoring};
use crate::error::AppError;
use crate::server::attempts::save_queue::SaveQueue;
use crate::server::db::attempts::{self, Attempt};
use crate::server::db::journal::{self, Save};
use crate::server::db::{self, corrections, documents, questions, regrades, statistics, topics};
use crate::server::estimates::{self, Refresher};
use crate::server::metrics;
use crate::server::viewer::Viewer;

/// The state of one of the viewer's attempts: the quiz without the keys of what is not checked, the answers as last saved, the time left. `Conflict` if
/// its document is no longer shared.
pub async fn show(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<OpenAttempt, AppError> {
    let state = match state(pool, viewer, id).await {
        Err(AppError::NotFound) if attempts::is_withheld(pool, viewer, id).await? => {
            return Err(AppError::Conflict(
                "The person who shared this paper has taken it back, so you cannot go on. Your saved answers are kept. If it \
                 is shared with you again before the time is up, you can continue."
                    .into(),
            ));
        }
        state => state?,
    };
    let messages = db::invigilation::messages(pool, id).await?;
    let mut attempt = attempts::get(pool, viewer, id).await?;
    // From here on only this connection: who holds one and waits for another can wait for ever.
    let mut conn = pool.acquire().await?;
    let answers = journal::answers(&mut conn, id).await?;
    let told = attempts::checked(&mut conn, id).await?;
    if !told.is_empty() {
        let standards = questions::standards(&mut conn, &attempt.quiz.sources(attempt.document_id)).await?;
        follow(&mut attempt.quiz, attempt.document_id, &standards);
    }
    let mut checked = Vec::new();
    for question in &mut attempt.quiz.questions {
        if question.leaves().iter().all(|leaf| told.contains(&leaf.id)) {
            checked.extend(scoring::mark_question(question, &answers, &HashMap::new()));
        } else {
            *question = quiz::for_candidate(question);
        }
    }
    Ok(OpenAttempt {
        id,
        document_id: attempt.document_id,
        shown_at: attempt.loaded_at,
        answers,
        chosen: journal::chosen(&mut conn, id).await?,
        checked,
        state,
        messages,
        marks_may_come_later: attempt.told_from().is_some(),
        writer: Uuid::new_v4(),
        quiz: attempt.quiz,
    })
}

/// The state of one of the viewer's attempts, without its quiz and answers.
pub async fn state(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<State, AppError> {
    let nothing = Save { attempt: id, pupil: viewer.id(), writer: Uuid::nil(), entries: Vec::new() };
    Ok(journal::write_one(pool, TimeDelta::zero(), &nothing).await?.state)
}

/// The longest answer, in characters of all its pieces, and the most entries in one request.
const MAX_ANSWER_LENGTH: usize = 20_000;
const MAX_ENTRIES: usize = 2_000;

/// Who sends entries: the page, and its device in words.
pub struct Sender<'a> {
    pub writer: Uuid,
    pub device: &'a str,
}

/// Adds entries to the journal of one of the viewer's attempts, and with `hand_in` hands it in. Repeated entries change
/// nothing, nor does handing in a closed attempt. Entries after the end stay in the journal, and the attempt is marked
/// again with those that count, see [`journal::write`]. If an answer is too long, the others are saved, but the attempt
/// is not handed in.
pub async fn sync(
    saves: &SaveQueue,
    viewer: &Viewer,
    id: Uuid,
    sender: Sender<'_>,
    mut entries: Vec<Entry>,
    hand_in: bool,
) -> Result<Synced, AppError> {
    if entries.len() > MAX_ENTRIES {
        return Err(AppError::field("entries")(format!("Send at most {MAX_ENTRIES} changes at once.")));
    }
    let all = entries.len();
    entries.retain(|entry| {
        entry.seq > 0 && entry.value.iter().map(|piece| piece.chars().count()).sum::<usize>() <= MAX_ANSWER_LENGTH
    });
    let mut numbers = HashSet::new();
    entries.retain(|entry| numbers.insert((entry.writer, entry.seq)));
    // PostgreSQL cannot store NUL characters.
    entries.iter_mut().flat_map(|entry| &mut entry.value).for_each(|piece| piece.retain(|c| c != '\0'));
    let refused = (entries.len() < all).then(|| {
        "An answer is longer than 20,000 letters. Its last saved text is kept. Make it shorter. The other answers are saved."
            .into()
    });
    let save = Save { attempt: id, pupil: viewer.id(), writer: sender.writer, entries };
    let mut written = saves.write(save.clone()).await?;
    let pool = saves.pool();
    if written.unknown {
        // The page that sends becomes the holder, so its entries come last.
        let others = save.entries.iter().map(|entry| entry.writer).filter(|&writer| writer != sender.writer);
        for writer in others.chain([sender.writer]) {
            journal::register(pool, viewer, id, writer, sender.device).await?;
        }
        written = saves.write(save).await?;
    }
    if written.state.closed {
        close(pool, id, ClosedBy::Clock).await?;
        regrade::late(pool, id).await?;
    } else if hand_in && refused.is_none() {
        close(pool, id, ClosedBy::Pupil).await?;
        written.state.closed = true;
    }
    Ok(Synced { state: written.state, late: written.late, refused, answers: None })
}

/// Hands in one of the viewer's attempts as it is. A closed one stays as it is.
pub async fn hand_in(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<(), AppError> {
    let over = state(pool, viewer, id).await?.closed;
    close(pool, id, if over { ClosedBy::Clock } else { ClosedBy::Pupil }).await
}

/// A form with all answers. Fields that differ from what it showed are changes; the others do not overwrite later ones.
pub struct Form {
    pub writer: Uuid,
    /// `None`: it showed the current answers.
    pub shown_at: Option<DateTime<Utc>>,
    pub fields: BTreeMap<Field, Vec<String>>,
}

/// Saves a form as `sync` saves entries.
pub async fn save_form(
    saves: &SaveQueue,
    viewer: &Viewer,
    id: Uuid,
    device: &str,
    form: Form,
    hand_in: bool,
) -> Result<Synced, AppError> {
    let Form { writer, shown_at, fields } = form;
    let pool = saves.pool();
    state(pool, viewer, id).await?;
    let (shown, used) = journal::as_of(pool, id, writer, shown_at).await?;
    let is_as_shown = |field: &Field, value: &Vec<String>| match shown.get(field) {
        Some(shown) => shown == value,
        None => value.iter().all(|piece| piece.is_empty()),
    };
    let written_at = now().timestamp_millis();
    let entries = fields
        .into_iter()
        .filter(|(field, value)| !is_as_shown(field, value))
        .zip(used + 1..)
        .map(|((field, value), seq)| Entry { writer, seq, field, value, written_at })
        .collect();
    sync(saves, viewer, id, Sender { writer, device }, entries, hand_in).await
}

/// Saves the answers to an outermost question of one of the viewer's attempts with immediate feedback, and keeps them as they
/// are from then on: the pupil is told the marks. Closes the attempt after its last question. Blank answers are refused
/// unless the pupil gives up. A checked question stays as it is.
pub async fn check(
    saves: &SaveQueue,
    viewer: &Viewer,
    id: Uuid,
    device: &str,
    question: Uuid,
    mut fields: BTreeMap<Field, Vec<String>>,
    give_up: bool,
) -> Result<(), AppError> {
    let pool = saves.pool();
    let attempt = own_practice(pool, viewer, id).await?;
    let ended = || {
        let reason = "This practice has ended, so this answer does not count. You can begin another one.";
        AppError::Conflict(reason.into())
    };
    let Some(root) = attempt.quiz.questions.iter().find(|root| root.id == question) else {
        return Err(if attempt.submitted_at.is_some() { ended() } else { AppError::NotFound });
    };
    let items: Vec<Uuid> = root.leaves().iter().map(|leaf| leaf.id).collect();
    let told = attempts::checked(&mut *pool.acquire().await?, id).await?;
    if items.iter().all(|item| told.contains(item)) {
        return Ok(());
    }
    fields.retain(|field, _| matches!(field, Field::Answer(id) if items.contains(id)));
    if give_up {
        fields.clear();
    } else if fields.values().flatten().all(|piece| piece.trim().is_empty()) {
        let reason = "Write or choose an answer first. If you do not know it, say so below, and see the answer.";
        return Err(AppError::field("answers")(reason.into()));
    }
    let form = Form { writer: Uuid::new_v4(), shown_at: None, fields };
    let saved = save_form(saves, viewer, id, device, form, false).await?;
    if let Some(reason) = saved.refused {
        return Err(AppError::field("answers")(reason));
    }
    if saved.state.closed || saved.late {
        return Err(ended());
    }
    attempts::check(pool, id, &items).await?;
    let told = attempts::checked(&mut *pool.acquire().await?, id).await?;
    let all = attempt.quiz.questions.iter().flat_map(Question::leaves).all(|leaf| told.contains(&leaf.id));
    if all { close(pool, id, ClosedBy::Pupil).await } else { Ok(()) }
}

/// One of the viewer's own attempts with immediate feedback; `NotFound` for any other.
async fn own_practice(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Attempt, AppError> {
    let attempt = attempts::get(pool, viewer, id).await?;
    let is_own = attempt.mine && attempt.quiz.feedback == Feedback::Immediate;
    if is_own { Ok(attempt) } else { Err(AppError::NotFound) }
}

/// Closes one of the viewer's attempts with immediate feedback before its last question. Returns whether anything of it is left.
pub async fn stop(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<bool, AppError> {
    own_practice(pool, viewer, id).await?;
    close(pool, id, ClosedBy::Pupil).await?;
    match attempts::get(pool, viewer, id).await {
        Ok(_) => Ok(true),
        Err(AppError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The result of an attempt; `Conflict` while it is running. `weak_below` as for [`TopicMastery::of`].
pub async fn result(pool: &PgPool, viewer: &Viewer, id: Uuid, weak_below: f64) -> Result<AttemptResult, AppError> {
    let mut attempt = attempts::get(pool, viewer, id).await?;
    let Some((submitted_at, (earned, possible))) = attempt.submitted_at.zip(attempt.marks) else {
        return Err(AppError::Conflict("This quiz is still running. Hand it in to see the marks.".into()));
    };
    must_tell(&attempt)?;
    let without_pages = forget_gone(pool, viewer, &mut attempt).await?;
    let mut items = attempts::results(pool, id).await?;
    let regraded = regrades::of_attempt(pool, id).await?;
    for item in &mut items {
        item.regraded = regraded.get(&item.question_id).cloned();
        if attempt.closed_by == Some(ClosedBy::School) && item.marked.verdict == Verdict::Blank {
            item.marked.reason = not_reached();
        }
    }
    let names = topics::names(pool, &items.iter().filter_map(|item| item.topic_id).collect::<Vec<_>>()).await?;
    let mut by_topic: BTreeMap<Uuid, (f64, f64)> = BTreeMap::new();
    for item in items.iter().filter(|item| item.counts) {
        if let Some(id) = item.topic_id {
            let sums = by_topic.entry(id).or_default();
            *sums = (sums.0 + item.marked.marks, sums.1 + item.marked.of);
        }
    }
    let changes = db::estimates::changes(pool, id).await?;
    let change = |topic: Uuid| {
        let change = changes.iter().find(|change| change.topic_id == topic)?;
        let [before, after] = [change.before, change.after].map(|(known, of)| TopicMastery::of(known, of, weak_below));
        Some((before, after))
    };
    let mut topics: Vec<TopicResult> = by_topic
        .iter()
        .filter_map(|(id, &(earned, possible))| {
            let name = names.get(id)?.clone();
            Some(TopicResult { name, earned, possible, change: change(*id) })
        })
        .collect();
    topics.sort_by(|a, b| (b.possible - b.earned).total_cmp(&(a.possible - a.earned)).then(a.name.cmp(&b.name)));
    let mut reported = Vec::new();
    let mut by_document: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for leaf in attempt.quiz.questions.iter().flat_map(|question| question.leaves()) {
        let Some((document, path)) = attempt.quiz.origin(&leaf.path, attempt.document_id) else { continue };
        if let btree_map::Entry::Vacant(unknown) = by_document.entry(document) {
            unknown.insert(corrections::reported_by(pool, viewer, document).await?);
        }
        reported.extend(by_document[&document].contains(&path).then(|| leaf.path.clone()));
    }
    Ok(AttemptResult {
        id,
        reported,
        without_pages,
        document_id: attempt.document_id,
        pupil: attempt.pupil,
        level: attempt.level,
        year: attempt.year.unwrap_or(attempt.started_at.year()),
        mine: attempt.mine,
        started_at: attempt.started_at,
        submitted_at,
        closed_by: attempt.closed_by.unwrap_or(ClosedBy::Pupil),
        after_the_end: journal::after_the_end(pool, id).await?,
        quiz: attempt.quiz,
        earned,
        possible,
        items,
        topics,
    })
}

/// From when the viewer sees the marks of an attempt that they have handed in, if that is later.
pub async fn told_from(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Option<DateTime<Utc>>, AppError> {
    let attempt = attempts::get(pool, viewer, id).await?;
    Ok(attempt.told_from().filter(|_| attempt.submitted_at.is_some()))
}

/// `Conflict` while the viewer does not see the marks of an attempt.
pub fn must_tell(attempt: &Attempt) -> Result<(), AppError> {
    let words = |at| format!("Your teacher shows the marks from {}.", format::date_time(at));
    attempt.told_from().map_or(Ok(()), |at| Err(AppError::Conflict(words(at))))
}

/// Removes from an attempt the sources that the viewer may no longer see: the questions belong to the attempt, their
/// pages do not, and to a teacher who looks at a pupil's attempt, neither do the questions. Returns whether anything was removed.
async fn forget_gone(pool: &PgPool, viewer: &Viewer, attempt: &mut Attempt) -> Result<bool, AppError> {
    let there = documents::visible(pool, viewer, &attempt.quiz.sources(attempt.document_id)).await?;
    attempt.document_id = attempt.document_id.filter(|id| there.contains(id));
    let mut gone = false;
    for question in &mut attempt.quiz.questions {
        question.drawn = question.drawn.take().filter(|drawn| there.contains(&drawn.document));
        let had_pages = question.made_from != Some(MadeFrom::Earlier);
        let is_gone = question.drawn.is_none() && attempt.document_id.is_none() && had_pages;
        gone |= is_gone;
        if is_gone && !attempt.mine && !viewer.is_admin() {
            blank_out(question);
        }
    }
    Ok(gone)
}

/// Leaves of a question only its place, kind and marks.
fn blank_out(question: &mut Question) {
    (question.text, question.shown) = (String::new(), Default::default());
    (question.options, question.key) = (Vec::new(), None);
    question.regions.clear();
    question.parts.iter_mut().for_each(blank_out);
}

/// What happened to an attempt, oldest first: one of the viewer's own, or for an admin anybody's.
pub async fn timeline(pool: &PgPool, viewer: &Viewer, id: Uuid) -> Result<Vec<TimelineLine>, AppError> {
    let attempt = attempts::get(pool, viewer, id).await?;
    let mut lines = journal::happenings(pool, id, attempt.told_from().is_none()).await?;
    lines.extend(timeline::saves(&journal::arrivals(pool, id).await?));
    lines.push(TimelineLine { at: attempt.started_at, what: "Started".into() });
    if let (Some(at), Some(by)) = (attempt.submitted_at, attempt.closed_by) {
        let what = match by {
            ClosedBy::Pupil => "Handed in",
            ClosedBy::Clock => "Time was up: handed in by the clock",
            ClosedBy::School => "Handed in by the school",
            ClosedBy::Deletion => "The paper was deleted: handed in as it was",
        };
        lines.push(TimelineLine { at, what: what.into() });
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

/// Reports what is wrong with an item of an attempt's quiz to whoever is responsible for the paper.
pub async fn report(
    pool: &PgPool,
    viewer: &Viewer,
    id: Uuid,
    path: &str,
    reason: Reason,
    note: &str,
) -> Result<(), AppError> {
    let note = note.trim();
    if note.chars().count() > 500 {
        return Err(AppError::field("note")("Write at most 500 letters.".into()));
    }
    let mut attempt = attempts::get(pool, viewer, id).await?;
    forget_gone(pool, viewer, &mut attempt).await?;
    correction::find(&attempt.quiz.questions, path).ok_or(AppError::NotFound)?;
    let (document, path) = attempt.quiz.origin(path, attempt.document_id).ok_or(AppError::NotFound)?;
    corrections::report(pool, viewer, document, &path, reason, note).await
}

/// The current time, for quizzes and attempts.
#[expect(clippy::disallowed_methods, reason = "the clock of attempts")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Marks an attempt with the current corrections, see [`follow`], and closes it. A closed attempt stays as it is; with
/// `ClosedBy::Clock` so does one that still has time.
pub async fn close(pool: &PgPool, id: Uuid, by: ClosedBy) -> Result<(), AppError> {
    let mut tx = db::begin(pool).await?;
    close_within(&mut tx, &[id], by).await?;
    Ok(tx.commit().await?)
}

/// The same for several, within a transaction.
pub async fn close_within(conn: &mut PgConnection, ids: &[Uuid], by: ClosedBy) -> Result<(), AppError> {
    let mut closed = Vec::new();
    for &id in ids {
        if !attempts::lock_open(&mut *conn, id, by == ClosedBy::Clock).await? {
            continue;
        }
        let mut attempt = attempts::load(&mut *conn, id).await?;
        let standards = questions::standards(&mut *conn, &attempt.quiz.sources(attempt.document_id)).await?;
        let shown = attempt.quiz.clone();
        follow(&mut attempt.quiz, attempt.document_id, &standards);
        if attempt.quiz != shown {
            db::quizzes::put_corrected(&mut *conn, attempt.quiz_id, &attempt.quiz).await?;
        }
        let answers = journal::answers(&mut *conn, id).await?;
        if attempt.quiz.feedback == Feedback::Immediate
            && !take_out_unreached(&mut *conn, &mut attempt, &answers).await?
        {
            continue;
        }
        let chosen = journal::chosen(&mut *conn, id).await?;
        let by_hand = db::manual_marking::take_over(&mut *conn, id).await?;
        let begun = Instant::now();
        let marks = scoring::mark_all(&attempt.quiz.sections, &attempt.quiz.questions, &answers, &by_hand, &chosen);
        metrics::record_marking(begun);
        attempts::close(&mut *conn, id, by, &marks).await?;
        closed.push((attempt, marks.items));
    }
    let ids: Vec<Uuid> = closed.iter().map(|(attempt, _)| attempt.id).collect();
    if !ids.is_empty() {
        statistics::add(&mut *conn, &ids).await?;
    }
    for (attempt, items) in &closed {
        estimates::learn(&mut *conn, attempt.user_id, attempt.id, items).await?;
    }
    Ok(())
}

/// Takes the questions that were neither answered nor checked out of an attempt with immediate feedback, because its pupil
/// stopped before them; if that is all, deletes it. Returns whether any question is left.
async fn take_out_unreached(
    conn: &mut PgConnection,
    attempt: &mut Attempt,
    answers: &BTreeMap<Uuid, Answer>,
) -> Result<bool, AppError> {
    let told = attempts::checked(&mut *conn, attempt.id).await?;
    let is_reached =
        |leaf: &&Question| told.contains(&leaf.id) || answers.get(&leaf.id).is_some_and(|answer| !answer.is_blank());
    let questions = &attempt.quiz.questions;
    let (reached, others): (Vec<_>, Vec<_>) =
        questions.iter().partition(|question| question.leaves().iter().any(is_reached));
    match (reached.is_empty(), others.is_empty()) {
        (true, _) => attempts::delete(&mut *conn, attempt).await?,
        (false, false) => attempts::take_out(&mut *conn, attempt, &others).await?,
        (false, true) => {}
    }
    attempt.quiz.questions = reached.into_iter().cloned().collect();
    Ok(!attempt.quiz.questions.is_empty())
}

/// How many due attempts the clock fetches at a time, and how many it closes concurrently.
const DUE_AT_ONCE: usize = 200;
const SIDE_BY_SIDE: usize = 4;

/// Closes every attempt whose time is up. One that cannot be closed is tried again the next time, and does not keep others.
pub async fn close_due(pool: &PgPool) -> Result<(), AppError> {
    loop {
        let due = attempts::due(pool, DUE_AT_ONCE as i64).await?;
        let close = |id| async move { (id, close(pool, id, ClosedBy::Clock).await) };
        let mut tried = stream::iter(due).map(close).buffer_unordered(SIDE_BY_SIDE);
        let mut closed = 0;
        while let Some((id, outcome)) = tried.next().await {
            match outcome {
                Ok(()) => closed += 1,
                Err(error) => tracing::error!(%error, %id, "could not close an attempt that is due"),
            }
        }
        if closed < DUE_AT_ONCE {
            return Ok(());
        }
    }
}

/// The clock of all attempts: closes those that are due every second, while the server runs.
pub async fn run_clock(pool: PgPool) {
    let mut refresher = Refresher::default();
    loop {
        if let Err(error) = close_due(&pool).await {
            tracing::error!(%error, "could not close the attempts that are due");
        }
        if let Err(error) = regrade::all_late(&pool).await {
            tracing::error!(%error, "could not mark the answers that arrived after the end");
        }
        if let Err(error) = refresher.tick(&pool).await {
            tracing::error!(%error, "could not learn from the marks that have changed");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
