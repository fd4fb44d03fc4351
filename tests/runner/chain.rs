//! The chain of policy, interpretation, interview, comment and questions on the pages (A6.3), and how a
//! policy stands.

use super::house::{HOUR, House};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use qianfa::desk::Note;
use qianfa::rules::act::{Relation, Validity, WithdrawGround};

/// Files the last tick wrote for a site; none where it was up to date.
fn files(house: &House, site: &str) -> Option<usize> {
    let tick = house.runner().tick().unwrap();
    let pages = tick.pages.into_iter().find(|p| p.site == site)?;
    assert_eq!(pages.failed, None);
    let written = pages.written.unwrap();
    assert!(!written.full, "{site} made anew");
    Some(written.files)
}

fn titled(title: &str, column: &str) -> qianfa::desk::Content {
    House::content(title, &[column])
}

#[test]
fn every_page_of_a_chain_names_the_others_and_nothing_that_is_not_live() {
    let mut house = House::found();
    let policy = house.live(titled("某项政策的公告", "prov-policy"));
    let reading = house.live(titled("政策<解读>", "prov-interpret"));
    let talk = house.live(titled("局长访谈", "east-news"));
    let draft = house.draft("未发布的解读", "prov-interpret");
    house.runner().tick().unwrap();
    let (at, read_at, talk_at) = (
        format!("prov/policy/{}.html", policy.number),
        format!("prov/interpret/{}.html", reading.number),
        format!("east/news/{}.html", talk.number),
    );
    assert!(!house.page(&at).contains("相关内容"));

    let desk = house.sit("editor");
    for (other, relation) in [
        (&talk.id, Relation::Interview),
        (&draft.id, Relation::Questions),
        (&reading.id, Relation::Interpretation),
    ] {
        desk.relate(&policy.id, other, relation).unwrap();
    }
    assert_eq!(files(&house, "prov"), Some(2), "the two pages and no list");
    let page = house.page(&at);
    let first = format!(
        "政策解读：<a href=\"../interpret/{}.html\">政策&lt;解读&gt;</a>",
        reading.number
    );
    let second = format!(
        "在线访谈：<a href=\"https://east.tax.example.cn/news/{}.html\">局长访谈</a>",
        talk.number
    );
    let place = |what: &str| {
        page.find(what)
            .unwrap_or_else(|| panic!("{what} in {page}"))
    };
    assert!(place(&first) < place(&second), "in the order of the chain");
    assert!(!page.contains("未发布"), "what is not live is not named");
    assert!(house.page(&read_at).contains(&format!(
        "政策文件：<a href=\"../policy/{}.html\">某项政策的公告</a>",
        policy.number
    )));
    assert!(house.page(&talk_at).contains(&format!(
        "政策文件：<a href=\"https://tax.example.cn/policy/{}.html\">",
        policy.number
    )));
    house.same_as_rebuilt();

    // The third goes live: it is on the policy's page by the same release.
    house.corrected(&draft.id);
    files(&house, "prov").unwrap();
    assert!(house.page(&at).contains("纳税咨询：<a href"));

    // A corrected title, a move to another column, an end, each on another page than its own.
    house.correcting(&talk.id, "改题", |c| {
        c.fields.title = "局长访谈实录".to_owned()
    });
    house.corrected(&talk.id);
    assert_eq!(files(&house, "prov"), Some(1), "the policy's page");
    assert!(house.page(&at).contains("局长访谈实录"));
    house.correcting(&reading.id, "移栏", |c| {
        c.shape.columns = vec!["prov-notice".to_owned()]
    });
    house.corrected(&reading.id);
    files(&house, "prov").unwrap();
    assert!(
        house
            .page(&at)
            .contains(&format!("../notice/{}.html", reading.number))
    );
    house.same_as_rebuilt();

    let until = house.now() + HOUR;
    house
        .sit("signer")
        .schedule(&reading.id, None, Some(until), "Asia/Shanghai")
        .unwrap();
    house
        .sit("signer")
        .withdraw(&talk.id, WithdrawGround::Other, &Note::of("来函撤稿"))
        .unwrap();
    files(&house, "prov").unwrap();
    assert!(!house.page(&at).contains("局长访谈"));
    assert!(!house.page(&talk_at).contains("政策文件"));
    house.pass(HOUR);
    files(&house, "prov").unwrap();
    assert!(!house.page(&at).contains("解读&gt;"), "its time ran out");
    house
        .sit("editor")
        .unrelate(&policy.id, &draft.id, Relation::Questions)
        .unwrap();
    assert_eq!(files(&house, "prov"), Some(2));
    assert!(!house.page(&at).contains("相关内容"));
    house.same_as_rebuilt();
    house.verify();
}

#[test]
fn how_a_policy_stands_is_on_its_page_and_nowhere_else() {
    let mut house = House::found();
    let mut content = titled("旧办法", "prov-policy");
    content.fields.validity = "全文有效".to_owned();
    let policy = house.live(content);
    let reading = house.live(titled("旧办法解读", "prov-interpret"));
    house
        .sit("editor")
        .relate(&policy.id, &reading.id, Relation::Interpretation)
        .unwrap();
    house.runner().tick().unwrap();
    let at = format!("prov/policy/{}.html", policy.number);
    let read_at = format!("prov/interpret/{}.html", reading.number);
    assert!(house.page(&at).contains("全文有效"));
    let before = house.page(&read_at);

    house
        .sit("signer")
        .set_validity(
            &policy.id,
            Validity::Repealed,
            Some(1_767_196_800_000_000), // 2026-01-01 in Beijing
            &Note::of("内部依据"),
        )
        .unwrap();
    assert_eq!(files(&house, "prov"), Some(1));
    let page = house.page(&at);
    assert!(page.contains("data-validity=\"repealed\">全文废止</strong>（自<time"));
    assert!(page.contains("2026-01-01"));
    assert!(
        !page.contains("全文有效"),
        "what the record said then is over"
    );
    assert!(!page.contains("内部依据"), "the ground stays in the house");
    assert_eq!(
        house.page(&read_at),
        before,
        "that it must be looked at again is the house's business"
    );
    assert_eq!(
        house.sit("editor").flags(Some(&reading.id)).unwrap().len(),
        1
    );
    house
        .sit("signer")
        .set_validity(&policy.id, Validity::InForce, None, &Note::of("恢复"))
        .unwrap();
    files(&house, "prov").unwrap();
    assert!(house.page(&at).contains("现行有效"));
    house.same_as_rebuilt();
}

#[test]
fn a_merger_on_one_site_changes_no_page_on_another_and_breaks_no_link() {
    let mut house = House::found();
    let policy = house.live(titled("省局公告", "prov-policy"));
    let reading = house.live(titled("东江解读", "east-news"));
    house
        .sit("editor")
        .relate(&policy.id, &reading.id, Relation::Interpretation)
        .unwrap();
    house.runner().tick().unwrap();
    let at = format!("prov/policy/{}.html", policy.number);
    let link = format!("https://east.tax.example.cn/news/{}.html", reading.number);
    assert!(house.page(&at).contains(&link));
    house
        .sit("office")
        .column_merge("east-news", "east-open", &Note::of("栏目整合"))
        .unwrap();
    let tick = house.runner().tick().unwrap();
    assert!(tick.pages.iter().all(|p| p.site != "prov"), "{tick:?}");
    assert!(!house.no_page(&format!("east/news/{}.html", reading.number)));
    house.same_as_rebuilt();
}

/// One thing somebody does: what, and two numbers to choose by.
type Step = (u8, usize, usize);

const COLUMNS: &[&[&str]] = &[
    &["prov-policy"],
    &["prov-interpret"],
    &["prov-news", "east-news"],
    &["east-open"],
    &["prov-notice", "prov-policy"],
];

fn columns(n: usize) -> Vec<String> {
    let chosen = COLUMNS[n % COLUMNS.len()];
    chosen.iter().map(|c| (*c).to_owned()).collect()
}

fn all_open(house: &mut House, columns: &[String]) -> bool {
    let org = house.sit("office").org().unwrap();
    columns
        .iter()
        .all(|c| org.columns[c].state == qianfa::rules::org::ColumnState::Open)
}

/// Whatever is refused on the way is part of the day.
fn act(house: &mut House, items: &mut Vec<String>, (what, a, b): Step) {
    let pick = |n: usize| items[n % items.len()].clone();
    let note = Note::of("办理。");
    let live = |house: &mut House, id: &str| {
        let state = house.sit("signer").show(id).unwrap().line.state;
        matches!(state.code(), "published" | "corrected")
    };
    if what == 0 || items.is_empty() {
        let mut content = House::content(&format!("第{}篇", items.len()), &["prov-news"]);
        content.shape.columns = columns(a);
        if all_open(house, &content.shape.columns) {
            items.push(house.live(content).id);
        }
        return;
    }
    let (item, other) = (pick(a), pick(b));
    let relation = Relation::ALL[(a + b) % 4];
    match what {
        1 | 2 if live(house, &item) => {
            let wanted = columns(b);
            let wanted = if all_open(house, &wanted) {
                wanted
            } else {
                columns(0)
            };
            // What stood in a column that ended is sent elsewhere by whoever corrects it.
            let now = house.sit("editor").content(&item, None).unwrap();
            let moves = what == 2 || !all_open(house, &now.shape.columns);
            house.correcting(&item, "更正", |c| {
                c.fields.title = format!("{}改", c.fields.title);
                if moves {
                    c.shape.columns = wanted;
                }
            });
            house.corrected(&item);
        }
        3 => drop(
            house
                .sit("signer")
                .withdraw(&item, WithdrawGround::Other, &note),
        ),
        4..=6 => drop(house.sit("editor").relate(&item, &other, relation)),
        7 => drop(house.sit("editor").unrelate(&item, &other, relation)),
        8 => drop(
            house.sit("signer").set_validity(
                &item,
                Validity::ALL[b % 5],
                b.is_multiple_of(2)
                    .then_some(1_767_196_800_000_000 + a as i64),
                &note,
            ),
        ),
        9 => {
            let until = house.now() + HOUR;
            let desk = house.sit("signer");
            let _ = desk.schedule(&item, None, Some(until), "Asia/Shanghai");
            house.pass(2 * HOUR);
            // Else an end that has passed would stand in the way of a correction.
            house.runner().tick().unwrap();
        }
        10 if b.is_multiple_of(3) => {
            let (from, to) = [("prov-news", "prov-notice"), ("east-news", "east-open")][a % 2];
            let _ = house.sit("office").column_merge(from, to, &note);
        }
        _ => {
            for pages in house.runner().tick().unwrap().pages {
                assert_eq!(pages.failed, None);
            }
        }
    }
}

#[test]
fn whatever_happens_step_by_step_is_what_a_rebuild_makes() {
    let mut runner = TestRunner::new(ProptestConfig {
        max_shrink_iters: 40,
        ..ProptestConfig::with_cases(6)
    });
    let steps = prop::collection::vec((0u8..13, 0usize..40, 0usize..40), 20..40);
    runner
        .run(&steps, |steps| {
            let mut house = House::found();
            let mut items = Vec::new();
            for step in steps {
                act(&mut house, &mut items, step);
            }
            house.runner().tick().unwrap();
            house.same_as_rebuilt();
            house.verify();
            Ok(())
        })
        .unwrap();
}
