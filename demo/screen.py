# SPDX-License-Identifier: Apache-2.0
"""What hangs on a wall, and who says who is before it: displays followed by a program or shown in a browser, terminals
that speak to the desk themselves, badge readers that sign."""
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

from gateways import ROOT
from tell import Watched, check, say

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
WORK = os.path.join(BUILD, "console")  # of the page: what it is made with, and its screenshots
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BROWSER_NODE_LEAST = 18  # as of playwright-core 1.60


def at(seconds, millis=False):
    t = time.time() + seconds
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + (f".{int(t * 1000) % 1000:03d}Z" if millis else "Z")


class Reader:
    """A badge reader: its key, and numbers that rise."""

    def __init__(self, name, room, folder):
        self.name, self.room, self.number, self.lock = name, room, 0, threading.RLock()
        self.folder, self.key = folder, os.path.join(folder, name + ".key")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", self.key], check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        self.public = der[-32:].hex()

    def text(self, *lines, number=None, name=None, room=None):
        self.number += 1
        rest = "".join(l + "\n" for l in lines)
        return (f"accord presence 1\nreader {name or self.name}\nroom {room or self.room}\nnumber {number or self.number}\n"
                f"time {at(0, True)}\n{rest}")

    def sign(self, text):
        path = os.path.join(self.folder, f"{self.name}.{threading.get_ident()}")
        with open(path, "wb") as f:
            f.write(b"accord presence 1\0" + text.encode())
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.key, "-rawin", "-in", path], check=True,
                              capture_output=True).stdout.hex()

    def say(self, client, *lines, **more):
        """Over HTTPS, by a terminal of the party; the answer's status and body."""
        with self.lock:
            text = self.text(*lines, **more)
            status, _, body = client.ask("POST", "/v1/presence", {"text": text, "signature": self.sign(text)})
        return status, body


class Desk:
    """A gateway's desk, for who has a certificate of its authority."""

    def __init__(self, gateway, folder):
        self.g, self.folder = gateway, folder
        self.authority = os.path.join(folder, f"{gateway.code}.authority.pem")

    def pem(self, name, out=None):
        folder = os.path.join(self.g.dir, "people", name)
        out = os.path.join(self.folder, (out or name) + ".pem")
        if not os.path.exists(out):
            with open(out + ".new", "w") as f:
                for what, path in (("x509", "terminal.crt"), ("pkey", "terminal.key")):
                    f.write(subprocess.run(["openssl", what, "-inform", "DER", "-in", os.path.join(folder, path)],
                                           check=True, capture_output=True, text=True).stdout)
            os.rename(out + ".new", out)
        return out

    def dial(self, certificate):
        if not os.path.exists(self.authority):
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", os.path.join(self.g.dir, "authority.crt"), "-out",
                            self.authority], check=True, capture_output=True)
        context = ssl.create_default_context(cafile=self.authority)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["http/1.1"])
        host, port = self.g.desk.split(":")
        return context.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname=host)


class Client:
    """Whose certificate it is, asking one thing after the other; pem: another certificate than the one under his name."""

    def __init__(self, desk, who, pem=None):
        self.desk, self.who = desk, who
        self.pem = pem or desk.pem(who)

    def ask(self, method, path, body=None):
        with self.desk.dial(self.pem) as s:
            data = b"" if body is None else json.dumps(body).encode()
            s.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n"
                      f"{'Content-Type: application/json' + chr(13) + chr(10) if data else ''}Connection: close\r\n\r\n".encode() + data)
            got = b""
            while True:
                try:
                    more = s.recv(65536)
                except ssl.SSLError:
                    break
                if not more:
                    break
                got += more
        head, _, rest = got.partition(b"\r\n\r\n")
        return int(head.split()[1]) if head else 0, head.decode(), rest


class Display(Client, Watched):
    """What the page does: objects by their layers, masks taken down and acknowledged.  raw: the bytes of each event."""

    def __init__(self, desk, who, answers=True):
        super().__init__(desk, who)
        self.answers, self.objects, self.events, self.raw, self.ended = answers, {}, [], [], False
        self.room, self.changed = None, threading.Condition()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        with self.desk.dial(self.pem) as s:
            s.settimeout(None)
            s.sendall(b"GET /v1/display HTTP/1.1\r\nHost: x\r\n\r\n")
            data = b""
            while True:
                try:
                    more = s.recv(65536)
                except OSError:  # the gateway was killed
                    more = b""
                if not more:
                    break
                data += more
                if os.environ.get("ROOMS_TALK"):
                    say(f"{self.who} {more[:900]!r}")
                *whole, data = data.split(b"\n\n")
                for event in whole:
                    self._take(event)
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _take(self, event):
        lines = dict(l.split(": ", 1) for l in event.decode().split("\n") if ": " in l and not l.startswith("HTTP"))
        if "data" not in lines or lines["event"] == "void":
            return
        kind, data = lines["event"], json.loads(lines["data"])
        with self.changed:
            self.events.append((kind, data))
            self.raw.append((kind, lines["data"]))
            getattr(self, "on_" + kind, lambda d: None)(data)
            self.changed.notify_all()
        if kind == "mask" and self.answers:
            self.ask("POST", "/v1/display/done", {"turn": data["turn"]})

    def on_room(self, d):
        self.room = d

    def on_put(self, d):
        for o in d["o"]:
            self.objects[o["i"]] = o

    def on_gone(self, d):
        for i in d["i"]:
            self.objects.pop(i, None)

    def on_mask(self, d):
        self.objects = {i: o for i, o in self.objects.items() if not d["all"] and o["l"] not in d["layers"]}

    def names(self):
        return sorted(o.get("n", "?") for o in self.objects.values())

    def count(self, kind):
        return sum(k == kind for k, _ in self.events)


def browser_lacks(terminal):
    """Why the page of this terminal's desk cannot be shown here, or None.  A desk reads the page when it starts."""
    if terminal.ask("GET", "/wall/")[0] != 200 or not os.path.exists(os.path.join(WORK, "installed")):
        return "the page was not there when the desk started: `make wall`"
    if not os.access(CHROMIUM, os.X_OK):
        return f"there is no {CHROMIUM}: `scripts/setup browser`"
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip() if node else "not there"
    if not version[1:].split(".")[0].isdigit() or int(version[1:].split(".")[0]) < BROWSER_NODE_LEAST:
        return f"node is {version}, and drives a browser from {BROWSER_NODE_LEAST} on"
    return None


class Page:
    """A browser that shows a display's page; screenshots are left in `shots`."""

    def __init__(self, desk, display, language, shots=None):
        pem = desk.pem(display)
        self.shots = shots or os.path.join(WORK, "seen")
        self.node = subprocess.Popen(
            ["node", os.path.join(ROOT, "test", "console", "real.mjs"), "https://" + desk.g.desk, pem, pem, language],
            env={**os.environ, "WORK": WORK, "SHOTS": self.shots}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        check("the browser has the page from the desk", self.node.stdout.readline() == "ok\n")

    def say(self, verb, *words):
        """What came of it: "ok", a JSON value, or what stands there instead."""
        self.node.stdin.write("\t".join((verb, *map(str, words))) + "\n")
        self.node.stdin.flush()
        return self.node.stdout.readline().strip()

    def ask(self, what, verb, *words):
        answer = self.say(verb, *words)
        return check(what, answer == "ok", "" if answer == "ok" else answer)

    def end(self):
        self.node.stdin.close()
        self.node.wait()
