#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Processes that stand still, and a disk that becomes read-only, while two gateways work (docs/why/fault.md).

    SEED=1 B=build python3 test/live/faults/halted.py

Each process of each gateway is stopped for seconds under load (SIGSTOP), two at a time too, and some are killed while they stand.  A
courier that stands for longer than the lease makes its partner's screens dark: nothing opens until it is heard again.  The disk
is an ext4 on a loop device whose kernel is told of an error, so it turns read-only by itself: that takes root, and is skipped
without.  Afterwards nothing that was acknowledged is lost or there twice, and verify, replay and reconcile find nothing."""
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from world import BUILD, World  # noqa: E402
from crash import children  # noqa: E402
from gateways import Refused  # noqa: E402
from tell import check, say, totals, until  # noqa: E402
from traffic import Reader  # noqa: E402

SEED = int(os.environ.get("SEED") or time.strftime("%Y%m%d"))
BASE = os.path.join(BUILD, "halted")
LEASE_S, ROOM_MIB = 15, 96
PROCESSES = [p for p in ("accordd", "guard", "courier", "intake", "desk", "check")
             if p == "accordd" or os.path.exists(os.path.join(BUILD, "bin", "accord-" + p))]
SEGMENTS = "segment ledger 128 KiB\nsegment outbox-intake 2 MiB\nsegment outbox-desk 2 MiB\nsegment lanes 2 MiB\nsegment inbox 2 MiB\nslots 1024\n"


class Author(threading.Thread):
    """Submits one product after another until it is told to end."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.ended = world, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.world.submit()
            self.ended.wait(0.1)

    def end(self):
        self.ended.set()
        self.join(60)


class Halted:
    def __init__(self):
        self.rng, self.world = random.Random(SEED), World(BASE)

    def begin(self):
        w = self.world
        w.set_up()
        self.author, self.reader = Author(w), Reader(w.jpn, "suzuki")
        w.sensor.rate = 30
        self.workers = [self.author, self.reader, w.sensor]
        for worker in self.workers:
            worker.start()
        time.sleep(1)

    def pid(self, code, process):
        g = self.world.g[code]
        return g.process.pid if process == "accordd" else until(12, lambda: children(g.process.pid).get(process))

    def stand(self, some, seconds, kill=False):
        """They all stand still for so long; then they go on, or are killed as they stand."""
        pids = {one: self.pid(*one) for one in some}
        for pid in pids.values():
            os.kill(pid, signal.SIGSTOP)
        still = all(self.state(pid) == "T" for pid in pids.values())
        time.sleep(seconds)
        for (code, process), pid in pids.items():
            os.kill(pid, signal.SIGKILL if kill else signal.SIGCONT)
            if kill and process == "accordd":
                self.world.g[code].process.wait()
        for g in self.world.g.values():
            g.ensure()
        return still

    @staticmethod
    def state(pid):
        """As soon as it stands."""
        def now():
            with open(f"/proc/{pid}/stat") as f:
                return f.read().rpartition(")")[2].split()[0]
        return "T" if until(2, lambda: now() == "T") else now()

    def passes(self, what):
        w = self.world
        before = len(w.acked)
        good = until(30, lambda: len(w.acked) > before)
        title = max(w.acked, key=lambda t: int(t.rsplit("-", 1)[1]))
        return check(what, good and until(30, lambda: title in self.titles()), f"{len(w.acked)} products acknowledged")

    def titles(self):
        with contextlib.suppress(Refused, subprocess.TimeoutExpired):
            return {i["title"] for i in self.world.listed(False)}
        return set()

    def one_by_one(self):
        for code in self.world.g:
            for process in PROCESSES:
                seconds = self.rng.uniform(0.3, 1.5)
                self.passes(f"{code}: {process} stood still for {seconds:.1f} s, and all goes on" if self.stand([(code, process)], seconds)
                            else f"{code}: {process} did not stand still")

    def two_at_a_time(self):
        every = [(c, p) for c in self.world.g for p in PROCESSES]
        for kill in (False, False, True, True):
            two = self.rng.sample(every, 2)
            self.stand(two, self.rng.uniform(0.5, 2.0), kill)
            self.passes(f"{' and '.join(' '.join(t) for t in two)} stood still{', and were killed as they stood' if kill else ''}: all goes on")

    def long(self):
        """Who is not heard for the lease is shown nothing of what he gave, and shows nothing of it."""
        w = self.world
        item = next(i for i in w.listed() if i["title"] in w.acked)
        check("an item opens while its giver is heard", w.open(item) == w.acked[item["title"]])
        pid, before = self.pid("KOR", "courier"), time.monotonic()
        os.kill(pid, signal.SIGSTOP)
        try:
            said = until(LEASE_S + 8, lambda: self.refusal(item))
            waited = time.monotonic() - before
            check("KOR's courier stands still: when the lease is over nothing of KOR opens in JPN", said, f"after {waited:.0f} s: {said}")
            check("and not before the lease is over", waited > LEASE_S - 3, f"{waited:.1f} s")
        finally:
            os.kill(pid, signal.SIGCONT)
        check("it goes on, and the item opens again", w.open(item) == w.acked[item["title"]])

    def refusal(self, item):
        try:
            self.world.jpn.one("open", item["handle"], "--purpose", "exercise", "--out", self.world.out("opened"), who="suzuki", timeout=20)
            os.unlink(self.world.out("opened"))
            return ""
        except (Refused, subprocess.TimeoutExpired) as no:
            return str(no)

    def settle(self):
        w = self.world
        for worker in self.workers:
            worker.end()
        wrong = w.lost_or_twice()
        check("nothing that was acknowledged or sealed is lost, nothing is there twice", not wrong, "; ".join(wrong) or f"{len(w.acked)} acknowledged")
        items = {i["title"]: i for i in w.listed() if i["title"] in w.acked}
        some = self.rng.sample(sorted(items), min(8, len(items)))
        check("they open to what was submitted", all(w.open(items[t]) == w.acked[t] for t in some), f"{len(some)} looked at")
        uids = [uid for _, shown in self.reader.streams for _, _, _, uid in shown]
        check("no reader saw a report twice, a gap or a forgery", uids and len(uids) == len(set(uids)) and not self.reader.notes,
              f"{len(uids)} shown, {self.reader.notes[:2]}")
        end_well(w)

    def run(self):
        try:
            self.begin()
            self.one_by_one()
            self.two_at_a_time()
            self.long()
            self.settle()
        finally:
            for worker in getattr(self, "workers", []):
                worker.ended.set()
            self.world.end()


def end_well(world):
    ended = world.end()
    check("both gateways end in good order", ended == [0, 0], f"{ended}")
    wrong = world.audit()
    check("verify, replay and reconcile find nothing", not wrong, "; ".join(wrong))


# ---- a disk that becomes read-only ----

class ReadOnly:
    def __init__(self):
        self.world = World(BASE + ".ro")
        self.g = self.world.kor
        self.image, self.mounted = self.world.out("disk"), False

    def begin(self):
        w, found = self.world, self.g.found
        subprocess.run(["truncate", "-s", f"{ROOM_MIB}M", self.image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

        def found_on_disk():
            found()
            self.store = os.path.join(self.g.dir, "store")
            os.makedirs(self.store, exist_ok=True)
            self.mount("rw")
            shutil.rmtree(os.path.join(self.store, "lost+found"))
            with open(os.path.join(self.g.dir, "accord.conf"), "a") as f:
                f.write(SEGMENTS)
        self.g.found = found_on_disk
        w.set_up()
        check("a product passes", w.product() == "")

    def mount(self, how):
        command = ["mount", "-o", f"loop,{how},errors=remount-ro", self.image, self.store]
        if not until(10, lambda: subprocess.run(command, capture_output=True).returncode == 0):  # views of who ended go a little later
            raise RuntimeError("the disk of the test cannot be mounted")
        os.chmod(self.store, 0o700) if how == "rw" else None
        self.mounted = True

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", self.store], check=True)
            self.mounted = False

    def device(self):
        with open("/proc/self/mounts") as f:
            return next(os.path.basename(l.split()[0]) for l in f if l.split()[1] == self.store)

    def turns(self):
        """The kernel finds an error: from now on nothing can be written."""
        w, since = self.world, self.g.log_size()
        with open(f"/sys/fs/ext4/{self.device()}/trigger_fs_error", "w") as f:
            f.write("an error of the test")
        acked, given = dict(w.acked), len(w.listed())
        end = time.monotonic() + 8
        while time.monotonic() < end:
            with contextlib.suppress(Refused, subprocess.TimeoutExpired):
                w.submit()
        check("a disk that turned read-only: nothing is acknowledged", w.acked == acked, f"{len(w.tried)} were not")
        check("and the partner is given nothing", len(w.listed()) == given)
        lines = self.g.said("because=\"io\"", since=since)
        check("each process that could not write says so", lines, f"{len(lines)} lines, as: {lines[0][25:150] if lines else ''}")
        bad = [l for l in self.g.said("a process has ended", since=since) if 'signal="0"' not in l and 'signal="9"' not in l]
        check("nobody crashes: who cannot be given its files is killed by accordd, which says so", not bad, f"{bad[:2]}")
        self.world.end()  # the processes of both see this disk in views of their own

    def starts(self):
        """Nothing can be written at the start either; then it can."""
        self.unmount()
        done = subprocess.run(["e2fsck", "-f", "-p", self.image], capture_output=True, text=True)
        check("the disk is mended", done.returncode in (0, 1), done.stdout.strip()[-100:])
        self.mount("ro")
        self.world.jpn.start()
        self.world.jpn.await_works()
        self.g.start()
        state = until(10, lambda: self.g.process.poll() is not None)
        words = self.g.said("accordd:") or self.g.said("because=")
        works = self.g.said("the gateway works")
        check("a start on it says what is the matter, and does not work", words and not works, f"ended: {state}; {(words or [''])[-1][:150]}")
        self.world.end()
        self.unmount()
        self.mount("rw")
        self.world.jpn.start()
        self.g.start()
        check("and the gateway works", self.g.await_works() == "works")
        check("a product passes again", (said := self.world.product()) == "", said)
        wrong = self.world.lost_or_twice()
        check("nothing that was acknowledged is lost, nothing is there twice", not wrong, "; ".join(wrong) or f"{len(self.world.acked)} acknowledged")

    def run(self):
        try:
            self.begin()
            self.turns()
            self.starts()
            end_well(self.world)
        finally:
            self.world.end()
            self.unmount()


def can_loop():
    """A loop device with ext4, which the kernel can be told an error of."""
    script = ('t=$(mktemp -d) && truncate -s 8M $t/i && mkfs.ext4 -q -F $t/i && mkdir $t/m && mount -o loop $t/i $t/m && '
              'd=$(basename $(findmnt -no SOURCE $t/m)) && test -w /sys/fs/ext4/$d/trigger_fs_error; r=$?; umount $t/m; rm -rf $t; exit $r')
    return subprocess.run(["sh", "-c", script], capture_output=True).returncode == 0


def main():
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(143))
    signal.alarm(580)
    if "ACCORD_OWN_MOUNTS" not in os.environ and os.geteuid() == 0:
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   {**os.environ, "ACCORD_OWN_MOUNTS": "1"})
    say(f"halted: SEED={SEED}")
    Halted().run()
    if can_loop():
        say("a disk that becomes read-only")
        ReadOnly().run()
    else:
        say("skipped: a disk that becomes read-only needs root, a loop device and ext4")
    passed, failed = totals()
    if failed == 0:
        shutil.rmtree(BASE, ignore_errors=True)
        shutil.rmtree(BASE + ".ro", ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
