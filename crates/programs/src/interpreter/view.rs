//! What is seen of a server: its variables of the names that every server has.

use std::rc::Rc;

use hustings_lab::{Failure, Value, View};
use hustings_raft::{
    Log, LogIndex, NodeMap, NodeSet, Progress, ProgressState, RoleName, Stored, Votes,
};
use rhai::{Array, Dynamic, ImmutableString, Map};

use super::error::{RhaiResult, failure, wrong};
use super::log::LogValue;
use super::value::{index_from, named, server, server_or_none, term_from, value};

/// The variables that are seen as what every server has. All others are shown as they are.
const STANDARD: [&str; 11] = [
    "id",
    "peers",
    "role",
    "term",
    "voted_for",
    "leader",
    "commit",
    "log",
    "votes",
    "next_index",
    "match_index",
];

/// Reads what is seen of a server from its variables, and before them from what its
/// function `view` has returned.
pub(super) fn view(members: NodeSet, me: &Map, shown: Option<&Map>) -> Result<View, Box<Failure>> {
    read(members, me, shown).map_err(failure)
}

fn read(members: NodeSet, me: &Map, shown: Option<&Map>) -> RhaiResult<View> {
    let get = |name: &str| shown.and_then(|it| it.get(name)).or_else(|| me.get(name));
    let role = role(get("role"))?;
    let leads = role == RoleName::Leader;
    let stands = matches!(role, RoleName::Candidate | RoleName::PreCandidate);
    let log = log(get("log"))?;
    Ok(View {
        role: Some(role),
        term: term_from(get("term"), "`me.term`")?,
        voted_for: server_or_none(get("voted_for"), "`me.voted_for`")?,
        leader: server_or_none(get("leader"), "`me.leader`")?,
        members: Some(members),
        commit: index_from(get("commit"), "`me.commit`")?,
        votes: get("votes").filter(|_| stands).and_then(votes),
        duplicate_votes: 0,
        progress: leads
            .then(|| progress(get("next_index"), get("match_index"), &log))
            .flatten()
            .map(Rc::new),
        log,
        variables: variables(me, shown),
    })
}

/// What is to be on the disk.
pub(super) fn stored(me: &Map) -> RhaiResult<Stored> {
    Ok(Stored {
        term: term_from(me.get("term"), "`me.term`")?,
        voted_for: server_or_none(me.get("voted_for"), "`me.voted_for`")?,
        log: log(me.get("log"))?,
    })
}

fn role(value: Option<&Dynamic>) -> RhaiResult<RoleName> {
    let Some(value) = value else {
        return Ok(RoleName::Follower);
    };
    let text = value.read_lock::<ImmutableString>();
    let text = text.as_deref().map_or("", |it| it.as_str());
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    if is("follower") {
        Ok(RoleName::Follower)
    } else if is("candidate") {
        Ok(RoleName::Candidate)
    } else if is("leader") {
        Ok(RoleName::Leader)
    } else if is("pre-candidate") || is("precandidate") {
        Ok(RoleName::PreCandidate)
    } else {
        wrong(format!(
            "`me.role` is \"follower\", \"candidate\", \"leader\" or \"pre-candidate\", and this \
             is {value}; a program that calls it otherwise needs a function `view`"
        ))
    }
}

fn log(value: Option<&Dynamic>) -> RhaiResult<Log> {
    let Some(value) = value else {
        return wrong("`me.log` is missing");
    };
    if let Some(log) = value.read_lock::<LogValue>() {
        return Ok(log.0.clone());
    }
    match value.read_lock::<Array>() {
        Some(entries) => Ok(LogValue::from_array(&entries)?.0),
        None => wrong(format!(
            "`me.log` is a log or an array of entries, and this is {}",
            super::value::kind(value)
        )),
    }
}

/// Votes, if that is what the value looks like.
fn votes(value: &Dynamic) -> Option<Votes> {
    let mut votes = Votes::default();
    if let Some(map) = value.read_lock::<Map>() {
        for (name, granted) in map.iter() {
            let set = match granted.as_bool().ok()? {
                true => &mut votes.granted,
                false => &mut votes.refused,
            };
            set.insert(named(name)?);
        }
        return Some(votes);
    }
    let names = value.read_lock::<Array>()?;
    for name in names.iter() {
        votes.granted.insert(server(name, "a vote").ok()?);
    }
    Some(votes)
}

/// What a leader knows of the others, if that is what the values look like.
fn progress(
    next: Option<&Dynamic>,
    matched: Option<&Dynamic>,
    log: &Log,
) -> Option<NodeMap<Progress>> {
    let map = |value: Option<&Dynamic>| value?.read_lock::<Map>().map(|it| it.clone());
    let (next, matched) = (map(next)?, map(matched)?);
    let progress = matched.iter().map(|(name, matched)| {
        let match_index = index_from(Some(matched), "").ok()?;
        let next_index = index_from(next.get(name.as_str()), "").ok();
        let progress = Progress {
            state: if match_index > LogIndex::ZERO {
                ProgressState::Replicate
            } else {
                ProgressState::Probe
            },
            next_index: next_index.unwrap_or(log.last_index().next()),
            match_index,
            active: true,
        };
        Some((named(name)?, progress))
    });
    progress.collect()
}

fn variables(me: &Map, shown: Option<&Map>) -> Option<Value> {
    let is_own = |name: &str| !STANDARD.contains(&name);
    let own = me.iter().filter(|(name, _)| is_own(name.as_str()));
    let more = shown.into_iter().flatten();
    let more = more.filter(|(name, _)| is_own(name.as_str()) && !me.contains_key(name.as_str()));
    let mut found: Vec<_> = own
        .chain(more)
        .map(|(name, of)| (name.as_str().into(), value(of)))
        .collect();
    found.sort_by(|(one, _), (other, _): &(Rc<str>, Value)| one.cmp(other));
    (!found.is_empty()).then(|| Value::Map(found.into()))
}
