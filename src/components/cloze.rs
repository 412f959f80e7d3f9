//! A sentence with blanks that are filled in where they stand.

use exam_model::answer::Answer;
use exam_model::labels;
use exam_model::question::{Kind, Question};
use exam_model::shown::Show;
use exam_model::text::blanks;
use leptos::prelude::*;

use super::answer::has_signs;
use crate::domain::journal::Field;

/// The narrowest and widest field of a blank, in letters.
const WIDTHS: (usize, usize) = (6, 14);

/// Whether the answer is written into the sentence. What is shown as printed has no place for fields, and an answer that was
/// written on more lines than there are blanks is not cut short.
pub fn is_in_sentence(item: &Question, answer: &Answer) -> bool {
    let blanks = blanks(&item.text).len();
    item.kind == Kind::Cloze
        && item.shown.how == Show::Text
        && (answer.0.len().max(1)..=20).contains(&blanks)
        && item.choose.is_none_or(|lines| lines as usize == blanks)
}

/// The sentence with a field for each blank, wide enough for the longest word to use, else as wide as the blank is printed: the
/// key must not show in it.
pub fn sentence(item: &Question, answer: &Answer) -> AnyView {
    let name = Field::Answer(item.id).control_name();
    let text = flowing(&item.text);
    let longest = item.options.iter().map(|option| option.text.chars().count()).max();
    let mut rest = 0;
    let blank = |(n, at): (usize, std::ops::Range<usize>)| {
        let width = longest.unwrap_or_else(|| text[at.clone()].chars().count()).clamp(WIDTHS.0, WIDTHS.1);
        let before = text[std::mem::replace(&mut rest, at.end)..at.start].to_owned();
        view! {
            {before}
            <input
                type="text"
                class="blank"
                name=name.clone()
                value=answer.0.get(n).cloned().unwrap_or_default()
                aria-label=format!("Answer to {}, blank {}", item.path, n + 1)
                data-signs=has_signs(item)
                size=width.to_string()
                maxlength="2000"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
            />
        }
        .into_any()
    };
    let filled: Vec<_> = blanks(&text).into_iter().enumerate().map(blank).collect();
    let after = text[rest..].to_owned();
    view! { {filled} {after} }.into_any()
}

/// The text with a space for each line break that is there only because the paper's line was full: fields make other lines.
fn flowing(text: &str) -> String {
    let is_blank = |c: char| matches!(c, '_' | '.' | '…');
    let mut flowing = String::new();
    for line in text.lines() {
        let starts = |of: fn(char) -> bool| line.starts_with(of);
        let goes_on = starts(char::is_lowercase) && labels::at_start(line).is_empty()
            || starts(|c| matches!(c, '_' | '…')) && !flowing.ends_with(is_blank);
        if !flowing.is_empty() {
            flowing.push(if goes_on && !flowing.ends_with([':', '?', '!']) { ' ' } else { '\n' });
        }
        flowing += line;
    }
    flowing
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use exam_model::question::Choice;
    use exam_model::shown::Shown;
    use leptos::prelude::*;

    use super::super::question::{Above, question_to_answer};
    use super::*;

    fn html(item: &Question, answers: &[&str]) -> String {
        let answer = Answer(answers.iter().map(|&answer| answer.to_owned()).collect());
        let answers = [(item.id, answer)].into_iter().collect();
        Owner::new().with(|| question_to_answer(item, None, &answers, Above::Page).to_html())
    }

    fn item(text: &str) -> Question {
        Question { kind: Kind::Cloze, path: "5".into(), text: text.into(), ..Question::default() }
    }

    /// The page without what hydration and attributes add, each field as `[value]`.
    fn read(html: &str) -> String {
        let mut read = String::new();
        for (n, piece) in html.split('<').enumerate() {
            let (tag, text) = if n == 0 { ("", piece) } else { piece.split_once('>').unwrap() };
            if tag.starts_with("input") {
                let value = tag.split_once("value=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap());
                read += &format!("[{value}]");
            }
            read += text;
        }
        read
    }

    #[test]
    fn blanks_stand_in_their_sentence() {
        let heart = item("The ……… pumps ________________ to the lungs. <b>");
        let page = html(&heart, &["heart"]);
        assert!(read(&page).contains("The [heart] pumps [] to the lungs. &lt;b&gt;"), "{page}");
        assert!(page.contains("aria-label=\"Answer to 5, blank 2\""), "{page}");
        assert!(page.contains("size=\"6\"") && page.contains("size=\"14\""), "as wide as printed: {page}");
        assert_eq!(page.matches("<input").count(), 2, "and no lines below: {page}");
        let words = vec![Choice { text: "oxygenated".into(), ..Choice::nth(0) }];
        let page = html(&Question { options: words, ..heart }, &[]);
        assert!(page.contains("data-word=\"oxygenated\"") && page.matches("size=\"10\"").count() == 2, "{page}");
    }

    #[test]
    fn lines_break_where_the_text_does_and_not_where_the_paper_ended() {
        let printed = "Complete the text.\nIt begins in the ____, mixed with\n____ The food then\ngoes on.\n____ is last:\n____\n____\na) ____ is so\n1. So";
        let shown = "Complete the text.\nIt begins in the ____, mixed with ____ The food then goes on.\n____ is last:\n____\n____\na) ____ is so\n1. So";
        assert_eq!(flowing(printed), shown);
    }

    #[test]
    fn lines_stay_below_what_has_no_place_for_fields_or_too_few() {
        let heart = item("The ……… pumps _____ to the lungs.");
        let below = |item: &Question, answers: &[&str]| {
            let page = html(item, answers);
            page.contains("class=\"lines\"") && !page.contains("blank 1")
        };
        assert!(!below(&heart, &["heart", "blood"]));
        assert!(below(&heart, &["heart", "blood", "well"]), "nothing of an answer is lost");
        assert!(below(&item("Complete it."), &[]));
        assert!(below(&Question { choose: Some(3), ..heart.clone() }, &[]));
        let printed = Shown { how: Show::Crop, ..Shown::default() };
        assert!(below(&Question { shown: printed, ..heart }, &[]));
    }
}
