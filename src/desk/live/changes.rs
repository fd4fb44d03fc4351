//! Which items have pages on a site that are not up to date.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::Changed;
use crate::desk::{Desk, Result};
use crate::rules::act::Dual;
use crate::store::StoreError;

impl Desk {
    /// Every instant at which an item ever went live, µs: where archives may name it.
    pub fn went_live_at(&self, item: i64) -> Result<Vec<i64>> {
        Ok(self
            .store
            .conn()
            .prepare_cached("SELECT at FROM publications WHERE item = ?1 AND event = 'publish'")?
            .query_map([item], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
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

pub(super) fn parse_columns(json: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_str(json)
        .map_err(|_| StoreError::Damaged("publications.columns".into()))?)
}
