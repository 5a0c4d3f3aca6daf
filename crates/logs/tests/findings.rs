//! The rules that the account finds broken, each beside a course of events that looks like it
//! and breaks none. All is in the form that anybody can print (`docs/logs.md`).

use hustings_lab::narrate::Lang;
use hustings_logs::shown::SectionKind;
use hustings_logs::{Given, Reader, Story, Text};

/// What is found broken in these files: the sentences.
fn findings(files: &[&str]) -> Vec<String> {
    let texts = files.iter().enumerate().map(|(number, file)| {
        let lines = file.lines().map(|line| format!("{}\n", line.trim()));
        let bytes = lines.collect::<String>().into_bytes();
        Text::new(&format!("{number}.log"), bytes).expect("a text")
    });
    let story = Story::of(Reader::new(texts.collect()).finish(), &Given::default());
    assert!(!story.events.is_empty(), "the lines are read");
    let shown = story.shown(Lang::En);
    let mut parts = shown.account.iter();
    let found = parts.find(|it| it.kind == SectionKind::Findings);
    let sentences = found.map_or(&[][..], |it| &it.sentences);
    sentences.iter().map(|it| it.says.to_string()).collect()
}

fn assert_found(files: &[&str], says: &str) {
    let found = findings(files);
    assert!(matches!(&found[..], [it] if it.contains(says)), "{found:?}");
}

fn assert_none(files: &[&str]) {
    let found = findings(files);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn two_leaders_in_a_term() {
    let one = r#"{"t":1000,"node":"n1","term":2,"role":"leader"}"#;
    let other = r#"{"t":1500,"node":"n2","term":2,"role":"leader"}"#;
    assert_found(&[one, other], "n1 and n2 both led term 2");

    let newer = r#"{"t":1500,"node":"n2","term":3,"role":"leader"}"#;
    assert_none(&[one, newer]);
    // A leader that says so again after a gap.
    let again = r#"{"t":9000,"node":"n1","term":2,"role":"leader"}"#;
    assert_none(&[one, again]);
}

#[test]
fn one_leader_under_two_names() {
    let by_address = "2026-03-01T12:00:00.000Z [INFO]  raft: entering leader state: \
                      leader=\"Node at 10.1.0.1:7000 [Leader]\"";
    let by_id = "2026-03-01T12:00:01.000Z [INFO]  raft: voting for self: term=3 id=n1
                 2026-03-01T12:00:01.500Z [INFO]  raft: entering leader state: \
                 leader=\"Node at 10.1.0.1:7000 [Leader]\"";
    assert_none(&[by_address, by_id]);
}

#[test]
fn two_votes_in_a_term() {
    let voter = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2}
        {"t":1100,"node":"n1","event":"vote","candidate":"n3","voteGranted":true,"term":2}"#;
    assert_found(&[voter], "n1 gave its vote in term 2 to n2 and to n3");

    let stands_first = r#"{"t":1000,"node":"n1","term":2,"role":"candidate"}
        {"t":1100,"node":"n1","event":"vote","candidate":"n3","voteGranted":true,"term":2}"#;
    assert_found(
        &[stands_first],
        "n1 gave its vote in term 2 to n1 and to n3",
    );

    // The same vote again, as its answer was lost.
    let twice = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2}
        {"t":1100,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2}"#;
    assert_none(&[twice]);
    let next_term = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2}
        {"t":1100,"node":"n1","event":"vote","candidate":"n3","voteGranted":true,"term":3}"#;
    assert_none(&[next_term]);
    let pre_votes = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2,"preVote":true}
        {"t":1100,"node":"n1","event":"vote","candidate":"n3","voteGranted":true,"term":2,"preVote":true}"#;
    assert_none(&[pre_votes]);
}

/// It said its vote before it was on its disk, crashed, and had not given it.
#[test]
fn a_vote_before_a_crash_counts_if_somebody_has_it() {
    let voter = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":2}
        {"t":5000,"node":"n1","event":"start","term":1,"votedFor":null}
        {"t":6000,"node":"n1","event":"vote","candidate":"n3","voteGranted":true,"term":2}"#;
    assert_none(&[voter]);

    let candidate = r#"{"t":900,"node":"n2","term":2,"role":"candidate"}
        {"t":1010,"node":"n2","event":"vote_reply","from":"n1","voteGranted":true,"term":2}"#;
    let found = findings(&[voter, candidate]);
    let says = "n1 gave its vote in term 2 to n2 and to n3";
    assert!(found.iter().any(|it| it.contains(says)), "{found:?}");
}

#[test]
fn a_term_that_fell() {
    let falls = r#"{"t":1000,"node":"n1","term":5,"role":"follower"}
        {"t":1100,"node":"n1","term":4,"role":"candidate"}"#;
    assert_found(&[falls], "n1's term fell from 5 to 4");

    // It stood, and crashed before the new term was on its disk and anybody heard of it.
    let crashes = r#"{"t":1000,"node":"n1","term":4,"role":"follower"}
        {"t":1100,"node":"n1","term":5,"role":"candidate"}
        {"t":5000,"node":"n1","event":"start","term":4}"#;
    assert_none(&[crashes]);
    let heard =
        r#"{"t":1110,"node":"n2","event":"vote","candidate":"n1","voteGranted":true,"term":5}"#;
    assert_found(&[crashes, heard], "n1's term fell from 5 to 4");

    // A request of an older term that comes late, and a gap in the log.
    let late = r#"{"t":1000,"node":"n1","term":5,"role":"follower"}
        {"t":1100,"node":"n1","event":"vote","candidate":"n2","voteGranted":false,"reason":"term","term":5,"messageTerm":4}
        {"t":90000,"node":"n1","term":9,"role":"follower"}"#;
    assert_none(&[late]);
}

#[test]
fn a_file_in_the_wrong_order_proves_nothing() {
    let newer_first = r#"{"ts":"2026-03-01T12:10:00.000Z","node":"n1","term":5,"role":"leader","lastLogTerm":5,"lastLogIndex":9}
        {"ts":"2026-03-01T12:10:01.000Z","node":"n1","event":"state","term":5,"role":"leader","lastLogTerm":5,"lastLogIndex":9}
        {"ts":"2026-03-01T12:00:00.000Z","node":"n1","term":4,"role":"follower"}
        {"ts":"2026-03-01T12:00:01.000Z","node":"n1","term":4,"role":"candidate"}"#;
    assert_none(&[newer_first]);
}

#[test]
fn a_clock_that_is_set_back_breaks_no_rule() {
    let set_back = r#"{"ts":"2026-03-01T12:10:00.000Z","node":"n1","term":4,"role":"candidate"}
        {"ts":"2026-03-01T11:10:01.000Z","node":"n1","term":5,"role":"candidate"}
        {"ts":"2026-03-01T11:10:02.000Z","node":"n1","term":5,"role":"leader"}"#;
    assert_none(&[set_back]);
}

#[test]
fn a_vote_for_an_older_log() {
    let vote = |own: u32, theirs: u32| {
        format!(
            r#"{{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":5,"lastLogTerm":3,"lastLogIndex":{own},"candidateLastLogTerm":3,"candidateLastLogIndex":{theirs}}}"#
        )
    };
    assert_found(
        &[&vote(7, 6)],
        "n1 gave its vote to n2, whose log is behind",
    );
    assert_none(&[&vote(7, 7)]);
    assert_none(&[&vote(7, 8)]);
    // A newer last term counts more than a longer log (Raft paper, 5.4.1).
    let newer = r#"{"t":1000,"node":"n1","event":"vote","candidate":"n2","voteGranted":true,"term":5,"lastLogTerm":3,"lastLogIndex":9,"candidateLastLogTerm":4,"candidateLastLogIndex":2}"#;
    assert_none(&[newer]);
}

#[test]
fn what_was_committed_is_lost() {
    let restarts_with = |index: u32| {
        format!(
            r#"{{"t":1000,"node":"n1","event":"start","term":3,"lastLogTerm":3,"lastLogIndex":9,"commitIndex":8}}
            {{"t":5000,"node":"n1","event":"start","term":3,"lastLogTerm":3,"lastLogIndex":{index}}}"#
        )
    };
    assert_found(&[&restarts_with(7)], "n1 had committed up to index 8");
    // What was not committed may be lost.
    assert_none(&[&restarts_with(8)]);
}

#[test]
fn a_leaders_log_that_shrank() {
    let leads = |term: u32, index: u32| {
        format!(
            r#"{{"t":1000,"node":"n1","event":"state","term":3,"role":"leader","lastLogTerm":3,"lastLogIndex":9}}
            {{"t":2000,"node":"n1","event":"state","term":{term},"role":"leader","lastLogTerm":3,"lastLogIndex":{index}}}"#
        )
    };
    assert_found(&[&leads(3, 8)], "n1's log became shorter while it led");
    assert_none(&[&leads(3, 9)]);
    // It lost the end of its log between two times of leading.
    assert_none(&[&leads(5, 8)]);
}
