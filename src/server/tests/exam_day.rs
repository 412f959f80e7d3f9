//! The page of exams in progress: who is on it, in what order, what it costs, and what the school does from it.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::StreamExt;
use tracing_subscriber::layer::SubscriberExt;

use super::api::Statements;
use super::classes::form;
use super::paper_results::class_of;
use super::quizzes::{begin, document_of, sums};
use super::*;
use crate::domain::assignment::{NewAssignment, Terms, Work};
use crate::domain::quiz::Mode;
use crate::server::attempts::now;
use crate::server::attempts::quizzes::begin_assigned;
use crate::server::db::assignments;
use crate::server::db::quizzes::DrawFrom;

/// Copies a running attempt for so many new pupils.
async fn copies(app: &TestApp, attempt: Uuid, pupils: i32) {
    let copy = "WITH made AS MATERIALIZED (
                    SELECT gen_random_uuid() AS u, gen_random_uuid() AS z, gen_random_uuid() AS a, n FROM generate_series(1, $2) n
                ), people AS (
                    INSERT INTO users (id, full_name, login_name, hashed_password, role, education_level)
                    SELECT u, 'Pupil ' || n, 'copy' || left(u::text, 8), '', 'student', 'P6' FROM made
                ), drafts AS (
                    INSERT INTO quizzes SELECT r.* FROM made m, attempts t JOIN quizzes q ON q.id = t.quiz_id,
                        jsonb_populate_record(q, jsonb_build_object('id', m.z, 'user_id', m.u)) r WHERE t.id = $1
                ), sat AS (
                    INSERT INTO attempts SELECT r.* FROM made m, attempts t,
                        jsonb_populate_record(t, jsonb_build_object('id', m.a, 'user_id', m.u, 'quiz_id', m.z)) r WHERE t.id = $1
                )
                INSERT INTO attempt_answers SELECT r.* FROM made m, attempt_answers t,
                    jsonb_populate_record(t, jsonb_build_object('attempt_id', m.a)) r WHERE t.attempt_id = $1";
    sqlx::query(copy).bind(attempt).bind(pupils).execute(app.pool()).await.unwrap();
}

#[sqlx::test]
async fn who_needs_a_look_is_seen_and_helped(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben, eve) =
        (app.admin().await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann, &ben]).await;
    let other = class_of(&app, "P6 B", &[&eve]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let sat = begin(&app, &eve, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    let [opens_at, due_at] = [-5, 90].map(|minutes| now() + TimeDelta::minutes(minutes));
    let terms = Terms { opens_at, due_at, minutes: Some(30), attempts: 1, ..Terms::default() };
    let set = NewAssignment { class, work: Work::Paper(document), terms };
    let set = assignments::add(app.pool(), &admin.viewer, &set).await.unwrap();
    // What is shown: the page without its scripts, which know every look.
    let page = async |query: &str| {
        let body = app.get(&format!("/admin/exams{query}"), Some(&admin)).await.body;
        let shown = |part: &str| part.split_once("</script>").map_or(part, |(_, after)| after).to_owned();
        body.split("<script").map(shown).collect::<String>()
    };
    assert!(!page("").await.contains("not started"), "nobody of the class sits it now");
    let of_paper = format!("?document={document}");
    for change in [
        "UPDATE documents SET is_archived = true WHERE id = $1",
        "UPDATE documents SET is_archived = false, published_at = NULL WHERE id = $1",
    ] {
        app.run(change, document).await;
        assert!(!page(&of_paper).await.contains("not started"), "nobody can start it: {change}");
    }
    app.run("UPDATE documents SET published_at = now() WHERE id = $1", document).await;
    assert!(page(&of_paper).await.contains("Mock: 1 exam, 2 not started"));

    let attempt = begin_assigned(app.pool(), &ann.viewer, set, "").await.unwrap();
    let all = page("").await;
    let [lost, missing] = ["no connection", "not started"].map(|words| all.find(&format!(">{words}<")).expect(words));
    assert!(all.contains("2 exams, 1 not started") && lost < missing, "{all}");
    let of_class = page(&format!("?class={class}")).await;
    assert!(of_class.contains("1 exam, 1 not started") && of_class.contains("For P6 A, 2026: 1 exam"), "{of_class}");
    let panel = page(&format!("?class={other}&pupil={}", eve.viewer.id())).await;
    assert!(panel.contains(&format!("/attempts/{sat}/timeline")) && panel.contains("End it now"), "{panel}");
    assert!(page(&format!("?pupil={}", admin.viewer.id())).await.contains("sits nothing now"));

    let class_id = class.to_string();
    let take = async |measure| {
        let fields = [("measure", measure), ("class", &*class_id), ("minutes", "7")];
        form(&app, "exams/take_measure", Some(&admin), &fields).await
    };
    let events = async |attempt| -> Vec<String> {
        let query = "SELECT kind FROM attempt_events WHERE attempt_id = $1 AND by_user IS NOT NULL ORDER BY id";
        sqlx::query_scalar(query).bind(attempt).fetch_all(app.pool()).await.unwrap()
    };
    for measure in ["add_time", "pause", "resume", "end", "resume"] {
        take(measure).await;
    }
    assert_eq!(events(attempt).await, ["time_added", "paused", "resumed", "ended", "resumed"]);
    assert_eq!(events(sat).await, [""; 0], "of another class");
    take("end").await;
    take("hand_in").await;
    assert_eq!(app.count("SELECT count(*) FROM attempts WHERE submitted_at IS NOT NULL").await, 1);
}

#[sqlx::test]
async fn messages_are_listed_with_whose_page_has_not_shown_them(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let classes = [class_of(&app, "P6 A", &[&ann]).await, class_of(&app, "P6 B", &[&ben]).await];
    let teacher = app.teacher(&classes[..1]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let mut sat = Vec::new();
    for (pupil, name) in [
        (&ann, "UPDATE users SET full_name = 'Ann A' WHERE id = $1"),
        (&ben, "UPDATE users SET full_name = 'Ben B' WHERE id = $1"),
    ] {
        app.run(name, pupil.viewer.id()).await;
        sat.push(begin(&app, pupil, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap());
    }
    let tell = async |who: &Person, words: &str| {
        form(&app, "exams/take_measure", Some(who), &[("measure", "message"), ("message", words)]).await;
    };
    let page = async |who: &Person, query: &str| app.get(&format!("/admin/exams{query}"), Some(who)).await.body;
    assert!(!page(&admin, "").await.contains("Messages sent"));
    tell(&admin, "Look at the board").await;
    let listed = page(&admin, "").await;
    assert!(
        listed.contains("Look at the board") && listed.contains("Shown on 0 of 2 pages. Not shown yet: Ann A, Ben B"),
        "{listed}"
    );
    // Ann's page is connected, Ben's is opened to write in it; later only Ann's is there.
    app.get(&format!("/attempts/{}/events", sat[0]), Some(&ann)).await;
    assert!(page(&admin, "").await.contains("Shown on 1 of 2 pages. Not shown yet: Ben B"));
    let opened =
        "INSERT INTO attempt_writers (attempt_id, writer, epoch, device) VALUES ($1, gen_random_uuid(), 9, 'A phone')";
    app.run(opened, sat[1]).await;
    assert!(page(&admin, "").await.contains("Shown on all pages"));
    let gone = "SELECT count(*) FROM attempt_events WHERE kind = 'disconnected'";
    while app.count(gone).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    app.run("INSERT INTO attempt_events (attempt_id, kind) VALUES ($1, 'connected')", sat[0]).await;
    tell(&teacher, "Ten minutes").await;
    tell(&admin, "Pens down").await;
    let [all, of_teacher, of_class] =
        [page(&admin, "").await, page(&teacher, "").await, page(&admin, &format!("?class={}", classes[1])).await];
    assert!(all.contains("Shown on 1 of 2 pages. Not shown yet: Ben B"), "{all}");
    let latest = ["Pens down", "Ten minutes", "Look at the board"].map(|words| all.find(words).expect(words));
    assert!(latest.is_sorted(), "{all}");
    assert!(
        of_teacher.contains("Ten minutes") && of_teacher.contains("Pens down") && !of_teacher.contains("Ben B"),
        "{of_teacher}"
    );
    assert!(!of_class.contains("Ten minutes") && of_class.contains("Not shown yet: Ben B"), "{of_class}");
    app.run(
        "UPDATE attempt_events SET at = at - interval '25 hours' WHERE kind = 'message' AND attempt_id <> $1",
        Uuid::nil(),
    )
    .await;
    assert!(!page(&admin, "").await.contains("Messages sent"));
}

#[sqlx::test]
async fn the_page_costs_the_same_for_three_hundred(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let document = document_of(&app, &admin, "Mock", &sums(40, None)).await;
    let attempt = begin(&app, &ann, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let counting = tracing_subscriber::registry().with(Statements(sent.clone()));
    let _here = tracing::subscriber::set_default(counting);
    let mut costs = Vec::new();
    for more in [2, 297] {
        copies(&app, attempt, more).await;
        // The first request of a while records when the admin was last seen.
        app.get("/admin/exams", Some(&admin)).await;
        let (before, clock) = (sent.load(Relaxed), Instant::now());
        let page = app.get("/admin/exams", Some(&admin)).await.body;
        let (of_page, took) = (sent.load(Relaxed) - before, clock.elapsed());

        let request =
            Request::get("/admin/exams/events").header(header::AUTHORIZATION, format!("Bearer {}", admin.token));
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let mut events = response.into_body().into_data_stream();
        let mut next = async || {
            let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
            String::from_utf8(event.expect("nothing is told").unwrap().unwrap().to_vec()).unwrap()
        };
        let first = next().await;
        let rows = app.count("SELECT count(*) FROM attempts").await as usize;
        assert_eq!((first.matches("row\t").count(), page.matches("<tr id=").count()), (rows, rows));
        // Every one of them changes.
        app.run("UPDATE attempt_answers SET answer = '{7}' WHERE attempt_id <> $1", Uuid::nil()).await;
        let before = sent.load(Relaxed);
        let news = next().await;
        assert_eq!(news.matches("40 of 40").count(), rows, "{news}");
        let of_news = sent.load(Relaxed) - before;
        app.run("UPDATE attempts SET deadline_at = deadline_at + interval '9 min' WHERE id = $1", attempt).await;
        assert_eq!(next().await.matches("row\t").count(), 1, "only what changed");
        println!(
            "{rows} exams: a page {of_page} statements, {} KB in {took:?}; news {of_news} statements",
            page.len() / 1024
        );
        app.run("UPDATE attempt_answers SET answer = '{}' WHERE attempt_id <> $1", Uuid::nil()).await;
        costs.push((of_page, of_news));
    }
    assert_eq!(costs[0], costs[1], "whatever the number of pupils");
    assert!(costs[1].0 <= 8 && costs[1].1 <= 3, "{costs:?}");
}

#[sqlx::test]
async fn a_page_that_follows_exams_ends_with_the_server(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let request = Request::get("/admin/exams/events").header(header::AUTHORIZATION, format!("Bearer {}", admin.token));
    let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    events.next().await.unwrap().unwrap();
    // The first thing that is heard is that it listens; the server stops while the page waits to read the figures.
    let listening = tokio::spawn(app.state.live.clone().run(app.pool().clone()));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        app.state.live.stop();
    };
    let (event, ()) = tokio::join!(events.next(), stop);
    listening.abort();
    assert!(event.is_none(), "{event:?}");
}

#[sqlx::test]
async fn what_the_school_tells_is_shown_at_once_and_kept(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let classes = [class_of(&app, "P6 A", &[&ann]).await, class_of(&app, "P6 B", &[&ben]).await];
    let teacher = app.teacher(&classes[..1]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let begin = |who| begin(&app, who, DrawFrom::Document(document), Mode::RealExam, &[], 0);
    let (of_ann, of_ben) = (begin(&ann).await.unwrap(), begin(&ben).await.unwrap());
    let listening = tokio::spawn(app.state.live.clone().run(app.pool().clone()));
    let request = Request::get(format!("/attempts/{of_ann}/events"));
    let request = request.header(header::AUTHORIZATION, format!("Bearer {}", ann.token)).body(Body::empty()).unwrap();
    let mut events = app.router.clone().oneshot(request).await.unwrap().into_body().into_data_stream();
    let mut told = async || loop {
        let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await.expect("nothing is told");
        let text = String::from_utf8(event.unwrap().unwrap().to_vec()).unwrap();
        let Some(data) = text.strip_prefix("data:") else { continue };
        let news: Value = serde_json::from_str(data.trim()).unwrap();
        assert!(news["seconds_left"].as_i64().unwrap() > 0, "with the state: {news}");
        let texts = news["messages"].as_array().unwrap().iter();
        return texts.map(|message| message["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    };
    assert_eq!(told().await, [""; 0]);
    let tell = async |message: &str| {
        form(&app, "exams/take_measure", Some(&teacher), &[("measure", "message"), ("message", message)]).await
    };
    assert!(tell(" ").await.body.contains("Write 1 to 200 letters"));
    assert!(tell(&"x".repeat(201)).await.body.contains("Write 1 to 200 letters"));
    assert!(tell("Question 3: read  “sum”, <b>not</b> “product”.").await.status.as_u16() < 400);
    while told().await != ["Question 3: read “sum”, <b>not</b> “product”."] {}
    listening.abort();
    let page = async |attempt: Uuid, who| app.get(&format!("/attempts/{attempt}"), Some(who)).await.body;
    let reloaded = page(of_ann, &ann).await;
    assert!(reloaded.contains("read “sum”, &lt;b&gt;not&lt;/b&gt;"), "as text: {reloaded}");
    assert!(!page(of_ben, &ben).await.contains("read “sum”"), "not to another teacher's pupil");
    let timeline = app.get(&format!("/attempts/{of_ann}/timeline"), Some(&admin)).await.body;
    assert!(timeline.contains("Told “Question 3: read “sum”"), "{timeline}");
    let foreign = [("measure", "message"), ("attempt", &of_ben.to_string()), ("message", "Hello")];
    assert_eq!(form(&app, "exams/take_measure", Some(&teacher), &foreign).await.status, 404);
}

#[sqlx::test]
async fn an_open_page_ends_when_its_teacher_may_not_see_it_any_more(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    begin(&app, &ann, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    for (query, change) in [
        (format!("?class={class}"), "DELETE FROM class_teachers WHERE user_id = $1"),
        (String::new(), "DELETE FROM sessions WHERE user_id = $1"),
        (String::new(), "UPDATE users SET is_active = false WHERE id = $1"),
    ] {
        let teacher = app.teacher(&[class]).await;
        let request = Request::get(format!("/admin/exams/events{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", teacher.token));
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let mut events = response.into_body().into_data_stream();
        let mut next = async || tokio::time::timeout(Duration::from_secs(20), events.next()).await.expect("it waits");
        let first = String::from_utf8(next().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(first.contains("row\t"), "{first}");
        app.run(change, teacher.viewer.id()).await;
        assert!(next().await.is_none(), "{change}");
    }
    // Without a class in the query, the rows of a class that was taken away go.
    let teacher = app.teacher(&[class]).await;
    let request =
        Request::get("/admin/exams/events").header(header::AUTHORIZATION, format!("Bearer {}", teacher.token));
    let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    events.next().await.unwrap().unwrap();
    app.run("DELETE FROM class_teachers WHERE user_id = $1", teacher.viewer.id()).await;
    let news = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(
        news.contains("order\t") && !news.contains("row\t") && !news.contains(&ann.viewer.id().simple().to_string()),
        "{news}"
    );
}

#[sqlx::test]
async fn time_that_is_granted_is_in_the_audit(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    for pupil in [&ann, &ben] {
        begin(&app, pupil, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    }
    form(&app, "exams/take_measure", Some(&admin), &[("measure", "add_time"), ("minutes", "7")]).await;
    for _ in 0..2 {
        let fields = [("pupil", &*ann.viewer.id().to_string()), ("percent", "25")];
        form(&app, "exams/grant_extra_time", Some(&admin), &fields).await;
    }
    let acts = "SELECT user_id, detail FROM audit_events WHERE act = 'time_granted' ORDER BY id";
    let acts: Vec<(Uuid, String)> = sqlx::query_as(acts).fetch_all(app.pool()).await.unwrap();
    let mut running: Vec<_> = acts[..2].iter().map(|(pupil, detail)| (*pupil, detail.as_str())).collect();
    running.sort();
    let mut both = [ann.viewer.id(), ben.viewer.id()].map(|pupil| (pupil, "+7 min in a running exam"));
    both.sort();
    assert_eq!(running, both);
    assert_eq!(acts[2..], [(ann.viewer.id(), "0 % → 25 % more in every exam".to_owned())], "once");
}
