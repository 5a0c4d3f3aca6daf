//! A story for other programs: JSON and CSV.

use std::io::{self, Write};

use hustings_lab::narrate::Lang;
use serde_json::{Value, json};

use crate::shown::{MemberId, Place, Section, Shown};
use crate::story::Story;
use crate::time::Micros;

impl Story {
    /// One JSON object a line: first the account with the members, then each event in order.
    /// Times are RFC 3339, in the one time of all members; every event has its line.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write_json(&self, lang: Lang, out: &mut impl Write) -> io::Result<()> {
        let shown = self.shown(lang);
        let members: Vec<_> = shown.members.iter().map(|member| {
            json!({ "name": member.name, "also": member.also, "has_lines": member.speaks })
        }).collect();
        let leaderless: Vec<_> = shown
            .leaderless
            .iter()
            .map(|gap| json!({ "from": shown.at(gap.from), "to": shown.at(gap.to) }))
            .collect();
        let files: Vec<_> = shown.files.iter().map(|it| &it.name).collect();
        let account = json!({
            "files": files,
            "begins": shown.at(Micros::ZERO),
            "ends": shown.at(shown.lasts),
            "members": members,
            "leaderless": leaderless,
            "account": shown.account.iter().map(|it| shown.section(it)).collect::<Vec<_>>(),
        });
        writeln!(out, "{account}")?;
        for event in &shown.events {
            let line = json!({
                "at": shown.at(event.at),
                "member": shown.name_of(event.member),
                "says": event.says,
                "topic": event.topic,
                "other": event.other.map(|it| shown.name_of(it)),
                "file": shown.file_of(event.place),
                "line": event.place.line,
                "text": self.line(event.place),
            });
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// Comma-separated values, a row for each event.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn write_csv(&self, lang: Lang, out: &mut impl Write) -> io::Result<()> {
        let shown = self.shown(lang);
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record([
            "at", "member", "topic", "other", "says", "file", "line", "text",
        ])?;
        for event in &shown.events {
            let topic = serde_json::to_value(event.topic)?;
            let other = event.other.map_or("", |it| shown.name_of(it));
            rows.write_record([
                shown.at(event.at).as_str(),
                shown.name_of(event.member),
                topic.as_str().unwrap_or_default(),
                other,
                &event.says,
                shown.file_of(event.place),
                &event.place.line.0.to_string(),
                &self.line(event.place).unwrap_or_default(),
            ])?;
        }
        rows.flush()
    }
}

impl Shown {
    fn at(&self, since: Micros) -> String {
        (self.begins + since).to_string()
    }

    fn name_of(&self, id: MemberId) -> &str {
        self.member(id).map_or("?", |it| &it.name)
    }

    fn file_of(&self, line: Place) -> &str {
        self.file(line).map_or("?", |it| &it.name)
    }

    fn section(&self, section: &Section) -> Value {
        let sentences = section.sentences.iter().map(|sentence| {
            let lines = sentence.lines.iter();
            let lines = lines.map(|it| json!({ "file": self.file_of(*it), "line": it.line }));
            json!({
                "says": sentence.says,
                "from": sentence.span.map(|(from, _)| self.at(from)),
                "to": sentence.span.map(|(_, to)| self.at(to)),
                "lines": lines.collect::<Vec<_>>(),
                "scenario": sentence.scenario,
                "fault": sentence.is_fault,
            })
        });
        json!({
            "kind": section.kind,
            "title": section.title,
            "sentences": sentences.collect::<Vec<_>>(),
        })
    }
}
