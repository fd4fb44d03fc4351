//! Questions of the editor: taking an item over, a text that was kept, a conflict.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::Content;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome, Reply, ToastKind};
use crate::tui::console::kit::{self, act, choices};
use crate::tui::console::reading;
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{Choice, ChoiceList, Confirm, DiffView};

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

    pub(super) fn ask_recover(
        &mut self,
        title: String,
        list: Vec<Choice>,
        content: Content,
        saved: Content,
        from: u32,
        cx: &mut Cx<'_, Seat>,
    ) {
        let again = (title.clone(), list.clone());
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                // Leaving the question loses nothing either.
                Some(0) | None => {
                    me.fill(content, cx);
                    me.revision = from;
                    me.touch(cx);
                }
                Some(1) => {
                    let diff = crate::desk::view::differences(from, from, Some(&saved), &content);
                    let spans = reading::redline(&diff, &me.words);
                    let reply = cx.reply(move |me: &mut Self, (), cx| {
                        me.ask_recover(again.0, again.1, content, saved, from, cx);
                    });
                    cx.push(Redline::new(tr!("tui-recover-look"), spans).then(reply));
                }
                Some(_) => {
                    if let Some(id) = me.id.clone() {
                        act(cx, move |d| d.drop_autosave(&id), |_: &mut Self, (), _| {});
                    }
                }
            },
        );
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
                            cx.push(Redline::new(tr!("tui-conflict-look"), spans).then(reply));
                        },
                    );
                }
                Some(1) => {
                    me.revision = now;
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
    view: DiffView,
    reply: Option<Reply<Seat, ()>>,
}

impl Redline {
    /// Shows these spans.
    fn new(title: impl Into<String>, spans: crate::diff::Redline) -> Self {
        Self {
            title: title.into(),
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
                // One's own text: what is picked of it.
                if let Some(text) = self.view.dragged() {
                    cx.copy(text);
                    self.view.end_drag();
                    kit::done(cx, tr!("tui-copied"));
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
