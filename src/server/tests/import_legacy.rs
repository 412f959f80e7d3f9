//! Importing a database of the earlier system, which is in a separate schema, selected by the connection's search path.

use std::fs;
use std::path::PathBuf;

use sqlx::Connection;

use crate::server::cli::import_legacy::report::Report;
use crate::server::cli::import_legacy::{self, Source};
use crate::server::tests::*;

const EARLIER: &str = include_str!("../../../tests/earlier.sql");

/// The earlier system's database and its folder of files.
struct EarlierSystem {
    url: String,
    folder: PathBuf,
}

impl Drop for EarlierSystem {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl EarlierSystem {
    async fn new(pool: &PgPool, sql: &'static str) -> Self {
        let mut connection = pool.acquire().await.unwrap().detach();
        for statement in ["CREATE SCHEMA earlier", "SET search_path = earlier", sql] {
            sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
        let folder = std::env::temp_dir().join(format!("earlier-{}", Uuid::new_v4()));
        let uploads = folder.join("backend/uploads");
        fs::create_dir_all(&uploads).unwrap();
        let files: [(&str, &[u8]); 6] = [
            ("6f1e_P6 Mathematics 2025.pdf", PAPER),
            ("7a2f_scheme.pdf", SCHEME),
            ("8b30_My notes.pdf", include_bytes!("../../../demo/papers/s3-physics.pdf")),
            ("old.pdf", include_bytes!("../../../demo/papers/p6-set.pdf")),
            ("picture.pdf", b"GIF89a"),
            ("../outside.pdf", PAPER),
        ];
        for (name, bytes) in files {
            fs::write(uploads.join(name), bytes).unwrap();
        }
        std::os::unix::fs::symlink("../outside.pdf", uploads.join("linked.pdf")).unwrap();
        let options = pool.connect_options();
        let address = sqlx::ConnectOptions::to_url_lossy(&*options);
        let url = format!(
            "{}&options=-csearch_path%3Dearlier",
            address.as_str().replacen("postgres:", "postgresql+psycopg:", 1)
        );
        Self { url, folder }
    }

    async fn adopt(&self, app: &TestApp, dry_run: bool) -> Report {
        self.try_adopt(app, dry_run).await.unwrap()
    }

    async fn try_adopt(&self, app: &TestApp, dry_run: bool) -> anyhow::Result<Report> {
        let folder = self.folder.join("backend/uploads");
        let source = Source { url: &self.url, files: Some(&folder), max_upload: 50 << 20 };
        import_legacy::adopt(app.pool(), &source, dry_run).await
    }
}

impl TestApp {
    /// A hash of all rows in the tables of a schema.
    async fn rows_of(&self, schema: &str) -> String {
        let all = "SELECT md5(string_agg(md5(table_to_xml(oid, true, false, '')::text), ',' ORDER BY relname))
                     FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'";
        sqlx::query_scalar(all).bind(schema).fetch_one(self.pool()).await.unwrap()
    }

    async fn named(&self, email: &str) -> Person {
        let login = db::accounts::for_login(self.pool(), email).await.unwrap().unwrap();
        let token = sessions::open(&self.state, login.person.id, "test").await.unwrap();
        Person { viewer: Viewer::new(login.person, Uuid::nil()), token }
    }
}

fn sums(report: &Report) -> Vec<(&'static str, [i64; 3])> {
    report.tables.iter().map(|tally| (tally.table, [tally.brought, tally.there, tally.left])).collect()
}

/// The notes on a name in a table.
fn said<'a>(report: &'a Report, table: &str, name: &str) -> Vec<&'a str> {
    let tally = report.tables.iter().find(|tally| tally.table == table).unwrap();
    let of = tally.regrades.iter().filter(|(_, names)| names.iter().any(|known| known == name));
    of.map(|(words, _)| words.as_str()).collect()
}

#[sqlx::test]
async fn people_papers_and_results_come_over(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let taken = "taken@school.rw";
    accounts::create(app.pool(), taken, "test123", "Somebody Else", Role::Student, Some("P6")).await.unwrap();
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    let source = app.rows_of("earlier").await;
    let report = earlier.adopt(&app, false).await;
    assert_eq!(app.rows_of("earlier").await, source, "it is only read");
    assert_eq!(
        sums(&report),
        [
            ("users", [6, 0, 3]),
            ("subjects", [1, 2, 1]),
            ("enrollments", [2, 0, 3]),
            ("documents", [6, 0, 6]),
            ("document_shares", [2, 0, 5]),
            ("questions", [4, 0, 1]),
            ("quizzes", [2, 0, 1]),
            ("attempts", [3, 0, 4]),
            ("attempt_answers", [7, 0, 1]),
            ("progress", [0, 0, 2]),
        ]
    );
    assert_eq!(report.revision, "c3d4e5f6g7h8");

    let body = r#"{"email": "amina@school.rw", "password": "123456"}"#;
    assert_eq!(app.post_json("/api/users/login", body).await.status, StatusCode::OK);
    let (amina, eric, head) =
        (app.named("amina@school.rw").await, app.named("eric@school.rw").await, app.named("head@school.rw").await);
    assert_eq!(amina.viewer.id(), Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0002), "ids stay");
    assert_eq!(amina.viewer.person().full_name, "Amina Uwase");
    assert!(head.viewer.is_admin() && !eric.viewer.is_admin());
    assert_eq!(app.count("SELECT count(*) FROM users WHERE NOT is_active AND email = 'away@school.rw'").await, 1);
    assert_eq!(
        app.count("SELECT count(*) FROM users WHERE hashed_password = '' AND email = 'diane@school.rw'").await,
        1
    );

    let documents = app.get("/api/documents/", Some(&amina)).await.json();
    let mut names: Vec<&str> = documents.as_array().unwrap().iter().map(|d| d["filename"].as_str().unwrap()).collect();
    names.sort_unstable();
    let seen = ["For all of us.pdf", "My notes.pdf", "P6 Mathematics 2025.pdf"];
    assert_eq!(names, seen, "what she could see before, but schemes");
    let paper = documents.as_array().unwrap().iter().find(|d| d["filename"] == "P6 Mathematics 2025.pdf").unwrap();
    for (field, value) in [
        ("subject", Value::from("Mathematics")),
        ("level", "P6".into()),
        ("year", 2025.into()),
        ("document_category", "exam_paper".into()),
        ("official_duration_minutes", 90.into()),
        ("created_at", "2026-01-12T07:30:00Z".into()),
        ("ingestion_status", "pending".into()),
    ] {
        assert_eq!(paper[field], value, "{field}");
    }
    let shelf = app.get("/api/documents/", Some(&eric)).await.body;
    assert!(
        shelf.contains("My notes.pdf") && shelf.contains("For all of us.pdf"),
        "shared with him, and his own: {shelf}"
    );
    let archived = "SELECT count(*) FROM documents WHERE is_archived AND archived_at = '2026-02-02 08:00Z'
                       AND archive_reason = 'Another syllabus' AND published_at IS NOT NULL";
    assert_eq!(app.count(archived).await, 1);
    assert_eq!(app.count("SELECT count(*) FROM documents WHERE is_shared").await, 2);

    worker::work_all(app.pool()).await.unwrap();
    let keyed = "SELECT count(*) FROM questions q JOIN documents d ON d.id = q.document_id
                  WHERE d.filename = 'P6 Mathematics 2025.pdf' AND q.key IS NOT NULL";
    assert!(app.count(keyed).await > 10, "the paper is read with its scheme");
}

#[sqlx::test]
async fn past_results_stay_whole_and_nothing_is_made_up(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    earlier.adopt(&app, false).await;
    let (amina, eric) = (app.named("amina@school.rw").await, app.named("eric@school.rw").await);
    let attempts = app.get("/api/attempts/", Some(&amina)).await.json();
    let scores: Vec<_> =
        attempts.as_array().unwrap().iter().map(|a| (a["score"].as_f64(), a["total"].as_f64())).collect();
    assert_eq!(scores, [(Some(2.0), Some(3.0)), (Some(1.0), Some(3.0))], "the latest first");
    let first = &attempts[1];
    assert_eq!((&first["mode"], &first["title"]), (&Value::from("real-exam"), &Value::from("P6 Mathematics 2025")));
    assert_eq!(
        (&first["started_at"], &first["submitted_at"]),
        (&"2026-02-10T08:00:00Z".into(), &"2026-02-10T08:00:00Z".into())
    );
    let detail = app.get(&format!("/api/attempts/{}", first["id"].as_str().unwrap()), Some(&amina)).await.json();
    let answers: Vec<(&str, &str, &str)> = detail["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            let given = a["answer"][0].as_str().unwrap_or("–");
            (a["number"].as_str().unwrap(), given, a["verdict"].as_str().unwrap())
        })
        .collect();
    assert_eq!(answers, [("1", "o2", "right"), ("2", "50", "wrong"), ("3", "–", "blank")], "in the quiz's order");
    assert_eq!(detail["answers"][1]["right_answer"], "60 km/h");
    let reason = detail["answers"][1]["reason"].as_str().unwrap();
    assert_eq!(reason, "The earlier system marked it as wrong, and recorded no reason.");

    let page = app.get(&format!("/attempts/{}", first["id"].as_str().unwrap()), Some(&amina)).await;
    assert!(page.status.is_redirection() || page.status.is_success(), "{}", page.status);
    let page = app.get(&format!("/attempts/{}/result", first["id"].as_str().unwrap()), Some(&amina)).await;
    let page = page.body.replace("<!>", "");
    for words in
        ["B. 1/4", "(the earlier system)", "recorded only whether each answer was right", "From the earlier system."]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    for words in ["Grade", "papers of", "Report a problem", "is no longer shared, or was deleted"] {
        assert!(!page.contains(words), "{words} in {page}");
    }
    let report = Request::post("/fn/exam_prep/api/attempts/report_question")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, format!("Bearer {}", amina.token));
    let form = format!("attempt={}&path=1&reason=text&note=", first["id"].as_str().unwrap());
    assert_eq!(app.send(report.body(form.into()).unwrap()).await.status, 404, "no question 1 of the paper is meant");

    let progress = app.get("/api/progress/", Some(&amina)).await.json();
    let topics: Vec<&str> =
        progress["topic_metrics"].as_array().unwrap().iter().map(|t| t["topic"].as_str().unwrap()).collect();
    assert_eq!(topics, ["Speed, distance and time", "Operations on fractions"], "by name, and by the question's words");

    let attempts = app.get("/api/attempts/", Some(&eric)).await.json();
    assert_eq!((attempts[0]["score"].as_f64(), attempts[0]["total"].as_f64()), (Some(1.0), Some(1.0)));
    let page = app.get(&format!("/attempts/{}/result", attempts[0]["id"].as_str().unwrap()), Some(&eric)).await.body;
    assert!(page.contains("It recorded a score of 2 of 2."), "{page}");
    assert!(page.contains("The earlier system did not mark this one"), "{page}");
    assert_eq!(attempts[0]["document_id"], Value::Null, "its paper has no file");
    assert!(!page.contains("is no longer shared, or was deleted"), "{page}");
}

#[sqlx::test]
async fn how_pupils_stand_is_what_plain_sql_counts(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    earlier.adopt(&app, false).await;
    let amina = app.named("amina@school.rw").await;
    let progress = app.get("/api/progress/", Some(&amina)).await.json();
    let page = app.get("/progress", Some(&amina)).await.body;

    let all = "SELECT count(DISTINCT a.id), count(*) FILTER (WHERE g.is_correct)::float8 / count(*)
                 FROM earlier.attempts a
                 JOIN earlier.quiz_questions q ON q.quiz_id = a.quiz_id
                 LEFT JOIN earlier.attempt_answers g ON g.attempt_id = a.id AND g.question_id = q.question_id
                WHERE a.student_id = $1 AND a.submitted_at IS NOT NULL";
    let (attempts, share): (i64, f64) =
        sqlx::query_as(all).bind(amina.viewer.id()).fetch_one(app.pool()).await.unwrap();
    assert_eq!(
        (progress["total_attempts"].as_i64(), progress["overall_accuracy"].as_f64()),
        (Some(attempts), Some(share))
    );

    let by_topic = "SELECT t.name, count(*), count(*) FILTER (WHERE r.earned = r.possible)
                      FROM attempt_answers r
                      JOIN attempts a ON a.id = r.attempt_id
                      JOIN topics t ON t.id = r.topic_id
                     WHERE a.user_id = $1
                     GROUP BY t.name";
    let plain: Vec<(String, i64, i64)> =
        sqlx::query_as(by_topic).bind(amina.viewer.id()).fetch_all(app.pool()).await.unwrap();
    let shown = progress["topic_metrics"].as_array().unwrap();
    assert_eq!((plain.len(), shown.len()), (2, 2));
    for (topic, answers, right) in plain {
        let metric = shown.iter().find(|metric| metric["topic"] == topic.as_str()).unwrap();
        assert_eq!(metric["attempts"], answers, "{topic}");
        // What the model expects stands in the tests of estimates; here, that it has seen these answers.
        let [low, expected, high] = ["low", "accuracy", "high"].map(|field| metric[field].as_f64().unwrap());
        assert!(0.0 < low && low < expected && expected < high && high < 1.0, "{topic}: {metric}");
        let why = metric["why"].as_str().unwrap();
        assert!(why.contains(&format!("{right} of your last {answers} on {topic}")), "{why}");
        for words in [topic, format!("{:.0} %", 100.0 * expected), format!("{answers} answers")] {
            assert!(page.contains(&words), "{words} in {page}");
        }
    }
    let handed_in = app.count("SELECT count(*) FROM attempts").await;
    assert_eq!(app.count("SELECT sum(attempts)::bigint FROM pupil_statistics").await, handed_in);
    assert_eq!(app.count("SELECT sum(attempts)::bigint FROM day_statistics").await, handed_in);
}

#[sqlx::test]
async fn a_second_run_changes_nothing(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    let first = earlier.adopt(&app, false).await;
    // Later changes by people stay.
    let notes = "DELETE FROM document_shares WHERE document_id = (SELECT id FROM documents WHERE title = 'My notes')";
    sqlx::query(notes).execute(app.pool()).await.unwrap();
    sqlx::query("DELETE FROM enrollments").execute(app.pool()).await.unwrap();
    sqlx::query(
        "UPDATE users SET full_name = 'Another', hashed_password = 'x', email = 'new@school.rw'
                  WHERE email = 'amina@school.rw'",
    )
    .execute(app.pool())
    .await
    .unwrap();
    // Changing a name there does not change ids here.
    sqlx::query("UPDATE earlier.subjects SET name = 'Poems' WHERE name = 'Poetry'").execute(app.pool()).await.unwrap();
    let before = app.rows_of("public").await;
    let again = earlier.adopt(&app, false).await;
    assert_eq!(app.rows_of("public").await, before);
    for (one, other) in first.tables.iter().zip(&again.tables) {
        assert_eq!(other.brought, 0, "{}", other.table);
        if !["document_shares", "enrollments"].contains(&one.table) {
            assert_eq!((other.there, other.left), (one.brought + one.there, one.left), "{}", one.table);
        }
    }
    let notes = "My notes, with eric@school.rw";
    let why = "the document was already here, and its owner may have taken back the share";
    assert_eq!(said(&again, "document_shares", notes), [why]);
    assert_eq!(said(&again, "document_shares", "For all of us, with amina@school.rw"), [""; 0]);

    // New rows are imported.
    fs::write(earlier.folder.join("backend/uploads/lost.pdf"), PAPER).unwrap();
    let third = earlier.adopt(&app, false).await;
    assert_eq!(third.tables.iter().map(|tally| tally.brought).sum::<i64>(), 1);
    assert_eq!(app.count("SELECT count(*) FROM documents WHERE filename = 'Lost.pdf'").await, 1);
}

#[sqlx::test]
async fn a_dry_run_tells_the_same_and_keeps_nothing(pool: PgPool) {
    let app = TestApp::new(pool).await;
    // Not even the syllabus.
    sqlx::query("DELETE FROM subjects").execute(app.pool()).await.unwrap();
    let before = app.rows_of("public").await;
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    let dry = earlier.adopt(&app, true).await;
    assert_eq!(app.rows_of("public").await, before);
    let wet = earlier.adopt(&app, false).await;
    assert_eq!(Report { dry_run: false, ..dry.clone() }, wet);
    assert!(dry.to_string().ends_with("nothing was changed."), "{dry}");
    let subjects = app.count("SELECT count(*) FROM subjects").await;
    assert!(subjects > 10, "the syllabus is there, too, for the first `serve` would not add it any more");
}

#[sqlx::test]
async fn an_error_in_the_middle_leaves_nothing(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    sqlx::raw_sql(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no space left'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION full_disk()",
    )
    .execute(app.pool())
    .await
    .unwrap();
    let before = app.rows_of("public").await;
    let told = earlier.try_adopt(&app, false).await.unwrap_err();
    assert!(told.to_string() == "nothing was imported" && !format!("{told:#}").contains("INSERT"), "{told:#}");
    assert_eq!(app.rows_of("public").await, before);
    sqlx::raw_sql("DROP TRIGGER full_disk ON attempts").execute(app.pool()).await.unwrap();
    assert_eq!(earlier.adopt(&app, false).await.tables[0].brought, 7);
}

#[sqlx::test]
async fn conflicts_are_told_by_name(pool: PgPool) {
    let app = TestApp::new(pool).await;
    for (email, role) in [("Taken@school.rw", Role::Student), ("head@school.rw", Role::Admin)] {
        accounts::create(app.pool(), email, "test123", "Here First", role, None).await.unwrap();
    }
    let earlier = EarlierSystem::new(app.pool(), EARLIER).await;
    let small = Source { url: &earlier.url, files: Some(&earlier.folder.join("backend/uploads")), max_upload: 6 };
    let report = import_legacy::adopt(app.pool(), &small, true).await.unwrap();
    assert_eq!(said(&report, "documents", "Old paper.pdf"), ["the file is larger than 0 MB: set MAX_UPLOAD_MB"]);
    let report = earlier.adopt(&app, false).await;
    for (table, name, words) in [
        ("users", "taken@school.rw", "another account here has this address"),
        ("users", "Eric@School.RW", "another account here has this address"),
        ("users", "head@school.rw", "an admin here has this address: the papers are theirs now"),
        ("users", "no address", "this is not an e-mail address"),
        ("users", "driver@school.rw", "prepares for DRIVING, which is not a level here"),
        ("users", "driver@school.rw", "is now called driver"),
        ("users", "diane@school.rw", "the password cannot be checked"),
        ("subjects", "Highway code of DRIVING", "this is not a level here"),
        ("enrollments", "eric@school.rw", "the subject is of another level"),
        ("enrollments", "driver@school.rw", "the subject was not imported"),
        ("enrollments", "account 00000000-0000-4000-8000-000000000005", "the account was not imported"),
        ("documents", "Lost.pdf", "there is no file uploads/lost.pdf"),
        ("documents", "Outside.pdf", "there is no file ../outside.pdf"),
        ("documents", "Linked.pdf", "there is no file uploads/linked.pdf"),
        ("documents", "Picture.pdf", "the file is not a PDF"),
        ("documents", "Signs.pdf", "its level, “DRIVING”, does not exist here"),
        ("documents", "Of nobody.pdf", "the account was not imported"),
        ("documents", "For all of us.pdf", "eric@school.rw is not an admin, so it is their own"),
        ("documents", "My notes.pdf", "“Cooking” is not a subject of its level here"),
        ("documents", "My notes.pdf", "“2025-26” is not a year"),
        ("documents", "P6 Mathematics 2025 scheme.pdf", "taken as the scheme of “P6 Mathematics 2025”"),
        ("documents", "Lone scheme.pdf", "its paper is unknown"),
        ("document_shares", "My notes, with amina@school.rw", "shared with its own owner"),
        ("document_shares", "My notes, with diane@school.rw", "only pupils of one level share"),
        ("document_shares", "P6 Mathematics 2025, with amina@school.rw", "the whole level has the document"),
        ("document_shares", "Of nobody.pdf, with amina@school.rw", "the document was not imported"),
        ("attempts", "account 00000000-0000-4000-8000-000000000005, 12 Feb 2026", "the account was not imported"),
        ("attempts", "eric@school.rw, not handed in", "it was never handed in"),
        ("attempts", "eric@school.rw, 1 Jan 1970", "its date is wrong"),
        ("attempts", "eric@school.rw, 13 Feb 2062", "its date is wrong"),
        ("attempts", "eric@school.rw, 12 Feb 2026", "its score was 2 of 2; its answers add up to 1 of 1"),
        ("progress", "all", "not copied"),
    ] {
        let said = said(&report, table, name);
        assert!(said.iter().any(|line| line.contains(words)), "{table}, {name}: {said:?}");
        assert!(report.to_string().contains(name));
    }
    for oddity in [
        "not imported: table chat_sessions, 1 row",
        "not imported: column questions.difficulty, filled in 5 rows",
        "not imported: column documents.marking_scheme, filled in 1 row",
    ] {
        assert!(report.oddities.iter().any(|told| told == oddity), "{oddity} in {:?}", report.oddities);
    }
    assert_eq!(report.oddities.len(), 6, "{:?}", report.oddities);
    let theirs =
        "SELECT count(*) FROM documents d JOIN users u ON u.id = d.uploaded_by WHERE u.full_name = 'Here First'";
    assert_eq!(app.count(theirs).await, 4);
    let head = r#"{"email": "head@school.rw", "password": "umunsi mwiza"}"#;
    assert_eq!(app.post_json("/api/users/login", head).await.status, 401, "nobody gets into an account that was here");
}

/// With the column names of its first Alembic migrations, and numbers as ids.
const OTHER_NAMES: &str = "
    CREATE TABLE users (id serial PRIMARY KEY, email text, password_hash text, full_name text, role text,
                        education_level text, created_at timestamp DEFAULT '2026-01-10 07:00');
    INSERT INTO users (email, password_hash, full_name, role, education_level) VALUES
        ('head@school.rw', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$RdescudvJCsgt3ub+b+dWQ', 'Head', 'admin', NULL),
        ('amina@school.rw', '$2b$31$fUXEcXjxzhVfBJwLhSGd5.Klb6QWBg2J6IRcuWE.DXyGxwea87ubq', 'Amina', 'student', 'p6');
    CREATE TABLE enrollments (user_id integer, subject_id integer);
    CREATE TABLE subjects (id serial, name text, level text);
    INSERT INTO subjects (name, level) VALUES ('Mathematics', 'P6');
    INSERT INTO enrollments VALUES (2, 1);
    CREATE TABLE questions (id serial, question_text text, question_type text, options json, correct_answer text);
    INSERT INTO questions (question_text, question_type, options, correct_answer) VALUES
        ('Which is gold?', 'mcq', '[\"Fe\", \"Au\"]', 'B'), ('2 + 2?', 'short-answer', NULL, '4');
    CREATE TABLE quizzes (id serial, mode text, duration_minutes integer);
    INSERT INTO quizzes (mode) VALUES ('topic-focused'), ('surprise');
    CREATE TABLE attempts (id serial, student_id integer, quiz_id integer, score double precision, completed boolean,
                           created_at timestamp DEFAULT '2026-02-10 10:00', updated_at timestamp DEFAULT '2026-02-10 10:20');
    INSERT INTO attempts (student_id, quiz_id, score, completed) VALUES (2, 1, 50, true), (2, 2, 0, false);
    CREATE TABLE attempt_answers (id serial, attempt_id integer, question_id integer, student_answer text, is_correct boolean);
    INSERT INTO attempt_answers (attempt_id, question_id, student_answer, is_correct) VALUES (1, 1, 'B', true), (1, 2, '5', false);
";

#[sqlx::test]
async fn other_names_and_numbers_for_ids_are_understood_and_what_is_missing_is_told(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), OTHER_NAMES).await;
    let report = earlier.adopt(&app, false).await;
    assert_eq!(
        sums(&report),
        [
            ("users", [2, 0, 0]),
            ("subjects", [0, 1, 0]),
            ("enrollments", [1, 0, 0]),
            ("documents", [0, 0, 0]),
            ("document_shares", [0, 0, 0]),
            ("questions", [2, 0, 0]),
            ("quizzes", [1, 0, 1]),
            ("attempts", [1, 0, 1]),
            ("attempt_answers", [2, 0, 0]),
            ("progress", [0, 0, 0]),
        ]
    );
    for oddity in [
        "there is no table documents",
        "there is no table quiz_questions",
        "there is no table alembic_version",
        "table users has no column is_active",
        "table attempts has no column total",
        "column attempts.updated_at has no time zone: taken as UTC",
    ] {
        assert!(report.oddities.iter().any(|told| told == oddity), "{oddity} in {:?}", report.oddities);
    }
    let costly = "the password cannot be checked: give them a code for a new one";
    assert_eq!(said(&report, "users", "amina@school.rw"), [costly], "a hash that takes days to try");
    assert_eq!(
        app.count("SELECT count(*) FROM users WHERE hashed_password = ''").await,
        2,
        "nor one that it never made"
    );
    let amina = app.named("amina@school.rw").await;
    assert_eq!(amina.viewer.person().education_level.as_deref(), Some("P6"));
    let attempt = app.get("/api/attempts/", Some(&amina)).await.json()[0].clone();
    assert_eq!((attempt["score"].as_f64(), attempt["total"].as_f64()), (Some(1.0), Some(2.0)));
    assert_eq!(attempt["submitted_at"], "2026-02-10T10:20:00Z");
    let before = app.rows_of("public").await;
    let again = earlier.adopt(&app, false).await;
    assert_eq!(again.tables.iter().map(|tally| tally.brought).sum::<i64>(), 0);
    assert_eq!(app.rows_of("public").await, before);
}

#[sqlx::test]
async fn what_cannot_be_read_is_told_in_a_sentence(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let earlier = EarlierSystem::new(app.pool(), "CREATE TABLE teachers (id uuid)").await;
    let told = async |url: &str, files: Option<&std::path::Path>| {
        let source = Source { url, files, max_upload: 50 << 20 };
        format!("{:#}", import_legacy::adopt(app.pool(), &source, false).await.unwrap_err())
    };
    let ours = earlier.url.replace("earlier", "public");
    let path = Some(earlier.folder.as_path());
    let make = async |sql: &'static str| {
        let mut connection = app.pool().acquire().await.unwrap().detach();
        sqlx::raw_sql("SET search_path = earlier").execute(&mut connection).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    };
    let mut sentences = vec![
        (told("postgres://u:s3cret@127.0.0.1:1/none", path).await, "it cannot be reached"),
        (told("nonsense", path).await, "it is not an address like postgresql://"),
        (told(&ours, path).await, "it is a database of this program"),
        (told(&earlier.url, path).await, "it is not a database of the earlier system: there is no table users"),
    ];
    make("CREATE TABLE users (id uuid, email text)").await;
    let column =
        "it is not a database of the earlier system: table users has no column hashed_password or password_hash";
    sentences.push((told(&earlier.url, path).await, column));
    make(
        "ALTER TABLE users ADD hashed_password text;
         CREATE TABLE documents (id uuid, filename text, file_path text, uploaded_by uuid);
         INSERT INTO documents DEFAULT VALUES",
    )
    .await;
    sentences.push((
        told(&earlier.url, None).await,
        "the earlier system has 1 document: name the folder of their files with --files",
    ));
    sentences.push((
        told(&earlier.url, Some(std::path::Path::new("/none/such"))).await,
        "the folder /none/such cannot be opened",
    ));
    for (sentence, words) in &sentences {
        assert!(sentence.contains(words), "{words} in {sentence}");
        assert!(!sentence.contains('\n') && !sentence.contains("s3cret"), "{sentence}");
    }
    assert_eq!(app.count("SELECT count(*) FROM users").await, 0);
}
