//! What the command line offers.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::diagram::Format;

const EXAMPLES: &str = "\
A script is a text file: settings, then steps and expectations, one a line.

  title \"A clean election\"
  cluster 3
  timeout S1                    # S1 stands for election
  deliver all
  expect S1 leader term=1

Examples:
  hustings run scenarios/*/*.hust            play all scripts of a folder
  hustings run --quiet assignment.hust       say only what fails
  hustings run --json split.hust             every record and the end, for programs
  echo 'run until leader' | hustings run -   play what comes in

Exit status: 0 if every expectation holds, 1 if one fails, 2 if a script cannot be read.
";

const JSON: &str = "\
With --json, standard output is one JSON object a line. For each script there is
  an object for every record: file, record, at_ms, cause, event, reasons, changes, sent, answers;
  an object for its end: file, title, passed, expectations, stopped, failures, at_ms, records,
    servers, in_flight, held, paused, cut, latency, disk, clock, violations. `held` are numbers of
    messages, `latency`, `disk` and `clock` only what differs from the settings and from true time.
A script that cannot be read has a single object: file, errors. Servers are \"S1\" to \"S9\", times
are milliseconds. What may be absent is null; only a message's forged and an entry's members are
left out where they say nothing.";

/// Plays Raft elections from scripts.
#[derive(Parser, Debug)]
#[command(name = "hustings", version, after_help = EXAMPLES, subcommand_required = true)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) task: Task,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Task {
    /// Play scripts and check what they expect.
    #[command(after_help = EXAMPLES, after_long_help = format!("{JSON}\n\n{EXAMPLES}"))]
    Run(Run),
    /// Read scripts without playing them.
    Check {
        /// The scripts; `-` stands for standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write scripts in canonical form: single spaces, comments two spaces behind.
    #[command(
        after_help = "Comments, empty lines and the order of the lines stay. For example:\n  hustings fmt scenarios/*/*.hust\n  hustings fmt --check assignment.hust"
    )]
    Fmt {
        /// The scripts; `-` reads standard input and writes standard output.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Change nothing, name the scripts that would change, and exit with 1
        /// if there are any.
        #[arg(long)]
        check: bool,
    },
    /// Play a script and tell what happened, with the reasons.
    #[command(
        after_help = "Each thing that happened is one paragraph: when and what, then why, with the rule's\nsource, then the replies to clients, what was sent (->) and what waits for a disk (..).\nWithout --all, heartbeats that bring nothing new, messages lost again for the same reason and\ntheir number are summed up; left out are acknowledgements that commit nothing, timers that are\nstarted, checks for a majority that pass, and writes that let no message leave."
    )]
    Explain {
        /// The script; `-` stands for standard input.
        file: PathBuf,
        /// Tell everything, routine too.
        #[arg(long)]
        all: bool,
    },
    /// Play a script and draw its space-time diagram.
    #[command(
        after_help = "A lane is a server, an arrow a message; a cross says that it was lost. For example:\n  hustings diagram figure-8.hust > figure-8.svg\n  hustings diagram --format mermaid figure-8.hust    for Markdown\n  hustings diagram --format shiviz figure-8.hust     to paste into ShiViz"
    )]
    Diagram {
        /// The script; `-` stands for standard input.
        file: PathBuf,
        /// What to write.
        #[arg(long, value_enum, default_value = "svg")]
        format: Format,
    },
    /// Play a script and print the run as a link.
    #[command(
        after_help = "The link holds what the run started from and what was done, readable as a script is;\nwhoever opens it sees the same run. For example:\n  hustings link figure-8.hust --page https://example.org/hustings/"
    )]
    Link {
        /// The script; `-` stands for standard input.
        file: PathBuf,
        /// Where the page is; left out, only what stands behind its address is printed.
        #[arg(long, default_value = "", value_name = "ADDRESS")]
        page: String,
    },
    /// Print the run of a link as a script.
    Unlink {
        /// The link, or what stands behind its `#`.
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

#[derive(clap::Args, Debug)]
pub(crate) struct Run {
    /// The scripts; `-` stands for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print every record and the final state, one JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing but failures and errors.
    #[arg(long, short, conflicts_with = "json")]
    pub(crate) quiet: bool,
}
