#!/usr/bin/env python3
"""Captures logs of etcd: etcd.py SCENARIO FOLDER [--etcd PATH]

Debian's etcd-server and etcd-client have etcd 3.4 (bookworm) or 3.5 (trixie). Needs root.
"""
import argparse
import json
import subprocess
import tempfile
import time

from lab import Lab, address


class Etcd(Lab):
    """A cluster of etcd; `options` go to each member."""

    def __init__(self, folder, names, options, program):
        super().__init__(folder, names)
        self.options, self.program = options, program
        self.data = tempfile.TemporaryDirectory()

    def member(self, name):
        peer, client = f"http://{address(name)}:2380", f"http://{address(name)}:2379"
        cluster = ",".join(f"{n}=http://{address(n)}:2380" for n in self.names)
        # Folders are relative, so that no log names a folder of this machine.
        self.start(name, [
            self.program, "--name", name, "--data-dir", f"data/{name}",
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--initial-cluster", cluster, "--initial-cluster-state", "new", *self.options,
        ], self.data.name)

    def begin(self):
        for name in self.names:
            self.member(name)
        self.note("all started")

    def again(self, name):
        self.member(name)
        self.note(f"{name} started again")

    def ctl(self, name, *command, seconds=2):
        """etcdctl on the machine of `name`: what it prints, or None if it fails."""
        process = self.inside(name, [
            "etcdctl", "--endpoints", f"http://{address(name)}:2379",
            f"--command-timeout={seconds}s", *command,
        ], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={
            "ETCDCTL_API": "3", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"})
        out = process.communicate()[0]
        return out.decode() if process.returncode == 0 else None

    def leader(self, asked=None):
        """The member that says it leads; waits until one of `asked` does."""
        while True:
            for name in asked or self.names:
                out = self.ctl(name, "endpoint", "status", "-w", "json", seconds=1)
                status = json.loads(out)[0]["Status"] if out else {}
                if status and status.get("leader") == status["header"]["member_id"]:
                    self.note(f"(seen) {name} leads term {status['raftTerm']}")
                    return name
            time.sleep(0.1)

    def others(self, name):
        return [n for n in self.names if n != name]

    def write(self, name, count):
        for key in range(count):
            self.ctl(name, "put", f"k{key}", "v")
        self.note(f"{count} keys written at {name}")


def restarts(lab):
    """The leader killed and restarted, the next one paused, the last one left alone."""
    lab.begin()
    first = lab.leader()
    time.sleep(2)
    lab.kill(first)
    second = lab.leader(lab.others(first))
    time.sleep(2)
    lab.again(first)
    time.sleep(2)
    lab.pause(second, 4)
    time.sleep(2)
    third = lab.leader()
    followers = lab.others(third)
    lab.kill(*followers)
    time.sleep(6)
    lab.again(followers[0])
    lab.leader([third, followers[0]])
    time.sleep(1)


def isolation(lab):
    """A follower cut off for a while and joined again, then the leader."""
    lab.begin()
    first = lab.leader()
    time.sleep(1.5)
    follower = lab.others(first)[0]
    lab.unplug(follower)
    time.sleep(1)
    lab.write(first, 3)
    time.sleep(4)
    lab.plug(follower)
    time.sleep(4)
    leader = lab.leader()
    lab.unplug(leader)
    lab.leader(lab.others(leader))
    time.sleep(2)
    lab.plug(leader)
    time.sleep(3)
    lab.leader()


def deaf(lab):
    """A follower that the leader hears, but that no longer hears the leader."""
    lab.begin()
    first = lab.leader()
    time.sleep(1.5)
    follower = lab.others(first)[0]
    lab.deafen(follower, first)
    time.sleep(8)
    lab.deafen(follower, first, deaf=False)
    time.sleep(3)
    leader = lab.leader()
    lab.kill(leader)
    lab.leader(lab.others(leader))
    time.sleep(1)
    lab.again(leader)
    time.sleep(2)


SCENARIOS = {"restarts": restarts, "isolation": isolation, "deaf": deaf}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("folder")
    parser.add_argument("--etcd", default="etcd", help="the program")
    parser.add_argument("--members", type=int, default=3)
    arguments, options = parser.parse_known_args()
    names = [f"m{i + 1}" for i in range(arguments.members)]
    lab = Etcd(arguments.folder, names, options, arguments.etcd)
    try:
        SCENARIOS[arguments.scenario](lab)
    finally:
        lab.end()


if __name__ == "__main__":
    main()
