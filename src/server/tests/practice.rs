//! Practice with immediate feedback: marks after each question, which then stays as it is.

use std::collections::BTreeMap;

use exam_model::answer::Verdict;

use super::attempts::save;
use super::quizzes::{document_of, sums};
use super::*;
use crate::domain::attempt::OpenAttempt;
use crate::domain::journal::Field;
use crate::domain::quiz::{Feedback, Mode};
use crate::error::AppError;
use crate::server::attempts;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::db::quizzes::DrawFrom;

/// A pupil's practice of three sums: its attempt, and the ids of its questions.
struct Practice {
    app: TestApp,
    pupil: Person,
    document: Uuid,
    attempt: Uuid,
    questions: Vec<Uuid>,
}

impl Practice {
    async fn begin(pool: PgPool) -> Self {
        let app = TestApp::new(pool).await;
        let admin = app.admin().await;
        let document = document_of(&app, &admin, "Sums", &sums(3, None)).await;
        let pupil = app.pupil("P6").await;
        let attempt = another(&app, &pupil, document).await;
        let shown = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
        let questions = shown.quiz.questions.iter().map(|question| question.id).collect();
        Self { app, pupil, document, attempt, questions }
    }

    async fn shown(&self) -> OpenAttempt {
        attempts::show(self.app.pool(), &self.pupil.viewer, self.attempt).await.unwrap()
    }

    /// Sends an answer to the question at this place.
    async fn check(&self, place: usize, answer: &str, give_up: bool) -> Result<(), AppError> {
        let id = self.questions[place];
        let fields = BTreeMap::from([(Field::Answer(id), vec![answer.to_owned()])]);
        let (saves, viewer) = (&self.app.state.saves, &self.pupil.viewer);
        attempts::check(saves, viewer, self.attempt, "Test", id, fields, give_up).await
    }

    /// The right answer to the question at this place.
    async fn right(&self, place: usize) -> String {
        let attempt = db::attempts::get(self.app.pool(), &self.pupil.viewer, self.attempt).await.unwrap();
        attempt.quiz.questions[place].key.as_ref().unwrap().text.clone()
    }
}

async fn another(app: &TestApp, pupil: &Person, document: Uuid) -> Uuid {
    let (from, feedback) = (DrawFrom::Document(document), Feedback::Immediate);
    let wish = QuizRequest { from, mode: Mode::TopicFocused, topics: vec![], count: 3, feedback };
    quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap()
}

#[sqlx::test]
async fn a_checked_question_is_told_and_stays_and_the_others_keep_their_keys_hidden(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let right = practice.right(0).await;
    assert!(matches!(practice.check(0, " ", false).await, Err(AppError::Invalid { .. })), "nothing is written");
    practice.check(0, &right, false).await.unwrap();
    practice.check(0, "17", false).await.unwrap();
    let entry = BTreeMap::from([(Field::Answer(practice.questions[0]), vec!["18".to_owned()])]);
    save(&practice.app, &practice.pupil, practice.attempt, entry, false, None).await.unwrap();
    let shown = practice.shown().await;
    let told: Vec<_> = shown.checked.iter().map(|item| (item.question_id, item.marked.verdict)).collect();
    assert_eq!(told, [(practice.questions[0], Verdict::Right)], "neither form changed the answer that was told");
    let keys: Vec<bool> = shown.quiz.questions.iter().map(|question| question.key.is_some()).collect();
    assert_eq!(keys, [true, false, false]);
    let page =
        practice.app.get(&format!("/attempts/{}?question=1", practice.attempt), Some(&practice.pupil)).await.body;
    assert!(page.contains("Well done.") && page.contains("Right answer"), "{page}");
    let page = practice.app.get(&format!("/attempts/{}", practice.attempt), Some(&practice.pupil)).await.body;
    let hidden = practice.right(1).await;
    assert!(page.contains("show the answer") && !page.contains(&hidden), "the key of what is asked is not on the page");
}

#[sqlx::test]
async fn the_last_question_ends_the_practice_and_all_of_it_counts(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let right = practice.right(1).await;
    practice.check(0, "17", false).await.unwrap();
    practice.check(1, &right, false).await.unwrap();
    assert!(!practice.shown().await.state.closed);
    practice.check(2, "never mind", true).await.unwrap();
    assert!(practice.shown().await.state.closed);
    let result = attempts::result(practice.app.pool(), &practice.pupil.viewer, practice.attempt, WEAK).await.unwrap();
    assert_eq!((result.earned, result.possible), (1.0, 3.0));
    let verdicts: Vec<Verdict> = practice
        .questions
        .iter()
        .map(|id| result.items.iter().find(|item| item.question_id == *id).unwrap().marked.verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Wrong, Verdict::Right, Verdict::Blank], "who gives up has written nothing");
    let page =
        practice.app.get(&format!("/attempts/{}?question=3", practice.attempt), Some(&practice.pupil)).await.body;
    assert!(page.contains("See how you did"), "the last answer is told before the result");
}

#[sqlx::test]
async fn what_a_pupil_stopped_before_is_not_counted_as_blank(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let (app, pupil) = (&practice.app, &practice.pupil);
    practice.check(1, "17", false).await.unwrap();
    assert!(attempts::stop(app.pool(), &pupil.viewer, practice.attempt).await.unwrap());
    let result = attempts::result(app.pool(), &pupil.viewer, practice.attempt, WEAK).await.unwrap();
    assert_eq!((result.possible, result.items.len(), result.quiz.questions.len()), (1.0, 1, 1));

    let untouched = another(app, pupil, practice.document).await;
    assert!(!attempts::stop(app.pool(), &pupil.viewer, untouched).await.unwrap(), "nothing is left of it");
    assert_eq!(attempts::show(app.pool(), &pupil.viewer, untouched).await.err(), Some(AppError::NotFound));
    assert_eq!(app.count("SELECT count(*) FROM quizzes").await, 1);
}

#[sqlx::test]
async fn a_pupil_has_one_practice_and_the_school_does_not_invigilate_it(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let (app, pupil) = (&practice.app, &practice.pupil);
    practice.check(0, "17", false).await.unwrap();
    app.run("UPDATE attempts SET started_at = started_at - interval '1 minute' WHERE id = $1", practice.attempt).await;
    let second = another(app, pupil, practice.document).await;
    assert_ne!(second, practice.attempt);
    assert!(practice.shown().await.state.closed, "a new one ends the one before");
    let open = db::attempts::practices(app.pool(), &pupil.viewer).await.unwrap();
    assert_eq!(open.iter().map(|one| one.id).collect::<Vec<_>>(), [second]);
    let school = app.admin().await.viewer.scope(None).unwrap();
    let day = db::invigilation::exam_day(app.pool(), &school, None, attempts::now()).await.unwrap();
    assert!(day.rows.is_empty(), "{:?}", day.rows);
    assert_eq!(db::attempts::in_progress(app.pool(), &pupil.viewer).await.unwrap(), None);
    let home = app.get("/", Some(pupil)).await.body;
    assert!(home.contains(&format!("href=\"/attempts/{second}\"")), "the home page leads on: {home}");
}

#[sqlx::test]
async fn only_its_pupil_checks_and_stops_a_practice_and_an_exam_is_none(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let app = &practice.app;
    let (other, admin) = (app.pupil("P6").await, app.admin().await);
    let id = practice.questions[0];
    let fields = || BTreeMap::from([(Field::Answer(id), vec!["1".to_owned()])]);
    for who in [&other, &admin] {
        let checked =
            attempts::check(&app.state.saves, &who.viewer, practice.attempt, "Test", id, fields(), false).await;
        assert_eq!(checked, Err(AppError::NotFound));
        assert_eq!(attempts::stop(app.pool(), &who.viewer, practice.attempt).await, Err(AppError::NotFound));
    }
    let (from, mode) = (DrawFrom::Document(practice.document), Mode::RealExam);
    let wish = QuizRequest { from, mode, topics: vec![], count: 0, feedback: Feedback::Immediate };
    let exam = quizzes::begin(app.pool(), &other.viewer, &wish).await.unwrap();
    let checked = attempts::check(&app.state.saves, &other.viewer, exam, "Test", id, fields(), false).await;
    assert_eq!(checked, Err(AppError::NotFound), "an exam tells nothing before its end");
    assert_eq!(attempts::stop(app.pool(), &other.viewer, exam).await, Err(AppError::NotFound));
}

#[sqlx::test]
async fn an_answer_that_comes_after_the_end_is_refused_with_words(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let (app, pupil) = (&practice.app, &practice.pupil);
    practice.check(0, "17", false).await.unwrap();
    attempts::stop(app.pool(), &pupil.viewer, practice.attempt).await.unwrap();
    let refused = practice.check(1, "18", false).await;
    assert!(matches!(&refused, Err(AppError::Conflict(reason)) if reason.contains("has ended")), "{refused:?}");
    assert_eq!(practice.check(0, "17", false).await, Ok(()), "a second press of what was told leads to it");
    assert_eq!(app.count("SELECT count(*) FROM attempt_answers WHERE checked_at IS NOT NULL").await, 1);
}

#[sqlx::test]
async fn what_a_pupil_gave_up_is_known_not_to_be_known(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    for place in 0..3 {
        practice.check(place, "", true).await.unwrap();
    }
    assert_eq!(practice.app.count("SELECT count(*) FROM scored_answers WHERE is_blank").await, 3);
}

#[sqlx::test]
async fn a_practice_that_is_left_ends_when_its_last_answer_was_told(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let app = &practice.app;
    practice.check(0, "17", false).await.unwrap();
    let past = "UPDATE attempts SET started_at = now() - interval '2 days', deadline_at = now() - interval '1 second'
                 WHERE id = $1";
    app.run(past, practice.attempt).await;
    app.run(
        "UPDATE attempt_answers SET checked_at = checked_at - interval '1 day' WHERE attempt_id = $1",
        practice.attempt,
    )
    .await;
    attempts::close_due(app.pool()).await.unwrap();
    let at = "SELECT count(*) FROM attempts a JOIN attempt_answers t ON t.attempt_id = a.id
               WHERE a.submitted_at = t.checked_at AND a.possible = 1";
    assert_eq!(app.count(at).await, 1);
}

#[sqlx::test]
async fn the_week_knows_when_a_pupil_was_at_work(pool: PgPool) {
    let practice = Practice::begin(pool).await;
    let (app, pupil) = (&practice.app, &practice.pupil);
    practice.check(0, "17", false).await.unwrap();
    let ago = "WITH a AS (UPDATE attempts SET started_at = now() - interval '20 min' WHERE id = $1),
                    w AS (UPDATE attempt_writers SET opened_at = now() - interval '16 min' WHERE attempt_id = $1),
                    r AS (UPDATE attempt_answers SET checked_at = now() - interval '1 min' WHERE attempt_id = $1 AND checked_at IS NOT NULL)
               UPDATE attempt_journal SET received_at = now() - interval '1 min', written_at = now() - interval '8 min' WHERE attempt_id = $1";
    app.run(ago, practice.attempt).await;
    let minutes_ago = || async {
        let now = attempts::now();
        let (_, times) =
            db::progress::week(app.pool(), pupil.viewer.id(), now - chrono::TimeDelta::days(1)).await.unwrap();
        times.iter().map(|&time| ((now - time).as_seconds_f64() / 60.0).round() as i64).collect::<Vec<_>>()
    };
    assert_eq!(minutes_ago().await, [20, 16, 8, 1]);
    app.run("UPDATE attempt_journal SET written_at = '2000-01-01' WHERE attempt_id = $1", practice.attempt).await;
    assert_eq!(minutes_ago().await, [20, 16, 16, 1], "a clock that is slow");
    app.run("UPDATE attempt_journal SET written_at = '2100-01-01' WHERE attempt_id = $1", practice.attempt).await;
    assert_eq!(minutes_ago().await, [20, 16, 1, 1], "a clock that is fast");

    let set = async |minutes| db::progress::set_daily_minutes(app.pool(), &pupil.viewer, minutes).await;
    for choice in crate::domain::plan::CHOICES {
        set(Some(choice)).await.unwrap();
    }
    assert!(matches!(set(Some(15)).await, Err(AppError::Invalid { field, .. }) if field == "minutes"));
    let home = async || crate::server::progress::home(&app.state, &pupil.viewer).await.unwrap();
    assert_eq!(home().await.week.daily, Some(45));
    set(None).await.unwrap();
    assert_eq!(home().await.week.daily, None);
}
