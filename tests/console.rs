//! The whole console in process, over a real sample province.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use qianfa::demo::{Setup, found};
use qianfa::desk::Note;
use qianfa::desk::review::Seen;
use qianfa::journal::Suite;
use qianfa::store::Store;
use qianfa::text::Ambiguous;
use qianfa::tui::console::seat::{Seat, Sitter, Start, Way};
use qianfa::tui::console::{Config, app};
use qianfa::tui::testing::{Harness, language};

#[path = "common/console.rs"]
mod common;

use common::*;

const FIRST: &str = "2026-000001";

#[test]
fn one_item_from_the_first_key_to_the_public() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = house.console("editor", 80, 24);
    h.press("<f3>").unwrap();
    says(&h, "还没有稿件");
    h.press("n <down> <down> <enter>").unwrap();
    says(&h, "新稿件");
    // Title, disclosure, provider is there already, the two people of A13.1.
    h.press("关于汇算清缴的公告 <tab> <space> <enter> <tab> <tab> 经办人 <tab> 审核人 <f6>")
        .unwrap();
    h.press("各市税务局：").unwrap();
    assert!(
        house.desk("editor").find(FIRST).is_err(),
        "nothing is made before it is kept"
    );
    h.advance(Duration::from_secs(3)).unwrap();
    says(&h, "已存为草稿 2026-000001");
    h.press("现将有关事项公告如下。").unwrap();
    says(&h, "未保存");
    h.advance(Duration::from_secs(3)).unwrap();
    says(&h, "未保存（11-24 09:00 已留存）");
    let (kept, from, _) = house.desk("editor").autosaved(FIRST).unwrap().unwrap();
    assert_eq!(
        (kept.text.as_str(), from),
        ("各市税务局：现将有关事项公告如下。", 1)
    );
    h.press("<ctrl-s>").unwrap();
    says(&h, "已保存为第 2 版");
    assert!(house.desk("editor").autosaved(FIRST).unwrap().is_none());
    h.press("<esc>").unwrap();
    says(&h, "关于汇算清缴的公告");
    assert!(
        house.desk("editor").show(FIRST).unwrap().claim.is_none(),
        "leaving gives the claim back"
    );

    h.press("<enter> s").unwrap();
    says(&h, "合法、完整、准确、及时");
    h.press("y").unwrap();
    assert_eq!(state(&house, FIRST), "in-review");

    sit(&mut h, &house, "editor", "first");
    says(&h, "等我审核");
    h.press("<f4>").unwrap();
    says(&h, "待审 1 篇");
    h.press("a 内容完整 <enter>").unwrap();
    says(&h, "没有等您审核的稿件");
    sit(&mut h, &house, "first", "second");
    h.press("<f4> a <enter>").unwrap();
    sit(&mut h, &house, "second", "secrecy");
    h.press("<f4> c").unwrap();
    // Without a conclusion nothing is sent and nothing is lost.
    h.press("<tab> <tab> 不涉密 <ctrl-s>").unwrap();
    says(&h, "请先选审查结论");
    says(&h, "不涉密");
    h.press("<space> <enter> <ctrl-s>").unwrap();
    says(&h, "没有等您审核的稿件");
    let view = house.desk("leader").show(FIRST).unwrap();
    assert_eq!(view.clearances.len(), 1);
    sit(&mut h, &house, "secrecy", "signer");
    h.press("<f4> s").unwrap();
    h.press("昨天 <ctrl-s>").unwrap();
    says(&h, "时间“昨天”无法识别");
    h.press("<ctrl-u> <ctrl-s>").unwrap();
    assert_eq!(state(&house, FIRST), "signed-off");
    h.press("<f3> <enter> P y").unwrap();
    assert_eq!(state(&house, FIRST), "published");
    says(&h, "已发布");
    // Every act stands in the journal under the name of the one who did it.
    let kinds: Vec<(String, String)> = house
        .desk("leader")
        .history(FIRST)
        .unwrap()
        .into_iter()
        .map(|e| (e.kind, e.actor))
        .collect();
    let id = |login: &str| {
        house
            .people
            .iter()
            .find(|p| p.0 == login)
            .unwrap()
            .1
            .clone()
    };
    for (kind, who) in [
        ("item.new", "editor"),
        ("item.claim", "editor"),
        ("item.revise", "editor"),
        ("item.release", "editor"),
        ("item.submit", "editor"),
        ("item.approve", "first"),
        ("item.approve", "second"),
        ("item.clear", "secrecy"),
        ("item.sign-off", "signer"),
        ("item.publish", "signer"),
    ] {
        assert!(
            kinds.contains(&(kind.to_owned(), id(who))),
            "{kind} by {who}: {kinds:?}"
        );
    }
}

#[test]
fn after_a_decision_the_next_item_opens() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        for title in ["第一篇", "第二篇", "第三篇"] {
            let desk = p.sit("editor");
            let id = desk
                .create(content("prov-policy", title, "正文。"))
                .unwrap()
                .id;
            desk.submit(&id, Seen::default()).unwrap();
        }
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4> j <enter>").unwrap();
    says(&h, "2026-000002 第二篇");
    h.press("b").unwrap();
    h.press("<ctrl-s>").unwrap();
    says(&h, "此栏必填");
    h.press("文号有误 <enter> 第二处也有误").unwrap();
    says(&h, "第二处也有误");
    h.press("<ctrl-s>").unwrap();
    says(&h, "2026-000003 第三篇");
    assert_eq!(state(&house, "2026-000002"), "returned");
    // The decision names what was seen: after a change it is refused, and the reason stays.
    h.press("x 重复").unwrap();
    let mut other = house.desk("editor-b");
    let mut changed = other.content("2026-000003", None).unwrap();
    changed.text = "改过的正文。".to_owned();
    other.revise("2026-000003", changed, 1).unwrap();
    h.press("<ctrl-s>").unwrap();
    says(&h, "没有办成");
    h.press("<enter>").unwrap();
    says(&h, "重复");
    h.press("<esc>").unwrap();
    says(&h, "改过的正文");
}

#[test]
fn nobody_reviews_his_own_work_and_is_told_the_rule() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let id = p
            .sit("first")
            .create(content("prov-policy", "自己写的稿", "正文。"))
            .unwrap()
            .id;
        p.sit("editor").submit(&id, Seen::default()).unwrap();
    });
    let mut h = house.console("first", 80, 24);
    h.press("<f4>").unwrap();
    says(&h, "没有等您审核的稿件");
    h.press("<f3> <enter> a").unwrap();
    says(&h, "duty.contributor");
    says(&h, "参与了该稿的起草或修改");
    // It stays until it is read.
    h.advance(Duration::from_secs(60)).unwrap();
    says(&h, "duty.contributor");
    h.press("<enter>").unwrap();
    says_not(&h, "duty.contributor");
    assert_eq!(state(&house, FIRST), "in-review");
}

#[test]
fn a_takeover_keeps_the_text_of_the_other() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor-b")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut other = house.desk("editor-b");
    other.claim(FIRST).unwrap();
    let id = other.find(FIRST).unwrap().facts.id;
    let mut typed = other.content(FIRST, None).unwrap();
    typed.text = "原文。编辑乙没有保存的话。".to_owned();
    other.autosave(&id, &typed, 1).unwrap();

    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter>").unwrap();
    says(&h, "编辑乙占用这篇稿件（正在编辑）");
    h.press("e").unwrap();
    says(&h, "是否接管");
    h.press("n").unwrap();
    says(&h, "编辑乙占用这篇稿件");
    h.press("e y").unwrap();
    says(&h, "编辑乙没有保存的话");
    h.press("<ctrl-end> 编辑甲接着写。 <ctrl-s>").unwrap();
    let mut desk = house.desk("leader");
    let revisions = desk.revisions(FIRST).unwrap();
    let b = house
        .people
        .iter()
        .find(|p| p.0 == "editor-b")
        .unwrap()
        .1
        .clone();
    assert_eq!(revisions.len(), 3);
    assert_eq!(
        (revisions[1].author.as_str(), revisions[1].why.as_str()),
        (b.as_str(), "takeover")
    );
    assert_eq!(
        desk.content(FIRST, Some(2)).unwrap().text,
        "原文。编辑乙没有保存的话。"
    );
    assert_eq!(
        desk.content(FIRST, Some(3)).unwrap().text,
        "原文。编辑乙没有保存的话。编辑甲接着写。"
    );
}

#[test]
fn a_conflict_keeps_what_was_typed() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end> 我写的。").unwrap();
    let mut other = house.desk("editor-b");
    other.take_over(FIRST).unwrap();
    let mut theirs = other.content(FIRST, None).unwrap();
    let now = other.show(FIRST).unwrap().line.revision;
    theirs.text = "别人改过的原文。".to_owned();
    other.revise(FIRST, theirs, now).unwrap();
    other.release_claim(FIRST).unwrap();

    h.press("<ctrl-s>").unwrap();
    says(&h, "他人已保存到第 2 版");
    h.press("<enter>").unwrap();
    says(&h, "看我的文字与新版的差别");
    snapshot!("console_conflict_80x24_zh-CN", h);
    says(&h, "我写的");
    h.press("<esc>").unwrap();
    says(&h, "他人已保存到第 2 版");
    h.press("<esc>").unwrap();
    says(&h, "原文。我写的。");
    let kept = house.desk("editor").autosaved(FIRST).unwrap().unwrap();
    assert_eq!(kept.0.text, "原文。我写的。");
    // Saved as a new revision on top, when the person says so.
    h.press("<ctrl-s> <down> <enter>").unwrap();
    let mut desk = house.desk("leader");
    assert_eq!(desk.content(FIRST, Some(3)).unwrap().text, "原文。我写的。");
    assert_eq!(
        desk.content(FIRST, Some(2)).unwrap().text,
        "别人改过的原文。"
    );
}

#[test]
fn a_change_of_person_leaves_no_text_behind() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end> 没保存的话。").unwrap();
    sit(&mut h, &house, "editor", "editor-b");
    says(&h, "现在由编辑乙操作");
    h.press("<backspace> <backspace>").unwrap();
    says_not(&h, "没保存的话");
    let (kept, ..) = house.desk("editor").autosaved(FIRST).unwrap().unwrap();
    assert_eq!(kept.text, "原文。没保存的话。");
    assert!(house.desk("editor-b").autosaved(FIRST).unwrap().is_none());
    sit(&mut h, &house, "editor-b", "editor");
    h.press("<f3> <enter>").unwrap();
    // He cannot hand in what is not what he wrote last.
    h.press("s").unwrap();
    says(&h, "没有保存的文字");
    h.press("<enter> e").unwrap();
    says(&h, "留存的未保存文字");
    h.press("<enter>").unwrap();
    says(&h, "原文。没保存的话。");
    h.press("<ctrl-s>").unwrap();
    says(&h, "已保存为第 2 版");
}

#[test]
fn the_end_of_the_terminal_keeps_the_text_and_closes_the_session() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <ctrl-end> 还没保存").unwrap();
    h.feed(vec![qianfa::tui::input::Input::Closed]).unwrap();
    assert!(h.app().ended());
    drop(h);
    let mut desk = house.desk("editor");
    assert_eq!(
        desk.autosaved(FIRST).unwrap().unwrap().0.text,
        "原文。还没保存"
    );
    assert!(
        desk.show(FIRST).unwrap().claim.is_none(),
        "the claim is given back"
    );
    let open: i64 = desk
        .store()
        .conn()
        .query_row("SELECT count(*) FROM sessions", [], |r| r.get(0))
        .unwrap();
    assert_eq!(open, 0);
}

#[test]
fn a_batch_tells_the_outcome_of_each() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        desk.create(content("prov-policy", "齐全的稿", "正文。"))
            .unwrap();
        let mut bad = content("prov-policy", "缺项的稿", "正文。");
        bad.shape.disclosure = None;
        desk.create(bad).unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <ctrl-a> s y").unwrap();
    says(&h, "2 篇中办成 1 篇");
    says(&h, "item.disclosure-missing");
    assert_eq!(state(&house, FIRST), "in-review");
    assert_eq!(state(&house, "2026-000002"), "draft");
}

#[test]
fn lists_are_searched_by_single_characters_and_filtered() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        for n in 0..60 {
            desk.create(content(
                "prov-policy",
                &format!("第{n}号通知"),
                "各地照此办理。",
            ))
            .unwrap();
        }
        desk.create(content("prov-news", "税收春风", "便民办税。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3>").unwrap();
    says(&h, "共 61 条");
    h.press("<end>").unwrap();
    says(&h, "第0号通知");
    h.press("/ 春 <enter>").unwrap();
    says(&h, "共 1 条");
    says(&h, "税收春风");
    h.press("/ <ctrl-u> 龘 <enter>").unwrap();
    says(&h, "没有符合条件的稿件");
    h.press("/ <ctrl-u> <enter> f <enter> <down> <down> <enter>")
        .unwrap();
    says(&h, "筛选：审核中");
    says(&h, "没有符合条件的稿件");
}

#[test]
fn the_journal_verifies_and_names_the_first_bad_place() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut h = house.console("auditor", 80, 24);
    h.press("<f8> v").unwrap();
    says(&h, "校验通过");
    h.press("<enter> / 新建 <enter>").unwrap();
    says(&h, "新建稿件");
    says_not(&h, "登记机构");
    h.press("<enter>").unwrap();
    says(&h, "item.new");
    // A flipped byte in a body.
    let conn = rusqlite::Connection::open(house.path()).unwrap();
    conn.execute(
        "UPDATE bodies SET data = zeroblob(length(data)) WHERE rowid = (SELECT max(rowid) FROM bodies)",
        [],
    )
    .unwrap();
    h.press("<esc> v").unwrap();
    says(&h, "校验没有通过");
}

#[test]
fn two_people_agree_on_a_role() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let now = p.desk.moment().unwrap();
        let year = 300 * 24 * 3_600_000_000;
        p.sit("office")
            .propose_grant(
                "county",
                qianfa::rules::role::Role::Proofreader,
                "east",
                now,
                now + year,
            )
            .unwrap();
    });
    let mut h = house.console("office", 160, 50);
    h.press("<f7> y").unwrap();
    says(&h, "proposal.same-person");
    h.press("<enter>").unwrap();
    sit(&mut h, &house, "office", "editor");
    // Who may not confirm is not told what is proposed.
    h.press("<f7> y").unwrap();
    says(&h, "没有待确认的提议");
    sit(&mut h, &house, "editor", "security");
    says(&h, "有 1 项提议等第二人确认");
    h.press("<f7> y").unwrap();
    says(&h, "您是第二人");
    h.press("y").unwrap();
    says(&h, "没有待确认的提议");
    assert!(house.desk("security").proposals().unwrap().is_empty());
}

/// A province whose people have key files, and its console at the login.
fn sealed(dir: &Path) -> (PathBuf, Harness<Seat>) {
    let path = dir.join("p.qf");
    let setup = Setup {
        suite: Suite::Ed25519Sha256,
        mode: NORMAL,
        key_files: Some(qianfa::journal::SealCost::QUICK),
    };
    let clock = Box::new(qianfa::desk::SystemClock);
    drop(found(&path, setup, clock, &mut |_, _| {}).unwrap());
    let people = ["editor", "first"]
        .map(|login| Sitter {
            login: login.to_owned(),
            way: Way::File(qianfa::store::keyfile::path_of(&path, login)),
        })
        .to_vec();
    let store = path.clone();
    let start = Start::Login(Box::new(move || Ok(Store::open(&store, NORMAL)?)));
    let app = app(Config::new(start, people), Ambiguous::Narrow).unwrap();
    (path, Harness::new(app, 80, 24).unwrap())
}

/// The newest unsaved text in a store, and who holds claims there.
fn left_behind(path: &Path) -> (Option<String>, Vec<String>) {
    let store = Store::open(path, NORMAL).unwrap();
    let texts = store
        .conn()
        .prepare("SELECT content FROM autosaves")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<Vec<String>, _>>()
        .unwrap();
    let claims = store
        .conn()
        .prepare("SELECT claim_person FROM items WHERE claim_session IS NOT NULL")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<Vec<String>, _>>()
        .unwrap();
    (texts.into_iter().next_back(), claims)
}

#[test]
fn nothing_leads_past_the_lock_and_leaving_there_keeps_what_was_written() {
    let _zh = language("zh-CN");
    let dir = tempfile::tempdir().unwrap();
    let (path, mut h) = sealed(dir.path());
    h.press("<enter> Demo-2015-69 <enter>").unwrap();
    h.press("<f3> n <enter> <f6>").unwrap();
    h.paste("尚未公开的话。").unwrap();
    h.press("<ctrl-s>").unwrap();
    h.paste("又一句。").unwrap();
    says(&h, "又一句。");
    h.advance(Duration::from_mins(10)).unwrap();
    says(&h, "屏幕已锁定");
    let keys = "<f1> <f3> <f4> <f9> <esc> <backspace> <ctrl-p> <ctrl-s> j q <tab>";
    for key in keys.split(' ') {
        h.press(key).unwrap();
        says(&h, "屏幕已锁定");
        says_not(&h, "又一句");
        assert!(!h.app().ended());
    }
    // Also not past the question for the passphrase.
    h.press("<enter> <f1> <f4> <ctrl-p> <esc>").unwrap();
    says(&h, "屏幕已锁定");
    // Whoever stands here is asked nothing about the text.
    h.press("<ctrl-q>").unwrap();
    assert!(h.app().ended());
    drop(h);
    let (kept, claims) = left_behind(&path);
    assert!(kept.is_some_and(|text| text.contains("又一句。")));
    assert_eq!(claims, Vec::<String>::new(), "the session ended in order");
}

#[test]
fn the_right_passphrase_lifts_the_lock_and_everything_is_as_it_was() {
    let _zh = language("zh-CN");
    let dir = tempfile::tempdir().unwrap();
    let (_, mut h) = sealed(dir.path());
    h.press("<enter> Demo-2015-69 <enter>").unwrap();
    h.press("<f3> n <enter> <f6>").unwrap();
    h.paste("尚未公开的话。").unwrap();
    for _ in 0..2 {
        h.advance(Duration::from_mins(10)).unwrap();
        says(&h, "屏幕已锁定");
        h.press("<enter> 不对 <enter>").unwrap();
        says(&h, "口令不正确");
        h.press("<enter> <enter> Demo-2015-69 <enter>").unwrap();
        says(&h, "尚未公开的话。");
        h.press("新").unwrap();
        says(&h, "尚未公开的话。新");
    }
}

#[test]
fn a_wrong_passphrase_at_the_change_of_person_costs_nothing() {
    let _zh = language("zh-CN");
    let dir = tempfile::tempdir().unwrap();
    let (path, mut h) = sealed(dir.path());
    h.press("<enter> Demo-2015-69 <enter>").unwrap();
    h.press("<f3> n <enter> <f6>").unwrap();
    h.paste("尚未公开的话。").unwrap();
    h.press("<ctrl-s>").unwrap();
    let (_, before) = left_behind(&path);
    assert_eq!(before.len(), 1, "the one who writes holds the item");
    h.press("<f9> <down> <enter> 不对 <enter>").unwrap();
    says(&h, "口令不正确");
    assert_eq!(left_behind(&path).1, before);
    h.press("<enter>").unwrap();
    says(&h, "尚未公开的话。");
}

#[test]
fn a_login_asks_for_the_passphrase_and_the_screen_locks() {
    let _zh = language("zh-CN");
    let dir = tempfile::tempdir().unwrap();
    let (_, mut h) = sealed(dir.path());
    says(&h, "请选择登录名");
    // Nothing leads past the login.
    h.press("<f3> <f9>").unwrap();
    says(&h, "请选择登录名");
    h.press("<enter> 不对 <enter>").unwrap();
    says(&h, "口令不正确");
    h.press("<enter> <enter> Demo-2015-69 <enter>").unwrap();
    says(&h, "编辑甲");
    h.advance(Duration::from_mins(10)).unwrap();
    says(&h, "屏幕已锁定");
    h.press("<f3> <backspace> j").unwrap();
    says(&h, "屏幕已锁定");
    h.press("<enter> Demo-2015-69 <enter>").unwrap();
    says(&h, "栏目久未更新");
    h.press("<f9> <down> <enter> 不对 <enter>").unwrap();
    says(&h, "口令不正确");
    h.press("<enter>").unwrap();
    says(&h, "编辑甲");
    h.press("<f9> <down> <enter> Demo-2015-69 <enter>").unwrap();
    says(&h, "现在由初审操作");
}

#[test]
fn a_save_keeps_place_and_history_and_a_large_paste_is_asked_about() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "第一段。\n第二段。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <down> <end> 新字").unwrap();
    let caret = h.caret();
    h.press("<ctrl-s>").unwrap();
    says(&h, "已保存为第 2 版");
    assert_eq!(h.caret(), caret, "the caret stays where it is");
    h.press("<ctrl-z>").unwrap();
    says(&h, "未保存");
    h.press("<ctrl-y>").unwrap();
    says_not(&h, "未保存");
    let large = "税务".repeat(20_000);
    h.paste(&large).unwrap();
    says(&h, "117 KB");
    h.press("n").unwrap();
    says_not(&h, "未保存");
    h.paste(&large).unwrap();
    h.press("y").unwrap();
    says(&h, "未保存");
    h.press("<ctrl-z> <ctrl-z>").unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    let (kept, ..) = house.desk("editor").autosaved(FIRST).unwrap().unwrap();
    assert_eq!(kept.text, "第一段。\n第二段。", "what is there now is kept");
}

#[test]
fn the_preview_stands_beside_the_text_where_there_is_room() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content(
                "prov-policy",
                "公告",
                "# 总则\n\n- **第一条**\n\n末段",
            ))
            .unwrap();
    });
    let mut h = house.console("editor", 160, 50);
    h.press("<f3> <enter> e <alt-p>").unwrap();
    snapshot!("console_editor_preview_160x50_zh-CN", h);
    h.press("<ctrl-end> 新字").unwrap();
    assert_eq!(h.screen().matches("末段新字").count(), 2, "{}", h.screen());
    h.press("<alt-p>").unwrap();
    assert_eq!(h.screen().matches("末段新字").count(), 1);
    // Where there is no room it takes the place of the text.
    h.resize(80, 24).unwrap();
    h.press("<alt-p>").unwrap();
    says(&h, "- 第一条");
    h.press("<esc>").unwrap();
    says(&h, "**第一条**");
}

#[test]
fn findings_and_comments_show_while_writing() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "第一段要核对。\n第二段。"))
            .unwrap();
        let anchor = p.sit("editor").passage(FIRST, "核对").unwrap();
        p.sit("editor")
            .comment_on(FIRST, Some(anchor), None, &Note::of("请核对文号"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e <alt-n>").unwrap();
    says(&h, "@ 编辑甲：请核对文号");
    // The comment goes along with what is typed before it.
    h.press("<ctrl-home> 新 <enter> <ctrl-end>").unwrap();
    h.press("请拨打13800138000").unwrap();
    h.advance(Duration::from_millis(60)).unwrap();
    h.press("<ctrl-home> <alt-N>").unwrap();
    says(&h, "手机号码");
    snapshot!("console_editor_finding_80x24_zh-CN", h);
    h.press("<alt-n>").unwrap();
    says(&h, "@ 编辑甲：请核对文号");
    h.press("<ctrl-end> <ctrl-backspace>").unwrap();
    h.advance(Duration::from_millis(60)).unwrap();
    h.press("<ctrl-home> <alt-N>").unwrap();
    says(&h, "@ 编辑甲：请核对文号");
}

#[test]
fn an_undone_change_leaves_nothing_to_recover() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-policy", "公告", "原文。"))
            .unwrap();
    });
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> <enter> e 新字").unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    assert!(house.desk("editor").autosaved(FIRST).unwrap().is_some());
    h.press("<ctrl-z>").unwrap();
    says_not(&h, "未保存");
    assert!(house.desk("editor").autosaved(FIRST).unwrap().is_none());
    h.press("<esc>").unwrap();
    assert!(house.desk("editor").show(FIRST).unwrap().claim.is_none());
}
