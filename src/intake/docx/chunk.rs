//! Files a Word file takes in whole when it is opened (`w:altChunk`): web pages, texts, other Word
//! files. Its readers see their text like any other, so it belongs in the manuscript.

use std::collections::HashMap;

use super::super::aside::Aside;
use super::super::clean::{escape_start, escape_tags};
use super::super::head::Block;
use super::super::inspect::{Kind, kind};
use super::super::{Changes, FoundAttachment, IntakeError, html, sniff};
use super::{Package, contents_at};

/// Chunks within chunks are read this deep; deeper ones are told and not read.
const DEEPEST: usize = 2;

/// What one chunk holds.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) blocks: Vec<Block>,
    pub(super) asides: Vec<Aside>,
    pub(super) links: Vec<FoundAttachment>,
}

/// The chunks of a file by the id they are referred to.
#[derive(Debug, Default)]
pub(super) struct Chunks(HashMap<String, Chunk>);

impl Chunks {
    /// Reads the chunks of a package. One that cannot be read is not among them; all of them are
    /// told with what is embedded.
    pub(super) fn read(
        package: &mut Package<'_>,
        changes: Changes,
        depth: usize,
    ) -> Result<Chunks, IntakeError> {
        let parts: Vec<(String, String)> = package
            .rels
            .0
            .iter()
            .filter(|(_, rel)| rel.kind == "aFChunk" && !rel.external)
            .map(|(id, rel)| (id.clone(), rel.target.clone()))
            .collect();
        let mut chunks = HashMap::new();
        for (id, part) in parts {
            if depth < DEEPEST
                && let Some(bytes) = package.archive.part(&part)?
                && let Some(chunk) = chunk(&bytes, changes, depth)
            {
                chunks.insert(id, chunk);
            }
        }
        Ok(Chunks(chunks))
    }

    /// Takes a chunk; it is shown once, where it is referred to first.
    pub(super) fn take(&mut self, id: &str) -> Option<Chunk> {
        self.0.remove(id)
    }
}

fn chunk(bytes: &[u8], changes: Changes, depth: usize) -> Option<Chunk> {
    match kind(bytes) {
        Kind::Docx => {
            let contents = contents_at(bytes, changes, depth + 1).ok()?;
            let title = contents.raw.title.into_iter();
            Some(Chunk {
                blocks: title.chain(contents.raw.blocks).map(listed).collect(),
                asides: contents.asides,
                links: contents.raw.attachments,
            })
        }
        Kind::Html => {
            let (text, _) = sniff::decode(bytes).ok()?;
            let raw = html::fragment(&text).ok()?;
            Some(Chunk {
                blocks: raw.blocks.into_iter().map(listed).collect(),
                asides: Vec::new(),
                links: raw.attachments,
            })
        }
        Kind::Text => {
            let (text, _) = sniff::decode(bytes).ok()?;
            // Mail archives hold pages whole, encoded; their lines would pass for text.
            if sniff::is_mail(&text) {
                return None;
            }
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Some(Chunk {
                blocks: lines
                    .map(|line| listed(escape_start(&escape_tags(line))))
                    .collect(),
                ..Chunk::default()
            })
        }
        _ => None,
    }
}

/// A chunk is within the text: none of its lines is the title of the whole.
fn listed(text: String) -> Block {
    Block {
        table: text.starts_with("| "),
        listed: true,
        ..Block::plain(text)
    }
}
