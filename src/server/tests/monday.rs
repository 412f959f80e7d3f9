//! The Monday page of a class, from attempts that were sat.

use serde_json::json;

use super::paper_results::{class_of, sit};
use super::quizzes::{document_of, sums, topic_of};
use super::*;
use crate::domain::mastery::TopicState;
use crate::server::db::attempts;
use crate::server::monday::{board, page};
use crate::server::tests::statistics::recount;

#[sqlx::test]
async fn a_class_sees_what_to_teach_again(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    assert!(page(&app.state, &admin.viewer, None, None).await.unwrap().class.is_none());
    assert!(app.get("/admin/monday", Some(&admin)).await.body.contains("There are no classes yet."));

    let mut pupils = Vec::new();
    for _ in 0..8 {
        pupils.push(app.pupil("P6").await);
    }
    let class = class_of(&app, "P6 A", &pupils[..6].iter().collect::<Vec<_>>()).await;
    let other = class_of(&app, "P6 B", &[&pupils[6]]).await;
    let (fractions, area) =
        (topic_of(&app, "Operations on fractions").await, topic_of(&app, "Measurements of area").await);
    let mut questions = sums(9, Some(fractions));
    questions[0].topic = Some(area);
    questions[8].topic = None;
    let document = document_of(&app, &admin, "Mock", &questions).await;

    // Area is the first question, which all have right; of fractions all have two right.
    for pupil in &pupils[..4] {
        sit(&app, pupil, document, 3, 5).await;
    }
    let old = sit(&app, &pupils[4], document, 3, 5).await;
    attempts::move_back(app.pool(), old, 10 * 24 * 60).await.unwrap();
    recount(&app).await;

    let found = page(&app.state, &admin.viewer, None, None).await.unwrap();
    assert_eq!(
        (found.class.as_ref().unwrap().0, found.subject.as_str()),
        (class, "Mathematics"),
        "the last that worked"
    );
    let monday = found.content.unwrap();
    let lesson = &monday.lessons[0];
    assert_eq!((lesson.topic, lesson.class.answers, lesson.class.state), (fractions, 35, TopicState::Weak));
    assert_eq!((lesson.pupils.len(), lesson.answered, monday.pupils), (5, 5, 6));
    assert!((lesson.marks.unwrap() - 7.0).abs() < 1e-9, "of nine marks");
    let wrong: Vec<_> = lesson.wrong.iter().map(|wrong| (wrong.answer.0[0].as_str(), wrong.pupils)).collect();
    assert_eq!(wrong, [("0", 5), ("0", 5)]);
    assert!(lesson.wrong[0].question.key.is_some());
    let idle: Vec<_> = monday.idle.iter().map(|pupil| (pupil.id, pupil.last_at.is_some())).collect();
    assert_eq!(idle, [(pupils[5].viewer.id(), false), (pupils[4].viewer.id(), true)], "who never worked first");
    let without: Vec<_> = monday.without_topic.iter().map(|line| (line.document, line.path.as_str())).collect();
    assert_eq!(without, [(document, "9")]);

    let empty = page(&app.state, &admin.viewer, Some(other), Some("Mathematics")).await.unwrap().content.unwrap();
    assert_eq!((empty.lessons, empty.idle.len()), (vec![], 1), "answers of another class do not count");

    let on_board = board(app.pool(), &admin.viewer, class, fractions).await.unwrap();
    let paths: Vec<_> = on_board.questions.iter().map(|one| one.question.path.as_str()).collect();
    assert_eq!(paths, ["4", "5", "6", "7", "8"], "those of which most was lost");

    let json = app.get(&format!("/api/admin/monday?class={class}&subject=Mathematics"), Some(&admin)).await.json();
    let told = &json["lessons"][0];
    assert_eq!((&told["topic_id"], &told["attempt_count"]), (&json!(fractions), &json!(35)), "{json}");
    assert_eq!((&told["wrong_answers"][0]["answer"], json["idle"].as_array().unwrap().len()), (&json!(["0"]), 2));

    let body = app.get("/admin/monday", Some(&admin)).await.body;
    for words in [
        "Operations on fractions",
        "5 of 5 need it.",
        "wrote “",
        "Questions without a topic",
        "review?q=9#q-9",
        "question=1",
    ] {
        assert!(body.contains(words), "{words}: {body}");
    }
    let projected = format!("/admin/monday/board?class={class}&topic={fractions}&question=2");
    let body = app.get(&projected, Some(&admin)).await.body;
    let shown = body.split("</main>").next().unwrap();
    assert!(shown.contains("Question 2 of 5") && shown.contains("Work out 105 + 250."), "{shown}");
    assert!(
        !shown.contains("Work out 104") && shown.contains("<details><summary>Answer</summary>"),
        "one, its answer hidden"
    );
}
