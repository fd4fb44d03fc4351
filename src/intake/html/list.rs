//! Pages that list texts: title, address and day of each.
//!
//! Sites differ in nearly everything about their lists; what they share is a small element that
//! holds one link and one date. That is looked for, instead of one shape for every site.

use jiff::civil::Date;
use scraper::{ElementRef, Html};

use super::super::IntakeError;
use super::super::clean::collapse;
use super::super::dates::{self, Found};
use super::super::list::{ListRow, Stated};
use super::{DEEPEST, address, depth, select, walk};

/// A shorter link is a page number or a button.
const SHORTEST_TITLE: usize = 5;

/// More links are no list for people.
const MOST_LINKS: usize = 5_000;

/// Longer text beside a link is no date column.
const LONGEST_ROW: usize = 400;

/// The rows of a list page. None where nothing on the page is a row.
pub(in crate::intake) fn rows(text: &str) -> Result<Vec<ListRow>, IntakeError> {
    if depth(text) > DEEPEST {
        return Err(IntakeError::TooDeep);
    }
    let page = Html::parse_document(text);
    let base = select(&page, "base[href]")
        .first()
        .and_then(|b| b.attr("href"))
        .and_then(address);
    let mut rows: Vec<ListRow> = Vec::new();
    for link in select(&page, "a[href]").into_iter().take(MOST_LINKS) {
        let Some(url) = link.attr("href").and_then(address) else {
            continue;
        };
        let words = walk::text_of(link);
        // Where icons stand within the link, the attribute alone is the title.
        let title = link
            .attr("title")
            .map(collapse)
            .filter(|title| !title.is_empty())
            .unwrap_or(words.clone());
        if title.chars().count() < SHORTEST_TITLE {
            continue;
        }
        let Some(beside) = beside(link, &words) else {
            continue;
        };
        let printed = day(&beside);
        if printed.is_none() && in_url(&url).is_none() {
            continue;
        }
        push(&mut rows, &title, &url, base.as_deref(), printed);
    }
    if rows.is_empty() {
        for (url, title) in arrays(text) {
            if title.chars().count() >= SHORTEST_TITLE
                && let Some(url) = address(&url)
            {
                push(
                    &mut rows,
                    &collapse(&super::plain(&title)),
                    &url,
                    base.as_deref(),
                    None,
                );
            }
        }
    }
    if rows.is_empty() {
        return Err(IntakeError::NoBody);
    }
    Ok(rows)
}

fn push(
    rows: &mut Vec<ListRow>,
    title: &str,
    url: &str,
    base: Option<&str>,
    printed: Option<(Found, String)>,
) {
    let in_url = in_url(url);
    let day = match printed {
        // The year stands in the address alone; it counts where month and day agree.
        Some((Found::NoYear, text)) => match in_url.filter(|d| same_day(*d, &text)) {
            Some(day) => Stated::Day(day),
            None => Stated::NoYear(text),
        },
        Some((Found::Day(day), _)) => Stated::Day(day),
        Some((Found::Impossible, text)) => Stated::NotADate(text),
        None => in_url.map_or(Stated::Nothing, Stated::Day),
    };
    let row = ListRow::linked(title, absolute(url, base), day);
    if !rows.iter().any(|known| known.url == row.url) {
        rows.push(row);
    }
}

/// The text around a link within the smallest element that holds one link alone and a date, or
/// none.
fn beside(link: ElementRef<'_>, words: &str) -> Option<String> {
    for above in link.ancestors().filter_map(ElementRef::wrap).take(4) {
        let name = above.value().name();
        if matches!(name, "body" | "html" | "ul" | "ol" | "table" | "tbody") {
            return None;
        }
        let links = super::Selector::parse("a[href]").ok()?;
        let others = above
            .select(&links)
            .filter(|other| walk::text_of(*other).chars().count() >= SHORTEST_TITLE)
            .take(2)
            .count();
        if others > 1 {
            return None;
        }
        let text = walk::text_of(above);
        if text.chars().count() > LONGEST_ROW {
            return None;
        }
        let rest = text.replacen(words, " ", 1);
        if day(&rest).is_some() || matches!(name, "li" | "dl" | "tr") {
            return Some(rest);
        }
    }
    None
}

/// The date among the words of a row.
fn day(text: &str) -> Option<(Found, String)> {
    if let Some((place, found)) = dates::first_in(text) {
        return Some((found, text[place].to_owned()));
    }
    text.split_whitespace()
        .find_map(|word| Some((dates::whole(word)?, word.to_owned())))
}

/// The day in an address: `/art/2026/9/28/`, `/202609/t20260928_12.html`.
fn in_url(url: &str) -> Option<Date> {
    let parts: Vec<&str> = url.split('/').collect();
    for three in parts.windows(3) {
        if let [Ok(y), Ok(m), Ok(d)] = [three[0], three[1], three[2]].map(str::parse::<i16>)
            && (1990..2200).contains(&y)
            && let (Ok(m), Ok(d)) = (i8::try_from(m), i8::try_from(d))
            && let Ok(day) = Date::new(y, m, d)
        {
            return Some(day);
        }
    }
    let file = parts.last()?.strip_prefix('t')?;
    let digits = file
        .get(..8)
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    Date::new(
        digits[..4].parse().ok()?,
        digits[4..6].parse().ok()?,
        digits[6..8].parse().ok()?,
    )
    .ok()
}

fn same_day(day: Date, text: &str) -> bool {
    let digits: Vec<i8> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    digits == [day.month(), day.day()]
}

/// An address made whole by the page's base, where it states one.
fn absolute(url: &str, base: Option<&str>) -> String {
    if url.starts_with("//") {
        return format!("https:{url}");
    }
    let Some(base) = base.filter(|_| !url.contains("://")) else {
        return url.to_owned();
    };
    let Some(host_at) = base.find("://").map(|at| at + 3) else {
        return url.to_owned();
    };
    let host_end = base[host_at..]
        .find('/')
        .map_or(base.len(), |at| host_at + at);
    if url.starts_with('/') {
        return format!("{}{url}", &base[..host_end]);
    }
    let folder = base
        .rfind('/')
        .filter(|at| *at >= host_end)
        .unwrap_or(base.len());
    format!("{}/{}", &base[..folder], url.trim_start_matches("./"))
}

/// Lists built by script: `urls[0]='…';headers[0]='…';`.
fn arrays(text: &str) -> Vec<(String, String)> {
    let read = |name: &str| {
        let mut found: Vec<(u32, String)> = Vec::new();
        for (at, _) in text.match_indices(&format!("{name}[")).take(5_000) {
            let rest = &text[at + name.len() + 1..];
            let Some((index, rest)) = rest.split_once(']') else {
                continue;
            };
            let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
                continue;
            };
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
                continue;
            };
            if let (Ok(index), Some(value)) = (index.trim().parse(), value[1..].split(quote).next())
            {
                found.push((index, value.to_owned()));
            }
        }
        found
    };
    let titles = read("headers");
    read("urls")
        .into_iter()
        .filter_map(|(index, url)| {
            let title = titles.iter().find(|(at, _)| *at == index)?.1.clone();
            Some((url, title))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn shape(html: &str) -> Vec<(String, String, Option<Date>)> {
        rows(html)
            .unwrap()
            .into_iter()
            .map(|row| (row.title, row.url, row.published_on_page))
            .collect()
    }

    #[test]
    fn the_shapes_of_eight_sites() {
        let day = Some(date(2026, 9, 28));
        let title = || "关于某事的公告".to_owned();
        for (html, url, day) in [
            (
                "<ul class=list><li><a href='/c/1.html'>关于某事的公告</a><span>[2026-09-28]</span></li></ul>",
                "/c/1.html",
                day,
            ),
            (
                "<li><p><a title='关于某事的公告' href='./1.html'>关于…</a></p><span>09-28</span></li>",
                "./1.html",
                None,
            ),
            (
                "<li><span>09-28</span><a href=/art/2026/9/28/art_1.html>关于某事的公告</a></li>",
                "/art/2026/9/28/art_1.html",
                day,
            ),
            (
                "<li><span>09-27</span><a href=/art/2026/9/28/art_1.html>关于某事的公告</a></li>",
                "/art/2026/9/28/art_1.html",
                None,
            ),
            (
                "<dl><dd><a href='//a.cn/1'>关于某事的公告</a></dd><dd>2026-09-28</dd></dl>",
                "https://a.cn/1",
                day,
            ),
            (
                "<div><a href='/1' title='关于某事的公告'><font>关于某事的公告</font><em class=wjjdIcon>解读一二三</em></a>2026-09-28</div>",
                "/1",
                day,
            ),
            (
                "<base href='https://b.cn/x/y.html'><li><a href='z.html'>关于某事的公告</a> 2026年9月28日</li>",
                "https://b.cn/x/z.html",
                day,
            ),
            (
                "<script>urls[0]='./202609/t20260928_1.html';headers[0]='关于某事的公告';</script>",
                "./202609/t20260928_1.html",
                day,
            ),
        ] {
            assert_eq!(shape(html), [(title(), url.to_owned(), day)], "{html}");
        }
    }

    #[test]
    fn navigation_is_no_list() {
        for html in [
            "<ul><li><a href=/a>首页</a></li><li><a href=/b>信息公开目录</a></li></ul>",
            "<p>2026-09-28 <a href=/a>上一篇文章题目</a> <a href=/b>下一篇文章题目</a></p>",
            "<a href='javascript:x'>关于某事的公告</a> 2026-09-28",
        ] {
            assert_eq!(rows(html).unwrap_err(), IntakeError::NoBody, "{html}");
        }
    }
}
