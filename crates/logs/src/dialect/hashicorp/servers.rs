//! Servers, as the library prints its structures.

use serde_json::Value;

use crate::dialect::table::Words;
use crate::names::Name;
use crate::observation::Observation;

/// A server: its id and address. A library before 1.0 knows addresses only.
struct Server {
    id: String,
    address: Option<String>,
    votes: bool,
}

/// The members that `servers` lists, each with its address; `None` if it lists none.
pub(super) fn members(it: &mut Words<'_>) -> Option<Observation> {
    let listed = list(&it.text("servers")?);
    let (mut voters, mut learners) = (Vec::new(), Vec::new());
    for server in &listed {
        let Some(name) = known(it, server) else {
            continue;
        };
        let members = if server.votes {
            &mut voters
        } else {
            &mut learners
        };
        members.push(name);
    }
    let has_any = !voters.is_empty() || !learners.is_empty();
    has_any.then_some(Observation::Members { voters, learners })
}

/// The server in a hole or field: `{Voter n1 127.0.0.1:8300}`, an object, an id or address.
pub(super) fn server(it: &mut Words<'_>, field: &str) -> Option<Name> {
    let server = match it.line.value(field) {
        Some(Value::Object(object)) => {
            let text = |key: &str| object.get(key)?.as_str().map(str::to_owned);
            Some(Server {
                id: text("ID")?,
                address: text("Address"),
                votes: true,
            })
        }
        _ => {
            let text = it.text(field)?;
            brief(&text)
        }
    };
    match server {
        Some(server) => known(it, &server),
        None => it.member(field),
    }
}

/// The name of a server. If it has an address, too, the line tells that as well.
fn known(it: &mut Words<'_>, server: &Server) -> Option<Name> {
    let member = it.member_of(&server.id)?;
    let address = server.address.as_deref().filter(|it| *it != server.id);
    if let Some(also) = address.and_then(|address| it.member_of(address)) {
        it.also(Observation::Alias { member, also });
    }
    Some(member)
}

/// `[{Suffrage:Voter ID:n1 Address:127.0.0.1:8300} …]`, or `[127.0.0.1:8300 …]`.
fn list(text: &str) -> Vec<Server> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    if !text.starts_with('{') {
        let addresses = text.split_ascii_whitespace();
        let server = |address: &str| Server {
            id: address.to_owned(),
            address: None,
            votes: true,
        };
        return addresses.map(server).collect();
    }
    text.split('}').filter_map(full).collect()
}

/// `{Suffrage:Voter ID:n1 Address:127.0.0.1:8300`
fn full(text: &str) -> Option<Server> {
    let (suffrage, rest) = text.split_once("Suffrage:")?.1.split_once(" ID:")?;
    let (id, address) = rest.split_once(" Address:")?;
    Some(Server {
        id: id.to_owned(),
        address: Some(address.to_owned()),
        votes: suffrage == "Voter",
    })
}

/// `{Voter n1 127.0.0.1:8300}`
fn brief(text: &str) -> Option<Server> {
    let text = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (suffrage, rest) = text.split_once(' ')?;
    let (id, address) = rest.split_once(' ')?;
    Some(Server {
        id: id.to_owned(),
        address: Some(address.to_owned()),
        votes: suffrage == "Voter",
    })
}
