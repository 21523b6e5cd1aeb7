// SPDX-License-Identifier: Apache-2.0
// The wall display's page in a real browser against a desk of its own (mock.mjs), with screenshots: B/console/seen.
// WALL=folder of the page, WORK=folder to work in, CHROMIUM=the browser.  What is measured is printed, not judged.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { complaints, FLAGS, settled, shot, SIZE, spots, watch, watched } from './eyes.mjs';
import { Desk } from './mock.mjs';
import { BANNERS, crowd, LAYER, puts, scene, thing } from './scene.mjs';

const { WALL, WORK, CHROMIUM = '/usr/bin/chromium' } = process.env;
const { chromium } = createRequire(join(WORK, 'package.json'))('playwright-core');
const seen = join(WORK, 'seen');

let passed = 0, failed = 0;
async function test(name, run) {
  const began = performance.now();
  try {
    await run();
    passed++;
    console.log(`ok ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (e) {
    failed++;
    console.log(`[  FAILED  ] ${name.replace(/[^a-z]+/gi, '_')}\n${e.stack}`);
  }
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/* on_wall - a desk and a page that shows it; afterwards nothing may have been asked of anybody else, no policy been broken,
 * nothing been thrown */
async function on_wall({ lang = 'en', content = () => [], room = {}, locale }, run) {
  const desk = await Desk.start(WALL, WORK);
  desk.content = content;
  Object.assign(desk.room, BANNERS.narrow, room);
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: SIZE, locale });
  const page = await context.newPage(), wrong = await complaints(page, desk.origin);
  try {
    await page.goto(`${desk.origin}/wall/${lang ? `?lang=${lang}` : ''}`);
    await run(page, desk);
    assert.deepEqual(await wrong(), []);
  } finally {
    await context.close();
    desk.stop();
  }
}

const text = (page, id) => page.locator(`#${id}`).textContent();
const blank = (page, part) => page.waitForFunction((p) => !document.getElementById('blank').hidden && document.getElementById('blank-what').textContent.includes(p), part);
const lit = (page) => page.waitForFunction(() => document.getElementById('blank').hidden);
const counted = (page, n) => page.waitForFunction((c) => document.getElementById('count').textContent.endsWith(` ${c}`), n);
const inked = (page) => page.evaluate(() => {
  const canvas = document.querySelector('.reports');
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v !== 0);
});

const WORDS = { en: ['Objects', 'Warning'], ko: ['객체', '경보'], ja: ['目標', '警報'] };

for (const lang of ['en', 'ko', 'ja']) {
  await test(`a mask takes down what the JPN officer may not see and nothing else (${lang})`, async () => {
    const told = scene(), total = told.bilaterals.length + told.trilaterals.length;
    await on_wall({ lang, content: () => puts(told.all()) }, async (page, desk) => {
      await lit(page);
      await counted(page, total);
      await settled(page);
      await shot(page, seen, `${lang}-1-before`);
      assert.equal(await text(page, 'banner-top'), BANNERS.narrow.banner);
      assert.equal(await text(page, 'banner-bottom'), BANNERS.narrow.banner);
      assert.ok((await text(page, 'count')).startsWith(WORDS[lang][0]));
      assert.ok((await text(page, 'warnings')).includes(WORDS[lang][1]));
      await page.evaluate(() => {
        const cards = [...document.querySelectorAll('.warning')];
        globalThis.kept = cards.find((c) => c.textContent.includes('MSL 0417'));
        globalThis.touched = 0;
        new MutationObserver((m) => { globalThis.touched += m.length; }).observe(globalThis.kept, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      const keeps = told.trilaterals, gone = told.bilaterals;
      await watch(page, await spots(page, [...keeps, ...gone]));
      await desk.mask([LAYER.bilateral], BANNERS.wide);
      await shot(page, seen, `${lang}-2-during`);
      const frames = await watched(page), first = frames[0], last = frames.at(-1);
      for (const i of keeps.keys()) {
        assert.ok(first.spots[i].ink > 0, `${keeps[i].n} is on the map`);
        assert.ok(frames.every((f) => f.spots[i].sum === first.spots[i].sum), `${keeps[i].n} stays without a flicker`);
      }
      for (const i of gone.keys()) {
        assert.ok(first.spots[keeps.length + i].ink > 20, `${gone[i].n} was on the map`);
        assert.equal(last.spots[keeps.length + i].ink, 0, `${gone[i].n} is off the map`);
      }
      const cleared = frames.find((f) => gone.every((_, i) => f.spots[keeps.length + i].ink === 0)).at;
      const said = await page.evaluate(() => performance.getEntriesByType('resource').find((e) => e.name.endsWith('/done')).startTime);
      assert.ok(said > cleared, 'it acknowledges after the frame in which all of it is gone');
      assert.equal(await page.evaluate(() => globalThis.kept.isConnected && globalThis.touched), 0);
      assert.equal(await text(page, 'banner-top'), BANNERS.wide.banner);
      assert.ok((await text(page, 'count')).endsWith(` ${keeps.length}`));
      const all = await page.evaluate(() => document.body.textContent);
      assert.ok(!/MSL 0418|BANDIT/.test(all), 'nothing of it is left in the page');
      desk.change(BANNERS.narrow);
      puts(gone).forEach(([name, data]) => desk.tell(name, data));
      await counted(page, total);
      await settled(page);
      await shot(page, seen, `${lang}-3-after`);
    });
  });
}

await test('a lease that runs out blanks the screen, and says since when', async () => {
  const told = scene();
  await on_wall({ lang: 'ja', content: () => puts(told.all()) }, async (page, desk) => {
    await lit(page);
    await counted(page, 14);
    desk.renews = false;
    await blank(page, 'ゲートウェイからの信号');
    assert.equal(await inked(page), false);
    assert.equal(await text(page, 'banner-top'), '');
    assert.match(await text(page, 'blank-since'), /^\d\d:\d\d:\d\d UTCから · \d\d:\d\d$/);
    assert.ok(!(await page.evaluate(() => document.body.textContent)).includes('MSL'));
    await shot(page, seen, 'ja-4-lease');
    desk.renews = true;
    await lit(page);
    assert.equal(await text(page, 'count'), '目標 14');
  });
});

await test('a display that is off says so and comes when it is turned on; an end blanks at once', async () => {
  await on_wall({ lang: 'ko', content: () => puts(scene().all()) }, async (page, desk) => {
    await lit(page);
    await settled(page);
    desk.on = false;
    desk.tell('end', { why: 'the session is over' });
    await blank(page, '이 화면의 세션이 끝났습니다');
    assert.equal(await inked(page), false);
    await blank(page, '이 화면은 꺼져 있습니다');
    await shot(page, seen, 'ko-4-off');
    desk.on = true;
    await lit(page);
    assert.equal(await text(page, 'room'), 'ops');
  });
});

await test('a connection that breaks for a moment is not seen; the new one begins anew', async () => {
  const told = scene();
  let content = puts(told.all());
  await on_wall({ content: () => content }, async (page, desk) => {
    await counted(page, 14);
    await page.evaluate(() => {
      globalThis.blanked = 0;
      new MutationObserver(() => { globalThis.blanked += document.getElementById('blank').hidden ? 0 : 1; }).observe(document.getElementById('blank'), { attributes: true });
    });
    content = puts(told.trilaterals);
    const asked = desk.asked;
    desk.hang_up();
    await desk.until(() => desk.asked > asked);
    await counted(page, told.trilaterals.length);
    assert.equal(await page.evaluate(() => globalThis.blanked), 0);
  });
});

for (const [what, send] of [
  ['a mask that cannot be read', (d) => d.tell('mask', { turn: 2, layers: 'all' })],
  ['bytes that are no text', (d) => d.raw(Buffer.from('event: mask\ndata: {"turn":\xff\n\n', 'latin1'))],
  ['an event without end', (d) => d.raw(`data: ${'x'.repeat(1_100_000)}`)],
]) {
  await test(`${what}: the page begins anew`, async () => {
    await on_wall({ content: () => puts(scene().all()) }, async (page, desk) => {
      await counted(page, 14);
      const asked = desk.asked;
      send(desk);
      await desk.until(() => desk.asked > asked);
      await lit(page);
    });
  });
}

await test('who is in the room is not known: it says so; everything is taken down at once', async () => {
  await on_wall({ room: { state: 'bare', banner: 'UNCLASSIFIED', back: '#007a33' }, content: () => puts([thing(7, 'a-f-S', 35, 130, { n: 'ROKS' })]) }, async (page, desk) => {
    await lit(page);
    await counted(page, 1);
    assert.match(await text(page, 'notice'), /not known who is in the room/);
    await settled(page);
    await shot(page, seen, 'en-5-bare');
    await desk.mask([], { all: true });
    assert.equal(await inked(page), false);
    assert.equal(await text(page, 'count'), 'Objects 0');
    desk.change({ state: 'dark' });
    await blank(page, 'Nothing is shown in this room');
  });
});

await test('script in every text of a report is text', async () => {
  const bad = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>{{7*7}}\u202eevil`;
  const object = thing(5, `a-h-A-${bad}`, 37, 130, { n: bad, r: bad, from: [bad], b: bad, k: 'warning' });
  const room = { room: bad, party: bad, display: bad, banner: bad };
  await on_wall({ room, content: () => puts([object, thing(5, bad, 36, 130, { n: bad })]) }, async (page) => {
    await counted(page, 2);
    await settled(page);
    const [{ x, y }] = await spots(page, [object]), map = await page.locator('#map').boundingBox();
    await page.mouse.click(map.x + x, map.y + y);
    await page.waitForFunction(() => !document.getElementById('details').hidden);
    await shot(page, seen, 'en-6-script');
    const shown = bad.replace('\u202e', '\ufffd');
    for (const id of ['banner-top', 'banner-bottom', 'room', 'details', 'warnings']) {
      assert.ok((await text(page, id)).includes(shown), `${id} shows it as text`);
    }
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    assert.equal(await page.locator('img, body script').count(), 0);
  });
});

await test('details of an object go with it', async () => {
  const told = scene();
  await on_wall({ content: () => puts(told.all()) }, async (page, desk) => {
    await counted(page, 14);
    await settled(page);
    const bandit = told.bilaterals[0], [{ x, y }] = await spots(page, [bandit]), map = await page.locator('#map').boundingBox();
    await page.mouse.click(map.x + x, map.y + y);
    await page.waitForFunction(() => document.getElementById('details').textContent.includes('BANDIT 21'));
    await shot(page, seen, 'en-7-details');
    await desk.mask([LAYER.bilateral], BANNERS.wide);
    assert.equal(await page.locator('#details').isHidden(), true);
    assert.equal(await text(page, 'details'), '');
  });
});

await test('on a large screen signs are large', async () => {
  const told = scene();
  await on_wall({ content: () => puts(told.all()) }, async (page) => {
    await counted(page, 14);
    await page.setViewportSize({ width: 3840, height: 2160 });
    await page.waitForFunction(() => document.querySelector('.reports').width === 3840);
    await settled(page);
    const map = await page.locator('#map').boundingBox(), [{ x, y }] = await spots(page, [told.kept]);
    await page.mouse.click(map.x + x, map.y + y);
    await page.waitForFunction(() => document.getElementById('details').textContent.includes('MSL 0417'));
    await shot(page, seen, 'en-9-large');
  });
});

await test('the browser says which language, where the address does not', async () => {
  await on_wall({ lang: '', locale: 'ko-KR', content: () => [] }, async (page) => {
    await lit(page);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  });
});

await test('20,000 objects once a second', async () => {
  const turns = crowd(20_000), SECONDS = 4;
  await on_wall({ content: () => puts(turns(0)) }, async (page, desk) => {
    await counted(page, '20,000');
    await page.evaluate(() => {
      globalThis.gaps = [];
      let before = performance.now();
      const frame = (at) => { globalThis.gaps.push(at - before); before = at; requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
    });
    for (let turn = 1; turn <= SECONDS; turn++) {
      const next = new Promise((go) => setTimeout(go, 1000)); // the rate is the input here
      puts(turns(turn)).forEach(([name, data]) => desk.tell(name, data));
      await next;
    }
    const gaps = (await page.evaluate(() => globalThis.gaps)).sort((a, b) => a - b);
    await shot(page, seen, 'en-8-crowd');
    const began = performance.now();
    await desk.mask([LAYER.bilateral], BANNERS.wide);
    const took = performance.now() - began;
    assert.equal(await text(page, 'count'), 'Objects 16,000');
    const total = gaps.reduce((a, b) => a + b, 0);
    console.log(`# 20,000 objects at 1 Hz: ${(gaps.length / total * 1000).toFixed(1)} frames a second, p99 ${gaps[Math.floor(gaps.length * 0.99)].toFixed(0)} ms, ` +
      `longest ${gaps.at(-1).toFixed(0)} ms; a mask of 4,000 of them acknowledged in ${took.toFixed(0)} ms`);
  });
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
