//! A step reports broken rules exactly if Raft would have stepped differently, in the
//! same state and with the same input.

use std::collections::BTreeMap;

use crate::support::{S1, S2, S3, accepted, at, entries, id, pre_vote, refused, vote};
use hustings_raft::{
    BrokenRule, BrokenRules, Effect, Input, LogIndex, MemberChange, Message, Millis, Node, NodeSet,
    Options, Output, Position, Reason, RoleName, Rules, Standard, Stored, Term, Timer, WriteId,
};

/// Pseudorandom numbers, the same on every platform (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    /// A number near another.
    fn near(&mut self, number: u64) -> u64 {
        (number + self.below(4)).saturating_sub(1)
    }
}

/// A server whose rules may be broken, and its disk.
struct Server {
    node: Node<BrokenRules>,
    stored: Stored,
    writes: Vec<WriteId>,
    random: Random,
}

impl Server {
    fn new(broken: &[BrokenRule], seed: u64) -> Self {
        let mut random = Random(seed * 2 + 1);
        let members = NodeSet::first(3 + random.below(2) as u8);
        let options = Options {
            no_op: random.coin(),
            pre_vote: random.coin(),
            check_quorum: random.coin(),
            ..Options::default()
        };
        let stored = Stored::default();
        let rules = broken.iter().copied().collect();
        Self {
            node: Node::with_rules(id(S1), members, options, stored.clone(), rules),
            stored,
            writes: Vec::new(),
            random,
        }
    }

    /// A random input.
    fn input(&mut self) -> Input {
        let random = &mut self.random;
        match random.below(12) {
            0 => Input::Timer(Timer::Election),
            1 => Input::Timer(Timer::ALL[random.below(4) as usize]),
            2 => Input::Propose("x".into()),
            3 if random.below(4) == 0 => Input::Restart(self.stored.clone()),
            3 | 4 => match self.writes.last() {
                Some(write) => Input::WriteDone(*write),
                None => Input::Timer(Timer::Heartbeat),
            },
            5 => {
                let server = id(1 + random.below(4) as u8);
                Input::ChangeMembers(if random.coin() {
                    MemberChange::Add(server)
                } else {
                    MemberChange::Remove(server)
                })
            }
            _ => Input::Message {
                from: id(2 + random.below(3) as u8),
                message: if self.random.coin() {
                    self.expected_message()
                } else {
                    self.message()
                },
            },
        }
    }

    /// A message that the server's role expects.
    fn expected_message(&mut self) -> Message {
        let term = self.node.term().0;
        match self.node.role().name() {
            RoleName::Follower => self.message(),
            RoleName::PreCandidate => pre_vote(term + 1, true),
            RoleName::Candidate => vote(term, true),
            RoleName::Leader => {
                let last = self.node.log().last_index().0;
                accepted(term, self.random.near(last).min(last))
            }
        }
    }

    fn message(&mut self) -> Message {
        let (random, log) = (&mut self.random, self.node.log());
        let term = random.near(self.node.term().0);
        let index = random.below(log.last_index().0 + 2);
        let held = log.term_at(LogIndex(index)).unwrap_or_default().0;
        match random.below(8) {
            0 | 1 => Message::RequestVote {
                term: Term(term),
                last: at(index, random.near(held).min(term)),
                transfer: random.coin(),
            },
            2 => vote(term, random.below(4) > 0),
            3 => Message::PreVote {
                term: Term(term),
                last: at(index, held),
            },
            4 => pre_vote(term, random.below(4) > 0),
            5 => accepted(term, index),
            6 => refused(term, index),
            _ => Message::AppendEntries {
                term: Term(term),
                prev: at(index, held),
                entries: entries(&vec![held.max(term); random.below(3) as usize]).into(),
                commit: LogIndex(random.near(self.node.commit().0)),
            },
        }
    }

    /// Takes a step, and returns the broken rules that it reports.
    fn step(&mut self, now: Millis, input: &Input) -> Vec<BrokenRule> {
        let before = self.node.clone();
        let mut out = Output::default();
        self.node.step(now, input.clone(), &mut out);
        let reported = out.reasons.iter().filter_map(|reason| match reason {
            Reason::RuleBroken { broken } => Some(*broken),
            _ => None,
        });
        let reported: Vec<_> = reported.collect();
        assert_eq!(
            reported.is_empty(),
            out.standard.is_empty(),
            "{reported:?} {input:?} {before:?} {:?}",
            self.node
        );
        self.compare(&before, now, input, &out.effects, &reported);
        for effect in &out.effects {
            if let Effect::Persist(write) = effect {
                self.stored.apply(write);
                self.writes.push(write.id);
            }
        }
        reported
    }

    fn compare(
        &self,
        before: &Node<BrokenRules>,
        now: Millis,
        input: &Input,
        effects: &[Effect],
        reported: &[BrokenRule],
    ) {
        let broken = before.rules();
        let (raft, node) = (before.clone().with_new_rules(Standard), self.node.clone());
        let as_raft =
            stepped(raft, now, input) == (node.with_new_rules(Standard), effects.to_vec());
        // The count of duplicate votes is state of the broken rule alone.
        let counted_again = reported == [BrokenRule::CountDuplicateVotes];
        assert!(
            as_raft == reported.is_empty() || counted_again,
            "{broken:?} {reported:?} {input:?} {before:?}"
        );
        let those = broken.with_broken(reported.iter().copied().collect());
        let (same, same_effects) = stepped(before.clone().with_new_rules(those), now, input);
        let all = same.rules().with_broken(*self.node.rules());
        assert_eq!(
            (same.with_new_rules(all), &*same_effects),
            (self.node.clone(), effects)
        );
    }
}

fn stepped<R: Rules>(mut node: Node<R>, now: Millis, input: &Input) -> (Node<R>, Vec<Effect>) {
    let mut out = Output::default();
    node.step(now, input.clone(), &mut out);
    (node, out.effects)
}

/// Counts how often each rule was reported in a random run.
fn walk(broken: &[BrokenRule], seed: u64, reported: &mut BTreeMap<BrokenRule, usize>) {
    let mut server = Server::new(broken, seed);
    server.step(Millis(0), &Input::Start);
    for now in 1..60 {
        let input = server.input();
        for rule in server.step(Millis(now * 20), &input) {
            *reported.entry(rule).or_default() += 1;
        }
    }
}

#[test]
fn a_broken_rule_is_reported_exactly_when_raft_would_step_differently() {
    let mut reported = BTreeMap::new();
    for rule in BrokenRule::ALL {
        for seed in 1..250 {
            walk(&[rule], seed, &mut reported);
        }
        assert!(
            reported.contains_key(&rule),
            "{} is never reported",
            rule.name()
        );
    }
}

#[test]
fn the_reported_rules_alone_lead_to_the_same_step() {
    let mut random = Random(7);
    let mut reported = BTreeMap::new();
    for seed in 1..600 {
        let count = 2 + random.below(5);
        let any = |_| BrokenRule::ALL[random.below(BrokenRule::ALL.len() as u64) as usize];
        let broken: Vec<_> = (0..count).map(any).collect();
        walk(&broken, seed, &mut reported);
    }
    assert!(reported.len() > 20, "{reported:?}");
}

/// The rules reported when S1, with log `mine`, gets a RequestVote of term 9 for a log
/// that ends at `theirs`.
fn reported_for_vote(broken: &[BrokenRule], mine: &[u64], theirs: Position) -> Vec<BrokenRule> {
    let mut server = Server::new(broken, 1);
    server.stored.log = entries(mine).into_iter().collect();
    server.stored.term = Term(3);
    let restart = Input::Restart(server.stored.clone());
    server.step(Millis(0), &restart);
    let message = Message::RequestVote {
        term: Term(9),
        last: theirs,
        transfer: true,
    };
    let from = id(S2);
    server.step(Millis(500), &Input::Message { from, message })
}

/// Two broken rules may cancel each other out.
#[test]
fn broken_rules_without_effect_are_not_reported() {
    use BrokenRule::{CompareLastTermOnly, LongerLogWins, NoUpToDateCheck};
    let mine = [1, 1, 1, 1, 3];
    let both = [LongerLogWins, CompareLastTermOnly];
    assert_eq!(reported_for_vote(&both, &mine, at(6, 2)), []);
    assert_eq!(
        reported_for_vote(&both[..1], &mine, at(6, 2)),
        [LongerLogWins]
    );
    assert_eq!(
        reported_for_vote(&both, &mine, at(4, 3)),
        [CompareLastTermOnly]
    );
    let all = [LongerLogWins, CompareLastTermOnly, NoUpToDateCheck];
    assert_eq!(reported_for_vote(&all, &mine, at(6, 2)), [NoUpToDateCheck]);
    assert_eq!(reported_for_vote(&all, &mine, at(6, 4)), []);
}

/// A server that is no candidate drops a late vote, with or without the check of its
/// term.
#[test]
fn a_different_decision_without_effect_is_no_difference() {
    let mut server = Server::new(&[BrokenRule::CountStaleVotes], 1);
    server.stored.term = Term(5);
    let restart = Input::Restart(server.stored.clone());
    server.step(Millis(0), &restart);
    let (from, message) = (id(S3), vote(2, true));
    let input = Input::Message { from, message };
    assert_eq!(server.step(Millis(1), &input), []);
}

/// Forgetting makes a difference at the restart, and only if there was something to
/// forget.
#[test]
fn forgotten_state_is_reported_on_restart() {
    for rule in [
        BrokenRule::ForgetVoteOnRestart,
        BrokenRule::ForgetTermAndVoteOnRestart,
        BrokenRule::ForgetLogOnRestart,
    ] {
        let mut server = Server::new(&[rule], 1);
        let empty = Input::Restart(Stored::default());
        assert_eq!(server.step(Millis(0), &empty), []);
        let stored = Stored {
            term: Term(3),
            voted_for: Some(id(S2)),
            log: entries(&[1]).into_iter().collect(),
        };
        assert_eq!(server.step(Millis(1), &Input::Restart(stored)), [rule]);
    }
}
