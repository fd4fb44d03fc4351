//! What an editor has open and nobody has saved: kept as it was typed.
//!
//! No rule and no tidying stands before this table. A title that is too long, half a date, a
//! disclosure whose ground comes next: each is refused when it is saved, and each must be there
//! again after the lights went out. An item that is no draft yet is kept under a provisional id,
//! which never leaves this machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::Created;
use super::{Content, Desk, Result, new_id};
use crate::store::StoreError;
use crate::store::local::{self, Autosave, Liveness};

/// What provisional ids begin with; ids of items have no hyphen.
const NEW: &str = "new-";

/// Entries whose text is not (yet) what the content can hold, by their code: half a date.
pub type Typed = BTreeMap<String, String>;

/// An unsaved text as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// What can be held as content.
    pub content: Content,
    /// What was typed and cannot.
    pub typed: Typed,
    /// The revision it was begun from; 0 for a new item.
    pub from: u32,
    /// When it was kept, µs.
    pub at: i64,
}

/// A new item that is no draft yet, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its provisional id.
    pub id: String,
    /// Its title as far as it has one.
    pub title: String,
    /// How its text begins, where it has no title.
    pub start: String,
    /// Its home column.
    pub column: String,
    /// When it was kept, µs.
    pub at: i64,
}

/// The form in the table. A reader that wants the content alone overlooks the rest.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    content: Content,
    #[serde(default, skip_serializing_if = "Typed::is_empty")]
    typed: Typed,
}

fn read(save: &Autosave) -> Result<Unsaved> {
    let kept: Kept = serde_json::from_str(&save.content)
        .map_err(|_| StoreError::Damaged("autosaves.content".into()))?;
    Ok(Unsaved {
        content: kept.content,
        typed: kept.typed,
        from: save.from_revision,
        at: save.at,
    })
}

impl Desk {
    /// A provisional id for an item that is no draft yet.
    pub fn provisional() -> String {
        new_id(NEW)
    }

    /// Whether an id is a provisional one.
    pub fn is_provisional(id: &str) -> bool {
        id.starts_with(NEW)
    }

    /// Keeps an unsaved text with what was typed into entries that cannot hold it. It replaces
    /// this session's own latest on the item, nothing else. Of a destroyed text nothing is kept: it
    /// must not come back by the hand that still has it open.
    pub fn autosave_typed(
        &mut self,
        item: &str,
        content: &Content,
        typed: &Typed,
        from: u32,
    ) -> Result<()> {
        let save = self.save_of(item, content, typed, from)?;
        // Asked and written in one transaction, or a purge between the two would be undone by it.
        self.store.write(|tx| -> Result<()> {
            let destroyed = tx
                .conn()
                .prepare_cached(
                    "SELECT 1 FROM revisions r JOIN items i ON i.n = r.item
                     WHERE i.id = ?1 AND r.purged = 1 AND (r.n = ?2 OR r.n = i.revision)",
                )?
                .exists((item, from))?;
            if destroyed {
                return Ok(());
            }
            Ok(local::autosave(tx.conn(), &save)?)
        })
    }

    fn save_of(&self, id: &str, content: &Content, typed: &Typed, from: u32) -> Result<Autosave> {
        let kept = Kept {
            content: content.clone(),
            typed: typed.clone(),
        };
        Ok(Autosave {
            item: id.to_owned(),
            person: self.person.clone(),
            session: self.session.clone(),
            from_revision: from,
            at: self.now(),
            content: serde_json::to_string(&kept)
                .map_err(|e| StoreError::Damaged(e.to_string()))?,
        })
    }

    /// This person's newest unsaved text on an item, from whichever session. Saving the item or
    /// giving the text up settles it.
    pub fn unsaved(&mut self, item: &str) -> Result<Option<Unsaved>> {
        let row = self.find(item)?;
        self.unsaved_under(&row.facts.id)
    }

    fn unsaved_under(&mut self, id: &str) -> Result<Option<Unsaved>> {
        let Some(save) = local::autosaved(self.store.conn(), id, &self.person)? else {
            return Ok(None);
        };
        let unsaved = read(&save)?;
        if save.session != self.session {
            self.handed.insert(id.to_owned(), (save.session, save.at));
        }
        Ok(Some(unsaved))
    }

    /// Drops the unsaved text of this session, and the newest of another that was shown, unless
    /// somebody still writes there.
    pub(super) fn give_up_unsaved(&mut self, id: &str) -> Result<()> {
        let (conn, now) = (self.store.conn(), self.clock.now());
        if !self.handed.contains_key(id)
            && let Some(save) = local::autosaved(conn, id, &self.person)?
            && local::liveness(conn, &save.session, None, now)? == Liveness::Dead
        {
            self.handed.insert(id.to_owned(), (save.session, save.at));
        }
        self.forget_unsaved(id);
        Ok(())
    }

    /// Ids of the items of which this person has an unsaved text, from whichever session.
    pub fn unsaved_items(&mut self) -> Result<Vec<String>> {
        let all = local::autosaves_of(self.store.conn(), "", &self.person)?;
        let ids = all.into_iter().map(|save| save.item);
        Ok(ids.filter(|id| !Self::is_provisional(id)).collect())
    }

    /// Keeps a new item that is no draft yet under its provisional id.
    pub fn autosave_new(&mut self, id: &str, content: &Content, typed: &Typed) -> Result<()> {
        let save = self.save_of(id, content, typed, 0)?;
        Ok(local::autosave(self.store.conn(), &save)?)
    }

    /// New items this person has begun and not saved, the newest first; not those that are open
    /// in another console at this moment.
    pub fn begun(&mut self) -> Result<Vec<Begun>> {
        let now = self.now();
        let mut list = Vec::new();
        for save in local::autosaves_of(self.store.conn(), NEW, &self.person)? {
            if save.session != self.session
                && local::is_running(self.store.conn(), &save.session, now)?
            {
                continue;
            }
            let kept = read(&save)?;
            let first = kept.content.text.lines().find(|l| !l.trim().is_empty());
            list.push(Begun {
                id: save.item,
                title: kept.content.fields.title,
                start: first.unwrap_or_default().chars().take(60).collect(),
                column: kept
                    .content
                    .shape
                    .columns
                    .first()
                    .cloned()
                    .unwrap_or_default(),
                at: kept.at,
            });
        }
        Ok(list)
    }

    /// A new item as it was kept.
    pub fn begun_text(&mut self, id: &str) -> Result<Option<Unsaved>> {
        self.unsaved_under(id)
    }

    /// Gives a new item up that is no draft yet.
    pub fn drop_begun(&mut self, id: &str) -> Result<()> {
        self.give_up_unsaved(id)
    }

    /// Makes a draft of what was kept under a provisional id, which is free then. The text stays
    /// under it where the draft is refused.
    pub fn create_begun(&mut self, id: &str, content: Content) -> Result<Created> {
        let made = self.create(content)?;
        self.drop_begun(id)?;
        Ok(made)
    }
}
