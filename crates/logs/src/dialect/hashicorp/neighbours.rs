//! What Consul, Nomad, Vault and rqlite say of their leaders, and serf of its members.

use super::tells as tell;
use crate::dialect::rows::Row;
use crate::dialect::table::Words;
use crate::observation::{Alarm, Observation, Role, State};

/// `{_}` is what older versions put before a message: the part of the system.
pub(super) const ROWS: &[Row] = &[
    // Consul and Nomad.
    ("cluster leadership acquired", tell::leads),
    ("cluster leadership lost", follows),
    ("New leader elected: {leader}", found),
    ("New leader elected", |it| found_in(it, "payload")),
    ("{_}No cluster leader", |_| leaderless()),
    // rqlite.
    (
        "this node (ID={me}, addr={address}) is now Leader",
        leads_at,
    ),
    ("this node (ID={me}) is now Leader", tell::leads),
    ("node {leader} at {address} is now Leader", found_at),
    ("node {leader} is now Leader", found),
    ("Leader is now unknown", |_| {
        Some(Observation::LeaderLost {
            leader: None,
            term: None,
        })
    }),
    // Serf and its list of members, which gossip finds out, not Raft.
    ("{_}Suspect {peer} has failed, no acks received", |it| {
        peer(it, Alarm::PeerLost)
    }),
    (
        "{_}Marking {peer} as failed, suspect timeout reached{rest}",
        |it| peer(it, Alarm::PeerLost),
    ),
    ("EventMemberFailed: {peer} {address}", |it| {
        peer(it, Alarm::PeerLost)
    }),
    ("serf: EventMemberFailed: {peer} {address}", |it| {
        peer(it, Alarm::PeerLost)
    }),
    ("EventMemberLeave: {peer} {address}", |it| {
        peer(it, Alarm::PeerLost)
    }),
    ("serf: EventMemberLeave: {peer} {address}", |it| {
        peer(it, Alarm::PeerLost)
    }),
    ("EventMemberJoin: {peer} {address}", |it| {
        peer(it, Alarm::PeerFound)
    }),
    ("serf: EventMemberJoin: {peer} {address}", |it| {
        peer(it, Alarm::PeerFound)
    }),
    // The process.
    ("Gracefully shutting down agent...", tell::stopping),
    ("Gracefully shutting down agent", tell::stopping),
    ("Requesting shutdown", tell::stopping),
    ("requesting shutdown", tell::stopping),
    // Whatever failed.
    ("{_}", |it| {
        let error = it.text("error")?;
        error.ends_with("No cluster leader").then(leaderless)?
    }),
];

fn leaderless() -> Option<Observation> {
    Some(Observation::Alarm {
        kind: Alarm::NoLeader,
        peer: None,
        took: None,
    })
}

/// The system around Raft says this a little later than Raft itself.
fn follows(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::State(State {
        role: Some(Role::Follower),
        ..State::default()
    }))
}

/// Serf's names may end in the name of a data centre or region, and its addresses are those
/// of serf.
fn peer(it: &mut Words<'_>, kind: Alarm) -> Option<Observation> {
    Some(Observation::Alarm {
        kind,
        peer: it.member("peer"),
        took: None,
    })
}

fn found(it: &mut Words<'_>) -> Option<Observation> {
    found_in(it, "leader")
}

fn found_in(it: &mut Words<'_>, field: &str) -> Option<Observation> {
    let leader = it.member(field)?;
    Some(Observation::LeaderFound { leader, term: None })
}

fn found_at(it: &mut Words<'_>) -> Option<Observation> {
    let leader = tell::leader(it, "leader", "address")?;
    Some(Observation::LeaderFound { leader, term: None })
}

fn leads_at(it: &mut Words<'_>) -> Option<Observation> {
    if let Some(address) = it.member("address") {
        it.also(Observation::AlsoCalled(address));
    }
    tell::leads(it)
}
