//! Commands that trigger elections.

use hustings_lab::{Command, Run, Server};
use hustings_raft::{NodeId, RoleName};

/// Commands that cause a split vote: all servers but the leader time out at once, and each
/// votes for itself. Who stands already in the term that the others come to goes on standing;
/// timed out, it would be ahead of them, and win.
pub fn split_vote(run: &Run) -> Vec<Command> {
    let all = electable(run).filter(|server| server.role() != Some(RoleName::Leader));
    let all: Vec<_> = all.collect();
    let stands_in = |server: &Server| match server.role() {
        Some(RoleName::Candidate) => server.term(),
        _ => server.term().next(),
    };
    let newest = all.iter().map(|server| stands_in(server)).max();
    let comes_there = |server: &&&Server| Some(server.term().next()) == newest;
    let mut those: Vec<_> = all.iter().filter(comes_there).copied().collect();
    if those.is_empty() {
        those = all;
    }
    let servers = those.iter().map(|server| server.id());
    servers.map(time_out).collect()
}

/// Commands that cause an election with a winner: only a server with the most up-to-date
/// log times out.
pub fn lone_candidate(run: &Run) -> Vec<Command> {
    let others = electable(run).filter(|server| server.role() != Some(RoleName::Leader));
    let by_log = |server: &&Server| {
        let last = server.log().last();
        (last.term, last.index, std::cmp::Reverse(server.id()))
    };
    let best = others.max_by_key(by_log);
    best.map(|server| time_out(server.id()))
        .into_iter()
        .collect()
}

/// The servers that may start an election.
fn electable(run: &Run) -> impl Iterator<Item = &Server> {
    let may_start = |server: &&Server| {
        let members = server.view().members;
        let votes = members.is_some_and(|members| members.contains(server.id()));
        votes && !run.is_paused(server.id())
    };
    run.servers().filter(may_start)
}

fn time_out(server: NodeId) -> Command {
    Command::Timeout {
        server,
        timer: None,
    }
}
