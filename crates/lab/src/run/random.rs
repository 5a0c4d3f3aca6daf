//! Counter-based random draws: each depends only on the seed, the stream and the number
//! of earlier draws.

use hustings_raft::{Millis, MillisRange, NodeId, Timer};

use crate::header::Percent;
use crate::path::Link;

/// A stream of draws. Each has its own sequence, so that a fault in one place never
/// shifts the draws of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RandomStream {
    /// A timer's duration.
    Timer(NodeId, Timer),
    /// A message's travel time.
    Latency(Link),
    /// Whether a message is lost.
    Loss(Link),
    /// Whether a message arrives twice.
    Duplicate(Link),
    /// The travel time of a message's copy.
    CopyLatency(Link),
    /// How long a write takes.
    Disk(NodeId),
}

impl RandomStream {
    /// A unique number for each stream: its kind and two servers.
    fn number(self) -> u64 {
        let (kind, a, b) = match self {
            Self::Timer(node, Timer::Election) => (1, node, node),
            Self::Timer(node, Timer::Heartbeat) => (2, node, node),
            Self::Latency(link) => (3, link.from, link.to),
            Self::Loss(link) => (4, link.from, link.to),
            Self::Duplicate(link) => (5, link.from, link.to),
            Self::CopyLatency(link) => (6, link.from, link.to),
            Self::Disk(node) => (7, node, node),
            Self::Timer(node, Timer::CheckQuorum) => (8, node, node),
            Self::Timer(node, Timer::Transfer) => (9, node, node),
        };
        kind << 16 | u64::from(a.number()) << 8 | u64::from(b.number())
    }
}

/// The draw that a stream makes after `count` earlier ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RandomDraw(u64);

impl RandomDraw {
    pub(crate) fn new(seed: u64, stream: RandomStream, count: u64) -> Self {
        Self(mix(mix(mix(seed) ^ stream.number()) ^ count))
    }

    /// A duration of the range, uniformly distributed.
    pub(crate) fn duration(self, range: MillisRange) -> Millis {
        let span = range.max().since(range.min()).0.saturating_add(1);
        // The high half of a 64 by 64 bit product: below `span`, and close to uniform
        // for spans much smaller than 2^64.
        let offset = (u128::from(self.0) * u128::from(span)) >> 64;
        range.min().plus(Millis(offset as u64))
    }

    /// True with the given chance.
    pub(crate) fn chance(self, percent: Percent) -> bool {
        self.duration(MillisRange::between(0, 99)).0 < u64::from(percent.get())
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators", 2014): a bijection that spreads every bit
/// of its input. It uses no state, so draws can be made in any order, and it is
/// the same on every platform.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(number: u8) -> RandomStream {
        RandomStream::Timer(NodeId::new(number).expect("1 to 9"), Timer::Election)
    }

    #[test]
    fn a_range_of_one_duration_always_gives_it() {
        let range = MillisRange::exactly(50);
        assert!((0..100).all(|n| RandomDraw::new(7, timer(1), n).duration(range) == Millis(50)));
    }

    /// Rule E9: over many draws every value of the range appears, ends included.
    #[test]
    fn every_duration_of_a_range_is_drawn() {
        let range = MillisRange::between(150, 300);
        let mut seen = std::collections::BTreeSet::new();
        for count in 0..5_000 {
            let drawn = RandomDraw::new(1, timer(1), count).duration(range);
            assert!(drawn >= range.min() && drawn <= range.max());
            seen.insert(drawn);
        }
        assert_eq!(seen.len(), 151);
    }

    /// The measure of etcd's TestFollowersElectionTimeoutNonconflict: with five
    /// servers and ten slots, at most 30 % of the rounds have a tie at the front.
    #[test]
    fn servers_rarely_draw_the_same_minimal_timeout() {
        let ties = (0..1_000)
            .filter(|round| {
                let mut draws: Vec<_> = (1..=5)
                    .map(|n| {
                        RandomDraw::new(1, timer(n), *round).duration(MillisRange::between(10, 19))
                    })
                    .collect();
                draws.sort_unstable();
                draws[0] == draws[1]
            })
            .count();
        assert!(ties <= 300, "{ties} of 1,000 rounds tie");
    }
}
