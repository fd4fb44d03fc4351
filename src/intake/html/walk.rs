//! Visiting a tree without recursion: depth comes from outside and must not reach the stack.

use scraper::{ElementRef, Node};

use super::super::clean::Inline;

/// Sees a tree in document order.
pub(super) trait Visitor {
    /// An element begins; `false` leaves it out with all it contains, and without [`Self::close`].
    fn open(&mut self, element: ElementRef<'_>) -> bool;
    /// Text between tags.
    fn text(&mut self, text: &str);
    /// An element ends.
    fn close(&mut self, element: ElementRef<'_>);
}

enum Step<N> {
    Enter(N),
    Leave(N),
}

/// Shows everything inside `root`, not `root` itself.
pub(super) fn walk(root: ElementRef<'_>, visitor: &mut impl Visitor) {
    let mut steps: Vec<Step<_>> = root.children().rev().map(Step::Enter).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => match node.value() {
                Node::Text(text) => visitor.text(text),
                Node::Element(_) => {
                    let Some(element) = ElementRef::wrap(node) else {
                        continue;
                    };
                    if visitor.open(element) {
                        steps.push(Step::Leave(node));
                        steps.extend(node.children().rev().map(Step::Enter));
                    }
                }
                _ => {}
            },
            Step::Leave(node) => {
                if let Some(element) = ElementRef::wrap(node) {
                    visitor.close(element);
                }
            }
        }
    }
}

/// Whether an element never holds text meant for readers.
pub(super) fn is_noise(element: ElementRef<'_>) -> bool {
    const TAGS: [&str; 21] = [
        "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg",
        "math", "canvas", "audio", "video", "button", "select", "textarea", "input", "nav",
        "aside", "title", "head",
    ];
    const CLASSES: [&str; 14] = [
        "share",
        "sharebox",
        "share-box",
        "bdsharebuttonbox",
        "bshare-custom",
        "social-share",
        "toolbar",
        "print",
        "fontsize",
        "font-size",
        "breadcrumb",
        "crumbs",
        "pagination",
        "noprint",
    ];
    let value = element.value();
    let hidden = value.attr("hidden").is_some()
        || value.attr("style").is_some_and(|style| {
            let style = super::super::clean::squeezed(style).to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        });
    hidden
        || TAGS.contains(&value.name())
        || value
            .classes()
            .chain(value.id())
            .any(|name| CLASSES.contains(&name.to_ascii_lowercase().as_str()))
}

/// Whether an element begins a new line of text.
pub(super) fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 41] = [
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "center",
        "fieldset",
        "header",
        "footer",
        "hr",
        "address",
        "details",
        "summary",
        "form",
        "legend",
        "br",
        "dir",
    ];
    BLOCKS.contains(&name)
}

/// The text an element shows, as one line.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    struct Line(Inline);
    impl Visitor for Line {
        fn open(&mut self, element: ElementRef<'_>) -> bool {
            if is_noise(element) {
                return false;
            }
            if is_block(element.value().name()) {
                self.0.push(" ");
            }
            true
        }
        fn text(&mut self, text: &str) {
            self.0.push(text);
        }
        fn close(&mut self, element: ElementRef<'_>) {
            if is_block(element.value().name()) {
                self.0.push(" ");
            }
        }
    }
    let mut line = Line(Inline::default());
    walk(element, &mut line);
    line.0.take()
}

/// How much an element says, in characters that are no blanks.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Weight {
    /// Outside links.
    pub(super) words: usize,
    /// Inside links.
    pub(super) linked: usize,
}

/// Weighs the text of an element; heads and feet of a page do not count.
pub(super) fn weight(element: ElementRef<'_>) -> Weight {
    #[derive(Default)]
    struct Scale {
        weight: Weight,
        links: usize,
    }
    impl Visitor for Scale {
        fn open(&mut self, element: ElementRef<'_>) -> bool {
            let name = element.value().name();
            if is_noise(element) || matches!(name, "header" | "footer") {
                return false;
            }
            self.links += usize::from(name == "a");
            true
        }
        fn text(&mut self, text: &str) {
            let chars = text.chars().filter(|c| !c.is_whitespace()).count();
            if self.links > 0 {
                self.weight.linked += chars;
            } else {
                self.weight.words += chars;
            }
        }
        fn close(&mut self, element: ElementRef<'_>) {
            self.links -= usize::from(element.value().name() == "a");
        }
    }
    let mut scale = Scale::default();
    walk(element, &mut scale);
    scale.weight
}
