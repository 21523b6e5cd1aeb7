// SPDX-License-Identifier: Apache-2.0
// The page at a real desk, told by demo/screen.py, a word a line: WORK=… SHOTS=… real.mjs ORIGIN CERTIFICATE KEY LANGUAGE.
// shows TEXT…   waits until the page's texts have all of it     lacks TEXT…   until they have none of it
// count N       waits until N objects are on the screen         lang LANGUAGE the page anew in another language
// blank         waits until nothing but a word is shown         lit           until the picture is there
// banner        what stands above and below, and its colours    held          what the page's memory has, as JSON
// watch LA,LO…  looks at these places in each frame             watched       what was there, as JSON: see below
// pick LA,LO    clicks there; the details as JSON               shot NAME     leaves a screenshot
// Each is answered by a line: ok, a JSON value, or what stands there instead.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { complaints, FLAGS, held, settled, shot, SIZE, spots, watch, watched } from './eyes.mjs';

const { WORK, SHOTS = join(WORK, 'seen'), CHROMIUM = '/usr/bin/chromium' } = process.env;
const [origin, certPath, keyPath, lang] = process.argv.slice(2);
const { chromium } = createRequire(join(WORK, 'package.json'))('playwright-core');
const WAIT = { timeout: 20_000 };

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: SIZE, clientCertificates: [{ origin, certPath, keyPath }] });
const page = await context.newPage(), wrong = await complaints(page, origin);

const places = (words) => spots(page, words.map((w) => w.split(',').map(Number)).map(([la, lo]) => ({ la, lo })));
const open = (language) => page.goto(`${origin}/wall/?lang=${language}`);

// frames_sum_up - of each place: ink in the first frame and in the last, whether it was ever another, and whether any frame had none
function frames_sum_up(frames) {
  return frames[0].spots.map((first, i) => ({ first: first.ink, last: frames.at(-1).spots[i].ink, frames: frames.length,
    same: frames.every((f) => f.spots[i].sum === first.sum), bare: frames.some((f) => f.spots[i].ink === 0) }));
}

const verbs = {
  shows: (words) => page.waitForFunction((all) => all.every((w) => document.body.innerText.includes(w)), words, WAIT),
  lacks: (words) => page.waitForFunction((all) => !all.some((w) => document.body.textContent.includes(w)), words, WAIT),
  count: ([n]) => page.waitForFunction((c) => document.getElementById('count').textContent.endsWith(` ${c}`), n, WAIT),
  blank: () => page.waitForFunction(() => !document.getElementById('blank').hidden, null, WAIT),
  lit: () => page.waitForFunction(() => document.getElementById('blank').hidden, null, WAIT),
  lang: ([language]) => open(language),
  watch: async (words) => watch(page, await places(words)),
  clean: async () => { const said = await wrong(); if (said.length) { throw new Error(said.join('; ')); } },
  async shot([name]) {
    await settled(page);
    await shot(page, SHOTS, name);
  },
};
const values = {
  held: () => held(page),
  watched: async () => frames_sum_up(await watched(page)),
  banner: () => page.evaluate(() => ['banner-top', 'banner-bottom'].map((id) => {
    const at = document.getElementById(id), look = getComputedStyle(at);
    return { line: at.textContent, back: look.backgroundColor, text: look.color };
  })),
  async pick(words) {
    const [{ x, y }] = await places(words), map = await page.locator('#map').boundingBox();
    await page.mouse.click(map.x + x, map.y + y);
    await settled(page); // a click is one when no second follows
    await settled(page);
    return page.evaluate(() => document.getElementById('details').innerText);
  },
};

await open(lang);
console.log('ok');
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...words] = line.split('\t');
  try {
    const value = await (verbs[verb] ?? values[verb])(words);
    console.log(values[verb] ? JSON.stringify(value) : 'ok');
  } catch (e) {
    const there = await page.evaluate(() => document.body.innerText).catch(() => '');
    console.log(JSON.stringify(`${e.message.split('\n')[0]}: ${there}`));
  }
}
await browser.close();
