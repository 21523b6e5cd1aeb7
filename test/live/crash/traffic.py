# SPDX-License-Identifier: Apache-2.0
"""The load of the crash test: sensors that send warnings and tracks, authors that submit, readers that watch."""
import hashlib
import json
import os
import re
import select
import socket
import subprocess
import threading
import time

from gateways import TIED, Refused
from store import Grown, of_inbox


class Pulse:
    """How much traffic there was: what the kills are timed by."""

    def __init__(self):
        self.count = 0
        self.changed = threading.Condition()

    def beat(self):
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def wait(self, count, seconds):
        """Until so many, or until so much time has gone: a gateway that is down holds up its senders."""
        end = time.monotonic() + seconds
        with self.changed:
            while self.count < count and time.monotonic() < end:
                self.changed.wait(end - time.monotonic())


class Worker(threading.Thread):
    """Something that goes on until it is ended."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.broken = None

    def run(self):
        try:
            while not self.ended.is_set():
                self.once()
        except Exception as e:  # told by who ends it
            self.broken = e

    def end(self):
        self.ended.set()
        self.join(40)
        if self.broken is not None:
            raise self.broken


def templates(tool, facts, launch, warning):
    """Events of a past flight, whose names and times are put in later."""
    out = subprocess.run([tool, "--facts", facts, "--launch", str(launch), "--to", "-", "--seconds", "1", "--rate", "50"] +
                         (["--warning"] if warning else []), capture_output=True, text=True, check=True).stdout
    events = [l for l in out.splitlines() if l.startswith("<event")]
    return [re.sub(r' uid="[^"]*"', ' uid="{uid}"',
                   re.sub(r' (time|start)="[^"]*"', r' \1="{now}"', re.sub(r' stale="[^"]*"', ' stale="{stale}"', e)))
            for e in events]


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


class Sensor(Worker):
    """Sends numbered events.  A TCP sender hears nothing back: what was on its way when a connection broke may be gone,
    and it goes on with the next.  `broke` has the numbers before which it connected anew."""

    def __init__(self, name, address, udp, events, rate, rng, pulse):
        super().__init__()
        host, port = address.rsplit(":", 1)
        self.uid, self.at, self.udp, self.events = name, (host, int(port)), udp, events
        self.rate, self.rng, self.pulse = rate, rng, pulse
        self.sent, self.broke, self.socket = 0, [], None
        self.due = time.monotonic()

    def _connect(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if self.udp else socket.SOCK_STREAM)
        self.socket.settimeout(0.2)
        self.socket.connect(self.at)
        self.broke.append(self.sent)

    def _event(self):
        now = time.time()
        text = self.events[self.sent % len(self.events)]
        return text.format(uid=f"{self.uid}-{self.sent}", now=moment(now), stale=moment(now + 60)).encode()

    def _send(self, data):
        """All of it: while intake waits for the guard, its senders wait too."""
        while data and not self.ended.is_set():
            try:
                data = data[self.socket.send(data):]
            except TimeoutError:
                continue

    def _hung_up(self):
        """Intake offers the TAK protocol, which nobody here answers; what can be read and is empty is the end."""
        while not self.udp and select.select([self.socket], [], [], 0)[0] != []:
            if not self.socket.recv(65536):
                return True
        return False

    def once(self):
        burst = self.rng.choice((1, 1, 2, 2, 5))
        self.due += burst / self.rate
        time.sleep(max(0.0, self.due - time.monotonic()))
        self.due = max(self.due, time.monotonic() - 0.2)
        for _ in range(burst):
            try:
                if self.socket is None or self._hung_up():
                    self._connect()
                self._send(self._event())
            except OSError:
                self.socket = None
                time.sleep(0.02)
            self.sent += 1
            self.pulse.beat()


class Author(Worker):
    """Submits products, one after another.  `acked`: what it was told is taken in; `tried`: what it was not."""

    def __init__(self, gateway, who, marking, folder, rng, pause):
        super().__init__()
        self.gateway, self.who, self.marking, self.folder, self.rng, self.pause = gateway, who, marking, folder, rng, pause
        self.acked, self.tried, self.dropped, self.count = {}, {}, {}, 0
        os.makedirs(folder)

    def _content(self, title):
        size = 1_200_000 if self.rng.random() < 0.06 else self.rng.randrange(0, 60_000)
        data = self.rng.randbytes(size)
        path = os.path.join(self.folder, title)
        with open(path, "wb") as f:
            f.write(data)
        return path, hashlib.sha256(data).hexdigest()

    def once(self):
        title = f"{self.gateway.code}-{self.count}"
        self.count += 1
        path, digest = self._content(title)
        drop = self.rng.random() < 0.2
        try:
            self.gateway.one("submit", path, "--title", title, "--marking", self.marking, "--kind", "image",
                             "--precedence", self.rng.choice(("ROUTINE", "PRIORITY", "IMMEDIATE")),
                             *(["--drop"] if drop else []), who=self.who, timeout=60)
            (self.dropped if drop else self.acked)[title] = digest
        except Refused as no:
            self.tried[title] = (digest, str(no))
        os.unlink(path)
        self.ended.wait(self.rng.random() * 2 * self.pause)


class Reader(Worker):
    """Watches all feeds; when his stream is cut, he signs a new session at once.  `streams`: how many batches had come
    when it surely was open, and what it showed."""

    def __init__(self, gateway, who):
        super().__init__()
        self.gateway, self.who, self.streams, self.notes = gateway, who, [], []
        self.process = None
        self.inbox = Grown(os.path.join(gateway.dir, "store", "inbox"), of_inbox)

    def once(self):
        self.process = subprocess.Popen(TIED + self.gateway.command("stream", "--quiet", "--end-when-lost", "--as", self.who),
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        shown, came = [], None
        for line in self.process.stdout:
            came = came or len(self.inbox.read())
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                continue
            if "report" in event:
                shown.append((event["originator"], event["feed"], event["number"], event["report"]["uid"]))
            elif event.get("note") in ("gap", "forged"):
                self.notes.append(event)
        self.process.wait()
        if shown:
            self.streams.append((came, shown))
        else:
            self.ended.wait(0.1)

    def end(self):
        self.ended.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
        super().end()
