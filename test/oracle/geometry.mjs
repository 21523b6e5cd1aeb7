// SPDX-License-Identifier: Apache-2.0
// Where a box [south, west, north, east] lies to a polygon of [lat, lon] corners: closed sets of the plane, exact.

const big = (p) => p.map(BigInt);
const cross = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
const least = (a, b) => (a < b ? a : b);
const most = (a, b) => (a < b ? b : a);

function edgesOf(points) {
  const all = points.map(big);
  return all.map((p, i) => [p, all[(i + 1) % all.length]]);
}

function cornersOf([south, west, north, east]) {
  return [[south, west], [south, east], [north, west], [north, east]];
}

// meets - have an edge and the box a point in common?  `open`: one that is not on the box's own edge.  Two convex
// sets are apart when along an axis of either they are.
function meets([a, b], box, open) {
  const [south, west, north, east] = box;
  const apart = open ? (low, high) => low >= high : (low, high) => low > high;
  if (apart(south, most(a[0], b[0])) || apart(least(a[0], b[0]), north) ||
      apart(west, most(a[1], b[1])) || apart(least(a[1], b[1]), east)) {
    return false;
  }
  const sides = cornersOf(box).map((p) => cross(a, b, p));
  const one = sides.every((s) => (open ? s >= 0n : s > 0n));
  return !one && !sides.every((s) => (open ? s <= 0n : s < 0n));
}

// within - is a point, not on an edge, in the polygon?  By the edges that a line to the east crosses.
function within(edges, p) {
  let odd = false;
  for (const [a, b] of edges) {
    if ((a[0] > p[0]) !== (b[0] > p[0])) {
      const upward = b[0] > a[0];
      odd = cross(a, b, p) < 0n === upward ? !odd : odd;
    }
  }
  return odd;
}

// Twice all numbers, so that the middle of a box is one of them
const doubled = (edges) => edges.map(([a, b]) => [a.map((x) => 2n * x), b.map((x) => 2n * x)]);
const middle = ([south, west, north, east]) => [south + north, west + east];

export function inside(points, extent) {
  if (extent === undefined) {
    return false;
  }
  const edges = edgesOf(points);
  const box = big(extent);
  return !edges.some((e) => meets(e, box, true)) && within(doubled(edges), middle(box));
}

export function touching(points, extent) {
  if (extent === undefined) {
    return true;
  }
  const edges = edgesOf(points);
  const box = big(extent);
  return edges.some((e) => meets(e, box, false)) || within(doubled(edges), middle(box));
}
