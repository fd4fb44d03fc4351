//! Asks the terminal how wide it draws “, and whether it is light, before anything else is drawn.
//!
//! The nearest layer (tmux, ssh's terminal) answers, which is the one that lays cells out. The
//! answer is read from a second, non-blocking handle of the terminal with a limit of our own:
//! crossterm's cursor question waits two seconds where nothing answers. Keys typed within the
//! limit are lost; nothing is on screen yet that they could be meant for.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crate::text::Ambiguous;

/// What the configuration says about characters of ambiguous width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmbiguousWidth {
    /// Ask the terminal.
    #[default]
    Auto,
    /// One cell.
    Narrow,
    /// Two cells.
    Wide,
    /// Two cells of room, drawn so that it is right either way.
    Safe,
}

impl AmbiguousWidth {
    /// The setting of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "narrow" => Some(Self::Narrow),
            "wide" => Some(Self::Wide),
            "safe" => Some(Self::Safe),
            _ => None,
        }
    }

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Narrow => "narrow",
            Self::Wide => "wide",
            Self::Safe => "safe",
        }
    }

    /// The width to draw with, given what the terminal said; a silent one counts as narrow, as most
    /// are.
    pub fn decide(self, said: Option<Ambiguous>) -> Ambiguous {
        match self {
            Self::Narrow => Ambiguous::Narrow,
            Self::Wide => Ambiguous::Wide,
            Self::Safe => Ambiguous::Safe,
            Self::Auto => said.unwrap_or_default(),
        }
    }
}

/// What a terminal says about itself; none where it is silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// How wide it draws characters of ambiguous width.
    pub width: Option<Ambiguous>,
    /// Whether what is behind its text is light.
    pub light: Option<bool>,
}

/// How long the terminal has for its answer.
const LIMIT: Duration = Duration::from_millis(200);

/// Asks the terminal. Call it in raw mode on the alternate screen, before the input thread. Where
/// it does not tell its background, `COLORFGBG` may.
pub fn ask() -> Answers {
    let mut answers = terminal()
        .and_then(|mut from| answers_of(&mut *from, &mut io::stdout(), LIMIT))
        .unwrap_or_default();
    if answers.light.is_none() {
        let said = std::env::var("COLORFGBG").ok();
        answers.light = said.as_deref().and_then(light_of_variable);
    }
    answers
}

/// Asks whether the terminal can tell keys apart that older protocols cannot (`CSI ? u`, the kitty
/// protocol); none where it does not answer at all. Same conditions as [`ask`].
pub fn ask_keys() -> Option<bool> {
    keys_of_answer(&mut *terminal()?, &mut io::stdout(), LIMIT)
}

/// A second handle of the terminal, which does not block.
#[cfg(unix)]
fn terminal() -> Option<Box<dyn Read>> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let tty = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open("/dev/tty")
        .ok()?;
    Some(Box::new(tty))
}

/// Other systems are not asked; they lay out narrow.
#[cfg(not(unix))]
fn terminal() -> Option<Box<dyn Read>> {
    None
}

/// The background is asked for first: whoever answers where the cursor is has answered that
/// before, or never will. So one wait is enough for both.
fn answers_of(from: &mut dyn Read, to: &mut dyn Write, limit: Duration) -> Option<Answers> {
    // The background?, home, the quote, where is the cursor?, home, erase the row.
    let question = "\x1b]11;?\x1b\\\x1b[H\u{201c}\x1b[6n\x1b[H\x1b[2K".as_bytes();
    asked(from, to, question, limit, |bytes| {
        Some(Answers {
            width: match column(bytes)? {
                2 => Some(Ambiguous::Narrow),
                3 => Some(Ambiguous::Wide),
                _ => None,
            },
            light: light(bytes),
        })
    })
}

/// The colour in `OSC 11 ; rgb:RR/GG/BB` (one to four digits each, `rgba` too), as light or dark.
fn light(bytes: &[u8]) -> Option<bool> {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.split_once("\x1b]11;rgb")?;
    let rest = rest.strip_prefix('a').unwrap_or(rest).strip_prefix(':')?;
    let end = rest.find(|c: char| !c.is_ascii_hexdigit() && c != '/')?;
    let parts: Vec<f64> = rest[..end]
        .split('/')
        .map_while(|part| {
            let most = 16_u32
                .checked_pow(part.len().try_into().ok()?)?
                .checked_sub(1)?;
            let value = u32::from_str_radix(part, 16).ok()?;
            Some(f64::from(value) / f64::from(most))
        })
        .collect();
    // Weights of the eye (ITU-R BT.601).
    match parts.as_slice() {
        [r, g, b, ..] => Some(0.299 * r + 0.587 * g + 0.114 * b > 0.5),
        _ => None,
    }
}

/// `COLORFGBG`, "15;0" or "0;default;15": the last number is the colour behind, as rxvt began it.
fn light_of_variable(text: &str) -> Option<bool> {
    let behind: u8 = text.rsplit(';').next()?.trim().parse().ok()?;
    Some(matches!(behind, 7 | 9..=15))
}

fn keys_of_answer(from: &mut dyn Read, to: &mut dyn Write, limit: Duration) -> Option<bool> {
    // Every terminal answers the second question, so that silence on the first one is a no.
    asked(from, to, b"\x1b[?u\x1b[c", limit, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let whole = |end: char| {
            text.split("\x1b[?").skip(1).any(|part| {
                part.find(|c: char| !c.is_ascii_digit() && c != ';')
                    .is_some_and(|at| part[at..].starts_with(end))
            })
        };
        whole('c').then(|| whole('u'))
    })
}

/// The question and its answer over any pair of streams; `from` must not block.
fn asked<T>(
    from: &mut dyn Read,
    to: &mut dyn Write,
    question: &[u8],
    limit: Duration,
    understood: impl Fn(&[u8]) -> Option<T>,
) -> Option<T> {
    to.write_all(question).ok()?;
    to.flush().ok()?;
    let start = Instant::now();
    let mut answer = Vec::new();
    let mut buffer = [0u8; 64];
    while start.elapsed() < limit {
        match from.read(&mut buffer) {
            Ok(0) => std::thread::sleep(Duration::from_millis(1)),
            Ok(n) => {
                answer.extend_from_slice(&buffer[..n]);
                if let Some(value) = understood(&answer) {
                    return Some(value);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    None
}

/// The column of the first whole `CSI row ; column R`, whatever keys stand around it.
fn column(bytes: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(bytes);
    text.split("\x1b[").skip(1).find_map(|part| {
        let (position, _) = part.split_once('R')?;
        let (row, column) = position.split_once(';')?;
        row.parse::<u16>().ok()?;
        column.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its parts one by one and then would block, as a terminal does.
    struct Parts(Vec<&'static [u8]>);

    impl Read for Parts {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let part = self.0.remove(0);
            buf[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }

    fn answers(parts: &[&'static [u8]]) -> Answers {
        let mut from = Parts(parts.to_vec());
        answers_of(&mut from, &mut io::sink(), Duration::from_millis(20)).unwrap_or_default()
    }

    fn answer(parts: &[&'static [u8]]) -> Option<Ambiguous> {
        answers(parts).width
    }

    #[test]
    fn the_background_comes_along() {
        let light = |parts: &[&'static [u8]]| answers(parts).light;
        let white = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[1;2R";
        assert_eq!(light(&[white]), Some(true));
        assert_eq!(answer(&[white]), Some(Ambiguous::Narrow));
        let black = b"\x1b]11;rgb:1c1c/1c/20\x07\x1b[1;3R";
        assert_eq!(light(&[black]), Some(false));
        assert_eq!(
            light(&[b"\x1b]11;rgba:fd/f6/", b"e3/ff\x1b\\\x1b[1;2R"]),
            Some(true)
        );
        // Whoever does not know the question answers the next one.
        assert_eq!(light(&[b"\x1b[1;2R"]), None);
        for odd in [
            &b"\x1b]11;rgb:/\x1b\\\x1b[1;2R"[..],
            b"\x1b]11;rgb:ffffffffff/0/0\x07\x1b[1;2R",
            b"\x1b]11;#ffffff\x07\x1b[1;2R",
        ] {
            assert_eq!(light(&[odd]), None, "{odd:?}");
        }
    }

    #[test]
    fn the_variable_of_older_terminals_is_understood() {
        for (text, light) in [
            ("15;0", Some(false)),
            ("0;15", Some(true)),
            ("0;default;15", Some(true)),
            ("7;8", Some(false)),
            ("0;7", Some(true)),
            ("default;default", None),
            ("", None),
        ] {
            assert_eq!(light_of_variable(text), light, "{text}");
        }
    }

    #[test]
    fn answers_are_understood() {
        assert_eq!(answer(&[b"\x1b[1;2R"]), Some(Ambiguous::Narrow));
        assert_eq!(answer(&[b"\x1b[1", b";3", b"R"]), Some(Ambiguous::Wide));
        assert_eq!(answer(&[b"jj\x1b[A\x1b[1;3Rk"]), Some(Ambiguous::Wide));
        assert_eq!(answer(&[b"\x1b[1;9R"]), None);
    }

    #[test]
    fn key_protocols_are_understood() {
        let keys = |parts: &[&'static [u8]]| {
            keys_of_answer(
                &mut Parts(parts.to_vec()),
                &mut io::sink(),
                Duration::from_millis(20),
            )
        };
        assert_eq!(keys(&[b"\x1b[?0u\x1b[?62;c"]), Some(true));
        assert_eq!(keys(&[b"\x1b[?6", b"4;1;2c"]), Some(false));
        assert_eq!(keys(&[b"jj"]), None);
    }

    #[test]
    fn silence_ends_at_the_limit() {
        let start = Instant::now();
        assert_eq!(answer(&[b"x"]), None);
        assert!(start.elapsed() >= Duration::from_millis(20));
    }

    #[test]
    fn settings_overrule_the_terminal() {
        let decide = |name, said| AmbiguousWidth::by_name(name).map(|w| w.decide(said));
        for said in [None, Some(Ambiguous::Wide)] {
            assert_eq!(decide("wide", said), Some(Ambiguous::Wide));
            assert_eq!(decide("narrow", said), Some(Ambiguous::Narrow));
            assert_eq!(decide("safe", said), Some(Ambiguous::Safe));
        }
        assert_eq!(decide("auto", None), Some(Ambiguous::Narrow));
        assert_eq!(decide("auto", Some(Ambiguous::Wide)), Some(Ambiguous::Wide));
        assert_eq!(decide("broad", None), None);
    }
}
