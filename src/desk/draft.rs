//! Drafting: create, revise, attach, submit, recall, discard, restore, comment, claims, autosave.

use super::review::Seen;
use super::unsaved::Typed;
use super::{Attachment, Content, Desk, DeskError, Note, Result, new_id};
use crate::journal::Hash;
use crate::rules::act::{Act, BodyRole, Claim, Plain, Revise, Shape, Submit, Takeover};
use crate::rules::fingerprint::fingerprint;
use crate::store::bodies::NewBody;
use crate::store::facts::ItemRow;
use crate::store::local::{self, Liveness};
use crate::store::query::history::{self, Revision};
use crate::store::{Receipt, StoreError};

/// A created item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Id.
    pub id: String,
    /// Human number.
    pub number: String,
    /// Position of the entry.
    pub seq: u64,
    /// Bodies of the original files kept with it, in order.
    pub originals: Vec<Hash>,
}

/// What a save did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The working revision afterwards.
    pub revision: u32,
    /// Position of the entry, none where nothing had changed.
    pub seq: Option<u64>,
}

/// What taking over a claim did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOver {
    /// Whose unsaved text was kept as a revision in his name.
    pub kept_from: Option<String>,
    /// The working revision afterwards.
    pub revision: u32,
    /// Position of the entry.
    pub seq: u64,
}

impl Desk {
    /// Makes a draft.
    pub fn create(&mut self, content: Content) -> Result<Created> {
        self.create_with(content, Vec::new())
    }

    pub(super) fn create_with(
        &mut self,
        content: Content,
        originals: Vec<(BodyRole, NewBody)>,
    ) -> Result<Created> {
        let mut content = content;
        content.tidy()?;
        let id = new_id("i");
        let mut bodies = self.bodies_of(&content, None)?;
        let kept = originals.iter().map(|(_, body)| body.id).collect();
        bodies.extend(originals);
        let act = Act::ItemNew(Revise {
            shape: content.shape.clone(),
            from: 0,
            session: None,
        });
        let receipt = self.act(Some((&id, None)), &act, &bodies)?;
        let number = self.number_of(&id)?;
        Ok(Created {
            id,
            number,
            seq: receipt.seq,
            originals: kept,
        })
    }

    /// Saves a revision made from revision `from`, of a text that was typed here. Saving what is there
    /// already changes nothing and voids no decision. When somebody else saved meanwhile it is a
    /// conflict, and the text is kept as this session's unsaved one.
    pub fn revise(&mut self, item: &str, content: Content, from: u32) -> Result<Saved> {
        let row = self.find(item)?;
        let mut content = content;
        let saved = match content.tidy() {
            Ok(()) => self.try_revise(&row, &content, from),
            Err(error) => Err(error),
        };
        match &saved {
            Ok(_) => self.forget_unsaved(&row.facts.id),
            // Whatever stood in the way, what was typed stays.
            Err(error) => {
                if let Err(lost) = self.autosave(&row.facts.id, &content, from) {
                    tracing::error!(%lost, refused = %error, "text could not be kept either");
                }
            }
        }
        saved
    }

    /// Saves a revision of a content that was not typed here: the stored one with something changed
    /// by a command. Whatever the person has unsaved elsewhere stays as it is, whether this is saved
    /// or refused; a text begun from the earlier revision meets the new one as a conflict.
    pub fn change(&mut self, item: &str, content: Content, from: u32) -> Result<Saved> {
        let row = self.find(item)?;
        let mut content = content;
        content.tidy()?;
        self.try_revise(&row, &content, from)
    }

    /// A text is saved or given up: that of this session, and the one it was recovered from. The act
    /// is done by now; what cannot be tidied away is offered once more, and no more than that.
    pub(super) fn forget_unsaved(&mut self, item: &str) {
        let handed = self.handed.remove(item);
        let conn = self.store.conn();
        let done = local::autosave_done(conn, item, &self.person, &self.session).and_then(|()| {
            match &handed {
                Some((session, at)) => {
                    local::autosave_done_at(conn, item, &self.person, (session, *at))
                }
                None => Ok(()),
            }
        });
        if let Err(error) = done {
            tracing::warn!(%error, item, "unsaved text not cleared");
        }
    }

    fn try_revise(&mut self, row: &ItemRow, content: &Content, from: u32) -> Result<Saved> {
        if from != row.facts.revision {
            return Err(DeskError::Conflict {
                now: row.facts.revision,
            });
        }
        let current = self.revision_of(row, row.facts.revision)?;
        let bodies = self.bodies_of(content, Some(&current))?;
        if self.is_same(row, &current, content, &bodies) {
            return Ok(Saved {
                revision: row.facts.revision,
                seq: None,
            });
        }
        let session = row.facts.claim.as_ref().map(|_| self.session.clone());
        let act = Act::ItemRevise(Revise {
            shape: content.shape.clone(),
            from,
            session,
        });
        let receipt = self.act(Some((&row.facts.id, Some(row.base))), &act, &bodies)?;
        Ok(Saved {
            revision: row.facts.last_revision + 1,
            seq: Some(receipt.seq),
        })
    }

    /// Equal bytes reuse their bodies, so that equal bodies and an equal shape are no change.
    pub(super) fn is_same(
        &self,
        row: &ItemRow,
        current: &Revision,
        content: &Content,
        bodies: &[(BodyRole, NewBody)],
    ) -> bool {
        let ids = |role| {
            bodies
                .iter()
                .filter(move |(r, _)| *r == role)
                .map(|(_, b)| b.id)
        };
        ids(BodyRole::Fields).eq([current.fields])
            && ids(BodyRole::Text).eq([current.text])
            && ids(BodyRole::Attachment).eq(current.attachments.iter().copied())
            && row.facts.shape == content.shape
    }

    /// The bodies of a content; what equals the bodies of `before` is named again, not stored again.
    pub(super) fn bodies_of(
        &self,
        content: &Content,
        before: Option<&Revision>,
    ) -> Result<Vec<(BodyRole, NewBody)>> {
        let mut list = Vec::with_capacity(2 + content.attachments.len());
        let fields = serde_json::to_vec(&content.fields)
            .map_err(|e| StoreError::Damaged(format!("fields: {e}")))?;
        let texts = [
            (BodyRole::Fields, fields),
            (BodyRole::Text, content.text.clone().into_bytes()),
        ];
        for (role, bytes) in texts {
            let old = before.map(|b| {
                if role == BodyRole::Fields {
                    b.fields
                } else {
                    b.text
                }
            });
            list.push(self.same_or_fresh(role, bytes, old)?);
        }
        for (at, file) in content.attachments.iter().enumerate() {
            let old = before.and_then(|b| b.attachments.get(at)).copied();
            list.push(match (&file.bytes, file.id) {
                (Some(bytes), _) => self.same_or_fresh(BodyRole::Attachment, bytes.clone(), old)?,
                // Only what is on this item already can be named without its bytes.
                (None, Some(id)) if before.is_some_and(|b| b.attachments.contains(&id)) => (
                    BodyRole::Attachment,
                    NewBody::known(id, self.body_len(&id)?),
                ),
                (None, _) => {
                    return Err(DeskError::Usage {
                        key: "error-attachment-unknown",
                        about: file.name.clone(),
                    });
                }
            });
        }
        Ok(list)
    }

    fn same_or_fresh(
        &self,
        role: BodyRole,
        bytes: Vec<u8>,
        old: Option<Hash>,
    ) -> Result<(BodyRole, NewBody)> {
        if let Some(old) = old
            && let Some((_, stored)) =
                crate::store::bodies::open(self.store.conn(), self.store.suite(), &old)?
            && stored == bytes
        {
            return Ok((role, NewBody::known(old, bytes.len() as u64)));
        }
        self.fresh(role, bytes, old)
    }

    fn body_len(&self, id: &Hash) -> Result<u64> {
        let len: i64 = self
            .store
            .conn()
            .query_row(
                "SELECT len FROM bodies WHERE id = ?1",
                [id.as_bytes().as_slice()],
                |r| r.get(0),
            )
            .map_err(|_| StoreError::Purged(*id))?;
        Ok(len as u64)
    }

    pub(super) fn revision_of(&self, row: &ItemRow, n: u32) -> Result<Revision> {
        history::one_revision(self.store.conn(), row.n, n)?.ok_or(DeskError::Conflict {
            now: row.facts.revision,
        })
    }

    /// The content of a revision as an editor gets it.
    pub fn content(&mut self, item: &str, revision: Option<u32>) -> Result<Content> {
        let row = self.find(item)?;
        let revision = self.revision_of(&row, revision.unwrap_or(row.facts.revision))?;
        self.content_of(&revision)
    }

    pub(super) fn content_of(&self, revision: &Revision) -> Result<Content> {
        let fields: super::Fields = serde_json::from_str(&self.text(&revision.fields)?)
            .map_err(|_| StoreError::Body(revision.fields))?;
        let shape: Shape = serde_json::from_str(&revision.shape)
            .map_err(|_| StoreError::Damaged("revisions.shape".into()))?;
        let attachments = fields
            .attachments
            .iter()
            .zip(&revision.attachments)
            .map(|(f, id)| Attachment {
                name: f.name.clone(),
                alt: f.alt.clone(),
                bytes: None,
                id: Some(*id),
            })
            .collect();
        Ok(Content {
            text: self.text(&revision.text)?,
            fields,
            attachments,
            shape,
        })
    }

    /// Adds a file to the working revision.
    pub fn attach(&mut self, item: &str, name: &str, alt: &str, bytes: Vec<u8>) -> Result<Saved> {
        if bytes.is_empty() {
            return Err(DeskError::Usage {
                key: "error-attachment-empty",
                about: name.to_owned(),
            });
        }
        if bytes.len() > crate::store::bodies::MAX_BODY {
            return Err(DeskError::Usage {
                key: "error-attachment-large",
                about: name.to_owned(),
            });
        }
        let row = self.find(item)?;
        let mut content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        content.attachments.push(Attachment {
            name: name.to_owned(),
            alt: alt.to_owned(),
            bytes: Some(bytes),
            id: None,
        });
        self.change(&row.facts.id, content, row.facts.revision)
    }

    /// Hands the version the person saw in for review. Submitting says that its content is lawful,
    /// complete, accurate and timely (A13.6), which nobody can say of what he has not seen.
    pub fn submit(&mut self, item: &str, seen: Seen) -> Result<Receipt> {
        let row = self.find(item)?;
        let act = Act::ItemSubmit(Submit {
            fingerprint: seen.0.unwrap_or(row.facts.fingerprint),
        });
        self.act(Some((&row.facts.id, Some(row.base))), &act, &[])
    }

    /// Takes one's own submission back.
    pub fn recall(&mut self, item: &str) -> Result<Receipt> {
        self.plain(item, &Act::ItemRecall(Plain {}), &Note::none())
    }

    /// Puts an item away; of a correction under way, drops the correction.
    pub fn discard(&mut self, item: &str) -> Result<Receipt> {
        self.plain(item, &Act::ItemDiscard(Plain {}), &Note::none())
    }

    /// Brings a discarded or rejected item back as a draft.
    pub fn restore(&mut self, item: &str) -> Result<Receipt> {
        self.plain(item, &Act::ItemRestore(Plain {}), &Note::none())
    }

    pub(super) fn plain(&mut self, item: &str, act: &Act, note: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(note)?;
        self.act(Some((&row.facts.id, Some(row.base))), act, &bodies)
    }

    /// Claims an item for writing in this session. A claim of a session that is dead is swept.
    pub fn claim(&mut self, item: &str) -> Result<()> {
        let row = self.find(item)?;
        let now = self.now();
        local::session_alive(self.store.conn(), &self.session, &self.person, now, true)?;
        if let Some(claim) = &row.facts.claim {
            if claim.session == self.session {
                return Ok(());
            }
            let liveness = local::liveness(self.store.conn(), &claim.session, row.claim_at, now)?;
            if liveness == Liveness::Dead
                && (claim.person == self.person || self.may_sweep(&row)?)
            {
                self.take_over(&row.facts.id)?;
                return Ok(());
            }
        }
        let act = Act::ItemClaim(Claim {
            item: row.facts.id.clone(),
            session: self.session.clone(),
        });
        self.act(None, &act, &[])?;
        Ok(())
    }

    fn may_sweep(&mut self, row: &ItemRow) -> Result<bool> {
        let now = self.moment()?;
        let org = self.org()?;
        Ok(org.has_right(
            &self.person,
            crate::rules::role::Right::Select,
            row.facts.home(),
            now,
        ))
    }

    /// Gives a claim of this session back. None there is no error: it may have been taken over.
    pub fn release_claim(&mut self, item: &str) -> Result<()> {
        let row = self.find(item)?;
        match &row.facts.claim {
            Some(claim) if claim.session == self.session => {
                let act = Act::ItemRelease(Claim {
                    item: row.facts.id.clone(),
                    session: self.session.clone(),
                });
                self.act(None, &act, &[])?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes an item over from another session. What the other had not saved is kept as a
    /// revision in his name.
    pub fn take_over(&mut self, item: &str) -> Result<TakenOver> {
        let row = self.find(item)?;
        let now = self.now();
        local::session_alive(self.store.conn(), &self.session, &self.person, now, true)?;
        let kept = match &row.facts.claim {
            Some(claim) => local::autosaved_in(
                self.store.conn(),
                &row.facts.id,
                (&claim.person, &claim.session),
            )?
            .filter(|save| save.from_revision == row.facts.revision),
            None => None,
        };
        let (mut takeover, mut bodies) = (
            Takeover {
                session: self.session.clone(),
                author: None,
                shape: None,
            },
            Vec::new(),
        );
        if let Some(save) = &kept {
            let mut content: Content = serde_json::from_str(&save.content)
                .map_err(|_| StoreError::Damaged("autosaves.content".into()))?;
            // What cannot be saved as it stands (half a date, a column that closed meanwhile) does
            // not hold the lock: it stays the other's unsaved text.
            if content.tidy().is_ok() {
                let current = self.revision_of(&row, row.facts.revision)?;
                let made = self.bodies_of(&content, Some(&current))?;
                let keeping = Takeover {
                    session: self.session.clone(),
                    author: Some(save.person.clone()),
                    shape: Some(content.shape.clone()),
                };
                let lens: Vec<_> = made.iter().map(|(role, b)| (*role, b.len)).collect();
                let id = row.facts.id.clone();
                if !self.is_same(&row, &current, &content, &made)
                    && self
                        .may(Some(&id), &Act::ItemTakeover(keeping.clone()), &lens)
                        .is_ok()
                {
                    takeover = keeping;
                    bodies = made;
                }
            }
        }
        let kept_from = takeover.author.clone();
        let receipt = self.act(
            Some((&row.facts.id, Some(row.base))),
            &Act::ItemTakeover(takeover),
            &bodies,
        )?;
        let mut revision = row.facts.revision;
        if let (Some(person), Some(save)) = (&kept_from, &kept) {
            revision = row.facts.last_revision + 1;
            let seen = (save.session.as_str(), save.at);
            // The text is a revision by now, whether or not its autosave can be tidied away.
            if let Err(error) =
                local::autosave_done_at(self.store.conn(), &row.facts.id, person, seen)
            {
                tracing::warn!(%error, item, "autosave not cleared");
            }
        }
        Ok(TakenOver {
            kept_from,
            revision,
            seq: receipt.seq,
        })
    }

    /// Keeps an unsaved text: replaces this session's own latest on the item, nothing else.
    /// Of a destroyed text nothing is kept: it must not come back by the hand that still has it open.
    pub fn autosave(&mut self, item: &str, content: &Content, from: u32) -> Result<()> {
        self.autosave_typed(item, content, &Typed::new(), from)
    }

    /// This person's newest unsaved text on an item, from whichever session, with the revision it was
    /// begun from and when. Saving the item or giving the text up settles it.
    pub fn autosaved(&mut self, item: &str) -> Result<Option<(Content, u32, i64)>> {
        let kept = self.unsaved(item)?;
        Ok(kept.map(|k| (k.content, k.from, k.at)))
    }

    /// Gives an unsaved text up: that of this session, and the newest of another that is shown by
    /// [`Desk::autosaved`], unless somebody still writes there.
    pub fn drop_autosave(&mut self, item: &str) -> Result<()> {
        let row = self.find(item)?;
        self.give_up_unsaved(&row.facts.id)
    }

    /// The fingerprint a content would have; for tests of what voids a decision.
    pub fn fingerprint_of(&self, revision: &Revision, shape: &Shape) -> Hash {
        fingerprint(
            self.store.suite(),
            revision.fields,
            revision.text,
            &revision.attachments,
            shape,
        )
    }
}
