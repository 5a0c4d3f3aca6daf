//! What difference broken rules make: a step tells of one exactly if Raft, in the
//! same state and with the same input, would have done something else.

mod support;

use std::collections::BTreeMap;

use hustings_raft::{
    BrokenRule, BrokenRules, Effect, Input, LogIndex, MemberChange, Message, Millis, Node, NodeSet,
    Options, Output, Position, Reason, RoleName, Rules, Standard, Stored, Term, Timer, WriteId,
};
use support::{S1, S2, S3, accepted, at, entries, id, pre_vote, refused, vote};

/// Numbers that look random and are the same everywhere (xorshift).
struct Dice(u64);

impl Dice {
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

/// A server whose rules may be broken, and what its disk holds.
struct Server {
    node: Node<BrokenRules>,
    stored: Stored,
    writes: Vec<WriteId>,
    dice: Dice,
}

impl Server {
    fn new(broken: &[BrokenRule], seed: u64) -> Self {
        let mut dice = Dice(seed * 2 + 1);
        let members = NodeSet::first(3 + dice.below(2) as u8);
        let options = Options {
            no_op: dice.coin(),
            pre_vote: dice.coin(),
            check_quorum: dice.coin(),
            ..Options::default()
        };
        let stored = Stored::default();
        let rules = broken.iter().copied().collect();
        Self {
            node: Node::with_rules(id(S1), members, options, stored.clone(), rules),
            stored,
            writes: Vec::new(),
            dice,
        }
    }

    /// Something that might happen to it next.
    fn input(&mut self) -> Input {
        let dice = &mut self.dice;
        match dice.below(12) {
            0 => Input::Timer(Timer::Election),
            1 => Input::Timer(Timer::ALL[dice.below(4) as usize]),
            2 => Input::Propose("x".into()),
            3 if dice.below(4) == 0 => Input::Restart(self.stored.clone()),
            3 | 4 => match self.writes.last() {
                Some(write) => Input::WriteDone(*write),
                None => Input::Timer(Timer::Heartbeat),
            },
            5 => {
                let server = id(1 + dice.below(4) as u8);
                Input::ChangeMembers(if dice.coin() {
                    MemberChange::Add(server)
                } else {
                    MemberChange::Remove(server)
                })
            }
            _ => Input::Message {
                from: id(2 + dice.below(3) as u8),
                message: if self.dice.coin() {
                    self.welcome()
                } else {
                    self.message()
                },
            },
        }
    }

    /// A message that the server waits for in its role.
    fn welcome(&mut self) -> Message {
        let term = self.node.term().0;
        match self.node.role().name() {
            RoleName::Follower => self.message(),
            RoleName::PreCandidate => pre_vote(term + 1, true),
            RoleName::Candidate => vote(term, true),
            RoleName::Leader => {
                let last = self.node.log().last_index().0;
                accepted(term, self.dice.near(last).min(last))
            }
        }
    }

    fn message(&mut self) -> Message {
        let (dice, log) = (&mut self.dice, self.node.log());
        let term = dice.near(self.node.term().0);
        let index = dice.below(log.last_index().0 + 2);
        let held = log.term_at(LogIndex(index)).unwrap_or_default().0;
        match dice.below(8) {
            0 | 1 => Message::RequestVote {
                term: Term(term),
                last: at(index, dice.near(held).min(term)),
                transfer: dice.coin(),
            },
            2 => vote(term, dice.below(4) > 0),
            3 => Message::PreVote {
                term: Term(term),
                last: at(index, held),
            },
            4 => pre_vote(term, dice.below(4) > 0),
            5 => accepted(term, index),
            6 => refused(term, index),
            _ => Message::AppendEntries {
                term: Term(term),
                prev: at(index, held),
                entries: entries(&vec![held.max(term); dice.below(3) as usize]),
                commit: LogIndex(dice.near(self.node.commit().0)),
            },
        }
    }

    /// Takes a step, and returns what it said to be broken.
    fn step(&mut self, now: Millis, input: &Input) -> Vec<BrokenRule> {
        let before = self.node.clone();
        let mut out = Output::default();
        self.node.step(now, input.clone(), &mut out);
        let told = out.reasons.iter().filter_map(|reason| match reason {
            Reason::RuleBroken { broken } => Some(*broken),
            _ => None,
        });
        let told: Vec<_> = told.collect();
        assert_eq!(
            told.is_empty(),
            out.standard.is_empty(),
            "{told:?} {input:?} {before:?} {:?}",
            self.node
        );
        self.compare(&before, now, input, &out.effects, &told);
        for effect in &out.effects {
            if let Effect::Persist(write) = effect {
                self.stored.apply(write);
                self.writes.push(write.id);
            }
        }
        told
    }

    fn compare(
        &self,
        before: &Node<BrokenRules>,
        now: Millis,
        input: &Input,
        effects: &[Effect],
        told: &[BrokenRule],
    ) {
        let broken = before.rules();
        let (raft, node) = (before.clone().with_new_rules(Standard), self.node.clone());
        let as_raft =
            stepped(raft, now, input) == (node.with_new_rules(Standard), effects.to_vec());
        // A vote that was counted once more is remembered where Raft has no place.
        let counted_again = told == [BrokenRule::CountDuplicateVotes];
        assert!(
            as_raft == told.is_empty() || counted_again,
            "{broken:?} {told:?} {input:?} {before:?}"
        );
        let those = broken.with_broken(told.iter().copied().collect());
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

/// How often each rule was said to have made a difference.
fn walk(broken: &[BrokenRule], seed: u64, told: &mut BTreeMap<BrokenRule, usize>) {
    let mut server = Server::new(broken, seed);
    server.step(Millis(0), &Input::Start);
    for now in 1..60 {
        let input = server.input();
        for rule in server.step(Millis(now * 20), &input) {
            *told.entry(rule).or_default() += 1;
        }
    }
}

#[test]
fn a_rule_is_told_exactly_where_raft_would_have_done_something_else() {
    let mut told = BTreeMap::new();
    for rule in BrokenRule::ALL {
        for seed in 1..250 {
            walk(&[rule], seed, &mut told);
        }
        assert!(told.contains_key(&rule), "{} is never told", rule.name());
    }
}

#[test]
fn of_many_broken_rules_those_are_told_that_lead_to_the_same_step() {
    let mut dice = Dice(7);
    let mut told = BTreeMap::new();
    for seed in 1..600 {
        let count = 2 + dice.below(5);
        let any = |_| BrokenRule::ALL[dice.below(BrokenRule::ALL.len() as u64) as usize];
        let broken: Vec<_> = (0..count).map(any).collect();
        walk(&broken, seed, &mut told);
    }
    assert!(told.len() > 20, "{told:?}");
}

/// The rules told when S1, whose log ends at `mine`, is asked for a vote in term 9
/// for a log that ends at `theirs`.
fn told_of_vote(broken: &[BrokenRule], mine: &[u64], theirs: Position) -> Vec<BrokenRule> {
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

/// Two mistakes may cancel each other out.
#[test]
fn rules_that_are_broken_in_vain_are_not_told() {
    use BrokenRule::{CompareLastTermOnly, LongerLogWins, NoUpToDateCheck};
    let mine = [1, 1, 1, 1, 3];
    let both = [LongerLogWins, CompareLastTermOnly];
    assert_eq!(told_of_vote(&both, &mine, at(6, 2)), []);
    assert_eq!(told_of_vote(&both[..1], &mine, at(6, 2)), [LongerLogWins]);
    assert_eq!(told_of_vote(&both, &mine, at(4, 3)), [CompareLastTermOnly]);
    let all = [LongerLogWins, CompareLastTermOnly, NoUpToDateCheck];
    assert_eq!(told_of_vote(&all, &mine, at(6, 2)), [NoUpToDateCheck]);
    assert_eq!(told_of_vote(&all, &mine, at(6, 4)), []);
}

/// A late vote is dropped by a server that does not stand, whether its term counts
/// or not.
#[test]
fn a_decision_that_changes_nothing_is_no_difference() {
    let mut server = Server::new(&[BrokenRule::CountStaleVotes], 1);
    server.stored.term = Term(5);
    let restart = Input::Restart(server.stored.clone());
    server.step(Millis(0), &restart);
    let (from, message) = (id(S3), vote(2, true));
    let input = Input::Message { from, message };
    assert_eq!(server.step(Millis(1), &input), []);
}

/// What a server has forgotten makes a difference when it starts, and only if there
/// was anything to forget.
#[test]
fn what_is_forgotten_on_restart_is_told_on_restart() {
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
