//! Items that the reader did not find: what a person draws a box around.

use exam_model::labels;
use exam_model::paper::Print;
use exam_model::question::{Choice, Kind, Question, Region};

use super::bulk::path_of;
use super::form::Wrong;

/// The text printed in a region, in lines.
pub fn text_within(print: &[Print], region: &Region) -> String {
    let is_within = |print: &&Print| {
        // From the baseline up, letters take two thirds of their size.
        let height = print.size * 2.0 / 3.0;
        let y = print.baseline - height;
        region.holds_middle(&Region { page: region.page, x: print.x, y, width: print.width, height })
    };
    let mut pieces: Vec<&Print> = print.iter().filter(is_within).collect();
    pieces.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let lines = pieces.chunk_by_mut(|a, b| b.baseline - a.baseline < a.size.min(b.size) / 2.0);
    let lines = lines.map(|line| {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        line.iter().map(|piece| piece.text.trim()).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An item in this region: its label as given or as printed before its text, and options where lines begin with A, B, C …
pub fn item(label: &str, text: &str, region: Region) -> Result<Question, Wrong> {
    let (label, text) = match (label.trim(), labels::at_start(text).first()) {
        ("", Some(&(_, taken))) => (text[..taken].trim(), &text[taken..]),
        ("", None) => return Err(Wrong { field: "label", reason: "Write the number of the question." }),
        (label, Some(&(_, taken))) if path_of(&text[..taken]) == path_of(label) => (label, &text[taken..]),
        (label, _) => (label, text),
    };
    let path = path_of(label);
    if path.is_empty() {
        return Err(Wrong { field: "label", reason: "Write the number of the question, such as 4 or 4(a)." });
    }
    let (stem, options) = options_of(text.trim());
    Ok(Question {
        path,
        label: label.to_owned(),
        kind: if options.is_empty() { Kind::Short } else { Kind::Single },
        text: stem,
        options,
        regions: vec![region],
        ..Question::default()
    })
}

/// A text without the options at its end, and the options: at least two lines that begin with A, B, C …
fn options_of(text: &str) -> (String, Vec<Choice>) {
    let mut stem: Vec<&str> = Vec::new();
    let mut options: Vec<Choice> = Vec::new();
    for line in text.lines() {
        let next = Choice::nth(options.len());
        let is_next = |label: &str| label.chars().filter(|c| c.is_alphanumeric()).eq(next.label.chars());
        let taken = labels::at_start(line).iter().map(|&(_, taken)| taken).find(|&taken| is_next(&line[..taken]));
        match (taken, options.last_mut()) {
            (Some(taken), _) => options.push(Choice { text: line[taken..].trim().to_owned(), ..next }),
            (None, Some(last)) => last.text = format!("{} {}", last.text, line.trim()).trim().to_owned(),
            (None, None) => stem.push(line),
        }
    }
    if options.len() < 2 { (text.to_owned(), Vec::new()) } else { (stem.join("\n"), options) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_box_is_what_stands_in_it_line_by_line() {
        let print =
            |x: f32, baseline: f32, text: &str| Print { x, baseline, width: 40.0, size: 10.0, text: text.into() };
        let page = [
            print(50.0, 90.0, "3. Before it"),
            print(100.0, 120.2, "What is"),
            print(50.0, 120.0, "4."),
            print(150.0, 119.8, "H2O?"),
            print(50.0, 134.0, "A. Water"),
            print(50.0, 170.0, "5. After it"),
        ];
        let region = Region { page: 1, x: 40.0, y: 105.0, width: 400.0, height: 40.0 };
        assert_eq!(text_within(&page, &region), "4. What is H2O?\nA. Water");
    }

    #[test]
    fn a_number_is_given_or_printed_and_lines_with_letters_are_options() {
        let region = Region { page: 1, x: 1.0, y: 1.0, width: 9.0, height: 9.0 };
        let of = |label, text| item(label, text, region);
        let choice = of("", "4. Which one?\nA. Iron\nB. Wood\nor paper").unwrap();
        assert_eq!((choice.path.as_str(), choice.label.as_str(), choice.text.as_str()), ("4", "4.", "Which one?"));
        assert_eq!(choice.options.iter().map(|o| o.text.as_str()).collect::<Vec<_>>(), ["Iron", "Wood or paper"]);
        assert_eq!((choice.kind, choice.options[1].label.as_str()), (Kind::Single, "B"));
        let part = of("3(a)", "Why?\nA. Einstein wrote it.").unwrap();
        assert_eq!((part.path.as_str(), part.text.as_str()), ("3.a", "Why?\nA. Einstein wrote it."));
        assert_eq!(of("4", "4. Why?").unwrap().text, "Why?");
        assert_eq!([of("", "Why?"), of("()", "Why?")].map(|refused| refused.unwrap_err().field), ["label", "label"]);
    }
}
