//! The measured cluster and its load.

use hustings_lab::{Command, Condition, Header, History, InitialState, RecordId, Run};
use hustings_raft::{LogIndex, Millis, MillisRange, NodeId, Options, RoleName, Term};

/// The load on the laboratory.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The number of servers.
    pub servers: u8,
    /// The number of entries in each initial log.
    pub entries: u32,
    /// The interval of client requests in milliseconds; 0 for none.
    pub write_every: u32,
}

/// A laboratory with its history.
#[derive(Debug)]
pub(crate) struct Bench {
    history: History,
    write_every: Millis,
    next_write: Millis,
    writes: u32,
}

impl Bench {
    /// A cluster that has had a leader for two seconds; `None` if the load is invalid.
    pub(crate) fn new(load: Load) -> Option<Self> {
        let mut history = History::new(Run::new(header(load)).ok()?);
        let until_leader = Command::RunUntil {
            goal: Box::new(Condition::Leader),
            within: Millis(10_000),
        };
        history.apply(until_leader).ok()?.reached.then_some(())?;
        history.apply(Command::Run(Millis(2_000))).ok()?;
        let next_write = history.run().now();
        Some(Self {
            history,
            write_every: Millis(load.write_every.into()),
            next_write,
            writes: 0,
        })
    }

    /// Lets time pass in slices, as the page does, with client requests at their times;
    /// returns whether that succeeded.
    pub(crate) fn pass(&mut self, duration: Millis, slice: Millis) -> bool {
        self.history.seek_time(Millis(u64::MAX));
        let end = self.now().plus(duration);
        let writes = self.write_every > Millis::ZERO;
        while self.now() < end {
            if writes && self.now() >= self.next_write && !self.write() {
                return false;
            }
            let until = if writes {
                end.min(self.next_write)
            } else {
                end
            };
            let slice = until.since(self.now()).min(slice);
            if self.history.apply(Command::Run(slice)).is_err() {
                return false;
            }
        }
        true
    }

    fn write(&mut self) -> bool {
        self.writes += 1;
        self.next_write = self.now().plus(self.write_every);
        let leads = |id: &NodeId| {
            let server = self.history.run().server(*id);
            server.and_then(|server| server.role()) == Some(RoleName::Leader)
        };
        let Some(server) = self.history.run().ids().iter().find(leads) else {
            return false;
        };
        let command = format!("x={}", self.writes).into();
        let proposal = Command::Propose { server, command };
        self.history.apply(proposal).is_ok()
    }

    fn now(&self) -> Millis {
        self.history.run().now()
    }

    /// The number of records.
    pub(crate) fn records(&self) -> usize {
        let branch = self.history.branches().get(self.history.current());
        branch.map_or(0, |branch| branch.tip().records().len())
    }

    /// Seeks a record; returns whether that succeeded. The records of the servers' starts
    /// are one position.
    pub(crate) fn seek(&mut self, record: usize) -> bool {
        let found = self.history.seek(RecordId(record));
        let run = self.history.run();
        found.is_ok() && run.records().len() == (record + 1).max(run.servers().len())
    }

    /// Whether no invariant was violated.
    pub(crate) fn has_no_violation(&self) -> bool {
        self.history.run().violations().is_empty()
    }
}

fn header(load: Load) -> Header {
    let entries = load.entries as usize;
    let initial = InitialState {
        log: vec![Term(1); entries],
        commit: LogIndex::ZERO.plus(entries),
        ..InitialState::default()
    };
    let ids = NodeId::first(load.servers).filter(|_| entries > 0);
    Header {
        cluster: load.servers,
        latency: MillisRange::between(10, 15),
        raft: Options {
            heartbeat: Millis(50),
            election_timeout: MillisRange::between(150, 300),
            ..Options::default()
        },
        initial: Box::new(ids.map(|id| (id, initial.clone())).collect()),
        ..Header::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load {
        servers: 5,
        entries: 100,
        write_every: 100,
    };

    #[test]
    fn every_request_is_committed_by_all_and_no_invariant_is_violated() {
        let mut bench = Bench::new(LOAD).unwrap();
        assert!(bench.pass(Millis(1_050), Millis(16)));
        assert!(bench.pass(Millis(450), Millis(16)));
        let run = bench.history.run();
        assert!(run.servers().all(|server| server.commit() == LogIndex(116)));
        assert_eq!(bench.writes, 15);
        assert!(bench.has_no_violation());
    }

    #[test]
    fn any_record_can_be_sought_without_changing_the_run() {
        let mut bench = Bench::new(LOAD).unwrap();
        assert!(bench.pass(Millis(10_000), Millis(1_600)));
        let records = bench.records();
        assert!((0..records).step_by(7).all(|record| bench.seek(record)));
        assert!(!bench.seek(records));
        assert!(bench.pass(Millis(1_000), Millis(1_600)));
        assert!(bench.records() > records && bench.history.branches().len() == 1);
    }

    #[test]
    fn a_cluster_without_servers_is_rejected() {
        assert!(Bench::new(Load { servers: 0, ..LOAD }).is_none());
    }
}
