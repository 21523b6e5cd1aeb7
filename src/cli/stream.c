/* SPDX-License-Identifier: Apache-2.0 */
/* stream: live reports as they come, one a line, over cuts and restarts of the desk. */
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "cli/desk.h"
#include "cli/given.h"
#include "cli/verbs.h"
#include <accord/accord.h>

#define SECONDS_MAX (12 * 3600) /* a session is not longer */

/* watching - a stream that is being read
 *
 * left   reports that are still wanted; bounded: there is such a number
 * until  on the boot clock
 * begun  it was there once: from then on what is cut is tried again, but with --end-when-lost
 * over   all that was asked for has come;  why: it ends for this */
struct watching {
    struct call   *call;
    accord_client *client;
    uint64_t       left, until_ms, seen;
    bool           bounded, begun, over;
    err            why;
};

static uint64_t boot_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_BOOTTIME, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- lines ---- */

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text == NULL ? "-" : text;
}

static void report_line(struct call *c, const json_t *data)
{
    const json_t *r = json_object_get(data, "report");
    const json_t *lat = json_object_get(r, "lat"), *lon = json_object_get(r, "lon");
    call_tell(c, "%s | %s %s %" JSON_INTEGER_FORMAT " | %s %s %.5f %.5f %s",
              text_of(data, "banner"), text_of(data, "originator"), text_of(data, "feed"),
              json_integer_value(json_object_get(data, "number")), text_of(r, "uid"),
              text_of(r, "type"), json_number_value(lat), json_number_value(lon),
              text_of(r, "time"));
}

/* Dark and light, lost and back are events of their own: here they are told like the notes. */
static bool is_note_of_its_own(const struct accord_event *e)
{
    return strcmp(e->kind, "report") != 0 && strcmp(e->kind, "note") != 0;
}

static void note_line(struct call *c, const json_t *data)
{
    const char *note = text_of(data, "note");
    const char *why = json_string_value(json_object_get(data, "why"));
    if (json_object_get(data, "originator") != NULL) {
        call_note(c, "%s %s %s", text_of(data, "originator"), text_of(data, "feed"), note);
    } else if (strcmp(note, "back") == 0) {
        call_note(c, "the stream goes on");
    } else if (strcmp(note, "lost") == 0) {
        call_note(c, "the desk is lost, and tried again: %s", why);
    } else {
        call_note(c, "%s%s%s", note, why == NULL ? "" : ": ", why == NULL ? "" : why);
    }
}

static void event_tell(struct call *c, const struct accord_event *e, const json_t *data)
{
    if (c->json && is_note_of_its_own(e)) {
        char *line = json_dumps(data, JSON_COMPACT);
        MUST(line != NULL);
        (void)fprintf(c->out, "%s\n", line);
        free(line);
    } else if (c->json) {
        (void)fprintf(c->out, "%s\n", e->data);
    } else if (strcmp(e->kind, "report") == 0) {
        report_line(c, data);
    } else {
        note_line(c, data);
    }
}

/* ---- events ---- */

static void reason_keep(struct call *c, const json_t *data)
{
    const char *why = json_string_value(json_object_get(data, "why"));
    (void)snprintf(c->refusal, sizeof c->refusal, "%s", why == NULL ? "" : why);
}

/* The guard ends a session when its time is over, or when its person may no longer look. */
static err may_go_on(struct watching *w, const struct accord_event *e, const json_t *data)
{
    bool once = !w->begun || call_has(w->call, "end-when-lost");
    if (once && strcmp(e->kind, "lost") == 0) {
        reason_keep(w->call, data);
        return FAIL(IO, "the desk is lost");
    }
    if (once && strcmp(text_of(data, "note"), "session") == 0) {
        reason_keep(w->call, data);
        return FAIL(DENIED, "the session has ended");
    }
    return OK;
}

static err event_take(struct watching *w, const struct accord_event *e, json_t *data)
{
    bool back = strcmp(e->kind, "back") == 0, first = back && !w->begun;
    TRY(may_go_on(w, e, data));
    w->begun = w->begun || back;
    if (is_note_of_its_own(e)) {
        (void)json_object_set_new(data, "note", json_string(e->kind));
    }
    if (!first) {
        event_tell(w->call, e, data);
    }
    if (fflush(w->call->out) != 0) {
        return FAIL(IO, "nobody reads what is said here");
    }
    if (strcmp(e->kind, "report") == 0) {
        w->seen++;
        w->over = w->bounded && --w->left == 0;
    }
    return OK;
}

static int on_event(void *ctx, const struct accord_event *e)
{
    struct watching *w = ctx;
    json_t          *data = json_loadb(e->data, e->data_len, 0, NULL);
    w->why = json_is_object(data)
                 ? event_take(w, e, data)
                 : FAIL(MALFORMED, "an event of the stream is not as it should be");
    json_decref(data);
    return w->over || err_is(w->why) ? 1 : 0;
}

/* ---- the library's client, as this terminal and person ---- */

static err client_err(struct watching *w, enum accord_code code, const char *why)
{
    static const enum err_code codes[] = {
        [ACCORD_OK] = ERR_NONE,
        [ACCORD_MALFORMED] = ERR_MALFORMED,
        [ACCORD_UNKNOWN] = ERR_UNKNOWN,
        [ACCORD_LIMIT] = ERR_LIMIT,
        [ACCORD_FULL] = ERR_FULL,
        [ACCORD_DENIED] = ERR_DENIED,
        [ACCORD_CONFLICT] = ERR_CONFLICT,
        [ACCORD_STATE] = ERR_STATE,
        [ACCORD_IO] = ERR_IO,
    };
    if (code != ACCORD_OK) {
        (void)snprintf(w->call->refusal, sizeof w->call->refusal, "%s", why);
    }
    return code < ARRAY_LEN(codes) ? (err){codes[code], "the desk said no"} : OK;
}

/* paths - of one person's terminal, which the settings point into */
struct paths {
    char authority[FILE_PATH_MAX], certificate[FILE_PATH_MAX], key[FILE_PATH_MAX],
        seed[FILE_PATH_MAX];
};

static err paths_find(struct call *c, const char *who, struct paths *out)
{
    name   terminal;
    SECRET seed;
    TRY(terminal_find(c, &terminal));
    TRY(person_seed(c, who, &seed));
    TRY(party_path(c, "authority.crt", out->authority));
    TRY(person_path(c, who, "terminal.crt", out->certificate));
    TRY(person_path(c, who, "terminal.key", out->key));
    TRY(person_path(c, who, "key", out->seed));
    c->about[0] = 0;
    return OK;
}

static err client_make(struct watching *w, unsigned minutes)
{
    struct call *c = w->call;
    struct paths paths;
    struct party party;
    char         why[256] = "";
    TRY(party_read(c, &party));
    TRY(paths_find(c, c->as[0], &paths));
    const struct accord_settings s = {.size = sizeof s,
                                      .desk = party.desk,
                                      .party = party.code.text,
                                      .person = c->as[0],
                                      .authority_file = paths.authority,
                                      .certificate_file = paths.certificate,
                                      .key_file = paths.key,
                                      .seed_file = paths.seed,
                                      .session_minutes = minutes,
                                      .wait_ms = DESK_WAIT_MS};
    return client_err(w, accord_client_new(&s, &w->client, why, sizeof why), why);
}

/* ---- until it is enough ---- */

static err watch_step(struct watching *w, uint64_t left_ms)
{
    struct pollfd p = {accord_client_fd(w->client), POLLIN, 0};
    if (poll(&p, 1, left_ms < INT32_MAX ? (int)left_ms : INT32_MAX) == 0) {
        return OK;
    }
    enum accord_code code = accord_client_step(w->client);
    if (w->over || err_is(w->why)) {
        return w->why;
    }
    return client_err(w, code, accord_client_why(w->client));
}

static err watch(struct watching *w, uint64_t seconds)
{
    const char *originator = call_option(w->call, "originator");
    w->until_ms = boot_ms() + seconds * 1000;
    TRY(client_err(w,
                   accord_client_follow(w->client, originator, call_option(w->call, "feed"), NULL,
                                        on_event, w),
                   accord_client_why(w->client)));
    for (uint64_t now = boot_ms(); !w->over && now < w->until_ms; now = boot_ms()) {
        TRY(watch_step(w, w->until_ms - now));
    }
    return OK;
}

err do_stream(struct call *c)
{
    static const struct number_option count = {"count", 1, UINT32_MAX, 0,
                                               "--count is a number from 1 on"};
    static const struct number_option wait = {"seconds", 1, SECONDS_MAX, SECONDS_MAX,
                                              "--seconds is a number, from 1 to 43200: 12 hours"};
    struct watching                   w = {.call = c};
    uint64_t                          seconds;
    TRY(signers_need(c));
    TRY(given_number(c, &count, &w.left));
    TRY(given_number(c, &wait, &seconds));
    w.bounded = w.left > 0;
    TRY(client_make(&w, (unsigned)(seconds / 60 + 1 < 720 ? seconds / 60 + 1 : 720)));
    err e = watch(&w, seconds);
    accord_client_free(w.client);
    call_set_number(c, "reports", w.seen);
    return e;
}
