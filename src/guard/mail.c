/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

/* Mail is framed in place: role, length, message.  mail_end fills in the length. */
struct writer *mail_begin(struct guard *g, enum caller to, uint8_t kind, uint32_t tag)
{
    put_u8(&g->mail, (uint8_t)to);
    g->mail_open = g->mail.len;
    put_u32(&g->mail, 0);
    guard_message_begin(&g->mail, kind, tag);
    return &g->mail;
}

void mail_end(struct guard *g)
{
    MUST(!g->mail.bad);
    struct writer len = writer_of(g->mail.ptr + g->mail_open, 4);
    size_t        bytes = g->mail.len - g->mail_open - 4;
    MUST(bytes <= GUARD_MESSAGE_MAX);
    put_u32(&len, (uint32_t)bytes);
}

/* The same in a buffer of its own, which goes before the records of the turn are synced. */
struct writer *urgent_begin(struct guard *g, enum caller to, uint8_t kind)
{
    if (g->urgent.max - g->urgent.len < URGENT_MESSAGE) {
        return NULL;
    }
    put_u8(&g->urgent, (uint8_t)to);
    g->urgent_open = g->urgent.len;
    put_u32(&g->urgent, 0);
    guard_message_begin(&g->urgent, kind, 0);
    return &g->urgent;
}

void urgent_end(struct guard *g)
{
    struct writer len = writer_of(g->urgent.ptr + g->urgent_open, 4);
    MUST(!g->urgent.bad);
    put_u32(&len, (uint32_t)(g->urgent.len - g->urgent_open - 4));
}

void mail_error(struct guard *g, enum caller to, uint32_t tag, err e)
{
    struct writer *w = mail_begin(g, to, ANSWER_ERROR, tag);
    put_u8(w, (uint8_t)e.code);
    put_block8(w, span_text(e.why == NULL ? "" : e.why));
    mail_end(g);
}
