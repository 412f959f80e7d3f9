//! Boxes and rings beside options: of options with letters they say nothing, of others they tell which they are.

use exam_model::labels::{self, Frame, Numbering};

use crate::lines::{Line, Segment};

const SIGNS: [char; 9] = ['☐', '☒', '☑', '□', '❑', '❏', '○', '◯', '⃝'];

fn is_box(text: &str) -> bool {
    let text = text.trim();
    matches!(text, "[ ]" | "[]") || text.chars().count() == 1 && text.starts_with(SIGNS)
}

/// It starts with an option's label: `☐ 3` is an option of its own.
fn is_labelled(text: &str) -> bool {
    let framed = |frame: Frame| matches!(frame, Frame::Stop | Frame::Bracket | Frame::Brackets);
    let found = labels::at_start(text);
    found.iter().any(|(label, _)| framed(label.frame) || label.numbering == Numbering::UpperLetter)
}

/// Takes boxes off options that have letters, and puts them before options that they stand behind, so that these are read
/// as all others are.
pub fn settle(lines: &mut [Line]) {
    lines.iter_mut().for_each(divide);
    for line in lines.iter_mut() {
        let beside = line.segments.get(1).is_some_and(|second| is_labelled(&second.text));
        let Some(first) = line.segments.first_mut() else { continue };
        match labels::after_box(&first.text).filter(|rest| is_labelled(rest)) {
            Some(rest) => first.text = rest.to_owned(),
            None if beside && is_box(&first.text) => _ = line.segments.remove(0),
            None => {}
        }
    }
    let named: Vec<Option<String>> =
        lines.iter().map(|line| named_before_box(line).map(|name| format!("☐ {name}"))).collect();
    let is_named = |n: Option<usize>| n.and_then(|n| named.get(n)).is_some_and(Option::is_some);
    for (n, line) in lines.iter_mut().enumerate() {
        // One alone may be a box for the answer.
        if let Some(name) = &named[n]
            && (is_named(n.checked_sub(1)) || is_named(Some(n + 1)))
        {
            line.segments.truncate(1);
            line.segments[0].text.clone_from(name);
        }
    }
}

/// Divides a line of options with boxes, `☐ iron ☐ wood ☐ glass`, before each box.
fn divide(line: &mut Line) {
    let [only] = &line.segments[..] else { return };
    let starts: Vec<usize> = only.text.match_indices(SIGNS).map(|(at, _)| at).collect();
    let named = |(n, &at): (usize, &usize)| {
        let end = starts.get(n + 1).copied().unwrap_or(only.text.len());
        only.text[at..end].contains(char::is_alphanumeric)
    };
    if starts.first() != Some(&0) || starts.len() < 2 || !starts.iter().enumerate().all(named) {
        return;
    }
    let place = |at: usize| only.x + (only.right - only.x) * at as f32 / only.text.len() as f32;
    let ends = starts.iter().skip(1).copied().chain([only.text.len()]);
    let piece = |(start, end): (usize, usize)| Segment {
        x: place(start),
        right: place(end),
        text: only.text[start..end].trim().to_owned(),
        ..only.clone()
    };
    line.segments = starts.iter().copied().zip(ends).map(piece).collect();
}

/// The words of a line that a box ends.
fn named_before_box(line: &Line) -> Option<&str> {
    let (first, last) = (line.segments.first()?, line.segments.last()?);
    let name = match line.segments.len() {
        1 => first.text.strip_suffix(SIGNS)?.trim_end(),
        2 if is_box(&last.text) => first.text.as_str(),
        _ => return None,
    };
    // `330 m/s` and `A cow` have no label.
    let labelled = labels::at_start(name).iter().any(|(label, _)| label.frame != Frame::Bare);
    // `12 − 5 = ☐` is a sum.
    let is_sum = name.ends_with(['=', '+', '-', '−', '×', '÷']);
    (name.contains(char::is_alphanumeric) && !labelled && !is_box(name) && !is_sum).then_some(name)
}

#[cfg(test)]
mod tests {
    use exam_model::question::Kind;

    fn read(rows: &[&str]) -> (Kind, Vec<String>) {
        let question = crate::read_paper(&[crate::testing::typed(rows)]).questions.remove(0);
        (question.kind, question.options.into_iter().map(|option| option.text).collect())
    }

    #[test]
    fn boxes_and_rings_stand_before_letters_or_behind_words() {
        let next = "2. Name an acid. (1 mark)";
        let organs = ["Heart", "Lung"].map(str::to_owned).to_vec();
        for rows in [
            ["1. Which one pumps blood? (1 mark)", "   ○ a. Heart", "   ○ b. Lung", next],
            ["1. Which one pumps blood? (1 mark)", "   [ ]      A      Heart", "   [ ]      B      Lung", next],
            ["1. Which one pumps blood? (1 mark)", "   ☐ Heart ☐ Lung", "", next],
            ["1. Which one pumps blood? Tick one box. (1 mark)", "   Heart        ☐", "   Lung         ☐", next],
        ] {
            assert_eq!(read(&rows), (Kind::Single, organs.clone()), "{rows:?}");
        }
    }
}
