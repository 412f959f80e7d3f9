//! What marks to expect of an exam, and how sure that is.

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::{Asked, Model, Pupil, weight};

/// The marks to expect of an exam.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    pub expected: f64,
    /// Between these, 80 times in 100.
    pub low: f64,
    pub high: f64,
    /// Of the exam.
    pub marks: f64,
}

impl Forecast {
    /// The same where only multiples of a step can be earned: the interval ends at the first and the last that lie in it,
    /// or at the ones around it if none does.
    pub fn in_steps_of(self, step: f64) -> Self {
        // Sums of marks such as 29.999999999 are whole.
        let near = |value: f64| Some(value.round()).filter(|whole| (value - whole).abs() < NOISE);
        let [low, high] = [self.low, self.high].map(|value| value / step);
        let low = near(low).unwrap_or_else(|| low.ceil()) * step;
        let high = near(high).unwrap_or_else(|| high.floor()) * step;
        if low <= high { Self { low, high, ..self } } else { Self { low: high, high: low, ..self } }
    }
}

/// Standard deviations within which 80 % of a normal distribution lie, to both sides.
pub(super) const EIGHTY: f64 = 1.2816;

/// What sums of decimals may be off by.
const NOISE: f64 = 1e-6;

/// The covariance of the marks so far with something that more items share.
#[derive(Default)]
struct Shared {
    with_marks: f64,
}

impl Shared {
    /// What another item, whose marks grow by so much with what is shared, adds to the variance of all marks together.
    /// `kept` is the part of what is shared that is the same as at the item before.
    fn add(&mut self, slope: f64, variance: f64, kept: f64) -> f64 {
        self.with_marks *= kept;
        let both = 2.0 * slope * self.with_marks;
        self.with_marks += slope * variance;
        both
    }
}

impl<K: Eq + Hash + Copy> Model<K> {
    /// What marks to expect of an exam of these items, each with its marks, that begins after all that the pupil has
    /// answered.
    ///
    /// Marks vary because each answer is a matter of chance: Σ m² p (1 − p), or less where marks are given in parts
    /// ([`super::Chance`]). And they vary together because items share what is not known for sure: the pupil's abilities,
    /// the topics' easiness, the weights. Where the marks of two items grow by g and g′ with the same belief of variance v,
    /// their covariance is g g′ v (Stein's lemma, with the mean slope of σ over normal log-odds for g); abilities fade from
    /// item to item.
    pub fn forecast(&self, pupil: &Pupil<K>, exam: &[(Asked<K>, f64)]) -> Forecast {
        let constants = &self.constants;
        let mut pupil = pupil.clone();
        let (mut expected, mut marks, mut alone, mut together) = (0.0, 0.0, 0.0, 0.0);
        let (mut overall, mut lately) = (Shared::default(), Shared::default());
        let mut weights: [Shared; weight::COUNT] = Default::default();
        let mut topics: HashMap<K, (Shared, Shared)> = HashMap::new();
        for (asked, of) in exam {
            let look = self.look(&pupil, asked);
            let share = look.expectation.share;
            let slope = of * share * (1.0 - share) * super::flattened(look.expectation.variance);
            let by = slope * look.slopes.ability;
            expected += of * share;
            marks += of;
            alone += of * of * share * (1.0 - share) * self.chance.ratio();
            together += overall.add(by, look.overall.variance, 1.0 - constants.overall_fades);
            together += lately.add(by, look.lately.variance, 1.0 - constants.lately_fades);
            if let Some(topic) = asked.topic {
                let (ability, easiness) = topics.entry(topic).or_default();
                together += ability.add(by, look.in_topic.ability.variance, 1.0 - constants.in_topic_fades);
                together += easiness.add(slope * look.slopes.easiness, look.topic.easiness.variance, 1.0);
            }
            for ((shared, weight), of_weight) in weights.iter_mut().zip(&self.weights).zip(look.slopes.weights) {
                together += shared.add(slope * of_weight, weight.variance, 1.0);
            }
            // Nothing is learnt of an answer that is not known, but time goes on.
            look.keep(&mut pupil, asked, share);
        }
        let deviation = (alone + constants.shared * together).max(0.0).sqrt();
        let to = |by: f64| (expected + by * deviation).clamp(0.0, marks);
        Forecast { expected, low: to(-EIGHTY), high: to(EIGHTY), marks }
    }
}
