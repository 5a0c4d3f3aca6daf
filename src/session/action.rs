//! What changes the session, and the types that actions and the session share.

use std::rc::Rc;

use hustings_lab::{Command, Condition, Header, Link, MessageId, RecordId, Script};
use hustings_raft::{LogIndex, NodeId};
use hustings_search::wire::{Answer, Wanted, sampling};

use super::{
    Breakpoint, Direction, Landmark, Other, Reading, RunFrom, Speed, StoredVisit, StoryAction,
};

/// An input from the user or the scheduler.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Applies a command at the current time.
    Do(Command),
    /// Applies several commands at the current time, all of them or none.
    DoAll(Vec<Command>),
    /// Says whether a condition holds now, and what is found instead.
    Check(Condition),
    /// A client proposes the next of `x=1`, `x=2`, … to this server.
    Request(NodeId),
    /// This much real time has passed, in milliseconds.
    Tick(f64),
    /// Plays or pauses.
    TogglePlay,
    /// Pauses, one record forward.
    Step,
    /// Pauses, one record back.
    StepBack,
    /// Pauses at the next landmark of a kind.
    Next(Landmark),
    /// Pauses at the previous landmark of a kind.
    Previous(Landmark),
    /// Pauses just after a record of this branch, and selects it.
    Visit(RecordId),
    /// Pauses just after a record of this branch.
    GoToRecord(RecordId),
    /// Pauses at a time of this branch, in milliseconds.
    GoTo(f64),
    /// Pauses at the start of the run.
    Rewind,
    /// Pauses at the end of this branch.
    ToEnd,
    /// Pauses before the last command of the user, or in the run before.
    Undo,
    /// Pauses after the next command of the user, or in the run after.
    Redo,
    /// Shows a run that was kept, by its number among [`Session::kept`].
    ///
    /// [`Session::kept`]: super::Session::kept
    BringBack(usize),
    /// Switches to the end of another branch.
    Switch(usize),
    /// Renames a branch.
    Rename(usize, Rc<str>),
    /// Deletes a branch other than the current one.
    Remove(usize),
    /// Sets the playback speed.
    SetSpeed(Speed),
    /// Shows something in the inspector.
    Select(Selection),
    /// Shows the sheet of rules in place of events and details, or no longer.
    ToggleRules,
    /// Shows the script of the run in place of events and details, or no longer.
    ToggleScript,
    /// Changes the script, which is not played yet.
    Write(Rc<str>),
    /// Shows a server's program in place of events and details, or no longer.
    ToggleCode,
    /// Shows the program of a server there, or of that of the latest record.
    ShowCode(Option<NodeId>),
    /// Pauses at the next line that a program executes.
    StepLine,
    /// Pauses at the line that was executed before.
    StepLineBack,
    /// Pauses at a line that the latest record executed, by its number in it.
    GoToLine(usize),
    /// Lets the shown program be changed, or no longer.
    EditCode(bool),
    /// Changes the shown program, which does not run yet; nothing gives up the changes.
    WriteCode(Option<Rc<str>>),
    /// Runs a changed program of a server.
    TryProgram {
        /// The server.
        server: NodeId,
        /// The changed source.
        source: Rc<str>,
        /// From where on.
        from: RunFrom,
    },
    /// Opens a text as the changed script.
    OpenDraft(Rc<str>),
    /// Shows the run's own script instead of the changed one, which is kept; or that again.
    SwapDraft,
    /// Begins to have what happens next predicted, or ends it.
    ToggleQuiz,
    /// Chooses an answer to the question that is open.
    Guess(usize),
    /// Puts a caption at the current position, or changes the one that is there; an empty
    /// text deletes it.
    Caption(Rc<str>),
    /// Highlights something wherever it is shown.
    Hover(Selection),
    /// Adds a breakpoint.
    AddBreakpoint(Breakpoint),
    /// Adds a breakpoint at a line of the program of this name, or removes it.
    BreakAtLine(Rc<str>, u32),
    /// Enables or disables a breakpoint, by index.
    ToggleBreakpoint(usize),
    /// Removes a breakpoint, by index.
    RemoveBreakpoint(usize),
    /// Looks for words or a condition in the run; for nothing if empty.
    Search(Rc<str>),
    /// Look for the same text, taken for something else.
    SearchAs(Reading),
    /// Goes on looking.
    SearchOn,
    /// Pauses at the next record found.
    Find(Direction),
    /// A search for a run was asked for.
    Seek(Rc<Wanted>),
    /// What searches, or samples, has answered.
    Answered(Rc<Answer>),
    /// What searches has failed, or was given up, with the reason.
    SearchFailed(Rc<str>),
    /// A sample of many runs was asked for.
    Sample(Rc<sampling::Wanted>),
    /// What samples has failed, or was given up, with the reason.
    SampleFailed(Rc<str>),
    /// Changes what is shown of the logs of real servers.
    Story(StoryAction),
    /// Starts a new run and plays it.
    Begin(Header),
    /// Opens a loaded run at its start or its end.
    Open(LoadedRun),
    /// Shows the run that was shown last in the last visit, and keeps those before it.
    Restore(Rc<StoredVisit>),
    /// Goes on with what is done a part at a time.
    WorkOn,
    /// Gives it up, as if it had not begun.
    StopWork,
    /// Shows why an input of the user is refused.
    Refuse(Rc<str>),
    /// Shows what is wrong with something that was done nevertheless.
    Fail(Rc<str>),
    /// Shows a message to the user.
    Notify(Rc<str>),
    /// Puts another future beside the shown one.
    PutBeside(Other),
    /// Shows the future beside instead of the shown one.
    TakeBeside,
    /// Shows one future again.
    CloseBeside,
    /// Pauses where the two futures part.
    GoToParting,
    /// Closes the notice.
    Dismiss,
}

/// A run to be played and shown.
#[derive(Clone, PartialEq, Debug)]
pub struct LoadedRun {
    /// Its settings and commands.
    pub script: Rc<Script>,
    /// The caption at which to open it, as a lesson, counted from 1; without captions, at
    /// its start. `None` opens it at its end.
    pub caption: Option<usize>,
    /// Where it is from.
    pub source: Source,
}

/// Where a run is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A file of the user, with its text.
    File(Rc<str>),
    /// The editor, with its text.
    Editor(Rc<str>),
    /// A recording, with the text of its script.
    Recording(Rc<str>),
    /// A search that has found it, with its text.
    Search(Rc<str>),
    /// Logs of real servers, a moment of which it begins with, with its text.
    Logs(Rc<str>),
    /// A link.
    Link,
    /// The page itself.
    Page,
}

impl Source {
    /// The text that it was read from, if that is to be shown.
    pub fn text(&self) -> Option<&Rc<str>> {
        match self {
            Self::File(text)
            | Self::Editor(text)
            | Self::Recording(text)
            | Self::Search(text)
            | Self::Logs(text) => Some(text),
            Self::Link | Self::Page => None,
        }
    }
}

impl LoadedRun {
    /// A run to open at its end.
    pub fn at_end(script: Script, source: Source) -> Self {
        Self {
            script: Rc::new(script),
            caption: None,
            source,
        }
    }

    /// A run to open at its start.
    pub fn as_tour(script: Script, source: Source) -> Self {
        Self {
            caption: Some(1),
            ..Self::at_end(script, source)
        }
    }
}

/// The page's suggestions for newcomers that have been followed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Onboarding {
    /// A server was crashed.
    pub crash: bool,
    /// The network was partitioned.
    pub partition: bool,
    /// The run was stepped.
    pub step: bool,
}

/// A notice above the caption.
#[derive(Clone, PartialEq, Debug)]
pub enum Notice {
    /// Something was refused, with the reason.
    Refused(Rc<str>),
    /// What is wrong with something that was done nevertheless.
    Failed(Rc<str>),
    /// Information.
    Info(Rc<str>),
}

/// What the inspector shows.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Selection {
    /// Nothing in particular.
    #[default]
    Nothing,
    /// A server.
    Server(NodeId),
    /// A link, in one direction.
    Link(Link),
    /// A message.
    Message(MessageId),
    /// A record.
    Record(RecordId),
    /// An entry of a server's log.
    Entry(NodeId, LogIndex),
}
