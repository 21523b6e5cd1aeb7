#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A room with three displays, over TLS, in one gateway with real processes: two sources, a badge reader that signs, a
person who may see one of the two, somebody nobody knows, a display that is silent, a log that is followed.

    B=build python3 test/live/rooms/rooms.py"""
import json
import os
import re
import socket
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, ROOT, fresh_folder, free_port  # noqa: E402
from screen import Client, Desk, Display, Reader, at  # noqa: E402
from tell import check, conclude, say  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("ROOMS_DIR", os.path.join(BUILD, "rooms"))
LEASE_MS = 4000


def xml(uid, lat):
    return (f"<event version='2.0' uid='{uid}' type='a-f-G' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(60)}'>"
            f"<point lat='{lat}' lon='127.25' hae='10' ce='9999999' le='9999999'/>"
            f"<detail><contact callsign='{uid}'/></detail></event>").encode()


class Rooms(Desk):
    def __init__(self):
        super().__init__(Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin")), BASE)
        self.stop = threading.Event()
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    # ---- the gateway ----

    def begin(self):
        g = self.g
        g.found()
        self.log = os.path.join(BASE, "access.log")
        open(self.log, "w").close()
        with open(os.path.join(g.dir, "accord.conf"), "a") as f:
            f.write(f'presence-log "{self.log}"\n')
        g.start()
        g.wait_ready()
        g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        for who, level, topics in (("park", "KOR:III,KOR:II", "cyber,maritime"), ("low", "KOR:III", "cyber,maritime"),
                                   ("idle", "KOR:III,KOR:II", "maritime")):
            self.person(who, level, topics)
        self.port = {}
        for source, level, topic in (("radar", "III", "maritime"), ("sat", "II", "cyber")):
            self.port[source] = free_port(socket.SOCK_DGRAM)
            g.both("source", "add", source, "--udp", f"127.0.0.1:{self.port[source]}", "--kind", "track",
                   "--precedence", "ROUTINE", "--marking", f"KOR:{level} of KOR about {topic} from radar")
        self.reader = Reader("gate-a", "ops", BASE)
        g.both("room", "add", "ops", "--ceiling", "KOR:III,KOR:II", "--presence", LEASE_MS // 1000,
               "--comes-back", "rule", "--door")
        g.both("room", "reader", "add", "ops", "gate-a", "--key", self.reader.public)
        for n in (1, 2, 3):
            g.accord("person", "key", f"wall-{n}")
            g.both("room", "display", "add", "ops", f"wall-{n}", "--ceiling", "KOR:III,KOR:II")

        self.other = Reader("gate-b", "cell", BASE)
        g.both("room", "add", "cell", "--ceiling", "KOR:III,KOR:II", "--presence", 600, "--comes-back", "officer")
        g.accord("person", "key", "wall-4")
        g.both("room", "display", "add", "cell", "wall-4", "--ceiling", "KOR:III,KOR:II")

    def person(self, who, level, topics):
        self.g.accord("person", "key", who)
        self.g.both("person", "add", who, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
                    "--roles", "reader", "--clearance", level, "--topics", topics)
        self.g.one("terminal", who)

    def presence(self, *lines, **more):
        return self.reader.say(self.gate, *lines, **more)

    def beat(self):
        """Heartbeats and reports until the end."""
        while not self.stop.wait(1):
            self.presence()
            for source in ("radar", "sat"):
                self.out.sendto(xml(source + "-1", 36 if source == "radar" else 37), ("127.0.0.1", self.port[source]))

    # ---- parts ----

    def off(self):
        say("\n== a display that nobody has turned on")
        status, _, body = Client(self, "wall-1").ask("GET", "/v1/display")
        check("it is told that it is off", status == 409 and b"room display on" in body, body.decode())
        status, head, body = Client(self, "wall-1").ask("GET", "/wall/no-such.js")
        check("only files of the page are served", status == 404)

    def on(self):
        say("\n== three displays, park in the room")
        for n in (1, 2, 3):
            self.g.one("room", "display", "on", f"wall-{n}")
        self.gate = Client(self, "park")
        status, body = self.presence("enter park")
        check("the reader is taken, and hears the lease", status == 200 and 0 < json.loads(body)["lease"] <= LEASE_MS, body.decode())
        self.walls = [Display(self, f"wall-{n}") for n in (1, 2, 3)]
        threading.Thread(target=self.beat, daemon=True).start()
        ok = all(w.wait(lambda w: w.names() == ["radar-1", "sat-1"], 30) for w in self.walls)
        check("each shows both objects", ok, str([w.names() for w in self.walls]))
        w = self.walls[0]
        check("under the banner of the higher one", w.wait(lambda w: w.room["state"] == "live" and "II" in w.room["banner"]),
              json.dumps(w.room, ensure_ascii=False))

    def visitor(self):
        say("\n== low comes, who may see level III only")
        before = [len(w.events) for w in self.walls]
        self.presence("enter low")
        ok = all(w.wait(lambda w: w.names() == ["radar-1"]) for w in self.walls)
        check("what he may not see goes from each, the other stays", ok, str([w.names() for w in self.walls]))
        gone = [{i for k, d in w.events[:b] if k == "put" for o in d["o"] if o["n"] == "sat-1" for i in [o["i"]]}
                for w, b in zip(self.walls, before)]
        after = json.dumps([[e for e in w.events[b:]] for w, b in zip(self.walls, before)])
        check("none of its bytes come afterwards", not any(i in after for ids in gone for i in ids) and "sat-1" not in after)
        new = [[d for k, d in w.events[b:] if k in ("mask", "put", "gone")] for w, b in zip(self.walls, before)]
        kinds = [[k for k, d in w.events[b:] if k in ("mask", "gone")] for w, b in zip(self.walls, before)]
        check("by one mask, which says nothing of why", all(k[:1] == ["mask"] for k in kinds)
              and all(set(n[0]) <= {"turn", "layers", "all", "banner", "back", "text", "o"} for n in new), str(kinds))
        check("the banner follows", all(w.wait(lambda w: w.room["banner"].endswith("III급 비밀") or "III" in w.room["banner"])
                                        for w in self.walls), self.walls[0].room["banner"])
        history = json.dumps(self.g.accord("room", "history", "ops"), ensure_ascii=False)
        check("the history has it", "masked" in history and "low" in history)

    def replayed(self):
        say("\n== what is no good")
        status, body = self.presence("leave low", number=1)
        check("a number that was taken is refused", status >= 400, body.decode())
        def hand_in(text, signature):
            status, _, body = self.gate.ask("POST", "/v1/presence", {"text": text, "signature": signature})
            return status, body.decode().strip()

        with self.reader.lock:
            text = self.reader.text()
            signature = self.reader.sign(text)
            check("what a reader signed is taken once", hand_in(text, signature)[0] == 200)
            status, body = hand_in(text, signature)
            check("and not once more, byte for byte as it was", status >= 400, body)
            status, body = hand_in(text.replace("\nroom", "\nroom ops\nroom"), signature)
            check("nor changed", status >= 400, body)
            text = self.reader.text("leave low")
            for what, signature in (("nobody", "00" * 64), ("the reader of another room", self.other.sign(text))):
                status, body = hand_in(text, signature)
                check(f"a text that {what} signed is refused", status >= 400, body)
        status, body = self.other.say(self.gate, "leave low")
        check("so is a reader that nobody enrolled", status >= 400, body.decode().strip())
        self.g.both("room", "reader", "add", "cell", "gate-b", "--key", self.other.public)
        status, body = self.other.say(self.gate, "leave low", room="ops")
        check("and a reader of another room", status >= 400, body.decode().strip())
        self.g.one("room", "reader", "remove", "cell", "gate-b")
        check("nobody has left by any of it", self.walls[0].names() == ["radar-1"], str(self.walls[0].names()))
        for bad in ({}, {"text": "x"}, {"text": "accord presence 1\n", "signature": "zz"}, [1], {"turn": 1}):
            status, _, _ = self.gate.ask("POST", "/v1/presence", bad)
            check(f"{json.dumps(bad)[:40]} is refused", status == 400, str(status))
        status, _, _ = Client(self, "park").ask("POST", "/v1/display/done", {"turn": 1})
        check("whose certificate is no display's acknowledges nothing", status == 409, str(status))

    def leaves(self):
        say("\n== low leaves: a reader and an officer say so")
        self.presence("leave low")
        check("one witness is not enough", not self.walls[0].wait(lambda w: "sat-1" in w.names(), 2))
        told = self.g.one("room", "leave", "ops", "low")
        check("who is the second hears that he has left", told["how"] == "left", json.dumps(told))
        ok = all(w.wait(lambda w: w.names() == ["radar-1", "sat-1"]) for w in self.walls)
        check("with two what was taken away comes back", ok, str([w.names() for w in self.walls]))

    def mask_of(self, who):
        """The last mask's bytes but for its turn, when somebody has come."""
        count = self.walls[0].count("mask")
        self.presence("enter " + who)
        self.walls[0].wait(lambda w: w.count("mask") > count and w.names() == ["radar-1"])
        raw = [data for kind, data in self.walls[0].raw if kind == "mask"][-1]
        self.presence("leave " + who)
        self.g.one("room", "leave", "ops", who)
        self.walls[0].wait(lambda w: w.names() == ["radar-1", "sat-1"])
        return re.sub(r'"turn":[0-9]+', "", raw)

    def reasons(self):
        say("\n== what a mask tells")
        low, idle = self.mask_of("low"), self.mask_of("idle")
        check("for want of a clearance and for want of need-to-know it is the same, byte for byte", low == idle, low)
        rows = self.g.accord("room", "history", "ops")["history"]
        why = {r["person"]: r["reason"] for r in rows if r["what"] == "masked"}
        check("the ledger has the reasons", why.get("low") == "clearance" and why.get("idle") == "need", str(why))

    def namesake(self):
        say("\n== a terminal of somebody who has the name of a display")
        folder = os.path.join(self.g.dir, "people", "wall-1")
        os.rename(folder, folder + ".display")
        self.person("wall-1", "KOR:III", "maritime")
        other = Client(self, "wall-1", self.pem("wall-1", "namesake"))
        os.rename(folder, folder + ".person")
        os.rename(folder + ".display", folder)
        status, _, body = other.ask("GET", "/v1/display")
        check("its certificate has another key: it is not the display", status == 409, body.decode().strip())
        status, _, _ = other.ask("POST", "/v1/display/done", {"turn": 99})
        check("and acknowledges nothing", status == 409)
        check("the display goes on", not self.walls[0].ended)

    def officers(self):
        say("\n== a room in which what was taken away comes back by an officer's act")
        one, kim, lee = self.g.one, self.g.first, self.g.second
        one("room", "enter", "cell", "park")
        one("room", "display", "on", "wall-4")
        wall = Display(self, "wall-4")
        check("it shows both", wall.wait(lambda w: w.names() == ["radar-1", "sat-1"]), str(wall.names()))
        one("room", "enter", "cell", "low")
        check("low comes", wall.wait(lambda w: w.names() == ["radar-1"]), str(wall.names()))
        told = [one("room", "leave", "cell", "low", who=kim)["how"] for _ in range(2)]
        check("who is the first hears that he waits for another", told == ["leaving", "leaving"], str(told))
        here = [r["person"] for r in one("room", "list")["rooms"] if r["what"] == "occupant" and r["room"] == "cell"]
        check("one officer, also when he says it twice, removes nobody", sorted(here) == ["low", "park"], str(here))
        one("room", "leave", "cell", "low", who=lee)
        room = self.row("cell")
        check("with the other low is gone, and what was taken away waits", room["waits"] in ("yes", True)
              and not wall.wait(lambda w: "sat-1" in w.names(), 2), str(room))
        one("room", "show", "cell", "--reason", "low has left")
        check("an officer shows it again", wall.wait(lambda w: w.names() == ["radar-1", "sat-1"]), str(wall.names()))
        one("room", "display", "off", "wall-4")
        check("its display is off", wall.wait(lambda w: w.ended))

    def row(self, room):
        return [r for r in self.g.one("room", "list")["rooms"] if r["what"] == "room" and r["room"] == room][0]

    def log_followed(self):
        say("\n== a log that is followed")
        self.g.both("room", "reader", "add", "ops", "badge-log", "--log")
        with open(self.log, "a") as f:
            f.write(f"{at(0, True)} badge-log ops alive\n")
        ok = self.walls[0].wait(lambda w: w.room["state"] == "live" and w.names() == ["radar-1", "sat-1"])
        check("it counts as a reader: with both the room has its lease", ok, json.dumps(self.walls[0].room))
        with open(self.log, "a") as f:
            f.write(f"rubbish\n{at(-3600, True)} badge-log ops enter late\n" + "x" * 40000 + f"\n{at(0, True)} badge-log ops enter low\n")
        ok = all(w.wait(lambda w: w.names() == ["radar-1"] or w.names() == []) for w in self.walls)
        check("who comes by the log comes, whatever stands before", ok, str([w.names() for w in self.walls]))
        text = f"accord presence 1\nreader badge-log\nroom ops\nnumber {int(time.time() * 1e6)}\ntime {at(0, True)}\n"
        status, _, body = Client(self, "park").ask("POST", "/v1/presence", {"text": text, "signature": "00" * 64})
        check("a terminal does not speak for the log", status == 403, body.decode().strip())
        os.rename(self.log, self.log + ".1")
        with open(self.log, "w") as f:
            f.write(f"{at(0, True)} badge-log ops leave low\n")
        time.sleep(1.5)
        self.g.one("room", "leave", "ops", "low")
        with open(self.log, "a") as f:
            f.write(f"{at(0, True)} badge-log ops alive\n")
        ok = self.walls[0].wait(lambda w: w.names() == ["radar-1", "sat-1"])
        check("a log that was moved away is followed where it is new", ok, str(self.walls[0].names()))
        self.g.one("room", "reader", "remove", "ops", "badge-log")

    def silent(self):
        say("\n== a display that does not acknowledge")
        self.walls[2].answers = False
        status, body = self.presence("enter low")
        check("while one has not answered, the door stays shut", json.loads(body)["enter"] is False, body.decode())
        self.walls[0].wait(lambda w: w.names() == ["radar-1"])
        status, body = self.presence()
        check("however often the reader asks", json.loads(body)["enter"] is False and self.row("ops")["enter"] in ("no", False))
        ok = self.walls[2].wait(lambda w: w.ended and w.count("end") == 1)
        check("its session ends", ok, str(self.walls[2].events[-2:]))
        check("the others go on", not self.walls[0].ended and self.walls[0].names() == ["radar-1"])
        status, _, _ = Client(self, "wall-3").ask("GET", "/v1/display")
        check("it is off", status == 409, str(status))
        rows = self.g.accord("room", "history", "ops")["history"]
        check("the room is told, and it is on record", any(r["what"] == "displays" and "not by all" in r["how"] for r in rows),
              str(rows[-1]))
        status, body = self.presence()
        check("now the door may open", json.loads(body)["enter"] is True, body.decode())

    def lapses(self):
        say("\n== the reader falls silent")
        self.stop.set()
        ok = self.walls[0].wait(lambda w: w.names() == [] and w.room["state"] == "bare", 15)
        check("when its lease ends nothing classified is left", ok, str(self.walls[0].names()))

    def end(self):
        check("the gateway ends in good order", self.g.stop() == 0)


def main():
    rooms = Rooms()
    try:
        rooms.begin()
        for part in (rooms.off, rooms.on, rooms.visitor, rooms.replayed, rooms.leaves, rooms.reasons, rooms.namesake,
                     rooms.officers, rooms.log_followed, rooms.silent,
                     rooms.lapses, rooms.end):
            part()
    finally:
        rooms.stop.set()
        rooms.g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
