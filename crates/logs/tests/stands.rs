//! Whether a member that stands for election asks for votes or for pre-votes, where its lines
//! do not say so.

use hustings_logs::account::Account;
use hustings_logs::{Given, Observation, Reader, Role, Story, Text};

/// The roles and terms that the members took, as these lines of HashiCorp's raft tell.
fn roles(lines: &str) -> Vec<(Role, Option<u64>)> {
    let dated = lines.lines().enumerate().map(|(second, line)| {
        format!(
            "2026-02-03T04:05:{second:02}.000Z [INFO]  raft: {}\n",
            line.trim()
        )
    });
    let text = Text::new("n1.log", dated.collect::<String>().into()).expect("a text");
    let story = Story::of(Reader::new(vec![text]).finish(), &Given::default());
    let roles = story.events.iter().filter_map(|it| match it.what {
        Observation::Became { role, term, .. } => Some((role, term)),
        _ => None,
    });
    roles.collect()
}

#[test]
fn without_pre_votes_a_candidate_asks_for_votes() {
    let lines = "entering candidate state: term=5
                 Election timeout reached, restarting election
                 entering candidate state: term=6
                 election won: tally=2
                 entering leader state: leader=";
    let candidate = |term| (Role::Candidate, Some(term));
    let leads = (Role::Leader, None);
    assert_eq!(roles(lines), [candidate(5), candidate(6), leads]);
}

#[test]
fn with_pre_votes_it_asks_for_them_first() {
    let lines = "entering candidate state: term=5
                 pre-vote campaign failed, waiting for election timeout: term=4 tally=1 refused=2
                 Election timeout reached, restarting election
                 entering candidate state: term=5
                 pre-vote successful, starting election: term=5 tally=2 refused=0
                 election won: term=5 tally=2";
    assert_eq!(
        roles(lines),
        [
            (Role::PreCandidate, Some(4)),
            (Role::PreCandidate, Some(4)),
            (Role::Candidate, Some(5)),
            (Role::Leader, Some(5)),
        ]
    );
}

#[test]
fn who_stands_twice_at_the_same_term_asks_for_pre_votes() {
    let lines = "entering candidate state: term=5
                 Election timeout reached, restarting election
                 entering candidate state: term=5";
    let asks = (Role::PreCandidate, Some(4));
    assert_eq!(roles(lines), [asks, asks]);
}

#[test]
fn a_role_that_a_line_tells_is_not_added() {
    let lines = "entering candidate state: term=5
                 voting for self: term=5 id=n1";
    assert_eq!(roles(lines), [(Role::Candidate, Some(5))]);
    let lines = "entering candidate state: term=5
                 pre-voting for self: term=5 id=n1
                 pre-vote successful, starting election: term=5 tally=2
                 voting for self: term=5 id=n1";
    let asks = (Role::PreCandidate, Some(4));
    assert_eq!(roles(lines), [asks, (Role::Candidate, Some(5))]);
}

/// A captured log without the lines that only a debugger's level has.
fn at_usual_level(name: &str, log: &str) -> Text {
    let lines = log.lines().filter(|it| !it.contains("[DEBUG]"));
    let lines: Vec<_> = lines.collect();
    Text::new(name, lines.join("\n").into()).expect("a text")
}

#[test]
fn terms_of_leaders_come_out_of_logs_at_the_usual_level() {
    let texts = [
        (
            "n1.log",
            include_str!("../../../samples/logs/hashicorp-raft-1.1/n1.log"),
        ),
        (
            "n2.log",
            include_str!("../../../samples/logs/hashicorp-raft-1.1/n2.log"),
        ),
        (
            "n3.log",
            include_str!("../../../samples/logs/hashicorp-raft-1.1/n3.log"),
        ),
    ];
    let texts = texts.map(|(name, log)| at_usual_level(name, log));
    let story = Story::of(Reader::new(texts.into()).finish(), &Given::default());
    let account = Account::of(&story);
    let led = account.reigns.iter().map(|it| {
        let leader = story.members.name(it.leader);
        (leader, it.term.expect("a term is told"))
    });
    // As `story.md` beside the logs has it.
    let truth = [
        ("n2", 2),
        ("n1", 4),
        ("n3", 6),
        ("n2", 8),
        ("n2", 14),
        ("n1", 15),
    ];
    assert_eq!(led.collect::<Vec<_>>(), truth);
}
