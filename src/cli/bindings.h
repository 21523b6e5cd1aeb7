/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BINDINGS_H
#define CLI_BINDINGS_H

#include "binding/binding.h"
#include "cli/call.h"
#include "value/ground.h"

/* Bindings as a call names them: who signs (--key, --certificate), who is trusted (--trust), files. */

/* binding_file - a binding or the document in which one is
 *
 * out     lies in one buffer, until the next call
 * fails   UNKNOWN, LIMIT, IO */
err binding_file(struct call *c, const char *path, span *out);

/* binding_verified - by those of --trust; with --unsigned also one that nobody signed
 *
 * fails   as binding_read and binding_verify, with place and value */
err binding_verified(struct call *c, struct ground *g, span in, struct binding *out);

/* binding_file_add - a file as one thing more that the labels are about   fails LIMIT, MALFORMED, IO */
err binding_file_add(struct call *c, struct binding *b, const char *path);

/* binding_signer_check - is it said who signs, and can he?   fails as binding_made */
err binding_signer_check(struct call *c);

/* binding_made - written, and signed by --key and --certificate; --unsigned: by nobody
 *
 * document  empty when it is detached
 * out       lies in one buffer, until the next call
 * fails     MALFORMED as a usage error when neither or both are given; as binding_write */
err binding_made(struct call *c, struct ground *g, struct binding *b, span document, span *out);

/* bindings_on - has the party switched them on at its border?   fails DENIED */
err bindings_on(struct call *c);

#endif
