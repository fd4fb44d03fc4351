//! Zip archives from outside, opened within limits: batches of files, and the inside of office
//! files.
//!
//! An archive says of itself how large it is; none of that is believed. What is read is counted,
//! members that share bytes are refused, and no name may lead out of the archive.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

use encoding_rs::GB18030;
use zip::ZipArchive;
use zip::result::ZipError;

use super::IntakeError;
use super::clean::wide;
use super::error::ArchiveFault;

/// Largest archive or office file, in bytes.
pub const MAX_ARCHIVE: usize = 60 * 1024 * 1024;

/// Most members of one archive.
pub const MAX_MEMBERS: usize = 4_000;

/// Most bytes all members of an archive may unpack to, those of archives within it included.
pub const MAX_UNPACKED: u64 = 400 * 1024 * 1024;

/// Most bytes one member may unpack to.
pub const MAX_MEMBER: u64 = 100 * 1024 * 1024;

/// How many times larger than its packed form a member may be. Word's own files reach 30; a
/// member made to hurt reaches 1,000.
pub const MAX_RATIO: u64 = 200;

/// Members below this size may have any ratio: a page of blanks packs to nothing.
const RATIO_FROM: u64 = 1024 * 1024;

/// Longest name of a member, in characters.
const LONGEST_NAME: usize = 400;

/// Deepest folder of a member.
const DEEPEST_FOLDER: usize = 16;

/// One member as the archive's directory lists it.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Path with `/` between folders.
    pub(super) name: String,
    /// Whether the name may be used; else why not.
    pub(super) fault: Option<ArchiveFault>,
    pub(super) folder: bool,
}

/// An open archive over bytes in memory.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<Cow<'a, [u8]>>>,
    pub(super) members: Vec<Member>,
    /// Parts by name without case; none where two members answer to it.
    by_name: HashMap<String, Option<usize>>,
    left: u64,
}

impl<'a> Archive<'a> {
    /// Opens an archive that may unpack to `left` bytes.
    pub(super) fn open(bytes: Cow<'a, [u8]>, left: u64) -> Result<Archive<'a>, IntakeError> {
        if bytes.len() > MAX_ARCHIVE {
            return Err(ArchiveFault::TooLarge.into());
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
        if zip.len() > MAX_MEMBERS {
            return Err(ArchiveFault::TooManyMembers { count: zip.len() }.into());
        }
        // Two members of one name: which of them a reader gets differs from program to program.
        if zip.has_duplicate_names() {
            return Err(ArchiveFault::TwiceTheSameName.into());
        }
        if zip.has_overlapping_files().map_err(|error| fault(&error))? {
            return Err(ArchiveFault::Overlap.into());
        }
        let mut members = Vec::with_capacity(zip.len());
        for index in 0..zip.len() {
            members.push(match zip.by_index_raw(index) {
                Ok(file) => {
                    let flagged = file.flags().as_u16() & 0x0800 != 0;
                    let (name, readable) = name(file.name_raw(), flagged);
                    let fault = if file.encrypted() {
                        Some(ArchiveFault::Encrypted)
                    } else if !readable || !safe(&name) || file.is_symlink() {
                        Some(ArchiveFault::Name)
                    } else {
                        None
                    };
                    Member {
                        folder: file.is_dir() || name.ends_with(['/', '\\']),
                        name: name.replace('\\', "/"),
                        fault,
                    }
                }
                Err(_) => Member {
                    name: format!("#{}", index + 1),
                    fault: Some(ArchiveFault::Broken),
                    folder: false,
                },
            });
        }
        let mut by_name = HashMap::with_capacity(members.len());
        for (index, member) in members.iter().enumerate() {
            by_name
                .entry(member.name.to_lowercase())
                .and_modify(|one| *one = None)
                .or_insert(Some(index));
        }
        Ok(Archive {
            zip,
            members,
            by_name,
            left,
        })
    }

    /// The bytes of a member.
    pub(super) fn read(&mut self, index: usize) -> Result<Vec<u8>, IntakeError> {
        if let Some(fault) = self.members.get(index).and_then(|m| m.fault.clone()) {
            return Err(fault.into());
        }
        let left = self.left;
        let mut file = self.zip.by_index(index).map_err(|error| fault(&error))?;
        let ratio = file
            .compressed_size()
            .saturating_mul(MAX_RATIO)
            .max(RATIO_FROM);
        let most = left.min(MAX_MEMBER).min(ratio);
        let mut bytes = Vec::new();
        // One byte more than may be, so that too much is told from just enough.
        let read = (&mut file)
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ArchiveFault::Broken)?;
        if read as u64 > most {
            return Err(if ratio == most {
                ArchiveFault::Ratio.into()
            } else {
                ArchiveFault::TooLarge.into()
            });
        }
        self.left -= read as u64;
        Ok(bytes)
    }

    /// How many bytes the members unpack to by what the directory says of them.
    pub(super) fn declared(&self) -> u64 {
        (0..self.zip.len())
            .filter_map(|index| self.zip.by_index_data(index).ok())
            .fold(0_u64, |sum, entry| sum.saturating_add(entry.size()))
    }

    /// How many bytes may still be unpacked.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// A part of an office file, none where it is not there. Names of parts know no case: of two that
    /// differ in nothing else, one reader shows this and another that, so neither is taken.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, IntakeError> {
        let name = name.trim_start_matches('/').to_lowercase();
        match self.by_name.get(&name).copied() {
            Some(Some(index)) => self.read(index).map(Some),
            Some(None) => Err(ArchiveFault::TwiceTheSameName.into()),
            None => Ok(None),
        }
    }

    /// Whether a part is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&name.to_lowercase())
    }
}

fn fault(error: &ZipError) -> IntakeError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ArchiveFault::Encrypted
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            ArchiveFault::Method
        }
        _ => ArchiveFault::Broken,
    }
    .into()
}

/// A member's name and whether it could be read. Archives made under Chinese Windows hold their
/// names in GB18030 without saying so; those of other systems hold UTF-8, also without saying so.
fn name(raw: &[u8], flagged: bool) -> (String, bool) {
    let utf8 = std::str::from_utf8(raw).ok();
    let gb = GB18030.decode_without_bom_handling_and_without_replacement(raw);
    match (utf8, gb) {
        (Some(text), _) if flagged || text.is_ascii() => (text.to_owned(), true),
        // Two Chinese characters in GB18030 can be valid UTF-8 by chance; then they are Latin or
        // Cyrillic letters, which Chinese file names do not consist of.
        (Some(text), Some(gb)) if !text.chars().any(wide) && gb.chars().any(wide) => {
            (gb.into_owned(), true)
        }
        (Some(text), _) => (text.to_owned(), true),
        (None, Some(gb)) if !flagged => (gb.into_owned(), true),
        _ => (String::from_utf8_lossy(raw).into_owned(), false),
    }
}

/// Whether a name stays within the archive and can be shown.
fn safe(name: &str) -> bool {
    let path = name.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.chars().any(char::is_control)
        && !path.starts_with('/')
        && !drive
        && !path.split('/').any(|part| part == "..")
        && path.matches('/').count() <= DEEPEST_FOLDER
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn names_are_read_as_they_were_written() {
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        assert_eq!(name(&gb("通知.docx"), false), ("通知.docx".into(), true));
        assert_eq!(name("通知.docx".as_bytes(), false).0, "通知.docx");
        assert_eq!(name("通知.docx".as_bytes(), true).0, "通知.docx");
        // 一些 in GB18030 is d2 bb d0 a9: valid UTF-8 for two other letters.
        assert_eq!(name(&gb("一些"), false), ("一些".into(), true));
        assert!(!name(b"\xff\xff.txt", true).1);
        assert_eq!(name(b"caf\xc3\xa9.txt", true).0, "café.txt");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for bad in [
            "../a",
            "a/../../b",
            "/etc/x",
            "C:\\x",
            "..\\x",
            "a\u{0}b",
            "",
            "a\\..\\b",
        ] {
            assert!(!safe(bad), "{bad:?}");
        }
        assert!(safe("附件/1..2.docx"));
        assert!(!safe(&"a/".repeat(20)));
    }

    #[test]
    fn of_two_parts_that_differ_in_case_neither_is_taken() {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let plain = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            ("word/document.xml", "this"),
            ("Word/document.xml", "that"),
            ("word/styles.xml", "once"),
        ] {
            out.start_file(name, plain).unwrap();
            out.write_all(text.as_bytes()).unwrap();
        }
        let bytes = out.finish().unwrap().into_inner();
        let mut archive = Archive::open(Cow::Owned(bytes), 1 << 20).unwrap();
        let error = archive.part("word/document.xml").unwrap_err();
        assert_eq!(error.code(), "intake.archive.same-name");
        assert_eq!(archive.part("WORD/styles.xml").unwrap().unwrap(), b"once");
        assert!(archive.part("word/none.xml").unwrap().is_none());
        assert_eq!(
            archive.members.len(),
            3,
            "as files of a batch both may be there"
        );
    }
}
