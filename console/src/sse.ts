// SPDX-License-Identifier: Apache-2.0
// Server-sent events out of pieces of text, cut anywhere.

// EVENT_MAX - one event; 256 objects are some 200 KiB
const EVENT_MAX = 1 << 20;

export class Events {
  private rest = '';
  private name = '';
  private data: string[] = [];
  private held = 0; // characters in data

  /* take - the next piece; each event that ends in it is told
   *
   * fails    throws when one event is longer than EVENT_MAX */
  take(piece: string, tell: (name: string, data: string) => void): void {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.line(line.endsWith('\r') ? line.slice(0, -1) : line, tell);
    }
    if (this.rest.length + this.held > EVENT_MAX) { throw new Error('an event is too long'); }
  }

  private line(line: string, tell: (name: string, data: string) => void): void {
    if (line === '') {
      const [name, data] = [this.name, this.data.join('\n')];
      this.name = '';
      this.data = [];
      this.held = 0;
      if (data !== '') { tell(name, data); }
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') { this.name = value; }
    if (field === 'data') {
      this.data.push(value);
      this.held += value.length;
    }
  }
}
