//! What etcd's raft library says.

use crate::dialect::rows::Row;
use crate::dialect::table::{Words, alarm, rows};
use crate::dialect::{ballots, roles};
use crate::names::Name;
use crate::observation::{Alarm, Ballot, Cause, Observation, Refusal, Role, State, TransferStep};

/// Its messages, by subject.
pub(super) const ROWS: &[Row] = rows! {
    // Roles.
    "{me} became follower at term {term}" => |it| roles::became(it, Role::Follower),
    "{me} became pre-candidate at term {term}" => |it| roles::became(it, Role::PreCandidate),
    "{me} became candidate at term {term}" => |it| roles::became(it, Role::Candidate),
    "{me} became leader at term {term}" => |it| roles::became(it, Role::Leader),
    "newRaft {me} [peers: [{peers}], term: {term}, commit: {commit}, applied: {applied}, \
     lastindex: {index}, lastterm: {logterm}]" => started,

    // Requests for votes, and the answers that came.
    // Nothing but its timer has etcd do so, or a leader, which the line before says.
    "{me} is starting a new election at term {term}" => |it| ballots::stands(it, Cause::Timeout),
    "{me} [logterm: {logterm}, index: {index}] sent {kind} request to {to} at term {term}"
        => ballots::asked,
    "{me} received {kind} rejection from {from} at term {term}" => |it| ballots::heard(it, false),
    "{me} received {kind} from {from} at term {term}" => |it| ballots::heard(it, true),
    "{me} has received {granted} {kind} votes and {refused} vote rejections" => ballots::counted,
    "{me} [quorum:{needed}] has received {granted} votes and {refused} vote rejections"
        => |it| ballots::count(it, Ballot::Vote),
    "{me} [q:{needed}] has received {granted} votes and {refused} vote rejections"
        => |it| ballots::count(it, Ballot::Vote),
    "{me} [quorum:{needed}] has received {granted} {kind} votes and {refused} vote rejections"
        => ballots::counted,

    // Answers to such requests.
    "{me} [logterm: {logterm}, index: {index}, vote: {vote}] cast {kind} for {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}" => ballots::granted,
    "{me} [logterm: {logterm}, index: {index}, vote: {vote}] voted for {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}"
        => |it| ballots::answered(it, Ballot::Vote, None),
    "{me} [logterm: {logterm}, index: {index}, vote: {vote}] rejected {kind} from {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}" => refused,
    "{me} [logterm: {logterm}, index: {index}, vote: {vote}] ignored {kind} from {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}: \
     lease is not expired (remaining ticks: {ticks})" => |it| ballots::ignored(it, "ticks"),
    "{me} [logterm: {logterm}, index: {index}, vote: {vote}] ignored {kind} from {from} \
     [logterm: {theirterm}, index: {theirindex}] at term {term}: learner can not vote"
        => |it| ballots::refused(it, Some(Refusal::NotAMember)),

    // Terms.
    "{me} [term: {own}] received a {kind} message with higher term from {from} [term: {newer}]"
        => |it| roles::newer_term(it, "own", "newer"),
    "{me} [term: {own}] ignored a {kind} message with lower term from {from} [term: {older}]"
        => |it| roles::older_term(it, "own", "older"),

    // Leaders.
    "raft.node: {me} elected leader {leader} at term {term}" => found,
    "raft.node: {me} changed leader from {old} to {leader} at term {term}" => found,
    "raft.node: {me} lost leader {leader} at term {term}" => lost,
    "{me} forgetting leader {leader} at term {term}" => lost,
    "{me} no leader at term {term}; dropping {what}" => roles::leaderless,
    "{me} not forwarding to leader {leader} at term {term}; dropping proposal"
        => |it| roles::follows(it, "leader"),
    "{me} stepped down to follower since quorum is not active" => roles::quorum_lost,

    // Leadership that is handed over.
    "{me} [term {term}] starts to transfer leadership to {to}"
        => |it| roles::transfer(it, TransferStep::Begun),
    "{me} [term {term}] abort previous transferring leadership to {to}"
        => |it| roles::transfer(it, TransferStep::GivenUp),
    "{me} sends MsgTimeoutNow to {to} immediately as {to} already has up-to-date log"
        => |it| roles::transfer(it, TransferStep::Sent),
    "{me} sent MsgTimeoutNow to {to} after received MsgAppResp"
        => |it| roles::transfer(it, TransferStep::Sent),
    "{me} [term {term}] received MsgTimeoutNow from {from} \
     and starts an election to get leadership." => ballots::stands_at_once,

    // Members.
    "{me} switched to configuration {configuration}" => configured,

    // Logs.
    "found conflict at index {index} [existing term: {existing}, conflicting term: {theirs}]"
        => roles::truncated,
    "{me} [commit: {commit}] restored snapshot [index: {index}, term: {logterm}]" => restored,
    "{me} [commit: {commit}, lastindex: {index}, lastterm: {logterm}] \
     fast-forwarded commit to snapshot [index: {snapindex}, term: {snapterm}]" => forwarded,
    "{me} [logterm: {logterm}, index: {index}] rejected {kind} \
     [logterm: {theirterm}, index: {theirindex}] from {from}" => roles::refused_entries,
    "{me} received MsgAppResp(rejected, hint: (index {hint}, term {hintterm})) \
     from {from} for index {index}" => roles::refused_by,
    "{me} received MsgAppResp(MsgApp was rejected, lastindex: {hint}) \
     from {from} for index {index}" => roles::refused_by,
    "{me} received msgApp rejection(lastindex: {hint}) from {from} for index {index}"
        => roles::refused_by,

    // What keeps a member from its work.
    "{me} failed to send message to {to} because it is unreachable [{progress}]"
        => roles::unreachable,
    "{me} A tick missed to fire. Node blocks too long!" => |_| alarm(Alarm::MissedTicks),
    "{me} (leader {leads}) A tick missed to fire. Node blocks too long!"
        => |_| alarm(Alarm::MissedTicks),
    "A tick missed to fire. Node blocks too long!" => |_| alarm(Alarm::MissedTicks),
    "tocommit({commit}) is out of range [lastIndex({index})]. \
     Was the raft log corrupted, truncated, or lost?" => |_| alarm(Alarm::Fatal),
    "entry {index} conflict with committed entry [committed({commit})]"
        => |_| alarm(Alarm::Fatal),
    "{me} state.commit {commit} is out of range [{from}, {to}]" => |_| alarm(Alarm::Fatal),
};

/// The library starts with what is on the disk. Its members are among that in old versions
/// only; others find them in the log.
fn started(it: &mut Words<'_>) -> Option<Observation> {
    let log = it.log_end("logterm", "index")?;
    let peers = it.text("peers")?.into_owned();
    let voters: Vec<_> = peers.split(',').filter_map(|id| it.member_of(id)).collect();
    if !voters.is_empty() {
        it.also(Observation::Members {
            voters,
            learners: Vec::new(),
        });
    }
    roles::started(it, log)
}

/// The member refused its vote. Where it has not voted in this term, and would vote for the
/// candidate's log, what is left is that it has a leader.
fn refused(it: &mut Words<'_>) -> Option<Observation> {
    let why = match ballots::ballot(it)? {
        Ballot::Vote if it.member("vote").is_none() => {
            ballots::shown_reason(it, Ballot::Vote).or(Some(Refusal::HasLeader {
                leader: None,
                ticks_left: None,
            }))
        }
        _ => None,
    };
    ballots::refused(it, why)
}

fn found(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::LeaderFound {
        leader: it.member("leader")?,
        term: it.number("term"),
    })
}

fn lost(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::LeaderLost {
        leader: it.member("leader"),
        term: it.number("term"),
    })
}

/// The members of the cluster: `voters=(1 2 3) learners=(4)`, with two sets of voters, joined
/// by `&&`, while the one is replaced by the other. These ids are decimal.
fn configured(it: &mut Words<'_>) -> Option<Observation> {
    let configuration = it.text("configuration")?.into_owned();
    let voters = ids(it, configuration.strip_prefix("voters=")?);
    let learners = match configuration.split_once(" learners=") {
        Some((_, learners)) => ids(it, learners),
        None => Vec::new(),
    };
    (!voters.is_empty()).then_some(Observation::Members { voters, learners })
}

/// The members in the lists that the text begins with, each once.
fn ids(it: &mut Words<'_>, text: &str) -> Vec<Name> {
    let length = text.find(|it: char| it.is_ascii_alphabetic());
    let lists = text.get(..length.unwrap_or(text.len())).unwrap_or(text);
    let ids = lists.split(|it: char| !it.is_ascii_digit());
    let ids = ids.filter_map(|id| id.parse::<u64>().ok());
    let mut members: Vec<_> = ids
        .filter_map(|id| it.member_of(&format!("{id:x}")))
        .collect();
    members.sort_unstable();
    members.dedup();
    members
}

/// The line is written twice, by two parts of the library; the one that says the end of the
/// log before the snapshot, too, is passed over.
fn restored(it: &mut Words<'_>) -> Option<Observation> {
    it.number("commit")?;
    Some(Observation::Restored(it.log_end("logterm", "index")?))
}

fn forwarded(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::State(State {
        log: Some(it.log_end("logterm", "index")?),
        commit: it.number("snapindex"),
        ..State::default()
    }))
}
