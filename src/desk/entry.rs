//! One entry of the journal with everything that proves it.

use super::{Desk, DeskError, Result};
use crate::journal::{Entry, Hash};
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::store::StoreError;
use crate::store::query::log;

use super::view::HistoryLine;

/// A body an entry commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyView {
    /// Its id.
    pub id: Hash,
    /// Code of the part it plays.
    pub role: String,
    /// Its length in bytes.
    pub len: u64,
    /// It is in this store; else it was destroyed, or the store is damaged: verifying tells which.
    pub here: bool,
}

/// An entry in full.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// As lists show it.
    pub line: HistoryLine,
    /// Number of the item it is about.
    pub item: Option<String>,
    /// The author's own clock, µs.
    pub signed_at: i64,
    /// Id.
    pub id: Hash,
    /// Chain value.
    pub chain: Hash,
    /// Hash over its effect.
    pub eff: Hash,
    /// Key that signed.
    pub key: Hash,
    /// How many entries that key has signed with this one.
    pub dseq: u64,
    /// The last entry its author had seen.
    pub seen: u64,
    /// The entry it builds on.
    pub base: Option<u64>,
    /// Version of the rules it was made under.
    pub rules: u32,
    /// Bodies it commits to.
    pub bodies: Vec<BodyView>,
    /// Its arguments, one "name: value" each, as signed.
    pub args: Vec<(String, String)>,
}

/// The leaves of the arguments, each with its path.
fn flatten(path: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    use serde_json::Value;
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                flatten(&below(name), value, out);
            }
        }
        Value::Array(list) if list.iter().any(|v| v.is_object() || v.is_array()) => {
            for (n, value) in list.iter().enumerate() {
                flatten(&below(&(n + 1).to_string()), value, out);
            }
        }
        Value::String(text) => out.push((path.to_owned(), text.clone())),
        Value::Array(list) => {
            let parts: Vec<String> = list
                .iter()
                .map(|v| v.as_str().map_or_else(|| v.to_string(), ToOwned::to_owned))
                .collect();
            out.push((path.to_owned(), parts.join(" ")));
        }
        other => out.push((path.to_owned(), other.to_string())),
    }
}

impl Desk {
    /// An entry by its position, for those who may see it in [`Desk::journal`].
    pub fn entry(&mut self, seq: u64) -> Result<EntryView> {
        let unknown = || DeskError::Refused(refuse("item.unknown", &[]));
        let mut found = None;
        log::entries_between(self.store.conn(), seq, seq, |row| {
            found = Some(row);
            Ok::<(), StoreError>(())
        })?;
        let row = found.ok_or_else(unknown)?;
        let (now, org) = (self.moment()?, self.org()?);
        let active = org.is_active(&self.person, now);
        let all = [Right::ReadJournal, Right::ExportAudit]
            .into_iter()
            .any(|right| org.has_right_somewhere(&self.person, right, now));
        let own = self.may_see_entry(&row)?;
        if !active || !(all || own) {
            return Err(unknown());
        }
        let mut line = self.history_line(&row)?;
        if !own {
            line.note = None; // the trail is his business, the words are not
        }
        let entry =
            Entry::parse(&row.bytes).map_err(|_| StoreError::Damaged(format!("journal {seq}")))?;
        let eff: Vec<u8> = self
            .store
            .conn()
            .prepare_cached("SELECT eff FROM journal WHERE seq = ?1")?
            .query_row([seq as i64], |r| r.get(0))?;
        let mut bodies = Vec::new();
        for body in &entry.bodies {
            let here = self
                .store
                .conn()
                .prepare_cached("SELECT 1 FROM bodies WHERE id = ?1")?
                .exists([body.id.as_bytes().as_slice()])?;
            bodies.push(BodyView {
                id: body.id,
                role: body.role.clone(),
                len: body.len,
                here,
            });
        }
        let mut args = Vec::new();
        if let Ok(value) = serde_json::from_str(entry.args.get()) {
            flatten("", &value, &mut args);
        }
        let item = entry
            .item
            .as_ref()
            .map(|id| self.find(id).map_or_else(|_| id.clone(), |i| i.number));
        Ok(EntryView {
            line,
            item,
            signed_at: entry.at,
            id: row.entry_id,
            chain: row.chain,
            eff: Hash::from_slice(&eff).unwrap_or(Hash::ZERO),
            key: entry.key,
            dseq: entry.dseq,
            seen: entry.seen.seq,
            base: entry.base,
            rules: entry.rules,
            bodies,
            args,
        })
    }

    /// The last entry recorded before an instant (µs): where a search by date begins. Positions and
    /// times grow together.
    pub fn entry_before(&self, at: i64) -> Result<u64> {
        let conn = self.store.conn();
        let (mut low, mut high) = (0u64, self.store.head()?.seq);
        let mut statement =
            conn.prepare_cached("SELECT recorded_at FROM journal WHERE seq = ?1")?;
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            let recorded: i64 = statement.query_row([middle as i64], |r| r.get(0))?;
            if recorded < at {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Ok(low)
    }
}
