#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Streams over a bad line: a gateway, and between its desk and the readers a relay that cuts every connection after any number
of bytes; reports and warnings come meanwhile, and the desk is killed and comes back.  A program in C with libaccord, one in
JavaScript and `accord stream` each have all of them, once and in order; one that stops reading has the newest of each track, and all warnings.

    B=build CC=cc python3 test/live/streams/streams.py"""
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, ROOT, dial, free_port, fresh_folder  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("STREAMS_DIR", os.path.join(BUILD, "streams"))
SEED = int(os.environ.get("SEED", "20261123"))
TRACKS, WARNINGS, BURST = 2000, 20, 30000
MARKING = "KOR:III of KOR about maritime from radar"


class Cutter:
    """A relay that cuts each connection after so many bytes towards the reader as the dice say: mostly in the midst of an event."""

    def __init__(self, to, dice):
        self.to = ("127.0.0.1", int(to.rsplit(":", 1)[1]))
        self.dice, self.cuts, self.calm = dice, 0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(self.to)
            except OSError:
                near.close()
                continue
            left = self.dice.choice((self.dice.randrange(1, 6000), self.dice.randrange(6000, 120000), self.dice.randrange(6000, 400000)))
            threading.Thread(target=self._pass, args=(near, far, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, left), daemon=True).start()

    def _pass(self, a, b, left):
        try:
            while data := a.recv(16384):
                if left is not None and not self.calm:
                    data = data[:left]
                    left -= len(data)
                b.sendall(data)
                if left is not None and left <= 0 and not self.calm:
                    self.cuts += 1
                    b.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def event(uid, kind="a-f-G"):
    return (f"<event version='2.0' uid='{uid}' type='{kind}' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(600)}'>"
            f"<point lat='37.5' lon='127.25' hae='10' ce='9999999' le='9999999'/><detail/></event>").encode()


class Streams:
    def __init__(self):
        self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        self.dice = random.Random(SEED)
        self.readers, self.sockets = {}, {}

    def begin(self):
        self.party()
        for name, kind in (("radar", "track"), ("alarm", "warning")):
            self.source(name, kind)
        self.cutter = Cutter(self.g.desk, self.dice)

    def party(self):
        """A gateway with one person, who reads and writes at a terminal."""
        g = self.g
        g.found()
        g.start()
        g.wait_ready()
        g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        g.accord("person", "key", "han")
        g.both("person", "add", "han", "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
               "--roles", "reader,author", "--clearance", "KOR:III", "--topics", "maritime")
        g.one("terminal", "han")

    def source(self, name, kind):
        at = ("127.0.0.1", free_port())
        self.g.both("source", "add", name, "--tcp", f"{at[0]}:{at[1]}", "--kind", kind, "--precedence", "FLASH", "--marking", MARKING)
        self.sockets[name] = dial(at)

    def compile(self):
        program = os.path.join(BASE, "follow")
        flags = os.environ.get("SAN", "").split()
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags,
                        "-I" + os.path.join(ROOT, "include"), os.path.join(ROOT, "docs", "examples", "follow.c"),
                        os.path.join(BUILD, "library", "libaccord.a"), "-ljansson", "-lssl", "-lcrypto", "-o", program], check=True)
        return [program]

    # ---- readers ----

    def read(self, name, command, *more, desk=None):
        folder = os.path.join(self.g.dir, "people", "han")
        out = open(os.path.join(BASE, name + ".out"), "ab")
        err = open(os.path.join(BASE, name + ".err"), "ab")
        self.readers[name] = subprocess.Popen(
            [*command, desk or self.cutter.address, "KOR", "han", os.path.join(self.g.dir, "authority.crt"), folder,
             os.path.join(BASE, name + ".seen"), *more], stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def listens(self):
        host, port = self.g.desk.rsplit(":", 1)
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            return False
        return True

    def lines(self, name):
        with open(os.path.join(BASE, name + ".out"), encoding="utf-8") as f:
            whole = [l for l in f.read().split("\n")[:-1]]
        rows = [l.split(" ", 2) for l in whole if not l.startswith("{")]
        said = [json.loads(l) for l in whole if l.startswith("{")]
        return [(kind, ident, json.loads(data)) for kind, ident, data in rows] + [
            ("report" if "report" in d else d.get("note") if d.get("note") in ("lost", "back") else "note", "-", d) for d in said]

    def uids(self, name, feed):
        return [d["report"]["uid"] for kind, _, d in self.lines(name)
                if kind == "report" and d["feed"] == feed and d["report"]["uid"] != "probe"]

    # ---- accord stream: from a folder whose accord.conf has the relay in the desk's place ----

    def tool(self, name, *more, who="han"):
        folder = os.path.join(BASE, "elsewhere")
        if not os.path.exists(folder):
            os.makedirs(folder)
            for part in ("authority.crt", "genesis"):
                shutil.copy(os.path.join(self.g.dir, part), folder)
            shutil.copytree(os.path.join(self.g.dir, "people"), os.path.join(folder, "people"))
            with open(os.path.join(self.g.dir, "accord.conf"), encoding="utf-8") as f:
                conf = f.read().replace(self.g.desk, self.cutter.address)
            with open(os.path.join(folder, "accord.conf"), "w", encoding="utf-8") as f:
                f.write(conf)
        command = [os.path.join(BUILD, "bin", "accord"), "stream", "--as", who, "--dir", folder, "--json", *more]
        with open(os.path.join(BASE, name + ".out"), "ab") as out, open(os.path.join(BASE, name + ".err"), "ab") as err:
            self.readers[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def tool_begins(self, name):
        """It says nothing before the first report: one is sent until it has one."""
        def has():
            self.sockets["radar"].sendall(event("probe"))
            return any(kind == "report" for kind, _, _ in self.lines(name)) or self.readers[name].poll() is not None
        return until(60, has) and self.readers[name].poll() is None

    def notes(self, name, note):
        return [d for kind, _, d in self.lines(name) if kind == "note" and d["note"] == note]

    def stop(self, name):
        reader = self.readers.pop(name)
        reader.send_signal(signal.SIGTERM)
        return reader.wait(20)

    # ---- the desk ----

    def desk_kill(self):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as f:
                    stat = f.read()
            except OSError:
                continue
            name, rest = re.match(r"\d+ \((.*)\) (.*)", stat, re.S).groups()
            if name == "accord-desk" and int(rest.split()[1]) == self.g.process.pid:
                os.kill(int(pid), signal.SIGKILL)
                return True
        return False

    # ---- scenes ----

    def send(self, first, count, warnings):
        for i in range(first, first + count):
            self.sockets["radar"].sendall(event(f"track-{i:05}"))
            if warnings and i % (TRACKS // WARNINGS) == 0:
                self.sockets["alarm"].sendall(event(f"warning-{i:05}", "b-r-f-h-c"))
            if i % 20 == 0:
                time.sleep(0.02)

    def over_cuts(self, programs):
        say("\n== over a line that is cut at any byte, and a desk that is killed")
        self.cutter.calm = True
        self.tool("tool")
        check("accord stream begins", self.tool_begins("tool"))
        self.cutter.calm = False
        for name, command in programs.items():
            self.read(name, command)
        ready = until(60, lambda: all("back" in [l[0] for l in self.lines(n)] for n in programs))
        check("the readers begin", ready)
        programs = {**programs, "tool": None}
        self.sockets["radar"].sendall(event("first"))
        self.sockets["alarm"].sendall(event("first", "b-r-f-h-c"))
        seen = until(60, lambda: all("first" in self.uids(n, f) for n in programs for f in ("radar", "alarm")))
        check("and are shown what comes", seen)
        third = TRACKS // 3
        self.send(0, third, True)
        check("the desk is killed", self.desk_kill())
        self.send(third, third, True)
        for name in programs:
            if name != "c":
                continue
            check("one reader is stopped, and keeps what it has seen", self.stop(name) == 0)
        self.send(2 * third, TRACKS - 2 * third, True)
        if "c" in programs:
            self.read("c", programs["c"])
        tracks = ["first"] + [f"track-{i:05}" for i in range(TRACKS)]
        warnings = ["first"] + [f"warning-{i:05}" for i in range(0, TRACKS, TRACKS // WARNINGS)]
        for name in programs:
            until(90, lambda: len(self.uids(name, "radar")) >= len(tracks) and len(self.uids(name, "alarm")) >= len(warnings))
            got = self.uids(name, "radar")
            check(f"{name}: each of {TRACKS} reports once, in order", got == tracks, self.differ(got, tracks))
            got = self.uids(name, "alarm")
            check(f"{name}: each of {WARNINGS} warnings once, in order", got == warnings, self.differ(got, warnings))
            check(f"{name}: no gap is told", not self.notes(name, "gap"), str(self.notes(name, "gap"))[:200])
            lost = [d for kind, _, d in self.lines(name) if kind == "lost"]
            check(f"{name}: it was cut", bool(lost))
            say(f"   {name}: cut {len(lost)} times")
        check("the line was cut often", self.cutter.cuts >= 10, str(self.cutter.cuts))
        for name in programs:
            self.stop(name)
        self.tool_that_ends()

    def tool_that_ends(self):
        self.cutter.calm = True
        self.tool("once", "--end-when-lost")
        check("accord stream --end-when-lost begins", self.tool_begins("once"))
        self.cutter.calm = False
        check("the desk is killed", self.desk_kill())
        code = self.readers.pop("once").wait(30)
        with open(os.path.join(BASE, "once.out"), encoding="utf-8") as f:
            last = json.loads(f.read().splitlines()[-1])
        check("and it ends, and fails", code == 1 and last["code"] == "io" and last["reports"] > 0, str(last))

    @staticmethod
    def differ(got, wanted):
        missing = [u for u in wanted if u not in set(got)]
        twice = [u for u in set(got) if got.count(u) > 1] if len(got) < 4000 else []
        return f"{len(got)} of {len(wanted)}, missing {missing[:5]}, twice {twice[:5]}"

    def one_that_stops(self, name, command):
        say("\n== a reader that stops reading for seconds")
        self.cutter.calm = True
        until(60, self.listens)  # it was killed before
        self.read(name, command, "8000", desk=self.g.desk)
        until(60, lambda: "back" in [l[0] for l in self.lines(name)])
        self.sockets["radar"].sendall(event("first"))
        until(60, lambda: self.uids(name, "radar"))
        for i in range(BURST):
            self.sockets["radar"].sendall(event(f"plane-{i % 50:02}-x"))
            if i % (BURST // 5) == 0:
                self.sockets["alarm"].sendall(event(f"danger-{i:05}", "b-r-f-h-c"))
        self.sockets["radar"].sendall(event("last"))
        until(60, lambda: "last" in self.uids(name, "radar"))
        got = self.uids(name, "radar")
        left_out = sum(d["count"] for d in self.notes(name, "conflated"))
        check("it is told what was left out, and that is the difference", left_out > 0 and left_out + len(got) == BURST + 2,
              f"{left_out} left out, {len(got)} shown of {BURST + 2}")
        check("each track is there", {f"plane-{i:02}-x" for i in range(50)} <= set(got))
        check("all warnings are there, in order", self.uids(name, "alarm") == [f"danger-{i:05}" for i in range(0, BURST, BURST // 5)])
        check("it was not cut", not [1 for kind, _, _ in self.lines(name) if kind == "lost"])
        self.stop(name)

    def run(self):
        try:
            self.begin()
            programs = {"c": self.compile()}
            node = subprocess.run(["node", "--version"], capture_output=True, text=True)
            if node.returncode == 0 and int(node.stdout[1:].split(".")[0]) >= 18:
                programs["js"] = ["node", os.path.join(HERE, "follow.mjs")]
                words = subprocess.run(["node", os.path.join(HERE, "words.mjs")], capture_output=True, text=True)
                check("the JavaScript client says what is wrong with what it is given", words.returncode == 0, words.stderr[-400:])
            else:
                say("there is no node of version 18 or newer: the JavaScript client is not tried")
            self.over_cuts(programs)
            if "js" in programs:
                self.one_that_stops("slow", programs["js"])
        finally:
            for reader in self.readers.values():
                reader.kill()
            self.g.stop()


def main():
    Streams().run()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
