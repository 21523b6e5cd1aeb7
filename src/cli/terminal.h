/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "cli/party.h"

/* Terminals' certificates, made where the party's own authority lies: for the first ones, and for those
 * that have run out, which cannot ask the desk any more. */

#define TERMINAL_DAYS        90
#define TERMINAL_BACKDATE_MS (5 * MS_PER_MINUTE) /* a terminal's clock may be a little behind */

struct terminal_issuer {
    const char *dir;              /* of the party */
    span        key, certificate; /* of the authority, DER */
    instant     now;
};

/* terminal_issue - certify people/NAME/terminal.key into terminal.crt beside it
 *
 * write   file_create or file_replace
 * fails   UNKNOWN without the key; as cert_issue, write */
err terminal_issue(const struct terminal_issuer *i, const name *who,
                   err (*write)(const char *path, span bytes, mode_t mode));

/* terminal_issue_here - the same with keys/authority.key of --dir   fails DENIED too, when the ledger there says that the
 *                       key was revoked
 * cost    reads all of that ledger */
err terminal_issue_here(struct call *c, const char *who);

/* terminal_public - the public key of people/NAME/terminal.key
 * terminal_keep   - what the guard made of it, to the file of --out or people/NAME/terminal.crt
 *
 * result  of the act: `certificate BASE64`, or `error SENTENCE`
 * fails   MALFORMED when the guard made none */
err terminal_public(struct call *c, const char *who, struct writer *out);
err terminal_keep(struct call *c, const char *who, const char *result);

#endif
