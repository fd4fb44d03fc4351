//! The text of an item in the editor: its events, what it asks for, the person's own editor.

use crate::desk::Desk;
use crate::rules::act::ViewMode;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Component, Cx, Event, ToastKind};
use crate::tui::console::kit::{Notice, act};
use crate::tui::console::outside::{self, About, Back};
use crate::tui::console::seat::Seat;
use crate::tui::prose::{Did, Prose, Request};
use crate::tui::widgets::Confirm;

use super::Editor;

/// Puts text of an item on the clipboard once that is on record. Of a new item there is no record
/// yet, and it is nobody's but the writer's own.
pub(super) fn copy_out<C: Component<Seat>>(
    id: Option<String>,
    text: String,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, (), &mut Cx<'_, Seat>) + 'static,
) {
    let job = move |d: &mut Desk| match id {
        Some(id) => d.preview(&id, ViewMode::Copy).map(drop),
        None => Ok(()),
    };
    act(cx, job, |me: &mut C, (), cx| {
        cx.copy(text);
        then(me, (), cx);
    });
}

impl Editor {
    /// Gives an event to the text and carries out what it asks for.
    pub(super) fn in_body(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Did {
        let Some(body) = &mut self.body else {
            return Did::Ignored;
        };
        let did = body.handle(event, cx.env().mono);
        if did == Did::Changed {
            self.changed(cx);
            self.screen_soon(cx);
        }
        self.answer_requests(cx);
        did
    }

    fn answer_requests(&mut self, cx: &mut Cx<'_, Seat>) {
        let requests = self.body.as_mut().map(Prose::requests).unwrap_or_default();
        for request in requests {
            match request {
                Request::Copy(text) => self.copy_out(text, cx),
                Request::Save => self.save(false, cx),
                Request::SaveAndClose => self.save(true, cx),
                Request::Close => cx.dispatch(Action::Close),
                Request::Say(text) => cx.toast(ToastKind::Info, text),
                Request::LargePaste(text) => {
                    let kb: usize = text.len() / 1024;
                    let question = tr!("tui-paste-large", kb = kb);
                    let reply = cx.reply(move |me: &mut Self, yes: bool, cx| {
                        if let Some(body) = me.body.as_mut().filter(|_| yes) {
                            body.paste(&text);
                            me.changed(cx);
                            me.screen_soon(cx);
                        }
                    });
                    cx.push(Confirm::new(tr!("tui-paste-large-title"), question, reply));
                }
            }
        }
    }

    /// Puts text on the clipboard. Who took an unpublished text along is on record, first.
    pub(super) fn copy_out(&self, text: String, cx: &mut Cx<'_, Seat>) {
        copy_out(self.id.clone(), text, cx, |_: &mut Self, (), _| {});
    }

    /// Lends the terminal to the person's own editor. That the text left the house is on record.
    pub(super) fn external(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(command) = outside::command() else {
            cx.push(Notice::text(
                Action::ExternalEditor.describe(),
                tr!("tui-external-none"),
            ));
            return;
        };
        if let Some(id) = self.id.clone() {
            act(
                cx,
                move |d| d.preview(&id, ViewMode::Copy).map(drop),
                |_: &mut Self, (), _| {},
            );
        }
        self.keep(cx);
        let about = About {
            store: self.store.clone(),
            person: self.house.me.borrow().id.clone(),
            item: self.key().to_owned(),
            content: self.content(),
        };
        cx.lend_terminal(
            move || outside::edit(&command, &about).map_err(|e| e.to_string()),
            |me: &mut Self, result, cx| match result {
                Ok(Some(back)) if back.doubt.is_none() => me.bring_in(back, cx),
                Ok(Some(back)) => me.ask_bring_in(back, cx),
                Ok(None) => {}
                Err(detail) => cx.push(Notice::text(
                    Action::ExternalEditor.describe(),
                    tr!("tui-external-failed", detail = detail),
                )),
            },
        );
    }

    /// Takes a text from outside, as one step; where it lay is cleared when it is kept.
    pub(super) fn bring_in(&mut self, back: Back, cx: &mut Cx<'_, Seat>) {
        if let Some(body) = &mut self.body {
            body.rewrite(&back.text);
        }
        self.rooms.push(back.room);
        self.changed(cx);
        self.screen_soon(cx);
        if self.dirty() {
            self.keep(cx);
        } else {
            self.in_store();
        }
    }

    /// Leaves the text as it is, and the other one behind "redo".
    pub(super) fn leave_out(&mut self, back: Back, cx: &mut Cx<'_, Seat>) {
        if let Some(body) = &mut self.body {
            body.rewrite(&back.text);
            body.take_back();
        }
        back.room.clear();
        self.changed(cx);
        cx.toast(ToastKind::Info, tr!("tui-outside-redo"));
    }

    /// The text that was on screen has arrived in the store: what it came from may go.
    pub(super) fn in_store(&mut self) {
        for room in self.rooms.drain(..) {
            room.clear();
        }
    }
}
