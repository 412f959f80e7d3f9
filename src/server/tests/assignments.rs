//! Work that is set to a class.

use chrono::TimeDelta;
use exam_model::format::form_time;
use exam_model::question::Question;

use super::classes::form;
use super::paper_results::class_of;
use super::quizzes::{answer_all, document_of, sums, topic_of};
use super::*;
use crate::domain::assignment::{NewAssignment, PupilAssignment, Work};
use crate::error::AppError;
use crate::server::attempts::now;
use crate::server::attempts::quizzes::begin_assigned;
use crate::server::db::{assignments, attempts};

/// Sets work to a class, open so many minutes from now until so many, and returns its id.
async fn set(app: &TestApp, admin: &Person, class: Uuid, work: Work, [opens, due]: [i64; 2], attempts: i32) -> Uuid {
    let [opens_at, due_at] = [opens, due].map(|minutes| now() + TimeDelta::minutes(minutes));
    let new = NewAssignment { class, work, opens_at, due_at, minutes: Some(30), attempts };
    assignments::add(app.pool(), &admin.viewer, &new).await.unwrap()
}

async fn seen(app: &TestApp, pupil: &Person) -> Vec<PupilAssignment> {
    assignments::of_pupil(&mut app.pool().acquire().await.unwrap(), &pupil.viewer, None).await.unwrap()
}

async fn refused(app: &TestApp, pupil: &Person, id: Uuid) -> String {
    match begin_assigned(app.pool(), &pupil.viewer, id).await {
        Err(AppError::Conflict(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test]
async fn a_class_sits_what_is_set_as_often_as_allowed(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben, other) =
        (app.admin().await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann, &ben]).await;
    class_of(&app, "P6 B", &[&other]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let work = set(&app, &admin, class, Work::Paper(document), [-1, 60], 1).await;

    assert_eq!(seen(&app, &ann).await.iter().map(|one| (one.id, one.finished)).collect::<Vec<_>>(), [(work, 0)]);
    assert_eq!(seen(&app, &other).await, [], "of another class");
    assert_eq!(begin_assigned(app.pool(), &other.viewer, work).await, Err(AppError::NotFound));
    let begin = || begin_assigned(app.pool(), &ann.viewer, work);
    let (one, two) = tokio::join!(begin(), begin());
    let attempt = one.unwrap();
    assert_eq!(two.unwrap(), attempt, "two taps are one attempt");
    let started = attempts::get(app.pool(), &ann.viewer, attempt).await.unwrap();
    assert_eq!(
        (started.deadline_at - started.started_at, started.document_id),
        (TimeDelta::minutes(30), Some(document))
    );
    let page = app.get("/documents", Some(&ann)).await.body;
    assert!(page.contains("Your school has set") && page.contains(&format!("/attempts/{attempt}\"")), "{page}");

    answer_all(&app, &ann, attempt, None).await;
    assert!(refused(&app, &ann, work).await.contains("used all attempts"));
    let page = app.get("/documents", Some(&ann)).await.body;
    assert!(page.contains(&format!("/attempts/{attempt}/result")) && !page.contains("Start: Mock"), "{page}");
    assert!(app.get("/documents", Some(&ben)).await.body.contains("Start: Mock"));
    let lines = assignments::list(app.pool(), &admin.viewer).await.unwrap();
    assert_eq!((lines[0].handed_in, lines[0].pupils), (1, 2));

    assignments::delete(app.pool(), work).await.unwrap();
    assert_eq!((seen(&app, &ann).await.len(), app.count("SELECT count(*) FROM attempts").await), (0, 1));
}

#[sqlx::test]
async fn work_is_open_between_its_times(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann]).await;
    let fractions = topic_of(&app, "Operations on fractions").await;
    let mut questions = sums(9, Some(fractions));
    questions[0].topic = None;
    let document = document_of(&app, &admin, "Mock", &questions).await;
    // The pupil's own questions on the topic are not the school's.
    document_of(&app, &ann, "My own", &sums(9, Some(fractions))).await;
    let quiz = Work::Topic { topic: fractions, questions: 3 };
    let waits = set(&app, &admin, class, quiz, [5, 60], 1).await;
    let over = set(&app, &admin, class, quiz, [-60, -1], 1).await;
    let short = set(&app, &admin, class, quiz, [-5, 11], 2).await;
    set(&app, &admin, class, quiz, [-20_000, -12_000], 1).await;

    let order: Vec<_> = seen(&app, &ann).await.iter().map(|one| one.id).collect();
    assert_eq!(order, [over, short, waits], "by when it is due; not what is long over");
    assert!(refused(&app, &ann, waits).await.contains("not open yet"));
    assert!(refused(&app, &ann, over).await.contains("was due before"));
    let first = begin_assigned(app.pool(), &ann.viewer, short).await.unwrap();
    let attempt = attempts::get(app.pool(), &ann.viewer, first).await.unwrap();
    assert_eq!((attempt.quiz.title.as_str(), attempt.quiz.questions.len()), ("Operations on fractions", 3));
    let source = |question: &Question| question.drawn.as_ref().map(|drawn| drawn.document).or(attempt.document_id);
    assert!(attempt.quiz.questions.iter().all(|question| source(question) == Some(document)));
    assert_eq!(attempt.deadline_at - attempt.started_at, TimeDelta::minutes(10), "not later than it is due");
    answer_all(&app, &ann, first, Some("0")).await;
    let second = begin_assigned(app.pool(), &ann.viewer, short).await.unwrap();
    assert_ne!(first, second);

    app.run("UPDATE documents SET is_archived = true WHERE id = $1", document).await;
    let paper = set(&app, &admin, class, Work::Paper(document), [-1, 60], 1).await;
    assert_eq!(
        begin_assigned(app.pool(), &ann.viewer, paper).await,
        Err(AppError::NotFound),
        "nobody may see the paper"
    );
}

#[sqlx::test]
async fn the_school_sets_work_with_a_form(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann]).await.to_string();
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await.to_string();
    let page = app.get(&format!("/admin/assignments?document={document}&class={class}"), Some(&admin)).await.body;
    assert!(page.contains("Set to a class: Mock") && page.contains("datetime-local"), "{page}");
    let [yesterday, today, tomorrow] = [-1, 0, 1].map(|days| form_time(now() + TimeDelta::days(days)));
    let send = |due: String, attempts: &'static str| {
        let (class, document, today) = (&class, &document, &today);
        let (app, admin) = (&app, &admin);
        async move {
            let fields =
                [("class", &**class), ("document", document), ("opens", today), ("due", &due), ("attempts", attempts)];
            form(app, "assignments/set_assignment", Some(admin), &fields).await
        }
    };
    for (due, attempts, words) in [
        (yesterday, "1", "after the time at which it opens"),
        ("soon".into(), "1", "Write a date and a time."),
        (tomorrow.clone(), "0", "Allow 1 to 10 attempts."),
    ] {
        let answer = send(due, attempts).await;
        assert!(
            !answer.status.is_success() && answer.body.contains(words),
            "{words}: {} {}",
            answer.status,
            answer.body
        );
    }
    // What nobody in the class could see is not set.
    sqlx::query("UPDATE classes SET level = 'S3'").execute(app.pool()).await.unwrap();
    assert!(send(tomorrow.clone(), "2").await.body.contains("Choose a class of P6"));
    let page = format!("/admin/assignments?document={document}");
    assert!(app.get(&page, Some(&admin)).await.body.contains("There is no class of this level yet."));
    sqlx::query("UPDATE classes SET level = 'P6'").execute(app.pool()).await.unwrap();
    sqlx::query("UPDATE documents SET published_at = NULL").execute(app.pool()).await.unwrap();
    assert!(send(tomorrow.clone(), "2").await.body.contains("Publish it first"));
    sqlx::query("UPDATE documents SET published_at = now()").execute(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM assignments").await, 0);
    send(tomorrow, "2").await;
    let [one] = &seen(&app, &ann).await[..] else { panic!("one") };
    assert_eq!((one.title.as_str(), one.attempts, one.minutes), ("Mock", 2, None));
    let list = app.get("/admin/assignments", Some(&admin)).await.body;
    assert!(list.contains("0 of 1") && list.contains("Take back: Mock"), "{list}");
}
