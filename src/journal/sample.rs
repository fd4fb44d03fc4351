//! A small journal for tests, the same in every run: both signature schemes are deterministic.

// Particulars are given as `json!` literals, which read best by value.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

use std::collections::HashMap;

use serde_json::json;

use super::chain::{EffectHasher, Value, chain_next, chain_start, leaf_data, void_effect};
use super::entry::{BodyRef, Entry, Seen, args, body_id, entry_id, signing_message};
use super::export::Line;
use super::fault::Fault;
use super::hash::{Hash, JournalId, Suite};
use super::merkle::Frontier;
use super::note::Checkpoint;
use super::sign::{Signer, SoftKey};
use super::verify::{Head, Row, Verifier};

/// A row that owns its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub seq: u64,
    pub recorded_at: i64,
    pub entry: Vec<u8>,
    pub sig: Vec<u8>,
    pub chain: Hash,
    pub eff: Hash,
    pub verdict: Option<String>,
}

impl Kept {
    pub fn row(&self) -> Row<'_> {
        Row {
            seq: self.seq,
            recorded_at: self.recorded_at,
            entry: &self.entry,
            sig: &self.sig,
            chain: self.chain,
            eff: self.eff,
            verdict: self.verdict.as_deref(),
        }
    }
}

pub struct Sample {
    pub suite: Suite,
    pub journal: JournalId,
    pub rows: Vec<Kept>,
    pub frontier: Frontier,
    pub bodies: Vec<(Hash, [u8; 32], Vec<u8>)>,
    keys: HashMap<&'static str, (SoftKey, u64, Hash)>,
}

/// 2026-09-21T14:13:20Z
const START: i64 = 1_790_000_000_000_000;

impl Sample {
    pub fn new(suite: Suite) -> Self {
        Self {
            suite,
            journal: JournalId::from(*b"qianfa-sample-01"),
            rows: Vec::new(),
            frontier: Frontier::new(suite),
            bodies: Vec::new(),
            keys: HashMap::new(),
        }
    }

    pub fn key(&mut self, name: &'static str) -> &SoftKey {
        let suite = self.suite;
        &self
            .keys
            .entry(name)
            .or_insert_with(|| {
                let mut secret = [0; 32];
                secret[..name.len()].copy_from_slice(name.as_bytes());
                (SoftKey::from_secret(suite, &secret).unwrap(), 0, Hash::ZERO)
            })
            .0
    }

    pub fn key_text(&mut self, name: &'static str) -> String {
        self.key(name).public().to_base64()
    }

    pub fn head_chain(&self) -> Hash {
        self.rows
            .last()
            .map_or_else(|| chain_start(self.suite, self.journal), |row| row.chain)
    }

    /// The entry `actor` would sign next with the key `key`.
    pub fn draft(
        &mut self,
        key: &'static str,
        actor: &str,
        kind: &str,
        particulars: serde_json::Value,
    ) -> Entry {
        self.key(key);
        let (signer, dseq, last) = &self.keys[key];
        Entry {
            v: 1,
            suite: self.suite,
            journal: self.journal,
            rules: 1,
            actor: actor.into(),
            key: signer.public().id(),
            dseq: dseq + 1,
            dprev: *last,
            seen: Seen {
                seq: self.rows.len() as u64,
                chain: self.head_chain(),
            },
            at: START + self.rows.len() as i64 * 1_000_000 - 250_000,
            kind: kind.into(),
            item: None,
            base: None,
            bodies: Vec::new(),
            args: args(&particulars).unwrap(),
        }
    }

    /// Signs and appends; an inauthentic verdict leaves the key's counter alone.
    pub fn append(&mut self, key: &'static str, entry: &Entry, verdict: Option<&str>) -> &mut Self {
        let bytes = entry.encode();
        let message = signing_message(entry_id(self.suite, &bytes));
        let sig = self.key(key).sign(&message);
        self.append_raw(bytes, sig, verdict);
        if !verdict.is_some_and(|rule| rule.starts_with("entry.")) {
            let id = entry_id(self.suite, &self.rows.last().unwrap().entry);
            let state = self.keys.get_mut(key).unwrap();
            (state.1, state.2) = (entry.dseq, id);
        }
        self
    }

    pub fn append_raw(&mut self, entry: Vec<u8>, sig: Vec<u8>, verdict: Option<&str>) {
        let seq = self.rows.len() as u64 + 1;
        let recorded_at = START + seq as i64 * 1_000_000;
        let leaf = leaf_data(
            self.suite,
            seq,
            recorded_at,
            entry_id(self.suite, &entry),
            &sig,
        );
        let before = self.rows.last().map_or(Hash::ZERO, |row| row.eff);
        let eff = if let Some(rule) = verdict {
            void_effect(self.suite, before, rule)
        } else {
            let mut effect = EffectHasher::new(self.suite, before);
            effect.put("log", &[("seq", Value::Int(seq as i64))]);
            effect.finish()
        };
        let chain = chain_next(self.suite, self.head_chain(), &leaf);
        self.frontier.push(&leaf);
        let verdict = verdict.map(str::to_owned);
        self.rows.push(Kept {
            seq,
            recorded_at,
            entry,
            sig,
            chain,
            eff,
            verdict,
        });
    }

    pub fn act(
        &mut self,
        who: &'static str,
        kind: &str,
        particulars: serde_json::Value,
    ) -> &mut Self {
        let entry = self.draft(who, who, kind, particulars);
        self.append(who, &entry, None)
    }

    /// Founding by two officers.
    pub fn found(&mut self) -> &mut Self {
        let (p1, p2) = (self.key_text("p1"), self.key_text("p2"));
        let suite = self.suite.name();
        self.act(
            "p1",
            "found",
            json!({
                "suite": suite,
                "province": "demo",
                "officers": [
                    {"person": "p1", "login": "chen", "role": "administrator", "key": p1},
                    {"person": "p2", "login": "li", "role": "administrator", "key": p2},
                ],
            }),
        )
    }

    /// Two officers, an editor enrolled and later revoked, an item with a body, and two void
    /// entries: one authentic, one not.
    pub fn full(suite: Suite) -> Self {
        let mut sample = Self::new(suite);
        sample.found();
        let p5 = sample.key_text("p5");
        sample
            .act(
                "p1",
                "propose",
                json!({"act": {"do": "key.enrol", "person": "p5", "key": p5}}),
            )
            .act("p2", "confirm", json!({"proposal": 2}));

        let text = "关于调整办税服务厅工作时间的通告".as_bytes();
        let salt = [0x5a; 32];
        let mut entry = sample.draft("p5", "p5", "item.new", json!({"column": "c1"}));
        entry.item = Some("i1".into());
        let id = body_id(suite, &salt, text);
        entry.bodies = vec![BodyRef {
            id,
            len: text.len() as u64,
            role: "text".into(),
        }];
        sample.append("p5", &entry, None);
        sample.bodies.push((id, salt, text.to_vec()));

        let mut entry = sample.draft("p5", "p5", "item.sign-off", json!({}));
        entry.item = Some("i1".into());
        entry.base = Some(4);
        sample.append("p5", &entry, Some("duty.self"));

        // Somebody without an enrolled key.
        let entry = sample.draft("stranger", "p5", "item.publish", json!({}));
        sample.append("stranger", &entry, Some("entry.key"));
        sample.append_raw(b"{}".to_vec(), vec![0; 64], Some("entry.form"));

        let id = sample.key("p5").public().id();
        sample
            .act("p5", "item.submit", json!({"note": "\u{1}\"\\ 汉字"}))
            .act(
                "p2",
                "propose",
                json!({"act": {"do": "person.grant", "person": "p5"}}),
            )
            .act(
                "p2",
                "propose",
                json!({"act": {"do": "key.revoke", "key": id}}),
            )
            .act("p1", "confirm", json!({"proposal": 10}))
            .act("p2", "site.add", json!({}));
        sample
    }

    pub fn checkpoint(&self) -> Checkpoint {
        let last = self.rows.last().unwrap();
        Checkpoint {
            origin: "demo.qianfa/journal".into(),
            journal: self.journal,
            suite: self.suite,
            seq: last.seq,
            chain: last.chain,
            eff: last.eff,
            root: self.frontier.root(),
            at: last.recorded_at + 1,
        }
    }

    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.suite, self.journal)
    }

    /// Verifies `rows` as if they were this journal's.
    pub fn verify(&self, rows: &[Kept]) -> Result<Head, Fault> {
        let mut verifier = self.verifier();
        for row in rows {
            verifier.push(&row.row())?;
        }
        verifier.finish()
    }

    pub fn export(&mut self) -> Vec<String> {
        let note = self
            .checkpoint()
            .sign("demo.qianfa", self.key("p1"))
            .unwrap();
        let mut lines = vec![Line::header(self.journal, self.suite).encode()];
        lines.extend(
            self.rows
                .iter()
                .map(|row| Line::entry(&row.row()).unwrap().encode()),
        );
        lines.extend(
            self.bodies
                .iter()
                .map(|(id, salt, text)| Line::body(*id, *salt, text).encode()),
        );
        lines.push(Line::checkpoint(&note).encode());
        lines
    }
}
