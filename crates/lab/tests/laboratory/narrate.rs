//! The sentences about records, messages and rules, in both languages.
#![cfg(not(target_family = "wasm"))]

use std::path::{Path, PathBuf};

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, Flight, Invariant, Loss, Record, Run, Script, Told, Transcript};
use hustings_raft::{BrokenRule, MessageKind, Payload, RoleName, Rule, Timer};

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

fn scenarios() -> Vec<Script> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    // Programs need an interpreter.
    let folders = entries(&root).into_iter();
    let folders = folders.filter(|dir| !dir.ends_with("servers"));
    let files = folders.flat_map(|dir| entries(&dir));
    let read = |file: PathBuf| std::fs::read_to_string(file).expect("a text");
    let scripts: Vec<_> = files
        .map(|file| Script::parse(&read(file)).expect("a script"))
        .collect();
    assert!(!scripts.is_empty());
    scripts
}

/// Every sentence about a message, without client commands.
fn about(flight: &Flight, lang: Lang) -> Vec<String> {
    let losses = [Loss::LinkCut, Loss::ServerDown, Loss::Chance, Loss::Dropped];
    let lost = losses.map(|loss| narrate::loss(loss, flight, lang));
    let mut told = Vec::from(lost);
    told.push(narrate::flight_name(flight, lang));
    told.push(narrate::message(&flight.message, lang));
    told
}

/// Every sentence about a record, without client commands and notes.
fn sentences(record: &Record, lang: Lang) -> Vec<String> {
    let mut told = Vec::new();
    if !matches!(record.event, Event::Noted(_) | Event::Proposed { .. }) {
        told.push(narrate::event(&record.event, lang));
        told.push(narrate::headline(record, lang));
    }
    if let Some(server) = record.event.server() {
        let reasons = record.reasons.iter();
        told.extend(reasons.map(|reason| narrate::explain(server, reason, lang)));
    }
    let reasons = narrate::reasons(record, lang).into_iter();
    told.extend(reasons.map(|(_, sentence)| sentence));
    told.extend(narrate::lost_in_crash(record, lang));
    told.extend(record.sent.iter().flat_map(|flight| about(flight, lang)));
    told
}

/// Every sentence of a run's transcript that is not somebody's own words, and of the
/// elections that nobody has won.
fn transcript(lab: &Run, lang: Lang) -> Vec<String> {
    let transcript = Transcript::of(lab);
    let own_words =
        |record: &Record| matches!(record.event, Event::Noted(_) | Event::Proposed { .. });
    let mut told = Vec::new();
    for item in transcript.items() {
        let first = lab.records().get(item.first).expect("a record");
        if !own_words(first) {
            told.extend(narrate::told(item, lab.records(), lang));
        }
        if let Told::Record {
            failed: Some(tally),
            ..
        } = &item.told
        {
            told.push(narrate::tally(tally, lang));
        }
        let waiting = first.waiting.iter();
        told.extend(waiting.map(|it| narrate::departure(it, lang)));
    }
    let undecided = transcript.undecided(lab);
    told.extend(undecided.iter().map(|tally| narrate::tally(tally, lang)));
    told
}

/// The words in Latin letters in a text.
fn latin(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
}

/// Whether a word is not translated: names of servers and messages, units.
fn is_a_name(word: &str) -> bool {
    let is_kind = |kind: MessageKind| kind.name() == word;
    matches!(word, "S" | "s" | "ms" | "Raft") || MessageKind::ALL.into_iter().any(is_kind)
}

/// Asserts that a text is completely in Chinese.
fn assert_chinese(text: &str) {
    assert!(
        text.contains(|sign| ('一'..='龥').contains(&sign)),
        "{text}"
    );
    assert!(!text.contains(['{', '}']), "{text}");
    // Broken rules are called by their names in scripts.
    let rules = BrokenRule::ALL.iter();
    let unnamed = rules.fold(text.to_owned(), |text, rule| text.replace(rule.name(), ""));
    if let Some(word) = latin(&unnamed).find(|word| !is_a_name(word)) {
        panic!("{word} in {text}");
    }
}

#[test]
fn every_record_of_every_scenario_is_told_in_both_languages() {
    for script in scenarios() {
        let outcome = script.run().expect("the header has been checked");
        for (_, record) in outcome.run.records().iter() {
            let english = sentences(record, Lang::En);
            let chinese = sentences(record, Lang::Zh);
            assert_eq!(english.len(), chinese.len());
            assert!(english.iter().all(|text| text.is_ascii()), "{english:?}");
            for text in &chinese {
                assert_chinese(text);
            }
        }
        let (english, chinese) = (
            transcript(&outcome.run, Lang::En),
            transcript(&outcome.run, Lang::Zh),
        );
        assert_eq!(english.len(), chinese.len());
        assert!(english.iter().all(|text| text.is_ascii()), "{english:?}");
        chinese.iter().for_each(|text| assert_chinese(text));
        for violation in outcome.run.violations() {
            assert_chinese(&narrate::violation(violation, Lang::Zh));
        }
    }
}

#[test]
fn english_names_and_sources_are_those_of_the_code() {
    for rule in Rule::ALL {
        assert_eq!(narrate::source(rule.source(), Lang::En), rule.source());
    }
    for role in RoleName::ALL {
        assert_eq!(narrate::role(role, Lang::En), role.name());
    }
    for timer in Timer::ALL {
        assert_eq!(narrate::timer(timer, Lang::En), timer.name());
    }
}

#[test]
fn english_statements_are_distinct_sentences() {
    let rules = Rule::ALL.map(|it| narrate::rule(it, Lang::En));
    let broken = BrokenRule::ALL.map(|it| narrate::broken(it, Lang::En));
    let invariants = Invariant::ALL.map(|it| narrate::invariant(it, Lang::En));
    let told = [&rules[..], &broken, &invariants].concat();
    for text in &told {
        let begins = text.starts_with(|first: char| first.is_ascii_uppercase());
        assert!(begins && text.ends_with('.') && text.is_ascii(), "{text}");
        assert_eq!(told.iter().filter(|other| *other == text).count(), 1);
    }
}

#[test]
fn statements_and_names_are_told_in_chinese() {
    let rules = Rule::ALL.map(|it| narrate::rule(it, Lang::Zh));
    let broken = BrokenRule::ALL.map(|it| narrate::broken(it, Lang::Zh));
    let invariants = Invariant::ALL.map(|it| narrate::invariant(it, Lang::Zh));
    let roles = RoleName::ALL.map(|it| narrate::role(it, Lang::Zh));
    let timers = Timer::ALL.map(|it| narrate::timer(it, Lang::Zh));
    let told = [&rules[..], &broken, &invariants, &roles, &timers].concat();
    for text in &told {
        assert_chinese(text);
    }
    let mut different = told.clone();
    different.sort_unstable();
    different.dedup();
    // Timers have translated names.
    assert_eq!(different.len(), told.len());
}

#[test]
fn client_commands_are_not_translated() {
    let command = Payload::Command("x=1".into());
    for lang in Lang::ALL {
        assert_eq!(narrate::payload(&command, lang), "x=1");
    }
    assert_eq!(narrate::payload(&Payload::Noop, Lang::Zh), "空条目");
}
