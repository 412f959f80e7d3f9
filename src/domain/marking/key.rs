//! The notation of marking schemes: points, their forms, "any two of".

use super::{algebra, meaning, number, reaction, text};

/// The points of a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Points {
    pub all: Vec<Point>,
    /// So many of them are enough.
    pub any: Option<usize>,
}

impl Points {
    /// How many points earn all the marks.
    pub fn needed(&self) -> usize {
        self.any.unwrap_or(self.all.len()).clamp(1, self.all.len().max(1))
    }
}

/// One point: the forms in which it may be given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Point {
    pub forms: Vec<String>,
}

impl Point {
    /// As a pupil may be shown it.
    pub fn shown(&self) -> String {
        self.forms.first().cloned().unwrap_or_default()
    }

    /// What it is the value of: the `x` of `x = 4`.
    pub fn name(&self) -> Option<&str> {
        self.forms.first()?.split_once('=').map(|(name, _)| name.trim())
    }

    /// Why the answer is this point, or `None` when it is not.
    pub fn accepts(&self, answer: &str) -> Option<String> {
        let otherwise = || format!("Right: {}, written another way.", text::clip(answer));
        self.forms.iter().find_map(|form| {
            if let Some(outcome) = number::accepts(form, answer) {
                return outcome.ok();
            }
            match reaction::accepts(form, answer).or_else(|| algebra::accepts(form, answer)) {
                Some(true) => text::accepts(form, answer).or_else(|| Some(otherwise())),
                Some(false) => None,
                None => text::accepts(form, answer),
            }
        })
    }

    /// What is wrong with a numeric answer, in words that end with a space.
    pub fn objection(&self, answer: &str) -> Option<String> {
        self.forms.iter().find_map(|form| number::accepts(form, answer)?.err()).map(|words| format!("{words} "))
    }

    /// Whether a thing in a list is this point: with its words, or with most of them and few others.
    pub fn named(&self, piece: &str, known: &[String]) -> Option<String> {
        let guess = text::words(piece).iter().any(|word| word == "or");
        self.accepts(piece).or_else(|| {
            let named = |form: &String| {
                number::accepts(form, piece).is_none() && !text::is_exact(form) && meaning::names(form, piece, known)
            };
            (!guess && self.forms.iter().any(named)).then(|| format!("Right: {}.", text::clip(piece)))
        })
    }

    /// Most of the words of a form stand together in the answer.
    pub fn stands_in(&self, answer: &str, known: &[String]) -> bool {
        self.forms.iter().any(|form| match number::accepts(form, answer) {
            Some(Ok(_)) => true,
            // `x = 4` must be said of x, not of another number in the answer.
            Some(Err(_)) if form.contains('=') => {
                answer.split([',', ';', '\n']).any(|piece| matches!(number::accepts(form, piece), Some(Ok(_))))
            }
            _ => meaning::stands_in(form, answer, known),
        })
    }
}

/// Reads a key: `a; b`, `any 2: a; b; c`, forms by ` / `, ` // ` or `/` between words, optional words in brackets.
pub fn parse(key: &str) -> Points {
    let (any, rest) = any_of(key);
    let all = rest
        .split([';', '\n'])
        .map(str::trim)
        .filter(|point| !point.is_empty())
        .filter(|point| {
            !["ignore", "do not accept", "reject"].iter().any(|word| point.to_lowercase().starts_with(word))
        })
        .flat_map(roots)
        .map(|point| Point { forms: forms(point) })
        .collect();
    Points { all, any }
}

/// `x = 3 or x = −2` are two solutions, both asked for, and no choice between them.
fn roots(point: &str) -> Vec<&str> {
    let pieces: Vec<&str> = point.split(" or ").flat_map(|piece| piece.split(" and ")).map(str::trim).collect();
    let name = |piece: &str| piece.split_once('=').map(|(name, _)| name.trim().to_owned());
    let first = name(pieces[0]).filter(|name| name.chars().count() == 1);
    if first.is_some() && pieces.iter().all(|piece| name(piece) == first) { pieces } else { vec![point] }
}

/// `Any two of:`, `any 3:`, `any four from`.
fn any_of(key: &str) -> (Option<usize>, &str) {
    let key = key.trim();
    let lower = key.to_lowercase();
    if !lower.starts_with("any ") || lower.len() != key.len() {
        return (None, key);
    }
    let word: String = lower[4..].chars().take_while(|c| c.is_alphanumeric()).collect();
    let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"];
    let count = word.parse().ok().or_else(|| words.iter().position(|name| *name == word));
    let Some(count) = count.filter(|count| (1..=12).contains(count)) else { return (None, key) };
    let mut rest = key[4 + word.len()..].trim_start();
    for filler in ["of the following", "from the following", "from", "of", "correct"] {
        rest = rest.strip_prefix(filler).unwrap_or(rest).trim_start();
    }
    (Some(count), rest.trim_start_matches(':').trim_start())
}

fn forms(point: &str) -> Vec<String> {
    let point = point.strip_prefix("accept ").unwrap_or(point);
    let mut forms: Vec<String> = Vec::new();
    for part in point.replace(" // ", " / ").split(" / ") {
        let part = part.trim();
        // `uterus/womb` are two words, `km/h` and `3/4` are one thing.
        let pieces: Vec<&str> = part.split('/').map(str::trim).collect();
        let words = pieces.iter().all(|piece| {
            piece.chars().count() >= 3 && piece.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
        });
        if words && pieces.len() > 1 {
            forms.extend(pieces.iter().map(|piece| (*piece).to_owned()));
        } else if !part.is_empty() {
            forms.push(part.to_owned());
        }
    }
    let without: Vec<String> = forms.iter().filter_map(|form| without_brackets(form)).collect();
    forms.extend(without);
    forms
}

/// `(the) stigma` may be given without what stands in brackets; `(± 0.1)` and `(3, 4)` are something else.
fn without_brackets(form: &str) -> Option<String> {
    let (before, rest) = form.split_once('(')?;
    let (inside, after) = rest.split_once(')')?;
    let plain =
        inside.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-') && !before.ends_with(char::is_alphabetic);
    let left = format!("{}{}", before.trim_end(), if after.trim().is_empty() { "" } else { after });
    (plain && left.trim().chars().count() > 1).then(|| left.trim().to_owned())
}

/// `1-C; 2-A`, `1 → C`, `roots: carrot, cassava; leaves: cabbage`: what belongs to what.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    if let Some(pairs) = lettered(text) {
        return pairs;
    }
    let mut pairs = Vec::new();
    for piece in text.split([';', '\n']) {
        if let Some((group, members)) = piece.split_once(':') {
            let members = members.split(',').map(str::trim).filter(|member| !member.is_empty());
            pairs.extend(members.map(|member| (member.to_owned(), group.trim().to_owned())));
            continue;
        }
        for pair in piece.split(',') {
            let divided = ['-', '–', '—', '→', '=', '>'].iter().find_map(|mark| pair.split_once(*mark));
            if let Some((left, right)) = divided {
                let clean = |side: &str| side.trim_matches([' ', '-', '>', '(', ')', '.']).to_owned();
                pairs.push((clean(left), clean(right)));
            }
        }
    }
    pairs.retain(|(left, right)| !left.is_empty() && !right.is_empty());
    pairs
}

/// Numbers and letters in turn, whatever stands between: `1C 2A`, `1.C 2.A`, `1 → C`, also `A1 B2`.
fn lettered(text: &str) -> Option<Vec<(String, String)>> {
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let kind = c.is_alphanumeric().then_some(c.is_ascii_digit());
        match (kind, runs.last_mut()) {
            (Some(_), Some(run)) if kind == last => run.push(c),
            (Some(_), _) => runs.push(c.to_string()),
            (None, _) => {}
        }
        last = kind;
    }
    runs.retain(|run| !["is", "and", "with", "to"].contains(&run.to_lowercase().as_str()));
    let digits = |run: &String| run.starts_with(|c: char| c.is_ascii_digit());
    let letter = |run: &String| run.chars().count() == 1 && run.starts_with(char::is_alphabetic);
    let pair = |pair: &[String]| match pair {
        [a, b] if digits(a) && letter(b) => Some((a.clone(), b.to_uppercase())),
        [a, b] if letter(a) && digits(b) => Some((b.clone(), a.to_uppercase())),
        _ => None,
    };
    let pairs: Option<Vec<_>> = runs.chunks(2).map(pair).collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

/// `B; C; A`, `ii, iv, i`, `BCA`.
pub fn sequence(text: &str) -> Vec<String> {
    let parts: Vec<String> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '→' | '>' | '-' | '–' | '.' | ')' | '('))
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    match &parts[..] {
        [one] if one.len() > 1 && one.bytes().all(|b| b.is_ascii_uppercase()) => {
            one.chars().map(|c| c.to_string()).collect()
        }
        _ => parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(key: &str) -> Vec<Vec<String>> {
        parse(key).all.into_iter().map(|point| point.forms).collect()
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

    #[test]
    fn pairs_in_many_forms() {
        let two = [("1".to_owned(), "C".to_owned()), ("2".to_owned(), "A".to_owned())];
        for text in ["1-C; 2-A", "1 – C, 2 – A", "1→C;2→A", "1C, 2A", "1=C\n2=A"] {
            assert_eq!(pairs(text), two, "{text}");
        }
        assert_eq!(pairs("roots: carrot, yam")[1], ("yam".to_owned(), "roots".to_owned()));
    }
}
