//! The review queue on one screen: the list over all sites, the difference since the last cleared
//! version, the record. A decision opens the next item; marked items are decided on together and
//! each outcome is told.
//!
//! On a wide terminal list, text and record stand beside each other; on a middling one the record
//! is below the list; on 80 columns the list is a strip above the text that shrinks to one row
//! while the text is read.

mod detail;
mod filter;
mod panes;
mod pointing;
mod rows;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::rules::act::ViewMode;
use crate::store::query::items::Line;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, ToastKind};
use crate::tui::console::acts::{self, About, Acting};
use crate::tui::console::decide;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Place, act, load};
use crate::tui::console::reading::findings::{self, Weight};
use crate::tui::console::reading::{self, Reading, TextPane, comments};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::theme::Styles;
use crate::tui::widgets::{DiffView, Table, TextView};
use detail::Detail;
use filter::Filter;
use panes::{Form, Pane};

/// Most items listed at once; the count says if there are more.
const MOST: u32 = 500;
/// Items of the first look: more than any screen shows.
const FIRST: u32 = 64;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    List,
    Text,
    Record,
}

/// The queue.
pub struct Queue {
    house: House,
    table: Table<String>,
    /// Everything that waits, and of it what the filter leaves.
    all: Vec<Line>,
    /// The first look is there and the rest is on its way.
    opening: bool,
    lines: Vec<Line>,
    /// When their authors want them out.
    wanted: HashMap<String, i64>,
    /// Findings and comments of each, with the state they were counted in.
    weights: HashMap<String, (i64, Weight)>,
    weighing: bool,
    words: Arc<Words>,
    filter: Filter,
    newest: bool,
    focus: Focus,
    pane: Pane,
    detail: Option<Detail>,
    asked: String,
    /// Items that were opened here.
    seen: BTreeSet<String>,
    decided: usize,
    diff: DiffView,
    text: TextPane,
    record: TextView,
    fields: TextView,
    findings: TextView,
    /// The selected finding, and where each begins in its list.
    finding: usize,
    starts: Vec<usize>,
    drawn_for: Option<Styles>,
    form: Form,
    places: panes::Places,
    error: Option<Said>,
}

impl Queue {
    /// Everything that waits for the person's decision.
    pub fn new(house: House) -> Self {
        Self {
            house,
            table: Table::new(rows::columns(), ""),
            all: Vec::new(),
            opening: false,
            lines: Vec::new(),
            wanted: HashMap::new(),
            weights: HashMap::new(),
            weighing: false,
            words: Arc::default(),
            filter: Filter::default(),
            newest: false,
            focus: Focus::List,
            pane: Pane::Diff,
            detail: None,
            asked: String::new(),
            seen: BTreeSet::new(),
            decided: 0,
            diff: DiffView::default(),
            text: TextPane::default(),
            record: TextView::default(),
            fields: TextView::default(),
            findings: TextView::default(),
            finding: 0,
            starts: Vec::new(),
            drawn_for: None,
            form: Form::Stacked,
            places: panes::Places::default(),
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        // Whoever opens the queue sees its first screenful at once; later a list cut short would
        // lose the place.
        if self.all.is_empty() {
            self.load(FIRST, cx);
        } else {
            self.load(MOST, cx);
        }
    }

    fn load(&mut self, limit: u32, cx: &mut Cx<'_, Seat>) {
        let newest = self.newest;
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let lines = desk.queue(newest, limit)?;
                let wanted = desk.wanted_times(&lines)?;
                Ok((lines, wanted, words))
            },
            move |me: &mut Self, result, cx| match result {
                Ok((lines, wanted, words)) => {
                    // Fewer than asked for need not be all: some fall out on the way.
                    if limit < MOST {
                        me.load(MOST, cx);
                    }
                    let anew = limit < MOST || !me.opening;
                    me.opening = limit < MOST;
                    me.all = lines;
                    me.wanted = wanted;
                    me.words = words;
                    me.list_again(anew, cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    /// Lists what the filter leaves; the selected item is read again where that is asked.
    fn list_again(&mut self, anew: bool, cx: &mut Cx<'_, Seat>) {
        self.error = None;
        let now = cx.env().now_us;
        self.lines = self
            .all
            .iter()
            .filter(|l| self.filter.passes(l, &self.wanted, &self.words, now))
            .cloned()
            .collect();
        if self.lines.is_empty() {
            self.focus = Focus::List;
        }
        self.table.reload();
        self.supply(cx);
        self.look(anew, cx);
        self.weigh(cx);
    }

    /// To another item, wherever the keys go.
    fn step(&mut self, by: isize, cx: &mut Cx<'_, Seat>) {
        let before = self.table.selected();
        self.table.step(by);
        self.supply(cx);
        if self.table.selected() == before && !self.lines.is_empty() {
            let text = if by > 0 {
                tr!("tui-queue-last")
            } else {
                tr!("tui-queue-first")
            };
            cx.toast(ToastKind::Info, text);
        }
        self.look(false, cx);
        self.weigh(cx);
    }

    fn show(&mut self, pane: Pane) {
        self.text.end_passage();
        self.end_drag();
        if pane == Pane::Record && self.form.record_apart() {
            self.focus = Focus::Record;
            return;
        }
        self.pane = pane;
        if !self.lines.is_empty() {
            self.focus = Focus::Text;
        }
    }

    /// Moves over the findings; false if the action is none of a list's.
    fn find(&mut self, action: Action) -> bool {
        let count = self.detail.as_ref().map_or(0, |d| d.found.len());
        let to = match action {
            Action::Next | Action::ScrollDown => self.finding + 1,
            Action::Previous | Action::ScrollUp => self.finding.saturating_sub(1),
            Action::First => 0,
            Action::Last => usize::MAX,
            _ => return self.findings.handle(action),
        };
        self.finding = to.min(count.saturating_sub(1));
        let start = self.starts.get(self.finding).copied().unwrap_or(0);
        self.findings.go_to(start);
        self.drawn_for = None;
        true
    }

    /// Shows the place of the selected finding.
    fn open_finding(&mut self, cx: &mut Cx<'_, Seat>) {
        let found = self.detail.as_ref().and_then(|d| d.found.get(self.finding));
        match found.map(findings::in_text) {
            Some(Some(range)) => {
                self.show(Pane::Text);
                self.text.go_to_byte(range.start, &cx.env().styles);
            }
            Some(None) => self.show(Pane::Fields),
            None => {}
        }
    }

    /// Decides on the marked items, in the order of the list.
    fn decide_marked(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let marks = self.table.marks();
        let ids = self.all.iter().map(|l| l.id.clone());
        let ids = ids.filter(|id| marks.contains(id)).collect();
        decide::begin(
            action,
            &self.house,
            ids,
            self.seen.clone(),
            cx,
            |me: &mut Self, outcomes, cx| {
                me.decided += outcomes.iter().filter(|o| o.said.is_none()).count();
                me.table.handle(Action::ClearMarks);
                me.detail = None;
                me.asked.clear();
                me.reload(cx);
            },
        );
    }

    /// To the next of list, text and record.
    fn focus_next(&mut self, forward: bool) {
        let mut ring = vec![Focus::List, Focus::Text];
        if self.form.record_apart() {
            ring.push(Focus::Record);
        }
        let at = ring.iter().position(|f| *f == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { ring.len() - 1 };
        self.focus = ring[(at + by) % ring.len()];
        self.text.end_passage();
    }

    /// The pane that keys of reading go to.
    fn reading_pane(&self) -> Option<Pane> {
        match self.focus {
            Focus::List => None,
            Focus::Text => Some(self.pane),
            Focus::Record => Some(Pane::Record),
        }
    }

    fn comment(&mut self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(d) = &self.detail else { return };
        let thread = self
            .text
            .thread()
            .map(|t| (t.root.seq, comments::said(&t.root)));
        match (action, thread) {
            (Action::AddComment, _) => {
                let about = match self.text.anchor() {
                    Some((anchor, words)) => About::Passage(anchor, words),
                    None => About::Item,
                };
                acts::comment::<Self>(&d.view, about, cx);
            }
            (Action::SettleComment, Some((seq, words))) => {
                acts::settle::<Self>(&d.view, seq, &words, cx);
            }
            (_, Some((seq, words))) => {
                acts::comment::<Self>(&d.view, About::Thread(seq, words), cx);
            }
            (_, None) => cx.toast(ToastKind::Info, tr!("tui-comment-choose")),
        }
    }

    fn preview(&self, cx: &mut Cx<'_, Seat>) {
        let id = self.asked.clone();
        act(
            cx,
            move |d| d.preview(&id, ViewMode::Preview),
            |me: &mut Self, content, cx| {
                cx.push(Reading::preview(
                    &me.asked,
                    Action::Preview.describe(),
                    content,
                ));
            },
        );
    }

    fn copy(&self, cx: &mut Cx<'_, Seat>) {
        let id = self.asked.clone();
        act(
            cx,
            move |d| d.preview(&id, ViewMode::Copy).map(drop),
            |me: &mut Self, (), cx| {
                let text = me.dragged().unwrap_or_else(|| me.text.copied());
                cx.copy(text);
                me.text.end_passage();
                me.end_drag();
                kit::done(cx, tr!("tui-copied"));
            },
        );
    }
}

/// Whether an act leaves the item where it is in the queue.
fn stays(what: Action) -> bool {
    matches!(
        what,
        Action::AddComment
            | Action::ReplyComment
            | Action::SettleComment
            | Action::WaiveFinding
            | Action::UnwaiveFinding
            | Action::RelateItem
            | Action::UnrelateItem
            | Action::ProposePurge
            | Action::PrintForm
    )
}

impl Acting for Queue {
    fn acted(&mut self, what: Action, cx: &mut Cx<'_, Seat>) {
        let title = self
            .detail
            .as_ref()
            .map(|d| acts::title(&d.view))
            .unwrap_or_default();
        kit::done(
            cx,
            tr!("tui-queue-decided", what = what.describe(), title = title),
        );
        self.text.end_passage();
        if !stays(what) {
            // It is gone from the list; the selection stays at its place, which is the next item.
            self.decided += 1;
            self.detail = None;
            self.asked.clear();
            self.pane = Pane::Diff;
            self.table.forget();
        }
        self.reload(cx);
    }
}

impl Component<Seat> for Queue {
    fn contexts(&self) -> Vec<Context> {
        let mut list = Vec::new();
        if self.reading_pane() == Some(Pane::Text) {
            list.extend(self.text.contexts());
        }
        list.push(Context::Queue);
        match self.reading_pane() {
            None | Some(Pane::Findings) => list.push(Context::List),
            Some(Pane::Diff) => list.extend([Context::Diff, Context::View]),
            Some(_) => list.push(Context::View),
        }
        list
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::HasRow => !self.lines.is_empty(),
            Flag::HasMarks => !self.table.marks().is_empty(),
            Flag::CanGoBack => self.focus != Focus::List,
            _ => false,
        }
    }

    fn cursor(&self) -> Option<Position> {
        (self.reading_pane() == Some(Pane::Text))
            .then(|| self.text.cursor())
            .flatten()
    }

    fn commands(&self) -> Vec<Command> {
        panes::commands(self)
    }

    fn why_not(&self, action: Action) -> Option<String> {
        acts::why_not(&self.detail.as_ref()?.view, action)
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        let action = match event {
            Event::Action(action) => *action,
            Event::Mouse(mouse) => return self.mouse(*mouse, cx),
            _ => return Outcome::Ignored,
        };
        let pane = self.reading_pane();
        match action {
            Action::Back if self.text.picking() => self.text.end_passage(),
            Action::FocusNext => self.focus_next(true),
            Action::FocusPrevious => self.focus_next(false),
            Action::Back if self.focus != Focus::List => self.focus = Focus::List,
            Action::NextTab => self.show(self.form.next(self.pane, true)),
            Action::PreviousTab => self.show(self.form.next(self.pane, false)),
            Action::ShowDiff => self.show(Pane::Diff),
            Action::ShowBody => self.show(Pane::Text),
            Action::ShowRecord | Action::ShowHistory => self.show(Pane::Record),
            Action::ShowFields => self.show(Pane::Fields),
            Action::ShowFindings => self.show(Pane::Findings),
            Action::WaiveFinding | Action::UnwaiveFinding if pane == Some(Pane::Findings) => {
                if let Some(d) = &self.detail
                    && let Some(found) = d.found.get(self.finding)
                {
                    acts::waive_or_not::<Self>(&d.view, found, cx);
                }
            }
            Action::NextChange | Action::PreviousChange => {
                if self.pane != Pane::Diff || self.focus == Focus::Record {
                    self.show(Pane::Diff);
                }
                self.diff.handle(action);
            }
            Action::NextComment | Action::PreviousComment => {
                self.show(Pane::Text);
                self.text.handle(action);
            }
            Action::ToggleSides => {
                self.show(Pane::Diff);
                self.diff.handle(action);
                if self.diff.sides() && !self.form.sides_fit() {
                    cx.toast(ToastKind::Info, tr!("tui-diff-too-narrow"));
                }
            }
            Action::Skip => self.step(1, cx),
            Action::PreviousItem => self.step(-1, cx),
            Action::SortBy => {
                self.newest = !self.newest;
                self.reload(cx);
            }
            Action::Filter => filter::ask(self, cx),
            Action::Refresh => self.reload(cx),
            // Nearer first: from the list to the text, from there to everything about the item.
            Action::Open if self.focus == Focus::List => {
                if !self.lines.is_empty() {
                    self.focus = Focus::Text;
                }
            }
            Action::Open if pane == Some(Pane::Findings) => self.open_finding(cx),
            Action::Open => {
                if let Some(line) = self.lines.get(self.table.selected()) {
                    cx.go(Item::new(Rc::clone(&self.house), line.id.clone()));
                }
            }
            Action::Preview => self.preview(cx),
            Action::CopyText if pane == Some(Pane::Text) || self.has_dragged() => self.copy(cx),
            Action::AddComment | Action::ReplyComment | Action::SettleComment => {
                self.comment(action, cx);
            }
            Action::MarkAll => {
                let ids: Vec<String> = self.lines.iter().map(|l| l.id.clone()).collect();
                self.table.mark(ids);
            }
            action if decide::takes(action) && !self.table.marks().is_empty() => {
                self.decide_marked(action, cx);
            }
            Action::Search => match pane {
                Some(Pane::Diff) => {
                    reading::redline::search(cx, |me: &mut Self| &mut me.diff);
                }
                Some(pane) => reading::search(cx, move |me: &mut Self| match pane {
                    Pane::Text => me.text.view(),
                    Pane::Fields => &mut me.fields,
                    Pane::Findings => &mut me.findings,
                    _ => &mut me.record,
                }),
                None => {}
            },
            action if pane == Some(Pane::Diff) && self.diff.handle(action) => {}
            action if pane == Some(Pane::Text) && self.text.handle(action) => {}
            action if pane == Some(Pane::Findings) && self.find(action) => {}
            action if pane == Some(Pane::Record) && self.record.handle(action) => {}
            action if pane == Some(Pane::Fields) && self.fields.handle(action) => {}
            action if pane.is_none() && self.table.handle(action) => {
                self.supply(cx);
                self.look(false, cx);
                self.weigh(cx);
            }
            action => {
                let Some(d) = &self.detail else {
                    return Outcome::Ignored;
                };
                if !acts::begin::<Self>(action, &self.house, &d.view, cx) {
                    return Outcome::Ignored;
                }
            }
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Queue), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        self.lay_out(env);
        panes::render(self, body, buf, env);
    }
}
