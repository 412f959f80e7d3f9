//! The library: its search and its pages.

use std::collections::BTreeSet;

use exam_model::question::{Choice, Question};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::quizzes::document_of;
use super::*;
use crate::domain::search::asked;
use crate::server::db::questions;

fn question(number: usize, text: &str, options: &[&str]) -> Question {
    let options = options.iter().enumerate().map(|(n, text)| Choice { text: (*text).into(), ..Choice::nth(n) });
    Question {
        path: number.to_string(),
        label: format!("{number}."),
        text: text.into(),
        options: options.collect(),
        ..Question::default()
    }
}

impl TestApp {
    /// The titles that the library shows for these words.
    async fn found(&self, who: &Person, words: &str) -> Vec<String> {
        let path = format!("/api/documents?search={}", escaped(words));
        let answer = self.get(&path, Some(who)).await;
        assert_eq!(answer.status, StatusCode::OK, "{words:?}: {}", answer.body);
        answer.json().as_array().unwrap().iter().map(|d| d["title"].as_str().unwrap().to_owned()).collect()
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[sqlx::test]
async fn words_of_three_languages_are_found(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let texts = [
        "A plant cell makes sugar by photosynthesis. Study the triangles; 12.5 kg of maize is divided; 3<length and width>2.",
        "Expliquez l'électricité et l'œuvre de la forêt. Qu'est-ce que la photo-synthèse ?",
        "Andika amazina y'inyamaswa n'ubumenyi bw'ibanze. Ni iki gituma umwana yiga?",
    ];
    let items: Vec<Question> =
        texts.iter().enumerate().map(|(n, text)| question(n + 1, text, &["iron", "cuivre"])).collect();
    document_of(&app, &pupil, "Mathématiques S3", &items).await;
    for words in [
        "photosynthesis",
        "PHOTOSYN",
        "triangle",
        "triangles",
        "dividing",
        "studies",
        "\"plant cell\"",
        "plants cells",
        "electricite",
        "électricités",
        "foret",
        "oeuvre",
        "Œuvre",
        "photo-synthese",
        "ubumenyi",
        "inyamaswa",
        "umwana",
        "mathematiques",
        "mathématique triangle",
        "cuivre",
        "12.5",
        "length",
        "3<length",
        "xyzzy or triangle",
        "triangle -xyzzy",
        "P6",
        "2025",
        "area or the triangle",
    ] {
        assert_eq!(app.found(&pupil, words).await, ["Mathématiques S3"], "{words}");
    }
    for words in ["\"cell plant\"", "triangle xyzzy", "triangle -photosynthesis", "12", "tr", "angle", "-", "?!", "\0"]
    {
        assert!(app.found(&pupil, words).await.is_empty(), "{words}");
    }
}

#[sqlx::test]
async fn what_is_found_says_where(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let long = format!("{} <b>sugar</b> {}", "before ".repeat(60), "after ".repeat(60));
    let mut items =
        vec![question(1, "Nothing of it.", &[]), question(2, &long, &[]), question(3, "Sugar and salt", &[])];
    items.extend((4..10).map(|n| question(n, "Salt", &[])));
    let id = document_of(&app, &pupil, "Kitchen", &items).await;
    let page = app.get("/documents?search=sugar+salt", Some(&pupil)).await.body;
    for part in [
        "value=\"sugar salt\"",
        "<mark>sugar</mark>&lt; /b&gt; after",
        "Question 3</a>",
        "<mark>Sugar</mark>",
        "Question 4</a>",
    ] {
        assert!(page.replace("<!>", "").contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Question 1</a>") && !page.contains("Question 5</a>"), "three of them, first the best");
    let found = app.get("/api/documents?search=sugar", Some(&pupil)).await.json();
    let matches = &found[0]["matches"];
    assert_eq!((&found[0]["id"], &matches[0]["question"]), (&Value::from(id.to_string()), &Value::from("2")));
    let excerpt = matches[0]["excerpt"].as_str().unwrap();
    assert!(excerpt.contains("sugar< /b>") && excerpt.len() < 300, "{excerpt}");
    assert_eq!(app.get("/api/documents", Some(&pupil)).await.json()[0]["matches"], serde_json::json!([]));
    assert!(app.get("/documents?search=xyzzy", Some(&pupil)).await.body.contains("No paper has these words"));
}

#[sqlx::test]
async fn the_database_keeps_the_words_up(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    let id = document_of(&app, &pupil, "First", &[question(1, "iron", &[]), question(2, "copper", &[])]).await;
    assert_eq!(app.found(&pupil, "iron copper first").await, ["First"], "one word in each place");
    documents::rename(app.pool(), &pupil.viewer, id, "Second").await.unwrap();
    assert!(app.found(&pupil, "first").await.is_empty());
    assert_eq!(app.found(&pupil, "second iron").await, ["Second"]);
    let mut conn = app.pool().acquire().await.unwrap();
    questions::keep_reading(&mut conn, id, &[question(1, "silver", &[])]).await.unwrap();
    assert!(app.found(&pupil, "iron or copper").await.is_empty());
    assert_eq!(app.found(&pupil, "silver").await, ["Second"]);
    // Far more than fits into a tsvector, in letters of four bytes.
    let word = |n: u32| {
        format!(
            "{0}{0}-{1}{0}",
            char::from_u32(0x10330 + n % 26).unwrap(),
            char::from_u32(0x10330 + n / 26 % 26).unwrap()
        )
    };
    let huge: Vec<String> = (0..400_000).map(|n| format!("{}{n}", word(n))).collect();
    questions::keep_reading(&mut conn, id, &[question(1, &huge.join(" "), &[])]).await.unwrap();
    assert_eq!(app.found(&pupil, "second").await, ["Second"]);
}

#[sqlx::test]
async fn only_what_one_may_see_is_found(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, friend, stranger, admin) =
        (app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await, app.admin().await);
    let id = document_of(&app, &owner, "Secret", &[question(1, "zebra", &[])]).await;
    let sees = async |expected: [bool; 4], when: &str| {
        for (person, sees) in [&owner, &friend, &stranger, &admin].into_iter().zip(expected) {
            assert_eq!(!app.found(person, "zebra").await.is_empty(), sees, "{when}");
            assert_eq!(app.get("/documents?search=zebra", Some(person)).await.body.contains("Secret"), sees, "{when}");
        }
    };
    sees([true, false, false, true], "personal").await;
    let share = "INSERT INTO document_shares (document_id, shared_with_user_id) VALUES ($1, $2)";
    sqlx::query(share).bind(id).bind(friend.viewer.id()).execute(app.pool()).await.unwrap();
    sees([true, true, false, true], "shared").await;
    app.run("DELETE FROM document_shares WHERE document_id = $1", id).await;
    sees([true, false, false, true], "taken back").await;
    documents::archive(app.pool(), &admin.viewer, id, "Old").await.unwrap();
    sees([false; 4], "archived").await;
    let archived = app.get("/documents?whose=archived&search=zebra", Some(&admin)).await.body;
    assert!(archived.contains("Secret"), "an admin may look among the archived ones");
    assert_eq!(app.get("/api/documents?search=zebra", None).await.status, 401);
}

#[sqlx::test]
async fn no_words_are_an_error(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let pupil = app.pupil("P6").await;
    document_of(&app, &pupil, "Title", &[question(1, "or -x \"quoted\" it's", &["a\nb"])]).await;
    for words in
        ["- ".repeat(100), "-\"".repeat(100), "\"".into(), "' or 1=1 --".into(), "a:* & !b | (c".into(), "\\".into()]
    {
        app.found(&pupil, &words).await;
    }
    const PIECES: &[&str] = &[
        "-",
        "\"",
        " ",
        "or",
        "a",
        "it's",
        "é",
        "\0",
        "&",
        "|",
        "!",
        ":*",
        "(",
        ")",
        "\\",
        "'",
        "<->",
        "a-b",
        "http://a.b/c?d",
    ];
    let any = prop_oneof![
        prop::collection::vec(prop::sample::select(PIECES), 0..80).prop_map(|all| all.concat()),
        any::<String>()
    ];
    let mut runner = TestRunner::new(Config::with_cases(500));
    let runtime = tokio::runtime::Handle::current();
    let pool = app.pool().clone();
    let tried = tokio::task::spawn_blocking(move || {
        runner.run(&any, |words| {
            let query = "SELECT count(*) FROM documents WHERE words @@ search_query($1)";
            let count = sqlx::query_scalar::<_, i64>(query).bind(asked(&words));
            runtime.block_on(count.fetch_one(&pool)).map(drop).map_err(|error| TestCaseError::fail(error.to_string()))
        })
    });
    tried.await.unwrap().unwrap();
}

#[sqlx::test]
async fn pages_follow_each_other_whatever_is_added(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    app.run(
        "INSERT INTO documents (filename, title, uploaded_by, level, year)
         SELECT 'a.pdf', 'Paper ' || n % 20 || ' & more', $1, 'P6', nullif(2020 + n % 4, 2023) FROM generate_series(1, 60) n",
        admin.viewer.id(),
    )
    .await;
    let ids = |page: &str| -> Vec<String> {
        let parts = page.split("<a href=\"/documents/").skip(1);
        parts.filter_map(|part| part.split('"').next()).filter(|id| id.len() == 36).map(str::to_owned).collect()
    };
    let mut path = "/documents?search=more&level=P6".to_owned();
    let mut pages = Vec::new();
    loop {
        let page = app.get(&path, Some(&admin)).await.body;
        pages.push(ids(&page));
        let Some((before, _)) = page.split_once(">More papers<") else { break };
        let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        path = href.replace("&amp;", "&");
        // By its year it comes first, and does not shift later pages.
        let add = "INSERT INTO documents (filename, title, uploaded_by, level, year) VALUES ('a.pdf', 'More', $1, 'P6', 2030)";
        app.run(add, admin.viewer.id()).await;
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 10]);
    let all: BTreeSet<&String> = pages.iter().flatten().collect();
    assert_eq!(all.len(), 60, "each once");
    let listed = app.get("/api/documents?skip=2&limit=60", Some(&admin)).await.json();
    let listed: Vec<&str> = listed.as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert!(pages.iter().flatten().eq(listed), "the same order by skip and limit");
    for none in ["year=-2147483648", "skip=9223372036854775807"] {
        assert_eq!(
            app.get(&format!("/api/documents?{none}"), Some(&admin)).await.json(),
            serde_json::json!([]),
            "{none}"
        );
    }
    for none in ["after=x", "after=2020/x/y", "after=%00", "after=99999999999//"] {
        let answer = app.get(&format!("/documents?{none}"), Some(&admin)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{none}");
        assert!(answer.body.contains("not a place in the library"), "{none}");
    }
    for odd in ["after=", "year=abc", "whose=nobody", "level=Q9", "kind=song"] {
        assert_eq!(app.get(&format!("/documents?{odd}"), Some(&admin)).await.status, StatusCode::OK, "{odd}");
    }
}
