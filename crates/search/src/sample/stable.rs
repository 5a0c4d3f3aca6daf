//! A leader that stays.

use hustings_lab::{Change, Run, Server};
use hustings_raft::{Millis, NodeId, RoleName};

/// Since when the leader leads with which a run ends, if it is stable
/// ([`Awaited::StableLeader`](super::Awaited::StableLeader)).
pub(super) fn since(run: &Run) -> Option<Millis> {
    let leaders = running(run).filter(|server| server.view().leads());
    let followed = leaders.filter(|leader| has_majority(run, leader));
    // Only while a majority changes, or a rule is broken, can there be two.
    let leader = followed.max_by_key(|leader| leader.term())?;
    let since = elected_at(run, leader.id());
    let longest = run.header().raft.election_timeout.max();
    (run.now().since(since) > longest).then_some(since)
}

/// The servers that run and are not paused.
fn running(run: &Run) -> impl Iterator<Item = &Server> {
    run.servers()
        .filter(|server| server.is_up() && !run.is_paused(server.id()))
}

/// Whether a majority of the members, as the leader knows them, follows it or is it.
fn has_majority(run: &Run, leader: &Server) -> bool {
    let members = leader.view().members.unwrap_or_default();
    let follows = |server: &&Server| {
        let is_follower = server.role() == Some(RoleName::Follower);
        let is_with_it = server.id() == leader.id() || is_follower;
        is_with_it && server.term() == leader.term() && members.contains(server.id())
    };
    2 * running(run).filter(follows).count() > usize::from(members.len())
}

fn elected_at(run: &Run, leader: NodeId) -> Millis {
    let mut latest = run.records().iter().rev();
    let elected = latest.find(|(_, record)| {
        let is_leader = |change: &Change| {
            matches!(change, Change::Role { new, .. } if *new == RoleName::Leader)
        };
        record.event.server() == Some(leader) && record.changes.iter().any(is_leader)
    });
    elected.map(|(_, record)| record.at).unwrap_or_default()
}
