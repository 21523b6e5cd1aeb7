/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DESK_H
#define CLI_DESK_H

#include "cli/call.h"
#include "cli/party.h"
#include "http/answer.h"
#include "http/dial.h"

/* The party's own desk, asked over TLS by a person's terminal (docs/format/desk-api.md). */

#define DESK_WAIT_MS    20000     /* a pulse comes every 15 s, an answer much sooner */
#define DESK_ANSWER_MAX (4 << 20) /* longest list of a desk */

/* desk - one connection
 *
 * party     whose desk it is
 * terminal  whose certificate is shown */
struct desk {
    struct call        *call;
    struct party        party;
    name                terminal;
    struct dial         dial;
    struct tls_context *tls;
    struct client       client;
};

/* terminal_find - of --as, whose certificate must be here; without --as any that is   fails UNKNOWN */
err terminal_find(struct call *c, name *out);

/* desk_open - connect to the desk that accord.conf names, with the terminal of --as; without --as with
 * any terminal that has its certificate here
 *
 * fails   as dial_open; UNKNOWN when there is no terminal here
 * desk_open_other - the same, but of any terminal the one after so many (`skip`, in the order of their names)
 * desk_close - what was not opened is nothing */
err  desk_open_other(struct call *c, unsigned skip, struct desk **out);
err  desk_open(struct call *c, struct desk **out);
void desk_close(struct desk *d);

/* desk_ask - one request and its answer
 *
 * body      taken over; NULL = none
 * answer    a new reference
 * fails     with what the desk says, which then stands in call->refusal */
err desk_ask(struct desk *d, enum method method, const char *target, json_t *body, json_t **answer);

/* desk_upload - an open file as the body; desk_download - the body of the answer, piece by piece */
err desk_upload(struct desk *d, const char *target, int file, uint64_t len, json_t **answer);
err desk_download(struct desk *d, const char *target, err (*take)(void *ctx, span piece),
                  void *ctx);

/* desk_answer_error - the err that an answer with a status of 400 and above stands for */
err desk_answer_error(struct desk *d);

#endif
