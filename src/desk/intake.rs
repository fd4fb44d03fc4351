//! What intake read becomes drafts, with the file itself kept as evidence.

use rusqlite::params;

use super::content::from_manuscript;
use super::draft::Created;
use super::{Content, Desk, DeskError, Original, Result};
use crate::intake::{FileReport, IntakeNote, Manuscript};
use crate::rules::act::{Act, Revise};
use crate::rules::clearance::Disclosure;

/// How many items that look alike are named.
const MOST_ALIKE: usize = 10;

/// What the person who imports says about all of it.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// Home column.
    pub column: String,
    /// 公开属性, where it is known already.
    pub disclosure: Option<Disclosure>,
    /// 提供单位; none is the importer's own bureau.
    pub provider: Option<String>,
    /// 提供单位审核人.
    pub reviewed_by: String,
    /// Ask every question and write nothing.
    pub dry_run: bool,
    /// Leave out what looks like an item that is there already.
    pub skip_alike: bool,
}

/// One manuscript of a file, after it was offered to the desk.
#[derive(Debug)]
pub struct Taken {
    /// What the item says of itself.
    pub content: Content,
    /// What intake found, for people.
    pub notes: Vec<IntakeNote>,
    /// Items that have the same title, document number or source address.
    pub alike: Vec<Alike>,
    /// The item; `Ok(None)` in a dry run or when it was left out as alike.
    pub made: Result<Option<Created>>,
}

impl Taken {
    /// Whether a person must look at something.
    pub fn needs_attention(&self) -> bool {
        !self.alike.is_empty() || self.notes.iter().any(IntakeNote::needs_attention)
    }
}

/// An item that may be the same as a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
}

impl Desk {
    /// Makes drafts of the manuscripts of a file. Each is an act of its own: one that is refused
    /// stops none of the others.
    pub fn take_in(&mut self, file: &FileReport, how: &How) -> Result<Vec<Taken>> {
        let all: Vec<usize> = (0..file.outcome.as_ref().map_or(0, Vec::len)).collect();
        self.take_in_some(file, how, &all)
    }

    /// The same for some of the manuscripts of a file, by their places: what became a draft before
    /// is not made again.
    pub fn take_in_some(
        &mut self,
        file: &FileReport,
        how: &How,
        parts: &[usize],
    ) -> Result<Vec<Taken>> {
        let Ok(manuscripts) = &file.outcome else {
            return Ok(Vec::new());
        };
        let manuscripts: Vec<&Manuscript> =
            parts.iter().filter_map(|n| manuscripts.get(*n)).collect();
        let org = self.org()?;
        let column = org
            .find_column(&how.column)
            .map_or_else(|| how.column.clone(), |c| c.id.clone());
        let me = org.persons.get(self.person()).cloned();
        let mut taken = Vec::with_capacity(manuscripts.len());
        let mut kept = None;
        for manuscript in manuscripts {
            let mut content = from_manuscript(manuscript, &column);
            content.shape.disclosure = how.disclosure;
            content.shape.provider = how
                .provider
                .clone()
                .or_else(|| me.as_ref().map(|p| p.bureau.clone()));
            content.fields.provider_person =
                me.as_ref().map_or_else(String::new, |p| p.login.clone());
            content
                .fields
                .provider_reviewer
                .clone_from(&how.reviewed_by);
            let alike = self.alike(&content)?;
            let made = if how.skip_alike && !alike.is_empty() {
                Ok(None)
            } else if how.dry_run {
                self.could_take(&content).map(|()| None)
            } else {
                let original = Original {
                    name: file.name.clone(),
                    notes: notes_of(manuscript),
                    bytes: file.bytes.clone(),
                    like: kept,
                };
                self.create_from(content.clone(), &[original]).map(|made| {
                    kept = kept.or_else(|| made.originals.first().copied());
                    Some(made)
                })
            };
            taken.push(Taken {
                content,
                notes: manuscript.notes.clone(),
                alike,
                made,
            });
        }
        Ok(taken)
    }

    /// Asks what creating would ask.
    fn could_take(&mut self, content: &Content) -> Result<()> {
        let mut content = content.clone();
        content.tidy()?;
        let act = Act::ItemNew(Revise {
            shape: content.shape.clone(),
            from: 0,
            session: None,
        });
        let bodies = [
            (crate::rules::act::BodyRole::Fields, 1),
            (crate::rules::act::BodyRole::Text, content.text.len() as u64),
        ];
        self.may(Some(&super::new_id("i")), &act, &bodies)
    }

    /// Items with the same title or document number that this person may see and that were not
    /// put away.
    pub fn alike(&mut self, content: &Content) -> Result<Vec<Alike>> {
        let found: Vec<(String, String, String)> = {
            let mut statement = self.store.conn().prepare_cached(
                "SELECT i.id, i.number, t.title FROM titles t JOIN items i ON i.n = t.item
                 WHERE (t.title = ?1 OR (?2 <> '' AND t.doc_number = ?2))
                   AND i.state NOT IN ('discarded', 'rejected')
                 ORDER BY i.n DESC LIMIT 200",
            )?;
            let rows = statement.query_map(
                params![content.fields.title, content.fields.doc_number],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut alike = Vec::new();
        for (id, number, title) in found {
            match self.find(&id) {
                Ok(_) => alike.push(Alike { number, title }),
                Err(DeskError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
            if alike.len() == MOST_ALIKE {
                break;
            }
        }
        Ok(alike)
    }
}

fn notes_of(manuscript: &Manuscript) -> Vec<String> {
    manuscript.notes.iter().map(IntakeNote::message).collect()
}
