//! What an item is tied to and what became of it once it was out: relations, validity, copies on
//! other sites, what must be looked at again, postings on other channels.

use crate::desk::after::{CopyView, FlagView, Related, ValidityView};
use crate::desk::{self, Desk};
use crate::locale;
use crate::tr;
use crate::tui::console::kit::when;
use crate::tui::console::seat::Words;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::Paragraph;

/// All of it.
#[derive(Debug, Default)]
pub struct Life {
    related: Vec<Related>,
    validity: Option<ValidityView>,
    source: Option<String>,
    copies: Vec<CopyView>,
    flags: Vec<FlagView>,
    postings: Vec<(i64, String, Option<String>)>,
}

impl Life {
    /// Of an item.
    pub fn of(desk: &mut Desk, item: &str) -> desk::Result<Self> {
        Ok(Self {
            related: desk.related(item)?,
            validity: desk.validity(item)?,
            source: desk.source_of(item)?,
            copies: desk.copies(item)?,
            flags: desk.flags(Some(item))?,
            postings: desk.postings(item)?,
        })
    }
}

/// In words, with a heading; nothing where there is nothing.
pub fn life(life: &Life, words: &Words, styles: &Styles, now: i64) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut add = |label: String, text: String, style| {
        out.push(Paragraph {
            pieces: vec![
                Piece::new(format!("{label}{}", tr!("tui-colon")), styles.label),
                Piece::new(text, style),
            ],
            indent: 0,
        });
    };
    for flag in life.flags.iter().filter(|f| f.settled.is_none()) {
        let cause = locale::word("flag", flag.cause.code());
        let text = format!("! {cause} {}  {}", flag.about, when(flag.at, now));
        add(tr!("tui-label-flag"), text, styles.warning);
    }
    if let Some(validity) = &life.validity {
        let mut text = locale::word("validity", validity.validity.code());
        if let Some(since) = validity.since {
            text = format!("{text}  {}", when(since, now));
        }
        if let Some(ground) = &validity.ground {
            text = format!("{text}  {ground}");
        }
        add(tr!("tui-label-validity"), text, styles.text);
    }
    for other in &life.related {
        let way = if other.upward {
            tr!("tui-related-to")
        } else {
            tr!("tui-related-from")
        };
        let relation = locale::word("relation", other.relation.code());
        let offline = if other.live {
            String::new()
        } else {
            tr!("tui-related-not-live")
        };
        let text = format!("{} {}  {relation}{offline}", other.number, other.title);
        add(way, text, styles.text);
    }
    if let Some(source) = &life.source {
        add(tr!("tui-label-shared-from"), source.clone(), styles.text);
    }
    for copy in &life.copies {
        let state = locale::word("state", &copy.state);
        let old = if copy.current {
            String::new()
        } else {
            format!("  {}", tr!("tui-copy-old"))
        };
        let text = format!("{} {}  {state}{old}", copy.number, words.site(&copy.site));
        let style = if copy.current && copy.open_flags == 0 {
            styles.text
        } else {
            styles.warning
        };
        add(tr!("tui-label-copy"), text, style);
    }
    for (at, person, note) in &life.postings {
        let note = note.clone().unwrap_or_default();
        let text = format!("{}  {}  {note}", when(*at, now), words.person(person));
        add(tr!("tui-label-posted"), text, styles.text);
    }
    if !out.is_empty() {
        out.insert(0, Paragraph::new(tr!("tui-label-life"), styles.head));
        out.insert(0, Paragraph::new("", styles.text));
    }
    out
}
