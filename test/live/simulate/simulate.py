#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`accord simulate`, as anybody uses it: a run that finds nothing, one that finds what the world does wrong, the line
that runs it again, and what is refused."""
import json
import os
import re
import subprocess
import sys

ACCORD = os.path.join(os.environ.get("B", "build"), "bin", "accord")
passed = failed = 0


def run(*words):
    done = subprocess.run([ACCORD, "simulate", *words], capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout, done.stderr


def check(what, true, said=""):
    global passed, failed
    passed, failed = passed + bool(true), failed + (not true)
    if not true:
        print(f"FAIL {what}: {said}")


status, out, err = run("--seeds", "2", "--jobs", "2")
last = out.strip().split("\n")[-1]
check("two seeds end well", status == 0, (status, out, err))
check("and are told of in one line", re.match(r"2 seeds of 3 gateways, \d+ s of their time: [1-9]\d* releases, \d+ refusals, "
                                              r"[1-9]\d* faults, 0 words of 0 liars, [1-9]\d* checks; 0 seeds failed$", last), out)

status, out, err = run("--seed", "6", "--json")
said = json.loads(out)
check("a seed of a world with liars", status == 0 and said["liars"] > 0 and said["lies"] > 100, (status, out, err))

status, out, err = run("--seed", "6", "--liars", "never", "--json")
check("the same without them", status == 0 and json.loads(out)["lies"] == 0, (status, out, err))

status, out, err = run("--seeds", "3", "--fault", "party", "--liars", "never", "--jobs", "1")
lines = out.strip().split("\n")
check("what the world does wrong is found", status == 1 and lines[0].startswith("accord simulate --seed "), (status, out, err))
again, same, _ = run(*lines[0].split()[2:])
check("the line that is told runs it again", again == 1 and same.split("\n")[:2] == lines[:2], (lines, same))

status, out, err = run("--gateways", "5", "--json")
check("a world of five gateways", status == 0 and json.loads(out)["releases"] > 0, (status, out, err))

status, out, err = run("--gateways", "5", "--seeds", "3", "--fault", "party", "--liars", "never", "--jobs", "1")
lines = out.strip().split("\n")
check("what one of five does wrong is found, and the line says how many there are", status == 1 and
      re.match(r"accord simulate --seed \d+ --gateways 5 --liars never --fault party$", lines[0]), (status, out, err))
again, same, _ = run(*lines[0].split()[2:])
check("that line runs it again", again == 1 and same.split("\n")[:2] == lines[:2], (lines, same))

for words, why in ((("--seeds", "0"), "one or more"), (("--hours", "-1"), "above 0"), (("--liars", "often"), "by-seed"),
                   (("--fault", "nothing-such"), "planted fault"), (("--gates", "3"), "no such option"),
                   (("--gateways", "31"), "--gateways wants a number from 3 to 30"),
                   (("--gateways", "2"), "from 3 to 30"), (("--gateways", "many"), "from 3 to 30")):
    status, out, err = run(*words)
    check(f"{' '.join(words)} is refused", status == 2 and why in err and out == "", (status, out, err))

status, out, err = run("--root", "/nowhere")
check("a folder without law is told of", status == 1 and "cannot be read" in err, (status, out, err))

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
