//! Files from outside: chosen, read, shown one by one with what is doubtful, and then made drafts.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::importing::ImportAs;
use crate::intake::{self, IntakeNote, Manuscript};
use crate::locale;
use crate::rules::clearance::Disclosure;
use crate::rules::role::Right;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::item::Item;
use crate::tui::console::kit::{
    self, FormAsk, Hit, House, Listing, Notice, PathPrompt, Place, Report, Rows, Wanted, chosen,
    load,
};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Confirm, Field, Form, FormField, Paragraph, Width};
use crate::tui::worker::Progress;

/// Most files read at once; a folder of more is imported in parts.
const MOST: usize = 1_000;

/// One thing that was read, and what became of it.
#[derive(Debug, Clone)]
enum State {
    /// Would become a draft.
    Ready(Box<Manuscript>),
    /// Cannot be read, with the code and why.
    Refused(String, String),
    /// Has become a draft: id and number.
    Made(String, String),
    /// The desk refused it.
    Failed(String, String),
}

#[derive(Debug, Clone)]
struct Row {
    file: PathBuf,
    title: String,
    notes: Vec<String>,
    state: State,
}

/// The screen of an import.
pub struct Import {
    house: House,
    list: Listing<usize>,
    rows: Vec<Row>,
    how: ImportAs,
    words: Arc<Words>,
    /// Columns the person may write in, as (id, name).
    open: Vec<(String, String)>,
    /// The last folder, to begin from the next time.
    last: String,
    asked: bool,
    error: Option<Said>,
}

/// The files of a path: itself, or what a folder holds (not what its folders hold), by name.
fn files_of(path: &Path) -> std::io::Result<(Vec<PathBuf>, usize)> {
    if !path.is_dir() {
        return Ok((vec![path.to_owned()], 0));
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(path)?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_file())
        .filter(|p| {
            p.file_name()
                .is_some_and(|n| !n.to_string_lossy().starts_with('.'))
        })
        .collect();
    files.sort();
    let over = files.len().saturating_sub(MOST);
    files.truncate(MOST);
    Ok((files, over))
}

/// Reads one file as the command does; nothing larger than the intake takes is read at all.
fn read(file: &Path) -> Result<Vec<Manuscript>, (String, String)> {
    let io = |e: std::io::Error| ("store.io".to_owned(), e.to_string());
    let size = std::fs::metadata(file).map_err(io)?.len();
    if size > intake::MAX_BYTES as u64 {
        let error = intake::IntakeError::TooLarge {
            bytes: usize::try_from(size).unwrap_or(usize::MAX),
        };
        return Err((error.code().to_owned(), error.message()));
    }
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let bytes = std::fs::read(file).map_err(io)?;
    intake::read(&name, &bytes).map_err(|e| (e.code().to_owned(), e.message()))
}

fn read_all(path: &Path, progress: &Progress) -> Result<(Vec<Row>, usize), String> {
    let (files, over) = files_of(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let total = files.len() as u64;
    let mut rows = Vec::new();
    for (n, file) in files.into_iter().enumerate() {
        if progress.cancelled() {
            break;
        }
        progress.report(n as u64 + 1, total);
        match read(&file) {
            Ok(list) => rows.extend(list.into_iter().map(|m| Row {
                file: file.clone(),
                title: m.title.clone(),
                notes: m.notes.iter().map(IntakeNote::message).collect(),
                state: State::Ready(Box::new(m)),
            })),
            Err((code, why)) => rows.push(Row {
                title: String::new(),
                notes: Vec::new(),
                state: State::Refused(code, why),
                file,
            }),
        }
    }
    Ok((rows, over))
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
            rows: Vec::new(),
            how: ImportAs::default(),
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
            move |progress| read_all(&path, progress),
            |me: &mut Self, result, cx| match result {
                Ok((rows, over)) => {
                    me.rows = rows;
                    me.fill(cx);
                    if over > 0 {
                        let text = tr!("tui-import-over", count = over, most = MOST);
                        cx.push(Notice::text(Action::ChooseFiles.describe(), text));
                    }
                }
                Err(text) => cx.push(Notice::text(Action::ChooseFiles.describe(), text)),
            },
        );
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let mut rows = Rows::new(4, 2);
        for (n, row) in self.rows.iter().enumerate() {
            let (state, style, said) = match &row.state {
                State::Ready(_) => (
                    tr!("tui-import-ready"),
                    styles.text,
                    row.notes.first().cloned().unwrap_or_default(),
                ),
                State::Refused(_, why) => (tr!("tui-import-refused"), styles.error, why.clone()),
                State::Made(_, number) => (number.clone(), styles.success, String::new()),
                State::Failed(_, why) => (tr!("tui-import-failed"), styles.error, why.clone()),
            };
            let file = row
                .file
                .file_name()
                .map(|f| f.to_string_lossy().into_owned())
                .unwrap_or_default();
            let doubtful = if row.notes.len() > 1 {
                tr!(
                    "tui-import-more",
                    first = said.as_str(),
                    count = row.notes.len()
                )
            } else {
                said
            };
            rows.row(
                n,
                vec![
                    Piece::new(state, style),
                    Piece::new(file, styles.muted),
                    Piece::new(row.title.clone(), styles.text),
                    Piece::new(
                        doubtful,
                        if matches!(row.state, State::Ready(_)) {
                            styles.warning
                        } else {
                            style
                        },
                    ),
                ],
            );
        }
        self.list.set(rows.list);
    }

    fn ready(&self) -> usize {
        let is = |r: &&Row| matches!(r.state, State::Ready(_));
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
        ];
        let check = move |form: &Form| {
            Ok(ImportAs {
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
            })
        };
        let reply = cx.reply(|me: &mut Self, how: ImportAs, _| me.how = how);
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
                me.make(cx);
            }
        });
        cx.push(Confirm::new(Action::StartImport.describe(), text, reply));
    }

    /// Each by itself: one that the desk refuses stops none of the others.
    fn make(&mut self, cx: &mut Cx<'_, Seat>) {
        let work: Vec<(usize, Box<Manuscript>)> = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(n, row)| match &row.state {
                State::Ready(m) => Some((n, m.clone())),
                _ => None,
            })
            .collect();
        let how = self.how.clone();
        cx.ask_long(
            Action::StartImport.describe(),
            move |seat: &mut Seat, progress| {
                let total = work.len() as u64;
                let mut made = Vec::new();
                for (done, (n, manuscript)) in work.into_iter().enumerate() {
                    if progress.cancelled() {
                        break;
                    }
                    progress.report(done as u64 + 1, total);
                    let one = seat.desk().and_then(|d| {
                        let content = d.import_content(&manuscript, &how)?;
                        d.create(content)
                    });
                    made.push((n, one.map(|c| (c.id, c.number)).map_err(|e| Said::of(&e))));
                }
                made
            },
            |me: &mut Self, made: Vec<(usize, Result<(String, String), Said>)>, cx| {
                let count = made.iter().filter(|(_, m)| m.is_ok()).count();
                for (n, one) in made {
                    if let Some(row) = me.rows.get_mut(n) {
                        row.state = match one {
                            Ok((id, number)) => State::Made(id, number),
                            Err(said) => State::Failed(said.code, said.text),
                        };
                    }
                }
                me.fill(cx);
                kit::done(cx, tr!("tui-import-done", count = count));
            },
        );
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
        let row = row.clone();
        let title = row.file.display().to_string();
        let copy = title.clone();
        cx.push(Report::new(title, copy, move |styles| {
            let mut out = Vec::new();
            match &row.state {
                State::Refused(code, why) | State::Failed(code, why) => {
                    out.push(Paragraph::new(format!("{why} ({code})"), styles.error));
                }
                State::Ready(m) => {
                    out.push(Paragraph::new(m.title.clone(), styles.title));
                    for note in &row.notes {
                        out.push(Paragraph::new(format!("! {note}"), styles.warning));
                    }
                    let count = m.body.chars().filter(|c| !c.is_whitespace()).count();
                    let text = tr!("tui-import-length", count = count);
                    out.push(Paragraph::new(text, styles.muted));
                    let head = m.body.split('\n').take(12);
                    out.extend(head.map(|p| Paragraph::new(p.to_owned(), styles.text)));
                }
                State::Made(..) => {}
            }
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
        if kit::click_tab(&self.house, event, cx) {
            return Outcome::Consumed;
        }
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
            Event::Mouse(mouse) => match self.list.mouse(mouse, cx.env()) {
                Hit::Opened => self.open_row(cx),
                Hit::Nothing => return Outcome::Ignored,
                Hit::Selected | Hit::Scrolled => {}
            },
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
