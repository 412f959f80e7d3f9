//! What to teach a class again: the topics, who needs them, what they answered instead, who has not worked and who rises.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use exam_marking::{folded, says_nothing};
use exam_model::answer::Answer;
use exam_model::question::Question;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::analytics::{PupilTopic, Standings};
use super::expected_mark::Blueprint;
use super::knowledge::{Recent, surprise};
use super::learning;
use super::mastery::{TopicMastery, TopicState, Trend};

/// How many topics are to be taught again.
pub const LESSONS: usize = 3;

/// How many wrong answers are shown of a topic.
pub const WRONG_ANSWERS: usize = 2;

/// How many questions of a topic are for the board.
pub const BOARD: usize = 5;

/// Who has answered nothing in the subject for so many days has not worked.
pub const IDLE_DAYS: i32 = 7;

/// The Monday page: a class and a subject, with those to choose from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MondayPage {
    /// Id and full name; `None` while there are no classes.
    pub class: Option<(Uuid, String)>,
    pub classes: Vec<(Uuid, String)>,
    pub subject: String,
    /// Those of the class's level.
    pub subjects: Vec<String>,
    /// `None` if the level has no subject.
    pub content: Option<Monday>,
}

/// What to teach a class again in a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monday {
    /// The one with the greatest loss first.
    pub lessons: Vec<Lesson>,
    /// How many past papers say what the topics are worth.
    pub papers: usize,
    /// How many pupils the class has.
    pub pupils: usize,
    /// Those who have worked least lately first.
    pub idle: Vec<IdlePupil>,
    /// Those who rise most first.
    pub rising: Vec<RisingPupil>,
    /// Questions of the subject's papers that can be marked but have no topic, so that no topic learns from them.
    pub without_topic: Vec<WithoutTopic>,
}

/// A topic to teach again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    pub topic: Uuid,
    pub name: String,
    /// Its marks in an exam like the past papers; `None` if there are none.
    pub marks: Option<f64>,
    /// What the class knows of it, from all answers together.
    pub class: TopicMastery,
    /// The pupils of whom too little is expected, weakest first.
    pub pupils: Vec<NeedsLesson>,
    /// How many of the class have answered it.
    pub answered: usize,
    /// Those that most pupils gave first.
    pub wrong: Vec<WrongAnswer>,
}

impl Lesson {
    /// The marks that the class loses in an exam on average, or if no past paper tells, the share of the topic's marks.
    pub fn loss(&self) -> f64 {
        self.marks.unwrap_or(1.0) * (1.0 - self.class.expected.share)
    }

    /// The loss of which we are sure, nine times in ten: from the upper end of what is expected. Where little is known that
    /// end is high, so that a topic ranks by marks lost, by its weight in the exam and by how sure both are, at once.
    pub fn sure_loss(&self) -> f64 {
        self.marks.unwrap_or(1.0) * (1.0 - self.class.expected.high)
    }
}

/// A pupil who needs a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeedsLesson {
    pub id: Uuid,
    pub full_name: String,
    pub mastery: TopicMastery,
}

/// A wrong answer that pupils of the class gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WrongAnswer {
    pub document: Uuid,
    /// With the stems above it in its text, and its key.
    pub question: Question,
    pub answer: Answer,
    pub pupils: i64,
}

/// A pupil who has not worked lately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdlePupil {
    pub id: Uuid,
    pub full_name: String,
    /// When the pupil last answered something of the subject, if ever.
    pub last_at: Option<DateTime<Utc>>,
}

/// A pupil whose last answers are better than was expected, with the topics of which that is true by themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RisingPupil {
    pub id: Uuid,
    pub full_name: String,
    pub topics: Vec<String>,
}

/// A question without a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithoutTopic {
    pub document: Uuid,
    pub paper: String,
    pub path: String,
    pub text: String,
}

/// Questions of a topic for the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub topic: String,
    pub subject: String,
    /// The full name of the class.
    pub class: String,
    pub questions: Vec<BoardQuestion>,
}

/// A question for the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardQuestion {
    pub document: Uuid,
    pub paper: String,
    /// With the stems above it in its text, and its key.
    pub question: Question,
}

/// The topics in which a class loses most for sure, without their wrong answers; those that it knows well are left out.
pub fn lessons(standings: &Standings, exam: Option<&Blueprint>, now: DateTime<Utc>, weak_below: f64) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = standings
        .lines
        .chunk_by(|a, b| a.topic_id == b.topic_id)
        .filter_map(|lines| lesson(standings, lines, exam, now, weak_below))
        .filter(|lesson| lesson.class.state != TopicState::Strong && lesson.sure_loss() > 0.0)
        .collect();
    lessons.sort_by(|a, b| b.sure_loss().total_cmp(&a.sure_loss()).then(a.topic.cmp(&b.topic)));
    lessons.truncate(LESSONS);
    lessons
}

fn lesson(
    standings: &Standings,
    lines: &[PupilTopic],
    exam: Option<&Blueprint>,
    now: DateTime<Utc>,
    weak_below: f64,
) -> Option<Lesson> {
    let first = lines.first()?;
    let known: Vec<_> = lines.iter().map(|line| &standings.pupils[&line.user_id]).collect();
    let class = learning::mastery_of_class(&standings.model, &known, first.topic_id, now, weak_below)?;
    let pupil = |line: &PupilTopic| NeedsLesson {
        id: line.user_id,
        full_name: line.full_name.clone(),
        mastery: standings.mastery(line, now, weak_below),
    };
    let share = |pupil: &NeedsLesson| pupil.mastery.expected.share;
    let mut pupils: Vec<NeedsLesson> = lines.iter().map(pupil).filter(|pupil| share(pupil) < weak_below).collect();
    pupils.sort_by(|a, b| share(a).total_cmp(&share(b)).then(a.full_name.cmp(&b.full_name)).then(a.id.cmp(&b.id)));
    let marks = exam
        .map(|exam| exam.parts.iter().find(|part| part.topic == Some(first.topic_id)).map_or(0.0, |part| part.marks));
    let (topic, name, answered) = (first.topic_id, first.topic.clone(), lines.len());
    Some(Lesson { topic, name, marks, class, pupils, answered, wrong: Vec::new() })
}

/// The pupils whose last answers in all topics together are better than expected, those who surprise most first.
pub fn rising(standings: &Standings) -> Vec<RisingPupil> {
    let chance = &standings.model.chance;
    let mut lines: BTreeMap<(&str, Uuid), Vec<(&str, Recent)>> = BTreeMap::new();
    for line in &standings.lines {
        let recent =
            standings.pupils[&line.user_id].topics.get(&line.topic_id).map_or(Recent::NONE, |known| known.recent);
        lines.entry((&line.full_name, line.user_id)).or_default().push((&line.topic, recent));
    }
    let rises = |answers: &[Recent]| Trend::of(answers.iter().flat_map(Recent::answers), chance) == Some(Trend::Rising);
    let mut rising: Vec<(f64, RisingPupil)> = Vec::new();
    for ((name, id), topics) in lines {
        let all: Vec<Recent> = topics.iter().map(|(_, recent)| *recent).collect();
        if rises(&all) {
            let topics = topics.iter().filter(|(_, recent)| rises(&[*recent])).map(|(topic, _)| (*topic).to_owned());
            let pupil = RisingPupil { id, full_name: name.to_owned(), topics: topics.collect() };
            rising.push((surprise(all.iter().flat_map(Recent::answers), chance), pupil));
        }
    }
    rising.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    rising.into_iter().map(|(_, pupil)| pupil).collect()
}

/// An answer that earned less than all marks, and who gave it in these very words.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    pub topic: Uuid,
    pub question: Uuid,
    pub answer: Answer,
    pub pupils: BTreeSet<Uuid>,
}

/// The answers of each topic that most pupils gave, at most [`WRONG_ANSWERS`], without those that say nothing. Answers that
/// differ only in case, accents and space are one, in the words of most, and a pupil who gave several of them counts once.
pub fn most_given(missed: &[Missed]) -> Vec<Missed> {
    let mut alike: BTreeMap<(Uuid, Uuid, Vec<String>), Missed> = BTreeMap::new();
    let mut sorted: Vec<&Missed> = missed.iter().filter(|missed| !says_nothing(&missed.answer)).collect();
    sorted.sort_by_key(|missed| std::cmp::Reverse(missed.pupils.len()));
    for missed in sorted {
        let words = |piece: &str| folded(piece).split_whitespace().collect::<Vec<_>>().join(" ");
        let words = missed.answer.pieces().into_iter().map(words).collect();
        let known = alike.entry((missed.topic, missed.question, words));
        known.and_modify(|known| known.pupils.extend(&missed.pupils)).or_insert_with(|| missed.clone());
    }
    let mut all: Vec<Missed> = alike.into_values().collect();
    all.sort_by_key(|missed| (missed.topic, std::cmp::Reverse(missed.pupils.len())));
    all.chunk_by(|a, b| a.topic == b.topic).flat_map(|of_topic| of_topic.iter().take(WRONG_ANSWERS).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::analytics::tests::pupil_topic;
    use crate::domain::expected_mark::Part;
    use crate::domain::knowledge::{Asked, Model, Pupil};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// A class whose pupils each gave answers of these shares, oldest first, topic by topic.
    fn class(topics: &[(u128, &[&[f64]])]) -> Standings {
        let mut model = Model::default();
        let mut pupils: HashMap<Uuid, Pupil<Uuid>> = HashMap::new();
        let mut lines = Vec::new();
        for &(topic, answers) in topics {
            for (number, shares) in (1..).zip(answers) {
                let (topic_id, user_id) = (Uuid::from_u128(topic), Uuid::from_u128(number));
                let pupil = pupils.entry(user_id).or_insert_with(|| model.pupil());
                for (place, &share) in (0..).zip(*shares) {
                    let item = Uuid::from_u128(1000 * topic + place);
                    let at = Some(now().timestamp() as f64 - 86_400.0 * (30 - place) as f64);
                    model.learn(pupil, &Asked { item, topic: Some(topic_id), at }, share);
                }
                lines.push(pupil_topic(topic, user_id, &format!("Pupil {number}"), now()));
            }
        }
        lines.sort_by_key(|line| line.topic_id);
        Standings { model, pupils, lines }
    }

    fn exam(marks: &[(u128, f64)]) -> Blueprint {
        let part = |&(topic, marks)| Part { topic: Some(Uuid::from_u128(topic)), marks, items: 4.0 };
        Blueprint { marks: 100.0, parts: marks.iter().map(part).collect() }
    }

    fn topics(lessons: &[Lesson]) -> Vec<u128> {
        lessons.iter().map(|lesson| lesson.topic.as_u128()).collect()
    }

    #[test]
    fn thirty_one_pupils_with_one_answer_each_say_something() {
        let (wrong, right): (&[f64], &[f64]) = (&[0.0], &[1.0]);
        let all: Vec<&[f64]> = (0..31).map(|n| if n % 6 == 0 { right } else { wrong }).collect();
        let [lesson] = &lessons(&class(&[(1, &all)]), None, now(), 0.60)[..] else { panic!("one topic") };
        assert_eq!((lesson.class.answers, lesson.class.state, lesson.answered), (31, TopicState::Weak, 31));
        assert!(lesson.pupils.len() >= 25, "all who were wrong need it: {}", lesson.pupils.len());
        let shares: Vec<f64> = lesson.pupils.iter().map(|pupil| pupil.mastery.expected.share).collect();
        assert!(shares.is_sorted(), "weakest first");
    }

    #[test]
    fn what_costs_most_for_sure_is_taught_first() {
        let (none, half, most): (&[f64], &[f64], &[f64]) = (&[0.0; 6], &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0], &[1.0; 9]);
        let once: &[f64] = &[0.0];
        let standings =
            class(&[(1, &[none; 8]), (2, &[half; 8]), (3, &[most; 8]), (4, &[once]), (5, &[none; 8]), (6, &[half; 8])]);
        let weights = exam(&[(1, 10.0), (2, 40.0), (3, 30.0), (4, 12.0), (5, 8.0)]);
        let found = lessons(&standings, Some(&weights), now(), 0.60);
        assert_eq!(topics(&found), [2, 1, 5], "by marks; what one answer says is not sure; topic 6 is not in exams");
        let unsure = exam(&[(1, 10.0), (4, 10.0)]);
        assert_eq!(topics(&lessons(&standings, Some(&unsure), now(), 0.60)), [1, 4], "what is sure comes first");
        let alike = lessons(&standings, None, now(), 0.60);
        assert!(!topics(&alike).contains(&3) && alike[0].marks.is_none(), "what the class knows well is left out");
        for lesson in found.iter().chain(&alike) {
            assert!(0.0 < lesson.sure_loss() && lesson.sure_loss() < lesson.loss(), "{lesson:?}");
        }
        assert_eq!(lessons(&class(&[]), None, now(), 0.60), []);
    }

    #[test]
    fn who_rises_is_told() {
        let grew: Vec<f64> = [0.0; 12].into_iter().chain([1.0; 8]).collect();
        let (rise, same): (&[f64], &[f64]) = (&grew, &[0.0, 1.0, 0.0, 1.0]);
        let fell: Vec<f64> = grew.iter().map(|share| 1.0 - share).collect();
        let found = rising(&class(&[(1, &[same, rise, rise]), (2, &[same, rise, &fell])]));
        let found: Vec<_> = found.iter().map(|pupil| (pupil.full_name.as_str(), pupil.topics.len())).collect();
        assert_eq!(found, [("Pupil 2", 2)], "who falls elsewhere does not rise");
    }

    #[test]
    fn wrong_answers_that_most_gave() {
        let missed = |topic, question, answer: &str, pupils: std::ops::Range<u128>| Missed {
            topic: Uuid::from_u128(topic),
            question: Uuid::from_u128(question),
            answer: Answer(vec![answer.into()]),
            pupils: pupils.map(Uuid::from_u128).collect(),
        };
        let all = [
            missed(1, 1, "the Nile", 0..2),
            missed(1, 1, "The  nile ", 1..3),
            missed(1, 1, "THE NILE", 2..5),
            missed(1, 2, "5", 0..4),
            missed(1, 2, "6", 0..3),
            missed(1, 2, "I am not sure", 0..9),
            missed(1, 2, "???", 0..9),
            missed(1, 2, "asdf", 0..9),
            missed(2, 3, "7", 0..1),
        ];
        let told = most_given(&all);
        let told: Vec<_> = told.iter().map(|one| (one.answer.0[0].as_str(), one.pupils.len())).collect();
        assert_eq!(
            told,
            [("THE NILE", 5), ("5", 4), ("7", 1)],
            "a pupil counts once, and what says nothing not at all"
        );
    }
}
