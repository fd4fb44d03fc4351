//! Messages a person reads: zh-CN first, en complete.
//!
//! Keys are checked when the program is compiled ([`tr!`](crate::tr)); refusals are looked up by
//! their rule id at run time ([`by_id`]), and a test proves that every rule has its text.

use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

use fluent_bundle::FluentValue;
use i18n_embed::LanguageLoader;
use i18n_embed::fluent::{FluentLanguageLoader, fluent_language_loader};
use jiff::tz::TimeZone;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Files;

static LOADER: LazyLock<FluentLanguageLoader> = LazyLock::new(|| {
    let loader = fluent_language_loader!();
    // The files are inside the binary and parsed by a test; a failure here leaves keys visible
    // instead of stopping an editor at the door.
    let _ = loader.load_languages(&Files, &[loader.fallback_language().clone()]);
    // Isolation marks U+2068/2069 would land in terminal cells.
    loader.set_use_isolating(false);
    loader
});

/// The languages the program speaks, the first one being the fallback.
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// The loader behind [`tr!`](crate::tr).
pub fn loader() -> &'static FluentLanguageLoader {
    &LOADER
}

/// Chooses the language of every later message. Unknown tags leave zh-CN in place.
pub fn choose(tag: &str) {
    let wanted = if tag.to_ascii_lowercase().starts_with("en") {
        "en"
    } else {
        "zh-CN"
    };
    if let Ok(id) = wanted.parse::<LanguageIdentifier>() {
        let _ = LOADER.load_languages(&Files, &[id]);
        LOADER.set_use_isolating(false);
    }
}

/// The language in force, as its tag.
pub fn current() -> String {
    LOADER.current_language().to_string()
}

/// A message whose key is known only at run time: rule ids, states, actions.
pub fn by_id(key: &str, args: &[(&str, String)]) -> String {
    let map: HashMap<&str, FluentValue<'_>> = args
        .iter()
        .map(|(name, value)| (*name, FluentValue::from(value.as_str())))
        .collect();
    LOADER.get_args_concrete(key, map)
}

/// Whether the language in force (or the fallback) has this key.
pub fn has(key: &str) -> bool {
    LOADER.has(key)
}

/// A message by its key, checked at compile time: `tr!("key", name = value)`.
#[macro_export]
macro_rules! tr {
    ($key:literal) => { i18n_embed_fl::fl!($crate::locale::loader(), $key) };
    ($key:literal, $($rest:tt)*) => { i18n_embed_fl::fl!($crate::locale::loader(), $key, $($rest)*) };
}

/// The word for a code: `state-draft`, `role-editor`. A code without a word stays as it is.
pub fn word(group: &str, code: &str) -> String {
    let key = format!("{group}-{}", code.replace('.', "-"));
    if has(&key) {
        by_id(&key, &[])
    } else {
        code.to_owned()
    }
}

/// The house's zone: legal times are told in it, whatever a person looks at.
pub const HOUSE_ZONE: &str = "Asia/Shanghai";

static SHOWN_ZONE: RwLock<Option<TimeZone>> = RwLock::new(None);

/// The zone times are shown and typed in; the house's unless a person chose another.
pub fn zone() -> TimeZone {
    let chosen = SHOWN_ZONE.read().ok().and_then(|zone| zone.clone());
    chosen
        .or_else(|| TimeZone::get(HOUSE_ZONE).ok())
        .unwrap_or(TimeZone::UTC)
}

/// Shows times in the zone of that name; false (and nothing changes) where there is none.
pub fn choose_zone(name: &str) -> bool {
    let Ok(zone) = TimeZone::get(name) else {
        return false;
    };
    if let Ok(mut shown) = SHOWN_ZONE.write() {
        *shown = (name != HOUSE_ZONE).then_some(zone);
    }
    true
}

/// The zone in force for people: the house's by its usual name, another by its own.
pub fn zone_word() -> String {
    let zone = zone();
    match zone.iana_name() {
        Some(name) if name != HOUSE_ZONE => name.to_owned(),
        _ => crate::tr!("tui-schedule-zone"),
    }
}

/// An instant (µs) to the minute in the zone in force.
pub fn instant(at: i64) -> String {
    let Ok(at) = jiff::Timestamp::from_microsecond(at) else {
        return String::new();
    };
    let at = zone().to_datetime(at);
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
