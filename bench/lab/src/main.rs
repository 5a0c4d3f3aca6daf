//! Prints how fast the laboratory is, natively and in WebAssembly, and how much
//! memory a run takes, as tables.
//!
//! `hustings-bench-lab FILE` measures this library compiled to WebAssembly, too.
//! The two columns take turns, and of each the fastest turn counts.

mod machine;
mod tables;

use std::env;
use std::process::ExitCode;

use machine::{Here, InNode, Machine};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file] = arguments.as_slice() else {
        return print(&mut [Column::new("natively", Box::new(Here))]);
    };
    let in_node = match InNode::start(file) {
        Ok(machine) => machine,
        Err(error) => {
            println!("not measured in WebAssembly: node does not start ({error})\n");
            return print(&mut [Column::new("natively", Box::new(Here))]);
        }
    };
    print(&mut [
        Column::new("natively", Box::new(Here)),
        Column::new("in WebAssembly", Box::new(in_node)),
    ])
}

/// A machine, and what it is called at the head of a table.
struct Column {
    name: &'static str,
    machine: Box<dyn Machine>,
}

impl Column {
    fn new(name: &'static str, machine: Box<dyn Machine>) -> Self {
        Self { name, machine }
    }
}

fn print(columns: &mut [Column]) -> ExitCode {
    match tables::print(columns) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
