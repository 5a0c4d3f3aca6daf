//! Worlds are values: which of them are equal, and which have one digest.
#![cfg(not(target_family = "wasm"))]

mod copies;
mod description;
mod different;
mod foreseen;
mod lost;
mod pile;
mod same;
mod walk;

use hustings_lab::{Header, Link};
use hustings_raft::{BrokenRules, Entry, Message, NodeId, Options, Payload, Position, Term};
use hustings_raft::{Entries, LogIndex};

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn link(from: u8, to: u8) -> Link {
    let (from, to) = (id(from), id(to));
    Link { from, to }
}

/// A cluster in which freshness matters.
fn with_leases(cluster: u8) -> Header {
    let raft = Options {
        pre_vote: true,
        check_quorum: true,
        ..Options::default()
    };
    Header {
        cluster,
        raft,
        ..Header::default()
    }
}

fn plain(cluster: u8) -> Header {
    Header {
        cluster,
        ..Header::default()
    }
}

/// A message with entries of these terms and commands from the start of the log.
fn append(term: u64, entries: &[(u64, &str)], commit: u64) -> Message {
    let entry = |(term, command): &(u64, &str)| Entry {
        term: Term(*term),
        payload: Payload::Command((*command).into()),
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    Message::AppendEntries {
        term: Term(term),
        prev: Position::START,
        entries: Entries::from(entries),
        commit: LogIndex(commit),
    }
}

fn broken(cluster: u8, rules: BrokenRules) -> Header {
    Header {
        broken: rules,
        ..plain(cluster)
    }
}
