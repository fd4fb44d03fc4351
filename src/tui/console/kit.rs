//! What all screens share: the head, asking the desk, telling refusals, dialogs that keep what
//! was typed until the act is done.

mod dialog;
pub mod each;
mod list;
mod path;
mod report;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::{self, Desk, DeskError};
use crate::locale;
use crate::text::text_width;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Component, Cx, Env, ToastKind};
use crate::tui::console::seat::{Me, Said, Seat, Sitter};
use crate::tui::draw::{self, Piece};
use crate::tui::theme::Styles;
use crate::tui::widgets::{Choice, Paragraph, header, put_wrapped, wrapped_height};

pub use dialog::{Deed, Dialog, FormAsk, Maker, Notice, chosen, pick};
pub use each::{Outcome, each, of_items, of_things};
pub use list::{Listing, Rows, Slot};
pub use path::{PathPrompt, Wanted};
pub use report::Report;

/// What the screens of one console know together.
#[derive(Default)]
pub struct Shared {
    /// Who is at the keyboard.
    pub me: RefCell<Me>,
    /// Who could be.
    pub sitters: Vec<Sitter>,
    /// The screen is locked.
    pub locked: Cell<bool>,
    /// Items with text in an editor of this console that is not saved.
    pub unsaved: RefCell<BTreeSet<String>>,
    /// Whether the terminal is light, where it said so.
    pub light: Cell<Option<bool>>,
    /// The settings in force and the file they come from.
    pub settings: RefCell<crate::tui::console::config::Source>,
}

/// Handle to it.
pub type House = Rc<Shared>;

/// The screens of the head, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first screen.
    Desk,
    /// Lists.
    Items,
    /// What waits for a decision.
    Queue,
    /// Dates.
    Schedule,
    /// Sites and columns.
    Sites,
    /// The journal.
    Journal,
    /// Persons.
    People,
    /// What goes live together.
    Bundles,
    /// How the console looks and behaves.
    Settings,
}

/// The tabs, and what leads to each.
const TABS: [(Place, Action); 9] = [
    (Place::Desk, Action::GoDesk),
    (Place::Items, Action::GoItems),
    (Place::Queue, Action::GoQueue),
    (Place::Schedule, Action::GoSchedule),
    (Place::Sites, Action::GoSites),
    (Place::Journal, Action::GoJournal),
    (Place::People, Action::GoPeople),
    (Place::Bundles, Action::GoBundles),
    (Place::Settings, Action::GoSettings),
];

fn tab_title(place: Place) -> String {
    match place {
        Place::Desk => tr!("tui-tab-desk"),
        Place::Items => tr!("tui-tab-items"),
        Place::Queue => tr!("tui-tab-queue"),
        Place::Schedule => tr!("tui-tab-schedule"),
        Place::Sites => tr!("tui-tab-sites"),
        Place::Journal => tr!("tui-tab-journal"),
        Place::People => tr!("tui-tab-people"),
        Place::Bundles => tr!("tui-tab-bundles"),
        Place::Settings => tr!("tui-tab-settings"),
    }
}

/// Draws the head and gives back the area below. Tabs that do not fit are left out from the end,
/// but never the open one. A click on one leads there.
pub fn head(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    house: &House,
    place: Option<Place>,
    state: &str,
) -> Rect {
    if area.height == 0 {
        return area;
    }
    let me = house.me.borrow();
    let right = if state.is_empty() {
        me.name.clone()
    } else {
        format!("{state}  {}", me.name)
    };
    let end = draw::put_right(
        buf,
        area.right().saturating_sub(1),
        area.y,
        &right,
        env.styles.muted,
        area.width / 2,
        env.amb,
    );
    let mut x = area.x + 1;
    let room = |x: u16| end.saturating_sub(x + 1);
    x += draw::put(
        buf,
        x,
        area.y,
        &tr!("app-name"),
        env.styles.title,
        room(x),
        env.amb,
    ) + 2;
    let width = |tab: &(Place, Action)| text_width(&tab_title(tab.0), env.amb) as u16 + 2;
    for tab in &TABS {
        let (own, open) = (width(tab), Some(tab.0) == place);
        // The open tab keeps its room: those before it give way.
        let reserved = TABS
            .iter()
            .skip_while(|t| t.0 != tab.0)
            .skip(1)
            .find(|t| Some(t.0) == place)
            .map_or(0, width);
        if x + own + reserved >= end {
            continue;
        }
        let title = tab_title(tab.0);
        let (style, text) = if open {
            (env.styles.tab_open, format!("[{title}]"))
        } else {
            (env.styles.tab, format!(" {title} "))
        };
        draw::put(buf, x, area.y, &text, style, own, env.amb);
        env.hits.act(Rect::new(x, area.y, own, 1), vec![tab.1]);
        x += own;
    }
    Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    }
}

/// Draws the head of a layer below the tabs: a title with tabs of its own.
pub fn head_of(
    area: Rect,
    buf: &mut Buffer,
    env: &Env,
    title: &str,
    tabs: &[String],
    open: usize,
    state: &str,
) -> Rect {
    header::render(area, buf, env, title, tabs, open, state)
}

/// Asks the seat for data. An error goes to `told`, which shows it in place: a popup would come
/// back each time it is closed.
pub fn load<C: Component<Seat>, T: Send + 'static>(
    cx: &mut Cx<'_, Seat>,
    job: impl FnOnce(&mut Seat) -> desk::Result<T> + Send + 'static,
    then: impl FnOnce(&mut C, Result<T, Said>, &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask(move |seat| job(seat).map_err(|e| Said::of(&e)), then);
}

/// Does something at the desk. A refusal is a notice that stays until it is read.
pub fn act<C: Component<Seat>, T: Send + 'static>(
    cx: &mut Cx<'_, Seat>,
    job: impl FnOnce(&mut Desk) -> desk::Result<T> + Send + 'static,
    then: impl FnOnce(&mut C, T, &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask(
        move |seat: &mut Seat| seat.desk().and_then(job).map_err(|e| Said::of(&e)),
        |me: &mut C, result, cx| match result {
            Ok(value) => then(me, value, cx),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

/// The rule's answer to what the roles of the person at the keyboard do not let him do anywhere.
pub fn no_right(house: &House) -> Said {
    let person = house.me.borrow().name.clone();
    let refusal = crate::rules::refusal::refuse("right.missing", &[("person", person)]);
    Said::of(&DeskError::Refused(refusal))
}

/// A time to the minute, short where the year goes without saying.
pub fn when(at: i64, now: i64) -> String {
    let text = locale::instant(at);
    if text.get(..4) == locale::instant(now).get(..4) {
        text.get(5..).unwrap_or_default().to_owned()
    } else {
        text
    }
}

/// Reads `2026-01-31 09:00` or `2026-01-31T09:00` in the zone in force, µs.
pub fn instant_of(text: &str) -> Option<i64> {
    let text = text.trim().replace(' ', "T");
    let date: jiff::civil::DateTime = text.parse().ok()?;
    let at = zone().to_timestamp(date).ok()?;
    Some(at.as_microsecond())
}

/// A paragraph "label: value".
pub fn labelled(label: &str, value: impl Into<String>, styles: &Styles) -> Paragraph {
    Paragraph {
        pieces: vec![
            Piece::new(format!("{label}{}", tr!("tui-colon")), styles.label),
            Piece::new(value, styles.text),
        ],
        indent: 0,
    }
}

/// An empty row between two parts of a text.
pub fn blank() -> Paragraph {
    Paragraph::default()
}

/// The heading of a part of a text.
pub fn heading(text: &str, styles: &Styles) -> Paragraph {
    Paragraph::new(text, styles.head)
}

/// A list of plain choices.
pub fn choices(labels: impl IntoIterator<Item = String>) -> Vec<Choice> {
    labels
        .into_iter()
        .map(|label| Choice {
            label,
            detail: String::new(),
        })
        .collect()
}

/// Says that something was done.
pub fn done(cx: &mut Cx<'_, Seat>, text: impl Into<String>) {
    cx.toast(ToastKind::Success, text);
}

/// Draws an error in place of data.
pub fn failed(area: Rect, buf: &mut Buffer, env: &Env, said: &Said) {
    let area = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    };
    let text = format!(
        "{}\n{}",
        said.text,
        tr!("tui-notice-rule", rule = said.code.as_str())
    );
    put_wrapped(buf, area, &text, env.styles.error, env);
}

/// The same area without the cell at its left edge.
pub fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    }
}

/// Counts in words, such as "draft 3  in review 7", each on one row with its number.
pub fn counted(parts: impl IntoIterator<Item = String>, room: u16, env: &Env) -> String {
    let (mut text, mut row) = (String::new(), 0);
    for part in parts {
        let width = text_width(&part, env.amb);
        if row > 0 && row + 2 + width > usize::from(room) {
            text.push('\n');
            row = 0;
        } else if row > 0 {
            text.push_str("  ");
            row += 2;
        }
        text.push_str(&part);
        row += width;
    }
    text
}

/// The key of an action in these contexts, for texts that say what to press; its name where it
/// has none.
pub fn key(env: &Env, action: Action, contexts: &[crate::tui::action::Context]) -> String {
    let keys = env.keymap.keys_for(action, contexts);
    keys.first()
        .map_or_else(|| action.describe(), |k| crate::tui::key::sequence_text(k))
}

/// A heading over a part of a screen: a word and a line.
pub fn rule_line(area: Rect, buf: &mut Buffer, env: &Env, title: &str) {
    let used = draw::put(
        buf,
        area.x,
        area.y,
        title,
        env.styles.head,
        area.width,
        env.amb,
    );
    for x in area.x + used + 1..area.right() {
        draw::put(
            buf,
            x,
            area.y,
            env.glyphs.horizontal,
            env.styles.border,
            1,
            env.amb,
        );
    }
}

/// Rows that a text takes when it is wrapped to `width`.
pub fn height(text: &str, width: u16, env: &Env) -> u16 {
    wrapped_height(text, width, env)
}

/// A day in the zone in force.
pub fn date_of(at: i64) -> jiff::civil::Date {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone().to_datetime(at).date()
}

/// The zone in force.
pub fn zone() -> jiff::tz::TimeZone {
    locale::zone()
}

/// How times are typed, in words.
pub fn how_times() -> String {
    tr!("tui-ask-schedule", zone = locale::zone_word())
}

/// The instant at which a day begins in the zone in force, µs.
pub fn start_of(date: jiff::civil::Date) -> i64 {
    zone()
        .to_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
        .map_or(0, jiff::Timestamp::as_microsecond)
}
