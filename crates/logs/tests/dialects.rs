//! What lines tell, in every dialect.
//!
//! Each file of `tests/dialects/` has lines as a system writes them; a line that begins with
//! `#` says what follows. Its snapshot has below each line what was read of it. Lines that tell
//! nothing stand below a heading that says so, at the end.

use std::fmt::Write as _;

use hustings_logs::dialect::{Dialect, Told};
use hustings_logs::line::Line;
use hustings_logs::{Name, Names, Observation};
use insta::assert_snapshot;

/// The lines of a file, and what they tell in a dialect.
fn read(dialect: Dialect, file: &str) -> String {
    let mut names = Names::default();
    let mut out = String::new();
    let mut is_told = true;
    for text in file.lines() {
        out.push_str(text);
        out.push('\n');
        if text.is_empty() || text.starts_with('#') {
            is_told &= !text.starts_with("# Not told");
            continue;
        }
        let told = dialect.read(&Line::new(text), &mut names);
        assert_eq!(told.is_some(), is_told, "{text}");
        match told {
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

/// Keys of the form that anybody can print, each with a value that it can have.
const VALUES: [(&str, &str); 24] = [
    ("lastIncludedTerm", "2"),
    ("lastIncludedIndex", "7"),
    ("lastLeader", "\"n2\""),
    ("reason", "\"log\""),
    ("preVote", "true"),
    ("to", "\"n2\""),
    ("messageTerm", "4"),
    ("candidate", "\"n2\""),
    ("candidateId", "\"n2\""),
    ("voteGranted", "false"),
    ("candidateLastLogTerm", "2"),
    ("candidateLastLogIndex", "7"),
    ("from", "\"n2\""),
    ("granted", "2"),
    ("refused", "0"),
    ("needed", "2"),
    ("leader", "\"n2\""),
    ("step", "\"begin\""),
    ("members", "[\"n1\",\"n2\"]"),
    ("learners", "[\"n3\"]"),
    ("peer", "\"n2\""),
    ("ms", "12.5"),
    ("index", "8"),
    ("kind", "\"slow_disk\""),
];

/// The lines that a row of the table of events promises to be read: the event with all of its
/// keys, and once with each of the values that are named after a key.
fn promised(event: &str, with: &str) -> Vec<String> {
    let mut line = format!(r#"{{"node":"n1","event":"{event}","term":3"#);
    let mut ends = vec!["}".to_owned()];
    let mut last = "";
    for name in with.split('`').skip(1).step_by(2) {
        if let Some((key, value)) = VALUES.iter().find(|(key, _)| *key == name) {
            line += &format!(r#","{key}":{value}"#);
            last = key;
        } else {
            // Of two values of a key, the later one counts.
            ends.push(format!(r#","{last}":"{name}"}}"#));
        }
    }
    ends.iter().map(|end| format!("{line}{end}")).collect()
}

#[test]
fn every_event_of_the_documentation_tells_something() {
    let docs = include_str!("../../../docs/logs.md");
    let (_, table) = docs.split_once("| `event` |").expect("a table of events");
    let rows: Vec<_> = table
        .lines()
        .skip(2)
        .map_while(|row| row.strip_prefix("| "))
        .collect();
    assert!(rows.len() >= 17, "all rows of the table");
    for row in rows {
        let mut cells = row.split(" | ");
        let (events, with) = (
            cells.next().unwrap_or_default(),
            cells.next().unwrap_or_default(),
        );
        for event in events
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|it| *it != "state")
        {
            for line in promised(event, with) {
                let told = Dialect::Generic.read(&Line::new(&line), &mut Names::default());
                let is_more = |it: &Observation| !matches!(it, Observation::State(_));
                let tells = told.is_some_and(|it| it.what.iter().any(is_more));
                assert!(tells, "{line}");
            }
        }
    }
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
