//! The form of an item: its values, and the changes when it comes back. Each aspect is merged three ways: an unchanged value
//! leaves the item as it is now, a changed value is applied, and if somebody else has changed the same aspect in the
//! meantime, a person decides.

use exam_model::format;
use exam_model::question::{Choice, Key, KeySource, Kind, Question, Region, names_of_parts};
use exam_model::shown::Show;
use serde::{Deserialize, Serialize};

use super::{ASPECTS, Aspect, Change, alone};

/// The values of an item's form, both shown and sent back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionForm {
    pub text: String,
    /// How the stem is shown, and each of the question's options in order.
    pub shows: Vec<String>,
    pub kind: Kind,
    /// The texts of the question's options in order, then of new ones; an empty text is not an option.
    pub options: Vec<String>,
    pub choose: String,
    pub marks: String,
    /// The answer as in a marking scheme, if it is none of the options.
    pub key: String,
    /// The ids of the right options.
    pub right_options: Vec<String>,
    pub topic: String,
    /// In the format of `Region::words`; an empty line is not a box.
    pub boxes: Vec<String>,
    /// A hash of each aspect as the form showed it; if empty, the form showed the current item.
    pub shown: String,
}

/// An error in a field of the form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Wrong {
    pub field: &'static str,
    pub reason: &'static str,
}

/// The result of applying a form to an item.
pub enum Merged {
    Now(Box<Question>),
    /// Nothing was applied, because a person has to decide. `shown` is the form's new `shown`, once they know of the clashes.
    Clashes {
        clashes: Vec<Clash>,
        shown: String,
    },
}

/// An aspect that was changed by the form and, differently, by somebody else since the form was shown.
pub struct Clash {
    aspect: &'static Aspect,
    pub theirs: String,
    pub yours: String,
}

impl Clash {
    pub fn name(&self) -> &'static str {
        self.aspect.name
    }

    /// Whether this change has changed the aspect.
    pub fn is_of(&self, change: &Change) -> bool {
        matches!(change, Change::Edit { was, now } | Change::Fill { was, now } if (self.aspect.differ)(was, now))
    }
}

impl QuestionForm {
    /// The values for an item.
    pub fn of(question: &Question) -> Self {
        let key = question.key.as_ref();
        let (ticked, in_words) = if is_ticked(question.kind) { (key, None) } else { (None, key) };
        let ticked = ticked.map(|key| key.options.iter().filter(|id| has_option(question, id)).cloned().collect());
        let shows_options = question.kind != Kind::TrueFalse;
        let options = question.options.iter().filter(|_| shows_options).map(|option| option.text.clone());
        let shows = super::shows(question).into_iter().take(if shows_options { usize::MAX } else { 1 });
        let form = Self {
            text: question.text.clone(),
            shows: shows.map(|(_, how)| how.as_str().to_owned()).collect(),
            kind: question.kind,
            options: options.collect(),
            choose: question.choose.map(|number| number.to_string()).unwrap_or_default(),
            marks: question.marks.map(format::marks).unwrap_or_default(),
            key: in_words.map(|key| key.text.clone()).unwrap_or_default(),
            right_options: ticked.unwrap_or_default(),
            topic: question.topic.map(|id| id.to_string()).unwrap_or_default(),
            boxes: question.regions.iter().map(Region::words).collect(),
            shown: String::new(),
        };
        Self { shown: form.traces().join("-"), ..form }
    }

    /// The values from the fields that a browser sent.
    pub fn of_fields(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "text" => form.text = value,
                "kind" => form.kind = serde_json::from_value(value.into()).unwrap_or_default(),
                "shows[]" => form.shows.push(value),
                "options[]" => form.options.push(value),
                "choose" => form.choose = value,
                "marks" => form.marks = value,
                "key" => form.key = value,
                "right_options[]" => form.right_options.push(value),
                "topic" => form.topic = value,
                "boxes[]" => form.boxes.push(value),
                "shown" => form.shown = value,
                _ => {}
            }
        }
        form
    }

    /// Whether anything in it differs from what was shown.
    pub fn is_changed(&self) -> bool {
        !self.shown.is_empty() && self.shown != self.traces().join("-")
    }

    fn traces(&self) -> Vec<String> {
        ASPECTS.iter().map(|aspect| trace(&(aspect.written)(self))).collect()
    }

    /// Applies the changed values of this form to the item, and keeps the rest.
    pub fn merge(&self, item: &Question) -> Result<Merged, Wrong> {
        let theirs = Self::of(item);
        let current = theirs.traces();
        let mut shown: Vec<String> = self.shown.split('-').map(str::to_owned).collect();
        if shown.len() != ASPECTS.len() {
            shown.clone_from(&current);
        }
        let mut now = alone(item);
        let mut clashes = Vec::new();
        for ((aspect, shown), (mine, current)) in ASPECTS.iter().zip(&mut shown).zip(self.traces().iter().zip(&current))
        {
            if *mine == *current || *mine == *shown {
                continue;
            }
            (aspect.take)(&mut now, self)?;
            if *shown != *current && (aspect.differ)(&now, item) {
                clashes.push(Clash { aspect, theirs: (aspect.words)(item), yours: (aspect.words)(&now) });
                shown.clone_from(current);
            }
        }
        if !clashes.is_empty() {
            return Ok(Merged::Clashes { clashes, shown: shown.join("-") });
        }
        settle_key(&mut now, item)?;
        Ok(Merged::Now(Box::new(now)))
    }
}

/// 64-bit FNV-1a: the same in the browser and on the server, and after an update.
fn trace(written: &str) -> String {
    let hash = written
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Whether it is answered by its own options.
pub fn is_choice(kind: Kind) -> bool {
    matches!(kind, Kind::Single | Kind::Multiple)
}

/// Whether the right answer is ticked rather than written.
fn is_ticked(kind: Kind) -> bool {
    is_choice(kind) || kind == Kind::TrueFalse
}

/// Whether the id can be ticked.
fn has_option(question: &Question, id: &str) -> bool {
    match question.kind {
        Kind::TrueFalse => id == "true" || id == "false",
        Kind::Single | Kind::Multiple => question.options.iter().any(|option| option.id == id),
        _ => false,
    }
}

/// Normalises line breaks, which browsers send in several ways, and removes NUL, which the database cannot store.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "").trim().to_owned()
}

fn list(values: impl Iterator<Item = String>) -> String {
    serde_json::Value::from_iter(values).to_string()
}

pub(super) fn text(form: &QuestionForm) -> String {
    lines(&form.text)
}

pub(super) fn take_text(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    item.text = text(form);
    if item.text.is_empty() && item.regions.is_empty() {
        return Err(Wrong { field: "text", reason: "Write the question." });
    }
    Ok(())
}

/// Without the last ones that are text alone, so that another option is no other way to show the item.
pub(super) fn shows(form: &QuestionForm) -> String {
    let last = form.shows.iter().rposition(|how| how != Show::Text.as_str());
    list(form.shows.iter().take(last.map_or(0, |last| last + 1)).cloned())
}

pub(super) fn take_shows(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    let shown = std::iter::once(&mut item.shown).chain(item.options.iter_mut().map(|option| &mut option.shown));
    for (shown, how) in shown.zip(&form.shows) {
        shown.how = Show::parse(how).unwrap_or(shown.how);
    }
    Ok(())
}

pub(super) fn options(form: &QuestionForm) -> String {
    let last = form.options.iter().rposition(|option| !lines(option).is_empty());
    list(form.options.iter().take(last.map_or(0, |last| last + 1)).map(|option| lines(option)))
}

/// Options keep their id and label by position, and their text if it is the same; a new one gets the next id and label.
pub(super) fn take_options(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    let made = form.options.iter().enumerate().filter_map(|(n, text)| {
        let text = lines(text);
        match item.options.get(n) {
            Some(known) if lines(&known.text) == text => Some(known.clone()),
            _ if text.is_empty() => None,
            Some(known) => Some(Choice { text, ..known.clone() }),
            None => Some(Choice { text, ..Choice::nth(n) }),
        }
    });
    item.options = made.collect();
    Ok(())
}

pub(super) fn choose(form: &QuestionForm) -> String {
    form.choose.trim().to_owned()
}

pub(super) fn take_choose(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    item.choose = match choose(form).as_str() {
        "" => None,
        text => match text.parse() {
            Ok(number @ 1..=50) => Some(number),
            _ => return Err(Wrong { field: "choose", reason: "Write how many as a number from 1 to 50." }),
        },
    };
    Ok(())
}

pub(super) fn marks(form: &QuestionForm) -> String {
    form.marks.trim().replace(',', ".")
}

/// Marks, in the precision in which they are shown.
pub(super) fn take_marks(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    item.marks = match marks(form).as_str() {
        "" => None,
        text => match text.parse::<f64>() {
            Ok(marks) if (0.0..=200.0).contains(&marks) => Some((marks * 100.0).round() / 100.0),
            _ => return Err(Wrong { field: "marks", reason: "Write the marks as a number from 0 to 200." }),
        },
    };
    Ok(())
}

fn ticked(form: &QuestionForm) -> Vec<String> {
    form.right_options.iter().filter(|id| !id.is_empty()).cloned().collect()
}

pub(super) fn key(form: &QuestionForm) -> String {
    let mut ids = ticked(form);
    ids.sort();
    list(ids.into_iter().chain([lines(&form.key)]))
}

pub(super) fn take_key(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    let (mut options, written) = (ticked(form), lines(&form.key));
    if !is_ticked(item.kind) && !written.is_empty() {
        options.clear();
    }
    let text = match item.kind {
        _ if !options.is_empty() => option_words(&item.options, &options),
        Kind::Label => names_of_parts(&written, &item.options),
        _ => written,
    };
    item.key = (!text.is_empty()).then_some(Key { options, text, source: KeySource::Person });
    Ok(())
}

pub(super) fn take_topic(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    item.topic = match form.topic.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Wrong { field: "topic", reason: "Choose a topic from the list." })?),
    };
    Ok(())
}

fn written_boxes(form: &QuestionForm) -> impl Iterator<Item = String> {
    let words = form.boxes.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    words.filter(|words| !words.is_empty())
}

pub(super) fn boxes(form: &QuestionForm) -> String {
    list(written_boxes(form))
}

/// A box that was only formatted and parsed again stays exactly as it was.
pub(super) fn take_boxes(item: &mut Question, form: &QuestionForm) -> Result<(), Wrong> {
    let known = |words: &String| item.regions.iter().copied().find(|region| region.words() == *words);
    let regions = written_boxes(form).map(|words| known(&words).or_else(|| Region::parse(&words)));
    item.regions = regions.collect::<Option<_>>().ok_or(Wrong {
        field: "boxes",
        reason: "Write a box as page, left, top, width and height: 2 50 120 480 96.",
    })?;
    // The stem is where the person says that the item is.
    item.shown.regions.clear();
    Ok(())
}

/// The key after a change: one of the item's own options, or text for a kind without options to tick.
fn settle_key(now: &mut Question, was: &Question) -> Result<(), Wrong> {
    if (now.kind, &now.options, &now.key) == (was.kind, &was.options, &was.key) {
        return Ok(());
    }
    let is_untouched = now.key == was.key;
    let Some(mut key) = now.key.take_if(|key| !key.options.is_empty()) else { return Ok(()) };
    if key.options.iter().all(|id| has_option(now, id)) {
        if key.text == option_words(&was.options, &key.options) {
            key.text = option_words(&now.options, &key.options);
        }
    } else if is_ticked(now.kind) && !(is_untouched && now.kind != was.kind) {
        return Err(Wrong { field: "key", reason: "Choose the right answer from the question's own options." });
    } else {
        let chosen = now.options.iter().filter(|option| key.options.contains(&option.id));
        let texts: Vec<&str> = chosen.map(|option| option.text.as_str()).filter(|text| !text.is_empty()).collect();
        if !texts.is_empty() {
            key.text = texts.join("; ");
        }
        key.options.clear();
    }
    now.key = Some(key);
    Ok(())
}

/// The chosen options, as in a marking scheme.
fn option_words(options: &[Choice], ids: &[String]) -> String {
    let word = |id: &String| match options.iter().find(|option| option.id == *id) {
        Some(option) if !option.label.is_empty() => option.label.clone(),
        Some(option) => option.text.clone(),
        None => if id == "true" { "True" } else { "False" }.to_owned(),
    };
    ids.iter().map(word).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn item() -> Question {
        let option = |n: usize, text: &str| Choice { text: text.into(), ..Choice::nth(n) };
        Question {
            text: "Name a metal.".into(),
            options: vec![option(0, "iron"), option(1, "−3\n13")],
            marks: Some(2.0 / 3.0),
            key: Some(Key { options: vec![], text: "iron".into(), source: KeySource::Earlier }),
            regions: vec![Region { page: 1, x: 1.0, y: 2.0, width: 30.0, height: 40.0 }],
            ..Question::default()
        }
    }

    /// What comes back of the form that showed one item when somebody made another of it.
    fn sent(showed: &Question, wanted: &Question) -> QuestionForm {
        QuestionForm { shown: QuestionForm::of(showed).shown, ..QuestionForm::of(wanted) }
    }

    fn merged(form: &QuestionForm, item: &Question) -> Question {
        match form.merge(item) {
            Ok(Merged::Now(now)) => *now,
            Ok(Merged::Clashes { clashes, .. }) => panic!("{:?}", clashes.iter().map(Clash::name).collect::<Vec<_>>()),
            Err(wrong) => panic!("{wrong}"),
        }
    }

    /// Two changes of each aspect, in the order of the aspects.
    const EDITS: [[fn(&mut Question); 2]; 9] = [
        [|item| item.text.push('!'), |item| item.text.push('?')],
        [|item| item.kind = Kind::Long, |item| item.kind = Kind::List],
        [|item| item.shown.how = Show::Math, |item| item.shown.how = Show::Both],
        [|item| item.options[0].text = "gold".into(), |item| drop(item.options.pop())],
        [|item| item.choose = Some(2), |item| item.choose = Some(3)],
        [|item| item.marks = None, |item| item.marks = Some(0.3)],
        [
            |item| item.key = None,
            |item| {
                item.key = Some(Key { options: vec![], text: "tin".into(), source: KeySource::Person });
            },
        ],
        [|item| item.topic = Some(Uuid::from_u128(1)), |item| item.topic = Some(Uuid::from_u128(2))],
        [
            |item| item.regions.clear(),
            |item| {
                item.regions.push(Region { page: 2, x: 1.0, y: 1.0, width: 9.0, height: 9.0 });
            },
        ],
    ];

    #[test]
    fn what_one_of_two_changed_counts_and_what_both_changed_is_asked() {
        for (first, theirs) in EDITS.iter().enumerate() {
            for (second, yours) in EDITS.iter().enumerate() {
                for (their_edit, your_edit) in theirs.iter().flat_map(|a| yours.iter().map(move |b| (a, b))) {
                    let edited = |edits: &[&fn(&mut Question)]| {
                        let mut item = item();
                        edits.iter().for_each(|edit| edit(&mut item));
                        item
                    };
                    let (theirs, wanted) = (edited(&[their_edit]), edited(&[your_edit]));
                    let form = sent(&item(), &wanted);
                    assert!(form.is_changed());
                    if first != second {
                        assert_eq!(merged(&form, &theirs), edited(&[their_edit, your_edit]));
                    } else if theirs == wanted {
                        assert_eq!(merged(&form, &theirs), wanted);
                    } else {
                        let Ok(Merged::Clashes { clashes, shown }) = form.merge(&theirs) else { panic!("{first}") };
                        let names: Vec<&str> = clashes.iter().map(Clash::name).collect();
                        assert_eq!(names, [ASPECTS[first].name]);
                        assert!(clashes[0].theirs != clashes[0].yours);
                        // Once that is known, what is sent again is meant.
                        assert_eq!(merged(&QuestionForm { shown, ..form }, &theirs), wanted);
                    }
                }
            }
        }
    }

    #[test]
    fn a_change_that_is_refused_is_refused_only_where_it_was_made() {
        let odd = Question { marks: Some(400.0), choose: Some(99), text: String::new(), ..item() };
        assert_eq!(merged(&sent(&odd, &Question { kind: Kind::Long, ..odd.clone() }), &odd).marks, Some(400.0));
        let field = |form: QuestionForm| form.merge(&item()).err().map(|wrong| wrong.field);
        let form = || QuestionForm::of(&item());
        assert_eq!(field(QuestionForm { marks: "400".into(), ..form() }), Some("marks"));
        assert_eq!(field(QuestionForm { choose: "99".into(), ..form() }), Some("choose"));
        assert_eq!(field(QuestionForm { boxes: vec!["1 2".into()], ..form() }), Some("boxes"));
        assert_eq!(field(QuestionForm { topic: "physics".into(), ..form() }), Some("topic"));
    }

    #[test]
    fn what_is_written_is_kept_as_it_was_meant() {
        let form = QuestionForm { text: "a\0\r\nb\r ".into(), marks: "0,3".into(), ..QuestionForm::of(&item()) };
        let now = merged(&form, &item());
        assert_eq!((now.text.as_str(), now.marks), ("a\nb", Some(0.3)));
        assert_eq!(now.options, item().options);
    }

    #[test]
    fn an_answer_goes_along_with_the_kind_and_the_options() {
        let key = Key { options: vec!["o1".into()], text: "A".into(), source: KeySource::Earlier };
        let single = Question { kind: Kind::Single, key: Some(key), ..item() };
        let after = |change: fn(&mut QuestionForm)| {
            let mut form = QuestionForm::of(&single);
            change(&mut form);
            form.merge(&single).map(|merged| match merged {
                Merged::Now(now) => now.key.map(|key| (key.options, key.text)).unwrap_or_default(),
                Merged::Clashes { .. } => panic!("nobody else changed it"),
            })
        };
        let ticked = |id: &str, text: &str| Ok((vec![id.to_owned()], text.to_owned()));
        assert_eq!(after(|form| form.options[0] = "gold".into()), ticked("o1", "A"));
        assert_eq!(after(|form| form.right_options = vec!["o2".into()]), ticked("o2", "B"));
        assert_eq!(after(|form| form.kind = Kind::Short), Ok((vec![], "iron".to_owned())));
        assert_eq!(after(|form| form.kind = Kind::TrueFalse), Ok((vec![], "iron".to_owned())));
        assert_eq!(after(|form| form.right_options.clear()), Ok((vec![], String::new())));
        for refused in [after(|form| form.options[0].clear()), after(|form| form.right_options = vec!["o9".into()])] {
            assert_eq!(refused.unwrap_err().field, "key");
        }
    }
}
