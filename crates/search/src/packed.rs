//! States in few bytes: those that a search goes on from later.

use hustings_lab::Parts;
use hustings_raft::NodeId;

use crate::bounds::Budget;
use crate::state::{Choice, Last, State};
use crate::take::Lookup;

/// What stands for no place among the messages.
const NOWHERE: u32 = u32::MAX;

/// How many numbers come before those of the world.
const HEAD: usize = 4;

/// What a packed state begins with; `last` is the server that took the last step, and whether it
/// was a request.
fn head(left: &Budget, requests: u8, last: Option<(NodeId, bool)>) -> [u32; HEAD - 1] {
    let [a, b, c, d, e, f, g, h, i] = left.bytes();
    let server = last.map_or(0, |(server, _)| server.number());
    let was_request = u8::from(last.is_some_and(|(_, was_request)| was_request));
    [
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
        u32::from_le_bytes([i, requests, server, was_request]),
    ]
}

/// The place among the messages of the first that was sent in the last step.
fn place_number(place: Option<usize>) -> u32 {
    place.and_then(|it| it.try_into().ok()).unwrap_or(NOWHERE)
}

/// States in few bytes, in order: each is its length and as many numbers.
#[derive(Default, Debug)]
pub(crate) struct Packed(Vec<u32>);

impl Packed {
    pub(crate) fn push(&mut self, state: &mut State, parts: &mut Parts) {
        self.push_with(|to| state.pack(parts, to));
    }

    /// Adds the state that a choice leads to, which was looked up: `before` is packed, too.
    pub(crate) fn push_looked_up(
        &mut self,
        before: (&State, &[u32]),
        choice: Choice,
        lookup: &Lookup,
        parts: &mut Parts,
    ) {
        self.push_with(|to| {
            let (state, numbers) = before;
            let world = numbers.get(HEAD..).unwrap_or_default();
            let last = state.last_after(choice);
            let requests = state.requests_after(choice);
            to.extend(head(&lookup.left, requests, last));
            let sent = &lookup.foreseen;
            let first_sent = sent.has_sent().then(|| state.world.in_flight_after(sent));
            to.push(place_number(first_sent));
            state.world.pack_foreseen(sent, world, parts, to);
        });
    }

    fn push_with(&mut self, pack: impl FnOnce(&mut Vec<u32>)) {
        let place = self.0.len();
        self.0.push(0);
        pack(&mut self.0);
        let len = self.0.len() - place - 1;
        if let Some(first) = self.0.get_mut(place) {
            // There are far fewer messages.
            *first = u32::try_from(len).unwrap_or(u32::MAX);
        }
    }

    /// The next state after a place.
    pub(crate) fn next(&self, place: &mut usize) -> Option<&[u32]> {
        let len = usize::try_from(*self.0.get(*place)?).ok()?;
        let state = *place + 1..*place + 1 + len;
        *place = state.end;
        self.0.get(state)
    }

    /// No more is added.
    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<u32>()
    }
}

impl State {
    fn pack(&mut self, parts: &mut Parts, to: &mut Vec<u32>) {
        let last = self.last.map(|last| (last.server, last.was_request));
        to.extend(head(&self.left, self.requests, last));
        let first_sent = self.last.and_then(|last| last.first_sent);
        let place = first_sent.map(|first| {
            let earlier = self.world.in_flight().take_while(|(id, _)| *id < first);
            earlier.count()
        });
        to.push(place_number(place));
        self.world.pack(parts, to);
    }

    /// Becomes the state that was packed; which disks are slow, and what the world has that no
    /// step changes, stays.
    pub(crate) fn unpack(&mut self, parts: &Parts, numbers: &[u32]) {
        let [one, two, three, first_sent, world @ ..] = numbers else {
            return;
        };
        let [a, b, c, d] = one.to_le_bytes();
        let [e, f, g, h] = two.to_le_bytes();
        let [i, requests, last_server, was_request] = three.to_le_bytes();
        self.left = Budget::of_bytes([a, b, c, d, e, f, g, h, i]);
        self.requests = requests;
        self.world.unpack(parts, world);
        let place = usize::try_from(*first_sent).ok();
        let place = place.filter(|_| *first_sent != NOWHERE);
        let sent = place.and_then(|place| self.world.in_flight().nth(place));
        self.last = NodeId::new(last_server).map(|server| Last {
            server,
            was_request: was_request != 0,
            first_sent: sent.map(|(id, _)| id),
        });
    }
}
