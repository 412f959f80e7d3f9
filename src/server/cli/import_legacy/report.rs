//! What came over and what did not, for a person to read.

use std::fmt;

/// How many rows of a table came over, and what there is to say of single ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The earlier system's table.
    pub table: &'static str,
    pub brought: i64,
    /// Here before this run, and left alone by it.
    pub there: i64,
    pub left: i64,
    /// Each with those that it is said of.
    pub regrades: Vec<(String, Vec<String>)>,
}

impl Tally {
    pub fn of(table: &'static str) -> Self {
        Self { table, ..Self::default() }
    }

    /// A row that does not come over, by its name, and why.
    pub fn leave(&mut self, name: &str, why: &str) {
        self.left += 1;
        self.note(name, why);
    }

    /// Something to know of a row that comes over.
    pub fn note(&mut self, name: &str, words: &str) {
        let (name, words) = (printable(name), printable(words));
        match self.regrades.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(name),
            None => self.regrades.push((words, vec![name])),
        }
    }
}

/// A name that somebody has chosen must not steer the terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What became of all tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub tables: Vec<Tally>,
    /// Alembic's; may be empty.
    pub revision: String,
    /// What the earlier system has and this one does not understand, and what it has not, in words.
    pub oddities: Vec<String>,
    pub dry_run: bool,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = if self.revision.is_empty() { "unknown" } else { &self.revision };
        writeln!(f, "The earlier system's schema is Alembic's revision {revision}.\n")?;
        writeln!(f, "{:<16}  {:>12}  {:>12}  {:>12}", "", "brought over", "already here", "left behind")?;
        for Tally { table, brought, there, left, .. } in &self.tables {
            writeln!(f, "{table:<16}  {brought:>12}  {there:>12}  {left:>12}")?;
        }
        for tally in self.tables.iter().filter(|tally| !tally.regrades.is_empty()) {
            writeln!(f, "\n{}", tally.table)?;
            for (words, names) in &tally.regrades {
                writeln!(f, "  {}: {words}", names.join("; "))?;
            }
        }
        if !self.oddities.is_empty() {
            writeln!(f, "\nTables and columns")?;
            self.oddities.iter().try_for_each(|oddity| writeln!(f, "  {oddity}"))?;
        }
        let end = match self.dry_run {
            true => "This was a dry run: nothing was changed.",
            false => "What could come is in. Papers are read in the background while `exam-prep serve` runs.",
        };
        write!(f, "\n{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let mut tally = Tally::of("users");
        tally.leave("\u{1b}[2Ja\n@b.rw", "its role, \u{1b}]0;x, is none here");
        let report = Report { tables: vec![tally], revision: String::new(), oddities: vec![], dry_run: true };
        let told = report.to_string();
        assert!(told.contains("   [2Ja @b.rw: its role,  ]0;x, is none here\n"), "{told}");
    }
}
