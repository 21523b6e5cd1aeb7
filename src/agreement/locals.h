/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_LOCALS_H
#define AGREEMENT_LOCALS_H

#include "agreement/agreement.h"
#include "base/reader.h"

/* The names of one compiled table.  Numbers of parties, topics and the like differ from process to
 * process; a table therefore starts with the names it uses, in byte order, and speaks of them by
 * their place in that list. */

#define SET_ANY     UINT64_MAX
#define PLACES_MAX  SET64_MAX /* names of one sort in a table: its sets have 64 bits */
#define PLACES_NONE 0xff      /* in a table: no party, the same as PARTY_NONE */

struct places {
    unsigned count;
    uint8_t  number[PLACES_MAX]; /* of this process */
};

struct locals {
    struct places parties, topics, disciplines;
    unsigned      level_count;
    level         level[PLACES_MAX];
};

/*@ predicate listed{L}(struct places *p) = \valid_read{L}(p) && p->count <= PLACES_MAX &&
        (\forall integer i; 0 <= i < p->count ==> p->number[i] < SET64_MAX);
    predicate is_level(level l) = l.policy < POLICIES_MAX && l.rank < LEVELS_MAX;
    predicate levels_numbered{L}(struct locals *l) = \valid_read{L}(l) && l->level_count <= PLACES_MAX &&
        (\forall integer i; 0 <= i < l->level_count ==> is_level(l->level[i]));
    predicate numbered{L}(struct locals *l) = listed{L}(&l->parties) && listed{L}(&l->topics) &&
        listed{L}(&l->disciplines) && levels_numbered{L}(l); */

/* uses - what a table speaks of; SET_ANY and levels_any name nothing */
struct uses {
    set64         parties, topics, disciplines;
    struct levels levels;
};

void uses_party(struct uses *u, uint8_t party);
void uses_levels(struct uses *u, const struct levels *l);
void uses_scope(struct uses *u, const struct scope *s);

/* locals_of - the names in their order
 *
 * fails   LIMIT past 64 levels */
err locals_of(const struct policies *all, const struct uses *u, struct locals *out);

/* locals_write, locals_read - the lists at the start of a table
 *
 * fails   MALFORMED on a name that is none, UNKNOWN on a name that no policy defines */
void locals_write(const struct policies *all, const struct locals *l, struct writer *w);
/*@ requires policies_loaded(all) && \valid(r) && bounded(r) && \valid(out);
    requires \separated(r, out) && \separated(r, all) && \separated(out, all);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r) && (\result.code == ERR_NONE ==> numbered(out)); */
err locals_read(const struct policies *all, struct reader *r, struct locals *out);

/* put_x / read_x - a number or set of this process as one of the table, and back
 *
 * read    a place past the end of its list makes the reader bad */
void put_party(const struct locals *l, uint8_t party, struct writer *w);
void put_places(const struct places *p, set64 set, struct writer *w);
void put_level(const struct locals *l, level one, struct writer *w);
void put_levels(const struct locals *l, const struct levels *set, struct writer *w);
void put_scope(const struct locals *l, const struct scope *s, struct writer *w);
/*@ requires numbered(l) && \valid(r) && bounded(r) && \separated(r, l);
    assigns *r;
    ensures read_on{Pre, Here}(r) && is_party(\result); */
uint8_t read_party(const struct locals *l, struct reader *r);
/*@ requires listed(p) && \valid(r) && bounded(r) && \separated(r, p);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
set64 read_places(const struct places *p, struct reader *r);
/*@ requires numbered(l) && \valid(r) && bounded(r) && \separated(r, l);
    assigns *r;
    ensures read_on{Pre, Here}(r) && (is_level(\result) || r->bad); */
level read_level(const struct locals *l, struct reader *r);
/*@ requires numbered(l) && \valid(r) && bounded(r) && \separated(r, l);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
struct levels read_levels(const struct locals *l, struct reader *r);
/*@ requires numbered(l) && \valid(r) && bounded(r) && \separated(r, l);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
struct scope read_scope(const struct locals *l, struct reader *r);

/* place_of_party, place_of_level - where it stands in the table; PLACES_NONE when it does not */
uint8_t place_of_party(const struct locals *l, uint8_t party);
uint8_t place_of_level(const struct locals *l, level one);

#endif
