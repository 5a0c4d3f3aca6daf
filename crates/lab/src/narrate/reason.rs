//! Sentences for reasons.

use hustings_raft::{
    BrokenRule, ChangeRefusal, Contact, DropCause, ElectionCause, ElectionRefusal, LogIndex,
    MemberChange, MessageKind, NodeId, NodeSet, Position, Reason, RoleName, StepDownCause, Term,
    TimerCause, TransferRefusal, VoteRefusal,
};

use super::lang::{Texts, servers};
use super::{Lang, broken, log_end, place, role, timer};

/// A reason in one sentence; `me` is the server that took the step.
pub fn explain(me: NodeId, reason: &Reason, lang: Lang) -> String {
    let t = lang.texts();
    match *reason {
        Reason::Started {
            term,
            voted_for,
            last,
        } => t.begins(me, term, vote(voted_for, t), log_end(last, t)),
        Reason::TermAdopted { old, new, sender } => t.term_adopted(me, new, sender, old),
        Reason::SteppedDown { role: old, cause } => {
            t.stepped_down(me, role(old, lang), step_down_cause(cause, t))
        }
        Reason::ElectionStarted {
            cause,
            term,
            needed,
            members,
            ..
        } => {
            let needed = votes(needed, members, t);
            t.election_started(election_cause(me, cause, t), term, needed)
        }
        Reason::MayNotStand { refusal } => t.may_not_stand(me, stand_refusal(me, refusal, t)),
        Reason::PreVoteStarted {
            term,
            needed,
            members,
            ..
        } => t.pre_vote_started(me, term, votes(needed, members, t)),
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
        } => t.pre_vote_denied(voter, me, refused, the_others(me, hope, t)),
        Reason::PreVoteGranted {
            candidate,
            term,
            theirs,
            mine,
        } => t.pre_vote_granted(me, candidate, term, log_end(theirs, t), log_end(mine, t)),
        Reason::PreVoteRefused {
            candidate,
            term,
            refusal,
        } => {
            let cause = refusal_cause(me, candidate, term, refusal, t);
            t.pre_vote_refused(me, candidate, cause)
        }
        Reason::PreVoteWon {
            term,
            granted,
            needed,
            members,
        } => t.pre_vote_won(me, term, servers(granted, t), majority(needed, members, t)),
        Reason::LeaseHeld {
            candidate,
            term,
            leader,
            contact,
        } => t.lease_held(me, candidate, term, contact_with(me, leader, contact, t)),
        Reason::LeasePassed {
            candidate, leader, ..
        } => {
            if leader == me {
                t.lease_of_leader_passed(me, candidate)
            } else {
                t.lease_passed(me, candidate, leader)
            }
        }
        Reason::QuorumHeard {
            active,
            needed,
            members,
        } => t.quorum_heard(me, servers(active, t), majority(needed, members, t)),
        Reason::QuorumLost {
            active,
            needed,
            members,
        } => t.quorum_lost(me, only(active, t), majority(needed, members, t)),
        Reason::TransferStarted {
            target,
            matched,
            last,
        } => match matched {
            LogIndex::ZERO => t.transfer_started_blank(me, target, last),
            _ => t.transfer_started(me, target, matched, last),
        },
        Reason::TimeoutNowSent {
            target,
            after_write,
        } => {
            if after_write {
                t.timeout_now_waits(me, target)
            } else {
                t.timeout_now_sent(me, target)
            }
        }
        Reason::ToldToStand { leader } => t.told_to_stand(me, leader),
        Reason::TransferAborted { target } => t.transfer_aborted(me, target),
        Reason::TransferRefused { target, refusal } => {
            t.transfer_refused(me, target, transfer_refusal(me, target, refusal, t))
        }
        Reason::ProposalDeferred { target } => t.proposal_deferred(me, target),
        Reason::OwnVoteWaits => t.own_vote_waits(me),
        Reason::VoteGranted {
            candidate,
            term,
            voted_for,
            theirs,
            mine,
        } => {
            let free = vote_free(me, candidate, voted_for, t);
            let log = log_suffices(me, candidate, (theirs, mine), t);
            t.vote_granted(me, candidate, term, free, log)
        }
        Reason::VoteRefused {
            candidate,
            term,
            refusal,
        } => {
            let cause = refusal_cause(me, candidate, term, refusal, t);
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
        } => t.vote_denied(me, voter, refused, the_others(me, hope, t)),
        Reason::ElectionWon {
            term,
            granted,
            count,
            needed,
            members,
        } => {
            let (voters, enough) = (servers(granted, t), majority(needed, members, t));
            if count == granted.len() {
                t.election_won(me, term, voters, enough)
            } else {
                t.election_won_by_count(me, term, count, voters, enough)
            }
        }
        Reason::ElectionSkipped { term } => {
            t.election_skipped(me, term, BrokenRule::PreVotesElect.name())
        }
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
        Reason::OwnEntriesDeleted { from, through } => {
            let rule = BrokenRule::OverwriteUncommitted.name();
            t.own_entries_deleted(me, indexes(from, through, t), rule)
        }
        Reason::ProposalRefused { leader } => match leader {
            Some(leader) => t.client_sent_on(me, leader),
            None => t.client_sent_away(me),
        },
        Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            after_write,
        } => {
            let after = instead_of_prev.unwrap_or(prev);
            // What is acknowledged ends with the message, or by a broken rule with the log.
            let whole = [prev, after].iter().any(|it| it.index.0 + new == matched.0);
            let taken = accepted(me, (after, whole), (new, matched), after_write, t);
            match instead_of_prev {
                Some(_) => taken_without(me, prev, taken, t),
                None => taken,
            }
        }
        Reason::EntriesRefused { prev, mine, hint } => match mine {
            Some(term) => t.entries_refused_other(me, place(prev, t), term, hint.next()),
            None => t.entries_refused_short(me, place(prev, t), hint.next()),
        },
        Reason::ConflictDeleted {
            from,
            through,
            mine,
            theirs,
            committed,
        } => {
            let mut which = indexes(from, through, t);
            which.push_str(match (committed, from == through) {
                (true, true) => t.though_committed(),
                (true, false) => t.though_in_part_committed(),
                (false, _) => "",
            });
            match theirs {
                Some(theirs) => t.conflict_deleted(me, which, from, mine, theirs),
                None => t.unmentioned_deleted(me, which),
            }
        }
        Reason::MatchAdvanced { follower, old, new } => t.match_advanced(me, follower, old, new),
        Reason::MatchLowered { follower, old, new } => t.match_lowered(me, follower, old, new),
        Reason::MatchConfirmed { follower, matched } => match matched {
            LogIndex::ZERO => t.nothing_confirmed(me, follower),
            matched => t.match_confirmed(me, follower, matched),
        },
        Reason::NextLowered { follower, new, .. } => t.next_lowered(me, follower, new),
        Reason::CommitAdvanced {
            new,
            holders,
            needed,
            members,
            ..
        } => t.commit_advanced(me, new, hold_it(holders, t), majority(needed, members, t)),
        Reason::CommitWaits {
            index,
            holders,
            needed,
            members,
        } => t.commit_waits(
            me,
            index,
            only_hold_it(holders, t),
            majority(needed, members, t),
        ),
        Reason::CommitWaitsForOwnTerm {
            entry,
            term,
            holders,
            needed,
            members,
        } => t.commit_waits_for_own_term(
            me,
            place(entry, t),
            term,
            hold_it(holders, t),
            majority(needed, members, t),
        ),
        Reason::CommitLearned {
            old,
            new,
            leader,
            matched,
        } => {
            if new < old {
                t.commit_lowered(me, old, new)
            } else if new == leader {
                t.commit_learned(me, leader)
            } else if new == matched {
                t.commit_learned_in_part(me, leader, new)
            } else {
                t.commit_learned_otherwise(me, leader, new)
            }
        }
        Reason::ChangeAppended { change, position } => match change {
            MemberChange::Add(server) => t.add_appended(me, server, place(position, t)),
            MemberChange::Remove(server) => t.remove_appended(me, server, place(position, t)),
        },
        Reason::ChangeRefused { change, refusal } => {
            let cause = change_refusal(me, change.server(), refusal, t);
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
        Reason::RuleBroken { broken: which } => t.rule_broken(which.name(), broken(which, lang)),
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
        } => t.dropped(me, kind, sender, drop_cause(me, sender, kind, cause, lang)),
        Reason::TimerIgnored {
            timer: which,
            role: mine,
        } => t.timer_ignored(me, role(mine, lang), timer(which, lang)),
    }
}

/// Whether a server has voted in its term, and for whom.
pub(super) fn vote(voted_for: Option<NodeId>, t: Texts) -> String {
    voted_for.map_or_else(|| t.no_vote().to_owned(), |it| t.a_vote_for(it))
}

/// How a follower took a leader's entries, the `whole` of them or only some, after one
/// of its own. A confirmation that waits for the disk is told as what comes once that
/// has written; a fast disk has at once.
fn accepted(
    me: NodeId,
    (after, whole): (Position, bool),
    (new, matched): (u64, LogIndex),
    after_write: bool,
    t: Texts,
) -> String {
    let which = if whole {
        t.after(place(after, t))
    } else {
        t.among_those_after(place(after, t))
    };
    let confirms = if after_write {
        t.confirms_once_on_disk(matched)
    } else {
        t.confirms(matched)
    };
    match new {
        0 if matched == LogIndex::ZERO => t.nothing_new_at_start(me),
        0 if after_write => t.nothing_new_accepted_later(me, matched),
        0 => t.nothing_new_accepted(me, matched),
        1 => t.entry_accepted(me, which, confirms),
        _ => t.entries_accepted(me, new, which, confirms),
    }
}

pub(super) fn refusal_cause(
    me: NodeId,
    candidate: NodeId,
    term: Term,
    refusal: VoteRefusal,
    t: Texts,
) -> String {
    match refusal {
        VoteRefusal::AlreadyVoted { voted_for, role } if voted_for == me => match role {
            RoleName::Leader => t.leads_this_term(me),
            RoleName::Candidate => t.stands_itself(me),
            RoleName::Follower | RoleName::PreCandidate => t.has_voted_for_itself(me),
        },
        VoteRefusal::AlreadyVoted { voted_for, .. } => t.has_voted_for(me, voted_for),
        VoteRefusal::TermTaken { mine } if mine > term => t.term_over(me, mine),
        VoteRefusal::TermTaken { mine } => t.term_taken(me, mine),
        VoteRefusal::LeaderAlive { leader, contact } => contact_with(me, leader, contact, t),
        VoteRefusal::LogBehind { theirs, mine } => {
            let (their_end, my_end) = (log_end(theirs, t), log_end(mine, t));
            if theirs.at_least_as_up_to_date_as(mine) {
                let rule = BrokenRule::LongerLogWins.name();
                t.log_judged_behind(candidate, their_end, me, my_end, rule)
            } else if mine.term > theirs.term {
                t.log_behind_in_term(candidate, their_end, me, my_end)
            } else {
                t.log_behind_in_length(candidate, their_end, me, my_end)
            }
        }
    }
}

/// What a follower does that does not hold the entry before those of a message.
fn taken_without(me: NodeId, prev: Position, taken: String, t: Texts) -> String {
    let rule = BrokenRule::NoPreviousEntryCheck.name();
    t.taken_without_previous(me, place(prev, t), rule, taken)
}

/// Why a vote was free for a candidate.
fn vote_free(me: NodeId, candidate: NodeId, voted_for: Option<NodeId>, t: Texts) -> String {
    match voted_for {
        None => t.vote_free(me),
        Some(before) if before == candidate => t.vote_given_so(me, before),
        Some(before) => t.vote_given_otherwise(me, before, BrokenRule::ManyVotesPerTerm.name()),
    }
}

/// Why a candidate's log was up to date enough.
fn log_suffices(
    me: NodeId,
    candidate: NodeId,
    (theirs, mine): (Position, Position),
    t: Texts,
) -> String {
    let (their_end, my_end) = (log_end(theirs, t), log_end(mine, t));
    if theirs.at_least_as_up_to_date_as(mine) {
        t.log_up_to_date(candidate, their_end, me, my_end)
    } else {
        t.log_judged_up_to_date(candidate, their_end, me, my_end)
    }
}

pub(super) fn contact_with(me: NodeId, leader: NodeId, contact: Contact, t: Texts) -> String {
    match contact {
        Contact::Leads { checks_quorum } => {
            if checks_quorum {
                t.leads_and_checks(me)
            } else {
                t.leads_unchecked(me)
            }
        }
        Contact::Heard { ago, lease } => t.hears_from_leader(me, leader, ago, lease),
    }
}

fn transfer_refusal(me: NodeId, target: NodeId, refusal: TransferRefusal, t: Texts) -> String {
    match refusal {
        TransferRefusal::NotLeader => t.does_not_lead(me),
        TransferRefusal::NoMember => t.has_no_vote(me, target),
        TransferRefusal::LeadsAlready => t.leads_already(me),
        TransferRefusal::UnderWay => t.under_way_already().to_owned(),
    }
}

pub(super) fn change_refusal(
    me: NodeId,
    server: NodeId,
    refusal: ChangeRefusal,
    t: Texts,
) -> String {
    match refusal {
        ChangeRefusal::UnderWay { index } => t.change_under_way(me, index),
        ChangeRefusal::AlreadyMember => t.change_has_vote(me, server),
        ChangeRefusal::NoMember => t.has_no_vote(me, server),
        ChangeRefusal::LastMember => t.change_last_member().to_owned(),
        ChangeRefusal::NothingCommitted => t.change_too_early(me),
    }
}

pub(super) fn drop_cause(
    me: NodeId,
    sender: NodeId,
    kind: MessageKind,
    cause: DropCause,
    lang: Lang,
) -> String {
    let t = lang.texts();
    match cause {
        DropCause::StaleTerm { theirs, mine } => t.stale_term(theirs, me, mine),
        DropCause::OtherTerm { theirs, asked } => t.other_term(theirs, me, asked),
        DropCause::Unasked { role } => unasked(me, kind, role, lang),
        DropCause::NothingNew => t.nothing_new(sender),
        DropCause::Confirmed {
            matched: LogIndex::ZERO,
        } => t.sent_from_the_start(me, sender),
        DropCause::Confirmed { matched } => t.confirmed_before(sender, matched, me),
        DropCause::NoMember => t.has_no_vote(me, sender),
        DropCause::FromMyself => t.from_myself(me),
        DropCause::LeadingMyself => t.leads_itself(me),
        DropCause::CannotStand { refusal } => stand_refusal(me, refusal, t),
    }
}

fn unasked(me: NodeId, kind: MessageKind, mine: RoleName, lang: Lang) -> String {
    let t = lang.texts();
    let role = role(mine, lang);
    match kind {
        MessageKind::RequestVoteReply if mine == RoleName::Leader => t.leader_needs_no_votes(me),
        MessageKind::RequestVoteReply => t.no_use_for_votes(me, role),
        MessageKind::PreVoteReply => t.no_use_for_pre_votes(me, role),
        MessageKind::AppendEntriesReply => t.no_use_for_acknowledgements(me, role),
        MessageKind::RequestVote
        | MessageKind::PreVote
        | MessageKind::AppendEntries
        | MessageKind::TimeoutNow => t.no_use_for_it(me, role),
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

pub(super) fn stand_refusal(me: NodeId, refusal: ElectionRefusal, t: Texts) -> String {
    match refusal {
        ElectionRefusal::NoMember => t.has_no_vote(me, me),
        ElectionRefusal::LastTerm => t.last_term().to_owned(),
    }
}

fn timer_cause(cause: TimerCause, t: Texts) -> &'static str {
    match cause {
        TimerCause::Started => t.timer_just_started(),
        TimerCause::PreVoteStarted => t.timer_pre_vote(),
        TimerCause::ElectionStarted => t.timer_election_started(),
        TimerCause::VoteGranted => t.timer_vote_granted(),
        TimerCause::LeaderHeard => t.timer_leader_heard(),
        TimerCause::MessageArrived => t.timer_message_arrived(),
        TimerCause::SteppedDown => t.timer_stepped_down(),
        TimerCause::CheckingQuorum => t.timer_checking_quorum(),
        TimerCause::TransferStarted => t.timer_transfer_started(),
        TimerCause::HeartbeatSent => t.timer_heartbeat_sent(),
    }
}

pub(super) fn indexes(from: LogIndex, through: LogIndex, t: Texts) -> String {
    match from == through {
        true => t.one_index(from),
        false => t.indexes(from, through),
    }
}

fn only(active: NodeSet, t: Texts) -> String {
    if active.is_empty() {
        t.nobody_active().to_owned()
    } else {
        t.only_active(servers(active, t))
    }
}

/// Who holds an entry, as far as its leader knows.
fn hold_it(holders: NodeSet, t: Texts) -> String {
    match holders.len() {
        0 => t.nobody_has_it().to_owned(),
        1 => t.one_has_it(servers(holders, t)),
        _ => t.some_have_it(servers(holders, t)),
    }
}

fn only_hold_it(holders: NodeSet, t: Texts) -> String {
    match holders.len() {
        0 => t.nobody_has_it().to_owned(),
        1 => t.only_one_has_it(servers(holders, t)),
        _ => t.only_some_have_it(servers(holders, t)),
    }
}

/// How many of how many are a majority; or what a broken rule takes for one.
fn majority(needed: u8, members: NodeSet, t: Texts) -> String {
    if needed != members.majority() {
        t.enough(needed, servers(members, t), BrokenRule::QuorumOfHalf.name())
    } else if members.len() == 1 {
        t.majority_of_one(servers(members, t))
    } else {
        t.majority(needed, servers(members, t))
    }
}

/// What is left to a candidate after a refusal.
fn the_others(me: NodeId, hope: bool, t: Texts) -> String {
    if hope {
        t.others_suffice().to_owned()
    } else {
        t.others_do_not_suffice(me)
    }
}

/// How many votes are needed of whom; and by which rule, if that is no majority.
pub(super) fn votes(count: u8, members: NodeSet, t: Texts) -> String {
    let names = servers(members, t);
    let votes = match count {
        1 => t.one_vote(names),
        _ => t.votes(count, names),
    };
    if count == members.majority() {
        votes
    } else {
        t.by_broken_rule(votes, BrokenRule::QuorumOfHalf.name())
    }
}
