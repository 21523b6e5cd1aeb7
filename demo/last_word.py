# SPDX-License-Identifier: Apache-2.0
"""The second half of the story: the originator's last word.  Steps 7 to 11, told with the gateways of the first
half; step 11 has two of its own, whose clock is that of an exercise."""
import calendar
import os
import shutil
import time

from gateways import PARTIES, ROOT, Gateway, Refused, fresh_folder
from tell import Stream, check, refused, say, short, step, until

LEASE_S = 15  # of accord.conf; what a partner granted may be opened so long after it was last heard


def quietly(call):
    """The answer, or None when it is refused for now."""
    try:
        return call()
    except Refused:
        return None


class LastWord:
    """Mixed into the story: it has its gateways, its people and its helpers."""

    # ---- 7 ----

    def onward(self):
        step(7, "JPN imagery to KOR; what KOR gave passes on to USA with KOR's approval, and not without")
        path = self.out("image.bin")
        with open(path, "wb") as f:
            f.write(os.urandom(200_000))
        self.submit(self.jpn, "suzuki", path, "Pad, from the north-west", "JPN:HI of JPN about dprk-missile from imagery to KOR",
                    "image", "PRIORITY")
        item = self.find(self.kor, "park.author", "Pad, from the north-west")
        check("JPN's image is in KOR, handled as KOR:III", item is not None and item["own-level"] == "KOR:III",
              item["banner"] if item else "")
        text = self.out("malware.txt")
        with open(text, "w") as f:
            f.write("Exercise text. The loader is the one of last spring.\n")
        title = "A loader, seen again"
        epoch = self.submit(self.kor, "park.author", text, title, "KOR:III of KOR about cyber from cyber to JPN,USA", "report")
        self.told(self.kor, epoch, "JPN", "released", "EXCHANGE")
        self.told(self.kor, epoch, "USA", "refused", "clause")
        item = self.find(self.jpn, "suzuki", title)
        self.jpn.one("ask", item["handle"], "USA", "--level", "JPN:HI", "--purpose", "defence of networks")
        asked = until(10, lambda: [a for a in self.kor.one("asked")["asked"] if a.get("epoch") == epoch])
        check("JPN asks; the question stands in KOR's list", bool(asked), short(asked[0]) if asked else "")
        time.sleep(2)
        check("without KOR's approval it does not pass", self.find(self.usa, "miller", title, 1) is None)
        refused("its author cannot approve it", lambda: self.kor.one(
            "approval", "give", "JPN", "USA", "--epoch", epoch, "--purpose", "x", "--until", self.later(1), who="park.author"))
        self.kor.one("approval", "give", "JPN", "USA", "--epoch", epoch, "--purpose", "defence of networks",
                     "--until", self.later(30), "--count", 1)
        item = self.find(self.usa, "miller", title)
        check("with it, it is in USA", item is not None, item["banner"] if item else "")
        check("KOR's ledger has the verdict by way of JPN", self.ledger_has(self.kor, "kind released", epoch, "partner USA",
                                                                           "via JPN"))
        if not item:
            return
        check("the originator is kept, JPN's level is added", item["originator"] == "KOR" and item.get("via") == "JPN" and
              item.get("via-level") == "JPN:HI", f"{item.get('via')} {item.get('via-level')}")
        got = self.out("malware.usa.txt")
        self.usa.one("open", item["handle"], "--purpose", "assessment", "--out", got, who="miller")
        check("it opens byte for byte", open(got).read() == open(text).read())
        approval = [a for a in self.kor.one("asked")["asked"] if a.get("what") == "approval"]
        self.kor.one("approval", "revoke", approval[-1]["approval"], "--reason", "it has served")
        gone = until(10, lambda: self.usa_cannot(item["handle"]))
        check("the approval is revoked: USA's next open is refused", bool(gone), gone or "")

    def usa_cannot(self, handle):
        return self.cannot(self.usa, "miller", handle)

    def cannot(self, gateway, who, handle):
        """Why this person may not open it; None when he may."""
        path = self.out("try")
        if os.path.exists(path):
            os.remove(path)
        try:
            gateway.one("open", handle, "--purpose", "x", "--out", path, who=who)
        except Refused as no:
            return no.error
        return None

    @staticmethod
    def later(days):
        return time.strftime("%Y-%m-%d", time.gmtime(time.time() + (days + 1) * 86400))

    # ---- 8 ----

    def play(self, seconds):
        facts = os.path.join(ROOT, "demo", "launches.facts")
        feed = os.path.join(self.tool_dir, "arc-feed")
        self.tool(feed, "--facts", facts, "--launch", self.launch, "--to", "udp:" + self.at["radar-1"], "--rate", 10,
                  "--seconds", seconds)
        self.tool(feed, "--facts", facts, "--launch", self.launch, "--to", "tcp:" + self.at["warning-1"], "--warning",
                  "--seconds", seconds)

    def pause(self):
        step(8, "KOR pauses the GSOMIA while both feeds run; warnings reach JPN by way of USA")
        self.usa.one("relay", "add", "KOR", "JPN", "--feed", "warning-1", "--level", "USA:SECRET", "--purpose", "defence")
        self.usa.one("relay", "add", "KOR", "JPN", "--feed", "radar-1", "--level", "USA:SECRET", "--purpose", "defence")
        for feed in ("warning-1", "radar-1"):
            self.kor.one("approval", "give", "USA", "JPN", "--feed", feed, "--purpose", "defence", "--until", self.later(30),
                         "--count", 1000)
        in_jpn, in_usa = Stream(self.jpn, "suzuki"), Stream(self.usa, "miller")
        time.sleep(1)
        self.play(45)
        radar, warning = self.of_feed("radar-1"), self.of_feed("warning-1")
        check("both feeds run in JPN, straight from KOR", len(in_jpn.wait(20, 15, radar)) >= 20 and
              len(in_jpn.wait(2, 10, warning)) >= 2 and not any("via" in e for e in in_jpn.events))
        began = time.monotonic()
        self.kor.one("pause", "GSOMIA", "--reason", "by order, for the exercise")
        took = time.monotonic() - began
        paused = time.time()
        cut = self.instrument_cuts("pause")
        check("the pause is one leaf, with the last number of each epoch", bool(cut),
              f"{len(cut)} epochs; the act took {took * 1000:.0f} ms")
        time.sleep(1)
        count = len([e for e in in_jpn.events if radar(e)])
        time.sleep(4)
        late = len([e for e in in_jpn.events if radar(e)]) - count
        check("nothing sealed after it reaches JPN under the GSOMIA: the radar is dark there", late == 0 and
              any(e.get("note") == "dark" or e.get("note") == "ended" for e in in_jpn.events), f"{late} reports")
        check("it goes on in USA", len([e for e in in_usa.events if radar(e) and at_of(e) > paused]) > 10)
        way = lambda e: warning(e) and e.get("via") == "USA"  # noqa: E731
        by_usa = in_jpn.wait(3, 15, way)
        check("warnings still reach JPN by way of USA under TISA", len(by_usa) >= 3, f"{len(by_usa)} reports")
        first = by_usa[0] if by_usa else {}
        check("the originator is kept, USA's level is added", first.get("originator") == "KOR" and
              first.get("via-level") == "USA:SECRET" and first.get("marking", "").startswith("KOR:II of KOR"),
              first.get("banner", ""))
        check("two verdicts: KOR's by way of USA, and USA's", self.ledger_has(self.kor, "kind released", "partner JPN", "via USA")
              and self.ledger_has(self.usa, "kind released", "partner JPN", "TISA"))
        check("the radar is asked for too, and KOR's national rules say no",
              until(8, lambda: self.ledger_has(self.kor, "kind refused", "via USA", "failed rules")))
        resumed = time.time()
        self.kor.both("resume", "GSOMIA", "--reason", "the exercise goes on")
        back = in_jpn.wait(10, 15, lambda e: radar(e) and at_of(e) > resumed)
        check("KOR resumes: the radar goes on in JPN", len(back) >= 10, f"{len(back)} reports")
        time.sleep(3)
        withheld = [e for e in in_jpn.events if radar(e) and paused + 0.3 < at_of(e) < resumed - 0.1]
        check("nothing that was withheld came later", not withheld, f"{len(withheld)} reports")
        self.wait_tools()
        in_jpn.close()
        in_usa.close()

    def instrument_cuts(self, act):
        for leaf in self.leaves(self.kor):
            if b"kind instrument" in leaf and f"\nact {act}\n".encode() in leaf:
                return [l for l in leaf.split(b"\n") if l.startswith(b"close ")]
        return []

    # ---- 9 ----

    def cuts(self):
        step(9, "Each courier link is cut and restored under load")
        in_jpn, in_usa = Stream(self.jpn, "suzuki"), Stream(self.usa, "miller")
        time.sleep(1)
        self.play(24)
        titles = []
        for i in range(12):
            path = self.out(f"load-{i}.txt")
            with open(path, "wb") as f:
                f.write(os.urandom(40_000))
            title = f"Under load {i}"
            self.submit(self.kor, "park.author", path, title, "KOR:III of KOR about cyber from cyber to JPN", "report", "PRIORITY")
            titles.append(title)
            if i % 4 == 1:
                code = PARTIES[i // 4]
                ended = self.wires[code].cut()
                say(f"  the links to {code} are cut: {ended} connections")
                time.sleep(1.5)
                self.wires[code].mend()
        self.wait_tools()
        missing = [t for t in titles if self.find(self.jpn, "suzuki", t, 20) is None]
        items = [i["title"] for i in self.jpn.one("list", who="suzuki")["items"]]
        check("every product is there, once", not missing and all(items.count(t) == 1 for t in titles), f"{len(titles)} products")
        for name, stream in (("JPN", in_jpn), ("USA", in_usa)):
            for feed in ("warning-1", "radar-1"):
                told = until(10, lambda s=stream, f=feed: self.runs(s, f))
                check(f"{name}: every report of {feed} once and in order", bool(told), told or "a gap, a repeat or another order")
            stream.close()

    def runs(self, stream, feed):
        """The numbers of the reports of a feed: each run begins at 0 or where the stream began, and goes up by one."""
        numbers = [e["number"] for e in list(stream.events) if self.of_feed(feed)(e)]
        gaps = [e for e in list(stream.events) if e.get("note") == "gap" and e.get("feed") == feed]
        for before, now in zip(numbers, numbers[1:]):
            if now != before + 1 and now != 0:
                return None
        return f"{len(numbers)} reports" if numbers and not gaps else None

    # ---- 10 ----

    def recall(self):
        step(10, "KOR recalls one product and destroys another; an old backup stays mute")
        epochs, items = {}, {}
        for title in ("To be recalled", "To be destroyed"):
            path = self.out("order.txt")
            with open(path, "w") as f:
                f.write(f"Exercise text. {title}.\n")
            epochs[title] = self.submit(self.kor, "park.author", path, title, "KOR:III of KOR about cyber from cyber to JPN",
                                        "report")
            items[title] = self.find(self.jpn, "suzuki", title)
        handle = {t: i["handle"] for t, i in items.items()}
        for title in epochs:
            got = self.out("opened.txt")
            if os.path.exists(got):
                os.remove(got)
            self.jpn.one("open", handle[title], "--purpose", "assessment", "--out", got, who="suzuki")
        old, keys = self.out("backup-of-KOR"), self.out("keys-of-KOR")
        for folder in (old, keys):
            shutil.rmtree(folder, ignore_errors=True)
        answer = self.kor.accord("backup", old, "--keys", keys)
        check("a backup is made while KOR's gateway runs", answer.get("files", 0) > 5, short(answer))
        slot = self.slot_of(epochs["To be destroyed"])
        self.kor.one("recall", epochs["To be recalled"], "--reason", "sent in error")
        self.kor.both("destroy", epochs["To be destroyed"], "--reason", "its time is over")
        for title, act in (("To be recalled", "recalled"), ("To be destroyed", "destroyed")):
            why = until(10, lambda t=title: self.cannot(self.jpn, "suzuki", handle[t]))
            check(f"{title}: JPN's next open is refused", bool(why), why or "")
            check(f"JPN's ledger says {act}, and who had opened it before",
                  self.ledger_has(self.jpn, f"kind {act}", handle[title]) and
                  self.ledger_has(self.jpn, "kind opened", handle[title], "person suzuki"))
        done = until(10, lambda: [o for o in self.kor.one("orders")["orders"] if o.get("state") == "done"])
        check("JPN's signed answers have arrived in KOR", len(done or []) >= 2, short(done[-1]) if done else "")
        now = self.slot_of(epochs["To be destroyed"])
        check("KOR's key slot is overwritten", slot is not None and now is not None and slot != now and
              sum(a == b for a, b in zip(slot[64:], now[64:])) < len(slot) // 8)
        self.lost()
        self.restored(old, keys, epochs)

    def slot_of(self, epoch):
        """The slot of this id, as it lies in the file (docs/format/slots.md)."""
        with open(os.path.join(self.kor.dir, "store", "slots"), "rb") as f:
            data = f.read()
        at = data.find(bytes.fromhex(epoch), 4096)
        begin = 4096 + (at - 4096) // 1536 * 1536
        return None if at < 0 else data[begin:begin + 1536]

    def lost(self):
        """What JPN lost opens for nobody, KOR is told, and two persons sign that it is destroyed."""
        path = self.out("lost.txt")
        with open(path, "w") as f:
            f.write("Exercise text. To be lost.\n")
        self.submit(self.kor, "park.author", path, "To be lost", "KOR:III of KOR about cyber from cyber to JPN", "report")
        handle = self.find(self.jpn, "suzuki", "To be lost")["handle"]
        self.jpn.one("loss", handle, "--what", "a bag left in a train", who="suzuki")
        why = self.cannot(self.jpn, "suzuki", handle)
        check("what JPN may have lost opens for nobody there", bool(why), why or "")
        told = until(10, lambda: [d for d in self.kor.one("duties")["duties"] if d["what"] == "loss"])
        check("KOR's officers see the loss", bool(told), short(told[0]) if told else "")
        self.jpn.one("certify", handle, "--reason", "found and burnt", who=self.jpn.first)
        self.jpn.one("certify", handle, "--reason", "found and burnt", who=self.jpn.second)
        told = until(10, lambda: [d for d in self.kor.one("duties")["duties"] if d["what"] == "certificate"])
        check("two persons sign that it is destroyed, and KOR has their certificate",
              bool(told) and told[0]["certified"] == 2, short(told[0]) if told else "")

    def restored(self, old, keys, epochs):
        time.sleep(3)  # the next beats tell partners how long KOR's ledger is by now
        self.kor.stop()
        copy = Gateway("KOR", fresh_folder(self.out("restored")), self.kor.bin)
        copy.desk, copy.courier, copy.log_path = self.kor.desk, self.kor.courier, self.kor.log_path + ".restored"
        copy.accord("restore", old, "--keys", keys)
        shutil.copytree(os.path.join(self.kor.dir, "people"), os.path.join(copy.dir, "people"), dirs_exist_ok=True)
        copy.start()
        mute = until(10, lambda: (s := quietly(lambda: copy.accord("status"))) and s.get("mute") == "yes" and s)
        check("the guard of the old copy is mute", bool(mute), (mute or {}).get("mute-why", ""))
        told = until(15, lambda: "put back" in (quietly(lambda: copy.accord("status")) or {}).get("mute-why", "x put back")
                     and "a partner holds" in quietly(lambda: copy.accord("status"))["mute-why"])
        check("and a partner proves to it that it is old", bool(told))
        path = self.out("order.txt")
        refused("it takes in nothing", lambda: self.submit(copy, "park.author", path, "From the copy",
                                                           "KOR:III of KOR about cyber from cyber to JPN", "report"))
        why = self.cannot(copy, "park.author", epochs["To be recalled"])
        check("it opens nothing", bool(why), why or "")
        copy.stop()
        self.kor.start()
        self.kor.wait_ready()
        fresh = until(20, lambda: all(p.get("fresh") in (True, "yes") for p in
                                      (quietly(lambda: self.kor.one("partners")) or {"partners": [{}]})["partners"]))
        check("KOR's own gateway goes on where it was", bool(fresh))


def at_of(event):
    """When the sensor reported it, in seconds since 1970."""
    text = event["report"]["time"]
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) + float("0" + (text[19:].rstrip("Z") or ".0"))


# ---- 10 ----

BEGIN = "2018-05-31"
ERAS = (
    # the day, what is done then, and what is shown: the lines of the agreement that must be so
    ("2018-06-01", None, {"term-end": "2018-11-23", "notice-by": "2018-08-25"}),
    ("2019-08-23", ("notice", []), {"notice-at": "2019-08-23", "ends": "2019-11-23"}),
    ("2019-11-22", ("notice", ["--suspend"]), {"notice-at": "2019-08-23", "notice-suspended": "yes", "ends": None}),
    # the term of 2019 is over: either it was extended, or the suspended notice holds it there; both are shown
    ("2020-06-01", None, {"notice-suspended": "yes", "term-end": "2019-11-23", "lapsed-term-end": "2020-11-23"}),
    ("2023-03-21", ("withdraw", []), {"notice-at": None, "ends": None, "lapsed-term-end": None, "term-end": "2023-11-23"}),
)


class Exercise:
    """KOR and JPN in an exercise whose clock is years behind."""

    def __init__(self, story):
        self.story = story
        base = fresh_folder(story.out("exercise"))
        self.g = {code: Gateway(code, base, story.kor.bin) for code in ("KOR", "JPN")}
        self.kor, self.jpn = self.g["KOR"], self.g["JPN"]

    def behind(self, day):
        return int(time.time() - calendar.timegm(time.strptime(day + " 02", "%Y-%m-%d %H")))

    def found(self, day):
        for g in self.g.values():
            g.found("--exercise-clock", self.behind(day))

    def go_to(self, day):
        """Both gateways end, and begin again on another day."""
        for g in self.g.values():
            g.stop()
            path = os.path.join(g.dir, "accord.conf")
            with open(path) as f:
                lines = [l for l in f if not l.startswith("exercise-clock")]
            with open(path, "w") as f:
                f.writelines(lines + [f"exercise-clock {self.behind(day)}\n"])
            for person in os.listdir(os.path.join(g.dir, "people")):
                g.accord("terminal", person, "--here")
            g.start()
        for g in self.g.values():
            g.wait_ready()
        until(20, lambda: all(p.get("fresh") in (True, "yes") for g in self.g.values()
                              for p in (quietly(lambda g=g: g.one("partners")) or {"partners": [{}]})["partners"]))

    def law(self):
        story = self.story
        for g in self.g.values():
            g.start()
        for g in self.g.values():
            g.wait_ready()
            for code in PARTIES:
                g.both("policy", "load", os.path.join(ROOT, "policies", code + ".xml"))
        prints = {c: g.accord("party", "exchange", "--out", story.out(f"exercise.{c}"))["fingerprint"] for c, g in self.g.items()}
        for g, other in ((self.kor, "JPN"), (self.jpn, "KOR")):
            g.both("party", "trust", story.out(f"exercise.{other}"), "--fingerprint", prints[other])
        for name in ("gsomia", "exchange"):
            for g in self.g.values():
                g.both("sign", *story.law(name))
        until(20, lambda: all(a["standing"] == "in force" for g in self.g.values()
                              for a in g.one("agreement", "list")["agreements"]))
        self.kor.both("rules", "load", os.path.join(ROOT, "agreements", "rules", "KOR.rules"),
                      "--policies", os.path.join(ROOT, "policies"))
        story.person(self.kor, "park.author", "author,reader", "KOR:I,KOR:II,KOR:III", "cyber")
        story.person(self.jpn, "suzuki", "author,reader", "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU", "cyber")
        time.sleep(2.5)
        paper = story.out("exercise.assurance")
        self.jpn.one("assurance", "give", "--to", "KOR", "--agreement", "GSOMIA", "--levels", "KOR:II,KOR:III",
                     "--topics", "cyber", "--until", "2026-01-01", "--authority", "Ministry of Defence", "--out", paper)
        quietly(lambda: self.kor.one("assurance", "load", paper))  # it may have come by letter already
        time.sleep(1.2)

    def standing(self, gateway):
        rows = gateway.one("agreement", "list")["agreements"]
        return next(r for r in rows if r["agreement"] == "GSOMIA")

    def shows(self, gateway, want):
        """The lines of the agreement, once they are as they must be."""
        def row():
            got = self.standing(gateway)
            good = all((got.get(k) or "").startswith(v) if v else k not in got for k, v in want.items())
            return got if good and got["standing"] == "in force" else None
        return until(8, row)

    def era(self, day, act, want):
        self.go_to(day)
        if act:
            self.kor.both(act[0], "GSOMIA", *act[1], "--reason", "as on that day")
            time.sleep(2.5)  # it stands from when it was surely accepted: past the clock's error
        path = self.story.out("era.txt")
        with open(path, "w") as f:
            f.write(f"Exercise text of {day}.\n")
        title = f"Report of {day}"
        epoch = self.story.submit(self.kor, "park.author", path, title, "KOR:III of KOR about cyber from cyber to JPN", "report")
        self.story.told(self.kor, epoch, "JPN", "released", "EXCHANGE")
        check(f"{day}: what flows: it is in JPN", self.story.find(self.jpn, "suzuki", title) is not None)
        for g in (self.kor, self.jpn):
            row = self.shows(g, want)
            lines = ", ".join(f"{k} {v[:10]}" for k, v in (row or self.standing(g)).items() if k not in ("row", "title", "digest"))
            check(f"{day}: what is shown in {g.code}", row is not None, lines)

    def run(self):
        step(11, "KOR gives notice of termination, suspends it and withdraws it, on the days of 2019 and 2023")
        try:
            self.found(BEGIN)
            self.law()
            for era in ERAS:
                self.era(*era)
            item = self.story.find(self.jpn, "suzuki", "Report of 2018-06-01", 5)
            check("what is owed: what was given in 2018 is in JPN still, under its marking", item is not None and
                  item["marking"].startswith("KOR:III of KOR"), item["marking"] if item else "")
            self.readings()
            self.end()
        finally:
            for g in self.g.values():
                g.stop()

    def readings(self):
        """A day in between, as it was known then: both readings, from the ledger."""
        for g in self.g.values():
            day = g.accord("agreement", "standing", "GSOMIA", "--at", "2021-11-23", "--known-at", "2022-01-01")["agreements"][0]
            lapsed, held = day["readings"]["lapsed"], day["readings"]["held"]
            check(f"{g.code}: how 2021-11-23 is read in two ways", day["differ"] and lapsed["notice-by"].startswith("2022-08-25") and
                  held["term-end"].startswith("2019-11-23") and "notice-by" not in held,
                  f"lapsed: {lapsed['term-end'][:10]}, held: {held['term-end'][:10]}")

    def end(self):
        """By consent of both: the last signature ends it, nothing new flows, and the ledgers agree on what it rests on."""
        for g in self.g.values():
            g.both("terminate", "GSOMIA", "--at", ERAS[-1][0], "--reason", "by consent")
        over = until(10, lambda: all(self.standing(g)["standing"] == "ended" for g in self.g.values()))
        check("by consent of both it has ended", bool(over))
        epoch = self.story.submit(self.kor, "park.author", self.story.out("era.txt"), "After the end",
                                  "KOR:III of KOR about cyber from cyber to JPN", "report")
        self.story.told(self.kor, epoch, "JPN", "refused", "clause")
        for g in self.g.values():
            check(f"replay {g.code}: every verdict rests on what is on record", g.accord("replay", g.dir)["differ"] == 0)
