//! Partitions.

use hustings_lab::{Command, Link, Run};
use hustings_raft::{NodeId, NodeSet};
use yew::prelude::*;

use super::controls::{ButtonStyle, command_button};
use super::{Page, UiState, on_click};
use crate::i18n::texts;
use crate::session::Action;

pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.run, &other.run);
    one.ui == other.ui && now.branch() == before.branch() && now.cut_links().eq(before.cut_links())
}

/// The controls to partition and heal the network.
pub(super) fn draw(page: &Page) -> Html {
    let ids = page.run.ids();
    let ours = page.ui.side.intersection(ids);
    let theirs: NodeSet = ids.iter().filter(|id| !ours.contains(*id)).collect();
    let dispatch = &page.dispatch;
    let nothing_cut = page.run.cut_links().next().is_none();
    let recorded = page.run.only_recorded();
    let (label, hint) = if let Some(recorded) = recorded {
        (texts().partition().to_owned(), recorded)
    } else if ours.is_empty() || theirs.is_empty() {
        (texts().partition().to_owned(), texts().partition_hint())
    } else {
        (
            texts().partition_off(ours, theirs),
            texts().partition_replaces(),
        )
    };
    let style = ButtonStyle {
        hint,
        disabled: recorded.is_some() || ours.is_empty() || theirs.is_empty(),
        ..ButtonStyle::default()
    };
    let partition = on_click(dispatch, partition_action(&page.run, vec![ours, theirs]));
    let no_heal = recorded.or(nothing_cut.then_some(texts().nothing_cut()));
    html! {
        <fieldset id="network" class="network" tabindex="-1">
            <legend>{ texts().network() }</legend>
            { for ids.iter().map(|id| side_box(id, page)) }
            { style.button(&label, partition) }
            { command_button(dispatch, Command::Heal, texts().heal_all(), no_heal) }
        </fieldset>
    }
}

/// The connected components of the links that are whole in both directions.
pub(super) fn groups(run: &Run) -> Vec<NodeSet> {
    let mut groups: Vec<NodeSet> = Vec::new();
    for id in run.ids().iter() {
        let is_whole = |link: Link| !run.is_cut(link) && !run.is_cut(link.back());
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

/// The action that moves a server into another's group, or into one of its own.
pub(super) fn move_to_group(run: &Run, id: NodeId, with: Option<NodeId>) -> Action {
    let before = groups(run);
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
    if after.iter().all(|group| before.contains(group)) {
        Action::DoAll(Vec::new())
    } else {
        partition_action(run, after)
    }
}

/// The action that partitions the network into groups; a single group heals it.
fn partition_action(run: &Run, groups: Vec<NodeSet>) -> Action {
    let command = match groups.len() {
        0 | 1 => run.cut_links().next().map(|_| Command::Heal),
        _ => Some(Command::Partition(groups)),
    };
    Action::DoAll(command.into_iter().collect())
}

fn side_box(id: NodeId, page: &Page) -> Html {
    let mut side = page.ui.side;
    let chosen = side.remove(id);
    if !chosen {
        side.insert(id);
    }
    let onchange = page.choose(UiState { side, ..page.ui });
    html! {
        <label class="side-box" key={id.to_string()}>
            <input type="checkbox" checked={chosen} {onchange} aria-label={texts().on_one_side(id)} />
            { id.to_string() }
        </label>
    }
}
