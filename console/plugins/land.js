// SPDX-License-Identifier: Apache-2.0
// The land that the page draws, made when the page is built: fine in the theatre, coarse around it, so that the
// page asks for no map tile and carries no more of the world than it shows.  Land only: no name and no border.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';

// THEATRE  - Korea, Japan and the seas around them: here the coast is that of scale 1:10 million
// AROUND   - what can be panned to: 1:110 million
// GRAIN    - coordinates are sent as integers of so many parts of a degree (about 50 m)
export const THEATRE = [105, 15, 165, 60];
export const AROUND = [80, -15, 180, 75];
export const GRAIN = 2000;

const require = createRequire(import.meta.url);
const name = 'virtual:land';

function polygons_read(file) {
  const topology = JSON.parse(readFileSync(require.resolve(`world-atlas/${file}`), 'utf8'));
  const land = feature(topology, topology.objects.land).features ?? [feature(topology, topology.objects.land)];
  return land.flatMap(({ geometry }) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates));
}

// ring_cut - the part of a ring on one side of a line: Sutherland and Hodgman
function ring_cut(ring, axis, limit, keeps) {
  const out = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [a, b] = [ring[i], ring[i + 1]];
    const [ina, inb] = [keeps(a[axis], limit), keeps(b[axis], limit)];
    if (ina) { out.push(a); }
    if (ina !== inb) {
      const part = (limit - a[axis]) / (b[axis] - a[axis]);
      const at = [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])];
      at[axis] = limit;
      out.push(at);
    }
  }
  if (out.length > 0) { out.push(out[0]); }
  return out;
}

const less = (x, limit) => x <= limit;
const more = (x, limit) => x >= limit;

export function ring_clip(ring, [west, south, east, north]) {
  const cuts = [[0, west, more], [0, east, less], [1, south, more], [1, north, less]];
  return cuts.reduce((left, [axis, limit, keeps]) => (left.length ? ring_cut(left, axis, limit, keeps) : left), ring);
}

// coasts - the pieces of a clipped ring that are coast, and not the edge along which it was cut
export function coasts(ring, [west, south, east, north]) {
  const cut = (a, b) => (a[0] === b[0] && (a[0] === west || a[0] === east)) ||
    (a[1] === b[1] && (a[1] === south || a[1] === north));
  const lines = [];
  let line = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    if (cut(ring[i], ring[i + 1])) {
      if (line.length) { lines.push(line); }
      line = [];
    } else {
      if (!line.length) { line.push(ring[i]); }
      line.push(ring[i + 1]);
    }
  }
  if (line.length) { lines.push(line); }
  return lines;
}

// deltas - a line as integers, each the step from the one before
function deltas(line) {
  const out = [];
  let [x, y] = [0, 0];
  for (const [lon, lat] of line) {
    const [nx, ny] = [Math.round(lon * GRAIN), Math.round(lat * GRAIN)];
    if (out.length === 0 || nx !== x || ny !== y) { out.push(nx - x, ny - y); }
    [x, y] = [nx, ny];
  }
  return out;
}

function land_make() {
  const [west, south, east, north] = THEATRE, [w, s, e, n] = AROUND;
  const fine = polygons_read('land-10m.json'), coarse = polygons_read('land-110m.json');
  const parts = [[THEATRE, fine], [[w, s, west, n], coarse], [[east, s, e, n], coarse],
    [[west, s, east, south], coarse], [[west, north, east, n], coarse]];
  const out = { grain: GRAIN, theatre: THEATRE, around: AROUND, polygons: [], coasts: [] };
  for (const [box, polygons] of parts) {
    for (const rings of polygons) {
      const clipped = rings.map((ring) => ring_clip(ring, box));
      if (clipped[0].length < 4) { continue; }
      out.polygons.push(clipped.filter((ring) => ring.length > 3).map(deltas));
      clipped.forEach((ring) => out.coasts.push(...coasts(ring, box).map(deltas)));
    }
  }
  return out;
}

export function land() {
  return {
    name: 'land',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(land_make()))});` : null),
  };
}
