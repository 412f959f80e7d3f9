//! Sitting: nothing lost, nothing twice, nobody else's.

use std::collections::BTreeMap;

use super::*;
use crate::domain::marking;
use crate::domain::quiz::Mode;
use crate::error::AppError;
use crate::server::quizzes::{self, Wish};
use crate::server::sitting;

struct Exam {
    app: TestApp,
    pupil: Person,
    attempt: Uuid,
    /// The items in the paper's order.
    items: Vec<Uuid>,
}

async fn exam(pool: PgPool) -> Exam {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let pupil = app.pupil("P6").await;
    let wish = Wish { document_id: id, mode: Mode::RealExam, topics: vec![], count: 0 };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let shown = sitting::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    let leaves = shown.quiz.questions.iter().flat_map(|question| question.leaves());
    assert!(leaves.clone().all(|leaf| leaf.key.is_none()), "a candidate sees no key");
    let items = leaves.map(|leaf| leaf.id).collect();
    Exam { app, pupil, attempt, items }
}

fn one(item: Uuid, text: &str) -> BTreeMap<Uuid, marking::Answer> {
    BTreeMap::from([(item, marking::Answer(vec![text.to_owned()]))])
}

#[sqlx::test]
async fn answers_are_there_again(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let pool = app.pool();
    for text in ["first", "second"] {
        sitting::save(pool, &pupil.viewer, attempt, one(items[0], text), false, None).await.unwrap();
    }
    sitting::save(pool, &pupil.viewer, attempt, one(Uuid::new_v4(), "to nothing"), false, None).await.unwrap();
    let shown = sitting::show(pool, &pupil.viewer, attempt).await.unwrap();
    assert_eq!(shown.answers, one(items[0], "second"));
    assert!((7190..=7200).contains(&shown.seconds_left), "two hours, by the server's clock: {}", shown.seconds_left);
    let long = one(items[0], &"a".repeat(20_001));
    let refused = sitting::save(pool, &pupil.viewer, attempt, long, false, None).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })));
    assert_eq!(sitting::show(pool, &pupil.viewer, attempt).await.unwrap().answers, one(items[0], "second"));
}

#[sqlx::test]
async fn handing_in_many_times_at_once_gives_one_result(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let save = |text: &'static str| sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], text), true, None);
    let all = tokio::join!(save("a"), save("b"), save("c"), save("d"), save("e"), save("f"));
    assert!(
        [all.0, all.1, all.2, all.3, all.4, all.5].iter().all(|saved| saved.as_ref().is_ok_and(|saved| saved.closed))
    );
    let marked = app.count("SELECT count(*) FROM attempt_answers WHERE verdict IS NOT NULL").await;
    assert_eq!(marked, items.len() as i64, "each item once");
    let before = sitting::result(app.pool(), &pupil.viewer, attempt).await.unwrap();
    sitting::save(app.pool(), &pupil.viewer, attempt, one(items[1], "after seeing the marks"), true, None)
        .await
        .unwrap();
    assert_eq!(sitting::result(app.pool(), &pupil.viewer, attempt).await.unwrap(), before);
    assert_eq!(before.items.iter().filter(|item| item.counts).map(|item| item.marked.of).sum::<f64>(), 100.0);
}

#[sqlx::test]
async fn the_clock_closes_what_is_due(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], "in time"), false, None).await.unwrap();
    sitting::close_due(app.pool()).await.unwrap();
    assert!(matches!(sitting::result(app.pool(), &pupil.viewer, attempt).await, Err(AppError::Conflict(_))), "it runs");
    let over =
        "UPDATE attempts SET started_at = now() - interval '3 h', deadline_at = now() - interval '1 s' WHERE id = $1";
    app.run(over, attempt).await;
    let late = sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], "too late"), false, None).await.unwrap();
    assert!(late.closed);
    sitting::close_due(app.pool()).await.unwrap();
    let result = sitting::result(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert!(result.by_clock);
    assert_eq!(result.items.iter().find(|item| item.question_id == items[0]).unwrap().answer.0, ["in time"]);
}

#[sqlx::test]
async fn an_attempt_is_its_pupils(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let (other, admin) = (app.pupil("P6").await, app.admin().await);
    for stranger in [&other, &admin] {
        let save = sitting::save(app.pool(), &stranger.viewer, attempt, one(items[0], "x"), true, None).await;
        assert_eq!(save, Err(AppError::NotFound));
        assert_eq!(sitting::show(app.pool(), &stranger.viewer, attempt).await, Err(AppError::NotFound));
    }
    sitting::save(app.pool(), &pupil.viewer, attempt, BTreeMap::new(), true, None).await.unwrap();
    assert_eq!(sitting::result(app.pool(), &other.viewer, attempt).await, Err(AppError::NotFound));
    assert!(sitting::result(app.pool(), &admin.viewer, attempt).await.is_ok_and(|result| !result.mine));
}

#[sqlx::test]
async fn a_quiz_keeps_its_questions_as_they_were(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    sqlx::query("UPDATE questions SET text = 'changed', key = NULL").execute(app.pool()).await.unwrap();
    sqlx::query("DELETE FROM questions WHERE parent_id IS NULL").execute(app.pool()).await.unwrap();
    sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], "x"), true, None).await.unwrap();
    let result = sitting::result(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert!(result.items.iter().all(|item| item.counts), "every key is still there");
}

#[sqlx::test]
async fn progress_counts_blanks_and_names_weak_topics(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], "x"), true, None).await.unwrap();
    let topics = db::progress::topics(app.pool(), pupil.viewer.id(), 0.60).await.unwrap();
    assert!(!topics.is_empty());
    for topic in &topics {
        assert_eq!(topic.earned, 0.0);
        let weak = topic.state == crate::domain::progress::TopicState::Weak;
        assert_eq!(weak, topic.answers >= crate::domain::progress::ENOUGH_ANSWERS, "{}", topic.topic);
    }
    let page = app.get("/progress", Some(&pupil)).await;
    assert!(page.body.contains("Weak") && page.body.contains("Operations on fractions"));
}

#[sqlx::test]
async fn bad_wishes_are_refused(pool: PgPool) {
    let Exam { app, pupil, .. } = exam(pool).await;
    let document_id =
        sqlx::query_scalar("SELECT id FROM documents WHERE kind = 'exam_paper'").fetch_one(app.pool()).await.unwrap();
    for (topics, count) in [(vec![], 0), (vec![], -1), (vec![], 51), (vec![Uuid::new_v4()], 5)] {
        let wish = Wish { document_id, mode: Mode::TopicFocused, topics, count };
        let refused = quizzes::begin(app.pool(), &pupil.viewer, &wish).await;
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{count}");
    }
    let other = app.pupil("S3").await;
    let wish = Wish { document_id, mode: Mode::RealExam, topics: vec![], count: 0 };
    assert_eq!(quizzes::begin(app.pool(), &other.viewer, &wish).await, Err(AppError::NotFound), "another level's");
}

#[sqlx::test]
async fn an_old_form_takes_nothing_away(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let shown = sitting::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    sitting::save(app.pool(), &pupil.viewer, attempt, one(items[0], "in another tab"), false, None).await.unwrap();
    let mut whole: BTreeMap<_, _> = items.iter().map(|&item| (item, marking::Answer(vec![String::new()]))).collect();
    whole.insert(items[1], marking::Answer(vec!["in this one".into()]));
    sitting::save(app.pool(), &pupil.viewer, attempt, whole.clone(), false, Some(shown.shown_at)).await.unwrap();
    let again = sitting::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert_eq!(again.answers[&items[0]].0, ["in another tab"]);
    assert_eq!(again.answers[&items[1]].0, ["in this one"]);
    // What is rubbed out in a form that showed it is gone.
    sitting::save(app.pool(), &pupil.viewer, attempt, whole, false, Some(again.shown_at)).await.unwrap();
    assert!(sitting::show(app.pool(), &pupil.viewer, attempt).await.unwrap().answers[&items[0]].is_blank());
}

#[sqlx::test]
async fn one_answer_that_is_too_long_keeps_no_other_back(pool: PgPool) {
    let Exam { app, pupil, attempt, items } = exam(pool).await;
    let mut both = one(items[0], &"é".repeat(20_001));
    both.extend(one(items[1], &"é".repeat(20_000)));
    let refused = sitting::save(app.pool(), &pupil.viewer, attempt, both, true, None).await;
    assert!(matches!(refused, Err(AppError::Invalid { reason, .. }) if reason.contains("question 1.a")));
    let shown = sitting::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    assert!(!shown.closed && !shown.answers.contains_key(&items[0]) && shown.answers.contains_key(&items[1]));
}

#[sqlx::test]
async fn a_second_tap_starts_no_second_exam(pool: PgPool) {
    let Exam { app, pupil, attempt, .. } = exam(pool).await;
    let document_id = sqlx::query_scalar("SELECT document_id FROM attempts").fetch_one(app.pool()).await.unwrap();
    let begin = async |mode| {
        let wish = Wish { document_id, mode, topics: vec![], count: 3 };
        quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap()
    };
    let (a, b, c) = tokio::join!(begin(Mode::RealExam), begin(Mode::TopicFocused), begin(Mode::TopicFocused));
    assert_eq!((a, b), (attempt, c));
    sitting::save(app.pool(), &pupil.viewer, attempt, BTreeMap::new(), true, None).await.unwrap();
    assert_ne!(begin(Mode::RealExam).await, attempt, "what is handed in is over");
    assert_eq!(db::progress::topics(app.pool(), pupil.viewer.id(), 0.6).await.unwrap(), [], "it was only looked at");
}
