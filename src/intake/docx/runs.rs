//! What stands within a paragraph: runs of text, links, notes' marks, symbols.

use super::super::FoundAttachment;
use super::super::aside::Place;
use super::super::clean::escape_tags;
use super::super::html::{address, is_file, markdown_link};
use super::super::xml::Element;
use super::body::Reader;
use super::changes::change_of;
use super::fields::is_paging;
use super::visible::{choice, visible_text};

/// What holds for the run at hand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Within<'e> {
    /// An open change, and who made it.
    pub(super) change: Option<(Place, Option<&'e str>)>,
}

impl Reader<'_> {
    pub(super) fn inline<'e>(&mut self, element: &'e Element, within: Within<'e>) {
        match &*element.name {
            "w:r" => self.run(element, within),
            "w:hyperlink" => {
                let url = element
                    .attr("r:id")
                    .and_then(|id| self.rels.get(id))
                    .filter(|rel| rel.external)
                    .and_then(|rel| address(&rel.target));
                let from = self.line.mark();
                self.children(element, within);
                if let Some(url) = url {
                    self.link(from, &url);
                }
            }
            "w:fldSimple" => {
                let code = element.attr("w:instr").unwrap_or_default();
                self.fetch(code);
                if !is_paging(code) {
                    self.children(element, within);
                }
            }
            "w:ins" | "w:del" | "w:moveFrom" | "w:moveTo" => {
                let change = Some((change_of(&element.name), element.attr("w:author")));
                // Deleted within inserted is gone either way; the inner one says what it is.
                self.children(element, Within { change });
            }
            "w:sdt" => {
                if let Some(content) = element.child("w:sdtContent") {
                    self.children(content, within);
                }
            }
            "mc:AlternateContent" => {
                if let Some(choice) = choice(element) {
                    self.children(choice, within);
                }
            }
            "w:smartTag" | "w:customXml" | "w:bdo" | "w:dir" => self.children(element, within),
            "m:oMath" | "m:oMathPara" => {
                let mut text = String::new();
                element.each(&mut |e| {
                    if &*e.name == "m:t" {
                        text.push_str(&e.text());
                    }
                });
                self.write(&text, within);
            }
            _ => {}
        }
    }

    pub(super) fn children<'e>(&mut self, parent: &'e Element, within: Within<'e>) {
        for element in parent.elements() {
            self.inline(element, within);
        }
    }

    pub(super) fn run<'e>(&mut self, run: &'e Element, within: Within<'e>) {
        let properties = run.child("w:rPr");
        let own = properties.and_then(|p| p.on("w:vanish"));
        let by_style = || {
            properties
                .and_then(|p| p.val("w:rStyle"))
                .is_some_and(|id| self.styles.hides(id))
        };
        if own.unwrap_or_else(|| self.hidden || by_style()) {
            let text = visible_text(run);
            self.change(Place::Hidden, None, &text);
            return;
        }
        for element in run.elements() {
            self.run_part(element, within);
        }
    }

    pub(super) fn run_part<'e>(&mut self, element: &'e Element, within: Within<'e>) {
        match &*element.name {
            "w:t" | "w:delText" => self.write(&element.text(), within),
            "w:tab" | "w:ptab" => self.write(" ", within),
            "w:br" | "w:cr" if element.attr("w:type").is_none_or(|t| t == "textWrapping") => {
                self.write("\u{2028}", within);
            }
            "w:noBreakHyphen" => self.write("-", within),
            "w:sym" => {
                if let Some(c) = symbol(element) {
                    self.write(c.encode_utf8(&mut [0; 4]), within);
                }
            }
            "w:fldChar" => self.field_char(element),
            "w:instrText" => self.field_code(&element.text()),
            "w:footnoteReference" | "w:endnoteReference" => {
                let kind = if &*element.name == "w:footnoteReference" {
                    "w:footnote"
                } else {
                    "w:endnote"
                };
                if let Some(id) = element.attr("w:id") {
                    let mark = (kind, id.to_owned());
                    let number = *self.numbers.entry(mark).or_insert_with_key(|mark| {
                        self.marks.push(mark.clone());
                        self.marks.len()
                    });
                    self.write(&format!("[{number}]"), within);
                }
            }
            "w:drawing" | "w:pict" | "w:object" => self.drawing(element, within),
            "w:ruby" => {
                if let Some(base) = element.child("w:rubyBase") {
                    self.children(base, within);
                }
            }
            "mc:AlternateContent" => {
                if let Some(choice) = choice(element) {
                    for inner in choice.elements() {
                        self.run_part(inner, within);
                    }
                }
            }
            _ => {}
        }
    }

    /// Text of a run: into the line, unless an open change keeps it out.
    pub(super) fn write(&mut self, text: &str, within: Within<'_>) {
        if let Some(field) = self.fields.last()
            && (!field.shows || self.fields.iter().any(|f| f.dropped))
        {
            return;
        }
        if let Some((place, who)) = within.change {
            self.change(place, who, &text.replace('\u{2028}', " "));
            if !self.stays(place) {
                return;
            }
        } else if !text.trim().is_empty() {
            self.end_change();
        }
        // A line break within a paragraph is a blank: the parts belong together.
        self.line
            .push(&escape_tags(&text.replace('\u{2028}', "\n")));
    }

    pub(super) fn link(&mut self, from: usize, url: &str) {
        let words = self.line.since(from).trim().to_owned();
        if words.is_empty() {
            return;
        }
        if is_file(url) {
            self.out.links.push(FoundAttachment {
                name: words.clone(),
                url: Some(url.to_owned()),
                ..FoundAttachment::document()
            });
        }
        self.line.replace_since(from, &markdown_link(&words, url));
    }
}

/// A character of a symbol font; those at private places mean nothing without the font.
fn symbol(element: &Element) -> Option<char> {
    let code = u32::from_str_radix(element.attr("w:char")?, 16).ok()?;
    let c = char::from_u32(code)?;
    match code {
        0xe000..=0xf8ff => match (element.attr("w:font"), code & 0xff) {
            // Boxes ticked and not, the symbols forms have.
            (Some("Wingdings" | "Wingdings 2"), 0x52 | 0xfe) => Some('☑'),
            (Some("Wingdings" | "Wingdings 2"), 0x6f | 0xa8 | 0xa3) => Some('□'),
            (Some("Wingdings"), 0xfc) => Some('✓'),
            _ => None,
        },
        _ => Some(c),
    }
}
