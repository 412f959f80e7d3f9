//! Words: the same word in other letters, small spelling mistakes, negations, formulae.

/// Words that carry no meaning of their own in an answer.
const SMALL: [&str; 33] = [
    "a", "an", "the", "is", "are", "was", "were", "it", "its", "of", "to", "in", "on", "by", "and", "that", "this",
    "they", "because", "be", "for", "with", "from", "as", "at", "their", "there", "which", "called", "s", "use",
    "using", "used",
];

const NEGATIONS: [&str; 8] = ["not", "no", "never", "cannot", "without", "isnt", "doesnt", "dont"];

/// Words that are near each other in letters and far in meaning.
const OPPOSITES: [(&str, &str); 14] = [
    ("increase", "decrease"),
    ("mitosis", "meiosis"),
    ("anode", "cathode"),
    ("acid", "alkali"),
    ("artery", "arteries"),
    ("concave", "convex"),
    ("reflection", "refraction"),
    ("latitude", "altitude"),
    ("endothermic", "exothermic"),
    ("ureter", "urethra"),
    ("glycogen", "glucagon"),
    ("proton", "photon"),
    ("stalactite", "stalagmite"),
    ("interior", "exterior"),
];

/// A text short enough for a reason.
pub fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
}

/// Lower case, plain digits and signs, without accents and punctuation.
fn plain(text: &str) -> String {
    text.chars()
        .filter_map(|c| {
            Some(match c {
                '₀'..='₉' => char::from(b'0' + (u32::from(c) - 0x2080) as u8),
                '⁰' => '0',
                '¹' => '1',
                '²' => '2',
                '³' => '3',
                '⁴'..='⁹' => char::from(b'4' + (u32::from(c) - 0x2074) as u8),
                '−' | '–' | '—' | '‐' | '⁻' => '-',
                '’' | '‘' | '\'' | '`' | '´' => return None,
                'é' | 'è' | 'ê' => 'e',
                'à' | 'â' => 'a',
                'ç' => 'c',
                _ => c,
            })
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a text in plain letters; a hyphen divides, a sign stays.
pub fn words(text: &str) -> Vec<String> {
    let plain: Vec<char> = plain(text).chars().collect();
    let is_sign = |n: usize| {
        let digit_follows = plain.get(n + 1).is_some_and(char::is_ascii_digit);
        digit_follows && !n.checked_sub(1).is_some_and(|before| plain[before].is_alphanumeric())
    };
    let signed: String =
        plain.iter().enumerate().map(|(n, c)| if *c == '-' && !is_sign(n) { ' ' } else { *c }).collect();
    signed
        .split(|c: char| {
            !(c.is_alphanumeric()
                || c == '-'
                || matches!(c, '°' | '%' | '√' | '+' | '=' | '<' | '>' | '≤' | '≥' | '^' | '.'))
        })
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn content(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .filter(|word| !SMALL.contains(&word.as_str()) && !NEGATIONS.contains(&word.as_str()))
        .collect()
}

/// An odd number of negations.
pub fn is_negated(text: &str) -> bool {
    words(text).iter().filter(|word| NEGATIONS.contains(&word.as_str())).count() % 2 == 1
}

/// The things given: one a piece, a line, a comma, a semicolon, or an "and" between short ones.
pub fn pieces(answer: &[String]) -> Vec<String> {
    let several = answer.iter().filter(|piece| !piece.trim().is_empty()).count() > 1;
    answer
        .iter()
        .flat_map(|piece| piece.split(['\n', ';']).map(str::to_owned).collect::<Vec<_>>())
        .flat_map(|piece| {
            // Commas divide a single line, unless they are within a number.
            let divided: Vec<String> = if several || piece.contains('(') {
                vec![piece]
            } else {
                piece.split(", ").map(str::to_owned).collect()
            };
            divided
        })
        .flat_map(|piece| {
            let divided: Vec<String> =
                if several { vec![piece] } else { piece.split(" and ").map(str::to_owned).collect() };
            divided
        })
        .map(|piece| piece.trim().trim_matches(',').trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// Equal but for case, spaces and punctuation.
pub fn same(a: &str, b: &str) -> bool {
    words(a).concat() == words(b).concat()
}

/// Letters and digits such as `H2O` or `CO`: capitals matter in them.
fn is_formula(text: &str) -> bool {
    let plain = numerals(text);
    let upper = plain.bytes().filter(u8::is_ascii_uppercase).count();
    let digit = plain.bytes().any(|b| b.is_ascii_digit());
    plain.len() <= 14
        && plain.starts_with(|c: char| c.is_ascii_uppercase())
        && plain.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'(' | b')' | b'+' | b'-'))
        && (upper >= 2 || upper == 1 && digit)
        && plain.bytes().filter(u8::is_ascii_lowercase).count() <= upper
}

/// Raised and lowered digits as plain ones, without spaces and `^`, case kept.
fn numerals(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '^' && *c != '_')
        .map(|c| match c {
            '₀'..='₉' => char::from(b'0' + (u32::from(c) - 0x2080) as u8),
            '²' => '2',
            '³' => '3',
            '⁺' => '+',
            '⁻' | '−' => '-',
            _ => c,
        })
        .collect()
}

/// Whether an answer is this form of a key, with the reason.
pub fn accepts(form: &str, answer: &str) -> Option<String> {
    let written = clip(answer);
    if is_formula(form) {
        return (numerals(form) == numerals(answer.trim().trim_end_matches('.'))).then(|| format!("Right: {written}."));
    }
    if same(form, answer) {
        return Some(format!("Right: {written}."));
    }
    if is_negated(form) != is_negated(answer) {
        return None;
    }
    let (wanted, given) = (content(form), content(answer));
    if wanted.is_empty() || given.is_empty() {
        return None;
    }
    // Many things for one are a guess, not an answer.
    let more = given.len().saturating_sub(wanted.len());
    let listed = answer.matches([',', ';', '\n', '/']).count() > form.matches([',', ';', '\n', '/']).count()
        || words(answer).iter().any(|w| w == "or") && !words(form).iter().any(|w| w == "or");
    if more > 0 && listed || more > wanted.len().max(3) {
        return None;
    }
    let mut misspelt = None;
    for word in &wanted {
        let exact = given.iter().any(|other| stem(other) == stem(word));
        let near = || given.iter().find(|other| is_near(word, other));
        if !exact {
            misspelt = Some((near()?, word));
        }
    }
    Some(match misspelt {
        Some((wrong, word)) => format!("Right, but mind the spelling: “{word}”, not “{wrong}”."),
        None => format!("Right: {written}."),
    })
}

/// Whether most of a form's words stand in one sentence of the answer, without a negation that the form has not.
pub fn stands_in(form: &str, answer: &str) -> bool {
    let wanted = content(form);
    if wanted.is_empty() {
        return same(form, answer);
    }
    let found_in = |part: &str| {
        let given = content(part);
        let found = wanted
            .iter()
            .filter(|word| given.iter().any(|other| stem(other) == stem(word) || is_near(word, other)))
            .count();
        found as f64 >= 0.6 * wanted.len() as f64 && is_negated(part) == is_negated(form)
    };
    answer.split(['.', ';', '\n']).any(found_in) || !answer.contains([';', '\n']) && found_in(answer)
}

/// Without the endings of plurals and verbs, in British spelling.
fn stem(word: &str) -> String {
    let word =
        word.replace("ization", "isation").replace("izing", "ising").replace("olor", "olour").replace("sulf", "sulph");
    let cut =
        |ending: &str, least: usize| word.strip_suffix(ending).filter(|rest| rest.len() >= least).map(str::to_owned);
    if let Some(rest) = cut("ies", 2) {
        return format!("{rest}y");
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    cut("ses", 3)
        .map(|rest| rest + "s")
        .or_else(|| cut("ing", 4))
        .or_else(|| cut("ed", 4))
        .or_else(|| cut("es", 4))
        .or_else(|| cut("s", 2))
        .or_else(|| cut("e", 4))
        .unwrap_or(word)
}

/// A small spelling mistake: one letter in words from 5, two from 8, the first letter right, and no other word.
fn is_near(word: &str, given: &str) -> bool {
    let length = word.chars().count();
    let allowed = match length {
        0..=4 => return false,
        5..=7 => 1,
        _ => 2,
    };
    let letters = |text: &str| text.chars().all(char::is_alphabetic);
    let opposite = |a: &str, b: &str| {
        OPPOSITES
            .iter()
            .any(|(x, y)| (stem(a) == stem(x) && stem(b) == stem(y)) || (stem(a) == stem(y) && stem(b) == stem(x)))
    };
    letters(word)
        && letters(given)
        && word.chars().next() == given.chars().next()
        && !opposite(word, given)
        && distance(word, given) <= allowed
}

/// Damerau–Levenshtein distance with adjacent transpositions (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}
