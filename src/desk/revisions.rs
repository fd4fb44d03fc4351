//! Going back to an earlier version, and exchanging one attachment: both make a new version.

use super::{Attachment, Desk, DeskError, Note, Result, draft::Saved};
use crate::rules::act::{Act, Revise};
use crate::store::bodies;

impl Desk {
    /// Makes the content of an earlier revision the newest one, with a reason. Nothing is lost:
    /// the versions between stay. Going back to what is there already changes nothing.
    pub fn restore_revision(&mut self, item: &str, n: u32, reason: &Note) -> Result<Saved> {
        let row = self.find(item)?;
        let current = self.revision_of(&row, row.facts.revision)?;
        let mut content = self.content_of(&self.revision_of(&row, n)?)?;
        for file in &mut content.attachments {
            // Only what the newest version holds can be named without its bytes.
            if let Some(id) = file.id.filter(|id| !current.attachments.contains(id)) {
                let bytes = bodies::load(self.store.conn(), self.store.suite(), &id)?;
                (file.bytes, file.id) = (Some(bytes), None);
            }
        }
        content.tidy()?;
        let mut made = self.bodies_of(&content, Some(&current))?;
        if self.is_same(&row, &current, &content, &made) {
            return Ok(Saved {
                revision: row.facts.revision,
                seq: None,
            });
        }
        made.extend(self.note_bodies(reason)?);
        let act = Act::ItemRevise(Revise {
            shape: content.shape.clone(),
            from: row.facts.revision,
            session: row.facts.claim.as_ref().map(|_| self.session.clone()),
        });
        let receipt = self.act(Some((&row.facts.id, Some(row.base))), &act, &made)?;
        Ok(Saved {
            revision: row.facts.last_revision + 1,
            seq: Some(receipt.seq),
        })
    }

    /// Puts other bytes, and perhaps another name, in the place of an attachment.
    pub fn replace_attachment(
        &mut self,
        item: &str,
        index: usize,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Saved> {
        let row = self.find(item)?;
        let mut content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        if bytes.is_empty() || bytes.len() > bodies::MAX_BODY {
            let key = if bytes.is_empty() {
                "error-attachment-empty"
            } else {
                "error-attachment-large"
            };
            return Err(DeskError::Usage {
                key,
                about: name.to_owned(),
            });
        }
        let Some(file) = content.attachments.get_mut(index) else {
            return Err(DeskError::Usage {
                key: "error-attachment-unknown",
                about: index.to_string(),
            });
        };
        *file = Attachment {
            name: name.to_owned(),
            alt: std::mem::take(&mut file.alt),
            bytes: Some(bytes),
            id: None,
        };
        self.change(&row.facts.id, content, row.facts.revision)
    }
}
