//! Room `publish`: how signed-off items reach the public.

pub mod pages;
