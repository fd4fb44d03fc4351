//! How many colours the terminal has, and the nearest ones where a theme names more.

use ratatui::style::Color;

/// How many colours the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Any colour.
    #[default]
    True,
    /// The 256 of xterm.
    Indexed,
    /// The sixteen that everyone sets to his own taste.
    Ansi,
    /// None: `NO_COLOR`, or a terminal without.
    None,
}

/// The grey levels and the cube of xterm's 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// xterm's own values for the sixteen.
const ANSI: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

impl Depth {
    /// The depth of that name in the configuration.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "truecolor" => Self::True,
            "256" => Self::Indexed,
            "16" => Self::Ansi,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::True => "truecolor",
            Self::Indexed => "256",
            Self::Ansi => "16",
            Self::None => "none",
        }
    }

    /// What the environment says, read through `var`: `NO_COLOR`, `COLORTERM`, `TERM`.
    pub fn from_env(var: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str| var(name).filter(|value| !value.is_empty());
        if is("NO_COLOR").is_some() {
            return Self::None;
        }
        let term = is("TERM").unwrap_or_default();
        if term == "dumb" || term.ends_with("-m") || term == "vt100" || term == "vt220" {
            return Self::None;
        }
        let many = is("COLORTERM").is_some_and(|c| c == "truecolor" || c == "24bit");
        if many || term.contains("direct") || is("WT_SESSION").is_some() {
            Self::True
        } else if term.contains("256") {
            Self::Indexed
        } else {
            Self::Ansi
        }
    }

    /// `colour` as this terminal can show it. The sixteen and the terminal's own stay as they are.
    pub fn fit(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::True, any) => any,
            (Self::None, _) => Color::Reset,
            (Self::Indexed, Color::Rgb(r, g, b)) => Color::Indexed(nearest_256(r, g, b)),
            (Self::Ansi, Color::Rgb(r, g, b)) => ansi(nearest_16(r, g, b)),
            (Self::Ansi, Color::Indexed(n)) => {
                let (r, g, b) = rgb_of(n);
                ansi(nearest_16(r, g, b))
            }
            (Self::Indexed | Self::Ansi, any) => any,
        }
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    // Weighted as the eye weighs, in whole numbers.
    let d = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    3 * d(a.0, b.0) + 6 * d(a.1, b.1) + d(a.2, b.2)
}

fn nearest_256(r: u8, g: u8, b: u8) -> u8 {
    (16..=255)
        .min_by_key(|n| distance(rgb_of(*n), (r, g, b)))
        .unwrap_or(15)
}

fn nearest_16(r: u8, g: u8, b: u8) -> u8 {
    (0u8..16)
        .min_by_key(|n| distance(ANSI[usize::from(*n)], (r, g, b)))
        .unwrap_or(15)
}

fn rgb_of(n: u8) -> (u8, u8, u8) {
    match n {
        0..=15 => ANSI[usize::from(n)],
        16..=231 => {
            let n = n - 16;
            let level = |v: u8| CUBE[usize::from(v)];
            (level(n / 36), level(n / 6 % 6), level(n % 6))
        }
        232.. => {
            let grey = 8 + 10 * (n - 232);
            (grey, grey, grey)
        }
    }
}

const fn ansi(n: u8) -> Color {
    match n {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}

/// Red, green and blue of a colour; none for the terminal's own.
pub fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    let named = (0..16).find(|n| ansi(*n) == colour).map(rgb_of);
    match colour {
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(n) => Some(rgb_of(n)),
        _ => named,
    }
}

/// The contrast of two colours after WCAG 2.2, from 1 to 21. Text needs 4.5.
pub fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
    let channel = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let light =
        |c: (u8, u8, u8)| 0.2126 * channel(c.0) + 0.7152 * channel(c.1) + 0.0722 * channel(c.2);
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_read() {
        let depth = |pairs: &[(&str, &str)]| {
            Depth::from_env(|name| {
                pairs
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| (*v).to_owned())
            })
        };
        assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(
            depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            Depth::True
        );
        assert_eq!(depth(&[("TERM", "xterm-direct")]), Depth::True);
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Ansi);
        assert_eq!(depth(&[("TERM", "vt220")]), Depth::None);
        assert_eq!(
            depth(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]),
            Depth::None
        );
        for depth in [Depth::True, Depth::Indexed, Depth::Ansi, Depth::None] {
            assert_eq!(Depth::by_name(depth.name()), Some(depth));
        }
    }

    #[test]
    fn colours_come_down_to_what_there_is() {
        let red = Color::Rgb(0xfe, 0x02, 0x01);
        assert_eq!(Depth::True.fit(red), red);
        assert_eq!(Depth::Indexed.fit(red), Color::Indexed(196));
        assert_eq!(Depth::Ansi.fit(red), Color::LightRed);
        assert_eq!(Depth::Ansi.fit(Color::Indexed(196)), Color::LightRed);
        assert_eq!(Depth::Ansi.fit(Color::Reset), Color::Reset);
        assert_eq!(Depth::None.fit(red), Color::Reset);
        assert_eq!(
            Depth::Indexed.fit(Color::Rgb(0x9a, 0x9a, 0x9a)),
            Color::Indexed(247)
        );
    }

    #[test]
    fn contrast_is_that_of_the_norm() {
        assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 0.01);
        // #767676 on white is the classic grey that just passes.
        assert!(contrast((0x76, 0x76, 0x76), (255, 255, 255)) > 4.5);
        assert!(contrast((0x77, 0x77, 0x77), (255, 255, 255)) < 4.5);
    }
}
