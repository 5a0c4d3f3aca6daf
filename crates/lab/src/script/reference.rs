//! Tests that the reference of the language, `docs/script.md`, is complete and correct.

use std::rc::Rc;

use hustings_raft::{BrokenRule, BrokenRules, MessageKind, RoleName, Timer};

use super::{Help, Script, ScriptError, condition, header, message, program, server};
use crate::invariant::Invariant;
use crate::machine::{Core, Library, LibraryError, Machine, Program, Start};

const REFERENCE: &str = include_str!("../../../../docs/script.md");

/// A program that the reference names.
struct Named {
    name: String,
    source: Option<String>,
    mended: Vec<Rc<str>>,
}

impl Program for Named {
    fn name(&self) -> &str {
        &self.name
    }

    fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    fn mended(&self) -> &[Rc<str>] {
        &self.mended
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        let broken = BrokenRules::NONE;
        Core { broken }.machine(start)
    }
}

/// Has any program and any flaw.
struct Any;

impl Library for Any {
    fn names(&self) -> Vec<&str> {
        vec!["dispatch"]
    }

    fn flaws(&self, _program: &str) -> Vec<&str> {
        Vec::new()
    }

    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        Ok(Rc::new(Named {
            name: name.to_owned(),
            source: source.map(str::to_owned),
            mended: mended.to_vec(),
        }))
    }
}

fn parse(text: &str) -> Result<Script, Vec<ScriptError>> {
    Script::parse_with(text, &Any)
}

/// A line with those that it cannot do without.
fn with_others(line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        [program::PROGRAM, name] => format!("{line}\n| fn start(me) {{}}\nrun S1 {name}"),
        [program::MEND, name, _, ..] => format!("{line}\nrun S1 {name}"),
        _ => line.to_owned(),
    }
}

#[test]
fn every_word_of_the_language_is_in_the_reference() {
    let words = super::starts(true)
        .into_iter()
        .chain(condition::KEYWORDS.iter().copied())
        .chain(server::STATES)
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
    let fields = header::STATE.into_iter().chain(server::FIELDS);
    let fields = fields.chain(message::field_names());
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
fn every_example_can_be_parsed() {
    let blocks = REFERENCE.split("```text\n").skip(1);
    let blocks: Vec<_> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 3, "{}", blocks.len());
    for block in blocks {
        if let Err(errors) = parse(block) {
            panic!("{}: {}", errors[0].at, errors[0]);
        }
    }
}

#[test]
fn every_line_in_the_first_column_of_a_table_can_be_parsed() {
    let rows = REFERENCE.lines().filter_map(|row| row.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split("` |").next());
    let lines: Vec<_> = cells
        .flat_map(|cell| cell.split("`, `"))
        .filter(|line| !Invariant::ALL.iter().any(|it| it.name() == *line))
        .map(|line| line.replace("\\|", "|"))
        .collect();
    assert!(lines.len() > 40, "{}", lines.len());
    for line in lines {
        let line = with_others(&line);
        if let Err(errors) = parse(&line) {
            panic!("{line}: {}", errors[0]);
        }
        let formatted = Script::format_with(&line, &Any).expect("it can be parsed");
        assert_eq!(formatted.trim_end(), line);
    }
}

#[test]
fn the_example_for_an_incomplete_line_starts_like_that_line() {
    let mut helped = 0;
    for line in lines() {
        let words: Vec<_> = line.split(' ').collect();
        for count in 1..words.len() {
            let begun = words[..count].join(" ");
            let errors = parse(&begun).err().unwrap_or_default();
            let Some(Help::Example(example)) = errors.into_iter().find_map(|error| error.help)
            else {
                continue;
            };
            helped += 1;
            assert!(parse(&with_others(&example)).is_ok(), "{example}");
            // For an `at` line, the example is that of its command.
            let begun = begun.strip_prefix("at 120ms ").unwrap_or(&begun);
            let words = begun.split(' ').take_while(|word| !word.starts_with('"'));
            let pairs = words.zip(example.split(' '));
            for (word, other) in pairs {
                let is_word = word.chars().all(|char| char.is_ascii_alphabetic());
                assert!(!is_word || word == other, "`{begun}`: `{example}`");
            }
        }
    }
    assert!(helped > 60, "{helped}");
}

/// Every line of the examples and the tables.
fn lines() -> Vec<String> {
    let rows = REFERENCE.lines().filter_map(|row| row.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split("` |").next());
    let cells = cells.flat_map(|cell| cell.split("`, `"));
    let blocks = REFERENCE.split("```text\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    let lines = cells.chain(blocks.flat_map(str::lines));
    let bare = lines.filter_map(|line| line.split('#').next());
    let bare = bare.map(|line| line.replace("\\|", "|").trim().to_owned());
    bare.filter(|line| parse(&with_others(line)).is_ok())
        .collect()
}
