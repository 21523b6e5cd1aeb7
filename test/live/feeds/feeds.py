#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sources with real sockets: one gateway, and what is sent to it by TLS, by TCP and to a multicast group, as XML and as
messages of the TAK protocol, the good and the bad.  How much was sealed is what the ledger says when a source is closed.

    B=build python3 test/live/feeds/feeds.py"""
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, ROOT, dial, free_port, fresh_folder  # noqa: E402
from tell import check, conclude, refused, say  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.environ.get("FEEDS_DIR", os.path.join(BUILD, "feeds"))
MARKING = "KOR:III of KOR about maritime from radar"


# ---- events ----

def at(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def xml(uid, kind="a-f-G", detail="", begins=-1, lasts=60, more=""):
    return (f"<event version='2.0' uid='{uid}' type='{kind}' how='m-g' time='{at(begins)}' start='{at(begins)}' "
            f"stale='{at(begins + lasts)}'{more}><point lat='37.5' lon='127.25' hae='10' ce='9999999' le='9999999'/>"
            f"<detail>{detail}</detail></event>").encode()


def varint(v):
    out = b""
    while v > 0x7f:
        out += bytes([v & 0x7f | 0x80])
        v >>= 7
    return out + bytes([v])


def blob(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def message(uid, kind="a-f-G", detail=b"", more=b""):
    now = int(time.time() * 1000)
    event = blob(1, kind) + blob(5, uid) + b"".join(varint(f << 3) + varint(t) for f, t in ((6, now), (7, now), (8, now + 60000)))
    event += blob(9, "m-g") + b"".join(varint(f << 3 | 1) + struct.pack("<d", v)
                                       for f, v in ((10, 37.5), (11, 127.25), (12, 10.0), (13, 9999999.0), (14, 9999999.0)))
    return blob(2, event + (blob(15, detail) if detail else b"") + more)


def framed(m):
    return b"\xbf" + varint(len(m)) + m


def mesh(m):
    return b"\xbf\x01\xbf" + m


def control(kind, uid, inside):
    return xml(uid, kind, f"<TakControl>{inside}</TakControl>")


# ---- the gateway ----

class Feeds:
    def __init__(self):
        self.g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
        self.at = {}

    def begin(self):
        g = self.g
        g.found()
        g.start()
        g.wait_ready()
        g.both("policy", "load", os.path.join(ROOT, "policies", "KOR.xml"))
        for name in ("sensor", "other"):
            self.enrol(name)

    def enrol(self, name):
        g = self.g
        g.accord("person", "key", name)
        g.both("person", "add", name, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis",
               "--roles", "reader", "--clearance", "KOR:III", "--topics", "maritime")
        g.one("terminal", name)

    def open(self, source, transport, host="127.0.0.1", interface="", **options):
        port = free_port(socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)
        self.g.both("source", "add", source, "--" + transport, f"{host}:{port}{interface}", "--kind", "track",
                    "--precedence", "ROUTINE", "--marking", MARKING,
                    *[w for k, v in options.items() for w in ("--" + k.replace("_", "-"), v)])
        self.at[source] = (host, port)
        return host, port

    def leaves(self):
        folder = os.path.join(self.g.dir, "store", "ledger")
        data = b"".join(open(os.path.join(folder, n), "rb").read() for n in sorted(os.listdir(folder)))
        lines = (re.findall(rb"^([a-z-]+) (.*)$", leaf, re.M) for leaf in data.split(b"accord leaf 1\n")[1:])
        return [dict(reversed(l)) for l in lines]  # the kind of the leaf is the first

    def sealed(self, source):
        """Close the source; how many of its events were sealed, by the leaves of its epochs."""
        self.g.one("source", "remove", source)
        end = time.monotonic() + 20
        while True:
            leaves = self.leaves()
            epochs = {l[b"epoch"] for l in leaves if l.get(b"kind") == b"epoch" and l.get(b"feed") == source.encode()}
            closed = {l[b"epoch"]: int(l[b"items"]) for l in leaves if l.get(b"kind") == b"closed" and l.get(b"epoch") in epochs}
            if len(closed) == len(epochs) or time.monotonic() > end:
                return sum(closed.values())
            time.sleep(0.1)

    def noted(self, source, sentence, seconds=12):
        """Refusals are told of within a second or two, the first of a kind at once."""
        end = time.monotonic() + seconds
        while True:
            with open(self.g.log_path) as f:
                hits = [l for l in f if sentence in l and f'source="{source}"' in l]
            if hits or time.monotonic() > end:
                return hits
            time.sleep(0.1)

    # ---- TLS ----

    def pem(self, name):
        """A terminal's certificate and key as other clients want them."""
        folder = os.path.join(self.g.dir, "people", name)
        out = os.path.join(BASE, name + ".pem")
        with open(out, "w") as f:
            for what, path in (("x509", "terminal.crt"), ("pkey", "terminal.key")):
                f.write(subprocess.run(["openssl", what, "-inform", "DER", "-in", os.path.join(folder, path)],
                                       check=True, capture_output=True, text=True).stdout)
        return out

    def stranger(self):
        """A certificate that says it is a terminal's, by nobody's authority but its own."""
        out = os.path.join(BASE, "stranger.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=sensor/OU=terminal", "-keyout", out + ".key", "-out", out + ".crt"],
                       check=True, capture_output=True)
        with open(out, "w") as f:
            f.write(open(out + ".crt").read() + open(out + ".key").read())
        return out

    def dial(self, source, certificate):
        if not hasattr(self, "authority"):
            self.authority = os.path.join(BASE, "authority.pem")
            subprocess.run(["openssl", "x509", "-inform", "DER", "-in", os.path.join(self.g.dir, "authority.crt"), "-out", self.authority],
                           check=True, capture_output=True)
        context = ssl.create_default_context(cafile=self.authority)
        if certificate:
            context.load_cert_chain(certificate)
        plain = dial(self.at[source], 10)  # it listens once it has its certificate
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def turned_away(self, source, certificate):
        try:
            with self.dial(source, certificate) as s:
                return s.recv(1) == b""
        except (ssl.SSLError, ConnectionError):
            return True

    @staticmethod
    def read_until(s, end):
        got = b""
        while not got.endswith(end):
            more = s.recv(4096)
            if not more:
                break
            got += more
        return got

    def by_tls(self):
        say("\n== by TLS, as a TAK server")
        self.open("tak", "tls")
        good = self.pem("sensor")
        with self.dial("tak", good) as s:
            offer = self.read_until(s, b"</event>")
            uid = re.search(rb'uid="([^"]+)"', offer)[1].decode()
            check("it offers the protocol at once, with a certificate of its authority for its address",
                  b"t-x-takp-v" in offer and b'<TakProtocolSupport version="1"/>' in offer)
            s.sendall(xml("before") + control("t-x-takp-q", uid, '<TakRequest version="1"/>'))
            answer = self.read_until(s, b"</event>")
            check("it accepts, in XML, under the same uid", b'status="true"' in answer and uid.encode() in answer)
            s.sendall(framed(message("after-1")) + framed(message("after-2", detail=blob(2, blob(2, "<script>alert(1)</script>")))))
            s.sendall(framed(message("ping", "t-x-c-t")))
            pong = s.recv(4096)
            check("a ping is answered by a message", pong[:1] == b"\xbf" and b"t-x-c-t-r" in pong)
            bad = blob(1, "<contact callsign='B'/>") + blob(2, blob(2, "A"))
            s.sendall(framed(message("both", detail=bad)) + framed(message("after-3")))
            s.sendall(framed(b"\xff" * 20) + framed(message("after-4")))
        check("what disagrees is refused, and told", self.noted("tak", "an event is not as the profile says"))
        with self.dial("tak", good) as s:
            self.read_until(s, b"</event>")
            s.sendall(control("t-x-takp-q", "mine", '<TakRequest version="9"/>'))
            check("another version is declined", b'status="false"' in self.read_until(s, b"</event>"))
            s.sendall(xml("still-xml"))
        check("without a certificate nobody comes in", self.turned_away("tak", None))
        check("nor with one of another authority", self.turned_away("tak", self.stranger()))
        check("that is told", self.noted("tak", "a stream of events lost its frame"))
        with self.dial("tak", good) as s:
            s.sendall(xml("last"))
        self.open("named", "tls", terminal="sensor")
        check("nor, where a terminal is named, with another's", self.turned_away("named", self.pem("other")))
        with self.dial("named", good) as s:
            s.sendall(xml("mine"))
        time.sleep(0.5)
        check("who is named comes in", self.sealed("named") == 1)
        count = self.sealed("tak")
        check("seven events are sealed: one before, four after, two more", count == 7, f"{count}")

    def by_tcp(self):
        say("\n== by TCP")
        where = self.open("plain", "tcp")

        def send(*pieces):
            with socket.create_connection(where, timeout=10) as s:
                try:
                    for p in pieces:
                        s.sendall(p)
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(4096):
                        pass
                except OSError:
                    pass  # it was cut off, with something of it unread

        send(xml("one") + b"\n<?xml version='1.0'?>" + xml("two"))
        send(framed(message("three")), framed(message("four"))[:7], framed(message("four"))[7:])
        send(mesh(message("five")))
        send(xml("cut")[:100])
        send(xml("six") + b"garbage" + xml("never"))
        send(framed(message("seven")) + b"\xbf" + varint(1 << 40))
        send(b"<event " + b"x" * 70000)
        check("what is no event costs the connection, and is told", self.noted("plain", "a stream of events lost its frame"))
        send(xml("eight"))
        count = self.sealed("plain")
        check("eight events are sealed", count == 8, f"{count}")

    # ---- datagrams ----

    def by_multicast(self):
        say("\n== to a multicast group")
        where = self.open("group", "udp", host="239.255.77.7", interface="%lo")
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        time.sleep(0.5)
        m = message("mesh")
        for d in (xml("x"), mesh(m), m, b"\n" + xml("y"), blob(1, b"\x08\x01\x10\x01"), b"\xbf\x02\xbf" + m, m[:30], b"", b"\xbf", b"\0" * 100):
            out.sendto(d, where)
        time.sleep(0.5)
        count = self.sealed("group")
        check("XML, a message behind its head, and a bare one are taken, and nothing else", count == 4, f"{count}")

    def datagrams(self, source, *events, **options):
        where = self.open(source, "udp", **options)
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        time.sleep(0.5)
        for e in events:
            out.sendto(e, where)
        time.sleep(0.5)
        return self.sealed(source)

    def profiles(self):
        say("\n== what a source's profile says")
        extra = "<shape/>"
        check("what is unknown is dropped, and counted", self.datagrams("drops", xml("a", detail=extra), xml("b")) == 2)
        check("or refused", self.datagrams("whole", xml("a", detail=extra), xml("b"), unknown="refuse") == 1)
        self.noted("whole", "a report has no place for")
        dates = (xml("now"), xml("tomorrow", begins=86400), xml("over", begins=-3600, lasts=60))
        for dated, want in (("any", 3), ("past", 2), ("now", 1)):
            check(f"of now, to come and over, {want} when dated {dated}", self.datagrams("d-" + dated, *dates, dated=dated) == want)
        labels = (xml("a", more=" access='SECRET'"), xml("b", more=" access='UNCLASSIFIED'"), xml("c", more=" releasableTo='KOR'"),
                  message("d", more=blob(2, "SECRET")), message("e", more=blob(17, "KOR")), message("f", more=blob(18, "COSMIC")))
        check("a label that is not the source's is refused, by whichever spelling", self.datagrams("labels", *labels, access="SECRET") == 2)

    def radar(self):
        say("\n== a radar that does not say where it stands")
        target = bytes.fromhex("300010" "d110" "0102" "546080" "3c004000" "0007")  # 60 nautical miles east
        check("its targets are refused", self.datagrams("mute", target, form="asterix", dated="any") == 0)
        self.noted("mute", "says where it stands")
        check("or its profile says it", self.datagrams("radar", target, form="asterix", dated="any", site="37.5,127,-12") == 1)
        for site in ("37.5,127", "91,127,0", "37.5,127,9001", "37.5,east,0"):
            refused(f"a place that is none is not taken: {site}", lambda s=site: self.open("odd", "udp", form="asterix", site=s))
        refused("who sends is known by TLS alone", lambda: self.open("odd", "tcp", terminal="park"))
        refused("and only a radar has one", lambda: self.open("odd", "udp", site="37.5,127,0"))

    def flood(self):
        say("\n== a flood")
        loud, calm = self.open("loud", "udp"), self.open("calm", "udp")
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        time.sleep(0.5)
        sent, end = 0, time.monotonic() + 3
        big = xml("loud", detail="<x/>" * 2000)
        while time.monotonic() < end:
            for _ in range(200):
                out.sendto(big, loud)
            out.sendto(xml("calm"), calm)
            sent += 1
            time.sleep(0.001)
        time.sleep(1)
        count = self.sealed("calm")
        check("a source beside it loses nothing", count == sent, f"{count} of {sent}")

    def no_such(self):
        refused("a form that is none is not taken", lambda: self.open("odd", "udp", form="link16"))

    def end(self):
        check("the gateway ends in good order", self.g.stop() == 0)


def main():
    feeds = Feeds()
    try:
        feeds.begin()
        for part in (feeds.by_tls, feeds.by_tcp, feeds.by_multicast, feeds.profiles, feeds.radar, feeds.flood, feeds.no_such, feeds.end):
            part()
    finally:
        feeds.g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
