//! What components asked for, carried out: layers, jobs, timers, the end.

use super::{
    App, HISTORY, Layer, LayerId, TOAST_LIFE, Task, TerminalWork, Timer, Toast, Visit, Waiting,
};
use crate::tr;
use crate::tui::component::{Component, Cx, Effect, Event, Lost, Outcome, ToastKind};
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
                let Some(Waiting { layer, then, lost }) = self.waiting.remove(&id) else {
                    return;
                };
                match result {
                    Ok(value) if self.has(layer) => self.visit(
                        layer,
                        Box::new(move |component, cx| then(value, component, cx)),
                    ),
                    // Nobody is there any more to show it in place.
                    Ok(value) => {
                        if let Some(text) = lost(value) {
                            self.effects
                                .push_back(Effect::Toast(ToastKind::Error, text));
                        }
                    }
                    Err(error) => {
                        let text = match &error {
                            JobError::Panicked(text) => {
                                tr!("tui-task-panicked", text = text.as_str())
                            }
                            JobError::Gone => tr!("tui-task-gone"),
                        };
                        self.effects
                            .push_back(Effect::Toast(ToastKind::Error, text));
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
        let layer = self
            .layers
            .iter_mut()
            .chain(self.history.iter_mut().flatten())
            .chain(self.future.iter_mut().flatten())
            .find(|l| l.id == id);
        if let Some(layer) = layer {
            let mut cx = Cx {
                env: &self.env,
                effects: &mut self.effects,
                next_id: &mut self.next_id,
                layer: id,
            };
            visit(layer.component.as_mut(), &mut cx);
            self.dirty = true;
        }
    }

    fn has(&self, id: LayerId) -> bool {
        let mut left = self.future.iter().flatten();
        self.all_layers().any(|l| l.id == id) || left.any(|l| l.id == id)
    }

    /// Carries out everything asked for, and what that asks for in turn.
    pub(crate) fn settle(&mut self) {
        while let Some(effect) = self.effects.pop_front() {
            self.dirty = true;
            match effect {
                Effect::Push(component) => {
                    self.next_id += 1;
                    self.layers.push(Layer {
                        id: LayerId(self.next_id),
                        component,
                    });
                    self.drop_prefix();
                    self.top_shown();
                }
                Effect::Close(id) => self.close(id),
                Effect::HandOver => {
                    // What was asked for behind this stays behind what the layers ask for now.
                    let mut after = std::mem::take(&mut self.effects);
                    let ids: Vec<LayerId> = self.all_layers().map(|l| l.id).collect();
                    for id in ids {
                        self.visit(id, Box::new(Component::ending));
                    }
                    self.effects.append(&mut after);
                }
                Effect::Restart(component) => {
                    self.layers.clear();
                    self.history.clear();
                    self.future.clear();
                    self.timers.clear();
                    self.effects.push_front(Effect::Push(component));
                }
                Effect::Go(component) => {
                    self.future.clear();
                    self.hide_for_later();
                    self.effects.push_front(Effect::Push(component));
                }
                Effect::Forward => {
                    // A question on screen wants its answer first.
                    let asked = self.layers.last().is_some_and(|l| l.component.popup());
                    if !asked && let Some(next) = self.future.pop() {
                        self.hide_for_later();
                        self.layers = next;
                        self.drop_prefix();
                        self.top_shown();
                    }
                }
                Effect::Back => {
                    if self.layers.len() > 1 {
                        self.layers.pop();
                        self.top_shown();
                    } else if let Some(before) = self.history.pop() {
                        let left = std::mem::replace(&mut self.layers, before);
                        if left.iter().all(|l| l.component.returns()) {
                            self.future.push(left);
                        }
                        self.top_shown();
                    }
                    self.drop_prefix();
                }
                Effect::Visit(id, visit) => self.visit(id, visit),
                Effect::Dispatch(action) => {
                    if self.send(&Event::Action(action)) == Outcome::Ignored {
                        self.global(action);
                    }
                }
                Effect::Picked(action) => {
                    self.recent.retain(|a| *a != action);
                    self.recent.insert(0, action);
                    self.effects.push_front(Effect::Dispatch(action));
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
                    lost,
                } => {
                    let id = self.worker.submit(job);
                    self.waiting.insert(id, Waiting { layer, then, lost });
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
                    let lost: Lost = |_| None;
                    self.waiting.insert(id, Waiting { layer, then, lost });
                    if label.is_empty() {
                        continue;
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
                        self.effects.push_back(Effect::Toast(ToastKind::Info, text));
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
                Effect::Quit => self.try_quit(),
            }
        }
    }

    /// The layers on screen make room for others and can be returned to.
    fn hide_for_later(&mut self) {
        if let Some(id) = self.layers.last().map(|l| l.id) {
            self.visit(id, Box::new(Component::hidden));
        }
        let before = std::mem::take(&mut self.layers);
        if !before.is_empty() {
            self.history.push(before);
        }
        if self.history.len() > HISTORY {
            for layer in self.history.remove(0) {
                self.end_layer(layer);
            }
        }
    }

    pub(super) fn top_shown(&mut self) {
        if let Some(layer) = self.layers.last_mut() {
            let mut cx = Cx {
                env: &self.env,
                effects: &mut self.effects,
                next_id: &mut self.next_id,
                layer: layer.id,
            };
            layer.component.shown(&mut cx);
        }
    }

    fn close(&mut self, id: LayerId) {
        if let Some(at) = self.layers.iter().position(|l| l.id == id) {
            self.layers.remove(at);
            let top = at == self.layers.len();
            self.drop_prefix();
            if self.layers.is_empty() {
                match self.history.pop() {
                    Some(before) => self.layers = before,
                    None => self.ended = true,
                }
            }
            if top {
                self.top_shown();
            }
        } else {
            for set in self.history.iter_mut().chain(&mut self.future) {
                set.retain(|l| l.id != id);
            }
            self.history.retain(|set| !set.is_empty());
            self.future.retain(|set| !set.is_empty());
        }
    }

    /// Asks every layer, also those waiting in the history. The first that objects comes to the
    /// front with its question.
    fn try_quit(&mut self) {
        loop {
            for at in (0..self.layers.len()).rev() {
                let layer = &mut self.layers[at];
                let mut cx = Cx {
                    env: &self.env,
                    effects: &mut self.effects,
                    next_id: &mut self.next_id,
                    layer: layer.id,
                };
                if !layer.component.may_close(&mut cx) {
                    return;
                }
            }
            match self.history.pop() {
                Some(before) => self.layers = before,
                None => break,
            }
        }
        self.ended = true;
    }

    /// The terminal is gone: everyone hands over what must not be lost.
    pub(super) fn end(&mut self) {
        let layers: Vec<_> = self
            .history
            .drain(..)
            .flatten()
            .chain(self.layers.drain(..))
            .collect();
        for layer in layers {
            self.end_layer(layer);
        }
        self.settle();
        self.ended = true;
    }

    fn all_layers(&self) -> impl Iterator<Item = &Layer<D>> {
        self.history.iter().flatten().chain(&self.layers)
    }

    fn end_layer(&mut self, mut layer: Layer<D>) {
        let mut cx = Cx {
            env: &self.env,
            effects: &mut self.effects,
            next_id: &mut self.next_id,
            layer: layer.id,
        };
        layer.component.ending(&mut cx);
    }
}
