//! Makes questions from notes, a syllabus or a textbook that contains none: from definitions, lists, and sentences that use
//! defined words or state numbers. Each question keeps its sentence and place, and a person should check it. The same text
//! gives the same questions.

use std::collections::HashSet;

use exam_model::paper::Paper;
use exam_model::question::{Key, KeySource, Kind, MadeFrom, Question, Region};
use exam_reading::lines::{self, Line};
use exam_reading::text::PageText;

use crate::domain::adaptive::mixed;

/// The most questions for a document.
const MAX: usize = 120;
/// The fewest words with a meaning after a colon that make a glossary.
const GLOSSARY: usize = 5;
/// The number of definitions in a matching question.
const MATCHED: usize = 5;

/// A sentence with its place.
#[derive(Debug, Clone, PartialEq)]
struct Sentence {
    text: String,
    page: u32,
    regions: Vec<Region>,
    /// The number of headings above it so far.
    part: usize,
    /// Whether it is all the text of a bullet, which may lack a full stop.
    whole: bool,
}

impl Sentence {
    /// Whether it ends properly.
    fn is_done(&self) -> bool {
        self.text.ends_with('.') || self.whole && self.text.ends_with(char::is_alphanumeric)
    }

    /// The key source of a question made from it: the sentence and where it starts.
    fn source(&self) -> KeySource {
        let only_page = Region { page: self.page, ..Region::default() };
        KeySource::Paper(self.regions.first().copied().unwrap_or(only_page))
    }
}

/// A definition: a term and its meaning, from a sentence.
#[derive(Debug, Clone, PartialEq)]
struct Definition {
    term: String,
    /// The text before and after the term; the meaning starts at the verb.
    meaning: String,
    /// The sentence with a gap in place of the term.
    with_gap: String,
    plural: bool,
    /// Whether it is from a glossary: "Emulsion: a mixture …".
    listed: bool,
    sentence: Sentence,
}

/// Replaces what was read as questions by questions made from the text, unless they are real ones: half of them, and at
/// least three, have marks, a key or a question mark. Numbered headings and lists in notes do not.
pub fn complete(paper: &mut Paper, pages: &[PageText]) {
    let leaves: Vec<&Question> = paper.questions.iter().flat_map(Question::leaves).collect();
    let asks = |leaf: &&&Question| leaf.marks.is_some() || leaf.key.is_some() || leaf.text.contains('?');
    if leaves.iter().filter(asks).count() >= leaves.len().div_ceil(2).max(3) {
        return;
    }
    paper.questions = questions(pages);
    paper.sections.clear();
    paper.warnings = vec![match paper.questions.len() {
        0 => "It contains no questions, and none could be made from its text.".to_owned(),
        count => format!(
            "It contains no questions: {} made from its text. Pupils only get those that somebody has approved.",
            if count == 1 { "1 was".to_owned() } else { format!("{count} were") }
        ),
    }];
}

/// Makes questions from the text of these pages.
pub fn questions(pages: &[PageText]) -> Vec<Question> {
    from_sentences(&sentences(&lines::lines(pages)))
}

fn from_sentences(sentences: &[Sentence]) -> Vec<Question> {
    let mut terms = HashSet::new();
    let mut definitions: Vec<Definition> =
        sentences.iter().filter_map(definition).filter(|found| terms.insert(found.term.to_lowercase())).collect();
    // A meaning that two terms share identifies neither.
    let meanings: Vec<String> = definitions.iter().map(|one| one.meaning.clone()).collect();
    definitions.retain(|one| meanings.iter().filter(|meaning| **meaning == one.meaning).count() == 1);
    // A few words with a colon are not a glossary.
    if definitions.iter().filter(|one| one.listed).count() < GLOSSARY {
        definitions.retain(|one| !one.listed);
    }
    // Each word is asked for only once, with the sentence that defines it.
    let mut asked: HashSet<String> = definitions.iter().map(|one| one.term.to_lowercase()).collect();
    let mut used: HashSet<&str> = HashSet::new();
    let mut made: Vec<Question> = Vec::new();
    let mut place = 0;
    for sentence in sentences {
        if !used.insert(&sentence.text) {
            continue;
        }
        if let Some(found) = definitions.iter().position(|definition| definition.sentence == *sentence) {
            place += 1;
            let one = &definitions[found];
            made.push(if place % 3 == 0 { truth(one, &definitions) } else { None }.unwrap_or_else(|| name(one)));
            if place % MATCHED == 0 {
                made.extend(matching(&definitions[found + 1 - MATCHED..=found]));
            }
        } else if let Some(question) = list(sentence).or_else(|| gap(sentence)) {
            let key = question.key.as_ref().map(|key| key.text.to_lowercase()).unwrap_or_default();
            if asked.insert(key) {
                made.push(question);
            }
        }
    }
    made.truncate(MAX);
    for (number, question) in (1..).zip(&mut made) {
        (question.path, question.label) = (number.to_string(), format!("{number}."));
    }
    made
}

fn generate(kind: Kind, text: String, key: Key, marks: usize, from: &Sentence) -> Question {
    Question {
        kind,
        text,
        key: Some(key),
        marks: Some(marks as f64),
        regions: from.regions.clone(),
        confidence: 0.5,
        doubts: vec!["Made from notes, not from a paper.".into()],
        made_from: Some(MadeFrom::Notes { sentence: from.text.clone(), page: from.page }),
        ..Question::default()
    }
}

fn key(text: String, from: &Sentence) -> Key {
    Key { options: Vec::new(), text, source: from.source() }
}

/// "Which word has this meaning?"
fn name(one: &Definition) -> Question {
    let text = format!("What is it called? Fill the gap.\n{}", one.with_gap);
    generate(Kind::Short, text, key(one.term.clone(), &one.sentence), 1, &one.sentence)
}

/// A true-or-false question: the definition, or the same with another plausible term, under the same heading and of the
/// same form.
fn truth(one: &Definition, all: &[Definition]) -> Option<Question> {
    let chance = mixed(hash(&one.sentence.text));
    let others: Vec<&Definition> = all
        .iter()
        .filter(|other| other.plural == one.plural && other.term != one.term && other.listed == one.listed)
        .filter(|other| {
            let words = |one: &Definition| one.term.split_whitespace().count();
            other.sentence.part == one.sentence.part && words(other).abs_diff(words(one)) <= 1
        })
        .filter(|other| {
            starts_lower(&other.term) == starts_lower(&one.term) && !share_a_word(&other.term, &one.sentence.text)
        })
        .collect();
    let right = chance.is_multiple_of(2);
    let said = if right {
        one.sentence.text.clone()
    } else {
        let other = others.get((chance / 2) as usize % others.len().max(1))?;
        capitalised(&article(&one.with_gap, &other.term).replacen(GAP, &other.term, 1))
    };
    let word = if right { "true" } else { "false" };
    let answer = Key {
        options: vec![word.into()],
        text: if right { "True".into() } else { format!("False: {}", one.sentence.text.replace(';', ",")) },
        source: one.sentence.source(),
    };
    Some(generate(Kind::TrueFalse, format!("True or false?\n{said}"), answer, 1, &one.sentence))
}

const GAP: &str = "______";

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// `An ______` before a vowel, `A ______` before none.
fn article(with_gap: &str, term: &str) -> String {
    let vowel = term.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    let (from, to) = if vowel { (["A ", "a "], ["An ", "an "]) } else { (["An ", "an "], ["A ", "a "]) };
    for (from, to) in from.iter().zip(to) {
        if with_gap.starts_with(&format!("{from}{GAP}")) || with_gap.contains(&format!(" {from}{GAP}")) {
            return with_gap.replacen(&format!("{from}{GAP}"), &format!("{to}{GAP}"), 1);
        }
    }
    with_gap.to_owned()
}

/// "Match each word with its meaning."
fn matching(group: &[Definition]) -> Option<Question> {
    let other_part = |one: &Definition| one.sentence.part != group[0].sentence.part;
    if group.iter().any(|one| one.meaning.chars().count() > 160 || other_part(one)) {
        return None;
    }
    let mut order: Vec<usize> = (0..group.len()).collect();
    order.sort_by_key(|&n| mixed(hash(&group[n].sentence.text)));
    let mut lines = vec!["Match each word with its meaning.".to_owned()];
    lines.extend(group.iter().zip(1..).map(|(one, number)| format!("{number}. {}", one.term)));
    let letter = |place: usize| char::from(b'A' + place as u8);
    lines.extend(order.iter().enumerate().map(|(place, &n)| format!("{}. {}", letter(place), group[n].meaning)));
    let pairs: Vec<String> = (0..group.len())
        .filter_map(|n| Some(format!("{}-{}", n + 1, letter(order.iter().position(|&other| other == n)?))))
        .collect();
    let first = &group[0].sentence;
    let all = Sentence {
        text: group.iter().map(|one| one.sentence.text.as_str()).collect::<Vec<_>>().join(" … "),
        page: first.page,
        regions: group.iter().flat_map(|one| one.sentence.regions.clone()).collect(),
        ..first.clone()
    };
    Some(generate(Kind::Match, lines.join("\n"), key(pairs.join("; "), first), group.len(), &all))
}

/// "The three states of matter are solid, liquid and gas."
fn list(sentence: &Sentence) -> Option<Question> {
    const COUNTS: [&str; 6] = ["two", "three", "four", "five", "six", "seven"];
    let text = sentence.text.trim_end_matches('.');
    let (head, tail) = [" are: ", ": ", " are "].iter().find_map(|mark| text.split_once(mark))?;
    let words: Vec<&str> = head.split_whitespace().collect();
    let at = words.iter().position(|word| COUNTS.contains(&word.to_lowercase().as_str()))?;
    let count = 2 + COUNTS.iter().position(|word| *word == words[at].to_lowercase())?;
    let items: Vec<&str> = tail
        .split(',')
        .flat_map(|piece| piece.split(" and "))
        .map(|piece| piece.trim().trim_start_matches("and ").trim_start_matches("the ").trim())
        .filter(|piece| !piece.is_empty())
        .collect();
    let plain = |item: &&str| {
        (1..=4).contains(&item.split_whitespace().count())
            && item.chars().all(|c| c.is_alphanumeric() || " -’'".contains(c))
            && !among(DANGLING, first_word(item))
    };
    let things = words[at + 1..].join(" ");
    let before = words[..at].join(" ").to_lowercase();
    let opens = ["the", "there are", "there are the", "there are the following", ""].contains(&before.as_str());
    if items.len() != count || !items.iter().all(plain) || !opens || things.is_empty() || things.contains([',', '(']) {
        return None;
    }
    let things = things.trim_end_matches(" following");
    let answer = key(items.join("; "), sentence);
    let text = format!("Name the {} {things}.", words[at].to_lowercase());
    Some(Question { choose: Some(count as u32), ..generate(Kind::List, text, answer, count, sentence) })
}

/// A sentence with a gap in place of a thing that it names in passing, or of a number with a unit. For other words, it is
/// not certain that only one fits.
fn gap(sentence: &Sentence) -> Option<Question> {
    let words = sentence.text.split_whitespace().count();
    let whole = sentence.is_done() && sentence.text.starts_with(char::is_uppercase);
    if !(9..=32).contains(&words) || !whole || dangles(&sentence.text) || sentence.text.contains(": ") {
        return None;
    }
    let (from, to) = named(&sentence.text).or_else(|| quantity(&sentence.text))?;
    let answer = sentence.text[from..to].to_owned();
    // If it occurs twice, the text gives the answer away.
    let rest = format!("{}{}", &sentence.text[..from], &sentence.text[to..]);
    if share_a_word(&answer, &rest) && !answer.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = format!("Fill the gap.\n{}{GAP}{}", &sentence.text[..from], &sentence.text[to..]);
    Some(generate(Kind::Cloze, text, key(answer, sentence), 1, sentence))
}

/// The place of the term in text such as "a lining called the endosteum, where bone grows".
fn named(text: &str) -> Option<(usize, usize)> {
    const ENDS: &str = "and or but that which who where when while is are was were can has have";
    const LINKS: &str = "in on at by for from to with of as if into during";
    let from = text.find(" called ")? + " called ".len();
    let term = &text[from..];
    let (article, term) = term.split_at(article_before(term));
    let (mut at, mut length, mut words) = (0, 0, 0);
    for word in term.split_inclusive(' ') {
        let bare = word.trim_end();
        if among(ENDS, bare) {
            break;
        }
        // The word before it may be a verb.
        if among(LINKS, bare) {
            return None;
        }
        let letters = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
        length = at + letters.len();
        at += word.len();
        words += 1;
        if letters.len() < bare.len() || !bare.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '’') {
            break;
        }
    }
    let fits =
        (1..=3).contains(&words) && term[..length].chars().count() >= 4 && !term[..length].contains(['(', '“', '"']);
    // Sentences that are definitions are already used.
    let verb = [" is called ", " are called "].iter().any(|verb| text[..from].ends_with(verb));
    let told = text[..from].split_whitespace().count() >= 4 && !among(DANGLING, first_word(term));
    let from = from + article.len();
    (fits && told && !verb).then_some((from, from + length))
}

/// The length in bytes of an article at the start of a text, with its space.
fn article_before(text: &str) -> usize {
    ["the ", "a ", "an "].iter().find(|article| text.starts_with(**article)).map_or(0, |article| article.len())
}

/// The place of the only number in a sentence, if a unit or a counted thing follows and it is not approximate.
fn quantity(text: &str) -> Option<(usize, usize)> {
    const UNITS: &str = "% percent per degrees ° °C km kilometers kilometres meters metres m cm mm kg grams g hours minutes seconds \
         days years weeks months light-years million billion bones chromosomes K";
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|&(at, c)| {
            c.is_ascii_digit() && !text[..at].ends_with(|c: char| c.is_ascii_digit() || ".,".contains(c))
        })
        .map(|(at, _)| at)
        .collect();
    let [from] = starts[..] else { return None };
    let length = text[from..].find(|c: char| !c.is_ascii_digit() && !".,".contains(c))?;
    let number = text[from..from + length].trim_end_matches(['.', ',']);
    let after = text[from + number.len()..].trim_start();
    let unit = after.split(|c: char| c.is_whitespace() || ",.;)".contains(c)).next()?;
    const ROUGH: &str = "over than about around nearly least most almost roughly approximately up only";
    let before = text[..from].trim_end().rsplit(' ').next().unwrap_or_default();
    let alone = text[..from].ends_with(' ')
        && from > 0
        && !among(ROUGH, before)
        && !text[..from].trim_end().ends_with(['=', '/', '×', '^']);
    (alone && UNITS.split(' ').any(|known| known == unit)).then_some((from, from + number.len()))
}

/// What cannot begin a term, an item of a list, or a sentence that stands alone.
const DANGLING: &str = "it its this these those that there here he she they we you one what which who when where why how another some \
     most many all each such other others both either neither if but and or so thus therefore however hence then also \
     for in on at by with as because since although while our their your first second nothing fortunately \
     unfortunately specifically instead finally indeed once let use to after before similarly actually likewise note \
     select is are name term word answer idea every any be remember try hold notice make do consider place keep";

/// Whether a word is in a list, ignoring case.
fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| other == word.to_lowercase())
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default()
}

/// Whether it depends on the sentence before it, refers to a figure or the reader, or is not plain language.
fn dangles(text: &str) -> bool {
    const POINTING: [&str; 16] = [
        "above",
        "below",
        "following",
        "previous",
        "figure",
        "table",
        "see ",
        "example",
        "chapter",
        "section",
        "click",
        "select",
        "this ",
        "these ",
        " you",
        " we ",
    ];
    const SIGNS: [char; 7] = ['/', '=', '_', '#', '@', '<', '>'];
    let lower = text.to_lowercase();
    among(DANGLING, first_word(&lower)) || POINTING.iter().any(|word| lower.contains(word)) || text.contains(SIGNS)
}

/// The definition in a sentence, if it is one.
fn definition(sentence: &Sentence) -> Option<Definition> {
    const VERBS: [(&str, bool); 10] = [
        (" is defined as ", false),
        (" are defined as ", true),
        (" refers to ", false),
        (" refer to ", true),
        (" means ", false),
        (" is the name for ", false),
        (" is a ", false),
        (" is an ", false),
        (" is the ", false),
        (" are the ", true),
    ];
    let text = sentence.text.trim_end_matches('.');
    if !sentence.is_done() || text.split_whitespace().count() > 45 {
        return None;
    }
    called(sentence, text).or_else(|| listed(sentence, text)).or_else(|| {
        let (at, verb, plural) = VERBS
            .iter()
            .filter_map(|&(verb, plural)| Some((text.find(verb)?, verb, plural)))
            .min_by_key(|&(at, verb, _)| (at, usize::MAX - verb.len()))?;
        let subject = text[..at].trim();
        let (article, term) = ["The ", "A ", "An "]
            .iter()
            .find_map(|article| Some((*article, subject.strip_prefix(article)?)))
            .unwrap_or(("", subject));
        let (term, aside) = term.split_once(" (").map_or((term, ""), |(term, aside)| (term, aside));
        let rest = &text[at..];
        // The verb's own article belongs to the meaning.
        let meaning = if verb.ends_with(" a ") || verb.ends_with(" an ") || verb.ends_with(" the ") {
            rest.trim_start().split_once(' ')?.1
        } else {
            &rest[verb.len()..]
        };
        let aside_is_done = aside.is_empty() || aside.ends_with(')');
        // "A hole is an opening in the bone" says too little.
        let narrows =
            [" that ", " which ", " where ", " who ", " whose ", " when ", " of ", " by ", " from ", " between "];
        if verb.starts_with(" is a")
            && !(narrows.iter().any(|word| meaning.contains(word)) && meaning.split_whitespace().count() >= 6)
        {
            return None;
        }
        let with_gap = format!("{article}{GAP}{rest}.");
        (aside_is_done && !dangles(text)).then_some(())?;
        checked(term, meaning, with_gap, plural, sentence)
    })
}

/// "The path of the Sun among the stars is called the ecliptic."
fn called(sentence: &Sentence, text: &str) -> Option<Definition> {
    let (before, after) = [" is called ", " are called ", " is known as ", " are known as "]
        .iter()
        .find_map(|verb| text.split_once(verb).map(|(before, after)| ((before, *verb), after)))?;
    let (before, verb) = before;
    // "… is called the medullary cavity, which is filled with yellow marrow."
    let cut = after.find([',', '(', ';']).unwrap_or(after.len());
    let (after, rest) = after.split_at(after[..cut].trim_end().len());
    let (article, term) = after.split_at(article_before(after));
    let term = term.trim_matches(['“', '”', '"', '\'', '‘', '’']);
    let plural = verb.starts_with(" are");
    if before.split_whitespace().count() < 4 || dangles(text) || before.contains(", which") {
        return None;
    }
    let with_gap = format!("{before}{verb}{article}{GAP}{rest}.");
    checked(term, before, with_gap, plural, sentence)
}

/// "Emulsion: a mixture of two liquids", "Emulsion – a mixture of two liquids".
fn listed(sentence: &Sentence, text: &str) -> Option<Definition> {
    const NOTES: &str = "note notes example examples hint warning tip figure table answer question exercise";
    let (term, meaning) = [": ", " – ", " — "].iter().find_map(|mark| text.split_once(mark))?;
    // A meaning is not a separate sentence.
    let tells =
        [" is ", " are ", " was ", " were ", " can ", " you ", " we ", ": "].iter().any(|word| meaning.contains(word));
    if among(NOTES, first_word(term))
        || among(DANGLING, first_word(meaning))
        || tells
        || starts_lower(term)
        || is_short_form(term)
    {
        return None;
    }
    let with_gap = format!("{GAP}: {meaning}.");
    checked(term, meaning, with_gap, term.ends_with('s'), sentence).map(|found| Definition { listed: true, ..found })
}

/// A definition, if its term is valid and its meaning makes sense without the term.
fn checked(term: &str, meaning: &str, with_gap: String, plural: bool, sentence: &Sentence) -> Option<Definition> {
    const EMPTY: &str = "same reason result case only first last main most best good bad matter way bit lot kind few little problem \
         question difference simple common typical useful important very much more sum list opposite example one \
         major key rather real number means";
    let words: Vec<&str> = term.split_whitespace().collect();
    let letters = |c: char| c.is_alphanumeric() || " -’'".contains(c);
    let said = meaning.trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the ");
    let length = meaning.split_whitespace().count();
    let term_fits = (1..=4).contains(&words.len())
        && term.chars().all(letters)
        && (term.chars().filter(|c| c.is_lowercase()).count() >= 3 || is_short_form(term))
        && !words.iter().any(|word| among(DANGLING, word) || *word == "of")
        && !term.ends_with("’s");
    let meaning_fits = (5..=40).contains(&length)
        && !among(EMPTY, first_word(said))
        && !share_a_word(term, meaning)
        && meaning.matches(['(', ')']).count().is_multiple_of(2);
    let term = lowered(term, words.len());
    (term_fits && meaning_fits).then(|| Definition {
        term,
        meaning: meaning.to_owned(),
        with_gap,
        plural,
        listed: false,
        sentence: sentence.clone(),
    })
}

/// Whether it is an abbreviation: DNA, BIOS.
fn is_short_form(term: &str) -> bool {
    (2..=5).contains(&term.chars().count()) && term.chars().all(char::is_uppercase)
}

/// A term as written within a sentence. A name of several words keeps its capitals.
fn lowered(term: &str, words: usize) -> String {
    let capitals = term.split_whitespace().filter(|word| !starts_lower(word)).count();
    let shouted = term.chars().filter(|c| c.is_uppercase()).count() > words;
    if shouted || (words > 1 && capitals > 1) {
        return term.to_owned();
    }
    let mut chars = term.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

fn starts_lower(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

/// Whether a word of `term` with more than three letters, without its ending, is also in the text.
fn share_a_word(term: &str, text: &str) -> bool {
    let stem = |word: &str| word.chars().take(word.chars().count().saturating_sub(2).max(4)).collect::<String>();
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3).map(stem).collect()
    };
    let there = words(text);
    words(term).iter().any(|word| there.iter().any(|other| other.starts_with(word) || word.starts_with(other.as_str())))
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

/// Splits lines into sentences. A paragraph ends at a gap, a change of size, after a short line and before a bullet.
fn sentences(lines: &[Line]) -> Vec<Sentence> {
    let body = body_size(lines);
    let mut all = Vec::new();
    let mut paragraph: Vec<&Line> = Vec::new();
    let mut part = 0;
    for line in lines {
        let text = line.text();
        // A whole sentence in bold is not a heading, but something to learn.
        let title = !text.trim_end().ends_with('.') && text.split_whitespace().count() <= 8;
        let bold = line.segments.iter().all(|s| s.bold) && line.segments.len() == 1;
        let heading = size(line) > 1.12 * body || bold && title;
        let goes_on = paragraph.last().is_some_and(|last| {
            let height = (last.bottom - last.top).max(1.0);
            let next_page = line.page == last.page + 1 && !ends(&last.text());
            let near =
                line.page == last.page && line.baseline - last.baseline < 1.9 * height && line.baseline > last.baseline;
            (near || next_page) && !is_new(line) && (size(line) - size(last)).abs() < 1.0
        });
        if heading || !goes_on {
            all.extend(split(&paragraph, part));
            paragraph.clear();
        }
        part += usize::from(heading);
        if !heading {
            paragraph.push(line);
        }
    }
    all.extend(split(&paragraph, part));
    all
}

fn is_new(line: &Line) -> bool {
    let text = line.text();
    let label: String = text.chars().take_while(|c| !c.is_whitespace()).collect();
    text.starts_with(['•', '–', '-', '*', '▪', '○', '●'])
        || (label.chars().count() <= 4
            && label.ends_with(['.', ')'])
            && label.starts_with(|c: char| c.is_alphanumeric()))
}

fn ends(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?', ':'])
}

fn size(line: &Line) -> f32 {
    line.segments.iter().map(|segment| segment.size).fold(0.0, f32::max)
}

/// The size of most letters.
fn body_size(lines: &[Line]) -> f32 {
    let mut sizes: Vec<(u32, usize)> = Vec::new();
    for line in lines {
        let size = (10.0 * size(line)) as u32;
        let letters = line.text().len();
        match sizes.iter_mut().find(|(other, _)| *other == size) {
            Some((_, count)) => *count += letters,
            None => sizes.push((size, letters)),
        }
    }
    sizes.into_iter().max_by_key(|&(_, count)| count).map_or(0.0, |(size, _)| size as f32 / 10.0)
}

/// Splits a paragraph into sentences, each with its lines.
fn split(paragraph: &[&Line], part: usize) -> Vec<Sentence> {
    let mut text = String::new();
    // The line of each byte.
    let mut starts: Vec<(usize, &Line)> = Vec::new();
    for line in paragraph {
        let words = line.text().split_whitespace().collect::<Vec<_>>().join(" ");
        if text.ends_with('-') && words.starts_with(|c: char| c.is_lowercase()) {
            text.pop();
        } else if !text.is_empty() {
            text.push(' ');
        }
        starts.push((text.len(), line));
        text.push_str(&words);
    }
    let mut sentences = Vec::new();
    let mut from = 0;
    let ends = sentence_ends(&text);
    let bullet = paragraph.first().is_some_and(|line| is_new(line));
    for &end in &ends {
        let piece = text[from..end].trim();
        let on: Vec<&Line> = starts
            .iter()
            .enumerate()
            .filter(|(n, (start, _))| *start < end && starts.get(n + 1).is_none_or(|(next, _)| *next > from))
            .map(|(_, (_, line))| *line)
            .collect();
        if let Some(first) = on.first().filter(|_| !piece.is_empty()) {
            let piece = piece.trim_start_matches(['•', '–', '*', '▪', '○', '●', ' ']);
            let (text, page, whole) = (piece.to_owned(), first.page, bullet && ends.len() == 1);
            sentences.push(Sentence { text, page, regions: regions(&on), part, whole });
        }
        from = end;
    }
    sentences
}

fn regions(lines: &[&Line]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for line in lines {
        let right = line.segments.last().map_or(line.column.1, |segment| segment.right);
        let (x, y, bottom) = (line.x(), line.top, line.bottom);
        match regions.last_mut().filter(|last| last.page == line.page && last.y < y) {
            Some(last) => {
                let edge = (last.x + last.width).max(right);
                last.x = last.x.min(x);
                last.width = edge - last.x;
                last.height = bottom - last.y;
            }
            None => regions.push(Region { page: line.page, x, y, width: right - x, height: bottom - y }),
        }
    }
    regions
}

/// The byte positions after the sentences of a text.
fn sentence_ends(text: &str) -> Vec<usize> {
    const SHORT: &str = "e.g i.e etc fig no vs dr mr mrs st approx ca cf eq sec p";
    let mut ends = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?')) {
        let after = &text[at + c.len_utf8()..];
        let next = after.trim_start_matches(['”', '"', '’', ')']);
        let new = next.is_empty()
            || (next.starts_with(' ')
                && next.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '“'));
        let word = text[..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
        let initial = word.chars().count() == 1 && word.starts_with(char::is_alphabetic) && c == '.';
        if new && !(c == '.' && (among(SHORT, &word) || initial)) {
            ends.push(at + c.len_utf8() + (after.len() - next.len()));
        }
    }
    if ends.last().is_none_or(|&last| !text[last..].trim().is_empty()) && !text.is_empty() {
        ends.push(text.len());
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_marking::mark;
    use exam_model::answer::{Answer, Verdict};

    fn sentence(text: &str) -> Sentence {
        Sentence { text: text.into(), page: 3, regions: vec![], part: 0, whole: false }
    }

    fn of(texts: &[&str]) -> Vec<Question> {
        from_sentences(&texts.iter().map(|text| sentence(text)).collect::<Vec<_>>())
    }

    fn term(text: &str) -> Option<String> {
        definition(&sentence(text)).map(|found| found.term)
    }

    #[test]
    fn finds_definitions() {
        for (text, found) in [
            ("The ecliptic is the path of the Sun among the stars in a year.", "ecliptic"),
            ("Photosynthesis is a process by which plants make food from light.", "photosynthesis"),
            ("Evaporation means that a liquid turns into a gas at its surface.", "evaporation"),
            ("An isotope is a form of an element with another number of neutrons.", "isotope"),
            ("The change of a liquid into a gas is called evaporation.", "evaporation"),
            ("Emulsion: a mixture of two liquids that do not dissolve.", "emulsion"),
            ("Lake Kivu is a deep body of fresh water in the west of Rwanda.", "Lake Kivu"),
        ] {
            assert_eq!(term(text).as_deref(), Some(found), "{text}");
        }
        for text in [
            "This is a good way to think of it when you start.",
            "It is a form of energy that can be stored.",
            "The same is the case for all of the other planets.",
            "A star is a star that shines by its own light.",
            "The reason is the way in which the Earth turns.",
            "Is the ecliptic the path of the Sun?",
            "There is a mountain in the north of the country.",
            "Note: this is the path of the Sun among the stars.",
            "The ecliptic (see Figure 3 is the path of the Sun.",
        ] {
            assert_eq!(term(text), None, "{text}");
        }
    }

    #[test]
    fn every_question_is_earned_by_its_own_key_and_names_its_sentence() {
        let questions = of(&[
            "The ecliptic is the path of the Sun among the stars in a year.",
            "Parallax is the apparent shift of a near object when the observer moves.",
            "A meridian is the great circle through the poles and the point overhead.",
            "The horizon is the line that divides the sky from the ground.",
            "Precession is the slow turn of the axis of the Earth in space.",
            "The three states of matter are solid, liquid and gas.",
            "The axis of the Earth is tilted by 23.5 degrees against its orbit.",
            "Twice a year the Sun stands where the ecliptic crosses the equator of the sky.",
            "The Sun crosses the equator of the sky at a point called the vernal equinox, where spring begins.",
        ]);
        let kinds: Vec<Kind> = questions.iter().map(|question| question.kind).collect();
        use Kind::{Cloze, List, Match, Short, TrueFalse};
        assert_eq!(kinds, [Short, Short, TrueFalse, Short, Short, Match, List, Cloze, Cloze]);
        for (number, question) in (1..).zip(&questions) {
            let key = question.key.as_ref().unwrap();
            let own = if key.options.is_empty() { vec![key.text.clone()] } else { key.options.clone() };
            let own = if question.kind == List { key.text.split("; ").map(str::to_owned).collect() } else { own };
            assert_eq!(mark(question, &Answer(own)).verdict, Verdict::Right, "{}", question.text);
            assert!(question.needs_look() && question.path == number.to_string());
            assert!(matches!(&question.made_from, Some(MadeFrom::Notes { page: 3, sentence }) if !sentence.is_empty()));
            let shown = question.kind == Short || question.kind == Cloze;
            assert!(!shown || !question.text.contains(&key.text), "it gives itself away: {}", question.text);
        }
        assert_eq!(
            questions[0].text,
            "What is it called? Fill the gap.\nThe ______ is the path of the Sun among the stars in a year."
        );
        assert_eq!((questions[6].text.as_str(), questions[6].choose), ("Name the three states of matter.", Some(3)));
        assert_eq!(
            questions[7].text,
            "Fill the gap.\nThe axis of the Earth is tilted by ______ degrees against its orbit."
        );
        assert_eq!(questions[8].key.as_ref().unwrap().text, "vernal equinox");
    }

    #[test]
    fn a_wrong_statement_has_the_word_of_another_definition() {
        let texts: Vec<String> =
            ["ecliptic", "parallax", "meridian", "horizon", "azimuth", "zenith", "nadir", "equinox", "perigee"]
                .iter()
                .enumerate()
                .map(|(n, word)| format!("A {word} is a thing that scholars name with care in book {n} of theirs."))
                .collect();
        let questions = of(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let statements: Vec<&Question> = questions.iter().filter(|question| question.kind == Kind::TrueFalse).collect();
        assert_eq!(statements.len(), 3);
        for question in statements {
            let said = question.text.strip_prefix("True or false?\n").unwrap();
            let right = question.key.as_ref().unwrap().options == ["true"];
            let MadeFrom::Notes { sentence, .. } = question.made_from.as_ref().unwrap() else { panic!() };
            assert_eq!(right, said == sentence, "{said}");
            assert!(!said.contains("A az") && !said.contains("A ec") && !said.contains("A eq") || right, "{said}");
        }
    }

    #[test]
    fn asks_nothing_that_several_words_answer() {
        for texts in [
            // The same is said of both.
            &[
                "Exocytosis is a process that needs a source of energy.",
                "Endocytosis is a process that needs a source of energy.",
            ][..],
            &["A hole is an opening or groove in the bone."],
            &["Quickly the troops moved back to their dugouts which were more than 12 m deep."],
            &["Be careful not to get the proteins called carriers mixed up with others."],
            &["The long shape of the molecule is called the structure of DNA."],
            &["Special white cells of the blood called phagocytes destroy germs by eating them."],
        ] {
            assert_eq!(of(texts), [], "{texts:?}");
        }
        let hollow =
            of(&["The hollow region in the shaft is called the medullary cavity, which is filled with yellow marrow."]);
        assert_eq!(hollow[0].key.as_ref().unwrap().text, "medullary cavity");
        let bullet = Sentence { whole: true, ..sentence("Osmosis is the net movement of water through a membrane") };
        assert_eq!(from_sentences(&[bullet]).len(), 1, "a bullet needs no full stop");
        let foil = |part| {
            let parts = |(n, text): (usize, &str)| Sentence { part: n / 3 * part, ..sentence(text) };
            let texts = [
                "Inflation is the general increase of prices over the years.",
                "A tariff is a tax that a country puts on goods from abroad.",
                "Scarcity is the lack of goods that people want to have.",
                "Storage is the place where a computer keeps its programs.",
                "A compiler is a program that turns source into machine code.",
                "Memory is the part of a computer that holds what it works on.",
            ];
            let made = from_sentences(&texts.into_iter().enumerate().map(parts).collect::<Vec<_>>());
            made.iter().map(|question| question.kind).filter(|kind| *kind == Kind::Match).count()
        };
        assert_eq!((foil(0), foil(1)), (1, 0), "what stands under other headings is not mixed");
    }

    #[test]
    fn sentences_end_where_they_end() {
        let pieces = |text: &str| {
            let mut from = 0;
            sentence_ends(text)
                .into_iter()
                .map(|end| {
                    let piece = text[from..end].trim().to_owned();
                    from = end;
                    piece
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pieces("It is 3.5 m, e.g. Here it goes on. Dr. J. Smith came. “Why?” Yes"),
            ["It is 3.5 m, e.g. Here it goes on.", "Dr. J. Smith came.", "“Why?”", "Yes"]
        );
        assert_eq!(pieces(""), Vec::<String>::new());
    }

    #[test]
    fn what_asks_itself_is_left_alone() {
        let mut paper = Paper {
            cover: Default::default(),
            sections: vec![],
            questions: vec![Question { text: "Why is the sky blue?".into(), ..Question::default() }; 3],
            pages: vec![],
            warnings: vec![],
        };
        let before = paper.clone();
        complete(&mut paper, &[]);
        assert_eq!(paper, before);
        paper.questions[0].text = "Introduction".into();
        complete(&mut paper, &[]);
        assert!(paper.questions.is_empty());
        assert_eq!(paper.warnings, ["It contains no questions, and none could be made from its text."]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "[A-Z][a-zé ,.:()“”0-9-]{0,80}( is a | are | is called |: |\\. )[a-zé ,.;()0-9-]{0,80}") {
            of(&[&text, &format!("{text}.")]);
            let mut from = 0;
            for end in sentence_ends(&text) {
                let _ = &text[from..end];
                from = end;
            }
        }
    }
}
