//! How the console looks and behaves: each setting with what it does, its value and where that comes
//! from; changed at once, and written into the person's file with everything else in it left alone.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::locale;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::config::{AUTO, ConfigError, From, Setting, Source};
use crate::tui::console::kit::{
    self, House, Listing, Notice, PathPrompt, Place, Rows, Wanted, choices,
};
use crate::tui::console::seat::Seat;
use crate::tui::draw::{self, Piece};
use crate::tui::keymap::{Keymap, Preset};
use crate::tui::theme::{BuiltIn, Styles, Theme};
use crate::tui::widgets::{ChoiceList, Column, Width, put_wrapped};

/// The screen of settings.
pub struct Settings {
    house: House,
    list: Listing<usize>,
    /// A write is under way.
    busy: bool,
}

/// The word for a value; one that has none is shown as it is.
fn word(setting: Setting, value: &str) -> String {
    if value.is_empty() {
        return tr!("tui-form-none");
    }
    let key = format!("tui-setting-{}-{value}", setting.key());
    if locale::has(&key) {
        locale::by_id(&key, &[])
    } else {
        value.to_owned()
    }
}

fn origin(from: From, setting: Setting) -> String {
    match from {
        From::Default => tr!("tui-setting-from-default"),
        From::File => tr!("tui-setting-from-file"),
        From::Environment => tr!(
            "tui-setting-from-environment",
            name = setting.variable().unwrap_or_default()
        ),
        From::CommandLine => tr!("tui-setting-from-command-line"),
    }
}

impl Settings {
    /// Every setting, the first selected.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-setting-name"), Width::Cells(18)),
            Column::new(tr!("tui-setting-value"), Width::Share(1)),
            Column::new(tr!("tui-setting-source"), Width::Cells(24)),
        ];
        Self {
            house,
            list: Listing::new(columns, ""),
            busy: false,
        }
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let styles = &cx.env().styles;
        let source = self.house.settings.borrow();
        let mut rows = Rows::new(3, 0);
        for (n, setting) in Setting::ALL.iter().enumerate() {
            let (value, from) = source.value(*setting);
            let style = if from == From::Default {
                styles.muted
            } else {
                styles.text
            };
            rows.row(
                n,
                vec![
                    Piece::new(locale::word("tui-setting", setting.key()), styles.text),
                    Piece::new(word(*setting, &value), styles.strong),
                    Piece::new(origin(from, *setting), style),
                ],
            );
        }
        self.list.set(rows.list);
    }

    fn setting(&self) -> Option<Setting> {
        self.list
            .selected()
            .and_then(|n| Setting::ALL.get(*n))
            .copied()
    }

    /// The next or previous of the values one can choose from.
    fn step(&mut self, by: isize, cx: &mut Cx<'_, Seat>) {
        let Some(setting) = self.setting() else {
            return;
        };
        let values = setting.values();
        if values.is_empty() {
            self.pick(cx);
            return;
        }
        let (now, _) = self.house.settings.borrow().value(setting);
        let count = values.len() as isize;
        let at = values.iter().position(|v| *v == now).unwrap_or(0) as isize;
        let next = usize::try_from((at + by).rem_euclid(count)).unwrap_or(0);
        self.change(setting, values.get(next).map(|v| (*v).to_owned()), cx);
    }

    fn pick(&self, cx: &mut Cx<'_, Seat>) {
        let Some(setting) = self.setting() else {
            return;
        };
        let values = setting.values();
        let title = locale::word("tui-setting", setting.key());
        if values.is_empty() {
            let (now, _) = self.house.settings.borrow().value(setting);
            let text = locale::by_id(&format!("tui-setting-{}-text", setting.key()), &[]);
            let reply = cx.reply(move |me: &mut Self, path: Option<std::path::PathBuf>, cx| {
                if let Some(path) = path {
                    me.change(setting, Some(path.display().to_string()), cx);
                }
            });
            cx.push(PathPrompt::new(title, text, Wanted::Existing, &now, reply));
            return;
        }
        let (now, _) = self.house.settings.borrow().value(setting);
        let at = values.iter().position(|v| *v == now).unwrap_or(0);
        let labels = choices(values.iter().map(|v| word(setting, v)));
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(value) = picked.and_then(|n| values.get(n)) {
                me.change(setting, Some((*value).to_owned()), cx);
            }
        });
        cx.push(ChoiceList::new(title, labels, at, reply));
    }

    /// Writes the value on a thread of its own and then shows it. What cannot be shown is not
    /// written.
    fn change(&mut self, setting: Setting, value: Option<String>, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.busy, true) {
            return;
        }
        let mut source = self.house.settings.borrow().clone();
        let light = self.house.light.get();
        cx.background(
            tr!("tui-setting-writing"),
            move |_| -> Result<(Source, Preview), String> {
                let mut wanted = source.clone();
                wanted.pretend(setting, value.as_deref());
                // What would keep the console from starting is found before it is written.
                let preview = Preview::of(&wanted, light)?;
                source
                    .set(setting, value.as_deref())
                    .map_err(|e| message(&e))?;
                Ok((source, preview))
            },
            move |me: &mut Self, result, cx| {
                me.busy = false;
                match result {
                    Ok((source, preview)) => {
                        let (_, from) = source.value(setting);
                        *me.house.settings.borrow_mut() = source;
                        preview.show(setting, cx);
                        if matches!(from, From::Environment | From::CommandLine) {
                            // It is in the file; something else has the last word here.
                            let text = tr!("tui-setting-overruled", by = origin(from, setting));
                            cx.toast(crate::tui::component::ToastKind::Warning, text);
                        } else {
                            kit::done(cx, tr!("tui-setting-written"));
                        }
                        me.fill(cx);
                    }
                    Err(text) => cx.push(Notice::text(
                        locale::word("tui-setting", setting.key()),
                        text,
                    )),
                }
            },
        );
    }
}

/// What is wrong with a file, in the language in force.
fn message(error: &ConfigError) -> String {
    locale::by_id("error-config", &[("about", error.to_string())])
}

/// What a setting would look like, read and found good.
struct Preview {
    language: String,
    styles: Option<(Styles, Option<BuiltIn>)>,
    keymap: Keymap,
    zone: String,
    page_rows: Option<u16>,
}

impl Preview {
    fn of(source: &Source, light: Option<bool>) -> Result<Self, String> {
        let (language, _) = source.value(Setting::Language);
        let (theme, _) = source.value(Setting::Theme);
        let built_in = if theme == AUTO {
            Some(BuiltIn::for_background(light))
        } else {
            BuiltIn::by_name(&theme)
        };
        let styles = match built_in {
            Some(theme) => Some((theme.styles(), Some(theme))),
            None => {
                let path = source.theme_path(&theme);
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| format!("{}: {e}", path.display()))?;
                let theme =
                    Theme::parse(&path.display().to_string(), &text).map_err(|e| e.message())?;
                Some((Styles::from_theme(&theme), None))
            }
        };
        let (keys, _) = source.value(Setting::Keys);
        let preset = Preset::by_name(&keys).unwrap_or_default();
        let own = match source.keymap_path() {
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| format!("{}: {e}", path.display()))?;
                Some((path.display().to_string(), text))
            }
            None => None,
        };
        let own = own
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let keymap = Keymap::load(preset, own).map_err(|e| e.message())?;
        Ok(Self {
            language,
            styles,
            keymap,
            zone: source.value(Setting::Zone).0,
            page_rows: source.page_rows(),
        })
    }

    /// Takes effect, as far as it can without starting anew.
    fn show(self, setting: Setting, cx: &mut Cx<'_, Seat>) {
        match setting {
            Setting::Language => locale::choose(&self.language),
            Setting::Theme => {
                if let Some((styles, theme)) = self.styles.filter(|_| cx.env().styles.colour) {
                    cx.set_styles(styles, theme);
                }
            }
            Setting::Keys | Setting::Keymap => cx.set_keymap(self.keymap),
            Setting::Zone => drop(locale::choose_zone(&self.zone)),
            Setting::PageRows => cx.set_page_rows(self.page_rows),
            // The editor asks for it each time.
            Setting::Autosave => {}
            Setting::Width | Setting::Colours | Setting::Compact | Setting::Mouse => {}
        }
    }
}

impl Component<Seat> for Settings {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Settings, Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::Open),
            Command::hint(Action::NextValue),
            Command::hint(Action::PreviousValue),
            Command::hint(Action::ResetValue),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.fill(cx);
        let mut source = self.house.settings.borrow().clone();
        cx.background(
            tr!("tui-setting-reading"),
            move |_| {
                source.reread();
                source
            },
            |me: &mut Self, source: Source, cx| {
                *me.house.settings.borrow_mut() = source;
                me.fill(cx);
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::NextValue) => self.step(1, cx),
            Event::Action(Action::PreviousValue) => self.step(-1, cx),
            Event::Action(Action::Open) => self.pick(cx),
            Event::Action(Action::ResetValue) => {
                if let Some(setting) = self.setting() {
                    self.change(setting, None, cx);
                }
            }
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
        let house = Rc::clone(&self.house);
        let body = kit::head(area, buf, env, &house, Some(Place::Settings), "");
        let source = house.settings.borrow();
        let text = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(2),
            height: 2,
            ..body
        };
        let (line, style) = match (&source.broken, &source.path) {
            (Some(error), _) => (message(error), env.styles.error),
            (None, Some(path)) => (
                tr!("tui-setting-file", path = path.display().to_string()),
                env.styles.muted,
            ),
            (None, None) => (tr!("tui-setting-no-place"), env.styles.warning),
        };
        // A broken file is shown whole: it names line and column and what would be right.
        let text = Rect {
            height: if source.broken.is_some() { 8 } else { 2 },
            ..text
        };
        let used = put_wrapped(buf, text, &line, style, env) + 1;
        let rows = Setting::ALL.len() as u16 + 2;
        let list = Rect {
            y: body.y + used,
            height: rows.min(body.height.saturating_sub(used)),
            ..body
        };
        self.list.render(list, buf, env, true);
        let Some(setting) = self.setting() else {
            return;
        };
        let below = Rect {
            x: body.x + 1,
            y: list.bottom(),
            width: body.width.saturating_sub(2),
            height: body.bottom().saturating_sub(list.bottom()),
        };
        if below.height < 2 {
            return;
        }
        kit::rule_line(below, buf, env, &locale::word("tui-setting", setting.key()));
        let place = Rect {
            y: below.y + 1,
            height: below.height - 1,
            ..below
        };
        let text = locale::by_id(&format!("tui-setting-{}-text", setting.key()), &[]);
        let mut y = place.y + put_wrapped(buf, place, &text, env.styles.text, env);
        let name = format!("{} = ", setting.place().1);
        if y < place.bottom() {
            let used = draw::put(
                buf,
                place.x,
                y,
                &name,
                env.styles.muted,
                place.width,
                env.amb,
            );
            let values = setting.values().join(" | ");
            draw::put(
                buf,
                place.x + used,
                y,
                &values,
                env.styles.muted,
                place.width.saturating_sub(used),
                env.amb,
            );
            y += 1;
        }
        if setting == Setting::Theme && y + 1 < place.bottom() {
            sample(Rect { y: y + 1, ..place }, buf, env);
        }
    }
}

/// The styles of the theme in force, each named by what it is for.
fn sample(area: Rect, buf: &mut Buffer, env: &Env) {
    let s = &env.styles;
    let mut x = area.x;
    for (key, style) in [
        ("title", s.title),
        ("text", s.text),
        ("muted", s.muted),
        ("selected", s.selected),
        ("warning", s.warning),
        ("error", s.error),
        ("success", s.success),
        ("added", s.added),
        ("removed", s.removed),
    ] {
        let room = area.right().saturating_sub(x);
        let text = locale::word("tui-sample", key);
        x += draw::put(buf, x, area.y, &text, style, room, env.amb) + 2;
    }
}
