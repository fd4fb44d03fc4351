//! `queue`: what waits for this person's decision.
#![allow(missing_docs)]

use clap::Args;

use super::Done;
use super::context::Context;
use super::item::print_lines;

#[derive(Args, Debug)]
pub struct Queue {
    #[arg(long)]
    pub newest: bool,
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

pub fn queue(cx: &mut Context, a: &Queue) -> Done {
    let mut desk = cx.desk()?;
    let lines = desk.queue(a.newest, a.limit.clamp(1, 10_000))?;
    print_lines(cx, &mut desk, &lines)
}
