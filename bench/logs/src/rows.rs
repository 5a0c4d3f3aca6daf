//! The logs that are measured.

use crate::made::{MEMBERS, Template};

/// A row of the table.
pub struct Row {
    /// What it is called.
    pub name: &'static str,
    template: &'static str,
    /// How long the logs are at least, in bytes, all members' together.
    bytes: usize,
    /// How many quiet lines each member writes after an election.
    quiet: usize,
    /// How long a line is that stands before all others, in bytes.
    long_line: Option<usize>,
}

/// Every row.
pub const ROWS: [Row; 13] = [
    usual("etcd, zap's JSON", include_str!("../made/etcd-zap.txt")),
    storm(
        "etcd, zap's JSON: only elections",
        include_str!("../made/etcd-zap.txt"),
    ),
    usual("etcd, capnslog", include_str!("../made/etcd-capnslog.txt")),
    usual("TiKV, slog", include_str!("../made/tikv.txt")),
    usual(
        "HashiCorp, hclog's text",
        include_str!("../made/hashicorp.txt"),
    ),
    storm(
        "HashiCorp, hclog's text: only elections",
        include_str!("../made/hashicorp.txt"),
    ),
    usual(
        "HashiCorp, hclog's JSON",
        include_str!("../made/hashicorp-json.txt"),
    ),
    usual(
        "HashiCorp up to 1.1.1",
        include_str!("../made/hashicorp-old.txt"),
    ),
    storm(
        "etcd's trace for TLA+",
        include_str!("../made/etcd-trace.txt"),
    ),
    storm("CCF's trace", include_str!("../made/ccf.txt")),
    storm(
        "the form for your own Raft",
        include_str!("../made/generic.txt"),
    ),
    Row {
        bytes: 0,
        quiet: 1_000_000 / MEMBERS + 1,
        ..usual(
            "a million unrelated lines",
            include_str!("../made/unrelated.txt"),
        )
    },
    Row {
        bytes: 0,
        long_line: Some(10_000_000),
        ..usual(
            "lines of 10 MB, one in each file",
            include_str!("../made/etcd-zap.txt"),
        )
    },
];

/// Most lines tell nothing, as in the logs of a system at work.
const fn usual(name: &'static str, template: &'static str) -> Row {
    Row {
        name,
        template,
        bytes: 100_000_000,
        quiet: 500,
        long_line: None,
    }
}

/// Every line tells something.
const fn storm(name: &'static str, template: &'static str) -> Row {
    Row {
        quiet: 0,
        ..usual(name, template)
    }
}

impl Row {
    /// Makes the logs, a file a member.
    pub fn logs(&self) -> [String; MEMBERS] {
        let logs = Template::parse(self.template).logs(self.bytes, self.quiet);
        match self.long_line {
            None => logs,
            Some(length) => {
                let text = "x".repeat(length);
                logs.map(|it| format!("{{\"level\":\"info\",\"msg\":\"{text}\"}}\n{it}"))
            }
        }
    }
}
