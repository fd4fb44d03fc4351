//! One key press and how it is written in a keymap: `ctrl-s`, `alt-enter`, `G`, `f1`.
//!
//! Terminals disagree on details (a capital letter may or may not carry SHIFT, shift-tab has a
//! code of its own), so every press is brought to one form before anything compares it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key press in its one normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyPress {
    /// Which key.
    pub code: KeyCode,
    /// Held modifiers; SHIFT is already folded into printable characters.
    pub mods: KeyModifiers,
}

/// Names of keys that are not a single character, as keymaps write them.
const NAMED: [(&str, KeyCode); 17] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("space", KeyCode::Char(' ')),
    ("minus", KeyCode::Char('-')),
    ("plus", KeyCode::Char('+')),
];

/// A key text that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a key")]
pub struct KeyError {
    /// What was written.
    pub text: String,
}

impl KeyPress {
    /// A press of `code` with `mods`, normalised.
    pub fn new(code: KeyCode, mods: KeyModifiers) -> Self {
        let mut mods = mods & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match code {
            KeyCode::BackTab => {
                mods |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            KeyCode::Char(c) if mods.contains(KeyModifiers::CONTROL) => {
                // ctrl-S and ctrl-s are one byte to most terminals.
                mods -= KeyModifiers::SHIFT;
                KeyCode::Char(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) => {
                let c = if mods.contains(KeyModifiers::SHIFT) {
                    c.to_ascii_uppercase()
                } else {
                    c
                };
                mods -= KeyModifiers::SHIFT;
                KeyCode::Char(c)
            }
            // Some terminals send the control codes themselves.
            other => other,
        };
        Self { code, mods }
    }

    /// A plain character.
    pub fn char(c: char) -> Self {
        Self::new(KeyCode::Char(c), KeyModifiers::NONE)
    }

    /// The character this press would type into a text field, if any.
    pub fn typed(&self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.mods.is_empty() && !c.is_control() => Some(c),
            _ => None,
        }
    }

    /// Reads the form used in keymaps.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let error = || KeyError {
            text: text.to_owned(),
        };
        let mut mods = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, tail) = if let Some(tail) = rest.strip_prefix("ctrl-") {
                (KeyModifiers::CONTROL, tail)
            } else if let Some(tail) = rest.strip_prefix("alt-") {
                (KeyModifiers::ALT, tail)
            } else if let Some(tail) = rest.strip_prefix("shift-") {
                (KeyModifiers::SHIFT, tail)
            } else {
                break;
            };
            if mods.contains(modifier) {
                return Err(error());
            }
            mods |= modifier;
            rest = tail;
        }
        if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == rest) {
            return Ok(Self::new(*code, mods));
        }
        if let Some(n) = rest.strip_prefix('f')
            && let Ok(n @ 1..=12) = n.parse::<u8>()
        {
            return Ok(Self::new(KeyCode::F(n), mods));
        }
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => {
                Ok(Self::new(KeyCode::Char(c), mods))
            }
            _ => Err(error()),
        }
    }

    /// The key nearest to a text that is none, if it looks like a slip of the hand.
    pub fn nearest(text: &str) -> Option<String> {
        let modifiers = ["ctrl", "alt", "shift"];
        let mut parts: Vec<String> = text.split('-').map(str::to_lowercase).collect();
        let last = parts.pop()?;
        for part in &mut parts {
            let known = if matches!(part.as_str(), "c" | "control" | "ctl" | "strg") {
                "ctrl"
            } else if matches!(part.as_str(), "m" | "meta" | "option" | "a") {
                "alt"
            } else if part == "s" {
                "shift"
            } else {
                super::keymap::nearest(part, modifiers)?
            };
            known.clone_into(part);
        }
        let single = last.chars().count() == 1;
        let key = if single {
            last
        } else {
            let aliases = [
                ("return", "enter"),
                ("escape", "esc"),
                ("del", "delete"),
                ("ins", "insert"),
            ];
            let names = NAMED.iter().map(|(name, _)| *name);
            match aliases.iter().find(|(alias, _)| *alias == last) {
                Some((_, name)) => (*name).to_owned(),
                None => super::keymap::nearest(&last, names)?.to_owned(),
            }
        };
        parts.push(key);
        let found = parts.join("-");
        Self::parse(&found).ok().map(|_| found)
    }

    /// A space-separated sequence of presses.
    pub fn parse_sequence(text: &str) -> Result<Vec<Self>, KeyError> {
        let keys: Vec<Self> = text
            .split(' ')
            .filter(|t| !t.is_empty())
            .map(Self::parse)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(KeyError {
                text: text.to_owned(),
            });
        }
        Ok(keys)
    }

    /// The ASCII key a full-width character stands for. An input method left on sends `？`
    /// where the hand pressed `?`; outside text fields the hand is right.
    #[must_use]
    pub fn to_ascii(self) -> Self {
        let KeyCode::Char(c) = self.code else {
            return self;
        };
        let mapped = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFF01 + 0x21).unwrap_or(c),
            '\u{3000}' => ' ',
            // Input methods give 、 for the slash or for the backslash; only the slash is a key here.
            '\u{3001}' => '/',
            '\u{3002}' => '.',
            '\u{300A}' => '<',
            '\u{300B}' => '>',
            '\u{3010}' => '[',
            '\u{3011}' => ']',
            '\u{300C}' => '{',
            '\u{300D}' => '}',
            '\u{201C}' | '\u{201D}' => '"',
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{FFE5}' => '$',
            '\u{2026}' => '^',
            '\u{2014}' => '_',
            '\u{00B7}' => '`',
            other => other,
        };
        Self {
            code: KeyCode::Char(mapped),
            mods: self.mods,
        }
    }
}

impl From<KeyEvent> for KeyPress {
    fn from(event: KeyEvent) -> Self {
        Self::new(event.code, event.modifiers)
    }
}

impl std::fmt::Display for KeyPress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.mods.contains(KeyModifiers::CONTROL) {
            f.write_str("ctrl-")?;
        }
        if self.mods.contains(KeyModifiers::ALT) {
            f.write_str("alt-")?;
        }
        if self.mods.contains(KeyModifiers::SHIFT) {
            f.write_str("shift-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code)
            // A bare minus or plus reads better as itself.
            && !(self.mods.is_empty() && matches!(self.code, KeyCode::Char('-' | '+')))
        {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "f{n}"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// A sequence as it is written in a keymap.
pub fn sequence_text(keys: &[KeyPress]) -> String {
    keys.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn printing_and_reading_are_inverse() {
        for text in [
            "a",
            "G",
            "ctrl-s",
            "alt-enter",
            "shift-tab",
            "f12",
            "space",
            "ctrl-minus",
            "-",
            "+",
            "?",
            "ctrl-alt-x",
            "pagedown",
            "alt-<",
        ] {
            assert_eq!(KeyPress::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            sequence_text(&KeyPress::parse_sequence("g  ctrl-a").unwrap()),
            "g ctrl-a"
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "ctrl-", "ctrl-ctrl-a", "hyper-a", "f13", "entre", "ab"] {
            assert!(KeyPress::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn terminals_that_differ_agree() {
        let capital = KeyPress::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(capital, KeyPress::char('G'));
        assert_eq!(
            KeyPress::new(KeyCode::Char('g'), KeyModifiers::SHIFT),
            capital
        );
        assert_eq!(
            KeyPress::new(KeyCode::BackTab, KeyModifiers::NONE),
            KeyPress::parse("shift-tab").unwrap()
        );
        assert_eq!(
            KeyPress::new(
                KeyCode::Char('S'),
                KeyModifiers::CONTROL | KeyModifiers::SHIFT
            ),
            KeyPress::parse("ctrl-s").unwrap()
        );
    }

    #[test]
    fn slips_are_recognised() {
        for (wrong, right) in [
            ("entre", Some("enter")),
            ("ctr-s", Some("ctrl-s")),
            ("C-x", Some("ctrl-x")),
            ("alt-return", Some("alt-enter")),
            ("Pagedwon", Some("pagedown")),
            ("f99", None),
            ("hyper-a", None),
        ] {
            assert_eq!(KeyPress::nearest(wrong).as_deref(), right, "{wrong}");
        }
    }

    #[test]
    fn full_width_input_means_the_ascii_key() {
        for (wide, ascii) in [
            ('？', '?'),
            ('／', '/'),
            ('：', ':'),
            ('ｊ', 'j'),
            ('。', '.'),
            ('、', '/'),
            ('；', ';'),
            ('“', '"'),
            ('”', '"'),
            ('《', '<'),
            ('》', '>'),
            ('【', '['),
            ('」', '}'),
            ('　', ' '),
        ] {
            assert_eq!(KeyPress::char(wide).to_ascii(), KeyPress::char(ascii));
        }
        assert_eq!(KeyPress::char('中').to_ascii(), KeyPress::char('中'));
    }
}
