//! Raft's elections and log replication as a pure state machine that explains its
//! decisions.
//!
//! A [`Node`] is one server. It has no clock, no randomness, no I/O and no threads:
//! [`Node::step`] takes the time and one [`Input`], changes the node, and writes to an
//! [`Output`]:
//!
//! * [`Effect`]s: what the driver must now do (persist, send, arm a timer, …);
//! * [`Reason`]s: why the node acted as it did, as typed facts. Each names the [`Rule`]
//!   that it applied and the numbers that were compared.
//!
//! The driver draws the random timeouts, transports the messages and owns the disk. The
//! order of writes and messages is data: an [`Effect::Send`] names the write that must
//! be durable before the message may be sent.
//!
//! It is made to be watched, and so has limits that a server in production would not:
//!
//! * A cluster has at most 9 servers ([`NodeId::MAX`]), `S1` to `S9`.
//! * A command is text ([`Payload::Command`]), which the core does not interpret.
//! * A leader sends at most 100 entries in a message ([`Message::ENTRIES_MAX`]).
//!   Messages of others may be longer.
//! * The whole log is in memory.
//!
//! Where sources disagree, the core follows the paper and the dissertation:
//!
//! * A candidate that a majority has refused stays a candidate until its timeout
//!   (§5.2); in etcd it becomes a follower.
//! * A request of an older term gets a reply with the current term (§5.1); etcd sends
//!   none unless pre-vote or check-quorum is on.
//! * A lease is held by followers that received a message from the leader within the
//!   minimum election timeout, and by the leader for as long as it leads (diss. §4.2.3;
//!   LogCabin). A leader's lease does not depend on a clock: only check-quorum makes it
//!   step down (diss. §6.2).
//! * A configuration takes effect once it is appended (diss. §4.1); in etcd, once it is
//!   applied.
//! * Pre-votes are refused by servers that recently heard from a leader (diss. §9.6),
//!   and by a leader as long as it leads; in etcd, only with check-quorum. Without
//!   check-quorum, an isolated leader keeps refusing until it learns of a later term.
//! * A refused pre-vote carries the voter's own term and counts even if that term is
//!   older; etcd ignores it then.
//! * A leader never lowers a next index below what a follower has acknowledged, so it
//!   does not repair a follower that lost its log ([`DropCause::Confirmed`]); Figure 2,
//!   raft.tla, LogCabin and hashicorp/raft do, etcd and raft-rs do not.
//! * A server that is being removed may start elections until its removal is committed
//!   (diss. §4.2.2); in etcd, a server outside its configuration never does.
//!
//! Some of what the dissertation describes is left out:
//!
//! * A server that is added votes at once. It does not first catch up as a non-voting
//!   member (diss. §4.2.1), so the cluster may be unable to commit until it has caught
//!   up.
//! * A removed server is not notified; it may never learn of its removal, and start
//!   elections (diss. §4.2.3).
//! * Logs are not compacted, and there are no snapshots (diss. chapter 5).
//!
//! Sources are cited as "§5.4.1" for sections of the Raft paper (Ongaro and
//! Ousterhout, "In Search of an Understandable Consensus Algorithm", extended
//! version) and "diss. §10.2.1" for Ongaro's dissertation.
//!
//! ```
//! use hustings_raft::{Input, Millis, Node, NodeId, NodeSet, Options, Output, Role, Stored, Timer};
//!
//! let id = NodeId::new(1).unwrap();
//! let mut node = Node::new(id, NodeSet::from_iter([id]), Options::default(), Stored::default());
//! let mut out = Output::default();
//! node.step(Millis(0), Input::Start, &mut out);
//! node.step(Millis(200), Input::Timer(Timer::Election), &mut out);
//! // Its own vote counts once it is on disk; in a cluster of one that is a majority.
//! let write = out.last_write().unwrap();
//! node.step(Millis(200), Input::WriteDone(write), &mut out);
//! assert!(matches!(node.role(), Role::Leader { .. }));
//! ```

#![no_std]

extern crate alloc;

mod broken;
mod entries;
mod io;
mod log;
mod members;
mod message;
mod node;
mod options;
mod reason;
mod role;
mod rule;
mod rules;
mod types;

pub use broken::{BrokenRule, BrokenRules};
pub use entries::Entries;
pub use io::{ClientReply, Effect, Input, Output, Stored, Timer, Write, WriteId};
pub use log::{Entry, Log, Payload, Position};
pub use members::{ChangeRefusal, MemberChange};
pub use message::{AppendResult, Message, MessageKind};
pub use node::Node;
pub use options::{MillisRange, Options};
pub use reason::{
    Contact, DropCause, ElectionCause, ElectionRefusal, Reason, RuleOutcome, StandardOutcome,
    StepDownCause, TimerCause, TransferRefusal, VoteRefusal,
};
pub use role::{Progress, ProgressState, Role, RoleName, Votes};
pub use rule::Rule;
pub use rules::{Deleted, LearnedCommit, Merged, Rules, Standard};
pub use types::{LogIndex, Millis, NodeId, NodeMap, NodeSet, Term};
