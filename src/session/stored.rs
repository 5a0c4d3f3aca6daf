//! What is stored for the next visit: the shown run and those before it, each with all its
//! branches, as text. A branch is a script, after a line that says where it was forked; a run
//! is its branches, after a line that says what of it was shown. A text without such lines is
//! one branch.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use hustings_lab::script::{Script, ScriptError, needs_programs, without_programs};
use hustings_lab::{Branch, BranchName, ForkPoint, Header, History, Library, RunPosition};
use hustings_raft::Millis;

use super::Session;
use super::kept::{Kept, KeptRun};
use super::recorded::{leave_recording, recording_of};

/// What the lines between scripts begin with. No line of a script does.
const MARK: char = '%';
const VISIT: &str = "%visit";
const RUN: &str = "%run";
const BRANCH: &str = "%branch";
/// Before the text of the recording that a run is.
const RECORDING: &str = "%recording";
/// Before the name of a branch, which the rest of its line is.
const NAME: &str = " name=";

/// The runs of a visit as they are stored.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct StoredVisit {
    /// The runs; the shown one is the last.
    pub runs: Vec<Rc<StoredRun>>,
    /// How many branches and runs were left out, as the text would have been too long.
    pub left_out: usize,
    /// Whether the shown run was a recording, and is not among them, as it is too long.
    pub lost_recording: bool,
}

/// A run as it is stored.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct StoredRun {
    /// What of it was shown.
    pub shown: Shown,
    /// The text of the recording that it is.
    pub recording: Option<Rc<str>>,
    /// Its branches, in the order of their creation.
    pub branches: Vec<StoredBranch>,
}

/// What of a run was shown.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub struct Shown {
    /// The branch.
    pub branch: usize,
    /// The position in it; `None` is its end.
    pub at: Option<RunPosition>,
    /// The time on the clock.
    pub clock: Millis,
    /// How many requests had been made.
    pub requests: u32,
    /// Whether the user had done something to the run.
    pub touched: bool,
}

/// A branch as it is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredBranch {
    name: BranchName,
    fork: Option<Forked>,
    script: Rc<str>,
}

/// Where a branch was forked.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Forked {
    point: ForkPoint,
    /// How many lines of the script lead up to there.
    shared: usize,
}

impl StoredVisit {
    /// The most bytes that are stored: 1.5 MiB. Browsers keep about 5 MB for all pages of an
    /// origin.
    pub const BYTES_MAX: usize = 3 << 19;

    /// Reads what was stored.
    pub fn read(text: &str) -> Self {
        let mut visit = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let mut next = rest.match_indices('\n').map(|(at, _)| at + 1);
            let end = next.find(|at| rest.get(*at..).is_some_and(|it| it.starts_with(MARK)));
            let (section, after) = rest.split_at(end.unwrap_or(rest.len()));
            visit.read_section(section);
            rest = after;
        }
        visit.runs.retain(|run| !run.branches.is_empty());
        visit
    }

    fn read_section(&mut self, section: &str) {
        let head = section.lines().next().unwrap_or_default();
        // From before there were such lines.
        let head = if head.starts_with(MARK) { head } else { "" };
        let script = section.get(head.len()..).unwrap_or_default();
        let fields = Fields(head);
        match head.split(' ').next() {
            Some(VISIT) => {
                self.left_out = fields.get("left-out").unwrap_or_default();
                self.lost_recording = fields.get("lost-recording").unwrap_or_default();
            }
            Some(RUN) => self.runs.push(Rc::new(StoredRun {
                shown: Shown::read(&fields),
                ..StoredRun::default()
            })),
            Some(RECORDING) => {
                if let Some(run) = self.runs.last_mut() {
                    Rc::make_mut(run).recording = Some(script.trim_start().into());
                }
            }
            _ => {
                if self.runs.is_empty() {
                    self.runs.push(Rc::default());
                }
                let branch = StoredBranch::read(&fields, script.trim_start());
                if let Some(run) = self.runs.last_mut() {
                    Rc::make_mut(run).branches.push(branch);
                }
            }
        }
    }

    /// Leaves out the oldest runs until the others take so many bytes at most, or only the
    /// shown one is left.
    fn shorten(&mut self, bytes_max: usize) {
        let mut size: usize = self.runs.iter().map(|run| run.size()).sum();
        while size > bytes_max && self.runs.len() > 1 {
            size -= self.runs.remove(0).size();
            self.left_out += 1;
        }
    }
}

impl fmt::Display for StoredVisit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left_out, lost) = (self.left_out, self.lost_recording);
        if left_out > 0 || lost {
            writeln!(f, "{VISIT} left-out={left_out} lost-recording={lost}")?;
        }
        self.runs.iter().try_for_each(|run| run.fmt(f))
    }
}

impl StoredRun {
    /// A run as it is to be stored.
    pub fn of(history: &History, shown: Shown) -> Self {
        let branches = history.branches().iter().map(StoredBranch::of);
        Self {
            shown,
            recording: recording_of(history.run().header()).cloned(),
            branches: branches.collect(),
        }
    }

    /// About so many bytes.
    fn size(&self) -> usize {
        let recording = self.recording.as_ref().map_or(0, |text| text.len());
        let branches = self.branches.iter().map(|it| it.script.len() + 100);
        recording + branches.sum::<usize>()
    }

    /// Whether it needs the programs of servers to be played.
    pub fn needs_programs(&self) -> bool {
        self.recording.is_some() || self.branches.iter().any(|it| needs_programs(&it.script))
    }

    /// The same of a run of which the oldest branches are left out until the others take so
    /// many bytes at most, or only the shown one is left; and how many were left out.
    fn within(history: &History, mut shown: Shown, bytes_max: usize) -> (Self, usize) {
        let whole = Self::of(history, shown);
        let mut sizes: Vec<_> = whole.branches.iter().map(|it| it.script.len()).collect();
        if sizes.iter().sum::<usize>() <= bytes_max {
            return (whole, 0);
        }
        let mut history = history.clone();
        while sizes.iter().sum::<usize>() > bytes_max && sizes.len() > 1 {
            let oldest = usize::from(history.current() == 0);
            sizes.remove(oldest);
            // It is there, and not the current one.
            let _ = history.delete(oldest);
        }
        shown.branch = history.current();
        let left_out = whole.branches.len() - sizes.len();
        (Self::of(&history, shown), left_out)
    }

    /// The header of its first branch, as far as it is known without the programs of servers.
    pub fn header(&self) -> Header {
        let script = self.branches.first().map_or("", |it| &*it.script);
        let script = Script::parse(&without_programs(script));
        script.unwrap_or_default().header
    }
}

impl fmt::Display for StoredRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown {
            branch,
            at,
            clock: Millis(clock),
            requests,
            touched,
        } = self.shown;
        write!(f, "{RUN} branch={branch}")?;
        if let Some(at) = at {
            write!(f, " records={} time={}", at.records, at.time.0)?;
        }
        writeln!(f, " clock={clock} requests={requests} touched={touched}")?;
        if let Some(recording) = &self.recording {
            writeln!(f, "{RECORDING}\n{}", recording.trim_end())?;
        }
        self.branches.iter().try_for_each(|it| it.fmt(f))
    }
}

impl Shown {
    /// Goes to what was shown of a history.
    pub(super) fn go_there(&self, history: &mut History) {
        // If the branch is not there, the last one is shown.
        let _ = history.switch(self.branch);
        if let Some(at) = self.at {
            history.go_to(at);
        }
    }

    /// A history of which that is shown.
    pub(super) fn of(&self, history: History) -> KeptRun {
        KeptRun {
            history: Rc::new(history),
            clock: self.clock.0 as f64,
            requests: self.requests,
            touched: self.touched,
            script: None,
        }
    }

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            branch: fields.get("branch").unwrap_or_default(),
            at: fields.position(),
            clock: Millis(fields.get("clock").unwrap_or_default()),
            requests: fields.get("requests").unwrap_or_default(),
            touched: fields.get("touched").unwrap_or_default(),
        }
    }
}

impl StoredBranch {
    fn of(branch: &Branch) -> Self {
        let (mut script, shared) = branch.script();
        leave_recording(&mut script.header);
        Self {
            name: branch.name().clone(),
            fork: branch.fork().map(|point| Forked { point, shared }),
            script: script.to_string().into(),
        }
    }

    fn read(fields: &Fields<'_>, script: &str) -> Self {
        let fork = fields.get("from").zip(fields.position());
        let fork = fork.map(|(from, at)| Forked {
            point: ForkPoint { from, at },
            shared: fields.get("shared").unwrap_or_default(),
        });
        let given = fields.0.split_once(NAME).map(|(_, name)| name.to_owned());
        let number = BranchName::Number(fields.get("number").unwrap_or(1));
        Self {
            name: given.map_or(number, BranchName::Given),
            fork,
            script: script.into(),
        }
    }

    /// Its script.
    ///
    /// # Errors
    ///
    /// What is wrong with it; it may be from another version of the page.
    pub fn parse(&self, library: &dyn Library) -> Result<Script, Vec<ScriptError>> {
        Script::parse_with(&self.script, library)
    }

    /// Begins it in a history that has the branches before it, and takes the lines out of its
    /// script that lead up to there. If there is no such position, since the version of the page
    /// was another, the branch begins at the start.
    pub fn begin(&self, history: &mut History, script: &mut Script) {
        let Some(Forked { point, shared }) = self.fork else {
            // There is no other branch yet, whose name it could be.
            let _ = history.rename(0, self.name.clone());
            return;
        };
        if history.fork(self.name.clone(), point).is_ok() {
            script.steps.drain(..shared.min(script.steps.len()));
            return;
        }
        let at = RunPosition {
            records: usize::from(history.run().header().cluster),
            time: Millis::ZERO,
        };
        let _ = history.fork(self.name.clone(), ForkPoint { from: 0, at });
    }
}

impl fmt::Display for StoredBranch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(BRANCH)?;
        if let Some(Forked { point, shared }) = self.fork {
            let ForkPoint { from, at } = point;
            let (records, time) = (at.records, at.time.0);
            write!(
                f,
                " from={from} records={records} time={time} shared={shared}"
            )?;
        }
        match &self.name {
            BranchName::Number(number) => writeln!(f, " number={number}")?,
            BranchName::Given(name) => writeln!(f, "{NAME}{name}")?,
        }
        f.write_str(&self.script)
    }
}

/// The values of a line, such as `records=12`.
struct Fields<'a>(&'a str);

impl Fields<'_> {
    fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        let words = self.0.split(NAME).next().unwrap_or_default().split(' ');
        let mut values = words.filter_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        values.next()?.parse().ok()
    }

    fn position(&self) -> Option<RunPosition> {
        Some(RunPosition {
            records: self.get("records")?,
            time: Millis(self.get("time")?),
        })
    }
}

impl Session {
    /// What is to be stored of this visit, in about so many bytes at most. The shown branch is
    /// always among it.
    pub fn stored(&self, bytes_max: usize) -> StoredVisit {
        let (shown, left_out) = StoredRun::within(&self.history, self.shown().shown(), bytes_max);
        let kept = self.kept().iter().map(Kept::stored);
        let lost_recording = shown.recording.is_some() && shown.size() > bytes_max;
        let shown = (!lost_recording).then(|| Rc::new(shown));
        let mut visit = StoredVisit {
            runs: kept.chain(shown).collect(),
            left_out,
            lost_recording,
        };
        visit.shorten(bytes_max);
        visit
    }
}
