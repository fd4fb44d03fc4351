//! Texts and files: salted, compressed, hash-checked on every read, destroyed by purge.

use rusqlite::{Connection, OptionalExtension};

use super::append::hash_at;
use super::{Result, StoreError};
use crate::journal::{Hash, Suite, body_id};

/// Ratio above which a text is kept on its own and becomes the dictionary of later revisions.
const KEY_FRAME: f64 = 0.4;

/// Largest body this program accepts.
pub const MAX_BODY: usize = 64 << 20;

/// A body an entry commits to.
#[derive(Debug, Clone)]
pub struct NewBody {
    /// Its id.
    pub id: Hash,
    /// Its length in bytes.
    pub len: u64,
    /// The bytes with their salt, unless they are stored already.
    pub content: Option<([u8; 32], Vec<u8>)>,
    /// A stored body likely to be similar: the previous revision's.
    pub like: Option<Hash>,
}

impl NewBody {
    /// A body with a fresh salt from the operating system.
    pub fn fresh(suite: Suite, bytes: Vec<u8>, like: Option<Hash>) -> Result<NewBody> {
        let mut salt = [0u8; 32];
        getrandom::fill(&mut salt)
            .map_err(|e| StoreError::Damaged(format!("no randomness: {e}")))?;
        Ok(NewBody {
            id: body_id(suite, &salt, &bytes),
            len: bytes.len() as u64,
            content: Some((salt, bytes)),
            like,
        })
    }

    /// A body that is stored already.
    pub fn known(id: Hash, len: u64) -> NewBody {
        NewBody {
            id,
            len,
            content: None,
            like: None,
        }
    }
}

fn damaged(error: &std::io::Error) -> StoreError {
    StoreError::Damaged(format!("compression: {error}"))
}

/// Stores what is new; checks that what is named as known is there.
pub fn store(conn: &Connection, suite: Suite, news: &[&NewBody]) -> Result<()> {
    for body in news {
        let Some((salt, bytes)) = &body.content else {
            let there = conn
                .prepare_cached("SELECT 1 FROM bodies WHERE id = ?1")?
                .exists([body.id.as_bytes().as_slice()])?;
            if !there {
                return Err(StoreError::Body(body.id));
            }
            continue;
        };
        if body_id(suite, salt, bytes) != body.id
            || bytes.len() as u64 != body.len
            || bytes.len() > MAX_BODY
        {
            return Err(StoreError::Body(body.id));
        }
        let (dict, data) = compress(conn, bytes, body.like.as_ref())?;
        conn.prepare_cached(
            "INSERT INTO bodies (id, salt, dict, len, data) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            body.id.as_bytes().as_slice(),
            salt.as_slice(),
            dict,
            body.len as i64,
            data,
        ))?;
    }
    Ok(())
}

/// Against the key frame of a similar body where that pays, else on its own. Chains of
/// dictionaries are one link long, so that any body is two reads away.
fn compress(
    conn: &Connection,
    bytes: &[u8],
    like: Option<&Hash>,
) -> Result<(Option<i64>, Vec<u8>)> {
    if let Some(like) = like {
        let frame = conn
            .prepare_cached("SELECT coalesce(dict, n) FROM bodies WHERE id = ?1")?
            .query_row([like.as_bytes().as_slice()], |r| r.get::<_, i64>(0))
            .optional()?;
        if let Some(frame) = frame {
            let dictionary = plain_of(conn, frame)?;
            let packed = zstd_with::pack(bytes, 3, &dictionary).map_err(|e| damaged(&e))?;
            if (packed.len() as f64) < KEY_FRAME * bytes.len() as f64 {
                return Ok((Some(frame), packed));
            }
        }
    }
    Ok((
        None,
        zstd_with::pack(bytes, 6, &[]).map_err(|e| damaged(&e))?,
    ))
}

/// The bytes of a key frame.
fn plain_of(conn: &Connection, n: i64) -> Result<Vec<u8>> {
    let (len, data): (i64, Vec<u8>) = conn
        .prepare_cached("SELECT len, data FROM bodies WHERE n = ?1 AND dict IS NULL")?
        .query_row([n], |r| Ok((r.get(0)?, r.get(1)?)))?;
    zstd_with::unpack(&data, len as usize, &[]).map_err(|e| damaged(&e))
}

/// The bytes of a body, checked against its id.
pub fn load(conn: &Connection, suite: Suite, id: &Hash) -> Result<Vec<u8>> {
    match open(conn, suite, id)? {
        Some((_, bytes)) => Ok(bytes),
        None => Err(StoreError::Purged(*id)),
    }
}

/// Salt and bytes of a body, or nothing when it is not there.
pub fn open(conn: &Connection, suite: Suite, id: &Hash) -> Result<Option<([u8; 32], Vec<u8>)>> {
    let row = conn
        .prepare_cached("SELECT salt, dict, len, data FROM bodies WHERE id = ?1")?
        .query_row([id.as_bytes().as_slice()], |r| {
            Ok((
                r.get::<_, Vec<u8>>(0)?,
                r.get::<_, Option<i64>>(1)?,
                r.get::<_, i64>(2)?,
                r.get::<_, Vec<u8>>(3)?,
            ))
        })
        .optional()?;
    let Some((salt, dict, len, data)) = row else {
        return Ok(None);
    };
    let fault = |_| StoreError::Body(*id);
    let len = usize::try_from(len)
        .ok()
        .filter(|l| *l <= MAX_BODY)
        .ok_or(StoreError::Body(*id))?;
    let bytes = match dict {
        None => zstd_with::unpack(&data, len, &[]).map_err(fault)?,
        Some(frame) => {
            let dictionary = plain_of(conn, frame).map_err(|_| StoreError::Body(*id))?;
            zstd_with::unpack(&data, len, &dictionary).map_err(fault)?
        }
    };
    let salt: [u8; 32] = salt.try_into().map_err(|_| StoreError::Body(*id))?;
    if body_id(suite, &salt, &bytes) != *id {
        return Err(StoreError::Body(*id));
    }
    Ok(Some((salt, bytes)))
}

/// A body as text.
pub fn load_text(conn: &Connection, suite: Suite, id: &Hash) -> Result<String> {
    String::from_utf8(load(conn, suite, id)?).map_err(|_| StoreError::Body(*id))
}

/// Destroys bodies. Others that were compressed against them are packed anew first.
pub fn purge(conn: &Connection, suite: Suite, ids: &[Hash]) -> Result<()> {
    for id in ids {
        let n = conn
            .prepare_cached("SELECT n FROM bodies WHERE id = ?1")?
            .query_row([id.as_bytes().as_slice()], |r| r.get::<_, i64>(0))
            .optional()?;
        let Some(n) = n else { continue };
        let dependents: Vec<Hash> = conn
            .prepare_cached("SELECT id FROM bodies WHERE dict = ?1")?
            .query_map([n], |r| hash_at(r, 0))?
            .collect::<rusqlite::Result<_>>()?;
        for other in dependents {
            let bytes = load(conn, suite, &other)?;
            let data = zstd_with::pack(&bytes, 6, &[]).map_err(|e| damaged(&e))?;
            conn.prepare_cached("UPDATE bodies SET dict = NULL, data = ?2 WHERE id = ?1")?
                .execute((other.as_bytes().as_slice(), data))?;
        }
        conn.prepare_cached("DELETE FROM bodies WHERE n = ?1")?
            .execute([n])?;
    }
    Ok(())
}

/// zstd with its working memory kept from call to call: making it anew costs more than a short
/// text takes. An empty dictionary is none.
mod zstd_with {
    use std::cell::RefCell;
    use std::io::Result;

    use zstd::bulk::{Compressor, Decompressor};

    thread_local! {
        static PACK: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
        static UNPACK: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    }

    pub fn pack(bytes: &[u8], level: i32, dictionary: &[u8]) -> Result<Vec<u8>> {
        PACK.with_borrow_mut(|slot| {
            let pack = match slot {
                Some(pack) => pack,
                None => slot.insert(Compressor::new(level)?),
            };
            pack.set_dictionary(level, dictionary)?;
            pack.compress(bytes)
        })
    }

    pub fn unpack(data: &[u8], len: usize, dictionary: &[u8]) -> Result<Vec<u8>> {
        UNPACK.with_borrow_mut(|slot| {
            let unpack = match slot {
                Some(unpack) => unpack,
                None => slot.insert(Decompressor::new()?),
            };
            unpack.set_dictionary(dictionary)?;
            unpack.decompress(data, len)
        })
    }
}
