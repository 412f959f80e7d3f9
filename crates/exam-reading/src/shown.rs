//! How stems and options are shown: with the formulae that were understood, or as the print where characters in a line
//! would say less than it.

use exam_model::columns::CELLS_APART;
use exam_model::question::{Kind, Question, Region};
use exam_model::shown::{Show, Shown};

use crate::items::{self, Context};
use crate::lines::{Line, Segment, is_ruled};
use crate::structure::{Node, Place};
use crate::text::{Area, Drawing};

/// Puts the formulae into the question's texts, and decides how each is shown. What may be misread is doubted; a table or a
/// drawing is print that was understood as such. `end` is where the next node starts.
pub fn decide(context: &Context<'_>, question: &mut Question, node: &Node, end: Option<Place>) {
    let first = node.children.first().map(|child| child.at);
    let stem = trimmed(context, span(context, node.at, first.or(end), node.at.segment > 0));
    let nodes = if question.parts.is_empty() { node.children.as_slice() } else { &[] };
    let next = |n: usize| nodes.get(n + 1).map(|next| next.at).or(end);
    let places: Vec<Vec<Region>> =
        nodes.iter().enumerate().map(|(n, node)| trimmed(context, span(context, node.at, next(n), true))).collect();
    let (of_stem, of_options) = misread(context, &stem, &places);
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for (n, option) in question.options.iter_mut().enumerate() {
        let place = places.get(n).cloned().unwrap_or_default();
        let misread = of_options.get(n).cloned().flatten();
        let why = misread.clone().or_else(|| reason(context, &option.text, 1, &place));
        if let Some(why) = &misread {
            match reasons.iter_mut().find(|(reason, _)| reason == why) {
                Some((_, labels)) => labels.push(option.label.clone()),
                None => reasons.push((why.clone(), vec![option.label.clone()])),
            }
        }
        show(context, &mut option.text, &mut option.shown, place, why);
    }
    let rows = if question.kind == Kind::Match { usize::MAX } else { 2 };
    let doubts = of_stem.iter().map(|why| format!("The question is shown as printed: {why}."));
    let of_options = reasons.iter().map(|(why, of)| format!("Options are shown as printed, {}: {why}.", of.join(", ")));
    let doubts: Vec<String> = doubts.chain(of_options).collect();
    let why = of_stem.or_else(|| reason(context, &question.text, rows, &stem));
    let why = why.or_else(|| is_of_figure(context, node).then(|| "words of a figure are in it".to_owned()));
    show(context, &mut question.text, &mut question.shown, stem, why);
    doubts.into_iter().for_each(|doubt| question.doubt(doubt));
}

/// As the print where there is a reason for it, else with its formulae.
fn show(context: &Context<'_>, text: &mut String, shown: &mut Shown, regions: Vec<Region>, why: Option<String>) {
    let (spelled, formulae) = context.signs.spell(text);
    *text = spelled;
    let (how, why) = match why {
        Some(why) if !regions.is_empty() => (Show::Crop, why),
        _ if !formulae.is_empty() => (Show::Math, "it has formulae".to_owned()),
        _ => (Show::Text, String::new()),
    };
    let regions = if text.is_empty() && how == Show::Text { Vec::new() } else { regions };
    *shown = Shown { how, why, formulae, regions };
}

/// Why a formula in the stem, and one in each option, may not be what was understood of it.
fn misread(context: &Context<'_>, stem: &[Region], options: &[Vec<Region>]) -> (Option<String>, Vec<Option<String>>) {
    let (mut of_stem, mut of_options) = (None, vec![None; options.len()]);
    for (at, doubt) in context.signs.unsure() {
        let middle = |place: &Region| place.y + place.height / 2.0;
        let distance = |n: usize| {
            let holding = options[n].iter().filter(|place| place.holds_middle(&at));
            holding.map(|place| (middle(place) - middle(&at)).abs()).reduce(f32::min)
        };
        let near = (0..options.len()).filter_map(|n| Some((n, distance(n)?))).min_by(|a, b| a.1.total_cmp(&b.1));
        let reason = Some(format!("a formula may be misread, {doubt}"));
        match near {
            Some((n, _)) => of_options[n] = reason,
            None if stem.iter().any(|place| place.holds_middle(&at)) => of_stem = reason,
            None => {}
        }
    }
    (of_stem, of_options)
}

/// Why characters would say less than the print: it is drawn, or it has so many rows of cells.
fn reason(context: &Context<'_>, text: &str, rows: usize, place: &[Region]) -> Option<String> {
    let table = text.lines().filter(|line| line.contains(CELLS_APART)).count() >= rows;
    let drawn = text.is_empty() && place.iter().any(|place| is_drawn_in(context, place));
    table.then_some("it has a table").or(drawn.then_some("it is drawn")).map(str::to_owned)
}

/// Some of a stem's own words are so near to a drawing that they belong to it, as the letters of a structure or a circuit.
fn is_of_figure(context: &Context<'_>, node: &Node) -> bool {
    let near = |(place, _): &&(Place, String)| {
        let Some(line) = context.lines.get(place.line) else { return false };
        let Some(segment) = line.segments.get(place.segment) else { return false };
        let page = context.pages.get(line.page as usize - 1);
        segment.text.chars().count() <= LABEL_OF_FIGURE
            && page.is_some_and(|page| page.drawings.iter().any(|drawing| touches(drawing, line, segment)))
    };
    node.text.iter().filter(near).count() >= LABELS_OF_FIGURE
}

/// So many letters are no sentence.
const LABEL_OF_FIGURE: usize = 12;
/// So many words beside drawings are those of a figure.
const LABELS_OF_FIGURE: usize = 3;

fn touches(drawing: &Drawing, line: &Line, segment: &Segment) -> bool {
    const NEAR: f32 = 5.0;
    let Drawing::Picture(area) = drawing else { return false };
    area.x < segment.right + NEAR
        && area.right() > segment.x - NEAR
        && area.y < line.bottom + NEAR
        && area.bottom() > line.top - NEAR
}

fn is_drawn_in(context: &Context<'_>, place: &Region) -> bool {
    drawings(context, place)
        .any(|(drawing, area)| matches!(drawing, Drawing::Picture(_)) && area.width.max(area.height) > 12.0)
}

/// Where a node stands until the next one, or beside that; with or without what is left of its label.
fn span(context: &Context<'_>, from: Place, to: Option<Place>, from_label: bool) -> Vec<Region> {
    let mut regions = items::regions(context, from, to);
    let Some(line) = context.lines.get(from.line) else { return regions };
    // The upper rows of what is next may be lines before its label's.
    let next = to.and_then(|next| context.lines.get(next.line)).filter(|next| next.baseline > line.bottom);
    if let (Some(last), Some(next)) = (regions.last_mut(), next)
        && last.page == next.page
        && next.column == line.column
        && next.top > last.y
    {
        last.height = last.height.min(next.top - 1.0 - last.y);
    }
    let at = |place: Place| context.lines.get(place.line).and_then(|line| line.segments.get(place.segment));
    let left = |place: Place| at(place).map_or(line.x(), |segment| segment.x) - MARGIN;
    let Some(first) = regions.first_mut() else { return regions };
    let right = first.x + first.width;
    if from_label {
        first.width = right - left(from);
        first.x = left(from);
    }
    // What stands beside it may have a baseline of its own.
    let beside = |next: &Place| {
        let level = context.lines.get(next.line).is_some_and(|next| (next.baseline - line.baseline).abs() < 4.0);
        level && left(*next) > left(from)
    };
    if let Some(next) = to.filter(beside) {
        first.width = left(next) - first.x;
    }
    regions
}

/// The places without the blank space and the lines to write on, to the right and below.
fn trimmed(context: &Context<'_>, places: Vec<Region>) -> Vec<Region> {
    let trim = |place: Region| {
        let within = |line: &&Line| {
            line.page == place.page && line.top + 1.0 > place.y && line.bottom - 1.0 < place.y + place.height
        };
        let printed = context.lines.iter().filter(within).flat_map(|line| {
            let beside = |segment: &&Segment| segment.x < place.x + place.width && segment.right > place.x;
            let read = line.segments.iter().filter(beside).filter(|segment| items::is_read(&segment.text));
            read.map(|segment| (segment.right, line.bottom))
        });
        let drawn = drawings(context, &place).map(|(_, area)| (area.right(), area.bottom()));
        let (right, bottom) = printed.chain(drawn).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
        let width = place.width.min(right + MARGIN - place.x);
        Some(Region { width, height: place.height.min(bottom + MARGIN - place.y), ..place })
    };
    places.into_iter().filter_map(trim).collect()
}

/// What is left around the print, in points.
const MARGIN: f32 = 4.0;

/// Pictures and the rules of tables in a place; not the lines to write on.
fn drawings<'a>(context: &Context<'a>, place: &Region) -> impl Iterator<Item = (&'a Drawing, &'a Area)> {
    let page = context.pages.get(place.page as usize - 1);
    let all = page.map(|page| page.drawings.as_slice()).unwrap_or_default();
    let place = *place;
    all.iter().filter_map(move |drawing| {
        let area = match drawing {
            Drawing::Picture(area) => area,
            Drawing::Line(area) if is_ruled(area, all) => area,
            Drawing::Line(_) | Drawing::Box(_) => return None,
        };
        (place.holds_middle(&area.on(place.page)) && area.bottom() < place.y + place.height + 2.0)
            .then_some((drawing, area))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_paper;
    use crate::testing::typed;
    use crate::text::{Char, PageText};

    /// A row of `typed` has this baseline.
    fn row(n: usize) -> f32 {
        80.0 + 18.0 * n as f32
    }

    fn put(page: &mut PageText, text: &str, x: f32, baseline: f32) {
        page.chars.extend(text.chars().enumerate().map(|(n, c)| Char {
            text: c.to_string(),
            x: x + 5.0 * n as f32,
            baseline,
            width: 5.0,
            size: 10.0,
            bold: false,
            coloured: false,
        }));
    }

    fn put_fraction(page: &mut PageText, (over, under): (&str, &str), x: f32, baseline: f32) {
        put(page, over, x, baseline - 6.0);
        put(page, under, x, baseline + 7.0);
        let width = 5.0 * over.chars().count() as f32 + 2.0;
        page.drawings.push(Drawing::Line(Area { x: x - 1.0, y: baseline - 3.0, width, height: 0.6 }));
    }

    fn put_matrix(page: &mut PageText, rows: [&str; 2], x: f32, baseline: f32) {
        for (n, (sides, row)) in [("⎡", "⎤"), ("⎣", "⎦")].into_iter().zip(rows).enumerate() {
            let baseline = baseline - 6.0 + 12.0 * n as f32;
            put(page, sides.0, x, baseline);
            put(page, row, x + 6.0, baseline);
            put(page, sides.1, x + 7.0 + 5.0 * row.chars().count() as f32, baseline);
        }
    }

    fn read(page: PageText) -> Vec<Question> {
        read_paper(&[page]).questions
    }

    #[test]
    fn a_fraction_stands_in_its_stem() {
        let mut page = typed(&["1. Work out     of 30 kg. (1 mark)", "", "", "2. Name a metal. (1 mark)"]);
        put_fraction(&mut page, ("12", "35"), 122.0, row(0));
        let [first, second] = &read(page)[..] else { panic!("two questions") };
        assert_eq!((first.text.as_str(), first.marks), ("Work out 12/35 of 30 kg.", Some(1.0)));
        assert_eq!((first.shown.how, first.shown.formulae[0].to_text()), (Show::Math, "12/35".to_owned()));
        assert!(first.doubts.is_empty() && second.shown.how == Show::Text && second.shown.formulae.is_empty());
        let place = first.shown.regions[0];
        assert!(place.y + place.height < row(1), "without the space below it: {place:?}");
    }

    #[test]
    fn matrices_are_options() {
        let mut page = typed(&["1. Which is singular?", "", "a)", "", "", "b)", "", "", "2. Name a metal."]);
        put_matrix(&mut page, ["1  2", "3  4"], 80.0, row(2));
        put_matrix(&mut page, ["5  6", "7  8"], 80.0, row(5));
        let questions = read(page);
        let options: Vec<_> = questions[0].options.iter().map(|o| (o.text.as_str(), o.shown.how)).collect();
        assert_eq!(options, [("[[1, 2], [3, 4]]", Show::Math), ("[[5, 6], [7, 8]]", Show::Math)]);
        let places: Vec<Region> = questions[0].options.iter().map(|option| option.shown.regions[0]).collect();
        assert!(places[0].y + places[0].height <= places[1].y + 1.0, "{places:?}");
        assert!(places[0].y < row(2) - 14.0 && places[0].width < 100.0, "{places:?}");
    }

    #[test]
    fn what_is_not_understood_is_shown_as_printed() {
        let mut page = typed(&["1. Which is most?", "a) iron", "", "b)     +", "", "", "2. Name a metal."]);
        put_fraction(&mut page, ("12", "35"), 80.0, row(3));
        let questions = read(page);
        let [iron, sum] = &questions[0].options[..] else { panic!("{:?}", questions[0]) };
        assert_eq!((iron.shown.how, sum.shown.how), (Show::Text, Show::Crop));
        assert!(sum.shown.regions[0].y > row(1) && sum.shown.regions[0].height > 18.0);
        assert_eq!(sum.shown.why, "a formula may be misread, it ends too early");
        assert_eq!(questions[0].doubts, [format!("Options are shown as printed, b: {}.", sum.shown.why)]);
        assert!(questions[0].needs_look());
    }

    #[test]
    fn words_of_a_figure_are_shown_in_it() {
        let rows = ["1. Find the current. (1 mark)", "", "", "R", "", "2 A    6 V", "", "2. Name a metal. (1 mark)"];
        let stroke = |x: f32, n: usize| Drawing::Picture(Area { x, y: row(n) - 14.0, width: 30.0, height: 4.0 });
        let with = |strokes: Vec<Drawing>| read(PageText { drawings: strokes, ..typed(&rows) });
        let few = with(vec![stroke(60.0, 3), stroke(60.0, 5)]);
        assert_eq!((few[0].text.as_str(), few[0].shown.how), ("Find the current.\nR\n2 A   6 V", Show::Text));
        let drawn = with(vec![stroke(60.0, 3), stroke(60.0, 5), stroke(95.0, 5)]);
        assert_eq!((drawn[0].shown.how, drawn[0].shown.why.as_str()), (Show::Crop, "words of a figure are in it"));
        assert!(drawn[0].shown.regions[0].height > row(5) - row(0), "{:?}", drawn[0].shown);
    }

    #[test]
    fn tables_and_drawings_are_shown_as_printed() {
        let rows =
            ["1. Find the mean.", "x        3        4", "y        8        7", "2. Choose one.", "a)", "", "b)", ""];
        let mut page = typed(&rows);
        for n in [4, 6] {
            page.drawings.push(Drawing::Picture(Area { x: 80.0, y: row(n) - 10.0, width: 40.0, height: 20.0 }));
        }
        let questions = read(page);
        assert_eq!((questions[0].shown.how, questions[0].shown.why.as_str()), (Show::Crop, "it has a table"));
        assert!(questions[1].options.iter().all(|option| option.shown.why == "it is drawn"), "{:?}", questions[1]);
        assert!(!questions[0].doubts.concat().contains("as printed"), "print that was understood: {:?}", questions[0]);
    }
}
