//! Servers that do not run Raft's core: they are named in scripts, shown, narrated and
//! judged, and no fault of theirs breaks the laboratory.

mod eager;
mod failing;
mod faulty;
mod noise;
mod shelf;
mod talking;

use std::rc::Rc;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::play::Outcome;
use hustings_lab::{
    Command, CommandError, Event, Header, HeaderError, History, Invariant, Program, RecordId, Run,
    Script, Start, Transcript,
};
use hustings_raft::{Millis, MillisRange, NodeId, RoleName, Term};

use self::eager::Eager;
use self::failing::Failing;
use self::faulty::{
    ALONE, FORGETFUL, LEAPING, RESIGNING, RETURNING, REWRITING, RISING, UNSAVED, WILD,
};
use self::noise::Noise;
use self::shelf::Shelf;
use self::talking::Talking;

/// All programs of these tests.
fn programs() -> Vec<Rc<dyn Program>> {
    let faulty = [
        ALONE, FORGETFUL, LEAPING, RESIGNING, RETURNING, REWRITING, RISING, UNSAVED, WILD,
    ];
    let faulty = faulty.map(|it| -> Rc<dyn Program> { Rc::new(it) });
    let others: [Rc<dyn Program>; 3] = [Rc::new(Eager), Rc::new(Failing), Rc::new(Talking)];
    others.into_iter().chain(faulty).collect()
}

/// The library of these programs, and of those that a script carries.
pub fn library() -> Shelf {
    Shelf::of(programs())
}

/// A script whose lines are separated by slashes.
fn script(lines: &str) -> Script {
    let text = lines.replace(" / ", "\n");
    Script::parse_with(&text, &library()).expect("a script")
}

fn outcome(lines: &str) -> Outcome {
    script(lines).run().expect("a valid header")
}

/// The run of a script in which nothing fails.
fn played(lines: &str) -> Run {
    let outcome = outcome(lines);
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

fn sentences(run: &Run, lang: Lang) -> Vec<String> {
    let transcript = Transcript::of(run);
    let told = transcript.items();
    told.flat_map(|item| narrate::told(item, run.records(), lang))
        .collect()
}

/// Why a server did what it did when the last message of a kind reached it.
fn reasons_of(run: &Run, kind: &str, server: NodeId) -> Vec<String> {
    let mut records = run.records().iter().rev();
    let record = records.find_map(|(_, record)| match &record.event {
        Event::Delivered(flight) if flight.link.to == server => {
            (flight.message.kind().name() == kind).then_some(record)
        }
        _ => None,
    });
    let told = narrate::reasons(record.expect("it arrived"), Lang::En);
    told.into_iter().map(|(_, told)| told).collect()
}

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn violated(run: &Run) -> Vec<Invariant> {
    run.violations().iter().map(|it| it.invariant()).collect()
}

#[test]
fn a_program_that_no_script_could_name_is_refused() {
    #[derive(Debug)]
    struct Named(&'static str);
    impl Program for Named {
        fn name(&self) -> &str {
            self.0
        }
        fn machine(&self, start: Start) -> Box<dyn hustings_lab::Machine> {
            Eager.machine(start)
        }
    }
    let id = id(2);
    for (name, fits) in [
        ("a", true),
        ("no-2_x.rhai", true),
        ("", false),
        ("a b", false),
        ("#a", false),
        ("all", false),
        ("S2", false),
        ("s1-loud", false),
        ("Sam", true),
    ] {
        let program: Rc<dyn Program> = Rc::new(Named(name));
        let header = Header {
            programs: Box::new([(id, program)].into_iter().collect()),
            ..Header::default()
        };
        let expected = if fits {
            Ok(())
        } else {
            Err(HeaderError::ProgramName { id })
        };
        assert_eq!(Run::new(header).map(|_| ()), expected, "{name}");
    }
}

const EAGER: &str = "cluster 3 / run S2 eager / expect S2 leader term=1 voted-for=S2 \
    / expect violation transitions / run 120ms / expect S1 follower leader=S2 term=1";

#[test]
fn a_server_that_makes_itself_leader_is_shown_and_narrated() {
    let run = played(EAGER);
    assert_eq!(
        sentences(&run, Lang::En),
        [
            "S2, the leader of term 1, sends AppendEntries to all other members. S2 is now leader; why cannot be seen.",
            "S3 follows S2 as the leader of term 1.",
            "S1 follows S2 as the leader of term 1.",
            "4 AppendEntries from S2 reach S1 S3 and restart their election timers: none of them runs out.",
            "This goes on until 0.119 s.",
        ]
    );
    assert_eq!(
        sentences(&run, Lang::Zh),
        [
            "任期 1 的领导者 S2 向所有其他成员发送 AppendEntries。S2 现在是领导者；原因看不出来。",
            "S3 跟随 S2，视其为任期 1 的领导者。",
            "S1 跟随 S2，视其为任期 1 的领导者。",
            "S2 的 4 条 AppendEntries 到达 S1、S3，让它们的选举定时器一再重新计时，都不会到期。",
            "如此持续到 0.119 s。",
        ]
    );
}

#[test]
fn a_server_that_makes_itself_leader_is_caught() {
    assert_eq!(violated(&played(EAGER)), [Invariant::Transitions]);
    let two = outcome("cluster 3 / run S2 S3 eager / run 100ms");
    let violated = violated(&two.run);
    assert_eq!(
        violated,
        [Invariant::Transitions, Invariant::ElectionSafety]
    );
}

#[test]
fn a_server_whose_program_fails_crashes_and_nothing_of_that_step_happens() {
    let lines = "cluster 3 / run S2 failing / timeout S1 / deliver S1->S2 \
        / expect S2 down term=0 / run 300ms / expect S1 leader / restart S2 / expect S2 follower \
        / propose S1 \"a\" / deliver S1->S2 AppendEntries / expect S2 down term=0 \
        / expect no violation";
    let run = played(lines);
    let told = sentences(&run, Lang::En);
    let failed = "S2's program fails, so S2 crashes: line 12, column 5: no variable `votes`.";
    let told: Vec<_> = told.iter().filter(|it| it.contains("fails")).collect();
    let lost = format!("{failed} Lost: term 1, as its disk has term 0.");
    assert_eq!(told, [failed, &lost]);
    let crash = |event: &Event| {
        matches!(
            event,
            Event::Crashed {
                failure: Some(_),
                ..
            }
        )
    };
    for (id, record) in run.records().iter().filter(|(_, it)| crash(&it.event)) {
        assert_eq!(
            record.cause,
            Some(RecordId(id.0 - 1)),
            "it names what made it fail"
        );
    }
}

#[test]
fn a_server_that_does_not_write_what_it_acknowledges_is_caught() {
    let lines = "cluster 3 / run S2 unsaved / timeout S1 / deliver S1->S3 / deliver S3->S1 \
        / isolate S3 / deliver S1->S2 AppendEntries / expect S2 last=1:1 / deliver S2->S1 \
        / expect violation quorum-log";
    let run = played(lines);
    assert_eq!(violated(&run), [Invariant::QuorumLog]);
    let adopts = "S2 adopts term 1 from S1; its own was 0.";
    let follows = "S2 follows S1 as the leader of term 1.";
    let takes = "S2 takes 1 new entry after the start of the log and acknowledges up to index 1.";
    assert_eq!(
        reasons_of(&run, "AppendEntries", id(2)),
        [adopts, follows, takes]
    );
}

#[test]
fn a_server_that_does_not_record_its_vote_is_caught_when_it_votes_twice() {
    let lines = "cluster 3 / run S2 forgetful / timeout S1 / deliver S1->S2 / timeout S3 \
        / expect no violation / deliver S3->S2 / expect violation vote-once";
    let run = played(lines);
    assert_eq!(violated(&run), [Invariant::VoteOnce]);
    let votes = |candidate| {
        format!(
            "S2 votes for {candidate} in term 1: S2 has no vote recorded in that term, and by \
             the request {candidate}'s log is empty, at least as up to date as S2's, which is empty."
        )
    };
    let told = sentences(&run, Lang::En);
    let told: Vec<_> = told.iter().filter(|it| it.starts_with("S2")).collect();
    assert_eq!(told, [&votes("S1"), &votes("S3")]);
}

#[test]
fn a_server_that_skips_a_role_is_caught() {
    let lines = "cluster 3 / run S3 leaping / expect no violation / run 100ms \
        / expect S3 leader / expect violation transitions";
    assert_eq!(violated(&played(lines)), [Invariant::Transitions]);
}

#[test]
fn a_server_that_restarts_as_leader_is_caught() {
    let lines = "cluster 3 / run S3 returning / crash S3 / expect no violation / restart S3 \
        / expect violation transitions";
    assert_eq!(violated(&played(lines)), [Invariant::Transitions]);
}

#[test]
fn a_leader_that_enters_another_term_without_an_election_is_caught() {
    let lines = "cluster 1 / run S1 rising / run 100ms / expect S1 leader term=1 \
        / expect no violation / propose S1 \"a\" / expect violation transitions";
    assert!(violated(&played(lines)).contains(&Invariant::Transitions));
}

#[test]
fn what_a_server_forgets_to_read_when_it_restarts_stays_on_its_disk() {
    let lines = "cluster 3 / state S3 term=4 / run S3 resigning / crash S3 / restart S3";
    let run = played(lines);
    assert_eq!(run.server(id(3)).expect("S3").stored().term, Term(4));
}

#[test]
fn a_leader_that_changes_its_log_is_caught_although_it_writes_nothing() {
    let lines = "cluster 1 / run S1 rewriting / run 100ms / expect S1 leader \
        / propose S1 \"a\" / expect S1 last=1:1 / expect no violation \
        / propose S1 \"b\" / expect violation leader-append-only \
        / expect violation log-matching";
    assert_eq!(
        violated(&played(lines)),
        [Invariant::LeaderAppendOnly, Invariant::LogMatching]
    );
}

#[test]
fn a_leader_that_shows_itself_as_the_only_member_is_caught_when_it_commits_alone() {
    let lines = "cluster 3 / run S3 alone / run 100ms / expect S3 leader commit=1 \
        / expect violation quorum-log";
    assert_eq!(violated(&played(lines)), [Invariant::QuorumLog]);
}

#[test]
fn a_server_that_silently_gives_up_is_not_told_to_stand_on() {
    let run =
        played("cluster 3 / run S2 resigning / isolate S2 / timeout S2 / expect S2 candidate");
    assert_eq!(Transcript::of(&run).undecided(&run).len(), 1);
    let run = played(
        "cluster 3 / run S2 resigning / isolate S2 / timeout S2 / timeout S2 / expect S2 follower",
    );
    assert_eq!(Transcript::of(&run).undecided(&run), []);
}

#[test]
fn what_a_server_cannot_ask_for_does_no_harm() {
    let run = played("cluster 3 / run S2 wild / deliver all / propose S2 \"x\"");
    let record = run.records().last().expect("the proposal");
    assert_eq!(record.sent.len(), 0);
    assert_eq!(run.server(id(2)).expect("S2").pending_writes(), 1);
}

#[test]
fn a_server_that_never_rests_meets_the_limits() {
    for lines in ["run S2 wild", "option disk 0..0ms / run S2 wild"] {
        let mut run = played(lines);
        let before = run.records().len();
        let refused = run.apply(Command::Run(Millis(1)));
        let max = Run::RECORDS_MAX;
        assert_eq!(refused, Err(CommandError::HistoryFull { max }));
        assert_eq!(run.records().len(), before);
    }
}

#[test]
fn a_run_with_such_a_server_can_be_branched_sought_and_replayed() {
    let run = played(EAGER);
    let mut history = History::new(run.clone());
    history.seek(RecordId(4)).expect("it exists");
    assert_eq!(
        history.run().server(id(2)).expect("S2").role(),
        Some(RoleName::Leader)
    );
    history.apply(Command::Crash(id(2))).expect("it runs");
    history.apply(Command::Restart(id(2))).expect("it is down");
    assert_eq!(history.run().server(id(2)).expect("S2").term().0, 2);
    assert_eq!(history.branches().len(), 2);
    history.switch(0).expect("it exists");
    assert!(history.run().records().iter().eq(run.records().iter()));
    let again = Script::parse_with(&Script::of(&run).to_string(), &library());
    let again = again
        .expect("what is saved can be opened")
        .run()
        .expect("sound");
    assert!(again.run.records().iter().eq(run.records().iter()));
}

#[test]
fn whatever_a_server_does_is_told_and_judged_without_a_panic() {
    let (mut records, mut violated) = (0, 0);
    for seed in 0..300 {
        let noise: Rc<dyn Program> = Rc::new(Noise(seed));
        let noisy = [2, 3, 5]
            .into_iter()
            .filter(|number| seed >> (number % 3) & 1 == 0);
        let header = Header {
            programs: Box::new(noisy.map(|it| (id(it), Rc::clone(&noise))).collect()),
            seed,
            disk: MillisRange::between(0, seed % 3),
            ..Header::default()
        };
        let mut run = Run::new(header).expect("a valid header");
        for number in [2, 1, 3] {
            // Any of these may be refused.
            let server = id(number);
            let _ = run.apply(Command::Run(Millis(100)));
            let _ = run.apply(Command::Propose {
                server,
                command: "x".into(),
            });
            let _ = run.apply(Command::Crash(server));
            let _ = run.apply(Command::Restart(server));
            let _ = run.apply(Command::Run(Millis(50)));
        }
        for lang in Lang::ALL {
            sentences(&run, lang);
            for (_, record) in run.records().iter() {
                narrate::reasons(record, lang);
                narrate::answers(record, lang);
            }
            for violation in run.violations() {
                narrate::violation(violation, lang);
            }
        }
        Transcript::of(&run).undecided(&run);
        run.world().clone().digest();
        records += run.records().len();
        violated += run.violations().len();
    }
    assert!(records > 10_000 && violated > 500, "{records}, {violated}");
}
