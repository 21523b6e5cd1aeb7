// SPDX-License-Identifier: Apache-2.0
// The parts of the wall display's page that need no browser: node --test, over what tsc made of them.
// WORK=folder in which the page was built; ACCORD_VECTORS=data of others, where they are at hand.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'node:test';

const { WORK, ACCORD_VECTORS = '../shared/data' } = process.env;
const part = (name) => import(pathToFileURL(join(WORK, name)));
const { arc, circle } = await part('js/src/arc.js');
const { event_read } = await part('js/src/event.js');
const { Labels } = await part('js/src/labels.js');
const { sidc_of, symbol_of } = await part('js/src/sidc.js');
const { Events } = await part('js/src/sse.js');
const { TRAIL_MS, THINGS_MAX, Wall } = await part('js/src/wall.js');
const { ring_clip, coasts } = await part('plugins/land.js');
const { Symbol } = createRequire(join(WORK, 'package.json'))('milsymbol');

const at = (ms) => ({ mono: ms, wall: 1_800_000_000_000 + ms });
const LOOK = { banner: 'SECRET', back: '#c8102e', text: '#ffffff' };
const room = (more = {}) => event_read('room', JSON.stringify({ party: 'KOR', display: 'wall-1', room: 'ops', turn: 1, state: 'live',
  lease: 2000, now: '2026-11-23T03:00:00.000Z', ...LOOK, ...more }));
const object = (n, more = {}) => ({ i: n.toString(16).padStart(16, '0'), l: 1, t: '2026-11-23T03:00:00.000Z', s: '2026-11-23T03:05:00.000Z',
  y: 'a-f-S', la: 35, lo: 130, from: ['KOR radar-1'], k: 'track', b: 'SECRET', ...more });
const put = (...objects) => event_read('put', JSON.stringify({ o: objects }));
const mask = (more = {}) => event_read('mask', JSON.stringify({ turn: 2, layers: [1], all: false, ...LOOK, ...more }));
const lit = (...objects) => {
  const wall = new Wall();
  wall.take(room(), at(0));
  wall.take(put(...objects), at(0));
  return wall;
};

test('types of Cursor on Target become symbols', () => {
  const rows = [
    ['a-h-A-W-M-S-S', 'SHAPWMSS-------', 'hostile'], // what a missile warning is about
    ['a-f-G-U-C', 'SFGPUC---------', 'friend'],
    ['a-n-S-X-M', 'SNSPXM---------', 'neutral'],
    ['a-u-U', 'SUUP-----------', 'unknown'],
    ['a-s-P', 'SSPP-----------', 'hostile'],
    ['a-f-G-I-B-A', 'SFGPIBA---H----', 'friend'],
    ['a-f-A-C-F-q', 'SFAPCF---------', 'friend'], // small letters are finer than the standard
    ['a-f-A-m-F', 'SFAP-----------', 'friend'],
    ['a-x-G', 'SUGP-----------', 'unknown'],
    ['a-?-Q-F', 'SUZP-----------', 'unknown'],
    ['a-constructor-toString', 'SUZP-----------', 'unknown'],
    ['a', 'SUZP-----------', 'unknown'],
  ];
  for (const [type, sidc, side] of rows) {
    const symbol = symbol_of(type);
    assert.deepEqual([sidc_of(symbol, 6), symbol.side], [sidc, side], type);
  }
  for (const type of ['b-d-l', 'b-m-p-w', 'u-d-f', '', 'A-h-A']) { assert.equal(symbol_of(type), null, type); }
});

test('each type of the list of others is drawn, most to the last letter', (t) => {
  const list = join(ACCORD_VECTORS, 'cot/cot-types.xml');
  if (!existsSync(list)) { return t.skip('there is no list of types'); }
  const types = [...readFileSync(list, 'utf8').matchAll(/<cot cot="(a-\.[^"]*)"/g)].map(([, type]) => type.replace('.', 'h'));
  let fine = 0;
  for (const type of types) {
    const symbol = symbol_of(type);
    let depth = symbol.functions.length;
    while (depth > 0 && !new Symbol(sidc_of(symbol, depth)).isValid()) { depth--; }
    assert.equal(new Symbol(sidc_of(symbol, depth)).getMetadata().affiliation, 'Hostile', type);
    fine += depth === symbol.functions.length ? 1 : 0;
  }
  t.diagnostic(`${fine} of ${types.length} types`);
  assert.ok(types.length > 500 && fine > types.length * 0.9);
});

test('an event is read, or it is not', () => {
  const [thing] = put(object(1, { n: 'A\u202eB\nC', launch: [1, 2], impact: [3, 4, 500], h: -3, c: 360, v: 0 })).things;
  assert.equal(thing.name, 'A\ufffdB · C');
  assert.deepEqual([thing.launch, thing.impact], [{ lat: 1, lon: 2 }, { lat: 3, lon: 4, radius: 500 }]);
  for (const more of [{ la: 91 }, { lo: '1' }, { l: 1.5 }, { l: -1 }, { k: 'x' }, { t: 'now' }, { t: 5 }, { n: 7 }, { impact: [1, 2] }, { c: null },
    { from: 'KOR' }, { b: undefined }, { s: '2026-99-23T03:00:00Z' }, { r: 'x'.repeat(5000) }]) {
    const { things, unread } = put(object(1, more));
    assert.deepEqual([things.length, unread], [0, ['0000000000000001']], JSON.stringify(more));
  }
  assert.equal(put(object(1, { i: 'nonsense' }), null, 7, object(2)).things.length, 1);
  const bad = [['room', '{}'], ['mask', '[]'], ['mask', '{"turn":1,"layers":["1"],"all":false}'], ['gone', '{"i":"x"}'], ['put', '{"o":{}}'], ['end', '1'], ['mask', '{']];
  for (const [name, data] of bad) { assert.throws(() => event_read(name, data), undefined, name + data); }
  for (const more of [{ state: 'lit' }, { lease: 0 }, { lease: 1e9 }, { back: 'red' }, { text: '#fff;' }, { now: '' }]) { assert.throws(() => room(more)); }
  assert.equal(event_read('other', '{}'), null);
  assert.equal(event_read('toString', '{}'), null);
});

test('a stream may be cut anywhere', () => {
  const whole = ': hello\nevent: put\nid: 1\ndata: {"a":\ndata: 1}\n\nevent:gone\r\ndata:{}\r\n\r\nevent: x\n\n';
  for (let size = 1; size < whole.length; size++) {
    const events = new Events(), told = [];
    for (let i = 0; i < whole.length; i += size) { events.take(whole.slice(i, i + size), (...e) => told.push(e)); }
    assert.deepEqual(told, [['put', '{"a":\n1}'], ['gone', '{}']]);
  }
  const endless = new Events();
  assert.throws(() => { for (let i = 0; i < 100; i++) { endless.take('data: ' + 'x'.repeat(20_000) + '\n', () => {}); } });
});

test('a mask takes its layers and nothing else; what stays is the same object', () => {
  const wall = lit(object(1), object(2, { l: 2 }), object(3)), stays = wall.things.get('0000000000000002');
  assert.deepEqual(wall.take(mask({ banner: 'OTHER' }), at(1)), { redraw: true, done: 2 });
  assert.deepEqual([...wall.things.values()], [stays]);
  assert.equal(wall.things.get('0000000000000002'), stays);
  assert.equal(wall.banner.line, 'OTHER');
  assert.deepEqual(wall.take(mask({ all: true, layers: [], turn: 3 }), at(2)), { redraw: true, done: 3 });
  assert.equal(wall.things.size, 0);
  wall.take(put(object(1)), at(3));
  assert.equal(wall.things.get('0000000000000001').trail.length, 3, 'what comes back has no past');
});

test('a lease ends by either clock, whichever is first, and a word begins it anew', () => {
  for (const late of [{ mono: 2000, wall: at(1).wall }, { mono: 1, wall: at(2000).wall }]) {
    const wall = lit(object(1));
    assert.equal(wall.lapse(at(1999)), false);
    assert.equal(wall.lapse(late), true);
    assert.equal(wall.blank, 'lease');
    assert.equal(wall.lapse(late), false);
    wall.take(mask(), late);
    wall.take(room({ turn: 2 }), at(5000));
    assert.equal(wall.blank, null);
    assert.equal(wall.things.size, 0, 'a mask that came while it was blank is kept to');
  }
});

test('time is the server\u2019s, whatever the own clock does', () => {
  const wall = lit();
  assert.equal(new Date(wall.time({ mono: 1500, wall: 0 })).toISOString(), '2026-11-23T03:00:01.500Z');
});

test('dark, an end and a refusal leave nothing; a broken connection leaves what the lease allows', () => {
  for (const darken of [(w) => w.take(room({ state: 'dark' }), at(1)), (w) => w.take({ kind: 'end' }, at(1)), (w) => w.lose('off', at(1)), (w) => w.lose('refused', at(1))]) {
    const wall = lit(object(1));
    darken(wall);
    assert.notEqual(wall.blank, null);
    assert.equal(wall.things.size, 0);
  }
  const wall = lit(object(1));
  wall.lose('lost', at(1));
  wall.begin();
  assert.deepEqual([wall.blank, wall.things.size], [null, 1]);
  wall.take(room(), at(2));
  assert.equal(wall.things.size, 0);
  assert.equal(wall.lapse(at(2002)), true);
  wall.lose('lost', at(2003));
  assert.equal(wall.blank, 'lease');
});

test('a trail is ten minutes, starts anew when told, and never goes back in time', () => {
  const wall = lit(), time = (s) => new Date(Date.UTC(2026, 10, 23, 3) + s * 1000).toISOString();
  for (let s = 0; s <= 1200; s++) { wall.take(put(object(1, { t: time(s), lo: 130 + s / 1000 })), at(0)); }
  const { trail } = wall.things.get('0000000000000001'), times = trail.filter((_, i) => i % 3 === 0);
  assert.ok(times.length <= 42 && times.at(-1) - times[0] <= TRAIL_MS && times.at(-1) - times[0] > TRAIL_MS - 31_000);
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  wall.take(put(object(1, { t: time(10) })), at(0));
  assert.equal(trail.at(-3), times.at(-1));
  wall.take(put(object(1, { t: time(1201), new: true })), at(0));
  assert.equal(wall.things.get('0000000000000001').trail.length, 3);
});

test('no more objects than there is room for, and it says so', () => {
  const wall = lit();
  for (let n = 0; n <= THINGS_MAX; n += 256) { wall.take(put(...Array.from({ length: 256 }, (_, i) => object(n + i))), at(0)); }
  assert.deepEqual([wall.things.size, wall.full], [THINGS_MAX, true]);
});

test('labels that have room keep it when others go', () => {
  const labels = new Labels(), box = (id, x) => ({ id, x, y: 0, width: 20, height: 10 });
  assert.deepEqual(labels.place([box('a', 0), box('b', 10), box('c', 40)], 9).map((b) => b.id), ['a', 'c']);
  assert.deepEqual(labels.place([box('b', 10), box('c', 40)], 9).map((b) => b.id), ['c', 'b']);
  assert.deepEqual(labels.place([box('z', 30), box('b', 10), box('c', 40)], 9).map((b) => b.id), ['b', 'c']);
});

test('ways and circles on the sphere', () => {
  const way = arc({ lat: 0, lon: 0 }, { lat: 0, lon: 90 }, 2);
  assert.ok(Math.abs(way[1].lon - 45) < 1e-9 && Math.abs(way[1].lat) < 1e-9);
  for (const p of circle({ lat: 37, lon: 130 }, 111_195, 8)) {
    const c = Math.cos(37 * Math.PI / 180);
    assert.ok(Math.abs(Math.hypot(p.lat - 37, (p.lon - 130) * c) - 1) < 0.02);
  }
});

test('land is cut at the edge, and the cut is no coast', () => {
  const box = [0, 0, 10, 10], ring = [[5, 5], [15, 5], [15, 8], [5, 8], [5, 5]];
  const cut = ring_clip(ring, box);
  assert.ok(cut.every(([x]) => x <= 10) && cut.some(([x]) => x === 10));
  assert.ok(coasts(cut, box).every((line) => line.every(([x], i) => i === 0 || x !== 10 || line[i - 1][0] !== 10)));
  assert.deepEqual(ring_clip([[20, 20], [30, 20], [30, 30], [20, 20]], box), []);
});

test('the three languages say the same things', () => {
  const words = ['en', 'ko', 'ja'].map((l) => JSON.parse(readFileSync(join(WORK, `lang/${l}.json`), 'utf8')));
  for (const other of words) {
    assert.deepEqual(Object.keys(other), Object.keys(words[0]));
    assert.ok(Object.values(other).every((w) => w !== '') && other.since.includes('{time}'));
  }
});
