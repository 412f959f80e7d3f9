//! A document's questions as files for other programs.

use exam_formats::{Format, import};

use super::*;

#[sqlx::test]
async fn who_corrects_a_paper_downloads_its_questions(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let whole = db::questions::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    for (word, media_type, ending) in [
        ("gift", "text/plain; charset=utf-8", "gift.txt"),
        ("aiken", "text/plain; charset=utf-8", "aiken.txt"),
        ("moodle", "application/xml", "moodle.xml"),
        ("qti", "application/zip", "qti.zip"),
        ("csv", "text/csv; charset=utf-8", "csv"),
        ("json", "application/json", "json"),
    ] {
        let path = format!("/documents/{id}/questions/{word}");
        let file = app.get(&path, Some(&admin)).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, media_type), "{word}");
        let named =
            format!("attachment; filename=\"P6 Mathematics.{ending}\"; filename*=UTF-8''P6%20Mathematics.{ending}");
        assert_eq!(file.header("content-disposition"), named);
        // A package is not text, so its body cannot be read here.
        if word != "qti" {
            let imported = import(file.body.as_bytes(), Format::parse(word).unwrap()).unwrap();
            assert!(imported.questions.len() > 1, "{word}");
            assert!(word != "json" || imported.questions == whole);
        }
        assert_eq!(app.get(&path, Some(&pupil)).await.status, StatusCode::NOT_FOUND, "the keys are in it");
        assert_eq!(app.get(&path, None).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(app.get(&format!("/documents/{id}/questions/word"), Some(&admin)).await.status, StatusCode::NOT_FOUND);
    let own = app.document(&pupil, "mine", None).await;
    assert_eq!(app.get(&format!("/documents/{own}/questions/json"), Some(&pupil)).await.status, StatusCode::OK);
}
