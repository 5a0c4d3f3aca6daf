//! What can be done to a server, a link or a message, and why not.

use hustings_lab::{Command, Flight, Link, Path};
use hustings_raft::{MillisRange, NodeId, RoleName};
use yew::prelude::*;

use super::controls::ButtonStyle;
use super::{Dispatch, on_click};
use crate::i18n::texts;
use crate::programs::code_of;
use crate::session::{Action, RunView};

/// A button for an action, or the reason why it would change nothing.
pub(super) struct Offer {
    /// A word or two.
    label: String,
    /// The accessible name, which names the server, too.
    name: String,
    does: Result<Action, String>,
}

impl Offer {
    fn new(label: &str, name: String, command: Command) -> Self {
        Self {
            label: label.to_owned(),
            name,
            does: Ok(Action::Do(command)),
        }
    }

    fn unless(mut self, why_not: Option<String>) -> Self {
        if let Some(why_not) = why_not {
            self.does = Err(why_not);
        }
        self
    }

    pub(super) fn draw(self, run: &RunView, dispatch: &Dispatch) -> Html {
        let does = self.does.and_then(|action| match refusal(run, &action) {
            Some(why_not) => Err(why_not),
            None => Ok(action),
        });
        let (onclick, hint, idle) = match does {
            Ok(action) => (on_click(dispatch, action), String::new(), false),
            Err(why_not) => (Callback::noop(), why_not, true),
        };
        let style = ButtonStyle {
            name: &self.name,
            hint: &hint,
            idle,
            ..ButtonStyle::default()
        };
        style.button(&self.label, onclick)
    }
}

/// Why the run would refuse an action now.
fn refusal(run: &RunView, action: &Action) -> Option<String> {
    match action {
        Action::Do(command) => run.why_not(command),
        Action::DoAll(_) => run.only_recorded().map(str::to_owned),
        Action::Request(server) => run.why_not(&Command::Propose {
            server: *server,
            command: "".into(),
        }),
        _ => None,
    }
}

/// The actions on a server that matter at once.
pub(super) fn on_server(run: &RunView, id: NodeId) -> Vec<Offer> {
    let Some(server) = run.server(id) else {
        return Vec::new();
    };
    let mut offers = Vec::new();
    if server.role() == Some(RoleName::Leader) {
        offers.push(Offer {
            label: texts().request_short().to_owned(),
            name: texts().send_request(id),
            does: Ok(Action::Request(id)),
        });
    }
    let time_out = Command::Timeout {
        server: id,
        timer: None,
    };
    offers.push(Offer::new(
        texts().time_out_short(),
        texts().time_out(id),
        time_out,
    ));
    offers.push(if server.is_up() {
        Offer::new(texts().crash_short(), texts().crash(id), Command::Crash(id))
    } else {
        Offer::new(
            texts().restart_short(),
            texts().restart(id),
            Command::Restart(id),
        )
    });
    offers.push(if run.is_paused(id) {
        Offer::new(
            texts().resume_short(),
            texts().resume_server(id),
            Command::Resume(id),
        )
    } else {
        Offer::new(
            texts().pause(),
            texts().pause_server(id),
            Command::Pause(id),
        )
    });
    offers.extend(on_links_of(run, id));
    if code_of(run, id).is_some() {
        offers.push(Offer {
            label: texts().code().to_owned(),
            name: texts().code_of(id),
            does: Ok(Action::ShowCode(Some(id))),
        });
    }
    offers
}

/// Cutting a server off: both ways, or one way.
fn on_links_of(run: &RunView, id: NodeId) -> Vec<Offer> {
    let others = run.ids().without(id);
    let alone = others.is_empty().then(|| texts().no_links(id));
    let to_it: Vec<_> = others.iter().map(|from| Link { from, to: id }).collect();
    let from_it: Vec<_> = to_it.iter().map(|link| link.back()).collect();
    let all_cut = |links: &[Link]| !links.is_empty() && links.iter().all(|link| run.is_cut(*link));
    let path = |link: &Link| Path {
        link: *link,
        both_ways: false,
    };
    let one_way = |links: &[Link], cut: (&str, String), mend: (&str, String)| {
        let is_cut = all_cut(links);
        let (label, name) = if is_cut { mend } else { cut };
        let others = links.iter().filter(|link| run.is_cut(**link) == is_cut);
        let commands = others.map(|link| match is_cut {
            true => Command::Mend(path(link)),
            false => Command::Cut(path(link)),
        });
        Offer {
            label: label.to_owned(),
            name,
            does: Ok(Action::DoAll(commands.collect())),
        }
        .unless(alone.clone())
    };
    let isolated = (all_cut(&to_it) && all_cut(&from_it)).then(|| texts().all_cut().to_owned());
    vec![
        Offer::new(
            texts().isolate_short(),
            texts().isolate(id),
            Command::Isolate(id),
        )
        .unless(alone.clone().or(isolated)),
        one_way(
            &to_it,
            (texts().deafen_short(), texts().deafen(id)),
            (texts().hear_short(), texts().hear(id)),
        ),
        one_way(
            &from_it,
            (texts().silence_short(), texts().silence(id)),
            (texts().speak_short(), texts().speak(id)),
        ),
    ]
}

/// The factor by which a slow link is slower.
const SLOWER: u64 = 10;

/// The actions on a link.
pub(super) fn on_link(run: &RunView, link: Link) -> Vec<Offer> {
    let cut = |path: Path| {
        let back = path.both_ways && run.is_cut(path.link.back());
        let (name, command) = if run.is_cut(path.link) || back {
            (texts().mend(path), Command::Mend(path))
        } else {
            (texts().cut(path), Command::Cut(path))
        };
        Offer::new(&name.clone(), name, command)
    };
    let path = |both_ways, link| Path { link, both_ways };
    vec![
        cut(path(true, link)),
        on_latency(run, path(true, link)),
        cut(path(false, link)),
        cut(path(false, link.back())),
    ]
}

/// Makes a link slow, or as fast as the others.
fn on_latency(run: &RunView, path: Path) -> Offer {
    let usual = run.header().latency;
    let (label, range) = if run.latency(path.link) == usual {
        let slow = MillisRange::between(usual.min().0 * SLOWER, usual.max().0 * SLOWER);
        (texts().make_slow(), slow)
    } else {
        (texts().make_usual(), usual)
    };
    Offer::new(label, label.to_owned(), Command::Latency { path, range })
}

/// The delay that one click adds to a message.
const DELAY: hustings_raft::Millis = hustings_raft::Millis(50);

/// The actions on a message in flight.
pub(super) fn on_message(run: &RunView, flight: &Flight) -> Vec<Offer> {
    let picks = run
        .selector_for(flight.id)
        .zip(run.drop_selector_for(flight.id));
    let Some((pick, to_drop)) = picks else {
        return Vec::new();
    };
    let held = run.is_held(flight.id);
    let waits = || held.then(|| texts().release_first().to_owned());
    let offer = |label: &'static str, command| Offer::new(label, label.to_owned(), command);
    vec![
        offer(texts().deliver_now(), Command::Deliver(pick)).unless(waits()),
        offer(texts().drop_it(), Command::Drop(to_drop)),
        if held {
            offer(texts().release(), Command::Release(pick))
        } else {
            offer(texts().hold(), Command::Hold(pick))
        },
        offer(texts().duplicate(), Command::Duplicate(pick)).unless(waits()),
        offer(
            texts().delay(),
            Command::Delay {
                selector: pick,
                by: DELAY,
            },
        )
        .unless(waits()),
    ]
}
