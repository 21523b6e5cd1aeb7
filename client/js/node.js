// SPDX-License-Identifier: Apache-2.0
// What node has of its own: a connection that shows a terminal's certificate, and a key that signs.
import { createPrivateKey, sign } from 'node:crypto';
import { Agent, request } from 'node:https';
import { Refused, seed_pkcs8 } from './accord.js';

// der_pem - a party's directory has DER, TLS of node wants PEM
function der_pem(what, bytes) {
  if (bytes.subarray(0, 5).toString() === '-----') { return bytes; }
  return `-----BEGIN ${what}-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${what}-----\n`;
}

// What a desk says of the certificate that it was shown; who is told so is not let in by trying again.
const ALERTS = [
  [/ALERT_CERTIFICATE_REVOKED$/, 'the desk says that our certificate was revoked'],
  [/ALERT_CERTIFICATE_EXPIRED$/, 'the desk says that our certificate expired'],
  [/ALERT_UNKNOWN_CA$/, 'the desk does not know who signed our certificate'],
];

function in_words(error) {
  const alert = ALERTS.find(([code]) => code.test(error.code ?? ''));
  return alert ? Object.assign(new Refused('denied', alert[1], 0), { final: true, cause: error }) : error;
}

/** A connection by TLS: host and port, and DER or PEM of whom to believe and of the terminal's own certificate and key. */
export function over_tls({ host = '127.0.0.1', port, authority, certificate, key }) {
  const agent = new Agent({
    keepAlive: true, maxSockets: 8, minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'],
    ca: der_pem('CERTIFICATE', authority), cert: der_pem('CERTIFICATE', certificate), key: der_pem('PRIVATE KEY', key),
  });
  return (method, target, { headers = {}, body, signal } = {}) => new Promise((done, failed) => {
    const length = method === 'POST' ? { 'Content-Length': body?.length ?? 0 } : {};
    const asked = request({ agent, host, port, method, path: target, signal, headers: { ...headers, ...length } }, (answer) => {
      done({ status: answer.statusCode, pieces: () => answer });
    });
    asked.on('error', (error) => failed(in_words(error)));
    asked.end(body);
  });
}

/** The key of a person as a party's directory has it (people/NAME/key): for `sign` of a Desk. */
export function seed_signer(text) {
  const key = createPrivateKey({ key: Buffer.from(seed_pkcs8(text)), format: 'der', type: 'pkcs8' });
  return (bytes) => sign(null, bytes, key);
}
