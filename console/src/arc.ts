// SPDX-License-Identifier: Apache-2.0
// Lines on the sphere: the way of a missile, and the circle in which it is expected.
import type { Place } from './event.js';

const RAD = Math.PI / 180;
const MEAN_M = 6371008.8; // mean radius

/* arc - the shortest way from a to b, in so many steps */
export function arc(a: Place, b: Place, steps: number): Place[] {
  const from = vector(a), to = vector(b);
  const angle = Math.acos(Math.max(-1, Math.min(1, dot(from, to))));
  if (angle < 1e-9 || Math.PI - angle < 1e-9) { return [a, b]; }
  return Array.from({ length: steps + 1 }, (_, i) => {
    const p = Math.sin((1 - i / steps) * angle), q = Math.sin((i / steps) * angle);
    return place([p * from[0] + q * to[0], p * from[1] + q * to[1], p * from[2] + q * to[2]]);
  });
}

/* circle - the places that are radius metres from its middle */
export function circle(middle: Place, radius: number, steps: number): Place[] {
  const lat = middle.lat * RAD, r = Math.min(radius / MEAN_M, Math.PI / 2);
  return Array.from({ length: steps }, (_, i) => {
    const way = (i / steps) * 2 * Math.PI;
    const there = Math.asin(Math.sin(lat) * Math.cos(r) + Math.cos(lat) * Math.sin(r) * Math.cos(way));
    const east = Math.atan2(Math.sin(way) * Math.sin(r) * Math.cos(lat), Math.cos(r) - Math.sin(lat) * Math.sin(there));
    return { lat: there / RAD, lon: middle.lon + east / RAD };
  });
}

type Vector = [number, number, number];

function vector(p: Place): Vector {
  const c = Math.cos(p.lat * RAD);
  return [c * Math.cos(p.lon * RAD), c * Math.sin(p.lon * RAD), Math.sin(p.lat * RAD)];
}

function place([x, y, z]: Vector): Place {
  return { lat: Math.atan2(z, Math.hypot(x, y)) / RAD, lon: Math.atan2(y, x) / RAD };
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
