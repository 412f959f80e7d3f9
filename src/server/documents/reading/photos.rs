//! Turns photos of a paper's pages into one PDF, because later stages only read PDFs.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::error::{LimitError, LimitErrorKind};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use serde::{Deserialize, Serialize};

/// The most pixels of a photo: four times those of a usual phone. At three bytes per pixel, it fits into a child's memory
/// twice.
const MAX_PIXELS: u64 = 50_000_000;
/// The most bytes of memory for decoding.
const MAX_MEMORY: u64 = 400 << 20;
/// Pixels of the longer side, for reading print: A4 at 300 dpi.
const LONGER_SIDE: u32 = 3508;
/// Points of the longer side: A4.
const POINTS: f32 = 842.0;
/// JPEG quality, of 100: print stays sharp, and a page takes about a megabyte.
const QUALITY: u8 = 80;

/// What is wrong with a photo; `number` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadPhoto {
    pub number: usize,
    pub fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Cut off, or not a photo.
    Broken,
    /// More than `MAX_PIXELS` pixels.
    TooLarge,
}

/// Whether a file starts like a photo in a supported format.
pub fn is_photo(bytes: &[u8]) -> bool {
    matches!(image::guess_format(bytes), Ok(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP))
}

/// A PDF with a page for each photo, upright and without metadata such as where it was taken.
pub fn to_pdf(photos: &[&[u8]]) -> Result<Vec<u8>, BadPhoto> {
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let of = |number: usize| [3, 4, 5].map(|n| Ref::new(n + 3 * number as i32));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids((0..photos.len()).map(|number| of(number)[0])).count(photos.len() as i32);
    for (number, bytes) in photos.iter().enumerate() {
        let [page_id, content_id, image_id] = of(number);
        let (photo, jpeg) = upright(bytes)
            .and_then(|photo| encoded(&photo).map(|jpeg| (photo, jpeg)))
            .map_err(|error| BadPhoto { number, fault: fault(&error) })?;
        let scale = POINTS / photo.width().max(photo.height()) as f32;
        let (width, height) = (photo.width() as f32 * scale, photo.height() as f32 * scale);
        let mut page = pdf.page(page_id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content_id);
        page.resources().x_objects().pair(Name(b"Photo"), image_id);
        page.finish();
        let mut content = Content::new();
        content.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"Photo"));
        pdf.stream(content_id, &content.finish());
        let mut object = pdf.image_xobject(image_id, &jpeg);
        object.filter(Filter::DctDecode);
        object.width(photo.width() as i32).height(photo.height() as i32);
        object.color_space().device_rgb();
        object.bits_per_component(8);
    }
    Ok(pdf.finish())
}

/// A photo the right way up, not larger than needed for print, with transparent parts white.
fn upright(bytes: &[u8]) -> Result<RgbImage, ImageError> {
    if bytes.starts_with(b"\xFF\xD8") && !is_whole(bytes) {
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
    }
    let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut photo = DynamicImage::from_decoder(decoder)?;
    if width.max(height) > LONGER_SIDE {
        photo = photo.resize(LONGER_SIDE, LONGER_SIDE, FilterType::Triangle);
    }
    photo.apply_orientation(orientation);
    if !photo.color().has_alpha() {
        return Ok(photo.into_rgb8());
    }
    let photo = photo.into_rgba8();
    let on_white = |channel: u8, alpha: u8| 255 - ((255 - u16::from(channel)) * u16::from(alpha) / 255) as u8;
    let mut flat = RgbImage::new(photo.width(), photo.height());
    for (to, from) in flat.pixels_mut().zip(photo.pixels()) {
        let [r, g, b, alpha] = from.0;
        to.0 = [r, g, b].map(|channel| on_white(channel, alpha));
    }
    Ok(flat)
}

/// Whether a JPEG is complete; the decoder would fill in grey for what is missing. A JPEG consists of markers, most of them
/// with a length. A scan marker is followed by data, in which FF before 0 or a restart is not a marker (ITU-T T.81, B.1.1).
fn is_whole(jpeg: &[u8]) -> bool {
    let mut rest = jpeg;
    loop {
        let Some(at) =
            rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 1 | 0xD0..=0xD8 | 0xFF))
        else {
            return false;
        };
        let marker = rest[at + 1];
        rest = &rest[at + 2..];
        if marker == 0xD9 {
            return true;
        }
        let length = rest.first_chunk().map(|length| usize::from(u16::from_be_bytes(*length)));
        let Some(after) = length.and_then(|length| rest.get(length..)) else { return false };
        rest = after;
    }
}

fn encoded(photo: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(photo)?;
    Ok(jpeg)
}

fn fault(error: &ImageError) -> Fault {
    if matches!(error, ImageError::Limits(_)) { Fault::TooLarge } else { Fault::Broken }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use image::codecs::webp::WebPEncoder;
    use image::{GrayImage, ImageFormat, Rgba, RgbaImage};

    use super::*;
    use crate::server::documents::reading::pdf;

    /// A picture of this size, black in its upper left quarter and red elsewhere.
    fn photo(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let colour = |x, y| image::Rgb(if x < width / 2 && y < height / 2 { [0; 3] } else { [255, 0, 0] });
        file(&DynamicImage::from(RgbImage::from_fn(width, height, colour)), format)
    }

    fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        match format {
            ImageFormat::WebP => image.write_with_encoder(WebPEncoder::new_lossless(&mut out)).unwrap(),
            format => image.write_to(&mut out, format).unwrap(),
        }
        out.into_inner()
    }

    /// The JPEG with the orientation that a phone writes: 6, a quarter turn to the right.
    fn held(jpeg: &[u8]) -> Vec<u8> {
        let exif = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        [&jpeg[..2], exif, &jpeg[2..]].concat()
    }

    /// The width and height of each page, and the colours of its four corners, starting at the upper left.
    fn pages(pdf: &[u8]) -> Vec<(u32, u32, [[u8; 3]; 4])> {
        let mut pages = Vec::new();
        while let Ok(page) = pdf::render(pdf, pages.len() as u32 + 1, 100, None) {
            let page = image::load_from_memory(&page).unwrap().into_rgb8();
            let (right, bottom) = (page.width() - 6, page.height() - 6);
            let corners = [(5, 5), (right, 5), (5, bottom), (right, bottom)];
            pages.push((page.width(), page.height(), corners.map(|(x, y)| page.get_pixel(x, y).0)));
        }
        pages
    }

    fn dark(corners: [[u8; 3]; 4]) -> [bool; 4] {
        corners.map(|[red, ..]| red < 128)
    }

    #[test]
    fn each_photo_is_a_page_upright_and_in_its_order() {
        let [jpeg, png, webp] =
            [photo(300, 200, ImageFormat::Jpeg), photo(200, 200, ImageFormat::Png), photo(200, 400, ImageFormat::WebP)];
        let pdf = to_pdf(&[&webp, &held(&jpeg), &png, &jpeg]).unwrap();
        let pages = pages(&pdf);
        let sizes: Vec<(u32, u32)> = pages.iter().map(|(width, height, _)| (*width, *height)).collect();
        assert_eq!(sizes, [(100, 200), (100, 150), (100, 100), (100, 66)]);
        let upper_left = [true, false, false, false];
        let expected = [upper_left, [false, true, false, false], upper_left, upper_left];
        assert_eq!(pages.iter().map(|(.., corners)| dark(*corners)).collect::<Vec<_>>(), expected);
        assert!(!pdf.windows(4).any(|part| part == b"Exif"), "nor where it was taken");
        assert_eq!(to_pdf(&[&webp, &held(&jpeg), &png, &jpeg]).unwrap(), pdf, "the same photos are the same file");
    }

    #[test]
    fn what_is_transparent_is_paper() {
        let png = file(&RgbaImage::from_pixel(60, 60, Rgba([0, 0, 0, 0])).into(), ImageFormat::Png);
        let (.., corners) = pages(&to_pdf(&[&png]).unwrap())[0];
        assert!(corners.iter().flatten().all(|part| *part > 250), "{corners:?}");
    }

    #[test]
    fn large_photos_become_as_large_as_print_needs() {
        let large = file(&GrayImage::new(4000, 1000).into(), ImageFormat::Jpeg);
        let pdf = to_pdf(&[&large]).unwrap();
        assert!(
            pdf.windows(11).any(|part| part == b"/Width 3508") && pdf.windows(11).any(|part| part == b"/Height 877")
        );
    }

    #[test]
    fn a_photo_that_is_cut_off_is_named() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let noise = RgbImage::from_fn(200, 200, |x, y| image::Rgb([(x * y % 251) as u8, (x ^ y) as u8, x as u8]));
            let whole = file(&noise.into(), format);
            assert!(to_pdf(&[&whole]).is_ok());
            for kept in [12, whole.len() / 4, whole.len() / 2, whole.len() - 20] {
                let bad = BadPhoto { number: 1, fault: Fault::Broken };
                assert_eq!(to_pdf(&[&whole, &whole[..kept]]), Err(bad), "{format:?} {kept} of {}", whole.len());
            }
        }
        let jpeg = photo(300, 200, ImageFormat::Jpeg);
        assert!(is_whole(&held(&jpeg)) && is_whole(&[&jpeg[..], b"what a phone adds"].concat()));
        // A complete thumbnail is before the cut.
        let small = [&b"\xFF\xE1"[..], &(jpeg.len() as u16 + 2).to_be_bytes(), &jpeg].concat();
        let cut = [&jpeg[..2], &small, &jpeg[2..jpeg.len() / 2]].concat();
        assert!(!is_whole(&cut));
    }

    #[test]
    fn a_small_file_of_many_pixels_is_refused_before_it_takes_memory() {
        let png = file(&GrayImage::new(8000, 8000).into(), ImageFormat::Png);
        let mut jpeg = photo(64, 64, ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|pair| pair == b"\xFF\xC0").unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        for bomb in [&png, &jpeg] {
            let begun = Instant::now();
            assert_eq!(to_pdf(&[bomb]), Err(BadPhoto { number: 0, fault: Fault::TooLarge }));
            assert!(bomb.len() < 400_000 && begun.elapsed().as_millis() < 500, "{} {:?}", bomb.len(), begun.elapsed());
        }
    }
}
