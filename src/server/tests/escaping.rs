//! The two places where Leptos does not escape text.

use super::*;
use crate::domain::journal::Field;
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self};
use crate::server::db::quizzes::DrawFrom;

#[sqlx::test]
async fn neither_a_title_nor_an_answer_runs(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let pupil = app.pupil("P6").await;
    let evil = "</textarea></title><script>alert(1)</script>";
    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    app.run("UPDATE documents SET title = '</title><script>alert(1)</script>' WHERE id = $1", id).await;
    app.run("UPDATE questions SET kind = 'long', text = '</p><script>alert(1)</script>' WHERE document_id = $1 AND kind = 'short'", id).await;
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let shown = attempts::show(app.pool(), &pupil.viewer, attempt).await.unwrap();
    let leaves = shown.quiz.questions.iter().flat_map(|question| question.leaves());
    let answers = leaves.map(|leaf| (Field::Answer(leaf.id), vec![evil.into()])).collect();
    super::attempts::save(&app, &pupil, attempt, answers, false, None).await.unwrap();
    for (path, who) in [
        (format!("/documents/{id}"), &pupil),
        (format!("/quizzes/new?document={id}"), &pupil),
        (format!("/attempts/{attempt}"), &pupil),
        (format!("/admin/documents/{id}/review"), &admin),
    ] {
        let page = app.get(&path, Some(who)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("alert(1)"), "{path} shows the text");
        assert!(!page.body.contains("<script>alert"), "{path} runs it");
    }
}
