//! Two versions of an item beside each other.

use crate::desk::{Content, Desk, Fields, Result};
use crate::diff::{
    AttachmentChange, Difference, FieldChange, compare, compare_attachments, compare_fields,
    compare_watched, paragraphs_only,
};
use crate::rules::clearance::Conclusion;
use crate::store::query::history;

/// The difference of two revisions.
#[derive(Debug, Clone)]
pub struct RevisionDiff {
    /// Earlier revision, 0 for nothing.
    pub from: u32,
    /// Later revision.
    pub to: u32,
    /// Fields.
    pub fields: Vec<FieldChange>,
    /// Text.
    pub text: Difference,
    /// Attachments.
    pub attachments: Vec<AttachmentChange>,
}

/// Two versions of an item, to be compared where it stops nobody from working.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Earlier revision, 0 for nothing.
    pub from: u32,
    /// Later revision.
    pub to: u32,
    /// The earlier content; none where there is nothing to compare with.
    pub old: Option<Content>,
    /// The later content.
    pub new: Content,
}

impl Pair {
    fn texts(&self) -> (&str, &str) {
        (self.old.as_ref().map_or("", |o| &o.text), &self.new.text)
    }

    /// Bytes of both texts: how much work a comparison is.
    pub fn len(&self) -> usize {
        let (old, new) = self.texts();
        old.len() + new.len()
    }

    /// Whether both texts are empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole difference.
    pub fn compare(&self) -> RevisionDiff {
        differences(self.from, self.to, self.old.as_ref(), &self.new)
    }

    /// The difference with paragraphs as the smallest parts: there at once for any length.
    pub fn compare_roughly(&self) -> RevisionDiff {
        let (old, new) = self.texts();
        let text = paragraphs_only(old, new);
        around(self.from, self.to, self.old.as_ref(), &self.new, text)
    }

    /// The whole difference; `watch` is told how far it is and ends it by answering false.
    pub fn compare_watched(
        &self,
        watch: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Option<RevisionDiff> {
        let (old, new) = self.texts();
        let text = compare_watched(old, new, watch)?;
        Some(around(
            self.from,
            self.to,
            self.old.as_ref(),
            &self.new,
            text,
        ))
    }
}

impl Desk {
    /// Difference of two revisions; `from` 0 compares with nothing.
    pub fn diff(&mut self, item: &str, from: u32, to: u32) -> Result<RevisionDiff> {
        Ok(self.two_revisions(item, from, to)?.compare())
    }

    /// Two revisions to be compared; `from` 0 is nothing.
    pub fn two_revisions(&mut self, item: &str, from: u32, to: u32) -> Result<Pair> {
        let row = self.find(item)?;
        let new = self.content_of(&self.revision_of(&row, to)?)?;
        let old = if from == 0 {
            None
        } else {
            Some(self.content_of(&self.revision_of(&row, from)?)?)
        };
        Ok(Pair { from, to, old, new })
    }

    /// What a reviewer must look at: the difference to the last version that was cleared, else to
    /// the one that is live, else everything.
    pub fn review_diff(&mut self, item: &str) -> Result<RevisionDiff> {
        Ok(self.review_pair(item)?.compare())
    }

    /// The two versions of [`Self::review_diff`], not compared yet.
    pub fn review_pair(&mut self, item: &str) -> Result<Pair> {
        let row = self.find(item)?;
        let cleared = history::clearances(self.store.conn(), row.n)?
            .into_iter()
            .rev()
            .find(|c| c.conclusion == Conclusion::Open && c.revision < row.facts.revision)
            .map(|c| c.revision);
        let from = cleared
            .or(row.live_revision.filter(|r| *r < row.facts.revision))
            .unwrap_or(0);
        let readable = from != 0
            && history::one_revision(self.store.conn(), row.n, from)?.is_some_and(|r| !r.purged);
        self.two_revisions(
            &row.facts.id,
            if readable { from } else { 0 },
            row.facts.revision,
        )
    }
}

/// The differences of two contents.
pub fn differences(from: u32, to: u32, old: Option<&Content>, new: &Content) -> RevisionDiff {
    around(
        from,
        to,
        old,
        new,
        compare(old.map_or("", |o| &o.text), &new.text),
    )
}

/// Everything but the texts, whose difference is given.
fn around(
    from: u32,
    to: u32,
    old: Option<&Content>,
    new: &Content,
    text: Difference,
) -> RevisionDiff {
    let fields = |content: &Content| -> Vec<(String, String)> {
        let mut list: Vec<(String, String)> = Fields::CODES
            .iter()
            .filter_map(|code| Some(((*code).to_owned(), content.fields.get(code)?.to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let shape = &content.shape;
        list.push(("columns".to_owned(), shape.columns.join(" ")));
        list.push(("urgency".to_owned(), shape.urgency.code().to_owned()));
        list.push(("origin".to_owned(), shape.origin.code().to_owned()));
        if let Some(disclosure) = shape.disclosure {
            list.push(("disclosure".to_owned(), disclosure.code().to_owned()));
        }
        if let Some(provider) = &shape.provider {
            list.push(("provider".to_owned(), provider.clone()));
        }
        if let Some(ground) = shape.ground {
            list.push(("ground".to_owned(), ground.code().to_owned()));
        }
        for (code, at) in [("go-live", shape.go_live), ("embargo", shape.embargo)] {
            if let Some(at) = at {
                list.push((code.to_owned(), crate::locale::instant(at)));
            }
        }
        for (n, file) in content
            .attachments
            .iter()
            .enumerate()
            .filter(|(_, f)| !f.alt.is_empty())
        {
            list.push((format!("alt {}", n + 1), file.alt.clone()));
        }
        list
    };
    let files = |content: &Content| -> Vec<(String, String)> {
        content
            .attachments
            .iter()
            .map(|a| {
                (
                    a.name.clone(),
                    a.id.map(|i| i.to_string()).unwrap_or_default(),
                )
            })
            .collect()
    };
    let (old_fields, old_files) = old.map_or((Vec::new(), Vec::new()), |o| (fields(o), files(o)));
    RevisionDiff {
        from,
        to,
        fields: compare_fields(&old_fields, &fields(new)),
        text,
        attachments: compare_attachments(&old_files, &files(new)),
    }
}
