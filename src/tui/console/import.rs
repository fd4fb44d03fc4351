//! Files from outside: chosen, read, shown one by one with what is doubtful, and then made drafts.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::intake::How;
use crate::intake::{Batch, Changes, FileReport, IntakeNote, Standing};
use crate::locale;
use crate::rules::clearance::Disclosure;
use crate::rules::role::Right;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::item::Item;
use crate::tui::console::kit::{
    self, FormAsk, House, Listing, Notice, PathPrompt, Place, Report, Rows, Wanted, chosen, load,
};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Confirm, Field, Form, FormField, Paragraph, Width};
use crate::tui::worker::Progress;

/// Most files read at once; a folder of more is imported in parts.
const MOST: usize = 1_000;

/// What became of one manuscript.
#[derive(Debug, Clone)]
enum State {
    /// Would become a draft.
    Ready,
    /// Cannot be read, with the code and why.
    Refused(String, String),
    /// Has become a draft: id and number.
    Made(String, String),
    /// The desk refuses it, with the code and why.
    Failed(String, String),
    /// Was left out, because an item like it is there already.
    LeftOut,
}

/// One manuscript of a file, or a file that holds none.
#[derive(Debug, Clone)]
struct Row {
    /// Its file, by place.
    file: usize,
    /// Which manuscript of the file it is.
    part: usize,
    title: String,
    /// What intake has to say.
    notes: Vec<String>,
    /// Items that look the same.
    alike: Vec<String>,
    state: State,
}

/// What the desk says of a manuscript.
struct Came {
    alike: Vec<String>,
    made: Result<Option<(String, String)>, Said>,
}

/// What was offered and what the desk said, by file; what went wrong; whether somebody stopped it.
type Offered = (Vec<(usize, Vec<usize>, Vec<Came>)>, Option<Said>, bool);

/// The screen of an import.
pub struct Import {
    house: House,
    list: Listing<usize>,
    files: Arc<Vec<FileReport>>,
    rows: Vec<Row>,
    how: How,
    words: Arc<Words>,
    /// Columns the person may write in, as (id, name).
    open: Vec<(String, String)>,
    /// The last folder, to begin from the next time.
    last: String,
    asked: bool,
    error: Option<Said>,
}

/// Reads a file, a folder or an archive, as the command does; true if there was more.
fn read_all(path: PathBuf, progress: &Progress) -> (Vec<FileReport>, bool) {
    let mut batch = Batch::new(&[path], Changes::default());
    let mut files = Vec::new();
    while !progress.cancelled() {
        if files.len() == MOST {
            return (files, batch.next().is_some());
        }
        let Some(file) = batch.next() else { break };
        files.push(file);
        let (done, known) = batch.progress();
        progress.report(done as u64, known as u64);
    }
    (files, false)
}

fn rows_of(files: &[FileReport]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, file) in files.iter().enumerate() {
        match &file.outcome {
            Err(error) => rows.push(Row {
                file: at,
                part: 0,
                title: String::new(),
                notes: Vec::new(),
                alike: Vec::new(),
                state: State::Refused(error.code().to_owned(), error.message()),
            }),
            Ok(manuscripts) => rows.extend(manuscripts.iter().enumerate().map(|(part, m)| {
                let mut notes: Vec<String> = m
                    .notes
                    .iter()
                    .filter(|n| n.needs_attention())
                    .map(IntakeNote::message)
                    .collect();
                if let Some(twin) = &file.twin {
                    notes.push(tr!("tui-import-twin", file = twin.as_str()));
                }
                Row {
                    file: at,
                    part,
                    title: m.title.clone(),
                    notes,
                    alike: Vec::new(),
                    state: State::Ready,
                }
            })),
        }
    }
    rows
}

/// The last part of a name: files in archives have long ones.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

impl Import {
    /// Asks for the files when it is shown.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-import-state"), Width::Cells(13)),
            Column::new(tr!("tui-label-file"), Width::Cells(22)),
            Column::new(tr!("tui-column-title"), Width::Share(2)),
            Column::new(tr!("tui-import-notes"), Width::Share(1)),
        ];
        Self {
            house,
            list: Listing::new(columns, tr!("tui-import-empty")),
            files: Arc::default(),
            rows: Vec::new(),
            how: How::default(),
            words: Arc::default(),
            open: Vec::new(),
            last: String::new(),
            asked: false,
            error: None,
        }
    }

    fn ask_files(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, path: Option<PathBuf>, cx| {
            if let Some(path) = path {
                me.read(path, cx);
            }
        });
        cx.push(PathPrompt::new(
            Action::ChooseFiles.describe(),
            tr!("tui-import-which"),
            Wanted::Existing,
            &self.last,
            reply,
        ));
    }

    /// Reads beside everything else; nothing is written.
    fn read(&mut self, path: PathBuf, cx: &mut Cx<'_, Seat>) {
        self.last = if path.is_dir() {
            format!("{}/", path.display())
        } else {
            path.parent()
                .map(|p| format!("{}/", p.display()))
                .unwrap_or_default()
        };
        cx.background(
            tr!("tui-import-reading"),
            move |progress| read_all(path, progress),
            |me: &mut Self, (files, more), cx| {
                me.rows = rows_of(&files);
                me.files = Arc::new(files);
                me.fill(cx);
                me.offer(true, cx);
                if more {
                    let text = tr!("tui-import-over", most = MOST);
                    cx.push(Notice::text(Action::ChooseFiles.describe(), text));
                }
            },
        );
    }

    /// Offers to the desk what is ready: in a dry run to hear what it would say, else to make the
    /// drafts. Each is an act of its own: one that is refused stops none of the others.
    fn offer(&mut self, dry_run: bool, cx: &mut Cx<'_, Seat>) {
        // Of a file of many, only what is no draft yet.
        let mut wanted: Vec<(usize, Vec<usize>)> = Vec::new();
        for row in &self.rows {
            if !matches!(row.state, State::Ready | State::Failed(..)) {
                continue;
            }
            match wanted.last_mut() {
                Some((file, parts)) if *file == row.file => parts.push(row.part),
                _ => wanted.push((row.file, vec![row.part])),
            }
        }
        if wanted.is_empty() {
            return;
        }
        let files = Arc::clone(&self.files);
        let how = How {
            dry_run,
            ..self.how.clone()
        };
        let label = if dry_run {
            tr!("tui-import-checking")
        } else {
            Action::StartImport.describe()
        };
        cx.ask_long(
            label,
            move |seat: &mut Seat, progress| {
                let total = wanted.len() as u64;
                let mut all: Vec<(usize, Vec<usize>, Vec<Came>)> = Vec::new();
                for (done, (at, parts)) in wanted.into_iter().enumerate() {
                    if progress.cancelled() {
                        return (all, None, true);
                    }
                    progress.report(done as u64 + 1, total);
                    let Some(file) = files.get(at) else { continue };
                    let taken = match seat.desk().and_then(|d| d.take_in_some(file, &how, &parts)) {
                        Ok(taken) => taken,
                        Err(error) => return (all, Some(Said::of(&error)), false),
                    };
                    let came = taken.into_iter().map(|t| Came {
                        alike: t
                            .alike
                            .iter()
                            .map(|a| format!("{} {}", a.number, a.title))
                            .collect(),
                        made: t
                            .made
                            .map(|made| made.map(|c| (c.id, c.number)))
                            .map_err(|e| Said::of(&e)),
                    });
                    all.push((at, parts, came.collect()));
                }
                (all, None, false)
            },
            move |me: &mut Self, (all, error, stopped): Offered, cx| {
                let done = all.len();
                let made = me.take(all, dry_run);
                me.fill(cx);
                if let Some(said) = error {
                    cx.push(Notice::refused(said));
                } else if stopped {
                    // What is done stays done.
                    let text = tr!("tui-import-cancelled", done = done, made = made);
                    cx.push(Notice::text(Action::StartImport.describe(), text));
                } else if !dry_run {
                    kit::done(cx, tr!("tui-import-done", count = made));
                }
            },
        );
    }

    /// Notes what the desk said; returns how many drafts were made.
    fn take(&mut self, all: Vec<(usize, Vec<usize>, Vec<Came>)>, dry_run: bool) -> usize {
        let mut made = 0;
        for (file, parts, came) in all {
            let mine = self
                .rows
                .iter_mut()
                .filter(|r| r.file == file && parts.contains(&r.part));
            for (row, one) in mine.zip(came) {
                row.alike = one.alike;
                row.state = match one.made {
                    Ok(None) if dry_run => State::Ready,
                    Ok(None) => State::LeftOut,
                    Ok(Some((id, number))) => {
                        made += 1;
                        State::Made(id, number)
                    }
                    Err(said) => State::Failed(said.code, said.text),
                };
            }
        }
        made
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let mut rows = Rows::new(4, 2);
        for (n, row) in self.rows.iter().enumerate() {
            let (state, style, said) = match &row.state {
                State::Ready => {
                    let alike = row.alike.first();
                    let alike = alike.map(|a| tr!("tui-import-alike", item = a.as_str()));
                    let doubt = alike.or_else(|| row.notes.first().cloned());
                    let word = if doubt.is_some() {
                        Standing::NeedsAttention.message()
                    } else {
                        tr!("tui-import-ready")
                    };
                    (word, styles.text, doubt.unwrap_or_default())
                }
                State::Refused(_, why) => (tr!("tui-import-refused"), styles.error, why.clone()),
                State::Made(_, number) => (number.clone(), styles.success, String::new()),
                State::Failed(_, why) => (tr!("tui-import-failed"), styles.error, why.clone()),
                State::LeftOut => {
                    let alike = row.alike.first();
                    let said = alike.map(|a| tr!("tui-import-alike", item = a.as_str()));
                    (tr!("tui-import-left-out"), styles.muted, said.unwrap_or_default())
                }
            };
            let file = self.files.get(row.file).map_or("", |f| short(&f.name));
            let count: usize = row.notes.len() + row.alike.len();
            let ready = matches!(row.state, State::Ready);
            let doubtful = if ready && count > 1 {
                tr!("tui-import-more", first = said.as_str(), count = count)
            } else {
                said
            };
            rows.row(
                n,
                vec![
                    Piece::new(state, style),
                    Piece::new(file.to_owned(), styles.muted),
                    Piece::new(row.title.clone(), styles.text),
                    Piece::new(doubtful, if ready { styles.warning } else { style }),
                ],
            );
        }
        self.list.set(rows.list);
    }

    fn ready(&self) -> usize {
        let is = |r: &&Row| matches!(r.state, State::Ready);
        self.rows.iter().filter(is).count()
    }

    fn ask_options(&self, cx: &mut Cx<'_, Seat>) {
        if self.open.is_empty() {
            cx.push(Notice::text(
                Action::ImportOptions.describe(),
                tr!("tui-new-nowhere"),
            ));
            return;
        }
        let (ids, names): (Vec<String>, Vec<String>) = self.open.iter().cloned().unzip();
        let at = ids
            .iter()
            .position(|id| *id == self.how.column)
            .unwrap_or(0);
        let mut disclosures = vec![tr!("tui-import-later")];
        disclosures.extend(
            Disclosure::ALL
                .iter()
                .map(|d| locale::word("disclosure", d.code())),
        );
        let disclosure = self
            .how
            .disclosure
            .and_then(|d| Disclosure::ALL.iter().position(|k| *k == d))
            .map_or(0, |n| n + 1);
        let (bureaus, mut bureau_names): (Vec<String>, Vec<String>) =
            self.words.bureaus.iter().cloned().unzip();
        bureau_names.insert(0, tr!("tui-import-own-bureau"));
        let provider = self
            .how
            .provider
            .as_ref()
            .and_then(|p| bureaus.iter().position(|b| b == p))
            .map_or(0, |n| n + 1);
        let fields = vec![
            chosen(tr!("tui-column-column"), names, at),
            chosen(tr!("tui-import-disclosure"), disclosures, disclosure),
            chosen(tr!("tui-import-provider"), bureau_names, provider),
            FormField::text(Field::new(tr!("tui-import-reviewer")).with(&self.how.reviewed_by)),
            chosen(
                tr!("tui-import-alike-what"),
                vec![tr!("tui-import-alike-take"), tr!("tui-import-alike-skip")],
                usize::from(self.how.skip_alike),
            ),
        ];
        let check = move |form: &Form| {
            Ok(How {
                column: form
                    .chosen(0)
                    .and_then(|n| ids.get(n).cloned())
                    .unwrap_or_default(),
                disclosure: form
                    .chosen(1)
                    .and_then(|n| n.checked_sub(1))
                    .and_then(|n| Disclosure::ALL.get(n).copied()),
                provider: form
                    .chosen(2)
                    .and_then(|n| n.checked_sub(1))
                    .and_then(|n| bureaus.get(n).cloned()),
                reviewed_by: form.text(3).unwrap_or_default(),
                skip_alike: form.chosen(4) == Some(1),
                dry_run: false,
            })
        };
        let reply = cx.reply(|me: &mut Self, how: How, cx| {
            me.how = how;
            // Another column, other rules.
            me.offer(true, cx);
        });
        let (title, text) = (
            Action::ImportOptions.describe(),
            tr!("tui-import-options-text"),
        );
        cx.push(FormAsk::new(title, text, fields, check, reply));
    }

    fn start(&mut self, cx: &mut Cx<'_, Seat>) {
        let count = self.ready();
        if count == 0 {
            cx.push(Notice::text(
                Action::StartImport.describe(),
                tr!("tui-import-nothing"),
            ));
            return;
        }
        let text = tr!(
            "tui-import-ask",
            count = count,
            column = self.words.place(&self.how.column)
        );
        let reply = cx.reply(|me: &mut Self, yes: bool, cx| {
            if yes {
                me.offer(false, cx);
            }
        });
        cx.push(Confirm::new(Action::StartImport.describe(), text, reply));
    }

    /// The draft that was made, or everything that was said about the file.
    fn open_row(&self, cx: &mut Cx<'_, Seat>) {
        let Some(row) = self.list.selected().and_then(|n| self.rows.get(*n)) else {
            return;
        };
        if let State::Made(id, _) = &row.state {
            cx.go(Item::new(Rc::clone(&self.house), id.clone()));
            return;
        }
        let (row, files) = (row.clone(), Arc::clone(&self.files));
        let title = files.get(row.file).map_or("", |f| &f.name).to_owned();
        let copy = title.clone();
        let part = row.part;
        cx.push(Report::new(title, copy, move |styles| {
            let mut out = Vec::new();
            if let State::Refused(code, why) | State::Failed(code, why) = &row.state {
                out.push(Paragraph::new(format!("{why} ({code})"), styles.error));
            }
            let manuscript = files
                .get(row.file)
                .and_then(|f| f.outcome.as_ref().ok())
                .and_then(|list| list.get(part));
            let Some(m) = manuscript else { return out };
            out.push(Paragraph::new(m.title.clone(), styles.title));
            for item in &row.alike {
                let text = tr!("tui-import-alike", item = item.as_str());
                out.push(Paragraph::new(format!("! {text}"), styles.warning));
            }
            for note in &row.notes {
                out.push(Paragraph::new(format!("! {note}"), styles.warning));
            }
            let count = m.body.chars().filter(|c| !c.is_whitespace()).count();
            let text = tr!("tui-import-length", count = count);
            out.push(Paragraph::new(text, styles.muted));
            let head = m.body.split('\n').take(12);
            out.extend(head.map(|p| Paragraph::new(p.to_owned(), styles.text)));
            out
        }));
    }
}

impl Component<Seat> for Import {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Import, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.list.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::ChooseFiles),
            Command::hint(Action::ImportOptions),
            Command::hint(Action::StartImport).when(self.ready() > 0),
            Command::hint(Action::Open).when(self.list.selected().is_some()),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.asked, true) {
            return;
        }
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let me = seat.me()?.id;
                let desk = seat.desk()?;
                let (now, org) = (desk.moment()?, desk.org()?);
                // Only columns in which he may write are worth offering.
                let open = words
                    .columns
                    .iter()
                    .filter(|c| org.has_right(&me, Right::Draft, &c.0, now))
                    .map(|c| (c.0.clone(), words.place(&c.0)))
                    .collect::<Vec<_>>();
                Ok((words, open))
            },
            |me: &mut Self, result, cx| match result {
                Ok((words, open)) => {
                    me.words = words;
                    me.how.column = open.first().map(|o| o.0.clone()).unwrap_or_default();
                    me.open = open;
                    if me.open.is_empty() {
                        let text = tr!("tui-new-nowhere");
                        cx.push(Notice::text(Action::ImportFiles.describe(), text));
                    } else {
                        me.ask_files(cx);
                    }
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::ChooseFiles) => self.ask_files(cx),
            Event::Action(Action::ImportOptions) => self.ask_options(cx),
            Event::Action(Action::StartImport) => self.start(cx),
            Event::Action(Action::Open) => self.open_row(cx),
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.list.handle(*action) => {}
            Event::Mouse(mouse) if self.list.mouse(mouse) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::Items), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let disclosure = self.how.disclosure.map_or_else(
            || tr!("tui-import-later"),
            |d| locale::word("disclosure", d.code()),
        );
        let provider = self.how.provider.as_deref().map_or_else(
            || tr!("tui-import-own-bureau"),
            |p| self.words.bureau(p).to_owned(),
        );
        let line = tr!(
            "tui-import-line",
            ready = self.ready(),
            total = self.rows.len(),
            column = self.words.place(&self.how.column),
            disclosure = disclosure,
            provider = provider
        );
        let width = body.width.saturating_sub(2);
        draw::put_fit(
            buf,
            body.x + 1,
            body.y,
            &line,
            env.styles.text,
            width,
            env.amb,
        );
        let list = Rect {
            y: body.y + 1,
            height: body.height.saturating_sub(1),
            ..body
        };
        self.list.render(list, buf, env, true);
    }
}
