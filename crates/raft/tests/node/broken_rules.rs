//! Broken rules: each decides differently from Raft in the case that its rule is for,
//! and equally in all other cases. `differences.rs` tests what steps report about them.

use crate::support::{Bench, S1, S2, S3, accepted, at, entries, id, pre_vote, refused, vote};
use hustings_raft::{
    BrokenRule, BrokenRules, Effect, Input, LearnedCommit, Log, LogIndex, Message, MessageKind,
    Millis, Node, NodeSet, Options, Output, Position, Reason, Rule, RuleOutcome, Rules, Standard,
    Stored, Term, Timer,
};

fn log(terms: &[u64]) -> Log {
    entries(terms).into_iter().collect()
}

fn stored() -> Stored {
    Stored {
        term: Term(3),
        voted_for: Some(id(S2)),
        log: log(&[1, 3]),
    }
}

fn merged(rules: &mut impl Rules, mine: &[u64], prev: u64, new: &[u64]) -> String {
    let mut log = log(mine);
    let merged = rules.merge(&mut log, LogIndex(prev), &entries(new));
    let terms: Vec<_> = log.iter().map(|(_, entry)| entry.term.0).collect();
    format!("{terms:?} {merged:?}")
}

fn commit(rules: &mut impl Rules, mine: u64, leader: u64, matched: u64, last: u64) -> String {
    let learned = LearnedCommit {
        mine: LogIndex(mine),
        leader: LogIndex(leader),
        matched: LogIndex(matched),
        last: LogIndex(last),
    };
    format!("{:?}", rules.learned_commit(learned))
}

fn ask_for_vote(last: Position) -> Message {
    let (term, transfer) = (Term(9), false);
    Message::RequestVote {
        term,
        last,
        transfer,
    }
}

/// Whether the message waits for a pending write.
fn waits(rules: &impl Rules, message: &Message) -> bool {
    let mut bench = Bench::of(3);
    bench.slow_disk = true;
    bench.time_out(Timer::Election);
    let last = bench.writes.last().copied();
    rules.required_write(message, last).is_some()
}

/// The decision of a rule, in a case where it matters or in one where it does not.
fn decide(rules: &mut impl Rules, rule: BrokenRule, matters: bool) -> String {
    let three = NodeSet::first(3);
    let later = if matters { 1 } else { 4 };
    let pick = |yes: u64, no: u64| if matters { yes } else { no };
    match rule {
        BrokenRule::ForgetVoteOnRestart => {
            let mut stored = stored();
            stored.voted_for = stored.voted_for.filter(|_| matters);
            format!("{:?}", rules.restored(stored))
        }
        BrokenRule::ForgetTermAndVoteOnRestart | BrokenRule::ForgetLogOnRestart => {
            let stored = if matters { stored() } else { Stored::default() };
            format!("{:?}", rules.restored(stored))
        }
        BrokenRule::ReplyBeforePersist => {
            let message = if matters {
                vote(1, true)
            } else {
                accepted(1, 1)
            };
            format!("{:?}", waits(rules, &message))
        }
        BrokenRule::ConfirmBeforePersist => {
            let message = if matters {
                accepted(1, 1)
            } else {
                refused(1, 1)
            };
            format!("{:?}", waits(rules, &message))
        }
        BrokenRule::OverwriteUncommitted => {
            format!(
                "{:?}",
                rules.appends_after(LogIndex(pick(1, 2)), LogIndex(2))
            )
        }
        BrokenRule::MatchIndexMayFall => {
            let confirmed = LogIndex(pick(1, 3));
            format!(
                "{:?}",
                rules.match_after_confirmation(LogIndex(2), confirmed)
            )
        }
        BrokenRule::PreVotesElect => {
            if matters {
                format!("{:?}", rules.pre_votes_elect())
            } else {
                String::new()
            }
        }
        BrokenRule::AnyMessageRestartsElectionTimer => {
            if matters {
                format!("{:?}", rules.any_message_restarts_timer())
            } else {
                String::new()
            }
        }
        BrokenRule::IgnoreHigherTermInReplies => {
            let request = ask_for_vote(at(2, 3));
            let message = if matters { pre_vote(9, false) } else { request };
            format!("{:?}", rules.adopts_term(&message, at(2, 3)))
        }
        BrokenRule::RefuseBeforeAdoptingTerm => {
            let message = ask_for_vote(at(pick(1, 2), 3));
            format!("{:?}", rules.adopts_term(&message, at(2, 3)))
        }
        BrokenRule::LeaderCountsUnsyncedEntry => {
            format!(
                "{:?}",
                rules.leader_match_index(LogIndex(2), LogIndex(pick(3, 2)))
            )
        }
        BrokenRule::NoUpToDateCheck => {
            format!("{:?}", rules.up_to_date(at(1, later), at(2, 3)))
        }
        BrokenRule::LongerLogWins => format!("{:?}", rules.up_to_date(at(3, later), at(2, 3))),
        BrokenRule::CompareLastTermOnly => {
            format!("{:?}", rules.up_to_date(at(1, pick(3, 4)), at(2, 3)))
        }
        BrokenRule::CommitOldTermByCounting => {
            format!("{:?}", rules.may_commit(Term(pick(1, 4)), Term(4)))
        }
        BrokenRule::TruncateOnAnyAppend => {
            merged(rules, &[1, 1], 0, &[1, 1][..2 - usize::from(matters)])
        }
        BrokenRule::KeepTailAfterConflict => {
            let mine: &[u64] = if matters { &[1, 3, 3] } else { &[1, 3] };
            merged(rules, mine, 1, &[4])
        }
        BrokenRule::CommitToLeaderCommit => commit(rules, 0, 3, 1, pick(2, 1)),
        BrokenRule::NoPreviousEntryCheck => {
            format!("{:?}", rules.may_append_after(!matters))
        }
        BrokenRule::CountStaleVotes => {
            let kind = [MessageKind::PreVoteReply, MessageKind::RequestVoteReply];
            format!("{:?}", rules.is_stale(kind[usize::from(matters)]))
        }
        BrokenRule::CountDuplicateVotes => {
            let granted = three.without(id(S3));
            format!("{:?}", rules.count_votes(Term(1), granted, matters))
        }
        BrokenRule::QuorumOfHalf => {
            let members = NodeSet::first(if matters { 4 } else { 3 });
            format!("{:?}", rules.majority(members))
        }
        BrokenRule::ManyVotesPerTerm => {
            let vote = if matters { S2 } else { S3 };
            format!("{:?}", rules.may_vote_for(Some(id(vote)), id(S3)))
        }
        BrokenRule::ClearVoteOnStepDown => {
            let vote = matters.then_some(id(S2));
            format!("{:?}", rules.vote_after_stepping_down(vote))
        }
        BrokenRule::AcceptStaleAppend => {
            let kind = [MessageKind::TimeoutNow, MessageKind::AppendEntries];
            format!("{:?}", rules.is_stale(kind[usize::from(matters)]))
        }
        BrokenRule::CountStaleAcknowledgements => {
            let kind = [
                MessageKind::RequestVoteReply,
                MessageKind::AppendEntriesReply,
            ];
            format!("{:?}", rules.is_stale(kind[usize::from(matters)]))
        }
        BrokenRule::AcknowledgeLastIndex => {
            format!(
                "{:?}",
                rules.acknowledged(LogIndex(1), LogIndex(pick(2, 1)))
            )
        }
        BrokenRule::MatchFromRejection => {
            format!(
                "{:?}",
                rules.match_after_refusal(LogIndex(1), LogIndex(pick(2, 1)))
            )
        }
        BrokenRule::ForgetOwnVote => {
            if matters {
                format!("{:?}", rules.own_vote(id(S1)))
            } else {
                String::new()
            }
        }
        BrokenRule::VoteWithoutAdoptingTerm => {
            let request = ask_for_vote(at(2, 3));
            let message = if matters { request } else { vote(9, false) };
            format!("{:?}", rules.adopts_term(&message, at(2, 3)))
        }
        BrokenRule::ReconfigureBeforeOwnCommit => {
            format!("{:?}", rules.may_change_members(!matters))
        }
        BrokenRule::CommitIndexMayFall => commit(rules, 2, pick(1, 3), 3, 3),
        BrokenRule::RemovedLeaderCountsItself => {
            let members = if matters {
                three.without(id(S1))
            } else {
                three
            };
            format!("{:?}", rules.commit_voters(members, id(S1)))
        }
    }
}

#[test]
fn a_broken_rule_decides_differently_where_the_rule_matters() {
    for rule in BrokenRule::ALL {
        let mut broken = BrokenRules::from_iter([rule]);
        let raft = decide(&mut Standard, rule, true);
        assert_ne!(decide(&mut broken, rule, true), raft, "{}", rule.name());
    }
}

#[test]
fn a_broken_rule_decides_as_raft_where_the_rule_does_not_matter() {
    for rule in BrokenRule::ALL {
        let mut broken = BrokenRules::from_iter([rule]);
        let raft = decide(&mut Standard, rule, false);
        assert_eq!(decide(&mut broken, rule, false), raft, "{}", rule.name());
    }
}

#[test]
fn without_broken_rules_every_decision_is_that_of_raft() {
    for rule in BrokenRule::ALL {
        for matters in [true, false] {
            let mut none = BrokenRules::NONE;
            let raft = decide(&mut Standard, rule, matters);
            assert_eq!(decide(&mut none, rule, matters), raft, "{}", rule.name());
        }
    }
}

#[test]
fn broken_rules_have_names_and_the_rule_they_break() {
    for rule in BrokenRule::ALL {
        let same_name = BrokenRule::ALL.iter().filter(|it| it.name() == rule.name());
        assert_eq!(same_name.count(), 1);
        assert!(Rule::ALL.contains(&rule.rule()));
        let reason = Reason::RuleBroken { broken: rule };
        assert_eq!(
            (reason.rule(), reason.outcome()),
            (rule.rule(), RuleOutcome::Broken)
        );
    }
    let mut set = BrokenRules::NONE;
    assert!(set.is_empty() && set.insert(BrokenRule::QuorumOfHalf));
    assert!(!set.insert(BrokenRule::QuorumOfHalf) && !set.is_empty());
    assert!(set.iter().eq([BrokenRule::QuorumOfHalf]));
    assert!(set.without(BrokenRule::QuorumOfHalf).is_empty());
}

#[test]
fn a_step_reports_a_broken_rule_that_made_a_difference() {
    let rules = BrokenRules::from_iter([BrokenRule::ForgetOwnVote]);
    let members = NodeSet::first(3);
    let (options, stored) = (Options::default(), Stored::default());
    let mut node = Node::with_rules(id(S1), members, options, stored, rules);
    let mut out = Output::default();
    node.step(Millis(0), Input::Start, &mut out);
    let broken = Reason::RuleBroken {
        broken: BrokenRule::ForgetOwnVote,
    };
    assert!(!out.reasons.contains(&broken));
    node.step(Millis(200), Input::Timer(Timer::Election), &mut out);
    assert!(out.reasons.contains(&broken));
    assert_eq!((node.voted_for(), node.rules()), (None, &rules));
}

/// A follower that does not check the previous entry acknowledges entries that it does
/// not have, but it cannot commit them.
#[test]
fn without_the_check_of_the_previous_entry_nothing_is_committed_beyond_the_log() {
    let rules = BrokenRules::from_iter([BrokenRule::NoPreviousEntryCheck]);
    let (options, stored) = (Options::default(), Stored::default());
    let mut node = Node::with_rules(id(S1), NodeSet::first(3), options, stored, rules);
    let mut out = Output::default();
    let message = Message::AppendEntries {
        term: Term(1),
        prev: at(7, 1),
        entries: entries(&[1]).into(),
        commit: LogIndex(8),
    };
    let from = id(S2);
    node.step(Millis(0), Input::Message { from, message }, &mut out);
    assert_eq!(node.log().last_index(), LogIndex(1));
    assert_eq!(node.commit(), LogIndex(1));
    let through = LogIndex(1);
    assert!(out.effects.contains(&Effect::Apply { through }));
}

#[test]
fn if_half_counts_as_a_majority_half_the_members_are_needed() {
    let half = BrokenRules::from_iter([BrokenRule::QuorumOfHalf]);
    let needed = |servers| half.majority(NodeSet::first(servers));
    assert_eq!([1, 2, 3, 4, 5, 6].map(needed), [1, 1, 2, 2, 3, 3]);
    let raft = |servers| Standard.majority(NodeSet::first(servers));
    assert_eq!([1, 2, 3, 4, 5, 6].map(raft), [1, 2, 2, 3, 3, 4]);
}

#[test]
fn duplicate_votes_are_counted_anew_in_each_term() {
    let mut rules = BrokenRules::from_iter([BrokenRule::CountDuplicateVotes]);
    let one = NodeSet::EMPTY.iter().chain([id(S1)]).collect();
    assert_eq!(rules.count_votes(Term(1), one, true), Some(2));
    assert_eq!(rules.count_votes(Term(1), one, true), Some(3));
    assert_eq!(rules.count_votes(Term(2), one, false), Some(1));
}

#[test]
fn a_kept_tail_follows_the_new_entries() {
    let rules = BrokenRules::from_iter([BrokenRule::KeepTailAfterConflict]);
    let mut log = log(&[1, 3, 3, 3]);
    let merged = rules.merge(&mut log, LogIndex(0), &entries(&[1, 4, 4]));
    let terms: Vec<_> = log.iter().map(|(_, entry)| entry.term.0).collect();
    assert_eq!(terms, [1, 4, 4, 3]);
    assert_eq!((merged.new, merged.changed_from), (2, Some(LogIndex(2))));
    let deleted = merged.deleted.expect("a conflict");
    let from = Position {
        index: LogIndex(2),
        term: Term(3),
    };
    assert_eq!((deleted.from, deleted.through), (from, LogIndex(3)));
}
