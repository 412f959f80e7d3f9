//! What pupils miss in a paper as it is published.

use exam_model::question::{Kind, Question};

/// What pupils miss in a paper with these questions, in one line; `None` if nothing. `is_reported` tells whether a pupil has
/// reported the item at a path.
pub fn missing(questions: &[Question], is_reported: impl Fn(&str) -> bool) -> Option<String> {
    let items: Vec<&Question> = questions.iter().flat_map(Question::items).collect();
    let asked: Vec<&&Question> = items.iter().filter(|item| item.kind != Kind::Group).collect();
    let noun = if asked.len() == questions.len() { "question" } else { "part" };
    let without = asked.iter().filter(|item| item.key.is_none()).count();
    let is_doubtful = |item: &Question| item.needs_look() || is_reported(&item.path);
    let is_keyed = |item: &Question| item.kind == Kind::Group || item.key.is_some();
    let doubtful = items.iter().filter(|item| is_keyed(item) && is_doubtful(item)).count();
    let without = (without > 0).then(|| {
        let (have, whose) = if without == 1 { ("has", "its answers wait") } else { ("have", "their answers wait") };
        format!("{without} of {} {noun}s {have} no key: {whose} for you.", asked.len())
    });
    let doubtful = match doubtful {
        0 => None,
        1 => Some(format!("1 {noun} needs a look: pupils may see it wrong.")),
        several => Some(format!("{several} {noun}s need a look: pupils may see them wrong.")),
    };
    let words: Vec<String> = without.into_iter().chain(doubtful).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use exam_model::question::{Key, KeySource};

    use super::*;

    fn item(path: &str, keyed: bool, doubtful: bool) -> Question {
        let key = keyed.then(|| Key { options: vec![], text: "4".into(), source: KeySource::Person });
        Question { path: path.into(), key, confidence: if doubtful { 0.5 } else { 1.0 }, ..Question::default() }
    }

    #[test]
    fn what_is_missing_is_told_in_one_line() {
        let told = |questions: &[Question]| missing(questions, |path| path == "9");
        let sure = item("1", true, false);
        assert_eq!(told(std::slice::from_ref(&sure)), None);
        let without = [sure.clone(), item("2", false, true)];
        assert_eq!(told(&without).as_deref(), Some("1 of 2 questions has no key: its answers wait for you."));
        let parts = vec![item("2.a", false, true), item("2.b", false, true), item("2.c", true, true)];
        let group = Question { kind: Kind::Group, parts, ..item("2", false, false) };
        assert_eq!(
            told(&[sure.clone(), group.clone()]).as_deref(),
            Some("2 of 4 parts have no key: their answers wait for you. 1 part needs a look: pupils may see it wrong.")
        );
        let reported = item("9", true, false);
        let doubtful =
            Question { doubts: vec!["Its parts do not add up to its marks.".into()], parts: vec![sure], ..group };
        assert_eq!(told(&[doubtful, reported]).as_deref(), Some("2 questions need a look: pupils may see them wrong."));
    }
}
