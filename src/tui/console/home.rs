//! The first screen: what waits for me, what is late, what goes out today, what goes stale, what is
//! my own.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::DeskView;
use crate::locale;
use crate::rules::role::Right;
use crate::store::query::items::Line;
use crate::store::query::schedule::Dated;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::item::Item;
use crate::tui::console::items::Items;
use crate::tui::console::kit::{self, House, Listing, Place, Rows, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Column, Width, put_wrapped};

/// A row: its part of the screen and the item it opens; in [`STALE`] the column.
type Key = (u8, String);

/// The part of columns that go stale.
const STALE: u8 = 9;
/// The part of what must be looked at again.
const FLAGS: u8 = 8;
/// Most flags told at once; `item flags` has all of them.
const MOST_FLAGS: usize = 20;
/// Most columns told as stale; the tree has all of them.
const MOST_STALE: usize = 8;

/// A column that has not been updated for longer than the inspection allows.
#[derive(Debug, Clone)]
struct Stale {
    id: String,
    place: String,
    last: Option<i64>,
}

/// The desk.
pub struct Home {
    house: House,
    list: Listing<Key>,
    view: DeskView,
    stale: Vec<Stale>,
    /// There is a site to work on.
    founded: bool,
    loaded: bool,
    error: Option<Said>,
}

impl Home {
    /// Asks for its data when it is shown.
    pub fn new(house: House) -> Self {
        let columns = line_columns();
        Self {
            house,
            list: Listing::new(columns, ""),
            view: DeskView::default(),
            stale: Vec::new(),
            founded: true,
            loaded: false,
            error: None,
        }
    }

    fn take(&mut self, view: DeskView, stale: Vec<Stale>, words: &Words, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let mut rows = Rows::new(5, 1);
        lines(
            &mut rows,
            0,
            &view.waiting,
            tr!("tui-home-waiting"),
            words,
            cx,
        );
        dated(&mut rows, 1, &view.late, tr!("tui-home-late"), true, cx);
        dated(&mut rows, 2, &view.today, tr!("tui-home-today"), false, cx);
        lines(
            &mut rows,
            3,
            &view.returned,
            tr!("tui-home-returned"),
            words,
            cx,
        );
        if !view.flags.is_empty() {
            let count = view.flags.len();
            heading(&mut rows, tr!("tui-home-flags"), count, true, styles);
        }
        for flag in view.flags.iter().take(MOST_FLAGS) {
            rows.row(
                (FLAGS, flag.item.clone()),
                vec![
                    Piece::new(flag.number.clone(), styles.text),
                    Piece::new(flag.title.clone(), styles.text),
                    Piece::new(locale::word("flag", flag.cause.code()), styles.warning),
                    Piece::new(flag.about.clone(), styles.muted),
                    Piece::new(when(flag.at, cx.env().now_us), styles.text),
                ],
            );
        }
        lines(
            &mut rows,
            4,
            &view.drafts,
            tr!("tui-home-drafts"),
            words,
            cx,
        );
        lines(
            &mut rows,
            5,
            &view.submitted,
            tr!("tui-home-submitted"),
            words,
            cx,
        );
        if !stale.is_empty() {
            heading(&mut rows, tr!("tui-home-stale"), stale.len(), true, styles);
        }
        for column in &stale {
            let last = column.last.map_or_else(
                || tr!("tui-sites-never"),
                |at| locale::instant(at).get(..10).unwrap_or_default().to_owned(),
            );
            rows.row(
                (STALE, column.id.clone()),
                vec![
                    Piece::new("", styles.muted),
                    Piece::new(column.place.clone(), styles.text),
                    Piece::new(tr!("tui-home-last-update"), styles.warning),
                    Piece::new("", styles.text),
                    Piece::new(last, styles.text),
                ],
            );
        }
        self.list.set(rows.list);
        self.view = view;
        self.stale = stale;
        self.founded = !words.sites.is_empty();
        self.loaded = true;
        self.error = None;
    }

    fn open(&self, cx: &mut Cx<'_, Seat>) {
        let house = Rc::clone(&self.house);
        match self.list.selected() {
            Some((STALE, column)) => cx.go(Items::at(house, column.clone())),
            Some((_, id)) => cx.go(Item::new(house, id.clone())),
            None => {}
        }
    }

    /// What to do when nothing waits; in a new store that is to set it up.
    fn nothing(&self, env: &Env) -> String {
        let key = |action| kit::key(env, action, &[Context::List]);
        let me = self.house.me.borrow();
        if !self.founded && (me.may(Right::ManageOrg) || me.may(Right::ManagePeople)) {
            tr!(
                "tui-home-found",
                sites = key(Action::GoSites),
                people = key(Action::GoPeople)
            )
        } else {
            tr!(
                "tui-home-empty",
                items = key(Action::GoItems),
                person = key(Action::ChangePerson)
            )
        }
    }

    fn notices(&self, env: &Env) -> Vec<(String, ratatui::style::Style)> {
        let mut list = Vec::new();
        if !self.loaded {
            return list;
        }
        if self.view.scheduled && !self.view.runner_alive {
            list.push((
                runner_warning(self.view.last_tick, env.now_us),
                env.styles.warning,
            ));
        } else if self.view.runner_alive {
            let at = self
                .view
                .last_tick
                .map(|t| when(t, env.now_us))
                .unwrap_or_default();
            list.push((tr!("tui-runner-alive", at = at), env.styles.muted));
        }
        for fault in &self.view.page_faults {
            list.push((
                tr!(
                    "tui-home-pages",
                    site = fault.site.clone(),
                    code = fault.code.clone(),
                    at = when(fault.at, env.now_us)
                ),
                env.styles.warning,
            ));
        }
        if self.view.proposals > 0 {
            list.push((
                tr!("tui-home-proposals", count = self.view.proposals),
                env.styles.warning,
            ));
        }
        list
    }
}

/// Says that nothing will go out by itself.
pub fn runner_warning(last_tick: Option<i64>, now: i64) -> String {
    match last_tick {
        Some(at) => tr!("tui-runner-dead", at = when(at, now)),
        None => tr!("tui-runner-never"),
    }
}

fn heading(rows: &mut Rows<Key>, title: String, count: usize, warn: bool, styles: &Styles) {
    let style = if warn { styles.warning } else { styles.strong };
    rows.head(title, style);
    if let Some(row) = rows.list.last_mut() {
        row.cells[0] = Piece::new(tr!("tui-count", count = count), styles.muted);
    }
}

fn dated(
    rows: &mut Rows<Key>,
    part: u8,
    list: &[Dated],
    title: String,
    warn: bool,
    cx: &Cx<'_, Seat>,
) {
    let (styles, now) = (&cx.env().styles, cx.env().now_us);
    if list.is_empty() {
        return;
    }
    heading(rows, title, list.len(), warn, styles);
    for d in list {
        let style = if warn { styles.warning } else { styles.text };
        rows.row(
            (part, d.id.clone()),
            vec![
                Piece::new(d.number.clone(), styles.muted),
                Piece::new(d.title.clone(), styles.text),
                Piece::new(locale::word("tui-dated", d.what), style),
                Piece::new("", styles.text),
                Piece::new(when(d.at, now), styles.text),
            ],
        );
    }
}

fn lines(
    rows: &mut Rows<Key>,
    part: u8,
    list: &[Line],
    title: String,
    words: &Words,
    cx: &Cx<'_, Seat>,
) {
    let (styles, now) = (&cx.env().styles, cx.env().now_us);
    if list.is_empty() {
        return;
    }
    heading(rows, title, list.len(), false, styles);
    for line in list {
        rows.row(
            (part, line.id.clone()),
            line_cells(line, words, now, styles),
        );
    }
}

/// Columns that go stale and that the person could do something about, the longest first.
fn stale_for(seat: &mut Seat, words: &Words) -> crate::desk::Result<Vec<Stale>> {
    let me = seat.me()?.id;
    let desk = seat.desk()?;
    let (now, org) = (desk.moment()?, desk.org()?);
    let mine = |column: &str| {
        [Right::Draft, Right::Select, Right::Release]
            .into_iter()
            .any(|right| org.has_right(&me, right, column, now))
    };
    let mut list: Vec<Stale> = desk
        .tree()?
        .into_iter()
        .filter(|n| n.stale && mine(&n.id))
        .map(|n| Stale {
            place: words.place(&n.id),
            last: n.last_live,
            id: n.id,
        })
        .collect();
    // What was updated once and no more comes before what never was.
    list.sort_by_key(|s| (s.last.is_none(), s.last));
    list.truncate(MOST_STALE);
    Ok(list)
}

/// The columns of lists of items.
pub fn line_columns() -> Vec<Column> {
    vec![
        Column::new(tr!("tui-column-number"), Width::Cells(11)),
        Column::new(tr!("tui-column-title"), Width::Share(3)),
        Column::new(tr!("tui-column-stage"), Width::Cells(16)),
        Column::new(tr!("tui-column-column"), Width::Cells(14)).from(100),
        Column::new(tr!("tui-column-time"), Width::Cells(11)),
    ]
}

/// The cells of a line of a list: number, title, stage, column, time.
pub fn line_cells(line: &Line, words: &Words, now: i64, styles: &Styles) -> Vec<Piece> {
    let title = if line.title.is_empty() {
        tr!("tui-untitled")
    } else {
        line.title.clone()
    };
    let mut stage = words.stage(line);
    if line.correcting && !line.state.is_live() {
        stage = tr!("tui-mark-correcting", stage = stage);
    }
    let urgent = line.urgency != crate::rules::act::Urgency::Normal;
    let title = if urgent {
        format!("[{}] {title}", locale::word("urgency", line.urgency.code()))
    } else {
        title
    };
    vec![
        Piece::new(line.number.clone(), styles.muted),
        Piece::new(title, styles.text),
        Piece::new(stage, styles.text),
        Piece::new(words.column(&line.column).to_owned(), styles.muted),
        Piece::new(when(line.updated_at, now), styles.muted),
    ]
}

impl Component<Seat> for Home {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Desk, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.list.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Open).when(self.list.selected().is_some()),
            Command::hint(Action::GoQueue),
            Command::hint(Action::GoItems),
            Command::hint(Action::ChangePerson),
            Command::quiet(Action::NewItem),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let stale = stale_for(seat, &words)?;
                Ok((seat.desk()?.overview()?, stale, words))
            },
            |me: &mut Self, result, cx| match result {
                Ok((view, stale, words)) => me.take(view, stale, &words, cx),
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => self.open(cx),
            Event::Action(Action::Refresh) => self.shown(cx),
            Event::Action(Action::NewItem) => {
                crate::tui::console::items::new_item(&self.house, cx);
            }
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) if self.list.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Desk), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let mut y = body.y;
        let roles = self.house.me.borrow().roles.clone();
        let tallies = self.view.tallies.iter();
        let tallies = tallies.map(|(s, n)| format!("{} {n}", locale::word("state", s.code())));
        let tallies = kit::counted(tallies, body.width.saturating_sub(2), env);
        let mut lines = vec![(roles, env.styles.muted), (tallies, env.styles.text)];
        lines.extend(self.notices(env));
        for (text, style) in lines {
            let area = Rect {
                x: body.x + 1,
                y,
                width: body.width - 2,
                height: body.bottom().saturating_sub(y).min(2),
            };
            y += put_wrapped(buf, area, &text, style, env);
        }
        let list = Rect {
            y,
            height: body.bottom().saturating_sub(y),
            ..body
        };
        self.list.say_empty(self.nothing(env));
        self.list.render(list, buf, env, true);
    }
}
