/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

#include "sim/law.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* scene - what the parties of a world have signed besides the shipped texts: an arrangement that owes what those do
 * not, and ends. Which one a world has its seed says; the first is the shipped texts alone */
#define SCENES     4
#define SCENE_NONE 0
#define SCENE_SEA                                                                                  \
    1 /* KOR and USA: an area, hours and a reduction, destroyed by the guard, leases, copies */
#define SCENE_ASH  2 /* KOR and JPN: what two persons certify */
#define SCENE_MIST 3 /* all three: feeds that some may have only made coarser */

/* scene_of - of three seeds one has the shipped texts alone, or, each second time, mist */
unsigned scene_of(uint64_t seed);

/* scene
 *
 * parties     to the arrangement, a bit each
 * certifiers  who must sign that an item is destroyed, by what it stands under
 * rules       lines that each party adds to its rules: without them all of it waits for an officer; NULL: none */
struct scene {
    const char *agreement, *text;
    const char *rules[LAW_PARTIES];
    unsigned    parties, certifiers;
};
extern const struct scene scenes[SCENES];

/* coarse - what one partner may have of the first sensor of a party, read by a person in the scene's texts; the
 * second sensor's goes to all as it is
 *
 * never       nothing of it, coarser or not
 * position_m … hidden   what is made of it, no more and no less; hidden: source and remarks are gone */
struct coarse {
    unsigned party, to;
    bool     never;
    uint32_t position_m, delay_ms, every_ms;
    bool     hidden;
};

/* coarse_of - NULL: that partner has it as it is */
const struct coarse *coarse_of(unsigned scene, unsigned party, unsigned sensor, unsigned to);

#endif
