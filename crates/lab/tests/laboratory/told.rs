//! Error messages in both languages.

use hustings_lab::link::{self, LinkError};
use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::play::Fault;
use hustings_lab::script::{Help, Script, Token, TooLong};
use hustings_lab::{
    Command, CommandError, Condition, Found, HeaderError, HistoryError, Invariant, Link,
    MessageSelector, Mismatch, ReplayError, UnpackError, Wanted,
};
use hustings_raft::{
    LogIndex, MessageKind, Millis, MillisRange, NodeId, NodeSet, RoleName, Term, Timer,
};

const MAX: usize = 7;

/// Unquoted words that are not translated: words of the script language, names, units.
const NAMES: [&str; 17] = [
    "S",
    "ms",
    "s",
    "x",
    "none",
    "no",
    "one",
    "not",
    "up",
    "down",
    "leader",
    "follower",
    "term",
    "last",
    "latency",
    "commit",
    "violation",
];

/// Asserts that a message is completely translated into Chinese.
fn assert_told(told: &dyn Tell) {
    let (english, chinese) = (told.tell(Lang::En), told.tell(Lang::Zh));
    assert_ne!(english, chinese);
    let is_chinese = |sign| ('一'..='龥').contains(&sign) || ('　'..='〿').contains(&sign);
    assert!(chinese.contains(is_chinese), "{chinese}");
    assert!(english.is_ascii() || english.contains('…'), "{english}");
    // Quoted words are those of the script language.
    let names = Invariant::ALL.iter().map(|invariant| invariant.name());
    let unnamed = names.fold(chinese.clone(), |text, name| text.replace(name, ""));
    let unquoted = unnamed.split('`').step_by(2);
    let words = unquoted.flat_map(|text| text.split(|sign: char| !sign.is_ascii_alphabetic()));
    let is_kind = |word: &str| MessageKind::ALL.iter().any(|kind| kind.name() == word);
    for word in words.filter(|word| !word.is_empty()) {
        let known = NAMES.contains(&word) || is_kind(word);
        assert!(known, "{word} in {chinese}");
    }
}

fn s(number: u8) -> NodeId {
    NodeId::new(number).expect("a server")
}

fn selector() -> MessageSelector {
    MessageSelector::oldest(Link::between(s(1), s(2)).expect("two ends"))
}

fn nothing_pending(paused: NodeSet, held: Vec<MessageSelector>) -> CommandError {
    let more = held.len();
    CommandError::NothingPending { paused, held, more }
}

fn range() -> MillisRange {
    MillisRange::exactly(700_000)
}

#[test]
fn command_errors_are_told_in_both_languages() {
    let (server, servers, max) = (s(1), NodeSet::first(3), MAX);
    let no_message = |listed: Vec<MessageSelector>, more| CommandError::NoMessage {
        selector: selector(),
        listed,
        more,
    };
    let (duration, longest) = (Millis(9), Millis(5));
    for error in [
        CommandError::UnknownServer { server, servers },
        CommandError::ServerDown(server),
        CommandError::ServerUp(server),
        CommandError::ServerPaused(server),
        CommandError::ServerNotPaused(server),
        CommandError::NothingToPersist(server),
        CommandError::NoServer,
        CommandError::NothingToReplace,
        CommandError::BadProgram(HeaderError::TwoPrograms { name: "x".into() }),
        CommandError::TimerNotRunning {
            server,
            timer: Timer::CheckQuorum,
            role: RoleName::Candidate,
        },
        no_message(Vec::new(), 0),
        no_message(vec![selector()], 0),
        no_message(vec![selector(), selector()], 3),
        CommandError::MessageHeld {
            selector: selector(),
        },
        CommandError::NothingHeld {
            selector: selector(),
        },
        CommandError::LinkToSelf(server),
        CommandError::InTwoGroups(server),
        CommandError::OneGroup,
        nothing_pending(NodeSet::EMPTY, Vec::new()),
        nothing_pending(servers, Vec::new()),
        nothing_pending(servers, vec![selector()]),
        CommandError::LongText { max },
        CommandError::LongTime {
            duration,
            max: longest,
        },
        CommandError::BadLatency {
            range: range(),
            max: longest,
        },
        CommandError::TooManyDeliveries { max },
        CommandError::TooManyMessages { max },
        CommandError::LongMessage { max },
        CommandError::NoSuchEntry,
        CommandError::TooManyLeaders { count: 4, servers },
        CommandError::NoPreVote(server),
        CommandError::UnknownToProgram(server),
        CommandError::ScriptFull {
            lines: max,
            bytes: max,
        },
        CommandError::HistoryFull { max },
    ] {
        assert_told(&error);
        assert_told(&HistoryError::Refused(error.clone()));
        assert_told(&Fault::Refused(error.clone()));
        assert_told(&ReplayError::Command {
            number: 1,
            command: Box::new(Command::Heal),
            error,
        });
    }
}

#[test]
fn header_errors_are_told_in_both_languages() {
    let (id, servers) = (s(1), NodeSet::first(3));
    let option = "latency";
    for error in [
        HeaderError::ClusterSize(12),
        HeaderError::LongTitle,
        HeaderError::EmptyRange {
            option,
            min: Millis(20),
            max: Millis(10),
        },
        HeaderError::Duration {
            option,
            shortest: Millis(1),
        },
        HeaderError::UnknownServer { id, servers },
        HeaderError::NoMembers,
        HeaderError::LongLog { id },
        HeaderError::LogTerms { id },
        HeaderError::TermBelowLog { id },
        HeaderError::CommitBeyondLog { id },
        HeaderError::ManyGoals,
        HeaderError::UnfitGoal(Box::new(Condition::Leaders(4))),
    ] {
        assert_told(&error);
        assert_told(&LinkError::Header(error.clone()));
        assert_told(&ReplayError::Header(error));
    }
}

#[test]
fn history_errors_are_told_in_both_languages() {
    assert_told(&HistoryError::NoBranch(3));
    assert_told(&HistoryError::NoRecord(3));
    assert_told(&HistoryError::TooManyBranches);
    assert_told(&HistoryError::BadName);
    assert_told(&HistoryError::InUse);
}

#[test]
fn link_errors_are_told_in_both_languages() {
    assert_told(&LinkError::TooLong);
    assert_told(&LinkError::LongRun(TooLong));
    assert_told(&LinkError::Recording);
    assert_told(&LinkError::Source(UnpackError::NoInterpreter));
    assert_told(&LinkError::Source(UnpackError::Damaged));
    for wrong in ["nonsense", "timeout+S7;end", "wait+5;end", "restart+S1;end"] {
        assert_told(&link::follow(wrong).expect_err("a wrong link"));
    }
}

#[test]
fn tokens_are_told_in_both_languages() {
    for token in [
        Token::End,
        Token::Nothing,
        Token::Server(NodeSet::first(3)),
        Token::Server(NodeSet::first(1)),
        Token::ClusterSize,
        Token::Number,
        Token::Place,
        Token::Term,
        Token::Index,
        Token::AtMost(Box::new(Token::Number), 9),
        Token::Position,
        Token::Last,
        Token::Terms,
        Token::Entry,
        Token::Link,
        Token::Path,
        Token::Duration,
        Token::DurationUpTo(Command::DURATION_MAX),
        Token::Range,
        Token::Chance,
        Token::Speed,
        Token::Text,
        Token::ClosingQuote,
        Token::Blank,
        Token::Character,
    ] {
        assert_told(&token);
    }
    for help in [
        Help::Meant("cut".to_owned()),
        Help::Example("heal".to_owned()),
        Help::SenderFirst,
        Help::Write("x".to_owned()),
        Help::Split,
    ] {
        assert_told(&help);
    }
}

#[test]
fn script_errors_are_told_in_both_languages() {
    let long_text = format!("note \"{}\"", "x".repeat(Command::TEXT_CHARS_MAX + 1));
    let long_script = "#".repeat(Script::BYTES_MAX + 1);
    let many_lines = "\n".repeat(Script::LINES_MAX + 1);
    for source in [
        "timeout S7",
        "timout S1",
        "heal S1",
        "cut",
        "seed 1\nseed 2",
        "heal\nseed 2",
        "at 5ms run 5ms",
        "cut S1-S1",
        "cluster 12",
        "option latency 20..10ms",
        &long_text,
        &long_script,
        &many_lines,
    ] {
        let errors = Script::parse(source).expect_err("a mistake");
        assert_told(&errors[0]);
        assert_ne!(errors[0].advice(Lang::En), errors[0].advice(Lang::Zh));
    }
}

#[test]
fn faults_are_told_in_both_languages() {
    let broken = "cluster 3\nbreak many-votes-per-term\ntimeout S1\ntimeout S2\n\
                  deliver S1->S3\ndeliver S3->S1\ndeliver S2->S3\ndeliver S3->S2\n";
    for source in [
        "expect S1 leader",
        "expect S1 not follower",
        "expect one leader",
        "heal\nexpect sent RequestVote",
        "timeout S1\nexpect sent nothing",
        "timeout S1\nexpect sent RequestVoteReply",
        "expect violation election-safety",
        "expect in flight 4",
        "timeout S1\nexpect in flight 1",
        "expect committed 1 = 1:none",
        "expect committed 1",
        "timeout S1\nexpect not sent RequestVote",
        "timeout S1\nexpect not in flight RequestVote",
        "timeout S1\nexpect in flight RequestVoteReply",
        "expect in flight RequestVoteReply",
        "state S1 log=1 commit=1\nexpect not committed 1",
        "cluster 1\ntimeout S1\nexpect not committed 1 = 1:none",
        "cluster 1\ncrash S1\nexpect committed 1 = 1:none",
        "state S1 log=1 commit=1\nstate S2 log=1\nexpect committed 1 = 2:none",
        "run until leader within 0ms",
        "run until S1 is leader within 0ms",
        "run until 2 leaders within 0ms",
        "run until term 5 within 0ms",
        "run until committed 5 within 0ms",
        "run until delivered RequestVote within 0ms",
        "run until delivered RequestVote S1->S2 within 0ms",
        "run until violation within 0ms",
        "timeout S1\nrun until quiet within 0ms",
        "run 5ms\nat 1ms crash S1",
        "at 1s crash S1",
        "crash S1\ncrash S1",
        broken,
        &format!("{broken}expect no violation"),
        &format!("{broken}expect not violation election-safety"),
    ] {
        let script = Script::parse(source).expect("a script");
        let failures = script.run().expect("a sound header").failures;
        assert!(!failures.is_empty(), "{source}");
        failures.iter().for_each(|failure| assert_told(failure));
    }
}

#[test]
fn mismatches_are_told_in_both_languages() {
    for expected in [
        Wanted::Sent("x".to_owned()),
        Wanted::NotSent("x".to_owned()),
        Wanted::NothingSent,
        Wanted::InFlight(3),
        Wanted::MessageInFlight("x".to_owned()),
        Wanted::NotInFlight("x".to_owned()),
        Wanted::CommittedTo(LogIndex(1)),
        Wanted::NotCommittedTo(LogIndex(1)),
        Wanted::NotCommitted("x".to_owned(), LogIndex(1)),
        Wanted::Committed("x".to_owned(), LogIndex(1)),
        Wanted::Condition(Box::new(Condition::Quiet)),
        Wanted::Reached(Box::new(Condition::Term(Term(1))), Millis(1)),
    ] {
        assert_told(&expected);
        let found = Found::Cluster(NodeSet::first(3));
        assert_told(&found);
        assert_told(&Fault::Unmet(Mismatch { expected, found }));
    }
}

#[test]
fn display_is_the_english_text() {
    let error = CommandError::ServerDown(s(1));
    assert_eq!(error.to_string(), error.tell(Lang::En));
}
