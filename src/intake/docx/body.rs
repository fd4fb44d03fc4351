//! The text of a Word file as blocks of Markdown.

use std::collections::{HashMap, HashSet};

use super::super::aside::{Aside, Place};
use super::super::clean::{Inline, collapse, escape_start, escape_tags};
use super::super::html::{address, file_name, is_file, markdown_link};
use super::super::xml::{Element, Node};
use super::super::{AttachmentKind, Changes, FoundAttachment};
use super::Rels;
use super::numbering::{Label, Numbering};
use super::styles::{Kind, Styles};

/// A block of the text with what the head of the document is told by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) heading: Option<u8>,
    pub(super) title: bool,
    pub(super) centred: bool,
    pub(super) listed: bool,
    pub(super) table: bool,
}

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
    styles: &'a Styles,
    numbering: Numbering,
    rels: &'a Rels,
    changes: Changes,
    pub(super) out: Read,
    line: Inline,
    /// Text boxes anchored in the paragraph at hand; they follow it.
    floating: Vec<Block>,
    fields: Vec<Field>,
    /// Whether the paragraph at hand is hidden by its style.
    hidden: bool,
    /// Footnotes and endnotes by their mark's element and id, in the order of their marks.
    marks: Vec<(&'static str, String)>,
    numbers: HashMap<(&'static str, String), usize>,
    images: HashMap<String, usize>,
    /// Changes of whole rows or paragraphs under way: what is within has been told.
    pub(super) changing: usize,
}

/// A field: what it says to do, then what it shows.
#[derive(Debug, Default)]
struct Field {
    code: String,
    shows: bool,
    /// What it shows is a page number or a table of contents.
    dropped: bool,
    link: Option<(usize, String)>,
}

/// What holds for the run at hand.
#[derive(Debug, Clone, Copy, Default)]
struct Within<'e> {
    /// An open change, and who made it.
    change: Option<(Place, Option<&'e str>)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        styles: &'a Styles,
        numbering: Numbering,
        rels: &'a Rels,
        changes: Changes,
    ) -> Reader<'a> {
        Reader {
            styles,
            numbering,
            rels,
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
                _ => {}
            }
        }
    }

    /// Whether text of an open change is in the manuscript.
    fn stays(&self, place: Place) -> bool {
        let added = matches!(place, Place::Inserted | Place::MovedTo);
        added == (self.changes == Changes::Accept)
    }

    /// A change of something whole: told once, with all its text. Whether it is in the manuscript.
    pub(super) fn whole_change(&mut self, change: &Element, of: &Element) -> bool {
        let place = change_of(&change.name);
        if self.changing == 0 {
            let text = lines(of).join(" ");
            self.change(place, change.attr("w:author"), &text);
            self.end_change();
        }
        self.stays(place)
    }

    fn change(&mut self, place: Place, who: Option<&str>, text: &str) {
        if text.trim().is_empty() || self.changing > 0 {
            return;
        }
        // The pieces of one change, cut up by formatting, are one change.
        if let Some(last) = self.out.asides.last_mut()
            && last.place == place
            && last.who.as_deref() == who.map(str::trim).filter(|w| !w.is_empty())
            && !last.text.ends_with('\n')
        {
            last.text.push_str(text);
            return;
        }
        self.out.asides.push(Aside {
            place,
            who: who.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()),
            text: text.to_owned(),
        });
    }

    /// What is written next is another change, whoever made it.
    fn end_change(&mut self) {
        if let Some(last) = self.out.asides.last_mut()
            && (last.place.is_change() || last.place == Place::Hidden)
            && !last.text.ends_with('\n')
        {
            last.text.push('\n');
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
    fn flush(&mut self, kind: &Kind, label: Option<(Label, u8)>) {
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

    fn only_fields(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                "w:fldChar" => self.field_char(element),
                "w:instrText" => self.field_code(&element.text()),
                _ => self.only_fields(element),
            }
        }
        self.line.take();
    }

    fn inline<'e>(&mut self, element: &'e Element, within: Within<'e>) {
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

    fn children<'e>(&mut self, parent: &'e Element, within: Within<'e>) {
        for element in parent.elements() {
            self.inline(element, within);
        }
    }

    fn run<'e>(&mut self, run: &'e Element, within: Within<'e>) {
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

    fn run_part<'e>(&mut self, element: &'e Element, within: Within<'e>) {
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
    fn write(&mut self, text: &str, within: Within<'_>) {
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

    fn link(&mut self, from: usize, url: &str) {
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

    fn field_char(&mut self, element: &Element) {
        match element.attr("w:fldCharType") {
            Some("begin") => self.fields.push(Field::default()),
            Some("separate") => {
                let from = self.line.mark();
                if let Some(field) = self.fields.last_mut() {
                    field.shows = true;
                    field.dropped = is_paging(&field.code);
                    field.link = hyperlink(&field.code).map(|url| (from, url));
                }
            }
            Some("end") => {
                if let Some(Field {
                    link: Some((from, url)),
                    ..
                }) = self.fields.pop()
                {
                    self.link(from, &url);
                }
            }
            _ => {}
        }
    }

    fn field_code(&mut self, text: &str) {
        if let Some(field) = self.fields.last_mut().filter(|field| !field.shows)
            && field.code.len() < 4096
        {
            field.code.push_str(text);
        }
    }

    fn drawing<'e>(&mut self, drawing: &'e Element, within: Within<'e>) {
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

    fn image(&mut self, part: String, alt: &str) {
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

/// Of two forms of the same thing the newer one; it is there in all files of today.
fn choice(element: &Element) -> Option<&Element> {
    element
        .child("mc:Choice")
        .filter(|choice| choice.elements().next().is_some())
        .or_else(|| element.child("mc:Fallback"))
}

fn change_of(name: &str) -> Place {
    match name {
        "w:ins" => Place::Inserted,
        "w:moveFrom" => Place::MovedFrom,
        "w:moveTo" => Place::MovedTo,
        _ => Place::Deleted,
    }
}

fn is_paging(code: &str) -> bool {
    let word = code.split_whitespace().next().unwrap_or_default();
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "PAGEREF",
        "TOC",
        "SECTION",
    ]
    .iter()
    .any(|one| word.eq_ignore_ascii_case(one))
}

fn is_contents(code: &str) -> bool {
    let word = code.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("TOC")
}

/// The address of a link field: `HYPERLINK "http://…"`.
fn hyperlink(code: &str) -> Option<String> {
    let code = code.trim();
    let word = code.get(..9)?;
    if !word.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let quoted = code[9..].trim_start().strip_prefix('"')?;
    address(quoted.split('"').next()?)
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

/// The text of an element as it would be shown, hidden or not.
fn visible_text(element: &Element) -> String {
    let mut text = String::new();
    push_visible(element, &mut text, true);
    text
}

/// `boxes`: whether paragraphs within it, in text boxes, are part of its text.
fn push_visible(element: &Element, out: &mut String, boxes: bool) {
    for node in &element.children {
        let Node::Element(inner) = node else {
            continue;
        };
        match &*inner.name {
            "w:p" if !boxes => {}
            "w:t" | "w:delText" | "a:t" | "m:t" => out.push_str(&inner.text()),
            "w:tab" | "w:br" | "w:cr" => out.push(' '),
            "w:instrText" | "w:delInstrText" => {}
            "mc:AlternateContent" => {
                if let Some(choice) = choice(inner) {
                    push_visible(choice, out, boxes);
                }
            }
            _ => push_visible(inner, out, boxes),
        }
    }
}

/// The paragraphs of an element as plain lines, whatever else it holds.
pub(super) fn lines(element: &Element) -> Vec<String> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    element.each(&mut |e| {
        if &*e.name == "w:p" {
            let mut line = String::new();
            push_visible(e, &mut line, false);
            let line = collapse(&line);
            // The two forms of one text box say the same.
            if !line.is_empty() && seen.insert(line.clone()) {
                all.push(line);
            }
        }
    });
    if all.is_empty() {
        let line = collapse(&visible_text(element));
        if !line.is_empty() {
            all.push(line);
        }
    }
    all
}

/// What a header or footer says; page numbers alone say nothing.
pub(super) fn page_texts(root: &Element, place: Place, into: &mut Vec<Aside>) {
    let blank = |line: &str| {
        line.chars()
            .all(|c| c.is_ascii_digit() || "-–—－·. /第页共 \u{3000}".contains(c))
    };
    for line in lines(root) {
        if !blank(&line) {
            into.push(Aside::new(place, None, &line));
        }
    }
    root.each(&mut |e| {
        if &*e.name == "v:textpath"
            && let Some(word) = e.attr("string")
        {
            into.push(Aside::new(Place::Watermark, None, word));
        }
    });
}
