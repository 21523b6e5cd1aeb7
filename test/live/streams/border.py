#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""libaccord at a border: a program in C gives in a product at KOR, opens it at JPN and says who is in a room.  Then KOR's desk
shows a feed of JPN while the line between the two couriers is cut and comes back, and the reader's own with it, and while
all of KOR's gateway is stopped and started: nothing is lost, nothing comes twice.

    B=build CC=cc python3 test/live/streams/border.py"""
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.join(ROOT, "demo"), HERE]
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.abspath(os.environ.get("BORDER_DIR", os.path.join(BUILD, "border")))
os.environ["DEMO_DIR"] = BASE
import story  # noqa: E402
from gateways import Refused, Wire, dial  # noqa: E402
from streams import event  # noqa: E402
from tell import check, conclude, say, totals, until  # noqa: E402

EACH, CUT_S = 40, 4.0  # warnings of each part; seconds for which both lines are cut
SEED_HEX = "7e" * 32


class Border(story.Story):
    reader = None

    def begin(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.parties_and_law()
            self.assurances()
        check("the parties, the law and the assurances are there", totals()[1] == 0)
        self.desk_wire = Wire(self.kor.desk)
        for name in ("follow", "desk"):
            subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                            *os.environ.get("SAN", "").split(), "-I" + os.path.join(ROOT, "include"),
                            os.path.join(ROOT, "docs", "examples", name + ".c"), os.path.join(BUILD, "library", "libaccord.a"),
                            "-ljansson", "-lssl", "-lcrypto", "-o", self.out(name)], check=True)

    # ---- products and presence ----

    def library(self, g, who, *words, key=None):
        """One call of the program: its status, what it prints, what it says of a failure."""
        folder = os.path.join(g.dir, "people", who)
        done = subprocess.run([self.out("desk"), g.desk, g.code, who, os.path.join(g.dir, "authority.crt"), folder,
                               key or os.path.join(folder, "key"), *words], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr.strip()

    def product(self):
        say("\n== a product, given in and opened by the library")
        content, copy = self.out("pad.bin"), self.out("pad.jpn")
        with open(content, "wb") as f:
            f.write(os.urandom(300_000))
        marking = "KOR:II of KOR about dprk-missile from imagery to JPN"
        status, handle, why = self.library(self.kor, "park.author", "submit", marking, "Pad, by the library", content)
        check("it is given in", status == 0 and len(handle.strip()) == 32, why or handle.strip())
        status, _, why = self.library(self.kor, "park.author", "submit", marking, "one\ttwo", content)
        check("what the guard refuses is said in its words", status == 1 and "tabs" in why, why)
        status, _, why = self.library(self.jpn, "suzuki", "open", "0" * 32, "exercise", copy)
        check("what is not there does not open", status == 1 and not os.path.exists(copy), why)
        status, _, why = self.library(self.jpn, "suzuki", "open", "../x", "exercise", copy)
        check("nor what is no handle, and that is said", status == 1 and "handle" in why, why)
        item = self.waits_for_item("Pad, by the library")
        status, said, why = self.library(self.jpn, "suzuki", "open", item["handle"], "exercise", copy)
        check("it opens at the partner, under its banner", status == 0 and "II" in said.splitlines()[0], why or said.splitlines()[0])
        with open(content, "rb") as a, open(copy, "rb") as b:
            check("and is what its author gave in", a.read() == b.read())
        os.unlink(copy)
        status, _, why = self.library(self.jpn, "no.need", "open", item["handle"], "exercise", copy)
        check("who has no need to know opens nothing, and no file is left", status == 1 and not os.path.exists(copy), why)

    def waits_for_item(self, title):
        item = self.find(self.jpn, "suzuki", title, 20)
        if item is None:  # the national rules of KOR want an officer's word
            for held in self.kor.one("queue")["held"]:
                self.kor.one("approve", held["held"], held["partner"])
            item = self.find(self.jpn, "suzuki", title, 20)
        return item

    def presence(self):
        say("\n== who is in a room, by the library")
        g, key = self.kor, self.out("gate.key")
        with open(key, "w") as f:
            f.write(SEED_HEX + "\n")
        der = bytes.fromhex("302e020100300506032b657004220420" + SEED_HEX)
        public = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], input=der,
                                capture_output=True, check=True).stdout[-32:].hex()
        g.both("room", "add", "ops", "--ceiling", "KOR:III,KOR:II", "--presence", 30, "--comes-back", "rule")
        g.both("room", "reader", "add", "ops", "gate-a", "--key", public)
        say_at = lambda *w, k=key: self.library(g, "park.author", "presence", "gate-a", "ops", *w, key=k)  # noqa: E731
        status, lease, why = say_at("1", "enter park.author")
        check("a reader's word is taken, and it hears the lease", status == 0 and 0 < int(lease) <= 30000, why or lease.strip())
        rows = g.one("room", "list")["rooms"]
        check("and he is in the room", any(r.get("what") == "occupant" and r["person"] == "park.author" for r in rows))
        status, lease, why = say_at("2")
        check("a heartbeat is one of no names", status == 0 and int(lease) > 0, why or lease.strip())
        status, _, why = say_at("2", "leave park.author")
        check("a number that was taken is refused", status == 1, why)
        status, _, why = say_at(str(2**64 - 1))
        check("one above which there is none is refused, too", status == 1 and "2^61" in why, why)
        status, _, why = say_at("3", k=os.path.join(g.dir, "people", "park.author", "key"))
        check("a key that is not the reader's is refused", status == 1, why)

    def nowhere(self):
        say("\n== a source at an address of another machine")
        g = self.kor
        g.both("source", "add", "far", "--udp", "192.0.2.77:7001", "--kind", "track", "--precedence", "ROUTINE",
               "--marking", "KOR:III of KOR about maritime from radar")
        said = lambda: {s["source"]: s["listening"] for s in g.one("source", "list")["sources"]}.get("far")  # noqa: E731
        check("its officers see that it is not listened to, and why",
              until(20, lambda: said() == "no: the address or interface is none of this machine's"), said())
        check("and that there is one such source", g.one("status")["not-listening"] == 1)
        g.one("source", "remove", "far")

    # ---- a feed over two lines that are cut ----

    def follow(self):
        g = self.kor
        self.reader = subprocess.Popen(
            [self.out("follow"), self.desk_wire.address, "KOR", g.first, os.path.join(g.dir, "authority.crt"),
             os.path.join(g.dir, "people", g.first), self.out("seen")], stdin=subprocess.DEVNULL,
            stdout=open(self.out("follow.out"), "ab"), stderr=open(self.out("follow.err"), "ab"))

    def lines(self):
        if not os.path.exists(self.out("follow.out")):
            return []
        with open(self.out("follow.out"), encoding="utf-8") as f:
            rows = [l.split(" ", 2) for l in f.read().split("\n")[:-1]]
        return [(kind, json.loads(data)) for kind, _, data in rows]

    def uids(self):
        return [d["report"]["uid"] for kind, d in self.lines() if kind == "report" and d["feed"] == "north"]

    def send(self, first, count, seconds):
        for i in range(first, first + count):
            self.socket.sendall(event(f"w-{i:04}", "b-r-f-h-c"))
            time.sleep(seconds / count)

    def feed(self):
        say("\n== a feed of JPN at KOR's desk, both lines cut")
        at = self.source(self.jpn, "north", "warning", "JPN:HI of JPN about dprk-missile from radar to KOR", "FLASH")
        self.follow()
        check("the reader begins", until(30, lambda: any(k == "back" for k, _ in self.lines())))
        self.socket = dial(("127.0.0.1", int(at.rsplit(":", 1)[1])))
        self.send(0, 1, 0.1)
        check("and is shown what comes", until(30, lambda: self.uids() == ["w-0000"]), str(self.uids()))
        self.send(1, EACH, 1.0)
        cut = self.wires["KOR"].cut() + self.wires["JPN"].cut() + self.desk_wire.cut()
        self.send(1 + EACH, EACH, CUT_S / 2)
        self.desk_wire.mend()  # the reader is back before the link is
        self.send(1 + 2 * EACH, EACH, CUT_S / 2)
        self.reader.send_signal(signal.SIGTERM)
        check("the reader is stopped while nothing comes from there", self.reader.wait(20) == 0)
        self.wires["KOR"].mend()
        self.wires["JPN"].mend()
        self.send(1 + 3 * EACH, EACH, 1.0)
        self.follow()
        self.send(1 + 4 * EACH, EACH, 1.0)
        check("the lines were cut", cut >= 3, f"{cut} connections")
        self.all_came(1 + 5 * EACH)

    def starts_anew(self):
        say("\n== KOR's gateway starts anew in the midst of the feed")
        sent = 1 + 5 * EACH
        self.send(sent, EACH, 1.0)
        check("it ends in good order", self.kor.stop() == 0)
        self.send(sent + EACH, EACH, 1.0)
        self.kor.start()
        self.kor.wait_ready()
        self.send(sent + 2 * EACH, EACH, 1.0)
        self.all_came(sent + 3 * EACH)

    def all_came(self, count):
        wanted = [f"w-{i:04}" for i in range(count)]
        until(30, lambda: len(self.uids()) >= count)
        got = self.uids()
        check("every warning comes, once and in order", got == wanted,
              f"{len(got)} of {count}, missing {[u for u in wanted if u not in got][:5]}")
        check("no gap is told", not [d for k, d in self.lines() if k == "note" and d["note"] == "gap"])

    def run(self):
        try:
            self.begin()
            self.product()
            self.presence()
            self.nowhere()
            self.feed()
            self.starts_anew()
        except Refused as no:
            check("nothing that is asked for is refused", False, str(no))
        finally:
            if self.reader is not None:
                self.reader.kill()
            for g in self.g.values():
                check(f"{g.code}'s gateway ends in good order", g.stop() == 0)


def main():
    Border().run()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
