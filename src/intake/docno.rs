//! Document numbers 发文字号, by the three strict forms of the norm for official documents.
//!
//! Only a whole line, or a whole value of the page's data, is a candidate: numbers inside running
//! text refer to other documents.

/// How the names of those who issue orders 令 end; elsewhere the character ends ordinary words.
const ORDER_ISSUERS: [&str; 10] = [
    "国", "国务院", "主席", "部", "署", "局", "委员会", "政府", "银行", "办公室",
];

/// `text` as a document number, or `None` when it is not one in a form the norm allows.
/// Blanks that typesetting leaves around the brackets are dropped; the one between joint issuers
/// of a notice stays.
pub(super) fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    // Anything longer is a paragraph.
    if text.chars().count() > 60 {
        return None;
    }
    strict(text)
        .or_else(|| notice(text).map(|(number, _)| number))
        .or_else(|| order(text))
}

/// The issuers a notice number begins with.
pub(super) fn issuer(number: &str) -> Option<String> {
    notice(number).map(|(_, issuer)| issuer)
}

/// 税总发〔2015〕69号
fn strict(text: &str) -> Option<String> {
    let text = super::clean::squeezed(text);
    let (code, rest) = text.split_once('〔')?;
    let (year, rest) = rest.split_once('〕')?;
    let serial = rest.strip_suffix('号')?;
    let ok = (1..=12).contains(&code.chars().count())
        && code.chars().all(han)
        && is_year(year)
        && is_serial(serial, 5);
    ok.then_some(text)
}

/// 国家税务总局公告2024年第3号, possibly of several issuers
fn notice(text: &str) -> Option<(String, String)> {
    for kind in ["公告", "通告"] {
        let Some(at) = text.rfind(kind) else {
            continue;
        };
        let issuers = super::clean::collapse(&text[..at].replace('\u{3000}', " "));
        let rest = super::clean::squeezed(&text[at + kind.len()..]);
        let Some((year, serial)) = rest
            .strip_suffix('号')
            .and_then(|rest| rest.split_once("年第"))
        else {
            continue;
        };
        if (2..=40).contains(&issuers.chars().count())
            && issuers.chars().all(|c| han(c) || matches!(c, '、' | ' '))
            && is_year(year)
            && is_serial(serial, 4)
        {
            return Some((format!("{issuers}{kind}{rest}"), issuers));
        }
    }
    None
}

/// 国家税务总局令第54号, 国令第707号, 中华人民共和国主席令第七十三号
fn order(text: &str) -> Option<String> {
    let text = super::clean::squeezed(text);
    let (issuer, rest) = text.rsplit_once('令')?;
    let ok = issuer.chars().count() <= 24
        && issuer.chars().all(han)
        && ORDER_ISSUERS.iter().any(|end| issuer.ends_with(end));
    if !ok {
        return None;
    }
    let serial = rest.strip_prefix('第').unwrap_or(rest).strip_suffix('号')?;
    let digits = (1..=4).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_digit());
    let numerals = !serial.is_empty()
        && serial
            .chars()
            .all(|c| "一二三四五六七八九十百零〇".contains(c));
    (digits || numerals).then_some(text)
}

/// Whether a whole line was meant as a document number and is in no form the norm allows:
/// `某税函[2026]5号`, `某税发〔2026〕第05号`.
pub(super) fn loose(text: &str) -> bool {
    let text = super::clean::squeezed(text);
    if text.chars().count() > 40 {
        return false;
    }
    let opens = ['〔', '[', '［', '（', '(', '【', '﹝', '〖', '{'];
    let closes = ['〕', ']', '］', '）', ')', '】', '﹞', '〗', '}'];
    let Some((code, rest)) = text.split_once(opens) else {
        return false;
    };
    let Some((year, serial)) = rest.split_once(closes) else {
        return false;
    };
    let Some(serial) = serial.strip_suffix('号') else {
        return false;
    };
    let serial = serial.trim_start_matches('第');
    (1..=12).contains(&code.chars().count())
        && code.chars().all(han)
        && is_year(year.trim_end_matches('年'))
        && (1..=5).contains(&serial.len())
        && serial.bytes().all(|b| b.is_ascii_digit())
}

fn han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_serial(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && !text.starts_with('0')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The project's vectors, in `tests/fixtures/intake/docno_vectors.json`.
    #[test]
    fn the_vectors_of_the_norm() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!(
            "../../tests/fixtures/intake/docno_vectors.json"
        ))
        .unwrap();
        let vectors = vectors.as_array().unwrap();
        assert!(vectors.len() > 20);
        for vector in vectors {
            let text = vector["s"].as_str().unwrap();
            let number = parse(text);
            if vector["ok"] == serde_json::Value::Bool(true) {
                assert_eq!(number.as_deref(), Some(text));
            } else {
                assert_eq!(number, None, "{text}");
            }
            if let (Some(number), Some(org)) = (&number, vector["org"].as_str()) {
                assert_eq!(issuer(number).as_deref(), Some(org));
            }
            if let Some(fixed) = vector["fix"].as_str() {
                assert_eq!(parse(fixed).as_deref(), Some(fixed));
            }
        }
    }

    #[test]
    fn typesetting_blanks_are_dropped() {
        assert_eq!(
            parse("国办发 〔2019〕 6 号").as_deref(),
            Some("国办发〔2019〕6号")
        );
        assert_eq!(
            parse("中华人民共和国国务院令　第706号").as_deref(),
            Some("中华人民共和国国务院令第706号")
        );
    }

    #[test]
    fn numbers_in_other_forms_are_told_from_text() {
        for text in ["某税函[2026]5号", "某税发〔2026〕第05号", "国发(1986)74号"] {
            assert!(loose(text) && parse(text).is_none(), "{text}");
        }
        for text in ["根据某文件[2026]5号的规定", "（一）项目", "某某[2026]号"] {
            assert!(!loose(text), "{text}");
        }
    }

    #[test]
    fn orders_of_ministries() {
        for text in ["海关总署令第240号", "国家市场监督管理总局令第15号", "财政部令第97号"] {
            assert_eq!(parse(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn running_text_is_no_number() {
        assert_eq!(parse("根据《关于某事的通知》（财税〔2016〕36号）"), None);
        assert_eq!(parse("现发布命令第3号"), None);
    }
}
