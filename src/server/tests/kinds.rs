//! Kinds of questions that are not in the demo papers: from the row to the controls and the marks.

use exam_model::answer::Verdict;

use super::*;
use crate::domain::journal::Field;
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self, manual_marking};
use crate::server::db::quizzes::DrawFrom;

#[sqlx::test]
async fn what_is_classified_or_labelled_is_answered_and_marked(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    // Keeps one item of the paper for each kind.
    app.run(
        "DELETE FROM questions WHERE document_id = $1
            AND id NOT IN (SELECT id FROM questions WHERE kind <> 'group' AND parent_id IS NULL ORDER BY position LIMIT 2)",
        id,
    )
    .await;
    app.run(
        r#"UPDATE questions SET kind = 'classify', marks = 2, choose = NULL,
                  options = '[{"id": "o1", "label": "", "text": "cow"}, {"id": "o2", "label": "", "text": "hen"},
                              {"id": "o3", "label": "", "text": "mammals:"}, {"id": "o4", "label": "", "text": "birds:"}]',
                  key = '{"text": "mammals: cow; birds: hen", "source": {"from": "person"}}'
            WHERE position = (SELECT min(position) FROM questions WHERE document_id = $1)"#,
        id,
    )
    .await;
    app.run(
        r#"UPDATE questions SET kind = 'label', marks = 2, choose = 2,
                  options = '[{"id": "o1", "label": "A", "text": ""}, {"id": "o2", "label": "B", "text": ""}]',
                  key = '{"text": "stigma; style", "source": {"from": "scheme", "page": 1}}'
            WHERE position = (SELECT max(position) FROM questions WHERE document_id = $1)"#,
        id,
    )
    .await;
    let pupil = app.pupil("P6").await;
    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let quiz = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
    let [classify, label] = &quiz.questions[..] else { panic!("{:?}", quiz.questions) };
    let give = async |classified: &[&str], named: &[&str], closes: bool| {
        let answer = |pieces: &[&str]| pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let fields =
            [(Field::Answer(classify.id), answer(classified)), (Field::Answer(label.id), answer(named))].into();
        super::attempts::save(&app, &pupil, attempt, fields, closes, None).await.unwrap();
    };
    give(&["mammals: cow", ""], &["", "style"], false).await;
    let page = app.get(&format!("/attempts/{attempt}"), Some(&pupil)).await.body;
    assert_eq!(page.matches("<select").count(), 2, "one for each thing, none for a heading");
    assert!(
        page.contains(r#"<option value="mammals: cow" selected"#) && page.contains(r#"value="birds: hen""#),
        "{page}"
    );
    assert!(page.contains(", A\"") && page.contains(r#"value="style""#), "{page}");
    give(&["mammals: cow", "mammals: hen"], &["style", "style"], true).await;
    let result = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
    assert_eq!(result.items.iter().map(|item| item.marked.marks).collect::<Vec<_>>(), [1.0, 1.0]);
}

#[sqlx::test]
async fn a_key_is_shown_where_the_scheme_has_it_to_who_may_correct(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let review = format!("/admin/documents/{id}/review");
    let page = app.get(&review, Some(&admin)).await.body;
    let paper = format!("/documents/{id}/");
    let is_crop = |address: &&str| address.starts_with("/documents/") && address.contains("/crop?");
    let crop = page.split('"').filter(is_crop).find(|address| !address.starts_with(&paper)).unwrap();
    let crop = crop.replace("&amp;", "&");
    let image = app.get(&crop, Some(&admin)).await;
    assert_eq!((image.status, image.header("content-type")), (StatusCode::OK, "image/webp"));
    let pupil = app.pupil("P6").await;
    assert_eq!(app.get(&crop, Some(&pupil)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(&review, Some(&pupil)).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test]
async fn a_drawing_is_made_on_paper_and_marked_for_each_pupil(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    app.run("DELETE FROM questions WHERE document_id = $1 AND path NOT IN ('2', '3')", id).await;
    app.run(
        "UPDATE questions SET kind = 'long', options = '[]', key = NULL, text = 'Draw the heart.'
          WHERE document_id = $1 AND path = '2'",
        id,
    )
    .await;
    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let (mut item, mut attempts_made) = (Uuid::nil(), Vec::new());
    for pupil in [app.pupil("P6").await, app.pupil("P6").await] {
        let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
        let quiz = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
        item = quiz.questions[0].id;
        let page = app.get(&format!("/attempts/{attempt}"), Some(&pupil)).await.body;
        assert!(page.contains("I have drawn it on paper") && !page.contains("<textarea name=\"answers"), "{page}");
        let fields = [(Field::Answer(item), vec![String::new(), "On paper".to_owned()])].into();
        super::attempts::save(&app, &pupil, attempt, fields, true, None).await.unwrap();
        let result = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
        let marked = &result.items.iter().find(|result| result.question_id == item).unwrap().marked;
        assert_eq!(marked.verdict, Verdict::Unmarked);
        attempts_made.push((pupil, attempt));
    }
    let sheet = manual_marking::question(app.pool(), &admin.viewer, item).await.unwrap();
    assert_eq!(sheet.answers.iter().map(|answer| (answer.attempts, answer.waits)).collect::<Vec<_>>(), [(1, true); 2]);
    let (pupil, attempt) = &attempts_made[0];
    manual_marking::mark(app.pool(), &admin.viewer, item, *attempt, "1", "").await.unwrap();
    let earned = async |pupil: &Person, attempt| {
        let result = attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap();
        result.items.iter().find(|result| result.question_id == item).unwrap().marked.clone()
    };
    assert_eq!(earned(pupil, *attempt).await.marks, 1.0);
    let (other, attempt) = &attempts_made[1];
    assert_eq!(earned(other, *attempt).await.verdict, Verdict::Unmarked, "another drawing");
}
