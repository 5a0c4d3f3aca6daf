//! The scenarios that come with the page.
//!
//! They are in a file of their own (`xtask/src/finish.mjs`), which is loaded when they are
//! asked for.

use std::cell::Cell;
use std::iter;

use hustings_lab::Command;
use hustings_lab::script::{Line, Script, without_programs};

use crate::browser;
use crate::checksum::checksum;
use crate::lessons::translated;
use crate::programs::library;

/// The groups in the order in which the gallery shows them.
const GROUPS: [&str; 13] = [
    "first-steps",
    "leader-failure",
    "partitions",
    "restarts",
    "disks",
    "liveness",
    "transfer",
    "membership",
    "paper",
    "logs",
    "assignments",
    "broken",
    "servers",
];

/// Where the file is. What follows the question mark changes with the file.
const ADDRESS: &str = concat!("./scenarios.txt?", env!("SCENARIOS"));

thread_local! {
    /// The file once it is loaded.
    static LOADED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// All scenarios, if they are loaded. Natively they are compiled in.
fn file() -> Option<&'static str> {
    if cfg!(target_family = "wasm") {
        LOADED.get()
    } else {
        Some(include_str!(concat!(env!("OUT_DIR"), "/scenarios.txt")))
    }
}

/// Whether the scenarios are there.
pub(crate) fn is_loaded() -> bool {
    file().is_some()
}

/// Loads the scenarios, unless they are there; `then` gets whether they are.
pub(crate) fn load(then: impl FnOnce(bool) + 'static) {
    if is_loaded() {
        return then(true);
    }
    browser::fetch_text(ADDRESS, move |file| {
        // Not one of another version of the page.
        let ours = file.filter(|it| checksum(it.as_bytes()) == env!("SCENARIOS"));
        if let Some(file) = ours {
            // Kept for as long as the page is open.
            LOADED.set(Some(file.leak()));
        }
        then(is_loaded());
    });
}

/// The group, the name and the text of each scenario.
fn scenarios() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let file = file().unwrap_or_default();
    file.split_terminator("\n\n").filter_map(|scenario| {
        let (name, text) = scenario.split_once('\n')?;
        let (group, name) = name.split_once('/')?;
        Some((group, name, text))
    })
}

/// A scenario as the gallery lists it.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    /// Its group: the name of its folder.
    pub group: &'static str,
    /// Its name: that of its file, without extension.
    pub name: &'static str,
    /// What the servers run of which a lesson in «servers» is; else empty.
    pub program: &'static str,
    /// Its title.
    pub title: String,
    /// Its captions, in order.
    pub lesson: Vec<String>,
}

impl Scenario {
    /// All scenarios by group; none until they are loaded.
    pub fn all() -> Vec<Self> {
        let of = |group| scenarios().filter(move |(it, ..)| *it == group);
        GROUPS
            .into_iter()
            .flat_map(of)
            .filter_map(Self::read)
            .collect()
    }

    fn read((group, name, text): (&'static str, &'static str, &'static str)) -> Option<Self> {
        // The interpreter is not needed to list a scenario.
        let script = Script::parse(&without_programs(text)).ok()?;
        let notes = script.steps.iter().filter_map(|step| match &step.line {
            Line::Command(Command::Note(note)) => Some(note.to_string()),
            _ => None,
        });
        Some(Self {
            group,
            name,
            program: program_of(group, name),
            lesson: notes.collect(),
            title: script.header.title,
        })
    }

    /// Its group, and the program that it is about.
    pub fn heading(&self) -> (&'static str, &'static str) {
        (self.group, self.program)
    }

    /// Its title and captions, as the script has them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        iter::once(&self.title).chain(&self.lesson).map(|it| &**it)
    }

    /// Whether its title, group, name and captions, in English or as the page shows them,
    /// contain all words of a search.
    pub fn matches(&self, search: &str) -> bool {
        let mut all = format!("{} {}", self.group, self.name);
        for text in self.texts() {
            all += &format!(" {text} {}", translated(text.to_owned()));
        }
        let all = all.to_ascii_lowercase();
        let words = search.to_ascii_lowercase();
        words.split_whitespace().all(|word| all.contains(word))
    }
}

/// The program of a lesson about the course's servers: what stands before its number.
fn program_of(group: &str, name: &'static str) -> &'static str {
    let number = name.find(|letter: char| letter.is_ascii_digit());
    let end = number.filter(|_| group == "servers").unwrap_or_default();
    name.get(..end).unwrap_or_default().trim_end_matches('-')
}

/// The text of a scenario; `None` if there is none of that name.
pub(crate) fn text(group: &str, name: &str) -> Option<&'static str> {
    let (.., text) = scenarios().find(|it| it.0 == group && it.1 == name)?;
    Some(text)
}

/// The script of a scenario; `None` if there is none of that name, or its servers run
/// programs, which are not loaded.
pub fn script(group: &str, name: &str) -> Option<Script> {
    Script::parse_with(text(group, name)?, &*library()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_raft::BrokenRule;

    #[test]
    fn every_scenario_is_in_the_gallery_and_runs() {
        let all = Scenario::all();
        assert_eq!(all.len(), scenarios().count());
        let mut groups: Vec<_> = all.iter().map(|it| it.group).collect();
        groups.dedup();
        assert_eq!(groups, GROUPS);
        for scenario in all {
            assert!(!scenario.title.is_empty() && !scenario.lesson.is_empty());
            let script = script(scenario.group, scenario.name);
            assert!(
                script.is_some_and(|it| it.run().is_ok()),
                "{}",
                scenario.name
            );
        }
    }

    #[test]
    fn every_broken_rule_has_a_scenario_that_breaks_it() {
        for rule in BrokenRule::ALL {
            let script = script("broken", rule.name()).expect("a scenario");
            assert!(script.header.broken.contains(rule), "{}", rule.name());
        }
    }

    #[test]
    fn scenarios_are_found_by_their_words() {
        let found = |search: &str| {
            Scenario::all()
                .into_iter()
                .filter(|it| it.matches(search))
                .count()
        };
        assert_eq!(found(""), scenarios().count());
        assert!(found("figure 8") >= 2);
        assert_eq!(found("no such scenario at all"), 0);
    }
}
