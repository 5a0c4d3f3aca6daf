"""The Raft server with classic mistakes, each switched on by its name:

    python3 classic_mistakes.py many-votes-per-term

Those that Hustings knows as broken rules have their names; its scenarios show what they do.
"""

import random
import sys

import hustings
from server import Raft


class ManyVotesPerTerm:
    """It forgets whom it has voted for."""

    def is_free_to_vote(self, candidate):
        return True


class NoUpToDateCheck:
    """It votes for a candidate that lacks committed entries."""

    def is_up_to_date(self, m):
        return True


class QuorumOfHalf:
    """Two of four are no majority."""

    def is_majority(self, count):
        return count >= (len(self.peers) + 1) / 2


class CountStaleVotes:
    """It counts votes of an election that is over."""

    def on_request_vote_res(self, src, m):
        m.term = self.term
        super().on_request_vote_res(src, m)


class NeverPersist:
    """It keeps its term, its vote and its log in memory alone."""

    def persist(self):
        pass


class CommitOldTermByCounting:
    """It counts the copies of entries of older terms (Figure 8)."""

    def may_commit(self, index):
        return True


class TruncateOnAnyAppend:
    """It replaces the rest of its log by what an old message brings."""

    def append(self, prev, entries):
        self.log[prev:] = entries


class SameTimeout:
    """All election timers run out at the same time: votes are split for ever."""

    def set_timer(self, name, after_ms=None):
        super().set_timer(name, 200 if name == "election" else after_ms)


class OwnDice:
    """It draws its own random numbers, so its runs cannot be repeated."""

    def set_timer(self, name, after_ms=None):
        super().set_timer(name, random.randint(150, 300) if name == "election" else after_ms)


MISTAKES = {
    "many-votes-per-term": ManyVotesPerTerm,
    "no-up-to-date-check": NoUpToDateCheck,
    "quorum-of-half": QuorumOfHalf,
    "count-stale-votes": CountStaleVotes,
    "never-persist": NeverPersist,
    "commit-old-term-by-counting": CommitOldTermByCounting,
    "truncate-on-any-append": TruncateOnAnyAppend,
    "same-timeout": SameTimeout,
    "own-dice": OwnDice,
}

if __name__ == "__main__":
    names = sys.argv[1:]
    unknown = [name for name in names if name not in MISTAKES]
    if unknown or not names:
        known = "\n".join(f"  {name:<28} {it.__doc__}" for name, it in MISTAKES.items())
        sys.exit(f"{' '.join(unknown) or 'no name'}: the mistakes are\n{known}")
    hustings.run(type("Mistaken", (*(MISTAKES[name] for name in names), Raft), {}))
