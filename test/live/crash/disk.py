#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that gets full, one whose syncs fail, and a clock that jumps, under the real processes: nothing is acknowledged
and nothing released while it lasts, it is said, nobody dies of a full disk or of a clock, and all goes on by itself when there
is room, or partners' beats or an officer say that the clock is right.

    B=build python3 test/live/crash/disk.py

The full disk is a tmpfs in a mount namespace of the test's own, which root may make; failing syncs come from strace.
Where one of them cannot be had, that part says that it is skipped.  The clock that jumps is one of the guard's own: it is
linked once more, with a clock_gettime that adds what a file says."""
import contextlib
import glob
import os
import re
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
        tracer = subprocess.Popen(["strace", "-qq", "-ff", "-p", str(pid), "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO",
                                   "-o", os.path.join(crash.BASE, "strace." + process)])
        end = time.monotonic() + 15
        while time.monotonic() < end and not self.ended(process, since):
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        tracer.wait()
        files = [fd for trace in glob.glob(os.path.join(crash.BASE, "strace." + process + ".*"))  # one for each thread
                 for fd in re.findall(r"fdatasync\((\d+)[^\n]*INJECTED", open(trace).read())]
        once = files and len(files) == len(set(files))  # two logs of one process may be in a sync at the same time
        check(f"{process}: a failed sync ends it, and is not tried again", self.ended(process, since) and once, f"files {files}")
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


CLOCK = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static int offset = -1;
/* Before main: later the guard's filter of system calls forbids it. */
__attribute__((constructor)) static void offset_open(void)
{
    offset = open(OFFSET, O_RDONLY | O_CLOEXEC);
}
int clock_gettime(clockid_t clock, struct timespec *out)
{
    char text[32] = {0};
    int  result = (int)syscall(SYS_clock_gettime, clock, out);
    if (clock == CLOCK_REALTIME) {
        out->tv_sec += pread(offset, text, sizeof text - 1, 0) > 0 ? atol(text) : 0;
    }
    return result;
}
"""

def programs_with_clock(offset):
    """A folder of the programs, in which the guard's clock is off by what the file says."""
    folder = os.path.join(crash.BASE, "programs")
    source = os.path.join(crash.BASE, "clock.c")
    os.makedirs(folder)
    for name in ("accord-courier", "accord-intake", "accord-check", "accord-desk", "accord-unwrap"):
        os.symlink(os.path.join(crash.BUILD, "bin", name), os.path.join(folder, name))
    with open(source, "w") as f:
        f.write(CLOCK)
    subprocess.run(["cc", "-O1", "-pie", "-fPIE", "-D_GNU_SOURCE", f'-DOFFSET="{offset}"', source,
                    *os.environ["GUARD_LINK"].split(), "-o", os.path.join(folder, "accord-guard")], check=True)
    return folder


class Clock(Disk):
    def __init__(self):
        super().__init__(False)
        self.offset = os.path.join(crash.BASE, "offset")
        self.jump(0)
        with open(os.path.join(self.g[CODE].dir, "accord.conf"), "a") as f:
            f.write(f'programs "{programs_with_clock(self.offset)}"\n')

    def jump(self, seconds):
        """In one write, and in place: the guard opened the file when it began."""
        fd = os.open(self.offset, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(fd, b"%-24d" % seconds)
        os.close(fd)

    def leaves(self):
        return crash.leaves(self.ledger_now())

    def await_state(self, state, count, why):
        end = time.monotonic() + 40
        while time.monotonic() < end and len(now := [l["state"] for l in self.leaves() if l["kind"] == "clock"]) < count:
            time.sleep(0.2)
        check(f"the ledger says that the clock is {state}: {why}", now[-1:] == [state] and len(now) == count, f"{now}")

    def jumps(self):
        g, since = self.g[CODE], os.path.getsize(self.log)
        self.jump(60)
        self.await_state("astray", 1, "it jumped past its bound")
        check("status says so", crash.patient(lambda: g.one("status"))["clock"] == "astray")
        time.sleep(6)  # what was submitted meanwhile waits
        self.jump(0)
        self.await_state("right", 2, "it shows the time again that the boot clock expects")
        self.jump(60)
        self.await_state("astray", 3, "it jumped again")
        crash.patient(lambda: g.one("clock", "confirm", "--reason", "looked at another"))
        self.await_state("right", 4, "an officer looked")
        time.sleep(6)
        check("partners, whose clocks say otherwise, are given nothing all the same", not self.released_since(4), some(self.released_since(4)))
        self.jump(0)
        self.await_state("right", 6, "it jumped away from what the officer said, and partners' beats agree")
        time.sleep(3)
        check("nothing was released, taken or opened while it was astray", not self.while_astray(), some(self.while_astray()))
        check("and all of it goes on after that", self.released_since(6))
        check("nobody died", not self.said("a process has ended", since))

    def released_since(self, nth):
        """Leaves `released` behind the nth leaf `clock`."""
        leaves = self.leaves()
        at = [i for i, l in enumerate(leaves) if l["kind"] == "clock"][nth - 1]
        return [i for i, l in enumerate(leaves) if i > at and l["kind"] == "released"]

    def while_astray(self):
        wrong, astray = [], False
        for i, l in enumerate(self.leaves()):
            astray = l["state"] == "astray" if l["kind"] == "clock" else astray
            wrong += [(i, l["kind"])] if astray and l["kind"] in ("released", "received", "opened") else []
        return wrong


def can_mount():
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


def can_trace():
    return shutil.which("strace") is not None and \
        subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def run(disk, act):
    mounted = os.path.ismount(disk.store)
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
    signal.alarm(580)
    if "ACCORD_OWN_MOUNTS" not in os.environ and can_mount():
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   {**os.environ, "ACCORD_OWN_MOUNTS": "1"})
    if "ACCORD_OWN_MOUNTS" in os.environ:
        say("a full disk")
        run(Disk(True), Disk.fill)
    else:
        say("skipped: a full disk needs a tmpfs of its own, which only root may make")
    if crash.failed == 0 and can_trace():
        say("syncs that fail")
        run(Disk(False), lambda d: [d.sync_fails(p) for p in ("guard", "intake", "courier", "desk")])
    elif crash.failed == 0:
        say("skipped: failing syncs need strace")
    if crash.failed == 0:
        say("a clock that jumps")
        run(Clock(), Clock.jumps)
    if crash.failed == 0:
        shutil.rmtree(crash.BASE, ignore_errors=True)
    else:
        say(f"  what it made is kept in {crash.BASE}")
    print(f"{crash.passed} passed, {crash.failed} failed")
    return 0 if crash.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
