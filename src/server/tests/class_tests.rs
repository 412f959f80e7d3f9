//! Tests made by hand: from the question bank to the mark list.

use chrono::TimeDelta;
use exam_model::format::form_time;
use exam_model::question::{Kind, Question};
use serde_json::json;

use super::classes::form;
use super::paper_results::class_of;
use super::quizzes::{answer_all, document_of, sums, topic_of};
use super::*;
use crate::domain::assignment::{NewAssignment, Terms, Work};
use crate::domain::class_test::{ClassTest, Edit, TestContent};
use crate::domain::correction::Change;
use crate::domain::mark_list::{Exam, MarkSort, Which};
use crate::domain::question_bank::{BankQuery, Facility};
use crate::error::AppError;
use crate::server::attempts::quizzes::begin_assigned;
use crate::server::attempts::{manual_marking, now, paper_results};
use crate::server::class_tests as bank;
use crate::server::db::{assignments, attempts, class_tests, corrections};

/// A P6 class with a teacher, another class with another, and a paper of six sums.
struct School {
    app: TestApp,
    admin: Person,
    teachers: [Person; 2],
    ann: Person,
    ben: Person,
    classes: [Uuid; 2],
    paper: Uuid,
}

impl School {
    async fn new(pool: PgPool) -> Self {
        let app = TestApp::new(pool).await;
        let (admin, ann, ben) = (app.admin().await, app.pupil("P6").await, app.pupil("P6").await);
        let classes = [class_of(&app, "P6 A", &[&ann]).await, class_of(&app, "P6 B", &[&ben]).await];
        let teachers = [app.teacher(&classes[..1]).await, app.teacher(&classes[1..]).await];
        let fractions = topic_of(&app, "Operations on fractions").await;
        let paper = document_of(&app, &admin, "Mock", &sums(6, Some(fractions))).await;
        Self { app, admin, teachers, ann, ben, classes, paper }
    }

    async fn items(&self) -> Vec<Uuid> {
        let items = "SELECT id FROM questions WHERE document_id = $1 ORDER BY position";
        sqlx::query_scalar(items).bind(self.paper).fetch_all(self.app.pool()).await.unwrap()
    }

    async fn get(&self, who: &Person, test: Uuid) -> ClassTest {
        class_tests::get(self.app.pool(), &who.viewer, test).await.unwrap()
    }

    /// A test of the first teacher with the paper's first items, that many.
    async fn test(&self, items: usize) -> Uuid {
        let (pool, teacher) = (self.app.pool(), &self.teachers[0].viewer);
        let test = class_tests::make(pool, teacher, "Week 3", "P6", &TestContent::default()).await.unwrap();
        for item in &self.items().await[..items] {
            bank::add(pool, teacher, test, *item, None).await.unwrap();
        }
        test
    }

    async fn set(&self, by: &Person, class: Uuid, test: Uuid, terms: Terms) -> Result<Uuid, AppError> {
        let [opens_at, due_at] = [-1, 60].map(|minutes| now() + TimeDelta::minutes(minutes));
        let terms = Terms { opens_at, due_at, attempts: 1, ..terms };
        assignments::add(self.app.pool(), &by.viewer, &NewAssignment { class, work: Work::Test(test), terms }).await
    }
}

fn paths(questions: &[Question]) -> Vec<(String, String)> {
    let place = |question: &Question| (question.path.clone(), question.drawn.as_ref().unwrap().path.clone());
    questions.iter().map(place).collect()
}

#[sqlx::test]
async fn a_teacher_makes_a_test_and_a_class_sits_it(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, admin, teachers: [teacher, _], ann, ben, classes, paper } = &school;
    let send = async |name: &str, fields: &[(&str, &str)]| {
        form(app, &format!("class_tests/{name}"), Some(teacher), fields).await
    };
    assert!(send("make_class_test", &[("title", " "), ("level", "P6")]).await.body.contains("Write a title"));
    assert_eq!(send("make_class_test", &[("title", "Week 3"), ("level", "S3")]).await.status, 404, "no class of S3");
    let made = send("make_class_test", &[("title", "Week 3"), ("level", "P6")]).await;
    let page = made.header("location").to_owned();
    let id = page.rsplit('/').next().unwrap();
    let test: Uuid = id.parse().unwrap_or_else(|_| panic!("{page}"));
    let shown = app.get(&page, Some(teacher)).await.body;
    assert!(shown.contains("6 questions found") && shown.contains("Add question 4 of Mock"), "{shown}");

    let items = school.items().await;
    let change = async |question: Uuid, what: &str| {
        let question = question.to_string();
        let answer = send("change_class_test", &[("id", id), ("question", &question), ("what", what)]).await;
        assert!(answer.status.as_u16() < 400, "{what}: {}", answer.body);
    };
    for (item, what) in
        [(5, "add"), (0, "add"), (0, "add"), (2, "add"), (2, "up"), (5, "down"), (0, "remove"), (1, "add")]
    {
        change(items[item], what).await;
    }
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    assert_eq!(paths(&school.get(teacher, test).await.content.questions), pairs(&[("1", "3"), ("2", "6"), ("3", "2")]));
    let item = items[5].to_string();
    let marks =
        async |written| send("set_class_test_marks", &[("id", id), ("items[]", &item), ("marks[]", written)]).await;
    let refused = marks("0.3").await.body;
    assert!(refused.contains("in halves"), "{refused}");
    marks("4").await;
    assert_eq!(school.get(teacher, test).await.content.marks(), 6.0);

    let [opens, due] = [-1, 60].map(|minutes| form_time(now() + TimeDelta::minutes(minutes)));
    let set = async |class: Uuid| {
        let class = class.to_string();
        let fields = [("class", &*class), ("test", id), ("opens", &opens), ("due", &due), ("attempts", "1")];
        let also = [("also[]", "shuffled"), ("also[]", "results_when_due")];
        form(app, "assignments/set_assignment", Some(teacher), &[&fields[..], &also].concat()).await
    };
    assert_eq!(set(classes[1]).await.status, 404, "another's class");
    assert_eq!(set(classes[0]).await.header("location"), "/admin/assignments");
    let list = app.get("/admin/assignments", Some(teacher)).await.body;
    assert!(list.contains("Week 3") && list.contains("shuffled, marks when due") && list.contains("0 of 1"), "{list}");

    assert!(app.get("/", Some(ann)).await.body.contains("Start: Week 3"));
    assert!(!app.get("/", Some(ben)).await.body.contains("Week 3"));
    let seen = assignments::of_pupil(&mut app.pool().acquire().await.unwrap(), &ann.viewer, None).await.unwrap();
    assert_eq!(begin_assigned(app.pool(), &ben.viewer, seen[0].id, "").await, Err(AppError::NotFound));
    let attempt = begin_assigned(app.pool(), &ann.viewer, seen[0].id, "").await.unwrap();
    let sat = attempts::get(app.pool(), &ann.viewer, attempt).await.unwrap();
    assert_eq!((sat.quiz.title.as_str(), sat.quiz.total(), sat.document_id), ("Week 3", 6.0, None));
    assert_eq!(sat.quiz.questions.iter().map(|root| root.path.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    let day = app.get(&format!("/admin/exams?document={test}"), Some(teacher)).await.body;
    assert!(day.contains("Week 3: 1 exam"), "{day}");
    let refused = class_tests::change(app.pool(), &teacher.viewer, test, Edit::Remove(items[1])).await.unwrap_err();
    assert!(matches!(&refused, AppError::Conflict(reason) if reason.contains("has begun")), "{refused:?}");

    answer_all(app, ann, attempt, None).await;
    let list = async |exam| {
        let (sort, which) = (MarkSort::Name, Which::First);
        paper_results::mark_list(app.pool(), &admin.viewer, exam, None, sort, which).await.unwrap()
    };
    let marks = list(Exam::Test(test)).await;
    let headings: Vec<String> = marks.items.iter().map(|item| item.heading()).collect();
    assert_eq!(headings, ["1 /1", "2 /4", "3 /1"], "in the order of the test, in whatever order the pupil had them");
    assert_eq!((marks.lines.len(), marks.lines[0].earned), (1, 6.0));
    assert_eq!(list(Exam::Paper(*paper)).await.lines.len(), 0, "it is no attempt of its paper");
    let csv = app.get(&format!("/admin/tables/marks.csv?test={test}"), Some(teacher)).await.body;
    assert!(csv.contains("2 /4") && csv.contains("P6 A"), "{csv}");
    assert!(app.get(&format!("/admin/tests/{test}/analysis"), Some(teacher)).await.body.contains("19 pupils to go"));
    assert!(app.get("/admin/exams", Some(teacher)).await.body.contains(&format!("/admin/tests/{test}/marks")));
}

#[sqlx::test]
async fn a_test_has_sections_of_which_some_questions_count(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, teachers: [teacher, colleague], ann, classes, .. } = &school;
    let (test, items) = (school.test(2).await, school.items().await);
    let (id, page) = (test.to_string(), format!("/admin/tests/{test}"));
    let send = async |name: &str, fields: &[(&str, &str)]| {
        let fields = [&[("id", &*id)], fields].concat();
        form(app, &format!("class_tests/{name}"), Some(teacher), &fields).await
    };
    let save = async |section: &str, label: &str, rule: &str, count: &str| {
        send("save_class_test_section", &[("section", section), ("label", label), ("rule", rule), ("count", count)])
            .await
    };
    let question = async |item: usize, what: &str, section: &str| {
        let item = items[item].to_string();
        send("change_class_test", &[("question", &item), ("what", what), ("section", section)]).await;
    };
    save("", "A", "all", "").await;
    let refused = save("", "B", "choose", "").await.body;
    assert!(refused.contains("Say how many count"), "{refused}");
    save("", "Second", "choose", "2").await;
    save("Second", "B", "choose", "2").await;
    assert!(save("A", "B", "all", "").await.body.contains("There is a section B already."));
    for item in [2, 3] {
        question(item, "add", "B").await;
    }
    question(1, "put", "B").await;
    let shown = app.get(&page, Some(teacher)).await.body;
    for words in ["Section A: all questions", "Section B: any 2 questions", "To section A", "4 questions · 3 marks"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let now = || async { paths(&school.get(teacher, test).await.content.questions) };
    assert_eq!(now().await, pairs(&[("1", "1"), ("2", "3"), ("3", "4"), ("4", "2")]));
    send("change_class_test_section", &[("section", "B"), ("what", "up")]).await;
    assert_eq!(now().await, pairs(&[("1", "3"), ("2", "4"), ("3", "2"), ("4", "1")]));
    let copy = form(app, "class_tests/copy_class_test", Some(colleague), &[("id", &id)]).await;
    let copy: Uuid = copy.header("location").rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(school.get(colleague, copy).await.content, school.get(teacher, test).await.content);

    // Ann answers all: of section B the first two that she began count.
    let terms = Terms { shuffled: true, ..Terms::default() };
    let work = school.set(teacher, classes[0], test, terms).await.unwrap();
    let attempt = begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    let sat = attempts::get(app.pool(), &ann.viewer, attempt).await.unwrap();
    let sections: Vec<_> = sat.quiz.questions.iter().filter_map(|root| root.section.as_deref()).collect();
    assert_eq!((sections, sat.quiz.total()), (vec!["B", "B", "B", "A"], 3.0), "shuffled within sections");
    let sitting = app.get(&format!("/attempts/{attempt}"), Some(ann)).await.body;
    assert!(sitting.contains("Section B: any 2 questions") && sitting.contains("Count question"), "{sitting}");
    answer_all(app, ann, attempt, None).await;
    let result = app.get(&format!("/attempts/{attempt}/result"), Some(ann)).await.body;
    assert!(result.contains("Not among the questions that count in this section."), "{result}");
    let (sort, which) = (MarkSort::Name, Which::First);
    let list =
        paper_results::mark_list(app.pool(), &teacher.viewer, Exam::Test(test), None, sort, which).await.unwrap();
    assert_eq!((list.lines[0].earned, list.lines[0].possible), (3.0, 3.0), "of 4 right answers 3 count");
    assert!(save("A", "C", "all", "").await.body.contains("has begun"), "it stays as it is");
}

#[sqlx::test]
async fn programs_make_change_set_and_delete_tests(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, teachers: [teacher, colleague], ann, classes, paper, .. } = &school;
    let call = async |method: &str, path: &str, who: &Person, body: Value| {
        app.call(method, &format!("/api/admin/{path}"), Some(who), body).await
    };
    let bank = call("GET", "questions?level=P6&words=104&limit=5", teacher, Value::Null).await.json();
    assert_eq!(
        (&bank[0]["source"], &bank[0]["source_number"], bank.as_array().unwrap().len()),
        (&json!("Mock"), &json!("4"), 1)
    );
    assert_eq!((&bank[0]["items"][0]["key"], &bank[0]["document_id"]), (&json!("354"), &json!(paper)));
    assert_eq!(call("GET", "questions?level=P6&facility=x", teacher, Value::Null).await.json()["field"], "facility");

    let items = school.items().await;
    let mut new = json!({
        "title": "Week 3", "level": "P6",
        "sections": [{"label": "A", "rule": "all"}, {"label": "B", "rule": "choose", "count": 1}],
        "questions": [
            {"id": items[2], "section": "B", "marks": {items[2].to_string(): 4}},
            {"id": items[0], "section": "A"},
            {"id": items[1], "section": "B"}
        ]
    });
    let made = call("POST", "tests", teacher, new.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let test = made.json();
    let id = test["id"].as_str().unwrap().to_owned();
    let asked = |test: &Value| {
        let one = |question: &Value| {
            format!("{}{}", question["section"].as_str().unwrap(), question["source_number"].as_str().unwrap())
        };
        test["questions"].as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        (asked(&test).as_str(), &test["marks"], &test["sections"][1]["marks"]),
        ("A1 B3 B2", &json!(5.0), &json!(4.0))
    );
    for (field, wrong, named) in [
        ("title", json!(" "), "title"),
        ("sections", json!([{"label": "A", "rule": "some"}]), "sections"),
        ("questions", json!([{"id": Uuid::nil()}]), "questions"),
        ("questions", json!([{"id": items[0]}, {"id": items[0]}]), "questions"),
        ("questions", json!([{"id": items[0], "section": "Z"}]), "questions"),
        ("questions", json!([{"id": items[0], "marks": {items[0].to_string(): 0.3}}]), "questions"),
    ] {
        let right = std::mem::replace(&mut new[field], wrong.clone());
        let refused = call("POST", "tests", teacher, new.clone()).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!(named)), "{wrong}");
        new[field] = right;
    }
    assert_eq!(call("POST", "tests", ann, new).await.status, 403);
    let foreign = json!({"title": "Week 3", "level": "S3"});
    assert_eq!(call("POST", "tests", teacher, foreign).await.status, 404, "no class of S3");

    let path = format!("tests/{id}");
    let best = json!({
        "sections": [{"label": "Sums", "rule": "best", "count": 2}],
        "questions": [{"id": items[2]}, {"id": items[3]}, {"id": items[0]}]
    });
    let changed = call("PATCH", &path, teacher, best).await.json();
    assert_eq!((asked(&changed).as_str(), &changed["marks"]), ("Sums3 Sums4 Sums1", &json!(5.0)), "the marks stay");
    let turned = json!({"questions": [{"id": items[3]}, {"id": items[2]}, {"id": items[0]}]});
    let changed = call("PATCH", &path, teacher, turned).await.json();
    assert_eq!(asked(&changed), "Sums4 Sums3 Sums1");
    assert_eq!(changed["sections"][0]["rule"], "best", "what is missing stays");
    assert_eq!(call("PATCH", &path, teacher, json!({"title": "Week 4"})).await.json()["title"], "Week 4");
    assert_eq!(call("PATCH", &path, teacher, json!({"sections": []})).await.json()["field"], "questions");
    assert_eq!(call("PATCH", &path, colleague, json!({"title": "Mine"})).await.status, 409);
    let seen = call("GET", &path, colleague, Value::Null).await.json();
    assert_eq!(
        (&seen["title"], &seen["changeable"], seen["questions"].as_array().unwrap().len()),
        (&json!("Week 4"), &json!(false), 3)
    );
    let listed = call("GET", "tests", teacher, Value::Null).await.json();
    assert_eq!((&listed[0]["id"], &listed[0]["question_count"]), (&json!(id), &json!(3)));

    let work = json!({"class_id": classes[0], "opens_at": now() - TimeDelta::minutes(1), "due_at": now() + TimeDelta::hours(1), "needs_code": true});
    let assign =
        async |who: &Person, work: &Value| call("POST", &format!("{path}/assignments"), who, work.clone()).await;
    let set = assign(teacher, &work).await;
    assert_eq!(set.status, 201, "{}", set.body);
    let set = set.json();
    assert_eq!((&set["test_id"], &set["student_count"], &set["attempts"]), (&json!(id), &json!(1), &json!(1)));
    let code = set["room_code"].as_str().unwrap();
    begin_assigned(app.pool(), &ann.viewer, set["id"].as_str().unwrap().parse().unwrap(), code).await.unwrap();
    assert_eq!(assign(teacher, &work).await.status, 409, "at the same time already");
    let mut over = work.clone();
    over["due_at"] = json!(now() - TimeDelta::hours(1));
    assert_eq!(assign(teacher, &over).await.json()["field"], "due_at");
    assert_eq!(assign(colleague, &work).await.status, 404, "another's class");
    assert_eq!(call("PATCH", &path, teacher, json!({"title": "Week 5"})).await.status, 409, "a pupil has begun");

    let empty = call("POST", "tests", teacher, json!({"title": "Empty", "level": "P6"})).await.json();
    let empty = format!("tests/{}", empty["id"].as_str().unwrap());
    assert_eq!(call("DELETE", &empty, colleague, Value::Null).await.status, 409);
    assert_eq!(call("DELETE", &empty, teacher, Value::Null).await.status, 204);
    assert_eq!(call("GET", &empty, teacher, Value::Null).await.status, 404);
    assert_eq!(call("DELETE", &path, teacher, Value::Null).await.status, 409, "it is begun");
}

#[sqlx::test]
async fn marks_are_shown_when_the_work_is_due(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, teachers: [teacher, _], ann, classes, .. } = &school;
    let test = school.test(3).await;
    let terms = Terms { results_when_due: true, ..Terms::default() };
    let work = school.set(teacher, classes[0], test, terms).await.unwrap();
    let attempt = begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    assert!(
        app.get(&format!("/attempts/{attempt}"), Some(ann)).await.body.contains("Hand in: your marks may come later")
    );
    answer_all(app, ann, attempt, Some("351")).await;
    let result = format!("/attempts/{attempt}/result");
    let [page, home] = [app.get(&result, Some(ann)).await, app.get("/", Some(ann)).await];
    assert_eq!(page.status, 200);
    assert!(page.body.contains("shown here from") && !page.body.contains(">352<"), "no key: {}", page.body);
    assert!(home.body.contains("marks from") && home.body.contains("Marks come later"), "{}", home.body);
    let detail = async || app.get(&format!("/api/attempts/{attempt}"), Some(ann)).await.json();
    let told = detail().await;
    assert_eq!((&told["score"], &told["topic_breakdown"]), (&Value::Null, &Value::Array(vec![])), "{told}");
    assert!(told["answers"].as_array().unwrap().iter().all(|answer| answer["right_answer"].is_null()), "{told}");
    let listed = app.get("/api/attempts", Some(ann)).await.json();
    assert_eq!(listed[0]["score"], Value::Null, "{listed}");
    assert!(!app.get("/mistakes", Some(ann)).await.body.contains("Work out"), "what was wrong is not told by mistakes");
    let again = crate::server::attempts::quizzes::begin_another(app.pool(), &ann.viewer, attempt, Uuid::nil()).await;
    assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
    assert!(app.get(&result, Some(teacher)).await.body.contains(">352<"), "the teacher sees them");
    let pupil = ann.viewer.id();
    let page = app.get(&format!("/admin/students/{pupil}"), Some(teacher)).await.body;
    assert!(page.contains("1 of 3 marks"), "{page}");
    let known = app.get(&format!("/api/admin/students/{pupil}/performance"), Some(teacher)).await.json();
    let [score, accuracy] = [&known["recent_attempts"][0]["score"], &known["overall_accuracy"]];
    assert_eq!((score, accuracy), (&Value::from(1.0), &Value::from(1.0 / 3.0)), "{known}");

    app.run("UPDATE quizzes SET results_at = now() WHERE test_id = $1", test).await;
    assert!(app.get(&result, Some(ann)).await.body.contains(">352<"));
    assert_eq!(detail().await["score"], 1.0);
    assert!(app.get("/mistakes", Some(ann)).await.body.contains("Work out"));
}

#[sqlx::test]
async fn marks_wait_for_the_last_to_sit_and_follow_the_terms(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, teachers: [teacher, _], ann, classes, .. } = &school;
    let test = school.test(3).await;
    let held = Terms { results_when_due: true, ..Terms::default() };
    let work = school.set(teacher, classes[0], test, held.clone()).await.unwrap();
    let attempt = begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    answer_all(app, ann, attempt, None).await;
    let sees = async || app.get(&format!("/attempts/{attempt}/result"), Some(ann)).await.body.contains(">352<");
    let change = async |terms: Terms| {
        let [opens_at, due_at] = [-1, 90].map(|minutes| now() + TimeDelta::minutes(minutes));
        let terms = Terms { opens_at, due_at, attempts: 2, ..terms };
        assignments::change(app.pool(), &teacher.viewer, work, &terms).await.unwrap();
    };
    change(Terms::default()).await;
    assert!(sees().await, "the teacher no longer holds them back");
    change(held).await;
    assert!(!sees().await);
    // It is due, but somebody still sits it, with extra time or after a pause.
    let other = begin_assigned(app.pool(), &ann.viewer, work, "").await.unwrap();
    app.run("UPDATE quizzes SET results_at = now() WHERE assignment_id = $1", work).await;
    assert!(!sees().await);
    answer_all(app, ann, other, None).await;
    assert!(sees().await);
}

#[sqlx::test]
async fn a_test_is_of_its_level_and_changed_by_who_made_it(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, admin, teachers: [teacher, colleague], ann, ben, classes, .. } = &school;
    let (pool, test) = (app.pool(), school.test(3).await);
    let item = school.items().await[0];
    let change = async |who: &Person| class_tests::change(pool, &who.viewer, test, Edit::Remove(item)).await;
    assert!(!school.get(colleague, test).await.is_changeable() && school.get(admin, test).await.is_changeable());
    assert!(matches!(change(colleague).await, Err(AppError::Conflict(reason)) if reason.contains("Copy it")));
    assert!(matches!(class_tests::delete(pool, &colleague.viewer, test).await, Err(AppError::Conflict(_))));
    let copy = form(app, "class_tests/copy_class_test", Some(colleague), &[("id", &test.to_string())]).await;
    let copy: Uuid = copy.header("location").rsplit('/').next().unwrap().parse().unwrap();
    let copied = school.get(colleague, copy).await;
    assert_eq!((copied.title.as_str(), copied.content.questions.len(), copied.own), ("Week 3 (copy)", 3, true));

    // Both classes sit the test, and each teacher sees their own.
    for (by, class, pupil) in [(teacher, classes[0], ann), (colleague, classes[1], ben)] {
        let work = school.set(by, class, test, Terms::default()).await.unwrap();
        answer_all(app, pupil, begin_assigned(pool, &pupil.viewer, work, "").await.unwrap(), None).await;
    }
    let foreign = ben.viewer.person().sign_in_name();
    for page in
        [format!("/admin/tests/{test}/marks"), format!("/admin/tables/marks.csv?test={test}"), "/admin/tests".into()]
    {
        let page = app.get(&page, Some(teacher)).await.body;
        assert!(!page.contains(foreign) && !page.contains(&ben.viewer.id().to_string()), "{page}");
    }
    let handed_in = async |who: &Person| {
        let all = class_tests::list(pool, &who.viewer, (0, 9)).await.unwrap();
        all.into_iter().find(|line| line.id == test).unwrap().handed_in
    };
    assert_eq!((handed_in(teacher).await, handed_in(admin).await), (1, 2));
    let listed = async |who: &Person, class| {
        let (exam, sort, which) = (Exam::Test(test), MarkSort::Name, Which::First);
        let list = paper_results::mark_list(pool, &who.viewer, exam, class, sort, which).await;
        list.map(|list| list.lines.len())
    };
    assert_eq!((listed(teacher, None).await, listed(admin, None).await), (Ok(1), Ok(2)));
    assert_eq!(listed(teacher, Some(classes[1])).await, Err(AppError::NotFound));
    let lines = app.get("/admin/tables/marks.csv", Some(teacher)).await;
    assert_eq!(lines.status, 404, "of nothing");

    // Who teaches no class of the level sees nothing of it.
    sqlx::query("DELETE FROM class_teachers").execute(pool).await.unwrap();
    let stranger = app.teacher(&[]).await;
    for who in [teacher, &stranger] {
        assert_eq!(class_tests::get(pool, &who.viewer, test).await.unwrap_err(), AppError::NotFound);
    }
    assert_eq!(class_tests::get(pool, &ann.viewer, test).await.unwrap_err(), AppError::NotFound, "nor a pupil");
}

#[sqlx::test]
async fn the_bank_is_searched_by_what_is_asked_and_how_often_it_is_right(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, admin, teachers: [teacher, _], ann, ben, paper, .. } = &school;
    let pool = app.pool();
    let mut words = sums(2, None);
    words[0].text = "How many étoiles are there?".into();
    words[1].kind = Kind::Short;
    words[1].marks = Some(3.0);
    let other = document_of(app, admin, "Older", &words).await;
    app.run("UPDATE documents SET year = 2019 WHERE id = $1", other).await;
    let hidden = document_of(app, admin, "Hidden", &sums(1, None)).await;
    app.run("UPDATE documents SET published_at = NULL WHERE id = $1", hidden).await;
    let unmarked = document_of(app, admin, "Without keys", &[Question { key: None, ..sums(1, None)[0].clone() }]).await;
    let personal = document_of(app, ann, "Personal", &sums(1, None)).await;
    let test = school.test(0).await;
    for document in [hidden, unmarked, personal] {
        let item = "SELECT id FROM questions WHERE document_id = $1";
        let item: Uuid = sqlx::query_scalar(item).bind(document).fetch_one(pool).await.unwrap();
        for who in [teacher, admin] {
            assert_eq!(
                bank::add(pool, &who.viewer, test, item, None).await,
                Err(AppError::NotFound),
                "not in the bank"
            );
        }
    }
    let found = async |who: &Person, query: BankQuery| -> Vec<String> {
        let (found, more) = bank::search(pool, &who.viewer, "P6", &query).await.unwrap();
        assert!(!more);
        let name = |question: &Question| format!("{} {}", question.drawn.as_ref().unwrap().paper, question.path);
        found.iter().map(|one| name(&one.question)).collect()
    };
    let all = BankQuery::default;
    assert_eq!(found(teacher, all()).await.len(), 8);
    assert_eq!(found(teacher, BankQuery { words: Some("etoile".into()), ..all() }).await, ["Older 1"]);
    assert_eq!(
        found(teacher, BankQuery { words: Some("older".into()), ..all() }).await,
        [""; 0],
        "the title is no question"
    );
    assert_eq!(found(teacher, BankQuery { year: Some(2019), ..all() }).await, ["Older 1", "Older 2"]);
    assert_eq!(found(teacher, BankQuery { kind: Some(Kind::Short), ..all() }).await, ["Older 2"]);
    assert_eq!(found(teacher, BankQuery { marks: [Some(2.0), None], ..all() }).await, ["Older 2"]);
    let fractions = topic_of(app, "Operations on fractions").await;
    assert_eq!(found(teacher, BankQuery { topic: Some(fractions), ..all() }).await.len(), 6);
    assert_eq!(found(teacher, BankQuery { subject: Some(Uuid::nil()), ..all() }).await, [""; 0]);
    assert_eq!(bank::search(pool, &teacher.viewer, "S3", &all()).await.unwrap().0.len(), 0);

    // Ann knows the first two, and Ben, whom the teacher does not teach, nothing.
    super::paper_results::sit(app, ann, *paper, 2, 0).await;
    super::paper_results::sit(app, ben, *paper, 0, 6).await;
    let easy = BankQuery { facility: Some(Facility::Easy), ..all() };
    assert_eq!(found(teacher, easy.clone()).await, ["Mock 1", "Mock 2"]);
    assert_eq!(found(admin, easy).await, [""; 0], "of both pupils, half of the marks");
    assert_eq!(found(admin, BankQuery { facility: Some(Facility::Medium), ..all() }).await, ["Mock 1", "Mock 2"]);
    let page = app.get(&format!("/admin/tests/{test}?facility=easy&kind=numeric&least=x"), Some(teacher)).await.body;
    assert!(page.contains("2 questions found") && page.contains("100 % of the marks earned in 1 answer"), "{page}");
}

#[sqlx::test]
async fn questions_of_files_and_by_hand_are_in_the_bank_with_their_source(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann) = (app.admin().await, app.pupil("P6").await);
    let class = class_of(&app, "P6 A", &[&ann]).await;
    let (teacher, paper) = (app.teacher(&[class]).await, app.published_paper(&admin).await);
    let gift = "::Planets:: Which planet is called the red one? {=Mars ~Venus ~Saturn}\n\n2 + 2? {#4}\n";
    let moodle = r#"<?xml version="1.0"?><quiz><question type="shortanswer"><name><text>Stars</text></name><questiontext format="html"><text>Which star is nearest to the planet Earth?</text></questiontext><answer fraction="100"><text>Sun</text></answer></question></quiz>"#;
    let mut banks = Vec::new();
    for (title, file) in [("Astronomy", gift), ("Stars", moodle)] {
        let label = Label { title: title.into(), kind: DocumentKind::Other, year: None };
        banks.push(app.upload(&teacher, label, file.as_bytes(), Some(("P6", "Mathematics")), None).await);
    }
    worker::work_all(app.pool()).await.unwrap();
    let search = async |query: &str| {
        let found = app.get(&format!("/api/admin/questions?level=P6&limit=200&{query}"), Some(&teacher)).await;
        assert_eq!(found.status, 200, "{}", found.body);
        let line = |one: &Value| {
            format!("{} {} {}", one["source"].as_str().unwrap(), one["source_number"].as_str().unwrap(), one["file"])
        };
        found.json().as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(search("words=planet").await, [""; 0], "pupils do not see them yet");
    for bank in banks {
        documents::publish(app.pool(), &teacher.viewer, bank, true).await.unwrap();
    }
    assert_eq!(search("words=planet").await, [r#"Astronomy Planets "a.pdf""#, r#"Stars Stars "a.pdf""#]);
    assert_eq!(search("source=files").await.len(), 3);
    let of_papers = search("source=papers").await;
    assert!(of_papers.len() > 5 && of_papers.iter().all(|line| line.ends_with(" null")), "{of_papers:?}");
    // They have no year, and come with the papers of the year in which they were added.
    app.run("UPDATE documents SET year = 2020 WHERE id = $1", paper).await;
    assert!(search("").await[..3].iter().all(|line| line.ends_with(r#""a.pdf""#)));

    let test = class_tests::make(app.pool(), &teacher.viewer, "Sky", "P6", &TestContent::default()).await.unwrap();
    let page = app.get(&format!("/admin/tests/{test}?words=planet&source=files"), Some(&teacher)).await.body;
    assert!(
        page.contains("2 questions found") && page.contains("Astronomy · from the file of questions a.pdf"),
        "{page}"
    );
    let planet = "SELECT id FROM questions WHERE text LIKE 'Which planet%'";
    let planet: Uuid = sqlx::query_scalar(planet).fetch_one(app.pool()).await.unwrap();
    bank::add(app.pool(), &teacher.viewer, test, planet, None).await.unwrap();
    let page = app.get(&format!("/admin/tests/{test}"), Some(&teacher)).await.body;
    assert!(page.contains("Which planet is called the red one?") && page.contains("Mars"), "{page}");
}

#[sqlx::test]
async fn a_test_keeps_its_questions_and_marks_and_takes_over_keys(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, admin, teachers: [teacher, _], ann, classes, paper, .. } = &school;
    let (pool, test) = (app.pool(), school.test(2).await);
    let items = school.items().await;
    let marks = [(items[0], "5".to_owned())].into();
    class_tests::change(pool, &teacher.viewer, test, Edit::Marks(marks)).await.unwrap();
    let empty = class_tests::make(pool, &teacher.viewer, "Empty", "P6", &TestContent::default()).await.unwrap();
    let form = async |test: Uuid| app.get(&format!("/admin/assignments?test={test}"), Some(teacher)).await.body;
    assert!(form(empty).await.contains("no questions yet") && form(test).await.contains("Set to a class: Week 3"));
    app.run("UPDATE documents SET published_at = NULL WHERE id = $1", *paper).await;
    assert!(form(test).await.contains("Pupils cannot see Mock"));
    app.run("UPDATE documents SET published_at = now() WHERE id = $1", *paper).await;

    let work = school.set(teacher, classes[0], test, Terms::default()).await.unwrap();
    assert!(matches!(class_tests::delete(pool, &teacher.viewer, test).await, Err(AppError::Conflict(_))), "it is set");
    let attempt = begin_assigned(pool, &ann.viewer, work, "").await.unwrap();
    // An item of the paper is dropped, and the marks of the other are corrected.
    corrections::lock_document(pool, &admin.viewer, *paper).await.unwrap().add("2", Change::Drop).await.unwrap();
    app.run("UPDATE questions SET marks = 2 WHERE document_id = $1 AND path = '1'", *paper).await;
    answer_all(app, ann, attempt, None).await;
    let sat = attempts::get(pool, &admin.viewer, attempt).await.unwrap();
    assert_eq!(sat.marks, Some((5.0, 5.0)), "what was dropped counts for nobody, and the marks are the test's");
    class_tests::delete(pool, &teacher.viewer, empty).await.unwrap();
    let acts = "SELECT count(*) FROM audit_events WHERE act LIKE 'test_%'";
    assert_eq!(app.count(acts).await, 3);
}

#[sqlx::test]
async fn marks_given_by_hand_stay_within_a_test(pool: PgPool) {
    let school = School::new(pool).await;
    let School { app, admin, teachers: [teacher, _], ann, classes, paper, .. } = &school;
    let (pool, test) = (app.pool(), school.test(1).await);
    let item = school.items().await[0];
    class_tests::change(pool, &teacher.viewer, test, Edit::Marks([(item, "4".to_owned())].into())).await.unwrap();
    let terms = Terms {
        opens_at: now() - TimeDelta::minutes(1),
        due_at: now() + TimeDelta::hours(1),
        attempts: 3,
        ..Terms::default()
    };
    let new = NewAssignment { class: classes[0], work: Work::Test(test), terms };
    let work = assignments::add(pool, &teacher.viewer, &new).await.unwrap();
    let sit = async || {
        let attempt = begin_assigned(pool, &ann.viewer, work, "").await.unwrap();
        answer_all(app, ann, attempt, Some("0")).await;
        attempt
    };
    let (of_test, of_paper) = (sit().await, super::paper_results::sit(app, ann, *paper, 0, 1).await);
    let shown = manual_marking::question(pool, &teacher.viewer, item).await.unwrap();
    let mut worth: Vec<f64> = shown.answers.iter().map(|answer| answer.marked.of).collect();
    worth.sort_by(f64::total_cmp);
    assert_eq!(worth, [1.0, 4.0], "apart, although both are 0");
    manual_marking::mark(pool, &teacher.viewer, item, of_test, "2", "").await.unwrap();
    let marks = async |attempt: Uuid| attempts::get(pool, &admin.viewer, attempt).await.unwrap().marks.unwrap().0;
    assert_eq!((marks(of_test).await, marks(of_paper).await), (2.0, 0.0), "2 of 4 are not 1 of 1");
    assert_eq!(marks(super::paper_results::sit(app, ann, *paper, 0, 1).await).await, 0.0);
    assert_eq!(marks(sit().await).await, 2.0, "the same answer in the same test");
}
