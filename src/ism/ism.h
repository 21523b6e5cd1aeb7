/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_ISM_H
#define ISM_ISM_H

#include "base/writer.h"
#include "ism/places.h"
#include "ism/words.h"

/* A marking of the US register (docs/format/ism.md): what a banner line, a portion mark and the
 * ISM attributes say.  One value, whatever form it came in; sets where the register has sets.
 *
 * from    IC Markings System Register and Manual 2016 (CAPCO below); ISM 2021-NOV, register of
 *         2022-NOV */

/* ism_system - who classified it
 *
 * ISM_NON_US  one or several nations, or nobody who may be named ("//FGI S")
 * ISM_JOINT   the USA together with others
 * ISM_NATO    NATO, or one of its parts */
enum ism_system { ISM_US, ISM_NON_US, ISM_JOINT, ISM_NATO };

/* ism_level - in the order in which they protect; R is never of the USA */
enum ism_level { ISM_U, ISM_R, ISM_C, ISM_S, ISM_TS, ISM_LEVEL_COUNT };

/* ism_dissem - dissemination controls, in the order of the register */
enum ism_dissem {
    ISM_RS,
    ISM_FOUO,
    ISM_OC,
    ISM_OC_USGOV,
    ISM_IMC,
    ISM_NF,
    ISM_PR,
    ISM_REL,
    ISM_RELIDO,
    ISM_EYES,
    ISM_DSEN,
    ISM_RAWFISA,
    ISM_FISA,
    ISM_DISPLAYONLY,
    ISM_EXEMPT_ICD501,
    ISM_WAIVED,
    ISM_AC,
    ISM_AWP,
    ISM_DL_ONLY,
    ISM_FED_ONLY,
    ISM_FEDCON,
    ISM_NOCON,
    ISM_DISSEM_COUNT
};

/* ism_nonic - markings of others than the intelligence community, in the order of the register.
 * ACCM has names: struct ism.accm */
enum ism_nonic {
    ISM_DS, /* LIMDIS */
    ISM_XD, /* EXDIS */
    ISM_ND, /* NODIS */
    ISM_SBU,
    ISM_SBU_NF,
    ISM_LES,
    ISM_LES_NF,
    ISM_SSI,
    ISM_NNPI,
    ISM_NONIC_COUNT
};

/* ism_aea - atomic energy; the sigmas of RD and FRD are struct ism.sigma */
enum ism_aea { ISM_RD, ISM_RD_CNWDI, ISM_FRD, ISM_DCNI, ISM_UCNI, ISM_TFNI, ISM_AEA_COUNT };

/* ism_nonus - controls of NATO */
enum ism_nonus { ISM_ATOMAL, ISM_BOHEMIA, ISM_BALK, ISM_NONUS_COUNT };

/* ism_flag - what is said or not said
 *
 * ISM_PROTECTED     there is a foreign source that may not be named ("FGI" alone)
 * ISM_SAP_MULTIPLE  more programs than may be listed; ISM_SAP_HVSACO handled via their channels
 * ISM_RESOURCE      stands for the whole, not for a portion
 * ISM_EXCLUDED      a portion that takes no part in the roll-up */
enum ism_flag {
    ISM_PROTECTED,
    ISM_SAP_MULTIPLE,
    ISM_SAP_HVSACO,
    ISM_RESOURCE,
    ISM_EXCLUDED,
    ISM_APPROXIMATE,
    ISM_NO_AGGREGATION,
    ISM_EXTERNAL_NOTICE,
    ISM_FLAG_COUNT
};

/* ism_text - what is carried word for word; in the pool of struct ism */
enum ism_text {
    ISM_CLASSIFIED_BY,
    ISM_DERIVATIVELY_BY,
    ISM_REASON,
    ISM_DERIVED_FROM,
    ISM_COMPILATION_REASON,
    ISM_DECLASS_EVENT,
    ISM_CREATE_DATE,   /* YYYY-MM-DD */
    ISM_DECLASS_DATE,  /* YYYY-MM-DD */
    ISM_EXEMPT_FROM,   /* tokens, in byte order */
    ISM_COMPLIES_WITH, /* tokens, in byte order */
    ISM_DES_VERSION,
    ISM_NOTICE_TYPE,
    ISM_NOTICE_REASON,
    ISM_NOTICE_DATE, /* YYYY-MM-DD */
    ISM_NOTICE_OTHER,
    ISM_POC_TYPE,
    ISM_SECOND_LINE, /* tokens, in byte order */
    ISM_TEXT_COUNT
};

/* ISM_POOL_MAX - all that a marking carries word for word, in bytes */
#define ISM_POOL_MAX 1024

/* ism - one marking, or all that stands at one element
 *
 * groups      version of the table of groups by which its lists are to be read: 202211
 * owners      who classified it; empty with ISM_NON_US: nobody who may be named
 * release     of REL and EYES, USA included; display: of DISPLAYONLY
 * fgi         open sources; of a marking that is not the USA's, those beyond its owners
 * fgi_within  FGIsourceProtected with names, for use inside the circle that may know them: is shown
 *             and rolled up as ISM_PROTECTED is
 * sci         SI SI-G SI-G-ABCD: each with what it stands below
 * sap         ABC, or DNI:ABC with who runs it; `_` for a blank
 * dissem, nonic, aea, nonus, flags   bits 1 << enum
 * sigma       bit n of [0] for RD, of [1] for FRD; n is 1 … 99 */
struct ism {
    uint32_t      groups;
    uint8_t       system, level, nonus;
    uint16_t      nonic, aea, flags;
    uint32_t      dissem;
    uint64_t      sigma[2][2];
    struct places owners, release, display, fgi, fgi_within;
    struct words  sci, sap, accm, declass_exceptions;
    struct {
        uint16_t at, len;
    } text[ISM_TEXT_COUNT];
    uint16_t pool_len;
    char     pool[ISM_POOL_MAX];
};

#define ISM_BIT(n) (1U << (n))

static inline bool ism_has(const struct ism *m, enum ism_dissem d)
{
    return (m->dissem >> d & 1) != 0;
}

static inline bool ism_flag_is(const struct ism *m, enum ism_flag f)
{
    return (m->flags >> f & 1) != 0;
}

/* ISM_VALUE_MAX - as much of a refused value as is told, in bytes with its NUL */
#define ISM_VALUE_MAX 64

/* ism_fault - why a form was refused, so that a person can find the place
 *
 * rule    the rule's own name ("NOFORN-ALONE") and where it is written ("CAPCO H.8; DoDM 2.d.")
 * why     a literal sentence
 * value   the words that are wrong, cut at ISM_VALUE_MAX; printable ASCII, others are '?'
 * at      their offset in the text, in bytes; 0 in attributes
 * name    of the attribute, "" in a line */
struct ism_fault {
    const char *rule, *from, *dodm, *why;
    const char *name;
    size_t      at;
    char        value[ISM_VALUE_MAX];
};

/* ism_empty - a marking that says nothing, to be filled: USA, unclassified */
void ism_empty(const struct groups *g, struct ism *out);

/* ism_equal - the same in all that it says; memcmp is not: there is padding */
bool ism_equal(const struct ism *a, const struct ism *b);

/* ism_text_of - what is carried; empty when it is not
 * ism_text_set - carry it in place of what was; LIMIT when there is no room, then as it was */
span ism_text_of(const struct ism *m, enum ism_text t);
err  ism_text_set(struct ism *m, enum ism_text t, span value);

/* Lines (docs/format/ism.md, "Lines").  A line says less than the attributes; a marking that says
 * more of what restricts it is refused, and `fault` names it.  What a line never has: who
 * classified it and until when, notices, dates (ism_authority_write writes those).
 *
 * ism_banner_read, ism_portion_read - the whole grammar and its rules; the order and the
 *                                     separators of the register and no other
 *
 * text    a portion stands in parentheses, or both are left out
 * banner  of the page on which the portion stands, for (S//REL); NULL when that is not known
 * fails   MALFORMED, UNKNOWN, LIMIT, with `fault`; `out` is then as it was
 * holds   read(write(m)) = m                                            (test/law/ism/lines.c)
 * cost    one pass; no memory
 *
 * ism_banner_write, ism_portion_write - the one line of a marking that meets the rules */
#define ISM_LINE_MAX 1024
err ism_banner_read(const struct groups *g, span text, struct ism *out, struct ism_fault *fault);
err ism_portion_read(const struct groups *g, span text, const struct ism *banner, struct ism *out,
                     struct ism_fault *fault);
err ism_banner_write(const struct groups *g, const struct ism *m, struct writer *w,
                     struct ism_fault *fault);
err ism_portion_write(const struct groups *g, const struct ism *m, struct writer *w,
                      struct ism_fault *fault);

/* ism_line_part - what a line says of a marking: without who classified it and until when, dates,
 *                 notices, versions, and whether it counts.  Who converts to a form that has none of
 *                 these calls this first, so that it is seen what is left behind. */
void ism_line_part(const struct ism *m, struct ism *out);

/* Attributes: see ism/attributes.h.  Roll-up: ism/rollup.h.  Who may read: ism/access.h.  To and
 * from `struct marking`: ism/convert.h. */

#endif
