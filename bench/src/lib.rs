//! Hustings' core beside tikv's `raft`: five servers of each in memory, on one
//! thread, with the least that a driver must do: a queue, a disk that is done at
//! once, and timers fired by hand.

pub mod ours;
pub mod scenario;
pub mod theirs;

/// How many servers a cluster has.
pub const SERVERS: u8 = 5;

/// What a client asks for: 64 bytes.
pub const COMMAND: &str = "set 0123456789abcdef 0123456789abcdef0123456789abcdef0123456789a";

/// Five servers of one core.
pub trait Cluster {
    /// Servers that have never run; not one of them leads.
    fn cold() -> Self;

    /// The election timer of the first server runs out.
    fn time_out(&mut self);

    /// The heartbeat of the first server is due.
    fn beat(&mut self);

    /// A client asks the first server.
    fn propose(&mut self);

    /// Delivers messages until there are none, and says how many there were.
    fn deliver_all(&mut self) -> u64;

    /// The commit index of the first server.
    fn commit(&self) -> u64;
}
