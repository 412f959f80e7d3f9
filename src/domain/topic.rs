//! Which topic of the syllabus a question belongs to, by the topic's words.

use uuid::Uuid;

use super::question::Question;

/// A topic of a subject with the words that give it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub id: Uuid,
    pub name: String,
    /// Lower case; single words or short phrases. A word matches at the start of a word of the text, so that
    /// `fraction` finds `fractions`.
    pub keywords: Vec<String>,
}

/// Gives each item of the tree the topic whose words it shows most, its parents' stems counting half as much; an item
/// without any such word takes its question's topic.
pub fn assign(questions: &mut [Question], topics: &[Topic]) {
    for question in questions {
        let mut scores = vec![0.0; topics.len()];
        for leaf in question.leaves() {
            add(&mut scores, topics, &own_text(leaf), 1.0);
        }
        add(&mut scores, topics, &own_text(question), 1.0);
        let fallback = best(&scores, topics);
        assign_within(question, topics, &vec![0.0; topics.len()], fallback);
    }
}

fn assign_within(question: &mut Question, topics: &[Topic], inherited: &[f64], fallback: Option<Uuid>) {
    let mut scores = inherited.to_vec();
    add(&mut scores, topics, &own_text(question), 1.0);
    question.topic = best(&scores, topics).or(fallback);
    let halved: Vec<f64> = scores.iter().map(|score| score / 2.0).collect();
    for part in &mut question.parts {
        assign_within(part, topics, &halved, fallback);
    }
}

fn own_text(question: &Question) -> String {
    let options = question.options.iter().map(|option| option.text.as_str());
    let key = question.key.iter().map(|key| key.text.as_str());
    let all = std::iter::once(question.text.as_str()).chain(options).chain(key);
    all.fold(String::from(" "), |text, piece| text + &words(piece) + " ")
}

/// Lower case, everything but letters and digits a single space.
fn words(text: &str) -> String {
    let spaced: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A phrase of several words says more than one word, a long word more than a short one.
fn add(scores: &mut [f64], topics: &[Topic], text: &str, weight: f64) {
    for (score, topic) in scores.iter_mut().zip(topics) {
        for keyword in &topic.keywords {
            let keyword = words(keyword);
            if !keyword.is_empty() && text.contains(&format!(" {keyword}")) {
                *score += weight * (keyword.split(' ').count() as f64 + keyword.len() as f64 / 100.0);
            }
        }
    }
}

/// The first of the highest, if any scores at all.
fn best(scores: &[f64], topics: &[Topic]) -> Option<Uuid> {
    let mut found: Option<(f64, Uuid)> = None;
    for (&score, topic) in scores.iter().zip(topics) {
        if score > found.map_or(0.0, |(highest, _)| highest) {
            found = Some((score, topic.id));
        }
    }
    found.map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(n: u128, name: &str, keywords: &[&str]) -> Topic {
        Topic { id: Uuid::from_u128(n), name: name.into(), keywords: keywords.iter().map(|&k| k.into()).collect() }
    }

    fn question(text: &str, parts: Vec<Question>) -> Question {
        Question { text: text.into(), parts, ..Question::default() }
    }

    #[test]
    fn finds_the_topic_by_its_words() {
        let topics =
            [topic(1, "Fractions", &["fraction", "numerator"]), topic(2, "Interest", &["simple interest", "bank"])];
        let mut questions = [
            question("Add the Fractions.", vec![]),
            question(
                "Amina puts money in a bank.",
                vec![question("Find the simple interest.", vec![]), question("Why?", vec![])],
            ),
            question("Nothing of the kind, refraction.", vec![]),
        ];
        assign(&mut questions, &topics);
        assert_eq!(questions[0].topic, Some(Uuid::from_u128(1)));
        assert_eq!(questions[1].parts[0].topic, Some(Uuid::from_u128(2)));
        assert_eq!(questions[1].parts[1].topic, Some(Uuid::from_u128(2)), "a part takes its question's");
        assert_eq!(questions[2].topic, None);
    }
}
