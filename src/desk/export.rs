//! What leaves the program as a list: publication log, audit trail, journal. Each is an entry.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::certify::{Export, Exported};
use super::rows::{PublicationRows, instant};
use super::{Desk, DeskError, Result};
use crate::journal::Note;
use crate::journal::export::Line;
use crate::journal::verify::Row as JournalRow;
use crate::report::certificate::Basis;
use crate::report::{AuditRow, Format, Options, PublicationRow, ReportError, Row, Written};
use crate::rules::act::{Act, Export as ExportAct, ExportKind};
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::store::query::history;
use crate::store::query::log::{self, LogFilter};
use crate::store::rebuild::walk;
use crate::store::{Receipt, StoreError, bodies, checkpoint};

/// Progress of a long export: rows so far; `false` stops it.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> bool;

pub(super) fn source(error: &DeskError) -> ReportError {
    ReportError::Source(error.message().into())
}

impl Desk {
    pub(super) fn may_export(&mut self, what: ExportKind) -> Result<()> {
        self.may(
            None,
            &Act::Export(ExportAct {
                what,
                rows: 0,
                sha256: String::new(),
            }),
            &[],
        )
    }

    pub(super) fn exported(&mut self, what: ExportKind, written: &Written) -> Result<Receipt> {
        let act = Act::Export(ExportAct {
            what,
            rows: written.rows,
            sha256: written.sha256.clone(),
        });
        self.act(None, &act, &[])
    }

    /// The publication log as rows: who wrote, reviewed, cleared, signed and published what.
    pub fn publication_rows(&mut self, filter: &LogFilter) -> Result<Vec<PublicationRow>> {
        self.may_export(ExportKind::Publications)?;
        let about = self.about_rows()?;
        PublicationRows::new(self, &about, filter)
            .collect::<std::result::Result<_, _>>()
            .map_err(DeskError::from)
    }

    /// Writes the publication log to a file; the export is itself an entry, and certified.
    pub fn export_publications(
        &mut self,
        path: &Path,
        format: Format,
        filter: &LogFilter,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Exported> {
        self.may_export(ExportKind::Publications)?;
        let about = self.about_rows()?;
        let mut entries = Vec::new();
        let written = self.snapshot(|desk| {
            let rows = PublicationRows::new(desk, &about, filter).inspect(|row| {
                if let Ok(row) = row {
                    entries.push(row.seq);
                }
            });
            to_file(
                path,
                format,
                "publications",
                about.now,
                force,
                progress,
                rows,
            )
        })?;
        let export = Export {
            path,
            kind: ExportKind::Publications,
            what: "publications",
            format: format.code(),
            query: query_of(filter),
            entries,
            basis: Basis::Entries,
            run: 0,
            force,
        };
        self.finish_export(export, &written)
    }

    /// Writes the way of an item through all hands to a file.
    pub fn export_custody(
        &mut self,
        path: &Path,
        format: Format,
        item: &str,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Exported> {
        let rows = self.custody_rows(item)?;
        let number = self.find(item)?.number;
        let entries = rows.iter().map(|r| r.seq).collect();
        let now = self.moment()?;
        let rows = rows.into_iter().map(Ok);
        let written = to_file(path, format, "custody", now, force, progress, rows)?;
        let export = Export {
            path,
            kind: ExportKind::Custody,
            what: "custody",
            format: format.code(),
            query: BTreeMap::from([("item".to_owned(), number)]),
            entries,
            basis: Basis::Entries,
            run: 0,
            force,
        };
        self.finish_export(export, &written)
    }

    /// Writes the confidentiality reviews of a span of time to a file.
    pub fn export_reviews(
        &mut self,
        path: &Path,
        format: Format,
        (from, to): (i64, i64),
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Exported> {
        let rows = self.review_rows(from, to)?;
        let entries = rows.iter().map(|r| r.seq).collect();
        let now = self.moment()?;
        let rows = rows.into_iter().map(Ok);
        let written = to_file(path, format, "reviews", now, force, progress, rows)?;
        let export = Export {
            path,
            kind: ExportKind::Reviews,
            what: "reviews",
            format: format.code(),
            query: BTreeMap::from([
                ("from".to_owned(), instant(from).to_string()),
                ("to".to_owned(), instant(to).to_string()),
            ]),
            entries,
            basis: Basis::Entries,
            run: 0,
            force,
        };
        self.finish_export(export, &written)
    }

    /// Writes the audit trail to a file. Its rows are the whole journal up to the export: where they can
    /// be read again, all of them are held against the checkpoint, and that none is left out.
    pub fn export_audit(
        &mut self,
        path: &Path,
        format: Format,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Exported> {
        self.may_export(ExportKind::Audit)?;
        let names = self.person_names()?;
        let numbers = self.numbers()?;
        let now = self.moment()?;
        let mut last = 0;
        let written = self.snapshot(|desk| {
            let rows = AuditRows {
                desk,
                names: &names,
                numbers: &numbers,
                next: 1,
                page: Vec::new().into_iter(),
            }
            .inspect(|row| {
                if let Ok(row) = row {
                    last = row.seq;
                }
            });
            to_file(path, format, "audit", now, force, progress, rows)
        })?;
        let again = matches!(format, Format::Csv | Format::JsonLines);
        let (basis, run, entries) = if again {
            (Basis::Journal, last, Vec::new())
        } else {
            (Basis::Last, 0, vec![last])
        };
        let export = Export {
            path,
            kind: ExportKind::Audit,
            what: "audit",
            format: format.code(),
            query: BTreeMap::new(),
            entries,
            basis,
            run,
            force,
        };
        self.finish_export(export, &written)
    }

    fn numbers(&self) -> Result<HashMap<String, String>> {
        let mut statement = self.store.conn().prepare("SELECT id, number FROM items")?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Writes the journal in the format of `docs/journal.md`, so that a stranger can verify it;
    /// with the bodies only on request, for they are the texts themselves.
    pub fn export_journal(
        &mut self,
        path: &Path,
        with_bodies: bool,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Exported> {
        self.may_export(ExportKind::Journal)?;
        if with_bodies {
            // Every text of the province leaves the house: only for who may read every one of them.
            let now = self.moment()?;
            let org = self.org()?;
            let sees = |right| org.has_right(&self.person, right, Org::ROOT, now);
            if !(sees(Right::View) && sees(Right::ExportAudit)) {
                let person = self.signing_name()?;
                return Err(refuse("right.missing", &[("person", person)]).into());
            }
        }
        let store = &self.store;
        // One view of the file: entries, checkpoints and bodies belong together, whoever writes.
        let view = store.conn().unchecked_transaction()?;
        let written = crate::report::export(path, force, |out| {
            let (mut sha, mut rows, mut bytes) = (Sha256::new(), 0u64, 0u64);
            let mut put = |line: &Line| -> std::result::Result<(), ReportError> {
                let mut text = line.encode();
                text.push('\n');
                sha.update(text.as_bytes());
                bytes += text.len() as u64;
                out.write_all(text.as_bytes()).map_err(ReportError::from)
            };
            put(&Line::header(store.journal(), store.suite()))?;
            // A reader holds a checkpoint against what stands above it, so each has its place.
            let mut notes: HashMap<u64, String> = checkpoint::all(&view)
                .map_err(|e| ReportError::Source(e.to_string().into()))?
                .into_iter()
                .filter_map(|text| Some((Note::parse(&text).ok()?.checkpoint.seq, text)))
                .collect();
            let mut failure = None;
            let walked = walk(&view, |row| -> std::result::Result<(), StoreError> {
                let line = Line::entry(&JournalRow {
                    seq: row.seq,
                    recorded_at: row.recorded_at,
                    entry: &row.entry,
                    sig: &row.sig,
                    chain: row.chain,
                    eff: row.eff,
                    verdict: row.verdict.as_deref(),
                });
                rows += 1;
                let result = match line {
                    Some(line) => put(&line).and_then(|()| match notes.remove(&row.seq) {
                        Some(note) => put(&Line::checkpoint(&note)),
                        None => Ok(()),
                    }),
                    None => Err(ReportError::Source(format!("entry {}", row.seq).into())),
                };
                let go_on = rows % 1_000 != 0 || progress(rows);
                match result {
                    Ok(()) if go_on => Ok(()),
                    Ok(()) => {
                        failure = Some(ReportError::Stopped);
                        Err(StoreError::Damaged("stopped".into()))
                    }
                    Err(error) => {
                        failure = Some(error);
                        Err(StoreError::Damaged("export".into()))
                    }
                }
            });
            if let Some(error) = failure {
                return Err(error);
            }
            walked.map_err(|e| ReportError::Source(e.to_string().into()))?;
            if with_bodies {
                let ids: Vec<crate::journal::Hash> = view
                    .prepare("SELECT id FROM bodies ORDER BY n")
                    .and_then(|mut s| {
                        s.query_map([], |r| r.get::<_, Vec<u8>>(0))?
                            .collect::<rusqlite::Result<Vec<_>>>()
                    })
                    .map_err(|e| ReportError::Source(e.to_string().into()))?
                    .iter()
                    .filter_map(|b| crate::journal::Hash::from_slice(b))
                    .collect();
                for id in ids {
                    let body = bodies::open(&view, store.suite(), &id)
                        .map_err(|e| ReportError::Source(e.to_string().into()))?;
                    if let Some((salt, data)) = body {
                        put(&Line::body(id, salt, &data))?;
                    }
                }
            }
            let _ = out.flush();
            Ok(Written {
                rows,
                bytes,
                sha256: hex::encode(sha.finalize()),
            })
        })?;
        drop(view);
        let export = Export {
            path,
            kind: ExportKind::Journal,
            what: "journal",
            format: "jsonl",
            query: BTreeMap::from([("bodies".to_owned(), with_bodies.to_string())]),
            entries: Vec::new(),
            basis: Basis::Journal,
            run: written.rows,
            force,
        };
        self.finish_export(export, &written)
    }
}

/// What a filter asked, in the words of the command line.
fn query_of(filter: &LogFilter) -> BTreeMap<String, String> {
    let mut query = BTreeMap::new();
    let texts = [
        ("site", &filter.site),
        ("column", &filter.column),
        ("kind", &filter.event),
        ("person", &filter.person),
        ("item", &filter.item),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            query.insert(name.to_owned(), value.clone());
        }
    }
    for (name, at) in [("from", filter.from), ("to", filter.to)] {
        if let Some(at) = at {
            query.insert(name.to_owned(), instant(at).to_string());
        }
    }
    query
}

fn to_file<R: Row>(
    path: &Path,
    format: Format,
    what: &str,
    now: i64,
    force: bool,
    progress: Progress<'_>,
    rows: impl IntoIterator<Item = std::result::Result<R, ReportError>>,
) -> Result<Written> {
    let written = crate::report::export(path, force, |out| {
        let mut tell = |n| {
            if progress(n) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let mut options = Options {
            progress: Some(&mut tell),
            title: crate::locale::by_id(&format!("report-title-{what}"), &[]),
            made_at: instant(now),
            ..Options::new(format)
        };
        crate::report::write(out, rows, &mut options)
    })?;
    Ok(written)
}

/// The audit trail row by row, a page of entries in memory at a time.
struct AuditRows<'a> {
    desk: &'a Desk,
    names: &'a HashMap<String, String>,
    numbers: &'a HashMap<String, String>,
    next: u64,
    page: std::vec::IntoIter<history::EntryRow>,
}

impl Iterator for AuditRows<'_> {
    type Item = std::result::Result<AuditRow, ReportError>;

    fn next(&mut self) -> Option<Self::Item> {
        const PAGE: u64 = 500;
        loop {
            if let Some(row) = self.page.next() {
                return Some(self.row(&row).map_err(|e| source(&e)));
            }
            let mut page = Vec::new();
            let read = log::entries_between(
                self.desk.store.conn(),
                self.next,
                self.next + PAGE - 1,
                |row| {
                    page.push(row);
                    Ok::<(), StoreError>(())
                },
            );
            if let Err(error) = read {
                return Some(Err(ReportError::Source(error.to_string().into())));
            }
            if page.is_empty() {
                return None;
            }
            self.next += PAGE;
            self.page = page.into_iter();
        }
    }
}

impl AuditRows<'_> {
    fn row(&self, row: &history::EntryRow) -> Result<AuditRow> {
        let line = self.desk.history_line(row)?;
        let entry = crate::journal::Entry::parse(&row.bytes).ok();
        let item = entry
            .as_ref()
            .and_then(Desk::item_of)
            .map(|id| self.numbers.get(&id).cloned().unwrap_or(id));
        let find = |key: &str| {
            line.detail
                .iter()
                .find(|(k, _)| *k == key)
                .map(|(_, v)| v.clone())
        };
        Ok(AuditRow {
            seq: row.seq,
            recorded_at: instant(row.recorded_at),
            actor: self
                .names
                .get(&line.actor)
                .cloned()
                .unwrap_or(line.actor.clone()),
            role: None,
            terminal: entry.as_ref().map(|e| e.key.to_string()[..16].to_owned()),
            kind: line.kind,
            item,
            step: find("step"),
            verdict: row
                .verdict
                .clone()
                .or_else(|| find("conclusion"))
                .unwrap_or_else(|| "ok".to_owned()),
            entry_id: row.entry_id.to_string(),
            chain: row.chain.to_string(),
            signature: crate::journal::sig_hash(self.desk.store.suite(), &row.sig).to_string(),
        })
    }
}
