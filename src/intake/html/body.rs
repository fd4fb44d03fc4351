//! The article of a page as blocks of Markdown.

use scraper::ElementRef;

use super::super::FoundAttachment;
use super::super::clean::{self, Inline};
use super::table;
use super::walk::{self, Visitor};

/// What an article holds.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) blocks: Vec<String>,
    pub(super) attachments: Vec<FoundAttachment>,
    pub(super) merged_cells: bool,
}

/// Endings of links that lead to files.
const FILE_ENDINGS: [&str; 21] = [
    "doc", "docx", "wps", "wpt", "xls", "xlsx", "et", "ppt", "pptx", "dps", "pdf", "ofd", "zip",
    "rar", "7z", "txt", "csv", "rtf", "odt", "ods", "xlsm",
];

/// Words of the tools around an article: a line made of nothing else is no text.
const TOOL_WORDS: [&str; 28] = [
    "打印本页",
    "关闭窗口",
    "关闭本页",
    "返回顶部",
    "分享到",
    "纠错或建议",
    "我要纠错",
    "历史沿革",
    "关联解读",
    "关联文件",
    "关联问答",
    "字体大小",
    "字号",
    "字体",
    "打印",
    "收藏",
    "分享",
    "订阅",
    "下载",
    "关闭",
    "微信",
    "微博",
    "纠错",
    "默认",
    "超大",
    "大",
    "中",
    "小",
];

pub(super) fn render(container: ElementRef<'_>) -> Rendered {
    let mut renderer = Renderer::default();
    walk::walk(container, &mut renderer);
    renderer.flush();
    renderer.out
}

#[derive(Debug, Default)]
struct Renderer {
    out: Rendered,
    line: Inline,
    /// What the next block begins with: the mark of a heading or of a list.
    mark: String,
    /// Open lists: the next number, or none for bullets.
    lists: Vec<Option<u32>>,
    link: Option<Link>,
    pre: usize,
}

#[derive(Debug)]
struct Link {
    url: String,
    text: Inline,
    /// Where its words begin in the line, and which line that is.
    from: usize,
    block: usize,
}

impl Visitor for Renderer {
    fn open(&mut self, element: ElementRef<'_>) -> bool {
        if walk::is_noise(element) {
            return false;
        }
        let name = element.value().name();
        if walk::is_block(name) {
            self.flush();
        }
        match name {
            "table" => {
                if let Some(table) = table::read(element) {
                    self.out.merged_cells |= table.merged_cells;
                    self.out.blocks.push(table.markdown);
                    self.out.attachments.extend(table.attachments);
                    return false;
                }
            }
            // The title of the page is the one heading of the first rank.
            "h1" | "h2" => "## ".clone_into(&mut self.mark),
            "h3" => "### ".clone_into(&mut self.mark),
            "h4" | "h5" | "h6" => "#### ".clone_into(&mut self.mark),
            "ul" | "dir" => self.lists.push(None),
            "ol" => {
                let start = element.attr("start").and_then(|start| start.parse().ok());
                self.lists.push(Some(start.unwrap_or(1)));
            }
            "li" => self.mark = self.list_mark(),
            "pre" => self.pre += 1,
            "img" => self.out.attachments.extend(image(element)),
            "a" => {
                if let Some(url) = element.attr("href").and_then(address) {
                    let from = self.line.mark();
                    self.link = Some(Link {
                        url,
                        text: Inline::default(),
                        from,
                        block: self.out.blocks.len(),
                    });
                }
            }
            _ => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        if let Some(link) = &mut self.link {
            link.text.push(text);
        }
        if self.pre > 0 {
            let mut lines = text.split('\n');
            self.line
                .push(&clean::escape_tags(lines.next().unwrap_or_default()));
            for line in lines {
                self.flush();
                self.line.push(&clean::escape_tags(line));
            }
        } else {
            self.line.push(&clean::escape_tags(text));
        }
    }

    fn close(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        match name {
            "a" => self.close_link(),
            "pre" => {
                self.flush();
                self.pre = self.pre.saturating_sub(1);
            }
            "ul" | "ol" | "dir" => {
                self.flush();
                self.lists.pop();
            }
            _ if walk::is_block(name) => self.flush(),
            _ => {}
        }
        if matches!(name, "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            self.mark.clear();
        }
    }
}

impl Renderer {
    fn flush(&mut self) {
        let line = self.line.take();
        let line = line.trim();
        if line.is_empty() || is_tools(line) {
            return;
        }
        let mark = std::mem::take(&mut self.mark);
        let line = if mark.is_empty() {
            clean::escape_start(line)
        } else {
            format!("{mark}{line}")
        };
        self.out.blocks.push(line);
    }

    fn list_mark(&mut self) -> String {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(4));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{indent}{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            _ => format!("{indent}- "),
        }
    }

    fn close_link(&mut self) {
        let Some(mut link) = self.link.take() else {
            return;
        };
        let name = link.text.take();
        if is_file(&link.url) {
            self.out.attachments.push(FoundAttachment {
                name: if name.is_empty() {
                    file_name(&link.url)
                } else {
                    name
                },
                url: Some(link.url.clone()),
                ..FoundAttachment::document()
            });
        }
        // A link around several paragraphs stays text: Markdown has no such thing.
        let words = self.line.since(link.from).trim().to_owned();
        if link.block == self.out.blocks.len() && !words.is_empty() {
            self.line
                .replace_since(link.from, &markdown_link(&words, &link.url));
        }
    }
}

/// A link; brackets within its words must not end them.
pub(in crate::intake) fn markdown_link(words: &str, url: &str) -> String {
    let words = words.replace('[', "\\[").replace(']', "\\]");
    format!("[{words}]({url})")
}

/// An image as an attachment, unless it is embedded decoration without a name.
pub(super) fn image(element: ElementRef<'_>) -> Option<FoundAttachment> {
    let url = element.attr("src").and_then(address);
    let name = clean::collapse(element.attr("alt").unwrap_or_default());
    let name = match (&url, name.is_empty()) {
        (Some(url), true) => file_name(url),
        (None, true) => return None,
        _ => name,
    };
    Some(FoundAttachment {
        name,
        url,
        ..FoundAttachment::image()
    })
}

/// An address a reader could follow, fit to stand in Markdown; scripts, anchors, embedded data
/// and foreign schemes are none.
pub(in crate::intake) fn address(href: &str) -> Option<String> {
    let href: String = href
        .chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let path_at = href.find(['/', '?', '#']).unwrap_or(href.len());
    if let Some((scheme, _)) = href[..path_at].split_once(':')
        && !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
    {
        return None;
    }
    Some(
        href.chars()
            .map(|c| match c {
                ' ' => "%20".to_owned(),
                '(' => "%28".to_owned(),
                ')' => "%29".to_owned(),
                '<' => "%3C".to_owned(),
                '>' => "%3E".to_owned(),
                '\\' => "%5C".to_owned(),
                _ if c.is_whitespace() => String::new(),
                _ => c.to_string(),
            })
            .collect(),
    )
}

/// Whether an address leads to a document or an archive.
pub(in crate::intake) fn is_file(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| FILE_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The last part of an address.
pub(in crate::intake) fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Whether a line consists of the words of page tools and signs between them.
fn is_tools(line: &str) -> bool {
    if line.chars().count() > 60 {
        return false;
    }
    let mut rest = clean::squeezed(line);
    for word in TOOL_WORDS {
        rest = rest.replace(word, "");
    }
    rest.chars()
        .all(|c| "：:|｜/[]【】()（）·、，-+".contains(c))
        // A line of signs alone is text of some kind; tools have words.
        && TOOL_WORDS.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn blocks(html: &str) -> Vec<String> {
        render(Html::parse_fragment(html).root_element()).blocks
    }

    #[test]
    fn paragraphs_headings_and_lists() {
        assert_eq!(
            blocks(
                "<h1>一级</h1><p>　　甲<br>乙</p><ol start=3><li>丙<li><p>丁</p><ul><li>戊</ul></ol>\
                 <h3> 三级 </h3><pre>己\n庚</pre><p># 不是标题</p>"
            ),
            [
                "## 一级",
                "甲",
                "乙",
                "3. 丙",
                "4. 丁",
                "  - 戊",
                "### 三级",
                "己",
                "庚",
                "\\# 不是标题"
            ]
        );
    }

    #[test]
    fn tools_and_hidden_parts_are_dropped() {
        assert_eq!(
            blocks(
                "<p>字体：【大 中 小】 打印 | 收藏</p><script>x</script><div style='display: NONE'>y</div>\
                 <div class=share>分享到</div><p>大中小企业</p><p>关联解读</p><p>下载</p>"
            ),
            ["大中小企业"]
        );
    }

    #[test]
    fn links_and_files() {
        let found = render(
            Html::parse_fragment(
                "<p>见<a href='./P02 (1).xls?x'>附件 1</a>、<a href='javascript:alert(1)'>坏</a>、\
                 <a href='https://example.org/a'>网[页]</a></p><a href='b.pdf'><p>块</p></a>\
                 <p><img src='x.png' alt='示意图'><img src='data:image/png;base64,AA'></p>",
            )
            .root_element(),
        );
        assert_eq!(
            found.blocks,
            [
                "见[附件 1](./P02%20%281%29.xls?x)、坏、[网\\[页\\]](https://example.org/a)",
                "块"
            ]
        );
        let names: Vec<(&str, Option<&str>)> = found
            .attachments
            .iter()
            .map(|one| (one.name.as_str(), one.url.as_deref()))
            .collect();
        assert_eq!(
            names,
            [
                ("附件 1", Some("./P02%20%281%29.xls?x")),
                ("块", Some("b.pdf")),
                ("示意图", Some("x.png")),
            ]
        );
    }

    #[test]
    fn addresses_that_run_code_are_none() {
        for href in [
            "javascript:x",
            " JaVa\tscript:x",
            "data:text/html,x",
            "#top",
            "",
            "mailto:a@b",
        ] {
            assert_eq!(address(href), None, "{href:?}");
        }
        assert_eq!(address("//a.cn/b:c").as_deref(), Some("//a.cn/b:c"));
    }
}
