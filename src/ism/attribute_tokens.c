/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "ism/attribute_rows.h"
#include "ism/terms.h"

/* "NATO:ISAF": letters, '-' and '_' after the colon */
static bool nato_shaped(span token)
{
    const size_t lead = sizeof "NATO:" - 1;
    for (size_t i = lead; i < token.len; i++) {
        uint8_t c = token.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_')) {
            return false;
        }
    }
    return span_starts(token, SPAN_LIT("NATO:")) && token.len > lead;
}

static err place_read(struct attribute_reading *r, span token, struct places *out)
{
    unsigned code = code_find(r->g, token);
    if (code < CODES_MAX) {
        codes_add(&out->codes, code);
        return OK;
    }
    if (!nato_shaped(token)) {
        return attribute_refuse(r, &rule_token, token);
    }
    err e = words_add(&out->nato, token);
    return err_is(e) ? attribute_refuse(r, &rule_room, token) : OK;
}

/* fgi    whether the token FGI may stand in place of a name */
static err places_read(struct attribute_reading *r, span value, bool fgi, struct places *out)
{
    while (value.len > 0) {
        span token = token_cut(&value);
        if (fgi && span_is(token, "FGI")) {
            r->m.flags |= ISM_BIT(ISM_PROTECTED);
        } else {
            TRY(place_read(r, token, out));
        }
    }
    return OK;
}

/* A source is no releasee */
static err releasees_read(struct attribute_reading *r, span value, struct places *out)
{
    TRY(places_read(r, value, false, out));
    for (unsigned n = codes_next(&out->codes, 0); n < CODES_MAX;
         n = codes_next(&out->codes, n + 1)) {
        if (r->g->code[n].kind == CODE_SOURCE) {
            return attribute_refuse(r, &rule_token, span_text(r->g->code[n].text));
        }
    }
    return OK;
}

/* The order of the register: NATO's parts follow NATO; `first` opens the list when it is in it */
static err places_write(struct attribute_writing *a, const struct places *p, unsigned first)
{
    const struct groups *g = a->g;
    unsigned             after = code_find(g, SPAN_LIT("NATO"));
    span                 nato = words_span(&p->nato);
    if (codes_have(&p->codes, first)) {
        row_token_put(a, span_text(g->code[first].text));
    }
    for (unsigned n = codes_next(&p->codes, 0); n < g->count; n = codes_next(&p->codes, n + 1)) {
        while (n > after && nato.len > 0) {
            row_token_put(a, span_cut(&nato, ' '));
        }
        if (n != first) {
            row_token_put(a, span_text(g->code[n].text));
        }
    }
    while (nato.len > 0) {
        row_token_put(a, span_cut(&nato, ' '));
    }
    return OK;
}

err row_owners_read(struct attribute_reading *r, span value)
{
    TRY(places_read(r, value, true, &r->m.owners));
    return ism_flag_is(&r->m, ISM_PROTECTED) && !places_empty(&r->m.owners)
               ? attribute_refuse(r, &rule_value, value)
               : OK;
}

err row_owners_write(struct attribute_writing *a)
{
    put_text(a->w, places_empty(&a->m->owners) ? "FGI" : "");
    return places_write(a, &a->m->owners, CODES_MAX);
}

err row_fgi_read(struct attribute_reading *r, span value)
{
    return places_read(r, value, false, &r->m.fgi);
}

err row_fgi_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->fgi, CODES_MAX);
}

err row_fgi_within_read(struct attribute_reading *r, span value)
{
    return places_read(r, value, true, &r->m.fgi_within);
}

err row_fgi_within_write(struct attribute_writing *a)
{
    if (ism_flag_is(a->m, ISM_PROTECTED)) {
        row_token_put(a, SPAN_LIT("FGI"));
    }
    return places_write(a, &a->m->fgi_within, CODES_MAX);
}

err row_release_read(struct attribute_reading *r, span value)
{
    return releasees_read(r, value, &r->m.release);
}

err row_release_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->release, a->g->usa);
}

err row_display_read(struct attribute_reading *r, span value)
{
    return releasees_read(r, value, &r->m.display);
}

err row_display_write(struct attribute_writing *a)
{
    return places_write(a, &a->m->display, a->g->usa);
}

/* Control systems of the table, then capitals and digits below them */
err row_sci_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span   token = token_cut(&value), rest = token, control = span_cut(&rest, '-');
        bool   known = false;
        size_t hyphens = 0;
        for (unsigned i = 0; i < r->g->control_count; i++) {
            known |= span_is(control, r->g->control[i]);
        }
        for (size_t i = 0; i < token.len; i++) {
            uint8_t c = token.ptr[i];
            bool    part = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            hyphens += c == '-' ? 1 : 0;
            known &= part || (c == '-' && i + 1 < token.len && token.ptr[i + 1] != '-');
        }
        if (!known || hyphens > 2) {
            return attribute_refuse(r, &rule_token, token);
        }
        TRY(words_add(&r->m.sci, token));
    }
    return OK;
}

err row_sci_write(struct attribute_writing *a)
{
    put_span(a->w, words_span(&a->m->sci));
    return OK;
}

err row_sap_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span token = token_cut(&value), program = token;
        if (!span_starts(token, SPAN_LIT("SAR-")) || token.len == 4) {
            return attribute_refuse(r, &rule_token, token);
        }
        program = (span){token.ptr + 4, token.len - 4};
        if (span_is(program, "MULTIPLE_PROGRAMS")) {
            r->m.flags |= ISM_BIT(ISM_SAP_MULTIPLE);
        } else {
            TRY(words_add(&r->m.sap, program));
        }
    }
    return OK;
}

err row_sap_write(struct attribute_writing *a)
{
    if (ism_flag_is(a->m, ISM_SAP_HVSACO)) {
        return row_lost(a, "HVSACO");
    }
    if (ism_flag_is(a->m, ISM_SAP_MULTIPLE)) {
        row_token_put(a, SPAN_LIT("SAR-MULTIPLE_PROGRAMS"));
    }
    for (span rest = words_span(&a->m->sap); rest.len > 0;) {
        row_token_put(a, SPAN_LIT("SAR-"));
        put_span(a->w, span_cut(&rest, ' '));
    }
    return OK;
}

/* sigmas - those of the register; a line may have others, which attributes cannot say */
static const uint8_t     sigmas[] = {14, 15, 18, 20};
static const char *const sigma_tokens[2] = {"RD-SG-", "FRD-SG-"};

static bool sigma_read(struct attribute_reading *r, span token)
{
    for (unsigned of = 0; of < 2; of++) {
        span     lead = span_text(sigma_tokens[of]);
        uint64_t n = 0;
        if (!span_starts(token, lead) ||
            err_is(text_decimal((span){token.ptr + lead.len, token.len - lead.len}, 99, &n)) ||
            memchr(sigmas, (int)n, sizeof sigmas) == NULL) {
            continue;
        }
        r->m.sigma[of][n / 64] |= (uint64_t)1 << (n % 64);
        return true;
    }
    return false;
}

err row_aea_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_aeas, ISM_AEA_COUNT, token);
        if (n == ISM_AEA_COUNT && !sigma_read(r, token)) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.aea = (uint16_t)(r->m.aea | (n < ISM_AEA_COUNT ? ISM_BIT(n) : 0));
    }
    return OK;
}

static void sigmas_write(struct attribute_writing *a, unsigned of)
{
    const uint64_t *set = a->m->sigma[of];
    for (size_t i = 0; i < ARRAY_LEN(sigmas); i++) {
        if ((set[sigmas[i] / 64] >> (sigmas[i] % 64) & 1) != 0) {
            row_token_put(a, span_text(sigma_tokens[of]));
            put_decimal(a->w, sigmas[i]);
        }
    }
}

err row_aea_write(struct attribute_writing *a)
{
    uint64_t registered = 0;
    for (size_t i = 0; i < ARRAY_LEN(sigmas); i++) {
        registered |= (uint64_t)1 << sigmas[i];
    }
    for (unsigned of = 0; of < 2; of++) {
        if ((a->m->sigma[of][0] & ~registered) != 0 || a->m->sigma[of][1] != 0) {
            return row_lost(a, "SIGMA");
        }
    }
    for (unsigned n = 0; n < ISM_AEA_COUNT; n++) {
        if ((a->m->aea >> n & 1) != 0) {
            row_token_put(a, span_text(ism_aeas[n].token));
        }
        if (n == ISM_RD_CNWDI || n == ISM_FRD) {
            sigmas_write(a, n == ISM_FRD ? 1 : 0);
        }
    }
    return OK;
}

err row_nonus_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span token = token_cut(&value), rest = token;
        bool owned = span_starts(token, SPAN_LIT("NATO-"));
        rest = owned ? (span){token.ptr + 5, token.len - 5} : token;
        unsigned n = ism_term_token(ism_nonuses, ISM_NONUS_COUNT, rest);
        if (n == ISM_NONUS_COUNT) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.nonus = (uint8_t)(r->m.nonus | ISM_BIT(n));
    }
    return OK;
}

err row_nonus_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_NONUS_COUNT; n++) {
        if ((a->m->nonus >> n & 1) != 0) {
            row_token_put(a, SPAN_LIT("NATO-"));
            put_text(a->w, ism_nonuses[n].token);
        }
    }
    return OK;
}

err row_dissem_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_dissems, ISM_DISSEM_COUNT, token);
        if (n == ISM_DISSEM_COUNT) {
            return attribute_refuse(r, &rule_token, token);
        }
        r->m.dissem |= ISM_BIT(n);
    }
    return OK;
}

err row_dissem_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_DISSEM_COUNT; n++) {
        if (ism_has(a->m, n)) {
            row_token_put(a, span_text(ism_dissems[n].token));
        }
    }
    return OK;
}

err row_nonic_read(struct attribute_reading *r, span value)
{
    while (value.len > 0) {
        span     token = token_cut(&value);
        unsigned n = ism_term_token(ism_nonics, ISM_NONIC_COUNT, token);
        if (n < ISM_NONIC_COUNT) {
            r->m.nonic = (uint16_t)(r->m.nonic | ISM_BIT(n));
        } else if (span_starts(token, SPAN_LIT("ACCM-")) && token.len > 5) {
            TRY(words_add(&r->m.accm, (span){token.ptr + 5, token.len - 5}));
        } else {
            return attribute_refuse(r, &rule_token, token);
        }
    }
    return OK;
}

err row_nonic_write(struct attribute_writing *a)
{
    for (unsigned n = 0; n < ISM_NONIC_COUNT; n++) {
        for (span rest = words_span(&a->m->accm); n == ISM_SBU && rest.len > 0;) {
            row_token_put(a, SPAN_LIT("ACCM-"));
            put_span(a->w, span_cut(&rest, ' '));
        }
        if ((a->m->nonic >> n & 1) != 0) {
            row_token_put(a, span_text(ism_nonics[n].token));
        }
    }
    return OK;
}
