//! What the queue is narrowed to: step, site, urgency, lateness; conditions add up.

use std::collections::{BTreeMap, HashMap};

use super::Queue;
use crate::locale;
use crate::rules::act::Urgency;
use crate::store::query::items::Line;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::Cx;
use crate::tui::console::seat::{Seat, Words};
use crate::tui::widgets::{Choice, ChoiceList};

/// The conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// In the words of the list.
    stage: Option<String>,
    site: Option<String>,
    urgency: Option<Urgency>,
    late: bool,
}

/// Whether the time its author wanted, or its date, has passed.
pub(super) fn is_late(line: &Line, wanted: &HashMap<String, i64>, now: i64) -> bool {
    let wanted = wanted.get(&line.id).copied();
    [wanted, line.due].into_iter().flatten().any(|at| at <= now)
}

impl Filter {
    pub(super) fn passes(
        &self,
        line: &Line,
        wanted: &HashMap<String, i64>,
        words: &Words,
        now: i64,
    ) -> bool {
        self.stage.as_ref().is_none_or(|s| *s == words.stage(line))
            && self.site.as_ref().is_none_or(|s| *s == line.site)
            && self.urgency.is_none_or(|u| u == line.urgency)
            && (!self.late || is_late(line, wanted, now))
    }

    /// In words; empty where nothing is left out.
    pub(super) fn describe(&self, words: &Words) -> String {
        let mut parts = Vec::new();
        parts.extend(self.stage.clone());
        parts.extend(self.site.as_ref().map(|s| words.site(s).to_owned()));
        parts.extend(self.urgency.map(|u| locale::word("urgency", u.code())));
        if self.late {
            parts.push(tr!("tui-queue-late"));
        }
        parts.join("  ")
    }
}

/// One line of the list of conditions.
#[derive(Debug, Clone)]
enum Pick {
    All,
    Late,
    Urgency(Urgency),
    Stage(String),
    Site(String),
}

/// Asks for a condition; one that holds already is lifted.
pub(super) fn ask(queue: &Queue, cx: &mut Cx<'_, Seat>) {
    let now = cx.env().now_us;
    let mut picks = vec![(Pick::All, tr!("tui-filter-any"), queue.all.len())];
    let late = |l: &&Line| is_late(l, &queue.wanted, now);
    picks.push((
        Pick::Late,
        tr!("tui-queue-late"),
        queue.all.iter().filter(late).count(),
    ));
    for urgency in [Urgency::Flash, Urgency::Urgent, Urgency::Normal] {
        let n = queue.all.iter().filter(|l| l.urgency == urgency).count();
        let name = locale::word("urgency", urgency.code());
        let name = format!(
            "{}{}{name}",
            locale::word("field", "urgency"),
            tr!("tui-colon")
        );
        picks.push((Pick::Urgency(urgency), name, n));
    }
    let mut stages: BTreeMap<String, usize> = BTreeMap::new();
    let mut sites: BTreeMap<String, usize> = BTreeMap::new();
    for line in &queue.all {
        *stages.entry(queue.words.stage(line)).or_default() += 1;
        *sites.entry(line.site.clone()).or_default() += 1;
    }
    for (stage, n) in stages {
        picks.push((Pick::Stage(stage.clone()), stage, n));
    }
    for (site, n) in sites {
        let name = queue.words.site(&site).to_owned();
        picks.push((Pick::Site(site), name, n));
    }
    picks.retain(|(pick, _, n)| *n > 0 || matches!(pick, Pick::All));
    let holds = |pick: &Pick| match pick {
        Pick::All => queue.filter == Filter::default(),
        Pick::Late => queue.filter.late,
        Pick::Urgency(u) => queue.filter.urgency == Some(*u),
        Pick::Stage(s) => queue.filter.stage.as_ref() == Some(s),
        Pick::Site(s) => queue.filter.site.as_ref() == Some(s),
    };
    let labels = picks
        .iter()
        .map(|(pick, name, n)| Choice {
            label: format!("{} {name}", if holds(pick) { "✓" } else { " " }),
            detail: n.to_string(),
        })
        .collect();
    let reply = cx.reply(move |me: &mut Queue, picked: Option<usize>, cx| {
        let Some((pick, ..)) = picked.and_then(|n| picks.get(n)) else {
            return;
        };
        let filter = &mut me.filter;
        match pick {
            Pick::All => *filter = Filter::default(),
            Pick::Late => filter.late = !filter.late,
            Pick::Urgency(u) => filter.urgency = toggled(filter.urgency.as_ref(), *u),
            Pick::Stage(s) => filter.stage = toggled(filter.stage.as_ref(), s.clone()),
            Pick::Site(s) => filter.site = toggled(filter.site.as_ref(), s.clone()),
        }
        me.list_again(true, cx);
    });
    cx.push(ChoiceList::new(Action::Filter.describe(), labels, 0, reply));
}

fn toggled<T: PartialEq>(now: Option<&T>, picked: T) -> Option<T> {
    if now == Some(&picked) {
        None
    } else {
        Some(picked)
    }
}
