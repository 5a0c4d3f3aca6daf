//! What a member's lines tell of another: in which term it is.
//!
//! Terms never fall, so whoever was seen in a term is in that one at least. HashiCorp's followers
//! do not say in which term they are, and of a member without lines only others tell.

use std::collections::BTreeSet;

use super::{Event, Story};
use crate::known::Seen;
use crate::members::Members;
use crate::names::Name;
use crate::observation::{Ballot, Observation, Role};
use crate::shown::MemberId;

/// The terms that members tell themselves. Their own lines tell when a term began better than
/// those of others.
pub(super) fn own_terms(story: &Story) -> BTreeSet<(MemberId, u64)> {
    let events = story.events.iter();
    let terms = events.filter_map(|it| Some((it.member, it.what.term()?)));
    terms.collect()
}

/// Of which other member an event tells the term, and what that member was seen to do in it.
pub(super) fn tells(event: &Event, members: &Members) -> Option<(MemberId, u64, Seen)> {
    let me = event.member;
    let (name, term, seen): (Name, _, _) = match &event.what {
        Observation::Heard {
            from,
            ballot: Ballot::Vote,
            granted: true,
            term,
        } => (*from, *term, Seen::VotedFor(me)),
        Observation::Answered(reply) if reply.ballot == Ballot::Vote => {
            (reply.candidate, reply.term, Seen::Standing)
        }
        Observation::LeaderFound { leader, term }
        | Observation::Became {
            role: Role::Follower,
            leader: Some(leader),
            term,
        } => (*leader, *term, Seen::Leading),
        _ => return None,
    };
    let other = members.get(name).filter(|it| *it != me)?;
    Some((other, term?, seen))
}
