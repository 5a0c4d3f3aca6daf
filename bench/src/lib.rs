//! Hustings' core beside tikv's `raft`.
