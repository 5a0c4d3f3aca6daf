//! The locale files have the same texts and arguments in every language.

use std::collections::{BTreeMap, BTreeSet};

type Texts = BTreeMap<String, String>;

/// The texts of the laboratory and those of the page, in English and Chinese.
fn locales() -> [[Texts; 2]; 2] {
    [
        [
            texts(include_str!("../crates/lab/locales/en.json")),
            texts(include_str!("../crates/lab/locales/zh.json")),
        ],
        [
            texts(include_str!("../locales/en.json")),
            texts(include_str!("../locales/zh.json")),
        ],
    ]
}

fn texts(file: &str) -> Texts {
    let texts: Texts = serde_json::from_str(file).expect("an object of texts");
    let lines = file.lines().filter(|line| line.contains("\": \"")).count();
    assert_eq!(texts.len(), lines, "a line for each text, and none twice");
    texts
}

/// The arguments of a text: `a` and `b` of `{a} to {b}`.
fn arguments(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .map(|part| part.split_once('}').expect("a closing brace").0)
        .collect()
}

#[test]
fn both_languages_have_the_same_texts() {
    for [english, chinese] in locales() {
        let (ours, theirs): (Vec<_>, Vec<_>) = (english.keys().collect(), chinese.keys().collect());
        assert_eq!(ours, theirs);
    }
}

#[test]
fn a_text_takes_the_same_arguments_in_both_languages() {
    for [english, chinese] in locales() {
        for (key, text) in &english {
            let taken = arguments(text);
            assert_eq!(taken, arguments(&chinese[key]), "{key}");
            // Arguments are passed in the order of their names.
            let in_order = ["a", "b", "c", "d", "e", "f"].into_iter().take(taken.len());
            assert!(taken.iter().copied().eq(in_order), "{key}");
        }
    }
}

#[test]
fn all_texts_are_translated() {
    for [english, chinese] in locales() {
        for (key, text) in &english {
            assert_ne!(*text, chinese[key], "{key}");
            assert!(!chinese[key].trim().is_empty(), "{key}");
        }
    }
}
