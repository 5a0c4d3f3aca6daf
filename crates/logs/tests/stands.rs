//! Whether a member that stands for election asks for votes or for pre-votes, where its lines
//! do not say so.

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
