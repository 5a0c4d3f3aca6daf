//! A moment of a story, opened in the laboratory: a script with the members' terms, votes and
//! ends of logs, from which it can be tried what would have happened under other rules.
//!
//! Lines never tell all. What they leave open is assumed, and each assumption is told.

mod entries;
mod logs;

use std::fmt::Write;

use hustings_lab::narrate::Lang;
use hustings_raft::NodeId;

use self::entries::Entries;
use self::logs::{Log, Why};
use crate::account::majority;
use crate::known::Known;
use crate::observation::{Ballot, Observation, Refusal, Role};
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
    /// The member's log became shorter between two of its lines, and none tells when.
    LogShrank(MemberId, Moment, Moment),
    /// The first refused its vote to the second for its log at that moment, and no line tells
    /// how their logs ended.
    LogsDiffer(MemberId, MemberId, Moment),
}

impl OpenError {
    /// Why, in a sentence; of this story.
    pub fn tell(self, story: &Story, lang: Lang) -> String {
        let t = texts(lang);
        let words = Words { story, lang };
        match self {
            Self::TooMany(members) => t.open_too_many(members, NodeId::MAX),
            Self::NothingKnown => t.open_nothing().to_owned(),
            Self::LogShrank(member, from, to) => {
                t.open_log_shrank(words.member(member), words.time(from), words.time(to))
            }
            Self::LogsDiffer(voter, candidate, at) => {
                t.open_logs_differ(words.time(at), words.member(voter), words.member(candidate))
            }
        }
    }
}

impl Story {
    /// A run of the laboratory that begins as the members were at a moment, everything up to
    /// it included.
    ///
    /// # Errors
    ///
    /// If there are more members than the laboratory has servers, if nothing is known of any,
    /// or if lines show that logs differed and do not tell whose was newer.
    pub fn open_at(&self, at: Moment, lang: Lang) -> Result<Opened, OpenError> {
        let members: Vec<_> = self.members.ids().collect();
        if members.len() > usize::from(NodeId::MAX) {
            return Err(OpenError::TooMany(members.len()));
        }
        let known: Vec<_> = members.iter().map(|it| self.known(*it, at)).collect();
        if known.iter().all(|it| it.term.is_none()) {
            return Err(OpenError::NothingKnown);
        }
        let logs = logs::assumed(self, at, &known)?;
        let mut opening = Opening {
            words: Words { story: self, lang },
            leader: leader(&members, &known),
            entries: Entries::of(logs.iter().map(|it| it.end)),
            logs,
            at,
            known,
            script: String::new(),
            assumed: Vec::new(),
        };
        opening.write();
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

/// A script in the making.
struct Opening<'a> {
    words: Words<'a>,
    at: Moment,
    known: Vec<Known>,
    leader: Option<(MemberId, u64)>,
    /// How the members' logs end, in their order.
    logs: Vec<Log>,
    entries: Entries,
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

    fn write(&mut self) {
        let title = self.texts().open_title(self.words.time(self.at));
        self.line(format!("title \"{}\"", title.replace(['"', '\\'], "'")));
        self.line(format!("cluster {}", self.known.len()));
        self.options();
        self.line("");
        for number in 0..self.known.len() {
            self.state(number);
        }
        self.names();
        self.line("");
        let running = self.known.iter().filter(|it| it.presence != Presence::Down);
        if running.count() >= majority(self.known.len()) {
            self.stop_those_down();
            self.lead();
        } else {
            // Its leader has not noticed yet that it has lost its majority.
            self.lead();
            self.stop_those_down();
        }
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
        let known = self.known.get(number).copied();
        let log = self.logs.get(number).copied();
        let (Some(known), Some(log), Some(member)) = (known, log, member(number)) else {
            return;
        };
        let mut state = format!("state S{}", number + 1);
        // Whoever is elected below takes everybody to its term, and appends an entry of it.
        let before = self.leader.map(|(_, term)| term.saturating_sub(1));
        let entries = self.entries_of(member, log);
        let newest = entries.last().copied().unwrap_or(0);
        let term = known.term.unwrap_or(0);
        let term = before.map_or(term, |it| term.min(it)).max(newest);
        if term > 0 {
            let _ = write!(state, " term={term}");
            let vote = known.vote.flatten().filter(|_| known.term == Some(term));
            if let Some(vote) = vote {
                let _ = write!(state, " voted-for=S{}", vote.0 + 1);
            }
        }
        if !entries.is_empty() {
            let entries: Vec<_> = entries.iter().map(u64::to_string).collect();
            let _ = write!(state, " log={}", entries.join(","));
        }
        if state.contains('=') {
            self.line(state);
        }
        self.assume_of(member, &known, log);
    }

    /// The terms of the entries that a server begins with.
    fn entries_of(&self, member: MemberId, log: Log) -> Vec<u64> {
        let of = |log: Log| {
            let entries = self.entries.up_to(log.end).iter().copied();
            match self.leader {
                Some((_, term)) => entries.take_while(|it| *it < term).collect(),
                None => entries.collect::<Vec<_>>(),
            }
        };
        // Entries of its term, of which the leader has the most, come once it is elected.
        let leads = self.leader.is_some_and(|(leader, _)| leader == member);
        let all = self.logs.iter().map(|it| of(*it)).filter(|_| leads);
        let newest = all.max_by_key(|it| (it.last().copied(), it.len()));
        newest.unwrap_or_else(|| of(log))
    }

    /// What is assumed of a member: first of all, how its log ends.
    fn assume_of(&mut self, member: MemberId, known: &Known, log: Log) {
        let t = self.texts();
        let name = self.words.member(member);
        let mut assumed = vec![self.why(name, log)];
        if known.term.is_none() {
            assumed.push(t.open_no_term(name));
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

    /// Why a member's log ends as it does.
    fn why(&self, name: &str, log: Log) -> String {
        let t = self.texts();
        let end = self.words.log_end(log.end);
        match log.why {
            Why::Told(line) => t.open_log_told(name, end, self.words.time(line.at)),
            Why::AtLeast(line) => {
                let before = self.words.lasting(self.at - line.at);
                t.open_log_at_least(name, end, self.words.time(line.at), before)
            }
            Why::AtMost(line) => {
                let after = self.words.lasting(line.at - self.at);
                t.open_log_at_most(name, end, self.words.time(line.at), after)
            }
            Why::Leads(term) => t.open_log_leads(name, term, end),
            Why::Newest => t.open_log_newest(name),
            Why::Empty => t.open_no_log(name),
        }
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
