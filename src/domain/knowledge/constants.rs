//! Where beliefs start, and how fast they fade. docs/knowledge.md says how each was chosen and how much it matters.

use serde::{Deserialize, Serialize};

use super::{Belief, Difficulty, weight};

/// What the model starts from. Beliefs and variances are in log-odds; what fades is a part of 1 for each answer, and half of it
/// is gone after so many days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Constants {
    /// The easiness of all items.
    pub easiness: Belief,
    /// Variance of the easiness of topics, and of the items of a topic.
    pub topic_easiness: f64,
    pub item_easiness: f64,
    /// Variance of the sharpness of all items, of topics, and of the items of a topic; its mean is 1.
    pub sharpness: f64,
    pub topic_sharpness: f64,
    pub item_sharpness: f64,

    /// Variance of pupils' ability overall; the part that goes from one answer to the next; days until half is gone.
    pub overall: f64,
    pub overall_fades: f64,
    pub overall_half_life: f64,
    /// The same of their form.
    pub lately: f64,
    pub lately_fades: f64,
    pub lately_half_life: f64,
    /// The same of their ability in a topic, from one answer in the topic to the next.
    pub in_topic: f64,
    pub in_topic_fades: f64,
    pub in_topic_half_life: f64,

    /// For n ⁄ (n + 1), n answers in the topic: the first of them gives half of what all of them can.
    pub practice: Belief,

    /// What an item that was right adds at once; what of that goes with each e-fold of minutes; what is left in the long run,
    /// which is also what is taken where a time is not known.
    pub right: Belief,
    pub right_fades: Belief,
    pub right_stays: Belief,
    /// The same of one that was wrong.
    pub wrong: Belief,
    pub wrong_fades: Belief,
    pub wrong_stays: Belief,
    /// For each e-fold of times that it was right.
    pub rights: Belief,
    /// The part of easiness and ability that counts no more for an item that was seen, 0 to 1.
    pub gives_way: Belief,

    /// The variance of exam marks that items share, as a multiple of what follows from the beliefs: they are kept without
    /// their covariances, and so are a little too sure.
    pub shared: f64,
}

impl Constants {
    /// What tells pupils of three sources best, between what two halves of them would have, and rounded: docs/knowledge.md.
    pub const MEASURED: Self = Self {
        // Even, and unsure enough to follow a school within tens of answers.
        easiness: Belief::new(0.0, 0.5),
        topic_easiness: 0.5,
        item_easiness: 1.4,
        sharpness: 0.05,
        topic_sharpness: 0.02,
        item_sharpness: 0.08,
        // Answers count half after 700 of all, 4 and 7 more; the days are cautious guesses, no histories were long enough.
        overall: 1.5,
        overall_fades: 0.001,
        overall_half_life: 365.0,
        lately: 0.3,
        lately_fades: 0.15,
        lately_half_life: 1.0,
        in_topic: 0.35,
        in_topic_fades: 0.09,
        in_topic_half_life: 90.0,
        // Where these begin matters for the first hundreds of answers; then they are what the school shows.
        practice: Belief::new(1.2, 0.1),
        right: Belief::new(3.6, 0.2),
        right_fades: Belief::new(0.9, 0.02),
        right_stays: Belief::new(0.6, 0.2),
        wrong: Belief::new(3.0, 0.2),
        wrong_fades: Belief::new(1.0, 0.02),
        wrong_stays: Belief::new(-0.1, 0.2),
        rights: Belief::new(0.65, 0.05),
        gives_way: Belief::new(0.2, 0.01),
        // With 1, 76 to 79 of 100 exams lay in the interval.
        shared: 1.25,
    };

    pub(super) fn weights(&self) -> [Belief; weight::COUNT] {
        let mut weights = [Belief::NONE; weight::COUNT];
        weights[weight::EASINESS] = self.easiness;
        weights[weight::SHARPNESS] = Belief::new(0.0, self.sharpness);
        weights[weight::PRACTICE] = self.practice;
        weights[weight::RIGHT] = self.right;
        weights[weight::RIGHT_FADES] = self.right_fades;
        weights[weight::RIGHT_STAYS] = self.right_stays;
        weights[weight::WRONG] = self.wrong;
        weights[weight::WRONG_FADES] = self.wrong_fades;
        weights[weight::WRONG_STAYS] = self.wrong_stays;
        weights[weight::LOG_TIMES_RIGHT] = self.rights;
        weights[weight::REPEAT_DISCOUNT] = self.gives_way;
        weights
    }

    /// A topic of which nothing is known.
    pub(super) fn topic(&self) -> Difficulty {
        Difficulty {
            easiness: Belief::new(0.0, self.topic_easiness),
            sharpness: Belief::new(0.0, self.topic_sharpness),
        }
    }

    /// An item of which nothing is known.
    pub(super) fn item(&self) -> Difficulty {
        Difficulty { easiness: Belief::new(0.0, self.item_easiness), sharpness: Belief::new(0.0, self.item_sharpness) }
    }
}
