//! The form that anybody can print: an object a line, in the terms of Raft's paper.
//!
//! Its reference for users is `docs/logs.md`. A line needs `node`, and says what it knows:
//! the least that is of use is `node`, `term` and `role` whenever a role is taken.

mod keys;

use self::keys::{CANDIDATE, Keys, LEADER, TERM, plain};
use super::Told;
use crate::line::{Form, Line};
use crate::names::Names;
use crate::observation::{Alarm, Cause, Observation, Refusal, State, TransferStep, VoteReply};

pub(super) fn read(line: &Line<'_>, names: &mut Names) -> Option<Told> {
    if !matches!(line.form, Form::Json | Form::Logfmt) {
        return None;
    }
    let node = line.field("node")?;
    let mut keys = Keys { line, names };
    let mut state = keys.state();
    let event = line.field("event").map(|it| plain(&it));
    let event = event.as_deref().unwrap_or("role");
    let told = EVENTS.iter().find(|(names, _)| names.contains(&event));
    let told = told.and_then(|(_, tells)| tells(&mut keys));
    if let Some(told) = &told {
        leave_out(told, &mut state);
    }
    let rest = (state != State::default()).then_some(Observation::State(state));
    let what: Vec<_> = told.into_iter().chain(rest).collect();
    (!what.is_empty()).then(|| Told {
        by: Some(keys.names.name(&node)),
        group: keys.member(&["group"]),
        what,
    })
}

/// Leaves out of a state what is told already.
fn leave_out(told: &Observation, state: &mut State) {
    if told.term() == state.term {
        state.term = None;
    }
    match told {
        Observation::Started(_) => *state = State::default(),
        Observation::Became { leader, .. } => {
            state.role = None;
            state.leader = state.leader.filter(|_| leader.is_none());
        }
        Observation::LeaderFound { .. } | Observation::LeaderLost { .. } => state.leader = None,
        Observation::Asked { .. } | Observation::Answered(_) => state.log = None,
        _ => {}
    }
}

/// The events that a line can tell, with their names, and what each tells.
type Event = (
    &'static [&'static str],
    fn(&mut Keys<'_>) -> Option<Observation>,
);

const EVENTS: &[Event] = &[
    (&["role", "became"], became),
    (&["start", "restart"], |it| {
        Some(Observation::Started(it.state()))
    }),
    (&["stop"], |_| Some(Observation::Stopping)),
    (&["timeout"], |it| {
        Some(Observation::TimedOut {
            last_leader: it.member(&["lastLeader"]),
            term: None,
        })
    }),
    (&["stand"], stands),
    (&["requestvote"], requested),
    (&["vote"], answered),
    (&["votereply"], heard),
    (&["count"], counted),
    (&["leader"], leader),
    (&["quorumlost"], |it| {
        Some(Observation::QuorumLost {
            term: it.number(TERM),
        })
    }),
    (&["transfer"], transfer),
    (&["members"], members),
    (&["unreachable"], |it| contact(it, false)),
    (&["reachable"], |it| contact(it, true)),
    (&["appendrejected"], |it| {
        Some(Observation::EntriesRefused {
            by: it.member(&["from"]),
            end: None,
        })
    }),
    (&["truncate"], |it| {
        Some(Observation::Truncated {
            from: it.number(&["index"])?,
        })
    }),
    (&["snapshot"], |it| {
        Some(Observation::Restored(
            it.log("lastIncludedTerm", "lastIncludedIndex")?,
        ))
    }),
    (&["alarm"], alarm),
];

fn became(it: &mut Keys<'_>) -> Option<Observation> {
    Some(Observation::Became {
        role: it.role()?,
        term: it.number(TERM),
        leader: it.member(LEADER),
    })
}

/// The term that is told is the node's own, in which it stands, and not the one before.
fn stands(it: &mut Keys<'_>) -> Option<Observation> {
    let reason = it.text(&["reason"]).map(|it| plain(&it));
    Some(Observation::Stands {
        ballot: Some(it.ballot()),
        term: None,
        cause: match reason.as_deref() {
            Some("timeout") => Cause::Timeout,
            Some("transfer" | "timeoutnow") => Cause::Transfer,
            Some("prevote") => Cause::PreVoteWon,
            _ => Cause::Unsaid,
        },
    })
}

fn requested(it: &mut Keys<'_>) -> Option<Observation> {
    Some(Observation::Asked {
        to: it.member(&["to"])?,
        ballot: it.ballot(),
        term: it.message_term(),
        log: it.log("lastLogTerm", "lastLogIndex"),
    })
}

fn answered(it: &mut Keys<'_>) -> Option<Observation> {
    let refused = match it.text(&["voteGranted"])?.as_str() {
        "true" => None,
        "false" => Some(refusal(it)),
        _ => return None,
    };
    let is_older = refused == Some(Refusal::OlderTerm);
    Some(Observation::Answered(Box::new(VoteReply {
        candidate: it.member(CANDIDATE)?,
        ballot: it.ballot(),
        term: if is_older {
            it.number(&["messageTerm"])
        } else {
            it.message_term()
        },
        theirs: it.log("candidateLastLogTerm", "candidateLastLogIndex"),
        own: it.log("lastLogTerm", "lastLogIndex"),
        refused,
    })))
}

/// Why it refused: as `reason` says, or, without one, as the numbers do.
fn refusal(it: &mut Keys<'_>) -> Refusal {
    let reason = it.text(&["reason"]).map(|it| plain(&it));
    let theirs = it.log("candidateLastLogTerm", "candidateLastLogIndex");
    let own = it.log("lastLogTerm", "lastLogIndex");
    match reason.as_deref() {
        Some("voted") => Refusal::Voted(it.member(&["votedFor"])),
        Some("log") => Refusal::OlderLog,
        Some("leader") => Refusal::HasLeader {
            leader: it.member(LEADER),
            ticks_left: None,
        },
        Some("term") => Refusal::OlderTerm,
        Some("member") => Refusal::NotAMember,
        None if theirs.is_some() && theirs < own => Refusal::OlderLog,
        _ => Refusal::Unsaid,
    }
}

fn heard(it: &mut Keys<'_>) -> Option<Observation> {
    Some(Observation::Heard {
        from: it.member(&["from"])?,
        ballot: it.ballot(),
        granted: match it.text(&["voteGranted"])?.as_str() {
            "true" => true,
            "false" => false,
            _ => return None,
        },
        term: it.message_term(),
    })
}

fn counted(it: &mut Keys<'_>) -> Option<Observation> {
    Some(Observation::Counted {
        ballot: it.ballot(),
        granted: it.count("granted"),
        refused: it.count("refused"),
        needed: it.count("needed"),
    })
}

fn leader(it: &mut Keys<'_>) -> Option<Observation> {
    let term = it.number(TERM);
    Some(match it.member_or_nobody(LEADER)? {
        Some(leader) => Observation::LeaderFound { leader, term },
        None => Observation::LeaderLost { leader: None, term },
    })
}

fn transfer(it: &mut Keys<'_>) -> Option<Observation> {
    let step = match plain(&it.text(&["step"]).unwrap_or_default()).as_str() {
        "" | "begin" => TransferStep::Begun,
        "timeoutnow" => TransferStep::Sent,
        "abort" => TransferStep::GivenUp,
        _ => return None,
    };
    let to = it.member(&["to"]);
    Some(Observation::Transfer { to, step })
}

fn members(it: &mut Keys<'_>) -> Option<Observation> {
    let (voters, learners) = (it.members("members"), it.members("learners"));
    let has_any = !voters.is_empty() || !learners.is_empty();
    has_any.then_some(Observation::Members { voters, learners })
}

fn contact(it: &mut Keys<'_>, reached: bool) -> Option<Observation> {
    Some(Observation::Contact {
        peer: it.member(&["peer"])?,
        reached,
        silent: it.millis(),
    })
}

fn alarm(it: &mut Keys<'_>) -> Option<Observation> {
    let kind = match plain(&it.text(&["kind"])?).as_str() {
        "slowdisk" => Alarm::SlowDisk,
        "diskfailed" => Alarm::DiskFailed,
        "lateheartbeat" => Alarm::LateHeartbeat,
        "slowrequest" => Alarm::SlowRequest,
        "clockdifference" => Alarm::ClockDifference,
        "fatal" => Alarm::Fatal,
        "noleader" => Alarm::NoLeader,
        _ => return None,
    };
    Some(Observation::Alarm {
        kind,
        peer: it.member(&["peer"]),
        took: it.millis(),
    })
}
