//! Keys and what they do.

use hustings_lab::{Command, Lab};
use hustings_raft::NodeId;

use crate::session::{Action, Selection, Session, leader};

/// The action of a key, if it has one here.
pub fn action_of(key: &str, session: &Session) -> Option<Action> {
    let lab = session.lab();
    let chosen = match session.selected() {
        Selection::Server(server) => Some(server),
        _ => None,
    };
    match key {
        " " => Some(Action::TogglePlay),
        "ArrowRight" | "PageDown" => Some(Action::Step),
        "h" | "H" => Some(Action::Do(Command::Heal)),
        "r" | "R" => chosen.or_else(|| leader(lab)).map(Action::Request),
        "t" | "T" => Some(Action::Do(Command::Timeout {
            server: chosen?,
            timer: None,
        })),
        "c" | "C" => Some(Action::Do(crash_or_restart(lab, chosen?))),
        "i" | "I" => Some(Action::Do(Command::Isolate(chosen?))),
        "Escape" => Some(Action::Select(Selection::Nothing)),
        _ => {
            let server = key.parse().ok().and_then(NodeId::new)?;
            lab.server(server)?;
            Some(Action::Select(Selection::Server(server)))
        }
    }
}

/// Crashes a server that runs and restarts one that does not.
pub fn crash_or_restart(lab: &Lab, server: NodeId) -> Command {
    if lab.server(server).is_some_and(|server| server.is_up()) {
        Command::Crash(server)
    } else {
        Command::Restart(server)
    }
}
