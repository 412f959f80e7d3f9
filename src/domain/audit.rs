//! What the school did with accounts, classes and work that it sets, for whoever asks later.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An act on an account, on a class, on work for a class or on a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    ClassMade,
    ClassChanged,
    ClassDeleted,
    ListImported,
    PupilMade,
    /// Name, e-mail address, number or level.
    PupilChanged,
    /// Into a class, out of one, or from one into another.
    PupilMoved,
    /// A one-time code, on a card or told.
    CodeMade,
    Disabled,
    Enabled,
    /// An account, which goes for good some weeks later.
    Deleted,
    /// The deletion of an account was undone.
    Undeleted,
    /// Two accounts of one pupil became one.
    Merged,
    /// Everything about a person, as a file.
    Exported,
    WorkSet,
    /// When it opens and is due, its minutes or its attempts.
    WorkChanged,
    WorkWithdrawn,
    /// After it was withdrawn.
    WorkRestored,
    TeacherMade,
    /// A teacher's account became a pupil's.
    TeacherUnmade,
    /// Which classes a teacher teaches.
    ClassesTaught,
    PaperAdded,
    PaperPublished,
    PaperHidden,
    /// Title, kind, year, level or subject.
    PaperChanged,
    /// Minutes that were added to a running exam, or taken from it, or extra time for every exam.
    TimeGranted,
    /// A test made by hand, or a copy of one.
    TestMade,
    TestDeleted,
    SchoolMade,
    /// The name, or whether pupils register themselves.
    SchoolChanged,
    /// Of a school.
    AdminMade,
    /// An owner of the installation became an admin of their school only.
    OwnerUnmade,
}

impl Act {
    /// Each act with its word in the database and in addresses, and its text on pages.
    pub const ALL: [(Self, &'static str, &'static str); 32] = [
        (Self::ClassMade, "class_made", "Made a class"),
        (Self::ClassChanged, "class_changed", "Changed a class"),
        (Self::ClassDeleted, "class_deleted", "Deleted a class"),
        (Self::ListImported, "list_imported", "Imported a list"),
        (Self::PupilMade, "pupil_made", "Made an account"),
        (Self::PupilChanged, "pupil_changed", "Changed an account"),
        (Self::PupilMoved, "pupil_moved", "Changed the class"),
        (Self::CodeMade, "code_made", "Made a card or code"),
        (Self::Disabled, "disabled", "Switched off"),
        (Self::Enabled, "enabled", "Switched on"),
        (Self::Deleted, "deleted", "Deleted an account"),
        (Self::Undeleted, "undeleted", "Undid a deletion"),
        (Self::Merged, "merged", "Merged two accounts"),
        (Self::Exported, "exported", "Took everything about a pupil"),
        (Self::WorkSet, "work_set", "Set work"),
        (Self::WorkChanged, "work_changed", "Changed work"),
        (Self::WorkWithdrawn, "work_withdrawn", "Withdrew work"),
        (Self::WorkRestored, "work_restored", "Set work again"),
        (Self::TeacherMade, "teacher_made", "Made a teacher"),
        (Self::TeacherUnmade, "teacher_unmade", "Made a teacher a pupil"),
        (Self::ClassesTaught, "classes_taught", "Changed a teacher's classes"),
        (Self::PaperAdded, "paper_added", "Added a paper"),
        (Self::PaperPublished, "paper_published", "Published a paper"),
        (Self::PaperHidden, "paper_hidden", "Hid a paper"),
        (Self::PaperChanged, "paper_changed", "Changed a paper"),
        (Self::TimeGranted, "time_granted", "Granted time"),
        (Self::TestMade, "test_made", "Made a test"),
        (Self::TestDeleted, "test_deleted", "Deleted a test"),
        (Self::SchoolMade, "school_made", "Made a school"),
        (Self::SchoolChanged, "school_changed", "Changed a school"),
        (Self::AdminMade, "admin_made", "Made an admin"),
        (Self::OwnerUnmade, "owner_unmade", "Ended that somebody owns the installation"),
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(act, ..)| *act == self).map_or("", |(_, word, _)| word)
    }
}

/// The text for an act's word; the word itself for one that this program does not know.
pub fn text_of(word: &str) -> &str {
    Act::ALL.iter().find(|(_, known, _)| *known == word).map_or(word, |(.., text)| text)
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: String,
    /// An act's word.
    pub act: String,
    /// Whose account it was about.
    pub person: Option<(Uuid, String)>,
    /// Whether that is a teacher.
    pub is_teacher: bool,
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_has_a_word_and_a_text() {
        for (act, word, text) in Act::ALL {
            assert_eq!((act.as_str(), text_of(word)), (word, text));
        }
        assert_eq!(text_of("unknown"), "unknown");
    }
}
