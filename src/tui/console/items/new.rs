//! Where a new item belongs.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tr;
use crate::tui::action::{Action, Context};
use crate::tui::component::{Component, Cx, Env, Event, Outcome};
use crate::tui::console::editor::Editor;
use crate::tui::console::kit::{House, Notice, choices, load};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::ChoiceList;

/// Asks for the column of a new item and opens the editor on it.
pub fn new_item(house: &House, cx: &mut Cx<'_, Seat>) {
    cx.push(NewItem {
        house: Rc::clone(house),
        asked: false,
    });
}

/// The question where a new item belongs.
struct NewItem {
    house: House,
    asked: bool,
}

impl Component<Seat> for NewItem {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog]
    }

    fn popup(&self) -> bool {
        true
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if std::mem::replace(&mut self.asked, true) {
            return;
        }
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let me = seat.me()?.id;
                let desk = seat.desk()?;
                let (now, org) = (desk.moment()?, desk.org()?);
                // Only columns in which he may write are worth offering.
                let mut open = Vec::new();
                for (id, ..) in &words.columns {
                    if org.has_right(&me, crate::rules::role::Right::Draft, id, now) {
                        open.push((id.clone(), words.place(id)));
                    }
                }
                Ok(open)
            },
            |_: &mut Self, result, cx| match result {
                Ok(open) if open.is_empty() => {
                    let close = cx.reply(|_: &mut Self, (), cx| cx.close());
                    cx.push(Notice::text(tr!("tui-new-title"), tr!("tui-new-nowhere")).then(close));
                }
                Ok(open) => {
                    let labels = choices(open.iter().map(|o| o.1.clone()));
                    let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| {
                        let house = Rc::clone(&me.house);
                        cx.close();
                        if let Some((column, _)) = picked.and_then(|n| open.get(n)) {
                            cx.go(Editor::create(house, column));
                        }
                    });
                    cx.push(ChoiceList::new(tr!("tui-new-column"), labels, 0, reply));
                }
                Err(said) => {
                    let close = cx.reply(|_: &mut Self, (), cx| cx.close());
                    cx.push(Notice::refused(said).then(close));
                }
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        if matches!(event, Event::Action(Action::Cancel | Action::Back)) {
            cx.close();
            return Outcome::Consumed;
        }
        Outcome::Ignored
    }

    fn render(&mut self, _: Rect, _: &mut Buffer, _: &Env) {}
}
