//! What an answer earns: pure code, question and answer to marks and a reason that a pupil understands.
//!
//! Conventions where marking schemes differ (docs/marking.md of the program has examples):
//! - Values: a number is right exactly, within the tolerance of its key, or where the coarser of the two is the finer rounded:
//!   the answer to three figures at least, a key that is no whole number to two. Not where the exact value is asked for.
//! - Letters: what is calculated with is neither a unit nor a word, and its signs count.
//! - Units: a missing or a wrong unit costs half, unless the key's note says otherwise or the question names the unit. A key
//!   without a unit asks for none. Per cent and degrees may be left out.
//! - Form: an equal value in a form that the question does not ask for earns nothing; one that is not rounded as asked, half.
//! - Lists: each point once; more wrong ones cost nothing unless the key's note says so, or all numbers of a set are asked for.
//! - Choices: each wrong option takes away what a right one gives; order: by the longest common subsequence from two marks on.
//! - Marks come in halves and are never rounded up. The mark of a longer text is a suggestion for a person.

use exam_model::answer::{Answer, Certainty, Marked, Verdict};
use exam_model::question::{Key, Kind, Question};
use serde::{Deserialize, Serialize};

pub use algebra::typeset::typeset;
use key::Points;
pub use letters::folded;
use memo::{Memo, kept};
pub use reason::not_reached;
use reason::{Judgement, Note};
use rule::Asked;

mod algebra;
mod choice;
mod demands;
mod formula;
mod interval;
pub mod json_case;
pub mod key;
mod letters;
mod lexicon;
mod list;
mod logic;
mod meaning;
mod memo;
mod nonsense;
mod number;
mod numeral;
mod pairs;
mod quantity;
mod reaction;
mod reason;
mod rule;
mod spelling;
mod spreadsheet;
mod text;
mod time;
mod tuple;
mod unit;

/// Right points out of those asked for, before they become marks.
struct Share {
    right: f64,
    asked: f64,
    certainty: Certainty,
    reason: String,
}

impl Share {
    fn all(right: bool, reason: String) -> Self {
        Self { right: if right { 1.0 } else { 0.0 }, asked: 1.0, certainty: Certainty::Exact, reason }
    }
}

/// Whether an answer says nothing of what its writer thinks: it is blank, signs alone, letters that make no words, or says that
/// the answer is not known.
///
/// ```
/// # use exam_marking::says_nothing;
/// # use exam_model::answer::Answer;
/// let nothing = |answer: &str| says_nothing(&Answer(vec![answer.into()]));
/// assert!(nothing(" ") && nothing("I am not sure") && !nothing("0"));
/// ```
pub fn says_nothing(answer: &Answer) -> bool {
    answer.is_blank() || nonsense::is(answer)
}

/// One point of a scheme, beside an answer to a longer question: for the pupil or a teacher to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFound {
    /// As the scheme prints it.
    pub words: String,
    /// What the words of the answer suggest.
    pub said: bool,
}

/// The points of the scheme with what an answer seems to say of them.
///
/// ```
/// # use exam_marking::points;
/// # use exam_model::answer::Answer;
/// # use exam_model::question::{Key, KeySource, Kind, Question};
/// let key = Key { options: vec![], text: "it floats; it is less dense".into(), source: KeySource::Person };
/// let question = Question { kind: Kind::Long, key: Some(key), ..Question::default() };
/// let found = points(&question, &Answer(vec!["The ice floats.".into()]));
/// assert_eq!(found.iter().map(|point| point.said).collect::<Vec<_>>(), [true, false]);
/// ```
pub fn points(question: &Question, answer: &Answer) -> Vec<PointFound> {
    let Some(key) = &question.key else { return Vec::new() };
    let points = key::parse_for(&key.text, question.marks.unwrap_or(1.0));
    let asked = Asked::new(&question.text, 1.0, points.notes);
    let (_, found) = list::suggest(&points, answer, &asked, &meaning::known(&question.text));
    points.all.iter().zip(found).map(|(point, said)| PointFound { words: point.shown().to_owned(), said }).collect()
}

/// Marks an item that stands under nothing, see [`mark_under`].
///
/// ```
/// use exam_marking::mark;
/// use exam_model::answer::{Answer, Verdict};
/// use exam_model::question::{Key, KeySource, Kind, Question};
///
/// let key = Key { options: vec![], text: "0.5 m".into(), source: KeySource::Person };
/// let question = Question { kind: Kind::Numeric, key: Some(key), marks: Some(2.0), ..Question::default() };
///
/// let marked = mark(&question, &Answer(vec!["50 cm".into()]));
/// assert_eq!((marked.marks, marked.verdict), (2.0, Verdict::Right));
/// let marked = mark(&question, &Answer(vec!["0.5".into()]));
/// assert_eq!((marked.marks, marked.verdict), (1.0, Verdict::Partly));
/// assert!(!marked.is_provisional());
/// ```
pub fn mark(question: &Question, answer: &Answer) -> Marked {
    mark_under(&[], question, answer)
}

/// Marks an item under the stems of the questions that it is a part of, the outermost first: "Give each answer to 2 decimal
/// places" is asked of all parts, and "Simplify:" of those that ask nothing themselves.
///
/// ```
/// use exam_marking::mark_under;
/// use exam_model::answer::Answer;
/// use exam_model::question::{Key, KeySource, Kind, Question};
///
/// let key = Key { options: vec![], text: "3/4".into(), source: KeySource::Person };
/// let part = Question { kind: Kind::Numeric, text: "3/8 + 3/8".into(), key: Some(key), ..Question::default() };
/// let marks = |stem, answer: &str| mark_under(&[stem], &part, &Answer(vec![answer.into()])).marks;
///
/// assert_eq!(marks("Work out.", "6/8"), 1.0);
/// assert_eq!(marks("Work out, giving each answer in its simplest form.", "6/8"), 0.0);
/// ```
pub fn mark_under(stems: &[&str], question: &Question, answer: &Answer) -> Marked {
    let of = question.out_of();
    let nothing = |verdict, reason| Marked { marks: 0.0, of, verdict, certainty: Certainty::Exact, reason };
    let unmarked = |reason| Marked { certainty: Certainty::Near, ..nothing(Verdict::Unmarked, reason) };
    if question.taken_out {
        return nothing(Verdict::Unmarked, reason::taken_out());
    }
    // Words that are written in place of a drawing are marked by the key, if there is one.
    let drawn = answer.0.iter().any(|said| said == exam_model::drawing::ON_PAPER) || question.key.is_none();
    if question.asks_for_a_drawing() && !answer.is_blank() && drawn {
        return unmarked(reason::on_paper());
    }
    let Some(key) = &question.key else { return unmarked(reason::no_key()) };
    if answer.is_blank() {
        return nothing(Verdict::Blank, reason::blank());
    }
    if key.options.is_empty() && key::describes_levels(&key.text) {
        return unmarked(reason::marked_by_levels());
    }
    if question.kind == Kind::Numeric && key::is_no_number(&key.text) {
        return unmarked(reason::key_is_no_number());
    }
    let above = if stems.is_empty() { String::new() } else { demands::bearing(stems, &question.text) };
    match as_one_text(&above, question, key, answer) {
        Some(text) => kept(&MARKED, &text, |_| worked_out(&above, question, key, answer)),
        None => worked_out(&above, question, key, answer),
    }
}

thread_local! {
    /// Many pupils give the same answer.
    static MARKED: Memo<Marked> = Memo::default();
}

/// All that the mark depends on, where the question has no options.
fn as_one_text(above: &str, question: &Question, key: &Key, answer: &Answer) -> Option<String> {
    let plain = question.options.is_empty() && key.options.is_empty() && question.choose.is_none();
    plain.then(|| {
        let marks = question.marks.unwrap_or_default().to_bits();
        let pieces: usize = answer.0.iter().map(|piece| piece.len() + 1).sum();
        let mut text = String::with_capacity(above.len() + question.text.len() + key.text.len() + pieces + 16);
        text.push(char::from(question.kind as u8));
        // Each byte as one character, so that no two numbers are written alike.
        text.extend(marks.to_le_bytes().map(char::from));
        for part in [above, &question.text, &key.text].into_iter().chain(answer.0.iter().map(String::as_str)) {
            text.push('\u{1e}');
            text.push_str(part);
        }
        text
    })
}

fn worked_out(above: &str, question: &Question, key: &Key, answer: &Answer) -> Marked {
    let of = question.out_of();
    let mut share = by_kind(above, question, key, answer, of);
    if share.right == 0.0 && nonsense::is(answer) {
        share.certainty = Certainty::Exact;
    } else if share.certainty == Certainty::Near {
        share.reason.push_str(reason::provisional());
    }
    let whole = share.right >= share.asked - 1e-9;
    // Halves only, and never rounded up.
    let marks = if whole { of } else { (of * share.right / share.asked * 2.0 + 1e-9).floor() / 2.0 };
    let verdict = match marks {
        _ if whole => Verdict::Right,
        0.0 => Verdict::Wrong,
        _ => Verdict::Partly,
    };
    Marked { marks, of, verdict, certainty: share.certainty, reason: share.reason }
}

/// An answer as the earlier system marked it: right or wrong, for one mark; `None`: not at all.
pub fn marked_before(right: Option<bool>, answer: &Answer) -> Marked {
    let verdict = match right {
        Some(true) => Verdict::Right,
        _ if answer.is_blank() => Verdict::Blank,
        Some(false) => Verdict::Wrong,
        None => Verdict::Unmarked,
    };
    let marks = if verdict == Verdict::Right { 1.0 } else { 0.0 };
    Marked { marks, of: 1.0, verdict, certainty: Certainty::Exact, reason: reason::before(verdict) }
}

fn by_kind(above: &str, question: &Question, key: &Key, answer: &Answer, of: f64) -> Share {
    let asked_for = |text| pairs::asked_for(question.kind, text, &key.text);
    match asked_for(&question.text).or_else(|| asked_for(above)).unwrap_or(question.kind) {
        Kind::Single | Kind::TrueFalse if !key.options.is_empty() => return choice::one(question, key, answer),
        Kind::Multiple if !key.options.is_empty() => {
            let (_, notes) = rule::Notes::take(&key.text);
            return choice::several(question, key, answer, &notes, of);
        }
        Kind::Match | Kind::Classify => return pairs::matched(key, answer, &question.text),
        Kind::Order => return pairs::ordered(key, answer, of, &question.text),
        _ => {}
    }
    let mut points = key::parse_for(&key.text, of);
    let mut asked = Asked::under(above, &question.text, of, points.notes);
    if points.any == Some(key::AS_ASKED) {
        points = Points { any: Some(asked.listed().unwrap_or(1)), ..points.by_commas().into_owned() }.into();
    }
    // "State one effect", for one mark: what the scheme has beside it is another.
    let is_one = of <= 1.0 && asked.listed() == Some(1) && !asked.lists_more();
    if points.any.is_none() && points.all.len() > 1 && is_one && !points.is_method {
        points = Points { any: Some(1), ..Points::clone(&points) }.into();
    }
    let of_list = if asked.listed() == Some(1) { key::any_of_list(&key.text) } else { None };
    let is_list = of_list.is_some();
    points = of_list.map_or(points, Into::into);
    asked.some = points.any.is_some() || question.kind == Kind::List;
    let both = of >= 2.0 && asked.has(&["two ", "both "]);
    let points = if both { Points::clone(&points).by_and(question.kind == Kind::Numeric).into() } else { points };
    // `my, his`
    let words = |points: &Points| {
        points.all.len() == 2 && points.all.iter().all(|point| point.shown().bytes().all(|b| b.is_ascii_lowercase()))
    };
    let listed = if both { Some(points.by_commas().into_owned()).filter(words) } else { None };
    let points = listed.map_or(points, Into::into);
    let share = match if is_list { question.kind } else { question.marked_as() } {
        // A choice whose key names none of its options is compared as text.
        Kind::Single | Kind::Multiple | Kind::TrueFalse => {
            let words = choice::words(question, &answer.pieces());
            let words = words.rsplit(": ").next().unwrap_or_default().to_owned();
            short(question, &points, &Answer(vec![words]), &asked)
        }
        Kind::Cloze => list::blanks(&points.by_commas(), answer, &asked),
        Kind::Label => labels(key, &points, answer, &asked),
        Kind::List => {
            let points = points.by_commas();
            if points.any.is_none() && list::are_truths(&points) {
                return list::blanks(&points, answer, &asked);
            }
            let most = points.all.len().max(1);
            // "Name two gases", and the key has three.
            let alone = || !asked.lists_more() && points.all.iter().all(|point| point.marks.is_none());
            let listed = || asked.listed().filter(|n| *n > 1 && alone());
            let needed = points.any.or(question.choose.map(|n| n as usize)).or_else(listed);
            let needed = needed.unwrap_or(most).clamp(1, most);
            list::mark(&points, answer, needed, &asked, &meaning::known(&question.text))
        }
        Kind::Long => long(question, &points, answer, &asked),
        _ => short(question, &points, answer, &asked),
    };
    let share = if key.is_sentence() && !is_list { Share { certainty: Certainty::Near, ..share } } else { share };
    if asked.notes.all_or_nothing && share.right < share.asked {
        return Share { right: 0.0, reason: share.reason + &reason::all_or_nothing(), ..share };
    }
    share
}

/// The names of a figure's parts: in turn, or each with its letter.
fn labels(key: &Key, points: &Points, answer: &Answer, asked: &Asked) -> Share {
    let pairs = key::pairs(&key.text);
    let is_letter = |side: &str| side.chars().count() <= 3;
    let lettered = pairs.len() == points.all.len() && pairs.iter().all(|(a, b)| is_letter(a) != is_letter(b));
    if !lettered {
        return list::blanks(&points.by_commas(), answer, asked);
    }
    if !key::pairs(&answer.0.join("; ")).is_empty() {
        return pairs::matched(key, answer, asked.question);
    }
    let names = pairs.iter().map(|(a, b)| if is_letter(a) { b.as_str() } else { a.as_str() });
    list::blanks(&key::parse(&names.collect::<Vec<_>>().join("; ")), answer, asked)
}

/// One answer against the forms of the key; a key of several points asks for all of them.
fn short(question: &Question, points: &Points, answer: &Answer, asked: &Asked) -> Share {
    let text = answer.text();
    if let Some(share) = choice::corrected(points, &text, asked) {
        return share;
    }
    // `2, 8, 1` is one arrangement and no list.
    if let Some(key) = &question.key
        && key.text.starts_with(['1', '2'])
        && asked.has(&["electron"])
        && let Some(right) = key::are_shells_alike(&key.text, &text)
    {
        let note = if right { Note::Right } else { Note::Wrong };
        let judged = Judgement { share: f64::from(u8::from(right)), note };
        return Share::all(right, reason::of_point(&judged, &text, &key.text));
    }
    if points.all.len() == 1 || points.any == Some(1) {
        let best_of = |text: &str| points.all.iter().map(|point| judged(point, text, asked)).reduce(Judgement::better);
        let mut best = best_of(&text).unwrap_or(Judgement::wrong(Note::Unknown));
        // Where any one is enough, several right ones are no guess.
        if points.all.len() > 1 && !best.is_right() {
            let pieces = list::pieces(&answer.0, &|_| false);
            let each =
                pieces.iter().map(|piece| best_of(piece).filter(Judgement::is_right)).collect::<Option<Vec<_>>>();
            best = each.and_then(|each| each.into_iter().next_back()).unwrap_or(best);
        }
        if matches!(best.note, Note::Unknown | Note::Listed) && is_explained(points, &text, asked) {
            best = Judgement::right(Note::Alike);
        }
        let expected = points.all.iter().map(|point| point.shown()).collect::<Vec<_>>().join(" or ");
        let reason = reason::of_point(&best, &text, &expected);
        return Share { right: best.share, asked: 1.0, certainty: best.certainty(), reason };
    }
    if list::are_truths(points) {
        return list::blanks(points, answer, asked);
    }
    if points.is_method {
        return by_method(points, answer, asked);
    }
    let known = meaning::known(&question.text);
    let by_pieces = list::mark(points, answer, points.needed(), asked, &known);
    // Of a truth with its reason another reason may be right.
    let reasons = by_pieces.right == 0.0 && points.all.len() == 2 && text.split_whitespace().count() > 2;
    if reasons && text::truth(points.all[0].shown()).is_some() && text::said_truth(&text).is_none() {
        return Share { certainty: Certainty::Near, ..by_pieces };
    }
    // `x = 4; y = 3` and `2; 3` are no bags of words: each piece stands for a point.
    let values = |point: &key::Point| point.shown().contains(|c: char| c.is_ascii_digit() || c == '=');
    if by_pieces.right >= by_pieces.asked {
        return by_pieces;
    }
    // "(x − 2)(x − 3) = 0, so x = 2 or x = 3"
    if let Some((_, last)) = [" so ", "hence ", "therefore ", "∴", "⇒"]
        .iter()
        .find(|word| text.contains(**word))
        .and_then(|word| text.rsplit_once(word))
    {
        let by_last = list::mark(points, &Answer(vec![last.into()]), points.needed(), asked, &known);
        if by_last.right >= by_last.asked {
            return by_last;
        }
    }
    if points.all.iter().any(values) {
        return if list::by_values(points, &text) { list::all_said(points) } else { by_pieces };
    }
    let (by_words, found) = list::suggest(points, answer, asked, &known);
    if by_pieces.right >= by_words.right || points.all.iter().all(|point| !point.shown().trim().contains(' ')) {
        return by_pieces;
    }
    let names = |wanted| points.shown(&found, wanted);
    Share { reason: reason::sentences(&names(true), &names(false), by_words.right, by_words.asked), ..by_words }
}

/// Whether an answer may say one of the points in other words, for a person to decide.
fn may_be_said(points: &Points, text: &str, asked: &Asked) -> bool {
    let known = meaning::known(asked.question);
    let worded = |form: &String| !form.contains(['=', '+', '→', '^', '√', '≤', '≥']);
    let resembles = |form: &String| worded(form) && meaning::resembles(form, text, &known);
    let is_unknown = |point: &key::Point| {
        !matches!(judged(point, text, asked).note, Note::Wrong | Note::Denied | Note::Refused | Note::Turned)
    };
    !asked.asks_for_word_form()
        && !asked.has_gap()
        && points.all.iter().any(|point| point.forms.iter().any(resembles))
        && points.all.iter().all(is_unknown)
}

/// Whether the first clause of an answer is right, which another explains: "a queue, because the first job comes first".
fn is_explained(points: &Points, text: &str, asked: &Asked) -> bool {
    const EXPLAINS: [&str; 6] = [". ", " because ", " since ", " so that ", ", ", "; "];
    const CLAUSE: usize = 4;
    let is_right = |clause: &str| points.all.iter().any(|point| judged(point, clause, asked).is_right());
    let is_clause = |rest: &str| rest.split_whitespace().count() >= CLAUSE && !rest.contains(',');
    let guess = |rest: &str| rest.split(' ').any(|word| matches!(word, "or" | "ou" | "cyangwa" | "maybe"));
    let clauses = EXPLAINS.iter().filter_map(|sign| text.split_once(sign));
    // What calculates explains nothing.
    text.split_whitespace().nth(CLAUSE).is_some()
        && !asked.asks_for_word_form()
        && !text.contains(['=', '+', '×', '*', '^', '√'])
        && clauses.into_iter().any(|(first, rest)| is_clause(rest) && !guess(rest) && is_right(first))
}

/// The steps of a method: the right answer earns all of their marks, unless it is the way to it that is asked for.
fn by_method(points: &Points, answer: &Answer, asked: &Asked) -> Share {
    let text = answer.text();
    let last = points.all.last().map_or(Judgement::wrong(Note::Unknown), |last| judged(last, &text, asked));
    if last.is_right() && !asked.has(&["show ", "prove", "verify", "with working", "all working"]) {
        let expected = points.all.last().map_or("", key::Point::shown);
        let reason = reason::of_point(&last, &text, expected);
        return Share { right: 1.0, asked: 1.0, certainty: last.certainty(), reason };
    }
    let steps = Answer(list::chained(&text));
    let by_steps = list::mark(points, &steps, points.needed(), asked, &meaning::known(asked.question));
    // The value without its unit; `90/60` is a step.
    let is_value = text.contains('=') || !text.contains(['/', '÷', '×', '*', '+']);
    if last.is_right() || !is_value || last.share <= by_steps.right / by_steps.asked {
        return by_steps;
    }
    let reason = reason::of_point(&last, &text, points.all.last().map_or("", key::Point::shown));
    Share { right: last.share, asked: 1.0, certainty: last.certainty(), reason }
}

/// The points that an answer makes; what is asked for as a short answer may also be right as such.
fn long(question: &Question, points: &Points, answer: &Answer, asked: &Asked) -> Share {
    let suggested = list::suggest(points, answer, asked, &meaning::known(&question.text)).0;
    let strict = (question.kind == Kind::Short).then(|| short(question, points, answer, asked));
    let turned = points.all.iter().any(|point| text::turns_sentence(point.shown(), asked));
    let is_better = |strict: &Share| {
        turned || asked.asks_for_word_form() || strict.right / strict.asked > suggested.right / suggested.asked
    };
    let best = strict.filter(is_better).unwrap_or(suggested);
    // "the number of protons and neutrons" is another number.
    if points.all.len() == 1 && points.all[0].forms.iter().all(|form| meaning::adds_kin(form, &answer.text())) {
        let missing: Vec<&str> = vec![points.all[0].shown()];
        let reason = reason::suggested(&[], &missing, 1, false);
        return Share { right: 0.0, asked: 1.0, certainty: Certainty::Near, reason };
    }
    let is_sentence = question.key.as_ref().is_some_and(Key::is_sentence);
    let is_one = is_sentence && (points.all.len() == 1 || points.any == Some(1));
    if best.right == 0.0 && is_one && !turned && may_be_said(points, &answer.text(), asked) {
        let shown: Vec<&str> = points.all.iter().map(key::Point::shown).collect();
        let reason = reason::suggested(&shown[..1], &[], 1, points.any.is_some());
        return Share { right: 1.0, asked: 1.0, certainty: Certainty::Near, reason };
    }
    Share { certainty: Certainty::Near, ..best }
}

/// How far an answer is the only point of a key, in the form that the question asks for.
fn judged(point: &key::Point, answer: &str, asked: &Asked) -> Judgement {
    let judged = point.judge(answer, asked);
    if judged.share == 0.0 || asked.words.is_empty() && !asked.notes.simplest {
        return judged;
    }
    match algebra::objection(asked, point.shown(), answer) {
        Some((share, note)) if share < judged.share => Judgement { share, note },
        _ => judged,
    }
}

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
