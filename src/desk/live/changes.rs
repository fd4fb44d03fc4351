//! Which items have pages on a site that are not up to date.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;

use super::{Changed, Reach};
use crate::desk::{Desk, Result};
use crate::rules::act::{Dual, Relation};
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
    /// away from the site, or destroyed since; and those whose page names something that did, or
    /// whose relations or validity changed. Which seqs count depends on the state now, yet their
    /// highest does not depend on when one looks: whatever makes another one count counts itself.
    pub fn changed_on_site(&self, site: &str, after: u64) -> Result<Vec<Changed>> {
        let mut all: BTreeMap<i64, Changed> = BTreeMap::new();
        let changes = self
            .published_on_site(site, after)?
            .into_iter()
            .chain(self.destroyed_on_site(site, after)?)
            .chain(self.touched_on_site(site, after)?);
        for change in changes {
            let known = all.entry(change.item).or_insert(change);
            known.seq = known.seq.max(change.seq);
            known.reach = known.reach.max(change.reach);
        }
        Ok(all.into_values().collect())
    }

    fn published_on_site(&self, site: &str, after: u64) -> Result<Vec<Changed>> {
        // An item that left the site by a correction names no column of it any more; hence every
        // publication it ever had is asked.
        let mut statement = self.store.conn().prepare_cached(
            "SELECT p.item, max(p.seq), min(p.event = 'correct') FROM publications p
             WHERE p.seq > ?1 AND EXISTS
               (SELECT 1 FROM publications q JOIN json_each(q.columns) x JOIN columns c ON c.id = x.value
                WHERE q.item = p.item AND c.site = ?2)
             GROUP BY p.item",
        )?;
        let rows = statement.query_map((after as i64, site), |r| {
            Ok(Changed {
                item: r.get(0)?,
                seq: r.get::<_, i64>(1)? as u64,
                reach: if r.get(2)? { Reach::Text } else { Reach::Lists },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Items of the site whose page changes though their text does not: a relation was made or
    /// taken back, a partner (on whatever site) was published, corrected or taken down, validity was
    /// marked.
    fn touched_on_site(&self, site: &str, after: u64) -> Result<Vec<Changed>> {
        let mut statement = self.store.conn().prepare_cached(
            "SELECT t.item, max(t.seq) FROM (
               SELECT item, seq FROM validities WHERE seq > ?1
               UNION ALL SELECT item, seq FROM relations WHERE seq > ?1 AND relation <> 'outlet'
               UNION ALL SELECT other, seq FROM relations WHERE seq > ?1 AND relation <> 'outlet'
               UNION ALL SELECT item, seq FROM unrelated WHERE seq > ?1 AND relation <> 'outlet'
               UNION ALL SELECT other, seq FROM unrelated WHERE seq > ?1 AND relation <> 'outlet'
               UNION ALL SELECT r.other, p.seq FROM publications p JOIN relations r ON r.item = p.item
                 WHERE p.seq > ?1 AND r.relation <> 'outlet'
               UNION ALL SELECT r.item, p.seq FROM publications p JOIN relations r ON r.other = p.item
                 WHERE p.seq > ?1 AND r.relation <> 'outlet') t
             WHERE EXISTS
               (SELECT 1 FROM publications q JOIN json_each(q.columns) x JOIN columns c ON c.id = x.value
                WHERE q.item = t.item AND c.site = ?2)
             GROUP BY t.item",
        )?;
        debug_assert_eq!(Relation::Outlet.code(), "outlet");
        let rows = statement.query_map((after as i64, site), |r| {
            Ok(Changed {
                item: r.get(0)?,
                seq: r.get::<_, i64>(1)? as u64,
                reach: Reach::Page,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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
                reach: Reach::Lists,
            }));
        }
        Ok(list)
    }
}

pub(super) fn parse_columns(json: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_str(json)
        .map_err(|_| StoreError::Damaged("publications.columns".into()))?)
}
