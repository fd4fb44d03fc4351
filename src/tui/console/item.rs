//! One item: fields, text, history, differences, attachments; and what can be done to it.

use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::{HistoryLine, ItemView, RevisionDiff};
use crate::locale;
use crate::rules::act::ViewMode;
use crate::store::query::history::Revision;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::acts::{self, Acting};
use crate::tui::console::editor::{Editor, Part};
use crate::tui::console::kit::{self, House, act, choices, load, when};
use crate::tui::console::reading::{self, Reading};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw;
use crate::tui::theme::Styles;
use crate::tui::widgets::{ChoiceList, Confirm, DiffView, Paragraph, TextView};

/// The tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Fields,
    Body,
    History,
    Diff,
    Files,
}

const TABS: [Tab; 5] = [Tab::Fields, Tab::Body, Tab::History, Tab::Diff, Tab::Files];

/// Everything about one item, ready to be shown.
struct Loaded {
    view: ItemView,
    history: Vec<HistoryLine>,
    revisions: Vec<Revision>,
    diff: RevisionDiff,
    words: Arc<Words>,
}

/// The screen of an item.
pub struct Item {
    house: House,
    id: String,
    tab: Tab,
    loaded: Option<Loaded>,
    texts: [TextView; 5],
    diff: DiffView,
    /// The two revisions compared, where the person has chosen them.
    chosen: Option<(u32, u32)>,
    error: Option<Said>,
    drawn_for: Option<Styles>,
}

impl Item {
    /// The item of that id or number.
    pub fn new(house: House, id: String) -> Self {
        Self {
            house,
            id,
            tab: Tab::Fields,
            loaded: None,
            texts: Default::default(),
            diff: DiffView::default(),
            chosen: None,
            error: None,
            drawn_for: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        let (id, chosen) = (self.id.clone(), self.chosen);
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let view = desk.show(&id)?;
                let revisions = desk.revisions(&view.line.id)?;
                let history = desk.history(&view.line.id)?;
                let diff = match chosen {
                    Some((from, to)) => desk.diff(&view.line.id, from, to),
                    None => desk.review_diff(&view.line.id),
                };
                // A destroyed text has no difference; the rest of the item is still there.
                let diff = diff.unwrap_or_else(|_| RevisionDiff {
                    from: 0,
                    to: view.line.revision,
                    fields: Vec::new(),
                    text: crate::diff::Difference::default(),
                    attachments: Vec::new(),
                });
                Ok(Loaded {
                    view,
                    history,
                    revisions,
                    diff,
                    words,
                })
            },
            |me: &mut Self, result, _| match result {
                Ok(loaded) => me.take(loaded),
                Err(said) => {
                    me.loaded = None;
                    me.error = Some(said);
                }
            },
        );
    }

    fn take(&mut self, loaded: Loaded) {
        self.error = None;
        self.id.clone_from(&loaded.view.line.id);
        self.diff = DiffView::new(reading::redline(&loaded.diff, &loaded.words));
        self.loaded = Some(loaded);
        self.drawn_for = None;
    }

    /// Puts the texts together in the present style.
    fn lay_out(&mut self, env: &Env) {
        let Some(l) = &self.loaded else { return };
        if self.drawn_for.as_ref() == Some(&env.styles) {
            return;
        }
        let styles = &env.styles;
        let column = l.view.line.column.as_str();
        self.texts[Tab::Fields as usize]
            .set(reading::overview(&l.view, &l.words, styles, env.now_us));
        self.texts[Tab::Body as usize].set(if l.view.purged {
            vec![Paragraph::new(tr!("error-purged"), styles.warning)]
        } else {
            reading::render::source(&l.view.content.text, styles)
                .into_iter()
                .map(|p| p.0)
                .collect()
        });
        self.texts[Tab::History as usize].set(reading::history(
            &l.history, &l.words, column, styles, env.now_us,
        ));
        let mut files = reading::files::attachments(&l.view.content, &[], 0, styles);
        files.push(Paragraph::new("", styles.text));
        files.push(Paragraph::new(tr!("tui-label-comments"), styles.head));
        let before = files.len();
        for entry in l.history.iter().filter(|e| e.kind == "item.comment") {
            reading::entry(
                &mut files,
                entry,
                &l.words,
                Some(column),
                styles,
                env.now_us,
            );
        }
        if files.len() == before {
            files.push(Paragraph::new(tr!("tui-comments-none"), styles.muted));
        }
        self.texts[Tab::Files as usize].set(files);
        self.drawn_for = Some(env.styles.clone());
    }

    fn show(&mut self, tab: Tab) {
        self.tab = tab;
    }

    fn step_tab(&mut self, by: usize) {
        let at = (self.tab as usize + by) % TABS.len();
        self.tab = TABS[at];
    }

    fn compare(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let now = cx.env().now_us;
        let revisions: Vec<(u32, String)> = l
            .revisions
            .iter()
            .rev()
            .map(|r| {
                let label = tr!(
                    "tui-revision-of",
                    n = r.n,
                    who = l.words.person(&r.author),
                    at = when(r.at, now),
                    why = locale::word("tui-revision", &r.why)
                );
                (r.n, label)
            })
            .collect();
        let labels = choices(revisions.iter().map(|r| r.1.clone()));
        let later = labels.clone();
        let reply = cx.reply(move |_: &mut Self, from: Option<usize>, cx| {
            let Some((from, _)) = from.and_then(|n| revisions.get(n)).cloned() else {
                return;
            };
            let reply = cx.reply(move |me: &mut Self, to: Option<usize>, cx| {
                if let Some((to, _)) = to.and_then(|n| revisions.get(n)) {
                    me.chosen = Some((from.min(*to), from.max(*to)));
                    me.tab = Tab::Diff;
                    me.reload(cx);
                }
            });
            cx.push(ChoiceList::new(tr!("tui-compare-to"), later, 0, reply));
        });
        cx.push(ChoiceList::new(tr!("tui-compare-from"), labels, 1, reply));
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
            cx.push(kit::Notice::refused(acts::said(refusal)));
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
        self.chosen = None;
        self.reload(cx);
    }
}

impl Component<Seat> for Item {
    fn contexts(&self) -> Vec<Context> {
        let mut list = match self.tab {
            Tab::Diff => vec![Context::Diff, Context::History],
            Tab::History => vec![Context::History],
            _ => Vec::new(),
        };
        // To those who decide, the keys of decisions come before those of writing.
        if self.loaded.as_ref().is_some_and(|l| acts::decides(&l.view)) {
            list.push(Context::Queue);
        }
        list.extend([Context::Item, Context::View]);
        list
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::CanGoBack
    }

    fn commands(&self) -> Vec<Command> {
        let Some(l) = &self.loaded else {
            return vec![Command::hint(Action::Back)];
        };
        let editable = l.view.offers("claim") || l.view.claim.as_ref().is_some_and(|c| c.here);
        let mut list = Vec::new();
        if self.tab == Tab::Diff {
            list.push(Command::hint(Action::NextChange).when(self.diff.changes() > 0));
            list.push(Command::hint(Action::CompareWith));
            list.push(Command::quiet(Action::ToggleFold));
        }
        list.push(Command::hint(Action::EditBody).when(editable));
        list.extend(acts::commands(&l.view));
        list.push(Command::hint(Action::FocusNext));
        list.push(Command::quiet(Action::EditFields).when(editable));
        list.push(Command::quiet(Action::AttachFile).when(editable));
        list.push(Command::quiet(Action::TakeOver).when(l.view.offers("take-over")));
        list.push(Command::quiet(Action::Preview).when(!l.view.purged));
        list.push(Command::quiet(Action::PrintForm).when(!l.view.clearances.is_empty()));
        for tab in [
            Action::ShowFields,
            Action::ShowBody,
            Action::ShowHistory,
            Action::ShowDiff,
            Action::Attachments,
        ] {
            list.push(Command::quiet(tab));
        }
        list.push(Command::quiet(Action::Refresh));
        list
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        let Event::Action(action) = event else {
            return Outcome::Ignored;
        };
        match action {
            Action::FocusNext | Action::NextTab => self.step_tab(1),
            Action::FocusPrevious | Action::PreviousTab => self.step_tab(TABS.len() - 1),
            Action::ShowFields | Action::ShowRecord => self.show(Tab::Fields),
            Action::ShowBody => self.show(Tab::Body),
            Action::ShowHistory => self.show(Tab::History),
            Action::ShowDiff => self.show(Tab::Diff),
            Action::Attachments => self.show(Tab::Files),
            Action::CompareWith => self.compare(cx),
            Action::EditBody => self.edit(Part::Body, cx),
            Action::EditFields => self.edit(Part::Fields, cx),
            Action::TakeOver => self.take_over(cx),
            Action::Preview => self.preview(cx),
            Action::Refresh => self.reload(cx),
            Action::Search if self.tab != Tab::Diff => {
                reading::search(cx, |me: &mut Self| &mut me.texts[me.tab as usize]);
            }
            action if self.tab == Tab::Diff && self.diff.handle(*action) => {}
            action if self.tab != Tab::Diff && self.texts[self.tab as usize].handle(*action) => {}
            action => {
                let Some(l) = &self.loaded else {
                    return Outcome::Ignored;
                };
                if !acts::begin::<Self>(*action, &self.house, &l.view, cx) {
                    return Outcome::Ignored;
                }
            }
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.lay_out(env);
        let tabs = [
            tr!("tui-item-tab-fields"),
            tr!("tui-item-tab-body"),
            tr!("tui-item-tab-history"),
            tr!("tui-item-tab-diff"),
            tr!("tui-item-tab-files"),
        ];
        let (title, number) = match &self.loaded {
            Some(l) => (acts::title(&l.view), l.view.line.number.clone()),
            None => (String::new(), String::new()),
        };
        let me = self.house.me.borrow().name.clone();
        let body = kit::head_of(area, buf, env, &number, &tabs, self.tab as usize, &me);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let Some(l) = &self.loaded else {
            draw::put(
                buf,
                body.x + 1,
                body.y,
                &tr!("tui-list-loading"),
                env.styles.muted,
                body.width - 2,
                env.amb,
            );
            return;
        };
        let name = title.split_once(' ').map_or(title.as_str(), |t| t.1);
        draw::put_fit(
            buf,
            body.x + 1,
            body.y,
            name,
            env.styles.strong,
            body.width - 2,
            env.amb,
        );
        let inside = Rect {
            x: body.x + 1,
            y: body.y + 1,
            width: body.width - 1,
            height: body.height - 1,
        };
        if self.tab == Tab::Diff {
            let mut text = reading::redline_title(&l.diff);
            if l.diff.from > 0 {
                text = format!("{text}  {}", self.diff.position());
            }
            draw::put_fit(
                buf,
                inside.x,
                inside.y,
                &text,
                env.styles.muted,
                inside.width - 1,
                env.amb,
            );
            let rest = Rect {
                y: inside.y + 1,
                height: inside.height - 1,
                ..inside
            };
            self.diff.render(rest, buf, env);
        } else {
            self.texts[self.tab as usize].render(inside, buf, env);
        }
    }
}
