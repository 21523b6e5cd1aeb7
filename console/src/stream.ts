// SPDX-License-Identifier: Apache-2.0
// The connection to the desk: read until it ends, then again.
import { event_read, type Event } from './event.js';
import { Events } from './sse.js';
import type { Why } from './wall.js';

// AGAIN_MS   - after an end or a refusal
// SOON_MS    - after a connection that was good: a break of a moment is not seen
// SILENCE_MS - a connection that says nothing for so long is dead; the gateway speaks every lease/3
const AGAIN_MS = 2_000;
const SOON_MS = 250;
const SILENCE_MS = 10_000;

const STATUS: Record<number, Why> = { 401: 'refused', 403: 'refused', 404: 'refused', 409: 'off' };

/* Listener - event: one that was read; lost: the connection is gone, and why */
export type Listener = { begin(): void; event(event: Event): void; lost(why: Why): void };

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Stream {
  private stop: AbortController | null = null;

  constructor(private readonly listener: Listener) {}

  /* run - for ever */
  async run(): Promise<never> {
    for (;;) {
      const good = await this.once();
      await wait(good ? SOON_MS : AGAIN_MS);
    }
  }

  /* drop - this connection is no good: begin another */
  drop(): void {
    this.stop?.abort();
  }

  /* done - all of this turn is off the screen */
  async done(turn: number): Promise<void> {
    try {
      const answer = await fetch('/v1/display/done', { method: 'POST', body: JSON.stringify({ turn }),
        headers: { 'Content-Type': 'application/json' } });
      if (!answer.ok) { this.drop(); }
    } catch {
      this.drop();
    }
  }

  // once - one connection; was it good when it broke?
  private async once(): Promise<boolean> {
    const stop = (this.stop = new AbortController());
    let silence = setTimeout(() => stop.abort(), SILENCE_MS), heard = false, ended = false;
    const listen = (name: string, data: string) => {
      const event = this.read(name, data);
      if (!event) { return; }
      heard = true;
      ended = event.kind === 'end';
      this.listener.event(event);
      if (ended) { throw new Error('the session is over'); }
    };
    try {
      const answer = await fetch('/v1/display', { headers: { Accept: 'text/event-stream' }, signal: stop.signal });
      if (!answer.ok || !answer.body) {
        this.listener.lost(STATUS[answer.status] ?? 'lost');
        return false;
      }
      this.listener.begin();
      const events = new Events(), text = new TextDecoder('utf-8', { fatal: true }), reader = answer.body.getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => stop.abort(), SILENCE_MS);
        events.take(text.decode(piece.value, { stream: true }), listen);
      }
    } catch {
      // the end of a connection has no other consequence than the next lines
    } finally {
      clearTimeout(silence);
      stop.abort();
    }
    if (!ended) { this.listener.lost('lost'); }
    return heard && !ended;
  }

  // read - what cannot be read could have been a mask: the screen goes dark, and another connection tells all anew
  private read(name: string, data: string): Event | null {
    try {
      return event_read(name, data);
    } catch {
      return { kind: 'end' };
    }
  }
}
