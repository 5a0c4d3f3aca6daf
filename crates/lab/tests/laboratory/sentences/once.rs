//! Nothing is told twice.

use hustings_lab::narrate::{self, Lang};

use super::{lines, play, scenarios};

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
