//! From files to sightings: what every line tells, before anything is put in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::dialect::Dialect;
use crate::line::{Level, Line};
use crate::names::{Name, Names};
use crate::observation::Observation;
use crate::shown::Place;
use crate::text::{LineNumber, Text};
use crate::time::Moment;
use crate::years::Years;

/// An observation, with its place and by whom it was made, as the line calls them.
#[derive(Clone, PartialEq, Debug)]
pub struct Sighting {
    /// Its line.
    pub place: Place,
    /// When, by the clock of whoever wrote the line. A line without a time has that of the
    /// line before.
    pub at: Moment,
    /// Whose line it is, as the line says.
    pub by: Option<Name>,
    /// The pod, container or host that stands before the line.
    pub source: Option<Name>,
    /// The Raft group, where one process runs many.
    pub group: Option<Name>,
    /// What it tells.
    pub what: Observation,
}

/// What is known of a file once it is read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FileRead {
    /// How many lines told something, by dialect.
    pub told: BTreeMap<Dialect, u32>,
    /// How many did not.
    pub untold: u32,
    /// How many lines had no time of their own.
    pub undated: u32,
    /// How many lines told something before any line had a time. They are left out.
    pub before_time: u32,
    /// How many lines are longer than [`Text::LINE_MAX`].
    pub cut: u32,
    /// How many lines told something, and have a time of whole seconds.
    pub whole_seconds: u32,
    /// The first line that told nothing.
    pub first_untold: Option<LineNumber>,
    /// The file with the same lines that was read in its place.
    pub same_as: Option<u16>,
    /// The time of its latest line.
    pub ends: Option<Moment>,
}

/// Lines that told nothing, counted by kind.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Untold {
    kinds: BTreeMap<Arc<str>, UntoldKind>,
    /// How many are of kinds beyond [`Untold::KINDS_MAX`].
    pub others: u32,
}

/// A kind of lines that told nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UntoldKind {
    /// How many there are.
    pub lines: u32,
    /// The first.
    pub first: Place,
    /// The gravest level of any of them.
    pub level: Option<Level>,
}

impl Untold {
    /// The maximum number of kinds that are told apart.
    pub const KINDS_MAX: usize = 500;

    /// The kinds, the gravest first, and of these the most frequent.
    pub fn kinds(&self) -> Vec<(&str, UntoldKind)> {
        let mut kinds: Vec<_> = self.kinds.iter().map(|(it, kind)| (&**it, *kind)).collect();
        kinds.sort_by_key(|(_, kind)| {
            std::cmp::Reverse((kind.level >= Some(Level::Warning), kind.lines))
        });
        kinds
    }

    fn add(&mut self, line: &Line<'_>, place: Place) {
        let shape = shape(&line.message);
        if let Some(kind) = self.kinds.get_mut(shape.as_str()) {
            kind.lines += 1;
            kind.level = kind.level.max(line.level);
        } else if self.kinds.len() < Self::KINDS_MAX {
            let kind = UntoldKind {
                lines: 1,
                first: place,
                level: line.level,
            };
            self.kinds.insert(shape.into(), kind);
        } else {
            self.others += 1;
        }
    }
}

/// The first words of a message without what varies, by which its kind is known.
fn shape(message: &str) -> String {
    const WORDS: usize = 6;
    let mut shape = String::new();
    for word in message.split_ascii_whitespace().take(WORDS) {
        if !shape.is_empty() {
            shape.push(' ');
        }
        let varies = word.bytes().any(|it| it.is_ascii_digit());
        shape.push_str(if varies { "…" } else { word });
    }
    shape
}

/// All files, read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The files.
    pub texts: Vec<Text>,
    /// What became of each.
    pub files: Vec<FileRead>,
    /// What their lines told, in the order of the files and their lines.
    pub sightings: Vec<Sighting>,
    /// The names in them.
    pub names: Names,
    /// What told nothing.
    pub untold: Untold,
    /// How many sightings there was room for, if there were more.
    pub room: Option<usize>,
}

/// Reads files, a part at a time.
#[derive(Debug)]
pub struct Reader {
    reading: Reading,
    file: usize,
    line: u32,
    /// The time of the latest line of this file.
    latest: Option<Moment>,
    /// The years of its lines that tell none.
    years: Years,
    /// The dialect of the latest line that told something, which is tried first.
    dialect: Option<Dialect>,
    lines_read: u64,
    /// How many sightings there is room for.
    room: usize,
}

impl Reader {
    /// The maximum number of files.
    pub const FILES_MAX: usize = 1_000;

    /// The maximum size of all files together, unpacked, in bytes: 1 GiB.
    pub const BYTES_MAX: usize = 1 << 30;

    /// The maximum number of sightings, of all files together. What comes after is not read,
    /// and the account says so.
    pub const SIGHTINGS_MAX: usize = 4_000_000;

    /// Begins to read these files.
    pub fn new(texts: Vec<Text>) -> Self {
        let same_as = |number: usize, text: &Text| {
            let mut before = (0_u16..).zip(texts.iter().take(number));
            before.find(|(_, it)| it.is_same(text)).map(|(it, _)| it)
        };
        let files = texts.iter().enumerate().map(|(number, text)| FileRead {
            same_as: same_as(number, text),
            ..FileRead::default()
        });
        let files = files.collect();
        Self {
            reading: Reading {
                texts,
                files,
                ..Reading::default()
            },
            file: 0,
            line: 0,
            latest: None,
            years: Years::default(),
            dialect: None,
            lines_read: 0,
            room: Self::SIGHTINGS_MAX,
        }
    }

    /// This reader with room for so many sightings, if that is less than
    /// [`Reader::SIGHTINGS_MAX`].
    #[must_use]
    pub fn with_room(self, sightings: usize) -> Self {
        Self {
            room: sightings.min(Self::SIGHTINGS_MAX),
            ..self
        }
    }

    /// The number of lines that were read, and of all.
    pub fn progress(&self) -> (u64, u64) {
        let all = self.reading.texts.iter().map(|it| u64::from(it.lines()));
        (self.lines_read, all.sum())
    }

    /// Reads so many lines at most; returns whether all are read.
    pub fn read_on(&mut self, lines: u32) -> bool {
        for _ in 0..lines {
            if !self.read_line() {
                return true;
            }
        }
        false
    }

    /// All that was read.
    pub fn finish(mut self) -> Reading {
        while !self.read_on(u32::MAX) {}
        self.reading.sightings.shrink_to_fit();
        self.reading
    }

    /// Reads the next line; returns whether there was one.
    fn read_line(&mut self) -> bool {
        let Some(text) = self.reading.texts.get(self.file).cloned() else {
            return false;
        };
        let file = self.reading.files.get(self.file);
        if self.line == 0 && file.is_some_and(|it| it.same_as.is_some()) {
            self.lines_read += u64::from(text.lines());
            self.line = text.lines();
        }
        if self.line >= text.lines() {
            (self.file, self.line, self.latest) = (self.file + 1, 0, None);
            self.years = Years::default();
            return self.file < self.reading.texts.len();
        }
        self.line += 1;
        self.lines_read += 1;
        let number = LineNumber(self.line);
        let place = Place {
            file: u16::try_from(self.file).unwrap_or(u16::MAX),
            line: number,
        };
        if let Some(line) = text.line(number).filter(|it| !it.trim().is_empty()) {
            self.read_text(&line, place);
        }
        true
    }

    fn read_text(&mut self, text: &str, place: Place) {
        let line = Line::new(text);
        // Whoever wrote the line before has most likely written this one.
        let told = Dialect::read_any(self.dialect, &line, &mut self.reading.names);
        let Some(file) = self.reading.files.get_mut(self.file) else {
            return;
        };
        file.cut += u32::from(text.len() >= Text::LINE_MAX);
        file.undated += u32::from(line.at.is_none());
        let at = line.at.map(|it| self.years.place(it));
        file.whole_seconds += u32::from(told.is_some() && at.is_some_and(Moment::is_whole_second));
        self.latest = at.map(|it| it.not_before(self.latest)).or(self.latest);
        file.ends = file.ends.max(self.latest);
        let Some((dialect, told)) = told else {
            file.untold += 1;
            file.first_untold.get_or_insert(place.line);
            self.reading.untold.add(&line, place);
            return;
        };
        self.dialect = Some(dialect);
        *file.told.entry(dialect).or_default() += 1;
        let Some(at) = self.latest else {
            file.before_time += 1;
            return;
        };
        let names = &mut self.reading.names;
        let source = line.source.map(|it| names.name(&it));
        let room = self.room.saturating_sub(self.reading.sightings.len());
        if told.what.len() > room {
            self.reading.room = Some(self.room);
        }
        let seen = told.what.into_iter().take(room).map(|what| Sighting {
            place,
            at,
            by: told.by,
            source,
            group: told.group,
            what,
        });
        self.reading.sightings.extend(seen);
    }
}
