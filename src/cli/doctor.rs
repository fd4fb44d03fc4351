//! `doctor`: what the program finds out about its terminal, settings and store, for whoever has to
//! explain why a screen looks wrong. Nothing is changed, nobody logs in.
#![allow(missing_docs)]

use std::io::IsTerminal;

use clap::Args;
use serde_json::{Map, Value};

use super::context::Context;
use super::{Done, config, log, open, out};
use crate::desk::exit;
use crate::locale;
use crate::store::{OpenMode, Store};
use crate::text::Ambiguous;
use crate::tr;
use crate::tui::keymap::{Keymap, Preset};
use crate::tui::probe::{self, AmbiguousWidth};
use crate::tui::term::Guard;

#[derive(Args, Debug)]
pub struct Doctor {}

/// Findings in order: key for programs, label and value for people, and whether it is as it should be.
#[derive(Default)]
struct Sheet {
    rows: Vec<(&'static str, String, String, bool)>,
}

impl Sheet {
    fn add(&mut self, key: &'static str, value: impl Into<String>) {
        self.row(key, value, true);
    }

    fn row(&mut self, key: &'static str, value: impl Into<String>, good: bool) {
        let label = locale::by_id(&format!("cli-doctor-{key}"), &[]);
        self.rows.push((key, label, value.into(), good));
    }
}

pub fn doctor(cx: &mut Context, _: &Doctor) -> Done {
    let mut sheet = Sheet::default();
    sheet.add("version", env!("CARGO_PKG_VERSION"));
    terminal(&mut sheet);
    settings(cx, &mut sheet);
    store(cx, &mut sheet);
    let good = sheet.rows.iter().all(|r| r.3);
    if cx.json() {
        let mut map = Map::new();
        map.insert("ok".to_owned(), Value::Bool(good));
        for (key, _, value, _) in sheet.rows {
            map.insert(key.to_owned(), Value::String(value));
        }
        out::object(&Value::Object(map));
    } else {
        for (_, label, value, good) in sheet.rows {
            let sign = if good { " " } else { "!" };
            out::line(&format!(
                "{sign} {label}{}{}",
                tr!("tui-colon"),
                out::safe(&value)
            ));
        }
    }
    Ok(if good { exit::DONE } else { exit::FAILURE })
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| "-".to_owned())
}

fn terminal(sheet: &mut Sheet) {
    let here = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    sheet.add(
        "terminal",
        if here {
            format!(
                "TERM={} COLORTERM={}",
                variable("TERM"),
                variable("COLORTERM")
            )
        } else {
            tr!("cli-doctor-no-terminal")
        },
    );
    if here {
        if let Ok((width, height)) = crossterm::terminal::size() {
            sheet.row(
                "size",
                format!("{width}x{height}"),
                width >= crate::tui::app::MIN_SIZE.width
                    && height >= crate::tui::app::MIN_SIZE.height,
            );
        }
        // The same questions under the same conditions as at the start of the console.
        let start = std::time::Instant::now();
        let (said, took, keys) = match Guard::enter(false) {
            Ok(_guard) => {
                let said = probe::ask();
                (said, start.elapsed(), probe::ask_keys())
            }
            Err(_) => (probe::Answers::default(), start.elapsed(), None),
        };
        let answer = match said.width {
            Some(Ambiguous::Narrow) => tr!("cli-doctor-narrow"),
            Some(_) => tr!("cli-doctor-wide"),
            None => tr!("cli-doctor-silent"),
        };
        sheet.add("probe", format!("{answer} ({} ms)", took.as_millis()));
        sheet.add(
            "background",
            match said.light {
                Some(true) => tr!("cli-doctor-background-light"),
                Some(false) => tr!("cli-doctor-background-dark"),
                None => tr!("cli-doctor-silent"),
            },
        );
        sheet.add(
            "keys",
            match keys {
                Some(true) => tr!("cli-doctor-keys-kitty"),
                Some(false) => tr!("cli-doctor-keys-plain"),
                None => tr!("cli-doctor-silent"),
            },
        );
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
        .unwrap_or_else(|| "-".to_owned());
    let utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
    // Whoever has no locale at all may still have a terminal that reads UTF-8.
    sheet.row(
        "locale",
        format!("{locale}, {}", locale::current()),
        utf8 || locale == "-",
    );
    let around: Vec<&str> = ["TMUX", "STY", "SSH_CONNECTION", "WT_SESSION"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some())
        .collect();
    sheet.add(
        "around",
        if around.is_empty() {
            "-".to_owned()
        } else {
            around.join(" ")
        },
    );
}

fn settings(cx: &Context, sheet: &mut Sheet) {
    let file = config::path();
    let there = file.as_ref().is_some_and(|p| p.is_file());
    let name = file.map_or_else(|| "-".to_owned(), |p| p.display().to_string());
    sheet.add(
        "config",
        if there {
            name
        } else {
            format!("{name} ({})", tr!("cli-doctor-absent"))
        },
    );
    let set: Vec<String> = config::VARIABLES
        .iter()
        .filter_map(|v| std::env::var(v).ok().map(|value| format!("{v}={value}")))
        .collect();
    sheet.add(
        "variables",
        if set.is_empty() {
            "-".to_owned()
        } else {
            set.join(" ")
        },
    );
    let settings = match config::load() {
        Ok(settings) => settings,
        Err(error) => return sheet.row("settings", error.message(), false),
    };
    match open::terminal(&settings) {
        Ok(options) => {
            sheet.add("colours", options.depth.name());
            let width = match options.width {
                AmbiguousWidth::Auto => "auto",
                other => other.name(),
            };
            sheet.add("width", width);
            let switch = |on| {
                if on {
                    tr!("cli-doctor-on")
                } else {
                    tr!("cli-doctor-off")
                }
            };
            sheet.add("compact", switch(options.compact));
            sheet.add("mouse", switch(options.mouse));
        }
        Err(error) => sheet.row("settings", error.message(), false),
    }
    match open::theme(&settings) {
        Ok(name) => sheet.add("theme", name),
        Err(error) => sheet.row("theme", error.message(), false),
    }
    match open::keys(&settings) {
        Ok((preset, user)) => {
            let own = user
                .as_ref()
                .map(|(name, text)| (name.as_str(), text.as_str()));
            let name = own.map_or(String::new(), |(name, _)| format!(" + {name}"));
            match Keymap::load(preset, own) {
                Ok(_) => sheet.add("keymap", format!("{}{name}", Preset::name(preset))),
                Err(error) => sheet.row("keymap", error.message(), false),
            }
        }
        Err(error) => sheet.row("keymap", error.message(), false),
    }
    let log = log::path().map_or_else(|| "-".to_owned(), |p| p.display().to_string());
    sheet.add("log", log);
    let _ = cx;
}

fn store(cx: &Context, sheet: &mut Sheet) {
    let path = cx.store_path();
    let shown = path.display().to_string();
    if !path.exists() {
        return sheet.add("store", format!("{shown} ({})", tr!("cli-doctor-absent")));
    }
    let mode = OpenMode {
        read_only: true,
        ..OpenMode::default()
    };
    let head = Store::open(&path, mode).and_then(|store| Ok((store.suite(), store.head()?.seq)));
    match head {
        Ok((suite, seq)) => sheet.add(
            "store",
            tr!(
                "cli-doctor-store-is",
                path = shown,
                suite = format!("{suite:?}"),
                entries = seq
            ),
        ),
        Err(error) => {
            let text = crate::desk::DeskError::from(error).message();
            sheet.row("store", format!("{shown}: {text}"), false);
        }
    }
}
