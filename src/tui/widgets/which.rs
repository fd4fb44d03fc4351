//! What can follow a prefix, shown when the hand hesitates.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text_width;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw;
use crate::tui::key::{KeyPress, sequence_text};
use crate::tui::keymap::Continuation;

pub(crate) fn render(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    pending: &[KeyPress],
    ways: &[Continuation],
) {
    let lines: Vec<(String, String)> = ways
        .iter()
        .map(|way| {
            (
                way.key.to_string(),
                way.action
                    .map_or_else(|| tr!("tui-which-more"), Action::describe),
            )
        })
        .collect();
    let keys = lines
        .iter()
        .map(|(k, _)| text_width(k, env.amb))
        .max()
        .unwrap_or(0) as u16;
    let texts = lines
        .iter()
        .map(|(_, t)| text_width(t, env.amb))
        .max()
        .unwrap_or(0) as u16;
    let width = (keys + texts + 6).min(area.width);
    let height = (lines.len() as u16 + 2).min(area.height);
    let place = Rect::new(
        area.right().saturating_sub(width),
        area.bottom().saturating_sub(height),
        width,
        height,
    );
    let inside = draw::frame(
        buf,
        place,
        &sequence_text(pending),
        env.styles.border_focused,
        env.styles.title,
        env.amb,
    );
    for ((key, text), y) in lines.iter().zip(inside.y..inside.bottom()) {
        draw::put(buf, inside.x + 1, y, key, env.styles.key, keys, env.amb);
        draw::put(
            buf,
            inside.x + 2 + keys,
            y,
            text,
            env.styles.text,
            inside.width.saturating_sub(keys + 2),
            env.amb,
        );
    }
}
