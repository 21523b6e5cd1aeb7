// SPDX-License-Identifier: Apache-2.0
// A page that follows a desk's feeds, as its own test asks: what came is kept here.
import { Desk, key_signer, over_fetch, Seen, seed_key } from './accord.js';

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

globalThis.feed = {
  events: [],
  wrong: '',

  async begin(party, person, seed, kept) {
    const key = await seed_key(seed);
    this.taken = await crypto.subtle.exportKey('pkcs8', key).then(() => true, () => false);
    this.desk = new Desk({ party, person, sign: key_signer(key) });
    this.seen = new Seen(kept);
    void (async () => {
      for await (const event of this.desk.follow({ seen: this.seen })) { this.events.push(event); }
    })().catch((e) => { this.wrong = String(e); });
  },

  async product(marking, title, size) {
    const content = crypto.getRandomValues(new Uint8Array(size));
    const handle = await this.desk.submit({ kind: 'report', marking, title }, content);
    for (;;) { // what was given in is in the list a moment later
      const { items } = await this.desk.ask('GET', `/v1/items?session=${await this.desk.session()}`);
      if (items.some((item) => item.handle === handle && item.complete)) { break; }
      await new Promise((done) => setTimeout(done, 100));
    }
    const opened = await this.desk.open(handle, 'exercise');
    return { banner: opened.banner, same: hex(opened.content) === hex(content) };
  },

  refused: (desk, ...words) => desk(...words).then(() => null, (e) => ({ name: e.name, code: e.code, why: e.message })),
  wrongly() { return this.refused(() => this.desk.open('0'.repeat(32), 'exercise')); },
  elsewhere(origin) { return this.refused(() => new Desk({ connect: over_fetch(origin), party: 'KOR', person: 'x', sign: () => null }).ask('GET', '/v1/status')); },
};
