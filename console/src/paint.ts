// SPDX-License-Identifier: Apache-2.0
// Objects, trails and warnings on one canvas, all of it in one go: a picture is never half of one turn and half of another.
import { arc, circle } from './arc.js';
import type { Place } from './event.js';
import { COLOURS, type Icon, type Icons } from './icons.js';
import { Labels, type Box } from './labels.js';
import type { Side } from './sidc.js';
import { mercator, type Shown } from './wall.js';

// TRAIL_PLACES - drawn at a time: with very many objects each trail has fewer corners, and still its ten minutes
// SIZES        - up to so many objects on the screen, symbols of that size in pixels
// SYMBOLS_MAX  - from so many on nobody can tell symbols apart: squares in the colour of the side, until one looks closer
// LABELS_MAX   - more nobody reads
const TRAIL_PLACES = 60_000;
const SIZES: [number, number][] = [[600, 22], [2_500, 15], [Infinity, 10]];
const SYMBOLS_MAX = 6_000;
const SQUARE = 5;
const LABELS_MAX = 300;
// FINE         - from so many on lines are one pixel wide, which costs a tenth
// BATCH        - lines stroked at once: one path of very many costs more than many paths
const FINE = 600;
const BATCH = 250;
const LEAD_S = 120; // the line ahead of an object: where it is in two minutes
const WARNING = '#ff3b30';
const FONT = '"Noto Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", system-ui, sans-serif';

/* View - what of the map is on the screen: its middle in metres, metres a unit, size in units.  A unit is a pixel of a small
 * screen and more on a large one, which is looked at from afar; ratio: pixels of the canvas in one */
export type View = { x: number; y: number; resolution: number; width: number; height: number; ratio: number };

type Dot = { shown: Shown; icon: Icon; x: number; y: number };

export class Painter {
  private readonly labels = new Labels();
  private drawn: Dot[] = [];
  private ratio = 1;

  constructor(private readonly to: CanvasRenderingContext2D, private readonly icons: Icons) {}

  /* clear - nothing is on the canvas afterwards */
  clear(): void {
    this.to.setTransform(1, 0, 0, 1, 0, 0);
    this.to.clearRect(0, 0, this.to.canvas.width, this.to.canvas.height);
    this.drawn = [];
  }

  /* paint - all of it anew; now: the server's time; picked: the object that somebody looks at */
  paint(things: Iterable<Shown>, view: View, now: number, picked: string | null): void {
    this.clear();
    this.ratio = view.ratio;
    this.to.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.drawn = this.seen(things, view);
    const warnings = this.drawn.filter((d) => d.shown.thing.warning);
    this.trails(view);
    warnings.forEach((d) => this.warning(d, view));
    const plain = this.drawn.length > SYMBOLS_MAX;
    if (plain) { this.squares(now); } else { this.leads(view); }
    for (const dot of plain ? warnings : this.drawn) { this.mark(dot, now); }
    this.drawn.filter((d) => d.shown.thing.id === picked).forEach((d) => this.ring(d, '#ffffff', 4));
    this.names(picked);
  }

  /* at - the object under a point of the view */
  at(x: number, y: number): Shown | null {
    let best: Dot | null = null, near = 24;
    for (const dot of this.drawn) {
      const far = Math.hypot(dot.x - x, dot.y - y);
      if (far < near) { [best, near] = [dot, far]; }
    }
    return best?.shown ?? null;
  }

  private pixel(x: number, y: number, view: View): [number, number] {
    return [(x - view.x) / view.resolution + view.width / 2, (view.y - y) / view.resolution + view.height / 2];
  }

  private seen(things: Iterable<Shown>, view: View): Dot[] {
    const inside: { shown: Shown; x: number; y: number }[] = [];
    for (const shown of things) {
      const n = shown.trail.length;
      const [x, y] = this.pixel(shown.trail[n - 2]!, shown.trail[n - 1]!, view);
      const out = x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40;
      if (!out || shown.thing.warning) { inside.push({ shown, x, y }); }
    }
    const size = SIZES.find(([most]) => inside.length <= most)![1];
    const dots = inside.map(({ shown, x, y }) => ({ shown, x, y, icon: this.icons.of(shown.thing.type, size, view.ratio) }));
    return [...dots.filter((d) => !d.shown.thing.warning), ...dots.filter((d) => d.shown.thing.warning)];
  }

  private trails(view: View): void {
    const each = Math.max(3, Math.floor(TRAIL_PLACES / Math.max(1, this.drawn.length)));
    this.to.globalAlpha = 0.5;
    this.lines((d) => this.trail(d.shown.trail, each, view));
    this.to.globalAlpha = 1;
  }

  private trail(trail: number[], most: number, view: View): void {
    const places = trail.length / 3, step = Math.max(1, Math.ceil(places / most));
    for (let i = 0; i < places; i += step) {
      const [x, y] = this.pixel(trail[3 * i + 1]!, trail[3 * i + 2]!, view);
      if (i === 0) { this.to.moveTo(x, y); } else { this.to.lineTo(x, y); }
    }
    const [x, y] = this.pixel(trail[trail.length - 2]!, trail[trail.length - 1]!, view);
    this.to.lineTo(x, y);
  }

  private leads(view: View): void {
    this.lines(({ shown: { thing }, x, y }) => {
      if (thing.course === undefined || !thing.speed || thing.warning) { return; }
      const metres = (thing.speed * LEAD_S) / Math.cos((thing.at.lat * Math.PI) / 180);
      const far = Math.min(metres / view.resolution, 120), way = (thing.course * Math.PI) / 180;
      this.to.moveTo(x, y);
      this.to.lineTo(x + far * Math.sin(way), y - far * Math.cos(way));
    });
  }

  // lines - one of each object, in the colour of its side
  private lines(draw: (dot: Dot) => void): void {
    this.to.lineWidth = this.drawn.length > FINE ? 1 / this.ratio : 1.5;
    this.sides((side, dots) => {
      this.to.strokeStyle = COLOURS[side];
      for (let i = 0; i < dots.length; i += BATCH) {
        this.to.beginPath();
        dots.slice(i, i + BATCH).forEach(draw);
        this.to.stroke();
      }
    });
  }

  private sides(each: (side: Side, dots: Dot[]) => void): void {
    for (const side of Object.keys(COLOURS) as Side[]) {
      each(side, this.drawn.filter((d) => d.icon.side === side));
    }
  }

  private squares(now: number): void {
    this.sides((side, dots) => {
      this.to.fillStyle = COLOURS[side];
      for (const { shown, x, y } of dots) {
        this.to.globalAlpha = shown.thing.stale < now ? 0.4 : 1;
        this.to.fillRect(Math.round(x) - 2, Math.round(y) - 2, SQUARE, SQUARE);
      }
    });
    this.to.globalAlpha = 1;
  }

  private mark(dot: Dot, now: number): void {
    const { icon, x, y, shown } = dot;
    this.to.globalAlpha = shown.thing.stale < now ? 0.4 : 1;
    const whole = (v: number) => Math.round(v * this.ratio) / this.ratio; // whole pixels: sharp, and nothing to smooth
    if (!icon.dot || !at_launch(shown)) {
      this.to.drawImage(icon.picture, whole(x - icon.x), whole(y - icon.y), icon.picture.width / this.ratio, icon.picture.height / this.ratio);
    }
    this.to.globalAlpha = 1;
    if (shown.thing.warning) { this.ring(dot, WARNING, 6); }
  }

  private ring(dot: Dot, colour: string, away: number): void {
    this.to.strokeStyle = colour;
    this.to.lineWidth = 2;
    this.to.beginPath();
    this.to.arc(dot.x, dot.y, Math.max(dot.icon.width, dot.icon.height) / 2 + away, 0, 2 * Math.PI);
    this.to.stroke();
  }

  // warning - from where it was launched, the way it came, the way it goes, and where it is expected
  private warning(dot: Dot, view: View): void {
    const { at, launch, impact } = dot.shown.thing;
    this.to.strokeStyle = WARNING;
    if (impact) { this.area(circle(impact, impact.radius, 72), view); }
    this.to.lineWidth = 2.5;
    if (launch) {
      this.line(arc(launch, at, 48), view, []);
      this.launch(launch, view);
    }
    if (impact) {
      this.line(arc(at, impact, 48), view, [9, 7]);
      this.cross(impact, view);
    }
  }

  private line(places: Place[], view: View, dash: number[]): void {
    this.to.setLineDash(dash);
    this.to.beginPath();
    places.forEach((p) => this.to.lineTo(...this.pixel(...mercator(p), view)));
    this.to.stroke();
    this.to.setLineDash([]);
  }

  private area(places: Place[], view: View): void {
    this.to.lineWidth = 2;
    this.to.fillStyle = 'rgba(255, 59, 48, 0.22)';
    this.to.beginPath();
    places.forEach((p) => this.to.lineTo(...this.pixel(...mercator(p), view)));
    this.to.closePath();
    this.to.fill();
    this.to.stroke();
  }

  private launch(place: Place, view: View): void {
    const [x, y] = this.pixel(...mercator(place), view);
    this.to.fillStyle = WARNING;
    this.to.beginPath();
    this.to.moveTo(x, y - 9);
    this.to.lineTo(x + 8, y + 6);
    this.to.lineTo(x - 8, y + 6);
    this.to.closePath();
    this.to.fill();
  }

  private cross(place: Place, view: View): void {
    const [x, y] = this.pixel(...mercator(place), view);
    this.to.beginPath();
    this.to.moveTo(x - 7, y);
    this.to.lineTo(x + 7, y);
    this.to.moveTo(x, y - 7);
    this.to.lineTo(x, y + 7);
    this.to.stroke();
  }

  private names(picked: string | null): void {
    const first = (d: Dot) => d.shown.thing.warning || d.shown.thing.id === picked;
    const named = this.drawn.filter((d) => d.shown.thing.name !== '');
    const asked = [...named.filter(first), ...named.filter((d) => !first(d))].slice(0, 4 * LABELS_MAX);
    const text = new Map(asked.map((d) => [d.shown.thing.id, d]));
    this.to.font = `13px ${FONT}`;
    this.to.textBaseline = 'middle';
    this.to.lineWidth = 3;
    this.to.strokeStyle = '#05090e';
    for (const box of this.labels.place(asked.map((d) => this.box(d)), LABELS_MAX)) {
      const { shown: { thing }, icon } = text.get(box.id)!;
      this.to.fillStyle = thing.warning ? WARNING : COLOURS[icon.side];
      this.to.strokeText(short(thing.name), box.x, box.y + box.height / 2);
      this.to.fillText(short(thing.name), box.x, box.y + box.height / 2);
    }
  }

  private box(dot: Dot): Box {
    const gap = dot.icon.width / 2 + (dot.shown.thing.warning ? 12 : 4);
    return { id: dot.shown.thing.id, x: dot.x + gap, y: dot.y - 8, width: this.to.measureText(short(dot.shown.thing.name)).width,
      height: 16 };
  }
}

// at_launch - the mark of the launch is its sign
function at_launch({ thing: { at, launch, warning } }: Shown): boolean {
  return warning && launch !== undefined && launch.lat === at.lat && launch.lon === at.lon;
}

// short - a name that is longer than a name should be; all of it is in the details
function short(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
