//! The upload form.

use super::*;

fn multipart(fields: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, filename, bytes) in fields {
        let filename = filename.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
        body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    body
}

async fn post(app: &TestApp, who: Option<&Person>, fields: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut request = Request::post("/documents/new").header("content-type", "multipart/form-data; boundary=cut");
    if let Some(person) = who {
        request = request.header("cookie", format!("session={}", person.token));
    }
    app.send(request.body(multipart(fields).into()).unwrap()).await
}

#[sqlx::test]
async fn a_pupils_upload_is_their_own(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (pupil, classmate) = (app.pupil("P6").await, app.pupil("P6").await);
    let file = ("file", Some("../../my notes.pdf"), PAPER);
    let kind = ("kind", None, &b"exam_paper"[..]);
    // A pupil cannot give it to a level.
    let answer = post(&app, Some(&pupil), &[file, kind, ("subject", None, b"P6/Mathematics")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = answer.header("location").to_owned();
    let row: (String, bool, Option<String>) =
        sqlx::query_as("SELECT filename, is_personal, level FROM documents").fetch_one(app.pool()).await.unwrap();
    assert_eq!(row, ("my notes.pdf".into(), true, Some("P6".into())));
    assert_eq!(app.get(&page, Some(&pupil)).await.status, StatusCode::OK);
    assert_eq!(app.get(&page, Some(&classmate)).await.status, StatusCode::NOT_FOUND);
    let file = app.get(&format!("{page}/file"), Some(&pupil)).await;
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"my notes.pdf\"; filename*=UTF-8''my%20notes.pdf"
    );
}

#[sqlx::test]
async fn what_is_no_good_is_refused_and_not_kept(pool: PgPool) {
    let app = TestApp::with(pool, |name| (name == "MAX_UPLOAD_MB").then(|| "1".into())).await;
    let pupil = app.pupil("P6").await;
    let mut large = b"%PDF-1.7".to_vec();
    large.resize(2 << 20, b' ');
    let huge = vec![b' '; 4 << 20];
    let kind = ("kind", None, &b"exam_paper"[..]);
    for (fields, problem) in [
        (vec![("file", Some("a.pdf"), &b"GIF89a"[..]), kind], "pdf"),
        (vec![("file", Some("a.pdf"), &b""[..]), kind], "missing"),
        (vec![kind], "missing"),
        (vec![("file", Some("a.pdf"), &large[..]), kind], "size"),
        (vec![("file", Some("a.pdf"), &huge[..]), kind], "size"),
        (vec![("file", Some("a.pdf"), PAPER), ("kind", None, b"novel")], "kind"),
        (vec![("file", Some("a.pdf"), PAPER), kind, ("year", None, b"20x")], "year"),
    ] {
        let answer = post(&app, Some(&pupil), &fields).await;
        assert_eq!(answer.header("location"), format!("/documents/new?problem={problem}"), "{}", answer.body);
        assert!(app.get(answer.header("location"), Some(&pupil)).await.body.contains("form-error"));
    }
    assert_eq!(post(&app, None, &[kind]).await.header("location"), "/login?next=/documents/new");
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM document_files").await, 0);
}

#[sqlx::test]
async fn questions_without_pages(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let gift = b"::1:: 2 + 2? {#4}\n\n::2:: The capital of Rwanda is {=Kigali ~Huye}\n\n::2:: Broken {";
    let fields = [
        ("file", Some("sums.gift"), &gift[..]),
        ("kind", None, &b"exam_paper"[..]),
        ("subject", None, b"P6/Mathematics"),
        ("scheme", Some("scheme.gift"), &gift[..]),
    ];
    let refused = post(&app, Some(&admin), &fields).await;
    assert_eq!(refused.header("location"), "/documents/new?problem=pdf", "a marking scheme is a PDF");
    let review = post(&app, Some(&admin), &fields[..3]).await.header("location").to_owned();
    let id: Uuid = review.split('/').nth(3).unwrap().parse().unwrap();
    jobs::work_all(app.pool()).await.unwrap();
    assert!(app.get(&review, Some(&admin)).await.body.contains("a brace is not closed"));
    documents::publish(app.pool(), id, true).await.unwrap();
    let page = app.get(&format!("/documents/{id}"), Some(&pupil)).await;
    assert!(page.body.contains("questions without pages") && page.body.contains("Practise with it"), "{}", page.body);
    assert!(!page.body.contains(&format!("/documents/{id}/file")), "the file holds the answer keys");
    assert_eq!(app.get(&format!("/documents/{id}/file"), Some(&pupil)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(&format!("/documents/{id}/file"), Some(&admin)).await.body.as_bytes(), gift);
    assert_eq!(app.count("SELECT count(*) FROM questions WHERE key IS NOT NULL").await, 2);
}

#[sqlx::test]
async fn a_scheme_belongs_to_a_paper_one_may_change(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let paper = app.document(&owner, "mine", None).await.to_string();
    let fields = [("file", Some("scheme.pdf"), SCHEME), ("scheme_of", None, paper.as_bytes())];
    assert_eq!(post(&app, Some(&other), &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&app, Some(&owner), &fields).await.header("location"), format!("/documents/{paper}"));
    assert_eq!(post(&app, Some(&owner), &fields).await.status, StatusCode::SEE_OTHER, "a new one takes its place");
    assert_eq!(app.count("SELECT count(*) FROM documents WHERE kind = 'marking_scheme'").await, 1);
    jobs::work_all(app.pool()).await.unwrap();
    assert!(app.count("SELECT count(*) FROM questions WHERE key IS NOT NULL").await > 40);
}
