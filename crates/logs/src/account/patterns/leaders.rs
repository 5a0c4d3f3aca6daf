//! What befell leaders.

use super::{Kind, Pattern};
use crate::account::reigns::{End, Overlap};
use crate::account::{Account, changes};
use crate::story::Story;
use crate::time::Micros;

/// How many changes, of the leader or of its term, are many in ten minutes: twice what etcd's
/// own alert allows in fifteen.
const MANY_CHANGES: usize = 6;

pub(super) fn slow_leader(account: &Account) -> Option<Pattern> {
    let mut slow = Pattern {
        kind: Kind::SlowLeader,
        members: Vec::new(),
        events: Vec::new(),
    };
    for alarms in &account.alarms {
        if let Some((_, event)) = alarms.before {
            slow.events.push(event);
            if !slow.members.contains(&alarms.member) {
                slow.members.push(alarms.member);
            }
        }
    }
    (!slow.members.is_empty()).then_some(slow)
}

/// How long a leader may go on after another's election without being stale: a hand-over and
/// a newer term take a message each.
const PROMPTLY: Micros = Micros::from_millis(200);

pub(super) fn stale_leaders(story: &Story, account: &Account) -> Vec<Pattern> {
    let stale = account.overlaps.iter();
    stale.filter_map(|it| stale_leader(story, it)).collect()
}

fn stale_leader(story: &Story, overlap: &Overlap) -> Option<Pattern> {
    let lasted = overlap.to - overlap.from;
    let error = |member| {
        let moved = story.clocks.moved.get(&member);
        moved.and_then(|it| it.within).unwrap_or_default()
    };
    let uncertain = error(overlap.old.leader) + error(overlap.new.leader);
    let handed_over = overlap.old.end == End::HandedOver;
    if overlap.is_fault || handed_over || lasted <= PROMPTLY || lasted <= uncertain {
        return None;
    }
    let ended = overlap.old.ended_by;
    Some(Pattern {
        kind: Kind::StaleLeader,
        members: vec![overlap.old.leader, overlap.new.leader],
        events: [overlap.new.event].into_iter().chain(ended).collect(),
    })
}

pub(super) fn flapping(account: &Account) -> Option<Pattern> {
    let (changes, since) = changes::most_in_ten_minutes(&account.reigns);
    if changes < MANY_CHANGES {
        return None;
    }
    let begun = account.reigns.iter().filter(|it| Some(it.from) >= since);
    Some(Pattern {
        kind: Kind::Flapping { changes },
        members: Vec::new(),
        events: begun.map(|it| it.event).take(changes).collect(),
    })
}
