//! Lists of classes: which columns they have, and what importing one would change.

use std::collections::{HashMap, HashSet};

use exam_marking::folded;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::{Email, FullName};
use super::class::{class_key, class_name};

/// The most rows of a list.
pub const MAX_ROWS: usize = 5000;

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// Counted from 1, as the sheet shows it.
    pub row: u32,
    pub name: String,
    pub class: String,
    pub email: Option<String>,
    pub number: Option<String>,
}

/// Why a list cannot be read; its text says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListProblem {
    Empty,
    NoName,
    NoClass,
    TooLong,
    /// No text and no spreadsheet.
    Unreadable,
    TooLarge,
    Year,
    /// The file did not come whole.
    CutOff,
}

impl ListProblem {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Empty, "empty"),
        (Self::NoName, "name"),
        (Self::NoClass, "class"),
        (Self::TooLong, "rows"),
        (Self::Unreadable, "file"),
        (Self::TooLarge, "size"),
        (Self::Year, "year"),
        (Self::CutOff, "broken"),
    ];

    /// The word in the address of the form's page.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(problem, _)| *problem == self).map_or("", |(_, code)| code)
    }

    /// `None` if no problem has this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(problem, _)| *problem)
    }

    /// What happened, and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "There is nobody in this list. Paste the list, or choose a file with one pupil in each row.",
            Self::NoName => {
                "No column is called “Name”. Write in the first row what each column holds: Name, Class, and if you like \
                 E-mail and Number. “Nom”, “Prénom”, “Classe” and “Matricule” work too."
            }
            Self::NoClass => {
                "No column is called “Class”. Add a column with the class of each pupil, or write the class below if the whole \
                 list is of one."
            }
            Self::TooLong => "The list has more than 5000 rows. Import it in parts.",
            Self::Unreadable => {
                "This file is neither a text nor an Excel file (.xlsx). Save the list as Excel (.xlsx) or as CSV and choose it again."
            }
            Self::TooLarge => "The file is larger than 2 MB. Save only the sheet with the list and choose it again.",
            Self::Year => "Write the school year with four digits, such as 2026.",
            Self::CutOff => "The list did not arrive whole. Nothing was saved. Check the network and send it again.",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    /// First names, beside a column of family names.
    Given,
    Class,
    /// What is written behind the class: `A` of `P6 A`.
    Stream,
    Email,
    Number,
}

/// The words at the head of columns, in English and French; not `No`, which counts rows.
const HEADS: [(Column, &[&str]); 6] = [
    (
        Column::Name,
        &[
            "name",
            "names",
            "full name",
            "full names",
            "pupil",
            "pupil name",
            "student",
            "student name",
            "student names",
            "learner",
            "surname",
            "last name",
            "family name",
            "nom",
            "noms",
            "nom complet",
            "nom et prenom",
            "noms et prenoms",
            "nom et prenoms",
            "nom de famille",
            "eleve",
            "nom de l eleve",
            "amazina",
        ],
    ),
    (Column::Given, &["first name", "first names", "given name", "given names", "other names", "prenom", "prenoms"]),
    (Column::Class, &["class", "class name", "grade", "form", "classe"]),
    (Column::Stream, &["stream", "section"]),
    (
        Column::Email,
        &["email", "e mail", "mail", "email address", "e mail address", "courriel", "adresse e mail", "adresse mail"],
    ),
    (
        Column::Number,
        &[
            "number",
            "student number",
            "pupil number",
            "registration number",
            "reg number",
            "reg no",
            "index number",
            "id number",
            "student id",
            "id",
            "sdms code",
            "matricule",
            "numero matricule",
            "numero d inscription",
        ],
    ),
];

fn column(head: &str) -> Option<Column> {
    let plain: String = folded(head).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    HEADS.iter().find(|(_, heads)| heads.contains(&words.as_str())).map(|(column, _)| *column)
}

/// The rows of a list, with the columns in any order under a row of heads. `class` is the class of all, if the list names none;
/// then a list without heads is one of names. Rows without any text are left out.
pub fn rows(cells: &[Vec<String>], class: &str) -> Result<Vec<ListRow>, ListProblem> {
    let filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    let (first, head) = (0..).zip(cells).find(|(_, row)| filled(row)).ok_or(ListProblem::Empty)?;
    let columns: Vec<Option<Column>> = head.iter().map(|cell| column(cell)).collect();
    let has = |wanted: Column| columns.contains(&Some(wanted));
    let (columns, body) = match has(Column::Name) {
        true => (columns, first + 1),
        false if !class.is_empty() => (vec![Some(Column::Name)], first),
        false => return Err(ListProblem::NoName),
    };
    if class.is_empty() && !columns.iter().any(|column| matches!(column, Some(Column::Class | Column::Stream))) {
        return Err(ListProblem::NoClass);
    }
    let rows: Vec<ListRow> = (1..)
        .zip(cells)
        .skip(body)
        .filter(|(_, row)| filled(row))
        .map(|(number, row)| read(number, row, &columns, class))
        .collect();
    match rows.len() {
        0 => Err(ListProblem::Empty),
        1..=MAX_ROWS => Ok(rows),
        _ => Err(ListProblem::TooLong),
    }
}

fn read(number: u32, cells: &[String], columns: &[Option<Column>], class: &str) -> ListRow {
    let of = |wanted: Column| {
        let found = cells.iter().zip(columns).filter(|(_, column)| **column == Some(wanted));
        found.map(|(cell, _)| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
    };
    let first = |wanted: Column| of(wanted).first().map(|cell| (*cell).to_owned());
    let names: Vec<&str> = [of(Column::Name), of(Column::Given)].concat();
    let told = [first(Column::Class), first(Column::Stream)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    ListRow {
        row: number,
        name: names.join(" ").split_whitespace().collect::<Vec<_>>().join(" "),
        class: if told.is_empty() { class.to_owned() } else { told },
        email: first(Column::Email),
        number: first(Column::Number),
    }
}

/// A pupil whom the school knows.
#[derive(Debug, Clone)]
pub struct KnownPupil {
    pub id: Uuid,
    pub full_name: String,
    pub email: Option<String>,
    pub number: Option<String>,
    /// Id and full name.
    pub class: Option<(Uuid, String)>,
    pub is_active: bool,
}

/// What the school knows before a list is imported.
#[derive(Debug, Default)]
pub struct Known {
    pub pupils: Vec<KnownPupil>,
    /// The classes of the list's year: name and id.
    pub classes: Vec<(String, Uuid)>,
    /// Addresses of accounts that are not pupils', in lower case.
    pub other_emails: HashSet<String>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// A new pupil.
    New,
    /// Everything is so already.
    Same { pupil: Uuid },
    /// A pupil of the school, with what changes in words.
    Changed { pupil: Uuid, changes: Vec<String> },
    /// As an earlier row.
    Doubled { of: u32 },
    /// A person says who it is.
    Unclear {
        why: String,
        candidates: Vec<Candidate>,
        /// The only one it can be, unless it is somebody new.
        likely: Option<Uuid>,
    },
    /// Cannot be imported.
    Wrong { reason: String },
}

/// A pupil whom a row may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub id: Uuid,
    pub name: String,
    pub class: Option<String>,
}

impl Candidate {
    fn of(pupil: &KnownPupil) -> Self {
        let class = pupil.class.as_ref().map(|(_, name)| name.clone());
        Self { id: pupil.id, name: pupil.full_name.clone(), class }
    }
}

/// A row with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    pub row: ListRow,
    pub verdict: Verdict,
}

/// What a person says of a row that is unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Pupil(Uuid),
    New,
    LeaveOut,
}

impl Choice {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "new" => Some(Self::New),
            "leave-out" => Some(Self::LeaveOut),
            id => id.parse().ok().map(Self::Pupil),
        }
    }
}

/// The words of a name in one order, without accents.
fn name_key(name: &str) -> String {
    let plain: String = folded(name).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

/// A name as written, in any case.
fn written(name: &str) -> String {
    name.to_lowercase()
}

/// What importing these rows would change. A row is a known pupil by number, by e-mail address, by name and class, or by a name
/// that only one pupil has who has no class of this year. What only looks alike is asked.
pub fn plan(rows: Vec<ListRow>, known: &Known) -> Vec<PlannedRow> {
    let mut planner = Planner::new(known);
    let mut verdicts: Vec<Option<Verdict>> = rows.iter().map(|row| planner.wrong(row)).collect();
    // Who is certain first, so that a name alone is not taken for somebody who has a row of their own.
    for (row, verdict) in rows.iter().zip(&mut verdicts).filter(|(_, verdict)| verdict.is_none()) {
        *verdict = planner.certain(row);
    }
    for (row, verdict) in rows.iter().zip(&mut verdicts).filter(|(_, verdict)| verdict.is_none()) {
        *verdict = Some(planner.by_name(row));
    }
    let planned = rows.into_iter().zip(verdicts);
    planned.map(|(row, verdict)| PlannedRow { row, verdict: verdict.unwrap_or(Verdict::New) }).collect()
}

struct Planner<'a> {
    known: &'a Known,
    by_number: HashMap<&'a str, &'a KnownPupil>,
    by_email: HashMap<String, &'a KnownPupil>,
    by_key: HashMap<String, Vec<&'a KnownPupil>>,
    classes: HashMap<String, Uuid>,
    /// Pupils whom a row is.
    claimed: HashSet<Uuid>,
    /// Rows so far by number, by address, and by the key of the name.
    numbers: HashMap<String, u32>,
    emails: HashMap<String, u32>,
    names: HashMap<String, Vec<Earlier>>,
}

/// An earlier row of the same name.
struct Earlier {
    row: u32,
    written: String,
    class: String,
    number: Option<String>,
    email: Option<String>,
}

impl<'a> Planner<'a> {
    fn new(known: &'a Known) -> Self {
        let mut by_key: HashMap<String, Vec<&KnownPupil>> = HashMap::new();
        for pupil in &known.pupils {
            by_key.entry(name_key(&pupil.full_name)).or_default().push(pupil);
        }
        let email = |pupil: &'a KnownPupil| Some((pupil.email.as_ref()?.to_lowercase(), pupil));
        Self {
            known,
            by_number: known.pupils.iter().filter_map(|pupil| Some((pupil.number.as_deref()?, pupil))).collect(),
            by_email: known.pupils.iter().filter_map(email).collect(),
            by_key,
            classes: known.classes.iter().map(|(name, id)| (class_key(name), *id)).collect(),
            claimed: HashSet::new(),
            numbers: HashMap::new(),
            emails: HashMap::new(),
            names: HashMap::new(),
        }
    }

    /// Rows that cannot be imported, that say what an earlier one says, or that may say it.
    fn wrong(&mut self, row: &ListRow) -> Option<Verdict> {
        let wrong = |reason: String| Some(Verdict::Wrong { reason });
        if row.name.is_empty() || row.class.is_empty() {
            return wrong(format!("The {} is missing.", if row.name.is_empty() { "name" } else { "class" }));
        }
        if let Err(reason) = FullName::parse(&row.name).and_then(|_| class_name(&row.class)) {
            return wrong(reason);
        }
        if row.number.as_ref().is_some_and(|number| number.chars().count() > 50) {
            return wrong("The number is longer than 50 letters.".into());
        }
        let address = row.email.as_ref().map(|email| email.to_lowercase());
        if let Some(address) = &address {
            if let Err(reason) = Email::parse(address) {
                return wrong(reason);
            }
            if self.known.other_emails.contains(address) {
                return wrong(
                    "There is already an account with this e-mail address, which is no pupil's of this school.".into(),
                );
            }
        }
        let earlier = self.names.entry(name_key(&row.name)).or_default();
        let class = class_key(&row.class);
        let told_apart = |other: &&Earlier| {
            matches!((&other.number, &row.number), (Some(a), Some(b)) if a != b)
                || matches!((&other.email, &address), (Some(a), Some(b)) if a != b)
        };
        let alike = earlier.iter().find(|other| !told_apart(other));
        let verdict = match alike {
            Some(other) if other.class == class && other.written == written(&row.name) => {
                Some(Verdict::Doubled { of: other.row })
            }
            _ if row.number.as_ref().is_some_and(|number| self.numbers.contains_key(number)) => {
                let of = row.number.as_ref().and_then(|number| self.numbers.get(number)).copied().unwrap_or_default();
                wrong(format!("Row {of} has the same number."))
            }
            _ if address.as_ref().is_some_and(|address| self.emails.contains_key(address)) => {
                let of = address.as_ref().and_then(|address| self.emails.get(address)).copied().unwrap_or_default();
                wrong(format!("Row {of} has the same e-mail address."))
            }
            _ => None,
        };
        if verdict.is_none() {
            earlier.push(Earlier {
                row: row.row,
                written: written(&row.name),
                class,
                number: row.number.clone(),
                email: address.clone(),
            });
            self.numbers.extend(row.number.clone().map(|number| (number, row.row)));
            self.emails.extend(address.map(|address| (address, row.row)));
        }
        verdict
    }

    /// A pupil by number or address, or by name and class.
    fn certain(&mut self, row: &ListRow) -> Option<Verdict> {
        let by_number = row.number.as_deref().and_then(|number| self.by_number.get(number).copied());
        let by_email = row.email.as_ref().and_then(|email| self.by_email.get(&email.to_lowercase()).copied());
        if let (Some(one), Some(other)) = (by_number, by_email)
            && one.id != other.id
        {
            let reason = format!("The number is {}’s, but the e-mail address is {}’s.", one.full_name, other.full_name);
            return Some(Verdict::Wrong { reason });
        }
        if let Some(pupil) = by_number.or(by_email).filter(|pupil| !pupil.is_active) {
            let name = &pupil.full_name;
            let reason =
                format!("This is {name}, whose account is switched off. Switch it on first, then import the list.");
            return Some(Verdict::Wrong { reason });
        }
        let class = self.classes.get(&class_key(&row.class)).copied();
        let is_there = |pupil: &KnownPupil| {
            written(&pupil.full_name) == written(&row.name)
                && pupil.is_active
                && pupil.class.as_ref().is_some_and(|(id, _)| Some(*id) == class)
        };
        if let Some(pupil) = by_number.or(by_email) {
            let what = if by_number.is_some() { "number" } else { "e-mail address" };
            return Some(match name_key(&pupil.full_name) == name_key(&row.name) && self.claimed.insert(pupil.id) {
                true => self.settle(row, pupil),
                // Somebody new by an earlier import of this list is there by name, without what is another's.
                false => match self.of_name(row).into_iter().find(|pupil| is_there(pupil)) {
                    Some(there) => {
                        self.claimed.insert(there.id);
                        Verdict::Same { pupil: there.id }
                    }
                    None => unclear(format!("{} has this {what}.", pupil.full_name), &[pupil]),
                },
            });
        }
        let there = self.of_name(row).into_iter().find(|pupil| is_there(pupil) && may_be(pupil, row))?;
        self.claimed.insert(there.id);
        Some(self.settle(row, there))
    }

    /// The pupils with a row's name whom no other row is.
    fn of_name(&self, row: &ListRow) -> Vec<&'a KnownPupil> {
        let alike = self.by_key.get(&name_key(&row.name)).into_iter().flatten().copied();
        alike.filter(|pupil| !self.claimed.contains(&pupil.id)).collect()
    }

    /// A pupil by name alone, a question, or somebody new.
    fn by_name(&mut self, row: &ListRow) -> Verdict {
        let key = name_key(&row.name);
        let (alike, off): (Vec<&KnownPupil>, Vec<&KnownPupil>) =
            self.of_name(row).into_iter().filter(|pupil| may_be(pupil, row)).partition(|pupil| pupil.is_active);
        let rows: Vec<u32> = self.names.get(&key).into_iter().flatten().map(|other| other.row).collect();
        let others: Vec<String> = rows.iter().filter(|other| **other != row.row).map(ToString::to_string).collect();
        let is_first = rows.first() == Some(&row.row);
        if let ([], [off, ..]) = (&alike[..], &off[..]) {
            let name = &off.full_name;
            let why = format!("The account of {name} is switched off. If this is the same pupil, switch it on first.");
            return unclear(why, &[]);
        }
        match &alike[..] {
            [] if is_first || row.number.is_some() || row.email.is_some() => Verdict::New,
            [one] if others.is_empty() && self.is_elsewhere(one, row) => {
                let class = one.class.as_ref().map(|(_, class)| class.as_str()).unwrap_or_default();
                unclear(format!("{} is in {class} already.", one.full_name), &[one])
            }
            [one] if others.is_empty() && one.email.is_some() && one.class.is_none() => {
                let why = format!("{} has registered with an e-mail address.", one.full_name);
                Verdict::Unclear { why, candidates: vec![Candidate::of(one)], likely: Some(one.id) }
            }
            [one] if others.is_empty() && written(&one.full_name) == written(&row.name) => {
                let one = *one;
                self.claimed.insert(one.id);
                self.settle(row, one)
            }
            [one] if others.is_empty() => {
                let why = format!("{} is written differently.", one.full_name);
                Verdict::Unclear { why, candidates: vec![Candidate::of(one)], likely: Some(one.id) }
            }
            [] | [_] => unclear(format!("This name is in row {}, too.", others.join(", ")), &alike),
            _ => unclear("More than one pupil has this name.".into(), &alike),
        }
    }

    /// Whether a pupil has another class of the list's year than the row.
    fn is_elsewhere(&self, pupil: &KnownPupil, row: &ListRow) -> bool {
        let here = self.classes.get(&class_key(&row.class));
        let is_of_year = |id: &Uuid| self.classes.values().any(|class| class == id);
        pupil.class.as_ref().is_some_and(|(id, _)| here != Some(id) && is_of_year(id))
    }

    /// What changes for a pupil of the school.
    fn settle(&self, row: &ListRow, pupil: &KnownPupil) -> Verdict {
        let changes = changes(row, pupil, self.classes.get(&class_key(&row.class)).copied());
        match changes.is_empty() {
            true => Verdict::Same { pupil: pupil.id },
            false => Verdict::Changed { pupil: pupil.id, changes },
        }
    }
}

/// Whether number and address do not say that a row is somebody else.
fn may_be(pupil: &KnownPupil, row: &ListRow) -> bool {
    let differ =
        |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b));
    !differ(&pupil.number, &row.number) && !differ(&pupil.email, &row.email)
}

fn unclear(why: String, candidates: &[&KnownPupil]) -> Verdict {
    let candidates = candidates.iter().copied().map(Candidate::of).collect();
    Verdict::Unclear { why, candidates, likely: None }
}

/// What a row changes of a pupil, in words; `class` is the id of the row's class, if there is one yet.
fn changes(row: &ListRow, pupil: &KnownPupil, class: Option<Uuid>) -> Vec<String> {
    let mut changes = Vec::new();
    match &pupil.class {
        Some((id, _)) if Some(*id) == class => {}
        Some((_, from)) => changes.push(format!("moves from {from} to {}", row.class)),
        None => changes.push(format!("joins {}", row.class)),
    }
    if written(&pupil.full_name) != written(&row.name) {
        changes.push(format!("was written {}", pupil.full_name));
    }
    if let (None, Some(email)) = (&pupil.email, &row.email) {
        changes.push(format!("gets the e-mail address {email}"));
    }
    if let (None, Some(number)) = (&pupil.number, &row.number) {
        changes.push(format!("gets the number {number}"));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    fn pupil(number: u128, name: &str, class: Option<&str>) -> KnownPupil {
        let class = class.map(|class| (Uuid::from_u128(if class == "P6 A" { 1 } else { 2 }), class.to_owned()));
        KnownPupil {
            id: Uuid::from_u128(number),
            full_name: name.into(),
            email: None,
            number: None,
            class,
            is_active: true,
        }
    }

    fn known() -> Known {
        let pupils = vec![
            pupil(11, "Uwase Aline", Some("P6 A")),
            pupil(12, "Mugisha Éric", Some("P6 A")),
            pupil(13, "Keza Ange", None),
            pupil(14, "Manzi Yves", Some("P6 A")),
            pupil(15, "Manzi Yves", Some("P6 B")),
            KnownPupil { number: Some("77".into()), ..pupil(16, "Hirwa Jean", Some("P6 B")) },
            KnownPupil { is_active: false, ..pupil(17, "Ishimwe Rose", None) },
            KnownPupil { email: Some("cyuzuzo@mail.rw".into()), ..pupil(18, "Cyuzuzo Guy", None) },
        ];
        let classes = [("P6 A", 1), ("P6 B", 2)].map(|(name, id)| (name.to_owned(), Uuid::from_u128(id))).to_vec();
        Known { pupils, classes, other_emails: HashSet::from(["head@school.rw".to_owned()]) }
    }

    fn verdicts(text: &str) -> Vec<String> {
        let planned = plan(rows(&cells(text), "").unwrap(), &known());
        let told = |planned: &PlannedRow| match &planned.verdict {
            Verdict::New => "new".to_owned(),
            Verdict::Same { .. } => "same".to_owned(),
            Verdict::Changed { changes, .. } => changes.join(", "),
            Verdict::Doubled { of } => format!("doubled {of}"),
            Verdict::Unclear { why, candidates, .. } => format!("{why} {}", candidates.len()),
            Verdict::Wrong { reason } => reason.clone(),
        };
        planned.iter().map(told).collect()
    }

    #[test]
    fn heads_in_two_languages_and_any_order() {
        let french =
            rows(&cells("No,Classe,Prénom,NOM,Matricule\n1,P6 A,Aline,UWASE,23\n\n2,P6 A, Éric ,MUGISHA,"), "")
                .unwrap();
        assert_eq!((french[0].name.as_str(), french[0].number.as_deref()), ("UWASE Aline", Some("23")));
        assert_eq!((french[1].row, french[1].name.as_str(), &french[1].number), (4, "MUGISHA Éric", &None));
        assert_eq!(rows(&cells("Uwase Aline\nKeza Ange"), "P6 A").unwrap()[1].name, "Keza Ange");
        assert_eq!(rows(&cells("Name\nUwase Aline"), ""), Err(ListProblem::NoClass));
        assert_eq!(rows(&cells("Uwase Aline,P6"), ""), Err(ListProblem::NoName));
        assert_eq!(rows(&cells(",\n"), ""), Err(ListProblem::Empty));
        assert_eq!(rows(&cells("Name,Class"), ""), Err(ListProblem::Empty));
    }

    #[test]
    fn what_becomes_of_each_row() {
        let list = "Name,Class,Email,Number\nuwase aline,P6A,,\nMugisha Eric,P6 A,,\nKeza Ange,P6 B,,\nManzi Yves,P6 C,,\n\
                    Hirwa Jean,P6 A,,77\nIngabire Divine,P6 A,,\nIngabire Divine,P6 A,,\nDivine Ingabire,P6 B,,\n,P6 A,,\n\
                    Rukundo Alain,P6 A,head@school.rw,\nNiyo Paul,P6 A,,77\nBizimana Theo,P6 A,x,";
        assert_eq!(
            verdicts(list),
            [
                "same",
                "Mugisha Éric is written differently. 1",
                "joins P6 B",
                "More than one pupil has this name. 2",
                "moves from P6 B to P6 A",
                "new",
                "doubled 7",
                "This name is in row 7, too. 0",
                "The name is missing.",
                "There is already an account with this e-mail address, which is no pupil's of this school.",
                "Row 6 has the same number.",
                "Write an e-mail address like amina@example.com.",
            ]
        );
    }

    /// A name is not a person: nobody loses their class or their account to somebody of the same name.
    #[test]
    fn a_namesake_is_asked_about() {
        assert_eq!(verdicts("Name,Class\nUwase Aline,P6 B"), ["Uwase Aline is in P6 A already. 1"]);
        assert_eq!(verdicts("Name,Class\nCyuzuzo Guy,P6 A"), ["Cyuzuzo Guy has registered with an e-mail address. 1"]);
        assert_eq!(
            verdicts("Name,Class\nIshimwe Rose,P6 A"),
            ["The account of Ishimwe Rose is switched off. If this is the same pupil, switch it on first. 0"]
        );
        // Somebody new, whose number is another's, is known by the next import.
        let mut known = known();
        known.pupils.push(pupil(19, "Niyo Paul", Some("P6 A")));
        let list = rows(&cells("Name,Class,Number\nNiyo Paul,P6 A,77"), "").unwrap();
        assert_eq!(plan(list, &known)[0].verdict, Verdict::Same { pupil: Uuid::from_u128(19) });
    }

    #[test]
    fn a_class_may_stand_in_two_columns() {
        let class = |text: &str| rows(&cells(text), "").unwrap()[0].class.clone();
        assert_eq!(class("Name,Class,Stream\nUwase Aline,P6,A"), "P6 A");
        assert_eq!(class("Section,Name,Class\nMCB,Uwase Aline,S6"), "S6 MCB");
        assert_eq!(class("Name,Stream\nUwase Aline,P6 A"), "P6 A");
    }

    #[test]
    fn two_of_one_name_are_told_apart_by_their_classes() {
        assert_eq!(verdicts("Name,Class\nManzi Yves,P6 A\nManzi Yves,P6 B"), ["same", "same"]);
        assert_eq!(verdicts("Name,Class,Number\nNiyo Paul,P6 A,1\nNiyo Paul,P6 A,2"), ["new", "new"]);
        assert_eq!(verdicts("Name,Class,Number\nNiyo Paul,P6 A,77"), ["Hirwa Jean has this number. 1"]);
    }
}
