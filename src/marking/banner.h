/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKING_BANNER_H
#define MARKING_BANNER_H

#include "marking/marking.h"

/* The banner line: what stands at the top and bottom of a page (docs/format/marking.md).
 *
 *     USA    SECRET//ORCON/REL TO USA, JPN, KOR       SECRET//NOFORN
 *     KOR    군사 II급 비밀//REL TO JPN, USA          군사 II급 비밀
 *     JPN    極秘//REL TO KOR/DISPLAY ONLY USA
 *
 * Topics and disciplines never stand in it, and the originator is the party of the policy. */

/* BANNER_MAX - longest banner line, in bytes: it must fit on a page */
#define BANNER_MAX 1024

/* banner_style - how a party's banner differs
 *
 * self     its own code, which opens REL TO, and codes of three letters come before longer ones; "" when it does not
 * nobody   the word that must stand when nobody else gets it; "" when silence says so */
struct banner_style {
    const char *self, *nobody;
};
struct banner_style banner_style_of(const struct policy *p);

/* banner_context - what a banner does not say
 *
 * policy  index into policies.policy: whose banner it is */
struct banner_context {
    uint8_t policy;
    set64   topics, disciplines;
};

/* banner_write - the one banner of a valid marking
 *
 * fails   as marking_valid; MALFORMED when there is no banner for it: originators other than the
 *         party of the policy alone, or that party among its own recipients; LIMIT past BANNER_MAX;
 *         w is then as it was */
err banner_write(const struct policies *all, const struct marking *m, struct writer *w);

/* banner_read - the reverse, from that very line: another order, blank or abbreviation is refused
 *
 * fails   MALFORMED, UNKNOWN, LIMIT, as marking_valid.  A USA banner without REL TO, DISPLAY ONLY
 * or NOFORN is MALFORMED: it must say that nobody gets it holds   read(write(m)) = m
 * (test/law/marking/text.c) from    CAPCO 2016 sections D and H.8 for the USA; our own for KOR
 * and JPN */
err banner_read(const struct policies *all, const struct banner_context *context, span text,
                struct marking *out);

/* banner_labels - the same line in three, as an event of Cursor on Target says it (docs/format/cot-profile.md)
 *
 * access         the level by the words of the register, behind the party's code unless it is the USA: "SECRET",
 *                "//KOR SECRET"
 * caveat         what else stands in the banner line, without REL TO
 * releasable_to  the codes of REL TO, the originator's among them; empty: nobody else may have it */
struct banner_labels {
    char access[64], caveat[128], releasable_to[128];
};

/* banner_labels - those of a valid marking
 *
 * fails   as banner_write; UNKNOWN when the register has no word for the level; LIMIT when one of them is longer than
 *         an event has room for: it is never cut */
err banner_labels(const struct policies *all, const struct marking *m, struct banner_labels *out);

#endif
