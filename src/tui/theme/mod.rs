//! Colours, from a dozen named ones to the style of everything on screen.
//!
//! A theme file names few colours; [`Styles`] works out the rest, so that a person's theme stays
//! small and new widgets need no new line in it. Every distinction carries a modifier or a sign
//! as well: with `NO_COLOR` nothing is lost but the colours.

mod file;

pub use file::{Theme, ThemeError, ThemeFault};

use ratatui::style::{Color, Modifier, Style};

use crate::tr;

/// The themes inside the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BuiltIn {
    /// Dark text on a light terminal.
    Light,
    /// Light text on a dark terminal.
    #[default]
    Dark,
    /// Strong contrast for weak eyes and bad screens.
    HighContrast,
}

impl BuiltIn {
    /// Every built-in theme.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::HighContrast];

    /// Its name in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::HighContrast => "high-contrast",
        }
    }

    /// The theme of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The theme for what the terminal has behind its text; dark where that is not known, as most
    /// are.
    pub const fn for_background(light: Option<bool>) -> Self {
        match light {
            Some(true) => Self::Light,
            _ => Self::Dark,
        }
    }

    /// Its name for people.
    pub fn title(self) -> String {
        match self {
            Self::Light => tr!("tui-theme-light"),
            Self::Dark => tr!("tui-theme-dark"),
            Self::HighContrast => tr!("tui-theme-high-contrast"),
        }
    }

    /// The theme that follows in the cycle of the key.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::HighContrast,
            Self::HighContrast => Self::Light,
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Light => include_str!("light.toml"),
            Self::Dark => include_str!("dark.toml"),
            Self::HighContrast => include_str!("high-contrast.toml"),
        }
    }

    /// Its styles. Built-in files are read by a test; a broken one would give the plain styles.
    pub fn styles(self) -> Styles {
        self.theme()
            .map_or_else(|_| Styles::plain(), |t| Styles::from_theme(&t))
    }

    fn theme(self) -> Result<Theme, ThemeError> {
        Theme::parse(self.name(), self.source())
    }
}

/// The style of everything on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Styles {
    /// Whether there is any colour; without it redlines carry written marks.
    pub colour: bool,
    /// Behind and under everything.
    pub base: Style,
    /// Running text.
    pub text: Style,
    /// What may be overlooked.
    pub muted: Style,
    /// Emphasis.
    pub strong: Style,
    /// Titles of boxes and screens.
    pub title: Style,
    /// Borders without focus.
    pub border: Style,
    /// The border of the box that has the keys.
    pub border_focused: Style,
    /// The selected row of the list that has the keys.
    pub selected: Style,
    /// The selected row of another list.
    pub selected_unfocused: Style,
    /// The sign of a marked row.
    pub marked: Style,
    /// Column heads.
    pub head: Style,
    /// The line of tabs.
    pub tab: Style,
    /// The open tab.
    pub tab_open: Style,
    /// The footer.
    pub footer: Style,
    /// A key in the footer, in help or a popup.
    pub key: Style,
    /// A label of a field.
    pub label: Style,
    /// A field.
    pub field: Style,
    /// The field that has the keys.
    pub field_focused: Style,
    /// Selected text.
    pub selection: Style,
    /// A search match.
    pub found: Style,
    /// Errors.
    pub error: Style,
    /// Warnings.
    pub warning: Style,
    /// Success.
    pub success: Style,
    /// Inserted text in a redline.
    pub added: Style,
    /// Deleted text in a redline.
    pub removed: Style,
    /// The change a redline stands on.
    pub change_current: Style,
}

impl Styles {
    /// Works out every style from the colours of a theme.
    pub fn from_theme(theme: &Theme) -> Self {
        let plain = Self::plain();
        let base = Style::new().fg(theme.text).bg(theme.background);
        let fg = |style: Style, colour: Color| style.fg(colour);
        let selected = Style::new()
            .fg(theme.selection_text)
            .bg(theme.selection)
            .add_modifier(Modifier::BOLD);
        Self {
            colour: true,
            base,
            text: fg(plain.text, theme.text),
            muted: Style::new().fg(theme.muted),
            strong: fg(plain.strong, theme.text),
            title: fg(plain.title, theme.accent),
            border: fg(plain.border, theme.border),
            border_focused: fg(plain.border_focused, theme.accent),
            selected,
            selected_unfocused: fg(plain.selected_unfocused, theme.text),
            marked: fg(plain.marked, theme.accent),
            head: fg(plain.head, theme.muted),
            tab: fg(plain.tab, theme.muted),
            tab_open: fg(plain.tab_open, theme.accent),
            footer: fg(plain.footer, theme.muted),
            key: fg(plain.key, theme.accent),
            label: fg(plain.label, theme.muted),
            field: fg(plain.field, theme.text),
            field_focused: fg(plain.field_focused, theme.text),
            selection: Style::new().fg(theme.selection_text).bg(theme.selection),
            found: plain
                .found
                .fg(theme.selection_text)
                .bg(theme.found)
                .remove_modifier(Modifier::REVERSED),
            error: fg(plain.error, theme.error),
            warning: fg(plain.warning, theme.warning),
            success: fg(plain.success, theme.success),
            added: fg(plain.added, theme.added),
            removed: fg(plain.removed, theme.removed),
            change_current: plain.change_current,
        }
    }

    /// Without any colour, for `NO_COLOR` and simple terminals.
    pub fn plain() -> Self {
        let s = Style::new();
        let bold = s.add_modifier(Modifier::BOLD);
        let reversed = s.add_modifier(Modifier::REVERSED);
        let underlined = s.add_modifier(Modifier::UNDERLINED);
        Self {
            colour: false,
            base: s,
            text: s,
            muted: s.add_modifier(Modifier::DIM),
            strong: bold,
            title: bold,
            border: s.add_modifier(Modifier::DIM),
            border_focused: bold,
            selected: reversed,
            selected_unfocused: underlined,
            marked: bold,
            head: underlined,
            tab: s,
            tab_open: reversed,
            footer: s,
            key: bold,
            label: s,
            field: underlined,
            field_focused: underlined.add_modifier(Modifier::BOLD),
            selection: reversed,
            found: reversed,
            error: bold,
            warning: bold,
            success: s,
            added: underlined,
            removed: s.add_modifier(Modifier::CROSSED_OUT),
            change_current: reversed,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tui::colour::{Depth, contrast, rgb};

    #[test]
    fn built_in_themes_are_whole() {
        for theme in BuiltIn::ALL {
            theme.theme().unwrap();
            assert_eq!(BuiltIn::by_name(theme.name()), Some(theme));
            assert_ne!(theme.next(), theme);
            assert_ne!(theme.styles(), Styles::plain());
        }
    }

    /// Every pair of text and what is behind it, by name.
    fn pairs(t: &Theme) -> Vec<(&'static str, Color, Color)> {
        let mut list: Vec<(&'static str, Color, Color)> = [
            ("text", t.text),
            ("muted", t.muted),
            ("accent", t.accent),
            ("error", t.error),
            ("warning", t.warning),
            ("success", t.success),
            ("added", t.added),
            ("removed", t.removed),
        ]
        .into_iter()
        .map(|(name, colour)| (name, colour, t.background))
        .collect();
        list.push(("selection-text", t.selection_text, t.selection));
        list.push(("found", t.selection_text, t.found));
        list
    }

    #[test]
    fn text_can_be_read_by_everyone() {
        // What terminals have behind text where a theme leaves that to them.
        let dark: &[(u8, u8, u8)] = &[(0, 0, 0), (0x1c, 0x1c, 0x20), (0x28, 0x2c, 0x34)];
        let light: &[(u8, u8, u8)] = &[(255, 255, 255), (0xfd, 0xfd, 0xfd), (0xf5, 0xf5, 0xf5)];
        for (built_in, own, ink) in [
            (BuiltIn::Dark, dark, (0xe0, 0xe0, 0xe0)),
            (BuiltIn::Light, light, (0x20, 0x20, 0x20)),
            (BuiltIn::HighContrast, dark, (255, 255, 255)),
        ] {
            for depth in [Depth::True, Depth::Indexed] {
                for (name, front, behind) in pairs(&built_in.theme().unwrap()) {
                    let front = rgb(depth.fit(front)).unwrap_or(ink);
                    let behind = rgb(depth.fit(behind)).map_or(own.to_vec(), |c| vec![c]);
                    for behind in behind {
                        let found = contrast(front, behind);
                        let wanted = if built_in == BuiltIn::HighContrast {
                            7.0
                        } else {
                            4.5
                        };
                        assert!(
                            found >= wanted,
                            "{} {name} {depth:?}: {found:.2} of {front:?} on {behind:?}",
                            built_in.name()
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn sixteen_colours_keep_text_apart_from_what_is_behind() {
        for built_in in BuiltIn::ALL {
            for (name, front, behind) in pairs(&built_in.theme().unwrap()) {
                let (front, behind) = (Depth::Ansi.fit(front), Depth::Ansi.fit(behind));
                assert!(
                    front != behind || front == Color::Reset,
                    "{} {name}: {front:?}",
                    built_in.name()
                );
            }
        }
    }

    #[test]
    fn colour_is_never_the_only_sign() {
        let styles: Vec<Styles> = BuiltIn::ALL
            .into_iter()
            .map(BuiltIn::styles)
            .chain([Styles::plain()])
            .collect();
        for s in styles {
            // Things that stand side by side and mean different things must differ without colour.
            for (a, b) in [
                (s.added, s.removed),
                (s.added, s.text),
                (s.removed, s.text),
                (s.selected, s.text),
                (s.selected_unfocused, s.selected),
                (s.selected_unfocused, s.text),
                (s.tab_open, s.tab),
                (s.field_focused, s.field),
                (s.border_focused, s.border),
            ] {
                assert_ne!(a.add_modifier, b.add_modifier, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn plain_styles_have_no_colour() {
        let text = format!("{:?}", Styles::plain());
        assert!(!text.contains("fg(") && !text.contains("bg("), "{text}");
    }
}
