//! Elections on demand.

use hustings_lab::{Command, Lab, Server};
use hustings_raft::{NodeId, RoleName};

/// What provokes a split vote: all who do not lead time out at once, and each
/// votes for itself.
pub fn split_vote(lab: &Lab) -> Vec<Command> {
    let all = voters(lab).filter(|server| server.role() != Some(RoleName::Leader));
    all.map(|server| time_out(server.id())).collect()
}

/// What provokes an election that is won: one server alone times out, one whose
/// log is as long as any.
pub fn lone_candidate(lab: &Lab) -> Vec<Command> {
    let others = voters(lab).filter(|server| server.role() != Some(RoleName::Leader));
    let by_log = |server: &&Server| {
        let last = server.log().last();
        (last.term, last.index, std::cmp::Reverse(server.id()))
    };
    let best = others.max_by_key(by_log);
    best.map(|server| time_out(server.id()))
        .into_iter()
        .collect()
}

/// The servers that could stand now.
fn voters(lab: &Lab) -> impl Iterator<Item = &Server> {
    let could = |server: &&Server| {
        let node = server.node();
        let votes = node.is_some_and(|node| node.members().contains(server.id()));
        votes && !lab.is_paused(server.id())
    };
    lab.servers().filter(could)
}

fn time_out(server: NodeId) -> Command {
    Command::Timeout {
        server,
        timer: None,
    }
}
