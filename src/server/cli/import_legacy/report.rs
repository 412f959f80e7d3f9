//! The report of an import, for a person to read.

use std::fmt;

/// How many rows of a table were imported, with notes on single rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The earlier system's table.
    pub table: &'static str,
    pub brought: i64,
    /// Already here before this run, and not changed by it.
    pub there: i64,
    pub left: i64,
    /// Each note with the rows that it is about.
    pub regrades: Vec<(String, Vec<String>)>,
}

impl Tally {
    pub fn of(table: &'static str) -> Self {
        Self { table, ..Self::default() }
    }

    /// Records a row that is not imported, and why.
    pub fn leave(&mut self, name: &str, why: &str) {
        self.left += 1;
        self.note(name, why);
    }

    /// Adds a note about a row.
    pub fn note(&mut self, name: &str, words: &str) {
        let (name, words) = (printable(name), printable(words));
        match self.regrades.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(name),
            None => self.regrades.push((words, vec![name])),
        }
    }
}

/// Removes control characters: a name chosen by a user must not control the terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// The outcome for all tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub tables: Vec<Tally>,
    /// Alembic's revision; may be empty.
    pub revision: String,
    /// Tables and columns that are unknown or missing, in sentences.
    pub oddities: Vec<String>,
    pub dry_run: bool,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = if self.revision.is_empty() { "unknown" } else { &self.revision };
        writeln!(f, "The earlier system's schema is Alembic's revision {revision}.\n")?;
        writeln!(f, "{:<16}  {:>12}  {:>12}  {:>12}", "", "imported", "already here", "not imported")?;
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
            false => "The import is complete. Papers are read in the background while `exam-prep serve` runs.",
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
        tally.leave("\u{1b}[2Ja\n@b.rw", "its role, \u{1b}]0;x, does not exist here");
        let report = Report { tables: vec![tally], revision: String::new(), oddities: vec![], dry_run: true };
        let told = report.to_string();
        assert!(told.contains("   [2Ja @b.rw: its role,  ]0;x, does not exist here\n"), "{told}");
    }
}
