#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""As many connections at one desk as it has places, 12,288: what each costs in memory and processor time while it says nothing, while
it watches, and while it is told of a report each second; how long it takes until all are back.

    make B=build build build/bench/connections && B=build python3 bench/connections.py [PEOPLE [EACH [SECONDS]]]

One certificate has 32 connections at most, so these are of 384 people.  Clients and desk share the machine."""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "demo"))
from gateways import Gateway, fresh_folder, free_port  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))


def make(g, people):
    """The gateway, its people and one source; the source's address."""
    g.found()
    g.start()
    g.wait_ready()
    g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
    for i in range(people):
        g.accord("person", "key", f"r{i}")
        g.both("person", "add", f"r{i}", "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis", "--roles", "reader",
               "--clearance", "KOR:III", "--topics", "maritime")
        g.one("terminal", f"r{i}")
    source = f"127.0.0.1:{free_port()}"
    g.both("source", "add", "coast", "--tcp", source, "--kind", "track", "--precedence", "ROUTINE",
           "--marking", "KOR:III of KOR about maritime from radar")
    return source


def desk_of(g):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as f:
                if os.getpgid(int(pid)) == g.process.pid and f.read().strip() == "accord-desk":
                    return int(pid)
        except OSError:
            continue
    sys.exit("there is no desk")


def measure(g, source, people, each, seconds):
    out = subprocess.run([os.path.join(BUILD, "bench", "connections"), g.dir, g.desk, source, str(people), str(each), str(seconds),
                          str(desk_of(g))], stdout=subprocess.PIPE, text=True)
    return json.loads(out.stdout) if out.returncode == 0 else sys.exit(out.stdout)


def main():
    people, each, seconds = (int(n) for n in (sys.argv[1:] + ["384", "32", "20"][len(sys.argv) - 1:]))
    g = Gateway("KOR", fresh_folder(os.path.join(BUILD, "bench-connections")), os.path.join(BUILD, "bin"))
    try:
        row = measure(g, make(g, people), people, each, seconds)
        print(json.dumps(row))
        return 1 if row["missing"] else 0
    finally:
        g.stop()


if __name__ == "__main__":
    sys.exit(main())
