//! The reference of the language, `docs/script.md`, is complete and right.

use hustings_raft::{BrokenRule, MessageKind, RoleName, Timer};

use super::{Script, command, expect, header};
use crate::Invariant;

const REFERENCE: &str = include_str!("../../../../docs/script.md");

#[test]
fn every_word_of_the_language_is_explained() {
    let words = super::starts(true)
        .into_iter()
        .chain(command::GOALS)
        .chain(expect::STARTS)
        .chain(expect::STATES)
        .chain(RoleName::ALL.map(RoleName::name))
        .chain(Timer::ALL.map(Timer::name))
        .chain(MessageKind::ALL.map(MessageKind::name))
        .chain(Invariant::ALL.map(Invariant::name))
        .chain(BrokenRule::ALL.map(BrokenRule::name));
    let is_word = |char: char| char.is_alphanumeric() || char == '-';
    for word in words {
        let found = REFERENCE.split(|char| !is_word(char)).any(|it| it == word);
        assert!(found, "`{word}` is not explained");
    }
    let fields = header::field_names().chain(expect::field_names());
    for field in fields {
        assert!(REFERENCE.contains(&format!(" {field}=")), "`{field}=`");
    }
    for setting in header::examples() {
        let name = setting.split(' ').take(2).collect::<Vec<_>>();
        let start = match name[..] {
            ["option", option] => format!("| `option {option} "),
            _ => format!("| `{} ", name[0]),
        };
        assert!(REFERENCE.contains(&start), "`{start}`");
    }
}

#[test]
fn every_example_can_be_read() {
    let blocks = REFERENCE.split("```text\n").skip(1);
    let blocks: Vec<_> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 3, "{}", blocks.len());
    for block in blocks {
        if let Err(errors) = Script::parse(block) {
            panic!("{}: {}", errors[0].at, errors[0]);
        }
    }
}

/// The first column of the tables is what can be written.
#[test]
fn every_line_of_the_tables_can_be_read() {
    let rows = REFERENCE.lines().filter_map(|row| row.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split("` |").next());
    let lines: Vec<_> = cells
        .flat_map(|cell| cell.split("`, `"))
        .filter(|line| !Invariant::ALL.iter().any(|it| it.name() == *line))
        .map(|line| line.replace("\\|", "|"))
        .collect();
    assert!(lines.len() > 40, "{}", lines.len());
    for line in lines {
        if let Err(errors) = Script::parse(&line) {
            panic!("{line}: {}", errors[0]);
        }
        let formatted = Script::format(&line).expect("it has been read");
        assert_eq!(formatted.trim_end(), line);
    }
}
