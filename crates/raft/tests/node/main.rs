//! The tests of the core: one program, so that it is linked once.

mod append_reply;
mod append_request;
mod broken_rules;
mod check_quorum;
mod client_request;
mod differences;
mod entries;
mod equality;
mod figures;
mod log;
mod membership_change;
mod names;
mod node_set;
mod options;
mod pre_vote;
mod reasons;
mod restart;
mod serialized;
mod support;
mod timeout;
mod transfer;
mod vote_reply;
mod vote_request;
mod write_done;
