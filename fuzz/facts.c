/* links: feed */
/* SPDX-License-Identifier: Apache-2.0 */
/* A file of past launches: each that is taken can be flown, and is written as it was read */
#include "feed/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct facts facts;

static void fly(const struct launch *l)
{
    struct arc       arc;
    struct arc_point at;
    struct arc_shape shape = launch_shape(l);
    MUST(!err_is(arc_make(&shape, &arc)));
    for (int i = 0; i <= 4; i++) {
        arc_at(&arc, arc.flight_s * i / 4, &at);
        MUST(at.altitude_km >= 0 && at.altitude_km <= ARC_APOGEE_MAX_KM * 1.001);
        MUST(at.lat_deg >= -90 && at.lat_deg <= 90 && at.lon_deg >= -180 && at.lon_deg <= 180);
        MUST(at.course_deg >= 0 && at.course_deg < 360 && at.speed_mps >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t line = 0;
    span   text = {data, len};
    size_t written = 0;
    if (err_is(facts_read(text, &facts, &line))) {
        return 0;
    }
    for (size_t i = 0; i < facts.count; i++) {
        uint8_t       buf[256];
        struct writer w = WRITER_OF(buf);
        launch_format(&facts.launch[i], &w);
        written += w.len;
        fly(&facts.launch[i]);
    }
    MUST(written < len);
    return 0;
}
