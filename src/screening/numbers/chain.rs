//! Numbers as they are written: pieces joined by blanks, hyphens, dots or a line break.

use std::ops::Range;

/// What stands between two pieces of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// One blank of any width.
    Space,
    /// Two to four blanks, or a dot between blanks: columns of figures are set like that too.
    Wide,
    /// A hyphen or dash, blanks around it allowed.
    Hyphen,
    /// A dot or middle dot.
    Dot,
    /// A slash or a comma of a list: believed only where a check digit or a label helps.
    Slash,
    /// An opening bracket: `+86（138）00138000`.
    Open,
    /// A closing bracket, blanks and a hyphen behind it allowed: `（0771）5578438`.
    Close,
    /// A line break with its indentation.
    Break,
}

/// A run of ASCII letters and digits, and what joins it to the run before.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Bytes of the folded text.
    pub range: Range<usize>,
    /// What stands before it, where that joins it to the piece before.
    pub joint: Option<Joint>,
    /// How many of its bytes are digits.
    pub digits: usize,
}

impl Piece {
    /// Length in bytes, which are characters here.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Whether it consists of digits alone.
    pub fn is_number(&self) -> bool {
        self.digits == self.len()
    }
}

/// Longest chain looked at as a whole; a longer one goes on as a new chain.
const MAX: usize = 64;

/// Calls `each` with every chain that holds at least `least` digits.
pub fn chains(text: &str, least: usize, mut each: impl FnMut(&[Piece])) {
    let bytes = text.as_bytes();
    let mut chain: Vec<Piece> = Vec::new();
    let mut digits = 0;
    let mut at = 0;
    while let Some(skip) = bytes[at..].iter().position(u8::is_ascii_alphanumeric) {
        let start = at + skip;
        let joint = chain
            .last()
            .and_then(|last| joint(&text[last.range.end..start]));
        if joint.is_none() || chain.len() == MAX {
            if digits >= least {
                each(&chain);
            }
            chain.clear();
            digits = 0;
        }
        let mut end = start;
        let mut count = 0;
        while let Some(b) = bytes.get(end).filter(|b| b.is_ascii_alphanumeric()) {
            count += usize::from(b.is_ascii_digit());
            end += 1;
        }
        digits += count;
        chain.push(Piece {
            range: start..end,
            joint: if chain.is_empty() { None } else { joint },
            digits: count,
        });
        at = end;
    }
    if digits >= least {
        each(&chain);
    }
}

fn joint(gap: &str) -> Option<Joint> {
    // Ordinary gaps are words; only the shortest can be joints, line breaks with indentation apart.
    if gap.len() > 12 {
        return None;
    }
    let mut signs = gap.chars().filter(|c| !matches!(c, ' ' | '\u{3000}'));
    let blanks = gap
        .chars()
        .filter(|c| matches!(c, ' ' | '\u{3000}'))
        .count();
    let first = signs.next();
    let second = signs.next();
    match (first, second) {
        (None, _) if blanks == 1 => Some(Joint::Space),
        (None, _) if (2..=4).contains(&blanks) => Some(Joint::Wide),
        (Some('-' | '~' | '－' | '_' | '─' | '～' | '∼' | '˗'), None) if blanks <= 2 => {
            Some(Joint::Hyphen)
        }
        (Some('-'), Some('-')) if blanks <= 2 && signs.next().is_none() => Some(Joint::Hyphen),
        (Some('.' | '·' | '•' | '・' | '⋅' | '∙' | '‧' | '･'), None) if blanks == 0 => {
            Some(Joint::Dot)
        }
        (Some('·' | '•' | '・' | '⋅' | '∙' | '‧'), None) if blanks == 2 => {
            Some(Joint::Wide)
        }
        (Some('/' | '、' | ','), None) if blanks == 0 => Some(Joint::Slash),
        (Some('(' | '（'), None) if blanks <= 1 => Some(Joint::Open),
        (Some(')' | '）' | ']' | '】' | '〕' | '｝' | '}' | '>' | '＞'), None) if blanks <= 1 => {
            Some(Joint::Close)
        }
        (Some(')' | '）'), Some('-')) if blanks <= 1 && signs.next().is_none() => {
            Some(Joint::Close)
        }
        (Some('-'), Some('\n')) if blanks <= 8 && signs.next().is_none() => Some(Joint::Break),
        (Some('\n'), None) if blanks <= 8 => Some(Joint::Break),
        (Some('\r'), Some('\n')) if blanks <= 8 && signs.next().is_none() => Some(Joint::Break),
        _ => None,
    }
}

/// Some neighbouring pieces read as one.
#[derive(Debug)]
pub struct Joined {
    /// The characters without joints.
    pub text: Vec<u8>,
    /// Lengths of the pieces.
    pub groups: Vec<usize>,
    /// The joints between them.
    pub joints: Vec<Joint>,
    /// Bytes of the folded text.
    pub range: Range<usize>,
}

impl Joined {
    /// Joins pieces; `None` when there are none.
    pub fn new(text: &str, pieces: &[Piece]) -> Option<Self> {
        let range = pieces.first()?.range.start..pieces.last()?.range.end;
        let mut joined = Self {
            text: Vec::with_capacity(24),
            groups: Vec::new(),
            joints: Vec::new(),
            range,
        };
        for (k, piece) in pieces.iter().enumerate() {
            joined
                .text
                .extend_from_slice(&text.as_bytes()[piece.range.clone()]);
            joined.groups.push(piece.len());
            if k > 0 {
                joined.joints.extend(piece.joint);
            }
        }
        Some(joined)
    }

    /// Whether all joints are of one kind (a line break may stand for any).
    pub fn even(&self) -> bool {
        let mut kinds = self.joints.iter().filter(|j| **j != Joint::Break);
        let first = kinds.next();
        kinds.all(|k| Some(k) == first)
            && self.joints.iter().filter(|j| **j == Joint::Break).count() <= 1
    }

    /// Whether only these joints occur.
    pub fn only(&self, allowed: &[Joint]) -> bool {
        self.joints.iter().all(|j| allowed.contains(j))
    }
}
