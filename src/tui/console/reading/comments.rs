//! Comments in threads: as a list, and beside the text they are about.

use std::ops::Range;

use super::history::lasting;
use crate::desk::comments::CommentView;
use crate::rules::act::Anchor;
use crate::tr;
use crate::tui::console::kit::when;
use crate::tui::console::seat::Words;
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::text_view::bytes_of;
use crate::tui::widgets::{Paragraph, Remark};

/// Most characters of a quoted passage in a list.
const QUOTE: usize = 40;

/// A comment and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// The comment that began it.
    pub root: CommentView,
    /// The answers, oldest first.
    pub answers: Vec<CommentView>,
}

impl Thread {
    /// Whether it is dealt with.
    pub fn settled(&self) -> bool {
        self.root.settled_by.is_some()
    }

    /// Where its passage stands in the manuscript now, in bytes.
    pub fn place(&self, text: &str) -> Option<Range<usize>> {
        let anchor = self.root.anchor.as_ref()?;
        if anchor.place != Anchor::TEXT {
            return None;
        }
        bytes_of(text, self.root.here.as_ref()?)
    }
}

/// Comments, oldest first, as threads: those about the text in its order, then the rest.
pub fn threads(comments: Vec<CommentView>, text: &str) -> Vec<Thread> {
    let mut threads: Vec<Thread> = Vec::new();
    for comment in comments {
        let root = comment
            .answers
            .and_then(|seq| threads.iter_mut().find(|t| t.root.seq == seq));
        match root {
            Some(thread) => thread.answers.push(comment),
            None => threads.push(Thread {
                root: comment,
                answers: Vec::new(),
            }),
        }
    }
    threads.sort_by_key(|t| {
        let place = t.place(text).map_or(usize::MAX, |r| r.start);
        (place, t.root.seq)
    });
    threads
}

/// Open threads as remarks on the text, for the redline.
pub fn remarks(threads: &[Thread], text: &str, words: &Words) -> Vec<Remark> {
    let open = threads.iter().enumerate().filter(|(_, t)| !t.settled());
    open.filter_map(|(number, thread)| {
        let mut said = tr!(
            "tui-remark",
            who = words.person(&thread.root.person),
            text = said(&thread.root)
        );
        if !thread.answers.is_empty() {
            let count = thread.answers.len();
            said.push_str(&tr!("tui-remark-answers", count = count));
        }
        Some(Remark {
            bytes: thread.place(text)?,
            number,
            said,
        })
    })
    .collect()
}

/// How many threads are open.
pub fn open(threads: &[Thread]) -> usize {
    threads.iter().filter(|t| !t.settled()).count()
}

/// The words of a comment, or that they were destroyed.
pub fn said(comment: &CommentView) -> String {
    comment
        .text
        .clone()
        .unwrap_or_else(|| tr!("tui-comment-destroyed"))
}

/// A passage as it is quoted in a list.
pub fn quoted(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c == '\n' { ' ' } else { c })
        .take(QUOTE)
        .collect();
    let more = if text.chars().count() > QUOTE {
        ".."
    } else {
        ""
    };
    tr!("tui-comment-quote", text = format!("{line}{more}"))
}

/// The list, and with each thread the paragraph it begins at. Settled threads take one line
/// unless `all` is wanted.
pub fn list(
    threads: &[Thread],
    selected: usize,
    all: bool,
    words: &Words,
    styles: &Styles,
    now: i64,
) -> (Vec<Paragraph>, Vec<usize>) {
    let mut out = Vec::new();
    let mut starts = Vec::new();
    if threads.is_empty() {
        out.push(Paragraph::new(tr!("tui-comments-none"), styles.muted));
    }
    for (n, thread) in threads.iter().enumerate() {
        starts.push(out.len());
        let root = &thread.root;
        let mark = if n == selected { ">" } else { " " };
        let name = if n == selected {
            styles.selected_unfocused
        } else {
            styles.strong
        };
        let mut head = vec![
            Piece::new(format!("{mark}{}. ", n + 1), styles.key),
            Piece::new(words.person(&root.person).to_owned(), name),
            Piece::new(
                format!(
                    "  {}  {}",
                    when(root.at, now),
                    tr!("tui-ago", time = lasting(now - root.at))
                ),
                styles.muted,
            ),
        ];
        if let Some(person) = &root.settled_by {
            let name = words.person(person);
            head.push(Piece::new(
                format!("  ✓ {}", tr!("tui-comment-settled", name = name)),
                styles.success,
            ));
        }
        out.push(Paragraph {
            pieces: head,
            indent: 0,
        });
        if thread.settled() && !all {
            continue;
        }
        let below = |text: String, style, indent| Paragraph {
            pieces: vec![Piece::new(text, style)],
            indent,
        };
        if let Some(quote) = &root.quote {
            out.push(below(quoted(quote), styles.muted, 4));
        }
        if root.anchor.is_some() && root.here.is_none() {
            out.push(below(tr!("tui-comment-moved"), styles.warning, 4));
        }
        for line in said(root).split('\n') {
            out.push(below(line.to_owned(), styles.text, 4));
        }
        for answer in &thread.answers {
            out.push(Paragraph {
                pieces: vec![
                    Piece::new(words.person(&answer.person).to_owned(), styles.strong),
                    Piece::new(format!("  {}  ", when(answer.at, now)), styles.muted),
                    Piece::new(said(answer), styles.text),
                ],
                indent: 6,
            });
        }
    }
    (out, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(seq: u64, answers: Option<u64>, here: Option<Range<usize>>) -> CommentView {
        CommentView {
            seq,
            person: "p".into(),
            at: 0,
            text: Some(format!("第{seq}条")),
            answers,
            anchor: here.clone().map(|r| Anchor {
                revision: 1,
                place: Anchor::TEXT.to_owned(),
                from: r.start as u32,
                to: r.end as u32,
            }),
            quote: here.as_ref().map(|_| "引文".into()),
            here,
            settled_by: (seq == 3).then(|| "q".into()),
        }
    }

    #[test]
    fn threads_stand_in_the_order_of_the_text() {
        let list = vec![
            comment(1, None, None),
            comment(2, None, Some(4..6)),
            comment(3, None, Some(0..2)),
            comment(4, Some(2), None),
        ];
        let threads = threads(list, "甲乙丙丁戊己");
        let order: Vec<u64> = threads.iter().map(|t| t.root.seq).collect();
        assert_eq!(order, [3, 2, 1]);
        assert_eq!(threads[1].answers[0].seq, 4);
        assert_eq!(open(&threads), 2);
        assert_eq!(threads[1].place("甲乙丙丁戊己"), Some(12..18));
        // A settled one is a line, unless all are wanted.
        let words = Words::default();
        let styles = Styles::plain();
        let (short, starts) = super::list(&threads, 0, false, &words, &styles, 0);
        let (long, _) = super::list(&threads, 0, true, &words, &styles, 0);
        assert_eq!(starts[..2], [0, 1]);
        assert!(short.len() < long.len());
    }
}
