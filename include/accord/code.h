/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORD_CODE_H
#define ACCORD_CODE_H

/* What Accord's libraries have in common. */

#define ACCORD_API __attribute__((visibility("default")))

enum accord_code {
    ACCORD_OK = 0,
    ACCORD_MALFORMED = 1, /* it is not what it claims to be, or a conversion would lose something */
    ACCORD_UNKNOWN = 2,   /* a name, form, policy or item that nobody has defined */
    ACCORD_LIMIT = 3,     /* larger or more than a limit */
    ACCORD_FULL = 4,      /* no memory, or no room now */
    ACCORD_DENIED = 5,    /* the rules say no */
    ACCORD_CONFLICT = 6,  /* it is there already */
    ACCORD_STATE =
        7, /* not now: a step before it is missing, or policies that are in use do not change */
    ACCORD_IO = 8,  /* the operating system or the network said no */
    ACCORD_HOLD = 9 /* the rules leave it to a person: ADatP-4774.1's policy decision */
};

#endif
