//! What is told of a program whose writes take time: it answers a request only when they are
//! done.

use hustings_lab::Transcript;
use hustings_lab::narrate::{self, Lang};

use super::{ELECTION, played};

/// The program whose vote is in the same write as its term.
fn in_one_write() -> String {
    let adopts = "    me.voted_for = ();\n    persist();\n";
    assert!(ELECTION.contains(adopts));
    ELECTION.replacen(adopts, "    me.voted_for = ();\n", 1)
}

/// What is told of S2's answers to requests for its vote: when, and what.
fn answers(source: &str, lines: &str) -> Vec<(u64, String)> {
    let run = played(source, &lines.replace(" / ", "\n"));
    let transcript = Transcript::of(&run);
    let told = transcript.items().flat_map(|item| {
        let at = run.records().get(item.first).expect("a record").at.0;
        let told = narrate::told(item, run.records(), Lang::En);
        told.into_iter().map(move |it| (at, it))
    });
    told.filter(|(_, it)| it.contains("S2 votes") || it.contains("S2 refuses"))
        .collect()
}

const SLOW: &str = "cluster 3 / option disk 50..50ms / option latency 10..10ms / option no-op off \
    / run S2 p";

#[test]
fn a_vote_is_told_once_when_it_is_decided() {
    // S1's request leaves at 50 ms, when its own vote is durable.
    for (source, decided) in [(&*in_one_write(), 60), (ELECTION, 110)] {
        let told = answers(source, &format!("{SLOW} / timeout S1 / run 400ms"));
        let vote = "S2 votes for S1 in term 1: S2 has no vote recorded in that term, and by the \
            request S1's log is empty, at least as up to date as S2's, which is empty.";
        assert_eq!(told, [(decided, vote.to_owned())]);
    }
}

#[test]
fn a_refusal_is_told_when_the_later_term_is_durable() {
    let lines =
        format!("{SLOW} / state S1 term=1 / state S2 term=1 log=1 / timeout S1 / run 400ms");
    let [(at, told)] = answers(ELECTION, &lines).try_into().expect("one answer");
    assert_eq!(at, 110);
    assert_eq!(
        told,
        "S2's write is done: it now sends its refusal to S1. S2 refuses S1 its vote in term 2: by \
         the request S1's log is empty, but S2's ends at index 1 (term 1): S2's last term is later."
    );
}
