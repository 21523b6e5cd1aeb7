// SPDX-License-Identifier: Apache-2.0
// A desk as far as a display sees it (docs/format/display-api.md), over TLS with a certificate of its own making.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';

export const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; require-trusted-types-for 'script'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
const FILES = { 'index.html': 'text/html', 'wall.js': 'text/javascript', 'wall.css': 'text/css', 'licences.txt': 'text/plain' };
const LEASE_MS = 2000;

function certificate(folder) {
  mkdirSync(folder, { recursive: true });
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=desk', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

export class Desk {
  streams = new Set();
  asked = 0;
  on = true;
  renews = true;
  number = 0;
  done = []; // turns that were acknowledged
  room = { party: 'KOR', display: 'wall-1', room: 'ops', turn: 1, state: 'live', lease: LEASE_MS, banner: '', back: '#000000', text: '#ffffff' };
  content = () => []; // what a new connection is told after its room: [[name, data], …]
  #waits = [];

  static async start(wall, folder) {
    const desk = new Desk();
    desk.files = Object.fromEntries(Object.keys(FILES).map((f) => [f, readFileSync(join(wall, f))]));
    desk.server = https.createServer(certificate(folder), (q, a) => desk.#answer(q, a));
    await new Promise((up) => desk.server.listen(0, '127.0.0.1', up));
    desk.origin = `https://127.0.0.1:${desk.server.address().port}`;
    desk.timer = setInterval(() => { if (desk.renews && desk.on) { desk.tell('room', desk.#room()); } }, LEASE_MS / 3);
    return desk;
  }

  stop() {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    this.server.close();
  }

  tell(name, data) {
    for (const stream of this.streams) { this.#write(stream, name, data); }
  }

  raw(text) {
    for (const stream of this.streams) { stream.write(text); }
  }

  hang_up() {
    for (const stream of this.streams) { stream.destroy(); }
  }

  /* change - the room is another from now on */
  change(what) {
    Object.assign(this.room, what);
    this.tell('room', this.#room());
  }

  /* mask - resolves when the display has acknowledged it */
  mask(layers, { all = false, ...look } = {}) {
    Object.assign(this.room, { turn: this.room.turn + 1, ...look });
    const { turn, banner, back, text } = this.room;
    const acknowledged = this.until(() => this.done.includes(turn));
    this.tell('mask', { turn, layers, all, banner, back, text });
    return acknowledged;
  }

  until(test) {
    return test() ? Promise.resolve() : new Promise((go) => this.#waits.push([test, go]));
  }

  #happened() {
    this.#waits = this.#waits.filter(([test, go]) => !test() || go());
  }

  #room() {
    return { ...this.room, now: new Date().toISOString() };
  }

  #write(stream, name, data) {
    stream.write(`event: ${name}\nid: ${++this.number}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #answer(q, a) {
    const path = q.url.replace(/\?.*/, ''), file = path.replace(/^\/wall\//, '') || 'index.html';
    if (q.method === 'GET' && path.startsWith('/wall/') && FILES[file]) {
      a.writeHead(200, { 'Content-Type': `${FILES[file]}; charset=utf-8`, 'Content-Security-Policy': POLICY,
        'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' });
      a.end(this.files[file]);
    } else if (q.method === 'GET' && path === '/v1/display') {
      this.#display(a);
    } else if (q.method === 'POST' && path === '/v1/display/done') {
      this.#acknowledged(q, a);
    } else {
      a.writeHead(404).end('{"error":"unknown","why":"there is nothing of that name"}');
    }
  }

  #display(a) {
    this.asked++;
    if (!this.on) {
      a.writeHead(409, { 'Retry-After': '2' }).end('{"error":"state","why":"this display is off"}');
    } else {
      a.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      this.streams.add(a);
      a.on('close', () => { this.streams.delete(a); this.#happened(); });
      this.#write(a, 'room', this.#room());
      this.content().forEach(([name, data]) => this.#write(a, name, data));
    }
    this.#happened();
  }

  #acknowledged(q, a) {
    let body = '';
    q.on('data', (piece) => { body += piece; });
    q.on('end', () => {
      this.done.push(JSON.parse(body).turn);
      a.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      this.#happened();
    });
  }
}
