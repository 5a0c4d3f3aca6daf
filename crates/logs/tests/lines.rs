//! How lines are taken apart: what loggers write around a message, and what others put before
//! and around a line.
//!
//! Each file of `tests/lines/` has lines; one that begins with `#` says what follows. Its
//! snapshot has below each line what was read of it.

use std::fmt::Write as _;

use hustings_logs::line::{Fields, Line};
use insta::assert_snapshot;

/// The lines of a file, and their parts. `␛` stands for the escape character.
fn read(file: &str) -> String {
    let mut out = String::new();
    for text in file.lines() {
        out.push_str(text);
        out.push('\n');
        if !text.is_empty() && !text.starts_with('#') {
            parts(&Line::new(&text.replace('␛', "\x1b")), &mut out);
        }
    }
    out
}

fn parts(line: &Line<'_>, out: &mut String) {
    let or_nothing = |it: &Option<_>| it.as_deref().unwrap_or("-").to_owned();
    let at = line.at.map_or("-".to_owned(), |at| at.to_string());
    let level = line.level.map_or("-".to_owned(), |it| format!("{it:?}"));
    let _ = writeln!(
        out,
        "    {:?} at {at}, {level}, source {}, logger {}: {}",
        line.form,
        or_nothing(&line.source),
        or_nothing(&line.logger),
        line.message,
    );
    match &line.fields {
        Fields::None => {}
        Fields::Pairs(pairs) => {
            for (key, value) in pairs {
                let _ = writeln!(out, "        {key} = {value}");
            }
        }
        Fields::Json(object) => {
            for (key, value) in object {
                let _ = writeln!(out, "        {key} = {value}");
            }
        }
    }
}

#[test]
fn what_is_put_before_and_around_lines_is_taken_off() {
    assert_snapshot!(read(include_str!("lines/prefixes.txt")));
}

#[test]
fn lines_of_hclog_and_klog() {
    assert_snapshot!(read(include_str!("lines/loggers.txt")));
}

#[test]
fn lines_of_etcd_and_tikv() {
    assert_snapshot!(read(include_str!("lines/etcd-and-tikv.txt")));
}
