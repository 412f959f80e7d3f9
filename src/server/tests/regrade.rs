//! Corrections reach attempts: running ones when they end, closed ones when the school marks them again. A paper's total is
//! the same wherever it is shown.

use exam_model::paper::Counting;
use exam_model::question::{Kind, Question};

use super::attempts::{Fields, save};
use super::quizzes::{document_of, sums, topic_of};
use super::*;
use crate::domain::attempt::AttemptResult;
use crate::domain::correction::QuestionForm;
use crate::domain::journal::Field;
use crate::domain::quiz::{Feedback, Mode};
use crate::domain::regrade::RegradePreview;
use crate::domain::scoring::Cause;
use crate::domain::scoring::ItemResult;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self, regrade};
use crate::server::cli::demo;
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{corrections, manual_marking, questions};
use crate::server::documents::review;
use crate::server::tests::statistics::assert_kept_is_rebuilt;

/// A paper of four sums, of which any two count if `choice`, and a pupil who is sitting it.
struct Sat {
    app: TestApp,
    admin: Person,
    pupil: Person,
    paper: Uuid,
    attempt: Uuid,
}

const CHOICE: &str = r#"UPDATE documents SET paper = '{"sections": [{"label": "", "title": "",
    "rule": {"choose": 2}, "marks": null}]}' WHERE id = $1"#;

async fn sat(pool: PgPool, choice: bool) -> Sat {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let paper = document_of(&app, &admin, "Sums", &sums(4, Some(topic))).await;
    if choice {
        app.run(CHOICE, paper).await;
    }
    let attempt = begin(&app, &pupil, DrawFrom::Document(paper), Mode::RealExam).await;
    Sat { app, admin, pupil, paper, attempt }
}

async fn begin(app: &TestApp, pupil: &Person, from: DrawFrom, mode: Mode) -> Uuid {
    quizzes::begin(
        app.pool(),
        &pupil.viewer,
        &QuizRequest { from, mode, topics: vec![], count: 9, feedback: Feedback::Deferred },
    )
    .await
    .unwrap()
}

impl Sat {
    async fn item(&self, path: &str) -> Question {
        let questions = questions::of_document(self.app.pool(), &self.admin.viewer, self.paper).await.unwrap();
        crate::domain::correction::find(&questions, path).unwrap().clone()
    }

    /// Answers the items at these paths with these texts, and no others.
    async fn answer(&self, given: &[(&str, &str)], hand_in: bool) {
        let quiz = db::attempts::get(self.app.pool(), &self.pupil.viewer, self.attempt).await.unwrap().quiz;
        let field = |path: &str| Field::Answer(quiz.questions.iter().find(|item| item.path == path).unwrap().id);
        let fields: Fields = given.iter().map(|(path, text)| (field(path), vec![(*text).to_owned()])).collect();
        save(&self.app, &self.pupil, self.attempt, fields, hand_in, None).await.unwrap();
    }

    async fn correct(&self, path: &str, change: impl Fn(QuestionForm) -> QuestionForm) {
        let form = change(QuestionForm::of(&self.item(path).await));
        review::correct(self.app.pool(), &self.admin.viewer, self.paper, path, form).await.unwrap();
    }

    async fn change(&self, path: &str, what: &str) {
        review::change(self.app.pool(), &self.admin.viewer, self.paper, path, what, "", "").await.unwrap();
    }

    async fn preview(&self) -> RegradePreview {
        regrade::preview(self.app.pool(), &self.admin.viewer, self.paper).await.unwrap()
    }

    async fn result(&self) -> AttemptResult {
        attempts::result(self.app.pool(), &self.pupil.viewer, self.attempt, WEAK).await.unwrap()
    }

    async fn marks(&self) -> (f64, f64) {
        let result = self.result().await;
        (result.earned, result.possible)
    }

    /// The result of the item at a path of the quiz.
    async fn of(&self, path: &str) -> ItemResult {
        let result = self.result().await;
        let leaf = result.quiz.questions.iter().find(|item| item.path == path).unwrap();
        result.items.iter().find(|item| item.question_id == leaf.id).unwrap().clone()
    }

    /// The school previews and applies the changes: the outcome matches the preview, and once is enough.
    async fn mark_again(&self, items: &[&str], before: (f64, f64), after: (f64, f64)) {
        let lines = self.preview().await.lines;
        assert_eq!(self.marks().await, before, "a preview changes nothing");
        assert_eq!(lines.iter().map(|line| &line.items[..]).collect::<Vec<_>>(), [items]);
        assert_eq!((lines[0].before, lines[0].after), (before, after));
        regrade::apply(self.app.pool(), &self.admin.viewer, self.paper).await.unwrap();
        assert_eq!(self.marks().await, after);
        assert_eq!(self.preview().await.lines, [], "once is enough");
        assert_kept_is_rebuilt(&self.app, &format!("{items:?}")).await;
    }
}

async fn mark_as(app: &TestApp, who: &Person, item: Uuid, attempt: Uuid, marks: &str) -> StatusCode {
    let body = format!("question={item}&attempt={attempt}&marks={marks}&note=Said well enough");
    app.act(who, "exams/mark_answer", &body).await.status
}

/// The same answer is marked once for everybody; the marks stay when an attempt is marked again, and the pupil is told.
#[sqlx::test]
async fn what_a_person_marks_stands(pool: PgPool) {
    let mut sat = sat(pool, false).await;
    let near = "A plant makes food in its leaves.";
    sat.correct("1", |form| QuestionForm {
        kind: Kind::Short,
        key: "photosynthesis in the green leaves".into(),
        ..form
    })
    .await;
    sat.correct("4", |form| QuestionForm { kind: Kind::Long, key: String::new(), ..form }).await;
    sat.answer(&[("1", near), ("2", "352")], true).await;
    let first = sat.attempt;
    sat.attempt = begin(&sat.app, &sat.pupil, DrawFrom::Document(sat.paper), Mode::RealExam).await;
    sat.answer(&[("1", near), ("4", "Line one\r\nline two")], true).await;
    let (app, admin) = (&sat.app, &sat.admin);
    let (item, long) = (sat.item("1").await.id, sat.item("4").await.id);
    let waits = async || {
        let lines = manual_marking::waiting(app.pool(), &admin.viewer).await.unwrap();
        lines.into_iter().map(|line| (line.path, line.answers)).collect::<Vec<_>>()
    };
    assert_eq!(waits().await, [("1".to_owned(), 2), ("4".to_owned(), 1)]);
    assert!(sat.of("1").await.marked.is_provisional());
    let page = app.get(&format!("/attempts/{}/result", sat.attempt), Some(&sat.pupil)).await.body;
    assert!(page.contains("your teacher decides") && page.contains("Your teacher still decides on 1 answer."));

    let second = sat.attempt;
    let mark = async |who: &Person, item: Uuid, marks: &str| {
        mark_as(app, who, item, if item == long { second } else { first }, marks).await
    };
    assert_eq!(mark(&sat.pupil, item, "1").await, StatusCode::NOT_FOUND);
    assert_eq!(mark(admin, item, "1.5").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mark(admin, Uuid::new_v4(), "1").await, StatusCode::NOT_FOUND);
    assert_eq!(mark(admin, item, "0.5").await, StatusCode::OK);
    assert_eq!(waits().await, [("4".to_owned(), 1)]);
    let now = sat.of("1").await;
    assert_eq!((now.marked.marks, now.marked.is_provisional()), (0.5, false));
    assert!(now.marked.reason.ends_with("by hand: Said well enough"), "{}", now.marked.reason);
    assert_eq!(now.regraded.unwrap().because, [Cause::ByHand]);
    assert_eq!(sat.preview().await.lines, [], "marking again leaves it");
    assert_kept_is_rebuilt(app, "marked by hand").await;

    // An answer without a key counts once a person has marked it; its line breaks came from a browser.
    assert_eq!(mark(admin, long, "0.5").await, StatusCode::OK);
    assert_eq!(waits().await, []);
    assert_eq!(sat.marks().await, (1.0, 4.0));
    // The next who hand in the same answer have the same marks at once, and who leaves it blank has none.
    let mut next = sat;
    next.attempt = begin(&next.app, &next.pupil, DrawFrom::Document(next.paper), Mode::RealExam).await;
    next.answer(&[("1", near)], true).await;
    assert_eq!((next.of("1").await.marked.marks, next.marks().await), (0.5, (0.5, 3.0)));
    assert_eq!(mark_as(&next.app, &next.admin, long, second, "1").await, StatusCode::OK);
    assert_eq!(next.marks().await, (0.5, 4.0));
    let sat = Sat { attempt: second, ..next };
    let (app, admin) = (&sat.app, &sat.admin);
    assert_kept_is_rebuilt(app, "blanks").await;
    sat.correct("1", |form| QuestionForm { marks: "3".into(), ..form }).await;
    regrade::apply(app.pool(), &admin.viewer, sat.paper).await.unwrap();
    assert_eq!(sat.of("1").await.marked.marks, 0.5, "a person's marks are not scaled");
    let sheet = app.get(&format!("/admin/marking/{item}"), Some(admin)).await.body.replace("<!>", "");
    assert!(
        sheet.contains("3 attempts") && sheet.contains("Marked by hand") && !sheet.contains("Test Pupil"),
        "{sheet}"
    );
}

#[sqlx::test]
async fn all_that_marking_reads_is_marked_again(pool: PgPool) {
    let sat = sat(pool, false).await;
    sat.answer(&[("1", "351"), ("2", "0"), ("3", "353")], true).await;
    assert_eq!((sat.marks().await, sat.preview().await.lines), ((2.0, 4.0), vec![]));

    sat.correct("1", |form| QuestionForm { marks: "5".into(), ..form }).await;
    sat.mark_again(&["1"], (2.0, 4.0), (6.0, 8.0)).await;
    let old = sat.of("1").await.regraded.unwrap();
    assert_eq!((old.because, old.earned, old.possible), (vec![Cause::Marks], 1.0, 1.0));

    sat.correct("2", |form| QuestionForm { marks: "2".into(), key: "0".into(), ..form }).await;
    sat.mark_again(&["2"], (6.0, 8.0), (8.0, 9.0)).await;
    assert_eq!(sat.of("2").await.regraded.unwrap().because, [Cause::Key, Cause::Marks]);

    sat.correct("3", |form| QuestionForm { kind: Kind::Short, ..form }).await;
    sat.mark_again(&["3"], (8.0, 9.0), (8.0, 9.0)).await;

    sat.change("1", "drop").await;
    sat.mark_again(&["1"], (8.0, 9.0), (3.0, 4.0)).await;
    let dropped = sat.of("1").await;
    assert!(!dropped.counts && dropped.marked.reason.contains("taken this question out"), "{dropped:?}");
    assert_eq!(dropped.regraded.unwrap().earned, 5.0);
    let page = sat.app.get(&format!("/attempts/{}/result", sat.attempt), Some(&sat.pupil)).await.body;
    assert!(page.contains("because the question was taken out. Before: 5 of 5 marks."));

    let made = corrections::of_document(sat.app.pool(), &sat.admin.viewer, sat.paper).await.unwrap();
    let drop = made.iter().find(|made| made.what == "dropped").unwrap().id;
    corrections::take_back(sat.app.pool(), &sat.admin.viewer, sat.paper, drop).await.unwrap();
    sat.mark_again(&["1"], (3.0, 4.0), (8.0, 9.0)).await;
    assert_eq!(sat.of("1").await.regraded.map(|old| (old.because, old.counted)), Some((vec![Cause::PutBack], false)));

    sat.correct("3", |form| QuestionForm { key: String::new(), ..form }).await;
    sat.mark_again(&["3"], (8.0, 9.0), (7.0, 8.0)).await;
}

#[sqlx::test]
async fn another_rule_of_a_section_is_marked_again(pool: PgPool) {
    let sat = sat(pool, true).await;
    sat.answer(&[("1", "0"), ("2", "0"), ("3", "353"), ("4", "354")], true).await;
    assert_eq!(sat.marks().await, (0.0, 2.0));
    db::documents::set_counting(sat.app.pool(), &sat.admin.viewer, sat.paper, Some(Counting::Best)).await.unwrap();
    sat.mark_again(&["1", "2", "3", "4"], (0.0, 2.0), (2.0, 2.0)).await;
    let old = sat.of("3").await.regraded.unwrap();
    assert_eq!((old.because, old.earned, old.counted), (vec![Cause::Counting], 1.0, false));
    sat.app.run("UPDATE documents SET paper = jsonb_set(paper, '{sections}', '[]') WHERE id = $1", sat.paper).await;
    sat.mark_again(&["1", "2"], (2.0, 2.0), (2.0, 4.0)).await;
}

#[sqlx::test]
async fn quizzes_that_are_drawn_from_a_paper_are_marked_again_too(pool: PgPool) {
    let mut sat = sat(pool, false).await;
    let other = document_of(&sat.app, &sat.admin, "Others", &sums(2, None)).await;
    let ids = "SELECT id FROM questions WHERE document_id = ANY ($1)";
    let items: Vec<Uuid> =
        sqlx::query_scalar(ids).bind(vec![sat.paper, other]).fetch_all(sat.app.pool()).await.unwrap();
    sat.attempt = begin(&sat.app, &sat.pupil, DrawFrom::Items(items), Mode::Adaptive).await;
    sat.answer(&[("1", "0")], true).await;
    assert_eq!(sat.marks().await, (0.0, 6.0));
    sat.correct("4", |form| QuestionForm { marks: "3".into(), ..form }).await;
    let quiz = sat.result().await.quiz;
    let is_fourth = |item: &&Question| item.drawn.as_ref().is_some_and(|d| d.document == sat.paper && d.path == "4");
    let path = quiz.questions.iter().find(is_fourth).unwrap().path.clone();
    let lines = sat.preview().await.lines;
    assert_eq!((&lines[0].items, lines[0].after), (&vec![path], (0.0, 8.0)));
    regrade::apply(sat.app.pool(), &sat.admin.viewer, sat.paper).await.unwrap();
    assert_eq!(sat.marks().await, (0.0, 8.0));
}

#[sqlx::test]
async fn an_attempt_that_runs_is_marked_as_the_paper_stands_at_its_end(pool: PgPool) {
    for by_clock in [false, true] {
        let sat = sat(pool.clone(), true).await;
        sat.answer(&[("1", "999"), ("2", "352"), ("3", "353")], false).await;
        sat.correct("1", |form| QuestionForm { marks: "5".into(), key: "999".into(), ..form }).await;
        sat.correct("2", |form| QuestionForm { text: "Work out 102 − 250.".into(), key: "-148".into(), ..form }).await;
        sat.change("4", "drop").await;
        sat.app.run("UPDATE documents SET paper = jsonb_set(paper, '{sections}', '[]') WHERE id = $1", sat.paper).await;
        let shown = attempts::show(sat.app.pool(), &sat.pupil.viewer, sat.attempt).await.unwrap().quiz;
        if by_clock {
            sat.app.run("UPDATE attempts SET deadline_at = now() WHERE id = $1", sat.attempt).await;
            attempts::close_due(sat.app.pool()).await.unwrap();
        } else {
            sat.answer(&[], true).await;
        }
        let result = sat.result().await;
        assert_eq!(
            (result.earned, result.possible),
            (7.0, 7.0),
            "by the new key, the new marks, without what is dropped"
        );
        assert!(result.items.iter().all(|item| item.regraded.is_none()), "it is marked once");
        let texts = |questions: &[Question]| questions.iter().map(|item| item.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&result.quiz.questions), texts(&shown.questions), "the questions as they were shown");
        let preview = sat.preview().await;
        assert_eq!((preview.lines, preview.kept), (vec![], ["2".to_owned()].into()), "nothing is left to mark again");
        let page = sat.app.get(&format!("/admin/documents/{}/regrade", sat.paper), Some(&sat.admin)).await.body;
        assert!(page.contains("keep their old keys: 2."));
        assert_kept_is_rebuilt(&sat.app, "at its end").await;
    }
}

/// Checks a paper's marks on the review, the document, the quiz form, the result and in the API.
async fn assert_total(app: &TestApp, admin: &Person, paper: Uuid, level: &str, facts: &str, total: &str, when: &str) {
    let pupil = app.pupil(level).await;
    for (path, who, words) in [
        (format!("/admin/documents/{paper}/review"), admin, format!(" · {facts}")),
        (format!("/documents/{paper}"), &pupil, format!(" · {facts}")),
        (format!("/quizzes/new?document={paper}"), &pupil, format!("The whole paper, {total}, in ")),
    ] {
        let page = app.get(&path, Some(who)).await.body;
        assert!(page.contains(&words), "{path}, {when}: {words}");
    }
    // Nothing answered; the first questions; the last questions.
    for part in 0..3 {
        let pupil = app.pupil(level).await;
        let attempt = begin(app, &pupil, DrawFrom::Document(paper), Mode::RealExam).await;
        let quiz = db::attempts::get(app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
        let mut leaves: Vec<&Question> = quiz.questions.iter().flat_map(Question::leaves).collect();
        if part == 2 {
            leaves.reverse();
        }
        let answered = leaves.iter().take(if part == 0 { 0 } else { leaves.len() * 2 / 3 });
        let fields: Fields = answered.map(|leaf| (Field::Answer(leaf.id), vec!["7".to_owned()])).collect();
        save(app, &pupil, attempt, fields, true, None).await.unwrap();
        let page = app.get(&format!("/attempts/{attempt}/result"), Some(&pupil)).await.body;
        assert!(page.contains(&format!(" of {total}")), "the result, {when}, {part}");
        let told = app.get(&format!("/api/attempts/{attempt}"), Some(&pupil)).await.json()["total"].clone();
        assert_eq!(format!("{told} marks").replace(".0 ", " "), total, "the API, {when}, {part}");
    }
}

#[sqlx::test]
async fn a_total_is_one_figure_everywhere(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let mut papers = Vec::new();
    for paper in &demo::PAPERS {
        papers.push((demo::upload(app.pool(), &admin.viewer, paper).await.unwrap(), paper.level));
    }
    worker::work_all(app.pool()).await.unwrap();
    let mut choices = 0;
    for (paper, level) in papers {
        documents::publish(app.pool(), &admin.viewer, paper, true).await.unwrap();
        let title = documents::get(app.pool(), &admin.viewer, paper).await.unwrap().title;
        assert_total(&app, &admin, paper, level, "100 marks", "100 marks", &title).await;
        let frame = documents::details(app.pool(), &admin.viewer, paper).await.unwrap();
        choices += frame.sections.iter().filter(|s| s.rule != exam_model::paper::Rule::All).count();

        // The last question belongs to the section with a choice, if there is one; the first does not.
        let questions = questions::of_document(app.pool(), &admin.viewer, paper).await.unwrap();
        let mut leaves: Vec<&Question> = questions.iter().flat_map(Question::leaves).collect();
        leaves.retain(|leaf| leaf.marks.is_some());
        for leaf in [leaves[0], leaves[leaves.len() - 1]] {
            let marks = (leaf.marks.unwrap() + 3.0).to_string();
            let form = QuestionForm { marks, ..QuestionForm::of(leaf) };
            review::correct(app.pool(), &admin.viewer, paper, &leaf.path, form).await.unwrap();
        }
        let facts = "106 marks · 100 marks on the cover";
        assert_total(&app, &admin, paper, level, facts, "106 marks", &format!("{title}, corrected")).await;
        review::change(app.pool(), &admin.viewer, paper, &leaves[0].path, "drop", "", "").await.unwrap();
        let left = 106.0 - leaves[0].marks.unwrap() - 3.0;
        let total = exam_model::format::marks_long(left);
        let facts = format!("{total} · 100 marks on the cover");
        assert_total(&app, &admin, paper, level, &facts, &total, &format!("{title}, shorter")).await;
    }
    assert_eq!(choices, 2, "papers with a choice");
}
