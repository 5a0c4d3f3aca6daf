//! What of a program is compared with Raft's core.

use hustings_lab::{Abilities, Compared, Program};

use crate::shipped::Shipped;

/// What a changed program has after the name of the one that was changed.
pub const CHANGED: &str = "-changed";

/// The name of the program that was changed, or that of one that was not.
pub fn name_before_change(name: &str) -> &str {
    name.split_once(CHANGED).map_or(name, |(before, _)| before)
}

/// What of a program is compared with Raft's core: for a shipped one, or a changed one,
/// what is said to agree once all is mended. Of others all but the leader, whom many do not
/// remember.
pub fn compared(shipped: &[Shipped], program: &dyn Program) -> Compared {
    let name = name_before_change(program.name());
    let Abilities { requests, no_op } = program.abilities();
    match shipped.iter().find(|it| it.name == name) {
        Some(about) => {
            let has = |what| about.compare.iter().any(|it| it == what);
            Compared {
                role: has("role"),
                term: has("term"),
                vote: has("vote"),
                leader: has("leader"),
                log: has("log"),
                commit: has("commit"),
                requests: about.requests,
                no_op: false,
            }
        }
        None => Compared {
            role: true,
            term: true,
            vote: true,
            leader: false,
            log: true,
            commit: true,
            requests,
            no_op,
        },
    }
}
