//! What an administrator works in: the lists, the schedule, sites and columns, people, the journal,
//! bundles, settings and imports, each through the console itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/console.rs"]
mod common;

#[path = "console_admin/items.rs"]
mod items;
#[path = "console_admin/office.rs"]
mod office;
#[path = "console_admin/own.rs"]
mod own;
#[path = "console_admin/schedule.rs"]
mod schedule;
