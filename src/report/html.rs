//! The template environment: everything is escaped unless it was cleaned before.

use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, Value};

use super::inert;

/// An environment in which every value is escaped for HTML, steering characters are shown as
/// marks, and a name the program does not supply is an error instead of a silent gap.
pub fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    // All templates are HTML, whatever an override file is called.
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_formatter(escape);
    env
}

/// The escaping of the engine also rewrites every slash, which makes links unreadable; all
/// our attributes are quoted, so these five characters are enough.
fn escape(out: &mut Output, _: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() {
        return Ok(());
    }
    if value.is_safe() {
        return Ok(write!(out, "{value}")?);
    }
    if value.is_undefined() {
        // Let the engine word the complaint.
        return Err(minijinja::ErrorKind::UndefinedError.into());
    }
    match value.as_str() {
        Some(text) => escape_into(out, text)?,
        None => escape_into(out, &value.to_string())?,
    }
    Ok(())
}

fn escape_into(out: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    let text = inert::block(text);
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[start..at])?;
        out.write_str(entity)?;
        start = at + 1;
    }
    out.write_str(&text[start..])
}

/// A text as HTML, for places that are put together without a template.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let _ = escape_into(&mut out, text);
    out
}
