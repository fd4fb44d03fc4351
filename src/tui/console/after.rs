//! What follows publication, from the item's screen: relations, validity, copies, flags, versions for
//! other channels. The palette offers them; each is one dialog.

use crate::desk::after::{FlagView, Outgoing, Related};
use crate::desk::view::ItemView;
use crate::desk::{Desk, Note};
use crate::locale;
use crate::rules::act::{FlagOutcome, Relation, Validity};
use crate::rules::state::State;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Command, Cx};
use crate::tui::console::acts::{Acting, dialog, note, reason, title};
use crate::tui::console::kit::{Notice, Report, act, when};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{Field, FormField, Note as Lines, Paragraph};

/// Channels a version can be made for; codes of `channel-…`.
const CHANNELS: &[&str] = &["weibo", "wechat"];
/// What can come of looking again while the item stays up.
const OUTCOMES: &[FlagOutcome] = &[FlagOutcome::Updated, FlagOutcome::Stands];

/// What the palette offers on an item.
pub fn commands(view: &ItemView) -> Vec<Command> {
    let state = view.line.state;
    let live = matches!(state, State::Published | State::Corrected);
    let web = view.content.shape.channels.iter().any(|c| c == "web");
    [
        (Action::RelateItem, true),
        (Action::MarkValidity, live && web),
        (Action::ShareItem, live && web),
        (Action::SettleFlag, true),
        (Action::NewVersion, web),
        (Action::RecordPosting, live && !web),
        (Action::UnrelateItem, true),
        (Action::ShowOutgoing, live && !web),
        (Action::ProposePurge, !view.purged),
    ]
    .into_iter()
    .map(|(action, open)| Command::quiet(action).when(open))
    .collect()
}

/// Why one of these is not open now.
pub fn why_not(view: &ItemView, action: Action) -> Option<String> {
    let live = matches!(view.line.state, State::Published | State::Corrected);
    let web = view.content.shape.channels.iter().any(|c| c == "web");
    match action {
        Action::MarkValidity | Action::ShareItem | Action::NewVersion if !web => {
            Some(tr!("tui-why-not-web"))
        }
        Action::MarkValidity | Action::ShareItem if !live => Some(tr!("tui-why-not-live")),
        Action::RecordPosting | Action::ShowOutgoing if web || !live => Some(tr!("tui-why-outlet")),
        _ => None,
    }
}

/// Begins one of these; false if the action is another.
pub fn begin<C: Acting>(action: Action, view: &ItemView, cx: &mut Cx<'_, Seat>) -> bool {
    match action {
        Action::RelateItem => relate::<C>(view, cx),
        Action::MarkValidity => validity::<C>(view, cx),
        Action::ShareItem => share::<C>(view, cx),
        Action::SettleFlag => settle::<C>(view, cx),
        Action::NewVersion => version::<C>(view, cx),
        Action::UnrelateItem => unrelate::<C>(view, cx),
        Action::ShowOutgoing => outgoing::<C>(view, cx),
        Action::ProposePurge => {
            let id = view.line.id.clone();
            let text = format!("{}\n{}", title(view), tr!("tui-ask-purge"));
            dialog::<C>(action, text, vec![reason()], cx, move |form| {
                let (id, why) = (id.clone(), Note::of(&form.text(0).unwrap_or_default()));
                Ok(Box::new(move |d: &mut Desk| {
                    d.propose_purge(&id, Vec::new(), false, &why).map(drop)
                }))
            });
        }
        Action::RecordPosting => {
            let id = view.line.id.clone();
            let field = FormField::note(Lines::new(tr!("tui-label-posted")).required());
            note::<C>(action, view, field, cx, move |d, n| {
                d.posted(&id, n).map(drop)
            });
        }
        _ => return false,
    }
    true
}

fn words(group: &'static str, codes: impl Iterator<Item = &'static str>) -> Vec<String> {
    codes.map(|code| locale::word(group, code)).collect()
}

/// The answer to a choice that was left open.
fn unchosen(field: usize) -> (usize, String) {
    (field, tr!("tui-choose-one"))
}

fn relate<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let fields = vec![
        FormField::choice(
            tr!("tui-label-relation"),
            words("relation", Relation::ALL.iter().map(|r| r.code())),
        ),
        FormField::text(Field::new(tr!("tui-label-other-item")).required()),
    ];
    let id = view.line.id.clone();
    dialog::<C>(Action::RelateItem, title(view), fields, cx, move |form| {
        let relation = form.chosen(0).and_then(|n| Relation::ALL.get(n)).copied();
        let relation = relation.ok_or_else(|| unchosen(0))?;
        let (id, other) = (id.clone(), form.text(1).unwrap_or_default());
        Ok(Box::new(move |d: &mut Desk| {
            d.relate(&id, other.trim(), relation).map(drop)
        }))
    });
}

fn unrelate<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let (id, name) = (view.line.id.clone(), title(view));
    let item = id.clone();
    act(
        cx,
        move |d| d.related(&item),
        move |_: &mut C, related: Vec<Related>, cx| {
            if related.is_empty() {
                cx.push(Notice::text(
                    Action::UnrelateItem.describe(),
                    tr!("tui-related-none"),
                ));
                return;
            }
            let which = related
                .iter()
                .map(|r| {
                    let relation = locale::word("relation", r.relation.code());
                    format!("{} {}  {relation}", r.number, r.title)
                })
                .collect();
            let choice = FormField::choice(tr!("tui-related-from"), which);
            dialog::<C>(Action::UnrelateItem, name, vec![choice], cx, move |form| {
                let other = form.chosen(0).and_then(|n| related.get(n));
                let other = other.ok_or_else(|| unchosen(0))?;
                let (id, relation) = (id.clone(), other.relation);
                // A relation is ended from the side it was made from.
                let (of, to) = if other.upward {
                    (other.id.clone(), id)
                } else {
                    (id, other.id.clone())
                };
                Ok(Box::new(move |d: &mut Desk| {
                    d.unrelate(&of, &to, relation).map(drop)
                }))
            });
        },
    );
}

/// The text as it goes to another channel; looking at it is on record as an export.
fn outgoing<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let id = view.line.id.clone();
    act(
        cx,
        move |d| d.outgoing(&id),
        |_: &mut C, out: Outgoing, cx| {
            let head = tr!(
                "tui-outgoing-counts",
                title = out.title_chars,
                text = out.text_chars
            );
            let name = locale::word("channel", &out.channel);
            let (title, text) = (out.title, out.text);
            let copy = text.clone();
            cx.push(Report::new(name, copy, move |styles| {
                let mut list = vec![
                    Paragraph::new(head.clone(), styles.muted),
                    Paragraph::new(title.clone(), styles.strong),
                ];
                list.extend(text.lines().map(|line| Paragraph::new(line, styles.text)));
                list
            }));
        },
    );
}

fn validity<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let fields = vec![
        FormField::choice(
            tr!("tui-label-validity"),
            words("validity", Validity::ALL.iter().map(|v| v.code())),
        ),
        reason(),
    ];
    let id = view.line.id.clone();
    dialog::<C>(Action::MarkValidity, title(view), fields, cx, move |form| {
        let validity = form.chosen(0).and_then(|n| Validity::ALL.get(n)).copied();
        let validity = validity.ok_or_else(|| unchosen(0))?;
        let (id, ground) = (id.clone(), Note::of(&form.text(1).unwrap_or_default()));
        Ok(Box::new(move |d: &mut Desk| {
            d.set_validity(&id, validity, None, &ground).map(drop)
        }))
    });
}

/// A column of another site, and the words it is offered by.
type Target = (String, String);

fn share<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let (id, name) = (view.line.id.clone(), title(view));
    let home = view
        .content
        .shape
        .columns
        .first()
        .cloned()
        .unwrap_or_default();
    act(
        cx,
        move |d| {
            let org = d.org()?;
            let site = org.columns.get(&home).map(|c| c.site.clone());
            let open = crate::rules::org::ColumnState::Open;
            let targets = org
                .columns
                .values()
                .filter(|c| Some(&c.site) != site.as_ref() && c.state == open)
                .map(|c| {
                    let site = org.sites.get(&c.site).map_or("", |s| s.name.as_str());
                    (c.id.clone(), format!("{site} / {}", c.name))
                })
                .collect();
            Ok(targets)
        },
        move |_: &mut C, targets: Vec<Target>, cx| {
            if targets.is_empty() {
                cx.push(Notice::text(
                    Action::ShareItem.describe(),
                    tr!("tui-share-nowhere"),
                ));
                return;
            }
            let choice = FormField::choice(
                tr!("tui-label-share-to"),
                targets.iter().map(|(_, words)| words.clone()).collect(),
            );
            dialog::<C>(Action::ShareItem, name, vec![choice], cx, move |form| {
                let target = form.chosen(0).and_then(|n| targets.get(n));
                let column = target.ok_or_else(|| unchosen(0))?.0.clone();
                let id = id.clone();
                Ok(Box::new(move |d: &mut Desk| {
                    for (_, made) in d.share(&id, std::slice::from_ref(&column))? {
                        made?;
                    }
                    Ok(())
                }))
            });
        },
    );
}

fn settle<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let (id, name) = (view.line.id.clone(), title(view));
    let item = id.clone();
    act(
        cx,
        move |d| {
            let mut flags = d.flags(Some(&item))?;
            flags.retain(|f| f.settled.is_none());
            Ok(flags)
        },
        move |_: &mut C, flags: Vec<FlagView>, cx| {
            if flags.is_empty() {
                cx.push(Notice::text(
                    Action::SettleFlag.describe(),
                    tr!("tui-no-flags"),
                ));
                return;
            }
            let now = cx.env().now_us;
            let which = flags
                .iter()
                .map(|f| {
                    let cause = locale::word("flag", f.cause.code());
                    format!("{cause} {} {}", f.about, when(f.at, now))
                })
                .collect();
            let fields = vec![
                FormField::choice(tr!("tui-label-flag"), which),
                FormField::choice(
                    tr!("tui-label-outcome"),
                    words("outcome", OUTCOMES.iter().map(|o| o.code())),
                ),
                reason(),
            ];
            dialog::<C>(Action::SettleFlag, name, fields, cx, move |form| {
                let flag = form.chosen(0).and_then(|n| flags.get(n));
                let flag = flag.ok_or_else(|| unchosen(0))?.flag;
                let outcome = form.chosen(1).and_then(|n| OUTCOMES.get(n)).copied();
                let outcome = outcome.ok_or_else(|| unchosen(1))?;
                let (id, why) = (id.clone(), Note::of(&form.text(2).unwrap_or_default()));
                Ok(Box::new(move |d: &mut Desk| {
                    d.settle_flag(&id, flag, outcome, &why).map(drop)
                }))
            });
        },
    );
}

fn version<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let choice = FormField::choice(
        tr!("tui-label-channel"),
        words("channel", CHANNELS.iter().copied()),
    );
    let id = view.line.id.clone();
    dialog::<C>(
        Action::NewVersion,
        title(view),
        vec![choice],
        cx,
        move |form| {
            let channel = form.chosen(0).and_then(|n| CHANNELS.get(n));
            let channel = *channel.ok_or_else(|| unchosen(0))?;
            let id = id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                d.version_for(&id, channel).map(drop)
            }))
        },
    );
}
