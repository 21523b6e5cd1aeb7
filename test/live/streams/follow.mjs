// SPDX-License-Identifier: Apache-2.0
// What docs/examples/follow.c does, by the JavaScript client; with a number at the end it stops reading for so many ms
// after its first report.
import { readFileSync, writeFileSync } from 'node:fs';
import { Desk, Seen } from '../../../client/js/accord.js';
import { over_tls, seed_signer } from '../../../client/js/node.js';

const [where, party, person, authority, folder, path, pause] = process.argv.slice(2);
const [host, port] = where.split(':');
const file = (name) => readFileSync(`${folder}/${name}`);
const desk = new Desk({
  connect: over_tls({ host, port: Number(port), authority: readFileSync(authority), certificate: file('terminal.crt'), key: file('terminal.key') }),
  party, person, sign: seed_signer(file('key')),
});
const load = () => { try { return readFileSync(path, 'utf8'); } catch { return ''; } };
const seen = new Seen(load()), stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
let rest = Number(pause ?? 0);
for await (const event of desk.follow({ seen, signal: stop.signal })) {
  process.stdout.write(`${event.kind} ${event.id || '-'} ${JSON.stringify(event.data)}\n`);
  if (event.kind === 'report' && rest > 0) {
    await new Promise((done) => setTimeout(done, rest));
    rest = 0;
  }
}
writeFileSync(path, String(seen));
process.exit(0);
