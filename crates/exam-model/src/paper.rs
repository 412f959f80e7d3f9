//! A whole paper as it was read: the cover, the sections with their rule, the questions.

use serde::{Deserialize, Serialize};

use crate::question::Question;

/// What the first page says of the paper; `None` and empty where it does not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cover {
    pub title: Option<String>,
    pub subject: Option<String>,
    /// `P6`, `S3`, `S6`, `TTC`.
    pub level: Option<String>,
    pub year: Option<i32>,
    pub code: Option<String>,
    /// Minutes.
    pub duration: Option<u32>,
    pub total: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructions: Vec<String>,
    /// Whether it says that calculators may be used, or that they may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calculator: Option<bool>,
}

/// How many questions of a section count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    All,
    /// So many of them, chosen by the candidate.
    Choose(u32),
    /// Of those that were answered so many, the ones with the most marks.
    Best(u32),
}

/// What the school may decide where a candidate answers more questions than their section asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    First,
    Best,
}

impl Rule {
    /// The rule as the school decided.
    pub fn with(self, counting: Option<Counting>) -> Self {
        match (self, counting) {
            (Self::Choose(n) | Self::Best(n), Some(Counting::First)) => Self::Choose(n),
            (Self::Choose(n) | Self::Best(n), Some(Counting::Best)) => Self::Best(n),
            (rule, _) => rule,
        }
    }

    /// What is asked for of questions worth so much each: all of it, or the greatest of them.
    pub fn asked(self, worth: impl IntoIterator<Item = f64>) -> f64 {
        let (Self::Choose(n) | Self::Best(n)) = self else { return worth.into_iter().sum() };
        let mut each: Vec<f64> = worth.into_iter().collect();
        each.sort_by(|a, b| b.total_cmp(a));
        each.iter().take(n as usize).sum()
    }
}

/// Gives sections the rules that the school decided.
pub fn decide(sections: &mut [Section], counting: Option<Counting>) {
    sections.iter_mut().for_each(|section| section.rule = section.rule.with(counting));
}

/// A section of a paper. A paper without sections but with "answer 5 of any 7" has one, with an empty label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// `A`, `B`, `I`, …
    pub label: String,
    /// Its heading as printed.
    pub title: String,
    pub rule: Rule,
    pub marks: Option<f64>,
}

impl Section {
    /// An outermost question stands in it.
    pub fn holds(&self, question: &Question) -> bool {
        holds(&self.label, question.section.as_deref())
    }
}

/// Whether a question with this label of its section stands in the section labelled `section`; the one without a label holds
/// all.
pub fn holds(section: &str, label: Option<&str>) -> bool {
    section.is_empty() || label == Some(section)
}

/// What a paper asks for of its outermost questions, worth so much each by their place: of a section with a choice only as
/// many as it asks for.
pub fn asked(sections: &[Section], questions: &[Question], worth: impl Fn(usize) -> f64) -> f64 {
    let of = |rule: Rule, fits: &dyn Fn(&Question) -> bool| {
        rule.asked((0..questions.len()).filter(|&place| fits(&questions[place])).map(&worth))
    };
    let choices = || sections.iter().filter(|section| section.rule != Rule::All);
    let without_choice = |question: &Question| !choices().any(|section| section.holds(question));
    of(Rule::All, &without_choice)
        + choices().map(|section| of(section.rule, &|question| section.holds(question))).sum::<f64>()
}

/// Points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    pub width: f32,
    pub height: f32,
}

/// A stretch of print on a page, for a person to select and a screen reader to read: where its baseline begins, its length,
/// the size of its letters. Points from the top left corner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Print {
    pub x: f32,
    pub baseline: f32,
    pub width: f32,
    pub size: f32,
    pub text: String,
}

/// A page as a reader has it before them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrintedPage {
    pub size: PageSize,
    pub print: Vec<Print>,
}

/// What reading a PDF gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    pub cover: Cover,
    pub sections: Vec<Section>,
    /// The outermost ones, in the paper's order.
    pub questions: Vec<Question>,
    pub pages: Vec<PageSize>,
    /// What does not fit, in words for a person: marks that do not add up, text that belongs to no question.
    pub warnings: Vec<String>,
}

/// "Section B: any 3 of its questions".
pub fn section_rule(section: &Section) -> String {
    let name = if section.label.is_empty() { "The paper".to_owned() } else { format!("Section {}", section.label) };
    match section.rule {
        Rule::All => format!("{name}: all questions"),
        Rule::Choose(1) => {
            format!("{name}: any 1 question; if you answer more, the first counts, or the one that you tick")
        }
        Rule::Best(1) => format!("{name}: the best question that you answer counts"),
        Rule::Choose(n) => {
            format!("{name}: any {n} questions; if you answer more, the first {n} count, or those that you tick")
        }
        Rule::Best(n) => format!("{name}: the best {n} questions that you answer count"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_in_words() {
        let told = |rule| section_rule(&Section { label: "B".into(), title: String::new(), rule, marks: None });
        assert_eq!(told(Rule::All), "Section B: all questions");
        assert!(told(Rule::Choose(1)).starts_with("Section B: any 1 question; if you answer more, the first counts"));
        assert!(told(Rule::Choose(3)).contains("any 3 questions; if you answer more, the first 3 count"));
        assert_eq!(told(Rule::Best(1)), "Section B: the best question that you answer counts");
        assert_eq!(told(Rule::Best(2)), "Section B: the best 2 questions that you answer count");
    }
}
