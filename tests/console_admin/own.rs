//! What is one's own: the settings and their file, files from outside, the desk; and how quick a large
//! house is.

use std::time::{Duration, Instant};

use qianfa::locale;
use qianfa::tui::console::config::Source;
use qianfa::tui::testing::language;

use crate::common::*;

/// A settings file of this text, open in the console.
fn with_settings(house: &House, text: &str) -> std::path::PathBuf {
    let path = house.dir.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn checks(text: &str) -> Result<(), String> {
    text.parse::<toml::Table>()
        .map(drop)
        .map_err(|e| e.to_string())
}

#[test]
fn a_setting_takes_effect_and_the_file_keeps_its_comments() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let path = with_settings(&house, "# mine\ntheme = \"dark\" # evenings\n");
    let source = Source::at(Some(path.clone()), Some(checks), |_| None);
    let mut h = house.console_with("editor", 80, 24, source);
    h.press("g o").unwrap();
    says(&h, "配色");
    says(&h, "深色");
    says(&h, "设置文件");
    h.press("<down> <right>").unwrap();
    says(&h, "高对比");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, "# mine\ntheme = \"high-contrast\" # evenings\n");
    // The keys of vim at once: `l` opens a row there.
    h.press("<down> <enter> <down> <enter> <f3>").unwrap();
    h.press("g o <down> <down> x").unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("keys"));
    // Another language, and back.
    h.press("<home> <right>").unwrap();
    says(&h, "high contrast");
    assert_eq!(locale::current(), "en");
    h.press("<left>").unwrap();
    says(&h, "高对比");
}

#[test]
fn zone_autosave_and_rows_of_a_page_take_effect_at_once() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        for n in 0..30 {
            p.sit("editor")
                .create(content("prov-news", &format!("第{n}号消息"), "正文。"))
                .unwrap();
        }
    });
    let path = with_settings(&house, "# mine\n");
    let source = Source::at(Some(path.clone()), Some(checks), |_| None);
    let mut h = house.console_with("editor", 80, 24, source);
    h.press("g o <end> <up> <up>").unwrap();
    says(&h, "时区");
    h.press("<right> <down> <right> <down> <right>").unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "# mine\nzone = \"Asia/Urumqi\"\nautosave_seconds = 5\npage_rows = 5\n"
    );
    // 09:00 in Beijing is 07:00 there.
    h.press("<f3> <home> <pagedown>").unwrap();
    says(&h, "第 6 条，共 30 条");
    says(&h, "11-24 07:00");
    h.press("<enter> e 新字").unwrap();
    h.advance(Duration::from_secs(3)).unwrap();
    let kept = |house: &House| house.desk("editor").autosaved("2026-000025").unwrap();
    assert!(kept(&house).is_none());
    h.advance(Duration::from_secs(2)).unwrap();
    assert!(kept(&house).is_some());
    // As it comes: then it does not stand in the file.
    h.press("<esc> <down> <enter> g o <end> x <up> x <up> x")
        .unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "# mine\n");
    assert!(locale::choose_zone(locale::HOUSE_ZONE));
}

#[test]
fn a_broken_file_is_shown_and_left_alone_and_bad_keys_are_not_written() {
    let _zh = language("zh-CN");
    let house = House::new(|_| {});
    let path = with_settings(&house, "theme = \"dark\"\n");
    let keys = house.dir.path().join("bad.toml");
    std::fs::write(&keys, "[list]\n\"j\" = \"fly\"\n").unwrap();
    let source = Source::at(Some(path.clone()), Some(checks), |_| None);
    let mut h = house.console_with("editor", 80, 24, source);
    h.press("g o <down> <down> <down> <enter>").unwrap();
    h.paste(&keys.display().to_string()).unwrap();
    h.press("<enter>").unwrap();
    says(&h, "fly");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "theme = \"dark\"\n"
    );
    std::fs::write(&path, "theme = \"da\nrk\"\n").unwrap();
    h.press("<enter> <f2> g o").unwrap();
    says(&h, "line 2");
    h.press("<down> <right>").unwrap();
    says(&h, "line 2");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "theme = \"da\nrk\"\n"
    );
}

#[test]
fn files_are_looked_at_first_and_then_become_drafts() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-news", "已经有的一篇稿件", "正文。"))
            .unwrap();
    });
    let folder = house.dir.path().join("in");
    std::fs::create_dir(&folder).unwrap();
    let body = "各市税务局：现将有关事项通知如下，请认真贯彻执行，遇有问题及时报告省局。".repeat(3);
    std::fs::write(folder.join("a.md"), format!("# 第一篇通知\n\n{body}\n")).unwrap();
    std::fs::write(
        folder.join("b.md"),
        format!("# 已经有的一篇稿件\n\n{body}\n"),
    )
    .unwrap();
    std::fs::write(folder.join("c.md"), "").unwrap();
    let mut h = house.console("editor", 80, 24);
    h.press("<f3> g m").unwrap();
    says(&h, "要导入的文件");
    h.paste(&folder.display().to_string()).unwrap();
    h.press("<enter>").unwrap();
    says(&h, "3 项可导入 2 篇");
    says(&h, "不能读");
    says(&h, "可能已有");
    // Nothing is written by looking.
    assert!(house.desk("editor").find("2026-000002").is_err());
    h.press("<home> <enter>").unwrap();
    says(&h, "第一篇通知");
    h.press("<esc> e <space> <down> <enter> <tab> <space> <down> <enter> <ctrl-s>")
        .unwrap();
    h.press("s y").unwrap();
    says(&h, "已导入 2 篇草稿");
    let view = house.desk("editor").show("2026-000002").unwrap();
    assert_eq!(view.line.title, "第一篇通知");
    assert!(view.content.shape.disclosure.is_some());
    h.press("<home> <enter>").unwrap();
    says(&h, "2026-000002");
}

#[test]
fn the_desk_tells_which_columns_go_stale() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        let id = signed_off(p, "prov-news", "刚发布的要闻");
        p.sit("signer")
            .publish(&id, qianfa::desk::review::Seen::default())
            .unwrap();
    });
    let mut h = house.console("editor", 160, 50);
    says(&h, "栏目久未更新");
    says_not(&h, "示例省税务局网站 / 税务要闻");
    house
        .clock
        .0
        .fetch_add(15 * 86_400_000_000, std::sync::atomic::Ordering::Relaxed);
    h.press("<ctrl-r>").unwrap();
    says(&h, "示例省税务局网站 / 税务要闻");
    h.press("g c f 税务要闻 <enter>").unwrap();
    says(&h, "超期");
}

/// Rows straight into the tables: what is measured is reading, and 20,000 signed acts take long.
fn crowd(house: &House, count: u32) {
    let conn = rusqlite::Connection::open(house.path()).unwrap();
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = OFF; BEGIN;
         WITH RECURSIVE k(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM k WHERE n < {count}),
           c(id, site, r) AS (SELECT id, site, row_number() OVER (ORDER BY id) - 1 FROM columns)
         INSERT INTO items (n, id, number, state, revision, last_revision, fingerprint, shape, text_len, home, site,
           urgency, creator, created_at, base, updated_at, run, route_seq, cleared, escalated, closed, correcting)
         SELECT k.n, 'i' || k.n, '2026-' || printf('%06d', k.n),
           CASE k.n % 4 WHEN 0 THEN 'draft' WHEN 1 THEN 'in-review' ELSE 'published' END, 1, 1, i.fingerprint,
           i.shape, 0, c.id, c.site, 2, i.creator, 0, 1000 + k.n, 1795482000000000 - k.n, 0, 0, 0, 0, 0, 0
         FROM k JOIN items i ON i.n = 1 JOIN c ON c.r = k.n % (SELECT count(*) FROM columns);
         INSERT OR IGNORE INTO item_columns SELECT n, home FROM items;
         INSERT OR IGNORE INTO titles SELECT n, '第' || n || '号通知', '' FROM items;
         DELETE FROM tallies;
         INSERT INTO tallies SELECT home, state, count(*) FROM items GROUP BY 1, 2;
         COMMIT;"
    ))
    .unwrap();
}

#[test]
fn a_large_house_is_walked_through_whole() {
    let _zh = language("zh-CN");
    let house = House::new(|p| {
        p.sit("editor")
            .create(content("prov-news", "头一篇", "正文。"))
            .unwrap();
    });
    crowd(&house, 20_000);
    let mut h = house.console("leader", 160, 50);
    let begun = Instant::now();
    h.press("<f3>").unwrap();
    says(&h, "共 20000 条");
    for _ in 0..50 {
        h.press("<pagedown>").unwrap();
    }
    h.press("<end>").unwrap();
    says(&h, "第 20000 条");
    h.press("<home> f <enter> <down> <down> <enter> f <down> <enter> <down> <enter>")
        .unwrap();
    says(&h, "审核中");
    h.press("o <down> <enter> <end>").unwrap();
    h.press("g c").unwrap();
    for _ in 0..30 {
        h.press("<down>").unwrap();
    }
    says(&h, "示例省税务局网站");
    // A hundred pages and a tree take far less than this; it is here to catch what is not flat.
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}
