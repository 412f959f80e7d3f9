//! Making quizzes: from visible documents, by topic or by what to do next, with a note if there are too few questions.

use std::collections::BTreeSet;

use exam_model::answer::Verdict;
use exam_model::question::{Key, KeySource, Kind, MadeFrom, Question};

use super::attempts::{Fields, save};
use super::*;
use crate::domain::journal::Field;
use crate::domain::mastery::TopicState;
use crate::domain::quiz::{Feedback, Mode, Quiz};
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self};
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{self, quizzes as db_quizzes, topics};
use crate::server::{estimates, progress};

async fn subject(app: &TestApp, level: &str, name: &str) -> Uuid {
    topics::subject_id(app.pool(), level, name).await.unwrap()
}

/// A document with these questions: the pupil's own, or published for P6 Mathematics by an admin.
pub(super) async fn document_of(app: &TestApp, owner: &Person, title: &str, questions: &[Question]) -> Uuid {
    let designated = owner.viewer.is_admin().then_some(("P6", "Mathematics"));
    let id = app.document(owner, title, designated).await;
    app.run("DELETE FROM jobs WHERE document_id = $1", id).await;
    let mut conn = app.pool().acquire().await.unwrap();
    db::questions::keep_reading(&mut conn, id, questions).await.unwrap();
    app.run("UPDATE documents SET status = 'ready', published_at = now() WHERE id = $1 AND NOT is_personal", id).await;
    id
}

fn numeric(path: &str, text: &str, key: &str, topic: Option<Uuid>) -> Question {
    let key = (!key.is_empty()).then(|| Key { options: vec![], text: key.into(), source: KeySource::Person });
    Question {
        path: path.into(),
        label: format!("{path}."),
        kind: Kind::Numeric,
        text: text.into(),
        key,
        topic,
        confidence: 1.0,
        ..Question::default()
    }
}

/// Sums, as questions of a topic.
pub(super) fn sums(count: usize, topic: Option<Uuid>) -> Vec<Question> {
    (1..=count)
        .map(|n| numeric(&n.to_string(), &format!("Work out {} + 250.", 100 + n), &(350 + n).to_string(), topic))
        .collect()
}

pub(super) async fn topic_of(app: &TestApp, name: &str) -> Uuid {
    sqlx::query_scalar(
        "SELECT t.id FROM topics t JOIN subjects s ON s.id = t.subject_id WHERE s.level = 'P6' AND t.name = $1",
    )
    .bind(name)
    .fetch_one(app.pool())
    .await
    .unwrap()
}

pub(super) async fn begin(
    app: &TestApp,
    who: &Person,
    from: DrawFrom,
    mode: Mode,
    topics: &[Uuid],
    count: i32,
) -> Result<Uuid, AppError> {
    quizzes::begin(
        app.pool(),
        &who.viewer,
        &QuizRequest { from, mode, topics: topics.to_vec(), count, feedback: Feedback::Deferred },
    )
    .await
}

async fn quiz_of(app: &TestApp, who: &Person, attempt: Uuid) -> Quiz {
    db::attempts::get(app.pool(), &who.viewer, attempt).await.unwrap().quiz
}

/// Answers every item with this text, or with its key for `None`, and hands in.
pub(super) async fn answer_all(app: &TestApp, who: &Person, attempt: Uuid, text: Option<&str>) {
    let quiz = quiz_of(app, who, attempt).await;
    let leaves = quiz.questions.iter().flat_map(|question| question.leaves());
    let answer = |leaf: &Question| text.map_or_else(|| leaf.key.clone().unwrap().text, str::to_owned);
    let answers: Fields = leaves.map(|leaf| (Field::Answer(leaf.id), vec![answer(leaf)])).collect();
    save(app, who, attempt, answers, true, None).await.unwrap();
}

/// Moves an attempt this many days into the past.
async fn grow_old(app: &TestApp, attempt: Uuid, days: i32) {
    db::attempts::move_back(app.pool(), attempt, days * 24 * 60).await.unwrap();
    sqlx::query("UPDATE attempts SET submitted_at = started_at WHERE id = $1")
        .bind(attempt)
        .execute(app.pool())
        .await
        .unwrap();
    estimates::recount(&mut app.pool().acquire().await.unwrap()).await.unwrap();
}

#[sqlx::test]
async fn a_subject_is_drawn_from_what_the_pupil_may_see(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let maths = subject(&app, "P6", "Mathematics").await;
    let seen = [
        document_of(&app, &admin, "One", &sums(2, None)).await,
        document_of(&app, &admin, "Two", &sums(2, None)).await,
    ];
    let own = document_of(&app, &pupil, "Own", &sums(1, None)).await;
    let foreign = document_of(&app, &other, "Foreign", &sums(2, None)).await;
    let hidden = document_of(&app, &admin, "Hidden", &sums(2, None)).await;
    app.run("UPDATE documents SET published_at = NULL WHERE id = $1", hidden).await;
    let archived = document_of(&app, &admin, "Archived", &sums(2, None)).await;
    app.run("UPDATE documents SET is_archived = true WHERE id = $1", archived).await;
    let english = document_of(&app, &admin, "English", &sums(2, None)).await;
    let moved = "UPDATE documents SET subject_id = (SELECT id FROM subjects WHERE level = 'P6' AND name = 'English') WHERE id = $1";
    app.run(moved, english).await;
    for id in [own, foreign] {
        let moved = "UPDATE documents SET subject_id = (SELECT id FROM subjects WHERE level = 'P6' AND name = 'Mathematics') WHERE id = $1";
        app.run(moved, id).await;
    }
    for mode in [Mode::Adaptive, Mode::TopicFocused] {
        let attempt = begin(&app, &pupil, DrawFrom::Subject(maths), mode, &[], 50).await.unwrap();
        let quiz = quiz_of(&app, &pupil, attempt).await;
        let from: BTreeSet<Uuid> = quiz.questions.iter().map(|q| q.drawn.as_ref().unwrap().document).collect();
        assert_eq!(from, BTreeSet::from([seen[0], seen[1], own]), "{mode:?}");
        assert_eq!(quiz.note, "You asked for 50 questions, but this choice has only 5.");
        let paths: Vec<&str> = quiz.questions.iter().map(|question| question.path.as_str()).collect();
        assert_eq!(paths, ["1", "2", "3", "4", "5"], "numbered anew");
    }
    for id in [foreign, hidden, archived] {
        let refused = begin(&app, &pupil, DrawFrom::Document(id), Mode::RealExam, &[], 5).await;
        assert_eq!(refused.map(|_| ()), Err(AppError::NotFound));
    }
    let whole = begin(&app, &admin, DrawFrom::Subject(maths), Mode::Adaptive, &[], 50).await.unwrap();
    let titles: BTreeSet<String> =
        quiz_of(&app, &admin, whole).await.questions.iter().map(|q| q.drawn.clone().unwrap().paper).collect();
    assert!(!titles.contains("Foreign") && !titles.contains("Own") && !titles.contains("Archived"), "{titles:?}");
    for document in [foreign, hidden, archived] {
        let refused = begin(&app, &pupil, DrawFrom::Document(document), Mode::Adaptive, &[], 5).await;
        assert_eq!(refused, Err(AppError::NotFound));
    }
    let stranger = app.pupil("S3").await;
    assert_eq!(begin(&app, &stranger, DrawFrom::Subject(maths), Mode::Adaptive, &[], 5).await, Err(AppError::NotFound));
    let exam = begin(&app, &pupil, DrawFrom::Subject(maths), Mode::RealExam, &[], 5).await;
    assert!(matches!(exam, Err(AppError::Invalid { field, .. }) if field == "document_id"), "an exam is of one paper");
}

#[sqlx::test]
async fn topics_and_bounds_hold_for_what_to_do_next(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let (fractions, angles) =
        (topic_of(&app, "Operations on fractions").await, topic_of(&app, "Angles and construction").await);
    let mut questions = sums(6, Some(fractions));
    questions.extend((7..=12).map(|n| numeric(&n.to_string(), "How many degrees?", "90", Some(angles))));
    questions.push(numeric("13", "Nobody knows.", "", Some(angles)));
    let id = document_of(&app, &admin, "Paper", &questions).await;
    for count in [i32::MIN, -1, 0, 51, i32::MAX] {
        let refused = begin(&app, &pupil, DrawFrom::Document(id), Mode::Adaptive, &[], count).await;
        assert!(matches!(refused, Err(AppError::Invalid { field, .. }) if field == "count"), "{count}");
    }
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::Adaptive, &[angles], 10).await.unwrap();
    let quiz = quiz_of(&app, &pupil, attempt).await;
    assert!(quiz.questions.iter().all(|question| question.topic == Some(angles)));
    assert_eq!(
        quiz.note,
        "You asked for 10 questions, but this choice has only 6: 1 part cannot be marked, because there is no answer key."
    );
    let why = &quiz.questions[0].drawn.as_ref().unwrap().why;
    assert_eq!(why, "Angles and construction: worth 7 marks a paper, and too few answers yet to know how well you do.");
    answer_all(&app, &pupil, attempt, Some("1")).await;
    grow_old(&app, attempt, 3).await;
    let first = begin(&app, &pupil, DrawFrom::Document(id), Mode::Adaptive, &[], 50).await.unwrap();
    let next = quiz_of(&app, &pupil, first).await;
    let reasons: BTreeSet<&str> =
        next.questions.iter().map(|question| question.drawn.as_ref().unwrap().why.as_str()).collect();
    assert!(reasons.contains("You missed this 3 days ago."), "{reasons:?}");
    assert!(
        reasons.contains(
            "Operations on fractions: worth 6 marks a paper, and too few answers yet to know how well you do."
        )
    );
    let again = begin(&app, &pupil, DrawFrom::Document(id), Mode::Adaptive, &[], 50).await.unwrap();
    assert_eq!(again, first, "a second tap on the same");
    let of_topic = begin(&app, &pupil, DrawFrom::Document(id), Mode::Adaptive, &[angles], 10).await.unwrap();
    let of_topic = quiz_of(&app, &pupil, of_topic).await;
    assert!(
        of_topic.questions.iter().all(|question| question.topic == Some(angles)),
        "another tab gets what it asks for"
    );
    let nothing = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[Uuid::new_v4()], 5).await;
    assert!(
        matches!(nothing, Err(AppError::Invalid { reason, .. }) if reason.starts_with("There are no questions for this choice."))
    );
}

#[sqlx::test]
async fn questions_made_from_notes_wait_but_for_their_owner(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let made = |approved| {
        let sentence = "A cell is the unit of life.".to_owned();
        let mut questions = sums(3, None);
        for question in &mut questions {
            question.made_from = Some(MadeFrom::Notes { sentence: sentence.clone(), page: 1 });
            question.confidence = 0.5;
        }
        questions[0].approved = approved;
        questions
    };
    let own = document_of(&app, &pupil, "My notes", &made(false)).await;
    let quiz = begin(&app, &pupil, DrawFrom::Document(own), Mode::TopicFocused, &[], 3).await.unwrap();
    assert_eq!(quiz_of(&app, &pupil, quiz).await.questions.len(), 3);
    let shown = app.get(&format!("/attempts/{quiz}"), Some(&pupil)).await;
    assert!(shown.body.contains("Made from notes, page 1."), "it is marked");
    assert!(!shown.body.contains("A cell is the unit of life."), "but the sentence tells the answer");
    let school = document_of(&app, &admin, "School's notes", &made(false)).await;
    for mode in [Mode::RealExam, Mode::TopicFocused, Mode::Adaptive] {
        let refused = begin(&app, &pupil, DrawFrom::Document(school), mode, &[], 3).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{mode:?}");
    }
    let form = app.get(&format!("/quizzes/new?document={school}"), Some(&pupil)).await;
    assert!(
        form.body
            .contains("3 questions made from these notes will be here once somebody has checked and approved them.")
    );
    assert_eq!(app.count("SELECT count(*) FROM questions WHERE needs_look AND made_from IS NOT NULL").await, 6);
    let approved = document_of(&app, &admin, "Seen notes", &made(true)).await;
    let quiz = begin(&app, &pupil, DrawFrom::Document(approved), Mode::Adaptive, &[], 3).await.unwrap();
    let quiz = quiz_of(&app, &pupil, quiz).await;
    assert_eq!(quiz.questions.len(), 1);
    assert!(quiz.note.ends_with("2 parts made from notes must be approved first."), "{}", quiz.note);
}

#[sqlx::test]
async fn notes_become_questions_by_the_queue(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let pdf = made_pdf::text_pages(&[&[
        "The stomach is an organ that stores food and begins to break it down.",
        "Evaporation is the change of a liquid into a gas at its surface.",
        "The three states of matter are solid, liquid and gas.",
    ]]);
    let set = Some(("P6", "Science and Elementary Technology"));
    for (kind, made) in [(DocumentKind::Notes, 3), (DocumentKind::ExamPaper, 0)] {
        let label = Label { title: "A text".into(), kind, year: None };
        let id = app.upload(&admin, label, &pdf, set, None).await;
        worker::work_all(app.pool()).await.unwrap();
        let questions = db::questions::of_document(app.pool(), &admin.viewer, id).await.unwrap();
        let from_notes = questions.iter().filter(|question| question.made_from.is_some()).count();
        assert_eq!(from_notes, made, "{kind:?}: {questions:#?}");
        assert!(questions.iter().all(|question| question.made_from.is_none() || question.needs_look()));
    }
}

#[sqlx::test]
async fn mistakes_come_back_until_they_are_known(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = document_of(&app, &admin, "Paper", &sums(4, None)).await;
    let empty = app.get("/mistakes", Some(&pupil)).await;
    assert!(empty.status == 200 && empty.body.contains("No mistakes yet."));
    let begin_mistakes = || quizzes::begin_mistakes(app.pool(), &pupil.viewer);
    assert!(matches!(begin_mistakes().await, Err(AppError::Invalid { .. })), "there are none");
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 3).await.unwrap();
    let quiz = quiz_of(&app, &pupil, attempt).await;
    let answers: Fields = quiz
        .questions
        .iter()
        .zip(["1", "2", &quiz.questions[2].key.as_ref().unwrap().text])
        .map(|(question, text)| (Field::Answer(question.id), vec![text.to_owned()]))
        .collect();
    save(&app, &pupil, attempt, answers, true, None).await.unwrap();
    let notebook = async || progress::mistakes(app.pool(), &pupil.viewer).await.unwrap();
    assert_eq!((notebook().await.due, notebook().await.subjects[0].1.len()), (0, 2), "just missed, not yet due");
    grow_old(&app, attempt, 100).await;
    let due = notebook().await;
    assert_eq!((due.due, due.subjects[0].0.as_deref()), (2, Some("Mathematics")));
    let page = app.get("/mistakes", Some(&pupil)).await;
    assert!(page.body.contains("Practise what is due (2)") && page.body.contains("Question 1 of Paper"));
    for (round, days) in [95, 80, 50].into_iter().enumerate() {
        assert_eq!(notebook().await.due, 2, "right {round} times is not known yet");
        let attempt = begin_mistakes().await.unwrap();
        let quiz = quiz_of(&app, &pupil, attempt).await;
        assert_eq!((quiz.mode, quiz.questions.len(), quiz.title.as_str()), (Mode::Adaptive, 2, "Mistakes"));
        answer_all(&app, &pupil, attempt, None).await;
        grow_old(&app, attempt, days).await;
    }
    assert!(notebook().await.subjects.is_empty(), "what is known leaves");
    let other = app.pupil("P6").await;
    assert!(progress::mistakes(app.pool(), &other.viewer).await.unwrap().subjects.is_empty(), "one's own only");
}

#[sqlx::test]
async fn a_result_shows_each_topic_before_and_after(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let id = document_of(&app, &admin, "Paper", &sums(8, Some(topic))).await;
    let mut attempts = Vec::new();
    for answer in [Some("no"), None, None] {
        let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 4).await.unwrap();
        answer_all(&app, &pupil, attempt, answer).await;
        attempts.push(attempt);
    }
    grow_old(&app, attempts[0], 20).await;
    grow_old(&app, attempts[1], 10).await;
    let stands = async |n: usize| {
        let result = attempts::result(app.pool(), &pupil.viewer, attempts[n], WEAK).await.unwrap();
        let [topic] = &result.topics[..] else { panic!("{:?}", result.topics) };
        <[_; 2]>::from(topic.change.unwrap()).map(|standing| (standing.state, standing.answers))
    };
    assert_eq!(stands(0).await, [(TopicState::Unsure, 0), (TopicState::Weak, 4)]);
    let [before, after] = stands(1).await;
    assert_eq!((before, after.1), ((TopicState::Weak, 4), 8), "what comes later is not in it");
    assert_eq!(after.0, TopicState::Unsure, "four of eight, and the last four");
    assert_eq!(stands(2).await, [after, (TopicState::Fair, 12)]);
    let page = async |n: usize| app.get(&format!("/attempts/{}/result", attempts[n]), Some(&pupil)).await.body;
    let (second, third) = (page(1).await, page(2).await);
    assert!(
        second.contains("To expect now") && second.contains("before: ") && second.contains("Not sure yet"),
        "{second}"
    );
    assert!(third.contains("Getting there") && !third.contains("before: "), "no share of what was not sure: {third}");
}

#[sqlx::test]
async fn the_result_of_a_long_paper_is_short(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    // A third is wrong, a third partly right, a third right.
    let question = |n: usize| {
        let keys = [["999", "998"], ["351", "998"], ["351", "351"]][n % 3];
        let part = |(label, key)| numeric(&format!("{n}.{label}"), "Work out 100 + 251.", key, None);
        let parts = ["a", "b"].into_iter().zip(keys).map(part).collect();
        Question { parts, ..numeric(&n.to_string(), "Two sums.", "", None) }
    };
    let id = document_of(&app, &admin, "Paper", &(1..=24).map(question).collect::<Vec<_>>()).await;
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::RealExam, &[], 24).await.unwrap();
    answer_all(&app, &pupil, attempt, Some("351")).await;
    let page = app.get(&format!("/attempts/{attempt}/result"), Some(&pupil)).await.body;
    let folded = |part: &str| part.matches(r#"class="question""#).count();
    let open = |part: &str| part.matches(r#"<details open class="question""#).count();
    let (wrong, others) = page.split_once("Partly right (8)").expect(&page);
    assert!(wrong.contains("Look at these again (8)"), "{wrong}");
    assert_eq!((folded(wrong), open(wrong), open(others)), (8, 3, 0), "wrong ones first, and the first of them open");
    let (partly, right) = others.split_once("Right (8)").expect(others);
    for listed in [partly, right] {
        let (listed, more) = listed.split_once("3 more").expect(listed);
        assert_eq!((folded(listed), folded(more)), (5, 3));
    }
}

#[sqlx::test]
async fn mistakes_of_what_is_hidden_again_are_hidden(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = document_of(&app, &admin, "Paper", &sums(2, None)).await;
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 2).await.unwrap();
    answer_all(&app, &pupil, attempt, Some("1")).await;
    grow_old(&app, attempt, 9).await;
    assert_eq!(progress::mistakes(app.pool(), &pupil.viewer).await.unwrap().due, 2);
    app.run("UPDATE documents SET published_at = NULL WHERE id = $1", id).await;
    assert_eq!(progress::mistakes(app.pool(), &pupil.viewer).await.unwrap().due, 0);
    assert!(quizzes::begin_mistakes(app.pool(), &pupil.viewer).await.is_err());
}

#[sqlx::test]
async fn practice_does_not_tell_the_answers_of_an_exam_that_is_sat(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = document_of(&app, &admin, "Paper", &sums(2, None)).await;
    let wish = |feedback| QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::TopicFocused,
        topics: Vec::new(),
        count: 2,
        feedback,
    };
    let exam = begin(&app, &pupil, DrawFrom::Document(id), Mode::RealExam, &[], 0).await.unwrap();
    let practice = async || quizzes::begin(app.pool(), &pupil.viewer, &wish(Feedback::Immediate)).await;
    assert!(practice().await.is_err(), "both questions are in the exam");
    attempts::hand_in(app.pool(), &pupil.viewer, exam).await.unwrap();
    let attempt = practice().await.unwrap();
    assert_eq!(quiz_of(&app, &pupil, attempt).await.questions.len(), 2);
}

#[sqlx::test]
async fn another_question_like_this(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = Some(topic_of(&app, "Operations on fractions").await);
    let mut questions = sums(1, topic);
    questions.push(numeric("2", "Work out 3/4 of 20.", "15", topic));
    questions.push(numeric("3", "Work out 2/5 of 20.", "8", topic));
    questions.push(numeric("4", "How many sides has a square?", "4", None));
    let id = document_of(&app, &admin, "Paper", &questions).await;
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 4).await.unwrap();
    let items: Vec<Uuid> = quiz_of(&app, &pupil, attempt).await.questions.iter().map(|question| question.id).collect();
    let another = |who: &Person, item: usize| {
        let viewer = who.viewer.clone();
        let (pool, item) = (app.pool().clone(), items[item]);
        async move { quizzes::begin_another(&pool, &viewer, attempt, item).await }
    };
    assert_eq!(another(&pupil, 0).await, Err(AppError::NotFound), "not while it runs: it would give the topic away");
    answer_all(&app, &pupil, attempt, Some("1")).await;
    app.run("UPDATE attempts SET started_at = started_at - interval '1 minute' WHERE id = $1", attempt).await;

    let varied = another(&pupil, 0).await.unwrap();
    let quiz = quiz_of(&app, &pupil, varied).await;
    let [question] = &quiz.questions[..] else { panic!("one question") };
    assert!(question.text.starts_with("Work out ") && question.text != questions[0].text, "{}", question.text);
    assert_eq!(question.made_from.as_ref().unwrap().words(), "Made from question 1 of Paper, with other numbers.");
    answer_all(&app, &pupil, varied, None).await;
    let result = attempts::result(app.pool(), &pupil.viewer, varied, WEAK).await.unwrap();
    assert_eq!(result.items[0].marked.verdict, Verdict::Right);
    let page = app.get(&format!("/attempts/{varied}/result"), Some(&pupil)).await;
    assert!(page.body.contains("Made from question 1 of Paper") && page.body.contains("worked out from its numbers"));
    app.run("UPDATE attempts SET started_at = started_at - interval '1 minute' WHERE id = $1", varied).await;

    let alike = another(&pupil, 1).await.unwrap();
    let quiz = quiz_of(&app, &pupil, alike).await;
    assert!([items[0], items[2]].contains(&quiz.questions[0].id), "another of the topic, and the same kind");
    assert!(matches!(another(&pupil, 3).await, Err(AppError::Conflict(_))), "nothing else has no topic");
    let other = app.pupil("P6").await;
    assert_eq!(another(&other, 1).await, Err(AppError::NotFound), "somebody else's attempt");
    assert_eq!(another(&admin, 1).await, Err(AppError::NotFound), "nor for the school");
    app.run("UPDATE documents SET is_archived = true WHERE id = $1", id).await;
    assert_eq!(another(&pupil, 1).await, Err(AppError::NotFound), "the paper is gone");
}

#[sqlx::test]
async fn progress_follows_the_last_answers(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let id = document_of(&app, &admin, "Paper", &sums(4, Some(topic))).await;
    for (days, answer) in [(90, Some("1")), (30, None), (0, None)] {
        let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 4).await.unwrap();
        answer_all(&app, &pupil, attempt, answer).await;
        grow_old(&app, attempt, days.max(1)).await;
    }
    let line = progress::topics(app.pool(), pupil.viewer.id(), 0.6).await.unwrap().remove(0);
    assert_eq!(line.standing.answers, 12);
    let expected = line.standing.expected;
    assert!(expected.share > 8.0 / 12.0, "the failures of three months ago weigh less: {expected:?}");
    let page = app.get("/progress", Some(&pupil)).await;
    assert!(page.body.contains("8 of your last 10 on Operations on fractions."), "{}", page.body);
    let link = format!("/quizzes/new?subject={}&amp;topic={topic}", line.subject_id);
    assert!(page.body.contains(&link) && page.body.contains("12 answers"), "{}", page.body);
    assert!(page.body.contains("What to do next") && page.body.contains("Your exam is on "), "whole without scripts");
    let form = app.get(&link.replace("&amp;", "&"), Some(&pupil)).await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("What to do next") && !form.body.contains("Real exam"));
}

#[sqlx::test]
async fn a_document_once_answered_wrong_is_not_weak_yet(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let id = document_of(&app, &admin, "Paper", &sums(1, Some(topic))).await;
    let attempt = begin(&app, &pupil, DrawFrom::Document(id), Mode::TopicFocused, &[], 1).await.unwrap();
    answer_all(&app, &pupil, attempt, Some("1")).await;
    let line = progress::topics(app.pool(), pupil.viewer.id(), 0.6).await.unwrap().remove(0);
    assert_eq!((line.standing.state, line.standing.answers), (TopicState::Unsure, 1));
}

#[sqlx::test]
async fn the_day_of_the_exam_is_the_levels(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let day = || quizzes::exam_day(app.pool(), &pupil.viewer);
    assert!(day().await.unwrap().to_string().ends_with("-07-01"), "the usual one");
    let set = attempts::now().date_naive() + chrono::Duration::days(100);
    sqlx::query("UPDATE levels SET exam_on = $1 WHERE code = 'P6'").bind(set).execute(app.pool()).await.unwrap();
    assert_eq!(day().await.unwrap(), set);
    assert_eq!(db_quizzes::exam_on(app.pool(), Some("S3")).await.unwrap(), None);
}
