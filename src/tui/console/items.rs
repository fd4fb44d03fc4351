//! The list of items: filtered, searched, marked, acted upon in batches.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::{self, Desk};
use crate::locale;
use crate::rules::state::State;
use crate::store::query::items::{Filter, Line};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::editor::Editor;
use crate::tui::console::home::{line_cells, line_columns};
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Notice, Place, choices, load};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw;
use crate::tui::widgets::{ChoiceList, Confirm, Prompt, Row, Table};

/// The list.
pub struct Items {
    house: House,
    table: Table<String>,
    filter: Filter,
    /// Positions for the pages: the `base` of rows that were here, by place.
    bases: BTreeMap<usize, i64>,
    words: Arc<Words>,
    error: Option<Said>,
}

impl Items {
    /// All items the person sees.
    pub fn new(house: House) -> Self {
        let columns = line_columns();
        Self {
            house,
            table: Table::new(columns, tr!("tui-items-empty")),
            filter: Filter::default(),
            bases: BTreeMap::new(),
            words: Arc::default(),
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        self.bases.clear();
        self.table.reload();
        self.fetch(cx);
    }

    /// Asks for the rows the window needs. A page begins behind the last known place before it,
    /// so that it costs the same wherever one is.
    fn fetch(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some((ticket, range)) = self.table.wanted() else {
            return;
        };
        let (skip, before) = match self.bases.range(..range.start).next_back() {
            Some((at, base)) => (range.start - at - 1, Some(*base)),
            None => (range.start, None),
        };
        let filter = self.filter.clone();
        let limit = u32::try_from(skip + range.len()).unwrap_or(u32::MAX);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let lines = desk.list(&filter, before, limit)?;
                let total = desk.count(&filter)?;
                Ok((lines, total, words))
            },
            move |me: &mut Self, result, cx| match result {
                Ok((lines, total, words)) => {
                    me.error = None;
                    me.words = words;
                    me.supply(ticket, range.start, skip, &lines, total, cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn supply(
        &mut self,
        ticket: u64,
        start: usize,
        skip: usize,
        lines: &[Line],
        total: u64,
        cx: &mut Cx<'_, Seat>,
    ) {
        let styles = &cx.env().styles;
        let now = cx.env().now_us;
        for (n, line) in lines.iter().enumerate() {
            self.bases
                .insert(start + n - skip.min(start + n), line.base);
        }
        let rows: Vec<Row<String>> = lines
            .iter()
            .skip(skip)
            .map(|line| Row {
                key: line.id.clone(),
                cells: line_cells(line, &self.words, now, styles),
            })
            .collect();
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        self.table.supply(ticket, start, rows, total);
        self.fetch(cx);
    }

    fn describe(&self) -> String {
        let f = &self.filter;
        let mut parts = Vec::new();
        for state in &f.states {
            parts.push(locale::word("state", state.code()));
        }
        if let Some(site) = &f.site {
            parts.push(self.words.site(site).to_owned());
        }
        if let Some(column) = &f.column {
            parts.push(self.words.place(column));
        }
        if f.contributor.is_some() {
            parts.push(tr!("tui-filter-mine"));
        }
        if let Some(text) = &f.text {
            parts.push(tr!("tui-filter-text", text = text.as_str()));
        }
        if parts.is_empty() {
            tr!("tui-filter-none")
        } else {
            parts.join(" + ")
        }
    }

    fn ask_filter(&mut self, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-filter-by-state"),
            tr!("tui-filter-by-site"),
            tr!("tui-filter-by-column"),
            tr!("tui-filter-mine"),
            tr!("tui-filter-clear"),
        ]);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| match picked {
            Some(0) => me.pick_state(cx),
            Some(1) => me.pick_site(cx),
            Some(2) => me.pick_column(cx),
            Some(3) => {
                let mine = me.house.me.borrow().id.clone();
                me.filter.contributor = match me.filter.contributor {
                    Some(_) => None,
                    None => Some(mine),
                };
                me.reload(cx);
            }
            Some(_) => {
                me.filter = Filter::default();
                me.reload(cx);
            }
            None => {}
        });
        cx.push(ChoiceList::new(Action::Filter.describe(), list, 0, reply));
    }

    fn pick_state(&mut self, cx: &mut Cx<'_, Seat>) {
        let mut list = vec![tr!("tui-filter-any")];
        list.extend(State::ALL.iter().map(|s| locale::word("state", s.code())));
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| {
            if let Some(picked) = picked {
                let state = picked.checked_sub(1).and_then(|n| State::ALL.get(n));
                me.filter.states = state.copied().into_iter().collect();
                me.reload(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-state"),
            choices(list),
            0,
            reply,
        ));
    }

    fn pick_site(&mut self, cx: &mut Cx<'_, Seat>) {
        let sites = self.words.sites.clone();
        let mut list = vec![tr!("tui-filter-any")];
        list.extend(sites.iter().map(|s| s.1.clone()));
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(picked) = picked {
                let site = picked.checked_sub(1).and_then(|n| sites.get(n));
                me.filter.site = site.map(|s| s.0.clone());
                me.reload(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-site"),
            choices(list),
            0,
            reply,
        ));
    }

    fn pick_column(&mut self, cx: &mut Cx<'_, Seat>) {
        let words = Arc::clone(&self.words);
        let mut list = vec![tr!("tui-filter-any")];
        list.extend(words.columns.iter().map(|c| words.place(&c.0)));
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(picked) = picked {
                let column = picked.checked_sub(1).and_then(|n| words.columns.get(n));
                me.filter.column = column.map(|c| c.0.clone());
                me.reload(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-column"),
            choices(list),
            0,
            reply,
        ));
    }

    fn ask_search(&mut self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.filter.text = (!text.is_empty()).then_some(text);
                me.reload(cx);
            }
        });
        let before = self.filter.text.clone().unwrap_or_default();
        cx.push(
            Prompt::text(
                Action::Search.describe(),
                tr!("tui-items-search"),
                tr!("tui-label-search"),
                reply,
            )
            .with(&before),
        );
    }

    fn mark_all(&mut self, cx: &mut Cx<'_, Seat>) {
        let filter = self.filter.clone();
        load(
            cx,
            move |seat| {
                let lines = seat.desk()?.list(&filter, None, MOST_MARKS)?;
                Ok(lines.into_iter().map(|l| l.id).collect::<Vec<_>>())
            },
            |me: &mut Self, result, _| match result {
                Ok(ids) => me.table.mark(ids),
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn batch(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let targets = self.table.targets();
        if targets.is_empty() {
            return;
        }
        let text = if action == Action::Submit {
            tr!(
                "tui-ask-submit-many",
                count = targets.len(),
                attest = tr!("form-attested")
            )
        } else {
            tr!("tui-ask-discard-many", count = targets.len())
        };
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if yes {
                run_batch(action, targets, cx);
            }
        });
        cx.push(Confirm::new(action.describe(), text, reply));
    }
}

/// Most items marked at once; more would be acted on unseen.
const MOST_MARKS: u32 = 500;

/// Acts on each by itself and reports each outcome.
fn run_batch(action: Action, targets: Vec<String>, cx: &mut Cx<'_, Seat>) {
    cx.ask_long(
        action.describe(),
        move |seat: &mut Seat, progress| {
            let total = targets.len() as u64;
            let mut outcomes = Vec::new();
            for (n, id) in targets.iter().enumerate() {
                if progress.cancelled() {
                    break;
                }
                progress.report(n as u64 + 1, total);
                outcomes.push(one(seat, id, action));
            }
            // By number, whatever the order of the marks.
            outcomes.sort_by(|a: &(String, Option<Said>), b| a.0.cmp(&b.0));
            outcomes
        },
        move |me: &mut Items, outcomes: Vec<(String, Option<Said>)>, cx| {
            let done = outcomes.iter().filter(|o| o.1.is_none()).count();
            let mut text = tr!("tui-batch-done", done = done, total = outcomes.len());
            for (number, said) in &outcomes {
                text.push('\n');
                text.push_str(number);
                text.push_str("  ");
                match said {
                    None => text.push_str(&tr!("tui-batch-ok")),
                    Some(said) => {
                        text.push_str(&said.text);
                        text.push_str(" (");
                        text.push_str(&said.code);
                        text.push(')');
                    }
                }
            }
            me.table.handle(Action::ClearMarks);
            cx.push(Notice::text(action.describe(), text));
        },
    );
}

fn one(seat: &mut Seat, id: &str, action: Action) -> (String, Option<Said>) {
    let mut number = id.to_owned();
    let mut run = |desk: &mut Desk| -> desk::Result<()> {
        number = desk.find(id)?.number;
        match action {
            Action::Submit => desk.submit(id).map(drop),
            _ => desk.discard(id).map(drop),
        }
    };
    let said = seat.desk().and_then(&mut run).err().map(|e| Said::of(&e));
    (number, said)
}

/// Asks for the column of a new item and opens the editor on it.
pub fn new_item(house: &House, cx: &mut Cx<'_, Seat>) {
    cx.push(NewItem {
        house: Rc::clone(house),
        asked: false,
    });
}

/// The question where a new item belongs.
struct NewItem {
    house: House,
    asked: bool,
}

impl Component<Seat> for NewItem {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog]
    }

    fn popup(&self) -> bool {
        true
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.asked, true) {
            return;
        }
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let me = seat.me()?.id;
                let desk = seat.desk()?;
                let (now, org) = (desk.moment()?, desk.org()?);
                // Only columns in which he may write are worth offering.
                let mut open = Vec::new();
                for (id, ..) in &words.columns {
                    if org.has_right(&me, crate::rules::role::Right::Draft, id, now) {
                        open.push((id.clone(), words.place(id)));
                    }
                }
                Ok(open)
            },
            |_: &mut Self, result, cx| match result {
                Ok(open) if open.is_empty() => {
                    let close = cx.reply(|_: &mut Self, (), cx| cx.close());
                    cx.push(Notice::text(tr!("tui-new-title"), tr!("tui-new-nowhere")).then(close));
                }
                Ok(open) => {
                    let labels = choices(open.iter().map(|o| o.1.clone()));
                    let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
                        let house = Rc::clone(&me.house);
                        cx.close();
                        if let Some((column, _)) = picked.and_then(|n| open.get(n)) {
                            cx.go(Editor::create(house, column));
                        }
                    });
                    cx.push(ChoiceList::new(tr!("tui-new-column"), labels, 0, reply));
                }
                Err(said) => {
                    let close = cx.reply(|_: &mut Self, (), cx| cx.close());
                    cx.push(Notice::refused(said).then(close));
                }
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        if matches!(event, Event::Action(Action::Cancel | Action::Back)) {
            cx.close();
            return Outcome::Consumed;
        }
        Outcome::Ignored
    }

    fn render(&mut self, _: Rect, _: &mut Buffer, _: &Env) {}
}

impl Component<Seat> for Items {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Items, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => self.table.selected_key().is_some(),
            Flag::HasMarks => !self.table.marks().is_empty(),
            _ => false,
        }
    }

    fn commands(&self) -> Vec<Command> {
        let row = self.table.selected_key().is_some();
        vec![
            Command::hint(Action::Open).when(row),
            Command::hint(Action::NewItem),
            Command::hint(Action::Filter),
            Command::hint(Action::Search),
            Command::hint(Action::ToggleMark).when(row),
            Command::hint(Action::Submit).when(row),
            Command::quiet(Action::Discard).when(row),
            Command::quiet(Action::MarkAll),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => {
                if let Some(id) = self.table.selected_key().cloned() {
                    cx.go(Item::new(Rc::clone(&self.house), id));
                }
            }
            Event::Action(Action::NewItem) => new_item(&self.house, cx),
            Event::Action(Action::Filter) => self.ask_filter(cx),
            Event::Action(Action::Search) => self.ask_search(cx),
            Event::Action(Action::MarkAll) => self.mark_all(cx),
            Event::Action(action @ (Action::Submit | Action::Discard)) => self.batch(*action, cx),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(action) if self.table.handle(*action) => self.fetch(cx),
            Event::Mouse(mouse) if self.table.mouse(mouse) => self.fetch(cx),
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(
            area,
            buf,
            env,
            &self.house,
            Some(Place::Items),
            &self.table.position(),
        );
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let filter = tr!("tui-filter-line", filter = self.describe());
        draw::put_fit(
            buf,
            body.x + 1,
            body.y,
            &filter,
            env.styles.muted,
            body.width - 2,
            env.amb,
        );
        let list = Rect {
            y: body.y + 1,
            height: body.height.saturating_sub(1),
            ..body
        };
        self.table.render(list, buf, env, true);
    }
}
