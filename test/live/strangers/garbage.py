#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Garbage at every port of a gateway: bytes that are no TLS, certificates that are not good enough, requests against the
rules by who is known, pieces that are no events.  Each is refused with a word, in the answer or in the log, and counted;
afterwards the gateway serves, and its ledger is whole.

    B=build python3 test/live/strangers/garbage.py
    WHOLE=1 …   also what takes half a minute to be refused"""
import os
import random
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import BUILD, DAY, Authority, Gate, event  # noqa: E402
from tell import check, conclude, say  # noqa: E402

BASE = os.environ.get("GARBAGE_DIR", os.path.join(BUILD, "strangers-garbage"))
WHOLE = os.environ.get("WHOLE") == "1"
CERTIFICATES = 11  # that are bad, at each port
SECURE = ("desk", "courier", "tls", "tak")
SAID = {"desk": ("desk a client of the desk was turned away",), "courier": ("courier a connection was refused",), "tak": ("desk a TAK client was turned away",),
        "tls": ("a stream of events lost its frame", 'source="tls"')}
rubbish = random.Random(7).randbytes


def hello_12():
    """A hello of TLS 1.2, which offers nothing newer."""
    suites, groups = b"\xc0\x2c\xc0\x30", b"\x00\x0a\x00\x04\x00\x02\x00\x17"
    more = groups + b"\x00\x0d\x00\x04\x00\x02\x04\x03"
    body = b"\x03\x03" + rubbish(32) + b"\x00" + len(suites).to_bytes(2, "big") + suites + b"\x01\x00" + len(more).to_bytes(2, "big") + more
    shake = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(shake).to_bytes(2, "big") + shake


# what is said at a port that expects a hello of TLS 1.3
RAW = {
    "random bytes": rubbish(3000),
    "zeros": bytes(3000),
    "HTTP without TLS": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/2 without TLS": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0",
    "TLS 1.2": hello_12(),
    "a record that is too long": b"\x16\x03\x01\xff\xff" + rubbish(70000),
    "an alert": b"\x15\x03\x03\0\2\2\x28",
    "an event without TLS": event("plain"),
}

HEAD = b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/acts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
PLAIN = b"\r\n\r\n"
# what a known terminal asks against the rules, and the status it gets
REQUESTS = [
    ("random bytes", rubbish(3000), 400),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("HTTP/1.0", b"GET / HTTP/1.0\r\nHost: x\r\n\r\n", 505),
    ("another method", b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
    ("huge headers", HEAD + b"".join(b"X-%d: %s\r\n" % (i, b"x" * 400) for i in range(40)) + b"\r\n", 431),
    ("one huge header", HEAD + b"X: " + b"x" * 100000, 431),
    ("many headers", HEAD + b"".join(b"X-%d: y\r\n" % i for i in range(90)) + b"\r\n", 431),
    ("a header twice", HEAD + b"Host: y\r\n\r\n", 400),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("a folded header", HEAD + b"X: a\r\n b\r\n\r\n", 400),
    ("a blank before the colon", HEAD + b"X : a\r\n\r\n", 400),
    ("NUL in a header", HEAD + b"X: a\0b\r\n\r\n", 400),
    ("NUL in the path", b"GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("a path upwards", b"GET /v1/%2e%2e/keys HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("an absolute target", b"GET http://x/v1/status HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("a target too long", b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ("LF alone", b"GET / HTTP/1.1\nHost: x\n\n", 400),
    ("a negative length", POST + b"Content-Length: -1\r\n\r\n", 400),
    ("a length with a sign", POST + b"Content-Length: +2\r\n\r\n{}", 400),
    ("a length in hexadecimal", POST + b"Content-Length: 0x2\r\n\r\n{}", 400),
    ("two lengths", POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    ("two lengths in one", POST + b"Content-Length: 2, 2\r\n\r\n{}", 400),
    ("a length beyond 64 bits", POST + b"Content-Length: 18446744073709551617\r\n\r\n", 413),
    ("a huge length", POST + b"Content-Length: 1000000000000\r\n\r\n", 413),
    ("no length", POST + b"\r\n{}", 411),
    ("a body on a GET", HEAD + b"Content-Length: 2\r\n\r\n{}", 400),
    ("chunks", POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 501),
    ("chunks and a length", POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    ("identity", POST + b"Content-Length: 2\r\nTransfer-Encoding: identity\r\n\r\n{}", 501),
    ("a packed body", POST + b"Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}", 415),
    ("expectations", POST + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", 417),
    ("an upgrade", HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 404),
    ("JSON that is none", POST + b"Content-Length: 4\r\n\r\n{{{{", 400),
    ("JSON that is deep", POST + b"Content-Length: 40000\r\n\r\n" + b"[" * 40000, 400),
    ("a body of NULs", POST + b"Content-Length: 1000\r\n\r\n" + bytes(1000), 400),
]


def certificates(gate, port):
    """What is wrong with each, a file, and what the log says of it."""
    own = gate.theirs if port == "courier" else gate.own
    role, name = ("courier", "JPN") if port == "courier" else ("terminal", "sensor")
    other = "terminal" if port == "courier" else "courier"
    strange = Authority(os.path.join(gate.base, "strange-" + port))
    alone = os.path.join(own.folder, "alone")
    Authority.self_made(alone + ".crt", alone + ".key", f"/OU={role}/CN={name}")
    return [
        ("none", None, "showed no certificate"),
        ("one that has expired", own.leaf("old", role, name, begins=-3 * DAY, lasts=2 * DAY), "has expired"),
        ("one that is not valid yet", own.leaf("young", role, name, begins=DAY), "not valid yet"),
        ("one of an authority of the same name", strange.leaf("strange", role, name), ""),
        ("one that it signed itself", Authority.joined(alone + ".crt", alone + ".key", alone + ".pem"), ""),
        ("one of the other party", (gate.own if port == "courier" else gate.theirs).leaf("foreign", role, name), ""),
        ("one for another role", own.leaf("role", other, name), "for another role"),
        ("one for a role that is none", own.leaf("king", "king", name, usage="clientAuth"), ""),
        ("one for servers", own.leaf("usage", role, name, usage="serverAuth"), "not for this use"),
        ("one that may not sign", own.leaf("key", role, name, key_usage="critical,keyEncipherment"), ""),
        ("one that is an authority", own.leaf("crowned", role, name, ca=True, key_usage="critical,keyCertSign"), ""),
        *([] if port == "courier" else [("one that was revoked", gate.revoked("revoked-" + port), "was revoked")]),
    ]


def ended(s, seconds=13):
    """Does the server end it?  What it said until then."""
    got = b""
    s.settimeout(seconds)
    try:
        while more := s.recv(65536):
            got += more
    except TimeoutError:
        return False, got
    except OSError:
        pass
    return True, got


def is_ended(gate, port, raw):
    with gate.plain(port) as s:
        try:
            s.sendall(raw)
        except OSError:
            return True
        return ended(s)[0]


def shown(gate, port, certificate):
    """What a server lets who shows this: nothing, if it is ended before a byte of what is behind TLS."""
    try:
        with gate.dial(port, certificate) as s:
            s.sendall(b"\0" if port == "courier" else HEAD + b"\r\n")
            return ended(s) == (True, b"")
    except OSError:
        return True


def raw_bytes(gate):
    for port in SECURE:
        say(f"\n== no TLS 1.3 at {port}")
        for what, raw in RAW.items():
            check(f"{what}: ended", is_ended(gate, port, raw))
        check("each is told, with why", gate.noted(*SAID[port], "because="))
        check("the port serves", gate.serves(port) is True)


def bad_certificates(gate):
    for port in SECURE:
        say(f"\n== certificates at {port}")
        for what, file, why in certificates(gate, port):
            check(f"{what}: turned away", shown(gate, port, file))
            if why:
                check(f"   and told: {why}", gate.noted(*SAID[port], why))
        check("a good one comes in", gate.serves(port) is True)


def bad_requests(gate):
    say("\n== requests of a known terminal")
    for what, raw, status in REQUESTS:
        with gate.dial("desk", gate.good["desk"]) as s:
            try:
                s.sendall(raw)
            except OSError:
                pass
            s.settimeout(13)
            got = s.recv(65536)
            check(f"{what}: {status}", got.startswith(b"HTTP/1.1 %d " % status) and b'"why":"' in got, got[:12].decode("latin-1"))
    with gate.dial("desk", gate.good["desk"]) as s:
        s.sendall((HEAD + b"\r\n") * 3)
        over, got = ended(s)
        check("three at once: ended", over and got.count(b"HTTP/1.1 ") <= 2)
    with gate.dial("desk", gate.good["desk"]) as s:
        answered = 0
        for _ in range(100):
            s.sendall(HEAD + b"\r\n")
            answered += b" 404 " in s.recv(4096)
        check("a hundred one after the other are answered", answered == 100)
    check("faults are told, with why", gate.noted(*SAID["desk"], "Transfer-Encoding"))


def slow_requests(gate, late):
    """Begun now, looked at in the end: they are let be for ten seconds, a body for thirty."""
    asked = [("a head without an end", HEAD), ("half a first line", b"GET /v1")]
    if WHOLE:
        asked.append(("a body that does not come", POST + b"Content-Length: 10\r\n\r\n{"))
    for what, raw in asked:
        s = gate.dial("desk", gate.good["desk"])
        s.sendall(raw)
        late.append((what, s, b" 408 "))
    for port in SECURE:
        s = gate.plain(port)
        s.sendall(b"\x16")
        late.append((f"{port}: one byte, and no more", s, b""))


def slow_ends(late):
    say("\n== what was begun and not ended")
    for what, s, status in late:
        over, got = ended(s, 32 if WHOLE else 13)
        check(f"{what}: ended", over and status in got, got[:12].decode("latin-1"))
        s.close()


def events_that_are_none(gate):
    say("\n== pieces that are no events")
    pieces = [rubbish(5000), bytes(5000), b"<event " + b"x" * 70000, b"<" * 70000, event("x")[:-9] + b"</evil></event>", b"\xbf\xff\xff\xff\xff\xff\xff",
              b"GET / HTTP/1.1\r\n\r\n", b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + event("doctype")]
    for piece in pieces:
        check(f"by TCP, {piece[:12]!r}: ended", is_ended_after(gate, piece))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for piece in [*pieces, b"", rubbish(60000), event("y") * 3]:
            try:
                s.sendto(piece[:65000], gate.where("udp"))
            except OSError:
                pass
    check("what came by TCP is told", gate.noted("a stream of events lost its frame", 'source="tcp"'))
    check("what came by UDP is told", gate.noted('source="udp"', "because="))
    check("both serve", gate.serves("tcp") is True and gate.serves("udp") is True)


def is_ended_after(gate, piece):
    with gate.plain("tcp") as s:
        try:
            s.sendall(piece)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            return True
        return ended(s)[0]


def main():
    gate, late = Gate(BASE), []
    try:
        gate.begin()
        slow_requests(gate, late)
        raw_bytes(gate)
        bad_certificates(gate)
        bad_requests(gate)
        events_that_are_none(gate)
        slow_ends(late)
        say("\n== afterwards")
        for port in (*SECURE, "tcp"):
            check(f"{port} serves", gate.serves(port) is True)
        lines = len(gate.log("turned away")) + len(gate.log("was refused"))
        check("each kind has a line or two", lines < 120, str(lines))
        wrong = gate.sound()
        check("nothing crashed, and the ledger is whole", wrong == "", wrong)
        told = {p: gate.counted(*SAID[p], "certificate") for p in SECURE}
        check("each bad certificate is counted", all(n == CERTIFICATES + (p != "courier") for p, n in told.items()), str(told))
    finally:
        gate.end()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
