//! A run of the laboratory that takes the steps of a search.

use hustings_lab::{Command, CommandError, Flight, MessageSelector, Path, Run};
use hustings_raft::{Millis, MillisRange, NodeId, RoleName, Timer};

use crate::state::{State, request};
use crate::step::{Letter, Step};

/// How long a write takes on a disk that is slow in a search, unless the run says.
const SLOW_DISK: MillisRange = MillisRange::exactly(10);

/// Takes steps in a run whose world is that of `start`, each by a command.
///
/// # Errors
///
/// When a command is refused: the run is full, or its world is another one.
pub fn replay(run: &Run, start: &State, steps: &[Step]) -> Result<Run, CommandError> {
    let mut run = run.clone();
    let is_fast = |id: &NodeId| {
        let server = run.server(*id);
        server.is_some_and(|it| it.disk_delay().max() == Millis::ZERO)
    };
    let slow: Vec<_> = start.slow.iter().filter(is_fast).collect();
    for server in slow {
        let range = SLOW_DISK;
        run.apply(Command::Disk { server, range })?;
    }
    let mut requests = start.requests;
    for step in steps {
        requests = requests.saturating_add(u8::from(matches!(step, Step::Request(_))));
        for command in commands_of(step, &run, requests) {
            run.apply(command)?;
        }
    }
    Ok(run)
}

/// The commands that take a step at the end of a run, in which clients ask for the time of this
/// number if it is a request.
pub(crate) fn commands_of(step: &Step, run: &Run, requests: u8) -> Vec<Command> {
    let one = match step {
        Step::Deliver(letter) => Command::Deliver(selector_of(letter, run)),
        Step::Lose(letter) => Command::Drop(selector_of(letter, run)),
        Step::Copy(letter) => Command::Duplicate(selector_of(letter, run)),
        Step::Fire(server, timer) => Command::Timeout {
            server: *server,
            timer: (!is_usual(*server, *timer, run)).then_some(*timer),
        },
        Step::Persist(server) => Command::Persist(*server),
        Step::Request(server) => Command::Propose {
            server: *server,
            command: request(requests),
        },
        Step::Crash(server) => Command::Crash(*server),
        Step::Restart(server) => Command::Restart(*server),
        Step::Cut(link, cut) => {
            let (link, both_ways) = (*link, true);
            let path = Path { link, both_ways };
            if *cut {
                Command::Cut(path)
            } else {
                Command::Mend(path)
            }
        }
        Step::Transfer(server, target) => Command::Transfer {
            server: *server,
            target: *target,
        },
        Step::Change(server, change) => Command::ChangeMembers {
            server: *server,
            change: *change,
        },
        Step::Lapse => return lapse(run),
    };
    vec![one]
}

/// Whether `timeout` means this timer by itself.
fn is_usual(server: NodeId, timer: Timer, run: &Run) -> bool {
    let leads = run
        .server(server)
        .is_some_and(|it| it.role() == Some(RoleName::Leader));
    timer
        == if leads {
            Timer::Heartbeat
        } else {
            Timer::Election
        }
}

/// Time passes without anything happening: nothing that becomes due does, as no command lets
/// time pass otherwise.
fn lapse(run: &Run) -> Vec<Command> {
    let until = run.world().fresh_until();
    let wait = until.map(|until| Command::Wait(until.since(run.now())));
    wait.into_iter().collect()
}

/// The selector of a message in flight; one that finds nothing if there is no such message.
fn selector_of(letter: &Letter, run: &Run) -> MessageSelector {
    let is_it = |flight: &&std::rc::Rc<Flight>| {
        let is_like = flight.link == letter.link && *flight.message == *letter.message;
        is_like && !run.is_held(flight.id)
    };
    let found = run.in_flight().find(is_it);
    let selector = found.and_then(|flight| run.selector_for(flight.id));
    selector.unwrap_or_else(|| MessageSelector::oldest(letter.link))
}
