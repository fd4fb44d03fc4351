//! What can be done to an item, the same from every screen: keys, questions, dialogs. What is not
//! open to the person says why.

use crate::desk::findings::FindingView;
use crate::desk::review::{Review, Seen, When};
use crate::desk::view::ItemView;
use crate::desk::{self, Desk, DeskError, Note};
use crate::locale;
use crate::rules::act::{Anchor, WithdrawGround};
use crate::rules::clearance::{Conclusion, Ground};
use crate::rules::refusal::Refusal;
use crate::rules::state::State;
use crate::screening::Finding;
use crate::store::StoreError;
use crate::tr;
use crate::tui::action::Action;
use crate::tui::component::{Command, Component, Cx};
use crate::tui::console::after;
use crate::tui::console::kit::{Deed, Dialog, House, Notice, act, instant_of};
use crate::tui::console::reading::comments::quoted;
use crate::tui::console::seat::{Said, Seat};
use crate::tui::widgets::{self, Confirm, Field, Form, FormField};

/// A screen from which items are acted upon.
pub trait Acting: Component<Seat> + Sized {
    /// `what` was done to the item shown.
    fn acted(&mut self, what: Action, cx: &mut Cx<'_, Seat>);
}

/// Acts and their codes in [`ItemView::offers`], in the order of the palette.
const ACTS: &[(Action, &str)] = &[
    (Action::Submit, "submit"),
    (Action::Approve, "approve"),
    (Action::ReturnItem, "return"),
    (Action::Reject, "reject"),
    (Action::Clear, "clear"),
    (Action::SignOff, "sign-off"),
    (Action::PublishNow, "publish"),
    (Action::ScheduleItem, "schedule"),
    (Action::Unschedule, "unschedule"),
    (Action::UnlockItem, "unlock"),
    (Action::Correct, "correct"),
    (Action::Withdraw, "withdraw"),
    (Action::DeclareEmergency, "emergency"),
    (Action::Recall, "recall"),
    (Action::Discard, "discard"),
    (Action::RestoreItem, "restore"),
    (Action::AddComment, "comment"),
];

/// The rules' answer to an act: none if it is open.
fn refusal<'a>(view: &'a ItemView, code: &str) -> Option<&'a Refusal> {
    view.offers
        .iter()
        .find(|o| o.act == code)
        .and_then(|o| o.refusal.as_ref())
}

/// Whether deciding is the person's part in this item: it is in review, and either a decision is
/// open to him or only his own work on it stands in the way.
pub fn decides(view: &ItemView) -> bool {
    view.line.state == State::InReview
        && ["approve", "clear", "sign-off"]
            .iter()
            .any(|code| refusal(view, code).is_none_or(|r| r.rule.starts_with("duty.")))
}

/// Whether the person could write on the item now.
pub fn editable(view: &ItemView) -> bool {
    view.offers("claim") || view.claim.as_ref().is_some_and(|c| c.here)
}

/// The acts as commands: the footer shows those that are open now, the palette the others too, with
/// the rule's answer ([`why_not`]).
pub fn commands(view: &ItemView) -> Vec<Command> {
    ACTS.iter()
        .map(|(action, code)| {
            let open = refusal(view, code).is_none();
            if matches!(action, Action::AddComment | Action::DeclareEmergency) || !open {
                Command::quiet(*action).when(open)
            } else {
                Command::hint(*action)
            }
        })
        .chain(after::commands(view))
        .collect()
}

/// The rules' answer to an act that is not open to the person.
pub fn refused(view: &ItemView, action: Action) -> Option<Said> {
    let (_, code) = ACTS.iter().find(|(a, _)| *a == action)?;
    refusal(view, code).map(said)
}

/// Why an act is not open to the person, as the rules say it.
pub fn why_not(view: &ItemView, action: Action) -> Option<String> {
    let said = refused(view, action).map(|said| said.text);
    said.or_else(|| after::why_not(view, action))
}

/// What a refusal is told as.
pub fn said(refusal: &Refusal) -> Said {
    Said::of(&DeskError::Refused(refusal.clone()))
}

/// Begins an act; false if the action is none of these.
pub fn begin<C: Acting>(
    action: Action,
    house: &House,
    view: &ItemView,
    cx: &mut Cx<'_, Seat>,
) -> bool {
    if action == Action::PrintForm {
        print_form::<C>(view, cx);
        return true;
    }
    if action == Action::AttachFile {
        attach::<C>(view, cx);
        return true;
    }
    if after::begin::<C>(action, view, cx) {
        return true;
    }
    let Some((_, code)) = ACTS.iter().find(|(a, _)| *a == action) else {
        return false;
    };
    if action != Action::AddComment && house.unsaved.borrow().contains(&view.line.id) {
        // What he would decide on is not what he has before him.
        cx.push(Notice::text(action.describe(), tr!("tui-unsaved-first")));
        return true;
    }
    if let Some(refusal) = refusal(view, code) {
        cx.push(Notice::refused_to(&action.describe(), said(refusal)));
        return true;
    }
    let id = view.line.id.clone();
    let seen = Seen(Some(view.fingerprint));
    let name = title(view);
    match action {
        Action::Submit => confirm::<C>(
            action,
            tr!(
                "tui-ask-submit",
                title = name,
                attest = tr!("form-attested")
            ),
            cx,
            move |d| d.submit(&id).map(drop),
        ),
        Action::Recall => confirm::<C>(action, tr!("tui-ask-recall", title = name), cx, move |d| {
            d.recall(&id).map(drop)
        }),
        Action::Discard => {
            confirm::<C>(action, tr!("tui-ask-discard", title = name), cx, move |d| {
                d.discard(&id).map(drop)
            });
        }
        Action::RestoreItem => {
            confirm::<C>(action, tr!("tui-ask-restore", title = name), cx, move |d| {
                d.restore(&id).map(drop)
            });
        }
        Action::PublishNow => {
            confirm::<C>(action, tr!("tui-ask-publish", title = name), cx, move |d| {
                d.publish(&id, seen).map(drop)
            });
        }
        Action::Unschedule => confirm::<C>(
            action,
            tr!("tui-ask-unschedule", title = name),
            cx,
            move |d| d.unschedule(&id).map(drop),
        ),
        Action::Approve => note::<C>(
            action,
            view,
            // One line: a queue is emptied by approving, and that takes two keys.
            FormField::text(Field::new(tr!("tui-label-comment"))),
            cx,
            move |d, n| d.approve(&id, seen, n).map(drop),
        ),
        Action::ReturnItem => note::<C>(action, view, reason(), cx, move |d, n| {
            d.send_back(&id, seen, n).map(drop)
        }),
        Action::Reject => note::<C>(action, view, reason(), cx, move |d, n| {
            d.reject(&id, seen, n).map(drop)
        }),
        Action::UnlockItem => note::<C>(action, view, reason(), cx, move |d, n| {
            d.unlock(&id, n).map(drop)
        }),
        Action::Correct => note::<C>(action, view, reason(), cx, move |d, n| {
            d.correct(&id, n).map(drop)
        }),
        Action::Withdraw => withdraw::<C>(view, cx),
        Action::DeclareEmergency => note::<C>(action, view, reason(), cx, move |d, n| {
            d.declare_emergency(&id, seen, n).map(drop)
        }),
        Action::AddComment => comment::<C>(view, About::Item, cx),
        Action::Clear => clear::<C>(view, cx),
        Action::SignOff => sign_off::<C>(view, cx),
        Action::ScheduleItem => schedule::<C>(view, cx),
        _ => return false,
    }
    true
}

/// What a comment is about.
#[derive(Debug, Clone)]
pub enum About {
    /// The item as a whole.
    Item,
    /// A passage, and its words.
    Passage(Anchor, String),
    /// What somebody said: the comment that began the thread, and its words.
    Thread(u64, String),
}

/// Asks for the words of a comment and writes it.
pub fn comment<C: Acting>(view: &ItemView, about: About, cx: &mut Cx<'_, Seat>) {
    if let Some(refusal) = refusal(view, "comment") {
        let what = Action::AddComment.describe();
        cx.push(Notice::refused_to(&what, said(refusal)));
        return;
    }
    let (action, quote) = match &about {
        About::Item => (Action::AddComment, String::new()),
        About::Passage(_, words) => (Action::AddComment, words.clone()),
        About::Thread(_, words) => (Action::ReplyComment, words.clone()),
    };
    let mut text = title(view);
    if !quote.is_empty() {
        text.push('\n');
        text.push_str(&quoted(&quote));
    }
    let id = view.line.id.clone();
    let field = widgets::Note::new(tr!("tui-label-comment")).required();
    dialog::<C>(
        action,
        text,
        vec![FormField::note(field)],
        cx,
        move |form| {
            let note = Note::of(&form.text(0).unwrap_or_default());
            let (id, about) = (id.clone(), about.clone());
            Ok(Box::new(move |d: &mut Desk| {
                let (anchor, answers) = match about {
                    About::Item => (None, None),
                    About::Passage(anchor, _) => (Some(anchor), None),
                    About::Thread(seq, _) => (None, Some(seq)),
                };
                d.comment_on(&id, anchor, answers, &note).map(drop)
            }))
        },
    );
}

/// Settles a thread of comments.
pub fn settle<C: Acting>(view: &ItemView, thread: u64, words: &str, cx: &mut Cx<'_, Seat>) {
    let id = view.line.id.clone();
    let text = format!("{}\n{}", title(view), quoted(words));
    confirm::<C>(Action::SettleComment, text, cx, move |d| {
        d.settle_comment(&id, thread).map(drop)
    });
}

/// Lets a finding stay as it is, with a reason.
pub fn waive<C: Acting>(view: &ItemView, finding: &Finding, cx: &mut Cx<'_, Seat>) {
    let class = locale::word("screening-class", finding.hit.class.code());
    let text = format!("{}\n{class} {}", title(view), quoted(&finding.evidence));
    let (id, finding) = (view.line.id.clone(), finding.clone());
    dialog::<C>(
        Action::WaiveFinding,
        text,
        vec![reason()],
        cx,
        move |form| {
            let note = Note::of(&form.text(0).unwrap_or_default());
            let (id, finding) = (id.clone(), finding.clone());
            Ok(Box::new(move |d: &mut Desk| {
                d.waive(&id, &finding, &note).map(drop)
            }))
        },
    );
}

/// Takes a waiver back, with a reason.
pub fn unwaive<C: Acting>(view: &ItemView, found: &FindingView, cx: &mut Cx<'_, Seat>) {
    let Some(waiver) = found.waiver.as_ref().map(|w| w.seq) else {
        return;
    };
    let text = format!("{}\n{}", title(view), quoted(&found.finding.evidence));
    let id = view.line.id.clone();
    dialog::<C>(
        Action::UnwaiveFinding,
        text,
        vec![reason()],
        cx,
        move |form| {
            let (id, why) = (id.clone(), Note::of(&form.text(0).unwrap_or_default()));
            Ok(Box::new(move |d: &mut Desk| {
                d.unwaive(&id, waiver, &why).map(drop)
            }))
        },
    );
}

/// What the key of waivers means on a finding: a waiver, or its end.
pub fn waive_or_not<C: Acting>(view: &ItemView, found: &FindingView, cx: &mut Cx<'_, Seat>) {
    if found.waiver.is_some() {
        unwaive::<C>(view, found, cx);
    } else {
        waive::<C>(view, &found.finding, cx);
    }
}

/// Writes an attachment to a file; on record as an export.
pub fn export_attachment<C: Acting>(view: &ItemView, index: usize, cx: &mut Cx<'_, Seat>) {
    let Some(file) = view.content.attachments.get(index) else {
        return;
    };
    let field = Field::new(tr!("tui-label-file"))
        .required()
        .with(&file.name);
    let id = view.line.id.clone();
    let text = format!(
        "{}\n{}",
        title(view),
        tr!("tui-ask-export-file", name = file.name.as_str())
    );
    dialog::<C>(
        Action::ExportAttachment,
        text,
        vec![FormField::text(field)],
        cx,
        move |form| {
            let path = std::path::PathBuf::from(form.text(0).unwrap_or_default());
            let id = id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                let (_, bytes) = d.export_attachment(&id, index)?;
                write_new(&path, &bytes)
            }))
        },
    );
}

/// Puts another file in the place of an attachment.
pub fn replace_attachment<C: Acting>(view: &ItemView, index: usize, cx: &mut Cx<'_, Seat>) {
    let Some(file) = view.content.attachments.get(index) else {
        return;
    };
    let id = view.line.id.clone();
    let text = format!(
        "{}\n{}",
        title(view),
        tr!("tui-ask-replace-file", name = file.name.as_str())
    );
    let field = Field::new(tr!("tui-label-file")).required();
    dialog::<C>(
        Action::ReplaceAttachment,
        text,
        vec![FormField::text(field)],
        cx,
        move |form| {
            let path = std::path::PathBuf::from(form.text(0).unwrap_or_default());
            let id = id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                let (name, bytes) = read_file(&path)?;
                d.replace_attachment(&id, index, &name, bytes).map(drop)
            }))
        },
    );
}

/// Makes an earlier revision the newest, with a reason.
pub fn restore_revision<C: Acting>(view: &ItemView, n: u32, cx: &mut Cx<'_, Seat>) {
    let id = view.line.id.clone();
    let now = view.line.revision;
    let text = format!(
        "{}\n{}",
        title(view),
        tr!("tui-ask-restore-revision", n = n, now = now)
    );
    dialog::<C>(
        Action::RestoreRevision,
        text,
        vec![reason()],
        cx,
        move |form| {
            let note = Note::of(&form.text(0).unwrap_or_default());
            let id = id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                let saved = d.restore_revision(&id, n, &note)?;
                if saved.seq.is_none() {
                    return Err(DeskError::Usage {
                        key: "error-restore-same",
                        about: n.to_string(),
                    });
                }
                Ok(())
            }))
        },
    );
}

/// How an item is named in questions.
pub fn title(view: &ItemView) -> String {
    let title = if view.line.title.is_empty() {
        tr!("tui-untitled")
    } else {
        view.line.title.clone()
    };
    format!("{} {title}", view.line.number)
}

pub(super) fn reason() -> FormField {
    FormField::note(widgets::Note::new(tr!("tui-dialog-reason")).required())
}

fn confirm<C: Acting>(
    action: Action,
    text: String,
    cx: &mut Cx<'_, Seat>,
    job: impl FnOnce(&mut Desk) -> desk::Result<()> + Send + 'static,
) {
    let reply = cx.reply(move |_: &mut C, yes: bool, cx| {
        if yes {
            act(cx, job, move |me: &mut C, (), cx| me.acted(action, cx));
        }
    });
    cx.push(Confirm::new(action.describe(), text, reply));
}

pub(super) fn dialog<C: Acting>(
    action: Action,
    text: String,
    fields: Vec<FormField>,
    cx: &mut Cx<'_, Seat>,
    make: impl Fn(&Form) -> Result<Deed, (usize, String)> + 'static,
) {
    let reply = cx.reply(move |me: &mut C, (), cx| me.acted(action, cx));
    cx.push(Dialog::new(
        action.describe(),
        text,
        fields,
        Box::new(make),
        reply,
    ));
}

/// An act with one text: a reason, a comment.
pub(super) fn note<C: Acting>(
    action: Action,
    view: &ItemView,
    field: FormField,
    cx: &mut Cx<'_, Seat>,
    job: impl Fn(&mut Desk, &Note) -> desk::Result<()> + Clone + Send + 'static,
) {
    dialog::<C>(action, title(view), vec![field], cx, move |form| {
        let note = Note::of(&form.text(0).unwrap_or_default());
        let job = job.clone();
        Ok(Box::new(move |d: &mut Desk| job(d, &note)))
    });
}

fn withdraw<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let grounds = WithdrawGround::ALL
        .iter()
        .map(|g| locale::word("withdrawn", g.code()))
        .collect();
    let fields = vec![
        FormField::choice(tr!("tui-label-withdraw-ground"), grounds),
        reason(),
    ];
    let id = view.line.id.clone();
    dialog::<C>(Action::Withdraw, title(view), fields, cx, move |form| {
        let ground = form
            .chosen(0)
            .and_then(|n| WithdrawGround::ALL.get(n))
            .copied();
        let Some(ground) = ground else {
            return Err((0, tr!("tui-withdraw-no-ground")));
        };
        let note = Note::of(&form.text(1).unwrap_or_default());
        let id = id.clone();
        Ok(Box::new(move |d: &mut Desk| {
            d.withdraw(&id, ground, &note).map(drop)
        }))
    });
}

fn clear<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let words = |group: &'static str| move |code: &str| locale::word(group, code);
    let mut fields = vec![
        FormField::choice(
            tr!("tui-label-conclusion"),
            Conclusion::ALL
                .iter()
                .map(|c| words("conclusion")(c.code()))
                .collect(),
        ),
        FormField::choice(
            tr!("tui-label-ground"),
            Ground::ALL
                .iter()
                .map(|g| words("ground")(g.code()))
                .collect(),
        ),
        FormField::note(widgets::Note::new(tr!("tui-label-opinion"))),
    ];
    if view.line.escalated {
        fields.push(FormField::text(
            Field::new(tr!("tui-label-authority")).required(),
        ));
    }
    let (id, seen) = (view.line.id.clone(), Seen(Some(view.fingerprint)));
    let text = format!("{}\n{}", title(view), tr!("tui-ask-clear"));
    dialog::<C>(Action::Clear, text, fields, cx, move |form| {
        let opinion = form.text(2).unwrap_or_default();
        let Some(conclusion) = form.chosen(0).and_then(|n| Conclusion::ALL.get(n)).copied() else {
            return Err((0, tr!("tui-clear-no-conclusion")));
        };
        if conclusion.needs_opinion() && opinion.is_empty() {
            return Err((2, tr!("tui-clear-no-opinion")));
        }
        let review = Review {
            conclusion,
            ground: form.chosen(1).and_then(|n| Ground::ALL.get(n)).copied(),
            opinion: Note::of(&opinion),
            authority: Note::of(&form.text(3).unwrap_or_default()),
        };
        let id = id.clone();
        Ok(Box::new(move |d: &mut Desk| {
            d.clear(&id, seen, &review).map(drop)
        }))
    });
}

/// A time in an entry of a form: none where it is empty.
fn time(form: &Form, at: usize) -> Result<Option<i64>, (usize, String)> {
    let text = form.text(at).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    match instant_of(&text) {
        Some(instant) => Ok(Some(instant)),
        None => Err((at, locale::by_id("error-time", &[("about", text)]))),
    }
}

fn sign_off<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let wanted = match view.content.shape.go_live {
        Some(at) => tr!("tui-ask-sign-off-wanted", at = locale::instant(at)),
        None => tr!("tui-ask-sign-off"),
    };
    let fields = vec![
        FormField::text(Field::new(tr!("tui-label-publish-at"))),
        FormField::text(Field::new(tr!("tui-label-expire-at"))),
        FormField::choice(
            tr!("tui-label-hold"),
            vec![tr!("tui-no-hold"), tr!("tui-hold")],
        ),
        FormField::text(Field::new(tr!("tui-label-comment"))),
    ];
    let (id, seen) = (view.line.id.clone(), Seen(Some(view.fingerprint)));
    let text = format!("{}\n{wanted}", title(view));
    dialog::<C>(Action::SignOff, text, fields, cx, move |form| {
        let when = When {
            publish_at: time(form, 0)?,
            expire_at: time(form, 1)?,
            hold: form.chosen(2) == Some(1),
        };
        let note = Note::of(&form.text(3).unwrap_or_default());
        let id = id.clone();
        Ok(Box::new(move |d: &mut Desk| {
            d.sign_off(&id, seen, when, &note).map(drop)
        }))
    });
}

fn schedule<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let shown = |at: Option<i64>| at.map(locale::instant).unwrap_or_default();
    let live = view.line.state.is_live();
    let mut fields = Vec::new();
    if !live {
        fields.push(FormField::text(
            Field::new(tr!("tui-label-publish-at")).with(&shown(view.line.due)),
        ));
    }
    fields.push(FormField::text(
        Field::new(tr!("tui-label-expire-at")).with(&shown(view.line.expire)),
    ));
    let id = view.line.id.clone();
    let text = format!("{}\n{}", title(view), crate::tui::console::kit::how_times());
    dialog::<C>(Action::ScheduleItem, text, fields, cx, move |form| {
        let (publish_at, expire_at) = if live {
            (None, time(form, 0)?)
        } else {
            (time(form, 0)?, time(form, 1)?)
        };
        let id = id.clone();
        Ok(Box::new(move |d: &mut Desk| {
            d.schedule(&id, publish_at, expire_at, desk::release::ZONE)
                .map(drop)
        }))
    });
}

fn print_form<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let number = view.line.number.clone();
    let field = Field::new(tr!("tui-label-file"))
        .required()
        .with(&format!("{number}.html"));
    let id = view.line.id.clone();
    let text = format!("{}\n{}", title(view), tr!("tui-ask-print"));
    dialog::<C>(
        Action::PrintForm,
        text,
        vec![FormField::text(field)],
        cx,
        move |form| {
            let path = std::path::PathBuf::from(form.text(0).unwrap_or_default());
            let id = id.clone();
            Ok(Box::new(move |d: &mut Desk| {
                let form = d.review_form(&id)?;
                let html = path.extension().is_some_and(|e| {
                    e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm")
                });
                let text = if html {
                    form.to_html()?
                } else {
                    form.to_text()
                };
                write_new(&path, text.as_bytes())
            }))
        },
    );
}

/// Writes a file that is not there yet.
fn write_new(path: &std::path::Path, bytes: &[u8]) -> desk::Result<()> {
    use std::io::Write as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| {
            StoreError::Io {
                path: path.to_owned(),
                source,
            }
            .into()
        })
}

/// A file's name and bytes.
fn read_file(path: &std::path::Path) -> desk::Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).map_err(|source| StoreError::Io {
        path: path.to_owned(),
        source,
    })?;
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok((name, bytes))
}

fn attach<C: Acting>(view: &ItemView, cx: &mut Cx<'_, Seat>) {
    let fields = vec![
        FormField::text(Field::new(tr!("tui-label-file")).required()),
        FormField::text(Field::new(tr!("tui-label-alt"))),
    ];
    let id = view.line.id.clone();
    dialog::<C>(Action::AttachFile, title(view), fields, cx, move |form| {
        let path = std::path::PathBuf::from(form.text(0).unwrap_or_default());
        let alt = form.text(1).unwrap_or_default();
        let id = id.clone();
        Ok(Box::new(move |d: &mut Desk| {
            let (name, bytes) = read_file(&path)?;
            d.attach(&id, &name, &alt, bytes).map(drop)
        }))
    });
}
