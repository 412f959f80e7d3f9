//! What a scheme prints among its points: their marks, "max 2", who gets all of them; and keys that are no points at all.

use std::borrow::Cow;

use crate::letters::folded;
use crate::numeral;

/// `heat (1) light (1)`: a point ends behind its marks; so do `12 (1) = 4 (1)` and the lines before "Award …".
pub fn divided_by_marks(key: &str) -> Cow<'_, str> {
    // `(1) heat (2) light` are numbered.
    if !key.contains(['(', '[']) || begins(key.trim_start(), &["(1)", "[1]"]) {
        return key.into();
    }
    let mut out = String::with_capacity(key.len() + 8);
    let mut rest = key;
    while let Some(end) = marks_end(rest) {
        let (point, behind) = rest.split_at(end);
        out.push_str(point);
        let more = behind.trim_start_matches([' ', ',', '.']);
        // `x = 2 (1) or x = 3 (1)`: two roots, behind a step without marks.
        if let Some(other) = more.strip_prefix("or ")
            && let Some(root) = root_before_other(point, other)
        {
            out.truncate(out.len() - point.len());
            out.push_str(root);
            out.push_str("; ");
            rest = other;
            continue;
        }
        // Another form, or a point that is divided already.
        let goes_on = more.is_empty() || more.starts_with([';', '\n', '/']) || begins(more, &["or "]);
        if !goes_on {
            out.push_str("; ");
        }
        rest = if goes_on { behind } else { more.strip_prefix("and ").unwrap_or(more) };
    }
    if out.is_empty() {
        return key.into();
    }
    out.push_str(rest);
    out.into()
}

/// `x = 2 (1)` of "(x − 2)(x − 3) = 0, x = 2 (1)" before `x = 3 (1)`, another value of the letter with marks of its own.
fn root_before_other<'a>(point: &'a str, other: &str) -> Option<&'a str> {
    let name = |text: &'_ str| text.split_once('=').map(|(name, _)| name.trim().to_owned());
    let root = point.rsplit_once(", ").map_or(point, |(_, root)| root).trim_start();
    let letter = name(root).filter(|letter| letter.chars().count() == 1)?;
    (marks_end(other).is_some() && name(other)? == letter).then_some(root)
}

/// A key without what a scheme writes on the line behind its answer: `5√3 oe M1 for √25 × √3`, `2H⁺ + 2e⁻ → H₂ allow multiples`;
/// nor the codes between the parts of one answer: `x < −2 (A1) or x > 3 (A1)`.
pub fn without_guidance(key: &str) -> Cow<'_, str> {
    const CODES: [&str; 6] = [" M1 for ", " M2 for ", " B1 for ", " B2 for ", " A1 for ", " SC1 for "];
    let is_one = |before: &str| {
        !before.trim().is_empty()
            && !before.contains([';', '\n', ','])
            && !CODES.iter().any(|code| before.contains(code.trim()))
    };
    let cut = CODES.iter().filter_map(|code| key.find(code)).min().filter(|at| is_one(&key[..*at]));
    let key = cut.map_or(key, |at| key[..at].trim_end_matches(" oe").trim_end());
    let multiples = [" allow multiples", " accept multiples", " or multiples"];
    let key = multiples
        .iter()
        .find_map(|note| key.strip_suffix(note))
        .map_or(key, |key| key.trim_end_matches([';', ',', '.']));
    match key.contains(['<', '>', '≤', '≥']) && key.contains(" (A1) or ") {
        true => key.replace(" (A1) or ", " or ").into(),
        false => key.into(),
    }
}

/// Where the first marks of a text end that stand behind words: `(1)`, `[2]`, `(1 mark)`.
fn marks_end(text: &str) -> Option<usize> {
    text.match_indices(['(', '[']).find_map(|(at, _)| {
        let inside = &text[at + 1..];
        let end = inside.find([')', ']'])?;
        let said = inside[..end].trim_end_matches(" marks").trim_end_matches(" mark").trim();
        let is_count = said.len() == 1 && said.bytes().all(|b| (b'1'..=b'9').contains(&b)) || said == "½";
        // `f(1)` and the first of `(1) heat (2) light` are none.
        let before = text[..at].strip_suffix(' ')?;
        (is_count && before.contains(char::is_alphanumeric)).then_some(at + 1 + end + 1)
    })
}

fn begins(text: &str, leads: &[&str]) -> bool {
    leads.iter().any(|lead| text.starts_with(lead))
}

/// A key without "max 2" behind its points, and how many of them are so enough.
pub fn without_most(key: &str) -> (Option<usize>, &str) {
    let whole = (None, key);
    // `min 5, max 12` is a value.
    if folded(key).contains("min") {
        return whole;
    }
    let body = key.trim_end().trim_end_matches(['.', ')', ']']).trim_end();
    let body = body.trim_end_matches(" marks").trim_end_matches(" mark");
    let Some((before, count)) = body.rsplit_once(' ') else { return whole };
    let Some(count) = number(count) else { return whole };
    let before = ["max", "maximum", "max.", "max:", "maximum:", "Max", "Maximum", "MAX"]
        .iter()
        .find_map(|word| before.strip_suffix(word))
        .filter(|before| before.ends_with(['(', '[', ' ', ';', '\n']));
    before.map_or(whole, |before| (Some(count), before.trim_end_matches(['(', '[', ' ', ';', ',', '\n'])))
}

fn number(word: &str) -> Option<usize> {
    let count = word.parse().ok().or_else(|| numeral::worth(&word.to_lowercase()).map(|n| n as usize));
    count.filter(|count| (1..=20).contains(count))
}

/// Whether a text tells the marker who gets the marks, and nothing of the answer: `ecf`, "correct answer scores 3", "even if
/// no calculations are shown".
pub fn is_award(text: &str) -> bool {
    const AWARDS: [&str; 13] = [
        "award ",
        "allow full",
        "full marks",
        "full credit",
        "correct answer ",
        "even if ",
        "even without ",
        "with or without working",
        "no working",
        "working not ",
        "if no working",
        "regardless of ",
        "independent mark",
    ];
    const CARRIED: [&str; 4] = ["ecf", "error carried forward", "errors carried forward", "follow through"];
    const LONGEST: usize = 90;
    if text.len() > LONGEST || !text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | '[')) {
        return false;
    }
    let words = folded(text);
    let words = words.trim_start_matches(['(', '[', ' ']);
    // "award the contract" is an answer.
    let of_marks = || words.contains("mark") || words.contains("credit") || words.contains(" answer");
    // So is "even if it rains, I will go".
    let of_work = || ["work", "calculation", "shown", "method", "spelling"].iter().any(|word| words.contains(word));
    let needs_work = begins(words, &["even ", "regardless of "]);
    let awards = begins(words, &AWARDS) && (!words.starts_with("award ") || of_marks()) && (!needs_work || of_work());
    awards || carried(words, &CARRIED)
}

/// A form without such a text behind a comma: "$127 000, even if no calculations are shown".
pub fn without_award(form: &str) -> &str {
    form.match_indices(", ").find(|(at, _)| is_award(&form[at + 2..])).map_or(form, |(at, _)| form[..at].trim_end())
}

/// Whether the first words say that an error is carried forward.
fn carried(words: &str, names: &[&str]) -> bool {
    let words =
        ["allow ", "accept ", "apply ", "(", "["].iter().fold(words, |words, lead| words.trim_start_matches(lead));
    names.iter().any(|name| words.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
}

/// Whether a key describes levels of answers, which hold no points: a person marks by them.
pub fn describes_levels(key: &str) -> bool {
    const SHORTEST: usize = 60;
    if key.len() < SHORTEST {
        return false;
    }
    let words = folded(key);
    let level = |n: usize| ["level", "band", "niveau"].iter().any(|name| words.contains(&format!("{name} {n}")));
    let levels = (1..=4).filter(|n| level(*n)).count();
    let marks = words.contains("mark") || words.contains("points");
    levels > 1 && marks || words.contains("indicative content") || words.contains("level descriptor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_ends_behind_its_marks() {
        for (key, is) in [
            ("heat (1) light (1)", "heat (1); light (1)"),
            ("heat [1], light [1]", "heat [1]; light [1]"),
            ("heat (1 mark) and light (1 mark)", "heat (1 mark); light (1 mark)"),
            ("300 − 173 (1) = 127 (1)", "300 − 173 (1); = 127 (1)"),
            ("heat (1); light (1)", "heat (1); light (1)"),
            ("heat (1) / warmth (1)", "heat (1) / warmth (1)"),
            ("(1) heat (2) light", "(1) heat (2) light"),
            ("f(1) = 3", "f(1) = 3"),
            ("iron(II) sulfate", "iron(II) sulfate"),
        ] {
            assert_eq!(divided_by_marks(key), is);
        }
    }

    #[test]
    fn the_most_that_points_earn_is_no_point() {
        for (key, is) in [
            ("heat; light; sound (max 2)", (Some(2), "heat; light; sound")),
            ("heat; light; sound; max 2 marks", (Some(2), "heat; light; sound")),
            ("heat; light [Maximum two]", (Some(2), "heat; light")),
            ("the climax 2", (None, "the climax 2")),
            ("3", (None, "3")),
        ] {
            assert_eq!(without_most(key), is);
        }
    }

    #[test]
    fn what_a_marker_is_told_is_no_answer() {
        for text in
            ["ecf", "ecf from part (a)", "allow ecf", "even if no calculations are shown", "correct answer only"]
        {
            assert!(is_award(text), "{text}");
        }
        for text in ["award the contract to others", "levels of marking", "heat", "ecfactor"] {
            assert!(!is_award(text), "{text}");
        }
    }

    #[test]
    fn levels_are_no_points() {
        let levels = "Level 2 (3–4 marks): links are explained. Level 1 (1–2 marks): simple statements.";
        assert!(describes_levels(levels));
        assert!(!describes_levels(
            "The level 2 biohazard laboratory needs a filter, a hood and a separate entrance for it."
        ));
    }
}
