//! The head of the page: what this is, and the run as a whole.

use std::rc::Rc;

use hustings_lab::Header;
use hustings_raft::{NodeId, Options};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::{Action, Story, leader};

/// The properties of the [`Toolbar`].
#[derive(Properties, PartialEq)]
pub(crate) struct ToolbarProps {
    pub story: Story,
    pub dispatch: Dispatch,
}

/// The toolbar.
#[component]
pub(crate) fn Toolbar(props: &ToolbarProps) -> Html {
    let header = props.story.header().clone();
    let cluster = header.cluster;
    let begin = {
        let dispatch = props.dispatch.clone();
        move |header: Header| dispatch.dispatch(Action::Begin(header))
    };
    let onresize = {
        let (begin, header) = (begin.clone(), header.clone());
        Callback::from(move |event: Event| {
            if let Ok(cluster) = event
                .target_unchecked_into::<HtmlSelectElement>()
                .value()
                .parse()
            {
                begin(Header {
                    cluster,
                    ..header.clone()
                });
            }
        })
    };
    let switches = [
        option_box(&header, "Pre-vote", header.raft.pre_vote, &begin, |raft| {
            raft.pre_vote = !raft.pre_vote;
        }),
        option_box(
            &header,
            "Check-quorum",
            header.raft.check_quorum,
            &begin,
            |raft| {
                raft.check_quorum = !raft.check_quorum;
            },
        ),
    ];
    let again = Callback::from({
        let header = header.clone();
        move |_: MouseEvent| begin(header.clone())
    });
    html! {
        <header>
            <h1>{ "Hustings" }</h1>
            <p class="rules">{ "Standard Raft" }</p>
            <span class="spacer" />
            { request_button(&props.story, &props.dispatch) }
            { for switches }
            <label>
                { "Servers" }
                <select onchange={onresize}>
                    { for (1..=NodeId::MAX).map(|size| html! {
                        <option value={size.to_string()} selected={size == cluster}>{ size }</option>
                    }) }
                </select>
            </label>
            <SeedField header={header.clone()} dispatch={props.dispatch.clone()} />
            <button type="button" onclick={again} title="The same cluster and seed from the beginning">
                { "Start over" }
            </button>
        </header>
    }
}

/// A box for an option of the servers; changing it starts a new run.
fn option_box(
    header: &Header,
    name: &'static str,
    on: bool,
    begin: &(impl Fn(Header) + Clone + 'static),
    switch: fn(&mut Options),
) -> Html {
    let (begin, mut header) = (begin.clone(), header.clone());
    switch(&mut header.raft);
    let onchange = Callback::from(move |_: Event| begin(header.clone()));
    html! {
        <label>
            <input type="checkbox" checked={on} {onchange} />
            { name }
        </label>
    }
}

/// The properties of the [`SeedField`].
#[derive(Properties, PartialEq)]
struct SeedFieldProps {
    header: Header,
    dispatch: Dispatch,
}

/// Where the seed is typed. It is a component of its own so that it is drawn
/// anew, and what is being typed lost, only when a run starts with other
/// settings.
#[component]
fn SeedField(props: &SeedFieldProps) -> Html {
    let (header, dispatch) = (props.header.clone(), props.dispatch.clone());
    let seed = header.seed;
    let onchange = Callback::from(move |event: Event| {
        let typed = event.target_unchecked_into::<HtmlInputElement>().value();
        dispatch.dispatch(match typed.parse() {
            Ok(seed) => Action::Begin(Header {
                seed,
                ..header.clone()
            }),
            Err(_) => Action::Refuse(bad_seed(&typed)),
        });
    });
    html! {
        <label>
            { "Seed" }
            <input type="number" min="0" value={seed.to_string()} {onchange} />
        </label>
    }
}

fn bad_seed(typed: &str) -> Rc<str> {
    format!(
        "a seed is a whole number from 0 to {}, not “{typed}”",
        u64::MAX
    )
    .into()
}

fn request_button(story: &Story, dispatch: &Dispatch) -> Html {
    match leader(story) {
        Some(leader) => html! {
            <button
                type="button"
                class="primary"
                onclick={on_click(dispatch, Action::Request(leader))}
                title={format!("A client asks {leader}, the leader (R)")}
            >
                { "Client request" }
            </button>
        },
        None => html! {
            <button type="button" class="primary" disabled=true title="There is no leader to ask">
                { "Client request" }
            </button>
        },
    }
}
