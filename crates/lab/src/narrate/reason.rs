//! Sentences for reasons.

use hustings_raft::{
    ChangeRefusal, DropCause, ElectionCause, LogIndex, MemberChange, MessageKind, NodeId, NodeSet,
    Reason, Refusal, RoleName, StandRefusal, StepDownCause, TimerCause, TransferRefusal,
};

use super::lang::{Texts, servers};
use super::{Lang, broken, log_end, place, role, timer};

/// A reason in one sentence; `me` is the server that took the step.
pub fn explain(me: NodeId, reason: &Reason, lang: Lang) -> String {
    let t = lang.texts();
    match *reason {
        Reason::Started { term, last, .. } => t.begins(me, term, log_end(last, t)),
        Reason::TermAdopted { old, new, sender } => t.term_adopted(me, new, sender, old),
        Reason::SteppedDown { role: old, cause } => {
            t.stepped_down(me, role(old, lang), step_down_cause(cause, t))
        }
        Reason::ElectionStarted {
            cause,
            term,
            needed,
            ..
        } => t.election_started(election_cause(me, cause, t), term, votes(needed, t)),
        Reason::MayNotStand { refusal } => t.may_not_stand(me, stand_refusal(refusal, t)),
        Reason::PreVoteStarted { term, needed, .. } => {
            t.pre_vote_started(me, term, votes(needed, t))
        }
        Reason::PreVoteCounted {
            voter,
            granted,
            needed,
        } => match voter == me {
            true => t.own_pre_vote_counted(me, granted, needed),
            false => t.pre_vote_counted(voter, me, granted, needed),
        },
        Reason::PreVoteDenied {
            voter,
            refused,
            hope,
        } => t.pre_vote_denied(voter, me, refused, the_others(hope, t)),
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => t.pre_vote_granted(me, candidate, term, log_end(theirs, t), log_end(mine, t)),
        Reason::PreVoteRefused {
            candidate, refusal, ..
        } => t.pre_vote_refused(me, candidate, refusal_cause(me, candidate, refusal, t)),
        Reason::PreVoteWon {
            term,
            granted,
            needed,
        } => t.pre_vote_won(me, term, servers(granted, t), needed),
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
        } => t.lease_held(me, candidate, term, hears_from(me, leader, t)),
        Reason::QuorumHeard { active, needed } => {
            t.quorum_heard(me, have_answered(active, t), needed)
        }
        Reason::QuorumLost { active, needed } => {
            t.quorum_lost(me, only_have_answered(active, t), needed)
        }
        Reason::TransferStarted {
            target,
            matched,
            last,
        } => t.transfer_started(me, target, matched, last),
        Reason::TimeoutNowSent { target } => t.timeout_now_sent(me, target),
        Reason::ToldToStand { leader } => t.told_to_stand(me, leader),
        Reason::TransferAborted { target } => t.transfer_aborted(me, target),
        Reason::TransferRefused { target, refusal } => {
            t.transfer_refused(me, target, transfer_refusal(refusal, t))
        }
        Reason::ProposalDeferred { target } => t.proposal_deferred(me, target),
        Reason::OwnVoteWaits => t.own_vote_waits(me),
        Reason::VoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => t.vote_granted(me, candidate, term, log_end(theirs, t), log_end(mine, t)),
        Reason::VoteRefused {
            candidate,
            term,
            refusal,
        } => {
            let cause = refusal_cause(me, candidate, refusal, t);
            t.vote_refused(me, candidate, term, cause)
        }
        Reason::VoteCounted {
            voter,
            granted,
            needed,
        } => t.vote_counted(me, voter, granted, needed),
        Reason::VoteDenied {
            voter,
            refused,
            hope,
        } => t.vote_denied(me, voter, refused, the_others(hope, t)),
        Reason::ElectionWon {
            term,
            granted,
            needed,
        } => t.election_won(me, term, servers(granted, t), needed),
        Reason::LeaderFollowed { leader, term } => t.leader_followed(me, leader, term),
        Reason::TimerArmed {
            timer: which,
            cause,
        } => t.timer_armed(me, timer(which, lang), timer_cause(cause, t)),
        Reason::HeartbeatSent { term } => t.heartbeat_sent(me, term),
        Reason::EntryAppended { position, no_op } => match no_op {
            true => t.no_op_appended(me, place(position, t)),
            false => t.command_appended(me, place(position, t)),
        },
        Reason::ProposalRefused { leader } => match leader {
            Some(leader) => t.client_sent_on(me, leader),
            None => t.client_sent_away(me),
        },
        Reason::EntriesAccepted { prev, matched, new } => match new {
            0 => t.nothing_new_accepted(me, matched),
            1 => t.entry_accepted(me, place(prev, t), matched),
            _ => t.entries_accepted(me, new, place(prev, t), matched),
        },
        Reason::EntriesRefused { prev, mine, hint } => match mine {
            Some(term) => t.entries_refused_other(me, place(prev, t), term, hint),
            None => t.entries_refused_short(me, place(prev, t), hint),
        },
        Reason::ConflictDeleted {
            from,
            through,
            mine,
            theirs,
            committed,
        } => {
            let which = indexes(from, through, t);
            let loss = match committed {
                true => t.though_committed(),
                false => "",
            };
            match theirs {
                Some(theirs) => t.conflict_deleted(me, which, mine, theirs, loss),
                None => t.unmentioned_deleted(me, which, loss),
            }
        }
        Reason::MatchAdvanced { follower, new, .. } => t.match_advanced(me, follower, new),
        Reason::MatchConfirmed { follower, matched } => t.match_confirmed(me, follower, matched),
        Reason::NextLowered { follower, new, .. } => t.next_lowered(me, follower, new),
        Reason::CommitAdvanced {
            new,
            holders,
            needed,
            ..
        } => t.commit_advanced(me, new, servers(holders, t), needed),
        Reason::CommitWaits {
            index,
            holders,
            needed,
        } => t.commit_waits(index, holders.len(), needed),
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
        } => t.commit_waits_for_own_term(entry.index, servers(holders, t), entry.term, term),
        Reason::CommitLearned { new, .. } => t.commit_learned(me, new),
        Reason::ChangeAppended { change, position } => match change {
            MemberChange::Add(server) => t.add_appended(me, server, place(position, t)),
            MemberChange::Remove(server) => t.remove_appended(me, server, place(position, t)),
        },
        Reason::ChangeRefused { change, refusal } => {
            let cause = change_refusal(refusal, t);
            match change {
                MemberChange::Add(server) => t.add_refused(me, server, cause),
                MemberChange::Remove(server) => t.remove_refused(me, server, cause),
            }
        }
        Reason::MembersChanged { index, old, new } => {
            let (old, new) = (servers(old, t), servers(new, t));
            match index {
                LogIndex::ZERO => t.members_back(me, new, old),
                index => t.members_changed(me, new, index, old),
            }
        }
        Reason::RemovalCommitted { index } => t.removal_committed(me, index),
        Reason::RuleBroken { broken: which } => t.rule_broken(broken(which, lang)),
        Reason::RequestStale {
            sender,
            kind,
            theirs,
            mine,
        } => t.request_stale(me, kind, sender, theirs, mine),
        Reason::Dropped {
            sender,
            kind,
            cause,
        } => t.dropped(me, kind, sender, drop_cause(sender, kind, cause, lang)),
        Reason::TimerIgnored {
            timer: which,
            role: mine,
        } => t.timer_ignored(me, role(mine, lang), timer(which, lang)),
    }
}

pub(super) fn refusal_cause(me: NodeId, candidate: NodeId, refusal: Refusal, t: Texts) -> String {
    match refusal {
        Refusal::AlreadyVoted { voted_for } if voted_for == me => t.stands_itself().to_owned(),
        Refusal::AlreadyVoted { voted_for } => t.has_voted_for(voted_for),
        Refusal::TermTaken { mine } => t.term_taken(mine),
        Refusal::LeaderAlive { leader } => hears_from(me, leader, t),
        Refusal::LogBehind { theirs, mine } => {
            t.log_behind(candidate, log_end(theirs, t), log_end(mine, t))
        }
    }
}

pub(super) fn hears_from(me: NodeId, leader: NodeId, t: Texts) -> String {
    match leader == me {
        true => t.hears_from_majority().to_owned(),
        false => t.hears_from_leader(leader),
    }
}

fn transfer_refusal(refusal: TransferRefusal, t: Texts) -> &'static str {
    match refusal {
        TransferRefusal::NotLeader => t.does_not_lead(),
        TransferRefusal::NoMember => t.target_has_no_vote(),
        TransferRefusal::LeadsAlready => t.leads_already(),
        TransferRefusal::UnderWay => t.under_way_already(),
    }
}

fn change_refusal(refusal: ChangeRefusal, t: Texts) -> String {
    let fixed = match refusal {
        ChangeRefusal::UnderWay { index } => return t.change_under_way(index),
        ChangeRefusal::AlreadyMember => t.change_has_vote(),
        ChangeRefusal::NoMember => t.change_has_none(),
        ChangeRefusal::LastMember => t.change_last_member(),
        ChangeRefusal::NothingCommitted => t.change_too_early(),
    };
    fixed.to_owned()
}

pub(super) fn drop_cause(
    sender: NodeId,
    kind: MessageKind,
    cause: DropCause,
    lang: Lang,
) -> String {
    let t = lang.texts();
    match cause {
        DropCause::StaleTerm { theirs, mine } => match kind.is_reply() {
            true => t.stale_reply(theirs, mine),
            false => t.stale_term(theirs, mine),
        },
        DropCause::OtherTerm { theirs, asked } => t.other_term(theirs, asked),
        DropCause::Unasked { role } => unasked(kind, role, lang),
        DropCause::NothingNew => t.nothing_new().to_owned(),
        DropCause::NoMember => t.sender_has_no_vote(sender),
        DropCause::FromMyself => t.from_myself().to_owned(),
        DropCause::LeadingMyself => t.leads_itself().to_owned(),
        DropCause::CannotStand { refusal } => stand_refusal(refusal, t).to_owned(),
    }
}

fn unasked(kind: MessageKind, mine: RoleName, lang: Lang) -> String {
    let t = lang.texts();
    let me = role(mine, lang);
    match kind {
        MessageKind::RequestVoteReply if mine == RoleName::Leader => {
            t.leader_needs_no_votes().to_owned()
        }
        MessageKind::RequestVoteReply => t.no_use_for_votes(me),
        MessageKind::PreVoteReply => t.no_use_for_pre_votes(me),
        MessageKind::AppendEntriesReply => t.no_use_for_acknowledgements(me),
        MessageKind::RequestVote
        | MessageKind::PreVote
        | MessageKind::AppendEntries
        | MessageKind::TimeoutNow => t.no_use_for_it(me),
    }
}

fn step_down_cause(cause: StepDownCause, t: Texts) -> &'static str {
    match cause {
        StepDownCause::HigherTerm => t.because_higher_term(),
        StepDownCause::LeaderHeard => t.because_leader_heard(),
        StepDownCause::VoteGranted => t.because_vote_granted(),
        StepDownCause::QuorumLost => t.because_quorum_lost(),
        StepDownCause::Removed => t.because_removed(),
    }
}

fn election_cause(me: NodeId, cause: ElectionCause, t: Texts) -> String {
    match cause {
        ElectionCause::TimedOut => t.timed_out(me),
        ElectionCause::PreVoteWon => t.would_win(me),
        ElectionCause::ToldToStand => t.to_lead(me),
    }
}

fn stand_refusal(refusal: StandRefusal, t: Texts) -> &'static str {
    match refusal {
        StandRefusal::NoMember => t.has_no_vote(),
        StandRefusal::LastTerm => t.last_term(),
    }
}

fn timer_cause(cause: TimerCause, t: Texts) -> &'static str {
    match cause {
        TimerCause::Started => t.timer_just_started(),
        TimerCause::PreVoteStarted => t.timer_pre_vote(),
        TimerCause::ElectionStarted => t.timer_election_started(),
        TimerCause::VoteGranted => t.timer_vote_granted(),
        TimerCause::LeaderHeard => t.timer_leader_heard(),
        TimerCause::SteppedDown => t.timer_stepped_down(),
        TimerCause::CheckingQuorum => t.timer_checking_quorum(),
        TimerCause::TransferStarted => t.timer_transfer_started(),
        TimerCause::HeartbeatSent => t.timer_heartbeat_sent(),
    }
}

fn indexes(from: LogIndex, through: LogIndex, t: Texts) -> String {
    match from == through {
        true => t.one_index(from),
        false => t.indexes(from, through),
    }
}

fn have_answered(active: NodeSet, t: Texts) -> String {
    match active.len() {
        0 => t.nobody_answered().to_owned(),
        1 => t.one_answered(active),
        _ => t.some_answered(servers(active, t)),
    }
}

fn only_have_answered(active: NodeSet, t: Texts) -> String {
    match active.len() {
        0 => t.nobody_answered().to_owned(),
        1 => t.only_one_answered(active),
        _ => t.only_some_answered(servers(active, t)),
    }
}

/// What is left to a candidate after a refusal.
fn the_others(hope: bool, t: Texts) -> &'static str {
    match hope {
        true => t.others_suffice(),
        false => t.others_do_not_suffice(),
    }
}

fn votes(count: u8, t: Texts) -> String {
    match count {
        1 => t.one_vote().to_owned(),
        _ => t.votes(count),
    }
}

#[cfg(test)]
mod tests {
    use hustings_raft::{Position, Term};

    use super::*;

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn told(reason: Reason) -> String {
        explain(id(1), &reason, Lang::En)
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

    #[test]
    fn chinese_has_its_own_order_of_words() {
        let told = |reason| explain(id(1), &reason, Lang::Zh);
        let (term, needed) = (Term(2), 2);
        let mine = Position {
            index: LogIndex(3),
            term: Term(1),
        };
        for (reason, sentence) in [
            (
                Reason::ElectionStarted {
                    cause: ElectionCause::TimedOut,
                    term,
                    last: mine,
                    needed,
                },
                "S1 的选举定时器到期：它在任期 2 参选，投票给自己，共需 2 票。",
            ),
            (
                Reason::VoteRefused {
                    candidate: id(2),
                    term,
                    refusal: Refusal::LogBehind {
                        theirs: Position::START,
                        mine,
                    },
                },
                "S1 在任期 2 拒绝投票给 S2：S2 的日志为空，不如投票者的日志新，后者止于索引 3（任期 1）。",
            ),
            (
                Reason::SteppedDown {
                    role: RoleName::Leader,
                    cause: StepDownCause::HigherTerm,
                },
                "S1 不再是领导者：出现了更高的任期。",
            ),
            (
                Reason::CommitAdvanced {
                    old: LogIndex(2),
                    new: LogIndex(3),
                    holders: NodeSet::first(2),
                    needed,
                },
                "S1 提交到索引 3：S1、S2 已将其落盘，2 台即为多数派。",
            ),
            (
                Reason::RuleBroken {
                    broken: hustings_raft::BrokenRule::QuorumOfHalf,
                },
                "一条规则被破坏，并在这里造成了差别：在偶数台服务器的集群中，半数就够。",
            ),
        ] {
            assert_eq!(told(reason), sentence);
        }
    }
}
