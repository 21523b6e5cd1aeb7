#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two gateways on a bad link: 64 kbit/s each way, 800 ms there and back, and each tenth packet is lost.  Warnings of FLASH go on
while products wait, and 99 of 100 are at the partner's reader within 3 s.  Then a good link that is cut and cut again:
nothing is lost and nothing comes twice.

    B=build python3 test/live/links/links.py
    WARNINGS=1000 ONLY_BAD=1 B=build python3 test/live/links/links.py

The link is test/tools/relay.c in a network namespace, so this needs root; without it nothing is tested, and it says so."""
import contextlib
import hashlib
import io
import os
import random
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.join(ROOT, "demo"), os.path.join(ROOT, "test", "live", "crash")]
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.abspath(os.environ.get("LINKS_DIR", os.path.join(BUILD, "links")))
os.environ["DEMO_DIR"] = BASE
import story  # noqa: E402
from gateways import PARTIES, Gateway, fresh_folder  # noqa: E402
from store import Grown, of_inbox, of_outbox  # noqa: E402
from tell import Stream, check, conclude, say  # noqa: E402
from traffic import Pulse, Sensor, templates  # noqa: E402

HERE_IP, THERE_IP, DEVICE = "10.77.0.1", "10.77.0.2", "far0"
SEED = int(os.environ.get("SEED", "1"))
BAD, GOOD, CUT = "64000 400 10 16384", "20000000 10 0 262144", "20000000 10 100 262144"
WARNINGS, EVERY_S = int(os.environ.get("WARNINGS", "300")), 0.6
SETTLE_S = 25.0  # until the couriers have found what the link is like now
FIRSTS_S = 3.0  # so long an epoch has just begun: its first warnings are told apart
GOAL_S = 3.0  # for 99 of 100
BUSY_S = 1.0  # a machine that takes so long without any delay of the link's says nothing about the link
MARKING = "KOR:II of KOR about dprk-missile from {} to JPN"
MIB = 1 << 20


class Relay:
    """The link between the two couriers, and how it is now."""

    def __init__(self, a, b):
        tool = os.path.join(BUILD, "tools", "relay")
        self.process = subprocess.Popen([tool, DEVICE, str(a), str(b), str(SEED)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        for args in (("addr", "add", HERE_IP + "/24", "dev", DEVICE), ("link", "set", DEVICE, "up")):
            subprocess.run(["ip", *args], check=True)

    def be(self, kind):
        self.process.stdin.write(kind + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def end(self):
        self.process.stdin.close()
        return self.process.stdout.read().strip().replace("\n", "; ")


class Where:
    def __init__(self, address):
        self.address = address


class Links(story.Story):
    """The story's parties; the couriers of KOR and JPN reach each other through the relay only."""

    def __init__(self):
        base = fresh_folder(BASE)
        self.g = {c: Gateway(c, base, story.BIN) for c in PARTIES}
        self.kor, self.jpn, self.usa = self.g.values()
        self.tools, self.at, self.wires = [], {}, {}
        ports = {c: g.courier.rsplit(":", 1)[1] for c, g in self.g.items()}
        for code, g in self.g.items():
            far = code != "USA"
            g.courier = f"{HERE_IP if far else '127.0.0.1'}:{ports[code]}"
            self.wires[code] = Where(f"{THERE_IP if far else '127.0.0.1'}:{ports[code]}")
        self.relay = Relay(ports["KOR"], ports["JPN"])
        for code, g in self.g.items():
            g.found()

    def set_up(self):
        with contextlib.redirect_stdout(io.StringIO()):
            self.parties_and_law()
            self.assurances()
        facts = os.path.join(ROOT, "demo", "launches.facts")
        self.events = templates(os.path.join(BUILD, "tools", "arc-feed"), facts, story.LAUNCH, True)
        self.port = self.source(self.kor, "warning", "warning", MARKING.format("radar"), "FLASH")
        self.sealed = Grown(os.path.join(self.kor.dir, "store", "outbox-intake"), of_outbox)
        self.inbox = Grown(os.path.join(self.jpn.dir, "store", "inbox"), of_inbox)
        self.stream = Stream(self.jpn, "suzuki")
        check("a third party, which had to sign, is gone: its traffic would be on the link too", self.usa.stop() == 0)
        time.sleep(1.0)

    def product(self, title, size, precedence="ROUTINE"):
        path = self.out(title)
        data = random.Random(title).randbytes(size)
        with open(path, "wb") as f:
            f.write(data)
        self.submit(self.kor, "park.author", path, title, MARKING.format("imagery"), "image", precedence)
        return hashlib.sha256(data).hexdigest()

    def opens(self, title, digest, seconds):
        item = self.find(self.jpn, "suzuki", title, seconds)
        if item is None:
            return False
        out = self.out(title + ".jpn")
        self.jpn.one("open", item["handle"], "--purpose", "exercise", "--out", out, who="suzuki")
        with open(out, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest() == digest

    # ---- the bad link ----

    def send_one(self):
        if self.sensor.socket is None:
            self.sensor._connect()
        self.sent[f"flash-{self.sensor.sent}"] = time.monotonic()
        self.sensor._send(self.sensor._event())
        self.sensor.sent += 1

    def watch(self, done):
        seen = 0
        while not done.is_set():
            with self.stream.changed:
                self.stream.changed.wait(0.5)
                now, new = time.monotonic(), self.stream.events[seen:]
                seen += len(new)
            for e in new:
                if "report" in e and e.get("feed") == "warning":
                    self.came.setdefault(e["report"]["uid"], []).append(now)

    def send_many(self, count, every):
        """Which they are: (when sent, how long it took), as far as they came."""
        first = self.sensor.sent
        for _ in range(count):
            self.send_one()
            time.sleep(every)
        sent = [f"flash-{i}" for i in range(first, first + count)]
        end = time.monotonic() + 20
        while not all(u in self.came for u in sent) and time.monotonic() < end:
            time.sleep(0.1)
        check("every warning came, once", all(len(self.came.get(u, [])) == 1 for u in sent),
              f"{sum(u in self.came for u in sent)} of {count}")
        return [(u, self.came[u][0] - self.sent[u]) for u in sent if u in self.came]

    def epochs_began(self):
        """The numbers of the warnings with which an epoch began."""
        began, number = [], 0
        for b in self.sealed.read():
            began += [number] if b.first == 0 else []
            number += b.count
        return began

    def tell(self, what, took):
        took = sorted(t for _, t in took)
        p = lambda share: took[min(len(took) - 1, int(len(took) * share))]  # noqa: E731
        if took:
            say(f"  {what}: {len(took)}, p50 {p(0.5):.2f} s, p90 {p(0.9):.2f} s, p99 {p(0.99):.2f} s, max {took[-1]:.2f} s")
        return p(0.99) if took else 1e9

    def bad_link(self):
        say("\n== 1. 64 kbit/s, 800 ms there and back, 10 % loss")
        self.sensor, self.sent, self.came = Sensor("flash", self.port, False, self.events, 1, random.Random(SEED), Pulse()), {}, {}
        done = threading.Event()
        threading.Thread(target=self.watch, args=(done,), daemon=True).start()
        own = self.tell("before, over a good link", self.send_many(20, 0.2))
        self.relay.be(BAD)
        digest = self.product("waiting", 3 * MIB)
        time.sleep(SETTLE_S)
        took = self.send_many(WARNINGS, EVERY_S)
        began = [self.sent[f"flash-{i}"] for i in self.epochs_began() if f"flash-{i}" in self.sent]
        just = [t for t in took if any(0 <= self.sent[t[0]] - b < FIRSTS_S for b in began)]
        self.tell("the first of an epoch", just)
        self.tell("the others", [t for t in took if t not in just])
        p99 = self.tell("all", took)
        say(f"  over 1.5 s: {[(u, round(t, 2)) for u, t in took if t > 1.5]}")
        busy = own > BUSY_S
        check(f"99 of 100 are at the partner's reader within {GOAL_S:.0f} s" + (", or the machine is too busy to say" if busy else ""), p99 <= GOAL_S or busy)
        waits = not [i for i in self.jpn.one("list", who="suzuki")["items"] if i.get("title") == "waiting" and i.get("complete")]
        check("and all the while a product waited", waits)
        done.set()
        return digest

    # ---- the good link that is cut ----

    def cuts(self, digest):
        say("\n== 2. A good link, cut six times")
        self.relay.be(GOOD)
        check("the product that waited is whole", self.opens("waiting", digest, 60))
        sensor = Sensor("many", self.port, False, self.events, 40, random.Random(SEED + 1), Pulse())
        sensor.start()
        other = self.product("during the cuts", 6 * MIB, "PRIORITY")
        for seconds in (0.3, 1.0, 0.2, 12.0, 2.0, 0.5):
            time.sleep(0.7)
            self.relay.be(CUT)
            time.sleep(seconds)
            self.relay.be(GOOD)
        time.sleep(1.0)
        sensor.end()
        check("the product that was on its way is whole", self.opens("during the cuts", other, 60))
        self.all_once()

    def all_once(self):
        end = time.monotonic() + 30
        while True:
            gave = [b.same for b in self.sealed.read()]
            took = [b.same for b in self.inbox.read()]
            mine = [s for s in took if s in set(gave)]
            if set(gave) <= set(took) or time.monotonic() > end:
                break
            time.sleep(0.3)
        check("every batch that was sealed is in the partner's inbox, once", sorted(mine) == sorted(gave) and len(gave) > 0,
              f"{len(gave)} sealed, {len(mine)} there, {len(set(gave) - set(mine))} lost, {len(mine) - len(set(mine))} twice")
        check("in the order in which they were sealed", mine == gave)

    def scenes(self):
        digest = self.bad_link()
        if "ONLY_BAD" not in os.environ:
            self.cuts(digest)
        self.stream.close()


def on_a_link(name, what, make):
    """The scenes of a test, in a network of its own."""
    if "LINKS_INSIDE" not in os.environ:
        if os.geteuid() != 0 or not os.path.exists("/dev/net/tun"):
            print(f"[  SKIPPED ] {name}\nskipped: {name}: {what} needs root and /dev/net/tun")
            return 0
        return subprocess.run(["unshare", "-n", sys.executable, os.path.abspath(sys.argv[0])],
                              env=dict(os.environ, LINKS_INSIDE="1")).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    test = make()
    try:
        test.set_up()
        test.scenes()
        check("every gateway ends in good order", [g.stop() for g in test.g.values()] == [0, 0, 0])
    finally:
        for g in test.g.values():
            g.stop()
        say("  the relay, " + test.relay.end())
    return conclude()


if __name__ == "__main__":
    sys.exit(on_a_link("links", "a link that loses packets", Links))
