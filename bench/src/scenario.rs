//! What is measured, once for every core.

use std::time::{Duration, Instant};

use crate::Cluster;

/// What the servers do while it is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scenario {
    /// Servers that have never run elect a leader, and commit its first entry.
    Elections,
    /// A leader sends heartbeats and hears the answers.
    Heartbeats,
    /// A leader takes one command of 64 bytes after the other; each is committed
    /// before the next.
    Replication,
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// How many messages were handled.
    pub messages: u64,
    /// How long that took.
    pub took: Duration,
}

impl Sample {
    /// Messages handled in a second.
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

    /// Clusters in which this can be done `times` times: a new one for every
    /// election, or one with a leader.
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

    /// Does it `times` times; the number of messages that were handled. Not
    /// inlined, so that its instructions can be counted by its name.
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

    /// Does it `times` times and takes the time; what comes before and after
    /// does not count.
    pub fn sample<C: Cluster>(self, times: u64) -> Sample {
        let mut clusters: Vec<C> = self.prepare(times);
        let start = Instant::now();
        let messages = self.measured(&mut clusters, times);
        let took = start.elapsed();
        Sample { messages, took }
    }
}
