//! Where the shipped programs do otherwise than Raft, and that they do not once all of
//! their flaws are mended.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Library as _, Parting, Run, Script, parting_from_raft};
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
    for (script, does, raft) in [
        (
            "cluster 5 / run all message-dispatch / mend message-dispatch votes-not-counted \
             / timeout S1 / deliver S1->S2 / deliver S2->S1 / drop all / timeout S1 \
             / deliver S1->S3 / deliver S3->S1",
            "S1 leads term 2: it has the votes of S1 S2 S3, and 3 of S1 S2 S3 S4 S5 are a majority.",
            "S1 counts the vote of S3: 2 of the 3 that S1 needs.",
        ),
        (
            "cluster 3 / run all separate-states / mend separate-states votes-not-counted \
             / state S1 term=1 log=1 commit=1 / state S2 term=1 log=1 commit=1 / state S3 term=1 \
             / timeout S3 / deliver S3->S2 / deliver S2->S3",
            "S2 adopts term 2 from S3; its own was 1.",
            "S2 refuses S3 its vote in term 2: by the request S3's log is empty, but S2's ends at \
             index 1 (term 1): S2's last term is later.",
        ),
        (
            "cluster 3 / run all append-entry / timeout S1 / deliver S1->S2 / deliver S2->S1 \
             / timeout S3 / timeout S3 / timeout S3 / drop from S3 / deliver S1->S3 AppendEntries \
             / timeout S2 / deliver S2->S1 RequestVote / deliver S3->S1 AppendEntriesReply",
            "AppendEntriesReply from S3 to S1 arrives.",
            "S1 adopts term 3 from S3; its own was 2.",
        ),
    ] {
        let run = played(&script.replace(" / ", "\n"));
        let parting = parting(&run).expect(script);
        let record = run.records().get(parting.record).expect("a record");
        let told = [record, &parting.raft].map(|it| narrate::headline(it, Lang::En));
        assert_eq!(told, [does, raft], "{script}");
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

#[test]
fn what_a_program_can_do_is_taken_from_its_code_and_not_from_its_comments() {
    let compared_of = |source: &str| {
        let program = library()
            .program("p", Some(source), &[])
            .expect("a program");
        let compared = compared(SHIPPED, &*program);
        (compared.requests, compared.no_op)
    };
    let comments = "// fn request( is not here, nor command: ()\nfn start(me) {}\n";
    assert_eq!(compared_of(comments), (false, false));
    let code = "fn start(me) { me.log.push(#{ term: 1, command :() }); }\n\
                fn request (me, command) {}\n";
    assert_eq!(compared_of(code), (true, true));
}
