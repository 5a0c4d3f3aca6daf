//! A reader that is asked, and answers: by a page, which it shares no memory with.

use std::collections::BTreeMap;
use std::sync::Arc;

use hustings_lab::narrate::Lang;

use crate::members::Given;
use crate::reading::Reader;
use crate::shown::{EventId, Opened, Place};
use crate::story::{Event, Story};
use crate::text::{Files, LineNumber, TextError};
use crate::texts::{set_chinese, texts};
use crate::time::Micros;
use crate::wire::{Answer, Ask, Format, Progress, RawLine, Read};

/// A reader that is asked, and answers. It works when it is told to ([`Desk::go_on`]).
#[derive(Default)]
pub struct Desk {
    lang: Lang,
    /// The files that the next question is about.
    given: Vec<Option<Vec<u8>>>,
    /// The number of the reading.
    number: u32,
    left_out: Vec<LeftOut>,
    /// What whoever reads knows better than the lines.
    known: Given,
    /// Whether a story has been read that was not reported yet.
    has_news: bool,
    work: Work,
}

/// What has become of the files.
#[derive(Default)]
enum Work {
    /// There are none.
    #[default]
    Nothing,
    /// They are being read.
    Reading(Box<Reader>),
    /// They are read.
    Told(Box<Story>),
}

/// What cannot be read.
enum LeftOut {
    /// A file that the browser does not give.
    NotGiven(Arc<str>),
    /// A file, for this reason.
    File(Arc<str>, TextError),
    /// So many files beyond [`Reader::FILES_MAX`].
    Beyond(usize),
}

impl Desk {
    /// How many lines are read before it can be asked again.
    const SLICE: u32 = 1_000;
    /// How many lines before and after another are told with it.
    const AROUND: u32 = 3;

    /// Is given a file that the next question is about; `None` if it cannot be had.
    pub fn give(&mut self, file: Option<Vec<u8>>) {
        self.given.push(file);
    }

    /// Answers what it is asked; with nothing if there is nothing to say.
    pub fn answer(&mut self, ask: Ask) -> Option<Answer> {
        match ask {
            Ask::Speak(chinese) => {
                self.speak(chinese);
                self.read()
            }
            Ask::Read(number, names) => {
                self.begin(number, &names);
                None
            }
            Ask::Assign(members) => {
                self.begin_again(members);
                None
            }
            Ask::Find(words) => {
                let found = self.find(&words)?;
                Some(Answer::Found(words, found))
            }
            Ask::Line(place) => Some(Answer::Line(place, self.lines(place)?)),
            Ask::Export(format) => Some(Answer::Exported(format, self.export(format)?)),
            Ask::PlayFrom(at) => Some(Answer::Opened(self.open_at(at)?)),
        }
    }

    fn speak(&mut self, chinese: Option<String>) {
        self.lang = match chinese {
            None => Lang::En,
            Some(lines) => {
                // Kept for as long as there is a reader.
                let lines = &*lines.leak();
                let parts = lines.split_once("\n\n").zip(lines.rsplit_once("\n\n"));
                if let Some(((laboratory, _), (_, ours))) = parts {
                    Lang::set_chinese(laboratory);
                    set_chinese(ours);
                }
                Lang::Zh
            }
        };
    }

    fn begin(&mut self, number: u32, names: &[Arc<str>]) {
        self.number = number;
        self.left_out.clear();
        self.known = Given::default();
        let mut read = Files::default();
        let given = names.iter().zip(std::mem::take(&mut self.given));
        for (name, file) in given.take(Reader::FILES_MAX) {
            let left_out = match file.map(|bytes| read.add(name, bytes)) {
                Some(Ok(())) => continue,
                Some(Err(why)) => LeftOut::File(Arc::clone(name), why),
                None => LeftOut::NotGiven(Arc::clone(name)),
            };
            self.left_out.push(left_out);
        }
        let beyond = names.len().saturating_sub(Reader::FILES_MAX);
        if beyond > 0 {
            self.left_out.push(LeftOut::Beyond(beyond));
        }
        self.work = Work::Reading(Box::new(Reader::new(read.all())));
    }

    /// Reads the files again that are read, with the members that whoever reads has said.
    fn begin_again(&mut self, members: BTreeMap<u16, String>) {
        self.known.members = members;
        self.work = match std::mem::take(&mut self.work) {
            Work::Told(story) => Work::Reading(Box::new(Reader::new(story.texts))),
            // What is being read will be told so.
            work => work,
        };
    }

    /// Reads some lines; returns whether there is more to do.
    pub fn go_on(&mut self) -> bool {
        let Work::Reading(reader) = &mut self.work else {
            return false;
        };
        if !reader.read_on(Self::SLICE) {
            return true;
        }
        if let Work::Reading(reader) = std::mem::take(&mut self.work) {
            let story = Story::of(reader.finish(), &self.known);
            self.work = Work::Told(Box::new(story));
            self.has_news = true;
        }
        false
    }

    /// How the reading stands; nothing if there is none, or nothing new.
    pub fn report(&mut self) -> Option<Answer> {
        match &self.work {
            Work::Reading(reader) => {
                let (read, of) = reader.progress();
                Some(Answer::Going(self.number, Progress { read, of }))
            }
            Work::Told(_) if std::mem::take(&mut self.has_news) => self.read(),
            Work::Nothing | Work::Told(_) => None,
        }
    }

    /// What was read, once it is.
    fn read(&self) -> Option<Answer> {
        let Work::Told(story) = &self.work else {
            return None;
        };
        let left_out = self.left_out.iter().map(|it| it.told(self.lang));
        let read = Read {
            shown: Arc::new(story.shown(self.lang)),
            left_out: left_out.collect(),
        };
        Some(Answer::Read(self.number, read))
    }

    fn export(&self, format: Format) -> Option<String> {
        let Work::Told(story) = &self.work else {
            return None;
        };
        let mut file = Vec::new();
        let written = match format {
            Format::Json => story.write_json(self.lang, &mut file),
            Format::Csv => story.write_csv(self.lang, &mut file),
            Format::Svg => return Some(story.shown(self.lang).to_svg()),
        };
        // Memory takes whatever is written.
        written.ok().and_then(|()| String::from_utf8(file).ok())
    }

    /// A run from a moment on, counted from the story's beginning.
    fn open_at(&self, at: Micros) -> Option<Result<Opened, String>> {
        let Work::Told(story) = &self.work else {
            return None;
        };
        let opened = story.open_at(story.begins()? + at, self.lang);
        Some(opened.map_err(|error| error.tell(story, self.lang)))
    }

    /// The events whose lines, or whose members' names, have all of these words.
    fn find(&self, words: &str) -> Option<Vec<EventId>> {
        let Work::Told(story) = &self.work else {
            return None;
        };
        let words = words.to_ascii_lowercase();
        let words: Vec<_> = words.split_whitespace().collect();
        let has_all = |event: &Event| {
            let member = story.members.name(event.member).to_ascii_lowercase();
            let line = story.line(event.place).map(|it| it.to_ascii_lowercase());
            let line = line.unwrap_or_default();
            let mut words = words.iter();
            words.all(|word| line.contains(word) || member.contains(word))
        };
        let found = story.numbered().filter(|(_, event)| has_all(event));
        Some(found.map(|(id, _)| id).collect())
    }

    /// A line and those around it.
    fn lines(&self, place: Place) -> Option<Vec<RawLine>> {
        let Work::Told(story) = &self.work else {
            return None;
        };
        let first = place.line.0.saturating_sub(Self::AROUND).max(1);
        let last = place.line.0.saturating_add(Self::AROUND);
        let numbers = (first..=last).map(LineNumber);
        let lines = numbers.filter_map(|line| {
            let says = story.line(Place { line, ..place })?;
            Some(RawLine {
                number: line,
                says: says.into_owned(),
            })
        });
        Some(lines.collect())
    }
}

impl LeftOut {
    fn told(&self, lang: Lang) -> String {
        match self {
            Self::NotGiven(name) => texts(lang).file_not_given(name),
            Self::File(name, error) => error.tell(name, lang),
            Self::Beyond(files) => texts(lang).files_beyond(Reader::FILES_MAX, *files),
        }
    }
}
