//! Options in running text, `… is called (a) iron (b)` over `copper (c) tin`, as cells beside one another.

use exam_model::labels::{self, Frame, Label, Numbering};

use crate::lines::{Line, Segment};
use crate::marks;

/// So many labels in order make a list.
const FEWEST: usize = 3;
/// Lines that one list takes at most.
const MOST_LINES: usize = 8;
/// An option in running text is no longer.
const LONGEST: usize = 160;

/// Puts the options of each list that runs through the text of some lines into one line, each as a cell of its own.
pub fn divide(lines: &mut Vec<Line>) {
    let mut n = 0;
    while n < lines.len() {
        if let Some((count, cells)) = list(&lines[n..]) {
            let bottom = lines[n + count - 1].bottom;
            let marked = lines[n..n + count].iter().flat_map(|line| line.segments.iter());
            let marked: Vec<Segment> = marked.filter(|segment| marks::are_all(&segment.text)).cloned().collect();
            let line = &mut lines[n];
            let (first, width) = (line.segments[0].clone(), line.column.1 - line.x());
            let place = |n: usize| first.x + width * n as f32 / (cells.len() + 1) as f32;
            let cell = |(n, text): (usize, &String)| Segment {
                x: place(n),
                right: place(n + 1),
                text: text.clone(),
                ..first.clone()
            };
            line.segments = cells.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(cell).collect();
            line.segments.extend(marked);
            line.bottom = bottom;
            lines.drain(n + 1..n + count);
        }
        n += 1;
    }
}

/// Lines put together, with the places where their segments start.
#[derive(Default)]
struct Text {
    joined: String,
    starts: Vec<usize>,
}

impl Text {
    fn push(&mut self, line: &Line) {
        for segment in line.segments.iter().filter(|segment| !marks::are_all(&segment.text)) {
            let broken = self.joined.ends_with('-') && !self.joined.ends_with(" -");
            if !self.joined.is_empty() && !broken {
                self.joined.push(' ');
            }
            self.starts.push(self.joined.len());
            self.joined.push_str(segment.text.trim());
        }
    }

    /// The labels at words from a place on, each with the place and the length that it takes.
    fn labels(&self, from: usize) -> impl Iterator<Item = (Label, usize, usize)> {
        let words = std::iter::once(0).chain(self.joined.match_indices(' ').map(|(at, _)| at + 1));
        words.filter(move |&at| at >= from).flat_map(move |at| {
            let rest = &self.joined[at..];
            let short = rest.split(' ').next().is_some_and(|word| word.chars().count() <= 4);
            let found = if short { labels::at_start(rest) } else { Vec::new() };
            found.into_iter().filter(is_of_option).map(move |(label, _)| {
                let taken = label.printed.len();
                (label, at, taken)
            })
        })
    }

    /// The next label of a list.
    fn next(&self, last: &Label, from: usize) -> Option<(Label, usize, usize)> {
        let follows =
            |label: &Label| (label.numbering, label.frame, label.value) == (last.numbering, last.frame, last.value + 1);
        // In `2a(a + b) b) 2a` the first `b)` closes a bracket.
        let closes = |at: usize| {
            let between = &self.joined[from..at];
            between.matches('(').count() > between.matches(')').count()
        };
        self.labels(from).find(|(label, at, _)| follows(label) && !(label.frame == Frame::Bracket && closes(*at)))
    }
}

/// `(a)`, `A.`, `B)`, `(2)`: a number with a stop is a question's.
fn is_of_option((label, _): &(Label, usize)) -> bool {
    match label.numbering {
        Numbering::UpperLetter | Numbering::LowerLetter => {
            matches!(label.frame, Frame::Stop | Frame::Bracket | Frame::Brackets)
        }
        Numbering::Number => label.frame == Frame::Brackets,
        Numbering::LowerRoman | Numbering::UpperRoman => false,
    }
}

/// The list that the first line starts, as the number of its lines, and the words before it with each option.
fn list(lines: &[Line]) -> Option<(usize, Vec<String>)> {
    let mut text = Text::default();
    text.push(lines.first()?);
    let firsts: Vec<(Label, usize, usize)> = text.labels(0).filter(|(label, ..)| label.value == 1).collect();
    firsts.into_iter().find_map(|first| list_from(lines, first))
}

fn list_from(lines: &[Line], first: (Label, usize, usize)) -> Option<(usize, Vec<String>)> {
    let mut text = Text::default();
    text.push(&lines[0]);
    let mut count = 1;
    let mut found = vec![first];
    loop {
        while let Some(next) = found.last().and_then(|(last, at, taken)| text.next(last, at + taken)) {
            found.push(next);
        }
        let Some(line) = lines.get(count).filter(|_| count < MOST_LINES) else { break };
        let mut longer = Text { joined: text.joined.clone(), starts: text.starts.clone() };
        longer.push(line);
        let more = found.last().is_some_and(|(last, at, taken)| longer.next(last, at + taken).is_some());
        let empty = found.last().is_some_and(|(_, at, taken)| text.joined[at + taken..].trim().is_empty());
        if !is_below(line, &lines[count - 1]) || !(more || goes_on(line, &lines[count - 1], empty)) {
            break;
        }
        (text, count) = (longer, count + 1);
    }
    // Labels that all start cells are found as they are.
    let inside = found.iter().any(|(_, at, _)| !text.starts.contains(at));
    let ends = found.iter().skip(1).map(|(_, at, _)| *at).chain([text.joined.len()]);
    let options: Vec<&str> = found.iter().zip(ends).map(|((_, at, _), end)| text.joined[*at..end].trim()).collect();
    let told = |(option, (_, _, taken)): (&&str, &(Label, usize, usize))| {
        let own = option[*taken..].trim();
        own.contains(char::is_alphanumeric) && own.chars().count() <= LONGEST && !own.starts_with([',', ';'])
    };
    // What has marks of its own is a part.
    let marked = |text: &str| !marks::take(text, true).marks.is_empty();
    let beside = |line: &Line| line.segments.iter().any(|segment| marks::are_all(&segment.text));
    let parts =
        options[..options.len() - 1].iter().any(|option| marked(option)) || lines[..count - 1].iter().any(beside);
    // `parts (a), (b) and (c)` are named, not listed.
    let listed = options.iter().zip(&found).all(told) && found.len() >= FEWEST && inside && !parts;
    let stem = text.joined[..found[0].1].trim().to_owned();
    listed.then(|| (count, std::iter::once(stem).chain(options.iter().map(|&option| option.to_owned())).collect()))
}

/// It stands right below, in the same column.
fn is_below(line: &Line, above: &Line) -> bool {
    let gap = line.baseline - above.baseline;
    line.page == above.page && line.column == above.column && (0.0..1.9 * (above.bottom - above.top)).contains(&gap)
}

/// It goes on with the text above: its first word had no room there, or what stands there is a label alone, and nothing new
/// starts here.
fn goes_on(line: &Line, above: &Line, empty: bool) -> bool {
    let (Some(first), Some(last)) = (line.segments.first(), above.segments.last()) else { return false };
    let letter = (last.right - last.x) / last.text.chars().count().max(1) as f32;
    let word = first.text.split(' ').next().unwrap_or_default().chars().count();
    let full = last.right + letter * (word + 1) as f32 > above.column.1;
    let framed = |(label, _): &(Label, usize)| label.frame != Frame::Bare || label.numbering == Numbering::UpperLetter;
    let labelled = labels::at_start(&first.text).iter().any(framed);
    // What starts with a capital may be a heading, or the answer.
    let small = !first.text.starts_with(char::is_uppercase);
    (full && small || empty) && !labelled && line.segments.len() == 1
}

#[cfg(test)]
mod tests {
    use crate::testing::typed;

    fn options(rows: &[&str]) -> Vec<Vec<String>> {
        let questions = crate::read_paper(&[typed(rows)]).questions;
        questions.into_iter().map(|question| question.options.into_iter().map(|option| option.text).collect()).collect()
    }

    #[test]
    fn options_in_running_text_may_be_wrapped_anywhere() {
        let read = options(&[
            "1. The supreme law is its (A) decree (B) constitution (C) gazette (D) bye-",
            "law",
            "2. Which of the following is not an organ? (A) Legislature (B)",
            "Executive (C) Judiciary (D) Party",
            "3. Economics is a social science because it studies in full (a)",
            "   animals (b) the behaviour of man (c) chemicals (d)",
            "   rocks",
            "4. (3 marks) Which network holds the others? A. 10.0.1.0/25 B.",
            "   10.0.0.0/23 C. 10.0.1.0/24",
            "5. Name an acid. (1 mark)",
        ]);
        assert_eq!(read[0], ["decree", "constitution", "gazette", "bye-law"]);
        assert_eq!(read[1], ["Legislature", "Executive", "Judiciary", "Party"]);
        assert_eq!(read[2], ["animals", "the behaviour of man", "chemicals", "rocks"]);
        assert_eq!(read[3], ["10.0.1.0/25", "10.0.0.0/23", "10.0.1.0/24"]);
        assert!(read[4].is_empty());
    }

    #[test]
    fn labels_that_are_only_named_are_no_list() {
        let read = options(&[
            "1. Which of these uses parts (a), (b) and (c) of the law? Say why. (2 marks)",
            "2. Compare (a) with (b). (2 marks)",
            "3. (a) Name an acid that is used in the kitchen. (2 marks) (b)",
            "   Name a base. (2 marks) (c) Name a salt. (2 marks)",
        ]);
        assert_eq!(read, [Vec::<String>::new(), Vec::new(), Vec::new()]);
    }
}
