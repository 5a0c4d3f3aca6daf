//! Differential tests: tikv's `raft` and our core run the same elections, heartbeats and
//! replications, and must reach the same terms, votes, leaders and logs.
//!
//! [`judge::Judge`] applies the same events to a cluster of each. After every event it
//! compares all servers and all vote messages in flight. Messages of replication differ in number (tikv sends heartbeats
//! without entries, waits after a probe and propagates a new commit index at once), so a
//! leader and a follower exchange messages until none is left, and then their logs and
//! commit indexes are compared.
//!
//! Where the rules differ, the network loses the message in both clusters
//! ([`cluster::Rules`] lists the cases), and a test in [`differences`] pins what each core
//! does. No comparison has exceptions.

mod cluster;
mod differences;
mod elections;
mod judge;
mod ours;
mod replication;
mod schedules;
mod theirs;
