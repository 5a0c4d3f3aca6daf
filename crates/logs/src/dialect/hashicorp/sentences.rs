//! What the library said up to 1.1.1. The holes are called like the fields of today.

use super::tells as tell;
use crate::dialect::rows::Row;
use crate::observation::{Ballot, Refusal, Role};

pub(super) const ROWS: &[Row] = &[
    // Start and members.
    (
        "Initial configuration (index={index}): {servers}",
        tell::started,
    ),
    (
        "Updating configuration with {command} ({id}, {address}) to {servers}",
        tell::members,
    ),
    (
        "Node {me} updated peer set ({kind}): {servers}",
        tell::members,
    ),
    ("Restored from snapshot {id}", tell::restored),
    ("Added peer {peer}, starting replication", tell::leads),
    (
        "Removed peer {peer}, stopping replication{rest}",
        tell::leads,
    ),
    ("Removed ourself, shutting down", tell::stopping),
    ("Removed ourself, transitioning to follower", tell::follows),
    // Roles.
    (
        "{me} entering Follower state (Leader: {leader})",
        tell::follows,
    ),
    ("{me} entering Follower state", tell::follows),
    ("{me} entering Candidate state in term {term}", |it| {
        tell::became(Role::Candidate, it.number("term"))
    }),
    ("{me} entering Candidate state", |_| {
        tell::became(Role::Candidate, None)
    }),
    ("{me} entering Leader state", |_| {
        tell::became(Role::Leader, None)
    }),
    // Elections.
    (
        "Heartbeat timeout from {last-leader} reached, starting election",
        tell::timed_out,
    ),
    (
        "Heartbeat timeout reached, starting election",
        tell::timed_out,
    ),
    (
        "EnableSingleNode disabled, and no known peers. Aborting election.",
        tell::timed_out,
    ),
    ("Votes needed: {needed}", |it| {
        tell::counted(it, Ballot::Vote)
    }),
    (
        "Vote granted from {from} in term {term}. Tally: {tally}",
        |it| tell::heard(it, Ballot::Vote, true),
    ),
    ("Vote granted from {from}. Tally: {tally}", |it| {
        tell::heard(it, Ballot::Vote, true)
    }),
    ("Vote granted. Tally: {tally}", |it| {
        tell::counted(it, Ballot::Vote)
    }),
    (
        "Newer term discovered, fallback to follower",
        tell::newer_term,
    ),
    ("Election won. Tally: {tally}", tell::won),
    // Answers to requests for votes.
    (
        "Rejecting {vote} from {from} since we have a leader: {leader}",
        |it| {
            tell::refused_by(it, "from", |it| Refusal::HasLeader {
                leader: it.member("leader"),
                ticks_left: None,
            })
        },
    ),
    (
        "Rejecting {vote} from {candidate} since our last term is greater \
         ({last-term}, {last-candidate-term})",
        tell::older_term_of_log,
    ),
    (
        "Rejecting {vote} from {candidate} since our last index is greater \
         ({last-index}, {last-candidate-index})",
        tell::shorter_log,
    ),
    (
        "Duplicate RequestVote for same term: {term}",
        tell::has_voted,
    ),
    (
        "Duplicate RequestVote from candidate: {candidate}",
        tell::voted_again,
    ),
    // Leaders.
    (
        "Failed to contact quorum of nodes, stepping down",
        tell::quorum_lost,
    ),
    ("Failed to contact {peer} in {time}", |it| {
        tell::contact(it, "peer", false)
    }),
    ("Failed to heartbeat to {peer}: {error}", |it| {
        tell::contact(it, "peer", false)
    }),
    ("Failed to AppendEntries to {peer}: {error}", |it| {
        tell::contact(it, "peer", false)
    }),
    (
        "Failed to pipeline AppendEntries to {peer}: {error}",
        |it| tell::contact(it, "peer", false),
    ),
    (
        "Failed to start pipeline replication to {peer}: {error}",
        |it| tell::contact(it, "peer", false),
    ),
    ("Failed to make RequestVote RPC to {peer}: {error}", |it| {
        tell::contact(it, "peer", false)
    }),
    ("pipelining replication to peer {peer}", |it| {
        tell::contact(it, "peer", true)
    }),
    (
        "peer {peer} has newer term, stopping replication",
        tell::newer_answer,
    ),
    ("New leader elected, stepping down", tell::follows),
    // Logs.
    (
        "AppendEntries to {peer} rejected, sending older logs (next: {next})",
        tell::entries_refused,
    ),
    ("Failed to get previous log: {rest}", tell::entries_refused),
    ("Previous log term mis-match: {rest}", tell::entries_refused),
    ("Clearing log suffix from {from} to {to}", tell::truncated),
    ("Failed to append to logs: {error}", tell::disk_failed),
    ("Failed to commit logs: {error}", tell::disk_failed),
    ("Failed to persist vote: {error}", tell::disk_failed),
    ("Failed to persist vote : {error}", tell::disk_failed),
];
