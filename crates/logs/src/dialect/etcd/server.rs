//! What etcd says around its raft library: of its start and end, its peers and its disk.

use crate::dialect::table::{Row, Words, alarm, alarm_of};
use crate::line::{Form, Level};
use crate::observation::{Alarm, Observation, State, TransferStep};

/// Its messages, by subject: as zap writes them, which is from 3.4 on, and as capnslog did,
/// which had no fields.
pub(super) const ROWS: &[Row] = &[
    // Names.
    ("starting an etcd server", configured),
    ("name = {name}", |it| called(it, "name")),
    ("starting local member", |it| itself(it, "local-member-id")),
    ("restarting local member", |it| {
        itself(it, "local-member-id")
    }),
    ("forcing restart member", |it| itself(it, "local-member-id")),
    ("starting member {me} in cluster {cluster}", |it| {
        itself(it, "me")
    }),
    (
        "restarting member {me} in cluster {cluster} at commit index {commit}",
        |it| itself(it, "me"),
    ),
    ("published local member to cluster through raft", |it| {
        published(it, "local-member-attributes")
    }),
    ("published {attributes} to cluster {cluster}", |it| {
        published(it, "attributes")
    }),
    ("added member", |it| {
        reached_at(it, "added-peer-id", "added-peer-peer-urls")
    }),
    ("recovered/added member from store", |it| {
        reached_at(it, "recovered-remote-peer-id", "recovered-remote-peer-urls")
    }),
    ("added member {peer} [{urls}] to cluster {cluster}", |it| {
        reached_at(it, "peer", "urls")
    }),
    // The end.
    ("received signal; shutting down", |_| {
        Some(Observation::Stopping)
    }),
    ("received {signal} signal, shutting down...", |_| {
        Some(Observation::Stopping)
    }),
    ("closing etcd server", |_| Some(Observation::Stopping)),
    // Leaders.
    ("leadership transfer starting", |it| {
        begun(it, "transferee-member-id")
    }),
    (
        "{me} starts leadership transfer from {old} to {new}",
        |it| begun(it, "new"),
    ),
    ("leadership transfer finished", |it| {
        found(it, "new-leader-member-id")
    }),
    (
        "{me} finished leadership transfer from {old} to {new} (took {took})",
        |it| found(it, "new"),
    ),
    ("leadership transfer failed", |_| given_up()),
    ("{me} failed to transfer leadership ({error})", |_| {
        given_up()
    }),
    (
        "skipped leadership transfer; local server is not leader",
        not_leader,
    ),
    ("serving /health false; no leader", |_| {
        alarm(Alarm::NoLeader)
    }),
    ("/health error; no leader (status code {code})", |_| {
        alarm(Alarm::NoLeader)
    }),
    // Peers.
    ("peer became active", |it| {
        alarm_of(it, Alarm::PeerFound, "peer-id")
    }),
    ("peer {peer} became active", |it| {
        alarm_of(it, Alarm::PeerFound, "peer")
    }),
    ("peer became inactive (message send to peer failed)", |it| {
        alarm_of(it, Alarm::PeerLost, "peer-id")
    }),
    ("peer {peer} became inactive", |it| {
        alarm_of(it, Alarm::PeerLost, "peer")
    }),
    (
        "peer {peer} became inactive (message send to peer failed)",
        |it| alarm_of(it, Alarm::PeerLost, "peer"),
    ),
    (
        "established TCP streaming connection with remote peer",
        |it| alarm_of(it, Alarm::PeerFound, "remote-peer-id"),
    ),
    (
        "established a TCP streaming connection with peer {peer} ({stream})",
        |it| alarm_of(it, Alarm::PeerFound, "peer"),
    ),
    ("lost TCP streaming connection with remote peer", |it| {
        alarm_of(it, Alarm::PeerLost, "remote-peer-id")
    }),
    (
        "lost the TCP streaming connection with peer {peer} ({stream})",
        |it| alarm_of(it, Alarm::PeerLost, "peer"),
    ),
    ("prober detected unhealthy status", |it| {
        alarm_of(it, Alarm::PeerLost, "remote-peer-id")
    }),
    (
        "health check for peer {peer} could not connect: {error}",
        |it| alarm_of(it, Alarm::PeerLost, "peer"),
    ),
    ("health check for peer {peer} failed", |it| {
        alarm_of(it, Alarm::PeerLost, "peer")
    }),
    (
        "dropped {message} to {peer} since {whose} buffer is full{why}",
        |it| alarm_of(it, Alarm::Dropped, "peer"),
    ),
    (
        "dropped {message} from {peer} since {whose} buffer is full{why}",
        |it| alarm_of(it, Alarm::Dropped, "peer"),
    ),
    (
        "dropped {message} since {whose} buffer is full{why}",
        |it| alarm_of(it, Alarm::Dropped, "remote-peer-id"),
    ),
    ("prober found high clock drift", |it| {
        clocks(it, "remote-peer-id", "clock-drift")
    }),
    (
        "the clock difference against peer {peer} is too high [{drift} > {most}]{prober}",
        |it| clocks(it, "peer", "drift"),
    ),
    // A slow disk, and other load.
    (
        "leader failed to send out heartbeat on time; took too long, \
         leader is overloaded likely from slow disk",
        |it| late(it, "to", "exceeded-duration"),
    ),
    (
        "failed to send out heartbeat on time (exceeded the {every} timeout for {took}, to {to})",
        |it| late(it, "to", "took"),
    ),
    (
        "failed to send out heartbeat on time (exceeded the {every} timeout for {took})",
        |it| slow(it, Alarm::LateHeartbeat),
    ),
    ("slow fdatasync", |it| slow(it, Alarm::SlowDisk)),
    ("sync duration of {took}, expected less than {most}", |it| {
        slow(it, Alarm::SlowDisk)
    }),
    ("apply request took too long", |it| {
        slow(it, Alarm::SlowRequest)
    }),
    (
        "{what}request {request} with result {result} took too long ({took}) to execute",
        |it| slow(it, Alarm::SlowRequest),
    ),
    (
        "apply entries took too long [{took} for {entries} entries]",
        |it| slow(it, Alarm::SlowRequest),
    ),
    (
        "waiting for ReadIndex response took too long, retrying{details}",
        |it| slow(it, Alarm::SlowRequest),
    ),
    (
        "timed out waiting for read index response (local node might have slow network){details}",
        |it| slow(it, Alarm::SlowRequest),
    ),
    ("{message}", fatal),
];

/// The name that a member has if its configuration gives it none: no name, as any member may
/// have it.
const UNNAMED: &str = "default";

fn called(it: &mut Words<'_>, name: &str) -> Option<Observation> {
    let text = it.text(name)?.into_owned();
    let name = it.name(&text).filter(|_| text.trim() != UNNAMED)?;
    Some(Observation::AlsoCalled(name))
}

/// The configuration: the member's name, and each member's name and address, as in
/// `m1=http://10.0.0.1:2380,m2=http://10.0.0.2:2380`.
fn configured(it: &mut Words<'_>) -> Option<Observation> {
    let called = called(it, "name")?;
    let cluster = it.text("initial-cluster").map(|text| text.into_owned());
    for (name, url) in cluster
        .iter()
        .flat_map(|it| it.split(','))
        .filter_map(|it| it.split_once('='))
    {
        let (Some(member), Some(also)) = (it.name(name), it.name(address(url))) else {
            continue;
        };
        it.also(Observation::Alias { member, also });
    }
    Some(called)
}

/// A URL without its scheme, so that it is the same wherever it stands.
fn address(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches('/')
}

/// The line says which member it is that begins here.
fn itself(it: &mut Words<'_>, id: &str) -> Option<Observation> {
    Some(Observation::AlsoCalled(it.member(id)?))
}

/// The member told the others its name, as in `{Name:m1 ClientURLs:[http://10.0.0.1:2379]}`.
fn published(it: &mut Words<'_>, attributes: &str) -> Option<Observation> {
    let attributes = it.text(attributes)?.into_owned();
    let name = attributes
        .strip_prefix("{Name:")?
        .split_once(" ClientURLs:")?
        .0;
    Some(Observation::AlsoCalled(
        it.name(name).filter(|_| name != UNNAMED)?,
    ))
}

/// A member's addresses: a list in JSON, or in the message.
fn reached_at(it: &mut Words<'_>, member: &str, urls: &str) -> Option<Observation> {
    let member = it.member(member)?;
    let texts: Vec<String> = match it.line.value(urls).and_then(|it| it.as_array()) {
        Some(urls) => urls
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect(),
        None => it
            .text(urls)?
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
    };
    let mut names = texts
        .iter()
        .filter_map(|url| it.name(address(url)))
        .collect::<Vec<_>>()
        .into_iter();
    let first = names.next()?;
    for also in names {
        it.also(Observation::Alias { member, also });
    }
    Some(Observation::Alias {
        member,
        also: first,
    })
}

fn begun(it: &mut Words<'_>, to: &str) -> Option<Observation> {
    Some(Observation::Transfer {
        to: Some(it.member(to)?),
        step: TransferStep::Begun,
    })
}

fn given_up() -> Option<Observation> {
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

fn clocks(it: &mut Words<'_>, peer: &str, drift: &str) -> Option<Observation> {
    Some(Observation::Alarm {
        kind: Alarm::ClockDifference,
        peer: Some(it.member(peer)?),
        took: it.took(drift),
    })
}

fn late(it: &mut Words<'_>, to: &str, exceeded: &str) -> Option<Observation> {
    Some(Observation::Alarm {
        kind: Alarm::LateHeartbeat,
        peer: Some(it.member(to)?),
        took: it.took(exceeded),
    })
}

fn slow(it: &mut Words<'_>, kind: Alarm) -> Option<Observation> {
    Some(Observation::Alarm {
        kind,
        peer: None,
        took: it.took("took"),
    })
}

/// Whatever etcd's last words are.
fn fatal(it: &mut Words<'_>) -> Option<Observation> {
    let caller = it.line.field("caller");
    let etcd = it.line.form == Form::Capnslog || caller.is_some_and(|it| it.contains(".go:"));
    alarm(Alarm::Fatal).filter(|_| etcd && it.line.level == Some(Level::Fatal))
}
