//! The first pass over an entry's bytes: everything two JSON readers might take in two ways.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::entry::{EntryError, MAX_BODIES, MAX_DEPTH};

/// Which place of the envelope a value stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Entry,
    Version,
    Bodies,
    /// `seen`, `args`, one body: must be an object.
    Object,
    Any,
}

#[derive(Default)]
struct Found {
    version: Cell<Option<u64>>,
    fault: Cell<Option<EntryError>>,
}

impl Found {
    /// serde's errors are text; the typed reason travels beside them.
    fn stop<E: Error>(&self, fault: EntryError) -> E {
        let error = E::custom(&fault);
        self.fault.set(Some(fault));
        error
    }
}

/// Checks the shape; answers the version, if there is one.
pub(super) fn scan(text: &str) -> Result<Option<u64>, EntryError> {
    let found = Found::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        place: Place::Entry,
        depth: 1,
        found: &found,
    };
    match seed.deserialize(&mut reader).and_then(|()| reader.end()) {
        Ok(()) => Ok(found.version.take()),
        Err(error) => Err(found
            .fault
            .take()
            .unwrap_or_else(|| EntryError::Syntax(error.to_string()))),
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    place: Place,
    depth: usize,
    found: &'a Found,
}

impl Seed<'_> {
    fn inner(self, place: Place) -> Self {
        Self {
            place,
            depth: self.depth + 1,
            ..self
        }
    }

    fn scalar<E: Error>(self) -> Result<(), E> {
        match self.place {
            Place::Any | Place::Version => Ok(()),
            Place::Entry | Place::Object => Err(E::custom("an object is expected")),
            Place::Bodies => Err(E::custom("an array is expected")),
        }
    }

    fn check_depth<E: Error>(self) -> Result<(), E> {
        if self.depth > MAX_DEPTH {
            return Err(self.found.stop(EntryError::TooDeep));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        if self.place == Place::Version {
            self.found.version.set(Some(number));
        }
        self.scalar()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(self.found.stop(EntryError::NotAnInteger))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.check_depth()?;
        let inner = match self.place {
            Place::Any | Place::Version => Place::Any,
            Place::Bodies => Place::Object,
            Place::Entry | Place::Object => return Err(A::Error::custom("an object is expected")),
        };
        let mut count = 0;
        while seq.next_element_seed(self.inner(inner))?.is_some() {
            count += 1;
            if self.place == Place::Bodies && count > MAX_BODIES {
                return Err(self.found.stop(EntryError::TooManyBodies));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.check_depth()?;
        if self.place == Place::Bodies {
            return Err(A::Error::custom("an array is expected"));
        }
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let inner = match (self.place, &*key) {
                (Place::Entry, "v") => Place::Version,
                (Place::Entry, "bodies") => Place::Bodies,
                (Place::Entry, "seen" | "args") => Place::Object,
                _ => Place::Any,
            };
            if !keys.insert(key) {
                return Err(self.found.stop(EntryError::DuplicateKey));
            }
            map.next_value_seed(self.inner(inner))?;
        }
        Ok(())
    }
}
