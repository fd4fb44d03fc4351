//! What can be registered, merged and closed. The rules answer; the forms only collect.

use crate::desk::{Desk, Note};
use crate::locale;
use crate::rules::act::{BureauAdd, ColumnAdd, SiteAdd};
use crate::rules::org::{BureauLevel, DepartmentDuty, Family, LanguageCondition, SiteLevel};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::kit::{self, Dialog, Maker, Notice, chosen};
use crate::tui::console::seat::Seat;
use crate::tui::widgets::{Field, Form, FormField};

use super::{Sites, lacks};

fn typed(label: String) -> FormField {
    FormField::text(Field::new(label).required())
}

fn free(label: String) -> FormField {
    FormField::text(Field::new(label))
}

/// The chosen one of a list of ids; entry 0 of the form's list is "none" where `none` is set.
fn id_of(form: &Form, at: usize, ids: &[String], none: bool) -> Option<String> {
    let n = form.chosen(at)?;
    let n = if none { n.checked_sub(1)? } else { n };
    ids.get(n).cloned()
}

impl Sites {
    fn dialog(
        &self,
        action: Action,
        text: String,
        fields: Vec<FormField>,
        make: Maker,
        cx: &mut Cx<'_, Seat>,
    ) {
        let reply = cx.reply(move |me: &mut Self, (), cx| {
            kit::done(cx, tr!("tui-acted", what = action.describe()));
            me.reload(cx);
        });
        cx.push(Dialog::new(action.describe(), text, fields, make, reply));
    }

    fn bureau_names(&self) -> (Vec<String>, Vec<String>) {
        self.known.bureaus.iter().cloned().unzip()
    }

    /// The site of the selected node.
    fn site_here(&self) -> Option<String> {
        let node = self.node()?;
        match (&node.column, &node.site) {
            (Some(column), _) => Some(column.site.clone()),
            (None, site) => site.as_ref().map(|s| s.id.clone()),
        }
    }

    pub(super) fn add_bureau(&self, cx: &mut Cx<'_, Seat>) {
        let (ids, names) = self.bureau_names();
        let levels: Vec<BureauLevel> = BureauLevel::ALL
            .iter()
            .copied()
            .filter(|l| !matches!(l, BureauLevel::Head | BureauLevel::Province))
            .collect();
        let at = levels
            .iter()
            .position(|l| *l == BureauLevel::Department)
            .unwrap_or(0);
        let mut duties = vec![tr!("tui-form-none")];
        duties.extend(
            DepartmentDuty::ALL
                .iter()
                .map(|d| locale::word("duty", d.code())),
        );
        let fields = vec![
            typed(tr!("tui-form-id")),
            typed(tr!("tui-form-name")),
            chosen(
                tr!("tui-form-level"),
                levels
                    .iter()
                    .map(|l| locale::word("level", l.code()))
                    .collect(),
                at,
            ),
            chosen(tr!("tui-form-superior"), names, 0),
            chosen(tr!("tui-form-duty"), duties, 0),
        ];
        let make: Maker = Box::new(move |form| {
            let add = BureauAdd {
                bureau: form.text(0).unwrap_or_default(),
                name: form.text(1).unwrap_or_default(),
                level: form
                    .chosen(2)
                    .and_then(|n| levels.get(n).copied())
                    .unwrap_or(BureauLevel::Department),
                parent: id_of(form, 3, &ids, false).unwrap_or_default(),
                duty: form
                    .chosen(4)
                    .and_then(|n| n.checked_sub(1))
                    .and_then(|n| DepartmentDuty::ALL.get(n).copied()),
            };
            Ok(Box::new(move |d: &mut Desk| d.bureau_add(add).map(drop)))
        });
        self.dialog(
            Action::AddBureau,
            tr!("tui-sites-ask-bureau"),
            fields,
            make,
            cx,
        );
    }

    pub(super) fn add_site(&self, cx: &mut Cx<'_, Seat>) {
        let (ids, names) = self.bureau_names();
        let sites: Vec<(String, String)> = self.known.words.sites.clone();
        let mut parents = vec![tr!("tui-form-none")];
        parents.extend(sites.iter().map(|s| s.1.clone()));
        let level = SiteLevel::ALL
            .iter()
            .position(|l| *l == SiteLevel::City)
            .unwrap_or(0);
        let fields = vec![
            typed(tr!("tui-form-id")),
            typed(tr!("tui-form-name")),
            chosen(
                tr!("tui-form-level"),
                SiteLevel::ALL
                    .iter()
                    .map(|l| locale::word("site-level", l.code()))
                    .collect(),
                level,
            ),
            chosen(tr!("tui-sites-owner"), names, 0),
            chosen(
                tr!("tui-form-platform"),
                parents,
                usize::from(!sites.is_empty()),
            ),
            free(tr!("tui-form-domain")),
            free(tr!("tui-form-code")),
            free(tr!("tui-form-language")),
        ];
        let platforms: Vec<String> = sites.into_iter().map(|s| s.0).collect();
        let make: Maker = Box::new(move |form| {
            let add = SiteAdd {
                site: form.text(0).unwrap_or_default(),
                name: form.text(1).unwrap_or_default(),
                level: form
                    .chosen(2)
                    .and_then(|n| SiteLevel::ALL.get(n).copied())
                    .unwrap_or(SiteLevel::City),
                bureau: id_of(form, 3, &ids, false).unwrap_or_default(),
                parent: id_of(form, 4, &platforms, true),
                domain: form.text(5).unwrap_or_default(),
                code: form.text(6).unwrap_or_default(),
                language: form
                    .text(7)
                    .map(|l| l.trim().to_owned())
                    .filter(|l| !l.is_empty()),
            };
            Ok(Box::new(move |d: &mut Desk| d.site_add(add).map(drop)))
        });
        self.dialog(Action::AddSite, tr!("tui-sites-ask-site"), fields, make, cx);
    }

    /// Records what a site in a foreign language has or has no more; what it lacks stands in the text.
    pub(super) fn site_condition(&self, cx: &mut Cx<'_, Seat>) {
        let Some(node) = self.node().filter(|n| n.is_foreign()) else {
            cx.push(Notice::text(
                Action::SiteCondition.describe(),
                tr!("tui-sites-no-language"),
            ));
            return;
        };
        let (logins, mut persons): (Vec<String>, Vec<String>) =
            self.known.persons.iter().cloned().unzip();
        persons.insert(0, tr!("tui-form-none"));
        let fields = vec![
            chosen(
                tr!("tui-form-condition"),
                LanguageCondition::ALL
                    .iter()
                    .map(|c| locale::word("language-condition", c.code()))
                    .collect(),
                0,
            ),
            chosen(tr!("tui-form-reviewer"), persons, 0),
            chosen(
                tr!("tui-form-met"),
                vec![tr!("tui-form-met-now"), tr!("tui-form-met-lost")],
                0,
            ),
            typed(tr!("tui-form-evidence")),
        ];
        let site = node.id.clone();
        let make: Maker = Box::new(move |form| {
            let condition = form
                .chosen(0)
                .and_then(|n| LanguageCondition::ALL.get(n).copied())
                .unwrap_or(LanguageCondition::Team);
            // A name beside another condition than the reviewer says nothing.
            let person =
                id_of(form, 1, &logins, true).filter(|_| condition == LanguageCondition::Reviewer);
            let met = form.chosen(2) != Some(1);
            let note = Note::of(&form.text(3).unwrap_or_default());
            let site = site.clone();
            Ok(Box::new(move |d: &mut Desk| {
                d.site_condition(&site, condition, person.as_deref(), met, &note)
                    .map(drop)
            }))
        });
        let text = match lacks(node) {
            Some(lacks) => tr!("tui-sites-lacks", lacks = lacks),
            None => tr!("tui-sites-lacks-nothing"),
        };
        self.dialog(Action::SiteCondition, text, fields, make, cx);
    }

    pub(super) fn add_column(&self, cx: &mut Cx<'_, Seat>) {
        let Some(site) = self.site_here() else {
            cx.push(Notice::text(
                Action::AddColumn.describe(),
                tr!("tui-sites-choose-site"),
            ));
            return;
        };
        let parent = self
            .node()
            .and_then(|n| n.column.as_ref().filter(|_| !n.ended()))
            .map(|c| c.id.clone());
        let (ids, names) = self.bureau_names();
        let (logins, mut persons): (Vec<String>, Vec<String>) =
            self.known.persons.iter().cloned().unzip();
        persons.insert(0, tr!("tui-form-none"));
        // The owner of where one stands is the likely one.
        let likely = self
            .node()
            .and_then(super::owner)
            .and_then(|o| ids.iter().position(|id| id == o))
            .unwrap_or(0);
        let fields = vec![
            typed(tr!("tui-form-id")),
            typed(tr!("tui-form-name")),
            chosen(
                tr!("tui-form-family"),
                Family::ALL
                    .iter()
                    .map(|f| locale::word("family", f.code()))
                    .collect(),
                0,
            ),
            chosen(tr!("tui-sites-owner"), names, likely),
            free(tr!("tui-form-slug")),
            chosen(tr!("tui-sites-person"), persons.clone(), 0),
            chosen(tr!("tui-sites-backup"), persons, 0),
            free(tr!("tui-form-waiver")),
        ];
        let text = match &parent {
            Some(parent) => tr!(
                "tui-sites-ask-column-below",
                parent = self.known.words.column(parent)
            ),
            None => tr!("tui-sites-ask-column", site = self.known.words.site(&site)),
        };
        let make: Maker = Box::new(move |form| {
            let id = form.text(0).unwrap_or_default();
            let slug = form
                .text(4)
                .filter(|s| !s.is_empty())
                .unwrap_or_else(|| id.clone());
            let waiver = Note::of(&form.text(7).unwrap_or_default());
            let person = id_of(form, 5, &logins, true);
            let backup = id_of(form, 6, &logins, true);
            let mut add = ColumnAdd {
                column: id,
                site: site.clone(),
                parent: parent.clone(),
                name: form.text(1).unwrap_or_default(),
                slug,
                family: form
                    .chosen(2)
                    .and_then(|n| Family::ALL.get(n).copied())
                    .unwrap_or(Family::Disclosure),
                owner: id_of(form, 3, &ids, false).unwrap_or_default(),
                person: None,
                backup: None,
                owner_waived: waiver.0.is_some(),
            };
            Ok(Box::new(move |d: &mut Desk| {
                add.person = person.map(|p| d.person_id(&p)).transpose()?;
                add.backup = backup.map(|p| d.person_id(&p)).transpose()?;
                d.column_add(add, &waiver).map(drop)
            }))
        });
        self.dialog(Action::AddColumn, text, fields, make, cx);
    }

    /// Merges or closes the selected column; all its items get another home.
    pub(super) fn end_column(&self, action: Action, cx: &mut Cx<'_, Seat>) {
        let Some(column) = self.node().and_then(|n| n.column.clone()) else {
            cx.push(Notice::text(
                action.describe(),
                tr!("tui-sites-choose-column"),
            ));
            return;
        };
        let others: Vec<(String, String)> = self
            .nodes
            .iter()
            .filter_map(|n| n.column.as_ref().filter(|_| !n.ended()))
            .filter(|c| c.site == column.site && c.id != column.id)
            .map(|c| (c.id.clone(), c.name.clone()))
            .collect();
        if others.is_empty() {
            cx.push(Notice::text(action.describe(), tr!("tui-sites-no-other")));
            return;
        }
        let items: u64 = self
            .node()
            .map_or(0, |n| n.counts.iter().map(|(_, n)| n).sum());
        let (ids, names): (Vec<String>, Vec<String>) = others.into_iter().unzip();
        let fields = vec![
            chosen(tr!("tui-form-into"), names, 0),
            typed(tr!("tui-dialog-reason")),
        ];
        let text = if action == Action::MergeColumn {
            tr!(
                "tui-sites-ask-merge",
                name = column.name.as_str(),
                count = items
            )
        } else {
            tr!(
                "tui-sites-ask-close",
                name = column.name.as_str(),
                count = items
            )
        };
        let make: Maker = Box::new(move |form| {
            let into = id_of(form, 0, &ids, false).unwrap_or_default();
            let reason = Note::of(&form.text(1).unwrap_or_default());
            let id = column.id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                if action == Action::MergeColumn {
                    d.column_merge(&id, &into, &reason).map(drop)
                } else {
                    d.column_close(&id, &into, &reason).map(drop)
                }
            }))
        });
        self.dialog(action, text, fields, make, cx);
    }
}
