//! Registering, proposing, revoking. The rules answer; two people decide what takes two.

use std::path::PathBuf;

use crate::desk::people::NewPerson;
use crate::desk::{Desk, DeskError};
use crate::journal::PublicKey;
use crate::locale;
use crate::rules::org::Org;
use crate::rules::role::{Affiliation, Role};
use crate::store::StoreError;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{
    Dialog, Maker, Notice, PathPrompt, Report, Wanted, act, choices, chosen, instant_of,
};
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::{ChoiceList, Confirm, Field, FormField, Paragraph};

use super::{People, about, day, scope};

/// One year, µs: what a role is given for unless a contract ends before.
const YEAR: i64 = 365 * 24 * 3_600 * 1_000_000;

/// The last minute of a day, or an instant, as typed.
fn until(text: &str) -> Option<i64> {
    instant_of(text).or_else(|| instant_of(&format!("{text}T23:59")))
}

/// The first minute of a day, or an instant, as typed.
fn from(text: &str) -> Option<i64> {
    instant_of(text).or_else(|| instant_of(&format!("{text}T00:00")))
}

impl People {
    /// The selected person or proposal in full.
    pub(super) fn open(&self, cx: &mut Cx<'_, Seat>) {
        if let Some(p) = self.proposal() {
            if p.list {
                super::lists::show(p.seq, cx);
            } else {
                self.answer(Action::ConfirmProposal, cx);
            }
            return;
        }
        let Some(p) = self.person() else { return };
        let (view, words, now) = (p.clone(), self.loaded.words.clone(), cx.env().now_us);
        let title = format!("{}  {}", p.person.login, p.name);
        let copy = p.person.login.clone();
        cx.push(Report::new(title, copy, move |styles| {
            about(&view, &words, now, styles)
                .into_iter()
                .map(|(text, style)| Paragraph::new(text, style))
                .collect()
        }));
    }

    pub(super) fn add_person(&self, cx: &mut Cx<'_, Seat>) {
        let words = self.loaded.words.clone();
        let (ids, names): (Vec<String>, Vec<String>) = words.bureaus.iter().cloned().unzip();
        let fields = vec![
            FormField::text(Field::new(tr!("tui-column-login")).required()),
            FormField::text(Field::new(tr!("tui-column-person")).required()),
            chosen(
                tr!("tui-column-affiliation"),
                Affiliation::ALL
                    .iter()
                    .map(|a| locale::word("affiliation", a.code()))
                    .collect(),
                0,
            ),
            chosen(tr!("tui-people-bureau"), names, 0),
            FormField::text(Field::new(tr!("tui-people-contract-until"))),
        ];
        let make: Maker = Box::new(move |form| {
            let end = form.text(4).unwrap_or_default();
            let contract_until = if end.is_empty() {
                None
            } else {
                let at = until(&end);
                Some(at.ok_or_else(|| (4, locale::by_id("error-time", &[("about", end)])))?)
            };
            let new = NewPerson {
                login: form.text(0).unwrap_or_default(),
                name: form.text(1).unwrap_or_default(),
                affiliation: form
                    .chosen(2)
                    .and_then(|n| Affiliation::ALL.get(n).copied())
                    .unwrap_or(Affiliation::Office),
                bureau: form
                    .chosen(3)
                    .and_then(|n| ids.get(n).cloned())
                    .unwrap_or_default(),
                contract_until,
            };
            Ok(Box::new(move |d: &mut Desk| d.person_add(&new).map(drop)))
        });
        let reply = cx.reply(|me: &mut Self, (), cx| me.done(Action::AddPerson, cx));
        let (title, text) = (Action::AddPerson.describe(), tr!("tui-people-ask-add"));
        cx.push(Dialog::new(title, text, fields, make, reply));
    }

    pub(super) fn propose_grant(&self, cx: &mut Cx<'_, Seat>) {
        let Some(p) = self.person() else {
            cx.push(Notice::text(
                Action::ProposeGrant.describe(),
                tr!("tui-people-choose"),
            ));
            return;
        };
        let (login, words) = (p.person.login.clone(), self.loaded.words.clone());
        // Only what may be held at all by such a person is worth offering.
        let open: Vec<Role> = Role::ALL
            .iter()
            .copied()
            .filter(|r| r.open_to(p.person.affiliation))
            .collect();
        let mut scopes = vec![(Org::ROOT.to_owned(), tr!("tui-scope-all"))];
        scopes.extend(words.sites.iter().cloned());
        scopes.extend(
            words
                .columns
                .iter()
                .map(|c| (c.0.clone(), words.place(&c.0))),
        );
        let (ids, names): (Vec<String>, Vec<String>) = scopes.into_iter().unzip();
        let now = cx.env().now_us;
        let end = p
            .person
            .contract_until
            .map_or(now + YEAR, |end| end.min(now + YEAR));
        let fields = vec![
            chosen(
                tr!("tui-people-role"),
                open.iter()
                    .map(|r| locale::word("role", r.code()))
                    .collect(),
                0,
            ),
            chosen(tr!("tui-people-scope"), names, 0),
            FormField::text(Field::new(tr!("tui-people-from"))),
            FormField::text(
                Field::new(tr!("tui-people-until"))
                    .required()
                    .with(&locale::instant(end)),
            ),
        ];
        let text = tr!(
            "tui-people-ask-grant",
            login = login.as_str(),
            name = p.name.as_str()
        );
        let make: Maker = Box::new(move |form| {
            let wrong =
                |at: usize, text: String| (at, locale::by_id("error-time", &[("about", text)]));
            let (begin, end) = (
                form.text(2).unwrap_or_default(),
                form.text(3).unwrap_or_default(),
            );
            let starts = if begin.is_empty() {
                None
            } else {
                Some(from(&begin).ok_or_else(|| wrong(2, begin.clone()))?)
            };
            let ends = until(&end).ok_or_else(|| wrong(3, end.clone()))?;
            let role = form
                .chosen(0)
                .and_then(|n| open.get(n).copied())
                .ok_or_else(|| (2, tr!("tui-people-no-role-open")))?;
            let scope = form
                .chosen(1)
                .and_then(|n| ids.get(n).cloned())
                .unwrap_or_else(|| Org::ROOT.to_owned());
            let login = login.clone();
            Ok(Box::new(move |d: &mut Desk| {
                let starts = starts.map_or_else(|| d.moment(), Ok)?;
                d.propose_grant(&login, role, &scope, starts, ends)
                    .map(drop)
            }))
        });
        let reply = cx.reply(|me: &mut Self, (), cx| me.done(Action::ProposeGrant, cx));
        cx.push(Dialog::new(
            Action::ProposeGrant.describe(),
            text,
            fields,
            make,
            reply,
        ));
    }

    pub(super) fn revoke_grant(&self, cx: &mut Cx<'_, Seat>) {
        let Some(p) = self.person().filter(|p| !p.grants.is_empty()) else {
            cx.push(Notice::text(
                Action::RevokeGrant.describe(),
                tr!("tui-people-no-roles"),
            ));
            return;
        };
        let words = &self.loaded.words;
        let grants: Vec<(u64, String)> = p
            .grants
            .iter()
            .map(|g| {
                let role = locale::word("role", g.role.code());
                let text = format!("{role} ({})  {}", scope(&g.scope, words), day(g.until));
                (g.id, text)
            })
            .collect();
        let name = p.name.clone();
        let labels = choices(grants.iter().map(|g| g.1.clone()));
        let reply = cx.reply(move |_: &mut Self, picked: Option<usize>, cx| {
            let Some((grant, text)) = picked.and_then(|n| grants.get(n)).cloned() else {
                return;
            };
            let question = tr!("tui-people-ask-revoke", name = name, grant = text);
            let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
                if yes {
                    act(
                        cx,
                        move |d| d.grant_revoke(grant).map(drop),
                        |me: &mut Self, (), cx| me.done(Action::RevokeGrant, cx),
                    );
                }
            });
            cx.push(Confirm::new(
                Action::RevokeGrant.describe(),
                question,
                reply,
            ));
        });
        cx.push(ChoiceList::new(
            Action::RevokeGrant.describe(),
            labels,
            0,
            reply,
        ));
    }

    /// The public half of a key the person made for himself with `key new`.
    pub(super) fn propose_key(&self, cx: &mut Cx<'_, Seat>) {
        let Some(p) = self.person() else {
            cx.push(Notice::text(
                Action::ProposeKey.describe(),
                tr!("tui-people-choose"),
            ));
            return;
        };
        let login = p.person.login.clone();
        let text = tr!("tui-people-ask-key", login = login.as_str());
        let reply = cx.reply(move |_: &mut Self, path: Option<PathBuf>, cx| {
            let Some(path) = path else { return };
            act(
                cx,
                move |d| {
                    let io = |source| StoreError::Io {
                        path: path.clone(),
                        source,
                    };
                    // A public key is one short line; nothing longer is read.
                    if std::fs::metadata(&path).map_err(io)?.len() > 4_096 {
                        return Err(DeskError::Usage {
                            key: "tui-people-not-a-key",
                            about: path.display().to_string(),
                        });
                    }
                    let text = std::fs::read_to_string(&path).map_err(io)?;
                    let public = PublicKey::from_base64(d.store().suite(), text.trim())?;
                    d.propose_key(&login, &public).map(drop)
                },
                |me: &mut Self, (), cx| me.done(Action::ProposeKey, cx),
            );
        });
        cx.push(PathPrompt::new(
            Action::ProposeKey.describe(),
            text,
            Wanted::Existing,
            "",
            reply,
        ));
    }

    pub(super) fn revoke_key(&self, cx: &mut Cx<'_, Seat>) {
        let Some(p) = self.person() else { return };
        let keys: Vec<crate::journal::Hash> = p
            .keys
            .iter()
            .filter(|k| k.revoked.is_none())
            .map(|k| k.id)
            .collect();
        if keys.is_empty() {
            cx.push(Notice::text(
                Action::RevokeKey.describe(),
                tr!("tui-people-no-keys"),
            ));
            return;
        }
        let name = p.name.clone();
        let labels = choices(keys.iter().map(ToString::to_string));
        let reply = cx.reply(move |_: &mut Self, picked: Option<usize>, cx| {
            let Some(key) = picked.and_then(|n| keys.get(n)).copied() else {
                return;
            };
            let question = tr!(
                "tui-people-ask-revoke-key",
                name = name,
                key = key.to_string()
            );
            let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
                if yes {
                    act(
                        cx,
                        move |d| d.propose_key_revoke(key).map(drop),
                        |me: &mut Self, (), cx| me.done(Action::RevokeKey, cx),
                    );
                }
            });
            cx.push(Confirm::new(Action::RevokeKey.describe(), question, reply));
        });
        cx.push(ChoiceList::new(
            Action::RevokeKey.describe(),
            labels,
            0,
            reply,
        ));
    }

    pub(super) fn leave(&self, cx: &mut Cx<'_, Seat>) {
        let Some(p) = self.person() else { return };
        let login = p.person.login.clone();
        let text = tr!(
            "tui-people-ask-leave",
            name = p.name.as_str(),
            grants = p.grants.len(),
            keys = super::live_keys(p)
        );
        let reply = cx.reply(move |_: &mut Self, yes: bool, cx| {
            if yes {
                cx.ask(
                    move |seat: &mut Seat| {
                        seat.desk()
                            .and_then(|d| d.person_leave(&login).map(drop))
                            .map_err(|e| Said::of(&e))
                    },
                    |me: &mut Self, result, cx| match result {
                        Ok(()) => me.done(Action::PersonLeaves, cx),
                        Err(said) => cx.push(Notice::refused(said)),
                    },
                );
            }
        });
        cx.push(Confirm::new(Action::PersonLeaves.describe(), text, reply));
    }
}
