//! Over many worlds, the digests and the descriptions are equal for the same ones.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use hustings_lab::Header;
use hustings_raft::BrokenRule;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::description::Description;
use super::walk::{Luck, Walk};
use super::{broken, plain, with_leases};

/// Worlds that have been seen, by digest and by description.
#[derive(Default)]
struct Pile {
    by_digest: BTreeMap<u64, Description>,
    by_description: BTreeMap<Description, u64>,
    seen: usize,
}

impl Pile {
    /// Adds a world; returns whether no such world was seen before.
    fn add(&mut self, walk: &Walk) -> bool {
        self.seen += 1;
        let description = Description::of(walk);
        let digest = walk.world.clone().digest();
        if let Some(before) = self.by_digest.get(&digest) {
            let differences = before.differences(&description);
            assert_eq!(differences, [""; 0], "of one digest");
            return false;
        }
        let other = self.by_description.insert(description.clone(), digest);
        assert_eq!(other, None, "{digest} for {description:#?}");
        self.by_digest.insert(digest, description);
        true
    }
}

/// Adds the first worlds that can be reached, by the number of choices to get there.
fn explore(pile: &mut Pile, header: &Header, most: usize) {
    let first = Walk::new(header, Luck::NONE);
    pile.add(&first);
    let mut frontier = VecDeque::from([first]);
    let end = pile.seen + most;
    while let Some(walk) = frontier.pop_front() {
        for choice in walk.choices().0 {
            let mut next = walk.clone();
            next.take(choice);
            if pile.add(&next) {
                frontier.push_back(next);
            }
            if pile.seen >= end {
                return;
            }
        }
    }
}

#[test]
fn the_first_worlds_in_reach_have_equal_digests_if_their_descriptions_are_equal() {
    for header in [plain(2), plain(3), with_leases(2)] {
        let mut pile = Pile::default();
        explore(&mut pile, &header, 1_500);
        let (seen, different) = (pile.seen, pile.by_digest.len());
        assert!(
            different > 200 && different < seen * 2 / 3,
            "{different} of {seen}"
        );
    }
}

/// Runs random walks through a pile, always the same ones.
fn wander(header: &Header, luck: impl Fn(u64) -> Luck) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 25,
        failure_persistence: None,
        ..Config::default()
    };
    let pile = RefCell::new(Pile::default());
    let mut runner = TestRunner::new_with_rng(config, rng);
    let walks = (any::<u64>(), vec(any::<u32>(), 60));
    let walked = runner.run(&walks, |(seed, numbers)| {
        let mut walk = Walk::new(header, luck(seed));
        for number in numbers {
            walk.wander(number);
            pile.borrow_mut().add(&walk);
        }
        Ok(())
    });
    walked.expect("one digest for one description");
    assert!(pile.borrow().by_digest.len() > 700);
}

#[test]
fn the_worlds_of_random_walks_have_equal_digests_if_their_descriptions_are_equal() {
    wander(&plain(3), |_| Luck::NONE);
    wander(&with_leases(3), Luck::of_seed);
}

#[test]
fn so_have_those_in_which_rules_are_broken_and_invariants_violated() {
    let rules = [
        BrokenRule::ManyVotesPerTerm,
        BrokenRule::CommitOldTermByCounting,
        BrokenRule::ReplyBeforePersist,
    ];
    wander(&broken(3, rules.into_iter().collect()), Luck::of_seed);
}
