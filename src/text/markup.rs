//! The words of a manuscript without its marks.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A manuscript as plain text: what a channel without formatting gets. Paragraphs, headings, items
/// of lists and rows of tables end with a line break; a link keeps its address behind its words.
pub fn without_markup(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut link = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::Start(Tag::Link { dest_url, .. }) => link = Some((out.len(), dest_url)),
            Event::End(TagEnd::Link) => {
                if let Some((from, url)) = link.take()
                    && out[from..] != *url
                {
                    out.push_str(&format!("（{url}）"));
                }
            }
            Event::End(TagEnd::TableCell) => out.push('\t'),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::CodeBlock,
            ) => {
                out.truncate(out.trim_end_matches(['\t', '\n']).len());
                out.push('\n');
            }
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        assert_eq!(
            without_markup(
                "## 一、范围\n\n**纳税人**应当[申报](https://example.cn/a)。\n\n- 甲\n- 乙\n\n|税目|税率|\n|-|-|\n|甲|3%|\n"
            ),
            "一、范围\n纳税人应当申报（https://example.cn/a）。\n甲\n乙\n税目\t税率\n甲\t3%"
        );
        assert_eq!(without_markup(""), "");
    }
}
