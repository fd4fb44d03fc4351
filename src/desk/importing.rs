//! Files from outside as drafts: what the command and the console both do with a manuscript.

use super::content::from_manuscript;
use super::{Content, Desk, Result};
use crate::intake::Manuscript;
use crate::rules::clearance::Disclosure;

/// What a person says about everything he imports at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportAs {
    /// Id of the column the drafts go to.
    pub column: String,
    /// 公开属性, where it is known already.
    pub disclosure: Option<Disclosure>,
    /// Bureau that provides the texts; none for the person's own.
    pub provider: Option<String>,
    /// Who looked at them where they come from (A13.1).
    pub reviewed_by: String,
}

impl Desk {
    /// The draft that a manuscript would become. Nothing is written.
    pub fn import_content(&mut self, manuscript: &Manuscript, how: &ImportAs) -> Result<Content> {
        let org = self.org()?;
        let me = org.persons.get(&self.person);
        let mut content = from_manuscript(manuscript, &how.column);
        content.shape.disclosure = how.disclosure;
        content.shape.provider = how
            .provider
            .clone()
            .or_else(|| me.map(|p| p.bureau.clone()));
        content.fields.provider_person = me.map_or_else(String::new, |p| p.login.clone());
        content
            .fields
            .provider_reviewer
            .clone_from(&how.reviewed_by);
        Ok(content)
    }
}
