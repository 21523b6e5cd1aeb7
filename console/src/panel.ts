// SPDX-License-Identifier: Apache-2.0
// What stands around the map. Every text from outside is set as text, so that nothing in it is ever more than that;
// what has not changed is not touched.
import { symbol_of } from './sidc.js';
import { length_of, time_of, type Key, type Words } from './text.js';
import type { Place, Thing } from './event.js';
import type { Now, Shown, Wall } from './wall.js';

const CARDS_MAX = 5; // further warnings are counted

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) { throw new Error(`the page lacks ${id}`); }
  return found;
}

function write(to: HTMLElement, text: string): void {
  if (to.textContent !== text) { to.textContent = text; }
}

function show(which: HTMLElement, shown: boolean): void {
  if (which.hidden === shown) { which.hidden = !shown; }
}

function grown(inside: HTMLElement, tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  inside.append(made);
  return made;
}

function degrees(p: Place): string {
  const one = (v: number, plus: string, minus: string) => `${Math.abs(v).toFixed(3)}°${v < 0 ? minus : plus}`;
  return `${one(p.lat, 'N', 'S')} ${one(p.lon, 'E', 'W')}`;
}

export class Panel {
  private readonly cards = new Map<string, HTMLElement>();
  private readonly more = grown(part('warnings'), 'p', 'card more');

  constructor(private readonly words: Words) {
    document.documentElement.lang = words.language;
  }

  /* show - all of it, as the wall is now */
  show(wall: Wall, now: Now, picked: Shown | null): void {
    const lit = wall.blank === null;
    this.banner(wall, lit);
    this.heads(wall, now, lit);
    this.blank(wall, now);
    this.warnings(lit ? [...wall.things.values()].filter((s) => s.thing.warning) : []);
    this.details(lit ? picked : null);
  }

  private banner(wall: Wall, lit: boolean): void {
    for (const id of ['banner-top', 'banner-bottom']) {
      const to = part(id);
      write(to, lit && wall.banner ? wall.banner.line : '');
      to.style.backgroundColor = lit && wall.banner ? wall.banner.back : '';
      to.style.color = lit && wall.banner ? wall.banner.text : '';
    }
  }

  private heads(wall: Wall, now: Now, lit: boolean): void {
    write(part('room'), wall.room);
    write(part('display'), wall.party === '' ? '' : `${wall.party} · ${wall.display}`);
    write(part('time'), `${time_of(wall.time(now))} UTC`);
    write(part('count'), lit ? `${this.words.say('objects')} ${this.words.number(wall.things.size)}` : '');
    const notice = part('notice'), keys: Key[] = [];
    if (wall.state === 'bare') { keys.push('bare'); }
    if (wall.full) { keys.push('full'); }
    write(notice, keys.map((k) => this.words.say(k)).join(' '));
    show(notice, lit && keys.length > 0);
  }

  private blank(wall: Wall, now: Now): void {
    const why = wall.blank;
    show(part('blank'), why !== null);
    if (why === null) { return; }
    write(part('blank-what'), this.words.say(`blank.${why}`));
    write(part('blank-since'), wall.since === 0 ? ''
      : `${this.words.say('since').replace('{time}', `${time_of(wall.since)} UTC`)} · ${length_of(wall.time(now) - wall.since)}`);
  }

  private warnings(found: Shown[]): void {
    const newest = found.sort((a, b) => b.thing.time - a.thing.time || (a.thing.id < b.thing.id ? -1 : 1));
    const kept = new Set(newest.slice(0, CARDS_MAX).map((s) => s.thing.id));
    for (const [id, card] of this.cards) {
      if (!kept.has(id)) {
        card.remove();
        this.cards.delete(id);
      }
    }
    for (const { thing } of newest.slice(0, CARDS_MAX)) { this.card(thing); }
    write(this.more, `+${this.words.number(found.length - CARDS_MAX)} ${this.words.say('more')}`);
    show(this.more, found.length > CARDS_MAX);
  }

  private card(thing: Thing): void {
    let card = this.cards.get(thing.id);
    if (!card) {
      card = document.createElement('section');
      card.className = 'card warning';
      for (const name of ['head', 'line', 'line', 'mark']) { grown(card, 'p', name); }
      part('warnings').insertBefore(card, this.more);
      this.cards.set(thing.id, card);
    }
    const [head, line, where, mark] = [...card.children] as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
    write(head, `${this.words.say('warning')} · ${thing.name || thing.type}`);
    write(line, [`${time_of(thing.time)} UTC`, ...this.motion(thing).map(([, v]) => v)].join(' · '));
    write(where, thing.impact ? `${this.words.say('expected')} ${degrees(thing.impact)} · ±${this.words.number(thing.impact.radius / 1000, 1)} km` : thing.remarks);
    write(mark, `${thing.marking} · ${thing.from.join(', ')}`);
  }

  private motion(thing: Thing): [Key, string][] {
    const rows: [Key, string][] = [];
    if (thing.height !== undefined) { rows.push(['height', `${this.words.number(thing.height)} m`]); }
    if (thing.course !== undefined) { rows.push(['course', `${String(Math.round(thing.course)).padStart(3, '0')}°`]); }
    if (thing.speed !== undefined) { rows.push(['speed', `${this.words.number(thing.speed)} m/s`]); }
    return rows;
  }

  private details(picked: Shown | null): void {
    const to = part('details');
    show(to, picked !== null);
    if (picked === null) {
      to.replaceChildren();
      return;
    }
    const rows = this.rows(picked.thing);
    while (to.children.length > rows.length + 1) { to.lastElementChild!.remove(); }
    while (to.children.length < rows.length + 1) {
      const row = grown(to, 'p', 'row');
      grown(row, 'span', 'key');
      grown(row, 'span', 'value');
    }
    [[picked.thing.name || picked.thing.type, ''] as const, ...rows].forEach(([key, value], i) => {
      const [k, v] = [...to.children[i]!.children] as [HTMLElement, HTMLElement];
      write(k, key);
      write(v, value);
    });
  }

  private rows(thing: Thing): [string, string][] {
    const side = symbol_of(thing.type)?.side;
    const rows: [Key, string][] = [
      ['marking', thing.marking],
      ['from', thing.from.join(', ')],
      ['type', side ? `${this.words.say(side)} · ${thing.type}` : thing.type],
      ['time', `${time_of(thing.time)} UTC`],
      ['position', degrees(thing.at)],
      ...this.motion(thing),
    ];
    if (thing.error !== undefined) { rows.push(['error', `±${this.words.number(thing.error)} m`]); }
    if (thing.launch) { rows.push(['launched', degrees(thing.launch)]); }
    if (thing.impact) { rows.push(['expected', `${degrees(thing.impact)} · ±${this.words.number(thing.impact.radius / 1000, 1)} km`]); }
    if (thing.remarks) { rows.push(['remarks', thing.remarks]); }
    return rows.map(([k, v]) => [this.words.say(k), v]);
  }
}
