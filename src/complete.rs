//! Parsing and completing one line of the script language. Completions are what the
//! language's parser reports as expected.

use hustings_lab::script::{Line, Script, ScriptError, Token, settings};
use hustings_lab::{CORE_NAME, Command, Condition, Run};
use hustings_raft::{NodeId, NodeSet};

use crate::i18n::{lang, texts};
use crate::programs::library;

/// The completions of a line.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Completion {
    /// The line extended by the common prefix of all completions; `None` if that adds
    /// nothing.
    pub line: Option<String>,
    /// The possible last words.
    pub words: Vec<String>,
}

/// A token that is valid nowhere, so that the parser lists the expected ones.
const INVALID: &str = "\u{bf}";

/// What can be entered in a line.
#[derive(Clone, PartialEq, Debug)]
pub enum Entered {
    /// A command.
    Command(Command),
    /// `expect`: whether a condition holds.
    Check(Condition),
}

/// Whether a line that starts with a word belongs into a script.
fn is_for_scripts(word: &str) -> bool {
    word == "at" || settings().contains(&word)
}

/// Parses a line that is entered for a run.
///
/// # Errors
///
/// What is wrong with it and what would be valid.
pub fn read(text: &str, run: &Run) -> Result<Entered, String> {
    if text.split_whitespace().next().is_some_and(is_for_scripts) {
        return Err(texts().only_commands().to_owned());
    }
    let library = library();
    match Line::parse_with(text, run.ids(), &run.library(&*library)) {
        Ok(Some(Line::Command(command))) => Ok(Entered::Command(command)),
        Ok(Some(Line::Expect(condition))) => Ok(Entered::Check(condition)),
        Ok(_) => Err(texts().only_commands().to_owned()),
        Err(error) => Err(error.advice(lang())),
    }
}

/// Parses a condition as it follows `expect` or `run until`, with or without those words.
///
/// # Errors
///
/// What is wrong with it and what would be valid.
pub fn read_condition(text: &str, servers: NodeSet) -> Result<Condition, String> {
    let found = Condition::parse(bare_condition(text).trim(), servers);
    found.map_err(|error| error.advice(lang()))
}

/// Completes the end of a condition.
pub fn complete_condition(text: &str, servers: NodeSet) -> Completion {
    let bare = bare_condition(text);
    let before = text.len() - bare.len();
    let Completion { line, words } = complete(&format!("{EXPECT}{bare}"), servers);
    let line = line.and_then(|line| {
        let completed = line.strip_prefix(EXPECT)?;
        Some(format!("{}{completed}", text.get(..before)?))
    });
    Completion { line, words }
}

const EXPECT: &str = "expect ";

/// A condition without the words that may stand before it.
fn bare_condition(text: &str) -> &str {
    let text = text.trim_start();
    let before = [EXPECT, "run until "];
    let mut bare = before.iter().filter_map(|words| text.strip_prefix(words));
    bare.next().unwrap_or(text).trim_start()
}

/// Completes the end of a line for a cluster of these servers.
pub fn complete(text: &str, servers: NodeSet) -> Completion {
    let text = text.trim_start();
    let start = text.rfind([' ', '|']).map_or(0, |blank| blank + 1);
    let (head, begun) = text.split_at(start);
    let errors = parse(&format!("{head}{INVALID}"), servers).err();
    let errors = errors.unwrap_or_default();
    let is_first = head.trim().is_empty();
    let could = errors.iter().flat_map(ScriptError::expected);
    let mut words: Vec<_> = could
        .flat_map(|expected| candidates(expected, begun, servers))
        .filter(|word| word.starts_with(begun))
        .filter(|word| !(is_first && is_for_scripts(word)))
        .collect();
    words.dedup();
    let common = common_prefix(&words);
    let line = (common.len() > begun.len() || words.len() == 1).then(|| {
        let blank = if words.len() == 1 && !common.ends_with('=') {
            " "
        } else {
            ""
        };
        format!("{head}{common}{blank}")
    });
    Completion { line, words }
}

/// Parses a line as a script for a cluster of that size.
fn parse(line: &str, servers: NodeSet) -> Result<Script, Vec<ScriptError>> {
    Script::parse(&format!("cluster {}\n{line}", servers.len()))
}

/// The words that match an expected token.
fn candidates(token: &Token, begun: &str, servers: NodeSet) -> Vec<String> {
    match token {
        Token::Written(word) => vec![word.trim_matches(['`', '…']).to_owned()],
        Token::Server(_) => servers.iter().map(|id| id.to_string()).collect(),
        Token::Link | Token::Path => links(begun, servers),
        Token::Program => programs(),
        _ => Vec::new(),
    }
}

/// What a step can have servers run.
fn programs() -> Vec<String> {
    let library = library();
    let names = library.names().into_iter().chain([CORE_NAME]);
    names.map(str::to_owned).collect()
}

/// The links that complete `begun`; without a first server, the starts of links.
fn links(begun: &str, servers: NodeSet) -> Vec<String> {
    let from = begun.split('-').next().unwrap_or_default();
    let from = from.strip_prefix('S').and_then(|it| it.parse().ok());
    match from
        .and_then(NodeId::new)
        .filter(|id| servers.contains(*id))
    {
        Some(from) => {
            let others = servers.without(from).iter();
            others.map(|to| format!("{from}->{to}")).collect()
        }
        None => servers.iter().map(|id| format!("{id}->")).collect(),
    }
}

fn common_prefix(words: &[String]) -> String {
    let Some((first, others)) = words.split_first() else {
        return String::new();
    };
    let mut common = first.as_str();
    for other in others {
        let same = common.char_indices().zip(other.chars());
        let end = same.take_while(|((_, one), other)| one == other).last();
        let end = end.map_or(0, |((place, it), _)| place + it.len_utf8());
        common = common.get(..end).unwrap_or_default();
    }
    common.to_owned()
}

#[cfg(test)]
mod tests {
    use hustings_lab::Header;

    use super::*;

    fn completed(text: &str) -> Option<String> {
        complete(text, NodeSet::first(3)).line
    }

    /// A line that is entered for a run of three servers.
    fn entered(text: &str) -> Result<Entered, String> {
        let header = Header {
            cluster: 3,
            ..Header::default()
        };
        read(text, &Run::new(header).expect("a valid header"))
    }

    #[test]
    fn a_line_is_completed_by_the_common_prefix() {
        assert_eq!(completed("cra").as_deref(), Some("crash "));
        assert_eq!(completed("run un").as_deref(), Some("run until "));
        assert_eq!(completed("crash ").as_deref(), Some("crash S"));
        assert_eq!(completed("cut S1").as_deref(), Some("cut S1->S"));
        assert_eq!(
            completed("deliver S1->S2 Req").as_deref(),
            Some("deliver S1->S2 RequestVote")
        );
        assert_eq!(
            completed("transfer S1 ").as_deref(),
            Some("transfer S1 to ")
        );
        assert_eq!(
            completed("run S1 S2 ra").as_deref(),
            Some("run S1 S2 raft ")
        );
        assert_eq!(completed("nonsense "), None);
    }

    #[test]
    fn a_condition_is_completed_as_after_expect() {
        let servers = NodeSet::first(3);
        let completed = |text| complete_condition(text, servers).line;
        assert_eq!(completed("S1 lea").as_deref(), Some("S1 leader"));
        assert_eq!(completed("refused ").as_deref(), Some("refused S"));
        assert_eq!(
            completed("expect comm").as_deref(),
            Some("expect committed ")
        );
        let could = complete_condition("", servers).words;
        assert!(could.contains(&"quiet".to_owned()) && could.contains(&"S3".to_owned()));
    }

    #[test]
    fn a_condition_is_read_with_and_without_the_words_before_it() {
        let servers = NodeSet::first(3);
        let read = |text| read_condition(text, servers).map(|it| it.to_string());
        for text in [
            "S1 leader term=7",
            "expect S1 leader term=7",
            "run until S1 is leader term=7",
        ] {
            assert_eq!(read(text).as_deref(), Ok("S1 leader term=7"), "{text}");
        }
        assert_eq!(read("term>40").as_deref(), Ok("term > 40"));
        assert_eq!(read("S2 is refused").as_deref(), Ok("refused S2"));
        assert!(read("S7 leader").is_err() && read("").is_err());
    }

    #[test]
    fn completions_are_what_can_be_entered() {
        let could = complete("", NodeSet::first(3)).words;
        assert!(could.contains(&"crash".to_owned()));
        assert!(could.contains(&"expect".to_owned()));
        assert!(!could.contains(&"cluster".to_owned()) && !could.contains(&"goal".to_owned()));
        let servers = complete("crash ", NodeSet::first(3)).words;
        assert_eq!(servers, ["S1", "S2", "S3"]);
    }

    #[test]
    fn parse_errors_list_what_is_valid() {
        assert!(entered("crash S1").is_ok());
        let wrong = entered("crash S7").expect_err("no such server");
        assert!(wrong.contains("S1 to S3"), "{wrong}");
        let long = entered("kill S1").expect_err("no such word");
        assert!(long.matches('`').count() <= 8, "{long}");
    }

    #[test]
    fn a_line_is_a_command_or_an_expectation_and_the_rest_is_for_scripts() {
        assert_eq!(
            entered("expect one leader"),
            Ok(Entered::Check(Condition::OneLeader))
        );
        assert_eq!(entered("heal"), Ok(Entered::Command(Command::Heal)));
        let back = entered("run S2 raft");
        assert!(matches!(
            back,
            Ok(Entered::Command(Command::Install { .. }))
        ));
        for line in [
            "title \"x\"",
            "cluster 5",
            "goal quiet",
            "at 5ms crash S1",
            "at",
        ] {
            assert_eq!(
                entered(line),
                Err(texts().only_commands().to_owned()),
                "{line}"
            );
        }
        assert!(entered("").is_err());
    }
}
