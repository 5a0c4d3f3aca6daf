//! Servers with one fault each: what a server does is a function.

use std::fmt;
use std::hash::{Hash as _, Hasher};

use hustings_lab::{Failure, Machine, Program, Start, View};
use hustings_raft::{
    AppendResult, Effect, Entry, Input, Log, LogIndex, Message, Millis, MillisRange, NodeId,
    Output, Payload, RoleName, Timer, Votes, Write, WriteId,
};

/// A server that does what a function says. All its state can be seen, but for the number
/// of its next write.
#[derive(Clone)]
pub struct Faulty {
    name: &'static str,
    act: fn(&mut Server, Input, &mut Output),
}

/// A faulty server.
#[derive(Clone, Debug)]
pub struct Server {
    program: Faulty,
    id: NodeId,
    view: View,
    next_write: WriteId,
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Program for Faulty {
    fn name(&self) -> &str {
        self.name
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        Box::new(Server {
            program: self.clone(),
            id: start.id,
            view: View::follower(&start),
            next_write: WriteId::FIRST,
        })
    }
}

impl Machine for Server {
    fn step(&mut self, _now: Millis, input: Input, out: &mut Output) -> Result<(), Box<Failure>> {
        (self.program.act)(self, input, out);
        Ok(())
    }

    fn view(&self) -> View {
        self.view.clone()
    }

    fn copy(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }

    fn fingerprint(&self, mut state: &mut dyn Hasher) {
        let View {
            role,
            term,
            voted_for,
            commit,
            ..
        } = self.view;
        (role, term, voted_for, commit).hash(&mut state);
    }
}

impl Server {
    fn send(&self, to: NodeId, message: Message, out: &mut Output) {
        let after = out.last_write();
        out.effects.push(Effect::Send { to, message, after });
    }

    /// Starts its election timer.
    fn wait(&self, ms: u64, out: &mut Output) {
        out.effects.push(Effect::Arm {
            timer: Timer::Election,
            duration: MillisRange::exactly(ms),
        });
    }

    /// Votes for itself in the next term, in this role.
    fn stand(&mut self, role: RoleName, out: &mut Output) {
        self.view.role = Some(role);
        self.view.term = self.view.term.next();
        self.view.voted_for = Some(self.id);
        self.persist(out);
    }

    /// Writes its term and its vote.
    fn persist(&mut self, out: &mut Output) {
        out.effects.push(Effect::Persist(Write {
            id: self.next_write,
            term: self.view.term,
            voted_for: self.view.voted_for,
            log: None,
        }));
        self.next_write = self.next_write.next();
    }
}

/// Acknowledges entries that it never writes.
pub const UNSAVED: Faulty = Faulty {
    name: "unsaved",
    act: |me, input, out| {
        let Input::Message { from, message } = input else {
            return;
        };
        if let Message::AppendEntries {
            term,
            prev,
            entries,
            ..
        } = message
        {
            me.view.term = term;
            me.view.leader = Some(from);
            me.view.log.truncate_from(prev.index.next());
            for entry in &entries {
                me.view.log.append(entry.clone());
            }
            let matched = me.view.log.last_index();
            let result = AppendResult::Accepted { matched };
            me.send(from, Message::AppendEntriesReply { term, result }, out);
        }
    },
};

/// Votes for whoever asks, and remembers the term but not the vote.
pub const FORGETFUL: Faulty = Faulty {
    name: "forgetful",
    act: |me, input, out| {
        if let Input::Message {
            from,
            message: Message::RequestVote { term, .. },
        } = input
        {
            me.view.term = term.max(me.view.term);
            me.persist(out);
            let granted = true;
            me.send(from, Message::RequestVoteReply { term, granted }, out);
        }
    },
};

/// Becomes a leader when its election timer fires, without having been a candidate.
pub const LEAPING: Faulty = Faulty {
    name: "leaping",
    act: |me, input, out| match input {
        Input::Start => me.wait(100, out),
        Input::Timer(_) => me.stand(RoleName::Leader, out),
        _ => {}
    },
};

/// Stands, leads, and has each client's command replace its log; it writes none of that.
pub const REWRITING: Faulty = Faulty {
    name: "rewriting",
    act: |me, input, out| match input {
        Input::Start => me.wait(100, out),
        Input::Timer(_) => me.stand(RoleName::Candidate, out),
        Input::WriteDone(_) => me.view.role = Some(RoleName::Leader),
        Input::Propose(command) => {
            let (term, payload) = (me.view.term, Payload::Command(command));
            me.view.log = Log::from_iter([Entry { term, payload }]);
        }
        _ => {}
    },
};

/// Stands when its timer fires, shows its votes, and is a follower again when it fires once
/// more.
pub const RESIGNING: Faulty = Faulty {
    name: "resigning",
    act: |me, input, out| {
        let stands = me.view.role == Some(RoleName::Candidate);
        match input {
            Input::Timer(_) if stands => {
                me.view.role = Some(RoleName::Follower);
                me.view.votes = None;
                return;
            }
            Input::Timer(_) => {
                me.view.votes = Some(Votes::default());
                me.stand(RoleName::Candidate, out);
                for to in NodeId::first(3) {
                    let (term, last) = (me.view.term, me.view.log.last());
                    let transfer = false;
                    let ask = Message::RequestVote {
                        term,
                        last,
                        transfer,
                    };
                    me.send(to, ask, out);
                }
            }
            _ => {}
        }
        me.wait(100, out);
    },
};

/// Asks its world for what cannot be: messages to itself, to a server that does not exist
/// and after a write that it has not asked for, a timer of no duration, and a write after
/// every write.
pub const WILD: Faulty = Faulty {
    name: "wild",
    act: |me, input, out| match input {
        Input::Start => {
            let term = me.view.term;
            for to in NodeId::first(NodeId::MAX) {
                me.send(to, Message::TimeoutNow { term }, out);
                out.effects.push(Effect::Send {
                    to,
                    message: Message::TimeoutNow { term },
                    after: Some(WriteId::FIRST.next()),
                });
            }
            me.wait(0, out);
        }
        Input::Timer(_) => me.wait(0, out),
        Input::Propose(_) | Input::WriteDone(_) => me.persist(out),
        _ => {}
    },
};

/// Leads when it restarts.
pub const RETURNING: Faulty = Faulty {
    name: "returning",
    act: |me, input, _| {
        if let Input::Restart(stored) = input {
            me.view.term = stored.term;
            me.view.role = Some(RoleName::Leader);
        }
    },
};

/// Is elected by itself alone, and enters the next term as leader when it gets a request.
pub const RISING: Faulty = Faulty {
    name: "rising",
    act: |me, input, out| match input {
        Input::Start => me.wait(1, out),
        Input::Timer(Timer::Election) => me.stand(RoleName::Candidate, out),
        Input::WriteDone(_) => me.view.role = Some(RoleName::Leader),
        Input::Propose(_) => me.view.term = me.view.term.next(),
        _ => {}
    },
};

/// Makes itself leader of a cluster of which it shows itself as the only member, and commits
/// alone.
pub const ALONE: Faulty = Faulty {
    name: "alone",
    act: |me, input, out| match input {
        Input::Start => me.wait(100, out),
        Input::Timer(_) => me.stand(RoleName::Candidate, out),
        Input::WriteDone(write) if write == WriteId::FIRST => {
            me.view.role = Some(RoleName::Leader);
            me.view.members = Some([me.id].into_iter().collect());
            let entry = Entry {
                term: me.view.term,
                payload: Payload::Noop,
            };
            me.view.log.append(entry.clone());
            out.effects.push(Effect::Persist(Write {
                id: me.next_write,
                term: me.view.term,
                voted_for: me.view.voted_for,
                log: Some((LogIndex(1), entry.into())),
            }));
        }
        Input::WriteDone(_) => me.view.commit = LogIndex(1),
        _ => {}
    },
};
