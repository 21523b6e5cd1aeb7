#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TAK clients of a desk, over TLS, in one gateway with real processes: one person who may see both sources and one who may
see one, in XML and in messages, a client of @tak-ps/node-tak if it is there (CLIENT=client.mjs), those who send rubbish, and
one who does not read.

    B=build python3 test/tak/clients.py"""
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "demo"))
from gateways import Gateway, ROOT, fresh_folder, free_port  # noqa: E402
from tell import Watched, check, conclude, refused, say  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("CLIENTS_DIR", os.path.join(BUILD, "tak-clients"))
CLIENT = os.environ.get("CLIENT")
MARKING = {"radar": "KOR:III of KOR about maritime from radar to JPN", "sat": "KOR:II of KOR about maritime from radar"}
LABELS = {"radar": ("//KOR CONFIDENTIAL", "JPN, KOR"), "sat": ("//KOR SECRET", None)}


def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def xml(uid, kind="a-f-G", detail="", lasts=600):
    return (f"<event version='2.0' uid='{uid}' type='{kind}' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(lasts)}'>"
            f"<point lat='37.5' lon='127.25' hae='10' ce='9999999' le='9999999'/><detail>{detail}</detail></event>").encode()


# ---- messages, as far as this test needs them ----

def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    out, i = {}, 0
    while i < len(data):
        key, i = varint(data, i)
        if key & 7 == 0:
            value, i = varint(data, i)
        elif key & 7 == 1:
            value, i = data[i:i + 8], i + 8
        else:
            length, i = varint(data, i)
            value, i = data[i:i + length], i + length
        out[key >> 3] = value
    return out


def of_message(data):
    event = fields(fields(data)[2])
    detail = fields(event.get(15, b""))
    rest = detail.get(1, b"").decode()
    group = fields(detail[3])[1].decode() if 3 in detail else None
    text = {k: event[n].decode() for k, n in (("type", 1), ("access", 2), ("caveat", 3), ("releasableTo", 17), ("uid", 5)) if event.get(n)}
    return {**text, "group": group, "link": (re.findall(r'<link [^>]*uid="([^"]+)"', rest) or [None])[0]}


def of_xml(data):
    text = data.decode()
    head = dict(re.findall(r' (\w+)="([^"]*)"', text[:text.index(">", text.index("<event"))]))
    first = lambda pattern: (re.findall(pattern, text) or [None])[0]
    return {**head, "group": first(r'<__group name="([^"]*)"'), "link": first(r'<link [^>]*uid="([^"]+)"')}


class Client(Watched):
    """A TAK client: what it is shown, as it comes."""

    def __init__(self, tak, terminal, buffer=None):
        self.events, self.changed, self.ended, self.proto = [], threading.Condition(), False, False
        self.socket = tak.dial(tak.pem(terminal), buffer)

    def run(self):
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def _run(self):
        data = b""
        try:
            while more := self.socket.recv(65536):
                data = self._take(data + more)
        except (OSError, ValueError):
            pass
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _take(self, data):
        while True:
            if self.proto:
                if len(data) < 4:
                    return data
                length, i = varint(data, 1)
                if data[0] != 0xbf or len(data) < i + length:
                    return data
                event, data = of_message(data[i:i + length]), data[i + length:]
            else:
                cut = data.find(b"</event>") + 8
                if cut < 8:
                    return data
                event, data = of_xml(data[:cut]), data[cut:]
            with self.changed:
                self.events.append(event)
                self.proto = self.proto or event["type"] == "t-x-takp-r"
                self.changed.notify_all()

    def send(self, data):
        self.socket.sendall(data)

    def shown(self, since=0):
        return {e["uid"] for e in self.events[since:] if not e["type"].startswith("t-x-")}

    def types(self, kind):
        return [e for e in self.events if e["type"] == kind]


class Node:
    """The same by @tak-ps/node-tak."""

    def __init__(self, tak, terminal):
        tak.pem(terminal)
        self.lines = []
        self.process = subprocess.Popen(["node", CLIENT, tak.address, tak.path(terminal, "crt"), tak.path(terminal, "key")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=lambda: [self.lines.append(json.loads(l)) for l in self.process.stdout], daemon=True).start()

    def wait(self, true, seconds=25):
        end = time.monotonic() + seconds
        while not true(self.lines) and time.monotonic() < end:
            time.sleep(0.05)
        return true(self.lines)


class Tak:
    def __init__(self):
        self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stop = threading.Event()
        self.address = f"127.0.0.1:{free_port()}"

    # ---- the gateway ----

    def begin(self):
        g = self.g
        g.found()
        with open(os.path.join(g.dir, "accord.conf"), "a") as f:
            f.write(f"tak {self.address}\n")
        g.start()
        g.wait_ready()
        for party in ("KOR", "JPN"):
            g.both("policy", "load", os.path.join(ROOT, "policies", party + ".xml"))
        for who, level in (("park", "KOR:III,KOR:II"), ("low", "KOR:III")):
            g.accord("person", "key", who)
            g.both("person", "add", who, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
                   "--roles", "reader", "--clearance", level, "--topics", "maritime")
            g.one("terminal", who)
        for device in ("phone", "tablet", "node"):
            g.accord("person", "key", device)
            g.one("terminal", device)
        self.port = {}
        for source in MARKING:
            self.port[source] = free_port(socket.SOCK_DGRAM)
            g.both("source", "add", source, "--udp", f"127.0.0.1:{self.port[source]}", "--kind", "track",
                   "--precedence", "ROUTINE", "--marking", MARKING[source])
        threading.Thread(target=self.beat, daemon=True).start()

    def path(self, name, what):
        return os.path.join(BASE, f"{name}.{what}")

    def pem(self, name):
        folder = os.path.join(self.g.dir, "people", name)
        both = self.path(name, "pem")
        if not os.path.exists(both):
            for kind, what in (("x509", "crt"), ("pkey", "key")):
                subprocess.run(["openssl", kind, "-inform", "DER", "-in", os.path.join(folder, "terminal." + what),
                                "-out", self.path(name, what)], check=True, capture_output=True)
            with open(both, "w") as f:
                f.write(open(self.path(name, "crt")).read() + open(self.path(name, "key")).read())
        return both

    def dial(self, certificate, buffer=None):
        authority = os.path.join(BASE, "authority.pem")
        if not os.path.exists(authority):
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", os.path.join(self.g.dir, "authority.crt"), "-out",
                            authority], check=True, capture_output=True)
        context = ssl.create_default_context(cafile=authority)
        if certificate:
            context.load_cert_chain(certificate)
        host, port = self.address.split(":")
        plain = socket.socket()
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.connect((host, int(port)))
        return context.wrap_socket(plain, server_hostname=host)

    def send(self, source, event):
        self.out.sendto(event, ("127.0.0.1", self.port[source]))

    def beat(self):
        while not self.stop.wait(0.3):
            for source in self.port:
                self.send(source, xml(source + "-1"))

    def noted(self, sentence, seconds=10):
        end = time.monotonic() + seconds
        while True:
            with open(self.g.log_path) as f:
                hits = [l for l in f if sentence in l]
            if hits or time.monotonic() > end:
                return hits
            time.sleep(0.1)

    def ledger(self):
        folder = os.path.join(self.g.dir, "store", "ledger")
        return b"".join(open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder)))

    def opened(self, person):
        return sum(b"kind opened\n" in l and f"\nperson {person}\n".encode() in l for l in self.ledger().split(b"accord leaf 1\n"))

    # ---- parts ----

    def strangers(self):
        say("\n== who is no terminal of the party")
        own = os.path.join(BASE, "stranger.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=phone/OU=terminal", "-keyout", own + ".key", "-out", own + ".crt"], check=True, capture_output=True)
        with open(own, "w") as f:
            f.write(open(own + ".crt").read() + open(own + ".key").read())
        for what, certificate in (("without a certificate", None), ("with one by nobody's authority", own)):
            try:
                with self.dial(certificate) as s:
                    s.settimeout(10)
                    away = s.recv(1) == b""
            except OSError:
                away = True
            check(what + ": turned away", away)

    def unsigned(self):
        say("\n== nobody has signed")
        self.phone, self.tablet = Client(self, "phone").run(), Client(self, "tablet").run()
        ok = self.phone.wait(lambda c: c.types("t-x-takp-v"))
        check("the protocol is offered", ok)
        self.phone.send(xml("phone-1", "t-x-c-t") + b"\n")
        check("a ping is answered", self.phone.wait(lambda c: c.types("t-x-c-t-r")) and self.phone.types("t-x-c-t-r")[0]["uid"] == "phone-1")
        time.sleep(2)
        check("nothing is shown", not self.phone.shown() and not self.tablet.shown(), str(self.phone.events))
        check("nothing is opened", self.opened("park") == 0)

    def signed(self):
        say("\n== park signs for the phone, low for the tablet")
        self.g.one("tak", "on", "phone", "--minutes", "30", who="park")
        self.g.one("tak", "on", "tablet", "--minutes", "30", who="low")
        ok = self.phone.wait(lambda c: c.shown() == {"radar-1", "sat-1"})
        check("the phone is shown both", ok, str(self.phone.shown()))
        check("the tablet is shown what low may see", self.tablet.wait(lambda c: c.shown() == {"radar-1"}), str(self.tablet.shown()))
        for source, (access, release) in LABELS.items():
            event = next((e for e in self.phone.events if e["uid"] == source + "-1"), {})
            said = (event.get("access"), event.get("releasableTo"), event.get("group"))
            check(f"what comes of {source} says its marking and its topic", said == (access, release, "maritime"), str(said))
        check("each showing is on record", self.opened("park") >= 2 and self.opened("low") >= 1)
        time.sleep(1)
        check("the tablet is never shown the other", self.tablet.shown() == {"radar-1"})

    def labels_are_read_back(self):
        say("\n== the labels are the marking")
        for source, (access, release) in LABELS.items():
            event = f"<event access='{access}'" + (f" releasableTo='{release}'" if release else "") + "/>"
            given = MARKING[source]
            answer = self.g.accord("marking", "convert", event, "--from", "cot", "--to", "marking", "--text",
                                   "--topics", "maritime", "--disciplines", "radar", "--policies", os.path.join(ROOT, "policies"))
            check(f"of {source}", given in json.dumps(answer), json.dumps(answer)[:200])

    def messages(self):
        say("\n== a second client of the phone, which speaks in messages")
        self.proto = Client(self, "phone").run()
        self.proto.wait(lambda c: c.types("t-x-takp-v"))
        self.proto.send(xml(self.proto.events[0]["uid"], "t-x-takp-q", '<TakControl><TakRequest version="1"/></TakControl>'))
        check("it is agreed", self.proto.wait(lambda c: c.proto))
        since = len(self.proto.events)
        ok = self.proto.wait(lambda c: c.shown(since) == {"radar-1", "sat-1"})
        check("both are shown", ok, str(self.proto.events[-3:]))
        event = next((e for e in self.proto.events[since:] if e["uid"] == "radar-1"), {})
        said = (event.get("access"), event.get("releasableTo"), event.get("group"))
        check("with labels and topic", said == (*LABELS["radar"], "maritime"), str(said))

    def by_node(self):
        if not CLIENT or not shutil.which("node"):
            say("skipped: a client of node-tak: there is no node, or no such module")
            return
        say("\n== @tak-ps/node-tak as a client, for low")
        self.g.one("tak", "on", "node", "--minutes", "30", "--topics", "maritime", who="low")
        self.node = Node(self, "node")
        shown = lambda lines: {l["uid"] for l in lines if l["is"] == "cot" and not l["type"].startswith("t-x-")}
        check("it connects over TLS", self.node.wait(lambda n: any(l["is"] == "connected" for l in n)), str(self.node.lines))
        check("it is shown what low may see", self.node.wait(lambda n: shown(n) == {"radar-1"}), str(self.node.lines[-3:]))
        event = next((l for l in self.node.lines if l.get("uid") == "radar-1"), {})
        said = (event.get("access"), event.get("releasableTo"), event.get("group"))
        check("it reads labels and topic", said == (*LABELS["radar"], "maritime"), str(said))
        check("its pings are answered", self.node.wait(lambda n: sum(l["is"] == "ping" for l in n) >= 2))
        self.g.one("tak", "off", "node", who="low")
        ok = self.node.wait(lambda n: any(l.get("type") == "t-x-d-d" and l["link"] == "radar-1" for l in n))
        check("ended: it is told to delete what it was shown", ok, str(self.node.lines[-3:]))
        since = len(self.node.lines)
        time.sleep(2)
        check("and nothing more comes", not shown(self.node.lines[since:]))
        check("it is still connected", self.node.wait(lambda n: any(l["is"] == "ping" for l in n[since:])))
        self.node.process.stdin.close()
        self.node.process.wait(10)

    def topics(self):
        say("\n== only some topics")
        refused("a topic that no policy has", lambda: self.g.one("tak", "on", "node", "--topics", "cooking", who="low"))

    def sends(self):
        say("\n== what a client sends")
        since = len(self.tablet.events)
        self.phone.send(xml("phone-place") + xml("chat-1", "b-t-f", "<remarks>hello</remarks>") + b"<event>rubbish</event>")
        self.phone.send(xml("phone-2", "t-x-c-t"))
        check("after a place, chat and rubbish a ping is answered", self.phone.wait(lambda c: len(c.types("t-x-c-t-r")) > 1))
        self.tablet.wait(lambda c: len(c.events) > since + 3)
        mine = {"phone-place", "chat-1"}
        check("none of it is shown to anybody", not mine & (self.tablet.shown() | self.phone.shown()))
        check("nor is it on record", b"phone-place" not in self.ledger())

    def rubbish(self):
        say("\n== what is no event")
        for what, data in (("bytes", os.urandom(2000)), ("an event without end", b"<event " + b"x" * 200000),
                           ("a message nobody agreed on", b"\xbf\x05hello"), ("a flood", xml("p", "t-x-c-t") * 2000)):
            bad = Client(self, "tablet").run()
            bad.wait(lambda c: c.events)
            try:
                bad.send(data)
            except OSError:
                pass
            check(what + ": cut off", bad.wait(lambda c: c.ended, 15))
            time.sleep(1.1)
        hits = self.noted("a TAK client has gone, or was cut off")
        check("the log says why", any("64 KiB" in l for l in hits) and any("more events than it may" in l for l in hits),
              " ".join(re.findall(r'why="([^"]*)"', " ".join(hits))))
        since = len(self.tablet.events)
        check("others go on", self.tablet.wait(lambda c: c.shown(since) == {"radar-1"}))

    def slow(self):
        say("\n== one that does not read")
        idle = Client(self, "phone", buffer=4096)
        last = None
        for i in range(40000):
            last = f"many-{i % 9000}"
            self.send("radar", xml(last, detail=f"<remarks>{'x' * 200}</remarks>"))
            if i % 100 == 99:
                time.sleep(0.02)
            if i % 1000 == 999 and self.noted("does not read", 0):
                break
        hits = self.noted("does not read", 40)
        check("it is cut off, and the log says why", hits and 'terminal="phone"' in hits[0], str(hits[:1]))
        check("what was left out for newer ones is counted", hits and re.search(r'left-out="\d+"', hits[0]))
        self.send("radar", xml("at-last"))
        for what, client in (("a reader of XML", self.phone), ("of messages", self.proto), ("of another person", self.tablet)):
            check(f"{what} has everything", client.wait(lambda c: "at-last" in c.shown(), 40) and not client.ended)
        idle.socket.close()

    def ended(self):
        say("\n== the session is ended")
        refused("not by somebody else without a role", lambda: self.g.one("tak", "off", "phone", who="low"))
        time.sleep(1)
        self.g.one("tak", "off", "phone", who="park")
        for what, client in (("in XML", self.phone), ("in messages", self.proto)):
            gone = lambda c: {e["link"] for e in c.types("t-x-d-d")}
            ok = client.wait(lambda c: {"radar-1", "sat-1", "at-last"} <= gone(c))
            check(f"{what}: it is told to delete what it was shown", ok, f"{len(gone(client))} deletions")
            since = len(client.events)
            time.sleep(2)
            check("and nothing more comes", not client.shown(since) and not client.ended, str(client.shown(since)))
        since = len(self.tablet.events)
        check("the other person's goes on", self.tablet.wait(lambda c: "radar-1" in c.shown(since)))
        self.g.one("tak", "off", "tablet")
        ok = self.tablet.wait(lambda c: any(e["link"] == "radar-1" for e in c.types("t-x-d-d")))
        check("an officer may end it too", ok)
        check("nothing of what low may not see was ever shown to it", not any("sat" in json.dumps(e) for e in self.tablet.events))

    def revoked(self):
        say("\n== a person is struck off")
        self.g.one("tak", "on", "tablet", who="low")
        since = len(self.tablet.events)
        self.tablet.wait(lambda c: "radar-1" in c.shown(since))
        self.g.one("person", "revoke", "low")
        ok = self.tablet.wait(lambda c: [e for e in c.events[since:] if e["type"] == "t-x-d-d" and e["link"] == "radar-1"], 15)
        check("what his client was shown is deleted", ok)
        since = len(self.tablet.events)
        time.sleep(2)
        check("and nothing more comes", not self.tablet.shown(since))

    def end(self):
        self.stop.set()
        check("the gateway ends in good order", self.g.stop() == 0)


def main():
    tak = Tak()
    try:
        tak.begin()
        for part in (tak.strangers, tak.unsigned, tak.signed, tak.labels_are_read_back, tak.messages, tak.topics, tak.by_node, tak.sends,
                     tak.rubbish, tak.slow, tak.ended, tak.revoked):
            part()
        tak.end()
    finally:
        tak.stop.set()
        tak.g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
