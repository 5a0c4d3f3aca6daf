//! Programs as servers of a run.

mod agree;
mod links;
mod parting;
mod scenarios;
mod shipped;
mod slow_disks;

use std::borrow::Cow;
use std::rc::Rc;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Line;
use hustings_lab::{Event, Library, Run, Script, Statistics, Transcript};
use hustings_programs::{Interpreter, Programs, SHIPPED, Source};

fn library() -> Programs<Rc<Interpreter>> {
    Programs::new(Rc::new(Interpreter::default()), Cow::Borrowed(SHIPPED))
}

/// The run of a script that carries the program `p`, with its lines separated by slashes,
/// in which nothing fails.
fn played(source: &str, lines: &str) -> Run {
    played_by(&library(), source, lines)
}

fn played_by(library: &dyn Library, source: &str, lines: &str) -> Run {
    let source: String = source.lines().map(|line| format!("| {line}\n")).collect();
    let text = format!("program p\n{source}{}", lines.replace(" / ", "\n"));
    let script = Script::parse_with(&text, library).expect("a script");
    let outcome = script.run().expect("a valid header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    outcome.run
}

const ELECTION: &str = include_str!("election.rhai");

/// Why a program cannot be read.
fn unreadable(text: &str) -> String {
    let interpreter = Rc::new(Interpreter::default());
    let error = Source::read(&interpreter, text).expect_err("it is wrong");
    error.to_string()
}

/// How a program fails in whose `start` these statements stand.
fn failure(statements: &str) -> String {
    let text = format!("fn start(me) {{ {statements} }}\nfn again(me) {{ again(me); }}");
    let run = played(&text, "cluster 3 / run S2 p");
    let failures: Vec<_> = run
        .records()
        .iter()
        .filter_map(|(_, record)| match &record.event {
            Event::Crashed { failure, .. } => failure.clone(),
            _ => None,
        })
        .collect();
    match &*failures {
        [failure] => failure.to_string(),
        _ => panic!("{statements}: {failures:?}"),
    }
}

#[test]
fn an_election_in_a_program_is_shown_told_and_judged() {
    let lines = "cluster 3 / run all p / timeout S1 / deliver all / expect S1 leader term=1 \
        / expect S2 follower leader=S1 / run 2s / expect S1 leader term=1 / crash S1 \
        / run until leader / expect no violation";
    let run = played(ELECTION, lines);
    let transcript = Transcript::of(&run);
    let items = transcript.items();
    let told: Vec<_> = items
        .flat_map(|item| narrate::told(item, run.records(), Lang::En))
        .collect();
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

#[test]
fn a_field_that_no_message_has_is_an_error_unless_the_program_gives_it() {
    let start = "fn start(me) {}\nfn message(me, m) {\n";
    let fields = "the fields of messages are type, from, term, last_log_index, last_log_term, \
                  vote_granted, prev_log_index, prev_log_term, entries, leader_commit, success, \
                  match_index, hint";
    for (body, place, field) in [
        (
            "if m.voteGrantd { me.n = 1; } }",
            "line 3, column 6",
            "voteGrantd",
        ),
        (
            "count(me, m); }\nfn count(me, reply) {\n  me.n = reply.entires.len(); }",
            "line 5, column 16",
            "entires",
        ),
    ] {
        let told = unreadable(&format!("{start}{body}"));
        let expected = format!("{place}: no message has a field `{field}`; {fields}");
        assert_eq!(told, expected);
    }
    for body in [
        "m.to = me.id; me.n = m.to; }",
        "if \"held\" in m { me.n = m.held; } }",
        "let mine = #{ ok: true }; me.n = m.ok; }",
        "me.n = m.hint; me.votes = #{}; me.n = me.votes.S2; }",
    ] {
        let interpreter = Rc::new(Interpreter::default());
        let read = Source::read(&interpreter, &format!("{start}{body}"));
        assert!(read.is_ok(), "{body}: {read:?}");
    }
}

#[test]
fn where_a_long_call_fails_is_known_beyond_what_is_kept_of_it() {
    for last in [
        "let a = []; a.pad(1001, 0);",
        "let s = \"\"; s.pad(10001, 'x');",
    ] {
        let failure = failure(&format!("for i in 0..1500 {{\nme.x = i;\n}}\n{last}"));
        assert!(failure.starts_with("line 4, "), "{failure}");
    }
}

#[test]
fn a_source_that_cannot_be_read_says_where_and_what() {
    let nested = format!("fn start(me) {{ {} }}", "(".repeat(1000));
    for (text, expected) in [
        (
            "fn start(me) {\n    me.x = ;\n}",
            "line 2, column 12: unexpected ';'",
        ),
        (
            "fn start(me) { me.x = y; }",
            "line 1, column 23: undefined variable: y",
        ),
        (
            "fn start(me) { eval(\"1\") }",
            "line 1, column 16: reserved keyword 'eval' is disabled",
        ),
        (
            "fn start(me) { loop {",
            "line 1, column 22: expecting '}' to terminate this block",
        ),
        (
            &nested,
            "line 1, column 34: expression exceeds maximum complexity",
        ),
        (
            "",
            "a program needs a function `start(me)`, with which its server starts",
        ),
        (
            "fn start(me) {}\nlet x = 3;",
            "line 2, column 1: only functions can stand here: what is to be done at the start \
             belongs into `fn start(me)`",
        ),
        (
            "fn start(me) {}\nfn message(m) {}",
            "`message` has 1 parameters: it is called as `message(me, m)`",
        ),
        (
            &"x".repeat(60_001),
            "the source has 60001 characters, and 60000 are allowed",
        ),
    ] {
        assert_eq!(unreadable(text), expected, "{text:.60}");
    }
}

/// Statements of a program, and how it fails.
const FAILURES: [(&str, &str); 34] = [
    (
        "me.x += 1;",
        "line 1, column 18: `me` has no variable `x` yet",
    ),
    (
        "loop { }",
        "line 1, column 16: it does not come to an end within 100000 operations",
    ),
    (
        "again(me);",
        "line 2, column 14: more than 32 calls within calls",
    ),
    (
        "me.x = 1; me.x.push(2);",
        "line 1, column 31: no function push (number, number)",
    ),
    ("foo(1);", "line 1, column 16: no function foo (number)"),
    (
        "me.x = |y| y + 1;",
        "line 1, column 18: `me.x` cannot hold a function: a variable is a number, a string, true, false, (), an array or a map of these",
    ),
    (
        "me.x = [|y| y];",
        "`me.x` cannot hold a function: a variable is a number, a string, true, false, (), an array or a map of these",
    ),
    (
        "me.role = \"boss\";",
        "`me.role` is \"follower\", \"candidate\", \"leader\" or \"pre-candidate\", and this is boss; a program that calls it otherwise needs a function `view`",
    ),
    (
        "me.term = -1;",
        "`me.term` is a whole number from 0, and this is -1",
    ),
    (
        "me.voted_for = 2;",
        "`me.voted_for` is a server, as \"S1\", and this is 2",
    ),
    (
        "me.log = 3; persist();",
        "line 1, column 28: `me.log` is a log or an array of entries, and this is a number",
    ),
    (
        "me.log.push(#{ term: 1 });",
        "line 1, column 23: an entry needs a `command`: a string, or () for a no-op",
    ),
    (
        "me.log.push(#{ term: 0, command: \"a\" });",
        "line 1, column 23: an entry's term is at least 1",
    ),
    (
        "me.log[0];",
        "line 1, column 22: no entry at position 0: the log has 0",
    ),
    (
        "send(\"S9\", 3);",
        "line 1, column 16: no function send (string, number)",
    ),
    (
        "send(\"S1\", #{ type: \"RequestVote\", term: 1 });",
        "line 1, column 16: `last_log_index` of RequestVote is missing",
    ),
    (
        "send(\"S1\", #{ type: \"Vote\", term: 1 });",
        "line 1, column 16: no message has the type `Vote`; there are RequestVote, RequestVoteReply, PreVote, PreVoteReply, TimeoutNow, AppendEntries, AppendEntriesReply",
    ),
    (
        "send(\"S2\", #{ type: \"TimeoutNow\", term: 1 });",
        "line 1, column 16: S2 sends a message to itself",
    ),
    (
        "send(1, #{ type: \"TimeoutNow\", term: 1 });",
        "line 1, column 16: the receiver is a server, as \"S1\", and this is 1",
    ),
    (
        "send(\"S1\", #{ type: \"TimeoutNow\", term: 1, idx: 3 });",
        "line 1, column 16: TimeoutNow has no field `idx`; it has term",
    ),
    (
        "send(\"S1\", #{ type: \"TimeoutNow\", term: \"x\" });",
        "line 1, column 16: `term` of TimeoutNow is a whole number from 0, and this is \"x\"",
    ),
    (
        "arm(\"foo\");",
        "line 1, column 16: no timer is called `foo`; there are election, heartbeat, check-quorum, transfer",
    ),
    (
        "arm(\"election\", 0);",
        "line 1, column 16: a timer runs for 1 to 600000 ms, and not from 0 to 0",
    ),
    (
        "arm(\"election\", 3, \"x\");",
        "line 1, column 16: no function arm (string, number, string)",
    ),
    (
        "reply(\"done\");",
        "line 1, column 16: a reply is \"accepted\" or \"committed\" with an index, or \"not-leader\", and this is \"done\"",
    ),
    (
        "reply(\"accepted\", 3);",
        "line 1, column 16: `me.log` has no entry at index 3",
    ),
    (
        "let s = \"x\"; loop { s += s; }",
        "line 1, column 38: a string is longer than 10000 bytes",
    ),
    (
        "let a = []; loop { a.push(a.len()); }",
        "line 1, column 28: an array has more than 1000 elements, with all that are in them",
    ),
    (
        "let m = #{}; loop { m = #{ a: m, b: m }; }",
        "line 1, column 38: a map has more than 1000 elements, with all that are in them",
    ),
    (
        "loop { arm(\"election\"); }",
        "line 1, column 23: more than 1000 messages, timers, replies and writes in one call",
    ),
    (
        "9223372036854775807 + 1",
        "line 1, column 36: addition overflow: 9223372036854775807 + 1",
    ),
    (
        "me.me = me;",
        "line 1, column 18: `me.me` cannot hold the server: a variable is a number, a string, true, false, (), an array or a map of these",
    ),
    ("throw \"my own words\";", "line 1, column 16: my own words"),
    (
        "[1][3]",
        "line 1, column 20: array index 3 out of bounds: only 1 element in array",
    ),
];

#[test]
fn a_program_that_fails_says_where_and_why_and_its_server_crashes() {
    for (statements, expected) in FAILURES {
        assert_eq!(failure(statements), expected, "{statements}");
    }
}

/// How many messages were sent.
fn sent(lines: &str) -> usize {
    let run = played(ELECTION, lines);
    run.records()
        .iter()
        .map(|(_, record)| record.sent.len())
        .sum()
}

#[test]
fn what_a_program_does_after_a_write_waits_for_the_disk() {
    let lines = "cluster 3 / run S1 p / disk S1 50..50ms / timeout S1 \
        / expect S1 candidate term=1 / run 49ms / expect S1 candidate voted-for=S1";
    assert_eq!(sent(lines), 0, "the write is not durable");
    assert_eq!(sent(&format!("{lines} / run 1ms")), 2, "it is");
    let crashed = format!("{lines} / crash S1 / run 20ms / expect S1 down term=0");
    assert_eq!(sent(&crashed), 0, "it never will be");
}

#[test]
fn an_election_has_started_when_its_vote_is_being_written() {
    let lines = "cluster 3 / run S1 p / disk S1 50..50ms / timeout S1";
    let started = |lines: &str| Statistics::of(&played(ELECTION, lines)).started();
    assert_eq!(started(lines), 1);
    assert_eq!(started(&format!("{lines} / run 50ms")), 1, "and not again");
}

#[test]
fn a_trace_says_which_lines_were_executed_and_what_they_changed() {
    let interpreter = Rc::new(Interpreter::default());
    let text = "fn start(me) {\n    me.n = 1;\n    let sum = 0;\n    for i in 0..2 {\n        sum += i;\n    }\n    \
        me.n = twice(sum);\n}\nfn twice(x) {\n    let y = x * 2;\n    y\n}";
    let library = Programs::new(Rc::clone(&interpreter), Cow::Borrowed(SHIPPED));
    let traces = interpreter.traces().during(|| {
        played_by(&library, text, "cluster 3 / run S2 p");
    });
    let [trace] = &*traces else {
        panic!("{traces:?}");
    };
    let told: Vec<_> = trace
        .executed
        .iter()
        .map(|it| {
            let changed = it.changed.iter();
            let changed: Vec<_> = changed
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{}{}: {}", ".".repeat(it.depth), it.line, changed.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "2: me.n=1",
            "3: sum=0",
            "4: i=0",
            "5: i=1",
            "5: sum=1",
            "7: me.n=2",
            ".9: x=1",
            ".10: y=2",
            ".11: "
        ]
    );
}

#[test]
fn a_program_is_replaced_in_the_middle_of_a_run_and_finds_the_disk_of_the_one_before() {
    let run = played(
        ELECTION,
        "cluster 3 / run until leader / propose S1 \"x\" / run 1s / run S1 p / run 1s \
         / run S2 S3 p / run until S2 is leader within 9s / expect no violation / run all raft \
         / run until leader / expect no violation",
    );
    let installed: Vec<_> = run
        .records()
        .iter()
        .filter_map(|(_, record)| match &record.event {
            Event::Installed { server, program } => {
                Some(format!("{server} {}", program.as_deref().unwrap_or("raft")))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        installed,
        ["S1 p", "S2 p", "S3 p", "S1 raft", "S2 raft", "S3 raft"]
    );
    let saved = Script::save(&run).expect("it fits");
    let again = Script::parse_with(&saved, &library()).expect("it was saved");
    let again = again.run().expect("a valid header").run;
    assert!(again.records().iter().eq(run.records().iter()));
}

#[test]
fn a_program_that_fails_as_it_takes_the_place_of_another_leaves_its_server_down() {
    let lines = "cluster 3 / state S2 term=7 / wait 1ms / run S2 p / expect S2 down term=7 \
        / run S2 raft / expect S2 up";
    let run = played("fn start(me) { nobody(); }", lines);
    let records = run.records().iter().rev().map(|(_, record)| &record.event);
    let last: Vec<_> = records.take(4).map(|event| event.is_restart()).collect();
    // It crashes by command, starts, fails, and starts with the core.
    assert_eq!(last, [true, false, true, false]);
}

#[test]
fn a_program_is_not_asked_for_what_no_program_knows() {
    let run = played(
        ELECTION,
        "cluster 3 / run S1 S2 p / timeout S1 / deliver all / expect S1 leader",
    );
    let refused = |line: &str| {
        let line = Line::parse(line, run.ids())
            .expect("a line")
            .expect("no comment");
        let Line::Command(command) = line else {
            panic!("{line}");
        };
        run.refusal(&command).map(|error| error.to_string())
    };
    let why = "S1 runs a program, which knows no such request; ask a server that runs Raft's core";
    for line in ["transfer S1 to S3", "member remove S3 at S1"] {
        assert_eq!(refused(line).as_deref(), Some(why), "{line}");
    }
    assert_eq!(refused("member remove S1 at S3"), None);
}
