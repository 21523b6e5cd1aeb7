# SPDX-License-Identifier: Apache-2.0
"""The story's room: a wall display in KOR, officers of KOR and USA before it, and a visit of JPN.  Mixed into the story,
like last_word; the test of the page in a browser (test/live/rooms/visit.py) has it too."""
import os
import socket
import subprocess
import threading
import time

from gateways import ROOT
from screen import BUILD, Client, Desk, Display, Page, Reader, at, browser_lacks
from tell import check, refused, say, step

LEASE_S = 5
LAUNCHES = {"warn-three": (13, "hwasong-14"), "warn-two": (11, "scud-c-marv")}  # of demo/launches.facts, and their missiles

# Each source: gateway, kind, marking
SOURCES = {
    "air": ("KOR", "track", "KOR:II of KOR about dprk-missile from radar to JPN,USA"),
    "warn-three": ("KOR", "warning", "KOR:II of KOR about dprk-missile from electronic to JPN,USA"),
    "ships": ("KOR", "track", "KOR:II of KOR about dprk-missile from radar to USA"),
    "warn-two": ("KOR", "warning", "KOR:II of KOR about dprk-missile from electronic to USA"),
    "home": ("KOR", "track", "KOR:III of KOR about dprk-missile from radar"),
    "us-radar": ("USA", "track", "USA:SECRET of USA about dprk-missile from radar to KOR"),
    "us-three": ("USA", "track", "USA:SECRET of USA about dprk-missile from radar to JPN,KOR"),
}

# What a source reports: name, type, latitude, longitude, course, speed in m/s
OBJECTS = {
    "air": [("RAPTOR 1", "a-f-A-M-F-F", 36.2, 130.9, 40, 210), ("KAL 721", "a-n-A-C-F", 34.4, 127.4, 0, 0)],
    "ships": [("DDG-993", "a-f-S-C-L-D-D", 37.6, 131.9, 60, 8)],
    "home": [("광주", "a-f-G-I-B-A", 35.13, 126.81, 0, 0)],
    "us-radar": [("BANDIT 21", "a-h-A-M-F-F", 39.9, 128.9, 165, 240), ("TEL-07", "a-h-G-E-W-M-S", 38.2, 125.4, 0, 0)],
    "us-three": [("ORION 6", "a-f-A-M-F-P", 33.2, 132.2, 300, 170)],
}


def moved(row, seconds):
    """Where it is after so long, on a flat earth."""
    name, kind, lat, lon, course, speed = row
    way = speed * seconds / 111_000
    turned = {0: (1, 0), 40: (.77, .64), 60: (.5, .87), 165: (-.97, .26), 300: (.5, -.87)}[course]
    return name, kind, lat + way * turned[0], lon + way * turned[1] / .8, course, speed


def xml(row, remarks="", stale=60):
    name, kind, lat, lon, course, speed = row
    text = lambda s: s.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&apos;")  # noqa: E731
    return (f"<event version='2.0' uid='{text(name)}' type='{kind}' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(stale)}'>"
            f"<point lat='{lat:.5f}' lon='{lon:.5f}' hae='3000' ce='90' le='9999999'/><detail><contact callsign='{text(name)}'/>"
            f"{f'<track course={chr(39)}{course}{chr(39)} speed={chr(39)}{speed}{chr(39)}/>' if speed else ''}"
            f"{f'<remarks>{text(remarks)}</remarks>' if remarks else ''}</detail></event>").encode()


def names_of(*sources):
    return sorted([row[0] for s in sources for row in OBJECTS.get(s, [])] + [LAUNCHES[s][1] for s in sources if s in LAUNCHES])


THREE = names_of("air", "warn-three")  # what KOR, USA and JPN may see, and what KOR and USA may
TWO = names_of("air", "warn-three", "ships", "warn-two", "us-radar", "us-three")


class Visit:
    """Mixed into the story: it has its gateways, its people and its helpers."""

    page = over = None
    earlier = ("hwasong-15",)  # names of objects of before that may still be on the map

    def beat(self):
        """The reader's heartbeat and what the sources report, each second until the end."""
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        began = time.monotonic()
        while not self.over.wait(1):
            self.reader.say(self.gate)
            for source, rows in OBJECTS.items():
                host, port = self.at[source].split(":")
                for row in rows:
                    out.sendto(xml(moved(row, time.monotonic() - began)), (host, int(port)))

    def warn(self, seconds):
        for source, (launch, _) in LAUNCHES.items():
            self.tool(os.path.join(self.tool_dir, "arc-feed"), "--facts", os.path.join(ROOT, "demo", "launches.facts"),
                      "--launch", launch, "--to", "tcp:" + self.at[source], "--warning", "--seconds", seconds)

    def room_made(self):
        """A room, its badge reader, two displays, and the visits that were announced (GSOMIA article 8)."""
        kor = self.kor
        for name, (code, kind, marking) in SOURCES.items():
            self.source(self.g[code], name, kind, marking, "FLASH", "tcp" if kind == "warning" else "udp")
        self.desk = Desk(kor, self.out(""))
        self.gate = Client(self.desk, "park.author")
        self.reader = Reader("gate-a", "ops", self.out(""))
        kor.both("room", "add", "ops", "--ceiling", "KOR:II,KOR:III", "--presence", LEASE_S, "--comes-back", "rule", "--door")
        kor.both("room", "reader", "add", "ops", "gate-a", "--key", self.reader.public)
        for display in ("wall-1", "wall-2"):
            kor.accord("person", "key", display)
            kor.both("room", "display", "add", "ops", display, "--ceiling", "KOR:II,KOR:III")
        for who, party, agreement, clearance in (
                ("cooper", "USA", "KOR-USA-1987", "USA:CONFIDENTIAL,USA:SECRET"),
                ("sato", "JPN", "GSOMIA", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU")):
            kor.both("room", "visit", "add", who, "--party", party, "--agreement", agreement, "--clearance", clearance,
                     "--ceiling", "KOR:II,KOR:III", "--topics", "dprk-missile", "--scope", "missile warning, common picture",
                     "--rooms", "ops", "--from", at(-3600), "--until", at(4 * 3600))

    def room_on(self):
        self.over = threading.Event()
        for display in ("wall-1", "wall-2"):
            self.kor.one("room", "display", "on", display)
        self.reader.say(self.gate, "enter park.author")
        self.wall = Display(self.desk, "wall-2")
        threading.Thread(target=self.beat, daemon=True).start()

    def names(self):
        return [n for n in self.wall.names() if n not in self.earlier]

    def shows(self, what, names, seconds=20):
        self.wall.wait(lambda w: self.names() == names, seconds)
        return check(what, self.names() == names, ", ".join(self.names()))

    def picture(self, name):
        if self.page:
            self.page.ask(f"a screenshot of it: {os.path.relpath(os.path.join(self.page.shots, name + '.png'))}", "shot", name)

    def history(self):
        return self.kor.accord("room", "history", "ops")["history"]

    # ---- the step ----

    def visit(self):
        step(3, "A wall display in KOR: an officer of JPN comes into the room, and what he may not see goes dark")
        self.room_made()
        self.room_on()
        lacks = browser_lacks(self.gate)
        if lacks:
            say(f"  a program follows the display, and no browser shows it: {lacks}")
        else:
            self.page = Page(self.desk, "wall-1", "en", self.out("wall"))
        self.warn(40)
        self.reader.say(self.gate, "enter cooper")
        self.shows("an officer of KOR and one of USA see the feeds of both and two warnings on one map", TWO)
        check("the banner is KOR's, of the highest that is on the screen", "II" in self.wall.room["banner"], self.wall.room["banner"])
        self.picture("1-before")
        marked = len(self.wall.events)
        self.reader.say(self.gate, "enter sato")
        self.shows("sato of JPN is announced by the badge reader: only what all three may see is left", THREE)
        masks = [d for k, d in self.wall.events[marked:] if k == "mask"]
        check("by one mask, which says nothing of whom or why", len(masks) == 1 and set(masks[0]) ==
              {"turn", "layers", "all", "banner", "back", "text"}, f"layers {masks[0]['layers']}" if masks else "")
        self.picture("2-during")
        self.reader.say(self.gate, "leave sato")
        time.sleep(1.5)
        check("that he left, said by the reader alone, brings nothing back", self.names() == THREE)
        self.kor.one("room", "leave", "ops", "sato")
        self.shows("an officer says so as well: all of it is there again", TWO)
        self.picture("3-after")
        rows = [r for r in self.history() if r["what"] in ("shown", "masked") and "sato" in r["who"]]
        for row in rows:
            say(f"  {row['time'][11:19]} {row['what']:6} before {', '.join(row['who'])}: {row['reason']}")
            for one in row["classes"]:
                say(f"           {one.split(' ', 1)[1]}")
        check("KOR's ledger has who was in the room while what was shown, and why what went had to go",
              any(r["what"] == "masked" and r["person"] == "sato" and len(r["classes"]) == 4 for r in rows))
        self.room_off()

    def room_off(self):
        self.over.set()
        for display in ("wall-1", "wall-2"):
            self.kor.one("room", "display", "off", display)
        if self.page:
            self.page.end()
            self.page = None

    # ---- with STAY=1 ----

    def wall_stays(self):
        self.room_on()
        self.warn(3600)

    def wall_told(self):
        pem, p12 = self.desk.pem("wall-1"), self.out("wall-1.p12")
        subprocess.run(["openssl", "pkcs12", "-export", "-in", pem, "-inkey", pem, "-out", p12, "-passout", "pass:accord"], check=True)
        officer = lambda verb, who: (f"{os.path.relpath(os.path.join(BUILD, 'bin', 'accord'))} room {verb} ops sato "  # noqa: E731
                                     f"--dir {os.path.relpath(self.kor.dir)} --as {who}")
        say(f"  The wall of KOR's room: https://{self.kor.desk}/wall/?lang=ko (or en, ja), in a browser with the certificate\n"
            f"  {os.path.relpath(p12)} (its password: accord) that believes the authority {os.path.relpath(self.kor.dir)}/authority.crt")
        if not os.path.exists(os.path.join(BUILD, "share", "accord", "wall", "index.html")):
            say("  (the page is not there yet: `make wall`, and then the demo again)")
        say(f"  JPN's officer comes in:  {officer('enter', self.kor.first)}\n"
            f"  and leaves, for two:     {officer('leave', self.kor.first)}\n"
            f"                           {officer('leave', self.kor.second)}")
