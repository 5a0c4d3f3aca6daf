//! What a new server should do, one thing after the other.

use std::sync::Arc;

use hustings_raft::{
    AppendResult, Log, LogIndex, Message, Position, RoleName, Stored, Term, Timer,
};

use super::super::host::Lines;
use super::subject::{ME, Subject, append, entry, id, position, request_vote, stored};
use super::{Check, Checks, Wrong};
use crate::host::Told;

/// Each thing, in a sentence, and how it is checked.
pub(super) const CHECKS: [(&str, Check); 19] = [
    ("it starts as a follower, with its election timer", starts),
    (
        "when its election timer runs out, it is a candidate of the next term and votes for itself",
        stands,
    ),
    (
        "its new term and its own vote are on its disk before it asks for others",
        persists_own_vote,
    ),
    ("it asks all others for their votes", asks_for_votes),
    ("it does not lead with one vote of three", waits_for_votes),
    (
        "it leads with two votes of three, and tells all others at once",
        leads,
    ),
    (
        "when its heartbeat timer runs out, it sends AppendEntries to all others",
        sends_heartbeats,
    ),
    (
        "it writes a client's command to its log and its disk, and sends it to all others",
        appends_command,
    ),
    (
        "it commits an entry that is on a majority of the disks",
        commits,
    ),
    ("it steps down when it hears of a newer term", steps_down),
    ("it gives its vote, once that is on its disk", grants_vote),
    (
        "it refuses a second candidate of the same term",
        refuses_second_candidate,
    ),
    (
        "it refuses a candidate of an older term, and tells it the newer one",
        refuses_old_candidate,
    ),
    (
        "it refuses a candidate whose log is not up to date",
        refuses_old_log,
    ),
    (
        "it follows a leader: entries are in its log, and on its disk before it confirms them",
        follows,
    ),
    (
        "it refuses entries that do not go on where its log agrees",
        refuses_gap,
    ),
    (
        "it replaces entries that differ from its leader's",
        replaces_entries,
    ),
    (
        "it restarts with the term, the vote and the log on its disk",
        restarts,
    ),
    (
        "it gives the same answers when the same inputs are repeated",
        repeats,
    ),
];

fn starts(server: &Lines) -> Checks {
    let it = Subject::new(server)?;
    it.expect(
        it.view.role == Some(RoleName::Follower),
        "`state` says that its role is follower",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election",
    )
}

fn stands(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    it.expect(
        it.view.role == Some(RoleName::Candidate)
            && it.view.term == Term(1)
            && it.view.voted_for == Some(id(ME)),
        "`state` with the role candidate, the term 1, and voted_for S1",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election, so that it tries again if nobody wins",
    )
}

fn persists_own_vote(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    let own = stored(1, Some(ME), &[]);
    it.expect(
        it.disk == own && it.sent.iter().all(|(_, _, disk)| *disk == own),
        "`persist` with current_term 1 and voted_for S1, and after it the messages",
    )
}

fn asks_for_votes(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    let wanted = request_vote(1, Position::START);
    it.expect(
        it.to_each(|message, _| *message == wanted),
        "`request_vote` to S2 and to S3, with term 1, last_log_index 0 and last_log_term 0",
    )
}

fn waits_for_votes(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.stand()?;
    it.message(
        2,
        Message::RequestVoteReply {
            term: Term(1),
            granted: false,
        },
    )?;
    it.expect(
        it.view.role == Some(RoleName::Candidate),
        "`state` says that its role is candidate, as S2 has refused its vote",
    )
}

fn leads(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.expect(
        it.to_each(|message, _| matches!(message, Message::AppendEntries { term: Term(1), .. })),
        "`append_entries` to S2 and to S3, with term 1",
    )
}

fn sends_heartbeats(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Timer(Timer::Heartbeat))?;
    it.expect(
        it.to_each(|message, _| matches!(message, Message::AppendEntries { .. })),
        "`append_entries` to S2 and to S3",
    )?;
    it.expect(
        it.armed.contains(&Timer::Heartbeat),
        "`set_timer` with the name heartbeat, for the next one",
    )
}

/// A leader with a command that it has sent.
fn with_command(server: &Lines) -> Result<Subject<'_>, Wrong> {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Request(Arc::from("x")))?;
    let has_it = |log: &Log| log.iter().any(|(_, it)| *it == entry(1, "x"));
    it.expect(
        has_it(&it.view.log) && has_it(&it.disk.log),
        "`persist` with a log whose last entry is {\"term\":1,\"op\":\"x\"}",
    )?;
    let sends_it = |message: &Message, _: &Stored| match message {
        Message::AppendEntries { entries, .. } => entries.contains(&entry(1, "x")),
        _ => false,
    };
    if !it.to_each(sends_it) {
        it.tell(&Told::Timer(Timer::Heartbeat))?;
    }
    it.expect(
        it.to_each(sends_it),
        "`append_entries` with that entry to S2 and to S3, at once or with the next heartbeat",
    )?;
    Ok(it)
}

fn appends_command(server: &Lines) -> Checks {
    with_command(server).map(drop)
}

fn commits(server: &Lines) -> Checks {
    let mut it = with_command(server)?;
    let matched = it.view.log.last_index();
    let result = AppendResult::Accepted { matched };
    it.message(
        2,
        Message::AppendEntriesReply {
            term: Term(1),
            result,
        },
    )?;
    let expected =
        format!("`state` with commit_index {matched}, as S2 has confirmed entries up to {matched}");
    it.expect(it.view.commit == matched, &expected)
}

fn steps_down(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.message(
        2,
        Message::AppendEntriesReply {
            term: Term(9),
            result: AppendResult::Refused {
                hint: LogIndex::ZERO,
            },
        },
    )?;
    it.expect(
        it.view.role == Some(RoleName::Follower) && it.view.term == Term(9),
        "`state` with the role follower and the term 9",
    )
}

fn grants_vote(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, request_vote(5, Position::START))?;
    it.expect(
        it.votes(2, 5, true),
        "`request_vote_res` to S2 with term 5 and vote_granted true",
    )?;
    let voted = stored(5, Some(2), &[]);
    it.expect(
        it.sent.iter().all(|(_, _, disk)| *disk == voted),
        "`persist` with current_term 5 and voted_for S2, and after it the reply",
    )
}

fn refuses_second_candidate(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, request_vote(5, Position::START))?;
    it.message(3, request_vote(5, Position::START))?;
    it.refuses_vote(3, 5)
}

fn refuses_old_candidate(server: &Lines) -> Checks {
    let mut it = Subject::start(server, stored(5, None, &[]))?;
    it.message(3, request_vote(4, position(9, 3)))?;
    it.refuses_vote(3, 5)
}

fn refuses_old_log(server: &Lines) -> Checks {
    let log = [entry(1, "a"), entry(2, "b")];
    let mut it = Subject::start(server, stored(2, None, &log))?;
    it.message(2, request_vote(3, position(5, 1)))?;
    it.refuses_vote(2, 3)
}

fn follows(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    let log = [entry(1, "a"), entry(1, "b")];
    it.message(2, append(1, Position::START, &log, 1))?;
    let confirmed = Message::AppendEntriesReply {
        term: Term(1),
        result: AppendResult::Accepted {
            matched: LogIndex(2),
        },
    };
    it.expect(
        it.to_one(2, |message, _| *message == confirmed),
        "`append_entries_res` to S2 with term 1, success true and match_index 2",
    )?;
    let wanted: Log = log.into_iter().collect();
    it.expect(
        it.sent.iter().all(|(_, _, disk)| disk.log == wanted),
        "`persist` with both entries in the log, and after it the reply",
    )?;
    it.expect(
        it.view.leader == Some(id(2)) && it.view.commit == LogIndex(1),
        "`state` with the leader S2 and commit_index 1",
    )?;
    it.expect(
        it.armed.contains(&Timer::Election),
        "`set_timer` with the name election, as it has heard from a leader",
    )
}

fn refuses_gap(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.message(2, append(1, position(5, 1), &[entry(1, "f")], 0))?;
    it.refuses_entries(1)?;
    it.expect(it.view.log.is_empty(), "no entries in its log")
}

fn replaces_entries(server: &Lines) -> Checks {
    let log = [entry(1, "a"), entry(1, "b"), entry(1, "c")];
    let mut it = Subject::start(server, stored(1, None, &log))?;
    it.message(2, append(2, position(1, 1), &[entry(2, "z")], 0))?;
    let wanted: Log = [entry(1, "a"), entry(2, "z")].into_iter().collect();
    it.expect(
        it.view.log == wanted && it.disk.log == wanted,
        "`persist` with a log of two entries, of the terms 1 and 2",
    )
}

fn restarts(server: &Lines) -> Checks {
    let log = [entry(1, "a")];
    let mut it = Subject::start(server, stored(3, Some(2), &log))?;
    it.expect(
        it.view.term == Term(3) && it.view.log.len() == 1 && it.view.voted_for == Some(id(2)),
        "`state` with the term 3, voted_for S2 and a log of one entry, as `stable` of `init` has \
         them",
    )?;
    it.message(3, request_vote(3, position(1, 1)))?;
    it.refuses_vote(3, 3)
}

fn repeats(server: &Lines) -> Checks {
    let mut it = Subject::new(server)?;
    it.lead()?;
    it.tell(&Told::Timer(Timer::Heartbeat))?;
    it.tell(&Told::Request(Arc::from("x")))?;
    it.server.repeat_all(&it.state).map_err(|failure| Wrong {
        expected: "the same lines from a process that is started anew and told the same".to_owned(),
        came: failure.message,
    })
}
