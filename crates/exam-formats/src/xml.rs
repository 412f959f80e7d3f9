//! XML as a tree, within limits, and the text that HTML shows.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::{ExchangeError, Format, is_foreign};

/// Elements inside each other: HTML in a question has ten.
const DEEPEST: usize = 100;
/// Elements of one file.
const MAX: usize = 500_000;

/// An element, by its name without a prefix.
#[derive(Debug, Default, PartialEq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

#[derive(Debug, PartialEq)]
pub enum Node {
    Element(Element),
    Text(String),
    /// From a reference such as `&#9;`: space that is meant.
    Exact(String),
}

impl Element {
    /// An attribute, empty where there is none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| if let Node::Element(element) = node { Some(element) } else { None })
    }

    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    pub fn first(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// This one and all within, in the order of the file.
    pub fn all(&self) -> Vec<&Element> {
        let mut found = Vec::new();
        let mut stack = vec![self];
        while let Some(element) = stack.pop() {
            found.push(element);
            stack.extend(element.elements().collect::<Vec<_>>().into_iter().rev());
        }
        found
    }

    /// The characters within, as they stand.
    pub fn text(&self) -> String {
        let text = |node: &Node| match node {
            Node::Text(text) | Node::Exact(text) => text.clone(),
            Node::Element(inner) => inner.text(),
        };
        self.children.iter().map(text).collect()
    }
}

/// Reads a document. Entities that it declares itself are refused, so that nothing grows.
pub fn parse(text: &str, format: Format) -> Result<Element, ExchangeError> {
    let broken = |reason: String| ExchangeError::Broken(format, reason);
    let mut reader = Reader::from_str(text);
    let mut stack: Vec<Element> = Vec::new();
    let mut seen = 0;
    loop {
        let event = reader.read_event().map_err(|error| broken(error.to_string()))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                seen += 1;
                if stack.len() >= DEEPEST {
                    return Err(broken("its elements stand too deep inside each other".into()));
                }
                if seen > MAX {
                    return Err(ExchangeError::TooLarge("it has more than 500 000 XML elements"));
                }
                stack.push(element(&start).map_err(broken)?);
                if is_empty && let Some(root) = close(&mut stack) {
                    return Ok(root);
                }
            }
            Event::End(_) => {
                if let Some(root) = close(&mut stack) {
                    return Ok(root);
                }
            }
            Event::Text(text) => add(&mut stack, Node::Text(text.into_inner().replace("\r\n", "\n"))),
            Event::CData(text) => add(&mut stack, Node::Text(text.into_inner().replace("\r\n", "\n"))),
            Event::GeneralRef(reference) => add(&mut stack, Node::Exact(referred(&reference).map_err(broken)?)),
            Event::DocType(declared) if declared.contains("<!ENTITY") => {
                return Err(broken("it declares entities of its own".into()));
            }
            Event::Eof => return Err(broken("it ends too early".into())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = entities(&attribute.value);
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    Ok(Element { name: start.local_name().as_ref().to_owned(), attributes, children: Vec::new() })
}

/// Puts the innermost element into the one around it; the outermost is the document.
fn close(stack: &mut Vec<Element>) -> Option<Element> {
    let done = stack.pop()?;
    match stack.last_mut() {
        Some(parent) => {
            parent.children.push(Node::Element(done));
            None
        }
        None => Some(done),
    }
}

fn add(stack: &mut [Element], node: Node) {
    if let Some(element) = stack.last_mut() {
        element.children.push(node);
    }
}

fn referred(reference: &BytesRef<'_>) -> Result<String, String> {
    match reference.resolve_char_ref().map_err(|error| error.to_string())? {
        Some(c) => Ok(c.to_string()),
        None => {
            let name = reference.borrow().into_inner().into_owned();
            entity(&name).map(String::from).ok_or(format!("it names a character &{name}; that nobody knows"))
        }
    }
}

/// The characters that HTML has names for and that question files use.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "deg" => '°',
        "plusmn" => '±',
        "times" => '×',
        "divide" => '÷',
        "minus" => '−',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "frac12" => '½',
        "frac14" => '¼',
        "frac34" => '¾',
        "sup2" => '²',
        "sup3" => '³',
        "rarr" => '→',
        "le" => '≤',
        "ge" => '≥',
        "ne" => '≠',
        "pi" => 'π',
        "micro" => 'µ',
        "eacute" => 'é',
        "egrave" => 'è',
        _ => return None,
    })
}

/// Text with its references put in; what is none stays.
pub fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let found = end.and_then(|end| {
            let name = &rest[1..end];
            let number = name.strip_prefix('#').map(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            });
            let c = number.map_or_else(|| entity(name), |number| char::from_u32(number.ok()?));
            c.map(|c| (c, end))
        });
        match found {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

/// Text for an element or an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_foreign(*c)) {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text as XHTML that comes back with all its lines and spaces.
pub fn xhtml(text: &str) -> String {
    let chars: Vec<char> = text.chars().filter(|c| !is_foreign(*c)).collect();
    let is_space = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_none_or(|c| matches!(c, ' ' | '\n' | '\t'));
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        match c {
            '\n' => out.push_str("<br/>"),
            '\t' => out.push_str("&#9;"),
            ' ' if is_space(at.checked_sub(1)) || is_space(Some(at + 1)) => out.push_str("&#32;"),
            _ => out.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}

/// Collects what HTML shows, line by line.
#[derive(Default)]
pub struct Shown {
    out: String,
    space: bool,
    /// Within so many elements in which any space is meant.
    kept: usize,
}

impl Shown {
    /// Characters in which any space is one space.
    pub fn text(&mut self, text: &str) {
        if self.kept > 0 {
            let starts = self.out.is_empty() || self.out.ends_with('\n');
            return self.exact(text.strip_prefix('\n').filter(|_| starts).unwrap_or(text));
        }
        for c in text.chars() {
            if matches!(c, ' ' | '\n' | '\t' | '\r') {
                self.space = true;
            } else {
                self.exact(c.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// Characters as they are.
    pub fn exact(&mut self, text: &str) {
        if self.space && !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push(' ');
        }
        self.space = false;
        self.out.push_str(text);
    }

    /// What an element begins or ends: a line, a cell.
    fn edge(&mut self, name: &str) {
        match name {
            "br" => self.out.push('\n'),
            "td" | "th" if !self.out.is_empty() && !self.out.ends_with(['\n', '\t']) => self.out.push('\t'),
            "p" | "div" | "li" | "ul" | "ol" | "tr" | "table" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4"
            | "prompt" | "itemBody"
                if !self.out.is_empty() && !self.out.ends_with('\n') =>
            {
                self.out.truncate(self.out.trim_end_matches('\t').len());
                self.out.push('\n');
            }
            "p" | "div" | "li" | "ul" | "ol" | "tr" | "td" | "th" => {}
            _ => return,
        }
        self.space = false;
    }

    /// An element with what is in it; `other` takes the ones that are no HTML and says whether it did.
    pub fn element(&mut self, element: &Element, other: &mut dyn FnMut(&Element, &mut Shown) -> bool) {
        if other(element, self) {
            return;
        }
        if element.name != "br" {
            self.edge(&element.name);
        }
        if element.name == "img" {
            self.picture(element.attribute("alt"));
        }
        let kept = usize::from(element.name == "pre");
        self.kept += kept;
        for node in &element.children {
            match node {
                Node::Element(inner) => self.element(inner, other),
                Node::Text(text) | Node::Exact(text) if matches!(element.name.as_str(), "sub" | "sup") => {
                    self.exact(&small(text, element.name == "sup"));
                }
                Node::Text(text) => self.text(text),
                Node::Exact(text) => self.exact(text),
            }
        }
        self.kept -= kept;
        self.edge(&element.name);
    }

    /// A picture is what describes it; Canvas has formulas as such.
    fn picture(&mut self, description: &str) {
        self.text(" ");
        self.text(description.strip_prefix("LaTeX: ").unwrap_or(description));
        self.text(" ");
    }

    pub fn finish(self) -> String {
        crate::clean(&self.out)
    }
}

/// Unicode's small characters, where it has all of them; else `^(…)` or the text itself.
fn small(text: &str, raised: bool) -> String {
    const PLAIN: &str = "0123456789+-=()";
    let table: Vec<char> = if raised {
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"
    } else {
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
    }
    .chars()
    .collect();
    let one = |c: char| PLAIN.find(if c == '−' { '-' } else { c }).map(|at| table[at]);
    match text.trim().chars().map(one).collect::<Option<String>>() {
        Some(small) => small,
        None if raised && text.trim().chars().count() == 1 => format!("^{}", text.trim()),
        None if raised => format!("^({})", text.trim()),
        None => text.to_owned(),
    }
}

/// What an element of XHTML shows.
pub fn shown(element: &Element) -> String {
    let mut shown = Shown::default();
    shown.element(element, &mut |_, _| false);
    shown.finish()
}

/// What HTML shows, however badly it is written.
pub fn plain(html: &str) -> String {
    let mut shown = Shown::default();
    let mut small_side = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let end = rest[at..].find('>').filter(|_| is_tag);
        let text = if end.is_some() { &rest[..at] } else { &rest[..at + 1] };
        put(&mut shown, text, small_side);
        let Some(end) = end else {
            rest = &rest[at + 1..];
            continue;
        };
        let tag = &rest[at + 1..at + end];
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "sub" | "sup" => small_side = (!tag.starts_with('/')).then_some(name == "sup"),
            "img" => shown.picture(&entities(described(tag))),
            "pre" => {
                shown.edge(&name);
                shown.kept = usize::from(!tag.starts_with('/'));
            }
            _ => shown.edge(&name),
        }
        rest = &rest[at + end + 1..];
    }
    put(&mut shown, rest, small_side);
    shown.finish()
}

/// The description in the tag of a picture.
fn described(tag: &str) -> &str {
    let quoted = |quote: char| tag.split_once(&format!(" alt={quote}"))?.1.split_once(quote).map(|(text, _)| text);
    quoted('"').or_else(|| quoted('\'')).unwrap_or_default()
}

fn put(shown: &mut Shown, text: &str, small_side: Option<bool>) {
    match small_side {
        Some(raised) => shown.exact(&small(&entities(text), raised)),
        None => shown.text(&entities(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Element, ExchangeError> {
        parse(text, Format::Moodle)
    }

    #[test]
    fn html_becomes_lines() {
        assert_eq!(
            plain("<p>What is  <b>H<sub>2</sub>O</b>?</p>\n<p>2 &lt; 3&nbsp;&amp; x<sup>2</sup></p>"),
            "What is H₂O?\n2 < 3 & x²"
        );
        assert_eq!(plain("a<br>b<br/><br/>c"), "a\nb\n\nc");
        assert_eq!(plain("<ul><li>one</li><li>two</li></ul>"), "one\ntwo");
        assert_eq!(plain("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a\tb\nc");
        assert_eq!(plain("1 < 2 and 3 > 2 &unknown; x<sup>n+1</sup>"), "1 < 2 and 3 > 2 &unknown; x^(n+1)");
        assert_eq!(plain("<"), "<");
        assert_eq!(plain("Run:<pre>\nif x:\n    y()</pre>now"), "Run:\nif x:\n    y()\nnow");
        assert_eq!(
            plain("Solve<img class=\"f\" alt=\"LaTeX: x &lt; 2\" src='a.png'>now <img src=b>"),
            "Solve x < 2 now"
        );
        let tree = parsed("<div>Run:<pre>\nif x:\n    y()</pre>now<img alt=\"LaTeX: 1\"/></div>").unwrap();
        assert_eq!(shown(&tree), "Run:\nif x:\n    y()\nnow 1");
    }

    #[test]
    fn xhtml_comes_back() {
        for text in ["a  b", "a\tb", "a \nb", "a\n\n b", "<b>&amp;\"'", "²₃ é 🙂"] {
            let tree = parsed(&format!("<p>\n  {}\n</p>", xhtml(text))).unwrap();
            assert_eq!(shown(&tree), text);
        }
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><quiz>&c;</quiz>";
        assert!(matches!(parsed(bomb), Err(ExchangeError::Broken(..))));
        assert!(matches!(parsed("<quiz>&c;</quiz>"), Err(ExchangeError::Broken(..))));
        assert!(matches!(parsed(&"<a>".repeat(1_000_000)), Err(ExchangeError::Broken(..))));
        assert!(matches!(parsed(&format!("<a>{}</a>", "<b/>".repeat(600_000))), Err(ExchangeError::TooLarge(_))));
        assert_eq!(parsed("<!DOCTYPE html><a>fine <b>or <c/>not</b> &amp; so</a>").unwrap().text(), "fine or not & so");
        assert!(parsed("<!DOCTYPE a [<!ELEMENT a (b)> <!ATTLIST a c CDATA #IMPLIED>]><a>fine</a>").is_ok());
        for broken in ["", "<a>", "<a></b>", "<a b></a>", "text"] {
            assert!(parsed(broken).is_err(), "{broken}");
        }
    }
}
