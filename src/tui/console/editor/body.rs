//! The text of an item in the editor: its events, what it asks for, the person's own editor.

use crate::rules::act::ViewMode;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Cx, Event, ToastKind};
use crate::tui::console::kit::{Notice, act};
use crate::tui::console::outside;
use crate::tui::console::seat::Seat;
use crate::tui::prose::{Did, Prose, Request};
use crate::tui::widgets::Confirm;

use super::Editor;

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
                Request::Copy(text) => cx.copy(text),
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
        let text = self.body.as_ref().map(Prose::text).unwrap_or_default();
        cx.lend_terminal(
            move || outside::edit(&command, &text).map_err(|e| e.to_string()),
            |me: &mut Self, result, cx| match result {
                Ok(Some(text)) => {
                    if let Some(body) = &mut me.body {
                        body.rewrite(&text);
                    }
                    me.changed(cx);
                    me.screen_soon(cx);
                }
                Ok(None) => {}
                Err(detail) => cx.push(Notice::text(
                    Action::ExternalEditor.describe(),
                    tr!("tui-external-failed", detail = detail),
                )),
            },
        );
    }
}
