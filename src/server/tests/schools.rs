//! Schools beside each other: who makes them, who registers in which, and what each sees of itself alone.

use super::classes::form;
use super::paper_results::{class_of, sit};
use super::quizzes::{document_of, sums, topic_of};
use super::statistics::recount;
use super::*;
use crate::domain::school;
use crate::error::AppError;
use crate::server::db::estimates::{StandingsFilter, standings};
use crate::server::db::{analytics, audit, classes, migrations, schools, shares};

#[sqlx::test]
async fn each_schools_figures_are_its_own(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.admin().await;
    let [other, ..] = app.another_school(&owner).await;
    let (ann, ben) = (app.pupil("P6").await, app.pupil_in(other.viewer.school()).await);
    class_of(&app, "P6 B", &[&ann]).await;
    let topic = topic_of(&app, "Operations on fractions").await;
    for (admin, pupil) in [(&owner, &ann), (&other, &ben)] {
        let paper = document_of(&app, admin, "Mock", &sums(6, Some(topic))).await;
        assert_eq!(app.get(&format!("/documents/{paper}"), Some(pupil)).await.status, 200);
        sit(&app, pupil, paper, 2, 4).await;
        let stranger = if pupil.viewer.id() == ann.viewer.id() { &ben } else { &ann };
        assert_eq!(app.get(&format!("/documents/{paper}"), Some(stranger)).await.status, 404, "a published paper");
    }
    recount(&app).await;
    for (admin, pupil) in [(&owner, &ann), (&other, &ben)] {
        let seen = analytics::overview(app.pool(), &admin.viewer, 30).await.unwrap();
        let days: i64 = seen.activity.iter().map(|day| day.attempts).sum();
        let of_subjects: i64 = seen.subjects.iter().map(|subject| subject.attempts).sum();
        let pupils = if pupil.viewer.id() == ann.viewer.id() { 1 } else { 2 };
        assert_eq!((seen.students, seen.documents, seen.attempts, days, of_subjects), (pupils, 1, 1, 1, 1));
        assert!(seen.school.is_some(), "there are others");
        let scope = admin.viewer.scope(None).unwrap();
        let known = standings(app.pool(), StandingsFilter::of(&scope)).await.unwrap();
        assert!(known.lines.iter().all(|line| line.user_id == pupil.viewer.id()) && !known.lines.is_empty());
    }
}

#[sqlx::test]
async fn names_of_classes_and_numbers_are_a_schools_own(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.admin().await;
    let [other, ..] = app.another_school(&owner).await;
    let mut conn = app.pool().acquire().await.unwrap();
    classes::make(&mut conn, &owner.viewer, "P6 A", "P6", 2026).await.expect("the other school has this class, too");
    let twice = classes::make(&mut conn, &owner.viewer, "p6 a", "P6", 2026).await.unwrap_err();
    assert!(twice.at("name").is_some(), "{twice}");
    for admin in [&owner, &other] {
        let pupil = app.pupil_in(admin.viewer.school()).await;
        app.run("UPDATE users SET id_number = '7' WHERE id = $1", pupil.viewer.id()).await;
    }
    let seen = audit::list(app.pool(), &other.viewer, None, Some("class_made"), (0, 9)).await.unwrap();
    assert_eq!(seen.len(), 1, "the owner's acts are not the other school's");
}

#[sqlx::test]
async fn nobody_is_put_into_another_schools_class_or_shares_with_it(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.admin().await;
    let [other, ..] = app.another_school(&owner).await;
    let (ann, ben) = (app.pupil("P6").await, app.pupil_in(other.viewer.school()).await);
    let class = class_of(&app, "P6 B", &[&ann]).await;
    let mut conn = app.pool().acquire().await.unwrap();
    for (admin, pupil) in [(&other, &ben), (&other, &ann), (&owner, &ben)] {
        let put = classes::assign(&mut conn, &admin.viewer, &[pupil.viewer.id()], &[Some(class)]).await;
        assert_eq!(put, Err(AppError::NotFound));
    }
    let own = app.document(&ann, "Own", None).await;
    let have = shares::give(app.pool(), &ann.viewer, own, &[ben.viewer.id()]).await.unwrap();
    assert!(have.is_empty(), "they are of one level, but not of one school");
}

#[sqlx::test]
async fn an_owner_makes_schools_and_admins(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (owner, clerk) = (app.admin().await, app.school_admin(school::FIRST).await);
    let location = |answer: &Answer| answer.header("location").to_owned();
    let made = form(&app, "schools/make_school", Some(&owner), &[("name", " GS Kacyiru ")]).await;
    let page = location(&made);
    assert!(app.get(&page, Some(&owner)).await.body.contains("0 pupils · 0 teachers · 0 classes · 0 papers"), "{page}");
    let twice = form(&app, "schools/make_school", Some(&owner), &[("name", "gs kacyiru")]).await;
    assert!(twice.body.contains("There is already a school with this name."), "{}", twice.body);
    for name in ["", " ", &"a".repeat(101)] {
        let refused = form(&app, "schools/make_school", Some(&owner), &[("name", name)]).await;
        assert!(refused.body.contains("at most 100 letters"), "{}", refused.body);
    }
    let school = schools::by_name(app.pool(), "GS KACYIRU").await.unwrap().unwrap().to_string();
    let email = "head@kacyiru.test";
    let fields = [("school", school.as_str()), ("full_name", "Uwera Diane"), ("email", email)];
    let code = form(&app, "schools/make_admin", Some(&owner), &fields).await;
    let code: String = serde_json::from_str(&code.body).unwrap_or_else(|_| panic!("{}", code.body));
    let fields = [("email", email), ("password", &code), ("new", "umunsi mwiza")];
    assert_eq!(location(&form(&app, "accounts/login", None, &fields).await), "/admin");
    let of_school = "SELECT count(*) FROM users u JOIN schools s ON s.id = u.school_id
                      WHERE s.name = 'GS Kacyiru' AND u.role = 'admin' AND NOT u.is_owner";
    assert_eq!(app.count(of_school).await, 1);
    let head = "SELECT id FROM users WHERE email = 'head@kacyiru.test'";
    let head: Uuid = sqlx::query_scalar(head).fetch_one(app.pool()).await.unwrap();
    for (who, may) in [(&clerk, false), (&owner, true)] {
        let code = form(&app, "schools/give_admin_code", Some(who), &[("admin", &head.to_string())]).await;
        assert_eq!(code.status == 200, may, "{}", code.body);
    }

    for on in ["false", "true"] {
        form(&app, "schools/switch_admin", Some(&owner), &[("id", &head.to_string()), ("on", on)]).await;
        let active = "SELECT count(*) FROM users WHERE email = 'head@kacyiru.test' AND is_active";
        assert_eq!(app.count(active).await, i64::from(on == "true"));
    }
    let own = owner.viewer.id().to_string();
    let refused = form(&app, "schools/switch_admin", Some(&owner), &[("id", own.as_str()), ("on", "false")]).await;
    assert_eq!(refused.status, 404, "an owner is switched off by nobody");
    let told = async |school: Uuid| -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE school_id = $1");
        count.bind(school).fetch_one(app.pool()).await.unwrap()
    };
    assert_eq!(told(school::FIRST).await, 0, "what concerns a school is told there");
    assert_eq!(told(school.parse().unwrap()).await, 6);
    for (who, may) in [(&owner, true), (&clerk, false)] {
        assert_eq!(app.get("/documents/new", Some(who)).await.body.contains("href=\"/admin/topics\""), may);
    }
    for kept in ["/admin/system", "/admin/topics", "/admin/schools"] {
        assert_eq!(app.get(kept, Some(&owner)).await.status, 200, "{kept}");
        assert_eq!(app.get(kept, Some(&clerk)).await.status, 404, "{kept}");
    }
}

#[sqlx::test]
async fn one_owner_is_left(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (first, second) = (app.admin().await, app.admin().await);
    let end = async |by: &Person, whose: &Person| {
        form(&app, "schools/end_ownership", Some(by), &[("id", &*whose.viewer.id().to_string())]).await
    };
    let page = format!("/admin/schools/{}", school::FIRST);
    assert!(app.get(&page, Some(&first)).await.body.matches("owns the installation").count() >= 2);
    assert!(end(&first, &second).await.status.as_u16() < 400);
    assert_eq!(app.get(&page, Some(&second)).await.status, 404);
    assert_eq!(app.get("/admin/students", Some(&second)).await.status, 200, "an admin still");
    let last = end(&first, &first).await;
    assert!(last.body.contains("the only owner who can sign in"), "{}", last.body);
    assert_eq!(app.get(&page, Some(&first)).await.status, 200);
}

#[sqlx::test]
async fn a_pupil_registers_in_a_school_that_is_open(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.admin().await;
    let register = async |school: Option<Uuid>| {
        let mut body = serde_json::json!({ "email": format!("{}@test.com", Uuid::new_v4()), "password": "umunsi mwiza",
            "full_name": "Keza Ange", "education_level": "P6" });
        if let Some(id) = school {
            body["school_id"] = id.to_string().into();
        }
        let answer = app.post_json("/api/users/register", &body.to_string()).await;
        (answer.status.as_u16(), answer.json()["user"]["school_id"].as_str().and_then(|id| id.parse::<Uuid>().ok()))
    };
    assert_eq!(register(None).await, (201, Some(school::FIRST)), "there is only one");
    let other = schools::make(app.pool(), &owner.viewer, "GS Kacyiru").await.unwrap();
    assert_eq!(register(None).await, (201, Some(school::FIRST)), "the other makes its accounts itself");
    schools::change(app.pool(), &owner.viewer, other, "GS Kacyiru", true).await.unwrap();
    assert_eq!(register(None).await.0, 422, "which of the two?");
    assert_eq!(register(Some(other)).await, (201, Some(other)));
    assert_eq!(register(Some(Uuid::now_v7())).await.0, 422);
    assert!(app.get("/register", None).await.body.contains("GS Kacyiru"));
    schools::change(app.pool(), &owner.viewer, other, "GS Kacyiru", false).await.unwrap();
    assert_eq!(register(Some(other)).await.0, 422, "it makes the accounts itself");
    assert_eq!(register(None).await, (201, Some(school::FIRST)));
    let page = app.get("/register", None).await.body;
    assert!(
        !page.contains("GS Kacyiru") && page.contains("Your school") && page.contains("Not in the list?"),
        "{page}"
    );
    schools::change(app.pool(), &owner.viewer, school::FIRST, "School", false).await.unwrap();
    assert_eq!(register(None).await.0, 422);
    assert!(app.get("/register", None).await.body.contains("Ask a teacher for yours."));
}

#[sqlx::test]
async fn the_way_back_is_refused_while_there_are_several_schools(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let owner = app.admin().await;
    schools::make(app.pool(), &owner.viewer, "GS Kacyiru").await.unwrap();
    let since = app.count("SELECT count(*) FROM _sqlx_migrations WHERE version >= 20261219090000").await;
    let refused = migrations::down(app.pool(), usize::try_from(since).unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains("There are several schools"), "{refused}");
    assert!(!migrations::up(app.pool()).await.unwrap().is_empty(), "what came later was undone");
    migrations::check(app.pool()).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM schools").await, 2);
}
