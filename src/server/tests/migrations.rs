//! The schema: up, down with data in place, up again; refusals; and the promises of the deployment guide.

use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::Migrate;

use super::paper_results::class_of;
use super::quizzes::{document_of, sums};
use super::*;
use crate::domain::comment::{CommentText, CommentType};
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts::quizzes::{QuizRequest, begin};
use crate::server::db::migrations::{self, Fault, SchemaError};
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{comments, schema};
use crate::server::documents::sharing;

#[sqlx::test]
async fn down_and_up_with_data(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let paper = app.published_paper(&admin).await;
    shared_and_deleted(&app, &admin, paper).await;
    let failing = "UPDATE jobs SET tries = 2, last_error = 'Away'";
    assert!(sqlx::query(failing).execute(app.pool()).await.unwrap().rows_affected() > 0);
    let all = migrations::status(app.pool()).await.unwrap();
    assert!(all.iter().all(|migration| migration.applied));
    assert_eq!(migrations::preview(app.pool()).await.unwrap(), "");
    for left in (0..all.len()).rev() {
        let undone = migrations::down(app.pool(), 1).await.unwrap();
        assert_eq!(undone.len(), 1);
        let applied = migrations::status(app.pool()).await.unwrap().iter().filter(|m| m.applied).count();
        assert_eq!(applied, left);
    }
    assert_eq!(schema::tables(app.pool()).await.unwrap(), ["_sqlx_migrations"], "nothing stays behind");
    assert!(migrations::preview(app.pool()).await.unwrap().contains("CREATE TABLE users"));
    assert_eq!(migrations::up(app.pool()).await.unwrap().len(), all.len());
    migrations::check(app.pool()).await.unwrap();
}

/// Data from sharing: a share, an invitation, a code, a note, an archived paper, an attempt closed by a deletion.
async fn shared_and_deleted(app: &TestApp, admin: &Person, paper: Uuid) {
    let (owner, friend) = (app.pupil("P6").await, app.pupil("P6").await);
    let own = app.document(&owner, "Own", None).await;
    let gone = document_of(app, &owner, "Gone", &sums(1, None)).await;
    for email in [friend.viewer.person().sign_in_name(), "nobody@test.com"] {
        sharing::invite(app.pool(), &owner.viewer, own, email).await.unwrap();
    }
    sharing::make_code(app.pool(), &owner.viewer, own).await.unwrap();
    documents::archive(app.pool(), &admin.viewer, paper, "Old").await.unwrap();
    let comment_type = CommentType::Comment;
    let text = CommentText { content: "a".into(), comment_type, page_number: None, highlight_text: None };
    comments::add(app.pool(), &admin.viewer, own, text).await.unwrap();
    let wish = QuizRequest {
        from: DrawFrom::Document(gone),
        mode: Mode::TopicFocused,
        topics: vec![],
        count: 1,
        feedback: Feedback::Deferred,
    };
    begin(app.pool(), &owner.viewer, &wish).await.unwrap();
    sharing::delete(app.pool(), &owner.viewer, gone).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM attempts WHERE closed_by = 'deletion'").await, 1);
}

#[sqlx::test]
async fn of_work_that_was_set_twice_the_first_stays(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let class = class_of(&app, "P6 A", &[]).await;
    let document = document_of(&app, &admin, "Mock", &sums(1, None)).await;
    let since = app.count("SELECT count(*) FROM _sqlx_migrations WHERE version >= 20261210090000").await;
    migrations::down(app.pool(), usize::try_from(since).unwrap()).await.unwrap();
    // Set one after the other, of an hour each.
    for (number, opens) in (1..).zip([0, 30, 75, 90, 120]) {
        let set = "INSERT INTO assignments (class_id, document_id, opens_at, due_at, minutes, attempts, created_at)
                   VALUES ($1, $2, now() + make_interval(mins => $3), now() + make_interval(mins => $3 + 60), $4, 1,
                           now() + make_interval(secs => $4))";
        sqlx::query(set).bind(class).bind(document).bind(opens).bind(number).execute(app.pool()).await.unwrap();
    }
    migrations::up(app.pool()).await.unwrap();
    let stay = "SELECT minutes FROM assignments WHERE withdrawn_at IS NULL ORDER BY minutes";
    let stay: Vec<i32> = sqlx::query_scalar(stay).fetch_all(app.pool()).await.unwrap();
    assert_eq!(stay, [1, 3], "the second goes, so the third stays, with which the fourth and the fifth overlap");
}

#[sqlx::test]
async fn what_a_way_back_loses_is_told_and_not_yet_lost(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    app.published_paper(&admin).await;
    let all = migrations::status(app.pool()).await.unwrap().len();
    let told = async |steps| -> Vec<String> {
        migrations::losses(app.pool(), steps).await.unwrap().iter().map(ToString::to_string).collect()
    };
    let everything = told(all).await;
    for line in ["table users: 1 row", "table documents: 2 rows", "table levels: 4 rows"] {
        assert!(everything.iter().any(|told| told == line), "{line} in {everything:?}");
    }
    assert!(!everything.iter().any(|line| line.starts_with("column") || line.contains("attempts")), "{everything:?}");
    let corrections = "SELECT count(*) FROM _sqlx_migrations WHERE version >= 20261124094000";
    let since_corrections = told(usize::try_from(app.count(corrections).await).unwrap()).await;
    assert!(since_corrections.contains(&"column documents.reading: filled in 1 row".into()), "{since_corrections:?}");
    migrations::check(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM documents WHERE reading IS NOT NULL").await, 1);
}

#[sqlx::test(migrations = false)]
async fn two_at_once_one_works_one_waits(pool: PgPool) {
    let mut first = pool.acquire().await.unwrap().detach();
    first.lock().await.unwrap();
    let mut others = Box::pin(futures_util::future::join(migrations::up(&pool), migrations::up(&pool)));
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut others).await;
    assert!(waited.is_err(), "they wait");
    assert!(schema::tables(&pool).await.unwrap().is_empty());
    first.close().await.unwrap();
    let (one, other) = others.await;
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    migrations::check(&pool).await.unwrap();
}

#[sqlx::test]
async fn an_edited_migration_is_refused_by_name(pool: PgPool) {
    let edit = "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 20261124091000";
    sqlx::query(edit).execute(&pool).await.unwrap();
    let refusals = [
        migrations::check(&pool).await.unwrap_err(),
        migrations::up(&pool).await.unwrap_err(),
        migrations::down(&pool, 1).await.unwrap_err(),
        migrations::losses(&pool, 1).await.unwrap_err(),
        migrations::preview(&pool).await.unwrap_err(),
    ];
    for refusal in refusals {
        assert!(refusal.to_string().contains("20261124091000 documents was edited"), "{refusal}");
    }
    let status = migrations::status(&pool).await.unwrap();
    let edited = |m: &&migrations::Status| m.fault == Some(Fault::Edited) && !m.applied;
    assert_eq!(status.iter().filter(edited).count(), 1);
}

#[sqlx::test]
async fn a_reordered_migration_counts_as_applied(pool: PgPool) {
    let earlier = "UPDATE _sqlx_migrations SET checksum = decode('140671ffcaca35243d580fc4cf3e2f2e198df0b24a67573e58230436aeaf\
                   4e66c80b3dd5130c51a7b856408e881e34b9', 'hex') WHERE version = 20261128090000";
    assert_eq!(sqlx::query(earlier).execute(&pool).await.unwrap().rows_affected(), 1);
    migrations::check(&pool).await.unwrap();
    migrations::down(&pool, 1).await.unwrap();
    assert_eq!(migrations::up(&pool).await.unwrap().len(), 1);
    migrations::check(&pool).await.unwrap();
}

#[sqlx::test]
async fn a_newer_programs_schema_is_told(pool: PgPool) {
    let newer = "INSERT INTO _sqlx_migrations VALUES (29990101000000, 'moon', now(), true, '\\x00', 0)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    for refusal in [migrations::check(&pool).await.unwrap_err(), migrations::up(&pool).await.unwrap_err()] {
        assert!(refusal.to_string().contains("29990101000000 moon"), "{refusal}");
    }
    assert_eq!(migrations::status(&pool).await.unwrap().last().unwrap().fault, Some(Fault::Unknown));
}

#[sqlx::test(migrations = false)]
async fn an_empty_and_a_foreign_database_are_told_apart(pool: PgPool) {
    assert!(matches!(migrations::check(&pool).await, Err(SchemaError::Missing)));
    sqlx::query("CREATE TABLE alembic_version (version_num text)").execute(&pool).await.unwrap();
    for refusal in [migrations::check(&pool).await, migrations::up(&pool).await.map(|_| ())] {
        assert!(matches!(&refusal, Err(SchemaError::Foreign(tables)) if tables == "alembic_version"), "{refusal:?}");
    }
    assert_eq!(schema::tables(&pool).await.unwrap(), ["alembic_version"]);
}

#[sqlx::test]
async fn a_missing_promise_of_the_guide_is_named(pool: PgPool) {
    let broken = async || -> Vec<String> {
        let promises = schema::verify(&pool).await.unwrap();
        promises.iter().filter(|(_, kept)| !kept).map(|(promise, _)| promise.to_string()).collect()
    };
    assert_eq!(broken().await, [""; 0]);
    let faults = [
        ("DROP INDEX ix_documents_is_personal", "index ix_documents_is_personal on documents(is_personal)"),
        (
            "ALTER TABLE document_shares DROP CONSTRAINT uq_document_share",
            "unique constraint on document_shares(document_id, shared_with_user_id)",
        ),
        (
            "ALTER TABLE attempts DROP CONSTRAINT attempts_document_id_fkey",
            "foreign key attempts.document_id: references documents",
        ),
        (
            "ALTER TABLE users ALTER education_level SET NOT NULL",
            "column users.education_level: character varying, nullable",
        ),
        ("ALTER TABLE documents ALTER is_shared DROP DEFAULT", "column documents.is_shared: boolean, default false"),
        ("ALTER TABLE attempts RENAME TO tries", "table attempts"),
    ];
    for (fault, told) in faults {
        sqlx::query(fault).execute(&pool).await.unwrap();
        let broken = broken().await;
        assert!(broken.iter().any(|line| line == told), "{told} in {broken:?}");
    }
}

/// Two of five documents are the school's, a quarter of these for P6.
#[sqlx::test]
async fn the_guides_query_uses_an_index_once_there_are_many(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    app.run(
        "INSERT INTO documents (filename, title, uploaded_by, level, is_personal)
         SELECT n || '.pdf', 'Paper ' || n, $1, (ARRAY['P6', 'S3', 'S6', 'TTC'])[1 + n / 5 % 4], n % 5 < 3
           FROM generate_series(1, 20000) n",
        admin.viewer.id(),
    )
    .await;
    sqlx::query("ANALYZE documents").execute(app.pool()).await.unwrap();
    let query = "EXPLAIN SELECT * FROM documents WHERE is_personal = false AND level = 'P6'";
    let plan: Vec<String> = sqlx::query_scalar(query).fetch_all(app.pool()).await.unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{plan}");
}
