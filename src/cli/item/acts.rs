//! The verbs that change something.

use serde_json::{Value, json};

use super::super::context::{Context, code, read_text};
use super::super::{Done, out, times};
use super::{Set, Verb};
use crate::desk::review::{Review, Seen, When};
use crate::desk::{Content, Desk, DeskError, Note, Result, exit};
use crate::rules::act::{Origin, Urgency};
use crate::rules::clearance::{Conclusion, Disclosure, Ground};
use crate::store::local;

/// Applies what was given on the command line.
fn apply(content: &mut Content, set: &Set, now: i64) -> Result<()> {
    if let Some(title) = &set.title {
        content.fields.title.clone_from(title);
    }
    if let Some(path) = &set.text {
        content.text = read_text(path)?;
    }
    for field in &set.fields {
        let known = field
            .split_once('=')
            .is_some_and(|(name, value)| content.fields.set(name, value));
        if !known {
            return Err(DeskError::Usage {
                key: "error-field-unknown",
                about: field.clone(),
            });
        }
    }
    let shape = &mut content.shape;
    if let Some(text) = &set.disclosure {
        shape.disclosure = Some(code(text, Disclosure::parse)?);
        if shape.disclosure == Some(Disclosure::Open) {
            shape.ground = None;
        }
    }
    if let Some(text) = &set.ground {
        shape.ground = Some(code(text, Ground::parse)?);
    }
    if let Some(text) = &set.urgency {
        shape.urgency = code(text, Urgency::parse)?;
    }
    if let Some(text) = &set.origin {
        shape.origin = code(text, Origin::parse)?;
    }
    if let Some(provider) = &set.provider {
        shape.provider = Some(provider.clone());
    }
    if let Some(text) = &set.go_live {
        shape.go_live = Some(times::instant(text, now)?);
    }
    if let Some(text) = &set.embargo {
        shape.embargo = Some(times::instant(text, now)?);
    }
    Ok(())
}

fn columns(desk: &mut Desk, names: &[String]) -> Result<Vec<String>> {
    let org = desk.org()?;
    Ok(names
        .iter()
        .map(|n| {
            org.find_column(n)
                .map_or_else(|| n.clone(), |c| c.id.clone())
        })
        .collect())
}

fn seen(fingerprint: Option<&str>) -> Result<Seen> {
    Ok(Seen(
        fingerprint
            .map(|f| code(f, |f| f.parse().ok()))
            .transpose()?,
    ))
}

/// State and number after an act, so that a script need not ask again.
fn after(desk: &mut Desk, item: &str) -> Result<(String, String)> {
    let row = desk.find(item)?;
    Ok((row.number, row.facts.state.code().to_owned()))
}

pub(super) fn report(
    cx: &Context,
    desk: &mut Desk,
    item: &str,
    seq: Option<u64>,
    more: Value,
) -> Done {
    let (number, state) = after(desk, item)?;
    let mut value = json!({"item": item, "number": number, "state": state, "seq": seq});
    if let (Value::Object(map), Value::Object(extra)) = (&mut value, more) {
        map.extend(extra);
    }
    let text = match seq {
        Some(seq) => crate::tr!(
            "cli-item-done",
            number = number.clone(),
            state = crate::locale::word("state", &state),
            seq = seq.to_string()
        ),
        None => crate::tr!("cli-item-unchanged", number = number.clone()),
    };
    out::result(cx.json(), value, &text);
    Ok(exit::DONE)
}

/// Warns where something is scheduled and nobody would publish it.
fn warn_without_runner(desk: &mut Desk) -> Result<()> {
    let now = desk.now();
    if !local::runner_alive(desk.store().conn(), now)? {
        out::note(&crate::tr!("cli-no-runner"));
    }
    Ok(())
}

pub(super) fn act(cx: &Context, desk: &mut Desk, verb: Verb) -> Done {
    let now = desk.moment()?;
    let nothing = || json!({});
    match verb {
        Verb::New(a) => {
            let targets = columns(desk, &a.columns)?;
            let mut content = Content::for_column("");
            content.shape.columns = targets;
            let org = desk.org()?;
            let me = org.persons.get(desk.person());
            // The provider is the author's own bureau unless said otherwise (A13.1).
            content.shape.provider = me.map(|p| p.bureau.clone());
            content.fields.provider_person = me.map_or_else(String::new, |p| p.login.clone());
            apply(&mut content, &a.set, now)?;
            let made = desk.create(content)?;
            report(cx, desk, &made.id, Some(made.seq), nothing())
        }
        Verb::Revise(a) => {
            let id = desk.find(&a.item)?.facts.id;
            let from = match a.from {
                Some(n) => n,
                None => desk.find(&id)?.facts.revision,
            };
            let mut content = desk.content(&id, None)?;
            if !a.columns.is_empty() {
                content.shape.columns = columns(desk, &a.columns)?;
            }
            apply(&mut content, &a.set, now)?;
            let saved = desk.revise(&id, content, from)?;
            report(
                cx,
                desk,
                &id,
                saved.seq,
                json!({"revision": saved.revision}),
            )
        }
        Verb::Submit(a) => {
            let id = desk.find(&a.item)?.facts.id;
            let receipt = desk.submit(&id)?;
            out::note(&crate::tr!("cli-attested"));
            report(cx, desk, &id, Some(receipt.seq), nothing())
        }
        Verb::Recall(a) => simple(cx, desk, &a.item, |d, id| Ok(d.recall(id)?.seq)),
        Verb::Discard(a) => simple(cx, desk, &a.item, |d, id| Ok(d.discard(id)?.seq)),
        Verb::Restore(a) => simple(cx, desk, &a.item, |d, id| Ok(d.restore(id)?.seq)),
        Verb::Unschedule(a) => simple(cx, desk, &a.item, |d, id| Ok(d.unschedule(id)?.seq)),
        Verb::Return(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.send_back(id, Seen::default(), &Note::of(&a.reason))?.seq)
        }),
        Verb::Reject(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.reject(id, Seen::default(), &Note::of(&a.reason))?.seq)
        }),
        Verb::Unlock(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.unlock(id, &Note::of(&a.reason))?.seq)
        }),
        Verb::Correct(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.correct(id, &Note::of(&a.reason))?.seq)
        }),
        Verb::Comment(a) => simple(cx, desk, &a.item, |d, id| {
            let anchor = match &a.quote {
                Some(quote) => Some(d.passage(id, quote)?),
                None => None,
            };
            Ok(d.comment_on(id, anchor, a.answer, &Note::of(&a.words))?.seq)
        }),
        Verb::Settle(a) => simple(cx, desk, &a.item, |d, id| {
            Ok(d.settle_comment(id, a.thread)?.seq)
        }),
        Verb::Approve(a) => {
            let seen = seen(a.fingerprint.as_deref())?;
            simple(cx, desk, &a.item, |d, id| {
                Ok(d.approve(id, seen, &Note::of(&a.comment))?.seq)
            })
        }
        Verb::Publish(a) => {
            let seen = seen(a.fingerprint.as_deref())?;
            simple(cx, desk, &a.item, |d, id| Ok(d.publish(id, seen)?.seq))
        }
        Verb::Clear(a) => {
            let review = Review {
                conclusion: code(&a.conclusion, Conclusion::parse)?,
                ground: a
                    .ground
                    .as_deref()
                    .map(|g| code(g, Ground::parse))
                    .transpose()?,
                opinion: Note::of(&a.opinion),
                authority: Note::of(&a.authority),
            };
            let seen = seen(a.fingerprint.as_deref())?;
            simple(cx, desk, &a.item, |d, id| {
                Ok(d.clear(id, seen, &review)?.seq)
            })
        }
        Verb::SignOff(a) => {
            let when = When {
                publish_at: a
                    .at
                    .as_deref()
                    .map(|t| times::instant(t, now))
                    .transpose()?,
                expire_at: a
                    .expire
                    .as_deref()
                    .map(|t| times::instant(t, now))
                    .transpose()?,
                hold: a.hold,
            };
            let id = desk.find(&a.item)?.facts.id;
            let signed = desk.sign_off(
                &id,
                seen(a.fingerprint.as_deref())?,
                when,
                &Note::of(&a.comment),
            )?;
            if signed.due.is_some() {
                warn_without_runner(desk)?;
            }
            let more =
                json!({"published": signed.published, "due": signed.due.map(times::rfc3339)});
            report(cx, desk, &id, Some(signed.seq), more)
        }
        Verb::Schedule(a) => {
            let id = desk.find(&a.item)?.facts.id;
            let at =
                a.at.as_deref()
                    .map(|t| times::instant(t, now))
                    .transpose()?;
            let expire = a
                .expire
                .as_deref()
                .map(|t| times::instant(t, now))
                .transpose()?;
            let receipt = desk.schedule(&id, at, expire, crate::desk::release::ZONE)?;
            warn_without_runner(desk)?;
            let more = json!({"due": at.map(times::rfc3339), "expire": expire.map(times::rfc3339)});
            report(cx, desk, &id, Some(receipt.seq), more)
        }
        Verb::Takeover(a) => {
            let id = desk.find(&a.item)?.facts.id;
            let taken = desk.take_over(&id)?;
            desk.release_claim(&id)?;
            report(
                cx,
                desk,
                &id,
                None,
                json!({"kept_from": taken.kept_from, "revision": taken.revision}),
            )
        }
        Verb::Show(_)
        | Verb::List(_)
        | Verb::Search(_)
        | Verb::Diff(_)
        | Verb::History(_)
        | Verb::Comments(_)
        | Verb::Preview(_)
        | Verb::After(_)
        | Verb::Found(_)
        | Verb::Original(_)
        | Verb::Attach(_)
        | Verb::Inspect(_)
        | Verb::Strip(_)
        | Verb::Form(_) => Ok(exit::USAGE),
    }
}

pub(super) fn simple(
    cx: &Context,
    desk: &mut Desk,
    item: &str,
    work: impl FnOnce(&mut Desk, &str) -> Result<u64>,
) -> Done {
    let id = desk.find(item)?.facts.id;
    let seq = work(desk, &id)?;
    report(cx, desk, &id, Some(seq), json!({}))
}
