//! What went on beside Raft: disks, networks, clocks.

use std::collections::BTreeMap;

use super::reigns::{End, Reign};
use crate::observation::{Alarm, Observation};
use crate::shown::{EventId, MemberId};
use crate::story::Story;
use crate::time::{Micros, Moment};

/// Alarms of one kind, of one member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alarms {
    /// The kind.
    pub kind: Alarm,
    /// Who wrote them.
    pub member: MemberId,
    /// Which other members they are about.
    pub peers: Vec<MemberId>,
    /// The events, the oldest first.
    pub events: Vec<EventId>,
    /// The longest that anything took.
    pub worst: Option<Micros>,
    /// The end of the member's own leading that one of them shortly preceded, and may explain:
    /// its place among the times of leading, and the event.
    pub before: Option<(usize, EventId)>,
}

/// How long before a leader's end an alarm may bear on it.
const SHORTLY: Micros = Micros::from_millis(10_000);

/// Whether it makes a leader's heartbeats late.
pub(super) fn slows(kind: Alarm) -> bool {
    matches!(
        kind,
        Alarm::SlowDisk | Alarm::DiskFailed | Alarm::LateHeartbeat | Alarm::MissedTicks
    )
}

/// All alarms, the gravest kinds first.
pub(super) fn alarms(story: &Story, reigns: &[Reign]) -> Vec<Alarms> {
    let led = Led::of(reigns);
    let mut all: BTreeMap<(Alarm, MemberId), Alarms> = BTreeMap::new();
    for (id, event) in story.numbered() {
        let (kind, peer, took) = match event.what {
            Observation::Alarm { kind, peer, took } => (kind, peer, took),
            Observation::Contact {
                peer,
                reached: false,
                silent,
            } => (Alarm::NoContact, Some(peer), silent),
            _ => continue,
        };
        // A connection that is there is as it should be.
        if kind == Alarm::PeerFound {
            continue;
        }
        let alarms = all.entry((kind, event.member)).or_insert(Alarms {
            kind,
            member: event.member,
            peers: Vec::new(),
            events: Vec::new(),
            worst: None,
            before: None,
        });
        alarms.events.push(id);
        alarms.worst = alarms.worst.max(took);
        let peer = peer.and_then(|it| story.members.get(it));
        if let Some(peer) = peer.filter(|it| !alarms.peers.contains(it)) {
            alarms.peers.push(peer);
        }
        let lost = led.lost_shortly_after(event.member, event.at);
        let lost = lost.filter(|_| slows(kind));
        if let (None, Some(lost)) = (alarms.before, lost) {
            alarms.before = Some((lost, id));
        }
    }
    all.into_values().collect()
}

/// Who led when, so that it is found quickly.
struct Led<'a> {
    reigns: &'a [Reign],
    /// The places of each member's, in the order of their beginnings.
    own: BTreeMap<MemberId, Vec<usize>>,
    /// The newest term of any up to each.
    newest: Vec<Option<u64>>,
}

impl<'a> Led<'a> {
    fn of(reigns: &'a [Reign]) -> Self {
        let mut own: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, reign) in reigns.iter().enumerate() {
            own.entry(reign.leader).or_default().push(at);
        }
        let newest = reigns.iter().scan(None, |newest, it| {
            *newest = it.term.max(*newest);
            Some(*newest)
        });
        Self {
            reigns,
            own,
            newest: newest.collect(),
        }
    }

    /// The leading of a member that ended shortly after a moment at which it led, and nobody
    /// else in a newer term: once somebody else leads, what slows a leader is not why it is
    /// deposed.
    fn lost_shortly_after(&self, member: MemberId, at: Moment) -> Option<usize> {
        let begun = |reign: usize| self.reigns.get(reign).is_some_and(|it| it.from <= at);
        let own = self.own.get(&member)?;
        let place = *own.get(own.partition_point(|it| begun(*it)).checked_sub(1)?)?;
        let reign = self.reigns.get(place)?;
        let ends = !matches!(reign.end, End::Goes | End::HandedOver | End::Stopped);
        let before = reign.to - at;
        let begun = self.reigns.partition_point(|it| it.from <= at);
        let newest = self.newest.get(begun.checked_sub(1)?)?;
        let is_lost = ends && before >= Micros::ZERO && before < SHORTLY && *newest <= reign.term;
        is_lost.then_some(place)
    }
}
