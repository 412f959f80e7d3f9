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
}
