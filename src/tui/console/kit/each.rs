//! Acts over several things: each by itself under its own rule, each outcome told, to be stopped on
//! the way.

use crate::desk::{self, Desk};
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Component, Cx};
use crate::tui::console::kit::Report;
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::Paragraph;

/// What came of one.
#[derive(Debug, Clone)]
pub struct Outcome<K> {
    /// Which.
    pub key: K,
    /// Its name for people.
    pub name: String,
    /// Why not; none where it is done.
    pub said: Option<Said>,
}

/// How many of how many, in words.
pub type Counted = fn(usize, usize) -> String;

/// Of items.
pub fn of_items(done: usize, total: usize) -> String {
    tr!("tui-batch-done", done = done, total = total)
}

/// Of anything else.
pub fn of_things(done: usize, total: usize) -> String {
    tr!("tui-each-done", done = done, total = total)
}

/// Does `deed` to each of `keys` in their order; it also tells the name. The outcomes are shown,
/// what failed first: that is what has to be dealt with. Then `then` gets them.
pub fn each<C: Component<Seat>, K: Send + 'static>(
    what: Action,
    counted: Counted,
    keys: Vec<K>,
    cx: &mut Cx<'_, Seat>,
    mut deed: impl FnMut(&mut Desk, &K) -> (String, desk::Result<()>) + Send + 'static,
    then: impl FnOnce(&mut C, &[Outcome<K>], &mut Cx<'_, Seat>) + 'static,
) {
    cx.ask_long(
        what.describe(),
        move |seat: &mut Seat, progress| {
            let total = keys.len();
            let mut outcomes = Vec::new();
            for (n, key) in keys.into_iter().enumerate() {
                if progress.cancelled() {
                    break;
                }
                progress.report(n as u64 + 1, total as u64);
                let (name, done) = match seat.desk() {
                    Ok(desk) => deed(desk, &key),
                    Err(error) => (String::new(), Err(error)),
                };
                outcomes.push(Outcome {
                    key,
                    name,
                    said: done.err().map(|e| Said::of(&e)),
                });
            }
            (outcomes, total)
        },
        move |me: &mut C, (outcomes, total): (Vec<Outcome<K>>, usize), cx| {
            tell(what, counted, &outcomes, total, cx);
            then(me, &outcomes, cx);
        },
    );
}

fn tell<K>(
    what: Action,
    counted: Counted,
    outcomes: &[Outcome<K>],
    total: usize,
    cx: &mut Cx<'_, Seat>,
) {
    let done = outcomes.iter().filter(|o| o.said.is_none()).count();
    let mut head = counted(done, total);
    if outcomes.len() < total {
        let rest: usize = total - outcomes.len();
        head.push_str(&tr!("tui-batch-stopped", rest = rest));
    }
    let failed = outcomes.iter().filter(|o| o.said.is_some());
    let list: Vec<(String, bool)> = failed
        .chain(outcomes.iter().filter(|o| o.said.is_none()))
        .map(|o| match &o.said {
            None => (format!("+ {}  {}", o.name, tr!("tui-batch-ok")), true),
            Some(said) => (
                format!("! {}  {} ({})", o.name, said.text, said.code),
                false,
            ),
        })
        .collect();
    let lines: Vec<&str> = std::iter::once(head.as_str())
        .chain(list.iter().map(|l| l.0.as_str()))
        .collect();
    let copy = lines.join("\n");
    cx.push(Report::new(what.describe(), copy, move |styles| {
        let mut out = vec![Paragraph::new(head.clone(), styles.strong)];
        for (text, good) in &list {
            let style = if *good { styles.text } else { styles.error };
            out.push(Paragraph::new(text.clone(), style));
        }
        out
    }));
}
