//! How well something is remembered, and for how long: FSRS-6 with its published default parameters, so that no training is
//! needed. The formulas are from <https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm>, the
//! parameters from the crate fsrs 6.6.2. The tests compare with numbers from that crate.

use serde::{Deserialize, Serialize};

/// w₀ to w₂₀.
const W: [f64; 21] = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];

/// The range of stability, in days.
const STABILITIES: (f64, f64) = (0.001, 36_500.0);

/// FSRS' fourth grade, "easy", which cannot be derived from marks.
const EASY: usize = 4;

/// How well an item was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rating {
    Again = 1,
    Hard,
    Good,
}

/// The memory of an item, right after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Days until the chance of recall falls to 90 %.
    pub stability: f64,
    /// 1 to 10.
    pub difficulty: f64,
}

impl Memory {
    /// The memory after the first answer to something new.
    pub fn first(grade: Rating) -> Self {
        let grade = grade as usize;
        Self { stability: W[grade - 1], difficulty: first_difficulty(grade).clamp(1.0, 10.0) }
    }

    /// The chance of recall, 0 to 1, this many days after the last answer.
    pub fn recall(self, days: f64) -> f64 {
        let factor = 0.9f64.powf(-1.0 / W[20]) - 1.0;
        (1.0 + factor * days.max(0.0) / self.stability).powf(-W[20])
    }

    /// The memory after another answer, `days` after the last one. Within a day, it counts as the same session.
    pub fn after(self, grade: Rating, days: f64) -> Self {
        let Self { stability: s, difficulty: d } = self;
        let g = grade as i32 as f64;
        let forgotten = 1.0 - self.recall(days.floor());
        let stability = if days < 1.0 {
            let growth = (W[17] * (g - 3.0 + W[18])).exp() * s.powf(-W[19]);
            s * if grade == Rating::Again { growth } else { growth.max(1.0) }
        } else if grade == Rating::Again {
            let relearnt = W[11] * d.powf(-W[12]) * ((s + 1.0).powf(W[13]) - 1.0) * (W[14] * forgotten).exp();
            relearnt.min(s / (W[17] * W[18]).exp())
        } else {
            let penalty = if grade == Rating::Hard { W[15] } else { 1.0 };
            let growth = W[8].exp() * (11.0 - d) * s.powf(-W[9]) * ((W[10] * forgotten).exp() - 1.0);
            s * (1.0 + growth * penalty)
        };
        // Harder after a miss, but less so if it is already hard; and a small step back towards the difficulty of easy items.
        let harder = d - W[6] * (g - 3.0) * (10.0 - d) / 9.0;
        let difficulty = W[7] * first_difficulty(EASY) + (1.0 - W[7]) * harder;
        Self { stability: stability.clamp(STABILITIES.0, STABILITIES.1), difficulty: difficulty.clamp(1.0, 10.0) }
    }
}

fn first_difficulty(grade: usize) -> f64 {
    W[4] - (W[5] * (grade - 1) as f64).exp() + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The memory after answers that are this many days apart.
    fn after(answers: &[(Rating, f64)]) -> Memory {
        let first = Memory::first(answers[0].0);
        answers[1..].iter().fold(first, |memory, &(grade, days)| memory.after(grade, days))
    }

    #[test]
    fn agrees_with_the_crate() {
        use Rating::{Again, Good, Hard};
        type Case = (&'static [(Rating, f64)], [f64; 5]);
        // Stability, difficulty, recall after 1, 10 and 100 days by fsrs 6.6.2.
        let cases: [Case; 9] = [
            (&[(Again, 0.0)], [0.212, 6.4133, 0.7661957, 0.5518455, 0.38806596]),
            (&[(Hard, 0.0)], [1.2931, 5.1121707, 0.9166697, 0.71786964, 0.5119946]),
            (&[(Good, 0.0)], [2.3065, 2.118104, 0.9468475, 0.77436686, 0.55890673]),
            (&[(Good, 0.0), (Good, 2.0), (Good, 8.0)], [38.8666, 2.1043313, 0.99616617, 0.96591055, 0.8235286]),
            (
                &[(Good, 0.0), (Good, 3.0), (Again, 10.0), (Good, 1.0), (Good, 4.0)],
                [9.818854, 7.3679223, 0.98543227, 0.89873916, 0.6910552],
            ),
            (
                &[(Hard, 0.0), (Hard, 1.0), (Hard, 3.0), (Good, 7.0)],
                [15.355032, 7.8088007, 0.99050194, 0.92668957, 0.7346908],
            ),
            (
                &[(Again, 0.0), (Again, 2.0), (Good, 1.0), (Good, 5.0), (Good, 30.0)],
                [13.9283285, 8.765612, 0.9895664, 0.9211137, 0.7251401],
            ),
            (
                &[(Good, 0.0), (Again, 0.0), (Hard, 0.0), (Good, 6.0)],
                [4.410296, 8.24255, 0.96952266, 0.8348898, 0.615686],
            ),
            (&[(Good, 0.0), (Good, 100.0), (Again, 200.0)], [3.6942556, 7.3922377, 0.96435744, 0.8188917, 0.59974235]),
        ];
        for (answers, [stability, difficulty, one, ten, hundred]) in cases {
            let memory = after(answers);
            let got =
                [memory.stability, memory.difficulty, memory.recall(1.0), memory.recall(10.0), memory.recall(100.0)];
            for (got, wanted) in got.into_iter().zip([stability, difficulty, one, ten, hundred]) {
                assert!((got / wanted - 1.0).abs() < 1e-4, "{answers:?}: {got} for {wanted}");
            }
        }
    }

    #[test]
    fn stability_is_the_time_to_ninety_percent() {
        let memory = after(&[(Rating::Good, 0.0), (Rating::Good, 4.0)]);
        assert!((memory.recall(memory.stability) - 0.9).abs() < 1e-9);
        assert_eq!(memory.recall(0.0), 1.0);
        assert_eq!(memory.recall(-1.0), 1.0, "a clock that went back");
    }

    #[test]
    fn nothing_leaves_its_bounds() {
        let mut memory = Memory::first(Rating::Again);
        for n in 0..2000 {
            let grade = [Rating::Again, Rating::Hard, Rating::Good][n % 7 % 3];
            memory = memory.after(grade, (n % 90) as f64);
            assert!((0.001..=36_500.0).contains(&memory.stability) && (1.0..=10.0).contains(&memory.difficulty));
            assert!((0.0..=1.0).contains(&memory.recall(1e6)));
        }
    }
}
