/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_INSIDE_H
#define CLIENT_INSIDE_H

#include <jansson.h>

#include "crypt/sign.h"
#include "http/answer.h"
#include "http/dial.h"
#include <accord/accord.h>

/* Inside the library: each file below is one concept and its functions. */

#define SEEN_FEEDS   16 /* as many as a desk takes */
#define ACT_BODY_MAX 8192

/* seen - the last event of each feed; older feeds make room
 *
 * feed   "originator feed" */
struct seen {
    uint32_t count, next;
    struct {
        char feed[2 * sizeof(name)];
        name id;
    } row[SEEN_FEEDS];
};

/* follow - a stream
 *
 * poll, timer   the descriptor that the caller polls: it holds the connection's and a timer
 * backoff_ms    before the next try;  heard_ms: when something came last, on the boot clock */
struct follow {
    bool                on, streams;
    int                 poll, timer;
    char                originator[sizeof(name)], feed[sizeof(name)];
    accord_event_call  *call;
    void               *ctx;
    int                 backoff_ms;
    int64_t             heard_ms;
    struct dial         dial;
    struct client       http;
    struct event_reader reader;
    struct seen         seen;
};

/* accord_client - all that settings said, and two connections: one for asking, one for the stream
 *
 * why   of the last failure; refused: what the desk said, in its words */
struct accord_client {
    name                party, person;
    char                desk[64], host[254];
    bool                has_host, has_seed;
    secret              seed;
    accord_sign_call   *sign;
    void               *sign_ctx;
    unsigned            minutes;
    int                 wait_ms;
    struct net_address  to;
    struct tls_context *tls;
    struct dial         dial;
    struct client       http;
    bool                open;
    char                session[ACCORD_SESSION_LEN];
    char                why[256];
    bool                refused;
    struct follow       follow;
};

/* said - a result as the caller hears it; its sentence is kept (client.c) */
enum accord_code said(accord_client *c, err e);

/* ---- ask.c ----
 *
 * wire_open  - a connection to the desk
 * client_refused - the err that an answer of status 400 and above stands for; its sentence is kept
 * client_json   - one request and its answer, a new reference; a connection that the desk has ended in the meantime is made
 *              anew.  body: taken over, NULL = none
 * client_bytes  - a body of octets;  client_pieces - an answer of octets
 * text_of    - a string of an answer   fails MALFORMED */
err wire_open(accord_client *c, struct dial *dial, struct client *http);
err client_refused(accord_client *c, struct client *http);
err client_json(accord_client *c, enum method method, const char *target, json_t *body,
                json_t **out);
err client_bytes(accord_client *c, const char *target, span bytes, json_t **out);
err client_pieces(accord_client *c, const char *target, err (*take)(void *ctx, span piece),
                  void *ctx);
err text_of(const json_t *answer, const char *key, const char **out);

/* ---- sign.c ----
 *
 * sign_text  - under a purpose, as hexadecimal digits
 * client_act     - an act, asked for, held against what was asked, and signed
 * session_need - into c->session, unless one runs */
#define SIGNATURE_HEX (2 * SIGNATURE_LEN + 1)
err sign_text(accord_client *c, const char *purpose, span text, char out[static SIGNATURE_HEX]);
err client_act(accord_client *c, const char *act, span body, json_t **out);
err session_need(accord_client *c);

/* ---- seen.c ----
 *
 * seen_read - fails MALFORMED, LIMIT
 * seen_note - is it new?
 * seen_put  - ids, separated by commas; feeds: each after its feed, as seen_read takes them */
err  seen_read(struct seen *s, span text);
bool seen_note(struct seen *s, const char *originator, const char *feed, const name *event_id);
void seen_put(const struct seen *s, bool feeds, struct writer *w);

void follow_end(accord_client *c);

#endif
