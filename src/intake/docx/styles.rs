//! Styles of a Word file: what a paragraph is by the style it has.

use std::collections::HashMap;

use super::super::xml::Element;

/// A chain of styles longer than this refers to itself.
const LONGEST_CHAIN: usize = 24;

#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: Option<String>,
    level: Option<u8>,
    hidden: Option<bool>,
    centred: Option<bool>,
}

/// What a paragraph is by its own properties or its style.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kind {
    /// 0 for a heading of the first rank.
    pub(super) heading: Option<u8>,
    pub(super) title: bool,
    /// A line of a table of contents.
    pub(super) contents: bool,
    pub(super) centred: bool,
    pub(super) hidden: bool,
    /// List and level of its number; list `0` takes a number away.
    pub(super) list: Option<(String, u8)>,
}

impl Styles {
    pub(super) fn read(root: &Element) -> Styles {
        let mut styles = Styles::default();
        for element in root.all("w:style") {
            let Some(id) = element.attr("w:styleId") else {
                continue;
            };
            let paragraph = element.child("w:pPr");
            let list = paragraph.and_then(|p| p.child("w:numPr"));
            let style = Style {
                name: name_of(element.val("w:name").unwrap_or_default()),
                based_on: element.val("w:basedOn").map(str::to_owned),
                outline: paragraph.and_then(|p| number(p.val("w:outlineLvl"))),
                list: list.and_then(|l| l.val("w:numId")).map(str::to_owned),
                level: list.and_then(|l| number(l.val("w:ilvl"))),
                hidden: element.child("w:rPr").and_then(|r| r.on("w:vanish")),
                centred: paragraph
                    .and_then(|p| p.val("w:jc"))
                    .map(|jc| jc == "center"),
            };
            let default = element
                .attr("w:default")
                .is_some_and(|d| d == "1" || d == "true");
            if default && element.attr("w:type") == Some("paragraph") {
                styles.default = Some(id.to_owned());
            }
            styles.by_id.insert(id.to_owned(), style);
        }
        styles
    }

    /// A style and those it is based on.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let first = id
            .filter(|id| self.by_id.contains_key(*id))
            .or(self.default.as_deref());
        std::iter::successors(first.and_then(|id| self.by_id.get(id)), |style| {
            self.by_id.get(style.based_on.as_deref()?)
        })
        .take(LONGEST_CHAIN)
    }

    /// The list a numbering style stands for.
    pub(super) fn list_of(&self, id: &str) -> Option<&str> {
        self.by_id.get(id)?.list.as_deref()
    }

    /// Whether text of a character style is hidden.
    pub(super) fn hides(&self, id: &str) -> bool {
        self.by_id.contains_key(id) && self.chain(Some(id)).find_map(|s| s.hidden) == Some(true)
    }

    /// What a paragraph with these properties is.
    pub(super) fn kind(&self, properties: Option<&Element>) -> Kind {
        let id = properties.and_then(|p| p.val("w:pStyle"));
        let own_outline = properties.and_then(|p| number(p.val("w:outlineLvl")));
        let name = self
            .chain(id)
            .map(|s| s.name.as_str())
            .next()
            .unwrap_or_default();
        let heading = own_outline
            .or_else(|| {
                self.chain(id)
                    .find_map(|s| s.outline.or_else(|| heading(&s.name)))
            })
            // 9 is the level of body text.
            .filter(|level| *level < 9);
        let list = properties.and_then(|p| p.child("w:numPr"));
        let own_list = list.and_then(|l| l.val("w:numId")).map(str::to_owned);
        let own_level = list.and_then(|l| number(l.val("w:ilvl")));
        let style_list = self.chain(id).find_map(|s| s.list.clone());
        let style_level = self.chain(id).find_map(|s| s.level);
        let level = own_level.or(style_level).unwrap_or(0).min(8);
        Kind {
            heading,
            title: matches!(name, "title" | "标题" | "文件标题" | "公文标题"),
            contents: name.starts_with("toc ") || name == "toc heading" || name.starts_with("目录"),
            centred: properties
                .and_then(|p| p.val("w:jc"))
                .map(|jc| jc == "center")
                .or_else(|| self.chain(id).find_map(|s| s.centred))
                .unwrap_or(false),
            hidden: self.chain(id).find_map(|s| s.hidden).unwrap_or(false),
            list: own_list.or(style_list).map(|list| (list, level)),
        }
    }
}

fn number(value: Option<&str>) -> Option<u8> {
    value?.trim().parse().ok()
}

fn name_of(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The level in the name of a heading style: `heading 1`, `标题 1`, `标题1`.
fn heading(name: &str) -> Option<u8> {
    let rest = ["heading", "标题"]
        .iter()
        .find_map(|word| name.strip_prefix(word))?;
    let level: u8 = rest.trim().parse().ok()?;
    (1..=9).contains(&level).then(|| level - 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::intake::xml::parse;

    const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";

    #[test]
    fn headings_are_known_by_level_and_by_name() {
        let styles = Styles::read(
            &parse(&format!(
                "<w:styles {W}>
                 <w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/></w:style>
                 <w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:basedOn w:val='a'/></w:style>
                 <w:style w:type='paragraph' w:styleId='b'><w:name w:val='标题 2'/></w:style>
                 <w:style w:type='paragraph' w:styleId='c'><w:name w:val='我的'/><w:basedOn w:val='b'/></w:style>
                 <w:style w:type='paragraph' w:styleId='t'><w:name w:val='Title'/><w:pPr><w:jc w:val='center'/></w:pPr></w:style>
                 <w:style w:type='paragraph' w:styleId='x'><w:name w:val='x'/><w:basedOn w:val='x'/></w:style>
                 </w:styles>"
            ))
            .unwrap(),
        );
        let kind = |inner: &str| {
            styles.kind(Some(
                &parse(&format!("<w:pPr {W}>{inner}</w:pPr>")).unwrap(),
            ))
        };
        assert_eq!(kind("<w:pStyle w:val='1'/>").heading, Some(0));
        assert_eq!(kind("<w:pStyle w:val='b'/>").heading, Some(1));
        assert_eq!(kind("<w:pStyle w:val='c'/>").heading, Some(1));
        assert_eq!(kind("<w:pStyle w:val='x'/>").heading, None);
        assert_eq!(
            kind("<w:pStyle w:val='1'/><w:outlineLvl w:val='9'/>").heading,
            None
        );
        assert_eq!(kind("<w:outlineLvl w:val='2'/>").heading, Some(2));
        let title = kind("<w:pStyle w:val='t'/>");
        assert!(title.title && title.centred && title.heading.is_none());
    }
}
