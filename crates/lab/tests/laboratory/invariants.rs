//! Fuzzing: the invariants hold after every step of random schedules.
//!
//! The schedules contain every command of a laboratory. `HUSTINGS_FUZZ_STEPS` is the
//! number of records to produce, `HUSTINGS_FUZZ_SEED` selects the schedules; `cargo
//! xtask fuzz` sets both. A schedule that violates an invariant is shrunk and printed as
//! a script for `hustings run`.
#![cfg(not(target_family = "wasm"))]

use std::cell::Cell;
use std::fmt;
use std::thread;

use hustings_lab::{
    Command, CommandError, Header, Link, Path, Percent, Rate, Run, Script, narrate,
};
use hustings_raft::{
    BrokenRule, MemberChange, Millis, MillisRange, NodeId, NodeSet, Options, RoleName,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// The default, short enough for `cargo test`; CI uses two million.
const STEPS: usize = 60_000;
const SEED: u64 = 1;
/// The number of threads; each has schedules of its own, the same on every machine.
const THREADS: u64 = 4;

/// A command in abstract numbers, so that it applies to every cluster and state.
#[derive(Clone, Copy, Debug)]
enum FuzzAction {
    Run(u16),
    Step,
    Deliver(u8),
    Drop(u8),
    Duplicate(u8),
    Delay(u8, u16),
    Clock(u8, u16),
    Latency(u8, u8, u8),
    Disk(u8, u8),
    Timeout(u8),
    Crash(u8),
    Restart,
    Install(u8),
    Pause(u8),
    Resume,
    Cut(u8, u8, bool),
    Isolate(u8),
    Partition(u16),
    Heal,
    Reseed(u64),
    Propose(u8),
    Transfer(u8, u8),
    Add(u8, u8),
    Remove(u8, u8),
}

fn action() -> impl Strategy<Value = FuzzAction> {
    let server = any::<u8>;
    prop_oneof![
        8 => (0..400u16).prop_map(FuzzAction::Run),
        12 => Just(FuzzAction::Step),
        12 => server().prop_map(FuzzAction::Deliver),
        4 => server().prop_map(FuzzAction::Drop),
        3 => server().prop_map(FuzzAction::Duplicate),
        2 => (server(), 0..500u16).prop_map(|(number, by)| FuzzAction::Delay(number, by)),
        1 => (server(), 10..=1000u16).prop_map(|(number, rate)| FuzzAction::Clock(number, rate)),
        1 => (server(), server(), any::<u8>()).prop_map(|(a, b, max)| FuzzAction::Latency(a, b, max)),
        1 => (server(), any::<u8>()).prop_map(|(number, max)| FuzzAction::Disk(number, max)),
        6 => server().prop_map(FuzzAction::Timeout),
        3 => server().prop_map(FuzzAction::Crash),
        4 => Just(FuzzAction::Restart),
        2 => server().prop_map(FuzzAction::Install),
        1 => server().prop_map(FuzzAction::Pause),
        2 => Just(FuzzAction::Resume),
        3 => (server(), server(), any::<bool>()).prop_map(|(a, b, both)| FuzzAction::Cut(a, b, both)),
        1 => server().prop_map(FuzzAction::Isolate),
        1 => any::<u16>().prop_map(FuzzAction::Partition),
        3 => Just(FuzzAction::Heal),
        1 => any::<u64>().prop_map(FuzzAction::Reseed),
        8 => server().prop_map(FuzzAction::Propose),
        1 => (server(), server()).prop_map(|(a, b)| FuzzAction::Transfer(a, b)),
        2 => (server(), server()).prop_map(|(a, b)| FuzzAction::Add(a, b)),
        2 => (server(), server()).prop_map(|(a, b)| FuzzAction::Remove(a, b)),
    ]
}

fn header() -> impl Strategy<Value = Header> {
    let range = |longest: u64| (0..=longest, 0..=longest).prop_map(|(min, more)| (min, min + more));
    let rare = || prop_oneof![Just(0), 0..30u8].prop_map(|p| Percent::new(p).expect("up to 100"));
    let network = (
        range(40),
        rare(),
        rare(),
        prop_oneof![Just((0, 0)), range(30)],
    );
    let members = prop_oneof![Just(None), (1..=9u8).prop_map(Some)];
    (1..=9u8, any::<u64>(), any::<[bool; 3]>(), network, members).prop_map(
        |(cluster, seed, [no_op, pre_vote, check_quorum], network, members)| {
            let (latency, loss, duplicate, disk) = network;
            Header {
                cluster,
                seed,
                raft: Options {
                    no_op,
                    pre_vote,
                    check_quorum,
                    ..Options::default()
                },
                latency: MillisRange::between(latency.0, latency.1),
                loss,
                duplicate,
                disk: MillisRange::between(disk.0, disk.1),
                members: members.map(|count| NodeSet::first(count.min(cluster))),
                ..Header::default()
            }
        },
    )
}

/// A header and actions. Its `Display` is the resulting script.
#[derive(Clone)]
struct Schedule {
    header: Header,
    actions: Vec<FuzzAction>,
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", Script::of(&self.play()))
    }
}

impl Schedule {
    /// Runs the schedule up to the first violation. Refused actions are skipped.
    fn play(&self) -> Run {
        self.play_while(|lab| lab.violations().is_empty())
    }

    /// Runs the schedule while the predicate holds.
    fn play_while(&self, goes_on: impl Fn(&Run) -> bool) -> Run {
        let mut lab = Run::new(self.header.clone()).expect("a sound header");
        for action in &self.actions {
            if let Some(command) = action.in_terms_of(&lab) {
                match lab.apply(command) {
                    Ok(_) => {}
                    Err(CommandError::HistoryFull { .. }) => return lab,
                    Err(_) => {}
                }
            }
            if !goes_on(&lab) {
                return lab;
            }
        }
        lab
    }
}

/// One of the servers; half of the numbers select a leader, if there is one.
fn server(lab: &Run, number: u8) -> NodeId {
    let leader = lab
        .servers()
        .find(|server| server.role() == Some(RoleName::Leader) && number >= 128);
    let any = NodeId::new(number % lab.header().cluster + 1).expect("1 to 9");
    leader.map_or(any, |leader| leader.id())
}

impl FuzzAction {
    fn in_terms_of(self, lab: &Run) -> Option<Command> {
        let of = |number| server(lab, number);
        let plain = |number: u8| NodeId::new(number % lab.header().cluster + 1).expect("1 to 9");
        let selector = |number: u8| {
            let count = lab.in_flight().count();
            let flight = lab
                .in_flight()
                .nth(usize::from(number).checked_rem(count)?)?;
            lab.selector_for(flight.id)
        };
        Some(match self {
            Self::Run(millis) => Command::Run(Millis(millis.into())),
            Self::Step => Command::Step,
            Self::Deliver(number) => Command::Deliver(selector(number)?),
            Self::Drop(number) => Command::Drop(selector(number)?),
            Self::Duplicate(number) => Command::Duplicate(selector(number)?),
            Self::Delay(number, by) => Command::Delay {
                selector: selector(number)?,
                by: Millis(by.into()),
            },
            Self::Clock(number, rate) => Command::Clock {
                server: of(number),
                rate: Rate::new(rate)?,
            },
            Self::Disk(number, max) => Command::Disk {
                server: of(number),
                range: MillisRange::between(0, max.into()),
            },
            Self::Latency(from, to, max) => Command::Latency {
                path: Path {
                    link: Link {
                        from: plain(from),
                        to: plain(to),
                    },
                    both_ways: false,
                },
                range: MillisRange::between(0, max.into()),
            },
            Self::Timeout(number) => Command::Timeout {
                server: plain(number),
                timer: None,
            },
            Self::Crash(number) => Command::Crash(of(number)),
            Self::Restart => Command::Restart(lab.servers().find(|server| !server.is_up())?.id()),
            Self::Install(number) => Command::Install {
                servers: [of(number)].into_iter().collect(),
                program: None,
            },
            Self::Pause(number) => Command::Pause(of(number)),
            Self::Resume => {
                let paused = |id: &NodeId| lab.is_paused(*id);
                Command::Resume(lab.ids().iter().find(paused)?)
            }
            Self::Cut(from, to, both_ways) => {
                let (from, to) = (plain(from), plain(to));
                let link = Link { from, to };
                Command::Cut(Path { link, both_ways })
            }
            Self::Isolate(number) => Command::Isolate(of(number)),
            Self::Partition(bits) => {
                let one = |id: &NodeId| bits & (1 << id.number()) != 0;
                Command::Partition(vec![lab.ids().iter().filter(one).collect()])
            }
            Self::Heal => Command::Heal,
            Self::Reseed(seed) => Command::Reseed(seed),
            Self::Propose(number) => Command::Propose {
                server: of(number),
                command: format!("{}", lab.records().len()).into(),
            },
            Self::Transfer(number, target) => Command::Transfer {
                server: of(number),
                target: plain(target),
            },
            Self::Add(number, new) => Command::ChangeMembers {
                server: of(number),
                change: MemberChange::Add(plain(new)),
            },
            Self::Remove(number, old) => Command::ChangeMembers {
                server: of(number),
                change: MemberChange::Remove(of(old)),
            },
        })
    }
}

fn number_from(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => default,
    }
}

/// Runs schedules until they have produced `steps` records. Returns the number of
/// schedules, or the one that violates an invariant.
fn fuzz(header: impl Strategy<Value = Header>, seed: u64, steps: usize) -> Result<u32, String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let schedule =
        (header, vec(action(), 1..250)).prop_map(|(header, actions)| Schedule { header, actions });
    let made = Cell::new(0);
    let mut schedules = 0;
    while made.get() < steps {
        schedules += 1;
        let tree = schedule.new_tree(&mut runner).expect("a schedule");
        let played = runner.run_one(tree, |schedule| {
            let lab = schedule.play();
            made.set(made.get() + lab.records().len());
            match lab.violations().first() {
                None => Ok(()),
                Some(violation) => Err(TestCaseError::fail(narrate::violation(
                    violation,
                    narrate::Lang::En,
                ))),
            }
        });
        if let Err(TestError::Fail(reason, schedule)) = played {
            return Err(format!("{reason}\n{schedule:?}"));
        }
    }
    Ok(schedules)
}

fn fuzz_in_threads(seed: u64, steps: usize) -> Result<u32, String> {
    let part = |thread| {
        let seed = seed.wrapping_mul(THREADS).wrapping_add(thread);
        fuzz(header(), seed, steps / THREADS as usize)
    };
    thread::scope(|scope| {
        let start = |thread| scope.spawn(move || part(thread));
        let threads: Vec<_> = (0..THREADS).map(start).collect();
        let results = threads.into_iter().map(|it| it.join().expect("no panic"));
        results.sum()
    })
}

#[test]
fn invariants_hold_after_every_step_of_random_schedules() {
    let seed = number_from("HUSTINGS_FUZZ_SEED", SEED);
    let steps = number_from("HUSTINGS_FUZZ_STEPS", STEPS as u64) as usize;
    match fuzz_in_threads(seed, steps) {
        Ok(schedules) => println!("{steps} steps in {schedules} schedules of seed {seed}: sound"),
        Err(found) => panic!("with seed {seed}: {found}"),
    }
}

/// Checks the fuzzer itself, with a broken rule that soon violates an invariant.
#[test]
fn a_broken_rule_is_found_and_shrunk_to_a_short_script() {
    let broken = header().prop_map(|header| Header {
        cluster: 3,
        members: None,
        broken: [BrokenRule::ManyVotesPerTerm].into_iter().collect(),
        ..header
    });
    let found = fuzz(broken, SEED, STEPS).expect_err("votes are given twice");
    assert!(found.contains("break many-votes-per-term"), "{found}");
    assert!(found.lines().count() < 20, "{found}");
}

/// With any broken rules and after any violation, the laboratory goes on, and its
/// script gives the same records.
#[test]
fn with_any_rules_broken_every_schedule_can_be_replayed() {
    const RECORDS_MAX: usize = 400;
    let rules = vec(select(&BrokenRule::ALL[..]), 1..6);
    let header = (header(), rules).prop_map(|(header, rules)| Header {
        broken: rules.into_iter().collect(),
        ..header
    });
    let config = Config {
        cases: 120,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[SEED as u8; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let schedule =
        (header, vec(action(), 1..120)).prop_map(|(header, actions)| Schedule { header, actions });
    let played = runner.run(&schedule, |schedule| {
        let lab = schedule.play_while(|lab| lab.records().len() < RECORDS_MAX);
        let again = Script::of(&lab).run().expect("a sound header").run;
        prop_assert!(again.records().iter().eq(lab.records().iter()));
        prop_assert_eq!(again.violations(), lab.violations());
        Ok(())
    });
    played.unwrap_or_else(|error| panic!("{error}"));
}
