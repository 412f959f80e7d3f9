//! The upload form.

use std::collections::BTreeSet;
use std::path::Path;

use exam_reading::INSTALL_OCR;
use image::{DynamicImage, ImageFormat};
use leptos_router::location::Url;

use super::made_pdf::text_pages;
use super::*;
use crate::error::AppError;
use crate::server::documents::reading::pdf;

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
    // A pupil cannot upload for a level.
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
    let huge = vec![b' '; 7 << 20];
    let kind = ("kind", None, &b"exam_paper"[..]);
    for (fields, problem) in [
        (vec![("file", Some("a.pdf"), &b"GIF89a"[..]), kind], "pdf"),
        (vec![("file", Some("a.pdf"), &b""[..]), kind], "missing"),
        (vec![kind], "missing"),
        (vec![("file", Some("a.pdf"), &large[..]), kind], "size"),
        (vec![("file", Some("a.pdf"), &huge[..]), kind], "total"),
        (vec![("file", Some("a.jpg"), b"What is a plant? Say what it needs."), kind], "pdf"),
        (vec![("file", Some("a.jpg"), b"\xFF\xD8\xFF\xE0 and no more"), kind], "photo"),
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
    worker::work_all(app.pool()).await.unwrap();
    assert!(app.get(&review, Some(&admin)).await.body.contains("a brace is not closed"));
    documents::publish(app.pool(), &admin.viewer, id, true).await.unwrap();
    let page = app.get(&format!("/documents/{id}"), Some(&pupil)).await;
    assert!(page.body.contains("questions but no pages") && page.body.contains("Practise with it"), "{}", page.body);
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
    worker::work_all(app.pool()).await.unwrap();
    assert!(app.count("SELECT count(*) FROM questions WHERE key IS NOT NULL").await > 40);
}

const KIND: (&str, Option<&str>, &[u8]) = ("kind", None, b"exam_paper");

#[sqlx::test]
async fn several_files_become_a_document_each(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let fields = [
        ("file", Some("paper.pdf"), PAPER),
        ("file", Some("a & b.gif"), &b"GIF89a"[..]),
        ("file", Some("sums.pdf"), SCHEME),
        KIND,
        ("title", None, b"Not for several"),
    ];
    let told = post(&app, Some(&pupil), &fields).await.header("location").to_owned();
    assert_eq!(told, format!("/documents/new?added=2&refused=pdf/{}", Url::escape("a & b.gif")));
    let page = app.get(&told, Some(&pupil)).await.body.replace("<!>", "");
    assert!(
        page.contains("2 papers added. Not added:") && page.contains("a &amp; b.gif</b>: The file is not a PDF"),
        "{page}"
    );
    let titles: Vec<String> =
        sqlx::query_scalar("SELECT title FROM documents ORDER BY title").fetch_all(app.pool()).await.unwrap();
    assert_eq!(titles, ["paper", "sums"]);
    worker::work_all(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM documents WHERE status = 'ready'").await, 2);
    let other = text_pages(&[&["1. What is 3 + 3? (1 mark)"]]);
    let good = [("file", Some("a.pdf"), &other[..]), ("file", Some("b.gift"), b"3 + 2? {#5}"), KIND];
    assert_eq!(post(&app, Some(&pupil), &good).await.header("location"), "/documents?whose=mine");
    let with_scheme = [fields[0], fields[2], KIND, ("scheme", Some("s.pdf"), SCHEME)];
    assert_eq!(post(&app, Some(&pupil), &with_scheme).await.header("location"), "/documents/new?problem=one");
}

/// Pages of the paper, as photos.
fn photos(numbers: &[u32], format: ImageFormat) -> Vec<Vec<u8>> {
    let photo = |number: &u32| {
        let page = image::load_from_memory(&pdf::render(PAPER, *number, 1440, None).unwrap()).unwrap().into_rgb8();
        let mut out = std::io::Cursor::new(Vec::new());
        DynamicImage::from(page).write_to(&mut out, format).unwrap();
        out.into_inner()
    };
    numbers.iter().map(photo).collect()
}

#[sqlx::test]
async fn photos_become_one_document_in_their_order(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let pages = photos(&[2, 3], ImageFormat::Jpeg);
    let fields = |order: [usize; 2]| {
        let names = ["IMG_2.jpg", "IMG_3.jpg"];
        [("file", Some(names[order[0]]), &pages[order[0]][..]), ("file", Some(names[order[1]]), &pages[order[1]]), KIND]
    };
    let mut pictures = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let place = post(&app, Some(&pupil), &fields(order)).await.header("location").to_owned();
        let id: Uuid = place.strip_prefix("/documents/").unwrap().parse().unwrap();
        let document = documents::get(app.pool(), &pupil.viewer, id).await.unwrap();
        assert_eq!(document.title, ["IMG_2", "IMG_3"][order[0]]);
        for page in 1..=2 {
            let picture = app.get(&format!("{place}/pages/{page}?width=480"), Some(&pupil)).await;
            assert_eq!(picture.status, StatusCode::OK);
            pictures.push(picture.body);
        }
    }
    assert!(pictures[0] == pictures[3] && pictures[1] == pictures[2] && pictures[0] != pictures[1]);
    worker::work_all(app.pool()).await.unwrap();
    let read = "SELECT count(*) FROM questions q JOIN documents d ON d.id = q.document_id
                 WHERE d.title = 'IMG_2' AND d.page_count = 2 AND q.path = '14.a' AND q.text ILIKE '%area of the garden%'
                   AND q.regions -> 0 ->> 'page' = '2'";
    assert_eq!(app.count(read).await, 1, "read as a scan is");
    // The same photos are the same file, even under another name.
    assert!(post(&app, Some(&pupil), &fields([0, 1])).await.header("location").contains("known="));
    let cut = [("file", Some("whole.jpg"), &pages[0][..]), ("file", Some("cut.jpg"), &pages[1][..5000]), KIND];
    assert_eq!(post(&app, Some(&pupil), &cut).await.header("location"), "/documents/new?problem=photo");
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 2);
}

#[sqlx::test]
async fn photos_come_over_the_api_too(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let send = async |fields: &[(&str, Option<&str>, &[u8])]| {
        let request = Request::post("/api/documents/student")
            .header(header::AUTHORIZATION, format!("Bearer {}", pupil.token))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        app.send(request.body(multipart(fields).into()).unwrap()).await
    };
    let pages = photos(&[1, 2], ImageFormat::Png);
    let sent = send(&[("file", Some("1.png"), &pages[0]), ("file", Some("2.png"), &pages[1])]).await;
    assert_eq!((sent.status, &sent.json()["filename"]), (StatusCode::CREATED, &Value::from("1.pdf")), "{}", sent.body);
    let file = app.get(&format!("/api/documents/{}/pdf", sent.json()["id"].as_str().unwrap()), Some(&pupil)).await;
    assert!(file.body.starts_with("%PDF-"));
    for (files, status) in [
        (vec![("file", Some("1.png"), &pages[0][..]), ("file", Some("a.pdf"), PAPER)], 422),
        (vec![("file", Some("1.png"), &pages[0][..2000])], 422),
        (vec![("file", Some("1.png"), b"not a photo")], 415),
        (vec![], 422),
    ] {
        let refused = send(&files).await;
        assert_eq!(refused.status, status, "{}", refused.body);
    }
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 1);
}

#[sqlx::test]
async fn a_pupil_has_so_much_room(pool: PgPool) {
    let app = TestApp::with(pool, |name| (name == "PUPIL_QUOTA_MB").then(|| "1".into())).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let padded = |text: &str| [text_pages(&[&[text]]), vec![b'\n'; 600 << 10]].concat();
    let files = [padded("1. Why?"), padded("1. How?"), padded("1. Who?")];
    let form = |file: usize| [("file", Some("a.pdf"), &files[file][..]), KIND];
    // Two at once, with space for one.
    let both = futures_util::future::join(
        documents::store(app.pool(), &pupil.viewer, own(&files[0]), 1 << 20),
        documents::store(app.pool(), &pupil.viewer, own(&files[1]), 1 << 20),
    );
    let both: [Result<Uuid, AppError>; 2] = both.await.into();
    let kept: Vec<&Uuid> = both.iter().flatten().collect();
    assert_eq!(kept.len(), 1, "{both:?}");
    let refused = post(&app, Some(&pupil), &form(2)).await.header("location").to_owned();
    assert_eq!(refused, "/documents/new?problem=room");
    let page = app.get(&refused, Some(&pupil)).await.body.replace("<!>", "");
    assert!(page.contains("You do not have enough space") && page.contains("use 0.6 of your 1 MB"), "{page}");
    let told = app.upload_to("/api/documents/student", &pupil, &[], &files[2]).await;
    assert_eq!(told.status, StatusCode::PAYLOAD_TOO_LARGE);
    let detail = told.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains("0.6 of your 1 MB") && detail.contains("this needs 0.6 MB") && detail.contains("Delete"),
        "{detail}"
    );
    // A scheme also needs space, and the paper is not saved without it.
    documents::store(app.pool(), &pupil.viewer, own(PAPER), 1 << 20).await.unwrap();
    let scheme = File { name: "s.pdf".into(), bytes: files[2].clone() };
    let with_scheme = Upload { scheme: Some(scheme), ..own(&text_pages(&[&["1. What?"]])) };
    let outcome = documents::store(app.pool(), &pupil.viewer, with_scheme, 1 << 20).await;
    assert!(matches!(outcome, Err(AppError::QuotaExceeded { .. })), "{outcome:?}");
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 2);
    crate::server::documents::sharing::delete(app.pool(), &pupil.viewer, *kept[0]).await.unwrap();
    assert_eq!(post(&app, Some(&pupil), &form(2)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 2);
    for file in 0..3 {
        let fields = [form(file)[0], KIND, ("subject", None, &b"P6/English"[..])];
        let kept = post(&app, Some(&admin), &fields).await.header("location").to_owned();
        assert!(kept.ends_with("/review"), "a school has as much as it needs: {kept}");
    }
}

/// A personal document.
fn own(bytes: &[u8]) -> Upload {
    let label = Label { title: "a".into(), kind: DocumentKind::ExamPaper, year: None };
    let file = File { name: "a.pdf".into(), bytes: bytes.to_vec() };
    Upload { file, label, designated: None, stated: Stated::default(), scheme: None }
}

#[sqlx::test]
async fn a_paper_and_its_scheme_come_together_and_are_read_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let fields = [("file", Some("paper.pdf"), PAPER), KIND, ("scheme", Some("scheme.pdf"), SCHEME)];
    let place = post(&app, Some(&pupil), &fields).await.header("location").to_owned();
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 1);
    worker::work_all(app.pool()).await.unwrap();
    assert!(app.count("SELECT count(*) FROM questions WHERE key IS NOT NULL").await > 40);
    assert_eq!(app.get(&place, Some(&pupil)).await.status, StatusCode::OK);
    // If the scheme cannot be saved, neither is the paper.
    let scheme = File { name: String::new(), bytes: SCHEME.to_vec() };
    let upload = Upload { scheme: Some(scheme), ..own(&text_pages(&[&["1. Why?"]])) };
    assert!(documents::store(app.pool(), &pupil.viewer, upload, i64::MAX).await.is_err());
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 2);
    assert_eq!(app.count("SELECT count(*) FROM document_files").await, 2);
    // Replacing the scheme removes the first one completely.
    let paper = place.strip_prefix("/documents/").unwrap().to_owned();
    let other = text_pages(&[&["1. Because"]]);
    let fields = [("file", Some("other.pdf"), &other[..]), ("scheme_of", None, paper.as_bytes())];
    assert_eq!(post(&app, Some(&pupil), &fields).await.header("location"), place);
    assert_eq!(app.count("SELECT count(*) FROM document_files").await, 2);
}

#[sqlx::test]
async fn the_same_file_again_is_recognised(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
    let paper = [("file", Some("paper.pdf"), PAPER), KIND];
    let again = [("file", Some("renamed.pdf"), PAPER), KIND];
    let place = post(&app, Some(&pupil), &paper).await.header("location").to_owned();
    let id = place.strip_prefix("/documents/").unwrap().to_owned();
    let known = post(&app, Some(&pupil), &again).await.header("location").to_owned();
    assert_eq!(known, format!("/documents/new?added=0&known={id}/{}", Url::escape("renamed.pdf")));
    let page = app.get(&known, Some(&pupil)).await.body.replace("<!>", "");
    assert!(
        page.contains("You already have this") && page.contains(&format!("href=\"{place}\">renamed.pdf")),
        "{page}"
    );
    // Uploading the paper again with a scheme adds the scheme to the existing one.
    let with_scheme = [again[0], KIND, ("scheme", Some("s.pdf"), SCHEME)];
    assert_eq!(post(&app, Some(&pupil), &with_scheme).await.header("location"), place);
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 2);
    // For others it is a separate document, and also if it was archived.
    assert!(!post(&app, Some(&other), &paper).await.header("location").contains("known"));
    let for_level = |subject: &'static [u8]| [paper[0], KIND, ("subject", None, subject)];
    for (subject, known) in [(&b"P6/Mathematics"[..], false), (b"P6/English", false), (b"P6/English", true)] {
        let place = post(&app, Some(&admin), &for_level(subject)).await.header("location").to_owned();
        assert_eq!(place.contains("known"), known, "{place}");
    }
    let unknown = post(&app, Some(&admin), &for_level(b"P6/Alchemy")).await;
    assert_eq!(unknown.header("location"), "/documents/new?problem=subject");
    assert_eq!(app.count("SELECT count(*) FROM documents").await, 5);
    assert_eq!(app.count("SELECT count(*) FROM document_files").await, 2, "the bytes are there once");
}

#[sqlx::test]
async fn what_was_read_of_the_same_file_is_not_read_again(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let first = app.published_paper(&admin).await;
    let texts = async |id: Uuid| -> BTreeSet<String> {
        let texts = sqlx::query_scalar("SELECT text FROM questions WHERE document_id = $1").bind(id);
        texts.fetch_all(app.pool()).await.unwrap().into_iter().collect()
    };
    let topics = async |id: Uuid| -> i64 {
        let topics = sqlx::query_scalar("SELECT count(topic_id) FROM questions WHERE document_id = $1").bind(id);
        topics.fetch_one(app.pool()).await.unwrap()
    };
    let read = texts(first).await;
    // A mark in the first document's reading shows where a reading came from.
    let mark = "UPDATE documents SET reading = jsonb_set(reading, '{0,text}', '\"marked\"') WHERE id = $1";
    app.run(mark, first).await;
    let add = async |kind: DocumentKind, scheme: bool| -> Uuid {
        let scheme = scheme.then(|| File { name: "s.pdf".into(), bytes: SCHEME.to_vec() });
        let label = Label { title: "a".into(), kind, year: None };
        let upload = Upload { label, scheme, ..own(PAPER) };
        let id = documents::store(app.pool(), &pupil.viewer, upload, i64::MAX).await.unwrap();
        worker::work_all(app.pool()).await.unwrap();
        id
    };
    let again = add(DocumentKind::ExamPaper, true).await;
    assert!(texts(again).await.contains("marked"), "taken over");
    let document = documents::get(app.pool(), &pupil.viewer, again).await.unwrap();
    let original = documents::get(app.pool(), &admin.viewer, first).await.unwrap();
    assert_eq!((document.page_count, document.keyed_count), (original.page_count, original.keyed_count));
    assert!(topics(first).await > 0);
    assert_eq!(topics(again).await, 0, "topics are a subject's, and it has none");
    assert_eq!(
        texts(add(DocumentKind::ExamPaper, false).await).await,
        read,
        "not without its scheme: no keys are told"
    );
    assert_eq!(
        app.count(
            "SELECT count(*) FROM questions q JOIN documents d ON d.id = q.document_id AND d.kind = 'exam_paper'
        WHERE q.key IS NOT NULL AND NOT EXISTS (SELECT FROM documents s WHERE s.scheme_of = d.id)"
        )
        .await,
        0
    );
    assert!(!texts(add(DocumentKind::Notes, true).await).await.contains("marked"), "nor as notes");
    documents::read_again(app.pool(), &pupil.viewer, again).await.unwrap();
    worker::work_all(app.pool()).await.unwrap();
    assert_eq!(texts(again).await, read, "who asks for another reading gets one");
}

/// Real papers contain what made-up ones do not: reading each of them ends, and the result can be stored.
#[sqlx::test]
async fn what_is_read_of_each_paper_of_the_corpus_is_kept(pool: PgPool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/dev");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let paths = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "pdf"));
    let mut papers = 0;
    for path in paths {
        let (name, bytes) = (path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
        let fields = [("file", Some(name), &bytes[..]), KIND, ("subject", None, b"P6/English")];
        assert!(post(&app, Some(&admin), &fields).await.header("location").ends_with("/review"), "{name}");
        papers += 1;
    }
    // Two at once, like two servers on one database.
    let (one, other) = futures_util::future::join(worker::work_all(app.pool()), worker::work_all(app.pool())).await;
    one.and(other).unwrap();
    let unkept: Vec<(String, String, Option<String>)> =
        sqlx::query_as("SELECT filename, status, failure FROM documents WHERE status <> 'ready'")
            .fetch_all(app.pool())
            .await
            .unwrap();
    // Without tesseract, a scan fails with a message that says so.
    let unkept = unkept.iter().filter(|(.., why)| !why.as_ref().is_some_and(|why| why.contains(INSTALL_OCR)));
    assert_eq!(unkept.collect::<Vec<_>>(), Vec::<&(String, String, Option<String>)>::new());
    assert!(papers > 0 && app.count("SELECT count(*) FROM documents").await == papers);
}
