//! Making quizzes: a pupil's choice becomes a fixed list of questions with a running clock.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use exam_model::question::{Drawn, Question};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::adaptive::{self, Situation};
use crate::domain::assignment::{PupilAssignment, Stage, Work};
use crate::domain::attempt::ClosedBy;
use crate::domain::class_test::{self, TestContent};
use crate::domain::document::{Document, DocumentKind};
use crate::domain::expected_mark::{Blueprint, NEWEST_PAPERS, PastPaper};
use crate::domain::history::{History, Seen};
use crate::domain::learning::Knowledge;
use crate::domain::quiz::{self, Feedback, MAX_QUESTIONS, MISTAKES_AT_A_TIME, Mode, Pool, Quiz, Source};
use crate::domain::quiz::{QuizForm, WholePaper};
use crate::domain::topic::Topic;
use crate::domain::variants;
use crate::error::AppError;
use crate::server::attempts::now;
use crate::server::auth::codes;
use crate::server::auth::rate_limits::ROOM_CODE;
use crate::server::db::documents::{self, DocumentDetails};
use crate::server::db::questions::PaperOfSubject;
use crate::server::db::quizzes::{self, DrawFrom};
use crate::server::db::{self, assignments, attempts, estimates, progress, questions, topics};
use crate::server::viewer::Viewer;

/// A pupil's choice of a quiz.
pub struct QuizRequest {
    /// A real exam is from one document.
    pub from: DrawFrom,
    pub mode: Mode,
    /// Topics to draw from; none means any.
    pub topics: Vec<Uuid>,
    pub count: i32,
    /// A real exam always has it deferred.
    pub feedback: Feedback,
}

/// A second tap on "start" within this time does not start another quiz.
const SECOND_TAP: chrono::Duration = chrono::Duration::seconds(10);

/// Makes a quiz from what the viewer may see, and starts its clock. A running real exam is continued instead.
pub async fn begin(pool: &PgPool, viewer: &Viewer, wish: &QuizRequest) -> Result<Uuid, AppError> {
    open(pool, viewer, &draft(pool, viewer, wish).await?).await
}

/// Makes a quiz from what the viewer may see, to start later. Unless it is a real exam, it has at most `count` items:
/// programs count the items that are answered, not the questions of the paper.
pub async fn make(pool: &PgPool, viewer: &Viewer, wish: &QuizRequest) -> Result<Uuid, AppError> {
    let mut draft = draft(pool, viewer, wish).await?;
    if wish.mode != Mode::RealExam {
        quiz::shorten(&mut draft.quiz, wish.count as usize);
    }
    let mut tx = db::begin(pool).await?;
    let id = quizzes::create(&mut tx, viewer, draft.document, &draft.quiz).await?;
    tx.commit().await?;
    Ok(id)
}

/// Starts the clock of one of the viewer's quizzes; a running one is continued. `Conflict` if it is over.
pub async fn sit(pool: &PgPool, viewer: &Viewer, quiz_id: Uuid) -> Result<Uuid, AppError> {
    let kept = quizzes::get(pool, viewer, quiz_id).await?;
    if let Some(document) = kept.document_id
        && documents::visible(pool, viewer, &[document]).await?.is_empty()
    {
        return Err(AppError::NotFound);
    }
    let mut tx = db::begin(pool).await?;
    match attempts::of_quiz(&mut tx, viewer, quiz_id).await? {
        Some((id, false)) => Ok(id),
        Some((_, true)) => Err(AppError::Conflict("This quiz was already handed in. Make another one.".into())),
        None => {
            let id = attempts::start(&mut tx, quiz_id, &items(&kept.quiz)).await?;
            tx.commit().await?;
            Ok(id)
        }
    }
}

/// A quiz that is not saved yet, and its document if all of it is from one.
struct Draft {
    document: Option<Uuid>,
    quiz: Quiz,
}

async fn draft(pool: &PgPool, viewer: &Viewer, wish: &QuizRequest) -> Result<Draft, AppError> {
    if wish.mode == Mode::RealExam {
        let DrawFrom::Document(id) = wish.from else {
            let reason = "A real exam is one paper. Name the document.".to_owned();
            return Err(AppError::Invalid { field: "document_id".into(), reason });
        };
        let document = documents::get(pool, viewer, id).await?;
        let details = documents::details(pool, viewer, id).await?;
        let quiz = whole_paper(&document, &details, questions::of_document(pool, viewer, id).await?);
        if quiz.questions.is_empty() {
            let reason = "There are no questions to ask in this paper yet.";
            return Err(AppError::Invalid { field: "topics".into(), reason: reason.into() });
        }
        return Ok(Draft { document: Some(id), quiz });
    }
    if !(1..=MAX_QUESTIONS).contains(&wish.count) {
        let reason = format!("Ask for 1 to {MAX_QUESTIONS} questions.");
        return Err(AppError::Invalid { field: "count".into(), reason });
    }
    let title = match wish.from {
        DrawFrom::Document(id) => documents::get(pool, viewer, id).await?.title,
        DrawFrom::Subject(id) | DrawFrom::Published(id) => {
            quizzes::subjects(pool, viewer, Some(id)).await?.pop().ok_or(AppError::NotFound)?.name
        }
        DrawFrom::Items(_) => "Mistakes".to_owned(),
    };
    let topic = |leaf: &Question| leaf.topic.is_some_and(|topic| wish.topics.contains(&topic));
    let wanted = |leaf: &Question| match &wish.from {
        DrawFrom::Items(ids) => ids.contains(&leaf.id),
        _ => wish.topics.is_empty() || topic(leaf),
    };
    let sources = quizzes::sources(pool, viewer, &wish.from, wish.feedback).await?;
    let drawn = quiz::pool(&sources, wanted);
    let note = drawn.shortage(wish.count as usize);
    let questions =
        Learner::of(pool, viewer).await?.draw(pool, wish.mode, &sources, drawn, wish.count as usize).await?;
    if questions.is_empty() {
        let reason = format!("{note} Choose other topics or another paper.");
        return Err(AppError::Invalid { field: "topics".into(), reason });
    }
    Ok(practice(wish.mode, wish.feedback, title, questions, note))
}

/// The source that is named: the document, else the subject.
pub fn draw_from(document: Option<Uuid>, subject: Option<Uuid>) -> Result<DrawFrom, AppError> {
    document.map(DrawFrom::Document).or(subject.map(DrawFrom::Subject)).ok_or(AppError::NotFound)
}

/// The choices for a quiz from a document or a subject.
pub async fn form(
    pool: &PgPool,
    viewer: &Viewer,
    document: Option<Uuid>,
    subject: Option<Uuid>,
) -> Result<QuizForm, AppError> {
    let from = draw_from(document, subject)?;
    let sources = quizzes::sources(pool, viewer, &from, Feedback::Deferred).await?;
    let (title, exam, topics) = match from {
        DrawFrom::Document(id) => {
            let document = documents::get(pool, viewer, id).await?;
            let details = documents::details(pool, viewer, id).await?;
            let exam = (document.kind == DocumentKind::ExamPaper).then(|| {
                let all = sources.iter().flat_map(|source| source.questions.clone()).collect();
                let quiz = whole_paper(&document, &details, all);
                WholePaper { marks: quiz.total(), minutes: quiz.minutes, sections: quiz.sections }
            });
            (document.title, exam, topics::of_document(pool, viewer, id).await?)
        }
        DrawFrom::Subject(id) | DrawFrom::Published(id) => {
            let subject = quizzes::subjects(pool, viewer, Some(id)).await?.pop().ok_or(AppError::NotFound)?;
            (subject.name, None, topics::of_subject(pool, id).await?)
        }
        DrawFrom::Items(_) => return Err(AppError::NotFound),
    };
    let drawn = quiz::pool(&sources, |_| true);
    let mut counts: HashMap<Uuid, i64> = HashMap::new();
    for question in &drawn.questions {
        let topics: BTreeSet<Uuid> = question.leaves().iter().filter_map(|leaf| leaf.topic).collect();
        topics.into_iter().for_each(|topic| *counts.entry(topic).or_default() += 1);
    }
    let named = |topic: Topic| counts.get(&topic.id).map(|&count| (topic.id, topic.name, count));
    let exam_on = exam_day(pool, viewer).await?;
    Ok(QuizForm {
        document,
        subject,
        title,
        exam,
        questions: drawn.questions.len() as i64,
        unmarked: drawn.unmarked,
        waiting: drawn.waiting,
        topics: topics.into_iter().filter_map(named).collect(),
        exam_on,
        days_left: (exam_on - now().date_naive()).num_days(),
    })
}

/// Makes a quiz of the mistakes that are due, the most useful first, and starts its clock.
pub async fn begin_mistakes(pool: &PgPool, viewer: &Viewer) -> Result<Uuid, AppError> {
    let learner = Learner::of(pool, viewer).await?;
    let mistakes = learner.mistakes(pool).await?;
    let due: Vec<Uuid> = mistakes.into_iter().filter(|&(_, at)| at <= learner.now).map(|(id, _)| id).collect();
    let count = (due.len() as i64).clamp(1, MISTAKES_AT_A_TIME) as i32;
    let (from, mode, feedback) = (DrawFrom::Items(due), Mode::Adaptive, Feedback::Immediate);
    begin(pool, viewer, &QuizRequest { from, mode, topics: Vec::new(), count, feedback }).await
}

/// Makes a quiz of one question like an item of one of the viewer's closed attempts: the same with other numbers if the
/// answer can be worked out again, else another of the same topic, preferably of the same kind.
pub async fn begin_another(
    pool: &PgPool,
    viewer: &Viewer,
    attempt_id: Uuid,
    question_id: Uuid,
) -> Result<Uuid, AppError> {
    let attempt = attempts::get(pool, viewer, attempt_id).await?;
    if !attempt.mine || attempt.submitted_at.is_none() {
        return Err(AppError::NotFound);
    }
    super::must_tell(&attempt)?;
    let root = attempt.quiz.questions.iter().find(|root| root.leaves().iter().any(|leaf| leaf.id == question_id));
    let root = root.ok_or(AppError::NotFound)?;
    let (document, path) = attempt.quiz.origin(&root.path, attempt.document_id).ok_or(AppError::NotFound)?;
    let subject = quizzes::subject_of(pool, viewer, document).await?;
    let learner = Learner::of(pool, viewer).await?;
    let alone = quiz::prune(root, &|leaf: &Question| leaf.id == question_id).ok_or(AppError::NotFound)?;
    let paper = match &root.drawn {
        Some(drawn) => drawn.paper.clone(),
        None => documents::get(pool, viewer, document).await?.title,
    };
    if let Some(question) = variants::vary(&alone, &paper, adaptive::mixed(learner.seed ^ question_id.as_u128() as u64))
    {
        let drawn = Some(Drawn { document, paper: paper.clone(), path, why: String::new(), own_marks: false });
        let question = Question { drawn, section: None, ..question };
        return open(
            pool,
            viewer,
            &practice(Mode::TopicFocused, Feedback::Immediate, paper, vec![question], String::new()),
        )
        .await;
    }
    let item = alone.leaves()[0].clone();
    let sources = quizzes::sources(
        pool,
        viewer,
        &subject.map_or(DrawFrom::Document(document), DrawFrom::Subject),
        Feedback::Immediate,
    )
    .await?;
    let alike = |leaf: &Question| item.topic.is_some() && leaf.topic == item.topic && leaf.id != question_id;
    let mut drawn = quiz::pool(&sources, |leaf| alike(leaf) && leaf.kind == item.kind);
    if drawn.questions.is_empty() {
        drawn = quiz::pool(&sources, alike);
    }
    let questions = learner.draw(pool, Mode::Adaptive, &sources, drawn, 1).await?;
    let Some(Drawn { paper, .. }) = questions.first().and_then(|question| question.drawn.clone()) else {
        return Err(AppError::Conflict("There is no other question on this topic yet.".into()));
    };
    open(pool, viewer, &practice(Mode::TopicFocused, Feedback::Immediate, paper, questions, String::new())).await
}

/// Starts the clock of work that the school set to the viewer's class; a running attempt at it is continued. `Conflict` if it
/// is not open, or all its attempts are used, `Invalid` without the code of the room if it needs one.
pub async fn begin_assigned(pool: &PgPool, viewer: &Viewer, id: Uuid, code: &str) -> Result<Uuid, AppError> {
    let assigned = assigned(&mut *pool.acquire().await?, viewer, id).await?;
    if let Some(running) = may_begin(&assigned)? {
        return Ok(running);
    }
    if assigned.needs_code {
        must_know_code(pool, viewer, id, code).await?;
    }
    let drawn = drawn_for(pool, viewer, assigned.work).await?;
    let mut tx = db::begin(pool).await?;
    assignments::lock(&mut tx, viewer).await?;
    let assigned = self::assigned(&mut tx, viewer, id).await?;
    if let Some(running) = may_begin(&assigned)? {
        return Ok(running);
    }
    let Draft { document, mut quiz } = match (drawn, assigned.work) {
        (Some(draft), _) => draft,
        (None, Work::Test(test)) => {
            let content = db::class_tests::lock_content(&mut tx, test).await?;
            if content.questions.is_empty() {
                return Err(AppError::Conflict("Your school is still making this test. Try again later.".into()));
            }
            Draft { document: None, quiz: of_test(content) }
        }
        (None, _) => return Err(AppError::NotFound),
    };
    if assigned.shuffled {
        class_test::shuffle(&mut quiz.questions, Uuid::new_v4().as_u128() as u64);
    }
    quiz.title.clone_from(&assigned.title);
    quiz.minutes = assigned.minutes_now(quiz.minutes, now());
    let quiz_id = quizzes::create(&mut tx, viewer, document, &quiz).await?;
    assignments::put_quiz(&mut tx, quiz_id, id).await?;
    let attempt = attempts::start(&mut tx, quiz_id, &items(&quiz)).await?;
    tx.commit().await?;
    Ok(attempt)
}

/// `Invalid` unless this is the code that is told in the room, `RateLimited` after many tries.
async fn must_know_code(pool: &PgPool, viewer: &Viewer, id: Uuid, code: &str) -> Result<(), AppError> {
    ROOM_CODE.record(pool, &viewer.id().to_string()).await?;
    match assignments::has_code(pool, id, &codes::letters(code)).await? {
        true => Ok(()),
        false => Err(AppError::field("code")("This is not the code. It is told in the room.".into())),
    }
}

/// A quiz that asks what a test does. It is no part of a paper, even if all questions are from one.
pub fn of_test(TestContent { sections, questions }: TestContent) -> Quiz {
    Quiz {
        title: String::new(),
        mode: Mode::TopicFocused,
        feedback: Feedback::Deferred,
        minutes: quiz::minutes_for(quiz::asked(&sections, &questions)),
        sections,
        questions,
        note: String::new(),
        calculator: false,
    }
}

/// What is drawn for a pupil to whom work is set; `None` for a test, which is the same for all.
async fn drawn_for(pool: &PgPool, viewer: &Viewer, work: Work) -> Result<Option<Draft>, AppError> {
    let feedback = Feedback::Deferred;
    let wish = match work {
        Work::Paper(id) => {
            QuizRequest { from: DrawFrom::Document(id), mode: Mode::RealExam, topics: Vec::new(), count: 0, feedback }
        }
        Work::Topic { topic, questions: count } => {
            let from =
                DrawFrom::Published(assignments::topic(pool, viewer, topic).await?.ok_or(AppError::NotFound)?.subject);
            QuizRequest { from, mode: Mode::TopicFocused, topics: vec![topic], count, feedback }
        }
        Work::Test(_) => return Ok(None),
    };
    Ok(Some(draft(pool, viewer, &wish).await?))
}

async fn assigned(conn: &mut PgConnection, viewer: &Viewer, id: Uuid) -> Result<PupilAssignment, AppError> {
    assignments::of_pupil(conn, viewer, Some(id)).await?.pop().ok_or(AppError::NotFound)
}

/// The attempt to continue, if one is running; `Conflict` if none may be started.
fn may_begin(assigned: &PupilAssignment) -> Result<Option<Uuid>, AppError> {
    let refused = |reason: &str| Err(AppError::Conflict(reason.into()));
    match assigned.stage(now()) {
        Stage::Running(attempt) => Ok(Some(attempt)),
        Stage::Open { .. } => Ok(None),
        Stage::Waits => refused("This is not open yet. Come back when it is."),
        Stage::Done => refused("You have used all attempts at this."),
        Stage::Over => refused("This was due before. Ask your teacher for more time."),
    }
}

/// A document with all that it asks: what a real exam of it is.
fn whole_paper(document: &Document, details: &DocumentDetails, mut items: Vec<Question>) -> Quiz {
    quiz::settle_marks(&mut items);
    let asked = |leaf: &Question| quiz::may_be_asked(leaf, document.mine);
    let questions: Vec<Question> = items.iter().filter_map(|question| quiz::prune(question, &asked)).collect();
    Quiz {
        minutes: quiz::exam_minutes(details.cover.duration, quiz::asked(&details.sections, &questions)),
        title: document.title.clone(),
        mode: Mode::RealExam,
        feedback: Feedback::Deferred,
        sections: details.sections.clone(),
        questions,
        note: String::new(),
        calculator: details.allows_calculators(),
    }
}

/// The marks of an exam paper; 0 for other documents.
pub fn total(document: &Document, details: &DocumentDetails, items: Vec<Question>) -> f64 {
    if document.kind == DocumentKind::ExamPaper { whole_paper(document, details, items).total() } else { 0.0 }
}

/// A quiz of the drawn questions.
fn practice(mode: Mode, feedback: Feedback, title: String, mut questions: Vec<Question>, note: String) -> Draft {
    let document = |question: &Question| question.drawn.as_ref().map(|drawn| drawn.document);
    let first = questions.first().and_then(document);
    let of_one = questions.iter().all(|question| document(question) == first);
    if !of_one || mode == Mode::Adaptive {
        quiz::renumber(&mut questions);
    }
    let minutes = quiz::minutes_for(quiz::asked(&[], &questions));
    let quiz = Quiz { minutes, title, mode, feedback, sections: Vec::new(), questions, note, calculator: false };
    Draft { document: first.filter(|_| of_one), quiz }
}

/// Saves a quiz and starts its clock. A second tap returns the attempt that the first one started. A pupil has one attempt with
/// immediate feedback at a time, so a new one closes the others.
async fn open(pool: &PgPool, viewer: &Viewer, draft: &Draft) -> Result<Uuid, AppError> {
    let Draft { document, quiz } = draft;
    let mut tx = db::begin(pool).await?;
    let mut items = items(quiz);
    items.sort();
    let second_tap = (quiz.mode != Mode::RealExam).then(|| (now() - SECOND_TAP, items.as_slice()));
    if let Some(running) = attempts::running(&mut tx, viewer, *document, (quiz.mode, quiz.feedback), second_tap).await?
    {
        return Ok(running);
    }
    let quiz_id = quizzes::create(&mut tx, viewer, *document, quiz).await?;
    let attempt_id = attempts::start(&mut tx, quiz_id, &items).await?;
    tx.commit().await?;
    if quiz.feedback == Feedback::Immediate {
        let practices = attempts::practices(pool, viewer).await?;
        // Those that were begun before it, latest first; one that was begun since closes this.
        for practice in practices.iter().skip_while(|practice| practice.id != attempt_id).skip(1) {
            super::close(pool, practice.id, ClosedBy::Pupil).await?;
        }
    }
    Ok(attempt_id)
}

/// The ids of all items that can be answered.
fn items(quiz: &Quiz) -> Vec<Uuid> {
    quiz.questions.iter().flat_map(Question::leaves).map(|leaf| leaf.id).collect()
}

/// The day of the viewer's next exam.
pub async fn exam_day(pool: &PgPool, viewer: &Viewer) -> Result<NaiveDate, AppError> {
    let set = quizzes::exam_on(pool, viewer.person().education_level.as_deref()).await?;
    Ok(adaptive::next_exam(set, now().date_naive()))
}

/// What is known about the viewer.
pub struct Learner {
    pub history: History,
    pub now: DateTime<Utc>,
    viewer: Viewer,
    seed: u64,
}

impl Learner {
    pub async fn of(pool: &PgPool, viewer: &Viewer) -> Result<Self, AppError> {
        let now = now();
        let answered = progress::answered(pool, viewer, viewer.id()).await?;
        Ok(Self {
            seed: viewer.id().as_u128() as u64 ^ answered.len() as u64,
            history: History::of(&answered),
            viewer: viewer.clone(),
            now,
        })
    }

    /// The items that are mistakes, and when each is due.
    pub async fn mistakes(&self, pool: &PgPool) -> Result<Vec<(Uuid, DateTime<Utc>)>, AppError> {
        let (knowledge, _) = estimates::of_pupil(pool, self.viewer.id(), &self.missed(), &[], None).await?;
        Ok(self.mistakes_by(&knowledge))
    }

    /// The items that were ever missed.
    pub fn missed(&self) -> Vec<Uuid> {
        self.history.items.values().filter(|seen| seen.missed).map(|seen| seen.last.question_id).collect()
    }

    /// The same as [`Self::mistakes`], from what is known of the items that were [missed](Self::missed).
    pub fn mistakes_by(&self, knowledge: &Knowledge) -> Vec<(Uuid, DateTime<Utc>)> {
        let due = |seen: &Seen| Some((seen.last.question_id, knowledge.mistake_due_at(seen)?));
        self.history.items.values().filter(|seen| seen.missed).filter_map(due).collect()
    }

    /// The marks of each topic in the exams of these subjects.
    async fn topic_marks(&self, pool: &PgPool, subjects: &[Uuid]) -> Result<HashMap<Option<Uuid>, f64>, AppError> {
        let papers = questions::past_papers(pool, self.viewer.id(), None, subjects, NEWEST_PAPERS).await?;
        let exam = |papers: &[PaperOfSubject]| {
            Blueprint::of(&papers.iter().map(|paper| &paper.paper).collect::<Vec<&PastPaper>>())
        };
        let exams = papers.chunk_by(|a, b| a.subject_id == b.subject_id).filter_map(exam);
        let mut marks: HashMap<Option<Uuid>, f64> = HashMap::new();
        for part in exams.flat_map(|exam| exam.parts) {
            *marks.entry(part.topic).or_default() += part.marks;
        }
        Ok(marks)
    }

    /// At most `count` questions from the pool: the most useful ones with the reason for each, or by topic, new ones first.
    async fn draw(
        &self,
        pool: &PgPool,
        mode: Mode,
        sources: &[Source],
        from: Pool,
        count: usize,
    ) -> Result<Vec<Question>, AppError> {
        let chosen: Vec<(usize, String)> = if mode == Mode::Adaptive {
            let subjects: Vec<Uuid> = sources.iter().filter_map(|source| source.subject).collect();
            let leaves = || from.questions.iter().flat_map(Question::leaves);
            let items: Vec<Uuid> = leaves().map(|leaf| leaf.id).collect();
            let ids: Vec<Uuid> = leaves().filter_map(|leaf| leaf.topic).collect();
            let (knowledge, _) = estimates::of_pupil(pool, self.viewer.id(), &items, &ids, None).await?;
            let situation = Situation {
                history: &self.history,
                knowledge: &knowledge,
                worth: &self.topic_marks(pool, &subjects).await?,
                topic_names: &topics::names(pool, &ids).await?,
                now: self.now,
                exam: adaptive::begins_at(exam_day(pool, &self.viewer).await?),
                seed: self.seed,
            };
            let chosen = adaptive::choose(&from.questions, &situation, count);
            chosen.into_iter().map(|chosen| (chosen.place, chosen.why)).collect()
        } else {
            let answered = |id| self.history.items.contains_key(&id);
            let places = quiz::new_first(&from.questions, answered, count);
            places.into_iter().map(|place| (place, String::new())).collect()
        };
        let mut questions: Vec<Option<Question>> = from.questions.into_iter().map(Some).collect();
        let take = |(place, why): (usize, String)| {
            let mut question = questions[place].take()?;
            question.drawn.as_mut()?.why = why;
            Some(question)
        };
        Ok(chosen.into_iter().filter_map(take).collect())
    }
}
