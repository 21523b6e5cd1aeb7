/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORD_ACCORD_H
#define ACCORD_ACCORD_H

#include <stddef.h>
#include <stdint.h>

#include "accord/code.h"

/* libaccord - a party's desk for other programs: streams of reports that are followed over cuts and restarts, acts
 * that are signed, products that are submitted and opened, and what readers of rooms say.  libaccord(3) is the manual;
 * `pkg-config --cflags --libs accord` says how to link.
 *
 * Results are an enum accord_code; with any but ACCORD_OK the outputs are as they were, and accord_client_why says in
 * a user's words what was wrong.
 *
 * Memory   what accord_client_new gives out is freed by accord_client_free; text goes into the caller's buffer
 * Threads  none of its own.  A client is for one thread at a time
 * Signals  a program that uses it ignores SIGPIPE
 * Blocking every call but accord_client_step of a stream that runs may wait for the desk, at most wait_ms for each
 *          thing that it waits for
 * Versions calls, and members at the end of structs, are added, never changed, within one major number */

#ifdef __cplusplus
extern "C" {
#endif

#define ACCORD_CLIENT_MAJOR 1
#define ACCORD_CLIENT_MINOR 0

/* Limits, in bytes where it does not say otherwise
 *
 * SESSION  sixteen digits and a NUL;  SEEN: of 16 feeds
 * EVENT    data of one event;  ANSWER: the longest answer of a desk */
#define ACCORD_SIGNATURE_LEN 64
#define ACCORD_SESSION_LEN   17
#define ACCORD_HANDLE_LEN    33
#define ACCORD_SEEN_MAX      2048
#define ACCORD_EVENT_MAX     16384
#define ACCORD_ANSWER_MAX    4194304

typedef struct accord_client accord_client;

/* accord_sign_call - the caller's key signs: Ed25519 over these bytes, which begin with the purpose and a zero byte.
 * Not 0: it does not */
typedef int accord_sign_call(void *ctx, const void *message, size_t len,
                             unsigned char signature[ACCORD_SIGNATURE_LEN]);

/* accord_settings - zeroed, then what is wanted
 *
 * size        sizeof(struct accord_settings)
 * desk        "127.0.0.1:7100";  host: a name that its certificate must bear, or NULL: any desk of the authority
 * party, person    who signs, and for whom
 * authority_file, certificate_file, key_file    DER: whom to believe, and the terminal's own
 * seed_file   the person's key, as a party's directory has it (people/NAME/key); or sign
 * session_minutes    that one signature is good for; 0: 60
 * wait_ms     0: 20,000 */
struct accord_settings {
    size_t            size;
    const char       *desk, *host, *party, *person;
    const char       *authority_file, *certificate_file, *key_file, *seed_file;
    accord_sign_call *sign;
    void             *sign_ctx;
    unsigned          session_minutes, wait_ms;
};

/* accord_client_new - reads the files; nothing is sent yet
 *
 * why   receives a sentence when it fails; NULL: it is of no interest */
ACCORD_API enum accord_code accord_client_new(const struct accord_settings *s, accord_client **out,
                                              char *why, size_t why_max);
ACCORD_API void             accord_client_free(accord_client *c);

/* accord_client_why - of the last call that failed; lives until the next call
 * accord_client_version - of the library that runs: "1.0" */
ACCORD_API const char *accord_client_why(const accord_client *c);
ACCORD_API const char *accord_client_version(void);

/* ---- asking and signing ---- */

/* accord_client_session - the one that runs, or a new one, which is signed
 * accord_client_get     - such as "/v1/items?session=…": the answer, JSON, with a NUL
 * accord_client_act     - an act (docs/format/acts.md) is asked for, its text is held against what was asked, and
 *                         signed; the answer to the signature, JSON */
ACCORD_API enum accord_code accord_client_session(accord_client *c,
                                                  char           session[ACCORD_SESSION_LEN]);
ACCORD_API enum accord_code accord_client_get(accord_client *c, const char *target, char *answer,
                                              size_t max);
ACCORD_API enum accord_code accord_client_act(accord_client *c, const char *act, const char *body,
                                              char *answer, size_t max);

/* accord_product - what its author says of it (docs/format/submission.md)
 *
 * precedence   "FLASH", "IMMEDIATE", "PRIORITY" or "ROUTINE";  marking: canonical text
 * translation_of    a handle, or NULL */
struct accord_product {
    const char *kind, *precedence, *marking, *title, *translation_of;
    const void *content;
    size_t      content_len;
};

/* accord_client_submit - signs what it says, and gives in the content; epoch receives its handle
 * accord_client_open   - signs for it; write is called with the banner's line first (kind 'b'), the description ('d'), then
 *                        the content ('c') in pieces, and not 0 ends it.  When it fails nothing of the content counts */
typedef int                 accord_write_call(void *ctx, int kind, const void *bytes, size_t len);
ACCORD_API enum accord_code accord_client_submit(accord_client *c, const struct accord_product *p,
                                                 char handle[ACCORD_HANDLE_LEN]);
ACCORD_API enum accord_code accord_client_open(accord_client *c, const char *handle,
                                               const char *purpose, accord_write_call *write,
                                               void *ctx);

/* accord_presence - what a reader of a room saw (docs/format/rooms.md)
 *
 * number   above each before, by 2^61 at most;  time_ms: since 1970
 * said     lines `enter NAME` and `leave NAME`, each with its end; "": a heartbeat
 *
 * accord_client_presence - signed by this client's key, which is the reader's
 *
 * lease_ms  receives for how long it is known who is there; NULL: it is of no interest */
struct accord_presence {
    const char *reader, *room, *said;
    uint64_t    number;
    int64_t     time_ms;
};
ACCORD_API enum accord_code
accord_client_presence(accord_client *c, const struct accord_presence *p, uint64_t *lease_ms);

/* ---- following ---- */

/* accord_event - one event of a stream (docs/format/desk-api.md), and two of the library's own
 *
 * kind   "report", "note", "dark", "light"; "back": the stream has begun, or goes on; "lost": it was cut, it will be
 *        tried again; where it will not (the desk does not let in who asks, or his certificate was revoked)
 *        accord_client_step fails
 * id     of a report, else ""
 * data   JSON with a NUL; of "lost" {"why":"…"} */
struct accord_event {
    const char *kind, *id, *data;
    size_t      data_len;
};
typedef int accord_event_call(void *ctx, const struct accord_event *e);

/* accord_client_follow - from now on events come to `call`, from within accord_client_step; not 0 ends the following
 *
 * originator, feed    NULL: all
 * seen     what accord_client_seen said in an earlier run: what followed is shown, none twice; NULL: from now on
 *
 * accord_client_fd     one descriptor, always the same, to be polled for reading: when it is, call step
 * accord_client_step   takes what has come; connects anew, waiting longer each time up to 15 s, and goes on after the last
 *                      of each feed.  STATE when it was ended, or never begun; DENIED when the desk does not take the
 *                      terminal or the person, and trying again would not help
 * accord_client_seen   the last of each feed, to be kept for a later run */
ACCORD_API enum accord_code accord_client_follow(accord_client *c, const char *originator,
                                                 const char *feed, const char *seen,
                                                 accord_event_call *call, void *ctx);
ACCORD_API int              accord_client_fd(const accord_client *c);
ACCORD_API enum accord_code accord_client_step(accord_client *c);
ACCORD_API enum accord_code accord_client_seen(const accord_client *c, char *text, size_t max);

#ifdef __cplusplus
}
#endif

#endif
