#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The programs that run: what each asks of the system's libraries is in its list (test/box/imports), what it is linked of
has no part that it must not have, each process is bound as it says, and one that makes a call which its filter
forbids is ended, told of and started again.

    B=build python3 test/box/binaries.py
    B=build python3 test/box/binaries.py --write      # the lists, anew: look at what changed, and why

A call that is forbidden is put in place of one that is not by strace, so that part needs its right to trace; where it
has none, it says that it is skipped.  What needs root says so too."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "demo"))
BUILD = os.path.abspath(os.environ.get("B", os.path.join(ROOT, "build")))
BASE = os.path.join(BUILD, "box")
IMPORTS = os.path.join(HERE, "imports")
from gateways import Gateway, fresh_folder  # noqa: E402
from tell import check, conclude, say, until  # noqa: E402

BOUND = ("guard", "intake", "check", "courier", "desk")
PROGRAMS = {"accordd": "accordd", "unwrap": "accord-unwrap", **{p: "accord-" + p for p in BOUND}}

# Nobody asks for these, accordd neither: it starts programs by descriptors (execveat)
NEVER = re.compile(r"^(system|popen|posix_spawnp?|exec[lv]p?e?|fexecve|vfork|dlopen|dlmopen|ptrace|process_vm_.*|mprotect|bpf"
                   r"|f(re)?open(64)?|getaddrinfo|gethostbyname.*|EVP_Seal.*|EVP_PKEY_(en|de)crypt.*|PKCS7_.*|CMS_.*"
                   r"|BIO_new_(file|connect)|ENGINE_.*)$")
STARTING = re.compile("^(open|fork|clone|kill|waitpid|execveat|unshare|mount_setattr)$")
SOCKETS = re.compile("^(socket|connect|bind|listen|accept4?|setsockopt)$")
MUST_NOT = {"guard": (STARTING, SOCKETS, re.compile("^(malloc|calloc|realloc|strdup|qsort)$")), "intake": (STARTING,),
            "check": (STARTING, SOCKETS), "courier": (STARTING,), "desk": (STARTING,), "unwrap": (STARTING, SOCKETS), "accordd": (SOCKETS,)}

# What a captured courier, intake, check or desk must not even hold the code of; check shares no reader with who sealed
NOT_LINKED = {"courier": ("release", "agreement", "marking", "pouch", "ledger", "guard", "language"),
              "intake": ("release", "agreement", "ledger", "guard", "language", "http"),
              "check": ("release", "agreement", "ledger", "guard", "language", "pouch", "feed", "reduce", "input", "intake", "http"),
              "desk": ("release", "agreement", "ledger", "guard", "language"),
              "guard": ("language", "spif", "xmlsig", "http", "tak", "input", "cli"),
              "accordd": ("release", "agreement", "pouch", "guard", "http", "feed", "language")}


def symbols(path, *options):
    out = subprocess.run(["nm", *options, path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].split("@")[0] for line in out.splitlines() if line.strip() and not line.endswith(":")}


def program_path(process):
    return os.path.join(BUILD, "bin", PROGRAMS[process])


def imports(process):
    weak = {"_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__gmon_start__"}  # the compiler's, and nowhere
    return symbols(program_path(process), "-D", "--undefined-only") - weak


def list_path(process):
    return os.path.join(IMPORTS, PROGRAMS[process])


def lists_write():
    for process in PROGRAMS:
        with open(list_path(process), "w") as f:
            f.write("".join(name + "\n" for name in sorted(imports(process))))


def look_at_imports():
    say("what the programs ask of libraries")
    for process in PROGRAMS:
        with open(list_path(process)) as f:
            known = set(f.read().split())
        has = imports(process)
        check(f"{process}: nothing that is not in test/box/imports/{PROGRAMS[process]}", has <= known, " ".join(sorted(has - known)))
        bad = sorted(n for n in has if any(r.match(n) for r in (NEVER, *MUST_NOT[process])))
        check(f"{process}: nothing that it has no use for", not bad, " ".join(bad))


def defined(path):
    return symbols(path, "--defined-only", "--extern-only")


def archive(folder):
    return defined(os.path.join(BUILD, "lib", folder + ".a"))


def floors():
    """What each folder may be linked with, itself first."""
    with open(os.path.join(ROOT, "src", "FLOORS")) as f:
        rows = [line.split(":") for line in f if not line.startswith("#")]
    return {folder.strip(): [folder.strip(), *below.split()] for folder, below in rows}


def look_at_links():
    """Folders have inner names in common: what another folder of the program has too says nothing."""
    say("what the programs are linked of")
    may = floors()
    for process, folders in NOT_LINKED.items():
        has = defined(program_path(process))
        linked = {f for top in (process, process + "io", "shell") for f in may.get(top, ())}
        check(f"{process}: src/FLOORS has none of {', '.join(folders)}", not linked & set(folders))
        explained = set().union(*(archive(f) for f in linked))
        for folder in folders:
            own = archive(folder) - explained
            check(f"{process}: nothing of {folder}/", len(own) > 3 and not has & own, " ".join(sorted(has & own)[:5]))


# ---- processes that run ----


def said(g, sentence, since=0):
    with open(g.log_path) as f:
        return [line for line in f.read()[since:].splitlines() if sentence in line]


def pid_of(g, process):
    """Of the last one that was started."""
    line = said(g, f'a process is started process="{process}"')[-1]
    return int(re.search(r'pid="(\d+)"', line).group(1))


def status_of(pid):
    with open(f"/proc/{pid}/status") as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def view_of(pid, kind):
    return os.readlink(f"/proc/{pid}/ns/{kind}")


def look_at_bounds(g):
    say("what binds the processes")
    for process in BOUND:
        pid = pid_of(g, process)
        s = status_of(pid)
        caps = [s[k].strip() for k in ("CapInh", "CapPrm", "CapEff", "CapAmb")]
        check(f"{process}: a filter, no new privileges, no capabilities",
              s["Seccomp"] == "2" and s["NoNewPrivs"] == "1" and set(caps) == {"0" * 16})
        check(f"{process}: it says so", said(g, f"{process} what binds this process from here on"))
        if os.geteuid() == 0 and said(g, "each process sees all files read-only"):
            check(f"{process}: a view of files of its own", view_of(pid, "mnt") != view_of(os.getpid(), "mnt"))
            with open(f"/proc/{pid}/mounts") as f:
                check(f"{process}: in which nothing can be written", all("ro" in line.split()[3].split(",") for line in f))
    if os.geteuid() != 0:
        say("skipped: views of their own, which root gives")
        return
    for process in ("guard", "check"):
        pid = pid_of(g, process)
        if view_of(pid, "net") != view_of(os.getpid(), "net"):
            with open(f"/proc/{pid}/net/dev") as f:
                check(f"{process}: no network but its own, with nothing in it", [line.split(":")[0].strip() for line in f][2:] == ["lo"])


def traced(pid, call):
    """Its next wait is another call instead; None when nobody may do that here."""
    tracer = subprocess.Popen(["strace", "-qq", "-p", str(pid), "-o", os.path.join(BASE, "strace"), "-e", "trace=epoll_wait,epoll_pwait",
                               "-e", f"inject=epoll_wait,epoll_pwait:retval=0:syscall={call}:when=1"],
                              stderr=subprocess.PIPE, text=True)
    try:
        return tracer.wait(10) == 0 or "attach" not in (tracer.stderr.read() or "")
    except subprocess.TimeoutExpired:
        tracer.terminate()
        tracer.wait()
        return True


def forbidden_call(g, process):
    since = os.path.getsize(g.log_path)
    if not traced(pid_of(g, process), "getpgrp"):
        say(f"skipped: a forbidden call of {process}: nobody may trace here")
        return
    ended = until(10, lambda: [l for l in said(g, f'a process has ended process="{process}"', since) if 'signal="31"' in l])
    check(f"{process}: a call that its filter forbids ends it", ended)
    check(f"{process}: and it is told", until(5, lambda: said(g, "it made a system call that its filter forbids", since)))
    check(f"{process}: and it is started again", until(10, lambda: said(g, f"{process} what binds this process", since)))


def look_at_processes():
    g = Gateway("KOR", fresh_folder(BASE), os.path.join(BUILD, "bin"))
    g.found()
    g.start()
    try:
        g.wait_ready()
        until(10, lambda: said(g, "the gateway works"))
        look_at_bounds(g)
        say("a call that is forbidden")
        for process in BOUND:
            forbidden_call(g, process)
        check("the gateway works as before", until(20, lambda: g.one("status"))["party"] == "KOR")
    finally:
        check("it ends in good order", g.stop() == 0)


def main():
    if "--write" in sys.argv:
        lists_write()
        return 0
    look_at_imports()
    look_at_links()
    look_at_processes()
    return conclude()


sys.exit(main())
