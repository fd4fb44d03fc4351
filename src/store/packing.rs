//! How entry bytes lie in the file: hashes as bytes, the rest deflated against a fixed sample; given
//! back exactly.
//!
//! An entry is mostly field names and hexadecimal digits: of some 900 bytes a quarter is left.
//! The journal's hashes are over the unpacked bytes, so this is no part of the format.

use std::cell::RefCell;

use super::{Result, StoreError};
use crate::journal::entry::MAX_ENTRY;

/// The first byte of a packed entry says how it is packed.
const PLAIN: u8 = 0;
/// Hashes apart, the rest deflated against [`SHAPES`].
const HASHES_APART: u8 = 1;

/// Entries of the common kinds, hashes taken out. Never change this text: packed entries are read with it. A
/// better one gets a new first byte.
const SHAPES: &[u8] = b"{\"act\":{\"do\":\"grant\",\"person\":\"u\",\"role\":\"editor\",\"scope\":\"*\",\"from\":17,\"until\":18}}{\"act\":{\"do\":\"key.enrol\",\"person\":\"u\",\"key\":\"MCowBQYDK2VwAyEA\"}}{\"proposal\":1}{\"item\":\"i\",\"session\":\"\"}{\"item\":\"i\",\"mode\":\"preview\"}{\"publish_at\":17,\"expire_at\":null,\"zone\":\"Asia/Shanghai\"},\"kind\":\"person.add\",\"kind\":\"item.schedule\",\"kind\":\"item.return\",\"item\":null,\"base\":null,\"bodies\":[],\"args\":{\"session\":\"\",\"failures\":0}}\
{\"step\":0,\"fingerprint\":\"\x01\"}},\"kind\":\"item.approve\",\"item\":\"i\",\"base\":1,\"bodies\":[{\"id\":\"\x01\",\"len\":30,\"role\":\"note\"}],\"args\":{\"fingerprint\":\"\x01\",\"cause\":\"schedule\"}}\"kind\":\"item.publish\",\"args\":{\"fingerprint\":\"\x01\",\"cause\":\"sign-off\"}}\"kind\":\"item.submit\",\"args\":{\"fingerprint\":\"\x01\"}}\"kind\":\"item.sign-off\",\"args\":{\"step\":3,\"fingerprint\":\"\x01\",\"publish_at\":null,\"expire_at\":null}}\"kind\":\"item.clear\",\"args\":{\"step\":2,\"fingerprint\":\"\x01\",\"conclusion\":\"open\",\"ground\":null}}\"kind\":\"item.new\",\"from\":0,\"session\":null}}\
{\"v\":1,\"suite\":\"sm2+sm3\",{\"v\":1,\"suite\":\"ed25519+sha256\",\"journal\":\"\x02\",\"rules\":1,\"actor\":\"u\",\"key\":\"\x01\",\"dseq\":1,\"dprev\":\"\x01\",\"seen\":{\"seq\":1,\"chain\":\"\x01\"},\"at\":17,\"kind\":\"item.revise\",\"item\":\"i\",\"base\":1,\"bodies\":[{\"id\":\"\x01\",\"len\":100,\"role\":\"fields\"},{\"id\":\"\x01\",\"len\":3000,\"role\":\"text\"}],\"args\":{\"shape\":{\"columns\":[\"\"],\"channels\":[\"web\"],\"disclosure\":\"open\",\"ground\":null,\"urgency\":\"normal\",\"origin\":\"original\",\"provider\":\"\",\"go_live\":null,\"embargo\":null,\"lacks\":[]},\"from\":1,\"session\":null}}";

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
                pack: zstd::bulk::Compressor::with_dictionary(3, SHAPES).map_err(damaged)?,
                unpack: zstd::bulk::Decompressor::with_dictionary(SHAPES).map_err(damaged)?,
            });
        }
        match slot {
            Some(pack) => work(pack).map_err(damaged),
            None => Err(StoreError::Damaged("packing".into())),
        }
    })
}

/// Where a hash or a journal id was, in what is left of an entry. Neither byte can be in JSON.
const MARKS: [(u8, usize); 2] = [(1, 32), (2, 16)];

/// Takes every hash (64 hexadecimal digits) and journal id (32) out: hexadecimal digits are half
/// air, and air that zstd sees only in part. `None` where the bytes hold a mark of their own.
fn take_apart(entry: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut hashes, mut rest) = (Vec::with_capacity(256), Vec::with_capacity(entry.len()));
    let mut at = 0;
    while at < entry.len() {
        let run = entry[at..]
            .iter()
            .take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            .take(64)
            .count();
        let taken = MARKS.iter().find(|(_, bytes)| run >= bytes * 2);
        if let Some((mark, bytes)) = taken {
            hashes.extend(hex::decode(&entry[at..at + bytes * 2]).ok()?);
            rest.push(*mark);
            at += bytes * 2;
        } else {
            let end = at + run.max(1);
            if run == 0 && MARKS.iter().any(|(mark, _)| *mark == entry[at]) {
                return None;
            }
            rest.extend_from_slice(&entry[at..end]);
            at = end;
        }
    }
    Some((hashes, rest))
}

fn put_together(hashes: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    let (mut entry, mut hashes) = (Vec::with_capacity(hashes.len() * 2 + rest.len()), hashes);
    for byte in rest {
        match MARKS.iter().find(|(mark, _)| mark == byte) {
            Some((_, bytes)) => {
                let (hash, others) = hashes.split_at_checked(*bytes)?;
                entry.extend_from_slice(hex::encode(hash).as_bytes());
                hashes = others;
            }
            None => entry.push(*byte),
        }
    }
    hashes.is_empty().then_some(entry)
}

/// Entry bytes as they are stored.
pub fn pack(entry: &[u8]) -> Result<Vec<u8>> {
    if let Some((hashes, rest)) = take_apart(entry)
        && let Ok(length) = u16::try_from(hashes.len())
    {
        let mut out = vec![HASHES_APART];
        out.extend(length.to_le_bytes());
        out.extend(hashes);
        out.extend(with(|p| p.pack.compress(&rest))?);
        if out.len() <= entry.len() {
            return Ok(out);
        }
    }
    let mut out = vec![PLAIN];
    out.extend_from_slice(entry);
    Ok(out)
}

/// The exact entry bytes.
pub fn unpack(stored: &[u8]) -> Result<Vec<u8>> {
    let damaged = || StoreError::Damaged("packed entry".into());
    match stored.split_first() {
        Some((&PLAIN, rest)) => Ok(rest.to_vec()),
        Some((&HASHES_APART, rest)) => {
            let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
            let length = usize::from(u16::from_le_bytes(*length));
            let (hashes, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
            let rest = with(|p| p.unpack.decompress(rest, MAX_ENTRY))?;
            put_together(hashes, &rest).ok_or_else(damaged)
        }
        _ => Err(damaged()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_back_hashes_wherever_they_stand(text in "([0-9a-f]{16,70}|\"[g-z]{0,9}|[\\x01\\x02A-F]){0,40}") {
            prop_assert_eq!(unpack(&pack(text.as_bytes()).unwrap()).unwrap(), text.as_bytes());
        }

        #[test]
        fn any_bytes_unpack_or_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for first in 0..=2 {
                let mut stored = vec![first];
                stored.extend_from_slice(&bytes);
                let _ = unpack(&stored);
            }
        }

        #[test]
        fn gives_back_the_exact_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(unpack(&pack(&bytes).unwrap()).unwrap(), bytes);
        }
    }
}
