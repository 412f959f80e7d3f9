//! Writes a file of questions in another format to standard output: `convert [FILE FORMAT]`.

use std::io::Write;

use exam_formats::{Format, export, format_of, import};

const GIFT: &str = "\
::1:: Which of these is a metal? {=iron ~wood ~water}

::2:: The Moon shines by its own light. {F}
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, bytes, to) = match &arguments[..] {
        [] => ("metals.gift", GIFT.into(), Format::Moodle),
        [file, to] => (file.as_str(), std::fs::read(file)?, Format::parse(to).ok_or("no such format")?),
        _ => return Err("convert [FILE FORMAT]".into()),
    };
    let from = format_of(name, &bytes).ok_or("the file's format is not known")?;
    let imported = import(&bytes, from)?;
    let exported = export(imported.title.as_deref().unwrap_or(name), &imported.questions, to);
    for warning in imported.warnings.iter().chain(&exported.warnings) {
        eprintln!("{warning}");
    }
    Ok(std::io::stdout().lock().write_all(&exported.bytes)?)
}
