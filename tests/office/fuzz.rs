//! Every parser against damaged files: a few seconds here, as long as one likes with
//! `QIANFA_FUZZ_SECONDS=600 cargo test --test office fuzz`. What it finds is written beside the
//! build and named; `QIANFA_FUZZ_SEED` begins elsewhere.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::kit::{Docx, LONG, exif, jpeg, letter, p, png, sheet, workbook, zip};
use super::{fixture, legacy, parsers};

/// Slower than this is a hang in the making, on a machine busy with other tests.
const SLOWEST: Duration = Duration::from_secs(20);

/// A small generator, the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        if most == 0 {
            return 0;
        }
        (self.next() % most as u64) as usize
    }
}

fn corpus(path: &str) -> Vec<u8> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake");
    fs::read(dir.join(path)).unwrap()
}

/// A part of a file of the kit.
fn part(file: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ::zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
    bytes
}

/// Whole files each parser begins from.
fn seeds(parser: &str) -> Vec<Vec<u8>> {
    let rich = letter(&format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr></w:pPr><w:ins w:author='甲'><w:r><w:t>增</w:t></w:r></w:ins><w:del w:author='乙'><w:r><w:delText>删</w:delText></w:r></w:del></w:p>\
         <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/><w:cellIns w:author='丙'/></w:tcPr>{c}</w:tc><w:tc>{c}<w:tbl><w:tr><w:tc>{c}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"https://a.cn/x.pdf\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>\
         <w:p><w:r><w:footnoteReference w:id='1'/></w:r><w:altChunk r:id='rId1'/></w:p>",
        c = p("格")
    ));
    let docx = Docx::new(&rich).build();
    let cells = sheet(
        "<col min='2' max='3' hidden='1'/>",
        "<row r='1'><c r='A1' t='inlineStr'><is><t>项目</t></is></c><c r='B1'><v>45000.5</v></c></row><row r='2' hidden='1'><c r='A2' t='s'><v>1</v></c><c r='XFD2' t='b'><v>1</v></c></row><mergeCells><mergeCell ref='A1:B2'/></mergeCells>",
    );
    let book = workbook(&[("甲", "", &cells), ("乙", "state='hidden'", &cells)]);
    match parser {
        "docx" => vec![
            part(&docx, "word/document.xml"),
            part(&fixture("notice.docx"), "word/document.xml"),
        ],
        "docx-whole" => vec![docx, fixture("notice.docx")],
        "xlsx" => vec![cells.into_bytes()],
        "xlsx-whole" => vec![book, fixture("table.xlsx")],
        "zip" => vec![
            zip(&[("甲/a.txt", LONG.as_bytes()), ("b.docx", &docx), ("c.zip", &zip(&[("d", b"d")]))]),
            zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a>b</a>"), ("meta.xml", b"<m><creator>x</creator></m>")]),
            zip(&[("OFD.xml", b"<OFD/>"), ("p.xml", "<P><TextCode>密</TextCode></P>".as_bytes())]),
            zip(&[("ppt/presentation.xml", b"<p/>"), ("ppt/slides/slide1.xml", b"<p show='0'/>")]),
        ],
        "html" => ["fgk.html", "generic.html", "shanxi.html", "zoomcon.html"]
            .iter()
            .map(|name| corpus(&format!("shapes/{name}")))
            .chain([
                corpus("corpus/gov_html/gov_5351596.html"),
                b"<li><a href='/art/2026/9/28/a.html'>\xe5\x85\xb3\xe4\xba\x8e\xe6\x9f\x90\xe4\xba\x8b</a> 09-28</li><script>urls[0]='./t20260928_1.html';headers[0]='abcdef';</script>".to_vec(),
            ])
            .collect(),
        "text" => {
            let text = format!("国家税务总局\n公告\n2026年第7号\n关于某事的公告\n来源：甲 时间：2026-1-2\n各局：\n{LONG}\n某局（章）\n二〇二六年十一月二十日");
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            vec![
                encoding_rs::GB18030.encode(&text).0.into_owned(),
                utf16,
                text.into_bytes(),
                corpus("corpus/laws/印花税法(2021-06-10).md"),
                corpus("corpus/qa/customs_qa.json"),
            ]
        }
        "feed" => vec![
            format!("<?xml version='1.0'?><rss version='2.0'><channel><title>甲</title><item><title>乙</title><link>https://a.cn/1</link><pubDate>Fri, 04 Sep 2026 00:30:00 +0800</pubDate><description><![CDATA[<p>{LONG}</p>]]></description><enclosure url='https://a.cn/f.pdf'/></item></channel></rss>").into_bytes(),
            format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>甲</title><entry><title type='html'>乙&amp;</title><link href='https://a.cn/1'/><updated>2026-09-04T01:00:00+08:00</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{LONG}</p></div></content></entry></feed>").into_bytes(),
            format!("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>甲</title></channel><item><title>乙</title><description>{LONG}</description></item></rdf:RDF>").into_bytes(),
        ],
        "list" => vec![corpus("sta_list.json")],
        "ole" => legacy::containers(),
        "pdf" => legacy::documents(),
        _ => vec![
            png(&[(b"tEXt", b"Comment\0x"), (b"zTXt", b"k\0\0x\x9cK\xaa\x02\0\0\xc5\0b"), (b"iTXt", "A\0\0\0\0\0丙".as_bytes()), (b"eXIf", &exif()[6..])]),
            jpeg(&[
                (0xe1, exif()),
                (0xe1, [&b"http://ns.adobe.com/xap/1.0/\0"[..], b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='u'><r:li>a</r:li></r:RDF></x:xmpmeta>"].concat()),
                (0xed, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x78\0\x09abcdefghi".to_vec()),
                (0xfe, b"comment".to_vec()),
            ]),
            b"GIF89a\x01\0\x01\0\0\0\0\x21\xfe\x05hello\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0\x3b".to_vec(),
            [&b"RIFF\x20\0\0\0WEBPEXIF"[..], &(exif().len() as u32).to_le_bytes(), &exif()].concat(),
        ],
    }
}

/// Words of the formats: what a flipped byte seldom makes.
const PIECES: [&[u8]; 24] = [
    b"<", b">", b"/>", b"</", b"&#x0;", b"&lt;", b"<!--", b"]]>", b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
    b"99999999999999999999", b"-1", b"w:val='4294967295'", b"<w:p>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"endobj ",
    b"<< /Kids [1 0 R] >>", b"BT /F1 1 Tf", b"2026\xe5\xb9\xb4", b"\xe2\x80\xae", b"PK\x01\x02",
];

fn damaged(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        let length = dice.below(64.min(bytes.len() - at) + 1);
        match dice.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 if !bytes.is_empty() => bytes[at] = dice.next() as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..at + length)),
            4 => {
                let copy = bytes[at..at + length].to_vec();
                for _ in 0..=dice.below(40) {
                    bytes.splice(at..at, copy.iter().copied());
                }
            }
            5 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len());
                let to = from + dice.below(200.min(other.len() - from) + 1);
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            6 if bytes.len() > at + 4 => {
                let number = [0, 1, 0x7fff_ffff, u32::MAX, 0xffff_fffe, 65_535][dice.below(6)];
                bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Whole packages are damaged part by part: a flipped byte in the container only breaks its sum.
fn repacked(dice: &mut Dice, seeds: &[Vec<u8>]) -> Option<Vec<u8>> {
    let seed = &seeds[dice.below(seeds.len())];
    let mut archive = ::zip::ZipArchive::new(std::io::Cursor::new(seed)).ok()?;
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).ok()?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).ok()?;
        parts.push((file.name().ok()?.into_owned(), bytes));
    }
    let at = dice.below(parts.len());
    let own = [parts[at].1.clone()];
    parts[at].1 = damaged(dice, &own);
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    Some(zip(&parts))
}

#[test]
fn damaged_files_neither_panic_nor_hang() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let seconds: u64 = number("QIANFA_FUZZ_SECONDS").unwrap_or(4);
    let only = std::env::var("QIANFA_FUZZ_ONLY").ok();
    let mut dice = Dice(number("QIANFA_FUZZ_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15));
    let parsers: Vec<_> = parsers::ALL
        .iter()
        .filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name))
        .map(|(name, parser)| (*name, *parser, seeds(name)))
        .collect();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut runs = 0_u64;
    // Each parser at least a few times, whatever the machine is doing.
    while runs < 10 || Instant::now() < end {
        for (name, parser, seeds) in &parsers {
            let whole = name.ends_with("-whole") || *name == "zip";
            let bytes = if whole && dice.below(4) > 0 {
                repacked(&mut dice, seeds).unwrap_or_default()
            } else {
                damaged(&mut dice, seeds)
            };
            let started = Instant::now();
            let done = std::panic::catch_unwind(|| parser(&bytes));
            let took = started.elapsed();
            if done.is_err() || took > SLOWEST {
                let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
                fs::write(&kept, &bytes).unwrap();
                panic!("{name}: {} ({took:?})", kept.display());
            }
        }
        runs += 1;
    }
    println!("{runs} rounds over {} parsers", parsers.len());
}
