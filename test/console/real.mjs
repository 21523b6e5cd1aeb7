// SPDX-License-Identifier: Apache-2.0
// The page at a real desk, told by test/live/rooms/page.py, a word a line: WORK=… real.mjs ORIGIN CERTIFICATE KEY LANGUAGE.
// shows TEXT…   waits until the page's texts have all of it          lacks TEXT…   until they have none of it
// count N       waits until N objects are on the screen              shot NAME     leaves a screenshot
// Each is answered by a line: ok, or what stands there instead.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { WORK, CHROMIUM = '/usr/bin/chromium' } = process.env;
const [origin, certPath, keyPath, lang] = process.argv.slice(2);
const { chromium } = createRequire(join(WORK, 'package.json'))('playwright-core');
const seen = join(WORK, 'seen');
mkdirSync(seen, { recursive: true });
const WAIT = { timeout: 20_000 };

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1600, height: 900 },
  clientCertificates: [{ origin, certPath, keyPath }] });
const page = await context.newPage(), wrong = [];
page.on('request', (q) => { if (!q.url().startsWith(`${origin}/`) && !q.url().startsWith('data:')) { wrong.push(`asked ${q.url()}`); } });
page.on('pageerror', (e) => wrong.push(`thrown: ${e.message}`));
page.on('console', (m) => { if (/Content Security|Trusted|violat/i.test(m.text())) { wrong.push(m.text()); } });

const verbs = {
  shows: (words) => page.waitForFunction((all) => all.every((w) => document.body.innerText.includes(w)), words, WAIT),
  lacks: (words) => page.waitForFunction((all) => !all.some((w) => document.body.textContent.includes(w)), words, WAIT),
  count: ([n]) => page.waitForFunction((c) => document.getElementById('count').textContent.endsWith(` ${c}`), n, WAIT),
  async shot([name]) {
    await page.evaluate(() => new Promise((go) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(go)), 400)));
    await page.screenshot({ path: join(seen, `${name}.png`) });
  },
  async clean() { if (wrong.length) { throw new Error(wrong.join('; ')); } },
};

await page.goto(`${origin}/wall/?lang=${lang}`);
console.log('ok');
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...words] = line.split('\t');
  try {
    await verbs[verb](words);
    console.log('ok');
  } catch (e) {
    const there = await page.evaluate(() => document.body.innerText).catch(() => '');
    console.log(JSON.stringify(`${e.message.split('\n')[0]}: ${there}`));
  }
}
await browser.close();
