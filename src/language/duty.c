/* SPDX-License-Identifier: Apache-2.0 */
/* What a recipient owes.  Each line leaves in draft.owing what it adds; whose it is, of the whole
 * agreement or of one permission, is said by where it stands. */
#include "language/compile.h"
#include "language/resolve.h"

void duty_plain(struct draft *draft, const struct statement *s)
{
    draft->owing.duties = s->form->value;
}

void duty_read(struct draft *draft, const struct statement *s)
{
    static const char *const word[] = {"clearance", "need-to-know", "assurance", NULL};
    static const uint32_t    duty[] = {DUTY_CLEARANCE, DUTY_NEED_TO_KNOW, DUTY_ASSURANCE};
    for (unsigned i = 0; i < s->slot[SLOT_NEEDS].count; i++) {
        unsigned place = 0;
        if (resolve_word(draft, slot_token(&draft->tree, s, SLOT_NEEDS, i), word, &place)) {
            draft->owing.duties |= duty[place];
        }
    }
}

void duty_receipt(struct draft *draft, const struct statement *s)
{
    uint64_t ms = 0;
    if (resolve_within(draft, s, RECEIPT_MS_MAX, &ms)) {
        draft->owing = (struct obligations){.duties = DUTY_RECEIPT, .receipt_ms = (uint32_t)ms};
    }
}

/* Immediately is no time: it is owed from the moment on. */
void duty_loss(struct draft *draft, const struct statement *s)
{
    bool     timed = s->slot[SLOT_NUMBER].count > 0 || s->slot[SLOT_NAME].count > 0;
    uint64_t ms = 0;
    if (!timed || resolve_within(draft, s, LOSS_MS_MAX, &ms)) {
        draft->owing = (struct obligations){.duties = DUTY_REPORT_LOSS, .loss_ms = (uint32_t)ms};
    }
}

void duty_copies(struct draft *draft, const struct statement *s)
{
    unsigned count = 0;
    if (resolve_number(draft, s, SLOT_NUMBER, 1, COPIES_MAX, &count)) {
        draft->owing = (struct obligations){.duties = DUTY_COPIES, .copies = (uint8_t)count};
    }
}

#define CERTIFIERS_MAX 9 /* more persons than that do not stand around one shredder */

void duty_destroy(struct draft *draft, const struct statement *s)
{
    struct obligations o = {0};
    uint64_t           ms = 0;
    unsigned           persons = 0;
    bool               timed = s->slot[SLOT_NUMBER].count > 0 || s->slot[SLOT_NAME].count > 0;
    if (timed && resolve_within(draft, s, DESTROY_S_MAX * (uint64_t)MS_PER_SECOND, &ms)) {
        o.duties |= DUTY_DESTROY;
        o.destroy_s = (uint32_t)((ms + MS_PER_SECOND - 1) / MS_PER_SECOND);
    }
    if (s->slot[SLOT_PERSONS].count > 0 &&
        resolve_number(draft, s, SLOT_PERSONS, 1, CERTIFIERS_MAX, &persons)) {
        o.duties |= DUTY_CERTIFICATE;
        o.certifiers = (uint8_t)persons;
    }
    draft->owing = o;
}

void duty_lease(struct draft *draft, const struct statement *s)
{
    uint64_t ms = 0;
    if (resolve_within(draft, s, LEASE_MS_MAX, &ms)) {
        draft->owing = (struct obligations){.duties = DUTY_LEASE, .lease_ms = (uint32_t)ms};
    }
}
