# SPDX-License-Identifier: Apache-2.0
"""The page that a test shares with test/fault/shim.c: which call of which program is to fail, and what did."""
import errno
import mmap
import os
import struct
import subprocess

KINDS = ("memory", "error", "again", "short")
PROGRAMS = ("accordd", "accord-guard", "accord-courier", "accord-intake", "accord-desk", "accord-check", "accord", "accord-unwrap")
NAMES, ARMED, COUNTS, AFTER, ONLY, FRAMES, SIZE = 0, 192, 216, 472, 520, 552, 4096
HEAD, END, FRAME = struct.Struct("<IIIIQ"), struct.Struct("<Ii32sII"), struct.Struct("<24sQ")


class Fired:
    """What failed: the process, the call, the error, and where it was called from."""

    def __init__(self, pid, call, error, of_child, frames):
        self.pid, self.call, self.error, self.of_child, self.frames = pid, call, error, of_child, frames

    def __str__(self):
        what = f"{self.call}: {errno.errorcode[self.error] if self.error else 'less than asked'}"
        return what + (" in a child that was not a program yet" if self.of_child else "")

    def way(self, folders, depth=9):
        """The functions that it was called by, the inmost first, as far as the files say their names."""
        names = []
        for module, offset in self.frames:
            path = next((p for f in folders if os.path.exists(p := os.path.join(f, module))), None)
            if path is not None:
                out = subprocess.run(["addr2line", "-f", "-e", path, hex(offset - 1)], capture_output=True, text=True).stdout
                names.append((out.splitlines() or ["??"])[0])
        return " < ".join([n for n in names if n != "??"][:depth])


class Page:
    def __init__(self):
        self.fd = os.memfd_create("fault-page")
        os.ftruncate(self.fd, SIZE)
        self.map = mmap.mmap(self.fd, SIZE)
        self.span = 0
        for i, name in enumerate(PROGRAMS):
            self.map[NAMES + 24 * i:NAMES + 24 * i + len(name)] = name.encode()

    def arm(self, program=None, kind="memory", n=0, only=""):
        """From now on the n-th call of this kind in this program fails, once; of no program: all are only counted.
        Of memory a call counts that comes a way that none came before.  only: calls of this name."""
        self.disarm()
        self.span += 1
        self.map[COUNTS:SIZE] = bytes(SIZE - COUNTS)
        self.map[ONLY:ONLY + len(only)] = only.encode()
        target = PROGRAMS.index(program) if program else 0
        self.map[ARMED + 4:ARMED + HEAD.size] = HEAD.pack(0, target, KINDS.index(kind), 0, n)[4:]
        self.map[ARMED:ARMED + 4] = struct.pack("<I", self.span)

    def disarm(self):
        """Nothing fails any more; what failed, or None."""
        self.map[ARMED:ARMED + 4] = bytes(4)
        pid, error, call, frames, of_child = END.unpack(self.map[AFTER:AFTER + END.size])
        at = [FRAME.unpack(self.map[FRAMES + i * FRAME.size:FRAMES + (i + 1) * FRAME.size]) for i in range(frames)]
        return None if pid == 0 else Fired(pid, text(call), error, of_child, [(text(m), o) for m, o in at])

    def counts(self):
        """{(program, kind): how many calls there were}"""
        each = struct.unpack("<32Q", self.map[COUNTS:COUNTS + 32 * 8])
        return {(p, k): each[len(KINDS) * i + j] for i, p in enumerate(PROGRAMS) for j, k in enumerate(KINDS)}

    def environment(self, library):
        return {**os.environ, "LD_PRELOAD": library, "FAULT_PAGE": str(self.fd)}


def text(padded):
    return padded.split(b"\0")[0].decode()
