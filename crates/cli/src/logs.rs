//! `hustings logs`: what the logs of a real system tell.

mod folder;
mod report;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use self::folder::Folder;

use hustings_lab::narrate::Lang;
use hustings_logs::account::Account;
use hustings_logs::{Files, Given, Moment, Reader, Story};

use crate::args::Logs;
use crate::output::Output;
use crate::source::{may_be_recording, name_of};
use crate::verdict::Verdict;

/// Reads the logs and prints what they tell.
pub(crate) fn logs(task: &Logs, output: &mut Output) -> io::Result<Verdict> {
    let mut given = Given {
        members: BTreeMap::new(),
        group: task.group.clone(),
    };
    let files = files(task, output)?;
    if files.len() > Reader::FILES_MAX {
        return output.refuse(&format!("give {} files at most", Reader::FILES_MAX));
    }
    let mut texts = Files::default();
    let mut verdict = Verdict::Passed;
    for (member, file) in files {
        let file = match file {
            Ok(file) => file,
            Err(told) => return output.refuse(&told),
        };
        match (u16::try_from(texts.len()), read(&file, &mut texts)) {
            (Ok(number), Ok(())) => {
                let member = member.map(|it| (number, it.to_owned()));
                given.members.extend(member);
            }
            (Err(_), Ok(())) => {}
            // The others are read nevertheless.
            (_, Err(told)) => verdict = verdict.max(output.refuse(&told)?),
        }
    }
    if texts.is_empty() {
        return Ok(verdict);
    }
    let story = Story::of(Reader::new(texts.all()).finish(), &given);
    let told_of = story.members.group.map(|it| story.names.text(it));
    if let Some(group) = &task.group
        && told_of != Some(group)
    {
        return output.refuse(&format!("no line is of a Raft group called `{group}`"));
    }
    let story = match part(task, story) {
        Ok(story) => story,
        Err(told) => return output.refuse(&told),
    };
    print(task, &story, output)?;
    let findings = Account::of(&story).findings;
    let told = match (story.events.is_empty(), findings.is_empty()) {
        (true, _) => Verdict::Unreadable,
        (_, true) => Verdict::Passed,
        (_, false) => Verdict::Failed,
    };
    Ok(verdict.max(told))
}

/// A file, and whose it is if that is said; or why there is none.
type Asked<'a> = (Option<&'a str>, Result<Cow<'a, Path>, String>);

/// The files, those of folders included; what a folder has besides is named.
fn files<'a>(task: &'a Logs, output: &mut Output) -> io::Result<Vec<Asked<'a>>> {
    let mut files: Vec<Asked<'_>> = Vec::new();
    for path in &task.files {
        if !path.is_dir() {
            files.push((None, Ok(Cow::Borrowed(path))));
            continue;
        }
        match Folder::read(path) {
            Ok(folder) => {
                if let Some(told) = folder.told_left_out() {
                    writeln!(output.err()?, "{told}")?;
                }
                let logs = folder.logs.into_iter();
                files.extend(logs.map(|it| (None, Ok(Cow::Owned(it)))));
            }
            Err(told) => files.push((None, Err(told))),
        }
    }
    let named = task.member.iter().map(|given| match given.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            (Some(name), Ok(Cow::Borrowed(Path::new(file))))
        }
        _ => {
            let told = format!("`{given}` is no member and file; write it as `--member n1=n1.log`");
            (None, Err(told))
        }
    });
    files.extend(named);
    Ok(files)
}

/// Reads a file; of one that is too large, no more than shows that it is.
fn read(file: &Path, texts: &mut Files) -> Result<(), String> {
    let name = name_of(file);
    let most = texts.room() as u64 + 1;
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|it| it.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| format!("cannot read {name}: {error}"))?;
    if may_be_recording(&bytes) {
        return Err(format!(
            "{name} is a recording of a run, and no log: `hustings explain` tells what happened in \
             it, `hustings run` plays it, and the page opens it"
        ));
    }
    let added = texts.add(&name, bytes);
    added.map_err(|error| error.tell(&name, Lang::En))
}

/// The part of a story that was asked for.
fn part(task: &Logs, story: Story) -> Result<Story, String> {
    if task.from.is_none() && task.to.is_none() {
        return Ok(story);
    }
    let begins = story.begins().unwrap_or_default();
    let moment = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => match Moment::parse(text, begins) {
            Some(at) => Ok(Some(at)),
            None => Err(format!(
                "`{text}` is no time; write it as 02:27:30 (UTC), or as {begins}"
            )),
        },
    };
    let (from, to) = (moment(&task.from)?, moment(&task.to)?);
    let ends = begins + story.lasts();
    let part = story.between(from, to);
    if part.numbered().any(|(id, _)| part.tells(id)) {
        return Ok(part);
    }
    Err(format!(
        "nothing is told of that time; the lines are from {begins} to {ends}"
    ))
}

fn print(task: &Logs, story: &Story, output: &mut Output) -> io::Result<()> {
    if task.json {
        story.write_json(Lang::En, output.out())
    } else if task.csv {
        story.write_csv(Lang::En, output.out())
    } else {
        let shown = story.shown(Lang::En);
        let text = if task.svg {
            shown.to_svg()
        } else {
            report::write(&shown, story, task.events)
        };
        output.out().write_all(text.as_bytes())
    }
}
