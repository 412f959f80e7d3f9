//! Which way up a scanned page is: lines of print are rows of letters with white between them, and more letters reach above
//! the small ones than below.

use crate::server::documents::reading::ocr::Picture;

/// Darker pixels are ink.
const INK: u8 = 128;
/// Degrees on either side by which a page may be askew, and between the angles that are tried.
const MOST: f64 = 3.0;
const STEP: f64 = 0.5;

/// By how many quarter turns clockwise a page's picture comes the right way up; none where that is not plain.
pub fn quarters(picture: &Picture) -> usize {
    // Of upright pages the most doubtful come to 2.5 with a chart or a pattern of dots, whose lines reach nowhere.
    const PLAIN: f64 = 3.0;
    const LIKELY: f64 = 1.5;
    const DOWN: f64 = 0.4;
    let (level, angle) = contrast(picture);
    let turned = turned(picture);
    let (side, angle_of_side) = contrast(&turned);
    if side > LIKELY * level {
        let up = reaches_up(&turned, angle_of_side);
        return match up {
            ..DOWN => 3,
            _ if up > 1.0 / DOWN || side > PLAIN * level => 1,
            _ => 0,
        };
    }
    if level > 2.0 * side && reaches_up(picture, angle) < DOWN { 2 } else { 0 }
}

/// The picture turned clockwise by a quarter.
fn turned(picture: &Picture) -> Picture {
    let rows: Vec<&[u8]> = picture.rows().collect();
    let pixels = (0..picture.width).flat_map(|x| rows.iter().rev().map(move |row| row[x])).collect();
    Picture { width: rows.len(), pixels }
}

/// What `count` finds in a row, by the rows that fall by an angle.
fn by_row(picture: &Picture, degrees: f64, count: impl Fn(&[u8], usize) -> bool) -> Vec<f64> {
    let fall = degrees.to_radians().tan();
    // Rows that end above the first count for it, as good as none.
    let last = picture.rows().count().saturating_sub(1);
    let mut rows = vec![0.0; last + 1];
    for (y, row) in picture.rows().enumerate() {
        for x in (1..row.len()).filter(|&x| count(row, x)) {
            rows[((y as f64 - x as f64 * fall).max(0.0) as usize).min(last)] += 1.0;
        }
    }
    rows
}

/// How much neighbouring rows differ in the number of strokes, and at which angle most. Strokes, since a dark edge is one.
fn contrast(picture: &Picture) -> (f64, f64) {
    let stroke = |row: &[u8], x: usize| row[x] < INK && row[x - 1] >= INK;
    let steps = (MOST / STEP) as i32;
    let at = |step: i32| {
        let degrees = f64::from(step) * STEP;
        let rows = by_row(picture, degrees, stroke);
        (rows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f64>(), degrees)
    };
    (-steps..=steps).map(at).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
}

/// How many lines have more ink above their small letters than below, for each of which it is the other way; 1 where lines
/// are too few to say.
fn reaches_up(picture: &Picture, degrees: f64) -> f64 {
    const FEWEST: usize = 6;
    let rows = by_row(picture, degrees, |row, x| row[x] < INK);
    let most = rows.iter().copied().fold(0.0, f64::max);
    let (mut up, mut down) = (0, 0);
    for line in rows.split(|&ink| ink < 0.01 * most) {
        let most_here = line.iter().copied().fold(0.0, f64::max);
        let is_core = |ink: &f64| *ink > 0.45 * most_here;
        let (Some(top), Some(bottom)) = (line.iter().position(is_core), line.iter().rposition(is_core)) else {
            continue;
        };
        // Rules and dots to write on are no letters.
        if !(8..=60).contains(&line.len()) || bottom < top + 3 || most_here < 0.05 * most {
            continue;
        }
        let (above, below) = (line[..top].iter().sum::<f64>(), line[bottom + 1..].iter().sum::<f64>());
        up += usize::from(above > 1.2 * below);
        down += usize::from(below > 1.2 * above);
    }
    if up + down < FEWEST { 1.0 } else { (up as f64 + 0.5) / (down as f64 + 0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of bars as wide as letters; every third reaches up, every ninth down.
    fn page() -> Picture {
        let (width, height) = (600, 800);
        let ink = |x: usize, y: usize| {
            // Letters of different lines do not stand below each other.
            let x = x + y / 40 * 37 % 10;
            let (column, line) = (x / 10, y % 40);
            let (top, bottom) = (if column.is_multiple_of(3) { 8 } else { 15 }, if column % 9 == 4 { 32 } else { 25 });
            x % 10 < 5 && (top..bottom).contains(&line) && (60..540).contains(&x)
        };
        let pixels = (0..width * height).map(|n| if ink(n % width, n / width) { 20 } else { 240 }).collect();
        Picture { width, pixels }
    }

    #[test]
    fn a_page_is_turned_the_right_way_up() {
        let mut picture = page();
        for wanted in [0, 3, 2, 1] {
            assert_eq!(quarters(&picture), wanted);
            picture = turned(&picture);
        }
    }

    #[test]
    fn what_is_not_plain_is_left() {
        let white = Picture { width: 600, pixels: vec![255; 600 * 800] };
        assert_eq!(quarters(&white), 0);
        let dots = (0..600 * 800).map(|n| if n % 20 < 4 && n / 600 % 20 < 4 { 0 } else { 255 }).collect();
        assert_eq!(quarters(&Picture { width: 600, pixels: dots }), 0);
        assert_eq!(quarters(&Picture { width: 0, pixels: Vec::new() }), 0);
    }
}
