//! What is told of a run: losses, messages that wait for a disk, elections without a
//! winner, and heartbeats.

use std::rc::Rc;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{
    Command, CommandError, ElectionEnd, Missing, Reply, Run, Script, Tally, Told, Transcript,
};
use hustings_lab::{Event, Record, RecordId};
use hustings_raft::{Millis, NodeId, NodeSet};

/// The run of a script whose lines are separated by slashes.
fn played(script: &str) -> Run {
    let lines = script.replace(" / ", "\n");
    let script = Script::parse(&lines).expect("a script");
    let outcome = script.run().expect("sound");
    assert!(!outcome.stopped, "{:?}", outcome.failures);
    outcome.run
}

fn sentences(lab: &Run) -> Vec<String> {
    let transcript = Transcript::of(lab);
    let told = transcript.items();
    told.flat_map(|item| narrate::told(item, lab.records(), Lang::En))
        .collect()
}

fn told(script: &str) -> Vec<String> {
    sentences(&played(script))
}

/// The elections that ended without a winner.
fn failed(script: &str) -> Vec<Tally> {
    let lab = played(script);
    let transcript = Transcript::of(&lab);
    let items = transcript.items();
    let failed = items.filter_map(|item| match &item.told {
        Told::Record {
            failed: Some(tally),
            ..
        } => Some((**tally).clone()),
        _ => None,
    });
    failed.collect()
}

/// The one election of the script that ended without a winner, in words.
fn one_failed(script: &str) -> String {
    let failed = failed(script);
    assert_eq!(failed.len(), 1, "{failed:?}");
    narrate::tally(&failed[0], Lang::En)
}

fn undecided(script: &str) -> Vec<String> {
    let lab = played(script);
    let tallies = Transcript::of(&lab).undecided(&lab);
    tallies
        .iter()
        .map(|tally| narrate::tally(tally, Lang::En))
        .collect()
}

fn s(number: u8) -> NodeId {
    NodeId::new(number).expect("a server")
}

#[track_caller]
fn assert_tells(told: &[String], sentence: &str) {
    assert!(told.iter().any(|it| it == sentence), "{told:#?}");
}

fn count(told: &[String], part: &str) -> usize {
    told.iter().filter(|it| it.contains(part)).count()
}

#[test]
fn a_request_that_is_lost_to_a_cut_is_told() {
    let told = told("cluster 3 / cut S1-S2 / timeout S1 / deliver S1->S2");
    assert_eq!(
        told.last().map(String::as_str),
        Some("RequestVote from S1 to S2 is lost: the link is cut.")
    );
}

#[test]
fn a_request_to_a_server_that_is_down_is_told() {
    let told = told("cluster 3 / crash S2 / timeout S1 / deliver S1->S2");
    assert_tells(&told, "RequestVote from S1 to S2 is lost: S2 is down.");
}

#[test]
fn one_message_to_several_is_lost_in_one_sentence() {
    let told = told("cluster 4 / crash S2 / crash S3 / timeout S1 / deliver all");
    assert_tells(
        &told,
        "RequestVote from S1 to S2 S3 is lost: S2 S3 are down.",
    );
    assert_eq!(count(&told, "is lost"), 1);
}

#[test]
fn of_heartbeats_that_are_lost_to_a_long_cut_the_first_is_told_and_the_rest_summed_up() {
    let lab = played("cluster 3 / timeout S1 / run 300ms / cut S1->S3 / clock S3 10% / run 1400ms");
    let mut records = lab.records().iter().map(|(_, record)| record);
    let is_lost = |record: &&Rc<Record>| matches!(record.event, Event::Lost { .. });
    assert!(records.by_ref().filter(is_lost).count() > 20);
    let told = sentences(&lab);
    assert_eq!(count(&told, "AppendEntries from S1 to S3 is lost"), 1);
    assert!(told.len() < 40, "{told:#?}");
    assert!(count(&told, "more messages from S1 to S3 are lost.") >= 1);
}

#[test]
fn what_is_lost_after_something_arrived_or_the_link_was_cut_anew_is_told_again() {
    let beat = "timeout S1 heartbeat / deliver S1->S2";
    let start = "cluster 2 / option no-op off / timeout S1 / deliver all / deliver all";
    let twice = told(&format!("{start} / cut S1->S2 / {beat} / {beat}"));
    assert_eq!(count(&twice, "AppendEntries from S1 to S2 is lost"), 1);
    assert_tells(&twice, "One more message from S1 to S2 is lost.");
    let anew = format!("{start} / cut S1->S2 / {beat} / mend S1->S2 / cut S1->S2 / {beat}");
    assert_eq!(
        count(&told(&anew), "AppendEntries from S1 to S2 is lost"),
        2
    );
    let got = format!("{start} / cut S1->S2 / {beat} / mend S1->S2 / {beat} / cut S1->S2 / {beat}");
    assert_eq!(count(&told(&got), "AppendEntries from S1 to S2 is lost"), 2);
}

#[test]
fn new_entries_that_are_lost_are_told_though_heartbeats_were_lost_before() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / cut S1-S2 / timeout S1 / deliver all \
         / propose S1 \"x\" / deliver all / timeout S1 / deliver all",
    );
    assert_eq!(count(&told, "AppendEntries from S1 to S2 is lost"), 2);
}

#[test]
fn what_somebody_drops_is_always_told() {
    let told = told(
        "cluster 2 / timeout S1 / deliver all / timeout S1 / drop S1->S2 / timeout S1 / drop S1->S2",
    );
    assert_eq!(count(&told, "is lost: it is dropped by hand."), 2);
}

#[test]
fn a_vote_that_waits_for_the_disk_is_told_when_it_is_given_and_when_it_leaves() {
    let lab = played("cluster 3 / disk S2 50..50ms / timeout S1 / deliver S1->S2 / run 50ms");
    let told = sentences(&lab);
    let given = told
        .iter()
        .find(|it| it.starts_with("S2 votes for S1 in term 1"));
    let given = given.expect("a vote");
    assert!(
        given.ends_with(" It sends its vote to S1 only when its write is done."),
        "{given}"
    );
    assert_tells(&told, "S2's write is done: it now sends its vote to S1.");
    let sent = |event: fn(&Event) -> bool| {
        let mut records = lab.records().iter().map(|(_, record)| record);
        let record =
            records.find(|record| record.event.server() == Some(s(2)) && event(&record.event));
        let record = record.expect("a record");
        (record.sent.len(), record.waiting.len())
    };
    assert_eq!(sent(|event| matches!(event, Event::Delivered(_))), (0, 1));
    assert_eq!(
        sent(|event| matches!(event, Event::WriteDone { .. })),
        (1, 0)
    );
}

#[test]
fn a_write_becomes_durable_by_hand_and_time_stands_still() {
    let lab = played("cluster 3 / disk S2 50..50ms / timeout S1 / deliver S1->S2 / persist S2");
    let told = sentences(&lab);
    assert_tells(&told, "S2's write is done: it now sends its vote to S1.");
    assert_eq!(lab.now(), Millis::ZERO);
    let nothing = lab.refusal(&Command::Persist(s(2)));
    assert_eq!(nothing, Some(CommandError::NothingToPersist(s(2))));
}

#[test]
fn requests_that_wait_for_the_candidates_own_disk_are_told_so() {
    let told = told("cluster 3 / disk S1 50..50ms / timeout S1 / run 50ms");
    let waits = "It sends its requests for votes to S2 S3 only when its write is done.";
    assert!(told.iter().any(|it| it.ends_with(waits)), "{told:#?}");
    assert_tells(
        &told,
        "S1's write is done: it now sends its requests for votes to S2 S3. \
         S1 counts the vote of S1: 1 of the 2 that S1 needs.",
    );
}

#[test]
fn a_crash_tells_what_never_leaves() {
    let told = told("cluster 3 / disk S2 50..50ms / timeout S1 / deliver S1->S2 / crash S2");
    assert_tells(
        &told,
        "S2 crashes and forgets what is not on its disk; a write had not reached it. \
         It never sends its vote to S1. Lost: term 1, as its disk has term 0; its vote for S1.",
    );
}

#[test]
fn a_write_that_lets_nothing_go_is_not_told() {
    let script = "cluster 1 / option no-op off / disk S1 50..50ms / timeout S1 / run 50ms";
    assert_eq!(count(&told(script), "write is done"), 0);
}

#[test]
fn an_election_fails_for_a_cut_a_server_that_is_down_and_a_vote_that_is_given() {
    let told = one_failed(
        "cluster 5 / crash S5 / cut S1-S4 / timeout S3 / deliver S3->S2 / drop all \
         / timeout S1 / deliver all / timeout S1",
    );
    assert_eq!(
        told,
        "S1's election in term 1 fails: it has 1 of the 3 votes that it \
         needs (S1); S2 refused (S2 has voted for S3); S3 refused (S3 has voted \
         for itself); the request did not reach S4 (link cut); the request did not reach S5 (server down)."
    );
}

#[test]
fn an_election_fails_for_a_log_that_is_behind_and_the_winner_of_the_next_tells_its_term() {
    let told = one_failed(
        "cluster 3 / state S1 term=2 log=1,1,2 / state S2 term=2 log=1,1 / crash S3 \
         / timeout S2 / deliver all / timeout S1 / deliver all",
    );
    assert_eq!(
        told,
        "S2's election in term 3 fails because a message from S1 tells it of term 4: it has 1 of the 2 votes that \
         it needs (S2); S1 refused (by the request S2's log ends at index 2 (term 1), but S1's \
         ends at index 3 (term 2): S1's last term is later); the request did not reach S3 (server down)."
    );
}

#[test]
fn an_election_fails_for_votes_that_are_lost_late_or_held() {
    let told = one_failed(
        "cluster 5 / timeout S1 / deliver S1->S2 / drop S2->S1 / deliver S1->S3 \
         / deliver S1->S4 / hold S4->S1 / hold S1->S5 / timeout S1",
    );
    assert_eq!(
        told,
        "S1's election in term 1 fails: it has 1 of the 3 votes that it \
         needs (S1); S2 voted for it, but the answer was lost (dropped by hand); S3 voted \
         for it, but the answer is still on its way; S4 voted for it, but the answer is held; \
         the request to S5 is held."
    );
}

#[test]
fn an_election_fails_for_leases() {
    let told = one_failed(
        "cluster 3 / option check-quorum on / timeout S1 / deliver all / timeout S1 / deliver all \
         / timeout S3 / deliver all / timeout S3",
    );
    assert!(
        told.contains("S2 ignored the request (less than 150ms after hearing from the leader, S1)"),
        "{told}"
    );
}

#[test]
fn an_election_fails_for_a_pause() {
    let told = one_failed("cluster 3 / pause S2 / crash S3 / timeout S1 / deliver all / run 400ms");
    assert!(
        told.contains("; the request to S2 waits there (paused); "),
        "{told}"
    );
}

#[test]
fn an_election_fails_for_slow_disks_and_lost_writes() {
    let slow = one_failed(
        "cluster 3 / disk S2 1s..1s / disk S3 1s..1s / timeout S1 / deliver S1->S2 \
         / deliver S1->S3 / crash S3 / timeout S1",
    );
    assert_eq!(
        slow,
        "S1's election in term 1 fails: it has 1 of the 2 votes that it \
         needs (S1); S2 voted for it, but that is not on disk yet and has not left; S3 voted \
         for it, but crashed before that was on disk and could leave."
    );
    let own = one_failed("cluster 3 / disk S1 1s..1s / timeout S1 / timeout S1");
    assert_eq!(
        own,
        "S1's election in term 1 fails: it has 0 of the 2 votes that it \
         needs; its own vote is not on disk yet; the request to S2 S3 has not left, as S1's \
         write is not done."
    );
}

#[test]
fn an_election_fails_by_a_crash() {
    let failed = failed("cluster 3 / timeout S1 / deliver S1->S2 / crash S1");
    assert_eq!(failed[0].end, ElectionEnd::Crashed);
    let vote = Missing::AnswerUnderWay(Reply::Vote, hustings_lab::Delay::Network);
    assert_eq!(failed[0].missing[0], (s(2), vote));
}

#[test]
fn an_election_fails_by_the_leader_of_its_term() {
    let told = one_failed("cluster 3 / timeout S1 / timeout S2 / deliver S1->S3 / deliver all");
    assert_eq!(
        told,
        "S2's election in term 1 fails because it hears from the leader, S1: it has 1 of the 2 \
         votes that it needs (S2); S1 refused (S1 has voted for itself); \
         S3 refused (S3 has voted for S1)."
    );
}

#[test]
fn a_round_of_pre_votes_fails_with_its_causes_and_the_next_round_is_counted_anew() {
    let tallies = failed(
        "cluster 3 / option pre-vote on / cut S1-S2 / timeout S1 / deliver S1->S2 \
         / timeout S1 / timeout S1",
    );
    let words: Vec<_> = tallies
        .iter()
        .map(|tally| narrate::tally(tally, Lang::En))
        .collect();
    assert_eq!(
        words,
        [
            "S1's pre-vote for term 1 fails: it has 1 of the 2 \
             pre-votes that it needs (S1); the request did not reach S2 (link cut); the request to S3 \
             is still on its way.",
            "S1's pre-vote for term 1 fails: it has 1 of the 2 \
             pre-votes that it needs (S1); the request to S2 S3 is still on its way.",
        ]
    );
}

#[test]
fn a_round_of_pre_votes_fails_because_a_leader_is_heard() {
    let told = one_failed(
        "cluster 3 / option pre-vote on / timeout S1 / deliver all / cut S1-S2 \
         / timeout S2 / deliver S2->S3 / deliver S3->S2 / deliver S2->S1 / timeout S2",
    );
    assert!(
        told.contains("; S3 refused (S3 heard from S1, the leader that it knows, 0ms ago"),
        "{told}"
    );
}

#[test]
fn an_election_that_is_won_has_not_failed() {
    for script in [
        "cluster 1 / timeout S1",
        "cluster 1 / option pre-vote on / timeout S1",
        "cluster 9 / timeout S1 / deliver all",
        "cluster 9 / option pre-vote on / timeout S1 / deliver all",
        "cluster 3 / timeout S1 / duplicate S1->S2 / deliver all / timeout S2 / deliver all",
        "cluster 3 / option disk 10..10ms / timeout S1 / run 150ms",
    ] {
        assert_eq!(failed(script), [], "{script}");
        assert_eq!(undecided(script), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn of_a_message_that_is_sent_twice_what_got_further_is_told() {
    let lost_once = one_failed(
        "cluster 3 / timeout S1 / duplicate S1->S2 / drop S1->S2 / deliver S1->S2 / timeout S1",
    );
    assert!(lost_once.contains("; S2 voted for it, but the answer is still on its way"));
    let answer_lost_once = one_failed(
        "cluster 3 / timeout S1 / deliver S1->S2 / duplicate S2->S1 / drop S2->S1 / timeout S1",
    );
    assert!(answer_lost_once.contains("; S2 voted for it, but the answer is still on its way"));
}

#[test]
fn a_forged_refusal_is_told_as_forged_and_a_forged_request_is_nobodys() {
    let told = one_failed(
        "cluster 3 / timeout S1 / send RequestVoteReply S2->S1 term=1 granted=no / deliver S2->S1 \
         / drop all / timeout S1",
    );
    assert!(
        told.contains("; S2 refused (that answer was forged);"),
        "{told}"
    );
    let forged = one_failed(
        "cluster 3 / members S1 S2 / timeout S1 / drop all \
         / send RequestVote S1->S3 term=1 last=0:0 / drop S1->S3 / timeout S1",
    );
    assert!(!forged.contains("S3"), "{forged}");
}

#[test]
fn a_vote_of_an_earlier_term_is_no_answer_in_this_one() {
    let failed = failed(
        "cluster 3 / timeout S1 / deliver S1->S2 / timeout S1 / drop S1->S2 \
         / deliver S2->S1 / timeout S1",
    );
    assert_eq!(failed[1].missing[0].0, s(2));
    assert!(
        matches!(failed[1].missing[0].1, Missing::RequestLost(_)),
        "{failed:?}"
    );
}

#[test]
fn only_members_are_asked_and_counted() {
    let told = one_failed("cluster 5 / members S1 S2 S3 / timeout S1 / drop all / timeout S1");
    assert_eq!(
        told,
        "S1's election in term 1 fails: it has 1 of the 2 votes that it \
         needs (S1); the request did not reach S2 S3 (dropped by hand)."
    );
}

#[test]
fn an_election_that_is_under_way_is_told_as_undecided() {
    assert_eq!(
        undecided("cluster 3 / cut S1-S2 / timeout S1 / deliver S1->S2"),
        [
            "S1's election in term 1 is undecided: it has 1 of the 2 votes that it needs (S1); the \
          request did not reach S2 (link cut); the request to S3 is still on its way."
        ]
    );
}

#[test]
fn heartbeats_that_keep_everybody_from_standing_are_told_in_one() {
    let told = told("cluster 3 / timeout S1 / run 1s");
    let last = told.last().expect("something");
    assert!(last.starts_with("This goes on until "), "{told:#?}");
    let beats = "AppendEntries from S1 reach S2 S3 and restart their election timers: \
                 none of them runs out.";
    assert_eq!(count(&told, beats), 1);
}

#[test]
fn heartbeats_are_told_briefly_by_who_sends_them() {
    let lab = played("cluster 3 / timeout S1 / run 1s");
    let transcript = Transcript::of(&lab);
    let last = transcript.items().next_back().expect("something");
    assert_eq!(
        narrate::told_briefly(last, lab.records(), Lang::En),
        "S1 sends heartbeats; no election timer runs out."
    );
}

#[test]
fn a_heartbeat_that_somebody_made_the_leader_send_is_told() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / timeout S1 / deliver all / timeout S1 \
         / deliver S1->S2",
    );
    assert_eq!(
        told.last().map(String::as_str),
        Some("AppendEntries from S1 reaches S2 and restarts its election timer.")
    );
}

/// What was told at any place is what is told there when one comes back to it.
#[test]
fn what_was_told_before_a_record_does_not_depend_on_what_came_after() {
    for script in [
        "cluster 3 / option loss 20% / option duplicate 20% / run 3s",
        "cluster 5 / option disk 0..40ms / option pre-vote on / option check-quorum on / run 400ms \
         / partition S1 S2 | S3 S4 S5 / run 2s / crash S3 / heal / run 2s / restart S3 / run 1s",
        "cluster 4 / timeout S1 / drop all / timeout S2 / deliver all / cut S2-S3 / run 3s",
    ] {
        let whole = played(script);
        let transcript = Transcript::of(&whole);
        let mut run = Run::new(whole.header().clone()).expect("sound");
        let mut so_far = Transcript::default();
        for command in whole.commands().iter() {
            let pieces = match command {
                Command::Run(Millis(all)) => vec![Command::Run(Millis(7)); (all / 7) as usize]
                    .into_iter()
                    .chain([Command::Run(Millis(all % 7))])
                    .collect(),
                other => vec![other.clone()],
            };
            for piece in pieces {
                run.apply(piece).expect("what could be done");
                so_far.follow(&run);
                let mut then: Vec<_> = so_far.items().cloned().collect();
                then.reverse();
                let end = RecordId(run.records().len());
                let back: Vec<_> = transcript.before(end, whole.records()).collect();
                assert_eq!(then, back, "{script} at {end:?}");
            }
        }
    }
}

#[test]
fn a_transcript_begins_anew_for_another_run() {
    let (one, other) = (
        played("cluster 3 / run 1s"),
        played("cluster 5 / crash S1 / run 1s"),
    );
    let mut transcript = Transcript::of(&one);
    transcript.follow(&other);
    let fresh = Transcript::of(&other);
    assert!(transcript.items().eq(fresh.items()));
}

#[test]
fn servers_that_never_answered_are_named_together() {
    let told =
        one_failed("cluster 9 / partition S1 S2 | S3 / timeout S1 / deliver all / timeout S1");
    let rest: NodeSet = (3..=9).map(s).collect();
    assert!(
        told.contains(&format!("the request did not reach {rest} (link cut)")),
        "{told}"
    );
}

#[test]
fn a_leader_beside_another_is_told() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / isolate S1 / timeout S2 / deliver S2->S3 / deliver S3->S2",
    );
    assert_eq!(
        count(&told, "At the same time, S1 still leads term 1."),
        1,
        "{told:#?}"
    );
}

#[test]
fn a_leader_that_gave_way_or_crashed_is_no_leader_beside_another() {
    for before in ["crash S1", "deliver S2->S1"] {
        let told = told(&format!(
            "cluster 3 / timeout S1 / deliver all / timeout S2 / {before} / deliver S2->S3 / deliver S3->S2"
        ));
        assert_eq!(count(&told, "At the same time"), 0, "{told:#?}");
    }
}
