//! Teachers: what they see and do is of their own classes, in figures as well as in lists.

use chrono::TimeDelta;
use serde_json::json;

use super::classes::form;
use super::paper_results::{class_of, sit};
use super::quizzes::{begin, document_of, sums, topic_of};
use super::statistics::recount;
use super::*;
use crate::domain::assignment::{NewAssignment, Terms, Work};
use crate::domain::correction::{Change, Reason};
use crate::domain::mark_list::{Exam, MarkSort, Which};
use crate::domain::quiz::Mode;
use crate::error::AppError;
use crate::server::attempts::{manual_marking, now, paper_results, regrade};
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{analytics, assignments, attempts, corrections, invigilation, teachers};

/// Two classes that sat the same paper: of the first a teacher teaches.
struct School {
    app: TestApp,
    admin: Person,
    teacher: Person,
    ann: Person,
    ben: Person,
    classes: [Uuid; 2],
    paper: Uuid,
    /// Of Ann, who is in the first class, and of Ben.
    attempts: [Uuid; 2],
}

impl School {
    async fn new(pool: PgPool) -> Self {
        let app = TestApp::new(pool).await;
        let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
        let classes = [class_of(&app, "P6 A", &[&ann]).await, class_of(&app, "P6 B", &[&ben]).await];
        let teacher = app.teacher(&classes[..1]).await;
        let topic = topic_of(&app, "Operations on fractions").await;
        let paper = document_of(&app, &admin, "Mock", &sums(6, Some(topic))).await;
        let attempts = [sit(&app, &ann, paper, 2, 4).await, sit(&app, &ben, paper, 1, 5).await];
        recount(&app).await;
        Self { app, admin, teacher, ann, ben, classes, paper, attempts }
    }
}

#[sqlx::test]
async fn figures_are_of_the_teachers_classes(pool: PgPool) {
    let School { app, admin, teacher, ann, ben, classes, paper, .. } = School::new(pool).await;
    let pool = app.pool();
    for (who, pupils) in [(&admin, 2), (&teacher, 1)] {
        let seen = analytics::overview(pool, &who.viewer, 30).await.unwrap();
        let handed_in =
            |days: &[crate::domain::analytics::Day]| days.iter().map(|day| (day.attempts, day.pupils)).max();
        assert_eq!((seen.students, seen.attempts, seen.documents), (pupils, pupils, 1));
        assert_eq!(handed_in(&seen.activity), Some((pupils, pupils)));
        assert_eq!(seen.subjects[0].attempts, pupils);
        let list = paper_results::mark_list(pool, &who.viewer, Exam::Paper(paper), None, MarkSort::Name, Which::First)
            .await
            .unwrap();
        assert_eq!(list.lines.len() as i64, pupils);
        let too_few = paper_results::analysis(pool, &who.viewer, Exam::Paper(paper)).await.unwrap().2.unwrap_err();
        assert_eq!(too_few as i64, 20 - pupils, "of 20 attempts");
        let lately = crate::server::db::paper_results::lately(pool, &who.viewer).await.unwrap();
        assert_eq!(lately[0].pupils, pupils);
        let topics = app.get("/api/admin/students/weak-topics/summary", Some(who)).await.json();
        assert_eq!(topics[0]["students"].as_array().unwrap().len() as i64, pupils, "{topics}");
        let listed = app.get("/api/admin/students?sort=weak_topics", Some(who)).await.json();
        assert_eq!(listed.as_array().unwrap().len() as i64, pupils, "{listed}");
        let email = ben.viewer.person().sign_in_name();
        let found = app.get(&format!("/api/admin/students?search={email}"), Some(who)).await.json();
        assert_eq!(found.as_array().unwrap().len() as i64, pupils - 1, "{found}");
        let told = app.get("/api/admin/classes", Some(who)).await.json();
        assert_eq!(told.as_array().unwrap().len() as i64, pupils);
    }
    for table in ["students", "weak-topics", "activity", "subjects", "marks", "analysis"] {
        let told = app.get(&format!("/admin/tables/{table}.csv?document={paper}"), Some(&teacher)).await;
        assert_eq!(told.status, 200);
        assert!(!told.body.contains(ben.viewer.person().sign_in_name()), "{table}: {}", told.body);
    }
    let monday = app.get("/api/admin/monday", Some(&teacher)).await.json();
    assert_eq!(monday["class_id"], json!(classes[0]), "not the class that was last to work");
    assert_eq!(monday["lessons"][0]["students"][0]["id"], json!(ann.viewer.id()), "{monday}");
}

#[sqlx::test]
async fn measures_and_work_are_for_the_teachers_classes(pool: PgPool) {
    let School { app, admin, teacher, ann, ben, classes, paper, .. } = School::new(pool).await;
    let pool = app.pool();
    let running = [&ann, &ben].map(|pupil| begin(&app, pupil, DrawFrom::Document(paper), Mode::RealExam, &[], 0));
    let [of_ann, of_ben] = futures_util::future::join_all(running).await.try_into().unwrap();
    let (of_ann, of_ben): (Uuid, Uuid) = (of_ann.unwrap(), of_ben.unwrap());
    let rows = async |who: &Person| {
        invigilation::exam_day(pool, &who.viewer.scope(None).unwrap(), None, now()).await.unwrap().rows.len()
    };
    assert_eq!((rows(&admin).await, rows(&teacher).await), (2, 1));
    let everybody = [("measure", "pause")];
    assert!(form(&app, "exams/take_measure", Some(&teacher), &everybody).await.status.as_u16() < 400);
    let paused = "SELECT id FROM attempts WHERE paused_at IS NOT NULL";
    assert_eq!(sqlx::query_scalar::<_, Uuid>(paused).fetch_all(pool).await.unwrap(), [of_ann], "not {of_ben}");
    let named = [("measure", "end".to_owned()), ("class", classes[1].to_string())];
    let named: Vec<(&str, &str)> = named.iter().map(|(name, word)| (*name, word.as_str())).collect();
    assert_eq!(form(&app, "exams/take_measure", Some(&teacher), &named).await.status, 404);

    let terms = Terms { opens_at: now(), due_at: now() + TimeDelta::days(1), attempts: 1, ..Terms::default() };
    let [own, foreign] = classes.map(|class| NewAssignment { class, work: Work::Paper(paper), terms: terms.clone() });
    assignments::add(pool, &teacher.viewer, &own).await.unwrap();
    assert_eq!(assignments::add(pool, &teacher.viewer, &foreign).await, Err(AppError::NotFound));
    let set = assignments::add(pool, &admin.viewer, &foreign).await.unwrap();
    assert_eq!(assignments::withdraw(pool, &teacher.viewer, set, true).await, Err(AppError::NotFound));
    assert_eq!(assignments::list(pool, &teacher.viewer, None, (0, 9)).await.unwrap().len(), 1);
    assert_eq!(assignments::list(pool, &admin.viewer, None, (0, 9)).await.unwrap().len(), 2);
}

#[sqlx::test]
async fn a_teachers_marks_are_for_their_pupils(pool: PgPool) {
    let School { app, admin, teacher, ann, ben, paper, attempts: [of_ann, of_ben], .. } = School::new(pool).await;
    let pool = app.pool();
    // Both answered it with 0.
    let question = "SELECT id FROM questions WHERE document_id = $1 AND path = '3'";
    let question: Uuid = sqlx::query_scalar(question).bind(paper).fetch_one(pool).await.unwrap();
    let marks = async |attempt: Uuid| attempts::get(pool, &admin.viewer, attempt).await.unwrap().marks.unwrap().0;
    let shown = manual_marking::question(pool, &teacher.viewer, question).await.unwrap();
    assert_eq!(shown.answers[0].attempts, 1, "of two pupils who wrote it");
    manual_marking::mark(pool, &teacher.viewer, question, of_ann, "1", "").await.unwrap();
    assert_eq!((marks(of_ann).await, marks(of_ben).await), (3.0, 1.0));
    let foreign = manual_marking::mark(pool, &teacher.viewer, question, of_ben, "0", "").await;
    assert_eq!((foreign, marks(of_ann).await), (Err(AppError::NotFound), 3.0));
    // What is answered the same later has the same marks, of the teacher's pupils.
    let again = [sit(&app, &ann, paper, 2, 4).await, sit(&app, &ben, paper, 1, 5).await];
    assert_eq!((marks(again[0]).await, marks(again[1]).await), (3.0, 1.0));
    manual_marking::mark(pool, &admin.viewer, question, of_ben, "1", "").await.unwrap();
    assert_eq!(marks(sit(&app, &ben, paper, 1, 5).await).await, 2.0, "an admin's marks are for all");
    let over = manual_marking::mark(pool, &teacher.viewer, question, of_ann, "0", "").await;
    assert!(matches!(&over, Err(AppError::Conflict(reason)) if reason.contains("An admin has marked")), "{over:?}");
    assert_eq!(marks(of_ann).await, 3.0, "an admin's marks stand");
    let shown = manual_marking::question(pool, &teacher.viewer, question).await.unwrap();
    assert_eq!(shown.answers[0].markers, ["Somebody"]);

    corrections::lock_document(pool, &teacher.viewer, paper).await.unwrap().add("6", Change::Drop).await.unwrap();
    let lines = async |who: &Person| regrade::preview(pool, &who.viewer, paper).await.unwrap().lines.len();
    assert_eq!((lines(&teacher).await, lines(&admin).await), (2, 5));
    regrade::apply(pool, &teacher.viewer, paper).await.unwrap();
    assert_eq!((lines(&teacher).await, lines(&admin).await), (0, 3), "others' attempts stay");
}

#[sqlx::test]
async fn papers_of_other_levels_and_names_of_other_pupils_are_not_for_a_teacher(pool: PgPool) {
    let School { app, admin, teacher, ann, ben, paper, .. } = School::new(pool).await;
    let pool = app.pool();
    let store = async |level: &str, name: &str| {
        let label = Label { title: name.into(), kind: DocumentKind::ExamPaper, year: None };
        let file = File { name: "a.pdf".into(), bytes: PAPER.to_vec() };
        let designated = Some((level.to_owned(), "Mathematics".to_owned()));
        let upload = Upload { file, label, designated, stated: Stated::default(), scheme: None };
        documents::store(pool, &teacher.viewer, upload, 0).await
    };
    assert_eq!(store("S3", "Physics").await, Err(AppError::NotFound));
    let added = store("P6", "Added").await.unwrap();
    worker::work_all(pool).await.unwrap();
    documents::publish(pool, &teacher.viewer, added, true).await.unwrap();
    let label = Label { title: "Moved".into(), kind: DocumentKind::ExamPaper, year: None };
    let moved = documents::describe(pool, &teacher.viewer, added, &label, ("S3", "Mathematics")).await;
    assert_eq!(moved, Err(AppError::NotFound));
    documents::describe(pool, &teacher.viewer, added, &label, ("P6", "Mathematics")).await.unwrap();
    let audit = app.get("/admin/audit", Some(&admin)).await.body;
    assert!(audit.contains("Published a paper") && audit.contains("Added, P6"), "{audit}");
    let change = ", exam paper → Moved, P6 Mathematics, exam paper";
    assert!(audit.contains("Changed a paper") && audit.contains(change), "{audit}");

    for pupil in [&ann, &ben] {
        let name = "UPDATE users SET full_name = $2 WHERE id = $1";
        let named = if pupil.viewer.id() == ann.viewer.id() { "Ann Own" } else { "Ben Foreign" };
        sqlx::query(name).bind(pupil.viewer.id()).bind(named).execute(pool).await.unwrap();
        corrections::report(pool, &pupil.viewer, paper, "1", Reason::Answer, "").await.unwrap();
    }
    let told = async |who: &Person| {
        let reports = corrections::reports(pool, &who.viewer, paper).await.unwrap().remove("1").unwrap();
        reports.into_iter().map(|report| report.by).collect::<Vec<_>>()
    };
    assert_eq!(told(&teacher).await, ["Ann Own", "a pupil of another class"]);
    assert_eq!(told(&admin).await, ["Ann Own", "Ben Foreign"]);
}

#[sqlx::test]
async fn an_admin_makes_a_teacher_who_signs_in_and_loses_a_class(pool: PgPool) {
    let School { app, admin, ann, ben, classes, .. } = School::new(pool).await;
    let made = form(&app, "teachers/make_teacher", Some(&admin), &[("full_name", "Teta Claire"), ("email", "")]).await;
    let page = made.header("location").to_owned();
    let id: Uuid = page.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("{page}"));
    let name = teachers::get(app.pool(), &admin.viewer, id).await.unwrap().sign_in_name;
    assert_eq!(name, "teta.c");
    let code = form(&app, "teachers/give_teacher_code", Some(&admin), &[("teacher", &id.to_string())]).await;
    let code: String = serde_json::from_str(&code.body).unwrap_or_else(|_| panic!("{}", code.body));
    let fields = [("email", name.as_str()), ("password", &code), ("new", "umunsi mwiza")];
    let signed_in = form(&app, "accounts/login", None, &fields).await;
    assert_eq!(signed_in.header("location"), "/admin", "{}", signed_in.body);
    let token = sessions::open(&app.state, id, "test").await.unwrap();
    let person = crate::server::db::accounts::record(app.pool(), id).await.unwrap().person;
    let teacher = Person { viewer: Viewer::new(person, Uuid::nil()), token };
    let sees = async |pupil: &Person| {
        app.get(&format!("/admin/students/{}", pupil.viewer.id()), Some(&teacher)).await.status == 200
    };
    assert_eq!(app.get("/api/users/me", Some(&teacher)).await.json()["role"], "teacher");
    assert!(app.get("/admin/classes", Some(&teacher)).await.body.contains("You teach no class yet."));
    assert_eq!((sees(&ann).await, sees(&ben).await), (false, false));
    for (class, may) in [(classes[1], (false, true)), (classes[0], (true, false))] {
        let fields = [("id", id.to_string()), ("classes[]", class.to_string())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, word)| (*name, word.as_str())).collect();
        assert!(form(&app, "teachers/set_classes", Some(&admin), &fields).await.status.as_u16() < 400);
        assert_eq!((sees(&ann).await, sees(&ben).await), may);
    }
    let own = app.get(&format!("/admin/students/{}", ann.viewer.id()), Some(&teacher)).await.body;
    assert!(own.contains("Extra time") && !own.contains("Switch the account off"), "{own}");
    let audit = app.get("/admin/audit?act=classes_taught", Some(&admin)).await.body;
    assert!(audit.contains("− P6 B, 2026; + P6 A, 2026"), "{audit}");

    teachers::change_role(app.pool(), &admin.viewer, id, false).await.unwrap();
    assert_eq!((sees(&ann).await, app.get("/admin", Some(&teacher)).await.status.as_u16()), (false, 404));
    assert_eq!(
        app.count(
            "SELECT count(*) FROM class_teachers WHERE user_id NOT IN (SELECT id FROM users WHERE role = 'teacher')"
        )
        .await,
        0
    );
    teachers::change_role(app.pool(), &admin.viewer, ann.viewer.id(), true).await.unwrap();
    assert_eq!(
        app.count("SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.role <> 'student'")
            .await,
        0
    );
}

#[sqlx::test]
async fn who_becomes_a_teacher_keeps_nothing_of_a_pupils(pool: PgPool) {
    let School { app, admin, ann, ben, .. } = School::new(pool).await;
    let of_ben = document_of(&app, &ben, "Ben's own", &sums(2, None)).await;
    db::shares::give(app.pool(), &ben.viewer, of_ben, &[ann.viewer.id()]).await.unwrap();
    let of_ann = document_of(&app, &ann, "Ann's own", &sums(2, None)).await;
    db::shares::give(app.pool(), &ann.viewer, of_ann, &[ben.viewer.id()]).await.unwrap();
    teachers::change_role(app.pool(), &admin.viewer, ann.viewer.id(), true).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM document_shares").await, 0);
    assert_eq!(app.get("/progress", Some(&ann)).await.status, 401, "the pupil's session has ended");
}

#[sqlx::test]
async fn a_paper_of_a_level_that_is_taught_no_more_is_not_the_teachers(pool: PgPool) {
    let School { app, teacher, classes, .. } = School::new(pool).await;
    let added = document_of(&app, &teacher, "Added", &sums(2, None)).await;
    let seen = async || documents::get(app.pool(), &teacher.viewer, added).await.is_ok();
    app.run("UPDATE documents SET is_personal = false, level = 'P6', published_at = now() WHERE id = $1", added).await;
    assert!(seen().await);
    app.run("DELETE FROM class_teachers WHERE class_id = $1", classes[0]).await;
    assert!(!seen().await);
}

#[sqlx::test]
async fn what_a_pupil_uploaded_stays_closed_to_a_teacher_in_results_too(pool: PgPool) {
    let School { app, admin, teacher, ann, .. } = School::new(pool).await;
    let own = document_of(&app, &ann, "Ann's own", &sums(6, None)).await;
    let attempt = sit(&app, &ann, own, 2, 4).await;
    let page = async |who: &Person| app.get(&format!("/attempts/{attempt}/result"), Some(who)).await.body;
    for (who, shown) in [(&ann, true), (&admin, true), (&teacher, false)] {
        let body = page(who).await;
        assert!(body.contains("of 6 marks"), "the marks are there: {body}");
        assert_eq!(body.contains("Work out 101 + 250."), shown, "{body}");
        assert_eq!(body.contains("Right answer"), shown, "{body}");
    }
}
