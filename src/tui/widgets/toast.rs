//! One line said in passing, in the place of the footer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::Toast;
use crate::tui::component::{Env, ToastKind};
use crate::tui::draw;

pub(crate) fn render(area: Rect, buf: &mut Buffer, env: &Env, toast: &Toast) {
    let (sign, style) = match toast.kind {
        ToastKind::Success => ("+", env.styles.success),
        ToastKind::Info => ("-", env.styles.strong),
        ToastKind::Warning => ("!", env.styles.warning),
        ToastKind::Error => ("!!", env.styles.error),
    };
    draw::clear(buf, area, style, env.amb);
    let text = toast.text.replace('\n', " ");
    draw::put_fit(
        buf,
        area.x + 1,
        area.y,
        &format!("{sign} {text}"),
        style,
        area.width.saturating_sub(2),
        env.amb,
    );
}
