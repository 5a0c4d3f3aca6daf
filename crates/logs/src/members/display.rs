//! By which of its names a member is called.

use std::collections::{BTreeMap, BTreeSet};

use super::{Given, Member, Same, Streams};
use crate::names::Name;
use crate::reading::Reading;

/// How good a name is to read, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Whoever reads said so.
    Given,
    /// A name that people gave.
    Word,
    /// The pod or the file that has the member's lines, and no other's.
    File,
    /// A host and a port.
    Address,
    /// An id that a program made.
    Id,
}

/// The members, in the order of the names by which they are called; and the names that two of
/// them share.
pub(super) fn name(
    roots: &[Name],
    same: &Same,
    streams: &Streams,
    reading: &Reading,
    given: &Given,
) -> (Vec<(Name, Member)>, BTreeSet<String>) {
    let mut choices: BTreeMap<Name, Vec<(Kind, String)>> = BTreeMap::new();
    for number in 0..reading.names.len() {
        let name = Name(u32::try_from(number).unwrap_or(u32::MAX));
        let text = reading.names.text(name);
        let kind = match kind(text) {
            _ if given.members.values().any(|it| it == text) => Kind::Given,
            kind => kind,
        };
        let of = choices.entry(same.root(name)).or_default();
        of.push((kind, text.to_owned()));
    }
    for ((file, source), member) in streams.of_one_member(same) {
        let text = match source {
            Some(source) => reading.names.text(source),
            None => stem(reading, file),
        };
        let of = choices.entry(same.root(member)).or_default();
        of.push((Kind::File, text.to_owned()));
    }
    let mut members: Vec<_> = roots
        .iter()
        .map(|root| (*root, member(choices.remove(root).unwrap_or_default())))
        .collect();
    members.sort_by_cached_key(|(_, member)| natural(&member.name));
    let namesakes = tell_apart(&mut members);
    (members, namesakes)
}

fn member(mut choices: Vec<(Kind, String)>) -> Member {
    choices.sort_by_key(|(kind, text)| (*kind, text.len()));
    let mut texts = choices.into_iter().filter(|(_, text)| !text.is_empty());
    let name = texts
        .next()
        .map_or_else(|| "?".to_owned(), |(_, text)| text);
    let mut also: Vec<_> = texts
        .filter(|(kind, text)| *kind != Kind::File && *text != name)
        .map(|(_, text)| text)
        .collect();
    also.dedup();
    Member {
        name,
        also,
        speaks: false,
    }
}

/// Adds what else they are called to names that two members share; returns these names.
fn tell_apart(members: &mut [(Name, Member)]) -> BTreeSet<String> {
    let mut namesakes = BTreeSet::new();
    let names: Vec<_> = members.iter().map(|(_, it)| it.name.clone()).collect();
    for (at, (_, member)) in members.iter_mut().enumerate() {
        let shared = names.iter().filter(|it| **it == member.name).count() > 1;
        if shared {
            let other = member.also.first().cloned();
            let other = other.unwrap_or_else(|| (at + 1).to_string());
            let name = format!("{} ({other})", member.name);
            namesakes.insert(std::mem::replace(&mut member.name, name));
        }
    }
    namesakes
}

/// Whether it is an id that a program made, which no two members have.
pub(super) fn is_id(name: &str) -> bool {
    kind(name) == Kind::Id
}

fn kind(text: &str) -> Kind {
    let is_hex = |it: &str| it.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
    if text.contains([':', '/']) {
        Kind::Address
    } else if (text.len() >= 8 && is_hex(text)) || text.bytes().all(|it| it.is_ascii_digit()) {
        Kind::Id
    } else {
        Kind::Word
    }
}

/// The name of a file without endings, by which its pieces, `n1.log` and `n1.log.1`, are
/// called the same; without its folder, too, unless files of other folders are called so.
pub(super) fn stem(reading: &Reading, file: u16) -> &str {
    let text = reading.texts.get(usize::from(file));
    let whole = without_endings(text.map_or("", |it| &it.name));
    let (folder, name) = divided(whole);
    let elsewhere = reading.texts.iter().any(|it| {
        let (other_folder, other) = divided(without_endings(&it.name));
        other == name && other_folder != folder
    });
    if elsewhere { whole } else { name }
}

fn without_endings(name: &str) -> &str {
    let numbered = name
        .rsplit_once('.')
        .filter(|(_, it)| it.bytes().all(|it| it.is_ascii_digit()));
    let name = numbered.map_or(name, |(before, _)| before);
    let endings = [".gz", ".log", ".json", ".ndjson", ".txt", ".err", ".out"];
    endings.iter().fold(name, |name, ending| {
        name.strip_suffix(ending).unwrap_or(name)
    })
}

/// The folder of a path, and the rest.
fn divided(path: &str) -> (&str, &str) {
    path.rsplit_once(['/', '\\']).unwrap_or(("", path))
}

/// A key by which `n10` comes after `n9`.
fn natural(name: &str) -> (String, u64, String) {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (words, number) = name.split_at(name.len() - digits);
    (
        words.to_owned(),
        number.parse().unwrap_or(0),
        name.to_owned(),
    )
}
