//! Marking again what was marked by a key that has been corrected since.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::question::{Key, Question};

/// What marking again would change, or has changed, of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemarkLine {
    pub attempt: Uuid,
    pub pupil: String,
    /// Paths of the items whose key was corrected.
    pub items: Vec<String>,
    /// Marks of the whole attempt: earned and possible.
    pub before: (f64, f64),
    pub after: (f64, f64),
}

/// Puts corrected keys into a quiz's copy of its questions, by the items' ids; answers the paths and old keys of those
/// that changed. An item that is in nobody's list stays as it is, and so does one whose key was taken away: what was
/// marked is not unmarked.
pub fn put_keys(questions: &mut [Question], keys: &HashMap<Uuid, Key>) -> Vec<(Uuid, String, Option<Key>)> {
    let mut changed = Vec::new();
    for question in questions {
        if !question.parts.is_empty() {
            changed.extend(put_keys(&mut question.parts, keys));
            continue;
        }
        let Some(key) = keys.get(&question.id) else { continue };
        let same = question.key.as_ref().is_some_and(|old| old.options == key.options && old.text == key.text);
        if !same {
            changed.push((question.id, question.path.clone(), question.key.replace(key.clone())));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::KeySource;

    #[test]
    fn only_what_was_corrected_changes() {
        let key = |text: &str| Key { options: vec![], text: text.into(), source: KeySource::Person };
        let leaf = |id, path: &str, text| Question {
            id: Uuid::from_u128(id),
            path: path.into(),
            key: Some(key(text)),
            ..Question::default()
        };
        let mut quiz = [
            leaf(1, "1", "5"),
            Question { parts: vec![leaf(2, "2.a", "6"), leaf(3, "2.b", "7")], ..Question::default() },
        ];
        let keys = HashMap::from([(1, "5"), (2, "66"), (9, "1")].map(|(id, text)| (Uuid::from_u128(id), key(text))));
        let changed = put_keys(&mut quiz, &keys);
        assert_eq!(changed, [(Uuid::from_u128(2), "2.a".to_owned(), Some(key("6")))]);
        assert_eq!(quiz[1].parts[0].key, Some(key("66")));
        assert_eq!(quiz[1].parts[1].key, Some(key("7")));
        assert_eq!(put_keys(&mut quiz, &keys), [], "the second time there is nothing to do");
    }
}
