/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate for the device at which a person sits, and its end. */
#include "guard/act.h"
#include "guard/certificate.h"
#include "guard/terminals.h"

static err terminal_decode(const struct act_view *v, name *terminal, uint8_t *key, size_t max,
                           size_t *key_len)
{
    struct lines l = lines_of(v->body);
    *terminal = take_name(&l, "terminal");
    span text = take_text(&l, "key");
    TRY(body_end(&l));
    return text_base64(text, key, max, key_len);
}

static bool terminal_listed(const struct guard *g, const name *terminal)
{
    for (unsigned i = 0; i < g->terminal_count; i++) {
        if (name_equal(&g->terminal[i].name, terminal) && g->terminal[i].revoked_at == 0) {
            return true;
        }
    }
    return false;
}

/* The first officers have theirs from before the ledger began. */
static bool terminal_of_person(struct guard *g, const name *terminal)
{
    const struct person *p = person_find(g, terminal);
    return p != NULL && p->reader.registered;
}

err terminal_known(struct guard *g, const name *terminal)
{
    return terminal_listed(g, terminal) || terminal_of_person(g, terminal)
               ? OK
               : FAIL(UNKNOWN, "there is no terminal of this name, and nobody is called so: "
                               "`accord terminal NAME` gives one its certificate");
}

err terminal_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    name    terminal;
    uint8_t key[CERT_MAX];
    size_t  len;
    (void)shown;
    TRY(terminal_decode(v, &terminal, key, sizeof key, &len));
    TRY(cert_key_check((span){key, len}));
    return terminal_room(g, &terminal, (span){key, len});
}

err terminal_fold(struct guard *g, const struct act_view *v)
{
    name    terminal;
    uint8_t key[CERT_MAX];
    size_t  len;
    TRY(terminal_decode(v, &terminal, key, sizeof key, &len));
    terminal_put(g, &terminal, (span){key, len}, v->time);
    return OK;
}

void terminal_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    name    terminal;
    uint8_t key[CERT_MAX];
    size_t  len;
    MUST(!err_is(terminal_decode(v, &terminal, key, sizeof key, &len)));
    certificate_result(g, &terminal, (span){key, len}, result);
}

/* ---- terminal-revoke ---- */

/* revoking - key: all when it is not named */
struct revoking {
    name    terminal;
    bool    all;
    uint8_t key[SHA256_LEN];
};

static err revoke_decode(const struct act_view *v, struct revoking *out)
{
    struct lines l = lines_of(v->body);
    out->terminal = take_name(&l, "terminal");
    span key = take_text(&l, "key");
    out->all = span_is(key, "-");
    TRY(body_end(&l));
    return out->all ? OK : text_hex(key, out->key, sizeof out->key);
}

/* A key that the ledger does not know can be named too: the first officers' terminals are older than it. */
err terminal_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct revoking r;
    TRY(revoke_decode(v, &r));
    if (r.all && !terminal_listed(g, &r.terminal)) {
        return FAIL(UNKNOWN, "no key of that name was given a certificate by this gateway, or all "
                             "were revoked: name the key");
    }
    if (!r.all) {
        return terminal_revoke_key(g, &r.terminal, r.key, shown);
    }
    terminal_revoke_show(g, &r.terminal, shown);
    return OK;
}

err terminal_revoke_fold(struct guard *g, const struct act_view *v)
{
    struct revoking r;
    TRY(revoke_decode(v, &r));
    return terminal_revoke(g, &r.terminal, r.all ? NULL : r.key, v->time);
}

void terminal_revoke_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct revoking r;
    MUST(!err_is(revoke_decode(v, &r)));
    bool known = r.all || terminal_key_known(g, r.key);
    line_text(result, "outcome",
              known ? SPAN_LIT("no connection by it is open any more, nor taken")
                    : SPAN_LIT("that key is revoked; nothing here is known of it"));
    terminals_tell_all(g);
}
