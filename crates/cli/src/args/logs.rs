//! The arguments of `hustings logs`.

use std::path::PathBuf;

pub(super) const HELP: &str = "\
Reads lines of etcd, tikv's raft crate, HashiCorp's raft (Consul, Nomad, Vault), traces, Hustings'
records, and a form that anybody can print, all together and in any order; gzip, too. For example:
  hustings logs m1.log m2.log m3.log          the account: who led, when nobody did, and why
  hustings logs incident/                     the logs of a folder
  kubectl logs --prefix -l app=etcd | hustings logs -
  hustings logs --from 02:27:30 --to 02:28 --events m*.log
  hustings logs --member n1=server-a.log --member n2=server-b.log server-c.log
  hustings logs --svg m*.log > story.svg      a picture; --json and --csv for other programs
See docs/logs.md.

Exit status: 0 if no rule of Raft was broken, as far as the lines tell; 1 if one was; 2 if a file or
an argument cannot be read, or no line tells anything of elections.";

#[derive(clap::Args, Debug)]
pub(crate) struct Logs {
    /// The logs, or folders with them; `-` reads standard input.
    #[arg(value_name = "FILE", required_unless_present = "member")]
    pub(crate) files: Vec<PathBuf>,
    /// A log and the member whose it is, where its lines do not say so; may be repeated.
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) member: Vec<String>,
    /// The Raft group to tell of, where one process runs many.
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Option<String>,
    /// Leave out what happened before: a time of day (UTC), or with its date.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Leave out what happened after.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Print the events after the account, each with its line.
    #[arg(long)]
    pub(crate) events: bool,
    /// Print one JSON object a line: the account, then each event.
    #[arg(long, group = "format")]
    pub(crate) json: bool,
    /// Print comma-separated values: a row for each event.
    #[arg(long, group = "format")]
    pub(crate) csv: bool,
    /// Print a picture.
    #[arg(long, group = "format")]
    pub(crate) svg: bool,
}
