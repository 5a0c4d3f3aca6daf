//! Trying another source for a server's program.

use std::rc::Rc;

use hustings_lab::{Command, Program};
use hustings_raft::{NodeId, NodeSet};

use super::super::{Notice, RunFrom, Session};
use super::what_if::{fresh_name, make};
use super::{Other, WhatIf};
use crate::i18n::texts;

impl Session {
    /// Has another source instead of the program of a server: beside the shown run, from
    /// its start, in all servers that run it; or from here on in this one, in a new branch
    /// with the old one beside it.
    pub(in crate::session) fn try_program(
        &mut self,
        server: NodeId,
        source: &Rc<str>,
        from: RunFrom,
    ) {
        let is_new = self.run.commands().is_empty();
        let tried = match from {
            RunFrom::Here if !is_new => self.install(server, source),
            RunFrom::Start | RunFrom::Here => self.change_from_start(server, source),
        };
        if let Err(why) = tried {
            self.notice = Some(Notice::Refused(why));
        }
    }

    fn change_from_start(&mut self, server: NodeId, source: &Rc<str>) -> Result<(), Rc<str>> {
        let program = self.run.header().programs.get(server);
        let program = program.ok_or_else(|| no_program(server))?.name().into();
        let source = Rc::clone(source);
        self.put_beside(Other::WhatIf(WhatIf::Edited { program, source }));
        Ok(())
    }

    fn install(&mut self, server: NodeId, source: &Rc<str>) -> Result<(), Rc<str>> {
        let runs = self.run.server(server).and_then(|it| it.program());
        let known = runs.ok_or_else(|| no_program(server))?;
        let name = fresh_name(known.name(), |name| self.names_program(name));
        let program = Some(make(&name, Some(source), &[])?);
        let (before, servers) = (self.history.current(), NodeSet::from(server));
        self.act(vec![Command::Install { servers, program }]);
        if self.history.current() != before {
            self.put_beside(Other::Branch(before));
        }
        Ok(())
    }

    /// Whether a program of the run has this name.
    fn names_program(&self, name: &str) -> bool {
        let is_it = |program: &dyn Program| program.name() == name;
        let mut programs = self.tip.header().programs.iter();
        programs.any(|(_, program)| is_it(&**program))
            || self.tip.commands().iter().any(|command| match command {
                Command::Install { program, .. } => program.as_deref().is_some_and(is_it),
                _ => false,
            })
    }
}

fn no_program(server: NodeId) -> Rc<str> {
    texts().runs_no_program(server).into()
}
