//! Steps that were taken before: a search looks them up instead of taking them again.
//!
//! What a server does depends on itself, on what happens to it and on the time alone. Of the
//! steps that lead to millions of worlds only some thousands differ, so nearly all are known.
//! The judge looks at each, as it compares a server with the others and with the past. To know
//! whether a world was visited, a search need not even make it: it is foreseen.

use std::rc::Rc;

use hustings_raft::{ClientReply, Input, NodeId, RoleName, Stored, Timer};

use super::packed::{Letter, Parts, pending_at};
use super::{Chance, Done, Sent, World, slot};
use crate::digest::digest_of;
use crate::judge::{Judge, Judgement, Step};
use crate::machine::View;
use crate::message::{InFlight, WaitingMessage};
use crate::schedule::{PendingId, What};
use crate::server::Server;

/// What happens to one server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Prompt {
    /// A message arrives: [`World::deliver`].
    Message(PendingId),
    /// A timer fires: [`World::fire`].
    Timer(Timer),
    /// Its oldest write becomes durable: [`World::finish_write`].
    Write,
    /// It crashes: [`World::crash`].
    Crash,
    /// It is down and restarts: [`World::restart`].
    Restart,
    /// Anything else: [`World::step`].
    Input(Input),
}

/// What a server in one state does when one thing happens to it.
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

/// What a known step would come to in a world: a buffer, so that its memory is reused.
#[derive(Default, Debug)]
pub struct Foreseen {
    pub(super) servers: Vec<Rc<Server>>,
    pub(super) judge: Judge,
    judgement: Judgement,
    /// The digest of the step.
    step: u64,
    /// The server that would take it, and its number after it.
    pub(super) server: Option<(NodeId, u32)>,
    /// The message that would have arrived.
    pub(super) arrived: Option<PendingId>,
    /// The numbers of the messages that would be sent.
    pub(super) sent: Vec<u32>,
    pub(super) messages_digest: u64,
}

impl Foreseen {
    /// What the judge would find.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// Whether any message would be sent.
    pub fn has_sent(&self) -> bool {
        !self.sent.is_empty()
    }
}

impl World {
    /// Has something happen to a server; `None` if it cannot.
    pub fn prompt(
        &mut self,
        id: NodeId,
        prompt: &Prompt,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        match prompt {
            Prompt::Message(message) => self.deliver(*message, chance, done).map(drop),
            Prompt::Timer(timer) => self.fire(id, *timer, chance, done),
            Prompt::Write => self.finish_write(id, chance, done).map(drop),
            Prompt::Crash => {
                let was_up = self.server(id)?.is_up();
                let crashed = self.crash(id)?;
                done.clear();
                done.before = Some(crashed.before);
                done.was_up = was_up;
                done.judgement = crashed.judgement;
                Some(())
            }
            Prompt::Restart => self.restart(id, chance, done),
            Prompt::Input(input) => self.step(id, input.clone(), chance, done),
        }
    }

    /// As [`World::prompt`], without reasons, and keeps what the server does among the parts.
    ///
    /// Chance must decide the same for a server in the same state, whenever it is asked, and
    /// have messages take no time. The world must have been asked for its digest.
    pub fn prompt_and_learn(
        &mut self,
        id: NodeId,
        prompt: &Prompt,
        parts: &mut Parts,
        chance: &mut impl Chance,
        done: &mut Done,
    ) -> Option<()> {
        let step = self.digest_of_step(id, prompt);
        self.prompt(id, prompt, chance, done)?;
        if let Some(step) = step.filter(|_| done.failed.is_none()) {
            let known = self.known_step(id, done, parts)?;
            parts.steps.number(step, || known);
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
            // It would resume, too.
            Prompt::Crash if self.is_paused(id) => return None,
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

    /// Finds out what would come of a step, if it is known; returns whether it is.
    pub fn foresee(
        &self,
        id: NodeId,
        prompt: &Prompt,
        parts: &Parts,
        foreseen: &mut Foreseen,
    ) -> bool {
        let step = self.digest_of_step(id, prompt);
        let known = step.and_then(|step| Some((step, parts.steps.find(step)?)));
        let Some((step, known)) = known else {
            return false;
        };
        foreseen.step = step;
        foreseen.server = Some((id, known.server));
        foreseen.servers.clone_from(&self.servers);
        if let (Some(place), Some(server)) = (
            foreseen.servers.get_mut(slot(id)),
            parts.server(known.server),
        ) {
            place.clone_from(server);
        }
        foreseen.sent.clear();
        foreseen.sent.extend_from_slice(&known.sent);
        self.foresee_messages(prompt, known, parts, foreseen);
        self.foresee_judgement(id, prompt, known, parts, foreseen);
        true
    }

    /// How many messages would be on their way, but for those that would be sent.
    pub fn in_flight_after(&self, foreseen: &Foreseen) -> usize {
        self.in_flight_count() - usize::from(foreseen.arrived.is_some())
    }

    fn foresee_messages(
        &self,
        prompt: &Prompt,
        known: &KnownStep,
        parts: &Parts,
        foreseen: &mut Foreseen,
    ) {
        foreseen.arrived = match prompt {
            Prompt::Message(message) => Some(*message),
            _ => None,
        };
        let arrived = foreseen
            .arrived
            .and_then(|it| self.schedule.get(it)?.digest);
        let sent = known.letters(parts).map(|it| it.digest);
        let before = self.messages_digest.unwrap_or_default();
        let less = before.wrapping_sub(arrived.unwrap_or_default());
        foreseen.messages_digest = sent.fold(less, u64::wrapping_add);
    }

    fn foresee_judgement(
        &self,
        id: NodeId,
        prompt: &Prompt,
        known: &KnownStep,
        parts: &Parts,
        foreseen: &mut Foreseen,
    ) {
        let Foreseen {
            servers,
            judge,
            judgement,
            ..
        } = foreseen;
        judgement.clear();
        judge.clone_from(&self.judge);
        let sent = || known.letters(parts).map(|it| &it.flight);
        if *prompt != Prompt::Crash {
            let step = Step {
                server: id,
                before: &known.before,
                was_up: known.was_up,
                disk_before: known.disk_before.as_ref(),
                wrong_role: known.wrong_role,
            };
            judge.step(servers, step, sent(), judgement);
        }
        if let (Prompt::Crash | Prompt::Restart, Some(server)) = (prompt, servers.get(slot(id))) {
            let in_flight = self.schedule.messages().map(|(_, flight, _)| flight);
            let own = in_flight.chain(sent());
            let own = own.filter(|flight: &&InFlight| flight.link.from == id);
            judge.messages_of(server, own, judgement);
        }
    }

    /// Becomes what was foreseen of it. Returns what was done.
    pub fn fulfil(
        &mut self,
        id: NodeId,
        parts: &Parts,
        foreseen: &mut Foreseen,
        done: &mut Done,
    ) -> Option<()> {
        done.clear();
        let known = parts.steps.find(foreseen.step)?;
        if let Some(message) = foreseen.arrived {
            self.take(message)?;
        }
        self.put_server(id, foreseen.servers.get(slot(id))?);
        done.sent
            .extend(known.letters(parts).map(|it| self.put_letter(it)));
        self.judge.clone_from(&foreseen.judge);
        std::mem::swap(&mut done.judgement, &mut foreseen.judgement);
        done.before = Some(Rc::clone(&known.before));
        done.was_up = known.was_up;
        done.disk_before.clone_from(&known.disk_before);
        done.wrong_role = known.wrong_role;
        done.waiting.extend_from_slice(&known.waiting);
        done.replies.extend_from_slice(&known.replies);
        done.printed.extend_from_slice(&known.printed);
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

impl KnownStep {
    /// The messages sent.
    fn letters<'a>(&'a self, parts: &'a Parts) -> impl Iterator<Item = &'a Letter> {
        self.sent.iter().filter_map(|it| parts.message(*it))
    }
}
