/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_NOTICE_H
#define POUCH_NOTICE_H

#include "pouch/grant.h"

/* notice - a guard's signed day key, told to partners when couriers meet: grants are sealed to it
 * until it ends, and it is destroyed on schedule so that old pouches in backups stay shut. */
struct notice {
    name                  party;
    struct day_key_public day_key;
    instant               from, until;
};

/* notice_write - canonical text and its signature, at most NOTICE_MAX bytes
 * notice_read  - fails FORGED when it is not signed by identity, MALFORMED */
void notice_write(const struct notice *n, struct signer *signer, struct writer *w);
err  notice_read(span bytes, const uint8_t identity[static SIGN_PUBLIC_LEN], struct notice *out);

#endif
