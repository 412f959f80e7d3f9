//! Boolean expressions: equal where their truth tables are.

use crate::letters::tidy;
use crate::lexicon::vocabulary;
use crate::reason::{Judgement, Note};
use crate::rule::Asked;

/// So many variables are compared.
const MOST: usize = 8;

/// Whether a form of a key that is a Boolean expression accepts an answer; `None` when the form is none.
pub fn judge(form: &str, answer: &str, asked: &Asked) -> Option<Judgement> {
    const SIGNS: [&str; 6] = [" AND ", " OR ", "NOT ", " XOR ", " NAND ", " NOR "];
    // Most forms have small letters.
    if form.len() > 80 || form.bytes().any(|b| b.is_ascii_lowercase()) || !form.bytes().any(|b| b.is_ascii_uppercase())
    {
        return None;
    }
    let is_signed = SIGNS.iter().any(|sign| form.contains(sign));
    if !is_signed && !form.contains(['·', '+', '\'', '∧', '∨', '¬']) {
        return None;
    }
    let is_asked = asks_for_logic(asked);
    if !is_signed && !is_asked {
        return None;
    }
    // `RAM AND ROM` is none.
    let key = Expression::parse(form, &|run| is_asked && is_no_word(run))?;
    let of_key = |run: &str| run.chars().all(|c| key.names.contains(&c.to_ascii_uppercase()));
    let Some(given) = Expression::parse(answer, &of_key) else {
        return is_asked.then_some(Judgement::wrong(Note::Unknown));
    };
    let mut names: Vec<char> = key.names.iter().chain(&given.names).copied().collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > MOST {
        return Some(Judgement::wrong(Note::Unknown));
    }
    let same = (0..1u32 << names.len()).all(|row| {
        let is_set = |name: char| names.iter().position(|other| *other == name).is_some_and(|n| row >> n & 1 == 1);
        key.root.is_true(&is_set) == given.root.is_true(&is_set)
    });
    Some(match same {
        false => Judgement::wrong(Note::Wrong),
        true if asked.simplest() && given.names.len() > key.names.len() => Judgement::wrong(Note::NotSimplest),
        true => Judgement::right(Note::OtherForm),
    })
}

/// Whether a text is an expression with more than an `OR` between its names, which might divide two answers.
pub fn is_one(text: &str) -> bool {
    const SIGNS: [&str; 5] = [" AND ", "NOT ", " XOR ", " NAND ", " NOR "];
    SIGNS.iter().any(|sign| text.contains(sign)) && Expression::parse(text, &is_no_word).is_some()
}

/// Whether the question speaks of logic, and not of biological things.
fn asks_for_logic(asked: &Asked) -> bool {
    asked
        .words
        .split(|c: char| !c.is_alphabetic())
        .any(|word| ["boole", "logic", "logiq"].iter().any(|lead| word.starts_with(lead)))
}

fn is_no_word(run: &str) -> bool {
    !vocabulary::is_word(&run.to_lowercase())
}

/// What an expression is made of.
enum Node {
    Name(char),
    Not(Box<Node>),
    Two(Gate, Box<Node>, Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Gate {
    And,
    Or,
    Xor,
    Nand,
    Nor,
}

impl Node {
    fn is_true(&self, is_set: &dyn Fn(char) -> bool) -> bool {
        match self {
            Self::Name(name) => is_set(*name),
            Self::Not(inner) => !inner.is_true(is_set),
            Self::Two(gate, a, b) => {
                let (a, b) = (a.is_true(is_set), b.is_true(is_set));
                match gate {
                    Gate::And => a && b,
                    Gate::Or => a || b,
                    Gate::Xor => a != b,
                    Gate::Nand => !(a && b),
                    Gate::Nor => !(a || b),
                }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Name(char),
    Not,
    /// Behind what it denies: `A'`.
    Prime,
    Gate(Gate),
    Open,
    Close,
}

struct Expression {
    root: Node,
    /// Its variables, each as often as it stands there.
    names: Vec<char>,
}

impl Expression {
    /// Reads `A AND (B OR NOT C)`, `X = A·(B + C')`, `A(B+C)`. `are_names` says of letters together whether each is a name.
    fn parse(text: &str, are_names: &dyn Fn(&str) -> bool) -> Option<Self> {
        let text = tidy(text);
        let text = match text.split_once('=') {
            Some((name, rest)) if name.trim().chars().count() == 1 => rest,
            Some((rest, name)) if name.trim().chars().count() == 1 => rest,
            Some(_) => return None,
            None => &text,
        };
        let tokens = tokens(text, are_names)?;
        let names: Vec<char> =
            tokens.iter().filter_map(|token| if let Token::Name(name) = token { Some(*name) } else { None }).collect();
        let mut rest = &tokens[..];
        let root = sum(&mut rest, 0)?;
        (rest.is_empty() && !names.is_empty()).then_some(Self { root, names })
    }
}

fn tokens(text: &str, are_names: &dyn Fn(&str) -> bool) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim().trim_end_matches('.');
    while let Some(c) = rest.chars().next() {
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let (token, length) = match (&*rest[..letters].to_uppercase(), c) {
            ("AND", _) => (Token::Gate(Gate::And), 3),
            ("OR", _) => (Token::Gate(Gate::Or), 2),
            ("NOT", _) => (Token::Not, 3),
            ("XOR" | "EOR", _) => (Token::Gate(Gate::Xor), 3),
            ("NAND", _) => (Token::Gate(Gate::Nand), 4),
            ("NOR", _) => (Token::Gate(Gate::Nor), 3),
            // `AB` are two.
            (run, c) if letters == c.len_utf8() && !run.is_empty() => (Token::Name(c.to_ascii_uppercase()), letters),
            (run, _) if !run.is_empty() && letters <= 4 && are_names(run) => {
                tokens.extend(run.chars().map(Token::Name));
                rest = &rest[letters..];
                continue;
            }
            (_, '(' | '[') => (Token::Open, 1),
            (_, ')' | ']') => (Token::Close, 1),
            (_, '·' | '.' | '*' | '×' | '&' | '∧') => (Token::Gate(Gate::And), c.len_utf8()),
            (_, '+' | '|' | '∨') => (Token::Gate(Gate::Or), c.len_utf8()),
            (_, '⊕') => (Token::Gate(Gate::Xor), c.len_utf8()),
            (_, '¬' | '~' | '!') => (Token::Not, c.len_utf8()),
            (_, '\'' | '\u{304}' | '\u{305}') => (Token::Prime, c.len_utf8()),
            (_, ' ') => {
                rest = &rest[1..];
                continue;
            }
            _ => return None,
        };
        // `&&`, `||`
        if tokens.last() != Some(&token) || !matches!(token, Token::Gate(Gate::And | Gate::Or)) {
            tokens.push(token);
        }
        rest = &rest[length..];
        if tokens.len() > 60 {
            return None;
        }
    }
    Some(tokens)
}

/// Terms with OR, XOR or NOR between them.
fn sum(rest: &mut &[Token], depth: usize) -> Option<Node> {
    let mut left = product(rest, depth)?;
    while let [Token::Gate(gate @ (Gate::Or | Gate::Xor | Gate::Nor)), after @ ..] = *rest {
        *rest = after;
        left = Node::Two(*gate, left.into(), product(rest, depth)?.into());
    }
    Some(left)
}

/// Factors with AND or NAND, or nothing, between them.
fn product(rest: &mut &[Token], depth: usize) -> Option<Node> {
    let mut left = factor(rest, depth)?;
    loop {
        let gate = match *rest {
            [Token::Gate(gate @ (Gate::And | Gate::Nand)), after @ ..] => {
                *rest = after;
                *gate
            }
            [Token::Name(_) | Token::Not | Token::Open, ..] => Gate::And,
            _ => return Some(left),
        };
        left = Node::Two(gate, left.into(), factor(rest, depth)?.into());
    }
}

fn factor(rest: &mut &[Token], depth: usize) -> Option<Node> {
    let (first, after) = rest.split_first().filter(|_| depth < 20)?;
    *rest = after;
    let mut node = match first {
        Token::Name(name) => Node::Name(*name),
        Token::Not => Node::Not(factor(rest, depth + 1)?.into()),
        Token::Open => {
            let inner = sum(rest, depth + 1)?;
            *rest = rest.strip_prefix(&[Token::Close])?;
            inner
        }
        _ => return None,
    };
    while let Some(after) = rest.strip_prefix(&[Token::Prime]) {
        *rest = after;
        node = Node::Not(node.into());
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Notes;

    #[test]
    fn equal_is_what_has_one_truth_table() {
        let marked = |question: &str, form: &str, answer: &str| {
            judge(form, answer, &Asked::new(question, 1.0, Notes::default())).map(|judged| judged.is_right())
        };
        for (form, answer, right) in [
            ("A AND (B OR C)", "(C or B) and A", Some(true)),
            ("A AND (B OR C)", "A.(B+C)", Some(true)),
            ("A AND (B OR C)", "A·B + A·C", Some(true)),
            ("A AND (B OR C)", "AB + AC", Some(true)),
            ("A AND (B OR C)", "A AND B OR C", Some(false)),
            ("A AND (B OR C)", "A AND B", Some(false)),
            ("A AND (B OR C)", "I do not know", None),
            ("A AND B", "both A and B", None),
            ("A AND B", "BA", Some(true)),
            ("AB AND CD", "CD and AB", None),
            ("RAM AND ROM", "RAM, ROM", None),
            ("HOT AND DRY", "it is hot and dry", None),
            ("NOT (A AND B)", "A NAND B", Some(true)),
            ("NOT (A AND B)", "A' + B'", Some(true)),
            ("NOT (A AND B)", "NOT A AND NOT B", Some(false)),
            ("X = A XOR B", "(A AND NOT B) OR (NOT A AND B)", Some(true)),
            ("X = A XOR B", "X = A ⊕ B", Some(true)),
            ("A && B", "A", None),
            ("salt AND pepper", "salt and pepper", None),
        ] {
            assert_eq!(marked("Write it.", form, answer), right, "{form}, {answer}");
        }
        assert_eq!(marked("Simplify the Boolean expression.", "A·B", "A·B + A·B"), Some(false));
        assert_eq!(marked("Simplify the Boolean expression.", "A + B'", "B' + A"), Some(true));
        assert_eq!(marked("Simplify.", "a + b", "b + a"), None);
        let logic = "Write the logic expression.";
        assert_eq!(marked(logic, "PQ OR NOT R", "R' + Q.P"), Some(true));
        assert_eq!(marked(logic, "A AND B", "both A and B"), Some(false));
        assert_eq!(marked("What levels has a logic gate?", "HIGH AND LOW", "low, high"), None);
        assert_eq!(marked("Write the biological symbols.", "A + B'", "B' + A"), None);
    }
}
