#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that gets full, and one whose syncs fail, under the real processes: nothing is acknowledged and nothing released
while it lasts, it is said, nobody dies of a full disk, and all goes on by itself when there is room.

    B=build python3 test/live/crash/disk.py

The full disk is a tmpfs in a mount namespace of the test's own, which root may make; failing syncs come from strace.
Where one of them cannot be had, that part says that it is skipped."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

BUILD = os.environ.get("B", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "build"))
os.environ.setdefault("CRASH_DIR", os.path.join(BUILD, "disk"))  # beside the crash test, which may run at the same time
import crash  # noqa: E402
from crash import check, say, some  # noqa: E402
from gateways import Refused  # noqa: E402

ROOM = 96 << 20
SEGMENTS = "segment ledger 128 KiB\nsegment outbox-intake 2 MiB\nsegment outbox-desk 2 MiB\nsegment lanes 2 MiB\nsegment inbox 2 MiB\nslots 1024\n"
CODE = "KOR"


class Disk(crash.Run):
    def __init__(self, mounted):
        super().__init__()
        g = self.g[CODE]
        self.store, self.log = os.path.join(g.dir, "store"), g.log_path
        with open(os.path.join(g.dir, "accord.conf"), "a") as f:
            f.write(SEGMENTS)
        if mounted:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=0700", "accord-crash", self.store], check=True)

    def said(self, sentence, since=0):
        with open(self.log) as f:
            return [l for l in f.read()[since:].splitlines() if sentence in l]

    def await_said(self, sentence, seconds, since=0):
        end = time.monotonic() + seconds
        while not self.said(sentence, since) and time.monotonic() < end:
            time.sleep(0.1)
        return check(f"it is told: {sentence}", self.said(sentence, since))

    def begin(self):
        self.striker = crash.Striker(self.g, self.rng)
        for w in self.workers:
            w.start()
        time.sleep(2)

    # ---- a full disk ----

    def fill(self):
        self.ballast = os.path.join(self.store, "ballast")
        room = os.statvfs(self.store)
        with open(self.ballast, "wb") as f:
            os.posix_fallocate(f.fileno(), 0, room.f_bavail * room.f_bsize)
        since = os.path.getsize(self.log)
        sensor, author = self.sensors[CODE], self.authors[CODE]
        sensor.rate, author.pause = 3000, 0.01
        self.await_said("a log gets no more room", 60, since)
        self.use_up_ledger(since)
        self.await_said("the ledger has no room: nothing is released", 1, since)
        time.sleep(1)
        acked, ledger = set(author.acked), len(self.ledger_now())
        time.sleep(8)
        check("while the ledger has no room nothing is acknowledged", set(author.acked) == acked, f"{len(acked)} before")
        check("while the ledger has no room nothing is recorded", len(self.ledger_now()) == ledger)
        own, given = len(crash.leaves(self.ledger_now())), self.given()
        check("and nothing is released: what partners have been given since the start is on record here",
              given and max(given) < own, f"{len(given)} grants, {own} leaves")
        check("nobody dies of a full disk", not self.said("a process has ended", since), some(self.said("a process has ended", since)))
        sensor.rate, author.pause = crash.RATE, 0.8
        os.unlink(self.ballast)
        self.await_said("a log has room again", 10, since)
        self.await_said("the ledger has room again", 10, since)
        time.sleep(3)
        status = crash.patient(lambda: self.g[CODE].one("status"))
        check("the gateway goes on by itself", status["party"] == CODE and len(self.ledger_now()) > ledger)
        check("nobody died", not self.said("a process has ended", since))

    def use_up_ledger(self, since):
        """Each session that is begun is a leaf."""
        end = time.monotonic() + 60
        while not self.said("the ledger has no room", since) and time.monotonic() < end:
            with contextlib.suppress(Refused, subprocess.TimeoutExpired):
                self.g[CODE].one("status", timeout=5)

    def given(self):
        """The own leaves on which rests what the partners received."""
        ledgers = [crash.Log(os.path.join(g.dir, "store", "ledger")) for code, g in self.g.items() if code != CODE]
        return [int(leaf["sender-leaf"]) for l in ledgers for leaf in crash.leaves(l.records())
                if leaf["kind"] == "received" and leaf["partner"] == CODE]

    def ledger_now(self):
        return crash.Log(os.path.join(self.store, "ledger")).records()

    # ---- syncs that fail ----

    def sync_fails(self, process):
        pid = crash.children(self.g[CODE].process.pid)[process]
        since = os.path.getsize(self.log)
        tracer = subprocess.Popen(["strace", "-qq", "-f", "-p", str(pid), "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO",
                                   "-o", os.path.join(crash.BASE, "strace." + process)])
        end = time.monotonic() + 15
        while time.monotonic() < end and not self.ended(process, since):
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        tracer.wait()
        with open(os.path.join(crash.BASE, "strace." + process)) as f:
            failed = f.read().count("INJECTED")
        check(f"{process}: a failed sync ends it, and is not tried again", self.ended(process, since) and failed == 1, f"{failed} syncs failed")
        self.await_said(f'a process is started process="{process}"', 10, since)

    def ended(self, process, since):
        return [l for l in self.said(f'a process has ended process="{process}"', since) if 'signal="0"' in l and 'code="0"' not in l]

    # ---- both ----

    def end_well(self):
        self.settle()
        self.warnings()
        self.products()
        check("every gateway ends in good order", self.stop() == [0, 0, 0])
        for g in self.g.values():
            self.striker.head(g.code)
        self.ledgers()


def can_mount():
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


def can_trace():
    return shutil.which("strace") is not None and \
        subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def run(mounted, act):
    disk = Disk(mounted)
    try:
        disk.set_up()
        disk.begin()
        act(disk)
        disk.end_well()
    except Refused as no:
        check("nothing is refused for long", False, str(no))
    finally:
        disk.stop()
        if mounted:
            if crash.failed:
                shutil.copytree(disk.store, disk.store + ".kept", dirs_exist_ok=True)
            subprocess.run(["umount", disk.store], check=False)


def main():
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(143))
    signal.alarm(400)
    if "ACCORD_OWN_MOUNTS" not in os.environ and can_mount():
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   {**os.environ, "ACCORD_OWN_MOUNTS": "1"})
    if "ACCORD_OWN_MOUNTS" in os.environ:
        say("a full disk")
        run(True, Disk.fill)
    else:
        say("skipped: a full disk needs a tmpfs of its own, which only root may make")
    if crash.failed == 0 and can_trace():
        say("syncs that fail")
        run(False, lambda d: [d.sync_fails(p) for p in ("guard", "intake", "courier", "desk")])
    elif crash.failed == 0:
        say("skipped: failing syncs need strace")
    if crash.failed == 0:
        shutil.rmtree(crash.BASE, ignore_errors=True)
    else:
        say(f"  what it made is kept in {crash.BASE}")
    print(f"{crash.passed} passed, {crash.failed} failed")
    return 0 if crash.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
