//! Asks the terminal how wide it draws “ before anything else is drawn.
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

    /// The width to draw with; a silent terminal counts as narrow, as most are.
    pub fn decide(self) -> Ambiguous {
        match self {
            Self::Narrow => Ambiguous::Narrow,
            Self::Wide => Ambiguous::Wide,
            Self::Safe => Ambiguous::Safe,
            Self::Auto => ask().unwrap_or_default(),
        }
    }
}

/// How long the terminal has for its answer.
const LIMIT: Duration = Duration::from_millis(200);

/// Asks the terminal. Call it in raw mode on the alternate screen, before the input thread.
pub fn ask() -> Option<Ambiguous> {
    width_of_answer(&mut *terminal()?, &mut io::stdout(), LIMIT)
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

fn width_of_answer(from: &mut dyn Read, to: &mut dyn Write, limit: Duration) -> Option<Ambiguous> {
    // Home, the quote, where is the cursor?, home, erase the row.
    let question = "\x1b[H\u{201c}\x1b[6n\x1b[H\x1b[2K".as_bytes();
    match asked(from, to, question, limit, column)? {
        2 => Some(Ambiguous::Narrow),
        3 => Some(Ambiguous::Wide),
        _ => None,
    }
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

    fn answer(parts: &[&'static [u8]]) -> Option<Ambiguous> {
        width_of_answer(
            &mut Parts(parts.to_vec()),
            &mut io::sink(),
            Duration::from_millis(20),
        )
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
        assert_eq!(
            AmbiguousWidth::by_name("wide").map(AmbiguousWidth::decide),
            Some(Ambiguous::Wide)
        );
        assert_eq!(
            AmbiguousWidth::by_name("narrow").map(AmbiguousWidth::decide),
            Some(Ambiguous::Narrow)
        );
        assert_eq!(
            AmbiguousWidth::by_name("safe").map(AmbiguousWidth::decide),
            Some(Ambiguous::Safe)
        );
        assert_eq!(AmbiguousWidth::by_name("broad"), None);
    }
}
