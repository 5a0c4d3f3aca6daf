//! Sentences for reasons.

use hustings_raft::{
    ChangeRefusal, DropCause, LogIndex, MemberChange, NodeId, Reason, Refusal, RoleName, Term,
    Timer, TimerCause, TransferRefusal,
};

use super::{at, place};

/// A reason in one sentence; `me` is the server that took the step.
pub fn explain(me: NodeId, reason: &Reason) -> String {
    match reason {
        Reason::Started { term, last, .. } => {
            format!(
                "{me} starts as a follower in term {term}; its log ends {}.",
                at(*last)
            )
        }
        Reason::TermAdopted { old, new, sender } => {
            format!("{me} adopts term {new} from {sender}; its own was {old}.")
        }
        Reason::SteppedDown { role } => format!("{me} is no longer {role}."),
        Reason::ElectionStarted { term, needed, .. } => format!(
            "{me}'s election timer has run out: it stands for election in term {term}, votes for itself and needs {} in all.",
            votes(*needed)
        ),
        Reason::PreVoteStarted { term, needed, .. } => format!(
            "{me}'s election timer has run out: it asks who would vote for it in term {term}, and needs {} in all, its own among them.",
            votes(*needed)
        ),
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => format!(
            "{me} would vote for {candidate} in term {term}: {candidate}'s log ends {}, its own {}.",
            at(*theirs),
            at(*mine)
        ),
        Reason::PreVoteRefused {
            candidate, refusal, ..
        } => {
            format!(
                "{me} would not vote for {candidate}: {}.",
                refusal_cause(me, *candidate, *refusal)
            )
        }
        Reason::PreVoteWon {
            term,
            granted,
            needed,
        } => format!(
            "{me} would win term {term}: {granted} would vote for it, and {needed} are a majority."
        ),
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
        } => format!(
            "{me} ignores {candidate}, which stands in term {term}: it hears from {}.",
            leader_name(me, *leader)
        ),
        Reason::QuorumHeard { active, needed } => format!(
            "{me} leads on: {active} have answered since the last check, and {needed} are a majority."
        ),
        Reason::QuorumLost { active, needed } => format!(
            "{me} steps down: since the last check only {active} have answered, and {needed} would be a majority."
        ),
        Reason::TransferStarted {
            target,
            matched,
            last,
        } => format!(
            "{me} hands over to {target} and takes no requests meanwhile: {target} holds its log up to index {matched} of {last}."
        ),
        Reason::TimeoutNowSent { target } => {
            format!(
                "{me} tells {target}, which holds its whole log, to stand for election at once."
            )
        }
        Reason::ToldToStand { leader } => {
            format!("{me} stands for election because {leader} hands over to it.")
        }
        Reason::TransferAborted { target } => {
            format!("{me} gives up handing over to {target} and takes requests again.")
        }
        Reason::TransferRefused { target, refusal } => {
            format!(
                "{me} does not hand over to {target}: {}.",
                transfer_refusal(*refusal)
            )
        }
        Reason::ProposalDeferred { target } => {
            format!("{me} takes no request while it hands over to {target}.")
        }
        Reason::OwnVoteWaits => format!("{me}'s own vote counts once it is on disk."),
        Reason::VoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => format!(
            "{me} votes for {candidate} in term {term}: {candidate}'s log ends {}, its own {}.",
            at(*theirs),
            at(*mine)
        ),
        Reason::VoteRefused {
            candidate,
            term,
            refusal,
        } => refusal_sentence(me, *candidate, *term, *refusal),
        Reason::VoteCounted {
            voter,
            granted,
            needed,
        } => format!("{me} counts the vote of {voter}: {granted} of the {needed} that it needs."),
        Reason::VoteDenied {
            voter,
            refused,
            hope,
        } => {
            let rest = if *hope {
                "it can still win"
            } else {
                "it can no longer win, and waits for its timeout"
            };
            format!("{me} is refused by {voter}, {refused} in all; {rest}.")
        }
        Reason::ElectionWon {
            term,
            granted,
            needed,
        } => format!(
            "{me} leads term {term}: it has the votes of {granted}, and {needed} are a majority."
        ),
        Reason::LeaderFollowed { leader, term } => {
            format!("{me} follows {leader}, the leader of term {term}.")
        }
        Reason::TimerArmed { timer, cause } => format!(
            "{me} starts its {} timer {}.",
            timer.name(),
            timer_cause(*timer, *cause)
        ),
        Reason::HeartbeatSent { term } => {
            format!("{me}, the leader of term {term}, sends AppendEntries to all.")
        }
        Reason::EntryAppended { position, no_op } => {
            let what = if *no_op {
                "an empty entry of its own term"
            } else {
                "the client's command"
            };
            format!("{me} appends {what} {}.", at(*position))
        }
        Reason::ProposalRefused { leader } => match leader {
            Some(leader) => format!("{me} does not lead and sends the client to {leader}."),
            None => format!("{me} does not lead, and knows no leader to send the client to."),
        },
        Reason::EntriesAccepted { prev, matched, new } => match new {
            0 => format!("{me} finds its log as the leader says, up to index {matched}."),
            _ => format!(
                "{me} takes {} after {} and confirms index {matched}.",
                entries(*new),
                place(*prev)
            ),
        },
        Reason::EntriesRefused { prev, mine, hint } => {
            let have = match mine {
                Some(term) => format!("it has an entry of term {term} there"),
                None => "its log ends before it".to_owned(),
            };
            format!(
                "{me} refuses the entries after {}: {have}. The leader should try after index {hint}.",
                place(*prev)
            )
        }
        Reason::ConflictDeleted {
            from,
            through,
            mine,
            theirs,
        } => {
            let which = range(*from, *through);
            match theirs {
                Some(theirs) => format!(
                    "{me} deletes {which}, of term {mine} where the leader has term {theirs}."
                ),
                None => format!("{me} deletes {which}, which the leader did not mention."),
            }
        }
        Reason::MatchAdvanced { follower, new, .. } => {
            format!("{me} now knows that {follower} holds its log up to index {new}.")
        }
        Reason::MatchConfirmed { follower, matched } => {
            format!("{me} hears from {follower}, which still holds its log up to index {matched}.")
        }
        Reason::NextLowered { follower, new, .. } => {
            format!("{me} goes back with {follower} and tries again from index {new}.")
        }
        Reason::CommitAdvanced {
            new,
            holders,
            needed,
            ..
        } => format!(
            "{me} commits up to index {new}: {holders} hold it on disk, and {needed} are a majority."
        ),
        Reason::CommitWaits {
            index,
            holders,
            needed,
        } => format!(
            "Index {index} is not committed yet: {} of {needed} servers hold it on disk.",
            holders.len()
        ),
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
        } => format!(
            "Index {} is on {holders}, a majority, but its term {} is not the leader's {term}: it commits only along with an entry of term {term}.",
            entry.index, entry.term
        ),
        Reason::CommitLearned { new, .. } => format!("{me} learns that index {new} is committed."),
        Reason::ChangeAppended { change, position } => {
            let what = match change {
                MemberChange::Add(server) => format!("{server} gets a vote"),
                MemberChange::Remove(server) => format!("{server} loses its vote"),
            };
            format!("{me} appends the change that {what} {}.", at(*position))
        }
        Reason::ChangeRefused { change, refusal } => {
            let what = match change {
                MemberChange::Add(server) => format!("add {server}"),
                MemberChange::Remove(server) => format!("remove {server}"),
            };
            format!("{me} does not {what}: {}.", change_refusal(*refusal))
        }
        Reason::MembersChanged { index, old, new } => match *index {
            LogIndex::ZERO => format!(
                "{me} goes back to the members of the start, {new}; the change to {old} is deleted."
            ),
            index => format!(
                "For {me}, {new} vote from now on, as index {index} says; before it was {old}."
            ),
        },
        Reason::RemovalCommitted { index } => format!(
            "{me} is no member any more, and its removal at index {index} is committed: it stops leading."
        ),
        Reason::RuleBroken { broken } => format!(
            "A rule is switched off, and that made a difference here: {}",
            broken.statement()
        ),
        Reason::RequestStale {
            sender,
            kind,
            theirs,
            mine,
        } => {
            format!(
                "{me} refuses {kind} from {sender}: its term {theirs} is over, this is term {mine}."
            )
        }
        Reason::Dropped {
            sender,
            kind,
            cause,
        } => {
            format!("{me} ignores {kind} from {sender}: {}.", drop_cause(*cause))
        }
        Reason::TimerIgnored { timer, role } => {
            format!(
                "{me} is {role} and has no use for its {} timer.",
                timer.name()
            )
        }
    }
}

fn refusal_sentence(me: NodeId, candidate: NodeId, term: Term, refusal: Refusal) -> String {
    let cause = refusal_cause(me, candidate, refusal);
    format!("{me} refuses {candidate} its vote in term {term}: {cause}.")
}

fn refusal_cause(me: NodeId, candidate: NodeId, refusal: Refusal) -> String {
    match refusal {
        Refusal::AlreadyVoted { voted_for } if voted_for == me => "it stands itself".to_owned(),
        Refusal::AlreadyVoted { voted_for } => format!("it has voted for {voted_for}"),
        Refusal::TermTaken { mine } => {
            format!("it is in term {mine} already and its vote is not free")
        }
        Refusal::LeaderAlive { leader } => format!("it hears from {}", leader_name(me, leader)),
        Refusal::LogBehind { theirs, mine } => format!(
            "{candidate}'s log ends {}, behind its own, which ends {}",
            at(theirs),
            at(mine)
        ),
    }
}

fn leader_name(me: NodeId, leader: NodeId) -> String {
    match leader == me {
        true => "a majority, as the leader itself".to_owned(),
        false => format!("the leader, {leader}"),
    }
}

fn transfer_refusal(refusal: TransferRefusal) -> &'static str {
    match refusal {
        TransferRefusal::NotLeader => "it does not lead",
        TransferRefusal::NoMember => "that server has no vote in this cluster",
        TransferRefusal::LeadsAlready => "it leads already",
        TransferRefusal::UnderWay => "that is under way already",
    }
}

fn change_refusal(refusal: ChangeRefusal) -> String {
    match refusal {
        ChangeRefusal::AlreadyMember => "it has a vote already".to_owned(),
        ChangeRefusal::NoMember => "it has no vote".to_owned(),
        ChangeRefusal::LastMember => "nobody would be left".to_owned(),
        ChangeRefusal::UnderWay { index } => {
            format!("the change at index {index} is not committed yet")
        }
        ChangeRefusal::NothingCommitted => {
            "it has not committed an entry of its own term yet".to_owned()
        }
    }
}

fn drop_cause(cause: DropCause) -> String {
    match cause {
        DropCause::StaleTerm { theirs, mine } => {
            format!("it answers a question of term {theirs}, and this is term {mine}")
        }
        DropCause::Unasked { role } => match role {
            RoleName::Leader => "a leader needs no more votes".to_owned(),
            _ => format!("a {role} has not asked for it"),
        },
        DropCause::NothingNew => "it says nothing new".to_owned(),
        DropCause::LeadingMyself => "it leads this term itself".to_owned(),
        DropCause::CannotStand => "it cannot stand for election".to_owned(),
    }
}

fn timer_cause(timer: Timer, cause: TimerCause) -> &'static str {
    match (cause, timer) {
        (TimerCause::Started, _) => "because it has just started",
        (TimerCause::ElectionStarted, _) => "anew, for the election may fail",
        (TimerCause::VoteGranted, _) => "anew, to give the candidate time",
        (TimerCause::LeaderHeard, _) => "anew, because it has heard from the leader",
        (TimerCause::SteppedDown, _) => "because it no longer leads",
        (TimerCause::CheckingQuorum, _) => "to see whether a majority still answers",
        (TimerCause::TransferStarted, _) => "to give up if the other does not get to lead",
        (TimerCause::HeartbeatSent, _) => "for the next round",
    }
}

fn range(from: LogIndex, through: LogIndex) -> String {
    if from == through {
        format!("the entry at index {from}")
    } else {
        format!("the entries from index {from} to {through}")
    }
}

fn votes(count: u8) -> String {
    match count {
        1 => "1 vote".to_owned(),
        _ => format!("{count} votes"),
    }
}

fn entries(count: u64) -> String {
    match count {
        1 => "1 new entry".to_owned(),
        _ => format!("{count} new entries"),
    }
}
