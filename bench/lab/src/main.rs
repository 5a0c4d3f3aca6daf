//! Measures the throughput and the memory of the laboratory, natively and as WebAssembly,
//! and what copies of worlds cost, and prints tables.
//!
//! `hustings-bench-lab NAME=FILE…` measures this library compiled to WebAssembly, too:
//! each file is a column of that name, such as a build from before a change. The columns
//! are measured in turns, and the best turn of each counts. `hustings-bench-lab worlds`
//! measures the worlds alone, `hustings-bench-lab samples` the samples.

mod machine;
mod samples;
mod tables;

use std::env;
use std::io;
use std::process::ExitCode;

use machine::{Here, InNode, Machine};

fn main() -> ExitCode {
    let mut columns = vec![Column::new("native", Box::new(Here))];
    for argument in env::args().skip(1) {
        if argument == "worlds" {
            return exit_code(tables::print_worlds());
        }
        if argument == "samples" {
            return exit_code(samples::print());
        }
        let Some((name, file)) = argument.split_once('=') else {
            eprintln!("error: NAME=FILE is needed, not {argument}");
            return ExitCode::FAILURE;
        };
        match InNode::start(file) {
            Ok(machine) => columns.push(Column::new(name, Box::new(machine))),
            Err(error) => println!("not measured {name}: node does not start ({error})\n"),
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
