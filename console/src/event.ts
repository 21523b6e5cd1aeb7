// SPDX-License-Identifier: Apache-2.0
// What a display is told (docs/format/display-api.md), read once, here, into types that cannot be wrong.

export type Place = { lon: number; lat: number };

export type Thing = {
  id: string;
  layer: number;
  fresh: boolean; // its trail starts anew
  time: number; // ms since 1970
  stale: number;
  type: string;
  at: Place;
  height?: number; // m
  course?: number; // degrees
  speed?: number; // m/s
  error?: number; // m, circular
  name: string;
  remarks: string;
  from: string[];
  warning: boolean;
  marking: string;
  launch?: Place;
  impact?: Place & { radius: number };
};

export type Banner = { line: string; back: string; text: string };

export type Event =
  | { kind: 'room'; party: string; display: string; room: string; turn: number; state: 'live' | 'bare' | 'dark';
      lease: number; now: number; banner: Banner }
  | { kind: 'put'; things: Thing[]; unread: string[] } // unread: what came and could not be read is shown no more
  | { kind: 'gone'; ids: string[] }
  | { kind: 'mask'; turn: number; layers: Set<number>; all: boolean; banner: Banner }
  | { kind: 'end' };

// LEASE_MAX - no gateway needs longer; a wrong number must not keep a screen lit
// TEXT_MAX  - longer than any text of a report
const LEASE_MAX = 60_000;
const TEXT_MAX = 4096;

type Row = Record<string, unknown>;

function row(v: unknown): Row {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) { throw new Error('an object was expected'); }
  return v as Row;
}

function list(v: unknown): unknown[] {
  if (!Array.isArray(v)) { throw new Error('a list was expected'); }
  return v;
}

// What turns the direction of writing, or is not seen, could make a text look like another
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function text(v: unknown): string {
  if (typeof v !== 'string' || v.length > TEXT_MAX) { throw new Error('a text was expected'); }
  return v.replace(/\s*\n\s*/g, ' · ').replace(UNSEEN, '\ufffd');
}

function number(v: unknown, least: number, most: number): number {
  if (typeof v !== 'number' || !(v >= least && v <= most)) { throw new Error('a number was expected'); }
  return v;
}

function whole(v: unknown, most: number): number {
  const n = number(v, 0, most);
  if (!Number.isInteger(n)) { throw new Error('a whole number was expected'); }
  return n;
}

function instant(v: unknown): number {
  const t = typeof v === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(v) ? Date.parse(v) : NaN;
  return number(t, 0, 8.64e15);
}

function colour(v: unknown): string {
  if (typeof v !== 'string' || !/^#[0-9a-fA-F]{6}$/.test(v)) { throw new Error('a colour was expected'); }
  return v;
}

function id(v: unknown): string {
  if (typeof v !== 'string' || !/^[0-9a-f]{16}$/.test(v)) { throw new Error('an id was expected'); }
  return v;
}

function maybe<T>(v: unknown, read: (v: unknown) => T): T | undefined {
  return v === undefined ? undefined : read(v);
}

const latitude = (v: unknown) => number(v, -90, 90);
const longitude = (v: unknown) => number(v, -180, 180);

function place(v: unknown): Place {
  const p = list(v);
  return { lat: latitude(p[0]), lon: longitude(p[1]) };
}

function area(v: unknown): Place & { radius: number } {
  return { ...place(v), radius: number(list(v)[2], 0, 2e7) };
}

function thing(v: unknown): Thing {
  const o = row(v);
  if (o.k !== 'track' && o.k !== 'warning') { throw new Error('a kind was expected'); }
  return {
    id: id(o.i),
    layer: whole(o.l, 0xffffffff),
    fresh: o.new === true,
    time: instant(o.t),
    stale: instant(o.s),
    type: text(o.y),
    at: { lat: latitude(o.la), lon: longitude(o.lo) },
    height: maybe(o.h, (h) => number(h, -1e7, 1e9)),
    course: maybe(o.c, (c) => number(c, 0, 360)),
    speed: maybe(o.v, (s) => number(s, 0, 3e5)),
    error: maybe(o.e, (e) => number(e, 0, 1e8)),
    name: maybe(o.n, text) ?? '',
    remarks: maybe(o.r, text) ?? '',
    from: list(o.from).map(text),
    warning: o.k === 'warning',
    marking: text(o.b),
    launch: maybe(o.launch, place),
    impact: maybe(o.impact, area),
  };
}

function banner(o: Row): Banner {
  return { line: text(o.banner), back: colour(o.back), text: colour(o.text) };
}

function room(o: Row): Event {
  const state = o.state;
  if (state !== 'live' && state !== 'bare' && state !== 'dark') { throw new Error('a state was expected'); }
  return { kind: 'room', party: text(o.party), display: text(o.display), room: text(o.room),
    turn: whole(o.turn, Number.MAX_SAFE_INTEGER), state, lease: number(o.lease, 1, LEASE_MAX), now: instant(o.now),
    banner: banner(o) };
}

// put - one object that cannot be read costs that object, and whatever was shown under its id
function put(o: Row): Event {
  const things: Thing[] = [], unread: string[] = [];
  for (const one of list(o.o)) {
    try {
      things.push(thing(one));
    } catch {
      const i = typeof one === 'object' && one !== null ? (one as Row).i : undefined;
      if (typeof i === 'string') { unread.push(i); }
    }
  }
  return { kind: 'put', things, unread };
}

function mask(o: Row): Event {
  if (typeof o.all !== 'boolean') { throw new Error('all or not was expected'); }
  return { kind: 'mask', turn: whole(o.turn, Number.MAX_SAFE_INTEGER), all: o.all,
    layers: new Set(list(o.layers).map((l) => whole(l, 0xffffffff))), banner: banner(o) };
}

const READERS: Record<string, (o: Row) => Event> = {
  room,
  put,
  mask,
  gone: (o) => ({ kind: 'gone', ids: list(o.i).map(id) }),
  end: () => ({ kind: 'end' }),
};

/* event_read - one event of the stream
 *
 * fails    throws on what cannot be read; null for a name that is not known */
export function event_read(name: string, data: string): Event | null {
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  return read ? read(row(JSON.parse(data))) : null;
}
