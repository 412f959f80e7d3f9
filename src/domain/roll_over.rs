//! The end of a school year: which classes move up, and which leave.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::class::{Class, class_key};

/// What becomes of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Its pupils are in a class of this name and level next year.
    MovesUp { name: String, level: String },
    /// The accounts of its pupils are switched off.
    Leaves,
    /// Nothing is changed.
    Stays,
}

/// A class of the year that ends, with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedClass {
    pub class: Class,
    pub fate: Fate,
}

/// How the kinds of schools number their years, and the last of them.
const SCHOOLS: [(&str, u32); 8] =
    [("p", 6), ("primary", 6), ("s", 6), ("senior", 6), ("ttc", 3), ("tte", 3), ("y", 3), ("year", 3)];

/// The word before the first number of a name, the number, and what comes after it: `P5 A` is `P`, 5 and ` A`.
fn parts(name: &str) -> Option<(&str, u32, &str)> {
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let length = name[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len() - start);
    let number = name[start..start + length].parse().ok()?;
    Some((&name[..start], number, &name[start + length..]))
}

/// What is likely to become of a class, by its name: `P5 A` moves up to `P6 A`, `P6 A` leaves. One whose name does not tell its
/// year stays. The level is the next exam of the kind of school, of these codes.
pub fn fate(name: &str, level: &str, levels: &[String]) -> Fate {
    let Some((word, number, rest)) = parts(name) else { return Fate::Stays };
    let key = class_key(word);
    let Some((_, last)) = SCHOOLS.into_iter().find(|(school, _)| *school == key) else { return Fate::Stays };
    if number >= last {
        return Fate::Leaves;
    }
    let exam = |code: &&String| {
        let (of, year, _) = parts(code)?;
        (key.starts_with(&class_key(of)) && year > number).then_some(year)
    };
    let next = levels.iter().filter(|code| exam(code).is_some()).min_by_key(exam);
    let level = next.map_or(level, String::as_str).to_owned();
    Fate::MovesUp { name: format!("{word}{}{rest}", number + 1), level }
}

/// What is likely to become of the classes with active pupils of the earliest year that has any; none begins later than in the
/// next calendar year. A year whose classes are all likely to stay comes last, so that it does not keep others waiting.
pub fn plan(classes: Vec<Class>, levels: &[String], this_year: i32) -> Vec<PlannedClass> {
    let can_end = classes.into_iter().filter(|class| class.active > 0 && class.year <= this_year);
    let planned = can_end.map(|class| PlannedClass { fate: fate(&class.name, &class.level, levels), class });
    let mut planned: Vec<PlannedClass> = planned.collect();
    let year = planned.iter().map(|one| (one.fate == Fate::Stays, one.class.year)).min();
    planned.retain(|one| year.is_some_and(|(_, year)| one.class.year == year));
    planned
}

/// What was chosen for a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub class: Uuid,
    pub fate: Fate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_move_up_and_leave_by_their_names() {
        let levels = ["P6", "S3", "S6", "TTC"].map(str::to_owned);
        let up = |name: &str, level: &str| Fate::MovesUp { name: name.into(), level: level.into() };
        for (name, level, expected) in [
            ("P5 A", "P6", up("P6 A", "P6")),
            ("P6 A", "P6", Fate::Leaves),
            ("s2b", "S3", up("s3b", "S3")),
            ("S3 B", "S3", up("S4 B", "S6")),
            ("Senior 5 MCB", "S6", up("Senior 6 MCB", "S6")),
            ("S6 MCB", "S6", Fate::Leaves),
            ("TTC 2", "TTC", up("TTC 3", "TTC")),
            ("Year 3 ECLPE", "TTC", Fate::Leaves),
            ("Blue", "P6", Fate::Stays),
            ("Group 4", "P6", Fate::Stays),
        ] {
            assert_eq!(fate(name, level, &levels), expected, "{name}");
        }
    }

    #[test]
    fn the_earliest_year_that_can_end_is_planned() {
        let planned = |all: &[(&str, i32, i64)]| -> Vec<(String, i32)> {
            let classes = all.iter().map(|&(name, year, active)| Class {
                id: Uuid::nil(),
                name: name.into(),
                level: "P6".into(),
                year,
                pupils: 9,
                active,
                without_password: 0,
            });
            plan(classes.collect(), &[], 2027).into_iter().map(|one| (one.class.name, one.class.year)).collect()
        };
        let of = |name: &str, year| (name.to_owned(), year);
        let left = ("P6 A", 2026, 0);
        assert_eq!(planned(&[("P5 A", 2027, 9), ("P5 A", 2026, 9), left]), [of("P5 A", 2026)], "the intake waits");
        assert_eq!(planned(&[("P5 A", 2027, 9), left]), [of("P5 A", 2027)], "who left is not there");
        assert_eq!(planned(&[("P5 A", 2028, 9), left]), [], "2029 does not begin in 2027");
        assert_eq!(planned(&[("P5 A", 2028, 9), ("Blue", 2026, 2)]), [of("Blue", 2026)]);
        let both = [("P5 A", 2027, 9), ("Red", 2027, 9), ("Blue", 2026, 2)];
        assert_eq!(planned(&both), [of("P5 A", 2027), of("Red", 2027)], "who stays keeps nobody waiting");
    }
}
