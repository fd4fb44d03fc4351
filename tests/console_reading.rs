//! The reviewer's side of the console: the queue on one screen, redlines, comments on passages,
//! attachments, versions, custody; each act through the console's own action.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crossterm::event::{MouseButton, MouseEventKind};
use qianfa::demo::{Province, fill};
use qianfa::desk::Note;
use qianfa::desk::review::Seen;
use qianfa::rules::act::{Anchor, Urgency};
use qianfa::text::Ambiguous;
use qianfa::tui::console::seat::{Seat, Start};
use qianfa::tui::console::{Config, app};
use qianfa::tui::testing::{Harness, START_US, language};
use qianfa::tui::theme::Styles;

#[path = "common/console.rs"]
mod common;

use common::*;

const HOUR: i64 = 3_600_000_000;
const OLD: &str = "各市税务局：\n第一段没有改动。\n第二段也没有改动。\n为贯彻落实改革部署，现就有关事项通知如下。\n第三段没有改动。\n第四段没有改动。\n特此通知。";
const NEW: &str = "各市税务局：\n第一段没有改动。\n第二段也没有改动。\n为贯彻落实“放管服”改革部署，现就有关事项通知如下。\n第三段没有改动。\n第四段没有改动。\n详见[附表](表.txt)和[外站](http://other.org/a)。\n特此通知。";

/// An item that was cleared once, came back, and was changed: what a reviewer sees the difference
/// of. It waits at the first review with a comment on a passage and an attachment.
fn worked_over(p: &mut Province) -> String {
    let mut c = content("prov-policy", "关于减税的通知", OLD);
    c.shape.urgency = Urgency::Urgent;
    c.shape.go_live = Some(START_US - HOUR);
    let desk = p.sit("editor");
    let id = desk.create(c).unwrap().id;
    desk.submit(&id).unwrap();
    p.sit("first")
        .approve(&id, Seen::default(), &Note::none())
        .unwrap();
    p.sit("second")
        .approve(&id, Seen::default(), &Note::none())
        .unwrap();
    p.sit("secrecy")
        .clear(&id, Seen::default(), &open_review())
        .unwrap();
    p.sit("signer")
        .send_back(&id, Seen::default(), &Note::of("补充附表"))
        .unwrap();
    let desk = p.sit("editor");
    let mut changed = desk.content(&id, None).unwrap();
    changed.text = NEW.to_owned();
    changed.fields.title = "关于减税降费的通知".to_owned();
    desk.revise(&id, changed, 1).unwrap();
    desk.attach(&id, "表.txt", "减税明细", b"1,2,3".to_vec())
        .unwrap();
    desk.submit(&id).unwrap();
    id
}

fn plain_console(house: &House, login: &str, width: u16, height: u16) -> Harness<Seat> {
    let (path, people, clock) = (house.path(), house.people.clone(), house.clock.clone());
    let login = login.to_owned();
    let start = Start::Seated(Box::new(move || Ok(open(&path, &people, &clock, &login))));
    let mut config = Config::new(start, house.sitters());
    config.lock_after = None;
    config.styles = Styles::plain();
    config.theme = None;
    Harness::new(app(config, Ambiguous::Narrow).unwrap(), width, height).unwrap()
}

#[test]
fn list_record_and_difference_are_on_one_screen_at_every_width() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
        let desk = p.sit("editor");
        for n in 0..3 {
            let id = desk
                .create(content("prov-news", &format!("第{n}号消息"), "正文。"))
                .unwrap()
                .id;
            desk.submit(&id).unwrap();
        }
    });
    for (width, height) in [(80, 24), (110, 30), (160, 50)] {
        let mut h = house.console("first", width, height);
        h.press("<f4>").unwrap();
        says(&h, "待审 4 篇");
        // Who, when, where it stands; urgency and the clock that has run out.
        says(&h, "[急] 关于减税");
        says(&h, "编辑甲");
        says(&h, "改动 1/5");
        says(&h, "第 1 版到第 3 版");
        if width > 100 {
            says(&h, "审核记录");
            says(&h, "希望发布时间");
            says(&h, "已过 1 小时");
            if height < 50 {
                // Further down: the keys go to the record, and it scrolls.
                h.press("r <end>").unwrap();
            }
            says(&h, "补充附表");
        } else {
            h.press("r").unwrap();
            says(&h, "已过 1 小时");
        }
    }
}

#[test]
fn changes_are_walked_over_fields_files_and_text() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut h = plain_console(&house, "first", 80, 24);
    h.press("<f4> <enter>").unwrap();
    says(&h, "关于减税{+降费+}的通知");
    says(&h, "附件：{+表.txt+}");
    says(&h, "链接有变");
    h.press("] ] ]").unwrap();
    says(&h, "改动 4/5");
    says(&h, "{+“放管服”+}");
    h.press("] ]").unwrap();
    says(&h, "改动 1/5");
    h.press("[").unwrap();
    says(&h, "改动 5/5");
    // Folding: one, all, how much around.
    says(&h, "段未改动");
    h.press("<home> o").unwrap();
    says(&h, "第一段没有改动");
    h.press("z").unwrap();
    says_not(&h, "段未改动");
    // Side by side needs the room, and says so.
    h.press("v").unwrap();
    says(&h, "140 列以上");
    h.resize(160, 40).unwrap();
    let screen = h.screen();
    let row = screen.lines().find(|l| l.contains("{+降费+}")).unwrap();
    assert!(
        row.contains("关于减税的通知") && row.contains('│'),
        "{screen}"
    );
    h.press("v").unwrap();
    says(&h, "待审 1 篇");
}

#[test]
fn the_next_and_previous_item_come_without_leaving_the_text() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        for title in ["第一篇", "第二篇", "第三篇"] {
            let id = desk
                .create(content("prov-policy", title, &format!("{title}的正文。")))
                .unwrap()
                .id;
            desk.submit(&id).unwrap();
        }
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4> <enter> n").unwrap();
    says(&h, "第二篇的正文");
    h.press("n n").unwrap();
    says(&h, "已是最后一篇");
    h.press("N N").unwrap();
    says(&h, "第一篇的正文");
    // A decision opens the next and counts.
    h.press("a <enter>").unwrap();
    says(&h, "第二篇的正文");
    says(&h, "本次已办 1 篇");
    says(&h, "待审 2 篇");
}

#[test]
fn the_queue_is_narrowed_by_what_is_in_it() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
        let desk = p.sit("editor");
        for n in 0..3 {
            let id = desk
                .create(content("prov-news", &format!("第{n}号消息"), "正文。"))
                .unwrap()
                .id;
            desk.submit(&id).unwrap();
        }
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4> f").unwrap();
    says(&h, "已超时");
    h.press("<down> <enter>").unwrap();
    says(&h, "筛出 1 篇：已超时");
    says_not(&h, "号消息");
    h.press("f <enter>").unwrap();
    says(&h, "第2号消息");
}

#[test]
fn marked_items_are_decided_on_one_by_one() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        for title in ["第一篇", "第二篇", "第三篇"] {
            let id = desk
                .create(content("prov-policy", title, "正文。"))
                .unwrap()
                .id;
            desk.submit(&id).unwrap();
        }
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4> <ctrl-a> b").unwrap();
    says(&h, "3 篇，逐篇办理");
    says(&h, "其中 2 篇您还没有打开看过");
    // The reason is mandatory.
    h.press("<enter>").unwrap();
    says(&h, "2026-000001 第一篇");
    // One of them changes while the question is open: that one is refused by its rule.
    let mut other = house.desk("editor-b");
    let mut changed = other.content("2026-000002", None).unwrap();
    changed.text = "改过的正文。".to_owned();
    other.revise("2026-000002", changed, 1).unwrap();
    h.press("格式不符 <ctrl-s>").unwrap();
    says(&h, "3 篇中办成 2 篇");
    says(&h, "review.fingerprint");
    h.press("<enter>").unwrap();
    assert_eq!(state(&house, "2026-000001"), "returned");
    assert_eq!(state(&house, "2026-000002"), "in-review");
    assert_eq!(state(&house, "2026-000003"), "returned");
    // The confidentiality review is about one text.
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4> <ctrl-a> c").unwrap();
    says(&h, "逐篇办理");
}

#[test]
fn a_passage_is_commented_answered_and_settled() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f3> <enter> 2 v").unwrap();
    assert!(
        h.caret().is_some(),
        "the caret shows where the passage begins"
    );
    // The fourth paragraph, second word: 贯彻.
    h.press("<ctrl-down> <ctrl-down> <ctrl-down> w <space> w")
        .unwrap();
    h.press("m").unwrap();
    says(&h, "“贯彻”");
    h.press("请写全称 <ctrl-s>").unwrap();
    let comments = house.desk("first").comments("2026-000001").unwrap();
    let anchor = comments[0].anchor.clone().unwrap();
    let quote: String = NEW
        .chars()
        .skip(anchor.from as usize)
        .take((anchor.to - anchor.from) as usize)
        .collect();
    assert_eq!(
        (quote.as_str(), anchor.place.as_str()),
        ("贯彻", Anchor::TEXT)
    );
    assert_eq!(anchor.revision, 3);
    // From the text to the comment and back.
    h.press("}").unwrap();
    says(&h, "请写全称");
    says(&h, "1 初审");
    h.press("M").unwrap();
    says(&h, "1. 初审");
    h.press(", 已改 <ctrl-s>").unwrap();
    says(&h, "已改");
    h.press("<enter>").unwrap();
    says(&h, "为贯彻落实");
    h.press(". y M").unwrap();
    says(&h, "初审已了结");
    says_not(&h, "请写全称");
    h.press("z").unwrap();
    says(&h, "请写全称");
    let comments = house.desk("first").comments("2026-000001").unwrap();
    assert_eq!(comments.len(), 2);
    assert!(comments[0].settled_by.is_some());
    // A comment without a passage is on the item.
    h.press("m 标题再斟酌 <ctrl-s>").unwrap();
    assert!(
        house.desk("first").comments("2026-000001").unwrap()[2]
            .anchor
            .is_none()
    );
}

#[test]
fn a_passage_is_dragged_and_comments_stand_beside_the_text() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut h = house.console("first", 160, 50);
    h.press("<f3> <enter> 2").unwrap();
    let (x, y) = place(&h, "特此通知");
    mouse(&mut h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(&mut h, MouseEventKind::Drag(MouseButton::Left), x + 4, y);
    mouse(&mut h, MouseEventKind::Up(MouseButton::Left), x + 4, y);
    h.press("m 落款前空一行 <ctrl-s>").unwrap();
    let comments = house.desk("first").comments("2026-000001").unwrap();
    assert_eq!(comments[0].quote.as_deref(), Some("特此"));
    let screen = h.screen();
    let row = screen.lines().find(|l| l.contains("特此通知")).unwrap();
    assert!(row.contains("1 初审"), "beside its paragraph:\n{screen}");
    says(&h, "落款前空一行");
}

#[test]
fn attachments_are_exported_with_an_entry_and_replaced() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        let id = desk
            .create(content("prov-policy", "公告", "见[表](表.txt)。"))
            .unwrap()
            .id;
        desk.attach(&id, "表.txt", "", b"1,2,3".to_vec()).unwrap();
        desk.attach(&id, "图.png", "", b"png".to_vec()).unwrap();
    });
    let out = house.dir.path().join("out.txt");
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> 6").unwrap();
    says(&h, "表.txt");
    says(&h, "5 B");
    says(&h, "图片缺替代文字");
    h.press("O <ctrl-u>").unwrap();
    h.paste(out.to_str().unwrap()).unwrap();
    h.press("<enter>").unwrap();
    assert_eq!(std::fs::read(&out).unwrap(), b"1,2,3");
    h.press("8").unwrap();
    says(&h, "查阅未发布稿");
    says(&h, "导出");
    // Every export is one more on record, also within the time in which two looks are one.
    h.press("6 O <ctrl-u>").unwrap();
    h.paste(house.dir.path().join("again.txt").to_str().unwrap())
        .unwrap();
    h.press("<enter>").unwrap();
    let exports = house
        .desk("editor")
        .custody("2026-000001")
        .unwrap()
        .into_iter()
        .filter(|hand| hand.line.kind == "item.viewed")
        .count();
    assert_eq!(exports, 2);
    // Another file in its place; the name in the text no longer fits and the list says so.
    let new = house.dir.path().join("新表.txt");
    std::fs::write(&new, b"4,5,6,7").unwrap();
    h.press("<ctrl-p>").unwrap();
    for c in "替换附件".chars() {
        h.press(&c.to_string()).unwrap();
    }
    h.press("<enter>").unwrap();
    h.paste(new.to_str().unwrap()).unwrap();
    h.press("<enter>").unwrap();
    let content = house.desk("editor").content("2026-000001", None).unwrap();
    assert_eq!(content.attachments[0].name, "新表.txt");
    assert_eq!(
        house
            .desk("editor")
            .attachment("2026-000001", None, 0)
            .unwrap()
            .1,
        b"4,5,6,7"
    );
}

#[test]
fn links_tell_where_they_lead_and_open_in_the_text() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f3> <enter> 5").unwrap();
    says(&h, "1. 附件");
    says(&h, "2. 站外");
    says(&h, "http://other.org/a");
    h.press("<down> <enter>").unwrap();
    says(&h, "外站[2]");
}

#[test]
fn two_revisions_are_compared_and_one_is_restored_with_a_reason() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        let id = desk
            .create(content("prov-policy", "公告", "第一版。"))
            .unwrap()
            .id;
        for (n, text) in [(1, "第二版。"), (2, "第三版。")] {
            let mut c = desk.content(&id, None).unwrap();
            c.text = text.to_owned();
            desk.revise(&id, c, n).unwrap();
        }
    });
    let mut h = plain_console(&house, "editor", 80, 24);
    h.press("<f3> <enter> 7 c <down> <enter> <down> <enter>")
        .unwrap();
    says(&h, "第 1 版到第 2 版");
    says(&h, "第[-一-]{+二+}版");
    // Back to the first: a new revision, with a reason; nothing is lost.
    h.press("7 R <down> <enter>").unwrap();
    says(&h, "以第 1 版的内容另存为新的一版");
    h.press("<ctrl-s>").unwrap();
    says(&h, "此栏必填");
    h.press("改错了方向 <ctrl-s>").unwrap();
    let mut desk = house.desk("editor");
    assert_eq!(desk.content("2026-000001", None).unwrap().text, "第一版。");
    assert_eq!(desk.revisions("2026-000001").unwrap().len(), 4);
    says(&h, "改错了方向");
    // What is there already cannot be restored, and that is said.
    h.press("R <down> <down> <enter> 再来 <ctrl-s>").unwrap();
    says(&h, "与现在的内容相同");
    h.press("<enter> <esc>").unwrap();
    assert_eq!(desk.revisions("2026-000001").unwrap().len(), 4);
}

#[test]
fn custody_names_every_hand_with_its_version() {
    let house = House::new(|p| {
        worked_over(p);
    });
    let mut desk = house.desk("leader");
    let hands = desk.custody("2026-000001").unwrap();
    let of = |kind: &str| -> Vec<u32> {
        hands
            .iter()
            .filter(|h| h.line.kind == kind)
            .map(|h| h.revision)
            .collect()
    };
    assert_eq!(of("item.new"), [1]);
    assert_eq!(of("item.approve"), [1, 1]);
    assert_eq!(of("item.clear"), [1]);
    assert_eq!(of("item.revise"), [2, 3]);
    assert_eq!(of("item.submit"), [1, 3]);
}

#[test]
fn back_finds_everything_where_it_was() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let long: Vec<String> = (0..80).map(|n| format!("第{n}段的文字。")).collect();
        p.sit("editor")
            .create(content("prov-policy", "长公告", &long.join("\n")))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> 2 <pagedown> <pagedown>").unwrap();
    let before = h.screen();
    h.press("<f5> <backspace>").unwrap();
    assert_eq!(h.screen(), before);
}

#[test]
fn an_item_opens_on_the_difference_asked_for() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        worked_over(p);
    });
    let (path, people, clock) = (house.path(), house.people.clone(), house.clock.clone());
    let start = Start::Seated(Box::new(move || Ok(open(&path, &people, &clock, "first"))));
    let mut config = Config::new(start, house.sitters());
    config.lock_after = None;
    config.item = Some("2026-000001".to_owned());
    config.compare = Some((2, 1));
    let h = Harness::new(app(config, Ambiguous::Narrow).unwrap(), 80, 24).unwrap();
    says(&h, "第 1 版到第 2 版");
}

#[test]
fn long_texts_are_compared_beside_everything_else() {
    let _zh = language("zh-CN");
    let paragraph = "纳税人应当按照规定的期限办理纳税申报，报送申报表、财务会计报表以及税务机关要求报送的其他资料。";
    let old: Vec<String> = (0..1500).map(|n| format!("第{n}条　{paragraph}")).collect();
    let new: Vec<String> = old
        .iter()
        .enumerate()
        .map(|(n, l)| {
            if n % 5 == 0 {
                l.replace("期限", "时限")
            } else {
                l.clone()
            }
        })
        .collect();
    let (old, new) = (old.join("\n"), new.join("\n"));
    assert!(old.len() > 200_000);
    let house = House::new(|p| {
        let desk = p.sit("editor");
        let id = desk
            .create(content("prov-policy", "长公告", &old))
            .unwrap()
            .id;
        let mut c = desk.content(&id, None).unwrap();
        c.text = new;
        desk.revise(&id, c, 1).unwrap();
    });
    let mut h = plain_console(&house, "editor", 80, 24);
    h.press("<f3> <enter> 7 c <enter> <enter>").unwrap();
    says(&h, "改动 1/300");
    says(&h, "规定的[-期-]{+时+}限");
}

/// The screens of a reviewer, in both languages, at both sizes, with colour and without.
#[test]
fn screens() {
    let house = House::new(|p| {
        fill(p, &mut |_, _| {}).unwrap();
        let id = worked_over(p);
        let number = p.sit("editor").show(&id).unwrap().line.number;
        let desk = p.sit("proofreader");
        let anchor = desk.passage(&number, "改革部署").unwrap();
        desk.comment_on(&number, Some(anchor), None, &Note::of("请核对提法。"))
            .unwrap();
    });
    for tag in ["zh-CN", "en"] {
        let _language = language(tag);
        for (width, height) in [(80, 24), (160, 50)] {
            for (colour, mut h) in [
                ("colour", house.console("first", width, height)),
                ("plain", plain_console(&house, "first", width, height)),
            ] {
                let take = |h: &Harness<Seat>, name: &str| {
                    let name = format!("reading_{name}_{width}x{height}_{colour}_{tag}");
                    snapshot!(name, h);
                };
                h.press("<f4>").unwrap();
                take(&h, "queue");
                if colour == "plain" {
                    h.press("<enter> v").unwrap();
                    take(&h, "redline");
                    continue;
                }
                h.press("<enter>").unwrap();
                take(&h, "queue_text");
                h.press("2 }").unwrap();
                h.press("<esc> <f3> <enter> 2 }").unwrap();
                take(&h, "item_text");
                for (key, name) in [
                    ("1", "item_about"),
                    ("4", "item_comments"),
                    ("5", "item_links"),
                    ("6", "item_files"),
                    ("7", "item_history"),
                    ("8", "item_custody"),
                ] {
                    h.press(key).unwrap();
                    take(&h, name);
                }
            }
        }
    }
}
