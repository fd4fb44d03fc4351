//! Names of the headings of a text, by which a link within the page finds them.
//!
//! One function for those who write pages and those who check links: what one calls a heading the
//! other must find.

use std::collections::HashMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The names of the headings of a Markdown text in their order, all different: the words in lower
/// case, blanks as hyphens, signs left out; a second heading of the same words gets `-1`.
pub fn anchors(markdown: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut names: Vec<String> = Vec::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(said) = &mut heading {
                    said.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(said) = &mut heading {
                    said.push(' ');
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let mut name = slug.clone();
                // A heading may be called as a second one of other words would be.
                while let Some(n) = times.get_mut(&name) {
                    *n += 1;
                    name = format!("{slug}-{n}");
                }
                times.insert(name.clone(), 0);
                names.push(name);
            }
            _ => {}
        }
    }
    names
}

/// The name of a heading of these words.
pub fn slug(text: &str) -> String {
    let slug: String = text
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect();
    if slug.is_empty() {
        "section".to_owned()
    } else {
        slug
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_the_words_and_all_different() {
        let text = "# 第一章 总则\n\n一、`范围`\n--\n\n## 附则\n\n## 附则\n\n## 附则-1\n\n## ……\n";
        assert_eq!(
            anchors(text),
            [
                "第一章-总则",
                "一范围",
                "附则",
                "附则-1",
                "附则-1-1",
                "section"
            ]
        );
    }
}
