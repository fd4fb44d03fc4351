//! What a file holds beside the text its readers see: headers, comments, open changes, hidden
//! text. None of it goes into a manuscript, and none of it may be lost: security marks stand in
//! headers, and what was deleted is often what must not go out.

use crate::tr;

use super::clean::{collapse, shown};

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Page header.
    Header,
    /// Page footer.
    Footer,
    /// Words drawn behind the text.
    Watermark,
    /// A reviewer's comment, or a note on a cell.
    Comment,
    /// Text an open change inserts.
    Inserted,
    /// Text an open change deletes.
    Deleted,
    /// Text an open change moves away from here.
    MovedFrom,
    /// Text an open change moves here.
    MovedTo,
    /// Text formatted as hidden.
    Hidden,
    /// A hidden sheet of a workbook.
    HiddenSheet,
    /// A hidden row of a sheet.
    HiddenRow,
    /// A hidden column of a sheet.
    HiddenColumn,
    /// Properties of the document: author, company, keywords.
    Property,
    /// A file embedded in the document.
    Embedded,
    /// Something the document takes from elsewhere when it is opened.
    External,
    /// Text fields and comments inside an image.
    ImageText,
    /// Words of a diagram or a chart.
    Drawing,
}

impl Place {
    /// Every place, in the order of declaration.
    pub const ALL: [Place; 17] = [
        Place::Header,
        Place::Footer,
        Place::Watermark,
        Place::Comment,
        Place::Inserted,
        Place::Deleted,
        Place::MovedFrom,
        Place::MovedTo,
        Place::Hidden,
        Place::HiddenSheet,
        Place::HiddenRow,
        Place::HiddenColumn,
        Place::Property,
        Place::Embedded,
        Place::External,
        Place::ImageText,
        Place::Drawing,
    ];

    /// Stable code, for programs and message keys.
    pub fn code(self) -> &'static str {
        match self {
            Place::Header => "header",
            Place::Footer => "footer",
            Place::Watermark => "watermark",
            Place::Comment => "comment",
            Place::Inserted => "inserted",
            Place::Deleted => "deleted",
            Place::MovedFrom => "moved-from",
            Place::MovedTo => "moved-to",
            Place::Hidden => "hidden",
            Place::HiddenSheet => "hidden-sheet",
            Place::HiddenRow => "hidden-row",
            Place::HiddenColumn => "hidden-column",
            Place::Property => "property",
            Place::Embedded => "embedded",
            Place::External => "external",
            Place::ImageText => "image-text",
            Place::Drawing => "drawing",
        }
    }

    /// The name people read, in the language in force.
    pub fn message(self) -> String {
        match self {
            Place::Header => tr!("intake-place-header"),
            Place::Footer => tr!("intake-place-footer"),
            Place::Watermark => tr!("intake-place-watermark"),
            Place::Comment => tr!("intake-place-comment"),
            Place::Inserted => tr!("intake-place-inserted"),
            Place::Deleted => tr!("intake-place-deleted"),
            Place::MovedFrom => tr!("intake-place-moved-from"),
            Place::MovedTo => tr!("intake-place-moved-to"),
            Place::Hidden => tr!("intake-place-hidden"),
            Place::HiddenSheet => tr!("intake-place-hidden-sheet"),
            Place::HiddenRow => tr!("intake-place-hidden-row"),
            Place::HiddenColumn => tr!("intake-place-hidden-column"),
            Place::Property => tr!("intake-place-property"),
            Place::Embedded => tr!("intake-place-embedded"),
            Place::External => tr!("intake-place-external"),
            Place::ImageText => tr!("intake-place-image-text"),
            Place::Drawing => tr!("intake-place-drawing"),
        }
    }

    /// Whether it is part of an open change.
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Place::Inserted | Place::Deleted | Place::MovedFrom | Place::MovedTo
        )
    }
}

/// One thing beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aside {
    /// Where it stands.
    pub place: Place,
    /// Who wrote it, as the file says; for a property its name, for a hidden row or a comment on
    /// a cell where it is.
    pub who: Option<String>,
    /// What it says, whole, for screening; never for a page.
    pub text: String,
}

impl Aside {
    pub(super) fn new(place: Place, who: Option<&str>, text: &str) -> Aside {
        Aside {
            place,
            who: who.map(collapse).filter(|who| !who.is_empty()),
            text: text.trim().to_owned(),
        }
    }

    /// Whether a person must look at it before the manuscript is worked on. Headers, footers and
    /// properties are in nearly every file: of those only such as could be a mark of secrecy.
    pub fn needs_attention(&self) -> bool {
        match self.place {
            Place::Header
            | Place::Footer
            | Place::Property
            | Place::ImageText
            | Place::Drawing => {
                could_be_mark(&self.text)
            }
            _ => true,
        }
    }

    /// What a person reads, in the language in force; the text shortened to one line.
    pub fn message(&self) -> String {
        let (place, text) = (self.place.message(), shown(&self.text));
        match &self.who {
            Some(who) => tr!(
                "intake-note-aside-by",
                place = place,
                who = shown(who),
                text = text
            ),
            None => tr!("intake-note-aside", place = place, text = text),
        }
    }
}

/// Whether a text has a character every mark of secrecy has one of. Screening decides what it is;
/// this decides only that a person is called.
fn could_be_mark(text: &str) -> bool {
    text.contains(['密', '★'])
        || ["内部", "不予公开", "不得公开", "保存"]
            .iter()
            .any(|w| text.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_in_a_header_calls_a_person() {
        let aside = |place, text| Aside::new(place, None, text);
        assert!(aside(Place::Header, "机密★1年").needs_attention());
        assert!(aside(Place::Footer, "内部资料　注意保存").needs_attention());
        assert!(!aside(Place::Header, "税收政策汇编").needs_attention());
        assert!(aside(Place::Deleted, "甲").needs_attention());
    }
}
