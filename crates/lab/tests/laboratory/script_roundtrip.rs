//! Printed scripts parse to the same script, and parsing never panics.
#![cfg(not(target_family = "wasm"))]

use std::rc::Rc;
use std::sync::Arc;

use hustings_lab::script::{Line, ScriptError};
use hustings_lab::{
    Claim, Command, Condition, FieldsPattern, Header, InitialState, Invariant, Library as _, Link,
    LogEnd, MessageFilter, MessagePattern, MessageSelector, Path, Percent, Program, Rate, Run,
    Script, ServerPattern, Variable,
};
use hustings_raft::{
    AppendResult, BrokenRule, Entry, LogIndex, MemberChange, Message, MessageKind, Millis,
    MillisRange, NodeId, NodeMap, NodeSet, Options, Payload, Position, RoleName, Term, Timer,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::strangers::library;

fn server() -> impl Strategy<Value = NodeId> {
    (1..=9u8).prop_map(|number| NodeId::new(number).expect("1 to 9"))
}

fn link() -> impl Strategy<Value = Link> {
    (server(), server())
        .prop_filter("two ends", |(from, to)| from != to)
        .prop_map(|(from, to)| Link { from, to })
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(String::from_iter)
}

fn shared_text() -> impl Strategy<Value = Arc<str>> {
    text().prop_map(Arc::from)
}

fn duration() -> impl Strategy<Value = Millis> {
    prop_oneof![0..400u64, (0..4u64).prop_map(|seconds| seconds * 1000)].prop_map(Millis)
}

fn selector() -> impl Strategy<Value = MessageSelector> {
    let kind = option::of(select(MessageKind::ALL.as_slice()));
    (link(), kind, 0..3u32, any::<bool>()).prop_map(|(link, kind, skip, if_any)| MessageSelector {
        link,
        kind,
        skip,
        if_any,
    })
}

fn groups() -> impl Strategy<Value = Vec<NodeSet>> {
    let members = vec(0..4u8, 9).prop_map(|group_of| {
        let members = |group: u8| {
            let ids = NodeId::first(9).zip(&group_of);
            ids.filter(|(_, of)| **of == group)
                .map(|(id, _)| id)
                .collect()
        };
        (0..3)
            .map(members)
            .filter(|group: &NodeSet| !group.is_empty())
            .collect()
    });
    members.prop_filter("a group", |groups: &Vec<NodeSet>| !groups.is_empty())
}

fn role() -> impl Strategy<Value = RoleName> {
    select(RoleName::ALL.as_slice())
}

fn filter() -> impl Strategy<Value = MessageFilter> {
    prop_oneof![
        Just(MessageFilter::All),
        server().prop_map(MessageFilter::To),
        server().prop_map(MessageFilter::From),
        link().prop_map(MessageFilter::OnLink),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let path = || {
        let both = any::<bool>();
        (link(), both).prop_map(|(link, both_ways)| Path { link, both_ways })
    };
    let timer = option::of(select(Timer::ALL.as_slice()));
    prop_oneof![
        (server(), timer).prop_map(|(server, timer)| Command::Timeout { server, timer }),
        selector().prop_map(Command::Deliver),
        selector().prop_map(Command::Drop),
        selector().prop_map(Command::Duplicate),
        selector().prop_map(Command::Hold),
        selector().prop_map(Command::Release),
        (link(), message()).prop_map(|(link, message)| Command::Send { link, message }),
        Just(Command::DeliverAll),
        filter().prop_map(Command::DropAll),
        server().prop_map(Command::Crash),
        server().prop_map(Command::Restart),
        install(),
        server().prop_map(Command::Pause),
        server().prop_map(Command::Resume),
        server().prop_map(Command::Persist),
        (server(), change()).prop_map(|(server, change)| Command::ChangeMembers { server, change }),
        path().prop_map(Command::Cut),
        path().prop_map(Command::Mend),
        groups().prop_map(Command::Partition),
        server().prop_map(Command::Isolate),
        Just(Command::Heal),
        (server(), shared_text())
            .prop_map(|(server, command)| Command::Propose { server, command }),
        (server(), server()).prop_map(|(server, target)| Command::Transfer { server, target }),
        (selector(), duration()).prop_map(|(selector, by)| Command::Delay { selector, by }),
        (path(), range(0)).prop_map(|(path, range)| Command::Latency { path, range }),
        (server(), range(0)).prop_map(|(server, range)| Command::Disk { server, range }),
        (server(), rate()).prop_map(|(server, rate)| Command::Clock { server, rate }),
        any::<u64>().prop_map(Command::Reseed),
        duration().prop_map(Command::Wait),
        duration().prop_map(Command::Run),
        (condition().prop_map(Box::new), duration())
            .prop_map(|(goal, within)| Command::RunUntil { goal, within }),
        Just(Command::Step),
        shared_text().prop_map(Command::Note),
    ]
}

/// One program, of which a script's settings say nothing, or Raft's core.
fn install() -> impl Strategy<Value = Command> {
    (members(), any::<bool>()).prop_map(|(servers, is_core)| {
        let talking = library().program("talking", None, &[]);
        let program = Some(talking.expect("it is on the shelf")).filter(|_| !is_core);
        Command::Install { servers, program }
    })
}

fn change() -> impl Strategy<Value = MemberChange> {
    prop_oneof![
        server().prop_map(MemberChange::Add),
        server().prop_map(MemberChange::Remove)
    ]
}

fn members() -> impl Strategy<Value = NodeSet> {
    vec(server(), 1..9).prop_map(NodeSet::from_iter)
}

/// Messages that can be forged: their entries have placeholder commands.
fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        (term(), position(), any::<bool>()).prop_map(|(term, last, transfer)| {
            Message::RequestVote {
                term,
                last,
                transfer,
            }
        }),
        (term(), position()).prop_map(|(term, last)| Message::PreVote { term, last }),
        (term(), any::<bool>())
            .prop_map(|(term, granted)| Message::RequestVoteReply { term, granted }),
        (term(), any::<bool>()).prop_map(|(term, granted)| Message::PreVoteReply { term, granted }),
        term().prop_map(|term| Message::TimeoutNow { term }),
        (term(), position(), terms(), index()).prop_map(|(term, prev, terms, commit)| {
            let entry = |(index, term): (LogIndex, Term)| Entry {
                term,
                payload: Payload::Command(format!("{index}.{term}").into()),
            };
            let indexes = (1..).map(|place| prev.index.plus(place));
            let entries = indexes.zip(terms).map(entry).collect();
            Message::AppendEntries {
                term,
                prev,
                entries,
                commit,
            }
        }),
        (term(), index()).prop_map(|(term, matched)| Message::AppendEntriesReply {
            term,
            result: AppendResult::Accepted { matched }
        }),
        (term(), index()).prop_map(|(term, hint)| Message::AppendEntriesReply {
            term,
            result: AppendResult::Refused { hint }
        }),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![0..20u64, any::<u64>()].prop_map(Term)
}

fn index() -> impl Strategy<Value = LogIndex> {
    prop_oneof![0..20u64, any::<u64>()].prop_map(LogIndex)
}

/// The position of an entry, or the start of a log.
fn position() -> impl Strategy<Value = Position> {
    let entry = (entry_index(), entry_term());
    let entry = entry.prop_map(|(index, term)| Position { index, term });
    prop_oneof![Just(Position::START), entry]
}

fn entry_term() -> impl Strategy<Value = Term> {
    term().prop_map(|term| term.max(Term(1)))
}

fn entry_index() -> impl Strategy<Value = LogIndex> {
    index().prop_map(|index| index.max(LogIndex(1)))
}

fn last() -> impl Strategy<Value = LogEnd> {
    prop_oneof![
        index().prop_map(LogEnd::Index),
        position().prop_map(LogEnd::Position)
    ]
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    vec(entry_term(), 0..4)
}

fn server_pattern() -> impl Strategy<Value = ServerPattern> {
    let first = (
        option::of(role()),
        option::of(term()),
        option::of(option::of(server())),
        option::of(terms()),
    );
    let second = (
        option::of(last()),
        option::of(index()),
        option::of(option::of(server())),
        option::of(members()),
        option::of(any::<bool>()),
        variables(),
    );
    (first, second).prop_map(
        |((role, term, voted_for, log), (last, commit, leader, members, up, variables))| {
            ServerPattern {
                role,
                term,
                voted_for,
                log,
                last,
                commit,
                leader,
                members,
                up,
                variables,
            }
        },
    )
}

/// Variables of a program, each once.
fn variables() -> impl Strategy<Value = Vec<Variable>> {
    let path = "[a-z]{1,3}(\\.[A-Za-z0-9中_-]{1,3}){0,2}";
    let value = prop_oneof![text(), "[a-z0-9]{1,3}".prop_map(String::from)];
    let variable = (path, value).prop_map(|(path, value)| Variable {
        path: path.into(),
        value: value.into(),
    });
    vec(variable, 0..3).prop_map(|mut variables| {
        variables.sort_by(|one, other| one.path.cmp(&other.path));
        variables.dedup_by(|one, other| one.path == other.path);
        variables
    })
}

/// Properties of a server: at least one, none twice, no contradictions.
fn said() -> impl Strategy<Value = Condition> {
    (server(), server_pattern(), server_pattern()).prop_filter_map(
        "what can be so",
        |(server, is, not)| {
            let is_not = ServerPattern {
                role: not.role.filter(|_| is.role.is_none()),
                term: not.term.filter(|_| is.term.is_none()),
                leader: not.leader.filter(|_| is.leader.is_none()),
                members: not.members.filter(|_| is.members.is_none()),
                variables: not
                    .variables
                    .into_iter()
                    .filter(|it| is.variables.iter().all(|other| other.path != it.path))
                    .collect(),
                ..ServerPattern::default()
            };
            let both = (&is, &is_not);
            let none = (&ServerPattern::default(), &ServerPattern::default());
            let said = Condition::Server {
                server,
                is: is.clone(),
                is_not: is_not.clone(),
            };
            let can_be = Condition::parse(&said.to_string(), NodeSet::first(9)).is_ok();
            (both != none && can_be).then_some(said)
        },
    )
}

fn message_pattern() -> impl Strategy<Value = MessagePattern> {
    let link = option::of(link());
    (link, fields_pattern()).prop_map(|(link, fields)| MessagePattern { link, fields })
}

fn fields_pattern() -> impl Strategy<Value = FieldsPattern> {
    let term = || option::of(term());
    let last = || option::of(last());
    let yes = || option::of(any::<bool>());
    let index = || option::of(index());
    let entries = (option::of(position()), option::of(terms()), index());
    prop_oneof![
        (term(), last(), yes()).prop_map(|(term, last, transfer)| FieldsPattern::RequestVote {
            term,
            last,
            transfer
        }),
        (term(), yes())
            .prop_map(|(term, granted)| FieldsPattern::RequestVoteReply { term, granted }),
        (term(), last()).prop_map(|(term, last)| FieldsPattern::PreVote { term, last }),
        (term(), yes()).prop_map(|(term, granted)| FieldsPattern::PreVoteReply { term, granted }),
        term().prop_map(|term| FieldsPattern::TimeoutNow { term }),
        (term(), entries).prop_map(|(term, (prev, entries, commit))| {
            FieldsPattern::AppendEntries {
                term,
                prev,
                entries,
                commit,
            }
        }),
        (term(), yes(), index()).prop_map(|(term, success, index)| {
            FieldsPattern::AppendEntriesReply {
                term,
                success,
                matched: index.filter(|_| success != Some(false)),
                hint: index.filter(|_| success == Some(false)),
            }
        }),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let payload = prop_oneof![
        Just(Payload::Noop),
        shared_text().prop_map(Payload::Command),
        members().prop_map(Payload::Members)
    ];
    (entry_term(), payload).prop_map(|(term, payload)| Entry { term, payload })
}

fn claim() -> impl Strategy<Value = Claim> {
    prop_oneof![
        message_pattern().prop_map(Claim::Sent),
        message_pattern().prop_map(Claim::Delivered),
        message_pattern().prop_map(Claim::Lost),
        server().prop_map(Claim::Refused),
        message_pattern().prop_map(Claim::InFlight),
        index().prop_map(Claim::Committed),
        (entry_index(), entry()).prop_map(|(index, entry)| Claim::CommittedAs { index, entry }),
        select(Invariant::ALL.as_slice()).prop_map(Claim::Violation),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        said().boxed(),
        (server(), role()).prop_map(|(server, role)| Condition::Role { server, role }),
        Just(Condition::Leader),
        (1..=9u8).prop_map(Condition::Leaders),
        term().prop_map(Condition::Term),
        term().prop_map(Condition::TermAbove),
        Just(Condition::Quiet),
        Just(Condition::Violation),
        Just(Condition::OneLeader),
        Just(Condition::NoLeader),
        Just(Condition::SentNothing),
        Just(Condition::NoViolation),
        (0..1_000_000usize).prop_map(Condition::InFlight),
        claim().prop_map(Condition::Asserted).boxed(),
        claim().prop_map(Condition::Denied).boxed(),
    ]
}

fn at_a_time() -> impl Strategy<Value = Command> {
    command().prop_filter("it lets time pass", |command| !command.passes_time())
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        command().prop_map(Line::Command),
        (duration(), at_a_time()).prop_map(|(time, command)| Line::At { time, command }),
        condition().prop_map(Line::Expect)
    ]
}

fn range(shortest: u64) -> impl Strategy<Value = MillisRange> {
    (shortest..50, 0..50u64).prop_map(|(min, more)| MillisRange::between(min, min + more))
}

fn rate() -> impl Strategy<Value = Rate> {
    (10..=1000u16).prop_map(|percent| Rate::new(percent).expect("in range"))
}

fn percent() -> impl Strategy<Value = Percent> {
    (0..=100u8).prop_map(|percent| Percent::new(percent).expect("up to 100"))
}

fn initial_state() -> impl Strategy<Value = InitialState> {
    let log = vec(0..3u64, 0..5).prop_map(|steps| {
        let mut term = 1;
        let mut next = |step| {
            term += step;
            Term(term)
        };
        steps.into_iter().map(&mut next).collect::<Vec<_>>()
    });
    let more = option::of(0..3u64);
    (log, more, option::of(server()), 0..5usize).prop_map(|(log, more, voted_for, commit)| {
        let last = log.last().copied().unwrap_or_default();
        InitialState {
            term: more.map(|more| Term(last.0 + more)),
            voted_for,
            commit: LogIndex::ZERO.plus(commit.min(log.len())),
            log,
        }
    })
}

/// Programs of some servers, with their flaws or with sources that the script carries. A
/// name means one program.
fn programs() -> impl Strategy<Value = NodeMap<Rc<dyn Program>>> {
    let shipped = (
        select(vec!["eager", "wild", "failing"]),
        subsequence(vec!["one", "two", "three"], 0..=3),
    );
    let shipped = shipped.prop_map(|(name, flaws)| {
        let flaws = flaws.into_iter().filter(|_| name != "wild");
        let flaws: Vec<Rc<str>> = flaws.map(Rc::from).collect();
        library().program(name, None, &flaws)
    });
    let carried = (select(vec!["mine", "eager", "no-2_x.rhai"]), source());
    let carried = carried.prop_map(|(name, source)| library().program(name, Some(&source), &[]));
    let programs = vec((server(), prop_oneof![shipped, carried]), 0..4);
    programs.prop_map(|given| {
        let mut programs = NodeMap::<Rc<dyn Program>>::default();
        for (id, program) in given {
            let program = program.expect("it is on the shelf");
            let mut before = programs.iter().map(|(_, it)| it);
            let same = before.find(|it| it.name() == program.name()).cloned();
            drop(before);
            programs.insert(id, same.unwrap_or(program));
        }
        programs
    })
}

/// A source that the library of the tests takes, and a script can keep.
fn source() -> impl Strategy<Value = String> {
    let chars = prop_oneof![any::<char>(), select(vec![' ', '\n', '|', '#', '"', '\t'])];
    let line = chars.prop_filter("no mistake, no line end of another kind", |char| {
        !['?', '\r'].contains(char)
    });
    vec(line, 0..30).prop_map(String::from_iter)
}

/// Headers of nine servers, so that every server may be named.
fn header() -> impl Strategy<Value = Header> {
    let raft = (range(5), 5..100u64, any::<[bool; 3]>()).prop_map(
        |(election_timeout, heartbeat, [no_op, pre_vote, check_quorum])| Options {
            election_timeout,
            heartbeat: Millis(heartbeat),
            no_op,
            pre_vote,
            check_quorum,
        },
    );
    let network = (range(0), percent(), percent(), range(0));
    let initial = vec((server(), initial_state()), 0..4);
    let broken = vec(select(BrokenRule::ALL.as_slice()), 0..3);
    let rules = (raft, broken, programs(), option::of(members()));
    // The same goal twice is an error.
    let goals = vec(condition(), 0..3).prop_map(|mut goals| {
        goals.sort_by_key(ToString::to_string);
        goals.dedup();
        goals
    });
    let initial = (initial, goals);
    (text(), any::<u64>(), rules, network, initial).prop_map(
        |(
            title,
            seed,
            (raft, broken, programs, members),
            (latency, loss, duplicate, disk),
            (initial, goals),
        )| {
            Header {
                title,
                cluster: 9,
                seed,
                raft,
                latency,
                loss,
                duplicate,
                disk,
                members,
                broken: broken.into_iter().collect(),
                programs: Box::new(programs),
                initial: Box::new(initial.into_iter().collect()),
                goals,
            }
        },
    )
}

fn parse(text: &str) -> Result<Script, Vec<ScriptError>> {
    Script::parse_with(text, &library())
}

/// The lines after the settings. The first one is none that would be a setting there.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    vec(line(), 1..8).prop_map(|mut lines| {
        if matches!(lines[0], Line::Command(Command::Install { .. })) {
            lines.insert(0, Line::Command(Command::Heal));
        }
        lines
    })
}

/// A script as text, line for line.
fn print(header: &Header, lines: &[Line]) -> String {
    let lines: Vec<_> = lines.iter().map(Line::to_string).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

fn pattern(text: &str) -> MessagePattern {
    match Line::parse(&format!("expect sent {text}"), NodeSet::first(9)) {
        Ok(Some(Line::Expect(Condition::Asserted(Claim::Sent(pattern))))) => pattern,
        other => panic!("{text}: {other:?}"),
    }
}

fn lines_of(script: &Script) -> Vec<Line> {
    script.steps.iter().map(|step| step.line.clone()).collect()
}

proptest! {
    #[test]
    fn printed_scripts_parse_to_the_same_script(header in header(), lines in lines()) {
        let text = print(&header, &lines);
        let script = parse(&text)
            .map_err(|errors| TestCaseError::fail(format!("{}\n{text}", errors[0])))?;
        prop_assert_eq!(&script.header, &header);
        prop_assert_eq!(lines_of(&script), lines);
        prop_assert_eq!(script.to_string(), text);
    }

    #[test]
    fn the_span_of_each_step_covers_its_line(header in header(), lines in lines()) {
        let text = print(&header, &lines);
        let script = parse(&text).expect("printed");
        for step in &script.steps {
            let line = text.split('\n').nth(step.at.line - 1).expect("a line");
            prop_assert_eq!(step.at.column, 1);
            prop_assert_eq!(step.at.length, line.chars().count());
        }
    }

    #[test]
    fn a_pattern_of_one_field_matches_the_messages_that_have_it(
        one in message(),
        other in message(),
        link in link(),
    ) {
        let written = |message: &Message| {
            let message = message.clone();
            Command::Send { link, message }.to_string()
        };
        let text = written(&one);
        for message in [&one, &other] {
            for field in written(message).split(' ').skip(3) {
                let pattern = pattern(&format!("{} {field}", message.kind()));
                let has = message.kind() == one.kind() && text.split(' ').any(|it| it == field);
                prop_assert_eq!(pattern.matches(link, &one), has, "{} {}", text, pattern);
            }
        }
    }

    #[test]
    fn any_text_is_parsed_or_rejected(text in vec(any::<char>(), 0..80).prop_map(String::from_iter)) {
        if let Err(errors) = Script::parse(&text) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn damaged_scripts_are_parsed_or_rejected(
        header in header(),
        lines in lines(),
        damages in vec((any::<prop::sample::Index>(), 0..4usize, text()), 1..4),
    ) {
        let mut chars: Vec<char> = print(&header, &lines).chars().collect();
        for (place, length, text) in damages {
            let from = place.index(chars.len() + 1);
            let to = (from + length).min(chars.len());
            chars.splice(from..to, text.chars());
        }
        let text = String::from_iter(chars);
        match parse(&text) {
            Ok(script) => {
                let again = parse(&script.to_string()).expect("printed");
                prop_assert_eq!(&script.header, &again.header);
                prop_assert_eq!(lines_of(&script), lines_of(&again));
            }
            Err(errors) => for error in errors {
                let line = text.lines().nth(error.at.line - 1).expect("a line of the text");
                let end = error.at.column - 1 + error.at.length;
                prop_assert!(end <= line.chars().count() + 1, "{}: {}", error.at, error);
            }
        }
    }

}

proptest! {
    // Each case runs a script twice.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_script_of_any_run_gives_the_same_records(header in header(), commands in vec(command(), 1..20)) {
        let mut lab = Run::new(header).expect("a sound header");
        for command in commands {
            // Refused commands are not part of the run.
            let _ = lab.apply(command);
        }
        let script = Script::of(&lab);
        let text = script.to_string();
        prop_assert_eq!(&parse(&text), &Ok(script.clone()), "{}", text);
        let again = script.run().expect("a sound header").run;
        prop_assert_eq!(again.now(), lab.now());
        prop_assert!(lab.records().iter().eq(again.records().iter()), "{}", text);
    }
}
