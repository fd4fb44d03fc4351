//! Room `rules`.

pub mod calendar;
