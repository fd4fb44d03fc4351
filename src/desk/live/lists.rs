//! Lists of what is live: columns, months, the newest; each with as little of an item as it shows.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::{LiveAddress, LiveEntry, LiveLine, Place};
use crate::desk::{Desk, Fields, Result};
use crate::journal::Hash;
use crate::rules::act::Shape;
use crate::store::StoreError;

impl Desk {
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

    pub(super) fn fields_of(&self, id: &Hash) -> Result<Fields> {
        Ok(serde_json::from_str(&self.text(id)?).map_err(|_| StoreError::Body(*id))?)
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
}
