//! Two futures side by side: on one clock, wherever the shown run goes.

use std::rc::Rc;

use hustings::programs;
use hustings::session::{
    Action, Beside, LoadedRun, Notice, Other, RunFrom, Selection, Session, Source, Speed, WhatIf,
};
use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Command, Event, RecordId, Run, Script};
use hustings_raft::{BrokenRule, LogIndex, Millis, NodeId, RoleName, Term};
use yew::Reducible;

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn run(script: &str) -> Run {
    let script = Script::parse(script).expect("a script");
    script.run().expect("a run").run
}

fn open(script: &str) -> Action {
    let script = Script::parse(script).expect("a script");
    Action::Open(LoadedRun::at_end(script, Source::Page))
}

fn opened(script: &str) -> Rc<Session> {
    let open = open(script);
    Rc::new(Session::default()).reduce(open)
}

fn then(session: Rc<Session>, actions: impl IntoIterator<Item = Action>) -> Rc<Session> {
    actions.into_iter().fold(session, Session::reduce)
}

fn beside(session: &Session) -> &Beside {
    session.beside().expect("two futures")
}

fn leader(run: &Run) -> Option<(NodeId, Term)> {
    let mut servers = run.servers();
    let leader = servers.find(|it| it.role() == Some(RoleName::Leader));
    leader.map(|it| (it.id(), it.term()))
}

/// S1 leads in `main`; in the other branch S2 does, because S1 crashed on its way.
fn forked() -> Rc<Session> {
    let session = opened("cluster 3\ntimeout S1\nrun 200ms\n");
    let crash = [
        Action::Rewind,
        Action::Step,
        Action::Do(Command::Crash(id(1))),
        Action::Do(Command::Timeout {
            server: id(2),
            timer: None,
        }),
        Action::Do(Command::Run(Millis(200))),
    ];
    then(session, crash)
}

/// What is durable of a run's state at a time, to compare with.
fn state(run: &Run) -> Vec<(Option<RoleName>, Term, Option<NodeId>, LogIndex)> {
    let servers = run.servers();
    servers
        .map(|it| (it.role(), it.term(), it.voted_for(), it.commit()))
        .collect()
}

fn put(what_if: WhatIf) -> Action {
    Action::PutBeside(Other::WhatIf(what_if))
}

#[test]
fn the_branch_beside_is_shown_at_the_time_of_the_shown_one() {
    let session = forked();
    assert_eq!(session.branch_beside(), Some(0));
    let session = then(session, [Action::PutBeside(Other::Branch(0))]);
    assert_eq!(leader(session.run()).map(|it| it.0), Some(id(2)));
    assert_eq!(leader(beside(&session).run()).map(|it| it.0), Some(id(1)));
    assert_eq!(beside(&session).name(), "main");
    let main = run("cluster 3\ntimeout S1\nrun 200ms\n");
    assert_eq!(state(beside(&session).run()), state(&main));
}

#[test]
fn whatever_moves_the_position_moves_both_to_the_same_time() {
    let mut session = then(forked(), [Action::PutBeside(Other::Branch(0))]);
    let whole = run("cluster 3\ntimeout S1\nrun 200ms\n");
    let records = session.run().records().len();
    for record in (0..records).rev() {
        session = session.reduce(Action::Visit(RecordId(record)));
        let (here, there) = (session.run().now(), beside(&session).run());
        let [first, _] = beside(&session).shared().counts();
        let so_far = session.run().records().len();
        if so_far <= first {
            assert_eq!(there.records().len(), so_far);
        } else if here > Millis::ZERO {
            let by = whole.records().by(here);
            assert_eq!(there.records().len(), by, "at {here}");
        }
    }
    session = then(session, [Action::Rewind]);
    assert_eq!(session.run().records().len(), 3);
    assert_eq!(beside(&session).run().records().len(), 3);
    session = then(session, [Action::ToEnd]);
    assert_eq!(leader(beside(&session).run()).map(|it| it.0), Some(id(1)));
}

#[test]
fn both_have_the_same_up_to_where_they_part() {
    let session = then(forked(), [Action::PutBeside(Other::Branch(0))]);
    let (ours, theirs) = (session.run().records(), beside(&session).run().records());
    let [shared, its] = beside(&session).shared().counts();
    assert!(shared >= 4 && its == shared);
    let same = |number| ours.get(RecordId(number)) == theirs.get(RecordId(number));
    assert!((0..shared).all(same) && !same(shared));
}

#[test]
fn where_the_other_future_ends_it_goes_on_by_itself() {
    let on = [
        Action::PutBeside(Other::Branch(0)),
        Action::Do(Command::Run(Millis(2_000))),
    ];
    let session = then(forked(), on);
    let there = beside(&session).run();
    assert_eq!(session.run().now(), Millis(2_200));
    assert!(there.now() > Millis(2_000), "{}", there.now());
    assert_eq!(
        state(there),
        state(&run("cluster 3\ntimeout S1\nrun 2200ms\n"))
    );
    // The branch itself is as long as before.
    let branch = &session.history().branches()[0];
    assert_eq!(branch.tip().now(), Millis(200));
}

#[test]
fn while_both_play_both_go_on() {
    let play = [
        Action::SetSpeed(Speed::from_index(9)),
        Action::PutBeside(Other::Branch(0)),
        Action::TogglePlay,
    ];
    let session = then(forked(), play);
    let ticks = (0..60).map(|_| Action::Tick(16.0));
    let session = then(session, ticks);
    let until = session.clock() as u64;
    assert!(until > 1_000);
    let alone = run(&format!("cluster 3\ntimeout S1\nrun {until}ms\n"));
    assert_eq!(state(beside(&session).run()), state(&alone));
}

#[test]
fn what_if_replays_the_same_commands_with_another_header() {
    let storm = "cluster 3\ntimeout S1\nrun 200ms\ncut S1->S3\ncut S2->S3\nrun 3s\n";
    let session = then(opened(storm), [put(WhatIf::PreVote(true))]);
    let there = beside(&session).run();
    let calm = run(&storm.replace("cluster 3\n", "cluster 3\noption pre-vote on\n"));
    assert_eq!(state(there), state(&calm));
    assert!(beside(&session).skipped().is_none());
    let told = session.differences().expect("two futures");
    let (here, there) = told.told().expect("a difference");
    assert_ne!(here, there);
}

#[test]
fn what_is_done_to_the_shown_run_happens_in_the_what_if_too() {
    let start = "cluster 3\ntimeout S1\nrun 200ms\n";
    let session = then(opened(start), [put(WhatIf::OtherSeed)]);
    let crash = [
        Action::Do(Command::Crash(id(1))),
        Action::Do(Command::Run(Millis(1_500))),
        Action::Do(Command::Restart(id(1))),
        Action::Do(Command::Run(Millis(100))),
    ];
    let session = then(session, crash);
    let other =
        "cluster 3\nseed 2\ntimeout S1\nrun 200ms\ncrash S1\nrun 1500ms\nrestart S1\nrun 100ms\n";
    assert_eq!(state(beside(&session).run()), state(&run(other)));
    // In the past a new branch begins, and the what-if has it, too.
    let again = [
        Action::Rewind,
        Action::Do(Command::Crash(id(3))),
        Action::Do(Command::Run(Millis(900))),
    ];
    let session = then(session, again);
    let other = run("cluster 3\nseed 2\ncrash S3\nrun 900ms\n");
    assert_eq!(state(beside(&session).run()), state(&other));
}

#[test]
fn a_command_that_does_not_apply_is_left_out_and_told_once() {
    let script = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ndeliver S1->S2\ndeliver S2->S1\nrun 100ms\n";
    let off = then(opened(script), [put(WhatIf::PreVote(true))]);
    let skipped = beside(&off).skipped();
    // S2's answer is another one, but there is one; nothing is left out.
    assert!(skipped.is_none(), "{skipped:?}");
    let script = "cluster 3\ntimeout S1\ndeliver S1->S2\ndeliver S2->S1\ndeliver S1->S2 AppendEntries\nrun 125ms\n";
    let session = then(opened(script), [put(WhatIf::PreVote(true))]);
    let skipped = beside(&session).skipped().expect("a command left out");
    assert_eq!(skipped.at, Millis(0));
    assert!(session.notice().is_none());
    assert_eq!(beside(&session).run().now(), Millis(125));
}

#[test]
fn a_rule_is_mended_beside_the_run_that_breaks_it() {
    let script = include_str!("../scenarios/broken/commit-old-term-by-counting.hust");
    let session = then(opened(script), [put(WhatIf::Mended)]);
    assert!(!session.run().violations().is_empty());
    let there = beside(&session).run();
    assert!(there.violations().is_empty() && there.header().broken.is_empty());
    let (here, _) = {
        let told = session.differences().expect("two futures");
        let (here, there) = told.told().expect("a difference");
        (here.to_owned(), there.to_owned())
    };
    let all = "commit-own-term and leader-completeness are violated";
    assert_eq!(here, all);
    // While time stands still, both go step by step.
    let mut session = then(session, [Action::Rewind]);
    let mut before = beside(&session).run().records().len();
    while session.is_in_past() {
        session = session.reduce(Action::Step);
        let now = beside(&session).run().records().len();
        assert!(now >= before, "it never goes back");
        before = now;
    }
}

#[test]
fn futures_of_a_run_that_takes_no_time_part_at_an_event_of_the_shown_run() {
    let script = include_str!("../scenarios/broken/no-up-to-date-check.hust");
    let session = then(opened(script), [put(WhatIf::Mended)]);
    let parting = session.parting().expect("they part");
    assert_eq!(parting.time, Millis::ZERO);
    let record = session.run().records().get(RecordId(parting.records - 1));
    let asked = record.map(|it| it.event.server());
    assert_eq!(asked, Some(Some(id(2))), "S2 is asked for its vote");
    let shared = beside(&session).shared();
    let [shown, other] = shared.counts();
    assert_eq!(parting.records, shown + 1);
    let captions = (0..shown).filter(|it| shared.is_alone(RecordId(*it)));
    assert_eq!(captions.count(), shown - other);
    assert!(shown > other, "only the lesson has its captions");
}

#[test]
fn taking_the_branch_beside_shows_it_alone_at_the_same_time() {
    let take = [
        Action::PutBeside(Other::Branch(0)),
        Action::Visit(RecordId(7)),
    ];
    let session = then(forked(), take);
    let there = state(beside(&session).run());
    let session = then(session, [Action::TakeBeside]);
    assert!(session.beside().is_none());
    assert_eq!(session.history().current(), 0);
    assert_eq!(state(session.run()), there);
}

#[test]
fn taking_a_what_if_opens_it_as_a_run() {
    let script = "cluster 3\ntimeout S1\nrun 200ms\n";
    let session = then(opened(script), [put(WhatIf::PreVote(true))]);
    let there = state(beside(&session).run());
    let session = then(session, [Action::TakeBeside]);
    assert!(session.beside().is_none() && session.run().header().raft.pre_vote);
    assert_eq!(state(session.run()), there);
}

#[test]
fn closing_returns_to_the_page_as_it_was() {
    let session = forked();
    let (place, clock) = (session.run().records().len(), session.clock());
    let session = then(
        session,
        [Action::PutBeside(Other::Branch(0)), Action::CloseBeside],
    );
    assert!(session.beside().is_none());
    assert_eq!(session.run().records().len(), place);
    assert_eq!(session.clock(), clock);
}

#[test]
fn switching_to_the_branch_beside_exchanges_the_two() {
    let both = [Action::PutBeside(Other::Branch(0)), Action::Switch(0)];
    let session = then(forked(), both);
    assert_eq!(*beside(&session).other(), Other::Branch(1));
    assert_eq!(leader(session.run()).map(|it| it.0), Some(id(1)));
    assert_eq!(leader(beside(&session).run()).map(|it| it.0), Some(id(2)));
}

#[test]
fn a_new_run_is_shown_alone() {
    let open = [
        Action::PutBeside(Other::Branch(0)),
        open("cluster 5\nrun 10ms\n"),
    ];
    assert!(then(forked(), open).beside().is_none());
}

#[test]
fn a_branch_that_does_not_exist_is_refused() {
    let session = then(forked(), [Action::PutBeside(Other::Branch(7))]);
    assert!(session.beside().is_none());
    assert!(matches!(session.notice(), Some(Notice::Refused(_))));
}

#[test]
fn what_only_the_shown_run_has_is_not_selected_beside() {
    let select = [
        Action::PutBeside(Other::Branch(0)),
        Action::Visit(RecordId(5)),
    ];
    let session = then(forked(), select);
    let seen = session.seen_beside().expect("two futures");
    assert_eq!(seen.selected(), Selection::Nothing);
    let session = then(session, [Action::Select(Selection::Server(id(2)))]);
    let seen = session.seen_beside().expect("two futures");
    assert_eq!(seen.selected(), Selection::Server(id(2)));
}

#[test]
fn only_changes_that_change_something_are_on_offer() {
    let header = run("cluster 3\noption pre-vote on\n").header().clone();
    let offers = WhatIf::offers(&header);
    assert!(offers.contains(&WhatIf::PreVote(false)) && !offers.contains(&WhatIf::Mended));
    for what_if in offers {
        assert_ne!(what_if.header(&header), Ok(header.clone()));
    }
    let broken = WhatIf::Broken(BrokenRule::ALL[0]).header(&header);
    let broken = broken.expect("a header");
    assert!(WhatIf::offers(&broken).contains(&WhatIf::Mended));
    let mended = WhatIf::Mended.header(&broken).expect("a header");
    assert!(mended.broken.is_empty());
}

/// A flaw shows in it: `votes-of-old-terms`; another one is mended.
const FLAWED: &str = "cluster 5
run all message-dispatch
mend message-dispatch votes-not-counted
timeout S1
deliver S1->S2
deliver S2->S1
drop all
timeout S1
deliver S1->S3
deliver S3->S1
drop all
timeout S5
drop all
timeout S5
deliver S5->S2
deliver S5->S4
deliver S2->S5
deliver S4->S5
";

fn flaws(names: &[&str]) -> WhatIf {
    WhatIf::MendedFlaws {
        program: "message-dispatch".into(),
        flaws: names.iter().map(|it| Rc::from(*it)).collect(),
    }
}

/// Opens a script whose servers run programs.
fn opened_with_programs(script: &str) -> Rc<Session> {
    let script = Script::parse_with(script, &*programs::library()).expect("a script");
    let open = Action::Open(LoadedRun::at_end(script, Source::Page));
    Rc::new(Session::default()).reduce(open)
}

#[test]
fn a_mended_flaw_shows_beside_the_run_in_which_it_is_not() {
    let session = opened_with_programs(FLAWED);
    assert!(!session.run().violations().is_empty());
    let mended = flaws(&["votes-not-counted", "votes-of-old-terms"]);
    let session = then(session, [put(mended)]);
    assert!(beside(&session).run().violations().is_empty());
    assert_eq!(beside(&session).name(), "votes-of-old-terms mended");
    let session = then(session, [Action::TakeBeside]);
    assert!(session.beside().is_none() && session.run().violations().is_empty());
    let saved = Script::save(session.run()).expect("a script");
    assert!(saved.contains("mend message-dispatch votes-not-counted votes-of-old-terms"));
}

#[test]
fn captions_are_not_where_two_futures_part() {
    let captions = FLAWED.replace("timeout", "note \"Look.\"\ntimeout");
    let session = opened_with_programs(&captions);
    let mended = flaws(&["votes-not-counted", "votes-of-old-terms"]);
    let session = then(session, [put(mended), Action::GoToParting]);
    let parted = session.parted().expect("they part");
    let [here, there] = [&parted.here, &parted.there].map(|it| it.as_ref().expect("a record"));
    // It still has the vote of the term before.
    assert!(narrate::headline(here, Lang::En).contains("starts an election in term 2"));
    assert_eq!(here.event, there.event);
    assert_ne!(here.reasons, there.reasons);
}

#[test]
fn what_a_run_with_programs_offers_is_raft_all_flaws_mended_and_no_option_of_the_core() {
    let session = opened_with_programs(FLAWED);
    let names: Vec<_> = WhatIf::offers(session.run().header())
        .iter()
        .map(WhatIf::describe)
        .collect();
    let expected = [
        "Raft's core instead",
        "message-dispatch, all flaws mended",
        "timeouts doubled",
        "another seed",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_program_parts_from_raft_where_raft_would_do_otherwise_and_says_why() {
    let session = opened_with_programs(FLAWED);
    let session = then(session, [put(WhatIf::Raft), Action::GoToParting]);
    let parted = session.parted().expect("they part");
    let told = [&parted.here, &parted.there].map(|account| {
        let record = account.as_ref().expect("something happens");
        narrate::headline(record, Lang::En)
    });
    assert_eq!(
        told,
        [
            "S1 leads term 2: it has the votes of S1 S2 S3, and 3 of S1 S2 S3 S4 S5 are a majority.",
            "S1 counts the vote of S3: 2 of the 3 that S1 needs.",
        ]
    );
    let role = |run: &Run| run.server(id(1)).and_then(|it| it.role());
    assert_eq!(role(session.run()), Some(RoleName::Leader));
    assert_eq!(role(beside(&session).run()), Some(RoleName::Candidate));
    let session = then(session, [Action::StepBack]);
    assert!(session.parted().is_none());
}

#[test]
fn a_program_without_flaws_does_what_raft_does() {
    let script = "cluster 3\nrun all lab-sheet-solution\ntimeout S1\nrun 500ms\n";
    let session = then(opened_with_programs(script), [put(WhatIf::Raft)]);
    let session = then(session, [Action::GoToParting]);
    assert!(session.parted().is_none());
    let Some(Notice::Info(told)) = session.notice() else {
        panic!("{:?}", session.notice());
    };
    assert!(told.starts_with("In all "), "{told}");
}

#[test]
fn two_branches_stand_where_they_part() {
    let session = then(forked(), [Action::PutBeside(Other::Branch(0))]);
    let session = then(session, [Action::GoToParting]);
    let parted = session.parted().expect("they part");
    let here = parted.here.as_ref().expect("a record");
    assert!(matches!(here.event, Event::Crashed { .. }));
    assert!(parted.there.is_some());
}

#[test]
fn a_changed_program_runs_beside_under_another_name_unless_it_cannot_be_read() {
    let session = opened_with_programs(FLAWED);
    let program = session.run().header().programs.get(id(1)).cloned();
    let program = program.expect("a program");
    let source = programs::source_of(&*program).expect("a source");
    let mended = source.replace(
        "// Candidate server votes for itself\n",
        "me.votes = #{};\n",
    );
    let attempt = |source: &str| Action::TryProgram {
        server: id(1),
        source: source.into(),
        from: RunFrom::Start,
    };
    let wrong = then(Rc::clone(&session), [attempt("fn start(me) {")]);
    assert!(wrong.beside().is_none());
    assert!(matches!(wrong.notice(), Some(Notice::Refused(_))));
    let session = then(session, [attempt(&mended)]);
    let there = beside(&session).run();
    assert!(there.violations().is_empty());
    let names: Vec<_> = there
        .header()
        .programs
        .iter()
        .map(|it| it.1.name())
        .collect();
    assert_eq!(names, ["message-dispatch-changed"; 5]);
    let session = then(session, [Action::TakeBeside]);
    let saved = Script::save(session.run()).expect("a script");
    assert!(
        saved.contains("program message-dispatch-changed\n| "),
        "{saved}"
    );
}

#[test]
fn a_changed_program_takes_over_from_here_on_in_a_branch_with_the_old_future_beside_it() {
    let session = opened_with_programs(FLAWED);
    let program = session.run().header().programs.get(id(1)).cloned();
    let source = programs::source_of(&*program.expect("a program")).expect("a source");
    let attempt = |source: String| Action::TryProgram {
        server: id(1),
        source: source.into(),
        from: RunFrom::Here,
    };
    let session = then(session, [Action::StepBack, attempt(source + "\n")]);
    let changed = |run: &Run| {
        let program = run.server(id(1)).and_then(|it| it.program());
        program.map(|it| it.name().to_owned())
    };
    assert_eq!(session.history().branches().len(), 2);
    assert_eq!(
        changed(session.run()).as_deref(),
        Some("message-dispatch-changed")
    );
    assert_eq!(
        changed(beside(&session).run()).as_deref(),
        Some("message-dispatch")
    );
    let saved = Script::save(session.run()).expect("a script");
    assert!(
        Script::parse_with(&saved, &*programs::library()).is_ok(),
        "{saved}"
    );
    // The comparison with Raft goes by what each server runs.
    let session = then(session, [put(WhatIf::Raft), Action::GoToParting]);
    assert!(session.parted().is_some());
}

/// Leaders fall one after the other, as one link after the other carries nothing.
const STORM: &str = "cluster 5\ncut S1->S2\ncut S2->S1\ncut S2->S3\ncut S3->S1\ncut S4->S2\n\
    cut S5->S1\nrun 100s\n";

/// Goes on until nothing is left to do; returns in how many parts.
fn work_out(session: &mut Rc<Session>) -> usize {
    let mut parts = 0;
    while session.is_busy() {
        *session = session.clone().reduce(Action::WorkOn);
        parts += 1;
    }
    parts
}

#[test]
fn a_future_beside_a_long_run_is_carried_out_in_parts_and_is_the_same_as_at_once() {
    let mut session = opened(STORM);
    work_out(&mut session);
    let long = WhatIf::LongTimeouts;
    let header = long.header(session.run().header()).expect("a header");
    let mut session = then(session, [Action::PutBeside(Other::WhatIf(long))]);
    assert!(work_out(&mut session) > 3);
    let mut alone = Run::new(header).expect("a run");
    for command in session.run().commands().iter() {
        alone.apply(command.clone()).expect("a command");
    }
    let records = |run: &Run| {
        run.records()
            .iter()
            .map(|(_, it)| Rc::clone(it))
            .collect::<Vec<_>>()
    };
    assert_eq!(records(beside(&session).run()), records(&alone));
    let parted = session.parting().expect("they part");
    let same = session.run().records().by(Millis(parted.time.0 - 1));
    assert!(beside(&session).shared().counts()[0] >= same);
}

#[test]
fn what_needs_all_of_a_future_beside_waits_until_it_is_there() {
    let mut session = opened(STORM);
    work_out(&mut session);
    let end = session.run().now();
    let what_if = Action::PutBeside(Other::WhatIf(WhatIf::LongTimeouts));
    let mut session = then(session, [what_if, Action::TakeBeside, Action::Rewind]);
    assert!(session.beside().is_some());
    work_out(&mut session);
    assert!(session.beside().is_none());
    assert!(session.kept().iter().next().is_some());
    let tip = session.run_view().tip().now();
    assert_eq!(tip, end);
}
