//! Measures Hustings' core beside tikv's, and prints a table.
//!
//! The three columns are measured in turns, so that other programs on the machine affect
//! all of them; figures are medians. Instructions, which do not depend on other programs,
//! are counted by valgrind if it is installed.

use std::env;
use std::process::{Command, ExitCode};

use hustings_bench::ours::{WithReasons, WithoutReasons};
use hustings_bench::scenario::{Sample, Scenario};
use hustings_bench::theirs::Theirs;

/// The number of turns of each column.
const TURNS: usize = 41;

/// The columns; the first one, tikv's, is the reference.
const COLUMNS: [Column; 3] = [Column::Theirs, Column::WithoutReasons, Column::WithReasons];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Theirs,
    WithoutReasons,
    WithReasons,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Theirs => "tikv",
            Self::WithoutReasons => "silent",
            Self::WithReasons => "reasons",
        }
    }

    fn sample(self, scenario: Scenario, times: u64) -> Sample {
        match self {
            Self::Theirs => scenario.sample::<Theirs>(times),
            Self::WithoutReasons => scenario.sample::<WithoutReasons>(times),
            Self::WithReasons => scenario.sample::<WithReasons>(times),
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => print_tables(),
        [once, column, scenario] if once == "once" => return run_once(column, scenario),
        _ => {
            eprintln!("usage: hustings-bench [once tikv|silent|reasons SCENARIO]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The repetitions of a scenario in one sample, for a few milliseconds.
fn times(scenario: Scenario) -> u64 {
    match scenario {
        Scenario::Elections => 200,
        Scenario::Heartbeats | Scenario::Replication => 2_000,
    }
}

fn print_tables() {
    println!("Million messages a second (and how many times tikv's)\n");
    print_head();
    for scenario in Scenario::ALL {
        let rates = rates(scenario);
        let cells = COLUMNS.iter().zip(&rates).map(|(column, rates_of)| {
            let rate = median(rates_of.clone()) / 1e6;
            let ratios = rates_of.iter().zip(&rates[0]).map(|(a, b)| a / b);
            match column {
                Column::Theirs => format!("{rate:.1}"),
                _ => format!("{rate:.1} ({:.2}x)", median(ratios.collect())),
            }
        });
        print_row(scenario.name(), cells);
    }
    println!("\nInstructions to a message, its delivery included (and tikv's over them)\n");
    if !has_valgrind() {
        println!("not counted: there is no valgrind here");
        return;
    }
    print_head();
    for scenario in Scenario::ALL {
        let counts = COLUMNS.map(|column| instructions(column, scenario));
        let cells =
            COLUMNS
                .iter()
                .zip(counts)
                .map(|(column, count)| match (column, count, counts[0]) {
                    (_, None, _) => "?".to_owned(),
                    (Column::Theirs, Some(count), _) | (_, Some(count), None) => {
                        format!("{count:.0}")
                    }
                    (_, Some(count), Some(theirs)) => {
                        format!("{count:.0} ({:.2}x)", theirs / count)
                    }
                });
        print_row(scenario.name(), cells);
    }
}

fn print_head() {
    println!("| | tikv raft | ours, without reasons | ours, with reasons |");
    println!("| --- | ---: | ---: | ---: |");
}

fn print_row(name: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    println!("| {name} | {} |", cells.join(" | "));
}

/// Messages per second, by column and turn.
fn rates(scenario: Scenario) -> [Vec<f64>; 3] {
    let mut rates = [const { Vec::new() }; 3];
    // The first turn is a warm-up.
    for turn in 0..=TURNS {
        for (column, rates) in COLUMNS.iter().zip(&mut rates) {
            let sample = column.sample(scenario, times(scenario));
            if turn > 0 {
                rates.push(sample.per_second());
            }
        }
    }
    rates
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Repeats a scenario under valgrind and prints the number of messages.
fn run_once(column: &str, scenario: &str) -> ExitCode {
    let column = COLUMNS.into_iter().find(|it| it.name() == column);
    let scenario = Scenario::ALL.into_iter().find(|it| it.name() == scenario);
    let (Some(column), Some(scenario)) = (column, scenario) else {
        return ExitCode::FAILURE;
    };
    println!("{}", column.sample(scenario, times(scenario)).messages);
    ExitCode::SUCCESS
}

fn has_valgrind() -> bool {
    let version = Command::new("valgrind").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// Instructions per message in `Scenario::measured`, counted by valgrind.
fn instructions(column: Column, scenario: Scenario) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*Scenario*measured*")
        .arg(env::current_exe().ok()?)
        .args(["once", column.name(), scenario.name()])
        .output()
        .ok()?;
    let messages: f64 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| line.contains("Collected : "))?;
    let count: f64 = line.rsplit(' ').next()?.parse().ok()?;
    Some(count / messages)
}
