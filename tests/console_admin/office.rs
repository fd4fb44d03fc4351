//! What an administrator works in: sites and columns, routes, people, the journal, bundles.

use qianfa::demo::fill;
use qianfa::desk::review::Seen;
use qianfa::journal::{Signer, SoftKey, Suite};
use qianfa::tui::testing::language;

use crate::common::*;

#[test]
fn the_tree_folds_filters_and_counts() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        fill(p, &mut |_, _| {}).unwrap();
    });
    let mut h = house.console("leader", 80, 24);
    h.press("g c").unwrap();
    says(&h, "- 示例省税务局网站");
    says(&h, "税务要闻");
    h.press("<space>").unwrap();
    says(&h, "+ 示例省税务局网站");
    says_not(&h, "税务要闻");
    h.press("<space> f 云溪 <enter>").unwrap();
    says(&h, "云溪县信息公开");
    says(&h, "东江市税务局子站");
    says_not(&h, "税务要闻");
}

#[test]
fn a_column_is_opened_and_merged_and_refusals_are_told() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-news", "一篇要闻", "正文。"))
            .unwrap();
    });
    let mut h = house.console("sysadmin", 80, 24);
    h.press("g c a").unwrap();
    says(&h, "新建栏目");
    h.press("special <tab> 专题专栏 <tab> <tab> <space> <home> <enter> <ctrl-s>")
        .unwrap();
    let org = house.desk("sysadmin").org().unwrap();
    assert_eq!(org.columns["special"].site, "prov");
    says(&h, "专题专栏");
    // The same id again: the rule answers and nothing typed is lost.
    h.press("<home> a special <tab> 又一个 <ctrl-s>").unwrap();
    says(&h, "org.exists");
    h.press("<enter>").unwrap();
    says(&h, "又一个");
    h.press("<esc> f 税务要闻 <enter> <end> M").unwrap();
    says(&h, "并入另一栏目");
    h.press("<ctrl-s>").unwrap();
    says(&h, "并入另一栏目");
    h.press("栏目调整 <ctrl-s>").unwrap();
    says(&h, "税务要闻（已并入他栏）");
    // Whoever may not is told.
    let mut other = house.console("editor", 80, 24);
    other.press("g c a x <tab> y <ctrl-s>").unwrap();
    says(&other, "right.missing");
}

#[test]
fn a_route_shows_what_it_breaks_and_cannot_be_set_so() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = house.console("sysadmin", 80, 24);
    h.press("g c f 税务要闻 <enter> <end> r").unwrap();
    says(&h, "审核流程（标准）");
    says(&h, "+ 保密审查有且只有一步");
    // Without its confidentiality review it is refused by the rule.
    h.press("<down> <down> x").unwrap();
    says(&h, "! 保密审查有且只有一步");
    h.press("<ctrl-s> y").unwrap();
    says(&h, "route.confidentiality");
    h.press("<enter>").unwrap();
    // Leaving asks.
    h.press("<backspace>").unwrap();
    says(&h, "要放弃改动吗");
    h.press("y").unwrap();
    assert!(house.desk("sysadmin").org().unwrap().routes.is_empty());
    // A proof-reading step more, in force.
    h.press("r a <ctrl-s> <ctrl-s> y").unwrap();
    says(&h, "本级设定");
    says(&h, "校对");
    let org = house.desk("sysadmin").org().unwrap();
    assert_eq!(org.routes["prov-news"].route.0.len(), 5);
    assert_eq!(org.routes["prov-news"].route.0[3].name, "proof");
    h.press("r i y").unwrap();
    says(&h, "审核流程（标准）");
}

#[test]
fn two_people_give_a_role_and_a_key_and_take_them_back() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = house.console("office", 80, 24);
    h.press("<f7> a newcomer <tab> 新来的人 <ctrl-s>").unwrap();
    says(&h, "newcomer");
    h.press("f newcomer <enter> <end>").unwrap();
    says(&h, "没有在用的密钥");
    // A key, from the file that `key new` writes; Tab completes the name.
    let key = SoftKey::generate(Suite::Ed25519Sha256).unwrap();
    let file = house.dir.path().join("newcomer.pub");
    std::fs::write(&file, format!("{}\n", key.public().to_base64())).unwrap();
    h.press("e").unwrap();
    h.paste(&format!("{}/newc", house.dir.path().display()))
        .unwrap();
    h.press("<tab>").unwrap();
    says(&h, "newcomer.pub");
    h.press("<enter> <home>").unwrap();
    says(&h, "为新来的人登记密钥");
    // A role.
    h.press("<end> r <space> <down> <enter> <ctrl-s>").unwrap();
    assert_eq!(house.desk("office").proposals().unwrap().len(), 2);
    // One's own proposals cannot be confirmed by oneself.
    h.press("<home> y").unwrap();
    says(&h, "proposal.same-person");
    h.press("<enter>").unwrap();
    sit(&mut h, &house, "office", "security");
    h.press("<f7>").unwrap();
    says(&h, "您可以作为第二人确认");
    h.press("y y y y").unwrap();
    says(&h, "没有待确认的提议");
    let org = house.desk("security").org().unwrap();
    let person = org.find_person("newcomer").unwrap().id.clone();
    assert!(org.keys.values().any(|k| k.person == person));
    assert_eq!(org.grants.iter().filter(|g| g.person == person).count(), 1);
    // Taken back at once; the person leaves.
    h.press("f newcomer <enter> <end> x <enter> y").unwrap();
    let org = house.desk("security").org().unwrap();
    assert!(org.grants.iter().all(|g| g.person != person));
    h.press("L").unwrap();
    says(&h, "不可撤销");
    h.press("y").unwrap();
    assert!(house.desk("security").org().unwrap().persons[&person].left);
    says(&h, "已离岗");
}

#[test]
fn a_managers_limits_are_said_in_words() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let mut h = house.console("security", 80, 24);
    // The last two managers cannot let each other go.
    h.press("<f7> f office <enter> <end>").unwrap();
    h.press("L y").unwrap();
    says(&h, "key.last");
    h.press("<enter>").unwrap();
    let mut other = house.console("editor", 80, 24);
    other.press("<f7> a x <tab> y <ctrl-s>").unwrap();
    says(&other, "right.missing");
}

#[test]
fn entries_are_found_by_kind_person_item_day_and_number() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let desk = p.sit("editor");
        for n in 0..3 {
            let id = desk
                .create(content("prov-news", &format!("要闻{n}"), "正文。"))
                .unwrap()
                .id;
            desk.submit(&id, Seen::default()).unwrap();
        }
    });
    let mut h = house.console("auditor", 160, 50);
    h.press("<f8> f <down> <enter>").unwrap();
    says(&h, "送审");
    h.press("<esc> f <down> <down> <down> <enter> 2026-000002 <enter>")
        .unwrap();
    says(&h, "筛选：2026-000002");
    says(&h, "第 1 条，共 2 条");
    h.press("<enter>").unwrap();
    says(&h, "item.submit");
    h.press("<esc> <end> <enter>").unwrap();
    says(&h, "item.new");
    says(&h, "chain");
    says(&h, "在库");
    h.press("<esc> f <end> <enter>").unwrap();
    // A day before anything happened.
    h.press("f <down> <down> <down> <down> <enter> <tab> 2020-01-01 <ctrl-s>")
        .unwrap();
    says(&h, "没有");
    h.press("f <end> <enter> # 1 <enter>").unwrap();
    says(&h, "(found)");
    h.press("<esc> # 99999 <enter>").unwrap();
    says(&h, "item.unknown");
}

#[test]
fn a_purged_body_is_named_as_gone() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let id = p
            .sit("editor")
            .create(content("prov-news", "泄密稿", "不该有的内容。"))
            .unwrap()
            .id;
        let seq = p
            .sit("office")
            .propose_purge(&id, Vec::new(), false, &qianfa::desk::Note::of("误存"))
            .unwrap()
            .seq;
        p.sit("security").confirm(seq).unwrap();
    });
    let mut h = house.console("auditor", 160, 50);
    h.press("<f8> f <down> <down> <down> <enter> 2026-000001 <enter> <end> <enter>")
        .unwrap();
    says(&h, "item.new");
    says(&h, "不在库");
    h.press("<esc> v").unwrap();
    says(&h, "校验通过");
    says(&h, "已按规定销毁");
    says(&h, "每秒");
}

#[test]
fn exports_are_written_where_they_are_asked_for_and_nowhere_else() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        signed_off(p, "prov-news", "一篇要闻");
    });
    let mut h = house.console("auditor", 80, 24);
    let file = house.dir.path().join("trail.csv");
    h.press("<f8> e <down> <enter> <ctrl-u>").unwrap();
    h.paste(&file.display().to_string()).unwrap();
    h.press("<enter>").unwrap();
    says(&h, "SHA-256");
    assert!(std::fs::read_to_string(&file).unwrap().lines().count() > 5);
    // What is there already is left alone.
    let before = std::fs::read(&file).unwrap();
    h.press("<enter> e <down> <enter> <ctrl-u>").unwrap();
    h.paste(&file.display().to_string()).unwrap();
    h.press("<enter>").unwrap();
    says(&h, "已有同名文件");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}
