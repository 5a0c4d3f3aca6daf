//! An independent judge: tikv's `raft` lives through the same elections,
//! heartbeats and replications as our core, and both must come to the same
//! terms, votes, leaders and logs.
//!
//! [`judge::Judge`] holds a cluster of each and gives both the same events. It
//! compares every server after every event, and every vote message that is in
//! flight. Messages of replication differ in number (tikv sends heartbeats
//! without entries, waits after a probe and spreads a new commit index at once),
//! so a leader and a follower talk until both have no more to say, and then
//! their logs and commit indexes are compared.
//!
//! Where the rules themselves differ, the network loses the message, in both
//! clusters alike ([`cluster::Rules`] lists the cases), and a test in
//! [`differences`] pins what each core does. Nothing is left out of a comparison.

mod cluster;
mod differences;
mod elections;
mod judge;
mod ours;
mod replication;
mod schedules;
mod theirs;
