/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of the earth's surface, so that what is near is found without looking at all. */
#include "picture/state.h"

/* CELL_E7 - a tenth of a degree: no gate reaches further than one row, or so many columns of them */
#define CELL_E7  1000000
#define ROUND    3600
#define LAT_2_E7 600000000
#define LAT_4_E7 755000000

/* TILE - so many cells each way have a page of the table, so that what lies in one region touches few */
#define TILE       32
#define TILE_CELLS (TILE * TILE)

static uint32_t cell_at(int64_t row, int64_t column)
{
    column = (column % ROUND + ROUND) % ROUND;
    uint64_t tile = (uint64_t)(row / TILE) * ROUND + (uint64_t)(column / TILE);
    uint64_t h = tile * UINT64_C(0x9e3779b97f4a7c15) >> 40;
    return (uint32_t)(h % (CELLS / TILE_CELLS) * TILE_CELLS +
                      (uint64_t)((row & (TILE - 1)) * TILE + column % TILE));
}

static int64_t row_of(struct place p)
{
    return ((int64_t)p.lat_e7 + LAT_MAX_E7) / CELL_E7;
}

static int64_t column_of(struct place p)
{
    return ((int64_t)p.lon_e7 + LON_MAX_E7) / CELL_E7;
}

uint32_t cell_of(struct place p)
{
    return cell_at(row_of(p), column_of(p));
}

void cell_leave(uint32_t *cell, struct cell_link *link, uint32_t at)
{
    const struct cell_link was = link[at];
    if (was.cell != 0) {
        *(was.before != 0 ? &link[was.before - 1].next : &cell[was.cell - 1]) = was.next;
        if (was.next != 0) {
            link[was.next - 1].before = was.before;
        }
        link[at] = (struct cell_link){0};
    }
}

void cell_enter(uint32_t *cell, struct cell_link *link, uint32_t at, uint32_t to)
{
    if (link[at].cell != to + 1) {
        cell_leave(cell, link, at);
        link[at] = (struct cell_link){.cell = to + 1, .next = cell[to]};
        if (cell[to] != 0) {
            link[cell[to] - 1].before = at + 1;
        }
        cell[to] = at + 1;
    }
}

static int64_t columns_about(struct place p)
{
    int32_t lat = p.lat_e7 < 0 ? -p.lat_e7 : p.lat_e7;
    return lat > LAT_4_E7 ? 4 : lat > LAT_2_E7 ? 2 : 1;
}

size_t cells_about(struct place p, uint32_t out[static CELLS_ABOUT_MAX])
{
    size_t  count = 0;
    int64_t row = row_of(p), column = column_of(p), wide = columns_about(p);
    for (int64_t i = row - 1; i <= row + 1; i++) {
        for (int64_t j = column - wide; j <= column + wide; j++) {
            out[count++] = cell_at(i, j);
        }
    }
    return count;
}
