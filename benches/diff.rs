//! Budgets of the difference (two texts of 20 KB in 2 ms and of 200 KB in
//! 10 ms, with 30 edits each), and the cases that would hang a naive one.
//!
//! The texts are made here from seeds. What the difference is worth, and not
//! only how fast it is, is kept by the tests of the room on the same texts.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use qianfa::diff::compare;

#[path = "../src/diff/sample.rs"]
mod sample;

use sample::{Edits, Sample};

fn edited(c: &mut Criterion) {
    for (name, bytes) in [("3k", 3_072), ("20k", 20_480), ("200k", 204_800)] {
        let sample = Sample::new(bytes, 7, Edits::scattered(30));
        c.bench_function(&format!("30 edits in {name}"), |b| {
            b.iter(|| compare(black_box(&sample.old), black_box(&sample.new)));
        });
    }
    let sample = Sample::new(204_800, 7, Edits::scattered(300));
    c.bench_function("300 edits in 200k", |b| {
        b.iter(|| compare(black_box(&sample.old), black_box(&sample.new)));
    });
}

fn hard(c: &mut Criterion) {
    let (one, other) = (
        Sample::new(204_800, 1, Edits::scattered(0)),
        Sample::new(204_800, 2, Edits::scattered(0)),
    );
    c.bench_function("200k written anew", |b| {
        b.iter(|| compare(black_box(&one.old), black_box(&other.old)));
    });
    // One paragraph, the same clauses in another order: everything is like
    // everything, and there are no paragraphs to lean on.
    let flat = |text: &str| text.replace('\n', "");
    let clauses = flat(&one.old);
    let mut turned: Vec<&str> = clauses.split('，').collect();
    turned.sort_unstable();
    let turned = turned.join("，");
    c.bench_function("200k in one paragraph, clauses reordered", |b| {
        b.iter(|| compare(black_box(&clauses), black_box(&turned)));
    });
    let (one, other) = (flat(&one.old), flat(&other.old));
    let unmarked = |text: &str| text.replace(['，', '。', '；', '、'], "");
    let (one, other) = (unmarked(&one), unmarked(&other));
    c.bench_function("200k in one paragraph without marks, written anew", |b| {
        b.iter(|| compare(black_box(&one), black_box(&other)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = edited, hard
}
criterion_main!(benches);
