//! Making text from outside harmless and plain.

use super::note::IntakeNote;

/// Counts what is removed over one manuscript.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    controls: usize,
    invisibles: usize,
}

impl Scrub {
    /// Removes control and invisible characters; line breaks of every kind become `\n`.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\r' => {
                    if chars.peek() != Some(&'\n') {
                        out.push('\n');
                    }
                }
                '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => out.push('\n'),
                '\n' | '\t' => out.push(c),
                _ if c.is_control() => {
                    self.controls += 1;
                    if c == '\u{1b}' {
                        skip_sequence(&mut chars);
                    }
                }
                _ if invisible(c) => self.invisibles += 1,
                _ => out.push(c),
            }
        }
        out
    }

    /// Removes the same from a value that must be one line.
    pub(super) fn line(&mut self, text: &str) -> String {
        collapse(&self.text(text))
    }

    /// What was removed.
    pub(super) fn notes(&self) -> Vec<IntakeNote> {
        let mut notes = Vec::new();
        if self.controls > 0 {
            notes.push(IntakeNote::ControlsStripped {
                count: self.controls,
            });
        }
        if self.invisibles > 0 {
            notes.push(IntakeNote::InvisiblesStripped {
                count: self.invisibles,
            });
        }
        notes
    }
}

/// What follows an escape character in a sequence for a terminal (`[31m`): alone it is litter.
fn skip_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut ahead = chars.clone();
    if ahead.next() != Some('[') {
        return;
    }
    for c in ahead.by_ref().take(16) {
        match c {
            ' '..='?' => {}
            '@'..='~' => {
                *chars = ahead;
                return;
            }
            _ => return,
        }
    }
}

/// Characters without ink that reorder, hide or split what people read.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text from outside as it may stand in a message: one line, no control characters, short.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let line = Scrub::default().line(text);
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST).chain(['…']).collect()
}

/// Runs of blanks become one space, the ends are trimmed. The wide space of Chinese typography
/// stays inside a line, where it aligns names.
pub(super) fn collapse(text: &str) -> String {
    let mut inline = Inline::default();
    inline.push(text);
    inline.take()
}

/// All blanks removed, for comparing.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Han characters and the punctuation set with them.
pub(super) fn wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’' | '—' | '…')
}

/// One line of text in the making: blanks collapse as in a browser, except that a line break of
/// the source between two Chinese characters leaves nothing, for Chinese has no word spaces.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    blank: Blank,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    #[default]
    None,
    Break,
    Space,
}

impl Inline {
    pub(super) fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' => self.blank = self.blank.max(Blank::Break),
                ' ' | '\t' | '\u{c}' if self.blank == Blank::Break => {}
                ' ' | '\t' | '\u{c}' | '\u{a0}' => {
                    self.blank = self.blank.max(Blank::Space);
                }
                _ => {
                    self.settle(Some(c));
                    self.text.push(c);
                }
            }
        }
    }

    /// Writes a pending blank, so that the length marks a place in the line.
    pub(super) fn mark(&mut self) -> usize {
        self.settle(None);
        self.text.len()
    }

    fn settle(&mut self, next: Option<char>) {
        let blank = std::mem::take(&mut self.blank);
        let Some(last) = self.text.chars().next_back() else {
            return;
        };
        let joined = blank == Blank::Break && wide(last) && next.is_none_or(wide);
        if blank != Blank::None && !joined {
            self.text.push(' ');
        }
    }

    /// The text from a mark on.
    pub(super) fn since(&self, mark: usize) -> &str {
        self.text.get(mark..).unwrap_or_default()
    }

    /// Replaces the text from a mark on.
    pub(super) fn replace_since(&mut self, mark: usize, with: &str) {
        self.text.truncate(mark);
        self.text.push_str(with);
    }

    /// The finished line; begins anew.
    pub(super) fn take(&mut self) -> String {
        self.blank = Blank::None;
        let text = std::mem::take(&mut self.text);
        text.trim().to_owned()
    }
}

/// A `<` that could open a tag when the body is read as Markdown is escaped; in Chinese texts it
/// is mostly a title mark and stays as it is.
pub(super) fn escape_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '<'
            && chars
                .peek()
                .is_none_or(|next| next.is_ascii_alphabetic() || "/!?".contains(*next))
            && !out.ends_with('\\')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A paragraph must not turn into a heading, a quotation, a table or a fence because of the
/// character it begins with.
pub(super) fn escape_start(text: &str) -> String {
    let bars = text.len() > 1 && text.chars().all(|c| c == '-' || c == '=');
    if bars || text.starts_with(['#', '>', '|', '`', '~', '=']) {
        format!("\\{text}")
    } else {
        text.to_owned()
    }
}

/// The names sites put behind a title.
const SITE_WORDS: [&str; 9] = [
    "政府网",
    "税务总局",
    "税务局",
    "门户网站",
    "官方网站",
    "官网",
    "信息公开",
    "法规库",
    "人民政府",
];

/// A title without the name of the site: `…的通知_中国政府网`.
pub(super) fn title(text: &str) -> String {
    let mut title = collapse(text);
    while let Some((head, tail)) = title.rsplit_once(['_', '|', '-', '－', '｜']) {
        let is_site = SITE_WORDS
            .iter()
            .any(|word| tail.trim_end().ends_with(word));
        // 关于…税务局 after a dash inside a title is no site name: the rest must stand alone.
        if !is_site || head.trim().chars().count() < 4 || tail.contains('《') {
            break;
        }
        title = head.trim_end().to_owned();
    }
    unspaced(&title)
}

/// A title without the blanks that only spread its letters: `…的通　　知`, `专 利 代 理 条 例`.
fn unspaced(title: &str) -> String {
    const WORDS: [&str; 20] = [
        "通知", "公告", "通告", "决定", "意见", "报告", "批复", "命令", "请示", "纪要", "议案", "通报",
        "办法", "规定", "细则", "条例", "方案", "公报", "决议", "目录",
    ];
    let single = |word: &str| word.chars().count() == 1 && word.chars().all(wide);
    let words: Vec<&str> = title.split_whitespace().collect();
    if words.len() >= 2 && words.iter().all(|word| single(word)) {
        return words.concat();
    }
    if let [.., before, last] = words[..]
        && single(last)
        && let Some(end) = before.chars().next_back()
        && WORDS.contains(&format!("{end}{last}").as_str())
        && let Some(head) = title.strip_suffix(last)
    {
        return format!("{}{last}", head.trim_end());
    }
    title.to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn control_and_invisible_characters_are_counted_and_gone() {
        let mut scrub = Scrub::default();
        assert_eq!(
            scrub.text("甲\u{1b}[31m乙\u{0}\u{200c}丙\u{202e}\r\n丁\r戊\u{9b}"),
            "甲乙丙\n丁\n戊"
        );
        assert_eq!(
            scrub.notes(),
            [
                IntakeNote::ControlsStripped { count: 3 },
                IntakeNote::InvisiblesStripped { count: 2 }
            ]
        );
    }

    #[test]
    fn line_breaks_vanish_between_han_only() {
        assert_eq!(
            collapse("  税务\n   总局 a\n b\u{a0}\u{a0}c "),
            "税务总局 a b c"
        );
        assert_eq!(collapse("组　长：韩　正"), "组　长：韩　正");
    }

    #[test]
    fn site_names_leave_the_title() {
        assert_eq!(title("关于某事的通知_中国政府网"), "关于某事的通知");
        assert_eq!(
            title("关于某事的公告 - 国家税务总局山西省税务局 - 门户网站"),
            "关于某事的公告"
        );
        assert_eq!(
            title("政策解读-海关总署关于某事的公告"),
            "政策解读-海关总署关于某事的公告"
        );
        assert_eq!(title("总体规划（2018—2035年）"), "总体规划（2018—2035年）");
    }

    #[test]
    fn blanks_that_spread_letters_leave_the_title() {
        assert_eq!(title("关于开展检查的通　　知"), "关于开展检查的通知");
        assert_eq!(title("专 利 代 理 条 例"), "专利代理条例");
        assert_eq!(title("财政部 税务总局关于某事的公告"), "财政部 税务总局关于某事的公告");
        assert_eq!(title("组 长"), "组长");
    }

    #[test]
    fn markup_in_text_is_inert() {
        assert_eq!(
            escape_tags("a<b 修改<法> </x <"),
            "a\\<b 修改<法> \\</x \\<"
        );
        assert_eq!(escape_start("# x"), "\\# x");
        assert_eq!(escape_start("----"), "\\----");
        assert_eq!(escape_start("- 甲"), "- 甲");
    }

    #[test]
    fn foreign_text_in_a_message_is_short_and_plain() {
        let text = shown(&"甲\u{1b}\n".repeat(100));
        assert_eq!(text.chars().count(), 61);
        assert!(!text.chars().any(char::is_control));
    }
}
