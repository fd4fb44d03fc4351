//! The confidentiality review form: what the law wants on paper, one sheet per item.
//!
//! Review first, publish afterwards, each item by itself; the fingerprint on the sheet ties the
//! signatures to the bytes that were seen. The sheet is made as HTML for the printer and as
//! plain text for a terminal or a mail.

mod approval;
mod sheet;

use std::fmt::Write as _;

use minijinja::{Value, context};

use super::{ReportError, html, inert, when};
use crate::{locale, tr};

pub use approval::{ApprovalForm, Step};
pub use sheet::{
    Carrier, Channel, Concern, Conclusion, DisclosureMark, Opinion, ReviewForm, Stage,
};

/// One answer that can be ticked.
struct Choice {
    label: String,
    chosen: bool,
}

/// One line of the sheet, ready for either spelling.
struct Field {
    label: String,
    value: Answer,
}

enum Answer {
    Text(String),
    Choices(Vec<Choice>),
    Lines(Vec<String>),
}

/// A ticked and an empty box, as printed forms have them.
const TICKED: &str = "\u{2611}";
const EMPTY: &str = "\u{2610}";

impl ReviewForm {
    /// A complete HTML document with print styles; fits one A4 sheet unless the texts are long.
    pub fn to_html(&self) -> Result<String, ReportError> {
        page(
            &format!("{} {}", tr!("report-form-title"), self.number),
            vec![self.sheet()],
        )
    }

    /// The forms of several items, one on each sheet of paper.
    pub fn batch_to_html(forms: &[Self]) -> Result<String, ReportError> {
        page(
            &tr!("report-form-title"),
            forms.iter().map(Self::sheet).collect(),
        )
    }

    fn sheet(&self) -> Value {
        let fields: Vec<Value> = self.fields().iter().map(Field::to_value).collect();
        let opinions: Vec<Value> = Stage::ALL
            .into_iter()
            .flat_map(|stage| self.signed(stage))
            .collect();
        context! {
            title => tr!("report-form-title"),
            number => self.number.as_str(),
            date => self.filled_on.to_string(),
            fields,
            opinions,
            conclusion_label => tr!("report-form-conclusion"),
            conclusion => choices(&self.conclusions()),
            fingerprint => self.fingerprint.as_str(),
            binding => tr!("report-form-binding"),
        }
    }

    /// The same sheet as plain text.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let mut put = |label: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{label}{}{}", tr!("report-form-colon"), value);
        };
        put(&tr!("report-form-number"), &inert::line(&self.number));
        put(&tr!("report-form-date"), &self.filled_on.to_string());
        for field in self.fields() {
            put(&field.label, &field.value.to_text());
        }
        for stage in Stage::ALL {
            let mut given = self.opinions.iter().filter(|o| o.stage == stage).peekable();
            if given.peek().is_none() {
                put(&stage.label(), "");
            }
            for opinion in given {
                put(
                    &stage.label(),
                    &format!(
                        "{} ({}, {})",
                        indented(&opinion.text),
                        inert::line(&opinion.name),
                        when::minute(opinion.at, &self.zone)
                    ),
                );
            }
        }
        put(&tr!("report-form-conclusion"), &ticked(&self.conclusions()));
        put(
            &tr!("report-form-fingerprint"),
            &inert::line(&self.fingerprint),
        );
        format!(
            "{}\n\n{out}\n{}\n",
            tr!("report-form-title"),
            tr!("report-form-binding")
        )
    }

    fn fields(&self) -> Vec<Field> {
        let text = |label: String, value: &str| Field {
            label,
            value: Answer::Text(value.to_owned()),
        };
        let pick = |label: String, options: Vec<Choice>| Field {
            label,
            value: Answer::Choices(options),
        };
        let mut fields = vec![
            text(tr!("report-form-unit"), &self.unit),
            text(tr!("report-form-name"), &self.title),
            text(tr!("report-form-source"), &self.source),
            text(
                tr!("report-form-document"),
                self.doc_number.as_deref().unwrap_or_default(),
            ),
            pick(
                tr!("report-form-carrier"),
                vec![
                    Choice::new(
                        tr!("report-form-carrier-official"),
                        self.carrier == Carrier::Official,
                    ),
                    Choice::new(
                        tr!("report-form-carrier-other"),
                        self.carrier == Carrier::Other,
                    ),
                ],
            ),
            pick(tr!("report-form-channel"), self.channel_choices()),
            text(
                tr!("report-form-planned"),
                &self
                    .planned_at
                    .map(|at| when::minute(at, &self.zone))
                    .unwrap_or_default(),
            ),
            text(tr!("report-form-summary"), &self.summary),
            Field {
                label: tr!("report-form-attachments"),
                value: Answer::Lines(self.attachments.clone()),
            },
        ];
        for concern in Concern::ALL {
            let answer = self
                .concerns
                .iter()
                .find(|(c, _)| *c == concern)
                .map(|(_, yes)| *yes);
            fields.push(pick(concern.label(), yes_no(answer)));
        }
        fields.push(pick(
            tr!("report-form-disclosure"),
            [
                (tr!("report-form-disclosure-active"), DisclosureMark::Active),
                (
                    tr!("report-form-disclosure-request"),
                    DisclosureMark::OnRequest,
                ),
                (tr!("report-form-disclosure-closed"), DisclosureMark::Closed),
            ]
            .into_iter()
            .map(|(label, mark)| Choice::new(label, self.disclosure == Some(mark)))
            .collect(),
        ));
        fields.push(text(
            tr!("report-form-ground"),
            self.ground.as_deref().unwrap_or_default(),
        ));
        fields.push(pick(
            tr!("report-form-consulted"),
            yes_no(self.consulted.as_ref().map(|(yes, _)| *yes)),
        ));
        fields.push(text(
            tr!("report-form-consulted-note"),
            self.consulted
                .as_ref()
                .map(|(_, note)| note.as_str())
                .unwrap_or_default(),
        ));
        fields.push(text(tr!("report-form-remarks"), &self.remarks));
        fields
    }

    fn channel_choices(&self) -> Vec<Choice> {
        let detail = |pick: fn(&Channel) -> Option<&str>| -> Option<String> {
            let found: Vec<&str> = self.channels.iter().filter_map(pick).collect();
            (!found.is_empty()).then(|| found.join("; "))
        };
        let website = detail(|c| match c {
            Channel::Website(columns) => Some(columns),
            _ => None,
        });
        let other = detail(|c| match c {
            Channel::Other(words) => Some(words),
            _ => None,
        });
        let named = |label: String, detail: Option<String>| {
            let chosen = detail.is_some();
            let detail = detail.filter(|d| !d.trim().is_empty());
            Choice::new(
                detail.map_or_else(|| label.clone(), |d| format!("{label} ({d})")),
                chosen,
            )
        };
        vec![
            named(tr!("report-form-channel-website"), website),
            Choice::new(
                tr!("report-form-channel-newspaper"),
                self.channels.contains(&Channel::Newspaper),
            ),
            Choice::new(
                tr!("report-form-channel-radio"),
                self.channels.contains(&Channel::Radio),
            ),
            Choice::new(
                tr!("report-form-channel-television"),
                self.channels.contains(&Channel::Television),
            ),
            Choice::new(
                tr!("report-form-channel-board"),
                self.channels.contains(&Channel::Board),
            ),
            named(tr!("report-form-channel-other"), other),
        ]
    }

    fn conclusions(&self) -> Vec<Choice> {
        Conclusion::ALL
            .into_iter()
            .map(|c| Choice::new(c.label(), self.conclusion == Some(c)))
            .collect()
    }

    /// The signed opinions of a stage, or an empty box to sign by hand.
    fn signed(&self, stage: Stage) -> Vec<Value> {
        let mut given: Vec<Value> = self
            .opinions
            .iter()
            .filter(|o| o.stage == stage)
            .map(|o| {
                context! {
                    label => stage.label(),
                    text => o.text.as_str(),
                    name => o.name.as_str(),
                    at => when::minute(o.at, &self.zone),
                    machine => when::machine(o.at, &self.zone),
                }
            })
            .collect();
        if given.is_empty() {
            given.push(
                context! { label => stage.label(), text => "", name => "", at => "", machine => "" },
            );
        }
        given
    }
}

/// Sheets as one document.
fn page(title: &str, sheets: Vec<Value>) -> Result<String, ReportError> {
    let mut env = html::environment();
    env.add_template("form.html", include_str!("../templates/form.html"))?;
    Ok(env.get_template("form.html")?.render(context! {
        lang => locale::current(),
        title,
        sheets,
        number_label => tr!("report-form-number"),
        date_label => tr!("report-form-date"),
        style => Value::from_safe_string(include_str!("../templates/form.css").to_owned()),
        signed_label => tr!("report-form-signed"),
        signed_at_label => tr!("report-form-signed-at"),
        fingerprint_label => tr!("report-form-fingerprint"),
    })?)
}

impl Choice {
    fn new(label: String, chosen: bool) -> Self {
        Self { label, chosen }
    }
}

impl Field {
    fn to_value(&self) -> Value {
        let label = self.label.as_str();
        match &self.value {
            Answer::Text(text) => context! { label, text, choices => (), lines => () },
            Answer::Choices(options) => {
                context! { label, text => (), choices => choices(options), lines => () }
            }
            Answer::Lines(lines) => {
                let lines: Vec<Value> = lines.iter().map(Value::from).collect();
                context! { label, text => (), choices => (), lines }
            }
        }
    }
}

impl Answer {
    fn to_text(&self) -> String {
        match self {
            Self::Text(text) => indented(text),
            Self::Choices(options) => ticked(options),
            Self::Lines(lines) => {
                let mut out = String::new();
                for (n, line) in lines.iter().enumerate() {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\n  {}. {}", n + 1, inert::line(line));
                }
                out
            }
        }
    }
}

fn yes_no(answer: Option<bool>) -> Vec<Choice> {
    vec![
        Choice::new(tr!("report-form-yes"), answer == Some(true)),
        Choice::new(tr!("report-form-no"), answer == Some(false)),
    ]
}

fn choices(options: &[Choice]) -> Value {
    options
        .iter()
        .map(|o| {
            context! {
                mark => if o.chosen { TICKED } else { EMPTY },
                chosen => o.chosen,
                label => o.label.as_str(),
            }
        })
        .collect::<Vec<Value>>()
        .into()
}

fn ticked(options: &[Choice]) -> String {
    options
        .iter()
        .map(|o| {
            let mark = if o.chosen { TICKED } else { EMPTY };
            format!("{mark} {}", inert::line(&o.label))
        })
        .collect::<Vec<_>>()
        .join("  ")
}

/// A text of several lines under its label: a line of somebody's opinion must not pass for a
/// line of the form.
fn indented(text: &str) -> String {
    inert::block(text).trim_end().replace('\n', "\n    ")
}
