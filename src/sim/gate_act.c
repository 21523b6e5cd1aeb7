/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of people, asked for and signed at once. */
#include "sim/gate.h"

#include <stdio.h>

static err error_of(struct gate *g)
{
    static char      why[256];
    struct gate_mail m;
    if (!gate_take(g, ANSWER_ERROR, &m)) {
        return FAIL(STATE, "the guard gave neither an answer nor an error");
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    enum err_code code = (enum err_code)read_u8(&r);
    span          text = read_block8(&r, UINT8_MAX);
    snprintf(why, sizeof why, SPAN_FMT, SPAN_ARG(text));
    gate_mail_drop(&m);
    return (err){code, why};
}

static err sign_as(struct gate *g, const char *who, uint32_t act, span text, struct writer *result)
{
    uint8_t                   body[128], signature[SIGNATURE_LEN];
    struct writer             w = WRITER_OF(body);
    const struct gate_person *p = gate_person_find(g, who);
    struct gate_mail          m;
    MUST(p != NULL);
    sign_make(&p->key, "accord act 1", text, signature);
    put_u32(&w, act);
    put_name(&w, &p->name);
    put_span(&w, SPAN_OF(signature));
    gate_say(g, CALLER_DESK, REQUEST_SIGN, 2, writer_span(&w));
    if (!gate_take(g, ANSWER_DONE, &m)) {
        return error_of(g);
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    (void)read_u32(&r);
    (void)read_u8(&r);
    if (result != NULL) {
        result->len = 0;
        put_span(result, read_block16(&r, UINT16_MAX));
    }
    gate_mail_drop(&m);
    return OK;
}

err gate_act(struct gate *g, const struct gate_act *a, struct writer *result)
{
    static uint8_t            body[GUARD_MESSAGE_MAX];
    struct writer             w = WRITER_OF(body);
    const struct gate_person *p = gate_person_find(g, a->by[0]);
    struct gate_mail          m;
    MUST(p != NULL);
    put_name(&w, &p->name);
    put_block8(&w, span_text(a->act));
    put_block16(&w, span_text(a->body));
    put_block16(&w, a->attachment);
    MUST(!w.bad);
    gate_say(g, CALLER_DESK, REQUEST_ACT, 1, writer_span(&w));
    if (!gate_take(g, ANSWER_CHALLENGE, &m)) {
        return error_of(g);
    }
    struct reader r = reader_of((span){m.bytes, m.len});
    uint32_t      act = read_u32(&r);
    span          text = read_block16(&r, UINT16_MAX);
    err           e = OK;
    for (unsigned i = 0; i < ARRAY_LEN(a->by) && a->by[i] != NULL && !err_is(e); i++) {
        bool last = i + 1 == ARRAY_LEN(a->by) || a->by[i + 1] == NULL;
        g->cut = last && a->cut.place != GATE_WHOLE ? a->cut : g->cut;
        e = sign_as(g, a->by[i], act, text, result);
    }
    gate_mail_drop(&m);
    return e;
}
