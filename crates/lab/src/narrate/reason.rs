//! Sentences for reasons.

use hustings_raft::{
    ChangeRefusal, DropCause, ElectionCause, LogIndex, MemberChange, MessageKind, NodeId, NodeSet,
    Reason, Refusal, RoleName, StandRefusal, StepDownCause, Term, Timer, TimerCause,
    TransferRefusal,
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
        Reason::SteppedDown { role, cause } => {
            format!("{me} is no longer {role}: {}.", step_down_cause(*cause))
        }
        Reason::ElectionStarted {
            cause,
            term,
            needed,
            ..
        } => format!(
            "{me}{}: it stands for election in term {term}, votes for itself and needs {} in all.",
            election_cause(*cause),
            votes(*needed)
        ),
        Reason::MayNotStand { refusal } => format!(
            "{me}'s election timer has run out, but it does not stand for election: {}.",
            stand_refusal(*refusal)
        ),
        Reason::PreVoteStarted { term, needed, .. } => format!(
            "{me}'s election timer has run out: it asks who would vote for it in term {term}, and needs {} in all.",
            votes(*needed)
        ),
        Reason::PreVoteCounted {
            voter,
            granted,
            needed,
        } => {
            let whom = match *voter == me {
                true => "itself".to_owned(),
                false => me.to_string(),
            };
            format!("{voter} would vote for {whom}: {granted} of the {needed} that {me} needs.")
        }
        Reason::PreVoteDenied {
            voter,
            refused,
            hope,
        } => format!(
            "{voter} would not vote for {me}, {refused} in all; {}.",
            the_others(*hope)
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
            "{me} leads on: {} answered since the last check, and {needed} are a majority.",
            have(*active)
        ),
        Reason::QuorumLost { active, needed } => format!(
            "{me} steps down: {} answered since the last check, and {needed} would be a majority.",
            only(*active)
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
        } => format!(
            "{me} is refused by {voter}, {refused} in all; {}.",
            the_others(*hope)
        ),
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
            committed,
        } => {
            let which = range(*from, *through);
            let why = match theirs {
                Some(theirs) => format!("of term {mine} where the leader has term {theirs}"),
                None => "which the leader did not mention".to_owned(),
            };
            let loss = match committed {
                true => ", though it knew that this was committed",
                false => "",
            };
            format!("{me} deletes {which}, {why}{loss}.")
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
            let why = drop_cause(*sender, *kind, *cause);
            format!("{me} ignores {kind} from {sender}: {why}.")
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
            format!("it does not know yet whether the change at index {index} is committed")
        }
        ChangeRefusal::NothingCommitted => {
            "it has not committed an entry of its own term yet".to_owned()
        }
    }
}

fn drop_cause(sender: NodeId, kind: MessageKind, cause: DropCause) -> String {
    match cause {
        DropCause::StaleTerm { theirs, mine } if kind.is_reply() => {
            format!("it answers a question of term {theirs}, and this is term {mine}")
        }
        DropCause::StaleTerm { theirs, mine } => {
            format!("its term {theirs} is over, this is term {mine}")
        }
        DropCause::OtherTerm { theirs, asked } => {
            format!("it is about term {theirs}, and the question is about term {asked}")
        }
        DropCause::Unasked { role } => unasked(kind, role),
        DropCause::NothingNew => "it says nothing new".to_owned(),
        DropCause::NoMember => format!("{sender} has no vote in this cluster"),
        DropCause::FromMyself => "it did not send that".to_owned(),
        DropCause::LeadingMyself => "it leads this term itself".to_owned(),
        DropCause::CannotStand { refusal } => stand_refusal(refusal).to_owned(),
    }
}

fn unasked(kind: MessageKind, role: RoleName) -> String {
    let what = match kind {
        MessageKind::RequestVoteReply if role == RoleName::Leader => {
            return "a leader needs no more votes".to_owned();
        }
        MessageKind::RequestVoteReply => "votes",
        MessageKind::PreVoteReply => "pre-votes",
        MessageKind::AppendEntriesReply => "acknowledgements",
        MessageKind::RequestVote
        | MessageKind::PreVote
        | MessageKind::AppendEntries
        | MessageKind::TimeoutNow => "it",
    };
    format!("a {role} has no use for {what}")
}

fn step_down_cause(cause: StepDownCause) -> &'static str {
    match cause {
        StepDownCause::HigherTerm => "there is a higher term",
        StepDownCause::LeaderHeard => "there is a leader",
        StepDownCause::VoteGranted => "it votes for another",
        StepDownCause::QuorumLost => "too few have answered",
        StepDownCause::Removed => "its removal is committed",
    }
}

/// What is so with a server that stands; its name comes before.
fn election_cause(cause: ElectionCause) -> &'static str {
    match cause {
        ElectionCause::TimedOut => "'s election timer has run out",
        ElectionCause::PreVoteWon => " would win",
        ElectionCause::ToldToStand => " is to lead in the leader's place",
    }
}

fn stand_refusal(refusal: StandRefusal) -> &'static str {
    match refusal {
        StandRefusal::NoMember => "it has no vote in this cluster",
        StandRefusal::LastTerm => "this is the last term there is",
    }
}

fn timer_cause(timer: Timer, cause: TimerCause) -> &'static str {
    match (cause, timer) {
        (TimerCause::Started, _) => "because it has just started",
        (TimerCause::PreVoteStarted, _) => "anew, for a majority may be against it",
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

/// `S1 S2 have`, `S1 has` or `nobody has`.
fn have(servers: NodeSet) -> String {
    match servers.len() {
        0 => "nobody has".to_owned(),
        1 => format!("{servers} has"),
        _ => format!("{servers} have"),
    }
}

/// As [`have`], with `only`.
fn only(servers: NodeSet) -> String {
    match servers.is_empty() {
        true => have(servers),
        false => format!("only {}", have(servers)),
    }
}

/// What is left to a candidate after a refusal.
fn the_others(hope: bool) -> &'static str {
    match hope {
        true => "the others are still a majority",
        false => "the others are no majority, and it waits for its timeout",
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

#[cfg(test)]
mod tests {
    use hustings_raft::Position;

    use super::*;

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn told(reason: Reason) -> String {
        explain(id(1), &reason)
    }

    fn dropped(kind: MessageKind, cause: DropCause) -> String {
        told(Reason::Dropped {
            sender: id(2),
            kind,
            cause,
        })
    }

    #[test]
    fn what_a_server_ignores_is_told_by_what_it_is() {
        let (theirs, mine, asked) = (Term(1), Term(2), Term(3));
        let stale = DropCause::StaleTerm { theirs, mine };
        let role = RoleName::Leader;
        for (kind, cause, sentence) in [
            (
                MessageKind::TimeoutNow,
                stale,
                "S1 ignores TimeoutNow from S2: its term 1 is over, this is term 2.",
            ),
            (
                MessageKind::AppendEntriesReply,
                stale,
                "S1 ignores AppendEntriesReply from S2: it answers a question of term 1, and this is term 2.",
            ),
            (
                MessageKind::PreVoteReply,
                DropCause::OtherTerm { theirs, asked },
                "S1 ignores PreVoteReply from S2: it is about term 1, and the question is about term 3.",
            ),
            (
                MessageKind::RequestVoteReply,
                DropCause::Unasked { role },
                "S1 ignores RequestVoteReply from S2: a leader needs no more votes.",
            ),
            (
                MessageKind::AppendEntriesReply,
                DropCause::NoMember,
                "S1 ignores AppendEntriesReply from S2: S2 has no vote in this cluster.",
            ),
        ] {
            assert_eq!(dropped(kind, cause), sentence);
        }
        let role = RoleName::Follower;
        assert_eq!(
            dropped(MessageKind::AppendEntriesReply, DropCause::Unasked { role }),
            "S1 ignores AppendEntriesReply from S2: a follower has no use for acknowledgements."
        );
    }

    #[test]
    fn only_a_server_that_timed_out_is_told_to_have_timed_out() {
        let stands = |cause| {
            told(Reason::ElectionStarted {
                cause,
                term: Term(2),
                last: Position::START,
                needed: 2,
            })
        };
        let timed_out = "S1's election timer has run out";
        assert!(stands(ElectionCause::TimedOut).starts_with(timed_out));
        for cause in [ElectionCause::PreVoteWon, ElectionCause::ToldToStand] {
            assert!(!stands(cause).contains("timer"), "{}", stands(cause));
        }
        let refusal = StandRefusal::NoMember;
        assert_eq!(
            told(Reason::MayNotStand { refusal }),
            "S1's election timer has run out, but it does not stand for election: it has no vote in this cluster."
        );
    }

    #[test]
    fn the_lost_quorum_is_told_in_numbers() {
        let needed = 2;
        for (active, who) in [
            (NodeSet::first(2), "only S1 S2 have"),
            (NodeSet::first(1), "only S1 has"),
            (NodeSet::EMPTY, "nobody has"),
        ] {
            assert_eq!(
                told(Reason::QuorumLost { active, needed }),
                format!(
                    "S1 steps down: {who} answered since the last check, and 2 would be a majority."
                )
            );
        }
    }

    #[test]
    fn what_was_committed_and_is_deleted_is_told_so() {
        let deleted = |committed| {
            told(Reason::ConflictDeleted {
                from: LogIndex(2),
                through: LogIndex(2),
                mine: Term(1),
                theirs: Some(Term(2)),
                committed,
            })
        };
        let sentence = "S1 deletes the entry at index 2, of term 1 where the leader has term 2";
        assert_eq!(deleted(false), format!("{sentence}."));
        let loss = "though it knew that this was committed";
        assert_eq!(deleted(true), format!("{sentence}, {loss}."));
    }

    #[test]
    fn a_change_under_way_may_be_committed_elsewhere() {
        let (index, change) = (LogIndex(3), MemberChange::Remove(id(2)));
        let refusal = ChangeRefusal::UnderWay { index };
        assert_eq!(
            told(Reason::ChangeRefused { change, refusal }),
            "S1 does not remove S2: it does not know yet whether the change at index 3 is committed."
        );
    }
}
