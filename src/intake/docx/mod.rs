//! Word files, as Word, WPS and LibreOffice write them (WordprocessingML, ISO/IEC 29500 in its
//! transitional and its strict dialect).
//!
//! Only what a reader of the printed document sees becomes manuscript. Everything else the file
//! holds is told in [`Aside`]s: headers and footers, where marks of secrecy stand; comments; open
//! changes, which are never merged in silence; hidden text; properties; embedded files. Macros
//! refuse the file: it is a program, not a text.

mod body;
mod changes;
mod chunk;
mod drawing;
mod fields;
mod numbering;
mod runs;
mod styles;
mod table;
mod visible;

pub(super) use numbering::spell;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::archive::{Archive, MAX_UNPACKED};
use super::aside::{Aside, Place};
use super::finish::Raw;
use super::head;
use super::xml::{self, Element};
use super::{Changes, IntakeError, IntakeNote};

use body::Reader;
use chunk::Chunks;
use numbering::Numbering;
use styles::Styles;

/// A Word file taken apart, before it is read as a text.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
    main: String,
    rels: Rels,
}

/// What a part refers to, by id.
#[derive(Debug, Default)]
pub(super) struct Rels(HashMap<String, Rel>);

/// One reference.
#[derive(Debug, Clone)]
pub(super) struct Rel {
    /// The last word of its type: `image`, `hyperlink`, `header`.
    pub(super) kind: String,
    /// Address, or path of a part within the file.
    pub(super) target: String,
    pub(super) external: bool,
}

impl Rels {
    pub(super) fn get(&self, id: &str) -> Option<&Rel> {
        self.0.get(id)
    }

    /// All of a kind, in the order of their targets.
    pub(super) fn of_kind(&self, kind: &str) -> Vec<&Rel> {
        let mut all: Vec<&Rel> = self.0.values().filter(|rel| rel.kind == kind).collect();
        all.sort_by(|a, b| a.target.cmp(&b.target));
        all
    }

    /// What is fetched from elsewhere when the file is opened; links wait for a reader.
    pub(super) fn external(&self) -> Vec<&Rel> {
        let mut all: Vec<&Rel> = self
            .0
            .values()
            .filter(|rel| rel.external && rel.kind != "hyperlink")
            .collect();
        all.sort_by(|a, b| a.target.cmp(&b.target));
        all
    }
}

/// The relations of a part of an office file.
pub(super) fn rels(archive: &mut Archive<'_>, part: &str) -> Result<Rels, IntakeError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = if folder.is_empty() {
        format!("_rels/{file}.rels")
    } else {
        format!("{folder}/_rels/{file}.rels")
    };
    let Some(bytes) = archive.part(&name)? else {
        return Ok(Rels::default());
    };
    let root = xml::parse(&xml::decode(&bytes)?)?;
    let mut rels = HashMap::new();
    for element in root.all("rel:Relationship") {
        let (Some(id), Some(target)) = (element.attr("Id"), element.attr("Target")) else {
            continue;
        };
        let kind = element.attr("Type").unwrap_or_default();
        let external = element.attr("TargetMode") == Some("External");
        rels.insert(
            id.to_owned(),
            Rel {
                kind: kind.rsplit('/').next().unwrap_or(kind).to_owned(),
                target: if external {
                    target.to_owned()
                } else {
                    resolve(folder, target)
                },
                external,
            },
        );
    }
    Ok(Rels(rels))
}

/// A part's path from where it is referred to.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

/// The main part of an office file, by the relation that names it.
pub(super) fn main_part(archive: &mut Archive<'_>, usual: &str) -> Result<String, IntakeError> {
    let root = rels(archive, "")?;
    let named = root
        .of_kind("officeDocument")
        .first()
        .map(|rel| rel.target.clone());
    match named.filter(|name| archive.has(name)) {
        Some(name) => Ok(name),
        None if archive.has(usual) => Ok(usual.to_owned()),
        None => Err(IntakeError::BadPart {
            part: usual.to_owned(),
        }),
    }
}

/// A part as a tree; one that is there and broken refuses the file.
pub(super) fn tree(archive: &mut Archive<'_>, name: &str) -> Result<Option<Element>, IntakeError> {
    let Some(bytes) = archive.part(name)? else {
        return Ok(None);
    };
    match xml::decode(&bytes).and_then(|text| xml::parse(&text)) {
        Ok(root) => Ok(Some(root)),
        Err(IntakeError::Xml) => Err(IntakeError::BadPart {
            part: name.to_owned(),
        }),
        Err(other) => Err(other),
    }
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>, IntakeError> {
        let mut archive = Archive::open(Cow::Borrowed(bytes), MAX_UNPACKED)?;
        let main = main_part(&mut archive, "word/document.xml")?;
        let rels = rels(&mut archive, &main)?;
        Ok(Package {
            archive,
            main,
            rels,
        })
    }

    /// A part of a kind the main part refers to.
    fn related(&mut self, kind: &str) -> Result<Option<Element>, IntakeError> {
        match self
            .rels
            .of_kind(kind)
            .first()
            .map(|rel| rel.target.clone())
        {
            Some(target) => tree(&mut self.archive, &target),
            None => Ok(None),
        }
    }

    /// Whether the file holds a program.
    pub(super) fn has_macros(&self) -> bool {
        has_macros(&self.archive)
    }
}

/// Whether an office file holds a program.
pub(super) fn has_macros(archive: &Archive<'_>) -> bool {
    archive
        .members
        .iter()
        .any(|member| member.name.to_lowercase().ends_with("vbaproject.bin"))
}

/// Files embedded in an office file and what it takes from elsewhere.
pub(super) fn foreign(archive: &Archive<'_>, rels: &Rels) -> Vec<Aside> {
    let mut all: Vec<Aside> = archive
        .members
        .iter()
        .filter(|member| {
            let name = member.name.to_lowercase();
            name.contains("/embeddings/") || name.contains("/activex/") || name.contains("/afchunk")
        })
        .filter(|member| !member.folder && !member.name.ends_with(".rels"))
        .map(|member| Aside::new(Place::Embedded, None, &member.name))
        .collect();
    // Files taken in whole may have any name; those whose text is in the manuscript are told too.
    for rel in rels.of_kind("aFChunk") {
        let told = Aside::new(Place::Embedded, None, &rel.target);
        if !rel.external && !all.contains(&told) {
            all.push(told);
        }
    }
    for rel in rels.external() {
        all.push(Aside::new(Place::External, Some(&rel.kind), &rel.target));
    }
    all
}

/// The words of diagrams and charts below a folder: they are pictures to a reader, and nobody finds
/// them by reading the text.
pub(super) fn drawn(archive: &mut Archive<'_>, folder: &str) -> Result<Vec<Aside>, IntakeError> {
    let mut names: Vec<String> = archive
        .members
        .iter()
        .map(|member| member.name.to_lowercase())
        .filter(|name| {
            name.strip_prefix(folder).is_some_and(|rest| {
                (rest.starts_with("diagrams/data") || rest.starts_with("charts/chart"))
                    && rest.ends_with(".xml")
            })
        })
        .collect();
    names.sort();
    let mut all = Vec::new();
    for name in names {
        let Some(root) = tree(archive, &name)? else {
            continue;
        };
        let mut words = Vec::new();
        root.each(&mut |e| {
            if &*e.name == "a:t" {
                words.push(e.text());
            } else if e.name.ends_with(":strCache") {
                e.each(&mut |inner| {
                    if inner.name.ends_with(":v") {
                        words.push(inner.text());
                    }
                });
            }
        });
        all.push(Aside::new(Place::Drawing, None, &words.join(" ")));
    }
    all.retain(|aside| !aside.text.is_empty());
    Ok(all)
}

/// Sums, parts and versions say nothing about people or content.
const NOISE: [&str; 16] = [
    "Pages",
    "Words",
    "Characters",
    "Lines",
    "Paragraphs",
    "CharactersWithSpaces",
    "TitlesOfParts",
    "HeadingPairs",
    "DocSecurity",
    "ScaleCrop",
    "LinksUpToDate",
    "SharedDoc",
    "HyperlinksChanged",
    "AppVersion",
    "language",
    "version",
];

/// The properties of an office file: core, extended, custom; name and value as they stand.
pub(super) fn properties(archive: &mut Archive<'_>) -> Result<Vec<(String, String)>, IntakeError> {
    let mut all = Vec::new();
    for part in ["docProps/core.xml", "docProps/app.xml"] {
        let Some(root) = tree(archive, part)? else {
            continue;
        };
        for element in root.elements() {
            let name = element.name.rsplit(':').next().unwrap_or_default();
            let value = element.text();
            if !NOISE.contains(&name) && !value.trim().is_empty() {
                all.push((name.to_owned(), value.trim().to_owned()));
            }
        }
    }
    if let Some(root) = tree(archive, "docProps/custom.xml")? {
        for element in root.elements() {
            let value = element.text();
            if let Some(name) = element.attr("name").filter(|_| !value.trim().is_empty()) {
                all.push((name.to_owned(), value.trim().to_owned()));
            }
        }
    }
    Ok(all)
}

/// Everything read from a Word file.
pub(super) struct Contents {
    pub(super) raw: Raw,
    pub(super) asides: Vec<Aside>,
    pub(super) properties: Vec<(String, String)>,
    /// The lines of the text, headings and tables included, as read.
    pub(super) macros: bool,
}

/// Reads a file whole: for intake and for inspection alike.
pub(super) fn contents(bytes: &[u8], changes: Changes) -> Result<Contents, IntakeError> {
    contents_at(bytes, changes, 0)
}

/// `depth`: how many files this one stands within as a chunk.
fn contents_at(bytes: &[u8], changes: Changes, depth: usize) -> Result<Contents, IntakeError> {
    let mut package = Package::open(bytes)?;
    let macros = package.has_macros();
    let styles = package
        .related("styles")?
        .map(|root| Styles::read(&root))
        .unwrap_or_default();
    let numbering = package
        .related("numbering")?
        .map(|root| Numbering::read(&root))
        .unwrap_or_default();
    let footnotes = package.related("footnotes")?;
    let endnotes = package.related("endnotes")?;
    let main = package.main.clone();
    let document = tree(&mut package.archive, &main)?.ok_or(IntakeError::NoBody)?;
    let chunks = Chunks::read(&mut package, changes, depth)?;
    let mut reader = Reader::new(&styles, numbering, &package.rels, chunks, changes);
    let body = document.child("w:body").ok_or(IntakeError::NoBody)?;
    reader.blocks(body);
    reader.notes("w:footnote", footnotes.as_ref(), endnotes.as_ref());
    let read = reader.finish();

    let mut asides = Vec::new();
    for (kind, place) in [("header", Place::Header), ("footer", Place::Footer)] {
        let parts: Vec<String> = package
            .rels
            .of_kind(kind)
            .iter()
            .map(|rel| rel.target.clone())
            .collect();
        for part in parts {
            if let Some(root) = tree(&mut package.archive, &part)? {
                visible::page_texts(&root, place, &mut asides);
            }
        }
    }
    for word in &read.watermarks {
        asides.push(Aside::new(Place::Watermark, None, word));
    }
    if let Some(root) = package.related("comments")? {
        for comment in root.all("w:comment") {
            let text = visible::lines(comment).join(" ");
            asides.push(Aside::new(Place::Comment, comment.attr("w:author"), &text));
        }
    }
    asides.extend(read.asides);
    asides.extend(drawn(&mut package.archive, "word/")?);
    asides.extend(foreign(&package.archive, &package.rels));
    let properties = properties(&mut package.archive)?;
    let mut seen = HashSet::new();
    asides.retain(|aside| !aside.text.is_empty() && seen.insert(aside.clone()));

    let mut raw = head::split(read.blocks);
    raw.attachments = read.links;
    for image in read.images {
        let bytes = package.archive.part(&image.part)?;
        match bytes {
            Some(bytes) if !bytes.is_empty() => raw.attachments.push(image.attachment(bytes)),
            _ => raw
                .notes
                .push(IntakeNote::ImageMissing { name: image.name }),
        }
    }
    if read.merged_cells {
        raw.notes.push(IntakeNote::MergedCells);
    }
    if read.drawings > 0 {
        raw.notes.push(IntakeNote::DrawingsLeftOut {
            count: read.drawings,
        });
    }
    Ok(Contents {
        raw,
        asides,
        properties,
        macros,
    })
}

pub(super) fn read(bytes: &[u8], changes: Changes) -> Result<Raw, IntakeError> {
    let contents = contents(bytes, changes)?;
    if contents.macros {
        return Err(IntakeError::Macros);
    }
    let open = contents
        .asides
        .iter()
        .filter(|a| a.place.is_change())
        .count();
    if open > 0 && changes == Changes::Refuse {
        return Err(IntakeError::OpenChanges { count: open });
    }
    let mut raw = contents.raw;
    raw.notes
        .extend(contents.asides.into_iter().map(IntakeNote::Aside));
    raw.notes.extend(property_notes(&contents.properties));
    if open > 0 {
        raw.notes.push(match changes {
            Changes::Accept => IntakeNote::ChangesAccepted { count: open },
            _ => IntakeNote::ChangesLeftOut { count: open },
        });
    }
    Ok(raw)
}

/// The properties worth telling whoever receives the manuscript.
pub(super) fn property_notes(properties: &[(String, String)]) -> Vec<IntakeNote> {
    const TOLD: [&str; 9] = [
        "creator",
        "lastModifiedBy",
        "title",
        "subject",
        "keywords",
        "description",
        "category",
        "Company",
        "Manager",
    ];
    const SYSTEM: [&str; 9] = [
        "revision",
        "created",
        "modified",
        "lastPrinted",
        "Application",
        "Template",
        "TotalTime",
        "contentStatus",
        "identifier",
    ];
    properties
        .iter()
        .filter(|(name, _)| TOLD.contains(&name.as_str()) || !SYSTEM.contains(&name.as_str()))
        .map(|(name, value)| IntakeNote::Aside(Aside::new(Place::Property, Some(name), value)))
        .collect()
}

