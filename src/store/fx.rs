//! The only hand that writes folded tables: every row change goes into the effect hash as it is
//! written, so that two replicas that fold differently notice at the very entry.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use super::Result;
use crate::journal::{EffectHasher, Hash, Suite, Value};

/// A column and its value.
pub type Cell<'a> = (&'static str, Value<'a>);

struct Sql<'a>(Value<'a>);

impl ToSql for Sql<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(n),
            Value::Text(t) => ValueRef::Text(t.as_bytes()),
            Value::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

/// Text or null.
pub fn opt_text(value: Option<&str>) -> Value<'_> {
    value.map_or(Value::Null, Value::Text)
}

/// Integer or null.
pub fn opt_int(value: Option<i64>) -> Value<'static> {
    value.map_or(Value::Null, Value::Int)
}

/// Hash or null.
pub fn opt_hash(value: Option<&Hash>) -> Value<'_> {
    value.map_or(Value::Null, |h| Value::Blob(h.as_bytes()))
}

/// A flag as SQLite keeps it.
pub fn flag(value: bool) -> Value<'static> {
    Value::Int(i64::from(value))
}

/// The effects of one entry.
pub struct Fx<'c> {
    conn: &'c Connection,
    hasher: EffectHasher,
}

impl<'c> Fx<'c> {
    /// Begins the effects of the entry after `previous`.
    pub fn new(conn: &'c Connection, suite: Suite, previous: Hash) -> Self {
        Fx {
            conn,
            hasher: EffectHasher::new(suite, previous),
        }
    }

    /// For reading what the fold needs.
    pub fn conn(&self) -> &'c Connection {
        self.conn
    }

    /// Inserts a row that was not there.
    pub fn insert(&mut self, table: &'static str, row: &[Cell<'_>]) -> Result<()> {
        self.put(table, row, "INSERT INTO")
    }

    /// Inserts a row or replaces the one with its key.
    pub fn upsert(&mut self, table: &'static str, row: &[Cell<'_>]) -> Result<()> {
        self.put(table, row, "INSERT OR REPLACE INTO")
    }

    fn put(&mut self, table: &'static str, row: &[Cell<'_>], verb: &str) -> Result<()> {
        let mut sql = String::with_capacity(64 + row.len() * 16);
        sql.push_str(verb);
        sql.push(' ');
        sql.push_str(table);
        sql.push_str(" (");
        comma(&mut sql, row, |sql, (name, _)| sql.push_str(name));
        sql.push_str(") VALUES (");
        comma(&mut sql, row, |sql, _| sql.push('?'));
        sql.push(')');
        self.run(&sql, row.iter())?;
        self.hasher.put(table, row);
        Ok(())
    }

    /// Changes some columns of the one row with this key. The key goes into the hash first.
    pub fn update(
        &mut self,
        table: &'static str,
        key: &[Cell<'_>],
        columns: &[Cell<'_>],
    ) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        let mut sql = format!("UPDATE {table} SET ");
        comma(&mut sql, columns, |sql, (name, _)| {
            sql.push_str(name);
            sql.push_str(" = ?");
        });
        where_key(&mut sql, key);
        let changed = self.run(&sql, columns.iter().chain(key))?;
        if changed != 1 {
            return Err(super::StoreError::Damaged(format!(
                "{table}: {changed} rows for one key"
            )));
        }
        let all: Vec<Cell<'_>> = key.iter().chain(columns).copied().collect();
        self.hasher.put(table, &all);
        Ok(())
    }

    /// Removes every row with these column values.
    pub fn delete(&mut self, table: &'static str, key: &[Cell<'_>]) -> Result<()> {
        let mut sql = format!("DELETE FROM {table}");
        where_key(&mut sql, key);
        self.run(&sql, key.iter())?;
        self.hasher.delete(table, key);
        Ok(())
    }

    fn run<'r, 'v: 'r>(
        &self,
        sql: &str,
        cells: impl Iterator<Item = &'r Cell<'v>>,
    ) -> Result<usize> {
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.execute(rusqlite::params_from_iter(cells.map(|(_, v)| Sql(*v))))?)
    }

    /// `eff_n`
    pub fn finish(self) -> Hash {
        self.hasher.finish()
    }
}

fn comma<T>(sql: &mut String, list: &[T], mut each: impl FnMut(&mut String, &T)) {
    for (k, value) in list.iter().enumerate() {
        if k > 0 {
            sql.push_str(", ");
        }
        each(sql, value);
    }
}

fn where_key(sql: &mut String, key: &[Cell<'_>]) {
    for (k, (name, _)) in key.iter().enumerate() {
        sql.push_str(if k == 0 { " WHERE " } else { " AND " });
        sql.push_str(name);
        sql.push_str(" = ?");
    }
}
