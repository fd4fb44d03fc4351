//! How entry bytes lie in the file: deflated against a fixed sample, and given back exactly.
//!
//! An entry is mostly field names and hex; against a dictionary of those it takes about a third.
//! The journal's hashes are over the unpacked bytes, so this is no part of the format.

use std::cell::RefCell;

use super::{Result, StoreError};
use crate::journal::entry::MAX_ENTRY;

/// The first byte of a packed entry says how it is packed.
const PLAIN: u8 = 0;
const ZSTD_1: u8 = 1;

/// Never change this text: packed entries are read with it. A better one gets a new first byte.
const SAMPLE: &[u8] = br#"0000000000000000000000000000000000000000000000000000000000000000{"suite":"sm2+sm3","province":"","officers":[{"person":"","login":"","role":"office-director","key":"MCowBQYDK2VwAyEA"}]}{"act":{"do":"grant","person":"","role":"confidentiality-reviewer","scope":"*","from":17,"until":18}}{"act":{"do":"key.enrol","person":"","key":"MCowBQYDK2VwAyEA"}}{"proposal":1}{"item":"","session":""}{"item":"","mode":"preview"}{"step":0,"fingerprint":"","conclusion":"open","ground":null}{"step":3,"fingerprint":"","publish_at":null,"expire_at":null}{"publish_at":17,"expire_at":null,"zone":"Asia/Shanghai"}{"fingerprint":"","cause":"schedule"}{"shape":{"columns":["col-1"],"channels":["web"],"disclosure":"open","ground":null,"urgency":"normal","origin":"original","provider":"office","go_live":null,"embargo":null,"lacks":[]},"from":1,"session":null}{"v":1,"suite":"ed25519+sha256","journal":"","rules":1,"actor":"p1","key":"","dseq":1,"dprev":"","seen":{"seq":1,"chain":""},"at":17,"kind":"item.sign-off","kind":"item.new","kind":"item.revise","kind":"item.submit","kind":"item.approve","kind":"item.clear","kind":"item.publish","item":"i-","base":1,"bodies":[{"id":"","len":100,"role":"fields"},{"id":"","len":3000,"role":"text"},{"id":"","len":20,"role":"note"}],"args":{"fingerprint":""}}"#;

struct Pack {
    pack: zstd::bulk::Compressor<'static>,
    unpack: zstd::bulk::Decompressor<'static>,
}

thread_local! {
    static PACK: RefCell<Option<Pack>> = const { RefCell::new(None) };
}

fn with<T>(work: impl FnOnce(&mut Pack) -> std::io::Result<T>) -> Result<T> {
    let damaged = |e: std::io::Error| StoreError::Damaged(format!("packing: {e}"));
    PACK.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Pack {
                pack: zstd::bulk::Compressor::with_dictionary(3, SAMPLE).map_err(damaged)?,
                unpack: zstd::bulk::Decompressor::with_dictionary(SAMPLE).map_err(damaged)?,
            });
        }
        match slot {
            Some(pack) => work(pack).map_err(damaged),
            None => Err(StoreError::Damaged("packing".into())),
        }
    })
}

/// Entry bytes as they are stored.
pub fn pack(entry: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![ZSTD_1];
    out.extend(with(|p| p.pack.compress(entry))?);
    if out.len() > entry.len() {
        out.clear();
        out.push(PLAIN);
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// The exact entry bytes.
pub fn unpack(stored: &[u8]) -> Result<Vec<u8>> {
    match stored.split_first() {
        Some((&PLAIN, rest)) => Ok(rest.to_vec()),
        Some((&ZSTD_1, rest)) => with(|p| p.unpack.decompress(rest, MAX_ENTRY)),
        _ => Err(StoreError::Damaged("packed entry".into())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_back_the_exact_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(unpack(&pack(&bytes).unwrap()).unwrap(), bytes);
        }
    }
}
