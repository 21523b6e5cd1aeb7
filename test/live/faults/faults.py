#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The n-th allocation and the n-th system call fail, in each process, while two gateways start, pass on a product, pass on a
report, and stop, and while the tool of people works (docs/why/fault.md).

    SEED=20260101 SECONDS=40 B=build python3 test/live/faults/faults.py     a sample, drawn by the seed
    COMPLETE=1 LIMIT=120 B=build python3 test/live/faults/faults.py         every n until a run passes, at most LIMIT a row
    ONLY='start KOR accordd error' N=17 …                                  one row, or one run of it; VERBOSE=1 tells each
    ONLY=start COMPLETE=1 …                                                the rows that begin so

After each run the process has gone on, or ended and been started again; a product passes; nothing that was acknowledged is lost or
there twice; and verify, replay and reconcile find nothing."""
import collections
import os
import random
import shutil
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from shim import KINDS  # noqa: E402
from tool import Tool  # noqa: E402
from world import BIN, BUILD, LIBRARY, World, until  # noqa: E402

SEED = int(os.environ.get("SEED") or time.strftime("%Y%m%d"))
SECONDS = float(os.environ.get("SECONDS", "40"))
COMPLETE = os.environ.get("COMPLETE") == "1"
LIMIT = int(os.environ.get("LIMIT", "120"))  # runs of a row; 0 = no limit
ONLY, N = os.environ.get("ONLY", "").split(), int(os.environ.get("N", "0"))
VERBOSE, BEGAN = os.environ.get("VERBOSE") == "1", time.monotonic()
BASE = os.path.join(BUILD, "faults")
LIBRARIES = [BIN, "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]

# Every process of a gateway; a program that is not built has no rows
PROCESSES = {p: "accordd" if p == "accordd" else "accord-" + p for p in ("accordd", "guard", "unwrap", "courier", "intake", "desk", "check")}
PROCESSES = {p: n for p, n in PROCESSES.items() if os.path.exists(os.path.join(BIN, n))}
NAMED = {n: p for p, n in PROCESSES.items()}

# What keeps records: an error of theirs that nobody is told of is a finding
KEEPS = ("pwrite", "fdatasync", "fsync", "ftruncate", "posix_fallocate", "renameat", "linkat")
CRASHES = {signal.SIGSEGV: "a bad access to memory", signal.SIGBUS: "a bad access to memory", signal.SIGSYS: "a forbidden system call"}

Cell = collections.namedtuple("Cell", "span code process kind")


# Calls whose failing was not borne once; each is made to fail in each run
FOUND = [(Cell("stop", "KOR", "accordd", "again"), "waitpid", 1), (Cell("product", "JPN", "courier", "again"), "write", 2),
         (Cell("report", "KOR", "intake", "again"), "write", 1), (Cell("product", "JPN", "guard", "error"), "pread", 2),
         *[(Cell("product", "KOR", "courier", "error"), "pread", n) for n in (1, 2)],
         (Cell("product", "JPN", "desk", "error"), "pread", 1),
         *[(Cell("report", "KOR", "check", "error"), "pread", n) for n in (1, 2)],
         *[(Cell("report", "KOR", "courier", "error"), "pwrite", n) for n in (1, 2)]]


class Row:
    """What came of the runs of one cell."""

    def __init__(self, calls):
        self.calls, self.runs, self.ended, self.went, self.passed = calls, 0, 0, 0, False
        self.findings, self.quiet = [], collections.Counter()


class Faults:
    def __init__(self):
        self.world = World(BASE)
        self.rng = random.Random(SEED)
        self.rows, self.since_audit = {}, 0
        self.spans = {"start": self.start, "stop": self.stop, "product": lambda: self.world.product(),
                      "report": lambda: self.world.report()}
        self.tool = Tool(self.world)

    # ---- what is under way when a call fails ----

    def start(self):
        g = self.cell_gateway
        g.start()
        state = g.await_works()
        return "" if state != "neither" else "it does not begin to work, and does not end"

    def stop(self):
        g = self.cell_gateway
        code = g.stop()
        return "" if code >= 0 else "it does not end when told to"

    def begin(self, cell):
        self.cell_gateway = g = self.world.g[cell.code]
        if cell.span == "start":
            g.stop()
        g.mark = g.log_size()

    # ---- one run ----

    def counts(self):
        """How many calls each span makes, by cell."""
        out, w = {}, self.world
        for span in ("product", "report", "stop", "start"):
            for code, g in w.g.items():
                self.begin(Cell(span, code, "", ""))
                g.page.arm()
                said = self.spans[span]()
                g.page.disarm()
                for (program, kind), count in g.page.counts().items():
                    if count > 0 and program in NAMED:
                        out[Cell(span, code, NAMED[program], kind)] = count
                if g.process.poll() is not None:
                    g.start()
                g.ensure()
                said = said or w.product()
                if said:
                    raise RuntimeError(f"{span} at {code} without a fault: {said}")
        if not all(any(c.process == p for c in out) for p in PROCESSES):
            raise RuntimeError(f"{LIBRARY} counts nothing in some process")
        return out

    def run(self, cell, n, only=""):
        """The n-th call fails: True if so many were made."""
        row, g, w = self.rows[cell], self.world.g[cell.code], self.world
        self.begin(cell)
        g.page.arm(PROCESSES[cell.process], cell.kind, n, only)
        said = self.spans[cell.span]()
        fired = g.page.disarm()
        ended = self.after(cell, g)
        row.runs += 1
        self.told = g.said(since=g.mark)
        wrong = [said] if said else []
        wrong += self.crashes(g)
        looks = cell.span not in ("start", "stop") or ended or not COMPLETE or n % 4 == 0
        wrong += [said] if looks and (said := w.product()) else []
        if fired is None:
            row.runs -= 1
            row.passed = True
        elif ended:
            row.ended += 1
        else:
            row.went += 1
            wrong += self.untold(cell, g, fired, row)
        if VERBOSE:
            print(f"    {time.monotonic() - BEGAN:6.1f} {' '.join(cell)} n={n}: {fired} {'ended' if ended else ''} {wrong or ''}", flush=True)
        self.since_audit += 1
        if wrong or self.since_audit >= 25:
            wrong += self.audit()
        if wrong:
            self.found(cell, n, fired, wrong)
        return fired is not None

    def after(self, cell, g):
        """Everything runs again; did the process end?"""
        by_itself = g.process.poll() is not None
        ended = by_itself and (cell.process == "accordd" if cell.span != "stop" else g.process.returncode != 0)
        if by_itself and cell.span == "start":
            ended = True
        if by_itself:
            g.start()
        for each in self.world.g.values():
            each.ensure()
        return ended or bool([l for l in g.said(f'a process has ended process="{cell.process}"', since=g.mark)
                              if 'code="0" signal="0"' not in l])

    def crashes(self, g, since=None):
        return [f"{what}: {line}" for line in g.said("a process has ended", since=g.mark if since is None else since)
                for number, what in CRASHES.items() if f'signal="{int(number)}"' in line]

    def untold(self, cell, g, fired, row):
        """It went on: is there a word of it, of this process or of accordd?"""
        def words():
            self.told = g.said(since=g.mark)
            return [l for l in self.told if f" {cell.process} " in l[:60] and not any(w in l for w in EVERY_START)]
        if cell.kind in ("again", "short") or words() or (fired.call in KEEPS and until(1, words)):
            return []
        row.quiet[str(fired)] += 1
        return [f"{fired.call} failed, it went on, and said nothing"] if fired.call in KEEPS else []

    def audit(self):
        self.since_audit = 0
        w = self.world
        return w.lost_or_twice() + w.uids_twice() + w.audit()

    def found(self, cell, n, fired, wrong):
        line = f"{' '.join(cell)} n={n}: {fired}; {'; '.join(wrong)}"
        way = fired.way(LIBRARIES) if fired else ""
        self.rows[cell].findings.append(line)
        print(f"  FINDING {line}\n          by {way}", flush=True)
        for l in [l for l in self.told if not any(w in l for w in EVERY_START)][-12:]:
            print("          | " + l[:400], flush=True)
        if any(w.startswith(("verify", "replay", "reconcile", "acknowledged", "there twice")) for w in wrong):
            self.afresh()

    def afresh(self):
        """What is kept is not whole any more: the next runs have other parties."""
        self.world.end()
        kept = f"{BASE}.{sum(len(r.findings) for r in self.rows.values())}"
        shutil.rmtree(kept, ignore_errors=True)
        os.rename(BASE, kept)
        self.world = World(BASE)
        self.world.set_up()
        self.world.report()

    # ---- which runs ----

    def complete(self, counts):
        for cell in sorted(counts):
            if list(cell)[:len(ONLY)] != ONLY:
                continue
            self.rows[cell] = row = Row(counts[cell])
            n = 0
            for n in [N] if N else self.chosen(counts[cell]):
                if not self.run(cell, n):
                    break
            if not N and not row.passed and row.runs < (LIMIT or 1 << 60):
                while not row.passed and n < 3 * counts[cell] + 100 and row.runs < (LIMIT or 1 << 60):
                    n += 1
                    self.run(cell, n)
            self.tell(cell, row)

    def chosen(self, count):
        """1, 2, … as long as that is within the limit; else so many, drawn by the seed."""
        if LIMIT == 0 or count <= LIMIT:
            return range(1, count + 1)
        return sorted(self.rng.sample(range(1, count + 1), LIMIT))

    def known(self, counts):
        """What was found once fails again."""
        for cell, only, n in FOUND:
            self.rows.setdefault(cell, Row(counts.get(cell, 0)))
            if not any(self.run(cell, n, only) for _ in range(4)):  # what the other gateway asks differs from time to time
                self.found(cell, n, None, [f"no call of {only} was made that could fail"])

    def counter(self):
        """The guard's counter cannot be written, can, and cannot again: each is told; what is wrong."""
        g, w = self.world.jpn, self.world
        for only, sentence in (("ftruncate", "the counter cannot be written"), ("no call", "the counter is written again"),
                               ("ftruncate", "the counter cannot be written")):
            since = g.log_size()
            g.page.arm(PROCESSES["guard"], "error", 1, only)
            wrong = until(30, lambda s=sentence, at=since: w.product() or g.said(s, since=at))
            g.page.disarm()
            if not wrong or isinstance(wrong, str):
                return [f"it was not told that {sentence}: {wrong}"]
        return []

    def sample(self, counts):
        end, cells = time.monotonic() + SECONDS, sorted(counts)
        self.rng.shuffle(cells)
        self.known(counts)
        turn = 0
        while time.monotonic() < end:
            cell = cells[turn % len(cells)]
            self.rows.setdefault(cell, Row(counts[cell]))
            self.run(cell, self.rng.randint(1, counts[cell]))
            turn += 1
        for cell in sorted(self.rows):
            self.tell(cell, self.rows[cell])

    @staticmethod
    def tell(cell, row):
        quiet = ", ".join(f"{c} {n}" for c, n in row.quiet.most_common(4))
        print(f"  {cell.span:8} {cell.code:4} {cell.process:8} {cell.kind:7} {row.calls:6} {row.runs:5} {row.ended:6} {row.went:6} "
              f"{len(row.findings):4}  {quiet}", flush=True)

    def totals(self):
        rows = self.rows.values()
        return sum(r.runs for r in rows), sum(r.ended for r in rows), sum(r.went for r in rows), sum(len(r.findings) for r in rows)


EVERY_START = ("what binds this process", "memory is fixed", "the gateway works", "a process is started", "each process sees all files",
               "do not each have a user")


def main():
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(143))
    print(f"faults: SEED={SEED}" + (f" COMPLETE=1 LIMIT={LIMIT}" if COMPLETE else f" SECONDS={SECONDS:g}"), flush=True)
    began, f, whole = time.monotonic(), Faults(), False
    try:
        f.world.set_up()
        f.world.report()
        counts = f.counts()
        print("  span     of   process  kind     calls  runs  ended   went  bad  went on without a word", flush=True)
        (f.complete if COMPLETE or ONLY else f.sample)(counts)
        f.tool.world = f.world
        tool = f.tool.all(f.rng, LIMIT if COMPLETE else 1) if not ONLY or ONLY[0] == "tool" else []
        last = (f.counter() if not ONLY else []) + f.audit()
        ended = f.world.end()
        last += [f"it ended with {ended}"] if ended != [0, 0] else []
        last += [w for g in f.world.g.values() for w in f.crashes(g, since=0)[:3]]
        last += f.world.audit() + tool
        whole = True
    finally:
        f.world.end()
    runs, ended, went, bad = f.totals()
    print(f"  {runs} calls failed in processes: {ended} ended and were started again, {went} went on; {f.tool.runs} in the tool, of which libcrypto ended {f.tool.others}; "
          f"{time.monotonic() - began:.0f} s")
    for line in last:
        print("  FAIL " + line)
    failed = bad + len(last) + (not whole)
    if failed == 0:
        shutil.rmtree(BASE, ignore_errors=True)
    print(f"{runs + f.tool.runs} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
