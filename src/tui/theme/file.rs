//! Theme files: a dozen named colours, all of them or those that differ from a built-in theme.
//!
//! ```toml
//! base = "dark"        # what is not named here comes from it
//! accent = "#ffaf00"   # a name, #rrggbb or a number of the 256
//! ```

use std::str::FromStr;

use ratatui::style::Color;
use toml::de::{DeTable, DeValue};

use super::BuiltIn;
use crate::tr;
use crate::tui::keymap::{nearest, place};

macro_rules! colours {
    ($($field:ident $name:literal $doc:literal),+ $(,)?) => {
        /// The colours a theme file names.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme { $(#[doc = $doc] pub $field: Color),+ }

        /// The names in the order of the file.
        const NAMES: &[&str] = &[$($name),+];

        impl Theme {
            fn from_list(list: &[Option<Color>], base: Option<&Theme>) -> Result<Self, &'static str> {
                let mut at = list.iter();
                Ok(Self { $($field: at.next().copied().flatten().or(base.map(|b| b.$field)).ok_or($name)?),+ })
            }
        }
    };
}

colours! {
    text "text" "Running text.",
    background "background" "Behind everything.",
    muted "muted" "What may be overlooked.",
    accent "accent" "Titles, keys, the focused border.",
    border "border" "Borders without focus.",
    selection "selection" "Behind the selected row.",
    selection_text "selection-text" "The text of the selected row.",
    error "error" "Errors.",
    warning "warning" "Warnings.",
    success "success" "Success.",
    added "added" "Inserted text in a redline.",
    removed "removed" "Deleted text in a redline.",
    found "found" "Behind a search match.",
}

/// A mistake in a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {fault}")]
pub struct ThemeError {
    /// The file as the person knows it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in it, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: ThemeFault,
}

/// What can be wrong in a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeFault {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A name that is no colour of a theme.
    #[error("no colour `{name}`{}", nearest.map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Name {
        /// As written.
        name: String,
        /// The nearest colour.
        nearest: Option<&'static str>,
    },
    /// A base that is no built-in theme.
    #[error("no theme `{name}` to begin with")]
    Base {
        /// As written.
        name: String,
    },
    /// A colour that is neither a name, `#rrggbb` nor a number of the 256.
    #[error("`{text}` is not a colour")]
    Colour {
        /// As written.
        text: String,
    },
    /// A colour is missing, and there is no base to take it from.
    #[error("colour `{0}` is missing")]
    Missing(&'static str),
}

impl ThemeError {
    /// The mistake in the language in force.
    pub fn message(&self) -> String {
        let what = match &self.fault {
            ThemeFault::Syntax(text) => tr!("tui-keymap-syntax", text = text.as_str()),
            ThemeFault::Name { name, nearest } => {
                let hint = nearest
                    .map(|name| tr!("tui-keymap-hint", name = name))
                    .unwrap_or_default();
                format!("{}{hint}", tr!("tui-theme-name", name = name.as_str()))
            }
            ThemeFault::Base { name } => tr!("tui-theme-base", name = name.as_str()),
            ThemeFault::Colour { text } => tr!("tui-theme-colour", text = text.as_str()),
            ThemeFault::Missing(name) => tr!("tui-theme-missing", name = (*name)),
        };
        format!("{}:{}:{}: {what}", self.file, self.line, self.column)
    }
}

impl Theme {
    /// Reads a theme file; `file` is its name in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, ThemeError> {
        let at = |offset: usize, fault: ThemeFault| {
            let (line, column) = place(text, offset);
            ThemeError {
                file: file.to_owned(),
                line,
                column,
                fault,
            }
        };
        let table = DeTable::parse(text).map_err(|e| {
            let offset = e.span().map_or(0, |s| s.start);
            at(offset, ThemeFault::Syntax(e.message().to_owned()))
        })?;
        let mut list: Vec<Option<Color>> = vec![None; NAMES.len()];
        let mut base = None;
        for (name, value) in table.get_ref() {
            let written = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.to_string(),
                _ => text.get(value.span()).unwrap_or_default().to_owned(),
            };
            let key = name.get_ref().as_ref();
            if key == "base" {
                let theme = BuiltIn::by_name(&written)
                    .ok_or_else(|| at(value.span().start, ThemeFault::Base { name: written }))?;
                base = Some(theme.theme()?);
                continue;
            }
            let Some(n) = NAMES.iter().position(|known| *known == key) else {
                let fault = ThemeFault::Name {
                    name: key.to_owned(),
                    nearest: nearest(key, NAMES.iter().copied().chain(["base"])),
                };
                return Err(at(name.span().start, fault));
            };
            let colour = Color::from_str(&written)
                .map_err(|_| at(value.span().start, ThemeFault::Colour { text: written }))?;
            list[n] = Some(colour);
        }
        Self::from_list(&list, base.as_ref())
            .map_err(|name| at(text.len(), ThemeFault::Missing(name)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_over_a_built_in_theme() {
        let dark = BuiltIn::Dark.theme().unwrap();
        let own = Theme::parse(
            "my.toml",
            "base = 'dark'\naccent = '#ffaf00'\nmuted = 245\n",
        )
        .unwrap();
        assert_eq!(own.accent, Color::Rgb(0xff, 0xaf, 0));
        assert_eq!(own.muted, Color::Indexed(245));
        assert_eq!(
            Theme {
                accent: dark.accent,
                muted: dark.muted,
                ..own
            },
            dark
        );
    }

    #[test]
    fn mistakes_name_the_place() {
        for (text, wanted) in [
            (
                "text = 'red'",
                "my.toml:1:13: colour `background` is missing",
            ),
            (
                "base = 'dark'\n acent = 'red'\n",
                "my.toml:2:2: no colour `acent`, did you mean `accent`?",
            ),
            (
                "base = 'dark'\nerror = 'redish'\n",
                "my.toml:2:9: `redish` is not a colour",
            ),
            (
                "base = 'dork'\n",
                "my.toml:1:8: no theme `dork` to begin with",
            ),
            (
                "base = 'dark'\nerror = [1]\n",
                "my.toml:2:9: `[1]` is not a colour",
            ),
        ] {
            assert_eq!(
                Theme::parse("my.toml", text).unwrap_err().to_string(),
                wanted
            );
        }
        let _guard = crate::tui::testing::language("zh-CN");
        let error = Theme::parse("my.toml", "base = 'dark'\nacent = 'red'\n").unwrap_err();
        assert_eq!(
            error.message(),
            "my.toml:2:1: 配色里没有名为 acent 的颜色。是不是 accent？"
        );
    }
}
