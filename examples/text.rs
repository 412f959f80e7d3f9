//! Prints a PDF's lines as the reader puts them together, without looking for questions: what `pdftotext -layout` does
//! too, for tools/bench to compare with.

use std::io::Write;

use exam_prep::server::documents::reading::pdf;
use exam_reading::lines;

fn main() -> anyhow::Result<()> {
    let path = std::env::args_os().nth(1).ok_or_else(|| anyhow::anyhow!("text PAPER.pdf"))?;
    let pages = pdf::read_pages(None, &std::fs::read(path)?, &mut |_, _| {})?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines::lines(&pages) {
        writeln!(out, "{}", line.text())?;
    }
    Ok(out.flush()?)
}
