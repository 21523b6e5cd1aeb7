// SPDX-License-Identifier: Apache-2.0
// A party's desk (docs/format/desk-api.md): asked, signed for, and followed over cuts.  For browsers and node; in node
// the connection comes from node.js beside this, as fetch there shows no certificate.
import { Events } from './sse.js';

// BACKOFF_FIRST, BACKOFF_MAX - ms before a cut stream is tried again: longer each time
// SILENCE - three pulses of the desk, which comes every 15 s
// SEEN_MAX - feeds of which a desk takes the last event
const BACKOFF_FIRST = 250;
const BACKOFF_MAX = 15_000;
const SILENCE = 45_000;
const SEEN_MAX = 16;

const ACT = 'accord act 1';
const SUBMISSION = 'accord submission 1';
const PRESENCE = 'accord presence 1';

/** What the desk refused, in its own words; code: denied, state, full, … */
export class Refused extends Error {
  constructor(code, why, status) {
    super(why);
    this.name = 'Refused';
    this.code = code;
    this.status = status;
  }
}

const crypto_of = async () => globalThis.crypto ?? (await import('node:crypto')).webcrypto;
const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');
const utf8 = (text) => new TextEncoder().encode(text);

function joined(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** What is signed: a purpose, a zero byte, the text. */
const signed_bytes = (purpose, text) => joined([utf8(purpose), new Uint8Array(1), utf8(text)]);

/** One line of canonical text; a value that has a line of its own would say more than was asked. */
function line(key, value) {
  if (/[\p{Cc}]/u.test(String(value)) || String(value) === '') { throw new TypeError(`${key} is not one line of text`); }
  return `${key} ${value}\n`;
}

// An Ed25519 seed as PKCS#8 (RFC 8410 section 7) has these bytes before it.
const PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/** The key of a person as a party's directory has it (people/NAME/key), as PKCS#8. */
export function seed_pkcs8(text) {
  const digits = String(text).trim();
  if (!/^[0-9a-f]{64}$/i.test(digits)) { throw new TypeError('a key has 64 hexadecimal digits'); }
  return Uint8Array.from([...PKCS8, ...digits.match(/../g).map((d) => parseInt(d, 16))]);
}

/** The same as a key of the browser's own, which cannot be taken out again; IndexedDB keeps such a key over loads of the page. */
export async function seed_key(text) {
  return (await crypto_of()).subtle.importKey('pkcs8', seed_pkcs8(text), 'Ed25519', false, ['sign']);
}

/** `sign` of a Desk by a key of WebCrypto. */
export function key_signer(key) {
  return async (bytes) => new Uint8Array(await (await crypto_of()).subtle.sign('Ed25519', key, bytes));
}

/** A connection by fetch: of browsers, whose certificate the browser shows. */
export function over_fetch(url = '') {
  return async (method, target, { headers = {}, body, signal } = {}) => {
    const answer = await fetch(url + target, { method, headers, body, signal, cache: 'no-store' });
    const reader = answer.body?.getReader();
    return {
      status: answer.status,
      async *pieces() {
        for (let piece = await reader?.read(); piece && !piece.done; piece = await reader.read()) { yield piece.value; }
      },
    };
  };
}

/** Several reports of one event, each as if it had come alone. */
function each({ kind, id, data: text }) {
  const { reports, ...data } = JSON.parse(text);
  if (kind !== 'reports') { return [{ kind, id, data }]; }
  const [epoch] = id.split('-');
  return reports.map((report, i) => {
    const number = data.number + i;
    return { kind: 'report', id: `${epoch}-${number}`, data: { ...data, number, report } };
  });
}

/** Of an event: the first bytes of its epoch's handle and its number, or a mark of where the stream began. */
const EVENT_ID = /^([0-9a-f]{10}-(0|[1-9][0-9]*)|now-[0-9a-f]{10})$/;

/** The last event of each feed: what a desk is told by who comes back. */
export class Seen {
  #last = new Map();

  constructor(text = '') {
    for (const row of text.split(',').filter(Boolean)) {
      const [originator, feed, id] = row.split(' ');
      if (!EVENT_ID.test(id)) { throw new TypeError(`this is not what was seen, ORIGINATOR FEED ID: ${row}`); }
      this.#last.set(`${originator} ${feed}`, id);
    }
  }

  /** Is it new? */
  note(report, id) {
    const feed = `${report.originator ?? '-'} ${report.feed ?? '-'}`, before = this.#last.get(feed);
    const [tag, number] = id.split('-'), [tag_before, number_before] = (before ?? '').split('-');
    if (tag === tag_before && tag !== 'now' && BigInt(number) <= BigInt(number_before)) { return false; }
    this.#last.delete(feed);
    this.#last.set(feed, id);
    if (this.#last.size > SEEN_MAX) { this.#last.delete(this.#last.keys().next().value); }
    return true;
  }

  get ids() { return [...this.#last.values()].join(','); }

  toString() { return [...this.#last].map(([feed, id]) => `${feed} ${id}`).join(','); }
}

export class Desk {
  #session = '';

  /** connect: over_fetch(…) or over_tls(…) of node.js; sign: bytes to the 64 of their Ed25519 signature */
  constructor({ connect = over_fetch(), party, person, sign, minutes = 60 }) {
    Object.assign(this, { connect, party, person, sign, minutes });
  }

  async #refused(answer) {
    let said = {};
    try {
      const pieces = [];
      for await (const piece of answer.pieces()) { pieces.push(piece); }
      said = JSON.parse(new TextDecoder().decode(joined(pieces)));
    } catch {
      // an answer that cannot be read says no more than its status
    }
    return new Refused(said.error ?? 'io', said.why ?? `the desk answered ${answer.status}`, answer.status);
  }

  async #bytes(method, target, options) {
    const answer = await this.connect(method, target, options);
    if (answer.status >= 400) { throw await this.#refused(answer); }
    const pieces = [];
    for await (const piece of answer.pieces()) { pieces.push(piece); }
    return joined(pieces);
  }

  /** One request; its answer's JSON. */
  async ask(method, target, body) {
    const options = body === undefined ? {} : { body: utf8(JSON.stringify(body)), headers: { 'Content-Type': 'application/json' } };
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await this.#bytes(method, target, options)));
  }

  async #signature(purpose, text) {
    return hex(await this.sign(signed_bytes(purpose, text)));
  }

  /** An act: the guard's text must be about what was asked before it is signed, as the desk in between is not trusted with that. */
  async act(act, body) {
    const asked = await this.ask('POST', '/v1/acts', { person: this.person, act, body });
    const about = new RegExp(`^${ACT}\nparty ([^\n]*)\nact ([^\n]*)\nby ([^\n]*)\nnonce [0-9a-f]{32}\ntime [^\n]*\n`).exec(asked.text);
    const rest = about ? asked.text.slice(about[0].length) : '';
    if (about && about[1] !== this.party) {
      throw new Refused('forged', `this desk is another party's than ${this.party}`, 0);
    }
    if (!about || about[2] !== act || about[3] !== this.person || !rest.startsWith(body) ||
        !/^(shown [^\n]*\n)*$/.test(rest.slice(body.length))) {
      throw new Refused('forged', 'the text to be signed is not about what was asked for', 0);
    }
    return this.ask('POST', `/v1/acts/${Number(asked.act)}/signatures`,
      { person: this.person, signature: await this.#signature(ACT, asked.text) });
  }

  /** The session that runs, or a new one, which is signed. */
  async session() {
    if (!this.#session) { this.#session = (await this.act('session', line('minutes', this.minutes))).session; }
    return this.#session;
  }

  /** A product and what its author says of it; its handle. */
  async submit({ kind, precedence = 'ROUTINE', marking, title, translation_of }, content) {
    const crypto = await crypto_of();
    const nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
    const text = `${SUBMISSION}\n` + line('party', this.party) + line('author', this.person) + line('nonce', nonce) +
      line('time', new Date().toISOString()) + line('kind', kind) + line('precedence', precedence) + line('marking', marking) +
      (translation_of ? line('translation-of', translation_of) : '') + line('title', title) + line('length', content.length) +
      line('content', hex(await crypto.subtle.digest('SHA-256', content)));
    const leave = await this.ask('POST', '/v1/submissions', { text, signature: await this.#signature(SUBMISSION, text) });
    await this.#bytes('POST', `/v1/uploads/${encodeURIComponent(leave.ticket)}`,
      { body: content, headers: { 'Content-Type': 'application/octet-stream' } });
    return leave.epoch;
  }

  /** A product, for a purpose that is signed. */
  async open(handle, purpose) {
    if (!/^[0-9a-f]{32}$/.test(handle)) { throw new TypeError('a handle is 32 hexadecimal digits, small letters'); }
    const { ticket, banner, describe } = await this.act('open', line('handle', handle) + line('purpose', purpose));
    return { banner, describe, content: await this.#bytes('GET', `/v1/opened/${encodeURIComponent(ticket)}`) };
  }

  /** What a reader of a room saw, signed by its key, which is this desk's `sign`; said: ['enter sato', …]. */
  async presence({ reader, room, number, said = [], time = new Date() }) {
    const text = `${PRESENCE}\n` + line('reader', reader) + line('room', room) + line('number', number) +
      line('time', time.toISOString()) + said.map((what) => line(...what.split(/ (.*)/s))).join('');
    return (await this.ask('POST', '/v1/presence', { text, signature: await this.#signature(PRESENCE, text) })).lease;
  }

  /** The events of a stream, for ever: { kind, id, data }, data as JSON says it.  Over cuts it goes on after the last of each
   * feed, none lost and none twice.  Two kinds are our own: `back`, the stream has begun or goes on; `lost` with data.why.
   *
   * seen    a Seen, which this keeps up to date: its text, kept by the caller, lets a later run go on
   * signal  ends it */
  async *follow({ originator, feed, seen = new Seen(), signal } = {}) {
    let backoff = BACKOFF_FIRST;
    while (!signal?.aborted) {
      try {
        for await (const event of this.#stream({ originator, feed, seen, signal })) {
          if (event.id) { backoff = BACKOFF_FIRST; }
          yield event;
        }
      } catch (error) {
        if (signal?.aborted) { return; }
        if (error instanceof Refused && (error.code === 'denied' || error.code === 'forged') && error.final) { throw error; }
        yield { kind: 'lost', id: '', data: { why: error.message } };
      }
      await this.#pause(backoff / 2 + Math.random() * backoff / 2, signal);
      backoff = Math.min(2 * backoff, BACKOFF_MAX);
    }
  }

  async #pause(ms, signal) {
    await new Promise((done) => {
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
    });
  }

  async #begun(target, signal) {
    const answer = await this.connect('GET', target, { headers: { Accept: 'text/event-stream' }, signal });
    if (answer.status < 400) { return answer; }
    const refused = await this.#refused(answer);
    if (refused.code === 'denied') { this.#session = ''; } // it has ended: the next try signs a new one
    throw refused;
  }

  async #signed_on() {
    try {
      return await this.session();
    } catch (error) {
      error.final = error instanceof Refused; // whom the guard does not let in it does not let in by trying again
      throw error;
    }
  }

  async *#stream({ originator, feed, seen, signal }) {
    const query = new URLSearchParams({ session: await this.#signed_on() });
    if (originator) { query.set('originator', originator); }
    if (feed) { query.set('feed', feed); }
    if (seen.ids) { query.set('after', seen.ids); }
    const stop = new AbortController(), end = () => stop.abort();
    let silence = setTimeout(end, SILENCE);
    signal?.addEventListener('abort', end, { once: true });
    try {
      const answer = await this.#begun(`/v1/stream?${query}`, stop.signal);
      yield { kind: 'back', id: '', data: {} };
      const events = new Events();
      for await (const piece of answer.pieces()) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE);
        for (const { kind, id, data } of events.take(piece).flatMap(each)) {
          if (id && !seen.note(data, id)) { continue; }
          if (data.note === 'session') { this.#session = ''; }
          if (kind !== 'void' && kind !== 'begin') { yield { kind, id, data }; }
        }
      }
      throw new Error('the desk ended the stream');
    } finally {
      clearTimeout(silence);
      signal?.removeEventListener('abort', end);
      stop.abort();
    }
  }
}
