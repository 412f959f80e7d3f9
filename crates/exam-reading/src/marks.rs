//! Marks as papers print them: `(2 marks)`, `[3]`, `3 pts`, `/4`.

/// Words for marks, in the languages of the papers.
const WORDS: [&str; 51] = [
    "分",
    "marks",
    "mark",
    "mks",
    "mk",
    "mrks",
    "mrk",
    "pts",
    "pt",
    "points",
    "point",
    "amanota",
    "inota",
    "credits",
    "m",
    "pontos",
    "ponto",
    "puntos",
    "punto",
    "alama",
    "al",
    "punten",
    "punkte",
    "punkt",
    "punti",
    "poäng",
    "puan",
    "markah",
    "poin",
    "poeng",
    "pkt",
    "punktów",
    "bodů",
    "pont",
    "puncte",
    "баллов",
    "балла",
    "балл",
    "điểm",
    "точки",
    "точка",
    "очков",
    "бала",
    "бали",
    "балів",
    "poena",
    "bodova",
    "μονάδες",
    "μονάδα",
    "punts",
    "pistettä",
];

/// … which count something else where no brackets are around them, as in "the mean of 10 scores".
const IN_BRACKETS: [&str; 2] = ["scores", "score"];

/// … and those of one letter, which may name a quantity or pence.
const OF_ONE_LETTER: [char; 2] = ['p', 'т'];

/// Whether a lower-case word counts marks, in letters enough to be none of a unit.
pub fn is_word(word: &str) -> bool {
    word.len() > 1 && WORDS.contains(&word.to_lowercase().as_str())
}

/// As Moodle prints it, before `1.00`.
const OUT_OF: [&str; 2] = ["Marked out of ", "Noté sur "];

const EACH: [&str; 7] = [" each", " chacun", " chacune", " buri kimwe", " per ognuna", " per ognuno", " ciascuna"];

/// Marks found in a text, and the text without them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    pub marks: Vec<f64>,
    /// What the whole question is worth, where a line below it says so.
    pub total: Option<f64>,
    /// They are those of each part, `(2 marks each)`.
    pub each: bool,
    pub text: String,
}

/// Takes the marks out of a text: `(2 marks)` and `[2 marks]` wherever they stand, `[2]` and `(2)` at the end of a line
/// when `at_edge` says that they stand apart from the words before.
pub fn take(text: &str, at_edge: bool) -> Found {
    let (mut rest, total) = without_total(text);
    let mut found = Found { total, ..Found::default() };
    while let Some(open) = rest.find(['(', '[']) {
        let closing = if rest[open..].starts_with('(') { ')' } else { ']' };
        let Some(length) = rest[open + 1..].find(closing) else { break };
        let inner = &rest[open + 1..open + 1 + length];
        let end = open + 1 + length + 1;
        let last = rest[end..].trim().is_empty();
        let before = rest[..open].trim();
        let ended = before.ends_with(['.', '?', '!']) && rest[..open].ends_with(' ');
        let bare = closing == ']' && last
            || closing == ')' && last && at_edge && (before.is_empty() || ended && is_whole(inner));
        let most = from_none(inner).filter(|_| bare || before.is_empty());
        let lettered = || lettered(inner, text).filter(|_| stands_apart(before, rest[end..].trim()));
        match most.or_else(|| worth(inner, bare)).or_else(lettered) {
            Some(marks) => {
                found.marks.push(marks);
                found.each |= EACH.iter().any(|each| inner.to_lowercase().ends_with(each));
                found.text.push_str(rest[..open].trim_end());
                found.text.push(' ');
                rest = rest[end..].trim_start();
            }
            // A bare `(2 x 2)` is a reckoning: what it comes to stands beside it.
            None if reckoned(inner).is_some() && (bare || number_in_brackets(&rest[end..]) == reckoned(inner)) => {
                found.text.push_str(rest[..open].trim_end());
                let alone = reckoned(inner).filter(|_| last && closing == ']');
                found.marks.extend(number_in_brackets(&rest[end..]).or(alone));
                rest = if found.marks.is_empty() { &rest[end..] } else { "" };
            }
            None => {
                // Step over the opening bracket only: `(a) … (2 marks)`.
                found.text.push_str(&rest[..=open]);
                rest = &rest[open + 1..];
            }
        }
    }
    found.text.push_str(rest);
    if found.marks.is_empty()
        && let Some((before, marks)) = unbracketed(found.text.trim_end())
    {
        found.marks.push(marks);
        found.text = before;
    }
    found.text = found.text.trim().to_owned();
    found
}

/// `6P`, `6 т`: marks, if the line has no other such letter and speaks of no money.
fn lettered(inner: &str, line: &str) -> Option<f64> {
    const MONEY: [&str; 4] = ["pence", "penny", "pennies", "£"];
    let (inner, line) = (inner.trim().trim_end_matches('.').to_lowercase(), line.to_lowercase());
    let letter = OF_ONE_LETTER.into_iter().find(|letter| inner.ends_with(*letter))?;
    let words = line.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().eq([letter]));
    let number = inner.trim_end_matches(letter).trim_end().replace(',', ".");
    let alone = words.count() == 1 && !MONEY.iter().any(|money| line.contains(money));
    number.parse().ok().filter(|marks| alone && (0.5..=100.0).contains(marks))
}

/// What stands in brackets behind a sentence or a label, at the end of a line or before words.
fn stands_apart(before: &str, behind: &str) -> bool {
    let ended = before.is_empty() || before.ends_with(['.', '?', '!']);
    let word = behind.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    let opens = |c: char| c.is_alphabetic() || "“”\"«‘¿¡".contains(c);
    ended && (behind.is_empty() || behind.starts_with(opens) && word.chars().count() > 1)
}

/// Nothing but marks in brackets: `(2 marks)`, `[3]`.
pub fn are_all(text: &str) -> bool {
    let found = take(text, true);
    text.trim_start().starts_with(['(', '[']) && !found.marks.is_empty() && found.text.is_empty()
}

/// `[4] Why is it so?`, `(10) Explain it.`: marks in brackets before a sentence, and the sentence.
pub fn leading(text: &str) -> Option<(f64, &str)> {
    let round = || text.strip_prefix('(')?.split_once(") ");
    let (inner, rest) = text.strip_prefix('[').and_then(|text| text.split_once("] ")).or_else(round)?;
    let marks = inner.parse().ok().filter(|marks| (0.5..=50.0).contains(marks))?;
    Some((marks, rest.trim_start())).filter(|(_, rest)| rest.starts_with(char::is_uppercase))
}

/// A number of marks as they stand behind a sentence, `Name it. (2)`.
fn is_whole(inner: &str) -> bool {
    inner.parse::<u32>().is_ok_and(|marks| (1..=20).contains(&marks))
}

/// What `2 x 3` comes to.
fn reckoned(inner: &str) -> Option<f64> {
    let (times, each) = inner.split_once(['x', '×'])?;
    Some(times.trim().parse::<f64>().ok()? * each.trim().parse::<f64>().ok()?)
}

/// The number of which a text is nothing but `(6)`.
fn number_in_brackets(text: &str) -> Option<f64> {
    text.trim().strip_prefix('(')?.strip_suffix(')')?.parse().ok()
}

/// A text without the total of the whole question at its end, `[Total: 7]`.
fn without_total(text: &str) -> (&str, Option<f64>) {
    let trimmed = text.trim_end();
    let inner = [('[', ']'), ('(', ')')].into_iter().find_map(|(open, close)| {
        let (before, inner) = trimmed.strip_suffix(close)?.rsplit_once(open)?;
        Some((before, total(inner)?))
    });
    inner.map_or((text, None), |(before, total)| (before, Some(total)))
}

/// `Total: 7`, `Total for Question 1 is 3 marks`, `Total for Question 2 = 7 marks`.
fn total(inner: &str) -> Option<f64> {
    let lower = inner.trim().to_lowercase();
    let rest = lower.strip_prefix("total")?.trim_start_matches([':', ' ', '=']);
    let rest = rest.strip_prefix("for question").map_or(rest, |rest| {
        rest.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit())
            .trim_start_matches("is")
            .trim_start_matches([' ', '='])
    });
    let number = rest.trim_start_matches("is").split_whitespace().next()?;
    number.parse().ok().filter(|marks| (0.5..=200.0).contains(marks))
}

/// `TOTAL SECTION B: 26`, `GRAND TOTAL: [60]`, `TOTAL FOR PAPER IS 100 MARKS`: a line that sums up more than a question.
pub fn sums_up(text: &str) -> bool {
    const AROUND: [&str; 11] = ["grand", "sub", "total", "for", "this", "the", "of", "section", "paper", "part", "is"];
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let starts = words.peek().is_some_and(|word| ["grand", "total", "sub", "subtotal"].contains(word));
    let mut counted = false;
    starts
        && words.all(|word| {
            let number = word.parse::<u32>().is_ok();
            counted |= number;
            number || AROUND.contains(&word) || WORDS.contains(&word) || word.len() == 1
        })
        && counted
}

/// Where `… (3` ends one line and `marks) …` starts the next: the bytes of the next that belong to it.
pub fn rest_of_broken(line: &str, next: &str) -> Option<usize> {
    let open = line.rfind(['(', '['])?;
    let close = next.find([')', ']'])?;
    let inner = format!("{} {}", &line[open + 1..], &next[..close]);
    let number = line[open + 1..].trim();
    let broken = number.replace(',', ".").parse::<f64>().is_ok() && worth(&inner, false).is_some();
    broken.then_some(close + 1)
}

/// `0–3`, from none to all.
fn from_none(inner: &str) -> Option<f64> {
    let most = inner.strip_prefix('0')?.trim_start().strip_prefix(['-', '–'])?;
    most.trim().parse().ok().filter(|most| (1.0..=20.0).contains(most))
}

/// `2 marks`, `4 x 3 marks`, `2marks`; a bare number only when `bare`.
fn worth(inner: &str, bare: bool) -> Option<f64> {
    // `Problem 1 (Asymptotics, 12 pts)`
    let behind_title =
        inner.rsplit_once(", ").or_else(|| inner.rsplit_once("; ")).map(|(title, marks)| (title, marks.trim()));
    if let Some((title, marks)) = behind_title
        && title.starts_with(char::is_uppercase)
        && title.split(' ').count() < 6
        && marks.starts_with(|c: char| c.is_ascii_digit())
        && marks.contains(' ')
    {
        return worth(marks, false);
    }
    let lower = inner.trim().to_lowercase().replace(',', ".");
    let lower = lower.trim_end_matches('.').trim_end();
    let lower = EACH.iter().find_map(|each| lower.strip_suffix(each)).unwrap_or(lower);
    // Over a question stands `[Maximum mark: 6]`.
    const MOST: [&str; 8] = [
        "maximum marks",
        "maximum mark",
        "max marks",
        "max mark",
        "puntuación máxima",
        "calificación máxima",
        "pontuação máxima",
        "punteggio massimo",
    ];
    let most = MOST.iter().find_map(|most| lower.strip_prefix(most));
    if let Some(rest) = most {
        return worth(rest.trim_start_matches([':', ' ']), true);
    }
    if let Some((times, each)) = lower.split_once(['x', '×']) {
        // `4 x 1 = 4 marks`
        if let Some((each, sum)) = each.split_once('=') {
            let each: f64 = each.trim().parse().ok()?;
            let sum = worth(sum, bare)?;
            return Some(sum).filter(|sum| times.trim().parse::<f64>().is_ok_and(|times| times * each == *sum));
        }
        let times: f64 = times.trim().parse().ok()?;
        return worth(each, false).map(|each| times * each);
    }
    // `amanota 4`, `al. 4`, `al.4`
    let lower = match lower.split_once([' ', ':', '.']) {
        // `Am. 4` is short for `amanota 4`.
        Some((word, number)) if WORDS.contains(&word.trim_end_matches('.')) || word == "am" => {
            let word = if word == "am" { "amanota" } else { word.trim_end_matches('.') };
            &format!("{} {word}", number.trim_start_matches([':', '.', ' ']))
        }
        _ => lower,
    };
    let digits: String = lower.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let value: f64 = digits.parse().ok().or_else(|| half(lower))?;
    let word = lower[digits.len()..].trim_start_matches(['½', ' ', '-', '–']).trim();
    // `25 marks; 15 minutes`
    let word = word.split_whitespace().next().unwrap_or_default().trim_end_matches([';', ',', ':']);
    // `[8,12]` is an interval, `(0,2)` a point.
    let plain = !inner.contains(',') || value.fract() == 0.5;
    // `[20%]`, of the paper's marks
    let unnamed = matches!(word, "" | "%") && bare && plain;
    let known = WORDS.contains(&word) || IN_BRACKETS.contains(&word) || unnamed;
    let value = if lower.contains('½') && !digits.is_empty() { value + 0.5 } else { value };
    (known && value <= 200.0 && value > 0.0).then_some(value)
}

fn half(text: &str) -> Option<f64> {
    text.starts_with('½').then_some(0.5)
}

/// `… 3 marks` or `… /5` at the end of a line, after a gap of dots or spaces.
fn unbracketed(text: &str) -> Option<(String, f64)> {
    // `Question 1 – 2 marks`
    let text = text.strip_prefix(['-', '–', '—']).map_or(text, str::trim_start);
    // `/Amanota 4]`, whose first bracket was typed as a stroke.
    let closed = text.strip_suffix([']', ')']);
    let text = closed.filter(|text| text.rfind('/') > text.rfind(['[', '('])).unwrap_or(text);
    if let Some(found) = out_of(text) {
        return Some(found);
    }
    // `……/5` alone at the edge, or behind a sentence.
    let (before, last) = text.rsplit_once(' ').unwrap_or(("", text));
    // `/5marks`
    let lower = last.to_lowercase();
    let (last, named) =
        WORDS.iter().find_map(|word| lower.strip_suffix(word)).map_or((last, false), |last| (last, true));
    let ended =
        named || before.trim_end().is_empty() || before.trim_end().ends_with(['.', '?', '!', ':', '…', '_', ')']);
    if let Some(marks) = last.trim_start_matches(['.', '…', '_']).strip_prefix('/').filter(|_| ended) {
        let marks = marks.parse().ok().filter(|marks| (0.5..=100.0).contains(marks))?;
        return Some((before.trim_end_matches(['…', '_', ' ']).to_owned(), marks));
    }
    let mut words: Vec<&str> = text.split_whitespace().collect();
    // `20 MARKS – 15 MINUTES`
    let timed = matches!(words[..], [.., "–" | "-", minutes, _] if minutes.parse::<u32>().is_ok())
        && words.last().is_some_and(|word| word.to_lowercase().starts_with("min"));
    if timed {
        words.truncate(words.len() - 3);
    }
    if let Some((before, most)) = OUT_OF.iter().find_map(|words| text.rsplit_once(words)) {
        let marks = most.replace(',', ".").parse().ok().filter(|marks| (0.5..=100.0).contains(marks))?;
        return Some((before.trim_end().to_owned(), marks));
    }
    if let Some(found) = behind_sentence(text) {
        return Some(found);
    }
    if let Some(found) = named_first(text) {
        return Some(found);
    }
    let [.., number, word] = words[..] else { return None };
    let ahead = text[..text.rfind(number)?].trim_end();
    let slashed = number.starts_with('/') && ahead.ends_with(|c: char| !c.is_alphanumeric());
    let gap =
        text.contains("  ") || text.contains("….") || text.contains("....") || words.len() == 2 || timed || slashed;
    if gap && ["marks", "mark", "mks", "pts", "points", "point", "amanota"].contains(&word.to_lowercase().as_str()) {
        let marks: f64 = number.trim_start_matches(['.', '…', '/']).parse().ok().filter(|m| *m <= 200.0 && *m > 0.0)?;
        let before = if slashed { ahead } else { ahead.trim_end_matches(['.', '…', ' ']) }.to_owned();
        return Some((before, marks));
    }
    None
}

/// `____ / 6 P.`, `Why? …… / 4`: those earned, to be written, out of those that are possible.
fn out_of(text: &str) -> Option<(String, f64)> {
    let (before, most) = text.rsplit_once('/')?;
    let most = most.trim();
    let word = most.trim_start_matches(|c: char| c.is_ascii_digit()).trim_matches([' ', '.']).to_lowercase();
    let digits = &most[..most.find(|c: char| !c.is_ascii_digit()).unwrap_or(most.len())];
    let marks = digits.parse().ok().filter(|marks| (1.0..=100.0).contains(marks))?;
    let before = before.trim_end();
    let rest = before.trim_end_matches(['_', '.', '…']);
    let place = before.len() - rest.len() > 1;
    let rest = rest.trim_end();
    // `3/4 = ____ / 8` is a fraction, whose numerator is asked for.
    // With a word for marks the sentence may go on below.
    let named = word == "p" || is_word(&word);
    let apart = rest.is_empty() || place && (named || rest.ends_with(['.', '?', '!', ')']));
    let counts = word.is_empty() && place || named;
    (apart && counts).then(|| (rest.to_owned(), marks))
}

/// `Name it. punti 2`, `Amanota 4` alone.
fn named_first(text: &str) -> Option<(String, f64)> {
    let (before, number) = text.rsplit_once(' ')?;
    let (before, word) = before.trim_end().rsplit_once(' ').unwrap_or(("", before.trim_end()));
    let word = word.trim_start_matches('/');
    let marks = number.replace(',', ".").parse().ok().filter(|marks| (0.25..=50.0).contains(marks))?;
    let before = before.trim_end();
    let ended = before.is_empty() || before.ends_with(['.', '?', '!', ')']);
    (ended && is_word(word)).then(|| (before.to_owned(), marks))
}

/// `Name it. 2pts`, `Why? 5 marks`, `5marks` alone, `Exercise 2: Reading / 4pts`: marks behind the end of a sentence.
fn behind_sentence(text: &str) -> Option<(String, f64)> {
    let text = text.trim_end_matches('.');
    let named = text.trim_end_matches(|c: char| c.is_alphabetic());
    let number = named.trim_end();
    let before = number.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '½'));
    let marks = number[before.len()..].trim_start_matches(['.', ',']).replace(',', ".");
    let marks = marks.parse().ok().or_else(|| half(&marks)).filter(|marks| (0.25..=100.0).contains(marks))?;
    let before = before.trim_end();
    let slashed = before.ends_with('/');
    let before = before.trim_end_matches(['/', ' ']);
    // `Team A: 12 points` is a score.
    let is_score = before.ends_with(':') && text[named.len()..].to_lowercase().starts_with("point");
    let ended = before.ends_with(['.', '?', '!', ':', ';', ')', '…']) && !is_score || slashed;
    (is_word(&text[named.len()..]) && (ended || before.is_empty())).then(|| (before.to_owned(), marks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Vec<f64>, String) {
        let found = take(text, true);
        (found.marks, found.text)
    }

    #[test]
    fn a_product_with_its_sum_is_worth_the_sum() {
        assert_eq!(take("Calculate. (3 x 2 = 6 marks)", true).marks, [6.0]);
        assert!(take("Show that (3 x 2 = 6).", true).marks.is_empty());
        assert!(take("Is it true? (3 x 2 = 7 marks)", true).marks.is_empty());
    }

    #[test]
    fn words_beside_a_number_in_brackets_say_that_it_counts_marks() {
        for (text, marks) in [
            ("Eleza muktadha. (al.4)", Some(4.0)),
            ("Taja mbili. (al. 2)", Some(2.0)),
            ("Advise the manager. (15 scores)", Some(15.0)),
            ("Find its mean. [25%]", Some(25.0)),
            ("It grew by a fifth (20%)", None),
            ("Find the mean of these 10 scores", None),
            ("Children of the age group (0-14) in Rwanda", None),
        ] {
            assert_eq!(take(text, false).marks.first().copied(), marks, "{text}");
        }
    }

    #[test]
    fn marks_may_stand_behind_a_title_or_out_of_what_was_earned() {
        for (text, marks, rest) in [
            ("(Asymptotics, 12 pts). Solve each.", 12.0, ". Solve each."),
            ("(Puntuación máxima: 2,5 puntos). Un satélite", 2.5, ". Un satélite"),
            ("____ / 6 P.", 6.0, ""),
            ("Name the first king of ____ / 3 pts", 3.0, "Name the first king of"),
            ("Why? …… / 4", 4.0, "Why?"),
            ("[4 × 2]", 8.0, ""),
            ("- 2 marks", 2.0, ""),
            ("(0–3) Opisz osmozę.", 3.0, "Opisz osmozę."),
        ] {
            let found = take(text, true);
            assert_eq!((&found.marks[..], found.text.as_str()), (&[marks][..], rest), "{text}");
        }
        for text in ["3/4 = ____ / 8", "(Paris, 12 May)", "1/2", "km / 3"] {
            assert!(take(text, true).marks.is_empty(), "{text}");
        }
    }

    #[test]
    fn marks_in_their_many_forms() {
        assert_eq!(found("Name it. (2 marks)"), (vec![2.0], "Name it.".into()));
        assert_eq!(found("Name it. [3]"), (vec![3.0], "Name it.".into()));
        assert_eq!(found("Name it [2.5 Marks]"), (vec![2.5], "Name it".into()));
        assert_eq!(found("(1mark)"), (vec![1.0], "".into()));
        assert_eq!(found("Name it. (1mk)"), (vec![1.0], "Name it.".into()));
        assert_eq!(found("(4)"), (vec![4.0], "".into()));
        assert_eq!(found("Solve (x + 2)(x − 3) = 0  5 marks"), (vec![5.0], "Solve (x + 2)(x − 3) = 0".into()));
        assert_eq!(found("[4 x 3 Marks]").0, [12.0]);
        assert_eq!(found("Vuga amazina. (amanota 4)"), (vec![4.0], "Vuga amazina.".into()));
        assert_eq!(found("Taja mambo manne. (alama 4)"), (vec![4.0], "Taja mambo manne.".into()));
        assert_eq!(found("Eleza. (al. 2)"), (vec![2.0], "Eleza.".into()));
        assert_eq!(found("(2 x 2)"), (vec![], "".into()));
        assert_eq!(found("……/5"), (vec![5.0], "".into()));
        assert_eq!(found("Name a metal. /5"), (vec![5.0], "Name a metal.".into()));
        assert_eq!(found("My best friend /50marks"), (vec![50.0], "My best friend".into()));
        assert_eq!(found("(1 x 2)  (2)"), (vec![2.0], "".into()));
        assert_eq!(found("Vrai ou faux. /10 pts"), (vec![10.0], "Vrai ou faux.".into()));
        assert_eq!(found("1 point"), (vec![1.0], "".into()));
        assert_eq!(found("Nommer ce volcan. 1pt"), (vec![1.0], "Nommer ce volcan.".into()));
        assert_eq!(found("Which device is it? 5marks"), (vec![5.0], "Which device is it?".into()));
        assert_eq!(found("Le sida est causé par : 1,5pt"), (vec![1.5], "Le sida est causé par :".into()));
        assert_eq!(found("Choix multiples / 4pts"), (vec![4.0], "Choix multiples".into()));
        assert_eq!(found("Team A: 12 points").0, [] as [f64; 0]);
        assert_eq!(found("Segna le due risposte. punti 2"), (vec![2.0], "Segna le due risposte.".into()));
        assert_eq!(found("Amanota 4"), (vec![4.0], "".into()));
        assert_eq!(found("Draw the line through points 3").0, [] as [f64; 0]);
        assert_eq!(found("He is late. 5 m"), (vec![], "He is late. 5 m".into()));
        assert_eq!(found("Marked out of 2.00"), (vec![2.0], "".into()));
        assert_eq!(found("Pas encore répondu Noté sur 4,00"), (vec![4.0], "Pas encore répondu".into()));
        assert_eq!(found("Name the two seas. (2)"), (vec![2.0], "Name the two seas.".into()));
        assert!(take("Define these. (2 marks each)", true).each && !take("Define it. (2 marks)", true).each);
        assert_eq!(found("CONCEPTS (25 marks; 15 minutes)"), (vec![25.0], "CONCEPTS".into()));
        assert_eq!(found("20 MARKS – 15 MINUTES"), (vec![20.0], "".into()));
        assert_eq!(found("It moves at 3 km /5").0, [] as [f64; 0]);
        assert_eq!(found("Name it. [3] [Total: 7]"), (vec![3.0], "Name it.".into()));
        let total = |text: &str| take(text, true).total;
        assert_eq!(found("Solve it. (Total for Question 1 is 3 marks)"), (vec![], "Solve it.".into()));
        assert_eq!(total("(Total for Question 1 is 3 marks)"), Some(3.0));
        assert_eq!(total("(Total for Question 12 = 7 marks)"), Some(7.0));
        assert_eq!(total("[Total: 7]"), Some(7.0));
        assert_eq!(found("[Maximum mark: 6]"), (vec![6.0], "".into()));
        assert_eq!(total("(Total resistance is 3 ohm)"), None);
    }

    #[test]
    fn marks_before_a_sentence() {
        assert_eq!(leading("[4] Why is it so?"), Some((4.0, "Why is it so?")));
        assert_eq!(leading("[4] of them"), None);
        assert_eq!(leading("[x] Why?"), None);
    }

    #[test]
    fn lines_may_sum_up() {
        for text in ["TOTAL SECTION B:  26", "GRAND TOTAL: [60]", "TOTAL FOR PAPER IS 100 MARKS", "Total 150"] {
            assert!(sums_up(text), "{text}");
        }
        for text in ["Total for Question 1 is 3 marks", "Total resistance", "2. Total 150", "The total is 60"] {
            assert!(!sums_up(text), "{text}");
        }
    }

    #[test]
    fn marks_over_a_line_break() {
        assert_eq!(rest_of_broken("Write two of them. (3", "marks) Then go on"), Some(6));
        assert_eq!(rest_of_broken("Explique (0,75", "puntos)."), Some(7));
        assert_eq!(rest_of_broken("Find f(3", "x) marks"), None);
        assert_eq!(rest_of_broken("Name it", "(3 marks)"), None);
    }

    #[test]
    fn other_numbers_are_no_marks() {
        assert_eq!(found("Find f(2)").0, [] as [f64; 0]);
        assert_eq!(found("lies in [8,12]").0, [] as [f64; 0]);
        assert_eq!(found("(0,2)").0, [] as [f64; 0]);
        assert_eq!(found("the points (3, 4) and (5, 6)").0, [] as [f64; 0]);
        assert_eq!(found("He got 30 marks in the test.").0, [] as [f64; 0]);
    }

    #[test]
    fn marks_are_typed_in_haste() {
        for (text, marks, rest) in [
            ("Vugamo ebyiri. /Amanota 4]", 4.0, "Vugamo ebyiri."),
            ("Hitamo igisubizo: (Am. 3)", 3.0, "Hitamo igisubizo:"),
            ("State four ways. /4Marks", 4.0, "State four ways."),
            ("Name two. [Punti 2 per ognuna]", 2.0, "Name two."),
            ("Solve it. (10 分)", 10.0, "Solve it."),
            ("Definiere sie. (6P)", 6.0, "Definiere sie."),
            ("Кой слой е това? (6 точки)", 6.0, "Кой слой е това?"),
        ] {
            assert_eq!(found(text), (vec![marks], rest.to_owned()), "{text}");
        }
        for text in [
            "Expand (3p)(2p + 1)",
            "Expand it. (3p)(2p + 1)",
            "(3p)(2p + 1)",
            "Find p. (3p)",
            "It costs fifty pence (50p)",
            "How many pence are there? (50p)",
            "Its mass is five tonnes (5 т)",
        ] {
            assert_eq!(found(text), (vec![], text.to_owned()));
        }
        assert_eq!(found("(6P) Definiere sie."), (vec![6.0], "Definiere sie.".into()));
        assert_eq!(found("Problema 5. (1p.) Demuestra que").0, [1.0]);
        assert_eq!(found("(0.5 p.) “Si X genera”, ¿es cierto?").0, [0.5]);
        assert_eq!(leading("(10) Ermitteln Sie es."), Some((10.0, "Ermitteln Sie es.")));
        assert_eq!(leading("(10) of them"), None);
    }
}
