# SPDX-License-Identifier: Apache-2.0
"""How the story is told: steps, checks that can fail, and a reader's live feed."""
import json
import subprocess
import threading
import time

from gateways import Refused

passed = failed = 0


def say(text):
    print(text, flush=True)


def step(number, title):
    say(f"\n== {number}. {title}")


def check(what, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
    say(f"  {'ok  ' if ok else 'FAIL'} {what}" + (f"  [{detail}]" if detail else ""))
    return ok


def totals():
    return passed, failed


def conclude():
    """How many passed and failed, and what a test ends with then."""
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def refused(what, call, code=None):
    """The call must be refused; what was said is shown."""
    try:
        answer = call()
    except Refused as no:
        return check(what, code is None or no.code == code, no.error)
    return check(what, False, f"it was not refused: {answer}")


def until(seconds, call):
    """The first answer that is true, or the last one that was not."""
    end = time.monotonic() + seconds
    while True:
        answer = call()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.2)


class Watched:
    """What another thread changes: it has a condition, `changed`."""

    def wait(self, true, seconds=20):
        """Is it true of this, in so many seconds?"""
        end = time.monotonic() + seconds
        with self.changed:
            while not true(self):
                left = end - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    return true(self)
        return True


class Stream:
    """A reader's live feed, by the command line tool; events are kept as they come."""

    def __init__(self, gateway, who, **only):
        args = ["stream", "--quiet", "--as", who]
        for key, value in only.items():
            args += ["--" + key, value]
        self.process = subprocess.Popen(gateway.command(*args), stdout=subprocess.PIPE, text=True)
        self.events = []
        self.changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                continue
            with self.changed:
                self.events.append(event)
                self.changed.notify_all()

    def wait(self, count, seconds, want=lambda e: "report" in e):
        """The first `count` events that are wanted, or as many as came in time."""
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                hits = [e for e in self.events if want(e)]
                left = end - time.monotonic()
                if len(hits) >= count or left <= 0:
                    return hits[:count] if len(hits) >= count else hits
                self.changed.wait(left)

    def close(self):
        self.process.terminate()
        self.process.wait()


def short(answer):
    return ", ".join(f"{k} {v}" for k, v in answer.items() if isinstance(v, (int, str)) and k != "ok")[:140]
