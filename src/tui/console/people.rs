//! Persons, their roles and keys; and what two people must agree on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::desk::people::OpenProposal;
use crate::locale;
use crate::rules::act::Dual;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, House, Notice, Place, act, load, when};
use crate::tui::console::seat::{Said, Seat, Words};
use crate::tui::draw::Piece;
use crate::tui::widgets::{Column, Confirm, Row, Table, Width};

/// A row: its place, and the proposal it stands for (0 for none).
type Key = (usize, u64);

struct OnePerson {
    login: String,
    name: String,
    affiliation: String,
    bureau: String,
    left: bool,
    roles: String,
    keys: usize,
}

struct Loaded {
    people: Vec<OnePerson>,
    proposals: Vec<(u64, String, String)>,
}

/// The screen of people.
pub struct People {
    house: House,
    table: Table<Key>,
    loaded: Option<Loaded>,
    error: Option<Said>,
}

impl People {
    /// Open proposals first, then everybody.
    pub fn new(house: House) -> Self {
        let columns = vec![
            Column::new(tr!("tui-column-login"), Width::Cells(15)),
            Column::new(tr!("tui-column-person"), Width::Cells(22)),
            Column::new(tr!("tui-column-affiliation"), Width::Cells(10)).from(100),
            Column::new(tr!("tui-column-roles"), Width::Share(1)),
            Column::new(tr!("tui-column-keys"), Width::Cells(4)).right(),
        ];
        Self {
            house,
            table: Table::new(columns, tr!("tui-people-empty")),
            loaded: None,
            error: None,
        }
    }

    fn reload(&mut self, cx: &mut Cx<'_, Seat>) {
        load(
            cx,
            |seat| {
                let words = seat.words()?;
                let desk = seat.desk()?;
                let now = desk.moment()?;
                let org = desk.org()?;
                let mut people = Vec::new();
                for person in org.persons.values() {
                    let roles: Vec<String> = org
                        .grants_of(&person.id, now)
                        .map(|g| {
                            format!(
                                "{} ({})",
                                locale::word("role", g.role.code()),
                                scope(&g.scope, &words)
                            )
                        })
                        .collect();
                    people.push(OnePerson {
                        login: person.login.clone(),
                        name: words.person(&person.id).to_owned(),
                        affiliation: locale::word("affiliation", person.affiliation.code()),
                        bureau: words.bureau(&person.bureau).to_owned(),
                        left: person.left,
                        roles: roles.join(" "),
                        keys: org.keys.values().filter(|k| k.person == person.id).count(),
                    });
                }
                people.sort_by(|a, b| a.login.cmp(&b.login));
                let open = desk.proposals()?;
                let mut proposals = Vec::new();
                for p in open {
                    let number = match &p.act {
                        Dual::Purge { item, .. } => {
                            desk.find(item).map_or_else(|_| item.clone(), |i| i.number)
                        }
                        _ => String::new(),
                    };
                    let by = words.person(&p.proposer).to_owned();
                    proposals.push((p.seq, describe(&p, &words, &number, now), by));
                }
                Ok(Loaded { people, proposals })
            },
            |me: &mut Self, result, cx| match result {
                Ok(loaded) => {
                    me.error = None;
                    me.loaded = Some(loaded);
                    me.fill(cx);
                }
                Err(said) => me.error = Some(said),
            },
        );
    }

    fn fill(&mut self, cx: &Cx<'_, Seat>) {
        let Some(l) = &self.loaded else { return };
        let styles = &cx.env().styles;
        let mut rows: Vec<Row<Key>> = Vec::new();
        let head = |rows: &mut Vec<Row<Key>>, text: String, style| {
            let key = (rows.len(), 0);
            let cells = vec![
                Piece::new("", style),
                Piece::new("", style),
                Piece::new("", style),
                Piece::new(text, style),
            ];
            rows.push(Row { key, cells });
        };
        let title = if l.proposals.is_empty() {
            head(&mut rows, tr!("tui-people-none-open"), styles.muted);
            None
        } else {
            Some(tr!("tui-people-proposals"))
        };
        if let Some(title) = title {
            head(&mut rows, title, styles.warning);
        }
        for (seq, what, by) in &l.proposals {
            rows.push(Row {
                key: (rows.len(), *seq),
                cells: vec![
                    Piece::new(format!("{seq}"), styles.muted),
                    Piece::new(tr!("tui-proposal-by", who = by.as_str()), styles.muted),
                    Piece::new("", styles.text),
                    Piece::new(what.clone(), styles.text),
                ],
            });
        }
        head(&mut rows, tr!("tui-people-all"), styles.strong);
        for p in &l.people {
            let style = if p.left { styles.muted } else { styles.text };
            let roles = if p.roles.is_empty() {
                p.bureau.clone()
            } else {
                format!("{}  {}", p.roles, p.bureau)
            };
            rows.push(Row {
                key: (rows.len(), 0),
                cells: vec![
                    Piece::new(p.login.clone(), style),
                    Piece::new(p.name.clone(), style),
                    Piece::new(p.affiliation.clone(), styles.muted),
                    Piece::new(roles, style),
                    Piece::new(p.keys.to_string(), styles.muted),
                ],
            });
        }
        self.table.reload();
        while let Some((ticket, range)) = self.table.wanted() {
            let part = rows
                .iter()
                .skip(range.start)
                .take(range.len())
                .cloned()
                .collect();
            self.table.supply(ticket, range.start, part, rows.len());
            if rows.len() <= range.end {
                break;
            }
        }
    }

    fn proposal(&self) -> Option<(u64, String)> {
        let seq = self.table.selected_key()?.1;
        let l = self.loaded.as_ref()?;
        l.proposals
            .iter()
            .find(|p| p.0 == seq && seq > 0)
            .map(|p| (p.0, p.1.clone()))
    }

    fn answer(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some((seq, what)) = self.proposal() else {
            return;
        };
        if !self.house.me.borrow().manages_people {
            cx.push(Notice::text(action.describe(), tr!("tui-people-not-yours")));
            return;
        }
        let yes = action == Action::ConfirmProposal;
        let text = if yes {
            tr!("tui-ask-confirm-proposal", what = what)
        } else {
            tr!("tui-ask-decline-proposal", what = what)
        };
        let reply = cx.reply(move |_: &mut Self, sure: bool, cx| {
            if !sure {
                return;
            }
            act(
                cx,
                move |d| {
                    if yes {
                        d.confirm(seq).map(drop)
                    } else {
                        d.decline(seq).map(drop)
                    }
                },
                move |me: &mut Self, (), cx| {
                    kit::done(cx, tr!("tui-acted", what = action.describe()));
                    me.reload(cx);
                },
            );
        });
        cx.push(Confirm::new(action.describe(), text, reply));
    }
}

fn scope(scope: &str, words: &Words) -> String {
    if scope == crate::rules::org::Org::ROOT {
        return tr!("tui-scope-all");
    }
    let column = words.column(scope);
    if column == scope {
        words.site(scope).to_owned()
    } else {
        column.to_owned()
    }
}

fn describe(proposal: &OpenProposal, words: &Words, number: &str, now: i64) -> String {
    match &proposal.act {
        Dual::Grant {
            person,
            role,
            scope: place,
            from,
            until,
        } => tr!(
            "tui-proposal-grant",
            person = words.person(person),
            role = locale::word("role", role.code()),
            scope = scope(place, words),
            from = when(*from, now),
            until = when(*until, now)
        ),
        Dual::KeyEnrol { person, .. } => {
            tr!("tui-proposal-key-enrol", person = words.person(person))
        }
        Dual::KeyRevoke { key } => tr!("tui-proposal-key-revoke", key = key.to_string()),
        Dual::ListSet { list, rows } => tr!(
            "tui-proposal-list",
            list = locale::word("list", list.code()),
            rows = rows.to_string()
        ),
        Dual::Purge { revisions, .. } => {
            let list = if revisions.is_empty() {
                tr!("tui-proposal-purge-all")
            } else {
                let list: Vec<String> = revisions
                    .iter()
                    .map(|n| tr!("tui-label-revision-n", n = n.to_string()))
                    .collect();
                list.join(" ")
            };
            tr!("tui-proposal-purge", item = number, revisions = list)
        }
    }
}

impl Component<Seat> for People {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::People, Context::List]
    }

    fn flag(&self, _: Flag) -> bool {
        false
    }

    fn commands(&self) -> Vec<Command> {
        let open = self.proposal().is_some();
        vec![
            Command::hint(Action::ConfirmProposal).when(open),
            Command::hint(Action::DeclineProposal).when(open),
            Command::hint(Action::ChangePerson),
            Command::quiet(Action::Refresh),
        ]
    }

    fn shown(&mut self, cx: &mut Cx<'_, Seat>) {
        self.reload(cx);
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(action @ (Action::ConfirmProposal | Action::DeclineProposal)) => {
                self.answer(*action, cx);
            }
            Event::Action(Action::Refresh) => self.reload(cx),
            Event::Action(
                Action::ToggleMark
                | Action::MarkAll
                | Action::Search
                | Action::Filter
                | Action::SortBy,
            ) => {}
            Event::Action(action) if self.table.handle(*action) => {
                if self.table.wanted().is_some() {
                    self.fill(cx);
                }
            }
            Event::Mouse(mouse) if mouse.kind.is_down() => {
                self.table.click(mouse.column, mouse.row);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        let body = kit::head(area, buf, env, &self.house, Some(Place::People), "");
        if let Some(said) = &self.error {
            kit::failed(body, buf, env, said);
            return;
        }
        self.table.render(body, buf, env, true);
    }
}
