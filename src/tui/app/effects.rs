//! What components asked for, carried out: layers, jobs, timers, the end.

use super::{
    App, Beneath, HISTORY, Layer, LayerId, Stacks, TOAST_LIFE, Task, TerminalWork, Timer, Toast,
    Visit, Waiting,
};
use crate::tr;
use crate::tui::component::{Component, Cx, Effect, Event, Outcome, PROGRAM, ToastKind};
use crate::tui::worker::{JobError, Report};

impl<D: 'static> App<D> {
    /// Takes a report of the worker.
    pub fn report(&mut self, report: Report) {
        match report {
            Report::Progress { id, done, total } => {
                if let Some(task) = self.tasks.get_mut(&id) {
                    task.done = done;
                    task.total = total;
                    self.dirty = true;
                }
            }
            Report::Done(id, result) => {
                self.dirty = true;
                self.worker.forget(id);
                self.tasks.remove(&id);
                let Some(Waiting { layer, then }) = self.waiting.remove(&id) else {
                    return;
                };
                match result {
                    Ok(value) => self.visit(
                        layer,
                        Box::new(move |component, cx| then(value, component, cx)),
                    ),
                    Err(error) => {
                        let text = match &error {
                            JobError::Panicked(text) => {
                                tr!("tui-task-panicked", text = text.as_str())
                            }
                            JobError::Gone => tr!("tui-task-gone"),
                        };
                        self.effects.ask(Effect::Toast(ToastKind::Error, text));
                        self.visit(
                            layer,
                            Box::new(move |component, cx| component.failed(&error, cx)),
                        );
                    }
                }
                self.settle();
            }
        }
    }

    /// Visits a layer wherever it is, also one that waits in the history.
    pub(super) fn visit(&mut self, id: LayerId, visit: Visit<D>) {
        let beneath = self.beneath.as_mut().map(|b| &mut b.stacks);
        let layer = std::iter::once(&mut self.now)
            .chain(beneath)
            .flat_map(Stacks::all_mut)
            .find(|l| l.id == id);
        if let Some(layer) = layer {
            let mut cx = Cx::new(id, &self.env, &mut self.effects, &mut self.next_id);
            visit(layer.component.as_mut(), &mut cx);
            self.dirty = true;
        }
    }

    /// Carries out everything asked for, and what that asks for in turn.
    pub(crate) fn settle(&mut self) {
        while let Some((from, effect)) = self.effects.pop() {
            self.dirty = true;
            if !self.is_beneath(from) {
                self.carry_out(from, effect);
            } else if let Effect::Toast(kind, text) = effect {
                if let Some(beneath) = &mut self.beneath {
                    beneath.toast = Some((kind, text));
                }
            } else {
                self.change_places();
                self.carry_out(from, effect);
                self.change_places();
            }
        }
    }

    /// Whether a layer lies beneath the lock.
    fn is_beneath(&self, id: LayerId) -> bool {
        let stacks = self.beneath.as_ref().map(|b| &b.stacks);
        stacks.is_some_and(|s| s.all().any(|l| l.id == id))
    }

    /// Whether the keys reach nothing but the lock.
    pub(super) fn is_locked(&self) -> bool {
        self.beneath.as_ref().is_some_and(|b| !b.acting)
    }

    fn change_places(&mut self) {
        if let Some(beneath) = &mut self.beneath {
            std::mem::swap(&mut self.now, &mut beneath.stacks);
            beneath.acting = !beneath.acting;
        }
    }

    fn lock(&mut self, from: LayerId, component: Box<dyn Component<D>>) {
        if self.beneath.is_none() {
            self.beneath = Some(Beneath {
                stacks: std::mem::take(&mut self.now),
                toast: None,
                acting: false,
            });
            self.toast = None;
            self.effects.go_on(from, Effect::Push(component));
        }
    }

    fn unlock(&mut self, beneath: Beneath<D>) {
        self.now = beneath.stacks;
        if let Some((kind, text)) = beneath.toast {
            self.effects.ask(Effect::Toast(kind, text));
        }
    }

    fn carry_out(&mut self, from: LayerId, effect: Effect<D>) {
        match effect {
            Effect::Push(component) => {
                self.next_id += 1;
                self.now.layers.push(Layer {
                    id: LayerId(self.next_id),
                    component,
                });
                self.drop_prefix();
                self.top_shown();
            }
            Effect::Lock(component) => self.lock(from, component),
            Effect::Close(id) => self.close(id),
            Effect::HandOver => {
                // What was asked for behind this stays behind what the layers ask for now.
                let mut after = self.effects.take();
                let ids: Vec<LayerId> = self.now.left_open().map(|l| l.id).collect();
                for id in ids {
                    self.visit(id, Box::new(Component::ending));
                }
                self.effects.append(&mut after);
            }
            Effect::Restart(component) => {
                self.now.layers.clear();
                self.now.history.clear();
                self.now.future.clear();
                self.timers.clear();
                self.effects.go_on(from, Effect::Push(component));
            }
            Effect::Go(component) => {
                self.now.future.clear();
                self.hide_for_later();
                self.effects.go_on(from, Effect::Push(component));
            }
            Effect::Forward => {
                // A question on screen wants its answer first.
                let asked = self.now.layers.last().is_some_and(|l| l.component.popup());
                if !asked && let Some(next) = self.now.future.pop() {
                    self.hide_for_later();
                    self.now.layers = next;
                    self.drop_prefix();
                    self.top_shown();
                }
            }
            Effect::Back => self.back(from),
            Effect::Visit(id, visit) => self.visit(id, visit),
            Effect::Dispatch(action) => {
                if self.send(&Event::Action(action)) == Outcome::Ignored {
                    self.global(action);
                }
            }
            Effect::Picked(action) => {
                self.recent.retain(|a| *a != action);
                self.recent.insert(0, action);
                self.effects.go_on(from, Effect::Dispatch(action));
            }
            Effect::Toast(kind, text) => {
                self.toast = Some(Toast {
                    kind,
                    text,
                    until: self.env.mono + TOAST_LIFE,
                });
            }
            Effect::Ask {
                layer,
                label,
                job,
                then,
            } => {
                let id = self.worker.submit(job);
                self.waiting.insert(id, Waiting { layer, then });
                if let Some(label) = label {
                    self.tasks.insert(
                        id,
                        Task {
                            label,
                            done: 0,
                            total: 0,
                        },
                    );
                }
            }
            Effect::Background {
                layer,
                label,
                job,
                then,
            } => {
                let id = self.worker.submit_free(job);
                self.waiting.insert(id, Waiting { layer, then });
                if label.is_empty() {
                    return;
                }
                self.tasks.insert(
                    id,
                    Task {
                        label,
                        done: 0,
                        total: 0,
                    },
                );
            }
            Effect::CancelTask => {
                if let Some((id, task)) = self.tasks.last_key_value() {
                    self.worker.cancel(*id);
                    let text = tr!("tui-task-cancelled", label = task.label.as_str());
                    self.effects.ask(Effect::Toast(ToastKind::Info, text));
                }
            }
            Effect::After {
                id,
                layer,
                due,
                visit,
            } => self.timers.push(Timer {
                id,
                layer,
                due,
                visit,
            }),
            Effect::CancelTimer(id) => self.timers.retain(|t| t.id != id),
            Effect::Copy(text) => self.terminal_work.push_back(TerminalWork::Copy(text)),
            Effect::Lend {
                layer,
                inside,
                then,
            } => {
                self.terminal_work.push_back(TerminalWork::Lend {
                    layer,
                    inside,
                    then,
                });
            }
            Effect::Styles(styles, theme) => {
                self.env.styles = *styles;
                self.env.theme = theme;
                // Rows that are held were coloured for the look before.
                self.top_shown();
            }
            Effect::Keymap(keymap) => self.env.keymap = std::sync::Arc::new(*keymap),
            Effect::PageRows(rows) => self.env.page_rows = rows,
            // Whoever stands before the lock answers no questions: everything is kept as it is.
            Effect::Quit if self.is_locked() => self.end(),
            Effect::Quit => self.try_quit(),
        }
    }

    /// The layer that asked goes, or the top one where the program asks. What has opened over it
    /// meanwhile stays.
    fn back(&mut self, from: LayerId) {
        let top = self.now.layers.len().saturating_sub(1);
        let at = match self.now.layers.iter().position(|l| l.id == from) {
            Some(at) => at,
            None if from == PROGRAM => top,
            None => return self.close(from),
        };
        if at > 0 {
            self.now.layers.remove(at);
            self.top_shown();
        } else if let Some(before) = self.now.history.pop() {
            let mut left = std::mem::replace(&mut self.now.layers, before);
            let over = left.split_off(1.min(left.len()));
            self.now.layers.extend(over);
            if left.iter().all(|l| l.component.returns()) {
                self.now.future.push(left);
            }
            self.top_shown();
        }
        self.drop_prefix();
    }

    /// The layers on screen make room for others and can be returned to.
    fn hide_for_later(&mut self) {
        if let Some(id) = self.now.layers.last().map(|l| l.id) {
            self.visit(id, Box::new(Component::hidden));
        }
        let before = std::mem::take(&mut self.now.layers);
        if !before.is_empty() {
            self.now.history.push(before);
        }
        if self.now.history.len() > HISTORY {
            for layer in self.now.history.remove(0) {
                self.end_layer(layer);
            }
        }
    }

    pub(super) fn top_shown(&mut self) {
        if let Some(layer) = self.now.layers.last_mut() {
            let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
            layer.component.shown(&mut cx);
        }
    }

    fn close(&mut self, id: LayerId) {
        if let Some(at) = self.now.layers.iter().position(|l| l.id == id) {
            self.now.layers.remove(at);
            self.drop_prefix();
            if self.now.layers.is_empty() {
                if let Some(before) = self.now.history.pop() {
                    self.now.layers = before;
                } else if let Some(beneath) = self.beneath.take_if(|b| !b.acting) {
                    self.unlock(beneath);
                } else {
                    self.ended = true;
                }
            }
            if at >= self.now.layers.len() {
                self.top_shown();
            }
        } else {
            for set in self.now.history.iter_mut().chain(&mut self.now.future) {
                set.retain(|l| l.id != id);
            }
            self.now.history.retain(|set| !set.is_empty());
            self.now.future.retain(|set| !set.is_empty());
        }
    }

    /// Asks every layer, also those waiting in the history. The first that objects comes to the
    /// front with its question.
    fn try_quit(&mut self) {
        loop {
            for at in (0..self.now.layers.len()).rev() {
                let layer = &mut self.now.layers[at];
                let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
                if !layer.component.may_close(&mut cx) {
                    return;
                }
            }
            match self.now.history.pop() {
                Some(before) => self.now.layers = before,
                None => break,
            }
        }
        self.ended = true;
    }

    /// The terminal is gone: everyone hands over what must not be lost.
    pub(super) fn end(&mut self) {
        let beneath = self.beneath.take().map(|b| b.stacks).unwrap_or_default();
        let layers: Vec<_> = [beneath, std::mem::take(&mut self.now)]
            .into_iter()
            .flat_map(|s| s.history.into_iter().flatten().chain(s.layers))
            .collect();
        for layer in layers {
            self.end_layer(layer);
        }
        self.settle();
        self.ended = true;
    }

    fn end_layer(&mut self, mut layer: Layer<D>) {
        let mut cx = Cx::new(layer.id, &self.env, &mut self.effects, &mut self.next_id);
        layer.component.ending(&mut cx);
    }
}
