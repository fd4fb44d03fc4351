//! Office files and archives among attachments.

use std::borrow::Cow;

use super::super::archive::{Archive, MAX_UNPACKED};
use super::super::aside::{Aside, Place};
use super::super::docx::{self, foreign, has_macros, properties, rels, tree};
use super::super::xlsx;
use super::super::{ArchiveFault, Changes, IntakeError};
use super::{DEEPEST, Inspection, MOST_MEMBERS, look};

type Done = Result<(), IntakeError>;

/// Takes what an archive says it unpacks to from what is left. What it says bounds what it gives.
pub(super) fn spend(bytes: &[u8], left: &mut u64) -> Done {
    let archive = Archive::open(Cow::Borrowed(bytes), *left)?;
    *left = left
        .checked_sub(archive.declared())
        .ok_or(ArchiveFault::TooLarge)?;
    Ok(())
}

pub(super) fn docx(bytes: &[u8], found: &mut Inspection, left: &mut u64) -> Done {
    let contents = docx::contents(bytes, Changes::Notes)?;
    found.macros = contents.macros;
    for (name, value) in &contents.properties {
        found.property(name, value);
    }
    found.asides = contents.asides;
    let title = contents.raw.title.into_iter();
    let lines: Vec<String> = title.chain(contents.raw.blocks).collect();
    found.text("body", lines.join("\n"));
    for image in contents.raw.attachments {
        if let Some(bytes) = &image.bytes {
            let inner = look(&image.name, bytes, DEEPEST, left);
            found.absorb(&image.name, inner);
        }
        if !image.alt.is_empty() {
            found.text(&image.name, image.alt);
        }
    }
    found.text_read = true;
    Ok(())
}

pub(super) fn xlsx(bytes: &[u8], found: &mut Inspection) -> Done {
    let contents = xlsx::contents(bytes)?;
    found.macros = contents.macros;
    for (name, value) in &contents.properties {
        found.property(name, value);
    }
    found.asides = contents.asides;
    for sheet in &contents.sheets {
        found.text(&sheet.name, format!("{}\n{}", sheet.name, sheet.text()));
    }
    drawn(bytes, "xl/drawings/", found)?;
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    found.asides.extend(docx::drawn(&mut archive, "xl/")?);
    found.text_read = true;
    Ok(())
}

/// Text drawn on slides or sheets: every `a:t` of the parts below a folder.
fn drawn(bytes: &[u8], folder: &str, found: &mut Inspection) -> Done {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    for name in parts(&archive, folder) {
        let Some(root) = tree(&mut archive, &name)? else {
            continue;
        };
        let mut lines = Vec::new();
        root.each(&mut |e| {
            if &*e.name == "a:p" {
                let mut line = String::new();
                e.each(&mut |inner| {
                    if &*inner.name == "a:t" {
                        line.push_str(&inner.text());
                    }
                });
                lines.push(line);
            }
        });
        let text = lines.join("\n");
        if root.attr("show") == Some("0") {
            found
                .asides
                .push(Aside::new(Place::Hidden, Some(&name), &text));
        }
        found.text(&name, text);
    }
    Ok(())
}

/// The XML parts below a folder, in the order of their names.
fn parts(archive: &Archive<'_>, folder: &str) -> Vec<String> {
    let mut all: Vec<String> = archive
        .members
        .iter()
        .map(|member| member.name.clone())
        .filter(|name| name.starts_with(folder) && name.ends_with(".xml"))
        .collect();
    all.sort();
    all
}

pub(super) fn pptx(bytes: &[u8], found: &mut Inspection) -> Done {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    found.macros = has_macros(&archive);
    for (name, value) in properties(&mut archive)? {
        found.property(&name, &value);
    }
    let links = rels(&mut archive, "ppt/presentation.xml")?;
    found.asides = foreign(&archive, &links);
    for name in parts(&archive, "ppt/comments/") {
        if let Some(root) = tree(&mut archive, &name)? {
            let aside = Aside::new(Place::Comment, None, &root.text());
            found.asides.push(aside);
        }
    }
    found.asides.extend(docx::drawn(&mut archive, "ppt/")?);
    drawn(bytes, "ppt/slides/", found)?;
    drawn(bytes, "ppt/notesSlides/", found)?;
    found.text_read = true;
    Ok(())
}

pub(super) fn ofd(bytes: &[u8], found: &mut Inspection) -> Done {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    for name in parts(&archive, "") {
        let Some(root) = tree(&mut archive, &name)? else {
            continue;
        };
        let mut lines = Vec::new();
        root.each(&mut |e| {
            let local = e.name.rsplit(':').next().unwrap_or_default();
            match local {
                "TextCode" => lines.push(e.text()),
                "Title" | "Author" | "Subject" | "Abstract" | "Creator" | "Keyword" => {
                    found.property(local, &e.text());
                }
                "CustomData" => found.property(e.attr("Name").unwrap_or(local), &e.text()),
                _ => {}
            }
        });
        found.text(&name, lines.join("\n"));
    }
    found.text_read = true;
    Ok(())
}

pub(super) fn opendocument(bytes: &[u8], found: &mut Inspection) -> Done {
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    for name in ["content.xml", "styles.xml"] {
        if let Some(root) = tree(&mut archive, name)? {
            found.text(name, root.text());
        }
    }
    if let Some(root) = tree(&mut archive, "meta.xml")? {
        root.each(&mut |e| {
            if e.elements().next().is_none() {
                let local = e.name.rsplit(':').next().unwrap_or_default();
                found.property(local, &e.text());
            }
        });
    }
    found.text_read = true;
    Ok(())
}

/// An archive: what is known of each member.
pub(super) fn zip(bytes: &[u8], found: &mut Inspection, depth: usize, left: &mut u64) -> Done {
    if depth >= DEEPEST {
        return Ok(());
    }
    let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
    let names: Vec<String> = archive.members.iter().map(|m| m.name.clone()).collect();
    found.text("names", names.join("\n"));
    let mut all_read = names.len() <= MOST_MEMBERS;
    let mut first = Ok(());
    for (index, name) in names.iter().enumerate().take(MOST_MEMBERS) {
        if archive.members[index].folder {
            continue;
        }
        match archive.read(index) {
            Ok(bytes) => {
                let inner = look(name, &bytes, depth + 1, left);
                all_read &= inner.text_read;
                if let (Ok(()), Err(error)) = (&first, &inner.opens) {
                    first = Err(error.clone());
                }
                found.absorb(name, inner);
            }
            Err(error) => {
                all_read = false;
                if first.is_ok() {
                    first = Err(error);
                }
            }
        }
    }
    found.text_read = all_read;
    first
}
