//! Items as text to read: overview, fields, body, history, record, differences, preview.

use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event as Md, Options, Parser, Tag, TagEnd};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use syntect::highlighting::ThemeSet;
use syntect::parsing::SyntaxSet;

use crate::desk::view::{HistoryLine, ItemView, RevisionDiff};
use crate::desk::{Content, Fields};
use crate::diff::{AttachmentChange, Block, Difference, FieldEdit, SpanKind};
use crate::locale;
use crate::rules::act::ViewMode;
use crate::store::local::Liveness;
use crate::tr;
use crate::tui::action::{Action, Context, Flag};
use crate::tui::component::{Command, Component, Cx, Env, Event, Outcome};
use crate::tui::console::kit::{self, labelled, when};
use crate::tui::console::seat::{Seat, Words};
use crate::tui::draw::Piece;
use crate::tui::theme::Styles;
use crate::tui::widgets::{Change, DiffSpan, Paragraph, TextView};

/// A paragraph of several pieces.
fn line(pieces: Vec<Piece>) -> Paragraph {
    Paragraph { pieces, indent: 0 }
}

/// What is special about an item now: marks and who is writing.
pub fn notices(view: &ItemView, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut warn = |text: String| out.push(Paragraph::new(format!("! {text}"), styles.warning));
    if view.closed {
        warn(tr!("tui-item-closed"));
    }
    if view.held {
        warn(tr!("tui-item-held"));
    }
    if view.line.escalated {
        warn(tr!("tui-item-escalated"));
    }
    if view.purged {
        warn(tr!("error-purged"));
    }
    if let Some(claim) = &view.claim {
        let name = words.person(&claim.person);
        let how = match claim.liveness {
            Liveness::Active => tr!("tui-claim-active"),
            Liveness::Idle => tr!("tui-claim-idle"),
            Liveness::Dead => tr!("tui-claim-dead"),
        };
        if claim.here {
            warn(tr!("tui-claim-here"));
        } else if claim.mine {
            warn(tr!("tui-claim-mine", how = how));
        } else {
            warn(tr!("tui-claim-other", name = name, how = how));
        }
    }
    if !view.content.shape.lacks.is_empty() && view.line.state.editable() {
        let list: Vec<String> = view
            .content
            .shape
            .lacks
            .iter()
            .map(|code| locale::word("field", code))
            .collect();
        warn(tr!("tui-item-lacks", fields = list.join(" ")));
    }
    out
}

/// The steps of the route and who has passed them.
pub fn steps(view: &ItemView, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    view.steps
        .iter()
        .map(|step| {
            let name = locale::word("step", &step.name);
            let role = locale::word("role", step.role.code());
            let who: Vec<&str> = step.passed_by.iter().map(|p| words.person(p)).collect();
            let passed = who.len() >= usize::from(step.needed);
            let (mark, style) = match (passed, step.waiting) {
                (true, _) => ("✓", styles.success),
                (false, true) => (">", styles.warning),
                (false, false) => (" ", styles.muted),
            };
            let state = if passed {
                who.join(" ")
            } else if step.waiting && step.needed > 1 {
                tr!(
                    "tui-step-waiting-of",
                    passed = who.len(),
                    needed = step.needed
                )
            } else if step.waiting {
                tr!("tui-step-waiting")
            } else {
                String::new()
            };
            line(vec![
                Piece::new(format!("{mark} {name}"), style),
                Piece::new(format!(" ({role})  "), styles.muted),
                Piece::new(state, styles.text),
            ])
        })
        .collect()
}

/// Everything about an item but its text.
pub fn overview(view: &ItemView, words: &Words, styles: &Styles, now: i64) -> Vec<Paragraph> {
    let mut out = notices(view, words, styles);
    let add = |out: &mut Vec<Paragraph>, label: String, value: String| {
        if !value.is_empty() {
            out.push(labelled(&label, value, styles));
        }
    };
    let state = locale::word("state", view.line.state.code());
    let stage = words.stage(&view.line);
    add(
        &mut out,
        tr!("tui-column-stage"),
        if stage == state {
            state
        } else {
            format!("{state}  {stage}")
        },
    );
    add(&mut out, tr!("tui-label-revision"), {
        let r = view.line.revision.to_string();
        match view.live_revision {
            Some(live) => tr!("tui-revision-live", now = r, live = live.to_string()),
            None => r,
        }
    });
    if let Some(at) = view.line.live_at {
        add(&mut out, tr!("tui-label-live-at"), when(at, now));
    }
    if let Some(at) = view.line.due {
        add(&mut out, tr!("tui-label-publish-at"), locale::instant(at));
    }
    if let Some(at) = view.line.expire {
        add(&mut out, tr!("tui-label-expire-at"), locale::instant(at));
    }
    let people: Vec<&str> = view.contributors.iter().map(|p| words.person(p)).collect();
    add(&mut out, tr!("tui-label-contributors"), people.join(" "));
    if let Some(person) = &view.submitter {
        add(
            &mut out,
            tr!("tui-label-submitter"),
            words.person(person).to_owned(),
        );
    }
    if let Some(bundle) = &view.bundle {
        add(&mut out, tr!("tui-label-bundle"), bundle.clone());
    }
    // What has gone live has no run any more; its record is in the history.
    if !view.line.state.is_live() {
        out.push(Paragraph::new("", styles.text));
        out.push(Paragraph::new(tr!("tui-label-route"), styles.head));
        out.extend(steps(view, words, styles));
    }
    out.push(Paragraph::new("", styles.text));
    out.push(Paragraph::new(tr!("tui-label-fields"), styles.head));
    out.extend(fields(&view.content, words, styles));
    out
}

/// The fields of a content that have a value.
pub fn fields(content: &Content, words: &Words, styles: &Styles) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let shape = &content.shape;
    let mut add = |label: String, value: String| {
        if !value.is_empty() {
            out.push(labelled(&label, value, styles));
        }
    };
    let columns: Vec<String> = shape.columns.iter().map(|c| words.place(c)).collect();
    add(locale::word("field", "columns"), columns.join(", "));
    for code in Fields::CODES {
        let value = content.fields.get(code).unwrap_or_default().to_owned();
        add(locale::word("field", code), value);
    }
    if let Some(d) = shape.disclosure {
        add(
            locale::word("field", "disclosure"),
            locale::word("disclosure", d.code()),
        );
    }
    add(
        locale::word("field", "urgency"),
        locale::word("urgency", shape.urgency.code()),
    );
    add(
        locale::word("field", "origin"),
        locale::word("origin", shape.origin.code()),
    );
    if let Some(p) = &shape.provider {
        add(
            locale::word("field", "provider"),
            words.bureau(p).to_owned(),
        );
    }
    if let Some(at) = shape.go_live {
        add(tr!("tui-label-wanted"), locale::instant(at));
    }
    out
}

/// The body as it is written.
pub fn body(text: &str, styles: &Styles) -> Vec<Paragraph> {
    if text.is_empty() {
        return vec![Paragraph::new(tr!("tui-body-empty"), styles.muted)];
    }
    text.split('\n')
        .map(|p| Paragraph::new(p, styles.text))
        .collect()
}

/// Attachments of a content.
pub fn attachments(content: &Content, styles: &Styles) -> Vec<Paragraph> {
    if content.attachments.is_empty() {
        return vec![Paragraph::new(tr!("tui-attachments-none"), styles.muted)];
    }
    content
        .attachments
        .iter()
        .enumerate()
        .map(|(n, file)| {
            line(vec![
                Piece::new(format!("{}. ", n + 1), styles.muted),
                Piece::new(file.name.clone(), styles.text),
                Piece::new(format!("  {}", file.alt), styles.muted),
            ])
        })
        .collect()
}

/// The word for a kind of entry: that of its act, or the kind itself.
pub fn kind(kind: &str) -> String {
    locale::word("kind", kind)
}

/// What a history line says besides who and what.
pub fn detail(entry: &HistoryLine, words: &Words, column: Option<&str>) -> String {
    let parts: Vec<String> = entry
        .detail
        .iter()
        .map(|(what, value)| match *what {
            "step" => {
                let step = value
                    .parse()
                    .ok()
                    .and_then(|n| words.step(column?, n))
                    .map(|s| locale::word("step", s));
                // People count from one.
                let number = value
                    .parse::<u32>()
                    .map_or_else(|_| value.clone(), |n| (n + 1).to_string());
                step.unwrap_or_else(|| tr!("tui-step-number", n = number))
            }
            "conclusion" => locale::word("conclusion", value),
            "ground" => locale::word("ground", value),
            "cause" => locale::word("cause", value),
            "role" => locale::word("role", value),
            "mode" => locale::word("tui-view-mode", value),
            "person" => words.person(value).to_owned(),
            "scope" if value == "*" => tr!("tui-scope-all"),
            "scope" => {
                let column = words.column(value);
                if column == value {
                    words.site(value).to_owned()
                } else {
                    column.to_owned()
                }
            }
            "site" => words.site(value).to_owned(),
            "column" => words.column(value).to_owned(),
            "publish-at" | "expire-at" => value
                .parse()
                .map_or_else(|_| value.clone(), locale::instant),
            "why" if locale::has(&crate::rules::refusal::key_of(value)) => {
                locale::by_id(&crate::rules::refusal::key_of(value), &[])
            }
            _ => value.clone(),
        })
        .collect();
    parts.join(" ")
}

/// One entry of a history: a line, and its note below.
pub fn entry(
    out: &mut Vec<Paragraph>,
    e: &HistoryLine,
    words: &Words,
    column: Option<&str>,
    styles: &Styles,
    now: i64,
) {
    out.push(line(vec![
        Piece::new(format!("{}  ", when(e.at, now)), styles.muted),
        Piece::new(kind(&e.kind), styles.strong),
        Piece::new(format!("  {}", words.person(&e.actor)), styles.text),
        Piece::new(format!("  {}", detail(e, words, column)), styles.muted),
        Piece::new(
            e.verdict
                .as_ref()
                .map(|rule| format!("  {}", tr!("tui-entry-void", rule = rule.as_str())))
                .unwrap_or_default(),
            styles.error,
        ),
    ]));
    if let Some(note) = &e.note {
        for text in note.split('\n') {
            out.push(Paragraph {
                pieces: vec![Piece::new(text, styles.text)],
                indent: 4,
            });
        }
    }
}

/// A history, oldest first.
pub fn history(
    lines: &[HistoryLine],
    words: &Words,
    column: &str,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    let mut out = Vec::new();
    for e in lines {
        entry(&mut out, e, words, Some(column), styles, now);
    }
    out
}

/// The record a reviewer goes by: the steps, and what was decided and said so far.
pub fn record(
    view: &ItemView,
    lines: &[HistoryLine],
    words: &Words,
    styles: &Styles,
    now: i64,
) -> Vec<Paragraph> {
    const SAID: &[&str] = &[
        "item.submit",
        "item.approve",
        "item.return",
        "item.reject",
        "item.clear",
        "item.sign-off",
        "item.comment",
        "item.correct",
        "item.unlock",
        "item.withdraw",
    ];
    let mut out = notices(view, words, styles);
    out.push(Paragraph::new(tr!("tui-label-route"), styles.head));
    out.extend(steps(view, words, styles));
    out.push(Paragraph::new("", styles.text));
    out.push(Paragraph::new(tr!("tui-label-record"), styles.head));
    for e in lines.iter().filter(|e| SAID.contains(&e.kind.as_str())) {
        entry(&mut out, e, words, Some(&view.line.column), styles, now);
    }
    for c in &view.clearances {
        out.push(labelled(
            &tr!("tui-label-form"),
            format!(
                "{}  {}  {}",
                c.form_no,
                locale::word("conclusion", c.conclusion.code()),
                tr!("tui-label-revision-n", n = c.revision)
            ),
            styles,
        ));
    }
    out
}

fn spans_of(out: &mut Vec<DiffSpan>, difference: &Difference) {
    for block in &difference.blocks {
        match block {
            Block::Same { text, .. } => out.push(DiffSpan::new(Change::Same, text.clone())),
            Block::Added { text, .. } => out.push(DiffSpan::new(Change::Added, text.clone())),
            Block::Removed { text, .. } => out.push(DiffSpan::new(Change::Removed, text.clone())),
            Block::Moved { from, text, .. } => {
                let place: usize = from + 1;
                out.push(DiffSpan::new(
                    Change::Added,
                    tr!("tui-diff-moved", from = place),
                ));
                out.push(DiffSpan::new(Change::Same, text.clone()));
            }
            Block::Changed { spans, .. } => {
                for span in spans {
                    let change = match span.kind {
                        SpanKind::Same => Change::Same,
                        SpanKind::Add => Change::Added,
                        SpanKind::Del => Change::Removed,
                    };
                    out.push(DiffSpan::new(change, span.text.clone()));
                }
            }
        }
        out.push(DiffSpan::new(Change::Same, "\n"));
    }
}

/// A difference as a redline: fields and attachments first, then the text. What is compared with
/// nothing is not a change; it is shown as it is.
pub fn redline(diff: &RevisionDiff, words: &Words) -> Vec<DiffSpan> {
    let same = |text: String| DiffSpan::new(Change::Same, text);
    let mut out = Vec::new();
    if diff.from == 0 {
        out.push(same(diff.text.new_text()));
        return out;
    }
    let value = |name: &str, value: &str| match name {
        "columns" => value
            .split(' ')
            .map(|c| words.place(c))
            .collect::<Vec<_>>()
            .join(", "),
        "urgency" | "origin" | "disclosure" => locale::word(name, value),
        "provider" => words.bureau(value).to_owned(),
        _ => value.to_owned(),
    };
    for field in &diff.fields {
        let name = field.name.as_str();
        out.push(same(format!(
            "{}{}",
            locale::word("field", name),
            tr!("tui-colon")
        )));
        match &field.edit {
            FieldEdit::Added(text) => out.push(DiffSpan::new(Change::Added, value(name, text))),
            FieldEdit::Removed(text) => out.push(DiffSpan::new(Change::Removed, value(name, text))),
            FieldEdit::Changed(d) => {
                if matches!(
                    name,
                    "columns" | "urgency" | "origin" | "disclosure" | "provider"
                ) {
                    out.push(DiffSpan::new(Change::Removed, value(name, &d.old_text())));
                    out.push(DiffSpan::new(Change::Added, value(name, &d.new_text())));
                } else {
                    spans_of(&mut out, d);
                    out.pop();
                }
            }
        }
        out.push(same("\n".to_owned()));
    }
    for file in &diff.attachments {
        out.push(same(format!(
            "{}{}",
            locale::word("field", "attachments"),
            tr!("tui-colon")
        )));
        match file {
            AttachmentChange::Added { name, .. } => {
                out.push(DiffSpan::new(Change::Added, name.clone()));
            }
            AttachmentChange::Removed { name, .. } => {
                out.push(DiffSpan::new(Change::Removed, name.clone()));
            }
            AttachmentChange::Replaced { name, .. } => {
                out.push(DiffSpan::new(
                    Change::Added,
                    tr!("tui-attachment-replaced", name = name.as_str()),
                ));
            }
            AttachmentChange::Renamed { from, to } => {
                out.push(DiffSpan::new(Change::Removed, from.clone()));
                out.push(DiffSpan::new(Change::Added, to.clone()));
            }
            AttachmentChange::Reordered { name, to, .. } => {
                let place: usize = to + 1;
                let text = tr!("tui-attachment-moved", name = name.as_str(), to = place);
                out.push(DiffSpan::new(Change::Added, text));
            }
        }
        out.push(same("\n".to_owned()));
    }
    if !out.is_empty() {
        out.push(same("\n".to_owned()));
    }
    spans_of(&mut out, &diff.text);
    out
}

/// What a redline is about: "revision 2 -> 5".
pub fn redline_title(diff: &RevisionDiff) -> String {
    if diff.from == 0 {
        tr!("tui-diff-whole", to = diff.to)
    } else {
        tr!("tui-diff-of", from = diff.from, to = diff.to)
    }
}

static SYNTAX: LazyLock<(SyntaxSet, ThemeSet)> = LazyLock::new(|| {
    (
        SyntaxSet::load_defaults_newlines(),
        ThemeSet::load_defaults(),
    )
});

/// Fenced code, coloured where there is colour and the language is known.
fn code(text: &str, language: &str, styles: &Styles, out: &mut Vec<Paragraph>) {
    let (syntaxes, themes) = &*SYNTAX;
    let known = (styles.colour && !language.is_empty())
        .then(|| syntaxes.find_syntax_by_token(language))
        .flatten()
        .zip(themes.themes.get("base16-ocean.dark"));
    let mut lines = known.map(|(s, t)| syntect::easy::HighlightLines::new(s, t));
    for text in text.lines() {
        let with_end = format!("{text}\n");
        let coloured = lines
            .as_mut()
            .and_then(|h| h.highlight_line(&with_end, syntaxes).ok());
        let pieces = match coloured {
            Some(regions) => regions
                .into_iter()
                .map(|(s, t)| {
                    let c = s.foreground;
                    let style = Style::new().fg(Color::Rgb(c.r, c.g, c.b));
                    Piece::new(t.trim_end_matches('\n'), styles.text.patch(style))
                })
                .collect(),
            None => vec![Piece::new(text, styles.muted)],
        };
        out.push(Paragraph { pieces, indent: 4 });
    }
}

/// A manuscript as a reader would see it.
pub fn preview(content: &Content, styles: &Styles) -> Vec<Paragraph> {
    let mut out = vec![Paragraph::new(content.fields.title.clone(), styles.title)];
    if !content.fields.subtitle.is_empty() {
        out.push(Paragraph::new(
            content.fields.subtitle.clone(),
            styles.strong,
        ));
    }
    let mut about = Vec::new();
    for code in ["issuer", "doc-number", "written-on", "source"] {
        let value = content.fields.get(code).unwrap_or_default();
        if !value.is_empty() {
            about.push(format!(
                "{}{}{value}",
                locale::word("field", code),
                tr!("tui-colon")
            ));
        }
    }
    out.push(Paragraph::new(about.join("  "), styles.muted));
    out.push(Paragraph::new("", styles.text));
    out.extend(markdown(&content.text, styles));
    out
}

/// A text as a reader would see it.
pub fn markdown(text: &str, styles: &Styles) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut style = vec![styles.text];
    let mut indent: u16 = 0;
    let mut fence: Option<(String, String)> = None;
    let mut lists: Vec<Option<u64>> = Vec::new();
    let flush = |pieces: &mut Vec<Piece>, indent: u16, out: &mut Vec<Paragraph>| {
        if !pieces.is_empty() {
            out.push(Paragraph {
                pieces: std::mem::take(pieces),
                indent,
            });
        }
    };
    for event in Parser::new_ext(text, options) {
        let top = *style.last().unwrap_or(&styles.text);
        match event {
            Md::Start(Tag::Heading { .. }) => style.push(styles.title),
            Md::Start(Tag::Strong) => style.push(top.patch(styles.strong)),
            Md::Start(Tag::Emphasis) => {
                style.push(top.add_modifier(ratatui::style::Modifier::ITALIC));
            }
            Md::Start(Tag::Link { .. }) => {
                style.push(top.add_modifier(ratatui::style::Modifier::UNDERLINED));
            }
            Md::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => {
                style.pop();
            }
            Md::End(TagEnd::Heading(_)) => {
                style.pop();
                flush(&mut pieces, indent, &mut out);
                out.push(Paragraph::new("", styles.text));
            }
            Md::End(TagEnd::Paragraph) => {
                flush(&mut pieces, indent, &mut out);
                if lists.is_empty() {
                    out.push(Paragraph::new("", styles.text));
                }
            }
            Md::Start(Tag::BlockQuote(_)) => indent += 4,
            Md::End(TagEnd::BlockQuote(_)) => indent = indent.saturating_sub(4),
            Md::Start(Tag::List(first)) => {
                flush(&mut pieces, indent, &mut out);
                lists.push(first);
                indent += 2;
            }
            Md::End(TagEnd::List(_)) => {
                lists.pop();
                indent = indent.saturating_sub(2);
                if lists.is_empty() {
                    out.push(Paragraph::new("", styles.text));
                }
            }
            Md::Start(Tag::Item) => {
                let mark = match lists.last_mut() {
                    Some(Some(n)) => {
                        *n += 1;
                        format!("{}. ", *n - 1)
                    }
                    _ => "- ".to_owned(),
                };
                pieces.push(Piece::new(mark, styles.muted));
            }
            Md::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => {
                flush(&mut pieces, indent, &mut out);
            }
            Md::End(TagEnd::TableCell) => pieces.push(Piece::new(" | ", styles.muted)),
            Md::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(name) => name.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                fence = Some((language, String::new()));
            }
            Md::End(TagEnd::CodeBlock) => {
                if let Some((language, text)) = fence.take() {
                    code(&text, &language, styles, &mut out);
                    out.push(Paragraph::new("", styles.text));
                }
            }
            Md::Text(text) => match &mut fence {
                Some((_, code)) => code.push_str(&text),
                None => pieces.push(Piece::new(text.to_string(), top)),
            },
            Md::Code(text) => pieces.push(Piece::new(text.to_string(), styles.key)),
            // Raw HTML is shown as what it is; the pages leave it out.
            Md::Html(text) | Md::InlineHtml(text) => {
                pieces.push(Piece::new(text.trim_end().to_owned(), styles.muted));
            }
            // Each line of a manuscript is a paragraph of its own.
            Md::SoftBreak | Md::HardBreak => flush(&mut pieces, indent, &mut out),
            Md::Rule => out.push(Paragraph::new("----", styles.border)),
            _ => {}
        }
    }
    flush(&mut pieces, indent, &mut out);
    out
}

/// Makes the paragraphs of a reading in the styles in force.
type Make = Box<dyn Fn(&Styles) -> Vec<Paragraph>>;

/// A text over the whole screen: the preview, the detail of an entry.
pub struct Reading {
    title: String,
    view: TextView,
    text: String,
    item: Option<String>,
    make: Make,
    made: bool,
}

impl Reading {
    /// Shows what `make` makes; `text` is what is copied.
    pub fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        make: impl Fn(&Styles) -> Vec<Paragraph> + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            view: TextView::default(),
            text: text.into(),
            item: None,
            make: Box::new(make),
            made: false,
        }
    }

    /// The preview of a content.
    pub fn preview(item: &str, title: impl Into<String>, content: Content) -> Self {
        let text = content.text.clone();
        let mut reading = Self::new(title, text, move |styles| preview(&content, styles));
        reading.item = Some(item.to_owned());
        reading
    }

    fn copied(&self, cx: &mut Cx<'_, Seat>) {
        cx.copy(self.text.clone());
        kit::done(cx, tr!("tui-copied"));
    }
}

impl Component<Seat> for Reading {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::View]
    }

    fn flag(&self, flag: Flag) -> bool {
        flag == Flag::CanGoBack
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            Command::hint(Action::ScrollDown),
            Command::hint(Action::Search),
            Command::hint(Action::CopyText),
            Command::hint(Action::Back),
        ]
    }

    fn shown(&mut self, _: &mut Cx<'_, Seat>) {
        self.made = false;
    }

    fn handle(&mut self, event: &Event, cx: &mut Cx<'_, Seat>) -> Outcome {
        match event {
            Event::Action(Action::CopyText) => {
                match self.item.clone() {
                    // Who took an unpublished text along is on record.
                    Some(id) => kit::act(
                        cx,
                        move |d| d.preview(&id, ViewMode::Copy).map(drop),
                        |me: &mut Self, (), cx| me.copied(cx),
                    ),
                    None => self.copied(cx),
                }
            }
            Event::Action(Action::Search) => search(cx, |me: &mut Self| &mut me.view),
            Event::Action(action) if self.view.handle(*action) => {}
            _ => return Outcome::Ignored,
        }
        Outcome::Consumed
    }

    fn render(&mut self, area: Rect, buf: &mut Buffer, env: &Env) {
        if !std::mem::replace(&mut self.made, true) {
            self.view.set((self.make)(&env.styles));
        }
        let body = kit::head_of(area, buf, env, &self.title, &[], 0, "");
        let body = Rect {
            x: body.x + 1,
            width: body.width.saturating_sub(1),
            ..body
        };
        self.view.render(body, buf, env);
    }
}

/// Asks for a text and searches a view for it.
pub fn search<C: Component<Seat>>(
    cx: &mut Cx<'_, Seat>,
    view: impl FnOnce(&mut C) -> &mut TextView + 'static,
) {
    let reply = cx.reply(move |me: &mut C, text: Option<String>, cx| {
        if let Some(text) = text.filter(|t| !t.is_empty())
            && !view(me).search(&text)
        {
            cx.toast(
                crate::tui::component::ToastKind::Info,
                tr!("tui-not-found", text = text.as_str()),
            );
        }
    });
    cx.push(crate::tui::widgets::Prompt::text(
        Action::Search.describe(),
        "",
        tr!("tui-label-search"),
        reply,
    ));
}
