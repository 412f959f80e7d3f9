//! Moodle XML: one `<question type="…">` each, as Moodle's `question/format/xml` reads and writes them.

use exam_model::question::{Choice, Kind, Question};

use crate::answers::{self, Asked, BLANK, Number};
use crate::flat::{Holds, Item, items};
use crate::xml::{self, Element, escape};
use crate::{ExchangeError, Format, Imported, Warning, choice_key, clean, key, letters, options, question, truth_key};

pub const HOLDS: Holds = Holds {
    format: Format::Moodle,
    marks: true,
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
            let forms: String = forms.iter().map(|form| answer("100", &clean(form))).collect();
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
    let count = right.iter().filter(|right| **right).count();
    let weight = answers::weight(100.0 / count.max(1) as f64);
    let fraction = |right: bool| match right {
        true if several => weight.clone(),
        true => "100".to_owned(),
        // As our own marking: a wrong one takes a right one away.
        false if several && count > 0 => format!("-{weight}"),
        false => "0".to_owned(),
    };
    let options = question.options.iter().zip(right).map(|(option, right)| answer(&fraction(*right), &option.text));
    format!(
        "<single>{}</single>\n<shuffleanswers>false</shuffleanswers>\n<answernumbering>{numbering}</answernumbering>\n{}",
        !several,
        options.collect::<String>()
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
    for (at, forms) in answers::blanks(text).into_iter().zip(blanks) {
        let forms: Vec<String> = forms.iter().map(|form| format!("={}", within(&clean(form)))).collect();
        out.push_str(&text[from..at.start]);
        out.push_str(&format!("{{1:SHORTANSWER:{}}}", forms.join("~")));
        from = at.end;
    }
    out + &text[from..]
}

/// A form inside braces, where `~`, `#` and `}` are signs, and where Moodle expects HTML.
fn within(form: &str) -> String {
    let mut out = String::new();
    for c in escape(form).chars() {
        if matches!(c, '\\' | '~' | '#' | '}') {
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
    for element in quiz.named("question") {
        let number = imported.questions.len() + 1;
        let name = element.first("name").map(text_of).unwrap_or_default();
        if element.attribute("type") == "category" {
            continue;
        }
        let mut reasons = Vec::new();
        match read(element, &name, number, &mut reasons) {
            Some(question) => {
                imported.warnings.extend(reasons.into_iter().map(|reason| Warning::new(&question.path, reason)));
                imported.questions.push(question);
            }
            None => {
                let reason = format!("it is left out: there is no “{}” question here", element.attribute("type"));
                imported.warnings.push(Warning::new(if name.is_empty() { number.to_string() } else { name }, reason));
            }
        }
    }
    Ok(imported)
}

/// A text as it is shown; HTML unless it says otherwise.
fn text_of(element: &Element) -> String {
    let text = element.first("text").map(Element::text).unwrap_or_default();
    match element.attribute("format") {
        "plain_text" | "markdown" => clean(&text),
        _ => xml::plain(&text),
    }
}

fn read(element: &Element, name: &str, number: usize, reasons: &mut Vec<&'static str>) -> Option<Question> {
    let text = element.first("questiontext").map(text_of).unwrap_or_default();
    let mut read = question(name, number, &text);
    let value = |name: &str| element.first(name).map(|inner| inner.text().trim().to_owned()).unwrap_or_default();
    let graded: Vec<(f64, String)> = element
        .named("answer")
        .map(|answer| (answer.attribute("fraction").trim().parse().unwrap_or(0.0), text_of(answer)))
        .collect();
    match element.attribute("type") {
        "multichoice" => {
            let several = !matches!(value("single").as_str(), "true" | "1" | "");
            read.kind = if several { Kind::Multiple } else { Kind::Single };
            let right: Vec<bool> = graded.iter().map(|(f, _)| if several { *f > 0.0 } else { *f >= 100.0 }).collect();
            read.options = options(labels(&value("answernumbering")), graded.into_iter().map(|(_, text)| text));
            read.key = choice_key(&read.options, &right);
        }
        "truefalse" => {
            read.kind = Kind::TrueFalse;
            let right = graded.iter().find(|(fraction, _)| *fraction >= 100.0);
            read.key = right.and_then(|(_, text)| truth_key(text.eq_ignore_ascii_case("true")));
        }
        "numerical" => {
            read.kind = Kind::Numeric;
            let unit =
                element.all().into_iter().find(|inner| inner.name == "unit_name").map(|unit| clean(&unit.text()));
            let full = element.named("answer").filter(|a| a.attribute("fraction").trim().parse() == Ok(100.0));
            let numbers: Vec<String> = full
                .filter_map(|answer| {
                    let tolerance = answer.first("tolerance").and_then(|inner| answers::digits(&inner.text()));
                    let tolerance = tolerance.filter(|by| by.parse() != Ok(0.0));
                    let value = answers::digits(&text_of(answer))?;
                    Some(Number { value, unit: unit.clone().unwrap_or_default(), tolerance }.shown())
                })
                .collect();
            read.key = key(numbers.join(" / "));
        }
        "shortanswer" => {
            read.kind = Kind::Short;
            let full: Vec<String> =
                graded.into_iter().filter(|(fraction, _)| *fraction >= 100.0).map(|(_, text)| text).collect();
            read.key = key(answers::key_of_forms(&full));
        }
        "matching" => {
            read.kind = Kind::Match;
            let right = |sub: &Element| sub.first("answer").map(text_of).unwrap_or_default();
            let pairs: Vec<(String, String)> =
                element.named("subquestion").map(|sub| (text_of(sub), right(sub))).collect();
            if pairs.iter().any(|(left, right)| left.is_empty() != right.is_empty()) {
                reasons.push("answers that match nothing are left out");
            }
            let pairs: Vec<_> = pairs.into_iter().filter(|(l, r)| !l.is_empty() && !r.is_empty()).collect();
            read.key = key(answers::key_of_pairs(&pairs, &mut read.text));
        }
        "ordering" => {
            read.kind = Kind::Order;
            let mut things: Vec<(f64, String)> = graded;
            things.sort_by(|a, b| a.0.total_cmp(&b.0));
            (read.options, read.key) = ordered(&things.into_iter().map(|(_, text)| text).collect::<Vec<_>>());
        }
        "cloze" | "multianswer" => embedded(&mut read),
        "essay" => {
            read.kind = Kind::Long;
            read.key = element.first("graderinfo").map(text_of).and_then(key);
        }
        "description" => read.kind = Kind::Group,
        _ => return None,
    }
    let grade = value("defaultgrade").parse::<f64>().ok().filter(|marks| marks.is_finite() && *marks >= 0.0);
    read.marks = grade.filter(|_| read.kind != Kind::Group);
    let has_feedback = |inner: &&Element| inner.name.ends_with("feedback") && !inner.text().trim().is_empty();
    if element.all().iter().any(has_feedback) {
        reasons.push("its feedback is left out");
    }
    if element.all().iter().any(|inner| inner.name == "file") {
        reasons.push("its pictures are left out");
    }
    Some(read)
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
fn embedded(read: &mut Question) {
    read.kind = Kind::Cloze;
    let (mut text, mut points) = (String::new(), Vec::new());
    let mut rest = read.text.as_str();
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match blank(rest) {
            Some((forms, length)) => {
                text.push_str(BLANK);
                points.push(answers::key_of_forms(&forms));
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
    // A key with a hole would mark the wrong blank.
    read.key = if points.iter().any(String::is_empty) { None } else { key(points.join("; ")) };
}

/// The right forms of `{1:KIND:=form~other}` and its length.
fn blank(text: &str) -> Option<(Vec<String>, usize)> {
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
            '\\' => form.extend(chars.next().map(|(_, c)| if c == '#' { '\u{fdd3}' } else { c })),
            '~' => forms.push(String::new()),
            '}' => {
                let length = text.len() - answers.len() + at + 1;
                return Some((forms.iter().filter_map(|form| right_form(form, kind)).collect(), length));
            }
            c => form.push(c),
        }
    }
    None
}

fn right_form(form: &str, kind: &str) -> Option<String> {
    let form = form.trim();
    let form = form.strip_prefix('=').or_else(|| form.strip_prefix("%100%"))?;
    let form = xml::entities(form.split('#').next().unwrap_or_default()).replace('\u{fdd3}', "#");
    let number = form.split_once(':').filter(|_| kind.starts_with("NUM") || kind == "NM");
    Some(match number {
        Some((value, by)) if by.trim().parse() == Ok(0.0) => value.trim().to_owned(),
        Some((value, by)) => format!("{} (± {})", value.trim(), by.trim()),
        None => clean(&form),
    })
}
