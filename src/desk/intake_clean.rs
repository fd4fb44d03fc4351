//! Attachments without what their readers are not meant to get: authors, places, comments, open
//! changes, hidden parts.
//!
//! The clean copy becomes the attachment, in a new version like any change; the file as it came is
//! kept as evidence with that version, like the original of a manuscript.

use super::draft::Saved;
use super::{Attachment, Desk, DeskError, Original, Result};
use crate::intake::{self, Cleaning, Inspection, IntakeError, Strip};
use crate::rules::act::{Act, BodyRole, Revise};
use crate::store::bodies::{MAX_BODY, NewBody};

/// An attachment was cleaned.
#[derive(Debug)]
pub struct Cleaned {
    /// The version it made; its `seq` is none where nothing had to go.
    pub saved: Saved,
    /// What went and what stays.
    pub cleaning: Cleaning,
}

impl Desk {
    /// What each attachment of the working version is and carries: its name, and none where its
    /// bytes were destroyed.
    pub fn look_through(&mut self, item: &str) -> Result<Vec<(String, Option<Inspection>)>> {
        let content = self.content(item, None)?;
        let mut all = Vec::with_capacity(content.attachments.len());
        for (index, file) in content.attachments.iter().enumerate() {
            let seen = match self.attachment(item, None, index) {
                Ok((name, bytes)) => Some(intake::inspect(&name, &bytes)),
                Err(DeskError::Store(crate::store::StoreError::Purged(_))) => None,
                Err(error) => return Err(error),
            };
            all.push((file.name.clone(), seen));
        }
        Ok(all)
    }

    /// What cleaning an attachment of the working version would do; nothing is written.
    pub fn plan_clean(&mut self, item: &str, index: usize, strip: Strip) -> Result<Cleaning> {
        let (name, bytes) = self.attachment(item, None, index)?;
        intake::clean(&name, &bytes, strip).map_err(|error| cannot(&name, &error))
    }

    /// Adds a clean copy of a file to the working version and keeps the file itself as evidence.
    /// A file with nothing to take out is added as it is.
    pub fn attach_clean(
        &mut self,
        item: &str,
        name: &str,
        alt: &str,
        bytes: Vec<u8>,
        strip: Strip,
    ) -> Result<Cleaned> {
        let cleaning = cleaning_of(name, &bytes, strip)?;
        if cleaning.goes().is_empty() {
            let saved = self.attach(item, name, alt, bytes)?;
            return Ok(Cleaned { saved, cleaning });
        }
        let row = self.find(item)?;
        let mut content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        content.attachments.push(Attachment {
            name: name.to_owned(),
            alt: alt.to_owned(),
            bytes: Some(cleaning.bytes.clone()),
            id: None,
        });
        let evidence = evidence(name, bytes, &cleaning);
        let saved = self.revise_keeping(&row.facts.id, content, &evidence)?;
        Ok(Cleaned { saved, cleaning })
    }

    /// Puts a clean copy in the place of an attachment of the working version and keeps the file
    /// as it was as evidence. Where nothing has to go, nothing changes.
    pub fn clean_attachment(&mut self, item: &str, index: usize, strip: Strip) -> Result<Cleaned> {
        let (name, bytes) = self.attachment(item, None, index)?;
        let row = self.find(item)?;
        let cleaning = cleaning_of(&name, &bytes, strip)?;
        if cleaning.goes().is_empty() {
            let saved = Saved {
                revision: row.facts.revision,
                seq: None,
            };
            return Ok(Cleaned { saved, cleaning });
        }
        let mut content = self.content_of(&self.revision_of(&row, row.facts.revision)?)?;
        let mut evidence = evidence(&name, bytes, &cleaning);
        if let Some(file) = content.attachments.get_mut(index) {
            // The evidence repeats it and is packed against it.
            evidence.like = file.id.take();
            file.bytes = Some(cleaning.bytes.clone());
        }
        let saved = self.revise_keeping(&row.facts.id, content, &evidence)?;
        Ok(Cleaned { saved, cleaning })
    }

    /// A new version that keeps a file as evidence.
    fn revise_keeping(
        &mut self,
        item: &str,
        mut content: super::Content,
        original: &Original,
    ) -> Result<Saved> {
        let row = self.find(item)?;
        let current = self.revision_of(&row, row.facts.revision)?;
        content.tidy()?;
        let mut bodies = self.bodies_of(&content, Some(&current))?;
        if self.is_same(&row, &current, &content, &bodies) {
            return Ok(Saved {
                revision: row.facts.revision,
                seq: None,
            });
        }
        let kept = NewBody::fresh(self.store.suite(), original.body()?, original.like)?;
        bodies.push((BodyRole::Evidence, kept));
        let act = Act::ItemRevise(Revise {
            shape: content.shape.clone(),
            from: row.facts.revision,
            session: row.facts.claim.as_ref().map(|_| self.session.clone()),
        });
        let receipt = self.act(Some((&row.facts.id, Some(row.base))), &act, &bodies)?;
        Ok(Saved {
            revision: row.facts.last_revision + 1,
            seq: Some(receipt.seq),
        })
    }
}

fn cleaning_of(name: &str, bytes: &[u8], strip: Strip) -> Result<Cleaning> {
    let key = if bytes.is_empty() {
        Some("error-attachment-empty")
    } else if bytes.len() > MAX_BODY {
        Some("error-attachment-large")
    } else {
        None
    };
    if let Some(key) = key {
        return Err(DeskError::Usage {
            key,
            about: name.to_owned(),
        });
    }
    intake::clean(name, bytes, strip).map_err(|error| cannot(name, &error))
}

fn evidence(name: &str, bytes: Vec<u8>, cleaning: &Cleaning) -> Original {
    Original {
        name: name.to_owned(),
        notes: cleaning.goes(),
        bytes,
        like: None,
    }
}

fn cannot(name: &str, error: &IntakeError) -> DeskError {
    // What kinds can be cleaned stands in the message; why this one could not, behind its name.
    let about = match error {
        IntakeError::Unsupported { .. } => name.to_owned(),
        other => format!("{name} ({})", other.message()),
    };
    DeskError::Usage {
        key: "error-attachment-clean",
        about,
    }
}
