//! Entries in messages and writes, whose clones share them.

use std::sync::Arc;

use hustings_raft::{Effect, Entries, Entry, Input, LogIndex, Message, Payload, Term, Timer};

use crate::support::{Bench, S2, S3, Step, at, entries, entry};

#[test]
fn entries_are_those_they_were_made_of() {
    for terms in [&[][..], &[1], &[1, 1, 2]] {
        let plain = entries(terms);
        for some in [
            Entries::from(plain.clone()),
            Entries::from(plain.as_slice()),
            plain.iter().cloned().collect(),
        ] {
            assert_eq!(*some, *plain);
            assert_eq!(format!("{some:?}"), format!("{plain:?}"));
        }
    }
    assert_eq!(Entries::from(entries(&[])), Entries::default());
    assert_eq!(*Entries::from(entry(1)), [entry(1)]);
}

fn sent(step: &Step) -> Vec<Entries> {
    let entries = |(_, message)| match message {
        Message::AppendEntries { entries, .. } => Some(entries),
        _ => None,
    };
    step.sent().into_iter().filter_map(entries).collect()
}

fn written(step: &Step) -> (LogIndex, Entries) {
    let mut writes = step.writes().filter_map(|write| write.log.clone());
    writes.next().expect("a write of entries")
}

#[test]
fn followers_and_the_leaders_disk_share_the_entries() {
    let mut leader = Bench::leader(3, 1, &[]);
    for follower in [S2, S3] {
        leader.accepted(follower, 1, 0);
    }
    let step = leader.step(Input::Propose(Arc::from("x")));
    let payload = Payload::Command(Arc::from("x"));
    let term = Term(1);
    let wanted: Entries = Entry { term, payload }.into();
    let (sent, (first, written)) = (sent(&step), written(&step));
    assert_eq!(sent, [wanted.clone(), wanted.clone()]);
    assert_eq!((first, &written), (LogIndex(1), &wanted));
    assert!(sent.iter().all(|it| it.as_ptr() == written.as_ptr()));
}

#[test]
fn followers_that_need_different_entries_get_them() {
    let mut leader = Bench::leader(3, 3, &[1, 2]);
    leader.accepted(S2, 3, 2);
    leader.refused(S3, 3, 0);
    let step = leader.step(Input::Propose(Arc::from("x")));
    let lengths: Vec<_> = sent(&step).iter().map(|entries| entries.len()).collect();
    assert_eq!(lengths, [1, 3]);
    let beat = leader.time_out(Timer::Heartbeat);
    let lengths: Vec<_> = sent(&beat).iter().map(|entries| entries.len()).collect();
    assert_eq!(lengths, [0, 3]);
}

#[test]
fn a_follower_writes_what_its_log_has_from_the_first_change_on() {
    let mut follower = Bench::with(3, 2, None, &[1, 1, 1]);
    let step = follower.append(S2, 2, at(2, 1), &[2, 2], 0);
    assert_eq!(written(&step), (LogIndex(3), entries(&[2, 2]).into()));
    let partly_held = follower.append(S2, 2, at(3, 2), &[2, 2, 2], 0);
    assert_eq!(
        written(&partly_held),
        (LogIndex(5), entries(&[2, 2]).into())
    );
    let held = follower.append(S2, 2, at(2, 1), &[2], 0);
    let persists = |effect: &Effect| matches!(effect, Effect::Persist(_));
    assert!(!held.effects.iter().any(persists));
}
