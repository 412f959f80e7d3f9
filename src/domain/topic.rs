//! Finds the topic of a question by the words of each topic, and which words identified it.
//!
//! Every word of a topic that a question contains counts once for that topic: more in the question's own text than in its
//! options or the stems above it, and less if more topics of the subject have it. The topic with the most points is taken
//! if it is well ahead of the next; else the question has no topic. How often that is right is measured in
//! `server/documents/syllabus.rs` with the questions of `topic/labelled.tsv`.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use exam_model::question::Question;

/// A topic of a subject, with the words that identify it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub id: Uuid,
    pub name: String,
    /// Words, short phrases or signs (`∫`, `x² +`), found in any number or tense; a number matches any number.
    pub keywords: Vec<String>,
}

/// A topic, with those of its words that the question contains, the most important first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub topic: Uuid,
    pub words: Vec<String>,
}

/// Sets the topic of each item of the tree that its words suggest, if any.
pub fn assign(questions: &mut [Question], topics: &[Topic]) {
    fn set(question: &mut Question, found: &mut impl Iterator<Item = Option<Suggestion>>) {
        question.topic = found.next().flatten().map(|suggestion| suggestion.topic);
        for part in &mut question.parts {
            set(part, found);
        }
    }
    let mut found = suggest(questions, topics).into_iter();
    for question in questions {
        set(question, &mut found);
    }
}

/// The suggestion for each question and part, in reading order; `None` if the words do not identify a topic.
pub fn suggest(questions: &[Question], topics: &[Topic]) -> Vec<Option<Suggestion>> {
    let vocabulary = Vocabulary::new(topics);
    let mut found = Vec::new();
    for question in questions {
        vocabulary.suggest_within(question, &Evidence::new(), &mut found);
    }
    found
}

/// The weight of a word in an option or in the key, relative to the question's own text.
const OPTION: f64 = 0.25;
/// The weight of a word in the parent's text, relative to the question's own text; for each further level, this factor
/// applies again.
const PARENT: f64 = 0.5;
/// The weight that each further word of a phrase adds.
const LONGER: f64 = 0.5;
/// The fewest points for a topic.
const LEAST: f64 = 0.3;
/// How many times the points of the next topic are needed.
const AHEAD: f64 = 2.0;

/// The terms found, by their index in the vocabulary, with the weight of the place where they were found.
type Evidence = BTreeMap<usize, f64>;

struct Term {
    tokens: Vec<String>,
    weight: f64,
    /// The topics that have it, each with its own spelling of the keyword.
    topics: BTreeMap<usize, String>,
}

/// The vocabulary of all topics of a subject.
struct Vocabulary<'a> {
    topics: &'a [Topic],
    terms: Vec<Term>,
    by_first: HashMap<String, Vec<usize>>,
}

impl<'a> Vocabulary<'a> {
    fn new(topics: &'a [Topic]) -> Self {
        let mut named: BTreeMap<Vec<String>, BTreeMap<usize, String>> = BTreeMap::new();
        for (place, topic) in topics.iter().enumerate() {
            for keyword in &topic.keywords {
                let tokens = tokens(keyword);
                if !tokens.is_empty() {
                    named.entry(tokens).or_default().entry(place).or_insert_with(|| keyword.to_lowercase());
                }
            }
        }
        let mut vocabulary = Self { topics, terms: Vec::new(), by_first: HashMap::new() };
        for (tokens, topics) in named {
            let words = tokens.iter().filter(|token| token.chars().any(char::is_alphabetic)).count().max(1);
            let weight = (1.0 + LONGER * (words - 1) as f64) / topics.len() as f64;
            vocabulary.by_first.entry(tokens[0].clone()).or_default().push(vocabulary.terms.len());
            vocabulary.terms.push(Term { tokens, weight, topics });
        }
        vocabulary
    }

    fn suggest_within(&self, question: &Question, above: &Evidence, found: &mut Vec<Option<Suggestion>>) {
        let evidence = self.evidence(question, above);
        found.push(self.decide(&evidence));
        for part in &question.parts {
            self.suggest_within(part, &evidence, found);
        }
    }

    fn evidence(&self, question: &Question, above: &Evidence) -> Evidence {
        let mut evidence: Evidence = above.iter().map(|(&term, place)| (term, place * PARENT)).collect();
        let options =
            question.options.iter().map(|option| &option.text).chain(question.key.iter().map(|key| &key.text));
        for (text, place) in options.map(|text| (text, OPTION)).chain([(&question.text, 1.0)]) {
            for term in self.terms_in(text) {
                let best = evidence.entry(term).or_default();
                *best = place.max(*best);
            }
        }
        evidence
    }

    /// The terms in a text; a phrase hides shorter terms within it.
    fn terms_in(&self, text: &str) -> Vec<usize> {
        let tokens = tokens(text);
        let mut hits: Vec<(usize, usize, usize)> = Vec::new();
        for start in 0..tokens.len() {
            for &term in self.by_first.get(&tokens[start]).into_iter().flatten() {
                if tokens[start..].starts_with(&self.terms[term].tokens) {
                    hits.push((start, start + self.terms[term].tokens.len(), term));
                }
            }
        }
        let hidden = |start, end| hits.iter().any(|&(s, e, _)| s <= start && end <= e && e - s > end - start);
        hits.iter().filter(|&&(start, end, _)| !hidden(start, end)).map(|&(.., term)| term).collect()
    }

    fn decide(&self, evidence: &Evidence) -> Option<Suggestion> {
        let mut scores = vec![0.0; self.topics.len()];
        let mut words = vec![Vec::new(); self.topics.len()];
        for (&term, place) in evidence {
            let Term { weight, topics, .. } = &self.terms[term];
            for (&topic, keyword) in topics {
                scores[topic] += weight * place;
                words[topic].push((weight * place, keyword));
            }
        }
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]))?;
        let next = (0..scores.len()).filter(|&topic| topic != best).map(|topic| scores[topic]).fold(0.0, f64::max);
        if scores[best] < LEAST || scores[best] < AHEAD * next {
            return None;
        }
        let words = &mut words[best];
        words.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let words = words.iter().map(|(_, word)| word.to_string()).collect();
        Some(Suggestion { topic: self.topics[best].id, words })
    }
}

/// Normalises a text for matching: stems of words, single signs, `0` for any number and `1000000` for one of more than six
/// digits.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = |is: fn(&char) -> bool| chars[at..].iter().take_while(|c| is(c)).count();
        let (letters, digits) = (run(|c| c.is_alphabetic()), run(|c| c.is_ascii_digit() || matches!(c, ',' | '.')));
        if letters > 0 {
            tokens.push(stem(&chars[at..at + letters].iter().collect::<String>()));
            at += letters;
        } else if chars[at].is_ascii_digit() {
            let whole = chars[at..at + digits].iter().take_while(|&&c| c != '.').filter(|c| c.is_ascii_digit()).count();
            tokens.push(if whole > 6 { "1000000" } else { "0" }.into());
            at += digits;
        } else {
            let within_word =
                at > 0 && chars[at - 1].is_alphabetic() && chars.get(at + 1).is_some_and(|c| c.is_alphabetic());
            match chars[at] {
                '-' | '–' if !within_word => tokens.push("−".into()),
                '-' | '–' | '.' | ',' | ';' | '!' | '?' | '\'' | '’' | '‘' | '"' | '“' | '”' | '…' | '_' | '|'
                | '·' | '•' => {}
                space if space.is_whitespace() => {}
                sign => tokens.push(sign.into()),
            }
            at += 1;
        }
    }
    tokens
}

/// A word without its plural or tense: `bodies` and `body`, `rotating` and `rotated`, `travelled` and `travel` become the
/// same. The result need not be a word, because keywords are stemmed the same way.
fn stem(word: &str) -> String {
    if word.len() < 4 || !word.is_ascii() {
        return word.into();
    }
    let says_something = |rest: &&str| rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let ends = |word: &str, endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let mut stem = word.to_owned();
    if stem.len() > 4 && ends(&stem, &["ies", "ied"]) {
        stem.replace_range(stem.len() - 3.., "y");
    } else if ends(&stem, &["ses", "xes", "zes", "ches", "shes"]) {
        stem.truncate(stem.len() - 2);
    } else if stem.ends_with('s') && !ends(&stem, &["ss", "us", "is"]) {
        stem.truncate(stem.len() - 1);
    }
    let tense = ["ing", "ed"].iter().find_map(|ending| stem.strip_suffix(ending).filter(says_something));
    if let Some(rest) = tense.filter(|_| !stem.ends_with("eed")) {
        stem = rest.to_owned();
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    let last = stem.as_bytes();
    let doubled = last.len() > 3 && last[last.len() - 1] == last[last.len() - 2];
    if doubled && !ends(&stem, &["a", "e", "i", "o", "u"]) {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_model::question::Choice;

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

    fn words(text: &str, topics: &[Topic]) -> Option<(u128, Vec<String>)> {
        let found = suggest(&[question(text, vec![])], topics).remove(0)?;
        Some((found.topic.as_u128(), found.words))
    }

    #[test]
    fn says_which_words_decided() {
        let topics =
            [topic(1, "Fractions", &["fraction", "mixed number"]), topic(2, "Numbers", &["number", "whole number"])];
        let said = words("Write each mixed number as a fraction.", &topics);
        assert_eq!(
            said,
            Some((1, vec!["mixed number".into(), "fraction".into()])),
            "a phrase hides the word within it"
        );
        assert_eq!(words("Is the number a fraction?", &topics), None, "one word for each of two topics is no reason");
        assert_eq!(words("Work it out.", &topics), None);
    }

    #[test]
    fn a_word_of_several_topics_counts_less_and_an_option_less_still() {
        let topics = [topic(1, "Light", &["mirror", "image"]), topic(2, "Lenses", &["lens", "lenses", "image"])];
        assert_eq!(words("Where is the image in the mirror?", &topics).unwrap().0, 1);
        let mut asked = question("What does a mirror do?", vec![]);
        asked.options = vec![Choice { text: "It is a lens.".into(), ..Choice::nth(0) }];
        assert_eq!(suggest(&[asked], &topics)[0].as_ref().unwrap().topic, Uuid::from_u128(1));
    }

    #[test]
    fn one_word_in_all_its_forms() {
        for (one, other) in [
            ("body", "bodies"),
            ("rotate", "rotating"),
            ("rotate", "rotated"),
            ("travel", "travelled"),
            ("mass", "masses"),
            ("breed", "breeding"),
            ("study", "studied"),
        ] {
            assert_eq!(stem(one), stem(other));
        }
        for (one, other) in [("spring", "spr"), ("testis", "test"), ("gas", "ga")] {
            assert_ne!(stem(one), stem(other));
        }
    }

    #[test]
    fn signs_and_numbers_are_words_too() {
        assert_eq!(tokens("3x² − 1,000 = 7.5"), ["0", "x", "²", "−", "0", "=", "0"]);
        assert_eq!(
            tokens("non-contact, −4 and -4: 23,000,000."),
            ["non", "contact", "−", "0", "and", "−", "0", ":", "1000000"]
        );
    }
}
