use std::collections::HashMap;

use chrono::DateTime;
use exam_model::question::{Choice, Key, KeySource, Kind};

use super::*;
use crate::domain::mark_list::GivenAnswer;

const MARKS: [f64; 6] = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0];
const KEYS: [&str; 6] = ["B", "D", "A", "12 cm", "C", "abc"];

fn item(place: usize) -> Question {
    let options: Vec<Choice> = match KEYS[place].len() {
        1 => ["A", "B", "C", "D"].map(|id| Choice { id: id.into(), ..Choice::nth(0) }).into(),
        _ => Vec::new(),
    };
    let key = Key {
        options: if options.is_empty() { vec![] } else { vec![KEYS[place].into()] },
        text: KEYS[place].into(),
        source: KeySource::Person,
    };
    Question {
        id: Uuid::from_u128(place as u128 + 1),
        path: (place + 1).to_string(),
        kind: if options.is_empty() { Kind::Short } else { Kind::Single },
        marks: Some(MARKS[place]),
        key: Some(key),
        options,
        ..Question::default()
    }
}

fn given(place: usize, cell: &str) -> Option<GivenAnswer> {
    let (answer, earned) = cell.split_once('=')?;
    let (earned, possible): (f64, f64) = (earned.parse().unwrap(), MARKS[place]);
    let verdict = match earned {
        _ if answer.is_empty() => Verdict::Blank,
        0.0 => Verdict::Wrong,
        _ if earned < possible => Verdict::Partly,
        _ => Verdict::Right,
    };
    Some(GivenAnswer { answer: Answer(vec![answer.into()]), counts: true, earned, possible, verdict })
}

fn attempts() -> Vec<CountedAttempt> {
    let lines = include_str!("attempts.tsv").lines().filter(|line| !line.starts_with('#'));
    let attempt = |(line, number): (&str, u128)| {
        let cells = line.split('\t').enumerate();
        let answers: HashMap<Uuid, GivenAnswer> =
            cells.filter_map(|(place, cell)| Some((item(place).id, given(place, cell)?))).collect();
        CountedAttempt {
            attempt: Uuid::from_u128(number),
            pupil: Uuid::from_u128(number),
            full_name: format!("Pupil {number}"),
            sign_in_name: String::new(),
            class: None,
            number: 1,
            attempts: 1,
            submitted_at: DateTime::default(),
            seconds: 0,
            earned: answers.values().map(|given| given.earned).sum(),
            possible: answers.values().map(|given| given.possible).sum(),
            answers,
        }
    };
    lines.zip(1..).map(attempt).collect()
}

/// The figures by the names that the table has for them.
fn by_name(found: &PaperFigures) -> HashMap<String, Vec<f64>> {
    let mut all = HashMap::from([
        ("mean".to_owned(), vec![found.mean]),
        ("standard deviation".to_owned(), vec![found.standard_deviation]),
        ("distribution".to_owned(), found.distribution.map(|pupils| pupils as f64).to_vec()),
        ("alpha".to_owned(), found.internal_consistency.into_iter().collect()),
        ("standard error".to_owned(), found.standard_error.into_iter().collect()),
    ]);
    for figures in &found.questions {
        let path = &figures.path;
        all.insert(format!("facility {path}"), figures.facility.into_iter().collect());
        all.extend(figures.discrimination.map(|r| (format!("discrimination {path}"), vec![r])));
        all.insert(format!("blank {path}"), figures.blank.to_vec());
        for answer in &figures.answers {
            let numbers = vec![answer.pupils as f64, answer.best, answer.weakest];
            all.insert(format!("answer {path} {}", answer.answer.join(";")), numbers);
        }
    }
    all
}

#[test]
fn figures_are_those_of_an_independent_computation() {
    let (items, attempts) = ((0..6).map(item).collect::<Vec<_>>(), attempts());
    let items: Vec<&Question> = items.iter().collect();
    let found = by_name(&analyse(&items, &attempts).unwrap());
    let thirds = thirds(&attempts.iter().collect::<Vec<_>>()).map(|third| third.len() as f64);
    let mut compared = 0;
    for line in include_str!("figures.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap();
        let wanted: Vec<f64> = cells.map(|cell| cell.parse().unwrap()).collect();
        let got = if name == "thirds" { thirds.to_vec() } else { found.get(name).cloned().unwrap_or_default() };
        let near = got.len() == wanted.len() && got.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near, "{name}: {got:?}, not {wanted:?}");
        compared += 1;
    }
    assert_eq!(compared, found.len() + 1, "every figure is in the table");
}

#[test]
fn a_wrong_key_and_options_that_nobody_takes_are_told() {
    let (items, attempts) = ((0..6).map(item).collect::<Vec<_>>(), attempts());
    let found = analyse(&items.iter().collect::<Vec<_>>(), &attempts).unwrap();
    let suspects: Vec<_> = found.questions.iter().map(|figures| figures.suspect.clone()).collect();
    let one = |letter: &str| Some(vec![letter.to_owned()]);
    assert_eq!(suspects, [None, one("A"), None, None, one("A"), None], "the second key is wrong, the fifth is chance");
    let unused: Vec<_> = found.questions[0].unused_options().map(|figures| figures.answer[0].as_str()).collect();
    assert_eq!(unused, ["D"]);
}

#[test]
fn one_slip_and_partly_right_answers_do_not_speak_against_a_key() {
    let item = item(5);
    let all = attempts();
    let [best, _] = thirds(&all.iter().collect::<Vec<_>>());
    let best: Vec<Uuid> = best.iter().map(|attempt| attempt.attempt).collect();
    let suspected = |answers: &dyn Fn(usize) -> String| {
        let mut all = attempts();
        for attempt in &mut all {
            let place = best.iter().position(|id| *id == attempt.attempt);
            let cell = place.map_or("=0".to_owned(), answers);
            attempt.answers.insert(item.id, given(5, &cell).unwrap());
        }
        analyse(&[&item], &all).unwrap().questions[0].suspect.clone()
    };
    assert_eq!(suspected(&|place| format!("slip {place}=0")), None, "each another wrong answer");
    assert_eq!(suspected(&|_| "the same=0.5".into()), None, "partly right");
    assert_eq!(suspected(&|_| "the same=0".into()), Some(vec!["the same".into()]));
}

#[test]
fn too_few_attempts_say_how_many_are_missing() {
    let (items, mut all) = ([item(0)], attempts());
    all[3].answers.values_mut().for_each(|given| given.answer = Answer::default());
    let few = &all[..21];
    assert!(analyse(&[&items[0]], few).is_ok(), "one of them is blank");
    assert_eq!(analyse(&[&items[0]], &few[..20]), Err(1));
    assert_eq!(analyse(&[&items[0]], &[]), Err(ENOUGH_ATTEMPTS));
}

#[test]
fn what_cannot_be_told_is_not() {
    let (items, mut all) = ([item(0), item(1)], attempts());
    for attempt in &mut all {
        attempt.answers.get_mut(&items[0].id).unwrap().counts = false;
        *attempt.answers.get_mut(&items[1].id).unwrap() = given(1, "D=1").unwrap();
        (attempt.earned, attempt.possible) = (1.0, 1.0);
    }
    let found = analyse(&items.iter().collect::<Vec<_>>(), &all).unwrap();
    assert_eq!((found.internal_consistency, found.standard_error), (None, None));
    let [never, always] = &found.questions[..] else { panic!("two questions") };
    assert_eq!((never.facility, never.discrimination, never.attempts), (None, None, 0));
    assert_eq!((always.facility, always.discrimination), (Some(1.0), None));
    assert_eq!(found.distribution[BANDS - 1], 25);
}
