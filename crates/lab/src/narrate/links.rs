//! Sentences for links that are cut or mended.

use hustings_raft::NodeSet;

use super::lang::{Texts, servers};
use super::{Lang, listed, names};
use crate::path::{Link, Path};

pub(super) fn cut(links: &[Link], t: Texts) -> String {
    match links {
        [] => t.cut_none().to_owned(),
        [link] => t.cut_one(link),
        [link, back] if link.back() == *back => t.cut_both(link.from, link.to),
        _ => match sides(links) {
            Some((few, many)) if few.len() == 1 => t.cut_off(few, servers(many, t)),
            Some((few, many)) => t.cut_between(servers(few, t), servers(many, t)),
            None => t.cut_many(paths(links, t)),
        },
    }
}

pub(super) fn mended(links: &[Link], t: Texts) -> String {
    match links {
        [] => t.mended_none().to_owned(),
        [link] => t.mended_one(link),
        [link, back] if link.back() == *back => t.mended_both(link.from, link.to),
        _ => match sides(links) {
            Some((few, many)) => t.mended_between(servers(few, t), servers(many, t)),
            None => t.mended_many(paths(links, t)),
        },
    }
}

pub(super) fn partitioned(groups: &[NodeSet], cut: &[Link], mended: &[Link], lang: Lang) -> String {
    let t = lang.texts();
    let groups: Vec<_> = groups.iter().map(|group| names(*group, lang)).collect();
    let groups = groups.join(" | ");
    match (cut, mended) {
        ([], []) => t.partitioned_as_before(groups),
        (_, []) => t.partitioned(groups),
        ([], _) => t.partition_mends(groups),
        _ => t.partitioned_anew(groups),
    }
}

/// Two sides, the smaller one first, if the links are all those between them.
fn sides(links: &[Link]) -> Option<(NodeSet, NodeSet)> {
    let first = links.first()?;
    let reached = |from| {
        links
            .iter()
            .filter(move |it| it.from == from)
            .map(|it| it.to)
    };
    let there: NodeSet = reached(first.from).collect();
    let here: NodeSet = reached(first.to).collect();
    let between = |it: &Link| {
        (here.contains(it.from) && there.contains(it.to))
            || (there.contains(it.from) && here.contains(it.to))
    };
    let pairs = here.len() * there.len();
    let all = links.len() == 2 * usize::from(pairs) && links.iter().all(between);
    let sides = if here.len() <= there.len() {
        (here, there)
    } else {
        (there, here)
    };
    all.then_some(sides)
}

/// The most links that a sentence names.
const PATHS_MAX: usize = 8;

/// Links as a script writes them, both ways as one: `S1-S2, S3->S1`.
fn paths(links: &[Link], t: Texts) -> String {
    let mut paths = Vec::new();
    for &link in links {
        let both_ways = links.contains(&link.back());
        if !both_ways || link.from < link.to {
            paths.push(Path { link, both_ways }.to_string());
        }
    }
    let shown = paths.get(..PATHS_MAX).unwrap_or(&paths);
    listed(shown, paths.len() - shown.len(), t)
}
