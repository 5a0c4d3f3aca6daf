//! Why something happened: the reasons of a record, each told once.

use hustings_raft::{
    BrokenRule, ElectionCause, NodeId, Reason, RoleName, StandardOutcome, StepDownCause, Term,
    Timer,
};

use super::lang::Texts;
use super::reason::{Said, explain_after};
use super::{Lang, explain, in_a_row, log_end, role};
use crate::record::{Event, Record};

/// Why a record came about, below the sentence about its event: its reasons in order,
/// without what that sentence or another reason says.
pub fn reasons(record: &Record, lang: Lang) -> Vec<(&Reason, String)> {
    let Some(me) = record.event.server() else {
        return Vec::new();
    };
    let is_broken = |reason: &Reason| matches!(reason, Reason::RuleBroken { .. });
    let last_broken = record.reasons.iter().rposition(is_broken);
    let context = Context::of(record, me, lang, Place::BelowEvent);
    let told = record.reasons.iter().enumerate();
    let told = told.filter(|(place, reason)| !is_broken(reason) || is_last(record, *place));
    told.filter_map(|(place, reason)| {
        let told = context.told(reason)?;
        let standard = (Some(place) == last_broken).then(|| standard(record, me, lang));
        let sentences = [Some(told), standard.flatten()];
        let sentences = in_a_row(sentences.into_iter().flatten(), lang.texts());
        Some((reason, sentences))
    })
    .collect()
}

/// A reason that stands for all of its record.
pub(super) fn alone(record: &Record, me: NodeId, reason: &Reason, lang: Lang) -> String {
    let told = Context::of(record, me, lang, Place::Alone).told(reason);
    told.unwrap_or_else(|| explain(me, reason, lang))
}

/// What Raft does where broken rules made a difference.
pub(super) fn standard(record: &Record, me: NodeId, lang: Lang) -> Option<String> {
    let t = lang.texts();
    let decisions = record.standard.iter().filter_map(|outcome| match outcome {
        StandardOutcome::Decision(reason) => Some(*reason),
        _ => None,
    });
    let decisions: Vec<_> = decisions.collect();
    let context = Context {
        reasons: &decisions,
        ..Context::of(record, me, lang, Place::BelowEvent)
    };
    let told = record.standard.iter().filter_map(|outcome| match outcome {
        StandardOutcome::Decision(reason) => context.told(reason),
        outcome => led_to(me, *outcome, t),
    });
    let told = in_a_row(told, t);
    let names: Vec<_> = broken_rules(record).map(BrokenRule::name).collect();
    (!told.is_empty()).then(|| t.standard_raft(names.join(t.between_things()), told))
}

/// The broken rules that made a difference, each once.
pub(super) fn broken_rules(record: &Record) -> impl Iterator<Item = BrokenRule> {
    let reasons = record.reasons.iter().enumerate();
    reasons.filter_map(|(place, reason)| match reason {
        Reason::RuleBroken { broken } if is_last(record, place) => Some(*broken),
        _ => None,
    })
}

/// Whether no later reason of a record is the same. A record has the reasons of several
/// steps where a write is done at once.
fn is_last(record: &Record, place: usize) -> bool {
    let mut later = record.reasons.iter().skip(place + 1);
    let reason = record.reasons.get(place);
    reason.is_some_and(|reason| later.all(|it| it != reason))
}

fn led_to(me: NodeId, outcome: StandardOutcome, t: Texts) -> Option<String> {
    Some(match outcome {
        StandardOutcome::Decision(_) => return None,
        StandardOutcome::Vote(Some(candidate)) => t.standard_vote(me, candidate),
        StandardOutcome::Vote(None) => t.standard_no_vote(me),
        StandardOutcome::LogEnd(last) => t.standard_log_end(me, log_end(last, t)),
        StandardOutcome::Commit(index) => t.standard_commit(me, index),
        StandardOutcome::Match { follower, matched } => t.standard_match(me, follower, matched),
        StandardOutcome::MessagesWait => t.standard_waits(me),
        StandardOutcome::ElectionTimerGoesOn => t.standard_timer(me),
    })
}

/// Where the sentence about a reason stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It stands for all of its record.
    Alone,
    /// The sentence about the event stands above it.
    BelowEvent,
}

/// What a reason is told beside.
#[derive(Clone, Copy)]
struct Context<'a> {
    me: NodeId,
    event: &'a Event,
    reasons: &'a [Reason],
    place: Place,
    lang: Lang,
}

impl<'a> Context<'a> {
    fn of(record: &'a Record, me: NodeId, lang: Lang, place: Place) -> Self {
        Self {
            me,
            event: &record.event,
            reasons: &record.reasons,
            place,
            lang,
        }
    }

    /// A reason in one sentence; `None` if another one says it.
    fn told(&self, reason: &Reason) -> Option<String> {
        match *reason {
            Reason::ToldToStand { .. } if self.stands() => None,
            Reason::TermAdopted { .. } if self.steps_down(StepDownCause::HigherTerm).is_some() => {
                None
            }
            Reason::SteppedDown { role, cause } => self.stepped_down(reason, role, cause),
            Reason::LeaderFollowed { leader, term } => Some(self.followed(reason, leader, term)),
            Reason::TransferAborted { target } => Some(self.aborted(reason, target)),
            Reason::VoteCounted {
                voter,
                granted,
                needed,
            } => Some(self.counted(reason, voter, (granted, needed))),
            _ => Some(self.plain(reason)),
        }
    }

    fn plain(&self, reason: &Reason) -> String {
        explain_after(self.said(reason), self.me, *reason, self.lang)
    }

    fn stands(&self) -> bool {
        let stands = |it: &Reason| matches!(it, Reason::ElectionStarted { .. });
        self.reasons.iter().any(stands)
    }

    /// The role that was given up for this cause.
    fn steps_down(&self, why: StepDownCause) -> Option<RoleName> {
        self.reasons.iter().find_map(|reason| match *reason {
            Reason::SteppedDown { role, cause } if cause == why => Some(role),
            _ => None,
        })
    }

    fn stepped_down(&self, reason: &Reason, old: RoleName, cause: StepDownCause) -> Option<String> {
        let (t, lang) = (self.lang.texts(), self.lang);
        let said = |other: &Reason| match cause {
            StepDownCause::LeaderHeard => matches!(other, Reason::LeaderFollowed { .. }),
            StepDownCause::QuorumLost => matches!(other, Reason::QuorumLost { .. }),
            StepDownCause::Removed => matches!(other, Reason::RemovalCommitted { .. }),
            StepDownCause::HigherTerm | StepDownCause::VoteGranted => false,
        };
        if self.reasons.iter().any(said) {
            return None;
        }
        let adopted = self.reasons.iter().find_map(|reason| match *reason {
            Reason::TermAdopted { old, new, sender } => Some((old, new, sender)),
            _ => None,
        });
        Some(match (cause, adopted) {
            (StepDownCause::HigherTerm, Some((before, new, sender))) => {
                t.stepped_down_for_term(self.me, role(old, lang), new, sender, before)
            }
            _ => self.plain(reason),
        })
    }

    fn followed(&self, reason: &Reason, leader: NodeId, term: Term) -> String {
        let (t, lang) = (self.lang.texts(), self.lang);
        if let Event::Delivered(flight) = self.event
            && flight.message.term() < term
        {
            let (theirs, rule) = (flight.message.term(), BrokenRule::AcceptStaleAppend.name());
            return t.leader_followed_late(self.me, leader, theirs, term, rule);
        }
        match self.steps_down(StepDownCause::LeaderHeard) {
            Some(old) => t.leader_followed_instead(self.me, role(old, lang), leader, term),
            None => self.plain(reason),
        }
    }

    /// A vote that counts, also if it was given in an earlier term.
    fn counted(&self, reason: &Reason, voter: NodeId, (granted, needed): (u8, u8)) -> String {
        let stale = BrokenRule::CountStaleVotes;
        match self.event {
            Event::Delivered(flight) if self.is_broken(stale) => {
                let (t, term) = (self.lang.texts(), flight.message.term());
                t.vote_counted_late(self.me, voter, term, stale.name(), granted, needed)
            }
            _ => self.plain(reason),
        }
    }

    fn is_broken(&self, rule: BrokenRule) -> bool {
        let is = |it: &Reason| *it == Reason::RuleBroken { broken: rule };
        self.reasons.iter().any(is)
    }

    /// Why a transfer is given up.
    fn aborted(&self, reason: &Reason, target: NodeId) -> String {
        let (t, me) = (self.lang.texts(), self.me);
        match *self.event {
            Event::TimerFired { .. } => match self.place {
                Place::BelowEvent => t.transfer_not_done(me, target),
                Place::Alone => t.transfer_timed_out(me, target),
            },
            Event::TransferAsked { target: next, .. } if next == me => {
                t.transfer_called_off(me, target)
            }
            Event::TransferAsked { target: next, .. } => t.transfer_replaced(me, target, next),
            _ => self.plain(reason),
        }
    }

    /// What is said already of why a server stands, or would.
    fn said(&self, reason: &Reason) -> Said {
        let said = match reason {
            Reason::ElectionStarted { cause, .. } => match cause {
                ElectionCause::ToldToStand => return self.order(),
                ElectionCause::PreVoteWon => self.place == Place::BelowEvent,
                ElectionCause::TimedOut => self.timer_is_told(),
            },
            _ => self.timer_is_told(),
        };
        if said { Said::Cause } else { Said::Nothing }
    }

    /// The TimeoutNow that was obeyed.
    fn order(&self) -> Said {
        let leader = self.reasons.iter().find_map(|reason| match *reason {
            Reason::ToldToStand { leader } => Some(leader),
            _ => None,
        });
        leader.map_or(Said::Cause, Said::Order)
    }

    fn timer_is_told(&self) -> bool {
        let fired = |event: &Event| matches!(event, Event::TimerFired { timer, .. } if *timer == Timer::Election);
        self.place == Place::BelowEvent && fired(self.event)
    }
}
