//! What was done, so that it can be undone: invertible edits in steps, with the carets before and
//! after. A step is what a person takes for one thing: a run of typing without a pause, an input
//! method's commit, a paste, one command.
//!
//! Where the text was saved is a place in this history, so whether it differs from what is saved
//! needs no look at the text, and undo goes back across a save.

use std::ops::Range;
use std::time::Duration;

use crate::tui::prose::buffer::{Buffer, Pos};

/// A pause longer than this begins a new step.
pub const PAUSE: Duration = Duration::from_secs(1);
/// A line break this soon behind other typing came in a burst and does not begin a step.
const BURST: Duration = Duration::from_millis(120);
/// Steps kept at most; the oldest go first.
const STEPS: usize = 20_000;
/// Bytes in all of them at most; the last step is kept however large it is.
const BYTES: usize = 64 << 20;

/// The caret and what hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caret {
    /// Where text is inserted.
    pub head: Pos,
    /// The other end of the selection.
    pub anchor: Option<Pos>,
    /// At the border of two rows, whether it is shown at the end of the upper one.
    pub upper: bool,
    /// The column that vertical moves keep to.
    pub sticky: Option<u16>,
}

impl Caret {
    /// A caret without selection.
    pub fn at(head: Pos) -> Self {
        Self {
            head,
            ..Self::default()
        }
    }

    /// What is selected; nothing where both ends are one.
    pub fn selection(&self) -> Option<Range<Pos>> {
        let anchor = self.anchor?;
        (anchor != self.head).then(|| anchor.min(self.head)..anchor.max(self.head))
    }
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub at: Pos,
    /// What stood there.
    pub removed: String,
    /// What stands there now.
    pub inserted: String,
}

/// Where a text ends that begins at `at`.
pub fn end_of(at: Pos, text: &str) -> Pos {
    match text.rfind('\n') {
        Some(last) => Pos::new(
            at.paragraph + text.matches('\n').count(),
            text.len() - last - 1,
        ),
        None => Pos::new(at.paragraph, at.byte + text.len()),
    }
}

impl Edit {
    /// Makes it happen.
    pub fn apply(&self, buffer: &mut Buffer) -> Pos {
        buffer.replace(&(self.at..end_of(self.at, &self.removed)), &self.inserted)
    }

    /// The edit that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            at: self.at,
            removed: self.inserted.clone(),
            inserted: self.removed.clone(),
        }
    }
}

/// What kind of thing was done; only like things become one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Typing.
    Type,
    /// Deleting backwards.
    DeleteLeft,
    /// Deleting forwards.
    DeleteRight,
    /// A command of its own.
    Command,
}

#[derive(Debug, Clone)]
struct Step {
    edits: Vec<Edit>,
    before: Caret,
    after: Caret,
    kind: Kind,
    /// Names the text as it is after this step.
    state: u64,
    open: bool,
}

fn weight(edits: &[Edit]) -> usize {
    let own = |e: &Edit| e.removed.len() + e.inserted.len() + size_of::<Edit>();
    edits.iter().map(own).sum()
}

/// The steps done and undone.
#[derive(Debug, Clone, Default)]
pub struct History {
    steps: Vec<Step>,
    at: usize,
    /// The text before the first step kept.
    base: u64,
    last_state: u64,
    saved: u64,
    last: Duration,
    joined: bool,
    /// Bytes of all steps or somewhat more.
    bytes: usize,
}

impl History {
    /// Takes note of edits that have been made.
    pub fn record(
        &mut self,
        edits: Vec<Edit>,
        kind: Kind,
        before: Caret,
        after: Caret,
        now: Duration,
    ) {
        if edits.is_empty() {
            return;
        }
        for undone in self.steps.drain(self.at..) {
            self.bytes = self.bytes.saturating_sub(weight(&undone.edits));
        }
        self.last_state += 1;
        self.bytes += weight(&edits);
        let pause = now.saturating_sub(self.last);
        self.last = now;
        let (joined, state, saved) = (self.joined, self.last_state, self.saved);
        if let Some(step) = self.steps.last_mut()
            && step.open
            && step.state != saved
            && (joined || follows(step, &edits, kind, pause))
        {
            for edit in edits {
                append(&mut step.edits, edit);
            }
            step.after = after;
            step.state = state;
            self.forget();
            return;
        }
        self.steps.push(Step {
            edits,
            before,
            after,
            kind,
            state,
            open: true,
        });
        self.at = self.steps.len();
        self.forget();
    }

    /// Lets the oldest steps go where there are too many, some at a time: each time the others
    /// move up.
    fn forget(&mut self) {
        // Edits that have grown together weigh less than they did one by one.
        if self.bytes > BYTES {
            self.bytes = self.steps.iter().map(|s| weight(&s.edits)).sum();
        }
        let (mut gone, mut bytes) = (0, self.bytes);
        if self.steps.len() > STEPS {
            gone = STEPS / 16;
            let old: usize = self.steps[..gone].iter().map(|s| weight(&s.edits)).sum();
            bytes = bytes.saturating_sub(old);
        }
        while bytes > BYTES && gone + 1 < self.steps.len() {
            bytes = bytes.saturating_sub(weight(&self.steps[gone].edits));
            gone += 1;
        }
        if gone > 0 {
            self.base = self.steps[gone - 1].state;
            self.steps.drain(..gone);
            self.at -= gone;
            self.bytes = bytes;
        }
    }

    /// What comes next is a new step: the last thing done is not added to. What was undone stands
    /// behind it and is not meant.
    pub fn close(&mut self) {
        if let Some(step) = self.at.checked_sub(1).and_then(|n| self.steps.get_mut(n)) {
            step.open = false;
        }
    }

    /// From here to [`Self::part`] everything is one step (an insertion of vim, a repetition).
    pub fn join(&mut self) {
        if !self.joined {
            self.close();
            self.joined = true;
        }
    }

    /// Ends what [`Self::join`] began.
    pub fn part(&mut self) {
        if self.joined {
            self.close();
            self.joined = false;
        }
    }

    /// Whether everything goes into one step now.
    pub fn is_joined(&self) -> bool {
        self.joined
    }

    /// Takes the last step back; gives the caret it began with.
    pub fn undo(&mut self, buffer: &mut Buffer, mut seen: impl FnMut(&Edit)) -> Option<Caret> {
        let step = self.steps.get(self.at.checked_sub(1)?)?;
        for edit in step.edits.iter().rev() {
            let back = edit.inverse();
            back.apply(buffer);
            seen(&back);
        }
        self.at -= 1;
        let before = step.before;
        self.close();
        Some(before)
    }

    /// Does a step again that was taken back.
    pub fn redo(&mut self, buffer: &mut Buffer, mut seen: impl FnMut(&Edit)) -> Option<Caret> {
        let step = self.steps.get(self.at)?;
        for edit in &step.edits {
            edit.apply(buffer);
            seen(edit);
        }
        self.at += 1;
        let after = step.after;
        self.close();
        Some(after)
    }

    /// Names the text as it is now.
    pub fn state(&self) -> u64 {
        match self.at.checked_sub(1).and_then(|n| self.steps.get(n)) {
            Some(step) => step.state,
            None => self.base,
        }
    }

    /// The text named `state` is what is saved.
    pub fn saved(&mut self, state: u64) {
        self.saved = state;
    }

    /// Whether the text is another than the saved one.
    pub fn dirty(&self) -> bool {
        self.state() != self.saved
    }

    /// How many steps could be undone.
    pub fn depth(&self) -> usize {
        self.at
    }
}

fn follows(step: &Step, edits: &[Edit], kind: Kind, pause: Duration) -> bool {
    let (Some(last), [edit]) = (step.edits.last(), edits) else {
        return false;
    };
    if step.kind != kind || pause > PAUSE {
        return false;
    }
    match kind {
        Kind::Type => {
            edit.at == end_of(last.at, &last.inserted)
                && edit.removed.is_empty()
                && (!edit.inserted.starts_with('\n') || pause < BURST)
        }
        Kind::DeleteLeft => end_of(edit.at, &edit.removed) == last.at,
        Kind::DeleteRight => edit.at == last.at,
        Kind::Command => false,
    }
}

/// Adds an edit to a step, grown into the last one where it continues it.
fn append(edits: &mut Vec<Edit>, edit: Edit) {
    if let Some(last) = edits.last_mut() {
        if edit.removed.is_empty() && edit.at == end_of(last.at, &last.inserted) {
            last.inserted.push_str(&edit.inserted);
            return;
        }
        if last.inserted.is_empty() && edit.inserted.is_empty() {
            if edit.at == last.at {
                last.removed.push_str(&edit.removed);
                return;
            }
            if end_of(edit.at, &edit.removed) == last.at {
                last.removed.insert_str(0, &edit.removed);
                last.at = edit.at;
                return;
            }
        }
    }
    edits.push(edit);
}
