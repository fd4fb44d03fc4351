//! Markdown with a `#` title, laws with their line of adoption among them.

use super::clean::{Inline, escape_tags};
use super::dates::{self, Found};
use super::finish::Raw;
use super::html::{address, file_name, is_file, markdown_link};
use super::labels::{self, Label};
use super::{AttachmentKind, FoundAttachment, IntakeError, IntakeNote};

/// Ends the head lines of a law in collections of statutes.
const HEAD_END: &str = "<!-- INFO END -->";

/// What bodies do to a law on the day it dates from; the day it enters into force is another.
const ADOPTIONS: [&str; 7] = ["通过", "公布", "发布", "批准", "修正", "修订", "修改"];

pub(super) fn read(name: &str, text: &str) -> Result<Raw, IntakeError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (front, text) = front_matter(&text);
    let mut reader = Reader::default();
    reader.raw.facts = front;
    for line in without_comments(text).lines() {
        reader.line(line);
    }
    reader.flush();
    let mut raw = reader.raw;
    if raw.title.is_none() && !raw.facts.iter().any(|(label, _)| *label == Label::Title) {
        return Err(IntakeError::NoTitle);
    }
    if !raw
        .facts
        .iter()
        .any(|(label, _)| *label == Label::WrittenOn)
    {
        date_of_law(name, text, &mut raw);
    }
    Ok(raw)
}

#[derive(Default)]
struct Reader {
    raw: Raw,
    paragraph: Inline,
    table: Vec<String>,
    fence: Option<&'static str>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let bare = line.trim();
        if let Some(mark) = self.fence {
            self.raw.blocks.push(line.to_owned());
            if bare.starts_with(mark) {
                self.fence = None;
            }
            return;
        }
        if let Some(mark) = ["```", "~~~"]
            .into_iter()
            .find(|mark| bare.starts_with(mark))
        {
            self.flush();
            self.fence = Some(mark);
            self.raw.blocks.push(bare.to_owned());
            return;
        }
        if bare.starts_with('|') {
            self.flush_paragraph();
            let row = self.inline(bare);
            self.table.push(row);
            return;
        }
        if bare.is_empty() {
            self.flush();
        } else if let Some(title) = bare.strip_prefix("# ") {
            self.flush();
            let title = title.trim().trim_end_matches('#').trim_end();
            if self.raw.title.is_none() {
                self.raw.title = Some(title.replace("**", ""));
            } else {
                let title = self.inline(title);
                self.raw.blocks.push(format!("## {title}"));
            }
        } else if starts_block(bare) {
            self.flush();
            let indent = line.len() - line.trim_start_matches(' ').len();
            let text = self.inline(bare);
            self.paragraph.push(&text);
            // Headings end with their line; an item of a list may go on.
            if bare.starts_with('#') {
                self.flush();
            } else if indent >= 2 {
                let item = self.paragraph.take();
                self.raw.blocks.push(format!("  {item}"));
            }
        } else {
            let text = self.inline(bare);
            self.paragraph.push("\n");
            self.paragraph.push(&text);
            // Two blanks or a backslash at the end break the line.
            if line.ends_with("  ") {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        self.flush_paragraph();
        if !self.table.is_empty() {
            let table = std::mem::take(&mut self.table).join("\n");
            self.raw.blocks.push(table);
        }
    }

    fn flush_paragraph(&mut self) {
        let text = self.paragraph.take();
        if !text.is_empty() {
            self.raw.blocks.push(text);
        }
    }

    /// A line without emphasis and raw markup; files it links to and images are gathered.
    fn inline(&mut self, line: &str) -> String {
        let plain = if line.matches("**").count().is_multiple_of(2) {
            line.replace("**", "")
        } else {
            line.to_owned()
        };
        let mut out = String::with_capacity(plain.len());
        let mut rest = plain.as_str();
        while let Some((before, words, target, after)) = next_link(rest) {
            let (before, image) = match before.strip_suffix('!') {
                Some(before) => (before, true),
                None => (before, false),
            };
            out.push_str(&escape_tags(before));
            let url = address(target);
            let file = url.as_deref().is_some_and(is_file);
            if image || file {
                let name = match (&url, words.trim()) {
                    (Some(url), "") => file_name(url),
                    (_, words) => words.to_owned(),
                };
                let kind = if image {
                    AttachmentKind::Image
                } else {
                    AttachmentKind::Document
                };
                self.raw.attachments.push(FoundAttachment {
                    name,
                    url: url.clone(),
                    kind,
                    ..FoundAttachment::document()
                });
            }
            match (image, url) {
                (true, _) => {}
                (false, Some(url)) => {
                    out.push_str(&markdown_link(&escape_tags(words), &url));
                }
                (false, None) => out.push_str(&escape_tags(words)),
            }
            rest = after;
        }
        out.push_str(&escape_tags(rest));
        out
    }
}

/// The next `[words](target "title")`, with what stands before and after it.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut from = 0;
    loop {
        let middle = from + text[from..].find("](")?;
        let target = &text[middle + 2..];
        let close = target.find(')')?;
        if let Some(open) = text[from..middle].rfind('[') {
            let open = from + open;
            let address = target[..close].trim().split([' ', '\t']).next();
            return Some((
                &text[..open],
                &text[open + 1..middle],
                address.unwrap_or_default(),
                &target[close + 1..],
            ));
        }
        // A stray bracket must not shield the links behind it.
        from = middle + 2;
    }
}

/// Whether a line begins something other than the continuation of a paragraph.
fn starts_block(line: &str) -> bool {
    if line.starts_with(['#', '>']) || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
    {
        return true;
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (1..=9).contains(&digits)
        && [". ", ") "]
            .iter()
            .any(|mark| line[digits..].starts_with(mark))
}

/// The `---` block at the head, as facts; keys the room does not know are dropped.
fn front_matter(text: &str) -> (Vec<(Label, String)>, &str) {
    let Some((head, rest)) = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"))
    else {
        return (Vec::new(), text);
    };
    let facts = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(name, value)| {
            let value = value.trim().trim_matches(['"', '\'']);
            Some((labels::label(name)?, value.to_owned()))
        })
        .collect();
    (facts, rest)
}

/// Comments are notes among editors; one that never ends hides nothing.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        let Some((_, after)) = comment.split_once("-->") else {
            break;
        };
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A law dates from its last adoption or amendment. Collections put that day into the file's
/// name, which is kept better than the head lines; where the two differ, a person is told.
fn date_of_law(name: &str, text: &str, raw: &mut Raw) {
    let Some(head) = adoption(text) else {
        return;
    };
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let in_name = file
        .rsplit_once(['(', '（'])
        .and_then(|(_, date)| dates::first_in(date));
    let used = match in_name {
        Some((_, Found::Day(day))) => {
            if day != head {
                raw.notes.push(IntakeNote::DatesDisagree {
                    used: day,
                    other: head.to_string(),
                });
            }
            day
        }
        _ => head,
    };
    raw.facts.push((Label::WrittenOn, used.to_string()));
}

/// The last day among the head lines of a law, or `None` when the text has no such lines.
fn adoption(text: &str) -> Option<jiff::civil::Date> {
    let after_title = text.split_once("# ")?.1.split_once('\n')?.1;
    let head = after_title
        .split_once(HEAD_END)
        .map_or(after_title, |(head, _)| head);
    head.lines()
        .map(|line| line.trim().trim_start_matches(['（', '(']))
        .filter(|line| !line.is_empty())
        .map_while(|line| {
            let start = line.trim_start_matches("根据");
            let (place, found) = dates::first_in(start)?;
            (place.start == 0).then_some((line, found))
        })
        .filter(|(line, _)| ADOPTIONS.iter().any(|word| line.contains(word)))
        .filter_map(|(_, found)| match found {
            Found::Day(day) => Some(day),
            _ => None,
        })
        .max()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<String> {
        read("a.md", text).unwrap().blocks
    }

    #[test]
    fn paragraphs_are_joined_and_marks_kept() {
        assert_eq!(
            blocks(
                "# 题\n\n税务\n总局\nabc\ndef\n\n## 章 #\n1. 甲\n2. 乙\n- 丙\n  - 丁\n> 引\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# 又\n"
            ),
            [
                "税务总局 abc def",
                "## 章 #",
                "1. 甲",
                "2. 乙",
                "- 丙",
                "  - 丁",
                "> 引",
                "| a | b |\n|---|---|\n| 1 | 2 |",
                "## 又",
            ]
        );
    }

    #[test]
    fn raw_markup_and_comments_are_inert() {
        assert_eq!(
            blocks("# 题\n<!-- 暗 -->\n甲<script>x</script>[乙](javascript:x)《关于修改<法>》"),
            ["甲\\<script>x\\</script>乙《关于修改<法>》"]
        );
    }

    #[test]
    fn a_stray_bracket_shields_no_link() {
        assert_eq!(
            blocks("# 题\n甲](乙 [丙]( javascript:x )丁"),
            ["甲](乙 丙丁"]
        );
    }

    #[test]
    fn files_and_images_are_gathered() {
        let raw = read(
            "a.md",
            "# 题\n见[附件](a/b.docx \"t\")和![图](c.png)及[页](http://x/)",
        )
        .unwrap();
        assert_eq!(raw.blocks, ["见[附件](a/b.docx)和及[页](http://x/)"]);
        assert_eq!(raw.attachments.len(), 2);
        assert_eq!(raw.attachments[1].kind, AttachmentKind::Image);
    }

    #[test]
    fn front_matter_states_facts() {
        let raw = read(
            "a.md",
            "---\nsidebar: auto\n发文字号: 财税〔2016〕36号\n---\n# 题\n正文",
        )
        .unwrap();
        assert_eq!(
            raw.facts,
            [(Label::DocNumber, "财税〔2016〕36号".to_owned())]
        );
    }

    #[test]
    fn a_law_dates_from_its_last_amendment() {
        let law = "# 法\n\n1980年9月10日 会议通过\n\n2018年8月31日 《决定》第七次修正）\n\n2019年1月1日 施行\n\n<!-- INFO END -->\n\n第一条";
        let raw = read("法(2018-08-31).md", law).unwrap();
        assert_eq!(raw.facts, [(Label::WrittenOn, "2018-08-31".to_owned())]);
        assert!(raw.notes.is_empty());
        let raw = read("法(2020-01-01).md", law).unwrap();
        assert_eq!(raw.facts, [(Label::WrittenOn, "2020-01-01".to_owned())]);
        assert_eq!(raw.notes.len(), 1);
        assert!(
            read("稿(2020-01-01).md", "# 稿\n正文")
                .unwrap()
                .facts
                .is_empty()
        );
    }

    #[test]
    fn without_title_no_manuscript() {
        assert_eq!(read("a.md", "正文").unwrap_err(), IntakeError::NoTitle);
    }
}
