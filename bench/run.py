#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Accord costs here: across a border live and as fast as it goes, products, memory, a guard's restart.
Printed with the machine's noise (the same fixed work, timed before and after each measurement)."""
import calendar
import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "demo"))
os.environ.setdefault("DEMO_DIR", os.path.join(os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build"))), "bench-run"))
import story  # noqa: E402
from returning import straight  # noqa: E402

BENCH = os.path.join(story.BUILD, "bench")
# One measurement ends after so many seconds; what it printed until then is shown.
LIMIT_S = int(os.environ.get("BENCH_LIMIT_S", "900"))
# The live tracks of 10,000 viewers in 1,000 rooms; 100,000 take three minutes of processor and 4 GB.
ARGUMENTS = {"scale": [os.environ.get("BENCH_TRACKS", "20000")]}
noise = []
# What the best open label library does, beside our own rows: github.com/surevine/spiffing at 170af8c6, measured on
# 22 November 2026 on two virtual AMD Zen 5 processors under Debian 12.  It is not run here.
PEERS = {
    "label": "spiffing: 440,000/s label against clearance (2.3 µs)",
    "form": "spiffing: 25,000/s STANAG 4774 XML to label (40 µs)",
    "library": "spiffing: 440,000/s label against clearance, 25,000/s STANAG 4774 XML to label",
}


def fixed_work():
    began = time.perf_counter()
    data = b"\0" * (1 << 20)
    for _ in range(40):
        hashlib.sha512(data).digest()
    return time.perf_counter() - began


def show(what, figures):
    noise.append(fixed_work())
    print(f"{what:44} {figures}", flush=True)


def bounded(arguments):
    """What a program says, first as people read it; one that does not end is told to, as from a keyboard."""
    p = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        return p.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        p.send_signal(signal.SIGINT)
    try:
        out, why = p.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        p.kill()
        out, why = p.communicate()
    return out + f"was ended after {LIMIT_S} s\n", why


def rss_kib(process_group):
    """Resident memory of every process of one gateway, by name."""
    rows = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.getpgid(int(pid)) != process_group:
                continue
            with open(f"/proc/{pid}/status") as f:
                fields = dict(line.split(":", 1) for line in f if ":" in line)
            rows[fields["Name"].strip()] = int(fields["VmRSS"].split()[0])
    return rows


def border(s, source, rate, seconds):
    out = subprocess.run([os.path.join(BENCH, "border"), s.jpn.dir, "suzuki", s.jpn.desk, source, str(rate), str(seconds)],
                         capture_output=True, text=True)
    return json.loads(out.stdout) if out.returncode == 0 else {"failed": out.stderr.strip()}


def products(s, count):
    path = s.out("one-mib")
    with open(path, "wb") as f:
        f.write(os.urandom(1 << 20))
    began = time.monotonic()
    for i in range(count):
        s.submit(s.kor, "park.author", path, f"Product {i}", "KOR:II of KOR about dprk-missile from imagery to JPN", "image")
    sent = time.monotonic() - began
    last = s.find(s.jpn, "suzuki", f"Product {count - 1}", 60)
    return {"products": count, "submit_seconds": round(sent, 1), "all_there_after": round(time.monotonic() - began, 1),
            "last_arrived": last is not None}


def rotation(s, source):
    """An epoch lasts a minute: does the next one make a report wait?"""
    return border(s, source, 2000, 70)


def leaf_times(gateway, act):
    times = []
    for leaf in s_leaves(gateway):
        if b"kind instrument" in leaf and f"\nact {act}\n".encode() in leaf:
            text = leaf.split(b"\ntime ", 1)[1].split(b"\n", 1)[0].decode()
            times.append(int(calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) * 1000 + int(text[20:23])))
    return times


def spread(numbers):
    """Median, 99th of a hundred and most; None when there are none."""
    numbers = sorted(numbers)
    return [numbers[len(numbers) // 2], numbers[len(numbers) * 99 // 100], numbers[-1]] if numbers else None


def pauses(s, source, rate, count):
    """Under load, again and again: how long after the pause's leaf was the last report sent that the partner saw?"""
    took, late, dark = [], [], []
    for _ in range(count):
        load = subprocess.Popen([os.path.join(BENCH, "border"), s.jpn.dir, "suzuki", s.jpn.desk, source, str(rate), "5"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(3)
        began = time.perf_counter()
        s.kor.one("pause", "GSOMIA", "--reason", "bench")
        took.append(1000 * (time.perf_counter() - began))
        leaf, last = leaf_times(s.kor, "pause")[-1], json.loads(load.communicate()[0])
        late.append(last["last_sent_ms"] - leaf)
        dark.append(last["last_shown_ms"] - leaf)
        s.kor.both("resume", "GSOMIA", "--reason", "bench")
        time.sleep(3)
    return {"pauses": count, "sent_after_leaf_ms": spread(late), "shown_after_leaf_ms": spread(dark),
            "whole_verb_ms": spread([round(t) for t in took])}


def s_leaves(gateway):
    return story.Story.leaves(gateway)


def measured(arguments):
    """Wall and processor seconds and MiB of one command, and what it said first."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        pid = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _, status, used = os.wait4(pid, 0)
        out.seek(0)
        said = out.readline().decode().strip()
    return (f"{time.perf_counter() - began:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor, {used.ru_maxrss >> 10} MiB"
            f"{'' if status == 0 else f', status {status}'}: {said}")


def laws(size=("64", "256", "1000")):
    """Files of a large law, and of one that differs in a text, as people would ask about them."""
    accord = os.path.join(story.BUILD, "bin", "accord")
    with tempfile.TemporaryDirectory() as d:
        before, after = os.path.join(d, "before"), os.path.join(d, "after")
        subprocess.run([os.path.join(BENCH, "laws"), before, *size, "1"], check=True)
        shutil.copytree(before, after)
        changed = os.path.join(after, "A005.agreement")
        with open(changed) as f:
            lines = f.readlines()
        with open(changed, "w") as f:
            f.writelines(lines[:-1])
        policies = ["--policies", os.path.join(before, "policies")]
        for giver, receiver in (("P00", "P01"), ("P05", "P06"), ("P05", "P40")):
            pair = ["--from", giver, "--to", receiver]
            show(f"reach, {' x '.join(size)}, {giver} to {receiver}", measured([accord, "reach", before, *pair, *policies]))
        pair = ["--from", "P05", "--to", "P06"]
        show(f"diff, {' x '.join(size)}, P05 to P06", measured([accord, "diff", before, after, *pair, *policies]))


def main():
    quiet = io.StringIO()
    noise.append(fixed_work())
    s = straight(story.Story())
    try:
        with contextlib.redirect_stdout(quiet):
            s.parties_and_law()
            s.assurances()
            source = s.source(s.kor, "bench", "track", "KOR:II of KOR about dprk-missile from radar to JPN", "FLASH")
        time.sleep(2)
        idle = rss_kib(s.usa.process.pid)
        show("idle gateway, resident KiB", f"{sum(idle.values())} in all: {idle}")
        for rate, seconds in ((2000, 10), (20000, 5), (50000, 5), (80000, 5)):
            figures = border(s, source, rate, seconds)
            show(f"KOR intake to JPN desk, {rate}/s", figures)
        show("over a rotation of epochs, 2,000/s", rotation(s, source))
        show("pauses of the agreement under 50,000/s", pauses(s, source, 50000, int(os.environ.get("BENCH_PAUSES", "20"))))
        show("products of 1 MiB across", products(s, int(os.environ.get("BENCH_PRODUCTS", "1000"))))
    finally:
        for g in s.g.values():
            g.stop()
    for name in sorted(os.listdir(BENCH)):
        if name not in ("border", "fanout", "mask", "tls", "laws") and not name.endswith(".d"):
            out, _ = bounded([os.path.join(BENCH, name), *ARGUMENTS.get(name, [])])
            for line in out.splitlines() + ([PEERS[name]] if name in PEERS else []):
                show(name, line)
    laws()
    for script, what in (("mask.py", "from a badge to dark screens"), ("returning.py", "500 MB to a partner that returns"), ("fanout.py", "fan-out")):
        out, why = bounded([sys.executable, os.path.join(ROOT, "bench", script)])
        for line in (out + why).splitlines():
            show(what, line)
    noise.sort()
    print(f"{'noise: fixed work, seconds':44} min {noise[0]:.3f}, median {noise[len(noise) // 2]:.3f}, max {noise[-1]:.3f}")


if __name__ == "__main__":
    main()
