#![allow(clippy::unwrap_used)]

mod files;
mod form;
mod writing;
