#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""500 MB of products wait for a partner whose gateway was away: how fast they are in its inbox, beside what plain TLS
(bench/tls.c) and this disk do with as many bytes just before and after."""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "demo"))
os.environ.setdefault("DEMO_DIR", os.path.join(os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build"))), "bench-returning"))
import story  # noqa: E402

MIB = 1 << 20
COUNT, EACH = int(os.environ.get("BENCH_COUNT", "25")), 20 * MIB
MARKING = "KOR:II of KOR about dprk-missile from imagery to JPN"


def straight(s):
    """The gateways meet without the story's wire between them, which is a process of its own that copies all."""
    for code, g in s.g.items():
        s.wires[code].address = g.courier
    return s


def plain_tls(size, times=3):
    """What bench/tls.c measures, so often."""
    with tempfile.TemporaryDirectory() as folder:
        key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                        cert, "-days", "1", "-subj", "/CN=bench"], check=True, capture_output=True)
        return [json.loads(subprocess.run([os.path.join(story.BUILD, "bench", "tls"), cert, key, str(size)], check=True,
                                          capture_output=True).stdout) for _ in range(times)]


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def disk(size, path):
    """Seconds to overwrite a file that is there, with a sync at each 16 MiB, as a log's segments are written."""
    with open(path, "wb", buffering=0) as f:
        for _ in range(size // MIB):
            f.write(bytes(MIB))
        os.fdatasync(f.fileno())
        f.seek(0)
        began = time.monotonic()
        for i in range(size // MIB):
            f.write(bytes(MIB))
            if i % 16 == 15:
                os.fdatasync(f.fileno())
        os.fdatasync(f.fileno())
        took = time.monotonic() - began
    os.unlink(path)
    return took


def processes(gateway):
    """Process ids of one gateway by name."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/comm") as f:
                if os.getpgid(int(pid)) == gateway.process.pid:
                    found[f.read().strip()] = int(pid)
    return found


def written(pid):
    with open(f"/proc/{pid}/io") as f:
        return int(dict(line.split(":") for line in f)["wchar"])


def cpu(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def used(s):
    """The processor's seconds so far of all that has a part in it."""
    seconds = {}
    for code, name in (("JPN", "accord-courier"), ("KOR", "accord-courier"), ("JPN", "accordd"), ("JPN", "accord-desk")):
        seconds[f"{code} {name}"] = cpu(processes(s.g[code])[name])
    return seconds


def returning(s):
    """The courier that receives writes each byte once: its inbox has all when so much was written."""
    path = s.out("product")
    with open(path, "wb") as f:
        f.write(os.urandom(EACH))
    s.jpn.stop()
    for i in range(COUNT):
        s.submit(s.kor, "park.author", path, f"Waiting {i}", MARKING, "image")
    time.sleep(1)
    s.jpn.start()
    while "accord-courier" not in processes(s.jpn):
        time.sleep(0.005)
    pid = processes(s.jpn)["accord-courier"]
    size, began, before = COUNT * EACH, None, None
    for _ in range(60000):
        now = time.monotonic()
        there = written(pid)
        if began is None and there > size // 10:  # it is connected: the wait for that is another matter
            began, first, before = now, there, used(s)
        if there >= size:
            break
        time.sleep(0.002)
    took = now - began
    after = used(s)
    last = s.find(s.jpn, "suzuki", f"Waiting {COUNT - 1}", 60)
    gigabytes = (there - first) / 1e9
    return {"bytes": size, "mb_per_s": round(gigabytes * 1000 / took), "last_complete": last is not None,
            "cpu_s_per_gb": {k: round((after[k] - before[k]) / gigabytes, 2) for k in before}}


def main():
    size = COUNT * EACH
    s = straight(story.Story())
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            s.parties_and_law()
            s.assurances()
        tls = plain_tls(size)
        result = returning(s)
        tls += plain_tls(size)
        result["plain_tls_mb_per_s"] = [round(t["mb_per_s"]) for t in tls]
        result["of_plain_tls"] = round(result["mb_per_s"] / median([t["mb_per_s"] for t in tls]), 2)
        result["plain_tls_cpu_s_per_gb"] = {end: median([t[end + "_cpu_s_per_gb"] for t in tls]) for end in ("receiver", "sender")}
        result["disk_mb_per_s"] = round(size / disk(size, s.out("disk")) / 1e6)
        print(json.dumps(result))
    finally:
        for g in s.g.values():
            g.stop()


if __name__ == "__main__":
    main()
