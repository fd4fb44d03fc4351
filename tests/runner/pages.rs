//! What the public sees, and never sees.

use super::house::{HOUR, House, SECOND};
use super::{entries_of, events, log};
use qianfa::desk::{Attachment, Note};
use qianfa::rules::act::WithdrawGround;

#[test]
fn a_correction_under_way_does_not_leak_and_keeps_its_place() {
    let mut house = House::found();
    let item = house.live(House::content("原题", &["prov-news"]));
    let newer = house.live(House::content("后来", &["prov-news"]));
    let mut runner = house.runner();
    runner.tick().unwrap();
    house.correcting(&item.id, "更正引用的文号", |c| {
        c.fields.title = "改题".to_owned();
        c.text.push_str("\n泄露的新段落。");
    });
    // Something else goes live, so that lists and front page are made anew.
    house.live(House::content("第三", &["prov-news"]));
    runner.tick().unwrap();
    runner.rebuild(None).unwrap();
    let page = format!("prov/news/{}.html", item.number);
    for path in ["prov/news/index.html", "prov/index.html", page.as_str()] {
        let text = house.page(path);
        assert!(text.contains("原题"), "{path}");
        assert!(!text.contains("改题") && !text.contains("泄露"), "{path}");
    }

    house.corrected(&item.id);
    let tick = runner.tick().unwrap();
    let written = tick.pages[0].written.as_ref().unwrap();
    assert!(!written.full);
    assert_eq!(
        written.files, 10,
        "the article, its list and the front page, four feeds, month, index and map: {written:?}"
    );
    let text = house.page(&page);
    assert!(text.contains("改题") && text.contains("泄露的新段落"));
    assert!(
        text.contains("更正引用的文号"),
        "the public is told what was corrected"
    );
    let list = house.page("prov/news/index.html");
    let at = |what: &str| list.find(what).unwrap();
    assert!(
        at("第三") < at("后来") && at("后来") < at("改题"),
        "{}",
        newer.number
    );
    house.same_as_rebuilt();
    house.verify();
}

#[test]
fn a_withdrawn_article_shows_a_notice_and_a_destroyed_one_no_title() {
    let mut house = House::found();
    let mut content = House::content("撤下的标题", &["prov-news", "prov-notice"]);
    content.attachments = vec![Attachment {
        name: "附表.csv".to_owned(),
        alt: String::new(),
        bytes: Some(b"a,b".to_vec()),
        id: None,
    }];
    let item = house.live(content);
    let mut runner = house.runner();
    runner.tick().unwrap();
    let file = format!("prov/news/{}/附表.csv", item.number);
    assert_eq!(house.page(&file), "a,b");
    let paths = [
        format!("prov/news/{}.html", item.number),
        format!("prov/notice/{}.html", item.number),
    ];
    assert!(house.page(&paths[1]).contains("撤下的标题"));

    house
        .sit("signer")
        .withdraw(
            &item.id,
            WithdrawGround::Other,
            &Note::of("来源机关来函要求撤稿"),
        )
        .unwrap();
    runner.tick().unwrap();
    for path in &paths {
        let text = house.page(path);
        assert!(text.contains("来源机关来函要求撤稿") && text.contains("撤下的标题"));
        assert!(!text.contains("法定职权"), "the text is gone");
    }
    assert!(house.no_page(&file), "and the attachment");
    for list in [
        "prov/news/index.html",
        "prov/notice/index.html",
        "prov/index.html",
    ] {
        assert!(!house.page(list).contains("撤下的标题"), "{list}");
    }

    let purge = house
        .sit("office")
        .propose_purge(&item.id, Vec::new(), false, &Note::of("泄密"))
        .unwrap();
    house.sit("security").confirm(purge.seq).unwrap();
    runner.tick().unwrap();
    for path in &paths {
        let text = house.page(path);
        assert!(
            !text.contains("撤下的标题"),
            "its title was part of the leak"
        );
        assert!(text.contains(&item.number));
    }
    house.same_as_rebuilt();
}

#[test]
fn pages_that_cannot_be_written_stay_due_and_recover() {
    let mut house = House::found();
    let item = house.scheduled("省站", "prov-news", HOUR);
    let other = house.scheduled("东江", "east-news", HOUR);
    house.pass(HOUR);
    std::fs::create_dir_all(&house.out).unwrap();
    std::fs::write(house.out.join("prov"), "in the way").unwrap();
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    assert_eq!(
        tick.published.len(),
        2,
        "going live is one thing, pages another"
    );
    let of = |site: &str| tick.pages.iter().find(|p| p.site == site).unwrap();
    let (code, message) = of("prov").failed.clone().unwrap();
    assert!(code.starts_with("pages."), "{code}");
    assert!(!message.is_empty());
    assert!(of("east").written.is_some(), "the next site goes on");
    assert!(
        house
            .page(&format!("east/news/{}.html", other.number))
            .contains("东江")
    );
    assert_eq!(entries_of(&house.store(), "pages.failed"), 1);

    assert!(
        runner.tick().unwrap().pages[0].failed.is_some(),
        "still due"
    );
    assert_eq!(entries_of(&house.store(), "pages.failed"), 1, "told once");

    std::fs::remove_file(house.out.join("prov")).unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages.len(), 1);
    assert!(tick.pages[0].written.is_some());
    assert!(
        house
            .page(&format!("prov/news/{}.html", item.number))
            .contains("省站")
    );
    assert!(runner.tick().unwrap().is_quiet());
    house.same_as_rebuilt();
}

#[test]
fn a_long_column_is_filled_from_the_oldest_on_and_what_is_full_stays() {
    let mut house = House::found();
    let title = |k: usize| format!("第{k}号稿");
    let mut items: Vec<_> = (1..=59)
        .map(|k| house.live(House::content(&title(k), &["prov-news"])))
        .collect();
    let mut runner = house.runner();
    runner.tick().unwrap();
    let front = house.page("prov/news/index.html");
    assert!(
        front.contains("第59号稿") && front.contains("第21号稿") && !front.contains("第20号稿")
    );
    assert!(front.contains("第 1 页（最新），本栏目共 59 条"));
    assert!(front.contains("<a href=\"index_1.html\" rel=\"next\">"));
    let oldest = house.page("prov/news/index_1.html");
    assert!(oldest.contains("第1号稿") && oldest.contains("第20号稿"));
    assert!(
        oldest.find("第20号稿") < oldest.find("第1号稿"),
        "newest first"
    );
    assert!(house.no_page("prov/news/index_2.html"));

    // The sixtieth fills a page: it, its neighbour and the front change, and no more.
    items.push(house.live(House::content(&title(60), &["prov-news"])));
    runner.tick().unwrap();
    let second = house.page("prov/news/index_2.html");
    assert!(second.contains("第40号稿") && second.contains("第21号稿"));
    assert!(second.contains("<a href=\"index.html\" rel=\"prev\">"));
    assert!(
        house
            .page("prov/news/index_1.html")
            .contains("<a href=\"index_2.html\" rel=\"prev\">")
    );
    let full = [1, 2].map(|n| house.page(&format!("prov/news/index_{n}.html")));
    items.push(house.live(House::content(&title(61), &["prov-news"])));
    let tick = runner.tick().unwrap();
    assert_eq!(
        [1, 2].map(|n| house.page(&format!("prov/news/index_{n}.html"))),
        full
    );
    assert_eq!(
        tick.pages[0].written.as_ref().unwrap().files,
        14,
        "article, front of the column, home, four feeds, month, its search file and map, three indexes, the archive's year"
    );
    house.same_as_rebuilt();

    // A correction on a full page makes that page anew, and no other.
    let old = items[10].id.clone();
    house.correcting(&old, "更正标题", |c| {
        c.fields.title = "第11号更正稿".to_owned()
    });
    house.corrected(&old);
    let tick = runner.tick().unwrap();
    assert!(
        house
            .page("prov/news/index_1.html")
            .contains("第11号更正稿")
    );
    assert_eq!(
        tick.pages[0].written.as_ref().unwrap().files,
        5,
        "article, list page, month, index and map"
    );

    // One that goes moves what is newer; what is older stays.
    let oldest = house.page("prov/news/index_1.html");
    for _ in 0..2 {
        let gone = items.remove(30);
        house
            .sit("signer")
            .withdraw(&gone.id, WithdrawGround::Other, &Note::of("重复"))
            .unwrap();
    }
    runner.tick().unwrap();
    assert!(house.no_page("prov/news/index_2.html"));
    let now = house.page("prov/news/index_1.html");
    assert_eq!(
        now,
        oldest.replace("index_2.html\" rel", "index.html\" rel"),
        "but for its way to what is newer"
    );
    assert!(house.page("prov/news/index.html").contains("第21号稿"));
    house.same_as_rebuilt();
}

#[test]
fn an_article_leaves_a_site_by_correction_and_a_column_by_merger() {
    let mut house = House::found();
    let mut content = House::content("两站同发", &["prov-news", "east-news", "prov-notice"]);
    content.attachments = vec![Attachment {
        name: "a.txt".to_owned(),
        alt: String::new(),
        bytes: Some(b"one".to_vec()),
        id: None,
    }];
    let item = house.live(content);
    let mut runner = house.runner();
    runner.tick().unwrap();
    let (prov, east) = (
        format!("prov/news/{}.html", item.number),
        format!("east/news/{}.html", item.number),
    );
    assert!(house.page(&east).contains("两站同发"));
    assert_eq!(
        house.page(&format!("east/news/{}/a.txt", item.number)),
        "one"
    );

    house.correcting(&item.id, "不再转发子站", |c| {
        c.shape.columns = vec!["prov-notice".to_owned(), "prov-news".to_owned()];
        c.attachments[0].name = "b.txt".to_owned();
    });
    house.corrected(&item.id);
    runner.tick().unwrap();
    assert!(house.no_page(&east), "gone from the subsite");
    assert!(house.no_page(&format!("east/news/{}/a.txt", item.number)));
    assert!(!house.page("east/news/index.html").contains("两站同发"));
    assert!(house.page(&prov).contains("两站同发"));
    assert!(
        house.no_page(&format!("prov/news/{}/a.txt", item.number)),
        "the home column is another"
    );
    assert_eq!(
        house.page(&format!("prov/notice/{}/b.txt", item.number)),
        "one"
    );
    house.same_as_rebuilt();

    house
        .sit("office")
        .column_merge("prov-news", "prov-interpret", &Note::of("栏目整合"))
        .unwrap();
    let tick = runner.tick().unwrap();
    assert!(
        tick.pages
            .iter()
            .any(|p| p.site == "prov" && p.written.as_ref().unwrap().full)
    );
    assert!(
        house
            .page(&format!("prov/interpret/{}.html", item.number))
            .contains("两站同发")
    );
    assert!(
        !house.page("prov/index.html").contains("税务要闻"),
        "no longer in the navigation"
    );
    assert!(
        house.page(&prov).contains("两站同发"),
        "its old address still leads somewhere"
    );
    assert!(house.page("prov/news/index.html").contains("政策解读"));
    let later = house.live(House::content("合并之后", &["prov-interpret"]));
    house
        .sit("signer")
        .withdraw(&item.id, WithdrawGround::Other, &Note::of("重复发布"))
        .unwrap();
    runner.tick().unwrap();
    assert!(
        house.page(&prov).contains("重复发布"),
        "the notice stands at the old address too"
    );
    let there = format!("interpret/{}.html", later.number);
    assert!(house.page("prov/news/index.html").contains(&there));
    assert!(house.no_page(&format!("prov/news/{}.html", later.number)));
    house.same_as_rebuilt();
}

#[test]
fn an_expired_article_goes_and_can_be_withdrawn_with_a_notice_later() {
    let mut house = House::found();
    let item = house.scheduled_until("限时", "prov-news", SECOND, HOUR);
    house.pass(SECOND);
    let mut runner = house.runner();
    runner.tick().unwrap();
    let page = format!("prov/news/{}.html", item.number);
    assert!(house.page(&page).contains("限时"));
    // A correction under way does not keep it up, and its draft title never shows.
    house.correcting(&item.id, "改期", |c| {
        c.fields.title = "未审标题".to_owned()
    });
    house.pass(HOUR);
    assert_eq!(runner.tick().unwrap().expired.len(), 1);
    assert!(house.no_page(&page));
    house
        .sit("signer")
        .withdraw(&item.id, WithdrawGround::Other, &Note::of("内容有误"))
        .unwrap();
    runner.tick().unwrap();
    let text = house.page(&page);
    assert!(text.contains("限时") && text.contains("内容有误") && !text.contains("未审标题"));
    assert_eq!(
        events(&house.store(), &item.number),
        ["publish", "expire", "withdraw"]
    );
    let log = log(&house.store());
    assert!(
        log.iter().all(|p| p.revision == 1),
        "the log names what was live, not the draft"
    );
    assert!(log.iter().all(|p| p.fingerprint == log[0].fingerprint));
    house.verify();
    house.same_as_rebuilt();
}

#[test]
fn the_owner_tells_the_footer_in_a_file() {
    let mut house = House::found();
    let item = house.live(House::content("页脚", &["prov-news"]));
    let mut runner = house.runner();
    let tick = runner.tick().unwrap();
    let prov = tick.pages.iter().find(|p| p.site == "prov").unwrap();
    assert!(
        prov.faults.contains(&"missing:icp".to_owned()),
        "visibly empty: {:?}",
        prov.faults
    );
    let page = format!("prov/news/{}.html", item.number);

    let file = house.out.join("site.toml");
    std::fs::write(
        &file,
        "[prov]\nicp = \"示ICP备12345678号\"\ncontact = \"0571-12366\"\n",
    )
    .unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages.len(), 1, "only the site whose facts changed");
    assert!(
        tick.pages[0].written.as_ref().unwrap().full,
        "the footer is on every page"
    );
    assert!(house.page(&page).contains("示ICP备12345678号"));
    house.same_as_rebuilt();

    std::fs::write(&file, "[prov]\nipc = \"slip\"\n").unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages[0].failed.as_ref().unwrap().0, "pages.facts");
    assert!(
        house.page(&page).contains("示ICP备12345678号"),
        "a slip empties no footer"
    );
    std::fs::write(&file, "[prov]\nicp = \"示ICP备87654321号\"\n").unwrap();
    runner.tick().unwrap();
    assert!(house.page(&page).contains("示ICP备87654321号"));
    assert!(runner.tick().unwrap().is_quiet());
}

#[test]
fn a_directory_that_was_emptied_is_filled_again() {
    let mut house = House::found();
    let item = house.live(House::content("仍在", &["prov-news"]));
    let mut runner = house.runner();
    runner.tick().unwrap();
    std::fs::remove_dir_all(house.out.join("prov")).unwrap();
    let tick = runner.tick().unwrap();
    assert_eq!(tick.pages.len(), 1);
    assert!(
        house
            .page(&format!("prov/news/{}.html", item.number))
            .contains("仍在")
    );
}
