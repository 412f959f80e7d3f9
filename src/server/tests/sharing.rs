//! Sharing: who sees what and until when, for every way of reading; and what happens to quizzes when it ends.

use futures_util::StreamExt;
use futures_util::future::join_all;

use super::quizzes::{document_of, sums};
use super::*;
use crate::domain::attempt::ClosedBy;
use crate::domain::comment::{CommentText, CommentType};
use crate::domain::journal::Field;
use crate::domain::quiz::{Feedback, Mode};
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self, handover};
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{self, comments, shares};
use crate::server::documents::sharing as rules;

impl TestApp {
    /// Sends a form of a page as without scripts, except that the response has the status of the action.
    pub(super) async fn act(&self, who: &Person, action: &str, fields: &str) -> Answer {
        let request = Request::post(format!("/fn/exam_prep/api/{action}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        self.send(request.body(fields.to_owned().into()).unwrap()).await
    }

    /// Many pupils of P6, without the time for hashing passwords.
    async fn class(&self, size: usize) -> Vec<Person> {
        let mut class = Vec::new();
        for _ in 0..size {
            let id: Uuid = sqlx::query_scalar(
                "INSERT INTO users (email, hashed_password, full_name, education_level)
                 VALUES (gen_random_uuid() || '@test.com', 'none', 'Classmate', 'P6') RETURNING id",
            )
            .fetch_one(self.pool())
            .await
            .unwrap();
            let token = sessions::open(&self.state, id, "test").await.unwrap();
            let digest = <sha2::Sha256 as sha2::Digest>::digest(token.as_bytes()).to_vec();
            let viewer = db::accounts::viewer(self.pool(), &digest).await.unwrap().unwrap();
            class.push(Person { viewer, token });
        }
        class
    }

    async fn share(&self, owner: &Person, document: Uuid, email: &str) -> Answer {
        self.act(owner, "documents/share_document", &format!("id={document}&email={email}")).await
    }

    /// Takes back the share that the owner's list shows for this person or address.
    async fn take_back(&self, owner: &Person, document: Uuid, who: &str) -> Answer {
        let sharing = shares::of_document(self.pool(), &owner.viewer, document).await.unwrap();
        let share = sharing.people.iter().find(|person| person.who == who).expect("in the list").id;
        self.act(owner, "documents/revoke_share", &format!("id={document}&share={share}")).await
    }

    async fn code(&self, owner: &Person, document: Uuid) -> String {
        let made = self.act(owner, "documents/set_share_code", &format!("id={document}&on=yes")).await;
        assert_eq!(made.status, 200, "{}", made.body);
        shares::of_document(self.pool(), &owner.viewer, document).await.unwrap().code.unwrap().words()
    }

    async fn join(&self, who: &Person, code: &str) -> Answer {
        self.act(who, "documents/join_document", &format!("code={code}")).await
    }

    /// Asserts for every way of reading whether it is open to these people, in order.
    async fn reads(&self, id: Uuid, who: &[(&str, Option<&Person>, bool)], place: &str) {
        for (name, person, may) in who {
            for path in [
                format!("/documents/{id}"),
                format!("/documents/{id}/file"),
                format!("/documents/{id}/pages/1?width=480"),
                format!("/documents/{id}/pages/1/crop?x=50&y=50&w=200&h=100&width=480"),
                format!("/quizzes/new?document={id}"),
                format!("/api/documents/{id}"),
                format!("/api/documents/{id}/pdf"),
            ] {
                let answer = self.get(&path, *person).await;
                let wanted = match (may, person) {
                    (true, _) => 200,
                    (false, None) => 401,
                    (false, Some(_)) => 404,
                };
                assert_eq!(answer.status, wanted, "{place}: {name} at {path}");
            }
            let Some(person) = person else { continue };
            let shelf = self.get("/documents", Some(person)).await.body;
            assert!(*may || !shelf.contains("Secret paper"), "{place}: {name}'s shelf");
            let start =
                self.act(person, "quizzes/start_quiz", &format!("document={id}&mode=topic-focused&count=1")).await;
            assert_eq!(start.status, if *may { 200 } else { 404 }, "{place}: {name} starts a quiz: {}", start.body);
        }
    }
}

fn address(person: &Person) -> &str {
    person.viewer.person().sign_in_name()
}

#[sqlx::test]
async fn who_sees_it_and_until_when(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend, joiner) = (app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    let (stranger, older, admin) = (app.pupil("P6").await, app.pupil("S3").await, app.admin().await);
    let id = document_of(&app, &owner, "Secret paper", &sums(3, None)).await;
    let see = |friend_may, joiner_may, owner_may| {
        [
            ("owner", Some(&owner), owner_may),
            ("friend", Some(&friend), friend_may),
            ("joiner", Some(&joiner), joiner_may),
            ("stranger", Some(&stranger), false),
            ("older", Some(&older), false),
            ("admin", Some(&admin), owner_may),
            ("nobody", None, false),
        ]
    };
    app.reads(id, &see(false, false, true), "personal").await;

    for person in [&friend, &older, &admin] {
        assert_eq!(app.share(&owner, id, address(person)).await.status, 200);
    }
    app.reads(id, &see(true, false, true), "shared by address").await;
    let shelf = app.get("/documents?whose=shared", Some(&friend)).await.body;
    assert!(shelf.contains("Secret paper") && shelf.contains("Shared with you by Somebody on "), "{shelf}");
    // An exam in progress is linked on every page, so look for the paper.
    let paper = format!("/documents/{id}\"");
    assert!(shelf.contains(&paper));
    assert!(!app.get("/documents?whose=mine", Some(&friend)).await.body.contains(&paper));
    assert!(app.get("/documents?whose=mine", Some(&owner)).await.body.contains(&paper));
    assert!(!app.get("/documents?kind=notes", Some(&owner)).await.body.contains(&paper));

    // They cannot share, rename, delete or take it back, and their page has no list of people.
    let page = app.get(&format!("/documents/{id}"), Some(&friend)).await.body;
    assert!(!page.contains("Share it") && !page.contains("Delete it") && !page.contains(address(&older)), "{page}");
    let share = shares::of_document(app.pool(), &owner.viewer, id).await.unwrap().people[0].id;
    for (action, fields) in [
        ("share_document", format!("&email={}", address(&stranger))),
        ("set_share_code", "&on=yes".into()),
        ("revoke_share", format!("&share={share}")),
        ("rename_document", "&title=Mine".into()),
        ("delete_document", String::new()),
        ("archive_document", "&reason=a".into()),
        ("add_comment", "&comment_type=issue&content=a".into()),
    ] {
        let answer = app.act(&friend, &format!("documents/{action}"), &format!("id={id}{fields}")).await;
        assert_eq!(answer.status, 404, "{action}: {}", answer.body);
    }
    assert_eq!(shares::give(app.pool(), &friend.viewer, id, &[stranger.viewer.id()]).await, Err(AppError::NotFound));
    let people = [stranger.viewer.id(), older.viewer.id(), Uuid::new_v4()];
    assert_eq!(shares::give(app.pool(), &owner.viewer, id, &people).await.unwrap(), [stranger.viewer.id()]);
    shares::take_back(app.pool(), &owner.viewer, id, stranger.viewer.id()).await.unwrap();

    let code = app.code(&owner, id).await;
    for person in [&older, &admin] {
        assert_eq!(app.join(person, &code).await.status, 422);
    }
    assert_eq!(app.join(&joiner, &code.to_lowercase()).await.status, 200);
    assert_eq!(app.join(&joiner, &code).await.status, 200, "twice is no harm");
    assert_eq!(app.join(&owner, &code).await.status, 200, "one's own");
    app.reads(id, &see(true, true, true), "joined by a code").await;

    app.act(&admin, "documents/archive_document", &format!("id={id}&reason=Not+a+paper")).await;
    app.reads(id, &see(false, false, true), "archived").await;
    assert_eq!(app.join(&stranger, &code).await.status, 422);
    assert!(app.get(&format!("/documents/{id}"), Some(&owner)).await.body.contains("Not a paper"));
    assert!(app.get("/documents?whose=archived", Some(&admin)).await.body.contains("Secret paper"));
    app.act(&admin, "documents/restore_document", &format!("id={id}")).await;
    app.reads(id, &see(true, true, true), "restored").await;

    assert_eq!(app.take_back(&owner, id, address(&friend)).await.status, 200);
    app.reads(id, &see(false, true, true), "taken back from the friend").await;
    for person in [&friend, &stranger] {
        assert_eq!(app.join(person, &code).await.status, 422, "the code went with it");
    }
    assert_eq!(app.take_back(&owner, id, "Somebody").await.status, 200);
    app.reads(id, &see(false, false, true), "taken back from all").await;
    assert_eq!(app.act(&owner, "documents/delete_document", &format!("id={id}")).await.status, 200);
    app.reads(id, &see(false, false, false), "deleted").await;
}

#[sqlx::test]
async fn an_address_that_is_not_known_is_not_told_apart(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend, older) = (app.pupil("P6").await, app.pupil("P6").await, app.pupil("S3").await);
    let id = document_of(&app, &owner, "Paper", &sums(1, None)).await;
    let mut seen = Vec::new();
    for email in [address(&friend), address(&older), "nobody@test.com"] {
        let told = app.share(&owner, id, email).await;
        let again = app.share(&owner, id, &email.to_uppercase()).await;
        let sharing = shares::of_document(app.pool(), &owner.viewer, id).await.unwrap();
        let mut line = sharing.people.into_iter().find(|line| line.who == email).unwrap();
        line.who.clear();
        (line.id, line.since) = (Uuid::nil(), Default::default());
        seen.push((told.status, told.body, again.status, again.body, line));
        assert_eq!(app.take_back(&owner, id, email).await.status, 200);
        assert!(shares::of_document(app.pool(), &owner.viewer, id).await.unwrap().people.is_empty());
    }
    assert!(seen.iter().all(|told| told.0 == 200 && *told == seen[0]), "{seen:?}");
    assert_eq!(app.share(&owner, id, "no-address").await.status, 422);

    // As the page promises, whoever has the address later gets the document, unless the share was taken back.
    for email in ["late@test.com", "early@test.com"] {
        app.share(&owner, id, email).await;
    }
    app.take_back(&owner, id, "early@test.com").await;
    let before = shares::of_document(app.pool(), &owner.viewer, id).await.unwrap();
    for (email, level, may) in
        [("Late@test.com", "S3", false), ("early@test.com", "P6", false), ("nobody@test.com", "P6", false)]
    {
        let person = accounts::create(app.pool(), email, "test123", "Late", Role::Student, Some(level)).await.unwrap();
        let viewer = Viewer::new(person, Uuid::nil());
        assert_eq!(documents::get(app.pool(), &viewer, id).await.is_ok(), may, "{email}");
        if level == "S3" {
            app.run("UPDATE users SET education_level = 'P6' WHERE id = $1", viewer.id()).await;
            assert!(documents::get(app.pool(), &viewer, id).await.is_ok(), "now of the level");
        }
    }
    assert_eq!(
        shares::of_document(app.pool(), &owner.viewer, id).await.unwrap(),
        before,
        "the owner sees no difference"
    );
}

#[sqlx::test]
async fn codes_end(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let class = app.class(3).await;
    let id = document_of(&app, &owner, "Paper", &sums(1, None)).await;
    let first = app.code(&owner, id).await;
    let second = app.code(&owner, id).await;
    assert_eq!(app.join(&class[0], &first).await.status, 422, "a new one takes its place");
    assert_eq!(app.join(&class[0], &second).await.status, 200);
    app.act(&owner, "documents/set_share_code", &format!("id={id}&on=no")).await;
    assert_eq!(app.join(&class[1], &second).await.status, 422, "turned off");
    assert_eq!(app.get(&format!("/documents/{id}"), Some(&class[0])).await.status, 200, "who has joined stays");
    let third = app.code(&owner, id).await;
    app.run("UPDATE document_codes SET expires_at = now() WHERE document_id = $1", id).await;
    let late = app.join(&class[1], &third).await;
    let wrong = app.join(&class[1], "ABCD-2345").await;
    assert_eq!((late.status, late.body), (wrong.status, wrong.body), "too old is as if it had never been");
    for _ in 0..28 {
        assert_eq!(app.join(&class[2], "nonsense").await.status, 422);
    }
    let tries = join_all((0..4).map(|_| app.join(&class[2], "nonsense"))).await;
    assert!(tries.iter().any(|answer| answer.status == 429), "guessing is slowed down");
    let admins = app.published_paper(&app.admin().await).await;
    assert_eq!(rules::make_code(app.pool(), &owner.viewer, admins).await, Err(AppError::NotFound));
}

async fn begin(app: &TestApp, who: &Person, from: DrawFrom, mode: Mode) -> Uuid {
    quizzes::begin(
        app.pool(),
        &who.viewer,
        &QuizRequest { from, mode, topics: vec![], count: 4, feedback: Feedback::Deferred },
    )
    .await
    .unwrap()
}

#[sqlx::test]
async fn quizzes_of_what_was_taken_back(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend, admin) = (app.pupil("P6").await, app.pupil("P6").await, app.admin().await);
    let id = document_of(&app, &owner, "Secret paper", &sums(2, None)).await;
    app.run("UPDATE documents SET subject_id = (SELECT id FROM subjects WHERE level = 'P6' LIMIT 1) WHERE id = $1", id)
        .await;
    let subject: Uuid = sqlx::query_scalar("SELECT subject_id FROM documents WHERE id = $1")
        .bind(id)
        .fetch_one(app.pool())
        .await
        .unwrap();
    let own = document_of(&app, &friend, "Own paper", &sums(2, None)).await;
    sqlx::query("UPDATE documents SET subject_id = $2 WHERE id = $1")
        .bind(own)
        .bind(subject)
        .execute(app.pool())
        .await
        .unwrap();
    app.share(&owner, id, address(&friend)).await;

    let over = begin(&app, &friend, DrawFrom::Document(id), Mode::TopicFocused).await;
    let question = db::attempts::get(app.pool(), &friend.viewer, over).await.unwrap().quiz.questions[0].leaves()[0].id;
    let save = async |attempt: Uuid, text: &str, then: &str| {
        let field = Field::Answer(question).control_name().replace('[', "%5B").replace(']', "%5D");
        let writer = Uuid::new_v4();
        let body = format!("attempt={attempt}&writer={writer}&shown_at=0&{field}={text}&then={then}");
        app.act(&friend, "attempts/save_answers", &body).await
    };
    assert_eq!(save(over, "wrong", "submit").await.status, 200);
    // From this paper alone, the whole paper, and from two papers.
    let whole = begin(&app, &friend, DrawFrom::Document(id), Mode::RealExam).await;
    let among = begin(&app, &friend, DrawFrom::Subject(subject), Mode::Adaptive).await;
    let sources: i32 = sqlx::query_scalar(
        "SELECT cardinality(q.sources) FROM quizzes q JOIN attempts a ON a.quiz_id = q.id WHERE a.id = $1",
    )
    .bind(among)
    .fetch_one(app.pool())
    .await
    .unwrap();
    assert_eq!(sources, 2);
    for running in [whole, among] {
        assert_eq!(save(running, "351", "").await.status, 200);
    }
    let answers = "SELECT count(*) FROM attempt_answers WHERE answer = '{351}'";
    assert_eq!(app.count(answers).await, 2);
    let line = &shares::of_document(app.pool(), &owner.viewer, id).await.unwrap().people[0];
    assert_eq!((line.attempts, line.last_attempt.is_some()), (3, true), "the owner sees who has used it");
    let quiz: Uuid = sqlx::query_scalar("SELECT quiz_id FROM attempts WHERE id = $1")
        .bind(whole)
        .fetch_one(app.pool())
        .await
        .unwrap();
    let open = async |may: bool, place: &str| {
        for running in [whole, among] {
            let wanted = if may { 200 } else { 404 };
            for path in ["", "/events"] {
                // An open event stream never ends.
                if path.is_empty() || !may {
                    let answer = app.get(&format!("/attempts/{running}{path}"), Some(&friend)).await;
                    let wanted = if path.is_empty() && !may { 409 } else { wanted };
                    assert_eq!(answer.status, wanted, "{place}: {path}");
                    assert!(
                        may || !path.is_empty() || answer.body.contains("has taken it back"),
                        "{place}: {}",
                        answer.body
                    );
                    assert!(may || !answer.body.contains("Work out"), "{place}: no question is shown");
                }
            }
            assert_eq!(save(running, "400", "").await.status, wanted, "{place}: save");
            assert_eq!(save(running, "351", "").await.status, wanted, "{place}: save");
            assert_eq!(
                app.get(&format!("/attempts/{running}"), Some(&admin)).await.status,
                404,
                "never an admin's to sit"
            );
            let listed = app.get("/progress", Some(&friend)).await.body;
            assert_eq!(listed.contains(&format!("/attempts/{running}\"")), may, "{place}: progress");
            assert!(db::attempts::get(app.pool(), &admin.viewer, running).await.is_ok(), "{place}: the school");
        }
        assert_eq!(app.get(&format!("/api/quiz/{quiz}"), Some(&friend)).await.status == 200, may, "{place}: API");
        let mistakes = app.get("/mistakes", Some(&friend)).await.body;
        assert_eq!(mistakes.contains("Secret paper"), may, "{place}: mistakes");
        let result = app.get(&format!("/attempts/{over}/result"), Some(&friend)).await;
        assert_eq!(result.status, 200);
        assert!(result.body.contains("Work out 101 + 250."), "{place}: a past attempt keeps its questions");
        assert_eq!(result.body.contains("no longer shared, or was deleted"), !may, "{place}: and says so");
        assert_eq!(result.body.contains("Report a problem"), may, "{place}: nothing leads where it fails");
        let another =
            app.act(&friend, "quizzes/another_like_this", &format!("attempt={over}&question={question}")).await;
        assert_eq!(another.status == 200, may, "{place}: another like this: {}", another.body);
        let report =
            app.act(&friend, "attempts/report_question", &format!("attempt={over}&path=1&reason=answer")).await;
        assert!(may || report.status == 404, "{place}: report: {}", report.body);
    };
    open(true, "shared").await;
    app.take_back(&owner, id, address(&friend)).await;
    open(false, "taken back").await;
    assert_eq!(app.count(answers).await, 2, "what was answered stays");
    app.share(&owner, id, address(&friend)).await;
    open(true, "shared again").await;
    app.take_back(&owner, id, address(&friend)).await;
    assert_eq!(handover::make(app.pool(), &friend.viewer, whole).await, Err(AppError::NotFound));

    // The clock still closes it, and then it is a past attempt.
    app.run(
        "UPDATE attempts SET started_at = now() - interval '2 h', deadline_at = now() - interval '1 h' WHERE id = $1",
        whole,
    )
    .await;
    attempts::close_due(app.pool()).await.unwrap();
    assert_eq!(app.get(&format!("/attempts/{whole}/result"), Some(&friend)).await.status, 200);

    // Deleting it hands in running attempts with their answers.
    let page = app.get(&format!("/documents/{id}"), Some(&owner)).await.body;
    assert!(page.contains("still running") && page.contains("attempts that stay"), "{page}");
    assert_eq!(app.act(&owner, "documents/delete_document", &format!("id={id}")).await.status, 200);
    let closed = db::attempts::get(app.pool(), &friend.viewer, among).await.unwrap();
    assert_eq!(closed.closed_by, Some(ClosedBy::Deletion));
    for attempt in [over, whole, among] {
        let result = app.get(&format!("/attempts/{attempt}/result"), Some(&friend)).await;
        assert!(result.status == 200 && result.body.contains("Work out 101 + 250."), "{}", result.body);
        assert_eq!(app.get(&format!("/attempts/{attempt}/timeline"), Some(&friend)).await.status, 200);
    }
    assert_eq!(
        app.count("SELECT count(*) FROM attempts WHERE document_id IS NOT NULL AND submitted_at IS NOT NULL").await,
        0
    );
}

#[sqlx::test]
async fn deleting_takes_the_bytes_unless_others_have_the_same(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, other) = (app.pupil("P6").await, app.pupil("P6").await);
    let (first, second) = (app.document(&owner, "One", None).await, app.document(&other, "Two", None).await);
    let label = Label { title: "Scheme".into(), kind: DocumentKind::MarkingScheme, year: None };
    let scheme = app.upload(&owner, label, SCHEME, None, Some(first)).await;
    assert_eq!(shares::give(app.pool(), &owner.viewer, scheme, &[other.viewer.id()]).await, Err(AppError::NotFound));
    assert_eq!(rules::delete(app.pool(), &other.viewer, first).await, Err(AppError::NotFound));
    rules::delete(app.pool(), &owner.viewer, first).await.unwrap();
    assert_eq!(
        app.count("SELECT count(*) FROM document_files").await,
        1,
        "the scheme's are gone, the paper's are used"
    );
    rules::delete(app.pool(), &other.viewer, second).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM document_files").await, 0);
    let admin = app.admin().await;
    let paper = app.document(&admin, "School's", Some(("P6", "Mathematics"))).await;
    assert_eq!(rules::delete(app.pool(), &admin.viewer, paper).await, Err(AppError::NotFound), "archive it instead");
}

#[sqlx::test]
async fn admins_archive_and_note_and_owners_rename(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let (pool, as_admin, as_pupil) = (app.pool(), &admin.viewer, &pupil.viewer);
    assert_eq!(app.act(&admin, "documents/archive_document", &format!("id={id}&reason=+")).await.status, 422);
    assert_eq!(documents::archive(pool, as_pupil, id, "a").await, Err(AppError::NotFound));
    documents::archive(pool, as_admin, id, " Old syllabus ").await.unwrap();
    let archived = documents::get(pool, as_admin, id).await.unwrap().archived.unwrap();
    assert!(archived.reason == "Old syllabus" && archived.at.is_some());
    assert_eq!(documents::restore(pool, as_pupil, id).await, Err(AppError::NotFound));
    documents::restore(pool, as_admin, id).await.unwrap();
    assert_eq!(documents::get(pool, as_pupil, id).await.unwrap().archived, None);

    assert_eq!(documents::rename(pool, as_pupil, id, "Mine").await, Err(AppError::NotFound));
    assert!(documents::rename(pool, as_admin, id, " ").await.is_err());
    documents::rename(pool, as_admin, id, " P6 maths ").await.unwrap();
    assert_eq!(documents::get(pool, as_pupil, id).await.unwrap().title, "P6 maths");

    let text = |page_number| CommentText {
        content: "<b>Blurred</b>".into(),
        comment_type: CommentType::Issue,
        page_number,
        highlight_text: None,
    };
    assert_eq!(comments::add(pool, as_pupil, id, text(None)).await, Err(AppError::NotFound));
    assert_eq!(comments::of_document(pool, as_pupil, id).await, Err(AppError::NotFound));
    assert_eq!(comments::add(pool, as_admin, id, text(Some(99))).await.unwrap_err().status(), 422);
    let note = comments::add(pool, as_admin, id, text(Some(1))).await.unwrap();
    let page = app.get(&format!("/documents/{id}"), Some(&admin)).await.body;
    assert!(page.contains("&lt;b&gt;Blurred&lt;/b&gt;") && page.contains("#page-1"), "{page}");
    assert!(!app.get(&format!("/documents/{id}"), Some(&pupil)).await.body.contains("Blurred"));
    let fields = format!("id={id}&comment={note}&what=");
    assert_eq!(app.act(&admin, "documents/change_comment", &format!("{fields}resolve")).await.status, 200);
    assert!(comments::of_document(pool, as_admin, id).await.unwrap()[0].resolved);
    assert_eq!(app.act(&pupil, "documents/change_comment", &format!("{fields}open")).await.status, 404);
    assert_eq!(comments::resolve(pool, as_admin, Uuid::new_v4(), note, false).await, Err(AppError::NotFound));
    let other = CommentText { content: "Sharp now".into(), ..text(None) };
    assert_eq!(comments::change(pool, as_pupil, id, note, other.clone()).await, Err(AppError::NotFound));
    comments::change(pool, as_admin, id, note, other.clone()).await.unwrap();
    assert_eq!(comments::of_document(pool, as_admin, id).await.unwrap()[0].text, other);
    assert_eq!(app.act(&admin, "documents/change_comment", &format!("{fields}remove")).await.status, 200);
    assert_eq!(comments::remove(pool, as_admin, id, note).await, Err(AppError::NotFound));
    let highlight =
        app.act(&admin, "documents/add_comment", &format!("id={id}&comment_type=highlight&content=a")).await;
    assert_eq!(highlight.status, 422, "without the words");
}

#[sqlx::test]
async fn a_hundred_at_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.pupil("P6").await;
    let class = app.class(60).await;
    let id = document_of(&app, &owner, "Paper", &sums(1, None)).await;
    let (invited, rest) = class.split_at(20);
    let (taken, joining) = rest.split_at(20);
    for person in taken {
        app.share(&owner, id, address(person)).await;
    }
    let app = &app;
    let code = &app.code(&owner, id).await;
    let owner = &owner;
    let listed = shares::of_document(app.pool(), &owner.viewer, id).await.unwrap().people;
    // People join before, during and after the code is turned off.
    let shares = invited
        .iter()
        .chain(invited)
        .map(|person| async move { ("share", app.share(owner, id, address(person)).await.status.as_u16()) });
    let backs = listed.iter().map(|line| async move {
        let fields = format!("id={id}&share={}", line.id);
        ("take back", app.act(owner, "documents/revoke_share", &fields).await.status.as_u16())
    });
    let joins = joining
        .iter()
        .chain(joining)
        .map(|person| async move { ("join", app.join(person, code).await.status.as_u16()) });
    let (shared, backed, joined) = tokio::join!(join_all(shares), join_all(backs), join_all(joins));
    assert_eq!(shared.len() + backed.len() + joined.len(), 100);
    assert!(shared.iter().chain(&backed).all(|(_, status)| *status == 200), "{shared:?} {backed:?}");
    assert!(joined.iter().all(|(_, status)| [200, 422].contains(status)), "{joined:?}");
    let has = async |person: &Person| -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM document_shares WHERE document_id = $1 AND shared_with_user_id = $2")
            .bind(id)
            .bind(person.viewer.id())
            .fetch_one(app.pool())
            .await
            .unwrap()
    };
    for person in invited {
        assert_eq!(has(person).await, 1, "shared once");
    }
    for person in taken {
        assert_eq!(has(person).await, 0, "taken back");
    }
    for (n, person) in joining.iter().enumerate() {
        let told = [n, n + joining.len()].iter().any(|&n| joined[n].1 == 200);
        assert_eq!(has(person).await, told as i64, "who was told that they have joined has");
    }
    let truth = "SELECT count(*) FROM documents d
                  WHERE d.is_shared <> EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id)";
    assert_eq!(app.count(truth).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM document_invitations").await, 0);

    // Again and again, one pupil loses it while another gets it: the flag is always right.
    let rows = "SELECT id FROM document_shares WHERE document_id = $1";
    for share in sqlx::query_scalar::<_, Uuid>(rows).bind(id).fetch_all(app.pool()).await.unwrap() {
        shares::take_back(app.pool(), &owner.viewer, id, share).await.unwrap();
    }
    let insert = "INSERT INTO document_shares (document_id, shared_with_user_id) VALUES ($1, $2)";
    let delete = "DELETE FROM document_shares WHERE document_id = $1 AND shared_with_user_id = $2";
    for pair in class.windows(2).take(20) {
        let (one, two) = (pair[0].viewer.id(), pair[1].viewer.id());
        sqlx::query(insert).bind(id).bind(one).execute(app.pool()).await.ok();
        let mut first = app.pool().begin().await.unwrap();
        sqlx::query(insert).bind(id).bind(two).execute(&mut *first).await.unwrap();
        let back = async { sqlx::query(delete).bind(id).bind(one).execute(app.pool()).await.unwrap() };
        let commit = async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            first.commit().await.unwrap();
        };
        tokio::join!(back, commit);
        assert_eq!(app.count(truth).await, 0, "the share that came meanwhile is seen");
    }
}

#[sqlx::test]
async fn an_open_exam_is_told_that_its_paper_is_gone(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend, admin) = (app.pupil("P6").await, app.pupil("P6").await, app.admin().await);
    let listening = tokio::spawn(app.state.live.clone().run(app.pool().clone()));
    for by in [&owner, &admin] {
        let id = document_of(&app, &owner, "Paper", &sums(2, None)).await;
        app.share(&owner, id, address(&friend)).await;
        let attempt = begin(&app, &friend, DrawFrom::Document(id), Mode::RealExam).await;
        let request = Request::get(format!("/attempts/{attempt}/events"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", friend.token));
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let mut events = response.into_body().into_data_stream();
        let mut next = async || {
            let event = tokio::time::timeout(std::time::Duration::from_secs(10), events.next()).await;
            event.expect("nothing is told").map(|event| String::from_utf8_lossy(&event.unwrap()).into_owned())
        };
        assert!(next().await.unwrap().starts_with("data: {"), "how it stands");
        match by.viewer.is_admin() {
            true => documents::archive(app.pool(), &by.viewer, id, "Old").await.unwrap(),
            false => shares::take_back(app.pool(), &by.viewer, id, friend.viewer.id()).await.unwrap(),
        }
        // Events from before the listener was ready may arrive twice.
        while !next().await.expect("it is not told").starts_with("event: gone\ndata: ") {}
        assert_eq!(next().await, None, "and nothing after");
    }
    listening.abort();
}
