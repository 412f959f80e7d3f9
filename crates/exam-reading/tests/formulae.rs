//! Formulae of printed papers, as their characters, rules and pictures stand on the page, with the tree that a person wrote
//! down from looking at it.
//!
//! They are of the papers that the reading was made with. The trees are written as `sketch` does.

use exam_model::formula::Formula;
use exam_reading::formula::{Found, find};
use exam_reading::text::{Area, Char, Drawing, PageText};
use serde::Deserialize;

#[derive(Deserialize)]
struct Sample {
    tree: String,
    /// Text, x, baseline, width, size.
    chars: Vec<(String, f32, f32, f32, f32)>,
    /// X, y, width, height.
    rules: Vec<[f32; 4]>,
    pictures: Vec<[f32; 4]>,
}

impl Sample {
    fn page(&self) -> PageText {
        let char = |(text, x, baseline, width, size): &(String, f32, f32, f32, f32)| Char {
            text: text.clone(),
            x: *x,
            baseline: *baseline,
            width: *width,
            size: *size,
            bold: false,
            coloured: false,
        };
        let area = |[x, y, width, height]: &[f32; 4]| Area { x: *x, y: *y, width: *width, height: *height };
        let rules = self.rules.iter().map(|rule| Drawing::Line(area(rule)));
        let pictures = self.pictures.iter().map(|picture| Drawing::Picture(area(picture)));
        let chars = self.chars.iter().map(char).collect();
        PageText {
            width: 595.0,
            height: 842.0,
            chars,
            drawings: rules.chain(pictures).collect(),
            ..PageText::default()
        }
    }
}

/// A tree in the manner of TeX, so that a person can write it down; `^^` and `__` stand for right above and below.
fn sketch(formula: &Formula) -> String {
    let list = |parts: &[Formula], between: &str| parts.iter().map(sketch).collect::<Vec<_>>().join(between);
    let end = |sign: &str, part: &Option<Box<Formula>>| {
        part.as_ref().map_or(String::new(), |part| format!("{sign}{{{}}}", sketch(part)))
    };
    let base = |formula: &Formula| match formula {
        Formula::Row(_) => format!("{{{}}}", sketch(formula)),
        _ => sketch(formula),
    };
    let rows = |rows: &[Vec<Formula>]| rows.iter().map(|row| list(row, " & ")).collect::<Vec<_>>().join(r" \\ ");
    match formula {
        Formula::Number(text) | Formula::Operator(text) => text.clone(),
        Formula::Identifier(name) if name.chars().count() > 1 => format!("\\{name}"),
        Formula::Identifier(name) => name.clone(),
        Formula::Text(text) => format!("\"{text}\""),
        Formula::Row(parts) => list(parts, " "),
        Formula::Fraction { over, under } => format!("\\frac{{{}}}{{{}}}", sketch(over), sketch(under)),
        Formula::Root { of, index } => {
            let index = index.as_ref().map_or(String::new(), |index| format!("[{}]", sketch(index)));
            format!("\\sqrt{index}{{{}}}", sketch(of))
        }
        Formula::Script { base: of, sub, sup } => format!("{}{}{}", base(of), end("_", sub), end("^", sup)),
        Formula::Stack { base: of, under, over } => format!("{}{}{}", base(of), end("__", under), end("^^", over)),
        Formula::Fenced { open, close, of } => format!("{open} {} {close}", sketch(of)),
        Formula::Matrix(cells) => format!("\\matrix{{{}}}", rows(cells)),
        Formula::Cases(cells) => format!("\\cases{{{}}}", rows(cells)),
    }
}

/// How many trees are as the person wrote them, of how many; and how many of the others are doubted.
fn measure(samples: &str) -> [usize; 3] {
    let samples: Vec<Sample> = samples.lines().map(|line| serde_json::from_str(line).expect("a sample")).collect();
    let (mut equal, mut doubted) = (0, 0);
    for sample in &samples {
        let found = find(&sample.page());
        let trees: Vec<String> = found.iter().map(|found| sketch(&found.formula)).collect();
        if trees == [sample.tree.as_str()] {
            equal += 1;
        } else {
            let doubt = found.is_empty() || found.iter().any(|Found { doubt, .. }| doubt.is_some());
            doubted += usize::from(doubt);
            println!("{}\n   read as {trees:?}{}", sample.tree, if doubt { ", doubted" } else { "" });
        }
    }
    [equal, samples.len(), doubted]
}

#[test]
fn fitted_formulae_are_read() {
    let [equal, all, doubted] = measure(include_str!("formulae/fitted.jsonl"));
    println!("fitted: {equal} of {all}, {doubted} of the others doubted");
    assert!(equal * 100 >= all * 95);
}

#[test]
fn prose_holds_no_formula() {
    let rows = [
        "Name a metal that is used to make an aeroplane (2 marks)",
        "(a) A train leaves at 10.30 and covers 120 km in 2 hours.",
        "B. It costs 5,000 francs, or 12 % more than in 2019.",
        "(i) x + y = 4 and x - y = 2",
    ];
    let chars = rows.iter().zip(1_u8..).flat_map(|(row, n)| {
        row.chars().zip(0_u8..).map(move |(c, m)| Char {
            text: c.to_string(),
            x: 60.0 + 5.0 * f32::from(m),
            baseline: 80.0 + 14.0 * f32::from(n),
            width: 5.0,
            size: 10.0,
            bold: false,
            coloured: false,
        })
    });
    let underline = Drawing::Line(Area { x: 60.0, y: 96.0, width: 20.0, height: 0.6 });
    let page = PageText {
        width: 595.0,
        height: 842.0,
        chars: chars.collect(),
        drawings: vec![underline],
        ..PageText::default()
    };
    assert_eq!(find(&page), []);
}
