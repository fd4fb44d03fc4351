//! A manuscript as a reader would see it.

use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event as Md, Options, Parser, Tag, TagEnd};
use ratatui::style::{Color, Modifier, Style};
use syntect::highlighting::ThemeSet;
use syntect::parsing::SyntaxSet;

use crate::desk::Content;
use crate::locale;
use crate::tr;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Origin, Paragraph};

static SYNTAX: LazyLock<(SyntaxSet, ThemeSet)> = LazyLock::new(|| {
    (
        SyntaxSet::load_defaults_newlines(),
        ThemeSet::load_defaults(),
    )
});

/// Fenced code, coloured where there is colour and the language is known.
fn code(text: &str, language: &str, styles: &Styles, out: &mut Vec<Paragraph>) {
    let (syntaxes, themes) = &*SYNTAX;
    let known = (styles.colour && !language.is_empty())
        .then(|| syntaxes.find_syntax_by_token(language))
        .flatten()
        .zip(themes.themes.get("base16-ocean.dark"));
    let mut lines = known.map(|(s, t)| syntect::easy::HighlightLines::new(s, t));
    for text in text.lines() {
        let with_end = format!("{text}\n");
        let coloured = lines
            .as_mut()
            .and_then(|h| h.highlight_line(&with_end, syntaxes).ok());
        let pieces = match coloured {
            Some(regions) => regions
                .into_iter()
                .map(|(s, t)| {
                    let c = s.foreground;
                    let style = Style::new().fg(Color::Rgb(c.r, c.g, c.b));
                    Piece::new(t.trim_end_matches('\n'), styles.text.patch(style))
                })
                .collect(),
            None => vec![Piece::new(text, styles.muted)],
        };
        out.push(Paragraph { pieces, indent: 4 });
    }
}

/// A manuscript with its head, as a reader would see it.
pub fn preview(content: &Content, styles: &Styles) -> Vec<Paragraph> {
    let mut out = head(content, styles);
    out.extend(body(&content.text, styles).into_iter().map(|p| p.0));
    out
}

/// Title, subtitle and the line below them.
pub fn head(content: &Content, styles: &Styles) -> Vec<Paragraph> {
    let mut out = vec![Paragraph::new(content.fields.title.clone(), styles.title)];
    if !content.fields.subtitle.is_empty() {
        out.push(Paragraph::new(
            content.fields.subtitle.clone(),
            styles.strong,
        ));
    }
    let mut about = Vec::new();
    for code in ["issuer", "doc-number", "written-on", "source"] {
        let value = content.fields.get(code).unwrap_or_default();
        if !value.is_empty() {
            about.push(format!(
                "{}{}{value}",
                locale::word("field", code),
                tr!("tui-colon")
            ));
        }
    }
    out.push(Paragraph::new(about.join("  "), styles.muted));
    out.push(Paragraph::new("", styles.text));
    out
}

/// The text as it is written, a paragraph a line.
pub fn source(text: &str, styles: &Styles) -> Vec<(Paragraph, Origin)> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end + 1;
            (Paragraph::new(line, styles.text), vec![Some(range)])
        })
        .collect()
}

/// Paragraphs under construction.
#[derive(Default)]
struct Setting {
    out: Vec<(Paragraph, Origin)>,
    pieces: Vec<Piece>,
    origin: Origin,
    indent: u16,
}

impl Setting {
    fn add(&mut self, text: &str, style: Style, from: Option<std::ops::Range<usize>>) {
        self.pieces.push(Piece::new(text, style));
        self.origin.push(from);
    }

    fn flush(&mut self) {
        if !self.pieces.is_empty() {
            let paragraph = Paragraph {
                pieces: std::mem::take(&mut self.pieces),
                indent: self.indent,
            };
            self.out.push((paragraph, std::mem::take(&mut self.origin)));
        }
    }

    fn blank(&mut self) {
        self.out.push((Paragraph::default(), Vec::new()));
    }
}

/// The text set as the pages set it. With each piece the bytes of the text it shows, so that a
/// passage picked here is a passage of the manuscript. A link or image carries its number in the
/// list of links.
pub fn body(text: &str, styles: &Styles) -> Vec<(Paragraph, Origin)> {
    if text.is_empty() {
        let empty = Paragraph::new(tr!("tui-body-empty"), styles.muted);
        return vec![(empty, Vec::new())];
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut set = Setting::default();
    let mut style = vec![styles.text];
    let mut fence: Option<(String, String)> = None;
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut links = 0;
    let mut numbers = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let top = *style.last().unwrap_or(&styles.text);
        match event {
            Md::Start(Tag::Heading { .. }) => style.push(styles.title),
            Md::Start(Tag::Strong) => style.push(top.patch(styles.strong)),
            Md::Start(Tag::Emphasis) => style.push(top.add_modifier(Modifier::ITALIC)),
            Md::Start(Tag::Strikethrough) => style.push(top.add_modifier(Modifier::CROSSED_OUT)),
            Md::Start(Tag::Link { .. }) => {
                links += 1;
                numbers.push(links);
                style.push(top.add_modifier(Modifier::UNDERLINED));
            }
            Md::Start(Tag::Image { .. }) => {
                links += 1;
                numbers.push(links);
                set.add(&tr!("tui-image-before"), styles.muted, None);
                style.push(styles.muted);
            }
            Md::End(TagEnd::Link | TagEnd::Image) => {
                style.pop();
                if let Some(n) = numbers.pop() {
                    let n: usize = n;
                    set.add(&format!("[{n}]"), styles.key, None);
                }
            }
            Md::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough) => {
                style.pop();
            }
            Md::End(TagEnd::Heading(_)) => {
                style.pop();
                set.flush();
                set.blank();
            }
            Md::End(TagEnd::Paragraph) => {
                set.flush();
                if lists.is_empty() {
                    set.blank();
                }
            }
            Md::Start(Tag::BlockQuote(_)) => set.indent += 4,
            Md::End(TagEnd::BlockQuote(_)) => set.indent = set.indent.saturating_sub(4),
            Md::Start(Tag::List(first)) => {
                set.flush();
                lists.push(first);
                set.indent += 2;
            }
            Md::End(TagEnd::List(_)) => {
                lists.pop();
                set.indent = set.indent.saturating_sub(2);
                if lists.is_empty() {
                    set.blank();
                }
            }
            Md::Start(Tag::Item) => {
                let mark = match lists.last_mut() {
                    Some(Some(n)) => {
                        *n += 1;
                        format!("{}. ", *n - 1)
                    }
                    _ => "- ".to_owned(),
                };
                set.add(&mark, styles.muted, None);
            }
            // Each line of a manuscript is a paragraph of its own.
            Md::SoftBreak
            | Md::HardBreak
            | Md::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => set.flush(),
            Md::End(TagEnd::TableCell) => set.add(" | ", styles.muted, None),
            Md::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(name) => name.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                fence = Some((language, String::new()));
            }
            Md::End(TagEnd::CodeBlock) => {
                if let Some((language, text)) = fence.take() {
                    let mut lines = Vec::new();
                    code(&text, &language, styles, &mut lines);
                    set.out.extend(lines.into_iter().map(|p| (p, Vec::new())));
                    set.blank();
                }
            }
            Md::Text(text) => match &mut fence {
                Some((_, code)) => code.push_str(&text),
                None => set.add(&text, top, Some(range)),
            },
            Md::Code(text) => set.add(&text, styles.key, Some(range)),
            // Raw HTML is shown as what it is; the pages leave it out.
            Md::Html(text) | Md::InlineHtml(text) => {
                set.add(text.trim_end(), styles.muted, Some(range));
            }
            Md::Rule => set
                .out
                .push((Paragraph::new("----", styles.border), Vec::new())),
            _ => {}
        }
    }
    set.flush();
    set.out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_with_a_source_shows_it() {
        let text = "# 关于减税的公告\n\n纳税人应当**如实**申报，见[通知](https://a.gov.cn/1.html)。\n第二行。\n\n- 甲\n- 乙\n\n> 引文&amp;号\n\n![图](a.png)";
        let out = body(text, &Styles::plain());
        let mut shown = 0;
        for (paragraph, origin) in &out {
            assert_eq!(paragraph.pieces.len(), origin.len());
            for (piece, from) in paragraph.pieces.iter().zip(origin) {
                let Some(from) = from else { continue };
                if from.len() == piece.text.len() {
                    assert_eq!(text[from.clone()], piece.text);
                    shown += 1;
                }
            }
        }
        assert!(shown >= 9, "{out:?}");
        let all: String = out.iter().map(|p| p.0.shown() + "\n").collect();
        assert!(all.contains("通知[1]"), "{all}");
        assert!(all.contains("图[2]"), "{all}");
    }

    #[test]
    fn the_source_is_shown_line_by_line() {
        let text = "甲。\n\n乙[丙](x)。";
        let out = source(text, &Styles::plain());
        assert_eq!(out.len(), 3);
        assert_eq!(&text[out[2].1[0].clone().unwrap()], "乙[丙](x)。");
    }
}
