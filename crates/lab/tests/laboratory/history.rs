//! Undo, seek, and branches.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::{Line, Script};
use hustings_lab::{
    BranchName, Command, Condition, Event, ForkPoint, Header, History, HistoryError, RecordId, Run,
    RunPosition,
};
use hustings_raft::{LogIndex, Millis, NodeId};

fn server(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn history() -> History {
    History::new(Run::new(Header::default()).expect("a sound header"))
}

fn run(history: &mut History, millis: u64) {
    history
        .apply(Command::Run(Millis(millis)))
        .expect("time can pass");
}

/// The observable state of a laboratory.
fn seen(lab: &Run) -> String {
    let servers: Vec<_> = lab.servers().map(|server| format!("{server:?}")).collect();
    let flights: Vec<_> = lab.in_flight().collect();
    let cuts: Vec<_> = lab.cut_links().collect();
    format!("{} {servers:?} {flights:?} {cuts:?}", lab.now())
}

/// A history with faults, requests and lost messages.
fn eventful() -> History {
    let source = "seed 9
option loss 5%
option duplicate 5%
option disk 0..8ms
timeout S1
drop all
run until leader
propose S1 \"a\"
propose S2 \"b\"
run 700ms
partition S1 S2 | S3 S4 S5
run 2s
wait 30ms
heal
crash S3
deliver all
run 1s
restart S3
step
run 900ms";
    played(source)
}

/// The history of a script's commands.
fn played(source: &str) -> History {
    let script = Script::parse(source).expect("a script");
    let mut history = History::new(Run::new(script.header).expect("a sound header"));
    for step in script.steps {
        if let Line::Command(command) = step.line {
            history.apply(command).expect("can be done");
        }
    }
    history
}

#[test]
fn a_run_gives_the_same_records_with_and_without_a_history() {
    let history = eventful();
    let mut lab = Run::new(history.run().header().clone()).expect("sound");
    for command in history.run().commands().iter() {
        lab.apply(command.clone()).expect("can be done again");
    }
    assert!(lab.records().iter().eq(history.run().records().iter()));
    assert_eq!(seen(&lab), seen(history.run()));
}

/// After seeking a record, the laboratory has the state of that time, and replaying its
/// commands gives the same state.
#[test]
fn every_record_can_be_returned_to() {
    let mut history = eventful();
    let all: Vec<_> = history
        .run()
        .records()
        .iter()
        .map(|(_, it)| it.clone())
        .collect();
    assert!(all.len() > 600, "{}", all.len());
    for number in (0..all.len()).rev().step_by(7) {
        history.seek(RecordId(number)).expect("a record");
        let lab = history.run();
        assert_eq!(lab.records().len(), number + 1);
        assert_eq!(lab.now(), all[number].at);
        assert!(lab.records().iter().map(|(_, it)| it).eq(&all[..=number]));
        let again = Script::of(lab).run().expect("sound").run;
        assert_eq!(seen(&again), seen(lab), "record {number}");
    }
    history.seek(RecordId(all.len() - 1)).expect("a record");
    let missing = history.seek(RecordId(all.len()));
    assert_eq!(missing, Err(HistoryError::NoRecord(all.len())));
}

/// `drop all` includes held messages and messages to paused servers; a position in the
/// middle of it is restored as it was.
#[test]
fn a_position_in_the_middle_of_a_drop_is_restored() {
    for faults in [
        "pause S2",
        "pause S2\nhold S1->S2",
        "hold S1->S2\nhold S1->S3",
    ] {
        for filter in ["drop all", "drop from S1"] {
            let mut history = played(&format!("cluster 3\ntimeout S1\n{faults}\n{filter}"));
            let all: Vec<_> = history
                .run()
                .records()
                .iter()
                .map(|(_, it)| it.clone())
                .collect();
            for number in 3..all.len() {
                history.seek(RecordId(number)).expect("a record");
                let lab = history.run();
                let seen = lab.records().iter().map(|(_, it)| it);
                assert!(seen.eq(&all[..=number]), "{faults}, {filter}: {number}");
            }
        }
    }
}

/// The limit of messages in flight does not prevent seeking.
#[test]
fn a_position_with_a_full_network_can_be_returned_to() {
    let source = "cluster 9
option heartbeat 1ms
option latency 600s
option election-timeout 600s
timeout S1
deliver all
run 1240ms";
    let mut history = played(source);
    let oldest = history.run().in_flight().next().expect("a message").id;
    let selector = history.run().selector_for(oldest).expect("in flight");
    while history.apply(Command::Duplicate(selector)).is_ok() {}
    assert_eq!(history.run().in_flight().count(), Run::IN_FLIGHT_MAX);
    let full = history.run().records().len();
    history.apply(Command::DeliverAll).expect("they arrive");
    for number in [full + 1, full + 300] {
        history.seek(RecordId(number)).expect("a record");
        assert_eq!(history.run().records().len(), number + 1);
    }
}

/// The commands, one per line.
fn lines(lab: &Run) -> Vec<String> {
    lab.commands().iter().map(Command::to_string).collect()
}

/// Seeking elsewhere meanwhile does not change the command.
#[test]
fn a_goal_stays_one_command_as_typed() {
    let source = "run 100ms\nrun until committed 1\ncrash S1\nrun until 1 leaders within 5s";
    let mut history = played(source);
    let typed = lines(history.run());
    assert_eq!(typed, source.lines().collect::<Vec<_>>());
    let end = seen(history.run());
    for number in (0..history.run().records().len()).rev().step_by(3) {
        history.seek(RecordId(number)).expect("a record");
    }
    while history.redo() {
        let so_far = lines(history.run());
        assert_eq!(so_far, typed[..so_far.len()]);
    }
    assert_eq!(seen(history.run()), end);
}

#[test]
fn a_script_with_a_goal_works_with_another_seed() {
    let history = played("run until leader\nrun 1s");
    for seed in 0..50 {
        let mut script = Script::of(history.run());
        script.header.seed = seed;
        let outcome = script.run().expect("sound");
        assert!(outcome.passed(), "seed {seed}: {:?}", outcome.failures);
    }
}

/// In a replay, an unreached goal would fail.
#[test]
fn an_unreached_goal_is_stored_as_elapsed_time() {
    let mut history = played("run 20ms");
    let until = Command::RunUntil {
        goal: Box::new(Condition::Leader),
        within: Millis(30),
    };
    let applied = history.apply(until).expect("time passes");
    assert!(!applied.reached);
    assert_eq!(lines(history.run()), ["run 50ms"]);
}

/// Replaying from the current position gives the same state as from the start.
#[test]
fn a_position_is_the_same_from_wherever_it_is_reached() {
    let mut history = eventful();
    let count = history.run().records().len();
    let places = [0, count - 2, count / 2, count / 2 + 1, count / 3, count - 3];
    let near = (count - 40..count - 1).chain((count - 40..count - 1).rev());
    let around = (140..200).chain((140..200).rev());
    for number in places.into_iter().chain(near).chain(around) {
        history.seek(RecordId(number)).expect("a record");
        let mut fresh = eventful();
        fresh.seek(RecordId(number)).expect("a record");
        assert_eq!(seen(history.run()), seen(fresh.run()), "record {number}");
        assert_eq!(lines(history.run()), lines(fresh.run()), "record {number}");
    }
}

/// Several events at one time are replayed by single steps.
#[test]
fn a_position_before_a_goal_is_stored_as_time_and_steps() {
    let mut history =
        played("cluster 3\noption latency 10..10ms\ncrash S2\ntimeout S1\nrun until leader\nheal");
    let records = history.run().records().len();
    history.seek(RecordId(records - 4)).expect("a record");
    let so_far = lines(history.run());
    assert_eq!(so_far, ["crash S2", "timeout S1", "run 9ms", "step"]);
    history.seek_time(Millis(4));
    assert_eq!(lines(history.run()), ["crash S2", "timeout S1", "run 4ms"]);
    history.apply(Command::Heal).expect("a branch");
    assert_eq!(lines(history.run()).len(), 4);
}

#[test]
fn seeking_a_time_includes_all_events_up_to_it() {
    let mut history = history();
    run(&mut history, 1_000);
    let whole = seen(history.run());
    history.seek_time(Millis(333));
    assert_eq!(history.run().now(), Millis(333));
    let last = history.run().records().last().expect("a record").at;
    assert!(last <= Millis(333));
    let mut straight = Run::new(Header::default()).expect("sound");
    straight.apply(Command::Run(Millis(333))).expect("time");
    assert_eq!(seen(&straight), seen(history.run()));
    history.seek_time(Millis(9_999));
    assert_eq!(seen(history.run()), whole);
}

#[test]
fn commands_can_be_undone_and_redone() {
    let mut history = history();
    run(&mut history, 300);
    run(&mut history, 300);
    history.apply(Command::Crash(server(1))).expect("up");
    history.apply(Command::Crash(server(2))).expect("up");
    let end = seen(history.run());
    assert!(history.undo() && history.undo());
    assert_eq!(history.run().now(), Millis(600));
    assert!(history.run().servers().all(hustings_lab::Server::is_up));
    assert!(history.undo());
    assert_eq!(history.run().now(), Millis::ZERO);
    assert!(!history.undo());
    assert!(history.redo() && history.redo() && history.redo());
    assert!(!history.redo());
    assert_eq!(seen(history.run()), end);
}

#[test]
fn a_command_in_the_past_forks_a_branch_and_keeps_the_old_one() {
    let mut history = history();
    run(&mut history, 2_000);
    let future = seen(history.run());
    history.seek_time(Millis(400));
    let at = RunPosition::of(history.run());
    history
        .apply(Command::Isolate(server(1)))
        .expect("a server");
    run(&mut history, 100);
    assert_eq!((history.branches().len(), history.current()), (2, 1));
    let parted = history.branches()[1].fork().expect("it parts");
    assert_eq!((parted.from, parted.at), (0, at));
    assert_eq!(name_of(&history, 1, Lang::En), "branch 2");
    assert_eq!(name_of(&history, 1, Lang::Zh), "分支 2");
    history.switch(0).expect("the first");
    assert_eq!(seen(history.run()), future);
    run(&mut history, 10);
    assert_eq!(history.branches().len(), 2);
    assert_eq!(history.switch(7), Err(HistoryError::NoBranch(7)));
}

#[test]
fn a_refused_command_forks_no_branch() {
    let mut history = history();
    run(&mut history, 500);
    history.seek_time(Millis(100));
    let before = seen(history.run());
    assert!(history.apply(Command::Restart(server(1))).is_err());
    assert_eq!(seen(history.run()), before);
    assert_eq!(history.branches().len(), 1);
    assert!(!history.is_at_tip());
}

#[test]
fn branch_names_are_unique() {
    let mut history = history();
    run(&mut history, 100);
    history.undo();
    history.apply(Command::Heal).expect("nothing to heal");
    let mut rename = |branch, name: &str| history.rename(branch, narrate::branch_name(name));
    rename(0, " The first ").expect("a name");
    for bad in ["", "  ", "The first", &"x".repeat(61)] {
        assert_eq!(rename(1, bad), Err(HistoryError::BadName), "{bad}");
    }
    // The other branch has this name in Chinese.
    assert_eq!(rename(0, "分支 2"), Err(HistoryError::BadName));
    assert_eq!(rename(2, "x"), Err(HistoryError::NoBranch(2)));
    assert_eq!(name_of(&history, 0, Lang::En), "The first");
}

#[test]
fn what_a_numbered_branch_is_called_in_any_language_is_its_number() {
    for (text, name) in [
        ("main", BranchName::Number(1)),
        ("主线", BranchName::Number(1)),
        (" branch 12 ", BranchName::Number(12)),
        ("分支 3", BranchName::Number(3)),
        ("branch 02", BranchName::Given("branch 02".to_owned())),
        ("branch 1", BranchName::Given("branch 1".to_owned())),
        (" try 2 ", BranchName::Given("try 2".to_owned())),
    ] {
        assert_eq!(narrate::branch_name(text), name, "{text}");
    }
}

#[test]
fn branches_are_compared_by_their_fork_and_their_differences() {
    let mut history = history();
    history.apply(Command::Run(Millis(1_000))).expect("time");
    history.seek_time(Millis(600));
    let at = RunPosition::of(history.run());
    history.apply(Command::Crash(server(2))).expect("up");
    let comparison = history.compare(0, 1).expect("two branches");
    assert_eq!(comparison.common, at.records);
    assert!(comparison.forked_at <= at.time);
    let told: Vec<_> = comparison
        .servers
        .iter()
        .map(|(id, one, other)| format!("{id}{one} /{other}"))
        .collect();
    assert!(
        told.iter()
            .any(|line| line.starts_with("S2") && line.contains(" down")),
        "{told:?}"
    );
    let same = history.compare(1, 1).expect("one branch");
    assert!(same.servers.is_empty());
}

#[test]
fn the_causes_of_a_vote_lead_back_to_the_timeout() {
    let mut history = history();
    history
        .apply(Command::Timeout {
            server: server(1),
            timer: None,
        })
        .expect("a timer");
    history.apply(Command::DeliverAll).expect("messages");
    let lab = history.run();
    let vote = lab.records().iter().rev().find(|(_, record)| {
        matches!(&record.event, Event::Delivered(flight)
            if flight.message.is_positive() == Some(true))
    });
    let (id, _) = vote.expect("a vote or an acknowledgement");
    let chain: Vec<_> = lab
        .causes(id)
        .map(|(_, record)| record.event.clone())
        .collect();
    assert!(chain.len() >= 3, "{chain:?}");
    assert!(matches!(chain.last(), Some(Event::Started(_))), "{chain:?}");
    assert!(
        chain
            .iter()
            .any(|event| matches!(event, Event::TimerFired { .. }))
    );
}

#[test]
fn undo_stops_at_a_fork() {
    let mut history = history();
    run(&mut history, 1_000);
    history.seek_time(Millis(400));
    run(&mut history, 100);
    run(&mut history, 100);
    assert_eq!(history.run().now(), Millis(600));
    assert!(history.undo());
    assert_eq!(history.run().now(), Millis(400));
    assert!(history.undo());
    assert_eq!(history.run().now(), Millis(0));
    assert!(!history.undo());
    assert!(history.redo() && history.redo() && !history.redo());
    assert_eq!(history.run().now(), Millis(600));
}

#[test]
fn a_history_can_start_with_a_given_run() {
    let mut lab = (**eventful().run()).clone();
    for _ in 0..2 {
        let mut history = History::new(lab.clone());
        assert_eq!(seen(history.run()), seen(&lab));
        assert!(history.undo());
        assert!(history.redo());
        run(&mut history, 100);
        assert!(history.undo());
        history.seek(RecordId(20)).expect("a record");
        assert_eq!(history.run().records().len(), 21);
        // Merged runs of time may exceed the maximum of one command.
        for _ in 0..3 {
            let quiet = Command::Wait(Command::DURATION_MAX);
            lab.apply(quiet).expect("time passes by hand");
        }
    }
    let again = History::replay(lab.header().clone(), lab.commands().iter().cloned());
    assert_eq!(seen(again.expect("the same").run()), seen(&lab));
}

#[test]
fn replay_errors_are_reported() {
    let commands = [Command::Heal, Command::Restart(server(1))];
    let error = History::replay(Header::default(), commands).expect_err("S1 runs");
    assert_eq!(
        error.to_string(),
        "command 2, `restart S1`, cannot be carried out: S1 is running; crash it first"
    );
    let header = Header {
        cluster: 12,
        ..Header::default()
    };
    assert!(History::replay(header, []).is_err());
}

/// Consecutive runs of time are merged, and may exceed the maximum of one command.
#[test]
fn a_long_quiet_run_can_be_navigated() {
    let mut history = played("cluster 1\ncrash S1\nrun 3600s\nrun 3600s");
    history.seek_time(Millis(5_000_000));
    assert_eq!(history.run().now(), Millis(5_000_000));
    let mut again = History::new((**history.run()).clone());
    assert_eq!(again.run().now(), Millis(5_000_000));
    again.seek_time(Millis(4_000_000));
    assert_eq!(again.run().now(), Millis(4_000_000));
}

#[test]
fn branches_differ_by_the_payloads_of_entries() {
    let mut history = played("cluster 3\ntimeout S1\ndeliver all");
    for command in ["x=1", "x=2"] {
        let propose = Command::Propose {
            server: server(1),
            command: command.into(),
        };
        history.apply(propose).expect("it leads");
        history.apply(Command::DeliverAll).expect("messages");
        assert!(history.undo() && history.undo());
    }
    let comparison = history.compare(0, 1).expect("two branches");
    assert!(comparison.servers.is_empty(), "{comparison:?}");
    let all = [1, 2, 3].map(|number| (server(number), LogIndex(2)));
    assert_eq!(comparison.logs, all);
    assert!(!comparison.ends_alike());
    assert!(history.compare(1, 1).expect("one branch").ends_alike());
}

#[test]
fn a_server_can_be_down_in_one_of_two_compared_branches() {
    let mut history = played("cluster 3\ntimeout S1\ndeliver all\ncrash S1");
    history.undo();
    history.apply(Command::Heal).expect("nothing to heal");
    let told = |first, second| {
        let servers = history.compare(first, second).expect("branches").servers;
        let (_, one, other) = servers.first().expect("S1 differs").clone();
        (one.to_string(), other.to_string())
    };
    let (down, up) = (
        " down commit=0 leader=none".to_owned(),
        " leader commit=1 leader=S1 members=S1,S2,S3 up".to_owned(),
    );
    assert_eq!(told(0, 1), (down.clone(), up.clone()));
    assert_eq!(told(1, 0), (up, down));
}

fn name_of(history: &History, branch: usize, lang: Lang) -> String {
    narrate::branch(history.branches()[branch].name(), lang)
}

/// The branches as "name: parent at time".
fn tree(history: &History) -> Vec<String> {
    let branches = history.branches().iter().enumerate();
    let told = branches.map(|(number, branch)| {
        let parted = branch.fork().map_or_else(String::new, |parted| {
            let parent = name_of(history, parted.from, Lang::En);
            format!("{parent} at {}", parted.at.time)
        });
        format!("{}: {parted}", name_of(history, number, Lang::En))
    });
    told.collect()
}

/// Four branches: 2 and 4 forked from the first, 3 from 2 at an earlier time than the
/// fork of 2.
fn four_branches() -> History {
    let mut history = history();
    run(&mut history, 1_000);
    history.seek_time(Millis(600));
    history.apply(Command::Heal).expect("a command");
    run(&mut history, 500);
    history.seek_time(Millis(300));
    history.apply(Command::Heal).expect("a command");
    history.switch(0).expect("a branch");
    history.seek_time(Millis(100));
    history.apply(Command::Heal).expect("a command");
    let whole = [
        "main: ",
        "branch 2: main at 600ms",
        "branch 3: branch 2 at 300ms",
        "branch 4: main at 100ms",
    ];
    assert_eq!(tree(&history), whole);
    history
}

#[test]
fn branches_can_be_deleted_and_their_children_stay() {
    let mut history = four_branches();
    let kept = seen(history.branches()[2].tip());
    history.delete(1).expect("a branch");
    let left = [
        "main: ",
        "branch 3: main at 300ms",
        "branch 4: main at 100ms",
    ];
    assert_eq!(tree(&history), left);
    assert_eq!(history.current(), 2);
    assert_eq!(seen(history.branches()[1].tip()), kept);
    history.switch(1).expect("a branch");
    history.seek_time(Millis(200));
    assert_eq!(history.run().now(), Millis(200));
    assert_eq!(history.delete(1), Err(HistoryError::InUse));
    assert_eq!(history.delete(3), Err(HistoryError::NoBranch(3)));
}

#[test]
fn the_first_branch_can_be_deleted_and_its_oldest_child_takes_its_place() {
    let mut history = four_branches();
    history.delete(0).expect("a branch");
    let left = [
        "branch 2: ",
        "branch 3: branch 2 at 300ms",
        "branch 4: branch 2 at 100ms",
    ];
    assert_eq!(tree(&history), left);
    assert_eq!(history.current(), 2);
}

#[test]
fn a_deleted_branch_makes_room_for_another() {
    let mut history = history();
    run(&mut history, 100);
    let part = |history: &mut History| {
        history.switch(0).expect("the first");
        history.seek_time(Millis(50));
        history.apply(Command::Heal)
    };
    for _ in 1..History::BRANCHES_MAX {
        part(&mut history).expect("room");
    }
    assert_eq!(part(&mut history), Err(HistoryError::TooManyBranches));
    history.delete(1).expect("another branch");
    part(&mut history).expect("room");
}

/// The same history, from the scripts of its branches.
fn stored_and_restored(history: &History) -> History {
    let start = Run::new(history.run().header().clone()).expect("a sound header");
    let mut restored = History::new(start);
    for (number, branch) in history.branches().iter().enumerate() {
        let (script, shared) = branch.script();
        let script = Script::parse(&script.to_string()).expect("a script");
        match branch.fork() {
            Some(fork) => restored.fork(branch.name().clone(), fork),
            None => restored.rename(number, branch.name().clone()),
        }
        .expect("a branch");
        for step in script.steps.into_iter().skip(shared) {
            let Line::Command(command) = step.line else {
                panic!("{} is no command", step.line);
            };
            restored.apply(command).expect("it was executed before");
        }
    }
    restored.switch(history.current()).expect("it is there");
    restored.go_to(RunPosition::of(history.run()));
    restored
}

#[test]
fn a_history_is_restored_from_the_scripts_of_its_branches() {
    let mut forks = eventful();
    for (time, crashes) in [(350, 2), (1_234, 4), (2_600, 5)] {
        forks.seek_time(Millis(time));
        run(&mut forks, 500);
        forks
            .apply(Command::Crash(server(crashes)))
            .expect("it is up");
        run(&mut forks, 3_000);
        run(&mut forks, 100);
    }
    forks.seek_time(Millis(1_500));
    for history in [forks, four_branches()] {
        let restored = stored_and_restored(&history);
        assert_eq!(tree(&restored), tree(&history));
        assert_eq!(seen(restored.run()), seen(history.run()));
        assert_eq!(restored.run().commands(), history.run().commands());
        for (one, other) in history.branches().iter().zip(restored.branches()) {
            assert_eq!(one.fork(), other.fork());
            assert_eq!(one.tip().commands(), other.tip().commands());
            assert!(one.tip().records().iter().eq(other.tip().records().iter()));
        }
    }
}

#[test]
fn no_branch_begins_where_there_is_nothing() {
    let mut history = four_branches();
    let before = tree(&history);
    let at = RunPosition::of(history.run());
    let here = ForkPoint {
        from: history.current(),
        at,
    };
    let nowhere = RunPosition {
        records: at.records + 1,
        ..at
    };
    for (name, fork) in [
        (BranchName::Number(9), ForkPoint { from: 9, ..here }),
        (
            BranchName::Number(9),
            ForkPoint {
                at: nowhere,
                ..here
            },
        ),
        (BranchName::Number(1), here),
    ] {
        assert!(history.fork(name, fork).is_err());
        assert_eq!(tree(&history), before);
        assert_eq!(RunPosition::of(history.run()), at);
    }
}
