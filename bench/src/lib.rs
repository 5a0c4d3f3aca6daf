//! Hustings' core beside tikv's `raft`: five servers of each in memory, on one thread, with
//! minimal drivers: a queue, an immediate disk, and timers fired by the benchmark.

pub mod ours;
pub mod scenario;
pub mod theirs;

/// The number of servers of a cluster.
pub const SERVERS: u8 = 5;

/// The command of a client, 64 bytes.
pub const COMMAND: &str = "set 0123456789abcdef 0123456789abcdef0123456789abcdef0123456789a";

/// Five servers of one core.
pub trait Cluster {
    /// A new cluster without a leader.
    fn cold() -> Self;

    /// The election timer of the first server fires.
    fn time_out(&mut self);

    /// The heartbeat timer of the first server fires.
    fn beat(&mut self);

    /// A client sends a request to the first server.
    fn propose(&mut self);

    /// Delivers messages until there are none; returns their number.
    fn deliver_all(&mut self) -> u64;

    /// The commit index of the first server.
    fn commit(&self) -> u64;
}
