"""Servers in network namespaces of their own, and a diary of what is done to them.

Each server has one address on a bridge, so that it can be cut off as a machine can
(its link goes down) or be deaf to one other (a rule of its own firewall). Needs root,
iproute2 and iptables.
"""
import os
import signal
import subprocess
import time
from datetime import datetime, timezone

BRIDGE = "raftlogs"


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def address(name):
    """The address of `m3` or `n3` is 10.77.0.3."""
    return f"10.77.0.{name[1:]}"


class Lab:
    """Named servers; `folder` takes their logs, and the diary as `diary.md`."""

    def __init__(self, folder, names):
        self.folder, self.names, self.processes = folder, names, {}
        os.makedirs(folder, exist_ok=True)
        self.diary = open(os.path.join(folder, "diary.md"), "w", encoding="utf-8")
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "link", "set", BRIDGE, "up")
        for name in names:
            self._connect(name)

    def _connect(self, name):
        outer, inner = f"rl-{name}", f"in-{name}"
        run("ip", "netns", "add", outer)
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
        run("ip", "link", "set", inner, "netns", outer)
        run("ip", "link", "set", outer, "master", BRIDGE)
        run("ip", "link", "set", outer, "up")
        run("ip", "-n", outer, "link", "set", "lo", "up")
        run("ip", "-n", outer, "addr", "add", f"{address(name)}/24", "dev", inner)
        run("ip", "-n", outer, "link", "set", inner, "up")

    def note(self, text):
        now = datetime.now(timezone.utc)
        line = f"| {now:%H:%M:%S}.{now.microsecond // 100000} | {text} |"
        print(line, flush=True)
        self.diary.write(line + "\n")
        self.diary.flush()

    def inside(self, name, command, **options):
        """Starts `command` as if on the machine of `name`."""
        return subprocess.Popen(["ip", "netns", "exec", f"rl-{name}", *command], **options)

    def start(self, name, command, cwd):
        with open(os.path.join(self.folder, f"{name}.log"), "ab") as log:
            self.processes[name] = self.inside(name, command, cwd=cwd, stdout=log, stderr=log)

    def signal(self, name, number, text):
        self.processes[name].send_signal(number)
        self.note(f"{name} {text}")

    def kill(self, *names):
        for name in names:
            self.processes[name].kill()
        for name in names:
            self.processes.pop(name).wait()
        self.note(f"{' and '.join(names)} killed (-9)")

    def pause(self, name, seconds):
        self.signal(name, signal.SIGSTOP, "stopped (SIGSTOP)")
        time.sleep(seconds)
        self.signal(name, signal.SIGCONT, "continued (SIGCONT)")

    def unplug(self, name):
        run("ip", "link", "set", f"rl-{name}", "down")
        self.note(f"{name} cut off from all others, both ways")

    def plug(self, name):
        run("ip", "link", "set", f"rl-{name}", "up")
        self.note(f"{name} joined again")

    def deafen(self, name, other, deaf=True):
        """`name` no longer receives anything from `other`."""
        rule = ["INPUT", "-s", address(other), "-j", "DROP"]
        run("ip", "netns", "exec", f"rl-{name}", "iptables", "-A" if deaf else "-D", *rule)
        self.note(f"{name} {'no longer receives' if deaf else 'receives again'} what {other} sends")

    def end(self):
        """Kills whatever runs, all at once, and takes the network down."""
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        self.note("all ended (-9)")
        for name in self.names:
            subprocess.run(["ip", "netns", "del", f"rl-{name}"], check=False)
            subprocess.run(["ip", "link", "del", f"rl-{name}"], check=False,
                           stderr=subprocess.DEVNULL)
        run("ip", "link", "del", BRIDGE)
