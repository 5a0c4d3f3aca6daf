//! Trying another source for a server's program.

use std::rc::Rc;

use hustings_raft::NodeId;

use super::super::{From, Notice, Session};
use super::{Other, WhatIf};
use crate::i18n::texts;

impl Session {
    /// Has another source instead of the program of a server: beside the shown run from its
    /// start, or from here on in a new branch.
    pub(in crate::session) fn try_program(&mut self, server: NodeId, source: Rc<str>, from: From) {
        let program = self.run.header().programs.get(server);
        let Some(program) = program.map(|it| it.name().into()) else {
            self.notice = Some(Notice::Refused(texts().runs_no_program(server).into()));
            return;
        };
        match from {
            From::Start | From::Here => {
                self.put_beside(Other::WhatIf(WhatIf::Edited { program, source }));
            }
        }
    }
}
