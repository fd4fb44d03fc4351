#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;
use crate::assert_screen;
use crate::diff::{FieldEdit, compare};
use crate::text::cells;
use crate::tui::testing::{buffer_text, drawn, env, language};

const OLD: &str = "各市税务局：\n第一段没有改动。\n第二段也没有改动。\n为贯彻落实改革部署，现通知如下：\n第三段没有改动。\n第四段没有改动。\n这一段会整个换掉，与新的没有一句相同。\n末段没有改动。";

fn redline() -> Redline {
    let new = OLD.replace("改革部署", "“放管服”改革部署").replace(
        "这一段会整个换掉，与新的没有一句相同。",
        "请各地抓紧办理汇算清缴退税。\n\n特此通知。",
    );
    let mut r = Redline::default();
    r.head("字段");
    r.field(
        "标题：",
        &FieldEdit::Changed(compare("关于减税的通知", "关于减税降费的通知")),
    );
    r.exchange(Part::File, "附件：", "", "附表一.xlsx");
    r.head("正文");
    r.text(&compare(OLD, &new));
    r
}

fn draw(view: &mut DiffView, width: u16, height: u16, env: &Env) -> Buffer {
    drawn(width, height, |area, buf| view.render(area, buf, env))
}

fn plain() -> Env {
    let mut plain = env();
    plain.styles = Styles::plain();
    plain
}

#[test]
fn redlines_with_and_without_colour_in_one_and_side_by_side() {
    for tag in ["zh-CN", "en"] {
        let _guard = language(tag);
        for (name, env) in [("colour", &env()), ("plain", &plain())] {
            for (form, width) in [("inline", 60), ("sides", 130)] {
                let mut view = DiffView::new(redline());
                if form == "sides" {
                    view.handle(Action::ToggleSides);
                }
                let buf = drawn(width, 24, |area, buf| {
                    view.render(Rect { height: 23, ..area }, buf, env);
                    draw::put(buf, 0, 23, &view.position(), env.styles.text, 80, env.amb);
                });
                assert_screen!(format!("diff_{form}_{name}_{tag}"), buffer_text(&buf));
            }
        }
    }
}

#[test]
fn deletions_are_struck_and_insertions_underlined() {
    let env = env();
    let mut view = DiffView::new(redline());
    let buf = draw(&mut view, 80, 20, &env);
    let style_of = |symbol: &str| {
        let at = buf
            .content
            .iter()
            .position(|c| c.symbol() == symbol)
            .unwrap();
        buf.content[at].style()
    };
    use ratatui::style::Modifier;
    assert!(style_of("这").add_modifier.contains(Modifier::CROSSED_OUT));
    assert!(style_of("放").add_modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn changes_are_walked_in_a_circle() {
    let _guard = language("zh-CN");
    let env = env();
    let mut view = DiffView::new(redline());
    assert_eq!(view.changes(), 4);
    assert_eq!(view.position(), "改动 1/4");
    for _ in 0..3 {
        view.handle(Action::NextChange);
    }
    let text = buffer_text(&draw(&mut view, 30, 4, &env));
    assert!(text.contains("这一段会整个换掉"), "{text}");
    view.handle(Action::NextChange);
    assert_eq!(view.current(), 0);
    view.handle(Action::PreviousChange);
    assert_eq!(view.current(), 3);
    assert_eq!(view.summary(), "字段 1  附件 1  正文 2");
    let mut none = DiffView::new(Redline::whole("一样"));
    assert!(none.handle(Action::NextChange));
    assert_eq!(none.changes(), 0);
}

#[test]
fn folds_open_one_by_one_all_at_once_and_by_context() {
    let _guard = language("zh-CN");
    let env = env();
    let mut view = DiffView::new(redline());
    let folded = buffer_text(&draw(&mut view, 80, 24, &env));
    assert!(folded.contains("… 2 段未改动 …"), "{folded}");
    assert!(!folded.contains("第一段"), "{folded}");
    view.handle(Action::UnfoldOne);
    let one = buffer_text(&draw(&mut view, 80, 24, &env));
    assert!(
        one.contains("第一段") && one.contains("各市税务局"),
        "{one}"
    );
    view.handle(Action::LessContext);
    assert_eq!(view.context(), Some(0));
    let none = buffer_text(&draw(&mut view, 80, 24, &env));
    assert!(
        !none.contains("第四段") && none.contains("… 3 段未改动 …"),
        "{none}"
    );
    view.handle(Action::MoreContext);
    view.handle(Action::MoreContext);
    assert!(buffer_text(&draw(&mut view, 80, 24, &env)).contains("第一段"));
    view.handle(Action::ToggleFold);
    assert!(!buffer_text(&draw(&mut view, 80, 24, &env)).contains("未改动"));
    // A click opens the fold it hits.
    let mut view = DiffView::new(redline());
    let text = buffer_text(&draw(&mut view, 80, 24, &env));
    let row = text.lines().position(|l| l.contains("段未改动")).unwrap() as u16;
    assert!(view.click(row));
    assert!(buffer_text(&draw(&mut view, 80, 24, &env)).contains("第一段"));
}

#[test]
fn a_search_finds_what_is_folded() {
    let env = env();
    let mut view = DiffView::new(redline());
    draw(&mut view, 80, 6, &env);
    assert!(view.search("第一段"));
    let text = buffer_text(&draw(&mut view, 80, 6, &env));
    assert!(text.contains("第一段没有改动"), "{text}");
    assert!(!view.search("没有这个词"));
}

#[test]
fn marks_are_written_out_on_demand() {
    let env = env();
    let mut view = DiffView::new(redline());
    assert!(!buffer_text(&draw(&mut view, 80, 24, &env)).contains("{+"));
    view.handle(Action::ToggleMarks);
    assert!(buffer_text(&draw(&mut view, 80, 24, &env)).contains("关于减税{+降费+}的通知"));
}

#[test]
fn the_finer_redline_keeps_the_place() {
    let env = env();
    let text = |n: usize| format!("第{n}条规定，纳税人应当在{n}日内办理。");
    let old: Vec<String> = (0..60).map(text).collect();
    let new: Vec<String> = old
        .iter()
        .enumerate()
        .map(|(n, l)| {
            if n % 10 == 0 {
                l.replace("应当", "应")
            } else {
                l.clone()
            }
        })
        .collect();
    let (old, new) = (old.join("\n"), new.join("\n"));
    let of = |d: &crate::diff::Difference| {
        let mut r = Redline::default();
        r.text(d);
        r
    };
    let mut view = DiffView::new(of(&crate::diff::paragraphs_only(&old, &new)));
    draw(&mut view, 60, 8, &env);
    for _ in 0..3 {
        view.handle(Action::NextChange);
    }
    view.refine(of(&compare(&old, &new)));
    assert_eq!((view.current(), view.changes()), (3, 6));
    assert!(buffer_text(&draw(&mut view, 60, 8, &env)).contains("第30条"));
}

#[test]
fn sides_line_up_and_never_cross_the_middle() {
    for amb in [Ambiguous::Narrow, Ambiguous::Wide] {
        let mut env = plain();
        env.amb = amb;
        env.glyphs = draw::Glyphs::for_width(amb);
        let mut view = DiffView::new(redline());
        view.handle(Action::ToggleSides);
        let buf = draw(&mut view, 131, 30, &env);
        let half = (131 - 3 - 3) / 2;
        let middle = 2 + half + 1;
        for y in 0..30 {
            let bar = &buf[(middle, y)];
            assert!(
                [" ", env.glyphs.vertical].contains(&bar.symbol()),
                "{}",
                buffer_text(&buf)
            );
            // Nothing wide hangs over the middle.
            let before = &buf[(middle - 1, y)];
            assert!(cells(before.symbol(), amb) <= 1, "row {y}");
        }
    }
}

#[test]
fn a_frame_of_a_long_text_wraps_only_what_it_shows() {
    let env = env();
    let line = "纳税人应当按照规定的期限办理纳税申报，报送申报表、财务会计报表以及其他资料。";
    let old: Vec<String> = (0..3000).map(|n| format!("{n}{line}")).collect();
    let new: Vec<String> = old
        .iter()
        .enumerate()
        .map(|(n, l)| {
            if n % 10 == 0 {
                l.replace("期限", "时限")
            } else {
                l.clone()
            }
        })
        .collect();
    let mut r = Redline::default();
    r.text(&compare(&old.join("\n"), &new.join("\n")));
    let mut view = DiffView::new(r);
    view.handle(Action::ToggleFold);
    draw(&mut view, 80, 24, &env);
    let made = |view: &DiffView| view.cells.iter().flatten().count();
    assert!(made(&view) < 100, "{}", made(&view));
    for _ in 0..20 {
        view.handle(Action::PageDown);
        draw(&mut view, 80, 24, &env);
    }
    view.handle(Action::Last);
    let text = buffer_text(&draw(&mut view, 80, 24, &env));
    assert!(text.contains("2999"), "{text}");
    assert!(made(&view) < 500, "{}", made(&view));
}

proptest! {
    #[test]
    fn any_redline_any_window(
        old in "([税收优惠政策甲乙]{1,9}[，。；]?){0,9}(\n[税收优惠“”…—]{0,30}){0,6}",
        new in "([税收优惠政策甲乙]{1,9}[，。；]?){0,9}(\n[税收优惠“”…—]{0,30}){0,6}",
        width in 12u16..160,
        height in 1u16..12,
        keys in prop::collection::vec(0usize..12, 0..25),
        wide: bool,
        colour: bool,
    ) {
        let mut env = if colour { env() } else { plain() };
        env.amb = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        env.glyphs = draw::Glyphs::for_width(env.amb);
        let mut r = Redline::default();
        r.text(&compare(&old, &new));
        let mut view = DiffView::new(r);
        const KEYS: [Action; 12] = [
            Action::NextChange, Action::PreviousChange, Action::ToggleFold, Action::UnfoldOne,
            Action::MoreContext, Action::LessContext, Action::ToggleSides, Action::ToggleMarks,
            Action::PageDown, Action::PageUp, Action::Last, Action::First,
        ];
        draw(&mut view, width, height, &env);
        for key in keys {
            view.handle(KEYS[key]);
            draw(&mut view, width, height, &env);
        }
    }
}
