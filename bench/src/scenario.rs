//! The scenarios that are measured, generic over the core.

use std::time::{Duration, Instant};

use crate::Cluster;

/// A scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scenario {
    /// A new cluster elects a leader, and commits its first entry.
    Elections,
    /// A leader sends heartbeats and receives the replies.
    Heartbeats,
    /// A leader replicates commands of 64 bytes; each is committed before the next.
    Replication,
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The number of messages handled.
    pub messages: u64,
    /// The duration.
    pub took: Duration,
}

impl Sample {
    /// Messages handled per second.
    pub fn per_second(self) -> f64 {
        self.messages as f64 / self.took.as_secs_f64()
    }
}

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 3] = [Self::Elections, Self::Heartbeats, Self::Replication];

    /// The name in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Elections => "elections",
            Self::Heartbeats => "heartbeats",
            Self::Replication => "replication",
        }
    }

    /// The clusters for `times` repetitions: a new one for each election, or one with a
    /// leader.
    pub fn prepare<C: Cluster>(self, times: u64) -> Vec<C> {
        if self == Self::Elections {
            return (0..times).map(|_| C::cold()).collect();
        }
        let mut cluster = C::cold();
        cluster.time_out();
        cluster.deliver_all();
        for _ in 0..10 {
            cluster.beat();
            cluster.deliver_all();
        }
        vec![cluster]
    }

    /// Repeats the scenario `times` times; returns the number of messages handled. Not
    /// inlined, so that valgrind can attribute instructions to it.
    #[inline(never)]
    pub fn measured<C: Cluster>(self, clusters: &mut [C], times: u64) -> u64 {
        let mut messages = 0;
        match self {
            Self::Elections => {
                for cluster in clusters {
                    cluster.time_out();
                    messages += cluster.deliver_all();
                }
            }
            Self::Heartbeats => {
                for cluster in clusters {
                    for _ in 0..times {
                        cluster.beat();
                        messages += cluster.deliver_all();
                    }
                }
            }
            Self::Replication => {
                for cluster in clusters {
                    for _ in 0..times {
                        cluster.propose();
                        messages += cluster.deliver_all();
                    }
                }
            }
        }
        messages
    }

    /// Measures `times` repetitions, without set-up and clean-up.
    pub fn sample<C: Cluster>(self, times: u64) -> Sample {
        let mut clusters: Vec<C> = self.prepare(times);
        let start = Instant::now();
        let messages = self.measured(&mut clusters, times);
        let took = start.elapsed();
        Sample { messages, took }
    }
}
