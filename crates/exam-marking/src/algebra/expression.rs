//! Expressions as they are typed: read into a tree, brought to a quotient of polynomials, or evaluated.

use super::poly::{HIGHEST, Letter, Poly, Quotient, Ratio, common, root_of};
use crate::lexicon::{DENIALS, SMALL, vocabulary};
use crate::number;

/// Longer texts and deeper brackets are no answers of pupils.
const MAX_LENGTH: usize = 160;
const DEEPEST: usize = 20;

#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(Ratio),
    Letter(String),
    Pi,
    Sum(Box<Self>, Box<Self>),
    Negative(Box<Self>),
    Product(Box<Self>, Box<Self>),
    Quotient(Box<Self>, Box<Self>),
    Power(Box<Self>, Box<Self>),
    /// A square or cube root.
    Root(u32, Box<Self>),
    Function(Function, Box<Self>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sin,
    Cos,
    Tan,
    Log,
    Ln,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(Ratio),
    Letter(String),
    Pi,
    Root(u32),
    Function(Function),
    Sign(char),
}

/// Names that are no product of letters.
const NAMES: [(&str, Token); 11] = [
    ("sqrt", Token::Root(2)),
    ("cbrt", Token::Root(3)),
    ("root", Token::Root(2)),
    ("pi", Token::Pi),
    ("π", Token::Pi),
    ("sin", Token::Function(Function::Sin)),
    ("cos", Token::Function(Function::Cos)),
    ("tan", Token::Function(Function::Tan)),
    ("log", Token::Function(Function::Log)),
    ("ln", Token::Function(Function::Ln)),
    ("lg", Token::Function(Function::Log)),
];

/// Words for signs, where words are names: "distance over time".
const SIGNS: [(&str, &str); 12] = [
    (" divided by ", "/"),
    (" divide by ", "/"),
    (" multiplied by ", "*"),
    (" multiply by ", "*"),
    (" over ", "/"),
    (" per ", "/"),
    (" times ", "*"),
    (" x ", "*"),
    (" plus ", "+"),
    (" minus ", "-"),
    (" squared", "^2"),
    (" cubed", "^3"),
];

impl Expression {
    /// Reads a text of single letters and numbers; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_tokens(tokens(text)?)
    }

    /// Reads a text in which words are names: `distance ÷ time`.
    pub fn parse_words(text: &str) -> Option<Self> {
        let mut text = format!(" {} ", text.to_lowercase());
        for (word, sign) in SIGNS {
            text = text.replace(word, sign);
        }
        Self::of_tokens(word_tokens(&text)?)
    }

    /// Reads a text whose letters stand for numbers, at least one of them: `9/y`, `5 - x`, and not `5 oxen`.
    pub fn of_symbols(text: &str) -> Option<Self> {
        let value = are_symbols(text, false).then(|| Self::parse(text)).flatten()?;
        (!value.letters().is_empty()).then_some(value)
    }

    fn of_tokens(tokens: Vec<Token>) -> Option<Self> {
        let mut parser = Parser { tokens: &tokens, at: 0 };
        let value = parser.sum(0)?;
        (parser.at == tokens.len()).then_some(value)
    }

    /// As an exact quotient; `None` where it is no rational function of letters, π and square roots.
    pub fn exact(&self) -> Option<Quotient> {
        let whole = |poly: Poly| Quotient(poly, Poly::one());
        Some(match self {
            Self::Number(value) => whole(Poly::number(*value)),
            Self::Letter(name) => whole(Poly::letter(Letter::Named(name.clone()))),
            Self::Pi => whole(Poly::letter(Letter::Pi)),
            Self::Sum(a, b) => a.exact()?.plus(&b.exact()?)?,
            Self::Negative(a) => whole(Poly::default()).minus(&a.exact()?)?,
            Self::Product(a, b) => a.exact()?.times(&b.exact()?)?,
            Self::Quotient(a, b) => a.exact()?.over(&b.exact()?)?,
            Self::Power(base, exponent) => {
                let power = exponent.exact()?.value()?;
                if power == Ratio(1, 2) {
                    return Self::Root(2, base.clone()).exact();
                }
                let base = base.exact()?;
                let most = if base.value().is_some() { 60 } else { i128::from(HIGHEST) };
                (power.1 == 1 && power.0.abs() <= most).then_some(())?;
                let mut value = whole(Poly::one());
                for _ in 0..power.0.unsigned_abs() {
                    value = value.times(&base)?;
                }
                if power.0 < 0 { whole(Poly::one()).over(&value)? } else { value }
            }
            Self::Root(2, of) => {
                // √(a/b) = √(ab)/b
                let Ratio(top, bottom) = of.exact()?.value()?;
                let root = root_of(top.checked_mul(bottom)?)?;
                Quotient(root, Poly::number(Ratio(bottom, 1)))
            }
            Self::Root(..) | Self::Function(..) => return None,
        })
    }

    /// The value where each letter has the one that is given for it; not a number where there is none.
    pub fn float(&self, letters: &dyn Fn(&str) -> f64) -> f64 {
        match self {
            Self::Number(value) => value.float(),
            Self::Letter(name) => letters(name),
            Self::Pi => std::f64::consts::PI,
            Self::Sum(a, b) => a.float(letters) + b.float(letters),
            Self::Negative(a) => -a.float(letters),
            Self::Product(a, b) => a.float(letters) * b.float(letters),
            Self::Quotient(a, b) => a.float(letters) / b.float(letters),
            Self::Power(a, b) => a.float(letters).powf(b.float(letters)),
            Self::Root(2, a) => a.float(letters).sqrt(),
            Self::Root(_, a) => a.float(letters).cbrt(),
            Self::Function(function, a) => {
                let value = a.float(letters);
                match function {
                    Function::Sin => value.sin(),
                    Function::Cos => value.cos(),
                    Function::Tan => value.tan(),
                    Function::Log => value.log10(),
                    Function::Ln => value.ln(),
                }
            }
        }
    }

    /// Calls for this and everything in it.
    pub fn each(&self, seen: &mut dyn FnMut(&Self)) {
        seen(self);
        match self {
            Self::Number(_) | Self::Letter(_) | Self::Pi => {}
            Self::Negative(a) | Self::Root(_, a) | Self::Function(_, a) => a.each(seen),
            Self::Sum(a, b) | Self::Product(a, b) | Self::Quotient(a, b) | Self::Power(a, b) => {
                a.each(seen);
                b.each(seen);
            }
        }
    }

    /// How many numbers and letters it is made of; exponents do not count, nor does the 1 of `1x`.
    pub fn size(&self) -> usize {
        match self {
            Self::Product(one, other) if matches!(**one, Self::Number(Ratio(1, 1))) => other.size(),
            Self::Number(_) | Self::Letter(_) | Self::Pi => 1,
            // `1/2 y` is as short as `y/2`.
            Self::Quotient(a, b) if matches!((&**a, &**b), (Self::Number(Ratio(a, 1)), Self::Number(Ratio(b, 1))) if common(*a, *b) == 1) => {
                1
            }
            // `5x/6` is as short as `5/6 x`.
            Self::Quotient(a, b) if matches!((a.coefficient(), &**b), (Some(a), Self::Number(Ratio(b, 1))) if common(a, *b) == 1) => {
                a.size()
            }
            Self::Negative(a) | Self::Root(_, a) | Self::Function(_, a) | Self::Power(a, _) => a.size(),
            Self::Sum(a, b) | Self::Product(a, b) | Self::Quotient(a, b) => a.size() + b.size(),
        }
    }

    /// The whole number that a product begins with.
    fn coefficient(&self) -> Option<i128> {
        match self {
            Self::Product(a, _) => match **a {
                Self::Number(Ratio(number, 1)) => Some(number),
                _ => a.coefficient(),
            },
            _ => None,
        }
    }

    pub fn letters(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.each(&mut |part| {
            if let Self::Letter(name) = part
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        });
        names.sort();
        names
    }

    /// What it is a product of, numbers left out.
    pub fn factors(&self) -> Vec<&Self> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Negative(a) => a.factors(),
            Self::Product(a, b) => [a.factors(), b.factors()].concat(),
            Self::Quotient(a, b) if matches!(**b, Self::Number(_)) => a.factors(),
            Self::Power(a, b) => match **b {
                Self::Number(Ratio(n @ 1..=12, 1)) => a.factors().repeat(n as usize),
                _ => vec![self],
            },
            _ => vec![self],
        }
    }
}

impl Quotient {
    /// The value, where it is a rational number.
    pub fn value(&self) -> Option<Ratio> {
        self.0.rational()?.over(self.1.rational()?)
    }
}

/// Whether the letters of a tidy text may stand for numbers: each run of them is one letter, a name such as `cos`,
/// without a vowel (`xy`), behind a number (`2ab`), or two beside a sign (`-ab`); `pairs` where any two letters
/// may, and three that make no word.
pub fn are_symbols(text: &str, pairs: bool) -> bool {
    let signs = ['+', '-', '*', '×', '/', '^', '(', ')'];
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_alphabetic()).all(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        at += piece.len();
        let run = word.to_lowercase();
        let name = NAMES.iter().find_map(|(name, _)| run.strip_prefix(name));
        let run = name.filter(|rest| rest.chars().count() < 2).unwrap_or(&run);
        // `it is - 5` and `- no` have a dash and words.
        let small = SMALL.contains(run) || DENIALS.contains(run);
        let spaced = before.trim_end().ends_with(signs) && before != "- " || after.trim_start().starts_with(signs);
        let sum = before.trim_end().ends_with('+') || after.trim_start().starts_with('+');
        let beside = before.ends_with(signs) || after.starts_with(signs) || !small && spaced || sum;
        match run.chars().count() {
            0 | 1 => true,
            2..=4 if before.ends_with(|c: char| c.is_ascii_digit()) || !run.contains(['a', 'e', 'i', 'o', 'u']) => true,
            2 => pairs || beside,
            3 => (pairs || beside) && !vocabulary::is_word(run),
            _ => false,
        }
    })
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    (rest.len() <= MAX_LENGTH).then_some(())?;
    let mut spaced = false;
    while let Some(c) = rest.chars().next() {
        if c == ' ' {
            (spaced, rest) = (true, &rest[1..]);
            continue;
        }
        if c.is_ascii_digit() {
            let (value, length) = number::start(rest)?;
            // `x2` is no product of letters, and `2 3` are two numbers.
            match tokens.last() {
                Some(Token::Letter(_)) if !spaced => return None,
                Some(Token::Number(_)) => return None,
                _ => tokens.push(Token::Number(value)),
            }
            rest = &rest[length..];
        } else if c.is_alphabetic() {
            let lower: String = rest.chars().take(4).flat_map(char::to_lowercase).collect();
            let name = NAMES.iter().find(|(name, _)| lower.starts_with(name));
            match name {
                Some((name, token)) => {
                    tokens.push(token.clone());
                    rest = &rest[rest.char_indices().nth(name.chars().count()).map_or(rest.len(), |(at, _)| at)..];
                }
                None => {
                    let run = rest.chars().take_while(|c| c.is_alphabetic()).count();
                    (run <= 4).then_some(())?;
                    tokens.push(Token::Letter(c.to_string()));
                    rest = &rest[c.len_utf8()..];
                }
            }
        } else {
            tokens.push(sign(c)?);
            rest = &rest[c.len_utf8()..];
        }
        spaced = false;
    }
    Some(tokens)
}

fn sign(c: char) -> Option<Token> {
    Some(match c {
        '√' => Token::Root(2),
        '∛' => Token::Root(3),
        '×' | '·' | '*' => Token::Sign('*'),
        '÷' | '/' => Token::Sign('/'),
        '[' | '{' | '(' => Token::Sign('('),
        ']' | '}' | ')' => Token::Sign(')'),
        '+' | '-' | '^' => Token::Sign(c),
        _ => return None,
    })
}

fn word_tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text.trim();
    (rest.len() <= MAX_LENGTH).then_some(())?;
    while let Some(c) = rest.chars().next() {
        if c == ' ' {
            rest = &rest[1..];
        } else if c.is_ascii_digit() {
            let (value, length) = number::start(rest)?;
            tokens.push(Token::Number(value));
            rest = &rest[length..];
        } else if c.is_alphabetic() || c == '\'' {
            let end = rest.find(|c: char| !(c.is_alphabetic() || c == '\'')).unwrap_or(rest.len());
            let word = &rest[..end];
            match tokens.last_mut() {
                _ if matches!(word, "the" | "of" | "a" | "an") => {}
                Some(Token::Letter(name)) => *name = format!("{name} {word}"),
                _ => tokens.push(Token::Letter(word.to_owned())),
            }
            rest = &rest[end..];
        } else {
            tokens.push(sign(c)?);
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn take(&mut self, sign: char) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self, depth: usize) -> Option<Expression> {
        (depth < DEEPEST).then_some(())?;
        let mut value = self.signed(depth)?;
        loop {
            if self.take('+') {
                value = Expression::Sum(value.into(), self.signed(depth)?.into());
            } else if self.take('-') {
                let next = Expression::Negative(self.signed(depth)?.into());
                value = Expression::Sum(value.into(), next.into());
            } else {
                return Some(value);
            }
        }
    }

    fn signed(&mut self, depth: usize) -> Option<Expression> {
        if self.take('-') {
            return Some(Expression::Negative(self.product(depth)?.into()));
        }
        self.take('+');
        self.product(depth)
    }

    /// Factors, with or without a sign between them.
    fn product(&mut self, depth: usize) -> Option<Expression> {
        let mut value = self.power(depth)?;
        loop {
            if self.take('*') {
                let negative = self.take('-');
                let factor = self.power(depth)?;
                let factor = if negative { Expression::Negative(factor.into()) } else { factor };
                value = Expression::Product(value.into(), factor.into());
            } else if self.take('/') {
                let negative = self.take('-');
                let divisor = self.power(depth)?;
                let divisor = if negative { Expression::Negative(divisor.into()) } else { divisor };
                value = Expression::Quotient(value.into(), divisor.into());
            } else {
                match self.tokens.get(self.at) {
                    None | Some(Token::Sign('+' | '-' | ')' | '^')) => return Some(value),
                    // `1 3/4` is a mixed number; a number after a bracket or a letter is a factor.
                    Some(_) => value = Expression::Product(value.into(), self.power(depth)?.into()),
                }
            }
        }
    }

    fn power(&mut self, depth: usize) -> Option<Expression> {
        (depth < DEEPEST).then_some(())?;
        let base = self.atom(depth)?;
        if !self.take('^') {
            return Some(base);
        }
        let negative = self.take('-');
        self.take('+');
        let exponent = self.atom(depth + 1)?;
        let exponent = if negative { Expression::Negative(exponent.into()) } else { exponent };
        Some(Expression::Power(base.into(), exponent.into()))
    }

    /// `sin x`, `sin²x` and `sin(x)²`, which are one; `sin x²` is another.
    fn function(&mut self, function: Function, depth: usize) -> Option<Expression> {
        let exponent = if self.take('^') {
            match self.tokens.get(self.at)? {
                Token::Number(value) => Some(Expression::Number(*value)),
                _ => return None,
            }
        } else {
            None
        };
        self.at += usize::from(exponent.is_some());
        let bracket = matches!(self.tokens.get(self.at), Some(Token::Sign('(')));
        let number = matches!(self.tokens.get(self.at), Some(Token::Number(_) | Token::Pi));
        let mut of = if bracket { self.atom(depth)? } else { self.power(depth)? };
        // `cos 2x` is that of 2x.
        while number && matches!(self.tokens.get(self.at), Some(Token::Letter(_) | Token::Pi)) {
            of = Expression::Product(of.into(), self.power(depth)?.into());
        }
        let value = Expression::Function(function, of.into());
        Some(exponent.map_or(value.clone(), |exponent| Expression::Power(value.into(), exponent.into())))
    }

    fn atom(&mut self, depth: usize) -> Option<Expression> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        match token {
            Token::Number(value) => Some(Expression::Number(*value)),
            Token::Letter(name) => Some(Expression::Letter(name.clone())),
            Token::Pi => Some(Expression::Pi),
            Token::Root(degree) => Some(Expression::Root(*degree, self.power(depth + 1)?.into())),
            Token::Function(function) => self.function(*function, depth + 1),
            Token::Sign('(') => {
                let inner = self.sum(depth + 1)?;
                self.take(')').then_some(inner)
            }
            Token::Sign(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_powers_are_exact() {
        let equal = |a: &str, b: &str| {
            let difference = Expression::parse(a).unwrap().exact().unwrap();
            difference.minus(&Expression::parse(b).unwrap().exact().unwrap()).unwrap().0.0.is_empty()
        };
        assert!(equal("√8", "2√2"));
        assert!(equal("1/√2", "√2/2"));
        assert!(equal("√2√3", "√6"));
        assert!(equal("(1+√5)(1-√5)", "-4"));
        assert!(equal("√(1/4)", "0.5"));
        assert!(equal("2^-2", "1/4"));
        assert!(equal("4^(1/2)", "2"));
        assert!(!equal("√2 + √3", "√5"));
        assert!(!equal("3.14", "π"));
        assert_eq!(Expression::parse("2 3"), None);
        assert_eq!(Expression::parse("H2O"), None);
        assert!(Expression::parse_words("distance over time").is_some());
        let same = |a, b| assert_eq!(Expression::parse(a), Expression::parse(b));
        same("2cos 2x", "2 cos(2x)");
        same("sin πx", "sin(πx)");
        same("sin 2x cos x", "sin(2x) cos(x)");
        assert_ne!(Expression::parse("sin x y"), Expression::parse("sin(xy)"));
    }
}
