//! What leaves the house as a file: the publication log, the audit trail, the journal itself. Each
//! export is an entry of its own.

use std::path::{Path, PathBuf};

use crate::report::Format;
use crate::store::query::log::LogFilter;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{Notice, PathPrompt, Wanted, choices};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::ChoiceList;

use super::Journal;

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Publications,
    Audit,
    Journal,
    JournalWithTexts,
}

const ALL: [What; 4] = [
    What::Publications,
    What::Audit,
    What::Journal,
    What::JournalWithTexts,
];

impl What {
    fn word(self) -> String {
        match self {
            What::Publications => tr!("tui-export-publications"),
            What::Audit => tr!("tui-export-audit"),
            What::Journal => tr!("tui-export-journal"),
            What::JournalWithTexts => tr!("tui-export-journal-texts"),
        }
    }

    /// A name to begin from.
    const fn file(self) -> &'static str {
        match self {
            What::Publications => "publications.csv",
            What::Audit => "audit.csv",
            What::Journal | What::JournalWithTexts => "journal.jsonl",
        }
    }
}

/// The ending of the name says how it is written.
fn format(path: &Path) -> Format {
    match path.extension().and_then(|e| e.to_str()) {
        Some("jsonl" | "json") => Format::JsonLines,
        _ => Format::Csv,
    }
}

/// Asks what and where to.
pub(super) fn ask(cx: &mut Cx<'_, Seat>) {
    let labels = choices(ALL.iter().map(|w| w.word()));
    let reply = cx.reply(|_: &mut Journal, picked: Option<usize>, cx| {
        let Some(what) = picked.and_then(|n| ALL.get(n)).copied() else {
            return;
        };
        let text = if matches!(what, What::Journal | What::JournalWithTexts) {
            tr!("tui-export-where-journal")
        } else {
            tr!("tui-export-where")
        };
        let reply = cx.reply(move |_: &mut Journal, path: Option<PathBuf>, cx| {
            if let Some(path) = path {
                write(what, path, cx);
            }
        });
        let title = what.word();
        cx.push(PathPrompt::new(
            title,
            text,
            Wanted::New,
            what.file(),
            reply,
        ));
    });
    let title = Action::ExportFile.describe();
    cx.push(ChoiceList::new(title, labels, 0, reply));
}

fn write(what: What, path: PathBuf, cx: &mut Cx<'_, Seat>) {
    cx.ask_long(
        what.word(),
        move |seat: &mut Seat, progress| {
            let mut tell = |rows: u64| {
                progress.report(rows, 0);
                !progress.cancelled()
            };
            let written = seat.desk().and_then(|d| match what {
                What::Publications => d.export_publications(
                    &path,
                    format(&path),
                    &LogFilter::default(),
                    false,
                    &mut tell,
                ),
                What::Audit => d.export_audit(&path, format(&path), false, &mut tell),
                What::Journal => d.export_journal(&path, false, false, &mut tell),
                What::JournalWithTexts => d.export_journal(&path, true, false, &mut tell),
            });
            written
                .map(|w| (path, w.rows, w.sha256))
                .map_err(|e| Said::of(&e))
        },
        move |_: &mut Journal, result, cx| match result {
            Ok((path, rows, sha256)) => cx.push(Notice::text(
                what.word(),
                tr!(
                    "tui-export-done",
                    path = path.display().to_string(),
                    rows = rows,
                    sha256 = sha256
                ),
            )),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}
