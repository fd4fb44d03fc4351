//! The public site as a reader, a browser and an attacker meet it.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};

use jiff::civil::date;
use proptest::prelude::*;
use qianfa::publish::pages::render::{article_path, attachment_files, page_count};
use qianfa::publish::pages::{
    ArticleLine, ArticlePage, Attachment, ColumnLink, ColumnPage, Correction, FeedEntry,
    HomeSection, Link, MapNode, MapUrl, Month, MonthCount, PageError, Places, Related, Renderer,
    SearchEntry, SiteFault, SitePage, SitePath, SiteWriter, Withdrawn, body, safe_names, verify,
};
use qianfa::report::when;
use scraper::{Html, Selector};

fn site() -> SitePage {
    SitePage {
        name: "国家税务总局某某省税务局".into(),
        domain: "mmou.example.gov.cn".into(),
        site_id_code: "bm29990001".into(),
        host_unit: "国家税务总局某某省税务局".into(),
        undertaker: Some("税收宣传中心".into()),
        icp: "京ICP备12345678号-1".into(),
        police_record: "京公网安备 11010202000001号".into(),
        contact: "0100-12366".into(),
        footer_links: vec![
            Link {
                name: "网站地图".into(),
                url: "/map.html".into(),
            },
            Link {
                name: "坏链接".into(),
                url: "javascript:alert(1)".into(),
            },
        ],
        parent: Some(Link {
            name: "国家税务总局".into(),
            url: "https://www.chinatax.gov.cn/".into(),
        }),
        columns: vec![link("tzgg", "通知公告"), link("zcjd", "政策解读")],
        zone: when::shanghai(),
        lang: "zh-CN".into(),
        parent_lang: "zh-CN".into(),
        versions: Vec::new(),
        places: Places::default(),
    }
}

fn link(slug: &str, name: &str) -> ColumnLink {
    ColumnLink {
        slug: slug.into(),
        name: name.into(),
    }
}

fn column() -> ColumnPage {
    ColumnPage {
        slug: "tzgg".into(),
        name: "通知公告".into(),
        description: "发布税务局的通知和公告".into(),
        keywords: vec!["通知".into(), "公告".into()],
        family: "信息公开".into(),
        kind: "公示公告".into(),
        parent: None,
        below: Vec::new(),
    }
}

fn article() -> ArticlePage {
    ArticlePage {
        number: "2026-000123".into(),
        title: "关于优化增值税留抵退税办理流程的公告".into(),
        subtitle: Some("（试行）".into()),
        reprint: true,
        topic: Some("税收征管".into()),
        addressee: Some("各市税务局".into()),
        doc_number: Some("某某省税务局公告2026年第8号".into()),
        written_on: Some(date(2026, 11, 20)),
        issuer: Some("国家税务总局某某省税务局".into()),
        source: "纳税服务处".into(),
        source_url: None,
        index_number: Some("000014349/2026-00110".into()),
        validity: Some("全文有效".into()),
        standing: None,
        author: Some("审核人".into()),
        keywords: vec!["增值税".into(), "留抵退税".into()],
        summary: Some("明确留抵退税的办理条件和时限。".into()),
        body: "　　为了方便纳税人，\n现公告如下：\n\n## 一、办理条件\n\n\
               符合**下列条件**的纳税人可以申请，见[申请表](申请表.docx)和\
               [总局网站](https://www.chinatax.gov.cn/)。\n\n\
               | 情形 | 时限 |\n|---|---:|\n| 一般 | 10日 |\n| 简易 | 5日 |\n\n\
               ![流程图](流程图.png)\n\n1. 第一步\n2. 第二步\n"
            .into(),
        attachments: vec![
            Attachment {
                name: "申请表.docx".into(),
                alt: String::new(),
                len: 20_480,
                content_id: "c1".into(),
            },
            Attachment {
                name: "流程图.png".into(),
                alt: "办理流程".into(),
                len: 900,
                content_id: "c2".into(),
            },
        ],
        related: vec![Related {
            relation: "interpretation".into(),
            link: Link {
                name: "关于公告的解读".into(),
                url: "/zcjd/2026-000124.html".into(),
            },
        }],
        published_at: "2026-11-24T00:30:00Z".parse().unwrap(),
        corrections: vec![Correction {
            at: "2026-11-25T02:00:00Z".parse().unwrap(),
            note: "第二条中“15日”更正为“10日”。".into(),
        }],
        withdrawn: None,
        also_in: vec![link("zcfg", "政策法规")],
    }
}

fn lines(count: usize) -> Vec<ArticleLine> {
    (0..count)
        .map(|n| ArticleLine {
            number: format!("2026-{:06}", count - n),
            title: format!("第{}号公告", count - n),
            column: "tzgg".into(),
            published_at: "2026-11-24T00:30:00Z".parse().unwrap(),
        })
        .collect()
}

fn article_html(article: &ArticlePage) -> String {
    let renderer = Renderer::new().unwrap();
    let page = renderer
        .article(&site(), &column(), "tzgg", article)
        .unwrap();
    String::from_utf8(page.bytes).unwrap()
}

fn metas(html: &str) -> BTreeMap<String, String> {
    Html::parse_document(html)
        .select(&Selector::parse("meta[name]").unwrap())
        .map(|m| {
            let attr = |name| m.value().attr(name).unwrap_or_default().to_owned();
            (attr("name"), attr("content"))
        })
        .collect()
}

#[test]
fn article_page() {
    insta::assert_snapshot!(article_html(&article()));
}

#[test]
fn column_page() {
    let pages = Renderer::new()
        .unwrap()
        .column_pages(&site(), &column(), &lines(45))
        .unwrap();
    let names: Vec<&str> = pages.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        names,
        ["tzgg/index.html", "tzgg/index_2.html", "tzgg/index_3.html"]
    );
    let counts: Vec<usize> = pages
        .iter()
        .map(|p| {
            Html::parse_document(std::str::from_utf8(&p.bytes).unwrap())
                .select(&Selector::parse("ul.articles li").unwrap())
                .count()
        })
        .collect();
    assert_eq!(counts, [20, 20, 5]);
    insta::assert_snapshot!(String::from_utf8(pages[2].bytes.clone()).unwrap());
}

#[test]
fn home_page() {
    let sections = [
        HomeSection {
            column: link("tzgg", "通知公告"),
            articles: lines(2),
        },
        HomeSection {
            column: link("zcjd", "政策解读"),
            articles: Vec::new(),
        },
    ];
    let page = Renderer::new().unwrap().home(&site(), &sections).unwrap();
    insta::assert_snapshot!(String::from_utf8(page.bytes).unwrap());
}

#[test]
fn every_page_carries_the_tags_of_the_guide() {
    let on_every_page = ["SiteName", "SiteDomain", "SiteIDCode"];
    let on_columns = [
        "ColumnName",
        "ColumnDescription",
        "ColumnKeywords",
        "ColumnType",
    ];
    let on_articles = ["ArticleTitle", "PubDate", "ContentSource"];
    let renderer = Renderer::new().unwrap();
    let html = article_html(&article());
    let tags = metas(&html);
    for name in on_every_page.iter().chain(&on_columns).chain(&on_articles) {
        assert!(!tags[*name].is_empty(), "{name}");
    }
    assert_eq!(tags["PubDate"], "2026-11-24 08:30");
    assert_eq!(tags["ColumnKeywords"], "通知;公告");
    assert_eq!(tags["ContentSource"], "纳税服务处");
    for part in [
        "主办单位：",
        "网站标识码：bm29990001",
        "京ICP备12345678号-1",
        "京公网安备 11010202000001号",
        "联系方式：",
    ] {
        assert!(html.contains(part), "{part}");
    }

    // An empty column keeps its tags; its texts fall back to its name.
    let bare = ColumnPage {
        description: String::new(),
        keywords: Vec::new(),
        kind: String::new(),
        ..column()
    };
    let page = &renderer.column_pages(&site(), &bare, &[]).unwrap()[0];
    let tags = metas(std::str::from_utf8(&page.bytes).unwrap());
    for name in on_every_page.iter().chain(&on_columns) {
        assert!(!tags[*name].is_empty(), "{name}");
    }
    // What cannot fall back is refused.
    let nameless = SitePage {
        site_id_code: " ".into(),
        ..site()
    };
    assert!(matches!(
        renderer.home(&nameless, &[]),
        Err(PageError::Missing("SiteIDCode"))
    ));
}

#[test]
fn the_record_of_a_site_is_checked() {
    assert!(site().faults().is_empty());
    let poor = SitePage {
        icp: "京ICP备123号".into(),
        police_record: String::new(),
        site_id_code: "29990001".into(),
        ..site()
    };
    assert_eq!(
        poor.faults(),
        [
            SiteFault::Missing("police_record"),
            SiteFault::Malformed("SiteIDCode"),
            SiteFault::Malformed("icp"),
        ]
    );
}

#[test]
fn a_withdrawn_article_is_a_notice() {
    let mut piece = article();
    piece.withdrawn = Some(Withdrawn {
        at: "2026-11-26T01:00:00Z".parse().unwrap(),
        reason: "内容有误".into(),
        hide_title: false,
    });
    let html = article_html(&piece);
    assert!(html.contains("本文已撤稿") && html.contains("2026-11-26 09:00"));
    assert!(html.contains("内容有误") && html.contains(&piece.title));
    // Neither text nor file nor summary nor the words of a correction remain.
    for gone in [
        "办理条件",
        "申请表",
        "流程图",
        "办理时限",
        "15日",
        "留抵退税的办理条件",
        "第8号",
        "关于公告的解读",
    ] {
        assert!(!html.contains(gone), "{gone}");
    }
    assert_eq!(metas(&html)["robots"], "noindex");
    assert!(!metas(&html).contains_key("Keywords"));

    piece.withdrawn.as_mut().unwrap().hide_title = true;
    let html = article_html(&piece);
    assert!(!html.contains(&piece.title));
    assert_eq!(metas(&html)["ArticleTitle"], "2026-000123");
}

#[test]
fn an_article_in_two_columns_has_one_canonical_address() {
    let other = ColumnPage {
        slug: "zcfg".into(),
        name: "政策法规".into(),
        ..column()
    };
    let page = Renderer::new()
        .unwrap()
        .article(&site(), &other, "tzgg", &article())
        .unwrap();
    assert_eq!(page.path.as_str(), "zcfg/2026-000123.html");
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(html.contains(
        "<link rel=\"canonical\" href=\"https://mmou.example.gov.cn/tzgg/2026-000123.html\">"
    ));
    assert!(html.contains("../tzgg/2026-000123/%E6%B5%81%E7%A8%8B%E5%9B%BE.png"));
}

#[test]
fn hostile_fields_are_text_everywhere() {
    const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=y>\u{1b}[2J\u{202e}";
    let h = || HOSTILE.to_owned();
    let site = SitePage {
        name: h(),
        domain: h(),
        host_unit: h(),
        undertaker: Some(h()),
        icp: h(),
        police_record: h(),
        contact: h(),
        footer_links: vec![Link {
            name: h(),
            url: "https://example.cn/\"onclick=\"x".into(),
        }],
        parent: Some(Link {
            name: h(),
            url: "https://example.cn/'".into(),
        }),
        columns: vec![link("tzgg", HOSTILE)],
        ..site()
    };
    let column = ColumnPage {
        name: h(),
        description: h(),
        keywords: vec![h()],
        family: h(),
        kind: h(),
        parent: Some(link("up", HOSTILE)),
        ..column()
    };
    let article = ArticlePage {
        title: h(),
        subtitle: Some(h()),
        topic: Some(h()),
        addressee: Some(h()),
        doc_number: Some(h()),
        issuer: Some(h()),
        source: h(),
        source_url: Some("javascript:alert(1)".into()),
        index_number: Some(h()),
        validity: Some(h()),
        author: Some(h()),
        keywords: vec![h()],
        summary: Some(h()),
        body: h(),
        attachments: vec![Attachment {
            name: h(),
            alt: h(),
            len: 1,
            content_id: h(),
        }],
        related: vec![Related {
            relation: h(),
            link: Link {
                name: h(),
                url: "data:text/html,x".into(),
            },
        }],
        corrections: vec![Correction {
            at: jiff::Timestamp::UNIX_EPOCH,
            note: h(),
        }],
        also_in: vec![link("zcfg", HOSTILE)],
        ..article()
    };
    let mut gone = article.clone();
    gone.withdrawn = Some(Withdrawn {
        at: jiff::Timestamp::UNIX_EPOCH,
        reason: h(),
        hide_title: false,
    });
    let mut list = lines(1);
    list[0].title = h();
    let renderer = Renderer::new().unwrap();
    let section = HomeSection {
        column: link("tzgg", HOSTILE),
        articles: list.clone(),
    };
    let pages = [
        renderer.article(&site, &column, "tzgg", &article).unwrap(),
        renderer.article(&site, &column, "tzgg", &gone).unwrap(),
        renderer.column(&site, &column, 1, 1, &list).unwrap(),
        renderer.home(&site, &[section]).unwrap(),
        renderer
            .map(
                &site,
                &[MapNode {
                    column: link("tzgg", HOSTILE),
                    description: h(),
                    below: Vec::new(),
                }],
            )
            .unwrap(),
        renderer.not_found(&site).unwrap(),
        renderer
            .archive_month(&site, MONTH.month, &list)
            .unwrap()
            .remove(0),
        renderer.archive(&site, &[MONTH]).unwrap().remove(0),
    ];
    for page in pages {
        let html = String::from_utf8(page.bytes).unwrap();
        assert_inert(&html);
        assert!(!html.contains(['\u{1b}', '\u{202e}']));
    }
}

const MONTH: MonthCount = MonthCount {
    month: Month {
        year: 2026,
        month: 11,
    },
    count: 45,
};

/// What a browser would make of a page: nothing that runs, nothing that loads from elsewhere.
fn assert_inert(html: &str) {
    for element in Html::parse_document(html).select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        assert!(
            ![
                "script", "iframe", "object", "embed", "form", "svg", "math", "base", "style",
                "video", "audio", "source", "input"
            ]
            .contains(&name),
            "{name} in {html}"
        );
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{attribute} in {html}");
            if ["href", "src"].contains(&attribute) {
                let scheme = value.split_once(':').map(|(s, _)| s.to_ascii_lowercase());
                assert!(
                    scheme.is_none_or(|s| ["http", "https", "mailto", "tel"].contains(&s.as_str())
                        || s.contains(['/', '#', '?'])),
                    "{attribute}={value}"
                );
            }
            if attribute == "src" {
                assert!(!value.contains(':') && !value.starts_with("//"), "{value}");
            }
        }
    }
}

#[test]
fn manuscripts_keep_their_shape_and_lose_their_teeth() {
    let html = |text: &str| body::to_html(text, &[]);
    assert_eq!(
        html("　　第一段\n\n　　第二段"),
        "<p>第一段</p>\n<p>第二段</p>\n"
    );
    // A line broken inside a Chinese sentence is no blank; in English it is.
    assert_eq!(html("纳税人\n可以"), "<p>纳税人可以</p>\n");
    assert_eq!(html("tax\npayer"), "<p>tax\npayer</p>\n");
    assert_eq!(html("# 大标题"), "<h2>大标题</h2>\n");
    // Whatever levels an author chose, none is skipped on the page.
    assert_eq!(
        html("### 一\n\n##### 二\n\n### 三\n\n# 四"),
        "<h2>一</h2>\n<h3>二</h3>\n<h3>三</h3>\n<h2>四</h2>\n"
    );
    for text in [
        "<script>alert(1)</script>",
        "a <b onclick=x>b</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\u{9}script:alert(1))",
        "[x](data:text/html;base64,xx)",
        "[x](//evil.example/)",
        "[x](/\\evil.example/)",
        "<javascript:alert(1)>",
        "![x](https://evil.example/pixel.gif)",
        "![x](//evil.example/pixel.gif)",
        "[![x](javascript:1)](vbscript:2)",
        "<iframe src=https://evil.example></iframe>",
        "<svg/onload=alert(1)>",
        "```html\" onload=\"x\n<script>\n```",
        "| <img src=x onerror=y> |\n|---|\n| <style>*{}</style> |",
        "[x]: javascript:alert(1)\n\n[x]",
        "&lt;script&gt; &#x3c;script&#x3e;",
    ] {
        let out = html(text);
        assert_inert(&out);
        assert!(!out.contains("<img"), "{text} -> {out}");
        assert!(!out.contains("evil.example/\""), "{text} -> {out}");
    }
    // Shown, not swallowed.
    assert!(html("<script>alert(1)</script>").contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html("[见此](javascript:1)").contains("见此"));
    // Depth costs neither stack nor patience.
    assert!(html(&"> ".repeat(20_000)).len() < 2_000_000);
    assert!(html(&"*a ".repeat(20_000)).contains('a'));
}

#[test]
fn attachments_get_names_of_their_own() {
    assert_eq!(
        safe_names([
            "申请表.docx",
            "../../etc/passwd",
            "C:\\temp\\a b.PDF",
            "con.txt",
            ".htaccess",
            "shell.php.txt",
            "page.HTML",
            "logo.svg",
            "申请表.DOCX",
            "",
            "\u{202e}fdp.exe",
        ]),
        [
            "申请表.docx",
            "passwd",
            "a_b.pdf",
            "_con.txt",
            "htaccess",
            "shell_php.txt",
            "page_html.bin",
            "logo_svg.bin",
            "申请表-2.docx",
            "file",
            "fdp_exe.bin",
        ]
    );
}

#[test]
fn paths_that_lead_away_are_refused() {
    for bad in [
        "",
        "/etc/passwd",
        "a//b",
        "a/",
        "..",
        "a/../b",
        "a/./b",
        ".qianfa/intent.json",
        "a/.hidden",
        "a\\b",
        "nul",
        "a/COM1.html",
        "a\0b",
        "a b",
        "a.",
        "a?b",
        "a:b",
    ] {
        assert!(SitePath::new(bad).is_err(), "{bad:?}");
    }
    for bad in ["../up", "a/b", "", "."] {
        assert!(article_path(bad, "2026-000001").is_err(), "{bad}");
        assert!(article_path("tzgg", bad).is_err(), "{bad}");
        let piece = ArticlePage {
            number: bad.into(),
            ..article()
        };
        assert!(attachment_files("tzgg", &piece).is_err(), "{bad}");
    }
    assert!(SitePath::new("通知/公告-1_a.html").is_ok());
    assert!(serde_json::from_str::<SitePath>("\"../x\"").is_err());
}

#[test]
fn templates_can_be_replaced_and_are_checked_at_once() {
    let mut overrides = BTreeMap::from([(
        "home.html".to_owned(),
        "<!DOCTYPE html><title>{{ site.name }}</title>".to_owned(),
    )]);
    let page = Renderer::with_overrides(&overrides)
        .unwrap()
        .home(
            &SitePage {
                name: "<b>".into(),
                ..site()
            },
            &[],
        )
        .unwrap();
    assert_eq!(page.bytes, b"<!DOCTYPE html><title>&lt;b&gt;</title>");
    overrides.insert("base.html".into(), "{% if %}".into());
    assert!(Renderer::with_overrides(&overrides).is_err());
}

/// A whole site on the disk: every link leads to a file that is there.
#[test]
fn a_site_is_complete_and_its_links_lead_somewhere() {
    let dir = tempfile::tempdir().unwrap();
    let renderer = Renderer::new().unwrap();
    let mut writer = SiteWriter::open(dir.path()).unwrap();
    let site = SitePage {
        footer_links: Vec::new(),
        columns: vec![link("tzgg", "通知公告")],
        ..site()
    };
    let column = column();
    let all = lines(45);
    assert_eq!(page_count(all.len()), 3);
    let mut pages = renderer.column_pages(&site, &column, &all).unwrap();
    pages.push(renderer.style().unwrap());
    pages.push(renderer.icon().unwrap());
    pages.push(
        renderer
            .home(
                &site,
                &[HomeSection {
                    column: link("tzgg", "通知公告"),
                    articles: all[..5].to_vec(),
                }],
            )
            .unwrap(),
    );
    pages.extend(renderer.archive(&site, &[MONTH]).unwrap());
    pages.extend(renderer.archive_month(&site, MONTH.month, &all).unwrap());
    pages.extend(renderer.search(&site, &[MONTH]).unwrap());
    pages.push(renderer.map(&site, &[]).unwrap());
    pages.extend(renderer.feeds(&site, None, &[]).unwrap());
    pages.extend(renderer.feeds(&site, Some(&column), &[]).unwrap());
    for line in &all {
        let piece = ArticlePage {
            number: line.number.clone(),
            title: line.title.clone(),
            related: Vec::new(),
            also_in: Vec::new(),
            ..article()
        };
        pages.push(renderer.article(&site, &column, "tzgg", &piece).unwrap());
        for file in attachment_files("tzgg", &piece).unwrap() {
            writer
                .stage_from(&file.path, &mut file.content_id.as_bytes())
                .unwrap();
        }
    }
    for page in &pages {
        writer.stage(&page.path, &page.bytes).unwrap();
    }
    let written = writer.commit().unwrap();
    // Archive, year and month; search page, script and index; map; two pairs of feeds.
    assert_eq!(written.files, 45 * 3 + 3 + 3 + 3 + 3 + 1 + 4);
    assert!(verify(dir.path()).unwrap().is_empty());

    let mut followed = HashSet::new();
    for page in &pages {
        if !page.path.as_str().ends_with(".html") {
            continue;
        }
        let from = dir.path().join(page.path.as_str());
        let html = Html::parse_document(std::str::from_utf8(&page.bytes).unwrap());
        for element in html.select(&Selector::parse("[href], [src]").unwrap()) {
            let value = element.value();
            let target = value.attr("href").or(value.attr("src")).unwrap();
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let bytes = percent_decoded(target);
            let file = from.parent().unwrap().join(bytes);
            assert!(file.is_file(), "{} -> {target}", page.path);
            followed.insert(file.canonicalize().unwrap());
        }
    }
    // And every file can be reached; what the search script reads is known to the script alone.
    assert_eq!(followed.len(), written.files - 1);
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        if b == b'%' {
            let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
        } else {
            out.push(b);
        }
    }
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_inert_in_a_page(title in any::<String>(), text in any::<String>()) {
        prop_assume!(!title.trim().is_empty());
        let piece = ArticlePage { title: title.clone(), body: text, ..article() };
        let html = article_html(&piece);
        assert_inert(&html);
        let shown = metas(&html)["ArticleTitle"].clone();
        prop_assert_eq!(shown, qianfa::report::inert::line(&title));
    }

    #[test]
    fn any_markup_is_inert_in_a_manuscript(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "script", "img", " src=", " onerror=", "javascript:", "[a](", ")", "![",
                "](", "`", "\n", "\n\n", "|", "---", "> ", "* ", "&#x3c;", "\"", "'", "//e.example",
                "https://e.example/", "<!--", "-->", "<![CDATA[", "]]>", "style", "/", "\\", "税",
            ]),
            0..40,
        )
    ) {
        assert_inert(&body::to_html(&parts.concat(), &[]));
    }

    #[test]
    fn any_names_become_safe_and_distinct(names in prop::collection::vec(any::<String>(), 0..12)) {
        let safe = safe_names(names.iter().map(String::as_str));
        prop_assert_eq!(safe.len(), names.len());
        let mut seen = HashSet::new();
        for name in &safe {
            let path = SitePath::new(format!("tzgg/2026-000001/{name}"));
            prop_assert!(path.is_ok(), "{:?}", name);
            prop_assert!(!name.contains('/'));
            prop_assert!(seen.insert(name.to_lowercase()));
        }
    }

    #[test]
    fn a_path_never_leaves_the_site(text in "[a-z./\\\\ 税\u{0}-]{0,20}") {
        if let Ok(path) = SitePath::new(text) {
            prop_assert!(path.names().all(|n| !n.is_empty() && !n.starts_with('.')));
            prop_assert!(!path.as_str().contains(['\\', '\0', ' ']));
        }
    }
}

fn entries(count: usize) -> Vec<FeedEntry> {
    lines(count)
        .into_iter()
        .map(|line| FeedEntry {
            line,
            summary: "a < b & \u{1b}[0m ]]>".into(),
            author: String::new(),
            updated_at: "2026-11-25T02:00:00Z".parse().unwrap(),
        })
        .collect()
}

#[test]
fn feeds_say_what_changed_and_ask_no_clock() {
    let [atom, feed] = Renderer::new()
        .unwrap()
        .feeds(&site(), Some(&column()), &entries(2))
        .unwrap();
    assert_eq!(atom.path.as_str(), "tzgg/feed.xml");
    assert_eq!(feed.path.as_str(), "tzgg/feed.json");
    insta::assert_snapshot!(String::from_utf8(atom.bytes).unwrap());
    let feed: serde_json::Value = serde_json::from_slice(&feed.bytes).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(
        feed["items"][0]["date_modified"],
        "2026-11-25T10:00:00+08:00"
    );
    assert_eq!(
        feed["items"][0]["url"],
        "https://mmou.example.gov.cn/tzgg/2026-000002.html"
    );
    assert_eq!(feed["items"][0]["authors"][0]["name"], site().host_unit);
}

#[test]
fn xml_is_well_formed_whatever_it_says() {
    let hostile = SitePage {
        name: "<a>&\u{1}\u{fffe}\"'".into(),
        host_unit: "]]>".into(),
        ..site()
    };
    let renderer = Renderer::new().unwrap();
    let month = MONTH.month;
    let urls: Vec<MapUrl> = ["a/2026-1.html", "税/2026-2.html"]
        .map(|p| MapUrl {
            path: SitePath::new(p).unwrap(),
            changed_at: Some(jiff::Timestamp::UNIX_EPOCH),
        })
        .to_vec();
    let mut pages = renderer
        .feeds(&hostile, None, &entries(1))
        .unwrap()
        .to_vec();
    pages.extend(renderer.sitemap_month(&hostile, month, &urls).unwrap());
    pages.extend(
        renderer
            .sitemap_index(&hostile, &urls, &[(month, 100_000)])
            .unwrap(),
    );
    for page in pages.iter().filter(|p| p.path.as_str().ends_with(".xml")) {
        let mut reader = quick_xml::Reader::from_reader(page.bytes.as_slice());
        reader.config_mut().check_end_names = true;
        loop {
            match reader
                .read_event()
                .unwrap_or_else(|e| panic!("{}: {e}", page.path))
            {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Text(text) => {
                    let text: &str = text.as_ref();
                    assert!(!text.contains(['\u{1}', '\u{1b}', '\u{fffe}']));
                }
                _ => {}
            }
        }
    }
    let index = pages
        .iter()
        .find(|p| p.path.as_str() == "sitemap.xml")
        .unwrap();
    let index = std::str::from_utf8(&index.bytes).unwrap();
    for part in ["pages.xml", "2026-11.xml", "2026-11-2.xml", "2026-11-3.xml"] {
        assert!(index.contains(&format!("/sitemap/{part}<")), "{part}");
    }
    assert!(!index.contains("2026-11-4.xml"), "40,000 addresses a part");
    let robots = renderer.robots(&site()).unwrap();
    assert_eq!(
        String::from_utf8(robots.bytes).unwrap(),
        "User-agent: *\nAllow: /\nSitemap: https://mmou.example.gov.cn/sitemap.xml\n"
    );
}

#[test]
fn the_search_page_is_whole_without_a_script() {
    let renderer = Renderer::new().unwrap();
    let pages = renderer.search(&site(), &[MONTH]).unwrap();
    let html = Html::parse_document(std::str::from_utf8(&pages[0].bytes).unwrap());
    let one = |selector: &str| html.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!(one("form[hidden]"), 1, "the script shows what needs it");
    assert_eq!(one("#no-script:not([hidden])"), 1);
    assert_eq!(one("#by-hand a[href$='archive/2026/11.html']"), 1);
    assert_eq!(one("script"), 1);
    assert_eq!(one("script[src='search.js'][defer]"), 1);
    insta::assert_snapshot!(String::from_utf8(pages[0].bytes.clone()).unwrap());
    let shard = renderer
        .search_shard(
            &site(),
            MONTH.month,
            &[SearchEntry {
                line: lines(1).remove(0),
                column: "通知公告".into(),
                doc_number: "税总发〔2015〕69号".into(),
                keywords: "网站".into(),
                summary: "</script><script>".into(),
            }],
        )
        .unwrap();
    assert_eq!(shard.path.as_str(), "search/2026-11.json");
    assert!(!shard.bytes.contains(&b'<'));
    let shard: serde_json::Value = serde_json::from_slice(&shard.bytes).unwrap();
    assert_eq!(shard[0]["href"], "tzgg/2026-000001.html");
    assert_eq!(shard[0]["summary"], "</script><script>");
}

#[test]
fn a_column_named_like_a_directory_of_ours_keeps_its_name() {
    let places = Places::beside(&["Archive", "search", "search_"]);
    assert_eq!(
        (
            places.archive.as_str(),
            places.search.as_str(),
            places.sitemap.as_str()
        ),
        ("archive_", "search__", "sitemap")
    );
}

#[test]
fn an_image_is_told_to_those_who_do_not_see_it() {
    let html = article_html(&ArticlePage {
        body: "![](流程图.png)\n\n![自述](流程图.png)".into(),
        ..article()
    });
    assert!(html.contains("alt=\"办理流程\""), "{html}");
    assert!(html.contains("alt=\"自述\""));
    assert!(html.contains(
        "<meta property=\"og:image\" content=\"https://mmou.example.gov.cn/tzgg/2026-000123/"
    ));
}

#[test]
fn a_fault_in_a_sites_own_template_names_file_and_line() {
    let overrides = BTreeMap::from([("home.html".to_owned(), "<p>\n{{ site.nmae }}".to_owned())]);
    let renderer = Renderer::replaced("templates/prov", &overrides).unwrap();
    let error = renderer.home(&site(), &[]).unwrap_err();
    let PageError::Override { file, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(file, "templates/prov/home.html:2");
    // A loop without end ends.
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
    let overrides = BTreeMap::from([("home.html".to_owned(), endless.to_owned())]);
    let renderer = Renderer::replaced("t", &overrides).unwrap();
    assert!(matches!(
        renderer.home(&site(), &[]),
        Err(PageError::Override { .. })
    ));
}
