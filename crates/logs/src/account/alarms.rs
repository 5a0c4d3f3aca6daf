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
    // Once somebody else leads, what slows a leader is not why it is deposed.
    let is_succeeded = |reign: &Reign, at: Moment| {
        let mut newer = reigns.iter().filter(|it| it.term > reign.term);
        newer.any(|it| it.from <= at)
    };
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
        let lost = reigns.iter().position(|reign| {
            let ends = !matches!(reign.end, End::Goes | End::HandedOver | End::Stopped);
            let before = reign.to - event.at;
            let own = reign.leader == event.member && slows(kind);
            own && ends
                && reign.from <= event.at
                && before.0 >= 0
                && before < SHORTLY
                && !is_succeeded(reign, event.at)
        });
        if let (None, Some(lost)) = (alarms.before, lost) {
            alarms.before = Some((lost, id));
        }
    }
    all.into_values().collect()
}
