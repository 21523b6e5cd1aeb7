// SPDX-License-Identifier: Apache-2.0
// The wall display: joins connection, wall, map and panels.
import './wall.css';
import { Chart } from './chart.js';
import type { Event } from './event.js';
import { Icons } from './icons.js';
import { Painter } from './paint.js';
import { Panel } from './panel.js';
import { Stream } from './stream.js';
import { language_choose, Words } from './text.js';
import { Wall, type Now, type Why } from './wall.js';

// SHARE    - painting takes at most one part in so many of the time
// REST_MS  - and is never put off longer
// TICK_MS  - how often the lease is looked at
const SHARE = 3;
const REST_MS = 1_000;
const TICK_MS = 100;

const wall = new Wall();
const words = new Words(language_choose(new URLSearchParams(location.search).get('lang'), navigator.languages));
const panel = new Panel(words);
const chart = new Chart(document.getElementById('map')!, () => paint(), pick);
const painter = new Painter(chart.canvas.getContext('2d')!, new Icons());
let picked: string | null = null;
let due = false, next = 0; // is there something to paint, and when at the earliest

function now(): Now {
  return { mono: performance.now(), wall: Date.now() };
}

function paint(): void {
  const began = performance.now();
  due = false;
  wall.lapse(now());
  if (wall.blank === null && chart.view) {
    painter.paint(wall.things.values(), chart.view, wall.time(now()), picked);
  } else {
    painter.clear();
  }
  panel.show(wall, now(), picked === null ? null : wall.things.get(picked) ?? null);
  const took = performance.now() - began;
  next = began + took + Math.min(SHARE * took, REST_MS);
}

function pick(x: number, y: number): void {
  picked = painter.at(x, y)?.thing.id ?? null;
  paint();
}

/* after_frame - when the screen shows what has just been painted: the second frame begins when the first is out.
 * A page that is not seen has no frames, and shows nothing */
function after_frame(then: () => void): void {
  let called = false;
  const once = () => {
    if (!called) {
      called = true;
      document.removeEventListener('visibilitychange', hidden);
      then();
    }
  };
  const hidden = () => { if (document.hidden) { once(); } };
  document.addEventListener('visibilitychange', hidden);
  requestAnimationFrame(() => requestAnimationFrame(once));
  hidden();
}

function on_event(event: Event): void {
  const { redraw, done } = wall.take(event, now());
  due ||= redraw;
  if (done !== undefined || (redraw && wall.blank !== null)) { paint(); } // what is taken away waits for nothing
  if (done !== undefined) { after_frame(() => void stream.done(done)); }
}

function on_lost(why: Why): void {
  wall.lose(why, now());
  paint();
}

const stream = new Stream({ begin: () => wall.begin(), event: on_event, lost: on_lost });

function frame(): void {
  if (due && performance.now() >= next) { paint(); }
  requestAnimationFrame(frame);
}

function tick(): void {
  if (wall.lapse(now())) { paint(); }
  panel.show(wall, now(), picked === null ? null : wall.things.get(picked) ?? null);
}

document.addEventListener('keydown', (e) => {
  if (e.key === 'f') { void document.documentElement.requestFullscreen(); }
  if (e.key === 'Escape') { pick(-1000, -1000); }
});
document.addEventListener('visibilitychange', tick);
setInterval(tick, TICK_MS);
setInterval(() => { due = true; }, 5_000); // what has become stale meanwhile
requestAnimationFrame(frame);
paint();
void stream.run();
