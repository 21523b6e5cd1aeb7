/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/act_text.h"

#define ACT_TITLE "accord act 1"

static const struct {
    const char *name;
    uint16_t    role;
} role_row[] = {
    {"auditor", ROLE_AUDITOR}, {"author", ROLE_AUTHOR},       {"officer", ROLE_OFFICER},
    {"reader", ROLE_READER},   {"registrar", ROLE_REGISTRAR}, {"security", ROLE_SECURITY},
};

static err role_of(span item, uint16_t *out)
{
    for (size_t i = 0; i < ARRAY_LEN(role_row); i++) {
        if (span_is(item, role_row[i].name)) {
            *out = role_row[i].role;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "roles are auditor, author, officer, reader, registrar and security");
}

err roles_of(span text, uint16_t *out)
{
    uint16_t roles = 0, one = 0;
    while (text.len > 0) {
        TRY(role_of(span_cut(&text, ','), &one));
        roles |= one;
    }
    *out = roles;
    return OK;
}

static const struct act_rule rule_row[] = {
    {"policy-load", ROLE_SECURITY, 2},
    {"agreement-sign", ROLE_SECURITY, 2},
    {"agreement-load", ROLE_SECURITY, 2},
    {"rules-load", ROLE_SECURITY, 2},
    {"partner-trust", ROLE_SECURITY, 2},
    {"assurance-give", ROLE_OFFICER, 1},
    {"assurance-load", ROLE_OFFICER, 1},
    {"person-add", ROLE_REGISTRAR, 2},
    {"person-clear", ROLE_REGISTRAR, 2},
    {"person-revoke", ROLE_REGISTRAR, 1},
    {"terminal", ROLE_REGISTRAR, 1},
    {"terminal-revoke", ROLE_REGISTRAR | ROLE_OFFICER | ROLE_SECURITY, 1},
    {"source-add", ROLE_REGISTRAR, 2},
    {"source-remove", ROLE_REGISTRAR, 1},
    {"approve", ROLE_OFFICER, 1},
    {"reject", ROLE_OFFICER, 1},
    {"designate", ROLE_OFFICER, 1},
    {"pause", ROLE_OFFICER | ROLE_SECURITY, 1},
    {"resume", ROLE_OFFICER | ROLE_SECURITY, 2},
    {"notice", ROLE_SECURITY, 2},
    {"notice-suspend", ROLE_SECURITY, 2},
    {"notice-withdraw", ROLE_SECURITY, 2},
    {"amend", ROLE_SECURITY, 2},
    {"terminate", ROLE_SECURITY, 2},
    {"reading", ROLE_SECURITY, 2},
    {"recall", ROLE_OFFICER, 1},
    {"destroy", ROLE_OFFICER, 2},
    {"loss", UINT16_MAX, 1},
    {"found", ROLE_OFFICER | ROLE_SECURITY | ROLE_REGISTRAR, 2},
    {"certify", ROLE_OFFICER | ROLE_SECURITY | ROLE_REGISTRAR, 1},
    {"onward-ask", ROLE_OFFICER, 1},
    {"onward-approve", ROLE_OFFICER, 1},
    {"onward-revoke", ROLE_OFFICER, 1},
    {"contractor-approve", ROLE_OFFICER, 1},
    {"contractor-revoke", ROLE_OFFICER, 1},
    {"relay", ROLE_OFFICER, 1},
    {"relay-end", ROLE_OFFICER, 1},
    {"tak-on", UINT16_MAX, 1},
    {"tak-off", UINT16_MAX, 1},
    {"room-add", ROLE_REGISTRAR, 2},
    {"room-remove", ROLE_REGISTRAR, 1},
    {"reader-add", ROLE_REGISTRAR, 2},
    {"reader-remove", ROLE_REGISTRAR, 1},
    {"display-add", ROLE_REGISTRAR, 2},
    {"display-remove", ROLE_REGISTRAR, 1},
    {"display-on", ROLE_OFFICER, 1},
    {"display-off", ROLE_OFFICER, 1},
    {"visit-add", ROLE_OFFICER, 2},
    {"visit-end", ROLE_OFFICER, 1},
    {"room-enter", ROLE_OFFICER, 1},
    {"room-leave", ROLE_OFFICER, 1},
    {"room-show", ROLE_OFFICER, 1},
    {"trace", ROLE_SECURITY | ROLE_AUDITOR, 1},
    {"head-sign", ROLE_SECURITY, 2},
    {"clock-confirm", ROLE_SECURITY, 1},
    {"session", UINT16_MAX, 1},
    {"open", UINT16_MAX, 1},
};

const struct act_rule *act_rule_find(span act)
{
    for (size_t i = 0; i < ARRAY_LEN(rule_row); i++) {
        if (span_is(act, rule_row[i].name)) {
            return &rule_row[i];
        }
    }
    return NULL;
}

bool line_skip(struct lines *l, const char *key)
{
    while (l->rest.len > 0) {
        span rest = l->rest;
        span line = span_cut(&rest, '\n');
        if (span_is(span_cut(&line, ' '), key)) {
            return true;
        }
        l->rest = rest;
    }
    return false;
}

err said_read(struct lines *l, uint8_t *buf, size_t max, span *out)
{
    struct writer w = writer_of(buf, max);
    span          line;
    while (take_more(l, "say", &line)) {
        put_span(&w, line);
        put_u8(&w, '\n');
    }
    return writer_end(&w, out);
}

static err text_read(struct act_text *a)
{
    struct lines l = lines_of(a->text);
    uint8_t      nonce[ID_LEN];
    take_title(&l, ACT_TITLE);
    (void)take_name(&l, "party");
    name act = take_name(&l, "act");
    a->by = take_name(&l, "by");
    take_hex(&l, "nonce", nonce, sizeof nonce);
    a->time = take_instant(&l, "time");
    a->body = l.rest;
    if (l.bad || !name_equal(&act, &a->act)) {
        return FAIL(MALFORMED, "the text of an act is not as it should be");
    }
    struct lines shown = l;
    if (line_skip(&shown, "shown")) {
        a->body.len = (size_t)(shown.rest.ptr - a->body.ptr);
    }
    return OK;
}

static err signatures_read(struct lines *l, struct act_text *a)
{
    span who;
    while (take_more(l, "by", &who)) {
        if (a->count == ACT_SIGNATURES_MAX) {
            return FAIL(LIMIT, "an act has more signatures than any act wants");
        }
        TRY(name_of(who, &a->signer[a->count].by));
        take_hex(l, "signature", a->signer[a->count].signature, SIGNATURE_LEN);
        a->count++;
    }
    return l->bad ? FAIL(MALFORMED, "the signature of an act is not as it should be") : OK;
}

err act_text_read(const struct history *h, span body, struct act_text *out, bool *found)
{
    struct lines l = lines_of(body);
    uint8_t      digest[SHA256_LEN], attached[SHA256_LEN];
    span         line;
    out->count = 0;
    out->attachment = (span){NULL, 0};
    *found = false;
    if (take_more(&l, "attachment", &line)) {
        TRY(text_hex(line, digest, sizeof digest));
        sha256((span){h->attached, h->attached_len}, attached);
        if (memcmp(digest, attached, sizeof digest) != 0) {
            return FAIL(FORGED, "the attachment of an act is not the one that it names");
        }
        out->attachment = (span){h->attached, h->attached_len};
    }
    if (!line_skip(&l, "act")) {
        return OK;
    }
    *found = true;
    out->act = take_name(&l, "act");
    TRY(said_read(&l, out->said, sizeof out->said, &out->text));
    TRY(text_read(out));
    return signatures_read(&l, out);
}

static err signer_check(struct history *h, const struct act_text *a, const struct act_rule *rule,
                        unsigned i)
{
    const struct member *m = history_member(h, &a->signer[i].by);
    if (m == NULL || !m->registered) {
        return FAIL(UNKNOWN, "an act is signed by nobody who was on the registry then");
    }
    if ((m->roles & rule->roles) == 0) {
        return FAIL(DENIED, "an act is signed by someone without the role that it needs");
    }
    for (unsigned k = 0; k < i; k++) {
        const struct member *other = history_member(h, &a->signer[k].by);
        if (other == NULL || name_equal(&other->chain, &m->chain)) {
            return FAIL(DENIED, "both signatures of an act come from one chain of command");
        }
    }
    return sign_check(m->key, ACT_TITLE, a->text, a->signer[i].signature);
}

err act_text_check(struct history *h, const struct act_text *a)
{
    const struct act_rule *rule = act_rule_find(name_span(&a->act));
    if (rule == NULL) {
        return FAIL(UNKNOWN, "the ledger holds an act of no known kind");
    }
    if (a->count != rule->signers || !name_equal(&a->by, &a->signer[0].by)) {
        return FAIL(DENIED, "an act does not have the signatures that it needs");
    }
    for (unsigned i = 0; i < a->count; i++) {
        TRY(signer_check(h, a, rule, i));
    }
    return OK;
}
