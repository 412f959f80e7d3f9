//! The two columns of a question that asks to match, read out of its text.

use crate::labels::{self, Frame, Label, Numbering};

/// What stands between the cells of a row in a text.
pub const CELLS_APART: &str = "   ";

/// The columns of a question such as "Match each tool in column A with its use in column B".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// What stands above them.
    pub stem: String,
    /// Their headings, if both are printed.
    pub heads: Option<[String; 2]>,
    pub left: Vec<Entry>,
    pub right: Vec<Entry>,
}

/// A line of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Without what stands around it: `1`, `iv`, `A`.
    pub label: String,
    pub text: String,
}

/// A column while its lines are read, each labelled in turn.
#[derive(Default)]
struct Column {
    numbering: Option<Numbering>,
    /// Whether nothing stands around its labels.
    bare: bool,
    entries: Vec<Entry>,
    /// The characters of its widest line.
    width: usize,
}

impl Column {
    /// Takes a cell whose label is the next of this column.
    fn take(&mut self, cell: &str, other: Option<Numbering>) -> bool {
        let next = self.entries.len() as u32 + 1;
        let fits = |numbering: Numbering| match self.numbering {
            Some(known) => numbering == known,
            None => Some(numbering) != other,
        };
        let is_next = |(label, _): &(Label, usize)| label.value == next && fits(label.numbering);
        let Some((label, taken)) = labels::at_start(cell).into_iter().find(is_next) else { return false };
        self.numbering = Some(label.numbering);
        self.bare |= label.frame == Frame::Bare;
        self.width = self.width.max(cell.chars().count());
        let core = label.printed.trim_matches(['(', ')', '.', ' ']).to_owned();
        self.entries.push(Entry { label: core, text: cell[taken..].trim().to_owned() });
        true
    }

    /// Takes a cell that goes on with the last line. One that begins with a label is out of turn.
    fn go_on(&mut self, words: &str) -> bool {
        let is_label = |label: &Label| label.frame != Frame::Bare || self.bare;
        if labels::at_start(words).iter().any(|(label, _)| is_label(label)) {
            return false;
        }
        let Some(entry) = self.entries.last_mut() else { return false };
        entry.text = [entry.text.as_str(), words].join(" ").trim().to_owned();
        self.width = self.width.max(words.chars().count());
        true
    }
}

impl Columns {
    /// The columns in a text with cells three spaces apart. `None` unless each has two lines or more, labelled in turn
    /// (`1`, `2` … or `i`, `ii` … against `A`, `B` …), and all of the text has a place.
    ///
    /// ```
    /// # use exam_model::columns::Columns;
    /// let text = "Match.\nTool   Use\n1. Saw   A. Cutting wood\n2. Spade   B. Digging";
    /// let columns = Columns::of(text).unwrap();
    /// assert_eq!((columns.stem.as_str(), columns.right[1].text.as_str()), ("Match.", "Digging"));
    /// ```
    pub fn of(text: &str) -> Option<Self> {
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split(CELLS_APART).map(str::trim).filter(|cell| !cell.is_empty()).collect())
            .collect();
        let begins = |cells: &Vec<&str>| {
            let first = |cell: &&str| labels::at_start(cell).iter().any(|(label, _)| label.value == 1);
            match cells[..] {
                [ref one] => first(one) && labelled(one),
                [ref one, ref two] => first(one) && first(two),
                _ => false,
            }
        };
        let start = lines.iter().position(begins)?;
        let [mut left, mut right] = [Column::default(), Column::default()];
        for cells in lines[start..].iter().take_while(|cells| !is_for_answers(cells)) {
            match cells[..] {
                [] => {}
                [one] if left.take(one, right.numbering) || right.take(one, left.numbering) => {}
                // The column whose lines are much wider is the one that wraps.
                [one] if 3 * left.width > 4 * right.width && left.go_on(one) => {}
                [one] if 3 * right.width > 4 * left.width && right.go_on(one) => {}
                [one, two]
                    if (left.take(one, right.numbering) || left.go_on(one))
                        && (right.take(two, left.numbering) || right.go_on(two)) => {}
                _ => return None,
            }
        }
        let (above, heads) = match lines[..start].split_last() {
            Some((last, above)) if last.len() == 2 => (above, Some([last[0].to_owned(), last[1].to_owned()])),
            _ => (&lines[..start], None),
        };
        let stem = above.iter().map(|cells| cells.join(CELLS_APART)).collect::<Vec<_>>().join("\n");
        let found = Self { stem, heads, left: left.entries, right: right.entries };
        (found.left.len() > 1 && found.right.len() > 1).then_some(found)
    }
}

/// Whether a cell starts with what is a label and no word: `I` and `A` begin sentences, too.
fn labelled(cell: &str) -> bool {
    labels::at_start(cell).iter().any(|(label, _)| label.printed.ends_with(['.', ')']))
}

/// The heading below the columns under which the answers are written on paper.
fn is_for_answers(cells: &[&str]) -> bool {
    cells.first().is_some_and(|first| {
        ["answers", "answer", "réponses"].contains(&first.to_lowercase().trim_end_matches([':', ' ']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(column: &[Entry]) -> Vec<String> {
        column.iter().map(|entry| format!("{} {}", entry.label, entry.text)).collect()
    }

    #[test]
    fn columns_are_read() {
        let text = "Match each tool with its use.\nColumn A (tool)   Column B (use)\n1. Saw   A. Checking that a wall\nis vertical\n\
                    2. Trowel   B. Cutting wood\nC. Spreading mortar";
        let columns = Columns::of(text).unwrap();
        assert_eq!(columns.heads, Some(["Column A (tool)".into(), "Column B (use)".into()]));
        assert_eq!(words(&columns.left), ["1 Saw", "2 Trowel"]);
        assert_eq!(
            words(&columns.right),
            ["A Checking that a wall is vertical", "B Cutting wood", "C Spreading mortar"]
        );
    }

    #[test]
    fn lines_that_wrap_belong_to_the_wider_column() {
        let text = "Match the systems in List A with List B.\nList A   List B\n(i) The system of keeping animals in areas with high   A. Nomadism\n\
                    population.\nB. Ranching\n(ii) The seasonal movement of farmers   C Zero grazing\nAnswers\nList A   (i)   (ii)\nList B";
        let columns = Columns::of(text).unwrap();
        assert_eq!(
            words(&columns.left),
            ["i The system of keeping animals in areas with high population.", "ii The seasonal movement of farmers"]
        );
        assert_eq!(words(&columns.right), ["A Nomadism", "B Ranching", "C Zero grazing"]);
    }

    #[test]
    fn one_column_may_stand_below_the_other() {
        let columns =
            Columns::of("Match each word with its meaning.\n1. Herd\n2. Flock\nA. Many birds\nB. Many cows").unwrap();
        assert_eq!((columns.stem.as_str(), columns.heads), ("Match each word with its meaning.", None));
        assert_eq!(
            (words(&columns.left), words(&columns.right)),
            (vec!["1 Herd".into(), "2 Flock".into()], vec!["A Many birds".into(), "B Many cows".into()])
        );
    }

    #[test]
    fn labels_may_be_bare() {
        let columns = Columns::of("Match.\n1 Saw   A Cutting wood\n2 Hoe   B Digging\nC Building").unwrap();
        assert_eq!(words(&columns.right), ["A Cutting wood", "B Digging", "C Building"]);
    }

    #[test]
    fn what_is_not_surely_two_columns_is_none() {
        for text in [
            "Match column A with column B.",
            "Match.\n1. Saw   A. Cutting wood",
            "Match.\n1. Saw   A. Cutting\n3. Spade   B. Digging",
            "Match.\n1. Saw   2. Spade\n3. Hoe   4. Axe",
            "Match.\nGoat   Kid\nCow   Calf",
            "Match.\n1. Saw   A. Cutting   x\n2. Spade   B. Digging",
            "Match.\n1. Saw   A. Cutting\n2. Spade   B. Digging\n3. Hoe   C. Weeding   crops\n4. Axe   D. Felling",
            "Match.\n1 Saw   A Cutting\n2 Hoe   B Digging\nD Building",
            // Either column may go on.
            "Match.\n1. The loss of water by leaves   A. The movement through\na membrane\n2. Osmosis   B. Transpiration",
        ] {
            assert_eq!(Columns::of(text), None, "{text}");
        }
    }
}
