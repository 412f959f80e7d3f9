//! Item analysis: what the attempts of a paper say of its questions, by classical test theory. The names are those of Moodle's
//! quiz statistics (<https://docs.moodle.org/dev/Quiz_statistics_calculations>).

use std::collections::BTreeMap;

use exam_marking::folded;
use exam_model::answer::{Answer, Verdict};
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::mark_list::CountedAttempt;
use super::progress::share;

/// The fewest attempts of which figures are told: with fewer, one pupil more or less changes everything.
pub const ENOUGH_ATTEMPTS: usize = 20;

/// The bands of the distribution, of a tenth of the marks each.
pub const BANDS: usize = 10;

/// The most answers that are listed of a question without options.
const MAX_ANSWERS: usize = 4;

/// The figures of a paper and its questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PaperFigures {
    /// How many pupils sat it and answered something.
    pub attempts: usize,
    /// The mean share of the marks, 0 to 1.
    pub mean: f64,
    /// The standard deviation of these shares.
    pub standard_deviation: f64,
    /// How many pupils have up to a tenth of the marks, up to two tenths, and so on.
    pub distribution: [i64; BANDS],
    /// Cronbach's alpha, of the questions that are part of everybody's total: the share of the spread that other questions
    /// of the same kind would show as well (Cronbach 1951, doi:10.1007/BF02310555). `None` if it is undefined.
    pub internal_consistency: Option<f64>,
    /// How far a pupil's share is from that of many such papers, once in three times farther: the standard deviation ×
    /// √(1 − alpha).
    pub standard_error: Option<f64>,
    /// In the paper's order.
    pub questions: Vec<QuestionFigures>,
}

/// The figures of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct QuestionFigures {
    pub question: Uuid,
    pub path: String,
    /// Of how many pupils it is part of the total.
    pub attempts: usize,
    /// The facility index: the share of its marks that pupils earn. `None` if it is part of nobody's total.
    pub facility: Option<f64>,
    /// The discrimination index: the correlation of its marks with those of the rest of the paper, −1 to 1, for right or
    /// wrong the corrected point-biserial (Henrysson 1963, doi:10.1007/BF02289618). `None` if all have the same marks.
    pub discrimination: Option<f64>,
    /// Every option, or the answers that most pupils gave. All are sorted as the paper or by how many gave them.
    pub answers: Vec<AnswerFigures>,
    /// The shares of the best and of the weakest third that left it blank.
    pub blank: [f64; 2],
    /// An answer that is not the key's, and that more of the best third gave than the right one: the key may be wrong.
    pub suspect: Option<Vec<String>>,
}

impl QuestionFigures {
    /// The wrong options that nobody takes, so that they might as well not be there.
    pub fn unused_options(&self) -> impl Iterator<Item = &AnswerFigures> {
        self.answers.iter().filter(|figures| figures.is_option && !figures.is_right && figures.pupils == 0)
    }
}

/// How many gave an answer, or took an option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AnswerFigures {
    /// As one of the pupils wrote it; the id of an option.
    pub answer: Vec<String>,
    pub is_option: bool,
    /// Whether it earns all marks, or is part of what does.
    pub is_right: bool,
    /// Whether it earns nothing, or is an option that is not right.
    pub is_wrong: bool,
    pub pupils: i64,
    /// The share of the best third of the pupils, by their marks in the paper; all who have as many as the last of them.
    pub best: f64,
    /// The share of the weakest third.
    pub weakest: f64,
}

/// The figures of those who answered something; how many attempts are missing if there are too few.
pub fn analyse(items: &[&Question], attempts: &[CountedAttempt]) -> Result<PaperFigures, usize> {
    let told: Vec<&CountedAttempt> = attempts.iter().filter(|attempt| !attempt.is_blank()).collect();
    if told.len() < ENOUGH_ATTEMPTS {
        return Err(ENOUGH_ATTEMPTS - told.len());
    }
    let shares: Vec<f64> = told.iter().map(|attempt| share_of(attempt)).collect();
    let standard_deviation = variance(&shares).sqrt();
    let internal_consistency = alpha(items, &told);
    let thirds = thirds(&told);
    Ok(PaperFigures {
        attempts: told.len(),
        mean: mean(&shares),
        standard_deviation,
        distribution: distribution(&shares),
        internal_consistency,
        standard_error: internal_consistency.map(|alpha| standard_deviation * (1.0 - alpha).max(0.0).sqrt()),
        questions: items.iter().map(|item| question_figures(item, &told, &thirds)).collect(),
    })
}

fn share_of(attempt: &CountedAttempt) -> f64 {
    share(attempt.earned, attempt.possible).unwrap_or_default()
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The variance of a sample.
fn variance(numbers: &[f64]) -> f64 {
    let mean = mean(numbers);
    numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (numbers.len() as f64 - 1.0)
}

/// Pearson's correlation; `None` if one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|&(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    let [squares_a, squares_b] = [sum(&|a, _| a * a), sum(&|_, b| b * b)];
    // Rounding leaves a little of equal numbers.
    (squares_a > 1e-9 && squares_b > 1e-9).then(|| sum(&|a, b| a * b) / (squares_a * squares_b).sqrt())
}

fn distribution(shares: &[f64]) -> [i64; BANDS] {
    let mut bands = [0; BANDS];
    for share in shares {
        bands[((share * BANDS as f64) as usize).min(BANDS - 1)] += 1;
    }
    bands
}

/// Cronbach's alpha of the items that are part of everybody's total.
fn alpha(items: &[&Question], attempts: &[&CountedAttempt]) -> Option<f64> {
    let marks = |item: &&Question| -> Option<Vec<f64>> {
        attempts.iter().map(|attempt| Some(attempt.counted(item.id)?.earned)).collect()
    };
    let columns: Vec<Vec<f64>> = items.iter().filter_map(marks).collect();
    let totals: Vec<f64> = (0..attempts.len()).map(|row| columns.iter().map(|column| column[row]).sum()).collect();
    let (number, spread) = (columns.len() as f64, variance(&totals));
    let parts: f64 = columns.iter().map(|column| variance(column)).sum();
    (number > 1.0 && spread > 1e-9).then(|| number / (number - 1.0) * (1.0 - parts / spread))
}

/// The best and the weakest third by their marks, each with all who have as many as its last.
fn thirds<'a>(attempts: &[&'a CountedAttempt]) -> [Vec<&'a CountedAttempt>; 2] {
    let mut shares: Vec<f64> = attempts.iter().map(|attempt| share_of(attempt)).collect();
    shares.sort_by(f64::total_cmp);
    let third = (shares.len() as f64 / 3.0).round() as usize;
    let (weakest, best) = (shares[third - 1], shares[shares.len() - third]);
    let with = |fits: &dyn Fn(f64) -> bool| attempts.iter().copied().filter(|one| fits(share_of(one))).collect();
    [with(&|share| share >= best), with(&|share| share <= weakest)]
}

fn question_figures(
    item: &Question,
    attempts: &[&CountedAttempt],
    thirds: &[Vec<&CountedAttempt>; 2],
) -> QuestionFigures {
    let counted = || attempts.iter().filter_map(|attempt| Some((*attempt, attempt.counted(item.id)?)));
    let (earned, possible) =
        counted().fold((0.0, 0.0), |sum, (_, given)| (sum.0 + given.earned, sum.1 + given.possible));
    let pairs: Vec<(f64, f64)> =
        counted().map(|(attempt, given)| (given.earned, attempt.earned - given.earned)).collect();
    let answers = answer_figures(item, attempts, thirds);
    QuestionFigures {
        question: item.id,
        path: item.path.clone(),
        attempts: pairs.len(),
        facility: share(earned, possible),
        discrimination: correlation(&pairs),
        suspect: suspect(item, thirds, &answers),
        answers: listed(answers),
        blank: thirds.each_ref().map(|third| portion(item, third, Answer::is_blank)),
    }
}

/// The share of those for whom the item counts whose answer is such.
fn portion(item: &Question, attempts: &[&CountedAttempt], fits: impl Fn(&Answer) -> bool) -> f64 {
    let given: Vec<&Answer> = attempts.iter().filter_map(|attempt| Some(&attempt.counted(item.id)?.answer)).collect();
    given.iter().filter(|answer| fits(answer)).count() as f64 / given.len().max(1) as f64
}

/// What an answer is counted as: without case, accents, and space around its pieces.
fn alike(answer: &Answer) -> Vec<String> {
    answer.pieces().into_iter().map(|piece| folded(piece).into_owned()).collect()
}

/// The options, or each different answer, those that most pupils gave first.
fn answer_figures(
    item: &Question,
    attempts: &[&CountedAttempt],
    thirds: &[Vec<&CountedAttempt>; 2],
) -> Vec<AnswerFigures> {
    if !item.options.is_empty() {
        let option = |id: &String| {
            let took = |answer: &Answer| answer.0.contains(id);
            let [best, weakest] = thirds.each_ref().map(|third| portion(item, third, took));
            let pupils =
                attempts.iter().filter(|attempt| attempt.counted(item.id).is_some_and(|given| took(&given.answer)));
            AnswerFigures {
                answer: vec![id.clone()],
                is_option: true,
                is_right: item.key.as_ref().is_some_and(|key| key.options.contains(id)),
                is_wrong: !item.key.as_ref().is_some_and(|key| key.options.contains(id)),
                pupils: pupils.count() as i64,
                best,
                weakest,
            }
        };
        return item.options.iter().map(|option_of| option(&option_of.id)).collect();
    }
    let mut different: BTreeMap<Vec<String>, (&Answer, Verdict, i64)> = BTreeMap::new();
    for given in attempts.iter().filter_map(|attempt| attempt.counted(item.id)) {
        if !given.answer.is_blank() {
            different.entry(alike(&given.answer)).or_insert((&given.answer, given.verdict, 0)).2 += 1;
        }
    }
    let figures = |(like, (answer, verdict, pupils)): (Vec<String>, (&Answer, Verdict, i64))| {
        let [best, weakest] = thirds.each_ref().map(|third| portion(item, third, |other| alike(other) == like));
        let answer = answer.pieces().into_iter().map(str::to_owned).collect();
        let (is_right, is_wrong) = (verdict == Verdict::Right, verdict == Verdict::Wrong);
        AnswerFigures { answer, is_option: false, is_right, is_wrong, pupils, best, weakest }
    };
    let mut all: Vec<AnswerFigures> = different.into_iter().map(figures).collect();
    all.sort_by_key(|figures| std::cmp::Reverse(figures.pupils));
    all
}

/// All options, but only the commonest of other answers.
fn listed(mut answers: Vec<AnswerFigures>) -> Vec<AnswerFigures> {
    if answers.iter().any(|figures| !figures.is_option) {
        answers.truncate(MAX_ANSWERS);
    }
    answers
}

/// So many pupils with the same wrong answer are more than a slip.
const ALIKE: i64 = 2;

/// The wrong answer that most of the best third gave, if more of them gave it than earned all marks, and more than of the
/// weakest third. Partly right answers are none: what is worth some marks does not speak against the key.
fn suspect(item: &Question, [best, _]: &[Vec<&CountedAttempt>; 2], answers: &[AnswerFigures]) -> Option<Vec<String>> {
    let counted: Vec<_> = best.iter().filter_map(|attempt| attempt.counted(item.id)).collect();
    let right = counted.iter().filter(|given| given.verdict == Verdict::Right).count() as f64;
    let wrong =
        answers.iter().filter(|figures| figures.is_wrong && figures.pupils >= ALIKE && figures.best > figures.weakest);
    let worst = wrong.max_by(|a, b| a.best.total_cmp(&b.best))?;
    (worst.best > right / counted.len().max(1) as f64).then(|| worst.answer.clone())
}

#[cfg(test)]
mod tests;
