/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ACT_TEXT_H
#define CLI_ACT_TEXT_H

#include "base/lines.h"
#include "cli/history.h"

/* An act as its leaf keeps it (docs/format/acts.md): the signed text, line by line behind `say`, and the
 * signatures. */

#define ACT_SIGNATURES_MAX 4
#define SAID_MAX           (16 * 1024) /* a leaf is not longer */

enum role {
    ROLE_READER = 1 << 0,
    ROLE_AUTHOR = 1 << 1,
    ROLE_OFFICER = 1 << 2,
    ROLE_REGISTRAR = 1 << 3,
    ROLE_SECURITY = 1 << 4,
    ROLE_AUDITOR = 1 << 5,
};

/* roles_of - "officer,reader"; fails UNKNOWN */
err roles_of(span text, uint16_t *out);

/* act_rule - who may do what: docs/format/acts.md, table */
struct act_rule {
    const char *name;
    uint16_t    roles;
    unsigned    signers;
};
const struct act_rule *act_rule_find(span act);

/* act_text - what was signed
 *
 * said    the text, put together; body what follows its head, without the guard's `shown` lines
 * attachment   what the leaf names, empty when it names none
 * time         when the text was made; recorded: of the leaf */
struct act_text {
    uint8_t  said[SAID_MAX];
    span     text, body, attachment;
    name     act, by;
    instant  time, recorded;
    unsigned count;
    struct {
        name    by;
        uint8_t signature[SIGNATURE_LEN];
    } signer[ACT_SIGNATURES_MAX];
};

/* act_text_read - out of a leaf's body; *found false when the leaf holds no act
 *
 * fails   MALFORMED */
err act_text_read(const struct history *h, span body, struct act_text *out, bool *found);

/* act_text_check - is it signed as it has to be, by those who were enrolled before it?
 *
 * fails   FORGED, DENIED, UNKNOWN */
err act_text_check(struct history *h, const struct act_text *a);

/* said_read - the lines behind `say`, as one text */
err said_read(struct lines *l, uint8_t *buf, size_t max, span *out);

/* line_skip - take lines until one has this key; false when none has */
bool line_skip(struct lines *l, const char *key);

#endif
