// SPDX-License-Identifier: Apache-2.0
// What is on the wall: a machine without screen, network or clock.  Events and time in, what is to be shown out.
import type { Banner, Event, Place, Thing } from './event.js';

// TRAIL_MS    - so much of the past is shown of each object
// TRAIL_STEP  - places that are nearer in time than this become one: 40 places an object, so 20,000 fit
// THINGS_MAX  - as many as a gateway holds; further ones are not shown, and it is said
export const TRAIL_MS = 600_000;
export const TRAIL_STEP = 15_000;
export const THINGS_MAX = 131_072;

/* Now - mono never jumps and may stand still while the machine sleeps; wall may jump; both in ms */
export type Now = { mono: number; wall: number };

/* Shown - trail: time, x, y of each place, oldest first, the newest last; x and y as mercator() has them */
export type Shown = { thing: Thing; trail: number[] };

// mercator - where a place lies on the map, in metres; the map's middle is near 130 E, so the Pacific goes on eastwards
export const EARTH_M = 6378137;
export function mercator(at: Place): [number, number] {
  const lon = at.lon < -60 ? at.lon + 360 : at.lon;
  const lat = Math.max(-85, Math.min(85, at.lat));
  return [(lon * Math.PI / 180) * EARTH_M, Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * EARTH_M];
}

export type Why = 'start' | 'lease' | 'dark' | 'end' | 'off' | 'refused' | 'lost';

export type Told = { redraw: boolean; done?: number };

export class Wall {
  readonly things = new Map<string, Shown>();
  party = '';
  display = '';
  room = '';
  state: 'live' | 'bare' | 'dark' = 'dark';
  banner: Banner | null = null;
  blank: Why | null = 'start';
  since = 0; // when it went blank; server's time, 0: never heard
  full = false;
  private until: Now = { mono: -1, wall: -1 };
  private heard = { server: 0, mono: 0 };
  private anew = false;

  /* time - the server's, carried on by the clock that does not jump */
  time(now: Now): number {
    return this.heard.server === 0 ? now.wall : this.heard.server + now.mono - this.heard.mono;
  }

  /* take - an event; what is to be done at once */
  take(event: Event, now: Now): Told {
    switch (event.kind) {
      case 'room': return this.on_room(event, now);
      case 'put': return this.on_put(event);
      case 'gone': return this.on_gone(event);
      case 'mask': return this.on_mask(event);
      case 'end': return this.darken('end', now);
    }
  }

  /* lapse - is the lease over?  True when the screen has just gone blank by that */
  lapse(now: Now): boolean {
    if (this.blank || (now.mono < this.until.mono && now.wall < this.until.wall)) { return false; }
    this.blank = 'lease';
    this.since = this.time(now);
    return true;
  }

  /* begin - a new connection: the server tells everything anew.  What is shown stays until the first word or the end
   * of the lease, so that a short break is not seen
   * lose  - the connection is gone */
  begin(): void {
    this.anew = true;
  }

  lose(why: Why, now: Now): void {
    if (why !== 'lost') {
      this.darken(why, now);
    } else if (this.blank && this.blank !== 'lease') {
      this.blank = 'lost';
    }
  }

  private on_room(event: Event & { kind: 'room' }, now: Now): Told {
    const before = `${this.blank}`;
    if (this.anew) {
      this.things.clear();
      this.full = false;
      this.anew = false;
    }
    this.party = event.party;
    this.display = event.display;
    this.room = event.room;
    this.state = event.state;
    this.banner = event.banner;
    this.heard = { server: event.now, mono: now.mono };
    this.until = { mono: now.mono + event.lease, wall: now.wall + event.lease };
    if (event.state === 'dark') { return this.darken('dark', now); }
    this.blank = null;
    return { redraw: before !== 'null' };
  }

  private on_put(event: Event & { kind: 'put' }): Told {
    event.unread.forEach((id) => this.things.delete(id));
    for (const thing of event.things) {
      const old = this.things.get(thing.id);
      if (!old && this.things.size >= THINGS_MAX) {
        this.full = true;
        continue;
      }
      const trail = old && !thing.fresh ? old.trail : [];
      trail_add(trail, thing);
      this.things.set(thing.id, { thing, trail });
    }
    return { redraw: true };
  }

  private on_gone(event: Event & { kind: 'gone' }): Told {
    event.ids.forEach((id) => this.things.delete(id));
    return { redraw: true };
  }

  private on_mask(event: Event & { kind: 'mask' }): Told {
    for (const [id, shown] of this.things) {
      if (event.all || event.layers.has(shown.thing.layer)) { this.things.delete(id); }
    }
    this.banner = event.banner;
    return { redraw: true, done: event.turn };
  }

  private darken(why: Why, now: Now): Told {
    this.things.clear();
    if (this.blank !== why) { this.since = this.heard.server === 0 ? 0 : this.time(now); }
    this.blank = why;
    return { redraw: true };
  }
}

function trail_add(trail: number[], thing: Thing): void {
  const n = trail.length;
  if (n >= 3 && thing.time < trail[n - 3]!) { return; }
  const replaces = n >= 6 && trail[n - 3]! - trail[n - 6]! < TRAIL_STEP;
  trail.splice(replaces ? n - 3 : n, 3, thing.time, ...mercator(thing.at));
  let old = 0;
  while (old < trail.length && trail[old]! < thing.time - TRAIL_MS) { old += 3; }
  if (old > 0) { trail.splice(0, old); }
}
