//! The journal, newest first: paged, filtered, an entry in full, and the proof that it is whole.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::HistoryLine;
use crate::store::verify::{Against, Verified};
use crate::store::{OpenMode, Store};
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, House, Notice, Place, act, labelled, load, when};
use crate::tui::console::reading::{self, Reading};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Paragraph, Prompt, Row, Table, Width};

/// Entries of one page.
const PAGE: u32 = 200;
/// How many entries a filter looks through before it shows what it has.
const LOOK: usize = 20_000;

/// The screen of the journal.
pub struct Journal {
    house: House,
    table: Table<u64>,
    lines: Vec<HistoryLine>,
    /// Where the next page begins; none when the beginning was reached.
    before: Option<u64>,
    filter: String,
    words: Arc<Words>,
    loading: bool,
    error: Option<Said>,
}

impl Journal {
    /// The newest entries.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-seq"), Width::Cells(7)).right(),
            Column::new(tr!("tui-column-time"), Width::Cells(11)),
            Column::new(tr!("tui-column-kind"), Width::Cells(20)),
            Column::new(tr!("tui-column-actor"), Width::Cells(14)),
            Column::new(tr!("tui-column-detail"), Width::Share(1)),
        ];
        Self {
            house,
            table: Table::new(columns, tr!("tui-journal-empty")),
            lines: Vec::new(),
            before: Some(u64::MAX >> 1),
            filter: String::new(),
            words: Arc::default(),
            loading: false,
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        self.lines.clear();
        self.before = Some(u64::MAX >> 1);
        self.loading = false;
        self.more(cx);
    }

    /// Fetches the next page behind what is here.
    fn more(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(before) = self.before else { return };
        if std::mem::replace(&mut self.loading, true) {
            return;
        }
        let filter = self.filter.clone();
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let (mut found, mut next, mut seen) = (Vec::new(), Some(before), 0);
                while let Some(from) = next
                    && found.len() < PAGE as usize
                    && seen < LOOK
                {
                    let page = seat.desk()?.journal(Some(from), PAGE)?;
                    seen += page.len();
                    next = page
                        .last()
                        .map(|l| l.seq)
                        .filter(|_| page.len() == PAGE as usize);
                    found.extend(page.into_iter().filter(|l| fits(l, &words, &filter)));
                }
                Ok((found, next, words))
            },
            move |me: &mut Self, result, cx| {
                me.loading = false;
                match result {
                    // A page of an earlier filter or of before a reload is dropped.
                    Ok(_) if me.before != Some(before) => {}
                    Ok((found, next, words)) => {
                        me.error = None;
                        me.words = words;
                        me.before = next;
                        me.lines.extend(found);
                        me.fill(cx);
                    }
                    Err(said) => me.error = Some(said),
                }
            },
        );
    }

    fn fill(&mut self, cx: &mut Cx<'_, Seat>) {
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        self.table.reload();
        while let Some((ticket, range)) = self.table.wanted() {
            let rows = self
                .lines
                .iter()
                .skip(range.start)
                .take(range.len())
                .map(|l| Row {
                    key: l.seq,
                    cells: vec![
                        Piece::new(l.seq.to_string(), styles.muted),
                        Piece::new(when(l.at, now), styles.muted),
                        Piece::new(
                            reading::kind(&l.kind),
                            if l.verdict.is_some() {
                                styles.error
                            } else {
                                styles.text
                            },
                        ),
                        Piece::new(self.words.person(&l.actor).to_owned(), styles.text),
                        Piece::new(summary(l, &self.words), styles.muted),
                    ],
                })
                .collect();
            self.table
                .supply(ticket, range.start, rows, self.lines.len());
            if self.lines.len() <= range.end {
                break;
            }
        }
        if self.table.selected() + 50 > self.lines.len() {
            self.more(cx);
        }
    }

    fn open(&self, cx: &mut Cx<'_, Seat>) {
        let Some(line) = self.lines.get(self.table.selected()).cloned() else {
            return;
        };
        let words = Arc::clone(&self.words);
        let title = tr!("tui-journal-entry", seq = line.seq);
        let text = line.note.clone().unwrap_or_default();
        cx.push(Reading::new(title, text, move |styles| {
            let mut out = vec![
                labelled(
                    &tr!("tui-column-time"),
                    crate::locale::instant(line.at),
                    styles,
                ),
                labelled(
                    &tr!("tui-column-kind"),
                    format!("{} ({})", reading::kind(&line.kind), line.kind),
                    styles,
                ),
                labelled(
                    &tr!("tui-column-actor"),
                    format!("{} ({})", words.person(&line.actor), line.actor),
                    styles,
                ),
            ];
            let detail = reading::detail(&line, &words, None);
            if !detail.is_empty() {
                out.push(labelled(&tr!("tui-column-detail"), detail, styles));
            }
            if let Some(rule) = &line.verdict {
                let text = tr!("tui-entry-void", rule = rule.as_str());
                out.push(Paragraph::new(text, styles.error));
            }
            if let Some(note) = &line.note {
                out.push(Paragraph::new("", styles.text));
                out.extend(note.split('\n').map(|p| Paragraph::new(p, styles.text)));
            }
            out
        }));
    }

    fn ask_filter(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.filter = text;
                me.reload(cx);
            }
        });
        cx.push(
            Prompt::text(
                Action::Filter.describe(),
                tr!("tui-journal-filter"),
                tr!("tui-label-search"),
                reply,
            )
            .with(&self.filter),
        );
    }

    /// Verifies on a connection of its own, so that nothing waits for it.
    fn verify(&self, cx: &mut Cx<'_, Seat>) {
        act(
            cx,
            |d| Ok((d.store().path().to_owned(), d.store().head()?.seq)),
            |_: &mut Self, (path, entries), cx| {
                cx.background(
                    tr!("tui-journal-verifying"),
                    move |progress| {
                        let mode = OpenMode {
                            read_only: true,
                            ..OpenMode::default()
                        };
                        let outcome = Store::open(&path, mode).and_then(|store| {
                            store.verify(&Against::default(), |seq| {
                                progress.report(seq, entries);
                                !progress.cancelled()
                            })
                        });
                        if progress.cancelled() {
                            return None;
                        }
                        Some(outcome.map_err(|e| Said::of(&e.into())))
                    },
                    |_: &mut Self, outcome, cx| {
                        let title = Action::Verify.describe();
                        cx.push(match outcome {
                            None => Notice::text(title, tr!("tui-journal-cancelled")),
                            Some(Ok(Ok(v))) => Notice::text(title, verified(&v)),
                            Some(Ok(Err(finding))) => Notice::text(
                                title,
                                format!("{}\n{}", tr!("tui-journal-broken"), finding.message()),
                            ),
                            Some(Err(said)) => Notice::refused(said),
                        });
                    },
                );
            },
        );
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

/// What a row says of an entry: its details, else the beginning of its note.
fn summary(line: &HistoryLine, words: &Words) -> String {
    let detail = reading::detail(line, words, None);
    match (&line.note, detail.is_empty()) {
        (Some(note), true) => note.lines().next().unwrap_or_default().to_owned(),
        (Some(note), false) => format!("{detail}  {}", note.lines().next().unwrap_or_default()),
        (None, _) => detail,
    }
}

fn fits(line: &HistoryLine, words: &Words, filter: &str) -> bool {
    filter.is_empty()
        || reading::kind(&line.kind).contains(filter)
        || line.kind.contains(filter)
        || words.person(&line.actor).contains(filter)
        || summary(line, words).contains(filter)
}

impl Component<Seat> for Journal {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Journal, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && !self.lines.is_empty()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Open).when(!self.lines.is_empty()),
            Command::hint(Action::Filter),
            Command::hint(Action::Verify),
            Command::quiet(Action::Checkpoint),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.lines.is_empty() {
            self.reload(cx);
        } else {
            self.fill(cx);
        }
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Open) => self.open(cx),
            Event::Action(Action::Filter | Action::Search) => self.ask_filter(cx),
            Event::Action(Action::Verify) => self.verify(cx),
            Event::Action(Action::Checkpoint) => act(
                cx,
                |d| d.checkpoint().map(drop),
                |_: &mut Self, (), cx| kit::done(cx, tr!("tui-journal-checkpoint")),
            ),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(Action::ToggleMark | Action::MarkAll | Action::SortBy) => {}
            Event::Action(action) if self.table.handle(*action) => {
                if self.table.wanted().is_some() || self.table.selected() + 50 > self.lines.len() {
                    self.fill(cx);
                }
            }
            Event::Mouse(mouse) if mouse.kind.is_down() => {
                self.table.click(mouse.column, mouse.row);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = if self.before.is_some() {
            String::new()
        } else {
            self.table.position()
        };
        let body = kit::head(area, buf, env, &self.house, Some(Place::Journal), &state);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let text = tr!(
            "tui-filter-line",
            filter = if self.filter.is_empty() {
                tr!("tui-filter-none")
            } else {
                self.filter.clone()
            }
        );
        draw::put_fit(
            buf,
            body.x + 1,
            body.y,
            &text,
            env.styles.muted,
            body.width - 2,
            env.amb,
        );
        let list = Rect {
            y: body.y + 1,
            height: body.height.saturating_sub(1),
            ..body
        };
        self.table.render(list, buf, env, true);
    }
}
