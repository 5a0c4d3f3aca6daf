//! Where the shipped programs do otherwise than Raft, and that they do not once all of
//! their flaws are mended.

use std::fs;
use std::path::Path;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Parting, Run, Script, parting_from_raft};
use hustings_programs::{SHIPPED, compared};

use super::library;

fn played(text: &str) -> Run {
    let script = Script::parse_with(text, &library());
    script.expect("a script").run().expect("a run").run
}

fn parting(run: &Run) -> Option<Parting> {
    parting_from_raft(run, |program| compared(SHIPPED, program))
}

/// Elections, requests and a crash on a bad network.
fn storm(program: &str, mends: &[&str], seed: u32) -> String {
    let mend = match mends {
        [] => String::new(),
        mends => format!("mend {program} {}\n", mends.join(" ")),
    };
    let requests: String = (1..=3)
        .map(|server| format!("run 300ms\npropose S{server} \"x\"\n"))
        .collect();
    format!(
        "cluster 3\nseed {seed}\noption loss 10%\noption duplicate 10%\n\
         option disk 0..{}ms\nrun all {program}\n{mend}run 1s\n{requests}crash S2\nrun 600ms\n\
         restart S2\nrun 1s\n{requests}",
        seed % 2 * 5
    )
}

#[test]
fn a_program_whose_flaws_are_mended_never_parts_from_raft() {
    for about in SHIPPED.iter().filter(|it| it.name != "lab-sheet") {
        let flaws: Vec<&str> = about.flaws.iter().map(|it| &*it.name).collect();
        for seed in 1..=6 {
            let run = played(&storm(&about.name, &flaws, seed));
            assert_eq!(parting(&run), None, "{}, seed {seed}", about.name);
        }
    }
}

#[test]
fn where_a_flaw_shows_raft_says_what_it_would_have_done() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/servers");
    for (scenario, does, raft) in [
        (
            "message-dispatch-votes-of-old-terms",
            "S1 leads term 2: it has the votes of S1 S2 S3, and 3 of S1 S2 S3 S4 S5 are a majority.",
            "S1 counts the vote of S3: 2 of the 3 that S1 needs.",
        ),
        (
            "separate-states-no-up-to-date-check",
            "S2 adopts term 2 from S3; its own was 1.",
            "S2 refuses S3 its vote in term 2: by the request S3's log is empty, but S2's ends at \
             index 1 (term 1): S2's last term is later.",
        ),
        (
            "append-entry-only-leaders-learn-of-terms",
            "AppendEntriesReply from S3 to S1 arrives.",
            "S1 adopts term 3 from S3; its own was 2.",
        ),
    ] {
        let text = fs::read_to_string(folder.join(format!("{scenario}.hust"))).expect("a scenario");
        let run = played(&text);
        let parting = parting(&run).expect(scenario);
        let record = run.records().get(parting.record).expect("a record");
        let told = [record, &parting.raft].map(|it| narrate::headline(it, Lang::En));
        assert_eq!(told, [does, raft], "{scenario}");
    }
}

#[test]
fn a_leader_that_says_nothing_parts_from_raft_by_what_it_sends() {
    let mends = "mend message-dispatch votes-not-counted";
    let run = played(&format!(
        "cluster 3\nrun all message-dispatch\n{mends}\ntimeout S1\ndeliver all\n"
    ));
    let parting = parting(&run).expect("it is silent");
    let record = run.records().get(parting.record).expect("a record");
    assert_eq!((record.sent.len(), parting.raft.sent.len()), (0, 2));
}

#[test]
fn a_program_that_fails_parts_from_raft_where_it_does() {
    let run = played(
        "program p\n| fn start(me) { arm(\"election\"); }\n| fn timer(me, name) { me.x += 1; }\n\
         cluster 3\nrun S2 p\ntimeout S2\nrun 1s\n",
    );
    let parting = parting(&run).expect("it fails");
    let told = narrate::headline(&parting.raft, Lang::En);
    assert!(
        told.starts_with("S2's election timer has run out"),
        "{told}"
    );
}
