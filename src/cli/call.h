/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include <jansson.h>
#include <stdio.h>

#include "base/err.h"
#include "base/span.h"
#include "base/text.h"

/* One call of the program: what was asked, and what is answered.  A verb is a row of a table
 * (cli/verbs.c): help, usage and the reading of options come from it. */

#define CALL_ARGS_MAX                                                                              \
    320 /* files on one line: a shell's pattern over a folder of as many texts as are read */
#define CALL_OPTIONS_MAX 128 /* the rules of 64 parties, and room */
#define CALL_SIGNERS_MAX 2   /* no act wants more signatures */

/* option - one `--name VALUE` of a verb; value NULL: it takes none; a row with name NULL ends */
struct option {
    const char *name, *value, *help;
};

struct call;

/* verb - a row: `accord WORDS ARGUMENTS --options`
 *
 * page     man page accord-PAGE(1) that tells of it
 * words    "party init", "verify"
 * args     how the arguments are written, and the options that must be given, for the usage line
 * least, most   how many arguments
 * signers  how many --as it wants
 * run      its err becomes the exit status 1 */
struct verb {
    const char          *page, *words, *args;
    unsigned             least, most, signers;
    const char          *help;
    const struct option *option;
    err (*run)(struct call *c);
};

struct call {
    const struct verb *verb;
    FILE              *out, *notes; /* answers; all that is said beside them */
    const char        *dir;         /* the party's; NULL = not given */
    const char        *as[CALL_SIGNERS_MAX];
    unsigned           as_count;
    bool               json, quiet;
    const char        *arg[CALL_ARGS_MAX];
    unsigned           arg_count;
    struct {
        const char *name, *value;
    } given[CALL_OPTIONS_MAX];
    unsigned given_count, given_before; /* before: on the command line, for each line of a stream */
    json_t  *answer;                    /* the one object of --json */
    bool     waits;        /* an act has one of two signatures: nothing has been done yet */
    bool     clock_known;  /* accord.conf was looked at: an exercise has a clock of its own */
    bool     misused;      /* exit status 2 */
    bool     held;         /* exit status 3: a person decides */
    char     about[256];   /* what an error is about: a file, a name */
    char     refusal[512]; /* the sentence of the desk that refused; "" = it did not */
};

/* EXIT_… of every verb */
enum { CALL_DONE = 0, CALL_FAILED = 1, CALL_USAGE = 2, CALL_HELD = 3 };

/* call_option - the value of an option, NULL when it was not given; the last one counts
 * call_option_each - the i-th of an option that repeats, NULL after the last
 * call_has - was it given? */
const char *call_option(const struct call *c, const char *wanted);
const char *call_option_each(const struct call *c, const char *wanted, unsigned i);
bool        call_has(const struct call *c, const char *wanted);

/* call_need - the value of an option that must be given
 *
 * fails   MALFORMED, as a usage error */
err call_need(struct call *c, const char *wanted, const char **out);

/* call_misuse - an error of usage: exit status 2 */
err call_misuse(struct call *c, err e);

/* call_code - the word for an error under --json: usage, held, or the err's own */
const char *call_code(const struct call *c, err e);

/* call_about - what the error that follows is about */
void call_about(struct call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* call_tell - a line for people on the standard output; nothing under --json
 * call_note - a line beside the answer, on the standard error; nothing under --quiet */
void call_tell(struct call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void call_note(struct call *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* call_set_* - a member of the answer under --json */
void call_set_text(struct call *c, const char *key, span text);
void call_set_hex(struct call *c, const char *key, span bytes);
void call_set_number(struct call *c, const char *key, uint64_t value);
void call_set(struct call *c, const char *key, json_t *value);

/* call_append - a row of a list in the answer: {"key": [...]} */
void call_append(struct call *c, const char *key, json_t *row);

/* call_write - bytes to the file of --out, or to the standard output; under --json without --out as
 * the member "text"
 * call_write_new - the same, but nothing that is there is overwritten
 *
 * fails   IO; CONFLICT when the file is there already (new) */
err call_write(struct call *c, span bytes);
err call_write_new(struct call *c, span bytes);

/* json_span - a JSON string of text that may not be UTF-8: then null */
json_t *json_span(span text);

#endif
