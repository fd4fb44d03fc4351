//! Keeping and saving: the autosave, the draft of a new item, revisions, leaving.

use std::sync::{Arc, Mutex, PoisonError};

use crate::desk::draft::{Created, Saved};
use crate::desk::unsaved::Typed;
use crate::desk::{self, Content, Desk};
use crate::locale;
use crate::tr;
use crate::tui::component::{Cx, ToastKind};
use crate::tui::console::kit::{self, Notice, act, instant_of};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::prose::Prose;
use crate::tui::widgets::Confirm;

use super::fields::Entry;
use super::{AUTOSAVE_WITHIN, Editor, Part};

/// How far the text of one editor has got on the store's thread.
///
/// Its jobs run there one after another, and each takes from here what those before it did: a text
/// kept while a save is on its way rests on the revision which that save makes, and one kept while
/// the draft is being made belongs to the draft. What the screen knows comes later.
#[derive(Debug, Clone, Default)]
pub(super) struct Landed {
    /// The item, once there is one.
    pub item: Option<String>,
    /// Its revision that the text rests on.
    pub revision: u32,
    /// What the last save of this editor stored.
    content: Option<Content>,
}

/// Shared between the editor and its jobs.
pub(super) type Track = Arc<Mutex<Landed>>;

/// What keeping came to.
enum Kept {
    /// The text is in the store, unsaved.
    At(i64),
    /// The new item has become a draft.
    Draft(Created),
    /// The new item is kept, but it cannot be a draft as it is.
    Begun(i64, Option<Said>),
    /// It is what has been saved already.
    Saved,
}

/// What saving came to.
enum Stored {
    Draft(Created),
    Revision(Saved),
}

fn landed(track: &Track) -> Landed {
    track.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn land(track: &Track, change: impl FnOnce(&mut Landed)) {
    change(&mut track.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Makes the draft of what is kept under a provisional id.
fn found(desk: &mut Desk, track: &Track, begun: &str, content: Content) -> desk::Result<Created> {
    let made = desk.create_begun(begun, content.clone())?;
    // Without the claim the draft is there all the same.
    let _ = desk.claim(&made.id);
    land(track, |l| {
        *l = Landed {
            item: Some(made.id.clone()),
            revision: 1,
            content: Some(content),
        };
    });
    Ok(made)
}

fn keep(
    desk: &mut Desk,
    track: &Track,
    begun: &str,
    content: Content,
    typed: &Typed,
) -> desk::Result<Kept> {
    let now = landed(track);
    if now.content.as_ref() == Some(&content) && typed.is_empty() {
        return Ok(Kept::Saved);
    }
    if let Some(id) = &now.item {
        desk.autosave_typed(id, &content, typed, now.revision)?;
        return Ok(Kept::At(desk.now()));
    }
    // First the text, then the question whether it may be a draft: no rule stands before it.
    desk.autosave_new(begun, &content, typed)?;
    let at = desk.now();
    if !typed.is_empty() {
        return Ok(Kept::Begun(at, None));
    }
    Ok(match found(desk, track, begun, content) {
        Ok(made) => Kept::Draft(made),
        Err(error) => Kept::Begun(at, Some(Said::of(&error))),
    })
}

fn store(desk: &mut Desk, track: &Track, begun: &str, content: Content) -> desk::Result<Stored> {
    let now = landed(track);
    if let Some(id) = &now.item {
        let saved = desk.revise(id, content.clone(), now.revision)?;
        land(track, |l| {
            l.revision = saved.revision;
            l.content = Some(content);
        });
        return Ok(Stored::Revision(saved));
    }
    desk.autosave_new(begun, &content, &Typed::new())?;
    found(desk, track, begun, content).map(Stored::Draft)
}

impl Editor {
    pub(super) fn dirty(&self) -> bool {
        self.touched || self.body.as_ref().is_some_and(Prose::dirty)
    }

    /// What the text is kept under: the item, or the provisional id of a new one.
    pub(super) fn key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.begun)
    }

    pub(super) fn mark_saved(&self) {
        self.house.unsaved.borrow_mut().remove(self.key());
    }

    /// The text rests on this revision from now on.
    pub(super) fn rest_on(&mut self, revision: u32) {
        self.revision = revision;
        let item = self.id.clone();
        land(&self.track, |l| {
            l.item = item;
            l.revision = revision;
        });
    }

    /// An entry of the form changed, or the text as a whole is not the saved one.
    pub(super) fn touch(&mut self, cx: &mut Cx<'_, Seat>) {
        self.touched = true;
        self.changed(cx);
    }

    /// Something was typed. It is kept when the keys rest, and also while they do not.
    pub(super) fn changed(&mut self, cx: &mut Cx<'_, Seat>) {
        if !self.dirty() {
            self.back_at_saved(cx);
            return;
        }
        let key = self.key().to_owned();
        self.house.unsaved.borrow_mut().insert(key);
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
        let now = cx.env().mono;
        let since = *self.unkept_since.get_or_insert(now);
        let rest = self.house.settings.borrow().autosave();
        let most = AUTOSAVE_WITHIN.max(rest);
        let wait = rest.min((since + most).saturating_sub(now));
        self.timer = Some(cx.after(wait, |me: &mut Self, cx| {
            me.timer = None;
            me.keep(cx);
        }));
    }

    fn no_timer(&mut self, cx: &mut Cx<'_, Seat>) {
        self.unkept_since = None;
        if let Some(timer) = self.timer.take() {
            cx.cancel_timer(timer);
        }
    }

    /// Undo has led back to what is saved: what was kept meanwhile is no text to recover.
    fn back_at_saved(&mut self, cx: &mut Cx<'_, Seat>) {
        self.mark_saved();
        self.no_timer(cx);
        if self.kept_at.take().is_none() {
            return;
        }
        match self.id.clone() {
            Some(id) => act(cx, move |d| d.drop_autosave(&id), |_: &mut Self, (), _| {}),
            None => self.drop_begun(cx),
        }
    }

    fn drop_begun(&self, cx: &mut Cx<'_, Seat>) {
        let begun = self.begun.clone();
        act(cx, move |d| d.drop_begun(&begun), |_: &mut Self, (), _| {});
    }

    /// Keeps what is not saved. A new item becomes a draft by it, if it can.
    pub(super) fn keep(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.dirty() {
            self.keep_and(false, cx);
        }
    }

    /// Keeps what is not saved and leaves when it is kept, not before.
    pub(super) fn keep_and_leave(&mut self, cx: &mut Cx<'_, Seat>) {
        self.keep_and(true, cx);
    }

    fn keep_and(&mut self, leave: bool, cx: &mut Cx<'_, Seat>) {
        // While it is open what to recover, nothing may take its place.
        if self.body.is_none() || self.asking {
            return;
        }
        self.no_timer(cx);
        let (content, typed) = (self.content(), self.typed());
        let (track, begun) = (Arc::clone(&self.track), self.begun.clone());
        // What a draft is made of is a saved text, to which undo can lead back.
        let sent = self
            .id
            .is_none()
            .then(|| (content.clone(), self.sent_state()));
        cx.ask_told(
            move |seat: &mut Seat| {
                seat.desk()
                    .and_then(|d| keep(d, &track, &begun, content, &typed))
                    .map_err(|e| Said::of(&e))
            },
            move |me: &mut Self, result, cx| {
                match (result, sent) {
                    (Ok(Kept::Draft(made)), Some((sent, state))) => {
                        me.became(made, &sent, state, cx);
                    }
                    (Ok(Kept::At(at)), _) => me.kept_at = Some(at),
                    (Ok(Kept::Begun(at, said)), _) => {
                        me.kept_at = Some(at);
                        me.say_begun(said, cx);
                    }
                    (Ok(_), _) => {}
                    (Err(said), _) if leave => {
                        cx.push(Notice::refused(said));
                        return;
                    }
                    (Err(said), _) => {
                        // A dialog would take the keys away from somebody who is writing.
                        cx.toast(ToastKind::Error, said.text);
                        me.changed(cx);
                        return;
                    }
                }
                me.in_store();
                if leave {
                    me.leave(cx);
                }
            },
        );
    }

    /// Says once why a new item is no draft yet.
    fn say_begun(&mut self, said: Option<Said>, cx: &mut Cx<'_, Seat>) {
        if let Some(said) = &said
            && self.refused.as_ref() != Some(said)
        {
            let text = tr!("tui-begun-kept", why = said.text.as_str());
            cx.toast(ToastKind::Warning, text);
        }
        self.refused = said;
    }

    /// The new item is a draft now.
    fn became(&mut self, made: Created, sent: &Content, state: u64, cx: &mut Cx<'_, Seat>) {
        kit::done(cx, tr!("tui-created", number = made.number.as_str()));
        self.mark_saved();
        self.id = Some(made.id);
        self.number = made.number;
        self.revision = 1;
        self.refused = None;
        self.settled(sent, state, cx);
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
        self.touched = now != *sent || !self.typed().is_empty();
        if self.dirty() {
            self.changed(cx);
        } else {
            self.no_timer(cx);
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

    /// Saves; with `leave` the editor is left when that is done.
    pub(super) fn save(&mut self, leave: bool, cx: &mut Cx<'_, Seat>) {
        if self.body.is_none() || self.asking || self.bad_time() {
            return;
        }
        if self.sending {
            self.again = Some(leave || self.again == Some(true));
            return;
        }
        self.sending = true;
        let content = self.content();
        let (sent, state) = (content.clone(), self.sent_state());
        let (track, begun) = (Arc::clone(&self.track), self.begun.clone());
        cx.ask_told(
            move |seat: &mut Seat| {
                seat.desk()
                    .and_then(|d| store(d, &track, &begun, content))
                    .map_err(|e| Said::of(&e))
            },
            move |me: &mut Self, result, cx| {
                me.sending = false;
                let again = me.again.take();
                match result {
                    Ok(Stored::Draft(made)) => me.became(made, &sent, state, cx),
                    Ok(Stored::Revision(saved)) => {
                        me.revision = saved.revision;
                        me.settled(&sent, state, cx);
                        kit::done(
                            cx,
                            match saved.seq {
                                Some(_) => tr!("tui-saved", revision = saved.revision),
                                None => tr!("tui-saved-same"),
                            },
                        );
                    }
                    Err(said) => {
                        match said.conflict {
                            Some(now) => me.conflict(said.text, now, cx),
                            None => cx.push(Notice::refused(said)),
                        }
                        return;
                    }
                }
                me.in_store();
                let leave = leave || again == Some(true);
                if me.dirty() {
                    if again.is_some() {
                        me.save(leave, cx);
                    }
                } else if leave {
                    me.leave(cx);
                }
            },
        );
    }

    /// Asks once more before a new item is given up: nothing would be left of it.
    pub(super) fn ask_give_up(&mut self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            if yes {
                me.drop_begun(cx);
                me.leave(cx);
            }
        });
        cx.push(Confirm::new(
            tr!("tui-leave-give-up"),
            tr!("tui-ask-give-up"),
            reply,
        ));
    }

    pub(super) fn leave(&mut self, cx: &mut Cx<'_, Seat>) {
        self.no_timer(cx);
        if self.id.is_none() {
            self.mark_saved();
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
