//! Speed of the words room: rules and lists together, the model, and the time to unpack it.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use qianfa::screening::words::{Context, Lists, Model, scan};

fn prose() -> String {
    let data = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/screening/words/data/training/heldout_documents.txt"
    );
    std::fs::read_to_string(data).unwrap().repeat(10)
}

fn words(c: &mut Criterion) {
    let text = prose();
    let lists = Lists::default();
    let on = jiff::civil::Date::constant(2026, 11, 24);
    let mut group = c.benchmark_group("words");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(text.len() as u64));
    for (name, model) in [
        ("rules and lists", None),
        ("with the model", Model::shipped()),
    ] {
        let cx = Context {
            lists: &lists,
            model,
            on,
        };
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |b, text| {
            b.iter(|| scan(text, &cx))
        });
    }
    group.finish();
    let table = Model::shipped_table().unwrap();
    c.bench_function("words/unpack the model", |b| {
        b.iter(|| Model::from_table(&table))
    });
}

criterion_group!(benches, words);
criterion_main!(benches);
