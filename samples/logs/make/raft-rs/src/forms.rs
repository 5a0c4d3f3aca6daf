//! The forms in which a node's lines are written.

use std::fmt::{Arguments, Write as _};
use std::fs::{File, create_dir_all};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;

use slog::{Drain, Duplicate, KV, Key, Level, Logger, OwnedKVList, Record, o};

/// A logger that writes each line three times: as TiKV does, as slog's terminal drain
/// does, and as slog's JSON drain does.
pub fn logger(folder: &Path, id: u64) -> crate::Result<Logger> {
    let file = |form: &str| {
        let folder = folder.join(form);
        create_dir_all(&folder).and_then(|()| File::create(folder.join(format!("n{id}.log"))))
    };
    let unified = Unified(file("raft-rs")?);
    let term = slog_term::FullFormat::new(slog_term::PlainDecorator::new(file("raft-rs-term")?))
        .use_utc_timestamp()
        .build();
    let json = slog_json::Json::default(file("raft-rs-json")?);
    let all = Duplicate(unified, Duplicate(term, json));
    let drain = Mutex::new(all.filter_level(Level::Info).map(slog::IgnoreResult::new));
    Ok(Logger::root(drain.fuse(), o!("region_id" => 1)))
}

/// The unified log format of TiKV and TiDB: what holds a blank, a quote, a bracket or an
/// equals sign is quoted as in JSON.
struct Unified(File);

impl Drain for Unified {
    type Ok = ();
    type Err = io::Error;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> io::Result<()> {
        let level = match record.level() {
            Level::Critical => "FATAL",
            Level::Error => "ERROR",
            Level::Warning => "WARN",
            Level::Info => "INFO",
            Level::Debug => "DEBUG",
            Level::Trace => "TRACE",
        };
        let now = chrono::Utc::now().format("%Y/%m/%d %H:%M:%S%.3f %:z");
        let file = record.file().rsplit('/').next().unwrap_or_default();
        let message = quoted(&record.msg().to_string());
        let mut line = Line(format!(
            "[{now}] [{level}] [{file}:{}] [{message}]",
            record.line()
        ));
        record.kv().serialize(record, &mut line)?;
        values.serialize(record, &mut line)?;
        writeln!(&self.0, "{}", line.0)
    }
}

struct Line(String);

impl slog::Serializer for Line {
    fn emit_arguments(&mut self, key: Key, value: &Arguments<'_>) -> slog::Result {
        Ok(write!(
            self.0,
            " [{}={}]",
            quoted(key),
            quoted(&value.to_string())
        )?)
    }
}

fn quoted(text: &str) -> String {
    let special = |c: char| c <= ' ' || matches!(c, '"' | '=' | '[' | ']');
    if text.contains(special) {
        format!("{text:?}")
    } else {
        text.to_owned()
    }
}
