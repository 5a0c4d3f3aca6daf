"""A Raft server (Figure 2 of the paper): elections, replication, commitment."""

import hustings

BATCH = 100  # entries in one message, at most


class Raft(hustings.Server):
    def on_start(self):
        self.votes = set()
        self.next_index = {}
        self.match_index = {}
        self.set_timer("election")

    # Elections (§5.2, §5.4.1).

    def on_election_timer(self):
        self.role = "candidate"
        self.leader = None
        self.term += 1
        self.voted_for = self.id
        self.votes = {self.id}
        self.set_timer("election")
        self.persist()
        self.broadcast(
            "request_vote",
            term=self.term,
            candidate_id=self.id,
            last_log_index=self.last_index,
            last_log_term=self.last_term,
        )
        self.count_votes()

    def on_request_vote(self, src, m):
        self.adopt(m.term)
        granted = m.term == self.term and self.is_free_to_vote(src) and self.is_up_to_date(m)
        if granted:
            self.voted_for = src
            self.set_timer("election")
        self.persist()
        self.send(src, "request_vote_res", term=self.term, vote_granted=granted)

    def on_request_vote_res(self, src, m):
        self.adopt(m.term)
        self.persist()
        if self.role == "candidate" and m.term == self.term and m.vote_granted:
            self.votes.add(src)
            self.count_votes()

    def is_free_to_vote(self, candidate):
        return self.voted_for in (None, candidate)

    def is_up_to_date(self, m):
        return (m.last_log_term, m.last_log_index) >= (self.last_term, self.last_index)

    def is_majority(self, count):
        return count > (len(self.peers) + 1) // 2

    def count_votes(self):
        if self.is_majority(len(self.votes)):
            self.role = "leader"
            self.leader = self.id
            self.next_index = {peer: self.last_index + 1 for peer in self.peers}
            self.match_index = {peer: 0 for peer in self.peers}
            self.cancel_timer("election")
            if self.options.no_op:
                self.log.append({"term": self.term, "op": None})
                self.persist()
            self.on_heartbeat_timer()
            self.commit()

    def adopt(self, term):
        """A newer term makes a follower of every server (§5.1)."""
        if term > self.term:
            self.term = term
            self.voted_for = None
            self.follow(None)

    def follow(self, leader):
        if self.role == "leader":
            self.cancel_timer("heartbeat")
            self.set_timer("election")
        self.role = "follower"
        self.leader = leader

    # Replication (§5.3).

    def on_request(self, op):
        if self.role != "leader":
            return self.reply(not_leader=self.leader)
        self.log.append({"term": self.term, "op": op})
        self.persist()
        self.reply(accepted=self.last_index)
        for peer in self.peers:
            self.replicate(peer)
        self.commit()

    def on_heartbeat_timer(self):
        self.set_timer("heartbeat")
        for peer in self.peers:
            self.replicate(peer)

    def replicate(self, peer):
        prev = self.next_index[peer] - 1
        self.send(
            peer,
            "append_entries",
            term=self.term,
            leader_id=self.id,
            prev_log_index=prev,
            prev_log_term=self.term_at(prev),
            entries=self.log[prev : prev + BATCH],
            leader_commit=self.commit_index,
        )

    def on_append_entries(self, src, m):
        self.adopt(m.term)
        if m.term < self.term:
            return self.send(src, "append_entries_res", term=self.term, success=False)
        self.follow(src)
        self.set_timer("election")
        agrees = self.term_at(m.prev_log_index) == m.prev_log_term
        if agrees:
            self.append(m.prev_log_index, m.entries)
        self.persist()
        if not agrees:
            hint = min(m.prev_log_index - 1, self.last_index)
            return self.send(src, "append_entries_res", term=self.term, success=False, hint=hint)
        matched = m.prev_log_index + len(m.entries)
        self.commit_index = max(self.commit_index, min(m.leader_commit, matched))
        self.send(src, "append_entries_res", term=self.term, success=True, match_index=matched)

    def append(self, prev, entries):
        """Only entries that differ are replaced: a message may be an old one."""
        for index, entry in enumerate(entries, prev + 1):
            if self.term_at(index) != entry["term"]:
                del self.log[index - 1 :]
                self.log.append(entry)

    def on_append_entries_res(self, src, m):
        self.adopt(m.term)
        self.persist()
        if self.role != "leader" or m.term != self.term:
            return
        if m.success:
            self.match_index[src] = max(self.match_index[src], m.match_index)
            self.next_index[src] = max(self.next_index[src], m.match_index + 1)
            self.commit()
        else:
            lower = min(self.next_index[src] - 1, m.hint + 1)
            self.next_index[src] = max(lower, self.match_index[src] + 1)
            self.replicate(src)

    # Commitment (§5.4.2).

    def commit(self):
        for index in range(self.last_index, self.commit_index, -1):
            holders = 1 + sum(match >= index for match in self.match_index.values())
            if self.may_commit(index) and self.is_majority(holders):
                committed = range(self.commit_index + 1, index + 1)
                self.commit_index = index
                for done in committed:
                    entry = self.log[done - 1]
                    if entry["term"] == self.term and entry["op"] is not None:
                        self.reply(committed=done)
                break

    def may_commit(self, index):
        return self.term_at(index) == self.term


if __name__ == "__main__":
    hustings.run(Raft)
