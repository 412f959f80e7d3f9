//! Who may see what: every kind of viewer and document, by the rule itself and for every way of reading.

use super::paper_results::class_of;
use super::*;
use crate::error::AppError;
use crate::server::db::documents::{Filter, PageRange};
use crate::server::db::{questions, topics};

/// Rows are documents, columns are viewers: owner, pupil it is shared with, other pupil of the level, pupil of another
/// level, admin, pupil without a level, not signed in, teacher of a class of the level, teacher of another.
const MAY: [(&str, [bool; 9]); 8] = [
    ("personal", [true, false, false, false, true, false, false, false, false]),
    ("personal, shared", [true, true, false, false, true, false, false, false, false]),
    ("personal, shared, archived", [true, false, false, false, true, false, false, false, false]),
    ("published", [true, true, true, false, true, false, false, true, false]),
    ("not published", [true, false, false, false, true, false, false, true, false]),
    ("published, archived", [true, false, false, false, true, false, false, true, false]),
    ("published marking scheme", [true, false, false, false, true, false, false, true, false]),
    ("published, its owner switched off", [false, true, true, false, true, false, false, true, false]),
];

#[sqlx::test]
async fn every_viewer_and_every_document(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (school, off) = (app.admin().await, app.admin().await);
    let people = [app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("S3").await];
    let (admin, newcomer) = (app.admin().await, app.person(Role::Student, None).await);
    let [near, far] = [class_of(&app, "P6 A", &[&people[0], &people[1]]).await, class_of(&app, "S3 A", &[]).await];
    app.run("UPDATE classes SET level = 'S3' WHERE id = $1", far).await;
    let teachers = [app.teacher(&[near]).await, app.teacher(&[far]).await];
    for (kind, may) in MAY {
        let personal = kind.starts_with("personal");
        let owner = match kind {
            "published, its owner switched off" => &off,
            _ if personal => &people[0],
            _ => &school,
        };
        let id = app.document(owner, kind, (!personal).then_some(("P6", "Mathematics"))).await;
        if kind.contains("shared") {
            let share = "INSERT INTO document_shares (document_id, shared_with_user_id) VALUES ($1, $2)";
            sqlx::query(share).bind(id).bind(people[1].viewer.id()).execute(app.pool()).await.unwrap();
        }
        if !personal && !kind.starts_with("not") {
            app.run("UPDATE documents SET status = 'ready', published_at = now() WHERE id = $1", id).await;
        }
        if kind.contains("archived") {
            app.run("UPDATE documents SET is_archived = true WHERE id = $1", id).await;
        }
        if kind.contains("scheme") {
            app.run("UPDATE documents SET kind = 'marking_scheme' WHERE id = $1", id).await;
        }
        if kind.contains("switched off") {
            app.run("UPDATE users SET is_active = false WHERE id = $1", owner.viewer.id()).await;
        }
        let viewers = [
            Some(owner),
            Some(&people[1]),
            Some(&people[2]),
            Some(&people[3]),
            Some(&admin),
            Some(&newcomer),
            None,
            Some(&teachers[0]),
            Some(&teachers[1]),
        ];
        for (who, (viewer, may)) in viewers.into_iter().zip(may).enumerate() {
            let place = format!("{kind}, viewer {who}");
            if let Some(person) = viewer {
                reads(&app, person, id, may, &place).await;
            }
            for path in
                [format!("/documents/{id}/file"), format!("/documents/{id}"), format!("/quizzes/new?document={id}")]
            {
                let status = app.get(&path, viewer).await.status;
                assert_eq!(status == StatusCode::OK, may, "{path}: {place} got {status}");
                assert!(may || status == 404 || status == 401, "{path}: {place} got {status}");
            }
        }
    }
}

async fn reads(app: &TestApp, person: &Person, id: Uuid, may: bool, place: &str) {
    let (pool, viewer) = (app.pool(), &person.viewer);
    let rule = "SELECT EXISTS (SELECT FROM visible_document_ids($1) v WHERE v.id = $2)";
    let seen: bool = sqlx::query_scalar(rule).bind(viewer.id()).bind(id).fetch_one(pool).await.unwrap();
    assert_eq!(seen, may, "{place}");
    assert_eq!(documents::get(pool, viewer, id).await.is_ok(), may, "{place}: get");
    assert_eq!(documents::file(pool, viewer, id).await.is_ok(), may, "{place}: file");
    assert_eq!(documents::details(pool, viewer, id).await.is_ok(), may, "{place}: frame");
    let listed = documents::list(pool, viewer, &Filter::default(), &PageRange::first(100)).await.unwrap();
    assert!(may || listed.iter().all(|document| document.id != id), "{place}: list");
    let topics = topics::of_document(pool, viewer, id).await.unwrap();
    assert!(may || topics.is_empty(), "{place}: topics");
    assert!(questions::of_document(pool, viewer, id).await.unwrap().is_empty(), "{place}: nothing was read yet");
}

#[sqlx::test]
async fn only_owner_and_admin_change_a_document(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let own = app.document(&pupil, "mine", None).await;
    for (who, document, may) in [(&pupil, id, false), (&pupil, own, true), (&other, own, false), (&admin, own, true)] {
        let again = documents::read_again(app.pool(), &who.viewer, document).await;
        assert_eq!(again.is_ok(), may);
        assert!(may || again == Err(AppError::NotFound));
    }
    let designated = Some(("P6".to_owned(), "Mathematics".to_owned()));
    let label = Label { title: "a".into(), kind: DocumentKind::ExamPaper, year: None };
    let file = File { name: "a.pdf".into(), bytes: PAPER.to_vec() };
    let upload = Upload { file, label, designated, stated: Stated::default(), scheme: None };
    assert_eq!(documents::store(app.pool(), &pupil.viewer, upload, i64::MAX).await, Err(AppError::NotFound));
    assert_eq!(app.get(&format!("/admin/documents/{id}/review"), Some(&pupil)).await.status, 404);
    assert_eq!(app.get(&format!("/admin/documents/{own}/review"), Some(&pupil)).await.status, 200);
}

#[sqlx::test]
async fn is_shared_follows_the_shares(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let id = app.document(&owner, "mine", None).await;
    let shared = async || -> bool {
        sqlx::query_scalar("SELECT is_shared FROM documents WHERE id = $1")
            .bind(id)
            .fetch_one(app.pool())
            .await
            .unwrap()
    };
    assert!(!shared().await);
    let share = "INSERT INTO document_shares (document_id, shared_with_user_id) VALUES ($1, $2)";
    sqlx::query(share).bind(id).bind(other.viewer.id()).execute(app.pool()).await.unwrap();
    assert!(shared().await);
    let twice = sqlx::query(share).bind(id).bind(other.viewer.id()).execute(app.pool()).await;
    assert_eq!(twice.unwrap_err().as_database_error().unwrap().constraint(), Some("uq_document_share"));
    app.run("DELETE FROM document_shares WHERE document_id = $1", id).await;
    assert!(!shared().await);
}
