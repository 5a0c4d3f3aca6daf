//! What is inferred of a server that gives no reasons is what the core gives as reasons.
#![cfg(not(target_family = "wasm"))]

use std::collections::BTreeSet;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_lab::{
    Command, Failure, Header, Link, Machine, Percent, Program, Record, Run, Start, View,
};
use hustings_raft::{
    AppendResult, BrokenRule, BrokenRules, Entries, Input, LogIndex, MemberChange, Message, Millis,
    MillisRange, Node, NodeId, NodeSet, Options, Output, Position, Reason, Term, Timer,
};

/// How many runs are compared.
const SEEDS: u64 = 1_000;

/// How many kinds of reasons are inferred.
const KINDS: usize = 38;

/// Raft's core, without reasons.
#[derive(Debug)]
struct Silent {
    broken: BrokenRules,
}

#[derive(Debug)]
struct SilentNode(Node<BrokenRules>);

impl Program for Silent {
    fn name(&self) -> &str {
        "silent"
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        let Start {
            id,
            members,
            options,
            stored,
            commit,
        } = start;
        let node = Node::with_rules(id, members, options, stored, self.broken);
        Box::new(SilentNode(node.with_commit(commit)))
    }
}

impl Machine for SilentNode {
    fn step(&mut self, now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        self.0.step(now, input, out);
        out.reasons.clear();
        Ok(())
    }

    fn view(&self) -> View {
        self.0.view()
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(Self(self.0.clone()))
    }

    fn fingerprint(&self, state: &mut dyn Hasher) {
        self.0.fingerprint(state);
    }

    fn fresh_until(&self) -> Option<Millis> {
        self.0.fresh_until()
    }
}

/// Numbers that look random: the middle bits of a linear congruential generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn server(&mut self, servers: u8) -> NodeId {
        let number = self.below(servers.into()) + 1;
        NodeId::new(number as u8).expect("1 to 9")
    }
}

fn header(dice: &mut Dice) -> Header {
    let cluster = [1, 2, 3, 3, 4, 5][dice.below(6) as usize];
    let disks = [(0, 0), (1, 5), (5, 60)];
    let (fast, slow) = disks[dice.below(3) as usize];
    let some = |dice: &mut Dice| Percent::new(dice.below(3) as u8 * 6).expect("a percentage");
    Header {
        cluster,
        seed: dice.below(1_000),
        raft: Options {
            pre_vote: dice.coin(),
            check_quorum: dice.coin(),
            no_op: dice.below(4) > 0,
            ..Options::default()
        },
        loss: some(dice),
        duplicate: some(dice),
        disk: MillisRange::between(fast, slow),
        members: dice.coin().then(|| NodeSet::first(cluster - cluster / 3)),
        broken: broken(dice),
        ..Header::default()
    }
}

/// Now and then, one broken rule. How many are needed is inferred as Raft has it, and so
/// is the cause of a refusal where there were two.
fn broken(dice: &mut Dice) -> BrokenRules {
    let told_as_in_raft = [
        BrokenRule::QuorumOfHalf,
        BrokenRule::AcceptStaleAppend,
        BrokenRule::ManyVotesPerTerm,
    ];
    let rule = dice.below(2 * BrokenRule::ALL.len() as u64);
    let rule = BrokenRule::ALL.get(rule as usize).copied();
    let rule = rule.filter(|rule| !told_as_in_raft.contains(rule));
    rule.into_iter().collect()
}

fn command(dice: &mut Dice, run: &Run) -> Command {
    let cluster = run.header().cluster;
    let server = dice.server(cluster);
    match dice.below(24) {
        0 => Command::Crash(server),
        1 | 2 => Command::Restart(server),
        3 => Command::Isolate(server),
        4 | 5 => Command::Heal,
        6 | 7 => Command::Timeout {
            server,
            timer: [None, Some(Timer::CheckQuorum)][dice.below(2) as usize],
        },
        8..=10 => Command::Propose {
            server: leader(run).unwrap_or(server),
            command: format!("x{}", dice.below(1_000)).into(),
        },
        11 => Command::Transfer {
            server: leader(run).unwrap_or(server),
            target: dice.server(cluster),
        },
        12 | 13 => Command::ChangeMembers {
            server: leader(run).unwrap_or(server),
            change: [MemberChange::Add, MemberChange::Remove][dice.below(2) as usize](
                dice.server(cluster),
            ),
        },
        14 | 15 => forged(dice, run, server),
        16 => Command::Propose {
            server,
            command: "to anybody".into(),
        },
        _ => Command::Run(Millis(dice.below(300))),
    }
}

fn leader(run: &Run) -> Option<NodeId> {
    let leads = run.servers().find(|it| it.view().leads());
    leads.map(|it| it.id())
}

/// A message of about the receiver's term, about entries near the end of its log.
fn forged(dice: &mut Dice, run: &Run, to: NodeId) -> Command {
    let from = dice.server(run.header().cluster);
    let view = run.server(to).expect("it exists").view();
    let Some(link) = Link::between(from, to) else {
        return Command::Run(Millis(10));
    };
    let term = Term((view.term.0 + dice.below(3)).saturating_sub(1));
    let index = LogIndex((view.log.last_index().0 + dice.below(3)).saturating_sub(1));
    let last = match view.log.term_at(index) {
        _ if index == LogIndex::ZERO => Position::START,
        known => Position {
            index,
            term: Term((known.unwrap_or(view.term).0 + dice.below(2)).max(1)),
        },
    };
    let granted = dice.coin();
    let message = match dice.below(7) {
        0 => Message::RequestVote {
            term,
            last,
            transfer: dice.coin(),
        },
        1 => Message::RequestVoteReply { term, granted },
        2 => Message::PreVote { term, last },
        3 => Message::PreVoteReply { term, granted },
        4 => Message::TimeoutNow { term },
        5 => Message::AppendEntries {
            term,
            prev: last,
            entries: Entries::default(),
            commit: index,
        },
        _ => Message::AppendEntriesReply {
            term,
            result: match granted {
                true => AppendResult::Accepted { matched: index },
                false => AppendResult::Refused { hint: index },
            },
        },
    };
    Command::Send { link, message }
}

/// The same run twice: of the core, and of the core without reasons.
fn twice(seed: u64) -> (Run, Run) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let header = header(&mut dice);
    let broken = header.broken;
    let silent: Rc<dyn Program> = Rc::new(Silent { broken });
    let programs = header.servers().iter().map(|id| (id, Rc::clone(&silent)));
    let silent = Header {
        programs: Box::new(programs.collect()),
        ..header.clone()
    };
    let mut core = Run::new(header).expect("a valid header");
    let mut silent = Run::new(silent).expect("a valid header");
    for _ in 0..40 {
        let command = command(&mut dice, &core);
        let (one, other) = (core.apply(command.clone()), silent.apply(command));
        assert_eq!(one, other, "seed {seed}");
    }
    (core, silent)
}

/// A reason, without that a message waits for a write: the core means the write that it
/// asked for, even if a fast disk has done it within the step; what is inferred means what
/// was seen.
fn but_for_waiting(reason: Reason) -> Reason {
    match reason {
        Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            ..
        } => Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            after_write: false,
        },
        Reason::TimeoutNowSent { target, .. } => Reason::TimeoutNowSent {
            target,
            after_write: false,
        },
        reason => reason,
    }
}

/// The kind of a reason, by its name.
fn kind(reason: &Reason) -> String {
    let written = format!("{reason:?}");
    let name = written.split(' ').next();
    name.unwrap_or_default().to_owned()
}

fn pairs<'a>(core: &'a Run, silent: &'a Run) -> impl Iterator<Item = (&'a Record, &'a Record)> {
    let pairs = core.records().iter().zip(silent.records().iter());
    pairs.map(|((_, one), (_, other))| (&**one, &**other))
}

#[test]
fn every_inferred_reason_is_one_of_the_core() {
    for seed in 0..SEEDS {
        let (core, silent) = twice(seed);
        for (core, silent) in pairs(&core, &silent) {
            let seen: Vec<_> = core.reasons.iter().copied().map(but_for_waiting).collect();
            for inferred in silent.reasons.iter() {
                let is_real = core.reasons.contains(inferred) || seen.contains(inferred);
                assert!(is_real, "seed {seed}: {inferred:?} in {core:#?}");
            }
        }
    }
}

#[test]
fn a_server_does_the_same_whether_it_gives_reasons_or_not() {
    for seed in 0..SEEDS / 4 {
        let (core, silent) = twice(seed);
        for (core, silent) in pairs(&core, &silent) {
            let told = Record {
                reasons: Rc::clone(&core.reasons),
                standard: core.standard.clone(),
                ..silent.clone()
            };
            assert_eq!(core, &told, "seed {seed}");
        }
    }
}

#[test]
fn what_cannot_be_seen_is_not_inferred_and_all_else_is() {
    let (mut given, mut inferred) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..SEEDS {
        let (core, silent) = twice(seed);
        for (run, kinds) in [(&core, &mut given), (&silent, &mut inferred)] {
            let records = run.records().iter();
            let reasons = records.flat_map(|(_, record)| record.reasons.iter());
            kinds.extend(reasons.map(kind));
        }
    }
    const UNSEEN: [&str; 15] = [
        "ChangeRefused",
        "CommitWaits",
        "CommitWaitsForOwnTerm",
        "Dropped",
        "ElectionSkipped",
        "LeaseHeld",
        "LeasePassed",
        "MayNotStand",
        "OwnEntriesDeleted",
        "OwnVoteWaits",
        "RuleBroken",
        "TimerArmed",
        "TimerIgnored",
        "TransferAborted",
        "TransferStarted",
    ];
    let is_unseen = |kind: &&String| UNSEEN.contains(&kind.as_str());
    assert!(
        !inferred.iter().any(|kind| is_unseen(&kind)),
        "{inferred:?}"
    );
    let never: Vec<_> = given.difference(&inferred).collect();
    assert!(never.iter().all(is_unseen), "{never:?}");
    assert_eq!(inferred.len(), KINDS);
}
