/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_NTK_H
#define ISM_NTK_H

#include "ism/ism.h"

/* What a reader must have besides: need-to-know requirements, and the notices that go with a
 * marking; of many portions, those of the whole.  Texts and markings are the caller's and must live as
 * long as what points to them. */

/* Limits of one element; more is refused, because a requirement that is dropped opens something */
#define NTK_PROFILES_MAX 16
#define NTK_VALUES_MAX   32
#define NOTICES_MAX      32
#define NOTICE_TEXTS_MAX 8

struct ntk_value {
    span qualifier, vocabulary, text;
};

/* ntk_profile - one requirement
 *
 * group       the form of 2013: AccessGroupList
 * vocabulary  the vocabularies and their versions, in one text of the caller's making
 * values      a set: their order says nothing */
struct ntk_profile {
    const struct ism *marking;
    bool              group;
    span              policy, des, vocabulary;
    size_t            count;
    struct ntk_value  values[NTK_VALUES_MAX];
};

struct ntk_profiles {
    size_t             count;
    struct ntk_profile each[NTK_PROFILES_MAX];
};

/* ntk - all of `all`, and one of `any`; empty: nothing is asked for */
struct ntk {
    struct ntk_profiles all, any;
};

/* ntk_join - what a reader of the whole must have
 *
 * each    count of them, of the portions that count
 * out     all of `all`, each once, values sorted; of `any` those that every portion that has some
 *         would take: stricter than all of them together, never laxer
 * fails   CONFLICT when no profile of `any` is in all; UNKNOWN on `all` in the form of 2013 in more
 *         than one; LIMIT.  A person decides; `out` is then undefined
 * from    ISM-Rollup 2021-NOV; NTK-AnyOf-Rollup scenario 7 for what is common to `any` */
err ntk_join(const struct ntk *each, size_t count, struct ntk *out);

/* notice - types in one text; texts, each with its marking; in order */
struct notice {
    span   types, reason;
    size_t count;
    struct {
        const struct ism *marking;
        span              text;
    } texts[NOTICE_TEXTS_MAX];
};

struct notices {
    size_t        count;
    struct notice each[NOTICES_MAX];
};

/* notices_join - every notice, each once; two with the same words and other markings are two
 *
 * fails   LIMIT */
err notices_join(const struct notices *each, size_t count, struct notices *out);

#endif
