# SPDX-License-Identifier: Apache-2.0
"""A gateway with every port that there is, certificates good and bad for each, and what shows that a port serves."""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, ROOT, dial, fresh_folder, free_port  # noqa: E402
from tell import until  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
MARKING = "KOR:III of KOR about maritime from radar"
LEAF = {"terminal": "clientAuth", "courier": "clientAuth,serverAuth", "desk": "serverAuth"}
DAY = 86400


def at(seconds, form="%Y-%m-%dT%H:%M:%SZ"):
    return time.strftime(form, time.gmtime(time.time() + seconds))


def event(uid):
    return (f"<event version='2.0' uid='{uid}' type='a-f-G' how='m-g' time='{at(-1)}' start='{at(-1)}' stale='{at(60)}'>"
            "<point lat='37.5' lon='127.25' hae='10' ce='9999999' le='9999999'/><detail/></event>").encode()


def ssl_tool(*args, **more):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, **more).stdout


class Authority:
    """Who signs leaves: a party's own, from its folder, or one that nobody trusts."""

    def __init__(self, folder, party_dir=None):
        os.makedirs(folder)
        self.folder = folder
        self.crt, self.key = os.path.join(folder, "ca.pem"), os.path.join(folder, "ca.key")
        if party_dir:
            ssl_tool("x509", "-inform", "DER", "-in", os.path.join(party_dir, "authority.crt"), "-out", self.crt)
            ssl_tool("pkey", "-inform", "DER", "-in", os.path.join(party_dir, "keys", "authority.key"), "-out", self.key)
        else:
            self.self_made(self.crt, self.key, "/CN=KOR gateway identity")

    @staticmethod
    def self_made(crt, key, subject):
        ssl_tool("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-days", "2", "-subj", subject,
                 "-addext", "keyUsage=critical,keyCertSign", "-keyout", key, "-out", crt)

    def leaf(self, name, role, subject=None, begins=-DAY, lasts=2 * DAY, usage=None, key_usage="critical,digitalSignature", ca=False):
        """A file with a certificate and its key, that differs from a good one in what is said."""
        path = lambda what: os.path.join(self.folder, f"{name}.{what}")  # noqa: E731
        with open(path("cnf"), "w") as f:
            f.write(f"[ca]\ndefault_ca=a\n[a]\ndatabase={path('db')}\nserial={path('serial')}\nnew_certs_dir={self.folder}\ndefault_md=sha384\n"
                    f"policy=p\nx509_extensions=e\nunique_subject=no\nrand_serial=yes\n[p]\nOU=supplied\nCN=supplied\n"
                    f"[e]\nbasicConstraints=critical,CA:{'TRUE' if ca else 'FALSE'}\nkeyUsage={key_usage}\nextendedKeyUsage={usage or LEAF[role]}\n"
                    "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        open(path("db"), "w").close()
        ssl_tool("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/OU={role}/CN={subject or name}",
                 "-keyout", path("key"), "-out", path("csr"))
        ssl_tool("ca", "-batch", "-notext", "-config", path("cnf"), "-in", path("csr"), "-cert", self.crt, "-keyfile", self.key,
                 "-startdate", at(begins, "%Y%m%d%H%M%SZ"), "-enddate", at(begins + lasts, "%Y%m%d%H%M%SZ"), "-out", path("crt"))
        return self.joined(path("crt"), path("key"), path("pem"))

    @staticmethod
    def joined(crt, key, out):
        with open(out, "wb") as f:
            for part in (crt, key):
                with open(part, "rb") as p:
                    shutil.copyfileobj(p, f)
        return out


class Gate:
    """KOR with a desk, a courier, sources by TLS, TCP and UDP, and TAK clients; JPN is trusted and does not run."""

    def __init__(self, base):
        self.base = fresh_folder(base)
        self.g = Gateway("KOR", base, os.path.join(BUILD, "bin"))
        self.jpn = Gateway("JPN", base, os.path.join(BUILD, "bin"))
        self.port = {"desk": self.g.desk, "courier": self.g.courier, **{n: f"127.0.0.1:{free_port()}" for n in ("tak", "tls", "tcp")},
                     "udp": f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}"}
        self.served = 0

    def begin(self):
        for g in (self.g, self.jpn):
            g.found(wrap=False)  # openssl signs with their keys
        with open(os.path.join(self.g.dir, "accord.conf"), "a") as f:
            f.write(f"tak {self.port['tak']}\n")
        for g in (self.g, self.jpn):
            g.start()
            g.wait_ready()
        for code in ("KOR", "JPN"):
            self.g.both("policy", "load", os.path.join(ROOT, "policies", code + ".xml"))
        out = os.path.join(self.base, "JPN.exchange")
        print_of = self.jpn.accord("party", "exchange", "--out", out, "--address", self.jpn.courier)["fingerprint"]
        self.g.both("party", "trust", out, "--fingerprint", print_of)
        self.jpn.stop()
        self.g.accord("person", "key", "sensor")
        self.g.both("person", "add", "sensor", "--nationality", "KOR", "--employer", "KOR", "--chain", "analysis", "--roles", "reader",
                    "--clearance", "KOR:III", "--topics", "maritime")
        self.g.one("terminal", "sensor")
        for name in ("tls", "tcp", "udp"):
            self.g.both("source", "add", name, "--" + name, self.port[name], "--kind", "track", "--precedence", "ROUTINE", "--marking", MARKING)
        self.own = Authority(os.path.join(self.base, "own"), self.g.dir)
        self.theirs = Authority(os.path.join(self.base, "theirs"), self.jpn.dir)
        self.good = {"desk": self.own.leaf("sensor", "terminal"), "courier": self.theirs.leaf("JPN", "courier")}
        self.good["tls"] = self.good["tak"] = self.good["desk"]

    def where(self, port):
        host, number = self.port[port].rsplit(":", 1)
        return host, int(number)

    def plain(self, port):
        return dial(self.where(port), 10)

    def dial(self, port, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # who the server is, other tests ask
        if certificate:
            context.load_cert_chain(certificate)
        context.set_alpn_protocols({"desk": ["http/1.1"], "courier": ["accord/1"]}.get(port, []))
        return context.wrap_socket(self.plain(port))

    def revoked(self, name):
        """A good certificate of a terminal, that an officer has revoked."""
        out = self.own.leaf(name, "terminal", "sensor")
        self.g.one("terminal", "revoke", "sensor", "--certificate", out)
        return out

    # ---- does it serve? each with one whose certificate is good ----

    def desk(self):
        with self.dial("desk", self.good["desk"]) as s:
            s.sendall(b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
            return s.recv(4096).startswith(b"HTTP/1.1 404 ")

    def courier(self):
        before = len(self.log("a link is up"))
        with self.dial("courier", self.good["courier"]) as s:
            s.sendall(b"\0")  # its path: the first byte inside TLS
            return bool(self.noted("a link is up", before + 1))

    def offered(self, port):
        with self.dial(port, self.good[port]) as s:
            return b"t-x-takp-v" in s.recv(4096)

    def tls(self):
        return self.offered("tls")

    def tak(self):
        return self.offered("tak")

    def tcp(self):
        with self.plain("tcp") as s:
            self.served += 1
            s.sendall(event(f"tcp-{self.served}"))
            return b"t-x-takp-v" in s.recv(4096)

    def udp(self):
        self.served += 1
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(event(f"udp-{self.served}"), self.where("udp"))
        return True

    def serves(self, port):
        """Within the ten seconds of its sockets."""
        try:
            return getattr(self, port)()
        except OSError as e:
            return f"{e}" == ""

    # ---- the log, and the end ----

    def log(self, *words):
        with open(self.g.log_path) as f:
            return [l for l in f if all(w in l for w in words)]

    def noted(self, *words, seconds=13):
        """So many lines with these words; a number among them says how many at least."""
        count = next((w for w in words if isinstance(w, int)), 1)
        words = [w for w in words if isinstance(w, str)]
        return until(seconds, lambda: hits if len(hits := self.log(*words)) >= count else [])

    def counted(self, *words):
        return sum(int(re.search(r'count="(\d+)"', l)[1]) for l in self.log(*words))

    def sound(self):
        """Stopped in order, nothing crashed, and its ledger is whole: what is wrong, or nothing."""
        wrong = [] if self.g.stop() == 0 else ["it did not end in good order"]
        wrong += [l.strip() for l in self.log("a process has ended") if 'code="0" signal="0"' not in l]
        for verb in ("verify", "replay"):
            done = subprocess.run([os.path.join(BUILD, "bin", "accord"), verb, self.g.dir], capture_output=True, text=True)
            wrong += [verb + ": " + (done.stdout + done.stderr).strip()] if done.returncode != 0 else []
        return "; ".join(wrong)[:600]

    def end(self):
        for g in (self.g, self.jpn):
            g.stop()
