//! Drawings: images, text boxes, words drawn behind the text.

use super::super::clean::{collapse, escape_tags};
use super::super::head::Block;
use super::super::html::{address, file_name};
use super::super::xml::Element;
use super::super::{AttachmentKind, FoundAttachment};
use super::body::Reader;
use super::runs::Within;
use super::styles::Kind;
use super::visible::{choice, lines};

/// An image of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) name: String,
    pub(super) alt: String,
    pub(super) part: String,
}

impl Image {
    pub(super) fn attachment(self, bytes: Vec<u8>) -> FoundAttachment {
        FoundAttachment {
            name: self.name,
            alt: self.alt,
            url: None,
            kind: AttachmentKind::Image,
            bytes: Some(bytes),
        }
    }
}

impl Reader<'_> {
    pub(super) fn drawing<'e>(&mut self, drawing: &'e Element, within: Within<'e>) {
        let gone = within.change.is_some_and(|(place, _)| !self.stays(place));
        let mut parts = Parts::default();
        parts.gather(drawing);
        for word in parts.words {
            self.out.watermarks.push(word);
        }
        if gone {
            for content in &parts.boxes {
                if let Some((place, who)) = within.change {
                    let text = lines(content).join(" ");
                    self.change(place, who, &text);
                }
            }
            return;
        }
        let seen = !parts.images.is_empty() || !parts.boxes.is_empty();
        for id in &parts.images {
            if let Some(rel) = self.rels.get(id).filter(|rel| !rel.external) {
                let part = rel.target.clone();
                self.image(part, &parts.alt);
            }
        }
        for content in parts.boxes {
            let line = std::mem::take(&mut self.line);
            let blocks = std::mem::take(&mut self.out.blocks);
            let floating = std::mem::take(&mut self.floating);
            let fields = std::mem::take(&mut self.fields);
            let hidden = std::mem::take(&mut self.hidden);
            self.blocks(content);
            self.flush(&Kind::default(), None);
            let boxed = std::mem::replace(&mut self.out.blocks, blocks);
            self.line = line;
            self.floating = floating;
            self.fields = fields;
            self.hidden = hidden;
            // A box is beside the text: it cannot be its title.
            self.floating.extend(boxed.into_iter().map(|block| Block {
                title: false,
                centred: false,
                listed: true,
                ..block
            }));
        }
        if !seen && drawing.find("w:control").is_none() {
            self.out.drawings += 1;
        }
    }

    pub(super) fn image(&mut self, part: String, alt: &str) {
        let alt = collapse(alt);
        let at = match self.images.get(&part) {
            Some(at) => *at,
            None => {
                let at = self.out.images.len();
                let mut name = file_name(&part);
                if self.out.images.iter().any(|image| image.name == name) {
                    name = format!("{at}-{name}");
                }
                self.out.images.push(Image {
                    name,
                    alt: alt.clone(),
                    part: part.clone(),
                });
                self.images.insert(part, at);
                at
            }
        };
        if self.fields.iter().any(|f| f.dropped || !f.shows) {
            return;
        }
        let name = address(&self.out.images[at].name).unwrap_or_default();
        let words = escape_tags(&alt).replace('[', "\\[").replace(']', "\\]");
        self.line.push(&format!("![{words}]({name})"));
    }
}

/// What a drawing holds; of alternatives only the one that is shown.
#[derive(Default)]
struct Parts<'e> {
    images: Vec<String>,
    boxes: Vec<&'e Element>,
    words: Vec<String>,
    alt: String,
}

impl<'e> Parts<'e> {
    fn gather(&mut self, element: &'e Element) {
        match &*element.name {
            "w:txbxContent" => {
                self.boxes.push(element);
                return;
            }
            "a:blip" => {
                let id = element.attr("r:embed");
                self.images.extend(id.map(str::to_owned));
            }
            "v:imagedata" => {
                let id = element.attr("r:id").or_else(|| element.attr("r:embed"));
                self.images.extend(id.map(str::to_owned));
            }
            "wp:docPr" | "pic:cNvPr" => {
                let said = element.attr("descr").or_else(|| element.attr("title"));
                if self.alt.is_empty() {
                    said.unwrap_or_default().clone_into(&mut self.alt);
                }
            }
            "v:shape" => {
                if let Some(said) = element.attr("alt").filter(|_| self.alt.is_empty()) {
                    said.clone_into(&mut self.alt);
                }
            }
            "v:textpath" => {
                self.words.extend(element.attr("string").map(str::to_owned));
            }
            "mc:AlternateContent" => {
                if let Some(choice) = choice(element) {
                    self.gather(choice);
                }
                return;
            }
            _ => {}
        }
        for inner in element.elements() {
            self.gather(inner);
        }
    }
}
