//! What the command line offers.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

const EXAMPLES: &str = "\
A script is a text file: settings, then steps and expectations, one a line.

  title \"A clean election\"
  cluster 3
  timeout S1                    # S1 stands for election
  deliver all
  expect S1 leader term=1

Examples:
  hustings run scenarios/*/*.hust              play all scripts of a folder
  hustings run --quiet assignment.hust       say only what fails
  hustings run --json split.hust             every record and the end, for programs
  echo 'run until leader' | hustings run -   play what comes in

Exit status: 0 if every expectation holds, 1 if one fails, 2 if a script cannot be read.
";

const JSON: &str = "\
With --json, standard output is one JSON object a line. For each script there is
  an object for every record: file, record, at_ms, cause, event, reasons, changes, sent, answers;
  an object for its end: file, title, passed, expectations, stopped, failures, at_ms, records,
    servers, in_flight, cut.
A script that cannot be read has a single object: file, errors. Servers are \"S1\" to \"S9\", times
are milliseconds, and what may be absent is null.";

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
