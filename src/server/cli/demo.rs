//! Demo data: an admin, a teacher, 30 pupils with histories, four papers of our own. It is loaded only by `demo` and `serve --demo`,
//! and only into a database without accounts, so never in production.

use chrono::TimeDelta;
use exam_model::answer::Answer;
use exam_model::question::{Kind, Question};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::account::{Person, Role};
use crate::domain::assignment::{NewAssignment, Terms, Work};
use crate::domain::class_test::TestContent;
use crate::domain::document::{DocumentKind, Label};
use crate::domain::journal::Field;
use crate::domain::question_bank::BankQuery;
use crate::domain::quiz::{Feedback, Mode};
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::save_queue::SaveQueue;
use crate::server::attempts::{self, Form};
use crate::server::auth::{accounts, codes};
use crate::server::class_tests;
use crate::server::cli::say;
use crate::server::db;
use crate::server::db::documents::{self, File, Stated, Upload};
use crate::server::db::quizzes::DrawFrom;
use crate::server::documents::{syllabus, worker};
use crate::server::estimates;
use crate::server::viewer::Viewer;

/// One of our own papers, printed from `demo/papers/*.html` by `demo/papers/build`.
pub(in crate::server) struct DemoPaper {
    pub(in crate::server) level: &'static str,
    subject: &'static str,
    title: &'static str,
    year: i32,
    filename: &'static str,
    pdf: &'static [u8],
    scheme: &'static [u8],
}

macro_rules! paper {
    ($level:literal, $subject:literal, $title:literal, $year:literal, $name:literal) => {
        DemoPaper {
            level: $level,
            subject: $subject,
            title: $title,
            year: $year,
            filename: concat!($name, ".pdf"),
            pdf: include_bytes!(concat!("../../../demo/papers/", $name, ".pdf")),
            scheme: include_bytes!(concat!("../../../demo/papers/", $name, "-scheme.pdf")),
        }
    };
}

pub(in crate::server) const PAPERS: [DemoPaper; 4] = [
    paper!("P6", "Mathematics", "P6 Mathematics practice paper", 2025, "p6-mathematics"),
    paper!(
        "P6",
        "Science and Elementary Technology",
        "P6 Science and Elementary Technology practice paper",
        2025,
        "p6-set"
    ),
    paper!("S3", "Physics", "S3 Physics practice paper", 2024, "s3-physics"),
    paper!("S3", "Mathematics", "S3 Mathematics practice paper", 2025, "s3-mathematics"),
];

const PUPILS: [(&str, &str); 30] = [
    ("Amina Uwase", "P6"),
    ("Eric Mugisha", "P6"),
    ("Divine Ingabire", "P6"),
    ("Patrick Niyonzima", "P6"),
    ("Grace Mukamana", "P6"),
    ("Jean Bosco Habimana", "P6"),
    ("Aline Umutoni", "P6"),
    ("Samuel Nshimiyimana", "P6"),
    ("Claudine Iradukunda", "P6"),
    ("Kevin Ishimwe", "P6"),
    ("Sandrine Uwimana", "P6"),
    ("Olivier Hakizimana", "P6"),
    ("Diane Nyirahabimana", "S3"),
    ("Thierry Bizimana", "S3"),
    ("Josiane Mutesi", "S3"),
    ("Fabrice Nkurunziza", "S3"),
    ("Esther Uwera", "S3"),
    ("Innocent Ndayisaba", "S3"),
    ("Clarisse Umuhoza", "S3"),
    ("Yves Tuyishime", "S3"),
    ("Ange Kayitesi", "S3"),
    ("Emmanuel Twahirwa", "S3"),
    ("Solange Mukeshimana", "S3"),
    ("Alain Rukundo", "S3"),
    ("Vestine Nyiransabimana", "S6"),
    ("Christian Manzi", "S6"),
    ("Denyse Akimana", "S6"),
    ("Theogene Kamanzi", "TTC"),
    ("Beatrice Murekatete", "TTC"),
    ("Felix Nsengimana", "TTC"),
];

/// Fills an empty database and prints the passwords; `false` if it already has accounts.
pub async fn load(pool: &PgPool) -> anyhow::Result<bool> {
    if db::accounts::any(pool).await? {
        return Ok(false);
    }
    say("Loading the demo data: reading four papers and sitting some quizzes takes about half a minute …")?;
    syllabus::ensure(&mut *pool.acquire().await?).await?;
    let admin_password = password();
    let pupil_password = password();
    let admin = accounts::create(pool, "admin@demo.school", &admin_password, "Demo Admin", Role::Admin, None).await?;
    let admin = Viewer::new(admin, Uuid::nil());
    let teacher_password = password();
    let teacher =
        accounts::create(pool, "teacher@demo.school", &teacher_password, "Demo Teacher", Role::Teacher, None).await?;
    let mut papers = Vec::new();
    for paper in &PAPERS {
        papers.push((paper.level, upload(pool, &admin, paper).await?));
    }
    worker::work_all(pool).await?;
    let classes = classes(pool, &admin).await?;
    let taught: Vec<Uuid> = classes.iter().filter(|(level, _)| *level == "P6").map(|(_, id)| *id).collect();
    db::teachers::set_classes(pool, &admin, teacher.id, &taught).await?;
    let teacher = Viewer::new(teacher, Uuid::nil()).teaching(taught);
    let saves = SaveQueue::start(pool.clone(), TimeDelta::zero());
    for &(_, id) in &papers {
        documents::publish(pool, &admin, id, true).await?;
    }
    class_test(pool, &teacher).await?;
    for (number, (name, level)) in PUPILS.into_iter().enumerate() {
        let email = format!("{}@demo.school", name.to_lowercase().replace(' ', "."));
        let person = accounts::create(pool, &email, &pupil_password, name, Role::Student, Some(level)).await?;
        let class = classes.iter().find(|(of, _)| *of == level).map(|(_, id)| *id);
        db::classes::assign(&mut *pool.acquire().await?, &admin, &[person.id], &[class]).await?;
        let own: Vec<Uuid> = papers.iter().filter(|(of, _)| *of == level).map(|(_, id)| *id).collect();
        // The first pupil of each level has no history, for trying things out.
        if number == 0 || level != PUPILS[number - 1].1 {
            continue;
        }
        history(&saves, person, &own, &mut StdRng::seed_from_u64(number as u64)).await?;
    }
    estimates::recount(&mut *pool.acquire().await?).await?;
    say(&format!(
        "The demo data is loaded. Sign in with\n  admin   admin@demo.school        {admin_password}\n  teacher teacher@demo.school      {teacher_password}   (of class P6 A)\n  P6      amina.uwase@demo.school  \
         {pupil_password}\n  S3      diane.nyirahabimana@demo.school  {pupil_password}\n  (every demo pupil has that password; aline.umutoni@demo.school has a history)"
    ))?;
    Ok(true)
}

/// A class of each level that has pupils, this year.
async fn classes(pool: &PgPool, admin: &Viewer) -> Result<Vec<(&'static str, Uuid)>, AppError> {
    let year = db::classes::this_year(pool).await?;
    let mut classes: Vec<(&str, Uuid)> = Vec::new();
    for (_, level) in PUPILS {
        if !classes.iter().any(|(of, _)| *of == level) {
            let conn = &mut *pool.acquire().await?;
            classes.push((level, db::classes::make(conn, admin, &format!("{level} A"), level, year).await?));
        }
    }
    Ok(classes)
}

/// A test made by hand of some questions of the P6 papers, set to the teacher's classes for a week.
async fn class_test(pool: &PgPool, teacher: &Viewer) -> Result<(), AppError> {
    let (found, _) = class_tests::search(pool, teacher, "P6", &BankQuery::default()).await?;
    let test = db::class_tests::make(pool, teacher, "Test of the week", "P6", &TestContent::default()).await?;
    for one in found.iter().step_by(3).take(8) {
        class_tests::add(pool, teacher, test, one.question.id, None).await?;
    }
    let opens_at = attempts::now();
    let terms = Terms { opens_at, due_at: opens_at + TimeDelta::days(7), attempts: 2, ..Terms::default() };
    for class in db::classes::list(pool, &teacher.scope(None)?).await? {
        let new = NewAssignment { class: class.id, work: Work::Test(test), terms: terms.clone() };
        db::assignments::add(pool, teacher, &new).await?;
    }
    Ok(())
}

/// Twelve letters and digits that are easy to tell apart.
fn password() -> String {
    codes::generate(12).to_lowercase()
}

/// Uploads a paper like any other PDF: stored, then read by the queue.
pub(in crate::server) async fn upload(pool: &PgPool, admin: &Viewer, paper: &DemoPaper) -> Result<Uuid, AppError> {
    let file = |name: String, bytes: &[u8]| File { name, bytes: bytes.to_vec() };
    let upload = Upload {
        file: file(paper.filename.into(), paper.pdf),
        label: Label { title: paper.title.into(), kind: DocumentKind::ExamPaper, year: Some(paper.year) },
        designated: Some((paper.level.to_owned(), paper.subject.to_owned())),
        stated: Stated::default(),
        scheme: Some(file(paper.filename.replace(".pdf", "-scheme.pdf"), paper.scheme)),
    };
    documents::store(pool, admin, upload, 0).await
}

/// One or two attempts at each paper over the last weeks, by a pupil who is better at some topics than at others.
async fn history(saves: &SaveQueue, person: Person, papers: &[Uuid], chance: &mut StdRng) -> Result<(), AppError> {
    let pool = saves.pool();
    let viewer = Viewer::new(person, Uuid::nil());
    let skill = chance.random_range(0.35..0.9);
    let talents = chance.random::<u64>();
    // Drawn before the answers, which depend on the topics' ids, so that the number of attempts is the same in every demo.
    let sittings: Vec<(Uuid, i32)> = papers.iter().map(|&paper| (paper, chance.random_range(1..=2))).collect();
    for (document_id, sittings) in sittings {
        for sitting in 0..sittings {
            let mode = if sitting == 0 { Mode::RealExam } else { Mode::TopicFocused };
            let (from, feedback) = (DrawFrom::Document(document_id), Feedback::Deferred);
            let wish = QuizRequest { from, mode, topics: Vec::new(), count: 10, feedback };
            let id = quizzes::begin(pool, &viewer, &wish).await?;
            let quiz = db::attempts::get(pool, &viewer, id).await?.quiz;
            let fields = quiz
                .questions
                .iter()
                .flat_map(|question| question.leaves())
                .map(|leaf| {
                    let topic = leaf.topic.map_or(0, |topic| topic.as_u128() as u64);
                    let talent = ((topic ^ talents).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60) as f64 / 15.0;
                    (Field::Answer(leaf.id), answer(leaf, skill * 0.6 + talent * 0.5, chance).0)
                })
                .collect();
            let form = Form { writer: Uuid::new_v4(), shown_at: None, fields };
            attempts::save_form(saves, &viewer, id, "Chrome on Android", form, true).await?;
            let days = chance.random_range(1..30);
            db::attempts::move_back(pool, id, days * 24 * 60 + chance.random_range(0..600)).await?;
        }
    }
    Ok(())
}

/// An answer that is right with this probability, sometimes blank, else wrong.
fn answer(leaf: &Question, ability: f64, chance: &mut StdRng) -> Answer {
    let roll: f64 = chance.random();
    let Some(key) = &leaf.key else { return Answer::default() };
    if roll > 0.95 {
        return Answer::default();
    }
    if roll < ability {
        return right(leaf.kind, &key.options, &key.text);
    }
    match leaf.kind {
        Kind::TrueFalse => {
            Answer(vec![if key.options.iter().any(|id| id == "true") { "false" } else { "true" }.to_owned()])
        }
        Kind::Single | Kind::Multiple => {
            let wrong = leaf.options.iter().find(|option| !key.options.contains(&option.id));
            Answer(wrong.map(|option| option.id.clone()).into_iter().collect())
        }
        Kind::Numeric => Answer(vec![chance.random_range(2..90).to_string()]),
        _ => Answer(vec!["I am not sure".into()]),
    }
}

/// The key, as a pupil would write it: the first form of every point.
pub(in crate::server) fn right(kind: Kind, options: &[String], key: &str) -> Answer {
    if !options.is_empty() {
        return Answer(options.to_vec());
    }
    let points =
        key.split_once(':').filter(|(head, _)| head.to_lowercase().starts_with("any ")).map_or(key, |(_, rest)| rest);
    // Without the tolerance: `12.5 cm (± 0.1)`.
    let form =
        |point: &str| point.split(" / ").next().unwrap_or(point).split("(±").next().unwrap_or(point).trim().to_owned();
    let forms = points.split("; ").map(form);
    match kind {
        Kind::List | Kind::Cloze => Answer(forms.collect()),
        _ => Answer(vec![forms.collect::<Vec<_>>().join("; ")]),
    }
}
