//! Two languages side by side: each question stands in both columns, and is one with both texts.

use exam_model::labels::{self, Frame};

use crate::lines::Line;
use crate::{marks, words};

/// Two columns with the same labels are of one text if they have so many.
const FEWEST: usize = 3;

/// The bytes that the labels at the start of a line take, and those labels as printed.
fn labelled(line: &Line) -> (usize, String) {
    let text = line.segments.first().map_or("", |first| first.text.as_str());
    let (mut taken, mut printed) = (0, String::new());
    while let Some((label, length)) = labels::at_start(&text[taken..])
        .into_iter()
        .find(|(label, _)| !matches!(label.frame, Frame::Bare | Frame::Word))
    {
        printed.push_str(&label.printed);
        taken += length;
    }
    (taken, printed)
}

/// Puts the text of a right column behind that of the left one, label by label, where both have the same labels: without
/// the label, and without the marks, which stand there twice.
pub fn merge(lines: &mut Vec<Line>) {
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    let same = |a: &Line, b: &Line| a.page == b.page && a.column == b.column;
    let mut groups: Vec<Vec<Line>> = lines.chunk_by(same).map(<[Line]>::to_vec).rev().collect();
    while let Some(left) = groups.pop() {
        let beside = |right: &Vec<Line>| right[0].page == left[0].page && right[0].column.0 >= left[0].column.1;
        match groups.pop_if(|right| beside(right) && are_facing(&left, right)) {
            Some(right) => interleave(left, right, &mut merged),
            None => merged.extend(left),
        }
    }
    *lines = merged;
    merge_pages(lines);
}

/// Leaves out a page that says in another language what the one before it says.
fn merge_pages(lines: &mut Vec<Line>) {
    let mut pages: Vec<Vec<Line>> = lines.chunk_by(|a, b| a.page == b.page).map(<[Line]>::to_vec).rev().collect();
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    while let Some(first) = pages.pop() {
        // Its text is a page of its own, which no crop of the first would show.
        pages.pop_if(|second| are_translated(&first, second));
        merged.extend(first);
    }
    *lines = merged;
}

/// Two pages with the same labels and the same marks, but with words of their own.
fn are_translated(first: &[Line], second: &[Line]) -> bool {
    const FEWEST_LABELS: usize = 6;
    let worth = |lines: &[Line]| -> Vec<f64> {
        lines
            .iter()
            .flat_map(|line| &line.segments)
            .flat_map(|segment| marks::take(&segment.text, true).marks)
            .collect()
    };
    let long = |lines: &[Line]| -> std::collections::HashSet<String> {
        let text = lines.iter().map(Line::text).collect::<Vec<_>>().join(" ").to_lowercase();
        text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 3).map(str::to_owned).collect()
    };
    let all = printed_labels(first);
    if all.len() < FEWEST_LABELS || first[0].page + 1 != second[0].page || all != printed_labels(second) {
        return false;
    }
    let (here, there) = (long(first), long(second));
    let shared = here.intersection(&there).count();
    // Two sections with questions of their own may be numbered and marked alike.
    let in_two_languages = words::SMALL.iter().any(|small| in_one_only(small, first, second));
    let marks = worth(first);
    in_two_languages && !marks.is_empty() && marks == worth(second) && shared * 4 < here.len().min(there.len())
}

/// The labels at the starts of lines, as printed.
fn printed_labels(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| labelled(line).1).filter(|printed| !printed.is_empty()).collect()
}

fn are_facing(left: &[Line], right: &[Line]) -> bool {
    let labels = printed_labels(left);
    labels.len() >= FEWEST
        && labels == printed_labels(right)
        && words::SMALL.iter().any(|small| in_one_only(small, left, right))
}

/// Small words that are frequent on one side alone.
fn in_one_only(small: &[&str], left: &[Line], right: &[Line]) -> bool {
    let share = |lines: &[Line]| {
        let texts: Vec<String> = lines.iter().map(|line| line.text().to_lowercase()).collect();
        let words = || texts.iter().flat_map(|text| text.split_whitespace());
        words().filter(|word| small.contains(word)).count() as f32 / words().count().max(1) as f32
    };
    let (left, right) = (share(left), share(right));
    left.max(right) > 0.06 && left.min(right) < 0.02
}

fn interleave(left: Vec<Line>, right: Vec<Line>, out: &mut Vec<Line>) {
    let blocks = |lines: Vec<Line>| -> Vec<Vec<Line>> {
        let mut blocks = vec![Vec::new()];
        for line in lines {
            if labelled(&line).0 > 0 {
                blocks.push(Vec::new());
            }
            blocks.last_mut().into_iter().for_each(|block: &mut Vec<Line>| block.push(line.clone()));
        }
        blocks
    };
    for (left, right) in blocks(left).into_iter().zip(blocks(right)) {
        let right = translation(right);
        let text = |lines: &[Line]| lines.iter().map(Line::text).collect::<Vec<_>>().join(" ");
        // `A. joule` is the same in both.
        let same = text(&left).ends_with(&text(&right));
        out.extend(left);
        out.extend(right.into_iter().filter(|_| !same));
    }
}

/// A block's lines without its label and its marks, which a line break may divide.
fn translation(mut block: Vec<Line>) -> Vec<Line> {
    for n in 0..block.len() {
        let (taken, _) = if n == 0 { labelled(&block[0]) } else { (0, String::new()) };
        let next = block.get(n + 1).and_then(|line| line.segments.first()).map(|first| first.text.clone());
        if let Some(first) = block[n].segments.first_mut() {
            first.text = first.text[taken..].trim_start().to_owned();
        }
        if let Some(last) = block[n].segments.last_mut()
            && let Some(head) = next.and_then(|next| marks::rest_of_broken(&last.text, &next))
        {
            last.text.truncate(last.text.rfind(['(', '[']).unwrap_or(last.text.len()));
            block[n + 1].segments[0].text.drain(..head);
        }
        for segment in &mut block[n].segments {
            segment.text = marks::take(segment.text.trim(), true).text;
        }
        block[n].segments.retain(|segment| !segment.text.is_empty());
    }
    block.retain(|line| !line.segments.is_empty());
    block
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_question_in_two_languages_is_one() {
        let row = |left: &str, right: &str| format!("{left:<42}{right}");
        let mut rows = Vec::new();
        for n in 1..=6 {
            rows.push(row(&format!("{n}. Name an organ of the body"), &format!("{n}. Nommez un organe du corps")));
            rows.push(row("   that is in the chest. (2 marks)", "   dans le thorax. (2"));
            rows.push(row("", "   points)"));
        }
        let paper = crate::read_paper(&[crate::testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        assert_eq!(paper.questions.len(), 6);
        for question in &paper.questions {
            assert_eq!(question.marks, Some(2.0));
            assert!(
                question.text.contains("in the chest") && question.text.contains("dans le thorax"),
                "{}",
                question.text
            );
        }
    }

    #[test]
    fn what_is_the_same_in_both_languages_is_said_once() {
        let row = |left: &str, right: &str| format!("{left:<42}{right}");
        let mut rows = Vec::new();
        for n in 1..=5 {
            rows.push(row(
                &format!("{n}. What is the unit of the force?"),
                &format!("{n}. Quelle est l'unité de la force ?"),
            ));
            rows.push(row("A. joule", "A. joule"));
            rows.push(row("B. metre", "B. mètre"));
        }
        let paper = crate::read_paper(&[crate::testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>())]);
        let options: Vec<&str> = paper.questions[0].options.iter().map(|option| option.text.as_str()).collect();
        assert_eq!(options, ["joule", "metre mètre"]);
    }

    #[test]
    fn a_page_in_another_language_is_left_out_and_a_section_marked_alike_is_not() {
        let page = |heading: &str, text: &str| -> Vec<String> {
            let rows = (1..=6).map(|n| format!("{n}. {text} (1 mark)"));
            std::iter::once(heading.to_owned()).chain(rows).collect()
        };
        let typed = |rows: Vec<String>| crate::testing::typed(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let first = "What is the name of the gas";
        let count = |heading: &str, second: &str| {
            crate::read_paper(&[typed(page("SECTION A", first)), typed(page(heading, second))]).questions.len()
        };
        assert_eq!(count("SECTION A", "Quelle est la couleur des feuilles et du fer"), 6);
        assert_eq!(count("SECTION B", "Why does iron rust where water is near"), 12);
    }
}
