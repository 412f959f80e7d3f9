//! The schema: up, down with data in place, up again; and the deployment guide's names.

use super::quizzes::{document_of, sums};
use super::*;
use crate::domain::comment::{CommentText, CommentType};
use crate::domain::quiz::Mode;
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{comments, migrations};
use crate::server::quizzes::{Wish, begin};
use crate::server::shares;

#[sqlx::test]
async fn down_and_up_with_data(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let paper = app.published_paper(&admin).await;
    shared_and_deleted(&app, &admin, paper).await;
    let all = migrations::status(app.pool()).await.unwrap();
    assert!(all.iter().all(|migration| migration.applied));
    assert_eq!(migrations::preview(app.pool()).await.unwrap(), "");
    for left in (0..all.len()).rev() {
        let undone = migrations::down(app.pool(), 1).await.unwrap();
        assert_eq!(undone.len(), 1);
        let applied = migrations::status(app.pool()).await.unwrap().iter().filter(|m| m.applied).count();
        assert_eq!(applied, left);
    }
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations'";
    assert_eq!(app.count(tables).await, 0, "nothing stays behind");
    assert!(migrations::preview(app.pool()).await.unwrap().contains("CREATE TABLE users"));
    migrations::up(app.pool()).await.unwrap();
    assert!(migrations::status(app.pool()).await.unwrap().iter().all(|migration| migration.applied));
}

/// What sharing keeps: a share, an invitation, a code, a note, an archived paper, an attempt that a deletion has closed.
async fn shared_and_deleted(app: &TestApp, admin: &Person, paper: Uuid) {
    let (owner, friend) = (app.pupil("P6").await, app.pupil("P6").await);
    let own = app.document(&owner, "Own", None).await;
    let gone = document_of(app, &owner, "Gone", &sums(1, None)).await;
    for email in [friend.viewer.person().email.as_str(), "nobody@test.com"] {
        shares::invite(app.pool(), &owner.viewer, own, email).await.unwrap();
    }
    shares::make_code(app.pool(), &owner.viewer, own).await.unwrap();
    documents::archive(app.pool(), &admin.viewer, paper, "Old").await.unwrap();
    let comment_type = CommentType::Comment;
    let text = CommentText { content: "a".into(), comment_type, page_number: None, highlight_text: None };
    comments::add(app.pool(), &admin.viewer, own, text).await.unwrap();
    let wish = Wish { from: DrawFrom::Document(gone), mode: Mode::TopicFocused, topics: vec![], count: 1 };
    begin(app.pool(), &owner.viewer, &wish).await.unwrap();
    shares::delete(app.pool(), &owner.viewer, gone).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM attempts WHERE closed_by = 'deletion'").await, 1);
}

#[sqlx::test]
async fn the_guides_names_are_there(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let columns = [
        ("users", "email hashed_password full_name role education_level"),
        ("documents", "filename uploaded_by level is_personal is_shared is_archived"),
        ("document_shares", "document_id shared_with_user_id"),
        ("attempts", "document_id"),
    ];
    for (table, names) in columns {
        for name in names.split(' ') {
            let query =
                "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = $1 AND column_name = $2)";
            let there: bool = sqlx::query_scalar(query).bind(table).bind(name).fetch_one(app.pool()).await.unwrap();
            assert!(there, "{table}.{name}");
        }
    }
    let indexes = "SELECT count(*) FROM pg_indexes WHERE indexname IN
        ('ix_documents_is_personal', 'ix_documents_is_shared', 'ix_documents_is_archived')";
    assert_eq!(app.count(indexes).await, 3);
    let sample = "SELECT count(*) FROM (SELECT u.email, u.education_level, COUNT(d.id) AS doc_count FROM users u
        LEFT JOIN documents d ON u.id = d.uploaded_by GROUP BY u.id, u.email, u.education_level) AS guide";
    assert_eq!(app.count(sample).await, 0);
}
