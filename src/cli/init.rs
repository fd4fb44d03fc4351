//! `init`: founds a store with its two officers.
#![allow(missing_docs)]

use clap::Args;
use serde_json::json;

use super::context::{Context, code};
use super::{Done, out};
use crate::desk::{Founder, SystemClock, exit, login};
use crate::journal::{SealCost, Suite};
use crate::rules::role::Role;
use crate::store::{OpenMode, keyfile};

#[derive(Args, Debug)]
pub struct Init {
    #[arg(long)]
    pub province: String,
    #[arg(long, default_value = "office", value_name = "LOGIN")]
    pub office: String,
    #[arg(long, default_value = "security", value_name = "LOGIN")]
    pub security: String,
    #[arg(long, default_value = "ed25519+sha256")]
    pub suite: String,
}

pub fn init(cx: &mut Context, a: &Init) -> Done {
    let suite: Suite = code(&a.suite, |s| s.parse().ok())?;
    let path = cx.store_path();
    if path.exists() {
        return Err(crate::store::StoreError::Exists(path).into());
    }
    let first = cx.new_passphrase(
        &a.office,
        "QIANFA_PASSPHRASE",
        cx.global.passphrase_file.as_deref(),
    )?;
    let second = cx.new_passphrase(&a.security, "QIANFA_SECOND_PASSPHRASE", None)?;
    let (office_file, security_file) = (
        keyfile::path_of(&path, &a.office),
        keyfile::path_of(&path, &a.security),
    );
    let office = login::new_key(&office_file, suite, &first, SealCost::STRONG)?;
    let security = match login::new_key(&security_file, suite, &second, SealCost::STRONG) {
        Ok(key) => key,
        Err(error) => {
            let _ = std::fs::remove_file(&office_file);
            return Err(error);
        }
    };
    let founder = |login: &str, role, key| Founder {
        login: login.to_owned(),
        role,
        key: Box::new(key),
    };
    let desk = login::found(
        &path,
        OpenMode::default(),
        suite,
        &a.province,
        founder(&a.office, Role::OfficeDirector, office),
        &founder(&a.security, Role::SecurityAdmin, security),
        Box::new(SystemClock),
    );
    let desk = match desk {
        Ok(desk) => desk,
        Err(error) => {
            let _ = std::fs::remove_file(&office_file);
            let _ = std::fs::remove_file(&security_file);
            return Err(error);
        }
    };
    let journal = desk.store().journal().to_string();
    out::result(
        cx.json(),
        json!({"store": path, "journal": journal, "suite": suite.name(), "keys": [office_file, security_file]}),
        &crate::tr!(
            "cli-init-done",
            path = path.display().to_string(),
            journal = journal.clone()
        ),
    );
    Ok(exit::DONE)
}
