//! The text of a Word file as blocks of Markdown: paragraphs, notes, and what they are made of.

use std::collections::HashMap;

use super::super::aside::Aside;
use super::super::clean::{Inline, collapse, escape_start, escape_tags};
use super::super::head::Block;
use super::super::xml::Element;
use super::super::{Changes, FoundAttachment};
use super::changes::change_of;
use super::drawing::Image;
use super::fields::{Field, is_contents};
use super::numbering::{Label, Numbering};
use super::runs::Within;
use super::styles::{Kind, Styles};
use super::visible::choice;
use super::Rels;
use super::chunk::Chunks;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) blocks: Vec<Block>,
    pub(super) asides: Vec<Aside>,
    pub(super) images: Vec<Image>,
    pub(super) links: Vec<FoundAttachment>,
    pub(super) watermarks: Vec<String>,
    pub(super) merged_cells: bool,
    /// Charts, diagrams and drawn shapes without text or image.
    pub(super) drawings: usize,
}

pub(super) struct Reader<'a> {
    pub(super) styles: &'a Styles,
    numbering: Numbering,
    pub(super) rels: &'a Rels,
    chunks: Chunks,
    pub(super) changes: Changes,
    pub(super) out: Read,
    pub(super) line: Inline,
    /// Text boxes anchored in the paragraph at hand; they follow it.
    pub(super) floating: Vec<Block>,
    pub(super) fields: Vec<Field>,
    /// Whether the paragraph at hand is hidden by its style.
    pub(super) hidden: bool,
    /// Footnotes and endnotes by their mark's element and id, in the order of their marks.
    pub(super) marks: Vec<(&'static str, String)>,
    pub(super) numbers: HashMap<(&'static str, String), usize>,
    pub(super) images: HashMap<String, usize>,
    /// Changes of whole rows or paragraphs under way: what is within has been told.
    pub(super) changing: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        styles: &'a Styles,
        numbering: Numbering,
        rels: &'a Rels,
        chunks: Chunks,
        changes: Changes,
    ) -> Reader<'a> {
        Reader {
            styles,
            numbering,
            rels,
            chunks,
            changes,
            out: Read::default(),
            line: Inline::default(),
            floating: Vec::new(),
            fields: Vec::new(),
            hidden: false,
            marks: Vec::new(),
            numbers: HashMap::new(),
            images: HashMap::new(),
            changing: 0,
        }
    }

    pub(super) fn finish(mut self) -> Read {
        self.flush(&Kind::default(), None);
        for aside in &mut self.out.asides {
            aside.text = collapse(&aside.text);
        }
        self.out
    }

    /// Everything of a container of paragraphs and tables.
    pub(super) fn blocks(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                "w:p" => self.paragraph(element),
                "w:tbl" => self.table(element),
                "w:sdt" => {
                    // A table of contents repeats the headings, with page numbers of paper.
                    let gallery = element
                        .find("w:docPartGallery")
                        .and_then(|g| g.attr("w:val"));
                    if gallery != Some("Table of Contents")
                        && let Some(content) = element.child("w:sdtContent")
                    {
                        self.blocks(content);
                    }
                }
                "mc:AlternateContent" => {
                    if let Some(choice) = choice(element) {
                        self.blocks(choice);
                    }
                }
                "w:ins" | "w:del" | "w:moveFrom" | "w:moveTo"
                    if self.whole_change(element, element) =>
                {
                    self.changing += 1;
                    self.blocks(element);
                    self.changing -= 1;
                }
                "w:customXml" | "w:smartTag" => self.blocks(element),
                "w:altChunk" => {
                    if let Some(chunk) = element.attr("r:id").and_then(|id| self.chunks.take(id)) {
                        self.out.blocks.extend(chunk.blocks);
                        self.out.asides.extend(chunk.asides);
                        self.out.links.extend(chunk.links);
                    }
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element) {
        let properties = paragraph.child("w:pPr");
        let kind = self.styles.kind(properties);
        if kind.contents {
            // The fields that span a table of contents begin and end within it.
            self.only_fields(paragraph);
            return;
        }
        self.hidden = kind.hidden;
        for element in paragraph.elements() {
            self.inline(element, Within::default());
        }
        self.hidden = false;
        // Only a table of contents goes on over the end of its paragraph; a field of another kind
        // that is not closed here would swallow the rest of the text.
        self.fields
            .retain(|f| f.shows && (!f.dropped || is_contents(&f.code)));
        // A paragraph whose end is a change that does not stay runs on into the next.
        let mark = properties.and_then(|p| p.child("w:rPr"));
        let runs_on = mark.is_some_and(|mark| {
            ["w:ins", "w:del", "w:moveFrom", "w:moveTo"]
                .iter()
                .any(|name| mark.child(name).is_some() && !self.stays(change_of(name)))
        });
        if runs_on {
            return;
        }
        let label = match &kind.list {
            Some((list, level)) => self
                .numbering
                .next(list, *level, self.styles)
                .map(|label| (label, *level)),
            None => None,
        };
        self.end_change();
        self.flush(&kind, label);
    }

    /// Ends the block at hand.
    pub(super) fn flush(&mut self, kind: &Kind, label: Option<(Label, u8)>) {
        let text = self.line.take();
        if !text.is_empty() {
            let mut block = Block {
                heading: kind.heading,
                title: kind.title,
                centred: kind.centred,
                listed: label.is_some(),
                ..Block::default()
            };
            let mark = match kind.heading {
                // The title of the page is the one heading of the first rank.
                Some(0) => "## ",
                Some(1) => "### ",
                Some(_) => "#### ",
                None => "",
            };
            block.text = match label {
                Some((Label::Bullet, level)) if mark.is_empty() => {
                    format!("{}- {text}", "  ".repeat(usize::from(level.min(4))))
                }
                Some((Label::Number(number), _)) => {
                    let number = escape_tags(&number);
                    let glue = if number.ends_with(['、', '）', '．', '，', '：']) {
                        ""
                    } else {
                        " "
                    };
                    let line = format!("{number}{glue}{text}");
                    if mark.is_empty() {
                        escape_start(&line)
                    } else {
                        format!("{mark}{line}")
                    }
                }
                _ if mark.is_empty() => escape_start(&text),
                _ => format!("{mark}{text}"),
            };
            self.out.blocks.push(block);
        }
        self.out.blocks.append(&mut self.floating);
    }

    /// The notes whose marks were met, as a list at the end.
    pub(super) fn notes<'n>(
        &mut self,
        footnote: &'static str,
        footnotes: Option<&'n Element>,
        endnotes: Option<&'n Element>,
    ) {
        let mut at = 0;
        // A note may itself hold marks; they are met while it is read.
        while at < self.marks.len() && at < 10_000 {
            let (kind, id) = self.marks[at].clone();
            at += 1;
            let part = if kind == footnote {
                footnotes
            } else {
                endnotes
            };
            let Some(note) =
                part.and_then(|part| part.all(kind).find(|n| n.attr("w:id") == Some(id.as_str())))
            else {
                continue;
            };
            let blocks = std::mem::take(&mut self.out.blocks);
            self.blocks(note);
            self.flush(&Kind::default(), None);
            let read = std::mem::replace(&mut self.out.blocks, blocks);
            let text: Vec<String> = read.into_iter().map(|block| block.text).collect();
            if !text.is_empty() {
                self.out.blocks.push(Block {
                    text: format!("[{at}] {}", text.join(" ")),
                    listed: true,
                    ..Block::default()
                });
            }
        }
    }

    /// Reads a container by itself: its blocks, apart from the text around it.
    pub(super) fn apart(&mut self, parent: &Element) -> Vec<Block> {
        let line = std::mem::take(&mut self.line);
        let blocks = std::mem::take(&mut self.out.blocks);
        let floating = std::mem::take(&mut self.floating);
        self.blocks(parent);
        self.flush(&Kind::default(), None);
        let read = std::mem::replace(&mut self.out.blocks, blocks);
        self.line = line;
        self.floating = floating;
        read
    }
}
