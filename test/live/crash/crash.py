#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three gateways under load, whose processes are killed: nothing that was acknowledged may be lost or doubled.

    KILLS=200 SEED=1 B=build python3 test/live/crash/crash.py

What counts as acknowledged: a product when `accord submit` said so, or when its file lies in the drop folder's done/; a
warning when it is sealed and synced in intake's outbox (a sensor hears nothing back over CoT, so nothing else can be
promised).  It must then lie in the inbox of every partner, once, byte for byte, in the order in which it was sealed, and
what a reader's stream shows must be a piece of that order without a hole.  A stream shows what comes while it is open."""
import contextlib
import functools
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path[:0] = [os.path.join(ROOT, "demo"), os.path.dirname(os.path.abspath(__file__))]
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.abspath(os.environ.get("CRASH_DIR", os.path.join(BUILD, "crash")))
os.environ["DEMO_DIR"] = BASE
import story  # noqa: E402
from gateways import PARTIES, TIED, Refused  # noqa: E402
from store import Grown, Log, chain, leaves, of_inbox, of_outbox  # noqa: E402
from traffic import Author, Pulse, Reader, Sensor, templates  # noqa: E402

KILLS = int(os.environ.get("KILLS", "200"))
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 31))
RATE = 60            # events a second of each sensor
SPACE = 0.62         # seconds of traffic for each kill
AIMED = 0.7          # of the kills wait until something is under way at their gateway
PATIENCE = 40        # for what may be refused for a while after a crash
PROCESSES = ("accordd", "guard", "intake", "check", "courier", "desk")
MARKINGS = {"KOR": ("KOR:II of KOR about dprk-missile from {} to JPN,USA", "radar", "imagery"),
            "JPN": ("JPN:HI of JPN about dprk-missile from {} to KOR,USA", "radar", "imagery"),
            "USA": ("USA:CONFIDENTIAL of USA about dprk-missile from {} to JPN,KOR", "radar", "imagery")}
LEVELS = {"KOR": "KOR:I,KOR:II,KOR:III", "JPN": "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU", "USA": "USA:CONFIDENTIAL,USA:SECRET"}
FEED, FLASH = "warning-{}", 1

passed = failed = 0


def say(text):
    print(text, flush=True)


def check(what, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    say(f"  {'ok  ' if ok else 'FAIL'} {what}" + (f"  [{detail}]" if detail else ""))
    return ok


def some(items):
    items = list(items)
    return f"{len(items)}: {items[:5]}" if items else "none"


def patient(call, seconds=PATIENCE):
    """What is refused only for now is asked again."""
    end = time.monotonic() + seconds
    while True:
        try:
            return call()
        except Refused:
            if time.monotonic() > end:
                raise
            time.sleep(0.25)


# ---- processes ----

def children(pid):
    """The gateway's processes by name, as they are now."""
    found = {}
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            for child in map(int, f.read().split()):
                with contextlib.suppress(OSError), open(f"/proc/{child}/cmdline", "rb") as c:
                    found[os.path.basename(c.read().split(b"\0")[0].decode()).removeprefix("accord-")] = child
    return found


def start_tied(g):
    """As Gateway.start, but whatever ends the test ends accordd, and that its children."""
    with open(g.log_path, "a") as log:
        g.process = subprocess.Popen([*TIED, os.path.join(g.bin, "accordd"), "-c", os.path.join(g.dir, "accord.conf")],
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def hold(pid, parent):
    """A descriptor of this one process, if it is the child of this one."""
    fd = os.pidfd_open(pid)
    try:
        with open(f"/proc/{pid}/stat") as f:
            if int(f.read().rpartition(")")[2].split()[1]) == parent:
                return fd
    except OSError:
        pass
    os.close(fd)
    raise ProcessLookupError


def strike(fd):
    """Kill -9; was it still there?"""
    try:
        signal.pidfd_send_signal(fd, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(fd)


class Striker:
    def __init__(self, gateways, rng):
        self.g, self.kills = gateways, dict.fromkeys(PROCESSES, 0)
        self.moments = []  # (gateway, process, {giver: how much was sealed before}, {taker: how much was safe there after})
        self.sealed = {c: Grown(os.path.join(g.dir, "store", "outbox-intake"), of_outbox) for c, g in gateways.items()}
        self.inbox = {c: Grown(os.path.join(g.dir, "store", "inbox"), of_inbox) for c, g in gateways.items()}
        self.ledger = {c: Log(os.path.join(g.dir, "store", "ledger")) for c, g in gateways.items()}
        self.heads = {c: [] for c in gateways}  # (records, digest) of what was certain at some time
        self.plan = self._plan(rng)

    @staticmethod
    def _plan(rng):
        """Every process of every gateway in turn, one to three at a time, at offsets of the traffic."""
        turn = {p: rng.randrange(len(PARTIES)) for p in PROCESSES}
        order, rounds = [], (KILLS + len(PROCESSES) - 1) // len(PROCESSES)
        for first in range(0, rounds, len(PARTIES)):
            deck = [(PARTIES[(turn[p] + r) % len(PARTIES)], p) for p in PROCESSES
                    for r in range(first, min(first + len(PARTIES), rounds))]
            rng.shuffle(deck)
            order += deck
        plan, at, i = [], 0, 0
        while i < len(order):
            group = []
            for one in order[i:i + rng.choice((1, 1, 1, 2, 3))]:
                if one in group:
                    break  # nobody dies twice at one moment
                group.append(one)
            at += rng.uniform(0.6, 1.4) * SPACE * len(group) * RATE * len(PARTIES)
            plan.append((int(at), rng.choice((0, 0, 0.001, 0.003, 0.010)), group, rng.random() < AIMED))
            i += len(group)
        return plan

    def pid_of(self, code, process):
        pid = self.g[code].process.pid
        return pid if process == "accordd" else children(pid).get(process)

    def under_way(self, code):
        """What is sealed and not yet safe at a partner, of all that passes this gateway"""
        return sum(1 for giver in PARTIES for taker in PARTIES if giver != taker and code in (giver, taker)
                   for b in self._missing(giver, taker))

    def _missing(self, giver, taker):
        self.inbox[taker].read()
        have = {b.same for b in self.inbox[taker].batches[-400:]}
        return [b for b in self.sealed[giver].batches[-20:] if b.durable and b.same not in have]

    def aim(self, codes, seconds=0.5):
        """Wait until something is under way at these gateways, so that most kills strike at the worst of times."""
        end = time.monotonic() + seconds
        while True:
            sealed = {c: self._certain(self.sealed[c]) for c in PARTIES}
            if time.monotonic() > end or all(self.under_way(c) > 0 for c in codes):
                return sealed

    def held(self, code, process):
        """A descriptor of the process, as soon as it runs."""
        end = time.monotonic() + 12
        while time.monotonic() < end:
            with contextlib.suppress(OSError, TypeError):
                parent = os.getpid() if process == "accordd" else self.g[code].process.pid
                return hold(self.pid_of(code, process), parent)
            time.sleep(0.005)
        raise RuntimeError(f"{code}: {process} does not run again within 12 s")

    def group(self, group, aimed):
        """Kill them all at one moment; who died just before is waited for, and killed alone."""
        held = [(code, process, self.held(code, process)) for code, process in group]
        sealed = self.aim({c for c, _ in group}, 0.5 if aimed else 0)
        hit = [strike(fd) for _, _, fd in held]
        struck = [one for one, was in zip(group, hit) if was]
        arrived = {c: self._certain(self.inbox[c]) for c in PARTIES}
        for code, process in struck:
            self.kills[process] += 1
            self.moments.append((code, process, sealed, arrived))
        for code in [c for c, p in struck if p == "accordd"]:
            self.g[code].process.wait()
            self.g[code].start()
        for code in {c for c, p in struck if p in ("accordd", "guard")}:
            self.head(code)
        for one, was in zip(group, hit):
            if not was:
                self.group([one], aimed)

    @staticmethod
    def _certain(grown):
        grown.read()
        return len(grown.batches)

    def head(self, code):
        self.ledger[code].records()
        self.heads[code].append(len(self.ledger[code].certain))


# ---- the run ----

class Run:
    def __init__(self):
        self.rng = random.Random(SEED)
        self.story = story.Story()
        self.g = self.story.g
        self.workers, self.stopped = [], False

    def set_up(self):
        for g in self.g.values():
            g.start = functools.partial(start_tied, g)
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet):
            self.story.parties_and_law()
            for code, g in self.g.items():
                for name, roles in (("crash.author", "author"), ("crash.reader", "reader")):
                    self.story.person(g, name, roles, LEVELS[code], "dprk-missile")
            self.story.assurances()
        self.pulse = Pulse()
        facts = os.path.join(ROOT, "demo", "launches.facts")
        feed = os.path.join(BUILD, "tools", "arc-feed")
        warnings, tracks = (templates(feed, facts, story.LAUNCH, w) for w in (True, False))
        self.sensors, self.authors, self.readers, self.radars = {}, {}, {}, {}
        for code, g in self.g.items():
            text, live, image = MARKINGS[code]
            port = self.story.source(g, FEED.format(code), "warning", text.format(live), "FLASH")
            radar = self.story.source(g, f"radar-{code}", "track", text.format(live), "IMMEDIATE", "udp")
            self.sensors[code] = Sensor(code, port, False, warnings, RATE, random.Random(f"{SEED} {code} w"), self.pulse)
            self.radars[code] = Sensor(code + "-t", radar, True, tracks, RATE / 2, random.Random(f"{SEED} {code} t"), Pulse())
            self.authors[code] = Author(g, "crash.author", text.format(image), os.path.join(BASE, code + ".products"),
                                        random.Random(f"{SEED} {code} p"), 0.8)
            self.readers[code] = Reader(g, "crash.reader")
        self.workers = [*self.readers.values(), *self.sensors.values(), *self.radars.values(), *self.authors.values()]
        time.sleep(1.0)

    def strike_all(self):
        self.striker = Striker(self.g, self.rng)
        for w in self.workers:
            w.start()
        self.pulse.wait(2 * RATE, 20)
        base = self.pulse.count
        began = time.monotonic()
        for at, after, group, aimed in self.striker.plan:
            self.pulse.wait(base + at, 5)
            time.sleep(after)
            self.striker.group(group, aimed)
        say(f"  {sum(self.striker.kills.values())} kills in {time.monotonic() - began:.0f} s: "
            + ", ".join(f"{p} {n}" for p, n in self.striker.kills.items()))

    def settle(self):
        """Load ends, processes stay; then all that was acknowledged must be there within PATIENCE."""
        for w in (*self.sensors.values(), *self.radars.values(), *self.authors.values()):
            w.end()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and (any(self.missing(c, t) for c in PARTIES for t in PARTIES if t != c)
                                          or any(self.dropped(c) for c in PARTIES)):
            time.sleep(0.3)
        for g in self.g.values():
            patient(lambda g=g: g.one("status"))
        time.sleep(1.0)
        for r in self.readers.values():
            r.end()

    def missing(self, giver, taker):
        have = {b.same for b in self.striker.inbox[taker].read() if b.partner == giver}
        return [b for b in self.striker.sealed[giver].read() if b.durable and b.same not in have]

    def dropped(self, giver):
        """The titles that still lie in a party's drop folder."""
        return [t for t in self.authors[giver].dropped if os.path.exists(os.path.join(self.g[giver].dir, "drop", t))]

    def stop(self):
        codes = []
        if not self.stopped:
            self.stopped = True
            for w in self.workers:
                w.ended.set()
            for r in getattr(self, "readers", {}).values():
                if r.process is not None and r.process.poll() is None:
                    r.process.terminate()
            codes = [g.stop() for g in self.g.values()]
        return codes

    # ---- what must hold ----

    def warnings(self):
        for giver in PARTIES:
            sealed = [b for b in self.striker.sealed[giver].read() if b.durable]
            count = sum(b.count for b in sealed)
            check(f"{giver}: intake took warnings, and no more than were sent", 0 < count <= self.sensors[giver].sent,
                  f"{count} sealed of {self.sensors[giver].sent} sent, {len({b.handle for b in sealed})} epochs")
            for taker in PARTIES:
                if taker != giver:
                    self.lane(giver, taker, sealed)

    def lane(self, giver, taker, sealed):
        order = {b.same: i for i, b in enumerate(sealed)}
        came = [order[b.same] for b in self.striker.inbox[taker].read() if b.partner == giver and b.same in order]
        lost = sorted(set(order.values()) - set(came))
        check(f"{giver} to {taker}: every sealed warning arrived, once, byte for byte",
              not lost and len(came) == len(set(came)), f"{len(came)} batches, lost {some(lost)}")
        late = [(a, b) for a, b in zip(came, came[1:]) if a >= b]
        check(f"{giver} to {taker}: in the order in which they were sealed", not late, f"out of order {some(late)}")

    def shown(self):
        for taker, reader in self.readers.items():
            check(f"{taker}: no stream told of a gap or a forgery", not reader.notes, some(reader.notes))
            with open(os.path.join(BASE, taker + ".streams"), "w") as f:
                json.dump(reader.streams, f)
            for giver in PARTIES:
                if giver != taker:
                    self.feed(giver, taker, reader)

    def feed(self, giver, taker, reader):
        streams = [(came, [(n, int(uid.rsplit("-", 1)[1])) for o, f, n, uid in s if (o, f) == (giver, FEED.format(giver))])
                   for came, s in reader.streams]
        streams = [(came, s) for came, s in streams if s]
        serials = [serial for _, s in streams for _, serial in s]
        wrong = [(a, b) for a, b in zip(serials, serials[1:]) if a >= b]
        check(f"{giver} to {taker}: shown in order, none twice", serials and not wrong, f"{len(serials)} shown, wrong {some(wrong)}")
        batches = self.striker.inbox[taker].read()
        holes = [h for came, s in streams if (h := self.hole(batches, giver, came, s))]
        check(f"{giver} to {taker}: what came while a stream was open is shown without a hole", not holes,
              f"{len(streams)} streams, with holes {some(holes)}")
        broke = set(self.sensors[giver].broke)
        skipped = [(a, b) for _, s in streams for (m, a), (n, b) in zip(s, s[1:])
                   if n == m + 1 and b != a + 1 and not broke & set(range(a + 1, b + 1))]
        check(f"{giver} to {taker}: what TCP brought was sealed without a hole", not skipped, some(skipped))

    @staticmethod
    def hole(batches, giver, came, shown):
        """What is missing between the first and the last that a stream showed, of what came when it was open: a sentence
        or nothing.  An event names its number, but not its epoch, so the epochs are found that leave out least."""
        runs = []
        for n, _ in shown:
            if runs and n == runs[-1][1] + 1:
                runs[-1][1] = n
            else:
                runs.append([n, n])
        places, order = {}, []  # of each item of each epoch: where it lies in the inbox
        for i, b in enumerate(batches):
            if b.durable and b.partner == giver and b.lane == FLASH:
                if b.handle not in places:
                    places[b.handle] = {}
                    order.append(b.handle)
                places[b.handle].update((n, i) for n in range(b.first, b.first + b.count))
        items = [places[h] for h in order]
        last = [max(p) for p in items]
        total = [0]
        for end in last:
            total.append(total[-1] + end + 1)
        best = {i: (0, ()) for i in range(len(last)) if runs[0][1] <= last[i]}
        for before, run in zip(runs, runs[1:]):
            best = {i: min((lost + total[i] + run[0] - total[k] - before[1] - 1, way + (k,)) for k, (lost, way) in best.items()
                           if k < i or (k == i and before[1] < run[0]))
                    for i in range(len(last)) if run[1] <= last[i] and
                    any(k < i or (k == i and before[1] < run[0]) for k in best)}
        if not best:
            return f"no epochs are like {runs}"
        (_, way), i = min((v, i) for i, v in best.items())
        at = [*way, i]
        seen = {(e, n) for e, (a, b) in zip(at, runs) for n in range(a, b + 1)}
        lost = [(e, n) for e in range(at[0], at[-1] + 1) for n in range(last[e] + 1)
                if (e > at[0] or n > runs[0][0]) and (e < at[-1] or n < runs[-1][1]) and (e, n) not in seen
                and items[e].get(n, came) >= came]
        return f"{len(lost)} from {lost[0]} of {runs}" if lost else ""

    def products(self):
        for giver, author in self.authors.items():
            drop = os.path.join(self.g[giver].dir, "drop")
            done = {t: d for t, d in author.dropped.items() if os.path.exists(os.path.join(drop, "done", t))}
            waiting = self.dropped(giver)
            check(f"{giver}: nothing is left in the drop folder", not waiting, f"{len(done)} of {len(author.dropped)} done; left {some(waiting)}")
            acked = author.acked | done
            check(f"{giver}: products were acknowledged", len(acked) > 0,
                  f"{len(acked)} acknowledged, {len(author.tried)} not")
            for taker in PARTIES:
                if taker != giver:
                    self.taken(giver, taker, acked)

    def taken(self, giver, taker, acked):
        g, end = self.g[taker], time.monotonic() + PATIENCE
        while True:
            items = [i for i in patient(lambda: g.one("list", who="crash.reader"))["items"] if i["originator"] == giver]
            whole = [i for i in items if i["complete"]]
            titles = [i["title"] for i in whole]
            lost = sorted(set(acked) - set(titles))
            if not lost or time.monotonic() > end:
                break
            time.sleep(0.5)
        twice = sorted({t for t in titles if titles.count(t) > 1})
        check(f"{giver} to {taker}: every acknowledged product is there, once", not lost and not twice,
              f"{len(acked)} acknowledged, {len(whole)} there; lost {some(lost)}, "
              f"of these in part {some(i['title'] for i in items if i['title'] in lost)}, twice {some(twice)}")
        mine = [i for i in whole if i["title"] in acked]
        with ThreadPoolExecutor(3) as pool:
            digests = list(pool.map(lambda i: self.opened(g, i), mine))
        wrong = [(i["title"], d) for i, d in zip(mine, digests) if d != acked[i["title"]]]
        check(f"{giver} to {taker}: each opens to what its author signed", not wrong, f"wrong {some(wrong)}")

    def opened(self, g, item):
        out = os.path.join(BASE, f"{g.code}.{item['handle']}")
        try:
            patient(lambda: g.one("open", item["handle"], "--purpose", "exercise", "--out", out, who="crash.reader"))
            with open(out, "rb") as f:
                digest = hashlib.sha256(f.read()).hexdigest()
            os.unlink(out)
            return digest
        except (Refused, OSError) as no:
            return str(no)

    def ledgers(self):
        for code, g in self.g.items():
            now = Log(os.path.join(g.dir, "store", "ledger")).records()
            then = self.striker.ledger[code].certain
            counts = self.striker.heads[code]
            check(f"{code}: the ledger only grew", counts == sorted(counts) and chain(now[:len(then)]) == chain(then),
                  f"{len(counts)} looks, {len(now)} records")
            try:
                v = g.accord("verify", g.dir, timeout=PATIENCE * 5)
                check(f"{code}: verify finds nothing", True, story.short(v))
                strangers = [p for p in v.get("pouches", []) if p["strangers"] and p["log"] != "inbox"]
                check(f"{code}: no batch of an epoch that the ledger does not know", not strangers, some(strangers))
                r = g.accord("replay", g.dir, timeout=PATIENCE * 5)
                check(f"{code}: replay finds nothing", r.get("differ", 1) == 0, story.short(r))
            except Refused as no:
                check(f"{code}: verify and replay find nothing", False, str(no))
        for a, b in (("KOR", "JPN"), ("KOR", "USA"), ("JPN", "USA")):
            try:
                r = self.g[a].accord("reconcile", self.g[a].dir, self.g[b].dir, timeout=PATIENCE * 5)
                check(f"{a} and {b}: reconcile finds nothing", r.get("differ", 1) == 0, story.short(r))
            except Refused as no:
                check(f"{a} and {b}: reconcile finds nothing", False, str(no))

    def under_way(self):
        """How many kills struck while something that passes the struck gateway was sealed and had not arrived?"""
        arrived = {}
        for taker in PARTIES:
            for i, b in enumerate(self.striker.inbox[taker].read()):
                arrived[b.partner, taker, b.same] = i
        hits = []
        for code, process, sealed, came in self.striker.moments:
            hits.append(sum(1 for giver in PARTIES for taker in PARTIES if giver != taker and code in (giver, taker)
                            for b in self.striker.sealed[giver].batches[max(0, sealed[giver] - 400):sealed[giver]]
                            if b.durable and arrived.get((giver, taker, b.same), -1) >= came[taker]))
        struck, busy = len(hits), sum(h > 0 for h in hits)
        say(f"  under way at a kill: median {sorted(hits)[struck // 2]} batches, most {max(hits)}")
        check("at least half of the kills struck with items under way", 2 * busy >= struck, f"{busy} of {struck}")
        least = min(self.striker.kills.values())
        check("all six processes were killed, and as often as asked", least >= KILLS // 6 and struck >= KILLS,
              f"{struck} kills, at least {least} of each")


def main():
    began = time.monotonic()
    say(f"crash test: SEED={SEED} KILLS={KILLS}; again with: make crash SEED={SEED} KILLS={KILLS}")
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(143))
    signal.alarm(300 + 2 * KILLS)
    run = Run()
    try:
        run.set_up()
        run.strike_all()
        run.settle()
        run.warnings()
        run.shown()
        run.products()
        check("every gateway ends in good order", run.stop() == [0, 0, 0])
        run.ledgers()
        run.under_way()
    except Refused as no:
        check("nothing is refused for long", False, str(no))
    finally:
        run.stop()
    if failed == 0:
        shutil.rmtree(BASE, ignore_errors=True)
    else:
        say(f"  what it made is kept in {BASE}; again with: make crash SEED={SEED} KILLS={KILLS}")
    say(f"The crash test took {time.monotonic() - began:.0f} s.")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
