//! Command-line arguments.

mod logs;
mod sample;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;
use hustings_search::Bounds;

pub(crate) use self::logs::Logs;
pub(crate) use self::sample::Sample;
use crate::diagram::Format;

const EXAMPLES: &str = "\
A script is a text file: settings, then steps and expectations, one per line.

  title \"A clean election\"
  cluster 3
  timeout S1                    # S1 starts an election
  deliver all
  expect S1 leader term=1

Examples:
  hustings run scenarios/*/*.hust            run all scripts of a folder
  hustings run --quiet assignment.hust       print failures only
  hustings run --json split.hust             print every record and the final state as JSON
  echo 'run until leader' | hustings run -   run standard input
  hustings run --server \"python3 my_raft.py\" scenarios/*/*.hust
                                             run a server of your own
  hustings run --server \"python3 my_raft.py\" --record run.ndjson split.hust
                                             record a run, for the page and for others
  hustings run --program lab-sheet=my.rhai scenarios/servers/lab-sheet-*.hust
                                             check your solution of the lab sheet

Exit status: 0 if every expectation holds, 1 if one fails, 2 if a script cannot be read.
";

const JSON: &str = "\
With --json, standard output is one JSON object per line. For each script there is
  an object for every record: file, record, at_ms, cause, event, reasons, standard, changes, sent,
    waiting, failed, answers, printed;
  an object for its end: file, title, passed, expectations, goals_met, stopped, failures, at_ms,
    records, servers, in_flight, held, paused, cut, latency, disk, clock, violations. `held` has the
    ids of held messages; `latency`, `disk` and `clock` only what differs from the settings and from
    true time. A server that runs a program has its other variables in `variables`.
A script that cannot be read has a single object: file, errors. Servers are \"S1\" to \"S9\", times
are in milliseconds. Absent values are null; but a record's standard, waiting, failed and printed, an
end's goals_met, a message's forged, an entry's members and a server's variables are omitted where
they do not apply.";

const SEARCH: &str = "\
What is found is printed as a script with notes, which expects what was looked for; what was looked
at, and how the search goes on, on standard error. For example:
  printf 'cluster 3\\nbreak forget-vote-on-restart\\n' | hustings search -
  hustings search --for 'violation leader-completeness' --standing-start figure-8.hust
  hustings search --for '2 leaders' start.hust          any condition: a short run to it
  hustings search --all --bounds 'timeouts=3 crashes=1' start.hust
                                                        all states within bounds
Bounds are how often, on the way, election timers fire (timeouts), heartbeats are sent (heartbeats),
clients ask (requests), servers crash (crashes), messages are copied (copies) or lost (losses), links
are cut (cuts), leaders asked to hand over (transfers) or to change the members (changes); how many
messages may be in flight (in-flight), how many steps may be taken (depth), and whether what happens
before a write is durable counts (disks=slow). Those that are not given are
  BOUNDS
and what is not among them is 0. See docs/search.md.

Exit status: 0 if something was found that is no violation, or no violation was found; 1 if a
violation was found, or nothing that meets the condition; 2 if the script or the condition cannot be
read.";

fn search_help() -> String {
    let Bounds {
        in_flight, depth, ..
    } = Bounds::default();
    let bounds = format!("{} in-flight={in_flight} depth={depth}", Bounds::default());
    SEARCH.replace("BOUNDS", &bounds)
}

/// Runs scripts of Raft elections.
#[derive(Parser, Debug)]
#[command(name = "hustings", version, after_help = EXAMPLES, subcommand_required = true)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) task: Task,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Task {
    /// Run scripts and check their expectations.
    #[command(after_help = EXAMPLES, after_long_help = format!("{JSON}\n\n{EXAMPLES}"))]
    Run(Run),
    /// Parse scripts without running them.
    Check {
        /// The scripts; `-` reads standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Format scripts: single spaces, two spaces before comments.
    #[command(
        after_help = "Comments, empty lines and the order of the lines are kept. For example:\n  hustings fmt scenarios/*/*.hust\n  hustings fmt --check assignment.hust"
    )]
    Fmt {
        /// The scripts; `-` reads standard input and writes standard output.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// List the scripts that are not formatted instead of changing them; exit with 1
        /// if there are any.
        #[arg(long)]
        check: bool,
    },
    /// Run a script and print what happened, with the reasons.
    #[command(
        after_help = "Each thing that happened is one paragraph: when and what, then why, with the rule's\nsource, then the replies to clients, what was sent (->) and what waits for a disk (..).\nWithout --all, heartbeats that bring nothing new and messages lost again for the same\nreason are counted and summed up where they go on for more than a round. Left out are\nsingle rounds of them, acknowledgements that commit nothing, timers that are started,\nchecks for a majority that pass (unless the leader is cut off from some member), and\nwrites that let no message leave."
    )]
    Explain {
        /// The script; `-` reads standard input.
        file: PathBuf,
        /// Include all routine events, and print every event by itself.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        servers: ServerArgs,
    },
    /// Run a script and print how it went in numbers: elections, terms, time without a
    /// leader, messages.
    #[command(
        after_help = "A term without a winner is one in which servers stood and none led; it had a split vote\nif several stood. For example:\n  hustings stats storm.hust\n  echo 'run 300s' | hustings stats -"
    )]
    Stats {
        /// The script; `-` reads standard input.
        file: PathBuf,
        #[command(flatten)]
        servers: ServerArgs,
    },
    /// Search for a run that violates an invariant or meets a condition, or show that there is
    /// none within bounds.
    #[command(after_help = search_help())]
    Search(Search),
    /// Play a script's end on many times, each time with other draws, and count what comes of
    /// it: the time to a leader, elections, violations.
    #[command(after_help = sample::HELP)]
    Sample(Sample),
    /// Read the logs of a real system, and print what happened: who led, when nobody did, and
    /// why.
    #[command(after_help = logs::HELP)]
    Logs(Logs),
    /// Run a script and draw its space-time diagram.
    #[command(
        after_help = "Each server has a lane, each message an arrow; a cross marks a lost message. For example:\n  hustings diagram figure-8.hust > figure-8.svg\n  hustings diagram --format mermaid figure-8.hust    for Markdown\n  hustings diagram --format shiviz figure-8.hust     to paste into ShiViz"
    )]
    Diagram {
        /// The script; `-` reads standard input.
        file: PathBuf,
        /// Output format.
        #[arg(long, value_enum, default_value = "svg")]
        format: Format,
        #[command(flatten)]
        servers: ServerArgs,
    },
    /// Walk a server of your own through its first messages, and say what is missing.
    #[command(
        after_help = "The server is a command that speaks JSON lines (docs/programs.md). For example:\n  hustings check-server \"python3 my_raft.py\"\n\nExit status: 0 if it does all that is expected, 1 if not, 2 if it cannot be started."
    )]
    CheckServer {
        /// The command.
        #[arg(value_name = "COMMAND")]
        command: String,
        #[command(flatten)]
        timeout: TimeoutArgs,
    },
    /// Run a script and print the run as a link.
    #[command(
        after_help = "The link contains the script of the run; opening it shows the same run. The sources of its programs\nare in it, compressed; servers that are commands cannot be in a link. For example:\n  hustings link figure-8.hust --page https://example.org/hustings/"
    )]
    Link {
        /// The script; `-` reads standard input.
        file: PathBuf,
        /// Address of the page; without it, only the fragment is printed.
        #[arg(long, default_value = "", value_name = "ADDRESS")]
        page: String,
        #[command(flatten)]
        programs: ProgramArgs,
    },
    /// Print the run of a link as a script.
    Unlink {
        /// The link, or its fragment.
        #[arg(value_name = "URL")]
        link: String,
    },
    /// Print a completion script for a shell.
    #[command(
        after_help = "For example: hustings completions bash > /etc/bash_completion.d/hustings"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

impl Task {
    /// The servers that are commands, if the task can have some.
    pub(crate) fn servers(&self) -> Option<&ServerArgs> {
        match self {
            Self::Run(Run { servers, .. })
            | Self::Explain { servers, .. }
            | Self::Stats { servers, .. }
            | Self::Search(Search { servers, .. })
            | Self::Sample(Sample { servers, .. })
            | Self::Diagram { servers, .. } => Some(servers),
            Self::Check { .. }
            | Self::Logs(_)
            | Self::Fmt { .. }
            | Self::CheckServer { .. }
            | Self::Link { .. }
            | Self::Unlink { .. }
            | Self::Completions { .. } => None,
        }
    }
}

#[derive(clap::Args, Debug)]
pub(crate) struct Run {
    /// The scripts or recordings; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print every record and the final state, one JSON object per line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print only failures and errors.
    #[arg(long, short, conflicts_with = "json")]
    pub(crate) quiet: bool,
    /// Write the run of a script whose servers are commands into a file, which plays without
    /// them, here and in the page.
    #[arg(
        long,
        value_name = "FILE",
        requires = "commands",
        conflicts_with = "programs"
    )]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) servers: ServerArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Search {
    /// The script from whose end the search starts; `-` reads standard input.
    pub(crate) file: PathBuf,
    /// Start from the settings of the script alone, not from its end.
    #[arg(long)]
    pub(crate) standing_start: bool,
    /// What to look for: anything that `expect` can say.
    #[arg(long = "for", value_name = "CONDITION", default_value = "violation")]
    pub(crate) goal: String,
    /// How often what may happen, for the search of all states.
    #[arg(long, value_name = "BOUNDS", default_value = "")]
    pub(crate) bounds: String,
    /// Look at all states within the bounds, and at nothing beyond.
    #[arg(long)]
    pub(crate) all: bool,
    /// With --all, tell apart states that differ only in the names of servers.
    #[arg(long, requires = "all")]
    pub(crate) all_names: bool,
    /// Stop after so many seconds with what was found so far.
    #[arg(
        id = "limit",
        long = "seconds",
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=1_000_000)
    )]
    pub(crate) seconds: u64,
    /// Stop at so many megabytes.
    #[arg(
        long,
        value_name = "MB",
        default_value_t = 2_000,
        value_parser = clap::value_parser!(u64).range(10..=1_000_000)
    )]
    pub(crate) memory: u64,
    /// How many threads; by default as many as there are processors.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// The seed of the random walks.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) servers: ServerArgs,
}

/// Programs of one's own.
#[derive(clap::Args, Debug)]
pub(crate) struct ProgramArgs {
    /// Take a program's source from a file, as in my-raft=my.rhai; may be repeated.
    #[arg(long = "program", value_name = "NAME=FILE")]
    pub(crate) programs: Vec<String>,
}

/// Servers that are commands, and programs of one's own.
#[derive(clap::Args, Debug)]
pub(crate) struct ServerArgs {
    /// Run all servers as this command, or one, as in S2="python3 raft.py"; may be repeated.
    #[arg(long = "server", value_name = "[S2=]COMMAND")]
    pub(crate) commands: Vec<String>,
    #[command(flatten)]
    pub(crate) programs: ProgramArgs,
    #[command(flatten)]
    pub(crate) timeout: TimeoutArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct TimeoutArgs {
    /// How long a server's command may take for one answer.
    #[arg(
        long = "server-timeout",
        value_name = "SECONDS",
        default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub(crate) seconds: u64,
}
