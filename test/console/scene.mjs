// SPDX-License-Identifier: Apache-2.0
// What the room of the tests shows: a KOR–US operations room, and what a JPN officer in it may see.

export const BANNERS = {
  narrow: { banner: 'KOR MILITARY SECRET II // SECRET // REL TO USA, KOR', back: '#c8102e', text: '#ffffff' },
  wide: { banner: 'KOR MILITARY SECRET III // CONFIDENTIAL // REL TO USA, JPN, KOR', back: '#0033a0', text: '#ffffff' },
};
export const LAYER = { bilateral: 3, trilateral: 5, open: 7 };
const MARKING = { 3: BANNERS.narrow.banner, 5: BANNERS.wide.banner, 7: 'UNCLASSIFIED' };

let numbers = 0;
export function id_next() {
  return (++numbers).toString(16).padStart(16, '0');
}

export function instant(ms) {
  return new Date(ms).toISOString();
}

/* thing - an object as the desk tells of it */
export function thing(layer, y, la, lo, more = {}) {
  const now = Date.now();
  return { i: id_next(), l: layer, t: instant(now), s: instant(now + 600_000), y, la, lo, from: ['KOR radar-1'], k: 'track',
    b: MARKING[layer] ?? 'UNCLASSIFIED', ...more };
}

/* flown - the same object at some minutes before: what makes a trail */
export function flown(object, minutes, turn = 0) {
  const way = ((object.c ?? 0) * Math.PI) / 180, out = [];
  for (let s = minutes * 60; s > 0; s -= 20) {
    const back = ((object.v ?? 0) * s) / 111_000, bent = way - turn * (s / 600);
    out.push({ ...object, la: object.la - back * Math.cos(bent), lo: object.lo - (back * Math.sin(bent)) / Math.cos((object.la * Math.PI) / 180),
      t: instant(Date.parse(object.t) - s * 1000) });
  }
  return [...out, object];
}

export function scene() {
  const { bilateral, trilateral, open } = LAYER;
  const bilaterals = [
    thing(bilateral, 'a-h-A-M-F-F', 39.4, 126.2, { n: 'BANDIT 21', c: 165, v: 260, h: 8200, e: 90, from: ['KOR radar-1', 'USA awacs-3'] }),
    thing(bilateral, 'a-h-A-M-F-F', 39.6, 126.7, { n: 'BANDIT 22', c: 168, v: 255, h: 8100 }),
    thing(bilateral, 'a-s-U-S', 37.9, 131.2, { n: 'SIERRA 4', c: 95, v: 5, from: ['KOR sosus'] }),
    thing(bilateral, 'a-f-A-M-F-R', 37.2, 124.9, { n: 'WATCH 1', c: 10, v: 180, h: 10600, from: ['KOR'] }),
    thing(bilateral, 'a-h-G-E-W-M-S', 40.6, 127.6, { n: 'TEL-07', from: ['USA sat-2'] }),
  ];
  const trilaterals = [
    thing(trilateral, 'a-f-S-C-L-D-D', 36.4, 130.6, { n: 'DDG-993', c: 60, v: 8 }),
    thing(trilateral, 'a-f-A-M-F-P', 35.4, 134.2, { n: 'ORION 6', c: 300, v: 170, h: 6100, from: ['JPN jads'] }),
    thing(trilateral, 'a-f-A-C-F', 34.6, 128.1, { n: 'KAL 721', c: 110, v: 230, h: 11200 }),
    thing(trilateral, 'a-n-S-X-M', 34.0, 130.2, { n: 'EVER HOPE', c: 230, v: 7, from: ['JPN ais'] }),
    thing(trilateral, 'a-u-A', 38.6, 133.9, { n: '', c: 200, v: 140 }),
    thing(open, 'a-f-G-I-B-A', 35.18, 126.6, { n: '광주' }),
    thing(open, 'a-f-S-X-R', 33.4, 126.6, { n: 'しきしま', c: 20, v: 6 }),
  ];
  const missile = (layer, n, la, lo, launch, impact) => thing(layer, 'a-h-A-W-M-S-S', la, lo,
    { n, k: 'warning', h: 92000, c: 108, v: 2100, launch, impact, from: ['USA sbirs', 'KOR greenpine'] });
  const kept = missile(trilateral, 'MSL 0417', 40.1, 133.4, [40.85, 129.67], [39.2, 137.2, 45000]);
  const taken = missile(bilateral, 'MSL 0418', 38.8, 126.4, [39.2, 125.7], [36.5, 128.8, 20000]);
  return { bilaterals: [...bilaterals, taken], trilaterals: [...trilaterals, kept], kept, taken,
    all() { return [...this.trilaterals, ...this.bilaterals].flatMap((o, i) => (o.k === 'warning' ? [o] : flown(o, 9, i % 3 ? 0.2 : -0.3))); } };
}

/* puts - objects as events, so many in each */
export function puts(objects, most = 256) {
  const out = [];
  for (let i = 0; i < objects.length; i += most) { out.push(['put', { o: objects.slice(i, i + most) }]); }
  return out;
}

/* crowd - so many objects over the theatre, each a second later each turn */
export function crowd(count) {
  const types = ['a-f-A-M-F-F', 'a-n-S-X-M', 'a-u-A', 'a-f-A-C-F', 'a-h-A-M-F', 'a-f-S-C', 'a-n-A-C-F'];
  const objects = Array.from({ length: count }, (_, i) => thing(i % 5 === 0 ? LAYER.bilateral : LAYER.trilateral, types[i % types.length],
    26 + ((i * 7919) % 20000) / 1000, 118 + ((i * 104729) % 30000) / 1000, { n: i % 3 ? `T${i}` : '', c: (i * 37) % 360, v: 50 + (i % 200) }));
  return (turn) => objects.map((o) => ({ ...o, la: o.la + (turn * o.v * Math.cos((o.c * Math.PI) / 180)) / 111_000,
    lo: o.lo + (turn * o.v * Math.sin((o.c * Math.PI) / 180)) / 90_000, t: instant(Date.parse(o.t) + turn * 1000) }));
}
