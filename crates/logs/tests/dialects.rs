//! What lines tell, in every dialect.
//!
//! Each file of `tests/dialects/` has lines as a system writes them; a line that begins with
//! `#` says what follows. Its snapshot has below each line what was read of it.

use std::fmt::Write as _;

use hustings_logs::dialect::{Dialect, Told};
use hustings_logs::line::Line;
use hustings_logs::{Name, Names};
use insta::assert_snapshot;

/// The lines of a file, and what they tell in a dialect.
fn read(dialect: Dialect, file: &str) -> String {
    let mut names = Names::default();
    let mut out = String::new();
    for text in file.lines() {
        out.push_str(text);
        out.push('\n');
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match dialect.read(&Line::new(text), &mut names) {
            Some(told) => tell(&told, &names, &mut out),
            None => out.push_str("    nothing\n"),
        }
    }
    out
}

fn tell(told: &Told, names: &Names, out: &mut String) {
    assert!(!told.what.is_empty(), "a line tells something or nothing");
    let by = told.by.map_or("?", |by| names.text(by));
    let group = told.group.map(|it| format!(" of group {}", names.text(it)));
    for what in &told.what {
        let what = with_names(&format!("{what:?}"), names);
        let group = group.as_deref().unwrap_or_default();
        let _ = writeln!(out, "    {by}{group}: {what}");
    }
}

/// The text, with names in the place of their numbers.
fn with_names(text: &str, names: &Names) -> String {
    let mut parts = text.split("Name(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(')').expect("a number follows");
        let name = Name(number.parse().expect("it is a number"));
        out.push_str(names.text(name));
        out.push_str(rest);
    }
    out
}

#[test]
fn lines_of_etcds_raft_library() {
    assert_snapshot!(read(Dialect::Etcd, include_str!("dialects/etcd-raft.txt")));
}

#[test]
fn lines_of_etcds_server() {
    assert_snapshot!(read(
        Dialect::Etcd,
        include_str!("dialects/etcd-server.txt")
    ));
}

#[test]
fn lines_of_hashicorps_raft() {
    let file = include_str!("dialects/hashicorp.txt");
    assert_snapshot!(read(Dialect::Hashicorp, file));
}

#[test]
fn lines_of_hashicorps_raft_up_to_version_1_1_1() {
    let file = include_str!("dialects/hashicorp-old.txt");
    assert_snapshot!(read(Dialect::Hashicorp, file));
}

#[test]
fn lines_of_those_who_use_hashicorps_raft() {
    let file = include_str!("dialects/hashicorp-neighbours.txt");
    assert_snapshot!(read(Dialect::Hashicorp, file));
}

#[test]
fn lines_of_tikvs_raft() {
    let file = include_str!("dialects/raft-rs.txt");
    assert_snapshot!(read(Dialect::RaftRs, file));
}

#[test]
fn records_of_hustings() {
    let file = include_str!("dialects/hustings.txt");
    assert_snapshot!(read(Dialect::Hustings, file));
}

#[test]
fn lines_of_the_form_that_anybody_can_print() {
    assert_snapshot!(read(Dialect::Generic, include_str!("dialects/generic.txt")));
}

#[test]
fn steps_of_etcds_raft_library() {
    let file = include_str!("dialects/etcd-trace.txt");
    assert_snapshot!(read(Dialect::EtcdTrace, file));
}

#[test]
fn steps_of_ccfs_raft() {
    let file = include_str!("dialects/ccf.txt");
    assert_snapshot!(read(Dialect::Ccf, file));
}
