#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certificates while a gateway runs: a terminal is enrolled and at once takes a stream; its certificate is revoked, and the
stream, a TAK client and a sender of reports by it end at once and come no more, over restarts of each process and of the
gateway; a new key under the same name is taken, the old one is not; a person who is struck off loses his terminal.

    B=build python3 test/live/keys/certificates.py"""
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FOLLOW = os.path.join(HERE, "..", "streams", "follow.mjs")
sys.path.insert(0, os.path.join(HERE, "..", "strangers"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gate import BUILD, Authority, Gate, event  # noqa: E402
from gateways import Refused, TIED  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BASE = os.path.join(BUILD, "certificates")


def pem_of(gate, who):
    """A person's terminal, certificate and key, as one file of PEM."""
    out = os.path.join(gate.base, who + ".pem")
    with open(out, "wb") as f:
        for kind, name in (("x509", "crt"), ("pkey", "key")):
            path = os.path.join(gate.g.dir, "people", who, "terminal." + name)
            f.write(subprocess.run(["openssl", kind, "-inform", "DER", "-in", path], check=True, capture_output=True).stdout)
    return out


def enrolled(gate, who):
    gate.g.accord("person", "key", who)
    gate.g.both("person", "add", who, "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis", "--roles", "reader",
                "--clearance", "KOR:III", "--topics", "maritime")
    gate.g.one("terminal", who)
    return pem_of(gate, who)


def streaming(gate, who, how="--end-when-lost"):
    """`accord stream` of that person, which ends when the desk is lost; what it shows comes line by line."""
    return subprocess.Popen([*TIED, *gate.g.command("stream", "--as", who, how)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def following(gate, who):
    """The JavaScript client, which tries again whatever is cut."""
    people = os.path.join(gate.g.dir, "people", who)
    return subprocess.Popen([*TIED, "node", FOLLOW, gate.g.desk, "KOR", who, os.path.join(gate.g.dir, "authority.crt"), people, os.path.join(gate.base, "seen")],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ends_within(process, seconds):
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def closed(s, seconds=5):
    """Was the connection ended by the other side?"""
    s.settimeout(seconds)
    try:
        while s.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def taken(gate, port, pem):
    """Does who shows this get a byte of what is behind TLS?"""
    try:
        with gate.dial(port, pem) as s:
            s.settimeout(8)
            if port == "desk":
                s.sendall(b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
            return len(s.recv(4096)) > 0
    except OSError as e:
        return f"no: {e}" == ""


def why_not(gate, port, pem):
    """What TLS says to who is not taken."""
    try:
        with gate.dial(port, pem) as s:
            s.settimeout(8)
            s.sendall(b"GET / HTTP/1.1\r\n\r\n")
            return f"{len(s.recv(4096))} bytes"
    except OSError as e:
        return str(e)


def killed(gate, process):
    """That process is killed, and the gateway serves again."""
    lines = [l for l in gate.log(f'a process is started process="{process}"')]
    os.kill(int(lines[-1].split('pid="')[1].split('"')[0]), signal.SIGKILL)
    gate.noted(f'a process is started process="{process}"', len(lines) + 1)
    gate.g.wait_ready()


def refused_at_every_port(gate, pem, when):
    for port in ("desk", "tak", "tls"):
        check(f"{port}: not taken {when}", until(10, lambda: not taken(gate, port, pem)))


def revoked_while_it_is_connected(gate, pem):
    say("\n== revoked while a stream, a TAK client and a sender are connected by it")
    for port in ("desk", "tak", "tls"):
        check(f"{port}: before that it is taken", taken(gate, port, pem))
    stream = streaming(gate, "park")
    forever = streaming(gate, "park", "--quiet")
    script = following(gate, "park")
    check("the JavaScript client follows", script.stdout.readline().startswith("back "))
    desk, tak, sender = (gate.dial(port, pem) for port in ("desk", "tak", "tls"))
    bystander = gate.dial("desk", gate.good["desk"])
    for s in (tak, sender):
        check("it is greeted", b"t-x-takp-v" in s.recv(4096))
    sender.sendall(event("before"))
    up = until(10, lambda: stream.poll() is None and gate.g.one("status"))
    check("the stream runs", bool(up) and not ends_within(stream, 1))
    refused_by(gate, "who is no registrar, officer or security officer", lambda: gate.g.accord("terminal", "revoke", "park", "--as", "sensor"))
    began = time.monotonic()
    gate.g.one("terminal", "revoke", "park")
    done = time.monotonic()
    for name, s in (("the connection to the desk", desk), ("the TAK client", tak), ("the sender", sender)):
        check(f"{name} is ended", closed(s))
    check("the stream is ended", ends_within(stream, 5))
    say(f"  after the answer to the act all were ended within {1000 * (time.monotonic() - done):.0f} ms; the act took {1000 * (done - began):.0f}")
    bystander.sendall(b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    check("who has another certificate goes on, on the same connection", bystander.recv(4096).startswith(b"HTTP/1.1 404 "))
    check("it is told and counted at the desk", gate.noted("a client of the desk was turned away", "revoked while it was connected"))
    check("with its name", gate.noted("a client of the desk was cut off", 'source="park"'))
    check("at the TAK port", gate.noted("a TAK client has gone", "was revoked"))
    check("and at the source", gate.noted("certificate was revoked", "intake"))
    for port in ("desk", "tak", "tls"):
        word = why_not(gate, port, pem)
        check(f"{port}: a new connection is refused with a word", "REVOKED" in word.upper(), word)
    check("that is counted, too", gate.noted("a client of the desk was turned away", "the peer's certificate was revoked"))
    again = streaming(gate, "park")
    check("`accord stream` by it comes no more", ends_within(again, 20) and again.returncode == 1)
    check("and says why", "our certificate was revoked" in again.stdout.read())
    check("who tried again for ever ends, with that word and status 1", ends_within(forever, 20) and forever.returncode == 1, forever.returncode)
    last = forever.stdout.read().splitlines()[-1]
    check("which is the last that it says", "our certificate was revoked" in last, last)
    check("so does the JavaScript client", ends_within(script, 20) and script.returncode == 1, script.returncode)
    check("with the same word", "our certificate was revoked" in script.stderr.read())
    for verb in (("list",), ("status",)):
        refused_by(gate, " ".join(verb) + " by it", lambda verb=verb: gate.g.accord(*verb, "--as", "park"), "our certificate was revoked")


def refused_by(gate, what, call, word=""):
    try:
        call()
    except Refused as no:
        return check(f"refused: {what}", word in str(no.error), no.error)
    return check(f"refused: {what}", False)


def it_stays_revoked(gate, pem):
    say("\n== it stays so")
    for process in ("desk", "intake", "guard"):
        killed(gate, process)
        refused_at_every_port(gate, pem, f"after the {process} was killed")
    gate.g.stop()
    gate.g.start()
    gate.g.wait_ready()
    refused_at_every_port(gate, pem, "after the gateway was started anew")


def a_new_key(gate, old):
    say("\n== a new key under the same name")
    refused_by(gate, "the same key once more", lambda: gate.g.one("terminal", "park"))
    refused_by(gate, "by the authority's key in this folder neither", lambda: gate.g.accord("terminal", "park", "--here"), "were revoked: make a new key")
    folder = os.path.join(gate.g.dir, "people", "park")
    shutil.move(os.path.join(folder, "terminal.key"), os.path.join(folder, "terminal.key.old"))
    with open(os.path.join(folder, "terminal.key"), "wb") as f:
        pem = subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-outform", "DER"],
                             check=True, capture_output=True).stdout
        f.write(subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER"], input=pem, check=True, capture_output=True).stdout)
    gate.g.accord("terminal", "park", "--here")
    check("of the new key it is made there too", taken(gate, "desk", pem_of(gate, "park")))
    gate.g.one("terminal", "park")
    new = pem_of(gate, "park")
    check("it is taken", taken(gate, "desk", new) and taken(gate, "tak", new))
    check("the old one is not", not taken(gate, "desk", old))
    stream = streaming(gate, "park")
    check("and takes a stream", not ends_within(stream, 2))
    stream.terminate()
    stream.wait()
    return new


def whose_it_is(gate, pem):
    say("\n== nobody is locked out by the key of another")
    people = os.path.join(gate.g.dir, "people")
    crt = {who: os.path.join(people, who, "terminal.crt") for who in ("park", gate.g.second)}
    foreign = os.path.join(gate.base, "foreign.crt")
    with open(foreign, "wb") as f:
        f.write(subprocess.run(["openssl", "x509", "-in", Authority(os.path.join(gate.base, "foreign")).leaf("park", "terminal"), "-outform", "DER"], check=True,
                               capture_output=True).stdout)
    pipe = os.path.join(gate.base, "pipe")
    os.mkfifo(pipe)
    for what, file, word in (("another terminal's certificate", crt[gate.g.second], "another terminal"),
                             ("the authority's own", os.path.join(gate.g.dir, "authority.crt"), "of an authority"),
                             ("one of another party's authority", foreign, "not issued by this party's authority"),
                             ("a pipe", pipe, "not a plain file")):
        refused_by(gate, what, lambda file=file: gate.g.one("terminal", "revoke", "park", "--certificate", file), word)
    key = {who: print_of(path) for who, path in (*crt.items(), ("authority", os.path.join(gate.g.dir, "authority.crt")))}
    refused_by(gate, "a key on record under another name", lambda: gate.g.one("terminal", "revoke", "lost", "--key", key["park"]), "under another name")
    refused_by(gate, "the authority's key", lambda: gate.g.one("terminal", "revoke", "park", "--key", key["authority"]), "authority")
    check("all of them go on", taken(gate, "desk", pem) and taken(gate, "desk", pem_of(gate, gate.g.second)))
    told = gate.g.one("terminal", "revoke", "lost", "--key", 64 * "0")
    check("of a key on no record nothing is promised", told["outcome"] == "that key is revoked; nothing here is known of it", told)


def print_of(crt):
    """SHA-256 of a certificate's SubjectPublicKeyInfo."""
    pem = subprocess.run(["openssl", "x509", "-inform", "DER", "-in", crt, "-noout", "-pubkey"], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem, check=True, capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()


def who_is_struck_off(gate, pem):
    say("\n== a person who is struck off, and an officer of the beginning")
    s = gate.dial("desk", pem)
    gate.g.one("person", "revoke", "park")
    check("his terminal is cut off", closed(s))
    check("and comes no more", not taken(gate, "desk", pem))
    refused_by(gate, "a certificate for his key", lambda: gate.g.accord("terminal", "park", "--here"), "were revoked: make a new key")
    second = pem_of(gate, gate.g.second)
    check("an officer of the beginning is taken", taken(gate, "desk", second))
    refused_by(gate, "his terminal by name alone: no ledger has its key", lambda: gate.g.one("terminal", "revoke", gate.g.second))
    crt = os.path.join(gate.g.dir, "people", gate.g.second, "terminal.crt")
    gate.g.one("terminal", "revoke", gate.g.second, "--certificate", crt)
    check("by his certificate it ends", not taken(gate, "desk", second))
    check("the others go on", gate.g.one("status")["party"] == "KOR")


def status_without_a_name(gate):
    say("\n== `accord status` of whoever is here, and who revokes himself")
    people = os.path.join(gate.g.dir, "people")
    first = os.path.join(people, "aaa")
    shutil.copytree(os.path.join(people, "park"), first)
    told = subprocess.run(gate.g.command("status"), capture_output=True, text=True)
    check("one that is revoked is passed over, which is told",
          told.returncode == 0 and "terminal of aaa: the peer says that our certificate was revoked" in told.stderr, told.stderr)
    told = gate.g.one("terminal", "revoke", gate.g.first, "--certificate", os.path.join(people, gate.g.first, "terminal.crt"))
    check("who revokes his own hears that it was done", told["outcome"].startswith("done") or "no connection" in told["outcome"], told)
    check("which it was", not taken(gate, "desk", pem_of(gate, gate.g.first)))
    for who in set(os.listdir(people)) - {"aaa", "park", gate.g.first, gate.g.second}:
        shutil.rmtree(os.path.join(people, who))
    told = subprocess.run(gate.g.command("status"), capture_output=True, text=True)
    check("where none is good it says whose was not taken", told.returncode == 1 and "terminal of" in told.stdout, told.stdout)


def main():
    gate = Gate(BASE)
    try:
        gate.begin()
        gate.good["desk"] = gate.own.leaf("bystander", "terminal")
        pem = enrolled(gate, "park")
        old = shutil.copy(pem, pem + ".old")
        revoked_while_it_is_connected(gate, old)
        it_stays_revoked(gate, old)
        new = a_new_key(gate, old)
        whose_it_is(gate, new)
        who_is_struck_off(gate, new)
        status_without_a_name(gate)
        wrong = gate.sound()
        check("nothing crashed but what was killed, and the ledger is whole", only_killed(wrong), wrong)
    finally:
        gate.end()
    return conclude()


def only_killed(wrong):
    """Three processes were killed by this test; nothing else ended badly."""
    parts = wrong.split("; ")
    return len(parts) == 3 and all('signal="9"' in p for p in parts)


if __name__ == "__main__":
    sys.exit(main())
