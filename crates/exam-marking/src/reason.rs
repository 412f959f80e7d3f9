//! Every sentence that marking says, in one place: another language is another set of these functions.

use exam_model::answer::{Certainty, Verdict};

use crate::letters::clip;

/// What was found about one answer to one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    Right,
    /// In other words that mean the same.
    SameMeaning,
    /// Most of its words, or its words among others.
    Alike,
    /// What was written, and how it is spelt.
    Misspelt(String, String),
    OtherUnit,
    OtherForm,
    CloseEnough,
    Figures,
    NoUnit,
    WrongUnit,
    /// The value in a unit that the question does not ask for.
    NotAskedUnit,
    /// The number without what belongs to it.
    Unsaid(String),
    HalfOfDay,
    NotRounded,
    States,
    /// Another value, or another thing of the same class.
    Wrong,
    /// Nothing tells whether it is right.
    Unknown,
    /// A number in a way that is not understood.
    Unread,
    NoNumber,
    SeveralNumbers,
    NotSure,
    /// What was written, and what was asked for.
    OtherName(String, String),
    NotSimplest,
    NotExact,
    NotWorkedOut,
    NotFactors,
    NotAllFactors,
    NotExpanded,
    NotSubject,
    /// One side of the equation that is asked for.
    NoEquation,
    /// Without the constant that integration leaves open.
    NoConstant,
    /// Equal, and not in the form that the question names.
    NotForm,
    /// A chemical element, or the charge, with how much of it is left and right.
    Unbalanced(String, String, String),
    Turned,
    Listed,
    Denied,
    Capitals,
    /// The word in another form than the one that is asked for.
    OtherWordForm,
    Refused,
}

/// A note with what is left of the marks of its point, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub share: f64,
    pub note: Note,
}

impl Judgement {
    pub fn right(note: Note) -> Self {
        Self { share: 1.0, note }
    }

    pub fn wrong(note: Note) -> Self {
        Self { share: 0.0, note }
    }

    pub fn part(share: f64, note: Note) -> Self {
        Self { share, note }
    }

    pub fn is_right(&self) -> bool {
        self.share >= 1.0
    }

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        match self.note {
            Note::Misspelt(..) => Certainty::Slip,
            Note::SameMeaning | Note::OtherUnit | Note::OtherForm | Note::CloseEnough | Note::Figures => {
                Certainty::Equal
            }
            Note::Alike | Note::Unknown | Note::Unread | Note::SeveralNumbers | Note::NotSure | Note::Listed => {
                Certainty::Near
            }
            _ => Certainty::Exact,
        }
    }

    /// The one that is worth more; of two that are worth nothing, the one that says more.
    pub fn better(self, other: Self) -> Self {
        let says = |judged: &Self| match judged.note {
            Note::Unknown => 0,
            Note::Wrong => 1,
            Note::NoNumber | Note::Unread => 2,
            _ => 3,
        };
        if other.share > self.share || other.share == self.share && says(&other) > says(&self) { other } else { self }
    }
}

pub fn key_is_no_number() -> String {
    "The answer key for this one is words, not a number, so it does not count. Compare with a classmate or ask your teacher."
        .into()
}

pub fn marked_by_levels() -> String {
    "The marking scheme describes levels of answers, by which only a person can mark, so it does not count until then."
        .into()
}

pub fn no_key() -> String {
    "There is no answer key for this one yet, so it does not count. Compare with a classmate or ask your teacher."
        .into()
}

pub fn on_paper() -> String {
    "You drew this on paper. Show it to your teacher, who gives the marks.".into()
}

pub fn taken_out() -> String {
    "Your school has taken this question out, so it counts neither for nor against you.".into()
}

pub fn blank() -> String {
    "You gave no answer, so there is no mark this time. Next time try: even a part of an answer can earn something."
        .into()
}

/// No answer when the exam was ended before its time.
pub fn not_reached() -> String {
    "You had no time for this one, because your school ended the exam early. It says nothing about what you know."
        .into()
}

/// An answer that the earlier system marked.
pub fn before(verdict: Verdict) -> String {
    match verdict {
        Verdict::Right => "The earlier system marked it as right, and recorded no reason.",
        Verdict::Blank => "The earlier system recorded no answer to this one.",
        Verdict::Unmarked => "The earlier system did not mark this one, so it does not count.",
        Verdict::Wrong | Verdict::Partly => "The earlier system marked it as wrong, and recorded no reason.",
    }
    .into()
}

/// The words on an answer to one point.
pub fn of_point(judged: &Judgement, answer: &str, expected: &str) -> String {
    let said = clip(answer);
    let right = |more: &str| format!("Right: {said}{more}.");
    let wrong = |why: &str| {
        let why = if why.is_empty() { String::new() } else { format!(" {why}") };
        format!("You wrote “{said}”.{why} The right answer is {expected}.")
    };
    let cost = match judged.share {
        0.0 => "That costs all of the marks.",
        0.5 => "That costs half of the marks.",
        _ => "That costs a part of the marks.",
    };
    let partly = |why: &str| format!("You wrote “{said}”. {why} {cost} The full answer is {expected}.");
    match &judged.note {
        Note::Right | Note::SameMeaning | Note::Alike => right(""),
        Note::Misspelt(written, spelt) => format!("Right, but mind the spelling: “{spelt}”, not “{written}”."),
        Note::OtherUnit => right(", in another unit"),
        Note::OtherForm => right(", written another way"),
        Note::CloseEnough => right(" is close enough"),
        Note::Figures => right(" agrees to three figures"),
        Note::NoUnit if judged.is_right() => right("; write the unit too"),
        Note::NoUnit => partly("The number is right, but its unit is missing."),
        Note::WrongUnit if judged.is_right() => right("; mind the unit"),
        Note::WrongUnit => partly("The number is right, but the unit is not."),
        Note::NotAskedUnit => wrong("It is equal, but the question asks for another unit."),
        Note::Unsaid(what) => partly(&format!("The number is right, but “{what}” is missing.")),
        Note::HalfOfDay => partly("Say whether it is in the morning or in the afternoon."),
        Note::NotRounded => partly("The value is right, but it is not rounded as the question asks."),
        Note::States => partly("The substances are right, but not all of their states: (s), (l), (g) or (aq)."),
        Note::NotAllFactors => partly("It is equal, but one of the factors can be divided further."),
        Note::NoConstant => partly("The constant is missing."),
        Note::NoEquation => partly("It is one side only, and the question asks for an equation."),
        Note::Wrong | Note::Unknown => wrong(""),
        Note::Unread => wrong("No single number was found in it."),
        Note::NoNumber => wrong("A number was asked for."),
        Note::SeveralNumbers => wrong("Give one number only."),
        Note::NotSure => wrong("Say exactly one value."),
        Note::OtherName(written, asked) => wrong(&format!("You wrote {written}, and {asked} was asked for.")),
        Note::NotSimplest => wrong("It is equal, but the question asks for the simplest form."),
        Note::NotExact => wrong("It is close, but the question asks for the exact value."),
        Note::NotWorkedOut => wrong("It is equal, but it is not worked out."),
        Note::NotFactors => wrong("It is equal, but the question asks for factors."),
        Note::NotExpanded => wrong("It is equal, but the question asks for it without brackets."),
        Note::NotForm => wrong("It is equal, but the question asks for another form."),
        Note::NotSubject => wrong("It is equal, but the question asks for one letter alone on its side."),
        Note::Unbalanced(what, left, right) => {
            wrong(&format!("The equation is not balanced: {what} is {left} on the left and {right} on the right."))
        }
        Note::Turned => wrong("The two sides are the other way round."),
        Note::Listed => wrong("Several answers for one do not count, even when a right one is among them."),
        Note::Denied => wrong("That says the opposite."),
        Note::Capitals => wrong("Mind capital and small letters: in a formula they mean different things."),
        Note::OtherWordForm => wrong("The question asks for another form of the word."),
        Note::Refused => wrong("The marking scheme names this as a wrong answer."),
    }
}

pub fn chosen(right: bool, given: &str, key: &str) -> String {
    if right { format!("Right: {given}.") } else { format!("You chose {given}. The right answer is {key}.") }
}

pub fn one_only(given: &str, key: &str) -> String {
    format!("You chose {given}, and only one is asked for. The right answer is {key}.")
}

/// Several options chosen.
pub fn options(right: usize, wrong: usize, asked: usize, costs: bool, key: &str) -> String {
    let wrong = match wrong {
        0 => String::new(),
        n if costs => format!(", and {n} wrong, which takes marks away"),
        n => format!(", and {n} wrong"),
    };
    if right == asked && wrong.is_empty() {
        format!("All {asked} right: {key}.")
    } else {
        format!("{right} of {asked} right{wrong}. The right ones are {key}.")
    }
}

pub fn all_or_nothing() -> String {
    " Here only a complete answer earns marks.".into()
}

/// Behind the reason of a mark that is not sure.
pub fn provisional() -> &'static str {
    " This mark is provisional: a person decides."
}

/// One thing of a list: what was written, the point for which it counts, and what was found.
pub fn counted(piece: &str, point: &str, judged: &Judgement) -> String {
    let piece = clip(piece);
    match &judged.note {
        Note::Misspelt(_, spelt) => format!("“{piece}” counts, but is spelt “{spelt}”"),
        Note::NoUnit if !judged.is_right() => format!("“{piece}” counts in part: its unit is missing"),
        Note::WrongUnit if !judged.is_right() => format!("“{piece}” counts in part: its unit is wrong"),
        _ if !judged.is_right() => format!("“{piece}” counts in part for “{point}”"),
        _ if piece.to_lowercase() == point.to_lowercase() => format!("“{piece}” counts"),
        _ => format!("“{piece}” counts for “{point}”"),
    }
}

pub fn said_again(piece: &str) -> String {
    format!("“{}” repeats an earlier point", clip(piece))
}

pub fn not_counted(piece: &str) -> String {
    format!("“{}” does not count", clip(piece))
}

/// A list as a whole.
pub struct Listed<'a> {
    pub found: usize,
    pub asked: usize,
    pub notes: Vec<String>,
    pub missing: Vec<&'a str>,
    /// Some of more than are asked for.
    pub any: bool,
    /// So many things beyond the first ones, of which the scheme takes no notice.
    pub beyond: usize,
    pub costly: usize,
}

pub fn listed(list: &Listed) -> String {
    let mut reason = format!("{} of {} found", list.found, list.asked);
    if !list.notes.is_empty() {
        reason.push_str(&format!(": {}", list.notes.join("; ")));
    }
    reason.push('.');
    if list.beyond > 0 {
        reason.push_str(&format!(" You gave {}; only the first {} count.", list.asked + list.beyond, list.asked));
    }
    if list.costly > 0 {
        reason.push_str(&format!(" {} wrong, which takes marks away.", list.costly));
    }
    if list.found < list.asked && !list.missing.is_empty() {
        let more = match (list.any, list.found) {
            (true, 0) => format!("Any {} of these would be right", list.asked),
            (true, _) => "Also right".to_owned(),
            (false, _) => "Missing".to_owned(),
        };
        reason.push_str(&format!(" {more}: {}.", list.missing.join("; ")));
    }
    reason
}

/// Points of a longer answer: what the words seem to say, for the pupil and the teacher to decide.
pub fn suggested(found: &[&str], missing: &[&str], asked: usize, any: bool) -> String {
    let mut reason = format!("It seems that you said {} of {asked}", found.len().min(asked));
    if !found.is_empty() {
        reason.push_str(&format!(": {}", found.join("; ")));
    }
    reason.push('.');
    if found.len() < asked && !missing.is_empty() {
        let more = if any { format!("Any {asked} count. Did you say") } else { "Did you say".to_owned() };
        reason.push_str(&format!(" {more}: {}?", missing.join("; ")));
    }
    reason
}

/// Points found in the sentences of a short answer.
pub fn sentences(found: &[&str], missing: &[&str], right: f64, asked: f64) -> String {
    let mut reason = format!("{right} of {asked} found");
    if !found.is_empty() {
        reason.push_str(&format!(": {}", found.join("; ")));
    }
    reason.push('.');
    if right < asked && !missing.is_empty() {
        reason.push_str(&format!(" Not found: {}.", missing.join("; ")));
    }
    reason
}

pub fn blanks(right: usize, asked: usize, others: &[String]) -> String {
    if others.is_empty() {
        "Every blank is right.".into()
    } else {
        format!("{right} of {asked} blanks right. The others: {}.", others.join("; "))
    }
}

pub fn pairs(right: usize, asked: usize, missing: &[String], twice: bool, none_given: bool) -> String {
    if right == asked {
        return "Every one is in its place.".into();
    }
    if none_given {
        return format!(
            "No pairs were found in your answer. Write them such as 1-C; 2-A. Right would be {}.",
            missing.join(", ")
        );
    }
    let twice = if twice { " Something that is matched twice does not count." } else { "" };
    format!("{right} of {asked} right.{twice} Right would be {}.", missing.join(", "))
}

pub fn order(right: usize, asked: usize, in_parts: bool, key: &str) -> String {
    if right == asked {
        "The order is right.".into()
    } else if in_parts {
        format!("{right} of {asked} follow one another in the right order. The right order is {key}.")
    } else {
        format!("The order is not right. It is {key}.")
    }
}
