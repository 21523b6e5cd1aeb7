#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JavaScript client in a browser: a page that the desk itself serves follows a feed over a line that is cut and a desk that
is killed, is loaded anew and goes on, gives in a product and opens it; a page from elsewhere reaches no desk.

    B=build python3 test/live/streams/page.py

The browser's driver must have been fetched, and the browser be there: test/console/run.sh does and looks."""
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.join(ROOT, "demo"), HERE]
from gateways import Gateway, TIED, Wire, fresh_folder  # noqa: E402
from screen import Desk  # noqa: E402
from streams import BUILD, MARKING, Streams, event  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BASE = os.environ.get("PAGE_DIR", os.path.join(BUILD, "page"))
WORK = os.path.abspath(os.environ.get("WORK", os.path.join(BUILD, "console")))
EACH = 60


class Page:
    """The browser; what is called is a function of the page."""

    def __init__(self, origin, pem):
        self.process = subprocess.Popen([*TIED, "node", os.path.join(HERE, "page.mjs"), origin, pem, pem], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ, WORK=WORK))
        self.process.stdout.readline()

    def say(self, *words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def do(self, text, *words):
        return self.say("do", text, *words)

    def end(self):
        self.process.stdin.close()
        self.process.wait(20)


class InBrowser(Streams):
    def __init__(self):
        folder = fresh_folder(BASE)
        programs = os.path.join(folder, "libexec", "accord")  # two below share, where a gateway looks for its page first
        shutil.copytree(os.path.join(BUILD, "bin"), programs)
        wall = os.path.join(folder, "share", "accord", "wall")
        shutil.copytree(os.path.join(HERE, "page"), wall)
        for name in ("accord.js", "sse.js"):
            shutil.copy(os.path.join(ROOT, "client", "js", name), wall)
        self.wall, self.readers, self.sockets, self.page = wall, {}, {}, None
        self.g = Gateway("KOR", folder, programs)

    def begin(self):
        self.party()
        self.source("radar", "warning")
        g = self.g
        self.wire = Wire(g.desk)
        self.origin = "https://" + self.wire.address
        with open(os.path.join(g.dir, "people", "han", "key"), encoding="utf-8") as f:
            self.seed = f.read().strip()
        self.page = Page(self.origin, Desk(g, BASE).pem("han"))

    def opens(self, kept):
        no = self.page.say("open", self.origin + "/wall/")
        check("the desk serves the page", no is None, "" if no is None else json.dumps(no))
        self.page.do("(...w) => feed.begin(...w)", "KOR", "han", self.seed, kept)
        return until(20, lambda: "back" in self.kinds())

    def events(self):
        return self.page.do("() => feed.events")

    def kinds(self):
        return [e["kind"] for e in self.events()]

    def names(self):
        return [e["data"]["report"]["uid"] for e in self.events() if e["kind"] == "report"]

    def warns(self, first, count=EACH):
        for i in range(first, first + count):
            self.sockets["radar"].sendall(event(f"w-{i:04}", "b-r-f-h-c"))
            time.sleep(0.01)
        return [f"w-{i:04}" for i in range(first, first + count)]

    def feed(self):
        say("\n== a page of the desk's follows a feed")
        check("it begins", self.opens(""), self.page.do("() => feed.wrong"))
        check("the key cannot be taken out of the browser", self.page.do("() => feed.taken") is False)
        wanted = self.warns(0)
        check("each warning is there", until(60, lambda: self.names() == wanted), str(len(self.names())))
        cut = self.wire.cut()
        wanted += self.warns(EACH)
        until(60, lambda: "lost" in self.kinds())
        self.wire.mend()
        check("a line that is cut is told, and comes back with what was missed", until(60, lambda: self.names() == wanted),
              f"{cut} connections cut, {len(self.names())} of {len(wanted)}, {self.kinds().count('lost')} lost")
        check("the desk is killed", self.desk_kill())
        wanted += self.warns(2 * EACH)
        check("a desk that comes back, too", until(60, lambda: self.names() == wanted), f"{len(self.names())} of {len(wanted)}")
        kept = self.page.do("() => String(feed.seen)")
        check("the page broke no policy, and asked nobody else", self.page.say("shut") == [])
        missed = self.warns(3 * EACH)
        check("the page is loaded anew, with what it had seen", self.opens(kept))
        check("and is shown what it missed, nothing twice", until(60, lambda: self.names() == missed),
              f"{len(self.names())} of {len(missed)}")

    def product(self):
        say("\n== a product, given in and opened by the page")
        made = self.page.do("(...w) => feed.product(...w)", MARKING, "By the page", 50_000)
        check("it is opened as it was given in", made.get("same") is True, json.dumps(made, ensure_ascii=False))
        no = self.page.do("() => feed.wrongly()")
        check("what the desk refuses is thrown in its words", no["name"] == "Refused" and no["code"] == "denied", json.dumps(no))

    def elsewhere(self):
        say("\n== a page from elsewhere")

        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.wall))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.page.say("shut")
        self.page.say("open", f"http://127.0.0.1:{server.server_address[1]}/index.html")
        no = self.page.do("(o) => feed.elsewhere(o)", self.origin)
        check("the browser keeps it from the desk", no is not None and no["name"] == "TypeError", json.dumps(no))
        server.shutdown()

    def run(self):
        try:
            self.begin()
            self.feed()
            self.product()
            self.elsewhere()
        finally:
            if self.page is not None:
                self.page.end()
            check("the gateway ends in good order", self.g.stop() == 0)


def main():
    InBrowser().run()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
