//! Classes: lists, cards, accounts that the school changes, and what is recorded of it.

use std::collections::HashMap;
use std::time::Instant;

use serde_json::json;

use super::*;
use crate::domain::class::{Card, Class};
use crate::domain::class_list::{Choice, ListProblem, Verdict};
use crate::error::AppError;
use crate::server::classes::cards::{self, Whose};
use crate::server::classes::{import, sheet};
use crate::server::db::class_lists::{self, ClassList};
use crate::server::db::classes;
use crate::server::viewer::Scope;

/// A list with these lines, as it is pasted.
async fn stored(app: &TestApp, admin: &Person, text: &str) -> Uuid {
    let list = ClassList { cells: sheet::cells(text.as_bytes()).unwrap(), class: String::new(), year: 2026 };
    class_lists::store(app.pool(), &admin.viewer, &list).await.unwrap()
}

async fn imported(app: &TestApp, admin: &Person, text: &str, choices: &[(u32, Choice)]) -> Result<Uuid, AppError> {
    let id = stored(app, admin, text).await;
    let choices: HashMap<u32, Choice> = choices.iter().copied().collect();
    import::import(app.pool(), &admin.viewer, id, &choices, None).await.map(|()| id)
}

async fn verdicts(app: &TestApp, admin: &Person, list: Uuid) -> Vec<Verdict> {
    let rows = import::preview(app.pool(), &admin.viewer, list).await.unwrap().rows.unwrap();
    rows.into_iter().map(|row| row.verdict).collect()
}

async fn school(app: &TestApp) -> Scope {
    app.admin().await.viewer.scope(None).unwrap()
}

async fn class_named(app: &TestApp, name: &str) -> Class {
    let all = classes::list(app.pool(), &school(app).await).await.unwrap();
    all.into_iter().find(|class| class.name == name).unwrap_or_else(|| panic!("no class {name}"))
}

/// Names of a class, with what its pupils sign in with.
async fn members(app: &TestApp, class: &str) -> Vec<(String, String)> {
    let class = class_named(app, class).await;
    let scope = app.admin().await.viewer.scope(Some(class.id)).unwrap();
    let pupils = classes::pupils(app.pool(), &scope).await.unwrap();
    pupils.into_iter().map(|pupil| (pupil.full_name, pupil.sign_in_name)).collect()
}

async fn class_cards(app: &TestApp, admin: &Person, class: &str, only_new: bool) -> Vec<Card> {
    let whose = Whose::Class { id: class_named(app, class).await.id, only_new };
    cards::make(app.pool(), &admin.viewer, whose, "http://school").await.unwrap()
}

/// Sends a form of a server function as somebody, or as nobody.
pub(super) async fn form(app: &TestApp, function: &str, who: Option<&Person>, fields: &[(&str, &str)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let mut request = Request::post(format!("/fn/exam_prep/api/{function}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(person) = who {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", person.token));
    }
    app.send(request.body(body.finish().into()).unwrap()).await
}

async fn acts(app: &TestApp) -> Vec<(String, i64)> {
    let acts = "SELECT act, count(*) FROM audit_events GROUP BY act ORDER BY act";
    sqlx::query_as(acts).fetch_all(app.pool()).await.unwrap()
}

fn family(number: usize) -> String {
    let syllables = ["ba", "hi", "ki", "mu", "nde", "ra", "si", "to", "we", "zi"];
    [number / 100, number / 10 % 10, number % 10].map(|digit| syllables[digit]).concat()
}

#[sqlx::test]
async fn six_hundred_pupils_at_once_and_again(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let row = |n: usize| format!("{};Aline {};P6 {};{n}\r\n", family(n), family(n), ["A", "B", "C"][n % 3]);
    let list = format!("Nom;Prénom;Classe;Matricule\r\n{}", (0..600).map(row).collect::<String>());
    let started = Instant::now();
    let id = imported(&app, &admin, &list, &[]).await.unwrap();
    let took = started.elapsed();
    println!("600 pupils in {took:?}");
    assert!(took.as_secs() < 5, "{took:?}");
    assert_eq!(app.count("SELECT count(*) FROM users WHERE role = 'student' AND education_level = 'P6'").await, 600);
    assert_eq!(class_named(&app, "P6 B").await.pupils, 200);
    let before = acts(&app).await;
    assert_eq!(before[0], ("class_made".into(), 3));
    assert!(verdicts(&app, &admin, id).await.iter().all(|verdict| matches!(verdict, Verdict::Same { .. })));
    for list in [list.clone(), list.replace("P6 A", "p6a"), list.to_uppercase().replace("PRÉNOM", "Prénom")] {
        imported(&app, &admin, &list, &[]).await.unwrap();
        assert_eq!(acts(&app).await, before, "the same list changes nothing");
    }
    let started = Instant::now();
    assert_eq!(class_cards(&app, &admin, "P6 A", true).await.len(), 200);
    println!("200 cards in {:?}", started.elapsed());
}

#[sqlx::test]
async fn who_is_new_moved_doubled_or_unclear(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    imported(&app, &admin, "Name,Class\nUwase Aline,P6 A\nMugisha Éric,P6 A\nKeza Ange,P6 A", &[]).await.unwrap();
    let next = "Class,Name\nP6 B,Uwase Aline\nP6 A,Eric Mugisha\nP6 A,Keza Ange\nP6 A,Keza Ange\nP6 A,Hirwa Jean";
    let list = stored(&app, &admin, next).await;
    let told = verdicts(&app, &admin, list).await;
    let Verdict::Unclear { why, candidates, likely: None } = &told[0] else { panic!("{:?}", told[0]) };
    assert_eq!(why, "Uwase Aline is in P6 A, 2026 already.");
    let uwase = (2, Choice::Pupil(candidates[0].id));
    let Verdict::Unclear { candidates, .. } = &told[1] else { panic!("{:?}", told[1]) };
    assert_eq!(candidates[0].name, "Mugisha Éric");
    let eric = candidates[0].id;
    assert_eq!((&told[3], &told[4]), (&Verdict::Doubled { of: 4 }, &Verdict::New));
    let refused = imported(&app, &admin, next, &[uwase]).await.unwrap_err();
    assert!(refused.at("choices").is_some_and(|reason| reason.contains("row 3")), "{refused}");
    assert_eq!(app.count("SELECT count(*) FROM classes").await, 1, "nothing was changed");
    let stranger = Choice::Pupil(admin.viewer.id());
    assert!(imported(&app, &admin, next, &[uwase, (3, stranger)]).await.is_err(), "only of those who were shown");

    imported(&app, &admin, next, &[uwase, (3, Choice::Pupil(eric))]).await.unwrap();
    let of_a: Vec<_> = members(&app, "P6 A").await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(of_a, ["Eric Mugisha", "Hirwa Jean", "Keza Ange"], "written as in the list");
    assert_eq!(members(&app, "P6 B").await, [("Uwase Aline".to_owned(), "uwase.a".to_owned())]);
    let again = imported(&app, &admin, next, &[]).await.unwrap();
    assert!(!verdicts(&app, &admin, again).await.iter().any(|verdict| matches!(verdict, Verdict::Unclear { .. })));

    let another = "Name,Class\nAnge Keza,P6 B";
    imported(&app, &admin, another, &[(2, Choice::LeaveOut)]).await.unwrap();
    assert_eq!(members(&app, "P6 B").await.len(), 1);
    imported(&app, &admin, another, &[(2, Choice::New)]).await.unwrap();
    assert_eq!(members(&app, "P6 B").await[0], ("Ange Keza".to_owned(), "ange.k".to_owned()));
    imported(&app, &admin, "Name,Class\nUwase Alice,P6 B", &[]).await.unwrap();
    assert!(members(&app, "P6 B").await.contains(&("Uwase Alice".to_owned(), "uwase.a2".to_owned())));
}

#[sqlx::test]
async fn a_list_finds_who_has_registered_and_asks_for_levels(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("S3").await);
    let email = pupil.viewer.person().sign_in_name().to_uppercase();
    let list = format!("Name\tClass\tE-mail\tNumber\nSomebody\tBlue\t{email}\t7\nKeza Ange\tBlue\t\t8");
    let refused = imported(&app, &admin, &list, &[]).await.unwrap_err();
    assert!(refused.at("level").is_some(), "{refused}");
    let id = stored(&app, &admin, &list).await;
    assert_eq!(import::preview(app.pool(), &admin.viewer, id).await.unwrap().new_classes, [("Blue".to_owned(), None)]);
    import::import(app.pool(), &admin.viewer, id, &HashMap::new(), Some("P6")).await.unwrap();
    let account = classes::account(app.pool(), &admin.viewer, pupil.viewer.id()).await.unwrap();
    assert_eq!((account.level.as_deref(), account.id_number.as_deref()), (Some("P6"), Some("7")));
    assert_eq!(members(&app, "Blue").await[1].1, pupil.viewer.person().sign_in_name());
    let me = app.get("/api/users/me", Some(&pupil)).await.json();
    assert!(me["email"].is_string() && me["login_name"].is_null(), "{me}");
    let listed = app.get("/api/admin/students?search=keza.a", Some(&admin)).await.json();
    assert!(listed[0]["email"].is_null() && listed[0]["login_name"] == "keza.a", "{listed}");
}

/// Sends a list as a form does.
async fn upload(app: &TestApp, admin: &Person, file: &[u8], text: &str) -> String {
    let mut body = Vec::new();
    for (name, filename, bytes) in
        [("year", "", &b"2026"[..]), ("list", "", text.as_bytes()), ("file", "; filename=\"list.xlsx\"", file)]
    {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    let request = Request::post("/admin/classes/import")
        .header("content-type", "multipart/form-data; boundary=b")
        .header("cookie", format!("session={}", admin.token));
    let answer = app.send(request.body(body.into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

#[sqlx::test]
async fn files_and_pasted_lists_are_shown_first(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (row, [name, class]) in (0..).zip([["Name", "Class"], ["Uwase <b>Zoé</b>", "P6 A"]]) {
        page.write_string(row, 0, name).unwrap().write_string(row, 1, class).unwrap();
    }
    let shown = upload(&app, &admin, &book.save_to_buffer().unwrap(), "").await;
    let shown = app.get(&shown, Some(&admin)).await;
    assert!(shown.body.contains("Uwase &lt;b&gt;Zoé&lt;/b&gt;"), "{}", shown.body);
    assert!(shown.body.contains("Import: 1 new pupil") && shown.body.contains("P6 A (P6)"), "{}", shown.body);
    let french = upload(&app, &admin, b"", "Classe;Nom\nP6 A;Uwase Zo\u{e9}").await;
    assert!(app.get(&french, Some(&admin)).await.body.contains("Import: 1 new pupil"));
    let headless = upload(&app, &admin, b"", "Uwase Aline, P6 A").await;
    let headless = app.get(&headless, Some(&admin)).await.body;
    assert!(headless.contains(ListProblem::NoName.message()) && headless.contains("Uwase Aline\tP6 A"), "{headless}");
    for (file, problem) in
        [(&b"PK\x03\x04x"[..], "file"), (&[0; 9], "file"), (&[b'a'; (2 << 20) + 1], "size"), (b" ", "empty")]
    {
        assert_eq!(upload(&app, &admin, file, "").await, format!("/admin/classes/import?problem={problem}"));
    }
    let refused = app.get("/admin/classes/import?problem=size", Some(&admin)).await.body;
    assert!(refused.contains(ListProblem::TooLarge.message()));
    assert_eq!(app.count("SELECT count(*) FROM users WHERE role = 'student'").await, 0);
    app.run("UPDATE class_lists SET created_at = now() - interval '2 days' WHERE uploaded_by = $1", admin.viewer.id())
        .await;
    class_lists::delete_expired(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM class_lists").await, 0, "names are not kept");
}

#[sqlx::test]
async fn a_card_opens_the_account_once(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    imported(&app, &admin, "Name,Class\nMugisha Aline,P6 A\nKeza Ange,P6 A", &[]).await.unwrap();
    let earlier = class_cards(&app, &admin, "P6 A", true).await;
    let cards = class_cards(&app, &admin, "P6 A", true).await;
    let card = cards.iter().find(|card| card.sign_in_name == "mugisha.a").unwrap();
    assert_eq!((card.full_name.as_str(), card.class.as_str(), card.code.len()), ("Mugisha Aline", "P6 A", 14));
    assert!(card.picture.contains("<svg"));
    let login = async |name: &str, password: &str, new: &str| {
        form(&app, "accounts/login", None, &[("email", name), ("password", password), ("new", new)]).await
    };
    let old = &earlier.iter().find(|old| old.sign_in_name == "mugisha.a").unwrap().code;
    assert_eq!(login("mugisha.a", old, "blue-lake-7").await.status, 422, "new cards end earlier ones");
    assert_eq!(login("keza.a", &card.code, "blue-lake-7").await.status, 422, "another's");
    let asks = login("Mugisha.A", &card.code.to_lowercase(), "").await;
    assert!(asks.status == 422 && asks.body.contains("\"new\""), "{}", asks.body);
    assert_eq!(login("mugisha.a", &card.code, "mugisha.a").await.status, 422, "no password");
    let done = login(" Mugisha.A ", &card.code, "blue-lake-7").await;
    assert!(done.status.is_success() || done.status.is_redirection(), "{}", done.body);
    assert!(done.header("set-cookie").starts_with("session="));
    assert_eq!(login("mugisha.a", &card.code, "green-lake-7").await.status, 422, "good once");
    let body = json!({ "email": "mugisha.a", "password": "blue-lake-7" }).to_string();
    let granted = app.post_json("/api/users/login", &body).await;
    assert_eq!(granted.status, StatusCode::OK);
    let user = &granted.json()["user"];
    assert!(user["email"].is_null() && user["login_name"] == "mugisha.a" && user["education_level"] == "P6", "{user}");
    assert_eq!(class_cards(&app, &admin, "P6 A", true).await.len(), 1, "who has a password needs none");
    assert_eq!(class_cards(&app, &admin, "P6 A", false).await.len(), 2);
    assert_eq!(app.post_json("/api/users/login", &body).await.status, StatusCode::OK, "the password stays");
    let kept = "SELECT count(*) FROM password_resets WHERE expires_at > now() + interval '59 days'";
    assert_eq!(app.count(kept).await, 2);
    assert_eq!(app.count("SELECT count(*) FROM users WHERE hashed_password = ''").await, 1);
    let empty = json!({ "email": "keza.a", "password": "" }).to_string();
    assert_eq!(app.post_json("/api/users/login", &empty).await.status, 401, "no password is no empty one");
}

#[sqlx::test]
async fn cards_are_printed_from_the_answer_and_nowhere_else(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    imported(&app, &admin, "Name,Class\nMugisha Aline,P6 A", &[]).await.unwrap();
    let id = class_named(&app, "P6 A").await.id;
    let page = format!("/admin/classes/{id}/cards");
    let post = Request::post(&page)
        .header("cookie", format!("session={}", admin.token))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "school.local:8000");
    let made = app.send(post.body("only_new=true".into()).unwrap()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(made.body.contains("card-code") && made.body.contains("mugisha.a"), "{}", made.body);
    assert!(made.header("cache-control").contains("no-store"));
    let later = app.get(&page, Some(&admin)).await.body;
    assert!(!later.contains("card-code") && later.contains("Make cards for 1 pupil without a password"), "{later}");
}

#[sqlx::test]
async fn a_pupil_is_renamed_moved_and_switched_off(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("S3").await);
    imported(&app, &admin, "Name,Class\nKeza Ange,P6 A\nHirwa Jean,P6 B", &[]).await.unwrap();
    let (a, b) = (class_named(&app, "P6 A").await.id.to_string(), class_named(&app, "P6 B").await.id);
    let id = pupil.viewer.id().to_string();
    let change = async |name: &str, class: &str, level: &str| {
        let fields = [("id", id.as_str()), ("full_name", name), ("class", class), ("level", level)];
        form(&app, "classes/change_pupil", Some(&admin), &fields).await.status.as_u16()
    };
    assert!(change("Mugisha Eric", &a, "S6").await < 400);
    let account = async || classes::account(app.pool(), &admin.viewer, pupil.viewer.id()).await.unwrap();
    assert_eq!((account().await.full_name, account().await.level), ("Mugisha Eric".into(), Some("P6".into())));
    assert_eq!(
        (change("", &a, "S6").await, change("Eric", "", "S7").await, change("Eric", &id, "").await),
        (422, 422, 404)
    );
    assert_eq!(account().await.full_name, "Mugisha Eric");
    let pupils = [("pupils[]", id.as_str()), ("to", &*b.to_string())];
    assert!(form(&app, "classes/move_pupils", Some(&admin), &pupils).await.status.as_u16() < 400);
    assert_eq!(account().await.class, Some(b));
    assert_eq!(classes::delete(app.pool(), &admin.viewer, b).await.unwrap_err().status(), 409);
    assert!(change("Mugisha Eric", "", "S6").await < 400);
    assert_eq!((account().await.class, account().await.level.as_deref()), (None, Some("S6")));

    let switch = async |on: &str| {
        let answer = form(&app, "classes/switch_pupil", Some(&admin), &[("id", &id), ("on", on)]).await;
        assert!(answer.status.as_u16() < 400, "{}", answer.body);
    };
    let listed =
        async |which: &str| app.get(&format!("/admin/students?search=Mugisha{which}"), Some(&admin)).await.body;
    switch("false").await;
    switch("false").await;
    assert_eq!(app.get("/api/users/me", Some(&pupil)).await.status, 401, "sessions end");
    let body = json!({ "email": pupil.viewer.person().sign_in_name(), "password": "test123" }).to_string();
    let refused = app.post_json("/api/users/login", &body).await;
    assert!(refused.status == 403 && refused.body.contains("switched off"), "{}", refused.body);
    assert!(!listed("").await.contains("Mugisha Eric") && listed("&accounts=disabled").await.contains("Mugisha Eric"));
    assert!(cards::make(app.pool(), &admin.viewer, Whose::Pupil(pupil.viewer.id()), "").await.is_err(), "no card");
    switch("true").await;
    assert_eq!(app.post_json("/api/users/login", &body).await.status, StatusCode::OK);
    assert!(listed("").await.contains("Mugisha Eric"));
    let not_a_pupil = form(&app, "classes/switch_pupil", Some(&admin), &[("id", &admin.viewer.id().to_string())]).await;
    assert_eq!(not_a_pupil.status, 404, "no admin");
}

#[sqlx::test]
async fn a_class_filters_lists_and_files(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    imported(&app, &admin, "Name,Class\nKeza Ange,P6 A\nHirwa Jean,P6 B", &[]).await.unwrap();
    let class = class_named(&app, "P6 A").await.id;
    let listed = app.get("/api/admin/classes", Some(&admin)).await.json();
    assert_eq!((&listed[0]["name"], &listed[0]["student_count"]), (&json!("P6 A"), &json!(1)));
    let found = app.get(&format!("/api/admin/students?class={class}"), Some(&admin)).await.json();
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    for page in ["/admin/students", "/admin/tables/students.csv", "/admin/weak-topics", "/admin/tables/weak-topics.csv"]
    {
        let answer = app.get(&format!("{page}?class={class}"), Some(&admin)).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.body.contains("Hirwa"), "{page}");
        assert_eq!(answer.body.contains("Keza"), page.contains("students"), "{page}");
    }
}

#[sqlx::test]
async fn what_was_done_is_recorded_and_stays(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    imported(&app, &admin, "Name,Class\nKeza Ange,P6 A", &[]).await.unwrap();
    class_cards(&app, &admin, "P6 A", true).await;
    let class = class_named(&app, "P6 A").await.id;
    classes::rename(app.pool(), &admin.viewer, class, "P6 Blue").await.unwrap();
    let pupil: Uuid = sqlx::query_scalar("SELECT user_id FROM memberships").fetch_one(app.pool()).await.unwrap();
    classes::switch(app.pool(), &admin.viewer, pupil, false).await.unwrap();
    classes::switch(app.pool(), &admin.viewer, pupil, true).await.unwrap();
    let mut tx = db::begin(app.pool()).await.unwrap();
    classes::assign(&mut tx, &admin.viewer, &[pupil], &[None]).await.unwrap();
    tx.commit().await.unwrap();
    classes::delete(app.pool(), &admin.viewer, class).await.unwrap();
    let words: Vec<String> = acts(&app).await.into_iter().map(|(act, count)| format!("{act} {count}")).collect();
    let all = [
        "class_changed 1",
        "class_deleted 1",
        "class_made 1",
        "code_made 1",
        "disabled 1",
        "enabled 1",
        "list_imported 1",
        "pupil_made 1",
        "pupil_moved 2",
    ];
    assert_eq!(words, all);
    let page = app.get("/admin/audit?person=keza&act=pupil_moved", Some(&admin)).await.body;
    assert!(page.contains("P6 Blue, 2026 → no class") && !page.contains("P6 A → P6 Blue"), "{page}");
    for change in ["UPDATE audit_events SET detail = ''", "DELETE FROM audit_events"] {
        assert!(sqlx::query(change).execute(app.pool()).await.is_err(), "{change}");
    }
    db::audit::delete_expired(app.pool()).await.unwrap();
    assert_eq!(acts(&app).await.len(), all.len());
}
