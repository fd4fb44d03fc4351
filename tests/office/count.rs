//! How many fields come out right over documents written in the ways offices write them, counted.
//! The ways are combined, not chosen: what one way breaks shows in the count of its field.

use std::collections::BTreeMap;

use jiff::civil::date;
use qianfa::intake::{Manuscript, read};

use super::kit::{Docx, LONG, p, pp};

/// Below this share of a field the test fails.
const ENOUGH: f64 = 0.98;

/// A document in the making: lines with how they stand, and what should come out.
struct Letter {
    lines: Vec<(Stand, String)>,
    title: String,
    number: Option<String>,
    addressee: Option<String>,
    signature: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stand {
    Centre,
    Right,
    Left,
}

const ISSUER: &str = "国家税务总局某省税务局";

/// What stands above the title.
const HEADS: [&[&str]; 8] = [
    &[],
    &["机密★1年", "特急"],
    &["000012", "国家税务总局某省税务局文件", "#某税发〔2026〕12号"],
    &["国家税务总局某省税务局文件", "#某税发〔2026〕12号　　　签发人：李四"],
    &["国家税务总局某省税务局", "#某税函〔2026〕5号"],
    &["#国家税务总局某省税务局公告2026年第7号"],
    &["国家税务总局某省税务局公告", "2026年第7号"],
    &["国家税务总局某省税务局", "公　告", "2026年第7号"],
];

const TITLES: [&[&str]; 6] = [
    &["关于做好纳税服务工作的通知"],
    &["国家税务总局某省税务局", "关于做好纳税服务工作的通知"],
    &["国家税务总局某省税务局关于转发《国家税务总局关于进一步做好小微企业减税工作的通知》的通知"],
    &["关于某办法（征求意见稿）公开征求意见的公告"],
    &["某省财政厅 国家税务总局某省税务局关于2026年度某项事宜的公告"],
    &["关于开展检查的", "通　　知"],
];

const ADDRESSEES: [Option<&str>; 5] = [
    Some("各市税务局"),
    Some("各市（州）税务局，省局机关各处室"),
    Some("国家税务总局"),
    Some("各有关单位"),
    None,
];

const SIGNATURES: [(&str, Option<&str>); 5] = [
    ("国家税务总局某省税务局", Some(ISSUER)),
    ("国家税务总局某省税务局（章）", Some(ISSUER)),
    ("国家税务总局某省税务局办公室", Some("国家税务总局某省税务局办公室")),
    ("某省财政厅|国家税务总局某省税务局", Some("某省财政厅 国家税务总局某省税务局")),
    ("", None),
];

const DATES: [&str; 5] = [
    "2026年11月20日",
    "二〇二六年十一月二十日",
    "2026 年 11 月 20 日",
    "２０２６年１１月２０日",
    "2026-11-20",
];

fn letter(n: usize) -> Letter {
    // Coprime steps: every pair of ways meets.
    let head = HEADS[n % HEADS.len()];
    let title = TITLES[n / 3 % TITLES.len()];
    let addressee = ADDRESSEES[n / 2 % ADDRESSEES.len()];
    let (signature, signed) = SIGNATURES[n / 5 % SIGNATURES.len()];
    let day = DATES[n / 7 % DATES.len()];
    let mut lines = Vec::new();
    let mut number = None;
    for line in head {
        if let Some(stated) = line.strip_prefix('#') {
            number = stated.split_once('　').map_or(Some(stated), |(n, _)| Some(n));
        }
        let stand = if line.starts_with("机密") || line.starts_with("特急") || line.starts_with("000") {
            Stand::Left
        } else {
            Stand::Centre
        };
        lines.push((stand, line.trim_start_matches('#').to_owned()));
    }
    if head.last() == Some(&"2026年第7号") {
        number = Some("国家税务总局某省税务局公告2026年第7号");
    }
    lines.extend(title.iter().map(|l| (Stand::Centre, (*l).to_owned())));
    if let Some(addressee) = addressee {
        lines.push((Stand::Left, format!("{addressee}：")));
    }
    lines.push((Stand::Left, LONG.to_owned()));
    lines.push((Stand::Left, format!("一、{LONG}")));
    lines.push((Stand::Left, "附件：1.某某表".to_owned()));
    if !signature.is_empty() {
        lines.extend(signature.split('|').map(|l| (Stand::Right, l.to_owned())));
        lines.push((Stand::Right, day.to_owned()));
        lines.push((Stand::Left, "（此件公开发布）".to_owned()));
    }
    Letter {
        lines,
        title: title.concat().replace('　', ""),
        number: number.map(str::to_owned),
        addressee: addressee.map(str::to_owned),
        signature: signed.map(str::to_owned),
    }
}

fn docx(letter: &Letter) -> Vec<u8> {
    let body: String = letter
        .lines
        .iter()
        .map(|(stand, line)| match stand {
            Stand::Centre => pp("<w:jc w:val='center'/>", line),
            Stand::Right => pp("<w:jc w:val='right'/>", line),
            Stand::Left => p(line),
        })
        .collect();
    Docx::new(&body).build()
}

fn text(letter: &Letter) -> Vec<u8> {
    let lines: Vec<&str> = letter.lines.iter().map(|(_, l)| l.as_str()).collect();
    encoding_rs::GB18030.encode(&lines.join("\r\n")).0.into_owned()
}

/// As Word saves it, with nothing but paragraphs.
fn page(letter: &Letter) -> Vec<u8> {
    let body: String = letter.lines.iter().map(|(_, l)| format!("<p class=MsoNormal>{l}</p>")).collect();
    let page = format!("<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><meta name=Generator content='Microsoft Word 15'><title>x</title></head><body><div class=WordSection1>{body}</div></body></html>");
    encoding_rs::GB18030.encode(&page).0.into_owned()
}

#[test]
fn fields_are_counted_over_ways_of_writing() {
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    for n in 0..420 {
        let letter = letter(n);
        let day = letter.signature.as_ref().map(|_| date(2026, 11, 20));
        for (format, name, bytes) in [
            ("docx", "a.docx", docx(&letter)),
            ("txt", "a.txt", text(&letter)),
            ("html", "a.htm", page(&letter)),
        ] {
            let read: Option<Manuscript> = read(name, &bytes).ok().map(|mut all| all.remove(0));
            let found = read.as_ref().map(|m| &m.fields);
            let mut hold = |field: &'static str, right: bool| {
                let count = counts.entry((format, field)).or_default();
                count.1 += 1;
                count.0 += usize::from(right);
                if !right {
                    wrong.push(format!("{n} {format} {field}: {:?} {found:?}", read.as_ref().map(|m| &m.title)));
                }
            };
            hold("title", read.as_ref().is_some_and(|m| m.title == letter.title));
            hold("number", found.is_some_and(|f| f.doc_number == letter.number));
            hold("addressee", found.is_some_and(|f| f.addressee == letter.addressee));
            hold("signature", found.is_some_and(|f| f.signature == letter.signature));
            hold("date", found.is_some_and(|f| f.written_on == day));
            // A mark of secrecy above the title is still in the text.
            let marked = letter.lines[0].1.starts_with("机密");
            hold("mark", read.as_ref().is_some_and(|m| !marked || m.body.contains("机密★1年")));
        }
    }
    for ((format, field), (right, all)) in &counts {
        println!("{format} {field}: {right} of {all}");
        assert!(
            *right as f64 >= ENOUGH * *all as f64,
            "{format} {field}: {right} of {all}\n{}",
            wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n")
        );
    }
}
