#![no_main]
//! The entry of the parser is that of the ordinary tests, so that it keeps compiling.

#[path = "../../tests/office/kit.rs"]
mod kit;
#[path = "../../tests/office/parsers.rs"]
mod parsers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::image(data));
