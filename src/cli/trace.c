/* SPDX-License-Identifier: Apache-2.0 */
/* trace: whose copy is it that leaked? */
#include <math.h>
#include <stdlib.h>

#include "cli/act.h"
#include "cli/file.h"
#include "cli/given.h"
#include "cli/verbs.h"
#include "crypt/hpke.h"
#include "feed/cot.h"
#include "reduce/trace.h"

/* LEAK_BYTES_MAX - longest file;   TRACKS_MAX - different names in it;   CELLS_MAX - as the guard's
 * CHANCE_E9      - one in a million, all that is tried counted, unless said otherwise */
#define LEAK_BYTES_MAX ((size_t)256 << 20)
#define TRACKS_MAX     1024
#define CELLS_MAX      64
#define CHANCE_E9      1000
#define KEYS_TEXT_MAX  3072
#define TRACE_PURPOSE  "accord trace 1"

struct track {
    char          uid[REPORT_UID_MAX + 1];
    struct place *place;
    size_t        places, room;
};

/* tracing - what leaked, and by which keys it is looked at */
struct tracing {
    struct call         *call;
    size_t               tracks, suspects, cells, tries, named;
    struct track         track[TRACKS_MAX];
    struct trace_suspect suspect[TRACE_SUSPECTS_MAX];
    uint32_t             cell[CELLS_MAX];
    uint64_t             chance_e9;
};

/* ---- the leaked file ---- */

static struct track *track_of(struct tracing *t, const char *uid)
{
    for (size_t i = 0; i < t->tracks; i++) {
        if (strcmp(t->track[i].uid, uid) == 0) {
            return &t->track[i];
        }
    }
    if (t->tracks == TRACKS_MAX) {
        return NULL;
    }
    struct track *new = &t->track[t->tracks++];
    (void)snprintf(new->uid, sizeof new->uid, "%s", uid);
    return new;
}

static err place_add(struct tracing *t, const char *uid, struct place p)
{
    struct track *k = track_of(t, uid);
    if (k == NULL || k->places == TRACE_PLACES_MAX) {
        return FAIL(LIMIT, "the file has more tracks, or more reports of one, than are looked at");
    }
    if (k->places == k->room) {
        k->room = k->room == 0 ? 64 : 2 * k->room;
        k->place = realloc(k->place, k->room * sizeof *k->place);
        MUST(k->place != NULL);
    }
    k->place[k->places++] = p;
    return OK;
}

static err json_take(struct tracing *t, span line)
{
    json_t       *whole = json_loadb((const char *)line.ptr, line.len, 0, NULL);
    const json_t *inner = json_object_get(whole, "report");
    const json_t *r = json_is_object(inner) ? inner : whole;
    const json_t *lat = json_object_get(r, "lat"), *lon = json_object_get(r, "lon");
    const char   *uid = json_string_value(json_object_get(r, "uid"));
    double        y = json_number_value(lat), x = json_number_value(lon);
    bool          note = json_is_object(whole) && json_object_get(whole, "note") != NULL;
    bool          good = json_is_number(lat) && json_is_number(lon) && uid != NULL && uid[0] != 0 &&
                strlen(uid) <= REPORT_UID_MAX && fabs(y) <= 90 && fabs(x) <= 180;
    err e = note    ? OK /* of the stream, about it: no report */
            : !good ? FAIL(MALFORMED, "a line is no report: it has no uid, lat and lon")
                    : place_add(t, uid,
                                (struct place){(int32_t)lround(y * 1e7), (int32_t)lround(x * 1e7)});
    json_decref(whole);
    return e;
}

static err json_lines_take(struct tracing *t, span text)
{
    unsigned number = 0;
    while (text.len > 0) {
        span line = span_cut(&text, '\n');
        number++;
        if (span_starts(line, SPAN_LIT("data:"))) {
            line = (span){line.ptr + 5, line.len - 5};
        }
        bool other = line.len == 0 || span_starts(line, SPAN_LIT("event:")) ||
                     span_starts(line, SPAN_LIT("id:")) || line.ptr[0] == ':';
        err e = other ? OK : json_take(t, line);
        if (err_is(e)) {
            call_about(t->call, "%s, line %u", t->call->arg[0], number);
            return e;
        }
    }
    return OK;
}

static err events_take(struct tracing *t, span text)
{
    struct cot_reader *reader = malloc(sizeof *reader);
    err                e = OK;
    MUST(reader != NULL);
    cot_init(reader, 1);
    while (text.len > 0 && !err_is(e)) {
        struct cot_event event;
        span             xml;
        size_t           used;
        e = cot_frame(text, &xml, &used);
        if (!err_is(e) && xml.len == 0) {
            break;
        }
        e = err_is(e) ? e : cot_read(reader, xml, &event);
        e = err_is(e) ? e : place_add(t, event.report.uid, event.report.place);
        text = err_is(e) ? text : (span){text.ptr + used, text.len - used};
    }
    free(reader);
    return e;
}

static span blank_off(span text)
{
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]) != NULL) {
        text = (span){text.ptr + 1, text.len - 1};
    }
    return text;
}

static err leak_read(struct tracing *t)
{
    span bytes;
    call_about(t->call, "%s", t->call->arg[0]);
    TRY(file_map(t->call->arg[0], &bytes));
    span text = blank_off(bytes);
    bool xml = text.len > 0 && text.ptr[0] == '<';
    err  e = bytes.len > LEAK_BYTES_MAX ? FAIL(LIMIT, "the file is longer than is looked at")
             : xml                      ? events_take(t, text)
                                        : json_lines_take(t, text);
    file_unmap(bytes);
    if (!err_is(e) && t->tracks == 0) {
        e = FAIL(MALFORMED, "there is no report in it");
    }
    t->call->about[0] = err_is(e) ? t->call->about[0] : 0;
    return e;
}

/* ---- the keys ---- */

static err keys_take(struct tracing *t, span text)
{
    struct lines l = lines_of(text);
    span         value;
    take_title(&l, TRACE_PURPOSE);
    while (take_more(&l, "cell", &value)) {
        uint64_t metres;
        TRY(text_decimal(value, REDUCE_POSITION_MAX_M, &metres));
        if (t->cells < CELLS_MAX && !call_has(t->call, "cell")) {
            t->cell[t->cells++] = (uint32_t)metres;
        }
    }
    while (take_more(&l, "recipient", &value) && t->suspects < TRACE_SUSPECTS_MAX) {
        struct trace_suspect *s = &t->suspect[t->suspects++];
        TRY(name_of(value, &s->recipient));
        take_hex(&l, "mark", s->mark.key, SECRET_LEN);
    }
    return lines_end(&l);
}

static err sealed_open(struct tracing *t, const struct hpke_key *key, const char *result)
{
    uint8_t      sealed[HPKE_PUBLIC_LEN + KEYS_TEXT_MAX + HPKE_TAG_LEN], text[KEYS_TEXT_MAX];
    struct lines l = lines_of(span_text(result));
    struct hpke  h;
    size_t       len;
    TRY(text_base64(take_text(&l, "sealed"), sealed, sizeof sealed, &len));
    TRY(lines_end(&l));
    if (len < HPKE_PUBLIC_LEN + HPKE_TAG_LEN) {
        return FAIL(MALFORMED, "the guard's answer is not as it should be");
    }
    size_t plain = len - HPKE_PUBLIC_LEN - HPKE_TAG_LEN;
    TRY(hpke_receive(key, (span){sealed, HPKE_PUBLIC_LEN}, SPAN_LIT(TRACE_PURPOSE), &h));
    err e =
        hpke_open(&h, SPAN_LIT(""), (span){sealed + HPKE_PUBLIC_LEN, plain + HPKE_TAG_LEN}, text);
    hpke_wipe(&h);
    e = err_is(e) ? e : keys_take(t, (span){text, plain});
    bytes_wipe(text, sizeof text);
    return e;
}

static err keys_ask(struct tracing *t)
{
    uint8_t         buf[ACT_BODY_MAX];
    struct writer   w = WRITER_OF(buf);
    struct hpke_key key;
    const char     *reason;
    char           *result = NULL;
    TRY(call_need(t->call, "reason", &reason));
    TRY(hpke_key_make(HPKE_P384, random_system(), &key));
    line_hex(&w, "key", hpke_key_public(&key));
    line_text(&w, "reason", span_text(reason));
    err e = act_run(t->call, "trace", &w, (span){NULL, 0}, &result);
    e = err_is(e) || result == NULL ? e : sealed_open(t, &key, result);
    if (!err_is(e) && result == NULL) {
        e = FAIL(STATE, "the act has no signature yet: nothing was looked at");
    }
    if (t->call->answer != NULL) {
        (void)json_object_del(t->call->answer, "sealed");
    }
    hpke_key_wipe(&key);
    free(result);
    return e;
}

/* ---- the answer ---- */

static const char *suspect_name(const struct tracing *t, size_t i)
{
    return t->suspect[i].recipient.text;
}

static json_t *names_of(const struct tracing *t, const struct trace_found *f)
{
    json_t *names = json_array();
    (void)json_array_append_new(names, json_string(suspect_name(t, f->first)));
    if (f->second != f->first) {
        (void)json_array_append_new(names, json_string(suspect_name(t, f->second)));
    }
    return names;
}

static void found_tell(struct tracing *t, const struct track *k, uint32_t cell,
                       const struct trace_found *f)
{
    bool two = f->first != f->second;
    t->named++;
    call_tell(t->call,
              "%s: %s%s%s%s, in cells of %u m: %u of %u cells hold %s point; by chance less often "
              "than once in 10^%.0f",
              k->uid, two ? "the middle of the copies of " : "the copy of ",
              suspect_name(t, f->first), two ? " and " : "", two ? suspect_name(t, f->second) : "",
              cell, f->hits, f->cells, two ? "their" : "its", floor(-f->chance_log10));
    call_append(t->call, "found",
                json_pack("{s:s, s:o, s:b, s:i, s:i, s:i, s:f}", "uid", k->uid, "recipients",
                          names_of(t, f), "mixed", two, "cell-m", (int)cell, "hits", (int)f->hits,
                          "cells", (int)f->cells, "chance-log10", f->chance_log10));
}

/* Two who are named one after the other put in their copies by turns. */
static void several_tell(struct tracing *t, const struct track *k, size_t found)
{
    if (found > 1) {
        call_tell(t->call, "%s: %zu copies were mixed", k->uid, found);
    }
}

static err cells_try(struct tracing *t, const struct track *k, const char *uid, bool hidden)
{
    for (size_t i = 0; i < t->cells; i++) {
        static struct trace_found found[TRACE_SUSPECTS_MAX];
        size_t                    count = 0;
        const struct trace        one = {.uid = uid,
                                         .position_m = t->cell[i],
                                         .place = k->place,
                                         .places = k->places,
                                         .suspect = t->suspect,
                                         .suspects = t->suspects,
                                         .chance_e9 = (uint32_t)(t->chance_e9 / t->tries),
                                         .hidden = hidden};
        TRY(trace_run(&one, found, &count));
        for (size_t f = 0; f < count; f++) {
            found_tell(t, k, t->cell[i], &found[f]);
        }
        several_tell(t, k, count);
    }
    return OK;
}

/* A name that was hidden is its recipient's alone: 64 bits of a keyed hash. */
static bool hidden_try(struct tracing *t, const struct track *k, const char *uid)
{
    bool any = false;
    for (size_t i = 0; i < t->suspects; i++) {
        char hidden[REPORT_UID_MAX + 1];
        reduce_uid(&t->suspect[i].mark, uid, hidden);
        if (strcmp(hidden, k->uid) == 0) {
            any = true;
            t->named++;
            call_tell(t->call, "%s: the name under which %s alone has %s", k->uid,
                      suspect_name(t, i), uid);
            call_append(t->call, "found",
                        json_pack("{s:s, s:[s], s:s, s:f}", "uid", k->uid, "recipients",
                                  suspect_name(t, i), "hides", uid, "chance-log10", -19.0));
        }
    }
    return any;
}

/* A track that was renamed is looked at as if its name had been shown, and as if it had been hidden. */
static err track_try(struct tracing *t, const struct track *k)
{
    TRY(cells_try(t, k, k->uid, false));
    for (unsigned i = 0;; i++) {
        const char *uid = call_option_each(t->call, "uid", i);
        if (uid == NULL) {
            return OK;
        }
        if (!hidden_try(t, k, uid)) {
            TRY(cells_try(t, k, uid, true));
        }
        if (strcmp(uid, k->uid) != 0) {
            TRY(cells_try(t, k, uid, false));
        }
    }
}

static err options_read(struct tracing *t)
{
    static const struct number_option chance = {"chance", 1, 1000000000, CHANCE_E9,
                                                "--chance is a number of 1000000000"};
    const char                       *cell;
    TRY(given_number(t->call, &chance, &t->chance_e9));
    while ((cell = call_option_each(t->call, "cell", (unsigned)t->cells)) != NULL) {
        uint64_t metres;
        if (t->cells == CELLS_MAX ||
            err_is(text_decimal(span_text(cell), REDUCE_POSITION_MAX_M, &metres)) || metres == 0) {
            return call_misuse(t->call, FAIL(MALFORMED, "--cell is a length in metres"));
        }
        t->cell[t->cells++] = (uint32_t)metres;
    }
    return OK;
}

/* Each that is looked at is a trial more: who is named is so below the chance that was asked for all of them. */
static size_t tries_of(const struct tracing *t)
{
    size_t uids = 0;
    while (call_option_each(t->call, "uid", (unsigned)uids) != NULL) {
        uids++;
    }
    return t->tracks * (1 + 2 * uids) * (t->cells > 0 ? t->cells : 1);
}

/* Does it look as a name that was hidden: 16 hexadecimal digits (reduce/reduce.h)? */
static bool looks_hidden(const char *uid)
{
    return strlen(uid) == 16 && strspn(uid, "0123456789abcdef") == 16;
}

/* What was put at a point by a name that is not in the file fits nobody's copy. */
static void hint_tell(struct tracing *t)
{
    static const char hint[] =
        "copies whose tracks were renamed, and whose track it is that has a hidden name, are "
        "found with --uid only: say the tracks' names as they are here";
    bool hidden = t->named == 0;
    for (size_t i = 0; i < t->tracks; i++) {
        hidden = hidden || looks_hidden(t->track[i].uid);
    }
    if (hidden && !call_has(t->call, "uid")) {
        call_set_text(t->call, "hint", span_text(hint));
        call_tell(t->call, "%s", hint);
    }
}

static err tracks_try(struct tracing *t)
{
    t->tries = tries_of(t);
    if (t->chance_e9 < t->tries) {
        return FAIL(LIMIT, "so many tracks, names and cells leave nothing of the chance that was "
                           "asked: say a greater --chance, a --cell, or look at fewer");
    }
    for (size_t i = 0; i < t->tracks; i++) {
        TRY(track_try(t, &t->track[i]));
    }
    call_set_number(t->call, "tracks", t->tracks);
    call_set_number(t->call, "cells-tried", t->cells);
    if (t->named == 0) {
        call_tell(t->call,
                  "no partner's copy fits (%zu tracks, %zu sizes of cells, %zu partners): none of "
                  "them is named",
                  t->tracks, t->cells, t->suspects);
        call_set(t->call, "found", json_array());
    }
    hint_tell(t);
    return OK;
}

err do_trace(struct call *c)
{
    struct tracing *t = calloc(1, sizeof *t);
    MUST(t != NULL);
    t->call = c;
    err e = options_read(t);
    e = err_is(e) ? e : leak_read(t);
    e = err_is(e) ? e : keys_ask(t);
    e = err_is(e) ? e : tracks_try(t);
    for (size_t i = 0; i < t->tracks; i++) {
        free(t->track[i].place);
    }
    bytes_wipe(t, sizeof *t);
    free(t);
    return e;
}
