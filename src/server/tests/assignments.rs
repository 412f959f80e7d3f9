//! Work that is set to a class.

use chrono::TimeDelta;
use exam_model::format::form_time;
use exam_model::question::Question;

use super::classes::form;
use super::paper_results::class_of;
use super::quizzes::{answer_all, document_of, sums, topic_of};
use super::*;
use crate::domain::assignment::{NewAssignment, PupilAssignment, Terms, UNDO_DAYS, Work};
use crate::error::AppError;
use crate::server::attempts::now;
use crate::server::attempts::quizzes::begin_assigned;
use crate::server::db::{assignments, attempts};

/// Sets work to a class, open so many minutes from now until so many, and returns its id.
async fn set(app: &TestApp, admin: &Person, class: Uuid, work: Work, [opens, due]: [i64; 2], attempts: i32) -> Uuid {
    let [opens_at, due_at] = [opens, due].map(|minutes| now() + TimeDelta::minutes(minutes));
    let new = NewAssignment {
        class,
        work,
        terms: Terms { opens_at, due_at, minutes: Some(30), attempts, ..Terms::default() },
    };
    assignments::add(app.pool(), &admin.viewer, &new).await.unwrap()
}

async fn seen(app: &TestApp, pupil: &Person) -> Vec<PupilAssignment> {
    assignments::of_pupil(&mut app.pool().acquire().await.unwrap(), &pupil.viewer, None).await.unwrap()
}

async fn refused(app: &TestApp, pupil: &Person, id: Uuid) -> String {
    match begin_assigned(app.pool(), &pupil.viewer, id, "").await {
        Err(AppError::Conflict(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test]
async fn what_is_due_soonest_is_on_top_of_the_home_page_and_the_rest_below(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann]).await;
    let [soon, later] = ["Soon", "Later"].map(async |title| document_of(&app, &admin, title, &sums(4, None)).await);
    set(&app, &admin, class, Work::Paper(later.await), [-1, 9000], 1).await;
    set(&app, &admin, class, Work::Paper(soon.await), [-1, 60], 1).await;
    let home = app.get("/", Some(&ann)).await.body;
    let (_, below) = home.split_once("Do this now").expect(&home);
    let (now, list) = below.split_once("Your school has set").expect(below);
    assert!(now.contains("Start: Soon") && !now.contains("Start: Later"), "{now}");
    assert!(list.contains("Start: Later") && !list.contains("Start: Soon"), "{list}");
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
    assert_eq!(begin_assigned(app.pool(), &other.viewer, work, "").await, Err(AppError::NotFound));
    let begin = || begin_assigned(app.pool(), &ann.viewer, work, "");
    let (one, two) = tokio::join!(begin(), begin());
    let attempt = one.unwrap();
    assert_eq!(two.unwrap(), attempt, "two taps are one attempt");
    let started = attempts::get(app.pool(), &ann.viewer, attempt).await.unwrap();
    assert_eq!(
        (started.deadline_at - started.started_at, started.document_id),
        (TimeDelta::minutes(30), Some(document))
    );
    let page = app.get("/", Some(&ann)).await.body;
    assert!(page.contains("set by your school") && page.contains(&format!("/attempts/{attempt}\"")), "{page}");

    answer_all(&app, &ann, attempt, None).await;
    assert!(refused(&app, &ann, work).await.contains("used all attempts"));
    let page = app.get("/", Some(&ann)).await.body;
    assert!(page.contains(&format!("/attempts/{attempt}/result")) && !page.contains("Start: Mock"), "{page}");
    assert!(app.get("/", Some(&ben)).await.body.contains("Start: Mock"));
    let lines = assignments::list(app.pool(), &admin.viewer, None, (0, 9)).await.unwrap();
    assert_eq!((lines[0].handed_in(), lines[0].pupils.len()), (1, 2));
    let page = app.get("/admin/assignments", Some(&admin)).await.body;
    let [missing, handed_in] = ["Not started: 1", "Handed in: 1"].map(|words| page.find(words).expect(words));
    let [first, second] =
        [&ben, &ann].map(|pupil| page.find(&format!("Somebody ({})", pupil.viewer.person().sign_in_name())).unwrap());
    assert!(missing < first && first < handed_in && handed_in < second, "namesakes: {page}");

    app.run("UPDATE assignments SET attempts = 2 WHERE id = $1", work).await;
    begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    let page = app.get("/admin/assignments", Some(&admin)).await.body;
    for words in ["1 of 2", "Not started: 1", "Doing it now: 1", "Handed in: 1"] {
        assert!(page.contains(words), "who does it again has handed in, too: {words}: {page}");
    }
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
    let waits = set(&app, &admin, class, quiz, [12, 60], 1).await;
    let over = set(&app, &admin, class, quiz, [-60, -6], 1).await;
    let short = set(&app, &admin, class, quiz, [-5, 11], 2).await;
    set(&app, &admin, class, quiz, [-20_000, -12_000], 1).await;

    let order: Vec<_> = seen(&app, &ann).await.iter().map(|one| one.id).collect();
    assert_eq!(order, [over, short, waits], "by when it is due; not what is long over");
    assert!(refused(&app, &ann, waits).await.contains("not open yet"));
    assert!(refused(&app, &ann, over).await.contains("was due before"));
    let first = begin_assigned(app.pool(), &ann.viewer, short, "").await.unwrap();
    let attempt = attempts::get(app.pool(), &ann.viewer, first).await.unwrap();
    assert_eq!((attempt.quiz.title.as_str(), attempt.quiz.questions.len()), ("Operations on fractions", 3));
    let source = |question: &Question| question.drawn.as_ref().map(|drawn| drawn.document).or(attempt.document_id);
    assert!(attempt.quiz.questions.iter().all(|question| source(question) == Some(document)));
    assert_eq!(attempt.deadline_at - attempt.started_at, TimeDelta::minutes(10), "not later than it is due");
    answer_all(&app, &ann, first, Some("0")).await;
    let second = begin_assigned(app.pool(), &ann.viewer, short, "").await.unwrap();
    assert_ne!(first, second);

    app.run("UPDATE documents SET is_archived = true WHERE id = $1", document).await;
    let paper = set(&app, &admin, class, Work::Paper(document), [-1, 60], 1).await;
    assert_eq!(
        begin_assigned(app.pool(), &ann.viewer, paper, "").await,
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
    assert!(list.contains("0 of 1") && list.contains("Withdraw: Mock"), "{list}");
}

#[sqlx::test]
async fn set_work_is_changed_and_withdrawn(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann, &ben]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let work = set(&app, &admin, class, Work::Paper(document), [-1, 60], 1).await;
    let attempt = begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    let end = async || attempts::get(app.pool(), &ann.viewer, attempt).await.unwrap().deadline_at;
    let ends = end().await;

    let address = format!("/admin/assignments?change={work}");
    let page = app.get(&address, Some(&admin)).await.body;
    assert!(page.contains("Change: Mock, P6 A, 2026") && page.contains("Being done by 1 pupil now"), "{page}");
    let [opens, due] = [-1, 5].map(|minutes| form_time(now() + TimeDelta::minutes(minutes)));
    let id = work.to_string();
    let send = async |attempts: &'static str| {
        let fields = [("id", &*id), ("opens", &opens), ("due", &due), ("minutes", "4"), ("attempts", attempts)];
        form(&app, "assignments/change_assignment", Some(&admin), &fields).await
    };
    assert!(send("0").await.body.contains("Allow 1 to 10 attempts."));
    send("2").await;
    let [one] = &seen(&app, &ben).await[..] else { panic!("one") };
    assert_eq!((one.minutes, one.attempts, form_time(one.due_at)), (Some(4), 2, due.clone()));
    assert_eq!(end().await, ends, "no time is taken from who has started");
    send("2").await;

    let withdraw = async |withdrawn| assignments::withdraw(app.pool(), &admin.viewer, work, withdrawn).await;
    withdraw(true).await.unwrap();
    withdraw(true).await.unwrap();
    assert_eq!(seen(&app, &ben).await.len(), 0);
    let page = app.get(&address, Some(&admin)).await.body;
    assert!(page.contains("Undo: Mock") && !page.contains("Change: Mock"), "the list without a form: {page}");
    assert_eq!(begin_assigned(app.pool(), &ben.viewer, work, "").await, Err(AppError::NotFound));
    answer_all(&app, &ann, attempt, None).await;
    let page = app.get("/admin/assignments", Some(&admin)).await.body;
    assert!(page.contains("Undo: Mock") && page.contains("1 of 2"), "{page}");
    let again = set(&app, &admin, class, Work::Paper(document), [-1, 60], 1).await;
    let refusal = withdraw(false).await.unwrap_err();
    assert!(matches!(&refusal, AppError::Conflict(reason) if reason.contains("already")), "{refusal:?}");
    assignments::withdraw(app.pool(), &admin.viewer, again, true).await.unwrap();
    withdraw(false).await.unwrap();
    assert_eq!(seen(&app, &ann).await[0].finished, 1, "the attempt counts as before");

    let told = app.get("/admin/audit", Some(&admin)).await.body;
    for words in
        ["Set work", "Changed work", "30 min → 4 min; 1 attempt → 2 attempts", "Withdrew work", "Set work again"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let acts = "SELECT count(*) FROM audit_events WHERE act LIKE 'work%'";
    assert_eq!(app.count(acts).await, 6, "what changes nothing is not recorded");
    app.run("UPDATE assignments SET withdrawn_at = now() - interval '29 days' WHERE id = $1", again).await;
    assignments::delete_expired(app.pool()).await.unwrap();
    assert_eq!((UNDO_DAYS, app.count("SELECT count(*) FROM assignments").await), (30, 2));
    app.run("UPDATE assignments SET withdrawn_at = now() - interval '31 days' WHERE id = $1", again).await;
    assignments::delete_expired(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM assignments").await, 1);
}

#[sqlx::test]
async fn the_same_work_is_set_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let (class, other) = (class_of(&app, "P6 A", &[]).await, class_of(&app, "P6 B", &[]).await);
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let add = async |class, work, [opens, due]: [i64; 2]| {
        let [opens_at, due_at] = [opens, due].map(|minutes| now() + TimeDelta::minutes(minutes));
        let terms = Terms { opens_at, due_at, attempts: 1, ..Terms::default() };
        assignments::add(app.pool(), &admin.viewer, &NewAssignment { class, work, terms }).await
    };
    let paper = Work::Paper(document);
    let (one, two) = tokio::join!(add(class, paper, [0, 60]), add(class, paper, [0, 60]));
    let [refusal] = &[one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>()[..] else {
        panic!("one is refused")
    };
    assert!(matches!(refusal, AppError::Conflict(reason) if reason.contains("at that time already")), "{refusal:?}");
    assert!(add(class, paper, [59, 90]).await.is_err());
    let later = add(class, paper, [61, 90]).await.unwrap();
    add(other, paper, [0, 60]).await.unwrap();
    let [opens_at, due_at] = [0, 90].map(|minutes| now() + TimeDelta::minutes(minutes));
    let terms = Terms { opens_at, due_at, attempts: 1, ..Terms::default() };
    let refusal = assignments::change(app.pool(), &admin.viewer, later, &terms).await.unwrap_err();
    assert!(matches!(refusal, AppError::Conflict(_)), "{refusal:?}");
    for (class, work) in [
        (Uuid::now_v7(), paper),
        (class, Work::Paper(Uuid::now_v7())),
        (class, Work::Topic { topic: Uuid::now_v7(), questions: 3 }),
    ] {
        assert_eq!(add(class, work, [100, 200]).await, Err(AppError::NotFound));
    }

    for minute in 0..30 {
        add(class, paper, [1000 + 2 * minute, 1001 + 2 * minute]).await.unwrap();
    }
    let page = async |number| app.get(&format!("/admin/assignments?page={number}"), Some(&admin)).await;
    let (first, second) = (page(1).await, page(2).await);
    assert!(first.body.contains("page=2") && second.body.contains("page=1") && !second.body.contains("page=3"));
    assert_eq!([first, second].map(|page| page.body.matches("Withdraw it").count()), [30, 3]);
}

#[sqlx::test]
async fn of_two_presses_at_once_one_is_told(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let class = class_of(&app, "P6 A", &[]).await;
    let work = Work::Paper(document_of(&app, &admin, "Mock", &sums(4, None)).await);
    // Without a lock, each waited for the other about once in three times.
    for hour in 0..20 {
        let [opens_at, due_at] = [hour, hour + 1].map(|hour| now() + TimeDelta::hours(hour));
        let new = NewAssignment { class, work, terms: Terms { opens_at, due_at, attempts: 1, ..Terms::default() } };
        let add = || assignments::add(app.pool(), &admin.viewer, &new);
        let (one, two) = tokio::join!(add(), add());
        let refused: Vec<AppError> = [one, two].into_iter().filter_map(Result::err).collect();
        assert!(matches!(&refused[..], [AppError::Conflict(_)]), "{refused:?}");
    }
}

#[sqlx::test]
async fn a_room_code_is_needed_to_start_and_hard_to_guess(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let (class, other) = (class_of(&app, "P6 A", &[&ann]).await, class_of(&app, "P6 B", &[&ben]).await);
    let [teacher, stranger] = [app.teacher(&[class]).await, app.teacher(&[other]).await];
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let [opens_at, due_at] = [-1, 60].map(|minutes| now() + TimeDelta::minutes(minutes));
    let terms = Terms { opens_at, due_at, attempts: 2, needs_code: true, ..Terms::default() };
    let new = NewAssignment { class, work: Work::Paper(document), terms: terms.clone() };
    let work = assignments::add(app.pool(), &teacher.viewer, &new).await.unwrap();
    let code = async || {
        assignments::list(app.pool(), &admin.viewer, Some(work), (0, 1)).await.unwrap().pop().unwrap().room_code
    };
    let right = code().await.unwrap();
    assert_eq!(right.len(), 5);

    // Staff of the class see it, and nobody else.
    for page in
        ["/admin/exams".to_owned(), format!("/admin/exams?document={document}"), "/admin/assignments".to_owned()]
    {
        assert!(app.get(&page, Some(&teacher)).await.body.contains(&right), "{page}");
        assert!(!app.get(&page, Some(&stranger)).await.body.contains(&right), "{page}");
    }
    let home = app.get("/", Some(&ann)).await.body;
    assert!(home.contains("Code told in the room: Mock") && !home.contains(&right));

    let start = async |code: &str| {
        form(&app, "assignments/start_assignment", Some(&ann), &[("id", &work.to_string()), ("code", code)]).await
    };
    assert!(start("").await.body.contains("This is not the code"));
    assert!(start("WRONG").await.body.contains("This is not the code"));
    let begun = start(&format!(" {}-{} ", right[..2].to_lowercase(), &right[2..])).await;
    assert!(begun.header("location").starts_with("/attempts/"), "{}", begun.body);
    assert_eq!(start("").await.header("location"), begun.header("location"), "who has started needs none to go on");
    let attempt: Uuid = begun.header("location").rsplit('/').next().unwrap().parse().unwrap();
    answer_all(&app, &ann, attempt, None).await;
    for _ in 0..7 {
        assert!(matches!(begin_assigned(app.pool(), &ann.viewer, work, "WRONG").await, Err(AppError::Invalid { .. })));
    }
    let guessed = begin_assigned(app.pool(), &ann.viewer, work, &right).await;
    assert!(matches!(guessed, Err(AppError::RateLimited { .. })), "after ten tries not even with it: {guessed:?}");

    let change = async |terms: &Terms| assignments::change(app.pool(), &teacher.viewer, work, terms).await.unwrap();
    change(&terms).await;
    assert_eq!(code().await, Some(right.clone()), "it stays when other things change");
    change(&Terms { needs_code: false, ..terms.clone() }).await;
    assert_eq!(code().await, None);
    assert_ne!(begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap(), attempt);
    change(&terms).await;
    assert!(code().await.is_some_and(|new| new != right));
    let shuffled = Terms { shuffled: true, ..terms };
    let refused = assignments::change(app.pool(), &teacher.viewer, work, &shuffled).await;
    assert!(matches!(&refused, Err(AppError::Invalid { field, .. }) if field == "shuffled"), "of a paper: {refused:?}");
}
