//! Content packages: zips in which `imsmanifest.xml` names the files of questions, or should.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::xml::{self, Element};
use crate::{ExchangeError, Format, MAX_BYTES};

const MANIFEST: &str = "imsmanifest.xml";

/// What else is a zip, told by a file in it, and what to do with it.
const OTHERS: [(&str, &str); 4] = [
    ("word/document.xml", "it is a Word document, which can be saved as PDF and read as a paper"),
    ("xl/workbook.xml", "it is an Excel workbook, which can be saved as CSV"),
    ("ppt/presentation.xml", "it is a PowerPoint presentation, which can be saved as PDF and read as notes"),
    (
        "moodle_backup.xml",
        "it is a backup of a Moodle course, of which the question bank can be exported as Moodle XML",
    ),
];

/// A zip of which only so much is unpacked.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: usize,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, ExchangeError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
        Ok(Self { archive, left: MAX_BYTES })
    }

    fn names(&self) -> HashSet<String> {
        self.archive.file_names().filter_map(|name| name.ok().map(|name| name.into_owned())).collect()
    }

    /// The paths of what holds questions, in the order of the manifest.
    pub fn question_files(&mut self) -> Result<Vec<String>, ExchangeError> {
        let names = self.names();
        // In the outermost folder, or in the one that somebody zipped instead of what is in it.
        let manifests = names.iter().filter_map(|name| name.strip_suffix(MANIFEST));
        let folder =
            manifests.filter(|folder| folder.is_empty() || folder.ends_with('/')).min_by_key(|name| name.len());
        let Some(folder) = folder else {
            return unlisted(names);
        };
        let manifest = xml::parse(&self.read(&format!("{folder}{MANIFEST}"))?, Format::Qti)?;
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for resource in manifest.all().into_iter().filter(|element| element.name == "resource") {
            for path in paths(resource, |path| names.contains(&format!("{folder}{path}"))) {
                let path = format!("{folder}{path}");
                if seen.insert(path.clone()) {
                    found.push(path);
                }
            }
        }
        Ok(found)
    }

    pub fn read(&mut self, name: &str) -> Result<String, ExchangeError> {
        let file = self.archive.by_name(name).map_err(|error| broken(format!("{name}: {error}")))?;
        let mut bytes = Vec::new();
        let read = file.take(self.left as u64 + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| broken(format!("{name}: {error}")))?;
        if read > self.left {
            return Err(ExchangeError::TooLarge("it has more than 32 MB when it is unpacked"));
        }
        self.left -= read;
        Ok(crate::text(&bytes)?.to_owned())
    }
}

fn broken(reason: String) -> ExchangeError {
    ExchangeError::Broken(Format::Qti, reason)
}

/// The files that may hold questions, where no manifest names them.
fn unlisted(names: HashSet<String>) -> Result<Vec<String>, ExchangeError> {
    if let Some((_, reason)) = OTHERS.iter().find(|(file, _)| names.contains(*file)) {
        return Err(broken((*reason).into()));
    }
    let mut found: Vec<String> = names.into_iter().filter(|name| name.ends_with(".xml")).collect();
    found.sort_unstable();
    if found.is_empty() { Err(broken("the package has no imsmanifest.xml".into())) } else { Ok(found) }
}

/// Where the questions of a resource stand; none for pages, pictures and settings.
fn paths(resource: &Element, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let kind = resource.attribute("type");
    let path = |href: &str| xml::entities(href).replace("%20", " ");
    let files = || resource.named("file").map(|file| path(file.attribute("href")));
    if kind.starts_with("assessment/x-bb-qti-") {
        // Blackboard's own attribute.
        return vec![path(resource.attribute("file"))];
    }
    if resource.attribute("material_type").starts_with("d2lqu") {
        // Brightspace's quizzes and question libraries.
        return vec![path(resource.attribute("href"))];
    }
    if !kind.starts_with("imsqti_") {
        // Canvas: what Common Cartridge has no words for, such as question banks.
        return files().filter(|path| path.ends_with(".xml.qti")).collect();
    }
    // Canvas writes a quiz twice: for every program, and with all its kinds of questions for itself.
    let whole = format!("non_cc_assessments/{}.xml.qti", resource.attribute("identifier"));
    if exists(&whole) {
        return vec![whole];
    }
    let href = path(resource.attribute("href"));
    Some(href).filter(|href| !href.is_empty()).or_else(|| files().next()).into_iter().collect()
}
