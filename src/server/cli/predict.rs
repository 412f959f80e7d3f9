//! Tells pupils' answers in a file beforehand, each from those that came before it.

use std::collections::HashMap;
use std::io::{BufWriter, Read, Write};

use anyhow::{Context, Result, bail};

use crate::domain::knowledge::{Asked, Forecast, Model, Pupil};

/// Reads lines of `pupil,at,item,topic,share`, one pupil after the other and each in the order of time; `at` in seconds, less
/// than 0 where it is not known. Writes the share that was expected for each line or, where `exam` is the number of its
/// items, `pupil,expected,low,high` for each pupil with at least twice as many answers: the last ones told from all before.
pub fn predict(input: impl Read, exam: Option<usize>, output: impl Write) -> Result<()> {
    let mut out = BufWriter::new(output);
    let mut reader = csv::Reader::from_reader(input);
    let columns = Columns::of(reader.headers()?)?;
    let mut names = Names::default();
    let mut told = Told { model: Model::default(), exam, has_parts: false };
    let mut pupil = String::new();
    let mut answers: Vec<(Asked<u32>, f64)> = vec![];
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let field = |column: usize| record.get(column).unwrap_or_default();
        let number = |column: usize| -> Result<f64> {
            let line = record.position().map_or(0, |position| position.line());
            field(column).parse().with_context(|| format!("line {line}: {:?} is not a number", field(column)))
        };
        if field(columns.pupil) != pupil {
            told.pupil(&pupil, &answers, &mut out)?;
            answers.clear();
            field(columns.pupil).clone_into(&mut pupil);
        }
        let asked = Asked {
            item: names.number(Kind::Item, field(columns.item)),
            topic: Some(field(columns.topic))
                .filter(|topic| !topic.is_empty())
                .map(|topic| names.number(Kind::Topic, topic)),
            at: Some(number(columns.at)?).filter(|&at| at >= 0.0),
        };
        answers.push((asked, number(columns.share)?));
    }
    told.pupil(&pupil, &answers, &mut out)?;
    Ok(out.flush()?)
}

struct Told {
    model: Model<u32>,
    exam: Option<usize>,
    /// Some answer earned a part of its marks.
    has_parts: bool,
}

impl Told {
    fn pupil(&mut self, name: &str, answers: &[(Asked<u32>, f64)], out: &mut impl Write) -> Result<()> {
        let mut pupil = self.model.pupil();
        let exam = self.exam.filter(|&items| answers.len() >= 2 * items).map(|items| answers.len() - items);
        for (place, (asked, share)) in answers.iter().enumerate() {
            if exam == Some(place) {
                let Forecast { expected, low, high, .. } = self.forecast(&pupil, &answers[place..]);
                writeln!(out, "{name},{expected:.4},{low:.4},{high:.4}")?;
            }
            let expected = self.model.learn(&mut pupil, asked, *share).share;
            self.has_parts |= *share > 0.0 && *share < 1.0;
            if self.exam.is_none() {
                writeln!(out, "{expected:.6}")?;
            }
        }
        Ok(())
    }

    /// One mark an item.
    fn forecast(&self, pupil: &Pupil<u32>, answers: &[(Asked<u32>, f64)]) -> Forecast {
        let items: Vec<_> = answers.iter().map(|&(asked, _)| (asked, 1.0)).collect();
        let forecast = self.model.forecast(pupil, &items);
        if self.has_parts { forecast } else { forecast.in_steps_of(1.0) }
    }
}

struct Columns {
    pupil: usize,
    at: usize,
    item: usize,
    topic: usize,
    share: usize,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self> {
        let place = |name: &str| {
            let Some(place) = header.iter().position(|column| column.trim() == name) else {
                bail!("there is no column {name:?}: the first line must be pupil,at,item,topic,share");
            };
            Ok(place)
        };
        Ok(Self {
            pupil: place("pupil")?,
            at: place("at")?,
            item: place("item")?,
            topic: place("topic")?,
            share: place("share")?,
        })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Item,
    Topic,
}

/// Numbers for the names of items and topics, in the order in which they come.
#[derive(Default)]
struct Names {
    known: [HashMap<String, u32>; 2],
}

impl Names {
    fn number(&mut self, kind: Kind, name: &str) -> u32 {
        let known = &mut self.known[kind as usize];
        if let Some(&number) = known.get(name) {
            return number;
        }
        let next = known.len() as u32;
        known.insert(name.to_owned(), next);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: &str = "pupil,at,item,topic,share\na,-1,1,1,1\na,-1,2,1,0\na,60,1,1,1\na,120,3,,0.5\nb,-1,1,1,1\n";

    fn told(text: &str, exam: Option<usize>) -> Result<String> {
        let mut out = vec![];
        predict(text.as_bytes(), exam, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn a_number_for_each_line() {
        let shares: Vec<f64> = told(ANSWERS, None).unwrap().lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(shares.len(), 5);
        assert!(shares[2] > shares[0], "it was right before: {shares:?}");
        assert!(shares[4] > shares[0], "it was right for others: {shares:?}");
        assert_eq!(told("pupil,at,item,topic,share\n", None).unwrap(), "");
    }

    #[test]
    fn nothing_of_what_comes_later_is_used() {
        let whole = told(ANSWERS, None).unwrap();
        for lines in 1..6 {
            let start: String = ANSWERS.split_inclusive('\n').take(lines).collect();
            assert!(whole.starts_with(&told(&start, None).unwrap()), "{lines} lines");
        }
        let other = ANSWERS.replace("a,60,1,1,1", "a,60,1,1,0").replace("3,,0.5", "3,,1");
        assert_eq!(told(ANSWERS, Some(2)).unwrap(), told(&other, Some(2)).unwrap(), "nor are the exam's answers");
    }

    #[test]
    fn an_exam_for_each_pupil_with_enough_answers() {
        let lines = told(ANSWERS, Some(2)).unwrap();
        let fields: Vec<&str> = lines.trim().split(',').collect();
        let [expected, low, high] = [1, 2, 3].map(|place| fields[place].parse::<f64>().unwrap());
        assert_eq!((fields[0], fields.len(), lines.lines().count()), ("a", 4, 1));
        assert!(low <= expected && expected <= high && high <= 2.0);
        assert_eq!((low.fract(), high.fract()), (0.0, 0.0), "only whole marks were given so far");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let told = |text: &str| told(text, None).unwrap_err().to_string();
        assert_eq!(told("pupil,item\n"), "there is no column \"at\": the first line must be pupil,at,item,topic,share");
        assert_eq!(told("pupil,at,item,topic,share\na,-1,1,1,yes\n"), "line 2: \"yes\" is not a number");
    }
}
