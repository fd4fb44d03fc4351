use proptest::prelude::*;

use super::screener;
use crate::screening::{Attachment, Place, Sniffed, Subject};

/// How many texts are made: seconds of work in the ordinary run, as long as one likes by hand.
fn cases(usually: u32) -> ProptestConfig {
    let asked = std::env::var("QIANFA_FUZZ_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(usually))
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "机密",
            "机 密",
            "★",
            "5年",
            "内部资料",
            "\u{200b}",
            "\u{ad}",
            "\n",
            " ",
            "　",
            "138",
            "0013",
            "8000",
            "13800138000",
            "-",
            "—",
            "（",
            "）",
            "@",
            "#",
            "[at]",
            "qq.com",
            "11010519491231002X",
            "91350100M000100Y43",
            "6217001234567890122",
            "０１０",
            "电话：",
            "编号",
            "元",
            "举报人：",
            "张三",
            "京A12345",
            "①②③④",
            "𝟎",
            "⼀",
            "住址：",
            "1号楼",
            "一三八〇〇一三八〇〇〇",
            "**",
            ".",
            "E12345678",
            "护照",
            "密级：",
            "“",
            "”",
            "\u{202e}",
            "\r\n",
            "|",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(|c| c.to_string()),
        "[0-9 -]{1,24}",
    ]
}

proptest! {
    #![proptest_config(cases(400))]
    #[test]
    fn hits_lie_on_borders_in_order_and_nothing_panics(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let hits = screener().screen_secrets(&text);
        let mut last = 0;
        for hit in &hits {
            prop_assert!(hit.range.start < hit.range.end && hit.range.end <= text.len());
            prop_assert!(text.is_char_boundary(hit.range.start) && text.is_char_boundary(hit.range.end));
            prop_assert!(hit.range.start >= last);
            last = hit.range.start;
            prop_assert!(crate::screening::REASONS.contains(&hit.why), "{}", hit.why);
        }
    }

    #[test]
    fn disguise_changes_nothing_about_a_number(at in 1usize..17, dress in prop::sample::select(vec!["\u{200b}", "\u{ad}", "\u{2060}", "\u{feff}\u{200d}"]), wide in any::<bool>()) {
        let plain = "130102197111032507";
        let mut text = format!("{}{dress}{}", &plain[..at], &plain[at..]);
        if wide {
            text = text.chars().map(|c| c.to_digit(10).and_then(|d| char::from_u32(0xff10 + d)).unwrap_or(c)).collect();
        }
        let text = format!("证件{text}。");
        let hits = screener().screen_secrets(&text);
        prop_assert_eq!(hits.len(), 1);
        let back: String = text[hits[0].range.clone()].chars().filter_map(|c| c.to_digit(10).or((c as u32).checked_sub(0xff10).filter(|d| *d < 10))).map(|d| char::from_digit(d, 10).unwrap_or('?')).collect();
        prop_assert_eq!(back, plain);
    }
}

fn markdown() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "[",
            "]",
            "(",
            ")",
            "![",
            "](",
            "（",
            "）",
            "［",
            "］",
            "#",
            "|",
            "\n",
            "--|--",
            "https://",
            "http://",
            "a.gov.cn",
            "javascript:",
            "%E4",
            "\\\\",
            "@",
            "[x](#a)",
            "# a\n",
            "<a id=x>",
            "点击这里",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(|c| c.to_string()),
    ]
}

proptest! {
    #![proptest_config(cases(200))]
    #[test]
    fn any_item_is_screened_without_panic(pieces in prop::collection::vec(markdown(), 0..60), name in ".{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        let body = pieces.concat();
        let subject = Subject {
            body: &body,
            fields: vec![("title", &name)],
            attachments: vec![Attachment { name: &name, sniffed: Some(Sniffed::of(&bytes)), ..Attachment::default() }],
            ..Subject::default()
        };
        for finding in screener().without_model().screen_item(&subject) {
            if finding.place == Place::Body {
                prop_assert!(body.get(finding.hit.range.clone()).is_some());
            }
        }
    }
}
