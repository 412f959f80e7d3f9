//! Mark lists and item analysis, from attempts that were sat.

use super::attempts::{Fields, save};
use super::quizzes::{begin, document_of, sums};
use super::*;
use crate::domain::journal::Field;
use crate::domain::mark_list::{Exam, MarkSort, Which};
use crate::domain::quiz::Mode;
use crate::server::attempts::paper_results::{analysis, mark_list};
use crate::server::db::attempts;
use crate::server::db::quizzes::DrawFrom;

/// Sits a whole paper with the right answer to the first so many questions, `0` to the next, and nothing else.
pub(super) async fn sit(app: &TestApp, pupil: &Person, document: Uuid, right: usize, wrong: usize) -> Uuid {
    let attempt = begin(app, pupil, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    let quiz = attempts::get(app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
    let leaves = quiz.questions.iter().flat_map(|question| question.leaves()).enumerate();
    let answer = |place: usize, key: String| if place < right { key } else { "0".to_owned() };
    let fields: Fields = leaves
        .take(right + wrong)
        .map(|(place, leaf)| (Field::Answer(leaf.id), vec![answer(place, leaf.key.clone().unwrap().text)]))
        .collect();
    save(app, pupil, attempt, fields, true, None).await.unwrap();
    attempt
}

pub(super) async fn class_of(app: &TestApp, name: &str, pupils: &[&Person]) -> Uuid {
    let class: Uuid =
        sqlx::query_scalar("INSERT INTO classes (name, level, year) VALUES ($1, 'P6', 2026) RETURNING id")
            .bind(name)
            .fetch_one(app.pool())
            .await
            .unwrap();
    for pupil in pupils {
        sqlx::query(
            "INSERT INTO memberships (class_id, user_id) VALUES ($1, $2)
                     ON CONFLICT (user_id) DO UPDATE SET class_id = excluded.class_id",
        )
        .bind(class)
        .bind(pupil.viewer.id())
        .execute(app.pool())
        .await
        .unwrap();
    }
    class
}

#[sqlx::test]
async fn a_mark_list_has_the_first_real_attempt_of_each_pupil(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, ann, ben, cecile) =
        (app.admin().await, app.pupil("P6").await, app.pupil("P6").await, app.pupil("P6").await);
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    let class = class_of(&app, "P6 A", &[&ann, &cecile]).await;

    sit(&app, &ann, document, 0, 0).await;
    let real = sit(&app, &ann, document, 3, 1).await;
    let best = sit(&app, &ann, document, 4, 0).await;
    let last = sit(&app, &ann, document, 1, 0).await;
    sit(&app, &ann, document, 0, 0).await;
    let blank = sit(&app, &ben, document, 0, 0).await;
    begin(&app, &cecile, DrawFrom::Document(document), Mode::RealExam, &[], 0).await.unwrap();
    app.run("UPDATE attempts SET started_at = submitted_at - interval '40 minutes' WHERE id = $1", real).await;
    app.run("DELETE FROM attempt_events WHERE attempt_id = $1", real).await;
    app.run(
        "INSERT INTO attempt_events (attempt_id, kind, at)
         SELECT id, e.kind, submitted_at - make_interval(mins => e.ago)
           FROM attempts, (VALUES ('paused', 30), ('resumed', 20), ('paused', 9), ('ended', 8), ('resumed', 4), ('closed', 0)) e (kind, ago)
          WHERE id = $1",
        real,
    )
    .await;

    let all =
        mark_list(app.pool(), &admin.viewer, Exam::Paper(document), None, MarkSort::Total, Which::First).await.unwrap();
    let lines: Vec<_> = all.lines.iter().map(|line| (line.attempt, line.earned, line.possible)).collect();
    assert_eq!(lines, [(real, 3.0, 4.0), (blank, 0.0, 4.0)], "who has not handed in is not there");
    let marks: Vec<_> = all.lines[0].marks.iter().map(|mark| mark.unwrap().earned).collect();
    assert_eq!((marks, all.lines[0].seconds), (vec![1.0, 1.0, 1.0, 0.0], 25 * 60), "without the pauses");
    assert_eq!(all.absent, [], "of all it is not known who should have sat it");
    let of_class =
        mark_list(app.pool(), &admin.viewer, Exam::Paper(document), Some(class), MarkSort::Name, Which::First)
            .await
            .unwrap();
    assert_eq!(of_class.lines.iter().map(|line| line.attempt).collect::<Vec<_>>(), [real]);
    assert_eq!(of_class.absent.iter().map(|pupil| pupil.id).collect::<Vec<_>>(), [cecile.viewer.id()]);

    let page = app.get(&format!("/admin/documents/{document}/marks?class={class}&sort=total"), Some(&admin)).await.body;
    for words in ["3 of 4", "75 %", "25 min", "Have not sat it", "1 /1", "marks.xlsx?document="] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("P6 A, 2026") && page.contains("attempt 2 of 5"), "{page}");
    let names = [&ann, &cecile].map(|pupil| format!("Somebody ({})", pupil.viewer.person().sign_in_name()));
    assert!(names.iter().all(|name| page.contains(name)), "namesakes: {page}");
    for (which, counted, earned) in [(Which::Best, best, 4.0), (Which::Last, last, 1.0)] {
        let list = mark_list(app.pool(), &admin.viewer, Exam::Paper(document), Some(class), MarkSort::Name, which)
            .await
            .unwrap();
        assert_eq!(
            (list.lines[0].attempt, list.lines[0].earned, list.lines[0].attempts),
            (counted, earned, 5),
            "{which:?}"
        );
        let address = format!("/admin/documents/{document}/marks?which={}", which.word());
        assert!(app.get(&address, Some(&admin)).await.body.contains(&format!("/attempts/{counted}/result")));
    }
    let csv = app.get(&format!("/admin/tables/marks.csv?document={document}&class={class}"), Some(&admin)).await;
    assert!(csv.body.starts_with(
        "\u{feff}Pupil,Signs in as,Class,Attempt,Handed in,Minutes,Total,Out of,Share of marks,1 /1,2 /1,3 /1,4 /1\n"
    ));
    assert!(csv.body.contains(",25,3,4,75.0%,1,1,1,0\n"), "{}", csv.body);
    assert!(csv.header("content-disposition").contains("Marks Mock.csv"), "{}", csv.header("content-disposition"));
    let json = app.get(&format!("/api/documents/{document}/marks?sort=total"), Some(&admin)).await.json();
    assert_eq!((&json["lines"][0]["earned"], &json["items"][3]["path"]), (&3.0.into(), &"4".into()), "{json}");
    let exams = app.get("/admin/exams", Some(&admin)).await.body;
    assert!(
        exams.contains("Sat lately") && exams.contains(&format!("/admin/documents/{document}/analysis")),
        "{exams}"
    );
}

#[sqlx::test]
async fn item_analysis_is_of_twenty_pupils_or_more(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let document = document_of(&app, &admin, "Mock", &sums(4, None)).await;
    for right in 0..19 {
        sit(&app, &app.pupil("P6").await, document, right % 4, 4 - right % 4).await;
    }
    sit(&app, &app.pupil("P6").await, document, 0, 0).await;
    let (_, _, figures) = analysis(app.pool(), &admin.viewer, Exam::Paper(document)).await.unwrap();
    assert_eq!(figures.unwrap_err(), 1, "who answered nothing says nothing");
    let page = format!("/admin/documents/{document}/analysis");
    assert!(app.get(&page, Some(&admin)).await.body.contains("1 pupil to go"));
    let json = app.get(&format!("/api/documents/{document}/analysis"), Some(&admin)).await.json();
    assert_eq!((&json["attempts_missing"], &json["figures"]), (&1.into(), &Value::Null));

    sit(&app, &app.pupil("P6").await, document, 4, 0).await;
    let (_, items, figures) = analysis(app.pool(), &admin.viewer, Exam::Paper(document)).await.unwrap();
    let figures = figures.unwrap();
    // Nineteen pupils have 0, 1, 2, 3 right in turn, one all four.
    let facilities: Vec<_> = figures.questions.iter().map(|question| question.facility.unwrap()).collect();
    assert_eq!((items.len(), facilities), (4, vec![0.75, 0.5, 0.25, 0.05]));
    assert_eq!((figures.attempts, figures.distribution), (20, [5, 0, 5, 0, 0, 5, 0, 4, 0, 1]));
    let first = &figures.questions[0];
    // numpy: corrcoef(right >= 1, right - (right >= 1)).
    assert!((first.discrimination.unwrap() - 0.498_058_245_1).abs() < 1e-9 && first.suspect.is_none(), "{first:?}");
    let answers: Vec<_> = first.answers.iter().map(|answer| (answer.answer[0].as_str(), answer.pupils)).collect();
    assert_eq!(answers, [("351", 15), ("0", 5)]);
    let body = app.get(&page, Some(&admin)).await.body;
    for words in ["20 pupils", "Cronbach", "Best third", "review?q=1#q-1", "75 %"] {
        assert!(body.contains(words), "{words}: {body}");
    }
    let csv = app.get(&format!("/admin/tables/analysis.csv?document={document}"), Some(&admin)).await.body;
    assert!(csv.lines().nth(1).is_some_and(|line| line.starts_with("1,20,75.0%,0.")), "{csv}");
}
