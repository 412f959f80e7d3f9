//! Compares the stored totals with slow, plain SQL that is written independently here.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::domain::journal::Field;
use crate::domain::progress::{PupilLine, PupilSort, Trend, share};
use crate::domain::quiz::Mode;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::regrade;
use crate::server::db::progress::PupilFilter;
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{self, analytics, attempts, statistics};
use crate::server::progress;
use crate::server::tests::attempts::{Fields, save};
use crate::server::tests::quizzes::{document_of, sums};
use crate::server::tests::*;

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

/// All stored totals.
async fn kept(app: &TestApp) -> [Rows; 4] {
    let queries = [
        "SELECT user_id::text, ARRAY[attempts, earned, possible, extract(epoch FROM last_at)]::float8[] FROM pupil_totals",
        "SELECT user_id || ' ' || topic_id, ARRAY[answers, weight, earned, possible, lately_earned, lately_possible,
                                                  extract(epoch FROM last_at)]::float8[] FROM topic_totals",
        "SELECT document_id || ' ' || slot, ARRAY[attempts, earned, possible]::float8[] FROM document_totals",
        "SELECT day || ' ' || slot, ARRAY[attempts, pupils]::float8[] FROM day_totals",
    ];
    [rows(app, queries[0]).await, rows(app, queries[1]).await, rows(app, queries[2]).await, rows(app, queries[3]).await]
}

/// Asserts that the stored totals equal rebuilt ones.
pub(super) async fn assert_kept_is_rebuilt(app: &TestApp, when: &str) {
    let before = kept(app).await;
    statistics::rebuild(app.pool()).await.unwrap();
    let after = kept(app).await;
    assert!(after.iter().all(|rows| !rows.is_empty()), "{when}: nothing is kept");
    before.iter().zip(&after).for_each(|(before, after)| assert_alike(when, before, after));
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
        let wish = QuizRequest { from: DrawFrom::Document(document), mode: Mode::RealExam, topics: vec![], count: 0 };
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
        statistics::rebuild(self.app.pool()).await.unwrap();
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

    let topics = rows(
        app,
        "SELECT a.user_id || ' ' || r.topic_id,
                ARRAY[count(*),
                      sum(0.5 ^ (extract(epoch FROM now() - a.submitted_at) / 2592000)),
                      sum(0.5 ^ (extract(epoch FROM now() - a.submitted_at) / 2592000) * r.earned),
                      sum(0.5 ^ (extract(epoch FROM now() - a.submitted_at) / 2592000) * r.possible),
                      sum(0.5 ^ (extract(epoch FROM now() - a.submitted_at) / 604800) * r.earned)
                          / sum(0.5 ^ (extract(epoch FROM now() - a.submitted_at) / 604800) * r.possible)]::float8[]
           FROM attempts a, attempt_answers r
          WHERE r.attempt_id = a.id AND r.counts AND r.topic_id IS NOT NULL
            AND a.id IN (SELECT attempt_id FROM attempt_answers WHERE verdict IN ('right', 'partly', 'wrong', 'unmarked'))
          GROUP BY a.user_id, r.topic_id",
    )
    .await;
    assert!(topics.len() >= 9, "{topics:?}");
    let mut shown = Rows::new();
    for pupil in pupils {
        for topic in db::progress::topics(pool, pupil.viewer.id(), WEAK).await.unwrap() {
            let (e, name) = (topic.standing.evidence, format!("{} {}", pupil.viewer.id(), topic.topic_id));
            assert_eq!(topic.trend, Trend::of(&e, Some(topics[&name][4])));
            shown.insert(name, vec![e.answers as f64, e.weight, e.earned, e.possible]);
        }
    }
    let whole: Rows = topics.iter().map(|(name, numbers)| (name.clone(), numbers[..4].to_vec())).collect();
    let near = |(name, numbers): (&String, &Vec<f64>)| {
        // Time passes between the two.
        numbers.iter().zip(&whole[name]).all(|(x, y)| (x - y).abs() <= 1e-4 * y.abs())
    };
    assert!(shown.keys().eq(whole.keys()) && shown.iter().all(near), "{shown:?} {whole:?}");
    let standings = analytics::standings(pool, Some("P6"), Some("Mathematics"), None).await.unwrap();
    let stand = |s: &crate::domain::analytics::PupilMastery| {
        let e = s.evidence;
        (format!("{} {}", s.user_id, s.topic_id), vec![e.answers as f64, e.weight, e.earned, e.possible])
    };
    let standings: Rows = standings.iter().map(stand).collect();
    assert!(standings.keys().eq(whole.keys()) && standings.iter().all(near), "{standings:?} {whole:?}");
    assert!(analytics::standings(pool, Some("S3"), None, None).await.unwrap().is_empty());

    let all = rows(
        app,
        "SELECT user_id::text, ARRAY[count(*), sum(earned), sum(possible)]::float8[]
           FROM attempts WHERE closed_by IS NOT NULL GROUP BY user_id",
    )
    .await;
    let lines = db::progress::pupils(pool, PupilFilter::default(), PupilSort::Name, (0, 50), WEAK).await.unwrap();
    let line = |l: &PupilLine| (l.id.to_string(), vec![l.attempts as f64, l.earned, l.possible]);
    assert_alike("pupils", &lines.iter().map(line).collect(), &all);
    for (sort, ..) in PupilSort::ALL {
        let sorted = progress::pupils(&app.state, None, None, sort, (0, 50)).await.unwrap();
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
        let weak = whole.iter().filter(|(name, n)| {
            name.starts_with(&line.id.to_string()) && n[0] >= 3.0 && n[1] >= 1.5 && n[2] / n[3] < WEAK
        });
        assert_eq!(line.weak_topics, weak.count() as i64, "{}", line.id);
        let overall = db::progress::overall(pool, line.id).await.unwrap();
        assert_eq!((overall.attempts, overall.earned, overall.possible), (line.attempts, line.earned, line.possible));
    }

    let overview = analytics::overview(pool, 60).await.unwrap();
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
