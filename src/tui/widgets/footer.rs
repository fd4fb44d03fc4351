//! The last row of the screen: the keys of what can be done here, and the running task.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::app::Task;
use crate::tui::component::{Command, Env};
use crate::tui::draw;
use crate::tui::key::sequence_text;

/// Draws it. Hints that do not fit are left out from the end; help is always there.
pub(crate) fn render(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    contexts: &[Context],
    commands: &[Command],
    task: Option<&Task>,
) {
    draw::clear(buf, area, env.styles.footer, env.amb);
    let mut end = area.right();
    if let Some(key) = hint_key(env, Action::Help, contexts) {
        let text = Context::Help.title();
        end =
            end.saturating_sub((text_width(&text, env.amb) + text_width(&key, env.amb) + 2) as u16);
        let used = draw::put(
            buf,
            end,
            area.y,
            &key,
            env.styles.key,
            area.right() - end,
            env.amb,
        );
        draw::put(
            buf,
            end + used + 1,
            area.y,
            &text,
            env.styles.footer,
            area.right().saturating_sub(end + used + 1),
            env.amb,
        );
        env.hits.act(
            Rect::new(end, area.y, area.right() - end, 1),
            vec![Action::Help],
        );
    }
    if let Some(task) = task {
        let text = if task.total > 0 {
            tr!(
                "tui-task-progress",
                label = task.label.as_str(),
                done = task.done,
                total = task.total
            )
        } else {
            tr!("tui-task-running", label = task.label.as_str())
        };
        end = draw::put_right(
            buf,
            end.saturating_sub(2),
            area.y,
            &text,
            env.styles.warning,
            area.width / 3,
            env.amb,
        );
    }
    let mut x = area.x + 1;
    for command in commands.iter().filter(|c| c.hint && c.enabled) {
        let Some(key) = hint_key(env, command.action, contexts) else {
            continue;
        };
        let text = command.action.describe();
        let width = (text_width(&key, env.amb) + 1 + text_width(&text, env.amb)) as u16;
        if x + width + 2 > end {
            break;
        }
        env.hits
            .act(Rect::new(x, area.y, width, 1), vec![command.action]);
        x += draw::put(buf, x, area.y, &key, env.styles.key, width, env.amb) + 1;
        x += draw::put(buf, x, area.y, &text, env.styles.footer, width, env.amb) + 2;
    }
}

fn hint_key(env: &Env, action: Action, contexts: &[Context]) -> Option<String> {
    env.keymap
        .keys_for(action, contexts)
        .first()
        .map(|keys| sequence_text(keys))
}
