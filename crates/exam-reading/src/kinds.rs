//! How an item is asked: its kind from its words and those around it, whether what is labelled below it are options, and
//! what is put under headings or named in a picture.

use exam_model::columns::CELLS_APART;
use exam_model::labels::Numbering;
use exam_model::question::{Choice, Kind, Question};

use crate::items::{BLANK, Words};
use crate::structure::Node;
use crate::words::{self, Cues, count_after, says};

/// A sentence begins with one of these, or goes on with it: "Draw lines to match …"; "a football match" does not.
fn asks_to(lower: &str, cues: &Cues) -> bool {
    let verb = |before: &str| {
        let before = before.trim_end();
        before.is_empty()
            || before.ends_with(['.', ',', ':', ';', '?', '!', ')', '\n'])
            || [" to", " and", " then", " pour", " et"].iter().any(|word| before.ends_with(word))
    };
    cues.all().any(|cue| lower.match_indices(cue).any(|(at, _)| verb(&lower[..at])))
}

/// "Match column A with column B", "choose from column B what fits column A": its labels are neither parts nor options.
pub fn is_matching(text: &str) -> bool {
    let lower = text.to_lowercase();
    let both = says(&lower, &words::COLUMN_A) && says(&lower, &words::COLUMN_B);
    both || asks_to(&lower, &words::MATCHING) && says(&lower, &words::COLUMNS)
}

/// Whether what stands below a node are ways to match two lists, `A-III, B-I, C-II`: of those one is chosen.
pub fn are_pairings(node: &Node, of: impl Fn(&Node) -> Words) -> bool {
    let paired = |child: &Node| child.children.is_empty() && words::pairs_labels(&of(child).text);
    node.children.len() > 2 && node.children.iter().all(paired)
}

/// "Circle three of …": words that stand below in rows are options without letters.
pub fn asks_to_circle(text: &str) -> bool {
    words::CIRCLING.start(&text.to_lowercase())
}

/// "Tick one box", "circle one answer": but "one box in each row" is a table.
pub fn asks_to_tick(text: &str) -> bool {
    let lower = text.to_lowercase();
    let asks = says(&lower, &words::TICKING) && says(&lower, &words::BOXES) || says(&lower, &words::CIRCLING_ONE);
    asks && !lower.contains(" each ")
}

/// What speaks for options, or against them, in what is labelled below a question.
pub const FEATURES: [&str; 20] = [
    "always",
    "the stem says choose, tick, which of the following …",
    "the stem ends with a colon or a gap, and asks for no writing",
    "the stem ends with a question mark",
    "the stem breaks off",
    "the stem asks for writing: explain, define, list …",
    "no stem",
    "the section is said to be multiple choice",
    "capital letters",
    "small letters",
    "roman numbers",
    "numbers",
    "four or five",
    "two",
    "a third of them ask something themselves",
    "longer than an option is",
    "several in a line",
    "marks for the question and none below it; against it, more than five",
    "what is labelled alike elsewhere are options",
    "all short",
];

/// What each of those is worth, as log-odds. Set by hand: on families of papers left out of the fitting they err less often
/// than fitted ones, of 354 places 13 times against 18 (against 14 when the fit is held near them). Two features have changed since.
const WEIGHTS: [f32; FEATURES.len()] =
    [-1.2, 1.7, 1.4, 0.6, 0.7, -2.0, -2.0, 1.6, 1.0, 0.0, -0.5, -0.2, 0.9, -0.6, -3.0, -2.0, 0.6, 0.4, 1.5, 0.8];

/// Log-odds that what is labelled below a node are options to choose from; `None` where they cannot be. `alike` says, from
/// -1 to 1, whether what is labelled in the same style elsewhere in the paper are options.
pub fn options_rather_than_parts(
    node: &Node,
    words: &Words,
    stems: &str,
    alike: f32,
    of: impl Fn(&Node) -> Words,
) -> Option<f32> {
    let features = features(node, words, stems, alike, of)?;
    Some(features.iter().zip(WEIGHTS).map(|(feature, weight)| feature * weight).sum())
}

/// How far each of `FEATURES` holds.
pub fn features(
    node: &Node,
    words: &Words,
    stems: &str,
    alike: f32,
    of: impl Fn(&Node) -> Words,
) -> Option<[f32; FEATURES.len()]> {
    let children = &node.children;
    if !(2..=8).contains(&children.len()) || children.iter().any(|child| !child.children.is_empty()) {
        return None;
    }
    let own: Vec<Words> = children.iter().map(of).collect();
    // Marks may stand behind the last option, as the question's own.
    let marked = own[..own.len() - 1].iter().any(|words| !words.marks.is_empty());
    let to_write =
        own[..own.len() - 1].iter().any(|words| words.answer_lines > 0 || words.blanks > 0 || words.open_end);
    // `He (is, are) late.` has a choice of its own.
    let chooses = |words: &Words| {
        let inner = words.text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
        let words = |inner: &str| inner.chars().all(|c| c.is_alphabetic() || " ,/'’".contains(c));
        inner.is_some_and(|inner| inner.contains([',', '/']) && words(inner))
    };
    let to_write = to_write || own.iter().all(chooses);
    let last_only = own.last().is_some_and(|words| !words.marks.is_empty()) && !words.marks.is_empty();
    let stem = words.text.to_lowercase();
    let stem = stem.trim_end();
    if marked || to_write || last_only || says(stem, &words::EACH) || says(stem, &words::TRUTH) {
        return None;
    }
    let starts_asking = |text: &str| {
        let lower = text.to_lowercase();
        lower.ends_with(['?', '=']) || words::ASKING.start(&lower)
    };
    let asking = own.iter().filter(|words| starts_asking(&words.text)).count();
    let length = |words: &Words| words.text.chars().count();
    let long = own.iter().map(length).sum::<usize>() / own.len();
    // "Data l’equazione … determina per quale k essa è": what is asked for is a value, no words.
    let cases = || own.iter().all(|words| is_in_words(&words.text)) && !says(stem, &words::CHOICE);
    let given = words::GIVING.start(stem) && says(stem, &words::DETERMINING) && cases();
    // "Define these terms:" has parts, "Name one of the following that …" has options.
    let opens = (words::OPENING.start(stem) || says(stem, &words::REASONING) || breaks_off_asking(stem) || given)
        && !says(stem, &words::CHOOSING_AMONG);
    // "Name waves which:" asks for no choice.
    let asked = stem.trim_end_matches([':', ' ']).trim_end_matches("which");
    let numbering = children[0].label.numbering;
    let upper = numbering == Numbering::UpperLetter;
    let in_a_line = children.windows(2).any(|pair| pair[0].at.line == pair[1].at.line);
    let of = |holds: bool| f32::from(u8::from(holds));
    Some([
        1.0,
        of(says(asked, &words::CHOICE) || says(stem, &words::CLASSIFYING) || words.answers_follow),
        of((stem.ends_with([':', '…']) || stem.ends_with(BLANK)) && !opens),
        of(stem.ends_with('?')),
        of(stem.ends_with(|c: char| c.is_alphanumeric() || c == '=')),
        of(opens),
        of(stem.is_empty() && !words.answers_follow),
        of(says(&stems.to_lowercase(), &words::CHOICES)),
        of(upper),
        of(numbering == Numbering::LowerLetter),
        of(matches!(numbering, Numbering::LowerRoman | Numbering::UpperRoman)),
        of(numbering == Numbering::Number),
        of(matches!(own.len(), 4 | 5)),
        of(own.len() == 2),
        of(asking * 3 > own.len()),
        of(long > if upper { 220 } else { 110 }),
        of(in_a_line),
        of(!words.marks.is_empty()) - 2.0 * of(words.marks.iter().sum::<f64>() > 5.0),
        alike,
        of(own.iter().all(|words| length(words) <= 40)),
    ])
}

/// A text that starts with words, `a line`: no value.
fn is_in_words(text: &str) -> bool {
    let first: Vec<char> = text.split_whitespace().take(2).flat_map(str::chars).collect();
    let letters = first.iter().filter(|c| c.is_alphabetic()).count();
    let is_sign = |c: &char| c.is_ascii_digit() || *c == '=';
    letters > 3 && first[0].is_alphabetic() && !first.iter().any(is_sign)
}

/// "… from rest. Find the:": what is asked for stands below.
fn breaks_off_asking(stem: &str) -> bool {
    let stem = stem.trim_end_matches([':', ' ', '–', '-']);
    let stem = ["the", "its", "his", "her", "their"]
        .iter()
        .find_map(|word| stem.strip_suffix(word))
        .unwrap_or(stem)
        .trim_end();
    let last = stem.rsplit([' ', '\n']).next().unwrap_or_default();
    words::ASKING.has(&format!("{last} "))
}

/// One of the two options of a statement to judge.
fn is_truth_value(text: &str) -> bool {
    words::TRUTH_VALUES.has(&text.trim().trim_end_matches('.').to_lowercase())
}

/// A statement without what it is judged by behind it: `☐ richtig ☐ falsch`, `True / False`, `V  F`, `[ ] [ ]`.
pub fn without_truth_values(text: &str, stems: &str) -> Option<String> {
    let is_box = |c: char| "☐□❑❏○◯[]()_/|…".contains(c) || c.is_whitespace();
    let mut rest = text.trim_end();
    let mut found: Vec<String> = Vec::new();
    while found.len() < 2 {
        let bare = rest.trim_end_matches(is_box);
        let (before, word) =
            bare.split_at(bare.rfind(is_box).map_or(0, |at| at + bare[at..].chars().next().map_or(0, char::len_utf8)));
        let word = word.to_lowercase();
        if !words::TRUTH_VALUES.has(&word) && !TRUTH_LETTERS.iter().any(|pair| pair.contains(&word.as_str())) {
            break;
        }
        found.push(word);
        rest = before;
    }
    let statement = rest.trim_end_matches(is_box).trim_end();
    let boxes = text[statement.len()..].chars().filter(|c| is_box(*c) && !c.is_whitespace()).count();
    let judged = asks_for_truth(&stems.to_lowercase());
    let lettered = matches!(&found[..], [fails, holds] if TRUTH_LETTERS.contains(&[holds.as_str(), fails.as_str()]));
    let worded = matches!(&found[..], [one, other] if one != other) && !lettered;
    // A statement ends; `Is it true or false` does not.
    let ended = statement.ends_with(['.', '!', ':', '”', '"']) || boxes > 1;
    let values = worded && ended || lettered && (boxes > 0 || judged) && (ended || judged);
    let empty = found.is_empty() && judged && boxes > 1;
    (statement.contains(' ') && (values || empty)).then(|| statement.to_owned())
}

/// "Write true or false", or both values in other words: "KWELI for what is right and SI KWELI for what is wrong".
fn asks_for_truth(lower: &str) -> bool {
    let plain = lower.replace(['“', '”', '"', '«', '»', '‘'], "");
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named = |values: &Cues| {
        values.all().filter(|value| value.len() > 2).any(|value| {
            let value: Vec<&str> = value.split(' ').collect();
            words.windows(value.len()).any(|window| window == value)
        })
    };
    // A function that gives back true or false asks for neither.
    let values = named(&words::HOLDS) && named(&words::FAILS) && !says(&plain, &words::RETURNING);
    says(&plain, &words::TRUTH) || values
}

/// Letters for true and false, as columns are headed by them.
const TRUTH_LETTERS: [[&str; 2]; 7] =
    [["t", "f"], ["v", "f"], ["r", "f"], ["w", "f"], ["d", "y"], ["b", "s"], ["j", "o"]];

/// How an item is asked, from its words and those of the questions around it.
pub fn kind(own: &Words, stems: &str, options: &[Choice], is_choice: bool, parts: &[Question]) -> (Kind, Option<u32>) {
    if !parts.is_empty() {
        return (Kind::Group, None);
    }
    let lower = own.text.to_lowercase();
    let around = stems.to_lowercase();
    if is_choice {
        if options.iter().all(|option| is_truth_value(&option.text)) {
            return (Kind::TrueFalse, None);
        }
        if asks_to(&lower, &words::CLASSIFYING) {
            return (Kind::Classify, None);
        }
        // "Which is the correct order?" is answered by a choice.
        if says(&lower, &words::ORDERING) && !lower.trim_end().ends_with('?') {
            return (Kind::Order, None);
        }
        let asked = count_after(&lower, &words::CHOOSING);
        let several = asked.is_some() || says(&lower, &words::ALL_THAT_APPLY);
        return (if several { Kind::Multiple } else { Kind::Single }, asked);
    }
    if asks_for_truth(&lower) || asks_for_truth(&around) && !lower.ends_with('?') {
        return (Kind::TrueFalse, None);
    }
    if asks_to(&lower, &words::MATCHING) || says(&lower, &words::COLUMN_A) {
        return (Kind::Match, None);
    }
    if asks_to(&lower, &words::CLASSIFYING) {
        return (Kind::Classify, None);
    }
    if let Some(count) = names_in_a_picture(&own.text) {
        return (Kind::Label, count);
    }
    let drawn = says(&lower, &words::PLOTTING);
    if asks_to(&lower, &words::COMPLETING_TABLE) && !drawn {
        return (Kind::Cloze, (own.blanks > 1).then_some(own.blanks));
    }
    let fill = says(&lower, &words::FILLING);
    if own.blanks > 0 && (fill || own.blanks > 1) || fill && !options.is_empty() {
        return (Kind::Cloze, (own.blanks > 0).then_some(own.blanks));
    }
    if own.open_end && words::FILLING.start(&lower) {
        return (Kind::Cloze, Some(1));
    }
    // "… is called a ____.", whose line a scan may have lost.
    let lost = lower.ends_with("   .");
    let lower = lower.trim_end_matches([' ', '.']).to_owned() + if lower.ends_with('.') && !lost { "." } else { "" };
    let last = lower.rsplit([' ', '\n']).next().unwrap_or_default();
    if (own.open_end || lost) && words::BEFORE_GAP.has(last) && lower.split_whitespace().count() > 3 {
        return (Kind::Cloze, Some(1));
    }
    // A sentence that breaks off, under "complete …".
    let breaks_off = !lower.ends_with(['.', '?', '!', ':']) && !lower.is_empty();
    if own.blanks > 0 || says(&around, &words::FILLING) && breaks_off {
        return (Kind::Cloze, Some(own.blanks.max(1)));
    }
    if says(&lower, &words::ORDERING) {
        return (Kind::Order, None);
    }
    let of_numbers = says(&lower, &words::OF_NUMBERS);
    if let Some(count) = count_after(&lower, &words::LISTING).filter(|_| !of_numbers) {
        return (Kind::List, Some(count));
    }
    if words::EXPLAINING.all().any(|word| lower.starts_with(word) || lower.contains(&format!(". {word}"))) {
        return (Kind::Long, None);
    }
    let calculated = around.contains("calcul") && own.text.chars().count() < 60;
    if says(&lower, &words::COMPUTING) || calculated {
        return (Kind::Numeric, None);
    }
    if says(&lower, &words::EXPLAINING_SOMEWHERE) {
        return (Kind::Long, None);
    }
    (Kind::Short, None)
}

/// Things and headings of "classify …", among the options: those of a word bank, else those that the text names. A
/// heading ends with a colon.
pub fn things_and_headings(text: &str, bank: Vec<Choice>) -> Vec<Choice> {
    let rows: Vec<Vec<&str>> = text.lines().filter(|line| line.contains(CELLS_APART)).map(cells).collect();
    let (mut things, mut headings) = (Vec::new(), headings_in_words(text));
    let mut rows = rows.into_iter().filter(|row| row.iter().all(|cell| cell.chars().count() <= MAX_NAME_LENGTH));
    let last = rows.next_back();
    things.extend(rows.flatten().map(str::to_owned));
    if things.is_empty() {
        things = things_in_words(text);
        things.retain(|thing| !headings.contains(thing));
    }
    // One row alone is the head of an empty table, if the things stand elsewhere.
    match last {
        Some(row) if headings.is_empty() && (!things.is_empty() || !bank.is_empty()) => {
            headings = row.into_iter().map(str::to_owned).collect();
        }
        Some(row) if !row.iter().all(|cell| headings.iter().any(|heading| heading == cell)) => {
            things.extend(row.into_iter().map(str::to_owned));
        }
        _ => {}
    }
    let known = bank.len();
    let new = (known..).zip(things.into_iter().filter(|_| known == 0).chain(headings.into_iter().map(|h| h + ":")));
    let new: Vec<Choice> = new.map(|(n, text)| Choice { text, label: String::new(), ..Choice::nth(n) }).collect();
    bank.into_iter().chain(new).collect()
}

/// A longer text names no thing.
const MAX_NAME_LENGTH: usize = 32;

fn cells(line: &str) -> Vec<&str> {
    line.split(CELLS_APART).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// `cow, snail and fish`, if each is short and they are more than one.
fn enumerated(text: &str) -> Vec<String> {
    let mut text = text.replace(['\n', ';'], ",");
    for and in words::AND.all() {
        text = text.replace(and, ",");
    }
    let names: Vec<String> = text
        .split(',')
        .map(|name| name.trim().trim_end_matches('.').to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let fits = names.len() > 1 && names.iter().all(|name| name.chars().count() <= MAX_NAME_LENGTH);
    if fits { names } else { Vec::new() }
}

/// "Classify these animals as mammals or birds: cow, hen, goat."
fn things_in_words(text: &str) -> Vec<String> {
    let listed = text.rsplit_once(':').map(|(_, rest)| enumerated(rest.lines().next().unwrap_or_default()));
    listed.filter(|things| things.len() > 2).unwrap_or_default()
}

fn headings_in_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return Vec::new();
    }
    let named = words::UNDER.all().find_map(|cue| {
        lower.match_indices(cue).filter(|(at, _)| !lower[..*at].ends_with(char::is_alphanumeric)).find_map(|(at, _)| {
            let rest = text[at + cue.len()..].strip_prefix(' ')?;
            let rest = &rest[..rest.find(['.', '\n', '(', '?']).unwrap_or(rest.len())];
            // "into two groups: mammals and birds", "as mammals or birds: cow, hen"
            let (before, behind) = rest.split_once(':').unwrap_or((rest, ""));
            let called = |part: &str| says(&part.to_lowercase(), &words::HEADINGS);
            let announced = |part: &str| {
                let mut words = part.split_whitespace().map(str::to_lowercase);
                words.any(|word| words::number(&word).is_some() || words::FOLLOWING.start(&word))
            };
            // "into groups these animals: cow, hen, goat" names the things.
            let part = match called(before) {
                true if announced(before) => behind,
                true => "",
                false => before,
            };
            let names = enumerated(part);
            (names.len() <= 5 && !names.is_empty() && !called(part)).then_some(names)
        })
    });
    named.unwrap_or_default()
}

/// "Name the parts labelled A to D", "label the figure": how many names are wanted, where it says. `None` when it asks for
/// something else, or for one name only.
fn names_in_a_picture(text: &str) -> Option<Option<u32>> {
    let lower = text.to_lowercase();
    let asks = says(&lower, &words::LABELLING) && says(&lower, &words::NAMING);
    if !asks || says(&lower, &words::EXPLAINING_SOMEWHERE) || says(&lower, &words::BEYOND_NAMES) {
        return None;
    }
    match parts_of_a_picture(text).len() {
        0 => asks_to(&lower, &words::LABEL_IT).then_some(None),
        1 => None,
        parts => Some(Some(parts as u32)),
    }
}

/// The letters or numbers that stand at the parts of a picture: of "labelled A to D" four.
pub fn parts_of_a_picture(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let Some(from) = words::after(&lower, &words::LABELLING).filter(|_| lower.len() == text.len()) else {
        return Vec::new();
    };
    let mut rest = text[from..].to_owned();
    for and in words::AND.all() {
        rest = rest.replace(and, ", ");
    }
    for up_to in words::UP_TO.all() {
        rest = rest.replace(up_to, " – ");
    }
    let (mut best, mut run, mut through): (Vec<u32>, Vec<u32>, bool) = (Vec::new(), Vec::new(), false);
    for word in rest.split_whitespace() {
        let value = place_of(word.trim_matches(|c: char| !c.is_alphanumeric()));
        match (value, run.last()) {
            (None, _) if word == "–" && !run.is_empty() => through = true,
            (Some(value), Some(&last)) if through && (last + 1..last + 20).contains(&value) => {
                run.extend(last + 1..=value);
                through = false;
            }
            (Some(value), Some(&last)) if value > last && value / 100 == last / 100 => run.push(value),
            (value, _) => (run, through) = (value.into_iter().collect(), false),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    let name = |value: u32| match value {
        100.. => char::from(b'A' + (value - 100) as u8).to_string(),
        _ => value.to_string(),
    };
    best.into_iter().map(name).collect()
}

/// A number under 100 as it is, a capital from 100 on: so that the next of each is one more.
fn place_of(word: &str) -> Option<u32> {
    match word.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(100 + u32::from(letter - b'A')),
        _ => word.parse().ok().filter(|number| (1..100).contains(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Kind, Option<u32>) {
        let words = Words { text: text.into(), blanks: text.matches(BLANK).count() as u32, ..Words::default() };
        kind(&words, "", &[], false, &[])
    }

    #[test]
    fn kinds_by_words() {
        assert_eq!(of("Give three uses of water."), (Kind::List, Some(3)));
        assert_eq!(of("Write 4,306,052 in words."), (Kind::Short, None));
        assert_eq!(of("Calculate the speed of the car."), (Kind::Numeric, None));
        assert_eq!(of("Explain why ice floats."), (Kind::Long, None));
        assert_eq!(of("Complete: the ______ makes ______."), (Kind::Cloze, Some(2)));
        assert_eq!(of("What is the SI unit of force?"), (Kind::Short, None));
        assert_eq!(of("Taja mambo manne ambayo huleta njaa."), (Kind::List, Some(4)));
        assert_eq!(of("Eleza umuhimu wa kilimo."), (Kind::Long, None));
        assert_eq!(of("The table shows ions. Complete the table.").0, Kind::Cloze);
        let open_end =
            Words { text: "Complète : Le cœur bat plus vite quand on".into(), open_end: true, ..Words::default() };
        assert_eq!(kind(&open_end, "", &[], false, &[]), (Kind::Cloze, Some(1)));
        let open_end = |text: &str| Words { text: text.into(), open_end: true, ..Words::default() };
        assert_eq!(kind(&open_end("The unit of life is called a"), "", &[], false, &[]), (Kind::Cloze, Some(1)));
        assert_ne!(kind(&open_end("Name the unit of life"), "", &[], false, &[]).0, Kind::Cloze);
        assert_ne!(of("Complete the table and draw the graph.").0, Kind::Cloze);
        assert_ne!(of("Prove by induction that the sum is true for all n.").0, Kind::TrueFalse);
        assert_eq!(of("Match column A with column B."), (Kind::Match, None));
        assert_eq!(of("Draw lines to match each animal with its home."), (Kind::Match, None));
        assert_eq!(of("What is the score of a football match that has gone to half-time?"), (Kind::Short, None));
    }

    #[test]
    fn what_a_statement_is_judged_by_may_stand_behind_it() {
        let read = |text: &str| without_truth_values(text, "");
        let statement = Some("Alle Lebewesen bestehen aus Zellen.".to_owned());
        assert_eq!(read("Alle Lebewesen bestehen aus Zellen.   ☐ richtig ☐ falsch"), statement);
        assert_eq!(read("Water is wet.   True / False").as_deref(), Some("Water is wet."));
        assert_eq!(read("Water is wet   ☐ V   ☐ F").as_deref(), Some("Water is wet"));
        assert_eq!(read("Amazi ni meza.   Yego   Oya").as_deref(), Some("Amazi ni meza."));
        let below = "Indica se le affermazioni sono vere o false. V F";
        assert_eq!(
            without_truth_values("Venezia entrò nel 1861.   □   □", below).as_deref(),
            Some("Venezia entrò nel 1861.")
        );
        for text in
            ["Is this statement true or false?", "The answer is no.", "Name the forces V and F", "Label T   F", "[ ]"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn two_columns_are_matched_whatever_the_verb() {
        assert!(is_matching("Choose a description from COLUMN B that fits an item in COLUMN A."));
        assert!(!is_matching("Choose a description from column B of the table."));
    }

    #[test]
    fn things_to_classify() {
        for text in [
            "Classify the following animals as mammals or birds: cow, hen, goat.",
            "Classez ces animaux dans le tableau.   ",
            "Shyira mu matsinda inyamaswa zikurikira: inka, inkoko, ihene.",
        ] {
            assert_eq!(of(text).0, Kind::Classify, "{text}");
        }
        assert_eq!(of("In which class of vertebrates is the frog?").0, Kind::Short);
        let options = |text: &str| -> Vec<String> {
            things_and_headings(text, Vec::new()).into_iter().map(|option| option.text).collect()
        };
        let animals = ["cow", "hen", "goat", "mammals:", "birds:"];
        assert_eq!(options("Classify the following animals as mammals or birds: cow, hen, goat."), animals);
        assert_eq!(options("Classify these animals into two groups: mammals and birds.\ncow   hen   goat"), animals);
        assert_eq!(options("Classify these in the table below: cow, hen and goat.\nmammals   birds"), animals);
        assert_eq!(options("Classify in the table.\ncow   hen   goat\nmammals   birds"), animals);
        assert_eq!(
            options("Classez ces animaux en mammifères et oiseaux : vache, poule, chèvre."),
            ["vache", "poule", "chèvre", "mammifères:", "oiseaux:"]
        );
        assert!(options("Classify the animals of the picture.").is_empty());
        assert_eq!(options("Shyira mu matsinda aya matungo: inka, inkoko, ihene."), ["inka", "inkoko", "ihene"]);
        assert_eq!(options("Shyira aya matungo mu matsinda abiri: inyamabere na inyoni."), ["inyamabere:", "inyoni:"]);
        let bank = things_and_headings("Sort the following into fruits and roots.", vec![Choice::nth(0)]);
        assert_eq!(
            bank.iter().map(|o| (o.id.as_str(), o.text.as_str())).collect::<Vec<_>>(),
            [("o1", ""), ("o2", "fruits:"), ("o3", "roots:")]
        );
    }

    #[test]
    fn parts_to_label() {
        let parts = |text: &str| parts_of_a_picture(text).concat();
        assert_eq!(of("Name the parts labelled A, B and C."), (Kind::Label, Some(3)));
        assert_eq!(of("The figure shows a flower. Label the parts 1 to 4 of it."), (Kind::Label, Some(4)));
        assert_eq!(of("Label the diagram of the eye."), (Kind::Label, None));
        assert_eq!(of("Nommez les parties A, B, C et D du schéma."), (Kind::Label, Some(4)));
        assert_eq!(of("Vuga amazina y'ibice A, B na C."), (Kind::Label, Some(3)));
        assert_eq!(parts("Name the parts of a flower that are labelled A–D."), "ABCD");
        assert_eq!(parts("Name the parts labelled P, Q, R and S."), "PQRS");
        assert_ne!(of("Name the part labelled A.").0, Kind::Label);
        assert_ne!(of("State the function of the parts labelled A and B.").0, Kind::Label);
        assert_ne!(of("Explain what happens at the points labelled A and B.").0, Kind::Label);
        assert_ne!(of("A bottle was labelled A. How many litres does it hold?").0, Kind::Label);
    }

    #[test]
    fn a_function_that_returns_true_or_false_asks_for_neither() {
        assert!(asks_for_truth("say whether each sentence is true or false"));
        assert!(asks_for_truth("indique si son verdaderas o falsas") && !asks_for_truth("será verdadeiro afirmar"));
        assert!(asks_for_truth("kweli kwa sentensi sahihi na si kweli kwa sentensi isiyo sahihi"));
        assert!(!asks_for_truth("la méthode renvoie true si la pile est vide, false sinon"));
        assert!(!asks_for_truth("the method returns true when the list is sorted, otherwise false"));
    }
}
