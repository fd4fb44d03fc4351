//! Every act that the console offers on an item, through the console's own action and its dialog,
//! with scripted keys: what it does, and who is refused with which rule.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crossterm::event::{MouseButton, MouseEventKind};
use qianfa::demo::Province;
use qianfa::desk::Note;
use qianfa::desk::review::{Seen, When};
use qianfa::rules::act::{FlagCause, Relation, Validity};
use qianfa::tui::console::seat::Seat;
use qianfa::tui::testing::{Harness, language};

#[path = "common/console.rs"]
mod common;

use common::*;

const FIRST: &str = "2026-000001";
const SECOND: &str = "2026-000002";

/// Picks an action from the palette.
fn pick(h: &mut Harness<Seat>, name: &str) {
    h.press("<ctrl-p>").unwrap();
    h.press(name).unwrap();
    h.press("<enter>").unwrap();
}

/// The console of a person with an item open.
fn at(house: &House, login: &str, number: &str) -> Harness<Seat> {
    let mut h = house.console(login, 100, 40);
    // Numbers are in the title of the list; the item is found by it.
    h.press("<f3> o <down> <down> <enter>").unwrap();
    let n: usize = number[5..].parse().unwrap();
    let total = count(house);
    for _ in n..total {
        h.press("<down>").unwrap();
    }
    h.press("<enter>").unwrap();
    says(&h, number);
    h
}

fn count(house: &House) -> usize {
    let mut desk = house.desk("leader");
    (1..1_000)
        .take_while(|n| desk.find(&format!("2026-{n:06}")).is_ok())
        .count()
}

fn published(p: &mut Province, title: &str) -> String {
    let id = signed_off(p, "prov-policy", title);
    p.sit("signer").publish(&id, Seen::default()).unwrap();
    id
}

fn submitted(p: &mut Province, title: &str, text: &str) -> String {
    let desk = p.sit("editor");
    let id = desk.create(content("prov-policy", title, text)).unwrap().id;
    desk.submit(&id, Seen::default()).unwrap();
    id
}

/// Refused with this rule, told with the rule's id and the advice in Chinese.
fn refused(h: &mut Harness<Seat>, rule: &str, advice: &str) {
    says(h, "没有办成");
    says(h, rule);
    says(h, advice);
    h.press("<enter>").unwrap();
}

#[test]
fn a_finding_is_waived_with_a_reason_and_the_waiver_is_taken_back() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        submitted(p, "值班电话", "请拨打13800138000。");
    });
    // A person's data may stand only if the confidentiality reviewer says so.
    let mut h = house.console("first", 100, 40);
    h.press("<f4> i !").unwrap();
    says(&h, "豁免");
    h.press("<ctrl-s>").unwrap();
    says(&h, "此栏必填");
    h.press("公开的值班电话 <ctrl-s>").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
    // What was written is still there.
    says(&h, "公开的值班电话");
    let mut h = at(&house, "secrecy", FIRST);
    h.press("9 ! 公开的值班电话 <ctrl-s>").unwrap();
    says(&h, "公开的值班电话");
    let found = house.desk("leader").findings(FIRST).unwrap();
    let mobile = |list: &[qianfa::desk::findings::FindingView]| {
        list.iter()
            .find(|f| f.finding.hit.class.code() == "mobile")
            .unwrap()
            .waiver
            .is_some()
    };
    assert!(mobile(&found));
    // The same key on a waived finding ends the waiver.
    h.press("<end> !").unwrap();
    says(&h, "取消豁免");
    h.press("已换号 <ctrl-s>").unwrap();
    assert!(!mobile(&house.desk("leader").findings(FIRST).unwrap()));
}

#[test]
fn a_relation_is_made_shown_and_ended() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        published(p, "关于某项政策的公告");
        published(p, "某项政策解读");
    });
    let relate = |h: &mut Harness<Seat>, other: &str| {
        pick(h, "关联到另一稿件");
        h.press("<space> <enter> <tab>").unwrap();
        h.press(other).unwrap();
        h.press("<ctrl-s>").unwrap();
    };
    let mut h = at(&house, "first", FIRST);
    relate(&mut h, SECOND);
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "editor", FIRST);
    // Without a kind of relation nothing is sent.
    pick(&mut h, "关联到另一稿件");
    h.press("<tab>").unwrap();
    h.press(SECOND).unwrap();
    h.press("<ctrl-s>").unwrap();
    says(&h, "请先选择一项");
    h.press("<esc>").unwrap();
    relate(&mut h, FIRST);
    refused(&mut h, "relation.self", "");
    h.press("<esc>").unwrap();
    relate(&mut h, SECOND);
    says(&h, "关联稿件： 2026-000002 某项政策解读  政策解读");
    assert_eq!(house.desk("editor").related(FIRST).unwrap().len(), 1);
    // From the other side it is the same relation.
    let mut other = at(&house, "editor", SECOND);
    says(&other, "所属稿件： 2026-000001");
    pick(&mut other, "取消关联");
    other.press("<space> <enter> <ctrl-s>").unwrap();
    assert!(house.desk("editor").related(FIRST).unwrap().is_empty());
    pick(&mut other, "取消关联");
    says(&other, "没有关联稿件");
}

#[test]
fn validity_is_marked_and_what_explains_it_is_looked_at_again() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let policy = published(p, "关于某项政策的公告");
        let reading = published(p, "某项政策解读");
        p.sit("editor")
            .relate(&policy, &reading, Relation::Interpretation)
            .unwrap();
    });
    let mark = |h: &mut Harness<Seat>| {
        pick(h, "标注政策时效");
        h.press("<space> <end> <enter> <tab> 新文件已施行 <ctrl-s>")
            .unwrap();
    };
    let mut h = at(&house, "editor", FIRST);
    mark(&mut h);
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "signer", FIRST);
    mark(&mut h);
    says(&h, "全文失效");
    let validity = house.desk("editor").validity(FIRST).unwrap().unwrap();
    assert_eq!(validity.validity, Validity::Lapsed);

    // The interpretation carries a flag; a reason is not to be left out.
    let mut h = at(&house, "editor", SECOND);
    says(&h, "所解读政策已变");
    pick(&mut h, "处理待复核标记");
    h.press("<space> <enter> <tab> <space> <end> <enter> <ctrl-s>")
        .unwrap();
    says(&h, "此栏必填");
    h.press("解读文字仍然成立 <ctrl-s>").unwrap();
    assert!(
        house
            .desk("editor")
            .flags(Some(SECOND))
            .unwrap()
            .iter()
            .all(|f| f.settled.is_some())
    );
    pick(&mut h, "处理待复核标记");
    says(&h, "没有");
}

#[test]
fn an_item_is_shared_and_arrives_pending() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        published(p, "全省统一公告");
    });
    let share = |h: &mut Harness<Seat>| {
        pick(h, "共享到其他网站");
        h.press("<space> <enter> <ctrl-s>").unwrap();
    };
    let mut h = at(&house, "secrecy", FIRST);
    share(&mut h);
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "editor", FIRST);
    pick(&mut h, "共享到其他网站");
    h.press("<ctrl-s>").unwrap();
    says(&h, "请先选择一项");
    h.press("<esc>").unwrap();
    share(&mut h);
    says(&h, "共享副本： 2026-000002");
    assert_eq!(state(&house, SECOND), "in-review");
    let copy = at(&house, "office", SECOND);
    says(&copy, "共享来源： 2026-000001");
}

#[test]
fn an_emergency_is_declared_and_reviewed_afterwards_by_somebody_else() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        submitted(p, "突发事件情况通报", "情况如下。");
    });
    let mut h = at(&house, "signer", FIRST);
    h.press("<ctrl-p> 应急发布").unwrap();
    // The palette itself says why not.
    says(&h, "没有这项权限");
    h.press("<esc>").unwrap();
    let mut h = at(&house, "head", FIRST);
    pick(&mut h, "批准应急发布");
    h.press("<ctrl-s>").unwrap();
    says(&h, "此栏必填");
    h.press("重大突发事件 <ctrl-s>").unwrap();
    says(&h, "已办：批准应急发布");
    h.press("<ctrl-p> 应急发布").unwrap();
    says(&h, "批准应急发布 (");
    h.press("<esc>").unwrap();
    // The confidentiality review is not skipped, nor is the sign-off.
    let review = open_review();
    let mut secrecy = house.desk("secrecy");
    secrecy.clear(FIRST, Seen::default(), &review).unwrap();
    let mut signer = house.desk("signer");
    let when = When::default();
    signer
        .sign_off(FIRST, Seen::default(), when, &Note::of("特事特办"))
        .unwrap();
    signer.publish(FIRST, Seen::default()).unwrap();
    let settle = |h: &mut Harness<Seat>| {
        pick(h, "处理待复核标记");
        h.press("<space> <enter> <tab> <space> <end> <enter> <tab> 补审无误 <ctrl-s>")
            .unwrap();
    };
    let mut h = at(&house, "signer", FIRST);
    says(&h, "应急发布待补审");
    settle(&mut h);
    refused(&mut h, "flag.involved", "");
    let mut h = at(&house, "second", FIRST);
    settle(&mut h);
    let flags = house.desk("leader").flags(Some(FIRST)).unwrap();
    assert!(
        flags
            .iter()
            .all(|f| f.cause == FlagCause::AfterReview && f.settled.is_some())
    );
}

#[test]
fn a_version_for_another_channel_is_made_shown_and_its_posting_recorded() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        published(p, "便民办税十条");
    });
    let mut h = at(&house, "editor", FIRST);
    h.press("<ctrl-p> 登记渠道").unwrap();
    says(&h, "只用于微博、微信等渠道版本");
    h.press("<esc>").unwrap();
    pick(&mut h, "建立微博、微信版本");
    h.press("<ctrl-s>").unwrap();
    says(&h, "请先选择一项");
    h.press("<space> <enter> <ctrl-s>").unwrap();
    says(&h, "关联稿件： 2026-000002");
    // Through its own route.
    let mut desk = house.desk("editor");
    desk.submit(SECOND, Seen::default()).unwrap();
    for login in ["first", "second"] {
        house
            .desk(login)
            .approve(SECOND, Seen::default(), &Note::none())
            .unwrap();
    }
    house
        .desk("secrecy")
        .clear(SECOND, Seen::default(), &open_review())
        .unwrap();
    let mut signer = house.desk("signer");
    signer
        .sign_off(SECOND, Seen::default(), When::default(), &Note::none())
        .unwrap();
    signer.publish(SECOND, Seen::default()).unwrap();

    let mut h = at(&house, "editor", SECOND);
    pick(&mut h, "查看渠道发布文本");
    says(&h, "标题 6 字");
    says(&h, "正文一段。");
    h.press("<enter>").unwrap();
    pick(&mut h, "登记渠道发布");
    h.press("<ctrl-s>").unwrap();
    says(&h, "此栏必填");
    h.press("https://weibo.example.cn/1 <ctrl-s>").unwrap();
    says(&h, "https://weibo.example.cn/1");
    assert_eq!(house.desk("editor").postings(SECOND).unwrap().len(), 1);
    let mut h = at(&house, "leader", SECOND);
    pick(&mut h, "登记渠道发布");
    h.press("又一次 <ctrl-s>").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
}

#[test]
fn what_is_out_is_withdrawn_with_its_ground_or_corrected() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        published(p, "数字有误的公告");
        published(p, "另一篇公告");
    });
    let mut h = at(&house, "editor", FIRST);
    h.press("W").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "signer", FIRST);
    h.press("W <tab> 数字有误 <ctrl-s>").unwrap();
    says(&h, "请先选");
    says(&h, "数字有误");
    h.press("<space> <enter> <ctrl-s>").unwrap();
    assert_eq!(state(&house, FIRST), "withdrawn");
    h.press("W").unwrap();
    refused(&mut h, "state.invalid", "状态下不能");
    let mut h = at(&house, "secrecy", SECOND);
    h.press("<ctrl-p> 更 正").unwrap();
    says(&h, "没有这项权限");
    let mut h = at(&house, "editor", SECOND);
    h.press("c 文号有误 <ctrl-s>").unwrap();
    says(&h, "已办：更正");
    assert!(house.desk("editor").show(SECOND).unwrap().line.correcting);
}

#[test]
fn drafts_are_recalled_discarded_and_brought_back() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        submitted(p, "送早了的稿", "正文。");
    });
    let mut h = at(&house, "editor-b", FIRST);
    h.press("u").unwrap();
    says(&h, "没有办成");
    h.press("<enter>").unwrap();
    let mut h = at(&house, "editor", FIRST);
    h.press("u y").unwrap();
    assert_eq!(state(&house, FIRST), "draft");
    h.press("X y").unwrap();
    assert_eq!(state(&house, FIRST), "discarded");
    h.press("X").unwrap();
    refused(&mut h, "state.invalid", "状态下不能");
    h.press("R y").unwrap();
    assert_eq!(state(&house, FIRST), "draft");
}

#[test]
fn what_is_signed_off_is_timed_untimed_opened_again() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        signed_off(p, "prov-policy", "待发的公告");
    });
    let mut h = at(&house, "editor", FIRST);
    h.press("t").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "signer", FIRST);
    h.press("t 后天 <ctrl-s>").unwrap();
    says(&h, "时间“后天”无法识别");
    h.press("<ctrl-u>").unwrap();
    h.paste("2026-12-01 09:00").unwrap();
    h.press("<ctrl-s>").unwrap();
    assert_eq!(state(&house, FIRST), "scheduled");
    h.press("T y").unwrap();
    assert_eq!(state(&house, FIRST), "signed-off");
    h.press("U 还要改一处 <ctrl-s>").unwrap();
    assert_eq!(state(&house, FIRST), "returned");
}

#[test]
fn a_list_is_proposed_read_and_put_in_force_by_a_second_person() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let file = house.dir.path().join("sources.csv");
    std::fs::write(&file, "新华社\n示例省人民政府\n").unwrap();
    let bad = house.dir.path().join("empty.csv");
    std::fs::write(&bad, "# 没有\n").unwrap();
    let propose = |h: &mut Harness<Seat>, path: &std::path::Path| {
        pick(h, "提议更换用语表");
        h.press("<end> <enter>").unwrap();
        h.paste(&path.display().to_string()).unwrap();
        h.press("<enter>").unwrap();
    };
    let mut h = house.console("editor", 100, 40);
    h.press("<f7> <ctrl-p> 提议更换").unwrap();
    says(&h, "没有这项权限");
    let mut h = house.console("second", 100, 40);
    h.press("<f7>").unwrap();
    propose(&mut h, &bad);
    refused(&mut h, "list.empty", "");
    propose(&mut h, &file);
    says(&h, "更新来源名单（2 行）");
    let seq = house.desk("second").proposals().unwrap()[0].seq;
    // The same person is not the second one.
    h.press("<home> y").unwrap();
    refused(&mut h, "proposal.same-person", "");
    let mut h = house.console("signer", 100, 40);
    h.press("<f7> <home> <enter>").unwrap();
    says(&h, "示例省人民政府");
    h.press("<enter> y y").unwrap();
    assert!(house.desk("signer").proposals().unwrap().is_empty());
    let lists = house.desk("signer").lists().unwrap();
    assert_eq!((lists.len(), lists[0].rows), (1, 2));
    assert!(seq > 0);
}

#[test]
fn several_proposals_are_marked_by_dragging_and_confirmed_one_by_one() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let now = p.desk.moment().unwrap();
        let year = 300 * 24 * 3_600_000_000;
        for login in ["county", "contributor", "east-editor"] {
            p.sit("office")
                .propose_grant(
                    login,
                    qianfa::rules::role::Role::Proofreader,
                    "east",
                    now,
                    now + year,
                )
                .unwrap();
        }
    });
    let mut h = house.console("security", 100, 40);
    h.press("<f7>").unwrap();
    let (x, y) = place(&h, "云溪县局信息员");
    mouse(&mut h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(&mut h, MouseEventKind::Drag(MouseButton::Left), x, y + 2);
    mouse(&mut h, MouseEventKind::Up(MouseButton::Left), x, y + 2);
    says(&h, "已标记 3 条");
    h.press("y").unwrap();
    says(&h, "3 项提议分别办理");
    h.press("y").unwrap();
    says(&h, "3 项中办成 3 项");
    h.press("<enter>").unwrap();
    assert!(house.desk("security").proposals().unwrap().is_empty());
}

#[test]
fn a_text_is_proposed_for_destruction_and_destroyed_by_two() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        desk.create(content("prov-policy", "泄露的稿", "不应写下的话。"))
            .unwrap();
    });
    let mut h = at(&house, "editor", FIRST);
    pick(&mut h, "提议销毁文本");
    h.press("误录 <ctrl-s>").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
    let mut h = at(&house, "office", FIRST);
    pick(&mut h, "提议销毁文本");
    says(&h, "不能恢复");
    h.press("误录涉密内容 <ctrl-s>").unwrap();
    says(&h, "已办：提议销毁文本");
    let mut h = house.console("security", 100, 40);
    h.press("<f7> <home> y y").unwrap();
    assert!(house.desk("office").show(FIRST).unwrap().purged);
}

#[test]
fn a_bundle_is_signed_off_item_by_item() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let mut ids = Vec::new();
        for title in ["第一篇", "第二篇"] {
            let id = submitted(p, title, "正文一段。");
            for login in ["first", "second"] {
                p.sit(login)
                    .approve(&id, Seen::default(), &Note::none())
                    .unwrap();
            }
            ids.push(id);
        }
        // Only one of them is through the confidentiality review.
        p.sit("secrecy")
            .clear(&ids[0], Seen::default(), &open_review())
            .unwrap();
        let bundle = p.sit("signer").bundle_new(&Note::of("一并发布")).unwrap();
        for id in &ids {
            p.sit("signer").bundle_add(&bundle, id).unwrap();
        }
    });
    let mut h = house.console("signer", 100, 40);
    h.press("g b").unwrap();
    says(&h, "一并发布");
    h.press("s").unwrap();
    says(&h, "2026-000002 第二篇");
    h.press("<enter>").unwrap();
    says(&h, "2 篇中办成 1 篇");
    says(&h, "! 2026-000002 第二篇");
    says(&h, "+ 2026-000001 第一篇");
    h.press("<enter>").unwrap();
    assert_eq!(state(&house, FIRST), "signed-off");
    assert_eq!(state(&house, SECOND), "in-review");
}

#[test]
fn several_dates_are_taken_away_at_once() {
    let _zh = language("zh-CN");
    let at = qianfa::tui::testing::START_US + 48 * 3_600_000_000;
    let house = House::new(|p| {
        for title in ["第一篇", "第二篇"] {
            let id = signed_off(p, "prov-policy", title);
            p.sit("signer")
                .schedule(&id, Some(at), None, qianfa::desk::release::ZONE)
                .unwrap();
        }
    });
    let mut h = house.console("signer", 100, 40);
    h.press("<f5>").unwrap();
    says(&h, "第 1 条，共 2 条");
    h.press("<ctrl-a> m").unwrap();
    h.paste("2026-12-24 10:00").unwrap();
    h.press("<enter>").unwrap();
    says(&h, "2 篇中办成 2 篇");
    h.press("<enter>").unwrap();
    says(&h, "12-24 10:00");
    // By hand: what is dragged over is marked.
    let rows = ["第一篇", "第二篇"].map(|title| place(&h, title));
    let ((x, y), (_, to)) = (rows[0], rows[1]);
    mouse(&mut h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(&mut h, MouseEventKind::Drag(MouseButton::Left), x, to);
    h.press("<delete> y").unwrap();
    says(&h, "2 篇中办成 2 篇");
    assert_eq!(state(&house, FIRST), "signed-off");
    assert_eq!(state(&house, SECOND), "signed-off");
}

#[test]
fn the_palette_says_why_not_in_the_list_and_in_the_queue() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let id = p
            .sit("first")
            .create(content("prov-policy", "自己写的稿", "正文。"))
            .unwrap()
            .id;
        p.sit("editor").submit(&id, Seen::default()).unwrap();
        submitted(p, "别人写的稿", "正文。");
    });
    // In the list, once the selection rests on an item.
    let mut h = house.console("editor", 100, 40);
    h.press("<f3>").unwrap();
    h.advance(std::time::Duration::from_millis(200)).unwrap();
    h.press("<ctrl-p> 撤稿").unwrap();
    says(&h, "撤稿 (");
    says(&h, "没有这项权限");
    h.press("<esc>").unwrap();
    h.advance(std::time::Duration::from_millis(200)).unwrap();
    h.press("W").unwrap();
    refused(&mut h, "right.missing", "没有这项权限");
    // In the queue, for the item that is looked at.
    let mut h = house.console("first", 100, 40);
    h.press("<f4> <ctrl-p> 出具保密").unwrap();
    says(&h, "出具保密审查意见 (");
    says(&h, "须用相应的操作办理");
}

#[test]
fn the_queue_weighs_items_and_shows_comments_where_they_belong() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let id = submitted(
            p,
            "要核对的稿",
            "第一段。\n第二段要核对文号。\n请拨打13800138000。",
        );
        let anchor = p.sit("editor-b").passage(&id, "核对文号").unwrap();
        p.sit("editor-b")
            .comment_on(&id, Some(anchor), None, &Note::of("文号是哪一年的"))
            .unwrap();
        submitted(p, "干净的稿", "正文一段。");
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4>").unwrap();
    says(&h, "严1 批1");
    // Within the redline: the passage is numbered, and what is said follows its paragraph.
    says(&h, "第二段要核对文号[1]。");
    says(&h, "[1] 编辑乙：文号是哪一年的");
    // A drag over the redline picks its text; the key copies it, on record.
    let (x, y) = place(&h, "第一段");
    mouse(&mut h, MouseEventKind::Down(MouseButton::Left), x, y);
    mouse(&mut h, MouseEventKind::Drag(MouseButton::Left), x + 5, y);
    mouse(&mut h, MouseEventKind::Up(MouseButton::Left), x + 5, y);
    h.press("y").unwrap();
    says(&h, "已复制");
    assert_eq!(h.copied().last().map(String::as_str), Some("第一段"));
    let mut h = house.console("first", 160, 50);
    h.press("<f4>").unwrap();
    says(&h, "严1 批1");
}
