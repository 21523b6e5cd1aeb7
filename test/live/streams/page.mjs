// SPDX-License-Identifier: Apache-2.0
// A page of the desk's in a browser, for page.py, a call a line: WORK=… page.mjs ORIGIN CERTIFICATE KEY.  A line is JSON:
// ["open", URL], ["shut"], or ["do", text of a function, arguments]; the answer is JSON, {"wrong": …} when it failed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { complaints, FLAGS } from '../../console/eyes.mjs';

const { WORK, CHROMIUM = '/usr/bin/chromium' } = process.env;
const [origin, certPath, keyPath] = process.argv.slice(2);
const { chromium } = createRequire(join(WORK, 'package.json'))('playwright-core');

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
const context = await browser.newContext({ ignoreHTTPSErrors: true, clientCertificates: [{ origin, certPath, keyPath }] });
let page, said;

const verbs = {
  async open(url) {
    page = await context.newPage();
    said = await complaints(page, new URL(url).origin);
    await page.goto(url);
    await page.waitForFunction(() => globalThis.feed);
  },
  async shut() {
    const wrong = await said();
    await page.close();
    return wrong;
  },
  do: (text, ...words) => page.evaluate(`(${text})(...${JSON.stringify(words)})`),
};

console.log('null');
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...words] = JSON.parse(line);
  try {
    console.log(JSON.stringify((await verbs[verb](...words)) ?? null));
  } catch (e) {
    console.log(JSON.stringify({ wrong: e.message.split('\n')[0] }));
  }
}
await browser.close();
