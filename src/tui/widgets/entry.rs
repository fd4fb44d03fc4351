//! What every entry of a form has besides its value: a label, whether it may be empty, an error.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tr;
use crate::tui::component::Env;
use crate::tui::draw;

/// Label, duty and error of an entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub label: String,
    pub required: bool,
    pub error: Option<String>,
}

impl Head {
    pub(crate) fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Checks that a required entry is not empty, and shows it if it is.
    pub(crate) fn check(&mut self, empty: bool) -> bool {
        if self.required && empty {
            self.error = Some(tr!("tui-dialog-required"));
        }
        self.error.is_none()
    }

    /// Draws pointer and label, the label in `label_width` cells; gives back where the value goes.
    pub(crate) fn draw(
        &self,
        area: Rect,
        buf: &mut Buffer,
        env: &Env,
        focused: bool,
        label_width: u16,
    ) -> Rect {
        let mark = if self.required { "*" } else { " " };
        let pointer = if focused { env.glyphs.pointer } else { " " };
        draw::put(buf, area.x, area.y, pointer, env.styles.key, 1, env.amb);
        let text = format!("{}{mark}", self.label);
        let style = env.styles.label;
        draw::put_fit(buf, area.x + 1, area.y, &text, style, label_width, env.amb);
        Rect {
            x: area.x + 2 + label_width,
            width: area.width.saturating_sub(2 + label_width),
            ..area
        }
    }

    /// Draws the error, if there is one, into the row at `y`.
    pub(crate) fn draw_error(&self, value: Rect, y: u16, buf: &mut Buffer, env: &Env) {
        if let Some(error) = &self.error {
            let (text, style) = (format!("! {error}"), env.styles.error);
            draw::put_fit(buf, value.x, y, &text, style, value.width, env.amb);
        }
    }
}
