//! Background reading: taken once, taken up again, its end told.

use super::*;
use crate::domain::document::Reading;
use crate::server::db::jobs as queue;

#[sqlx::test]
async fn a_job_is_taken_once_and_taken_up_again_when_its_worker_dies(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.document(&admin, "a", Some(("P6", "Mathematics"))).await;
    let claim = queue::claim(app.pool()).await.unwrap().expect("there is a job");
    assert_eq!(claim.document_id, id);
    assert!(queue::claim(app.pool()).await.unwrap().is_none(), "nobody else gets it");
    drop(claim);
    // The connection's rollback comes a moment after.
    let mut again = None;
    for _ in 0..100 {
        again = queue::claim(app.pool()).await.unwrap();
        if again.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    again.expect("it is there again").finish().await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}

#[sqlx::test]
async fn what_cannot_be_read_says_why(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let label = |title: &str| Label { title: title.into(), kind: DocumentKind::ExamPaper, year: None };
    let broken = app.upload(&admin, label("broken"), b"%PDF-1.7 and no more", Some(("P6", "English")), None).await;
    let cut = app.upload(&admin, label("cut"), &PAPER[..PAPER.len() / 2], Some(("P6", "English")), None).await;
    jobs::work_all(app.pool()).await.unwrap();
    let reading = async |id| documents::get(app.pool(), &admin.viewer, id).await.unwrap().reading;
    let Reading::Failed { reason } = reading(broken).await else { panic!("{:?}", reading(broken).await) };
    assert!(reason.starts_with("This is not a PDF, or it is cut off."), "{reason}");
    assert!(!matches!(reading(cut).await, Reading::Queued | Reading::Reading { .. }), "the half one has an end, too");
    assert_eq!(documents::publish(app.pool(), broken, true).await, Err(crate::error::AppError::NotFound));
}
