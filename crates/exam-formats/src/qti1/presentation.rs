//! What an item of QTI 1.2 shows: its text, and the places for answers.

use crate::answers::BLANK;
use crate::markup::Markup;
use crate::xml::{self, Element};

/// A place for an answer.
pub struct Response<'a> {
    pub ident: &'a str,
    /// `single`, `multiple` or `ordered`.
    pub cardinality: String,
    pub is_number: bool,
    /// It asks for a place in a picture.
    pub is_place: bool,
    /// What stands beside it.
    pub prompt: String,
    /// What can be chosen: names and texts.
    pub labels: Vec<(&'a str, String)>,
}

impl Response<'_> {
    pub fn is_choice(&self) -> bool {
        !self.labels.is_empty()
    }
}

/// An item as it is shown.
#[derive(Default)]
pub struct Presented<'a> {
    /// With a blank for each response that stands within it.
    pub text: String,
    /// In the order of the file.
    pub responses: Vec<Response<'a>>,
    /// So many responses stand within the text.
    pub blanks: usize,
    /// The responses that the text names, in its order.
    pub names: Vec<usize>,
    /// Blackboard's right column of a matching.
    pub right_column: Vec<String>,
}

/// A stretch of the text, or the response that stands there.
enum Piece {
    Text(String),
    Response(usize),
}

impl<'a> Presented<'a> {
    pub fn of(item: &'a Element) -> Self {
        let mut presented = Self::default();
        let mut pieces = Vec::new();
        for element in item.named("presentation") {
            presented.walk(element, false, &mut pieces);
        }
        presented.write(&pieces);
        presented.name_blanks();
        presented
    }

    fn walk(&mut self, element: &'a Element, in_answers: bool, pieces: &mut Vec<Piece>) {
        for inner in element.elements() {
            let block = inner.attribute("class");
            match inner.name.as_str() {
                "material" if in_answers => {
                    if let Some(last) = self.responses.last_mut() {
                        last.prompt = [last.prompt.as_str(), &text(inner)].join("\n").trim().to_owned();
                    }
                }
                "material" => pieces.push(Piece::Text(text(inner))),
                _ if is_response(inner) => {
                    if !in_answers {
                        pieces.push(Piece::Response(self.responses.len()));
                    }
                    self.responses.push(response(inner));
                }
                _ if block == "RIGHT_MATCH_BLOCK" => self.right_column = inner.elements().map(text).collect(),
                _ => self.walk(inner, in_answers || block == "RESPONSE_BLOCK", pieces),
            }
        }
    }

    /// Joins the text. A response is a blank in it where text follows, or where others are to be filled too.
    fn write(&mut self, pieces: &[Piece]) {
        let is_open = |n: usize| !self.responses[n].is_choice() || self.responses[n].prompt.is_empty();
        let open = pieces.iter().filter(|piece| matches!(piece, Piece::Response(n) if is_open(*n))).count();
        let entries = self.responses.iter().filter(|response| !response.is_choice()).count();
        let last_text = pieces.iter().rposition(|piece| matches!(piece, Piece::Text(text) if !text.is_empty()));
        let first = pieces.iter().position(|piece| matches!(piece, Piece::Response(_)));
        let is_within =
            open > 1 || entries > 0 && first.is_some_and(|first| last_text.is_some_and(|last| last > first));
        for piece in pieces {
            let (divider, part) = match piece {
                Piece::Text(text) if self.text.ends_with(BLANK) => (" ", text.as_str()),
                Piece::Text(text) => ("\n", text.as_str()),
                Piece::Response(n) if is_within && is_open(*n) && !self.is_named(*n, pieces) => {
                    self.blanks += 1;
                    (" ", BLANK)
                }
                Piece::Response(_) => continue,
            };
            if !self.text.is_empty() && !part.is_empty() {
                self.text.push_str(divider);
            }
            self.text.push_str(part);
        }
    }

    fn is_named(&self, response: usize, pieces: &[Piece]) -> bool {
        let names = names(&self.responses[response]);
        let is_in = |piece: &Piece| matches!(piece, Piece::Text(text) if names.iter().any(|name| text.contains(name)));
        pieces.iter().any(is_in)
    }

    /// Puts blanks where the text names a response, as in `The [color] sky`.
    fn name_blanks(&mut self) {
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for (n, response) in self.responses.iter().enumerate() {
            let place = names(response).iter().find_map(|name| Some((self.text.find(name)?, name.len())));
            found.extend(place.map(|(at, length)| (at, length, n)));
        }
        found.sort_unstable();
        let (mut end, all) = (0, found.len());
        found.retain(|(at, length, _)| {
            let is_free = *at >= end;
            end = if is_free { at + length } else { end };
            is_free
        });
        for (at, length, _) in found.iter().rev() {
            self.text.replace_range(*at..at + length, BLANK);
        }
        // Ownership name is a part of another's has its blank at the end.
        self.text.push_str(&format!(" {BLANK}").repeat(all - found.len()));
        self.names = found.into_iter().map(|(.., n)| n).collect();
    }

    /// The responses in the order in which the text has their blanks.
    pub fn in_order_of_text(&self) -> Vec<&Response<'a>> {
        let named = self.names.iter().copied();
        let others = (0..self.responses.len()).filter(|n| !self.names.contains(n));
        named.chain(others).map(|n| &self.responses[n]).collect()
    }
}

fn is_response(element: &Element) -> bool {
    matches!(element.name.as_str(), "response_lid" | "response_str" | "response_num" | "response_xy" | "response_grp")
}

/// So many places for an answer an item has.
pub fn places(item: &Element) -> usize {
    item.all().into_iter().filter(|element| is_response(element)).count()
}

/// How a text may name a response.
fn names(response: &Response) -> Vec<String> {
    let ident = response.ident.strip_prefix("response_").unwrap_or(response.ident);
    [response.prompt.as_str(), ident].into_iter().filter(|n| !n.is_empty()).map(|name| format!("[{name}]")).collect()
}

fn response(element: &Element) -> Response<'_> {
    let all = element.all();
    let ident = element.attribute("ident");
    let is_number = |inner: &&Element| matches!(inner.attribute("fibtype"), "Decimal" | "Integer" | "Scientific");
    let label = |inner: &&&Element| inner.name == "response_label" && element.name != "response_str";
    let has = |name: &str| all.iter().any(|inner| inner.name == name);
    let materials = element.named("material").map(text).collect::<Vec<_>>();
    let is_entry = element.name == "response_num" || has("render_fib");
    let labels = all.iter().filter(label).map(|label| (label.attribute("ident"), label_text(label)));
    Response {
        ident: if ident.is_empty() { element.attribute("respident") } else { ident },
        cardinality: element.attribute("rcardinality").to_lowercase(),
        is_number: element.name == "response_num" || all.iter().any(is_number),
        is_place: element.name == "response_xy" || has("render_hotspot"),
        prompt: materials.join("\n").trim().to_owned(),
        labels: if is_entry { Vec::new() } else { labels.collect() },
    }
}

/// Blackboard names the two sides of its Either/Or questions in a code: `agree_disagree.true`.
fn label_text(label: &Element) -> String {
    let text = text(label);
    let side = text.split_once('.').and_then(|(pair, side)| match (pair.split_once('_')?, side) {
        ((yes, _), "true") => Some(yes),
        ((_, no), "false") => Some(no),
        _ => None,
    });
    let Some(side) = side else { return text };
    let mut chars = side.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What the materials within an element say.
pub fn text(element: &Element) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut stack = vec![element];
    while let Some(element) = stack.pop() {
        match element.name.as_str() {
            // The same once more, for those who cannot see or hear the first.
            "altmaterial" => {}
            "mattext" | "matemtext" | "mat_formattedtext" => out.push(shown(element)),
            _ => stack.extend(element.elements().collect::<Vec<_>>().into_iter().rev()),
        }
    }
    out.retain(|text| !text.is_empty());
    out.join("\n")
}

fn shown(element: &Element) -> String {
    let text = element.text();
    // XHTML as it should be; beside HTML that is written as text it says nothing more.
    if element.elements().next().is_some() && !text.contains("</") {
        return xml::shown(element);
    }
    let markup = match (element.attribute("texttype"), element.attribute("type")) {
        ("text/html", _) | (_, "HTML") => Markup::Html,
        (_, "SMART_TEXT") => Markup::Auto,
        // Many leave out that it is HTML.
        ("", "") if text.contains("</") || text.contains("<br") => Markup::Html,
        _ => Markup::Plain,
    };
    markup.shown(&text)
}
