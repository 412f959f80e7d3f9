//! The interface to the PDF library: bytes to positioned characters, and pages to images.
//!
//! hayro does both: pure Rust without `unsafe`, by the author of typst's PDF crates. Its interpreter reports what is drawn
//! in which colour under which clip, so that text that a candidate cannot see is left out.

use std::cell::LazyCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use exam_model::format;
use exam_model::question::Region;
use exam_model::text::printable;
use exam_reading::INSTALL_OCR;
use exam_reading::text::{Area, Char, Drawing, PageText, Unread};
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::server::documents::reading::fonts::{self, Fonts};
use crate::server::documents::reading::layer::{FEW_LETTERS, Found, Ink, Layer, beside, is_legible, layer};
use crate::server::documents::reading::ocr::{OcrError, Picture, Tesseract};
use crate::server::documents::reading::orientation;

/// More pages than any paper has.
const MAX_PAGES: usize = 2000;

/// Why a PDF could not be read, for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    #[error("This is not a PDF, or it is cut off. Download or save it again and upload that.")]
    NotPdf,
    #[error("This PDF is locked with a password. Save it without one and upload that.")]
    Encrypted,
    #[error("This PDF is broken inside and could not be read. Save it again with another program and upload that.")]
    Broken,
    #[error("No page was found in this PDF. Save it again with another program and upload that.")]
    NoPages,
    #[error("This PDF has {}, but hardly any text was found. If it is a scan, scan it again, straight and sharp.", pages(.0))]
    NoText(usize),
    #[error(
        "This PDF has {} of pictures without text, such as scans. Upload a PDF with real text, or have tesseract \
         installed on the server: {INSTALL_OCR}", pages(.0)
    )]
    NoOcr(usize),
    #[error("The scanned pages of this PDF could not be read: {0}.")]
    Ocr(String),
    #[error("This PDF has {0} pages, more than {MAX_PAGES}. Split it and upload the parts.")]
    TooManyPages(usize),
    #[error("This PDF has no page {0}.")]
    NoSuchPage(u32),
}

fn pages(count: &usize) -> String {
    format::count(*count as i64, "page")
}

/// Whether the end marker is missing, so that the last pages may be missing too.
pub fn is_cut_off(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(1024)..];
    !end.windows(5).any(|window| window == b"%%EOF")
}

fn open(bytes: &[u8]) -> Result<Pdf, PdfError> {
    let whole = bytes.starts_with(b"%PDF-") && !is_cut_off(bytes);
    let empty = || if whole { PdfError::NoPages } else { PdfError::NotPdf };
    let open = catch_unwind(|| Pdf::new(bytes.to_vec())).map_err(|_| PdfError::Broken)?;
    let pdf = open.map_err(|error| match error {
        LoadPdfError::Decryption(_) => PdfError::Encrypted,
        LoadPdfError::Invalid => empty(),
    })?;
    match pdf.pages().len() {
        0 => Err(empty()),
        pages if pages > MAX_PAGES => Err(PdfError::TooManyPages(pages)),
        _ => Ok(pdf),
    }
}

/// The visible characters and drawings of every page. Scanned pages are skipped without tesseract. `progress` gets the
/// page, from 1, and the number of pages.
pub fn read_pages(
    mut tesseract: Option<&mut Tesseract>,
    bytes: &[u8],
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Vec<PageText>, PdfError> {
    let pdf = open(bytes)?;
    let cache = InterpreterCache::new();
    let count = pdf.pages().len();
    let mut pages = Vec::with_capacity(count);
    for (number, page) in pdf.pages().iter().enumerate() {
        let mut at_it = || progress(number as u32 + 1, count as u32);
        at_it();
        let read = catch_unwind(AssertUnwindSafe(|| read_page(page, &cache, tesseract.as_deref_mut(), &mut at_it)));
        pages.push(read.map_err(|_| PdfError::Broken)?);
    }
    let letters: usize = pages.iter().map(|page| page.chars.len()).sum();
    if letters >= FEW_LETTERS * count.min(4) {
        return Ok(pages);
    }
    Err(match pages.into_iter().find_map(|page| page.unread) {
        Some(Unread::WithoutOcr) => PdfError::NoOcr(count),
        Some(Unread::GaveUp(reason)) => PdfError::Ocr(reason),
        None => PdfError::NoText(count),
    })
}

/// The orientation in which a page is read: most of its text runs from left to right.
struct Sheet {
    width: f32,
    height: f32,
    transform: Affine,
}

impl Sheet {
    /// The orientation in the file, where wide tables are on their side.
    fn as_filed(page: &Page<'_>) -> Self {
        let (width, height) = page.render_dimensions();
        Self { width, height, transform: page.initial_transform(true).to_kurbo() }
    }

    /// Turned clockwise by quarter turns.
    fn turned(self, quarters: usize) -> Self {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let turn = match quarters {
            1 => Affine::new([0.0, 1.0, -1.0, 0.0, height, 0.0]),
            2 => Affine::new([-1.0, 0.0, 0.0, -1.0, width, height]),
            3 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, width]),
            _ => return self,
        };
        let (width, height) = if quarters == 2 { (self.width, self.height) } else { (self.height, self.width) };
        Self { width, height, transform: turn * self.transform }
    }

    /// Rotated about its centre, so that lines that fall by this many degrees become level.
    fn straightened(self, slant: f64) -> Self {
        let middle = Point::new(f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        Self { transform: Affine::rotate_about(-slant.to_radians(), middle) * self.transform, ..self }
    }

    fn whole(&self) -> Region {
        Region { page: 0, x: 0.0, y: 0.0, width: self.width, height: self.height }
    }

    /// Whether it has the shape of two pages of a booklet side by side.
    fn is_spread(&self) -> bool {
        self.width > self.height
    }

    /// Its width in pixels if its longer side has `longer` pixels.
    fn pixels(&self, longer: f32) -> u32 {
        (longer * self.width / self.width.max(self.height).max(1.0)) as u32
    }

    fn collect<'a>(&self, page: &'a Page<'a>, cache: &InterpreterCache<'a>) -> Collector {
        let bounds = Rect::new(0.0, 0.0, self.width.into(), self.height.into());
        let mut context = Context::new(self.transform, bounds, cache, page.xref(), InterpreterSettings::default());
        let mut collector = Collector { clips: vec![bounds], fonts: Fonts::of(page), ..Collector::default() };
        interpret_page(page, &mut context, &mut collector);
        collector
    }
}

/// Pixels of a sheet's longer side: to read its print (A4 at 300 dpi), and to detect its orientation.
const FINE: f32 = 3508.0;
/// The same for a sheet that may be two pages.
const FINE_SPREAD: f32 = 4096.0;
const SKETCH: f32 = 1600.0;

/// The page the right way up, with what is on it.
fn upright<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>) -> (Sheet, Collector) {
    let sheet = Sheet::as_filed(page);
    let found = sheet.collect(page, cache);
    let all: usize = found.directions.iter().sum();
    match (1..4).find(|&quarters| found.directions[quarters] * 2 > all) {
        Some(quarters) => {
            let sheet = sheet.turned(quarters);
            let found = sheet.collect(page, cache);
            (sheet, found)
        }
        None => (sheet, found),
    }
}

/// The page as it is read and shown (the right way up, and level if it is a picture), what is on it, and which layer to
/// read.
fn laid<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>) -> (Sheet, Collector, Layer) {
    /// Degrees; a smaller slant moves no word to another line.
    const LEVEL: f64 = 0.15;
    let (sheet, found) = upright(page, cache);
    let sketch = LazyCell::new(|| picture(&paint(page, &sheet, sheet.whole(), sheet.pixels(SKETCH))));
    let layer = layer(&found.on(&sheet), || Ink::of(&sketch, sketch.width as f32 / sheet.width.max(1.0)));
    if layer != Layer::Picture {
        drop(sketch);
        return (sheet, found, layer);
    }
    let (quarters, slant) = (orientation::quarters(&sketch), sketch.slant());
    drop(sketch);
    if quarters == 0 && slant.abs() < LEVEL {
        return (sheet, found, layer);
    }
    let sheet = sheet.turned(quarters);
    let slant = match quarters {
        0 => slant,
        _ => picture(&paint(page, &sheet, sheet.whole(), sheet.pixels(SKETCH))).slant(),
    };
    let sheet = sheet.straightened(slant);
    let found = sheet.collect(page, cache);
    (sheet, found, layer)
}

/// Reads a page by the right layer; calls `at_it` if that takes longer than usual.
fn read_page<'a>(
    page: &'a Page<'a>,
    cache: &InterpreterCache<'a>,
    tesseract: Option<&mut Tesseract>,
    at_it: &mut dyn FnMut(),
) -> PageText {
    let (sheet, found, layer) = laid(page, cache);
    let legible = is_legible(&found.chars, found.unknown);
    let Collector { mut chars, hidden, drawings, .. } = found;
    chars.shrink_to_fit();
    let Sheet { width, height, .. } = sheet;
    let page_text = |chars, drawings, unread| PageText { width, height, chars, drawings, unread, ocr: false };
    let with = |mut chars: Vec<Char>, more: Vec<Char>| {
        let more: Vec<Char> = beside(&chars, more).collect();
        chars.extend(more);
        page_text(chars, Vec::new(), None)
    };
    if layer == Layer::Text {
        return page_text(chars, drawings, None);
    }
    if !legible {
        chars.clear();
    }
    if layer == Layer::Hidden {
        return with(chars, hidden);
    }
    let Some(tesseract) = tesseract else { return page_text(chars, drawings, Some(Unread::WithoutOcr)) };
    let mut read = |longer: f32| {
        let image = paint(page, &sheet, sheet.whole(), sheet.pixels(longer));
        tesseract.read(picture(&image), f32::from(image.width()) / width.max(1.0))
    };
    let fine = if sheet.is_spread() { FINE_SPREAD } else { FINE };
    let read = read(fine).or_else(|error| {
        if matches!(error, OcrError::Foreign) {
            return Err(error);
        }
        at_it();
        // A quarter of the pixels: print stays legible, and the cause of the slowness may be gone.
        read(fine / 2.0)
    });
    match read {
        Ok(more) => PageText { ocr: true, ..with(chars, more) },
        Err(error) => page_text(chars, drawings, Some(Unread::GaveUp(error.to_string()))),
    }
}

fn picture(image: &Pixmap) -> Picture {
    Picture { width: image.width().into(), pixels: image.data().iter().map(|pixel| pixel.g).collect() }
}

/// Records what is drawn instead of drawing it.
#[derive(Default)]
struct Collector {
    chars: Vec<Char>,
    /// Invisible text.
    hidden: Vec<Char>,
    drawings: Vec<Drawing>,
    /// Filled so dark that white letters show on it.
    dark: Vec<Rect>,
    clips: Vec<Rect>,
    fonts: Fonts,
    /// The number of characters that run to the right, up, to the left and down: by quarter turns to turn them clockwise.
    directions: [usize; 4],
    /// The number of glyphs without a known character.
    unknown: usize,
}

/// From this brightness (0 to 1 in every channel), ink cannot be distinguished from paper.
const NEARLY_WHITE: f32 = 0.93;

/// Whether it is opaque without visible ink.
fn is_white(paint: &Paint<'_>) -> bool {
    let Paint::Color(color) = paint else { return false };
    let [r, g, b, a] = color.to_rgba().to_rgba8();
    a > 250 && [r, g, b].iter().all(|&channel| f32::from(channel) / 255.0 > NEARLY_WHITE)
}

/// Whether a colour is seen in it: red or green answers, not grey ones.
fn is_coloured(paint: &Paint<'_>) -> bool {
    const SEEN: u8 = 90;
    let Paint::Color(color) = paint else { return false };
    let [r, g, b, _] = color.to_rgba().to_rgba8();
    r.max(g).max(b) - r.min(g).min(b) > SEEN
}

/// Whether white letters show on it.
fn is_dark(paint: &Paint<'_>) -> bool {
    const DARK: u16 = 3 * 150;
    let Paint::Color(color) = paint else { return false };
    let [r, g, b, a] = color.to_rgba().to_rgba8();
    a > 200 && u16::from(r) + u16::from(g) + u16::from(b) < DARK
}

fn is_transparent(paint: &Paint<'_>) -> bool {
    matches!(paint, Paint::Color(color) if color.to_rgba().to_rgba8()[3] < 13)
}

impl Collector {
    /// The input for choosing a layer.
    fn on(&self, sheet: &Sheet) -> Found<'_> {
        Found {
            chars: &self.chars,
            unknown: self.unknown,
            hidden: &self.hidden,
            drawings: &self.drawings,
            width: sheet.width,
            height: sheet.height,
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    fn shape(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        let clip = self.clip();
        let bounds = props.transform.transform_rect_bbox(path.bounding_box());
        let visible = bounds.intersect(clip);
        if bounds.x1 < clip.x0 || bounds.x0 > clip.x1 || bounds.y1 < clip.y0 || bounds.y0 > clip.y1 {
            return;
        }
        let fill = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if is_white(&props.paint) {
            if fill && visible.area() > 0.0 {
                self.chars.retain(|char| !visible.contains(middle(char)));
                self.dark.retain(|dark| visible.intersect(*dark) != *dark);
            }
            return;
        }
        if is_transparent(&props.paint) || matches!(mode, DrawMode::Invisible) {
            return;
        }
        if fill && is_dark(&props.paint) {
            self.dark.push(visible);
        }
        let thin = bounds.width() < 2.5 || bounds.height() < 2.5;
        let straight =
            path.elements().iter().all(|element| !matches!(element, PathEl::CurveTo(..) | PathEl::QuadTo(..)));
        let box_like = straight && path.elements().len() <= 6 && is_upright(path);
        let area = area(visible);
        if thin {
            self.drawings.push(Drawing::Line(area));
        } else if !box_like {
            self.drawings.push(Drawing::Picture(area));
        } else if !matches!(mode, DrawMode::Fill(_)) && is_small_box(&area) {
            self.drawings.push(Drawing::Box(area));
        }
    }
}

/// Of the size of a box to tick.
fn is_small_box(area: &Area) -> bool {
    const SIDES: std::ops::Range<f32> = 5.0..26.0;
    SIDES.contains(&area.width)
        && SIDES.contains(&area.height)
        && area.width.max(area.height) < 1.7 * area.width.min(area.height)
}

fn middle(char: &Char) -> Point {
    let (x, y) = char.middle();
    Point::new(x.into(), y.into())
}

/// Whether all edges are parallel to the page's edges.
fn is_upright(path: &BezPath) -> bool {
    let mut last: Option<Point> = None;
    for element in path.elements() {
        let (PathEl::MoveTo(point) | PathEl::LineTo(point)) = *element else { continue };
        if let (Some(from), PathEl::LineTo(_)) = (last, element)
            && (from.x - point.x).abs() > 0.5
            && (from.y - point.y).abs() > 0.5
        {
            return false;
        }
        last = Some(point);
    }
    true
}

fn area(rect: Rect) -> Area {
    Area { x: rect.x0 as f32, y: rect.y0 as f32, width: rect.width() as f32, height: rect.height() as f32 }
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.shape(path, &props, mode);
    }

    fn push_clip_path(&mut self, path: &ClipPath) {
        // The path is already in device coordinates.
        let bounds = self.clip().intersect(path.path.bounding_box());
        self.clips.push(bounds);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let bounds = self.clip().intersect(*rect);
        self.clips.push(bounds);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let hidden = matches!(mode, DrawMode::Invisible);
        let white = !hidden && is_white(&props.paint);
        if !hidden && is_transparent(&props.paint) || white && self.dark.is_empty() {
            return;
        }
        let clip = self.clip();
        let coloured = is_coloured(&props.paint);
        let unnamed = |glyph: &Glyph<'_>| match glyph {
            Glyph::Outline(glyph) if glyph.font_data().is_none() => Some((glyph.char_code(), glyph.advance_width()?)),
            _ => None,
        };
        let letters: Option<Vec<(u32, f32)>> = run.glyphs().iter().map(|glyph| unnamed(glyph)).collect();
        let bold_run = letters.is_some_and(|letters| self.fonts.are_bold(&letters));
        for glyph in run.glyphs() {
            let name = match glyph.as_unicode() {
                Some(BfString::Char(char)) => char.to_string(),
                Some(BfString::String(text)) => text,
                None => String::new(),
            };
            if name.chars().all(char::is_control) {
                self.unknown += usize::from(!hidden);
                continue;
            }
            let text = printable(&name);
            let transform = props.transform * glyph.transform();
            let (advance, bold) = match &**glyph {
                Glyph::Outline(glyph) => {
                    let font = glyph.font_data();
                    let heavy = font.as_ref().and_then(|font| font.weight).is_some_and(|weight| weight >= 600);
                    let named = font.and_then(|font| font.postscript_name).is_some_and(|name| fonts::is_bold(&name));
                    (glyph.advance_width().unwrap_or(500.0), heavy || named || bold_run)
                }
                Glyph::Type3(glyph) => (glyph.advance_width().unwrap_or(500.0), false),
            };
            let origin = transform * Point::ORIGIN;
            let end = transform * Point::new(advance.into(), 0.0);
            let up = transform * Point::new(0.0, 1000.0);
            let size = (up - origin).hypot() as f32;
            let (along, down) = (end.x - origin.x, end.y - origin.y);
            let quarters = match (along.abs() >= down.abs(), along >= 0.0, down >= 0.0) {
                (true, true, _) => 0,
                (false, _, false) => 1,
                (true, false, _) => 2,
                (false, _, true) => 3,
            };
            self.directions[quarters] += usize::from(!hidden);
            // Text on its side or upside down is a watermark or a note in the margin.
            if end.x < origin.x - 0.01 || (end.y - origin.y).abs() > 0.2 * (end.x - origin.x).abs().max(0.1) {
                continue;
            }
            let char = Char {
                text,
                x: origin.x as f32,
                baseline: origin.y as f32,
                width: (end.x - origin.x) as f32,
                size,
                bold,
                coloured,
            };
            let middle = middle(&char);
            let shows = !white || self.dark.iter().any(|dark| dark.contains(middle));
            if clip.contains(middle) && shows {
                if hidden { &mut self.hidden } else { &mut self.chars }.push(char);
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let unit = Rect::new(0.0, 0.0, image.width().into(), image.height().into());
        let bounds = props.transform.transform_rect_bbox(unit).intersect(self.clip());
        if bounds.width() > 12.0 && bounds.height() > 12.0 {
            self.drawings.push(Drawing::Picture(area(bounds)));
        }
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn pop_transparency_group(&mut self) {}
}

/// A page, or a region of it, as WebP of `width` pixels. The height is proportional, but at most four times the width.
pub fn render(bytes: &[u8], page: u32, width: u32, region: Option<Region>) -> Result<Vec<u8>, PdfError> {
    let pdf = open(bytes)?;
    let page = (page as usize).checked_sub(1).and_then(|n| pdf.pages().get(n)).ok_or(PdfError::NoSuchPage(page))?;
    let image = catch_unwind(AssertUnwindSafe(|| draw(page, width, region))).map_err(|_| PdfError::Broken)?;
    encode(&image).ok_or(PdfError::Broken)
}

fn draw(page: &Page<'_>, width: u32, region: Option<Region>) -> Pixmap {
    let (sheet, ..) = laid(page, &InterpreterCache::new());
    paint(page, &sheet, region.unwrap_or(sheet.whole()), width)
}

fn paint(page: &Page<'_>, sheet: &Sheet, region: Region, width: u32) -> Pixmap {
    let scale = f64::from(width) / f64::from(region.width.max(1.0));
    let height = (f64::from(region.height) * scale).clamp(1.0, f64::from(width * 4)) as u16;
    let mut context = RenderContext::new(width.clamp(1, 4096) as u16, height);
    let transform =
        Affine::scale(scale) * Affine::translate((-f64::from(region.x), -f64::from(region.y))) * sheet.transform;
    let cache = RenderCache::new();
    render_into(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    let target_init = TargetInit::Clear(hayro::vello_cpu::color::palette::css::WHITE);
    context.render_with(
        &mut pixmap,
        &mut Resources::default(),
        RasterizerSettings { target_init, ..Default::default() },
    );
    pixmap
}

/// Lossless, with 16 shades per channel: enough for print, and a third of the bytes.
fn encode(pixmap: &Pixmap) -> Option<Vec<u8>> {
    let shade = |channel: u8| (channel & 0xF0) | (channel >> 4);
    let pixels = pixmap.data();
    let coloured = pixels.iter().any(|p| p.r.abs_diff(p.g) > 24 || p.g.abs_diff(p.b) > 24);
    let (data, kind): (Vec<u8>, _) = if coloured {
        (pixels.iter().flat_map(|p| [shade(p.r), shade(p.g), shade(p.b)]).collect(), image_webp::ColorType::Rgb8)
    } else {
        (pixels.iter().map(|p| shade(p.g)).collect(), image_webp::ColorType::L8)
    };
    let mut out = Vec::new();
    let encoder = image_webp::WebPEncoder::new(&mut out);
    encoder.encode(&data, pixmap.width().into(), pixmap.height().into(), kind).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests;
