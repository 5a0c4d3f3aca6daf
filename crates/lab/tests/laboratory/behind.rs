//! What lies behind a refused vote: the vote that was given before.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;
use hustings_lab::{RecordId, Run};

/// Plays a script whose lines stand between slashes.
fn play(script: &str) -> Run {
    let script = Script::parse(&script.replace(" / ", "\n")).expect("a script");
    script.run().expect("a sound header").run
}

/// What is told of the record behind the last one.
fn told_behind(script: &str) -> Option<String> {
    let lab = play(script);
    let last = RecordId(lab.records().len() - 1);
    let vote = lab.records().get(lab.vote_behind(last)?)?;
    Some(narrate::headline(vote, Lang::En))
}

#[track_caller]
fn assert_behind(script: &str, start: &str) {
    let told = told_behind(script).expect("a record");
    assert!(told.starts_with(start), "{told}");
}

#[test]
fn behind_a_refused_vote_is_the_vote_that_was_given() {
    let voted = "cluster 4 / timeout S1 / timeout S4 / deliver S4->S3 / deliver S4->S2";
    assert_behind(
        &format!("{voted} / deliver S1->S3"),
        "S3 votes for S4 in term 1",
    );
    // What happens in between does not matter, and neither does a restart.
    assert_behind(
        &format!("{voted} / deliver S3->S4 / crash S3 / restart S3 / deliver S1->S3"),
        "S3 votes for S4 in term 1",
    );
}

#[test]
fn behind_the_refusal_of_a_candidate_is_its_own_election() {
    assert_behind(
        "cluster 4 / timeout S1 / timeout S4 / deliver S1->S4",
        "S4's election timer has run out: it starts an election in term 1",
    );
}

/// The vote of the new term is for the same server, and only the term changes.
#[test]
fn the_vote_is_that_of_the_term_and_not_one_for_the_same_server_before() {
    assert_behind(
        "cluster 3 / timeout S1 / deliver S1->S2 / drop all / timeout S1 / deliver S1->S2 / \
         timeout S3 / timeout S3 / deliver S3->S2 nth=2",
        "S2 votes for S1 in term 2",
    );
}

#[test]
fn behind_a_vote_that_a_server_started_with_is_its_start() {
    assert_behind(
        "cluster 3 / state S2 term=1 voted-for=S3 / state S1 term=0 / timeout S1 / deliver S1->S2",
        "S2 starts",
    );
}

#[test]
fn nothing_lies_behind_other_refusals_and_granted_votes() {
    for script in [
        "cluster 3 / state S2 term=1 log=1 / timeout S1 / timeout S1 / deliver S1->S2 nth=2",
        "cluster 3 / timeout S1 / deliver S1->S2",
    ] {
        assert_eq!(told_behind(script), None, "{script}");
    }
}
