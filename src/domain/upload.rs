//! Uploads: their limits, and why a file or a form of files is refused.

use exam_model::format;
use serde::{Deserialize, Serialize};

use super::document::TITLE_RULE;

/// The largest sizes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Of each file.
    pub each: i64,
    /// Of all files of a form together.
    pub together: i64,
}

impl Limits {
    /// A form may be four times as large as a file.
    pub fn new(each: usize) -> Self {
        Self { each: each as i64, together: 4 * each as i64 }
    }
}

/// Why a file, or a whole form, is not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NoFile,
    FileTooLarge,
    FormTooLarge,
    WrongType,
    /// The connection ended before the form did.
    CutOff,
    BrokenPhoto,
    TooManyPixels,
    /// All photos as one document are larger than a file may be.
    PhotosTooLarge,
    /// Several documents where one is expected.
    SeveralDocuments,
    /// Several papers with one marking scheme.
    SeveralPapers,
    Title,
    Kind,
    Year,
    Subject,
    /// The pupil's quota is used up.
    QuotaExceeded,
    /// The database cannot be reached.
    DatabaseUnavailable,
    /// A fault on the server; its cause is in the log.
    Fault,
}

impl Refusal {
    const ALL: [Self; 17] = [
        Self::NoFile,
        Self::FileTooLarge,
        Self::FormTooLarge,
        Self::WrongType,
        Self::CutOff,
        Self::BrokenPhoto,
        Self::TooManyPixels,
        Self::PhotosTooLarge,
        Self::SeveralDocuments,
        Self::SeveralPapers,
        Self::Title,
        Self::Kind,
        Self::Year,
        Self::Subject,
        Self::QuotaExceeded,
        Self::DatabaseUnavailable,
        Self::Fault,
    ];

    /// The word in the address of the form's page.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoFile => "missing",
            Self::FileTooLarge => "size",
            Self::FormTooLarge => "total",
            Self::WrongType => "pdf",
            Self::CutOff => "broken",
            Self::BrokenPhoto => "photo",
            Self::TooManyPixels => "pixels",
            Self::PhotosTooLarge => "photos",
            Self::SeveralDocuments => "several",
            Self::SeveralPapers => "one",
            Self::Title => "title",
            Self::Kind => "kind",
            Self::Year => "year",
            Self::Subject => "subject",
            Self::QuotaExceeded => "room",
            Self::DatabaseUnavailable => "away",
            Self::Fault => "fault",
        }
    }

    /// `None` if no refusal has this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// The form field to show it beside.
    pub fn field(self) -> &'static str {
        match self {
            Self::Title | Self::Kind | Self::Year | Self::Subject => self.code(),
            _ => "file",
        }
    }

    /// What happened, and what to do.
    pub fn message(self, limits: Limits) -> String {
        let [each, together] = [limits.each, limits.together].map(format::megabytes);
        match self {
            Self::NoFile => "No file was chosen, or it is empty. Choose a PDF or photos and upload again.",
            Self::FileTooLarge => {
                return format!("The file is larger than {each} MB. Split it or make it smaller, then upload it again.");
            }
            Self::FormTooLarge => {
                return format!(
                    "Together, the files are larger than {together} MB. Nothing was saved. Upload fewer at a time."
                );
            }
            Self::WrongType => {
                "The file is not a PDF. Save papers as PDF, and photos as JPEG, PNG or WebP. Save questions as GIFT, Moodle XML, \
                 QTI or CSV. Then upload again."
            }
            Self::CutOff => "The upload stopped. Nothing was saved. Check the network and upload again.",
            Self::BrokenPhoto => {
                "The photo cannot be read, because it is cut off or damaged. Take it again and upload all photos."
            }
            Self::TooManyPixels => "The photo has more than 50 million pixels. Make it smaller and upload all photos.",
            Self::PhotosTooLarge => "The photos are too large for one document. Upload fewer or smaller ones.",
            Self::SeveralDocuments => {
                "Upload one document at a time: a PDF, a file of questions, or the photos of its pages."
            }
            Self::SeveralPapers => "A marking scheme belongs to one paper. Upload one paper at a time with its scheme.",
            Self::Title => TITLE_RULE,
            Self::Kind => "Choose what kind of document it is.",
            Self::Year => "Write the year with four digits, such as 2024.",
            Self::Subject => "Choose the level and subject that the paper is for.",
            Self::QuotaExceeded => {
                "You do not have enough space. Delete documents that you no longer need, then upload it again."
            }
            Self::DatabaseUnavailable => {
                "It could not be saved. The school's data cannot be reached right now. Upload it again in a minute."
            }
            Self::Fault => "It could not be saved, because of a fault on the school's server. Upload it again.",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_a_code_of_its_own() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::parse(refusal.code()), Some(refusal));
        }
        assert_eq!(Refusal::parse("x"), None);
        let limits = Limits::new(50 << 20);
        assert!(Refusal::FileTooLarge.message(limits).contains("50 MB"));
        assert!(Refusal::FormTooLarge.message(limits).contains("200 MB"));
    }
}
