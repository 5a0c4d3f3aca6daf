//! The scenarios that come with the page.

use std::iter;

use hustings_lab::Command;
use hustings_lab::script::{Line, Script};

use crate::lessons::translated;
use crate::library::library;

/// All scenarios by group, collected by `build.rs`.
static SCENARIOS: &str = include_str!(concat!(env!("OUT_DIR"), "/scenarios.txt"));

/// The group, the name and the text of each scenario.
fn scenarios() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SCENARIOS.split_terminator("\n\n").filter_map(|scenario| {
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
    /// Its title.
    pub title: String,
    /// Its captions, in order.
    pub lesson: Vec<String>,
}

impl Scenario {
    /// All scenarios by group.
    pub fn all() -> Vec<Self> {
        scenarios().filter_map(Self::read).collect()
    }

    fn read((group, name, text): (&'static str, &'static str, &'static str)) -> Option<Self> {
        let script = Script::parse_with(text, &*library()).ok()?;
        let notes = script.steps.iter().filter_map(|step| match &step.line {
            Line::Command(Command::Note(note)) => Some(note.to_string()),
            _ => None,
        });
        Some(Self {
            group,
            name,
            lesson: notes.collect(),
            title: script.header.title,
        })
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

/// The script of a scenario; `None` if there is none of that name.
pub fn script(group: &str, name: &str) -> Option<Script> {
    let (.., text) = scenarios().find(|it| it.0 == group && it.1 == name)?;
    Script::parse_with(text, &*library()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_raft::BrokenRule;

    #[test]
    fn every_scenario_is_in_the_gallery_and_runs() {
        let all = Scenario::all();
        assert_eq!(all.len(), scenarios().count());
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
