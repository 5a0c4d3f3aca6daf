//! What `docs/election.md` shows is what a reader gets who does what it says.

use std::path::Path;
use std::process::Command;

const TUTORIAL: &str = include_str!("../../../docs/election.md");

const RUN: &str = "run all my-raft\n";

/// The reader's file.
#[derive(Default)]
struct File {
    settings: String,
    functions: Vec<String>,
    steps: String,
}

impl File {
    /// Puts a block into the file: all of it, functions of the program, or steps.
    fn take(&mut self, block: &str) {
        let lines: Vec<_> = block.split_inclusive('\n').collect();
        let is_source = |line: &&str| line.starts_with('|');
        let Some(first) = lines.iter().position(&is_source) else {
            self.steps = format!("\n{block}");
            return;
        };
        let end = lines.iter().rposition(is_source).unwrap_or(first) + 1;
        if first > 0 {
            self.settings = lines[..first].concat();
            self.steps = lines[end..].concat().replacen(RUN, "", 1);
        }
        let program = lines[first..end].concat();
        for function in program.trim_end().split("\n|\n") {
            match self
                .functions
                .iter_mut()
                .find(|it| name(it) == name(function))
            {
                Some(it) => *it = function.to_owned(),
                None => self.functions.push(function.to_owned()),
            }
        }
    }

    fn text(&self) -> String {
        let program = self.functions.join("\n|\n");
        format!("{}{program}\n{RUN}{}", self.settings, self.steps)
    }
}

fn name(function: &str) -> Option<&str> {
    function.split('(').next()
}

/// The language and the text of each block.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let blocks = TUTORIAL.split("\n```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').expect("a language and a block"))
}

/// Whether a text is as shown, where `…` stands for any lines.
fn is_as_shown(mut text: &str, shown: &str) -> bool {
    let parts: Vec<_> = shown.split("…\n").collect();
    let ends = !shown.ends_with("…\n");
    text.starts_with(parts[0])
        && parts.iter().all(|part| match text.split_once(part) {
            Some((_, rest)) => {
                text = rest;
                true
            }
            None => false,
        })
        && (!ends || text.is_empty())
}

#[test]
fn the_tutorials_files_do_what_it_shows() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut file = File::default();
    let mut shown = 0;
    for (language, block) in blocks() {
        if language == "hust" {
            file.take(block);
            continue;
        }
        let (command, expected) = block.split_once('\n').expect("a command and its output");
        let arguments = command.strip_prefix("$ hustings ").expect("a command");
        std::fs::write(folder.join("election.hust"), file.text()).expect("written");
        let output = Command::new(env!("CARGO_BIN_EXE_hustings"))
            .current_dir(&folder)
            .args(arguments.split(' '))
            .output()
            .expect("the program runs");
        let found = [output.stdout, output.stderr].concat();
        let found = String::from_utf8(found).expect("text");
        let found = format!("{}\n", found.trim_end());
        let expected = format!("{expected}\n");
        assert!(is_as_shown(&found, &expected), "{}\n{found}", file.text());
        shown += 1;
    }
    assert!(shown >= 15, "{shown}");
}

#[test]
fn the_whole_program_is_what_the_steps_made() {
    let whole = |block: &&str| block.starts_with("title ");
    let blocks: Vec<_> = blocks().map(|(_, block)| block).collect();
    let last = blocks.iter().rposition(whole).expect("a whole file");
    let (mut step_by_step, mut at_once) = (File::default(), File::default());
    for (language, block) in self::blocks().take(last) {
        if language == "hust" {
            step_by_step.take(block);
        }
    }
    at_once.take(blocks[last]);
    step_by_step.functions.sort();
    at_once.functions.sort();
    assert_eq!(step_by_step.functions, at_once.functions);
}
