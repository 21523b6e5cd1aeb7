#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From a badge event to dark screens: one gateway with real processes, 500 displays over TLS in 101 rooms (one has 100),
20,000 tracks at 1 Hz, 1,000 visitors who come and go.  Clients and the gateway share the machine; what each process took of
it is printed.

    B=build python3 bench/mask.py [DISPLAYS [TRACKS [CHANGES]]]"""
import json
import os
import secrets
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "demo"))
from gateways import Gateway, fresh_folder, free_port  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("MASK_DIR", os.path.join(BUILD, "mask-run"))
LARGE, SMALL = 100, 4  # displays of the one large room, and of each of the others
LEVELS = "KOR:III,KOR:II"
WATCHED = ("accord-desk", "accord-guard", "accord-intake")

# name, level, topic, of 20 tracks
SOURCES = (("radar", "III", "maritime", 10), ("sat", "II", "maritime", 5), ("coast", "III", "dprk-missile", 3), ("image", "II", "dprk-missile", 2))
# name, clearance, topics, what goes when he comes
VISITORS = (("low", "KOR:III", "maritime,dprk-missile", ("sat", "image")), ("sea", LEVELS, "maritime", ("coast", "image")),
            ("lowsea", "KOR:III", "maritime", ("sat", "coast", "image")))


def public_of(seed):
    """Ed25519, by the system's openssl: PKCS#8 is a fixed head and the seed."""
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    out = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], input=der, check=True, capture_output=True)
    return out.stdout[-32:].hex()


def person(g, name, clearance, topics):
    g.accord("person", "key", name)
    g.both("person", "add", name, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis", "--roles", "reader",
           "--clearance", clearance, "--topics", topics)


def room_of(i, displays):
    large = min(LARGE, displays // 2)
    return 0 if i < large else 1 + (i - large) // SMALL


def make(g, displays, tracks):
    """The gateway with all of it; the plan for bench/mask."""
    g.found()
    g.start()
    g.wait_ready()
    g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
    person(g, "park", LEVELS, "maritime,dprk-missile")
    g.one("terminal", "park")
    for name, clearance, topics, _ in VISITORS:
        person(g, name, clearance, topics)
    plan = []
    for name, level, topic, part in SOURCES:
        at = f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
        g.both("source", "add", name, "--udp", at, "--kind", "track", "--precedence", "ROUTINE",
               "--marking", f"KOR:{level} of KOR about {topic} from radar")
        plan.append(f"source {name} {at} {tracks * part // 20}")
    plan += [f"visitor {name} {' '.join(gone)}" for name, _, _, gone in VISITORS]
    for r in range(room_of(displays - 1, displays) + 1):
        g.both("room", "add", f"room-{r}", "--ceiling", LEVELS, "--presence", "36000", "--comes-back", "rule")
        readers = []
        for side in "ab":
            seed = secrets.token_bytes(32)
            g.both("room", "reader", "add", f"room-{r}", f"gate-{r}{side}", "--key", public_of(seed))
            readers += [f"gate-{r}{side}", seed.hex()]
        plan.append(f"room room-{r} {' '.join(readers)}")
    for i in range(displays):
        g.accord("person", "key", f"wall-{i}")
        g.both("room", "display", "add", f"room-{room_of(i, displays)}", f"wall-{i}", "--ceiling", LEVELS)
        g.one("room", "display", "on", f"wall-{i}")
        plan.append(f"display wall-{i} room-{room_of(i, displays)}")
    return "".join(line + "\n" for line in plan)


def seconds_of(group):
    """Processor time of each process of a group, by name; and its number."""
    rows, pids = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) == group:
                with open(f"/proc/{pid}/stat") as f:
                    head, rest = f.read().rsplit(")", 1)
                name = head.split("(", 1)[1]
                pids[name] = pid
                rows[name] = sum(map(int, rest.split()[11:13])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return rows, pids


def slowest_tell(s, names):
    """Of the slowest change: when its masks came, and who had or waited for a processor meanwhile."""
    print(f"slowest change, {s['displays']} displays: first mask {s['first_mask_ms']} ms, last {s['last_mask_ms']} ms, badge answered "
          f"{s['badge_ms']} ms, acknowledged {s['acknowledged_ms']} ms; until then on a processor, and waiting for one: "
          + ", ".join(f"{n} {ran}, {waited} ms" for n, (ran, waited) in zip(names, s["ran_and_waited_ms"])))


def main():
    displays, tracks, changes = (int(n) for n in (sys.argv[1:] + ["500", "20000", "1000"][len(sys.argv) - 1:]))
    g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
    try:
        plan = make(g, displays, tracks)
        with open(os.path.join(BASE, "plan"), "w") as f:
            f.write(plan)
        (before, pids), began = seconds_of(g.process.pid), time.monotonic()
        with open(os.path.join(BASE, "plan")) as f:
            run = subprocess.Popen([os.path.join(BUILD, "bench", "mask"), g.dir, g.desk, "park", str(changes),
                                    *(pids[n] for n in WATCHED)], stdin=f,
                                   stdout=subprocess.PIPE, text=True)
            out = run.stdout.read()
        _, status, used = os.wait4(run.pid, 0)
        took = time.monotonic() - began
        after, _ = seconds_of(g.process.pid)
    finally:
        g.stop()
    if not out:
        sys.exit(f"bench/mask: status {status}")
    share = {n: round((s - before.get(n, 0)) / took, 2) for n, s in after.items()}
    share["clients"] = round((used.ru_utime + used.ru_stime) / took, 2)
    figures = json.loads(out)
    for what in ("last_object", "mask", "acknowledged", "badge"):
        p50, p99, most = figures.pop(what + "_ms", (None, None, None))
        print(f"badge to {what}: p50 {p50} ms, p99 {p99} ms, max {most} ms")
    slowest_tell(figures.pop("slowest"), [n.removeprefix("accord-") for n in WATCHED] + ["clients"])
    print(json.dumps(figures))
    print("processors taken, of 2" if os.cpu_count() == 2 else f"processors taken, of {os.cpu_count()}", json.dumps(share))
    sys.exit(0 if status == 0 else f"bench/mask: it came to {figures['changes']} of {changes} changes")


if __name__ == "__main__":
    main()
