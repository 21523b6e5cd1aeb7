# SPDX-License-Identifier: Apache-2.0
"""Three gateways for the demonstration and the live tests: made, started, spoken to by `accord`, stopped."""
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PARTIES = ("KOR", "JPN", "USA")
TIED = ["setpriv", "--pdeathsig", "KILL"]  # a gateway does not outlive who started it
OFFICERS = {"KOR": ("kim.minseo", "lee.jiho"), "JPN": ("sato.yui", "tanaka.ren"), "USA": ("smith.ann", "jones.bob")}


class Refused(Exception):
    """What `accord` said no to: .code and .error are its own words."""

    def __init__(self, verb, answer):
        self.code = answer.get("code", "?")
        self.error = answer.get("error", "?")
        super().__init__(f"{verb}: {self.error} ({self.code})")


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def dial(address, timeout=30):
    """A connection to who may not listen yet, in ten seconds."""
    end = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(address, timeout=timeout)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Wire:
    """What lies between a gateway's courier and its partners: a port that passes bytes on, and can be cut."""

    def __init__(self, to):
        self.to = ("127.0.0.1", int(to.rsplit(":", 1)[1]))
        self.whole = True
        self.pairs = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                if not self.whole:
                    raise OSError
                far = socket.create_connection(self.to)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.add((near, far))
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(a, b, (near, far)), daemon=True).start()

    def _pass(self, a, b, pair):
        try:
            while data := a.recv(1 << 16):
                b.sendall(data)
        except OSError:
            pass
        self._end(pair)

    def _end(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for s in pair:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def cut(self):
        """Every connection ends at once, bytes on their way are lost, and no new one is made."""
        self.whole = False
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            self._end(pair)
        return len(pairs)

    def mend(self):
        self.whole = True


class Gateway:
    def __init__(self, code, base, bin_dir):
        self.code = code
        self.dir = os.path.join(base, code)
        self.bin = bin_dir
        self.desk = f"127.0.0.1:{free_port()}"
        self.courier = f"127.0.0.1:{free_port()}"
        self.first, self.second = OFFICERS[code]
        self.process = None
        self.log_path = os.path.join(base, code + ".log")

    # ---- the command line tool ----

    def command(self, *args):
        return [os.path.join(self.bin, "accord"), *[str(a) for a in args], "--dir", self.dir, "--json"]

    def accord(self, *args, timeout=60):
        """One call; its JSON answer, or Refused."""
        done = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=timeout)
        lines = [l for l in done.stdout.splitlines() if l.strip()]
        try:
            answer = json.loads(done.stdout) if lines else {}
        except json.JSONDecodeError:
            answer = [json.loads(l) for l in lines]
        if done.returncode != 0:
            if not isinstance(answer, dict) or "error" not in answer:
                answer = {"error": (done.stderr or done.stdout).strip(), "code": str(done.returncode)}
            raise Refused(" ".join(str(a) for a in args[:2]), answer)
        return answer

    def both(self, *args, **more):
        """An act that wants two signatures."""
        return self.accord(*args, "--as", self.first, "--as", self.second, **more)

    def one(self, *args, who=None, **more):
        return self.accord(*args, "--as", who or self.first, **more)

    def found(self, *more, wrap=True):
        """The party, with its first officers: what there is before a gateway can start.  Its keys are wrapped, or plain."""
        self.wrap_key = os.path.abspath(self.dir) + ".wrap/key"
        wrapping = ["--wrap-key", self.wrap_key] if wrap else []
        return self.accord("party", "init", self.code, "--desk", self.desk, "--courier", self.courier, *more, *wrapping,
                           "--officer", self.first + ":operations", "--officer", self.second + ":security")

    # ---- the processes ----

    def start(self):
        log = open(self.log_path, "a")
        self.process = subprocess.Popen(
            [*TIED, os.path.join(self.bin, "accordd"), "-c", os.path.join(self.dir, "accord.conf")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()

    def wait_ready(self, seconds=20):
        end = time.monotonic() + seconds
        while True:
            try:
                return self.one("status")
            except Refused as no:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.code}: accordd ended: see {self.log_path}") from no
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -9


def make_three(base, bin_dir):
    gateways = {}
    for code in PARTIES:
        g = Gateway(code, base, bin_dir)
        g.found()
        gateways[code] = g
    return gateways


def fresh_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path
