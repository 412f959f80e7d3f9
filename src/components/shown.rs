//! A stem or an option as it is shown: its text, with the formulae in it, or the print.

use exam_model::question::{Choice, Question, Region};
use exam_model::shown::{Piece, Show, Shown};
use exam_model::text::raised;
use leptos::prelude::*;
use uuid::Uuid;

use super::document::crop_picture;

/// The stem of an item from this document.
pub fn stem(question: &Question, document: Option<Uuid>) -> AnyView {
    let own = &question.shown.regions;
    shown(&question.text, &question.shown, if own.is_empty() { &question.regions } else { own }, document)
}

/// The tab stop of a stem that may be too wide for a phone, so that it can be moved sideways by the keyboard.
pub fn tab_stop(question: &Question) -> Option<&'static str> {
    (question.shown.how != Show::Text).then_some("0")
}

pub fn option(option: &Choice, document: Option<Uuid>) -> AnyView {
    shown(&option.text, &option.shown, &option.shown.regions, document)
}

fn shown(text: &str, shown: &Shown, regions: &[Region], document: Option<Uuid>) -> AnyView {
    let document = document.filter(|_| shown.how.has_crop());
    let images: Vec<_> = document.map(|id| print(regions, id, text)).unwrap_or_default();
    let words = (shown.how.has_text() || images.is_empty()).then(|| written(text, shown));
    view! { {words} {images} }.into_any()
}

/// Pictures of the print, of which the first is described by the text.
fn print(regions: &[Region], document: Uuid, text: &str) -> Vec<AnyView> {
    let image = |(n, region): (usize, &Region)| {
        let (src, srcset) = crop_picture(document, *region);
        let wide = region.width > WIDE;
        let [width, height] = [region.width, region.height].map(|points| (points * PIXELS_PER_POINT) as u32);
        view! {
            <img
                class="print"
                class:wide=wide
                src=src
                srcset=srcset
                sizes=format!("(min-width: {width}px) {width}px, 100vw")
                alt=if n == 0 { text.to_owned() } else { String::new() }
                width=width.to_string()
                height=height.to_string()
                loading="lazy"
            />
        }
        .into_any()
    };
    regions.iter().filter(|region| region.width >= 1.0 && region.height >= 1.0).enumerate().map(image).collect()
}

/// What is wider, in points, is moved sideways on a phone rather than made too small to read.
const WIDE: f32 = 300.0;
/// Print is shown a little larger than on paper.
const PIXELS_PER_POINT: f32 = 1.5;

fn written(text: &str, shown: &Shown) -> AnyView {
    if shown.how == Show::Text || shown.formulae.is_empty() {
        return in_line(text);
    }
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => in_line(text),
        Piece::Formula(formula) => view! { <span class="math" inner_html=formula.to_mathml()></span> }.into_any(),
    };
    shown.pieces(text).into_iter().map(piece).collect::<Vec<_>>().into_any()
}

/// A text with its powers raised, as people write an answer or a key: `5 m^3`.
pub fn in_line(text: &str) -> AnyView {
    let piece = |(piece, is_power): (&str, bool)| {
        let piece = piece.to_owned();
        if is_power { view! { <sup>{piece}</sup> }.into_any() } else { piece.into_any() }
    };
    match &raised(text)[..] {
        [(all, false)] => (*all).to_owned().into_any(),
        pieces => pieces.iter().copied().map(piece).collect::<Vec<_>>().into_any(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use exam_model::formula::Formula;

    use super::*;

    fn html(question: &Question) -> String {
        Owner::new().with(|| stem(question, Some(Uuid::nil())).to_html())
    }

    #[test]
    fn nothing_of_a_formula_or_its_text_is_markup() {
        let less =
            Formula::Row(vec![Formula::identifier("<b>"), Formula::operator("<"), Formula::Text("a & b".into())]);
        let text = format!("<i>Is</i> {}?", less.to_text());
        let region = Region { page: 2, x: 50.0, y: 80.0, width: 200.0, height: 40.0 };
        let shown = Shown { how: Show::Math, formulae: vec![less], regions: vec![region], ..Shown::default() };
        let question =
            |how| Question { text: text.clone(), shown: Shown { how, ..shown.clone() }, ..Question::default() };
        let math = html(&question(Show::Math));
        assert!(
            math.contains("<math><mrow><mi>&lt;b&gt;</mi><mo>&lt;</mo><mtext>a &amp; b</mtext></mrow></math>"),
            "{math}"
        );
        assert!(math.contains("&lt;i&gt;Is") && !math.contains("<img"), "{math}");
        let crop = html(&question(Show::Crop));
        assert!(
            crop.contains("alt=\"&lt;i&gt;Is") && crop.contains("/pages/2/crop?x=50") && !crop.contains("<math"),
            "{crop}"
        );
        let both = html(&question(Show::Both));
        assert!(both.contains("<math") && both.contains("<img"), "{both}");
        let plain = html(&question(Show::Text));
        assert!(!plain.contains("<math") && !plain.contains("<img"), "{plain}");
    }

    #[test]
    fn powers_are_raised_and_are_no_markup() {
        let html = |text| Owner::new().with(|| in_line(text).to_html()).replace("<!>", "");
        assert_eq!(html("5 m^3 < x^n"), "5 m<sup>3</sup> &lt; x<sup>n</sup>");
        assert_eq!(html("4 ^ 2"), "4 ^ 2");
    }

    #[test]
    fn what_has_no_place_of_its_own_stays_text() {
        let lettered =
            Choice { text: "iron".into(), shown: Shown { how: Show::Crop, ..Shown::default() }, ..Choice::nth(0) };
        let html = Owner::new().with(|| option(&lettered, Some(Uuid::nil())).to_html());
        assert!(html.contains("iron") && !html.contains("<img"), "{html}");
    }
}
