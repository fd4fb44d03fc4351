//! What a person should know about an accepted file.

use jiff::civil::Date;

use crate::tr;

use super::aside::Aside;
use super::clean::shown;

/// Something left out or doubtful in an accepted file; it goes with the manuscript to whoever
/// receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntakeNote {
    /// Control characters were removed.
    ControlsStripped {
        /// How many.
        count: usize,
    },
    /// Invisible characters (zero width, direction marks) were removed.
    InvisiblesStripped {
        /// How many.
        count: usize,
    },
    /// A date in the page's data has no year; the field is empty.
    NoYear {
        /// Which date.
        date: NamedDate,
        /// As found.
        text: String,
    },
    /// A date in the page's data is no date; the field is empty.
    NotADate {
        /// Which date.
        date: NamedDate,
        /// As found.
        text: String,
    },
    /// The file states two dates of writing; the first is used.
    DatesDisagree {
        /// Taken from the data about the text.
        used: Date,
        /// Found elsewhere, as written there.
        other: String,
    },
    /// The page gives a document number in a form the norm does not allow; the field is empty.
    DocNumberForm {
        /// As found.
        text: String,
    },
    /// The page and the head of the text name different document numbers; the first is used.
    DocNumbersDisagree {
        /// From the page's data.
        used: String,
        /// From the text.
        other: String,
    },
    /// The page ends without its closing tags and may be cut off.
    Truncated,
    /// A table had merged cells; the freed cells are empty.
    MergedCells,
    /// Something the file holds beside its text.
    Aside(Aside),
    /// Open changes were not taken over: the text is the one before them.
    ChangesLeftOut {
        /// How many.
        count: usize,
    },
    /// Open changes were taken over, as the person chose.
    ChangesAccepted {
        /// How many.
        count: usize,
    },
    /// The file states no title; its name stands in for one.
    TitleFromName,
    /// Only the title and the address of the text were in the file; the text is still to come.
    LinkOnly,
    /// A feed gave a description, which may be the whole text or its beginning.
    MaybeExcerpt,
    /// No element of the page says it is the article; the one with nearly all of the text was taken.
    BodyGuessed,
    /// An image the text shows is not in the file.
    ImageMissing {
        /// Its name.
        name: String,
    },
    /// Charts, diagrams or drawn shapes were left out.
    DrawingsLeftOut {
        /// How many.
        count: usize,
    },
    /// The date is the day the site was moved, known to stand in for real dates.
    MigrationDate {
        /// That day.
        date: Date,
    },
}

/// The dates a page states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedDate {
    /// 成文日期.
    Written,
    /// 发布日期.
    Published,
}

impl NamedDate {
    fn message(self) -> String {
        match self {
            Self::Written => tr!("intake-date-written"),
            Self::Published => tr!("intake-date-published"),
        }
    }
}

impl IntakeNote {
    /// The stable id of this kind of note.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ControlsStripped { .. } => "intake.note.controls",
            Self::InvisiblesStripped { .. } => "intake.note.invisibles",
            Self::NoYear { .. } => "intake.note.no-year",
            Self::NotADate { .. } => "intake.note.not-a-date",
            Self::DatesDisagree { .. } => "intake.note.dates-disagree",
            Self::DocNumberForm { .. } => "intake.note.doc-number-form",
            Self::DocNumbersDisagree { .. } => "intake.note.doc-numbers-disagree",
            Self::Truncated => "intake.note.truncated",
            Self::MergedCells => "intake.note.merged-cells",
            Self::Aside(_) => "intake.note.aside",
            Self::ChangesLeftOut { .. } => "intake.note.changes-left-out",
            Self::ChangesAccepted { .. } => "intake.note.changes-accepted",
            Self::TitleFromName => "intake.note.title-from-name",
            Self::LinkOnly => "intake.note.link-only",
            Self::MaybeExcerpt => "intake.note.maybe-excerpt",
            Self::BodyGuessed => "intake.note.body-guessed",
            Self::ImageMissing { .. } => "intake.note.image-missing",
            Self::DrawingsLeftOut { .. } => "intake.note.drawings",
            Self::MigrationDate { .. } => "intake.note.migration-date",
        }
    }

    /// Whether a person must look at it before the manuscript is worked on; the others are for
    /// the record.
    pub fn needs_attention(&self) -> bool {
        match self {
            Self::Aside(aside) => aside.needs_attention(),
            Self::ControlsStripped { .. } | Self::InvisiblesStripped { .. } | Self::MergedCells => {
                false
            }
            _ => true,
        }
    }

    /// What a person reads, in the language in force.
    pub fn message(&self) -> String {
        match self {
            Self::ControlsStripped { count } => {
                tr!("intake-note-controls", count = count.to_string())
            }
            Self::InvisiblesStripped { count } => {
                tr!("intake-note-invisibles", count = count.to_string())
            }
            Self::NoYear { date, text } => tr!(
                "intake-note-no-year",
                field = date.message(),
                text = shown(text)
            ),
            Self::NotADate { date, text } => tr!(
                "intake-note-not-a-date",
                field = date.message(),
                text = shown(text)
            ),
            Self::DatesDisagree { used, other } => tr!(
                "intake-note-dates-disagree",
                used = used.to_string(),
                other = shown(other)
            ),
            Self::DocNumberForm { text } => {
                tr!("intake-note-doc-number-form", text = shown(text))
            }
            Self::DocNumbersDisagree { used, other } => tr!(
                "intake-note-doc-numbers-disagree",
                used = shown(used),
                other = shown(other)
            ),
            Self::Truncated => tr!("intake-note-truncated"),
            Self::MergedCells => tr!("intake-note-merged-cells"),
            Self::Aside(aside) => aside.message(),
            Self::ChangesLeftOut { count } => {
                tr!("intake-note-changes-left-out", count = count.to_string())
            }
            Self::ChangesAccepted { count } => {
                tr!("intake-note-changes-accepted", count = count.to_string())
            }
            Self::TitleFromName => tr!("intake-note-title-from-name"),
            Self::LinkOnly => tr!("intake-note-link-only"),
            Self::MaybeExcerpt => tr!("intake-note-maybe-excerpt"),
            Self::BodyGuessed => tr!("intake-note-body-guessed"),
            Self::ImageMissing { name } => tr!("intake-note-image-missing", name = shown(name)),
            Self::DrawingsLeftOut { count } => {
                tr!("intake-note-drawings", count = count.to_string())
            }
            Self::MigrationDate { date } => {
                tr!("intake-note-migration-date", date = date.to_string())
            }
        }
    }
}
