#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`accord simulate`, as anybody uses it: a run that finds nothing, one that finds what the world does wrong, the line
that runs it again, and what is refused."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
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
                   (("--fault", "nothing-such"), "planted fault"), (("--fault", "none"), "planted fault"),
                   (("--hours", "tiny"), "above 0"), (("--hours", "0"), "above 0"), (("--gates", "3"), "no such option"),
                   (("--gateways", "31"), "wants a number from 3 to 30"),
                   (("--gateways", "2"), "from 3 to 30"), (("--gateways", "many"), "from 3 to 30")):
    status, out, err = run(*words)
    check(f"{' '.join(words)} is refused", status == 2 and why in err and out == "", (status, out, err))
    status, out, err = run(*words, "--json")
    check(f"{' '.join(words)} is refused as JSON", status == 2 and why in out and json.loads(out)["code"] == "usage" and err == "", (status, out, err))

status, out, err = run("--root", "/nowhere")
check("a folder without law is told of, by its file", status == 1 and "/nowhere/policies/KOR.xml: a file of law cannot be read" in err, (status, out, err))
status, out, err = run("--root", "/nowhere", "--json")
said = json.loads(out)
check("as JSON too", status == 1 and said["code"] == "io" and said["about"] == "/nowhere/policies/KOR.xml" and err == "", (status, out, err))

status, out, err = run("--hours", "0.000000001", "--seeds", "5")
check("a time in which no seed can be begun is no success", status == 1 and "no seed was run" in err and out == "", (status, out, err))
status, out, err = run("--hours", "0.000000001", "--json")
check("as JSON too", status == 1 and json.loads(out)["code"] == "state" and err == "", (status, out, err))

names = run("--fault", "nothing-such")[2].strip().split(": ")[-1].split()
with open(os.path.join(ROOT, "man", "accord-simulate.1"), encoding="utf-8") as f:
    page = f.read().split(".It Fl -fault")[1].split(".El")[0]
check("the names of faults stand in the manual page", len(names) > 20 and re.findall(r"^\.It Ic (\S+)$", page, re.M) == names, (names, page))
listed = [line for line in run("--help")[1].split("\n") if "--fault NAME" in line]
check("and in the help", listed and listed[0].split(": ")[-1].split() == names, (names, listed))

with open("/dev/full", "w", encoding="utf-8") as full:
    done = subprocess.run([ACCORD, "simulate", "--seed", "1"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=600)
    check("what cannot be written is a failure", done.returncode == 1 and "could not be written" in done.stderr, (done.returncode, done.stderr))
    done = subprocess.run([ACCORD, "simulate", "--fault", "party", "--seeds", "3", "--liars", "never", "--verbose"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=600)
    check("of a seed that fails too", done.returncode == 1 and "could not be written" in done.stderr, (done.returncode, done.stderr))

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
