//! What stands around a word: whether it is a mark there, or a word of a sentence.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

pub(super) static LEFT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?:^|[^绝絕机機秘祕])密[ \x{3000}]{0,3}级|定密|密别|密等|保密等级|标密|公开属性|公开方式|公开类别|公开选项|公开形式|是否公开|阅读范围|知悉范围|属性|等级|级别|标识|标志|标记|标注|标明|标有|标示|标为|注明|注有|盖有|盖着|加盖|印有|印着|写有|写着|写明|显示|左上角|右上角|封面|首页|页眉|页脚|眉首|版头|封皮|扉页|戳记|印章|水印|字样|附注|备注|定为|确定为|列为|[Ss]ecurity|[Ss]ecrecy|SECURITY|classification|Classification|CLASSIFICATION)[^，。；！？\n、]{0,8}$").ok()
});

/// Whether a word that makes it another word stands before; 的 and 之 do so only for letters that
/// stand together.
pub(super) static FRIEND_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:商业|国家|技术|保守|个人|工作|军事|职业|经营|企业|科技|科学技术|核心|重要|通信|通讯|审判|调查|侦查|案件|投票|家庭|成功|致富|宇宙|生命|配方|内心|自然|的|之|泄露|泄漏|窃取|刺探|收买|涉及|属于|侵犯|知悉|传递|探测|公开)[ \x{3000}]*$").ok()
});

pub(super) const FRIEND_AFTER: [&str; 24] = [
    "级", "性", "投票", "法", "事项", "文件", "载体", "信息", "资料", "警察", "会议", "通道",
    "武器", "仪器", "机床", "地", "的", "、", "或", "和", "件", "情报", "工作", "交通",
];

/// What stands before 机 in the names of machines and the like.
pub(super) const MACHINES: &str = "印电相客专军班待开关整耳话视真码载收录洗描单钞器械良商契生";

/// Whether the characters belong to two other words: 手机密码, 计算机密钥, 拒绝密封.
pub(super) fn other_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[level_end(text, range)..].chars().next();
    let machine = text[range.start..].starts_with(['机', '機']);
    let split = matches!(
        before,
        Some(
            '手' | '算'
                | '司'
                | '飞'
                | '主'
                | '动'
                | '时'
                | '危'
                | '契'
                | '投'
                | '乘'
                | '转'
                | '随'
                | '有'
                | '拒'
                | '奥'
                | '神'
                | '便'
                | '诡'
        )
    );
    let code = matches!(
        after,
        Some(
            '码' | '钥'
                | '碼'
                | '鑰'
                | '封'
                | '切'
                | '集'
                | '度'
                | '闭'
                | '布'
                | '匙'
                | '书'
                | '诀'
                | '方'
                | '语'
        )
    );
    // Across a gap more words end in 机: 打印机/密码, 电机.密封. Closed up they are rarer than the mark.
    let gap = !text[range.start..]
        .chars()
        .nth(1)
        .is_some_and(char::is_alphabetic);
    let wider = gap && before.is_some_and(|c| MACHINES.contains(c));
    (split || wider)
        && (machine || code || matches!(before, Some('拒' | '奥' | '神' | '便' | '诡')))
        || code && machine
}

/// Where the two letters of the level at the beginning of a range end.
pub(super) fn level_end(text: &str, range: &Range<usize>) -> usize {
    text[range.clone()]
        .char_indices()
        .find(|(_, c)| matches!(c, '密' | '宻' | '蜜'))
        .filter(|(k, _)| *k > 0)
        .map_or(range.end, |(k, c)| range.start + k + c.len_utf8())
}

pub(super) fn friend_before(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(36);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    FRIEND_BEFORE
        .as_ref()
        .is_some_and(|r| r.is_match(&text[from..at]))
}

/// The same without 的 and 之, which may stand before anything.
pub(super) fn friend_word_before(text: &str, at: usize) -> bool {
    let head = text[..at].trim_end_matches([' ', '\u{3000}']);
    !head.ends_with(['的', '之']) && friend_before(text, at)
}

/// Whether the line is set in single letters, so that no word of it is pulled apart by itself.
pub(super) fn letter_spaced(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let blank = |c: Option<char>| c.is_some_and(|c| c.is_whitespace() && c != '\n');
    blank(before.next())
        && before.next().is_some_and(char::is_alphabetic)
        && blank(before.next())
        && before.next().is_some_and(char::is_alphabetic)
}

pub(super) fn friend_after(text: &str, at: usize) -> bool {
    FRIEND_AFTER.iter().any(|w| text[at..].starts_with(w))
}

/// Whether other levels stand beside it: a sentence about levels, not a mark.
pub(super) fn enumerated(text: &str, range: &Range<usize>) -> bool {
    let after =
        text[range.end..].trim_start_matches(['”', '"', '」', '\'', '’', '级', '】', '）', ' ']);
    let before = text[..range.start].trim_end_matches(['“', '"', '「', '\'', '‘', '【', '（', ' ']);
    let is_level = |s: &str| ["绝密", "机密", "秘密"].iter().any(|l| s.starts_with(l));
    let joined_after = [
        "、", "和", "或", "或者", "与", "及", "以及", "/", "，", "”", "",
    ]
    .iter()
    .any(|j| {
        after
            .strip_prefix(j)
            .is_some_and(|rest| is_level(rest.trim_start_matches(['“', '"', '「', '‘', '【'])))
    });
    let joined_before = ["、", "和", "或", "或者", "与", "及", "以及", "/", "，", ""]
        .iter()
        .any(|j| {
            before.strip_suffix(j).is_some_and(|rest| {
                let rest = rest.trim_end_matches(['”', '"', '」', '’', '级', '】']);
                ["绝密", "机密", "秘密"].iter().any(|l| rest.ends_with(l))
            })
        });
    joined_after || joined_before
}

/// How something stands in its line.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Nothing of a sentence on the left.
    pub(super) left: bool,
    /// Nothing of a sentence on the right.
    right: bool,
    /// In brackets or quotes on both sides.
    pub(super) enclosed: bool,
    /// In quotes, without a word that makes it a mark.
    pub(super) quoted: bool,
    /// A word such as 密级 or 标注 leads to it.
    pub(super) marked: bool,
}

/// Whether a text ends with the number of an item of a list, （三）, which begins a sentence.
fn numbered(left: &str) -> bool {
    let Some(head) = left.strip_suffix(['）', ')']) else {
        return false;
    };
    let inner = head
        .trim_end_matches(|c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c));
    inner.len() < head.len() && inner.ends_with(['（', '('])
}

/// Whether a text ends with a tag of HTML that opens a cell, a paragraph or the like.
fn tagged_cell(left: &str) -> bool {
    left.ends_with('>')
        && left
            .rfind('<')
            .filter(|at| left.len() - at < 200)
            .is_some_and(|at| {
                let name: String = left[at + 1..]
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                matches!(
                    name.to_ascii_lowercase().as_str(),
                    "td" | "th"
                        | "p"
                        | "div"
                        | "li"
                        | "h1"
                        | "h2"
                        | "h3"
                        | "h4"
                        | "center"
                        | "title"
                )
            })
}

impl Place {
    pub(super) fn of(text: &str, range: &Range<usize>) -> Self {
        let left_text = text[..range.start].trim_end_matches([' ', '\t', '\u{3000}']);
        let right_text = text[range.end..].trim_start_matches([' ', '\t', '\u{3000}']);
        let open = left_text.chars().next_back();
        let close = right_text.chars().next();
        let bracket = matches!(
            (open, close),
            (Some('【'), Some('】'))
                | (Some('（'), Some('）'))
                | (Some('('), Some(')'))
                | (Some('['), Some(']'))
                | (Some('［'), Some('］'))
                | (Some('〔'), Some('〕'))
                | (Some('〖'), Some('〗'))
                | (Some('{'), Some('}'))
                | (Some('<'), Some('>'))
                | (Some('＜'), Some('＞'))
        );
        let quote = matches!(
            (open, close),
            (Some('“'), Some('”'))
                | (Some('"'), Some('"'))
                | (Some('‘'), Some('’'))
                | (Some('《'), Some('》'))
                | (Some('「'), Some('」'))
                | (Some('『'), Some('』'))
        );
        let inner = if bracket || quote {
            left_text.trim_end_matches([
                '【', '（', '(', '[', '［', '〔', '“', '"', '‘', '「', '『', '<', '＜', '〖', '{',
                '《',
            ])
        } else {
            left_text
        };
        let mut from = inner.len().saturating_sub(60);
        while !inner.is_char_boundary(from) {
            from += 1;
        }
        let after = if bracket || quote {
            right_text.trim_start_matches(['】', '）', ')', ']', '”', '"', '’', '」', '』', '》'])
        } else {
            right_text
        };
        let tagged = [
            "字样", "标识", "标志", "标记", "章", "戳", "二字", "印", "标注", "样式",
        ]
        .iter()
        .any(|w| after.starts_with(w));
        let led = LEFT.as_ref().is_some_and(|r| r.is_match(&inner[from..]));
        let marked = led || quote && tagged || after.starts_with("字样");
        // 定为机密级 is how a law speaks of the deciding, 密级：机密级 how a cover does.
        let decided = ["定为", "列为", "确定"].iter().any(|w| inner.ends_with(w));
        // Bold or heading signs of Markdown are dress, not text.
        let dressed = |c: &char| {
            matches!(
                c,
                ' ' | '\t' | '\u{3000}' | '\r' | '*' | '|' | '_' | '`' | '~'
            )
        };
        let head = left_text
            .chars()
            .rev()
            .take(32)
            .find(|c| !(dressed(c) || matches!(c, '#' | '>' | '-' | '+')));
        let line_start = matches!(head, None | Some('\n'))
            && left_text.len() - left_text.trim_end_matches(|c| dressed(&c)).len() < 32;
        let tail = right_text.chars().take(32).find(|c| !dressed(c));
        let line_end = matches!(tail, None | Some('\n'));
        let stopped = !numbered(left_text)
            && matches!(
                open,
                Some('。' | '；' | '！' | '？' | '…' | ';' | '|' | '】' | '）' | ')' | ']')
            );
        let comma = matches!(open, Some('，' | ',')) && {
            let before = left_text.trim_end_matches(['，', ',']);
            !before.ends_with(['的', '者', '后', '时'])
        };
        let right_text = if marked && !decided {
            right_text.strip_prefix('级').unwrap_or(right_text)
        } else {
            right_text
        };
        let close = if marked && !decided {
            right_text.chars().next()
        } else {
            close
        };
        let clause_end = matches!(
            close,
            Some(
                '。' | '；'
                    | '，'
                    | ','
                    | ';'
                    | '！'
                    | '!'
                    | '、'
                    | '|'
                    | '.'
                    | '）'
                    | ')'
                    | '】'
                    | ']'
                    | '”'
                    | '"'
                    | '\n'
            )
        ) || close.is_none();
        let beside = text[range.end..].trim_start_matches([' ', '\u{3000}']);
        let before = text[..range.start].trim_end_matches([' ', '\u{3000}']);
        let cell = (matches!(open, Some('|' | ',')) || before.ends_with('\t'))
            && (line_end || matches!(close, Some('|' | ',')) || beside.starts_with('\t'))
            || tagged_cell(left_text) && right_text.starts_with("</");
        let quiet_left = line_start || stopped || marked || bracket || cell;
        let quiet_right = line_end
            || bracket
            || marked && (clause_end || quote || tagged || line_end)
            || cell
            || (line_start || stopped) && matches!(close, Some('。' | '】' | '|' | '！'));
        Self {
            left: quiet_left || comma && line_end,
            right: quiet_right,
            enclosed: bracket,
            quoted: quote && !marked,
            marked,
        }
    }

    /// Whether it stands apart from any sentence.
    pub(super) fn apart(self) -> bool {
        !self.quoted && (self.enclosed || self.left && self.right)
    }
}
