//! Sitting an exam: no answer is lost, applied twice, or accepted from anybody else.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use exam_model::answer::Verdict;
use exam_model::paper::{Counting, Rule};
use futures_util::StreamExt;
use futures_util::future::join_all;

use super::*;
use crate::domain::attempt::{AfterTheEnd, AttemptResult, ClosedBy, State, Synced};
use crate::domain::invigilation::{Intervention, Target};
use crate::domain::journal::{Entry, Field};
use crate::domain::mastery::{ENOUGH_ANSWERS, TopicState};
use crate::domain::quiz::{Feedback, Mode};
use crate::domain::scoring::Cause;
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self, Form, Sender, handover, invigilation, regrade};
use crate::server::cli::cleanup::tidy;
use crate::server::db::journal::Save;
use crate::server::db::quizzes::DrawFrom;
use crate::server::progress;

struct Exam {
    app: TestApp,
    pupil: Person,
    attempt: Uuid,
    /// The items, in the paper's order.
    items: Vec<Uuid>,
}

async fn exam(pool: PgPool) -> Exam {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let (pupil, attempt, items) = sitter(&app, id).await;
    Exam { app, pupil, attempt, items }
}

#[sqlx::test]
async fn an_exam_opens_with_a_single_connection(pool: PgPool) {
    let Exam { app, pupil, attempt, .. } = exam(pool).await;
    let one =
        sqlx::postgres::PgPoolOptions::new().max_connections(1).acquire_timeout(std::time::Duration::from_secs(5));
    let one = one.connect_with((*app.pool().connect_options()).clone()).await.unwrap();
    // Whoever holds one and waits for another can wait for ever when a whole school opens its exams.
    assert_eq!(attempts::show(&one, &pupil.viewer, attempt).await.unwrap().id, attempt);
}

/// A new pupil who has started the paper: the attempt, and its items in the paper's order.
async fn sitter(app: &TestApp, document: Uuid) -> (Person, Uuid, Vec<Uuid>) {
    let pupil = app.pupil("P6").await;
    let wish = QuizRequest {
        from: DrawFrom::Document(document),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let shown = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    let leaves = shown.quiz.questions.iter().flat_map(|question| question.leaves());
    assert!(leaves.clone().all(|leaf| leaf.key.is_none()), "a candidate sees no key");
    let items = leaves.map(|leaf| leaf.id).collect();
    (pupil, attempt, items)
}

pub(super) type Fields = BTreeMap<Field, Vec<String>>;

fn one(item: Uuid, text: &str) -> Fields {
    BTreeMap::from([(Field::Answer(item), vec![text.to_owned()])])
}

/// Saves a form, as without scripts.
pub(super) async fn save(
    app: &TestApp,
    who: &Person,
    attempt: Uuid,
    fields: Fields,
    hand_in: bool,
    shown_at: Option<DateTime<Utc>>,
) -> Result<Synced, AppError> {
    let form = Form { writer: Uuid::new_v4(), shown_at, fields };
    attempts::save_form(&app.state.saves, &who.viewer, attempt, "Test", form, hand_in).await
}

/// The entries that a page of `writer` sends.
async fn send(exam: &Exam, writer: Uuid, entries: &[Entry]) -> Synced {
    let sender = Sender { writer, device: "Test" };
    attempts::sync(&exam.app.state.saves, &exam.pupil.viewer, exam.attempt, sender, entries.to_vec(), false)
        .await
        .unwrap()
}

fn entry(writer: Uuid, seq: i64, item: Uuid, text: &str) -> Entry {
    Entry {
        writer,
        seq,
        field: Field::Answer(item),
        value: vec![text.into()],
        written_at: 1_700_000_000_000_i64.saturating_add(seq),
    }
}

impl Exam {
    async fn answer(&self, item: usize) -> String {
        let shown = attempts::show(self.app.pool(), &self.pupil.viewer, self.attempt).await.unwrap();
        shown.answers[&self.items[item]].0.join("|")
    }
}

#[sqlx::test]
async fn answers_are_there_again(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let pool = app.pool();
    for text in ["first", "second"] {
        save(&app, &pupil, attempt, one(items[0], text), false, None).await.unwrap();
    }
    save(&app, &pupil, attempt, one(Uuid::new_v4(), "to nothing"), false, None).await.unwrap();
    let shown = attempts::show(pool, &pupil.viewer, attempt).await.unwrap();
    assert_eq!(shown.answers[&items[0]].0, ["second"]);
    let left = shown.state.seconds_left;
    assert!((7190..=7200).contains(&left), "two hours, by the server's clock: {left}");
    let long = one(items[0], &"a".repeat(20_001));
    let refused = save(&app, &pupil, attempt, long, false, None).await;
    assert!(refused.unwrap().refused.is_some());
    assert_eq!(attempts::show(pool, &pupil.viewer, attempt).await.unwrap().answers[&items[0]].0, ["second"]);
}

#[sqlx::test]
async fn handing_in_many_times_at_once_gives_one_result(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let hand_in = |text: &'static str| save(&app, &pupil, attempt, one(items[0], text), true, None);
    let all = tokio::join!(hand_in("a"), hand_in("b"), hand_in("c"), hand_in("d"), hand_in("e"), hand_in("f"));
    assert!(
        [all.0, all.1, all.2, all.3, all.4, all.5]
            .iter()
            .all(|saved| saved.as_ref().is_ok_and(|saved| saved.state.closed))
    );
    let marked = app.count("SELECT count(*) FROM attempt_answers WHERE verdict IS NOT NULL").await;
    assert_eq!(marked, items.len() as i64, "each item once");
    let before = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
    save(&app, &pupil, attempt, one(items[1], "after seeing the marks"), true, None).await.unwrap();
    // Five of the six forms arrived after the first one had handed in, all about the same item; this is another item.
    assert_eq!(before.after_the_end, AfterTheEnd { counted: 0, too_late: 1 });
    let told = AttemptResult { after_the_end: AfterTheEnd { counted: 0, too_late: 2 }, ..before.clone() };
    assert_eq!(attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap(), told);
    assert_eq!(before.items.iter().filter(|item| item.counts).map(|item| item.marked.of).sum::<f64>(), 100.0);
}

#[sqlx::test]
async fn the_clock_closes_what_is_due(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    save(&app, &pupil, attempt, one(items[0], "in time"), false, None).await.unwrap();
    attempts::close_due(app.pool()).await.unwrap();
    assert!(
        matches!(attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await, Err(AppError::Conflict(_))),
        "it runs"
    );
    let over =
        "UPDATE attempts SET started_at = now() - interval '3 h', deadline_at = now() - interval '1 s' WHERE id = $1";
    app.run(over, attempt).await;
    let late = save(&app, &pupil, attempt, one(items[0], "too late"), false, None).await.unwrap();
    assert!(late.state.closed && late.late);
    attempts::close_due(app.pool()).await.unwrap();
    let result = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
    assert_eq!(result.closed_by, ClosedBy::Clock);
    assert_eq!(result.items.iter().find(|item| item.question_id == items[0]).unwrap().answer.0, ["in time"]);
}

#[sqlx::test]
async fn an_attempt_is_its_pupils(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let (other, admin) = (app.pupil("P6").await, app.admin().await);
    for stranger in [&other, &admin] {
        let save = save(&app, stranger, attempt, one(items[0], "x"), true, None).await;
        assert_eq!(save, Err(AppError::NotFound));
        assert_eq!(attempts::show(app.pool(), &stranger.viewer, attempt).await, Err(AppError::NotFound));
    }
    save(&app, &pupil, attempt, BTreeMap::new(), true, None).await.unwrap();
    assert_eq!(attempts::result(app.pool(), &other.viewer, attempt, WEAK).await, Err(AppError::NotFound));
    assert!(attempts::result(app.pool(), &admin.viewer, attempt, WEAK).await.is_ok_and(|result| !result.mine));
}

#[sqlx::test]
async fn a_quiz_keeps_its_questions_as_they_were(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    sqlx::query("UPDATE questions SET text = 'changed', key = NULL").execute(app.pool()).await.unwrap();
    sqlx::query("DELETE FROM questions WHERE parent_id IS NULL").execute(app.pool()).await.unwrap();
    save(&app, &pupil, attempt, one(items[0], "x"), true, None).await.unwrap();
    let result = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
    assert!(result.items.iter().all(|item| item.counts), "every key is still there");
}

#[sqlx::test]
async fn progress_counts_blanks_and_names_weak_topics(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    save(&app, &pupil, attempt, one(items[0], "x"), true, None).await.unwrap();
    let topics = progress::topics(app.pool(), pupil.viewer.id(), WEAK).await.unwrap();
    assert!(!topics.is_empty());
    for topic in &topics {
        assert_eq!(topic.evidence.earned, 0.0);
        let weak = topic.standing.state == TopicState::Weak;
        assert_eq!(weak, topic.standing.answers >= ENOUGH_ANSWERS, "{}", topic.topic);
    }
    let page = app.get("/progress", Some(&pupil)).await;
    assert!(page.body.contains("Weak") && page.body.contains("Operations on fractions"));
}

#[sqlx::test]
async fn bad_wishes_are_refused(pool: PgPool) {
    let Exam { app, pupil, .. } = exam(pool).await;
    let document_id =
        sqlx::query_scalar("SELECT id FROM documents WHERE kind = 'exam_paper'").fetch_one(app.pool()).await.unwrap();
    for (topics, count) in [(vec![], 0), (vec![], -1), (vec![], 51), (vec![Uuid::new_v4()], 5)] {
        let wish = QuizRequest {
            from: DrawFrom::Document(document_id),
            mode: Mode::TopicFocused,
            topics,
            count,
            feedback: Feedback::Deferred,
        };
        let refused = quizzes::begin(app.pool(), &pupil.viewer, &wish).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{count}");
    }
    let other = app.pupil("S3").await;
    let wish = QuizRequest {
        from: DrawFrom::Document(document_id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    assert_eq!(quizzes::begin(app.pool(), &other.viewer, &wish).await, Err(AppError::NotFound), "another level's");
}

#[sqlx::test]
async fn an_old_form_takes_nothing_away(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let shown = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    save(&app, &pupil, attempt, one(items[0], "in another tab"), false, None).await.unwrap();
    let mut whole: BTreeMap<_, _> = items.iter().map(|&item| (Field::Answer(item), vec![String::new()])).collect();
    whole.insert(Field::Answer(items[1]), vec!["in this one".into()]);
    save(&app, &pupil, attempt, whole.clone(), false, Some(shown.shown_at)).await.unwrap();
    let again = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert_eq!(again.answers[&items[0]].0, ["in another tab"]);
    assert_eq!(again.answers[&items[1]].0, ["in this one"]);
    // A form that was rendered before that, with another answer to the same item: only its changes count.
    save(&app, &pupil, attempt, one(items[1], "changed meanwhile"), false, Some(again.shown_at)).await.unwrap();
    whole.insert(Field::Answer(items[2]), vec!["new".into()]);
    save(&app, &pupil, attempt, whole.clone(), false, Some(again.shown_at)).await.unwrap();
    let again = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert_eq!(again.answers[&items[1]].0, ["changed meanwhile"]);
    assert_eq!(again.answers[&items[2]].0, ["new"]);
    // An answer that is cleared in a form that showed it is gone.
    save(&app, &pupil, attempt, whole, false, Some(again.shown_at)).await.unwrap();
    assert!(attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap().answers[&items[0]].is_blank());
}

#[sqlx::test]
async fn one_answer_that_is_too_long_keeps_no_other_back(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let mut both = one(items[0], &"é".repeat(20_001));
    both.extend(one(items[1], &"é".repeat(20_000)));
    let refused = save(&app, &pupil, attempt, both, true, None).await;
    assert!(refused.unwrap().refused.is_some_and(|reason| reason.contains("20,000")));
    let shown = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert!(!shown.state.closed && shown.answers[&items[0]].is_blank() && !shown.answers[&items[1]].is_blank());
}

#[sqlx::test]
async fn entries_count_the_same_in_any_order_and_however_often(pool: PgPool) {
    let exam = exam(pool).await;
    let (phone, laptop) = (Uuid::new_v4(), Uuid::new_v4());
    let item = exam.items[0];
    send(&exam, phone, &[entry(phone, 1, item, "first"), entry(phone, 3, item, "third")]).await;
    send(&exam, phone, &[entry(phone, 2, item, "second")]).await;
    assert_eq!(exam.answer(0).await, "third", "an older entry that comes later changes nothing");
    let twice = [entry(phone, 4, item, "fourth"), entry(phone, 4, item, "fourth")];
    send(&exam, phone, &twice).await;
    send(&exam, phone, &twice).await;
    assert_eq!(exam.app.count("SELECT count(*) FROM attempt_journal").await, 4, "each once");

    // Another device takes over. The phone is notified, and what it wrote before counts where the other wrote nothing.
    let held = send(&exam, laptop, &[entry(laptop, 1, item, "on the laptop")]).await;
    assert_eq!(held.state.holder, Some(laptop));
    let late_phone = [entry(phone, 5, item, "typed on the phone before"), entry(phone, 6, exam.items[1], "only there")];
    let told = send(&exam, phone, &late_phone).await;
    assert_eq!((told.state.holder, told.state.device.as_str()), (Some(laptop), "Test"));
    assert_eq!(exam.answer(0).await, "on the laptop");
    assert_eq!(exam.answer(1).await, "only there");
    // A page whose first entries were lost is registered when they are sent again.
    let unheard = Uuid::new_v4();
    let again = Uuid::new_v4();
    send(&exam, again, &[entry(unheard, 1, item, "written offline"), entry(again, 1, exam.items[2], "now")]).await;
    assert_eq!(exam.answer(0).await, "written offline");
}

#[sqlx::test]
async fn what_comes_after_the_end_is_kept_and_not_marked(pool: PgPool) {
    let exam = exam(pool).await;
    let phone = Uuid::new_v4();
    send(&exam, phone, &[entry(phone, 1, exam.items[0], "in time")]).await;
    save(&exam.app, &exam.pupil, exam.attempt, Fields::new(), true, None).await.unwrap();
    let late = send(&exam, phone, &[entry(phone, 2, exam.items[0], "too late")]).await;
    assert!(late.late && late.state.closed);
    let result = attempts::result(exam.app.pool(), &exam.pupil.viewer, exam.attempt, WEAK).await.unwrap();
    assert!(result.items.iter().any(|item| item.answer.0 == ["in time"]));
    let lines = attempts::timeline(exam.app.pool(), &exam.pupil.viewer, exam.attempt).await.unwrap();
    let words: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert!(words.contains(&"1 change arrived from Test after the end: kept here, not marked"), "{words:?}");
    assert!(
        words.contains(&"Handed in") && words.contains(&"Opened on Test") && words.contains(&"Started"),
        "{words:?}"
    );
    let other = exam.app.pupil("P6").await;
    let foreign = attempts::timeline(exam.app.pool(), &other.viewer, exam.attempt).await;
    assert_eq!(foreign, Err(AppError::NotFound));
}

#[sqlx::test]
async fn the_journal_goes_when_marking_is_long_final(pool: PgPool) {
    let exam = exam(pool).await;
    let pool = exam.app.pool();
    let phone = Uuid::new_v4();
    send(&exam, phone, &[entry(phone, 1, exam.items[0], "first"), entry(phone, 2, exam.items[0], "second")]).await;
    let left = async || exam.app.count("SELECT count(*) FROM attempt_journal").await;
    let run = async |statement: &'static str| sqlx::query(statement).bind(exam.attempt).execute(pool).await.unwrap();
    tidy(pool, Some(7)).await.unwrap();
    assert_eq!(left().await, 2, "it runs");
    save(&exam.app, &exam.pupil, exam.attempt, Fields::new(), true, None).await.unwrap();
    run("UPDATE attempts SET started_at = started_at - interval '40 days', deadline_at = deadline_at - interval '40 days',
                submitted_at = submitted_at - interval '40 days' WHERE id = $1")
    .await;
    let marks = async || {
        let result = attempts::result(pool, &exam.pupil.viewer, exam.attempt, WEAK).await.unwrap();
        let items = result.items.into_iter();
        items.map(|item| (item.question_id, (item.answer.0, item.marked.marks))).collect::<BTreeMap<_, _>>()
    };
    let before = marks().await;
    assert!(before.values().any(|(answer, _)| *answer == ["second"]));
    for kept in [None, Some(41)] {
        tidy(pool, kept).await.unwrap();
        assert_eq!(left().await, 2, "{kept:?}");
    }
    run("UPDATE attempt_answers SET certainty = 'near' WHERE attempt_id = $1 AND answer = '{second}'").await;
    tidy(pool, Some(39)).await.unwrap();
    assert_eq!(left().await, 2, "an answer waits for a person");
    run("UPDATE attempt_answers SET certainty = 'exact' WHERE attempt_id = $1 AND answer = '{second}'").await;
    run("UPDATE quizzes SET results_at = now() - interval '38 days' WHERE id = (SELECT quiz_id FROM attempts WHERE id = $1)")
        .await;
    tidy(pool, Some(39)).await.unwrap();
    assert_eq!(left().await, 2, "the marks were told later");

    // More than are deleted at once, all handed in at the same time.
    run("WITH made AS (INSERT INTO attempts (quiz_id, user_id, document_id, started_at, deadline_at, submitted_at, closed_by,
                                             earned, possible)
                       SELECT quiz_id, user_id, document_id, started_at, deadline_at, submitted_at, closed_by, earned, possible
                         FROM attempts, generate_series(1, 250) WHERE id = $1 RETURNING id),
              page AS (INSERT INTO attempt_writers (attempt_id, writer, epoch, device)
                       SELECT id, gen_random_uuid(), 1, 'Test' FROM made RETURNING attempt_id, writer)
         INSERT INTO attempt_journal (attempt_id, writer, seq, item_id, is_choice, value, written_at, late)
         SELECT attempt_id, writer, 1, writer, false, '{x}', now(), false FROM page")
    .await;
    assert_eq!(left().await, 252);
    tidy(pool, Some(30)).await.unwrap();
    assert_eq!(left().await, 0);
    assert_eq!(marks().await, before);
}

/// What the phone sends now for an exam that ended `ago`: it was open for ten minutes before the end, and in contact then.
async fn after_the_end(exam: &Exam, phone: Uuid, ago: TimeDelta, written: &[(usize, &str, TimeDelta)]) -> Synced {
    let moved = "WITH ended AS (UPDATE attempts SET started_at = now() - interval '3 h', deadline_at = now() - $2 WHERE id = $1),
                      opened AS (UPDATE attempt_writers SET opened_at = now() - $2 - interval '10 min' WHERE attempt_id = $1)
                 UPDATE attempt_journal SET received_at = now() - $2 - interval '10 min' WHERE attempt_id = $1";
    sqlx::query(moved).bind(exam.attempt).bind(ago).execute(exam.app.pool()).await.unwrap();
    attempts::close_due(exam.app.pool()).await.unwrap();
    let entries: Vec<Entry> = written
        .iter()
        .zip(2..)
        .map(|(&(item, text, before_now), seq)| {
            let written_at = (attempts::now() - before_now).timestamp_millis();
            Entry { written_at, ..entry(phone, seq, exam.items[item], text) }
        })
        .collect();
    send(exam, phone, &entries).await
}

#[sqlx::test]
async fn what_was_written_in_time_counts_when_it_comes_within_the_grace_period(pool: PgPool) {
    let exam = exam(pool).await;
    let phone = Uuid::new_v4();
    send(&exam, phone, &[entry(phone, 1, exam.items[0], "nonsense"), entry(phone, 9, exam.items[3], "nonsense")]).await;
    let quiz = db::attempts::get(exam.app.pool(), &exam.pupil.viewer, exam.attempt).await.unwrap().quiz;
    let first =
        quiz.questions.iter().flat_map(|question| question.leaves()).find(|leaf| leaf.id == exam.items[0]).unwrap();
    let key = first.key.clone().unwrap();
    let right = key.text.split(" / ").next().unwrap();

    let (minute, second) = (TimeDelta::minutes(1), TimeDelta::seconds(1));
    let ago = minute * 5;
    let synced = after_the_end(
        &exam,
        phone,
        ago,
        &[
            (0, right, ago + second * 25),
            (1, "after the end", ago - second * 5),
            (2, "before what the page was last heard of", ago + minute * 12),
        ],
    )
    .await;
    assert!(synced.state.closed && synced.late, "two of the three were not in time");
    let result = attempts::result(exam.app.pool(), &exam.pupil.viewer, exam.attempt, WEAK).await.unwrap();
    assert_eq!(result.after_the_end, AfterTheEnd { counted: 1, too_late: 2 });
    let item = |n: usize| result.items.iter().find(|item| item.question_id == exam.items[n]).unwrap();
    assert_eq!(item(0).marked.verdict, Verdict::Right, "{:?} {right:?}", item(0));
    assert!(item(0).regraded.as_ref().is_some_and(|before| before.because == [Cause::Late] && before.earned == 0.0));
    assert!(item(1).answer.is_blank() && item(2).answer.is_blank());
    let sum: f64 = result.items.iter().filter(|item| item.counts).map(|item| item.marked.marks).sum();
    let earned = sqlx::query_scalar::<_, f64>("SELECT earned FROM attempts").fetch_one(exam.app.pool()).await.unwrap();
    assert_eq!(earned, sum);
    let lines = attempts::timeline(exam.app.pool(), &exam.pupil.viewer, exam.attempt).await.unwrap();
    let words: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    let told = |start: &str| words.iter().any(|line| line.starts_with(start));
    assert!(told("1 change arrived from Test after the end, but written before it: marked"), "{words:?}");
    assert!(told("2 changes arrived from Test after the end: kept here, not marked"), "{words:?}");
    assert!(told("Marked again with what came after the end; before, 1 answer had earned 0 of "), "{words:?}");
    crate::server::tests::statistics::assert_kept_is_rebuilt(&exam.app, "after late answers").await;

    // The server was stopped between saving and marking: its clock marks the answers later.
    sqlx::query("UPDATE attempt_answers SET earned = 0, verdict = 'wrong' WHERE verdict = 'right'")
        .execute(exam.app.pool())
        .await
        .unwrap();
    exam.app.run("INSERT INTO attempts_to_mark VALUES ($1)", exam.attempt).await;
    regrade::all_late(exam.app.pool()).await.unwrap();
    let again = attempts::result(exam.app.pool(), &exam.pupil.viewer, exam.attempt, WEAK).await.unwrap();
    assert!(again.items.iter().any(|item| item.marked.verdict == Verdict::Right));
    assert_eq!(exam.app.count("SELECT count(*) FROM attempts_to_mark").await, 0);
}

#[sqlx::test]
async fn after_the_grace_period_and_after_handing_in_nothing_counts(pool: PgPool) {
    let second = TimeDelta::seconds(1);
    let slow = exam(pool).await;
    let phone = Uuid::new_v4();
    send(&slow, phone, &[entry(phone, 1, slow.items[0], "in time")]).await;
    let ago = TimeDelta::minutes(15) + second;
    assert!(after_the_end(&slow, phone, ago, &[(0, "written in time", ago + second)]).await.late);
    let answer = |exam: &Exam| {
        let (app, viewer, attempt, item) =
            (exam.app.state.clone(), exam.pupil.viewer.clone(), exam.attempt, exam.items[0]);
        async move {
            let result = attempts::result(&app.pool, &viewer, attempt, WEAK).await.unwrap();
            result.items.into_iter().find(|i| i.question_id == item).unwrap().answer.0
        }
    };
    assert_eq!(answer(&slow).await, ["in time"]);

    let document = db::attempts::get(slow.app.pool(), &slow.pupil.viewer, slow.attempt).await.unwrap().document_id;
    let (pupil, attempt, items) = sitter(&slow.app, document.unwrap()).await;
    let done = Exam { app: slow.app, pupil, attempt, items };
    send(&done, phone, &[entry(phone, 1, done.items[0], "handed in")]).await;
    attempts::hand_in(done.app.pool(), &done.pupil.viewer, done.attempt).await.unwrap();
    let written_at = (attempts::now() - second).timestamp_millis();
    let before = Entry { written_at, ..entry(phone, 2, done.items[0], "after seeing the marks") };
    assert!(send(&done, phone, &[before]).await.late);
    assert_eq!(answer(&done).await, ["handed in"]);
}

#[sqlx::test]
async fn bad_entries_harm_nobody(pool: PgPool) {
    let exam = exam(pool).await;
    let phone = Uuid::new_v4();
    let odd = [
        entry(phone, 0, exam.items[0], "no number"),
        entry(phone, -5, exam.items[0], "no number"),
        entry(phone, i64::MAX, exam.items[0], "zero \0 inside"),
        entry(phone, 7, Uuid::new_v4(), "to nothing"),
        Entry { written_at: i64::MIN, value: vec![], ..entry(phone, 8, exam.items[1], "") },
        Entry { field: Field::Choice(Uuid::new_v4()), ..entry(phone, 9, exam.items[1], "yes") },
    ];
    send(&exam, phone, &odd).await;
    assert_eq!(exam.answer(0).await, "zero  inside");
    assert_eq!(exam.app.count("SELECT count(*) FROM attempt_journal").await, 2);
    let many: Vec<Entry> = (1..=2_001).map(|seq| entry(phone, seq, exam.items[0], "x")).collect();
    let sender = Sender { writer: phone, device: "Test" };
    let refused = attempts::sync(&exam.app.state.saves, &exam.pupil.viewer, exam.attempt, sender, many, false).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })));
}

#[sqlx::test]
async fn the_school_grants_time_pauses_and_ends(pool: PgPool) {
    let exam = exam(pool).await;
    let Exam { app, pupil, attempt, items } = &exam;
    let admin = app.admin().await;
    let left = async || attempts::state(app.pool(), &pupil.viewer, *attempt).await.unwrap();
    let take = async |measure, attempt, minutes| {
        let target = Target { attempt, document: None, class: None };
        invigilation::intervene(app.pool(), &admin.viewer, measure, target, minutes, "").await
    };
    take(Intervention::AddTime, Some(*attempt), 15).await.unwrap();
    assert!((8090..=8100).contains(&left().await.seconds_left));
    for minutes in [0, 241, -241] {
        assert!(matches!(take(Intervention::AddTime, None, minutes).await, Err(AppError::Invalid { .. })));
    }
    take(Intervention::Pause, None, 0).await.unwrap();
    assert!(matches!(take(Intervention::Pause, None, 0).await, Err(AppError::Conflict(_))), "it pauses already");
    // The clock is stopped at any time, and answers that arrive are saved.
    app.run(
        "UPDATE attempts SET deadline_at = now() - interval '5 min', started_at = now() - interval '2 h',
             paused_at = now() - interval '10 min' WHERE id = $1",
        *attempt,
    )
    .await;
    attempts::close_due(app.pool()).await.unwrap();
    save(app, pupil, *attempt, one(items[0], "in the pause"), false, None).await.unwrap();
    let state = left().await;
    assert!(state.paused && !state.closed && (295..=300).contains(&state.seconds_left), "{state:?}");
    take(Intervention::Resume, Some(*attempt), 0).await.unwrap();
    let state = left().await;
    assert!(!state.paused && (295..=300).contains(&state.seconds_left), "{state:?}");
    take(Intervention::End, None, 0).await.unwrap();
    assert!(matches!(take(Intervention::End, Some(*attempt), 0).await, Err(AppError::Conflict(_))), "it is ended");
    attempts::close_due(app.pool()).await.unwrap();
    let state = left().await;
    assert!(state.ending_at.is_some() && !state.closed, "it can be undone");
    take(Intervention::Resume, None, 0).await.unwrap();
    let state = left().await;
    assert!(state.ending_at.is_none() && !state.paused && state.seconds_left >= 290, "{state:?}");
    let other_paper = Target { document: Some(Uuid::new_v4()), ..Target::default() };
    let of_another = invigilation::intervene(app.pool(), &admin.viewer, Intervention::End, other_paper, 0, "").await;
    assert!(matches!(of_another, Err(AppError::Conflict(_))), "exams of other papers go on");
    take(Intervention::End, Some(*attempt), 0).await.unwrap();
    app.run("UPDATE attempts SET ending_at = now() - interval '1 s' WHERE id = $1", *attempt).await;
    attempts::close_due(app.pool()).await.unwrap();
    let result = attempts::result(app.pool(), &pupil.viewer, *attempt, WEAK).await.unwrap();
    assert_eq!(result.closed_by, ClosedBy::School);
    assert!(result.items.iter().any(|item| item.answer.0 == ["in the pause"]));
    let blank = result.items.iter().find(|item| item.marked.verdict == Verdict::Blank).unwrap();
    assert!(blank.marked.reason.contains("ended"), "{}", blank.marked.reason);
    let evidence = "SELECT count(*) FROM scored_answers WHERE is_blank";
    assert_eq!(app.count(evidence).await, 0, "what was not reached says nothing");
    assert!(matches!(take(Intervention::HandIn, Some(*attempt), 0).await, Err(AppError::Conflict(_))));
}

#[sqlx::test]
async fn an_open_page_is_told_what_changes(pool: PgPool) {
    let exam = exam(pool).await;
    let Exam { app, pupil, attempt, .. } = &exam;
    let listening = tokio::spawn(app.state.live.clone().run(app.pool().clone()));
    let path = format!("/attempts/{attempt}/events");
    let other = app.pupil("P6").await;
    assert_eq!(app.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get(&path, Some(&other)).await.status, StatusCode::NOT_FOUND);
    let request = Request::get(&path).header(header::AUTHORIZATION, format!("Bearer {}", pupil.token));
    let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    let mut next = async || {
        let event = tokio::time::timeout(std::time::Duration::from_secs(10), events.next()).await;
        let event = event.expect("nothing is told").map(|event| event.unwrap());
        event.map(|event| serde_json::from_slice::<State>(&event["data: ".len()..]).unwrap())
    };
    let first = next().await.unwrap();
    assert!(!first.closed && !first.paused);
    app.run("UPDATE attempts SET deadline_at = deadline_at + interval '10 min' WHERE id = $1", *attempt).await;
    // Events from before the listener was ready may arrive twice.
    while next().await.unwrap().seconds_left < first.seconds_left + 500 {}
    save(app, pupil, *attempt, Fields::new(), true, None).await.unwrap();
    while !next().await.unwrap().closed {}
    assert_eq!(next().await, None, "there is nothing more to tell");
    listening.abort();
}

#[sqlx::test]
async fn extra_time_is_a_share_of_every_quiz(pool: PgPool) {
    let exam = exam(pool).await;
    let app = &exam.app;
    let (admin, slow) = (app.admin().await, app.pupil("P6").await);
    db::invigilation::set_extra_time(app.pool(), &admin.viewer, slow.viewer.id(), 25).await.unwrap();
    let document_id = sqlx::query_scalar("SELECT document_id FROM attempts").fetch_one(app.pool()).await.unwrap();
    let wish = QuizRequest {
        from: DrawFrom::Document(document_id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &slow.viewer, &wish).await.unwrap();
    let left = attempts::state(app.pool(), &slow.viewer, attempt).await.unwrap().seconds_left;
    assert!((8990..=9000).contains(&left), "two hours and a quarter more: {left}");
    let of_admin = db::invigilation::set_extra_time(app.pool(), &admin.viewer, admin.viewer.id(), 25).await;
    assert_eq!(of_admin, Err(AppError::NotFound));
}

#[sqlx::test]
async fn a_corrected_key_marks_again_and_the_old_marks_stay_to_be_seen(pool: PgPool) {
    let exam = exam(pool).await;
    let Exam { app, pupil, attempt, .. } = &exam;
    let document: Uuid = sqlx::query_scalar("SELECT document_id FROM attempts").fetch_one(app.pool()).await.unwrap();
    let numeric = "SELECT id FROM questions WHERE document_id = $1 AND kind = 'numeric' AND key IS NOT NULL LIMIT 1";
    let item: Uuid = sqlx::query_scalar(numeric).bind(document).fetch_one(app.pool()).await.unwrap();
    save(app, pupil, *attempt, one(item, "987654"), true, None).await.unwrap();
    let admin = app.admin().await;
    assert_eq!(regrade::preview(app.pool(), &admin.viewer, document).await.unwrap().lines, [], "nothing was corrected");
    app.run("UPDATE questions SET key = jsonb_set(key, '{text}', '\"987654\"') WHERE id = $1", item).await;
    let lines = regrade::preview(app.pool(), &admin.viewer, document).await.unwrap().lines;
    assert_eq!((lines.len(), lines[0].items.len(), lines[0].before.0), (1, 1, 0.0));
    assert!(lines[0].after.0 > 0.0 && lines[0].after.1 == lines[0].before.1);
    let stranger = app.pupil("P6").await;
    assert_eq!(regrade::apply(app.pool(), &stranger.viewer, document).await, Err(AppError::NotFound));
    let result = async || attempts::result(app.pool(), &pupil.viewer, *attempt, WEAK).await.unwrap();
    assert_eq!(result().await.earned, 0.0, "a preview changes nothing");
    regrade::apply(app.pool(), &admin.viewer, document).await.unwrap();
    let after = result().await;
    assert_eq!((after.earned, after.possible), lines[0].after);
    let regraded = after.items.iter().find(|i| i.question_id == item).unwrap();
    assert_eq!(regraded.regraded.as_ref().unwrap().earned, 0.0);
    let leaves = after.quiz.questions.iter().flat_map(|question| question.leaves());
    let shown = leaves.clone().find(|leaf| leaf.id == item).unwrap();
    assert_eq!(shown.key.as_ref().unwrap().text, "987654", "the pupil sees the key that counts");
    assert_eq!(leaves.filter(|leaf| leaf.key.is_none()).count(), 0);
    assert_eq!(regrade::preview(app.pool(), &admin.viewer, document).await.unwrap().lines, [], "once is enough");
    let page = app.get(&format!("/attempts/{attempt}/result"), Some(pupil)).await;
    assert!(page.body.contains("because the answer key was corrected"));
}

#[sqlx::test]
async fn six_digits_move_an_exam_once(pool: PgPool) {
    let exam = exam(pool).await;
    let Exam { app, pupil, attempt, .. } = &exam;
    let other = app.pupil("P6").await;
    assert_eq!(handover::make(app.pool(), &other.viewer, *attempt).await, Err(AppError::NotFound));
    handover::make(app.pool(), &pupil.viewer, *attempt).await.unwrap();
    let shown = handover::shown(app.pool(), &pupil.viewer, *attempt, "http://school").await.unwrap().unwrap();
    assert!(shown.code.len() == 6 && shown.picture.contains("<svg"));
    assert_eq!(handover::shown(app.pool(), &other.viewer, *attempt, "").await, Err(AppError::NotFound));
    assert!(handover::redeem(&app.state, "12", "Test").await.is_err());
    let moved =
        handover::redeem(&app.state, &format!(" {} {}", &shown.code[..3], &shown.code[3..]), "Test").await.unwrap();
    assert_eq!(moved.attempt, *attempt);
    let there = Person { token: moved.token, viewer: pupil.viewer.clone() };
    assert_eq!(app.get(&format!("/attempts/{attempt}"), Some(&there)).await.status, StatusCode::OK);
    assert!(handover::redeem(&app.state, &shown.code, "Test").await.is_err(), "it is used up");
    handover::make(app.pool(), &pupil.viewer, *attempt).await.unwrap();
    app.run("UPDATE attempt_handovers SET expires_at = now() WHERE attempt_id = $1", *attempt).await;
    let old: String = sqlx::query_scalar("SELECT code FROM attempt_handovers").fetch_one(app.pool()).await.unwrap();
    assert!(handover::redeem(&app.state, &old, "Test").await.is_err(), "it is too old");
    for _ in 0..40 {
        let _ = handover::redeem(&app.state, "000000", "Test").await;
    }
    assert!(matches!(handover::redeem(&app.state, "000000", "Test").await, Err(AppError::RateLimited { .. })));
}

#[sqlx::test]
async fn a_second_tap_starts_no_second_exam(pool: PgPool) {
    let Exam { app, pupil, attempt, .. } = exam(pool).await;
    let document_id = sqlx::query_scalar("SELECT document_id FROM attempts").fetch_one(app.pool()).await.unwrap();
    let begin = async |mode| {
        let wish = QuizRequest {
            from: DrawFrom::Document(document_id),
            mode,
            topics: vec![],
            count: 3,
            feedback: Feedback::Deferred,
        };
        quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap()
    };
    let (a, b, c) = tokio::join!(begin(Mode::RealExam), begin(Mode::TopicFocused), begin(Mode::TopicFocused));
    assert_eq!((a, b), (attempt, c));
    save(&app, &pupil, attempt, BTreeMap::new(), true, None).await.unwrap();
    assert_ne!(begin(Mode::RealExam).await, attempt, "what is handed in is over");
    assert_eq!(progress::topics(app.pool(), pupil.viewer.id(), 0.6).await.unwrap(), [], "it was only looked at");
}

#[sqlx::test]
async fn the_school_decides_what_counts_of_a_choice(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let choice = r#"UPDATE documents SET paper = jsonb_set(paper, '{sections}',
        '[{"label": "", "title": "", "rule": {"choose": 2}, "marks": null}]') WHERE id = $1"#;
    app.run(choice, id).await;
    let told = async || app.get(&format!("/quizzes/new?document={id}"), Some(&pupil)).await.body;
    assert!(told().await.contains("the first 2 count"));
    db::documents::set_counting(app.pool(), &admin.viewer, id, Some(Counting::Best)).await.unwrap();
    assert!(told().await.contains("the best 2 questions that you answer count"));
    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let quiz = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
    assert_eq!(quiz.sections[0].rule, Rule::Best(2));
    let review = app.get(&format!("/admin/documents/{id}/review"), Some(&admin)).await.body;
    assert!(review.contains("If a pupil answers too many"));
    db::documents::set_counting(app.pool(), &admin.viewer, id, None).await.unwrap();
    assert!(told().await.contains("the first 2 count"), "as the paper says");
}

#[sqlx::test]
async fn a_calculator_is_where_the_cover_or_the_school_allows_one(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let page = async |mode| {
        let pupil = app.pupil("P6").await;
        let (from, feedback) = (DrawFrom::Document(id), Feedback::Deferred);
        let wish = QuizRequest { from, mode, topics: vec![], count: 1, feedback };
        let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
        (app.get(&format!("/attempts/{attempt}"), Some(&pupil)).await.body, attempt, pupil)
    };
    let has_one = async |mode| page(mode).await.0.contains("class=\"calculator card\"");
    assert!(!has_one(Mode::RealExam).await);
    app.run(r#"UPDATE documents SET paper = jsonb_set(paper, '{cover,calculator}', 'true') WHERE id = $1"#, id).await;
    let (shown, attempt, pupil) = page(Mode::RealExam).await;
    assert!(shown.contains("class=\"calculator card\""));
    assert!(!has_one(Mode::TopicFocused).await, "a practice is not the exam");
    db::documents::set_calculator(app.pool(), &admin.viewer, id, Some(false)).await.unwrap();
    assert!(!has_one(Mode::RealExam).await);
    let begun = app.get(&format!("/attempts/{attempt}"), Some(&pupil)).await.body;
    assert!(begun.contains("class=\"calculator card\""), "an exam stays as it was when it began");
    let review = app.get(&format!("/admin/documents/{id}/review"), Some(&admin)).await.body;
    assert!(review.contains("May pupils use a calculator?") && review.contains("As the cover says: yes"), "{review}");
    db::documents::set_calculator(app.pool(), &admin.viewer, id, None).await.unwrap();
    assert!(has_one(Mode::RealExam).await);
}

#[sqlx::test]
async fn saves_that_come_at_once_are_written_together_and_answered_apart(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let document = db::attempts::get(app.pool(), &pupil.viewer, attempt).await.unwrap().document_id.unwrap();
    let mut sitters = vec![(pupil, attempt, items)];
    for _ in 0..20 {
        sitters.push(sitter(&app, document).await);
    }
    let writer = Uuid::new_v4();
    for (pupil, attempt, _) in &sitters {
        let sender = Sender { writer, device: "Test" };
        attempts::sync(&app.state.saves, &pupil.viewer, *attempt, sender, Vec::new(), false).await.unwrap();
    }
    let save = |(pupil, attempt, items): &(Person, Uuid, Vec<Uuid>), seq, text: &str| {
        let entries = vec![entry(writer, seq, items[0], text)];
        app.state.saves.write(Save { attempt: *attempt, pupil: pupil.viewer.id(), writer, entries })
    };
    // Three of each; one that PostgreSQL cannot store; one for another's attempt; one for an attempt that is handed in.
    attempts::hand_in(app.pool(), &sitters[20].0.viewer, sitters[20].1).await.unwrap();
    let (stranger, theirs) = (app.pupil("P6").await, &sitters[7]);
    let foreign = (stranger, theirs.1, theirs.2.clone());
    let good = sitters.iter().flat_map(|sitter| (1..=3).map(move |seq| (sitter, seq, format!("answer {seq}"))));
    let good = join_all(good.map(async |(sitter, seq, text)| save(sitter, seq, &text).await));
    let (good, broken, foreign) =
        tokio::join!(good, save(&sitters[3], 4, "no \0 text"), save(&foreign, 5, "taken over"));
    assert!(broken.is_err() && matches!(foreign, Err(AppError::NotFound)));
    for (n, written) in good.into_iter().enumerate() {
        let written = written.unwrap();
        assert_eq!((written.unknown, written.late, written.state.closed), (false, n >= 60, n >= 60), "{n}");
    }
    for (n, (_, attempt, items)) in sitters.iter().enumerate() {
        let mut conn = app.pool().acquire().await.unwrap();
        let answers = db::journal::answers(&mut conn, *attempt).await.unwrap();
        let kept: &[&str] = if n < 20 { &["answer 3"] } else { &[] };
        assert_eq!(answers[&items[0]].0, kept, "{n}");
        assert_eq!(db::journal::arrivals(app.pool(), *attempt).await.unwrap().len(), 3, "all are in the journal");
    }
}
