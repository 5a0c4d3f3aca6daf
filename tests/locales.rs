//! The locale files have the same texts and arguments in every language, and every lesson
//! is translated.

use std::collections::{BTreeMap, BTreeSet};

use hustings::gallery::Scenario;

type Texts = BTreeMap<String, String>;

/// The texts of the laboratory, of a search, of logs and of the page, in English and Chinese.
fn locales() -> [[Texts; 2]; 4] {
    [
        [
            texts(include_str!("../crates/lab/locales/en.json")),
            texts(include_str!("../crates/lab/locales/zh.json")),
        ],
        [
            texts(include_str!("../crates/search/locales/en.json")),
            texts(include_str!("../crates/search/locales/zh.json")),
        ],
        [
            texts(include_str!("../crates/logs/locales/en.json")),
            texts(include_str!("../crates/logs/locales/zh.json")),
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

/// The lessons' texts in Chinese, by the English ones.
fn lessons() -> Texts {
    texts(include_str!("../locales/lessons.zh.json"))
}

#[test]
fn every_text_of_a_lesson_is_translated_and_nothing_else() {
    let scenarios = Scenario::all();
    let english: BTreeSet<_> = scenarios.iter().flat_map(Scenario::texts).collect();
    let lessons = lessons();
    let translated: BTreeSet<_> = lessons.keys().map(String::as_str).collect();
    let missing: Vec<_> = english.difference(&translated).collect();
    let left_over: Vec<_> = translated.difference(&english).collect();
    assert!(missing.is_empty(), "without translation: {missing:#?}");
    assert!(left_over.is_empty(), "of no lesson: {left_over:#?}");
}

/// Servers, numbers, values and the parts of figures in a text: `S1`, `x=1`, `(a)`.
fn exact_words(text: &str) -> BTreeSet<&str> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "=()".contains(it);
    let words = text.split(|it| !is_part(it));
    let exact =
        |word: &&str| word.starts_with('(') || word.contains(|it: char| it.is_ascii_digit());
    words.filter(exact).collect()
}

#[test]
fn a_lesson_has_the_same_servers_and_numbers_in_both_languages() {
    for (english, chinese) in lessons() {
        assert_eq!(exact_words(&english), exact_words(&chinese), "{english}");
    }
}

#[test]
fn a_lesson_calls_things_by_their_names_in_both_languages() {
    for (english, chinese) in lessons() {
        for (word, translation) in [
            ("term", "任期"),
            ("candidate", "候选人"),
            ("follower", "跟随者"),
            ("leader", "领导"),
            ("log", "日志"),
            ("entr", "条目"),
            ("index", "索引"),
            ("commit", "提交"),
            ("heartbeat", "心跳"),
            ("majorit", "多数派"),
            ("lease", "租约"),
            ("pre-vote", "预投票"),
            ("check-quorum", "多数检查"),
        ] {
            let mut words = english.split(' ').map(str::to_lowercase);
            let named = words.any(|it| it.starts_with(word));
            assert!(!named || chinese.contains(translation), "{word}: {english}");
        }
    }
}

/// A caption is read at a glance.
#[test]
fn no_caption_of_a_lesson_is_too_long() {
    for scenario in Scenario::all() {
        for text in scenario.texts() {
            assert!(text.chars().count() <= 140, "{text}");
            assert!(
                !text.contains(".hust"),
                "a file's name says nothing: {text}"
            );
        }
    }
}
