// SPDX-License-Identifier: Apache-2.0
// What can be seen of the page from outside: places on the map as pixels, and the ink that is there.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const SIZE = { width: 1600, height: 900 };
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/* complaints - what must not be: requests to anybody else, errors, what breaks the page's policy, dialogs */
export async function complaints(page, origin) {
  const wrong = [];
  page.on('request', (q) => { if (!q.url().startsWith(`${origin}/`) && !q.url().startsWith('data:')) { wrong.push(`asked ${q.url()}`); } });
  page.on('pageerror', (e) => wrong.push(`thrown: ${e.message}`));
  page.on('console', (m) => { if (/Content Security|Trusted|violat/i.test(m.text())) { wrong.push(m.text()); } });
  page.on('dialog', (d) => { wrong.push(`dialog: ${d.message()}`); void d.dismiss(); });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (e) => globalThis.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  });
  return async () => [...wrong, ...await page.evaluate(() => globalThis.violations)];
}

// settled - what was told is painted
export const settled = (page) => page.evaluate(() => new Promise((go) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(go)), 300)));

export async function shot(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

function mercator([la, lo]) {
  return [(lo * Math.PI * 6378137) / 180, Math.log(Math.tan(Math.PI / 4 + (la * Math.PI) / 360)) * 6378137];
}

/* spots - pixels of places, by the first view: START of chart.ts fitted into the map's part of the screen */
export async function spots(page, objects) {
  const size = await page.evaluate(() => { const m = document.getElementById('map'); return [m.clientWidth, m.clientHeight]; });
  const [west, south] = mercator([27, 118]), [east, north] = mercator([46, 147]);
  const resolution = Math.max((east - west) / size[0], (north - south) / size[1]);
  return objects.map((o) => {
    const [x, y] = mercator([o.la, o.lo]);
    return { x: Math.round((x - (west + east) / 2) / resolution + size[0] / 2), y: Math.round(((south + north) / 2 - y) / resolution + size[1] / 2) };
  });
}

/* watch - each frame from now on: does the area round each place hold ink, and which ink? */
export async function watch(page, places) {
  await page.evaluate((where) => {
    const canvas = document.querySelector('.reports'), to = canvas.getContext('2d');
    globalThis.frames = [];
    const look = ({ x, y }) => {
      const data = to.getImageData(x - 9, y - 9, 18, 18).data;
      let sum = 0, ink = 0;
      for (let i = 0; i < data.length; i++) { sum = (sum * 31 + data[i]) >>> 0; ink += i % 4 === 3 && data[i] > 0 ? 1 : 0; }
      return { sum, ink };
    };
    const frame = () => {
      globalThis.frames.push({ at: performance.now(), spots: where.map(look) });
      globalThis.watching = requestAnimationFrame(frame);
    };
    frame();
  }, places);
}
export const watched = (page) => page.evaluate(() => { cancelAnimationFrame(globalThis.watching); return globalThis.frames; });

/* held - the objects that the page's own memory has, wherever in it they lie */
export async function held(page) {
  const talk = await page.context().newCDPSession(page);
  try {
    const { result: maps } = await talk.send('Runtime.evaluate', { expression: 'Map.prototype' });
    const { objects } = await talk.send('Runtime.queryObjects', { prototypeObjectId: maps.objectId });
    const { result } = await talk.send('Runtime.callFunctionOn', { objectId: objects.objectId, returnByValue: true,
      functionDeclaration: `function () {
        return this.flatMap((m) => [...m.values()]).filter((v) => v && v.thing && v.trail)
          .map(({ thing }) => ({ i: thing.id, l: thing.layer, n: thing.name, b: thing.marking, from: thing.from, warning: thing.warning }));
      }` });
    return result.value;
  } finally {
    await talk.detach();
  }
}
