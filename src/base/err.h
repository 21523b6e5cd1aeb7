/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

/* Why a thing did not happen.  A refusal by the rules is a verdict, not an err; a broken invariant
 * is an abort (see MUST).  What is left is this: somebody's bytes, the disk or the network were not
 * as they should be. */
enum err_code {
    ERR_NONE,      /* it happened */
    ERR_MALFORMED, /* bytes that are not what they claim to be */
    ERR_UNKNOWN,   /* a name, key or id that nobody has defined */
    ERR_LIMIT,     /* larger or more than a named limit */
    ERR_FULL,      /* no room now; may succeed later */
    ERR_DENIED,    /* the caller may not ask for this */
    ERR_CONFLICT,  /* it is there already, or differs from what is there */
    ERR_STATE,     /* not now: a step before it is missing */
    ERR_FORGED,    /* a signature, tag or checksum does not match */
    ERR_IO,        /* the operating system said no */
};

/* err - what every function returns that can fail
 *
 * code   ERR_NONE on success
 * why    a literal sentence in the user's words, never bytes from outside; NULL on success
 *
 * The compiler warns when an err is dropped. */
struct [[nodiscard]] err {
    enum err_code code;
    const char   *why;
};
typedef struct err err;

#define OK              ((err){ERR_NONE, NULL})
#define FAIL(code, why) ((err){ERR_##code, "" why})

/*@ assigns \nothing;
    ensures \result <==> e.code != ERR_NONE; */
static inline bool err_is(err e)
{
    return e.code != ERR_NONE;
}

/* TRY - return the err of `call` to our caller, or go on */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        err try_err_ = (call);                                                                     \
        if (err_is(try_err_)) {                                                                    \
            return try_err_;                                                                       \
        }                                                                                          \
    } while (0)

/* err_name - the code as one lower-case word ("malformed"), for logs and JSON */
const char *err_name(enum err_code code);

/* MUST - our own invariant; prints file and line and aborts, so that nothing is released after */
#define MUST(cond) ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))
_Noreturn void must_failed(const char *cond, const char *file, int line);

#endif
