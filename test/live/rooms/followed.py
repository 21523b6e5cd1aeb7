#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A log of an access control system that cannot be followed, in one gateway with real processes: it is removed, a link or a pipe lies in
its place, it may not be read, its folder is made anew or is not there.  Each is told of, and what is written afterwards is heard.

    B=build python3 test/live/rooms/followed.py"""
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, Refused, ROOT, fresh_folder  # noqa: E402
from screen import at  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("FOLLOWED_DIR", os.path.join(BUILD, "followed"))
LOST = "presence-log cannot be followed"


class Followed:
    def __init__(self):
        self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        self.gates = os.path.join(BASE, "gates")
        self.log = os.path.join(self.gates, "access.log")
        self.came = 0

    def begin(self):
        os.mkdir(self.gates)
        self.write("")
        self.g.found()
        with open(os.path.join(self.g.dir, "accord.conf"), "a") as f:
            f.write(f'presence-log "{self.log}"\n')
        self.g.start()
        self.g.wait_ready()
        self.g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        self.g.both("room", "add", "ops", "--ceiling", "KOR:III,KOR:II", "--presence", 600, "--comes-back", "rule")
        self.g.both("room", "reader", "add", "ops", "badge-log", "--log")

    def write(self, line):
        with open(self.log, "a") as f:
            f.write(line)

    def noted(self, what):
        with open(self.g.log_path, errors="replace") as f:
            return len(re.findall(re.escape(what), f.read()))

    def asked(self, *args):
        """An answer, or {} while the desk starts."""
        try:
            return self.g.one(*args)
        except Refused:
            return {}

    def status(self):
        return self.asked("status").get("desk", {}).get("presence-log", "")

    def heard(self, what):
        self.came += 1
        who = f"guest-{self.came}"

        def there():
            self.write(f"{at(0, True)} badge-log ops enter {who}\n")
            return until(2, lambda: who in str(self.asked("room", "list")))

        check(what, until(20, there))

    def lost(self, what, why, before=None):
        before = self.noted(LOST) if before is None else before
        ok = until(10, lambda: self.noted(LOST) > before and why in self.status())
        check(f"{what}: it is told of, and the status says it", ok, self.status())

    def found(self, what):
        ok = until(20, lambda: self.status() == "is followed")
        check(f"{what}: it is followed again", ok, self.status())
        self.heard(f"{what}: who comes then is heard of")

    # ---- parts ----

    def in_its_place(self):
        say("\n== what lies in its place")
        check("the status says that it is followed", until(10, lambda: self.status() == "is followed"), self.status())
        self.heard("who comes is heard of")
        os.remove(self.log)
        self.lost("removed", "no such file")
        os.mkfifo(self.log)
        self.lost("a pipe", "no plain file")
        os.remove(self.log)
        os.symlink("/etc/passwd", self.log)
        self.lost("a link", "a link")
        os.remove(self.log)
        self.write("")
        self.found("a file again")

    def unreadable(self):
        say("\n== a file that the desk's user may not read")
        os.rename(self.log, self.log + ".1")
        os.close(os.open(self.log, os.O_CREAT | os.O_WRONLY, 0o000))
        self.lost("without permission", "may not read")
        os.chmod(self.log, 0o644)
        self.found("with permission")

    def folder(self):
        say("\n== its folder")
        os.rename(self.gates, self.gates + ".old")
        ok = until(10, lambda: self.noted("the folder of presence-log cannot be opened") == 1)
        check("moved away: it is told of", ok)
        os.mkdir(self.gates)
        self.write("")
        ok = until(10, lambda: self.noted("the desk is started anew") == 1)
        check("made anew: the desk is started anew with it", ok)
        self.found("made anew")
        shutil.rmtree(self.gates)
        self.lost("removed", "no such file")
        os.mkdir(self.gates)
        self.write("")
        self.found("made once more")
        check("the desk was started anew for nothing else", self.noted("the desk is started anew") == 2)

    def missing_at_the_start(self):
        say("\n== a folder that is not there at the start")
        self.g.stop()
        shutil.rmtree(self.gates)
        before = self.noted(LOST)
        self.g.start()
        self.g.wait_ready()
        self.lost("not there at the start", "its folder cannot be opened", before)
        os.mkdir(self.gates)
        self.write("")
        self.found("made later")

    def run(self):
        try:
            self.begin()
            self.in_its_place()
            self.unreadable()
            self.folder()
            self.missing_at_the_start()
        finally:
            check("the gateway ends in good order", self.g.stop() == 0)
        return conclude()


if __name__ == "__main__":
    sys.exit(Followed().run())
