//! ShiViz's log: two lines per event, the first with host and vector clock, the second
//! with its text. ShiViz's default pattern parses it:
//! `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.

use std::collections::BTreeMap;
use std::fmt::Write;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, Flight, MessageId, Record, RecordId, Run, Told, Transcript};

use super::{ended, one_line};

/// The host of events that are not those of a server.
const NETWORK: &str = "network";

/// A vector clock: the number of known events of each host.
type Clock = BTreeMap<String, u64>;

/// The run as a log.
pub(super) fn write(run: &Run) -> String {
    let mut log = Log::default();
    let transcript = Transcript::of(run);
    for (id, record) in run.records().iter() {
        log.take(record, &told(&transcript, id, record));
    }
    log.text
}

/// The event, with the election that it ended without a winner, and what was printed.
fn told(transcript: &Transcript, id: RecordId, record: &Record) -> String {
    let headline = narrate::headline(record, Lang::En);
    let failed = match transcript.about(id).map(|item| &item.told) {
        Some(Told::Record {
            failed: Some(tally),
            ..
        }) => Some(narrate::tally(tally, Lang::En)),
        _ => None,
    };
    let parts = failed.into_iter().chain([headline]);
    let parts: Vec<_> = parts.chain(narrate::printed(record, Lang::En)).collect();
    parts.join(" ")
}

#[derive(Default)]
struct Log {
    text: String,
    clocks: BTreeMap<String, Clock>,
    /// The sender's clock at the sending of each message in flight.
    sent: BTreeMap<MessageId, Clock>,
}

impl Log {
    fn take(&mut self, record: &Record, told: &str) {
        if matches!(record.event, Event::Noted(_) | Event::Waited(_)) {
            return;
        }
        let server = record.event.server();
        let host = server.map_or_else(|| NETWORK.to_owned(), |server| server.to_string());
        let known = ended(&record.event).and_then(|(flight, _)| self.sent.remove(&flight.id));
        self.event(&host, known, told);
        for flight in &record.sent {
            self.send(&host, flight);
        }
    }

    /// Each sending is an event of its own, because ShiViz's arrows connect events.
    fn send(&mut self, host: &str, flight: &Flight) {
        let what = format!(
            "sends {}: {}",
            narrate::marked_name(flight, Lang::En),
            narrate::message(&flight.message, Lang::En)
        );
        self.event(host, None, &what);
        let clock = self.clocks.get(host).cloned().unwrap_or_default();
        self.sent.insert(flight.id, clock);
    }

    fn event(&mut self, host: &str, known: Option<Clock>, what: &str) {
        let clock = self.clocks.entry(host.to_owned()).or_default();
        for (other, count) in known.into_iter().flatten() {
            let mine = clock.entry(other).or_default();
            *mine = (*mine).max(count);
        }
        *clock.entry(host.to_owned()).or_default() += 1;
        let entries: Vec<_> = clock
            .iter()
            .map(|(host, count)| format!("\"{host}\":{count}"))
            .collect();
        let (clock, what) = (entries.join(","), one_line(what));
        let _ = writeln!(self.text, "{host} {{{clock}}}\n{what}");
    }
}
