//! Running until a goal is reached, and the goals of an assignment.

use hustings_lab::play::Fault;
use hustings_lab::{Command, Condition, RecordId, Run};
use hustings_raft::Millis;

use super::{failures, passes, run};

#[test]
fn a_goal_that_can_never_be_reached_is_refused() {
    let told = failures("cluster 3\nrun until S2 is pre-candidate");
    assert_eq!(
        told,
        ["2: S2 can never be pre-candidate: this run has no `option pre-vote on`"]
    );
    passes("cluster 3\noption pre-vote on\nrun until S2 is pre-candidate");
    let mut lab = Run::default();
    let within = Millis(1);
    let refused = lab.apply(Command::RunUntil {
        goal: Box::new(Condition::Leaders(6)),
        within,
    });
    assert_eq!(
        refused.map_err(|error| error.to_string()),
        Err("6 leaders can never be: the cluster is S1 S2 S3 S4 S5".to_owned())
    );
}

#[test]
fn an_unreached_goal_reports_the_state_of_the_servers() {
    let source = "cluster 3\ncrash S2\ncrash S3\nrun until leader within 1s\nexpect S1 candidate";
    let outcome = run(source);
    assert!(matches!(outcome.failures[0].fault, Fault::NotReached(_)));
    assert_eq!(outcome.failures.len(), 1, "the run goes on");
    assert_eq!(outcome.run.now(), Millis(1_000));
    let message = outcome.failures[0].to_string();
    assert!(
        message.starts_with(
            "waited for a leader of the latest term within 1s, but found S1 candidate term="
        ),
        "{message}"
    );
    assert!(
        message.ends_with(", S2 down term=0, S3 down term=0"),
        "{message}"
    );
    assert_eq!(
        failures("option latency 100..100ms\ntimeout S1\nrun until quiet within 10ms"),
        [
            "3: waited for all messages and writes to be done within 10ms, \
          but found 4 messages in flight and 0 writes under way"
        ]
    );
}

#[test]
fn run_until_stops_at_deliveries_terms_leaders_and_commits() {
    passes(
        "seed 3
run until delivered RequestVote
run until term 1
run until leader
",
    );
    let outcome = run("timeout S1\nrun until delivered RequestVote S1->S3\nexpect S3 term=1");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    passes("run until leader\npropose S1 \"x\"\nrun until committed 1\n");
    assert_eq!(
        failures("cluster 3\nrun until 2 leaders within 1s"),
        [
            "2: waited for 2 leaders within 1s, but found S1 follower term=1, S2 leader term=1, S3 follower term=1"
        ]
    );
}

#[test]
fn run_until_violation_stops_at_the_next_violation() {
    let script = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ndeliver S1->S2\ntimeout S3\n\
        deliver S3->S2\nexpect violation vote-once\n";
    let outcome = run(&format!(
        "{script}run until violation\nexpect S1 leader\nexpect S3 leader"
    ));
    let [first, second, ..] = outcome.run.violations() else {
        panic!("{:?}", outcome.failures);
    };
    assert_eq!(first.invariant().name(), "vote-once");
    assert!(first.record < second.record);
}

#[test]
fn the_goals_of_an_assignment_are_met_when_all_of_them_hold_at_one_moment() {
    let source = "cluster 3\ngoal term 2\ngoal S1 leader\ntimeout S1\ndeliver all\n";
    assert_eq!(
        failures(source),
        [
            "2: the goal is not met: wanted a server in term 2, but found S1 leader term=1, S2 follower term=1, S3 follower term=1"
        ]
    );
    let later = format!("{source}timeout S2\n");
    let told = failures(&later);
    assert_eq!(
        told,
        failures(&later),
        "S1 leads no more once term 2 is heard of"
    );
    let both = format!("{source}isolate S1\ntimeout S2\n");
    let outcome = run(&both);
    assert!(outcome.passed());
    let met = outcome.run.goals_met();
    assert_eq!(met, Some(RecordId(outcome.run.records().len() - 1)));
    // Once met, it stays so.
    let outcome = run(&format!("{both}crash S1\n"));
    assert!(outcome.passed());
    assert_eq!(outcome.run.goals_met(), met);
}

#[test]
fn a_goal_that_does_not_fit_the_cluster_is_an_error_of_its_line() {
    for (source, expected) in [
        ("cluster 3\ngoal S4 leader", "2:6: "),
        ("cluster 3\ngoal 4 leaders", "2:6: "),
        ("cluster 3\ngoal", "2:"),
        ("cluster 3\ngoal leader\ngoal leader", "3:6: "),
        (
            "goal term 1\ngoal term 2\ngoal term 3\ngoal term 4\ngoal term 5\ngoal term 6",
            "6:6: ",
        ),
    ] {
        let errors = hustings_lab::script::Script::parse(source).expect_err(source);
        let told = format!("{}: {}", errors[0].at, errors[0]);
        assert!(told.starts_with(expected), "{told}");
    }
}
