#!/usr/bin/env python3
"""Captures logs of HashiCorp's raft: hashicorp.py SERVER FOLDER [--json]

SERVER is the program in hashicorp/, built as samples/logs/README.md says. Needs root.
"""
import argparse
import os
import pathlib
import re
import tempfile
import time

from lab import Lab, address

NAMES = ["n1", "n2", "n3"]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")


class Hashicorp(Lab):
    """Three servers of the program in hashicorp/."""

    def __init__(self, program, folder, json):
        super().__init__(folder, NAMES)
        self.program, self.json = os.path.abspath(program), json
        self.data = tempfile.TemporaryDirectory()
        self.leaders = 0

    def server(self, name):
        cluster = ",".join(f"{n}={address(n)}:7000" for n in NAMES)
        self.start(name, [
            self.program, "-id", name, "-addr", f"{address(name)}:7000",
            "-cluster", cluster, "-data", f"data/{name}", *(["-json"] if self.json else []),
        ], self.data.name)

    def begin(self):
        for name in NAMES:
            self.server(name)
        self.note("all started")

    def again(self, name):
        self.server(name)
        self.note(f"{name} started again")

    def elections(self):
        """Who said that it leads, in order: the logs tell it."""
        lines = [
            (STAMP.search(line).group(), name)
            for name in NAMES
            for line in pathlib.Path(self.folder, f"{name}.log").read_text().splitlines()
            if "entering leader state" in line
        ]
        return [name for _, name in sorted(lines)]

    def leader(self, after=0):
        """The newest leader, once there were more than `after` of them."""
        while len(self.elections()) <= after:
            time.sleep(0.05)
        leader = self.elections()[-1]
        self.note(f"(seen) {leader} leads")
        return leader

    def next_leader(self, action, *arguments):
        """The leader that follows what `action` does."""
        before = len(self.elections())
        action(*arguments)
        return self.leader(before)

    def others(self, name):
        return [n for n in NAMES if n != name]


def scenario(lab):
    lab.begin()
    first = lab.leader()
    time.sleep(2)
    lab.next_leader(lab.kill, first)
    time.sleep(1.5)
    lab.again(first)
    time.sleep(2)
    second = lab.leader()
    lab.next_leader(lab.unplug, second)
    time.sleep(2)
    lab.plug(second)
    time.sleep(4)
    lab.next_leader(lab.pause, lab.leader(), 4)
    time.sleep(3)
    follower = lab.others(lab.leader())[0]
    lab.unplug(follower)
    time.sleep(5)
    lab.plug(follower)
    time.sleep(4)
    leader = lab.leader()
    pathlib.Path(lab.data.name, "data", leader, "transfer").touch()
    lab.note(f"{leader} told to hand over its leadership (it does within a second)")
    time.sleep(4)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server")
    parser.add_argument("folder")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lab = Hashicorp(arguments.server, arguments.folder, arguments.json)
    try:
        scenario(lab)
    finally:
        lab.end()


if __name__ == "__main__":
    main()
