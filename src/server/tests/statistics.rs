//! Compares what is kept of attempts with slow, plain SQL and a plain run of the model that are written independently here.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::domain::journal::Field;
use crate::domain::knowledge::{Asked, Model, Pupil};
use crate::domain::mastery::{TopicMastery, TopicState};
use crate::domain::progress::{PupilLine, PupilSort, share};
use crate::domain::quiz::{Feedback, Mode};
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::regrade;
use crate::server::db::estimates::{StandingsFilter, standings};
use crate::server::db::progress::PupilFilter;
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{self, analytics, attempts};
use crate::server::tests::attempts::{Fields, save};
use crate::server::tests::quizzes::{document_of, sums};
use crate::server::tests::*;
use crate::server::{estimates, progress};

const WEAK: f64 = 0.60;

/// Rows of numbers, by name.
type Rows = BTreeMap<String, Vec<f64>>;

/// The result of a query with a `name` and an array `numbers`.
async fn rows(app: &TestApp, query: &'static str) -> Rows {
    sqlx::query_as::<_, (String, Vec<f64>)>(query).fetch_all(app.pool()).await.unwrap().into_iter().collect()
}

fn assert_alike(what: &str, a: &Rows, b: &Rows) {
    assert!(a.keys().eq(b.keys()), "{what}: {:?} and {:?}", a.keys(), b.keys());
    for (name, numbers) in a {
        let near = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-9 * x.abs().max(y.abs());
        assert!(numbers.iter().zip(&b[name]).all(near), "{what}, {name}: {numbers:?} and {:?}", b[name]);
    }
}

/// All that is kept of attempts.
async fn kept(app: &TestApp) -> Vec<Rows> {
    let queries = [
        "SELECT user_id::text, ARRAY[attempts, earned, possible, extract(epoch FROM last_at)]::float8[] FROM pupil_statistics",
        "SELECT user_id || ' ' || topic_id,
                ARRAY[mean, variance, answers, extract(epoch FROM last_at)]::float8[] || recent_shares || recent_expected
           FROM pupil_topic_estimates",
        "SELECT document_id || ' ' || slot, ARRAY[attempts, earned, possible]::float8[] FROM document_statistics",
        "SELECT day || ' ' || slot, ARRAY[attempts, pupils]::float8[] FROM day_statistics",
        "SELECT 'weights', ARRAY[squares, expected] || means || variances FROM knowledge_weights WHERE NOT is_stale",
        "SELECT question_id::text, ARRAY[easiness_mean, easiness_variance, sharpness_mean, sharpness_variance] FROM item_estimates",
        "SELECT topic_id::text, ARRAY[easiness_mean, easiness_variance, sharpness_mean, sharpness_variance] FROM topic_estimates",
        "SELECT user_id::text, ARRAY[overall_mean, overall_variance, lately_mean, lately_variance, answers,
                                     extract(epoch FROM last_at)]::float8[] FROM pupil_estimates",
        "SELECT user_id || ' ' || question_id, ARRAY[share, rights, extract(epoch FROM last_at)]::float8[]
           FROM pupil_item_estimates",
        "SELECT attempt_id || ' ' || topic_id, before || after FROM attempt_topic_estimates",
    ];
    let mut all = Vec::new();
    for query in queries {
        all.push(rows(app, query).await);
    }
    all
}

/// Asserts that what is kept of attempts equals what a rebuild makes.
pub(super) async fn assert_kept_is_rebuilt(app: &TestApp, when: &str) {
    // As the clock of attempts does.
    estimates::Refresher::default().tick(app.pool()).await.unwrap();
    let before = kept(app).await;
    recount(app).await;
    let after = kept(app).await;
    assert!(after.iter().all(|rows| !rows.is_empty()), "{when}: nothing is kept");
    before.iter().zip(&after).for_each(|(before, after)| assert_alike(when, before, after));
}

pub(super) async fn recount(app: &TestApp) {
    estimates::recount(&mut app.pool().acquire().await.unwrap()).await.unwrap();
}

/// What a plain run of the model over all answers comes to, with the state of each pupil in each topic.
pub(super) async fn plainly(app: &TestApp) -> BTreeMap<(Uuid, Uuid), TopicMastery> {
    let answers = sqlx::query_as::<_, (Uuid, Uuid, Option<Uuid>, f64, f64)>(
        "SELECT a.user_id, r.question_id, r.topic_id, r.earned / r.possible, extract(epoch FROM a.submitted_at)::float8
           FROM attempts a, attempt_answers r
          WHERE r.attempt_id = a.id AND (r.counts AND r.verdict = 'blank' OR r.verdict IN ('right', 'partly', 'wrong'))
            AND a.id IN (SELECT attempt_id FROM attempt_answers WHERE verdict IN ('right', 'partly', 'wrong', 'unmarked'))
          ORDER BY coalesce(a.learnt_at, a.submitted_at), a.id, r.question_id",
    )
    .fetch_all(app.pool())
    .await
    .unwrap();
    let mut model = Model::default();
    let mut pupils: HashMap<Uuid, Pupil<Uuid>> = HashMap::new();
    for (user, item, topic, share, at) in answers {
        let unknown = model.pupil();
        model.learn(pupils.entry(user).or_insert(unknown), &Asked { item, topic, at: Some(at) }, share);
    }
    let today = crate::server::attempts::now().timestamp() / 86_400 * 86_400;
    let mut all = BTreeMap::new();
    for (&user, pupil) in &pupils {
        for (&topic, known) in &pupil.topics {
            let expected = model.topic(pupil, topic, Some(today as f64));
            all.insert((user, topic), TopicMastery::of(expected, known.answers, WEAK));
        }
    }
    all
}

struct School {
    app: TestApp,
    admin: Person,
    pupils: Vec<Person>,
    documents: Vec<Uuid>,
}

/// A school in which five pupils have sat three papers with random answers, the last one all blank.
async fn school(pool: PgPool, chance: &mut StdRng) -> School {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let topics: Vec<Uuid> = sqlx::query_scalar(
        "SELECT t.id FROM topics t JOIN subjects s ON s.id = t.subject_id
          WHERE s.level = 'P6' AND s.name = 'Mathematics' ORDER BY t.position LIMIT 3",
    )
    .fetch_all(app.pool())
    .await
    .unwrap();
    let mut documents = Vec::new();
    for title in ["One", "Two", "Three"] {
        let mut questions = sums(9, None);
        questions.iter_mut().enumerate().for_each(|(n, question)| question.topic = topics.get(n % 4).copied());
        documents.push(document_of(&app, &admin, title, &questions).await);
    }
    let mut pupils = Vec::new();
    for _ in 0..5 {
        pupils.push(app.pupil("P6").await);
    }
    let school = School { app, admin, pupils, documents };
    for n in 0..24 {
        let blank = n % 6 == 5;
        let pupil = if blank { &school.pupils[4] } else { &school.pupils[chance.random_range(0..4)] };
        let document = school.documents[chance.random_range(0..3)];
        school.sit(pupil, document, |text| (!blank && chance.random_bool(0.7)).then_some(text), chance_of(n)).await;
    }
    school
}

fn chance_of(n: u64) -> StdRng {
    StdRng::seed_from_u64(n)
}

impl School {
    /// Sits a paper, with the right answer or `0` at random, for items that `given` selects.
    async fn sit(
        &self,
        pupil: &Person,
        document: Uuid,
        mut given: impl FnMut(String) -> Option<String>,
        mut chance: StdRng,
    ) -> Uuid {
        let wish = QuizRequest {
            from: DrawFrom::Document(document),
            mode: Mode::RealExam,
            topics: vec![],
            count: 0,
            feedback: Feedback::Deferred,
        };
        let attempt = quizzes::begin(self.app.pool(), &pupil.viewer, &wish).await.unwrap();
        let quiz = attempts::get(self.app.pool(), &pupil.viewer, attempt).await.unwrap().quiz;
        let mut fields = Fields::new();
        for leaf in quiz.questions.iter().flat_map(|question| question.leaves()) {
            let text = if chance.random_bool(0.6) { leaf.key.clone().unwrap().text } else { "0".to_owned() };
            if let Some(text) = given(text) {
                fields.insert(Field::Answer(leaf.id), vec![text]);
            }
        }
        save(&self.app, pupil, attempt, fields, true, None).await.unwrap();
        attempt
    }

    /// Moves every attempt to a random time in the last hundred days.
    async fn spread(&self, chance: &mut StdRng) {
        let attempts: Vec<Uuid> =
            sqlx::query_scalar("SELECT id FROM attempts ORDER BY id").fetch_all(self.app.pool()).await.unwrap();
        for attempt in attempts {
            attempts::move_back(self.app.pool(), attempt, chance.random_range(60..100 * 24 * 60)).await.unwrap();
        }
        recount(&self.app).await;
    }
}

#[sqlx::test]
async fn what_is_kept_is_what_a_rebuild_makes(pool: PgPool) {
    let mut chance = StdRng::seed_from_u64(7);
    let school = school(pool, &mut chance).await;
    let School { app, admin, pupils, documents } = &school;
    assert_kept_is_rebuilt(app, "after handing in").await;

    // All pupils at once, two attempts each.
    let sitting = pupils.iter().flat_map(|pupil| documents.iter().take(2).map(move |&document| (pupil, document)));
    join_all(sitting.map(|(pupil, document)| school.sit(pupil, document, Some, chance_of(1)))).await;
    assert_kept_is_rebuilt(app, "after a rush").await;

    school.spread(&mut chance).await;
    school.sit(&pupils[0], documents[0], Some, chance_of(2)).await;
    assert_kept_is_rebuilt(app, "beside old ones").await;

    let item: Uuid = sqlx::query_scalar("SELECT id FROM questions WHERE document_id = $1 ORDER BY path LIMIT 1")
        .bind(documents[0])
        .fetch_one(app.pool())
        .await
        .unwrap();
    app.run("UPDATE questions SET key = jsonb_set(key, '{text}', '\"0\"') WHERE id = $1", item).await;
    let before = kept(app).await;
    let (marking, _) = tokio::join!(
        regrade::apply(app.pool(), &admin.viewer, documents[0]),
        school.sit(&pupils[1], documents[0], Some, chance_of(3)),
    );
    marking.unwrap();
    assert_ne!(before[1], kept(app).await[1], "the corrected key changed marks");
    assert_kept_is_rebuilt(app, "after a key was corrected").await;

    app.run("UPDATE questions SET marks = 4 WHERE id = $1", item).await;
    let last = "DELETE FROM questions WHERE position = 8 AND document_id = $1";
    app.run(last, documents[0]).await;
    let dropped = r#"INSERT INTO corrections (document_id, correction)
                     VALUES ($1, '{"path": "9", "change": {"what": "drop"}}')"#;
    app.run(dropped, documents[0]).await;
    let before = kept(app).await;
    regrade::apply(app.pool(), &admin.viewer, documents[0]).await.unwrap();
    let after = kept(app).await;
    assert!((0..3).all(|n| before[n] != after[n]), "marks that changed and an item that was dropped change all sums");
    assert_kept_is_rebuilt(app, "after marks changed and an item was dropped").await;

    app.run("DELETE FROM documents WHERE id = $1", documents[1]).await;
    assert_kept_is_rebuilt(app, "without one of the papers").await;
}

#[sqlx::test]
async fn every_figure_is_what_plain_sql_says(pool: PgPool) {
    let mut chance = StdRng::seed_from_u64(8);
    let school = school(pool, &mut chance).await;
    school.spread(&mut chance).await;
    let School { app, pupils, .. } = &school;
    let pool = app.pool();

    let plain = plainly(app).await;
    assert!(plain.len() >= 9, "{plain:?}");
    let numbers = |known: TopicMastery| {
        let expected = known.expected;
        vec![expected.share, expected.low, expected.high, f64::from(known.answers)]
    };
    let named = |((user, topic), known): (&(Uuid, Uuid), &TopicMastery)| (format!("{user} {topic}"), numbers(*known));
    let plainly: Rows = plain.iter().map(named).collect();
    let near = |(name, numbers): (&String, &Vec<f64>)| {
        numbers.iter().zip(&plainly[name]).all(|(x, y)| (x - y).abs() <= 1e-9 * y.abs())
    };
    let mut shown = Rows::new();
    for pupil in pupils {
        for topic in progress::topics(pool, pupil.viewer.id(), WEAK).await.unwrap() {
            shown.insert(format!("{} {}", pupil.viewer.id(), topic.topic_id), numbers(topic.standing));
        }
    }
    assert!(shown.keys().eq(plainly.keys()) && shown.iter().all(near), "{shown:?} {plainly:?}");
    let admin = app.admin().await.viewer;
    let school = admin.scope(None).unwrap();
    let maths = StandingsFilter { level: Some("P6"), subject: Some("Mathematics"), ..StandingsFilter::of(&school) };
    let all = standings(pool, maths).await.unwrap();
    let line = |line: &crate::domain::analytics::PupilTopic| {
        let known = all.mastery(line, crate::server::attempts::now(), WEAK);
        (format!("{} {}", line.user_id, line.topic_id), numbers(known))
    };
    let lines: Rows = all.lines.iter().map(line).collect();
    assert!(lines.keys().eq(plainly.keys()) && lines.iter().all(near), "{lines:?} {plainly:?}");
    let none = StandingsFilter { level: Some("S3"), ..StandingsFilter::of(&school) };
    assert!(standings(pool, none).await.unwrap().lines.is_empty());

    let all = rows(
        app,
        "SELECT user_id::text, ARRAY[count(*), sum(earned), sum(possible)]::float8[]
           FROM attempts WHERE closed_by IS NOT NULL GROUP BY user_id",
    )
    .await;
    let lines = progress::pupils(&app.state, PupilFilter::of(&school), PupilSort::Name, (0, 50)).await.unwrap();
    let line = |l: &PupilLine| (l.id.to_string(), vec![l.attempts as f64, l.earned, l.possible]);
    assert_alike("pupils", &lines.iter().map(line).collect(), &all);
    for (sort, ..) in PupilSort::ALL {
        let sorted = progress::pupils(&app.state, PupilFilter::of(&school), sort, (0, 50)).await.unwrap();
        let mut by_hand = lines.clone();
        let marks = |l: &PupilLine| share(l.earned, l.possible).unwrap_or(2.0);
        by_hand.sort_by(|a, b| match sort {
            PupilSort::Name => std::cmp::Ordering::Equal,
            PupilSort::WeakTopics => b.weak_topics.cmp(&a.weak_topics),
            PupilSort::Marks => marks(a).total_cmp(&marks(b)),
            PupilSort::Attempts => b.attempts.cmp(&a.attempts),
        });
        assert_eq!(sorted, by_hand, "{sort:?}");
    }
    for line in &lines {
        let weak = plain.iter().filter(|((user, _), known)| *user == line.id && known.state == TopicState::Weak);
        assert_eq!(line.weak_topics, weak.count() as i64, "{}", line.id);
        let overall = db::progress::overall(pool, &admin, line.id).await.unwrap();
        assert_eq!((overall.attempts, overall.earned, overall.possible), (line.attempts, line.earned, line.possible));
    }

    let overview = analytics::overview(pool, &admin, 60).await.unwrap();
    assert_eq!(overview.attempts, app.count("SELECT count(*) FROM attempts WHERE submitted_at IS NOT NULL").await);
    let days = rows(
        app,
        "SELECT (submitted_at AT TIME ZONE 'UTC')::date::text, ARRAY[count(*), count(DISTINCT user_id)]::float8[]
           FROM attempts WHERE submitted_at IS NOT NULL GROUP BY 1",
    )
    .await;
    assert_eq!(overview.activity.len(), 60);
    for day in &overview.activity {
        let counted = days.get(&day.day.to_string()).cloned().unwrap_or(vec![0.0, 0.0]);
        assert_eq!(vec![day.attempts as f64, day.pupils as f64], counted, "{}", day.day);
    }
    let subject = rows(
        app,
        "SELECT level || ' ' || (SELECT name FROM subjects WHERE id = subject_id),
                (SELECT ARRAY[count(*), sum(earned), sum(possible)]::float8[] FROM attempts
                  WHERE submitted_at IS NOT NULL AND document_id IN (SELECT id FROM documents o WHERE o.subject_id = d.subject_id))
           FROM documents d",
    )
    .await;
    let sum = |s: &crate::domain::analytics::SubjectSum| {
        (format!("{} {}", s.level, s.subject), vec![s.attempts as f64, s.earned, s.possible])
    };
    assert_alike("subjects", &overview.subjects.iter().map(sum).collect(), &subject);
}
