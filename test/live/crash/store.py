# SPDX-License-Identifier: Apache-2.0
"""A reader of a party's logs that shares no code with the programs (docs/format/segment.md)."""
import contextlib
import hashlib
import os

HEAD = 4096
RECORD_MAX = (1 << 20) + (64 << 10)
DURABLE, LIVE, MARK, END = 1, 2, 3, 4
LEAF = 1


class Record:
    __slots__ = ("position", "kind", "type", "body")

    def __init__(self, position, kind, type_, body):
        self.position, self.kind, self.type, self.body = position, kind, type_, body


class Window:
    """Bytes of a file at places that mostly go forward."""

    def __init__(self, f):
        self.f, self.at, self.data = f, 0, b""

    def take(self, at, length):
        if not (self.at <= at and at + length <= self.at + len(self.data)):
            self.at, self.data = at, os.pread(self.f.fileno(), max(length, 1 << 15), at)
        return self.data[at - self.at:at - self.at + length]


class Log:
    """All records of one log, in order; records() goes on where it was.  What it has read stays read only up to
    where the log itself says that it was synced: what is behind that may be wiped and written anew after a crash."""

    def __init__(self, folder):
        self.folder = folder
        self.synced = 0
        self.certain = []  # records before `synced`
        self.at = None
        self.size = 0

    def _open(self, number):
        try:
            return open(os.path.join(self.folder, f"{number:016x}"), "rb", buffering=0)
        except FileNotFoundError:
            return None

    def _walk(self, at):
        """(record, synced, next position) from a boundary on, as far as there are any."""
        if self.size == 0:
            with contextlib.suppress(FileNotFoundError):
                self.size = os.path.getsize(os.path.join(self.folder, f"{0:016x}"))
        number, offset = (0, HEAD) if at is None else divmod(at, self.size or 1)
        while self.size > 0 and (f := self._open(number)) is not None:
            with f:
                window = Window(f)
                while True:
                    head = window.take(offset, 16)
                    length = int.from_bytes(head[4:8], "big")
                    kind = head[12] if len(head) == 16 else 0
                    if kind not in (DURABLE, LIVE, MARK, END) or length > RECORD_MAX:
                        return
                    body = window.take(offset + 16, length)
                    if len(body) < length:
                        return
                    position = number * self.size + offset
                    back = int.from_bytes(head[8:12], "big")
                    offset += (16 + length + 7) // 8 * 8
                    after = (number + 1) * self.size + HEAD if kind == END else number * self.size + offset
                    yield Record(position, kind, head[13], body), 0 if back == 0xffffffff else position - 8 * back, after
                    if kind == END:
                        break
            number, offset = number + 1, HEAD

    def records(self):
        """Durable and live records, all that are written by now."""
        found, cut = [], self.at
        for record, synced, after in self._walk(self.at):
            found.append((record, after))
            self.synced = max(self.synced, synced)
        sure = [(r, after) for r, after in found if r.position < self.synced]
        if sure:
            cut = sure[-1][1]
        self.certain += [r for r, _ in sure if r.kind in (DURABLE, LIVE)]
        self.at = cut
        return self.certain + [r for r, _ in found[len(sure):] if r.kind in (DURABLE, LIVE)]


def crc32c(data, crc=0):
    crc ^= 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def rewrite(folder, record, body):
    """Another body of the same length in the record's place, with a right checksum, as who writes the log could make it."""
    size = os.path.getsize(os.path.join(folder, f"{0:016x}"))
    number, offset = divmod(record.position, size)
    with open(os.path.join(folder, f"{number:016x}"), "r+b", buffering=0) as f:
        seed = int.from_bytes(os.pread(f.fileno(), 4, 80), "big")
        head = os.pread(f.fileno(), 16, offset)
        crc = crc32c(record.position.to_bytes(8, "big") + head[4:14] + bytes(6), seed)
        padding = bytes(-len(body) % 8)
        if head[:4] != crc32c(record.body + padding, crc).to_bytes(4, "big") or len(body) != len(record.body):
            raise ValueError("this is not the record that was read there")
        os.pwrite(f.fileno(), crc32c(body + padding, crc).to_bytes(4, "big") + head[4:] + body + padding, offset)


class Batch:
    """The outside of a batch (docs/format/pouch.md); `same` is what no courier changes."""
    __slots__ = ("handle", "first", "count", "same", "partner", "lane", "number", "durable")

    def __init__(self, body):
        self.handle = body[:16].hex()
        self.first = int.from_bytes(body[16:24], "big")
        self.count = int.from_bytes(body[24:26], "big")
        self.same = hashlib.sha256(body[16:]).digest()
        self.partner = self.lane = self.number = None
        self.durable = True


def of_outbox(record):
    b = Batch(record.body)
    b.durable = record.kind == DURABLE
    return b


def of_inbox(record):
    """A batch that came, or None for a grant."""
    body, n = record.body, record.body[0]
    if body[10 + n] == 1:
        return None
    b = Batch(body[11 + n:])
    b.partner, b.lane = body[1:1 + n].decode(), body[1 + n]
    b.number = int.from_bytes(body[2 + n:10 + n], "big")
    b.durable = record.kind == DURABLE
    return b


class Grown:
    """A log's batches, read a little more each time; what was read stays at its place in the list."""

    def __init__(self, folder, of):
        self.log, self.of, self.batches, self.done = Log(folder), of, [], 0

    def read(self):
        """All batches now.  Those that are not yet certain are made anew at each call."""
        records = self.log.records()
        certain = len(self.log.certain)
        for r in records[self.done:certain]:
            self._take(self.batches, r)
        self.done = certain
        more = []
        for r in records[certain:]:
            self._take(more, r)
        return self.batches + more

    def _take(self, to, record):
        b = self.of(record)
        if b is not None:
            to.append(b)


def chain(records):
    """A digest over records, one after another, for `did it only grow?`"""
    h = hashlib.sha256()
    for r in records:
        h.update(r.position.to_bytes(8, "big") + bytes([r.kind, r.type]) + r.body)
    return h.digest()


def leaves(records):
    """The texts of the leaves of a ledger, as dictionaries of their lines."""
    out = []
    for r in records:
        if r.body[0] == LEAF:
            lines = r.body[33:].decode("utf-8", "replace").splitlines()
            out.append({k: v for k, _, v in (l.partition(" ") for l in reversed(lines))})
    return out
