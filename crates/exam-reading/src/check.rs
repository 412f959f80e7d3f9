//! What does not fit: said with both numbers.

use exam_model::columns::CELLS_APART;
use exam_model::format;
use exam_model::paper::{self, Paper};
use exam_model::question::{Choice, Kind, Question};

use crate::text::{PageText, Unread};
use crate::{items, words};

/// What brings the program that reads scanned pages.
pub const INSTALL_OCR: &str = "apt-get install tesseract-ocr tesseract-ocr-fra";

/// Which pages of the paper, or of whatever `what` is, were left out, and why.
pub fn unread(pages: &[PageText], what: &str) -> Vec<String> {
    let gave_up = (1..).zip(pages).filter_map(|(number, page)| match &page.unread {
        Some(Unread::GaveUp(reason)) => {
            Some(format!("Page {number} of the {what} could not be read: {reason}. Its questions are missing."))
        }
        _ => None,
    });
    without_ocr(pages, what).into_iter().chain(gave_up).collect()
}

fn without_ocr(pages: &[PageText], what: &str) -> Option<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (number, _) in (1usize..).zip(pages).filter(|(_, page)| page.unread == Some(Unread::WithoutOcr)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |&(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    let (noun, were, they) = match runs.as_slice() {
        [] => return None,
        [(first, last)] if first == last => ("Page", "was", "it is a picture"),
        _ => ("Pages", "were", "they are pictures"),
    };
    let runs: Vec<String> = runs.iter().map(run).collect();
    Some(format!(
        "{noun} {} of the {what} {were} not read: {they} of text, as a scanner makes them. Have tesseract installed where \
         this runs ({INSTALL_OCR}), then read the {what} again.",
        runs.join(", ")
    ))
}

/// Marks as printed for an item or, failing that, of its parts.
pub(crate) fn marks(question: &Question) -> Option<f64> {
    question.marks.or_else(|| {
        let parts: Vec<f64> = question.parts.iter().filter_map(marks).collect();
        (!parts.is_empty()).then(|| parts.iter().sum())
    })
}

/// Disagreements of marks, and what is missing.
pub fn warnings(paper: &Paper) -> Vec<String> {
    let mut warnings = Vec::new();
    if paper.questions.is_empty() {
        warnings.push("No numbered questions were found. The pages can be read, but not practised.".to_owned());
        return warnings;
    }
    for question in &paper.questions {
        parts(question, &mut warnings);
    }
    for section in &paper.sections {
        let inside = paper.questions.iter().filter(|question| section.holds(question));
        let found = inside.map(marks).collect::<Option<Vec<f64>>>().map(|each| section.rule.asked(each));
        if let (Some(found), Some(printed)) = (found, section.marks)
            && found != printed
        {
            warnings.push(format!(
                "Section {} is worth {} by its heading, but its questions add up to {}.",
                section.label,
                format::marks(printed),
                format::marks(found)
            ));
        }
    }
    let each: Option<Vec<f64>> = paper.questions.iter().map(marks).collect();
    let total = each.map(|each| paper::asked(&paper.sections, &paper.questions, |place| each[place]));
    if let (Some(found), Some(printed)) = (total, paper.cover.total)
        && found != printed
    {
        warnings.push(format!(
            "The cover says {} marks, but the questions add up to {}.",
            format::marks(printed),
            format::marks(found)
        ));
    }
    let numbers: Vec<u32> = paper.questions.iter().filter_map(|q| q.path.rsplit('.').next()?.parse().ok()).collect();
    for pair in numbers.windows(2).filter(|pair| pair[1] > pair[0] + 1) {
        warnings.push(format!("Between question {} and question {} a number is missing.", pair[0], pair[1]));
    }
    warnings
}

fn parts(question: &Question, warnings: &mut Vec<String>) {
    let each: Option<Vec<f64>> = question.parts.iter().map(marks).collect();
    if let (Some(each), Some(printed)) = (each.filter(|each| !each.is_empty()), question.marks) {
        let sum: f64 = each.iter().sum();
        if sum != printed {
            warnings.push(format!(
                "Question {} is worth {}, but its parts add up to {}.",
                question.path,
                format::marks(printed),
                format::marks(sum)
            ));
        }
    }
    question.parts.iter().for_each(|part| parts(part, warnings));
}

/// Adds a reason to look at each item that does not fit the rest of the paper, or itself.
pub fn doubt(questions: &mut [Question], pages: &[PageText]) {
    let leaves: Vec<&Question> = questions.iter().flat_map(Question::leaves).collect();
    let with_marks = leaves.iter().filter(|leaf| leaf.marks.is_some()).count();
    let printed = with_marks * 5 > leaves.len() * 3;
    questions.iter_mut().for_each(|question| doubt_item(question, pages, printed));
}

/// `printed`: the paper prints marks, and none were found for what stands around the item.
fn doubt_item(item: &mut Question, pages: &[PageText], printed: bool) {
    let on_picture = item.regions.iter().any(|region| pages.get(region.page as usize - 1).is_some_and(|page| page.ocr));
    if on_picture {
        item.confidence = item.confidence.min(READ_FROM_PICTURE);
    }
    let printed = printed && item.marks.is_none();
    let each: Option<Vec<f64>> = item.parts.iter().map(marks).collect();
    if let (Some(each), Some(whole)) = (each.filter(|each| !each.is_empty()), item.marks)
        && each.iter().sum::<f64>() != whole
    {
        item.doubt("Its parts do not add up to its marks.");
    }
    if item.parts.is_empty() {
        if printed {
            item.doubt("No marks were found here, but the paper prints them elsewhere.");
        }
        if item.text.trim().is_empty() && item.options.is_empty() && !item.figure {
            item.doubt("No text was found here.");
        }
        let gap = item.kind == Kind::Cloze && !words::says(&item.text.to_lowercase(), &words::FILLING);
        if gap && !item.text.contains(items::BLANK) {
            item.doubt("It was taken for a gap to fill, but none was found.");
        }
        if mixed(&item.options) {
            item.doubt("An option may contain more or less than its own text.");
        }
    }
    item.parts.iter_mut().for_each(|part| doubt_item(part, pages, printed));
}

/// Most confidence in what was read from a picture.
const READ_FROM_PICTURE: f32 = 0.9;

/// Options that differ as options rarely do: some empty, one of several rows, one far longer than the others.
fn mixed(options: &[Choice]) -> bool {
    let mut lengths: Vec<usize> = options.iter().map(|option| option.text.chars().count()).collect();
    lengths.sort_unstable();
    let (Some(&shortest), Some(&longest)) = (lengths.first(), lengths.last()) else { return false };
    let middle = lengths[lengths.len() / 2];
    let rows = options.iter().any(|option| option.text.contains('\n') || option.text.contains(CELLS_APART));
    rows || shortest == 0 && longest > 0 || longest > 60 && longest > 4 * middle.max(4)
}

/// Said when a scheme's answers are not used.
pub const UNFIT_SCHEME: &str = "The marking scheme seems to be of another paper: hardly any of its numbers or options are in this \
    one. Its answers are not used. Replace or remove it, or fill in the answers from a list.";

/// Items that the scheme says nothing of.
pub fn key_warnings(paper: &Paper) -> Vec<String> {
    let leaves: Vec<&Question> = paper.questions.iter().flat_map(Question::leaves).collect();
    let missing: Vec<&str> = leaves.iter().filter(|leaf| leaf.key.is_none()).map(|leaf| leaf.path.as_str()).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let shown = missing.iter().take(12).copied().collect::<Vec<_>>().join(", ");
    let more = if missing.len() > 12 { " and others" } else { "" };
    vec![format!("The marking scheme gives no answer for {} of {} items: {shown}{more}.", missing.len(), leaves.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_were_not_read_are_named() {
        let said = |unread: &[usize]| {
            let unread = |number| unread.contains(&number).then_some(Unread::WithoutOcr);
            let page = |number| PageText { unread: unread(number), ..PageText::default() };
            unread_start(&(1..=12).map(page).collect::<Vec<_>>())
        };
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[3]).unwrap(), "Page 3 of the paper was not read");
        assert_eq!(said(&[1, 2, 4, 6, 7, 8]).unwrap(), "Pages 1, 2, 4, 6 to 8 of the paper were not read");
        let page = PageText { unread: Some(Unread::WithoutOcr), ..PageText::default() };
        assert!(unread(&[page], "paper")[0].contains(INSTALL_OCR));
    }

    fn unread_start(pages: &[PageText]) -> Option<String> {
        Some(unread(pages, "paper").first()?.split_once(':')?.0.to_owned())
    }

    #[test]
    fn a_page_that_was_given_up_is_named_with_the_reason() {
        let lost = PageText { unread: Some(Unread::GaveUp("it took too long".to_owned())), ..PageText::default() };
        let warnings = unread(&[PageText::default(), lost], "paper");
        assert_eq!(warnings, ["Page 2 of the paper could not be read: it took too long. Its questions are missing."]);
    }
}
