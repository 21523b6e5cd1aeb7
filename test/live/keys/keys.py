#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The gateway's keys at rest: wrapped by a key of a file, opened for each guard that starts, exchanged while it runs and
killed at any step of that, told where they lie unwrapped, and refused where a file lies open or was changed.

    B=build python3 test/live/keys/keys.py

To kill `accord keys wrap` at its n-th call wants strace's right to trace; without it that part says that it is skipped."""
import os
import shutil
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "demo"))
from gateways import Gateway, Refused, ROOT, TIED, fresh_folder  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.join(BUILD, "keys")
BIN = os.path.join(BUILD, "bin")
KEYS = ("master", "identity", "authority.key")


def log_of(g):
    with open(g.log_path, errors="replace") as f:
        return f.read()


def key_file(g, key):
    return os.path.join(g.dir, "keys", key)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def conf_wrap_keys(g, *paths):
    """accord.conf with these wrap keys and no other."""
    path = os.path.join(g.dir, "accord.conf")
    lines = [line for line in read(path).decode().splitlines() if not line.startswith("wrap-key")]
    write(path, ("\n".join(lines + [f'wrap-key "{p}"' for p in paths]) + "\n").encode())


def at_rest(g):
    """What `accord keys status` says of each key, and whether it is content."""
    done = subprocess.run([a for a in g.command("keys", "status") if a != "--json"], capture_output=True, text=True, timeout=60)
    words = {line.split()[0]: " ".join(line.split(":")[0].split()[1:]) for line in done.stdout.splitlines() if line.split()[0] in KEYS}
    return words, done.returncode


def refused(what, words, *args):
    done = subprocess.run(args, capture_output=True, text=True, timeout=60)
    check(f"{what}: refused, in words", done.returncode == 1 and words in done.stdout + done.stderr,
          words if words in done.stdout + done.stderr else (done.stdout + done.stderr)[-300:])


def accordd(g, *more):
    return [*TIED, os.path.join(BIN, "accordd"), *more, "-c", os.path.join(g.dir, "accord.conf")]


def guard_pid(g):
    return int([line for line in log_of(g).splitlines() if 'a process is started process="guard"' in line][-1].split('pid="')[1].split('"')[0])


def guard_killed(g):
    """The guard is killed; the next one has its keys again when it answers."""
    was, starts = guard_pid(g), log_of(g).count('a process is started process="guard"')
    os.kill(was, signal.SIGKILL)
    until(20, lambda: log_of(g).count('a process is started process="guard"') > starts)
    return g.wait_ready()


def in_the_folder(g, secret):
    """Files of the party's folder that hold these bytes."""
    found = []
    for at, _, files in os.walk(g.dir):
        found += [os.path.join(at, f) for f in files if os.path.isfile(os.path.join(at, f)) and secret in read(os.path.join(at, f))]
    return found


def plain_keys_are_told_and_wrapped(base):
    say("plain keys: told, wrapped, gone from the folder")
    g = Gateway("JPN", base, BIN)
    g.found(wrap=False)
    secrets = [read(key_file(g, key)) for key in KEYS]
    words, code = at_rest(g)
    check("status says that they lie unwrapped, and ends with 1", set(words.values()) == {"plain"} and code == 1, str(words))
    g.start()
    g.wait_ready()
    check("the start says so, too", "lie unwrapped" in log_of(g))
    print_of = g.accord("party", "exchange", "--out", os.path.join(base, "plain.exchange"))["fingerprint"]
    refused("without a wrap key nothing is wrapped", "names no wrap key", *g.command("keys", "wrap"))
    wrap = os.path.join(base, "JPN.wrap", "key")
    g.accord("keys", "make", wrap)
    conf_wrap_keys(g, wrap)
    g.stop()
    refused("a plain key where a wrap key is named", "lies unwrapped", *accordd(g, "--check"))
    check("all three are wrapped", g.accord("keys", "wrap")["wrapped"] == 3)
    words, code = at_rest(g)
    check("status is content", set(words.values()) == {"wrapped"} and code == 0, str(words))
    check("no file of the folder holds a plain key", not any(in_the_folder(g, s) for s in secrets))
    check("a second time nothing is to be done", g.accord("keys", "wrap")["wrapped"] == 0)
    g.start()
    g.wait_ready()
    check("it is the same party", g.accord("party", "exchange", "--out", os.path.join(base, "wrapped.exchange"))["fingerprint"] == print_of)
    check("the start says nothing of unwrapped keys any more", log_of(g).count("lie unwrapped") == 1)
    conf_wrap_keys(g)
    g.stop()
    refused("wrapped keys, and no wrap key named", "is wrapped, and accord.conf names no", *accordd(g, "--check"))


def a_wrap_key_is_exchanged(g, base):
    say("a wrap key is exchanged for another while the gateway runs, and guards die")
    guard_killed(g)
    check("a guard that starts anew has its keys", True)
    old, new = g.wrap_key, os.path.join(base, "KOR.new", "key")
    g.accord("keys", "make", new)
    inside = os.path.join(g.dir, "within", "key")
    refused("no wrap key within the party's folder", "outside of the party's folder", *g.command("keys", "make", inside))
    os.symlink(os.path.abspath(g.dir), os.path.join(base, "link"))
    refused("by a link neither", "outside of the party's folder", *g.command("keys", "make", os.path.join(os.path.abspath(base), "link", "key")))
    check("nothing was made there", not os.path.exists(os.path.dirname(inside)) and not os.path.exists(os.path.join(g.dir, "key")))
    refused("a wrap key is never made over another", "is there already", *g.command("keys", "make", new))
    conf_wrap_keys(g, new, old)
    shutil.copy(key_file(g, "identity"), os.path.join(base, "identity.old"))
    check("all three are wrapped anew", g.accord("keys", "wrap")["wrapped"] == 3)
    guard_killed(g)
    check("the next guard opens them by the new one, without a restart of the gateway", True)
    shutil.copy(os.path.join(base, "identity.old"), key_file(g, "identity"))
    words, _ = at_rest(g)
    check("one that is still under the old is told", words["identity"] == "wrapped by another wrap key", str(words))
    guard_killed(g)
    check("half way a guard starts, too", True)
    check("and the rest is wrapped", g.accord("keys", "wrap")["wrapped"] == 1)
    conf_wrap_keys(g, new)
    os.unlink(old)
    guard_killed(g)
    check("the old wrap key is no longer needed", at_rest(g)[1] == 0)
    g.wrap_key = new


def status_says_what_else_is_wrong(g):
    say("status does not take an accord.conf that accordd refuses, and tells what was left over")
    conf = os.path.join(g.dir, "accord.conf")
    good = read(conf)
    for line, words in (("wrap-kee \"/nowhere\"", "wrap-kee"), ("slots 7", "slots"), ("wrap-key /nowhere", "accord.conf")):
        write(conf, good + line.encode() + b"\n")
        refused(f"a line `{line}`, by accordd", words, *accordd(g, "--check"))
        refused(f"a line `{line}`", words, *g.command("keys", "status"))
        refused(f"a line `{line}`, without --json", "accordd does not take this accord.conf", *[a for a in g.command("keys", "status") if a != "--json"])
    write(conf, good)
    check("before there was nothing left over", "left-over" not in g.accord("keys", "status"))
    for left in ("master.a1B2c3", "authority.key.zzzzzz"):
        write(key_file(g, left), b"half")
        words = g.accord("keys", "status").get("left-over")
        check(f"{left} is told", words == [left], str(words))
        done = subprocess.run([a for a in g.command("keys", "status") if a != "--json"], capture_output=True, text=True, timeout=60)
        check("to people too", f"{left} " in done.stdout and done.returncode == 0, done.stdout[-200:])
        os.unlink(key_file(g, left))


def what_lies_open_or_was_changed(g):
    say("a wrap key that lies open, another, a changed key")
    g.stop()
    for mode, words in ((0o640, "is open to others"), (0o604, "is open to others")):
        os.chmod(g.wrap_key, mode)
        refused(f"mode {mode:o}", words, *accordd(g))
        refused(f"mode {mode:o}, by the tool", words, *g.command("party", "exchange", "--out", os.path.join(BASE, "no.exchange")))
    os.chmod(g.wrap_key, 0o600)
    away = g.wrap_key + ".away"
    os.rename(g.wrap_key, away)
    refused("none there", "is not there", *accordd(g))
    os.symlink(away, g.wrap_key)
    refused("a link", "is a link", *accordd(g))
    os.unlink(g.wrap_key)
    inside = os.path.join(g.dir, "store", "key")
    shutil.copy(away, inside)
    os.chmod(inside, 0o600)
    conf_wrap_keys(g, inside)
    refused("in the gateway's folder", "lies in the gateway's folder", *accordd(g))
    os.unlink(inside)
    conf_wrap_keys(g, g.wrap_key)
    write(g.wrap_key, os.urandom(32))
    os.chmod(g.wrap_key, 0o600)
    refused("another wrap key", "by a wrap key that accord.conf does not name", *accordd(g))
    os.replace(away, g.wrap_key)
    for key in KEYS:
        good = read(key_file(g, key))
        at = good.index(b"sealed ") + 20
        write(key_file(g, key), good[:at] + (b"0" if good[at:at + 1] != b"0" else b"1") + good[at + 1:])
        refused(f"a changed {key}", "a wrapped key was changed", *accordd(g))
        write(key_file(g, key), good)
    good = read(key_file(g, "master"))
    write(key_file(g, "master"), read(key_file(g, "identity")))
    refused("one key in place of another", "another party's, or another key's", *accordd(g))
    write(key_file(g, "master"), good)
    g.start()
    g.wait_ready()


def a_backup_says_what_is_in_it(g, base):
    say("a backup has wrapped keys only, and says so")
    copy, keys = os.path.join(base, "copy"), os.path.join(base, "copied-keys")
    within = os.path.join(g.dir, "copy")
    refused("a backup into the folder that it is of", "outside of the folder", *g.command("backup", within))
    refused("its keys neither", "outside of the folder", *g.command("backup", copy, "--keys", within))
    check("nothing was made", not os.path.exists(within) and not os.path.exists(copy))
    check("it says so", g.accord("backup", copy, "--keys", keys)["keys"] == "wrapped")
    check("neither folder has the wrap key", not any(read(g.wrap_key) in read(os.path.join(at, f))
                                                     for folder in (copy, keys) for at, _, files in os.walk(folder) for f in files))
    again = Gateway("KOR", os.path.join(base, "again"), BIN)
    os.makedirs(os.path.join(base, "again"))
    os.rename(g.wrap_key, g.wrap_key + ".away")
    refused("restored without the wrap key", "is not there", *again.command("restore", copy, "--keys", keys))
    os.rename(g.wrap_key + ".away", g.wrap_key)
    again.accord("restore", copy, "--keys", keys)
    check("restored with it", at_rest(again)[1] == 0)


def killed_at_any_step(base):
    """Of each key there is the old file or the new one, whole, whichever call it was killed at."""
    say("`keys wrap` killed at each of its calls that change anything")
    calls = "openat,write,fchmod,fsync,rename,close"
    g = Gateway("USA", base, BIN)
    g.found()
    new = os.path.join(base, "USA.new", "key")
    g.accord("keys", "make", new)
    conf_wrap_keys(g, new, g.wrap_key)
    print_of = g.accord("party", "exchange", "--out", os.path.join(base, "usa.exchange"))["fingerprint"]
    kept = {key: read(key_file(g, key)) for key in KEYS}
    trial = subprocess.run(["strace", "-o", "/dev/null", "-e", "trace=rename", "true"], capture_output=True)
    if trial.returncode != 0:
        say("skipped: strace may not trace here")
        return
    killed = whole = states = 0
    traced = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # who looks for leaks at the end cannot be traced
    for n in range(1, 2000):
        for key in KEYS:
            write(key_file(g, key), kept[key])
        done = subprocess.run(["strace", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={n}",
                               *g.command("keys", "wrap")], capture_output=True, text=True, timeout=60, env=traced)
        words, code = at_rest(g)
        killed += done.returncode != 0
        whole += code == 0 and len(words) == 3
        states += len(set(words.values())) == 2
        for left in set(os.listdir(os.path.join(g.dir, "keys"))) - set(KEYS):
            os.unlink(os.path.join(g.dir, "keys", left))
        if done.returncode == 0:
            break
    check(f"killed {killed} times, every key opened each time", whole == n and killed == n - 1 and killed > 20, f"{whole} of {n}")
    check("some of these left one key new and another old", states > 2, str(states))
    check("it is the same party", g.accord("party", "exchange", "--out", os.path.join(base, "usa2.exchange"))["fingerprint"] == print_of)


def main():
    base = fresh_folder(BASE)
    g = Gateway("KOR", base, BIN)
    try:
        plain_keys_are_told_and_wrapped(base)
        g.found()
        g.start()
        g.wait_ready()
        a_wrap_key_is_exchanged(g, base)
        status_says_what_else_is_wrong(g)
        what_lies_open_or_was_changed(g)
        a_backup_says_what_is_in_it(g, base)
        killed_at_any_step(base)
    finally:
        g.stop()
    return conclude()


if __name__ == "__main__":
    sys.exit(main())
