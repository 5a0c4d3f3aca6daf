//! Faults of the network as a whole.

use hustings_lab::{Command, Lab, Link};
use hustings_raft::{NodeId, NodeSet};
use yew::prelude::*;

use super::controls::{Look, command_button};
use super::{Choices, Page, on_click};
use crate::session::Action;
use crate::words::words;

/// Whether the links and the chosen side are the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.story, &other.story);
    one.choices == other.choices
        && now.branch() == before.branch()
        && now.cut_links().eq(before.cut_links())
}

/// Lets the user choose one side of a partition, and heal it.
pub(super) fn draw(page: &Page) -> Html {
    let ids = page.story.ids();
    let ours = page.choices.side.intersection(ids);
    let theirs: NodeSet = ids.iter().filter(|id| !ours.contains(*id)).collect();
    let dispatch = &page.dispatch;
    let nothing_cut = page.story.cut_links().next().is_none();
    let (label, hint) = if ours.is_empty() || theirs.is_empty() {
        (words().partition().to_owned(), words().partition_hint())
    } else {
        (
            words().partition_off(ours, theirs),
            words().partition_replaces(),
        )
    };
    let look = Look {
        hint,
        disabled: ours.is_empty() || theirs.is_empty(),
        ..Look::default()
    };
    let partition = on_click(dispatch, part(&page.story, vec![ours, theirs]));
    let all_whole = nothing_cut.then_some(words().nothing_cut());
    html! {
        <fieldset id="network" class="network" tabindex="-1">
            <legend>{ words().network() }</legend>
            { for ids.iter().map(|id| side_box(id, page)) }
            { look.button(&label, partition) }
            { command_button(dispatch, Command::Heal, words().heal_all(), all_whole) }
        </fieldset>
    }
}

/// The servers in groups: no link joins one to another that is whole both ways.
pub(super) fn groups(lab: &Lab) -> Vec<NodeSet> {
    let mut groups: Vec<NodeSet> = Vec::new();
    for id in lab.ids().iter() {
        let is_whole = |link: Link| !lab.is_cut(link) && !lab.is_cut(link.back());
        let mut group: NodeSet = [id].into_iter().collect();
        groups.retain(|other| {
            let joined = other.iter().any(|to| is_whole(Link { from: id, to }));
            if joined {
                group = group.iter().chain(other.iter()).collect();
            }
            !joined
        });
        groups.push(group);
    }
    groups
}

/// Puts a server into another's group, or alone if there is no other.
pub(super) fn regroup(lab: &Lab, id: NodeId, with: Option<NodeId>) -> Action {
    let before = groups(lab);
    let mut after: Vec<_> = before.iter().map(|group| group.without(id)).collect();
    let joined = after
        .iter_mut()
        .find(|group| with.is_some_and(|with| group.contains(with)));
    match joined {
        Some(group) => {
            group.insert(id);
        }
        None => after.push([id].into_iter().collect()),
    }
    after.retain(|group| !group.is_empty());
    match after.iter().all(|group| before.contains(group)) {
        true => Action::DoAll(Vec::new()),
        false => part(lab, after),
    }
}

/// A single group is a whole network.
fn part(lab: &Lab, groups: Vec<NodeSet>) -> Action {
    let command = match groups.len() {
        0 | 1 => lab.cut_links().next().map(|_| Command::Heal),
        _ => Some(Command::Partition(groups)),
    };
    Action::DoAll(command.into_iter().collect())
}

fn side_box(id: NodeId, page: &Page) -> Html {
    let mut side = page.choices.side;
    let chosen = side.remove(id);
    if !chosen {
        side.insert(id);
    }
    let onchange = page.choose(Choices {
        side,
        ..page.choices
    });
    html! {
        <label class="side" key={id.to_string()}>
            <input type="checkbox" checked={chosen} {onchange} aria-label={words().on_one_side(id)} />
            { id.to_string() }
        </label>
    }
}
