//! Random walks: for what is too many steps away to look at everything before it.
//!
//! Steps drawn alike hardly ever come to a violation that takes more than one election: most
//! of them undo what the others do. So a walk has phases. In each, some servers hear each
//! other and the others are left alone, as behind a partition, and messages mostly arrive
//! before anything else happens; what is left over stays in flight, and may arrive phases
//! later. How likely each kind of step is differs from walk to walk, so that a violation that
//! needs many crashes, or none, is not missed for a mean (Groce et al., Swarm Testing, 2012).

use fastrand::Rng;
use hustings_raft::{NodeId, NodeSet, Timer};

use crate::bounds::{Bounds, Budget, Limited};
use crate::frontier::Way;
use crate::goal::Goal;
use crate::state::{Choice, State};
use crate::take::Came;

/// Random walks from one state, a slice at a time.
#[derive(Debug)]
pub struct Walks {
    start: State,
    bounds: Bounds,
    goal: Goal,
    random: Rng,
    walk: Option<Walk>,
    came: Came,
    choices: Vec<Choice>,
    progress: Walked,
}

/// How far random walks have come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Walked {
    /// How many have ended.
    pub walks: u64,
    /// How many steps they took.
    pub steps: u64,
}

#[derive(Debug)]
struct Walk {
    state: State,
    way: Way,
    weights: Weights,
    /// The servers that hear each other.
    together: NodeSet,
    /// One of so many steps begins a phase.
    phase: u32,
}

/// How likely each kind of step is.
#[derive(Clone, Copy, Debug)]
struct Weights([u32; Kind::COUNT]);

/// Kinds of steps, by what a walk draws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// A message arrives within the servers that hear each other.
    Near,
    /// Any other message arrives.
    Far,
    Timeout,
    Heartbeat,
    OtherTimer,
    Persist,
    Request,
    Crash,
    Restart,
    Copy,
    Lose,
    Cut,
    Order,
    Lapse,
}

impl Kind {
    const COUNT: usize = Self::Lapse as usize + 1;
}

impl Walks {
    /// What walks may do unless they are told otherwise. Disks are slow on some walks.
    pub fn usual_bounds() -> Bounds {
        Bounds {
            budget: Budget::default()
                .with(Limited::Timeouts, 8)
                .with(Limited::Heartbeats, 8)
                .with(Limited::Requests, 4)
                .with(Limited::Crashes, 4)
                .with(Limited::Copies, 3)
                .with(Limited::Transfers, 1)
                .with(Limited::Changes, 2),
            in_flight: Bounds::IN_FLIGHT_MAX,
            depth: 120,
            slow_disks: true,
        }
    }

    /// Walks from a state, all of which follow from a seed.
    pub fn new(start: State, bounds: Bounds, goal: Goal, seed: u64) -> Self {
        Self {
            start: start.with_budget(bounds.budget),
            bounds,
            goal,
            random: Rng::with_seed(seed),
            walk: None,
            came: Came::default(),
            choices: Vec::new(),
            progress: Walked::default(),
        }
    }

    /// How far they have come.
    pub fn progress(&self) -> Walked {
        self.progress
    }

    /// No walk takes more steps from now on.
    pub fn shorten(&mut self, depth: usize) {
        self.bounds.depth = depth.min(self.bounds.depth);
    }

    /// Takes about so many steps; returns the start of a walk and the way from there once
    /// what is looked for is found.
    pub fn go_on(&mut self, steps: usize) -> Option<(State, Way)> {
        for _ in 0..steps {
            let walk = self.walk.take();
            let mut walk = walk.unwrap_or_else(|| self.begin());
            let ended = !self.step(&mut walk);
            if !ended && self.goal.is_reached(&walk.state, &self.came) {
                self.progress.walks += 1;
                let start = self.start.clone().with_slow(walk.state.slow);
                return Some((start, walk.way));
            }
            if ended || walk.way.len() >= self.bounds.depth {
                self.progress.walks += 1;
            } else {
                self.walk = Some(walk);
            }
        }
        None
    }

    fn begin(&mut self) -> Walk {
        let is_slow = self.bounds.slow_disks && self.random.bool();
        let ids = self.start.world.ids();
        let slow = if is_slow { ids } else { self.start.slow };
        Walk::new(self.start.clone().with_slow(slow), &mut self.random)
    }

    /// Takes a step; returns whether there was one to take.
    fn step(&mut self, walk: &mut Walk) -> bool {
        if self.random.u32(0..walk.phase) == 0 {
            walk.together = some_of(walk.state.world.ids(), &mut self.random);
        }
        self.choices.clear();
        walk.state.choices(&mut self.choices);
        let Some(number) = walk.draw(&self.choices, &mut self.random) else {
            return false;
        };
        let choice = self.choices[number];
        walk.state.take(choice, &mut self.came);
        walk.way.push(number as u16);
        self.progress.steps += 1;
        true
    }
}

impl Walk {
    fn new(start: State, random: &mut Rng) -> Self {
        Self {
            together: start.world.ids(),
            state: start,
            way: Way::new(),
            weights: Weights::draw(random),
            phase: 1 << random.u32(2..6),
        }
    }

    /// The number of a choice.
    fn draw(&self, choices: &[Choice], random: &mut Rng) -> Option<usize> {
        let mut counts = [0; Kind::COUNT];
        for choice in choices {
            counts[self.kind(*choice) as usize] += 1;
        }
        let weight = |kind: usize| {
            if counts[kind] > 0 {
                self.weights.0[kind]
            } else {
                0
            }
        };
        let sum: u32 = (0..Kind::COUNT).map(weight).sum();
        if sum == 0 {
            return (!choices.is_empty()).then(|| random.usize(0..choices.len()));
        }
        let mut drawn = random.u32(0..sum);
        let mut kinds = (0..Kind::COUNT).skip_while(|kind| {
            let passed = drawn >= weight(*kind);
            if passed {
                drawn -= weight(*kind);
            }
            passed
        });
        let kind = kinds.next()?;
        // Messages mostly arrive in the order in which they were sent.
        let in_order = kind == Kind::Near as usize && random.u32(0..4) > 0;
        let place = if in_order {
            0
        } else {
            random.usize(0..counts[kind])
        };
        let of_kind = |(_, choice): &(usize, &Choice)| self.kind(**choice) as usize == kind;
        let chosen = choices.iter().enumerate().filter(of_kind).nth(place);
        chosen.map(|(number, _)| number)
    }

    fn kind(&self, choice: Choice) -> Kind {
        let near = |id: NodeId| self.together.contains(id);
        match choice {
            Choice::Deliver(id) => {
                let link = self.state.world.message(id).map(|flight| flight.link);
                match link.is_some_and(|link| near(link.from) && near(link.to)) {
                    true => Kind::Near,
                    false => Kind::Far,
                }
            }
            Choice::Fire(_, Timer::Election) => Kind::Timeout,
            Choice::Fire(_, Timer::Heartbeat) => Kind::Heartbeat,
            Choice::Fire(..) => Kind::OtherTimer,
            Choice::Persist(_) => Kind::Persist,
            Choice::Request(_) => Kind::Request,
            Choice::Crash(_) => Kind::Crash,
            Choice::Restart(_) => Kind::Restart,
            Choice::Copy(_) => Kind::Copy,
            Choice::Lose(_) => Kind::Lose,
            Choice::Cut(..) => Kind::Cut,
            Choice::Transfer(..) | Choice::Change(..) => Kind::Order,
            Choice::Lapse => Kind::Lapse,
        }
    }
}

impl Weights {
    fn draw(random: &mut Rng) -> Self {
        let mut weights = [0; Kind::COUNT];
        let mut set = |kind: Kind, among: &[u32]| {
            weights[kind as usize] = among[random.usize(0..among.len())];
        };
        set(Kind::Near, &[16, 64, 128]);
        set(Kind::Far, &[0, 0, 1, 4]);
        set(Kind::Timeout, &[1, 4, 8]);
        set(Kind::Heartbeat, &[0, 1, 4]);
        set(Kind::OtherTimer, &[0, 1]);
        set(Kind::Persist, &[4, 16, 64]);
        set(Kind::Request, &[1, 4]);
        set(Kind::Crash, &[0, 1, 4]);
        set(Kind::Restart, &[1, 4]);
        set(Kind::Copy, &[0, 0, 1, 4]);
        set(Kind::Lose, &[0, 1]);
        set(Kind::Cut, &[0, 1]);
        set(Kind::Order, &[0, 1, 4]);
        set(Kind::Lapse, &[0, 1, 4]);
        Self(weights)
    }
}

fn some_of(ids: NodeSet, random: &mut Rng) -> NodeSet {
    ids.iter().filter(|_| random.u32(0..10) < 6).collect()
}
