//! The lists the board keeps: words, names, sources; imported by two people.

use std::sync::Arc;

use super::screening::Screening;
use super::{Desk, DeskError, Result};
use crate::rules::act::{Act, BodyRole, Dual, ListKind, Propose};
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::screening::Screener;
use crate::screening::words::{ListError, Lists, Office, Term, parse_roster, parse_terms};
use crate::store::Receipt;
use crate::store::query::said::{self, KeptList};

/// Rows of a list, read.
enum Rows {
    Terms(Vec<Term>),
    Roster(Vec<Office>),
    Sources(Vec<String>),
}

impl Rows {
    fn read(list: ListKind, csv: &str) -> std::result::Result<Rows, Vec<ListError>> {
        match list {
            ListKind::Terms => parse_terms(csv).map(Rows::Terms),
            ListKind::Roster => parse_roster(csv).map(Rows::Roster),
            ListKind::Sources => Ok(Rows::Sources(sources(csv))),
        }
    }

    fn len(&self) -> usize {
        match self {
            Rows::Terms(rows) => rows.len(),
            Rows::Roster(rows) => rows.len(),
            Rows::Sources(rows) => rows.len(),
        }
    }
}

/// A list as text: UTF-8, or what offices still send, GB18030; none where it is neither.
pub fn decoded(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).map(Some).unwrap_or_else(|error| {
        let (text, _, bad) = encoding_rs::GB18030.decode(error.as_bytes());
        (!bad).then(|| text.into_owned())
    })
}

/// Names of media and bodies: the first cell of each line; a line that begins with `#` is a remark.
fn sources(csv: &str) -> Vec<String> {
    let mut names: Vec<String> = csv
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split(',').next().unwrap_or_default().trim())
        .map(|name| name.trim_matches('"').to_owned())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Desk {
    /// Proposes rows in place of the list in force. A second person confirms it with
    /// [`Desk::confirm`]; until then the old one stays in force. A list with a bad line is refused
    /// whole, with every bad line named.
    pub fn propose_list(&mut self, list: ListKind, csv: &str) -> Result<Receipt> {
        let rows = Rows::read(list, csv).map_err(DeskError::List)?;
        if rows.len() == 0 {
            return Err(refuse("list.empty", &[]).into());
        }
        let body = self.fresh(BodyRole::List, csv.as_bytes().to_vec(), None)?;
        let act = Act::Propose(Propose {
            act: Dual::ListSet {
                list,
                rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            },
        });
        self.act(None, &act, &[body])
    }

    /// Every list that was ever in force, newest first.
    pub fn lists(&mut self) -> Result<Vec<KeptList>> {
        self.must_keep_lists()?;
        Ok(said::lists(self.store.conn())?)
    }

    /// The rows a proposal would put in force.
    pub fn proposed_list(&mut self, proposal: u64) -> Result<Option<String>> {
        self.must_keep_lists()?;
        match said::proposed_list(self.store.conn(), proposal)? {
            Some(id) => self.text_if_there(&id),
            None => Ok(None),
        }
    }

    /// The rows of a list.
    pub fn list_rows(&mut self, list: &KeptList) -> Result<Option<String>> {
        self.must_keep_lists()?;
        self.text_if_there(&list.body)
    }

    /// Names and words of the board are for those who keep them; screening shows everybody what
    /// concerns his own texts.
    fn must_keep_lists(&mut self) -> Result<()> {
        let (now, org) = (self.moment()?, self.org()?);
        let may = [Right::KeepLists, Right::ReadJournal]
            .into_iter()
            .any(|right| org.has_right_somewhere(&self.person, right, now));
        if may {
            return Ok(());
        }
        let login = org
            .persons
            .get(&self.person)
            .map_or_else(|| self.person.clone(), |p| p.login.clone());
        Err(refuse("right.missing", &[("person", login)]).into())
    }

    /// The detectors with the board's lists in force today. Kept until a list or the day changes.
    pub fn screening(&mut self) -> Result<Arc<Screening>> {
        let on = super::release::day(self.moment()?);
        let mut kept = Vec::new();
        for kind in ListKind::ALL {
            kept.extend(said::list_in_force(self.store.conn(), *kind)?);
        }
        let seqs: Vec<u64> = kept.iter().map(|list| list.seq).collect();
        if let Some(screening) = &self.screening
            && screening.lists_by == seqs
            && screening.on == on
        {
            return Ok(Arc::clone(screening));
        }
        let (mut terms, mut roster, mut sources) = (Vec::new(), Vec::new(), None);
        for list in &kept {
            let csv = self.text(&list.body)?;
            match Rows::read(list.kind, &csv).map_err(DeskError::List)? {
                Rows::Terms(rows) => terms = rows,
                Rows::Roster(rows) => roster = rows,
                Rows::Sources(rows) => sources = Some(rows),
            }
        }
        let screening = Arc::new(Screening {
            lists_by: seqs,
            screener: Screener::new(Lists::new(terms, roster), on),
            sources,
            on,
        });
        self.screening = Some(Arc::clone(&screening));
        Ok(screening)
    }
}
