#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wall display's page at a real desk, in a browser: three gateways, a room of KOR with officers of KOR and USA, and a
visit of JPN (GSOMIA article 8).  Screenshots before, during and after are left in B/console/seen.  The page must have
been made, and the browser be there: test/console/run.sh does and looks.

    B=build python3 test/live/rooms/visit.py"""
import datetime
import glob
import json
import os
import signal
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
BUILD = os.path.abspath(os.environ.get("B", os.path.join(HERE, "..", "..", "..", "build")))
os.environ["DEMO_DIR"] = os.environ.get("VISIT_DIR", os.path.join(BUILD, "visit"))
import story  # noqa: E402
from screen import Page  # noqa: E402
from tell import check, conclude, say  # noqa: E402
from visit import OBJECTS, THREE, TWO, names_of, xml  # noqa: E402

WORDS = {"en": ("Objects", "Warning"), "ko": ("객체", "경보"), "ja": ("目標", "警報")}
RED = "rgb(200, 16, 46)"  # of KOR:II in KOR's policy
WARNED = {"hwasong-14": ["40.6112,126.4257", "43.115,138.011"],  # where each was launched, and is expected
          "scud-c-marv": ["39.1677,127.4817", "38.888,132.099"]}
BOLD = """<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}"""


def place(name):
    return next(f"{r[2]},{r[3]}" for rows in OBJECTS.values() for r in rows if r[0] == name)


class Test(story.Story):
    def begin(self):
        self.parties_and_law()
        self.assurances()
        self.room_made()
        self.page = Page(self.desk, "wall-1", "ko")
        say("\n== a page whose display is off, and then on")
        self.page.ask("it says so", "shows", "이 화면은 꺼져 있습니다")
        self.room_on()
        self.warn(150)
        self.shows("park of KOR alone sees KOR's own and what came from USA", sorted(TWO + names_of("home")), 30)
        self.page.ask("so does the page", "count", len(TWO) + 1)

    # ---- what the page has ----

    def has(self, what, names):
        """In its memory the page has the objects that the other display of the room has, and no more."""
        self.page.ask(f"{what}: so many objects are on the screen", "count", len(names))
        held = json.loads(self.page.say("held"))
        theirs = {i: o["n"] for i, o in self.wall.objects.items()}
        check("its memory has these, and no other", sorted(o["n"] for o in held) == names and
              {o["i"]: o["n"] for o in held} == theirs, ", ".join(sorted(o["n"] for o in held)))
        top, bottom = json.loads(self.page.say("banner"))
        check("above and below stands what the desk says, in the colour of KOR's level II",
              top == bottom and top["line"] == self.wall.room["banner"] and top["back"] == RED, top["line"])
        return held

    def pictures(self, when, languages=tuple(WORDS)):
        for language in languages:
            words = WORDS[language]
            self.page.ask(f"in {language}", "lang", language)
            self.page.ask("it is told all anew", "count", len(self.names()))
            self.page.ask("in its words", "shows", *words)
            self.page.ask(f"a screenshot: visit-{when}-{language}.png", "shot", f"visit-{when}-{language}")

    # ---- parts ----

    def two(self):
        say("\n== cooper of USA comes")
        self.reader.say(self.gate, "enter cooper")
        self.shows("what is KOR's alone goes", TWO)
        self.has("before", TWO)
        check("the list in the banner is whom all of it may go to", self.wall.room["banner"].endswith("//REL TO USA"),
              self.wall.room["banner"])
        self.pictures("1-before")

    def three(self):
        say("\n== sato of JPN is at the door")
        self.before = dict(self.wall.objects)
        keeps = [n for n in THREE if n in ("KAL 721",)]
        goes = [n for n in TWO if n not in THREE and n in ("DDG-993", "TEL-07")]
        keeps = [place(n) for n in keeps] + WARNED["hwasong-14"]
        goes = [place(n) for n in goes] + WARNED["scud-c-marv"]
        self.page.ask("each frame is looked at", "watch", *keeps, *goes)
        said, body = self.reader.say(self.gate, "enter sato")
        check("the reader hears that the door stays shut", said == 200 and json.loads(body)["enter"] is False, body.decode())
        self.shows("only what all three may see is left", THREE)
        self.page.ask("on the page", "count", len(THREE))
        said, body = self.reader.say(self.gate)
        check("the displays have answered: the door may open", json.loads(body)["enter"] is True, body.decode())
        seen = json.loads(self.page.say("watched"))
        check("what stays was there in each frame, a warning's launch and area too", all(not s["bare"] for s in seen[:len(keeps)]), json.dumps(seen))
        check("of what goes not a pixel is left, of the other warning neither", all(s["first"] > 20 and s["last"] == 0 for s in seen[len(keeps):]), goes)
        held = self.has("during", THREE)
        check("what stays has the ids that it had", {o["i"]: o["n"] for o in held} ==
              {i: o["n"] for i, o in self.before.items() if o["n"] in THREE})
        gone = {o["l"] for o in self.before.values() if o["n"] not in THREE}
        check("and no layer of what went", not gone & {o["l"] for o in held}, f"layers {sorted(gone)}")
        check("the banner says JPN too", self.wall.room["banner"].endswith("//REL TO JPN, USA"), self.wall.room["banner"])
        picked = json.loads(self.page.say("pick", place("TEL-07")))
        check("where it was there is nothing to click", picked == "", picked)
        for name in TWO:
            if name not in THREE:
                self.page.ask(f"nothing of {name}", "lacks", name)
        self.pictures("2-during")

    def script(self):
        say("\n== script in every text of a report, while sato is there")
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        host, port = self.at["air"].split(":")
        out.sendto(xml((BOLD[:60], "a-h-A-M-F-F", 43, 122, 0, 0), BOLD, 8), (host, int(port)))
        self.page.ask("it is one more object", "count", len(THREE) + 1)
        picked = json.loads(self.page.say("pick", "43,122"))
        check("its texts are read as they are", BOLD[:60] in picked and "alert(2)" in picked, picked)
        self.page.ask("a screenshot: visit-4-script.png", "shot", "visit-4-script")
        self.page.ask("nothing of it ran", "clean")
        self.page.ask("and it is gone with its time", "count", len(THREE))

    def after(self):
        say("\n== sato leaves")
        self.reader.say(self.gate, "leave sato")
        time.sleep(1.2)
        check("one witness brings nothing back", self.names() == THREE, ", ".join(self.names()))
        self.kor.one("room", "leave", "ops", "sato")
        self.shows("with an officer as the second all of it is there again", TWO)
        self.page.ask("on the page too", "count", len(TWO))
        self.pictures("3-after", ["en"])

    def desk_pid(self):
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path) as f:
                    name, rest = f.read().split(") ", 1)
            except OSError:
                continue
            if name.endswith("(accord-desk") and int(rest.split()[1]) == self.kor.process.pid:
                return int(path.split("/")[2])
        return None

    def stopped(self):
        say("\n== the desk stands still")
        pid = self.desk_pid()
        check("its process is found", pid is not None)
        self.page.ask("in Japanese", "lang", "ja")
        self.page.ask("the picture is there", "lit")
        os.kill(pid, signal.SIGSTOP)
        try:
            self.page.ask("when its lease ends the page goes blank by itself", "shows", "ゲートウェイからの信号がありません")
            top, _ = json.loads(self.page.say("banner"))
            check("with nothing above it", top["line"] == "")
            self.page.ask("a screenshot: visit-5-lease.png", "shot", "visit-5-lease")
        finally:
            os.kill(pid, signal.SIGCONT)
        self.page.ask("it goes on, and so does the page", "lit")
        self.page.ask("with all of it", "count", len(TWO))

    # ---- the record ----

    def seen_by(self, who):
        """From the history: what was shown while he was there, as marking → [from, to]."""
        shown, there, out = {}, None, {}
        for row in self.history():
            at = row["time"]
            marks = [c.split(" ", 1)[1] for c in row["classes"]]
            if row["what"] == "started":
                shown.clear()
            if row["what"] == "shown":
                shown.update({m: at for m in marks})
            if row["what"] == "masked":
                for m in marks:
                    since = shown.pop(m, None)
                    if there and since:
                        out[m] = (max(since, there), at)
            if row["what"] == "occupancy" and row["person"] == who:
                there = at if row["how"] == "entered" else None if row["how"] == "left" else there
                if row["how"] == "left":
                    out.update({m: (max(since, self.came), at) for m, since in shown.items()})
                self.came = there or at
        return out

    def record(self):
        say("\n== who saw what, from when to when")
        seen = self.seen_by("sato")
        for marking, (since, until) in seen.items():
            say(f"   sato  {since} to {until}  {marking}")
        span = lambda a, b: (datetime.datetime.fromisoformat(b[:-1]) - datetime.datetime.fromisoformat(a[:-1])).total_seconds()  # noqa: E731
        longer = {m for m, (a, b) in seen.items() if span(a, b) > 0.5}
        check("sato saw what all three may see", longer == {"KOR:II of KOR about dprk-missile from radar to JPN,USA",
                                                            "KOR:II of KOR about dprk-missile from electronic to JPN,USA"})
        check("and nothing else for longer than its taking down took", all(span(a, b) <= 0.5 for m, (a, b) in seen.items()
                                                                          if m not in longer))
        rows = self.history()
        masked = [r for r in rows if r["what"] == "masked" and r.get("person") == "sato"]
        check("each mask is on record, with whom and why", bool(masked) and masked[0]["reason"] == "no disclosure to that party"
              and masked[0]["who"] == ["park.author", "cooper", "sato"], masked[0]["reason"] if masked else "")
        check("and so are the displays' answers", any(r["what"] == "displays" for r in rows))
        self.reader.say(self.gate)
        replay = self.kor.accord("replay", self.kor.dir)
        check("replay recomputes all of it", replay.get("differ", 1) == 0, str(replay)[:160])

    def run(self):
        self.begin()
        self.two()
        self.three()
        self.script()
        self.after()
        self.stopped()
        self.record()
        say("\n== the display is turned off")
        self.kor.one("room", "display", "off", "wall-1")
        self.page.ask("its page is blank and says why", "shows", "この画面は停止中です")
        self.page.ask("nothing was asked of anybody else, no policy broken, nothing thrown", "clean")

    def end(self):
        if self.over:
            self.over.set()
        if self.page:
            self.page.end()
        for tool in self.tools:
            tool.terminate()
            tool.wait()
        for g in self.g.values():
            check(f"{g.code}'s gateway ends in good order", g.stop() == 0)


def main():
    test = Test()
    try:
        test.run()
    finally:
        test.end()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
