use proptest::prelude::*;

use super::*;

fn asked(item: u32, topic: u32, days: f64) -> Asked<u32> {
    Asked { item, topic: Some(topic), at: Some(days * DAY) }
}

/// Bits without a pattern, as numbers from 0 to 1.
struct Lot(u64);

impl Lot {
    fn even(&mut self) -> f64 {
        self.0 = mixed(self.0);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Irwin and Hall's: the sum of twelve even ones less six.
    fn normal(&mut self, variance: f64) -> f64 {
        variance.sqrt() * ((0..12).map(|_| self.even()).sum::<f64>() - 6.0)
    }

    fn mark(&mut self, log_odds: f64) -> f64 {
        if self.even() < sigma(log_odds) { 1.0 } else { 0.0 }
    }
}

/// A school of so many pupils, the chance of the n-th being by `log_odds(pupil, item)` and each answering all items.
fn school(pupils: u32, items: u32, mut log_odds: impl FnMut(u32, u32, &mut Lot) -> f64) -> Model<u32> {
    let (mut model, mut lot) = (Model::default(), Lot(7));
    for number in 0..pupils {
        let mut pupil = model.pupil();
        for item in 0..items {
            let chance = log_odds(number, item, &mut lot);
            let share = lot.mark(chance);
            model.learn(&mut pupil, &asked(item, item % 3, f64::from(item)), share);
        }
    }
    model
}

#[test]
fn a_pupil_of_whom_nothing_is_known_gets_the_average() {
    let mut model = Model::default();
    let share = |model: &Model<u32>| model.expect(&model.pupil(), &asked(9999, 9999, 0.0)).share;
    assert_eq!(share(&model), 0.5);
    for number in 0..500 {
        let right = if number % 10 < 7 { 1.0 } else { 0.0 };
        model.learn(&mut model.pupil(), &asked(number, number, 0.0), right);
    }
    assert!((share(&model) - 0.7).abs() < 0.03, "{}", share(&model));
    let expectation = model.expect(&model.pupil(), &asked(3, 3, 0.0));
    let parts = Parts { easiness: 0.0, ..expectation.parts };
    assert_eq!(parts.log_odds(), 0.0, "all that is known is how easy it is");
}

#[test]
fn the_parts_are_all() {
    let model = school(40, 12, |number, item, _| f64::from(number % 5) - f64::from(item % 4));
    let mut pupil = model.pupil();
    let mut model = model;
    for item in [1, 2, 1, 4, 1] {
        let expectation = model.learn(&mut pupil, &asked(item, item % 3, 1.0), 1.0);
        let told = expected_share(expectation.parts.log_odds(), expectation.variance);
        assert!((told - expectation.share).abs() < 1e-12);
    }
    let parts = model.expect(&pupil, &asked(1, 1, 2.0)).parts;
    assert!(parts.overall > 0.0 && parts.lately > 0.0 && parts.topic > 0.0 && parts.practice > 0.0 && parts.seen > 0.0);
}

#[test]
fn easiness_is_found_whoever_answers() {
    let (mut model, mut lot) = (Model::default(), Lot(3));
    let easiness: Vec<f64> = (0..60).map(|_| lot.normal(1.0)).collect();
    for _ in 0..600 {
        let (mut pupil, able) = (model.pupil(), lot.normal(1.4));
        for _ in 0..20 {
            let item = (lot.even() * 60.0) as u32;
            let share = lot.mark(easiness[item as usize] + able);
            model.learn(&mut pupil, &asked(item, 0, 0.0), share);
        }
    }
    let mean = |of: &dyn Fn(u32) -> f64| (0..60).map(of).sum::<f64>() / 60.0;
    let error = |item: u32| model.items[&item].easiness.mean - easiness[item as usize];
    let level = mean(&error);
    let spread = mean(&|item| (error(item) - level).powi(2)).sqrt();
    assert!(spread < 0.25, "{spread} for {}", mean(&|item| easiness[item as usize].powi(2)).sqrt());
}

#[test]
fn what_was_seen_fades_and_never_counts_against() {
    let model = school(60, 12, |number, item, _| f64::from(number % 5) - f64::from(item % 4));
    let new = |item| model.expect(&model.pupil(), &asked(item, 0, 0.0)).share;
    for item in 0..12 {
        let mut learning = model.clone();
        let mut pupil = model.pupil();
        learning.learn(&mut pupil, &asked(item, 0, 0.0), 1.0);
        let after = |days: f64| model.expect(&pupil, &asked(item, 0, days)).share;
        let times = [0.0, 0.001, 0.01, 0.1, 1.0, 7.0, 30.0, 365.0, 3650.0];
        assert!(times.windows(2).all(|pair| after(pair[0]) >= after(pair[1])), "{item}: {:?}", times.map(after));
        assert!(after(36_500.0) >= new(item), "{item}");
        let timeless = model.expect(&pupil, &Asked { at: None, ..asked(item, 0, 0.0) });
        assert!(timeless.parts.seen >= 0.0 && timeless.share < after(0.0), "it is not taken for the same minute");
    }
}

#[test]
fn what_seeing_again_adds_is_learnt() {
    let none = Belief::new(0.0, 0.2);
    let constants = Constants {
        right: none,
        right_fades: Belief::new(0.0, 0.02),
        right_stays: none,
        wrong: none,
        wrong_fades: Belief::new(0.0, 0.02),
        wrong_stays: none,
        rights: Belief::new(0.0, 0.05),
        ..Constants::MEASURED
    };
    let (mut model, mut lot) = (Model::new(constants), Lot(5));
    for _ in 0..100 {
        let mut pupil = model.pupil();
        for item in 0..10 {
            let first = lot.mark(-0.5);
            model.learn(&mut pupil, &asked(item, item % 3, 0.0), first);
            // A minute later all is known, after ten days only what was known before.
            model.learn(&mut pupil, &asked(item, item % 3, 0.0007), 1.0);
            model.learn(&mut pupil, &asked(item, item % 3, 10.0), first);
        }
    }
    let mut pupil = model.pupil();
    model.learn(&mut pupil, &asked(1, 1, 0.0), 0.0);
    let seen = |days: f64| model.expect(&pupil, &asked(1, 1, days)).parts.seen;
    assert!(seen(0.0007) > seen(10.0) + 1.0, "{} {}", seen(0.0007), seen(10.0));
}

#[test]
fn abilities_fade() {
    let mut model = Model::default();
    let mut pupil = model.pupil();
    let unknown = model.expect(&pupil, &asked(0, 5, 0.0));
    (1..30).for_each(|item| _ = model.learn(&mut pupil, &asked(item, 1, 0.0), 0.0));
    let weights = Model::<u32>::default();
    let at = |days: f64| weights.expect(&pupil, &asked(99, 1, days));
    let days = [0.0, 1.0, 30.0, 365.0, 3650.0, 36_500.0];
    assert!(days.windows(2).all(|pair| at(pair[0]).share < at(pair[1]).share), "{:?}", days.map(|day| at(day).share));
    let old = at(365_000.0);
    assert!(old.parts.overall.abs() + old.parts.lately.abs() + old.parts.topic.abs() < 1e-6);
    assert!(
        (old.variance - unknown.variance - 0.1 * (29.0f64 / 30.0).powi(2)).abs() < 1e-6,
        "and are as unsure as at first"
    );
}

#[test]
fn marks_in_part_lie_between() {
    let model = school(30, 6, |_, _, _| 0.3);
    let after = |share: f64| {
        let (mut model, mut pupil) = (model.clone(), model.pupil());
        model.learn(&mut pupil, &asked(1, 0, 0.0), share);
        [asked(1, 0, 1.0), asked(7, 0, 1.0)].map(|next| model.expect(&pupil, &next).share)
    };
    for next in 0..2 {
        assert!(after(0.0)[next] < after(0.3)[next] && after(0.3)[next] < after(1.0)[next]);
    }
}

#[test]
fn the_order_of_pupils_matters_little() {
    let answers = |number: u32| {
        (0..20).map(move |item| (item, f64::from(mixed(u64::from(100 * number + item)) as u32 % 10 < 3 + item % 6)))
    };
    let told = |order: &mut dyn Iterator<Item = u32>| {
        let mut model = Model::default();
        for number in order {
            let mut pupil = model.pupil();
            answers(number).for_each(|(item, share)| _ = model.learn(&mut pupil, &asked(item, 0, 0.0), share));
        }
        model
    };
    let (forth, back) = (told(&mut (0..200)), told(&mut (0..200).rev()));
    for item in 0..20 {
        let share = |model: &Model<u32>| model.expect(&model.pupil(), &asked(item, 0, 0.0)).share;
        assert!((share(&forth) - share(&back)).abs() < 0.02, "{item}: {} {}", share(&forth), share(&back));
    }
}

#[test]
fn it_can_be_stored() {
    let model = school(5, 6, |_, _, _| 0.3);
    let text = serde_json::to_string(&model).unwrap();
    let mut back: Model<u32> = serde_json::from_str(&text).unwrap();
    let share = |model: &Model<u32>| model.expect(&model.pupil(), &asked(2, 2, 0.0)).share;
    assert!((share(&back) - share(&model)).abs() < 1e-12);
    let mut pupil = back.pupil();
    back.learn(&mut pupil, &Asked { item: 3, topic: None, at: None }, 1.0);
    assert!(pupil.topics.is_empty() && pupil.items[&3].last_at.is_none(), "an item may have no topic");
}

#[test]
fn more_evidence_narrows_the_interval() {
    let settled = school(300, 120, |_, item, _| f64::from(item % 5) / 2.0 - 1.0);
    let exam: Vec<_> = (100..120).map(|item| (asked(item, item % 3, 200.0), 1.0)).collect();
    let width = |answers: u32| {
        let (mut model, mut pupil) = (settled.clone(), settled.pupil());
        for item in 0..answers {
            let next = asked(item, item % 3, 199.0);
            let share = model.expect(&pupil, &next).share;
            model.learn(&mut pupil, &next, share);
        }
        let forecast = settled.forecast(&pupil, &exam);
        assert!(forecast.low <= forecast.expected && forecast.expected <= forecast.high);
        forecast.high - forecast.low
    };
    let widths = [3, 9, 30, 90].map(width);
    assert!(widths.windows(2).all(|pair| pair[0] > pair[1]), "{widths:?}");
}

#[test]
fn marks_weigh_in_the_forecast() {
    let model = school(50, 6, |_, item, _| f64::from(item) - 2.0);
    let exam = |marks: f64| [(asked(0, 0, 9.0), 1.0), (asked(5, 2, 9.0), marks)];
    let of = |marks| model.forecast(&model.pupil(), &exam(marks));
    let alone = model.expect(&model.pupil(), &asked(0, 0, 9.0)).share;
    assert!((of(0.0).expected - alone).abs() < 1e-12 && of(0.0).marks == 1.0);
    assert!(of(10.0).expected > 3.0 * of(1.0).expected && of(10.0).high <= 11.0);
    assert_eq!(model.forecast(&model.pupil(), &[]), Forecast { expected: 0.0, low: 0.0, high: 0.0, marks: 0.0 });
}

#[test]
fn steps_of_marks() {
    let forecast = |low, high| Forecast { expected: 5.0, low, high, marks: 9.0 };
    assert_eq!(forecast(3.2, 6.9).in_steps_of(1.0), forecast(4.0, 6.0));
    assert_eq!(forecast(3.2, 6.9).in_steps_of(0.5), forecast(3.5, 6.5));
    assert_eq!(forecast(4.2, 4.9).in_steps_of(1.0), forecast(4.0, 5.0), "between two");
    assert_eq!(forecast(3.0 + 1e-9, 7.0 - 1e-9).in_steps_of(1.0), forecast(3.0, 7.0), "but for noise");
}

#[test]
fn eighty_in_a_hundred_exams_lie_in_the_interval() {
    let (mut model, mut lot) = (Model::<u32>::default(), Lot(11));
    let Constants { overall, in_topic, topic_easiness, item_easiness, .. } = model.constants;
    let topics: Vec<f64> = (0..8).map(|_| lot.normal(topic_easiness)).collect();
    let items: Vec<f64> = (0..200).map(|item| topics[item % 8] + lot.normal(item_easiness)).collect();
    let (mut holds, mut exams, mut width) = (0, 0, 0.0);
    for number in 0..1500 {
        let (mut pupil, able) = (model.pupil(), lot.normal(overall));
        let in_topics: Vec<f64> = (0..8).map(|_| lot.normal(in_topic)).collect();
        let mut answer = || {
            let item = (lot.even() * 200.0) as usize;
            let practice = model.constants.practice.mean;
            (asked(item as u32, item as u32 % 8, 0.0), lot.mark(items[item] + able + in_topics[item % 8] + practice))
        };
        let before: Vec<_> = (0..10 + number % 60).map(|_| answer()).collect();
        let exam: Vec<_> = (0..20).map(|_| answer()).collect();
        for (asked, share) in before {
            if !pupil.items.contains_key(&asked.item) {
                model.learn(&mut pupil, &asked, share);
            }
        }
        let new = |asked: &Asked<u32>| !pupil.items.contains_key(&asked.item);
        let exam: Vec<_> = exam.into_iter().filter(|(asked, _)| new(asked)).collect();
        let forecast = model.forecast(&pupil, &exam.iter().map(|&(asked, _)| (asked, 1.0)).collect::<Vec<_>>());
        if number >= 300 {
            let real = exam.iter().map(|(_, share)| share).sum();
            holds += usize::from((forecast.low..=forecast.high).contains(&real));
            exams += 1;
            width += forecast.high - forecast.low;
        }
    }
    let (holds, width) = (f64::from(holds as u32) / f64::from(exams), width / f64::from(exams));
    assert!((0.76..0.88).contains(&holds), "{holds}, {width} wide");
}

proptest! {
    /// Whatever came before: who earned more is expected to earn no less, wherever and whenever.
    #[test]
    fn a_right_answer_never_tells_against_a_pupil(
        before in prop::collection::vec((0u32..8, 0u32..3, 0.0f64..40.0, 0u32..=4), 0..60),
        (item, topic, less, more) in (0u32..8, 0u32..3, 0.0f64..=1.0, 0.0f64..=1.0),
        (next_item, next_topic, days) in (0u32..10, 0u32..4, 0.0f64..400.0),
        timed in any::<bool>(),
    ) {
        let (mut model, mut at) = (Model::default(), 0.0);
        let mut pupil = model.pupil();
        let asked = |item, topic, at| Asked { at: Some(at * DAY).filter(|_| timed), ..asked(item, topic, at) };
        for (item, topic, days, quarters) in before {
            at += days;
            model.learn(&mut pupil, &asked(item, topic, at), f64::from(quarters) / 4.0);
        }
        let share = |earned: f64| {
            let (mut model, mut pupil) = (model.clone(), pupil.clone());
            model.learn(&mut pupil, &asked(item, topic, at + 1.0), earned);
            let next = model.expect(&pupil, &asked(next_item, next_topic, at + 1.0 + days));
            prop_assert!(next.share > 0.0 && next.share < 1.0 && next.variance > 0.0);
            Ok(next.share)
        };
        let (less, more) = (less.min(more), less.max(more));
        prop_assert!(share(less)? <= share(more)? + 1e-9);
    }
}

fn mixed(seed: u64) -> u64 {
    crate::domain::adaptive::mixed(seed)
}
