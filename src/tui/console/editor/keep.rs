//! Keeping and saving: the autosave, the draft of a new item, revisions, leaving.

use crate::desk::Content;
use crate::locale;
use crate::tr;
use crate::tui::component::{Cx, ToastKind};
use crate::tui::console::kit::{self, Notice, act, instant_of, load};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::prose::Prose;

use super::fields::Entry;
use super::{Editor, Part};

impl Editor {
    pub(super) fn dirty(&self) -> bool {
        self.touched || self.body.as_ref().is_some_and(Prose::dirty)
    }

    pub(super) fn mark_saved(&self) {
        if let Some(id) = &self.id {
            self.house.unsaved.borrow_mut().remove(id);
        }
    }

    /// An entry of the form changed, or the text as a whole is not the saved one.
    pub(super) fn touch(&mut self, cx: &mut Cx<'_, Seat>) {
        self.touched = true;
        self.changed(cx);
    }

    /// Something was typed: a few seconds later it is kept.
    pub(super) fn changed(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.dirty() {
            self.back_at_saved(cx);
            return;
        }
        if let Some(id) = &self.id {
            self.house.unsaved.borrow_mut().insert(id.clone());
        }
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        let wait = self.house.settings.borrow().autosave();
        self.timer = Some(cx.after(wait, |me: &mut Self, cx| {
            me.timer = None;
            me.keep(cx);
        }));
    }

    /// Undo has led back to what is saved: what was kept meanwhile is no text to recover.
    fn back_at_saved(&mut self, cx: &mut Cx<'_, Seat>) {
        self.mark_saved();
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        if let (Some(_), Some(id)) = (self.kept_at.take(), self.id.clone()) {
            act(cx, move |d| d.drop_autosave(&id), |_: &mut Self, (), _| {});
        }
    }

    /// Keeps what is not saved. A new item becomes a draft by it.
    pub(super) fn keep(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.dirty() || self.body.is_none() {
            return;
        }
        let content = self.content();
        let Some(id) = self.id.clone() else {
            self.found(content, cx);
            return;
        };
        let from = self.revision;
        load(
            cx,
            move |seat| {
                let desk = seat.desk()?;
                desk.autosave(&id, &content, from)?;
                Ok(desk.now())
            },
            |me: &mut Self, result, cx| match result {
                Ok(at) => me.kept_at = Some(at),
                // A dialog would take the keys away from somebody who is writing.
                Err(said) => cx.toast(ToastKind::Error, said.text),
            },
        );
    }

    /// Makes the draft of a new item.
    fn found(&mut self, content: Content, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.creating, true) {
            return;
        }
        let (sent, state) = (content.clone(), self.sent_state());
        cx.ask(
            move |seat: &mut Seat| {
                let desk = seat.desk().map_err(|e| Said::of(&e))?;
                let made = desk.create(content).map_err(|e| Said::of(&e))?;
                // Without the claim the draft is there all the same.
                let _ = desk.claim(&made.id);
                Ok::<_, Said>(made)
            },
            move |me: &mut Self, result, cx| {
                me.creating = false;
                match result {
                    Ok(made) => {
                        kit::done(cx, tr!("tui-created", number = made.number.as_str()));
                        me.id = Some(made.id);
                        me.number = made.number;
                        me.revision = 1;
                        me.settled(&sent, state, cx);
                    }
                    Err(said) => cx.push(Notice::refused(said)),
                }
            },
        );
    }

    /// Names the text that is being sent, so that the answer can be told from what was typed
    /// meanwhile.
    fn sent_state(&mut self) -> u64 {
        self.body.as_mut().map_or(0, Prose::state)
    }

    /// A save has arrived. What was typed meanwhile is still unsaved; caret, place and history
    /// stay as they are.
    fn settled(&mut self, sent: &Content, state: u64, cx: &mut Cx<'_, Seat>) {
        self.base = sent.clone();
        if let Some(body) = &mut self.body {
            body.saved(state);
        }
        let mut now = self.content();
        now.text.clone_from(&sent.text);
        self.touched = now != *sent;
        if self.dirty() {
            self.changed(cx);
        } else {
            if let Some(timer) = self.timer.take() {
                cx.cancel_timer(timer);
            }
            self.kept_at = None;
            self.mark_saved();
        }
    }

    fn bad_time(&mut self) -> bool {
        for (n, entry) in self.entries.iter().enumerate() {
            let text = self.form.text(n).unwrap_or_default();
            if matches!(entry, Entry::GoLive | Entry::Embargo)
                && !text.is_empty()
                && instant_of(&text).is_none()
            {
                let error = locale::by_id("error-time", &[("about", text)]);
                self.form.set_error(n, error);
                self.part = Part::Fields;
                return true;
            }
        }
        false
    }

    pub(super) fn save(&mut self, leave: bool, cx: &mut Cx<'_, Seat>) {
        if self.body.is_none() || self.bad_time() {
            return;
        }
        let content = self.content();
        let Some(id) = self.id.clone() else {
            self.found(content, cx);
            return;
        };
        let (from, sent, state) = (self.revision, content.clone(), self.sent_state());
        cx.ask(
            move |seat: &mut Seat| {
                seat.desk()
                    .and_then(|d| d.revise(&id, content, from))
                    .map_err(|e| Said::of(&e))
            },
            move |me: &mut Self, result, cx| match result {
                Ok(saved) => {
                    me.revision = saved.revision;
                    me.settled(&sent, state, cx);
                    kit::done(
                        cx,
                        match saved.seq {
                            Some(_) => tr!("tui-saved", revision = saved.revision),
                            None => tr!("tui-saved-same"),
                        },
                    );
                    if leave && !me.dirty() {
                        me.leave(cx);
                    }
                }
                Err(said) => match said.conflict {
                    Some(now) => me.conflict(said.text, now, cx),
                    None => cx.push(Notice::refused(said)),
                },
            },
        );
    }

    pub(super) fn leave(&mut self, cx: &mut Cx<'_, Seat>) {
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        self.release(cx);
        cx.back();
    }

    pub(super) fn release(&self, cx: &mut Cx<'_, Seat>) {
        if let Some(id) = self.id.clone() {
            act(cx, move |d| d.release_claim(&id), |_: &mut Self, (), _| {});
        }
    }
}
