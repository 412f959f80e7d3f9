//! The school's own subjects and topics.

use super::*;
use crate::error::AppError;
use crate::server::db::{subjects, topics};
use crate::server::documents::syllabus;

#[sqlx::test]
async fn a_subject_and_its_topics_are_the_schools_to_edit(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pool = app.pool();
    subjects::create(pool, "TTC", "Wood technology", "").await.unwrap();
    let again = subjects::create(pool, "TTC", "Wood technology", "").await;
    assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
    assert!(matches!(subjects::create(pool, "P9", "Wood technology", "").await, Err(AppError::Invalid { .. })));

    let subject = topics::subject_id(pool, "TTC", "Wood technology").await.unwrap();
    for name in ["Joints", "Tools"] {
        topics::add(pool, subject, name, &[]).await.unwrap();
    }
    let twice = topics::add(pool, subject, "Joints", &[]).await;
    assert!(matches!(twice, Err(AppError::Conflict(_))), "{twice:?}");
    let known = topics::of_subject(pool, subject).await.unwrap();
    assert_eq!(known.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>(), ["Joints", "Tools"]);
    topics::change(pool, known[0].id, "Joints of wood", &syllabus::words("Mortise, \n dovetail  joint,,").unwrap())
        .await
        .unwrap();
    let taken = topics::change(pool, known[0].id, "Tools", &[]).await;
    assert!(matches!(taken, Err(AppError::Conflict(_))), "{taken:?}");
    assert_eq!(topics::change(pool, Uuid::new_v4(), "None", &[]).await, Err(AppError::NotFound));
    assert_eq!(topics::of_subject(pool, subject).await.unwrap()[0].keywords, ["mortise", "dovetail joint"]);
    for bad in ["", " ", "a/b", &"a".repeat(101)] {
        assert!(syllabus::name(bad).is_err(), "{bad}");
    }
}
