//! Makes `src/screening/words/data/model.zst`, the character model of screening, from the texts beside it.
//!
//! `cargo run --example words_model` writes the file; the same texts give the same bytes. With
//! `--without dev` the development sentences are left out (for finding thresholds) and the table is
//! written to the path that follows.
#![allow(clippy::unwrap_used)] // a tool at the maintainer's desk: a missing file stops it

use std::path::Path;

#[path = "../tests/common/words_training.rs"]
mod training;

fn main() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screening/words/data");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (with_dev, path) = match args.as_slice() {
        [] => (true, data.join("model.zst")),
        [flag, what, path] if flag == "--without" && what == "dev" => (false, path.into()),
        _ => {
            eprintln!("usage: words_model [--without dev PATH]");
            std::process::exit(2);
        }
    };
    let table = training::trainer(&data, with_dev).table();
    let packed = zstd::bulk::compress(&table, 19).unwrap();
    std::fs::write(&path, &packed).unwrap();
    println!(
        "{}: {} bytes ({} unpacked)",
        path.display(),
        packed.len(),
        table.len()
    );
}
