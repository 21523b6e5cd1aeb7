#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What leaves is looked at by a process of its own (docs/why/check.md): two gateways of real processes, KOR gives, JPN takes.

    B=build python3 test/live/check/check.py

accord-check is killed again and again under load, and stands still: nothing is lost, doubled or out of order, and nothing leaves that it
did not see.  What it wrote down is damaged while the gateway is down.  Then an intake that was captured takes the place of the real one:
it has the keys, the signature and the turn, and lies (test/live/captured.c):

    lie-outside   a place outside of its source's area
    lie-another   a report of another source under the key of this one
    lie-secret    something that is no report
    lie-exact     what the partner may have only coarser, as it is

JPN gets none of that, and all that is honest before it and from the next epoch on.  Nor does it get a record that was changed after
it was looked at, whatever its checksums say."""
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "faults"))
from world import BIN, BUILD, MARKING, ROOT, Told, World  # noqa: E402
from crash import children  # noqa: E402
from gateways import Refused, free_port  # noqa: E402
from halted import Author, Halted  # noqa: E402
from store import Log, leaves, of_outbox, rewrite  # noqa: E402
from tell import Stream, check, conclude, say, totals, until  # noqa: E402
from traffic import Reader, moment  # noqa: E402

SEED = int(os.environ.get("SEED") or time.strftime("%Y%m%d"))
BASE, CAPTURED = os.path.join(BUILD, "live-check"), os.path.join(BUILD, "captured", "accord-intake")
KILLS, STANDS_S = 6, 5
OTHERS = ("accord-guard", "accord-intake", "accord-check", "accord-courier", "accord-desk", "accord-unwrap")
RULES = """    define reduction COARSE = position to 10 km
    never track from radar to JPN unless reduced COARSE
"""
# name: kind, box, and where its honest reports are
BOX, WITHIN = "30,120,40,131", (36.0, 127.0)
FEEDS = {"near": ("warning", BOX, WITHIN), "mid": ("warning", BOX, WITHIN), "sea": ("warning", BOX, WITHIN), "coarse": ("track", BOX, WITHIN),
         "far": ("warning", "-10,-60,10,-40", (1.0, -50.0))}
LIES = (("near", "outside", "area"), ("mid", "another", "area"), ("sea", "secret", "version"), ("coarse", "exact", "place"))
ROOT_USER = "nobody" if os.geteuid() == 0 else None


class Check:
    def __init__(self):
        self.rng, self.world = random.Random(SEED), World(BASE, Told)
        self.kor, self.jpn = self.world.kor, self.world.jpn
        self.programs, self.count, self.socket = self.world.out("programs"), 0, {}

    # ---- what there is ----

    def begin(self):
        w, found = self.world, self.kor.found
        os.makedirs(self.programs)
        for name in OTHERS:
            os.symlink(os.path.join(BIN, name), os.path.join(self.programs, name))

        def found_with_programs():
            found()
            with open(os.path.join(self.kor.dir, "accord.conf"), "a") as f:
                f.write(f'programs "{self.programs}"\n' + (f"user check {ROOT_USER}\n" if ROOT_USER else ""))
        self.kor.found = found_with_programs
        w.set_up()
        self.rules()
        for name, (kind, box, _) in FEEDS.items():
            w.at[name] = f"127.0.0.1:{free_port()}"
            self.kor.both("source", "add", name, "--tcp", w.at[name], "--kind", kind, "--precedence", "FLASH", "--marking", MARKING.format("radar"),
                          "--extent", box)
        check("a product and a report pass", not (no := w.product() or w.report()), no)

    def rules(self):
        path = self.world.out("KOR.rules")
        with open(os.path.join(ROOT, "agreements", "rules", "KOR.rules")) as f, open(path, "w") as g:
            g.write(f.read() + RULES)
        self.kor.both("rules", "load", path, "--policies", os.path.join(ROOT, "policies"))

    def program(self, name, path):
        """From the next start on this is what is started under that name; None: it is not installed."""
        link = os.path.join(self.programs, name)
        os.unlink(link) if os.path.lexists(link) else None
        if path is not None:
            os.symlink(path, link)

    def pid(self):
        return until(12, lambda: children(self.kor.process.pid).get("check"))

    def status(self):
        return self.kor.patient("status")

    def anybody(self):
        """What status says of the inspection to who names nobody."""
        said = self.kor.accord("status")
        return "" if "leaves" in said else said.get("inspection", "")

    # ---- who it is ----

    def alone(self):
        with open(f"/proc/{self.pid()}/status") as f:
            uids = next(l.split()[1:] for l in f if l.startswith("Uid:"))
        with open("/etc/passwd") as f:
            own = next(l.split(":")[2] for l in f if l.startswith(ROOT_USER + ":"))
        check("it runs as a user of its own", uids == [own] * 4, " ".join(uids))
        nets = [os.readlink(f"/proc/{pid}/ns/net") for pid in (self.pid(), self.kor.process.pid)]
        with open(f"/proc/{self.pid()}/net/dev") as f:
            devices = [l.split(":")[0].strip() for l in f if ":" in l]
        check("in a network of its own, in which there is nobody", nets[0] != nets[1] and devices == ["lo"], f"{devices}")
        files = [os.readlink(os.path.join(f"/proc/{self.pid()}/fd", fd)) for fd in os.listdir(f"/proc/{self.pid()}/fd")]
        mine = sorted({f.rpartition("/store/")[2].split("/")[0] for f in files if "/store/" in f})
        check("of the store it has the two outboxes", mine == ["outbox-desk", "outbox-intake"], f"{mine}")

    # ---- it is killed, and stands still, under load ----

    def loaded(self):
        w = self.world
        self.author, self.reader = Author(w), Reader(w.jpn, "suzuki")
        w.sensor.rate = 60
        self.workers = [self.author, self.reader, w.sensor]
        for worker in self.workers:
            worker.start()
        time.sleep(1)

    def killed(self):
        starts = set()
        for _ in range(KILLS):
            pid = self.pid()
            starts.add(pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            time.sleep(self.rng.uniform(0.1, 1.2))
            until(12, lambda p=pid: children(self.kor.process.pid).get("check") not in (None, p))
        check(f"it was killed {KILLS} times, and each time started again", len(starts) == KILLS)
        before = len(self.world.acked)
        check("products go on being taken in", until(30, lambda: len(self.world.acked) > before))

    def came(self):
        return {b.same for b in self.world.inbox.read() if b.partner == "KOR"}

    def stands(self):
        w, pid = self.world, self.pid()
        silent, again = "accord-check is not heard: nothing leaves", "accord-check is heard again"
        logged = [len(self.kor.said(words)) for words in (silent, again)]
        os.kill(pid, signal.SIGSTOP)
        still = Halted.state(pid) == "T"
        time.sleep(0.7)  # what it had passed is on its way
        came, acked, sealed = self.came(), len(w.acked), len(w.sealed.read())
        time.sleep(STANDS_S)
        more, sealed_now = self.came() - came, w.sealed.read()
        told, anybody = self.status()["inspection"], self.anybody()
        log = len(self.kor.said(silent)) - logged[0]
        os.kill(pid, signal.SIGCONT)
        check("the log says once that nobody looks, and once that somebody does again", log == 1 and
              until(5, lambda: len(self.kor.said(again)) == logged[1] + 1), f"{log} times")
        check(f"it stands still for {STANDS_S} s: nothing of KOR comes to JPN meanwhile", still and came and not more, f"{len(more)} batches")
        check("though KOR takes in and seals", len(w.acked) > acked and len(sealed_now) > sealed + 5,
              f"{len(w.acked) - acked} products, {len(sealed_now) - sealed} batches of reports")
        check("and status says so, to anybody", told.startswith("no") and anybody == told, f"{told}; {anybody}")
        waited = {b.same for b in sealed_now[sealed:]}
        check("all of it comes when it goes on", until(20, lambda: waited <= self.came()), f"{len(waited - self.came())} of {len(waited)} did not")
        check("and status says so too", until(5, lambda: self.status()["inspection"] == self.anybody() == "yes"))

    def settled(self):
        w = self.world
        for worker in self.workers:
            worker.end()
        w.sensor.ended.clear()  # from now on reports are sent one by one
        wrong = w.lost_or_twice()
        check("nothing that was sealed or acknowledged is lost, nothing is there twice", not wrong, "; ".join(wrong) or f"{len(w.acked)} acknowledged")
        check("each epoch came in its order", not (wrong := self.out_of_order()), f"{wrong[:3]}")
        uids = [uid for _, shown in self.reader.streams for _, _, _, uid in shown]
        check("the reader saw no report twice, no gap and no forgery", uids and len(uids) == len(set(uids)) and not self.reader.notes,
              f"{len(uids)} shown, {self.reader.notes[:2]}")
        check("and nothing was stopped", not self.stopped(), f"{self.stopped()[:1]}")

    def out_of_order(self):
        """Batches of an epoch whose first item is not the one after the last."""
        after, wrong = {}, []
        for b in self.world.inbox.read():
            if b.partner == "KOR" and b.first != after.get(b.handle, b.first):
                wrong.append((b.handle, b.first, after[b.handle]))
            after[b.handle] = b.first + b.count
        return wrong

    # ---- what it wrote down is damaged ----

    def damaged_live(self):
        """It stands still, something waits, and the mark is changed under the courier's eyes."""
        w = self.world
        for what, at, new in (("all ones", 0, lambda b: b"\xff" * 8), ("one bit", 5, lambda b: bytes([b[0] ^ 16])),
                              ("a place of the list", 24, lambda b: (1).to_bytes(4, sys.byteorder)),
                              ("further on by 64 KiB", 0, lambda b: (int.from_bytes(b, sys.byteorder) + 65536).to_bytes(8, sys.byteorder))):
            pid = self.pid()
            told = len(self.kor.said("what was passed of an outbox is not known", 'log="outbox-intake"'))
            os.kill(pid, signal.SIGSTOP)
            still = Halted.state(pid) == "T"
            time.sleep(0.7)
            before = len(w.sealed.read())
            for _ in range(20):
                w.send_one()
            waits = until(10, lambda n=before: len(w.sealed.read()) > n)
            with open(self.passing("outbox-intake"), "r+b") as f:
                f.seek(at)
                old = f.read(len(new(bytes(8))))
                f.seek(at)
                f.write(new(old))
                f.flush()
            for _ in range(5):
                w.send_one()  # and the courier is rung
            time.sleep(1)
            unseen = {b.same for b in w.sealed.read()[before:]}
            out = unseen & self.came()
            os.kill(pid, signal.SIGCONT)
            check(f"the mark is changed while check stands still ({what}): nothing leaves by it", still and waits and not out, f"{len(out)} of {len(unseen)} batches")
            check("check goes on, tells it, and all of it comes", until(20, lambda u=unseen: u <= self.came()) and
                  len(self.kor.said("what was passed of an outbox is not known", 'log="outbox-intake"')) > told and self.pid() == pid)


    def passing(self, outbox):
        return os.path.join(self.kor.dir, "store", outbox, "passing")

    def unseen(self):
        """KOR's gateway is down, and in both outboxes lies what was not looked at: the batches."""
        w, pid = self.world, self.pid()
        os.kill(pid, signal.SIGSTOP)
        Halted.state(pid)
        before, came = len(w.sealed.read()), len(w.acked)
        w.submit()
        for _ in range(20):
            w.send_one()
        waits = until(10, lambda: len(w.sealed.read()) > before)
        self.kor.process.kill()  # and its processes with it
        self.kor.process.wait()
        until(10, lambda: not os.path.exists(f"/proc/{pid}"))
        w.sensor.socket = None
        check("there is something that was not looked at", waits and len(w.acked) > came)
        return {b.same for b in w.sealed.read()[before:]}

    def damaged(self):
        for what, harm in (("zeros", lambda b: bytes(len(b))), ("all ones", lambda b: b"\xff" * len(b)),
                           ("a mark that is further on", lambda b: (1 << 20).to_bytes(8, sys.byteorder) * 2 + b[16:]),
                           ("random bytes", lambda b: self.rng.randbytes(len(b))), ("half of it", lambda b: b[:len(b) // 2]),
                           ("nothing", lambda b: b"")):
            self.one_damage(what, harm)
        wrong = self.world.lost_or_twice()
        check("nothing is lost, nothing is there twice", not wrong, "; ".join(wrong) or f"{len(self.world.acked)} acknowledged")
        check("nothing honest was refused", not self.stopped(), f"{self.stopped()[:1]}")

    def one_damage(self, what, harm):
        w = self.world
        waits = self.unseen()
        for outbox in ("outbox-intake", "outbox-desk"):
            with open(self.passing(outbox), "r+b") as f:
                good = f.read()
                f.seek(0)
                f.truncate()
                f.write(harm(good))
        self.program("accord-check", None)  # nobody looks
        self.kor.start()
        self.kor.wait_ready()
        up = until(15, self.connected)
        time.sleep(1)
        check(f"the marks are damaged ({what}): before it is looked at nothing leaves", up and not waits & self.came(), f"{len(waits & self.came())} of {len(waits)} batches")
        told = self.kor.said("what was passed of an outbox is damaged")
        new = what in ("zeros", "half of it", "nothing")  # as a file that was just made
        check("which is not told of" if new else "it is told of both, by name", [sum(f'log="{o}"' in l for l in told) for o in ("outbox-intake", "outbox-desk")] ==
              [0 if new else 1] * 2, f"{told}")
        self.kor.stop()
        self.program("accord-check", os.path.join(BIN, "accord-check"))
        self.kor.start()
        self.kor.wait_ready()
        check("then all goes on", not (no := w.product() or w.report()), no)

    def connected(self):
        return len(self.kor.said("a link is up", 'direction="out"')) >= 2

    def others(self):
        """A file that is open to others, or belongs to somebody else."""
        path = self.passing("outbox-intake")
        check("KOR's gateway ends in good order", self.kor.stop() == 0)
        for what, harm, mend in (("is open to others", lambda: os.chmod(path, 0o666), lambda: os.chmod(path, 0o600)),
                                 *((("belongs to somebody else", lambda: os.chown(path, 1, 1), lambda: os.chown(path, 0, 0)),) if ROOT_USER else ()),
                                 ("is a link to somewhere", lambda: self.link(path), lambda: self.unlink(path))):
            harm()
            self.kor.start()
            ended = until(10, lambda: self.kor.process.poll() is not None)
            words = self.kor.said("what was passed", 'log="outbox-intake"')
            check(f"the file {what}: the gateway does not start, and says why and of which log", ended and words, (words or ["nothing"])[-1][-120:])
            self.kor.stop()
            mend()
        self.kor.start()
        self.kor.wait_ready()
        check("it starts when that is mended", not (no := self.world.product()), no)

    @staticmethod
    def link(path):
        os.rename(path, path + ".away")
        os.symlink(path + ".away", path)

    @staticmethod
    def unlink(path):
        os.unlink(path)
        os.rename(path + ".away", path)

    # ---- a captured intake ----

    def stopped(self):
        return [l for l in leaves(Log(os.path.join(self.kor.dir, "store", "ledger")).records()) if l["kind"] == "stopped"]

    def send(self, feed, prefix):
        self.count += 1
        uid, (lat, lon) = f"{prefix}-{self.count}", FEEDS[feed][2]
        now = time.time()
        text = (f"<event version='2.0' uid='{uid}' type='a-h-A-M' how='m-r' time='{moment(now)}' start='{moment(now)}' stale='{moment(now + 60)}'>"
                f"<point lat='{lat:.7f}' lon='{lon:.7f}' hae='9000' ce='10' le='10'/><detail/></event>").encode()
        for _ in range(20):
            try:
                if feed not in self.socket:
                    host, port = self.world.at[feed].rsplit(":", 1)
                    self.socket[feed] = socket.create_connection((host, int(port)), timeout=5)
                self.socket[feed].sendall(text)
                return uid
            except OSError:
                self.socket.pop(feed, None)
                time.sleep(0.2)
        raise RuntimeError(f"{feed} takes nothing")

    def seen(self, uid, seconds=1.5):
        return self.watch.wait(1, seconds, lambda e: e.get("report", {}).get("uid") == uid)

    def honest(self, feed, seconds=40):
        """Sent until one is shown in JPN: the one that was, or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            uid = self.send(feed, feed)
            if self.seen(uid):
                return uid
        return None

    def captured(self):
        check("KOR's gateway ends in good order", self.kor.stop() == 0)
        self.program("accord-intake", CAPTURED)
        self.socket = {}
        self.kor.start()
        self.kor.wait_ready()
        self.watch = Stream(self.jpn, "suzuki")
        for feed, lie, because in LIES:
            self.one_lie(feed, lie, because)
        uids = [e["report"]["uid"] for e in self.watch.events if "report" in e]
        check("JPN was shown no lie", uids and not [u for u in uids if u.startswith("lie")], f"{len(uids)} reports")
        check("of what was stopped nothing came from the lie on, and all before it", not (wrong := self.crossed()), "; ".join(wrong))
        self.watch.close()
        told = self.status()["stopped"]
        check("status counts them", int(told) == len(self.stopped()) == len(LIES), f"{told} stopped")
        check("a product passes all the while", not (no := self.world.product()), no)

    def one_lie(self, feed, lie, because):
        before = len(self.stopped())
        self.honest("far")  # what it has of another source
        check(f"{feed}: what is honest comes", self.honest(feed))
        self.send(feed, "lie-" + lie)
        new = until(20, lambda: self.stopped()[before:])
        where = " of " + feed if new and new[0].get("source") == feed else ""
        check(f"{feed}: lie-{lie} is recorded as stopped, and why", len(new) == 1 and new[0]["because"] == because and where, f"{new}")
        check("from the next epoch on what is honest comes again", self.honest(feed, 150))

    def crossed(self):
        """By the logs themselves: of each stopped epoch, batches that came though they hold the first lie or lie behind it."""
        wrong, came = [], self.came()
        sealed = self.world.sealed.read()
        for leaf in self.stopped():
            mine = [b for b in sealed if b.handle == leaf["epoch"]]
            bad = [b for b in mine if b.first + b.count > int(leaf["item"])]
            wrong += [f"{leaf['epoch']}: its batches are not in the outbox"] if not bad else []
            wrong += [f"{leaf['epoch']} {b.first}: it came" for b in bad if b.same in came]
            wrong += [f"{leaf['epoch']} {b.first}: it did not come" for b in mine if b not in bad and b.same not in came]
        return wrong

    # ---- and one that changes what was passed ----

    def rewritten(self):
        """Who writes the outbox may write it again, before the courier has read it."""
        w, courier = self.world, until(12, lambda: children(self.kor.process.pid).get("courier"))
        folder = os.path.join(self.kor.dir, "store", "outbox-intake")
        log, words = Log(folder), ("something in an outbox does not leave", "it is not as it was when it was looked at")
        os.kill(courier, signal.SIGSTOP)
        still = Halted.state(courier) == "T"
        before, new = {r.position for r in log.records()}, []
        for _ in range(6):
            w.send_one()
            time.sleep(0.1)

        def passed():
            new[:] = [r for r in log.records() if r.position not in before]
            with open(self.passing("outbox-intake"), "rb") as f:
                return len(new) >= 3 and int.from_bytes(f.read(8), sys.byteorder) > new[2].position
        looked = until(10, passed)
        good, bad = {of_outbox(r).same for r in new if r is not new[1]}, new[1]
        body = bytearray(bad.body)
        body[60] ^= 1  # of its ciphertext
        rewrite(folder, bad, bytes(body))
        told = len(self.kor.said(*words))
        os.kill(courier, signal.SIGCONT)
        check("what was passed and not yet carried is written anew, with right checksums: the rest comes", still and looked and
              until(20, lambda: good <= self.came()))
        changed = of_outbox(next(r for r in Log(folder).records() if r.position == bad.position)).same
        check("of that record nothing comes, neither as it was nor as it is", not {changed, of_outbox(bad).same} & self.came() and changed != of_outbox(bad).same)
        check("and the log says so", until(5, lambda: len(self.kor.said(*words)) > told))
        self.put_back = lambda: rewrite(folder, next(r for r in Log(folder).records() if r.position == bad.position), bad.body)

    def ended(self):
        ended = self.world.end()
        check("both gateways end in good order", ended == [0, 0], f"{ended}")
        wrong = self.world.audit()
        check("verify finds what was changed in the outbox", "the signature does not fit" in "; ".join(wrong), "; ".join(wrong))
        self.put_back()
        wrong = self.world.audit()
        check("when that is put back, verify and replay find nothing, and reconcile that one record did not come",
              len(wrong) == 1 and wrong[0].startswith("reconcile") and " 1 differences" in wrong[0], "; ".join(wrong))

    def run(self):
        parts = (("who it is", self.alone if ROOT_USER else None), ("under load", self.loaded), ("it is killed", self.killed),
                 ("it stands still", self.stands), ("and all is there", self.settled), ("what it wrote down is damaged while it runs", self.damaged_live),
                 ("and while it does not", self.damaged),
                 ("or is not its own", self.others), ("an intake that was captured", self.captured),
                 ("and one that changes what was passed", self.rewritten), ("the end", self.ended))
        try:
            self.begin()
            for title, part in parts:
                say(f"\n== {title}" if part else f"skipped: {title} (that takes root)")
                part and part()
        finally:
            for worker in getattr(self, "workers", []):
                worker.ended.set()
            self.world.end()


def main():
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(143))
    signal.alarm(580)
    say(f"check: SEED={SEED}")
    Check().run()
    if totals()[1] == 0:
        shutil.rmtree(BASE, ignore_errors=True)
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
