//! Running until a goal is reached.

use hustings_lab::play::Fault;
use hustings_lab::{Command, Condition, Run};
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
