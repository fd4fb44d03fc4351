//! A version of a site in a foreign language: closed until its conditions are on record (A9.6–A9.8).

use super::house::{HOUR, House};
use qianfa::desk::Note;
use qianfa::rules::act::{ColumnAdd, SiteAdd};
use qianfa::rules::org::{Family, LanguageCondition, SiteLevel};

fn english(house: &mut House) {
    let desk = house.sit("office");
    desk.site_add(SiteAdd {
        site: "english".to_owned(),
        name: "Tax Service of the Sample Province".to_owned(),
        level: SiteLevel::Province,
        bureau: "province".to_owned(),
        parent: Some("prov".to_owned()),
        domain: "en.tax.example.cn".to_owned(),
        code: "3300000001".to_owned(),
        language: Some("en".to_owned()),
    })
    .unwrap();
    let column = ColumnAdd {
        column: "english-news".to_owned(),
        site: "english".to_owned(),
        parent: None,
        name: "News".to_owned(),
        slug: "news".to_owned(),
        family: Family::Publicity,
        owner: "office".to_owned(),
        person: None,
        backup: None,
        owner_waived: false,
    };
    desk.column_add(column, &Note::none()).unwrap();
}

fn condition(house: &mut House, condition: LanguageCondition, met: bool) {
    let reviewer = (condition == LanguageCondition::Reviewer).then_some("second");
    house
        .sit("office")
        .site_condition("english", condition, reviewer, met, &Note::of("依据在案。"))
        .unwrap();
}

#[test]
fn a_site_in_a_foreign_language_opens_with_its_conditions_and_not_before() {
    let mut house = House::found();
    english(&mut house);
    house.runner().tick().unwrap();
    assert!(house.no_page("english"), "closed unless opened");
    assert!(!house.page("prov/index.html").contains("hreflang"));
    let refused = house.runner().rebuild(Some("english")).unwrap_err();
    assert_eq!(refused.code(), "language.conditions");
    assert!(
        refused.message().contains("内容更新计划"),
        "{}",
        refused.message()
    );

    for met in [
        LanguageCondition::Team,
        LanguageCondition::Partner,
        LanguageCondition::Reviewer,
    ] {
        condition(&mut house, met, true);
    }
    let (list, lacks) = house.sit("office").site_conditions("english").unwrap();
    assert_eq!((list.len(), lacks), (3, vec![LanguageCondition::Plan]));
    house.runner().tick().unwrap();
    assert!(house.no_page("english"));
    condition(&mut house, LanguageCondition::Plan, true);
    let tick = house.runner().tick().unwrap();
    let pages = tick.pages.iter().find(|p| p.site == "english").unwrap();
    assert!(
        pages.faults.contains(&"missing:templates".to_owned()),
        "the words of the house are Chinese: {:?}",
        pages.faults
    );
    assert!(
        house
            .page("english/index.html")
            .contains("<html lang=\"en\">")
    );
    assert!(
        house
            .page("english/index.html")
            .contains("<a href=\"https://tax.example.cn/\" lang=\"zh-CN\" hreflang=\"zh-CN\">")
    );
    assert!(
        house
            .page("prov/index.html")
            .contains("<a href=\"https://en.tax.example.cn/\" lang=\"en\" hreflang=\"en\">")
    );

    // "second" is the reviewer of the language, and the second review is his step.
    let item = house.live(House::content("Tax news", &["english-news"]));
    house.runner().tick().unwrap();
    let at = format!("english/news/{}.html", item.number);
    assert!(house.page(&at).contains("Tax news"));
    assert!(house.page("english/feed.xml").contains("xml:lang=\"en\""));

    // What was signed off waits when a condition falls away, and is told; what is out stays out.
    house.scheduled("Later news", "english-news", HOUR);
    condition(&mut house, LanguageCondition::Team, false);
    house.pass(HOUR);
    let tick = house.runner().tick().unwrap();
    assert_eq!(tick.failed[0].code, "language.conditions");
    assert!(house.page(&at).contains("Tax news"));
    condition(&mut house, LanguageCondition::Team, true);
    assert_eq!(house.runner().tick().unwrap().published.len(), 1);
    house.same_as_rebuilt();
    house.verify();
}

#[test]
fn only_the_director_of_the_office_records_conditions_and_one_language_has_one_site() {
    let mut house = House::found();
    english(&mut house);
    for login in ["sysadmin", "editor", "signer"] {
        let refused = house
            .sit(login)
            .site_condition(
                "english",
                LanguageCondition::Team,
                None,
                true,
                &Note::of("有"),
            )
            .unwrap_err();
        assert_eq!(refused.code(), "right.missing", "{login}");
    }
    let again = SiteAdd {
        site: "english-two".to_owned(),
        name: "Again".to_owned(),
        level: SiteLevel::Province,
        bureau: "province".to_owned(),
        parent: Some("prov".to_owned()),
        domain: "en2.tax.example.cn".to_owned(),
        code: String::new(),
        language: Some("en".to_owned()),
    };
    let mut chinese = again.clone();
    chinese.language = Some("zh-TW".to_owned());
    let desk = house.sit("office");
    assert_eq!(desk.site_add(again).unwrap_err().code(), "org.exists");
    assert_eq!(desk.site_add(chinese).unwrap_err().code(), "act.form");
}
