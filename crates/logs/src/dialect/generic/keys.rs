//! What stands under the keys of a line.

use serde_json::Value;

use crate::line::Line;
use crate::names::{Name, Names};
use crate::observation::{Ballot, LogEnd, Role, State};
use crate::time::Micros;

/// The names of keys that have two: that of the paper's state, and that of its messages.
pub(super) const TERM: &[&str] = &["term", "currentTerm"];
pub(super) const LEADER: &[&str] = &["leader", "leaderId"];
pub(super) const CANDIDATE: &[&str] = &["candidate", "candidateId"];

/// The keys of a line.
pub(super) struct Keys<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) names: &'a mut Names,
}

impl Keys<'_> {
    pub(super) fn text(&self, keys: &[&str]) -> Option<String> {
        let found = keys.iter().find_map(|key| self.line.field(key))?;
        Some(found.into_owned())
    }

    pub(super) fn number(&self, keys: &[&str]) -> Option<u64> {
        keys.iter().find_map(|key| self.line.number(key))
    }

    pub(super) fn count(&self, key: &str) -> Option<u32> {
        u32::try_from(self.number(&[key])?).ok()
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.line.field(key).is_some_and(|it| it == "true")
    }

    /// The member under one of these keys; `None` if there is none.
    pub(super) fn member(&mut self, keys: &[&str]) -> Option<Name> {
        self.member_or_nobody(keys).flatten()
    }

    /// The member under one of these keys, `Some(None)` if it says that there is none:
    /// `null`, an empty text, or -1, as programs in Go have it.
    pub(super) fn member_or_nobody(&mut self, keys: &[&str]) -> Option<Option<Name>> {
        if let Some(text) = self.text(keys) {
            let is_somebody = !matches!(text.trim(), "" | "-1" | "null" | "none");
            return Some(is_somebody.then(|| self.names.name(text.trim())));
        }
        let mut nothing = keys.iter().filter_map(|key| self.line.value(key));
        nothing.any(Value::is_null).then_some(None)
    }

    /// The members in a list, or in a text with commas or spaces between them.
    pub(super) fn members(&mut self, key: &str) -> Vec<Name> {
        let listed = self.line.value(key).and_then(|it| it.as_array());
        let texts: Vec<String> = match listed {
            Some(listed) => listed.iter().map(text_of).collect(),
            None => {
                let text = self.text(&[key]).unwrap_or_default();
                let text = text.trim_matches(['[', ']']);
                text.split([',', ' ']).map(str::to_owned).collect()
            }
        };
        let texts = texts.iter().map(|it| it.trim()).filter(|it| !it.is_empty());
        texts.map(|it| self.names.name(it)).collect()
    }

    pub(super) fn log(&self, term: &str, index: &str) -> Option<LogEnd> {
        Some(LogEnd {
            term: self.line.number(term)?,
            index: self.line.number(index)?,
        })
    }

    /// The time under `ms`.
    pub(super) fn millis(&self) -> Option<Micros> {
        let millis: f64 = self.line.field("ms")?.parse().ok()?;
        let is_usual = (0.0..1e12).contains(&millis);
        is_usual.then_some(Micros::new((millis * 1e3) as i64))
    }

    pub(super) fn role(&self) -> Option<Role> {
        let role = match plain(&self.line.field("role")?).as_str() {
            "follower" => Role::Follower,
            "precandidate" => Role::PreCandidate,
            "candidate" => Role::Candidate,
            "leader" => Role::Leader,
            "learner" | "nonvoter" | "observer" => Role::Learner,
            _ => return None,
        };
        Some(role)
    }

    pub(super) fn ballot(&self) -> Ballot {
        if self.is("preVote") {
            Ballot::PreVote
        } else {
            Ballot::Vote
        }
    }

    /// The node's own state, as far as it is told.
    pub(super) fn state(&mut self) -> State {
        State {
            role: self.role(),
            term: self.number(TERM),
            vote: self.member_or_nobody(&["votedFor"]),
            leader: self.member_or_nobody(LEADER),
            log: self.log("lastLogTerm", "lastLogIndex"),
            commit: self.number(&["commitIndex"]),
        }
    }

    /// The term of a message; that of the node, if it is not told apart.
    pub(super) fn message_term(&self) -> Option<u64> {
        let told = self.number(&["messageTerm"]);
        told.or_else(|| match self.ballot() {
            Ballot::Vote => self.number(TERM),
            Ballot::PreVote => None,
        })
    }
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A name in small letters, without what separates its words: `pre-candidate`,
/// `PreCandidate` and `pre_candidate` are the same.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
