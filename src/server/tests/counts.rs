//! What is counted is one figure everywhere: papers, their questions, and the parts that are answered.

use exam_model::question::{Kind, Question};

use super::*;
use crate::domain::quiz::{Feedback, Mode};
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::cli::demo;
use crate::server::db::questions;
use crate::server::db::quizzes::DrawFrom;

#[sqlx::test]
async fn papers_and_questions_are_counted_alike_everywhere(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let mut papers = Vec::new();
    for paper in &demo::PAPERS {
        papers.push((demo::upload(app.pool(), &admin.viewer, paper).await.unwrap(), paper.level));
    }
    worker::work_all(app.pool()).await.unwrap();
    let mut all = 0;
    for &(paper, level) in &papers {
        documents::publish(app.pool(), &admin.viewer, paper, true).await.unwrap();
        let read = questions::of_document(app.pool(), &admin.viewer, paper).await.unwrap();
        let (roots, parts) = (read.len(), read.iter().flat_map(Question::leaves).count());
        assert!(parts > roots, "some questions have parts");
        all += roots;
        let document = documents::get(app.pool(), &admin.viewer, paper).await.unwrap();
        assert_eq!((document.question_count, document.part_count), (roots as i64, parts as i64));
        let pupil = app.pupil(level).await;
        let wish = QuizRequest {
            from: DrawFrom::Document(paper),
            mode: Mode::RealExam,
            topics: vec![],
            count: 0,
            feedback: Feedback::Deferred,
        };
        let form = format!("/quizzes/new?document={paper}");
        let chosen = app.get(&form, Some(&pupil)).await.body;
        assert!(chosen.contains(&format!("There are {roots} questions to choose from.")), "{paper}");
        let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
        for (path, who, words) in [
            ("/documents".to_owned(), &pupil, format!(" · {roots} questions")),
            ("/admin/documents".to_owned(), &admin, format!(" · {roots} questions")),
            (format!("/attempts/{attempt}"), &pupil, format!("0 of {roots} answered")),
            (format!("/admin/documents/{paper}/review"), &admin, format!(" · {roots} questions · ")),
            (format!("/admin/documents/{paper}/review"), &admin, format!(" of {parts} parts with an answer key")),
            (format!("/admin/documents/{paper}/review"), &admin, format!("0 of {parts} parts checked")),
        ] {
            let page = app.get(&path, Some(who)).await.body;
            assert!(page.contains(&words), "{path}: {words}");
        }
        let told = app.get(&format!("/api/documents/{paper}"), Some(&pupil)).await.json();
        assert_eq!((&told["question_count"], &told["part_count"]), (&roots.into(), &parts.into()));
    }
    let overview = app.get("/admin", Some(&admin)).await.body.replace("<!>", "");
    for words in [format!("<b>{}</b> papers", papers.len()), format!("<b>{all}</b> questions")] {
        assert!(overview.contains(&words), "{words}");
    }
    let library = app.get("/admin/documents", Some(&admin)).await.body;
    assert_eq!(library.matches("card document").count(), papers.len(), "schemes are no papers");
    let subject = app.get("/quizzes/new", Some(&app.pupil("P6").await)).await.body.replace("<!>", "");
    assert_eq!(subject.matches("P6 · 1 paper<").count(), 2, "{subject}");
}

#[sqlx::test]
async fn a_paper_without_questions_is_not_published(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let review = format!("/admin/documents/{id}/review");
    let publish = async |published| documents::publish(app.pool(), &admin.viewer, id, published).await;
    publish(false).await.unwrap();
    assert!(app.get(&review, Some(&admin)).await.body.contains("Publish it for pupils<"), "nothing is missing");
    app.run("UPDATE questions SET key = NULL WHERE document_id = $1 AND path = '2'", id).await;
    let asked = app.get(&review, Some(&admin)).await.body;
    assert!(asked.contains("parts has no key: its answers wait for you.") && asked.contains("Publish it as it is"));
    // An instruction asks nothing.
    app.run("DELETE FROM questions WHERE document_id = $1 AND parent_id IS NOT NULL", id).await;
    app.run("UPDATE questions SET kind = 'group' WHERE document_id = $1", id).await;
    let left = questions::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert!(!left.is_empty() && left.iter().all(|question| question.kind == Kind::Group));
    assert!(matches!(publish(true).await, Err(AppError::Conflict(_))));
    assert_eq!(documents::get(app.pool(), &pupil.viewer, id).await.err(), Some(AppError::NotFound));
    let page = app.get(&review, Some(&admin)).await.body;
    assert!(page.contains("It has no questions, so it cannot be published yet.") && !page.contains("Publish it"));
    // What is for reading needs no questions.
    app.run("UPDATE documents SET kind = 'notes' WHERE id = $1", id).await;
    publish(true).await.unwrap();
    publish(false).await.unwrap();
}
