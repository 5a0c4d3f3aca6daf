//! Who stood for election, and what they lacked.

mod answers;

use std::collections::BTreeMap;

use self::answers::Answered;
pub(super) use self::answers::asked;
use super::{Voters, majority, terms};
use crate::observation::{Ballot, Cause, Observation, Refusal, Role};
use crate::shown::{EventId, MemberId, Presence};
use crate::story::{Event, Story};
use crate::time::Moment;

/// A member's attempt to become leader, or to find out whether it could.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidacy {
    /// Who.
    pub member: MemberId,
    /// For which kind of vote it asked.
    pub ballot: Ballot,
    /// In which term; that before it, for pre-votes.
    pub term: Option<u64>,
    /// When it began.
    pub at: Moment,
    /// The event with which it began.
    pub event: EventId,
    /// Why it stood.
    pub cause: Cause,
    /// How each other voter answered, as far as lines tell.
    pub answers: BTreeMap<MemberId, Answer>,
    /// How many votes it needed, its own included.
    pub needed: usize,
    /// How many votes it said it had, its own included.
    counted: Option<usize>,
    /// How it ended.
    pub outcome: Outcome,
    /// When it ended.
    pub until: Moment,
}

/// How a voter answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It gave its vote.
    Granted(EventId),
    /// It refused it, for this reason.
    Refused(EventId, Refusal),
    /// No line tells of an answer, though the voter wrote lines at that time.
    Silent,
    /// The voter has no lines of that time.
    Unseen,
}

/// How a candidacy ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It won: it led, or stood for election after its pre-vote.
    Won,
    /// It tried again.
    Again,
    /// It followed somebody, or went back for another reason.
    Follows,
    /// The lines end before.
    Open,
}

impl Candidacy {
    /// The votes it had, its own included, as far as lines tell.
    pub fn votes(&self) -> usize {
        let granted = |it: &&Answer| matches!(it, Answer::Granted(_));
        let seen = 1 + self.answers.values().filter(granted).count();
        seen.max(self.counted.unwrap_or_default())
    }

    /// Takes over what it says of its votes, rather than what follows from others' lines.
    fn count(&mut self, story: &Story) {
        let own = story.own_after(self.member, self.event);
        let (until, again) = (self.until, self.outcome == Outcome::Again);
        let within = |at: Moment| at < until || (at == until && !again);
        for (_, event) in own.take_while(|(_, it)| within(it.at)) {
            if let Observation::Counted {
                ballot,
                granted,
                needed,
                ..
            } = event.what
                && ballot == self.ballot
            {
                let number = |it: Option<u32>| it.and_then(|it| usize::try_from(it).ok());
                self.counted = self.counted.max(number(granted));
                self.needed = number(needed).unwrap_or(self.needed);
            }
        }
    }
}

/// All candidacies, in order.
pub(super) fn candidacies(story: &Story) -> Vec<Candidacy> {
    let known = Voters::of(story);
    let answered = Answered::of(story);
    let mut all = Vec::new();
    for (id, event) in story.numbered() {
        let Observation::Became { role, term, .. } = event.what else {
            continue;
        };
        let ballot = match role {
            Role::Candidate => Ballot::Vote,
            Role::PreCandidate => Ballot::PreVote,
            _ => continue,
        };
        let (outcome, until) = outcome(story, id, event, ballot);
        let voters = known.at(event.at);
        let mut candidacy = Candidacy {
            member: event.member,
            ballot,
            term: term.or(story.known(event.member, event.at).term),
            at: event.at,
            event: id,
            cause: terms::cause(story, event.member, id),
            answers: BTreeMap::new(),
            needed: majority(voters.len()),
            counted: None,
            outcome,
            until,
        };
        candidacy.count(story);
        for voter in voters.iter().filter(|it| **it != event.member) {
            let answer = answered.by(*voter, &candidacy);
            let answer = answer.unwrap_or_else(|| unanswered(story, *voter, &candidacy));
            candidacy.answers.insert(*voter, answer);
        }
        all.push(candidacy);
    }
    all
}

/// How it ended, and when: with the next event that takes the member to another role.
fn outcome(story: &Story, id: EventId, event: &Event, ballot: Ballot) -> (Outcome, Moment) {
    let mut own = story.own_after(event.member, id);
    let next = own.find_map(|(_, it)| match &it.what {
        Observation::Became { role, .. } => Some((Some(*role), it.at)),
        Observation::Started(_) => Some((None, it.at)),
        _ => None,
    });
    match next {
        Some((Some(Role::Leader), at)) => (Outcome::Won, at),
        Some((Some(Role::Candidate), at)) if ballot == Ballot::PreVote => (Outcome::Won, at),
        Some((Some(Role::Candidate | Role::PreCandidate), at)) => (Outcome::Again, at),
        Some((_, at)) => (Outcome::Follows, at),
        None => (Outcome::Open, story.ends),
    }
}

/// A voter without an answer: was it there to write one?
fn unanswered(story: &Story, voter: MemberId, candidacy: &Candidacy) -> Answer {
    let writes = story.own_since(voter, candidacy.at).next().is_some();
    let runs = story.known(voter, candidacy.at).presence == Presence::Running;
    if writes && runs {
        Answer::Silent
    } else {
        Answer::Unseen
    }
}
