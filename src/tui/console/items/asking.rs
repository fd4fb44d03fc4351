//! The questions of the list: conditions, order, saved views.

use std::sync::Arc;

use crate::locale;
use crate::rules::act::{Origin, Urgency};
use crate::rules::org::Family;
use crate::rules::state::State;
use crate::store::local;
use crate::store::query::items::Order;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Cx, ToastKind};
use crate::tui::console::kit::{self, FormAsk, Notice, choices, load};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{Choice, ChoiceList, Confirm, Field, Form, FormField, Prompt};

use super::Items;
use super::narrow::{Chip, ME, Narrow, Part};

type Apply = fn(&mut Items, usize);

impl Items {
    pub(super) fn ask_filter(&mut self, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-filter-by-state"),
            tr!("tui-filter-by-place"),
            tr!("tui-filter-mine"),
            tr!("tui-filter-by-person"),
            tr!("tui-filter-by-urgency"),
            tr!("tui-filter-by-origin"),
            tr!("tui-filter-by-family"),
            tr!("tui-filter-late"),
            tr!("tui-filter-by-days"),
            Action::Search.describe(),
            tr!("tui-filter-clear"),
        ]);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| match picked {
            Some(0) => me.pick_states(cx),
            Some(1) => me.pick_place(cx),
            Some(2) => {
                let mine = Some((Part::Contributor, ME.to_owned()));
                me.narrow.person = if me.narrow.person == mine { None } else { mine };
                me.restart(cx);
            }
            Some(3) => me.pick_person(cx),
            Some(4) => me.pick_some(
                tr!("tui-filter-by-urgency"),
                Urgency::ALL
                    .iter()
                    .map(|u| {
                        (
                            locale::word("urgency", u.code()),
                            me.narrow.urgencies.contains(u),
                        )
                    })
                    .collect(),
                |me, n| {
                    if let Some(u) = Urgency::ALL.get(n) {
                        me.narrow.toggle_urgency(*u);
                    }
                },
                cx,
            ),
            Some(5) => me.pick_some(
                tr!("tui-filter-by-origin"),
                Origin::ALL
                    .iter()
                    .map(|o| {
                        (
                            locale::word("origin", o.code()),
                            me.narrow.origins.contains(o),
                        )
                    })
                    .collect(),
                |me, n| {
                    if let Some(o) = Origin::ALL.get(n) {
                        me.narrow.toggle_origin(*o);
                    }
                },
                cx,
            ),
            Some(6) => me.pick_some(
                tr!("tui-filter-by-family"),
                Family::ALL
                    .iter()
                    .map(|f| {
                        (
                            locale::word("family", f.code()),
                            me.narrow.families.contains(f),
                        )
                    })
                    .collect(),
                |me, n| {
                    if let Some(f) = Family::ALL.get(n) {
                        me.narrow.toggle_family(*f);
                    }
                },
                cx,
            ),
            Some(7) => {
                me.narrow.late = !me.narrow.late;
                me.restart(cx);
            }
            Some(8) => me.ask_days(cx),
            Some(9) => me.ask_search(cx),
            Some(_) => {
                me.narrow = Narrow {
                    order: me.narrow.order,
                    ..Narrow::default()
                };
                me.restart(cx);
            }
            None => {}
        });
        cx.push(ChoiceList::new(Action::Filter.describe(), list, 0, reply));
    }

    /// Several of a few: what is chosen is marked, choosing again takes it away.
    fn pick_some(
        &self,
        title: String,
        options: Vec<(String, bool)>,
        apply: Apply,
        cx: &mut Cx<'_, Seat>,
    ) {
        let list = options
            .into_iter()
            .map(|(label, chosen)| Choice {
                label,
                detail: if chosen {
                    tr!("tui-filter-chosen")
                } else {
                    String::new()
                },
            })
            .collect();
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(picked) = picked {
                apply(me, picked);
                me.restart(cx);
            }
        });
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    fn pick_states(&self, cx: &mut Cx<'_, Seat>) {
        let mut list = vec![(tr!("tui-filter-any"), false)];
        list.extend(State::ALL.iter().map(|s| {
            let chosen = self.narrow.states.contains(s);
            (locale::word("state", s.code()), chosen)
        }));
        self.pick_some(
            tr!("tui-filter-by-state"),
            list,
            |me, n| match n.checked_sub(1).and_then(|n| State::ALL.get(n)) {
                Some(state) => me.narrow.toggle_state(*state),
                None => me.narrow.states.clear(),
            },
            cx,
        );
    }

    fn pick_place(&self, cx: &mut Cx<'_, Seat>) {
        let words = Arc::clone(&self.words);
        let mut nodes: Vec<Option<String>> = vec![None];
        let mut list = vec![tr!("tui-filter-any")];
        for (site, name) in &words.sites {
            nodes.push(Some(site.clone()));
            list.push(name.clone());
            for column in words.columns.iter().filter(|c| c.1 == *site) {
                nodes.push(Some(column.0.clone()));
                list.push(format!("  {}", column.2));
            }
        }
        let at = nodes
            .iter()
            .position(|n| *n == self.narrow.node)
            .unwrap_or(0);
        let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
            if let Some(node) = picked.and_then(|n| nodes.get(n)) {
                me.narrow.node.clone_from(node);
                me.restart(cx);
            }
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-place"),
            choices(list),
            at,
            reply,
        ));
    }

    fn pick_person(&self, cx: &mut Cx<'_, Seat>) {
        let parts = choices(Part::ALL.iter().map(|p| p.word()));
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| {
            let Some(part) = picked.and_then(|n| Part::ALL.get(n)).copied() else {
                return;
            };
            let mut people = vec![(ME.to_owned(), tr!("tui-filter-me"))];
            people.extend(me.words.people());
            let list = choices(people.iter().map(|p| p.1.clone()));
            let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
                if let Some((id, _)) = picked.and_then(|n| people.get(n)) {
                    me.narrow.person = Some((part, id.clone()));
                    me.restart(cx);
                }
            });
            cx.push(ChoiceList::new(tr!("tui-filter-by-person"), list, 0, reply));
        });
        cx.push(ChoiceList::new(
            tr!("tui-filter-by-person"),
            parts,
            0,
            reply,
        ));
    }

    fn ask_days(&self, cx: &mut Cx<'_, Seat>) {
        let shown = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
        let fields = vec![
            FormField::text(Field::new(tr!("tui-filter-from")).with(&shown(self.narrow.from))),
            FormField::text(Field::new(tr!("tui-filter-to")).with(&shown(self.narrow.to))),
        ];
        let check = |form: &Form| {
            let read = |at: usize| -> Result<Option<jiff::civil::Date>, (usize, String)> {
                let text = form.text(at).unwrap_or_default();
                if text.is_empty() {
                    return Ok(None);
                }
                let wrong = |_| {
                    (
                        at,
                        locale::by_id("error-field-date", &[("about", text.clone())]),
                    )
                };
                text.parse().map(Some).map_err(wrong)
            };
            Ok((read(0)?, read(1)?))
        };
        let reply = cx.reply(
            |me: &mut Self,
             (from, to): (Option<jiff::civil::Date>, Option<jiff::civil::Date>),
             cx| {
                (me.narrow.from, me.narrow.to) = (from, to);
                me.restart(cx);
            },
        );
        let (title, text) = (tr!("tui-filter-by-days"), tr!("tui-filter-days-text"));
        cx.push(FormAsk::new(title, text, fields, check, reply));
    }

    pub(super) fn ask_search(&mut self, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, text: Option<String>, cx| {
            if let Some(text) = text {
                me.narrow.text = (!text.is_empty()).then_some(text);
                me.restart(cx);
            }
        });
        let before = self.narrow.text.clone().unwrap_or_default();
        cx.push(
            Prompt::text(
                Action::Search.describe(),
                tr!("tui-items-search"),
                tr!("tui-label-search"),
                reply,
            )
            .with(&before),
        );
    }

    pub(super) fn ask_remove(&mut self, cx: &mut Cx<'_, Seat>) {
        let chips = self.narrow.chips(&self.words);
        match chips.as_slice() {
            [] => {}
            [(only, _)] => self.take_away(*only, cx),
            _ => {
                let list = choices(chips.iter().map(|c| c.1.clone()));
                let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
                    if let Some((chip, _)) = picked.and_then(|n| chips.get(n)) {
                        me.take_away(*chip, cx);
                    }
                });
                cx.push(ChoiceList::new(
                    Action::RemoveFilter.describe(),
                    list,
                    0,
                    reply,
                ));
            }
        }
    }

    pub(super) fn take_away(&mut self, chip: Chip, cx: &mut Cx<'_, Seat>) {
        self.narrow.remove(chip);
        self.restart(cx);
    }

    pub(super) fn ask_order(&self, cx: &mut Cx<'_, Seat>) {
        let list = choices(
            Order::ALL
                .iter()
                .map(|o| locale::word("tui-order", o.code())),
        );
        let at = Order::ALL
            .iter()
            .position(|o| *o == self.narrow.order)
            .unwrap_or(0);
        let reply = cx.reply(|me: &mut Self, picked: Option<usize>, cx| {
            if let Some(order) = picked.and_then(|n| Order::ALL.get(n)) {
                me.narrow.order = *order;
                me.restart(cx);
            }
        });
        cx.push(ChoiceList::new(Action::SortBy.describe(), list, at, reply));
    }

    /// The views: those everybody has, one's own, and keeping the present one.
    pub(super) fn ask_views(&self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let desk = seat.desk()?;
                let me = desk.person().to_owned();
                Ok(local::views(desk.store().conn(), &me)?)
            },
            |me: &mut Self, result, cx| match result {
                Ok(own) => me.pick_view(own, cx),
                Err(said) => cx.push(Notice::refused(said)),
            },
        );
    }

    fn pick_view(&self, own: Vec<local::SavedView>, cx: &mut Cx<'_, Seat>) {
        let presets = Narrow::presets();
        let mut list = vec![Choice {
            label: tr!("tui-view-keep"),
            detail: String::new(),
        }];
        list.extend(own.iter().map(|v| Choice {
            label: v.name.clone(),
            detail: tr!("tui-view-own"),
        }));
        list.extend(presets.iter().map(|(name, _)| Choice {
            label: name.clone(),
            detail: String::new(),
        }));
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                None => {}
                Some(0) => me.keep_view("", cx),
                Some(n) if n <= own.len() => {
                    if let Some(view) = own.get(n - 1) {
                        me.on_view(view.clone(), cx);
                    }
                }
                Some(n) => {
                    if let Some((_, narrow)) = presets.get(n - 1 - own.len()) {
                        me.narrow = narrow.clone();
                        me.restart(cx);
                    }
                }
            },
        );
        cx.push(ChoiceList::new(
            Action::SavedViews.describe(),
            list,
            1,
            reply,
        ));
    }

    /// What can be done with a view of one's own; opening it comes first.
    fn on_view(&self, view: local::SavedView, cx: &mut Cx<'_, Seat>) {
        let list = choices([
            tr!("tui-view-open"),
            tr!("tui-view-rename"),
            tr!("tui-view-replace"),
            tr!("tui-view-delete"),
        ]);
        let title = view.name.clone();
        let reply = cx.reply(
            move |me: &mut Self, picked: Option<usize>, cx| match picked {
                Some(0) => match serde_json::from_str(&view.view) {
                    Ok(narrow) => {
                        me.narrow = narrow;
                        me.restart(cx);
                    }
                    // Kept by a newer program, or damaged: it cannot be read, and that is said.
                    Err(_) => cx.push(Notice::text(
                        Action::SavedViews.describe(),
                        tr!("tui-view-unreadable"),
                    )),
                },
                Some(1) => me.rename_view(view.name, cx),
                Some(2) => me.write_view(view.name, cx),
                Some(3) => me.delete_view(view.name, cx),
                _ => {}
            },
        );
        cx.push(ChoiceList::new(title, list, 0, reply));
    }

    fn keep_view(&self, name: &str, cx: &mut Cx<'_, Seat>) {
        let reply = cx.reply(|me: &mut Self, name: Option<String>, cx| {
            if let Some(name) = name.filter(|n| !n.trim().is_empty()) {
                me.write_view(name, cx);
            }
        });
        cx.push(
            Prompt::text(
                tr!("tui-view-keep"),
                tr!("tui-view-keep-text"),
                tr!("tui-form-name"),
                reply,
            )
            .with(name),
        );
    }

    fn write_view(&self, name: String, cx: &mut Cx<'_, Seat>) {
        let Ok(view) = serde_json::to_string(&self.narrow) else {
            return;
        };
        let shown = name.clone();
        load(
            cx,
            move |seat| {
                let desk = seat.desk()?;
                let (me, now) = (desk.person().to_owned(), desk.now());
                Ok(local::view_save(
                    desk.store().conn(),
                    &me,
                    &name,
                    &view,
                    now,
                )?)
            },
            move |_: &mut Self, result, cx| match result {
                Ok(true) => kit::done(cx, tr!("tui-view-kept", name = shown)),
                Ok(false) => cx.toast(ToastKind::Warning, tr!("tui-view-too-many")),
                Err(said) => cx.push(Notice::refused(said)),
            },
        );
    }

    fn rename_view(&self, old: String, cx: &mut Cx<'_, Seat>) {
        let before = old.clone();
        let reply = cx.reply(move |_: &mut Self, name: Option<String>, cx| {
            let Some(new) = name.filter(|n| !n.trim().is_empty()) else {
                return;
            };
            let shown = new.clone();
            load(
                cx,
                move |seat| {
                    let desk = seat.desk()?;
                    let me = desk.person().to_owned();
                    Ok(local::view_rename(desk.store().conn(), &me, &old, &new)?)
                },
                move |_: &mut Self, result, cx| match result {
                    Ok(true) => kit::done(cx, tr!("tui-view-kept", name = shown)),
                    Ok(false) => {
                        cx.toast(ToastKind::Warning, tr!("tui-view-taken", name = shown));
                    }
                    Err(said) => cx.push(Notice::refused(said)),
                },
            );
        });
        let (title, text) = (tr!("tui-view-rename"), tr!("tui-view-keep-text"));
        cx.push(Prompt::text(title, text, tr!("tui-form-name"), reply).with(&before));
    }

    fn delete_view(&self, name: String, cx: &mut Cx<'_, Seat>) {
        let text = tr!("tui-view-ask-delete", name = name.as_str());
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if !yes {
                return;
            }
            load(
                cx,
                move |seat| {
                    let desk = seat.desk()?;
                    let me = desk.person().to_owned();
                    Ok(local::view_delete(desk.store().conn(), &me, &name)?)
                },
                |_: &mut Self, result, cx| match result {
                    Ok(()) => kit::done(cx, tr!("tui-view-deleted")),
                    Err(said) => cx.push(Notice::refused(said)),
                },
            );
        });
        cx.push(Confirm::new(tr!("tui-view-delete"), text, reply));
    }
}
