//! Keys of which each part stands by itself: pairs, groups, labels, an order.

use super::unlabelled;
use crate::letters::tidy;

/// `1-C; 2-A`, `1 → C`, `roots: carrot, cassava; leaves: cabbage`: what belongs to what.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    if let Some(pairs) = lettered(text).or_else(|| numeralled(text)) {
        return pairs;
    }
    let mut pairs = Vec::new();
    // `A: stigma, B: style` names one for each.
    let each = text.split([';', '\n']).any(|piece| piece.matches(':').count() > 1);
    for piece in text.split(|c| c == ';' || c == '\n' || each && c == ',') {
        if let Some((group, members)) = piece.split_once(':') {
            let members = members
                .split(',')
                .flat_map(|part| part.split(" and "))
                .map(str::trim)
                .filter(|member| !member.is_empty());
            pairs.extend(members.map(|member| (member.to_owned(), group.trim().to_owned())));
            continue;
        }
        for pair in piece.split(',') {
            let divided = ['-', '–', '—', '→', '=', '>'].iter().find_map(|mark| pair.split_once(*mark));
            // `a iii`, `1 Nairobi`
            let number = |left: &str| left.bytes().all(|b| b.is_ascii_digit());
            let short = || {
                let pair = pair.trim().split_once(' ');
                pair.filter(|(left, right)| left.len() <= 2 && (right.len() <= 4 || number(left)))
            };
            let divided = divided.or_else(short);
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

/// Small Roman numbers and letters in turn: `(i) b (ii) c`, `i. b, ii. c`, `i-b`, `ib iic`.
fn numeralled(text: &str) -> Option<Vec<(String, String)>> {
    const NUMERALS: [&str; 10] = ["viii", "vii", "iii", "vi", "iv", "ix", "ii", "i", "v", "x"];
    let low = text.to_lowercase();
    let words: Vec<&str> = low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut labels = Vec::new();
    for word in words {
        let letter = |rest: &str| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_lowercase());
        match NUMERALS.iter().find(|numeral| word.strip_prefix(**numeral).is_some_and(letter)) {
            _ if NUMERALS.contains(&word) || letter(word) => labels.push(word),
            Some(numeral) => labels.extend([*numeral, &word[numeral.len()..]]),
            None => return None,
        }
    }
    let pairs = labels.chunks(2).map(|pair| match pair {
        [a, b] if NUMERALS.contains(a) && b.len() == 1 => Some(((*a).to_owned(), b.to_uppercase())),
        [a, b] if NUMERALS.contains(b) && a.len() == 1 => Some(((*b).to_owned(), a.to_uppercase())),
        _ => None,
    });
    pairs.collect::<Option<Vec<_>>>().filter(|pairs| pairs.len() > 1)
}

/// `B; C; A`, `ii, iv, i`, `BCA`, `first do this → then that`.
pub fn sequence(text: &str) -> Vec<String> {
    let text = tidy(text).replace("->", "→");
    let clean = |parts: Vec<&str>| -> Vec<String> {
        parts
            .into_iter()
            .map(|part| unlabelled(part).trim_matches(['.', ')', '(', ' ', ',']).to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    };
    for dividers in [&[';', '\n'][..], &['→', '>', '<'], &[',']] {
        if text.contains(dividers) {
            return clean(text.split(dividers).collect());
        }
    }
    // `small intestine-large intestine`
    if text.matches('-').count() > 1 && text.contains(' ') && !text.contains(" - ") {
        return clean(text.split('-').collect());
    }
    let parts = clean(text.split([' ', '-']).filter(|part| *part != "and" && *part != "then").collect());
    match &parts[..] {
        [one]
            if one.len() > 1 && one.len() <= 12 && one.bytes().all(|b| b.is_ascii_alphabetic()) && is_letters(one) =>
        {
            one.chars().map(|c| c.to_string()).collect()
        }
        _ => parts,
    }
}

/// Each letter once: an order of letters, and no word of the language.
fn is_letters(word: &str) -> bool {
    let lower = word.to_lowercase();
    let once = lower.chars().all(|c| lower.matches(c).count() == 1);
    once && (word.bytes().all(|b| b.is_ascii_uppercase()) || lower.bytes().all(|b| b < b'i'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_many_forms() {
        let two = [("1".to_owned(), "C".to_owned()), ("2".to_owned(), "A".to_owned())];
        for text in ["1-C; 2-A", "1 – C, 2 – A", "1→C;2→A", "1C, 2A", "1=C\n2=A"] {
            assert_eq!(pairs(text), two, "{text}");
        }
        assert_eq!(pairs("roots: carrot, yam")[1], ("yam".to_owned(), "roots".to_owned()));
    }
}
