//! Words: the same word in other letters, small spelling mistakes, and what a phone cannot type.

use std::borrow::Cow;

use crate::demands::Wish;
use crate::letters::{folded, halves, lead, low, put};
use crate::lexicon::vocabulary;
use crate::meaning::Reading;
use crate::reason::{Judgement, Note};
use crate::rule::Asked;
use crate::spelling::{are_derived, is_near, is_other_part, stem};
use crate::{formula, meaning};

/// What a phone has no key for, and how it is typed.
const TYPED: &[(&str, &str)] =
    &[("<=", "≤"), ("=<", "≤"), (">=", "≥"), ("!=", "≠"), ("->", "→"), ("=>", "→"), ("*", "×")];

/// The sign that a word stands for, where it stands alone.
fn sign(word: &str) -> Option<&'static str> {
    Some(match word {
        "sqrt" | "root" => "√",
        "pi" => "π",
        "degrees" | "degree" | "deg" => "°",
        "percent" => "%",
        "infinity" => "∞",
        _ => return None,
    })
}

/// Signs in place of what was typed for them.
fn typed(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = if text.contains(['<', '>', '!', '*']) { put(text, TYPED) } else { text };
    if !text.split(|c: char| !c.is_alphabetic()).any(|word| sign(word).is_some()) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(char::is_alphabetic) {
        let (before, from) = rest.split_at(at);
        let (word, after) = from.split_at(from.find(|c: char| !c.is_alphabetic()).unwrap_or(from.len()));
        // A plant has a root too.
        let sign =
            sign(word).filter(|_| word != "root" || after.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        out.push_str(before);
        out.push_str(sign.unwrap_or(word));
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Words that were drawn together, in full.
const CONTRACTED: &[(&str, &str)] = &[
    ("can't", "can not"),
    ("won't", "will not"),
    ("shan't", "shall not"),
    ("cannot", "can not"),
    ("n't", " not"),
    ("no. of", "number of"),
    ("nos. of", "number of"),
    ("n° of", "number of"),
    ("i'm", "i am"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
];

/// Lower case, plain digits and signs, without accents; `l'eau` and `n'amazi` without what leans on the word.
fn plain(text: &str) -> Cow<'_, str> {
    let text = low(text);
    if !text.contains(['\'', '^', '_', '"']) && !text.contains("no. ") && !text.contains("nos. ") {
        return text;
    }
    let text = if text.contains(['\'', '.']) { put(text, CONTRACTED) } else { text };
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '^' | '_' => {}
            '"' => out.push(' '),
            '\'' => {
                let start =
                    out.char_indices().rev().find(|(_, c)| !c.is_alphabetic()).map_or(0, |(n, c)| n + c.len_utf8());
                let lean =
                    (1..=2).contains(&(out.len() - start)) && !matches!(&out[start..], "o" | "i" | "he" | "we" | "it");
                let vowel = text[at + 1..].starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
                if lean && vowel {
                    out.truncate(start);
                }
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The words of a text in plain letters; a hyphen divides, a sign or a minus stays, and so does the bar of 1/3.
pub fn words(text: &str) -> Vec<String> {
    let simple = text.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
    let text = if simple { folded(text) } else { plain(text) };
    // Most answers are letters and spaces.
    if text.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') {
        let words: Vec<String> = text.split_ascii_whitespace().map(str::to_owned).collect();
        if !words.iter().any(|word| sign(word).is_some()) {
            return words;
        }
    }
    const WHOLE: &[(&str, &str)] = &[("°", " °"), ("-vely", " negatively"), ("+vely", " positively")];
    let text = charged(put(typed(text), WHOLE), "-ve", " negative ");
    let text = charged(text, "+ve", " positive ");
    let text = if text.contains(['-', '/']) { without_hyphens(&text).into() } else { text };
    text.split(|c: char| {
        !(c.is_alphanumeric()
            || matches!(c, '-' | '/' | '°' | '%' | '√' | '+' | '=' | '<' | '>' | '≤' | '≥' | '≠' | '→' | '×' | '.'))
    })
    .map(|word| word.trim_matches('.'))
    .filter(|word| !word.is_empty())
    .map(str::to_owned)
    .collect()
}

/// A word for a shortened sign, but not within `non-verbal`.
fn charged<'a>(text: Cow<'a, str>, sign: &str, word: &str) -> Cow<'a, str> {
    if !text.contains(sign) {
        return text;
    }
    let mut pieces = text.split(sign);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(if piece.starts_with(char::is_alphabetic) { sign } else { word });
        out.push_str(piece);
    }
    out.into()
}

/// A space for each hyphen that is no minus and each bar that stands in no fraction.
fn without_hyphens(text: &str) -> String {
    let plain: Vec<char> = text.chars().collect();
    let next = |n: usize| plain[n + 1..].iter().position(|c| *c != ' ').map(|more| n + 1 + more);
    let digit = |n: usize| plain.get(n).is_some_and(char::is_ascii_digit);
    // A letter by itself is a name for a number.
    let term = |n: usize| {
        let alone = !plain.get(n + 1).is_some_and(|c| c.is_alphabetic())
            && !n.checked_sub(1).is_some_and(|before| plain[before].is_alphabetic());
        digit(n) || matches!(plain[n], '√' | '(' | ')') || plain[n].is_alphabetic() && alone
    };
    let stays = |n: usize| {
        let before = plain[..n].iter().rposition(|c| *c != ' ');
        let attached = n > 0 && plain[n - 1].is_alphanumeric();
        match plain[n] {
            '-' => digit(n + 1) && !attached || before.is_some_and(term) && next(n).is_some_and(term),
            '/' => n > 0 && digit(n - 1) && digit(n + 1),
            _ => true,
        }
    };
    // "selling price - cost price"
    let space = |n: Option<usize>| n.is_some_and(|n| plain.get(n) == Some(&' '));
    let minus = |n: usize| plain[n] == '-' && space(n.checked_sub(1)) && space(Some(n + 1));
    let mut out = String::with_capacity(text.len() + 4);
    for (n, c) in plain.iter().enumerate() {
        match stays(n) {
            true => out.push(*c),
            false => out.push_str(if minus(n) { "minus" } else { " " }),
        }
    }
    out
}

/// Equal but for case, spaces and punctuation; two numbers do not become one.
pub fn same(a: &str, b: &str) -> bool {
    a == b || same_words((a, &Reading::of(a).words), (b, &Reading::of(b).words))
}

fn same_words((a, words_a): (&str, &[String]), (b, words_b): (&str, &[String])) -> bool {
    // `#` is not `//`.
    if words_a.is_empty() && words_b.is_empty() {
        return a.trim() == b.trim();
    }
    if words_a == words_b {
        return true;
    }
    let plain = |words: &[String]| words.iter().all(|word| word.is_ascii());
    let length = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    if !a.contains(['\'', '’']) && length(words_a) != length(words_b) && plain(words_a) && plain(words_b) {
        return false;
    }
    let joined = |words: &[String]| {
        let mut all = String::with_capacity(32);
        for word in words {
            let digits = all.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit());
            all.push_str(if digits { " " } else { "" });
            all.push_str(word);
        }
        if all.is_ascii() { all } else { all.replace("×√", "√") }
    };
    joined(words_a) == joined(words_b) || a.contains(['\'', '’']) && without(a) == without(b)
}

/// Whether letters are divided at the same places: `ab ab` is no output `abab`.
fn are_spaced_alike(form: &str, answer: &str) -> bool {
    let words = |text: &str| text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    words(form) == words(answer)
}

/// Letters and digits alone: `leau` for `l'eau`, `H.I.V.` for `HIV`.
fn without(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether an answer is this form of a key.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Judgement {
    if asked.wishes(Wish::Formula)
        && let Some(judged) = within_sentence(form, answer, asked)
    {
        return judged;
    }
    if let Some(judged) = as_substance(form, answer, asked) {
        return judged;
    }
    if let Some(judged) = as_written_elsewhere(form, answer, asked) {
        return judged;
    }
    if let Some(judged) = in_letters(form, answer, asked) {
        return judged;
    }
    if let (Some(wanted), Some(given)) = (gate(form), gate(answer)) {
        return if wanted == given { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Wrong) };
    }
    if let Some(right) = truth(form).and_then(|key| Some(said_truth(answer)? == key)) {
        return if right { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Wrong) };
    }
    if let Some(same) = are_alleles_alike(form, answer, asked) {
        return if same { Judgement::right(Note::Right) } else { Judgement::wrong(Note::Wrong) };
    }
    if let Some(judged) = within_sentence(form, answer, asked) {
        return judged;
    }
    // Where the form has the whole sentence, its gap is enough.
    if asked.has_gap()
        && let Some(gap) = in_gap(form, asked.question).filter(|gap| *gap != form)
        && same(gap, answer)
    {
        return Judgement::right(Note::Right);
    }
    if asked.asks_for_word_form() {
        // "She's eaten"
        let drawn = form.contains("has ") && answer.contains("'s ");
        let answer = if drawn { answer.replacen("'s ", " has ", 1).into() } else { Cow::Borrowed(answer) };
        let answer = without_many(form, &answer);
        return match is_plain_form(form, answer, asked.question) {
            true if same(form, answer) => Judgement::right(Note::Right),
            true => Judgement::right(Note::SameMeaning),
            false if is_form_of(form, answer) => Judgement::wrong(Note::OtherWordForm),
            false => Judgement::wrong(Note::Unknown),
        };
    }
    if meaning::phrase::is_label_alone(form, answer, asked.question) {
        return Judgement::right(Note::Right);
    }
    if let Some(judged) = by_surname(form, answer, asked) {
        return judged;
    }
    let judged = in_words_for(form, answer, asked.question, asked.is_open());
    if judged.share == 0.0
        && judged.note != Note::Listed
        && let Some(other) = rewritten(form, answer).filter(|other| other != answer)
    {
        return again(form, &other, asked);
    }
    match judged.is_right() {
        // "Who baptised Jesus?" is not answered by what he does.
        true if asked.has(&["who "]) && meaning::does_to_other(asked.question, answer) => Judgement::wrong(Note::Wrong),
        true if is_unfit(form, answer, asked) => Judgement::wrong(Note::Unknown),
        true if judged.note == Note::Alike && asked.has(STANDS_FOR) && !answer.contains('(') => {
            Judgement::wrong(Note::Unknown)
        }
        _ => judged,
    }
}

/// How far an answer is this form once one of them is put otherwise; not known where that was done too often already.
fn again(form: &str, answer: &str, asked: &Asked) -> Judgement {
    asked.deeper().map_or(Judgement::wrong(Note::Unknown), |asked| judge(form, answer, &asked))
}

const STANDS_FOR: &[&str] = &["stand for", "stands for"];

/// How far an answer is a form that the one or the other shortens: `X is ammonia`, `*.docx`, "the converging one"; `None` where
/// neither does.
fn as_written_elsewhere(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    // `X is ammonia` where the question has X.
    if form.as_bytes().get(1) == Some(&b' ')
        && let Some((label, said)) = form.split_once(" is ")
        && label.len() == 1
        && asked.question.split(|c: char| !c.is_alphanumeric()).any(|word| word == label)
        && !answer.contains(" is ")
    {
        return Some(again(said, answer, asked));
    }
    if form.starts_with('.')
        && let Some(bare) = answer.strip_prefix("*.")
    {
        return Some(again(form, &format!(".{bare}"), asked));
    }
    // "letter C"
    if form.len() == 1
        && let Some(letter) =
            lead(answer, &["letter ", "option ", "answer ", "point ", "label "]).map(|lead| &answer[lead.len()..])
    {
        return Some(again(form, letter, asked));
    }
    // "mu nzagihe" has lost the vowel of `inzagihe`.
    if form.starts_with(['i', 'u', 'a'])
        && let Some(noun) = answer.strip_prefix("mu ").or_else(|| answer.strip_prefix("ku "))
        && form.get(1..) == Some(noun)
    {
        return Some(Judgement::right(Note::OtherForm));
    }
    // "changes from blue to red" turns red.
    if let Some(end) =
        ["turns ", "it turns ", "becomes ", "it becomes "].iter().find_map(|verb| form.strip_prefix(verb))
        && let Some((start, said)) = answer.split_once(" from ").and_then(|(_, way)| way.split_once(" to "))
        && asked.question.split(' ').any(|word| word == start)
    {
        return Some(again(end, said, asked));
    }
    with_kind(form, answer, asked).map(|whole| again(form, &whole, asked))
}

/// Whether words that mean the same are none of what a question asks for: another thing that it names, another language, more
/// than belongs into its gap.
fn is_unfit(form: &str, answer: &str, asked: &Asked) -> bool {
    const LANGUAGES: &[&str] =
        &["translat", "traduis", "in french", "en francais", "in english", "en anglais", "in kinyarwanda"];
    meaning::phrase::speaks_of_other(form, answer, asked.question)
        || says_question(form, answer, asked)
        || offers_both(answer, asked)
        || turns_sentence(form, asked) && is_other_sentence(form, answer, asked)
        || is_of_other_gender(form, answer)
        || meaning::phrase::is_owner(form, answer)
        || asked.has(&["output of", "is printed", "print("]) && !are_spaced_alike(form, answer)
        || asked.has(STANDS_FOR) && (are_turned(form, answer) || is_shorter(form, answer))
        || asked.has(LANGUAGES)
            && !asked.has(&["answer in"])
            && (has_foreign_article(form, answer) || !shares_word(form, answer) || is_of_other_time(form, answer))
        || asked.has_gap()
            && (is_other_part(form, &answer.to_lowercase()) || meaning::phrase::says_more(form, answer, asked.question))
}

/// Whether a sentence is to be turned: with a word or into a form that the question tells, or so that the key is one.
pub fn turns_sentence(form: &str, asked: &Asked) -> bool {
    const TURNS: &[&str] = &[
        "rewrite",
        "join using",
        "join the",
        "join these",
        "begin with",
        "beginning with",
        "change into",
        "combine",
        "into one sentence",
    ];
    // "What do amino acids combine to form?" turns none.
    const SENTENCES: &[&str] = &[
        "rewrite",
        "sentence",
        "clause",
        "using",
        "passive",
        "active voice",
        "speech",
        "tense",
        "plural",
        "singular",
        "negative form",
        "with:",
        "with \"",
        "with '",
        "with “",
        "with ‘",
        "into:",
    ];
    asked.has(TURNS) && (asked.has(SENTENCES) || form.split_whitespace().count() >= 4)
}

/// `the converging lens` for "the converging one" where the question asks for a lens.
fn with_kind(form: &str, answer: &str, asked: &Asked) -> Option<String> {
    let bare = answer.trim_end_matches('.').strip_suffix(" one")?;
    let kind = form.rsplit_once(' ').filter(|(_, kind)| *kind != "one")?.1;
    let asked_for = || asked.question.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case(kind));
    (bare.split(' ').count() < 4 && asked_for()).then(|| format!("{bare} {kind}"))
}

/// Whether a sentence has a word that the form has not, or has in another form, behind what it repeats of the question: where
/// a sentence is to be turned, `had no money` is not `had money`, nor `were broken` `broke`.
fn is_other_sentence(form: &str, answer: &str, asked: &Asked) -> bool {
    let (wanted, given) = (words(form), words(answer));
    let asked = words(asked.question);
    let repeated = match given.iter().position(|word| Some(word) == wanted.first()) {
        Some(at) if given[..at].iter().all(|word| asked.contains(word)) => at,
        _ => 0,
    };
    let slip = |word: &String, other: &String| is_near(other, word) && stem(word) != stem(other);
    let mut left = wanted.clone();
    given[repeated..].iter().any(|word| {
        let at =
            left.iter().position(|other| other == word).or_else(|| left.iter().position(|other| slip(word, other)));
        at.map(|at| left.swap_remove(at)).is_none() && !matches!(&**word, "that" | "the" | "a" | "an")
    })
}

/// Whether an answer of some words only says the question again, which has not what is asked for: `green pigment` for
/// chlorophyll where it asks for the green pigment.
fn says_question(form: &str, answer: &str, asked: &Asked) -> bool {
    let heavy = |text: &str| -> Vec<String> {
        words(text).into_iter().filter(|word| !crate::lexicon::SMALL.contains(&**word)).collect()
    };
    let (wanted, given) = (heavy(form), heavy(answer));
    if given.len() < 2 || given.iter().any(|word| word.len() < 3 || wanted.contains(word)) {
        return false;
    }
    let asked = heavy(asked.question);
    given.iter().all(|word| asked.contains(word)) && !wanted.iter().any(|word| asked.contains(word))
}

/// Whether an answer gives back both things between which the question lets choose: "kaka au dada".
fn offers_both(answer: &str, asked: &Asked) -> bool {
    const OR: &[&str] = &[" or ", " ou ", " au ", " ama ", " cyangwa "];
    if !asked.has(OR) || answer.matches(' ').count() < 2 {
        return false;
    }
    let answer = folded(answer);
    OR.iter().any(|or| answer.contains(or)) && asked.words.contains(answer.trim())
}

/// Whether two sentences tell by their auxiliary verbs that something is at another time: "it will rain" for "it was raining".
fn is_of_other_time(form: &str, answer: &str) -> bool {
    let time = |text: &str| {
        words(text).iter().find_map(|word| match &**word {
            "was" | "were" | "had" | "did" => Some("past"),
            "is" | "are" | "am" | "has" | "have" | "does" => Some("present"),
            "will" | "shall" => Some("future"),
            "would" => Some("conditional"),
            _ => None,
        })
    };
    time(form).zip(time(answer)).is_some_and(|(wanted, given)| wanted != given)
}

/// Whether a French noun has the article of the other gender, and another ending: `la médecine` for `le médecin`.
fn is_of_other_gender(form: &str, answer: &str) -> bool {
    let gender = |text: &str| match &*low(text.split_once(' ')?.0) {
        "le" | "un" => Some(true),
        "la" | "une" => Some(false),
        _ => None,
    };
    let other = gender(form).zip(gender(answer)).is_some_and(|(wanted, given)| wanted != given);
    other && words(form)[1..] != words(answer)[1..]
}

/// Whether some word of an answer is one of the form's, perhaps misspelt.
fn shares_word(form: &str, answer: &str) -> bool {
    let (wanted, given) = (words(form), words(answer));
    wanted.iter().any(|word| given.iter().any(|other| stem(word) == stem(other) || is_near(word, other)))
}

/// A name for a formula, or a formula for a name; `None` where there is none.
fn as_substance(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let same = formula::names(form, answer)?;
    // Where the one is asked for, the other is none.
    let other = asked.wishes(Wish::Formula)
        || asked.has(&["chemical name", "iupac", "systematic name", "in words", "nom chimique"]);
    let is_formula = formula::Formula::parse(form).is_some();
    // Gases of two atoms.
    let other = other || asked.has(&["gas"]) && matches!(answer.trim(), "H" | "N" | "O" | "F" | "Cl");
    Some(match same {
        true if !other && !asked.words.is_empty() && !is_formula => Judgement::right(Note::OtherForm),
        false if !asked.is_open() => Judgement::wrong(Note::Wrong),
        _ => Judgement::wrong(Note::Unknown),
    })
}

/// A form in letters that stand for words or elements: `DRC`, `H₂O`; `None` where it is in words.
fn in_letters(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    if is_abbreviation(form, answer) {
        // What the letters stand for is not told by saying them again.
        let repeated =
            asked.question.split(|c: char| !c.is_alphanumeric()).any(|word| word == answer.trim_end_matches('.'));
        return Some(if repeated { Judgement::wrong(Note::Wrong) } else { Judgement::right(Note::OtherForm) });
    }
    let capitals = (2..=6).contains(&form.len()) && form.bytes().all(|b| b.is_ascii_uppercase());
    if capitals && answer.len() <= 14 && answer.contains('.') && without(form) == without(answer) {
        return Some(Judgement::right(Note::Right));
    }
    let chemistry = form.len() <= 20 && asked.wishes(Wish::Formula);
    Some(match formula::accepts(form, answer, chemistry)? {
        true => Judgement::right(Note::Right),
        false if same(form, answer) => Judgement::wrong(Note::Capitals),
        false if formula::Formula::parse(answer).is_some() => Judgement::wrong(Note::Wrong),
        false => Judgement::wrong(Note::Unknown),
    })
}

/// What stands before a name.
pub const TITLES: [&str; 28] = [
    "president",
    "king",
    "queen",
    "mr",
    "mrs",
    "dr",
    "sir",
    "general",
    "minister",
    "professor",
    "madame",
    "mme",
    "saint",
    "count",
    "mzee",
    "mwalimu",
    "mwl",
    "archduke",
    "chief",
    "prince",
    "princess",
    "pope",
    "emperor",
    "sultan",
    "kabaka",
    "bishop",
    "colonel",
    "captain",
];

/// What words for those who do something end in: `psychologist`, `musician`, `inventor`.
const CALLINGS: [&str; 9] =
    ["ologist", "icist", "ician", "chemist", "inventor", "explorer", "philosopher", "astronomer", "scientist"];

/// What may have a person with a title: a question that names one of these before it asks for that.
const THINGS: [&str; 24] = [
    "country",
    "countries",
    "nation",
    "kingdom",
    "state",
    "city",
    "town",
    "capital",
    "province",
    "district",
    "village",
    "island",
    "continent",
    "party",
    "company",
    "school",
    "church",
    "tribe",
    "war",
    "battle",
    "treaty",
    "book",
    "year",
    "date",
];

/// Whether a question asks for a person, and whether it says so with its first word.
fn asks_for_person(asked: &Asked) -> Option<bool> {
    if asked.has(&["in full", "full name", "both names", "all names"]) {
        return None;
    }
    let mut words = asked.words.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    match words.next()? {
        "who" | "whose" => Some(true),
        "name" | "state" | "give" | "what" | "which" => {
            // "Name the king's palace" asks for none, "State the general formula" and "Which country has a king" neither.
            let titled = |word: &str| TITLES.contains(&word) && !matches!(word, "general" | "count" | "chief");
            let calling = |word: &str| CALLINGS.iter().any(|ending| word.ends_with(ending)) && word.len() > 5;
            let person = |word: &&str| *word == "who" || titled(word) || calling(word) || THINGS.contains(word);
            let person = words.find(person);
            let person = person.is_some_and(|word| !THINGS.contains(&word));
            (person && !asked.question.contains("'s") && !asked.question.contains("’s")).then_some(false)
        }
        _ => None,
    }
}

/// Whether an answer names a person by the surname, alone or with some of the other names in any order, perhaps behind a
/// title, where the question asks who it is; `None` where it does not.
fn by_surname(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    // A person has a name of two words, the last of which begins with a capital.
    if !form.trim_end().rsplit_once(' ').is_some_and(|(_, last)| last.starts_with(char::is_uppercase)) {
        return None;
    }
    let is_title = |word: &&str| TITLES.contains(&&*low(word.trim_end_matches('.')));
    let is_particle = |name: &str| matches!(name, "von" | "van" | "de" | "da" | "di" | "du" | "la" | "bin" | "ben");
    let is_name = |name: &&str| {
        (name.starts_with(char::is_uppercase) || is_particle(name))
            && name.chars().all(|c| c.is_alphabetic() || c == '-')
    };
    let open = form.replace(['(', ')'], "");
    let names: Vec<&str> = open.split_whitespace().skip_while(is_title).collect();
    // `Deputy Mayor` is no name.
    let is_office = || names.iter().all(|name| vocabulary::is_word(&low(name)));
    if !(2..=5).contains(&names.len()) || !names.iter().all(is_name) || is_office() {
        return None;
    }
    // "MUGABO Jean" has it in capitals, "Yuhi V Musinga" a number.
    let capitals = names.iter().find(|name| name.len() > 3 && name.chars().all(char::is_uppercase));
    let surname = *capitals.or(names.last())?;
    if !asks_for_person(asked)? && vocabulary::is_word(&low(surname)) {
        return None;
    }
    // `C. Darwin`
    let initials: Vec<Option<char>> = names[..names.len() - 1].iter().map(|name| name.chars().next()).collect();
    let is_initial = |word: &&str| {
        let bare = word.trim_end_matches('.');
        bare.chars().count() == 1 && initials.contains(&bare.chars().next()) && !names.contains(&bare)
    };
    let mut said = answer
        .split([' ', ',', '.'])
        .filter(|word| !word.is_empty())
        .skip_while(|word| is_title(word) || is_initial(word))
        .peekable();
    said.peek()?;
    let mut judged = None;
    for word in said {
        // `Mandela N.`
        if judged.is_some() && is_initial(&word) {
            continue;
        }
        if let Some(right) = Some(in_words(surname, word)).filter(Judgement::is_right) {
            judged = Some(right);
        } else if !names.iter().any(|name| in_words(name, word).is_right()) {
            return None;
        }
    }
    judged.map(|judged| Judgement {
        note: if judged.note == Note::Right { Note::SameMeaning } else { judged.note },
        ..judged
    })
}

/// Whether an answer gives the surname of a person another first name: `Winnie Mandela` for `Nelson Mandela`.
pub fn is_other_person(form: &str, answer: &str, asked: &Asked) -> bool {
    let name = |word: &str| {
        word.len() > 2 && word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase)
    };
    let pair = |text: &str| {
        let (first, last) = text.trim().split_once(' ').filter(|(first, last)| name(first) && name(last))?;
        Some((first.to_owned(), last.to_owned()))
    };
    asks_for_person(asked).unwrap_or(false)
        && pair(form).zip(pair(answer)).is_some_and(|((first, last), (other, same))| {
            last == same && first != other && !is_near(&low(&first), &low(&other)) && !vocabulary::is_word(&low(&other))
        })
}

/// Whether an answer is right that repeats the words of the question beside it.
fn within_sentence(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    let gap = asked.has_gap().then(|| in_gap(answer, asked.question)).flatten().filter(|said| *said != answer);
    let behind = || behind_copula(answer, asked.question).filter(|_| !form.contains(" is ") && !form.contains('='));
    let said = gap.or_else(behind)?;
    Some(again(form, said, asked)).filter(Judgement::is_right)
}

/// Whether an answer is the first letters of a name: `DRC` or `D.R.C.` of "Democratic Republic of Congo". Of two words the
/// letters may be those of another.
fn is_abbreviation(form: &str, answer: &str) -> bool {
    if !(3..=14).contains(&answer.len()) || !answer.as_bytes()[0].is_ascii_uppercase() || !form.contains(' ') {
        return false;
    }
    let letters: String = answer.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    if !(3..=7).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let words = words(form);
    let first = |small: bool| -> String {
        let said = words.iter().filter(|word| small || !crate::lexicon::SMALL.contains(&***word));
        said.filter_map(|word| word.chars().next()).map(|c| c.to_ascii_uppercase()).collect()
    };
    letters == first(false) || letters == first(true)
}

/// Whether the words are the form's, apart from those that carry no meaning and stand before it: `the children`; an article of
/// the form, or a pronoun that the question has, may be left out, and so may the `that` of what is said.
fn is_plain_form(form: &str, answer: &str, question: &str) -> bool {
    let (mut wanted, mut given) = (words(form), words(answer));
    if ["said", "asked", "told"].iter().any(|verb| wanted.iter().any(|word| word == verb)) {
        let aside = |word: &String| matches!(&**word, "that" | "me");
        wanted.retain(|word| !aside(word));
        given.retain(|word| !aside(word));
    }
    let is_article = |word: &String| matches!(&**word, "the" | "a" | "an" | "le" | "la" | "les" | "un" | "une" | "des");
    let is_pronoun =
        |word: &String| matches!(&**word, "je" | "tu" | "il" | "elle" | "on" | "nous" | "vous" | "ils" | "elles");
    // "3e personne du pluriel" has two pronouns, and needs none.
    let asked = folded(question);
    let person = asked.contains("personne du");
    let both = |word: &String| matches!(&**word, "il" | "elle" | "on" | "ils" | "elles");
    // A participle behind "être" tells which of the two.
    let tells =
        |word: &String| matches!(&**word, "est" | "sont" | "etait" | "etaient" | "sera" | "seront" | "soit" | "soient");
    let either = !asked.contains("feminin") && !asked.contains("masculin") && !wanted.get(1).is_some_and(tells);
    if person && either && wanted.len() == given.len() && wanted.len() > 1 && both(&wanted[0]) && both(&given[0]) {
        return wanted[0].ends_with('s') == given[0].ends_with('s') && wanted[1..] == given[1..];
    }
    if wanted.len() == given.len() + 1
        && (is_article(&wanted[0]) || is_pronoun(&wanted[0]) && (person || words(question).contains(&wanted[0])))
    {
        wanted.remove(0);
    }
    // `la reine` for `une reine`
    if let (Some(article), Some(other)) = (wanted.first(), given.first())
        && let ("le", "un") | ("un", "le") | ("la", "une") | ("une", "la") | ("les", "des") | ("des", "les") =
            (&**article, &**other)
        && wanted.len() > 1
    {
        return wanted[1..] == given[1..];
    }
    let extra = given.len().saturating_sub(wanted.len());
    // "mimi sisomi"
    let is_stressed = |word: &str| matches!(word, "mimi" | "wewe" | "yeye" | "sisi" | "ninyi" | "nyinyi" | "wao");
    let is_small = |word: &String| crate::lexicon::SMALL.contains(&**word) || is_stressed(word);
    given.ends_with(&wanted) && given[..extra].iter().all(is_small)
}

/// An answer with the words of a form that it shortens, divides or has in brackets behind others: `vit. C`, `L. Kivu`,
/// `exo-thermic`, `rain fall`, `iron (soft)`.
fn rewritten(form: &str, answer: &str) -> Option<String> {
    let divided = |b: u8| matches!(b, b' ' | b'-' | b'.' | b')');
    // `NH3 gas`
    if let Some(spelled) = formula::spelled(answer).filter(|_| !form.bytes().any(|b| b.is_ascii_digit())) {
        return Some(spelled);
    }
    if answer.len() > 60 || !answer.bytes().any(divided) && !form.contains('-') {
        return None;
    }
    // `stepdown` for `step-down transformer`
    if let Some(joined) = form.split(' ').find(|word| word.contains('-')).map(|word| low(word).replace('-', ""))
        && joined.len() > 4
        && words(answer).contains(&joined)
    {
        return Some(low(answer).replace(&joined, form.split(' ').find(|word| word.contains('-')).unwrap_or_default()));
    }
    let long = form.len() > 6 && answer.contains([' ', '-']);
    if !long && !answer.contains('.') && !answer.ends_with(')') {
        return None;
    }
    let wanted: Vec<&str> = form.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let begins = |word: &str, start: &str| word.len() > start.len() && low(word).starts_with(&*low(start));
    if answer.contains('.') && !form.contains('.') {
        let whole = |word: &str| {
            let start = word.strip_suffix('.').filter(|start| (1..=5).contains(&start.len()))?;
            let said = |word: &str| answer.split(' ').any(|other| other == word);
            wanted.iter().find(|word| begins(word, start) && !said(word)).map(|word| (*word).to_owned())
        };
        let words: Vec<&str> = answer.split_whitespace().collect();
        let (last, before) = words.split_last()?;
        if before.iter().any(|word| whole(word).is_some()) {
            let words = before.iter().map(|word| whole(word).unwrap_or_else(|| (*word).to_owned()));
            return Some(words.chain([(*last).to_owned()]).collect::<Vec<_>>().join(" "));
        }
    }
    let given = &Reading::of(answer).words;
    let joined = |pair: &[String]| {
        let length = pair[0].len() + pair[1].len();
        let is_pair =
            |word: &str| word.len() == length && low(word).starts_with(&pair[0]) && low(word).ends_with(&pair[1]);
        (length > 6 && wanted.iter().any(|word| is_pair(word))).then(|| pair.concat())
    };
    if let Some((n, both)) = given.windows(2).enumerate().find_map(|(n, pair)| Some((n, joined(pair)?))) {
        return Some([&given[..n], &[both], &given[n + 2..]].concat().join(" "));
    }
    // `carbondioxide gas`
    let apart = wanted.windows(2).find_map(|pair| {
        let long =
            |word: &&String| pair[0].len() > 2 && pair[1].len() > 2 && word.len() == pair[0].len() + pair[1].len();
        let is_both = |word: &&String| word.starts_with(&*low(pair[0])) && word.ends_with(&*low(pair[1]));
        let joined = given.iter().filter(long).find(is_both)?;
        Some(low(answer).replace(&**joined, &format!("{} {}", pair[0], pair[1])))
    });
    if apart.is_some() {
        return apart;
    }
    let (before, inside) = answer.trim().strip_suffix(')')?.split_once(" (")?;
    let all = wanted.len() > 1 && !form.contains('(') && !before.contains('(');
    all.then(|| format!("{inside} {before}"))
}

/// Without the "many" behind a plural: `ibiti byinshi`, `watoto wengi`.
fn without_many<'a>(form: &str, answer: &'a str) -> &'a str {
    const MANY: [&str; 14] = [
        "byinshi", "benshi", "nyinshi", "menshi", "myinshi", "wengi", "mingi", "mengi", "vingi", "nyingi", "wawili",
        "mawili", "viwili", "many",
    ];
    match answer.trim().trim_end_matches('.').rsplit_once(' ') {
        Some((before, many)) if MANY.contains(&&*low(many)) && !form.contains(many) => before,
        _ => answer,
    }
}

/// Whether one has an article of English and the other one of French: `le dog` for `the dog`.
fn has_foreign_article(form: &str, answer: &str) -> bool {
    let language = |text: &str| match &*low(text.split_whitespace().next().unwrap_or_default()) {
        "the" | "a" | "an" => Some("english"),
        "le" | "la" | "les" | "un" | "une" | "des" => Some("french"),
        _ => None,
    };
    language(form).zip(language(answer)).is_some_and(|(one, other)| one != other)
}

/// Whether an answer has fewer words than a form.
fn is_shorter(form: &str, answer: &str) -> bool {
    let count = |text: &str| words(text).iter().filter(|word| !crate::lexicon::SMALL.contains(&***word)).count();
    count(answer) < count(form)
}

/// Whether two texts have the same words in another order.
fn are_turned(form: &str, answer: &str) -> bool {
    let (mut wanted, mut given) = (words(form), words(answer));
    let turned = wanted != given;
    wanted.sort_unstable();
    given.sort_unstable();
    turned && wanted == given
}

/// What an answer says behind words of the question: `Kigali` of "Umurwa mukuru w'u Rwanda ni Kigali".
fn behind_copula<'a>(answer: &'a str, question: &str) -> Option<&'a str> {
    if question.is_empty() || !answer.contains(' ') {
        return None;
    }
    let (before, said) = [" is ", " are ", " est ", " ni ", " = "].iter().find_map(|copula| halves(answer, copula))?;
    let before = Reading::of(before);
    let heavy: Vec<_> =
        before.tokens().into_iter().filter(|token| token.weight >= 1.0).map(|token| token.stem.clone()).collect();
    let known = meaning::known(question);
    (!heavy.is_empty() && heavy.iter().all(|stem| known.iter().any(|other| **other == **stem))).then_some(said)
}

/// What an answer puts into the gap of a sentence whose words beside the gap it repeats; `None` where it repeats none.
fn in_gap<'a>(answer: &'a str, question: &str) -> Option<&'a str> {
    let (before, after) = ["___", ".....", "…"].iter().find_map(|sign| question.split_once(sign))?;
    let after = after.trim_start_matches(['_', '.', '…', ' ']);
    let bare = |word: &str| folded(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned();
    let list =
        |text: &str| -> Vec<String> { text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect() };
    let (before, after, given) = (list(before), list(after), list(answer));
    let leads = (1..given.len()).rev().find(|n| before.ends_with(&given[..*n])).unwrap_or(0);
    let trails = (1..given.len() - leads).rev().find(|n| after.starts_with(&given[given.len() - n..])).unwrap_or(0);
    if leads + trails == 0 {
        return None;
    }
    let words: Vec<&str> = answer.split_whitespace().filter(|word| !bare(word).is_empty()).collect();
    let (first, last) = (words.get(leads)?, words.get(words.len().checked_sub(trails + 1)?)?);
    let at = |part: &str| part.as_ptr() as usize - answer.as_ptr() as usize;
    answer.get(at(first)..at(last) + last.len()).map(|said| said.trim_end_matches('.'))
}

/// Whether `CTRL C` or `Control and C` are the keys of `Ctrl + C`, pressed together; `None` where one of them is none.
pub fn are_keys_alike(form: &str, answer: &str) -> Option<bool> {
    let keys = |text: &str| -> Option<Vec<String>> {
        let text = low(text);
        let named = |key: &str| match key {
            "control" | "ctr" | "cntrl" => "ctrl".to_owned(),
            "command" => "cmd".to_owned(),
            "delete" => "del".to_owned(),
            "escape" => "esc".to_owned(),
            "windows" => "win".to_owned(),
            other => other.to_owned(),
        };
        let said = text.split(|c: char| !c.is_alphanumeric());
        let said = said.filter(|key| !matches!(*key, "" | "and" | "key" | "keys" | "the" | "then" | "plus" | "press"));
        let keys: Vec<String> = said.map(named).collect();
        let held = |key: &String| matches!(&**key, "ctrl" | "alt" | "shift" | "cmd" | "win");
        (keys.len() > 1 && held(&keys[0])).then_some(keys)
    };
    // Most keys begin with none of these.
    const HELD: [&str; 6] = ["ctrl", "control", "alt", "shift", "cmd", "win"];
    let begins = |held: &&str| form.get(..held.len()).is_some_and(|start| start.eq_ignore_ascii_case(held));
    let held = form.contains(['+', '-']) && HELD.iter().any(begins);
    // `control set-up` is none.
    let is_key = |key: &String| {
        key.chars().count() == 1
            || key.strip_prefix('f').is_some_and(|n| n.parse::<u8>().is_ok())
            || matches!(&**key, "alt" | "shift" | "del" | "esc" | "enter" | "tab" | "home" | "end" | "space")
    };
    let is_pressed = |keys: &Vec<String>| form.contains('+') || keys[1..].iter().all(is_key);
    let wanted = held.then(|| keys(form)).flatten().filter(is_pressed)?;
    Some(wanted == keys(answer)?)
}

/// Whether `tT` has the alleles of the genotype `Tt`, where capitals tell which dominate; `None` where one of them is none.
fn are_alleles_alike(form: &str, answer: &str, asked: &Asked) -> Option<bool> {
    let alleles = |text: &str| -> Option<Vec<[u8; 2]>> {
        let letters = text.trim().as_bytes();
        let pairs = || letters.chunks(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
        let genes = matches!(letters.len(), 2 | 4)
            && pairs().all(|[a, b]| a.is_ascii_alphabetic() && a.eq_ignore_ascii_case(&b));
        genes.then(|| pairs().map(|[a, b]| [a.min(b), a.max(b)]).collect())
    };
    // `tt` alone could be other letters.
    let genes = || asked.has(&["genotyp", "allele", "dominant", "recessive", "homozyg"]);
    let wanted = alleles(form).filter(|all| all.iter().any(|[a, b]| a != b) || genes())?;
    let given = alleles(answer)?;
    Some(wanted == given)
}

/// Whether one word is another form of the other, or is misspelt.
fn is_form_of(form: &str, answer: &str) -> bool {
    let (wanted, given) = (words(form), words(answer));
    matches!((&wanted[..], &given[..]), ([a], [b]) if a != b && (stem(a) == stem(b) || are_derived(a, b)))
}

/// Like [`judge`], for what can be no formula.
pub fn in_words(form: &str, answer: &str) -> Judgement {
    in_words_for(form, answer, "", true)
}

fn in_words_for(form: &str, answer: &str, question: &str, open: bool) -> Judgement {
    let (wanted, given) = (&*Reading::of(form), &*Reading::of(answer));
    if same_words((form, &wanted.words), (answer, &given.words)) {
        return Judgement::right(Note::Right);
    }
    let is_sign = |word: &str| matches!(word, "operator" | "symbol" | "sign" | "character");
    // `the # symbol`
    if wanted.words.is_empty() {
        let signs = |text: &str| text.replace(|c: char| c.is_alphabetic() || c.is_whitespace(), "");
        let named = given.words.iter().any(|word| is_sign(word));
        let said =
            named && given.words.iter().all(|word| word == "the" || is_sign(word)) && signs(form) == signs(answer);
        return if said { Judgement::right(Note::SameMeaning) } else { Judgement::wrong(Note::Unknown) };
    }
    if is_symbolic(&wanted.words) {
        // `the != operator`
        if let [sign] = &wanted.words[..]
            && let [.., word, kind] = &given.words[..]
            && word == sign
            && is_sign(kind)
        {
            return Judgement::right(Note::SameMeaning);
        }
        // Letters that are not the usual ones may still stand for what a formula says in words.
        let in_words = wanted.words.iter().any(|word| word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase()));
        return Judgement::wrong(if is_symbolic(&given.words) && !in_words { Note::Wrong } else { Note::Unknown });
    }
    meaning::is(form, answer, question, open)
}

/// Whether an answer says that a statement is true, with a reason behind it or in letters that changed places.
pub fn said_truth(answer: &str) -> Option<bool> {
    truth(answer).or_else(|| {
        let text = folded(answer);
        let (first, reason) = ["because", "since", ",", ".", ";", "car ", "kuko"]
            .iter()
            .filter_map(|sign| text.find(sign))
            .min()
            .map_or((&*text, ""), |at| text.split_at(at));
        let sorted = |word: &str| {
            let mut letters = word.as_bytes().to_vec();
            letters.sort_unstable();
            letters
        };
        let slip = || {
            ["true", "false"].into_iter().find(|word| first.starts_with(&word[..1]) && sorted(word) == sorted(first))
        };
        let other = || reason.split(|c: char| !c.is_alphabetic()).any(|word| truth(word).is_some());
        truth(first.trim()).filter(|_| !other()).or_else(|| truth(slip()?))
    })
}

/// The logic gate that a text names: `nand` of `NAND gate`.
fn gate(text: &str) -> Option<&'static str> {
    const GATES: [&str; 7] = ["and", "or", "not", "nand", "nor", "xor", "xnor"];
    let name = text.trim().strip_prefix("the ").unwrap_or(text.trim());
    let name = name.strip_suffix(" gate").unwrap_or(name);
    let capitals = name.bytes().all(|b| b.is_ascii_uppercase()) || name.len() < text.len();
    GATES.into_iter().find(|gate| capitals && name.len() < 5 && gate.eq_ignore_ascii_case(name))
}

/// `True`, `F`, `vrai`, `oya`: yes or no.
pub fn truth(text: &str) -> Option<bool> {
    let text = folded(text);
    let text = text.trim().trim_matches(['.', '(', ')', '!', '"']);
    let said = ["it is ", "it's ", "this is ", "the statement is ", "c'est ", "ni "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead));
    match said.unwrap_or(text) {
        "true" | "t" | "yes" | "yep" | "yeah" | "y" | "v" | "vrai" | "oui" | "yego" | "byo" | "nibyo" | "ukuri"
        | "correct" | "right" | "✓" | "✔" => Some(true),
        "false" | "f" | "no" | "nope" | "n" | "faux" | "non" | "oya" | "si byo" | "sibyo" | "si ukuri" | "ikinyoma"
        | "untrue" | "not true" | "not correct" | "incorrect" | "wrong" | "✗" | "✘" => Some(false),
        _ => None,
    }
}

/// A formula or symbols: no other words will do.
pub fn is_exact(form: &str) -> bool {
    formula::accepts(form, "", false).is_some() || is_symbolic(&Reading::of(form).words)
}

/// Relations, roots and single letters: their order is their meaning.
fn is_symbolic(words: &[String]) -> bool {
    words.iter().any(|word| word.contains(['=', '<', '>', '≤', '≥', '≠', '√', '+', '×', '^']))
        || words.iter().all(|word| word.chars().count() == 1 || !word.contains(char::is_alphabetic))
}
