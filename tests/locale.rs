//! Both languages say the same things: equal keys and arguments, a text for every rule, command and code.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use clap::CommandFactory;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

fn arguments(pattern: &Pattern<String>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            expression_arguments(expression, into);
        }
    }
}

fn expression_arguments(expression: &Expression<String>, into: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => inline_arguments(inline, into),
        Expression::Select { selector, variants } => {
            inline_arguments(selector, into);
            for variant in variants {
                arguments(&variant.value, into);
            }
        }
    }
}

fn inline_arguments(inline: &InlineExpression<String>, into: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            into.insert(id.name.clone());
        }
        InlineExpression::Placeable { expression } => expression_arguments(expression, into),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_arguments(argument, into);
            }
        }
        _ => {}
    }
}

fn messages(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(format!("locales/{tag}/qianfa.ftl")).unwrap();
    let resource = fluent_syntax::parser::parse(text)
        .unwrap_or_else(|(_, errors)| panic!("{tag}: {errors:?}"));
    let mut map = BTreeMap::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut set = BTreeSet::new();
                let value = message
                    .value
                    .unwrap_or_else(|| panic!("{tag}: {} is empty", message.id.name));
                arguments(&value, &mut set);
                let twice = map.insert(message.id.name.clone(), set);
                assert!(twice.is_none(), "{tag}: {} stands twice", message.id.name);
            }
            Entry::Junk { content } => panic!("{tag}: {content}"),
            _ => {}
        }
    }
    map
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    let (zh, en) = (messages("zh-CN"), messages("en"));
    for (key, arguments) in &zh {
        assert_eq!(en.get(key), Some(arguments), "{key}");
    }
    for key in en.keys() {
        assert!(zh.contains_key(key), "{key} is only in en");
    }
}

#[test]
fn every_rule_command_option_and_code_has_its_text() {
    use qianfa::rules::act::{Act, Origin, Urgency};
    use qianfa::rules::clearance::{Conclusion, Disclosure, Ground};
    use qianfa::rules::refusal::{RULES, key_of};
    use qianfa::rules::role::{Affiliation, Role};
    use qianfa::rules::state::{State, Transition};
    let zh = messages("zh-CN");
    let mut wanted: Vec<String> = RULES.iter().map(|r| key_of(r)).collect();
    wanted.extend(
        Act::KINDS
            .iter()
            .map(|k| format!("kind-{}", k.replace('.', "-"))),
    );
    wanted.extend(State::ALL.iter().map(|s| format!("state-{}", s.code())));
    wanted.extend(
        Transition::ALL
            .iter()
            .map(|t| format!("transition-{}", t.code())),
    );
    wanted.extend(Role::ALL.iter().map(|r| format!("role-{}", r.code())));
    wanted.extend(
        Affiliation::ALL
            .iter()
            .map(|a| format!("affiliation-{}", a.code())),
    );
    wanted.extend(Urgency::ALL.iter().map(|u| format!("urgency-{}", u.code())));
    wanted.extend(Origin::ALL.iter().map(|o| format!("origin-{}", o.code())));
    wanted.extend(
        Conclusion::ALL
            .iter()
            .map(|c| format!("conclusion-{}", c.code())),
    );
    wanted.extend(
        Disclosure::ALL
            .iter()
            .map(|d| format!("disclosure-{}", d.code())),
    );
    wanted.extend(
        Ground::ALL
            .iter()
            .map(|g| format!("ground-{}", g.code().replace('.', "-"))),
    );
    wanted.extend(
        qianfa::desk::Fields::CODES
            .iter()
            .map(|f| format!("field-{f}")),
    );
    walk(&qianfa::cli::Cli::command(), &mut Vec::new(), &mut wanted);
    for key in wanted {
        assert!(zh.contains_key(&key), "{key}");
    }
}

fn walk(command: &clap::Command, path: &mut Vec<String>, wanted: &mut Vec<String>) {
    use qianfa::cli::help::{arg_key, command_key};
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    wanted.push(command_key(&names));
    wanted.extend(
        command
            .get_arguments()
            .map(|a| arg_key(a.get_id().as_str())),
    );
    for below in command.get_subcommands() {
        path.push(below.get_name().to_owned());
        walk(below, path, wanted);
        path.pop();
    }
}

/// Han characters in the program itself are data (words of documents, shapes of pages), never
/// messages: those come from the locale files.
#[test]
fn no_message_hides_in_the_source() {
    // Rooms whose data is Chinese by nature, and the sample province.
    let allowed = [
        "intake",
        "demo",
        "text",
        "diff",
        "rules/data",
        "report",
        "publish",
        "screening",
        "tests",
        "journal/sample",
    ];
    let mut found = Vec::new();
    let mut open = vec![std::path::PathBuf::from("src")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if allowed.iter().any(|a| {
                name.contains(&format!("src/{a}"))
                    || name.ends_with("tests.rs")
                    || name.ends_with("/tests")
            }) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|x| x == "rs") && !name.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(all(test").next().unwrap_or_default();
                let code = code.split("#[cfg(test)]").next().unwrap_or_default();
                for (n, line) in code.lines().enumerate() {
                    let line = line.split("//").next().unwrap_or_default();
                    let han = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                    if han && line.contains('"') {
                        found.push(format!("{name}:{}: {}", n + 1, line.trim()));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
