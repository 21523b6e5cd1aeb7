#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The border crossing, told step by step with real processes: three gateways on loopback, real files, real
signatures.  Every line that says a thing was checked is a check that can fail.  `make demo` runs it;
STAY=1 keeps the gateways running until Ctrl-C."""
import glob
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gateways import PARTIES, ROOT, Refused, Wire, fresh_folder, free_port, make_three  # noqa: E402
from last_word import Exercise, LastWord  # noqa: E402
from tell import Stream, check, conclude, refused, say, short, step, until  # noqa: E402
from visit import Visit  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BIN = os.path.join(BUILD, "bin")
TOOLS = os.path.join(BUILD, "tools")
DATA = os.environ.get("ACCORD_VECTORS", os.path.join(ROOT, "..", "shared", "data"))
BASE = os.environ.get("DEMO_DIR", os.path.join(BUILD, "demo"))
STAY = os.environ.get("STAY") == "1"
AGREEMENTS = ["gsomia", "kor-usa-1987", "jpn-usa-2007", "tisa", "exchange"]
LAUNCH = 16  # 2017-11-28: apogee 4,475 km, the longest flight of the facts file


class Story(Visit, LastWord):
    launch, tool_dir = LAUNCH, TOOLS

    def __init__(self):
        self.g = make_three(fresh_folder(BASE), BIN)
        self.kor, self.jpn, self.usa = (self.g[c] for c in PARTIES)
        self.tools = []
        self.at = {}  # of each source: its address
        self.wires = {c: Wire(g.courier) for c, g in self.g.items()}

    # ---- helpers of the story ----

    def out(self, name):
        return os.path.join(BASE, name)

    def submit(self, gateway, author, path, title, marking, kind, precedence="ROUTINE"):
        return gateway.one("submit", path, "--title", title, "--marking", marking, "--kind", kind,
                           "--precedence", precedence, who=author)["epoch"]

    def find(self, gateway, who, title, seconds=15):
        """The item of this title in the reader's list, once all of it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for item in gateway.one("list", who=who)["items"]:
                if item.get("title") == title and item.get("complete"):
                    return item
            time.sleep(0.1)
        return None

    def verdicts(self, gateway, epoch, partner=None, seconds=8):
        """What the ledger says of this epoch."""
        end = time.monotonic() + seconds
        while True:
            args = ["explain", "--epoch", epoch] + (["--partner", partner] if partner else [])
            try:
                rows = gateway.accord(*args).get("verdicts", [])
            except Refused:
                rows = []
            if rows or time.monotonic() > end:
                return rows
            time.sleep(0.1)

    def told(self, gateway, epoch, partner, outcome, why):
        rows = self.verdicts(gateway, epoch, partner)
        said = rows[-1] if rows else {"kind": "nothing", "case": ""}
        lines = [l for l in said["case"].splitlines() if l.split(" ")[0] in ("failed", "permit", "rule", "officers")]
        good = said["kind"] == outcome and any(why in l for l in lines)
        return check(f"{gateway.code} to {partner}: {outcome}", good, "; ".join(lines))

    # ---- 1 ----

    def parties_and_law(self):
        step(1, "Parties, policies, certificates, agreements")
        for g in self.g.values():
            g.start()
        for g in self.g.values():
            status = g.wait_ready()
            check(f"{g.code}'s gateway answers", status.get("party") == g.code, f"desk {g.desk}")
        for g in self.g.values():
            for code in PARTIES:
                g.both("policy", "load", os.path.join(ROOT, "policies", code + ".xml"))
        self.trust()
        self.sign_and_load()
        for g in self.g.values():
            g.both("rules", "load", os.path.join(ROOT, "agreements", "rules", g.code + ".rules"),
                   "--policies", os.path.join(ROOT, "policies"))
        self.people()

    def trust(self):
        prints = {}
        for code, g in self.g.items():
            answer = g.accord("party", "exchange", "--out", self.out(code + ".exchange"), "--address", self.wires[code].address)
            prints[code] = answer["fingerprint"]
        refused("a fingerprint that was not read aloud is not trusted",
                lambda: self.kor.both("party", "trust", self.out("JPN.exchange"), "--fingerprint", prints["USA"]))
        for code, g in self.g.items():
            for other in PARTIES:
                if other != code:
                    g.both("party", "trust", self.out(other + ".exchange"), "--fingerprint", prints[other])
        check("each pinned the other two by the fingerprint that the officers read aloud", True,
              ", ".join(f"{c} {p}" for c, p in prints.items()))

    def law(self, name):
        """A text, and what it needs beside it: every party compiles the texts by itself."""
        path = lambda n: os.path.join(ROOT, "agreements", n + ".agreement")  # noqa: E731
        with_all = [a for n in AGREEMENTS if n != name for a in ("--with", path(n))]
        return [path(name), "--policies", os.path.join(ROOT, "policies"), *with_all]

    def sign_and_load(self):
        """Signatures go to the other parties by letter; who is no party to a text loads the files."""
        def load(g, name, papers):
            return g.both("agreement", "load", *self.law(name), *[a for p in papers for a in ("--signature", p)])

        for name in AGREEMENTS:
            compiled = self.kor.accord("compile", *self.law(name), "--out", self.out(name + ".table"))
            parties, papers = compiled["agreements"][0]["parties"], []
            for code in parties:
                papers.append(self.out(f"{name}.{code}.signature"))
                self.g[code].both("sign", *self.law(name), "--out", papers[-1])
                if name == "gsomia" and len(papers) == 1:
                    refused("a text that one party has not signed does not load", lambda: load(self.g[code], name, papers))
                    row = self.g[code].one("agreement", "list")["agreements"][0]
                    check("the list says who is missing", (row["standing"], row["missing"]) == ("unsigned", parties[1]),
                          f"signed by {row['signed']}, waits for {row['missing']}")
            for other in self.g.values():
                if other.code not in parties:
                    load(other, name, papers)

        def in_force(g):
            return [a["agreement"] for a in g.one("agreement", "list")["agreements"] if a["standing"] == "in force"]

        check("five texts are signed by every party to them, and in force at all three with the last letter",
              until(20, lambda: all(len(in_force(g)) == 5 for g in self.g.values())), ", ".join(in_force(self.jpn)))

    def person(self, g, name, roles, clearance, topics, nationality=None):
        g.accord("person", "key", name)
        g.both("person", "add", name, "--nationality", nationality or g.code, "--employer", g.code,
               "--chain", "analysis", "--roles", roles, "--clearance", clearance, "--topics", topics)
        g.one("terminal", name)

    def people(self):
        both = "dprk-missile,dprk-nuclear"
        self.person(self.kor, "park.author", "author,reader", "KOR:I,KOR:II,KOR:III", both + ",cyber,maritime")
        self.person(self.jpn, "suzuki", "author,reader", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU", both + ",cyber")
        self.person(self.jpn, "no.need", "reader", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU", "maritime")
        self.person(self.jpn, "no.clearance", "reader", "JPN:HI", both)
        self.person(self.jpn, "guest", "reader", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU", both, "USA")
        self.person(self.usa, "miller", "reader", "USA:CONFIDENTIAL,USA:SECRET", both + ",cyber")
        for g in self.g.values():
            g.both("person", "clear", g.first, "--clearance", self.all_levels(g), "--topics", both + ",cyber")
        check("people are enrolled by two officers of two chains of command", True)

    @staticmethod
    def all_levels(g):
        return {"KOR": "KOR:I,KOR:II,KOR:III", "JPN": "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU",
                "USA": "USA:CONFIDENTIAL,USA:SECRET"}[g.code]

    def assurances(self):
        time.sleep(2.5)  # an agreement stands from when it was surely accepted: past the clock's error
        text = self.out("before.txt")
        with open(text, "w") as f:
            f.write("a picture of the pad, before any assurance was given\n")
        epoch = self.submit(self.kor, "park.author", text, "Before the assurance",
                            "KOR:II of KOR about dprk-missile from imagery to JPN", "image")
        self.told(self.kor, epoch, "JPN", "refused", "assurance")
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 300 * 86400))
        for giver, receiver, agreement, levels in (
                ("KOR", "JPN", "GSOMIA", "KOR:II,KOR:III"),
                ("JPN", "KOR", "GSOMIA", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU"),
                ("KOR", "USA", "KOR-USA-1987", "KOR:I,KOR:II,KOR:III"),
                ("USA", "KOR", "KOR-USA-1987", "USA:CONFIDENTIAL,USA:SECRET"),
                ("JPN", "USA", "JPN-USA-2007", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU"),
                ("USA", "JPN", "JPN-USA-2007", "USA:CONFIDENTIAL,USA:SECRET")):
            paper = self.out(f"{receiver}-to-{giver}.assurance")
            self.g[receiver].one("assurance", "give", "--to", giver, "--agreement", agreement, "--levels", levels,
                                 "--topics", "cyber,dprk-missile,dprk-nuclear", "--until", until,
                                 "--authority", "Ministry of Defence", "--out", paper)
            self.g[giver].one("assurance", "load", paper)
        check("each receiver gave its signed assurance, each giver took it (GSOMIA article 7(5))", True)
        time.sleep(1.2)  # they stand from when they were surely accepted: past the clock's error

    # ---- 2 ----

    def source(self, g, name, kind, marking, precedence, transport="tcp"):
        port = free_port()
        address = f"127.0.0.1:{port}"
        g.both("source", "add", name, "--" + transport, address, "--kind", kind, "--precedence", precedence,
               "--marking", marking)
        self.at[name] = address
        return address

    def tool(self, *args):
        process = subprocess.Popen([str(a) for a in args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.tools.append(process)
        return process

    def live_feeds(self):
        step(2, "A radar of KOR, live in JPN and USA; warnings beside it")
        radar = self.source(self.kor, "radar-1", "track", "KOR:II of KOR about dprk-missile from radar to JPN,USA",
                            "FLASH", "udp")
        warnings = self.source(self.kor, "warning-1", "warning",
                               "KOR:II of KOR about dprk-missile from electronic to JPN,USA", "FLASH")
        recorded = self.source(self.kor, "recorded", "track",
                               "KOR:II of KOR about dprk-missile from radar to JPN", "PRIORITY")
        coast = self.source(self.kor, "coast", "track", "KOR:III of KOR about maritime from radar to JPN", "ROUTINE")
        in_jpn, in_usa = Stream(self.jpn, "suzuki"), Stream(self.usa, "miller")
        no_need = Stream(self.jpn, "no.need")
        facts = os.path.join(ROOT, "demo", "launches.facts")
        time.sleep(1.0)
        self.tool(os.path.join(TOOLS, "arc-feed"), "--facts", facts, "--launch", LAUNCH, "--to", "udp:" + radar,
                  "--rate", 10, "--seconds", 9)
        self.tool(os.path.join(TOOLS, "arc-feed"), "--facts", facts, "--launch", LAUNCH, "--to", "tcp:" + warnings,
                  "--warning", "--seconds", 9)
        with open(facts) as f:
            line = [l for l in f if l.startswith("launch ")][LAUNCH - 1]
        say(f"  the flight of {line.split()[1]} {line.split()[2]} UTC, recomputed from the facts file (CNS/NTI), 10 reports a second")
        is_radar, is_warning = self.of_feed("radar-1"), self.of_feed("warning-1")
        for g, stream, own in ((self.jpn, in_jpn, "JPN:TOKUTEI-HIMITSU"), (self.usa, in_usa, "USA:SECRET")):
            tracks = stream.wait(40, 15, is_radar)
            first = tracks[0] if tracks else {}
            check(f"{g.code} reads the radar live", len(tracks) >= 40, f"{len(tracks)} reports")
            check(f"{g.code} sees the originator's marking and name", first.get("originator") == "KOR" and
                  first.get("marking", "").startswith("KOR:II of KOR"), first.get("marking", ""))
            check(f"{g.code} handles it as {own}", first.get("own-level") == own, first.get("banner", ""))
            numbers = [e["number"] for e in tracks]
            check(f"{g.code} got them in order, none twice", all(a < b for a, b in zip(numbers, numbers[1:])))
            check(f"{g.code} reads the warnings beside it", len(stream.wait(4, 15, is_warning)) >= 4)
        check("the choice between 極秘 and 特定秘密 is the officer's, and open: the stricter is used",
              "特定秘密" in (in_jpn.events and [e for e in in_jpn.events if is_radar(e)][0].get("banner", "")))
        check("one without need-to-know sees nothing of it", not no_need.wait(1, 1))
        self.recorded_input(recorded, coast, in_jpn)
        for stream in (in_jpn, in_usa, no_need):
            stream.close()

    @staticmethod
    def of_feed(name):
        return lambda e: e.get("feed") == name and "report" in e

    def wait_tools(self):
        for tool in self.tools:
            tool.wait(60)

    def recorded_input(self, recorded, coast, in_jpn):
        files = sorted(glob.glob(os.path.join(DATA, "cot", "xml", "*.cot")))
        if not files:
            say("  skipped: no recorded CoT and AIS beside the checkout")
            return
        for path in files:
            self.tool(os.path.join(TOOLS, "cot-send"), "--file", path, "--to", "tcp:" + recorded, "--rate", 100).wait(10)
        events = in_jpn.wait(15, 10, lambda e: e.get("feed") == "recorded" and "report" in e)
        check("recorded CoT events go the same way; what is not valid is refused and counted", len(events) >= 15,
              f"{len(files)} files, {len(events)} reports in JPN")
        ais = sorted(glob.glob(os.path.join(DATA, "tracks", "ais", "expected", "*.jsonl")))
        events = self.out("ais.cot")
        with open(events, "w") as f:
            subprocess.run([sys.executable, os.path.join(ROOT, "test", "tools", "ais-to-cot.py"), ais[0]], stdout=f,
                           check=True)
        self.tool(os.path.join(TOOLS, "cot-send"), "--file", events, "--to", "tcp:" + coast, "--now", "--rate", 200).wait(20)
        epoch = self.ledger_epoch(self.kor, "coast")
        self.told(self.kor, epoch, "JPN", "refused", "clause")
        check("ships off the coast are sealed at the same door and cross to nobody: no clause gives maritime", bool(epoch))

    def ledger_epoch(self, gateway, feed, seconds=8):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for leaf in self.leaves(gateway):
                if b"kind epoch" in leaf and f"\nfeed {feed}\n".encode() in leaf:
                    return re.search(rb"\nepoch ([0-9a-f]{32})\n", leaf)[1].decode()
            time.sleep(0.2)
        return ""

    # ---- 4 ----

    def human_report(self):
        step(4, "A human-source report waits for an officer, and opens to one reader only")
        path = self.out("interview.txt")
        with open(path, "w") as f:
            f.write("Exercise text. A fisherman saw lights on the north coast before dawn.\n")
        title = "Interview, north coast"
        policies = ("--policies", os.path.join(ROOT, "policies"))
        marking, label = "KOR:II of KOR about dprk-missile from human to JPN", self.out("interview.label.xml")
        self.kor.accord("marking", "convert", marking, "--to", "stanag4774", "--created", "2026-11-22T00:00:00Z",
                        "--out", label, *policies)
        by_label = ("--title", title, "--kind", "report", "--precedence", "ROUTINE", "--marking-file", label,
                    "--marking-form", "stanag4774", *policies)
        refused("a label's date is in no marking: it is not dropped unasked",
                lambda: self.kor.one("submit", path, *by_label, who="park.author"), "malformed")
        made = self.kor.one("submit", path, *by_label, "--leave-out", "created", who="park.author")
        epoch = made["epoch"]
        check("submitted under a label of STANAG 4774, it has KOR's marking", made["marking"] == marking, made["marking"])
        self.told(self.kor, epoch, "JPN", "held", "EXCHANGE")
        queue = self.kor.one("queue")["held"]
        check("it stands in the officer's queue", any(h["held"] == epoch for h in queue),
              "; ".join(h["title"] for h in queue))
        refused("its author cannot approve it", lambda: self.kor.one("approve", epoch, "JPN", who="park.author"))
        check("it is not in JPN before the approval", self.find(self.jpn, "suzuki", title, 1) is None)
        self.kor.one("approve", epoch, "JPN")
        item = self.find(self.jpn, "suzuki", title)
        check("approved, it is delivered", item is not None, item["banner"] if item else "")
        if not item:
            return
        got = self.out("interview.jpn.txt")
        theirs, ours = self.out("interview.kor.xml"), self.out("interview.own.xml")
        self.jpn.one("open", item["handle"], "--purpose", "assessment", "--out", got, "--label", theirs, "--own-label", ours,
                     "--label-form", "stanag4774", *policies, who="suzuki")
        read = [self.jpn.accord("marking", "parse", f, *policies) for f in (theirs, ours)]
        check("its label says what KOR said, and beside it stands the level that JPN adds, with KOR named",
              [r["classification"]["name"] for r in read] == ["II", "TOKUTEI-HIMITSU"] and read[1]["originator"] == "O=KOR",
              ", ".join(r["display"] for r in read))
        check("the cleared reader opens exactly what was written", open(got).read() == open(path).read())
        for who, reason in (("no.need", "need"), ("no.clearance", "clearance"), ("guest", "nationality")):
            refused(f"{who} is refused with a plain answer",
                    lambda who=who: self.jpn.one("open", item["handle"], "--purpose", "x", "--out", self.out("no"),
                                                 who=who), "denied")
            check(f"the exact reason is in JPN's ledger: {reason}",
                  self.ledger_has(self.jpn, f"person {who}", f"failed {reason}"))
        waits = {w["handle"]: w for w in self.jpn.one("levels")["levels"]}
        check("its own level waits for JPN's officer, and it is handled as the strictest",
              waits.get(item["handle"], {}).get("own-level") == "JPN:TOKUTEI-HIMITSU",
              waits.get(item["handle"], {}).get("candidates", ""))
        self.jpn.one("designate", item["handle"], "JPN:GOKUHI")
        check("it waits no more", all(w["handle"] != item["handle"] for w in self.jpn.one("levels")["levels"]))
        item = self.find(self.jpn, "suzuki", title)
        check("JPN's officer chooses the own level", item["own-level"] == "JPN:GOKUHI" and
              item["own-level-chosen"] in (True, "yes"), item["banner"])

    def ledger_has(self, gateway, *needles):
        """Is there a leaf that has all of these lines?"""
        return any(all(n.encode() in leaf for n in needles) for leaf in self.leaves(gateway))

    @staticmethod
    def leaves(gateway):
        """Leaves are text that a person can read, also with an editor."""
        data = b""
        for path in sorted(glob.glob(os.path.join(gateway.dir, "store", "ledger", "*"))):
            with open(path, "rb") as f:
                data += f.read()
        return data.split(b"accord leaf 1\n")[1:]

    # ---- 5 ----

    def refusals(self):
        step(5, "What may not pass does not")
        path = self.out("refused.txt")
        with open(path, "w") as f:
            f.write("exercise\n")
        for title, marking, partner, why in (
                ("Level I", "KOR:I of KOR about dprk-missile from imagery to JPN", "JPN", "equivalent"),
                ("A topic outside", "KOR:II of KOR about maritime from imagery to JPN", "JPN", "clause"),
                ("No release list", "KOR:II of KOR about dprk-missile from imagery", "JPN", "releasable"),
                ("Not named", "KOR:II of KOR about dprk-missile from imagery to JPN", "USA", "releasable")):
            epoch = self.submit(self.kor, "park.author", path, title, marking, "image")
            self.told(self.kor, epoch, partner, "refused", why)
        refused("a malformed marking is refused",
                lambda: self.submit(self.kor, "park.author", path, "Malformed", "KOR:II//JPN maybe", "image"))
        check("the refusal of the malformed one is in the ledger", self.ledger_has(self.kor, "kind submit-refused"))

    def real_products(self):
        stix = os.path.join(DATA, "cti", "unit42-dprk", "crooked-pisces.json")
        nitf = sorted(glob.glob(os.path.join(DATA, "imagery", "nitf", "*.ntf")), key=os.path.getsize)
        if not os.path.exists(stix) or not nitf:
            say("  skipped: no STIX bundle and NITF image beside the checkout")
            return
        for path, title, marking, kind in (
                (stix, "STIX bundle", "KOR:III of KOR about cyber from cyber to JPN", "report"),
                (nitf[-1], "NITF image", "KOR:II of KOR about dprk-missile from imagery to JPN", "image")):
            self.submit(self.kor, "park.author", path, title, marking, kind, "PRIORITY")
            item = self.find(self.jpn, "suzuki", title)
            got = self.out("got." + os.path.basename(path))
            same = False
            if item:
                self.jpn.one("open", item["handle"], "--purpose", "assessment", "--out", got, who="suzuki")
                same = hashlib.sha256(open(got, "rb").read()).digest() == \
                    hashlib.sha256(open(path, "rb").read()).digest()
            check(f"{title} crosses and opens byte for byte", same, f"{os.path.basename(path)}, {os.path.getsize(path)} bytes")

    # ---- 6 ----

    def records(self):
        step(6, "Three ledgers: verified, replayed, laid side by side; a flipped byte is found")
        self.ledgers()
        self.flip("ledger", "kind released")
        self.flip("inbox", None)

    def ledgers(self):
        self.wait_tools()  # what is in flight is in one ledger and not yet in the other
        time.sleep(2.5)  # receipts go within a second, a signed head follows the last leaf within another
        for g in self.g.values():
            v = g.accord("verify", g.dir)
            check(f"verify {g.code}", v.get("ok", True) is True, short(v))
            r = g.accord("replay", g.dir)
            check(f"replay {g.code}: every verdict recomputed, none differs", r.get("differ", 1) == 0, short(r))
        for a, b in (("KOR", "JPN"), ("KOR", "USA"), ("JPN", "USA")):
            r = self.kor.accord("reconcile", self.g[a].dir, self.g[b].dir)
            check(f"reconcile {a} and {b}: both ends agree", r.get("differ", 1) == 0, short(r))

    def flip(self, log, text):
        """One byte in a copy: in a leaf's text, or in the middle of a stored pouch."""
        copy = self.out("copy-" + log)
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.jpn.dir if log == "inbox" else self.kor.dir, copy)
        path = sorted(glob.glob(os.path.join(copy, "store", log, "*")))[0]
        with open(path, "r+b") as f:
            data = f.read()
            used = len(data.rstrip(b"\0"))
            at = data.find(text.encode()) + 5 if text else used * 2 // 3
            f.seek(at)
            f.write(bytes([data[at] ^ 1]))
        refused(f"one flipped byte of a stored {'leaf' if text else 'pouch'} is found",
                lambda: self.kor.accord("verify", copy))


def run():
    began = time.monotonic()
    story = Story()
    try:
        story.parties_and_law()
        story.assurances()
        story.live_feeds()
        story.visit()
        story.human_report()
        story.refusals()
        story.real_products()
        story.records()
        story.onward()
        story.pause()
        story.cuts()
        story.recall()
        say("\n   The three ledgers once more, with all of this in them:")
        story.ledgers()
        Exercise(story).run()
        took = time.monotonic() - began
        if STAY:
            story.wall_stays()
    finally:
        for tool in [] if STAY else story.tools:
            if tool.poll() is None:
                tool.terminate()
                tool.wait()
        if STAY:
            stay(story)
        else:
            for g in story.g.values():
                code = g.stop()
                check(f"{g.code}'s gateway ends in good order", code == 0, f"status {code}")
    say(f"\nThe story took {took:.0f} s.  Everything it made is in {os.path.relpath(BASE)}.")
    return conclude()


def stay(story):
    say("\nThe gateways go on.  For each party: accord … --dir DIR --as NAME")
    for g in story.g.values():
        say(f"  {g.code}: --dir {os.path.relpath(g.dir)} --as {g.first}, {g.second}; desk https://{g.desk}; "
            f"end it with: kill {g.process.pid}")
    say(f"  For example: {os.path.relpath(BIN)}/accord stream --dir {os.path.relpath(story.jpn.dir)} --as suzuki")
    if story.over:
        story.wall_told()
    say("They end with this program: Ctrl-C, or kill " + str(os.getpid()))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        if story.over:
            story.over.set()
        for tool in story.tools:
            tool.terminate()
        for g in story.g.values():
            g.stop()


if __name__ == "__main__":
    try:
        sys.exit(run())
    except Refused as no:
        check(str(no), False)
        sys.exit(conclude())
