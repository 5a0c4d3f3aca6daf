//! etcd: the lines of its raft library, which others print too, and those of the server.
//!
//! From the sources of etcd 2.3 to 3.6 and of go.etcd.io/raft 3.6 and 3.7.

mod raft;
mod server;

use std::borrow::Cow;

use super::Told;
use super::rows::{Message, Rows};
use super::table::Table;
use crate::line::{Form, Line, headed};
use crate::names::Names;

/// The raft library. Its lines begin with the member's id.
pub(super) static RAFT: Table = Table {
    rows: Rows::new(raft::ROWS),
    me: &[],
    group: None,
    id: hexadecimal,
};

/// The server around it.
pub(super) static SERVER: Table = Table {
    rows: Rows::new(server::ROWS),
    me: &["local-member-id"],
    group: None,
    id: hexadecimal,
};

pub(super) fn read(message: &Message<'_>, line: &Line<'_>, names: &mut Names) -> Option<Told> {
    let message = message.part(without_package(message.text, line));
    let raft = RAFT.read(&message, line, names);
    raft.or_else(|| SERVER.read(&message, line, names))
}

/// In journald's form, capnslog writes nothing before a message but the package.
fn without_package<'m>(message: &'m str, line: &Line<'_>) -> &'m str {
    let allowed = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '/';
    match headed(message) {
        Some((package, message)) if line.form == Form::Plain && package.chars().all(allowed) => {
            message
        }
        _ => message,
    }
}

/// A member's id as etcd prints it: in hexadecimal digits, without leading zeros. 0 is no
/// member's.
fn hexadecimal(text: &str) -> Option<Cow<'_, str>> {
    let id = u64::from_str_radix(text, 16).ok().filter(|id| *id != 0)?;
    let plain = |it: u8| matches!(it, b'0'..=b'9' | b'a'..=b'f');
    let usual = !text.starts_with('0') && text.bytes().all(plain);
    Some(match usual {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("{id:x}")),
    })
}
