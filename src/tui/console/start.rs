//! Who is at the keyboard: the login, the change of person, the idle lock.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use zeroize::Zeroizing;

use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::app::IdleCall;
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::home::Home;
use crate::tui::console::item::Item;
use crate::tui::console::kit::{self, House, Notice, load};
use crate::tui::console::seat::{Me, Said, Seat};
use crate::tui::draw::Piece;
use crate::tui::widgets::{Choice, ChoiceList, Column, Passphrase, Row, Table, Width, put_wrapped};

/// The first screen: the login, or nothing but the way to the desk where somebody sits already.
pub struct Opening {
    house: House,
    seated: bool,
    item: Option<(String, Option<(u32, u32)>)>,
    table: Table<String>,
    begun: bool,
    error: Option<Said>,
}

impl Opening {
    /// Before anything is on screen; `item` is opened at once, on the difference of two of its
    /// revisions if they are given.
    pub fn new(house: House, seated: bool, item: Option<(String, Option<(u32, u32)>)>) -> Self {
        let columns = vec![Column::new(tr!("tui-login-who"), Width::Share(1))];
        Self {
            house,
            seated,
            item,
            table: Table::new(columns, tr!("tui-login-nobody")),
            begun: false,
            error: None,
        }
    }

    fn enter(&mut self, me: Me, cx: &mut Cx<'_, Seat>) {
        *self.house.me.borrow_mut() = me;
        cx.restart(Home::new(Rc::clone(&self.house)));
        if let Some((item, compare)) = self.item.take() {
            let screen = Item::new(Rc::clone(&self.house), item);
            cx.go(match compare {
                Some((from, to)) => screen.comparing(from, to),
                None => screen,
            });
        }
    }

    fn try_sit(&mut self, login: String, cx: &mut Cx<'_, Seat>) {
        let asks = self
            .house
            .sitters
            .iter()
            .any(|s| s.login == login && s.asks());
        if !asks {
            sit(
                login,
                Zeroizing::new(String::new()),
                cx,
                |me: &mut Self, who, cx| me.enter(who, cx),
            );
            return;
        }
        let text = tr!("tui-login-passphrase", login = login.as_str());
        let reply = cx.reply(move |_: &mut Self, typed: Option<Zeroizing<String>>, cx| {
            if let Some(typed) = typed {
                sit(login, typed, cx, |me: &mut Self, who, cx| me.enter(who, cx));
            }
        });
        cx.push(Passphrase::new(tr!("tui-login-title"), text, reply));
    }
}

fn sit<C: Component<Seat>>(
    login: String,
    typed: Zeroizing<String>,
    cx: &mut Cx<'_, Seat>,
    then: impl FnOnce(&mut C, Me, &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask_long(
        tr!("tui-login-unlocking"),
        move |seat: &mut Seat, _| seat.sit(&login, &typed).map_err(|e| Said::of(&e)),
        |me: &mut C, result, cx| match result {
            Ok(who) => then(me, who, cx),
            Err(said) => cx.push(Notice::refused(said)),
        },
    );
}

impl Component<Seat> for Opening {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::List]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::HasRow && self.table.selected_row().is_some()
    }

    fn commands(&self) -> Vec<Command> {
        if self.seated {
            return vec![Command::hint(Action::Quit)];
        }
        vec![
            Command::hint(Action::Open),
            Command::hint(Action::Next),
            Command::hint(Action::Quit),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        if self.seated {
            if !std::mem::replace(&mut self.begun, true) {
                load(cx, Seat::begin, |me: &mut Self, result, cx| match result {
                    Ok(who) => me.enter(who, cx),
                    Err(said) => me.error = Some(said),
                });
            }
            return;
        }
        self.table.reload();
        if let Some((ticket, _)) = self.table.wanted() {
            let style = cx.env().styles.text;
            let rows: Vec<Row<String>> = self
                .house
                .sitters
                .iter()
                .map(|s| Row {
                    key: s.login.clone(),
                    cells: vec![Piece::new(s.login.clone(), style)],
                })
                .collect();
            let total = rows.len();
            self.table.supply(ticket, 0, rows, total);
        }
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        if self.seated {
            return Outcome::Ignored;
        }
        match event {
            Event::Action(Action::Open) => {
                if let Some(login) = self.table.selected_key().cloned() {
                    self.try_sit(login, cx);
                }
            }
            Event::Action(action) if self.table.handle(*action) => {}
            Event::Mouse(mouse) if mouse.kind.is_down() => {
                self.table.click(mouse.column, mouse.row);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head_of(area, buf, env, &tr!("app-name"), &[], 0, "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
        } else if !self.seated {
            let text = Rect {
                x: body.x + 3,
                y: body.y + 1,
                width: body.width.saturating_sub(6),
                height: 2,
            };
            put_wrapped(buf, text, &tr!("tui-login-text"), env.styles.text, env);
            let list = Rect {
                y: body.y + 4,
                height: body.height.saturating_sub(4),
                ..body
            };
            self.table.render(list, buf, env, true);
        }
    }
}

/// The list of people, over whatever is on screen.
pub struct ChangePerson {
    house: House,
    asked: bool,
    waiting: bool,
}

impl ChangePerson {
    /// Opens the list.
    pub fn new(house: House) -> Self {
        Self {
            house,
            asked: false,
            waiting: false,
        }
    }

    fn chosen(&mut self, login: String, cx: &mut Cx<'_, Seat>) {
        let asks = self
            .house
            .sitters
            .iter()
            .any(|s| s.login == login && s.asks());
        self.waiting = true;
        if asks {
            let text = tr!("tui-login-passphrase", login = login.as_str());
            let reply =
                cx.reply(
                    move |me: &mut Self, typed: Option<Zeroizing<String>>, cx| match typed {
                        Some(typed) => me.go(login, typed, cx),
                        None => cx.close(),
                    },
                );
            cx.push(Passphrase::new(tr!("tui-login-title"), text, reply));
        } else {
            self.go(login, Zeroizing::new(String::new()), cx);
        }
    }

    fn go(&mut self, login: String, typed: Zeroizing<String>, cx: &mut Cx<'_, Seat>) {
        // Text that is not saved is kept in the name of the one who wrote it, before he leaves.
        cx.hand_over();
        cx.ask_long(
            tr!("tui-login-unlocking"),
            move |seat: &mut Seat, _| {
                let who = seat.sit(&login, &typed)?;
                Ok((who, seat.desk()?.unsaved_items()?))
            },
            |me: &mut Self, result: crate::desk::Result<_>, cx| match result {
                Ok((who, unsaved)) => {
                    let text = tr!(
                        "tui-login-now",
                        name = who.name.as_str(),
                        roles = who.roles.as_str()
                    );
                    *me.house.me.borrow_mut() = who;
                    // What the one before has not saved was kept in his name.
                    *me.house.unsaved.borrow_mut() = unsaved.into_iter().collect();
                    cx.restart(Home::new(Rc::clone(&me.house)));
                    kit::done(cx, text);
                }
                Err(error) => {
                    let closing = cx.reply(|_: &mut Self, (), cx| cx.close());
                    cx.push(Notice::refused(Said::of(&error)).then(closing));
                }
            },
        );
    }
}

impl Component<Seat> for ChangePerson {
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
                let now = seat.desk()?.moment()?;
                let org = seat.desk()?.org()?;
                let mut people = Vec::new();
                for person in org.persons.values() {
                    let mut roles: Vec<String> = org
                        .grants_of(&person.id, now)
                        .map(|g| crate::locale::word("role", g.role.code()))
                        .collect();
                    roles.dedup();
                    people.push((
                        person.login.clone(),
                        words.person(&person.id).to_owned(),
                        roles.join(" "),
                    ));
                }
                Ok(people)
            },
            |me: &mut Self, result, cx| {
                let Ok(people) = result else {
                    cx.close();
                    return;
                };
                let mut logins = Vec::new();
                let mut options = Vec::new();
                for sitter in &me.house.sitters {
                    if let Some((login, name, roles)) = people.iter().find(|p| p.0 == sitter.login)
                    {
                        logins.push(login.clone());
                        options.push(Choice {
                            label: name.clone(),
                            detail: format!("{login}  {roles}"),
                        });
                    }
                }
                let at = logins
                    .iter()
                    .position(|l| *l == me.house.me.borrow().login)
                    .unwrap_or(0);
                let reply = cx.reply(move |me: &mut Self, picked: Option<usize>, cx| match picked
                    .and_then(|n| logins.get(n))
                {
                    Some(login) => me.chosen(login.clone(), cx),
                    None => cx.close(),
                });
                cx.push(ChoiceList::new(tr!("tui-login-change"), options, at, reply));
            },
        );
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Cancel | Action::Back) if !self.waiting => {
                cx.close();
                Outcome::Consumed
            }
            _ => Outcome::Ignored,
        }
    }

    fn render(&mut self, _: Rect, _: &mut Buffer, _: &Env) {}
}

/// Lies over everything until the person at the keyboard has given his passphrase.
pub struct Lock {
    house: House,
}

/// Makes the lock when nobody has touched the keyboard, if somebody is logged in.
pub fn lock(house: House) -> IdleCall<Seat> {
    Box::new(move || {
        let somebody = !house.me.borrow().id.is_empty();
        if !somebody || house.locked.replace(true) {
            return None;
        }
        Some(Box::new(Lock {
            house: Rc::clone(&house),
        }))
    })
}

impl Lock {
    fn ask(&self, cx: &mut Cx<'_, Seat>) {
        let login = self.house.me.borrow().login.clone();
        let text = tr!("tui-login-passphrase", login = login);
        let reply = cx.reply(|_: &mut Self, typed: Option<Zeroizing<String>>, cx| {
            let Some(typed) = typed else { return };
            cx.ask(
                move |seat: &mut Seat| seat.check(&typed).map_err(|e| Said::of(&e)),
                |me: &mut Self, result, cx| match result {
                    Ok(()) => {
                        me.house.locked.set(false);
                        cx.close();
                    }
                    Err(said) => cx.push(Notice::refused(said)),
                },
            );
        });
        cx.push(Passphrase::new(tr!("tui-lock-title"), text, reply));
    }
}

impl Component<Seat> for Lock {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog]
    }

    fn commands(&self) -> Vec<Command> {
        vec![Command::hint(Action::Accept), Command::hint(Action::Quit)]
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::Quit | Action::Redraw | Action::Suspend) => Outcome::Ignored,
            Event::Action(Action::Accept) => {
                self.ask(cx);
                Outcome::Consumed
            }
            // Nothing leads anywhere from here.
            _ => Outcome::Consumed,
        }
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head_of(area, buf, env, &tr!("app-name"), &[], 0, "");
        let name = self.house.me.borrow().name.clone();
        let text = tr!("tui-lock-text", name = name);
        let area = Rect {
            x: body.x + 3,
            y: body.y + body.height / 3,
            width: body.width.saturating_sub(6),
            height: 4,
        };
        put_wrapped(buf, area, &text, env.styles.text, env);
    }
}
