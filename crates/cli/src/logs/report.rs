//! The account for people, and the events.

use std::fmt::Write;

use hustings_logs::shown::{Place, Section, SectionKind, Sentence, Shown};
use hustings_logs::{Micros, Story};

/// How wide a paragraph is, in characters.
const WIDTH: usize = 96;

/// How many lines of the logs a sentence names.
const LINES_MAX: usize = 4;

/// The account, and the events if they are asked for.
pub(super) fn write(shown: &Shown, story: &Story, events: bool) -> String {
    let mut text = String::new();
    for section in &shown.account {
        write_section(&mut text, section, shown);
    }
    if events {
        write_events(&mut text, shown, story);
    }
    text
}

fn write_section(text: &mut String, section: &Section, shown: &Shown) {
    let _ = writeln!(text, "{}", section.title);
    for sentence in &section.sentences {
        // What it all comes to is what people read; its lines are cited below.
        let cites = match section.kind {
            SectionKind::Verdict if !sentence.is_fault => String::new(),
            _ => cited(sentence, shown),
        };
        let mark = if sentence.is_fault { "! " } else { "  " };
        let scenario = sentence.scenario.as_ref();
        let scenario = scenario.map(|it| format!(" See scenarios/{it}.hust."));
        let says = format!("{}{}{cites}", sentence.says, scenario.unwrap_or_default());
        for (at, line) in wrapped(&says).iter().enumerate() {
            let before = if at == 0 { mark } else { "    " };
            let _ = writeln!(text, "{before}{line}");
        }
    }
    text.push('\n');
}

/// The lines that a sentence rests on, as ` [m1.log:12, m2.log:8]`.
fn cited(sentence: &Sentence, shown: &Shown) -> String {
    if sentence.lines.is_empty() {
        return String::new();
    }
    let named = sentence.lines.iter().take(LINES_MAX);
    let named: Vec<_> = named.map(|it| place(*it, shown)).collect();
    let more = if sentence.lines.len() > LINES_MAX {
        ", …"
    } else {
        ""
    };
    format!(" [{}{more}]", named.join(", "))
}

fn place(place: Place, shown: &Shown) -> String {
    shown.cite(place).unwrap_or_default()
}

fn write_events(text: &mut String, shown: &Shown, story: &Story) {
    let _ = writeln!(text, "Events");
    for event in &shown.events {
        let at = (shown.begins + event.at).time_of_day(Micros::from_millis(1));
        let _ = writeln!(
            text,
            "  {at}  {} [{}]",
            event.says,
            place(event.place, shown)
        );
        if let Some(line) = story.line(event.place) {
            let line = annotate_snippets::normalize_untrusted_str(&line);
            let _ = writeln!(text, "                {}", line.trim());
        }
    }
}

/// Lines of words, none wider than [`WIDTH`] if its words allow.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
