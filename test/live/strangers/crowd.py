#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Thousands of connections that never show who they are, at each port that speaks TLS: half of them say nothing, half say a
byte of a good hello each second.  Who is known is served meanwhile, memory and log stay small, and all is counted.

    B=build python3 test/live/strangers/crowd.py
    STRANGERS=10000 WHOLE=1 B=build python3 test/live/strangers/crowd.py

STRANGERS come to each port, as fast as this program can; with WHOLE=1 they stay until the last was cut off, and each one
must have been counted."""
import os
import resource
import select
import socket
import ssl
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import BUILD, Gate  # noqa: E402
from tell import check, conclude, say  # noqa: E402

BASE = os.environ.get("CROWD_DIR", os.path.join(BUILD, "strangers-crowd"))
STRANGERS = int(os.environ.get("STRANGERS", "2500"))
WHOLE = os.environ.get("WHOLE") == "1"
SAID = {"desk": "desk a client of the desk was turned away", "courier": "courier a connection was refused",
        "tak": "desk a TAK client was turned away", "tls": "intake a stream of events lost its frame"}
LINES_MAX = 40  # of one port: some kinds, each once in ten seconds
MEMORY_MAX = 400 << 10  # KiB, of any process


def hello():
    """The first bytes of a good client."""
    out = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    one = context.wrap_bio(ssl.MemoryBIO(), out)
    try:
        one.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


class Crowd(threading.Thread):
    """Connections that are kept until the server ends them."""

    def __init__(self, where, count):
        super().__init__(daemon=True)
        self.where, self.left, self.hello = where, count, hello()
        self.open, self.poll = {}, select.epoll()
        self.came = self.cut = 0
        self.stop = threading.Event()

    def come(self):
        for _ in range(min(self.left, 100)):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(self.where)
            self.open[s.fileno()] = [s, 0, self.came % 2 == 1]
            self.poll.register(s.fileno(), select.EPOLLIN | select.EPOLLHUP | select.EPOLLRDHUP)
            self.came += 1
            self.left -= 1

    def go(self, number):
        self.poll.unregister(number)
        self.open.pop(number)[0].close()
        self.cut += 1

    def drip(self):
        for one in list(self.open.values()):
            if one[2] and one[1] < len(self.hello):
                try:
                    one[1] += one[0].send(self.hello[one[1]:one[1] + 1])
                except OSError:
                    continue

    def run(self):
        dripped = time.monotonic()
        while (self.left or self.open) and not self.stop.is_set():
            self.come()
            for number, _ in self.poll.poll(0.02 if self.left else 0.2, 512):
                self.go(number)
            if time.monotonic() - dripped > 1:
                dripped = time.monotonic()
                self.drip()
        for s, _, _ in list(self.open.values()):
            s.close()


def memory(group):
    """KiB of the largest process of a gateway, as it is now."""
    most = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) == group:
                with open(f"/proc/{pid}/status") as f:
                    most = max([most, *(int(l.split()[1]) for l in f if l.startswith("VmRSS"))])
        except OSError:
            continue
    return most


def attend(gate, crowd, port):
    """Serve who is known while they come, and a few times more; the longest it took."""
    served, longest, most, rounds = True, 0.0, 0, 0
    while served and (crowd.left or rounds < 3):
        began = time.monotonic()
        served = gate.serves(port)
        longest, rounds = max(longest, time.monotonic() - began), rounds + 1
        most = max(most, memory(gate.g.process.pid))
    return served, f"{rounds} times, the longest took {longest:.2f} s; {most >> 10} MB", most


def one_port(gate, port):
    say(f"\n== {STRANGERS} strangers at {port}")
    crowd = Crowd(gate.where(port), STRANGERS)
    crowd.start()
    served, how, most = attend(gate, crowd, port)
    check("who is known is served meanwhile", served, how)
    check("no process grows out of bounds", most < MEMORY_MAX)
    if not WHOLE:
        crowd.stop.set()
    crowd.join(60)
    check("they are pushed out by those who come after them, and told", gate.noted(SAID[port], "so many more came"), f"{crowd.cut} were cut off")
    others = [p for p in ("desk", "courier", "tls", "tak", "tcp") if p != port]
    check("the other ports serve", all([gate.serves(p) for p in others]))
    return crowd


def each_is_counted(gate, came):
    """The last are told of ten seconds after those before them."""
    say("\n== what the log says")
    for port, count in came.items():
        end = time.monotonic() + 15
        while (told := gate.counted(SAID[port], "had not shown") + gate.counted(SAID[port], "did not show")) < count and time.monotonic() < end:
            time.sleep(0.5)
        check(f"at {port} each is counted", told == count, f"{told} of {count}, in {len(gate.log(SAID[port]))} lines")


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gate, came = Gate(BASE), {}
    try:
        gate.begin()
        for port in SAID:
            came[port] = one_port(gate, port).came
        if WHOLE:
            each_is_counted(gate, came)
        lines = {p: len(gate.log(s)) for p, s in SAID.items()}
        check("the log has few lines of them", max(lines.values()) <= LINES_MAX, str(lines))
        wrong = gate.sound()
        check("nothing crashed, and the ledger is whole", wrong == "", wrong)
    finally:
        gate.end()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
