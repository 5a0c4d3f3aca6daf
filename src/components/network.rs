//! Faults of the network as a whole.

use hustings_lab::Command;
use hustings_raft::{NodeId, NodeSet};
use yew::prelude::*;

use super::{Dispatch, command_button};
use crate::session::{Action, Story};
use crate::words::words;

/// The properties of [`Network`].
#[derive(Properties)]
pub(crate) struct NetworkProps {
    pub story: Story,
    pub dispatch: Dispatch,
}

impl PartialEq for NetworkProps {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (&self.story, &other.story);
        one.branch() == other.branch() && one.cut_links().eq(other.cut_links())
    }
}

/// Lets the user choose one side of a partition, and heal it.
#[component]
pub(crate) fn Network(props: &NetworkProps) -> Html {
    let side = use_state(|| NodeSet::EMPTY);
    let ids = props.story.ids();
    let ours = side.intersection(ids);
    let theirs: NodeSet = ids.iter().filter(|id| !ours.contains(*id)).collect();
    let dispatch = &props.dispatch;
    let nothing_cut = props.story.cut_links().next().is_none();
    let (label, unavailable) = if ours.is_empty() || theirs.is_empty() {
        (
            words().partition().to_owned(),
            Some(words().partition_hint()),
        )
    } else {
        (words().partition_off(ours, theirs), None)
    };
    // Who asks for these two sides means them alone, not these and earlier cuts.
    let partition = Callback::from({
        let dispatch = dispatch.clone();
        move |_: MouseEvent| {
            if !nothing_cut {
                dispatch.dispatch(Action::Do(Command::Heal));
            }
            dispatch.dispatch(Action::Do(Command::Partition(vec![ours, theirs])));
        }
    });
    let all_whole = nothing_cut.then_some(AttrValue::from(words().nothing_cut()));
    html! {
        <fieldset id="network" class="network" tabindex="-1">
            <legend>{ words().network() }</legend>
            { for ids.iter().map(|id| side_box(id, &side)) }
            <button type="button" disabled={unavailable.is_some()} title={unavailable} onclick={partition}>
                { label }
            </button>
            { command_button(dispatch, Command::Heal, words().heal_all().into(), all_whole) }
        </fieldset>
    }
}

fn side_box(id: NodeId, side: &UseStateHandle<NodeSet>) -> Html {
    let chosen = side.contains(id);
    let onchange = {
        let side = side.clone();
        Callback::from(move |_: Event| {
            let mut next = *side;
            if !next.remove(id) {
                next.insert(id);
            }
            side.set(next);
        })
    };
    html! {
        <label class="side" key={id.to_string()}>
            <input type="checkbox" checked={chosen} {onchange} aria-label={words().on_one_side(id)} />
            { id.to_string() }
        </label>
    }
}
