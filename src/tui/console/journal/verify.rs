//! The proof, run beside everything else: how far it is, how fast, and what came of it.

use std::time::Instant;

use crate::locale;
use crate::store::verify::{Against, Finding, Verified};
use crate::store::{OpenMode, Store, checkpoint};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{Notice, Report, act, labelled};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::Paragraph;

use super::Journal;

/// What came of it, and how long it took in milliseconds.
type Came = Option<(Result<Result<Verified, Finding>, Said>, u64)>;

/// Verifies on a connection of its own, so that nothing waits for it. Checkpoints kept outside the
/// store count as well.
pub(super) fn run(cx: &mut Cx<'_, Seat>) {
    act(
        cx,
        |d| Ok((d.store().path().to_owned(), d.store().head()?.seq)),
        |_: &mut Journal, (path, entries), cx| {
            cx.background(
                tr!("tui-journal-verifying"),
                move |progress| -> Came {
                    let begun = Instant::now();
                    let mode = OpenMode {
                        read_only: true,
                        ..OpenMode::default()
                    };
                    let against = Against {
                        notes: checkpoint::outside(&checkpoint::default_dir(&path)),
                        ..Against::default()
                    };
                    let outcome = Store::open(&path, mode).and_then(|store| {
                        store.verify(&against, |seq| {
                            progress.report(seq, entries);
                            !progress.cancelled()
                        })
                    });
                    if progress.cancelled() {
                        return None;
                    }
                    let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                    Some((outcome.map_err(|e| Said::of(&e.into())), took))
                },
                |_: &mut Journal, came: Came, cx| tell(came, cx),
            );
        },
    );
}

fn tell(came: Came, cx: &mut Cx<'_, Seat>) {
    let title = Action::Verify.describe();
    match came {
        None => cx.push(Notice::text(title, tr!("tui-journal-cancelled"))),
        Some((Err(said), _)) => cx.push(Notice::refused(said)),
        Some((Ok(Ok(v)), took)) => {
            let text = verified(&v);
            let per_second: u64 = v.entries * 1_000 / took.max(1);
            let speed = tr!("tui-journal-speed", ms = took, speed = per_second);
            let purged = v.purged;
            cx.push(Report::new(title, text.clone(), move |styles| {
                let mut out = vec![Paragraph::new(text.clone(), styles.success)];
                if purged > 0 {
                    let text = tr!("tui-journal-purged", count = purged);
                    out.push(Paragraph::new(text, styles.text));
                }
                out.push(Paragraph::new(speed.clone(), styles.muted));
                out
            }));
        }
        Some((Ok(Err(finding)), _)) => {
            let text = finding.message();
            let what = locale::word("finding", finding.code());
            let seq = finding.seq();
            let copy = text.clone();
            cx.push(Report::new(title, copy, move |styles| {
                let mut out = vec![
                    Paragraph::new(tr!("tui-journal-broken"), styles.error),
                    Paragraph::new(text.clone(), styles.text),
                    labelled(&tr!("tui-column-kind"), what.clone(), styles),
                ];
                if let Some(seq) = seq {
                    out.push(labelled(&tr!("tui-column-seq"), seq.to_string(), styles));
                }
                out
            }));
        }
    }
}

fn verified(v: &Verified) -> String {
    tr!(
        "tui-journal-verified",
        entries = v.entries,
        void = v.void,
        bodies = v.bodies,
        checkpoints = v.checkpoints
    )
}
