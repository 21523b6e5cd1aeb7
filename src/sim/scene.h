/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

/* scene - what the parties of a world have signed besides the shipped texts: an arrangement that owes what those do
 * not, and ends. Which one a world has its seed says; the first is the shipped texts alone */
#define SCENES     3
#define SCENE_NONE 0
#define SCENE_SEA                                                                                  \
    1 /* KOR and USA: an area, hours and a reduction, destroyed by the guard, leases, copies */
#define SCENE_ASH 2 /* KOR and JPN: what two persons certify */

/* scene
 *
 * parties     a bit each
 * certifiers  who must sign that an item is destroyed, by what it stands under
 * rules       lines that these parties add to their rules: without them all of it waits for an officer */
struct scene {
    const char *agreement, *text, *rules;
    unsigned    parties, certifiers;
};
extern const struct scene scenes[SCENES];

#endif
