//! The pages of a document, as a reader sees them.

use exam_model::paper::Print;

use super::made_pdf::text_pages;
use super::*;
use crate::server::db::{page_text, questions, shares};

const PAGES: [&[&str]; 2] = [
    &["Republic of Somewhere", "1. What is a cell? (2 marks)", "2. Name two metals. (2 marks)"],
    &["Republic of Somewhere", "3. Why does iron rust? (3 marks)"],
];

async fn read(app: &TestApp, owner: &Person) -> Uuid {
    let label = Label { title: "Cells".into(), kind: DocumentKind::ExamPaper, year: None };
    let id = app.upload(owner, label, &text_pages(&PAGES), None, None).await;
    worker::work_all(app.pool()).await.unwrap();
    id
}

async fn print(app: &TestApp, who: &Person, id: Uuid, page: u32) -> Option<Vec<Print>> {
    page_text::print(app.pool(), &who.viewer, id, page).await.ok()
}

#[sqlx::test]
async fn what_is_printed_stands_where_it_is_printed(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let id = read(&app, &pupil).await;
    let first = print(&app, &pupil, id, 1).await.unwrap();
    let texts: Vec<&str> = first.iter().map(|print| print.text.as_str()).collect();
    assert_eq!(texts, PAGES[0], "with what stands on every page");
    let line = &first[1];
    assert_eq!((line.x, line.baseline, line.size), (60.0, 842.0 - 760.0, 11.0));
    assert!((120.0..160.0).contains(&line.width), "{line:?}");
    assert_eq!(print(&app, &pupil, id, 2).await.unwrap().len(), 2);
    assert_eq!((print(&app, &pupil, id, 0).await, print(&app, &pupil, id, 3).await), (None, None));

    let page = app.get(&format!("/documents/{id}"), Some(&pupil)).await.body.replace("<!>", "");
    for part in ["href=\"#question-3\"", "id=\"question-2\"", "viewBox=\"0 0 595 842\"", "Page 2 of 2, large"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let anchors = questions::anchors(app.pool(), &pupil.viewer, id).await.unwrap();
    let at: Vec<(&str, u32)> = anchors.iter().map(|anchor| (anchor.path.as_str(), anchor.region.page)).collect();
    assert_eq!(at, [("1", 1), ("2", 1), ("3", 2)]);
}

#[sqlx::test]
async fn a_page_is_seen_by_who_sees_its_document(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend) = (app.pupil("P6").await, app.pupil("P6").await);
    let id = read(&app, &owner).await;
    let sees = async |may: bool, when: &str| {
        assert_eq!(print(&app, &friend, id, 1).await.is_some(), may, "{when}");
        let sizes = page_text::sizes(app.pool(), &friend.viewer, id).await.unwrap();
        assert_eq!(sizes.len(), if may { 2 } else { 0 }, "{when}");
        let anchors = questions::anchors(app.pool(), &friend.viewer, id).await.unwrap();
        assert_eq!(anchors.is_empty(), !may, "{when}");
    };
    sees(false, "personal").await;
    shares::give(app.pool(), &owner.viewer, id, &[friend.viewer.id()]).await.unwrap();
    sees(true, "shared").await;
    shares::take_back(app.pool(), &owner.viewer, id, friend.viewer.id()).await.unwrap();
    sees(false, "taken back").await;
    // Another user can see their own copy of the same file.
    let own = read(&app, &friend).await;
    assert!(print(&app, &friend, own, 1).await.is_some());
    sees(false, "still").await;
}

#[sqlx::test]
async fn a_marking_scheme_has_pages_too(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let paper = app.published_paper(&admin).await;
    let scheme = documents::scheme(app.pool(), &admin.viewer, paper).await.unwrap().unwrap();
    assert!(scheme.page_count > 0);
    assert!(!print(&app, &admin, scheme.id, 1).await.unwrap().is_empty());
    let page = app.get(&format!("/documents/{}", scheme.id), Some(&admin)).await.body;
    assert!(page.contains("id=\"page-1\"") && !page.contains("without pages"), "{page}");
}
