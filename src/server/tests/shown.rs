//! Formulae reach a pupil in two dimensions, and what was not understood as it is printed, until a person says otherwise.

use exam_model::shown::Show;

use super::*;
use crate::domain::correction::QuestionForm;
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::db::questions;
use crate::server::db::quizzes::DrawFrom;
use crate::server::documents::review;

/// Three questions: with a fraction, with one after which something is missing, with neither.
fn paper() -> Vec<u8> {
    let text = |x: u32, y: u32, text: &str| format!("1 0 0 1 {x} {y} Tm ({text}) Tj ");
    let fraction = |x: u32, y: u32| format!("{}{}", text(x, y + 6, "3"), text(x, y - 9, "8"));
    let bar = |x: u32, y: u32| format!("{} {} 9 0.6 re f ", x - 1, y + 3);
    let words = [
        text(60, 760, "1. Work out"),
        fraction(132, 760),
        text(146, 760, "of 40 kg. (1 mark)"),
        text(60, 700, "2. Work out"),
        fraction(132, 700),
        text(142, 700, "+ (1 mark)"),
        text(60, 640, "3. Name a metal. (1 mark)"),
    ];
    let content = format!("BT /F 12 Tf {}ET {}{}", words.concat(), bar(132, 760), bar(132, 700));
    let font = made_pdf::object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    made_pdf::one_page("/Font << /F 5 0 R >>", made_pdf::stream("", content.as_bytes()), &[font])
}

#[sqlx::test]
async fn formulae_are_math_and_what_is_doubted_is_a_crop(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let label = Label { title: "Sums".into(), kind: DocumentKind::ExamPaper, year: None };
    let id = app.upload(&admin, label, &paper(), Some(("P6", "Mathematics")), None).await;
    worker::work_all(app.pool()).await.unwrap();
    documents::publish(app.pool(), &admin.viewer, id, true).await.unwrap();
    let read = questions::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!(read[0].text, "Work out 3/8 of 40 kg.");
    let ways: Vec<Show> = read.iter().map(|question| question.shown.how).collect();
    assert_eq!(ways, [Show::Math, Show::Crop, Show::Text], "{read:?}");
    assert!(read[1].doubts[0].starts_with("The question is shown as printed: a formula may be misread"));

    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    let math = "<math><mfrac><mn>3</mn><mn>8</mn></mfrac></math>";
    let exam = app.get(&format!("/attempts/{attempt}"), Some(&pupil)).await.body;
    assert_eq!(exam.matches(math).count(), 1, "{exam}");
    let crop = exam.split("<img").find(|image| image.contains("class=\"print")).unwrap();
    assert!(crop.contains("alt=\"Work out 3/8"), "{crop}");
    let address = crop.split("src=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert_eq!(app.get(&address, Some(&pupil)).await.header("content-type"), "image/webp");

    let review = format!("/admin/documents/{id}/review?q=2");
    assert!(app.get(&review, Some(&admin)).await.body.contains(r#"<option value="crop" selected"#));
    let form = QuestionForm { shows: vec!["both".into()], ..QuestionForm::of(&read[1]) };
    review::correct(app.pool(), &admin.viewer, id, "2", form).await.unwrap();
    documents::read_again(app.pool(), &admin.viewer, id).await.unwrap();
    worker::work_all(app.pool()).await.unwrap();
    let after = questions::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!((after[1].shown.how, after[1].text.as_str()), (Show::Both, read[1].text.as_str()));
    assert!(after[1].approved && after[1].doubts.is_empty());
    let items = app.get(&format!("/api/documents/{id}/questions"), Some(&admin)).await.json();
    assert_eq!(items[0]["shown"]["pieces"][1]["mathml"], math);
    assert_eq!(items[1]["shown"]["how"], "both");
}
