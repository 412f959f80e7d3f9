//! Words: the same word in other letters, small spelling mistakes, formulae, and what a phone cannot type.

use super::meaning;

/// A text short enough for a reason.
pub fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
}

/// What a phone has no key for, and how it is typed.
const TYPED: &[(&str, &str)] =
    &[("<=", "≤"), ("=<", "≤"), (">=", "≥"), ("!=", "≠"), ("->", "→"), ("=>", "→"), ("*", "×")];

/// Words for signs, where they stand alone.
const SIGNS: &[(&str, &str)] =
    &[("sqrt", "√"), ("root", "√"), ("pi", "π"), ("deg", "°"), ("degree", "°"), ("degrees", "°"), ("infinity", "∞")];

/// Signs in place of what was typed for them.
fn typed(text: &str) -> String {
    let mut text = TYPED.iter().fold(text.to_owned(), |text, (typed, sign)| text.replace(typed, sign));
    for (name, sign) in SIGNS {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(name) {
            let (before, after) = (&rest[..at], &rest[at + name.len()..]);
            let alone = !before.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic);
            // A plant has a root too.
            let root = *name != "root" || after.trim_start().starts_with(|c: char| c.is_ascii_digit());
            out.push_str(before);
            out.push_str(if alone && root { sign } else { name });
            rest = after;
        }
        out.push_str(rest);
        text = out;
    }
    text
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
                '^' | '_' => return None,
                _ => c,
            })
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a text in plain letters; a hyphen divides, a sign or a minus stays, and so does the bar of 1/3.
pub fn words(text: &str) -> Vec<String> {
    let plain: Vec<char> = typed(&plain(text)).replace('°', " °").chars().collect();
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
    let signed: String = (0..plain.len()).map(|n| if stays(n) { plain[n] } else { ' ' }).collect();
    signed
        .split(|c: char| {
            !(c.is_alphanumeric()
                || matches!(c, '-' | '/' | '°' | '%' | '√' | '+' | '=' | '<' | '>' | '≤' | '≥' | '≠' | '→' | '×' | '.'))
        })
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The things given: one a piece, a line, a comma, a semicolon, or an "and" between them.
/// `whole` tells of a piece that its "and" does not divide.
pub fn pieces(answer: &[String], whole: &dyn Fn(&str) -> bool) -> Vec<String> {
    let several = answer.iter().filter(|piece| !piece.trim().is_empty()).count() > 1;
    let divide = |piece: &str| -> Vec<String> {
        if several {
            return vec![piece.to_owned()];
        }
        // Commas and words divide a single line; a comma without a space may be within a number.
        let spaced = if piece.contains('(') { piece.to_owned() } else { after_letters(piece).replace(", ", "\n") };
        let spaced = if piece.contains(" or ") && piece.contains(|c: char| c.is_ascii_digit()) {
            spaced.replace(" or ", "\n")
        } else {
            spaced
        };
        let and = |part: &str| if whole(part) { part.to_owned() } else { part.replace(" and ", "\n") };
        spaced.split('\n').map(and).flat_map(|part| part.split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    answer
        .iter()
        .flat_map(|piece| piece.split(['\n', ';']))
        .flat_map(divide)
        .map(|piece| piece.trim().trim_matches(',').trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// A space after each comma that a letter follows.
fn after_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == ',' && chars.peek().is_some_and(|next| next.is_alphabetic()) {
            out.push(' ');
        }
    }
    out
}

/// Equal but for case, spaces and punctuation; two numbers do not become one.
pub fn same(a: &str, b: &str) -> bool {
    let joined = |text: &str| {
        words(text).into_iter().fold(String::new(), |mut all, word| {
            let digits = all.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit());
            all.push_str(if digits { " " } else { "" });
            all + &word
        })
    };
    joined(a).replace("×√", "√") == joined(b).replace("×√", "√")
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
pub fn numerals(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '^' && *c != '_')
        .map(|c| match c {
            '₀'..='₉' => char::from(b'0' + (u32::from(c) - 0x2080) as u8),
            '²' => '2',
            '³' => '3',
            '⁰' => '0',
            '¹' => '1',
            '⁴'..='⁹' => char::from(b'4' + (u32::from(c) - 0x2074) as u8),
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
    if is_symbolic(form) {
        let named = form.starts_with('(') && coordinates(answer).is_some_and(|answer| same(form, &answer));
        return named.then(|| format!("Right: {written}."));
    }
    Some(match meaning::is(form, answer)? {
        Some((wrong, word)) => format!("Right, but mind the spelling: “{word}”, not “{wrong}”."),
        None => format!("Right: {written}."),
    })
}

/// `x = 1, y = 4` as (1, 4).
fn coordinates(answer: &str) -> Option<String> {
    let answer = answer.replace(" and ", ",");
    let parts: Option<Vec<(&str, &str)>> = answer.split([',', ';', '\n']).map(|part| part.split_once('=')).collect();
    let mut parts = parts?;
    parts.sort_by_key(|(name, _)| name.trim());
    let named = parts.iter().map(|(name, _)| name.trim()).eq(["x", "y", "z"].into_iter().take(parts.len()));
    named.then(|| format!("({})", parts.iter().map(|(_, value)| value.trim()).collect::<Vec<_>>().join(", ")))
}

/// A formula or symbols: no other words will do.
pub fn is_exact(form: &str) -> bool {
    is_formula(form) || is_symbolic(form)
}

/// Relations, roots and single letters: their order is their meaning.
fn is_symbolic(form: &str) -> bool {
    let words = words(form);
    words.iter().any(|word| word.contains(['=', '<', '>', '≤', '≥', '≠', '√', '+', '×', '^']))
        || words.iter().all(|word| word.chars().count() == 1 || !word.contains(char::is_alphabetic))
}

/// Plurals and forms that no ending tells.
const IRREGULAR: &[(&str, &str)] = &[
    ("leaves", "leaf"),
    ("teeth", "tooth"),
    ("feet", "foot"),
    ("children", "child"),
    ("men", "man"),
    ("women", "woman"),
    ("mice", "mouse"),
    ("lives", "life"),
    ("knives", "knife"),
    ("halves", "half"),
    ("loaves", "loaf"),
    ("bacteria", "bacterium"),
    ("fungi", "fungus"),
    ("vertices", "vertex"),
    ("denser", "dense"),
    ("using", "use"),
    ("used", "use"),
    ("made", "make"),
    ("kept", "keep"),
    ("lens", "lens"),
    ("lenses", "lens"),
    ("lost", "loss"),
    ("lose", "loss"),
    ("losing", "loss"),
    ("burnt", "burn"),
    ("thrown", "throw"),
    ("slept", "sleep"),
];

/// Without the endings of plurals and verbs, in British spelling.
pub fn stem(word: &str) -> String {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let mut word =
        word.replace("ization", "isation").replace("izing", "ising").replace("olor", "olour").replace("sulf", "sulph");
    let cut = |word: &str, ending: &str, least: usize| {
        word.strip_suffix(ending).filter(|rest| rest.chars().count() >= least).map(str::to_owned)
    };
    if let Some(rest) = cut(&word, "ies", 2).or_else(|| cut(&word, "ied", 2)) {
        return format!("{rest}y");
    }
    if !["ss", "us", "is", "gas"].iter().any(|ending| word.ends_with(ending)) {
        // `gases`, `bushes` and `boxes` lose two letters, `leaves` one.
        let hissing = ["ses", "xes", "zes", "ches", "shes"].iter().any(|ending| word.ends_with(ending));
        let plural = if hissing { cut(&word, "es", 3) } else { cut(&word, "s", 2) };
        word = plural.unwrap_or(word);
    }
    let vowel = |rest: &String| rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let verb = cut(&word, "ing", 3).or_else(|| cut(&word, "ed", 3).filter(|rest| !rest.ends_with('e')));
    if let Some(mut rest) = verb.filter(vowel) {
        // `cutting` is from `cut`, `boiling` from `boil`, `rolling` from `roll`.
        let mut ends = rest.chars().rev();
        let last = ends.next();
        if last == ends.next() && last.is_some_and(|c| !"lsfzaeiou".contains(c)) {
            rest.pop();
        }
        return cut(&rest, "e", 3).unwrap_or(rest);
    }
    cut(&word, "e", 3).unwrap_or(word)
}

/// A small spelling mistake: one letter in words from 5, two from 8, the first letter right, and no other word.
pub fn is_near(word: &str, given: &str) -> bool {
    let length = word.chars().count();
    let allowed = match length {
        0..=4 => return false,
        5..=7 => 1,
        _ => 2,
    };
    let letters = |text: &str| text.chars().all(char::is_alphabetic);
    letters(word)
        && letters(given)
        && word.chars().next() == given.chars().next()
        && !meaning::are_opposites(word, given)
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
