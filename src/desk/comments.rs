//! Comments: on an item or on a passage of it, in threads that are settled.

use super::{Desk, DeskError, Note, Result};
use crate::diff::{relocate, words_at};
use crate::rules::act::{Act, Anchor, Comment, Settle};
use crate::rules::refusal::refuse;
use crate::store::query::said;
use crate::store::{Receipt, StoreError};

/// A comment as screens show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentView {
    /// Its position, which names it.
    pub seq: u64,
    /// Who.
    pub person: String,
    /// When, µs.
    pub at: i64,
    /// The words; none where they were destroyed.
    pub text: Option<String>,
    /// The comment that began the thread; none where it is this one.
    pub answers: Option<u64>,
    /// The passage it was written about.
    pub anchor: Option<Anchor>,
    /// The words it was written about, where that version is still there.
    pub quote: Option<String>,
    /// Where those words stand in the working version, in code points of the same place; none
    /// where they were changed since.
    pub here: Option<std::ops::Range<usize>>,
    /// Who settled the thread.
    pub settled_by: Option<String>,
}

impl Desk {
    /// Writes a comment on an item as a whole.
    pub fn comment(&mut self, item: &str, words: &Note) -> Result<Receipt> {
        self.comment_on(item, None, None, words)
    }

    /// Writes a comment: on a passage, or in answer to the comment that began a thread. An answer
    /// opens a settled thread again.
    pub fn comment_on(
        &mut self,
        item: &str,
        anchor: Option<Anchor>,
        answers: Option<u64>,
        words: &Note,
    ) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(words)?;
        let act = Act::ItemComment(Comment {
            item: row.facts.id,
            anchor,
            answers,
        });
        self.act(None, &act, &bodies)
    }

    /// Settles a thread: what was asked is dealt with.
    pub fn settle_comment(&mut self, item: &str, comment: u64) -> Result<Receipt> {
        let row = self.find(item)?;
        let act = Act::ItemCommentSettle(Settle {
            item: row.facts.id,
            comment,
        });
        self.act(None, &act, &[])
    }

    /// The one place in the manuscript where these words stand, as the anchor of a comment.
    pub fn passage(&mut self, item: &str, words: &str) -> Result<Anchor> {
        let row = self.find(item)?;
        let content = self.content(&row.facts.id, None)?;
        let mut places = content.text.match_indices(words);
        match (places.next(), places.next()) {
            (Some((byte, _)), None) if !words.is_empty() => {
                let from = content.text[..byte].chars().count() as u32;
                Ok(Anchor {
                    revision: row.facts.revision,
                    place: Anchor::TEXT.to_owned(),
                    from,
                    to: from + words.chars().count() as u32,
                })
            }
            _ => Err(refuse("comment.anchor", &[]).into()),
        }
    }

    /// Comments of an item, oldest first, with the passages they are about as they stand now.
    pub fn comments(&mut self, item: &str) -> Result<Vec<CommentView>> {
        let row = self.find(item)?;
        let list = said::comments(self.store.conn(), row.n)?;
        if list.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.words_of(&row.facts.id, row.facts.revision)?;
        let mut views = Vec::with_capacity(list.len());
        for comment in list {
            let (mut quote, mut here) = (None, None);
            if let Some(anchor) = &comment.anchor {
                let range = anchor.from as usize..anchor.to as usize;
                let then = if anchor.revision == row.facts.revision {
                    now.clone()
                } else {
                    self.words_of(&row.facts.id, anchor.revision)?
                };
                if let Some(old) = then.as_ref().and_then(|c| place(c, &anchor.place)) {
                    quote = words_at(old, &range);
                    here = now
                        .as_ref()
                        .and_then(|c| place(c, &anchor.place))
                        .and_then(|new| relocate(old, new, &range));
                }
            }
            views.push(CommentView {
                seq: comment.seq,
                person: comment.person,
                at: comment.at,
                text: self.text_if_there(&comment.body)?,
                answers: comment.answers,
                anchor: comment.anchor,
                quote,
                here,
                settled_by: comment.settled_by,
            });
        }
        Ok(views)
    }

    /// A revision's content, none where it was destroyed.
    fn words_of(&mut self, item: &str, revision: u32) -> Result<Option<super::Content>> {
        match self.content(item, Some(revision)) {
            Ok(content) => Ok(Some(content)),
            Err(DeskError::Store(StoreError::Purged(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn place<'a>(content: &'a super::Content, place: &str) -> Option<&'a str> {
    if place == Anchor::TEXT {
        Some(&content.text)
    } else {
        content.fields.get(place)
    }
}
