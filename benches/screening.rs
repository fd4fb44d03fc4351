//! Screening: bytes a second on text without findings and on text full of them.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use qianfa::screening::{Lists, Screener};

/// Paragraphs as departments write them.
const CLEAN: &str = "各市、县（区）税务局，局内各单位：\n为进一步规范税务网站管理，根据《政府网站发展指引》（国办发〔2017〕47号）和有关规定，结合工作实际，现就有关事项通知如下。\n\
一、提高认识，加强领导。各单位要把网站工作列入重要议事日程，明确一名领导分管，确定专门机构承担，配备专职人员，保障工作经费。\n\
二、完善制度，规范流程。信息发布实行先审查、后公开，一事一审、全面审查。2026年1月1日以后发布的信息，应当注明来源和发布时间。\n\
三、加强检查，严格考核。对更新不及时、内容不准确、服务不实用的，限期整改；整改率应当达到95%以上。\n";

/// The same with numbers, marks and addresses in it.
const DENSE: &str = "联系人张三，手机138-0013-8000，身份证号码130102197111032507，账号6217 0012 3456 7890 122。\n【机密★5年】纳税人识别号91350100M000100Y43，咨询电话0571-88888888，邮箱 swj@126.com。\n内部资料 注意保存，受理编号202312219526055301，收入13976211208元。\n";

fn text(piece: &str) -> String {
    piece.repeat(200_000 / piece.len() + 1)
}

fn screening(criterion: &mut Criterion) {
    let screener = Screener::new(Lists::new(Vec::new(), Vec::new()), date(2026, 11, 24));
    let rules = screener.clone().without_model();
    assert!(screener.screen_secrets(CLEAN).is_empty());
    assert_eq!(screener.screen_secrets(DENSE).len(), 8);
    for (name, text) in [("clean", text(CLEAN)), ("dense", text(DENSE))] {
        let mut group = criterion.benchmark_group(format!("screening/{name}"));
        group
            .throughput(Throughput::Bytes(text.len() as u64))
            .sample_size(20);
        group.bench_function("secrets", |b| {
            b.iter(|| screener.screen_secrets(&text).len())
        });
        group.bench_function("with words", |b| b.iter(|| rules.screen_text(&text).len()));
        group.bench_function("with model", |b| {
            b.iter(|| screener.screen_text(&text).len())
        });
        group.finish();
    }
}

criterion_group!(benches, screening);
criterion_main!(benches);
