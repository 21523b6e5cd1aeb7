/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/state.h"

void ticket_tear(struct ticket *t)
{
    bytes_wipe(t, sizeof *t);
}

void tickets_tick(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_TICKETS_MAX; i++) {
        struct ticket *t = &d->ticket[i];
        bool           over = t->kind != TICKET_FREE && t->until_ms <= d->boot_ms;
        if (over && t->kind == TICKET_UPLOAD) {
            leave_end(d, t);
        } else if (over) {
            ticket_tear(t);
        }
    }
}

/* With a partner: of all that came from it, by the link or as its originator. */
void tickets_forget(struct desk *d, const name *partner, const id *handle)
{
    for (uint32_t i = 0; i < DESK_TICKETS_MAX; i++) {
        struct ticket *t = &d->ticket[i];
        uint32_t       at = t->kind == TICKET_OPENED ? shelf_find(d, &t->handle) : NONE;
        bool           theirs = partner == NULL
                                    ? id_equal(&t->handle, handle)
                                    : name_equal(&t->originator, partner) ||
                                (at != NONE && name_equal(&d->product[at].partner, partner));
        if (t->kind == TICKET_OPENED && theirs) {
            ticket_tear(t);
        }
    }
}

err ticket_make(struct desk *d, enum ticket_kind kind, const uint8_t terminal[static TERMINAL_LEN],
                struct ticket **out)
{
    tickets_tick(d);
    for (uint32_t i = 0; i < DESK_TICKETS_MAX; i++) {
        struct ticket *t = &d->ticket[i];
        if (t->kind == TICKET_FREE) {
            t->kind = kind;
            t->until_ms = d->boot_ms + DESK_TICKET_MS;
            random_fill(d->random, t->number.bytes, ID_LEN);
            memcpy(t->terminal, terminal, TERMINAL_LEN);
            *out = t;
            return OK;
        }
    }
    return FAIL(FULL, "too many tickets are out; ask again in a minute");
}

/* Every ticket is looked at, in time that tells nothing about any number. */
err ticket_find(struct desk *d, enum ticket_kind kind, const struct desk_request *r,
                struct ticket **out)
{
    id             number;
    struct ticket *found = NULL;
    tickets_tick(d);
    TRY(text_hex(r->named, number.bytes, ID_LEN));
    for (uint32_t i = 0; i < DESK_TICKETS_MAX; i++) {
        struct ticket *t = &d->ticket[i];
        bool           number_fits = bytes_equal_secretly(&t->number, &number, ID_LEN) != 0;
        bool terminal_fits = bytes_equal_secretly(t->terminal, r->terminal, TERMINAL_LEN) != 0;
        found = t->kind == kind && number_fits && terminal_fits ? t : found;
    }
    if (found == NULL) {
        return FAIL(UNKNOWN, "there is no such ticket at this terminal, or its time is over");
    }
    *out = found;
    return OK;
}
