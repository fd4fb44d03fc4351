//! The entry: the envelope every act is written in.
//!
//! The exact JSON bytes are what is signed, hashed, stored and sent. Nothing is ever encoded again
//! to be verified, so no two programs can disagree about the bytes. In return the parser is strict:
//! what two parsers could read in two ways (a key given twice, a number with a fraction, a missing
//! field) is refused.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::hash::{Hash, JournalId, Suite};
use super::strict;

/// The one version of the envelope there is.
pub const VERSION: u64 = 1;
/// Longest entry in bytes.
pub const MAX_ENTRY: usize = 64 * 1024;
/// Most bodies one entry may commit to.
pub const MAX_BODIES: usize = 4096;
/// Deepest nesting of objects and arrays; the entry itself is the first level.
pub const MAX_DEPTH: usize = 16;
/// Longest name (actor, kind, item, role) in bytes.
pub const MAX_NAME: usize = 128;

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// More than [`MAX_ENTRY`] bytes.
    #[error("longer than {MAX_ENTRY} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("not UTF-8")]
    Utf8,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// More than [`MAX_BODIES`] bodies.
    #[error("more than {MAX_BODIES} bodies")]
    TooManyBodies,
    /// A key occurs twice in one object.
    #[error("a key occurs twice in one object")]
    DuplicateKey,
    /// A number that is not an integer of 64 bits.
    #[error("a number that is not an integer of 64 bits")]
    NotAnInteger,
    /// Another version of the envelope: this program is too old, or the bytes are nonsense.
    #[error("version {0} of the envelope is unknown")]
    Version(u64),
    /// A name that is empty, too long or has other characters than printable ASCII without space,
    /// quotation mark and backslash.
    #[error("`{0}` is not a name")]
    Name(&'static str),
    /// Not JSON, a field too many, too few or of the wrong type.
    #[error("{0}")]
    Syntax(String),
}

/// The last position of the journal the author had seen when he signed: every entry is thereby a
/// witness against a store that was rolled back or shows two faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Position; 0 before the first entry.
    pub seq: u64,
    /// Chain value at that position.
    pub chain: Hash,
}

/// A commitment to text kept outside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyRef {
    /// See [`body_id`].
    pub id: Hash,
    /// Length of the text in bytes.
    pub len: u64,
    /// What the text is to the item: `text`, `title`, `attachment` …
    pub role: String,
}

/// A parsed entry. Parsing loses nothing that matters but is one-way: keep the bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Version of the envelope.
    pub v: u64,
    /// Suite of the journal.
    pub suite: Suite,
    /// The journal this entry was signed for; it is void in any other.
    pub journal: JournalId,
    /// Version of the rules the author acted under.
    pub rules: u32,
    /// The person who acts.
    pub actor: String,
    /// Id of the key that signs.
    pub key: Hash,
    /// Counter of this key's entries, from 1.
    pub dseq: u64,
    /// Id of this key's previous entry; zeros for its first.
    pub dprev: Hash,
    /// What the author had seen.
    pub seen: Seen,
    /// When the author's clock says he acted, microseconds since 1970.
    pub at: i64,
    /// What is done.
    pub kind: String,
    /// The item it is done to.
    #[serde(deserialize_with = "present")]
    pub item: Option<String>,
    /// Position of the last entry that touched the item.
    #[serde(deserialize_with = "present")]
    pub base: Option<u64>,
    /// Texts this entry commits to.
    pub bodies: Vec<BodyRef>,
    /// The particulars, an object whose shape depends on `kind`.
    pub args: Box<RawValue>,
}

/// Without this, serde would read a missing field as null.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

impl Entry {
    /// The bytes to sign.
    pub fn encode(&self) -> Vec<u8> {
        // Strings, integers and JSON that is already text: nothing here can fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads exactly the bytes that were signed.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| EntryError::Utf8)?;
        let version = strict::scan(text)?;
        if let Some(other) = version.filter(|v| *v != VERSION) {
            return Err(EntryError::Version(other));
        }
        let entry: Self =
            serde_json::from_str(text).map_err(|error| EntryError::Syntax(error.to_string()))?;
        entry.check()?;
        Ok(entry)
    }

    fn check(&self) -> Result<(), EntryError> {
        let item = self.item.as_deref().unwrap_or("-");
        for (what, name) in [
            ("actor", &*self.actor),
            ("kind", &self.kind),
            ("item", item),
        ] {
            check_name(what, name)?;
        }
        self.bodies
            .iter()
            .try_for_each(|body| check_name("role", &body.role))
    }

    /// The particulars as a type; unknown members are left to whoever owns the kind.
    pub fn args_as<'a, T: Deserialize<'a>>(&'a self) -> Result<T, EntryError> {
        serde_json::from_str(self.args.get()).map_err(|error| EntryError::Syntax(error.to_string()))
    }
}

fn check_name(what: &'static str, name: &str) -> Result<(), EntryError> {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(plain) {
        return Err(EntryError::Name(what));
    }
    Ok(())
}

/// Makes the `args` of an entry.
pub fn args<T: Serialize>(value: &T) -> Result<Box<RawValue>, EntryError> {
    serde_json::value::to_raw_value(value)
        .map_err(|error| EntryError::Syntax(serde_json::Error::custom(error).to_string()))
}

/// `H("entry/1\0" ‖ bytes)`
pub fn entry_id(suite: Suite, bytes: &[u8]) -> Hash {
    suite.hash(b"entry/1\0", &[bytes])
}

/// What is signed: `"entry/1\0" ‖ entry_id`.
pub fn signing_message(id: Hash) -> [u8; 40] {
    let mut message = *b"entry/1\0________________________________";
    message[8..].copy_from_slice(id.as_bytes());
    message
}

/// `H("body/1\0" ‖ salt ‖ bytes)`. The salt keeps a short text from being guessed out of its hash
/// after it was purged.
pub fn body_id(suite: Suite, salt: &[u8; 32], bytes: &[u8]) -> Hash {
    suite.hash(b"body/1\0", &[salt, bytes])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Entry {
        Entry {
            v: 1,
            suite: Suite::Sm2Sm3,
            journal: JournalId::from([7; 16]),
            rules: 1,
            actor: "p1".into(),
            key: Hash::ZERO,
            dseq: 1,
            dprev: Hash::ZERO,
            seen: Seen {
                seq: 0,
                chain: Hash::from([3; 32]),
            },
            at: -5,
            kind: "item.new".into(),
            item: Some("i1".into()),
            base: None,
            bodies: vec![BodyRef {
                id: Hash::from([9; 32]),
                len: 12,
                role: "text".into(),
            }],
            args: args(&serde_json::json!({"a": [1, {"b": "汉字\u{1}"}]})).unwrap(),
        }
    }

    #[test]
    fn fields_come_in_the_documented_order() {
        let zeros = "0".repeat(64);
        assert_eq!(
            String::from_utf8(sample().encode()).unwrap(),
            format!(
                r#"{{"v":1,"suite":"sm2+sm3","journal":"{}","rules":1,"actor":"p1","key":"{zeros}","dseq":1,"dprev":"{zeros}","seen":{{"seq":0,"chain":"{}"}},"at":-5,"kind":"item.new","item":"i1","base":null,"bodies":[{{"id":"{}","len":12,"role":"text"}}],"args":{{"a":[1,{{"b":"汉字\u0001"}}]}}}}"#,
                "07".repeat(16),
                "03".repeat(32),
                "09".repeat(32),
            )
        );
        let entry = Entry::parse(&sample().encode()).unwrap();
        assert_eq!(entry.encode(), sample().encode());
    }

    fn refused(from: &str, to: &str) -> EntryError {
        let text = String::from_utf8(sample().encode()).unwrap();
        assert!(text.contains(from), "{from}");
        Entry::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err()
    }

    #[test]
    fn the_parser_is_strict() {
        use EntryError as E;
        for (from, to) in [
            (r#""base":null,"#, ""),
            (r#""item":"i1","#, ""),
            (r#""rules":1"#, r#""rules":1,"more":1"#),
            (r#""len":12"#, r#""len":12,"more":1"#),
            (r#"{"seq":0,"chain":"#, r#"{"seq":0,"x":1,"chain":"#),
            (r#""rules":1"#, r#""rules":-1"#),
            (r#""rules":1"#, r#""rules":"1""#),
            (r#""rules":1"#, r#""rules":4294967296"#),
            (r#""suite":"sm2+sm3""#, r#""suite":"rot13""#),
            (r#""args":{"#, r#""args":["#),
            (r#""args":{"a":[1,{"b":"汉字\u0001"}]}"#, r#""args":[]"#),
            (r#""args":{"a":[1,{"b":"汉字\u0001"}]}"#, r#""args":null"#),
            (r"\u0001", r"\ud800"),
            (r"\u0001", "\u{1}"),
            (r#""03"#, r#""0"#),
            ("[{\"id\"", "[1,{\"id\""),
        ] {
            let error = refused(from, to);
            assert!(matches!(error, E::Syntax(_)), "{from} -> {to}: {error:?}");
        }
        assert_eq!(
            refused(r#""rules":1"#, r#""rules":1,"rules":1"#),
            E::DuplicateKey
        );
        assert_eq!(refused(r#"{"b":"#, r#"{"b":1,"b":"#), E::DuplicateKey);
        assert_eq!(refused(r#"{"b":"#, r#"{"b":1,"\u0062":"#), E::DuplicateKey);
        assert_eq!(refused("[1,", "[1.0,"), E::NotAnInteger);
        assert_eq!(refused("[1,", "[1e2,"), E::NotAnInteger);
        assert_eq!(refused("[1,", "[-0,"), E::NotAnInteger);
        assert_eq!(refused("[1,", "[18446744073709551616,"), E::NotAnInteger);
        assert_eq!(refused(r#""v":1"#, r#""v":2"#), E::Version(2));
        assert_eq!(refused(r#""v":1"#, r#""v":2,"sauce":[]"#), E::Version(2));
        assert_eq!(
            refused(r#""actor":"p1""#, r#""actor":"""#),
            E::Name("actor")
        );
        assert_eq!(
            refused(r#""actor":"p1""#, r#""actor":"p\u001b""#),
            E::Name("actor")
        );
        assert_eq!(
            refused(r#""role":"text""#, r#""role":"te xt""#),
            E::Name("role")
        );
        let (open, close) = ("[".repeat(13), "]".repeat(13));
        assert_eq!(refused("[1,", &format!("[{open}[{close}],")), E::TooDeep);
        let deep = format!("[{}1{},", &open[1..], &close[1..]);
        let text = String::from_utf8(sample().encode()).unwrap();
        Entry::parse(text.replacen("[1,", &deep, 1).as_bytes()).unwrap();
        assert_eq!(
            refused("[1,", &format!("[{}", "0,".repeat(MAX_ENTRY / 2))),
            E::TooLong
        );
        assert_eq!(Entry::parse(b"{\"v\":1,\"\xff"), Err::<Entry, _>(E::Utf8));
    }

    #[test]
    fn an_array_is_no_entry() {
        // serde would take the fields of a struct from an array, in order.
        let body = format!(r#"{{"id":"{}","len":12,"role":"text"}}"#, "09".repeat(32));
        let array = format!(r#"["{}",12,"text"]"#, "09".repeat(32));
        assert!(matches!(refused(&body, &array), EntryError::Syntax(_)));
        let seen = format!(r#"{{"seq":0,"chain":"{}"}}"#, "03".repeat(32));
        let array = format!(r#"[0,"{}"]"#, "03".repeat(32));
        assert!(matches!(refused(&seen, &array), EntryError::Syntax(_)));
        assert!(matches!(Entry::parse(b"[1]"), Err(EntryError::Syntax(_))));
    }

    impl PartialEq for Entry {
        fn eq(&self, other: &Self) -> bool {
            self.encode() == other.encode()
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Entry::parse(&bytes);
        }

        #[test]
        fn damage_changes_the_id(at in any::<proptest::sample::Index>(), bit in 0..8) {
            let mut bytes = sample().encode();
            let id = entry_id(Suite::Sm2Sm3, &bytes);
            let at = at.index(bytes.len());
            bytes[at] ^= 1u8 << bit;
            prop_assert_ne!(entry_id(Suite::Sm2Sm3, &bytes), id);
            let _ = Entry::parse(&bytes);
        }
    }
}
