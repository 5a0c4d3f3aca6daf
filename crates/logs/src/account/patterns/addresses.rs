//! Addresses that lead nowhere.

use std::net::IpAddr;

use super::{Kind, OFTEN, Pattern};
use crate::members::Member;
use crate::observation::Observation;
use crate::shown::MemberId;
use crate::story::Story;

/// Members that the others, which are on machines of their own, reach at the address of the
/// machine itself. There have to be vain attempts, too.
pub(super) fn own_address(story: &Story) -> Vec<Pattern> {
    let all = || story.members.ids().zip(&story.members.all);
    let elsewhere = all().filter(|(_, it)| names(it).any(|name| is_local(name) == Some(false)));
    if elsewhere.count() == 0 {
        return Vec::new();
    }
    let local = all().filter(|(_, it)| names(it).any(|name| is_local(name) == Some(true)));
    let found = local.filter_map(|(id, _)| in_vain(story, id));
    found.collect()
}

fn in_vain(story: &Story, member: MemberId) -> Option<Pattern> {
    let vain = story.numbered().filter(|(_, event)| match event.what {
        Observation::Contact {
            peer,
            reached: false,
            ..
        } => story.members.get(peer) == Some(member),
        _ => false,
    });
    let events: Vec<_> = vain.map(|(id, _)| id).collect();
    (events.len() >= OFTEN).then(|| Pattern {
        kind: Kind::OwnAddress,
        members: vec![member],
        events,
    })
}

fn names(member: &Member) -> impl Iterator<Item = &str> {
    [&member.name]
        .into_iter()
        .chain(&member.also)
        .map(|it| &**it)
}

/// Whether it is an address of the machine itself; `None` if it is no address with a port.
fn is_local(name: &str) -> Option<bool> {
    let (host, port) = name.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some(match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost",
    })
}
