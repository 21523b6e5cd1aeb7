#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a delivery costs: reports of 256 bytes to 1, 10, 100 and 1,000 clients of mixed clearances over TLS 1.3 with client
certificates, at one party's desk; beside it, in the same run and in turns, nats-server and Mosquitto with as many entries
of access lists, as PERF_LOADS (by default ../shared/perf beside the checkout) measures them.  Without those it says so.

    make B=build build build/bench/fanout && B=build python3 bench/fanout.py

takes some eight minutes; with BENCH_CLIENTS=10 two.  BENCH_CLIENTS says to how many in turn (empty: latency only), BENCH_ROUNDS how
often each, BENCH_SECONDS how long.  The machine's load stands beside each figure: what it is busy with besides lengthens them."""
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "demo"))
from gateways import Gateway, Refused, fresh_folder, free_port  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.join(BUILD, "bench-fanout")
LOADS = os.environ.get("PERF_LOADS", os.path.join(ROOT, "..", "shared", "perf"))
CLIENTS = [int(n) for n in os.environ.get("BENCH_CLIENTS", "1 10 100 1000").split()]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = os.environ.get("BENCH_SECONDS", "3")
PEOPLE = 33  # a terminal has 32 connections at most, and the guard keeps 256 sessions
PEERS = {"nats29": "nats-server", "mosq0": "mosquitto"}  # as runone.sh names them; and their programs


class Desk:
    """One gateway with its people and two sources, of which every third person may see one."""

    def __init__(self):
        g = self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        g.found()
        g.start()
        g.wait_ready()
        g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        for i in range(min(PEOPLE, max([10, *CLIENTS]))):
            who, level = f"r{i}", ("KOR:I,KOR:II,KOR:III", "KOR:II,KOR:III", "KOR:III")[i % 3]
            g.accord("person", "key", who)
            g.both("person", "add", who, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
                   "--roles", "reader", "--clearance", level, "--topics", "maritime")
            g.one("terminal", who)
        self.sources = [self.source("coast", "KOR:III"), self.source("radar", "KOR:II")]
        pids = self.processes()
        self.pids = [str(pids[name]) for name in ("accord-desk", "accord-guard", "accord-intake", "accord-courier", "accordd")]

    def source(self, name, level):
        address = f"127.0.0.1:{free_port()}"
        self.g.both("source", "add", name, "--tcp", address, "--kind", "track", "--precedence", "FLASH",
                    "--marking", f"{level} of KOR about maritime from radar")
        return address

    def processes(self):
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/comm") as f:
                    if os.getpgid(int(pid)) == self.g.process.pid:
                        found[f.read().strip()] = int(pid)
        return found

    def measure(self, clients, rate=0):
        out = subprocess.run([os.path.join(BUILD, "bench", "fanout"), self.g.dir, self.g.desk, *self.sources, str(PEOPLE), str(clients),
                              str(rate), SECONDS, *self.pids], capture_output=True, text=True)
        return json.loads(out.stdout) if out.returncode == 0 else {"failed": out.stderr.strip() or out.stdout.strip()}


class Peers:
    """What is installed of others, with the load generators."""

    def __init__(self):
        self.folder = os.path.join(BUILD, "bench-peers")
        self.names = [n for n, program in PEERS.items() if shutil.which(program)] if os.path.exists(LOADS) else []
        if not self.names:
            print("peers: skipped, there is no ../shared/perf beside the checkout, or neither nats-server nor mosquitto")
            return
        os.makedirs(self.folder, exist_ok=True)
        load = os.path.join(self.folder, "fanbench")
        for step in ([os.path.join(LOADS, "gen_certs.sh"), "certs", "1000", "4"], [os.path.join(LOADS, "gen_conf.sh")],
                     ["cc", "-O2", "-w", "-o", load, os.path.join(LOADS, "fanbench.c"), "-lssl", "-lcrypto", "-lpthread"]):
            subprocess.run(step, cwd=self.folder, check=True, capture_output=True)

    def measure(self, name, clients, rate=0):
        out = os.path.join(self.folder, "out.txt")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(out)
        pace = ["--rate", str(rate)] if rate else ["--window", "128" if clients >= 1000 else "512"]
        subprocess.run([os.path.join(LOADS, "runone.sh"), name, out, "--subs", str(clients), "--pubs", "1", "--size", "256", *pace,
                        "--secs", SECONDS, "--warm", "1"], env={**os.environ, "PERF_DIR": self.folder}, capture_output=True)
        with open(out) as f:
            said = dict(re.findall(r"(\S+?)=(\S+)", f.read()))
        row = {"deliveries_per_s": float(said["deliv/s"]), "all_us": float(said["cpu_us_per_deliv"]), "busy_kib": int(said["rss_kb"])}
        return row | ({"p50_us": float(said["p50"]), "p99_us": float(said["p99"])} if rate else {})


def median(rows, key):
    numbers = sorted(r[key] for r in rows if key in r)
    return numbers[len(numbers) // 2] if numbers else float("nan")


def told(name, rows):
    """One line of a system: medians, and in brackets the best and the worst."""
    failed = [r["failed"] for r in rows if "failed" in r]
    parts = [f"{median(rows, 'deliveries_per_s'):,.0f}/s"]
    for key, what in (("desk_us", "desk"), ("all_us", "all")):
        if any(key in r for r in rows):
            numbers = [r[key] for r in rows if key in r]
            parts.append(f"{what} {median(rows, key):.2f} ({min(numbers):.2f}–{max(numbers):.2f}) µs")
    if any("p99_us" in r for r in rows):
        parts.append(f"p50 {median(rows, 'p50_us'):.0f} p99 {median(rows, 'p99_us'):.0f} µs")
    parts.append(f"{median(rows, 'busy_kib') / 1024:.0f} MB")
    return f"    {name:8} " + ", ".join(parts) + "".join(f"; {f}" for f in failed)


def beside(rows, key, peers):
    """What ours is of each peer's, median by median; the marks: half of nats-server's processor, no more latency than either has."""
    ours = median(rows["accord"], "desk_us" if key == "all_us" else key)
    for name in peers:
        theirs = median(rows[name], key)
        print(f"    {'desk' if key == 'all_us' else 'p99'} / {name}: {ours / theirs:.2f}", flush=True)


def turns(desk, peers, clients, rate=0):
    rows = {n: [] for n in ["accord", *peers.names]}
    for _ in range(ROUNDS):
        rows["accord"].append(desk.measure(clients, rate))
        for n in peers.names:
            rows[n].append(peers.measure(n, clients, rate))
    return rows


def main():
    peers, desk = Peers(), None
    try:
        desk = Desk()
        for clients, rate in [*((n, 0) for n in CLIENTS), (10, 2000)]:
            rows = turns(desk, peers, clients, rate)
            what = f"{rate:,}/s to {clients}" if rate else f"fan-out to {clients}, as fast as it goes"
            print(f"{what}, load {os.getloadavg()[0]:.1f}: {json.dumps(rows['accord'][-1])}", flush=True)
            for name, r in rows.items():
                print(told(name, r), flush=True)
            beside(rows, "p99_us" if rate else "all_us", peers.names)
    except Refused as no:
        sys.exit(str(no))
    finally:
        if desk is not None:
            desk.g.stop()


if __name__ == "__main__":
    main()
