//! What the public sees, for those who make pages: revisions that are live, and nothing about any
//! other. A correction under way, however far, does not exist here.
//!
//! The functions take `&self`, so that [`Desk::snapshot`] can put several of them on one state of
//! the store: a list never names an article that the same release did not find.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::{Content, Desk, DeskError, Fields, Result};
use crate::journal::{Entry, Hash};
use crate::rules::act::{BodyRole, Dual, Shape};
use crate::store::append::Head;
use crate::store::facts;
use crate::store::query::history;
use crate::store::query::schedule::Dated;
use crate::store::{StoreError, bodies, local};

/// Where an item stands in the list of a column: first publication, then the order of making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// First live, µs. A correction keeps it.
    pub live_at: i64,
    /// Row number of the item.
    pub item: i64,
}

/// A line of a column's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLine {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Title of the live revision.
    pub title: String,
}

/// A live item without its text: what archives, feeds and indexes are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEntry {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Columns it is live in, as [`LiveArticle::columns`].
    pub columns: Vec<String>,
    /// When its public text last changed, µs.
    pub changed_at: i64,
    /// Fields of the live revision.
    pub fields: Fields,
}

/// Where a live item is found, for lists of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveAddress {
    /// Where it stands.
    pub place: Place,
    /// Human number.
    pub number: String,
    /// Columns it is live in, as [`LiveArticle::columns`].
    pub columns: Vec<String>,
    /// When its public text last changed, µs.
    pub changed_at: i64,
    fields: Hash,
}

/// An article as the public sees it.
#[derive(Debug, Clone)]
pub struct LiveArticle {
    /// Row number of the item.
    pub item: i64,
    /// Human number.
    pub number: String,
    /// Which revision is live.
    pub revision: u32,
    /// Its content; attachments carry ids, not bytes.
    pub content: Content,
    /// Lengths of the attachments in bytes, in order.
    pub attachment_lens: Vec<u64>,
    /// Columns it is live in, the home first where it is among them.
    pub columns: Vec<String>,
    /// First live, µs.
    pub first_live_at: i64,
    /// When it took its present place in the lists, µs.
    pub listed_at: i64,
    /// Corrections since it went live: when, and what the correction was begun for.
    pub corrections: Vec<(i64, String)>,
}

/// An item that was live and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedArticle {
    /// Human number.
    pub number: String,
    /// Title of the last live revision; none where it is destroyed.
    pub title: Option<String>,
    /// Columns it was last live in.
    pub columns: Vec<String>,
    /// First live, µs.
    pub first_live_at: i64,
    /// Taken down at, µs.
    pub at: i64,
    /// Its time ran out; else it was withdrawn.
    pub expired: bool,
    /// Reason of the withdrawal; none where it is destroyed.
    pub reason: Option<String>,
}

/// An item whose pages are not up to date on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Row number of the item.
    pub item: i64,
    /// The last entry that matters.
    pub seq: u64,
    /// Nothing happened but corrections, so that it kept its place.
    pub corrected_only: bool,
}

/// Something about the pages of a site that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFault {
    /// The site.
    pub site: String,
    /// Stable code, as recorded in `pages.failed`.
    pub code: String,
    /// When it was last found so, µs.
    pub at: i64,
}

impl Desk {
    /// Several reads on one state of the store. Writers are not kept waiting.
    pub fn snapshot<T, E: From<DeskError>>(
        &self,
        work: impl FnOnce(&Desk) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let tx = self
            .store
            .conn()
            .unchecked_transaction()
            .map_err(DeskError::from)?;
        let value = work(self);
        drop(tx);
        value
    }

    /// Where the journal ends.
    pub fn head(&self) -> Result<Head> {
        Ok(self.store.head()?)
    }

    /// Whether a due thing is due still: another runner may have been quicker.
    pub fn is_due(&self, thing: &Dated) -> Result<bool> {
        let now = self.moment()?;
        let conn = self.store.conn();
        Ok(match thing.what {
            "bundle" => facts::bundle(conn, &thing.id)?
                .is_some_and(|b| b.facts.due.is_some_and(|at| at <= now)),
            "expire" => facts::item(conn, &thing.id)?.is_some_and(|i| {
                i.facts.live.is_some() && i.facts.expire.is_some_and(|at| at <= now)
            }),
            _ => facts::item(conn, &thing.id)?
                .is_some_and(|i| i.facts.due.is_some_and(|at| at <= now)),
        })
    }

    /// How far the pages of a site are written.
    pub fn pages_upto(&self, site: &str) -> Result<u64> {
        Ok(local::pages_upto(self.store.conn(), site)? as u64)
    }

    /// How many articles are live in a column.
    pub fn live_count(&self, column: &str) -> Result<u64> {
        let n: i64 = self
            .store
            .conn()
            .prepare_cached("SELECT count(*) FROM live_columns WHERE column_ = ?1")?
            .query_row([column], |r| r.get(0))?;
        Ok(n as u64)
    }

    /// How many articles of a column are listed before a place.
    pub fn live_before(&self, column: &str, place: Place) -> Result<u64> {
        let n: i64 = self
            .store
            .conn()
            .prepare_cached(
                "SELECT count(*) FROM live_columns WHERE column_ = ?1 AND (live_at, item) > (?2, ?3)",
            )?
            .query_row((column, place.live_at, place.item), |r| r.get(0))?;
        Ok(n as u64)
    }

    /// Where a live item stands in a column.
    pub fn live_place(&self, column: &str, item: i64) -> Result<Option<Place>> {
        Ok(self
            .store
            .conn()
            .prepare_cached("SELECT live_at FROM live_columns WHERE item = ?1 AND column_ = ?2")?
            .query_row((item, column), |r| r.get(0))
            .optional()?
            .map(|live_at| Place { live_at, item }))
    }

    /// Lines of a column, newest first: those after a place (for walking through all of it), or
    /// from the top, leaving out the first `skip`.
    pub fn live_in_column(
        &self,
        column: &str,
        after: Option<Place>,
        skip: u64,
        limit: u32,
    ) -> Result<Vec<LiveLine>> {
        let after = after.unwrap_or(Place {
            live_at: i64::MAX,
            item: i64::MAX,
        });
        let rows: Vec<(Place, String, Option<Hash>)> = {
            let mut statement = self.store.conn().prepare_cached(
                "SELECT l.live_at, l.item, i.number, r.fields FROM live_columns l
                 JOIN items i ON i.n = l.item
                 LEFT JOIN revisions r ON r.item = i.n AND r.n = i.live_revision
                 WHERE l.column_ = ?1 AND (l.live_at, l.item) < (?2, ?3)
                 ORDER BY l.live_at DESC, l.item DESC LIMIT ?4 OFFSET ?5",
            )?;
            let rows = statement.query_map(
                (column, after.live_at, after.item, limit, skip as i64),
                |r| {
                    let fields = r.get_ref(3)?.as_blob_or_null().ok().flatten();
                    Ok((
                        Place {
                            live_at: r.get(0)?,
                            item: r.get(1)?,
                        },
                        r.get(2)?,
                        fields.and_then(Hash::from_slice),
                    ))
                },
            )?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        rows.into_iter()
            .map(|(place, number, fields)| {
                let fields =
                    fields.ok_or_else(|| StoreError::Damaged("items.live_revision".into()))?;
                Ok(LiveLine {
                    place,
                    number,
                    title: self.fields_of(&fields)?.title,
                })
            })
            .collect()
    }

    fn fields_of(&self, id: &Hash) -> Result<Fields> {
        Ok(serde_json::from_str(&self.text(id)?).map_err(|_| StoreError::Body(*id))?)
    }

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

    /// The columns an item is live in: in the order the author chose; what came in by a merger
    /// stands at the end.
    fn live_columns(&self, item: i64, wanted: &[String]) -> Result<Vec<String>> {
        let mut columns: Vec<String> = self
            .store
            .conn()
            .prepare_cached("SELECT column_ FROM live_columns WHERE item = ?1 ORDER BY column_")?
            .query_map([item], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        columns.sort_by_key(|c| wanted.iter().position(|w| w == c).unwrap_or(usize::MAX));
        Ok(columns)
    }

    /// The instants at which the items of some columns took their place, each item once.
    pub fn live_instants(&self, columns: &[&str]) -> Result<Vec<i64>> {
        let mut places = BTreeSet::new();
        let mut statement = self
            .store
            .conn()
            .prepare_cached("SELECT live_at, item FROM live_columns WHERE column_ = ?1")?;
        for column in columns {
            let rows = statement.query_map([column], |r| {
                Ok(Place {
                    live_at: r.get(0)?,
                    item: r.get(1)?,
                })
            })?;
            for place in rows {
                places.insert(place?);
            }
        }
        Ok(places.into_iter().map(|p| p.live_at).collect())
    }

    /// Where the items of some columns are found that took their place in a span of time (the end
    /// is left out), each once, oldest first.
    pub fn live_between(&self, columns: &[&str], from: i64, to: i64) -> Result<Vec<LiveAddress>> {
        let conn = self.store.conn();
        let mut places = BTreeSet::new();
        {
            let mut statement = conn.prepare_cached(
                "SELECT live_at, item FROM live_columns WHERE column_ = ?1 AND live_at >= ?2 AND live_at < ?3",
            )?;
            for column in columns {
                let rows = statement.query_map((column, from, to), |r| {
                    Ok(Place {
                        live_at: r.get(0)?,
                        item: r.get(1)?,
                    })
                })?;
                for place in rows {
                    places.insert(place?);
                }
            }
        }
        places.into_iter().map(|p| self.live_address(p)).collect()
    }

    /// The newest items of some columns, newest first.
    pub fn live_newest(&self, columns: &[&str], limit: u32) -> Result<Vec<LiveAddress>> {
        let mut places = BTreeSet::new();
        {
            let mut statement = self.store.conn().prepare_cached(
                "SELECT live_at, item FROM live_columns WHERE column_ = ?1
                 ORDER BY live_at DESC, item DESC LIMIT ?2",
            )?;
            for column in columns {
                let rows = statement.query_map((column, limit), |r| {
                    Ok(Place {
                        live_at: r.get(0)?,
                        item: r.get(1)?,
                    })
                })?;
                for place in rows {
                    places.insert(place?);
                }
            }
        }
        let newest = places.into_iter().rev().take(limit as usize);
        newest.map(|p| self.live_address(p)).collect()
    }

    fn live_address(&self, place: Place) -> Result<LiveAddress> {
        let (number, shape, fields, changed_at): (String, String, Option<Hash>, i64) = self
            .store
            .conn()
            .prepare_cached(
                "SELECT i.number, r.shape, r.fields,
                   coalesce((SELECT max(p.at) FROM publications p
                     WHERE p.item = i.n AND p.event IN ('publish', 'correct')), i.live_at)
                 FROM items i JOIN revisions r ON r.item = i.n AND r.n = i.live_revision WHERE i.n = ?1",
            )?
            .query_row([place.item], |r| {
                let fields = r.get_ref(2)?.as_blob_or_null().ok().flatten();
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    fields.and_then(Hash::from_slice),
                    r.get(3)?,
                ))
            })?;
        let shape: Shape = serde_json::from_str(&shape)
            .map_err(|_| StoreError::Damaged("revisions.shape".into()))?;
        Ok(LiveAddress {
            place,
            number,
            columns: self.live_columns(place.item, &shape.columns)?,
            changed_at,
            fields: fields.ok_or_else(|| StoreError::Damaged("revisions.fields".into()))?,
        })
    }

    /// An address with what archives and feeds say about the item.
    pub fn live_entry(&self, address: LiveAddress) -> Result<LiveEntry> {
        Ok(LiveEntry {
            fields: self.fields_of(&address.fields)?,
            place: address.place,
            number: address.number,
            columns: address.columns,
            changed_at: address.changed_at,
        })
    }

    /// Every instant at which an item ever went live, µs: where archives may name it.
    pub fn went_live_at(&self, item: i64) -> Result<Vec<i64>> {
        Ok(self
            .store
            .conn()
            .prepare_cached("SELECT at FROM publications WHERE item = ?1 AND event = 'publish'")?
            .query_map([item], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The name the person at the keyboard signs with.
    pub fn login_name(&mut self) -> Result<String> {
        self.signing_name()
    }

    /// Signs a statement that leaves the house: a manifest of pages, the certificate of an export.
    /// Its first line says which journal it is from and what it is, so that the signature can never
    /// be taken for one under an entry or a checkpoint; any other text is refused.
    pub fn sign_statement(&self, login: &str, text: &str) -> Result<String> {
        let origin = format!("qianfa/{}/", self.store.head()?.journal);
        let kind = text.strip_prefix(&origin).unwrap_or_default();
        if !["pages/", "export\n"].iter().any(|k| kind.starts_with(k)) {
            return Err(StoreError::Damaged("statement".into()).into());
        }
        Ok(
            crate::journal::note::SignedText::sign(text, login, self.signer.as_ref())
                .map_err(|e| StoreError::Damaged(format!("statement: {e}")))?,
        )
    }

    /// Sites whose pages are not as they should be: not written, or not carried on. For those who
    /// see the desk; it names no item.
    pub fn page_faults(&self) -> Result<Vec<PageFault>> {
        Ok(self
            .store
            .conn()
            .prepare_cached(
                "SELECT site, fault, at FROM page_progress WHERE fault IS NOT NULL ORDER BY site",
            )?
            .query_map([], |r| {
                Ok(PageFault {
                    site: r.get(0)?,
                    code: r.get(1)?,
                    at: r.get(2)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The pages of a site are as they should be again: what was told of them is over.
    pub fn pages_recovered(&mut self, site: &str) -> Result<()> {
        let now = self.now();
        let conn = self.store.conn();
        let upto = local::pages_upto(conn, site)?;
        local::pages_at(conn, site, upto, now, None)?;
        Ok(local::failure_over(conn, &format!("pages:{site}"))?)
    }

    /// The chain after an entry and when it was recorded; none if there is no such entry.
    pub fn chain_at(&self, seq: u64) -> Result<Option<(Hash, i64)>> {
        if seq == 0 {
            let head = self.store.head()?;
            return Ok(Some((
                crate::journal::chain::chain_start(head.suite, head.journal),
                0,
            )));
        }
        Ok(self
            .store
            .conn()
            .prepare_cached("SELECT chain, recorded_at FROM journal WHERE seq = ?1")?
            .query_row([seq as i64], |r| {
                let chain = r.get_ref(0)?.as_blob().ok().and_then(Hash::from_slice);
                Ok((chain, r.get(1)?))
            })
            .optional()?
            .and_then(|(chain, at)| Some((chain?, at))))
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

    /// Every column an item was ever published in, up to an entry.
    pub fn columns_until(&self, item: i64, upto: u64) -> Result<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        let mut statement = self
            .store
            .conn()
            .prepare_cached("SELECT columns FROM publications WHERE item = ?1 AND seq <= ?2")?;
        let mut rows = statement.query((item, i64::try_from(upto).unwrap_or(i64::MAX)))?;
        while let Some(row) = rows.next()? {
            all.extend(parse_columns(&row.get::<_, String>(0)?)?);
        }
        Ok(all)
    }

    /// Items whose pages on a site changed after an entry: published, corrected, taken down, moved
    /// away from the site, or destroyed since.
    pub fn changed_on_site(&self, site: &str, after: u64) -> Result<Vec<Changed>> {
        let conn = self.store.conn();
        let mut list: Vec<Changed> = {
            // An item that left the site by a correction names no column of it any more; hence
            // every publication it ever had is asked.
            let mut statement = conn.prepare_cached(
                "SELECT p.item, max(p.seq), min(p.event = 'correct') FROM publications p
                 WHERE p.seq > ?1 AND EXISTS
                   (SELECT 1 FROM publications q JOIN json_each(q.columns) x JOIN columns c ON c.id = x.value
                    WHERE q.item = p.item AND c.site = ?2)
                 GROUP BY p.item ORDER BY p.item",
            )?;
            let rows = statement.query_map((after as i64, site), |r| {
                Ok(Changed {
                    item: r.get(0)?,
                    seq: r.get::<_, i64>(1)? as u64,
                    corrected_only: r.get(2)?,
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for changed in self.destroyed_on_site(site, after)? {
            match list.iter_mut().find(|c| c.item == changed.item) {
                Some(known) => known.seq = known.seq.max(changed.seq),
                None => list.push(changed),
            }
        }
        Ok(list)
    }

    /// Items with a text destroyed by two people since: what their page still said must go.
    fn destroyed_on_site(&self, site: &str, after: u64) -> Result<Vec<Changed>> {
        let conn = self.store.conn();
        let confirmed: Vec<(u64, String)> = conn
            .prepare_cached(
                "SELECT answered, act FROM proposals WHERE state = 'confirmed' AND answered > ?1 ORDER BY answered",
            )?
            .query_map([after as i64], |r| Ok((r.get::<_, i64>(0)? as u64, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut list = Vec::new();
        for (seq, act) in confirmed {
            let act: Dual = serde_json::from_str(&act)
                .map_err(|_| StoreError::Damaged("proposals.act".into()))?;
            let Dual::Purge { item, .. } = act else {
                continue;
            };
            let on_site: Option<i64> = conn
                .prepare_cached(
                    "SELECT i.n FROM items i WHERE i.id = ?1 AND EXISTS
                       (SELECT 1 FROM publications q JOIN json_each(q.columns) x JOIN columns c ON c.id = x.value
                        WHERE q.item = i.n AND c.site = ?2)",
                )?
                .query_row((&item, site), |r| r.get(0))
                .optional()?;
            list.extend(on_site.map(|item| Changed {
                item,
                seq,
                corrected_only: false,
            }));
        }
        Ok(list)
    }
}

fn parse_columns(json: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_str(json)
        .map_err(|_| StoreError::Damaged("publications.columns".into()))?)
}
