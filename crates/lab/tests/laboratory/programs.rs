//! Programs in scripts: which servers run which, with which flaws mended, and from which
//! source.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::{needs_programs, without_programs};
use hustings_lab::{Command, Header, Library, NoLibrary, Run, Script, Transcript, link};

use crate::strangers::library;

fn parse(text: &str) -> Script {
    let parsed = Script::parse_with(text, &library());
    parsed.unwrap_or_else(|errors| panic!("{text}: {} {}", errors[0].at, errors[0]))
}

/// The errors of a script, as "line:column+length message".
fn errors(text: &str, library: &dyn Library) -> Vec<String> {
    let errors = Script::parse_with(text, library).expect_err("a mistake");
    let told = errors.iter().map(|error| {
        let advice = error.advice(Lang::En);
        format!("{}+{} {advice}", error.at, error.at.length)
    });
    told.collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(errors(text, &library()), [expected], "{text}");
}

const CARRIED: &str = "cluster 3
seed 1
program mine
| fn start(me) {
|     arm(\"election\"); # no comment
|
| }  
mend eager one three
run S2 eager
run S1 S3 mine
";

#[test]
fn a_script_says_which_programs_run_and_carries_their_sources() {
    let script = parse(CARRIED);
    let programs: Vec<_> = script.header.programs.iter().collect();
    let sources: Vec<_> = programs.iter().map(|(_, it)| it.source()).collect();
    let mine = "fn start(me) {\n    arm(\"election\"); # no comment\n\n}  ";
    assert_eq!(sources, [Some(mine), None, Some(mine)]);
    assert_eq!(programs[1].1.name(), "eager");
    let mended = programs[1].1.mended();
    assert!(mended.iter().map(|flaw| &**flaw).eq(["one", "three"]));
    assert!(
        std::rc::Rc::ptr_eq(programs[0].1, programs[2].1),
        "one for both"
    );
}

#[test]
fn a_printed_script_says_the_same_of_its_programs() {
    let script = parse(CARRIED);
    let printed = script.to_string();
    let by_program = "cluster 3
seed 1
program mine
| fn start(me) {
|     arm(\"election\"); # no comment
|
| }  
run S1 S3 mine
mend eager one three
run S2 eager

";
    assert_eq!(printed, by_program);
    assert_eq!(parse(&printed).header, script.header);
    let all = parse("cluster 3\nrun S3 S1 S2 eager");
    assert_eq!(all.to_string(), "cluster 3\nseed 1\nrun all eager\n\n");
    assert_eq!(parse(&all.to_string()).header, all.header);
}

#[test]
fn the_order_of_the_lines_is_free_and_the_last_line_may_be_of_source() {
    let script = parse("run all mine\nprogram mine\n|a\n|  b \n|");
    let (_, program) = script.header.programs.iter().next().expect("it runs");
    assert_eq!(program.source(), Some("a\n b \n"));
}

#[test]
fn formatting_keeps_every_byte_of_a_source() {
    let text = "  # x\n run  S2   mine # y\nprogram   mine\n  |a # b\n\t|  b\t\n|\n|  \n";
    let formatted = Script::format_with(text, &library());
    let expected = "# x\nrun S2 mine  # y\nprogram mine\n| a # b\n|  b\t\n|\n|  \n";
    assert_eq!(formatted.as_deref(), Ok(expected));
    let again = Script::format_with(expected, &library());
    assert_eq!(again.as_deref(), Ok(expected));
    assert_eq!(
        Script::format_with(&text.replace('\n', "\r\n"), &library()).as_deref(),
        Ok(expected)
    );
}

#[test]
fn settings_are_not_confused_with_the_commands_run_and_mend() {
    let script = parse(
        "cluster 3\nmend eager one\nrun S2 eager\nrun 300ms\nrun until S1 leader\ncut S1-S2\nmend S1-S2",
    );
    assert_eq!(script.steps.len(), 4);
    check(
        "heal\nmend eager one",
        "2:1+14 `mend eager one` must stand before the first step, which is on line 1",
    );
    check(
        "heal\nprogram mine\n| fn\n| fn",
        "2:1+7 `program` must stand before the first step, which is on line 1",
    );
    check(
        "mend S1",
        "1:6+2 expected a link like S1-S2 (both ways) or S1->S2 (one way), found `S1`",
    );
    check(
        "run soon",
        "1:5+4 expected a duration like 100ms or `until`, found `soon`",
    );
}

#[test]
fn a_line_about_programs_that_cannot_be_is_an_error_with_a_cure() {
    let names = "`eager`, `failing`, `talking`, `alone`, `forgetful`, `leaping`, `resigning`, `returning`, \
        `rewriting`, `rising`, `unsaved`, `wild`, `raft`";
    for (text, expected) in [
        (
            "run S7 eager",
            "1:5+2 expected a server S1 to S5, found `S7`".to_owned(),
        ),
        (
            "run S2 eagre",
            "1:8+5 `eagre` cannot stand here; did you mean `eager`?".to_owned(),
        ),
        (
            "run S2 nothing",
            format!(
                "1:8+7 expected {names} or a program whose source is in the script, found `nothing`"
            ),
        ),
        (
            "run S2",
            "1:7+0 expected a program's name, a word of at most 60 letters, digits, `-`, `_` and \
             `.`, found the end of the line; for example: `run S2 message-dispatch`"
                .to_owned(),
        ),
        (
            "run S2 b@d",
            "1:8+3 expected a program's name, a word of at most 60 letters, digits, `-`, `_` and \
             `.`, found `b@d`"
                .to_owned(),
        ),
        (
            "run S2 eager\nrun S1 S2 wild",
            "2:8+2 `run S2` is given twice".to_owned(),
        ),
        (
            "run all eager\nrun S2 wild",
            "2:5+2 `run S2` is given twice".to_owned(),
        ),
        (
            "run S2 eager wild",
            "1:14+4 expected the end of the line, found `wild`".to_owned(),
        ),
        (
            "run S2 eager\nmend eager one tow",
            "2:16+3 expected `one`, `two` or `three`, found `tow`; did you mean `two`?".to_owned(),
        ),
        (
            "run S2 wild\nmend wild one",
            "2:11+3 no flaw of `wild` is known, so none can be mended".to_owned(),
        ),
        (
            "run S2 eager\nmend eager one one",
            "2:16+3 `mend eager one` is given twice".to_owned(),
        ),
        (
            "mend eager one",
            "1:12+3 no server runs `eager`; a line such as `run S1 eager` says which one does"
                .to_owned(),
        ),
        (
            "mend eager one two three",
            "1:12+3 no server runs `eager`; a line such as `run S1 eager` says which one does"
                .to_owned(),
        ),
        (
            "program mine\n| x",
            "1:9+4 no server runs `mine`; a line such as `run S1 mine` says which one does"
                .to_owned(),
        ),
        (
            "run S2 mine\nprogram mine",
            "2:9+4 no source of `mine` follows; its lines begin with `|`, and a program that \
             comes with Hustings needs no such line"
                .to_owned(),
        ),
        (
            "run S2 mine\nprogram mine\n| x\n\n| y\n| z",
            "5:1+1 a line that begins with `|` is source, and must follow `program` and a name, \
             or another line of that source"
                .to_owned(),
        ),
        (
            "run S2 mine\nprogram mine\n| x\nprogram mine\n| y",
            "4:9+4 `program mine` is given twice".to_owned(),
        ),
        (
            "run S2 eager\nmend eager one\nprogram eager\n| x",
            "2:12+3 this cannot be mended: the source is changed where `one` is".to_owned(),
        ),
        (
            "program S2 eager",
            "1:9+2 expected a program's name, a word of at most 60 letters, digits, `-`, `_` and \
             `.`, found `S2`"
                .to_owned(),
        ),
    ] {
        check(text, &expected);
    }
}

#[test]
fn a_mistake_in_a_source_is_shown_at_its_place_in_the_script() {
    for (text, expected) in [
        (
            "run S2 mine\nprogram mine\n| x\n|   y ? z",
            "4:7+1 the program is wrong: line 2, column 5",
        ),
        (
            "run S2 mine\nprogram mine\n  |?",
            "3:4+1 the program is wrong: line 1, column 1",
        ),
        (
            "program mine\n| 中文 ?\nrun S2 mine",
            "2:6+1 the program is wrong: line 1, column 4",
        ),
    ] {
        check(text, &format!("{expected}: unknown operator `?`"));
    }
    let two = errors("crahs S1\nprogram mine\n| ?\nrun S2 mine", &library());
    assert!(two[0].starts_with("1:1+5"), "{two:?}");
    assert!(two[1].starts_with("3:3+1"), "{two:?}");
}

#[test]
fn without_an_interpreter_a_script_with_programs_is_an_error() {
    let cannot = "programs cannot run here, and `mine` is one; without this line, the server runs \
        Raft's core";
    let text = "program mine\n| x\nrun S2 mine";
    assert_eq!(errors(text, &NoLibrary), [format!("3:8+4 {cannot}")]);
    assert_eq!(
        errors("run S2 mine", &NoLibrary),
        [format!("1:8+4 {cannot}")]
    );
}

#[test]
fn a_script_without_its_lines_about_programs_has_all_others() {
    let text = "title \"x\"\nprogram x\n| start\nrun all x\nmend x flaw\n\nmend S1-S2\n\
                at 5ms run S1 x\nrun 5ms\n";
    let kept = "title \"x\"\n\nmend S1-S2\nrun 5ms\n";
    assert_eq!(without_programs(text), kept);
}

#[test]
fn whether_a_text_names_programs_is_known_before_it_is_parsed() {
    for text in [
        "\u{feff}program x",
        "program x",
        "  program x\n| y",
        "heal\nrun S2 eager",
        "run all x",
        "run s2 x",
    ] {
        assert!(needs_programs(text), "{text}");
    }
    for text in [
        "",
        "run 300ms",
        "run until S1 leader",
        "note \"run S2 x\"",
        "| program x",
        "# program x",
    ] {
        assert!(!needs_programs(text), "{text}");
    }
}

#[test]
fn a_source_that_is_too_long_is_an_error() {
    let with = |source: &str| format!("program mine\n{source}\nrun S2 mine");
    let line = format!("| {}\n", "é".repeat(99));
    let most = line.repeat(600);
    parse(&with(most.trim_end_matches('\n')).replacen("| é", "| éé", 1));
    check(
        &with(&(most.clone() + "|")).replacen("| é", "| éé", 1),
        "1:9+4 the source of `mine` is longer than 60000 characters",
    );
    let lines = "|\n".repeat(9_996);
    check(
        &with(&lines),
        "1:9+4 with the sources of its programs, the script is longer than 10000 lines or \
         1048576 bytes",
    );
}

#[test]
fn a_run_that_cannot_be_written_as_a_script_is_refused() {
    let header = |sources: [(u8, &str, &str); 2]| {
        let programs = sources.map(|(id, name, source)| {
            let id = hustings_raft::NodeId::new(id).expect("1 to 9");
            let program = library().program(name, Some(source), &[]);
            (id, program.expect("no mistake"))
        });
        Header {
            programs: Box::new(programs.into_iter().collect()),
            ..Header::default()
        }
    };
    let refused = |sources| Run::new(header(sources)).expect_err("refused").to_string();
    assert!(Run::new(header([(1, "a", "x"), (2, "a", "x")])).is_ok());
    assert_eq!(
        refused([(1, "a", "x"), (2, "a", "y")]),
        "two different programs are called `a`; give one another name"
    );
    assert_eq!(
        refused([(1, "a", "x\r\ny"), (2, "b", "y")]),
        "a line in the source of `a` ends with a carriage return; end lines with a line feed only"
    );
    assert_eq!(
        refused([(1, "a", &"\n".repeat(6_000)), (2, "b", &"\n".repeat(5_000))]),
        "with the sources of its programs, the script is longer than 10000 lines or 1048576 bytes"
    );
}

#[test]
fn the_longest_run_of_a_carried_program_can_be_opened_again() {
    let mut run = Run::new(parse(CARRIED).header).expect("sound");
    while run.apply(Command::Heal).is_ok() {}
    let script = Script::save(&run).expect("it fits");
    assert_eq!(script.lines().count(), Script::LINES_MAX);
    let again = parse(&script).run().expect("sound").run;
    assert!(again.records().iter().eq(run.records().iter()));
}

#[test]
fn a_link_carries_the_sources() {
    let text = format!("{CARRIED}timeout S1\nrun 100ms\n");
    let run = parse(&text).run().expect("sound").run;
    let packed = link::pack(&run, &NoLibrary).expect("short");
    assert!(packed.contains(";program+mine;%7C+fn"), "{packed}");
    let followed = link::follow_with(&packed, &library()).expect("a link");
    assert_eq!(followed.header(), run.header());
    assert!(followed.records().iter().eq(run.records().iter()));
    let script = link::text(&packed, &NoLibrary).expect("whole");
    assert!(needs_programs(&script));
    assert!(link::follow(&packed).is_err(), "nothing can run it there");
}

/// What failed of a script.
fn failures(text: &str) -> Vec<String> {
    let outcome = parse(text).run().expect("a valid header");
    outcome.failures.iter().map(ToString::to_string).collect()
}

#[test]
fn conditions_reach_the_variables_of_a_program() {
    let held = "cluster 3
run S2 talking
breakpoint
expect S2 my.votes.S1=true my.votes.S3=false my.pile.0=7 my.nobody=none
expect S2 my.pile.1=\"two words\" my.steps=1 follower
expect S2 my.pile=\"[7, two words]\" my.votes=\"{S1: true, S3: false}\"
expect S2 not my.votes.S3=true not my.steps=2 not my.lost=1
run until S2 my.steps=3 within 2s
expect S2 my.steps=3
crash S2
expect S2 down not my.steps=3
expect S1 not my.steps=3
";
    assert_eq!(failures(&held.replace("breakpoint\n", "")), [""; 0]);
}

#[test]
fn what_was_found_instead_of_a_variable_is_told() {
    let with = |line: &str| format!("cluster 3\nrun S2 talking\n{line}");
    for (line, expected) in [
        (
            "expect S2 my.pile.0=8",
            "expected S2 my.pile.0=8, found S2 my.pile.0=7",
        ),
        (
            "expect S2 term=4 my.pile.0=7 my.steps=2",
            "expected S2 term=4 my.steps=2, found S2 term=0 my.steps=1",
        ),
        (
            "expect S2 my.votes.S2=true my.votes.S4=true",
            "expected S2 my.votes.S2=true my.votes.S4=true, \
             found S2 my.votes=\"{S1: true, S3: false}\"",
        ),
        (
            "expect S2 not my.pile.0=7 not my.steps=2",
            "expected S2 not my.pile.0=7, found S2 my.pile.0=7",
        ),
        (
            "expect S2 my.voets.S1=true",
            "expected S2 my.voets.S1=true, \
             found S2, whose own variables are nobody, pile, steps, votes",
        ),
        (
            "expect S1 my.votes.S1=true",
            "expected S1 my.votes.S1=true, found S1, which has no variables of its own",
        ),
        (
            "crash S2\nexpect S2 my.steps=1",
            "expected S2 my.steps=1, found S2 down",
        ),
        (
            "run until S2 my.steps=0 within 10ms",
            "waited for S2 my.steps=0 within 10ms, but found S2 my.steps=1",
        ),
    ] {
        assert_eq!(failures(&with(line)), [expected], "{line}");
    }
}

#[test]
fn a_variable_that_cannot_be_written_so_is_an_error() {
    let value = "a value like true, 3 or \"two words\"";
    let name = "the name of a program's variable, or of what is in it";
    let example = "; for example: `expect S2 my.votes.S1=true`";
    for (line, expected) in [
        (
            "expect S2 up my.x",
            "1:14+4 expected `my.x=…`, found `my.x`".to_owned(),
        ),
        (
            "expect S2 my.x=",
            format!("1:16+0 expected {value}, found the end of the line{example}"),
        ),
        (
            "expect S2 my.x={S1: true}",
            format!("1:16+4 expected {value}, found `{{S1:`"),
        ),
        (
            "expect S2 my.=1",
            format!("1:14+0 expected {name}, found nothing{example}"),
        ),
        (
            "expect S2 my.x..y=1",
            format!("1:16+0 expected {name}, found nothing{example}"),
        ),
        (
            "expect S2 my.x=1 my.x=2",
            "1:18+4 `my.x` is given twice".to_owned(),
        ),
        (
            "expect S2 my.x=1 not my.x=2",
            "1:22+4 `my.x` is given twice".to_owned(),
        ),
    ] {
        check(line, &expected);
    }
    for line in ["expect S2 down my.x=1", "expect S2 my.x=1 down"] {
        let found = errors(line, &NoLibrary);
        assert!(found[0].contains("cannot go with"), "{found:?}");
    }
}

fn told(run: &Run, lang: Lang) -> Vec<String> {
    let transcript = Transcript::of(run);
    let told = transcript.items();
    told.flat_map(|item| narrate::told(item, run.records(), lang))
        .collect()
}

#[test]
fn what_a_program_prints_is_told_after_what_it_did() {
    let text = "cluster 3\nrun S2 talking\npropose S2 \"a\\nb\"\npropose S2 \"fail\"";
    let run = parse(text).run().expect("sound").run;
    assert_eq!(
        told(&run, Lang::En),
        [
            "A client asks S2 for “a\nb”.",
            "S2 prints: “a”, “b”.",
            "A client asks S2 for “fail”.",
            "S2 prints: “fail”.",
            "S2's program fails, so S2 crashes: it was told to.",
        ]
    );
    assert!(told(&run, Lang::Zh).contains(&"S2 打印：“a”、“b”。".to_owned()));
}

#[test]
fn a_record_keeps_no_more_than_the_first_of_what_is_printed() {
    let text = "cluster 3\nrun S2 talking\npropose S2 \"much\"\npropose S2 \"a\"";
    let run = parse(text).run().expect("sound").run;
    let printed: Vec<_> = run.records().iter().map(|(_, it)| &it.printed).collect();
    let [.., much, one] = printed[..] else {
        panic!("{printed:?}");
    };
    assert_eq!(much.len(), 21);
    assert_eq!(&*much[0], "much");
    assert_eq!(*much[1], *format!("{}…", "x".repeat(200)));
    assert_eq!(&*much[20], "…");
    assert_eq!(one.len(), 1, "what was printed before is not repeated");
}
