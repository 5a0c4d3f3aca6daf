//! A server in the inspector.

use hustings_lab::{Command, Link, Path, Rate, Server, narrate};
use hustings_raft::{
    MemberChange, MillisRange, NodeId, Position, Progress, ProgressState, RoleName, Timer,
};
use yew::prelude::*;

use super::super::controls;
use super::super::glyphs::{role_badge, role_text, term_chip};
use super::super::{Dispatch, Page, flaws, on_click};
use super::record::draw_reasons;
use super::{already, draw_command, draw_fields, draw_visit, variables};
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::programs::{code_of, program_of};
use crate::session::{Action, Breakpoint, RunView, leader};

pub(super) fn draw(page: &Page, id: NodeId) -> Option<Html> {
    let (run, dispatch) = (&page.run, &page.dispatch);
    let server = run.server(id)?;
    Some(html! {
        <>
            <h2>{ id.to_string() }{ " " }{ role_badge(server) }{ " " }{ role_text(server.role()) }</h2>
            <p class="actions">
                { draw_transfer(run, server, dispatch) }
                if code_of(run, id).is_some() {
                    { controls::button(texts().code(), texts().code_hint(), on_click(dispatch, Action::ShowCode(Some(id)))) }
                }
                if program_of(run, id).is_some() {
                    { flaws::draw_compare(dispatch) }
                }
            </p>
            { flaws::draw(page, id) }
            { draw_fields(fields(run, server)) }
            { draw_next(run, server) }
            { draw_progress(server) }
            { variables::draw(page, id) }
            { draw_links(run, id, dispatch) }
            { draw_more(run, server, dispatch) }
            { draw_last(run, id, dispatch) }
        </>
    })
}

/// A button that transfers leadership to this server.
fn draw_transfer(run: &RunView, server: &Server, dispatch: &Dispatch) -> Html {
    let id = server.id();
    let transfer = Command::Transfer {
        server: leader(run).unwrap_or(id),
        target: id,
    };
    let label = texts().hand_over(id);
    let no_transfer = no_transfer(run, server);
    draw_command(run, dispatch, &label, transfer, no_transfer.as_deref())
}

/// Less common actions: clock, disk, membership, breakpoints.
fn draw_more(run: &RunView, server: &Server, dispatch: &Dispatch) -> Html {
    let id = server.id();
    let button = |label: String, command: Command, useless: Option<&str>| {
        draw_command(run, dispatch, &label, command, useless)
    };
    let rates = [50, 100, 200, 1000].into_iter().filter_map(Rate::new);
    let stop = |role: RoleName| {
        let action = Action::AddBreakpoint(Breakpoint::Role(id, role));
        controls::button(role_text(Some(role)), "", on_click(dispatch, action))
    };
    let leader = leader(run);
    let no_leader = leader.is_none().then_some(texts().no_leader_to_ask());
    let change = |change: MemberChange| Command::ChangeMembers {
        server: leader.unwrap_or(id),
        change,
    };
    let members = leader.and_then(|it| run.server(it)?.view().members);
    let is_member = members.is_none_or(|members| members.contains(id));
    html! {
        <details>
            <summary>{ texts().more() }</summary>
            <p class="actions">
                <span>{ texts().clock_runs() }</span>
                { for rates.map(|rate| {
                    let useless = already(server.clock_rate(), rate);
                    button(rate.to_string(), Command::Clock { server: id, rate }, useless)
                }) }
            </p>
            <p class="actions">
                { draw_disk(run, server, dispatch) }
                if is_member {
                    { button(texts().remove_member(id), change(MemberChange::Remove(id)), no_leader) }
                } else {
                    { button(texts().add_member(id), change(MemberChange::Add(id)), no_leader) }
                }
            </p>
            <p class="actions">
                <span>{ texts().stop_when() }</span>
                { for [RoleName::Candidate, RoleName::Leader, RoleName::Follower].map(stop) }
            </p>
        </details>
    }
}

/// The write duration of a slow disk.
const SLOW_DISK: MillisRange = MillisRange::exactly(100);

/// A button that makes the disk slow, or restores its write duration.
fn draw_disk(run: &RunView, server: &Server, dispatch: &Dispatch) -> Html {
    let usual = run.header().disk;
    let (label, range) = if server.disk_delay() == usual {
        (texts().slow_disk(), SLOW_DISK)
    } else {
        (texts().usual_disk(), usual)
    };
    let command = Command::Disk {
        server: server.id(),
        range,
    };
    let useless = already(server.disk_delay(), range);
    draw_command(run, dispatch, label, command, useless)
}

/// Why leadership cannot be transferred to this server.
fn no_transfer(run: &RunView, target: &Server) -> Option<String> {
    let id = target.id();
    let members = |leader| run.server(leader)?.view().members;
    match leader(run) {
        None => Some(texts().no_leader_to_hand_over().to_owned()),
        Some(leader) if leader == id => Some(texts().leads_already().to_owned()),
        Some(_) if !target.is_up() => Some(texts().is_down(id)),
        Some(leader) if members(leader).is_some_and(|it| !it.contains(id)) => {
            Some(texts().is_no_member(id))
        }
        Some(_) => None,
    }
}

fn fields(run: &RunView, server: &Server) -> Vec<(&'static str, Html)> {
    let name = |id: Option<NodeId>| Html::from(id.map_or("–".to_owned(), |id| id.to_string()));
    let mut fields = vec![
        (texts().term(), term_chip(server.term())),
        (texts().voted_for_field(), name(server.voted_for())),
        (
            texts().last_entry(),
            Html::from(position(server.log().last())),
        ),
    ];
    if let Some(members) = server.view().members {
        fields.push((texts().leader_field(), name(server.leader())));
        fields.push((
            texts().commit_index(),
            Html::from(server.commit().to_string()),
        ));
        if members != run.ids() {
            fields.push((
                texts().members(),
                Html::from(narrate::names(members, lang())),
            ));
        }
    }
    if server.pending_writes() > 0 {
        let count = server.pending_writes().to_string();
        fields.push((texts().writes_under_way(), Html::from(count)));
    }
    if !server.waiting().is_empty() {
        let names = server.waiting().iter();
        let names = names.map(|it| narrate::message_name(&it.message, it.link, lang()));
        let list = names.map(|name| html! { <div>{ name }</div> }).collect();
        fields.push((texts().messages_waiting(), list));
    }
    if server.clock_rate() != Rate::TRUE {
        let rate = server.clock_rate().to_string();
        fields.push((texts().clock_runs(), Html::from(rate)));
    }
    if run.is_paused(server.id()) {
        fields.push((texts().state(), Html::from(texts().paused())));
    }
    fields
}

/// The running timers.
fn draw_next(run: &RunView, server: &Server) -> Html {
    let running = Timer::ALL
        .into_iter()
        .filter_map(|timer| Some((timer, server.timer(timer)?)));
    let told = running.map(|(timer, running)| {
        let left = running.due_at.since(run.now());
        html! { <li key={timer.name()}>{ texts().timer_next(narrate::timer(timer, lang()), moment(running.due_at), left) }</li> }
    });
    html! { <ul class="next" aria-label={texts().what_next()}>{ for told }</ul> }
}

pub(super) fn position(position: Position) -> String {
    match position {
        Position::START => texts().none().to_owned(),
        Position { index, term } => texts().position(index, term),
    }
}

fn draw_progress(server: &Server) -> Html {
    let Some(progress) = &server.view().progress else {
        return html! {};
    };
    html! {
        <table class="progress">
            <thead>
                <tr><th>{ texts().server() }</th><th>{ texts().match_index() }</th><th>{ texts().next_index() }</th></tr>
            </thead>
            <tbody>
                { for progress.iter().map(|(id, known)| draw_follower(id, known)) }
            </tbody>
        </table>
    }
}

fn draw_follower(id: NodeId, known: &Progress) -> Html {
    let probes = match known.state {
        ProgressState::Probe => " ?",
        ProgressState::Replicate => "",
    };
    html! {
        <tr key={id.to_string()}>
            <th scope="row">{ id.to_string() }</th>
            <td>{ known.match_index.0 }</td>
            <td>{ known.next_index.0 }{ probes }</td>
        </tr>
    }
}

fn links_of(run: &RunView, from: NodeId) -> impl Iterator<Item = Link> {
    run.ids()
        .without(from)
        .iter()
        .map(move |to| Link { from, to })
}

fn draw_links(run: &RunView, id: NodeId, dispatch: &Dispatch) -> Html {
    html! {
        <p class="actions links">
            <span>{ texts().links() }</span>
            { for links_of(run, id).map(|link| draw_link_button(run, link, dispatch)) }
        </p>
    }
}

/// A button that cuts a link, or mends it if it is cut.
pub(super) fn draw_link_button(run: &RunView, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: true,
    };
    let whole = !run.is_cut(link) && !run.is_cut(link.back());
    let (label, command) = if whole {
        (texts().cut(path), Command::Cut(path))
    } else {
        (texts().mend(path), Command::Mend(path))
    };
    draw_command(run, dispatch, &label, command, None)
}

/// The maximum number of records searched for the last one of a server.
const SEARCHED_MAX: usize = 1_000;

/// The last record of this server, with its reasons.
fn draw_last(run: &RunView, server: NodeId, dispatch: &Dispatch) -> Html {
    let last = run
        .records()
        .iter()
        .rev()
        .take(SEARCHED_MAX)
        .find(|(_, record)| record.event.server() == Some(server));
    match last {
        Some((id, record)) => html! {
            <>
                <h3>{ texts().last_step() }</h3>
                { draw_visit(run, id, dispatch) }
                { draw_reasons(record) }
            </>
        },
        None => html! {},
    }
}
