//! The cluster that is measured, and what its clients ask of it.

use hustings_lab::{Command, Goal, Header, History, InitialState, Lab, RecordId};
use hustings_raft::{LogIndex, Millis, MillisRange, NodeId, Options, RoleName, Term};

/// What the laboratory has to bear.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How many servers there are.
    pub servers: u8,
    /// How many entries every log has at the start.
    pub entries: u32,
    /// After how many milliseconds the leader gets the next write; 0 for never.
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
    /// A cluster that has had a leader for two seconds. `None` if there cannot
    /// be one.
    pub(crate) fn new(load: Load) -> Option<Self> {
        let mut history = History::new(Lab::new(header(load)).ok()?);
        let until_leader = Command::RunUntil {
            goal: Goal::Leader,
            within: Millis(10_000),
        };
        history.apply(until_leader).ok()?.reached.then_some(())?;
        history.apply(Command::Run(Millis(2_000))).ok()?;
        let next_write = history.lab().now();
        Some(Self {
            history,
            write_every: Millis(load.write_every.into()),
            next_write,
            writes: 0,
        })
    }

    /// Lets time pass at the end of the run as the page does: so much at once,
    /// and a write when its time has come. Says whether it could.
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
            let server = self.history.lab().server(*id);
            server.and_then(|server| server.role()) == Some(RoleName::Leader)
        };
        let Some(server) = self.history.lab().ids().iter().find(leads) else {
            return false;
        };
        let command = format!("x={}", self.writes).into();
        let proposal = Command::Propose { server, command };
        self.history.apply(proposal).is_ok()
    }

    fn now(&self) -> Millis {
        self.history.lab().now()
    }

    /// How many records the run has.
    pub(crate) fn records(&self) -> usize {
        let branch = self.history.branches().get(self.history.current());
        branch.map_or(0, |branch| branch.tip().records().len())
    }

    /// Goes to just after a record; says whether it got there. All servers start
    /// at once, so nobody gets to between their records.
    pub(crate) fn seek(&mut self, record: usize) -> bool {
        let found = self.history.seek(RecordId(record));
        let lab = self.history.lab();
        found.is_ok() && lab.records().len() == (record + 1).max(lab.servers().len())
    }

    /// Whether every invariant has held.
    pub(crate) fn is_well(&self) -> bool {
        self.history.lab().violations().is_empty()
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
        latency: MillisRange::new(10, 15),
        raft: Options {
            heartbeat: Millis(50),
            election_timeout: MillisRange::new(150, 300),
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
    fn every_write_is_committed_by_all_and_no_invariant_is_violated() {
        let mut bench = Bench::new(LOAD).unwrap();
        assert!(bench.pass(Millis(1_050), Millis(16)));
        assert!(bench.pass(Millis(450), Millis(16)));
        let lab = bench.history.lab();
        assert!(lab.servers().all(|server| server.commit() == LogIndex(116)));
        assert_eq!(bench.writes, 15);
        assert!(bench.is_well());
    }

    #[test]
    fn any_record_can_be_gone_to_and_the_run_stays() {
        let mut bench = Bench::new(LOAD).unwrap();
        assert!(bench.pass(Millis(10_000), Millis(1_600)));
        let records = bench.records();
        assert!((0..records).step_by(7).all(|record| bench.seek(record)));
        assert!(!bench.seek(records));
        assert!(bench.pass(Millis(1_000), Millis(1_600)));
        assert!(bench.records() > records && bench.history.branches().len() == 1);
    }

    #[test]
    fn a_cluster_of_no_servers_cannot_be_measured() {
        assert!(Bench::new(Load { servers: 0, ..LOAD }).is_none());
    }
}
