# SPDX-License-Identifier: Apache-2.0
"""Two gateways whose calls can be made to fail: KOR gives, JPN takes.  Products and reports go from one to the other, and
at the end all that was acknowledged must be there once, and the ledgers whole."""
import contextlib
import hashlib
import io
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.join(ROOT, "demo"), os.path.join(ROOT, "test", "live", "crash"), HERE]
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
import story  # noqa: E402
from gateways import TIED, Gateway, Refused, fresh_folder, free_port  # noqa: E402
from shim import Page  # noqa: E402
from store import Grown, leaves, of_inbox, of_outbox  # noqa: E402
from tell import Stream, until  # noqa: E402
from traffic import Pulse, Sensor, templates  # noqa: E402

BIN, LIBRARY = os.path.join(BUILD, "bin"), os.path.join(BUILD, "fault", "shim.so")
MARKING = "KOR:II of KOR about dprk-missile from {} to JPN"
PEOPLE = {"KOR": ("park", "author,reader", "KOR:I,KOR:II,KOR:III"), "JPN": ("suzuki", "reader", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU")}
TEXTS = ["gsomia", "exchange"]
READY_S, PATIENCE_S = 25, 30


class Told(Gateway):
    """A gateway whose log is read, and that is started again when it ends."""

    def __init__(self, code, base):
        super().__init__(code, base, BIN)

    def around(self):
        """What else its processes are given."""
        return {}

    def start(self):
        self.since = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([*TIED, os.path.join(self.bin, "accordd"), "-c", os.path.join(self.dir, "accord.conf")],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **self.around())

    def log_size(self):
        return os.path.getsize(self.log_path)

    def said(self, *words, since=None):
        """The lines of the log with these words, behind a place (that of the last start)."""
        with open(self.log_path, "rb") as f:
            f.seek(self.since if since is None else since)
            return [l for l in f.read().decode("utf-8", "replace").splitlines() if all(w in l for w in words)]

    def await_works(self, seconds=READY_S):
        """Does it work, or has accordd ended: 'works', 'ended', or 'neither' after so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.said("the gateway works"):
                return "works"
            if self.process.poll() is not None:
                return "ended"
            time.sleep(0.01)
        return "neither"

    def ensure(self):
        """Started again, as a service manager does, where accordd has ended; how often."""
        for again in range(4):
            if self.process.poll() is None and self.await_works() == "works":
                return again
            if self.process.poll() is None:
                raise RuntimeError(f"{self.code} does not begin to work: see {self.log_path}")
            self.start()
        raise RuntimeError(f"{self.code} ends each time that it is started: see {self.log_path}")

    def patient(self, *args, seconds=PATIENCE_S, **more):
        """What is refused only for now is asked again."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.one(*args, **more)
            except (Refused, subprocess.TimeoutExpired):
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


class Faulty(Told):
    """A gateway started with the library that makes calls fail, once the page says which."""

    def __init__(self, code, base):
        super().__init__(code, base)
        self.page = Page()

    def around(self):
        return {"env": self.page.environment(LIBRARY), "pass_fds": [self.page.fd]}


class World(story.Story):
    def __init__(self, base, gateway=Faulty):
        self.base = fresh_folder(base)
        self.g = {c: gateway(c, self.base) for c in ("KOR", "JPN")}
        self.kor, self.jpn = self.g.values()
        self.at, self.wires = {}, self.g_addresses()
        self.count, self.acked, self.tried, self.dice = 0, {}, {}, random.Random(1)
        self.sensor, self.stream, self.shown = None, None, []

    def g_addresses(self):
        return {c: type("At", (), {"address": g.courier}) for c, g in self.g.items()}

    def out(self, name):
        return os.path.join(self.base, name)

    # ---- the parties and what is in force ----

    def set_up(self):
        for g in self.g.values():
            g.found()
            g.start()
        for g in self.g.values():
            g.wait_ready()
        with contextlib.redirect_stdout(io.StringIO()):
            self.law_and_people()
        facts = os.path.join(ROOT, "demo", "launches.facts")
        self.events = templates(os.path.join(BUILD, "tools", "arc-feed"), facts, story.LAUNCH, True)
        self.port = self.source(self.kor, "warning", "warning", MARKING.format("radar"), "FLASH")
        self.sealed = Grown(os.path.join(self.kor.dir, "store", "outbox-intake"), of_outbox)
        self.inbox = Grown(os.path.join(self.jpn.dir, "store", "inbox"), of_inbox)
        self.sensor = Sensor("w", self.port, False, self.events, 1, self.dice, Pulse())
        time.sleep(1.2)  # what was agreed stands from when it was surely accepted: past the clock's error

    def law_and_people(self):
        for g in self.g.values():
            for code in self.g:
                g.both("policy", "load", os.path.join(ROOT, "policies", code + ".xml"))
        prints = {c: g.accord("party", "exchange", "--out", self.out(c + ".exchange"), "--address", g.courier)["fingerprint"]
                  for c, g in self.g.items()}
        self.kor.both("party", "trust", self.out("JPN.exchange"), "--fingerprint", prints["JPN"])
        self.jpn.both("party", "trust", self.out("KOR.exchange"), "--fingerprint", prints["KOR"])
        for name in TEXTS:
            for code, g in self.g.items():
                g.both("sign", *self.law(name), "--out", self.out(f"{name}.{code}.signature"))
        if not until(20, lambda: all(self.in_force(g) == len(TEXTS) for g in self.g.values())):
            raise RuntimeError("the texts do not come into force")
        for code, g in self.g.items():
            g.both("rules", "load", os.path.join(ROOT, "agreements", "rules", code + ".rules"), "--policies", os.path.join(ROOT, "policies"))
            name, roles, levels = PEOPLE[code]
            self.person(g, name, roles, levels, "dprk-missile")
        time.sleep(1.2)
        self.assurance()

    def law(self, name):
        path = lambda n: os.path.join(ROOT, "agreements", n + ".agreement")  # noqa: E731
        return [path(name), "--policies", os.path.join(ROOT, "policies"), *[a for n in TEXTS if n != name for a in ("--with", path(n))]]

    @staticmethod
    def in_force(g):
        return sum(a["standing"] == "in force" for a in g.one("agreement", "list")["agreements"])

    def assurance(self):
        paper = self.out("JPN-to-KOR.assurance")
        last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 300 * 86400))
        self.jpn.one("assurance", "give", "--to", "KOR", "--agreement", "GSOMIA", "--levels", "KOR:II,KOR:III", "--topics", "dprk-missile",
                     "--until", last, "--authority", "Ministry of Defence", "--out", paper)
        self.kor.one("assurance", "load", paper)

    # ---- one product ----

    def submit(self):
        """A product of its own title: acknowledged or not, it is remembered."""
        self.count += 1
        title = f"product-{self.count}"
        data = self.dice.randbytes(self.dice.choice((0, 900, 40_000)))
        path, digest = self.out(title), hashlib.sha256(data).hexdigest()
        with open(path, "wb") as f:
            f.write(data)
        try:
            self.kor.one("submit", path, "--title", title, "--marking", MARKING.format("imagery"), "--kind", "image", "--precedence", "FLASH",
                         who="park", timeout=40)
            self.acked[title] = digest
        except (Refused, subprocess.TimeoutExpired) as no:
            self.tried[title] = digest, str(no)
        os.unlink(path)
        return title

    def listed(self, patient=True):
        call = self.jpn.patient if patient else self.jpn.one
        return [i for i in call("list", who="suzuki", timeout=20)["items"] if i["complete"]]

    def open(self, item, seconds=PATIENCE_S):
        """The digest of what is in it."""
        out = self.out("opened")
        self.jpn.patient("open", item["handle"], "--purpose", "exercise", "--out", out, who="suzuki", timeout=20, seconds=seconds)
        with open(out, "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        os.unlink(out)
        return digest

    def product(self, seconds=PATIENCE_S):
        """Submitted, come, opened: what is wrong, or nothing.  What was not acknowledged is submitted anew, as people do."""
        end = time.monotonic() + seconds
        while (title := self.submit()) not in self.acked:
            if time.monotonic() > end:
                return f"nothing is acknowledged: {self.tried[title][1]}"
            time.sleep(0.1)
        while time.monotonic() < end:
            with contextlib.suppress(Refused, subprocess.TimeoutExpired):
                found = [i for i in self.listed(False) if i["title"] == title]
                if found and self.open(found[0], max(1.0, end - time.monotonic())) != self.acked[title]:
                    return f"{title} does not open to what was submitted"
                if found:
                    return ""
            time.sleep(0.05)
        return f"{title} was acknowledged and cannot be opened within {seconds} s"

    # ---- one report ----

    def report(self, seconds=PATIENCE_S):
        """Sent until one is seen by the partner's reader: a sender by TCP hears nothing back."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.stream = self.stream or Stream(self.jpn, "suzuki")
            for _ in range(4):
                uid = f"w-{self.sensor.sent}"
                self.sensor.due = time.monotonic()
                with contextlib.suppress(OSError):
                    self.send_one()
                if self.stream.wait(1, 0.5, lambda e, u=uid: e.get("report", {}).get("uid") == u):
                    return ""
            self.look_away()  # whose stream was cut often tries again ever later
        sealed, came = self.sealed.read(), [b for b in self.inbox.read() if b.partner == "KOR"]
        return (f"no report was seen by the partner's reader within {seconds} s: {self.sensor.sent} sent, {sum(b.count for b in sealed)} sealed, "
                f"{len(sealed)} batches of which {len(came)} came; {self.shown[-1:]}")

    def look_away(self):
        if self.stream is not None:
            self.stream.close()
            self.shown += self.stream.events
            self.stream = None

    def send_one(self):
        s = self.sensor
        if s.socket is None or s._hung_up():
            s._connect()
        try:
            s._send(s._event())
        except OSError:
            s.socket = None
            raise
        finally:
            s.sent += 1

    # ---- what must hold ----

    def lost_or_twice(self):
        """Of all that was acknowledged until now: what is wrong, in sentences."""
        wrong, end = [], time.monotonic() + PATIENCE_S
        while True:
            items = self.listed()
            titles = [i["title"] for i in items]
            sealed = [b for b in self.sealed.read() if b.durable]
            came = [b.same for b in self.inbox.read() if b.partner == "KOR"]
            lost = sorted(set(self.acked) - set(titles))
            missing = [b for b in sealed if b.same not in set(came)]
            if not (lost or missing) or time.monotonic() > end:
                break
            time.sleep(0.2)
        wrong += [f"acknowledged and lost: {lost[:5]}"] if lost else []
        wrong += [f"{len(missing)} batches were sealed and never came"] if missing else []
        twice = sorted({t for t in titles if titles.count(t) > 1})
        wrong += [f"there twice: {twice[:5]}"] if twice else []
        wrong += [f"{len(came) - len(set(came))} batches came twice"] if len(came) != len(set(came)) else []
        return wrong

    def uids_twice(self):
        events = self.shown + (self.stream.events if self.stream else [])
        uids = [e["report"]["uid"] for e in events if "report" in e]
        return [f"shown twice: {u}" for u in sorted({u for u in uids if uids.count(u) > 1})[:3]]

    def audit(self):
        """verify, replay and reconcile of both, and that JPN was given nothing that KOR has not recorded; what they find."""
        wrong = []
        for args in (*(("verify", g.dir) for g in self.g.values()), *(("replay", g.dir) for g in self.g.values()),
                     ("reconcile", self.kor.dir, self.jpn.dir)):
            done = subprocess.run([os.path.join(BIN, "accord"), *args], capture_output=True, text=True)
            wrong += [args[0] + ": " + (done.stdout + done.stderr).strip()[-300:]] if done.returncode != 0 else []
        return wrong

    def end(self):
        self.look_away()
        return [g.stop() for g in self.g.values()]
