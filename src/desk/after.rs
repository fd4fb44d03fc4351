//! Life after publication: what belongs to a policy, whether it still holds, copies on other sites,
//! what must be looked at again, emergencies, versions for other channels.

use super::draft::Created;
use super::review::Seen;
use super::{Content, Desk, DeskError, Note, Result, new_id};
use crate::journal::Hash;
use crate::rules::act::{
    Act, Emergency, FlagCause, FlagOutcome, Origin, Posted, Relate, Relation, Revise, SetValidity,
    SettleFlag, Share, Validity, ViewMode, WithdrawGround,
};
use crate::rules::refusal::refuse;
use crate::store::query::after::{self, End};
use crate::store::query::items::{self, Line};
use crate::store::{Receipt, bodies};

/// Something that belongs to an item, or that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Id of the other item.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its title as this person may see it; empty where he may not.
    pub title: String,
    /// How they belong together.
    pub relation: Relation,
    /// The other one is the policy (or the source).
    pub upward: bool,
    /// The public can see it.
    pub live: bool,
}

/// Number of a copy, and what became of the act on it.
pub type CopyOutcome = (String, Result<Receipt>);

/// A copy on another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyView {
    /// Id of the copy.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The site it arrived on.
    pub site: String,
    /// Where it is in its life.
    pub state: String,
    /// It was made from what is live at the source now.
    pub current: bool,
    /// Flags on it that nobody has settled.
    pub open_flags: u32,
}

/// What must be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagView {
    /// The item.
    pub item: String,
    /// Its number.
    pub number: String,
    /// Title of the item.
    pub title: String,
    /// Seq of the entry that raised it, which names it on its item.
    pub flag: u64,
    /// Why.
    pub cause: FlagCause,
    /// Number of the item that gave cause.
    pub about: String,
    /// Since when, µs.
    pub at: i64,
    /// Who settled it, and what came of it.
    pub settled: Option<(String, FlagOutcome)>,
}

/// Whether a policy still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidityView {
    /// What it is.
    pub validity: Validity,
    /// Since when, µs.
    pub since: Option<i64>,
    /// The ground; none where it was destroyed.
    pub ground: Option<String>,
}

impl Desk {
    /// Says that `other` belongs to `item` (A6.3). Their pages name each other while both are live.
    pub fn relate(&mut self, item: &str, other: &str, relation: Relation) -> Result<Receipt> {
        let relate = self.pair(item, other, relation)?;
        self.act(None, &Act::ItemRelate(relate), &[])
    }

    /// Says that it does not any more.
    pub fn unrelate(&mut self, item: &str, other: &str, relation: Relation) -> Result<Receipt> {
        let relate = self.pair(item, other, relation)?;
        self.act(None, &Act::ItemUnrelate(relate), &[])
    }

    fn pair(&mut self, item: &str, other: &str, relation: Relation) -> Result<Relate> {
        Ok(Relate {
            item: self.find(item)?.facts.id,
            other: self.find(other)?.facts.id,
            relation,
        })
    }

    /// What belongs to an item and what it belongs to, policies first.
    pub fn related(&mut self, item: &str) -> Result<Vec<Related>> {
        let row = self.find(item)?;
        after::relations(self.store.conn(), row.n)?
            .into_iter()
            .map(|end| {
                let line = self.line_of(&end.id)?;
                let (number, title) = line.map(|l| (l.number, l.title)).unwrap_or_default();
                Ok(Related {
                    id: end.id,
                    number,
                    title,
                    relation: end.relation,
                    upward: end.upward,
                    live: end.live,
                })
            })
            .collect()
    }

    /// An item's line, none where the person may not see it.
    fn line_of(&mut self, id: &str) -> Result<Option<Line>> {
        let sight = self.sight()?;
        Ok(items::one(self.store.conn(), id, &sight)?)
    }

    /// Marks whether a live policy still holds. What explains it is flagged.
    pub fn set_validity(
        &mut self,
        item: &str,
        validity: Validity,
        since: Option<i64>,
        ground: &Note,
    ) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(ground)?;
        let act = Act::ItemValidity(SetValidity {
            item: row.facts.id,
            validity,
            since,
        });
        self.act(None, &act, &bodies)
    }

    /// Whether a policy still holds; none where nobody has said.
    pub fn validity(&mut self, item: &str) -> Result<Option<ValidityView>> {
        let row = self.find(item)?;
        self.validity_of(row.n)
    }

    /// The same by row number, for pages.
    pub fn validity_of(&self, item: i64) -> Result<Option<ValidityView>> {
        after::validity(self.store.conn(), item)?
            .map(|(validity, since, note)| {
                Ok(ValidityView {
                    validity,
                    since,
                    ground: self.text_if_there(&note)?,
                })
            })
            .transpose()
    }

    /// Live items on pages that belong together with one, by row number.
    pub fn live_related(&self, item: i64) -> Result<Vec<End>> {
        let mut list = after::relations(self.store.conn(), item)?;
        list.retain(|end| end.live && end.relation != Relation::Outlet);
        Ok(list)
    }

    /// Offers a live item to columns of other sites: it arrives there pending, under the route of
    /// each. Times and embargo are not inherited. One outcome per column.
    pub fn share(
        &mut self,
        item: &str,
        columns: &[String],
    ) -> Result<Vec<(String, Result<Created>)>> {
        let row = self.find(item)?;
        let (Some(fingerprint), Some(revision)) = (row.facts.live, row.live_revision) else {
            return Err(refuse("share.live", &[]).into());
        };
        let revision = self.revision_of(&row, revision)?;
        let content = self.content_of(&revision)?;
        Ok(columns
            .iter()
            .map(|column| {
                let made = self.share_one(&row.facts.id, fingerprint, &content, column);
                (column.clone(), made)
            })
            .collect())
    }

    fn share_one(
        &mut self,
        from: &str,
        fingerprint: Hash,
        content: &Content,
        column: &str,
    ) -> Result<Created> {
        let mut copy = content.clone();
        copy.shape.columns = vec![column.to_owned()];
        copy.shape.go_live = None;
        copy.shape.embargo = None;
        copy.shape.origin = Origin::Reprint;
        // A reprint says where it comes from (A11.4): the site it was shared from, and its page there.
        let org = self.org()?;
        let home = content
            .shape
            .columns
            .first()
            .and_then(|c| org.columns.get(c));
        if let Some((home, site)) = home.and_then(|c| Some((c, org.sites.get(&c.site)?))) {
            if copy.fields.source.is_empty() {
                copy.fields.source.clone_from(&site.name);
            }
            if copy.fields.source_url.is_empty() {
                let number = self.number_of(from)?;
                copy.fields.source_url =
                    format!("https://{}/{}/{number}.html", site.domain, home.slug);
            }
        }
        // A copy has texts of its own: either can be destroyed without the other.
        for attachment in &mut copy.attachments {
            if let (None, Some(id)) = (&attachment.bytes, attachment.id.take()) {
                attachment.bytes = Some(bodies::load(self.store.conn(), self.store.suite(), &id)?);
            }
        }
        copy.tidy()?;
        let id = new_id("i");
        let bodies = self.bodies_of(&copy, None)?;
        let act = Act::ItemShare(Share {
            from: from.to_owned(),
            fingerprint,
            shape: copy.shape.clone(),
        });
        let receipt = self.act(Some((&id, None)), &act, &bodies)?;
        let number = self.number_of(&id)?;
        Ok(Created {
            id,
            number,
            seq: receipt.seq,
            originals: Vec::new(),
        })
    }

    pub(super) fn number_of(&self, id: &str) -> Result<String> {
        Ok(self
            .store
            .conn()
            .query_row("SELECT number FROM items WHERE id = ?1", [id], |r| r.get(0))?)
    }

    /// Copies of an item on other sites.
    pub fn copies(&mut self, item: &str) -> Result<Vec<CopyView>> {
        let row = self.find(item)?;
        Ok(after::copies(self.store.conn(), row.n)?
            .into_iter()
            .map(|copy| CopyView {
                current: Some(copy.fingerprint) == row.facts.live,
                id: copy.id,
                number: copy.number,
                site: copy.site,
                state: copy.state,
                open_flags: copy.open_flags,
            })
            .collect())
    }

    /// Number of the item this one was copied from.
    pub fn source_of(&mut self, item: &str) -> Result<Option<String>> {
        let row = self.find(item)?;
        Ok(after::source_of(self.store.conn(), row.n)?)
    }

    /// Takes an item down and every copy of it that this person may take down; the rest stay
    /// flagged. One outcome per copy.
    pub fn withdraw_everywhere(
        &mut self,
        item: &str,
        ground: WithdrawGround,
        reason: &Note,
    ) -> Result<(Receipt, Vec<CopyOutcome>)> {
        let receipt = self.withdraw(item, ground, reason)?;
        let copies = self.copies(item)?;
        let outcomes = copies
            .into_iter()
            .filter(|c| matches!(c.state.as_str(), "published" | "corrected"))
            .map(|c| {
                let outcome = self.withdraw(&c.id, ground, reason);
                (c.number, outcome)
            })
            .collect();
        Ok((receipt, outcomes))
    }

    /// Flags on items this person may see: those nobody has settled, or all of one item.
    pub fn flags(&mut self, item: Option<&str>) -> Result<Vec<FlagView>> {
        let only = match item {
            Some(item) => Some(self.find(item)?.n),
            None => None,
        };
        let mut flags = Vec::new();
        for row in after::flags(self.store.conn(), only)? {
            let Some(line) = self.line_of(&row.item)? else {
                continue;
            };
            flags.push(FlagView {
                item: row.item,
                number: line.number,
                title: line.title,
                flag: row.flag,
                cause: row.cause,
                about: row.about,
                at: row.at,
                settled: row.settled,
            });
        }
        Ok(flags)
    }

    /// Says what came of looking again.
    pub fn settle_flag(
        &mut self,
        item: &str,
        flag: u64,
        outcome: FlagOutcome,
        reason: &Note,
    ) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(reason)?;
        let act = Act::ItemFlagSettle(SettleFlag {
            item: row.facts.id,
            flag,
            outcome,
        });
        self.act(None, &act, &bodies)
    }

    /// Lets an item go out ahead of its reviews (A7.1): the confidentiality review and another
    /// person's signature are still needed, and somebody who had no hand in it reviews afterwards.
    pub fn declare_emergency(&mut self, item: &str, seen: Seen, reason: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        let bodies = self.note_bodies(reason)?;
        let act = Act::ItemEmergency(Emergency {
            fingerprint: seen.0.unwrap_or(row.facts.fingerprint),
        });
        self.act(Some((&row.facts.id, Some(row.base))), &act, &bodies)
    }

    /// Records that a version for another channel was posted there by hand; `place` is its address
    /// or whatever else finds it again.
    pub fn posted(&mut self, item: &str, place: &Note) -> Result<Receipt> {
        let row = self.find(item)?;
        let fingerprint = row.facts.live.unwrap_or(row.facts.fingerprint);
        let bodies = self.note_bodies(place)?;
        let act = Act::ItemPosted(Posted {
            item: row.facts.id,
            fingerprint,
        });
        self.act(None, &act, &bodies)
    }

    /// Where and when a version for another channel was posted, oldest first.
    pub fn postings(&mut self, item: &str) -> Result<Vec<(i64, String, Option<String>)>> {
        let row = self.find(item)?;
        after::postings(self.store.conn(), row.n)?
            .into_iter()
            .map(|(at, person, note)| Ok((at, person, self.text_if_there(&note)?)))
            .collect()
    }

    /// Begins a version of an item for another channel: a draft of its own with the plain text of what
    /// is live, or of the working version where nothing is yet, named as belonging to it. Both or
    /// neither: whoever may not name it so is refused before a draft is there. Whoever wrote the
    /// source has a hand in the version.
    pub fn version_for(&mut self, item: &str, channel: &str) -> Result<Created> {
        let row = self.find(item)?;
        let taken = row.live_revision.unwrap_or(row.facts.revision);
        let source = self.content(&row.facts.id, Some(taken))?;
        let mut content = Content::for_column(row.facts.home());
        content.fields.title = source.fields.title.clone();
        content.fields.summary = source.fields.summary.clone();
        content.fields.source = source.fields.source.clone();
        content.fields.provider_person = source.fields.provider_person.clone();
        content.fields.provider_reviewer = source.fields.provider_reviewer.clone();
        content.text = crate::text::without_markup(&source.text);
        content.shape = crate::rules::act::Shape {
            channels: vec![channel.to_owned()],
            go_live: None,
            embargo: None,
            ..source.shape
        };
        content.tidy()?;
        let id = new_id("i");
        let bodies = self.bodies_of(&content, None)?;
        let new = Act::ItemNew(Revise {
            shape: content.shape,
            from: 0,
            session: None,
        });
        let belongs = Act::ItemRelate(Relate {
            item: row.facts.id,
            other: id.clone(),
            relation: Relation::Outlet,
        });
        let receipt = self.acts(|tx, act_in| {
            let receipt = act_in(tx, Some((&id, None)), &new, &bodies)?;
            act_in(tx, None, &belongs, &[])?;
            Ok(receipt)
        })?;
        let number = self.number_of(&id)?;
        Ok(Created {
            id,
            number,
            seq: receipt.seq,
            originals: Vec::new(),
        })
    }
}

/// What a channel would get: the text as it is posted, and how long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// 微博 or 微信.
    pub channel: String,
    /// Title.
    pub title: String,
    /// Plain text.
    pub text: String,
    /// Characters of the title.
    pub title_chars: usize,
    /// Characters of the text.
    pub text_chars: usize,
    /// The first attached image, as the cover.
    pub cover: Option<(String, Vec<u8>)>,
}

impl Desk {
    /// The live version for another channel, to be posted by hand. Recorded as an export.
    pub fn outgoing(&mut self, item: &str) -> Result<Outgoing> {
        let row = self.find(item)?;
        let (Some(revision), Some(channel)) = (
            row.live_revision,
            row.facts.shape.channels.iter().find(|c| *c != "web"),
        ) else {
            return Err(DeskError::Refused(refuse("posted.channel", &[])));
        };
        let revision = self.revision_of(&row, revision)?;
        let content = self.content_of(&revision)?;
        self.preview(item, ViewMode::Export)?;
        let image = content.attachments.iter().find(|a| {
            let name = a.name.to_ascii_lowercase();
            [".png", ".jpg", ".jpeg", ".gif", ".webp"]
                .iter()
                .any(|end| name.ends_with(end))
        });
        let cover = match image.and_then(|a| a.id.map(|id| (a.name.clone(), id))) {
            Some((name, id)) => Some((
                name,
                bodies::load(self.store.conn(), self.store.suite(), &id)?,
            )),
            None => None,
        };
        let text = crate::text::without_markup(&content.text);
        Ok(Outgoing {
            channel: channel.clone(),
            title_chars: content.fields.title.chars().count(),
            text_chars: text.chars().filter(|c| *c != '\n').count(),
            title: content.fields.title,
            text,
            cover,
        })
    }
}
