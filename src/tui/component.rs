//! What a screen, popup or dialog is, and what it can ask of the loop.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::MouseEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::text::Ambiguous;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::draw::Glyphs;
use crate::tui::hits::Hits;
use crate::tui::key::KeyPress;
use crate::tui::keymap::Keymap;
use crate::tui::theme::{BuiltIn, Styles};
use crate::tui::worker::{FreeJob, Job, JobError, Progress};

/// What a component is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key meant this, or the palette asked for it.
    Action(Action),
    /// Typed text, all characters that came at once; only where [`Component::text_mode`] takes text.
    Text(String),
    /// Bracketed paste, already free of control characters.
    Paste(String),
    /// A key without a binding.
    Key(KeyPress),
    /// The mouse, in screen coordinates.
    Mouse(MouseEvent),
}

/// Whether an event found its master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Consumed,
    /// Not mine.
    Ignored,
}

/// How a component takes typed characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextMode {
    /// Characters are keys.
    #[default]
    None,
    /// Characters are text of one line; Enter right behind a burst is not taken for a decision.
    Line,
    /// Characters are text and Enter in a burst is a line break.
    Lines,
    /// The next character alone is text, of whatever script; what follows may be keys again.
    Character,
}

/// An action that is possible here, for footer and palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Which.
    pub action: Action,
    /// Whether it would do something now.
    pub enabled: bool,
    /// Whether the footer shows it; the palette shows every command.
    pub hint: bool,
}

impl Command {
    /// A command that is possible and shown in the footer.
    pub const fn hint(action: Action) -> Self {
        Self {
            action,
            enabled: true,
            hint: true,
        }
    }

    /// A command that only the palette shows.
    pub const fn quiet(action: Action) -> Self {
        Self {
            action,
            enabled: true,
            hint: false,
        }
    }

    /// The same command, possible only where `enabled`.
    #[must_use]
    pub const fn when(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }
}

/// What everything on screen may look at.
#[derive(Debug, Clone)]
pub struct Env {
    /// How things look.
    pub styles: Styles,
    /// The theme the styles come from, unless they are the person's own or plain.
    pub theme: Option<BuiltIn>,
    /// The person's own theme, which takes its turn among the built-in ones.
    pub own: Option<Arc<Styles>>,
    /// How wide the terminal draws ambiguous characters.
    pub amb: Ambiguous,
    /// Signs of the chrome for that width.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// Microseconds since 1970.
    pub now_us: i64,
    /// Time that only goes forward.
    pub mono: Duration,
    /// The terminal.
    pub size: Size,
    /// Rows a page key goes; none is a windowful.
    pub page_rows: Option<u16>,
    /// Where a click means something; widgets note it while they draw.
    pub hits: Hits,
}

impl Env {
    /// An environment in `styles` with `keymap`; times and size are set by the loop.
    pub fn new(styles: Styles, amb: Ambiguous, keymap: Keymap) -> Self {
        Self {
            styles,
            theme: None,
            own: None,
            amb,
            glyphs: Glyphs::for_width(amb),
            keymap: Arc::new(keymap),
            now_us: 0,
            mono: Duration::ZERO,
            size: Size::default(),
            page_rows: None,
            hits: Hits::default(),
        }
    }
}

impl Env {
    /// Rows a page key goes in a window of that height: all but one, so that the eye finds its
    /// place, or as many as the person wants.
    pub fn page(&self, height: u16) -> usize {
        let most = height.saturating_sub(1).max(1);
        usize::from(self.page_rows.map_or(most, |rows| rows.clamp(1, most)))
    }
}

/// A screen, popup or dialog over the state `D`.
///
/// The top layer gets the events and owns the caret. What it ignores goes to the global actions
/// of the loop and then to the [`Navigator`](crate::tui::app::Navigator).
pub trait Component<D: 'static>: Any {
    /// The contexts of the focus, innermost first; the global one is understood.
    fn contexts(&self) -> Vec<Context>;

    /// Takes an event.
    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, D>) -> Outcome;

    /// Draws itself into `area`. A popup gets the whole screen and finds its own place.
    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env);

    /// Where the caret stands after the last [`Self::render`], if text is typed here.
    fn cursor(&self) -> Option<Position> {
        None
    }

    /// What can be done here.
    fn commands(&self) -> Vec<Command> {
        Vec::new()
    }

    /// Why `action`, which [`Self::commands`] names as not possible now, is not; the palette says it.
    fn why_not(&self, action: Action) -> Option<String> {
        let _ = action;
        None
    }

    /// Whether `forward` may bring it back after `back` has left it. An editor that has given its
    /// claim back when it was left must be opened anew.
    fn returns(&self) -> bool {
        true
    }

    /// Facts that bindings depend on.
    fn flag(&self, flag: Flag) -> bool {
        let _ = flag;
        false
    }

    /// Whether characters are text now.
    fn text_mode(&self) -> TextMode {
        TextMode::None
    }

    /// Whether the layers below stay visible around it. A popup also keeps navigation away.
    fn popup(&self) -> bool {
        false
    }

    /// It has become the top layer: just opened, or what lay over it is gone. Ask for data here.
    fn shown(&mut self, cx: &mut Cx<'_, D>) {
        let _ = cx;
    }

    /// Another screen has come before it; it may come back. Keep what must not be lost.
    fn hidden(&mut self, cx: &mut Cx<'_, D>) {
        let _ = cx;
    }

    /// The person wants to leave it or the program. Answer false after opening a question.
    fn may_close(&mut self, cx: &mut Cx<'_, D>) -> bool {
        let _ = cx;
        true
    }

    /// The program ends at once (terminal gone, told to stop). Hand over what must not be lost.
    fn ending(&mut self, cx: &mut Cx<'_, D>) {
        let _ = cx;
    }

    /// A job asked for by this component failed; the person has been told.
    fn failed(&mut self, error: &JobError, cx: &mut Cx<'_, D>) {
        let _ = (error, cx);
    }
}

/// Names a layer as long as it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayerId(pub(crate) u64);

/// Names a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimerId(pub(crate) u64);

/// The weight of a toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Success,
    /// Something to know.
    Info,
    /// Something to look at.
    Warning,
    /// Something was refused or failed.
    Error,
}

pub(crate) type Visit<D> = Box<dyn FnOnce(&mut dyn Component<D>, &mut Cx<'_, D>)>;
pub(crate) type Then<D> =
    Box<dyn FnOnce(Box<dyn Any + Send>, &mut dyn Component<D>, &mut Cx<'_, D>)>;

pub(crate) enum Effect<D: 'static> {
    Push(Box<dyn Component<D>>),
    /// Over everything, until it closes itself.
    Lock(Box<dyn Component<D>>),
    Close(LayerId),
    Go(Box<dyn Component<D>>),
    Back,
    Forward,
    Picked(Action),
    HandOver,
    Restart(Box<dyn Component<D>>),
    Visit(LayerId, Visit<D>),
    Dispatch(Action),
    Toast(ToastKind, String),
    Ask {
        layer: LayerId,
        label: Option<String>,
        job: Job<D>,
        then: Then<D>,
    },
    Background {
        layer: LayerId,
        label: String,
        job: FreeJob,
        then: Then<D>,
    },
    CancelTask,
    After {
        id: TimerId,
        layer: LayerId,
        due: Duration,
        visit: Visit<D>,
    },
    CancelTimer(TimerId),
    Copy(String),
    Lend {
        layer: LayerId,
        inside: Box<dyn FnOnce() -> Box<dyn Any + Send>>,
        then: Then<D>,
    },
    Styles(Box<Styles>, Option<BuiltIn>),
    Keymap(Box<Keymap>),
    PageRows(Option<u16>),
    Quit,
}

/// The program itself, where no layer asks.
pub(crate) const PROGRAM: LayerId = LayerId(0);

/// What was asked for and by whom, the oldest first.
pub(crate) struct Effects<D: 'static> {
    /// Whose handler runs.
    from: LayerId,
    queue: VecDeque<(LayerId, Effect<D>)>,
}

impl<D> Default for Effects<D> {
    fn default() -> Self {
        Self {
            from: PROGRAM,
            queue: VecDeque::new(),
        }
    }
}

impl<D> Effects<D> {
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn push_back(&mut self, effect: Effect<D>) {
        self.queue.push_back((self.from, effect));
    }

    /// For the program itself.
    pub(crate) fn ask(&mut self, effect: Effect<D>) {
        self.queue.push_back((PROGRAM, effect));
    }

    /// What one effect comes down to, in the name of who asked for it.
    pub(crate) fn go_on(&mut self, from: LayerId, effect: Effect<D>) {
        self.queue.push_front((from, effect));
    }

    pub(crate) fn pop(&mut self) -> Option<(LayerId, Effect<D>)> {
        self.queue.pop_front()
    }

    pub(crate) fn take(&mut self) -> VecDeque<(LayerId, Effect<D>)> {
        std::mem::take(&mut self.queue)
    }

    pub(crate) fn append(&mut self, later: &mut VecDeque<(LayerId, Effect<D>)>) {
        self.queue.append(later);
    }
}

/// What a component can ask for while it handles something. Everything happens after the
/// handler has returned, in the order asked.
pub struct Cx<'a, D: 'static> {
    env: &'a Env,
    effects: &'a mut Effects<D>,
    next_id: &'a mut u64,
    layer: LayerId,
}

impl<D> std::fmt::Debug for Cx<'_, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx")
            .field("layer", &self.layer)
            .finish_non_exhaustive()
    }
}

/// The way back from a popup to whoever opened it.
pub struct Reply<D: 'static, T> {
    send: Answer<D, T>,
}

type Answer<D, T> = Box<dyn FnOnce(T, &mut Effects<D>)>;

impl<D, T> std::fmt::Debug for Reply<D, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reply")
    }
}

impl<D, T> Reply<D, T> {
    /// Gives the answer; the asker sees it after this handler.
    pub fn send(self, value: T, cx: &mut Cx<'_, D>) {
        (self.send)(value, cx.effects);
    }
}

impl<'a, D: 'static> Cx<'a, D> {
    pub(crate) fn new(
        layer: LayerId,
        env: &'a Env,
        effects: &'a mut Effects<D>,
        next_id: &'a mut u64,
    ) -> Self {
        effects.from = layer;
        Self {
            env,
            effects,
            next_id,
            layer,
        }
    }

    /// What is the same for everything on screen: styles, keys, time.
    pub fn env(&self) -> &'a Env {
        self.env
    }

    /// The layer being handled.
    pub fn layer(&self) -> LayerId {
        self.layer
    }

    /// Opens a layer over this one.
    pub fn push(&mut self, component: impl Component<D>) {
        self.effects.push_back(Effect::Push(Box::new(component)));
    }

    /// Closes this layer.
    pub fn close(&mut self) {
        self.effects.push_back(Effect::Close(self.layer));
    }

    /// Goes to another screen; [`Self::back`] returns to this one as it is.
    pub fn go(&mut self, screen: impl Component<D>) {
        self.effects.push_back(Effect::Go(Box::new(screen)));
    }

    /// Returns to the screen before.
    pub fn back(&mut self) {
        self.effects.push_back(Effect::Back);
    }

    /// Lets every layer hand over what must not be lost, as at the end of the program. What is
    /// asked for after this comes after that.
    pub fn hand_over(&mut self) {
        self.effects.push_back(Effect::HandOver);
    }

    /// Drops every layer, also those that could be returned to, and begins with `screen`: another
    /// person must not find the screens of the one before.
    pub fn restart(&mut self, screen: impl Component<D>) {
        self.effects.push_back(Effect::Restart(Box::new(screen)));
    }

    /// Acts as if the key of `action` had been pressed on the layer that is then on top.
    pub fn dispatch(&mut self, action: Action) {
        self.effects.push_back(Effect::Dispatch(action));
    }

    /// The same for what was picked from the palette, which remembers it.
    pub(crate) fn picked(&mut self, action: Action) {
        self.effects.push_back(Effect::Picked(action));
    }

    /// Says something in passing.
    pub fn toast(&mut self, kind: ToastKind, text: impl Into<String>) {
        self.effects.push_back(Effect::Toast(kind, text.into()));
    }

    /// A way for a popup to give its answer to this component (`C` must be its type).
    pub fn reply<C: Component<D>, T: 'static>(
        &self,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) -> Reply<D, T> {
        let layer = self.layer;
        Reply {
            send: Box::new(move |value, effects| {
                effects.push_back(Effect::Visit(
                    layer,
                    on::<D, C>(move |me, cx| then(me, value, cx)),
                ));
            }),
        }
    }

    /// Runs `job` on the state and gives its value to this component (`C` must be its type). If
    /// the layer is gone by then, the value is dropped; the job has run all the same.
    pub fn ask<C: Component<D>, T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut D) -> T + Send + 'static,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) {
        self.effects.push_back(Effect::Ask {
            layer: self.layer,
            label: None,
            job: Box::new(move |state, _| Box::new(job(state))),
            then: typed(then),
        });
    }

    /// The same for long work: `label` and its progress stand in the footer, the person can
    /// cancel it. Other jobs on the state wait meanwhile; prefer [`Self::background`].
    pub fn ask_long<C: Component<D>, T: Send + 'static>(
        &mut self,
        label: impl Into<String>,
        job: impl FnOnce(&mut D, &Progress) -> T + Send + 'static,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) {
        self.effects.push_back(Effect::Ask {
            layer: self.layer,
            label: Some(label.into()),
            job: Box::new(move |state, progress| Box::new(job(state, progress))),
            then: typed(then),
        });
    }

    /// Long work on a thread of its own.
    pub fn background<C: Component<D>, T: Send + 'static>(
        &mut self,
        label: impl Into<String>,
        job: impl FnOnce(&Progress) -> T + Send + 'static,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) {
        self.effects.push_back(Effect::Background {
            layer: self.layer,
            label: label.into(),
            job: Box::new(move |progress| Box::new(job(progress))),
            then: typed(then),
        });
    }

    /// The same for work nobody waits for: it has no place in the footer.
    pub fn quietly<C: Component<D>, T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&Progress) -> T + Send + 'static,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) {
        self.background(String::new(), job, then);
    }

    /// Asks the youngest running long job to stop.
    pub fn cancel_task(&mut self) {
        self.effects.push_back(Effect::CancelTask);
    }

    /// Visits this component once `wait` has passed: autosave, debounced search.
    pub fn after<C: Component<D>>(
        &mut self,
        wait: Duration,
        then: impl FnOnce(&mut C, &mut Cx<'_, D>) + 'static,
    ) -> TimerId {
        *self.next_id += 1;
        let id = TimerId(*self.next_id);
        self.effects.push_back(Effect::After {
            id,
            layer: self.layer,
            due: self.env.mono + wait,
            visit: on::<D, C>(then),
        });
        id
    }

    /// Takes a timer back; one that has fired already is no mistake.
    pub fn cancel_timer(&mut self, id: TimerId) {
        self.effects.push_back(Effect::CancelTimer(id));
    }

    /// Puts text on the clipboard.
    pub fn copy(&mut self, text: impl Into<String>) {
        self.effects.push_back(Effect::Copy(text.into()));
    }

    /// Lends the terminal to `inside` (an external editor) and gives its value to this component.
    /// Ask for it only while a key is handled: only then nobody else reads the terminal.
    pub fn lend_terminal<C: Component<D>, T: Send + 'static>(
        &mut self,
        inside: impl FnOnce() -> T + 'static,
        then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
    ) {
        self.effects.push_back(Effect::Lend {
            layer: self.layer,
            inside: Box::new(move || Box::new(inside())),
            then: typed(then),
        });
    }

    /// Changes the look of everything.
    pub fn set_styles(&mut self, styles: Styles, theme: Option<BuiltIn>) {
        self.effects
            .push_back(Effect::Styles(Box::new(styles), theme));
    }

    /// Changes what the keys mean.
    pub fn set_keymap(&mut self, keymap: Keymap) {
        self.effects.push_back(Effect::Keymap(Box::new(keymap)));
    }

    /// From now on a page key goes so many rows; none is a windowful.
    pub fn set_page_rows(&mut self, rows: Option<u16>) {
        self.effects.push_back(Effect::PageRows(rows));
    }

    /// Ends the program, if no layer objects.
    pub fn quit(&mut self) {
        self.effects.push_back(Effect::Quit);
    }
}

/// A visit to a component of a known type. A component of another type under the same id cannot
/// happen; it would be left alone.
fn on<D: 'static, C: Component<D>>(
    then: impl FnOnce(&mut C, &mut Cx<'_, D>) + 'static,
) -> Visit<D> {
    Box::new(move |component, cx| {
        let any: &mut dyn Any = component;
        if let Some(me) = any.downcast_mut::<C>() {
            then(me, cx);
        } else {
            debug_assert!(false, "a reply was addressed to another type of component");
        }
    })
}

fn typed<D: 'static, C: Component<D>, T: 'static>(
    then: impl FnOnce(&mut C, T, &mut Cx<'_, D>) + 'static,
) -> Then<D> {
    Box::new(move |value, component, cx| {
        let any: Box<dyn Any> = value;
        if let Ok(value) = any.downcast::<T>() {
            on::<D, C>(move |me, cx| then(me, *value, cx))(component, cx);
        }
    })
}
