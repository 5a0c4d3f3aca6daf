//! A moment of a story, opened in the laboratory: a script with the members' terms, votes and
//! ends of logs, from which it can be tried what would have happened under other rules.
//!
//! Lines never tell all. What they leave open is assumed, and each assumption is told.

use std::collections::BTreeSet;
use std::fmt::Write;

use hustings_lab::narrate::Lang;
use hustings_raft::NodeId;

use crate::known::Known;
use crate::observation::{Ballot, LogEnd, Observation, Refusal, Role};
use crate::shown::{MemberId, Opened, Presence};
use crate::story::Story;
use crate::texts::{Texts, texts};
use crate::time::Moment;
use crate::told::Words;

/// Why a moment cannot be opened in the laboratory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenError {
    /// There are more members than the laboratory has servers.
    TooMany(usize),
    /// Nothing is known of anybody then.
    NothingKnown,
}

impl OpenError {
    /// Why, in a sentence.
    pub fn tell(self, lang: Lang) -> String {
        let t = texts(lang);
        match self {
            Self::TooMany(members) => t.open_too_many(members, NodeId::MAX),
            Self::NothingKnown => t.open_nothing().to_owned(),
        }
    }
}

impl Story {
    /// A run of the laboratory that begins as the members were at a moment, everything up to
    /// it included.
    ///
    /// # Errors
    ///
    /// If there are more members than the laboratory has servers, or nothing is known of any.
    pub fn open_at(&self, at: Moment, lang: Lang) -> Result<Opened, OpenError> {
        let members: Vec<_> = self.members.ids().collect();
        if members.len() > usize::from(NodeId::MAX) {
            return Err(OpenError::TooMany(members.len()));
        }
        let known: Vec<_> = members.iter().map(|it| self.known(*it, at)).collect();
        if known.iter().all(|it| it.term.is_none()) {
            return Err(OpenError::NothingKnown);
        }
        let mut opening = Opening {
            words: Words { story: self, lang },
            leader: leader(&members, &known),
            ends: ends(&known),
            known,
            script: String::new(),
            assumed: Vec::new(),
        };
        opening.write(at);
        Ok(Opened {
            script: opening.script,
            assumed: opening.assumed,
        })
    }
}

/// The leader of the highest term, with that term.
fn leader(members: &[MemberId], known: &[Known]) -> Option<(MemberId, u64)> {
    let leads = |known: &Known| {
        let runs = known.presence == Presence::Running;
        runs && known.role == Some(Role::Leader)
    };
    let leaders = members.iter().zip(known).filter(|(_, it)| leads(it));
    let leaders = leaders.filter_map(|(member, it)| Some((*member, it.term?)));
    let leader = leaders.max_by_key(|(_, term)| *term)?;
    // One whom others have left behind can be told no more than that it follows.
    let highest = known.iter().filter_map(|it| it.term).max();
    (Some(leader.1) == highest).then_some(leader)
}

/// The ends of all logs, as far as they are known.
fn ends(known: &[Known]) -> BTreeSet<LogEnd> {
    known.iter().filter_map(|it| it.log).collect()
}

/// A script in the making.
struct Opening<'a> {
    words: Words<'a>,
    known: Vec<Known>,
    leader: Option<(MemberId, u64)>,
    ends: BTreeSet<LogEnd>,
    script: String,
    assumed: Vec<String>,
}

impl Opening<'_> {
    fn texts(&self) -> Texts {
        texts(self.words.lang)
    }

    fn line(&mut self, line: impl AsRef<str>) {
        self.script.push_str(line.as_ref());
        self.script.push('\n');
    }

    fn write(&mut self, at: Moment) {
        let title = self.texts().open_title(self.words.time(at));
        self.line(format!("title \"{}\"", title.replace(['"', '\\'], "'")));
        self.line(format!("cluster {}", self.known.len()));
        self.options();
        self.line("");
        for number in 0..self.known.len() {
            self.state(number);
        }
        self.names();
        self.line("");
        self.lead();
        self.stop_those_down();
        self.assume_the_rest();
    }

    /// Options that the lines show to be on.
    fn options(&mut self) {
        let events = &self.words.story.events;
        let pre_vote = events.iter().any(|it| match &it.what {
            Observation::Became { role, .. } => *role == Role::PreCandidate,
            Observation::Asked { ballot, .. } => *ballot == Ballot::PreVote,
            Observation::Answered(reply) => reply.ballot == Ballot::PreVote,
            _ => false,
        });
        let check_quorum = events.iter().any(|it| match &it.what {
            Observation::QuorumLost { .. } => true,
            Observation::Answered(reply) => {
                matches!(reply.refused, Some(Refusal::HasLeader { .. }))
            }
            _ => false,
        });
        let t = self.texts();
        for (option, on) in [("pre-vote", pre_vote), ("check-quorum", check_quorum)] {
            let told = if on {
                self.line(format!("option {option} on"));
                t.open_option_on(option)
            } else {
                t.open_option_off(option)
            };
            self.assumed.push(told);
        }
    }

    /// A server's term, vote and log.
    fn state(&mut self, number: usize) {
        let (Some(known), Some(member)) = (self.known.get(number).copied(), member(number)) else {
            return;
        };
        let mut state = format!("state S{}", number + 1);
        let elected = self.leader.map(|(_, term)| term);
        // Whoever is elected below takes everybody to its term.
        let before = elected.map(|it| it.saturating_sub(1));
        let term = known
            .term
            .map(|it| before.map_or(it, |before| it.min(before)));
        if let Some(term) = term.filter(|it| *it > 0) {
            let _ = write!(state, " term={term}");
            let vote = known.vote.flatten().filter(|_| known.term == Some(term));
            if let Some(vote) = vote {
                let _ = write!(state, " voted-for=S{}", vote.0 + 1);
            }
        }
        let leads = self.leader.is_some_and(|(leader, _)| leader == member);
        let highest = self.ends.last().copied();
        let end = if leads { highest } else { known.log };
        let log = self.log(end, before.or(known.term).unwrap_or(0));
        if !log.is_empty() {
            let log: Vec<_> = log.iter().map(u64::to_string).collect();
            let _ = write!(state, " log={}", log.join(","));
        }
        if state.contains('=') {
            self.line(state);
        }
        self.assume_of(member, &known, leads && known.log != highest);
    }

    fn assume_of(&mut self, member: MemberId, known: &Known, log_is_highest: bool) {
        let t = self.texts();
        let name = self.words.member(member);
        let mut assumed = Vec::new();
        if known.term.is_none() {
            assumed.push(t.open_no_term(name));
        }
        if log_is_highest {
            assumed.push(t.open_leader_log(name));
        } else if known.log.is_none() {
            assumed.push(t.open_no_log(name));
        }
        let leads = self.leader.is_some_and(|(leader, _)| leader == member);
        if let (false, Some(Role::Leader), Some(term)) = (leads, known.role, known.term) {
            assumed.push(t.open_led(name, term));
        }
        if known.presence == Presence::Unknown {
            assumed.push(t.open_unknown(name));
        }
        self.assumed.extend(assumed);
    }

    /// The terms of the entries of a log with this end. Entries are left out so that each
    /// known end keeps its place: which of two logs is longer, and which ends in a newer term.
    fn log(&self, end: Option<LogEnd>, term: u64) -> Vec<u64> {
        let Some(end) = end.filter(|it| it.index > 0) else {
            return Vec::new();
        };
        let indexes: BTreeSet<_> = self.ends.iter().map(|it| it.index).collect();
        let places = indexes
            .into_iter()
            .filter(|it| (1..=end.index).contains(it));
        let mut log: Vec<u64> = places
            .map(|index| {
                let longer = self.ends.iter().filter(|it| it.index >= index);
                longer
                    .map(|it| it.term)
                    .min()
                    .unwrap_or(end.term)
                    .min(end.term)
            })
            .collect();
        if let Some(last) = log.last_mut() {
            *last = end.term;
        }
        // No entry can be of a term that its server has not reached.
        log.iter_mut()
            .for_each(|it| *it = (*it).clamp(1, term.max(1)));
        log
    }

    /// Which server stands for which member.
    fn names(&mut self) {
        let members: Vec<_> = self.words.story.members.ids().collect();
        for member in members {
            let line = format!("# S{} is {}", member.0 + 1, self.words.member(member));
            self.line(line.replace(char::is_control, " "));
        }
    }

    /// Has the leader elected.
    fn lead(&mut self) {
        let Some((leader, term)) = self.leader else {
            return;
        };
        let name = self.words.member(leader).to_owned();
        self.line(format!("timeout S{}", leader.0 + 1));
        self.line("deliver all");
        self.line(format!("expect S{} leader term={term}", leader.0 + 1));
        let told = self.texts().open_elected(name, term);
        self.assumed.push(told);
    }

    fn stop_those_down(&mut self) {
        let down = self.known.iter().enumerate();
        let down = down.filter(|(_, it)| it.presence == Presence::Down);
        let down: Vec<_> = down.map(|(number, _)| number + 1).collect();
        for number in down {
            self.line(format!("crash S{number}"));
        }
    }

    fn assume_the_rest(&mut self) {
        let t = self.texts();
        let members = self.words.story.members.ids();
        let called =
            members.map(|it| t.open_name(format_args!("S{}", it.0 + 1), self.words.member(it)));
        let called: Vec<_> = called.collect();
        self.assumed
            .insert(0, t.open_names(called.join(t.between())));
        self.assumed.push(t.open_logs_shortened().to_owned());
        self.assumed.push(t.open_rest().to_owned());
    }
}

fn member(number: usize) -> Option<MemberId> {
    u8::try_from(number).ok().map(MemberId)
}
