//! Programs as servers of a run.

use std::rc::Rc;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Program, Script, Transcript};
use hustings_programs::{HostedProgram, Interpreter, Source};

fn program(name: &str, text: &str) -> Rc<dyn Program> {
    let interpreter = Rc::new(Interpreter::default());
    let host = Source::read(&interpreter, text).unwrap_or_else(|error| panic!("{error}"));
    Rc::new(HostedProgram {
        name: name.into(),
        source: None,
        mended: Vec::new(),
        host: Rc::new(host),
    })
}

fn told(lines: &str, program: &Rc<dyn Program>) -> Vec<String> {
    let text = lines.replace(" / ", "\n");
    let script = Script::parse_with(&text, std::slice::from_ref(program)).expect("a script");
    let outcome = script.run().expect("a valid header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let transcript = Transcript::of(&outcome.run);
    let items = transcript.items();
    items
        .flat_map(|item| narrate::told(item, outcome.run.records(), Lang::En))
        .collect()
}

#[test]
fn an_election_in_a_program_is_shown_told_and_judged() {
    let election = program("election", include_str!("election.rhai"));
    let lines = "cluster 3 / program S1 election / program S2 election / program S3 election \
        / timeout S1 / deliver all / expect S1 leader term=1 / expect S2 follower leader=S1 \
        / run 2s / expect S1 leader term=1 / crash S1 / run until leader / expect no violation";
    let told = told(lines, &election);
    assert_eq!(
        told.get(..5).expect("the election"),
        [
            "S1's election timer has run out: it starts an election in term 1, votes for itself \
             and needs 2 votes of S1 S2 S3 to win.",
            "S2 votes for S1 in term 1: S2 has no vote recorded in that term, and by the request \
             S1's log is empty, at least as up to date as S2's, which is empty.",
            "S3 votes for S1 in term 1: S3 has no vote recorded in that term, and by the request \
             S1's log is empty, at least as up to date as S3's, which is empty.",
            "S1 leads term 1: it has the votes of S1 S2, and 2 of S1 S2 S3 are a majority.",
            "S2 follows S1 as the leader of term 1.",
        ]
    );
}
