//! The notation of marking schemes: points, their forms, "any two of", notes.

use std::borrow::Cow;
use std::rc::Rc;

use notation::{ALLOWING, IGNORED, NAMED, Piece, Place, REFUSED, bare, is_remark, within_phrase};
pub use parts::{pairs, sequence};
pub use printed::describes_levels;
use printed::{divided_by_marks, is_award, without_award, without_guidance, without_most};

use crate::algebra::expression::Expression;
use crate::demands::Wish;
use crate::letters::{folded, lead, put, split_outside, tidy};
use crate::lexicon::vocabulary;
use crate::memo::{Memo, kept};
use crate::reason::{Judgement, Note};
use crate::rule::{Asked, Notes, UnitCost};
use crate::{
    algebra, formula, interval, list, logic, meaning, numeral, quantity, reaction, spreadsheet, text, time, tuple, unit,
};

mod notation;
mod parts;
mod printed;

/// The points of a key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Points {
    pub all: Vec<Point>,
    /// So many of them are enough.
    pub any: Option<usize>,
    pub notes: Notes,
    /// They are the steps of a method, of which the last is the answer.
    pub is_method: bool,
}

impl Points {
    /// The points that were found, or those that were not, as shown to people.
    pub fn shown(&self, found: &[bool], wanted: bool) -> Vec<&str> {
        self.all.iter().zip(found).filter(|(_, is)| **is == wanted).map(|(point, _)| point.shown()).collect()
    }

    /// How many points earn all the marks.
    pub fn needed(&self) -> usize {
        self.any.unwrap_or(self.all.len()).clamp(1, self.all.len().max(1))
    }

    /// The marks of all points: of more than the item is out of, where each has its own, so many as it is.
    pub fn worth(&self, of: f64) -> f64 {
        let sum: f64 = self.all.iter().map(|point| point.marks.unwrap_or(1.0)).sum();
        if self.all.iter().all(|point| point.marks.is_some()) { sum.min(of) } else { sum }
    }

    /// `Area = ½ × 6 × 8`: of a step in numbers the name may be left out.
    fn leave_out_names(&mut self) {
        for point in &mut self.all {
            let step = point.shown().split_once('=').map(|(_, step)| step.trim().to_owned());
            let in_numbers = |step: &String| is_worked(step) && !step.contains(char::is_alphabetic);
            if let Some(step) = step.filter(in_numbers) {
                point.add(&step);
            }
        }
    }

    /// `north pole; south pole`: what all of them are need not be said.
    fn leave_out_kind(&mut self) {
        let kind = |point: &Point| point.shown().rsplit_once(' ').map(|(_, kind)| kind.to_owned());
        let Some(first) = self.all.first().and_then(kind) else { return };
        let words = |text: &str| text.chars().all(|c| c.is_alphabetic() || c == ' ') && text.split(' ').count() == 2;
        let named = |point: &Point| kind(point).as_ref() == Some(&first) && words(point.shown());
        if self.all.len() > 1 && self.all.iter().all(named) {
            for point in &mut self.all {
                let name = point.shown().split(' ').next().unwrap_or_default().to_owned();
                point.add(&name);
            }
        }
    }

    /// `heat, light, sound` as three points, where nothing else divides them.
    pub fn by_commas(&self) -> Cow<'_, Self> {
        match &self.all[..] {
            [one] if one.forms.len() == 1 && one.forms[0].contains(", ") => {
                let parts = split_outside(&one.forms[0], &[',']);
                let and = parts.iter().flat_map(|part| part.split(" and ")).map(str::trim);
                let and = and.filter(|part| !is_aside_alone(part));
                let all = and.map(Point::parse).collect();
                Cow::Owned(Self { all, any: self.any, notes: self.notes, is_method: self.is_method })
            }
            _ => Cow::Borrowed(self),
        }
    }
}

impl Points {
    /// `carbon dioxide and water` as two points, but not `2 hours and 30 minutes`; with `numbers`, no others.
    pub fn by_and(self, numbers: bool) -> Self {
        match &self.all[..] {
            [one]
                if one.forms.len() == 1
                    && let Some((first, second)) = one.forms[0].split_once(" and ")
                    && !second.contains(" and ")
                    && !quantity::is_amount(&one.forms[0])
                    && (!numbers || quantity::is_number(first) && quantity::is_number(second)) =>
            {
                Self { all: vec![Point::parse(first), Point::parse(second)], ..self }
            }
            _ => self,
        }
    }
}

/// `mouse, keyboard or display`: points of which any one is enough where one is asked for.
pub fn any_of_list(key: &str) -> Option<Points> {
    let (first, last) = key.rsplit_once(" or ").filter(|(first, _)| first.contains(", "))?;
    let parts = first.split(", ").chain([last]).map(|part| part.trim_matches([',', ' ', '.']));
    let all: Vec<Point> = parts.filter(|part| !part.is_empty()).map(Point::parse).collect();
    let short = all.len() > 2 && all.iter().all(|point| point.shown().split(' ').count() < 6);
    (short && !key.contains([';', '/', '\n', '('])).then(|| Points { all, any: Some(1), ..Points::default() })
}

/// One point: the forms in which it may be given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    pub forms: Vec<String>,
    /// What the scheme says is wrong: `(not weight)`.
    pub refused: Vec<String>,
    /// What the scheme says earns nothing and costs nothing: `(ignore gas)`.
    ignored: Vec<String>,
    /// As the scheme prints them behind it: `(2)`, `[1 mark]`.
    pub marks: Option<f64>,
    /// It has a code of method marks.
    is_coded: bool,
}

impl Point {
    fn parse(text: &str) -> Self {
        Self::with_code(text, false)
    }

    /// With a code of method marks, which may be bare.
    fn with_code(text: &str, bare: bool) -> Self {
        let code = coded(text.trim(), bare);
        let (text, marks) = code.map_or_else(|| weighed(text.trim()), |(text, marks)| (text, Some(marks)));
        // `Let the number be x: 2x + 7 = 31`
        let defined = text.split_once(": ").filter(|(letter, _)| code.is_some() && letter.starts_with("Let "));
        let text = defined.map_or(text, |(_, step)| step.trim());
        let mut point = Self { marks, is_coded: code.is_some(), ..Self::default() };
        let rest = point.take_brackets(text);
        let parts = divided(&rest);
        match within_phrase(&parts) {
            Some(whole) => whole.iter().for_each(|form| point.add(form)),
            None => parts.into_iter().for_each(|form| point.add(form)),
        }
        // `catalyst alumina / silica`: what all of them are.
        if point.forms.len() > 1
            && let Some((head, name)) = point.forms[0].split_once(' ')
            && HEADS.contains(&head)
        {
            let name = name.to_owned();
            point.add(&name);
        }
        // `B) Kigali`
        if let [one] = &point.forms[..]
            && let Some((letter, name)) = one.split_once(") ")
            && letter.len() == 1
            && letter.starts_with(|c: char| c.is_ascii_uppercase())
        {
            let (letter, name) = (letter.to_owned(), name.to_owned());
            point.forms = vec![name, letter];
        }
        point.share_head();
        let foreign: Vec<String> = point.forms.iter().filter_map(|form| foreign_name(form)).flatten().collect();
        point.forms.extend(foreign);
        let without: Vec<String> = point.forms.iter().filter_map(|form| without_brackets(form)).collect();
        let short: Vec<String> = point.forms.iter().filter_map(|form| name_and_symbol(form)).flatten().collect();
        point.forms.extend(without);
        point.forms.extend(short);
        point
    }

    /// `divergent / constructive boundary`: what the last form names as its kind is that of single words before it, too.
    fn share_head(&mut self) {
        let Some((_, head)) = self.forms.last().and_then(|last| last.split_once(' ')) else { return };
        let head = head.to_owned();
        let (others, _) = self.forms.split_at(self.forms.len() - 1);
        let is_word = |text: &str| text.len() > 3 && text.bytes().all(|b| b.is_ascii_lowercase());
        if !others.is_empty() && is_word(&head) && others.iter().all(|form| is_word(form)) {
            let whole: Vec<String> = others.iter().map(|form| format!("{form} {head}")).collect();
            whole.iter().for_each(|form| self.add(form));
        }
    }

    fn add(&mut self, form: &str) {
        let form = bare(form.trim().trim_matches(','));
        // `heat / any other valid answer`
        if !self.forms.is_empty() && is_remark(form) {
            return;
        }
        // `(−) 0.8`: its sign may be left out; not that of `(+) terminal`.
        let signed = ["(−)", "(-)", "(+)"]
            .iter()
            .find_map(|sign| Some((&sign[1..sign.len() - 1], form.strip_prefix(sign)?.trim_start())))
            .filter(|(_, value)| value.starts_with(|c: char| c.is_ascii_digit()));
        if let Some((sign, value)) = signed {
            let value = value.to_owned();
            self.add(&value);
            self.add(&format!("{sign}{value}"));
            return;
        }
        let form = lead(form, ALLOWING).map_or(form, |lead| &form[lead.len()..]).trim();
        if !form.is_empty() && !self.forms.iter().any(|known| known == form) {
            self.forms.push(form.to_owned());
        }
    }

    /// Adds a form, and those that its brackets name.
    fn add_with_brackets(&mut self, form: &str) {
        for form in Self::parse(form).forms {
            self.add(&form);
        }
    }

    /// Takes `(accept …)`, `(or …)` and `(not …)` out of a text.
    fn take_brackets(&mut self, text: &str) -> String {
        let mut rest = text.to_owned();
        for (open, close) in [('(', ')'), ('[', ']')] {
            let mut from = 0;
            while let Some(at) = rest[from..].find(open).map(|n| from + n) {
                let Some(end) = rest[at..].find(close).map(|n| at + n) else { break };
                let inside = rest[at + 1..end].trim().to_owned();
                if !self.take_notes(&inside, &rest, (at, end)) {
                    from = end + 1;
                    continue;
                }
                rest.replace_range(at..=end, "");
            }
        }
        rest.trim().to_owned()
    }

    /// Takes what stands in brackets at a place of a text: `accept …`, `or …`, `not …`, `accept: …; do not accept: …`; whether
    /// all of it was such.
    fn take_notes(&mut self, inside: &str, text: &str, (at, end): (usize, usize)) -> bool {
        if is_remark(inside) {
            return true;
        }
        let after = |note: &'_ str, leads: &[&str]| lead(note, leads).map(|lead| note[lead.len()..].trim().to_owned());
        let noted = |note: &&str| [REFUSED, IGNORED, NAMED].iter().any(|leads| lead(note, leads).is_some());
        let notes: Vec<&str> = inside.split(';').map(str::trim).collect();
        // `(accept 6.02; 6.022)`: what follows is accepted, too.
        if !notes.first().is_some_and(noted) || !notes[1..].iter().all(|note| noted(note) || is_value(note)) {
            return false;
        }
        let mut refuses = false;
        for note in notes {
            if let Some(said) = after(note, IGNORED) {
                self.ignored.extend(forms_of(&said));
                continue;
            }
            let wrong = after(note, REFUSED);
            // `(not 6.9; 7.1)`: a value without words before it is like the note before.
            refuses = wrong.is_some() || refuses && after(note, NAMED).is_none();
            if refuses {
                let wrong = wrong.unwrap_or_else(|| note.to_owned());
                self.refused.extend(forms_of(&wrong));
                continue;
            }
            // The main form comes first.
            if self.forms.is_empty() {
                let main = format!("{}{}", &text[..at], &text[end + 1..]);
                divided(main.trim()).into_iter().for_each(|part| self.add(part));
            }
            let form = after(note, NAMED).unwrap_or_else(|| note.to_owned());
            if form.starts_with('±') {
                return false;
            }
            divided(&form).into_iter().for_each(|part| self.add(part));
        }
        true
    }

    /// Takes the unit that a scheme gives marks of its own behind a number: `24 (1) cm² (1)`.
    fn take_unit(&mut self, piece: &str) -> bool {
        let ((unit, marks), number) = (weighed(piece), self.shown());
        let is_unit = marks.is_some()
            && self.marks.is_some()
            && number.ends_with(|c: char| c.is_ascii_digit())
            && quantity::is_number(number)
            && unit::parse(&tidy(unit)).is_some();
        if is_unit {
            self.forms = vec![format!("{number} {unit}")];
            self.marks = self.marks.zip(marks).map(|(own, more)| own + more);
        }
        is_unit
    }

    /// As a pupil may be shown it.
    pub fn shown(&self) -> &str {
        self.forms.first().map_or("", String::as_str)
    }

    /// What it is the value of: the `x` of `x = 4`.
    pub fn name(&self) -> Option<&str> {
        self.forms.first()?.split_once('=').map(|(name, _)| name.trim())
    }

    /// How far an answer is this point.
    pub fn judge(&self, answer: &str, asked: &Asked) -> Judgement {
        let answer = &*self.with_and(answer.trim());
        if self.forms.iter().any(|form| form == answer) {
            return Judgement::right(Note::Right);
        }
        if self.refuses(answer) || self.ignored.iter().any(|said| text::same(said, answer)) {
            return Judgement::wrong(Note::Refused);
        }
        if self.is_behind_other(answer) {
            return Judgement::wrong(Note::Wrong);
        }
        let mut best = Judgement::wrong(Note::Unknown);
        for form in &self.forms {
            let mut judged = judge_form(form, answer, asked);
            // `co2` where its name would do.
            if judged.note == Note::Capitals
                && !answer.contains(char::is_uppercase)
                && !asked.wishes(Wish::Formula)
                && self.forms.iter().any(|form| is_in_small_letters(form))
            {
                judged = Judgement::right(Note::OtherForm);
            }
            // `10 p.m.` is not 10:00 because the key has `10:00 a.m. / 10:00`.
            let is_other_rate =
                || !judged.is_right() && quantity::is_other_rate(self.forms.iter().map(String::as_str), answer);
            if self.forms.len() > 1 && (time::is_other_half(form, answer) || is_other_rate()) {
                return Judgement::wrong(Note::Wrong);
            }
            // A rounded form beside it does not excuse a fraction that is not in its lowest terms.
            if judged.note == Note::NotSimplest && judged.share == 0.0 && quantity::is_number(form) {
                return judged;
            }
            best = best.better(judged);
            if best.is_right() && best.note != Note::Alike {
                return best;
            }
        }
        if best.note == Note::Alike && self.forms.iter().any(|form| text::is_other_person(form, answer, asked)) {
            return Judgement::wrong(Note::Wrong);
        }
        if best.is_right() {
            return best;
        }
        // `business person / entrepreneur` names it twice.
        let twice = |divider: &str| {
            let mut parts = answer.split(divider).map(str::trim);
            answer.contains(divider) && parts.all(|part| !part.is_empty() && self.judge(part, asked).is_right())
        };
        let divided = answer.contains(['/', '=']) || answer.split(' ').any(|word| word == "or");
        if divided && answer.len() < 80 && [" / ", " or ", " = "].into_iter().any(twice) && !is_value(self.shown()) {
            return Judgement::right(Note::OtherForm);
        }
        // `Pascal (Pa)` says it twice.
        if let Some((first, second)) = answer.strip_suffix(')').and_then(|answer| answer.split_once(" ("))
            && !first.is_empty()
            && !second.contains('(')
            // `5 - (5)` and `x (x)` calculate.
            && answer.contains(char::is_alphabetic)
            && Expression::of_symbols(&tidy(answer)).is_none()
            && self.judge(first, asked).is_right()
            && (self.judge(second, asked).is_right() || is_glossed(first, second))
        {
            return Judgement::right(Note::OtherForm);
        }
        best
    }

    /// `neutrons and protons` of `neutrons + protons`, where "and" joins words of the key.
    fn with_and<'a>(&self, answer: &'a str) -> Cow<'a, str> {
        let is_worded = |text: &str| text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '+' | '-'));
        let joined = |form: &String| form.contains(" and ") && is_worded(form) && !form.contains('+');
        match answer.contains('+') && answer.len() > 7 && is_worded(answer) && self.forms.iter().any(joined) {
            true => answer.split('+').map(str::trim).collect::<Vec<_>>().join(" and ").into(),
            false => answer.into(),
        }
    }

    /// Whether the scheme says that an answer, or one of the things that it names, is wrong.
    fn refuses(&self, answer: &str) -> bool {
        const DIVIDES: [&str; 7] = [" and ", " or ", " & ", ", ", " / ", "/", ";"];
        let is_wrong = |said: &str| self.refused.iter().any(|wrong| text::in_words(wrong, said).is_right());
        !self.refused.is_empty()
            && (is_wrong(answer)
                || DIVIDES
                    .iter()
                    .any(|sign| answer.contains(sign) && answer.split(sign).any(|said| is_wrong(said.trim()))))
    }

    /// Whether an answer names another thing of the class before brackets: `gold (cassiterite)`.
    fn is_behind_other(&self, answer: &str) -> bool {
        let name = answer.strip_suffix(')').and_then(|answer| answer.split_once(" (")).map(|(name, _)| name);
        name.is_some_and(|name| self.forms.iter().any(|form| meaning::are_of_one_class(form, name)))
    }

    /// How far a thing in a list is this point: with its words, or with most of them and few others.
    pub fn named(&self, piece: &str, asked: &Asked, known: &[String]) -> Judgement {
        if self.forms.first().is_some_and(|form| is_of_other_label(form, piece)) {
            return Judgement::wrong(Note::Wrong);
        }
        let judged = self.judge(piece, asked);
        if judged.share > 0.0 || matches!(judged.note, Note::Refused | Note::Denied) || self.is_behind_other(piece) {
            return judged;
        }
        if let Some(judged) = self.forms.first().and_then(|form| as_pair(form, piece, asked)) {
            return judged;
        }
        // `tin ore (cassiterite)`
        let gloss = piece.strip_suffix(')').and_then(|piece| piece.split_once(" (")).map(|(_, gloss)| gloss);
        if let Some(gloss) = gloss.filter(|gloss| gloss.len() > 2 && !gloss.contains('('))
            && self.judge(gloss, asked).is_right()
            && !is_value(self.shown())
        {
            return Judgement::right(Note::Alike);
        }
        let guess = [" or ", " ou ", " cyangwa "].iter().any(|or| piece.contains(or));
        let named = |form: &String| !is_value(form) && meaning::names(form, piece, known);
        if !guess && self.forms.iter().any(named) { Judgement::right(Note::Alike) } else { judged }
    }

    /// Most of the words of a form stand together in the answer.
    pub fn stands_in(&self, answer: &str, asked: &Asked, known: &[String]) -> bool {
        let refused = self.refused.iter().any(|wrong| meaning::stands_in(wrong, answer, known));
        !refused
            && self.forms.iter().any(|form| {
                if !is_value(form) {
                    return meaning::stands_in(form, answer, known);
                }
                judge_form(form, answer, asked).is_right()
                    || answer.split([',', ';', '\n']).any(|piece| judge_form(form, piece.trim(), asked).is_right())
            })
    }
}

/// Whether `B = mitochondrion` has another label than `A – mitochondrion`.
fn is_of_other_label(form: &str, piece: &str) -> bool {
    let label = |text: &'_ str| -> Option<char> {
        let mut letters = text.trim().chars();
        let letter = letters.next().filter(char::is_ascii_uppercase)?;
        let rest = letters.as_str();
        let bare = rest.trim_start();
        let divided = bare.starts_with([':', '=', '–', '→', ')']) || rest.starts_with(" - ") || bare.starts_with("is ");
        // `F = ma` is a formula.
        (divided && bare.split(' ').any(|word| word.len() > 3)).then_some(letter)
    };
    label(form).zip(label(piece)).is_some_and(|(wanted, given)| wanted != given)
}

/// How far `pressure = Pa` is the pair `pressure – pascal`: side by side; `None` where one of them is no pair.
fn as_pair(form: &str, piece: &str, asked: &Asked) -> Option<Judgement> {
    let divides = |text: &str| !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
    if !divides(form) || !divides(piece) {
        return None;
    }
    let pair = |text: &str| -> Option<(String, String)> {
        let (left, right) = [" – ", " - ", " → "].iter().find_map(|sign| text.split_once(sign))?;
        Some((left.trim().to_owned(), right.trim().to_owned()))
    };
    let (left, right) = pair(form).filter(|(left, _)| left.chars().all(|c| c.is_alphabetic() || c == ' '))?;
    let given = piece.split_once([':', '=']).map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()));
    let (one, other) = pair(piece).or(given)?;
    let is_left = |side: &str| text::in_words(&left, side).is_right();
    let said = if is_left(&one) {
        other
    } else if is_left(&other) {
        one
    } else {
        return None;
    };
    Some(as_unit(&right, &said).unwrap_or_else(|| judge_form(&right, &said, asked)))
}

/// Words in small letters.
fn is_in_small_letters(form: &str) -> bool {
    form.len() > 4 && form.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')
}

/// Numbers, formulae and symbols: no other words will do.
fn is_value(form: &str) -> bool {
    form.contains(|c: char| !c.is_alphabetic() && !matches!(c, ' ' | '-' | '\'' | ',' | '.' | '(' | ')'))
        && (quantity::is_number(form) || text::is_exact(form))
        || text::is_exact(form)
}

/// Whether a formula or symbol has its name behind it, or one that is not known: `CH4 (methane)`, `Na (natrium)`.
fn is_glossed(first: &str, gloss: &str) -> bool {
    formula::Formula::parse(first).is_some()
        && gloss.chars().all(char::is_alphabetic)
        && formula::names(first, gloss).unwrap_or(!formula::is_name(gloss))
}

/// `5 R 2`, `5 remainder 2`: what a division gives, and what it leaves.
fn remainder(text: &str) -> Option<(u64, u64)> {
    if !text.contains(['r', 'R']) || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].trim().to_lowercase();
    let after =
        ["remainder", "remaining", "rem.", "rem", "reste", "r."].iter().find_map(|word| rest.strip_prefix(word));
    let after = after.or_else(|| rest.strip_prefix('r'))?.trim_start_matches([' ', ':', '=']);
    Some((text[..digits].parse().ok()?, after.parse().ok()?))
}

/// Whether `both A and B` or `B, A` has the letters of `A and B`; `None` where one of them is no list of letters.
fn are_labels_alike(form: &str, answer: &str) -> Option<bool> {
    if form.as_bytes().get(1) != Some(&b' ') || ![" and ", " AND "].iter().any(|and| form.contains(and)) {
        return None;
    }
    let letters = |text: &str| {
        let text = text.to_uppercase();
        let words = text.split([' ', ',', ';', '.', '&']).filter(|word| !matches!(*word, "" | "AND" | "BOTH"));
        let mut letters = words
            .map(|word| Some(word).filter(|word| word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase())))
            .collect::<Option<Vec<_>>>()?;
        letters.sort_unstable();
        letters.dedup();
        Some(letters.join(""))
    };
    Some(letters(form)? == letters(answer)?)
}

/// Whether `u + mu + ntu` divides a word where `u-mu-ntu` does; `None` where one of them is no divided word, or not of
/// the other's letters.
fn are_divided_alike(form: &str, answer: &str, asked: &Asked) -> Option<bool> {
    const PARTS: &[&str] = &["uturemajambo", "morphem", "syllab", "imigemo", "divide the word", "parts of the word"];
    if !form.contains('-') || !asked.has(PARTS) {
        return None;
    }
    let parts = |text: &str| -> Option<Vec<String>> {
        let text = folded(text);
        let parts = text.split(['-', '+', '/', '|', '·', ',', ' ']).map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        parts.iter().all(|part| part.chars().all(char::is_alphabetic)).then_some(parts)
    };
    let (wanted, given) = (parts(form)?, parts(answer)?);
    (given.len() > 1 && wanted.concat() == given.concat()).then(|| wanted == given)
}

/// What an answer says to be equal to a number of the question: `quinze` of `15 = quinze`.
fn behind_own_number<'a>(form: &str, answer: &'a str, asked: &Asked) -> &'a str {
    // Most answers have no sign that divides.
    if answer.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ') {
        return answer;
    }
    // `bad - worse`
    let divided = [" - ", " – ", " → ", " = "].iter().find_map(|sign| answer.split_once(sign));
    if let Some((left, right)) = divided.filter(|(left, _)| left.len() > 2 && left.chars().all(char::is_alphabetic))
        && form.chars().all(char::is_alphabetic)
        && asked.question.contains(&format!("\"{left}\""))
    {
        return right.trim();
    }
    let Some((number, said)) = answer.split_once('=').filter(|_| !form.contains('=')) else { return answer };
    let number = number.trim();
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let stated = || asked.question.split(|c: char| !c.is_alphanumeric()).any(|word| word == number);
    if is_number && said.trim().chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-')) && stated() {
        said.trim()
    } else {
        answer
    }
}

/// Whether `from 1884 to 1885` has the years of `1884-1885`; `None` where one of them has no two years.
fn are_years_alike(form: &str, answer: &str) -> Option<bool> {
    let years = |text: &str| -> Option<Vec<u32>> {
        let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let years: Option<Vec<u32>> = runs.map(|run| run.parse().ok().filter(|_| run.len() == 4)).collect();
        years.filter(|years| years.len() == 2)
    };
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '−' | ' '));
    let wanted = plain(form).then(|| years(form)).flatten()?;
    const WORDS: [&str; 17] = [
        "from", "to", "between", "and", "until", "till", "in", "de", "à", "it", "started", "began", "ended", "lasted",
        "took", "place", "was",
    ];
    let words = |word: &str| WORDS.contains(&word);
    let said = answer.split_whitespace().all(|word| words(word) || plain(word) || time::is_month(word));
    let given = said.then(|| years(answer)).flatten()?;
    (wanted[0] < wanted[1] && (1000..2200).contains(&wanted[0])).then(|| wanted == given)
}

/// Whether `270° anticlockwise` turns as far as `90° clockwise`; `None` where one of them tells no angle with its direction.
fn are_turns_alike(form: &str, answer: &str) -> Option<bool> {
    if !form.contains("clockwise") {
        return None;
    }
    let turn = |text: &str| -> Option<i32> {
        let text = folded(text);
        let back = ["anticlockwise", "anti-clockwise", "anti clockwise", "counterclockwise", "counter clockwise"];
        let back = back.iter().any(|word| text.contains(word));
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        let angle = numbers.next()?.parse::<i32>().ok().filter(|angle| (1..360).contains(angle))?;
        let alone = numbers.next().is_none() && text.contains("clockwise");
        alone.then_some(if back { 360 - angle } else { angle })
    };
    Some(turn(form)? == turn(answer)?)
}

/// Digits that are a name and no amount, however they are grouped: `020-6921-4236`, `1111 0011 1100`.
fn are_digits_alike(form: &str, answer: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-'));
    if form.len() < 6 || !plain(form) || !plain(answer) || answer.trim_start().starts_with('-') {
        return false;
    }
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let key = digits(form);
    let binary = key.iter().all(|b| matches!(b, b'0' | b'1')) && !answer.contains('-');
    let dialled = key[0] == b'0' || form.matches('-').count() > 1;
    key.len() > 5 && (binary || dialled && key.len() > 6) && key == digits(answer)
}

/// What leaves a constant open.
const LEAVES_CONSTANT: &[&str] =
    &["integra", "antiderivative", "primitive", "∫", "differential equation", "equation differentielle"];

/// The letters that an expression or an equation calculates with: `x` and `c` of `sin x + c`.
fn letters_of(text: &str) -> Vec<String> {
    let sides: Option<Vec<_>> = text.split('=').map(Expression::parse).collect();
    sides.map_or_else(|| algebra::symbols_of(text), |sides| sides.iter().flat_map(Expression::letters).collect())
}

/// A text with another letter in the place of one, which stays in names such as `sin`.
fn renamed(text: &str, letter: &str, other: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_alphabetic) {
        let (before, from) = rest.split_at(at);
        let (run, after) = from.split_at(from.find(|c: char| !c.is_alphabetic()).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(&if Expression::parse(run).is_some_and(|run| run.letters().iter().any(|own| own == letter)) {
            run.replace(letter, other)
        } else {
            run.into()
        });
        rest = after;
    }
    out + rest
}

/// The letter of a key that is its constant, where the question leaves one open.
fn constant_of<'a>(symbols: &'a [String], asked: &Asked) -> Option<&'a str> {
    let is_constant = |symbol: &&String| matches!(&***symbol, "c" | "C" | "k" | "K" | "A" | "B");
    let mut found = symbols.iter().filter(is_constant);
    let one = found.next().filter(|_| found.next().is_none())?;
    let stated = asked.question.split(|c: char| !c.is_alphabetic()).any(|word| word == one);
    (asked.has(LEAVES_CONSTANT) && !stated).then_some(one)
}

/// `x²/2 + k` and `y = Ae^(3x)` with the constant of the key: any letter will do for what is left open.
fn with_constant<'a>(form: &str, answer: &'a str, asked: &Asked) -> Cow<'a, str> {
    if !asked.has(LEAVES_CONSTANT) {
        return answer.into();
    }
    // `x² + k, k constant`
    let answer = answer.split_once(',').filter(|(_, rest)| rest.contains("constant")).map_or(answer, |(sum, _)| sum);
    let (wanted, given) = (letters_of(form), letters_of(answer));
    let mut new = given.iter().filter(|symbol| !wanted.contains(symbol));
    let variable = |symbol: &str| matches!(symbol, "x" | "y" | "z" | "t");
    match (constant_of(&wanted, asked), new.next(), new.next()) {
        (Some(constant), Some(letter), None) if !given.iter().any(|other| other == constant) && !variable(letter) => {
            renamed(answer, letter, constant).into()
        }
        _ => answer.into(),
    }
}

/// Whether an answer is a sum of the key's but for the constant that it leaves out.
fn lacks_constant(form: &str, answer: &str, asked: &Asked) -> bool {
    let (wanted, given) = (letters_of(form), letters_of(answer));
    constant_of(&wanted, asked).is_some_and(|constant| {
        !given.iter().any(|other| other == constant)
            && algebra::accepts(form, &format!("{answer} + {constant}")) == Some(true)
    })
}

/// How far an answer is a form that is no number, formula or word: digits, keys of a keyboard, a truth table, a divided word,
/// labels, a remainder; `None` where it is none of these.
fn judge_notation(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    if are_digits_alike(form, answer) {
        return Some(Judgement::right(Note::Right));
    }
    let hexadecimal =
        || form.bytes().all(|b| b.is_ascii_hexdigit()) && asked.has(&["hexadecimal", "base sixteen", "base 16"]);
    if form.len() == answer.len() && form.eq_ignore_ascii_case(answer) && hexadecimal() {
        return Some(Judgement::right(Note::OtherForm));
    }
    let decided = |same: bool| if same { Judgement::right(Note::OtherForm) } else { Judgement::wrong(Note::Wrong) };
    let turns = || are_turns_alike(form, answer);
    if let Some(same) = are_years_alike(form, answer).or_else(|| text::are_keys_alike(form, answer)).or_else(turns) {
        return Some(decided(same));
    }
    if let Some(judged) = logic::judge(form, answer, asked).or_else(|| spreadsheet::judge(form, answer)) {
        return Some(judged);
    }
    let labels = || are_labels_alike(form, answer).filter(|_| !asked.ordered());
    if let Some(same) = are_divided_alike(form, answer, asked).or_else(labels) {
        return Some(decided(same));
    }
    let wanted = remainder(form)?;
    Some(match remainder(answer) {
        Some(given) if given == wanted => Judgement::right(Note::Right),
        Some(_) => Judgement::wrong(Note::Wrong),
        None => Judgement::wrong(Note::Unknown),
    })
}

/// How far an answer is this form: each way to read the form in turn, the strictest first.
fn judge_form(form: &str, answer: &str, asked: &Asked) -> Judgement {
    if let Some(judged) = judge_notation(form, answer, asked) {
        return judged;
    }
    // `15 = quinze`
    let answer = behind_own_number(form, answer, asked);
    // `× 400`, a magnification
    if let Some(times) = form.strip_prefix('×').map(str::trim_start).filter(|times| quantity::is_number(times)) {
        let bare = answer.trim().trim_start_matches(['×', 'x', 'X', '*']).trim_end_matches(['×', 'x', 'X']);
        let bare = bare.trim_end().strip_suffix("times").unwrap_or(bare);
        return judge_form(times, bare.trim(), asked);
    }
    if let Some(open) = with_unit(form) {
        let judged = judge_form(&open, answer, asked);
        if judged.note != Note::NoUnit {
            return judged;
        }
        // That costs nothing; what else is wrong still does.
        let notes = Notes { unit: Some(UnitCost::Nothing), ..asked.notes };
        let mut asked = asked.clone();
        asked.notes = notes;
        return judge_form(&open, answer, &asked);
    }
    let named = as_oxidation_number(form, answer, asked).or_else(|| as_charge(form, answer));
    let named = named.or_else(|| as_order_of_matrix(form, answer, asked)).or_else(|| as_nuclide(form, answer));
    if let Some(judged) = named {
        return judged;
    }
    if let Some(right) = are_electrons_alike(form, answer) {
        return if right { Judgement::right(Note::OtherForm) } else { Judgement::wrong(Note::Wrong) };
    }
    let answer = &*with_constant(form, answer, asked);
    // `1 + x + …`
    let open = answer
        .strip_suffix("...")
        .or_else(|| answer.strip_suffix('…'))
        .and_then(|sum| sum.trim_end().strip_suffix('+'));
    let answer = open.map_or(answer, str::trim_end);
    let answer = without_rejected(answer);
    let answer = &*with_base_of(form, &answer);
    let Some(answer) = without_base(form, answer, asked) else { return Judgement::wrong(Note::Wrong) };
    let answer = last_inequality(last_tuple(form, answer));
    if tidy(form).bytes().all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b'-') {
        return judge_letters(form, answer, asked);
    }
    let answer = &*as_chain(form, answer);
    let found = reaction::judge(form, answer, asked)
        .or_else(|| time::judge(form, answer, asked))
        .or_else(|| tuple::ratio(form, answer, asked))
        .or_else(|| interval::judge(form, answer, asked))
        .or_else(|| tuple::judge(form, answer))
        .or_else(|| tuple::arrangement(form, answer));
    if let Some(judged) = found {
        return judged;
    }
    if let Some(judged) = quantity::judge(form, answer, asked) {
        // What reads as no number may still be an equal expression; `2x = 6` does not say what x is.
        let is_none = matches!(judged.note, Note::NoNumber | Note::Unread);
        let algebra = is_none && !form.contains('=') && algebra::accepts(form, answer) == Some(true);
        return if algebra { Judgement::right(Note::OtherForm) } else { judged };
    }
    if let Some(judged) = as_unit(form, answer) {
        return judged;
    }
    // `Ca(oh)₂` calculates with no letters.
    if asked.wishes(Wish::Formula) && formula::accepts(form, answer, false).is_some() {
        return text::judge(form, answer, asked);
    }
    match algebra::accepts(form, answer) {
        Some(true) if text::same(form, answer) => Judgement::right(Note::Right),
        Some(true) => Judgement::right(Note::OtherForm),
        Some(false) if lacks_constant(form, answer, asked) => Judgement::part(0.5, Note::NoConstant),
        Some(false) => unequal(form, answer),
        None => match text::judge(form, answer, asked) {
            judged if judged.note == Note::Wrong && ends_right(form, answer) => Judgement::wrong(Note::Unknown),
            judged => judged,
        },
    }
}

/// How far an answer is this form of letters only: words, unless they are a time or a number.
fn judge_letters(form: &str, answer: &str, asked: &Asked) -> Judgement {
    let timed = form.len() > 9 && (form.contains(" past ") || form.contains("quarter to "));
    if timed && let Some(judged) = time::judge(form, answer, asked) {
        return judged;
    }
    let number = form.split([' ', '-']).next().is_some_and(|word| numeral::worth(&word.to_lowercase()).is_some());
    // `ninteen` may be a slip.
    let low = answer.to_lowercase();
    let mut words = low.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let misspelt = words.any(|word| numeral::worth(word).is_none() && !vocabulary::is_word(word));
    if number
        && let Some(judged) = quantity::judge(form, answer, asked)
        && (judged.is_right() || !misspelt)
    {
        return judged;
    }
    let judged = text::judge(form, answer, asked);
    if judged.share == 0.0
        && asked.wishes(Wish::Unit)
        && let Some(judged) = as_unit(form, answer)
    {
        return judged;
    }
    // A minus is no hyphen, and `1x` is `x`.
    let plain = |text: &str, space: bool| text.bytes().all(|b| b.is_ascii_alphabetic() || space && b == b' ');
    let may_calculate = !plain(form, false) || !plain(answer, true);
    match may_calculate.then(|| algebra::accepts(form, answer)).flatten() {
        Some(false) => unequal(form, answer),
        Some(true) if judged.share == 0.0 => Judgement::right(Note::OtherForm),
        _ => judged,
    }
}

/// What a question may call the base of a number, how a number tells it, and how words do.
const BASES: [(&str, &str, &str, &str, [&str; 4]); 7] = [
    ("binary", "0b", "₂", ")2", TWO),
    ("base two", "0b", "₂", ")2", TWO),
    ("octal", "0o", "₈", ")8", ["octal", "base eight", "base 8", "in octal"]),
    ("hexadecimal", "0x", "₁₆", ")16", ["hexadecimal", "base sixteen", "base 16", "in hexadecimal"]),
    ("decimal", "0d", "₁₀", ")10", TEN),
    ("denary", "0d", "₁₀", ")10", TEN),
    ("base ten", "0d", "₁₀", ")10", TEN),
];
const TWO: [&str; 4] = ["binary", "base two", "base 2", "in binary"];
const TEN: [&str; 4] = ["decimal", "base ten", "base 10", "in decimal"];

/// `1101₂` of `1101 base two`, where a form tells its base so.
fn with_base_of<'a>(form: &str, answer: &'a str) -> Cow<'a, str> {
    let Some(base) = BASES.iter().find(|base| form.ends_with(base.2)) else { return answer.into() };
    // `1101two`
    let short = base.4.iter().find_map(|word| answer.trim_end().strip_suffix(word.strip_prefix("base ")?));
    if let Some(digits) = short.filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit())) {
        return format!("{digits}{}", base.2).into();
    }
    match answer.trim().split_once(' ') {
        Some((digits, said)) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            let said = folded(said);
            let said = said.trim_matches(['.', '(', ')', ' ']);
            if base.4.contains(&said) { format!("{digits}{}", base.2).into() } else { answer.into() }
        }
        _ => answer.into(),
    }
}

/// A number of another base than ten without what tells its base: `0xFF`, `FF₁₆`, `(11001)2`, `1101 base two`; `None` where
/// that is another base than the one that is asked for.
fn without_base<'a>(form: &str, answer: &'a str, asked: &Asked) -> Option<&'a str> {
    const INTO: [&str; 5] = ["to ", "to a ", "into ", "as ", "as a "];
    const IN: [&str; 2] = ["in ", "its "];
    // Most answers have none of them.
    let worded = answer.starts_with(|c: char| c.is_ascii_hexdigit()) && answer.contains(' ');
    const BASED: &[&str] = &["binary", "base ", "octal", "hexadecimal", "decimal", "denary"];
    let marked = worded || answer.starts_with(['0', '(', '#']) || answer.ends_with(['₂', '₈', '₆', '₀']);
    if !marked
        || !asked.has(BASED)
        || form.starts_with(['(', '0'])
        || form.ends_with(['₂', '₈', '₆', '₀'])
        || form.contains(' ')
    {
        return Some(answer);
    }
    // What stands behind "to", else behind "in", else what stands first.
    let places = |name| asked.words.match_indices(name).map(|(at, _)| at);
    let behind = |at: usize, leads: &[&str]| leads.iter().any(|lead| asked.words[..at].ends_with(lead));
    let rank = |at: usize| if behind(at, &INTO) { 0 } else { 2 - u8::from(behind(at, &IN)) };
    let base = BASES
        .iter()
        .filter_map(|base| Some((places(base.0).map(rank).min()?, places(base.0).next()?, base)))
        .min_by_key(|(rank, at, _)| (*rank, *at))
        .map(|(.., base)| base);
    let Some((_, before, behind, bracketed, words)) = base else { return Some(answer) };
    if worded {
        let (digits, said) = answer.split_once(' ')?;
        let said = folded(said);
        let said = said.trim().trim_matches(['.', '(', ')']);
        return match words.contains(&said) {
            true => Some(digits),
            false => BASES.iter().all(|base| !base.4.contains(&said)).then_some(answer),
        };
    }
    let hash = || answer.strip_prefix('#').filter(|_| *before == "0x");
    let bare = answer.strip_prefix(before).or_else(hash).or_else(|| answer.strip_suffix(behind)?.trim().into());
    Some(bare.or_else(|| answer.strip_suffix(bracketed)?.strip_prefix('(')).unwrap_or(answer))
}

/// An answer without the solution that it rejects in brackets: `n = 10 (n = -9 rejected)`.
fn without_rejected(answer: &str) -> Cow<'_, str> {
    const REJECTS: [&str; 5] = ["reject", "impossible", "not possible", "invalid", "not valid"];
    let Some((before, inside)) = answer.trim_end().strip_suffix(')').and_then(|answer| answer.rsplit_once('(')) else {
        return answer.into();
    };
    let rejects = !before.trim().is_empty() && REJECTS.iter().any(|word| inside.contains(word));
    if rejects { before.trim_end().into() } else { answer.into() }
}

/// The last side of a chain of tuples: `(4, 7)` of "(8/2, 14/2) = (4, 7)" and of "M = (4, 7)".
fn last_tuple<'a>(form: &str, answer: &'a str) -> &'a str {
    const OPEN: [char; 3] = ['(', '[', '{'];
    if !form.starts_with(OPEN) || !form.contains([',', ';']) || form.contains('=') || !answer.contains('=') {
        return answer;
    }
    let Some((before, last)) = answer.rsplit_once('=') else { return answer };
    // `(7, 4) = (4, 7)` says two things.
    let worked =
        before.split('=').all(|side| side.contains(['+', '-', '/', '*', '×', '÷', '∩', '∪']) || !side.contains(','));
    let last = last.trim();
    // `M(2; 3)`
    let bare = last.trim_start_matches(|c: char| c.is_ascii_uppercase());
    if worked && bare.starts_with(OPEN) && last.len() - bare.len() < 2 { bare } else { answer }
}

/// Whether `2.8.1` or `1s² 2s² 2p⁶ 3s¹` has the electrons of `2, 8, 1` in its shells; `None` where they are not so written.
pub fn are_shells_alike(form: &str, answer: &str) -> Option<bool> {
    let numbers = |text: &str| -> Option<Vec<u32>> {
        let parts = text.split([',', '.', ':', ' ', '-', ')', '(']).filter(|n| !n.is_empty());
        parts.map(|n| n.parse().ok()).collect::<Option<Vec<_>>>().filter(|all| all.len() > 1)
    };
    if let Some(given) = numbers(answer.trim()) {
        return Some(numbers(form)? == given);
    }
    if !answer.starts_with("1s") || !form.starts_with(['1', '2']) || form.contains(char::is_alphabetic) {
        return None;
    }
    let mut shells = [0u32; 7];
    for (subshell, count) in subshells(&tidy(answer).replace(['^', ' '], ""))? {
        let shell = subshell[..1].parse::<usize>().ok().filter(|n| (1..=7).contains(n))?;
        shells[shell - 1] += count.parse::<u32>().ok()?;
    }
    let last = shells.iter().rposition(|count| *count > 0)?;
    Some(numbers(form)? == shells[..=last])
}

/// The subshells of `1s22s22p6` with their electrons, sorted; `None` where a text is not so written.
fn subshells(text: &str) -> Option<Vec<(&str, &str)>> {
    const KINDS: [char; 4] = ['s', 'p', 'd', 'f'];
    let is_written = text.starts_with("1s") && text.chars().all(|c| c.is_ascii_digit() || KINDS.contains(&c));
    let places: Vec<usize> = text.match_indices(KINDS).map(|(at, _)| at).collect();
    // The digit before the next letter is the number of its shell.
    let ends = places.iter().skip(1).map(|next| next - 1).chain([text.len()]);
    let all = places.iter().zip(ends).map(|(at, end)| Some((text.get(at - 1..=*at)?, text.get(at + 1..end)?)));
    let mut all = is_written.then(|| all.collect::<Option<Vec<_>>>()).flatten()?;
    all.sort_unstable();
    Some(all)
}

/// Whether `[Ne]3s2` has the electrons of `1s² 2s² 2p⁶ 3s²`; `None` where one of them is not so written.
fn are_electrons_alike(form: &str, answer: &str) -> Option<bool> {
    const CORES: [(&str, &str); 3] = [("[He]", "1s2"), ("[Ne]", "1s22s22p6"), ("[Ar]", "1s22s22p63s23p6")];
    let read = |text: &str| {
        let core = CORES.iter().find(|(core, _)| text.trim_start().starts_with(core));
        let text: String = tidy(text).chars().filter(|c| !matches!(c, ' ' | '^' | '{' | '}')).collect();
        core.map_or(text.clone(), |(core, full)| text.replace(core, full))
    };
    if !form.starts_with("1s") && !form.starts_with('[') {
        return None;
    }
    Some(subshells(&read(form))? == subshells(&read(answer))?)
}

/// `grass → goat → lion` of "grass is eaten by a goat, which is eaten by a lion".
fn as_chain<'a>(form: &str, answer: &'a str) -> Cow<'a, str> {
    if !form.contains('→') || !answer.contains(" eaten by ") {
        return answer.into();
    }
    let link = |part: &str| {
        let words = part
            .split([' ', ','])
            .filter(|word| !matches!(*word, "" | "which" | "that" | "and" | "is" | "are" | "the" | "a" | "an"));
        words.collect::<Vec<_>>().join(" ")
    };
    answer.split(" eaten by ").map(link).collect::<Vec<_>>().join(" → ").into()
}

/// `x < 6` of "2x < 12, x < 6": what stands before does not say what the letter is.
fn last_inequality(answer: &str) -> &str {
    const SIGNS: [char; 4] = ['<', '>', '≤', '≥'];
    let Some((before, last)) = answer.rsplit_once([',', ';', '\n', '⇒', '→']).filter(|(_, last)| last.contains(SIGNS))
    else {
        return answer;
    };
    let step = |step: &str| {
        let mut sides = step.split(SIGNS).map(|side| side.trim().trim_start_matches('='));
        step.contains(SIGNS) && sides.any(|side| side.len() > 1 && side.contains(char::is_alphabetic))
    };
    if before.split([',', ';', '\n', '⇒', '→']).all(step) { last.trim() } else { answer }
}

/// `2 × 3`, rows by columns, which is neither `3 × 2` nor 6.
fn as_order_of_matrix(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let sides = |text: &str| -> Option<Vec<u32>> {
        let text = folded(text).replace(" by ", "×");
        text.split(['×', 'x', '*']).map(|side| side.trim().parse().ok()).collect()
    };
    let wanted = form.contains(['×', 'x', '*']).then(|| sides(form)).flatten().filter(|sides| sides.len() == 2)?;
    asked.has(&["matri"]).then_some(())?;
    let same = sides(answer)? == wanted;
    Some(if same { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Wrong) })
}

/// `2−`, a charge, which may have its sign before it and never goes without.
fn as_charge(form: &str, answer: &str) -> Option<Judgement> {
    let signed = |text: &str, before: bool| {
        let digits = match before {
            true => text.strip_prefix(['+', '-']),
            false => text.strip_suffix(['+', '-']),
        };
        let digits = digits?.trim().parse::<u8>().ok()?;
        Some((digits, text.contains('-')))
    };
    if form.chars().count() > 3 || !form.ends_with(['+', '-', '−', '⁺', '⁻']) {
        return None;
    }
    let wanted = signed(&tidy(form).replace('^', ""), false)?;
    let answer = tidy(answer).replace('^', "");
    let given = signed(&answer, false).or_else(|| signed(&answer, true));
    Some(match given {
        Some(given) if given == wanted => Judgement::right(Note::Right),
        None if answer.contains(char::is_alphabetic) => Judgement::wrong(Note::Unknown),
        _ => Judgement::wrong(Note::Wrong),
    })
}

/// `+7`, an oxidation number, which may have its sign behind it, none, or Roman digits.
fn as_oxidation_number(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    const ROMAN: [&str; 9] = ["0", "I", "II", "III", "IV", "V", "VI", "VII", "VIII"];
    let read = |text: &str| -> Option<i32> {
        let text = tidy(text);
        let bare = text.trim_matches(['+', '-', '^', '(', ')', ' ', '.']);
        let size = bare.parse().ok().or_else(|| ROMAN.iter().position(|roman| *roman == bare).map(|n| n as i32))?;
        Some(if text.contains('-') { -size } else { size })
    };
    let wanted = if form.len() <= 5 && asked.has(&["oxidation"]) { read(form)? } else { return None };
    let right = read(answer)? == wanted;
    Some(if right { Judgement::right(Note::OtherForm) } else { Judgement::wrong(Note::Wrong) })
}

/// `¹⁴₆C`, typed as `14/6 C`, `14 6C` or `^14_6C`; without its lower number it says less.
fn as_nuclide(form: &str, answer: &str) -> Option<Judgement> {
    if !form.starts_with(is_raised) || !form.contains(|c: char| ('₀'..='₉').contains(&c)) {
        return None;
    }
    let read = |text: &str| -> (Vec<u32>, String) {
        let digit =
            |c: char| c.to_digit(10).or_else(|| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c).map(|n| n as u32));
        let lowered = |c: char| ('₀'..='₉').contains(&c).then(|| c as u32 - '₀' as u32);
        let (mut numbers, mut last) = (Vec::new(), None);
        for c in text.chars() {
            let (kind, value) = match (lowered(c), digit(c)) {
                (Some(value), _) => (Some(1), value),
                (_, Some(value)) => (Some(0), value),
                _ => (None, 0),
            };
            match numbers.last_mut() {
                Some(number) if kind.is_some() && kind == last => *number = *number * 10 % 100_000 + value,
                _ if kind.is_some() => numbers.push(value),
                _ => {}
            }
            last = kind;
        }
        (numbers, text.chars().filter(|c| c.is_alphabetic()).collect())
    };
    let ((wanted, symbol), (given, name)) = (read(form), read(answer));
    Some(match symbol == name && !given.is_empty() {
        true if wanted == given => Judgement::right(Note::Right),
        true if given == wanted[..1] => Judgement::wrong(Note::Unknown),
        _ if name.len() > 2 => Judgement::wrong(Note::Unknown),
        _ => Judgement::wrong(Note::Wrong),
    })
}

/// A unit as the answer: `km/h` is `kilometres per hour`.
fn as_unit(form: &str, answer: &str) -> Option<Judgement> {
    let (key, given) = (unit::parse(form)?, unit::parse(&tidy(answer))?);
    let same = key.fits(&given) && (key.factor - given.factor).abs() <= key.factor * 1e-9;
    Some(if same { Judgement::right(Note::OtherForm) } else { Judgement::wrong(Note::Wrong) })
}

/// Whether an answer is right at the end of a chain of which a step is not, or where `/2a` is read as `/(2a)`.
fn ends_right(form: &str, answer: &str) -> bool {
    let end = answer.rsplit_once('=').filter(|_| !form.contains('=')).map(|(_, end)| end.trim().to_owned());
    let is_right = |end: String| algebra::accepts(form, &end) == Some(true);
    end.is_some_and(is_right) || algebra::with_divisors(answer).is_some_and(is_right)
}

/// Another expression; words that were read as letters may mean the right one, and so may one side in letters:
/// `force = mass × acceleration`, `ma`.
fn unequal(form: &str, answer: &str) -> Judgement {
    let worded = |text: &str| {
        text.split(|c: char| !c.is_alphabetic())
            .any(|word| word.chars().count() > 3 && !matches!(word.to_lowercase().as_str(), "sqrt" | "root"))
    };
    let side = form.contains('=') && !answer.contains('=');
    Judgement::wrong(if side && worded(form) || worded(answer) || ends_right(form, answer) {
        Note::Unknown
    } else {
        Note::Wrong
    })
}

thread_local! {
    static KEYS: Memo<Rc<Points>> = Memo::default();
    static KEYS_OF_SEVERAL: Memo<Rc<Points>> = Memo::default();
}

/// Reads a key: `a; b`, `any 2: a; b; c`, forms by ` / `, ` // `, ` or ` or `/` between words, optional words in brackets.
pub fn parse(key: &str) -> Rc<Points> {
    parse_for(key, 1.0)
}

/// Reads a key of so many marks: for more than one, `not reactive` behind another point is a point as well.
pub fn parse_for(key: &str, marks: f64) -> Rc<Points> {
    match marks > 1.0 && ["not ", "Not "].iter().any(|not| key.contains(not)) {
        true => kept(&KEYS_OF_SEVERAL, key, |key| Rc::new(read(key, true))),
        false => kept(&KEYS, key, |key| Rc::new(read(key, false))),
    }
}

fn read(key: &str, several: bool) -> Points {
    // Most keys are one word or a few.
    let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b == b' ');
    let marked = ["any ", "at least ", "accept ", "allow ", "give ", "only ", "also ", "not ", "reject ", "ignore "];
    if plain
        && !key.trim().is_empty()
        && !(key.contains(' ') && (key.contains(" or ") || key.contains(" accept ")))
        && lead(key, &marked).is_none()
    {
        return Points {
            all: vec![Point { forms: vec![key.trim().to_owned()], ..Point::default() }],
            ..Points::default()
        };
    }
    let (key, notes) = Notes::take(&divided_by_marks(&without_guidance(&undashed(key))));
    let key = with_marks_of_lists(&key);
    let (most, key) = without_most(&key);
    let (trailing, key) = any_behind(key);
    let (any, rest) = any_of(&key);
    let any = any.or(trailing).or(most);
    let mut points = Points { all: Vec::new(), any, notes, is_method: false };
    let whole = rest.contains(';') && interval::is_one(rest);
    let mut pieces = if whole { vec![rest] } else { split_outside(rest, &[';', '\n']) };
    // `M1 for 3x = 21, A1 for x = 7`
    if let [one] = pieces[..]
        && let steps = one.split(", ").map(str::trim).collect::<Vec<_>>()
        && steps.len() > 1
        && (steps.iter().all(|step| coded(step, false).is_some()) || are_coded(&steps))
    {
        pieces = steps;
    }
    if let [one] = pieces[..]
        && (any.is_some() && !one.contains(" / ") && !is_clause(one) || is_numbers(one))
    {
        pieces = one.split(", ").collect();
    }
    // `heat/light/sound (any two)`
    if let [one] = pieces[..]
        && any.is_some_and(|any| any > 1)
        && slashed(one).len() >= any.unwrap_or_default()
    {
        pieces = slashed(one);
    }
    pieces = pieces.into_iter().map(|piece| unlabelled(piece.trim())).filter(|piece| !piece.is_empty()).collect();
    let (is_only, bare_codes, first) = (pieces.len() == 1, are_coded(&pieces), pieces.first().copied());
    for piece in pieces {
        let all = &mut points.all;
        let (piece, awards) = (without_award(piece), without_award(piece) != piece);
        // The answer again, for those who show no steps.
        if awards && all.iter().any(|point| point.shown() == piece) {
            continue;
        }
        let step = as_step(piece);
        let piece = &*step;
        let behind = first.filter(|_| !all.is_empty());
        match notation::piece(piece, Place { behind, listed: any.is_some(), several }) {
            Piece::Refused(wrong) => all.iter_mut().for_each(|point| point.refused.extend(forms_of(wrong))),
            Piece::Ignored(said) => all.iter_mut().for_each(|point| point.ignored.extend(forms_of(said))),
            // `stigma; accept style` is one point in two forms.
            Piece::Accepted(form) => match all.last_mut() {
                Some(point) => divided(form).into_iter().for_each(|form| point.add_with_brackets(form)),
                None => all.extend(divided(form).first().map(|form| Point::parse(form))),
            },
            Piece::Remark => {}
            Piece::Point(_) if !is_only && is_aside_alone(piece) => {}
            Piece::Point(_) if all.last_mut().is_some_and(|point| point.take_unit(piece)) => {}
            Piece::Point(_) => all.extend(roots(piece).iter().map(|root| Point::with_code(root, bare_codes))),
        }
    }
    // `(any two other than Rwanda)`
    points.all.retain(|point| !point.refused.iter().any(|wrong| wrong.eq_ignore_ascii_case(point.shown())));
    points.is_method = is_method(&points);
    if points.is_method {
        points.leave_out_names();
    }
    points.leave_out_kind();
    points
}

/// A step of a calculation without the sign before it: `= 100 / 20`, whose bar divides no forms.
fn as_step(piece: &str) -> Cow<'_, str> {
    let starts =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '£' | '€' | '(' | '-' | '−'));
    match piece.strip_prefix('=').map(str::trim_start).filter(|rest| starts(rest)) {
        Some(step) => step.replace(" / ", "/").into(),
        None => piece.into(),
    }
}

/// Whether points are steps to the last of them: `v = u + at; v = 0 + 2 × 6; v = 12`, or such as have codes of method marks.
fn is_method(points: &Points) -> bool {
    let [steps @ .., last] = &points.all[..] else { return false };
    let name = last.name();
    let same_name = name.is_some() && steps.iter().all(|step| step.name() == name);
    let worked = |step: &Point| is_worked(step.shown().split_once('=').map_or(step.shown(), |(_, value)| value));
    let weighed = points.all.iter().all(|point| point.marks.is_some());
    // `ρ = m/V = 300/200`
    let ends_worked = |step: &Point| {
        let sides = step.shown().split('=').count();
        step.shown()
            .rsplit('=')
            .next()
            .filter(|_| sides > 2)
            .is_some_and(|end| is_worked(end) || is_quotient_of_numbers(end))
    };
    let is_formula = steps.first().is_some_and(|step| {
        step.name().is_some()
            && (worked(step) || is_quotient(step.shown()))
            && !step.shown().contains(|c: char| c.is_ascii_digit())
    });
    points.any.is_none()
        && !steps.is_empty()
        && quantity::is_number(last.shown())
        // A formula, its values, and what they come to.
        && (is_formula && weighed && steps.len() > 1
            || if same_name {
                weighed && steps.iter().any(worked)
            } else {
                points.all.iter().all(|point| point.is_coded)
            }
            // `100 ÷ 20 (1); 5 (1)`
            || weighed
                && steps.iter().all(|step| worked(step) || is_quotient_of_numbers(step.shown()) || ends_worked(step)))
}

/// Whether a text is one number divided by another: `100/20`, `100 ÷ 20`.
fn is_quotient_of_numbers(text: &str) -> bool {
    let number = |side: &str| side.trim().parse::<f64>().is_ok();
    ['/', '÷'].iter().any(|sign| text.split_once(*sign).is_some_and(|(top, bottom)| number(top) && number(bottom)))
}

/// Whether a value is still to be worked out: `u + at`, `0 + 2 × 6`, but neither `−2` nor `3/4`.
fn is_worked(value: &str) -> bool {
    let operator = ['+', '×', '*', '÷', '-', '−'];
    let unsigned = value.trim_start().trim_start_matches(['+', '-', '−']);
    let is_operand = |c: char| c.is_ascii_digit() || c.is_alphabetic();
    unsigned.match_indices(operator).any(|(at, sign)| {
        let (before, behind) = (&unsigned[..at], unsigned[at + sign.len()..].trim_start());
        // `3 × 10^8`, `6 ms-1`
        let is_power = behind.strip_prefix("10").is_some_and(|rest| rest.starts_with(|c| "^⁻¹²³⁴⁵⁶⁷⁸⁹".contains(c)))
            || before.ends_with(char::is_alphabetic) && behind.starts_with(|c: char| c.is_ascii_digit());
        !is_power && before.trim_end().ends_with(is_operand) && behind.starts_with(is_operand)
    })
}

/// What a scheme writes before or behind a step to tell what its marks are for: `M1 for …`, `… (A1)`; `Vitamin B1` is none.
fn coded(piece: &str, bare: bool) -> Option<(&str, f64)> {
    let code = |text: &str| {
        let (kind, marks) = text.split_at_checked(1)?;
        let marks = marks.parse::<u8>().ok().filter(|marks| (1..=9).contains(marks))?;
        matches!(kind, "M" | "A" | "B").then_some(f64::from(marks))
    };
    let first = || {
        let (word, rest) = piece.split_once(" for ").or_else(|| piece.split_once([' ', ':']).filter(|_| bare))?;
        code(word).map(|marks| (rest.trim(), marks))
    };
    let last = || {
        let (before, word) = piece.trim_end().rsplit_once(' ')?;
        let inside = |open, close| word.strip_prefix(open)?.strip_suffix(close);
        let word = inside('(', ')').or_else(|| inside('[', ']')).or(bare.then_some(word))?;
        code(word).map(|marks| (before.trim(), marks))
    };
    first().or_else(last)
}

/// Whether pieces all have codes, which may be bare, and some for the method: `M1 4x = 28; A1 x = 7`, but not
/// `vitamin B1; vitamin B2`.
fn are_coded(pieces: &[&str]) -> bool {
    let is_method = |word: &str| matches!(word.trim_matches(['(', ')', '[', ']', ':']).as_bytes(), [b'M', b'1'..=b'9']);
    pieces.len() > 1
        && pieces.iter().all(|piece| coded(piece, true).is_some())
        && pieces.iter().any(|piece| piece.split(' ').any(is_method))
}

/// What a scheme writes before the forms of one point to say what they are.
const HEADS: [&str; 8] = ["catalyst", "temperature", "pressure", "colour", "gas", "metal", "solvent", "indicator"];

/// Whether a key for a number is a text that holds none that could be compared: a passage of the scheme beside it.
pub fn is_no_number(key: &str) -> bool {
    const LONGEST: usize = 40;
    key.len() > 2 * LONGEST
        && key.split_whitespace().count() > LONGEST
        && !parse(key).all.iter().any(|point| point.forms.iter().any(|form| quantity::is_number(form)))
}

/// A key in which what divides is a line's end or a semicolon: `1. heat 2. light`, `- heat - light`, `heat. Accept: warmth`;
/// without what only leads to the answer: `Ans: 12`, `= 12`.
fn with_marks_of_lists(key: &str) -> Cow<'_, str> {
    let lead = lead(key, &["ans: ", "ans. ", "answer: ", "expected answer: ", "answers: ", "key: "]);
    let key = lead.map_or(key, |lead| &key[lead.len()..]).trim();
    let key =
        key.strip_prefix('=').filter(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit())).unwrap_or(key);
    let key = put(
        key.into(),
        &[
            (". Accept", "; accept"),
            (". accept", "; accept"),
            (". Reject", "; reject"),
            (". Award", "; award"),
            (". Full marks", "; full marks"),
        ],
    );
    let dashed = key.strip_prefix("- ").filter(|rest| rest.contains(" - ") && rest.starts_with(char::is_alphabetic));
    if let Some(rest) = dashed {
        return rest.replace(" - ", "\n").into();
    }
    let numbered =
        [("1. ", " 2. "), ("1) ", " 2) "), ("(1) ", " (2) "), ("i) ", " ii) "), ("(i) ", " (ii) "), ("a) ", " b) ")];
    match numbered.iter().any(|(first, second)| key.starts_with(first) && key.contains(second)) {
        true => list::numbered(&key).into(),
        false => key.trim().to_owned().into(),
    }
}

/// Whether a piece of a key tells nothing that could be given: `etc.`, or a remark in brackets.
fn is_aside_alone(piece: &str) -> bool {
    let inside = piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    matches!(piece.trim_end_matches('.'), "etc" | "" | "and so on")
        || inside.is_some_and(|inside| inside.contains(' ') && inside.chars().all(|c| c.is_alphabetic() || c == ' '))
}

/// Whether a text is a sentence with something behind it, and no list: "the image is virtual, upright and small".
fn is_clause(text: &str) -> bool {
    text.split(", ").any(|part| part.split_whitespace().count() > 6)
}

/// `2, 3, 5`: numbers with commas and spaces between, which are not one number.
fn is_numbers(text: &str) -> bool {
    let parts: Vec<&str> = text.split(", ").collect();
    let is_number = |part: &&str| quantity::value(part.trim_end_matches('%')).is_some();
    parts.len() > 1 && !text.starts_with(['(', '[', '{']) && parts.iter().all(is_number)
}

/// Lines without the dashes before all of them.
pub fn undashed(text: &str) -> Cow<'_, str> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let bare = |line: &'_ str| -> Option<usize> {
        ["- ", "– "].iter().find(|dash| line.starts_with(**dash)).map(|dash| dash.len())
    };
    if lines().count() < 2 || !lines().all(|line| bare(line).is_some()) {
        return text.into();
    }
    lines().filter_map(|line| Some(&line[bare(line)?..])).collect::<Vec<_>>().join("\n").into()
}

/// `1. heat`, `(ii) light`, `- sound`, without what numbers it.
pub fn unlabelled(piece: &str) -> &str {
    let piece = piece.trim();
    // A dash before a value is its sign.
    let dashed = || piece.strip_prefix('–').or_else(|| piece.strip_prefix("- ")).filter(|_| !is_value(piece));
    let bare = piece.strip_prefix(['•', '·', '●', '▪', '*']).or_else(dashed).unwrap_or(piece).trim_start();
    let inside = bare.strip_prefix('(').unwrap_or(bare);
    let length = inside.chars().take_while(char::is_ascii_alphanumeric).count();
    let label = &inside[..length];
    let numbered = length <= 2 && label.bytes().all(|b| b.is_ascii_digit()) && length > 0;
    let lettered = label.len() == 1 && label.bytes().all(|b| b.is_ascii_lowercase())
        || !label.is_empty() && label.len() <= 4 && label.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let after = &inside[length..];
    let end = if bare.starts_with('(') {
        after.strip_prefix(')')
    } else {
        after.strip_prefix(')').or_else(|| after.strip_prefix('.'))
    };
    match end {
        Some(rest) if (numbered || lettered) && rest.starts_with(' ') && !rest.trim().is_empty() => rest.trim(),
        _ => bare,
    }
}

/// `x = 3 or x = −2` are two solutions, both asked for, and no choice between them; so are `x = 3 or −2` and `±3`.
fn roots(point: &str) -> Vec<String> {
    let whole = || vec![point.to_owned()];
    // `±4 / x = 4 or x = −4` says the same twice.
    if let Some((first, second)) = point.split_once(" / ")
        && first.starts_with('±')
        && roots(second).len() > 1
    {
        return roots(second);
    }
    // `2 ± √3`, `(3 ± √5)/2`: what is not measured but worked out has two values.
    if point.matches('±').count() == 1 && point.contains('√') && !point.contains("(±") {
        let both = ["+", "-"].map(|sign| point.replace('±', sign));
        if both.iter().all(|value| quantity::value(value).is_some()) {
            return both.into();
        }
    }
    if let Some((before, after)) = point.split_once('±')
        && (before.trim().is_empty() || before.trim_end().ends_with('='))
        && quantity::value(after).is_some()
    {
        return vec![format!("{before}{}", after.trim()), format!("{before}-{}", after.trim())];
    }
    if !point.contains(" or ") && !point.contains(" and ") && !point.contains(", ") {
        return whole();
    }
    let pieces: Vec<&str> = point
        .split(" or ")
        .flat_map(|piece| piece.split(" and "))
        .flat_map(|piece| piece.split(", "))
        .map(|piece| piece.trim().trim_start_matches("or "))
        .collect();
    let name = |piece: &str| piece.split_once('=').map(|(name, _)| name.trim().to_owned());
    let first = name(pieces[0]).filter(|name| name.chars().count() == 1);
    let values = || pieces.iter().all(|piece| quantity::value(piece).is_some());
    if first.is_some()
        && pieces.iter().all(|piece| name(piece).is_some_and(|name| name.chars().count() == 1))
        && !point.starts_with('(')
    {
        // `x = 1, y = 4` too.
        return pieces.iter().map(|piece| (*piece).to_owned()).collect();
    }
    if let Some(name) = first
        && pieces[1..].iter().all(|piece| !piece.contains('=') && quantity::value(piece).is_some())
    {
        let rest = pieces[1..].iter().map(|piece| format!("{name} = {piece}"));
        return std::iter::once(pieces[0].to_owned()).chain(rest).collect();
    }
    // `3 or −2` are two numbers, `0.5 or 1/2` is one.
    let equal = || {
        pieces
            .windows(2)
            .all(|pair| quantity::judge(pair[0], pair[1], &Asked::default()).is_some_and(|judged| judged.is_right()))
    };
    if !point.contains(", ") && values() && !equal() {
        return pieces.iter().map(|piece| (*piece).to_owned()).collect();
    }
    whole()
}

/// How many of a key's points are enough where it leaves that to the question: `e.g. cow, goat`.
pub const AS_ASKED: usize = 0;

/// `Any two of:`, `any 3:`, `any four from`, `2 of the following:`, `Two of:`, `e.g.`
fn any_of(key: &str) -> (Option<usize>, &str) {
    const EXAMPLES: [&str; 9] =
        ["e.g. ", "e.g ", "eg. ", "eg ", "for example ", "for example, ", "examples: ", "example: ", "any of "];
    let key = key.trim();
    let colon = |rest: &'_ str| rest.find(':').filter(|at| *at < 24);
    if let Some(lead) = lead(key, &EXAMPLES) {
        return (Some(AS_ASKED), key[lead.len()..].trim_start());
    }
    if let Some(rest) = lead(key, &["any of:"]).map(|lead| &key[lead.len()..]) {
        return (Some(AS_ASKED), rest.trim_start());
    }
    let start = lead(key, &["any ", "at least ", "accept any ", "give any ", "only "]);
    let word: String = key[start.map_or(0, str::len)..].chars().take_while(|c| c.is_alphanumeric()).collect();
    let after = &key[start.map_or(0, str::len) + word.len()..];
    let word = word.to_lowercase();
    if start.is_some() && matches!(&*word, "valid" | "suitable" | "correct" | "relevant" | "other" | "example") {
        let like = [" such as ", " e.g. ", " like ", ": "].iter().find_map(|like| after.split_once(like));
        return like.map_or((None, key), |(_, rest)| (Some(AS_ASKED), rest));
    }
    // `Two of: …` without its "any".
    let of =
        || colon(after).is_some_and(|at| matches!(after[..at].trim(), "of" | "from" | "of these" | "of the following"));
    if start.is_none() && !of() {
        return (None, key);
    }
    let count = word.parse().ok().or_else(|| numeral::worth(&word).map(|n| n as usize));
    let Some(count) = count.filter(|count| (1..=20).contains(count)) else { return (None, key) };
    let mut rest = after.trim_start();
    // `any 2 × 1 mark: …`
    let is_sum = |text: &str| text.starts_with(['×', 'x', '(', '@']);
    if let Some(at) = colon(rest).filter(|_| is_sum(rest)) {
        rest = &rest[at..];
    }
    for filler in [
        "of the following",
        "from the following",
        "of these",
        "from these",
        "from",
        "of",
        "correct",
        "points",
        "point",
        "answers",
        "valid",
        "reasons",
    ] {
        rest = rest.strip_prefix(filler).unwrap_or(rest).trim_start();
    }
    (Some(count), rest.trim_start_matches([':', '-', '–']).trim_start())
}

/// `alpha; beta; gamma (any two)`: how many are enough, behind the last of them; `(any one advantage: fast; cheap)` names more.
fn any_behind(key: &str) -> (Option<usize>, Cow<'_, str>) {
    let whole = || (None, Cow::Borrowed(key));
    let Some((before, inside)) = key.trim_end().strip_suffix(')').and_then(|key| key.rsplit_once('(')) else {
        return whole();
    };
    let Some(rest) = inside.to_lowercase().strip_prefix("any ").map(str::to_owned) else { return whole() };
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    let count = word.parse().ok().or_else(|| numeral::worth(&word).map(|n| n as usize));
    let Some(count) = count.filter(|count| (1..=20).contains(count)) else { return whole() };
    let but = [" other than ", " except "].iter().find_map(|but| inside.split_once(but));
    if let Some((_, but)) = but {
        return (Some(count), format!("{}; do not accept {but}", before.trim_end()).into());
    }
    match inside.split_once(':') {
        Some((_, more)) => (Some(count), format!("{}; {more}", before.trim_end()).into()),
        None => (Some(count), before.trim_end().into()),
    }
}

/// A point without the marks that are printed behind it.
fn weighed(point: &str) -> (&str, Option<f64>) {
    // `oxygen 1 mark`
    if let Some((before, count)) =
        [" marks", " mark"].iter().find_map(|end| point.strip_suffix(end)).and_then(|point| point.rsplit_once(' '))
        && let Some(marks) = count.parse::<u8>().ok().filter(|marks| (1..=5).contains(marks))
        && before.contains(char::is_alphabetic)
        // `Mean = 4 marks` is a value.
        && !before.ends_with('=')
    {
        return (before.trim_end_matches([' ', '-', '–', ':']), Some(f64::from(marks)));
    }
    for (open, close) in [('(', ')'), ('[', ']')] {
        let Some(body) = point.strip_suffix(close) else { continue };
        let Some((before, inside)) = body.rsplit_once(open) else { continue };
        let lower = inside.to_lowercase();
        let number = lower.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ' || c == '.').trim();
        let unit = lower[number.len().min(lower.len())..].trim().trim_end_matches('.').to_owned();
        let marks = match number {
            "½" => Some(0.5),
            number => number.parse::<f64>().ok(),
        };
        let said = matches!(unit.as_str(), "mark" | "marks" | "mk" | "mks" | "m" | "pt" | "pts" | "point" | "points");
        // `f(2)` and `(3) (2)` are no marks.
        let apart = before.ends_with(' ') && before.trim().chars().any(|c| c.is_alphanumeric());
        if let Some(marks) = marks.filter(|marks| (0.25..=20.0).contains(marks))
            && apart
            && (said || unit.is_empty() && number.len() <= 3)
        {
            return (before.trim_end(), Some(marks));
        }
    }
    (point, None)
}

/// The forms in a text, of their own.
fn forms_of(text: &str) -> Vec<String> {
    divided(text).into_iter().map(str::to_owned).collect()
}

/// The forms in a text.
fn divided(text: &str) -> Vec<&str> {
    let mut forms = vec![text];
    if text.contains(" OR ") && logic::is_one(text) {
        return forms;
    }
    if is_quotient(text) {
        return forms;
    }
    let dividers = [" // ", " / ", " OR ", ", accept ", ", allow ", " accept "];
    // The first two have a bar, all of them a space.
    let from = if text.contains('/') { 0 } else { 2 };
    for divider in if text.contains(' ') { &dividers[from..] } else { &[] } {
        if text.contains(divider) && !is_within_brackets(text, divider) {
            forms = forms.into_iter().flat_map(|form| form.split(*divider)).collect();
        }
    }
    if text.contains(" or ") {
        forms = forms
            .into_iter()
            .flat_map(|form| if is_choice(form) { form.split(" or ").collect() } else { vec![form] })
            .collect();
    }
    if text.contains('/') {
        forms = forms.into_iter().flat_map(slashed).collect();
    }
    forms.into_iter().map(str::trim).filter(|form| !form.is_empty()).collect()
}

/// Whether the bar of a text divides what it is equal to: `density = mass / volume`, `n = sin i / sin r`, but not
/// `force = 0 / zero` or `F = ma / mass × acceleration`.
fn is_quotient(text: &str) -> bool {
    let Some((name, (top, bottom))) =
        text.split_once(" = ").and_then(|(name, rest)| Some((name, rest.split_once(" / ")?)))
    else {
        return false;
    };
    let words =
        |text: &str| text.split([' ', '(', ')']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let is_function = |word: &str| matches!(word, "sin" | "cos" | "tan" | "log" | "ln");
    let symbols = |text: &str| words(text).iter().all(|word| word.chars().count() < 3 || is_function(word));
    let worded = |text: &str| {
        words(text).iter().all(|word| word.chars().count() > 2 && !is_function(word) || word == "in" || word == "of")
    };
    let plain =
        [top, bottom].iter().all(|side| side.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '(' | ')' | '-')));
    // `angle A = angle B / equal angles`
    let again = words(top).iter().any(|word| word.len() > 2 && words(name).contains(word));
    plain && !again && (symbols(top) && symbols(bottom) || worded(name) && worded(top) && worded(bottom))
}

/// Whether a divider stands within brackets, as in `A AND (B OR C)`.
fn is_within_brackets(text: &str, divider: &str) -> bool {
    text.match_indices(divider).any(|(at, _)| text[..at].matches('(').count() > text[..at].matches(')').count())
}

/// `heat or thermal energy`: a few words on each side, no relation.
fn is_choice(form: &str) -> bool {
    !is_within_brackets(form, " or ")
        && form
            .split(" or ")
            .all(|side| (1..=3).contains(&side.split_whitespace().count()) && !side.contains(['<', '>', '≤', '≥']))
}

/// `uterus/womb` are two words, `km/h` and `3/4` are one thing.
fn slashed(form: &str) -> Vec<&str> {
    let pieces: Vec<&str> = form.split('/').map(str::trim).collect();
    // `a - n/b` is calculated.
    let has_word = |piece: &&str| piece.split([' ', '-']).any(|word| word.chars().count() >= 3);
    let plain = |piece: &&str| {
        // `women weren't counted/men under 25 weren't counted`
        let sentence = piece
            .split(' ')
            .filter(|word| word.len() > 2 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'\''))
            .count()
            > 2;
        let said =
            |c: char| c.is_alphabetic() || matches!(c, ' ' | '-') || sentence && (c == '\'' || c.is_ascii_digit());
        piece.replace('’', "'").chars().all(said)
    };
    let words = pieces.iter().all(|piece| has_word(piece) && plain(piece));
    if words && pieces.len() > 1 { pieces } else { vec![form] }
}

/// `(the) stigma` may be given without what stands in brackets; `(± 0.1)` and `(3, 4)` are something else.
fn without_brackets(form: &str) -> Option<String> {
    let (before, rest) = form.split_once('(')?;
    let (inside, after) = rest.split_once(')')?;
    let words = inside.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let plain = (words || is_aside(before, inside)) && !before.ends_with(char::is_alphabetic);
    // `(a - b) + 2` is calculated.
    let calculated = before.trim_end().ends_with(SIGNS) || after.trim_start().starts_with(SIGNS);
    let left = format!("{}{}", before.trim_end(), if after.trim().is_empty() { "" } else { after });
    let needed = names_one(before.trim_end(), inside);
    (plain
        && !needed
        && !calculated
        && with_unit(form).is_none()
        && left.trim().chars().count() > 1
        && !left.contains(['→', '=']))
    .then(|| left.trim().to_owned())
}

/// Whether brackets behind a sentence hold what it may go without: `(e.g. per km²)`, `(by about 0.6 °C per 100 m)`.
fn is_aside(before: &str, inside: &str) -> bool {
    let leads =
        ["e.g", "eg ", "for example", "such as", "about ", "by about ", "approximately ", "in ", "like ", "i.e"];
    before.split_whitespace().filter(|word| word.len() > 2).count() > 2
        && before.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ',' | '-' | '\''))
        && (lead(inside, &leads).is_some() || inside.contains(' ') && inside.contains(','))
}

/// Signs with which is calculated.
const SIGNS: [char; 11] = ['+', '-', '−', '×', '*', '·', '/', '÷', '^', '√', '='];

/// `39 (kg m/s)` with its unit in the open: such a unit need not be given.
fn with_unit(form: &str) -> Option<String> {
    let (number, inside) = form.strip_suffix(')')?.split_once(" (")?;
    let bare = number.trim_end();
    (bare.ends_with(|c: char| c.is_ascii_digit() || is_raised(c)) && unit::parse(&tidy(inside)).is_some())
        .then(|| format!("{bare} {inside}"))
}

fn is_raised(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// `Ivory Coast (Côte d'Ivoire)`: either name, where the letters tell that the second is one of another language; of `lake (Kivu)`
/// only that.
fn foreign_name(form: &str) -> Option<Vec<String>> {
    let (before, inside) = form.strip_suffix(')')?.split_once(" (")?;
    let letters = |text: &str| text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
    // `alms (zakat)`
    let unknown = || {
        inside.len() > 3
            && inside.bytes().all(|b| b.is_ascii_alphabetic())
            && !vocabulary::is_word(&inside.to_lowercase())
            && before.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')
    };
    let foreign = inside.contains(['\'', '’']) || !inside.is_ascii() || unknown();
    let named = before.chars().count() > 2 && inside.chars().count() > 2 && letters(before) && letters(inside);
    let names = if names_one(before, inside) { &[inside][..] } else { &[before, inside] };
    (foreign && named && inside.starts_with(char::is_alphabetic))
        .then(|| names.iter().map(|name| (*name).to_owned()).collect())
}

/// Whether brackets name the one of its kind that is meant, which its kind alone does not: `lake (Kivu)`, `king (Musinga)`.
fn names_one(kind: &str, inside: &str) -> bool {
    let is_known = |word: &str| vocabulary::is_word(&word.to_lowercase());
    inside.starts_with(char::is_uppercase)
        && !inside.split(' ').all(is_known)
        && (meaning::is_kind(kind) || text::TITLES.contains(&kind))
}

/// `accumulator (ACC)`, `oxygen (O₂)`: either of them.
fn name_and_symbol(form: &str) -> Option<[String; 2]> {
    let (before, inside) = form.strip_suffix(')')?.split_once(" (")?;
    let capitals = (1..=5).contains(&inside.len()) && inside.bytes().all(|b| b.is_ascii_uppercase());
    let named = before.len() > 2 && before.chars().all(|c| c.is_alphabetic() || c == ' ');
    (named && (capitals || formula::names(before, inside) == Some(true)))
        .then(|| [before.to_owned(), inside.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str) -> Vec<Vec<String>> {
        read(key, false).all.into_iter().map(|point| point.forms).collect()
    }

    #[test]
    fn points_and_forms() {
        assert_eq!(shown("heat; light / brightness"), [vec!["heat"], vec!["light", "brightness"]]);
        assert_eq!(shown("FeSO₄ // iron(II) sulfate")[0][..2], ["FeSO₄", "iron(II) sulfate"]);
        assert_eq!(shown("uterus/womb"), [vec!["uterus", "womb"]]);
        assert_eq!(shown("60 km/h"), [vec!["60 km/h"]]);
        assert_eq!(shown("3/4 / 0.75"), [vec!["3/4", "0.75"]]);
        assert_eq!(shown("(the) stigma"), [vec!["(the) stigma", "stigma"]]);
        assert_eq!(shown("12.5 cm (± 0.1)"), [vec!["12.5 cm (± 0.1)"]]);
    }

    #[test]
    fn any_of_several() {
        for key in ["any 2: heat; light; sound", "Any two of heat; light; sound", "Any two from: heat; light; sound"] {
            let points = parse(key);
            assert_eq!((points.any, points.all.len()), (Some(2), 3), "{key}");
            assert_eq!(points.all[0].forms, ["heat"]);
        }
    }
}
