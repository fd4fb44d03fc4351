//! What leaves the program as a list: publication log, audit trail, journal. Each is an entry.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Desk, Result};
use crate::journal::Note;
use crate::journal::export::Line;
use crate::journal::verify::Row;
use crate::report::{
    AuditRow, Format, Options, PublicationEvent, PublicationRow, ReportError, Written,
};
use crate::rules::act::{Act, Export, ExportKind};
use crate::rules::org::Org;
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::rules::route::StepKind;
use crate::store::query::history;
use crate::store::query::log::{self, LogFilter};
use crate::store::rebuild::walk;
use crate::store::{StoreError, bodies, checkpoint};

/// Progress of a long export: rows so far; `false` stops it.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> bool;

fn instant(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn source(error: &super::DeskError) -> ReportError {
    ReportError::Source(error.message().into())
}

impl Desk {
    fn may_export(&mut self, what: ExportKind) -> Result<()> {
        self.may(
            None,
            &Act::Export(Export {
                what,
                rows: 0,
                sha256: String::new(),
            }),
            &[],
        )
    }

    /// An export that cannot be recorded did not happen: the file goes again.
    fn exported_to(&mut self, path: &Path, what: ExportKind, written: &Written) -> Result<()> {
        self.exported(what, written).inspect_err(|_| {
            let _ = std::fs::remove_file(path);
        })
    }

    fn exported(&mut self, what: ExportKind, written: &Written) -> Result<()> {
        let act = Act::Export(Export {
            what,
            rows: written.rows,
            sha256: written.sha256.clone(),
        });
        self.act(None, &act, &[])?;
        Ok(())
    }

    /// The publication log as rows: who wrote, reviewed, cleared, signed and published what.
    pub fn publication_rows(&mut self, filter: &LogFilter) -> Result<Vec<PublicationRow>> {
        self.may_export(ExportKind::Publications)?;
        let names = self.person_names()?;
        let org = self.org()?;
        let name = |person: &str| {
            names
                .get(person)
                .cloned()
                .unwrap_or_else(|| person.to_owned())
        };
        let mut rows = Vec::new();
        let mut list = Vec::new();
        log::publications(
            self.store.conn(),
            filter,
            None,
            |p| -> std::result::Result<(), StoreError> {
                list.push(p);
                Ok(())
            },
        )?;
        let (now, me) = (self.moment()?, self.person.clone());
        for p in list {
            // The right to export reaches as far as its scope.
            let reaches = |c| org.has_right(&me, Right::ExportPublications, c, now);
            if !p.columns.iter().any(|c| reaches(c)) {
                continue;
            }
            let revision = history::one_revision(self.store.conn(), p.item_n, p.revision)?;
            let heading = match &revision {
                Some(r) => self
                    .text_if_there(&r.fields)?
                    .and_then(|t| serde_json::from_str::<super::Fields>(&t).ok()),
                None => None,
            };
            let (mut reviewers, mut clearer, mut signer) = (Vec::new(), None, None);
            for pass in history::passes(self.store.conn(), p.item_n)? {
                if pass.run != p.run || pass.fingerprint != p.fingerprint {
                    continue;
                }
                match pass.kind {
                    StepKind::Confidentiality => clearer = Some(name(&pass.person)),
                    StepKind::SignOff => signer = Some(name(&pass.person)),
                    StepKind::Review => reviewers.push(name(&pass.person)),
                }
            }
            let event = match p.event.as_str() {
                "correct" => PublicationEvent::Correct,
                "withdraw" => PublicationEvent::Withdraw,
                "expire" => PublicationEvent::Expire,
                _ => PublicationEvent::Publish,
            };
            let note = match &p.note {
                Some(id) => self.text_if_there(id)?,
                None => None,
            };
            let urls = p
                .columns
                .iter()
                .filter_map(|id| {
                    let column = org.columns.get(id)?;
                    let site = org.sites.get(&column.site)?;
                    Some(format!(
                        "https://{}/{}/{}.html",
                        site.domain, column.slug, p.number
                    ))
                })
                .collect();
            let named = |id: &String| {
                org.columns
                    .get(id)
                    .map_or_else(|| id.clone(), |c| c.name.clone())
            };
            rows.push(PublicationRow {
                seq: p.seq,
                at: instant(p.at),
                event,
                number: p.number.clone(),
                title: heading
                    .as_ref()
                    .map_or_else(String::new, |h| h.title.clone()),
                site: org
                    .sites
                    .get(&p.site)
                    .map_or_else(|| p.site.clone(), |s| s.name.clone()),
                column: p.columns.iter().map(named).collect::<Vec<_>>().join("、"),
                author: revision
                    .as_ref()
                    .map_or_else(String::new, |r| name(&r.author)),
                reviewers,
                confidentiality_reviewer: clearer,
                signer,
                publisher: name(&p.actor),
                cause: note
                    .or_else(|| Some(crate::locale::by_id(&format!("cause-{}", p.cause), &[]))),
                fingerprint: p.fingerprint.to_string(),
                doc_number: heading.map(|h| h.doc_number).filter(|d| !d.is_empty()),
                urls,
            });
        }
        Ok(rows)
    }

    /// Writes the publication log to a file; the export is itself an entry.
    pub fn export_publications(
        &mut self,
        path: &Path,
        format: Format,
        filter: &LogFilter,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Written> {
        let rows = self.publication_rows(filter)?;
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
                ..Options::new(format)
            };
            crate::report::write(
                out,
                rows.iter().cloned().map(Ok::<_, ReportError>),
                &mut options,
            )
        })?;
        self.exported_to(path, ExportKind::Publications, &written)?;
        Ok(written)
    }

    /// Writes the audit trail to a file.
    pub fn export_audit(
        &mut self,
        path: &Path,
        format: Format,
        force: bool,
        progress: Progress<'_>,
    ) -> Result<Written> {
        self.may_export(ExportKind::Audit)?;
        let names = self.person_names()?;
        let numbers = self.numbers()?;
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
                ..Options::new(format)
            };
            crate::report::write(
                out,
                AuditRows {
                    desk: self,
                    names: &names,
                    numbers: &numbers,
                    next: 1,
                    page: Vec::new().into_iter(),
                },
                &mut options,
            )
        })?;
        self.exported_to(path, ExportKind::Audit, &written)?;
        Ok(written)
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
    ) -> Result<Written> {
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
            let mut notes: HashMap<u64, String> = checkpoint::all(store.conn())
                .map_err(|e| ReportError::Source(e.to_string().into()))?
                .into_iter()
                .filter_map(|text| Some((Note::parse(&text).ok()?.checkpoint.seq, text)))
                .collect();
            let mut failure = None;
            let walked = walk(store.conn(), |row| -> std::result::Result<(), StoreError> {
                let line = Line::entry(&Row {
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
                let ids: Vec<crate::journal::Hash> = store
                    .conn()
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
                    let body = bodies::open(store.conn(), store.suite(), &id)
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
        self.exported_to(path, ExportKind::Journal, &written)?;
        Ok(written)
    }
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
        let item = entry.as_ref().and_then(|e| {
            let act = Act::parse(&e.kind, e.args.get()).ok().flatten();
            let id = e
                .item
                .clone()
                .or_else(|| act.and_then(|a| a.about().map(ToOwned::to_owned)))?;
            Some(self.numbers.get(&id).cloned().unwrap_or(id))
        });
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
        })
    }
}
