// SPDX-License-Identifier: Apache-2.0
// The map: land below, what is reported above, on a canvas of its own.
import Feature from 'ol/Feature.js';
import OlMap from 'ol/Map.js';
import OlView from 'ol/View.js';
import type { FrameState } from 'ol/Map.js';
import type { Coordinate } from 'ol/coordinate.js';
import MultiLineString from 'ol/geom/MultiLineString.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import { defaults } from 'ol/interaction/defaults.js';
import Layer from 'ol/layer/Layer.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import land from 'virtual:land';
import { mercator } from './wall.js';
import type { View } from './paint.js';

const LAND = '#222e3a', COAST = '#51667b', GRID = '#15202c';
const MIDDLE = { lon: 131.5, lat: 37 };
const START = [118, 27, 147, 46]; // what the first view shows at least
const GRID_STEP = 5;
const SMALL = 1920; // pixels across; on wider screens signs and letters grow with the screen

function corner(lon: number, lat: number): [number, number] {
  return mercator({ lon, lat });
}

function unpack(deltas: number[]): Coordinate[] {
  const out: Coordinate[] = [];
  let x = 0, y = 0;
  for (let i = 0; i < deltas.length; i += 2) {
    x += deltas[i]!;
    y += deltas[i + 1]!;
    out.push(corner(x / land.grain, y / land.grain));
  }
  return out;
}

function layer(geometry: MultiPolygon | MultiLineString, style: Style): VectorLayer {
  return new VectorLayer({ source: new VectorSource({ features: [new Feature(geometry)] }), style });
}

function grid(): MultiLineString {
  const [west, south, east, north] = land.around, lines: Coordinate[][] = [];
  for (let lon = west; lon <= east; lon += GRID_STEP) { lines.push([corner(lon, south), corner(lon, north)]); }
  for (let lat = south; lat <= north; lat += GRID_STEP) { lines.push([corner(west, lat), corner(east, lat)]); }
  return new MultiLineString(lines);
}

function view_of(frame: FrameState, pixels: number): View {
  const [x, y] = frame.viewState.center as [number, number];
  const [width, height] = frame.size as [number, number];
  const scale = Math.max(1, width / SMALL);
  return { x, y, resolution: frame.viewState.resolution * scale, width: width / scale, height: height / scale,
    ratio: pixels * scale };
}

export class Chart {
  readonly canvas = document.createElement('canvas');
  private readonly pixels = Math.min(window.devicePixelRatio || 1, 2); // of the canvas, for one of the page
  view: View | null = null;
  private readonly map: OlMap;
  private moved = false; // has somebody moved it?

  /* moved: the view is another, so all is to be painted anew; picked: somebody points there */
  constructor(target: HTMLElement, moved: () => void, picked: (x: number, y: number) => void) {
    this.canvas.className = 'reports';
    const reports = new Layer({ render: (frame) => this.frame(frame!, moved) });
    this.map = new OlMap({
      target,
      controls: [],
      pixelRatio: this.pixels,
      interactions: defaults({ altShiftDragRotate: false, pinchRotate: false }),
      layers: [
        layer(grid(), new Style({ stroke: new Stroke({ color: GRID, width: 1 }) })),
        layer(new MultiPolygon(land.polygons.map((rings) => rings.map(unpack))), new Style({ fill: new Fill({ color: LAND }) })),
        layer(new MultiLineString(land.coasts.map(unpack)), new Style({ stroke: new Stroke({ color: COAST, width: 1 }) })),
        reports,
      ],
      view: new OlView({ center: corner(MIDDLE.lon, MIDDLE.lat), zoom: 6, minZoom: 4, maxZoom: 13, enableRotation: false,
        extent: [...corner(land.around[0], land.around[1]), ...corner(land.around[2] + 20, land.around[3])] }),
    });
    this.fit();
    this.map.on('change:size', () => this.fit());
    this.map.on('movestart', () => { this.moved ||= this.map.getView().getInteracting(); });
    this.map.on('singleclick', ({ pixel }) => {
      const units = this.pixels / (this.view?.ratio ?? this.pixels);
      picked(pixel[0]! * units, pixel[1]! * units);
    });
  }

  // fit - a screen that nobody has moved shows the theatre, whatever its size
  private fit(): void {
    const [west, south, east, north] = START as [number, number, number, number];
    if (!this.moved) { this.map.getView().fit([...corner(west, south), ...corner(east, north)]); }
  }

  private frame(frame: FrameState, moved: () => void): HTMLElement {
    const view = view_of(frame, this.pixels), old = this.view;
    const same = old !== null && (Object.keys(view) as (keyof View)[]).every((k) => view[k] === old[k]);
    if (!same) {
      this.view = view;
      this.resize(Math.round(view.width * view.ratio), Math.round(view.height * view.ratio));
      moved();
    }
    return this.canvas;
  }

  private resize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) { return; }
    [this.canvas.width, this.canvas.height] = [width, height];
    this.canvas.style.width = `${width / this.pixels}px`;
    this.canvas.style.height = `${height / this.pixels}px`;
  }
}
