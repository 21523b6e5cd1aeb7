// SPDX-License-Identifier: Apache-2.0
// Which labels have room.  What has a label keeps it while it can: when others are taken down, what stays must not move.

export type Box = { id: string; x: number; y: number; width: number; height: number };

const CELL = 16; // pixels; a label takes whole cells

export class Labels {
  private last = new Set<string>();

  /* place - those that are drawn: first what was drawn the time before, then the others in the order given
   *
   * most     no more than so many */
  place(boxes: Box[], most: number): Box[] {
    const taken = new Set<number>(), drawn: Box[] = [];
    const before = boxes.filter((b) => this.last.has(b.id)), others = boxes.filter((b) => !this.last.has(b.id));
    for (const box of [...before, ...others]) {
      if (drawn.length >= most) { break; }
      const cells = cells_of(box);
      if (cells.some((c) => taken.has(c))) { continue; }
      cells.forEach((c) => taken.add(c));
      drawn.push(box);
    }
    this.last = new Set(drawn.map((b) => b.id));
    return drawn;
  }
}

function cells_of(box: Box): number[] {
  const cells: number[] = [];
  for (let y = Math.floor(box.y / CELL); y <= Math.floor((box.y + box.height) / CELL); y++) {
    for (let x = Math.floor(box.x / CELL); x <= Math.floor((box.x + box.width) / CELL); x++) {
      cells.push(y * 65536 + x);
    }
  }
  return cells;
}
