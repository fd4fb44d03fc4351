//! `key`: made by one's own hand, enrolled and revoked by two.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, read_text};
use super::person::{answer, proposed};
use super::{Done, out};
use crate::desk::{DeskError, exit, login};
use crate::journal::{Hash, PublicKey, SealCost, Signer};
use crate::rules::refusal::refuse;
use crate::store::{StoreError, keyfile};

#[derive(Args, Debug)]
pub struct Key {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand, Debug)]
pub enum Verb {
    New(New),
    Enrol(Enrol),
    Revoke(Revoke),
    Passphrase(Passphrase),
}

#[derive(Args, Debug)]
pub struct Passphrase {
    pub login: String,
}

#[derive(Args, Debug)]
pub struct New {
    pub login: String,
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Enrol {
    #[arg(required_unless_present_any = ["confirm", "decline"])]
    pub login: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub public: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    pub confirm: Option<u64>,
    #[arg(long, value_name = "N")]
    pub decline: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Revoke {
    #[arg(required_unless_present_any = ["confirm", "decline"])]
    pub key: Option<String>,
    #[arg(long, value_name = "N")]
    pub confirm: Option<u64>,
    #[arg(long, value_name = "N")]
    pub decline: Option<u64>,
}

pub fn key(cx: &mut Context, a: Key) -> Done {
    match a.verb {
        Verb::New(a) => new(cx, &a),
        Verb::Passphrase(a) => passphrase(cx, &a.login),
        Verb::Enrol(a) => {
            let mut desk = cx.desk()?;
            if answer(cx, &mut desk, a.confirm, a.decline)? {
                return Ok(exit::DONE);
            }
            let login = a.login.unwrap_or_default();
            let path = a
                .public
                .unwrap_or_else(|| public_of(&keyfile::path_of(&cx.store_path(), &login)));
            let text = read_text(&path)?;
            let public = PublicKey::from_base64(desk.store().suite(), text.trim())?;
            let receipt = desk.propose_key(&login, &public)?;
            proposed(cx, &mut desk, receipt.seq)
        }
        Verb::Revoke(a) => {
            let mut desk = cx.desk()?;
            if answer(cx, &mut desk, a.confirm, a.decline)? {
                return Ok(exit::DONE);
            }
            let named = a.key.unwrap_or_default();
            let org = desk.org()?;
            let found: Vec<Hash> = org
                .keys
                .keys()
                .filter(|k| k.to_string().starts_with(&named))
                .copied()
                .collect();
            let [key] = found.as_slice() else {
                return Err(DeskError::Refused(refuse("key.unknown", &[("key", named)])));
            };
            let receipt = desk.propose_key_revoke(*key)?;
            proposed(cx, &mut desk, receipt.seq)
        }
    }
}

fn public_of(key_file: &std::path::Path) -> PathBuf {
    key_file.with_extension("pub")
}

fn passphrase(cx: &Context, login: &str) -> Done {
    let path = cx.key_file(login);
    let old = cx.passphrase(
        login,
        "QIANFA_PASSPHRASE",
        cx.global.passphrase_file.as_deref(),
    )?;
    let new = cx.new_passphrase(login, "QIANFA_NEW_PASSPHRASE", None)?;
    login::change_passphrase(&path, &old, &new, SealCost::STRONG)?;
    out::result(
        cx.json(),
        json!({"file": path}),
        &crate::tr!("cli-written", path = path.display().to_string()),
    );
    Ok(exit::DONE)
}

fn new(cx: &Context, a: &New) -> Done {
    // The login becomes a file name.
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if a.login.is_empty() || !a.login.bytes().all(plain) {
        return Err(refuse("org.slug", &[("name", a.login.clone())]).into());
    }
    let store = cx.open(true)?;
    let path = a
        .out
        .clone()
        .unwrap_or_else(|| keyfile::path_of(&cx.store_path(), &a.login));
    let passphrase = cx.new_passphrase(
        &a.login,
        "QIANFA_PASSPHRASE",
        cx.global.passphrase_file.as_deref(),
    )?;
    let key = login::new_key(&path, store.suite(), &passphrase, SealCost::STRONG)?;
    let public = public_of(&path);
    std::fs::write(&public, format!("{}\n", key.public().to_base64())).map_err(|source| {
        StoreError::Io {
            path: public.clone(),
            source,
        }
    })?;
    out::result(
        cx.json(),
        json!({"key": key.public().id().to_string(), "file": path, "public_file": public, "public": key.public().to_base64()}),
        &crate::tr!(
            "cli-key-made",
            file = path.display().to_string(),
            public = public.display().to_string()
        ),
    );
    Ok(exit::DONE)
}
