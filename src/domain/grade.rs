//! National grades by year: letters or percentages, and pass marks.

/// The grade of a national examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// `A` … `F` in years with letters.
    pub letter: Option<char>,
    pub passed: bool,
}

/// Grades with their lowest percentages, highest first.
type Scale = &'static [(f64, char)];

/// P6 and S3, 2022 to 2024 (Ministry of Education; KT Press, Rwandaequip).
const BASIC: Scale = &[(70.0, 'A'), (65.0, 'B'), (60.0, 'C'), (50.0, 'D'), (40.0, 'E'), (20.0, 'S'), (0.0, 'F')];
/// S6, core subjects of the school year 2023/24 (The New Times).
const ADVANCED: Scale = &[(80.0, 'A'), (75.0, 'B'), (70.0, 'C'), (65.0, 'D'), (60.0, 'E'), (50.0, 'S'), (0.0, 'F')];
/// The pass mark in percent, if results are percentages: from 2025 on (Africa Press), and if nothing else is known.
const PASS: f64 = 50.0;

/// The grade for a percentage in an examination of this level and year.
pub fn grade(level: &str, year: i32, percent: f64) -> Grade {
    let scale = match (level, year) {
        ("P6" | "S3", 2022..=2024) => Some(BASIC),
        ("S6", 2024) => Some(ADVANCED),
        _ => None,
    };
    let Some(scale) = scale else { return Grade { letter: None, passed: percent >= PASS } };
    let letter = scale.iter().find(|(from, _)| percent >= *from).map_or('F', |(_, letter)| *letter);
    Grade { letter: Some(letter), passed: letter != 'F' }
}

/// The grades of an interval of percentages, in words: `grade C to A`, `grade B`, or without letters `a pass`.
pub fn between(level: &str, year: i32, low: f64, high: f64) -> String {
    let (low, high) = (grade(level, year, low), grade(level, year, high));
    match (low.letter, high.letter) {
        (Some(low), Some(high)) if low == high => format!("grade {low}"),
        (Some(low), Some(high)) => format!("grade {low} to {high}"),
        _ if low.passed => "a pass".into(),
        _ if high.passed => "around the pass mark".into(),
        _ => "below the pass mark".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_year_has_its_way() {
        let of = |level, year, percent| {
            let grade = grade(level, year, percent);
            (grade.letter, grade.passed)
        };
        assert_eq!(of("P6", 2023, 70.0), (Some('A'), true));
        assert_eq!(of("P6", 2023, 69.9), (Some('B'), true));
        assert_eq!(of("S3", 2022, 20.0), (Some('S'), true), "one point and more passes a subject");
        assert_eq!(of("S3", 2024, 19.9), (Some('F'), false));
        assert_eq!(of("S6", 2024, 49.9), (Some('F'), false));
        assert_eq!(of("S6", 2024, 50.0), (Some('S'), true));
        assert_eq!(of("P6", 2025, 49.9), (None, false));
        assert_eq!(of("P6", 2025, 50.0), (None, true));
        assert_eq!(of("TTC", 2024, 50.0), (None, true));
    }

    #[test]
    fn an_interval_has_one_grade_or_several() {
        assert_eq!(between("P6", 2024, 61.0, 63.0), "grade C");
        assert_eq!(between("P6", 2024, 61.0, 71.0), "grade C to A");
        let words = [(50.0, 60.0), (40.0, 50.0), (40.0, 49.0)].map(|(low, high)| between("P6", 2027, low, high));
        assert_eq!(words, ["a pass", "around the pass mark", "below the pass mark"]);
    }
}
