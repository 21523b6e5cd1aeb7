/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scene.h"

/* Worlds begin two seconds after midnight, so that a clock that leaps by hours leaves HOURS. */
static const char sea_text[] =
    "arrangement SEA under KOR-USA-1987 \"What is read of one sea\"\n"
    "    parties KOR, USA\n"
    "    notice 90 days\n"
    "    after end destroy\n"
    "    define area EAST-SEA = polygon 36.0N 129.5E, 36.0N 135.0E, 41.0N 135.0E, 41.0N 129.5E\n"
    "    define window HOURS = each day 22:00 to 01:00 UTC\n"
    "    define window SUMMER = 2026-06-01 to 2026-09-01\n"
    "    define reduction COARSE = position to 10 km, without source\n"
    "    KOR may release report from open to USA about dprk-missile up to KOR:II in EAST-SEA"
    " during HOURS reduced COARSE\n"
    "        destroy within 4 seconds\n"
    "        open within 5 seconds of hearing the giver\n"
    "    KOR may release image from open to USA about dprk-missile up to KOR:II during SUMMER\n"
    "    USA may release image from open to KOR about dprk-missile up to USA:SECRET in EAST-SEA\n"
    "        copies at most 2\n";

static const char ash_text[] =
    "arrangement ASH under GSOMIA \"What is burnt\"\n"
    "    parties KOR, JPN\n"
    "    notice 90 days\n"
    "    after end destroy\n"
    "    define area STRAIT = within 100 km of 34.5N 129.5E\n"
    "    define reduction ROUGH = position to 1 km, delay 10 min\n"
    "    KOR may release report from open to JPN about dprk-missile up to KOR:II\n"
    "        destroy within 4 seconds\n"
    "    KOR may release image from open to JPN about dprk-missile up to KOR:II reduced ROUGH\n"
    "        copies at most 1\n"
    "    JPN may release report, image from open to KOR about dprk-missile up to JPN:GOKUHI,"
    " JPN:TOKUTEI-HIMITSU in STRAIT\n"
    "        copies at most 2\n";

/* What KOR's clause lets go, and what the rules of JPN and USA ask for where the shipped clauses do not. */
static const char mist_text[] =
    "arrangement MIST under KOR-USA-1987 \"What is seen through mist\"\n"
    "    parties KOR, USA\n"
    "    notice 90 days\n"
    "    after end destroy\n"
    "    define reduction HAZE = position to 10 km\n"
    "    define reduction FOG = position to 50 km, without source\n"
    "    KOR may release track from open to USA about dprk-missile up to KOR:II reduced HAZE at"
    " FLASH\n";

static const char mist_kor[] = "    release track from open about dprk-missile\n";

static const char mist_jpn[] = "    define reduction LATE = position to 1 km, delay 1 s\n"
                               "    define reduction DARK = position to 100 km, without source\n"
                               "    never track from radar to KOR unless reduced LATE\n"
                               "    never track from radar to USA unless reduced DARK\n";

static const char mist_usa[] = "    define reduction SLOW = every 2 s, without source\n"
                               "    never track from radar to JPN unless reduced SLOW\n";

#define KOR   0
#define JPN   1
#define USA   2
#define OF(p) (1u << (p))

static const char by_itself[] = "    release report, image from open about dprk-missile\n";

const struct scene scenes[SCENES] = {
    [SCENE_NONE] = {"", "", {NULL}, 0, 0},
    [SCENE_SEA] = {"SEA", sea_text, {[KOR] = by_itself, [USA] = by_itself}, OF(KOR) | OF(USA), 0},
    [SCENE_ASH] = {"ASH", ash_text, {[KOR] = by_itself, [JPN] = by_itself}, OF(KOR) | OF(JPN), 2},
    [SCENE_MIST] = {"MIST", mist_text, {mist_kor, mist_jpn, mist_usa}, OF(KOR) | OF(USA), 0},
};

unsigned scene_of(uint64_t seed)
{
    return seed % (2 * SCENE_MIST) == 0 ? SCENE_MIST : (unsigned)(seed % SCENE_MIST);
}

static const struct coarse mist[] = {
    {KOR, USA, .position_m = 10000},
    {KOR, JPN, .never = true},
    {JPN, KOR, .position_m = 1000, .delay_ms = 1000},
    {JPN, USA, .position_m = 100000, .hidden = true},
    {USA, JPN, .every_ms = 2000, .hidden = true},
};

const struct coarse *coarse_of(unsigned scene, unsigned party, unsigned sensor, unsigned to)
{
    for (size_t i = 0; i < sizeof mist / sizeof mist[0]; i++) {
        if (scene == SCENE_MIST && sensor == 0 && mist[i].party == party && mist[i].to == to) {
            return &mist[i];
        }
    }
    return NULL;
}
