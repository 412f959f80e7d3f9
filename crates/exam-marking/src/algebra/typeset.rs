//! An answer set as it is read, for the pupil who types it in one line: `3/4 cm` with a fraction bar, `2x^2` with a power.

use exam_model::formula::Formula;
use exam_model::text::raised;

use super::expression::{Expression, Function, are_symbols};
use super::poly::Ratio;
use crate::letters::tidy;
use crate::unit;

const RELATIONS: [char; 6] = ['=', '<', '>', '≤', '≥', '≠'];

/// The formula that an answer is read as: an expression, an equation or an amount with its unit. `None` where it is none, and
/// where it looks the same in one line.
pub fn typeset(answer: &str) -> Option<Formula> {
    let text = tidy(answer.trim());
    // `12/05/2024`
    let is_date = text.matches('/').count() > 1 && !text.contains('(');
    if is_date || unit::parse(&text).is_some() {
        return None;
    }
    let formula = amount(&text).or_else(|| relation(&text))?;
    let is_typed_otherwise = text.contains(['^', '*', '/']) || text.to_lowercase().contains("root");
    (is_typed_otherwise || !formula.is_flat()).then_some(formula)
}

/// A value and its unit.
fn amount(text: &str) -> Option<Formula> {
    let starts = |&(at, c): &(usize, char)| c.is_alphabetic() && !text[..at].ends_with(char::is_alphabetic);
    text.char_indices().filter(starts).find_map(|(at, _)| {
        let value = Expression::parse(&text[..at]).filter(|value| value.letters().is_empty())?;
        unit::parse(&text[at..])?;
        let unit = unit_set(&format!("\u{a0}{}", &text[at..]));
        Some(Formula::row(std::iter::once(value.typeset()).chain(unit).collect()))
    })
}

/// A unit with its powers raised.
fn unit_set(text: &str) -> Vec<Formula> {
    let mut set: Vec<Formula> = Vec::new();
    for (piece, is_power) in raised(text) {
        let piece = Formula::Text(piece.to_owned());
        match (is_power, set.pop()) {
            (true, Some(base)) => set.push(Formula::Script { base: base.into(), sub: None, sup: Some(piece.into()) }),
            (_, before) => set.extend(before.into_iter().chain([piece])),
        }
    }
    set
}

/// An expression, or several with signs between.
fn relation(text: &str) -> Option<Formula> {
    let side = |text: &str| are_symbols(text, false).then(|| Expression::parse(text)).flatten();
    let sides: Option<Vec<Formula>> = text.split(RELATIONS).map(|text| Some(side(text)?.typeset())).collect();
    let mut signs = text.chars().filter(|c| RELATIONS.contains(c));
    let mut parts = Vec::new();
    for side in sides? {
        if !parts.is_empty() {
            parts.extend(signs.next().map(Formula::operator));
        }
        parts.push(side);
    }
    Some(Formula::row(parts))
}

impl Expression {
    fn typeset(&self) -> Formula {
        match self {
            Self::Number(value) => number(*value),
            Self::Letter(name) => Formula::identifier(name),
            Self::Pi => Formula::identifier("π"),
            Self::Sum(a, b) => match &**b {
                Self::Negative(b) => Formula::row(vec![a.typeset(), Formula::operator("−"), b.factor()]),
                b => Formula::row(vec![a.typeset(), Formula::operator("+"), b.typeset()]),
            },
            Self::Negative(a) => Formula::row(vec![Formula::operator("−"), a.factor()]),
            Self::Product(a, b) => {
                let cross = b.begins_with_a_number().then(|| Formula::operator("×"));
                Formula::row([Some(a.factor()), cross, Some(b.factor())].into_iter().flatten().collect())
            }
            Self::Quotient(a, b) => Formula::Fraction { over: Box::new(a.typeset()), under: Box::new(b.typeset()) },
            Self::Power(a, b) => {
                Formula::Script { base: Box::new(a.base()), sub: None, sup: Some(Box::new(b.typeset())) }
            }
            Self::Root(degree, a) => {
                let index = (*degree != 2).then(|| Box::new(Formula::number(degree.to_string())));
                Formula::Root { of: Box::new(a.typeset()), index }
            }
            Self::Function(function, a) => {
                let name = match function {
                    Function::Sin => "sin",
                    Function::Cos => "cos",
                    Function::Tan => "tan",
                    Function::Log => "log",
                    Function::Ln => "ln",
                };
                Formula::row(vec![Formula::identifier(name), a.base()])
            }
        }
    }

    /// In brackets where it is a sum.
    fn factor(&self) -> Formula {
        if matches!(self, Self::Sum(..) | Self::Negative(_)) { fenced(self.typeset()) } else { self.typeset() }
    }

    /// In brackets where it is more than one sign.
    fn base(&self) -> Formula {
        if matches!(self, Self::Number(_) | Self::Letter(_) | Self::Pi) {
            self.typeset()
        } else {
            fenced(self.typeset())
        }
    }

    fn begins_with_a_number(&self) -> bool {
        match self {
            Self::Number(_) => true,
            Self::Product(a, _) | Self::Quotient(a, _) | Self::Power(a, _) => a.begins_with_a_number(),
            _ => false,
        }
    }
}

fn fenced(formula: Formula) -> Formula {
    Formula::Fenced { open: "(".into(), close: ")".into(), of: Box::new(formula) }
}

/// A decimal number, or a fraction that is none.
fn number(value: Ratio) -> Formula {
    let Ratio(top, bottom) = value;
    let places = (0..=12).find(|&places| 10i128.pow(places) % bottom == 0);
    let text = places.filter(|&places| places > 0).map(|places| {
        let scaled = top * (10i128.pow(places) / bottom);
        let digits = format!("{:0>1$}", scaled.unsigned_abs(), places as usize + 1);
        let (whole, part) = digits.split_at(digits.len() - places as usize);
        format!("{}{whole}.{part}", if scaled < 0 { "−" } else { "" })
    });
    match text {
        Some(text) => Formula::number(text),
        None if bottom == 1 => Formula::number(top.to_string()),
        None => {
            let [over, under] = [top, bottom].map(|number| Box::new(Formula::number(number.to_string())));
            Formula::Fraction { over, under }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_set_as_it_is_read() {
        for (answer, set) in [
            ("3/4 cm", "<math><mrow><mfrac><mn>3</mn><mn>4</mn></mfrac><mtext>\u{a0}cm</mtext></mrow></math>"),
            ("2x^2", "<math><mrow><mn>2</mn><msup><mi>x</mi><mn>2</mn></msup></mrow></math>"),
            ("x/(y+1)", "<math><mfrac><mi>x</mi><mrow><mi>y</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>"),
            ("√(2)", "<math><msqrt><mn>2</mn></msqrt></math>"),
            ("x = 1/2", "<math><mrow><mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow></math>"),
            // `2¾` would be a mixed number.
            ("2*(3/4)", "<math><mrow><mn>2</mn><mo>×</mo><mfrac><mn>3</mn><mn>4</mn></mfrac></mrow></math>"),
            ("2*(x/4)", "<math><mrow><mn>2</mn><mfrac><mi>x</mi><mn>4</mn></mfrac></mrow></math>"),
            ("5 m^3", "<math><mrow><mn>5</mn><msup><mtext>\u{a0}m</mtext><mtext>3</mtext></msup></mrow></math>"),
            ("3*10^8", "<math><mrow><mn>3</mn><mo>×</mo><msup><mn>10</mn><mn>8</mn></msup></mrow></math>"),
        ] {
            assert_eq!(typeset(answer).map(|formula| formula.to_mathml()).as_deref(), Some(set), "{answer}");
        }
        for same in ["12 cm", "the heart", "and/or", "2x + 1", "", "12/05/2024", "km/h", "<b>/2"] {
            assert_eq!(typeset(same), None, "{same}");
        }
    }
}
