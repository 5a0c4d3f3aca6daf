//! Steps that were taken before: a search looks them up instead of taking them again.
//!
//! What a server does depends on itself, on what happens to it and on the time alone. Of the
//! steps that lead to millions of worlds only some thousands differ, so nearly all are known.
//! The judge looks at each, as it compares a server with the others and with the past.

use std::rc::Rc;

use hustings_raft::{ClientReply, Input, NodeId, RoleName, Stored, Timer};

use super::packed::{Letter, Parts, pending_at};
use super::{Chance, Done, Sent, World, slot};
use crate::digest::digest_of;
use crate::machine::View;
use crate::message::WaitingMessage;
use crate::schedule::{PendingId, What};
use crate::server::Server;

/// What has one server take a step.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Prompt {
    /// A message arrives: [`World::deliver`].
    Message(PendingId),
    /// A timer fires: [`World::fire`].
    Timer(Timer),
    /// Its oldest write becomes durable: [`World::finish_write`].
    Write,
    /// It is down and restarts: [`World::restart`].
    Restart,
    /// Anything else: [`World::step`].
    Input(Input),
}

/// A step of a server in one state to which one thing happens.
#[derive(Debug)]
pub(super) struct KnownStep {
    /// The number of the server after it.
    server: u32,
    /// The numbers of the messages sent, in order.
    sent: Box<[u32]>,
    before: Rc<View>,
    was_up: bool,
    disk_before: Option<Stored>,
    wrong_role: Option<(RoleName, RoleName)>,
    waiting: Box<[Rc<WaitingMessage>]>,
    replies: Box<[ClientReply]>,
    printed: Box<[Rc<str>]>,
}

impl World {
    /// Has a server take a step; `None` if it cannot.
    pub fn prompt(
        &mut self,
        id: NodeId,
        prompt: Prompt,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        match prompt {
            Prompt::Message(message) => self.deliver(message, chance, done).map(drop),
            Prompt::Timer(timer) => self.fire(id, timer, chance, done),
            Prompt::Write => self.finish_write(id, chance, done).map(drop),
            Prompt::Restart => self.restart(id, chance, done),
            Prompt::Input(input) => self.step(id, input, chance, done),
        }
    }

    /// As [`World::prompt`], without reasons; a step that is among the parts is not taken
    /// again. One that is not is added to them, if they may grow.
    ///
    /// Chance must decide the same for a server in the same state, whenever it is asked, and
    /// have messages take no time. The world must have been asked for its digest.
    pub fn prompt_known(
        &mut self,
        id: NodeId,
        prompt: Prompt,
        (parts, may_grow): (&mut Parts, bool),
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        let Some(key) = self.digest_of_step(id, &prompt) else {
            return self.prompt(id, prompt, chance, done);
        };
        if let Some(known) = parts.steps.find(key) {
            return self.repeat(id, &prompt, known, parts, done);
        }
        self.prompt(id, prompt, chance, done)?;
        if may_grow && done.failed.is_none() {
            let known = self.known_step(id, done, parts)?;
            parts.steps.number(key, || known);
        }
        Some(())
    }

    /// A number for all on which a step depends; `None` if it is not known, or there is none.
    fn digest_of_step(&self, id: NodeId, prompt: &Prompt) -> Option<u64> {
        let server = self.server(id)?;
        server.known_digest(self.now)?;
        self.messages_digest?;
        let happens = match prompt {
            Prompt::Message(message) => {
                let pending = self.schedule.get(*message)?;
                let loss = self.loss_on(pending.message()?.link);
                pending.digest.filter(|_| loss.is_none())?
            }
            other => digest_of(other),
        };
        Some(digest_of(&(server.packing_digest(), self.now, happens)))
    }

    /// The step that was just done.
    fn known_step(&mut self, id: NodeId, done: &Done, parts: &mut Parts) -> Option<KnownStep> {
        self.server_digest(slot(id));
        let sent = done.sent.iter().filter_map(|it| self.schedule.get(it.id));
        Some(KnownStep {
            server: parts.number_of_server(self.server(id)?),
            sent: sent.filter_map(|it| parts.number_of_message(it)).collect(),
            before: Rc::clone(done.before.as_ref()?),
            was_up: done.was_up,
            disk_before: done.disk_before.clone(),
            wrong_role: done.wrong_role,
            waiting: done.waiting.as_slice().into(),
            replies: done.replies.as_slice().into(),
            printed: done.printed.as_slice().into(),
        })
    }

    /// Does again what a step did.
    fn repeat(
        &mut self,
        id: NodeId,
        prompt: &Prompt,
        known: &KnownStep,
        parts: &Parts,
        done: &mut Done,
    ) -> Option<()> {
        done.clear();
        if let Prompt::Message(message) = prompt {
            self.take(*message)?;
        }
        self.put_server(id, parts.server(known.server)?);
        let letters = known.sent.iter().filter_map(|it| parts.message(*it));
        done.sent.extend(letters.map(|it| self.put_letter(it)));
        done.before = Some(Rc::clone(&known.before));
        done.was_up = known.was_up;
        done.disk_before.clone_from(&known.disk_before);
        done.wrong_role = known.wrong_role;
        done.waiting.extend_from_slice(&known.waiting);
        done.replies.extend_from_slice(&known.replies);
        done.printed.extend_from_slice(&known.printed);
        self.judge_step(id, done)?;
        if *prompt == Prompt::Restart {
            self.judge_messages_of(id, &mut done.judgement);
        }
        Some(())
    }

    /// Puts a server in the place of itself.
    fn put_server(&mut self, id: NodeId, server: &Rc<Server>) {
        let Some(place) = self.servers.get_mut(slot(id)) else {
            return;
        };
        let before = std::mem::replace(place, Rc::clone(server));
        self.waiting = self.waiting + server.waiting().len() - before.waiting().len();
        let numbers = |server| pending_at(server).map(|(id, ..)| id);
        // Mostly the same timers run as before.
        if numbers(&before).eq(numbers(server)) {
            return;
        }
        for id in numbers(&before) {
            self.schedule.remove(id);
        }
        for (id, due_at, what) in pending_at(server) {
            self.schedule.add_as(id, due_at, what, None);
        }
    }

    /// Sends a message again.
    fn put_letter(&mut self, letter: &Letter) -> Sent {
        if let Some(sum) = &mut self.messages_digest {
            *sum = sum.wrapping_add(letter.digest);
        }
        let what = What::Arrival(letter.flight.clone());
        let digest = Some(letter.digest);
        Sent {
            id: self.schedule.add_digested(self.now, what, digest),
            is_copy: false,
        }
    }
}
