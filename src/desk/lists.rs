//! The lists the board keeps: words, names, sources; imported by two people.

use super::{Desk, Result};
use crate::rules::act::{Act, BodyRole, Dual, ListKind, Propose};
use crate::rules::refusal::refuse;
use crate::rules::role::Right;
use crate::store::Receipt;
use crate::store::query::said::{self, KeptList};

/// Longest list, in bytes: a hundred thousand names are fewer.
pub const MAX_LIST: usize = 8 << 20;

impl Desk {
    /// Proposes rows in place of the list in force. A second person confirms it with
    /// [`Desk::confirm`]; until then the old one stays in force.
    pub fn propose_list(&mut self, list: ListKind, csv: &str, rows: u32) -> Result<Receipt> {
        if csv.trim().is_empty() || csv.len() > MAX_LIST {
            return Err(refuse("list.empty", &[]).into());
        }
        let body = self.fresh(BodyRole::List, csv.as_bytes().to_vec(), None)?;
        let act = Act::Propose(Propose {
            act: Dual::ListSet { list, rows },
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

    /// The rows of a list, by the entry that put it in force.
    pub fn list_rows(&mut self, list: &KeptList) -> Result<Option<String>> {
        self.must_keep_lists()?;
        self.text_if_there(&list.body)
    }

    /// Names and words of the board are for those who keep them; screening shows the rest of the
    /// people what concerns their own texts.
    fn must_keep_lists(&mut self) -> Result<()> {
        let (now, org) = (self.moment()?, self.org()?);
        let may = [Right::KeepLists, Right::ReadJournal]
            .into_iter()
            .any(|right| org.has_right_somewhere(&self.person, right, now));
        if may {
            Ok(())
        } else {
            let login = org
                .persons
                .get(&self.person)
                .map_or_else(|| self.person.clone(), |p| p.login.clone());
            Err(refuse("right.missing", &[("person", login)]).into())
        }
    }
}
