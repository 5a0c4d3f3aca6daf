//! Scripts as they are printed.

use hustings_lab::script::Script;
use hustings_lab::{Command, Header, Run};
use hustings_raft::Millis;

use super::run;

#[test]
fn texts_keep_every_character() {
    let text = "a \"quoted\" \\ back\nnew\ttab \u{7} \u{202e} # | é 選";
    let mut lab = Run::new(Header::default()).expect("sound");
    lab.apply(Command::Note(text.into())).expect("short enough");
    let script = Script::of(&lab).to_string();
    assert_eq!(
        script.lines().last(),
        Some(r#"note "a \"quoted\" \\ back\nnew\ttab \u{7} \u{202e} # | é 選""#)
    );
    assert_eq!(run(&script).run.commands(), lab.commands());
}

/// Merged runs of time may exceed the maximum of one line.
#[test]
fn a_long_run_of_time_is_printed_as_several_lines() {
    let header = Header {
        cluster: 1,
        ..Header::default()
    };
    let mut lab = Run::new(header).expect("sound");
    lab.apply(Command::Crash(lab.ids().iter().next().expect("S1")))
        .expect("up");
    for _ in 0..3 {
        lab.apply(Command::Run(Millis(3_000_000)))
            .expect("nothing happens");
    }
    let script = Script::of(&lab).to_string();
    assert_eq!(
        script,
        "cluster 1\nseed 1\n\ncrash S1\nrun 3600s\nrun 3600s\nrun 1800s\n"
    );
    assert_eq!(run(&script).run.commands(), lab.commands());
}

#[test]
fn a_script_is_printed_in_canonical_form() {
    let source = r#"
        # Comments and spacing are free.
        option latency 10ms
        seed 7   # so is the order of the settings
        title "All of it"
        option disk 1..2s
        option no-op off
        option loss 0%
        state S2 commit=1 log=1,1,2 term=03

        timeout S2 election
        deliver S2->S1 RequestVote nth=1 if any
        run until leader within 60s
        run 1000ms
        expect S2 commit=1 term=4 leader up
    "#;
    let script = Script::parse(source).expect("sound");
    let printed = r#"title "All of it"
cluster 5
seed 7
option no-op off
option latency 10..10ms
option disk 1000..2000ms
state S2 term=3 log=1,1,2 commit=1

timeout S2 election
deliver S2->S1 RequestVote if any
run until leader
run 1s
expect S2 leader term=4 commit=1 up
"#;
    assert_eq!(script.to_string(), printed);
    assert_eq!(
        Script::parse(printed).expect("printed").to_string(),
        printed
    );
}
