//! How the queue is laid out at a width, and what its footer offers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Focus, Queue};
use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Command, Env};
use crate::tui::console::reading::{self, comments, findings, history};
use crate::tui::console::{acts, decide, kit};
use crate::tui::draw;

/// From this width on, list, text and record stand beside each other.
const WIDE: u16 = 140;
/// From this width on, list and record stand at the left of the text.
const MIDDLE: u16 = 104;

/// How the parts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// List above text.
    Stacked,
    /// List over record at the left, text at the right.
    Middle,
    /// List, text, record.
    Wide,
    /// The text alone: old and new beside each other need the room.
    Alone,
}

impl Form {
    /// Whether the record has a place of its own.
    pub(super) fn record_apart(self) -> bool {
        matches!(self, Self::Middle | Self::Wide)
    }

    /// Whether old and new could stand beside each other on this terminal.
    pub(super) fn sides_fit(self) -> bool {
        matches!(self, Self::Wide | Self::Alone)
    }

    /// The panes of the text's place.
    pub(super) fn panes(self) -> &'static [Pane] {
        if self.record_apart() {
            &[Pane::Diff, Pane::Text, Pane::Findings, Pane::Fields]
        } else {
            &[
                Pane::Diff,
                Pane::Text,
                Pane::Findings,
                Pane::Record,
                Pane::Fields,
            ]
        }
    }

    /// The pane after (or before) another.
    pub(super) fn next(self, pane: Pane, forward: bool) -> Pane {
        let panes = self.panes();
        let at = panes.iter().position(|p| *p == pane).unwrap_or(0);
        let by = if forward { 1 } else { panes.len() - 1 };
        panes[(at + by) % panes.len()]
    }
}

/// What the place of the text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pane {
    Diff,
    Text,
    Findings,
    Record,
    Fields,
}

/// Where the parts stood when they were last drawn.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub list: Rect,
    pub text: Rect,
    pub record: Rect,
    pub tabs: Vec<(Rect, Pane)>,
}

/// Draws everything below the head.
pub(super) fn render(queue: &mut Queue, body: Rect, buf: &mut Buffer, env: &Env) {
    queue.places = Places::default();
    let reads = queue.focus != Focus::List && queue.detail.is_some();
    queue.form = if body.width >= WIDE && queue.diff.sides() && reads && queue.pane == Pane::Diff {
        Form::Alone
    } else if body.width >= WIDE {
        Form::Wide
    } else if body.width >= MIDDLE {
        Form::Middle
    } else {
        Form::Stacked
    };
    if queue.form.record_apart() && queue.pane == Pane::Record {
        queue.pane = Pane::Diff;
    } else if !queue.form.record_apart() && queue.focus == Focus::Record {
        queue.focus = Focus::Text;
        queue.pane = Pane::Record;
    }
    match queue.form {
        Form::Wide => wide(queue, body, buf, env),
        Form::Middle => middle(queue, body, buf, env),
        Form::Alone => text(queue, inset(body), buf, env),
        Form::Stacked => stacked(queue, body, buf, env, reads),
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

fn line_down(area: Rect, x: u16, buf: &mut Buffer, env: &Env) {
    for y in area.y..area.bottom() {
        let (line, style) = (env.glyphs.vertical, env.styles.border);
        draw::put(buf, x, y, line, style, 1, env.amb);
    }
}

fn line_across(area: Rect, y: u16, buf: &mut Buffer, env: &Env) {
    for x in area.x..area.right() {
        let (line, style) = (env.glyphs.horizontal, env.styles.border);
        draw::put(buf, x, y, line, style, 1, env.amb);
    }
}

fn wide(queue: &mut Queue, body: Rect, buf: &mut Buffer, env: &Env) {
    let left = Rect {
        width: body.width * 3 / 10,
        ..body
    };
    let side = body.width * 22 / 100;
    let middle = Rect {
        x: left.right() + 2,
        width: body.width - left.width - side - 4,
        ..body
    };
    let right = Rect {
        x: middle.right() + 2,
        width: side,
        ..body
    };
    list(queue, left, buf, env);
    line_down(body, left.right(), buf, env);
    text(queue, middle, buf, env);
    line_down(body, middle.right(), buf, env);
    record(queue, right, buf, env);
}

fn middle(queue: &mut Queue, body: Rect, buf: &mut Buffer, env: &Env) {
    let left = Rect {
        width: body.width * 2 / 5,
        ..body
    };
    let top = Rect {
        height: left.height / 2,
        ..left
    };
    let bottom = Rect {
        x: left.x + 1,
        y: top.bottom() + 1,
        width: left.width - 1,
        height: left.height - top.height - 1,
    };
    list(queue, top, buf, env);
    line_across(left, top.bottom(), buf, env);
    record(queue, bottom, buf, env);
    line_down(body, left.right(), buf, env);
    let right = Rect {
        x: left.right() + 2,
        width: body.right().saturating_sub(left.right() + 3),
        ..body
    };
    text(queue, right, buf, env);
}

/// The list is a strip above the text, and no more than the selected row while the text is read.
fn stacked(queue: &mut Queue, body: Rect, buf: &mut Buffer, env: &Env, reads: bool) {
    if queue.lines.is_empty() {
        list(queue, body, buf, env);
        return;
    }
    let rows = if reads {
        1
    } else {
        (body.height / 3).min(queue.lines.len() as u16).max(3)
    };
    // The line of counts and the heads of the columns.
    let top = Rect {
        height: rows + 2,
        ..body
    };
    list(queue, top, buf, env);
    line_across(body, top.bottom(), buf, env);
    let rest = Rect {
        y: top.bottom() + 1,
        height: body.height.saturating_sub(top.height + 1),
        ..body
    };
    text(queue, inset(rest), buf, env);
}

fn list(queue: &mut Queue, area: Rect, buf: &mut Buffer, env: &Env) {
    queue.places.list = area;
    let order = if queue.newest {
        tr!("tui-queue-order-newest")
    } else {
        tr!("tui-queue-order-urgent")
    };
    let mut about = tr!("tui-queue-count", count = queue.all.len());
    if queue.decided > 0 {
        about = format!("{about}  {}", tr!("tui-queue-done", count = queue.decided));
    }
    let filter = queue.filter.describe(&queue.words);
    if filter.is_empty() {
        about = format!("{about}  {order}");
    } else {
        let shown = queue.lines.len();
        about = format!(
            "{about}  {}",
            tr!("tui-queue-filter", count = shown, filter = filter)
        );
    }
    if !queue.table.marks().is_empty() {
        let marked = queue.table.marks().len();
        about = format!("{}  {about}", tr!("tui-list-marked", count = marked));
    }
    let width = area.width.saturating_sub(2);
    draw::put_fit(
        buf,
        area.x + 1,
        area.y,
        &about,
        env.styles.muted,
        width,
        env.amb,
    );
    let rest = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    let key = |action| kit::key(env, action, &[Context::Queue, Context::List]);
    queue.table.say_empty(if queue.all.is_empty() {
        tr!(
            "tui-queue-none",
            items = key(Action::GoItems),
            desk = key(Action::GoDesk)
        )
    } else {
        tr!("tui-queue-filtered", filter = key(Action::Filter))
    });
    queue
        .table
        .render(rest, buf, env, queue.focus == Focus::List);
}

fn record(queue: &mut Queue, area: Rect, buf: &mut Buffer, env: &Env) {
    queue.places.record = area;
    let style = if queue.focus == Focus::Record {
        env.styles.title
    } else {
        env.styles.head
    };
    let title = tr!("tui-label-record");
    pointer(area, buf, env, queue.focus == Focus::Record);
    draw::put_fit(buf, area.x, area.y, &title, style, area.width, env.amb);
    if queue.detail.is_none() {
        return;
    }
    let rest = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    queue.record.render(rest, buf, env);
}

/// The sign of the pane that has the keys, before its title: colour is not the only one.
fn pointer(area: Rect, buf: &mut Buffer, env: &Env, focused: bool) {
    if let (true, Some(x)) = (focused, area.x.checked_sub(1)) {
        let (sign, style) = (env.glyphs.pointer, env.styles.key);
        draw::put(buf, x, area.y, sign, style, 1, env.amb);
    }
}

/// The title, a line about the item, the tabs and what is open of them.
fn text(queue: &mut Queue, area: Rect, buf: &mut Buffer, env: &Env) {
    queue.places.text = area;
    let Some(d) = &queue.detail else { return };
    let title = if queue.focus == Focus::Text {
        env.styles.title
    } else {
        env.styles.strong
    };
    let name = acts::title(&d.view);
    pointer(area, buf, env, queue.focus == Focus::Text);
    draw::put_fit(buf, area.x, area.y, &name, title, area.width, env.amb);
    let about = about(queue, env);
    draw::put_fit(
        buf,
        area.x,
        area.y + 1,
        &about,
        env.styles.muted,
        area.width,
        env.amb,
    );
    let mut x = area.x;
    for pane in queue.form.panes() {
        let text = name_of(queue, *pane);
        let (text, style) = if *pane == queue.pane {
            (format!("[{text}]"), env.styles.tab_open)
        } else {
            (format!(" {text} "), env.styles.tab)
        };
        let room = area.right().saturating_sub(x);
        let used = draw::put(buf, x, area.y + 2, &text, style, room, env.amb);
        queue
            .places
            .tabs
            .push((Rect::new(x, area.y + 2, used, 1), *pane));
        x += used;
    }
    let rest = Rect {
        y: area.y + 3,
        height: area.height.saturating_sub(3),
        ..area
    };
    match queue.pane {
        Pane::Diff if d.view.purged => {
            let (text, style) = (tr!("error-purged"), env.styles.warning);
            draw::put_fit(buf, rest.x, rest.y, &text, style, rest.width, env.amb);
        }
        Pane::Diff => queue.diff.render(rest, buf, env),
        Pane::Text => queue.text.render(rest, buf, env),
        Pane::Record => queue.record.render(rest, buf, env),
        Pane::Findings => queue.findings.render(rest, buf, env),
        Pane::Fields => queue.fields.render(rest, buf, env),
    }
}

/// Who handed it in, how long ago, where it stands: what one wants to know without opening the
/// record.
fn about(queue: &Queue, env: &Env) -> String {
    let Some(d) = &queue.detail else {
        return String::new();
    };
    let line = &d.view.line;
    // What one decides by comes first: a narrow line cuts the end.
    let mut parts = vec![d.words.stage(line)];
    parts.extend(d.diff.as_ref().map(reading::redline_title));
    if let Some(person) = &d.view.submitter {
        parts.push(d.words.person(person).to_owned());
    }
    if let Some(at) = line.submitted_at {
        parts.push(history::waiting(env.now_us - at));
    }
    if let Some(c) = d.view.clearances.last() {
        let word = crate::locale::word("conclusion", c.conclusion.code());
        parts.push(format!(
            "{word} ({})",
            tr!("tui-label-revision-n", n = c.revision)
        ));
    }
    parts.push(d.words.place(&line.column));
    parts.join("  ")
}

fn name_of(queue: &Queue, pane: Pane) -> String {
    match pane {
        Pane::Diff => {
            let whole = queue
                .detail
                .as_ref()
                .and_then(|d| d.diff.as_ref())
                .is_none_or(|d| d.from == 0);
            if whole {
                tr!("tui-queue-tab-diff")
            } else {
                queue.diff.position()
            }
        }
        Pane::Text => match comments::open(queue.text.threads()) {
            0 => tr!("tui-item-tab-body"),
            n => format!(
                "{} ({})",
                tr!("tui-item-tab-body"),
                tr!("tui-comments-count", count = n)
            ),
        },
        Pane::Record => tr!("tui-queue-tab-record"),
        Pane::Findings => {
            let found = queue.detail.as_ref().map_or(&[][..], |d| &d.found);
            let open = found.iter().filter(|f| f.waiver.is_none()).count();
            let name = tr!("tui-item-tab-findings");
            match (open, found.iter().any(findings::is_grave)) {
                (0, _) => name,
                (n, false) => format!("{name} ({n})"),
                (n, true) => format!("{name} ({n}!)"),
            }
        }
        Pane::Fields => tr!("tui-queue-tab-fields"),
    }
}

/// What the footer and the palette offer.
pub(super) fn commands(queue: &Queue) -> Vec<Command> {
    let mut list = Vec::new();
    if queue.text.picking() {
        return vec![
            Command::hint(Action::StartSelection),
            Command::hint(Action::MoveWordRight),
            Command::hint(Action::NextSentence),
            Command::hint(Action::AddComment),
            Command::hint(Action::CopyText),
            Command::hint(Action::CancelSelection),
        ];
    }
    if queue.focus == Focus::Text && queue.pane == Pane::Findings {
        let found = queue
            .detail
            .as_ref()
            .and_then(|d| d.found.get(queue.finding));
        list.push(Command::hint(Action::Open).when(found.is_some()));
        let open = found.is_some_and(|f| f.waiver.is_none());
        list.push(Command::hint(Action::WaiveFinding).when(open));
        let waived = found.is_some_and(|f| f.waiver.is_some());
        list.push(Command::hint(Action::UnwaiveFinding).when(waived));
    }
    if let Some(d) = &queue.detail {
        // What is no decision the palette offers too, or says why not.
        list.extend(acts::commands(&d.view).into_iter().map(|c| Command {
            hint: c.hint && decide::takes(c.action),
            ..c
        }));
        list.push(Command::hint(Action::NextChange).when(queue.diff.changes() > 0));
        list.push(Command::hint(Action::FocusNext));
        list.push(Command::hint(Action::Skip));
        list.push(Command::hint(Action::ToggleSides).when(queue.form.sides_fit()));
        list.push(Command::quiet(Action::PreviousChange).when(queue.diff.changes() > 0));
        for quiet in [
            Action::PreviousItem,
            Action::ShowDiff,
            Action::ShowBody,
            Action::ShowRecord,
            Action::ShowFindings,
            Action::ShowFields,
            Action::StartPassage,
            Action::NextComment,
            Action::PreviousComment,
            Action::ToggleFold,
            Action::UnfoldOne,
            Action::MoreContext,
            Action::LessContext,
            Action::ToggleMarks,
            Action::Preview,
            Action::Open,
            Action::NextTab,
        ] {
            list.push(Command::quiet(quiet));
        }
        list.push(Command::quiet(Action::PrintForm).when(!d.view.clearances.is_empty()));
        let on = queue.text.thread().is_some();
        list.push(Command::quiet(Action::ReplyComment).when(on));
        list.push(Command::quiet(Action::SettleComment).when(on));
    }
    list.push(Command::hint(Action::CopyText).when(queue.has_dragged()));
    list.push(Command::hint(Action::Filter).when(!queue.all.is_empty()));
    list.push(Command::quiet(Action::ToggleMark).when(!queue.lines.is_empty()));
    list.push(Command::quiet(Action::MarkAll).when(!queue.lines.is_empty()));
    list.push(Command::quiet(Action::SortBy));
    list.push(Command::quiet(Action::Refresh));
    list
}
