//! What earns something in an item of QTI 1.2: conditions on responses, and what they set the score to.

use crate::answers;
use crate::xml::Element;

/// The conditions of an item that earn something.
pub struct Scored<'a> {
    /// With what each earns; infinitely much for all.
    conditions: Vec<(f64, Vec<Test<'a>>)>,
}

/// A comparison of one response.
struct Test<'a> {
    name: &'a str,
    response: &'a str,
    value: String,
    /// Its place in an order, where it is stated.
    index: usize,
    case: bool,
}

/// A number, or the ends of a range of them.
#[derive(Default)]
pub struct Bounds {
    pub value: Option<String>,
    pub low: Option<String>,
    pub high: Option<String>,
}

impl<'a> Scored<'a> {
    pub fn of(item: &'a Element) -> Self {
        let processing = item.named("resprocessing").flat_map(|processing| processing.named("respcondition"));
        let scored = processing.filter_map(|condition| {
            let mut tests = Vec::new();
            condition.named("conditionvar").for_each(|tested| collect(tested, &mut tests));
            Some((earned(condition)?, tests))
        });
        Self { conditions: scored.collect() }
    }

    /// What the values of one response earn, as a percentage of the most that they can; wrong ones are left out.
    pub fn values(&self, response: &str) -> Vec<(f64, String)> {
        let mut values: Vec<(f64, usize, String)> = Vec::new();
        for (percent, tests) in self.of_response(response) {
            let named = tests.into_iter().filter(|test| !test.value.is_empty() && !test.is_bound());
            for test in named {
                if !values.iter().any(|(other, _, value)| *value == test.value && *other >= percent) {
                    values.push((percent, test.index, test.value.clone()));
                }
            }
        }
        values.sort_by_key(|(_, index, _)| *index);
        values.into_iter().map(|(percent, _, value)| (percent, value)).collect()
    }

    /// The numbers that earn something, each alone or in its range.
    pub fn bounds(&self, response: &str) -> Vec<(f64, Bounds)> {
        self.of_response(response)
            .into_iter()
            .flat_map(|(percent, tests)| ranges(&tests).into_iter().map(move |bounds| (percent, bounds)))
            .collect()
    }

    /// It is enough that a word or a pattern stands in the answer.
    pub fn compares_parts(&self, response: &str) -> bool {
        self.tests(response).any(|test| matches!(test.name, "varsubstring" | "varsubset"))
    }

    /// Capital letters matter.
    pub fn compares_case(&self, response: &str) -> bool {
        self.tests(response).any(|test| test.case)
    }

    fn tests(&self, response: &str) -> impl Iterator<Item = &Test<'a>> {
        self.conditions.iter().flat_map(|(_, tests)| tests).filter(move |test| test.response == response)
    }

    fn of_response(&self, response: &str) -> Vec<(f64, Vec<&Test<'a>>)> {
        let own = self.conditions.iter().map(|(earned, tests)| {
            let own: Vec<&Test> = tests.iter().filter(|test| test.response == response).collect();
            (*earned, own)
        });
        let own: Vec<_> = own.filter(|(_, tests)| !tests.is_empty()).collect();
        let most = own.iter().map(|(earned, _)| *earned).fold(0.0, f64::max);
        let percent = |earned: f64| if earned == most { 100.0 } else { 100.0 * earned / most };
        own.into_iter().map(|(earned, tests)| (percent(earned), tests)).collect()
    }
}

impl Test<'_> {
    fn is_bound(&self) -> bool {
        matches!(self.name, "vargt" | "vargte" | "varlt" | "varlte")
    }
}

/// What a condition earns; `None` for nothing, and for what only shows feedback.
fn earned(condition: &Element) -> Option<f64> {
    let mut set = condition.named("setvar").filter(|set| set.attribute("action") != "Subtract").peekable();
    if set.peek().is_none() {
        // Blackboard says in this way that an answer earns all there is.
        let is_right = |feedback: &Element| feedback.attribute("linkrefid").eq_ignore_ascii_case("correct");
        return condition.named("displayfeedback").any(is_right).then_some(f64::INFINITY);
    }
    let worth = set.map(|set| match set.text().trim() {
        most if most.ends_with(".max") => f64::INFINITY,
        number => number.parse().unwrap_or(0.0),
    });
    worth.reduce(f64::max).filter(|worth| *worth > 0.0)
}

/// The comparisons that must hold; those that must not say nothing of what is right.
fn collect<'a>(element: &'a Element, tests: &mut Vec<Test<'a>>) {
    for inner in element.elements() {
        match inner.name.as_str() {
            "not" => {}
            name if name.starts_with("var") => tests.push(Test {
                name,
                response: inner.attribute("respident"),
                value: inner.text().trim().to_owned(),
                index: inner.attribute("index").parse().unwrap_or(0),
                case: inner.attribute("case") == "Yes",
            }),
            _ => collect(inner, tests),
        }
    }
}

/// `varequal`, `vargte` and `varlte` as ranges, with the value that stands within.
fn ranges(tests: &[&Test<'_>]) -> Vec<Bounds> {
    let of = |names: [&str; 2]| -> Vec<String> {
        let named = tests.iter().filter(|test| names.contains(&test.name));
        named.filter_map(|test| answers::digits(&test.value)).collect()
    };
    let (lows, highs) = (of(["vargt", "vargte"]), of(["varlt", "varlte"]));
    let count = lows.len().max(highs.len());
    let range = |n: usize| Bounds { value: None, low: lows.get(n).cloned(), high: highs.get(n).cloned() };
    let mut found: Vec<Bounds> = (0..count).map(range).collect();
    for value in of(["varequal", "varequal"]) {
        let is_within = |bounds: &Bounds| {
            let side = |side: &Option<String>, other: f64| side.as_ref().map_or(other, |s| s.parse().unwrap_or(other));
            let number = value.parse().unwrap_or(f64::NAN);
            side(&bounds.low, f64::NEG_INFINITY) <= number && number <= side(&bounds.high, f64::INFINITY)
        };
        match found.iter().position(is_within) {
            Some(place) => found[place].value = Some(value),
            None => found.push(Bounds { value: Some(value), ..Bounds::default() }),
        }
    }
    found
}
