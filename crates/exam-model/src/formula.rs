//! What a formula is: a tree that keeps what print shows in two dimensions, and its two spellings, MathML and one line.

use serde::{Deserialize, Serialize};

/// A formula, or a part of one.
///
/// ```
/// # use exam_model::formula::Formula;
/// let sum = Formula::Row(vec![Formula::identifier("a"), Formula::operator("+"), Formula::identifier("b")]);
/// let half = Formula::Fraction { over: Box::new(sum), under: Box::new(Formula::number("2")) };
/// assert_eq!(half.to_text(), "(a+b)/2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    Number(String),
    /// A letter, or the name of a function: `x`, `sin`.
    Identifier(String),
    Operator(String),
    /// Words within a formula: `if`, `otherwise`.
    Text(String),
    Row(Vec<Formula>),
    Fraction {
        over: Box<Formula>,
        under: Box<Formula>,
    },
    Root {
        of: Box<Formula>,
        /// `3` of a cube root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<Box<Formula>>,
    },
    /// Something with a smaller part beside it, below or above its line.
    Script {
        base: Box<Formula>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sub: Option<Box<Formula>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sup: Option<Box<Formula>>,
    },
    /// Something with another thing right under or over it: limits of a sum, the arrow of a vector.
    Stack {
        base: Box<Formula>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        under: Option<Box<Formula>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Box<Formula>>,
    },
    /// Something in brackets or between bars.
    Fenced {
        open: String,
        close: String,
        of: Box<Formula>,
    },
    /// Rows of cells.
    Matrix(Vec<Vec<Formula>>),
    /// Rows behind one tall brace: a function by cases, a system of equations.
    Cases(Vec<Vec<Formula>>),
}

/// What stands over a letter as a part of its name, and what it is called in one line.
const ACCENTS: [(&str, &str); 6] =
    [("→", "vec"), ("ˆ", "hat"), ("¯", "bar"), ("˜", "tilde"), ("˙", "dot"), ("¨", "ddot")];

/// Operators between which and their neighbours a line has spaces.
const RELATIONS: &str = "=≠<>≤≥≈≡∼∈∉⊂⊆→⇒⇔↔:⊥∥≅∝";

impl Formula {
    pub fn number(text: impl Into<String>) -> Self {
        Self::Number(text.into())
    }

    pub fn identifier(text: impl Into<String>) -> Self {
        Self::Identifier(text.into())
    }

    pub fn operator(text: impl Into<String>) -> Self {
        Self::Operator(text.into())
    }

    /// The one part itself, or all in a row.
    pub fn row(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            1 => parts.remove(0),
            _ => Self::Row(parts),
        }
    }

    /// Presentation MathML (MathML Core): what a browser shows and a screen reader speaks.
    pub fn to_mathml(&self) -> String {
        let mut out = String::from("<math>");
        self.write_mathml(&mut out);
        out.push_str("</math>");
        out
    }

    fn write_mathml(&self, out: &mut String) {
        match self {
            Self::Number(text) => token(out, "mn", text),
            Self::Identifier(text) => token(out, "mi", text),
            Self::Operator(text) => token(out, "mo", text),
            Self::Text(text) => token(out, "mtext", text),
            Self::Row(parts) => {
                out.push_str("<mrow>");
                parts.iter().for_each(|part| part.write_mathml(out));
                out.push_str("</mrow>");
            }
            Self::Fraction { over, under } => element(out, "mfrac", &[over, under]),
            Self::Root { of, index: None } => element(out, "msqrt", &[of]),
            Self::Root { of, index: Some(index) } => element(out, "mroot", &[of, index]),
            Self::Script { base, sub, sup } => with_two(out, ["msub", "msup", "msubsup"], base, sub, sup),
            Self::Stack { base, under, over } => {
                let accent = over.as_deref().and_then(accent).is_some();
                let names = ["munder", if accent { "mover accent=\"true\"" } else { "mover" }, "munderover"];
                with_two(out, names, base, under, over);
            }
            Self::Fenced { open, close, of } => {
                out.push_str("<mrow>");
                token(out, "mo", open);
                of.write_mathml(out);
                token(out, "mo", close);
                out.push_str("</mrow>");
            }
            Self::Matrix(rows) => table(out, rows),
            Self::Cases(rows) => {
                out.push_str("<mrow>");
                token(out, "mo", "{");
                table(out, rows);
                out.push_str("</mrow>");
            }
        }
    }

    /// One line of text that marking can read: `(a+b)/2`, `sqrt(x)`, `x^2`, `[[1, 2], [3, 4]]`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Number(text) | Self::Identifier(text) | Self::Text(text) => text.clone(),
            Self::Operator(text) => text.clone(),
            Self::Row(parts) => line(parts),
            Self::Fraction { over, under } => format!("{}/{}", over.in_brackets(), under.in_brackets()),
            Self::Root { of, index: None } => format!("sqrt({})", of.to_text()),
            Self::Root { of, index: Some(index) } => format!("root({}, {})", index.to_text(), of.to_text()),
            Self::Script { base, sub, sup } => base.with_ends(sub.as_deref(), sup.as_deref()),
            Self::Stack { base, under: None, over: Some(over) } if accent(over).is_some() => {
                format!("{}({})", accent(over).unwrap_or_default(), base.to_text())
            }
            Self::Stack { base, under, over } => base.with_ends(under.as_deref(), over.as_deref()),
            // The brackets of a matrix are those of its rows; a determinant's bars are kept.
            Self::Fenced { open, of, .. } if matches!(**of, Self::Matrix(_)) && open != "|" => of.to_text(),
            Self::Fenced { open, close, of } => format!("{open}{}{close}", of.to_text()),
            Self::Matrix(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", texts(row).join(", "))).collect();
                format!("[{}]", rows.join(", "))
            }
            Self::Cases(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| texts(row).join(" ")).collect();
                format!("{{{}}}", rows.join("; "))
            }
        }
    }

    /// `x_1^2`.
    fn with_ends(&self, low: Option<&Self>, high: Option<&Self>) -> String {
        let mut out = if self.is_closed() { self.to_text() } else { format!("({})", self.to_text()) };
        for (sign, part) in [('_', low), ('^', high)] {
            if let Some(part) = part {
                out.push(sign);
                out.push_str(&part.in_brackets());
            }
        }
        out
    }

    fn in_brackets(&self) -> String {
        let simple = match self {
            // `2x` in a fraction's lower part would be read as `…/2·x`.
            Self::Row(_) | Self::Fraction { .. } | Self::Script { .. } | Self::Stack { .. } => false,
            // The degree of a derivative: `f'`.
            _ => self.is_closed(),
        };
        if simple { self.to_text() } else { format!("({})", self.to_text()) }
    }

    /// Nothing beside it can be mistaken for a part of it.
    fn is_closed(&self) -> bool {
        !matches!(self, Self::Row(_) | Self::Fraction { .. } | Self::Script { .. } | Self::Text(_))
    }

    /// Whether it has parts that one line of characters cannot show, those in raised and lowered digits and signs aside.
    pub fn is_flat(&self) -> bool {
        let all = |parts: &[Self]| parts.iter().all(Self::is_flat);
        match self {
            Self::Number(_) | Self::Identifier(_) | Self::Operator(_) | Self::Text(_) => true,
            Self::Row(parts) => all(parts),
            Self::Fenced { of, .. } => of.is_flat(),
            Self::Script { base, sub, sup } => {
                let ends = [sub, sup].into_iter().flatten();
                base.is_flat()
                    && ends.clone().count() == 1
                    && ends.into_iter().all(|end| end.is_whole() || end.is_charge())
            }
            _ => false,
        }
    }

    /// A whole number, maybe with a sign: characters have raised and lowered forms of it.
    fn is_whole(&self) -> bool {
        match self {
            Self::Number(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Row(parts) => matches!(parts.as_slice(),
                [Self::Operator(sign), number] if "+-−".contains(sign.as_str()) && number.is_whole()),
            _ => false,
        }
    }

    /// `2+`, `−`, as an ion has it.
    fn is_charge(&self) -> bool {
        let sign = |part: &Self| matches!(part, Self::Operator(sign) if "+−".contains(sign.as_str()));
        match self {
            Self::Row(parts) => matches!(parts.as_slice(), [number, end] if number.is_whole() && sign(end)),
            end => sign(end),
        }
    }
}

fn accent(over: &Formula) -> Option<&'static str> {
    let Formula::Operator(sign) = over else { return None };
    ACCENTS.iter().find(|(accent, _)| accent == sign).map(|(_, name)| *name)
}

fn token(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out.push_str(&format!("</{name}>"));
}

/// `start` may have attributes.
fn element(out: &mut String, start: &str, parts: &[&Formula]) {
    out.push_str(&format!("<{start}>"));
    parts.iter().for_each(|part| part.write_mathml(out));
    out.push_str(&format!("</{}>", start.split(' ').next().unwrap_or_default()));
}

type Part = Option<Box<Formula>>;

fn with_two(out: &mut String, [low, high, both]: [&str; 3], base: &Formula, under: &Part, over: &Part) {
    match (under, over) {
        (Some(under), Some(over)) => element(out, both, &[base, under, over]),
        (Some(under), None) => element(out, low, &[base, under]),
        (None, Some(over)) => element(out, high, &[base, over]),
        (None, None) => base.write_mathml(out),
    }
}

fn table(out: &mut String, rows: &[Vec<Formula>]) {
    out.push_str("<mtable>");
    for row in rows {
        out.push_str("<mtr>");
        row.iter().for_each(|cell| element(out, "mtd", &[cell]));
        out.push_str("</mtr>");
    }
    out.push_str("</mtable>");
}

fn texts(row: &[Formula]) -> Vec<String> {
    row.iter().map(Formula::to_text).collect()
}

/// The parts of a row, with spaces where they keep apart what is not one.
fn line(parts: &[Formula]) -> String {
    let mut out = String::new();
    for (n, part) in parts.iter().enumerate() {
        let text = part.to_text();
        let before = n.checked_sub(1).map(|n| &parts[n]);
        let relation = |part: &Formula| matches!(part, Formula::Operator(sign) if !sign.is_empty() && RELATIONS.contains(sign.as_str()));
        let comma = |part: &Formula| matches!(part, Formula::Operator(sign) if [",", ";"].contains(&sign.as_str()));
        let spaced = before.is_some_and(|before| {
            comma(before) || relation(before) || relation(part) || are_apart(before, part, &out, &text)
        });
        if spaced && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(&text);
    }
    out
}

/// Two parts that would run together: `2 1/3`, `sin x`, `x (a+b)/2`.
fn are_apart(before: &Formula, part: &Formula, left: &str, right: &str) -> bool {
    let is_name = |part: &Formula| match part {
        Formula::Identifier(name) => name.chars().count() > 1,
        Formula::Text(_) => true,
        Formula::Script { base, .. } => matches!(&**base, Formula::Identifier(name) if name.chars().count() > 1),
        Formula::Stack { base, .. } => matches!(&**base, Formula::Identifier(name) if name.chars().count() > 1),
        _ => false,
    };
    let operator = |part: &Formula| matches!(part, Formula::Operator(_));
    if operator(before) || operator(part) {
        return matches!(before, Formula::Text(_)) || matches!(part, Formula::Text(_));
    }
    let fenced = matches!(part, Formula::Fenced { .. });
    let word = |c: char| c.is_alphanumeric();
    let functions = is_name(before) && !fenced || is_name(part) && left.ends_with(word);
    let numbers = left.ends_with(word) && right.starts_with(|c: char| c.is_ascii_digit());
    let brackets = !fenced && left.ends_with(word) && right.starts_with('(');
    let fraction = matches!(before, Formula::Fraction { .. }) || matches!(part, Formula::Fraction { .. });
    let ended = matches!(before, Formula::Script { .. } | Formula::Stack { .. });
    let raised = ended && left.ends_with(word) && right.starts_with(word);
    functions || numbers || brackets || raised || fraction && left.ends_with(|c: char| word(c) || c == ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Formula {
        Formula::number(text)
    }

    fn x(text: &str) -> Formula {
        Formula::identifier(text)
    }

    fn o(text: &str) -> Formula {
        Formula::operator(text)
    }

    fn row(parts: &[Formula]) -> Formula {
        Formula::Row(parts.to_vec())
    }

    fn fraction(over: Formula, under: Formula) -> Formula {
        Formula::Fraction { over: Box::new(over), under: Box::new(under) }
    }

    fn script(base: Formula, sub: Option<Formula>, sup: Option<Formula>) -> Formula {
        Formula::Script { base: Box::new(base), sub: sub.map(Box::new), sup: sup.map(Box::new) }
    }

    fn stack(base: Formula, under: Option<Formula>, over: Option<Formula>) -> Formula {
        Formula::Stack { base: Box::new(base), under: under.map(Box::new), over: over.map(Box::new) }
    }

    fn fenced(of: Formula) -> Formula {
        Formula::Fenced { open: "(".into(), close: ")".into(), of: Box::new(of) }
    }

    fn root(of: Formula, index: Option<Formula>) -> Formula {
        Formula::Root { of: Box::new(of), index: index.map(Box::new) }
    }

    #[test]
    fn text_is_one_line_that_can_be_read_back() {
        let square = || script(x("x"), None, Some(n("2")));
        let matrix = Formula::Matrix(vec![vec![n("1"), n("2")], vec![n("3"), row(&[o("−"), n("4")])]]);
        let cases = Formula::Cases(vec![vec![n("1"), row(&[Formula::Text("if".into()), x("x"), o(">"), n("0")])]]);
        let sum = stack(o("∑"), Some(row(&[x("i"), o("="), n("1")])), Some(x("n")));
        for (formula, text) in [
            (row(&[x("y"), o("="), square(), o("−"), n("4"), x("x")]), "y = x^2−4x"),
            (fraction(row(&[n("2"), x("x")]), x("y")), "(2x)/y"),
            (row(&[n("2"), fraction(n("1"), n("3"))]), "2 1/3"),
            (row(&[x("x"), fraction(row(&[x("d"), x("y")]), row(&[x("d"), x("x")]))]), "x (dy)/(dx)"),
            (fraction(n("1"), root(square(), None)), "1/sqrt(x^2)"),
            (root(x("x"), Some(n("3"))), "root(3, x)"),
            (script(x("e"), None, Some(row(&[o("−"), x("x")]))), "e^(−x)"),
            (script(fenced(row(&[x("a"), o("+"), x("b")])), None, Some(n("3"))), "(a+b)^3"),
            (script(x("x"), Some(n("1")), Some(n("2"))), "x_1^2"),
            (row(&[script(x("sin"), None, Some(n("2"))), x("x")]), "sin^2 x"),
            (row(&[x("cos"), fenced(x("x"))]), "cos(x)"),
            (
                Formula::Fenced { open: "(".into(), close: ")".into(), of: Box::new(matrix.clone()) },
                "[[1, 2], [3, −4]]",
            ),
            (Formula::Fenced { open: "|".into(), close: "|".into(), of: Box::new(matrix) }, "|[[1, 2], [3, −4]]|"),
            (row(&[x("f"), o("="), cases]), "f = {1 if x > 0}"),
            (row(&[sum, x("i")]), "∑_(i = 1)^n i"),
            (stack(row(&[x("A"), x("B")]), None, Some(o("→"))), "vec(AB)"),
            (fenced(row(&[n("1"), o(","), n("2")])), "(1, 2)"),
        ] {
            assert_eq!(formula.to_text(), text);
        }
    }

    #[test]
    fn mathml_is_well_formed_and_escaped() {
        let less = row(&[x("a"), o("<"), Formula::Text("b & c".into())]);
        assert_eq!(less.to_mathml(), "<math><mrow><mi>a</mi><mo>&lt;</mo><mtext>b &amp; c</mtext></mrow></math>");
        for (formula, inner) in [
            (fraction(n("1"), n("2")), "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
            (root(n("2"), None), "<msqrt><mn>2</mn></msqrt>"),
            (root(n("2"), Some(n("3"))), "<mroot><mn>2</mn><mn>3</mn></mroot>"),
            (script(x("x"), Some(n("1")), None), "<msub><mi>x</mi><mn>1</mn></msub>"),
            (script(x("x"), None, Some(n("2"))), "<msup><mi>x</mi><mn>2</mn></msup>"),
            (script(x("x"), Some(n("1")), Some(n("2"))), "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
            (stack(x("v"), None, Some(o("→"))), "<mover accent=\"true\"><mi>v</mi><mo>→</mo></mover>"),
            (stack(x("lim"), Some(x("x")), None), "<munder><mi>lim</mi><mi>x</mi></munder>"),
            (fenced(n("1")), "<mrow><mo>(</mo><mn>1</mn><mo>)</mo></mrow>"),
            (
                Formula::Cases(vec![vec![n("1"), n("2")]]),
                "<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></mrow>",
            ),
        ] {
            assert_eq!(formula.to_mathml(), format!("<math>{inner}</math>"));
        }
    }

    #[test]
    fn a_tree_survives_json() {
        let formula = row(&[fraction(n("1"), x("n")), stack(o("∑"), None, Some(x("n")))]);
        let json = serde_json::to_string(&formula).unwrap();
        assert_eq!(serde_json::from_str::<Formula>(&json).unwrap(), formula);
        assert!(json.starts_with(r#"{"row":[{"fraction":{"over":{"number":"1"}"#), "{json}");
    }

    #[test]
    fn raised_digits_alone_are_flat() {
        assert!(row(&[script(x("x"), None, Some(n("2"))), o("+"), n("1")]).is_flat());
        assert!(script(n("10"), None, Some(row(&[o("−"), n("3")]))).is_flat());
        assert!(script(x("Cu"), None, Some(row(&[n("2"), o("+")]))).is_flat());
        assert!(!script(x("e"), None, Some(x("x"))).is_flat());
        assert!(!fenced(fraction(n("1"), n("2"))).is_flat());
    }
}
