//! Whole clusters under faults: elections, and what survives.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;
use hustings_lab::{Command, Condition, Header, Link, Path, Percent, Run};
use hustings_raft::{LogIndex, Millis, MillisRange, NodeId, NodeSet, Options, RoleName, Term};

fn id(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

fn set(numbers: &[u8]) -> NodeSet {
    numbers.iter().copied().map(id).collect()
}

fn lab(header: Header) -> Run {
    Run::new(header).expect("a valid header")
}

fn run(lab: &mut Run, command: Command) {
    lab.apply(command).expect("a valid command");
}

fn until_leader(lab: &mut Run) -> NodeId {
    let goal = Box::new(Condition::Leader);
    let within = Millis(10_000);
    let applied = lab
        .apply(Command::RunUntil { goal, within })
        .expect("a valid command");
    assert!(applied.reached, "no leader within {within}");
    leaders(lab).pop().expect("a leader")
}

/// The leaders, in order of their terms.
fn leaders(lab: &Run) -> Vec<NodeId> {
    let mut leaders: Vec<_> = lab
        .servers()
        .filter(|server| server.role() == Some(RoleName::Leader))
        .map(|server| (server.term(), server.id()))
        .collect();
    leaders.sort_unstable();
    leaders.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn clusters_of_every_size_elect_one_leader_with_many_seeds() {
    for cluster in 1..=NodeId::MAX {
        for seed in 0..20 {
            let mut lab = lab(Header {
                cluster,
                seed,
                ..Header::default()
            });
            until_leader(&mut lab);
            run(&mut lab, Command::Run(Millis(1_000)));
            assert_eq!(leaders(&lab).len(), 1, "{cluster} servers, seed {seed}");
        }
    }
}

#[test]
fn a_crashed_leader_is_replaced_in_a_higher_term_and_restarts_as_a_follower() {
    let mut lab = lab(Header::default());
    let old = until_leader(&mut lab);
    let term = lab.server(old).expect("there").term();
    run(&mut lab, Command::Crash(old));
    let new = until_leader(&mut lab);
    assert!(new != old && lab.server(new).expect("there").term() > term);
    run(&mut lab, Command::Restart(old));
    run(&mut lab, Command::Run(Millis(1_000)));
    let old = lab.server(old).expect("there");
    assert_eq!(
        (old.role(), old.leader()),
        (Some(RoleName::Follower), Some(new))
    );
}

#[test]
fn a_leader_in_a_minority_partition_keeps_leading_but_commits_nothing() {
    let mut lab = lab(Header::default());
    let old = until_leader(&mut lab);
    run(&mut lab, Command::Run(Millis(200)));
    let commit = lab.server(old).expect("there").commit();
    let friend = lab.ids().without(old).iter().next().expect("five servers");
    let minority: NodeSet = [old, friend].into_iter().collect();
    run(&mut lab, Command::Partition(vec![minority]));
    let request = Command::Propose {
        server: old,
        command: "lost".into(),
    };
    run(&mut lab, request);
    run(&mut lab, Command::Run(Millis(2_000)));
    let [first, second] = leaders(&lab)[..] else {
        panic!("two leaders: {:?}", leaders(&lab));
    };
    assert_eq!(first, old);
    assert_eq!(lab.server(old).expect("there").commit(), commit);
    let request = Command::Propose {
        server: second,
        command: "kept".into(),
    };
    run(&mut lab, request);
    run(&mut lab, Command::Run(Millis(500)));

    run(&mut lab, Command::Heal);
    run(&mut lab, Command::Run(Millis(1_000)));
    assert_eq!(leaders(&lab), [second]);
    let log = lab.server(second).expect("there").log().clone();
    for server in lab.servers() {
        assert_eq!(server.log(), &log, "{}", server.id());
        assert_eq!(server.commit(), log.last_index(), "{}", server.id());
    }
}

/// Cuts every link to a follower in a cluster of three for two seconds; returns the
/// follower and the leader of that time.
fn deafen_one(options: Options) -> (Run, NodeId, NodeId) {
    let mut lab = lab(Header {
        cluster: 3,
        raft: options,
        ..Header::default()
    });
    let leader = until_leader(&mut lab);
    let deaf = lab
        .ids()
        .without(leader)
        .iter()
        .next()
        .expect("three servers");
    for from in lab.ids().without(deaf).iter() {
        let link = Link { from, to: deaf };
        let both_ways = false;
        run(&mut lab, Command::Cut(Path { link, both_ways }));
    }
    run(&mut lab, Command::Run(Millis(2_000)));
    (lab, leader, deaf)
}

#[test]
fn a_server_that_receives_nothing_raises_its_term_and_deposes_the_leader() {
    let (lab, leader, _) = deafen_one(Options::default());
    assert!(lab.server(leader).expect("there").term() > Term(1));
}

#[test]
fn with_pre_vote_a_server_that_receives_nothing_does_not_depose_the_leader() {
    let (lab, leader, deaf) = deafen_one(Options {
        pre_vote: true,
        ..Options::default()
    });
    assert_eq!(leaders(&lab), [leader]);
    assert_eq!(lab.server(leader).expect("there").term(), Term(1));
    assert_eq!(lab.server(deaf).expect("there").term(), Term(1));
}

#[test]
fn with_check_quorum_an_isolated_leader_steps_down() {
    let raft = Options {
        check_quorum: true,
        ..Options::default()
    };
    let mut lab = lab(Header {
        raft,
        ..Header::default()
    });
    let old = until_leader(&mut lab);
    run(&mut lab, Command::Isolate(old));
    run(&mut lab, Command::Run(Millis(1_000)));
    assert_ne!(leaders(&lab), [old]);
    assert_eq!(leaders(&lab).len(), 1);
}

#[test]
fn leadership_is_transferred_with_every_option() {
    for (pre_vote, check_quorum) in [(false, false), (true, false), (false, true), (true, true)] {
        let raft = Options {
            pre_vote,
            check_quorum,
            ..Options::default()
        };
        for seed in 0..10 {
            let mut lab = lab(Header {
                raft,
                seed,
                ..Header::default()
            });
            let server = until_leader(&mut lab);
            run(&mut lab, Command::Run(Millis(100)));
            let target = lab
                .ids()
                .without(server)
                .iter()
                .next()
                .expect("five servers");
            run(&mut lab, Command::Transfer { server, target });
            run(&mut lab, Command::Run(Millis(120)));
            assert_eq!(leaders(&lab), [target], "{raft:?}, seed {seed}");
        }
    }
}

#[test]
fn logs_converge_under_loss_duplication_and_a_slow_disk() {
    for seed in 0..20 {
        let mut lab = lab(Header {
            seed,
            loss: Percent::new(10).expect("a percentage"),
            duplicate: Percent::new(10).expect("a percentage"),
            disk: MillisRange::between(0, 15),
            ..Header::default()
        });
        for number in 0..20 {
            let server = until_leader(&mut lab);
            let command = format!("x={number}").into();
            run(&mut lab, Command::Propose { server, command });
            run(&mut lab, Command::Run(Millis(60)));
        }
        run(&mut lab, Command::Run(Millis(3_000)));
        let leader = until_leader(&mut lab);
        let commit = lab.server(leader).expect("there").commit();
        assert!(commit >= LogIndex(20), "seed {seed}: {commit}");
        for (one, other) in lab.servers().zip(lab.servers().skip(1)) {
            let common = one.commit().min(other.commit());
            for index in (1..=common.0).map(LogIndex) {
                assert_eq!(one.log().get(index), other.log().get(index), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_crash_loses_exactly_what_is_not_on_disk() {
    let mut lab = lab(Header {
        cluster: 1,
        disk: MillisRange::exactly(100),
        ..Header::default()
    });
    until_leader(&mut lab);
    run(&mut lab, Command::Run(Millis(150)));
    let server = id(1);
    let command = "kept".into();
    run(&mut lab, Command::Propose { server, command });
    run(&mut lab, Command::Run(Millis(150)));
    let command = "lost".into();
    run(&mut lab, Command::Propose { server, command });
    assert_eq!(lab.server(server).expect("there").log().len(), 3);
    run(&mut lab, Command::Crash(server));
    run(&mut lab, Command::Restart(server));
    assert_eq!(lab.server(server).expect("there").log().len(), 2);
}

#[test]
fn a_message_is_lost_only_if_its_link_is_cut_when_it_would_arrive() {
    let path = Path {
        link: Link {
            from: id(1),
            to: id(2),
        },
        both_ways: true,
    };
    let mut lab = lab(Header {
        cluster: 2,
        ..Header::default()
    });
    run(
        &mut lab,
        Command::Timeout {
            server: id(1),
            timer: None,
        },
    );
    run(&mut lab, Command::Cut(path));
    run(&mut lab, Command::Mend(path));
    run(&mut lab, Command::Run(Millis(100)));
    assert_eq!(leaders(&lab), [id(1)]);

    run(
        &mut lab,
        Command::Timeout {
            server: id(2),
            timer: None,
        },
    );
    let term = lab.server(id(1)).expect("there").term();
    run(&mut lab, Command::Cut(path));
    run(&mut lab, Command::Run(Millis(100)));
    assert_eq!(lab.server(id(1)).expect("there").term(), term);
}

#[test]
fn servers_outside_all_groups_form_one_more_group() {
    let mut lab = lab(Header::default());
    run(&mut lab, Command::Partition(vec![set(&[1, 2]), set(&[3])]));
    let whole = |a, b| {
        !lab.is_cut(Link {
            from: id(a),
            to: id(b),
        })
    };
    assert!(whole(1, 2) && whole(4, 5));
    assert!(!whole(1, 3) && !whole(3, 4) && !whole(2, 5));
}

/// The sentence about the last record.
fn told(lab: &Run, lang: Lang) -> String {
    let last = lab.records().last().expect("a record");
    narrate::headline(last, lang)
}

fn cuts(lab: &Run) -> Vec<String> {
    lab.cut_links().map(|link| link.to_string()).collect()
}

/// The laboratory after a script.
fn done(script: &str) -> Run {
    let script = Script::parse(script).expect("a script");
    let outcome = script.run().expect("a sound header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

#[test]
fn a_partition_replaces_the_previous_one() {
    let lab = done("cluster 3\npartition S1 S2 | S3\npartition S1 | S2 S3");
    assert_eq!(cuts(&lab), ["S1->S2", "S1->S3", "S2->S1", "S3->S1"]);
    assert_eq!(
        told(&lab, Lang::En),
        "The network is partitioned into S1 | S2 S3: all links between the groups are cut, and \
         those within each are mended."
    );
    assert_eq!(
        told(&lab, Lang::Zh),
        "网络被划分为 S1 | S2、S3：各组之间的所有链路被切断，各组之内的被修复。"
    );
}

/// The links cut after a partition depend only on its groups.
#[test]
fn a_partition_mends_links_within_its_groups() {
    let alone = done("cluster 4\npartition S1 S2 | S3");
    for before in [
        "cut S1->S2",
        "cut S2-S1",
        "isolate S1",
        "isolate S4\ncut S3->S1",
        "partition S1 | S2 | S3 | S4",
    ] {
        let lab = done(&format!("cluster 4\n{before}\npartition S1 S2 | S3"));
        assert_eq!(cuts(&lab), cuts(&alone), "{before}");
    }
    let after = done("cluster 4\npartition S1 S2 | S3\ncut S1->S2");
    assert_eq!(cuts(&after).len(), cuts(&alone).len() + 1);
}

#[test]
fn a_partition_says_what_it_cuts_and_mends() {
    for (lines, sentence) in [
        (
            "partition S1 | S2 S3",
            "The network is partitioned into S1 | S2 S3: all links between the groups are cut.",
        ),
        (
            "cut S2->S1\npartition S1 | S2 S3",
            "The network is partitioned into S1 | S2 S3: all links between the groups are cut.",
        ),
        (
            "partition S1 | S2 | S3\npartition S1 S2 | S3",
            "The network is partitioned into S1 S2 | S3: the links within each group are mended.",
        ),
        (
            "isolate S3\npartition S1 S2",
            "The network is partitioned into S1 S2 | S3, as it was before.",
        ),
    ] {
        let lab = done(&format!("cluster 3\n{lines}"));
        assert_eq!(told(&lab, Lang::En), sentence);
    }
}

#[test]
fn links_between_two_sides_are_not_listed_one_by_one() {
    for (lines, english, chinese) in [
        (
            "isolate S3",
            "S3 is cut off from S1 S2 S4 S5.",
            "S3 与 S1、S2、S4、S5 隔开。",
        ),
        (
            "cut S3-S1\nisolate S3",
            "S3 is cut off from S2 S4 S5.",
            "S3 与 S2、S4、S5 隔开。",
        ),
        (
            "isolate S3\nheal",
            "All links between S3 and S1 S2 S4 S5 are mended.",
            "S3 与 S1、S2、S4、S5 之间的所有链路被修复。",
        ),
        (
            "partition S1 S2 | S3 S4 S5\nheal",
            "All links between S1 S2 and S3 S4 S5 are mended.",
            "S1、S2 与 S3、S4、S5 之间的所有链路被修复。",
        ),
        (
            "isolate S1\ncut S2->S3\nheal",
            "S1-S2, S1-S3, S1-S4, S1-S5, S2->S3 are mended.",
            "链路 S1-S2、S1-S3、S1-S4、S1-S5、S2->S3 被修复。",
        ),
    ] {
        let lab = done(&format!("cluster 5\n{lines}"));
        assert_eq!(told(&lab, Lang::En), english);
        assert_eq!(told(&lab, Lang::Zh), chinese);
    }
    let nine = done("cluster 9\npartition S1 S2 S3 | S4 S5 S6 | S7 S8 S9\nheal");
    let sentence = told(&nine, Lang::En);
    assert!(
        sentence.ends_with("S2-S5 and 19 more are mended."),
        "{sentence}"
    );
}
