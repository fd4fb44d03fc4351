//! `run`: the runner.
#![allow(missing_docs)]

use std::path::PathBuf;

use clap::Args;

use super::Done;
use super::context::Context;
use crate::desk::exit;

#[derive(Args, Debug)]
pub struct Run {
    #[arg(long)]
    pub once: bool,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long, default_value = "30s")]
    pub every: String,
    #[arg(long, value_name = "DIR")]
    pub pages: Option<PathBuf>,
    #[arg(long)]
    pub rebuild: bool,
}

pub fn run(_cx: &mut Context, _a: &Run) -> Done {
    Ok(exit::DONE)
}
