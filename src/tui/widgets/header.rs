//! The first row of a screen: where one is, what else there is, and what is true right now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::component::Env;
use crate::tui::draw;

/// Draws the title, the tabs with the open one marked, and `state` at the right; gives back the
/// area below. A click on a tab goes there tab by tab.
pub fn render(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    title: &str,
    tabs: &[String],
    open: usize,
    state: &str,
) -> Rect {
    let steps = |n: usize| {
        let (action, count) = if open >= tabs.len() {
            (Action::NextTab, 0)
        } else if n > open {
            (Action::NextTab, n - open)
        } else {
            (Action::PreviousTab, open - n)
        };
        vec![action; count]
    };
    render_with(area, buf, env, title, tabs, open, state, &steps)
}

/// The same where a click on the n-th tab does `click(n)`.
#[allow(clippy::too_many_arguments)]
pub fn render_with(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    title: &str,
    tabs: &[String],
    open: usize,
    state: &str,
    click: &dyn Fn(usize) -> Vec<Action>,
) -> Rect {
    if area.height == 0 {
        return area;
    }
    let end = draw::put_right(
        buf,
        area.right().saturating_sub(1),
        area.y,
        state,
        env.styles.muted,
        area.width / 2,
        env.amb,
    );
    let mut x = area.x + 1;
    // A title that is cut says so.
    let room = end.saturating_sub(x + 1);
    draw::put_fit(buf, x, area.y, title, env.styles.title, room, env.amb);
    x += (crate::text::text_width(title, env.amb) as u16).min(room) + 2;
    for (n, tab) in tabs.iter().enumerate() {
        let (style, text) = if n == open {
            (env.styles.tab_open, format!("[{tab}]"))
        } else {
            (env.styles.tab, format!(" {tab} "))
        };
        let width = crate::text::text_width(&text, env.amb) as u16;
        if x + width >= end {
            break;
        }
        let used = draw::put(buf, x, area.y, &text, style, width, env.amb);
        env.hits.act(Rect::new(x, area.y, used, 1), click(n));
        x += used;
    }
    Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    }
}
