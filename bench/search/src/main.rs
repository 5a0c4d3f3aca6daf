//! Measures the search: states generated a second on one thread and on two, bytes a state, and
//! the same of stateright's search, in turns.
//!
//! Both look breadth first at three servers that run Raft, with at most one crash. They do not
//! look at the same states: what each may do, and how many states there are, is printed.

mod model;

use std::ops::ControlFlow;
use std::time::Instant;

use cpu_time::ProcessTime;
use hustings_lab::{Run, Script};
use hustings_search::{Bounds, Goal, Outcome, Reduction, State, parallel};

/// How often each is measured; the best turn counts.
const TURNS: usize = 3;

/// What ours may do; a limit of the depth is added.
const BOUNDS: &str = "timeouts=3 requests=1 crashes=1 heartbeats=1";

/// How deep ours looks, and how deep stateright does, which counts the start as 1 deep. Both
/// generate some millions of states.
const DEPTHS: (usize, usize) = (10, 11);

/// When a search began.
type Clock = (Instant, ProcessTime);

fn now() -> Clock {
    (Instant::now(), ProcessTime::now())
}

/// What a search came to.
#[derive(Clone, Copy)]
struct Searched {
    generated: u64,
    states: u64,
    /// States generated a second of processor time, of all threads together.
    rate: f64,
    /// States generated a second of real time, which other programs on the machine make longer.
    real_rate: f64,
    /// Bytes that a visited state takes, where that is known.
    bytes: Option<f64>,
}

impl Searched {
    fn after(since: Clock, generated: u64, states: u64, bytes: Option<usize>) -> Self {
        let (real, processor) = since;
        let rate = |seconds: f64| generated as f64 / seconds;
        Self {
            generated,
            states,
            rate: rate(processor.elapsed().as_secs_f64()),
            real_rate: rate(real.elapsed().as_secs_f64()),
            bytes: bytes.map(|bytes| bytes as f64 / states as f64),
        }
    }

    fn best(self, other: Self) -> Self {
        Self {
            rate: self.rate.max(other.rate),
            real_rate: self.real_rate.max(other.real_rate),
            ..other
        }
    }
}

fn start(bounds: Bounds) -> State {
    let script = Script::parse("cluster 3\n").expect("a script");
    let run: Run = script.run().expect("it has no steps that could fail").run;
    State::new(run.world().clone(), &bounds)
}

fn ours(reduction: Reduction, threads: usize) -> Searched {
    let bounds: Bounds = format!("{BOUNDS} depth={}", DEPTHS.0)
        .parse()
        .expect("bounds");
    let (goal, go_on) = (Goal::Violation(None), |_| ControlFlow::Continue(()));
    let since = now();
    let start = || start(bounds);
    let (outcome, progress) = parallel::search(&start, bounds, &goal, reduction, threads, go_on);
    assert_eq!(outcome, Outcome::TooDeep, "nothing is found");
    let bytes = Some(progress.visited_bytes);
    Searched::after(since, progress.generated, progress.states, bytes)
}

fn theirs(threads: usize) -> Searched {
    let since = now();
    let (generated, states) = model::search(DEPTHS.1, threads);
    Searched::after(since, generated, states, None)
}

/// A row of the table.
type Row = (&'static str, fn() -> Searched);

const ROWS: [Row; 7] = [
    ("stateright, 1 thread", || theirs(1)),
    ("stateright, 2 threads", || theirs(2)),
    ("ours, plain, 1 thread", || ours(Reduction::None, 1)),
    ("ours, one order of steps, 1 thread", || {
        ours(Reduction::Order, 1)
    }),
    ("ours, one order of steps, 2 threads", || {
        ours(Reduction::Order, 2)
    }),
    ("ours, names left out, 1 thread", || {
        ours(Reduction::Names, 1)
    }),
    ("ours, names left out, 2 threads", || {
        ours(Reduction::Names, 2)
    }),
];

fn main() {
    println!(
        "stateright 0.31: 3 servers, each timer once after a start, a request at each, 1 crash, {} \
         steps.\nOurs: 3 servers, {BOUNDS}, {} steps.\n",
        DEPTHS.1 - 1,
        DEPTHS.0
    );
    let mut best: Vec<Option<Searched>> = vec![None; ROWS.len()];
    for _ in 0..TURNS {
        for (best, (_, search)) in best.iter_mut().zip(ROWS) {
            let turn = search();
            *best = Some(best.map_or(turn, |best| best.best(turn)));
        }
    }
    let unit = best[0].map_or(1.0, |it| it.rate);
    println!(
        "| | generated | different | a processor's second | ratio | a second | bytes a state |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (searched, (name, _)) in best.into_iter().flatten().zip(ROWS) {
        let bytes = searched
            .bytes
            .map_or(String::new(), |it| format!("{it:.1}"));
        let Searched {
            generated,
            states,
            rate,
            real_rate,
            ..
        } = searched;
        let ratio = rate / unit;
        println!(
            "| {name} | {generated} | {states} | {rate:.0} | {ratio:.2} | {real_rate:.0} | {bytes} |"
        );
    }
}
