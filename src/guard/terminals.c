/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/terminals.h"

#include "base/lines.h"
#include "crypt/cert.h"
#include "crypt/hash.h"

#define KEYS_TOLD_MAX   1024 /* 32 KiB in a message */
#define NAMES_SHOWN_MAX 8

/* One key may have certificates under several names; a row each. */
static struct terminal *row_of(struct guard *g, const name *n, const uint8_t key[static SHA256_LEN])
{
    for (unsigned i = 0; i < g->terminal_count; i++) {
        struct terminal *t = &g->terminal[i];
        if (memcmp(t->key, key, SHA256_LEN) == 0 && name_equal(&t->name, n)) {
            return t;
        }
    }
    return NULL;
}

/* No certificate of it can still run; the row stays until another wants its place. */
static bool is_past(const struct terminal *t, instant at)
{
    instant last = t->revoked_at > t->certified_at ? t->revoked_at : t->certified_at;
    return last + TERMINAL_LIFE_MS < at;
}

static unsigned certified(const struct guard *g, instant at)
{
    unsigned n = 0;
    for (unsigned i = 0; i < g->terminal_count; i++) {
        const struct terminal *t = &g->terminal[i];
        n += t->revoked_at == 0 && !is_past(t, at) ? 1 : 0;
    }
    return n;
}

/* A new row, or one whose certificates are past. */
static struct terminal *row_new(struct guard *g, instant at)
{
    if (g->terminal_count < ARRAY_LEN(g->terminal)) {
        return &g->terminal[g->terminal_count++];
    }
    for (unsigned i = 0; i < g->terminal_count; i++) {
        if (is_past(&g->terminal[i], at)) {
            return &g->terminal[i];
        }
    }
    return NULL;
}

err terminal_room(const struct guard *g, const name *n, span spki)
{
    uint8_t key[SHA256_LEN];
    bool    listed = false;
    sha256(spki, key);
    for (unsigned i = 0; i < g->terminal_count; i++) {
        const struct terminal *t = &g->terminal[i];
        bool                   same = memcmp(t->key, key, sizeof key) == 0;
        if (same && t->revoked_at != 0) {
            return FAIL(DENIED, "the certificates of this key were revoked: make a new key");
        }
        listed = listed || (same && name_equal(&t->name, n));
    }
    return listed || certified(g, g->now) < TERMINALS_MAX
               ? OK
               : FAIL(FULL, "there is no room for another terminal");
}

void terminal_put(struct guard *g, const name *n, span spki, instant at)
{
    uint8_t key[SHA256_LEN];
    sha256(spki, key);
    for (unsigned i = 0; i < g->terminal_count; i++) {
        struct terminal *t = &g->terminal[i];
        t->revoked_at = memcmp(t->key, key, sizeof key) == 0 ? 0 : t->revoked_at;
    }
    struct terminal *t = row_of(g, n, key);
    t = t == NULL ? row_new(g, at) : t;
    if (t != NULL) {
        *t = (struct terminal){.name = *n, .certified_at = at};
        memcpy(t->key, key, sizeof key);
    }
}

/* Under whatever names it has certificates */
static err key_revoke(struct guard *g, const name *n, const uint8_t key[static SHA256_LEN],
                      instant at)
{
    struct terminal *t = row_of(g, n, key);
    instant          certified_at = t == NULL ? 0 : t->certified_at;
    t = t == NULL ? row_new(g, at) : t;
    if (t == NULL) {
        return FAIL(FULL, "there is no room for another key that this gateway did not certify: "
                          "those of 90 days ago make room");
    }
    *t = (struct terminal){.name = *n, .certified_at = certified_at, .revoked_at = at};
    memcpy(t->key, key, SHA256_LEN);
    for (unsigned i = 0; i < g->terminal_count; i++) {
        t = &g->terminal[i];
        t->revoked_at = memcmp(t->key, key, SHA256_LEN) == 0 ? at : t->revoked_at;
    }
    return OK;
}

err terminal_revoke_room(const struct guard *g, instant at)
{
    bool room = g->terminal_count < ARRAY_LEN(g->terminal);
    for (unsigned i = 0; i < g->terminal_count && !room; i++) {
        room = is_past(&g->terminal[i], at);
    }
    return room ? OK
                : FAIL(FULL, "there is no room for another key that is revoked: those of 90 days "
                             "ago make room");
}

err terminal_revoke(struct guard *g, const name *n, const uint8_t *key, instant at)
{
    if (key != NULL) {
        return key_revoke(g, n, key, at);
    }
    for (unsigned i = 0; i < g->terminal_count; i++) {
        struct terminal *t = &g->terminal[i];
        if (name_equal(&t->name, n) && t->revoked_at == 0) {
            uint8_t one[SHA256_LEN];
            memcpy(one, t->key, sizeof one);
            TRY(key_revoke(g, n, one, at));
        }
    }
    return OK;
}

/* A row of a key that was never certified here is no more than that it was revoked. */
static bool is_certified(const struct terminal *t, const uint8_t key[static SHA256_LEN])
{
    return t->certified_at != 0 && memcmp(t->key, key, SHA256_LEN) == 0;
}

bool terminal_key_known(const struct guard *g, const uint8_t key[static SHA256_LEN])
{
    for (unsigned i = 0; i < g->terminal_count; i++) {
        if (is_certified(&g->terminal[i], key)) {
            return true;
        }
    }
    return false;
}

/* others_show - who else has certificates of the key, so many by name */
static void others_show(const struct guard *g, const name *n, const uint8_t key[static SHA256_LEN],
                        struct writer *shown)
{
    uint64_t others = 0;
    for (unsigned i = 0; i < g->terminal_count; i++) {
        const struct terminal *t = &g->terminal[i];
        if (is_certified(t, key) && !name_equal(&t->name, n) && others++ < NAMES_SHOWN_MAX) {
            put_text(shown, "shown the same key, so revoked with it, has ");
            put_span(shown, name_span(&t->name));
            put_u8(shown, '\n');
        }
    }
    if (others > NAMES_SHOWN_MAX) {
        put_text(shown, "shown and others: ");
        put_decimal(shown, others - NAMES_SHOWN_MAX);
        put_u8(shown, '\n');
    }
}

/* By the key of the authority, or of another terminal, somebody else would be locked out than who was named. */
err terminal_revoke_key(const struct guard *g, const name *n, const uint8_t key[static SHA256_LEN],
                        struct writer *shown)
{
    struct cert authority;
    bool        own = false;
    TRY(cert_read((span){g->authority, g->authority_len}, &authority));
    if (memcmp(authority.key_print, key, SHA256_LEN) == 0) {
        return FAIL(DENIED, "this is the key of the gateway's authority, and of no terminal");
    }
    for (unsigned i = 0; i < g->terminal_count && !own; i++) {
        own = is_certified(&g->terminal[i], key) && name_equal(&g->terminal[i].name, n);
    }
    if (!own && terminal_key_known(g, key)) {
        return FAIL(DENIED, "this key is on record under another name: revoke it under that one");
    }
    line_text(shown, "shown",
              own ? SPAN_LIT("the certificates of this key, which is on record under this name, "
                             "are revoked")
                  : SPAN_LIT("the certificates of this key are revoked; nothing here is known "
                             "of it"));
    others_show(g, n, key, shown);
    return terminal_revoke_room(g, g->now);
}

void terminal_revoke_show(const struct guard *g, const name *n, struct writer *shown)
{
    uint64_t keys = 0;
    for (unsigned i = 0; i < g->terminal_count; i++) {
        const struct terminal *t = &g->terminal[i];
        keys += name_equal(&t->name, n) && t->revoked_at == 0 ? 1 : 0;
    }
    if (keys > 0) {
        put_text(shown, "shown the certificates of ");
        put_decimal(shown, keys);
        put_text(shown, keys == 1 ? " key of a terminal of this name are revoked\n"
                                  : " keys of terminals of this name are revoked\n");
    }
}

/* from - the first row; moves past those that are told.  One message has so many keys that it fits. */
static void some_tell(struct guard *g, enum caller to, unsigned *from)
{
    unsigned count = 0, i = *from;
    for (; i < g->terminal_count && count < KEYS_TOLD_MAX; i++) {
        count += g->terminal[i].revoked_at != 0 ? 1 : 0;
    }
    if (count > 0) {
        struct writer *w = mail_begin(g, to, ANSWER_REVOKED, 0);
        put_u16(w, (uint16_t)count);
        for (unsigned k = *from; k < i; k++) {
            put_span(w,
                     g->terminal[k].revoked_at != 0 ? SPAN_OF(g->terminal[k].key) : SPAN_LIT(""));
        }
        mail_end(g);
    }
    *from = i;
}

void terminals_tell(struct guard *g, enum caller to)
{
    bool serves = to == CALLER_DESK || to == CALLER_INTAKE;
    for (unsigned from = 0; serves && from < g->terminal_count;) {
        some_tell(g, to, &from);
    }
}

void terminals_tell_all(struct guard *g)
{
    terminals_tell(g, CALLER_DESK);
    terminals_tell(g, CALLER_INTAKE);
}
