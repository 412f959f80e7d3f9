//! A person as a whole: everything about them, their deletion, and the end of a school year.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use super::classes::form;
use super::paper_results::{class_of, sit};
use super::quizzes::{begin, document_of, sums};
use super::*;
use crate::domain::quiz::Mode;
use crate::error::AppError;
use crate::server::attempts;
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{classes, people};
use crate::server::documents::sharing;

/// The bytes of a file that is sent.
async fn download(app: &TestApp, who: &Person, path: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", who.token));
    let answer = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    (status, to_bytes(answer.into_body(), 64 << 20).await.unwrap().to_vec())
}

#[sqlx::test]
async fn everything_about_a_pupil_is_in_one_file(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    class_of(&app, "P6 A", &[&ann, &ben]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    app.document(&ann, "Notes", None).await;
    let label = Label { title: "More".into(), kind: DocumentKind::Notes, year: None };
    app.upload(&ann, label, SCHEME, None, None).await;
    sit(&app, &ann, document, 3, 1).await;
    sit(&app, &ben, document, 0, 4).await;
    let path = format!("/admin/students/{}/everything.zip", ann.viewer.id());
    assert_eq!(download(&app, &ann, &path).await.0, StatusCode::FORBIDDEN);
    let of_admin = format!("/admin/students/{}/everything.zip", admin.viewer.id());
    assert_eq!(download(&app, &admin, &of_admin).await.0, StatusCode::NOT_FOUND);
    let (status, bytes) = download(&app, &admin, &path).await;
    assert_eq!(status, StatusCode::OK);
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!([read("files/1 a.pdf"), read("files/2 a.pdf")], [PAPER, SCHEME], "both are called a.pdf");
    let answers = String::from_utf8(read("answers.csv")).unwrap();
    assert_eq!((answers.lines().count(), answers.matches(",right,").count()), (5, 3), "{answers}");
    let json = String::from_utf8(read("everything.json")).unwrap();
    let all: Value = serde_json::from_str(&json).unwrap();
    let rows = |table: &str| all[table].as_array().unwrap().len();
    assert_eq!(["users", "classes", "documents", "attempts", "attempt_answers"].map(rows), [1, 1, 2, 1, 4]);
    assert!(!json.contains(ben.viewer.person().sign_in_name()) && json.contains(ann.viewer.person().sign_in_name()));
    for secret in ["hashed_password", "token_hash", "$argon2"] {
        assert!(!json.contains(secret), "{secret}");
    }
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE act = 'exported'").await, 1);
}

#[sqlx::test]
async fn no_table_about_people_is_forgotten(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let refers = "SELECT DISTINCT c.conrelid::regclass::text FROM pg_constraint c
                   WHERE c.contype = 'f' AND c.confrelid IN ('users'::regclass, 'attempts'::regclass, 'quizzes'::regclass)";
    let refers: Vec<String> = sqlx::query_scalar(refers).fetch_all(app.pool()).await.unwrap();
    let known: BTreeSet<&str> = people::PARTS.iter().map(|(table, _)| *table).chain(people::UNTOLD).collect();
    let forgotten: Vec<&String> = refers.iter().filter(|table| !known.contains(table.as_str())).collect();
    assert!(refers.len() > 20 && forgotten.is_empty(), "{forgotten:?}");
}

#[sqlx::test]
async fn a_deleted_account_comes_back_or_goes_with_all_that_is_its(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann, &ben]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let own = document_of(&app, &ann, "Own", &sums(4, None)).await;
    let label = Label { title: "Notes".into(), kind: DocumentKind::Notes, year: None };
    app.upload(&ann, label, SCHEME, None, None).await;
    sharing::invite(app.pool(), &ann.viewer, own, ben.viewer.person().sign_in_name()).await.unwrap();
    sit(&app, &ann, document, 2, 1).await;
    let kept = sit(&app, &ben, document, 0, 4).await;
    let running = begin(&app, &ben, DrawFrom::Document(own), Mode::RealExam, &[], 0).await.unwrap();
    let id = ann.viewer.id().to_string();
    let page = format!("/admin/students/{id}");
    let told = app.get(&page, Some(&admin)).await.body;
    // What was left blank is no answer.
    assert!(told.contains("1 attempt with 3 answers; 2 documents, shared with 1 person"), "{told}");

    let delete =
        async |deleted| form(&app, "classes/delete_pupil", Some(&admin), &[("id", &*id), ("deleted", deleted)]).await;
    delete("true").await;
    delete("true").await;
    let active = async || classes::account(app.pool(), &admin.viewer, ann.viewer.id()).await.unwrap().is_active;
    assert!(!active().await && app.get(&page, Some(&admin)).await.body.contains("This account is deleted."));
    assert_eq!(app.get("/api/users/me", Some(&ann)).await.status, StatusCode::UNAUTHORIZED, "it is signed out");
    let refusal = classes::switch(app.pool(), &admin.viewer, ann.viewer.id(), true).await;
    assert!(matches!(&refusal, Err(AppError::Conflict(reason)) if reason.contains("deleted")), "{refusal:?}");
    delete("false").await;
    assert!(active().await, "as before");
    delete("false").await;
    assert_eq!(app.count("SELECT count(*) FROM audit_events WHERE act = 'undeleted'").await, 1, "twice is once");
    classes::switch(app.pool(), &admin.viewer, ann.viewer.id(), false).await.unwrap();
    delete("true").await;
    delete("false").await;
    assert!(!active().await, "as before");
    delete("true").await;
    let no_pupil = admin.viewer.id().to_string();
    let refused = form(&app, "classes/delete_pupil", Some(&admin), &[("id", &no_pupil), ("deleted", "true")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "no admin");

    let rest = async || {
        let counts = ["users", "documents", "document_files", "attempts"];
        let mut all = Vec::new();
        for query in [
            "SELECT count(*) FROM users",
            "SELECT count(*) FROM documents",
            "SELECT count(*) FROM document_files",
            "SELECT count(*) FROM attempts",
        ] {
            all.push(app.count(query).await);
        }
        counts.into_iter().zip(all).collect::<Vec<_>>()
    };
    let before = rest().await;
    app.run("UPDATE users SET deleted_at = now() - interval '29 days' WHERE id = $1", ann.viewer.id()).await;
    crate::server::people::delete_expired(app.pool()).await.unwrap();
    assert_eq!(rest().await, before);
    app.run("UPDATE users SET deleted_at = now() - interval '31 days' WHERE id = $1", ann.viewer.id()).await;
    crate::server::people::delete_expired(app.pool()).await.unwrap();
    let after: Vec<i64> = rest().await.iter().zip(before).map(|(after, before)| before.1 - after.1).collect();
    assert_eq!(after, [1, 2, 1, 1], "the account, its documents, the file and the attempt; not what is the school's");
    assert!(attempts::state(app.pool(), &ben.viewer, running).await.unwrap().closed, "its document is gone");
    assert!(attempts::result(app.pool(), &ben.viewer, kept, WEAK).await.is_ok());
    let statistics = "SELECT sum(attempts)::bigint FROM document_statistics";
    assert_eq!(
        app.count(statistics).await,
        app.count("SELECT count(*) FROM attempts WHERE document_id IS NOT NULL").await
    );
    let audit = app.get("/admin/audit", Some(&admin)).await.body;
    assert!(audit.contains("Deleted an account") && audit.contains("an account that was deleted"), "{audit}");
    assert_eq!(classes::get(app.pool(), &admin.viewer, class).await.unwrap().pupils, 1);
}

#[sqlx::test]
async fn no_column_about_a_person_is_forgotten_when_two_accounts_become_one(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let refers = "SELECT c.conrelid::regclass::text, a.attname::text
                    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                   WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass ";
    let refers: Vec<(String, String)> = sqlx::query_as(refers).fetch_all(app.pool()).await.unwrap();
    let refers: BTreeSet<_> = refers.iter().map(|(table, column)| (&**table, &**column)).collect();
    let known: BTreeSet<_> = people::MOVED.into_iter().chain(people::MERGED).chain(people::NOT_MERGED).collect();
    assert_eq!(refers, known, "what would go with the account that is merged, or lose whose it is");
}

#[sqlx::test]
async fn two_accounts_of_a_pupil_become_one(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, twin, ben) =
        (app.admin().await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    class_of(&app, "P6 A", &[&twin, &ben]).await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let [of_ann, of_twin, of_ben] = [
        document_of(&app, &ann, "Of Ann", &sums(4, None)).await,
        document_of(&app, &twin, "Of the twin", &sums(4, None)).await,
        document_of(&app, &ben, "Of Ben", &sums(4, None)).await,
    ];
    let name = |who: &Person| who.viewer.person().sign_in_name().to_owned();
    for (from, shared, to) in [
        (&ann, of_ann, &twin),
        (&twin, of_twin, &ann),
        (&twin, of_twin, &ben),
        (&ben, of_ben, &ann),
        (&ben, of_ben, &twin),
    ] {
        sharing::invite(app.pool(), &from.viewer, shared, &name(to)).await.unwrap();
    }
    sit(&app, &ann, document, 2, 1).await;
    let moved = sit(&app, &twin, document, 0, 4).await;
    let subject = "INSERT INTO enrollments (user_id, subject_id) SELECT $1, id FROM subjects WHERE level = 'P6' ORDER BY name LIMIT 2";
    app.run(subject, ann.viewer.id()).await;
    app.run(subject, twin.viewer.id()).await;
    app.run(
        "UPDATE users SET full_name = 'UWASE Ann', id_number = '77', extra_time_percent = 25 WHERE id = $1",
        twin.viewer.id(),
    )
    .await;
    app.run("UPDATE users SET full_name = 'uwase ann' WHERE id = $1", ann.viewer.id()).await;

    let (id, other) = (ann.viewer.id().to_string(), twin.viewer.id().to_string());
    let page = format!("/admin/students/{id}/merge");
    let told = app.get(&page, Some(&admin)).await.body;
    assert!(
        told.contains("It brings 1 attempt with 4 answers; 1 document, shared with 2 people."),
        "a namesake is found: {told}"
    );
    assert!(
        app.get(&format!("{page}?other=nobody"), Some(&admin))
            .await
            .body
            .contains("No other pupil signs in as “nobody”.")
    );
    let told = app.get(&format!("{page}?other={}", name(&ben)), Some(&admin)).await.body;
    assert!(told.contains("It brings 0 attempts"), "{told}");
    let merge = async |who, other: &str| {
        form(&app, "classes/merge_pupils", Some(who), &[("id", &*id), ("other", other)]).await.status
    };
    assert_eq!(merge(&ann, &other).await, StatusCode::NOT_FOUND, "a pupil may not");
    for nobody in [&admin.viewer.id().to_string(), &Uuid::new_v4().to_string()] {
        assert_eq!(merge(&admin, nobody).await, StatusCode::NOT_FOUND, "{nobody}");
    }
    assert_eq!(merge(&admin, &id).await, StatusCode::UNPROCESSABLE_ENTITY, "it is one account");
    let running = begin(&app, &twin, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    assert_eq!(merge(&admin, &other).await, StatusCode::CONFLICT, "an exam is sat");
    attempts::hand_in(app.pool(), &twin.viewer, running).await.unwrap();
    assert_eq!(merge(&admin, &other).await, StatusCode::CONFLICT, "late answers may arrive");
    app.run("UPDATE attempts SET started_at = started_at - interval '1 day', submitted_at = submitted_at - interval '1 day' WHERE user_id <> $1", admin.viewer.id()).await;

    assert_eq!(merge(&admin, &other).await, StatusCode::OK);
    assert_eq!(app.count("SELECT count(*) FROM users WHERE role = 'student'").await, 2);
    assert_eq!(app.get("/api/users/me", Some(&twin)).await.status, StatusCode::UNAUTHORIZED, "it is signed out");
    assert!(attempts::result(app.pool(), &ann.viewer, moved, WEAK).await.is_ok(), "the attempts are there");
    let account = classes::account(app.pool(), &admin.viewer, ann.viewer.id()).await.unwrap();
    assert_eq!((&*account.full_name, account.id_number.as_deref()), ("uwase ann", Some("77")));
    assert!(account.class.is_some(), "the class of the other, since this had none");
    let of = async |query: &'static str| -> i64 {
        sqlx::query_scalar(query).bind(ann.viewer.id()).fetch_one(app.pool()).await.unwrap()
    };
    assert_eq!(of("SELECT attempts FROM pupil_statistics WHERE user_id = $1").await, 3);
    assert_eq!(of("SELECT count(*) FROM enrollments WHERE user_id = $1").await, 2);
    assert_eq!(of("SELECT extra_time_percent::bigint FROM users WHERE id = $1").await, 25);
    assert_eq!(of("SELECT count(*) FROM documents WHERE uploaded_by = $1").await, 2);
    assert_eq!(
        of("SELECT count(*) FROM document_shares WHERE shared_with_user_id = $1").await,
        1,
        "Ben's, once; not her own"
    );
    let shared = "SELECT count(*) FROM documents d WHERE is_shared <> EXISTS (SELECT FROM document_shares WHERE document_id = d.id)";
    assert_eq!(app.count(shared).await, 0);
    crate::server::estimates::refresh(app.pool()).await.unwrap();
    assert_eq!(
        of("SELECT answers::bigint FROM pupil_estimates WHERE user_id = $1").await,
        8,
        "what both answered, and nothing of what was left blank"
    );
    let audit = app.get("/admin/audit", Some(&admin)).await.body;
    assert!(audit.contains("Merged two accounts") && audit.contains("UWASE Ann ("), "{audit}");
}

#[sqlx::test]
async fn an_account_that_cannot_go_does_not_keep_others(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    for _ in 0..2 {
        let pupil = app.pupil("P6").await;
        sit(&app, &pupil, document, 3, 1).await;
        people::delete(app.pool(), &admin.viewer, pupil.viewer.id()).await.unwrap();
    }
    for statement in [
        "UPDATE users SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL",
        "UPDATE users SET full_name = 'First' WHERE id = (SELECT id FROM users WHERE role = 'student' ORDER BY id LIMIT 1)",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END'",
        "CREATE TRIGGER refuse BEFORE DELETE ON users FOR EACH ROW WHEN (OLD.full_name = 'First') EXECUTE FUNCTION refuse()",
    ] {
        sqlx::query(statement).execute(app.pool()).await.unwrap();
    }
    crate::server::people::delete_expired(app.pool()).await.unwrap();
    let left: Vec<String> =
        sqlx::query_scalar("SELECT full_name FROM users WHERE role = 'student'").fetch_all(app.pool()).await.unwrap();
    assert_eq!(left, ["First"]);
    assert_eq!(
        app.count("SELECT sum(attempts)::bigint FROM document_statistics").await,
        1,
        "made again without the other"
    );
}

#[sqlx::test]
async fn a_school_year_ends_in_one_step(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben, eve, tom) =
        (app.admin().await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    let off = app.pupil("P6").await;
    classes::switch(app.pool(), &admin.viewer, off.viewer.id(), false).await.unwrap();
    let [five, six, blue, other] = [
        class_of(&app, "P5 A", &[&ann, &off]).await,
        class_of(&app, "P6 A", &[&ben]).await,
        class_of(&app, "Blue", &[&eve]).await,
        class_of(&app, "S3 A", &[&tom]).await,
    ];
    sqlx::query("UPDATE classes SET level = 'S3' WHERE name = 'S3 A'").execute(app.pool()).await.unwrap();
    let page = app.get("/admin/classes/roll-over", Some(&admin)).await.body;
    assert!(
        page.contains("Moving up to 2027: 2 pupils; leaving: 1 pupil.") && page.contains("value=\"P6 A\""),
        "{page}"
    );
    let [five_id, six_id, blue_id, other_id] = [five, six, blue, other].map(|id| id.to_string());
    let send = async |level: &str| {
        let fates = [
            (&five_id, "up", " P6  A", "P6"),
            (&six_id, "leaves", "P6 A", "P6"),
            (&blue_id, "stays", "Blue", "P6"),
            (&other_id, "up", "S4 A", level),
        ];
        let fields = fates.iter().flat_map(|(id, fate, name, level)| {
            [("classes[]", id.as_str()), ("fates[]", fate), ("names[]", name), ("levels[]", level)]
        });
        form(&app, "classes/roll_over", Some(&admin), &fields.collect::<Vec<_>>()).await
    };
    let refused = send("S9").await;
    assert!(refused.body.contains("Choose a level from the list."), "{}", refused.body);
    let of = async |pupil: &Person| classes::account(app.pool(), &admin.viewer, pupil.viewer.id()).await.unwrap();
    assert_eq!((of(&ann).await.class, of(&ben).await.is_active), (Some(five), true), "nothing was changed");
    for _ in 0..2 {
        send("S6").await;
        let ann = of(&ann).await;
        let next = classes::get(app.pool(), &admin.viewer, ann.class.unwrap()).await.unwrap();
        assert_eq!((next.full_name().as_str(), next.level.as_str(), next.pupils), ("P6 A, 2027", "P6", 1));
        let ben = of(&ben).await;
        assert_eq!((ben.is_active, ben.class), (false, Some(six)), "who left stays in the last class");
        assert_eq!(of(&eve).await.class, Some(blue));
        assert_eq!(of(&tom).await.level.as_deref(), Some("S6"));
        let acts = "SELECT count(*) FROM audit_events WHERE act IN ('class_made', 'pupil_moved', 'disabled')";
        assert_eq!(app.count(acts).await, 6, "twice is once, after the one that was off before");
    }
    let later = "UPDATE classes SET year = 1 + extract(year FROM now()) WHERE year = 2027";
    sqlx::query(later).execute(app.pool()).await.unwrap();
    let page = app.get("/admin/classes/roll-over", Some(&admin)).await.body;
    assert!(page.contains("Blue, 2026") && !page.contains("P6 A"), "what has just begun does not end: {page}");
    let next = of(&ann).await.class.unwrap().to_string();
    let fields = [("classes[]", &*next), ("fates[]", "leaves"), ("names[]", "P6 A"), ("levels[]", "P6")];
    let refused = form(&app, "classes/roll_over", Some(&admin), &fields).await.body;
    assert!(refused.contains("cannot begin before") && of(&ann).await.is_active, "{refused}");
}
