//! What `--json` prints: one object per line.
//!
//! The format is a public interface: keys may be added, but existing keys keep their
//! meaning. Servers are "S1" to "S9", times are
//! milliseconds of simulated time, rates are per cent, and lines and columns
//! count from 1. Absent values are null; but a record's `standard`, `waiting`, `failed` and
//! `printed`, an end's `goals_met`, a message's `forged`, an entry's `members` and a server's
//! `variables` are omitted where they do not apply.
//!
//! Events, messages, reasons and changes are objects with a single key, the
//! name of the variant in `hustings_lab` or `hustings_raft`, which their
//! documentation explains: `{"TimerFired":{"server":"S1","timer":"Election","by_hand":false}}`.

use hustings_lab::play::{Failure, Outcome};
use hustings_lab::script::{Help, ScriptError, Token};
use hustings_lab::{
    Change, Event, Flight, Link, MessageId, Rate, Record, RecordId, Run, Server, Tally, Told,
    Transcript, Value, Violation, WaitingMessage, narrate,
};
use hustings_raft::{ClientReply, Entry, NodeId, NodeSet, Payload, Reason, StandardOutcome};
use serde::{Serialize, Serializer};
use std::rc::Rc;

/// A record.
#[derive(Serialize)]
pub(crate) struct RecordLine<'a> {
    file: &'a str,
    record: usize,
    at_ms: u64,
    cause: Option<usize>,
    event: &'a Event,
    reasons: &'a [Reason],
    /// What Raft does instead, if a broken rule made a difference.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    standard: &'a [StandardOutcome],
    changes: &'a [Change],
    sent: &'a [Rc<Flight>],
    /// Messages that are sent only once a write is durable.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    waiting: &'a [Rc<WaitingMessage>],
    /// An election that ended here without a winner.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<FailedObject<'a>>,
    answers: &'a [ClientReply],
    /// What the server's program printed, line by line.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    printed: &'a [Rc<str>],
}

impl<'a> RecordLine<'a> {
    pub(crate) fn new(
        file: &'a str,
        (id, record): (RecordId, &'a Record),
        transcript: &'a Transcript,
    ) -> Self {
        Self {
            file,
            record: id.0,
            at_ms: record.at.0,
            cause: record.cause.map(|cause| cause.0),
            event: &record.event,
            reasons: &record.reasons,
            standard: &record.standard,
            changes: &record.changes,
            sent: &record.sent,
            waiting: &record.waiting,
            failed: FailedObject::new(id, transcript),
            answers: &record.answers,
            printed: &record.printed,
        }
    }
}

/// An election without a winner, and its description.
#[derive(Serialize)]
struct FailedObject<'a> {
    message: String,
    #[serde(flatten)]
    tally: &'a Tally,
}

impl<'a> FailedObject<'a> {
    fn new(id: RecordId, transcript: &'a Transcript) -> Option<Self> {
        let Told::Record { failed, .. } = &transcript.about(id)?.told else {
            return None;
        };
        let tally = failed.as_deref()?;
        Some(Self {
            message: narrate::tally(tally, narrate::Lang::En),
            tally,
        })
    }
}

/// A script's result, and the final state of the cluster.
#[derive(Serialize)]
pub(crate) struct EndLine<'a> {
    file: &'a str,
    title: &'a str,
    passed: bool,
    expectations: usize,
    /// The record after which all goals held.
    #[serde(skip_serializing_if = "Option::is_none")]
    goals_met: Option<RecordId>,
    stopped: bool,
    failures: Vec<FailureObject>,
    at_ms: u64,
    records: usize,
    servers: Vec<ServerObject<'a>>,
    in_flight: Vec<&'a Flight>,
    held: Vec<MessageId>,
    paused: Vec<NodeId>,
    cut: Vec<String>,
    latency: Vec<LatencyObject>,
    disk: Vec<DiskObject>,
    clock: Vec<ClockObject>,
    violations: Vec<ViolationObject<'a>>,
}

impl<'a> EndLine<'a> {
    pub(crate) fn new(file: &'a str, outcome: &'a Outcome) -> Self {
        let run = &outcome.run;
        Self {
            file,
            title: &run.header().title,
            passed: outcome.passed(),
            expectations: outcome.expectations,
            goals_met: run.goals_met(),
            stopped: outcome.stopped,
            failures: outcome.failures.iter().map(FailureObject::new).collect(),
            at_ms: run.now().0,
            records: run.records().len(),
            servers: run.servers().map(ServerObject::new).collect(),
            in_flight: run.in_flight().map(Rc::as_ref).collect(),
            held: held(run).collect(),
            paused: run.ids().iter().filter(|id| run.is_paused(*id)).collect(),
            cut: run.cut_links().map(|link| link.to_string()).collect(),
            latency: LatencyObject::all(run).collect(),
            disk: DiskObject::all(run).collect(),
            clock: ClockObject::all(run).collect(),
            violations: run.violations().iter().map(ViolationObject::new).collect(),
        }
    }
}

/// The held messages.
fn held(run: &Run) -> impl Iterator<Item = MessageId> {
    let ids = run.in_flight().map(|flight| flight.id);
    ids.filter(|id| run.is_held(*id))
}

/// A link whose latency differs from the settings.
#[derive(Serialize)]
struct LatencyObject {
    link: String,
    min_ms: u64,
    max_ms: u64,
}

impl LatencyObject {
    fn all(run: &Run) -> impl Iterator<Item = Self> {
        let usual = run.header().latency;
        let own = move |link: &Link| run.latency(*link) != usual;
        run.all_links().filter(own).map(|link| {
            let range = run.latency(link);
            Self {
                link: link.to_string(),
                min_ms: range.min().0,
                max_ms: range.max().0,
            }
        })
    }
}

/// A server whose write duration differs from the settings.
#[derive(Serialize)]
struct DiskObject {
    server: NodeId,
    min_ms: u64,
    max_ms: u64,
}

impl DiskObject {
    fn all(run: &Run) -> impl Iterator<Item = Self> {
        let usual = run.header().disk;
        let own = move |server: &&Server| server.disk_delay() != usual;
        run.servers().filter(own).map(|server| Self {
            server: server.id(),
            min_ms: server.disk_delay().min().0,
            max_ms: server.disk_delay().max().0,
        })
    }
}

/// A server whose clock runs fast or slow.
#[derive(Serialize)]
struct ClockObject {
    server: NodeId,
    rate: u16,
}

impl ClockObject {
    fn all(run: &Run) -> impl Iterator<Item = Self> {
        let wrong = |server: &&Server| server.clock_rate() != Rate::TRUE;
        run.servers().filter(wrong).map(|server| Self {
            server: server.id(),
            rate: server.clock_rate().get(),
        })
    }
}

/// A line of the script that failed.
#[derive(Serialize)]
struct FailureObject {
    line: usize,
    column: usize,
    length: usize,
    message: String,
    expected: Option<String>,
    found: Option<String>,
}

impl FailureObject {
    fn new(failure: &Failure) -> Self {
        let mismatch = failure.fault.mismatch();
        Self {
            line: failure.at.line,
            column: failure.at.column,
            length: failure.at.length,
            message: failure.to_string(),
            expected: mismatch.map(|mismatch| mismatch.expected.to_string()),
            found: mismatch.map(|mismatch| mismatch.found.to_string()),
        }
    }
}

/// A violated invariant.
#[derive(Serialize)]
struct ViolationObject<'a> {
    invariant: &'static str,
    message: String,
    #[serde(flatten)]
    violation: &'a Violation,
}

impl<'a> ViolationObject<'a> {
    fn new(violation: &'a Violation) -> Self {
        Self {
            invariant: violation.invariant().name(),
            message: narrate::violation(violation, narrate::Lang::En),
            violation,
        }
    }
}

#[derive(Serialize)]
struct ServerObject<'a> {
    server: NodeId,
    up: bool,
    role: Option<&'static str>,
    term: u64,
    voted_for: Option<NodeId>,
    leader: Option<NodeId>,
    members: Option<NodeSet>,
    log: Vec<EntryObject<'a>>,
    commit: u64,
    /// What its program has of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<ValueObject<'a>>,
}

impl<'a> ServerObject<'a> {
    fn new(server: &'a Server) -> Self {
        Self {
            server: server.id(),
            up: server.is_up(),
            role: server.role().map(|role| role.name()),
            term: server.term().0,
            voted_for: server.voted_for(),
            leader: server.leader(),
            members: server.view().members,
            log: server
                .log()
                .iter()
                .map(|(_, entry)| EntryObject::new(entry))
                .collect(),
            commit: server.commit().0,
            variables: server.view().variables.as_ref().map(ValueObject),
        }
    }
}

/// A value of a program, as JSON has it.
struct ValueObject<'a>(&'a Value);

impl Serialize for ValueObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Nothing => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Text(value) => serializer.serialize_str(value),
            Value::List(items) => serializer.collect_seq(items.iter().map(ValueObject)),
            Value::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(name, value)| (name, ValueObject(value)));
                serializer.collect_map(entries)
            }
        }
    }
}

/// An entry of a log: a client's command, a membership change, or a leader's empty
/// entry.
#[derive(Serialize)]
struct EntryObject<'a> {
    term: u64,
    command: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<NodeSet>,
}

impl<'a> EntryObject<'a> {
    fn new(entry: &'a Entry) -> Self {
        let (command, members) = match &entry.payload {
            Payload::Noop => (None, None),
            Payload::Command(command) => (Some(command.as_ref()), None),
            Payload::Members(members) => (None, Some(*members)),
        };
        Self {
            term: entry.term.0,
            command,
            members,
        }
    }
}

/// A script that cannot be read.
#[derive(Serialize)]
pub(crate) struct ErrorLine<'a> {
    file: &'a str,
    errors: Vec<ErrorObject>,
}

impl<'a> ErrorLine<'a> {
    pub(crate) fn new(file: &'a str, errors: &[ScriptError]) -> Self {
        let errors = errors.iter().map(ErrorObject::new).collect();
        Self { file, errors }
    }

    /// For a file that cannot be read.
    pub(crate) fn io_error(file: &'a str, message: String) -> Self {
        let error = ErrorObject {
            line: None,
            column: None,
            length: None,
            message,
            found: None,
            expected: Vec::new(),
            help: None,
        };
        let errors = vec![error];
        Self { file, errors }
    }
}

#[derive(Serialize)]
struct ErrorObject {
    line: Option<usize>,
    column: Option<usize>,
    length: Option<usize>,
    message: String,
    found: Option<String>,
    expected: Vec<String>,
    help: Option<String>,
}

impl ErrorObject {
    fn new(error: &ScriptError) -> Self {
        Self {
            line: Some(error.at.line),
            column: Some(error.at.column),
            length: Some(error.at.length),
            message: error.to_string(),
            found: error.found().map(Token::to_string),
            expected: error.expected().iter().map(Token::to_string).collect(),
            help: error.help.as_ref().map(Help::to_string),
        }
    }
}
