//! Measures the throughput and the memory of the laboratory, natively and as WebAssembly,
//! and what copies of worlds cost, and prints tables.
//!
//! `hustings-bench-lab NAME=FILE…` measures other builds of this package, too: each file is a
//! column of that name, either this library compiled to WebAssembly (`.wasm`) or this program,
//! from before a change, say. The columns are measured in turns, and the best turn of each
//! counts. `hustings-bench-lab worlds` measures the worlds alone, `hustings-bench-lab samples`
//! the samples, and `hustings-bench-lab answer` answers calls from its standard input, such as
//! `begin 5 0 100` and `pass 60000 1600`, for other builds and for valgrind.

mod machine;
mod samples;
mod tables;

use std::env;
use std::io;
use std::process::ExitCode;

use machine::{Here, Machine, Process};

fn main() -> ExitCode {
    let mut columns = vec![Column::new("native", Box::new(Here))];
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "worlds" => return exit_code(tables::print_worlds()),
            "samples" => return exit_code(samples::print()),
            "answer" => return exit_code(machine::answer()),
            _ => {}
        }
        let Some((name, file)) = argument.split_once('=') else {
            eprintln!("error: NAME=FILE is needed, not {argument}");
            return ExitCode::FAILURE;
        };
        let process = if file.ends_with(".wasm") {
            Process::node(file)
        } else {
            Process::build(file)
        };
        match process {
            Ok(process) => columns.push(Column::new(name, Box::new(process))),
            Err(error) => println!("not measured {name}: it does not start ({error})\n"),
        }
    }
    exit_code(tables::print(&mut columns).and_then(|()| samples::print()))
}

/// A column of the tables: a machine and its name.
struct Column {
    name: String,
    machine: Box<dyn Machine>,
}

impl Column {
    fn new(name: &str, machine: Box<dyn Machine>) -> Self {
        let name = name.to_owned();
        Self { name, machine }
    }
}

fn exit_code(printed: io::Result<()>) -> ExitCode {
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
