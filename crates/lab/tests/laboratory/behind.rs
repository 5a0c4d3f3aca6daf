//! What lies behind a record: the vote that was given before, and what was done to the
//! cluster.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;
use hustings_lab::{Record, RecordId, Run};

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

/// What was done behind the last record of which the sentence says this.
fn fault_behind(script: &str, told: &str) -> Option<String> {
    let lab = play(script);
    let is = |record: &Record| narrate::event(&record.event, Lang::En).contains(told);
    let mut records = lab.records().iter();
    let (last, _) = records
        .rfind(|(_, record)| is(record))
        .expect("such a record");
    let fault = lab.records().get(lab.fault_behind(last)?)?;
    Some(narrate::event(&fault.event, Lang::En))
}

#[test]
fn behind_a_loss_is_the_cut_or_the_crash_by_which_it_is_lost() {
    let cut = "cluster 3 / timeout S1 / deliver all / cut S1-S2 / run 200ms";
    let told = fault_behind(cut, "from S1 to S2 is lost").expect("a fault");
    assert!(told.contains("cut"), "{told}");
    let down = "cluster 3 / timeout S1 / deliver all / crash S2 / run 200ms";
    let told = fault_behind(down, "from S1 to S2 is lost").expect("a fault");
    assert!(told.starts_with("S2 crashes"), "{told}");
}

#[test]
fn behind_an_election_timer_that_runs_out_is_why_its_leader_is_not_heard() {
    let elect = "cluster 3 / timeout S1 / deliver all / run 200ms";
    for (fault, starts) in [("crash S1", "S1 crashes"), ("isolate S1", "")] {
        let script = format!("{elect} / {fault} / run until term 2 within 2s");
        let told = fault_behind(&script, "election timer").expect("a fault");
        assert!(told.starts_with(starts), "{told}");
    }
    // Another server's crash does not matter.
    let other = "cluster 3 / timeout S1 / deliver all / crash S3 / timeout S2";
    assert_eq!(fault_behind(other, "election timer"), None);
}

#[test]
fn behind_the_first_message_over_a_mended_link_is_the_mending() {
    let script = "cluster 3 / timeout S1 / deliver all / isolate S3 / run 100ms / heal";
    let first = format!("{script} / run until delivered AppendEntries S1->S3 within 1s");
    assert!(fault_behind(&first, "AppendEntries from S1 to S3 arrives").is_some());
    let later = format!("{script} / run 500ms");
    assert_eq!(
        fault_behind(&later, "AppendEntries from S1 to S3 arrives"),
        None
    );
}
