//! What is told is so, in every run: each test names the claim.

use std::collections::BTreeSet;

use hustings_lab::diagram::sign;
use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Script;
use hustings_lab::{Lab, Record, Told, Transcript};
use hustings_raft::{BrokenRule, Reason};

/// Plays a script whose lines stand between slashes.
fn play(script: &str) -> Lab {
    let source = script.replace(" / ", "\n");
    let script = Script::parse(&source).expect("a script");
    script.run().expect("a sound header").lab
}

/// All that is told of a record, line by line: what happened, why, and what was sent.
fn lines(record: &Record, lang: Lang) -> Vec<String> {
    let mut lines = vec![narrate::event(&record.event, lang)];
    let reasons = narrate::reasons(record, lang).into_iter();
    lines.extend(reasons.map(|(_, sentence)| sentence));
    lines.extend(record.sent.iter().map(|flight| {
        let name = narrate::flight_name(flight, lang);
        format!("{name}: {}", narrate::message(&flight.message, lang))
    }));
    lines
}

/// All that is told of a run.
fn told(script: &str) -> Vec<String> {
    told_in(script, Lang::En)
}

fn told_in(script: &str, lang: Lang) -> Vec<String> {
    let lab = play(script);
    let records = lab.records().iter();
    records
        .flat_map(|(_, record)| lines(record, lang))
        .collect()
}

/// What is told of the last thing that happened to somebody.
fn told_last(script: &str) -> Vec<String> {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    lines(last, Lang::En)
}

#[track_caller]
fn assert_has(told: &[String], sentence: &str) {
    let all = told.join("\n");
    assert!(
        told.iter().any(|it| it == sentence),
        "{sentence}\nis not in\n{all}"
    );
}

#[track_caller]
fn assert_none(told: &[String], words: &str) {
    let all = told.join("\n");
    assert!(!all.contains(words), "{words}\nis in\n{all}");
}

#[test]
fn entries_are_told_with_their_own_terms() {
    let told = told("cluster 3 / state S1 term=2 log=1,1,2 / timeout S1 / deliver all");
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 1 entry of term 3 after index 3 (term 2), in term 3; commit 0",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 4 entries of terms 1 to 3 after the start of the log, in term 3; commit 0",
    );
    assert_none(&told, "4 entries of term 3");
}

/// Figure 8 (c): the entry that the leader of term 4 replicates is of term 2.
#[test]
fn an_old_entry_of_a_new_leader_keeps_its_term() {
    let told = told(
        "cluster 5 / option no-op off / state S1 term=3 log=1,2 / state S2 term=2 log=1,2 / \
         state S3 term=3 log=1 / timeout S1 / deliver all / timeout S1 / deliver all",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S3: 1 entry of term 2 after index 1 (term 1), in term 4; commit 0",
    );
}

#[test]
fn forged_entries_are_told_from_the_lowest_term_to_the_highest() {
    let told = told(
        "cluster 2 / send AppendEntries S1->S2 term=9 prev=0:0 entries=3,1,2 / \
         send AppendEntries S1->S2 term=9 prev=0:0 entries=4,4",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 3 entries of terms 1 to 3 after the start of the log, in term 9; commit 0",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 2 entries of term 4 after the start of the log, in term 9; commit 0",
    );
}

/// What an earlier leader has committed, a new one does not know to be so.
#[test]
fn nobody_says_of_a_committed_entry_that_it_is_not() {
    let told = told("cluster 3 / timeout S1 / deliver all / timeout S2 / deliver all");
    assert_none(&told, "not committed");
    assert_has(
        &told,
        "S2 does not know yet whether index 2 is committed: \
         by its count only S2 holds it on disk, and 2 of S1 S2 S3 are a majority.",
    );
}

/// The same for an entry of an older term, which is committed already.
#[test]
fn a_majority_for_an_old_entry_says_nothing_of_an_earlier_commit() {
    let told = told(
        "cluster 3 / option no-op off / timeout S1 / deliver all / propose S1 \"x\" / deliver all / \
         timeout S2 / deliver all",
    );
    assert_has(
        &told,
        "S2 commits index 1 (term 1) only along with an entry of its own term 2, although \
         by its count S1 S2 hold it on disk, and 2 of S1 S2 S3 are a majority.",
    );
}

#[test]
fn one_server_is_a_majority_of_one() {
    let told = told("cluster 1 / timeout S1 / propose S1 \"x\" / timeout S1");
    assert_has(
        &told,
        "S1 commits up to index 1: by its count S1 holds it on disk, and S1 alone is a majority.",
    );
    assert_has(
        &told,
        "S1 leads term 1: it has the votes of S1, and S1 alone is a majority.",
    );
    assert_none(&told, "sends AppendEntries");
}

#[test]
fn five_of_nine_are_a_majority() {
    let told = told("cluster 9 / timeout S1 / deliver all");
    assert_has(
        &told,
        "S1 commits up to index 1: \
         by its count S1 S2 S3 S4 S5 hold it on disk, and 5 of S1 S2 S3 S4 S5 S6 S7 S8 S9 are a majority.",
    );
}

#[test]
fn nothing_is_told_twice_of_one_moment() {
    for script in [
        "cluster 4 / members S1 S2 S3 / timeout S1 / deliver all / member add S4 at S1",
        "cluster 5 / timeout S1 / deliver all / propose S1 \"a\" / propose S1 \"b\" / deliver all",
        "cluster 3 / option disk 5..5ms / timeout S1 / run 300ms",
    ] {
        let lab = play(script);
        for (_, record) in lab.records().iter() {
            let told = lines(record, Lang::En);
            let waits = |line: &&String| line.contains("does not know yet whether");
            assert!(told.iter().filter(waits).count() <= 1, "{told:?}");
        }
    }
}

/// Half of four is no majority, whatever the broken rule has it for.
#[test]
fn what_is_no_majority_is_not_called_one() {
    let told = told(
        "cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1 / deliver all",
    );
    assert_none(&told, "2 of S1 S2 S3 S4 are a majority");
    assert_has(
        &told,
        "S1 leads term 1: it has the votes of S1 S2, and by the broken rule quorum-of-half, 2 of S1 S2 S3 S4 are enough.",
    );
    let told = self::told(
        "cluster 5 / break count-duplicate-votes / timeout S1 / deliver S1->S2 / \
         duplicate S2->S1 / deliver S2->S1 / deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 leads term 1: it counts 3 votes, which are from S1 S2 alone, and 3 of S1 S2 S3 S4 S5 are a majority.",
    );
}

/// Nothing is confirmed before it is on disk, and nothing says so.
#[test]
fn what_has_not_left_is_not_told_as_confirmed() {
    let script = "cluster 3 / option disk 500..500ms / state S1 term=1 / \
                  send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2";
    assert_has(
        &told_last(script),
        "S2 takes 1 new entry after the start of the log and will acknowledge up to index 1 \
         once that is on its disk.",
    );
    let again =
        format!("{script} / send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2");
    assert_has(
        &told_last(&again),
        "S2 has nothing to append and will acknowledge up to index 1 once its disk is up to date.",
    );
    let later = format!(
        "{script} / run 600ms / send AppendEntries S1->S2 term=1 prev=0:0 entries=1 / deliver S1->S2"
    );
    assert_none(&told_last(&later), "will acknowledge");
}

#[test]
fn entries_that_are_new_only_in_part_are_told_so() {
    let told = told(
        "cluster 2 / state S2 term=1 log=1 / \
         send AppendEntries S1->S2 term=1 prev=0:0 entries=1,1,1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 takes 2 new entries among those after the start of the log and will acknowledge up to index 3 \
         once that is on its disk.",
    );
}

/// A leader whose last entry is not on its own disk can tell nobody to stand yet.
#[test]
fn a_transfer_waits_for_the_leaders_disk() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / disk S1 500..500ms / propose S1 \"x\" / \
         transfer S1 to S2 / deliver S1->S2 / deliver S2->S1",
    );
    assert_has(
        &told,
        "S2 is known to hold S1's whole log: once S1's disk is up to date, \
         S1 tells S2 to start an election.",
    );
    assert_none(&told, "TimeoutNow from S1");
}

#[test]
fn a_request_that_passes_leases_says_so_and_why() {
    let script = "cluster 3 / option check-quorum on / timeout S1 / deliver all / \
                  send RequestVote S3->S2 term=2 last=1:1 / deliver S3->S2 / \
                  send RequestVote S3->S2 term=2 last=1:1 transfer=yes / deliver S3->S2";
    let told = told(script);
    assert_has(
        &told,
        "RequestVote from S3 to S2: asks for a vote in term 2; its log ends at index 1 (term 1)",
    );
    assert_has(
        &told,
        "S2 ignores S3's request for a vote in term 2: S2 heard from S1, the leader that it knows, \
         0ms ago by its own clock, less than the shortest election timeout of 150ms.",
    );
    assert_has(
        &told,
        "RequestVote from S3 to S2: asks for a vote in term 2 with the transfer flag, \
         which overrides leases; its log ends at index 1 (term 1)",
    );
    assert_has(
        &told,
        "S2 would ignore S3 and stay with its leader, S1, but S3's request has the transfer flag, \
         which overrides leases.",
    );
    let chinese = told_in(script, Lang::Zh);
    assert!(
        chinese
            .iter()
            .any(|line| line.contains("不受租约阻挡；日志"))
    );
    let lab = play(script);
    let records = lab.records().iter().map(|(_, record)| record);
    let sent = records.flat_map(|record| record.sent.iter());
    let signs: Vec<_> = sent
        .map(|flight| sign(&flight.message).into_owned())
        .collect();
    assert!(signs.contains(&"V".to_owned()) && signs.contains(&"V!".to_owned()));
}

/// The leader itself is asked past its own lease.
#[test]
fn a_leader_lets_pass_whom_it_sent() {
    let told = told(
        "cluster 3 / option check-quorum on / timeout S1 / deliver all / transfer S1 to S2 / \
         deliver S1->S2 / deliver S2->S1 RequestVote",
    );
    assert_has(
        &told,
        "S1 would ignore S2 and lead on, but S2's request has the transfer flag, \
         which overrides leases.",
    );
}

/// A leader that nobody has answered for ten seconds does not hear from a majority.
#[test]
fn a_leader_alone_says_what_it_looks_at() {
    let alone = |option: &str| {
        told_last(&format!(
            "cluster 3 / option pre-vote on{option} / timeout S1 / deliver all / isolate S1 / \
             wait 10s / heal / timeout S2 / deliver S2->S1 PreVote"
        ))
    };
    assert_has(
        &alone(""),
        "S1 would not vote for S2: as far as S1 knows, it leads its term itself, and without check-quorum \
         it never checks whether a majority still answers.",
    );
    assert_has(
        &alone(" / option check-quorum on"),
        "S1 would not vote for S2: as far as S1 knows, it leads its term itself, \
         and it leads on until one of its checks finds no majority.",
    );
}

/// Who has just come has not answered, but counts.
#[test]
fn a_check_tells_whom_it_counts() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / option check-quorum on / timeout S1 / deliver all / \
         member add S4 at S1 / timeout S1 check-quorum / timeout S1 check-quorum",
    );
    assert_has(
        &told,
        "S1 leads on: at this check it counts S1 S2 S3 S4 as active, and 3 of S1 S2 S3 S4 are a majority.",
    );
    assert_has(
        &told,
        "S1 steps down: at this check it counts only S1 as active, and 3 of S1 S2 S3 S4 are a majority.",
    );
}

#[test]
fn a_leader_says_why_it_does_not_send_again_what_was_confirmed() {
    let told = told(
        "cluster 3 / break forget-log-on-restart / timeout S1 / deliver all / propose S1 \"a\" / \
         deliver all / crash S2 / restart S2 / run 3s",
    );
    assert_has(
        &told,
        "S1 ignores AppendEntriesReply from S2: S2 has acknowledged up to index 2 before, \
         and that stays so; S1 takes the refusal for an old one that arrives late.",
    );
    assert_none(&told, "says nothing new");
}

/// What a crash leaves on the disk and what a restart finds there are two things
/// where a rule is broken.
#[test]
fn crash_and_restart_do_not_contradict_each_other() {
    for (rule, lost, found) in [
        (
            "forget-log-on-restart",
            "its log",
            "term 1, its vote given to S1 and a log that is empty",
        ),
        (
            "forget-vote-on-restart",
            "its vote",
            "term 1, no vote given and a log that ends at index 1 (term 1)",
        ),
        (
            "forget-term-and-vote-on-restart",
            "its term and its vote",
            "term 0, no vote given and a log that ends at index 1 (term 1)",
        ),
    ] {
        let script = format!(
            "cluster 3 / break {rule} / state S1 term=1 voted-for=S1 log=1 / crash S1 / restart S1"
        );
        let told = told(&script);
        assert_has(
            &told,
            "S1 crashes. Its term, its vote and its log are on its disk; it forgets the rest.",
        );
        assert_has(&told, "S1 restarts.");
        assert_has(&told, &format!("S1 starts as a follower with {found}."));
        let lab = play(&script);
        let (_, last) = lab.records().iter().next_back().expect("the restart");
        assert_eq!(
            narrate::headline(last, Lang::En),
            format!("S1 restarts as a follower and has lost {lost}, by the broken rule {rule}.")
        );
    }
}

#[test]
fn a_write_that_a_crash_loses_is_not_among_what_is_kept() {
    let told =
        told("cluster 3 / option disk 50..50ms / timeout S1 / crash S1 / restart S1 / crash S1");
    assert_has(
        &told,
        "S1 crashes and forgets what is not on its disk; a write had not reached it. \
         It never sends its requests for votes to S2 S3.",
    );
    assert_has(
        &told,
        "S1 starts as a follower with term 0, no vote given and a log that is empty.",
    );
}

/// S4 is a member by a committed entry, which it lacks.
#[test]
fn a_server_judges_its_vote_by_its_own_log() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / timeout S1 / deliver all / cut S1-S4 / \
         member add S4 at S1 / deliver all / mend S1-S4 / \
         send TimeoutNow S1->S4 term=1 / deliver S1->S4 TimeoutNow / \
         member add S4 at S1 / transfer S2 to S4 / timeout S4 election",
    );
    assert_has(
        &told,
        "S4 ignores TimeoutNow from S1: by S4's log, S4 is no member.",
    );
    assert_has(
        &told,
        "S1 does not add S4: by S1's log, S4 is a member already.",
    );
    assert_has(
        &told,
        "S2 does not transfer leadership to S4: S2 does not lead.",
    );
    assert_has(
        &told,
        "S4 does not start an election: by S4's log, S4 is no member.",
    );
    assert_none(&told, "in this cluster");
}

#[test]
fn who_has_voted_for_itself_says_what_it_is() {
    let ask = "send RequestVote S3->S1 term=1 last=0:0 / deliver S3->S1";
    for (before, why) in [
        (
            "timeout S1",
            "S1 is a candidate itself, and has voted for itself",
        ),
        (
            "timeout S1 / deliver S1->S2 / deliver S2->S1",
            "S1 leads this term itself",
        ),
        (
            "timeout S1 / crash S1 / restart S1",
            "S1 has voted for itself",
        ),
    ] {
        assert_has(
            &told_last(&format!("cluster 3 / {before} / {ask}")),
            &format!("S1 refuses S3 its vote in term 1: {why}."),
        );
    }
}

/// The transfer was given up, and the order arrives all the same.
#[test]
fn a_late_timeout_now_is_told_as_what_it_is() {
    let told = told(
        "cluster 3 / timeout S1 / deliver all / transfer S1 to S2 / hold S1->S2 TimeoutNow / \
         timeout S1 transfer / release S1->S2 / deliver S1->S2 TimeoutNow",
    );
    assert_has(
        &told,
        "S2 starts an election in term 2 because TimeoutNow from S1 tells it to, \
         votes for itself and needs 2 votes of S1 S2 S3 to win.",
    );
    assert_none(&told, "S1 hands over to it");
}

/// A pre-vote for a term that is over is refused for that, not for the vote.
#[test]
fn a_pre_vote_is_refused_for_the_term_or_for_the_vote() {
    let told = told(
        "cluster 3 / option pre-vote on / state S1 term=5 / state S2 term=3 voted-for=S3 / \
         send PreVote S3->S1 term=4 last=0:0 / deliver S3->S1 / \
         send PreVote S1->S2 term=3 last=0:0 / deliver S1->S2",
    );
    assert_has(&told, "S1 would not vote for S3: S1 is in term 5 already.");
    assert_has(
        &told,
        "S2 would not vote for S1: S2 is in term 3 already, and its vote there is not free.",
    );
}

/// By Raft, the log is not behind; a broken rule has it so.
#[test]
fn a_log_that_is_not_behind_is_not_called_so() {
    let told = told(
        "cluster 3 / break longer-log-wins / state S1 term=2 log=1,2 / state S2 term=1 log=1,1,1 / \
         timeout S1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 refuses S1 its vote in term 3: by the request S1's log ends at index 2 (term 2), \
         S2's ends at index 3 (term 1), and by the broken rule longer-log-wins that is behind.",
    );
}

#[test]
fn a_commit_index_that_falls_is_not_told_as_learned() {
    let told = told(
        "cluster 3 / break commit-index-may-fall / state S2 term=1 log=1,1 commit=2 / \
         send AppendEntries S1->S2 term=1 prev=2:1 commit=1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 lowers its commit index from 2 to 1, as the message has it.",
    );
}

#[test]
fn a_follower_commits_as_far_as_the_message_reaches() {
    let told = told(
        "cluster 3 / state S2 term=1 log=1,1 / \
         send AppendEntries S1->S2 term=1 prev=1:1 commit=2 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 hears that the leader has committed up to index 2, and commits up to index 1, \
         which is as far as the message reaches.",
    );
}

/// Only the first of the deleted entries is compared; others may be of other terms.
#[test]
fn deleted_entries_are_told_with_the_term_that_was_compared() {
    let told = told(
        "cluster 3 / state S2 term=3 log=1,2,3 commit=2 / \
         send AppendEntries S1->S2 term=4 prev=1:1 entries=4 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 deletes the entries from index 2 to 3, some of which it took to be committed: \
         at index 2 its term is 2, and the leader's is 4.",
    );
}

/// Its own vote is not on disk, and never will be.
#[test]
fn a_candidate_that_does_not_record_its_vote_does_not_wait_for_it() {
    let told = told("cluster 3 / break forget-own-vote / timeout S1");
    assert_none(&told, "own vote counts once it is on disk");
}

/// A refusal carries the voter's own term, not the one that was asked about.
#[test]
fn a_refused_pre_vote_tells_the_term_of_the_voter() {
    let told = told(
        "cluster 3 / option pre-vote on / state S2 term=1 log=1 / timeout S1 / deliver S1->S2",
    );
    assert_has(
        &told,
        "PreVoteReply from S2 to S1: no pre-vote; the sender is in term 1",
    );
}

/// Entries of two terms are of no term between.
#[test]
fn two_terms_are_no_range() {
    let told = told("cluster 2 / send AppendEntries S1->S2 term=11 prev=0:0 entries=2,11");
    assert_has(
        &told,
        "AppendEntries from S1 to S2: 2 entries of terms 2 and 11 after the start of the log, in term 11; commit 0",
    );
}

/// That it leads is no reason for a leader's own timers not to run.
#[test]
fn a_timer_that_does_not_run_is_not_put_down_to_a_role_that_has_it() {
    for (line, why) in [
        (
            "timeout S1 check-quorum",
            "the check-quorum timer of S1 is not running",
        ),
        (
            "timeout S1 transfer",
            "the transfer timer of S1 is not running",
        ),
        (
            "timeout S1 election",
            "the election timer of S1 is not running: S1 is leader",
        ),
        (
            "timeout S2 heartbeat",
            "the heartbeat timer of S2 is not running: S2 is follower",
        ),
    ] {
        let source = format!("cluster 3\ntimeout S1\ndeliver all\n{line}");
        let script = Script::parse(&source).expect("a script");
        let failures = script.run().expect("a sound header").failures;
        assert_eq!(failures[0].to_string(), why);
    }
}

/// It stepped down because of the reply, so it did not ignore it.
#[test]
fn a_reply_that_deposes_is_not_told_as_ignored() {
    let told = told(
        "cluster 3 / state S2 term=5 / timeout S1 / deliver S1->S3 / deliver S3->S1 / \
         deliver S1->S2 AppendEntries / deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 is no longer leader: it adopts term 5 from S2; its own was 1.",
    );
    assert_none(&told, "S1 adopts term 5");
    assert_none(&told, "S1 ignores");
}

/// What a refusal asks for concerns leaders of its term only.
#[test]
fn a_refusal_names_one_index_to_send_from() {
    let told = told("cluster 2 / state S1 term=1 log=1 / timeout S1 / deliver all");
    assert_has(
        &told,
        "S2 refuses: it does not hold index 1 (term 1), because its log ends before that. \
         The leader should send from index 1.",
    );
    assert_has(
        &told,
        "AppendEntriesReply from S2 to S1: no, in term 2; a leader of that term should send from index 1",
    );
    assert_has(&told, "S1 goes back: it will send to S2 from index 1.");
    assert_none(&told, "index 0");
}

#[test]
fn a_vote_names_both_of_its_conditions() {
    let told = told(
        "cluster 3 / state S1 term=2 log=1,2 / state S2 term=1 log=1,1 / timeout S1 / \
         deliver S1->S2 / duplicate S2->S1 / send RequestVote S1->S2 term=3 last=2:2 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 votes for S1 in term 3: S2 has no vote recorded in that term, and by the request \
         S1's log ends at index 2 (term 2), at least as up to date as S2's, which ends at index 2 (term 1).",
    );
    assert_has(
        &told,
        "S2 votes for S1 in term 3: S2 has already voted for S1, and by the request \
         S1's log ends at index 2 (term 2), at least as up to date as S2's, which ends at index 2 (term 1).",
    );
}

#[test]
fn a_vote_that_a_broken_rule_gives_says_what_it_overlooks() {
    let twice = told(
        "cluster 3 / break many-votes-per-term / timeout S1 / timeout S3 / deliver S1->S2 / deliver S3->S2",
    );
    assert_has(
        &twice,
        "S2 votes for S3 in term 1: S2 has already voted for S1, which by the broken rule \
         many-votes-per-term does not matter, and by the request S3's log is empty, at least as up to date as S2's, which is empty.",
    );
    let behind = told(
        "cluster 3 / break no-up-to-date-check / state S2 term=1 log=1 / timeout S1 / timeout S1 / deliver S1->S2 nth=2",
    );
    assert_has(
        &behind,
        "S2 votes for S1 in term 2: S2 has no vote recorded in that term, and by the request \
         S1's log is empty and S2's ends at index 1 (term 1), which by the broken rule is enough.",
    );
}

/// Two candidates that know of different members need different majorities.
#[test]
fn a_candidate_says_of_whom_it_needs_votes() {
    let told = told(
        "cluster 4 / members S1 S2 S3 / timeout S1 / deliver all / cut S1-S3 / \
         member add S4 at S1 / timeout S1 election / timeout S3 / timeout S1 check-quorum / timeout S2",
    );
    let needs = |who: &str| told.iter().any(|it| it.ends_with(who));
    assert!(
        needs("votes for itself and needs 2 votes of S1 S2 S3 to win."),
        "{told:#?}"
    );
}

#[test]
fn a_log_that_is_behind_says_in_what() {
    let behind = |theirs: &str| {
        told_last(&format!(
            "cluster 2 / state S2 term=3 log=1,1,2 / send RequestVote S1->S2 term=4 last={theirs} / deliver S1->S2"
        ))
    };
    assert_has(
        &behind("9:1"),
        "S2 refuses S1 its vote in term 4: by the request S1's log ends at index 9 (term 1), \
         but S2's ends at index 3 (term 2): S2's last term is later.",
    );
    assert_has(
        &behind("2:2"),
        "S2 refuses S1 its vote in term 4: by the request S1's log ends at index 2 (term 2), \
         but S2's ends at index 3 (term 2): the last terms are the same, and S2's log is longer.",
    );
}

#[test]
fn copies_and_forgeries_are_marked_wherever_they_go() {
    let told = told(
        "cluster 2 / timeout S1 / duplicate S1->S2 / deliver S1->S2 nth=2 / \
         send RequestVote S1->S2 term=9 last=0:0 / hold S1->S2 nth=2",
    );
    assert_has(&told, "RequestVote from S1 to S2 (a copy) arrives.");
    assert_has(
        &told,
        "RequestVote from S1 to S2 (forged) is held until it is released.",
    );
}

#[test]
fn clients_are_told_and_so_is_the_reader() {
    let lab = play(
        "cluster 3 / propose S1 \"a\" / timeout S1 / deliver all / propose S2 \"b\" / propose S1 \"c\" / \
         deliver all / transfer S1 to S3 / propose S1 \"d\" / member add S3 at S1",
    );
    let records = lab.records().iter();
    let told: Vec<_> = records
        .flat_map(|(_, record)| narrate::answers(record, Lang::En))
        .collect();
    for sentence in [
        "S1 answers the client: not the leader, and none is known.",
        "S2 answers the client: not the leader; ask S1.",
        "S1 answers the client: accepted at index 2 (term 1), not committed yet.",
        "S1 answers the client: index 2 (term 1) is committed.",
        "S1 answers the client: try again later, leadership is being transferred to S3.",
    ] {
        assert_has(&told, sentence);
    }
}

#[test]
fn a_broken_rule_is_named_where_it_makes_a_difference() {
    let told =
        told("cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1");
    assert_has(
        &told,
        "Broken rule quorum-of-half made a difference here: \
         Half of the servers are enough in a cluster of an even number. \
         In standard Raft, without quorum-of-half: S1 counts the vote of S2: 2 of the 3 that S1 needs.",
    );
}

/// Whom a log differs from is not known, but where it does is.
#[test]
fn a_log_that_differs_says_whether_there_or_before() {
    let differ = |second: &str| {
        let lab = play(&format!(
            "cluster 2 / state S1 term=2 log=1,2 / state S2 term=2 log={second}"
        ));
        let violations = lab.violations().iter();
        let told: Vec<_> = violations
            .map(|it| narrate::violation(it, Lang::En))
            .collect();
        told.join("; ")
    };
    assert_eq!(
        differ("2,2"),
        "S2 holds the same entry at index 2 of term 2 as a log before, but the two differ before it."
    );
}

/// All that is told of a record's reasons, and of nothing else.
fn why_last(script: &str) -> Vec<String> {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    let reasons = narrate::reasons(last, Lang::En).into_iter();
    reasons.map(|(_, sentence)| sentence).collect()
}

/// The sentence for the last thing that happened.
fn headline(script: &str) -> String {
    let lab = play(script);
    let (_, last) = lab.records().iter().next_back().expect("a record");
    narrate::headline(last, Lang::En)
}

/// What is told of a run as a whole.
fn transcript(script: &str) -> Vec<String> {
    let lab = play(script);
    let transcript = Transcript::of(&lab);
    let items = transcript.items();
    items
        .flat_map(|item| narrate::told(item, lab.records(), Lang::En))
        .collect()
}

#[test]
fn that_a_timer_has_run_out_is_told_once() {
    let told = told_last("cluster 3 / timeout S1");
    assert_eq!(told[0], "The election timer of S1 is made to run out.");
    assert_eq!(
        told[1],
        "S1 starts an election in term 1, votes for itself and needs 2 votes of S1 S2 S3 to win."
    );
    let told = told_last("cluster 3 / option pre-vote on / timeout S1");
    assert_eq!(
        told[1],
        "S1 starts a pre-vote to find out whether it would win term 1, \
         and needs 2 votes of S1 S2 S3 for that."
    );
    let again = transcript("cluster 3 / timeout S1 / timeout S1");
    assert_eq!(
        again[1..],
        [
            "S1's election in term 1 fails: it has 1 of the 2 votes that it needs (S1); \
             the request to S2 S3 is still on its way.",
            "S1's election timer has run out: it starts an election in term 2, votes for itself \
             and needs 2 votes of S1 S2 S3 to win.",
        ]
    );
}

#[test]
fn that_a_leader_steps_down_is_told_once_and_why() {
    let checked = why_last(
        "cluster 3 / option check-quorum on / timeout S1 / deliver all / isolate S1 / \
         timeout S1 check-quorum / timeout S1 check-quorum",
    );
    assert_eq!(
        checked[0],
        "S1 steps down: at this check it counts only S1 as active, and 2 of S1 S2 S3 are a majority."
    );
    assert_none(&checked, "no longer leader");
    let deposed = "cluster 3 / timeout S1 / deliver all / timeout S2 / deliver S2->S1 RequestVote";
    assert_none(&why_last(deposed), "S1 adopts");
    assert_eq!(
        headline(deposed),
        "S1 is no longer leader: it adopts term 2 from S2; its own was 1."
    );
    let candidate = why_last(
        "cluster 3 / timeout S1 / timeout S2 / deliver S1->S3 / deliver S3->S1 / \
         deliver S1->S2 AppendEntries",
    );
    assert_eq!(
        candidate[0],
        "S2 is no longer candidate: it follows S1 as the leader of term 1."
    );
    assert_none(&candidate, "S2 follows");
}

#[test]
fn a_timeout_now_is_told_once() {
    let script = "cluster 3 / timeout S1 / deliver all / transfer S1 to S2 / deliver S1->S2";
    let why = why_last(script);
    let told = "S2 starts an election in term 2 because TimeoutNow from S1 tells it to, \
                votes for itself and needs 2 votes of S1 S2 S3 to win.";
    assert_eq!(why[0], told);
    let orders = why.iter().filter(|it| it.contains("TimeoutNow"));
    assert_eq!(orders.count(), 1);
    assert_eq!(headline(script), told);
}

/// Its log is empty, so nothing of it is after index 1.
#[test]
fn a_follower_without_the_entry_before_says_where_it_puts_the_others() {
    let last = |state: &str, entries: &str| {
        why_last(&format!(
            "cluster 2 / break no-previous-entry-check{state} / \
             send AppendEntries S1->S2 term=2 prev=2:2{entries} / deliver S1->S2"
        ))
    };
    assert_has(
        &last("", " entries=2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 1 new entry after the start of the log and will acknowledge up to index 3 \
         once that is on its disk.",
    );
    assert_has(
        &last(" / state S2 term=1 log=1,1", " entries=2,2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 2 new entries after index 2 (term 1) and will acknowledge up to index 4 \
         once that is on its disk.",
    );
    assert_has(
        &last("", ""),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 has nothing to append and will acknowledge up to index 2 once its disk is up to date.",
    );
    let held = last(" / state S2 term=2 log=1,2", " entries=2");
    assert_none(&held, "does not hold");
    assert_has(
        &last(" / break acknowledge-last-index", " entries=2"),
        "S2 does not hold index 2 (term 2), but goes on by the broken rule no-previous-entry-check. \
         S2 takes 1 new entry after the start of the log and will acknowledge up to index 1 \
         once that is on its disk.",
    );
}

#[test]
fn a_leader_that_is_partly_cut_off_and_leads_on_says_so_once() {
    let leads_on = "S1 leads on: at this check it counts S1 S2 S3 as active, \
                    and 3 of S1 S2 S3 S4 S5 are a majority.";
    let count = |script: &str| {
        let told = transcript(&format!("cluster 5 / option check-quorum on / {script}"));
        told.iter().filter(|it| *it == leads_on).count()
    };
    let elect = "timeout S1 / deliver all / run 300ms";
    assert_eq!(count(&format!("{elect} / run 2s")), 0);
    assert_eq!(
        count(&format!("{elect} / partition S1 S2 S3 | S4 S5 / run 3s")),
        1
    );
    assert_eq!(count(&format!("{elect} / crash S4 / crash S5 / run 3s")), 1);
    let again = "partition S1 S2 S3 | S4 S5 / run 2s";
    assert_eq!(
        count(&format!(
            "{elect} / crash S4 / crash S5 / run 2s / restart S4 / restart S5 / run 1s / crash S4 / crash S5 / run 1s"
        )),
        2
    );
    assert_eq!(count(&format!("{elect} / cut S4-S5 / run 2s / {again}")), 1);
}

/// The runs of the scenarios in a folder.
fn scenarios(folder: &str) -> impl Iterator<Item = Lab> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let files = std::fs::read_dir(format!("{root}/{folder}")).expect("the scenarios");
    files.map(|file| {
        let source = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        let script = Script::parse(&source).expect("a script");
        script.run().expect("a sound header").lab
    })
}

/// Whatever one sentence about a record says, no other one repeats.
#[test]
fn no_scenario_tells_of_a_timer_a_step_down_or_a_timeout_now_twice() {
    let folders = ["broken", "liveness", "membership", "partitions", "transfer"];
    for lab in folders.into_iter().flat_map(scenarios) {
        for (_, record) in lab.records().iter() {
            let why = narrate::reasons(record, Lang::En).into_iter();
            let event = narrate::event(&record.event, Lang::En);
            let told: Vec<_> = why.map(|(_, why)| why).chain([event]).collect();
            let count = |words: &[&str]| {
                let says = |it: &&String| words.iter().any(|words| it.contains(words));
                // What Raft would do is something else.
                told.iter()
                    .filter(|it| !it.contains("In standard Raft"))
                    .filter(says)
                    .count()
            };
            for words in [
                &["election timer has run out", "election timer of"][..],
                &["is no longer", "steps down:", "stops leading"],
                &["adopts term"],
                &["TimeoutNow from S1 tells", "because a TimeoutNow"],
            ] {
                assert!(count(words) <= 1, "{words:?} in {told:#?}");
            }
        }
    }
}

/// Where a broken rule makes a difference, it is told what Raft does.
#[test]
fn every_difference_that_a_broken_rule_makes_is_told() {
    let mut rules = BTreeSet::new();
    for lab in scenarios("broken") {
        for (_, record) in lab.records().iter() {
            let broken = record.reasons.iter().filter_map(|reason| match reason {
                Reason::RuleBroken { broken } => Some(*broken),
                _ => None,
            });
            let broken: Vec<_> = broken.collect();
            assert_eq!(broken.is_empty(), record.standard.is_empty(), "{record:?}");
            let told = lines(record, Lang::En).join("\n");
            assert_eq!(
                broken.is_empty(),
                !told.contains("In standard Raft, without"),
                "{told}"
            );
            rules.extend(broken);
        }
    }
    assert_eq!(rules.len(), BrokenRule::ALL.len());
}

#[test]
fn what_raft_does_instead_is_told_as_a_decision_or_as_what_it_leads_to() {
    for (script, standard) in [
        (
            "cluster 2 / break no-previous-entry-check / \
             send AppendEntries S1->S2 term=2 prev=2:2 entries=2 / deliver S1->S2",
            "In standard Raft, without no-previous-entry-check: S2 refuses: it does not hold \
             index 2 (term 2), because its log ends before that. \
             The leader should send from index 1.",
        ),
        (
            "cluster 3 / break many-votes-per-term / timeout S1 / timeout S3 / deliver S1->S2 / \
             deliver S3->S2",
            "In standard Raft, without many-votes-per-term: S2 refuses S3 its vote in term 1: \
             S2 has voted for S1.",
        ),
        (
            "cluster 3 / break commit-index-may-fall / state S2 term=1 log=1,1 commit=2 / \
             send AppendEntries S1->S2 term=1 prev=2:1 commit=1 / deliver S1->S2",
            "In standard Raft, without commit-index-may-fall: S2's commit index is 2.",
        ),
        (
            "cluster 3 / break truncate-on-any-append / state S2 term=1 log=1,1 / \
             send AppendEntries S1->S2 term=1 prev=1:1 / deliver S1->S2",
            "In standard Raft, without truncate-on-any-append: S2's log ends at index 2 (term 1).",
        ),
        (
            "cluster 3 / break forget-own-vote / timeout S1",
            "In standard Raft, without forget-own-vote: S1's vote is for S1.",
        ),
        (
            "cluster 3 / break any-message-restarts-election-timer / state S2 term=2 / \
             send RequestVote S1->S2 term=1 last=0:0 / deliver S1->S2",
            "In standard Raft, without any-message-restarts-election-timer: \
             S2's election timer is not restarted.",
        ),
        (
            "cluster 3 / option disk 50..50ms / break reply-before-persist / \
             send RequestVote S1->S2 term=1 last=0:0 / deliver S1->S2",
            "In standard Raft, without reply-before-persist: \
             S2 sends this only when its write is done.",
        ),
    ] {
        let told = headline(script);
        assert!(told.ends_with(standard), "{told}");
        let why = why_last(script).join("\n");
        assert!(why.contains(standard), "{why}");
    }
}

/// The caption says what happened before it says by which rule.
#[test]
fn a_caption_about_a_broken_rule_says_what_was_done() {
    assert_eq!(
        headline("cluster 4 / break quorum-of-half / timeout S1 / deliver S1->S2 / deliver S2->S1"),
        "S1 leads term 1: it has the votes of S1 S2, and by the broken rule quorum-of-half, \
         2 of S1 S2 S3 S4 are enough. In standard Raft, without quorum-of-half: \
         S1 counts the vote of S2: 2 of the 3 that S1 needs."
    );
}

#[test]
fn a_match_index_that_falls_or_is_guessed_is_told_as_such() {
    let falls = why_last(
        "cluster 3 / break match-index-may-fall / timeout S1 / deliver all / \
         send AppendEntriesReply S2->S1 term=1 success=yes match=0 / deliver S2->S1",
    );
    assert_has(
        &falls,
        "S1 now counts S2 as holding its log only up to index 0 (match index before: 1).",
    );
    let guessed = why_last(
        "cluster 3 / break match-from-rejection / timeout S1 / deliver S1->S2 / deliver S2->S1 / \
         propose S1 \"x\" / send AppendEntriesReply S2->S1 term=1 success=no hint=2 / \
         deliver S2->S1",
    );
    assert_has(
        &guessed,
        "S1 now counts S2 as holding its log up to index 2 (match index before: 0).",
    );
    assert_none(&guessed, "takes the refusal for an old one");
}

#[test]
fn a_candidate_that_needs_too_few_votes_says_by_which_rule() {
    assert_has(
        &told_last("cluster 4 / break quorum-of-half / timeout S1"),
        "S1 starts an election in term 1, votes for itself and needs 2 votes of S1 S2 S3 S4 \
         (by the broken rule quorum-of-half) to win.",
    );
    assert_none(
        &told_last("cluster 3 / break quorum-of-half / timeout S1"),
        "by the broken rule",
    );
}

#[test]
fn a_crash_says_what_was_not_on_the_disk() {
    assert_eq!(
        headline(
            "cluster 3 / state S2 term=1 log=1 / option disk 50..50ms / timeout S1 / timeout S1 / \
             send RequestVote S3->S2 term=4 last=1:1 / deliver S3->S2 / \
             send AppendEntries S1->S2 term=4 prev=1:1 entries=4 / deliver S1->S2 AppendEntries / crash S2"
        ),
        "S2 crashes and forgets what is not on its disk; 2 writes had not reached it. \
         It never sends its vote to S3, its acknowledgement up to index 2 to S1. \
         Lost: term 4, as its disk has term 1; its vote for S3; \
         the entry at index 2, as its disk's log ends at index 1 (term 1)."
    );
    let replaced = headline(
        "cluster 2 / state S2 term=1 log=1,1 / option disk 50..50ms / \
         send AppendEntries S1->S2 term=2 prev=0:0 entries=2 / deliver S1->S2 / crash S2",
    );
    let lost =
        "the end of its log at index 1 (term 2), as its disk's log ends at index 2 (term 1).";
    assert!(replaced.ends_with(lost), "{replaced}");
    let several = headline(
        "cluster 2 / disk S2 50..50ms / \
         send AppendEntries S1->S2 term=2 prev=0:0 entries=2 / deliver S1->S2 / \
         send AppendEntries S1->S2 term=2 prev=1:2 entries=2,2 / deliver S1->S2 / crash S2",
    );
    let unsent = "It never sends its acknowledgement up to index 3 to S1. Lost: term 2, as its disk has term 0; \
                  the entries from index 1 to 3, as its disk's log is empty.";
    assert!(several.ends_with(unsent), "{several}");
    let kept = headline("cluster 3 / timeout S1 / deliver all / crash S1");
    assert!(!kept.contains("Lost"), "{kept}");
}

#[test]
fn a_transfer_says_how_it_ends() {
    let start = "cluster 3 / timeout S1 / deliver all / transfer S1 to S2";
    let told = transcript(&format!("{start} / deliver all"));
    assert_has(&told, "S1's leadership transfer to S2 has succeeded.");
    let told = transcript(&format!(
        "{start} / timeout S3 / deliver S3->S1 RequestVote / deliver S1->S3 RequestVoteReply"
    ));
    assert_has(
        &told,
        "S1's leadership transfer to S2 has failed: S3 leads now.",
    );
    let timed_out = format!("{start} / timeout S1 transfer");
    assert_eq!(
        headline(&timed_out),
        "S1 gives up the leadership transfer to S2: its transfer timer has run out, and S1 still leads."
    );
    assert_has(
        &why_last(&timed_out),
        "S1 gives up the leadership transfer to S2, because S1 still leads.",
    );
    assert_has(
        &why_last(&format!("{start} / transfer S1 to S3")),
        "S1 gives up the leadership transfer to S2 for one to S3.",
    );
    assert_has(
        &why_last(&format!("{start} / transfer S1 to S1")),
        "S1 gives up the leadership transfer to S2, as it is asked to lead on itself.",
    );
}

/// A transfer that was given up has not succeeded, whoever leads next; nor has one
/// whose target stands by itself.
#[test]
fn a_transfer_that_was_given_up_or_overtaken_does_not_succeed() {
    let start = "cluster 3 / option check-quorum on / timeout S1 / deliver all / transfer S1 to S2";
    let told = transcript(&format!("{start} / timeout S1 transfer / deliver all"));
    assert_none(&told, "succeeded");
    let stand = "drop all / timeout S2 / wait 1s / deliver S2->S3";
    let told = transcript(&format!("{start} / wait 1s / {stand} / deliver S3->S2"));
    assert_has(
        &told,
        "S2 leads term 2: it has the votes of S2 S3, and 2 of S1 S2 S3 are a majority.",
    );
    assert_none(&told, "leadership transfer to S2 has");
    let lost = "drop all / timeout S1 check-quorum / timeout S1 check-quorum";
    let told = transcript(&format!("{start} / {lost} / {stand} / deliver S3->S2"));
    assert_has(&told, "S1's leadership transfer to S2 ends with that.");
    assert_none(&told, "leadership transfer to S2 has");
}

#[test]
fn a_timer_by_a_fast_or_slow_clock_says_so() {
    let told = transcript("cluster 3 / clock S3 1000% / run until S3 is candidate");
    assert_has(
        &told,
        "S3's timers go by its own clock, which runs at 1000% of true time.",
    );
    let told = transcript("cluster 3 / clock S3 1000% / timeout S3");
    assert_none(&told, "own clock");
    let told = transcript("cluster 3 / clock S3 1000% / clock S3 100% / run until leader");
    assert_none(&told, "own clock");
}

/// A loss after a partition is news, even one like those before it.
#[test]
fn a_partition_makes_losses_news_again() {
    let told = transcript(
        "cluster 3 / timeout S1 / deliver all / isolate S3 / run 500ms / partition S1 S2 | S3 / \
         run 200ms / partition S1 | S2 S3 / run 200ms",
    );
    assert_has(
        &told,
        "AppendEntries from S1 to S2 is lost: the link is cut.",
    );
}

#[test]
fn a_restart_is_told_with_what_the_server_starts_from() {
    assert_eq!(
        headline("cluster 3 / state S1 term=1 voted-for=S1 log=1 / crash S1 / restart S1"),
        "S1 restarts as a follower with term 1, its vote given to S1 and a log that ends at index 1 (term 1)."
    );
}

#[test]
fn a_duration_without_a_choice_is_no_range() {
    assert_eq!(
        headline("cluster 3 / disk S1 50..50ms"),
        "From now on, writes of S1 take 50ms."
    );
    assert_eq!(
        headline("cluster 3 / latency S1->S2 5..9ms"),
        "From now on, messages on S1->S2 take 5ms to 9ms."
    );
}

/// Where the reasons stand below, they say how an election ended.
#[test]
fn an_election_that_fails_says_once_why() {
    let lab = play("cluster 3 / timeout S1 / timeout S2 / timeout S2 / deliver S2->S1 nth=2");
    let (id, last) = lab.records().iter().next_back().expect("a record");
    let transcript = Transcript::of(&lab);
    let Some(Told::Record {
        failed: Some(tally),
        ..
    }) = transcript.about(id).map(|item| &item.told)
    else {
        panic!("no election failed");
    };
    let count =
        "it has 1 of the 2 votes that it needs (S1); the request to S2 S3 is still on its way.";
    assert_eq!(
        narrate::tally(tally, Lang::En),
        format!(
            "S1's election in term 1 fails because a message from S2 tells it of term 2: {count}"
        )
    );
    assert_eq!(
        narrate::tally_beside_reasons(tally, Lang::En),
        format!("S1's election in term 1 fails: {count}")
    );
    assert_eq!(
        lines(last, Lang::En)[1],
        "S1 is no longer candidate: it adopts term 2 from S2; its own was 1."
    );
}

/// Who leads by pre-votes alone has an election neither won nor under way.
#[test]
fn a_leader_by_pre_votes_leads_and_asks_nobody_any_more() {
    let script = "cluster 3 / option pre-vote on / break pre-votes-elect / timeout S1 / \
                  deliver S1->S2 / deliver S2->S1";
    assert_eq!(
        headline(script),
        "S1 leads term 1 without an election, by the broken rule pre-votes-elect. \
         In standard Raft, without pre-votes-elect: S1 starts an election in term 1, \
         votes for itself and needs 2 votes of S1 S2 S3 to win."
    );
    let lab = play(script);
    assert_eq!(Transcript::of(&lab).undecided(&lab), []);
}

/// Its message is of an earlier term, which it may have led; this one it does not.
#[test]
fn a_late_leader_is_not_called_the_leader_of_the_later_term() {
    let told = told_last(
        "cluster 3 / break accept-stale-append / state S2 term=2 / \
         send AppendEntries S1->S2 term=1 prev=0:0 / deliver S1->S2",
    );
    assert_has(
        &told,
        "S2 takes S1, whose message is of term 1, for the leader of term 2, \
         by the broken rule accept-stale-append.",
    );
    assert_none(&told, "follows");
}

/// That it follows the leader is not what Raft would not do.
#[test]
fn a_caption_tells_of_the_entries_that_were_taken_without_the_one_before() {
    let told = headline(
        "cluster 2 / break no-previous-entry-check / \
         send AppendEntries S1->S2 term=2 prev=2:2 entries=2 / deliver S1->S2",
    );
    assert!(
        told.starts_with("S2 does not hold index 2 (term 2)"),
        "{told}"
    );
}

#[test]
fn a_vote_of_an_earlier_term_is_counted_as_such() {
    let told = told_last(
        "cluster 3 / break count-stale-votes / timeout S1 / deliver S1->S2 / timeout S1 / \
         deliver S2->S1",
    );
    assert_has(
        &told,
        "S1 counts the vote that S2 gave in term 1, by the broken rule count-stale-votes: \
         2 of the 2 that S1 needs.",
    );
}

/// What a leader puts an entry in the place of is told, too.
#[test]
fn a_leader_that_overwrites_its_log_says_what_is_gone() {
    let told = why_last(
        "cluster 3 / break overwrite-uncommitted / state S1 term=1 log=1,1 / option no-op off / \
         timeout S1 / deliver S1->S2 / deliver S2->S1 / propose S1 \"x\"",
    );
    assert_eq!(
        told[..2],
        [
            "S1 deletes the entries from index 1 to 2 of its own log, \
             by the broken rule overwrite-uncommitted.",
            "S1 appends the client's command at index 1 (term 2).",
        ]
    );
}
