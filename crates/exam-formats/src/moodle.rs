//! Moodle XML: one `<question type="…">` each, as Moodle's `question/format/xml` reads and writes them.

use exam_model::question::{Choice, Kind, Question};

use crate::answers::{self, Asked, BLANK, Blank, Number};
use crate::flat::{Holds, Item, items};
use crate::markup::Markup;
use crate::xml::{self, Element, escape};
use crate::{ExchangeError, Format, Imported, Warning, choice_key, clean, key, letters, options, question, truth_key};

pub const HOLDS: Holds = Holds {
    format: Format::Moodle,
    marks: |asked, _| *asked != Asked::Nothing,
    choose: false,
    numberings: |options| numbering(options).is_some(),
    asks: |asked| match asked {
        Asked::Number(numbers) => !numbers.is_empty(),
        Asked::Text(forms) => !forms.is_empty(),
        Asked::Truth(truth) => truth.is_some(),
        Asked::Blanks(blanks) => blanks.iter().all(|forms| !forms.is_empty()),
        Asked::List => false,
        _ => true,
    },
};

/// All items, below a category of the paper's title.
pub fn export(title: &str, questions: &[Question], warnings: &mut Vec<Warning>) -> String {
    // A slash would begin another category.
    let category = escape(&clean(title).replace('\n', " ").replace('/', "//"));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n<question type=\"category\">\n\
         <category><text>$course$/top/{category}</text></category>\n</question>\n"
    );
    for item in items(questions, &HOLDS, warnings) {
        if let Asked::Number(numbers) = &item.asked
            && numbers.iter().any(|number| number.unit != numbers[0].unit)
        {
            warnings.push(Warning::new(&item.question.path, "of the units of its number only the first is kept"));
        }
        out.push_str(&written(&item));
    }
    out + "</quiz>\n"
}

fn written(item: &Item) -> String {
    let question = &item.question;
    let (kind, body) = match &item.asked {
        Asked::Choice { right, several } => ("multichoice", choice(question, right, *several)),
        Asked::Truth(truth) => {
            let is_true = *truth == Some(true);
            (
                "truefalse",
                answer(if is_true { "100" } else { "0" }, "true") + &answer(if is_true { "0" } else { "100" }, "false"),
            )
        }
        Asked::Number(numbers) => {
            let mut forms: Vec<String> = numbers.iter().map(number).collect();
            forms.dedup();
            ("numerical", forms.concat() + &units(numbers))
        }
        Asked::Text(forms) => {
            let forms: String =
                forms.iter().map(|form| answer("100", &clean(&answers::form_of_moodle(form)))).collect();
            ("shortanswer", format!("<usecase>0</usecase>\n{forms}"))
        }
        Asked::Pairs(pairs) => {
            let pair = |(left, right): &(String, String)| {
                format!(
                    "<subquestion format=\"plain_text\"><text>{}</text><answer><text>{}</text></answer></subquestion>\n",
                    escape(&clean(left)),
                    escape(&clean(right))
                )
            };
            (
                "matching",
                "<shuffleanswers>1</shuffleanswers>\n".to_owned() + &pairs.iter().map(pair).collect::<String>(),
            )
        }
        Asked::Order(order) => {
            let count = order.len();
            let settings = format!(
                "<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n<selectcount>{count}</selectcount>\n\
                 <gradingtype>ABSOLUTE_POSITION</gradingtype>\n"
            );
            let things = order.iter().enumerate();
            let things = things.map(|(n, place)| answer(&(n + 1).to_string(), &question.options[*place].text));
            ("ordering", settings + &things.collect::<String>())
        }
        Asked::Blanks(_) => ("cloze", String::new()),
        Asked::Nothing => ("description", String::new()),
        Asked::Free | Asked::List => {
            let key = question.key.as_ref().map(|key| escape(&clean(&key.text))).unwrap_or_default();
            let info = format!("<graderinfo format=\"plain_text\"><text>{key}</text></graderinfo>\n");
            ("essay", format!("<responseformat>editor</responseformat>\n{info}"))
        }
    };
    let text = match &item.asked {
        Asked::Blanks(blanks) => cloze(&question.text, blanks),
        _ => question.text.clone(),
    };
    let grade = question.marks.map(|marks| format!("<defaultgrade>{marks}</defaultgrade>\n")).unwrap_or_default();
    format!(
        "<question type=\"{kind}\">\n<name><text>{}</text></name>\n\
         <questiontext format=\"plain_text\"><text>{}</text></questiontext>\n{grade}{body}</question>\n",
        escape(&question.path),
        escape(&text)
    )
}

fn answer(fraction: &str, text: &str) -> String {
    format!("<answer fraction=\"{fraction}\" format=\"plain_text\"><text>{}</text></answer>\n", escape(text))
}

fn choice(question: &Question, right: &[bool], several: bool) -> String {
    let numbering = numbering(&question.options).unwrap_or("ABCD");
    let mut shares = answers::shares(right.iter().filter(|right| **right).count()).into_iter();
    // As our own marking: a wrong one takes a right one away.
    let wrong = shares.clone().next_back().filter(|_| several).map_or("0".to_owned(), |share| format!("-{share}"));
    let mut fraction = |right: bool| match right {
        true if several => shares.next().unwrap_or_default(),
        true => "100".to_owned(),
        false => wrong.clone(),
    };
    let options = question.options.iter().zip(right).map(|(option, right)| answer(&fraction(*right), &option.text));
    let options: String = options.collect();
    format!(
        "<single>{}</single>\n<shuffleanswers>false</shuffleanswers>\n<answernumbering>{numbering}</answernumbering>\n{options}",
        !several
    )
}

const NUMBERINGS: [&str; 6] = ["ABCD", "abc", "123", "iii", "IIII", "none"];

/// The labels that Moodle puts before options.
fn labels(numbering: &str) -> Box<dyn Iterator<Item = String>> {
    match numbering {
        "abc" => Box::new(letters().map(|letter| letter.to_lowercase())),
        "123" => Box::new((1..).map(|n: usize| n.to_string())),
        "iii" => Box::new((1..).map(roman)),
        "IIII" => Box::new((1..).map(|n| roman(n).to_uppercase())),
        "none" => Box::new(std::iter::repeat(String::new())),
        _ => Box::new(letters()),
    }
}

fn roman(mut n: usize) -> String {
    let mut out = String::new();
    for (value, digits) in [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")] {
        while n >= value {
            out.push_str(digits);
            n -= value;
        }
    }
    out
}

/// Which of Moodle's numberings these labels are.
pub fn numbering(options: &[Choice]) -> Option<&'static str> {
    NUMBERINGS.into_iter().find(|name| labels(name).zip(options).all(|(label, option)| label == option.label))
}

fn number(number: &Number) -> String {
    let tolerance = number.tolerance.as_deref().unwrap_or("0");
    format!(
        "<answer fraction=\"100\" format=\"plain_text\"><text>{}</text><tolerance>{tolerance}</tolerance></answer>\n",
        number.value
    )
}

/// Moodle has one unit for all answers.
fn units(numbers: &[Number]) -> String {
    match numbers.first() {
        Some(first) if !first.unit.is_empty() => format!(
            "<units><unit><multiplier>1</multiplier><unit_name>{}</unit_name></unit></units>\n<unitgradingtype>0</unitgradingtype>\n",
            escape(&first.unit)
        ),
        _ => String::new(),
    }
}

/// `The {1:SHORTANSWER:=heart~=the heart} pumps …`.
fn cloze(text: &str, blanks: &[Vec<String>]) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (at, forms) in exam_model::text::blanks(text).into_iter().zip(blanks) {
        let forms: Vec<String> = forms.iter().map(|form| format!("={}", within(&clean(form)))).collect();
        out.push_str(&text[from..at.start]);
        out.push_str(&format!("{{1:SHORTANSWER:{}}}", forms.join("~")));
        from = at.end;
    }
    out + &text[from..]
}

/// A form inside braces, where `~`, `#`, `}` and `*` are signs, and where Moodle expects HTML.
fn within(form: &str) -> String {
    let mut out = String::new();
    for c in escape(form).chars() {
        if matches!(c, '\\' | '~' | '#' | '}' | '*') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Reads the questions; what is of a kind that we have not is a warning.
pub fn import(text: &str) -> Result<Imported, ExchangeError> {
    let quiz = xml::parse(text, Format::Moodle)?;
    if quiz.name != "quiz" {
        return Err(ExchangeError::Broken(Format::Moodle, format!("it begins with <{}>, not <quiz>", quiz.name)));
    }
    let mut imported = Imported::default();
    let mut categories = Vec::new();
    for element in quiz.named("question") {
        let kind = element.attribute("type");
        if kind == "category" {
            categories.extend(element.first("category").map(text_of));
            continue;
        }
        let number = imported.questions.len() + 1;
        let name = element.first("name").map(text_of).unwrap_or_default();
        let mut told = Vec::new();
        match read(element, &name, number, &mut told) {
            Some(question) => imported.add(question, told),
            None => {
                let path = if name.is_empty() { number.to_string() } else { name };
                imported.leave_out(path, format!("there is no “{}” question here", kind_name(kind)));
            }
        }
    }
    imported.take_categories(&categories);
    Ok(imported)
}

/// What Moodle's pages call a kind that there is not here.
fn kind_name(kind: &str) -> &str {
    match kind {
        "calculated" => "Calculated",
        "calculatedsimple" => "Calculated simple",
        "calculatedmulti" => "Calculated multichoice",
        "ddimageortext" => "Drag and drop onto image",
        "ddmarker" => "Drag and drop markers",
        "random" => "Random",
        "randomsamatch" => "Random short-answer matching",
        other => other,
    }
}

fn markup(element: &Element) -> Markup {
    Markup::named(element.attribute("format")).unwrap_or(Markup::Html)
}

/// A text as it is shown; HTML unless it says otherwise.
fn text_of(element: &Element) -> String {
    markup(element).shown(&element.first("text").map(Element::text).unwrap_or_default())
}

/// What an answer earns, as a percentage, and its text.
fn graded(element: &Element) -> Vec<(f64, String)> {
    let percent = |answer: &Element| answer.attribute("fraction").trim().parse().unwrap_or(0.0);
    element.named("answer").map(|answer| (percent(answer), text_of(answer))).collect()
}

fn read(element: &Element, name: &str, number: usize, told: &mut Vec<String>) -> Option<Question> {
    let text = element.first("questiontext").map(text_of).unwrap_or_default();
    let mut read = question(name, number, &text);
    ask(&mut read, element, told)?;
    let grade = value(element, "defaultgrade").parse::<f64>().ok().filter(|marks| marks.is_finite() && *marks >= 0.0);
    read.marks = grade.filter(|_| read.kind != Kind::Group);
    let all = element.all();
    let is_filled = |inner: &&&Element| !inner.text().trim().is_empty();
    if all.iter().filter(|inner| inner.name.ends_with("feedback")).any(|inner| is_filled(&inner)) {
        told.push("its feedback is left out".into());
    }
    if element.named("hint").any(|hint| is_filled(&&hint)) {
        told.push("its hints are left out".into());
    }
    let has_picture =
        |inner: &&Element| inner.first("text").is_some_and(|text| markup(inner).has_picture(&text.text()));
    if all.iter().any(|inner| inner.name == "file" || has_picture(inner)) {
        told.push("its pictures are left out; what describes them is kept".into());
    }
    Some(read)
}

fn value(element: &Element, name: &str) -> String {
    element.first(name).map(|inner| inner.text().trim().to_owned()).unwrap_or_default()
}

/// Sets kind, options and key; `None` for a kind that there is not here.
fn ask(read: &mut Question, element: &Element, told: &mut Vec<String>) -> Option<()> {
    match element.attribute("type") {
        "multichoice" => read_choice(read, element, told),
        "truefalse" => {
            read.kind = Kind::TrueFalse;
            let right = graded(element).into_iter().find(|(fraction, _)| *fraction >= 100.0);
            read.key = right.and_then(|(_, text)| truth_key(text.eq_ignore_ascii_case("true")));
        }
        "numerical" => read_numbers(read, element, told),
        "shortanswer" => {
            read.kind = Kind::Short;
            let forms = answers::forms_of_moodle(answers::full(graded(element), told), read);
            read.key = key(answers::key_of_forms(&forms));
            if value(element, "usecase") == "1" {
                told.push(answers::CASE.into());
            }
        }
        "matching" => {
            read.kind = Kind::Match;
            let right = |sub: &Element| sub.first("answer").map(text_of).unwrap_or_default();
            let pairs: Vec<(String, String)> =
                element.named("subquestion").map(|sub| (text_of(sub), right(sub))).collect();
            if pairs.iter().any(|(left, right)| left.is_empty() != right.is_empty()) {
                told.push(answers::UNMATCHED.into());
            }
            let pairs: Vec<_> = pairs.into_iter().filter(|(l, r)| !l.is_empty() && !r.is_empty()).collect();
            read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
        }
        "ordering" => {
            read.kind = Kind::Order;
            let mut things = graded(element);
            things.sort_by(|a, b| a.0.total_cmp(&b.0));
            (read.options, read.key) = ordered(&things.into_iter().map(|(_, text)| text).collect::<Vec<_>>());
        }
        "cloze" | "multianswer" => embedded(read, told),
        "gapselect" => gaps(read, element, "selectoption"),
        "ddwtos" => gaps(read, element, "dragbox"),
        "essay" => {
            read.kind = Kind::Long;
            read.key = element.first("graderinfo").map(text_of).and_then(key);
            if !element.first("responsetemplate").map(text_of).unwrap_or_default().is_empty() {
                told.push("the text that an answer starts from is left out".into());
            }
        }
        "description" => read.kind = Kind::Group,
        _ => return None,
    }
    Some(())
}

fn read_choice(read: &mut Question, element: &Element, told: &mut Vec<String>) {
    let several = !matches!(value(element, "single").as_str(), "true" | "1" | "");
    let graded = graded(element);
    read.kind = if several { Kind::Multiple } else { Kind::Single };
    let right: Vec<bool> = graded.iter().map(|(f, _)| if several { *f > 0.0 } else { *f > 99.99 }).collect();
    let mut shares = graded.iter().map(|(fraction, _)| *fraction).filter(|fraction| *fraction > 0.0);
    let share = shares.next();
    if !several {
        answers::full(graded.iter().cloned(), told);
    } else if shares.any(|other| Some(other) != share) {
        told.push("that its right options earn different shares is left out".into());
    }
    read.options = options(labels(&value(element, "answernumbering")), graded.into_iter().map(|(_, text)| text));
    read.key = choice_key(&read.options, &right);
}

fn read_numbers(read: &mut Question, element: &Element, told: &mut Vec<String>) {
    read.kind = Kind::Numeric;
    let units: Vec<&Element> = element.all().into_iter().filter(|inner| inner.name == "unit_name").collect();
    let unit = units.first().map(|unit| clean(&unit.text())).unwrap_or_default();
    if units.len() > 1 {
        told.push(format!("of its units only {unit} is kept"));
    }
    let number = |answer: &Element| {
        let tolerance = answer.first("tolerance").and_then(|inner| answers::digits(&inner.text()));
        let tolerance = tolerance.filter(|by| by.parse() != Ok(0.0));
        let shown = text_of(answer);
        match answers::digits(&shown) {
            Some(value) => Number { value, unit: unit.clone(), tolerance }.shown(),
            None => shown,
        }
    };
    let percents = graded(element).into_iter().map(|(percent, _)| percent);
    let full = answers::full(percents.zip(element.named("answer").map(number)), told);
    let (numbers, others): (Vec<_>, Vec<_>) = full.into_iter().partition(|shown| answers::number(shown).is_some());
    for other in others {
        read.doubt(format!("its answer “{other}” is no number, and is left out"));
    }
    read.key = key(numbers.join(" / "));
}

/// `A [[1]] is a metal`: in each gap the option of this number is right.
fn gaps(read: &mut Question, element: &Element, option: &str) {
    let words: Vec<String> = element.named(option).map(text_of).collect();
    let mut blanks: Vec<Blank> = Vec::new();
    let (mut text, mut rest) = (String::new(), read.text.as_str());
    while let Some((before, after)) = rest.split_once("[[") {
        let number =
            after.split_once("]]").and_then(|(number, after)| Some((number.trim().parse::<usize>().ok()?, after)));
        let right = number.and_then(|(number, after)| Some((words.get(number.checked_sub(1)?)?, after)));
        text.push_str(before);
        rest = match right {
            Some((word, after)) => {
                text.push_str(BLANK);
                blanks.push(Blank { forms: vec![word.clone()], words: Vec::new() });
                after
            }
            None => {
                text.push_str("[[");
                after
            }
        };
    }
    read.text = text + rest;
    blanks.iter_mut().take(1).for_each(|blank| blank.words.clone_from(&words));
    answers::fill(read, blanks);
}

/// Options in alphabetical order, and the key that names them in the right one.
fn ordered(things: &[String]) -> (Vec<Choice>, Option<exam_model::question::Key>) {
    let mut sorted = things.to_vec();
    sorted.sort();
    let options = options(letters(), sorted);
    let label = |thing: &String| options.iter().find(|option| option.text == *thing).map(|option| option.label.clone());
    let key = key(things.iter().filter_map(label).collect::<Vec<_>>().join("; "));
    (options, key)
}

/// Takes the answers out of a text such as `The {1:SHORTANSWER:=heart} pumps`.
fn embedded(read: &mut Question, told: &mut Vec<String>) {
    let (mut text, mut blanks) = (String::new(), Vec::new());
    let whole = std::mem::take(&mut read.text);
    let mut rest = whole.as_str();
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match embedded_answers(rest) {
            Some((kind, answers, length)) => {
                text.push_str(BLANK);
                blanks.push(blank(kind, answers, read, told));
                rest = &rest[length..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    read.text = text;
    answers::fill(read, blanks);
}

/// The kind of `{1:KIND:=form~other}`, its answers as they are written, and its length.
fn embedded_answers(text: &str) -> Option<(&str, Vec<String>, usize)> {
    let inside = text.strip_prefix('{')?;
    let (weight, rest) = inside.split_once(':')?;
    let (kind, answers) = rest.split_once(':')?;
    let is_kind = !kind.is_empty() && kind.len() < 24 && kind.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    if !weight.bytes().all(|b| b.is_ascii_digit()) || !is_kind {
        return None;
    }
    let mut forms = vec![String::new()];
    let mut chars = answers.char_indices();
    while let Some((at, c)) = chars.next() {
        let form = forms.last_mut()?;
        match c {
            '\\' => match chars.next() {
                Some((_, '#')) => form.push('\u{fdd3}'),
                Some((_, '*')) => form.push_str("\\*"),
                other => form.extend(other.map(|(_, c)| c)),
            },
            '~' => forms.push(String::new()),
            '}' => return Some((kind, forms, text.len() - answers.len() + at + 1)),
            c => form.push(c),
        }
    }
    None
}

fn blank(kind: &str, answers: Vec<String>, read: &mut Question, told: &mut Vec<String>) -> Blank {
    let is_number = kind.starts_with("NUM") || kind == "NM";
    let is_menu = ["MULTICHOICE", "MC", "MULTIRESPONSE", "MR"].iter().any(|name| kind.starts_with(name));
    let graded: Vec<(f64, String)> = answers.iter().map(|answer| weighed(answer)).collect();
    if answers.iter().any(|answer| answer.split_once('#').is_some_and(|(_, feedback)| !feedback.trim().is_empty())) {
        told.push("its feedback is left out".into());
    }
    let words = graded.iter().map(|(_, text)| text.clone()).filter(|_| is_menu).collect();
    let forms = answers::full(graded, told);
    let number = |form: String| match form.split_once(':') {
        Some((value, by)) if by.trim().parse() == Ok(0.0) => value.trim().to_owned(),
        Some((value, by)) => format!("{} (± {})", value.trim(), by.trim()),
        None => form,
    };
    let forms = match (is_number, is_menu) {
        (true, _) => forms.into_iter().map(number).collect(),
        (_, true) => forms,
        _ => answers::forms_of_moodle(forms, read),
    };
    Blank { forms, words }
}

/// `=form`, `%50%form` or `form`, each perhaps with `#feedback`: what it earns, and its text.
fn weighed(answer: &str) -> (f64, String) {
    let answer = answer.trim();
    let weighted = answer.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    let weighted = weighted.and_then(|(percent, rest)| Some((percent.parse().ok()?, rest)));
    let (percent, text) = weighted.or_else(|| Some((100.0, answer.strip_prefix('=')?))).unwrap_or((0.0, answer));
    let text = xml::entities(text.split('#').next().unwrap_or_default()).replace('\u{fdd3}', "#");
    (percent, clean(&text))
}
