//! The journal, newest first: paged, filtered, an entry in full, the proof that it is whole, and
//! what leaves the house as a file.

mod detail;
mod export;
mod filter;
mod verify;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::view::HistoryLine;
use crate::text::text_width;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, House, Listing, Notice, Place, Rows, act, load, when};
use crate::tui::console::reading;
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::{self, Piece};
use crate::tui::widgets::{Column, Prompt, Width};

use filter::{Chip, Sieve};

/// Entries of one page.
const PAGE: u32 = 200;
/// How many entries a filter looks through before it shows what it has.
const LOOK: usize = 20_000;
/// Behind the newest.
const NEWEST: u64 = u64::MAX >> 1;

/// The screen of the journal.
pub struct Journal {
    house: House,
    list: Listing<u64>,
    lines: Vec<HistoryLine>,
    /// Where the next page begins; none when the beginning was reached.
    before: Option<u64>,
    sieve: Sieve,
    words: Arc<Words>,
    chips: Vec<(Rect, Chip)>,
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
            list: Listing::new(columns, tr!("tui-journal-empty")),
            lines: Vec::new(),
            before: Some(NEWEST),
            sieve: Sieve::default(),
            words: Arc::default(),
            chips: Vec::new(),
            loading: false,
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        self.lines.clear();
        self.list.set(Vec::new());
        self.before = Some(NEWEST);
        self.loading = false;
        self.more(cx);
    }

    /// Fetches the next page behind what is here.
    fn more(&mut self, cx: &mut Cx<'_, Seat>) {
        let Some(before) = self.before else { return };
        if std::mem::replace(&mut self.loading, true) {
            return;
        }
        let sieve = self.sieve.clone();
        load(
            cx,
            move |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                if let Some(item) = &sieve.item {
                    // One item's entries are found by an index, all of them at once.
                    let mut found = desk.history(item)?;
                    found.retain(|l| sieve.keeps(l, &words));
                    found.reverse();
                    return Ok((found, None, words));
                }
                let start = match sieve.begin(before) {
                    Some(at) => desk.entry_before(at)?.saturating_add(1).min(before),
                    None => before,
                };
                let (mut found, mut next, mut seen) = (Vec::new(), Some(start), 0);
                while let Some(from) = next
                    && found.len() < PAGE as usize
                    && seen < LOOK
                {
                    let page = desk.journal(Some(from), PAGE)?;
                    seen += page.len();
                    next = page
                        .last()
                        .filter(|l| page.len() == PAGE as usize && !sieve.is_before(l.at))
                        .map(|l| l.seq);
                    found.extend(page.into_iter().filter(|l| sieve.keeps(l, &words)));
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
                    Err(said) => {
                        me.before = None;
                        me.error = Some(said);
                    }
                }
            },
        );
    }

    fn fill(&mut self, cx: &mut Cx<'_, Seat>) {
        let (now, styles) = (cx.env().now_us, &cx.env().styles);
        let mut rows = Rows::new(5, 4);
        for l in &self.lines {
            rows.row(
                l.seq,
                vec![
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
                    Piece::new(filter::summary(l, &self.words), styles.muted),
                ],
            );
        }
        self.list.set(rows.list);
        self.more_if_near(cx);
    }

    fn more_if_near(&mut self, cx: &mut Cx<'_, Seat>) {
        let at = self
            .list
            .selected()
            .and_then(|seq| self.lines.iter().position(|l| l.seq == *seq))
            .unwrap_or(0);
        if at + 60 > self.lines.len() {
            self.more(cx);
        }
    }

    fn ask_entry(&self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|_: &mut Self, text: Option<String>, cx| {
            let Some(text) = text.filter(|t| !t.is_empty()) else {
                return;
            };
            match text.trim().parse() {
                Ok(seq) => detail::open(seq, cx),
                Err(_) => cx.push(Notice::text(
                    Action::GoEntry.describe(),
                    tr!("tui-form-not-a-number"),
                )),
            }
        });
        cx.push(Prompt::text(
            Action::GoEntry.describe(),
            tr!("tui-journal-ask-entry"),
            tr!("tui-column-seq"),
            reply,
        ));
    }

    /// The conditions in force; a click on one takes it away.
    fn bar(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        self.chips.clear();
        let chips = self.sieve.chips(&self.words);
        let all = tr!("tui-filter-none");
        let head = tr!(
            "tui-filter-line",
            filter = if chips.is_empty() { all.as_str() } else { "" }
        );
        let mut x = area.x;
        let room = |x: u16| area.right().saturating_sub(x);
        x += draw::put(buf, x, area.y, &head, env.styles.muted, room(x), env.amb);
        for (n, (chip, text)) in chips.into_iter().enumerate() {
            if n > 0 {
                x += draw::put(buf, x, area.y, " + ", env.styles.muted, room(x), env.amb);
            }
            let width = text_width(&text, env.amb) as u16;
            let used = draw::put(
                buf,
                x,
                area.y,
                &text,
                env.styles.key,
                room(x).min(width),
                env.amb,
            );
            self.chips.push((Rect::new(x, area.y, used, 1), chip));
            x += used;
        }
    }
}

impl Component<Seat> for Journal {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Journal, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.list.selected().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Open).when(self.list.selected().is_some()),
            Command::hint(Action::Filter),
            Command::hint(Action::GoEntry),
            Command::hint(Action::Verify),
            Command::hint(Action::ExportFile),
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
            Event::Action(Action::Open) => {
                if let Some(seq) = self.list.selected() {
                    detail::open(*seq, cx);
                }
            }
            Event::Action(Action::Filter) => self.ask_filter(cx),
            Event::Action(Action::Search) => self.ask_text(cx),
            Event::Action(Action::GoEntry) => self.ask_entry(cx),
            Event::Action(Action::Verify) => verify::run(cx),
            Event::Action(Action::ExportFile) => export::ask(cx),
            Event::Action(Action::Checkpoint) => act(
                cx,
                |d| d.checkpoint().map(drop),
                |_: &mut Self, (), cx| kit::done(cx, tr!("tui-journal-checkpoint")),
            ),
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(Action::ToggleMark | Action::MarkAll | Action::SortBy) => {}
            Event::Action(action) if self.list.handle(*action) => self.more_if_near(cx),
            Event::Mouse(mouse) => {
                let chip = self
                    .chips
                    .iter()
                    .find(|(spot, _)| draw::holds(*spot, mouse.column, mouse.row))
                    .map(|(_, chip)| *chip);
                if let Some(chip) = chip
                    && mouse.kind.is_down()
                {
                    self.sieve.remove(chip);
                    self.reload(cx);
                    return Outcome::Consumed;
                }
                if !self.list.mouse(mouse) {
                    return Outcome::Ignored;
                }
                self.more_if_near(cx);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let state = if self.before.is_some() {
            String::new()
        } else {
            self.list.position()
        };
        let body = kit::head(area, buf, env, &self.house, Some(Place::Journal), &state);
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        let bar = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(2),
            height: 1,
            ..body
        };
        self.bar(bar, buf, env);
        let list = Rect {
            y: body.y + 1,
            height: body.height.saturating_sub(1),
            ..body
        };
        self.list.render(list, buf, env, true);
    }
}
