#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A room with three displays, over TLS, in one gateway with real processes: two sources, a badge reader that signs, a
person who may see one of the two, somebody nobody knows, a display that is silent, a log that is followed.

    B=build python3 test/live/rooms/rooms.py"""
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, ROOT, fresh_folder, free_port  # noqa: E402
from tell import check, say, totals  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("ROOMS_DIR", os.path.join(BUILD, "rooms"))
LEASE_MS = 4000


def at(seconds, millis=False):
    t = time.time() + seconds
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + (f".{int(t * 1000) % 1000:03d}Z" if millis else "Z")


def xml(uid, lat):
    return (f"<event version='2.0' uid='{uid}' type='a-f-G' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(60)}'>"
            f"<point lat='{lat}' lon='127.25' hae='10' ce='9999999' le='9999999'/>"
            f"<detail><contact callsign='{uid}'/></detail></event>").encode()


class Reader:
    """A badge reader: its key, and numbers that rise."""

    def __init__(self, name):
        self.name, self.number, self.lock = name, 0, threading.Lock()
        self.key = os.path.join(BASE, name + ".key")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", self.key], check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        self.public = der[-32:].hex()

    def text(self, *lines, number=None, room="ops"):
        self.number += 1
        rest = "".join(l + "\n" for l in lines)
        return (f"accord presence 1\nreader {self.name}\nroom {room}\nnumber {number or self.number}\n"
                f"time {at(0, True)}\n{rest}")

    def sign(self, text):
        path = os.path.join(BASE, f"{self.name}.{threading.get_ident()}")
        with open(path, "wb") as f:
            f.write(b"accord presence 1\0" + text.encode())
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.key, "-rawin", "-in", path], check=True,
                              capture_output=True).stdout.hex()


class Client:
    """One connection with a terminal's certificate."""

    def __init__(self, rooms, who):
        self.rooms, self.who = rooms, who
        self.pem = rooms.pem(who)

    def ask(self, method, path, body=None):
        with self.rooms.dial(self.pem) as s:
            data = b"" if body is None else json.dumps(body).encode()
            s.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n"
                      f"{'Content-Type: application/json' + chr(13) + chr(10) if data else ''}Connection: close\r\n\r\n".encode() + data)
            got = b""
            while True:
                try:
                    more = s.recv(65536)
                except ssl.SSLError:
                    break
                if not more:
                    break
                got += more
        head, _, rest = got.partition(b"\r\n\r\n")
        return int(head.split()[1]) if head else 0, head.decode(), rest


class Display(Client):
    """What the page does: objects by their layers, masks taken down and acknowledged."""

    def __init__(self, rooms, who, answers=True):
        super().__init__(rooms, who)
        self.answers, self.objects, self.events, self.ended = answers, {}, [], False
        self.room, self.changed = None, threading.Condition()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        with self.rooms.dial(self.pem) as s:
            s.settimeout(None)
            s.sendall(b"GET /v1/display HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while True:
                more = s.recv(65536)
                if not more:
                    break
                data += more
                if os.environ.get("ROOMS_TALK"):
                    say(f"{self.who} {more[:900]!r}")
                *whole, data = data.split(b"\n\n")
                for event in whole:
                    self._take(event)
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _take(self, event):
        lines = dict(l.split(": ", 1) for l in event.decode().split("\n") if ": " in l and not l.startswith("HTTP"))
        if "data" not in lines:
            return
        kind, data = lines["event"], json.loads(lines["data"])
        with self.changed:
            self.events.append((kind, data))
            getattr(self, "on_" + kind, lambda d: None)(data)
            self.changed.notify_all()
        if kind == "mask" and self.answers:
            self.ask("POST", "/v1/display/done", {"turn": data["turn"]})

    def on_room(self, d):
        self.room = d

    def on_put(self, d):
        for o in d["o"]:
            self.objects[o["i"]] = o

    def on_gone(self, d):
        for i in d["i"]:
            self.objects.pop(i, None)

    def on_mask(self, d):
        self.objects = {i: o for i, o in self.objects.items() if not d["all"] and o["l"] not in d["layers"]}

    def names(self):
        return sorted(o.get("n", "?") for o in self.objects.values())

    def wait(self, true, seconds=15):
        end = time.monotonic() + seconds
        with self.changed:
            while not true(self):
                left = end - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    return true(self)
        return True

    def count(self, kind):
        return sum(k == kind for k, _ in self.events)


class Rooms:
    def __init__(self):
        self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        self.stop = threading.Event()
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    # ---- the gateway ----

    def begin(self):
        g = self.g
        g.accord("party", "init", "KOR", "--desk", g.desk, "--courier", g.courier,
                 "--officer", g.first + ":operations", "--officer", g.second + ":security")
        self.log = os.path.join(BASE, "access.log")
        open(self.log, "w").close()
        with open(os.path.join(g.dir, "accord.conf"), "a") as f:
            f.write(f'presence-log "{self.log}"\n')
        g.start()
        g.wait_ready()
        g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        for who, level in (("park", "KOR:III,KOR:II"), ("low", "KOR:III")):
            g.accord("person", "key", who)
            g.both("person", "add", who, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
                   "--roles", "reader", "--clearance", level, "--topics", "maritime")
            g.one("terminal", who)
        self.port = {}
        for source, level in (("radar", "III"), ("sat", "II")):
            self.port[source] = free_port(socket.SOCK_DGRAM)
            g.both("source", "add", source, "--udp", f"127.0.0.1:{self.port[source]}", "--kind", "track",
                   "--precedence", "ROUTINE", "--marking", f"KOR:{level} of KOR about maritime from radar")
        self.reader = Reader("gate-a")
        g.both("room", "add", "ops", "--ceiling", "KOR:III,KOR:II", "--presence", LEASE_MS // 1000,
               "--comes-back", "rule", "--door")
        g.both("room", "reader", "add", "ops", "gate-a", "--key", self.reader.public)
        for n in (1, 2, 3):
            g.accord("person", "key", f"wall-{n}")
            g.both("room", "display", "add", "ops", f"wall-{n}", "--ceiling", "KOR:III,KOR:II")

    def pem(self, name):
        folder = os.path.join(self.g.dir, "people", name)
        out = os.path.join(BASE, name + ".pem")
        if not os.path.exists(out):
            with open(out + ".new", "w") as f:
                for what, path in (("x509", "terminal.crt"), ("pkey", "terminal.key")):
                    f.write(subprocess.run(["openssl", what, "-inform", "DER", "-in", os.path.join(folder, path)],
                                           check=True, capture_output=True, text=True).stdout)
            os.rename(out + ".new", out)
        return out

    def dial(self, certificate):
        authority = os.path.join(BASE, "authority.pem")
        if not os.path.exists(authority):
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", os.path.join(self.g.dir, "authority.crt"), "-out",
                            authority], check=True, capture_output=True)
        context = ssl.create_default_context(cafile=authority)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["http/1.1"])
        host, port = self.g.desk.split(":")
        return context.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname=host)

    def presence(self, *lines, **more):
        text = self.reader.text(*lines, **more)
        return self.gate.ask("POST", "/v1/presence", {"text": text, "signature": self.reader.sign(text)})

    def beat(self):
        """Heartbeats and reports until the end."""
        while not self.stop.wait(1):
            with self.reader.lock:
                self.presence()
            for source in ("radar", "sat"):
                self.out.sendto(xml(source + "-1", 36 if source == "radar" else 37), ("127.0.0.1", self.port[source]))

    # ---- parts ----

    def off(self):
        say("\n== a display that nobody has turned on")
        status, _, body = Client(self, "wall-1").ask("GET", "/v1/display")
        check("it is told that it is off", status == 409 and b"room on" in body, body.decode())
        status, head, body = Client(self, "wall-1").ask("GET", "/wall/no-such.js")
        check("only files of the page are served", status == 404)

    def on(self):
        say("\n== three displays, park in the room")
        for n in (1, 2, 3):
            self.g.one("room", "display", "on", f"wall-{n}")
        self.gate = Client(self, "park")
        status, _, body = self.presence("enter park")
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
        with self.reader.lock:
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
        with self.reader.lock:
            status, _, body = self.presence("leave low", number=1)
        check("a number that was taken is refused", status >= 400, body.decode())
        text = self.reader.text("leave low")
        status, _, body = self.gate.ask("POST", "/v1/presence", {"text": text, "signature": "00" * 64})
        check("a text that its reader did not sign is refused", status >= 400, body.decode())
        for bad in ({}, {"text": "x"}, {"text": "accord presence 1\n", "signature": "zz"}, [1], {"turn": 1}):
            status, _, _ = self.gate.ask("POST", "/v1/presence", bad)
            check(f"{json.dumps(bad)[:40]} is refused", status == 400, str(status))
        status, _, _ = Client(self, "park").ask("POST", "/v1/display/done", {"turn": 1})
        check("whose certificate is no display's acknowledges nothing", status == 409, str(status))

    def leaves(self):
        say("\n== low leaves: a reader and an officer say so")
        with self.reader.lock:
            self.presence("leave low")
        check("one witness is not enough", not self.walls[0].wait(lambda w: "sat-1" in w.names(), 2))
        self.g.one("room", "leave", "ops", "low")
        ok = all(w.wait(lambda w: w.names() == ["radar-1", "sat-1"]) for w in self.walls)
        check("with two what was taken away comes back", ok, str([w.names() for w in self.walls]))

    def log_followed(self):
        say("\n== a log that is followed")
        self.g.both("room", "reader", "add", "ops", "badge-log", "--log")
        with open(self.log, "a") as f:
            f.write(f"{at(0, True)} badge-log ops alive\n")
        ok = self.walls[0].wait(lambda w: w.room["state"] == "live" and w.names() == ["radar-1", "sat-1"])
        check("it counts as a reader: with both the room has its lease", ok, json.dumps(self.walls[0].room))
        with open(self.log, "a") as f:
            f.write("rubbish\n" + "x" * 40000 + f"\n{at(0, True)} badge-log ops enter low\n")
        ok = all(w.wait(lambda w: w.names() == ["radar-1"] or w.names() == []) for w in self.walls)
        check("who comes by the log comes, whatever stands before", ok, str([w.names() for w in self.walls]))
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
        with self.reader.lock:
            self.presence("enter low")
        ok = self.walls[2].wait(lambda w: w.ended and w.count("end") == 1)
        check("its session ends", ok, str(self.walls[2].events[-2:]))
        check("the others go on", not self.walls[0].ended and self.walls[0].names() == ["radar-1"])
        status, _, _ = Client(self, "wall-3").ask("GET", "/v1/display")
        check("it is off", status == 409, str(status))

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
        for part in (rooms.off, rooms.on, rooms.visitor, rooms.replayed, rooms.leaves, rooms.log_followed, rooms.silent,
                     rooms.lapses, rooms.end):
            part()
    finally:
        rooms.stop.set()
        rooms.g.stop()
    passed, failed = totals()
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
