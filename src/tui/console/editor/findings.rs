//! Findings of screening in the text being written.
//!
//! After a pause in typing the text goes to a thread of its own; what comes back is shown as
//! marks, unless the text is another one by then: in that case it is asked again.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::desk;
use crate::desk::comments::CommentView;
use crate::locale;
use crate::rules::act::Anchor;
use crate::screening::{self, Hit, Severity};
use crate::tr;
use crate::tui::component::{Cx, TimerId};
use crate::tui::console::seat::{Seat, Words};
use crate::tui::prose::{Mark, MarkKind};

use super::Editor;

/// How long nothing may be typed before the text is looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// The detectors with the board's lists, and whether a check is due or running.
#[derive(Default)]
pub struct Screening {
    /// None until the item has been opened.
    pub detectors: Option<Arc<desk::screening::Screening>>,
    timer: Option<TimerId>,
    running: bool,
}

impl Editor {
    /// The text changed: after a pause it is looked at.
    pub(super) fn screen_soon(&mut self, cx: &mut Cx<'_, Seat>) {
        if let Some(timer) = self.screening.timer.take() {
            cx.cancel_timer(timer);
        }
        self.screening.timer = Some(cx.after(PAUSE, |me: &mut Self, cx| {
            me.screening.timer = None;
            me.screen(cx);
        }));
    }

    fn screen(&mut self, cx: &mut Cx<'_, Seat>) {
        let (Some(detectors), Some(body), false) = (
            self.screening.detectors.clone(),
            &self.body,
            self.screening.running,
        ) else {
            return;
        };
        self.screening.running = true;
        let (text, state) = (body.snapshot(), body.current_state());
        cx.quietly(
            move |_| marks(&text, &detectors.text(&text)),
            move |me: &mut Self, marks, cx| {
                me.screening.running = false;
                match &mut me.body {
                    Some(body) if body.is_at(state) => {
                        body.exchange_marks(|m| m.kind != MarkKind::Comment, marks);
                    }
                    Some(_) if me.screening.timer.is_none() => me.screen_soon(cx),
                    _ => {}
                }
            },
        );
    }
}

/// Open comments on passages as marks, where their words still stand in the working version.
pub(super) fn comments(text: &str, list: &[CommentView], words: &Words) -> Vec<Mark> {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    list.iter()
        .filter(|c| c.settled_by.is_none())
        .filter(|c| c.anchor.as_ref().is_some_and(|a| a.place == Anchor::TEXT))
        .filter_map(|c| {
            let here = c.here.clone()?;
            let (paragraph, range) = in_paragraph(text, &(byte(here.start)..byte(here.end)));
            let said = c.text.as_deref().unwrap_or_default().replace('\n', " ");
            Some(Mark {
                paragraph,
                range,
                kind: MarkKind::Comment,
                id: c.seq.to_string(),
                message: format!("{}{}{said}", words.person(&c.person), tr!("tui-colon")),
            })
        })
        .collect()
}

/// A stretch of the text as one of a paragraph: of the one in which it begins.
fn in_paragraph(text: &str, range: &Range<usize>) -> (usize, Range<usize>) {
    let paragraph = text[..range.start].matches('\n').count();
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    (paragraph, range.start - start..range.end.min(end) - start)
}

/// Hits as marks: bytes of the text become bytes of a paragraph. A hit over several paragraphs is
/// marked where it begins.
fn marks(text: &str, hits: &[Hit]) -> Vec<Mark> {
    hits.iter()
        .filter(|hit| text.get(hit.range.clone()).is_some())
        .map(|hit| {
            let (paragraph, range) = in_paragraph(text, &hit.range);
            Mark {
                paragraph,
                range,
                kind: match hit.severity {
                    Severity::Serious => MarkKind::Serious,
                    Severity::General => MarkKind::General,
                    Severity::Suspect => MarkKind::Suspect,
                    Severity::Hint => MarkKind::Hint,
                },
                id: hit.class.code().to_owned(),
                message: message(hit),
            }
        })
        .collect()
}

/// What a hit says: its class, why it is one, and what could stand there.
fn message(hit: &Hit) -> String {
    let class = locale::word("screening-class", hit.class.code());
    let mut text = format!("{class}  {}", screening::why(hit));
    if let Some(suggestion) = &hit.suggestion {
        text.push_str("  -> ");
        text.push_str(suggestion);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::Class;

    #[test]
    fn hits_become_marks_of_paragraphs() {
        let text = "首段\n税务总句，\n末段";
        let hit = |range: Range<usize>| Hit {
            range,
            class: Class::Typo,
            severity: Severity::General,
            suggestion: Some("总局".to_owned()),
            why: "mobile-number",
            detail: String::new(),
        };
        let at = |from: &str, len: usize| {
            let start = text.find(from).unwrap_or(0);
            start..start + len
        };
        let list = marks(
            text,
            &[
                hit(at("总句", 6)),
                hit(at("，", 7)),
                hit(at("末", 3)),
                hit(1..2),
            ],
        );
        let places: Vec<_> = list
            .iter()
            .map(|m| (m.paragraph, m.range.clone()))
            .collect();
        assert_eq!(places, [(1, 6..12), (1, 12..15), (2, 0..3)]);
        assert!(list[0].message.ends_with("-> 总局"));
    }
}
