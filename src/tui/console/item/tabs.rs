//! The tabs of an item and what can be done on each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Item, Loaded};
use crate::text::text_width;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Command, Env};
use crate::tui::console::acts;
use crate::tui::console::reading::{comments, findings};
use crate::tui::draw;

/// The tabs, in the order of their number keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    About,
    Text,
    Diff,
    Comments,
    Links,
    Files,
    History,
    Custody,
    Findings,
}

pub(super) const TABS: [Tab; 9] = [
    Tab::About,
    Tab::Text,
    Tab::Diff,
    Tab::Comments,
    Tab::Links,
    Tab::Files,
    Tab::History,
    Tab::Custody,
    Tab::Findings,
];

impl Tab {
    /// The tab an action leads to.
    pub(super) fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::ShowFields | Action::ShowRecord => Self::About,
            Action::ShowBody => Self::Text,
            Action::ShowDiff => Self::Diff,
            Action::ShowComments => Self::Comments,
            Action::ShowLinks => Self::Links,
            Action::Attachments => Self::Files,
            Action::ShowHistory => Self::History,
            Action::ShowCustody => Self::Custody,
            Action::ShowFindings => Self::Findings,
            _ => return None,
        })
    }

    fn name(self) -> String {
        match self {
            Self::About => tr!("tui-item-tab-fields"),
            Self::Text => tr!("tui-item-tab-body"),
            Self::Diff => tr!("tui-item-tab-diff"),
            Self::Comments => tr!("tui-item-tab-comments"),
            Self::Links => tr!("tui-item-tab-links"),
            Self::Files => tr!("tui-item-tab-files"),
            Self::History => tr!("tui-item-tab-history"),
            Self::Custody => tr!("tui-item-tab-custody"),
            Self::Findings => tr!("tui-item-tab-findings"),
        }
    }
}

/// What a tab counts; nothing where there is nothing.
fn count(item: &Item, l: &Loaded, tab: Tab) -> String {
    let n = match tab {
        Tab::Diff if l.diff.from > 0 => item.diff.changes(),
        Tab::Comments => comments::open(item.text.threads()),
        Tab::Links => l.links.len(),
        Tab::Files => l.view.content.attachments.len(),
        Tab::Findings => l.found.iter().filter(|f| f.waiver.is_none()).count(),
        _ => 0,
    };
    let bad = (tab == Tab::Links && l.links.iter().any(|l| l.state.is_bad()))
        || (tab == Tab::Findings && l.found.iter().any(findings::is_grave));
    match (n, bad) {
        (0, _) => String::new(),
        (n, false) => format!("({n})"),
        (n, true) => format!("({n}!)"),
    }
}

/// Draws the tabs; gives back where each stands. Where they do not fit, the counts go first.
pub(super) fn draw(item: &Item, area: Rect, buf: &mut Buffer, env: &Env) -> Vec<(Rect, Tab)> {
    let Some(l) = &item.loaded else {
        return Vec::new();
    };
    let labels = |counted: bool| -> Vec<String> {
        TABS.into_iter()
            .enumerate()
            .map(|(n, tab)| {
                let count = if counted {
                    count(item, l, tab)
                } else {
                    String::new()
                };
                format!("{} {}{count}", n + 1, tab.name())
            })
            .collect()
    };
    let width =
        |labels: &[String]| -> usize { labels.iter().map(|t| text_width(t, env.amb) + 2).sum() };
    let room = usize::from(area.width.saturating_sub(2));
    let full = labels(true);
    let (list, gap) = if width(&full) <= room {
        (full, " ")
    } else if width(&full) - TABS.len() <= room {
        (full, "")
    } else {
        (labels(false), "")
    };
    let mut places = Vec::new();
    let mut x = area.x + 1;
    for (tab, text) in TABS.into_iter().zip(list) {
        let (text, style) = if tab == item.tab {
            (format!("[{text}]"), env.styles.tab_open)
        } else {
            (format!("{gap}{text} "), env.styles.tab)
        };
        let room = area.right().saturating_sub(x);
        let used = draw::put(buf, x, area.y, &text, style, room, env.amb);
        places.push((Rect::new(x, area.y, used, 1), tab));
        x += used;
    }
    places
}

/// What can be done on the tab that is open.
pub(super) fn commands(item: &Item, l: &Loaded) -> Vec<Command> {
    let view = &l.view;
    let editable = acts::editable(view);
    let mut list = Vec::new();
    if item.tab == Tab::Text && item.text.picking() {
        return vec![
            Command::hint(Action::StartSelection),
            Command::hint(Action::MoveWordRight),
            Command::hint(Action::NextSentence),
            Command::hint(Action::AddComment).when(view.offers("comment")),
            Command::hint(Action::CopyText),
            Command::hint(Action::CancelSelection),
        ];
    }
    let versions = l.revisions.len() > 1;
    match item.tab {
        Tab::Diff => {
            list.push(Command::hint(Action::NextChange).when(item.diff.changes() > 0));
            list.push(Command::hint(Action::ToggleSides));
            list.push(Command::hint(Action::CompareWith).when(versions));
            for fold in [
                Action::PreviousChange,
                Action::ToggleFold,
                Action::UnfoldOne,
                Action::MoreContext,
                Action::LessContext,
                Action::ToggleMarks,
            ] {
                list.push(Command::quiet(fold));
            }
            list.push(Command::quiet(Action::RestoreRevision).when(versions && editable));
        }
        Tab::History => {
            list.push(Command::hint(Action::CompareWith).when(versions));
            list.push(Command::hint(Action::RestoreRevision).when(versions && editable));
        }
        Tab::Text => {
            list.push(Command::hint(Action::StartPassage).when(view.offers("comment")));
            list.push(Command::quiet(Action::ToggleSource));
            list.push(Command::quiet(Action::CopyText));
        }
        Tab::Comments => {
            let open = item.thread().is_some_and(|t| !t.settled());
            list.push(Command::hint(Action::Open).when(item.thread().is_some()));
            list.push(Command::hint(Action::ReplyComment).when(item.thread().is_some()));
            list.push(Command::hint(Action::SettleComment).when(open));
            list.push(Command::quiet(Action::ToggleFold));
        }
        Tab::Links => {
            list.push(Command::hint(Action::Open).when(!l.links.is_empty()));
        }
        Tab::Files => {
            let any = !view.content.attachments.is_empty();
            list.push(Command::hint(Action::ExportAttachment).when(any));
            list.push(Command::hint(Action::AttachFile).when(editable));
            list.push(Command::hint(Action::StripAttachment).when(any && editable));
            list.push(Command::hint(Action::ReplaceAttachment).when(any && editable));
        }
        Tab::Findings => {
            let at = item.selected[Tab::Findings as usize];
            let open = l.found.get(at).is_some_and(|f| f.waiver.is_none());
            list.push(Command::hint(Action::Open).when(!l.found.is_empty()));
            list.push(Command::hint(Action::WaiveFinding).when(open));
            let waived = l.found.get(at).is_some_and(|f| f.waiver.is_some());
            list.push(Command::hint(Action::UnwaiveFinding).when(waived));
        }
        Tab::About | Tab::Custody => {}
    }
    list.push(Command::hint(Action::CopyText).when(item.has_dragged()));
    list.push(Command::hint(Action::EditBody).when(editable));
    list.extend(acts::commands(view));
    list.push(Command::hint(Action::NextTab));
    list.push(Command::quiet(Action::NextComment).when(!item.text.threads().is_empty()));
    list.push(Command::quiet(Action::PreviousComment).when(!item.text.threads().is_empty()));
    list.push(Command::quiet(Action::EditFields).when(editable));
    if item.tab != Tab::Files {
        list.push(Command::quiet(Action::AttachFile).when(editable));
    }
    list.push(Command::quiet(Action::TakeOver).when(view.offers("take-over")));
    list.push(Command::quiet(Action::Preview).when(!view.purged));
    list.push(Command::quiet(Action::PrintForm).when(!view.clearances.is_empty()));
    for tab in [
        Action::ShowFields,
        Action::ShowBody,
        Action::ShowDiff,
        Action::ShowComments,
        Action::ShowLinks,
        Action::Attachments,
        Action::ShowHistory,
        Action::ShowCustody,
        Action::ShowFindings,
    ] {
        list.push(Command::quiet(tab));
    }
    list.push(Command::quiet(Action::Refresh));
    list
}
