//! The arguments of `hustings sample`.

use std::path::PathBuf;

use super::ServerArgs;
use crate::sample::Format;

pub(super) const HELP: &str = "\
Each run goes on from the script's end with a seed of its own, which draws anew when running timers
fire and messages arrive, too. For example:
  hustings sample start.hust                     how long until a leader that stays?
  hustings sample --step 'crash S1' --until leader samples/moments/figure-16.hust
                                                 how long without one after a crash?
  hustings sample --with 'option pre-vote on' --with 'option pre-vote on; option check-quorum on' \
start.hust
                                                 the same script with other settings, side by side
  hustings sample --until 'committed 3' --for 5s one.hust other.hust
                                                 any condition; two scripts side by side
  hustings sample --format svg … > plot.svg      a plot; csv has a row for each run
  hustings sample --script 17 start.hust         run 17 as a script
A leader is stable with which a run ends, if a majority of the members follows it then, and if it
has led for longer than the longest election timeout. See docs/sampling.md.

Exit status: 0 if no invariant was violated in any run; 1 if one was, or a server's program or an
expectation of the script fails; 2 if a script or an argument cannot be read, or a run cannot be played.";

#[derive(clap::Args, Debug)]
pub(crate) struct Sample {
    /// The scripts from whose ends runs go on; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Start from the settings of the scripts alone, not from their ends.
    #[arg(long)]
    pub(crate) standing_start: bool,
    /// Sample each script with these settings, too, instead of its own; may be repeated.
    #[arg(long, value_name = "SETTING; …")]
    pub(crate) with: Vec<String>,
    /// How many runs.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    pub(crate) runs: u32,
    /// How long each run goes on at most: at most an hour.
    #[arg(long = "for", value_name = "TIME", default_value = "10s")]
    pub(crate) time: String,
    /// What is waited for instead of a stable leader: anything that `run until` takes. Runs
    /// end with it.
    #[arg(long, value_name = "CONDITION")]
    pub(crate) until: Option<String>,
    /// A step that is taken before the wait begins, at a random moment of one heartbeat
    /// interval; may be repeated.
    #[arg(long = "step", value_name = "STEP")]
    pub(crate) steps: Vec<String>,
    /// At a random moment of another span, as in 0..500ms.
    #[arg(long, value_name = "RANGE", requires = "steps")]
    pub(crate) after: Option<String>,
    /// The seed of the first run; those of the others follow it.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Stop after so many seconds with the runs played so far.
    #[arg(
        id = "limit",
        long = "seconds",
        value_name = "SECONDS",
        default_value_t = 600,
        value_parser = clap::value_parser!(u64).range(1..=1_000_000)
    )]
    pub(crate) seconds: u64,
    /// How many threads; by default as many as there are processors. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// What is printed.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Print a run as a script instead, by its number: of the last script with the last
    /// settings.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) script: Option<u32>,
    /// If an invariant is violated in a run, write that run there as a script, as short as
    /// it can be.
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) servers: ServerArgs,
}
