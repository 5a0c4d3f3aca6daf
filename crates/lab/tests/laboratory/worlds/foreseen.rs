//! Steps that are looked up: they lead to the same world as if they were taken, and what was
//! foreseen of it is so.

use hustings_lab::{Done, Foreseen, Header, NoTime, Parts, Prompt, Symmetry, World};
use hustings_raft::{BrokenRule, Input, NodeId, Timer};

use super::{broken, plain, with_leases};

/// A world that walks, looking steps up in what all walks have learned.
struct Walk<'a> {
    world: World,
    parts: &'a mut Parts,
    symmetry: Option<Symmetry>,
    /// How many steps were known.
    known: usize,
}

fn started(header: &Header) -> World {
    let (mut world, _) = World::new(header);
    let mut done = Done::without_reasons();
    for id in world.ids().iter() {
        world.step(id, Input::Start, &mut NoTime, &mut done);
    }
    world.digest();
    world
}

/// All that can happen to servers.
fn prompts(world: &World) -> Vec<(NodeId, Prompt)> {
    let mut prompts = Vec::new();
    for (message, flight) in world.in_flight() {
        if world.loss_on(flight.link).is_none() {
            prompts.push((flight.link.to, Prompt::Message(message)));
        }
    }
    for server in world.servers() {
        let id = server.id();
        let timers = Timer::ALL.into_iter();
        let running = timers.filter(|timer| server.timer(*timer).is_some());
        prompts.extend(running.map(|timer| (id, Prompt::Timer(timer))));
        if server.pending_writes() > 0 {
            prompts.push((id, Prompt::Write));
        }
        if server.view().leads() {
            prompts.push((id, Prompt::Input(Input::Propose("x".into()))));
        }
        let up = server.is_up();
        prompts.push((id, if up { Prompt::Crash } else { Prompt::Restart }));
    }
    prompts
}

fn sent(world: &World, done: &Done) -> Vec<String> {
    let sent = done.sent.iter().filter_map(|it| world.message(it.id));
    sent.map(|it| format!("{it:?}")).collect()
}

impl Walk<'_> {
    fn take(&mut self, id: NodeId, prompt: &Prompt) {
        let (mut taken, mut done) = (self.world.clone(), Done::without_reasons());
        taken
            .prompt(id, prompt, &mut NoTime, &mut done)
            .expect("it can");
        let digest = taken.digest();

        let (mut foreseen, mut own) = (Foreseen::default(), Vec::new());
        let mut done_too = Done::without_reasons();
        self.world.pack(self.parts, &mut own);
        if self.world.foresee(id, prompt, self.parts, &mut foreseen) {
            self.known += 1;
            assert_eq!(self.world.digest_of_foreseen(&foreseen), digest);
            assert_eq!(foreseen.judgement(), &done.judgement);
            if let Some(symmetry) = &mut self.symmetry {
                let by_names = symmetry.digest_of_foreseen(&self.world, &foreseen, self.parts);
                assert_eq!(by_names, symmetry.digest(&mut taken));
            }
            self.assert_packs(&foreseen, &own, digest);
            let world = &mut self.world;
            world
                .fulfil(id, self.parts, &mut foreseen, &mut done_too)
                .expect("it can");
        } else {
            let (world, chance) = (&mut self.world, &mut NoTime);
            world
                .prompt_and_learn(id, prompt, self.parts, chance, &mut done_too)
                .expect("it can");
        }
        assert_eq!(self.world.digest(), digest);
        let views = |world: &World| {
            world
                .servers()
                .map(|it| it.view().clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(views(&self.world), views(&taken));
        assert_eq!(sent(&self.world, &done_too), sent(&taken, &done));
        assert_eq!(done_too.judgement, done.judgement);
        assert_eq!(done_too.replies, done.replies);
        assert_eq!(done_too.waiting.len(), done.waiting.len());
    }

    fn assert_packs(&mut self, foreseen: &Foreseen, own: &[u32], digest: u64) {
        let mut packed = Vec::new();
        self.world
            .pack_foreseen(foreseen, own, self.parts, &mut packed);
        let mut unpacked = self.world.clone();
        unpacked.unpack(self.parts, &packed);
        assert_eq!(unpacked.digest(), digest);
    }

    /// Takes steps that follow from a number.
    fn wander(&mut self, mut number: u64, steps: usize) {
        for _ in 0..steps {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let prompts = prompts(&self.world);
            let drawn = (number >> 33) as usize % prompts.len();
            // Messages matter more than crashes, of which there are as many.
            let drawn = if number >> 62 == 0 { drawn } else { drawn / 2 };
            let (id, prompt) = &prompts[drawn];
            self.take(*id, prompt);
            let oldest = self.world.in_flight().next().map(|(id, _)| id);
            if self.world.in_flight_count() > 6 {
                oldest.and_then(|it| self.world.take(it));
            }
        }
    }
}

#[test]
fn a_step_that_is_looked_up_leads_to_the_same_world_as_one_that_is_taken() {
    for header in [
        plain(1),
        plain(3),
        with_leases(3),
        broken(3, [BrokenRule::ForgetVoteOnRestart].into_iter().collect()),
    ] {
        let mut parts = Parts::default();
        let mut known = 0;
        for number in 0..40 {
            let world = started(&header);
            let mut walk = Walk {
                symmetry: Symmetry::of(&world),
                world,
                parts: &mut parts,
                known: 0,
            };
            walk.wander(number, 100);
            known += walk.known;
        }
        assert!(known > 1_000, "{known}");
    }
}
