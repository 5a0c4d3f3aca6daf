//! Timers, and messages and timers that have no effect.

use hustings_raft::{DropCause, LogIndex, MessageKind, NodeId, Reason, RoleName, TimerCause};

use super::super::lang::Texts;
use super::super::{Lang, role, timer};
use super::standing::stand_refusal;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::TimerArmed {
            timer: which,
            cause,
        } => t.timer_armed(me, timer(which, lang), timer_cause(cause, t)),
        Reason::TimerIgnored {
            timer: which,
            role: mine,
        } => t.timer_ignored(me, role(mine, lang), timer(which, lang)),
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
        _ => return None,
    })
}

pub(in crate::narrate) fn drop_cause(
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
