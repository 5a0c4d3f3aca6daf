//! How voters answered, as they and the candidates tell it.

use std::collections::BTreeMap;

use super::{Answer, Candidacy, Outcome};
use crate::names::Name;
use crate::observation::{Ballot, Observation, Refusal, Role};
use crate::shown::{EventId, MemberId};
use crate::story::{Event, Story};
use crate::time::{Micros, Moment};

/// A vote that was asked for: by whom, of whom, and of which kind.
type Asked = (MemberId, MemberId, Ballot);

/// All answers, with when they were told, and for which term.
pub(super) struct Answered(BTreeMap<Asked, Vec<(Moment, Option<u64>, Answer)>>);

/// For which kind of vote a member asked at a moment, by its role then.
pub(in crate::account) fn asked(story: &Story, candidate: MemberId, at: Moment) -> Ballot {
    match story.known(candidate, at).role {
        Some(Role::PreCandidate) => Ballot::PreVote,
        _ => Ballot::Vote,
    }
}

impl Answered {
    pub(super) fn of(story: &Story) -> Self {
        let mut all: BTreeMap<Asked, Vec<_>> = BTreeMap::new();
        for (id, event) in story.numbered() {
            for (asked, term, answer) in told(story, id, event) {
                all.entry(asked).or_default().push((event.at, term, answer));
            }
        }
        Self(all)
    }

    /// A voter's answer to a candidacy: a refusal with its reason rather than one without.
    pub(super) fn by(&self, voter: MemberId, candidacy: &Candidacy) -> Option<Answer> {
        let key = (candidacy.member, voter, candidacy.ballot);
        let all = self.0.get(&key)?;
        let first = all.partition_point(|(at, ..)| *at < candidacy.at);
        let within = all.iter().skip(first);
        let within = within.take_while(|(at, ..)| *at <= candidacy.until);
        let answers = within.filter(|(at, term, _)| {
            let both = term.zip(candidacy.term);
            let both = both.filter(|_| candidacy.ballot == Ballot::Vote);
            // What comes when the next attempt begins is an answer to that, unless it says
            // otherwise.
            let next = candidacy.outcome == Outcome::Again && *at == candidacy.until;
            both.map_or(!next, |(one, other)| one == other)
        });
        let good = |answer: &Answer| match answer {
            Answer::Granted(_) => 3,
            Answer::Refused(_, Refusal::Unsaid) => 1,
            Answer::Refused(..) => 2,
            Answer::Silent | Answer::Unseen => 0,
        };
        answers.map(|(.., answer)| *answer).max_by_key(good)
    }
}

/// The answers of which an event tells, with their terms.
fn told(story: &Story, id: EventId, event: &Event) -> Vec<(Asked, Option<u64>, Answer)> {
    let me = event.member;
    let member = |name: Name| story.members.get(name);
    let told = match &event.what {
        Observation::Answered(reply) => {
            let answer = reply.refused.map(|why| Answer::Refused(id, why));
            member(reply.candidate).map(|candidate| {
                let answer = answer.unwrap_or(Answer::Granted(id));
                ((candidate, me, reply.ballot), reply.term, answer)
            })
        }
        Observation::Heard {
            from,
            ballot,
            granted,
            term,
        } => {
            let answer = match granted {
                true => Some(Answer::Granted(id)),
                // Some count who cannot be reached among those that refuse.
                false if unreached(story, id, event, *from) => None,
                false => Some(Answer::Refused(id, Refusal::Unsaid)),
            };
            let asked = member(*from).map(|voter| (me, voter, *ballot));
            asked
                .zip(answer)
                .map(|(asked, answer)| (asked, *term, answer))
        }
        // It does not say whom it refused: anybody who stands in that term, and does not have
        // its vote.
        Observation::VotedAlready { term } => {
            let answer = Answer::Refused(id, Refusal::Voted(None));
            let others = story.members.ids().filter(|it| *it != me);
            let told = others.map(|it| ((it, me, Ballot::Vote), Some(*term), answer));
            return told.collect();
        }
        // Whoever ignores a request of an older term does not vote for it, either.
        Observation::OlderTerm {
            from: Some(from),
            stands: true,
            older,
            ..
        } => member(*from).map(|candidate| {
            let ballot = asked(story, candidate, event.at);
            let answer = Answer::Refused(id, Refusal::OlderTerm);
            ((candidate, me, ballot), Some(*older), answer)
        }),
        _ => None,
    };
    told.into_iter().collect()
}

/// Whether a member said just before an event that it does not reach another.
fn unreached(story: &Story, id: EventId, event: &Event, other: Name) -> bool {
    const JUST_BEFORE: Micros = Micros::from_millis(100);
    const LINES: usize = 6;
    let own = story.own_before(event.member, id).take(LINES);
    let mut recent = own.take_while(|(_, it)| (event.at - it.at) < JUST_BEFORE);
    recent.any(|(_, it)| match it.what {
        Observation::Contact {
            peer,
            reached: false,
            ..
        } => story.members.get(peer) == story.members.get(other),
        _ => false,
    })
}
