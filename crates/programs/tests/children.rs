//! No process is left. Alone in its file, as other tests have processes of their own.
#![cfg(target_os = "linux")]

use std::fs;
use std::rc::Rc;
use std::time::Duration;

use hustings_lab::{Command, History, Program, Script};
use hustings_programs::HostedProgram;
use hustings_programs::lines::{Lines, Turns};
use hustings_raft::{Millis, NodeId};

/// The processes, dead ones included, whose parent this is.
fn children() -> Vec<String> {
    let me = std::process::id().to_string();
    let processes = fs::read_dir("/proc").expect("Linux").flatten();
    let stats = processes.flat_map(|it| fs::read_to_string(it.path().join("stat")));
    stats
        .filter(|stat| {
            let after_name = stat.rsplit(')').next().unwrap_or_default();
            after_name.split_whitespace().nth(1) == Some(me.as_str())
        })
        .collect()
}

fn history(text: &str) -> History {
    let command = vec![env!("CARGO_BIN_EXE_lines-server").to_owned()];
    let lines = Lines::new(command, Duration::from_secs(2), None, Turns::default());
    let host = Rc::new(lines.expect("it starts"));
    let program: Rc<dyn Program> = Rc::new(HostedProgram::of_command("process", None, host));
    let mut script = Script::parse(text).expect("a script");
    for id in script.header.servers().iter() {
        script.header.programs.insert(id, Rc::clone(&program));
    }
    History::new(script.run().expect("a valid header").run)
}

#[test]
fn processes_are_few_while_a_run_branches_and_none_is_left_after_it() {
    let mut runs = history("cluster 3\nrun 2s\ncrash S1\nrun 1s\nrestart S1\nrun 1s");
    for millis in (100..3000).step_by(500) {
        runs.seek_time(Millis(millis));
        let second = NodeId::new(2).expect("S2");
        runs.apply(Command::Timeout {
            server: second,
            timer: None,
        })
        .expect("it is up");
        runs.apply(Command::Run(Millis(200))).expect("time passes");
        assert!(children().len() <= 9, "{:?}", children());
    }
    drop(runs);
    assert_eq!(children(), [""; 0]);
    for fault in ["die", "abort", "hang", "flood", "long line", "nonsense"] {
        drop(history(&format!("cluster 2\npropose S1 \"{fault}\"")));
        assert_eq!(children(), [""; 0], "{fault}");
    }
}
