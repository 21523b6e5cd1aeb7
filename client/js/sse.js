// SPDX-License-Identifier: Apache-2.0
// Server-sent events out of bytes, cut anywhere (WHATWG HTML section 9.2.6).

// EVENT_MAX - one event: the desk's are below 16 KiB
const EVENT_MAX = 1 << 16;

export class Events {
  #text = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  #kind = '';
  #id = '';
  #data = [];

  /** The events that end in this piece; throws when it is no text, or one is too long. */
  take(bytes) {
    const lines = (this.#rest + this.#text.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop();
    const whole = lines.map((line) => this.#line(line.endsWith('\r') ? line.slice(0, -1) : line)).filter(Boolean);
    if (this.#rest.length + this.#data.reduce((sum, line) => sum + line.length, 0) > EVENT_MAX) {
      throw new Error('an event is longer than it may be');
    }
    return whole;
  }

  #line(line) {
    if (line === '') {
      const event = { kind: this.#kind || 'message', id: this.#id, data: this.#data.join('\n') };
      const any = this.#data.length > 0;
      this.#kind = this.#id = '';
      this.#data = [];
      return any ? event : null;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') { this.#kind = value; }
    if (field === 'id') { this.#id = value; }
    if (field === 'data') { this.#data.push(value); }
    return null;
  }
}
