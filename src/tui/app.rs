//! The layers on screen, the keys on their way to them, and everything they asked for.
//!
//! `App` knows neither terminal nor threads' timing: it is told input, reports and the time, and
//! it draws into a buffer. [`crate::tui::run`] connects it to the world.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::locale;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{
    Command, Component, Cx, Effect, Effects, Env, Event, LayerId, Outcome, TextMode, Then, TimerId,
    ToastKind, Visit,
};
use crate::tui::draw;
use crate::tui::input::Input;
use crate::tui::key::KeyPress;
use crate::tui::keymap::{Continuation, Resolved};
use crate::tui::theme::BuiltIn;
use crate::tui::widgets::{
    clean_paste, footer, help, palette, removed_by_cleaning, toast, too_small, which,
};
use crate::tui::worker::{JobId, Worker};

/// The smallest terminal the screens are made for.
pub const MIN_SIZE: Size = Size {
    width: 80,
    height: 24,
};
/// How long a prefix waits before its continuations are shown.
pub const WHICH_KEY_AFTER: Duration = Duration::from_millis(300);
/// How long a prefix waits at all; a forgotten one must not swallow a key much later.
pub const PREFIX_LIMIT: Duration = Duration::from_secs(10);
/// How long a toast stays.
pub const TOAST_LIFE: Duration = Duration::from_secs(6);
/// Enter this soon behind a burst of characters belongs to the burst, not to the person.
const BURST_ENTER: Duration = Duration::from_millis(120);
/// From how many characters on a batch counts as a burst.
const BURST: usize = 6;
/// How many screens can be returned to.
const HISTORY: usize = 20;

/// Answers the actions that lead from screen to screen and belong to no component.
pub type Navigator<D> = Box<dyn FnMut(Action, &mut Cx<'_, D>) -> Outcome>;

/// The lock that is laid over everything when nobody has touched the keyboard for a while.
pub type IdleCall<D> = Box<dyn FnMut() -> Option<Box<dyn Component<D>>>>;

struct Layer<D: 'static> {
    id: LayerId,
    component: Box<dyn Component<D>>,
}

struct Waiting<D: 'static> {
    layer: LayerId,
    then: Then<D>,
}

struct Timer<D: 'static> {
    id: TimerId,
    layer: LayerId,
    due: Duration,
    visit: Visit<D>,
}

/// A long job as the footer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What it does.
    pub label: String,
    /// How far it is.
    pub done: u64,
    /// How far it has to go; 0 where that is not known.
    pub total: u64,
}

/// Something said in passing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Its weight.
    pub kind: ToastKind,
    /// What is said.
    pub text: String,
    until: Duration,
}

/// What only the owner of the terminal can do; see [`App::terminal_work`].
pub(crate) enum TerminalWork<D: 'static> {
    Copy(String),
    Lend {
        layer: LayerId,
        inside: Box<dyn FnOnce() -> Box<dyn std::any::Any + Send>>,
        then: Then<D>,
    },
    Suspend,
    Redraw,
    Mouse(bool),
}

/// Where the person is and where he was.
struct Stacks<D: 'static> {
    layers: Vec<Layer<D>>,
    history: Vec<Vec<Layer<D>>>,
    /// What was left by going back, the next to return to last.
    future: Vec<Vec<Layer<D>>>,
}

impl<D> Default for Stacks<D> {
    fn default() -> Self {
        Self {
            layers: Vec::new(),
            history: Vec::new(),
            future: Vec::new(),
        }
    }
}

impl<D> Stacks<D> {
    /// Every layer, also those waiting to be returned to.
    fn all(&self) -> impl Iterator<Item = &Layer<D>> {
        self.left_open().chain(self.future.iter().flatten())
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Layer<D>> {
        let left = self.history.iter_mut().flatten();
        let future = self.future.iter_mut().flatten();
        self.layers.iter_mut().chain(left).chain(future)
    }

    /// What may hold something that is not saved, the oldest first.
    fn left_open(&self) -> impl Iterator<Item = &Layer<D>> {
        self.history.iter().flatten().chain(&self.layers)
    }
}

/// What lies beneath the lock. It goes on living: answers and timers reach it, and what it asks for
/// happens beneath, where nobody sees it and no key leads to.
struct Beneath<D: 'static> {
    stacks: Stacks<D>,
    /// What was said meanwhile; a passer-by need not read it.
    toast: Option<(ToastKind, String)>,
    /// It has changed places with the lock while something it asked for is carried out.
    acting: bool,
}

/// The console without its terminal.
pub struct App<D: 'static> {
    /// What the keys reach.
    now: Stacks<D>,
    beneath: Option<Beneath<D>>,
    env: Env,
    worker: Worker<D>,
    waiting: HashMap<JobId, Waiting<D>>,
    tasks: BTreeMap<JobId, Task>,
    effects: Effects<D>,
    timers: Vec<Timer<D>>,
    toast: Option<Toast>,
    pending: Vec<KeyPress>,
    pending_since: Duration,
    ways: Vec<Continuation>,
    burst: Option<(Duration, usize)>,
    navigator: Navigator<D>,
    idle: Option<(Duration, IdleCall<D>)>,
    last_input: Duration,
    clicked: Option<(Duration, Position)>,
    mouse_on: bool,
    /// What was picked from the palette, the last first.
    recent: Vec<Action>,
    terminal_work: VecDeque<TerminalWork<D>>,
    next_id: u64,
    dirty: bool,
    ended: bool,
}

impl<D> std::fmt::Debug for App<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("layers", &self.now.layers.len())
            .field("waiting", &self.waiting.len())
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

impl<D: 'static> App<D> {
    /// A console that opens on `first`.
    pub fn new(
        worker: Worker<D>,
        env: Env,
        navigator: Navigator<D>,
        first: impl Component<D>,
    ) -> Self {
        let mut app = Self {
            now: Stacks::default(),
            beneath: None,
            env,
            worker,
            waiting: HashMap::new(),
            tasks: BTreeMap::new(),
            effects: Effects::default(),
            timers: Vec::new(),
            toast: None,
            pending: Vec::new(),
            pending_since: Duration::ZERO,
            ways: Vec::new(),
            burst: None,
            navigator,
            idle: None,
            last_input: Duration::ZERO,
            clicked: None,
            mouse_on: true,
            recent: Vec::new(),
            terminal_work: VecDeque::new(),
            next_id: 0,
            dirty: true,
            ended: false,
        };
        app.effects.ask(Effect::Push(Box::new(first)));
        app
    }

    /// After `wait` without input the layer that `call` makes lies over everything, until it closes itself.
    #[must_use]
    pub fn when_idle(mut self, wait: Duration, call: IdleCall<D>) -> Self {
        self.idle = Some((wait, call));
        self
    }

    /// Whether the program has the mouse when it starts.
    #[must_use]
    pub fn with_mouse(mut self, on: bool) -> Self {
        self.mouse_on = on;
        self
    }

    /// What is the same for everything on screen.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The worker, for its reports.
    pub fn worker(&self) -> &Worker<D> {
        &self.worker
    }

    /// Whether something changed since the last drawing.
    pub fn dirty(&self) -> bool {
        self.dirty
    }

    /// Whether the program is over.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Whether jobs are running whose end will change something.
    pub fn busy(&self) -> bool {
        !self.waiting.is_empty() || !self.effects.is_empty()
    }

    /// The toast on screen.
    pub fn toast(&self) -> Option<&Toast> {
        self.toast.as_ref()
    }

    /// The contexts of the focus, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        self.now
            .layers
            .last()
            .map(|l| l.component.contexts())
            .unwrap_or_default()
    }

    /// The component on top, if it is a `C`. For tests and for the front door.
    pub fn top<C: Component<D>>(&self) -> Option<&C> {
        let any: &dyn std::any::Any = self.now.layers.last()?.component.as_ref();
        any.downcast_ref()
    }

    /// Tells the time. Call before anything else in a turn of the loop.
    pub fn set_time(&mut self, now_us: i64, mono: Duration) {
        self.env.now_us = now_us;
        self.env.mono = mono;
    }

    /// When the next thing happens by itself, if anything will.
    pub fn deadline(&self) -> Option<Duration> {
        let prefix = (!self.pending.is_empty()).then(|| {
            let which = self.pending_since + WHICH_KEY_AFTER;
            if self.env.mono < which {
                which
            } else {
                self.pending_since + PREFIX_LIMIT
            }
        });
        self.timers
            .iter()
            .map(|t| t.due)
            .chain(self.toast.as_ref().map(|t| t.until))
            .chain(prefix)
            .chain(self.idle.as_ref().map(|(wait, _)| self.last_input + *wait))
            .min()
    }

    /// Does what has become due.
    pub fn tick(&mut self) {
        let now = self.env.mono;
        if self.toast.as_ref().is_some_and(|t| t.until <= now) {
            self.toast = None;
            self.dirty = true;
        }
        if !self.pending.is_empty() {
            if self.pending_since + PREFIX_LIMIT <= now {
                self.drop_prefix();
            } else if self.pending_since + WHICH_KEY_AFTER <= now {
                self.dirty = true;
            }
        }
        if let Some((wait, call)) = &mut self.idle
            && self.last_input + *wait <= now
        {
            self.last_input = now;
            if let Some(layer) = call() {
                self.effects.ask(Effect::Lock(layer));
            }
        }
        while let Some(at) = self.timers.iter().position(|t| t.due <= now) {
            let timer = self.timers.remove(at);
            self.visit(timer.layer, timer.visit);
            self.settle();
        }
        self.settle();
    }

    /// Takes one batch of input.
    pub fn feed(&mut self, batch: Vec<Input>) {
        let mut text = String::new();
        self.last_input = self.env.mono;
        for input in batch {
            if let Input::Key(key) = input
                && self.pending.is_empty()
            {
                let mode = self.text_mode();
                if mode != TextMode::None
                    && let Some(c) = key.typed()
                {
                    text.push(c);
                    if mode == TextMode::Character {
                        self.flush(&mut text);
                    }
                    continue;
                }
                // Enter inside a burst is a line of an unbracketed paste.
                if mode == TextMode::Lines
                    && !text.is_empty()
                    && key
                        == KeyPress::new(
                            crossterm::event::KeyCode::Enter,
                            crossterm::event::KeyModifiers::NONE,
                        )
                {
                    text.push('\n');
                    continue;
                }
            }
            self.flush(&mut text);
            match input {
                Input::Key(key) => self.key(key),
                Input::Paste(text) => {
                    let clean = clean_paste(&text);
                    let removed = removed_by_cleaning(&text, &clean);
                    self.send(&Event::Paste(clean));
                    if removed > 0 {
                        let said = tr!("tui-paste-cleaned", count = removed);
                        self.effects.ask(Effect::Toast(ToastKind::Warning, said));
                        self.settle();
                    }
                }
                Input::Mouse(mouse) => self.mouse(mouse),
                Input::Resize(..) => self.resized(),
                Input::Closed => self.end(),
            }
        }
        self.flush(&mut text);
    }

    /// The terminal may have thrown away what it showed, also where it is as large as before (made
    /// smaller and larger again between two frames). Everything is drawn anew, once for many steps.
    fn resized(&mut self) {
        self.dirty = true;
        let waits = |work: &TerminalWork<D>| matches!(work, TerminalWork::Redraw);
        if !self.terminal_work.iter().any(waits) {
            self.terminal_work.push_back(TerminalWork::Redraw);
        }
    }

    fn flush(&mut self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        let text = std::mem::take(text);
        self.burst = Some((self.env.mono, text.chars().count()));
        self.send(&Event::Text(text));
    }

    fn text_mode(&self) -> TextMode {
        self.now
            .layers
            .last()
            .map(|l| l.component.text_mode())
            .unwrap_or_default()
    }

    fn key(&mut self, key: KeyPress) {
        let mode = self.text_mode();
        let key = if mode == TextMode::None {
            key.to_ascii()
        } else {
            key
        };
        self.dirty = true;
        if self.too_small() {
            // Blind acts are worse than none; only the way out works.
            if self.resolve(&[key]) == Resolved::Action(Action::Quit) {
                self.dispatch(Action::Quit);
            }
            return;
        }
        if !self.pending.is_empty() && key.code == crossterm::event::KeyCode::Esc {
            self.drop_prefix();
            return;
        }
        if mode == TextMode::Line
            && key.code == crossterm::event::KeyCode::Enter
            && self
                .burst
                .is_some_and(|(at, n)| n >= BURST && self.env.mono.saturating_sub(at) < BURST_ENTER)
        {
            return;
        }
        self.pending.push(key);
        match self.resolve(&self.pending) {
            Resolved::Action(action) => {
                self.drop_prefix();
                self.dispatch(action);
            }
            Resolved::Pending(ways) => {
                if self.pending.len() == 1 {
                    self.pending_since = self.env.mono;
                }
                self.ways = ways;
            }
            Resolved::Unbound => {
                let alone = self.pending.len() == 1;
                self.drop_prefix();
                if alone {
                    self.send(&Event::Key(key));
                }
            }
        }
    }

    fn drop_prefix(&mut self) {
        self.pending.clear();
        self.ways.clear();
        self.dirty = true;
    }

    fn resolve(&self, keys: &[KeyPress]) -> Resolved {
        self.env
            .keymap
            .resolve(&self.contexts(), keys, &|flag| self.flag(flag))
    }

    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::TextInput => self.text_mode() != TextMode::None,
            Flag::TaskRunning => !self.tasks.is_empty(),
            Flag::CanGoBack => self.now.layers.len() > 1 || !self.now.history.is_empty(),
            _ => self
                .now
                .layers
                .last()
                .is_some_and(|l| l.component.flag(flag)),
        }
    }

    /// Does `action` as if its key had been pressed.
    pub fn dispatch(&mut self, action: Action) {
        if self.send(&Event::Action(action)) == Outcome::Ignored {
            self.global(action);
        }
        self.settle();
    }

    /// Gives an event to the top layer.
    fn send(&mut self, event: &Event) -> Outcome {
        self.dirty = true;
        let Some(layer) = self.now.layers.last_mut() else {
            return Outcome::Ignored;
        };
        let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
        let outcome = layer.component.handle(event, &mut cx);
        self.settle();
        outcome
    }

    fn global(&mut self, action: Action) {
        let outside = matches!(action, Action::Quit | Action::Redraw | Action::Suspend);
        if self.is_locked() && !outside {
            return; // nothing leads anywhere from the lock
        }
        match action {
            Action::Quit => self.effects.ask(Effect::Quit),
            Action::Redraw => self.terminal_work.push_back(TerminalWork::Redraw),
            Action::Suspend => self.terminal_work.push_back(TerminalWork::Suspend),
            Action::CancelTask => self.effects.ask(Effect::CancelTask),
            Action::NextTheme => {
                let last = BuiltIn::ALL.last().copied();
                let (styles, theme, title) = match (self.env.theme, &self.env.own) {
                    // Colours are off.
                    (None, None) => return,
                    (now, Some(own)) if now == last => {
                        (own.as_ref().clone(), None, tr!("tui-theme-own"))
                    }
                    (now, _) => {
                        let next = now.map_or(BuiltIn::ALL[0], BuiltIn::next);
                        (next.styles(), Some(next), next.title())
                    }
                };
                self.effects.ask(Effect::Styles(Box::new(styles), theme));
                self.effects.ask(Effect::Toast(ToastKind::Info, title));
            }
            Action::NextLanguage => {
                let now = locale::current();
                let next = locale::LANGUAGES
                    .iter()
                    .find(|l| **l != now)
                    .unwrap_or(&locale::LANGUAGES[0]);
                locale::choose(next);
                self.dirty = true;
                self.top_shown();
            }
            Action::Help => {
                let layer = help::Help::new(&self.env.keymap, &self.contexts());
                self.effects.ask(Effect::Push(Box::new(layer)));
            }
            Action::Palette => {
                let layer = palette::Palette::new(
                    &self.env.keymap,
                    &self.contexts(),
                    &self.offers(),
                    &self.recent,
                );
                self.effects.ask(Effect::Push(Box::new(layer)));
            }
            Action::ToggleMouse => {
                self.mouse_on = !self.mouse_on;
                self.terminal_work
                    .push_back(TerminalWork::Mouse(self.mouse_on));
                let text = if self.mouse_on {
                    tr!("tui-mouse-on")
                } else {
                    tr!("tui-mouse-off")
                };
                self.effects.ask(Effect::Toast(ToastKind::Info, text));
            }
            Action::Forward => self.effects.ask(Effect::Forward),
            Action::Back => {
                if self.close_allowed() {
                    self.effects.ask(Effect::Back);
                }
            }
            other => {
                let Some(layer) = self.now.layers.last() else {
                    return;
                };
                // A question on screen wants its answer before anything moves.
                if !layer.component.popup() {
                    let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
                    let _ = (self.navigator)(other, &mut cx);
                }
            }
        }
    }

    fn close_allowed(&mut self) -> bool {
        let Some(layer) = self.now.layers.last_mut() else {
            return true;
        };
        let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
        layer.component.may_close(&mut cx)
    }

    /// What can be done at the focus.
    pub fn commands(&self) -> Vec<Command> {
        self.now
            .layers
            .last()
            .map(|l| l.component.commands())
            .unwrap_or_default()
    }

    /// What the palette offers: what can be done here and everywhere, with the reason where it
    /// cannot be done now.
    fn offers(&self) -> Vec<(Action, Option<String>)> {
        let layer = self.now.layers.last();
        let here = self.commands().into_iter().map(|command| {
            let why = (!command.enabled).then(|| {
                layer
                    .and_then(|l| l.component.why_not(command.action))
                    .unwrap_or_else(|| tr!("tui-palette-not-now"))
            });
            (command.action, why)
        });
        let everywhere = Action::ALL
            .iter()
            .copied()
            .filter(|a| a.context() == Context::Global && *a != Action::Palette)
            .map(|action| {
                let why = match action {
                    Action::Back if !self.flag(Flag::CanGoBack) => Some(tr!("tui-why-no-back")),
                    Action::Forward if self.now.future.is_empty() => {
                        Some(tr!("tui-why-no-forward"))
                    }
                    Action::CancelTask if self.tasks.is_empty() => Some(tr!("tui-why-no-task")),
                    Action::NextTheme if self.env.theme.is_none() && self.env.own.is_none() => {
                        Some(tr!("tui-why-no-theme"))
                    }
                    _ => None,
                };
                (action, why)
            });
        let mut offers: Vec<(Action, Option<String>)> = Vec::new();
        for (action, why) in here.chain(everywhere) {
            match offers.iter_mut().find(|(a, _)| *a == action) {
                // One command of it that can be done is enough.
                Some(offer) if why.is_none() => offer.1 = None,
                Some(_) => {}
                None => offers.push((action, why)),
            }
        }
        offers
    }

    /// What the owner of the terminal has to do next.
    pub(crate) fn terminal_work(&mut self) -> Option<TerminalWork<D>> {
        self.terminal_work.pop_front()
    }

    /// The value a lent terminal brought back.
    pub(crate) fn lent(
        &mut self,
        layer: LayerId,
        value: Box<dyn std::any::Any + Send>,
        then: Then<D>,
    ) {
        self.visit(
            layer,
            Box::new(move |component, cx| then(value, component, cx)),
        );
        self.settle();
    }

    /// Tells a failure of the terminal itself.
    pub(crate) fn tell(&mut self, kind: ToastKind, text: String) {
        self.effects.ask(Effect::Toast(kind, text));
        self.settle();
    }

    fn too_small(&self) -> bool {
        self.env.size.width < MIN_SIZE.width || self.env.size.height < MIN_SIZE.height
    }

    /// Draws everything and returns where the caret stands.
    pub fn render(&mut self, area: Rect, buf: &mut Buffer) -> Option<Position> {
        self.dirty = false;
        self.env.size = Size {
            width: area.width,
            height: area.height,
        };
        draw::fill(buf, area, self.env.styles.base);
        if self.too_small() {
            too_small(area, buf, &self.env);
            return None;
        }
        let body = Rect {
            height: area.height - 1,
            ..area
        };
        let bottom = self
            .now
            .layers
            .iter()
            .rposition(|l| !l.component.popup())
            .unwrap_or(0);
        for layer in &mut self.now.layers[bottom..] {
            self.env.hits.clear();
            layer.component.render(body, buf, &self.env);
        }
        let foot = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        // A toast takes the place of the hints: over the body it would hide the selected row.
        match &self.toast {
            Some(shown) => toast::render(foot, buf, &self.env, shown),
            None => footer::render(
                foot,
                buf,
                &self.env,
                &self.contexts(),
                &self.commands(),
                self.tasks.values().next_back(),
            ),
        }
        if !self.pending.is_empty() && self.pending_since + WHICH_KEY_AFTER <= self.env.mono {
            which::render(body, buf, &self.env, &self.pending, &self.ways);
        }
        self.now.layers.last().and_then(|l| l.component.cursor())
    }
}

mod effects;
mod mouse;
#[cfg(test)]
mod tests;
