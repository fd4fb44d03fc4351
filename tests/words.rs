//! Words and names from outside: reasons have texts, ranges hold on any text, the model is what its texts make.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use proptest::prelude::*;
use qianfa::screening::words::{
    Context, Fault, Lists, Model, WHY, parse_roster, parse_terms, scan,
};

#[path = "common/words_training.rs"]
mod training;

const DAY: Date = Date::constant(2026, 11, 24);

fn lists() -> Lists {
    Lists::new(
        parse_terms("词,类别,级别\n甲乙,term,一般\n税,usage,疑似\n").unwrap(),
        parse_roster("姓名,职务,排序\n何晓明,局长,1\n林建国,副局长,2\n").unwrap(),
    )
}

#[test]
fn every_reason_has_its_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for tag in ["zh-CN", "en"] {
        let text = std::fs::read_to_string(root.join(format!("locales/{tag}/qianfa.ftl"))).unwrap();
        let keys: BTreeSet<&str> = text
            .lines()
            .filter_map(|l| l.split_once(" ="))
            .map(|l| l.0)
            .collect();
        for why in WHY {
            assert!(
                keys.contains(format!("screening-why-{why}").as_str()),
                "{tag}: {why}"
            );
        }
        for fault in Fault::ALL {
            assert!(
                keys.contains(format!("screening-list-{}", fault.code()).as_str()),
                "{tag}: {fault:?}"
            );
        }
    }
    // And every reason in the sources is declared.
    let reason = regex::Regex::new(
        r#""((?:char|script|list|fixed|body|rate|repeat|bracket|punct|width|docno|date|number|ordinal|term|roster|model)-[a-z]+)""#,
    )
    .unwrap();
    let declared: BTreeSet<&str> = WHY.iter().copied().collect();
    let mut used = BTreeSet::new();
    for dir in ["src/screening/words", "src/screening/words/model"] {
        for entry in std::fs::read_dir(root.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "rs") && path.file_name().unwrap() != "mod.rs"
                || path.ends_with("model/mod.rs")
            {
                let source = std::fs::read_to_string(&path).unwrap();
                used.extend(reason.captures_iter(&source).map(|c| c[1].to_owned()));
            }
        }
    }
    let used: BTreeSet<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(used, declared);
}

#[test]
fn the_model_is_made_of_its_texts() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/screening/words/data");
    let made = training::trainer(&data, true).table();
    let shipped = Model::shipped_table().unwrap();
    assert!(made == shipped, "run `cargo run --example words_model`");
    assert!(Model::shipped().is_some());
}

#[test]
fn what_was_published_is_no_longer_strange() {
    let lists = Lists::default();
    let odd = "本省推行税智联办新机制";
    let mut model = Model::shipped().unwrap().clone();
    assert_eq!(model.learnt(), 0);
    for _ in 0..3 {
        model.learn(odd);
    }
    assert!(model.learnt() > 0);
    // What one board's model has learnt, the shipped one has not.
    assert_eq!(Model::shipped().unwrap().learnt(), 0);
    let hits = scan(
        odd,
        &Context {
            lists: &lists,
            model: Some(&model),
            on: DAY,
        },
    );
    assert!(hits.iter().all(|h| h.why != "model-typo"), "{hits:?}");
}

#[test]
fn slips_are_found_and_clean_text_is_left_alone() {
    let lists = Lists::default();
    let cx = Context {
        lists: &lists,
        model: Model::shipped(),
        on: DAY,
    };
    let clean = "根据《中华人民共和国税收征收管理法》和《国家税务总局关于发布〈税务登记管理办法〉的公告》（国家税务总局公告2024年第3号），\
        现将有关事项公告如下：\n一、纳税人应当自领取营业执照之日起30日内办理税务登记。\n二、本公告自2024年5月1日起施行。\n特此公告。";
    assert_eq!(scan(clean, &cx), []);
    let whys = |text: &str| scan(text, &cx).iter().map(|h| h.why).collect::<Vec<_>>();
    assert_eq!(whys("内蒙古自治区大力培育发展大数局产业。"), ["model-typo"]);
    assert_eq!(whys("财税[2016]36号"), ["docno-bracket"]);
    assert_eq!(whys("增殖税\u{200b}税率"), ["list-tax"]);
    assert_eq!(whys("增\u{200b}殖税"), ["list-tax"]);
}

/// Texts that try a detector's patience.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("（".to_owned()),
        Just("”".to_owned()),
        Just("《".to_owned()),
        Just("2月30日".to_owned()),
        Just("〔2015〕069号".to_owned()),
        Just("税务局".to_owned()),
        Just("的的".to_owned()),
        Just("甲乙".to_owned()),
        Just("何晓名局长".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("\u{301}".to_owned()),
        Just("\u{1b}[2J".to_owned()),
        Just("\u{0}".to_owned()),
        Just("９９％".to_owned()),
        Just("占150%".to_owned()),
        Just("| 合计 | 3 |\n".to_owned()),
        Just("|---|\n".to_owned()),
        Just("第一条".to_owned()),
        Just("一是".to_owned()),
        Just("\n".to_owned()),
        Just("𬭎".to_owned()),
        Just("壹佰元（¥1".to_owned()),
        Just("999999999999999999999户，合计".to_owned()),
        Just("中华人民".to_owned()),
        "\\PC{1,6}",
        "[0-9年月日时.,/-]{1,8}",
    ];
    prop::collection::vec(pieces, 0..40).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn ranges_are_of_the_text(text in hostile()) {
        let lists = lists();
        let cx = Context { lists: &lists, model: Model::shipped(), on: DAY };
        let hits = scan(&text, &cx);
        let mut last = 0;
        for hit in &hits {
            prop_assert!(hit.range.start < hit.range.end, "{:?}", hit);
            prop_assert!(text.get(hit.range.clone()).is_some(), "{:?}", hit);
            prop_assert!(hit.range.start >= last);
            last = hit.range.start;
            prop_assert!(WHY.contains(&hit.why), "{}", hit.why);
        }
        prop_assert_eq!(&hits, &scan(&text, &cx));
    }
}

/// Time is linear in the text, whatever it is made of; one character goes up to a megabyte.
#[test]
fn monotonous_text_takes_linear_time() {
    let lists = lists();
    let cx = Context {
        lists: &lists,
        model: Model::shipped(),
        on: DAY,
    };
    let _ = scan("税务局", &cx);
    for piece in [
        "税",
        "的",
        "（",
        "）",
        "“",
        "《",
        "稅",
        "9",
        "1.",
        "|",
        "\n",
        "1)\n",
        "甲乙",
        "何晓明、",
        "2月",
        "中华人民",
        "一是",
        "｜a",
        "\u{301}",
        "\u{200b}a",
        "合计3户、",
        "局长",
        "占9%、",
        "约",
        "壹",
    ] {
        let time = |n: usize| {
            let text = piece.repeat(n / piece.len());
            let start = std::time::Instant::now();
            let hits = scan(&text, &cx);
            for hit in &hits {
                assert!(text.get(hit.range.clone()).is_some());
            }
            start.elapsed().as_secs_f64()
        };
        let most = if matches!(piece, "税" | "（") {
            1 << 20
        } else {
            1 << 18
        };
        let (small, large) = (time(most / 8), time(most));
        // Eight times the text; thirty times the time leaves room for a busy machine, not for a square.
        assert!(
            large < small.max(0.02) * 30.0,
            "{piece:?}: {small:.3} s, then {large:.3} s"
        );
    }
}
