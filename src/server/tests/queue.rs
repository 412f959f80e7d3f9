//! Background reading: each job is taken once, retried, and its outcome is shown.

use exam_model::paper::Paper;

use super::made_pdf::text_pages;
use super::*;
use crate::domain::document::Reading;
use crate::error::AppError;
use crate::server::db::jobs as queue;
use crate::server::documents::reading::{self, Contents};
use crate::server::documents::sharing;

#[sqlx::test]
async fn a_job_is_taken_once_and_taken_up_again_when_its_worker_dies(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.document(&admin, "a", Some(("P6", "Mathematics"))).await;
    let claim = queue::claim(app.pool()).await.unwrap().expect("there is a job");
    assert_eq!(claim.document_id, id);
    assert!(queue::claim(app.pool()).await.unwrap().is_none(), "nobody else gets it");
    run_out(&app).await;
    let again = queue::claim(app.pool()).await.unwrap().expect("it is there again");
    assert!(claim.end(app.pool()).await.unwrap().is_none(), "who is late does not end the job of another");
    let mut end = again.end(app.pool()).await.unwrap().expect("it is still there");
    again.finish(&mut end).await.unwrap();
    end.commit().await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}

/// Lets the leases of all workers run out.
async fn run_out(app: &TestApp) {
    sqlx::query("UPDATE jobs SET run_after = now(), leased_until = now()").execute(app.pool()).await.unwrap();
}

/// A lease is renewed while the worker lives, and its document can be deleted meanwhile.
#[sqlx::test]
async fn a_job_in_progress_keeps_its_lease_and_lets_its_document_go(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let id = app.document(&owner, "a", None).await;
    let claim = queue::claim(app.pool()).await.unwrap().expect("there is a job");
    run_out(&app).await;
    let renewing = tokio::time::timeout(std::time::Duration::from_millis(300), claim.renew(app.pool()));
    assert!(renewing.await.is_err(), "it renews for ever");
    assert!(queue::claim(app.pool()).await.unwrap().is_none(), "it is leased again");
    sharing::delete(app.pool(), &owner.viewer, id).await.unwrap();
    assert!(claim.end(app.pool()).await.unwrap().is_none(), "there is nothing to end");
}

#[sqlx::test]
async fn what_cannot_be_read_says_why(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let label = |title: &str| Label { title: title.into(), kind: DocumentKind::ExamPaper, year: None };
    let broken = app.upload(&admin, label("broken"), b"%PDF-1.7 and no more", Some(("P6", "English")), None).await;
    let cut = app.upload(&admin, label("cut"), &PAPER[..PAPER.len() / 2], Some(("P6", "English")), None).await;
    worker::work_all(app.pool()).await.unwrap();
    let reading = async |id| documents::get(app.pool(), &admin.viewer, id).await.unwrap().reading;
    let Reading::Failed { reason } = reading(broken).await else { panic!("{:?}", reading(broken).await) };
    assert!(reason.starts_with("This is not a PDF, or it is cut off."), "{reason}");
    assert!(!matches!(reading(cut).await, Reading::Queued | Reading::Reading { .. }), "the half one has an end, too");
    assert_eq!(documents::publish(app.pool(), &admin.viewer, broken, true).await, Err(AppError::NotFound));
}

/// Runs the only job, as if it were due, and returns the outcome.
async fn try_again(app: &TestApp) -> Result<(), AppError> {
    run_out(app).await;
    worker::work_all(app.pool()).await
}

#[sqlx::test]
async fn what_fails_each_time_is_given_up_with_the_reason_and_tried_again_on_demand(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let id = app.document(&owner, "a", None).await;
    // Makes storing the reading fail.
    sqlx::query("ALTER TABLE questions ADD CONSTRAINT none CHECK (false)").execute(app.pool()).await.unwrap();
    let reading = async || documents::get(app.pool(), &owner.viewer, id).await.unwrap().reading;
    for (tries, minutes) in [(1, 1), (2, 4)] {
        try_again(&app).await.unwrap_err();
        let job: (i32, f64, Option<String>) =
            sqlx::query_as("SELECT tries, extract(epoch FROM run_after - now())::float8 / 60, last_error FROM jobs")
                .fetch_one(app.pool())
                .await
                .unwrap();
        assert_eq!((job.0, job.1.ceil() as i32), (tries, minutes));
        assert!(job.2.unwrap().starts_with("Something went wrong on our side."));
        assert_eq!(reading().await, Reading::Queued);
        assert!(queue::claim(app.pool()).await.unwrap().is_none(), "it waits");
    }
    try_again(&app).await.unwrap_err();
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
    let Reading::Failed { reason } = reading().await else { panic!("{:?}", reading().await) };
    assert!(reason.starts_with("All 3 tries failed. The last one: Something went wrong on our side."), "{reason}");
    assert_eq!(app.count("SELECT count(*) FROM page_text").await, 0, "half a reading is none");
    let page = app.get(&format!("/documents/{id}"), Some(&owner)).await.body.replace("<!>", "");
    let form = page.split("<form").find(|form| form.contains(">Try again<")).expect("a button without scripts");
    assert!(page.contains(&reason) && form.contains("read_again") && form.contains(&id.to_string()), "{page}");
    sqlx::query("ALTER TABLE questions DROP CONSTRAINT none").execute(app.pool()).await.unwrap();
    assert_eq!(app.act(&other, "documents/read_again", &format!("id={id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.act(&owner, "documents/read_again", &format!("id={id}")).await.status, StatusCode::OK);
    worker::work_all(app.pool()).await.unwrap();
    assert_eq!(reading().await, Reading::Ready);
}

#[sqlx::test]
async fn a_document_whose_reader_dies_each_time_is_given_up(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let id = app.document(&owner, "a", None).await;
    for tries in 1..=3 {
        run_out(&app).await;
        let claim = queue::claim(app.pool()).await.unwrap().expect("there is a job");
        assert_eq!(claim.tries, tries);
    }
    try_again(&app).await.unwrap();
    let reading = documents::get(app.pool(), &owner.viewer, id).await.unwrap().reading;
    let Reading::Failed { reason } = reading else { panic!("{reading:?}") };
    assert!(reason.contains("The program stopped while it was reading."), "{reason}");
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
}

fn contents(paper: &Paper) -> Contents {
    Contents { paper: paper.clone(), pages: Vec::new(), scheme_pages: Vec::new() }
}

/// The API's program attached a scheme while the paper alone was being read: the reading without it must not count.
#[sqlx::test]
async fn a_reading_of_files_that_have_changed_since_is_not_saved(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let label = Label { title: "a".into(), kind: DocumentKind::ExamPaper, year: None };
    let id = app.upload(&owner, label, PAPER, None, None).await;
    let paper = reading::put_together(PAPER, &[], None);
    let mut work = app.pool().acquire().await.unwrap();
    let document = documents::for_reading(&mut work, id).await.unwrap().unwrap();
    let scheme = File { name: "scheme.pdf".into(), bytes: SCHEME.to_vec() };
    documents::store_scheme(app.pool(), &owner.viewer, id, &scheme, i64::MAX).await.unwrap();
    let state = async || documents::get(app.pool(), &owner.viewer, id).await.unwrap().reading;
    let keys = "SELECT count(*) FROM questions WHERE key IS NOT NULL";
    let old = async |work: &mut sqlx::PgConnection| {
        worker::save_reading(app.pool(), work, id, &document, Ok(contents(&paper))).await.unwrap();
        documents::note_progress(app.pool(), id, 1, 9).await.unwrap();
    };
    old(&mut work).await;
    assert_eq!(state().await, Reading::Reading { page: 1, of: 9 });
    worker::work_all(app.pool()).await.unwrap();
    old(&mut work).await;
    assert_eq!(state().await, Reading::Ready);
    assert!(app.count(keys).await > 40);
}

#[sqlx::test]
async fn what_gave_no_questions_needs_a_look(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let label = |title: &str| Label { title: title.into(), kind: DocumentKind::ExamPaper, year: None };
    let text = text_pages(&[&["A page of prose that asks nothing of anybody who reads it, and ends here."]]);
    let empty = app.upload(&owner, label("empty"), &text, None, None).await;
    let full = app.document(&owner, "full", None).await;
    worker::work_all(app.pool()).await.unwrap();
    let page = async |address: &str| app.get(address, Some(&owner)).await.body.replace("<!>", "");
    for (id, told) in [(empty, true), (full, false)] {
        let page = page(&format!("/documents/{id}")).await;
        assert_eq!(page.contains("It needs a look: no questions were found in it."), told, "{page}");
        assert_eq!(page.contains("Try again"), told);
    }
    assert_eq!(page("/documents?whose=mine").await.matches("Needs a look").count(), 1);
}
