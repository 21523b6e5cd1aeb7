/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_LIMITS_H
#define GUARD_LIMITS_H

/* What one party's gateway serves; a table that is full refuses the act. */
#define PERSONS_MAX          1024
#define PARTNERS_MAX         16
#define TERMINALS_MAX        2048 /* keys of terminals and displays whose certificates may still run */
#define REVOKED_MAX          512 /* keys more, that were revoked and are on no record */
#define SOURCES_MAX          64
#define ASSURANCES_MAX       64
#define HELD_MAX             2048
#define BOOTS_MAX            16384 /* starts that a ledger remembers; slots of older ones count as recorded */
#define ARRIVED_MAX          256 /* epochs of feeds that a desk started anew is told of again */
#define APPROVERS_MAX        9
#define ACTS_MAX             32
#define PERSON_SESSIONS_MAX  8
#define SESSIONS_MAX         1024 /* one for each person */
#define INSTRUMENTS_MAX      1024 /* a pause and its end are one each */
#define INSTRUMENTS_OWN      256  /* of these are kept free of what partners tell */
#define INSTRUMENTS_EACH_MAX 256  /* acts that one partner may tell of */
#define HEADS_MAX            8192 /* own checkpoints that are remembered: two hours at one a second */
#define DAY_KEYS_MAX         4
#define SIGNERS_MAX          2
#define DESIGNATIONS_MAX     4096

#endif
