//! One item: what it is, its text, what changed, what was said about it, what hangs on it, what
//! happened to it and through whose hands it went; and what can be done to it.

mod loading;
mod pointing;
mod strip;
mod tabs;
mod versions;

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::desk::view::ItemView;
use crate::rules::act::ViewMode;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, ToastKind};
use crate::tui::console::acts::{self, About, Acting};
use crate::tui::console::editor::{Editor, Part};
use crate::tui::console::kit::{self, House, act};
use crate::tui::console::reading::findings;
use crate::tui::console::reading::{self, Reading, TextPane, comments};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Confirm, DiffView, TextView};
use loading::Loaded;
use tabs::{TABS, Tab};

/// The screen of an item.
pub struct Item {
    house: House,
    id: String,
    tab: Tab,
    loaded: Option<Loaded>,
    text: TextPane,
    diff: DiffView,
    views: [TextView; TABS.len()],
    /// The selected row of each list.
    selected: [usize; TABS.len()],
    /// The first paragraph of each row of the list of comments, and of the list of findings.
    starts: [Vec<usize>; 2],
    /// Settled threads are listed in full.
    all: bool,
    /// The two revisions compared, where the person has chosen them.
    chosen: Option<(u32, u32)>,
    error: Option<Said>,
    drawn_for: Option<Styles>,
    tab_places: Vec<(Rect, Tab)>,
    body: Rect,
}

impl Item {
    /// The item of that id or number.
    pub fn new(house: House, id: String) -> Self {
        Self {
            house,
            id,
            tab: Tab::About,
            loaded: None,
            text: TextPane::default(),
            diff: DiffView::default(),
            views: Default::default(),
            selected: [0; TABS.len()],
            starts: Default::default(),
            all: false,
            chosen: None,
            error: None,
            drawn_for: None,
            tab_places: Vec::new(),
            body: Rect::default(),
        }
    }

    /// The same, opened on the difference of two of its revisions.
    #[must_use]
    pub fn comparing(mut self, from: u32, to: u32) -> Self {
        self.chosen = Some((from.min(to), from.max(to)));
        self.tab = Tab::Diff;
        self
    }

    fn show(&mut self, tab: Tab) {
        self.text.end_passage();
        self.end_drag();
        self.tab = tab;
    }

    fn step_tab(&mut self, by: usize) {
        let at = (self.tab as usize + by) % TABS.len();
        self.show(TABS[at]);
    }

    /// Rows of the list of a tab; none where it is no list.
    fn rows(&self, tab: Tab) -> Option<usize> {
        let l = self.loaded.as_ref()?;
        match tab {
            Tab::Comments => Some(self.text.threads().len()),
            Tab::Links => Some(l.links.len()),
            Tab::Findings => Some(l.found.len()),
            Tab::Files => Some(l.view.content.attachments.len()),
            _ => None,
        }
    }

    /// Moves the selection of the list that is shown; false if the action is none of a list's.
    fn select(&mut self, action: Action) -> bool {
        let Some(count) = self.rows(self.tab) else {
            return false;
        };
        let at = self.selected[self.tab as usize];
        let to = match action {
            Action::Next | Action::ScrollDown => at + 1,
            Action::Previous | Action::ScrollUp => at.saturating_sub(1),
            Action::PageDown => at + 10,
            Action::PageUp => at.saturating_sub(10),
            Action::First => 0,
            Action::Last => usize::MAX,
            _ => return false,
        };
        self.select_row(to.min(count.saturating_sub(1)));
        true
    }

    fn select_row(&mut self, row: usize) {
        let tab = self.tab;
        self.selected[tab as usize] = row;
        let paragraph = match tab {
            Tab::Comments => self.starts[0].get(row).copied().unwrap_or(0),
            Tab::Findings => self.starts[1].get(row).copied().unwrap_or(0),
            _ => row,
        };
        self.views[tab as usize].go_to(paragraph);
        self.drawn_for = None;
    }

    /// What the selected row of a list leads to.
    fn open_row(&mut self, cx: &mut Cx<'_, Seat>) {
        let row = self.selected[self.tab as usize];
        match self.tab {
            Tab::Comments if self.text.threads().get(row).is_some() => {
                if self.text.go_to_thread(row) {
                    self.tab = Tab::Text;
                } else {
                    cx.toast(ToastKind::Info, tr!("tui-comment-nowhere"));
                }
            }
            Tab::Links => {
                let byte = self
                    .loaded
                    .as_ref()
                    .and_then(|l| l.links.get(row))
                    .map(|l| l.range.start);
                if let Some(byte) = byte {
                    self.tab = Tab::Text;
                    self.text.go_to_byte(byte, &cx.env().styles);
                }
            }
            Tab::Findings => {
                let found = self.loaded.as_ref().and_then(|l| l.found.get(row));
                match found.map(findings::in_text) {
                    Some(Some(range)) => {
                        self.tab = Tab::Text;
                        self.text.go_to_byte(range.start, &cx.env().styles);
                    }
                    Some(None) => self.tab = Tab::About,
                    None => {}
                }
            }
            Tab::Files => self.with_file(cx, acts::export_attachment::<Self>),
            _ => {}
        }
    }

    fn waive(&self, cx: &mut Cx<'_, Seat>) {
        let row = self.selected[Tab::Findings as usize];
        if let Some(l) = &self.loaded
            && let Some(found) = l.found.get(row)
        {
            acts::waive_or_not::<Self>(&l.view, found, cx);
        }
    }

    fn with_file(
        &mut self,
        cx: &mut Cx<'_, Seat>,
        then: impl FnOnce(&ItemView, usize, &mut Cx<'_, Seat>),
    ) {
        self.tab = Tab::Files;
        let row = self.selected[Tab::Files as usize];
        if let Some(l) = &self.loaded {
            then(&l.view, row, cx);
        }
    }

    /// The thread that keys mean: the selected one of the list, or the one the text stands on.
    fn thread(&self) -> Option<&comments::Thread> {
        match self.tab {
            Tab::Comments => self
                .text
                .threads()
                .get(self.selected[Tab::Comments as usize]),
            _ => self.text.thread(),
        }
    }

    fn comment(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let about = if action == Action::AddComment {
            match self.text.anchor() {
                Some((anchor, words)) if self.tab == Tab::Text => About::Passage(anchor, words),
                _ => About::Item,
            }
        } else {
            let Some(thread) = self.thread() else {
                cx.toast(ToastKind::Info, tr!("tui-comment-choose"));
                return;
            };
            About::Thread(thread.root.seq, comments::said(&thread.root))
        };
        match (action, about) {
            (Action::SettleComment, About::Thread(seq, words)) => {
                acts::settle::<Self>(&l.view, seq, &words, cx);
            }
            (_, about) => acts::comment::<Self>(&l.view, about, cx),
        }
    }

    /// Needs nothing that is still loading: who types ahead gets what he asked for.
    fn edit(&self, part: Part, cx: &mut Cx<'_, Seat>) {
        if self.loaded.as_ref().is_none_or(|l| !l.view.purged) {
            cx.go(Editor::open(Rc::clone(&self.house), self.id.clone(), part));
        }
    }

    fn take_over(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let offer = l.view.offers.iter().find(|o| o.act == "take-over");
        if let Some(refusal) = offer.and_then(|o| o.refusal.as_ref()) {
            let what = Action::TakeOver.describe();
            cx.push(kit::Notice::refused_to(&what, acts::said(refusal)));
            return;
        }
        let who = l
            .view
            .claim
            .as_ref()
            .map(|c| l.words.person(&c.person).to_owned())
            .unwrap_or_default();
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            if yes {
                let id = me.id.clone();
                act(
                    cx,
                    move |d| d.take_over(&id),
                    |me: &mut Self, _, cx| me.acted(Action::TakeOver, cx),
                );
            }
        });
        cx.push(Confirm::new(
            Action::TakeOver.describe(),
            tr!("tui-ask-take-over", name = who),
            reply,
        ));
    }

    fn preview(&mut self, cx: &mut Cx<'_, Seat>) {
        let id = self.id.clone();
        act(
            cx,
            move |d| d.preview(&id, ViewMode::Preview),
            |me: &mut Self, content, cx| {
                cx.push(Reading::preview(
                    &me.id,
                    Action::Preview.describe(),
                    content,
                ));
            },
        );
    }
}

impl Acting for Item {
    fn acted(&mut self, what: Action, cx: &mut Cx<'_, Seat>) {
        kit::done(cx, tr!("tui-acted", what = what.describe()));
        self.text.end_passage();
        if what == Action::RestoreRevision {
            self.chosen = None;
        }
        self.reload(cx);
    }
}

impl Component<Seat> for Item {
    fn contexts(&self) -> Vec<Context> {
        let mut list = Vec::new();
        match self.tab {
            Tab::Diff => list.extend([Context::Diff, Context::History]),
            Tab::History => list.push(Context::History),
            Tab::Text => list.extend(self.text.contexts()),
            _ => {}
        }
        // To those who decide, the keys of decisions come before those of writing.
        if self.loaded.as_ref().is_some_and(|l| acts::decides(&l.view)) {
            list.push(Context::Queue);
        }
        list.push(Context::Item);
        if self.rows(self.tab).is_some() {
            list.push(Context::List);
        } else {
            list.push(Context::View);
        }
        list
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::CanGoBack => true,
            Flag::HasRow => self.rows(self.tab).is_some_and(|n| n > 0),
            _ => false,
        }
    }

    fn cursor(&self) -> Option<Position> {
        (self.tab == Tab::Text)
            .then(|| self.text.cursor())
            .flatten()
    }

    fn commands(&self) -> Vec<Command> {
        let Some(l) = &self.loaded else {
            return vec![Command::hint(Action::Back)];
        };
        tabs::commands(self, l)
    }

    fn why_not(&self, action: Action) -> Option<String> {
        let loaded = self.loaded.as_ref()?;
        acts::why_not(&loaded.view, action)
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
        match action {
            Action::Back if self.tab == Tab::Text && self.text.picking() => {
                self.text.end_passage();
            }
            Action::FocusNext | Action::NextTab => self.step_tab(1),
            Action::FocusPrevious | Action::PreviousTab => self.step_tab(TABS.len() - 1),
            Action::CompareWith => self.compare(cx),
            Action::RestoreRevision => self.restore(cx),
            Action::EditBody => self.edit(Part::Body, cx),
            Action::EditFields => self.edit(Part::Fields, cx),
            Action::TakeOver => self.take_over(cx),
            Action::Preview => self.preview(cx),
            Action::Refresh => self.reload(cx),
            Action::AddComment | Action::ReplyComment | Action::SettleComment => {
                self.comment(action, cx);
            }
            Action::WaiveFinding | Action::UnwaiveFinding if self.tab == Tab::Findings => {
                self.waive(cx);
            }
            Action::ExportAttachment => self.with_file(cx, acts::export_attachment::<Self>),
            Action::ReplaceAttachment => self.with_file(cx, acts::replace_attachment::<Self>),
            Action::StripAttachment => self.with_file(cx, strip::strip_attachment::<Self>),
            Action::CopyText if self.tab == Tab::Text || self.has_dragged() => self.copy(cx),
            Action::Open if self.rows(self.tab).is_some() => self.open_row(cx),
            Action::NextComment | Action::PreviousComment if self.tab != Tab::Comments => {
                self.show(Tab::Text);
                self.text.handle(action);
            }
            Action::ToggleFold if self.tab == Tab::Comments => {
                self.all = !self.all;
                self.drawn_for = None;
            }
            Action::Search if self.tab == Tab::Diff => {
                reading::redline::search(cx, |me: &mut Self| &mut me.diff)
            }
            Action::Search => reading::search(cx, |me: &mut Self| match me.tab {
                Tab::Text => me.text.view(),
                tab => &mut me.views[tab as usize],
            }),
            Action::ToggleMark | Action::MarkAll | Action::SortBy | Action::Filter => {}
            action => {
                if let Some(tab) = Tab::of(action) {
                    self.show(tab);
                } else if self.tab == Tab::Diff && self.diff.handle(action) {
                    if self.diff.too_narrow() && action == Action::ToggleSides {
                        cx.toast(ToastKind::Info, tr!("tui-diff-too-narrow"));
                    }
                } else if (self.tab == Tab::Text && self.text.handle(action))
                    || self.select(action)
                    || (!matches!(self.tab, Tab::Text | Tab::Diff)
                        && self.views[self.tab as usize].handle(action))
                {
                } else {
                    let Some(l) = &self.loaded else {
                        return Outcome::Ignored;
                    };
                    if !acts::begin::<Self>(action, &self.house, &l.view, cx) {
                        return Outcome::Ignored;
                    }
                }
            }
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.lay_out(env);
        let title = self
            .loaded
            .as_ref()
            .map(|l| acts::title(&l.view))
            .unwrap_or_default();
        let me = self.house.me.borrow().name.clone();
        let body = kit::head_of(area, buf, env, &title, &[], 0, &me);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        if self.loaded.is_none() {
            let text = tr!("tui-list-loading");
            let width = body.width - 2;
            draw::put(
                buf,
                body.x + 1,
                body.y,
                &text,
                env.styles.muted,
                width,
                env.amb,
            );
            return;
        }
        let tabs = Rect { height: 1, ..body };
        self.tab_places = tabs::draw(self, tabs, buf, env);
        let mut inside = Rect {
            x: body.x + 1,
            y: body.y + 1,
            width: body.width - 1,
            height: body.height - 1,
        };
        self.body = inside;
        match self.tab {
            Tab::Diff => {
                if let Some(l) = &self.loaded {
                    let mut text = reading::redline_title(&l.diff);
                    if l.diff.from > 0 {
                        let (at, sum) = (self.diff.position(), self.diff.summary());
                        text = format!("{text}  {at}  {sum}");
                    }
                    let width = inside.width - 1;
                    draw::put_fit(
                        buf,
                        inside.x,
                        inside.y,
                        &text,
                        env.styles.muted,
                        width,
                        env.amb,
                    );
                    inside.y += 1;
                    inside.height -= 1;
                }
                self.diff.render(inside, buf, env);
            }
            Tab::Text => self.text.render(inside, buf, env),
            tab => self.views[tab as usize].render(inside, buf, env),
        }
    }
}
