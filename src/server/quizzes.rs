//! Making quizzes: what a pupil asks for becomes a fixed list of questions with a running clock.

use sqlx::PgPool;
use uuid::Uuid;

use super::db::{attempts, documents, questions, quizzes};
use super::session::Viewer;
use super::sitting::now;
use crate::domain::quiz::{self, MOST_QUESTIONS, Mode, Quiz};
use crate::error::AppError;

/// What a pupil asks for.
pub struct Wish {
    pub document_id: Uuid,
    pub mode: Mode,
    /// Topics to draw from; none means any.
    pub topics: Vec<Uuid>,
    pub count: i32,
}

/// A second tap on "start" comes within this time.
const SECOND_TAP: chrono::Duration = chrono::Duration::seconds(10);

/// Makes a quiz from a document that the viewer may see, and starts its clock at once. A real exam that runs already is
/// gone on with.
pub async fn begin(pool: &PgPool, viewer: &Viewer, wish: &Wish) -> Result<Uuid, AppError> {
    let document = documents::get(pool, viewer, wish.document_id).await?;
    let frame = documents::frame(pool, viewer, wish.document_id).await?;
    let mut items = questions::of_document(pool, viewer, wish.document_id).await?;
    quiz::settle_marks(&mut items);
    let quiz = match wish.mode {
        Mode::RealExam => Quiz {
            minutes: quiz::exam_minutes(frame.cover.duration, items.iter().map(quiz::marks_of).sum()),
            title: document.title,
            mode: wish.mode,
            sections: frame.sections,
            questions: items,
        },
        Mode::TopicFocused | Mode::Adaptive => {
            if !(1..=MOST_QUESTIONS).contains(&wish.count) {
                let reason = format!("Ask for 1 to {MOST_QUESTIONS} questions.");
                return Err(AppError::Invalid { field: "count".into(), reason });
            }
            let answered = quizzes::answered(pool, viewer, wish.document_id).await?;
            let questions = quiz::focus(&items, &wish.topics, &answered, wish.count as usize);
            Quiz {
                minutes: quiz::minutes_for(questions.iter().map(quiz::marks_of).sum()),
                title: document.title,
                mode: wish.mode,
                sections: Vec::new(),
                questions,
            }
        }
    };
    if quiz.questions.is_empty() {
        let reason = "There are no questions for this choice. Choose other topics or the whole paper.";
        return Err(AppError::Invalid { field: "topics".into(), reason: reason.into() });
    }
    let mut tx = pool.begin().await?;
    let since = (wish.mode != Mode::RealExam).then(|| now() - SECOND_TAP);
    if let Some(running) = attempts::running(&mut tx, viewer, wish.document_id, wish.mode, since).await? {
        return Ok(running);
    }
    let quiz_id = quizzes::create(&mut tx, viewer, wish.document_id, &quiz).await?;
    let items: Vec<Uuid> = quiz.questions.iter().flat_map(|question| question.leaves()).map(|leaf| leaf.id).collect();
    let attempt_id = attempts::start(&mut tx, quiz_id, &items).await?;
    tx.commit().await?;
    Ok(attempt_id)
}
