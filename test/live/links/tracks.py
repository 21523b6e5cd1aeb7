#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A feed of tracks at several times what the link to a partner carries: seconds after its end the partner's reader has the
newest report of each track, each warning in its order and once, and is told how many reports were left out for a newer one.

    B=build python3 test/live/links/tracks.py

The link is that of links.py, so this needs root; without it nothing is tested, and it says so."""
import os
import random
import socket
import sys
import time

from links import MARKING, Links, on_a_link
from store import Grown, of_outbox
from tell import Stream, check, say
from traffic import moment

NARROW = os.environ.get("LINK", "256000 50 0 16384")
TRACKS, RATE, SECONDS = 60, int(os.environ.get("RATE", "300")), float(os.environ.get("SECONDS", "8"))
WARN_EACH = 60  # so many reports
SOON_S = float(os.environ.get("SOON", "10"))

EVENT = ("<event version='2.0' uid='{uid}' type='{kind}' how='m-r' time='{now}' start='{now}' stale='{stale}'>"
         "<point lat='{lat:.5f}' lon='130.0' hae='{number}' ce='10' le='10'/></event>")


class Feed:
    """Events of one source; each track's reports are numbered by their height."""

    def __init__(self, address, kind):
        host, port = address.rsplit(":", 1)
        self.socket, self.kind, self.last = socket.create_connection((host, int(port))), kind, {}

    def send(self, uid):
        now = time.time()
        self.last[uid] = self.last.get(uid, 0) + 1
        self.socket.sendall(EVENT.format(uid=uid, kind=self.kind, now=moment(now), stale=moment(now + 60), lat=35 + len(uid) / 100,
                                         number=self.last[uid]).encode())


class Tracks(Links):
    def set_up(self):
        super().set_up()
        radar = self.source(self.kor, "radar", "track", MARKING.format("radar"), "PRIORITY")
        alarm = self.source(self.kor, "alarm", "warning", MARKING.format("electronic"), "PRIORITY")
        self.stream.close()
        self.stream, self.own = Stream(self.jpn, "suzuki"), Stream(self.kor, "park.author")
        time.sleep(1.0)
        self.radar, self.alarm = Feed(radar, "a-h-A"), Feed(alarm, "a-h-A-M")

    def shown(self, feed):
        with self.stream.changed:
            return [(e["report"]["uid"], int(e["report"]["hae"])) for e in self.stream.events
                    if "report" in e and e.get("feed") == feed]

    def notes(self, what):
        with self.stream.changed:
            return sum(e.get("count", 1) for e in self.stream.events if e.get("note") == what)

    def missing(self):
        newest = dict(self.shown("radar"))
        return [u for u, n in self.radar.last.items() if newest.get(u) != n]

    def overload(self):
        say(f"\n== {TRACKS} tracks, {RATE} reports a second, over {NARROW.split()[0]} bit/s")
        self.radar.send("t-0")
        self.alarm.send("w")
        self.stream.wait(2, 10)
        self.relay.be(NARROW)
        rng, begin, sent, longest = random.Random(1), time.monotonic(), 0, 0
        while time.monotonic() < begin + SECONDS:
            due = int((time.monotonic() - begin) * RATE)
            for sent in range(sent + 1, due + 1):
                self.radar.send(f"t-{rng.randrange(TRACKS) if sent % 4 == 0 else sent % 5}")
                if sent % WARN_EACH == 0:
                    self.alarm.send("w")
            time.sleep(0.01)
        for i in range(TRACKS):
            if f"t-{i}" not in self.radar.last:
                self.radar.send(f"t-{i}")
        end = time.monotonic()
        while self.missing() and time.monotonic() < end + SOON_S:
            time.sleep(0.1)
        self.judge(time.monotonic() - end)

    def judge(self, took):
        all_sent = sum(self.radar.last.values())
        missing, shown = self.missing(), self.shown("radar")
        check(f"the newest report of each of {len(self.radar.last)} tracks is at the partner's reader within {SOON_S:.0f} s",
              not missing, f"{took:.1f} s; {len(missing)} missing" if missing else f"{took:.1f} s")
        self.stream.wait(10**9, 1.0)
        numbers = [n for _, n in self.shown("alarm")]
        check("each warning came, once, in its order", numbers == list(range(1, self.alarm.last["w"] + 1)),
              f"{len(numbers)} of {self.alarm.last['w']}")
        order, back = {}, 0
        for uid, number in shown:
            back += number < order.get(uid, 0)
            order[uid] = number
        check("no track went back", back == 0, f"{len(shown)} reports shown of {all_sent} sent")
        left, once = self.notes("conflated"), len(set(shown))
        check("what was left out is told, and nothing else is missing", left > 0 and once + left >= all_sent and self.notes("gap") == 0,
              f"{left} left out, {once} different ones shown, {self.notes('gap')} missing")

    def own_reader(self):
        with self.own.changed:
            mine = [(e["report"]["uid"], int(e["report"]["hae"])) for e in self.own.events if "report" in e and e.get("feed") == "radar"]
            gaps = [e for e in self.own.events if e.get("note") == "gap"]
        check("the own reader was shown each report once", len(mine) == sum(self.radar.last.values()) == len(set(mine)) and not gaps,
              f"{len(mine)} of {sum(self.radar.last.values())}, {len(gaps)} gaps")

    def ledgers(self):
        end = time.monotonic() + 5
        while True:
            told = self.kor.accord("reconcile", self.kor.dir, self.jpn.dir)
            row = next(d for d in told["directions"] if d["giver"] == "KOR")
            if row["waiting"] == 0 or time.monotonic() > end:
                break
        check("the two ledgers agree, and say so many", told["differ"] == 0 and row["left-out"] >= self.notes("conflated"), str(row))
        outbox = Grown(os.path.join(self.kor.dir, "store", "outbox-intake"), of_outbox)
        sealed = sum(b.count for b in outbox.read())
        check("the outbox has them all, and the pictures", sealed > sum(self.radar.last.values()), f"{sealed} items")

    def scenes(self):
        self.overload()
        self.own_reader()
        self.ledgers()
        self.stream.close()
        self.own.close()


if __name__ == "__main__":
    sys.exit(on_a_link("tracks", "a narrow link", Tracks))
