// SPDX-License-Identifier: Apache-2.0
// A client of @tak-ps/node-tak: connects over TLS with a terminal's certificate, and says in JSON lines what comes.
//   node client.mjs HOST:PORT CERT.pem KEY.pem
import fs from 'node:fs';
import TAK from '@tak-ps/node-tak';

const [address, cert, key] = process.argv.slice(2);
const out = (o) => process.stdout.write(JSON.stringify(o) + '\n');
const tak = await TAK.connect('accord', new URL(`ssl://${address}`), { cert: fs.readFileSync(cert), key: fs.readFileSync(key) });

tak.on('secureConnect', () => out({ is: 'connected' }));
tak.on('ping', () => out({ is: 'ping' }));
tak.on('error', (e) => out({ is: 'error', why: String(e) }));
tak.on('end', () => out({ is: 'end' }));
tak.on('cot', (cot) => {
    const e = cot.raw.event, detail = e.detail ?? {};
    out({
        is: 'cot', uid: e._attributes.uid, type: e._attributes.type, access: e._attributes.access, releasableTo: e._attributes.releasableTo,
        group: detail.__group?._attributes?.name, link: [detail.link].flat()[0]?._attributes?.uid,
    });
});
process.stdin.on('end', () => { tak.destroy(); process.exit(0); });
process.stdin.resume();
