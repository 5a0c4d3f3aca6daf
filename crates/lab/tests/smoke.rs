//! A first look at a cluster that runs by itself.
use hustings_lab::{Command, Goal, Header, Lab};
use hustings_raft::Millis;

#[test]
fn five_servers_elect_a_leader_by_themselves() {
    let mut lab = Lab::new(Header::default()).expect("the default header is valid");
    let applied = lab
        .apply(Command::RunUntil {
            goal: Goal::Leader,
            within: Millis(5_000),
        })
        .expect("valid");
    assert!(applied.reached);
    lab.apply(Command::Run(Millis(1000))).expect("ok");
}
