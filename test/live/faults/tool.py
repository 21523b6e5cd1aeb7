# SPDX-License-Identifier: Apache-2.0
"""The n-th allocation or call fails in the tool of people: it does its work whole, or says that it did not."""
import os
import signal
import subprocess

from world import BIN, LIBRARY, MARKING, ROOT, TEXTS
from shim import KINDS, Page


# libcrypto, while it sets itself up, goes on with a table that it did not get, or that did not grow: not ours
OTHERS = {"OPENSSL_LH_insert", "OPENSSL_LH_new"}


class Tool:
    def __init__(self, world):
        self.world, self.page, self.runs = world, Page(), 0
        self.calls = self.others = 0

    def commands(self):
        """Each: its words, whether the same words give the same answer, and a file that it makes or None."""
        w, k, j = self.world, self.world.kor, self.world.jpn
        data = os.path.join(w.base, "tool.data")
        with open(data, "wb") as f:
            f.write(b"x" * 4000)
        text = os.path.join(ROOT, "agreements", "gsomia.agreement")
        out = os.path.join(w.base, "tool.out")
        return {
            "status": (["status", "--as", k.first, "--dir", k.dir], False, None),
            "submit": (["submit", data, "--title", "by the tool %d", "--marking", MARKING.format("imagery"), "--kind", "image", "--precedence", "ROUTINE", "--as", "park",
                        "--dir", k.dir], False, None),
            "list": (["list", "--as", "suzuki", "--dir", j.dir], False, None),
            "verify": (["verify", j.dir], False, None),
            "replay": (["replay", j.dir], False, None),
            "reconcile": (["reconcile", k.dir, j.dir], False, None),
            "compile": (["compile", text, "--policies", os.path.join(ROOT, "policies"), "--out", out], True, out),
            "exchange": (["party", "exchange", "--out", out, "--address", k.courier, "--dir", k.dir], True, out),
            "marking": (["marking", "parse", "TLP:RED"], True, None),
        }

    def call(self, words):
        self.calls += 1
        return subprocess.run([os.path.join(BIN, "accord"), *[w.replace("%d", str(self.calls)) for w in words]], capture_output=True, text=True, timeout=60,
                              env=self.page.environment(LIBRARY), pass_fds=[self.page.fd])

    def all(self, rng, limit):
        """For each command and kind at most so many runs; what is wrong, in sentences."""
        wrong = []
        for name, (words, same, made) in self.commands().items():
            remove(made)
            self.page.arm()
            plain = self.call(words)
            self.page.disarm()
            counts = self.page.counts()
            if plain.returncode != 0:
                return wrong + [f"accord {name} does not work without a fault: {plain.stdout} {plain.stderr}"]
            whole = contents(made)
            for kind in KINDS:
                count = counts["accord", kind]
                every = range(1, count + 1)
                chosen = every if limit == 0 or count <= limit else sorted(rng.sample(every, limit))
                for n in chosen:
                    remove(made)
                    wrong += [f"accord {name} {kind} n={n}: {w}" for w in self.run(words, kind, n, plain.stdout if same else None, made, whole)]
        return wrong + self.grown()

    def grown(self):
        """Each realloc of a command that reads XML fails: libxml2 writes to what it did not get, unless it is stopped before."""
        words, wrong, n, fired = self.commands()["marking"][0], [], 0, True
        answer = self.call(words).stdout
        while fired:
            n, runs = n + 1, self.runs
            wrong += [f"accord marking realloc n={n}: {w}" for w in self.run(words, "memory", n, answer, None, None, "realloc")]
            fired = self.runs > runs
        return wrong + ([f"only {n - 1} calls of realloc were met"] if n < 4 else [])

    def run(self, words, kind, n, answer, made, whole, only=""):
        self.page.arm("accord", kind, n, only)
        done = self.call(words)
        fired = self.page.disarm()
        self.runs += fired is not None
        wrong, said = [], (done.stdout + done.stderr).strip()
        way = fired.way([BIN, "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]) if fired else ""
        if done.returncode < 0 and OTHERS.intersection(way.split(" < ")[:2]):
            self.others += 1
        elif done.returncode < 0 and (done.returncode != -signal.SIGABRT or not said):
            wrong.append(f"it was ended by signal {-done.returncode}")
        elif done.returncode == 0 and answer is not None and done.stdout != answer:
            wrong.append("it says that all is well, and its answer differs")
        elif done.returncode == 0 and contents(made) != whole:
            wrong.append("it says that all is well, and its file differs")
        elif done.returncode != 0 and not said:
            wrong.append("it ends without a word")
        return [f"{fired}: {w}; by {way}; {said[-200:]}" for w in wrong]


def contents(path):
    if path is None or not os.path.exists(path):
        return None
    with open(path, "rb") as f:
        return f.read()


def remove(path):
    if path is not None and os.path.exists(path):
        os.unlink(path)
