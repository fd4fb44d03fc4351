//! Making the folded tables again from the journal, and comparing what came out.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::append::{ReplayRow, hash_at};
use super::{Result, Store, StoreError, packing, search};
use crate::journal::{Hash, Suite};

/// Every table that is folded, children before parents so that they can be emptied in order.
pub const FOLDED: &[&str] = &[
    "tallies",
    "entry_items",
    "bundle_items",
    "bundles",
    "comments",
    "waivers",
    "lists",
    "relations",
    "unrelated",
    "validities",
    "copies",
    "flags",
    "postings",
    "live_columns",
    "publications",
    "clearances",
    "approvals",
    "contributors",
    "inherited",
    "revisions",
    "item_columns",
    "items",
    "routes",
    "proposals",
    "grants",
    "keys",
    "persons",
    "columns",
    "site_conditions",
    "sites",
    "bureaus",
    "counters",
    "devices",
    "head",
];

/// A difference between the store and its own journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divergence {
    /// The entry's verdict on replay is another than the one recorded.
    Verdict {
        /// Which entry.
        seq: u64,
        /// As recorded.
        recorded: Option<String>,
        /// As replayed.
        replayed: Option<String>,
    },
    /// The row changes of the entry are others than those recorded.
    Effect {
        /// Which entry.
        seq: u64,
    },
    /// A folded table does not hold what the journal says.
    Table {
        /// Which table.
        table: &'static str,
        /// First row that differs, as its key columns.
        row: String,
    },
}

/// A row as read from the journal table.
pub struct StoredRow {
    /// Position.
    pub seq: u64,
    /// Recorded instant, µs.
    pub recorded_at: i64,
    /// Id as stored.
    pub entry_id: Hash,
    /// The exact entry bytes.
    pub entry: Vec<u8>,
    /// Signature.
    pub sig: Vec<u8>,
    /// Chain value as stored.
    pub chain: Hash,
    /// Effect value as stored.
    pub eff: Hash,
    /// Verdict as stored.
    pub verdict: Option<String>,
}

/// Walks the journal in order. Stops at the first error of the visitor.
pub fn walk<E: From<StoreError>>(
    conn: &Connection,
    mut visit: impl FnMut(StoredRow) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut statement = conn
        .prepare("SELECT seq, recorded_at, entry_id, entry, sig, chain, eff, verdict FROM journal ORDER BY seq")
        .map_err(StoreError::from)?;
    let mut rows = statement.query([]).map_err(StoreError::from)?;
    while let Some(r) = rows.next().map_err(StoreError::from)? {
        let read = || -> Result<StoredRow> {
            let seq: i64 = r.get(0)?;
            let packed = r.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            Ok(StoredRow {
                seq: seq as u64,
                recorded_at: r.get(1)?,
                entry_id: hash_at(r, 2)?,
                // What cannot be unpacked is handed on as it is: the verifier names it.
                entry: packing::unpack(packed).unwrap_or_else(|_| packed.to_vec()),
                sig: r.get(4)?,
                chain: hash_at(r, 5)?,
                eff: hash_at(r, 6)?,
                verdict: r.get(7)?,
            })
        };
        visit(read()?)?;
    }
    Ok(())
}

/// Replays the journal found through `source` into `target` (whose folded tables are empty),
/// reporting the first entry on which the two disagree.
pub fn replay(
    source: &Connection,
    target: &mut Store,
    mut progress: impl FnMut(u64) -> bool,
) -> Result<Option<Divergence>> {
    let mut found = None;
    let walked = target.write(|tx| {
        walk(source, |row| {
            if !progress(row.seq) {
                return Err(StoreError::Damaged("cancelled".into()));
            }
            let replayed = ReplayRow {
                recorded_at: row.recorded_at,
                entry: &row.entry,
                sig: &row.sig,
            };
            let (verdict, eff) = tx.replay(&replayed)?;
            if verdict != row.verdict {
                found = Some(Divergence::Verdict {
                    seq: row.seq,
                    recorded: row.verdict,
                    replayed: verdict,
                });
            } else if eff != row.eff {
                found = Some(Divergence::Effect { seq: row.seq });
            }
            if found.is_some() {
                Err(StoreError::Damaged("diverged".into()))
            } else {
                Ok(())
            }
        })
    });
    match (walked, found) {
        (_, Some(divergence)) => Ok(Some(divergence)),
        (result, None) => result.map(|()| None),
    }
}

/// Compares every folded table of two stores, row by row in key order.
pub fn compare(a: &Connection, b: &Connection) -> Result<Option<Divergence>> {
    for table in FOLDED.iter().rev() {
        if let Some(row) = compare_table(a, b, table)? {
            return Ok(Some(Divergence::Table { table, row }));
        }
    }
    Ok(None)
}

fn key_columns(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement =
        conn.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
    Ok(statement
        .query_map([table], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

fn compare_table(a: &Connection, b: &Connection, table: &str) -> Result<Option<String>> {
    let keys = key_columns(a, table)?;
    let sql = format!(
        "SELECT {}, * FROM {table} ORDER BY {}",
        keys.join(", "),
        keys.join(", ")
    );
    let (mut left, mut right) = (a.prepare(&sql)?, b.prepare(&sql)?);
    let columns = left.column_count();
    let (mut left, mut right) = (left.query([])?, right.query([])?);
    let name = |r: &rusqlite::Row<'_>| -> String {
        let values = (0..keys.len()).map(|k| match r.get_ref(k) {
            Ok(ValueRef::Integer(n)) => n.to_string(),
            Ok(ValueRef::Text(t)) => String::from_utf8_lossy(t).into_owned(),
            Ok(ValueRef::Blob(blob)) => hex::encode(blob),
            _ => "?".to_owned(),
        });
        values.collect::<Vec<_>>().join("/")
    };
    loop {
        match (left.next()?, right.next()?) {
            (None, None) => return Ok(None),
            (Some(r), None) | (None, Some(r)) => return Ok(Some(name(r))),
            (Some(l), Some(r)) => {
                for k in 0..columns {
                    if l.get_ref(k)? != r.get_ref(k)? {
                        return Ok(Some(name(l)));
                    }
                }
            }
        }
    }
}

impl Store {
    /// Replays the journal into a scratch store and compares all tables, without touching or
    /// blocking this one.
    pub fn check_fold(&self, progress: impl FnMut(u64) -> bool) -> Result<Option<Divergence>> {
        let mut scratch = Store::scratch(self.journal, self.suite)?;
        if let Some(divergence) = replay(&self.conn, &mut scratch, progress)? {
            return Ok(Some(divergence));
        }
        compare(&self.conn, &scratch.conn)
    }

    /// Empties the folded tables and the overlays and makes them again. Nothing is changed unless
    /// every entry replays to its recorded verdict and effect.
    pub fn rebuild(&mut self, mut progress: impl FnMut(u64) -> bool) -> Result<Option<Divergence>> {
        let suite: Suite = self.suite;
        let mut scratch = Store::scratch(self.journal, suite)?;
        if let Some(divergence) = replay(&self.conn, &mut scratch, &mut progress)? {
            return Ok(Some(divergence));
        }
        self.org = None;
        let head = scratch.head()?;
        let tx = self
            .conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if super::append::read_head_seq(&tx)? != head.seq {
            // Somebody appended meanwhile; the caller tries again.
            return Err(StoreError::Damaged(
                "the journal moved during the rebuild".into(),
            ));
        }
        tx.execute_batch("PRAGMA defer_foreign_keys = ON; DELETE FROM titles;")?;
        for table in FOLDED {
            tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
        for table in FOLDED.iter().rev() {
            copy_table(&scratch.conn, &tx, table)?;
        }
        search::rebuild(&tx, suite)?;
        tx.commit()?;
        Ok(None)
    }
}

fn copy_table(from: &Connection, to: &Connection, table: &str) -> Result<()> {
    let mut select = from.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = select.column_count();
    let marks = vec!["?"; columns].join(", ");
    let mut insert = to.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..columns)
            .map(|k| row.get::<_, rusqlite::types::Value>(k))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        insert.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}
