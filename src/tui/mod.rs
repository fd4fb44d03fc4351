//! Room `tui`: the console.
//!
//! # The parts
//!
//! [`run::Runner`] is the loop: it drains input and reports, updates [`app::App`], draws once if
//! anything changed and waits; there is no tick. One thread reads the keyboard, one owns the state
//! `D` (the store), long work has threads of its own. [`app::App`] holds the layers, finds out what
//! keys mean ([`keymap`]) and carries out what components ask for. Everything is drawn through
//! [`draw`], which is the only code that puts text on the screen.
//!
//! # How to write a screen
//!
//! A screen is a struct that implements [`component::Component`] for the state `D`:
//!
//! 1. `contexts()` names where its keys are looked up, innermost first: a list screen says
//!    `vec![Context::Items, Context::Item, Context::List]`; a form puts `form.contexts()` before
//!    its own. New actions go into the one table in [`action`], with their message
//!    `tui-action-<name>` in both languages and a key in `keymaps/default.toml` (or a place in
//!    `palette-only`); tests insist on all three, and `UPDATE_DOCS=1` writes the key reference.
//! 2. `handle(event, cx)` gets [`component::Event::Action`] for bound keys, `Text` for typed
//!    characters (only where `text_mode()` takes them), `Paste`, `Mouse`, and `Key` for keys that
//!    mean nothing. Give the event to the widget that has the focus first (`table.handle(action)`),
//!    then do the screen's own; return `Ignored` for the rest.
//! 3. It never touches the state itself. `cx.ask(|desk| desk.page(..), |me: &mut Self, page, cx| ..)`
//!    runs on the store's thread and comes back to this screen; `cx.background` and `cx.ask_long`
//!    do the same for long work, with a label, progress and cancelling. Ask for the first data in
//!    `shown()`, which is also called when a layer above has closed.
//! 4. Questions are popups: `cx.push(Prompt::reason(title, text, cx.reply(|me: &mut Self, answer, cx| ..)))`.
//!    `cx.go(screen)` leads to another screen, and `back` returns to this one as it was.
//! 5. `render(area, buf, env)` draws with [`draw`] and [`widgets`] and remembers where the caret
//!    stands for `cursor()`. `commands()` lists what can be done now; footer and palette read it.
//! 6. Unsaved text: answer `may_close` with false after opening a question, and hand the text over
//!    in `ending()`. `cx.after` is the autosave timer.
//!
//! Test a screen with [`testing::Harness`]: `harness.press("j a <enter>")?`, then compare
//! `harness.screen()` with a snapshot through `assert_screen!`.

pub mod action;
pub mod app;
pub mod backend;
pub mod clock;
pub mod colour;
pub mod component;
pub mod console;
pub mod draw;
pub mod hits;
pub mod input;
pub mod key;
pub mod keymap;
pub mod probe;
pub mod prose;
pub mod run;
pub mod svg;
pub mod term;
pub mod testing;
pub mod theme;
pub mod widgets;
pub mod worker;
