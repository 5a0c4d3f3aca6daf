//! Sentences for elections that nobody has won.

use hustings_raft::{Contact, MessageKind, NodeId, NodeSet, VoteRefusal};

use super::Lang;
use super::lang::{Texts, servers};
use super::reason::{contact_with, drop_cause, refusal_cause};
use crate::message::Loss;
use crate::tally::{Delay, ElectionEnd, Missing, Objection, Reply, Silence, Tally};

/// How an election stands that the candidate has not won, in one sentence: how it
/// ended, how many votes it has, and why it lacks the others.
pub fn tally(tally: &Tally, lang: Lang) -> String {
    sentence(tally, end(tally.end, lang.texts()), lang)
}

/// The same beside the reasons of the record that ended the election: they say how.
pub fn tally_beside_reasons(tally: &Tally, lang: Lang) -> String {
    sentence(tally, None, lang)
}

fn sentence(tally: &Tally, end: Option<String>, lang: Lang) -> String {
    let t = lang.texts();
    let (me, term, count) = (tally.candidate, tally.term, count(tally, lang));
    match (tally.pre_vote, tally.end, end) {
        (false, ElectionEnd::CannotBeWon, _) => t.election_cannot_be_won(me, term, count),
        (true, ElectionEnd::CannotBeWon, _) => t.pre_vote_cannot_be_won(me, term, count),
        (false, ElectionEnd::Undecided, _) => t.election_undecided(me, term, count),
        (true, ElectionEnd::Undecided, _) => t.pre_vote_undecided(me, term, count),
        (false, _, None) => t.election_failed_so(me, term, count),
        (true, _, None) => t.pre_vote_failed_so(me, term, count),
        (false, _, Some(end)) => t.election_failed(me, term, end, count),
        (true, _, Some(end)) => t.pre_vote_failed(me, term, end, count),
    }
}

/// How many votes a candidate has, and why it lacks the others.
fn count(tally: &Tally, lang: Lang) -> String {
    let t = lang.texts();
    let &Tally {
        votes,
        needed,
        granted,
        ..
    } = tally;
    let voters = match granted.is_empty() {
        true => String::new(),
        false => t.voters(servers(granted, t)),
    };
    let mut count = vec![match tally.pre_vote {
        true => t.has_pre_votes(votes, needed, voters),
        false => t.has_votes(votes, needed, voters),
    }];
    count.extend(clauses(tally, lang));
    count.join(t.between_clauses())
}

/// Why an election failed, unless the start of the next one or the crash tells that.
fn end(end: ElectionEnd, t: Texts) -> Option<String> {
    Some(match end {
        ElectionEnd::Undecided
        | ElectionEnd::CannotBeWon
        | ElectionEnd::TimedOut
        | ElectionEnd::ToldToStand
        | ElectionEnd::Crashed => return None,
        ElectionEnd::HigherTerm { term, sender } => t.end_higher_term(sender, term),
        ElectionEnd::LeaderHeard { leader } => t.end_leader_heard(leader),
        ElectionEnd::VoteGranted { candidate } => t.end_vote_granted(candidate),
    })
}

/// Why the votes are missing: the members of whom the same is so together.
fn clauses(tally: &Tally, lang: Lang) -> Vec<String> {
    // The nameless clause, and whom it is about.
    let mut groups: Vec<(String, NodeSet, &(NodeId, Missing))> = Vec::new();
    for missing in &tally.missing {
        let said = clause(tally, missing, NodeSet::EMPTY, lang);
        match groups.iter_mut().find(|(other, ..)| *other == said) {
            Some((_, members, _)) => {
                members.insert(missing.0);
            }
            None => groups.push((said, [missing.0].into_iter().collect(), missing)),
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(_, members, missing)| clause(tally, missing, members, lang))
        .collect()
}

/// Why a member's vote is missing, and those of others of whom the same is so.
fn clause(
    tally: &Tally,
    (member, missing): &(NodeId, Missing),
    members: NodeSet,
    lang: Lang,
) -> String {
    let (t, me) = (lang.texts(), tally.candidate);
    let (name, several) = (servers(members, t), members.len() > 1);
    let refused = |objection| objection_told(*member, tally, objection, t);
    let said = |reply: Reply| match (reply, tally.pre_vote) {
        (Reply::Vote, false) => t.did_vote().to_owned(),
        (Reply::Vote, true) => t.would_vote().to_owned(),
        (Reply::Refusal(objection), _) => t.did_refuse(refused(objection)),
    };
    match *missing {
        Missing::OwnVoteWaits => t.missing_own_vote().to_owned(),
        Missing::RequestWaits => t.missing_request_waits(name, me),
        Missing::RequestUnderWay(delay) => match delay {
            Delay::Network => t.missing_request_under_way(name),
            Delay::Held => t.missing_request_held(name),
            Delay::Paused => t.missing_request_paused(name),
        },
        Missing::RequestLost(loss) => t.missing_request_lost(name, was_lost(loss, t)),
        Missing::Ignored(silence) => {
            let kind = match tally.pre_vote {
                true => MessageKind::PreVote,
                false => MessageKind::RequestVote,
            };
            let cause = match silence {
                Silence::Lease {
                    leader,
                    contact: Contact::Heard { lease, .. },
                } => t.heard_shortly_before(leader, lease),
                Silence::Lease { leader, contact } => contact_with(*member, leader, contact, t),
                Silence::Dropped(cause) => drop_cause(*member, me, kind, cause, lang),
            };
            match several {
                true => t.missing_ignored_each(name, cause),
                false => t.missing_ignored(name, cause),
            }
        }
        Missing::Refused(objection) if several => t.missing_refused_each(name, refused(objection)),
        Missing::Refused(objection) => t.missing_refused(name, refused(objection)),
        Missing::AnswerWaits(reply) => t.missing_answer_waits(name, said(reply)),
        Missing::AnswerNeverLeft(reply) => t.missing_answer_never_left(name, said(reply)),
        Missing::AnswerUnderWay(reply, delay) => match delay {
            Delay::Network => t.missing_answer_under_way(name, said(reply)),
            Delay::Held => t.missing_answer_held(name, said(reply)),
            Delay::Paused => t.missing_answer_paused(name, said(reply)),
        },
        Missing::AnswerLost(reply, loss) => {
            t.missing_answer_lost(name, said(reply), was_lost(loss, t))
        }
        Missing::AnswerIgnored(reply, cause) => {
            let kind = match tally.pre_vote {
                true => MessageKind::PreVoteReply,
                false => MessageKind::RequestVoteReply,
            };
            let cause = drop_cause(me, *member, kind, cause, lang);
            t.missing_answer_ignored(name, said(reply), cause)
        }
    }
}

/// Why a member refused a candidate.
fn objection_told(member: NodeId, tally: &Tally, objection: Option<Objection>, t: Texts) -> String {
    match objection {
        // What it was when it refused, it may be no longer.
        Some(Objection::Refusal(VoteRefusal::AlreadyVoted { voted_for, .. }))
            if voted_for == member =>
        {
            t.has_voted_for_itself(member)
        }
        Some(Objection::Refusal(refusal)) => {
            refusal_cause(member, tally.candidate, tally.term, refusal, t)
        }
        Some(Objection::Stale { mine }) => t.in_later_term(mine),
        None => t.was_forged().to_owned(),
    }
}

fn was_lost(loss: Loss, t: Texts) -> &'static str {
    match loss {
        Loss::LinkCut => t.was_link_cut(),
        Loss::ServerDown => t.was_down(),
        Loss::Chance => t.was_chance(),
        Loss::Dropped => t.was_dropped(),
    }
}

#[cfg(test)]
mod tests {
    use hustings_raft::{DropCause, LogIndex, Millis, Position, RoleName, Term};

    use super::*;

    fn id(number: u8) -> NodeId {
        NodeId::new(number).expect("1 to 9")
    }

    fn told(missing: Vec<Missing>, pre_vote: bool, lang: Lang) -> String {
        let granted: NodeSet = [id(1)].into_iter().collect();
        let missing = (2..).map(id).zip(missing).collect();
        tally(
            &Tally {
                candidate: id(1),
                term: Term(3),
                pre_vote,
                votes: 1,
                needed: 3,
                granted,
                missing,
                end: ElectionEnd::TimedOut,
            },
            lang,
        )
    }

    #[test]
    fn members_of_whom_the_same_is_so_are_named_together() {
        let lost = Missing::RequestLost(Loss::LinkCut);
        let refused = Missing::Refused(Some(Objection::Refusal(VoteRefusal::AlreadyVoted {
            voted_for: id(3),
            role: RoleName::Candidate,
        })));
        assert_eq!(
            told(vec![lost, refused, lost], false, Lang::En),
            "S1's election in term 3 fails: it has 1 of the 3 votes that \
             it needs (S1); the request did not reach S2 S4 (link cut); S3 refused (S3 has \
             voted for itself)."
        );
    }

    #[test]
    fn every_reason_is_a_clause_of_its_own_in_each_language() {
        let (leader, vote) = (id(5), Reply::Vote);
        let contact = Contact::Heard {
            ago: Millis(5),
            lease: Millis(150),
        };
        let last = |index| Position {
            index: LogIndex(index),
            term: Term(1),
        };
        let behind = Objection::Refusal(VoteRefusal::LogBehind {
            theirs: last(1),
            mine: last(2),
        });
        let all = [
            Missing::OwnVoteWaits,
            Missing::RequestWaits,
            Missing::RequestUnderWay(Delay::Network),
            Missing::RequestUnderWay(Delay::Held),
            Missing::RequestUnderWay(Delay::Paused),
            Missing::RequestLost(Loss::LinkCut),
            Missing::RequestLost(Loss::ServerDown),
            Missing::RequestLost(Loss::Chance),
            Missing::RequestLost(Loss::Dropped),
            Missing::Ignored(Silence::Lease { leader, contact }),
            Missing::Ignored(Silence::Dropped(DropCause::NoMember)),
            Missing::Refused(Some(behind)),
            Missing::Refused(Some(Objection::Stale { mine: Term(4) })),
            Missing::Refused(None),
            Missing::AnswerWaits(vote),
            Missing::AnswerNeverLeft(vote),
            Missing::AnswerUnderWay(vote, Delay::Network),
            Missing::AnswerUnderWay(vote, Delay::Held),
            Missing::AnswerUnderWay(vote, Delay::Paused),
            Missing::AnswerUnderWay(Reply::Refusal(Some(behind)), Delay::Network),
            Missing::AnswerLost(vote, Loss::Chance),
            Missing::AnswerIgnored(vote, DropCause::NoMember),
        ];
        for lang in Lang::ALL {
            for pre_vote in [false, true] {
                let mut told: Vec<_> = all
                    .iter()
                    .map(|missing| told(vec![*missing], pre_vote, lang))
                    .collect();
                assert!(told.iter().all(|it| !it.contains(['{', '}'])), "{told:?}");
                told.sort_unstable();
                told.dedup();
                assert_eq!(told.len(), all.len());
            }
        }
    }
}
