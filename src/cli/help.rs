//! Help in the language in force: `cli-<noun>[-<verb>]` for commands, `cli-arg-<name>` for options,
//! so that one word stands in one place. A test proves that none is missing.

use std::path::Path;

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::Done;
use crate::desk::{DeskError, exit};
use crate::locale;
use crate::store::StoreError;

/// The key of a command's text.
pub fn command_key(path: &[&str]) -> String {
    if path.is_empty() {
        "cli-about".to_owned()
    } else {
        format!("cli-{}", path.join("-"))
    }
}

/// The key of an option's text.
pub fn arg_key(id: &str) -> String {
    format!("cli-arg-{}", id.replace('_', "-"))
}

/// Puts the texts of the language in force into a command and all below it.
pub fn localised(command: Command) -> Command {
    let about = locale::by_id("cli-after", &[]);
    let flag = |id: &'static str, short, action| Arg::new(id).long(id).short(short).action(action);
    let command = command
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', ArgAction::Help).global(true))
        .arg(flag("version", 'V', ArgAction::Version))
        .after_help(about);
    walk(command, &mut Vec::new())
}

fn walk(command: Command, path: &mut Vec<String>) -> Command {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let key = command_key(&names);
    let usage = locale::by_id("cli-heading-usage", &[]);
    let mut command = command
        .about(locale::by_id(&key, &[]))
        .disable_help_flag(true)
        .subcommand_help_heading(locale::by_id("cli-heading-commands", &[]))
        .help_template(format!(
            "{{about}}\n\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}\n"
        ));
    let ids: Vec<String> = command
        .get_arguments()
        .map(|a| a.get_id().to_string())
        .collect();
    for id in ids {
        let text = locale::by_id(&arg_key(&id), &[]);
        command = command.mut_arg(&id, |a| {
            let heading = if a.is_positional() {
                "cli-heading-arguments"
            } else {
                "cli-heading-options"
            };
            let heading = locale::by_id(heading, &[]);
            a.help(text).help_heading(heading)
        });
    }
    let below: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    for name in below {
        path.push(name.clone());
        command = command.mut_subcommand(&name, |c| walk(c, path));
        path.pop();
    }
    command
}

/// Writes one manual page per command into a directory.
pub fn man(dir: &Path) -> Done {
    let io = |source| {
        DeskError::Store(StoreError::Io {
            path: dir.to_owned(),
            source,
        })
    };
    std::fs::create_dir_all(dir).map_err(io)?;
    clap_mangen::generate_to(localised(super::Cli::command()), dir).map_err(io)?;
    Ok(exit::DONE)
}
