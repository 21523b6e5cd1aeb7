// SPDX-License-Identifier: Apache-2.0
// What the JavaScript client says of what it is given wrongly; no desk is needed.
import assert from 'node:assert';
import { Desk, Seen } from '../../../client/js/accord.js';

const kept = 'JPN radar 6fd3a01b9c-17,- - now-0123456789';
assert.equal(String(new Seen(kept)), kept);
for (const bad of ['nonsense', 'JPN radar', 'JPN radar nonsense', 'JPN radar 6fd3a01b9c', 'JPN radar 6fd3a01b9c-017', 'JPN radar now-1']) {
  assert.throws(() => new Seen(bad), /not what was seen/);
}

const text = `accord act 1\nparty KOR\nact session\nby kim\nnonce ${'0'.repeat(32)}\ntime t\nminutes 60\n`;
const connect = async () => ({ status: 200, async *pieces() { yield new TextEncoder().encode(JSON.stringify({ act: 1, text })); } });
const desk = new Desk({ connect, party: 'JPN', person: 'kim', sign: () => assert.fail('it is signed') });
await assert.rejects(desk.session(), { code: 'forged', message: "this desk is another party's than JPN" });
await assert.rejects(desk.open('../x', 'exercise'), /a handle is/);
