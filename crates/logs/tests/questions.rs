//! What users asked in public, and whether the account answers it.
//!
//! Each folder of `tests/questions/` has a question, with a link to where it was asked, and
//! logs of our own making with the same course of events; some of these logs are lessons in
//! `samples/logs/lessons/`, which `question.md` then names. What stands after `>` in
//! `question.md` are the sentences of the account that answer it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hustings_lab::narrate::Lang;
use hustings_logs::shown::{SectionKind, Shown};
use hustings_logs::{Given, Reader, Story, Text};
use insta::assert_snapshot;

/// The story of all logs of a folder.
fn story(folder: &Path) -> Story {
    let logs = entries(folder).into_iter();
    let logs = logs.filter(|it| it.extension().is_some_and(|it| it == "log"));
    let texts = logs.map(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        let bytes = fs::read(&path).expect("it can be read");
        Text::new(&name, bytes).expect("a text")
    });
    let reading = Reader::new(texts.collect()).finish();
    assert!(!reading.sightings.is_empty(), "{}", folder.display());
    Story::of(reading, &Given::default())
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// The account as text, with the lines that each sentence cites.
fn account(shown: &Shown) -> String {
    let mut text = String::new();
    for section in &shown.account {
        let _ = writeln!(text, "{}", section.title);
        for sentence in &section.sentences {
            let mark = if sentence.is_fault { '!' } else { '-' };
            let _ = write!(text, "  {mark} {}", sentence.says);
            if let Some(scenario) = &sentence.scenario {
                let _ = write!(text, " ({scenario})");
            }
            let cited = sentence.lines.iter();
            let cited = cited.filter_map(|place| shown.cite(*place));
            let _ = writeln!(text, " [{}]", cited.collect::<Vec<_>>().join(" "));
        }
    }
    text
}

/// A question: its name, the folder of its logs, and the answers to it.
struct Question {
    name: String,
    logs: PathBuf,
    answers: Vec<String>,
}

fn questions() -> Vec<Question> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = entries(&here.join("tests/questions")).into_iter();
    let read = folders.map(|folder| {
        let about = fs::read_to_string(folder.join("question.md")).expect("a question");
        let lines = || about.lines();
        let lesson = lines().find_map(|it| it.strip_prefix("Logs: "));
        let answers = lines().filter_map(|it| it.strip_prefix("> "));
        Question {
            name: folder.file_name().expect("a name").to_string_lossy().into(),
            answers: answers.map(str::to_owned).collect(),
            logs: match lesson {
                Some(lesson) => here.join("../..").join(lesson),
                None => folder,
            },
        }
    });
    read.collect()
}

#[test]
fn what_users_asked_is_answered() {
    let mut missing = Vec::new();
    for question in questions() {
        let Question {
            name,
            logs,
            answers,
        } = question;
        let told = account(&story(&logs).shown(Lang::En));
        assert!(!answers.is_empty(), "{name} has answers");
        let unanswered = answers.into_iter().filter(|it| !told.contains(it));
        missing.extend(unanswered.map(|it| format!("{name}: {it}")));
        assert_snapshot!(name, told);
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn lessons_begin_with_logs_that_show_what_they_teach() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lessons = entries(&root.join("samples/logs/lessons"));
    let scripts = entries(&root.join("scenarios/logs"));
    let names = |paths: &[PathBuf]| -> Vec<_> {
        let stems = paths.iter().map(|it| it.file_stem().expect("a name"));
        stems.map(|it| it.to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(&lessons), names(&scripts));
    for (folder, name) in lessons.iter().zip(names(&lessons)) {
        let shown = story(folder).shown(Lang::En);
        let mut sections = shown.account.iter();
        let verdict = sections.find(|it| it.kind == SectionKind::Verdict);
        let verdict = verdict.expect("a verdict").sentences.iter();
        let named: Vec<_> = verdict.filter_map(|it| it.scenario.as_deref()).collect();
        let lesson = format!("logs/{name}");
        assert!(named.contains(&&*lesson), "{lesson} is not among {named:?}");
    }
}
