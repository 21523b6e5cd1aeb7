/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rule_rows.h"

static bool hcs_foreign(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool kept = words_have(&m->sci, SPAN_LIT("HCS")) || words_have(&m->sci, SPAN_LIT("KDK")) ||
                words_have(&m->sci, SPAN_LIT("KLONDIKE"));
    return kept && !ism_has(m, ISM_NF);
}

static bool sci_unsaid(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->system == ISM_US && m->sci.len > 0 && !rule_has_any(m, FDR | ISM_BIT(ISM_OC));
}

static bool sci_unclassified(const struct groups *g, const struct ism *m)
{
    (void)g;
    return m->sci.len > 0 && !rule_classified(m);
}

static bool sci_broken_chain(const struct groups *g, const struct ism *m)
{
    (void)g;
    for (span rest = words_span(&m->sci); rest.len > 0;) {
        span   token = span_cut(&rest, ' ');
        size_t cut = token.len;
        while (cut > 0 && token.ptr[cut - 1] != '-') {
            cut--;
        }
        if (cut > 1 && !words_have(&m->sci, (span){token.ptr, cut - 1})) {
            return true;
        }
    }
    return false;
}

/* All that is RESERVE is in a compartment */
static bool rsv_alone(const struct groups *g, const struct ism *m)
{
    (void)g;
    bool below = false;
    for (span rest = words_span(&m->sci); rest.len > 0;) {
        below |= span_starts(span_cut(&rest, ' '), SPAN_LIT("RSV-"));
    }
    return words_have(&m->sci, SPAN_LIT("RSV")) && !below;
}

const struct rule_row rules_of_sci[] = {
    BOTH("SCI-NOFORN", "CAPCO H.4; ISM-ID-00049", "6.f.", "HCS and KLONDIKE go with NOFORN only",
         "HCS", hcs_foreign),
    LINE("SCI-RELEASE", "CAPCO H.4", "6.c.",
         "a marking with SCI says to whom it may go: NOFORN, REL TO, RELIDO, DISPLAY ONLY or ORCON",
         "", sci_unsaid),
    BOTH("SCI-LEVEL", "CAPCO H.4", "", "SCI goes with CONFIDENTIAL, SECRET or TOP SECRET", "",
         sci_unclassified),
    ATTRIBUTES("SCI-CHAIN", "CAPCO H.4", "",
               "a compartment stands with its control system, and what is below it with it", "",
               sci_broken_chain),
    BOTH("RSV-COMPARTMENT", "CAPCO H.4", "", "RSV is not said without its compartment", "RSV",
         rsv_alone),
    NO_MORE_ROWS,
};

/* sci_need - what one control, or what stands directly below it, asks of the rest
 *
 * below   of its compartments or sub-compartments, but not `except`
 * level   the lowest that it goes with
 * needs, without  dissemination controls
 * shortest, longest, letters  of the name below; longest 0: any */
struct sci_need {
    struct ism_rule rule;
    const char     *token;
    bool            below;
    const char     *except;
    uint8_t         level;
    uint32_t        needs, without;
    uint8_t         shortest, longest;
    bool            letters;
};

#define NF    ISM_BIT(ISM_NF)
#define OC    ISM_BIT(ISM_OC)
#define USGOV ISM_BIT(ISM_OC_USGOV)
#define RULE(name, id, why)                                                                        \
    {                                                                                              \
        name, "CAPCO H.4" id, "", why                                                              \
    }

static const struct sci_need needs[] = {
    {RULE("HCS-O", "",
          "HCS-O goes with SECRET or TOP SECRET, with ORCON and NOFORN, and not with "
          "ORCON-USGOV"),
     "HCS-O", .level = ISM_S, .needs = OC | NF, .without = USGOV},
    {RULE("HCS-P", "", "HCS-P goes with SECRET or TOP SECRET, and with NOFORN"), "HCS-P",
     .level = ISM_S, .needs = NF},
    {RULE("HCS-P-SUB", "",
          "a sub-compartment of HCS-P has up to six letters or digits, goes with TOP "
          "SECRET, ORCON and NOFORN, and not with ORCON-USGOV"),
     "HCS-P", .below = true, .level = ISM_TS, .needs = OC | NF, .without = USGOV, .longest = 6},
    {RULE("RSV-LEVEL", "", "RSV goes with SECRET or TOP SECRET"), "RSV", .level = ISM_S},
    {RULE("RSV-NAME", "", "a compartment of RSV has three letters or digits"), "RSV", .below = true,
     .shortest = 3, .longest = 3},
    {RULE("SI-G", "; ISM-ID-00044, 00045",
          "SI-G goes with TOP SECRET and ORCON, and not with ORCON-USGOV"),
     "SI-G", .level = ISM_TS, .needs = OC, .without = USGOV},
    {RULE("SI-COMPARTMENT", "",
          "a compartment of SI has two or three letters, or is G, and goes with "
          "TOP SECRET"),
     "SI", .below = true, .except = "SI-G", .level = ISM_TS, .shortest = 2, .longest = 3,
     .letters = true},
    {RULE("SI-G-SUB", "", "a sub-compartment of SI-G has four letters"), "SI-G", .below = true,
     .shortest = 4, .longest = 4, .letters = true},
    {RULE("TK-LEVEL", "; ISM-ID-00047", "TK goes with SECRET or TOP SECRET"), "TK", .level = ISM_S},
    {RULE("TK-BLFH", "", "TK-BLFH goes with TOP SECRET and NOFORN"), "TK-BLFH", .level = ISM_TS,
     .needs = NF},
    {RULE("TK-IDIT", "", "TK-IDIT goes with NOFORN"), "TK-IDIT", .needs = NF},
    {RULE("TK-KAND", "", "TK-KAND goes with NOFORN"), "TK-KAND", .needs = NF},
    {RULE("TK-SUB", "", "a sub-compartment of TK-BLFH has up to six letters or digits"), "TK-BLFH",
     .below = true, .longest = 6},
    {RULE("TK-SUB", "", "a sub-compartment of TK-IDIT has up to six letters or digits"), "TK-IDIT",
     .below = true, .longest = 6},
    {RULE("TK-SUB", "", "a sub-compartment of TK-KAND has up to six letters or digits"), "TK-KAND",
     .below = true, .longest = 6},
};

/* Is the token the one that the need is about, or directly below it?  *name is what is below. */
static bool need_is_of(const struct sci_need *n, span token, span *name)
{
    size_t len = strlen(n->token);
    *name = (span){0};
    if (!n->below || token.len <= len + 1 || token.ptr[len] != '-') {
        return !n->below && span_is(token, n->token);
    }
    *name = (span){token.ptr + len + 1, token.len - len - 1};
    return span_starts(token, span_text(n->token)) && memchr(name->ptr, '-', name->len) == NULL &&
           (n->except == NULL || !span_is(token, n->except));
}

static bool name_fits(const struct sci_need *n, span name)
{
    bool fits = n->longest == 0 || (name.len >= n->shortest && name.len <= n->longest);
    for (size_t i = 0; n->letters && i < name.len; i++) {
        fits &= name.ptr[i] >= 'A' && name.ptr[i] <= 'Z';
    }
    return fits;
}

const struct ism_rule *sci_need_broken(const struct ism *m, const char **word)
{
    span name = {0};
    for (span rest = words_span(&m->sci); rest.len > 0;) {
        span token = span_cut(&rest, ' ');
        for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
            const struct sci_need *n = &needs[i];
            if (need_is_of(n, token, &name) &&
                (m->level < n->level || (n->needs & ~m->dissem) != 0 ||
                 (n->without & m->dissem) != 0 || !name_fits(n, name))) {
                *word = n->token;
                return &n->rule;
            }
        }
    }
    return NULL;
}
