//! One item as the public sees it, or what is left to say of it.

use rusqlite::OptionalExtension;

use super::changes::parse_columns;
use super::{EndedArticle, LiveArticle, Partner};
use crate::desk::{Desk, Fields, Result};
use crate::journal::{Entry, Hash};
use crate::rules::act::{BodyRole, Shape};
use crate::store::query::history;
use crate::store::{StoreError, bodies};

impl Desk {
    /// What the public sees of an item; nothing when it is not live.
    pub fn live_article(&self, item: i64) -> Result<Option<LiveArticle>> {
        let conn = self.store.conn();
        let row: Option<(String, u32, i64, i64)> = conn
            .prepare_cached(
                "SELECT number, live_revision, coalesce(first_live_at, live_at),
                   coalesce((SELECT max(live_at) FROM live_columns WHERE item = n), live_at) FROM items
                 WHERE n = ?1 AND live_revision IS NOT NULL",
            )?
            .query_row([item], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            })
            .optional()?;
        let Some((number, n, first_live_at, listed_at)) = row else {
            return Ok(None);
        };
        let revision = history::one_revision(conn, item, n)?
            .ok_or_else(|| StoreError::Damaged("items.live_revision".into()))?;
        let content = self.content_of(&revision)?;
        let attachment_lens = revision
            .attachments
            .iter()
            .map(|id| {
                let len: Option<i64> = conn
                    .prepare_cached("SELECT len FROM bodies WHERE id = ?1")?
                    .query_row([id.as_bytes().as_slice()], |r| r.get(0))
                    .optional()?;
                Ok(len.ok_or(StoreError::Body(*id))? as u64)
            })
            .collect::<Result<Vec<u64>>>()?;
        let columns = self.live_columns(item, &content.shape.columns)?;
        Ok(Some(LiveArticle {
            item,
            number,
            revision: n,
            attachment_lens,
            columns,
            first_live_at,
            listed_at,
            corrections: self.corrections(item)?,
            content,
        }))
    }

    /// Live items on pages that belong together with one, in the order a reader meets the chain:
    /// the policy, then interpretation, interview, comment, questions.
    pub fn live_partners(&self, item: i64) -> Result<Vec<Partner>> {
        let mut ends = self.live_related(item)?;
        ends.sort_by_key(|end| (!end.upward, end.relation, end.n));
        let mut list = Vec::with_capacity(ends.len());
        for end in ends {
            let row: Option<(String, String, Option<Hash>, Option<String>)> = self
                .store
                .conn()
                .prepare_cached(
                    "SELECT i.number, r.shape, r.fields,
                       (SELECT p.columns FROM publications p WHERE p.item = i.n AND p.event IN ('publish', 'correct')
                        ORDER BY p.seq DESC LIMIT 1)
                     FROM items i JOIN revisions r ON r.item = i.n AND r.n = i.live_revision WHERE i.n = ?1",
                )?
                .query_row([end.n], |r| {
                    let fields = r.get_ref(2)?.as_blob_or_null().ok().flatten();
                    let fields = fields.and_then(Hash::from_slice);
                    Ok((r.get(0)?, r.get(1)?, fields, r.get(3)?))
                })
                .optional()?;
            let Some((number, shape, fields, published_in)) = row else {
                continue;
            };
            let damaged = || StoreError::Damaged("revisions".into());
            let shape: Shape = serde_json::from_str(&shape).map_err(|_| damaged())?;
            list.push(Partner {
                relation: end.relation,
                upward: end.upward,
                number,
                title: self.fields_of(&fields.ok_or_else(damaged)?)?.title,
                columns: self.live_columns(end.n, &shape.columns)?,
                published_in: match published_in {
                    Some(json) => parse_columns(&json)?,
                    None => Vec::new(),
                },
            });
        }
        Ok(list)
    }

    /// The columns an item is live in: in the order the author chose; what came in by a merger
    /// stands at the end.
    pub(super) fn live_columns(&self, item: i64, wanted: &[String]) -> Result<Vec<String>> {
        let mut columns: Vec<String> = self
            .store
            .conn()
            .prepare_cached("SELECT column_ FROM live_columns WHERE item = ?1 ORDER BY column_")?
            .query_map([item], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        columns.sort_by_key(|c| wanted.iter().position(|w| w == c).unwrap_or(usize::MAX));
        Ok(columns)
    }

    /// The bytes of an attachment of a live revision.
    pub fn live_attachment(&self, article: &LiveArticle, index: usize) -> Result<Vec<u8>> {
        let id = article
            .content
            .attachments
            .get(index)
            .and_then(|a| a.id)
            .ok_or_else(|| StoreError::Damaged("attachment".into()))?;
        Ok(bodies::load(self.store.conn(), self.store.suite(), &id)?)
    }

    /// Corrections since the item last went live anew. What was corrected is what was said when
    /// the correction was begun: the last `item.correct` before the corrected version went out.
    fn corrections(&self, item: i64) -> Result<Vec<(i64, String)>> {
        let conn = self.store.conn();
        let published: Vec<(u64, i64)> = conn
            .prepare_cached(
                "SELECT seq, at FROM publications WHERE item = ?1 AND event = 'correct' AND seq >
                   (SELECT coalesce(max(seq), 0) FROM publications WHERE item = ?1 AND event = 'publish')
                 ORDER BY seq",
            )?
            .query_map([item], |r| Ok((r.get::<_, i64>(0)? as u64, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if published.is_empty() {
            return Ok(Vec::new());
        }
        let mut begun: Vec<(u64, Option<Hash>)> = Vec::new();
        for row in history::entries(conn, item)? {
            if row.verdict.is_some() {
                continue;
            }
            let Ok(entry) = Entry::parse(&row.bytes) else {
                continue;
            };
            if entry.kind == "item.correct" {
                let note = entry
                    .bodies
                    .iter()
                    .find(|b| b.role == BodyRole::Note.code());
                begun.push((row.seq, note.map(|b| b.id)));
            }
        }
        published
            .into_iter()
            .map(|(seq, at)| {
                let note = begun
                    .iter()
                    .rev()
                    .find(|(begun, _)| *begun < seq)
                    .and_then(|(_, note)| *note);
                let note = match note {
                    Some(id) => self.text_if_there(&id)?.unwrap_or_default(),
                    None => String::new(),
                };
                Ok((at, note))
            })
            .collect()
    }

    /// What is left to say of an item that was live and is not. Nothing when it is live or never was.
    pub fn ended_article(&self, item: i64) -> Result<Option<EndedArticle>> {
        let conn = self.store.conn();
        let row = conn
            .prepare_cached(
                "SELECT i.number, coalesce(i.first_live_at, p.at), p.at, p.event, p.columns, p.note,
                   (SELECT q.revision FROM publications q WHERE q.item = i.n AND q.event IN ('publish', 'correct')
                    ORDER BY q.seq DESC LIMIT 1)
                 FROM items i JOIN publications p ON p.item = i.n
                 WHERE i.n = ?1 AND i.live_revision IS NULL ORDER BY p.seq DESC LIMIT 1",
            )?
            .query_row([item], |r| {
                let note = r.get_ref(5)?.as_blob_or_null().ok().flatten();
                Ok((
                    r.get::<_, String>(0)?,
                    r.get::<_, i64>(1)?,
                    r.get::<_, i64>(2)?,
                    r.get::<_, String>(3)?,
                    r.get::<_, String>(4)?,
                    note.and_then(Hash::from_slice),
                    r.get::<_, u32>(6)?,
                ))
            })
            .optional()?;
        let Some((number, first_live_at, at, event, columns, note, n)) = row else {
            return Ok(None);
        };
        // The revision is that of the last going live: a taking down may name a draft that was never
        // seen outside.
        let title = match history::one_revision(conn, item, n)? {
            Some(revision) if !revision.purged => self
                .text_if_there(&revision.fields)?
                .and_then(|json| serde_json::from_str::<Fields>(&json).ok())
                .map(|fields| fields.title),
            _ => None,
        };
        Ok(Some(EndedArticle {
            number,
            title,
            columns: parse_columns(&columns)?,
            first_live_at,
            at,
            expired: event == "expire",
            reason: match note {
                Some(id) => self.text_if_there(&id)?,
                None => None,
            },
        }))
    }
}
