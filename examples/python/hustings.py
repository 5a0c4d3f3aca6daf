"""Raft servers for Hustings in Python: a library of one file.

    import hustings

    class Server(hustings.Server):
        def on_start(self):
            self.set_timer("election")

        def on_election_timer(self):
            ...

    hustings.run(Server)

Hustings tells a server what happens, one thing at a time, and the method for it is called:

    on_start()                      it starts, or restarts after a crash
    on_election_timer()             a timer has run out; also on_heartbeat_timer() and the like
    on_request(op)                  a client asks for a command to be replicated
    on_request_vote(src, m)         a message has arrived: m.term, m.last_log_index, ...;
                                    so with every other type of message

What has no method is ignored. There is no clock, no randomness and no sleep: time is
Hustings' own, so that a run can be repeated. Nothing but `self.persist()` survives a crash.
"""

import json
import sys
from types import SimpleNamespace


class Server:
    """A server. All its variables that do not begin with `_` are shown."""

    def __init__(self, init):
        stable = init["stable"]
        self.id = init["node_id"]
        self.peers = [node for node in init["node_ids"] if node != self.id]
        self.role = "follower"
        self.term = stable["current_term"]
        self.voted_for = stable["voted_for"]
        self.leader = None
        self.log = stable["log"]  # of {"term": 1, "op": "x"}; index 1 is log[0]
        self.commit_index = init["commit_index"]
        self.options = SimpleNamespace(**init)  # such as self.options.no_op
        self._stored = (self.term, self.voted_for, list(self.log))
        self._shown_log = list(self.log)
        self._lines = []

    # What it can do.

    def send(self, dest, type, **body):
        """Sends a message: self.send("S2", "request_vote_res", term=3, vote_granted=True)."""
        self._do("send", dest=dest, body={"type": type, **body})

    def broadcast(self, type, **body):
        """Sends a message to all others."""
        for peer in self.peers:
            self.send(peer, type, **body)

    def set_timer(self, name, after_ms=None):
        """Starts a timer anew: "election" or "heartbeat". Without a time it is the cluster's;
        a pair of times is a range, from which Hustings draws."""
        self._do("set_timer", name=name, **({} if after_ms is None else {"after_ms": after_ms}))

    def cancel_timer(self, name):
        """Stops a timer."""
        self._do("cancel_timer", name=name)

    def persist(self):
        """Writes term, vote and log to the disk, if they have changed. What comes after it
        happens when they are there."""
        stored = (self.term, self.voted_for, list(self.log))
        if stored != self._stored:
            self._show()
            self._do("persist", current_term=self.term, voted_for=self.voted_for)
            self._stored = stored

    def reply(self, **reply):
        """Answers a client: accepted=index, committed=index or not_leader=leader."""
        self._show()
        self._do("reply", **reply)

    def note(self, text):
        """Shows a text beside the server."""
        self._do("log", text=str(text))

    # What helps with a log.

    @property
    def last_index(self):
        """The index of the last entry, 0 if there is none."""
        return len(self.log)

    @property
    def last_term(self):
        """The term of the last entry, 0 if there is none."""
        return self.term_at(self.last_index)

    def term_at(self, index):
        """The term of the entry at an index: 0 before the first, None after the last."""
        if index == 0:
            return 0
        return self.log[index - 1]["term"] if index <= len(self.log) else None

    # How it speaks with Hustings.

    def _do(self, type, **fields):
        self._lines.append(json.dumps({"type": type, **fields}, default=_plain))

    def _show(self):
        known = ("id", "peers", "log", "options")
        state = {
            name: value
            for name, value in vars(self).items()
            if name not in known and not name.startswith("_")
        }
        same = _common_prefix(self.log, self._shown_log)
        if same < max(len(self.log), len(self._shown_log)):
            state.update(log=self.log[same:], log_from=same + 1)
            self._shown_log = list(self.log)
        self._do("state", **state)

    def _hear(self, told):
        kind = told["type"]
        if kind == "init":
            self._call("on_start")
        elif kind == "timer":
            self._call(f"on_{told['name'].replace('-', '_')}_timer")
        elif kind == "request":
            self._call("on_request", told["op"])
        elif kind == "message":
            body = told["body"]
            self._call(f"on_{body['type']}", told["src"], SimpleNamespace(**body))

    def _call(self, name, *arguments):
        method = getattr(self, name, None)
        if method:
            method(*arguments)

    def _answer(self, turn):
        self._show()
        self._lines.append(json.dumps({"done": turn}))
        lines, self._lines = self._lines, []
        return "\n".join(lines) + "\n"


def _common_prefix(one, other):
    for index, (mine, theirs) in enumerate(zip(one, other)):
        if mine != theirs:
            return index
    return min(len(one), len(other))


def _plain(value):
    """Sets are shown as lists; they have no order, so they get one."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def run(server_class):
    """Runs a server until Hustings is done with it."""
    out, sys.stdout = sys.stdout, sys.stderr  # so that print() is shown and does no harm
    server = None
    for line in sys.stdin:
        told = json.loads(line)
        if told["type"] == "init":
            server = server_class(told)
        server._hear(told)
        out.write(server._answer(told["turn"]))
        out.flush()
