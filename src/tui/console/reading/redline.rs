//! Differences for reviewers, and comparing without holding anybody up.

use super::links;
use crate::desk::view::{Pair, RevisionDiff};
use crate::diff::{AttachmentChange, FieldEdit, Part, Redline};
use crate::locale;
use crate::tr;
use crate::tui::component::{Component, Cx};
use crate::tui::console::seat::{Seat, Words};
use crate::tui::widgets::DiffView;

/// Above this many bytes of both texts, words are compared on a thread of their own and the
/// paragraphs that differ are shown at once. Below it the whole takes a few milliseconds.
const LONG: usize = 96 * 1024;

/// A comparison as the store's thread gives it back.
#[derive(Debug)]
pub struct Compared {
    /// The difference so far.
    pub diff: RevisionDiff,
    /// What is still to be compared word by word.
    pub rest: Option<Pair>,
}

/// Compares what can be compared at once.
pub fn compare(pair: Pair) -> Compared {
    if pair.old.is_none() || pair.len() <= LONG {
        Compared {
            diff: pair.compare(),
            rest: None,
        }
    } else {
        Compared {
            diff: pair.compare_roughly(),
            rest: Some(pair),
        }
    }
}

/// Compares the words of a long text beside everything else; `then` gets the difference unless
/// the person stopped it.
pub fn refine<C: Component<Seat>>(
    pair: Pair,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, RevisionDiff) + 'static,
) {
    cx.background(
        tr!("tui-diff-task"),
        move |progress| {
            pair.compare_watched(&mut |done, total| {
                progress.report(done as u64, total as u64);
                !progress.cancelled()
            })
        },
        |me: &mut C, diff, _| {
            if let Some(diff) = diff {
                then(me, diff);
            }
        },
    );
}

/// A field whose value is one of a list and is exchanged as a whole.
fn coded(name: &str) -> bool {
    matches!(
        name,
        "columns" | "urgency" | "origin" | "disclosure" | "provider" | "ground"
    )
}

fn value(name: &str, value: &str, words: &Words) -> String {
    match name {
        "columns" => value
            .split(' ')
            .map(|c| words.place(c))
            .collect::<Vec<_>>()
            .join(", "),
        "urgency" | "origin" | "disclosure" | "ground" => locale::word(name, value),
        "provider" => words.bureau(value).to_owned(),
        _ => value.to_owned(),
    }
}

fn name_of(name: &str) -> String {
    let text = match name.split_once(' ') {
        // The alternative text of one attachment.
        Some(("alt", n)) => format!("{} {n}", tr!("tui-label-alt")),
        _ => locale::word("field", name),
    };
    format!("{text}{}", tr!("tui-colon"))
}

/// A difference as a redline: fields and attachments first, then the text. What is compared with
/// nothing is not a change; it is shown as it is.
pub fn redline(diff: &RevisionDiff, words: &Words) -> Redline {
    if diff.from == 0 {
        return Redline::whole(&diff.text.new_text());
    }
    let mut out = Redline::default();
    if !diff.fields.is_empty() {
        out.head(&tr!("tui-diff-part-fields"));
    }
    for field in &diff.fields {
        let name = field.name.as_str();
        let label = name_of(name);
        if !coded(name) {
            out.field(&label, &field.edit);
            continue;
        }
        let (old, new) = match &field.edit {
            FieldEdit::Added(new) => (String::new(), value(name, new, words)),
            FieldEdit::Removed(old) => (value(name, old, words), String::new()),
            FieldEdit::Changed(d) => (
                value(name, &d.old_text(), words),
                value(name, &d.new_text(), words),
            ),
        };
        out.exchange(Part::Field, &label, &old, &new);
    }
    if !diff.attachments.is_empty() {
        out.head(&tr!("tui-diff-part-files"));
    }
    for file in &diff.attachments {
        let label = format!(
            "{}{}",
            locale::word("field", "attachments"),
            tr!("tui-colon")
        );
        let (old, new) = match file {
            AttachmentChange::Added { name, .. } => (String::new(), name.clone()),
            AttachmentChange::Removed { name, .. } => (name.clone(), String::new()),
            AttachmentChange::Replaced { name, .. } => (
                String::new(),
                tr!("tui-attachment-replaced", name = name.as_str()),
            ),
            AttachmentChange::Renamed { from, to } => (from.clone(), to.clone()),
            AttachmentChange::Reordered { name, to, .. } => {
                let place: usize = to + 1;
                let text = tr!("tui-attachment-moved", name = name.as_str(), to = place);
                (String::new(), text)
            }
        };
        out.exchange(Part::File, &label, &old, &new);
    }
    let (gone, came) = links::changed(&diff.text.old_text(), &diff.text.new_text());
    if !gone.is_empty() || !came.is_empty() {
        // Where a link leads is easily missed in running text; here it is said once more.
        let marked = |list: Vec<String>, sign: &str| -> Vec<String> {
            list.into_iter().map(|l| format!("{sign} {l}")).collect()
        };
        let list = [marked(gone, "-"), marked(came, "+")].concat();
        out.head(&tr!("tui-diff-links", links = list.join("  ")));
    }
    if !out.lines.is_empty() && !diff.text.blocks.is_empty() {
        out.head(&tr!("tui-diff-part-text"));
    }
    out.text(&diff.text);
    out
}

/// What a redline is about: "revision 2 -> 5".
pub fn redline_title(diff: &RevisionDiff) -> String {
    if diff.from == 0 {
        tr!("tui-diff-whole", to = diff.to)
    } else {
        tr!("tui-diff-of", from = diff.from, to = diff.to)
    }
}

/// Asks for a text and searches a redline for it.
pub fn search<C: Component<Seat>>(
    cx: &mut Cx<'_, Seat>,
    view: impl FnOnce(&mut C) -> &mut DiffView + 'static,
) {
    super::ask_search(cx, |me: &mut C, text| view(me).search(text));
}
