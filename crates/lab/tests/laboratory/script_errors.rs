//! Errors of scripts: position, message and help.

use hustings_lab::Script;
use hustings_lab::narrate::Lang;

/// The errors of a script, as "line:column+length message (help)".
fn errors(source: &str) -> Vec<String> {
    let errors = Script::parse(source).expect_err("the script has a mistake");
    errors
        .iter()
        .map(|error| {
            let help = error.help.as_ref().map(|help| format!(" ({help})"));
            let help = help.unwrap_or_default();
            format!("{}+{} {error}{help}", error.at, error.at.length)
        })
        .collect()
}

/// Asserts that a script has exactly this error.
#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(errors(source), [expected], "{source}");
}

#[test]
fn a_server_outside_the_cluster_is_an_error() {
    check("timeout S7", "1:9+2 expected a server S1 to S5, found `S7`");
    check(
        "cluster 3\ndeliver S1->S4",
        "2:13+2 expected a server S1 to S3, found `S4`",
    );
    check(
        "cluster 1\ncrash S2",
        "2:7+2 expected the server S1, found `S2`",
    );
    check(
        "timeout s1",
        "1:9+2 expected a server S1 to S5, found `s1` (did you mean `S1`?)",
    );
    check(
        "state S2 term=1 voted-for=S8",
        "1:27+2 expected a server S1 to S5 or `none`, found `S8`",
    );
}

#[test]
fn settings_may_name_servers_before_the_cluster_line() {
    assert!(Script::parse("state S7 term=1\ncluster 7\n").is_ok());
    check(
        "state S7 term=1\ncluster 6",
        "1:7+2 expected a server S1 to S6, found `S7`",
    );
}

#[test]
fn a_role_before_its_server_gets_the_right_order_suggested() {
    check(
        "expect leader S1",
        "1:15+2 expected the end of the line, found `S1` (did you mean `S1 leader`?)",
    );
    check(
        "run until candidate S3",
        "1:21+2 expected the end of the line or `within`, found `S3` (did you mean `S3 candidate`?)",
    );
}

#[test]
fn a_misspelt_word_gets_a_suggestion() {
    check(
        "run untl leader",
        "1:5+4 expected a duration like 100ms or `until`, found `untl` (did you mean `until`?)",
    );
    check(
        "option latensy 10ms",
        "1:8+7 expected `pre-vote`, `check-quorum`, `no-op`, `election-timeout`, `heartbeat`, \
         `latency`, `loss`, `duplicate` or `disk`, found `latensy` (did you mean `latency`?)",
    );
    check(
        "expect S1 tern=2",
        "1:11+4 expected `term=…`, `voted-for=…`, `log=…`, `last=…`, `commit=…`, `leader=…` \
         or `members=…`, found `tern` (did you mean `term=…`?)",
    );
    let found = errors("heal\ntimout S1");
    assert!(
        found[0].starts_with("2:1+6 expected `timeout`, `deliver`, "),
        "{found:?}"
    );
    assert!(
        found[0].ends_with("found `timout` (did you mean `timeout`?)"),
        "{found:?}"
    );
}

#[test]
fn a_line_that_ends_too_early_gets_an_example() {
    check(
        "timeout",
        "1:8+0 expected a server S1 to S5, found the end of the line (for example: `timeout S1`)",
    );
    check(
        "  deliver   # which?",
        "1:10+0 expected a link like S1->S2 or `all`, found the end of the line \
         (for example: `deliver S1->S2 RequestVote`)",
    );
    check(
        "title",
        "1:6+0 expected a text in quotes like \"x=1\", found the end of the line \
         (for example: `title \"A clean election\"`)",
    );
}

#[test]
fn surplus_words_are_errors() {
    check("heal S1", "1:6+2 expected the end of the line, found `S1`");
    check("seed 7 8", "1:8+1 expected the end of the line, found `8`");
    check(
        "timeout S1 S2",
        "1:12+2 expected `election`, `heartbeat`, `check-quorum`, `transfer` or the end of the line, found `S2`",
    );
}

#[test]
fn links_have_two_ends_and_a_direction() {
    check(
        "deliver S2<-S1",
        "1:9+6 expected a link like S1->S2 or `all`, found `S2<-S1` \
         (write the sender first: `S1->S2`)",
    );
    check("drop S1->S1", "1:6+6 S1 has no link to itself");
    check("cut S3-S3", "1:5+5 S3 has no link to itself");
    check(
        "cut S1",
        "1:5+2 expected a link like S1-S2 (both ways) or S1->S2 (one way), found `S1`",
    );
}

#[test]
fn numbers_and_units_are_checked() {
    check(
        "wait 100",
        "1:6+3 expected a duration like 100ms, found `100` (did you mean `100ms`?)",
    );
    check(
        "wait 1.5s",
        "1:6+4 expected a duration like 100ms, found `1.5s`",
    );
    check(
        "run 4000s",
        "1:5+5 expected a duration of at most 3600s, found `4000s`",
    );
    check(
        "deliver S1->S2 nth=0",
        "1:20+1 expected a number from 1 on, where 1 is the oldest, found `0`",
    );
    check(
        "expect S1 term=99999999999999999999",
        "1:16+20 expected a term, at most 18446744073709551615, found `99999999999999999999`",
    );
    check(
        "option loss 101%",
        "1:13+4 expected a chance from 0% to 100%, found `101%`",
    );
    check("seed -1", "1:6+2 expected a number, found `-1`");
}

#[test]
fn texts_are_quoted() {
    check(
        "propose S1 x=1",
        "1:12+3 expected a text in quotes like \"x=1\", found `x=1` (write \"x=1\")",
    );
    check(
        "propose S1 \"x",
        "1:14+0 expected `\"`, which ends the text, found the end of the line \
         (for example: `propose S1 \"x=1\"`)",
    );
    check(
        r#"note "a\qb""#,
        r#"1:8+2 expected `\"`, `\\`, `\n`, `\r`, `\t` or `\u{…}`, found `\q`"#,
    );
    check(
        r#"note "\u{110000}""#,
        r"1:7+2 expected a character's hexadecimal number like `\u{1f5f3}`, found `\u`",
    );
    let long = format!("note \"{}\"", "x".repeat(1_001));
    check(&long, "1:6+1003 the text has more than 1000 characters");
}

#[test]
fn columns_count_characters_and_not_bytes() {
    check(
        "note \"élection — 選挙\" S1",
        "1:22+2 expected the end of the line, found `S1`",
    );
}

#[test]
fn control_characters_are_escaped_in_errors() {
    let found = errors("crash \u{1b}[31mS1");
    assert_eq!(
        found,
        [r"1:7+7 expected a server S1 to S5, found `\u{1b}[31mS1`"]
    );
}

#[test]
fn invalid_settings_are_errors() {
    check(
        "cluster 12",
        "1:9+2 expected a number of servers from 1 to 9, found `12`",
    );
    check(
        "seed 3\noption latency 20..10ms",
        "2:16+8 the range 20..10ms of latency ends before it begins",
    );
    check(
        "disk S1 20..10ms",
        "1:9+8 the range 20..10ms of disk ends before it begins",
    );
    check(
        "option heartbeat 0ms",
        "1:18+3 heartbeat must be from 1ms to 600000ms",
    );
    check(
        "state S1 log=2,1",
        "1:7+10 the terms in the log of S1 must start at 1 or more and never decrease",
    );
    check(
        "title \"fine\"\n\nstate S1 log=1\nstate S3 term=1 log=1,2",
        "4:7+17 the term of S3 is below the last term in its log",
    );
    check(
        "state S1 log=1 commit=2",
        "1:7+17 the commit index of S1 is beyond the end of its log",
    );
}

#[test]
fn a_setting_given_twice_or_after_a_step_is_an_error() {
    check("seed 1\nseed 2", "2:6+1 `seed` is given twice");
    check(
        "option loss 1%\noption loss 1%",
        "2:13+2 `option loss` is given twice",
    );
    check(
        "state S1 term=1\nstate S1 term=1",
        "2:7+9 `state S1` is given twice",
    );
    check("expect S1 term=1 term=1", "1:18+4 `term` is given twice");
    check("partition S1 S2 | S2 S3", "1:19+2 `S2` is given twice");
    check(
        "# a comment\nheal\n\nseed 2",
        "4:1+4 `seed` must stand before the first step, which is on line 2",
    );
}

#[test]
fn a_forged_message_needs_all_fields() {
    check(
        "send RequestVote S1->S2 last=1:1",
        "1:33+0 expected `term=…`, found the end of the line \
         (for example: `send RequestVote S2->S1 term=3 last=1:1`)",
    );
    check(
        "send AppendEntriesReply S1->S2 term=1 success=yes",
        "1:50+0 expected `match=…`, found the end of the line \
         (for example: `send AppendEntriesReply S2->S1 term=3 success=yes match=3`)",
    );
    check(
        "send TimeoutNow term=1",
        "1:23+0 expected a link like S1->S2, found the end of the line \
         (for example: `send TimeoutNow S2->S1 term=3`)",
    );
}

#[test]
fn after_all_fields_only_the_end_is_expected() {
    let all = "term=1 voted-for=none log=none last=0 commit=0 leader=none members=S1";
    check(
        &format!("expect S1 leader up {all} if"),
        "1:91+2 expected the end of the line, found `if`",
    );
    check(
        "send TimeoutNow S1->S2 term=1 now",
        "1:31+3 expected the end of the line, found `now`",
    );
    check(
        "send AppendEntries S1->S2 term=1 prev=0:0 now",
        "1:43+3 expected `entries=…`, `commit=…` or the end of the line, found `now`",
    );
    check(
        "send AppendEntries S1->S2 term=1 now",
        "1:34+3 expected `prev=…`, `entries=…` or `commit=…`, found `now`",
    );
    check(
        "state S1 term=1 log=1 voted-for=S2 commit=1 x",
        "1:45+1 expected the end of the line, found `x`",
    );
}

#[test]
fn only_commands_that_pass_no_time_can_be_scheduled() {
    let found = errors("at 120ms expect one leader");
    assert!(
        found[0].starts_with("1:10+6 expected `timeout`, `deliver`, "),
        "{found:?}"
    );
    for line in ["run 5ms", "run until leader", "wait 5ms", "step"] {
        let word = line.split(' ').next().expect("a word");
        check(
            &format!("at 10ms {line}"),
            &format!(
                "1:9+{} `{word}` lets time pass, so it cannot stand after `at`",
                word.len()
            ),
        );
    }
    check(
        "at soon crash S1",
        "1:4+4 expected a duration like 100ms, found `soon`",
    );
}

#[test]
fn fields_of_another_kind_of_message_are_errors() {
    check(
        "expect sent RequestVote granted=yes",
        "1:25+7 expected `term=…`, `last=…`, `transfer=…` or the end of the line, found `granted`",
    );
    check(
        "expect sent AppendEntriesReply S1->S2 success=true",
        "1:47+4 expected `yes` or `no`, found `true`",
    );
}

#[test]
fn an_append_reply_has_a_match_or_a_hint_but_not_both() {
    for (line, expected) in [
        (
            "send AppendEntriesReply S2->S1 term=1 success=yes match=1 hint=7",
            "1:59+6 `hint=7` cannot go with `success=yes`; leave one of them out",
        ),
        (
            "send AppendEntriesReply S2->S1 term=1 hint=7 success=yes match=1",
            "1:46+11 `success=yes` cannot go with `hint=7`; leave one of them out",
        ),
        (
            "expect sent AppendEntriesReply success=no match=4",
            "1:43+7 `match=4` cannot go with `success=no`; leave one of them out",
        ),
        (
            "expect not sent AppendEntriesReply S2->S1 match=4 hint=3",
            "1:51+6 `hint=3` cannot go with `match=4`; leave one of them out",
        ),
    ] {
        check(line, expected);
    }
    assert!(Script::parse("expect sent AppendEntriesReply success=no hint=4").is_ok());
}

#[test]
fn contradicting_properties_of_a_server_are_errors() {
    for (facts, at, expected) in [
        ("down leader", 16, "`leader` cannot go with `down`"),
        ("leader down", 18, "`down` cannot go with `leader`"),
        ("down members=S1", 16, "`members=S1` cannot go with `down`"),
        ("down leader=S2", 16, "`leader=S2` cannot go with `down`"),
        ("commit=2 down", 20, "`down` cannot go with `commit=2`"),
        ("log=1,2 last=3", 19, "`last=3` cannot go with `log=1,2`"),
        (
            "log=1,2 last=2:1",
            19,
            "`last=2:1` cannot go with `log=1,2`",
        ),
        (
            "leader leader=S2",
            18,
            "`leader=S2` cannot go with `leader`",
        ),
        (
            "candidate leader=S2",
            21,
            "`leader=S2` cannot go with `candidate`",
        ),
        (
            "follower leader=S1",
            20,
            "`leader=S1` cannot go with `follower`",
        ),
    ] {
        let found = errors(&format!("expect S1 {facts}"));
        let expected = format!("{expected}; leave one of them out");
        assert!(found[0].starts_with(&format!("1:{at}+")), "{found:?}");
        assert!(found[0].ends_with(&expected), "{found:?}");
    }
    for facts in [
        "down leader=none commit=0 term=2 log=1,2 last=2:2",
        "leader leader=S1 log=none last=0:0",
        "follower leader=S2",
        "pre-candidate leader=none",
        "down not leader not members=S1",
    ] {
        assert!(
            Script::parse(&format!("expect S1 {facts}")).is_ok(),
            "{facts}"
        );
    }
}

#[test]
fn term_0_and_index_0_of_entries_are_errors() {
    for (line, expected) in [
        (
            "send AppendEntries S1->S2 term=1 prev=0:0 entries=0",
            "1:51+1 expected the term of an entry, from 1 on, found `0`",
        ),
        (
            "send AppendEntries S1->S2 term=1 prev=0:0 entries=1,0",
            "1:53+1 expected the term of an entry, from 1 on, found `0`",
        ),
        (
            "send AppendEntries S1->S2 term=1 prev=0:2",
            "1:39+3 expected `0:0`, found `0:2`",
        ),
        (
            "send RequestVote S1->S2 term=1 last=2:0",
            "1:39+1 expected the term of an entry, from 1 on, found `0`",
        ),
        (
            "state S1 log=0",
            "1:14+1 expected the term of an entry, from 1 on, found `0`",
        ),
        (
            "expect S1 log=1,0",
            "1:17+1 expected the term of an entry, from 1 on, found `0`",
        ),
        ("expect S1 last=0:1", "1:16+3 expected `0:0`, found `0:1`"),
        (
            "expect committed 0 = 1:none",
            "1:18+1 expected the index of an entry, from 1 on, found `0`",
        ),
        (
            "expect committed 1 = 0:none",
            "1:22+1 expected the term of an entry, from 1 on, found `0`",
        ),
    ] {
        check(line, expected);
    }
}

#[test]
fn a_goal_of_more_leaders_than_servers_is_an_error() {
    let expected = "expected a number of leaders from 1 to 3, which is all the servers";
    for count in ["0", "4", "10", "999999999999"] {
        check(
            &format!("cluster 3\nrun until {count} leaders"),
            &format!("2:11+{} {expected}, found `{count}`", count.len()),
        );
    }
    assert!(Script::parse("cluster 3\nrun until 3 leaders").is_ok());
}

#[test]
fn an_invalid_negation_lists_what_can_be_negated() {
    check(
        "expect not one leader",
        "1:12+3 expected `sent`, `delivered`, `lost`, `refused`, `in`, `committed` or `violation`, found `one`",
    );
    check(
        "expect not S1 leader",
        "1:12+2 expected `sent`, `delivered`, `lost`, `refused`, `in`, `committed` or `violation`, found `S1` \
         (for example: `expect S1 not leader`)",
    );
    check(
        "expect not sent nothing",
        "1:17+7 expected `RequestVote`, `RequestVoteReply`, `PreVote`, `PreVoteReply`, \
         `TimeoutNow`, `AppendEntries` or `AppendEntriesReply`, found `nothing`",
    );
    check(
        "expect not",
        "1:11+0 expected `sent`, `delivered`, `lost`, `refused`, `in`, `committed` or `violation`, found the end of the line \
         (for example: `expect not sent RequestVote S1->S2`)",
    );
    let up = errors("expect S1 not up");
    assert!(up[0].ends_with("(did you mean `down`?)"), "{up:?}");
    check(
        "expect S1 term=1 not term=2",
        "1:22+4 `term` is given twice",
    );
}

#[test]
fn every_line_with_an_error_is_reported() {
    let source = "cluster 3\ntimeout S4\nheal\nwait\n\nexpect S1 boss\n";
    let lines: Vec<_> = Script::parse(source)
        .expect_err("three mistakes")
        .iter()
        .map(|error| error.at.line)
        .collect();
    assert_eq!(lines, [2, 4, 6]);
}

#[test]
fn the_number_of_reported_errors_is_limited() {
    let source = "cluster 3\n".to_owned() + &"bogus\n".repeat(Script::ERRORS_MAX * 3);
    let errors = Script::parse(&source).expect_err("all lines are wrong");
    assert_eq!(errors.len(), Script::ERRORS_MAX);
}

#[test]
fn the_length_of_scripts_is_limited() {
    assert!(Script::parse(&"\n".repeat(Script::LINES_MAX)).is_ok());
    check(
        &"\n".repeat(Script::LINES_MAX + 1),
        "10001:1+0 the script has more than 10000 lines (split it into several scripts)",
    );
    check(
        &"#".repeat(Script::BYTES_MAX + 1),
        "1:1+0 the script has more than 1048576 bytes (split it into several scripts)",
    );
}

#[test]
fn what_is_no_script_is_called_that_and_not_fifty_wrong_lines() {
    check(
        "{\n  \"name\": \"hustings\",\n  \"version\": 1\n}",
        "1:1+1 this is no script of Hustings: a line starts with a setting such as `cluster 5` \
         or a command such as `timeout S1`, not with `{`",
    );
    check(
        "\n2026-01-01 INFO raft: campaign\n2026-01-01 INFO raft: won",
        "2:1+10 this is no script of Hustings: a line starts with a setting such as `cluster 5` \
         or a command such as `timeout S1`, not with `2026-01-01`",
    );
    check(
        "\u{fffd}PNG\r\n\u{1a}\n\0\0\0\rIHDR",
        "1:1+4 this is no script: it is not text",
    );
}

#[test]
fn a_text_with_one_word_of_the_language_is_a_script_with_errors() {
    assert_eq!(errors("cluster 3\nkill S1\nkill S2").len(), 2);
    assert_eq!(errors("timout S1\nkill S2").len(), 2);
}

/// An error in one line.
fn advice(source: &str) -> String {
    let errors = Script::parse(source).expect_err("the script has a mistake");
    errors[0].advice(Lang::En)
}

#[test]
fn an_unknown_first_word_is_told_what_a_line_starts_with_instead_of_all_words() {
    assert_eq!(
        advice("cluster 3\nkill S1"),
        "`kill` cannot stand here; a line starts with a setting such as `cluster 5`, a command \
         such as `crash S1`, or `expect`"
    );
    assert_eq!(
        advice("heal\nkill S1"),
        "`kill` cannot stand here; a line starts with a command such as `crash S1`, or with \
         `expect`"
    );
}

#[test]
fn an_unknown_rule_is_told_the_nearest_and_where_all_are_listed() {
    for (rule, meant) in [
        ("many-vote-per-term", "many-votes-per-term"),
        ("forget-the-vote-at-restart", "forget-vote-on-restart"),
    ] {
        assert_eq!(
            advice(&format!("break {rule}")),
            format!(
                "`{rule}` cannot stand here; did you mean `{meant}`? Set-up and docs/script.md \
                 list all rules"
            )
        );
    }
    assert_eq!(
        advice("break nonsense"),
        "`nonsense` cannot stand here; Set-up and docs/script.md list all rules that can be \
         broken"
    );
}
