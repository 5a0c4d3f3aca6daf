//! Copies of worlds: equal for as long as the same happens to them, and apart.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use hustings_lab::{Done, NoTime};
use hustings_raft::{Millis, Timer};

use super::description::Description;
use super::same::on_walks;
use super::walk::{Choice, Luck, Walk};
use super::{append, id, link, plain, with_leases};

fn hash(walk: &Walk) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(&walk.world)
}

#[track_caller]
fn assert_equal(one: &Walk, other: &Walk) {
    assert_eq!(one.world, other.world);
    assert_eq!(hash(one), hash(other));
    assert_eq!(one.world.clone().digest(), other.world.clone().digest());
}

/// The same world by another way: all numbers that only tell the way are others.
fn by_a_detour(walk: &Walk) -> Walk {
    let mut walk = walk.clone();
    let (cut, paused) = (walk.world.is_cut(link(1, 2)), walk.world.is_paused(id(1)));
    for change in [!cut, cut] {
        walk.take(Choice::Cut(link(1, 2), change));
    }
    for change in [!paused, paused] {
        walk.take(Choice::Pause(id(1), change));
    }
    let count = walk.world.in_flight_count();
    if count > 0 {
        walk.take(Choice::Duplicate(0));
        walk.take(Choice::Drop(count));
    }
    walk
}

#[test]
fn equal_worlds_have_equal_hashes_and_stay_equal_under_the_same_steps() {
    on_walks(10, |walk| {
        let (mut one, mut other) = (walk.clone(), by_a_detour(walk));
        assert_equal(&one, &other);
        for number in [11, 222, 3_333, 44_445] {
            assert_eq!(one.wander(number), other.wander(number));
            assert_equal(&one, &other);
        }
    });
}

/// The writes of one have higher numbers, and so have its messages.
#[test]
fn worlds_with_other_numbers_of_writes_stay_equal_under_the_same_steps() {
    let one = Walk::new(&plain(3), Luck::NONE);
    let mut other = one.clone();
    other.take(Choice::Fire(id(3), Timer::Election));
    other.drop_all();
    let [mut one, mut other] = [one, other].map(|mut walk| {
        walk.crash_and_restart(id(3));
        walk
    });
    assert_equal(&one, &other);
    let fire = Choice::Fire(id(3), Timer::Election);
    for choice in [fire, Choice::FinishWrite(id(3))] {
        one.take(choice);
        other.take(choice);
        assert_equal(&one, &other);
    }
    for number in 1..200 {
        assert_eq!(one.wander(number * 7), other.wander(number * 7));
        assert_equal(&one, &other);
    }
}

#[test]
fn a_copy_stays_as_it_is_when_the_other_goes_on() {
    on_walks(10, |walk| {
        let (before, digest) = (Description::of(walk), walk.world.clone().digest());
        let copy = walk.clone();
        let mut other = walk.clone();
        for number in [5, 10, 16, 21, 27, 33, 39, 44] {
            other.wander(number);
        }
        assert_eq!(Description::of(&copy), before);
        assert_equal(walk, &copy);
        assert_eq!(copy.world.clone().digest(), digest);
    });
}

/// Numbers of what is pending are those of one world. In a copy of it, another thing may
/// have the same number.
#[test]
fn the_number_of_a_message_elsewhere_is_not_that_of_a_message_here() {
    let start = Walk::new(&plain(3), Luck::NONE);
    let mut sent = start.clone();
    sent.forge(link(1, 2), append(1, &[], 0));
    let (message, _) = sent.world.in_flight().next().expect("a message");
    let mut here = start;
    here.take(Choice::Fire(id(3), Timer::Election));
    let before = here.clone();
    let (mut nothing, mut done) = (NoTime, Done::default());
    assert_eq!(here.world.take(message), None);
    let fate = here.world.deliver(message, &mut nothing, &mut done);
    assert_eq!(fate, None);
    here.world.set_held(message, true);
    assert!(!here.world.can_arrive(message));
    assert_equal(&here, &before);
}

#[test]
fn a_server_that_runs_is_not_restarted() {
    let mut walk = Walk::new(&plain(3), Luck::NONE);
    walk.take(Choice::Fire(id(3), Timer::Election));
    let before = walk.clone();
    let (mut nothing, mut done) = (NoTime, Done::default());
    let restarted = walk.world.restart(id(3), &mut nothing, &mut done);
    assert_eq!(restarted, None);
    assert_equal(&walk, &before);
}

/// A digest is put together from parts that are remembered.
#[test]
fn a_world_that_is_asked_for_its_digest_after_each_step_gives_that_of_one_never_asked() {
    for (seed, header) in [(1, plain(3)), (2, with_leases(4)), (3, plain(5))] {
        let mut asked = Walk::new(&header, Luck::of_seed(seed));
        let mut never_asked = asked.clone();
        for number in 1..400_u32 {
            let number = number.wrapping_mul(2_654_435_761) >> 8;
            asked.wander(number);
            never_asked.wander(number);
            assert_eq!(asked.world.digest(), never_asked.world.clone().digest());
        }
        asked.take(Choice::Pass(Millis(1_000)));
        never_asked.take(Choice::Pass(Millis(1_000)));
        assert_eq!(asked.world.digest(), never_asked.world.clone().digest());
        assert_equal(&asked, &never_asked);
    }
}
