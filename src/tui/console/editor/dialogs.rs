//! Questions of the editor: taking an item over, a text that was kept, a conflict.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::Content;
use crate::desk::unsaved::Unsaved;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, ToastKind};
use crate::tui::console::kit::{self, act, choices, when};
use crate::tui::console::outside::{Back, Doubt};
use crate::tui::console::reading;
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{ChoiceList, Confirm, DiffView};

use super::Editor;

impl Editor {
    pub(super) fn ask_take_over(&mut self, name: &str, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            let Some(id) = me.id.clone().filter(|_| yes) else {
                cx.back();
                return;
            };
            act(
                cx,
                move |d| {
                    let taken = d.take_over(&id)?;
                    match taken.kept_from {
                        Some(person) => Ok(Some(d.person_name(&person)?)),
                        None => Ok(None),
                    }
                },
                |me: &mut Self, kept: Option<String>, cx| {
                    if let Some(name) = kept {
                        cx.toast(ToastKind::Info, tr!("tui-taken-over-kept", name = name));
                    }
                    me.start(cx);
                },
            );
        });
        cx.push(Confirm::new(
            Action::TakeOver.describe(),
            tr!("tui-ask-take-over", name = name),
            reply,
        ));
    }

    /// There is text that was kept and not saved. Until that is decided nothing is typed and
    /// nothing kept: it would take the place of what the question is about.
    pub(super) fn ask_recover(&mut self, saved: Content, kept: Unsaved, cx: &mut Cx<'_, Seat>) {
        self.asking = true;
        let list = choices([
            tr!("tui-recover-take"),
            tr!("tui-recover-look"),
            tr!("tui-recover-drop"),
        ]);
        let title = tr!(
            "tui-recover-title",
            at = when(kept.at, cx.env().now_us),
            revision = kept.from
        );
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                // Leaving the question loses nothing either.
                Some(0) | None => {
                    me.asking = false;
                    me.fill(kept.content, &kept.typed, cx);
                    me.kept_at = Some(kept.at);
                    me.rest_on(kept.from);
                    me.touch(cx);
                    me.catch_up(cx);
                }
                Some(1) => {
                    let from = kept.from;
                    let diff =
                        crate::desk::view::differences(from, from, Some(&saved), &kept.content);
                    let spans = reading::redline(&diff, &me.words);
                    let reply = cx.reply(move |me: &mut Self, (), cx| {
                        me.ask_recover(saved, kept, cx);
                    });
                    cx.push(
                        Redline::new(tr!("tui-recover-look"), me.id.clone(), spans).then(reply),
                    );
                }
                Some(_) => {
                    me.asking = false;
                    if let Some(id) = me.id.clone() {
                        act(cx, move |d| d.drop_autosave(&id), |_: &mut Self, (), _| {});
                    }
                    me.catch_up(cx);
                }
            },
        );
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    /// A text has come back from outside, but not as it should. Until that is decided nothing is
    /// typed and nothing kept.
    pub(super) fn ask_bring_in(&mut self, back: Back, cx: &mut Cx<'_, Seat>) {
        self.asking = true;
        let list = choices([
            tr!("tui-outside-take"),
            tr!("tui-outside-look"),
            tr!("tui-outside-keep"),
        ]);
        let title = match &back.doubt {
            Some(Doubt::Status(detail)) => tr!("tui-outside-status", detail = detail.as_str()),
            Some(Doubt::Encoding) => tr!("tui-outside-encoding"),
            Some(Doubt::Left) | None => tr!("tui-outside-left"),
        };
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            me.asking = false;
            match picked {
                Some(0) => me.bring_in(back, cx),
                Some(1) => {
                    // Without a revision before it a text would be shown as all new.
                    let (mine, at) = (me.content(), me.revision.max(1));
                    let mut theirs = mine.clone();
                    theirs.text.clone_from(&back.text);
                    let diff = crate::desk::view::differences(at, at, Some(&mine), &theirs);
                    let spans = reading::redline(&diff, &me.words);
                    let reply = cx.reply(move |me: &mut Self, (), cx| me.ask_bring_in(back, cx));
                    me.asking = true;
                    cx.push(
                        Redline::new(tr!("tui-outside-look"), me.id.clone(), spans).then(reply),
                    );
                    return;
                }
                Some(_) => me.leave_out(back, cx),
                // Not decided: it stays where it is and is asked about the next time.
                None => {}
            }
            me.catch_up(cx);
        });
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    /// Somebody saved meanwhile. The text stays; the person decides.
    pub(super) fn conflict(&mut self, text: String, now: u32, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-conflict-look"),
            tr!("tui-conflict-over"),
            tr!("tui-conflict-stay"),
        ]);
        let from = self.revision;
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                Some(0) => {
                    let id = me.id.clone().unwrap_or_default();
                    let again = text.clone();
                    act(
                        cx,
                        move |d| d.content(&id, Some(now)),
                        move |me: &mut Self, theirs, cx| {
                            let mine = me.content();
                            let diff =
                                crate::desk::view::differences(now, from, Some(&theirs), &mine);
                            let spans = reading::redline(&diff, &me.words);
                            let reply =
                                cx.reply(move |me: &mut Self, (), cx| me.conflict(again, now, cx));
                            cx.push(
                                Redline::new(tr!("tui-conflict-look"), me.id.clone(), spans)
                                    .then(reply),
                            );
                        },
                    );
                }
                Some(1) => {
                    me.rest_on(now);
                    me.save(false, cx);
                }
                _ => {}
            },
        );
        let title = tr!("tui-conflict-title", from = from, now = now);
        cx.push(ChoiceList::new(title, list, 0, reply));
    }
}

/// A redline over the whole screen, to look at and leave.
pub(super) struct Redline {
    title: String,
    /// The item, for the record of what is copied.
    id: Option<String>,
    view: DiffView,
    reply: Option<Reply<Seat, ()>>,
}

impl Redline {
    /// Shows these spans.
    fn new(title: impl Into<String>, id: Option<String>, spans: crate::diff::Redline) -> Self {
        Self {
            title: title.into(),
            id,
            view: DiffView::new(spans),
            reply: None,
        }
    }

    /// Tells `reply` when it is left.
    #[must_use]
    fn then(mut self, reply: Reply<Seat, ()>) -> Self {
        self.reply = Some(reply);
        self
    }
}

impl Component<Seat> for Redline {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Diff, Context::View]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::CanGoBack
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::NextChange).when(self.view.changes() > 0),
            Command::hint(Action::ToggleFold),
            Command::hint(Action::Back),
        ]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Back) => {
                if let Some(reply) = self.reply.take() {
                    reply.send((), cx);
                }
                cx.close();
            }
            Event::Action(Action::CopyText) => {
                // What is picked of it.
                if let Some(text) = self.view.dragged() {
                    self.view.end_drag();
                    super::body::copy_out(self.id.clone(), text, cx, |_: &mut Self, (), cx| {
                        kit::done(cx, tr!("tui-copied"));
                    });
                }
            }
            Event::Action(action) if self.view.handle(*action) => {}
            Event::Mouse(mouse) if self.view.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head_of(area, buf, env, &self.title, &[], 0, &self.view.position());
        let body = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(1),
            ..body
        };
        self.view.render(body, buf, env);
    }
}
