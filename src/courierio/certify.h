/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIERIO_CERTIFY_H
#define COURIERIO_CERTIFY_H

#include "courier/courier.h"
#include "crypt/tls.h"
#include "shell/shell.h"
#include "wire/refusal.h"

/* certify - the TLS key of this run, what the guard signed for it, and who is trusted
 *
 * server    NULL = nobody may connect yet
 * uncertified   why the guard signs nothing for it
 * client    of each partner; NULL = it cannot be dialled yet
 * trusted   the partner of each place in the server's list */
struct certify {
    struct shell       *shell;
    struct courier     *courier;
    uint8_t             key[CERT_KEY_MAX], spki[CERT_SPKI_MAX], cert[CERT_MAX];
    size_t              key_len, spki_len, cert_len;
    instant             renew_at;
    int64_t             asked_ms;
    struct refusal      uncertified;
    struct tls_context *server, *client[COURIER_PARTNERS_MAX];
    unsigned            trusted[COURIER_PARTNERS_MAX];
};

/* certify_begin - make the key
 *
 * c       zeroed storage; shell and courier outlive it
 * fails   IO */
err certify_begin(struct certify *c, struct shell *shell, struct courier *courier);

/* certify_ask  - the guard is new
 * certify_hear - a message of the guard, after the courier's machine had it
 * certify_turn - at the end of each turn: ask in time */
void certify_ask(struct certify *c);
void certify_hear(struct certify *c, span message);
void certify_turn(struct certify *c);

#endif
