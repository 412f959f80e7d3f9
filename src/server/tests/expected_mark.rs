//! The mark to expect of an exam: from which papers, for whom, and the same on every page.

use serde_json::json;

use super::quizzes::{answer_all, begin, document_of, sums, topic_of};
use super::*;
use crate::domain::expected_mark::weekly::Week;
use crate::domain::expected_mark::{ExpectedMark, Known, Outlook};
use crate::domain::quiz::Mode;
use crate::server::db::quizzes::DrawFrom;
use crate::server::{db, estimates, progress};

async fn marks(app: &TestApp, pupil: &Person) -> Vec<ExpectedMark> {
    let known = progress::PupilKnowledge::of(app.pool(), pupil.viewer.id(), &[]).await.unwrap();
    known.expected_marks(app.pool()).await.unwrap()
}

async fn known(app: &TestApp, pupil: &Person) -> Known {
    let outlook = marks(app, pupil).await.remove(0).outlook;
    if let Outlook::Known(known) = outlook { known } else { panic!("{outlook:?}") }
}

/// A page without the marks that scripts find their places by.
async fn text(app: &TestApp, path: &str, who: &Person) -> String {
    app.get(path, Some(who)).await.body.replace("<!>", "")
}

#[sqlx::test]
async fn it_is_told_once_enough_is_known(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil, other) = (app.admin().await, app.pupil("P6").await, app.pupil("S3").await);
    let [fractions, area] =
        [topic_of(&app, "Operations on fractions").await, topic_of(&app, "Measurements of area").await];
    assert_eq!(marks(&app, &pupil).await, [], "no past papers");
    let mut questions = sums(30, Some(fractions));
    questions.iter_mut().skip(24).for_each(|question| question.topic = Some(area));
    let paper = document_of(&app, &admin, "Paper", &questions).await;
    // None of these is a past paper of the school.
    document_of(&app, &pupil, "Own", &sums(9, None)).await;
    for change in [
        "UPDATE documents SET published_at = NULL WHERE id = $1",
        "UPDATE documents SET is_archived = true WHERE id = $1",
        "UPDATE documents SET kind = 'notes' WHERE id = $1",
    ] {
        let id = document_of(&app, &admin, "Another", &sums(9, None)).await;
        app.run(change, id).await;
    }

    let [first] = &marks(&app, &pupil).await[..] else { panic!("one subject") };
    assert_eq!((first.subject.as_str(), first.papers, &first.outlook), ("Mathematics", 1, &Outlook::FewAnswers(20)));
    let page = app.get("/progress", Some(&pupil)).await.body;
    assert!(
        page.contains("Not known yet: Mathematics (20 more answers).") && !page.contains("Expected mark"),
        "{page}"
    );

    let practise = async |answer: Option<&str>| {
        let from = DrawFrom::Document(paper);
        let attempt = begin(&app, &pupil, from, Mode::TopicFocused, &[fractions], 24).await.unwrap();
        answer_all(&app, &pupil, attempt, answer).await;
        app.run("UPDATE attempts SET started_at = started_at - interval '1 h' WHERE id = $1", attempt).await;
    };
    practise(Some("0")).await;
    let low = known(&app, &pupil).await;
    assert_eq!(low.range(), format!("0 to {} of 30", low.forecast.high));
    assert_eq!((low.forecast.marks, low.gaps().as_str()), (30.0, "No answers yet in Measurements of area: 6 marks."));
    assert_eq!(low.raises[0].topic_id, fractions, "{:?}", low.raises);
    practise(None).await;
    let high = known(&app, &pupil).await;
    assert!(high.forecast.expected > low.forecast.expected + 2.0, "{low:?} {high:?}");

    let words = format!("<b>{}</b>", high.range());
    let page = text(&app, "/progress", &pupil).await;
    assert!(page.contains(&words) && page.contains("Marks to expect") && page.contains("6 marks."), "{page}");
    let practice = format!("&amp;topic={}\">", high.raises[0].topic_id);
    assert!(page.contains(&practice), "{page}");
    let seen = text(&app, &format!("/admin/students/{}", pupil.viewer.id()), &admin).await;
    assert!(seen.contains(&words) && !seen.contains(&practice), "{seen}");
    let told = app.get("/api/progress", Some(&pupil)).await.json()["expected_marks"][0].clone();
    let range = ["low", "high", "of"].map(|name| told["expected"][name].as_f64().unwrap());
    assert_eq!(range, [high.forecast.low, high.forecast.high, 30.0]);
    assert_eq!(told["unanswered_topics"], json!([{ "topic": "Measurements of area", "marks": 6.0 }]));
    assert_eq!((&told["past_papers"], &told["answers_missing"], &told["attempts"]), (&json!(1), &json!(0), &json!(48)));
    assert_eq!(marks(&app, &other).await, [], "of another level");
}

#[sqlx::test]
async fn it_is_out_of_what_the_papers_ask_for(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let paper = document_of(&app, &admin, "Any ten", &sums(30, Some(topic))).await;
    let attempt = begin(&app, &pupil, DrawFrom::Document(paper), Mode::TopicFocused, &[], 30).await.unwrap();
    answer_all(&app, &pupil, attempt, None).await;
    assert_eq!(known(&app, &pupil).await.forecast.marks, 30.0);
    let any_ten = r#"UPDATE documents SET paper = '{"sections": [{"label": "", "title": "", "rule": {"choose": 10}, "marks": null}]}'
                      WHERE id = $1"#;
    app.run(any_ten, paper).await;
    assert_eq!(known(&app, &pupil).await.forecast.marks, 10.0);
    document_of(&app, &admin, "Another", &sums(40, Some(topic))).await;
    assert_eq!(known(&app, &pupil).await.forecast.marks, 25.0, "on average");
}

#[sqlx::test]
async fn it_is_told_week_by_week(pool: PgPool) {
    const CHART: &str = "Expected mark in Mathematics, week by week";
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let topic = topic_of(&app, "Operations on fractions").await;
    let paper = document_of(&app, &admin, "Paper", &sums(24, Some(topic))).await;
    let practise = async |answer: Option<&str>, days: i32| {
        let from = DrawFrom::Document(paper);
        let attempt = begin(&app, &pupil, from, Mode::TopicFocused, &[], 24).await.unwrap();
        answer_all(&app, &pupil, attempt, answer).await;
        if days > 0 {
            db::attempts::move_back(app.pool(), attempt, days * 24 * 60).await.unwrap();
            estimates::recount(&mut app.pool().acquire().await.unwrap()).await.unwrap();
        }
    };
    let weeks = async || {
        let known = progress::PupilKnowledge::with_weeks(app.pool(), &pupil.viewer, pupil.viewer.id()).await.unwrap();
        known.expected_marks(app.pool()).await.unwrap().remove(0).weeks
    };
    let [own, seen] = ["/progress".to_owned(), format!("/admin/students/{}", pupil.viewer.id())];
    practise(Some("0"), 15).await;
    let before = weeks().await;
    assert!((3..=4).contains(&before.len()), "two Sundays or three, and today: {before:?}");
    assert!(before.iter().filter_map(|week| week.forecast).all(|forecast| forecast.expected < 8.0), "{before:?}");
    assert_eq!(before.last().unwrap().forecast, Some(known(&app, &pupil).await.forecast), "as above the chart");
    for (path, who) in [(&own, &pupil), (&seen, &admin)] {
        let page = text(&app, path, who).await;
        let rows = page.split(CHART).nth(3).map(|table| table.split("</table>").next().unwrap_or_default());
        assert_eq!(rows.unwrap().matches("<th scope=\"row\">").count(), before.len(), "{page}");
    }
    assert!(!text(&app, "/", &pupil).await.contains(CHART), "home has no room for it");
    practise(None, 0).await;
    let days = |weeks: &[Week]| weeks.iter().map(|week| week.ends).collect::<Vec<_>>();
    let outlook = marks(&app, &pupil).await.remove(0).outlook;
    let today = if let Outlook::Known(known) = outlook { Some(known.forecast) } else { None };
    let after = weeks().await;
    assert_eq!((days(&after), after.last().unwrap().forecast), (days(&before), today));
    app.run("DELETE FROM attempts WHERE user_id = $1", pupil.viewer.id()).await;
    assert!(!text(&app, &own, &pupil).await.contains(CHART));
}
