/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "ismform/pieces.h"
#include "ismform/st0102.h"

/* The method is GENC's three letters; the version is the one whose methods are read */
#define METHOD_WRITTEN  14
#define VERSION_WRITTEN 12

static const uint8_t key[] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x03, 0x01, 0x01,
                              0x0e, 0x01, 0x03, 0x03, 0x02, 0x00, 0x00, 0x00};

static void length_put(struct writer *w, size_t len)
{
    if (len < 0x80) {
        put_u8(w, (uint8_t)len);
    } else {
        put_u8(w, 0x82);
        put_u16(w, (uint16_t)len);
    }
}

/* What is not said has no item */
static void item_put(struct writer *w, uint8_t tag, span value)
{
    if (value.len > 0) {
        put_u8(w, tag);
        length_put(w, value.len);
        put_span(w, value);
    }
}

static err owner_keep(void *to, span name, span value)
{
    if (span_is(name, "ownerProducer")) {
        put_span(to, value);
    }
    return OK;
}

static err country_put(const struct groups *g, const struct ism *m, struct writer *w,
                       struct ismform_problem *p)
{
    uint8_t       buf[256];
    struct writer country = WRITER_OF(buf);
    put_text(&country, "//");
    TRY(ism_attributes_write(g, m, owner_keep, &country, &p->fault));
    span said = writer_span(&country);
    if (m->system == ISM_JOINT || country.bad || memchr(said.ptr, ' ', said.len) != NULL) {
        return ismform_refuse(p, &rule_form_loss, ERR_UNKNOWN, "ownerProducer",
                              (span){said.ptr + 2, said.len - 2}, 0);
    }
    item_put(w, 3, said);
    return OK;
}

/* SCI opens the middle, but for what NATO classified */
static void middle_put(const struct ism *m, span middle, struct writer *w)
{
    size_t        at = 0;
    uint8_t       buf[ISM_LINE_MAX];
    struct writer sci = WRITER_OF(buf);
    if (m->sci.len > 0 && m->system != ISM_NATO) {
        while (at < middle.len &&
               !span_starts((span){middle.ptr + at, middle.len - at}, SPAN_LIT("//"))) {
            at++;
        }
        put_span(&sci, (span){middle.ptr, at});
        put_text(&sci, "//");
        at = at < middle.len ? at + 2 : at;
    }
    item_put(w, 4, writer_span(&sci));
    item_put(w, 5, (span){middle.ptr + at, middle.len - at});
}

static void texts_put(const struct ism *m, struct writer *w)
{
    uint8_t       buf[16];
    struct writer day = WRITER_OF(buf);
    item_put(w, 7, ism_text_of(m, ISM_CLASSIFIED_BY));
    item_put(w, 8, ism_text_of(m, ISM_DERIVED_FROM));
    item_put(w, 9, ism_text_of(m, ISM_REASON));
    for (span rest = ism_text_of(m, ISM_DECLASS_DATE); rest.len > 0;) {
        put_span(&day, span_cut(&rest, '-'));
    }
    item_put(w, 10, writer_span(&day));
}

err st0102_write(const struct groups *g, const struct ism *m, struct writer *w,
                 struct ismform_problem *p)
{
    const uint8_t      level = (uint8_t)(m->level + 1), method = METHOD_WRITTEN;
    const uint8_t      version[] = {0, VERSION_WRITTEN};
    uint8_t            buf[4 * ISM_LINE_MAX];
    struct writer      set = WRITER_OF(buf);
    struct pieces_text text;
    struct pieces      said;
    TRY(pieces_split(g, m, &text, &said, p));
    item_put(&set, 1, (span){&level, 1});
    item_put(&set, 2, (span){&method, 1});
    TRY(country_put(g, m, &set, p));
    middle_put(m, said.middle, &set);
    item_put(&set, 6, said.release);
    texts_put(m, &set);
    item_put(&set, 22, SPAN_OF(version));
    if (set.bad) {
        return ismform_refuse(p, &rule_form_room, ERR_LIMIT, "", (span){0}, 0);
    }
    put_span(w, SPAN_OF(key));
    length_put(w, set.len);
    put_span(w, writer_span(&set));
    return OK;
}
