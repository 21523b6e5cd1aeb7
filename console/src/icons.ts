// SPDX-License-Identifier: Apache-2.0
// Symbols as pictures, each drawn once.
import ms from 'milsymbol';
import { sidc_of, symbol_of, type Side } from './sidc.js';

/* Icon - x, y: where in the picture its place is; all in units of the view (paint.ts); dot: no symbol, only that there is something */
export type Icon = { picture: ImageBitmap; x: number; y: number; width: number; height: number; side: Side; dot: boolean };

export const COLOURS: Record<Side, string> = {
  friend: '#7cc8ff',
  hostile: '#ff7a70',
  neutral: '#8fe39b',
  unknown: '#ffe27a',
};

// ICONS_MAX - types are some hundreds; a sender of ever new ones must not fill the memory
const ICONS_MAX = 4096;

export class Icons {
  private readonly made = new Map<string, Icon>();

  /* of - the icon of a type, so many units in size; ratio: pixels in a unit */
  of(type: string, size: number, ratio: number): Icon {
    const key = `${ratio} ${size} ${type}`;
    let icon = this.made.get(key);
    if (!icon) {
      if (this.made.size >= ICONS_MAX) { this.made.clear(); }
      icon = this.make(type, size, ratio);
      this.made.set(key, icon);
    }
    return icon;
  }

  private make(type: string, size: number, ratio: number): Icon {
    const symbol = symbol_of(type);
    if (!symbol) { return this.dot(size, ratio); }
    let depth = symbol.functions.length;
    const drawn = (d: number) => new ms.Symbol(sidc_of(symbol, d), { size: size * ratio, outlineWidth: 3, outlineColor: '#05090e' });
    while (depth > 0 && !drawn(depth).isValid()) { depth--; } // what the standard does not draw so finely
    const mark = drawn(depth), anchor = mark.getAnchor(), full = mark.getSize();
    return { picture: fixed(mark.asCanvas()), x: anchor.x / ratio, y: anchor.y / ratio,
      width: full.width / ratio, height: full.height / ratio, side: symbol.side, dot: false };
  }

  // dot - for what is no atom and so has no symbol
  private dot(size: number, ratio: number): Icon {
    const picture = document.createElement('canvas'), edge = Math.ceil(size * 0.7);
    picture.width = picture.height = Math.ceil(edge * ratio);
    const to = picture.getContext('2d')!;
    to.scale(ratio, ratio);
    to.translate(edge / 2, edge / 2);
    to.rotate(Math.PI / 4);
    to.fillStyle = COLOURS.unknown;
    to.strokeStyle = '#05090e';
    to.fillRect(-edge / 4, -edge / 4, edge / 2, edge / 2);
    to.strokeRect(-edge / 4, -edge / 4, edge / 2, edge / 2);
    return { picture: fixed(picture), x: edge / 2, y: edge / 2, width: edge, height: edge, side: 'unknown', dot: true };
  }
}

// fixed - as a picture that nobody draws on any more: many times faster to draw from than a canvas
function fixed(from: HTMLCanvasElement): ImageBitmap {
  const copy = new OffscreenCanvas(from.width, from.height);
  copy.getContext('2d')!.drawImage(from, 0, 0);
  return copy.transferToImageBitmap();
}
