#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wall display's page at a real desk, in a browser: who may not see a source comes, and leaves. Screenshots are left in
B/console/seen. The page must have been made, and the browser be there: test/console/run.sh does and looks.

    B=build python3 test/live/rooms/page.py"""
import os
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import rooms  # noqa: E402
from tell import check, say, totals  # noqa: E402

WORK = os.path.join(rooms.BUILD, "console")


class Page:
    """A browser that shows a display's page."""

    def __init__(self, room, display, language):
        pem = room.pem(display)
        self.node = subprocess.Popen(
            ["node", os.path.join(rooms.ROOT, "test", "console", "real.mjs"), "https://" + room.g.desk, pem, pem, language],
            env={**os.environ, "WORK": WORK}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        check("the browser has the page from the desk", self.node.stdout.readline() == "ok\n")

    def ask(self, what, verb, *words):
        self.node.stdin.write("\t".join((verb, *map(str, words))) + "\n")
        self.node.stdin.flush()
        answer = self.node.stdout.readline().strip()
        check(what, answer == "ok", answer)

    def end(self):
        self.node.stdin.close()
        self.node.wait()


def story(room):
    room.gate = rooms.Client(room, "park")
    say("\n== a page whose display is off")
    page = Page(room, "wall-1", "ko")
    page.ask("it says so", "shows", "이 화면은 꺼져 있습니다")
    say("\n== an officer turns it on; park is in the room")
    room.g.one("room", "display", "on", "wall-1")
    room.presence("enter park")
    threading.Thread(target=room.beat, daemon=True).start()
    page.ask("it shows both objects", "count", 2)
    page.ask("and the room", "shows", "ops", "wall-1", "UTC")
    page.ask("(screenshot)", "shot", "desk-1-before")
    say("\n== low comes, who may see level III only")
    with room.reader.lock:
        room.presence("enter low")
    page.ask("one object is left", "count", 1)
    page.ask("nothing of the other", "lacks", "sat-1")
    page.ask("(screenshot)", "shot", "desk-2-during")
    history = str(room.g.accord("room", "history", "ops"))
    check("the history has it", "masked" in history)
    say("\n== low leaves: a reader and an officer say so")
    with room.reader.lock:
        room.presence("leave low")
    room.g.one("room", "leave", "ops", "low")
    page.ask("both are there again", "count", 2)
    page.ask("(screenshot)", "shot", "desk-3-after")
    say("\n== the display is turned off")
    room.g.one("room", "display", "off", "wall-1")
    page.ask("its page is blank and says why", "shows", "이 화면은 꺼져 있습니다")
    page.ask("nothing was asked of anybody else, no policy broken, nothing thrown", "clean")
    page.end()
    room.stop.set()
    check("the gateway ends in good order", room.g.stop() == 0)


def main():
    room = rooms.Rooms()
    try:
        room.begin()
        story(room)
    finally:
        room.stop.set()
        room.g.stop()
    passed, failed = totals()
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
