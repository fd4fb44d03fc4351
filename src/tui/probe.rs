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
}

impl AmbiguousWidth {
    /// The setting of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "narrow" => Some(Self::Narrow),
            "wide" => Some(Self::Wide),
            _ => None,
        }
    }

    /// The width to draw with; a silent terminal counts as narrow, as most are.
    pub fn decide(self) -> Ambiguous {
        match self {
            Self::Narrow => Ambiguous::Narrow,
            Self::Wide => Ambiguous::Wide,
            Self::Auto => ask().unwrap_or_default(),
        }
    }
}

/// How long the terminal has for its answer.
const LIMIT: Duration = Duration::from_millis(200);

/// Asks the terminal. Call it in raw mode on the alternate screen, before the input thread.
#[cfg(unix)]
pub fn ask() -> Option<Ambiguous> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let mut tty = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open("/dev/tty")
        .ok()?;
    ask_through(&mut tty, &mut io::stdout(), LIMIT)
}

/// Other systems lay out narrow.
#[cfg(not(unix))]
pub fn ask() -> Option<Ambiguous> {
    None
}

/// The question and its answer over any pair of streams; `from` must not block.
fn ask_through(from: &mut dyn Read, to: &mut dyn Write, limit: Duration) -> Option<Ambiguous> {
    // Home, the quote, where is the cursor?, home, erase the row.
    to.write_all("\x1b[H\u{201c}\x1b[6n\x1b[H\x1b[2K".as_bytes())
        .ok()?;
    to.flush().ok()?;
    let start = Instant::now();
    let mut answer = Vec::new();
    let mut buffer = [0u8; 64];
    while start.elapsed() < limit {
        match from.read(&mut buffer) {
            Ok(0) => std::thread::sleep(Duration::from_millis(1)),
            Ok(n) => {
                answer.extend_from_slice(&buffer[..n]);
                if let Some(column) = column(&answer) {
                    return match column {
                        2 => Some(Ambiguous::Narrow),
                        3 => Some(Ambiguous::Wide),
                        _ => None,
                    };
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
        ask_through(
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
        assert_eq!(AmbiguousWidth::by_name("safe"), None);
    }
}
