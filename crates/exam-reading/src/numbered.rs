//! Options that are numbered in the style of the questions, `7. Which is it?` above `1. iron 2. zinc 3. gold`.

use exam_model::labels::{self, Frame, Label, Numbering};

use crate::lines::Line;

/// So many questions in a row must be followed by options for these to be told apart.
const FEWEST: usize = 3;
/// How many options questions have.
const OPTIONS: std::ops::RangeInclusive<usize> = 3..=6;

/// A number that may be a label: where it stands, and the bytes that it takes.
struct Number {
    value: u32,
    line: usize,
    segment: usize,
    bytes: std::ops::Range<usize>,
}

/// Puts brackets around the numbers of options, so that they differ from those of the questions: questions go on by one, and
/// below each of them stand numbers from 1 to the same one.
pub fn bracket(lines: &mut [Line]) {
    let numbers = numbers(lines);
    let mut options: Vec<&Number> = Vec::new();
    let mut at = 0;
    while at < numbers.len() {
        let run = |count: usize| (questions(&numbers[at..], count), count);
        let (found, count) = OPTIONS.map(run).max().unwrap_or_default();
        if found < FEWEST {
            at += 1;
            continue;
        }
        let end = at + found * (count + 1);
        options
            .extend(numbers[at..end].iter().enumerate().filter(|(n, _)| n % (count + 1) > 0).map(|(_, number)| number));
        at = end;
    }
    // From the last in a segment to the first, so that places stay.
    for option in options.into_iter().rev() {
        let text = &mut lines[option.line].segments[option.segment].text;
        text.replace_range(option.bytes.clone(), &format!("({})", option.value));
    }
}

/// How many questions with so many options each these numbers start with.
fn questions(numbers: &[Number], options: usize) -> usize {
    let Some(first) = numbers.first() else { return 0 };
    let one = |(value, group): &(u32, &[Number])| {
        group.len() > options
            && group[0].value == *value
            && (1u32..).zip(&group[1..]).all(|(n, number)| number.value == n)
    };
    (first.value..).zip(numbers.chunks(options + 1)).take_while(one).count()
}

/// The numbers with a stop or a bracket at the start of segments, and those that go on from a 1 within them.
fn numbers(lines: &[Line]) -> Vec<Number> {
    let framed = |(label, _): &(Label, usize)| {
        label.numbering == Numbering::Number && matches!(label.frame, Frame::Stop | Frame::Bracket)
    };
    let number_at = |text: &str| labels::at_start(text).into_iter().find(framed).map(|(label, _)| label);
    let mut found = Vec::new();
    for (line, segment, text) in lines
        .iter()
        .enumerate()
        .flat_map(|(n, line)| line.segments.iter().enumerate().map(move |(s, segment)| (n, s, segment.text.as_str())))
    {
        let Some(first) = number_at(text).filter(|first| text.starts_with(&first.printed)) else { continue };
        let mut last = first.value;
        let bytes = 0..first.printed.len();
        found.push(Number { value: last, line, segment, bytes });
        for (at, _) in text.match_indices(' ').map(|(at, space)| (at + space.len(), space)).filter(|_| first.value == 1)
        {
            let next = number_at(&text[at..]).filter(|next| {
                next.value == last + 1 && next.frame == first.frame && text[at..].starts_with(&next.printed)
            });
            if let Some(next) = next {
                last = next.value;
                found.push(Number { value: last, line, segment, bytes: at..at + next.printed.len() });
            }
        }
    }
    found
}

/// Puts the number of dotted labels, `1.1`, `1.2`, that is printed nowhere before them on a line of its own without width.
pub fn head_dotted(lines: &mut Vec<Line>) {
    let dotted = |line: &Line| {
        let first = line.segments.first().filter(|first| first.text.starts_with(|c: char| c.is_ascii_digit()))?;
        let found = labels::at_start(&first.text);
        found.into_iter().find_map(|(label, _)| Some((label.dotted_path()?.0.to_owned(), label.value)))
    };
    let section = |line: &Line| line.text().split_once(' ').is_some_and(|(_, rest)| labels::section(rest).is_some());
    let starts = |line: &Line, above: &str| {
        let first = line.segments.first().map_or("", |first| first.text.as_str());
        let number = |label: &Label| label.numbering == Numbering::Number && label.plain == above;
        let heads = |frame: Frame| frame != Frame::Dotted && (frame != Frame::Bare || section(line));
        labels::at_start(first).iter().any(|(label, _)| number(label) && heads(label.frame))
    };
    // `2 SECTION B` in the middle is such a number, too.
    for n in 1..lines.len() {
        let below = dotted(&lines[n]).filter(|(_, value)| *value == 1).map(|(above, _)| above);
        for line in below.iter().flat_map(|_| n.saturating_sub(4)..n).collect::<Vec<_>>() {
            let above = below.clone().unwrap_or_default();
            if section(&lines[line]) && starts(&lines[line], &above) && lines[line].segments.len() == 1 {
                let left = lines[line].column.0;
                let first = &mut lines[line].segments[0];
                (first.x, first.text) = (left, first.text.replacen(' ', ". ", 1));
            }
        }
    }
    let mut heads: Vec<(usize, String)> = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let Some((above, 1)) = dotted(line) else { continue };
        let from = heads.last().map_or(0, |(at, _)| *at);
        let goes_on = lines[n + 1..].iter().find_map(dotted).is_some_and(|next| next == (above.clone(), 2));
        let simple = above.bytes().all(|byte| byte.is_ascii_digit());
        if simple && goes_on && !lines[from..n].iter().any(|line| starts(line, &above)) {
            heads.push((n, above));
        }
    }
    for (n, above) in heads.into_iter().rev() {
        let mut line = lines[n].clone();
        line.segments.truncate(1);
        (line.segments[0].right, line.segments[0].text) = (line.segments[0].x, format!("{above}."));
        lines.insert(n, line);
    }
}

#[cfg(test)]
mod tests {
    use exam_model::question::Kind;

    use crate::read_paper;
    use crate::testing::typed;

    #[test]
    fn options_may_be_numbered_as_the_questions_are() {
        let rows = [
            "1. The symbol of sodium is:",
            "1. S 2. So 3. Na 4. Sn",
            "2. The unit of resistance is:",
            "1. the ampere",
            "2. the ohm",
            "3. the volt",
            "4. the watt",
            "3. Water boils at:",
            "1. 50 C 2. 80 C 3. 90 C 4. 100 C",
            "4. The sun is:",
            "1. a star",
            "2. a planet",
            "3. a moon",
            "4. a comet",
            "5. The chemical formula of water is:",
            "1. HO 2. H2O 3. CO2 4. NaCl",
        ];
        let questions = read_paper(&[typed(&rows)]).questions;
        let read: Vec<_> =
            questions.iter().map(|question| (question.path.as_str(), question.kind, question.options.len())).collect();
        assert_eq!(read, ["1", "2", "3", "4", "5"].map(|path| (path, Kind::Single, 4)));
        assert_eq!((questions[1].options[1].label.as_str(), questions[1].options[1].text.as_str()), ("2", "the ohm"));
    }

    #[test]
    fn questions_that_start_again_are_no_options() {
        let rows = ["SECTION A", "1. Name it.", "2. Why?", "3. How?", "SECTION B", "1. Name it.", "2. Why?", "3. How?"];
        let paths: Vec<String> =
            read_paper(&[typed(&rows)]).questions.into_iter().map(|question| question.path).collect();
        assert_eq!(paths, ["a.1", "a.2", "a.3", "b.1", "b.2", "b.3"]);
    }

    #[test]
    fn dotted_numbers_need_no_number_above_them() {
        let paths = |rows: &[&str]| -> Vec<String> {
            read_paper(&[typed(rows)]).questions.into_iter().map(|question| question.path).collect()
        };
        let dotted = ["1.1. Find x.", "1.2. Find y.", "1.3. Solve it.", "2.1. Find the area.", "2.2. Find the angle."];
        assert_eq!(paths(&dotted), ["1.1", "1.2", "1.3", "2.1", "2.2"]);
        let mut sections = vec!["MATHEMATICS", ""];
        sections.extend(&dotted[..3]);
        sections.push("                    2 SECTION B");
        sections.extend(&dotted[3..]);
        assert_eq!(paths(&sections), ["1.1", "1.2", "1.3", "2.1", "2.2"]);
        assert_eq!(paths(&["1. Read the text.", "1.1 Name it.", "1.2 Why?", "2. End it."]), ["1", "2"]);
    }
}
