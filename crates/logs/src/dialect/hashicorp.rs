//! HashiCorp's raft library, and those who use it: Consul, Nomad, Vault, rqlite.
//!
//! From the sources of its versions 0.1.0 to 1.7.3. Up to 1.1.1 its messages were sentences;
//! since 1.1.2 they are fixed, and what varies stands in fields beside them.

mod neighbours;
mod sentences;
mod servers;
mod tells;

use std::borrow::Cow;

use self::tells as tell;
use super::Told;
use super::rows::{Message, Row, Rows};
use super::table::Table;
use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{Ballot, Refusal, Role, TransferStep};

pub(super) fn read(message: &Message<'_>, line: &Line<'_>, names: &mut Names) -> Option<Told> {
    let tables = [&RAFT, &SENTENCES, &NEIGHBOURS];
    let told = tables
        .into_iter()
        .find_map(|it| it.read(message, line, names))?;
    let by = told.by.or_else(|| writer(line, names));
    Some(Told { by, ..told })
}

/// The library since 1.1.2.
pub(super) static RAFT: Table = table(RAFT_ROWS);

/// The library up to 1.1.1.
pub(super) static SENTENCES: Table = table(sentences::ROWS);

/// What is around it.
pub(super) static NEIGHBOURS: Table = table(neighbours::ROWS);

const fn table(rows: &'static [Row]) -> Table {
    Table {
        rows: Rows::new(rows),
        me: &[],
        group: None,
        id: member,
    }
}

/// Its messages, by subject.
const RAFT_ROWS: &[Row] = &[
    // Start and members.
    ("initial configuration", tell::started),
    ("updating configuration", tell::members),
    ("restored from snapshot", tell::restored),
    ("added peer, starting replication", tell::leads),
    ("updating peer", tell::leads),
    ("removed peer, stopping replication", tell::leads),
    ("removed ourself, shutting down", tell::stopping),
    ("removed ourself, transitioning to follower", tell::follows),
    // Roles.
    ("entering follower state", tell::follows),
    ("entering candidate state", tell::stands),
    ("entering leader state", |_| {
        tell::became(Role::Leader, None)
    }),
    // Elections.
    (
        "heartbeat timeout reached, starting election",
        tell::timed_out,
    ),
    (
        "heartbeat timeout reached, not part of a stable configuration or a non-voter, \
         not triggering a leader election",
        tell::timed_out,
    ),
    ("no known peers, aborting election", tell::timed_out),
    (
        "not part of stable configuration, aborting election",
        tell::timed_out,
    ),
    (
        "Election timeout reached, restarting election",
        tell::timed_out,
    ),
    ("votes", |it| tell::counted(it, Ballot::Vote)),
    ("calculated votes needed", |it| {
        tell::counted(it, Ballot::Vote)
    }),
    ("voting for self", tell::votes_for_itself),
    ("asking for vote", |it| tell::asked(it, Ballot::Vote)),
    ("vote granted", |it| tell::heard(it, Ballot::Vote, true)),
    (
        "newer term discovered, fallback to follower",
        tell::newer_term,
    ),
    ("election won", tell::won),
    // Pre-votes.
    ("pre-voting for self", tell::asks_first),
    ("asking for pre-vote", |it| tell::asked(it, Ballot::PreVote)),
    ("pre-vote granted", |it| {
        tell::heard(it, Ballot::PreVote, true)
    }),
    ("pre-vote denied", |it| {
        tell::heard(it, Ballot::PreVote, false)
    }),
    (
        "pre-vote denied: found newer term, falling back to follower",
        tell::newer_term,
    ),
    ("pre-vote successful, starting election", tell::pre_vote_won),
    (
        "pre-vote campaign failed, waiting for election timeout",
        |it| tell::counted(it, Ballot::PreVote),
    ),
    (
        "target does not support pre-vote RPC, treating as granted",
        tell::counts_as_granted,
    ),
    // Answers to requests for votes.
    ("rejecting {vote} request since we have a leader", |it| {
        tell::refused_by(it, "from", |it| Refusal::HasLeader {
            leader: tell::leader(it, "leader-id", "leader"),
            ticks_left: None,
        })
    }),
    (
        "rejecting {vote} request since node is not in configuration",
        tell::no_member,
    ),
    (
        "rejecting {vote} request since node is not a voter",
        tell::no_member,
    ),
    (
        "rejecting {vote} request since our last term is greater",
        tell::older_term_of_log,
    ),
    (
        "rejecting {vote} request since our last index is greater",
        tell::shorter_log,
    ),
    ("duplicate requestVote for same term", tell::has_voted),
    ("duplicate requestVote from", tell::voted_again),
    (
        "lost leadership because received a requestVote with a newer term",
        tell::newer_request,
    ),
    (
        "lost leadership because received a requestvote with newer term",
        tell::newer_request,
    ),
    // Leaders.
    ("failed to contact", |it| {
        tell::contact(it, "server-id", false)
    }),
    (
        "failed to contact quorum of nodes, stepping down",
        tell::quorum_lost,
    ),
    ("failed to heartbeat to", |it| {
        tell::contact(it, "peer", false)
    }),
    ("failed to appendEntries to", |it| {
        tell::contact(it, "peer", false)
    }),
    ("failed to pipeline appendEntries", |it| {
        tell::contact(it, "peer", false)
    }),
    ("failed to start pipeline replication to", |it| {
        tell::contact(it, "peer", false)
    }),
    ("failed to make requestVote RPC", |it| {
        tell::contact(it, "target", false)
    }),
    ("pipelining replication", |it| {
        tell::contact(it, "peer", true)
    }),
    (
        "peer has newer term, stopping replication",
        tell::newer_answer,
    ),
    ("new leader elected, stepping down", tell::follows),
    ("starting leadership transfer", |it| {
        tell::transfer(it, TransferStep::Begun)
    }),
    ("leadership transfer timeout", |it| {
        tell::transfer(it, TransferStep::GivenUp)
    }),
    // Logs.
    (
        "appendEntries rejected, sending older logs",
        tell::entries_refused,
    ),
    ("failed to get previous log", tell::entries_refused),
    ("previous log term mis-match", tell::entries_refused),
    ("clearing log suffix", tell::truncated),
    ("failed to append to logs", tell::disk_failed),
    ("failed to commit logs", tell::disk_failed),
    ("failed to persist vote", tell::disk_failed),
];

/// A member's name: its id or address, which may stand in a text of its server; `None` if
/// there is none.
fn member(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim().trim_matches('"');
    if let Some(address) = node_at(text) {
        return Some(address.into());
    }
    // A pointer is no name: it is what `starting leadership transfer` has up to 1.7.
    let is_none = text.is_empty() || text == "<nil>" || text.starts_with("0xc0");
    (!is_none).then_some(text.into())
}

/// The address in `Node at 127.0.0.1:8300 [Follower]`.
fn node_at(text: &str) -> Option<&str> {
    Some(text.strip_prefix("Node at ")?.split_once(" [")?.0)
}

/// The member that a line with a new role names.
fn writer(line: &Line<'_>, names: &mut Names) -> Option<Name> {
    let roles = ["follower", "node", "leader"].into_iter();
    let text = roles.filter_map(|role| line.field(role)).find_map(|it| {
        let address = node_at(&it)?;
        Some(address.to_owned())
    });
    Some(names.name(&text?))
}
