#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A feed that one partner may have as it is and another only coarser: three gateways of real processes, a law that changes
while the feed is open, what each desk prints, and whose copy it is when that leaks.

    B=build python3 test/live/reduced/reduced.py"""
import json
import math
import os
import re
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
ROOT = os.path.join(HERE, "..", "..", "..")
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
os.environ["DEMO_DIR"] = os.environ.get("REDUCED_DIR", os.path.join(BUILD, "reduced"))
from story import Story  # noqa: E402
from tell import Stream, check, conclude, refused, say  # noqa: E402

RULES = """    define reduction COARSE = position to 10 km
    define reduction HIDDEN = position to 30 km, without source
    never track from radar to {} unless reduced {}
"""
RADAR = "KOR:II of KOR about dprk-missile from radar to JPN,USA"
FLOWN = 300


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def event(uid, lat, lon):
    return (f"<event version='2.0' uid='{uid}' type='a-h-A' how='m-r' time='{at(-1)}' start='{at(-1)}' stale='{at(60)}'>"
            f"<point lat='{lat:.7f}' lon='{lon:.7f}' hae='9000' ce='10' le='10'/><detail/></event>").encode()


def apart_m(a, b):
    return math.hypot((a[0] - b[0]) * 111195, (a[1] - b[1]) * 111195 * math.cos(math.radians(a[0])))


class Reduced(Story):
    def rules(self, reduction, to="JPN"):
        path = self.out(f"KOR-{reduction}.rules")
        with open(os.path.join(ROOT, "agreements", "rules", "KOR.rules")) as f, open(path, "w") as g:
            g.write(f.read() + RULES.format(to, reduction))
        self.kor.both("rules", "load", path, "--policies", os.path.join(ROOT, "policies"))

    def begin(self):
        self.parties_and_law()
        self.assurances()
        self.rules("COARSE")
        self.source(self.kor, "radar", "track", RADAR, "FLASH")

    def fly(self, uid, first=0):
        """A track of FLOWN reports, some 1.4 km between two; where it was."""
        host, port = self.at["radar"].rsplit(":", 1)
        places = [(36.0 + i * 0.01, 130.0 + i * 0.012) for i in range(first, first + FLOWN)]
        with socket.create_connection((host, int(port)), timeout=10) as s:
            for p in places:
                s.sendall(event(uid, *p))
                time.sleep(0.005)
        return places

    def watch(self):
        return {g.code: Stream(g, who)
                for g, who in ((self.kor, "park.author"), (self.jpn, "suzuki"), (self.usa, "miller"))}

    @staticmethod
    def shown(stream, uid, count=FLOWN, hidden=False, seconds=30):
        def want(e):
            r = e.get("report", {})
            return (not r["uid"].startswith("hawk") if hidden else r["uid"] == uid) if "uid" in r else False
        return stream.wait(count, seconds, want)

    def leaked(self, name, events):
        path = self.out(name)
        with open(path, "w") as f:
            f.write("".join(json.dumps(e) + "\n" for e in events))
        return path

    def traced(self, path, *more):
        return self.kor.one("trace", path, "--reason", "it was seen on a public page", *more)["found"]

    def as_each_may(self):
        say("\n== each desk prints what its party may have")
        self.streams = self.watch()
        host, port = self.at["radar"].rsplit(":", 1)
        end = time.monotonic() + 60
        while time.monotonic() < end and not all(self.shown(s, "hawk-0", 1, seconds=0.2) for s in self.streams.values()):
            with socket.create_connection((host, int(port)), timeout=10) as out:  # a stream begins with what comes after it
                out.sendall(event("hawk-0", 36.0, 130.0))
        where = self.fly("hawk-1")
        got = {code: self.shown(s, "hawk-1") for code, s in self.streams.items()}
        check("all three have all reports", all(len(g) == FLOWN for g in got.values()),
              ", ".join(f"{c} {len(g)}" for c, g in got.items()))
        off = {c: [apart_m((e["report"]["lat"], e["report"]["lon"]), p) for e, p in zip(g, where)] for c, g in got.items()}
        check("at KOR and at USA as they are", max(off["KOR"] + off["USA"]) < 1 and not any("reduced" in e for e in got["KOR"] + got["USA"]))
        check("at JPN in cells of 10 km, and it says so", all(e.get("reduced") == "position-m=10000" for e in got["JPN"]) and
              sum(off["JPN"]) / FLOWN > 2000, f"off by {sum(off['JPN']) / max(1, len(off['JPN'])):.0f} m in the mean")
        check("within the error that it tells", all(o <= e["report"]["ce"] for o, e in zip(off["JPN"], got["JPN"])))
        sources = self.kor.one("source", "list")["sources"]
        check("KOR's list of sources says who has it so", [s.get("reduced") for s in sources if s["source"] == "radar"] == ["JPN position-m=10000"])
        return got

    def whose_copy(self, got):
        say("\n== whose copy has leaked")
        found = self.traced(self.leaked("jpn.jsonl", got["JPN"]))
        check("what JPN's desk printed names JPN", len(found) == 1 and found[0]["recipients"] == ["JPN"] and found[0]["chance-log10"] < -9,
              json.dumps(found))
        cot = self.out("jpn.xml")
        with open(cot, "wb") as f:
            f.write(b"\n".join(event("hawk-1", e["report"]["lat"], e["report"]["lon"]) for e in got["JPN"]))
        check("so it does as events of Cursor on Target", [f["recipients"] for f in self.traced(cot)] == [["JPN"]])
        check("what USA's desk printed is nobody's copy", self.traced(self.leaked("usa.jsonl", got["USA"])) == [])
        refused("a file that holds no report is refused", lambda: self.traced(self.leaked("none.jsonl", [])))
        refused("who is no security officer or auditor gets no keys",
                lambda: self.kor.one("trace", self.out("jpn.jsonl"), "--reason", "curious", who="park.author"))

    def law_changes(self):
        say("\n== other rules while the feed is open")
        self.rules("HIDDEN")
        time.sleep(4)
        self.fly("hawk-2", first=100)
        usa = self.shown(self.streams["USA"], "hawk-2")
        jpn = self.shown(self.streams["JPN"], None, hidden=True)
        check("USA has it as before", len(usa) == FLOWN)
        check("JPN has it under another name, of a feed that is not named",
              len(jpn) == FLOWN and {e["report"]["uid"] for e in jpn} != {"hawk-2"} and all(e["feed"].startswith("hidden-") for e in jpn) and
              all(e["reduced"] == "position-m=30000,without=source" for e in jpn), f"{len(jpn)} {jpn[0] if jpn else ''}")
        path = self.leaked("hidden.jsonl", jpn)
        check("by the cells JPN is named without the track's own name", [f["recipients"] for f in self.traced(path)] == [["JPN"]])
        told = self.kor.one("trace", path, "--reason", "it was seen on a public page")
        check("and it says by what option it is told whose track that is", "--uid" in told.get("hint", ""), json.dumps(told))
        found = self.traced(path, "--uid", "hawk-2")
        check("with it JPN is, by the cells and by the name alone", [f["recipients"] for f in found] == [["JPN"], ["JPN"]], json.dumps(found))
        renamed = self.leaked("renamed.jsonl", [{"report": {**e["report"], "uid": "x"}} for e in jpn])
        check("under a name that somebody made up nobody is named", self.traced(renamed) == [])
        check("with its own name JPN is again", [f["recipients"] for f in self.traced(renamed, "--uid", "hawk-2")] == [["JPN"]])

    def restart(self, got):
        say("\n== the next day")
        self.rules("COARSE")
        check("KOR's gateway ends in good order", self.kor.stop() == 0)
        self.kor.start()
        self.kor.wait_ready()
        time.sleep(6)
        where = {e["report"]["lat"] for e in got["JPN"]}
        self.fly("hawk-1")
        again = self.shown(self.streams["JPN"], "hawk-1", 2 * FLOWN)[FLOWN:]
        check("the same track is in the same cells", len(again) > FLOWN / 2 and {e["report"]["lat"] for e in again} <= where, f"{len(again)}")

    def mixed(self):
        say("\n== two who put their copies together")
        self.rules("COARSE", "JPN, USA")
        time.sleep(4)
        self.fly("hawk-3")
        got = [self.shown(self.streams[c], "hawk-3") for c in ("JPN", "USA")]
        check("both have it made coarser, each in its own way", [len(g) for g in got] == [FLOWN, FLOWN] and
              not {e["report"]["lat"] for e in got[0]} & {e["report"]["lat"] for e in got[1]})
        told = self.traced(self.leaked("turns.jsonl", [pair[i % 2] for i, pair in enumerate(zip(*got))]))
        check("by turns: both are named, one after the other", sorted(f["recipients"] for f in told) == [["JPN"], ["USA"]] and
              not any(f["mixed"] for f in told), json.dumps(told))
        middle = [{"report": {"uid": "hawk-3", **{k: (a["report"][k] + b["report"][k]) / 2 for k in ("lat", "lon")}}}
                  for a, b in zip(*got)]
        told = self.traced(self.leaked("middle.jsonl", middle))
        check("the middle of both: it is named as of these two", [(f["recipients"], f["mixed"]) for f in told] == [(["JPN", "USA"], True)],
              json.dumps(told))
        told = self.traced(self.leaked("one.jsonl", got[1]))
        check("one alone names no other", [f["recipients"] for f in told] == [["USA"]], json.dumps(told))

    def found(self, gateway, *texts):
        return [leaf for leaf in self.leaves(gateway) if all(t.encode() in leaf for t in texts)]

    def taken_back(self):
        say("\n== KOR takes back an epoch of its feed")
        plain = [leaf for leaf in self.found(self.kor, "kind epoch\n", "\nfeed radar\n") if b"\nof " not in leaf]
        gave = [re.search(rb"\nepoch ([0-9a-f]{32})\n", leaf)[1].decode() for leaf in plain]
        given = [e for e in gave if self.found(self.usa, "kind received\n", e)]
        epoch = given[0]
        made = self.found(self.kor, "kind epoch\n", f"\nof {epoch}\n")
        derived = re.search(rb"\nepoch ([0-9a-f]{32})\n", made[0])[1].decode()
        told = self.kor.one("recall", epoch, "--reason", "the sensor was wrong")
        check("it is told who has it made coarser", told.get("coarser") == "JPN" and told.get("epochs") == 1, json.dumps(told))
        for g, what in ((self.usa, epoch), (self.jpn, derived)):
            handle = re.search(rb"\nhandle ([0-9a-f]{32})\n", self.found(g, "kind received\n", what)[0])[1].decode()
            end = time.monotonic() + 15
            while time.monotonic() < end and not self.found(g, "kind recalled\n", handle):
                time.sleep(0.2)
            check(f"{g.code} has destroyed its key", bool(self.found(g, "kind recalled\n", handle)))
        end = time.monotonic() + 15
        done = []
        while time.monotonic() < end and len(done) < 2:
            done = [o for o in self.kor.one("orders")["orders"] if o.get("what") == "recall" and o.get("state") == "done"]
        check("both have answered KOR", sorted((o["partner"], o["gone"]) for o in done) == [("JPN", 1), ("USA", 1)], json.dumps(done))

    def checked(self):
        say("\n== anybody who has the ledgers works it out again")
        for g in self.g.values():
            told = g.accord("replay", g.dir)
            check(f"{g.code}'s verdicts follow", told["differ"] == 0 and "coarser-than-needed" not in told,
                  f"{told['recomputed']} verdicts, {told['derived']} derived epochs")
            if g is self.kor:
                check("each derived epoch was made coarser by the least", told["derived"] >= 4)
        for other in (self.jpn, self.usa):
            told = self.kor.accord("reconcile", self.kor.dir, other.dir)
            check(f"KOR's ledger and {other.code}'s agree", not told.get("differences"), json.dumps(told)[:200])

    def end(self):
        for s in self.streams.values():
            s.close()
        for g in self.g.values():
            check(f"{g.code}'s gateway ends in good order", g.stop() == 0)


def main():
    story = Reduced()
    try:
        story.begin()
        got = story.as_each_may()
        story.whose_copy(got)
        story.law_changes()
        story.restart(got)
        story.mixed()
        story.taken_back()
        story.end()
        story.checked()
    finally:
        for g in story.g.values():
            g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
