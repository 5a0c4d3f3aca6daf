//! What etcd says around its raft library: of its start and end, its peers and its disk.

use crate::dialect::rows::Row;
use crate::dialect::table::{Words, alarm, rows};
use crate::line::{Form, Level};
use crate::observation::{Alarm, Observation, State, TransferStep};
use crate::time::Micros;

/// Its messages, by subject: as zap writes them, with fields beside them, which is from 3.4 on,
/// and as capnslog did, which has none.
pub(super) const ROWS: &[Row] = rows! {
    // Names.
    "starting an etcd server" => configured,
    "name = {name}" => |it| called(it, "name"),
    "initial cluster = {initial-cluster}" => cluster,
    "starting local member" => |it| itself(it, "local-member-id"),
    "restarting local member" => |it| itself(it, "local-member-id"),
    "forcing restart member" => |it| itself(it, "local-member-id"),
    "starting member {me} in cluster {cluster}" => |it| itself(it, "me"),
    "restarting member {me} in cluster {cluster} at commit index {commit}" => |it| itself(it, "me"),
    "published local member to cluster through raft" => |it| published(it, "local-member-attributes"),
    "published {attributes} to cluster {cluster}" => |it| published(it, "attributes"),
    "added member" => |it| reached_at(it, "added-peer-id", "added-peer-peer-urls"),
    "recovered/added member from store"
        => |it| reached_at(it, "recovered-remote-peer-id", "recovered-remote-peer-urls"),
    "added member {peer} [{urls}] to cluster {cluster}" => |it| reached_at(it, "peer", "urls"),

    // The end.
    "received signal; shutting down" => |_| Some(Observation::Stopping),
    "received {signal} signal, shutting down..." => |_| Some(Observation::Stopping),
    "closing etcd server" => |_| Some(Observation::Stopping),

    // Leaders.
    "leadership transfer starting" => |it| begun(it, "transferee-member-id"),
    "{me} starts leadership transfer from {old} to {new}" => |it| begun(it, "new"),
    "leadership transfer finished" => |it| found(it, "new-leader-member-id"),
    "{me} finished leadership transfer from {old} to {new} (took {took})" => |it| found(it, "new"),
    "leadership transfer failed" => given_up,
    "{me} failed to transfer leadership ({error})" => given_up,
    "skipped leadership transfer; local server is not leader" => not_leader,
    "serving /health false; no leader" => |_| alarm(Alarm::NoLeader),
    "/health error; no leader (status code {code})" => |_| alarm(Alarm::NoLeader),

    // Peers.
    "peer became active" => |it| peer_found(it, "peer-id"),
    "peer {peer} became active" => |it| peer_found(it, "peer"),
    "established TCP streaming connection with remote peer" => |it| peer_found(it, "remote-peer-id"),
    "established a TCP streaming connection with peer {peer} ({stream})" => |it| peer_found(it, "peer"),
    "peer became inactive (message send to peer failed)" => |it| peer_lost(it, "peer-id"),
    "peer {peer} became inactive (message send to peer failed)" => |it| peer_lost(it, "peer"),
    "peer {peer} became inactive" => |it| peer_lost(it, "peer"),
    "the connection with {peer} became active" => |it| peer_found(it, "peer"),
    "the connection with {peer} became inactive" => |it| peer_lost(it, "peer"),
    "failed to dial {peer} on {stream} ({error})" => |it| peer_lost(it, "peer"),
    "lost TCP streaming connection with remote peer" => |it| peer_lost(it, "remote-peer-id"),
    "lost the TCP streaming connection with peer {peer} ({stream})" => |it| peer_lost(it, "peer"),
    "prober detected unhealthy status" => |it| peer_lost(it, "remote-peer-id"),
    "health check for peer {peer} could not connect: {error}" => |it| peer_lost(it, "peer"),
    "health check for peer {peer} failed" => |it| peer_lost(it, "peer"),
    "dropped {message} to {peer} since {whose} buffer is full{why}" => |it| dropped(it, "peer"),
    "dropped {message} from {peer} since {whose} buffer is full{why}" => |it| dropped(it, "peer"),
    "dropped {message} since {whose} buffer is full{why}" => |it| dropped(it, "remote-peer-id"),
    "prober found high clock drift" => |it| clocks(it, "remote-peer-id", "clock-drift"),
    "the clock difference against peer {peer} is too high [{drift} > {most}]{prober}"
        => |it| clocks(it, "peer", "drift"),

    // A slow disk, and other load.
    "leader failed to send out heartbeat on time; took too long, \
     leader is overloaded likely from slow disk" => |it| late(it, "to", "exceeded-duration"),
    "failed to send out heartbeat on time (exceeded the {every} timeout for {took}, to {to})"
        => |it| late(it, "to", "took"),
    "failed to send out heartbeat on time (exceeded the {every} timeout for {took})"
        => |it| slow(it, Alarm::LateHeartbeat),
    "slow fdatasync" => |it| slow(it, Alarm::SlowDisk),
    "sync duration of {took}, expected less than {most}" => |it| slow(it, Alarm::SlowDisk),
    "apply request took too long" => |it| slow(it, Alarm::SlowRequest),
    "{what}request {request} with result {result} took too long ({took}) to execute"
        => |it| slow(it, Alarm::SlowRequest),
    "apply entries took too long [{took} for {entries} entries]"
        => |it| slow(it, Alarm::SlowRequest),
    "waiting for ReadIndex response took too long, retrying{details}"
        => |it| slow(it, Alarm::SlowRequest),
    "timed out waiting for read index response (local node might have slow network){details}"
        => |it| slow(it, Alarm::SlowRequest),

    // Last words, whatever they are.
    "{message}" => fatal,
};

/// The name that a member has if its configuration gives it none: no name, as any member may
/// have it.
const UNNAMED: &str = "default";

/// What the member is called.
fn called(it: &mut Words<'_>, name: &str) -> Option<Observation> {
    let name = it.text(name)?.into_owned();
    let name = Some(name).filter(|it| it != UNNAMED)?;
    Some(Observation::AlsoCalled(it.name(&name)?))
}

/// The configuration: what the member is called, and the cluster that it is to form.
fn configured(it: &mut Words<'_>) -> Option<Observation> {
    let called = called(it, "name")?;
    let members = members(it);
    members.into_iter().for_each(|alias| it.also(alias));
    Some(called)
}

/// The cluster that the member is to form.
fn cluster(it: &mut Words<'_>) -> Option<Observation> {
    let members = members(it);
    it.all(members)
}

/// Where the members of the initial cluster are reached:
/// `m1=http://10.0.0.1:2380,m2=http://10.0.0.2:2380`.
fn members(it: &mut Words<'_>) -> Vec<Observation> {
    let members = it.text("initial-cluster").unwrap_or_default().into_owned();
    let members = members.split(',').filter_map(|it| it.split_once('='));
    let aliases = members.filter_map(|(name, url)| {
        Some(Observation::Alias {
            member: it.name(name).filter(|_| name != UNNAMED)?,
            also: it.name(address(url))?,
        })
    });
    aliases.collect()
}

/// A URL without its scheme, so that it is the same wherever it stands.
fn address(url: &str) -> &str {
    let address = url.split_once("://").map_or(url, |(_, address)| address);
    address.trim_end_matches('/')
}

/// The line says which member it is that begins here.
fn itself(it: &mut Words<'_>, id: &str) -> Option<Observation> {
    Some(Observation::AlsoCalled(it.member(id)?))
}

/// The member told the others its name: `{Name:m1 ClientURLs:[http://10.0.0.1:2379]}`.
fn published(it: &mut Words<'_>, attributes: &str) -> Option<Observation> {
    let attributes = it.text(attributes)?.into_owned();
    let (name, _) = attributes
        .strip_prefix("{Name:")?
        .split_once(" ClientURLs:")?;
    let name = Some(name).filter(|it| *it != UNNAMED)?;
    Some(Observation::AlsoCalled(it.name(name)?))
}

/// Where a member is reached: a list in JSON, or in the message.
fn reached_at(it: &mut Words<'_>, member: &str, urls: &str) -> Option<Observation> {
    let member = it.member(member)?;
    let urls: Vec<String> = match it.line.value(urls) {
        Some(urls) => serde_json::from_value(urls.clone()).ok()?,
        None => it.text(urls)?.split(' ').map(str::to_owned).collect(),
    };
    let aliases = urls.iter().filter_map(|url| {
        let also = it.name(address(url))?;
        Some(Observation::Alias { member, also })
    });
    let aliases = aliases.collect();
    it.all(aliases)
}

fn begun(it: &mut Words<'_>, to: &str) -> Option<Observation> {
    Some(Observation::Transfer {
        to: Some(it.member(to)?),
        step: TransferStep::Begun,
    })
}

fn given_up(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Transfer {
        to: None,
        step: TransferStep::GivenUp,
    })
}

fn found(it: &mut Words<'_>, leader: &str) -> Option<Observation> {
    Some(Observation::LeaderFound {
        leader: it.member(leader)?,
        term: None,
    })
}

fn not_leader(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::State(State {
        leader: Some(it.member("current-leader-member-id")),
        ..State::default()
    }))
}

fn peer_found(it: &mut Words<'_>, peer: &str) -> Option<Observation> {
    about(it, Alarm::PeerFound, peer, None)
}

fn peer_lost(it: &mut Words<'_>, peer: &str) -> Option<Observation> {
    about(it, Alarm::PeerLost, peer, None)
}

fn dropped(it: &mut Words<'_>, peer: &str) -> Option<Observation> {
    about(it, Alarm::Dropped, peer, None)
}

fn clocks(it: &mut Words<'_>, peer: &str, drift: &str) -> Option<Observation> {
    let drift = it.took(drift);
    about(it, Alarm::ClockDifference, peer, drift)
}

fn late(it: &mut Words<'_>, to: &str, exceeded: &str) -> Option<Observation> {
    let exceeded = it.took(exceeded);
    about(it, Alarm::LateHeartbeat, to, exceeded)
}

/// Something that is about a peer.
fn about(it: &mut Words<'_>, kind: Alarm, peer: &str, took: Option<Micros>) -> Option<Observation> {
    Some(Observation::Alarm {
        kind,
        peer: Some(it.member(peer)?),
        took,
    })
}

fn slow(it: &mut Words<'_>, kind: Alarm) -> Option<Observation> {
    Some(Observation::Alarm {
        kind,
        peer: None,
        took: it.took("took"),
    })
}

/// etcd's level for what it cannot go on after. Others have that level, too, but not its form.
fn fatal(it: &mut Words<'_>) -> Option<Observation> {
    if it.line.level != Some(Level::Fatal) {
        return None;
    }
    let caller = it.line.field("caller");
    let is_go = caller.is_some_and(|it| it.contains(".go:"));
    let is_etcd = is_go || it.line.form == Form::Capnslog;
    alarm(Alarm::Fatal).filter(|_| is_etcd)
}
