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

#define KOR 1u
#define JPN 2u
#define USA 4u

static const char by_itself[] = "    release report, image from open about dprk-missile\n";

const struct scene scenes[SCENES] = {
    [SCENE_NONE] = {"", "", "", 0, 0},
    [SCENE_SEA] = {"SEA", sea_text, by_itself, KOR | USA, 0},
    [SCENE_ASH] = {"ASH", ash_text, by_itself, KOR | JPN, 2},
};
