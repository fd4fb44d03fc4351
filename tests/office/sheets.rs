//! Workbooks.

use calamine::Reader;
use qianfa::intake::{IntakeNote, Place, read};

use super::kit::{sheet, workbook};
use super::{asides, fixture};

#[test]
fn a_workbook_of_a_real_program_is_read_as_shown() {
    let mut all = read("办税服务厅一览.xlsx", &fixture("table.xlsx")).unwrap();
    let read = all.remove(0);
    assert_eq!(read.title, "办税服务厅一览");
    assert!(read.notes.contains(&IntakeNote::TitleFromName));
    assert_eq!(
        read.body.lines().collect::<Vec<_>>(),
        [
            "| 名称 | 日期 | 金额 | 占比 | 合计 |",
            "| --- | --- | --- | --- | --- |",
            "| 第一办税服务厅 | 2026年3月5日 | 1,234,567.50 | 12.5% | 2469135 |",
            "| 第二办税服务厅 |  | -12.00 |  |  |",
        ]
    );
    let asides = asides(&read);
    for told in [
        (Place::HiddenRow, "一览表!3", "隐藏的一行"),
        (Place::HiddenColumn, "一览表!F", "备注（不公开） 内部数字"),
        (Place::HiddenSheet, "底稿", "底稿数字"),
    ] {
        assert!(asides.contains(&told), "{told:?} in {asides:?}");
    }
    assert!(
        asides
            .iter()
            .any(|(place, who, text)| *place == Place::Comment
                && who.starts_with("一览表!A2")
                && text.contains("名称待核。")),
        "{asides:?}"
    );
    assert!(read.needs_attention());
}

/// An independent reader gives the same cells, hidden ones among them.
#[test]
fn no_cell_is_lost() {
    let bytes = fixture("table.xlsx");
    let mut other: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes.clone())).unwrap();
    let found = qianfa::intake::inspect("a.xlsx", &bytes);
    for name in other.sheet_names() {
        let ours = found.texts.iter().find(|part| part.name == name).unwrap();
        for (_, _, cell) in other.worksheet_range(&name).unwrap().used_cells() {
            if let calamine::Data::String(text) = cell {
                assert!(ours.text.contains(text.trim()), "{text} of {name}");
            }
        }
    }
}

#[test]
fn lines_around_a_table_are_its_title_and_notes() {
    let cells = "<row r='1'><c r='A1' t='inlineStr'><is><t>某某一览表</t></is></c></row>\
         <row r='2'><c r='C2' t='inlineStr'><is><t>单位：万元</t></is></c></row>\
         <row r='4'><c r='A4' t='inlineStr'><is><t>税种|甲</t></is></c><c r='XFD4' t='inlineStr'><is><r><t>金</t></r><r><t>额</t></r></is></c></row>\
         <row r='1048575'><c r='A1048575' t='inlineStr'><is><t>增值税&lt;script</t></is></c><c r='XFD1048575'><v>12.50</v></c></row>\
         <row><c t='b'><v>1</v></c></row>";
    let bytes = workbook(&[("一", "", &sheet("", cells))]);
    let read = read("a.xlsx", &bytes).unwrap().remove(0);
    assert_eq!(read.title, "某某一览表");
    assert_eq!(
        read.body,
        "单位：万元\n\n| 税种\\|甲 | 金额 |\n| --- | --- |\n| 增值税\\<script | 12.5 |\n\nTRUE"
    );
    assert!(!read.notes.contains(&IntakeNote::TitleFromName));
}

#[test]
fn several_sheets_have_headings_and_limits_hold() {
    let table = |n: u32| {
        let row = |r: u32| {
            format!(
                "<row r='{r}'><c r='A{r}' t='inlineStr'><is><t>第{n}表第{r}行的文字内容</t></is></c><c r='B{r}'><v>{r}</v></c></row>"
            )
        };
        sheet("", &format!("{}{}", row(1), row(2)))
    };
    let bytes = workbook(&[
        ("甲表", "", &table(1)),
        ("乙表", "state='veryHidden'", &table(2)),
        ("丙表", "", &table(3)),
    ]);
    let read_one = read("汇总.xlsx", &bytes).unwrap().remove(0);
    assert!(read_one.body.contains("## 甲表\n\n| 第1表") && read_one.body.contains("## 丙表"));
    assert!(!read_one.body.contains("第2表"));
    assert_eq!(asides(&read_one)[0].0, Place::HiddenSheet);

    let wide: String = (0..70)
        .map(|_| "<c t='inlineStr'><is><t>x</t></is></c>".to_owned())
        .collect();
    let wide = format!("<row>{wide}</row><row>{wide}</row>");
    let bytes = workbook(&[("a", "", &sheet("", &wide))]);
    assert_eq!(
        read("a.xlsx", &bytes).unwrap_err().code(),
        "intake.too-wide"
    );
    let long: String = (0..100_001u32)
        .map(|n| {
            format!(
                "<row><c><v>{n}</v></c><c><v>{}</v></c></row>",
                n.wrapping_mul(2_654_435_761)
            )
        })
        .collect();
    let bytes = workbook(&[("a", "", &sheet("", &long))]);
    assert_eq!(
        read("a.xlsx", &bytes).unwrap_err().code(),
        "intake.too-many-cells"
    );
}
