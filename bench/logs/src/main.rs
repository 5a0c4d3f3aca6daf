//! Measures how fast logs are read, and in how much memory, and prints a table.
//!
//! The logs are made here (`made/`, `rows.rs`). What is measured is all that `hustings logs` does
//! between reading files and printing: lines, members, clocks, story, account. Beside it stand
//! two plainer passes over the same bytes: counting the lines, and parsing each as JSON.
//!
//! `hustings-bench-logs write FOLDER` writes the logs into a folder, one for each row, so that
//! the command itself can be tried on them. `hustings-bench-logs WORD` measures only the rows
//! whose name has that word.

mod made;
mod rows;

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use cpu_time::ProcessTime;
use hustings_bench_lab::heap;
use hustings_lab::narrate::Lang;
use hustings_logs::{Given, Reader, Story, Text};
use serde_json::Value;

use rows::{ROWS, Row};

/// How often each is measured; the best turn counts, because other programs on the machine only
/// make a turn slower.
const TURNS: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => print(""),
        ["write", folder] => write(Path::new(folder)),
        [word] => print(word),
        _ => Err(io::Error::other("give nothing, a word, or `write FOLDER`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the logs of all rows.
fn write(folder: &Path) -> io::Result<()> {
    for row in &ROWS {
        let folder = folder.join(row.name.replace([' ', ',', ':', '\'', '+'], "-"));
        fs::create_dir_all(&folder)?;
        for (number, log) in row.logs().iter().enumerate() {
            fs::write(folder.join(format!("m{}.log", number + 1)), log)?;
        }
        println!("{}", folder.display());
    }
    Ok(())
}

/// Measures the rows whose name has a word, and prints a table.
fn print(word: &str) -> io::Result<()> {
    println!(
        "| | lines | events | s | MB/s | of counting lines | of parsing JSON | peak of the heap |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in ROWS.iter().filter(|it| it.name.contains(word)) {
        println!("{}", measured(row));
    }
    Ok(())
}

/// What reading came to.
#[derive(Clone, Copy)]
struct Read {
    lines: usize,
    events: usize,
    /// The most bytes on the heap, those of the logs included.
    peak: usize,
}

/// A row of the table.
fn measured(row: &Row) -> String {
    let logs = row.logs();
    let bytes = logs.iter().map(String::len).sum::<usize>();
    let (mut ours, mut counting, mut parsing) = (f64::MAX, f64::MAX, f64::MAX);
    let mut came_to = None;
    let mut objects = 0;
    for _ in 0..TURNS {
        let copies = logs.clone();
        let (seconds, read) = timed(|| read(copies));
        (ours, came_to) = (ours.min(seconds), Some(read));
        let (seconds, lines) = timed(|| count(&logs));
        counting = counting.min(seconds);
        assert!(lines > 0, "there are lines");
        let (seconds, parsed) = timed(|| parse(&logs));
        (parsing, objects) = (parsing.min(seconds), parsed);
    }
    let Read {
        lines,
        events,
        peak,
    } = came_to.expect("it was read");
    let megabytes = bytes as f64 / 1e6;
    // Where few lines are JSON, parsing it is no measure.
    let of_parsing = (objects * 2 > lines).then(|| format!("{:.2}", parsing / ours));
    format!(
        "| {} | {lines} | {events} | {ours:.2} | {:.0} | {:.3} | {} | {:.0} MB |",
        row.name,
        megabytes / ours,
        counting / ours,
        of_parsing.unwrap_or_default(),
        peak as f64 / 1e6,
    )
}

/// How many seconds of processor time something takes.
fn timed<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let since = ProcessTime::now();
    let result = what();
    (since.elapsed().as_secs_f64(), result)
}

/// Reads logs as `hustings logs` does.
fn read<const MEMBERS: usize>(logs: [String; MEMBERS]) -> Read {
    let before = heap::in_use() - logs.iter().map(String::capacity).sum::<usize>();
    heap::begin_peak();
    let texts = (1..).zip(logs).map(|(number, log)| {
        let name = format!("m{number}.log");
        Text::new(&name, log.into_bytes()).expect("a text")
    });
    let story = Story::of(Reader::new(texts.collect()).finish(), &Given::default());
    let shown = story.shown(Lang::En);
    assert!(!shown.account.is_empty(), "there is an account");
    Read {
        lines: story
            .texts
            .iter()
            .map(|it| usize::try_from(it.lines()).unwrap_or(usize::MAX))
            .sum(),
        events: shown.events.len(),
        peak: heap::peak() - before,
    }
}

/// Counts lines, which is the least that any reader of lines must do.
fn count(logs: &[String]) -> usize {
    let lines = |it: &String| memchr::memchr_iter(b'\n', it.as_bytes()).count();
    logs.iter().map(lines).sum()
}

/// Parses lines as JSON; returns how many are objects.
fn parse(logs: &[String]) -> usize {
    let lines = logs.iter().flat_map(|it| it.lines());
    let values = lines.filter_map(|it| serde_json::from_str::<Value>(it).ok());
    values.filter(Value::is_object).count()
}
